//! Small things that are done to texts in every room.

use std::fmt::Write;

/// How alike two names must be, from 0 to 1, for one to be taken for a misspelling of the other (Jaro and Winkler).
const CLOSE: f64 = 0.8;

/// Bytes as lower-case hex digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        // A string takes whatever is written to it.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What may be chosen, for people: `a, b or c`.
pub fn one_of<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => words.concat(),
    }
}

/// The names that resemble a word, the likest first; case does not matter.
#[must_use]
pub fn similar<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let word = word.to_lowercase();
    let likeness = |name: &'n str| (strsim::jaro_winkler(&word, &name.to_lowercase()), name);
    let mut close: Vec<(f64, &str)> =
        names.into_iter().map(likeness).filter(|(likeness, _)| *likeness >= CLOSE).collect();
    close.sort_by(|left, right| right.0.total_cmp(&left.0));
    close.into_iter().map(|(_, name)| name).collect()
}

/// The name that most resembles a word, if any does.
#[must_use]
pub fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    similar(word, names).into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_two_digits_each() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }

    #[test]
    fn choices_are_listed_as_in_a_sentence() {
        assert_eq!(one_of(&["a", "b", "c"]), "a, b or c");
        assert_eq!((one_of(&["a", "b"]), one_of(&["a"])), ("a or b".to_owned(), "a".to_owned()));
    }

    #[test]
    fn a_misspelled_name_is_found_whatever_its_case() {
        let names = ["status", "statistics", "session"];
        assert_eq!(similar("Statsu", names), ["status", "statistics"]);
        assert_eq!((nearest("SESION", names), nearest("cost", names)), (Some("session"), None));
    }
}
