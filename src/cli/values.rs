//! Types of flag values, each with its own parser and message.

use crate::model::DAY_MS;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;

/// Output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people: a table, a span tree, a summary
    Table,
    /// A table with every column, whole ids and whole texts
    Wide,
    /// One JSON document
    Json,
    /// One JSON document per line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// One id per line
    Ids,
}

impl OutputFormat {
    /// The word typed after `-o`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Wide => "wide",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Ids => "ids",
        }
    }

    /// Whether it is for people.
    #[must_use]
    pub fn is_table(self) -> bool {
        matches!(self, Self::Table | Self::Wide)
    }

    /// Itself, if a command writes it.
    pub fn checked(self, command: &str, allowed: &[Self]) -> Result<Self, FormatError> {
        if allowed.contains(&self) {
            return Ok(self);
        }
        let allowed = allowed.iter().map(|format| format.as_str()).collect::<Vec<_>>().join(", ");
        Err(FormatError { command: command.to_owned(), format: self.as_str(), allowed })
    }
}

/// A format that a command does not write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    command: String,
    format: &'static str,
    allowed: String,
}

impl fmt::Display for FormatError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, format, allowed } = self;
        write!(formatter, "{command} cannot write {format}; available formats: {allowed}")
    }
}

impl std::error::Error for FormatError {}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Source of an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SourceType {
    /// A person
    #[value(name = "HUMAN", alias = "human")]
    Human,
    /// A model that judges
    #[value(name = "LLM_JUDGE", alias = "llm_judge", alias = "llm-judge")]
    LlmJudge,
    /// A program
    #[value(name = "CODE", alias = "code")]
    Code,
}

impl SourceType {
    /// `MLflow`'s word; any other is silently stored as unspecified by the server.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "HUMAN",
            Self::LlmJudge => "LLM_JUDGE",
            Self::Code => "CODE",
        }
    }
}

/// Types of `--value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ValueType {
    /// true and false are booleans, numbers are numbers, JSON objects and lists are JSON, the rest is text
    Auto,
    /// Text, whatever it looks like
    String,
    /// A number
    Number,
    /// true or false
    Bool,
    /// Any JSON value
    Json,
}

/// The status of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Status {
    /// Finished without an error in the root span
    #[value(name = "OK", aliases = ["success", "succeeded", "successful"])]
    Ok,
    /// The root span failed
    #[value(name = "ERROR", aliases = ["failed", "failure", "fail", "errors"])]
    Error,
    /// The root span has not arrived yet
    #[value(name = "IN_PROGRESS", aliases = ["in-progress", "running"])]
    InProgress,
}

impl Status {
    /// The server's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Error => "ERROR",
            Self::InProgress => "IN_PROGRESS",
        }
    }
}

/// A point in time: relative to now, or a date or time, in UTC unless it has an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// This long before now.
    Ago(Period),
    /// The start of a day this many days back, in UTC.
    DaysBack(u8),
    /// Epoch milliseconds.
    At(i64),
}

impl Moment {
    /// Epoch milliseconds, given the present ones.
    #[must_use]
    pub fn resolve(self, now_ms: i64) -> i64 {
        match self {
            Self::Ago(period) => now_ms.saturating_sub(period.as_millis()),
            Self::DaysBack(days) => (now_ms.div_euclid(DAY_MS) - i64::from(days)) * DAY_MS,
            Self::At(ms) => ms,
        }
    }
}

/// The same text for the same words, however they were spelled: `604800000ms ago`, or an instant in UTC.
impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ago(period) => write!(formatter, "{}ms ago", period.as_millis()),
            Self::DaysBack(0) => formatter.write_str("today"),
            Self::DaysBack(days) => write!(formatter, "{days} days before today"),
            Self::At(ms) => match jiff::Timestamp::from_millisecond(*ms) {
                Ok(instant) => write!(formatter, "{instant}"),
                Err(_) => write!(formatter, "{ms}ms"),
            },
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        use jiff::civil::{Date, DateTime};
        use jiff::tz::TimeZone;

        if let Some(moment) = in_words(text).or_else(|| epoch(text)) {
            return Ok(moment);
        }
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Ok(Self::At(instant.as_millisecond()));
        }
        let civil = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)));
        let zoned = civil.ok().and_then(|civil| civil.to_zoned_datetime(TimeZone::UTC).ok());
        zoned.map(|zoned| Self::At(zoned.timestamp().as_millisecond())).ok_or_else(|| {
            format!(
                "expected a time such as 2h (ago), '2 hours ago', today, yesterday, 2026-11-01, \
                 2026-11-01T08:00+01:00, or a Unix time in seconds or milliseconds, got {text:?}"
            )
        })
    }
}

/// `today`, `yesterday`, `now`, `2h`, `-2h`, `2 hours ago`, in any case.
fn in_words(text: &str) -> Option<Moment> {
    let lower = text.trim().to_ascii_lowercase();
    match lower.as_str() {
        "now" => return Some(Moment::Ago(Period(Duration::ZERO))),
        "today" => return Some(Moment::DaysBack(0)),
        "yesterday" => return Some(Moment::DaysBack(1)),
        _ => {}
    }
    if let Ok(period) = text.strip_prefix('-').unwrap_or(text).parse() {
        return Some(Moment::Ago(period));
    }
    let length = lower.strip_suffix(" ago")?.trim();
    let period = match length.split_whitespace().collect::<Vec<_>>()[..] {
        [period] => period.parse(),
        [number, unit] => {
            let number = if matches!(number, "a" | "an" | "one") { "1" } else { number };
            let unit = match unit.trim_end_matches('s') {
                "second" | "sec" => "s",
                "minute" | "min" => "m",
                "hour" => "h",
                "day" => "d",
                "week" => "w",
                _ => return None,
            };
            format!("{number}{unit}").parse()
        }
        _ => return None,
    };
    period.ok().map(Moment::Ago)
}

/// A Unix time: in milliseconds, as filters have it, or in seconds. From 1973 on the two cannot be mixed up.
fn epoch(text: &str) -> Option<Moment> {
    const SECONDS: std::ops::Range<i64> = 1_000_000_000..100_000_000_000;
    const MILLIS: std::ops::Range<i64> = 100_000_000_000..100_000_000_000_000;
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !fraction.is_none_or(is_digits) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    if SECONDS.contains(&number) {
        let digits: String = fraction.unwrap_or("").chars().chain("000".chars()).take(3).collect();
        return Some(Moment::At(number * 1000 + digits.parse::<i64>().ok()?));
    }
    (MILLIS.contains(&number) && fraction.is_none()).then_some(Moment::At(number))
}

/// A wait: a length of time, or a number of seconds.
pub fn wait(text: &str) -> Result<Period, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { format!("{text}s").parse() } else { text.parse() }
        .map_err(|_: String| format!("expected a duration such as 30 (seconds), 90s, 15m or 1m30s, got {text:?}"))
}

/// A wait that may be zero.
pub fn time_limit(text: &str) -> Result<Period, String> {
    if matches!(text, "0" | "0s" | "0d") { Ok(Period(Duration::ZERO)) } else { wait(text) }
}

/// A time of day, `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let has_digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let part = |text: &str, end: u8| text.parse().ok().filter(|number| has_digits(text) && *number < end);
        let parts = text.split_once(':').and_then(|(hour, minute)| part(hour, 24).zip(part(minute, 60)));
        parts
            .map(|(hour, minute)| Self { hour, minute })
            .ok_or_else(|| format!("expected a time of day such as 03:17, got {text:?}"))
    }
}

/// Shells with completion scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU Bash
    Bash,
    /// Z shell
    Zsh,
    /// fish
    Fish,
    /// `PowerShell`
    Powershell,
    /// Elvish
    Elvish,
}

/// `KEY=VALUE`; the value may be empty and may hold further `=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyValue {
    /// Before the first `=`.
    pub key: String,
    /// After it.
    pub value: String,
}

impl FromStr for KeyValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => Ok(Self { key: key.to_owned(), value: value.to_owned() }),
            _ => Err("expected KEY=VALUE".to_owned()),
        }
    }
}

/// A length of time: `250ms`, `90s`, `15m`, `12h`, `30d`, `2w`, or a sum such as `1d12h`. A day is 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period(Duration);

impl Period {
    /// The period as a duration.
    #[must_use]
    pub fn as_duration(self) -> Duration {
        self.0
    }

    /// The period in milliseconds.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        i64::try_from(self.0.as_millis()).unwrap_or(i64::MAX)
    }
}

/// In one unit, the largest that gives a whole number: `30d`, `36h`.
impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0.as_millis();
        let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
        let (of, unit) = units.into_iter().find(|(of, _)| ms.is_multiple_of(*of)).unwrap_or((1, "ms"));
        write!(formatter, "{}{unit}", ms / of)
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a duration such as 90s, 15m, 12h, 30d or 2w, got {text:?}");
        let mut rest = text;
        let mut millis: u64 = 0;
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|character: char| character.is_ascii_digit()).len();
            let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
            rest = &rest[digits..];
            let unit = &rest[..rest.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(rest.len())];
            let unit_millis = match unit {
                "ms" => 1,
                "s" => 1000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                "w" => 7 * 86_400_000,
                _ => return Err(wrong()),
            };
            millis = number.checked_mul(unit_millis).and_then(|part| millis.checked_add(part)).ok_or_else(wrong)?;
            rest = &rest[unit.len()..];
        }
        // A period of centuries is a slip of the finger, and its milliseconds must fit the server's integers.
        match millis {
            0 => Err(wrong()),
            _ if millis > 1000 * 366 * 86_400_000 => Err(format!("{text:?} is longer than a thousand years")),
            _ => Ok(Self(Duration::from_millis(millis))),
        }
    }
}

/// A length of time, or one that is chosen to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// It is chosen to fit.
    Auto,
    /// This one.
    Length(Period),
}

impl FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let wrong = || format!("expected auto or a length such as 15m, 1h or 1d, got {text:?}");
        text.parse().map(Self::Length).map_err(|_: String| wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_add_up() {
        let millis = |text: &str| text.parse::<Period>().map(Period::as_millis);
        assert_eq!(millis("90s"), Ok(90_000));
        assert_eq!(millis("250ms"), Ok(250));
        assert_eq!(millis("1m250ms"), Ok(60_250));
        assert_eq!(millis("30d"), Ok(30 * 86_400_000));
        assert_eq!(millis("1d12h"), Ok(36 * 3_600_000));
        assert_eq!(millis("2w"), Ok(14 * 86_400_000));
    }

    #[test]
    fn periods_are_written_as_they_are_read() {
        for (text, shown) in [("2w", "14d"), ("1d12h", "36h"), ("90s", "90s"), ("1m250ms", "60250ms"), ("120s", "2m")] {
            let period: Period = text.parse().unwrap();
            assert_eq!((period.to_string(), period.to_string().parse()), (shown.to_owned(), Ok(period)));
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in ["", "0d", "d", "5", "-1d", "1.5d", "1y", "1d 2h", "10é", "99999999999999999999d", "9999999w"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn moments_are_ago_or_dates_in_utc() {
        let resolve = |text: &str| text.parse::<Moment>().map(|moment| moment.resolve(86_400_000));
        assert_eq!(resolve("2h"), Ok(22 * 3_600_000));
        assert_eq!(resolve("-1d"), Ok(0));
        assert_eq!(resolve("1970-01-02"), Ok(86_400_000));
        assert_eq!(resolve("1970-01-01T01:00:01"), Ok(3_601_000));
        assert_eq!(resolve("1970-01-01 01:00"), Ok(3_600_000));
        assert_eq!(resolve("1970-01-01T01:00+01:00"), Ok(0));
        assert_eq!(resolve("1970-01-01T00:00:01Z"), Ok(1000));
        for text in ["", "tomorrow", "1970-13-01", "17900", "1790000000000.5", "1790000000000000", "ago", "2 moons ago"]
        {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    #[test]
    fn moments_are_read_as_people_say_them() {
        let now = 10 * DAY_MS + 5 * 3_600_000;
        let resolve = |text: &str| text.parse::<Moment>().map(|moment| moment.resolve(now));
        assert_eq!(resolve("today"), Ok(10 * DAY_MS));
        assert_eq!(resolve("Yesterday"), Ok(9 * DAY_MS));
        assert_eq!(resolve("now"), Ok(now));
        for text in ["2 hours ago", "2h ago", "2 Hours  ago", "120 min ago", "2h"] {
            assert_eq!(resolve(text), Ok(now - 7_200_000), "{text}");
        }
        assert_eq!(resolve("a week ago"), Ok(now - 7 * DAY_MS));
    }

    #[test]
    fn seconds_and_milliseconds_since_1970_are_told_apart() {
        let resolve = |text: &str| text.parse::<Moment>().map(|moment| moment.resolve(0));
        assert_eq!(resolve("1790000000000"), Ok(1_790_000_000_000));
        assert_eq!(resolve("1790000000"), Ok(1_790_000_000_000));
        assert_eq!(resolve("1790000000.25"), Ok(1_790_000_000_250));
    }

    #[test]
    fn a_wait_without_a_unit_is_in_seconds() {
        assert_eq!(wait("30").map(Period::as_millis), Ok(30_000));
        assert_eq!(wait("2m").map(Period::as_millis), Ok(120_000));
        assert!(wait("0").is_err() && wait("soon").is_err() && wait("").is_err());
    }

    #[test]
    fn a_time_limit_may_be_zero_and_is_written_as_it_is_read() {
        for (text, millis) in [("0", 0), ("0s", 0), ("1800", 1_800_000), ("30m", 1_800_000)] {
            let limit = time_limit(text).unwrap();
            assert_eq!((limit.as_millis(), time_limit(&limit.to_string())), (millis, Ok(limit)), "{text}");
        }
        assert!(time_limit("soon").is_err());
    }

    #[test]
    fn times_of_day_have_two_digits_twice() {
        assert_eq!("03:17".parse(), Ok(TimeOfDay { hour: 3, minute: 17 }));
        for text in ["3:17", "24:00", "03:60", "0317", "+3:17", "03:1"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
    }

    #[test]
    fn key_values_split_at_the_first_equals_sign() {
        let parsed: KeyValue = "a=b=c".parse().unwrap();
        assert_eq!((parsed.key.as_str(), parsed.value.as_str()), ("a", "b=c"));
        assert!("=x".parse::<KeyValue>().is_err());
        assert!("x".parse::<KeyValue>().is_err());
    }
}
