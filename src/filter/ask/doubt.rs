//! Why an answer is open.

use std::fmt;

/// Why it cannot be known whether a trace matches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// The answer of this field was cut, and what matters may lie behind.
    Cut(String),
    /// Databases compare the answer of this field in different ways.
    Database(String),
    /// Its spans are not known.
    Spans,
    /// Whether it is linked to a run or prompt is not known.
    Links,
    /// A regular expression cannot be run here, or not to its end.
    Regex,
    /// What the server says about it cannot be read.
    Info,
    /// Its assessments are not returned.
    Assessments,
}

impl fmt::Display for Doubt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut(field) => write!(formatter, "{field} was cut"),
            Self::Database(field) => write!(formatter, "databases differ in how they compare {field}"),
            Self::Spans => write!(formatter, "its spans are not known"),
            Self::Links => write!(formatter, "what it is linked to is not known"),
            Self::Regex => write!(formatter, "a regular expression cannot be run here"),
            Self::Info => write!(formatter, "what the server says of it cannot be read"),
            Self::Assessments => write!(formatter, "the server does not return assessments"),
        }
    }
}
