//! The two spellings of time in trace JSON: RFC 3339 instants and protobuf durations (`"1.5s"`).

use jiff::civil::{DateTime, date};
use jiff::fmt::temporal::Pieces;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Milliseconds of a day in UTC.
pub const DAY_MS: i64 = 24 * HOUR_MS;
use thiserror::Error;

/// A time or duration in trace JSON that cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TimeError {
    /// Not an RFC 3339 instant.
    #[error("{0:?} is not an RFC 3339 time")]
    Instant(String),
    /// Not decimal seconds followed by `s`.
    #[error("{0:?} is not a duration in seconds such as \"1.5s\"")]
    Duration(String),
}

/// Epoch milliseconds of an RFC 3339 instant in capitals with at most nine decimals, as protobuf has it; digits below a
/// millisecond are cut off, as the server does.
pub fn parse_rfc3339_ms(text: &str) -> Result<i64, TimeError> {
    let fail = || TimeError::Instant(text.to_owned());
    if !is_rfc3339(text.as_bytes()) {
        return Err(fail());
    }
    let instant = text.parse::<Timestamp>().ok().map(|instant| instant.as_nanosecond().div_euclid(1_000_000));
    instant.and_then(|ms| ms.try_into().ok()).or_else(|| last_hours_ms(text)).ok_or_else(fail)
}

/// The start of 1970, from which milliseconds count.
fn epoch() -> DateTime {
    date(1970, 1, 1).at(0, 0, 0, 0)
}

/// The last hours of the year 9999, which servers store, and which time zones leave no room for in [`Timestamp`].
fn last_hours_ms(text: &str) -> Option<i64> {
    let pieces = Pieces::parse(text).ok()?;
    let local = pieces.date().to_datetime(pieces.time()?).duration_since(epoch());
    let ahead = SignedDuration::from_secs(pieces.to_numeric_offset()?.seconds().into());
    i64::try_from(local.checked_sub(ahead)?.as_millis()).ok()
}

/// Whether a text has the shape `2026-11-22T08:11:41.465Z`, with `+01:00` instead of `Z` if need be.
fn is_rfc3339(text: &[u8]) -> bool {
    let Some((time, rest)) = text.split_at_checked("2026-11-22T08:11:41".len()) else { return false };
    let decimals =
        rest.strip_prefix(b".").map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    let offset = if decimals > 0 { &rest[1 + decimals..] } else { rest };
    let has_offset = match offset {
        b"Z" => true,
        [b'+' | b'-', a, b, b':', c, d] => [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    time[10] == b'T' && time[17..].iter().all(u8::is_ascii_digit) && &time[17..] != b"60" && decimals <= 9 && has_offset
}

/// An instant in RFC 3339, UTC, with milliseconds only where there are any: `2026-11-22T08:11:41.465Z`.
#[must_use]
pub fn rfc3339_utc(epoch_ms: i64) -> String {
    match Timestamp::from_millisecond(epoch_ms) {
        Ok(instant) if epoch_ms.rem_euclid(1000) == 0 => instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Ok(instant) => instant.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        Err(_) => match epoch().checked_add(SignedDuration::from_millis(epoch_ms)) {
            Ok(instant) => instant.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            Err(_) => format!("{epoch_ms}ms"),
        },
    }
}

/// Milliseconds of a protobuf JSON duration (`"0s"`, `"-1.5s"`, up to nine decimals); below a millisecond is cut off.
pub fn parse_duration_seconds(text: &str) -> Result<i64, TimeError> {
    let fail = || TimeError::Duration(text.to_owned());
    let seconds = text.strip_suffix('s').ok_or_else(fail)?;
    let (negative, digits) = match seconds.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, seconds),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
        return Err(fail());
    }
    let whole: i64 = whole.parse().map_err(|_| fail())?;
    let thousandths: i64 = format!("{fraction:0<3}")[..3].parse().map_err(|_| fail())?;
    let magnitude = whole.checked_mul(1000).and_then(|ms| ms.checked_add(thousandths)).ok_or_else(fail)?;
    Ok(if negative { -magnitude } else { magnitude })
}

/// Milliseconds as a protobuf JSON duration: `"0.108s"`, `"3s"`.
#[must_use]
pub fn duration_to_wire(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let magnitude = ms.unsigned_abs();
    if magnitude.is_multiple_of(1000) {
        format!("{sign}{}s", magnitude / 1000)
    } else {
        format!("{sign}{}.{:03}s", magnitude / 1000, magnitude % 1000)
    }
}

/// A closed interval of start times, in milliseconds since the epoch; an end that is missing is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeWindow {
    /// The oldest start time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_ms: Option<i64>,
    /// The newest start time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_ms: Option<i64>,
}

impl TimeWindow {
    /// What is inside of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let newest = [self.newest_ms, other.newest_ms].into_iter().flatten().min();
        Self { oldest_ms: self.oldest_ms.max(other.oldest_ms), newest_ms: newest }
    }

    /// Whether a start time is inside.
    #[must_use]
    pub fn contains(&self, time_ms: i64) -> bool {
        self.oldest_ms.is_none_or(|oldest| oldest <= time_ms) && self.newest_ms.is_none_or(|newest| time_ms <= newest)
    }

    /// Whether some time can be in both.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        let both = self.and(other);
        both.oldest_ms.zip(both.newest_ms).is_none_or(|(oldest, newest)| oldest <= newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_to_the_millisecond() {
        assert_eq!(parse_rfc3339_ms("2023-11-14T22:13:20Z"), Ok(1_700_000_000_000));
        assert_eq!(parse_rfc3339_ms("2023-11-14T22:13:20.120Z"), Ok(1_700_000_000_120));
        assert_eq!(parse_rfc3339_ms("1969-12-31T23:59:59.999Z"), Ok(-1));
        assert_eq!(parse_rfc3339_ms("9999-12-31T23:59:59.999Z"), Ok(253_402_300_799_999));
        assert_eq!(parse_rfc3339_ms("9999-12-31T23:59:59.999+01:00"), Ok(253_402_297_199_999));
        assert_eq!(parse_rfc3339_ms("0001-01-01T00:00:00Z"), Ok(-62_135_596_800_000));
        for wrong in ["", "9999-12-31T23:59:59", "9999-12-31", "9999-13-01T00:00:00Z", "10000-01-01T00:00:00Z"] {
            assert!(parse_rfc3339_ms(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_rfc3339_ms("2023-11-14T23:13:20+01:00"), Ok(1_700_000_000_000));
        let ambiguous = [
            "yesterday",
            "2023-11-14 22:13:20Z",
            "2023-11-14T22:13:20",
            "2023-11-14T22:13:20z",
            "2023-11-14T22:13:20+01",
            "2023-11-14T22:13:20.1234567891Z",
            "2023-11-14T22:13:60Z",
            "2023-11-14T22:13:20Z[UTC]",
            "2023-11-14",
        ];
        for text in ambiguous {
            assert_eq!(parse_rfc3339_ms(text), Err(TimeError::Instant(text.into())));
        }
    }

    #[test]
    fn instants_are_written_in_utc() {
        assert_eq!(rfc3339_utc(1_700_000_000_000), "2023-11-14T22:13:20Z");
        assert_eq!(rfc3339_utc(1_700_000_000_120), "2023-11-14T22:13:20.120Z");
        assert_eq!(rfc3339_utc(253_402_300_799_999), "9999-12-31T23:59:59.999Z");
        assert_eq!(rfc3339_utc(253_402_300_800_000), "253402300800000ms");
        assert_eq!(rfc3339_utc(-1), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn windows_meet_where_they_share_a_time() {
        let window = |oldest_ms, newest_ms| TimeWindow { oldest_ms, newest_ms };
        let (early, late, open) = (window(None, Some(5)), window(Some(5), Some(9)), TimeWindow::default());
        assert_eq!(early.and(late), window(Some(5), Some(5)));
        assert_eq!((open.and(late), late.and(open)), (late, late));
        assert!(early.meets(late) && late.meets(early) && open.meets(open));
        assert!(!window(None, Some(4)).meets(late));
    }

    #[test]
    fn durations_survive_a_round_trip() {
        for (text, ms) in [("0s", 0), ("0.052s", 52), ("1.500s", 1500), ("3600.001s", 3_600_001), ("-1.500s", -1500)] {
            assert_eq!(parse_duration_seconds(text), Ok(ms), "{text}");
            assert_eq!(duration_to_wire(ms), text);
        }
        assert_eq!(parse_duration_seconds("1.5s"), Ok(1500));
        assert_eq!(parse_duration_seconds("0.123456789s"), Ok(123));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "s", "1.5", "1,5s", "--1s", "1.5.1s", "1e3s", "é.1s", "99999999999999999999s"] {
            assert!(parse_duration_seconds(text).is_err(), "{text}");
        }
    }
}
