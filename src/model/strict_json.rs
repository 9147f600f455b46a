//! Reading JSON as Python writes it.
//!
//! Python's `json.dumps` writes `NaN`, `Infinity` and `-Infinity`, which no JSON grammar has, and half a surrogate pair as
//! `\ud800`, which is JSON but no Unicode text. Here the three numbers become strings of the same words (as in protobuf's
//! JSON, the REST API's own form) and half a pair becomes the six characters of its escape. An attribute of a span is
//! itself JSON text within a string, so that there the six characters are the escape again and nothing changes.

use std::borrow::Cow;

use memchr::memchr2;
use serde::de::DeserializeOwned;

const WORDS: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];

/// Reads JSON text, Python's additions included. What strict JSON allows is read at no extra cost.
pub fn read_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(text).or_else(|error| match strict_json(text) {
        Cow::Owned(strict) => serde_json::from_slice(&strict),
        Cow::Borrowed(_) => Err(error),
    })
}

/// The same JSON text without Python's additions; borrowed if it has none.
#[must_use]
pub fn strict_json(text: &[u8]) -> Cow<'_, [u8]> {
    let mut rewriter = Rewriter { text, written: Vec::new(), copied: 0 };
    let mut position = 0;
    while let Some(byte) = text.get(position) {
        position = match byte {
            b'"' => rewriter.string(position + 1),
            b'N' | b'I' | b'-' => rewriter.word(position),
            _ => position + 1,
        };
    }
    rewriter.finish()
}

struct Rewriter<'t> {
    text: &'t [u8],
    written: Vec<u8>,
    copied: usize,
}

impl<'t> Rewriter<'t> {
    /// From the first character of a string to behind its closing quote.
    fn string(&mut self, mut position: usize) -> usize {
        while let Some(found) = self.text.get(position..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            position += found;
            if self.text[position] == b'"' {
                return position + 1;
            }
            position = self.escape(position);
        }
        self.text.len()
    }

    /// From a backslash to behind its escape.
    fn escape(&mut self, position: usize) -> usize {
        match (self.unit(position), self.unit(position + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => position + 12,
            (Some(0xd800..=0xdfff), _) => {
                self.insert(position, b"\\");
                position + 6
            }
            _ => position + 2,
        }
    }

    /// The UTF-16 unit of an escape `\uXXXX`.
    fn unit(&self, position: usize) -> Option<u16> {
        let digits = self.text.get(position..position + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }

    fn word(&mut self, position: usize) -> usize {
        let rest = &self.text[position..];
        let Some(word) = WORDS.into_iter().find(|word| rest.starts_with(word)) else { return position + 1 };
        self.insert(position, b"\"");
        self.insert(position + word.len(), b"\"");
        position + word.len()
    }

    fn insert(&mut self, position: usize, bytes: &[u8]) {
        self.written.extend_from_slice(&self.text[self.copied..position]);
        self.written.extend_from_slice(bytes);
        self.copied = position;
    }

    fn finish(mut self) -> Cow<'t, [u8]> {
        if self.copied == 0 && self.written.is_empty() {
            return Cow::Borrowed(self.text);
        }
        self.written.extend_from_slice(&self.text[self.copied..]);
        Cow::Owned(self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn strict(text: &str) -> String {
        String::from_utf8(strict_json(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn strict_text_is_left_alone() {
        for text in ["", "{}", r#"{"a": "NaN \ud83d\ude00 \\ud800 \" Infinity", "b": [-1.5e3, null]}"#, "\"open \\"] {
            assert!(matches!(strict_json(text.as_bytes()), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn numbers_that_json_lacks_become_words() {
        assert_eq!(
            strict(r#"{"n": NaN, "l": [Infinity,-Infinity, -1], "s": "NaN"}"#),
            r#"{"n": "NaN", "l": ["Infinity","-Infinity", -1], "s": "NaN"}"#
        );
        assert_eq!(strict("NaN"), "\"NaN\"");
    }

    #[test]
    fn half_a_surrogate_pair_becomes_its_escape() {
        for (text, expected) in [
            (r#""a\ud800b""#, r#""a\\ud800b""#),
            (r#""\uDFFF""#, r#""\\uDFFF""#),
            (r#""\ud83d\ude00\ud83d""#, r#""\ud83d\ude00\\ud83d""#),
            (r#""\ud800\ud83d\ude00""#, r#""\\ud800\ud83d\ude00""#),
            (r#""\\\udc00\n\u00e9""#, r#""\\\\udc00\n\u00e9""#),
            (r#"{"\ud800": 1}"#, r#"{"\\ud800": 1}"#),
        ] {
            assert_eq!(strict(text), expected, "{text}");
            assert!(read_json::<Value>(text.as_bytes()).is_ok());
        }
    }

    #[test]
    fn an_attribute_keeps_its_value() {
        // A span file: the value's JSON text within a string. The text that is read means the same to Python.
        let file = r#"{"mlflow.spanInputs": "{\"q\": \"a\ud800b\\\\ud800\", \"n\": NaN}"}"#;
        let read: Value = read_json(file.as_bytes()).unwrap();
        assert_eq!(read["mlflow.spanInputs"], r#"{"q": "a\ud800b\\ud800", "n": NaN}"#);
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for text in ["", "{", "[NaN", "Nan", "<html>", "\"\\ud800"] {
            assert!(read_json::<Value>(text.as_bytes()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_json_is_read_as_it_is(text in "[\\\\\"a\u{e9}\u{1f5fc}NI-]{0,20}", number in -1e9..1e9f64) {
            let value = json!({text.clone(): [text, number]});
            prop_assert!(matches!(strict_json(value.to_string().as_bytes()), Cow::Borrowed(_)));
        }

        #[test]
        fn any_escapes_become_readable(units in proptest::collection::vec(0xd7f0..0xe010u32, 0..8)) {
            let escapes: Vec<String> = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let read: String = read_json(format!("\"{}\"", escapes.concat()).as_bytes()).unwrap();
            let undone = String::from_utf16_lossy(&units.iter().map(|unit| u16::try_from(*unit).unwrap()).collect::<Vec<_>>());
            prop_assert_eq!(undone.matches('\u{fffd}').count(), read.matches("\\ud").count());
        }
    }
}
