//! Money as people write it.

/// US dollars with as many digits as tell something: `$12.30`, `$0.0012`, `$0`.
#[must_use]
pub fn money(dollars: f64) -> String {
    let magnitude = dollars.abs();
    if magnitude >= 1.0 {
        return format!("${dollars:.2}");
    }
    let text = (2..=12).map(|digits| format!("{dollars:.digits$}"));
    // Two digits that are not zero, rounded.
    let is_enough =
        |text: &String| text.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count() >= 2;
    let mut text = text;
    let text = text.find(is_enough).unwrap_or_else(|| "0".to_owned());
    format!("${}", if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_the_digits_that_tell_something() {
        for (dollars, text) in [
            (0.0, "$0"),
            (12.3, "$12.30"),
            (0.001_242_500_000_000_000_1, "$0.0012"),
            (0.5, "$0.5"),
            (0.000_003_3, "$0.0000033"),
        ] {
            assert_eq!(money(dollars), text);
        }
    }
}
