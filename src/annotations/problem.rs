//! What is wrong with a file, and where.

use std::fmt;

/// A mistake in a file of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The row, counted from 1 without the header; none if it concerns all of them.
    pub row: Option<u64>,
    /// What is wrong.
    pub text: String,
}

impl Problem {
    /// A mistake that concerns every row.
    pub fn of_file(text: impl Into<String>) -> Self {
        Self { row: None, text: text.into() }
    }

    /// A mistake in one row.
    pub fn of_row(row: u64, text: impl Into<String>) -> Self {
        Self { row: Some(row), text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(formatter, "row {row}: {}", self.text),
            None => formatter.write_str(&self.text),
        }
    }
}
