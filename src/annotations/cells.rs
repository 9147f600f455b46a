//! Cells: text of CSV, values of JSON; and the guard that keeps spreadsheets from taking text for formulas.

use std::borrow::Cow;

use serde_json::Value;

use crate::output::sanitize::for_spreadsheet;

/// What a row holds in a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Of CSV, or a constant.
    Text(String),
    /// Of JSON.
    Json(Value),
}

impl Cell {
    /// Whether nothing is in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) | Self::Json(Value::String(text)) => text.trim().is_empty(),
            Self::Json(value) => value.is_null(),
        }
    }

    /// As text; nothing if it is empty or null. Fails with what it is instead.
    pub fn text(self) -> Result<Option<String>, &'static str> {
        match self {
            Self::Text(text) | Self::Json(Value::String(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
            Self::Json(Value::Null) => Ok(None),
            Self::Json(other) => Err(kind_of(&other)),
        }
    }
}

/// What a JSON value is, in words.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn would_be_formula(text: &str) -> bool {
    matches!(for_spreadsheet(text.trim_start_matches('\'')), Cow::Owned(_))
}

/// The cell with one more apostrophe before what a spreadsheet could take for a formula.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if would_be_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The cell without the apostrophe that [`guarded`], or a person at a spreadsheet, put before a formula.
pub(super) fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| would_be_formula(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_text_survives_the_guard() {
        for text in ["", "a", "=1+1", "'=1+1", "''=1", "-5", "'-5", "- good", "'tis", "'", "@x", " =x", "+", "\ttab"] {
            assert_eq!(unguarded(&guarded(text)), text, "{text:?}");
        }
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(guarded("-5"), "-5");
    }

    #[test]
    fn what_is_no_text_says_what_it_is() {
        assert_eq!(Cell::Json(json!(5)).text(), Err("a number"));
        assert_eq!(Cell::Json(json!(null)).text(), Ok(None));
        assert_eq!(Cell::Text(String::new()).text(), Ok(None));
        assert_eq!(Cell::Json(json!("x")).text(), Ok(Some("x".into())));
    }
}
