//! Numbers and texts as people read them.

use super::sanitize;

/// A duration: `108ms`, `1.50s`, `2m03s`, `1h05m`.
#[must_use]
pub fn duration(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.unsigned_abs();
    let (seconds, minutes) = (ms / 1000, ms / 60_000);
    match ms {
        0..1000 => format!("{sign}{ms}ms"),
        1000..60_000 => format!("{sign}{seconds}.{:02}s", ms % 1000 / 10),
        60_000..3_600_000 => format!("{sign}{minutes}m{:02}s", seconds % 60),
        _ => format!("{sign}{}h{:02}m", minutes / 60, minutes % 60),
    }
}

/// A count with separators: `4,312`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count in few characters: `4,312`, `18.7k`, `1.2M`.
#[must_use]
pub fn short_count(number: u64) -> String {
    match number {
        0..10_000 => count(number),
        10_000..999_950 => format!("{:.1}k", number as f64 / 1e3),
        999_950..999_950_000 => format!("{:.1}M", number as f64 / 1e6),
        _ => format!("{:.1}G", number as f64 / 1e9),
    }
}

/// A size: `512 B`, `3.4 KiB`, `6.4 GiB`.
#[must_use]
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if size < 1024 {
        return format!("{size} B");
    }
    let mut value = size as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// Content on one line, safe for a terminal, cut at `width` characters.
#[must_use]
pub fn one_line(text: &str, width: usize) -> String {
    // Nothing behind the cut is worth escaping, and previews can be long.
    let start: String = text.chars().take(width + 1).collect();
    let safe = sanitize::for_terminal_line(start.trim());
    if start.chars().count() <= width {
        return safe;
    }
    format!("{}…", safe.chars().take(width.saturating_sub(1)).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        for (ms, text) in [
            (0, "0ms"),
            (999, "999ms"),
            (1500, "1.50s"),
            (59_999, "59.99s"),
            (123_000, "2m03s"),
            (3_900_000, "1h05m"),
            (-1500, "-1.50s"),
        ] {
            assert_eq!(duration(ms), text);
        }
    }

    #[test]
    fn counts_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (4312, "4,312"), (1_000_000, "1,000,000")] {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn large_counts_are_short_in_tables() {
        for (number, text) in [
            (0, "0"),
            (9999, "9,999"),
            (10_000, "10.0k"),
            (18_732, "18.7k"),
            (999_949, "999.9k"),
            (999_950, "1.0M"),
            (1_234_567, "1.2M"),
            (999_950_000, "1.0G"),
        ] {
            assert_eq!(short_count(number), text);
        }
    }

    #[test]
    fn sizes_have_units() {
        for (size, text) in [(0, "0 B"), (3500, "3.4 KiB"), (6_871_947_674, "6.4 GiB"), (u64::MAX, "16777216.0 TiB")] {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn lines_are_cut_with_a_mark() {
        assert_eq!(one_line("a\nb", 10), "a b");
        assert_eq!(one_line("abcdef", 4), "abc…");
        assert_eq!(one_line("\u{1b}[31m", 10), "\\x1b[31m");
    }
}
