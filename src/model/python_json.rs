//! JSON text exactly as Python's `json.dumps` writes it.
//!
//! `MLflow` stores span attributes, span contents and assessment values as such text and searches in it, so a filter
//! agrees with the server only when spacing, number formats and escapes are the same.

use std::fmt::Write;

use serde_json::Value;

/// How characters outside ASCII are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonAscii {
    /// As they are (`ensure_ascii=False`): spans.
    Verbatim,
    /// As `\uXXXX` (Python's default): assessment values.
    Escaped,
}

/// The text of a JSON value: separators `", "` and `": "`, keys in their order.
#[must_use]
pub fn dumps(value: &Value, non_ascii: NonAscii) -> String {
    let mut text = String::new();
    write_value(&mut text, value, non_ascii);
    text
}

fn write_value(text: &mut String, value: &Value, non_ascii: NonAscii) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => write_float(text, float),
            None => text.push_str(&number.to_string()),
        },
        Value::String(string) => write_string(text, string, non_ascii),
        Value::Array(items) => write_array(text, items.iter(), |text, item| write_value(text, item, non_ascii)),
        Value::Object(object) => {
            write_object(text, object.iter().map(|(key, value)| (key.as_str(), value)), non_ascii, |text, value| {
                write_value(text, value, non_ascii);
            });
        }
    }
}

/// Writes `[a, b]`, each item by `write_item`.
pub fn write_array<T>(text: &mut String, items: impl Iterator<Item = T>, mut write_item: impl FnMut(&mut String, T)) {
    text.push('[');
    for (position, item) in items.enumerate() {
        if position > 0 {
            text.push_str(", ");
        }
        write_item(text, item);
    }
    text.push(']');
}

/// Writes `{"k": v, "l": w}`, each value by `write_item`.
pub fn write_object<'a, T>(
    text: &mut String,
    entries: impl Iterator<Item = (&'a str, T)>,
    non_ascii: NonAscii,
    mut write_item: impl FnMut(&mut String, T),
) {
    text.push('{');
    for (position, (key, value)) in entries.enumerate() {
        if position > 0 {
            text.push_str(", ");
        }
        write_string(text, key, non_ascii);
        text.push_str(": ");
        write_item(text, value);
    }
    text.push('}');
}

/// Writes a string with its quotes.
pub fn write_string(text: &mut String, string: &str, non_ascii: NonAscii) {
    text.push('"');
    // Most of a text needs no escape and is copied in runs.
    let mut copied = 0;
    for (position, character) in string.char_indices() {
        let short = match character {
            '"' => Some("\\\""),
            '\\' => Some("\\\\"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            '\t' => Some("\\t"),
            '\u{8}' => Some("\\b"),
            '\u{c}' => Some("\\f"),
            '\0'..='\u{1f}' => None,
            '\u{7f}'.. if non_ascii == NonAscii::Escaped => None,
            _ => continue,
        };
        text.push_str(&string[copied..position]);
        copied = position + character.len_utf8();
        match short {
            Some(escape) => text.push_str(escape),
            None => write_escape(text, character),
        }
    }
    text.push_str(&string[copied..]);
    text.push('"');
}

fn write_escape(text: &mut String, character: char) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        let _ = write!(text, "\\u{unit:04x}");
    }
}

/// Writes a float as Python's `repr` does: shortest digits that read back, `1e+16` and up and below `0.0001` with an
/// exponent of at least two digits, `NaN`, `Infinity`, `-Infinity`.
pub fn write_float(text: &mut String, float: f64) {
    if float.is_nan() {
        text.push_str("NaN");
    } else if float.is_infinite() {
        text.push_str(if float > 0.0 { "Infinity" } else { "-Infinity" });
    } else if float == 0.0 || (1e-4..1e16).contains(&float.abs()) {
        let _ = write!(text, "{float:?}");
    } else {
        let scientific = format!("{float:e}");
        let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
        let _ = write!(text, "{digits}e{sign}{exponent:0>2}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn float(value: f64) -> String {
        let mut text = String::new();
        write_float(&mut text, value);
        text
    }

    /// Each expectation is what Python 3.11's `json.dumps` prints.
    #[test]
    fn floats_are_python_reprs() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.7, "0.7"),
            (1e15, "1000000000000000.0"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            (1e16, "1e+16"),
            (1e20, "1e+20"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-1.25e-7, "-1.25e-07"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(float(value), expected);
        }
        assert_eq!((float(f64::NAN), float(f64::NEG_INFINITY)), ("NaN".into(), "-Infinity".into()));
    }

    #[test]
    fn separators_and_escapes_are_pythons() {
        let value = json!({"b": [1, 2.5, true, null], "a": "è\n\u{1}\u{7f}🗼\"\\"});
        assert_eq!(
            dumps(&value, NonAscii::Escaped),
            r#"{"b": [1, 2.5, true, null], "a": "\u00e8\n\u0001\u007f\ud83d\uddfc\"\\"}"#
        );
        assert_eq!(
            dumps(&value, NonAscii::Verbatim),
            "{\"b\": [1, 2.5, true, null], \"a\": \"è\\n\\u0001\u{7f}🗼\\\"\\\\\"}"
        );
        assert_eq!(
            (dumps(&json!([]), NonAscii::Escaped), dumps(&json!({}), NonAscii::Escaped)),
            ("[]".into(), "{}".into())
        );
    }
}
