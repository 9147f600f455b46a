//! `--value` and `--type`: what a value typed in a shell means.

use serde_json::Value;
use thiserror::Error;

use crate::cli::ValueType;

/// A value that is not what its type says, or that the server cannot keep.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ValueError {
    /// Neither `true` nor `false`.
    #[error("{0:?} is not true or false")]
    NotBool(String),
    /// No number.
    #[error("{0:?} is not a number")]
    NotNumber(String),
    /// No JSON.
    #[error("the value is not JSON: {0}")]
    NotJson(String),
    /// NaN or infinity.
    #[error("{0:?} is not a number that can be stored")]
    NotFinite(String),
    /// More digits than a float has.
    #[error("{0:?} is too large: the server keeps numbers as floats and would change it")]
    TooLarge(String),
}

/// Reads a value as its type says. NaN and infinity are refused: the server cannot store them.
pub fn read_value(text: &str, value_type: ValueType) -> Result<Value, ValueError> {
    match value_type {
        ValueType::String => Ok(Value::from(text)),
        ValueType::Bool => match text {
            "true" | "True" => Ok(Value::from(true)),
            "false" | "False" => Ok(Value::from(false)),
            _ => Err(ValueError::NotBool(text.to_owned())),
        },
        ValueType::Number => number(text)?.ok_or_else(|| ValueError::NotNumber(text.to_owned())),
        ValueType::Json => serde_json::from_str(text).map_err(|error| ValueError::NotJson(error.to_string())),
        ValueType::Auto => match text {
            "true" => Ok(Value::from(true)),
            "false" => Ok(Value::from(false)),
            _ if text.starts_with(['{', '[']) => Ok(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))),
            _ => Ok(number(text)?.unwrap_or_else(|| Value::from(text))),
        },
    }
}

/// What a text may have been meant to be that is read as text: how to write that.
#[must_use]
pub fn meant(text: &str) -> Option<String> {
    let word = text.trim().to_ascii_lowercase();
    match word.as_str() {
        "yes" | "y" | "on" | "true" => return Some("for a boolean, write true".to_owned()),
        "no" | "n" | "off" | "false" => return Some("for a boolean, write false".to_owned()),
        "null" | "none" | "nil" => return Some("for no value, write null with --type json".to_owned()),
        _ if word.starts_with(['{', '[']) => return Some("add --type json to see why it is not valid JSON".to_owned()),
        _ => {}
    }
    let number: String = word.trim_end_matches('%').trim_end().replace(',', ".").replace(['_', ' ', '\''], "");
    let is_digits = number.contains(|character: char| character.is_ascii_digit())
        && number.chars().all(|character| character.is_ascii_digit() || "+-.e".contains(character));
    let number = number.parse::<f64>().ok().filter(|number| is_digits && number.is_finite())?;
    Some(format!("for a number, write {number}"))
}

/// A number as JSON writes it; `None` for other text such as `007`.
fn number(text: &str) -> Result<Option<Value>, ValueError> {
    match text.parse::<f64>() {
        Ok(float) if !float.is_finite() => Err(ValueError::NotFinite(text.to_owned())),
        Ok(_) => match serde_json::from_str::<Value>(text) {
            Ok(Value::Number(number)) => match number.as_i64() {
                Some(whole) if whole.unsigned_abs() > 1 << 53 => Err(ValueError::TooLarge(text.to_owned())),
                None if number.is_u64() => Err(ValueError::TooLarge(text.to_owned())),
                _ => Ok(Some(Value::Number(number))),
            },
            _ => Ok(None),
        },
        // JSON numbers beyond the range of floats do not parse as infinity everywhere.
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn auto_values_are_what_they_look_like() {
        let read = |text: &str| read_value(text, ValueType::Auto).unwrap();
        assert_eq!(read("true"), json!(true));
        assert_eq!(read("True"), json!("True"));
        assert_eq!(read("0.9"), json!(0.9));
        assert_eq!(read("-3"), json!(-3));
        assert_eq!(read("007"), json!("007"));
        assert_eq!(read("1e3"), json!(1000.0));
        assert_eq!(read("{\"a\": 1}"), json!({"a": 1}));
        assert_eq!(read("[draft] text"), json!("[draft] text"));
        assert_eq!(read(""), json!(""));
    }

    #[test]
    fn a_text_that_may_have_been_meant_otherwise_is_known_and_how_to_write_it() {
        let words = |text: &str| meant(text).unwrap_or_default();
        for (text, written) in [
            ("yes", "true"),
            ("True", "true"),
            (" NO ", "false"),
            ("Off", "false"),
            ("0,8", "0.8"),
            ("80%", "80"),
            ("007", "7"),
            (".5", "0.5"),
            ("1 000", "1000"),
            ("+5", "5"),
            ("1_000", "1000"),
            ("None", "--type json"),
            ("{\"a\": ", "--type json"),
        ] {
            assert!(words(text).contains(written), "{text}: {}", words(text));
        }
        for text in ["", "Paris", "2026-11-01", "v1.2", "e", "-", "1.2.3", "yes, because", "a-1"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn types_can_be_forced() {
        assert_eq!(read_value("5", ValueType::String).unwrap(), json!("5"));
        assert_eq!(read_value("5", ValueType::Number).unwrap(), json!(5));
        assert_eq!(read_value("null", ValueType::Json).unwrap(), Value::Null);
        assert!(read_value("yes", ValueType::Bool).is_err());
        assert!(read_value("five", ValueType::Number).is_err());
        assert!(read_value("{", ValueType::Json).is_err());
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for text in ["NaN", "nan", "inf", "-Infinity", "1e400"] {
            assert!(read_value(text, ValueType::Auto).is_err(), "{text}");
            assert!(read_value(text, ValueType::Number).is_err(), "{text}");
            assert_eq!(read_value(text, ValueType::String).unwrap(), json!(text));
        }
        assert!(read_value("9007199254740993", ValueType::Auto).is_err());
    }
}
