//! Types of flag values, each with its own parser and message.

use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;

/// How results are written to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people: a table, a span tree, a summary
    Table,
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
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Ids => "ids",
        }
    }
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What `export` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// One trace per line, as `MLflow`'s own trace JSON
    Jsonl,
    /// One row per trace
    Csv,
}

/// Who made an assessment.
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

/// How `--value` is read.
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
            _ => Err(format!("expected KEY=VALUE, got {text:?}")),
        }
    }
}

/// A length of time: `90s`, `15m`, `12h`, `30d`, `2w`, or a sum such as `1d12h`. A day is 24 hours.
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

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a length of time such as 90s, 15m, 12h, 30d or 2w, got {text:?}");
        let mut rest = text;
        let mut seconds: u64 = 0;
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|character: char| character.is_ascii_digit()).len();
            let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
            let unit = rest[digits..].chars().next().ok_or_else(wrong)?;
            let unit_seconds = match unit {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                'd' => 86_400,
                'w' => 7 * 86_400,
                _ => return Err(wrong()),
            };
            seconds = number.checked_mul(unit_seconds).and_then(|part| seconds.checked_add(part)).ok_or_else(wrong)?;
            rest = &rest[digits + 1..];
        }
        // A period of centuries is a slip of the finger, and its milliseconds must fit the server's integers.
        match seconds {
            0 => Err(wrong()),
            _ if seconds > 1000 * 366 * 86_400 => Err(format!("{text:?} is longer than a thousand years")),
            _ => Ok(Self(Duration::from_secs(seconds))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_add_up() {
        let millis = |text: &str| text.parse::<Period>().map(Period::as_millis);
        assert_eq!(millis("90s"), Ok(90_000));
        assert_eq!(millis("30d"), Ok(30 * 86_400_000));
        assert_eq!(millis("1d12h"), Ok(36 * 3_600_000));
        assert_eq!(millis("2w"), Ok(14 * 86_400_000));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in ["", "0d", "d", "5", "-1d", "1.5d", "1y", "1d 2h", "10é", "99999999999999999999d", "9999999w"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
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
