//! YAML as Python writes and reads it.
//!
//! What a plain word means is said by YAML 1.1, of which `yes` is a truth value and `1e5` is none of the numbers: other readers
//! would take some texts for something else. Invariant: what is not understood is an error.

use std::collections::HashMap;
use std::sync::LazyLock;

use fancy_regex::Regex;
use serde_json::{Map, Number, Value};
use yaml_rust2::parser::{Event, EventReceiver, Parser, Tag};
use yaml_rust2::scanner::TScalarStyle;

/// The one document of a file.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut reader = Reader::default();
    Parser::new_from_str(text).load(&mut reader, true).map_err(|error| error.to_string())?;
    match (reader.wrong, reader.documents.len(), reader.documents.pop()) {
        (Some(wrong), ..) => Err(wrong),
        (None, 1, Some(document)) => Ok(document),
        (None, number, _) => Err(format!("it holds {number} documents")),
    }
}

#[derive(Default)]
struct Reader {
    documents: Vec<Value>,
    open: Vec<Open>,
    anchors: HashMap<usize, Value>,
    wrong: Option<String>,
}

/// What has begun and not ended.
enum Open {
    Sequence(usize, Vec<Value>),
    Mapping(usize, Map<String, Value>, Option<String>),
}

impl EventReceiver for Reader {
    fn on_event(&mut self, event: Event) {
        if self.wrong.is_none()
            && let Err(wrong) = self.take(event)
        {
            self.wrong = Some(wrong);
        }
    }
}

impl Reader {
    fn take(&mut self, event: Event) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = match tag.as_ref().map(core).transpose()?.flatten() {
                    Some("str") => Value::String(text),
                    Some(other) => return Err(format!("the tag {other:?} is not known here")),
                    None if style == TScalarStyle::Plain => plain(text)?,
                    None => Value::String(text),
                };
                self.put(anchor, value)
            }
            Event::SequenceStart(anchor, tag) => {
                tag.as_ref().map(core).transpose()?;
                self.open.push(Open::Sequence(anchor, Vec::new()));
                Ok(())
            }
            Event::MappingStart(anchor, tag) => {
                tag.as_ref().map(core).transpose()?;
                self.open.push(Open::Mapping(anchor, Map::new(), None));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::Sequence(anchor, items)) => self.put(anchor, Value::Array(items)),
                Some(Open::Mapping(anchor, object, None)) => self.put(anchor, Value::Object(object)),
                Some(Open::Mapping(_, _, Some(_))) | None => Err("it ends too early".to_owned()),
            },
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned().ok_or("an alias of nothing")?;
                self.put(0, value)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn put(&mut self, anchor: usize, value: Value) -> Result<(), String> {
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut() {
            None => self.documents.push(value),
            Some(Open::Sequence(_, items)) => items.push(value),
            Some(Open::Mapping(_, object, key)) => match (key.take(), value) {
                (Some(key), value) => _ = object.insert(key, value),
                (None, Value::String(text)) => *key = Some(text),
                (None, Value::Number(number)) => *key = Some(number.to_string()),
                (None, other) => return Err(format!("{other} is no key")),
            },
        }
        Ok(())
    }
}

/// The name of a tag of YAML itself; nothing for the one that says nothing.
fn core(tag: &Tag) -> Result<Option<&str>, String> {
    match (tag.handle.as_str(), tag.suffix.as_str()) {
        ("tag:yaml.org,2002:", "map" | "seq") | ("", "!") | ("!", "") => Ok(None),
        ("tag:yaml.org,2002:", name) => Ok(Some(name)),
        (handle, name) => Err(format!("the tag {handle}{name} is not known here")),
    }
}

/// Numbers of YAML 1.1 that JSON has.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[-+]?(?:(?P<whole>0|[1-9][0-9]*)|(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?)$").ok()
});
/// What Python takes for something that is not understood here: numbers to other bases, times, `.inf`.
static FOREIGN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[-+]?(?:0b[01_]+|0[0-7_]+|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+|[0-9][0-9_]*_[0-9_]*)|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[0-9]{4}-[0-9]{2}-[0-9]{2}|=|<<)$").ok()
});

/// What a word without quotes means.
fn plain(text: String) -> Result<Value, String> {
    let is =
        |regex: &LazyLock<Option<Regex>>| regex.as_ref().is_some_and(|regex| regex.is_match(&text).unwrap_or(false));
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Ok(Value::Bool(true)),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Ok(Value::Bool(false)),
        _ => {}
    }
    if is(&FOREIGN) {
        return Err(format!("{text} is not understood"));
    }
    if !is(&NUMBER) {
        return Ok(Value::String(text));
    }
    let digits = text.trim_start_matches('+');
    let whole = digits.parse::<i64>().ok().map(Number::from).or_else(|| digits.parse::<u64>().ok().map(Number::from));
    let number = whole.or_else(|| digits.parse::<f64>().ok().and_then(Number::from_f64));
    number.map(Value::Number).ok_or_else(|| format!("{text} is not understood"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_mean_what_they_mean_to_python() {
        let text = "a: 1\nb: '1'\nc: 1e5\nd: 1.0e+16\ne: yes\nf: 'yes'\ng: null\nh:\n- x\n- \"\\u263a\"\ni: {}\nj: 0o7\nk: -1.5\nl: |\n  two\n  lines\nm: a:b\n";
        let read = read(text).unwrap();
        let expected = json!({
            "a": 1, "b": "1", "c": "1e5", "d": 1e16, "e": true, "f": "yes", "g": null, "h": ["x", "☺"], "i": {},
            "j": "0o7", "k": -1.5, "l": "two\nlines\n", "m": "a:b",
        });
        assert_eq!(read, expected);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for text in [
            "a: !!python/object:os.system x",
            "a: 0x1f",
            "a: 2026-01-01",
            "a: [",
            "a: 1\n---\nb: 2",
            "",
            "? [a]\n: b",
            "a: *b",
        ] {
            assert!(read(text).is_err(), "{text:?}: {:?}", read(text));
        }
    }
}
