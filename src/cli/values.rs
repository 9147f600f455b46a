//! Types of flag values, each with its own parser and message.

use std::fmt;
use std::str::FromStr;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_values_split_at_the_first_equals_sign() {
        let parsed: KeyValue = "a=b=c".parse().unwrap();
        assert_eq!((parsed.key.as_str(), parsed.value.as_str()), ("a", "b=c"));
        assert!("=x".parse::<KeyValue>().is_err());
        assert!("x".parse::<KeyValue>().is_err());
    }
}
