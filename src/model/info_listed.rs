//! Reading infos of traces that a server lists, of whatever type their values are.
//!
//! A trace that cannot be read is one trace that says so: it spoils none of the others, and whatever depends on it is not
//! known.

use std::collections::BTreeMap;

use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::info_json::experiment_location;
use super::lenient::{self, Lenient, Loose};
use super::{Assessment, TraceId, TraceInfo, TraceState, parse_duration_seconds, parse_rfc3339_ms};

/// One of a list: what cannot be read of it is kept in [`TraceInfo::unread`], and is no error of the list.
pub struct ListedInfo(pub TraceInfo);

impl ListedInfo {
    /// The start of a trace whose time cannot be read.
    pub const NO_TIME: i64 = i64::MIN;
}

impl<'de> Deserialize<'de> for ListedInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::read(deserializer)
    }
}

impl<'de> Lenient<'de> for ListedInfo {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut info = TraceInfo::new(TraceId::new(""), ListedInfo::NO_TIME);
        let (mut has_id, mut has_time) = (false, false);
        while let Some(Loose::Text(key)) = map.next_key()? {
            has_id |= matches!(key.as_ref(), "trace_id" | "request_id");
            has_time |= matches!(key.as_ref(), "request_time" | "timestamp_ms");
            match key.as_ref() {
                "trace_metadata" | "request_metadata" => info.metadata = strings(&mut map, &key, &mut info.unread)?,
                "tags" => info.tags = strings(&mut map, &key, &mut info.unread)?,
                _ => {
                    let value = map.next_value()?;
                    if let Err(unread) = set(&mut info, &key, value) {
                        info.unread.push(format!("{key} is {unread}"));
                    }
                }
            }
        }
        if !has_id {
            info.unread.push("missing field `trace_id`".to_owned());
        }
        if !has_time {
            info.unread.push("missing field `request_time`".to_owned());
        }
        Ok(Self(info))
    }

    // What is no object at all is one of a list, too.
    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(no_object("a list"))
    }

    fn of_scalar(value: Loose<'de>) -> Self {
        no_object(match value {
            Loose::Text(_) => "a text",
            Loose::Other(Value::Null) => "null",
            Loose::Other(Value::Bool(_)) => "a boolean",
            Loose::Other(_) => "a number",
        })
    }
}

fn no_object(what: &str) -> ListedInfo {
    let unread = vec![format!("it is {what}, not an object")];
    ListedInfo(TraceInfo { unread, ..TraceInfo::new(TraceId::new(""), ListedInfo::NO_TIME) })
}

/// Takes in the value of a field; fails with what it is instead of one.
fn set(info: &mut TraceInfo, key: &str, value: Loose<'_>) -> Result<(), String> {
    match key {
        "trace_id" | "request_id" => info.trace_id = TraceId::new(value.text()?.ok_or("null")?),
        "client_request_id" => info.client_request_id = value.text()?,
        "trace_location" => info.trace_location = value.into_value(),
        "experiment_id" => info.trace_location = experiment_location(Some(&value.text()?.ok_or("null")?)),
        "request_time" => {
            let text = value.text()?.ok_or("null")?;
            info.request_time_ms = parse_rfc3339_ms(&text).map_err(|_| format!("{text:?}, not an RFC 3339 time"))?;
        }
        "timestamp_ms" => info.request_time_ms = value.integer()?.ok_or("null")?,
        "execution_duration" => {
            let read = |text: String| parse_duration_seconds(&text).map_err(|error| error.to_string());
            info.duration_ms = value.text()?.map(read).transpose()?;
        }
        "execution_duration_ms" | "execution_time_ms" => info.duration_ms = value.integer()?,
        "state" | "status" => info.state = value.text()?.map_or(TraceState::Unspecified, |word| word.as_str().into()),
        "request_preview" => info.request_preview = value.text()?,
        "response_preview" => info.response_preview = value.text()?,
        "assessments" => info.assessments = assessments(value.into_value())?,
        _ => drop(info.extra.insert(key.to_owned(), value.into_value())),
    }
    Ok(())
}

fn assessments(value: Value) -> Result<Vec<Assessment>, String> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(all) => all.into_iter().map(assessment).collect(),
        other => Err(other.to_string()),
    }
}

fn assessment(value: Value) -> Result<Assessment, String> {
    match value {
        Value::Object(object) => Ok(Assessment::new(object)),
        other => Err(format!("a list with {other}")),
    }
}

/// A map of strings, written either as an object or, in V2, as a list of `{"key", "value"}`.
fn strings<'de, A: MapAccess<'de>>(
    map: &mut A,
    field: &str,
    unread: &mut Vec<String>,
) -> Result<BTreeMap<String, String>, A::Error> {
    let Strings { strings, unread: of_strings } = map.next_value()?;
    unread.extend(of_strings.into_iter().map(|what| format!("{field}{what}")));
    Ok(strings)
}

#[derive(Default)]
struct Strings {
    strings: BTreeMap<String, String>,
    unread: Vec<String>,
}

#[derive(Deserialize)]
struct Pair {
    #[serde(default)]
    key: Value,
    #[serde(default = "empty")]
    value: Value,
}

fn empty() -> Value {
    Value::String(String::new())
}

impl Strings {
    /// A null is no value.
    fn add(&mut self, key: String, value: Loose<'_>) {
        match value.text() {
            Ok(Some(value)) => drop(self.strings.insert(key, value)),
            Ok(None) => self.unread.push(format!(".{key} is null")),
            Err(value) => self.unread.push(format!(".{key} is {value}")),
        }
    }
}

impl<'de> Deserialize<'de> for Strings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::read(deserializer)
    }
}

impl<'de> Lenient<'de> for Strings {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut all = Self::default();
        while let Some((key, value)) = map.next_entry()? {
            all.add(key, value);
        }
        Ok(all)
    }

    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut all = Self::default();
        while let Some(Pair { key, value }) = list.next_element::<Pair>()? {
            match Loose::from(key).text() {
                Ok(Some(key)) => all.add(key, value.into()),
                _ => all.unread.push(" has a key that is no text".to_owned()),
            }
        }
        Ok(all)
    }

    fn of_scalar(value: Loose<'de>) -> Self {
        match value.into_value() {
            Value::Null => Self::default(),
            other => Self { unread: vec![format!(" is {other}")], ..Self::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A list whose second trace is like the others but for one field.
    fn listed(field: &str, value: Option<Value>) -> Vec<TraceInfo> {
        let mut odd = json!({"trace_id": "tr-odd", "request_time": "2026-11-22T08:11:41Z", "state": "OK"});
        match value {
            Some(value) => drop(odd.as_object_mut().unwrap().insert(field.to_owned(), value)),
            None => drop(odd.as_object_mut().unwrap().remove(field)),
        }
        let plain = |id: &str| json!({"trace_id": id, "request_time": "2026-11-22T08:11:41Z"});
        let text = json!([plain("tr-1"), odd, plain("tr-2")]).to_string();
        serde_json::from_str::<Vec<ListedInfo>>(&text).unwrap().into_iter().map(|ListedInfo(info)| info).collect()
    }

    #[test]
    fn a_trace_that_cannot_be_read_spoils_no_list() {
        for (field, value) in [
            ("trace_id", None),
            ("trace_id", Some(json!(null))),
            ("trace_id", Some(json!(["tr-odd"]))),
            ("request_time", None),
            ("request_time", Some(json!(null))),
            ("request_time", Some(json!("10000-01-01T00:00:00Z"))),
            ("request_time", Some(json!("yesterday"))),
            ("request_time", Some(json!(1))),
            ("request_time", Some(json!({}))),
            ("execution_duration", Some(json!("long"))),
            ("execution_duration", Some(json!(5))),
            ("execution_duration", Some(json!("99999999999999999999s"))),
            ("execution_duration_ms", Some(json!(1.5))),
            ("state", Some(json!([]))),
            ("tags", Some(json!(5))),
            ("tags", Some(json!("a"))),
            ("tags", Some(json!({"keep": null}))),
            ("tags", Some(json!({"keep": ["x"]}))),
            ("tags", Some(json!([{"key": null, "value": "x"}]))),
            ("trace_metadata", Some(json!(true))),
            ("request_preview", Some(json!({"a": 1}))),
            ("client_request_id", Some(json!([1]))),
            ("assessments", Some(json!({}))),
            ("assessments", Some(json!([null]))),
        ] {
            let infos = listed(field, value.clone());
            assert_eq!([infos[0].trace_id.as_str(), infos[2].trace_id.as_str()], ["tr-1", "tr-2"]);
            assert!(infos[0].unread.is_empty() && infos[2].unread.is_empty());
            let told = infos[1].unreadable().unwrap_or_default();
            assert!(told.contains(field), "{field} {value:?}: {told}");
        }
        let infos: Vec<ListedInfo> = serde_json::from_str(r#"[null, 1, -1, 1.5, true, "a\n", [1], {}]"#).unwrap();
        assert!(infos.iter().all(|ListedInfo(info)| !info.unread.is_empty()));
    }

    #[test]
    fn what_is_odd_and_can_be_read_is_what_it_is() {
        let read = |field: &str, value: Value| {
            let info = listed(field, Some(value)).swap_remove(1);
            assert_eq!(info.unread, [] as [&str; 0], "{field}");
            info
        };
        assert_eq!(read("state", json!("NOVEL")).state, TraceState::Other("NOVEL".into()));
        assert_eq!(read("state", json!(99)).state, TraceState::Other("99".into()));
        assert_eq!(read("state", json!(null)).state, TraceState::Unspecified);
        assert_eq!(read("execution_duration", json!("-5s")).duration_ms, Some(-5_000));
        assert_eq!(read("execution_duration", json!("315576000000s")).duration_ms, Some(315_576_000_000_000));
        assert_eq!(read("execution_duration", json!(null)).duration_ms, None);
        assert_eq!(read("execution_duration_ms", json!("7")).duration_ms, Some(7));
        assert_eq!(read("request_time", json!("9999-12-31T23:59:59.999Z")).request_time_ms, 253_402_300_799_999);
        assert_eq!(read("tags", json!(null)).tags, BTreeMap::new());
        assert_eq!(read("tags", json!({"a": 1, "b": true})).tags["a"], "1");
        assert_eq!(read("assessments", json!(null)).assessments, []);
        assert_eq!(read("request_preview", json!(5)).request_preview.as_deref(), Some("5"));
    }
}
