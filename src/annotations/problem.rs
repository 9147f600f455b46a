//! What is wrong with a file, and where.

use std::fmt;

/// A mistake in a file of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, as a spreadsheet or an editor numbers it; none if it concerns all of them.
    pub line: Option<u64>,
    /// Error message.
    pub text: String,
}

impl Problem {
    /// A mistake that concerns every row.
    pub fn of_file(text: impl Into<String>) -> Self {
        Self { line: None, text: text.into() }
    }

    /// A mistake in one line.
    pub fn of_line(line: u64, text: impl Into<String>) -> Self {
        Self { line: Some(line), text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "line {line}: {}", self.text),
            None => formatter.write_str(&self.text),
        }
    }
}
