//! Reading infos: REST's `TraceInfoV3`, the SDK's `to_dict`, and the shape of `MLflow` 2 (`request_id`, maps as lists of pairs).
//!
//! Invariants: a field that is there has the type that it should have; one that is there under both of its names is refused.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::python_json;
use super::{Assessment, TraceId, TraceInfo, TraceState, parse_duration_seconds, parse_rfc3339_ms};

/// Which parts of an info are wanted; ids, times and state always are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InfoParts(u8);

impl InfoParts {
    /// Ids, times and state.
    pub const NONE: Self = Self(0);
    /// [`TraceInfo::trace_location`].
    pub const LOCATION: Self = Self(1);
    /// [`TraceInfo::request_preview`] and [`TraceInfo::response_preview`].
    pub const PREVIEWS: Self = Self(2);
    /// [`TraceInfo::metadata`].
    pub const METADATA: Self = Self(4);
    /// [`TraceInfo::tags`].
    pub const TAGS: Self = Self(8);
    /// [`TraceInfo::assessments`].
    pub const ASSESSMENTS: Self = Self(16);
    /// Everything.
    pub const ALL: Self = Self(u8::MAX);

    const EXTRA: Self = Self(32);

    /// These and others.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether a part is among them.
    #[must_use]
    pub const fn has(self, part: Self) -> bool {
        self.0 & part.0 != 0
    }
}

/// Reads parts of an info; the others stay empty and are hardly looked at.
impl<'de> DeserializeSeed<'de> for InfoParts {
    type Value = TraceInfo;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<TraceInfo, D::Error> {
        deserializer.deserialize_map(InfoVisitor(self))
    }
}

/// Reads REST's `TraceInfoV3`, the SDK's `to_dict`, and the V2 shape (`request_id`, lists of pairs).
impl<'de> Deserialize<'de> for TraceInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        InfoParts::ALL.deserialize(deserializer)
    }
}

/// A text that is borrowed where it holds no escapes.
#[derive(Deserialize)]
struct Text<'t>(#[serde(borrow)] Cow<'t, str>);

struct InfoVisitor(InfoParts);

/// The part that a field belongs to.
fn part_of(key: &str) -> InfoParts {
    match key {
        "trace_id"
        | "request_id"
        | "client_request_id"
        | "request_time"
        | "timestamp_ms"
        | "execution_duration"
        | "execution_duration_ms"
        | "execution_time_ms"
        | "state"
        | "status" => InfoParts::ALL,
        "trace_location" | "experiment_id" => InfoParts::LOCATION,
        "request_preview" | "response_preview" => InfoParts::PREVIEWS,
        // Previews of traces of `MLflow` 2 are there.
        "trace_metadata" | "request_metadata" => InfoParts::METADATA.and(InfoParts::PREVIEWS),
        "tags" => InfoParts::TAGS,
        "assessments" => InfoParts::ASSESSMENTS,
        _ => InfoParts::EXTRA,
    }
}

/// The fields that have another name in the shape of `MLflow` 2, each with it.
const TWO_NAMES: [(&str, &str); 6] = [
    ("trace_id", "request_id"),
    ("request_time", "timestamp_ms"),
    ("execution_duration_ms", "execution_time_ms"),
    ("state", "status"),
    ("trace_metadata", "request_metadata"),
    ("trace_location", "experiment_id"),
];

/// Which fields an info has, under which names.
#[derive(Default)]
struct Names {
    new: u8,
    old: u8,
}

impl Names {
    fn note<E: Error>(&mut self, key: &str) -> Result<(), E> {
        for (bit, (new, old)) in TWO_NAMES.iter().enumerate() {
            self.new |= u8::from(key == *new) << bit;
            self.old |= u8::from(key == *old) << bit;
            if self.new & self.old & (1 << bit) != 0 {
                return Err(E::custom(format!("it has both {new} and {old}")));
            }
        }
        Ok(())
    }

    /// Whether a field is there.
    fn has(&self, new: &str) -> bool {
        let at = TWO_NAMES.iter().position(|(name, _)| *name == new);
        at.is_some_and(|bit| (self.new | self.old) & (1 << bit) != 0)
    }
}

/// A duration as REST writes it, or as `MLflow` has it in memory.
#[derive(Deserialize)]
#[serde(untagged)]
enum Duration {
    Milliseconds(i64),
    Seconds(String),
}

impl<'de> Visitor<'de> for InfoVisitor {
    type Value = TraceInfo;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a trace info object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TraceInfo, A::Error> {
        let mut info = TraceInfo::new(TraceId::new(""), 0);
        let (mut names, mut of_wire) = (Names::default(), None);
        while let Some(Text(key)) = map.next_key()? {
            let part = part_of(&key);
            if part != InfoParts::ALL && !self.0.has(part) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            names.note(&key)?;
            match key.as_ref() {
                "execution_duration" => of_wire = map.next_value::<Option<Duration>>()?,
                _ => field(&mut info, key, &mut map)?,
            }
        }
        if info.duration_ms.is_none() {
            info.duration_ms = of_wire.map(milliseconds).transpose().map_err(Error::custom)?;
        }
        if !names.has("trace_id") {
            return Err(Error::missing_field("trace_id"));
        }
        if !names.has("request_time") {
            return Err(Error::missing_field("request_time"));
        }
        Ok(info)
    }
}

fn milliseconds(duration: Duration) -> Result<i64, super::TimeError> {
    match duration {
        Duration::Milliseconds(ms) => Ok(ms),
        Duration::Seconds(text) => parse_duration_seconds(&text),
    }
}

fn field<'de, A: MapAccess<'de>>(info: &mut TraceInfo, key: Cow<'de, str>, map: &mut A) -> Result<(), A::Error> {
    match key.as_ref() {
        "trace_id" | "request_id" => info.trace_id = map.next_value()?,
        "client_request_id" => info.client_request_id = map.next_value()?,
        "trace_location" => info.trace_location = map.next_value()?,
        "experiment_id" => {
            info.trace_location = experiment_location(map.next_value::<Option<String>>()?.as_deref());
        }
        "request_time" => {
            info.request_time_ms = parse_rfc3339_ms(&map.next_value::<Text>()?.0).map_err(Error::custom)?;
        }
        "timestamp_ms" => info.request_time_ms = map.next_value()?,
        "execution_duration_ms" | "execution_time_ms" => info.duration_ms = map.next_value()?,
        "state" => info.state = TraceState::from(map.next_value::<Text>()?.0.as_ref()),
        "status" => info.state = TraceState::from_status(map.next_value::<Text>()?.0.as_ref()),
        "request_preview" => info.request_preview = map.next_value()?,
        "response_preview" => info.response_preview = map.next_value()?,
        "trace_metadata" | "request_metadata" => info.metadata = map.next_value::<StringMap>()?.0,
        "tags" => info.tags = map.next_value::<StringMap>()?.0,
        "assessments" => info.assessments = map.next_value::<Option<Vec<Assessment>>>()?.unwrap_or_default(),
        _ => {
            let value = map.next_value()?;
            info.extra.insert(key.into_owned(), value);
        }
    }
    Ok(())
}

pub(super) fn experiment_location(experiment_id: Option<&str>) -> Value {
    let Some(id) = experiment_id else { return Value::Null };
    serde_json::json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": id}})
}

/// A text, or a number or truth value, of which `MLflow` makes the text that Python prints.
struct Printed(String);

impl<'de> Deserialize<'de> for Printed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::String(text) => text,
            Value::Bool(bool) => if bool { "True" } else { "False" }.to_owned(),
            Value::Null => "None".to_owned(),
            number @ Value::Number(_) => python_json::dumps(&number, python_json::NonAscii::Verbatim),
            _ => return Err(Error::custom("its values should be texts")),
        }))
    }
}

/// A map of strings, written either as an object or, in V2, as a list of `{"key", "value"}`.
struct StringMap(BTreeMap<String, String>);

#[derive(Deserialize)]
struct Pair {
    key: String,
    #[serde(default)]
    value: String,
}

impl<'de> Deserialize<'de> for StringMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapVisitor;

        impl<'de> Visitor<'de> for MapVisitor {
            type Value = StringMap;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a map of strings or a list of key-value pairs")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StringMap, A::Error> {
                let mut strings = BTreeMap::new();
                while let Some((key, Printed(value))) = map.next_entry()? {
                    strings.insert(key, value);
                }
                Ok(StringMap(strings))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<StringMap, A::Error> {
                let mut strings = BTreeMap::new();
                while let Some(pair) = list.next_element::<Pair>()? {
                    strings.insert(pair.key, pair.value);
                }
                Ok(StringMap(strings))
            }

            fn visit_unit<E>(self) -> Result<StringMap, E> {
                Ok(StringMap(BTreeMap::new()))
            }
        }

        deserializer.deserialize_any(MapVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ExperimentId;

    const REST: &str = r#"{"trace_id":"tr-1","client_request_id":"req-1","trace_location":{"type":"MLFLOW_EXPERIMENT",
        "mlflow_experiment":{"experiment_id":"1"}},"request_time":"2026-11-22T08:11:41.465Z","execution_duration":"0.108s",
        "state":"OK","trace_metadata":{"mlflow.trace.session":"s","mlflow.trace.tokenUsage":"{\"total_tokens\": 46}"},
        "tags":{"mlflow.traceName":"agent"},"novelty":[1]}"#;

    #[test]
    fn v2_shape_is_read() {
        let info: TraceInfo = serde_json::from_str(
            r#"{"request_id":"abc","experiment_id":"7","timestamp_ms":5,"execution_time_ms":3,"status":"ERROR",
                "request_metadata":[{"key":"a","value":"b"}],"tags":[{"key":"empty"}]}"#,
        )
        .unwrap();
        assert_eq!(info.experiment_id(), Some(ExperimentId::from("7")));
        assert_eq!((info.request_time_ms, info.duration_ms, info.state), (5, Some(3), TraceState::Error));
        assert_eq!((info.metadata["a"].as_str(), info.tags["empty"].as_str()), ("b", ""));
    }

    #[test]
    fn parts_are_read_and_the_others_stay_empty() {
        let read = |parts: InfoParts| parts.deserialize(&mut serde_json::Deserializer::from_str(REST)).unwrap();
        let whole: TraceInfo = serde_json::from_str(REST).unwrap();
        assert_eq!(read(InfoParts::ALL), whole);
        let thin = read(InfoParts::NONE);
        assert_eq!(
            (thin.request_time_ms, thin.duration_ms, &thin.state),
            (1_795_335_101_465, Some(108), &TraceState::Ok)
        );
        assert_eq!(thin.client_request_id, whole.client_request_id);
        assert!(
            thin.tags.is_empty() && thin.metadata.is_empty() && thin.extra.is_empty() && thin.experiment_id().is_none()
        );
        let tagged = read(InfoParts::TAGS.and(InfoParts::LOCATION));
        assert_eq!((&tagged.tags, tagged.experiment_id()), (&whole.tags, whole.experiment_id()));
        assert!(tagged.metadata.is_empty());
    }

    #[test]
    fn a_trace_without_id_or_time_is_refused() {
        assert!(serde_json::from_str::<TraceInfo>(r#"{"request_time":"2026-11-22T08:11:41Z"}"#).is_err());
        assert!(serde_json::from_str::<TraceInfo>(r#"{"trace_id":"tr-1"}"#).is_err());
    }

    #[test]
    fn a_field_under_two_names_is_refused() {
        let read = |fields: &str| {
            let text = format!("{{\"trace_id\":\"tr-1\",\"request_time\":\"2026-11-22T08:11:41Z\",{fields}}}");
            serde_json::from_str::<TraceInfo>(&text).map_err(|error| error.to_string())
        };
        assert!(read(r#""state":"OK","status":"ERROR""#).unwrap_err().contains("both state and status"));
        assert!(read(r#""request_id":"tr-1""#).unwrap_err().contains("both trace_id and request_id"));
        for both in [
            r#""execution_duration":"9s","execution_duration_ms":5"#,
            r#""execution_duration_ms":5,"execution_duration":9"#,
        ] {
            assert_eq!(read(both).unwrap().duration_ms, Some(5), "{both}");
        }
        assert_eq!(read(r#""execution_duration":9"#).unwrap().duration_ms, Some(9));
        assert_eq!(read(r#""status":"TRACE_STATUS_UNSPECIFIED""#).unwrap().state, TraceState::Unspecified);
        assert_eq!(read(r#""state":"TRACE_STATUS_UNSPECIFIED""#).unwrap().state.as_str(), "TRACE_STATUS_UNSPECIFIED");
    }

    #[test]
    fn values_of_maps_are_what_python_prints() {
        let text = r#"{"trace_id":"tr-1","request_time":"2026-11-22T08:11:41Z","tags":{"i":5,"f":1.0,"t":true,"n":null,"s":"x"}}"#;
        let info: TraceInfo = serde_json::from_str(text).unwrap();
        let tags: Vec<&str> = info.tags.values().map(String::as_str).collect();
        assert_eq!(tags, ["1.0", "5", "None", "x", "True"]);
        assert!(serde_json::from_str::<TraceInfo>(&text.replace("\"x\"", "[]")).is_err());
    }
}
