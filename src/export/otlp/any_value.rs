//! JSON as typed values.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Kind;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue, KeyValueList};
use serde_json::{Number, Value};

/// Digits from which an integer may not fit 64 bits.
const MANY_DIGITS: usize = 19;

/// A pair whose value is a text.
pub fn text_pair(key: &str, text: &str) -> KeyValue {
    pair(key, any(Kind::StringValue(text.to_owned())))
}

/// A pair of any value.
pub fn pair(key: &str, value: AnyValue) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(value), ..KeyValue::default() }
}

/// A value of one kind.
pub fn any(kind: Kind) -> AnyValue {
    AnyValue { value: Some(kind) }
}

/// The value that a JSON text as Python writes it stands for; text that is no JSON stands for itself.
pub fn of_text(text: &str) -> AnyValue {
    let marks = is_unusual(text).then(|| Marked::new(text));
    let parsed = serde_json::from_str(marks.as_ref().map_or(text, |marked| &marked.text));
    let mark = marks.as_ref().map(|marked| marked.mark.as_str());
    parsed.map_or_else(|_| any(Kind::StringValue(text.to_owned())), |value: Value| of_marked(&value, mark))
}

/// The value of plain JSON.
pub fn of_value(value: &Value) -> AnyValue {
    of_marked(value, None)
}

fn of_marked(value: &Value, mark: Option<&str>) -> AnyValue {
    let kind = match value {
        Value::Null => return AnyValue::default(),
        Value::Bool(bool) => Kind::BoolValue(*bool),
        Value::Number(number) => of_number(number),
        Value::String(text) => match mark.and_then(|mark| text.strip_prefix(mark)) {
            Some(token) => of_token(token),
            None => Kind::StringValue(text.clone()),
        },
        Value::Array(items) => {
            Kind::ArrayValue(ArrayValue { values: items.iter().map(|item| of_marked(item, mark)).collect() })
        }
        Value::Object(object) => {
            let values = object.iter().map(|(key, value)| pair(key, of_marked(value, mark))).collect();
            Kind::KvlistValue(KeyValueList { values })
        }
    };
    any(kind)
}

fn of_number(number: &Number) -> Kind {
    match (number.as_i64(), number.as_f64().filter(|_| number.is_f64())) {
        (Some(integer), _) => Kind::IntValue(integer),
        (None, Some(float)) => Kind::DoubleValue(float),
        (None, None) => Kind::StringValue(number.to_string()),
    }
}

/// A number that JSON does not have, or that is too large for its readers.
fn of_token(token: &str) -> Kind {
    match token {
        "NaN" => Kind::DoubleValue(f64::NAN),
        "Infinity" => Kind::DoubleValue(f64::INFINITY),
        "-Infinity" => Kind::DoubleValue(f64::NEG_INFINITY),
        digits => digits.parse().map_or_else(|_| Kind::StringValue(digits.to_owned()), Kind::IntValue),
    }
}

/// Whether a text may hold what JSON readers refuse or round.
fn is_unusual(text: &str) -> bool {
    let has_surrogate = || text.contains("\\ud") || text.contains("\\uD");
    let has_long_number =
        || text.as_bytes().split(|byte| !byte.is_ascii_digit()).any(|digits| digits.len() >= MANY_DIGITS);
    text.contains("NaN") || text.contains("Infinity") || has_surrogate() || has_long_number()
}

/// Whether a JSON text holds the escape of one half of a surrogate pair without the other half.
pub fn has_lone_surrogate(text: &str) -> bool {
    (text.contains("\\ud") || text.contains("\\uD")) && Marked::new(text).has_lone_surrogate
}

/// Whether a JSON text holds an integer beyond 64 bits.
pub fn has_large_integer(text: &str) -> bool {
    is_unusual(text) && Marked::new(text).has_large_integer
}

/// Python's JSON as everybody's JSON: numbers of its own as texts that begin with a mark, lone surrogates replaced.
struct Marked {
    text: String,
    /// Occurs nowhere else.
    mark: String,
    has_lone_surrogate: bool,
    has_large_integer: bool,
}

impl Marked {
    fn new(text: &str) -> Self {
        let mut mark = String::from('\u{e000}');
        while text.contains(&mark) {
            mark.push('\u{e000}');
        }
        let mut marked = Self {
            text: String::with_capacity(text.len() + 16),
            mark,
            has_lone_surrogate: false,
            has_large_integer: false,
        };
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            rest = match next {
                '"' => marked.copy_string(rest),
                '-' | '0'..='9' | 'N' | 'I' => marked.copy_token(rest),
                _ => marked.copy(rest, next.len_utf8()),
            };
        }
        marked
    }

    fn copy<'t>(&mut self, rest: &'t str, length: usize) -> &'t str {
        let (copied, rest) = rest.split_at(length);
        self.text.push_str(copied);
        rest
    }

    /// A string with its quotes, up to the end of the text if it is not closed.
    fn copy_string<'t>(&mut self, rest: &'t str) -> &'t str {
        let mut rest = self.copy(rest, 1);
        loop {
            let plain = rest.find(['"', '\\']).unwrap_or(rest.len());
            rest = self.copy(rest, plain);
            rest = match rest.as_bytes() {
                [] => return rest,
                [b'"', ..] => return self.copy(rest, 1),
                [_, b'u', ..] => self.copy_unit(rest),
                [_, next, ..] if next.is_ascii() => self.copy(rest, 2),
                _ => self.copy(rest, 1),
            };
        }
    }

    /// `\uXXXX`, together with the escape behind it where the two are a pair.
    fn copy_unit<'t>(&mut self, rest: &'t str) -> &'t str {
        let unit = |at: usize| -> Option<u16> {
            let escape = rest.get(at..at + 6)?.strip_prefix("\\u")?;
            u16::from_str_radix(escape, 16).ok()
        };
        match (unit(0), unit(6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => self.copy(rest, 12),
            (Some(0xd800..=0xdfff), _) => {
                self.has_lone_surrogate = true;
                self.text.push_str("\\ufffd");
                &rest[6..]
            }
            _ => self.copy(rest, 2),
        }
    }

    /// A number or a word.
    fn copy_token<'t>(&mut self, rest: &'t str) -> &'t str {
        let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let length = rest.bytes().take_while(is_inside).count().max(1);
        let token = &rest[..length];
        let is_long = length >= MANY_DIGITS && token.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
        self.has_large_integer |= is_long && token.parse::<i64>().is_err();
        if is_long || matches!(token, "NaN" | "Infinity" | "-Infinity") {
            let mark = &self.mark;
            self.text.push_str(&format!("\"{mark}{token}\""));
            return &rest[length..];
        }
        self.copy(rest, length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<Kind> {
        of_text(text).value
    }

    fn string(text: &str) -> Kind {
        Kind::StringValue(text.into())
    }

    #[test]
    fn every_kind_of_json_has_its_own() {
        assert_eq!(kind("\"é\""), Some(string("é")));
        assert_eq!(kind("true"), Some(Kind::BoolValue(true)));
        assert_eq!(kind("-7"), Some(Kind::IntValue(-7)));
        assert_eq!(kind("9223372036854775807"), Some(Kind::IntValue(i64::MAX)));
        assert_eq!(kind("-9223372036854775808"), Some(Kind::IntValue(i64::MIN)));
        assert_eq!(kind("7.0"), Some(Kind::DoubleValue(7.0)));
        assert_eq!(kind("1e+22"), Some(Kind::DoubleValue(1e22)));
        assert_eq!(kind("null"), None);
        assert_eq!(kind("[]"), Some(Kind::ArrayValue(ArrayValue::default())));
        let nested = kind("{\"b\": [1, null], \"a\": {}}");
        let list = any(Kind::ArrayValue(ArrayValue { values: vec![any(Kind::IntValue(1)), AnyValue::default()] }));
        let values = vec![pair("b", list), pair("a", any(Kind::KvlistValue(KeyValueList::default())))];
        assert_eq!(nested, Some(Kind::KvlistValue(KeyValueList { values })), "in its order");
    }

    #[test]
    fn what_json_does_not_have_survives_where_protobuf_has_it() {
        assert!(matches!(kind("NaN"), Some(Kind::DoubleValue(nan)) if nan.is_nan()));
        let Some(Kind::ArrayValue(list)) = kind("[Infinity, -Infinity, \"NaN\", 0.5]") else { panic!() };
        let expected =
            [Kind::DoubleValue(f64::INFINITY), Kind::DoubleValue(f64::NEG_INFINITY), Kind::StringValue("NaN".into())];
        assert_eq!(list.values[..3], expected.map(any));
        assert_eq!(list.values[3], any(Kind::DoubleValue(0.5)));
        let Some(Kind::KvlistValue(pairs)) = kind("{\"n\": 18446744073709551616, \"NaN\": \"a \\\" NaN\"}") else {
            panic!()
        };
        assert_eq!(pairs.values[0], text_pair("n", "18446744073709551616"));
        assert_eq!(pairs.values[1], text_pair("NaN", "a \" NaN"));
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced_and_a_whole_one_is_not() {
        assert_eq!(kind("\"a\\ud83d\\ude00b\""), Some(string("a😀b")));
        assert_eq!(kind("\"a\\ud83db\\uDE00\""), Some(string("a\u{fffd}b\u{fffd}")));
        assert_eq!(kind("\"\\\\ud83d\""), Some(string("\\ud83d")), "an escaped backslash is no escape");
        assert!(has_lone_surrogate("[\"\\ud83d\"]") && !has_lone_surrogate("\"\\ud83d\\ude00 \\\\ud83d\""));
    }

    #[test]
    fn large_integers_are_those_that_do_not_fit() {
        assert!(has_large_integer("[1, 9223372036854775808]") && has_large_integer("-9223372036854775809"));
        for text in ["9223372036854775807", "\"12345678901234567890\"", "12345678901234567890.5", "1e30", "NaN"] {
            assert!(!has_large_integer(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_text() {
        for text in ["", "no JSON", "{\"open", "[1,", "\"\\u12", "NaN NaN", "1 2", "é\u{e000}NaN"] {
            assert_eq!(kind(text), Some(string(text)));
        }
    }
}
