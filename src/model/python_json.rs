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

/// Text that `json.dumps` may write and JSON does not allow, made JSON: `NaN`, `Infinity` and `-Infinity` become texts that
/// begin with a mark, which is returned with it; the escape of half a character (`\\ud83d` alone) becomes the text of that
/// escape. Nothing if there is nothing of the sort.
#[must_use]
pub fn made_strict(text: &[u8]) -> Option<(Vec<u8>, String)> {
    let mut mark = String::from('\u{e000}');
    while memchr::memmem::find(text, mark.as_bytes()).is_some() {
        mark.push('\u{e000}');
    }
    let mut strict = Vec::with_capacity(text.len() + 16);
    let mut is_changed = false;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest[0] == b'"' {
            let end = at + copy_string(&mut strict, rest, &mut is_changed);
            at = end;
        } else if let Some(word) =
            ["NaN", "Infinity", "-Infinity"].iter().find(|word| rest.starts_with(word.as_bytes()))
        {
            strict.extend_from_slice(format!("\"{mark}{word}\"").as_bytes());
            is_changed = true;
            at += word.len();
        } else {
            strict.push(rest[0]);
            at += 1;
        }
    }
    is_changed.then_some((strict, mark))
}

/// Takes the marks of [`made_strict`] away, and says whether there was one elsewhere than in attributes of spans.
pub fn unmark(value: &mut Value, mark: &str) -> bool {
    match value {
        Value::String(text) => match text.strip_prefix(mark) {
            Some(word) => {
                *text = word.to_owned();
                true
            }
            None => false,
        },
        Value::Array(items) => items.iter_mut().fold(false, |found, item| unmark(item, mark) | found),
        Value::Object(object) => {
            let is_span = object.contains_key("span_id") || object.contains_key("context");
            let entries = object.iter_mut();
            entries.fold(false, |found, (key, item)| (unmark(item, mark) && !(is_span && key == "attributes")) | found)
        }
        _ => false,
    }
}

/// Copies the string at the start of a text and says how long it is.
fn copy_string(strict: &mut Vec<u8>, text: &[u8], is_changed: &mut bool) -> usize {
    strict.push(b'"');
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        let rest = &text[at..];
        let length = match (byte, surrogate(rest)) {
            (b'\\', Some(0xd800..=0xdbff)) if matches!(surrogate(&rest[6..]), Some(0xdc00..=0xdfff)) => 12,
            (b'\\', Some(_)) => {
                strict.push(b'\\');
                *is_changed = true;
                6
            }
            (b'\\', None) => 2.min(rest.len()),
            _ => 1,
        };
        strict.extend_from_slice(&rest[..length]);
        at += length;
        if byte == b'"' {
            break;
        }
    }
    at
}

/// The half of a character that an escape at the start of a text stands for.
fn surrogate(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    let unit = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (0xd800..=0xdfff).contains(&unit).then_some(unit)
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

    #[test]
    fn what_only_python_reads_becomes_text() {
        let strict = |text: &str| {
            let (strict, mark) = made_strict(text.as_bytes())?;
            Some(String::from_utf8(strict).unwrap().replace(&mark, ""))
        };
        assert_eq!(strict(r#"{"a": "NaN \" Infinity", "b": "\ud83d\uddfc \\ud83d"}"#), None);
        assert_eq!(
            strict(r#"[NaN, -Infinity, Infinity, -1, "NaN"]"#).as_deref(),
            Some(r#"["NaN", "-Infinity", "Infinity", -1, "NaN"]"#)
        );
        let halves = strict(r#"["a\ud83d", "\uddfcb\ud83d\uddfc", "\ud83d\ud83d\uddfc"]"#).unwrap();
        let read: Vec<String> = serde_json::from_str(&halves).unwrap();
        assert_eq!(read, ["a\\ud83d", "\\uddfcb🗼", "\\ud83d🗼"]);
        for cut in [r#"{"a": "x"#, r#"["\"#, r#"["\ud8"#, r#"["\ud83d"#] {
            let _ = strict(cut);
        }
    }
}
