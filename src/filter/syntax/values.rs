//! The literals of the extended language: texts with escapes, durations, dates.
//!
//! It must not know fields.

use crate::model::DAY_MS;
use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::ast::{Literal, LiteralValue, TextSpan};
use crate::filter::error::{FilterError, FilterErrorKind};

/// The two ends of `BETWEEN … AND …` as one literal.
pub(in crate::filter) fn range(low: Literal, high: Literal) -> Literal {
    let raw = format!("{} AND {}", low.raw, high.raw);
    let span = TextSpan(low.span.0.start..high.span.0.end);
    Literal { raw, value: LiteralValue::Range(Box::new((low, high))), span }
}

/// What `E'…'` says, by the rules of PostgreSQL. What they leave out is refused instead of kept.
pub(in crate::filter) fn unescape(text: &str, start: usize, raw: &str) -> Result<String, FilterError> {
    let body = &raw[2..raw.len() - 1];
    let mut out = String::with_capacity(body.len());
    let mut characters = body.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == '\'' {
            characters.next();
        }
        if character != '\\' {
            out.push(character);
            continue;
        }
        let (length, decoded) = escape(&body[at + 1..]);
        let Some(decoded) = decoded else {
            let place = start + 2 + at;
            let span = place..(place + 1 + length).min(start + raw.len() - 1);
            return Err(FilterError::new(FilterErrorKind::Value, text, span, "there is no such escape")
                .hint("escapes are \\\\ \\' \\\" \\n \\t \\r \\b \\f \\xHH \\uHHHH \\UHHHHHHHH and octal \\ooo"));
        };
        out.push(decoded);
        let end = at + 1 + length;
        while characters.clone().next().is_some_and(|(next, _)| next < end) {
            characters.next();
        }
    }
    Ok(out)
}

/// What stands behind a backslash: how many bytes belong to it, and the character it means, if any.
fn escape(rest: &str) -> (usize, Option<char>) {
    let Some(first) = rest.chars().next() else { return (0, None) };
    let code = |from: usize, most: usize, radix: u32| {
        let digits = rest[from..].chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
        let value = u32::from_str_radix(&rest[from..from + digits], radix).ok();
        (from + digits, digits, value.filter(|value| *value != 0).and_then(char::from_u32))
    };
    let exactly = |(end, digits, decoded): (usize, usize, Option<char>), wanted: usize| {
        (end, decoded.filter(|_| digits == wanted))
    };
    match first {
        '\\' | '\'' | '"' => (1, Some(first)),
        'n' => (1, Some('\n')),
        't' => (1, Some('\t')),
        'r' => (1, Some('\r')),
        'b' => (1, Some('\u{8}')),
        'f' => (1, Some('\u{c}')),
        'x' => {
            let (end, _, decoded) = code(1, 2, 16);
            // Bytes above ASCII would have to be put together to UTF-8.
            (end, decoded.filter(char::is_ascii))
        }
        'u' => exactly(code(1, 4, 16), 4),
        'U' => exactly(code(1, 8, 16), 8),
        '0'..='7' => {
            let (end, _, decoded) = code(0, 3, 8);
            (end, decoded.filter(char::is_ascii))
        }
        other => (other.len_utf8(), None),
    }
}

/// The milliseconds of `1h30m`.
pub(in crate::filter) fn duration(text: &str, start: usize, raw: &str) -> Result<i64, FilterError> {
    duration_ms(raw).ok_or_else(|| {
        FilterError::new(FilterErrorKind::Value, text, start..start + raw.len(), "the duration is too long")
            .hint("durations are sums such as 250ms, 5s, 1h30m, 2d, 1w")
    })
}

#[allow(clippy::cast_possible_truncation)] // The sum is checked to be far inside.
fn duration_ms(raw: &str) -> Option<i64> {
    let (sign, mut rest) = raw.strip_prefix('-').map_or((1.0, raw), |rest| (-1.0, rest));
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let unit = &rest[digits..];
        let unit = &unit[..unit.find(|c: char| c.is_ascii_digit()).unwrap_or(unit.len())];
        let factor = match unit.to_ascii_lowercase().as_str() {
            "ms" => 1.0,
            "s" => 1e3,
            "m" => 6e4,
            "h" => 3.6e6,
            "d" => 8.64e7,
            _ => 6.048e8,
        };
        sum += rest[..digits].parse::<f64>().ok()? * factor;
        rest = &rest[digits + unit.len()..];
    }
    (sum < 9e15).then(|| (sign * sum).round() as i64)
}

/// A date or a time as epoch milliseconds: all of them that it names, the end not included.
///
/// `2026-11-01` is a whole day in UTC. A time is one instant, in UTC unless it says otherwise.
pub(in crate::filter) fn instants(text: &str) -> Option<Range<i64>> {
    let text = text.trim();
    if text.len() == 10 {
        let day: Date = text.parse().ok()?;
        let start = day.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp().as_millisecond();
        return Some(start..start + DAY_MS);
    }
    let is_time = text.len() > 10 && matches!(text.as_bytes()[10], b' ' | b'T' | b't');
    if !is_time || text.contains('[') {
        return None;
    }
    let instant = text.parse::<Timestamp>().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        Some(local.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
    })?;
    let ms = instant.as_millisecond();
    Some(ms..ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_postgresql() {
        let read = |raw: &str| unescape(raw, 0, raw);
        for (raw, expected) in [
            (r#"E'it\'s "both"\n'"#, "it's \"both\"\n"),
            (r#"e'\\ \" \t\r\b\f'"#, "\\ \" \t\r\u{8}\u{c}"),
            (r"E'\x41\x9\u00e9\U0001F389\101\7'", "A\té🎉A\u{7}"),
            (r"E'it''s'", "it's"),
            ("E''", ""),
        ] {
            assert_eq!(read(raw).unwrap(), expected, "{raw}");
        }
        for raw in [r"E'\q'", r"E'\u12'", r"E'\x'", r"E'\ud800'", r"E'\U99999999'", r"E'\0'", r"E'\xff'", r"E'\é'"] {
            assert!(read(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn durations_are_sums() {
        for (raw, ms) in [
            ("5s", 5000),
            ("250ms", 250),
            ("1h30m", 5_400_000),
            ("2d", 172_800_000),
            ("1.5s", 1500),
            ("-24h", -86_400_000),
            ("1W", 604_800_000),
        ] {
            assert_eq!(duration_ms(raw), Some(ms), "{raw}");
        }
        assert_eq!(duration_ms("99999999999999999999d"), None);
    }

    #[test]
    fn dates_are_days_and_times_are_instants() {
        let day = 1_793_491_200_000;
        assert_eq!(instants("2026-11-01"), Some(day..day + DAY_MS));
        let eight = day + 8 * 3_600_000;
        for text in [
            "2026-11-01T08:00Z",
            "2026-11-01 08:00",
            "2026-11-01T08:00:00",
            "2026-11-01 09:00:00+01:00",
            "2026-11-01T08:00:00.000Z",
        ] {
            assert_eq!(instants(text), Some(eight..eight), "{text}");
        }
        for text in ["", "abc", "2026-13-01", "2026-11-1", "2026-11-01T", "2026", "20261101", "+002026-11-01"] {
            assert_eq!(instants(text), None, "{text}");
        }
    }
}
