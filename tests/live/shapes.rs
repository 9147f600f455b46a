//! Trace JSON as `MLflow`'s own reader has it: what it takes is read with the same meaning, what it refuses is refused.
//!
//! Every place of three documents is changed in every way that writers of JSON get wrong, and many at random in two places.
//! `MLFLOW_TRACE_SHAPES=5000` makes more of the latter, `MLFLOW_TRACE_SHAPES_SEED` chooses others.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mlflow_trace::model::{Assessment, Span, Trace};
use serde_json::{Map, Value, json};

use crate::harness::read_by_mlflow;

/// A change of a document.
#[derive(Clone, Debug)]
enum Change {
    Remove(String),
    Set(String, Value),
}

impl Change {
    fn place(&self) -> &str {
        match self {
            Self::Remove(place) | Self::Set(place, _) => place,
        }
    }

    /// The place without numbers of items.
    fn field(&self) -> String {
        let parts = self.place().split('/').filter(|part| part.parse::<u8>().is_err());
        parts.collect::<Vec<_>>().join("/")
    }

    fn value(&self) -> Option<&Value> {
        match self {
            Self::Remove(_) => None,
            Self::Set(_, value) => Some(value),
        }
    }

    fn apply(&self, document: &mut Value) {
        let (parent, key) = self.place().rsplit_once('/').unwrap();
        let key = key.replace("~1", "/");
        // What an earlier change took away is not there.
        match (document.pointer_mut(parent), self) {
            (Some(Value::Object(object)), Self::Remove(_)) => drop(object.shift_remove(&key)),
            (Some(Value::Object(object)), Self::Set(_, value)) => drop(object.insert(key, value.clone())),
            (Some(Value::Array(items)), Self::Set(_, value)) => {
                if let Some(item) = key.parse().ok().and_then(|at: usize| items.get_mut(at)) {
                    *item = value.clone();
                }
            }
            _ => {}
        }
    }
}

const TRACE_ID: &str = "52c8f90838dc6f1c05612b31b1576a8c";

fn base64(hex: &str) -> String {
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    STANDARD.encode(bytes)
}

/// As `MLflow` 3 writes it.
fn version_3() -> Value {
    let id = format!("tr-{TRACE_ID}");
    let attributes = json!({"mlflow.traceRequestId": format!("\"{id}\""), "mlflow.spanInputs": "{\"q\": \"why\"}", "n": "5", "plain": "no JSON"});
    let span = |number: u8, parent: Option<String>| {
        json!({"trace_id": base64(TRACE_ID), "span_id": base64(&format!("{number:016x}")), "parent_span_id": parent, "name": "chat",
            "start_time_unix_nano": 1_795_646_253_070_326_454_i64, "end_time_unix_nano": 1_795_646_253_071_734_690_i64,
            "events": [{"name": "exception", "time_unix_nano": 1_795_646_253_071_000_000_i64, "attributes": {"exception.type": "E"}}],
            "status": {"code": "STATUS_CODE_ERROR", "message": "bad"}, "attributes": attributes,
            "links": [{"trace_id": id, "span_id": "000000000000000a", "attributes": {"why": "retry"}}]})
    };
    let times = json!({"create_time": "2026-11-22T08:00:00.125Z", "last_update_time": "2026-11-22T08:00:01Z"});
    let given = |number: u8, fields: Value| {
        let mut given = json!({"assessment_id": format!("a-{number}"), "assessment_name": "n", "trace_id": id,
            "source": {"source_type": "HUMAN", "source_id": "jane"}, "span_id": "0000000000000001", "metadata": {"k": "v"}});
        for more in [times.clone(), fields] {
            given.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        }
        given
    };
    json!({
        "info": {
            "trace_id": id, "client_request_id": "r-1", "request_time": "2026-11-22T08:11:41.465Z", "execution_duration_ms": 108, "state": "OK",
            "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "7"}},
            "request_preview": "why", "response_preview": "because", "trace_metadata": {"build": "7"}, "tags": {"team": "search"},
            "assessments": [
                given(1, json!({"feedback": {"value": 4.0, "error": {"error_code": "E"}}, "rationale": "so", "valid": true, "overrides": "a-0"})),
                given(2, json!({"expectation": {"value": "x"}})),
                given(3, json!({"expectation": {"serialized_value": {"serialization_format": "JSON_FORMAT", "value": "[1]"}}})),
                given(4, json!({"issue": {"issue_name": "slow"}})),
            ]},
        "data": {"spans": [span(1, None), span(2, Some(base64(&format!("{:016x}", 1))))]}})
}

/// As `MLflow` 3.5 writes spans.
fn version_3_5() -> Value {
    let mut document = version_3();
    for (number, span) in document["data"]["spans"].as_array_mut().unwrap().iter_mut().enumerate() {
        span["trace_id"] = format!("tr-{TRACE_ID}").into();
        span["span_id"] = format!("{:016x}", number + 1).into();
        span["parent_span_id"] = if number == 0 { Value::Null } else { format!("{number:016x}").into() };
        span["status"]["code"] = "ERROR".into();
    }
    document
}

/// As `MLflow` 2.16 writes it.
fn version_2() -> Value {
    let id = "96c77b68bb404ca8bccb19bac9778df5";
    json!({
        "info": {"request_id": id, "experiment_id": "7", "timestamp_ms": 1_795_646_253_048_i64, "execution_time_ms": 23, "status": "OK",
            "request_metadata": {"mlflow.trace_schema.version": "2", "mlflow.traceInputs": "{\"q\": 1}"}, "tags": {"team": "search"}},
        "data": {"spans": [{"name": "agent", "context": {"span_id": "0x5d3bd21ee9b5d762", "trace_id": format!("0x{TRACE_ID}")},
            "parent_id": null, "start_time": 1_795_646_253_070_326_454_i64, "end_time": 1_795_646_253_071_734_690_i64,
            "status_code": "ERROR", "status_message": "bad",
            "attributes": {"mlflow.traceRequestId": format!("\"{id}\""), "mlflow.spanInputs": "{\"q\": 1}", "k": "1"},
            "events": [{"name": "e", "timestamp": 1_795_646_253_071_000_000_i64, "attributes": {"a": 1}}]}]}})
}

/// The places of a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut child = |key: &str, value: &Value| {
        let place = format!("{at}/{}", key.replace('/', "~1"));
        found.push(place.clone());
        places(value, &place, found);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| child(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| child(&at.to_string(), value)),
        _ => {}
    }
}

/// What writers of JSON put where something else belongs.
fn replacements(field: &str, now: &Value) -> Vec<Value> {
    let mut values =
        vec![json!(null), json!(""), json!("x"), json!(5), json!(1.5), json!(true), json!([]), json!({}), json!("5")];
    let words: &[&str] = match field {
        "/info/state" | "/info/status" | "/data/spans/status/code" | "/data/spans/status_code" => &[
            "OK",
            "ERROR",
            "UNSET",
            "IN_PROGRESS",
            "STATE_UNSPECIFIED",
            "TRACE_STATUS_UNSPECIFIED",
            "STATUS_CODE_OK",
            "STATUS_CODE_UNSET",
            "STATUS_CODE_ERROR",
            "ok",
            "Ok",
            " OK",
            "SUCCESS",
            "FAILED",
            "STATUS_CODE_FINE",
            "status_code_ok",
        ],
        "/info/request_time" | "/info/assessments/create_time" => &[
            "2026-11-22T08:11:41Z",
            "2026-11-22T08:11:41.1Z",
            "2026-11-22T08:11:41.123456789Z",
            "2026-11-22T08:11:41.1234567891Z",
            "2026-11-22T10:11:41+02:00",
            "2026-11-22T10:11:41+0200",
            "2026-11-22 08:11:41Z",
            "2026-11-22T08:11:41",
            "2026-11-22",
            "2026-11-22t08:11:41Z",
            "2026-11-22T08:11:41z",
            "2026-02-30T08:11:41Z",
            "2026-11-22T24:00:00Z",
            "1969-12-31T23:59:59.999Z",
        ],
        "/info/trace_location/type" => &["UC_SCHEMA", "INFERENCE_TABLE", "mlflow_experiment"],
        "/info/assessments/source/source_type" => {
            &["human", "AI_JUDGE", "LLM_JUDGE", "code", "ROBOT", "SOURCE_TYPE_UNSPECIFIED"]
        }
        "/data/spans/trace_id" | "/data/spans/context/trace_id" => &[
            "0x52c8f90838dc6f1c05612b31b1576a8c",
            "52C8F90838DC6F1C05612B31B1576A8C",
            "tr-52c8f90838dc6f1c05612b31b1576a8c",
            "AAE=",
            "Usj5CDjcbxwFYSsxsVdqjA",
            "0xab",
            "?",
        ],
        "/data/spans/span_id"
        | "/data/spans/parent_span_id"
        | "/data/spans/context/span_id"
        | "/data/spans/parent_id" => {
            &["0x5d3bd21ee9b5d762", "5D3BD21EE9B5D762", "AAE=", "AAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAQ==", "0xab", "?"]
        }
        _ => &[],
    };
    values.extend(words.iter().map(|word| json!(word)));
    if now.is_i64() {
        values.extend([json!(-1), json!(0), json!(1.0), json!(now.to_string())]);
    }
    values.retain(|value| value != now);
    values
}

fn changes(document: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    places(document, "", &mut found);
    let mut changes = Vec::new();
    for place in found {
        let now = document.pointer(&place).unwrap();
        let field = Change::Remove(place.clone()).field();
        changes.extend(replacements(&field, now).into_iter().map(|value| Change::Set(place.clone(), value)));
        if now.is_object() {
            changes.push(Change::Set(format!("{place}/novelty"), json!("x")));
        }
        changes.push(Change::Remove(place));
    }
    changes.extend(
        ["status", "request_id", "timestamp_ms", "execution_duration", "request_metadata", "experiment_id"]
            .map(|key| Change::Set(format!("/info/{key}"), json!("OK"))),
    );
    changes.push(Change::Set("/info/execution_duration".into(), json!(9)));
    changes
}

/// What the program sees, in the judge's form.
fn seen(trace: &Trace) -> Value {
    let info = &trace.info;
    json!({
        "id": info.trace_id, "client": info.client_request_id, "state": info.state.as_str(), "location": info.trace_location,
        "time": info.request_time_ms, "duration": info.duration_ms, "request": info.request_preview, "response": info.response_preview,
        "metadata": info.metadata, "tags": info.tags,
        "assessments": info.assessments.iter().map(of_assessment).collect::<Value>(),
        "spans": trace.spans().iter().map(of_span).collect::<Value>(),
    })
}

fn of_assessment(given: &Assessment) -> Value {
    let text = |key: &str| given.as_object().get(key).cloned().unwrap_or_default();
    let is_feedback = given.kind().as_str() == "feedback";
    json!({
        "id": given.id(), "name": given.name(), "kind": given.kind().as_str(), "value": given.value(),
        "source": [given.source_type(), given.source_id()], "rationale": given.rationale(), "span": text("span_id"),
        "created": given.create_time_ms(), "updated": given.last_update_time_ms(), "counts": given.is_valid(),
        "overrides": if is_feedback { text("overrides") } else { Value::Null }, "error": given.error().map(|(code, _)| code),
    })
}

fn of_span(span: &Span) -> Value {
    let mut written = serde_json::to_value(span).unwrap();
    let decoded: Map<String, Value> =
        span.attributes.keys().map(|key| (key.clone(), span.attribute(key).unwrap())).collect();
    written["attributes"] = Value::Object(decoded);
    if written["kind"] == "SPAN_KIND_INTERNAL" {
        written.as_object_mut().unwrap().remove("kind");
    }
    written
}

/// Fields that `MLflow` cannot do without, also where it leaves them out itself.
const ABSENT: &[&str] = &[
    "/info/state",
    "/info/status",
    "/info/trace_location",
    "/info/trace_location/type",
    "/info/trace_metadata",
    "/info/request_metadata",
    "/info/tags",
    "/info/assessments",
    "/info/experiment_id",
    "/info/execution_time_ms",
    "/info/assessments/assessment_name",
    "/info/assessments/source",
    "/info/assessments/source/source_type",
    "/info/assessments/create_time",
    "/info/assessments/last_update_time",
    "/info/assessments/feedback/value",
    "/info/assessments/feedback/error/error_code",
    "/data/spans",
    "/data/spans/parent_span_id",
    "/data/spans/parent_id",
    "/data/spans/name",
    "/data/spans/events",
    "/data/spans/events/attributes",
    "/data/spans/status",
    "/data/spans/status/code",
    "/data/spans/status_code",
    "/data/spans/status_message",
    "/data/spans/end_time",
];
const IDS: &[&str] = &[
    "/data/spans/trace_id",
    "/data/spans/span_id",
    "/data/spans/parent_span_id",
    "/data/spans/context/trace_id",
    "/data/spans/context/span_id",
    "/data/spans/parent_id",
];

/// What one side makes of a document that was changed, beside the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sides {
    OnlyHere,
    OnlyMlflow,
    Otherwise,
}

/// Why the program may differ from `MLflow` where a document was changed so.
fn excuse(change: &Change, now: &Value, sides: Sides) -> Option<&'static str> {
    let field = change.field();
    let value = change.value();
    let is_nothing = value.is_none_or(|value| value.is_null() || *value == json!({}));
    let is_of_other_type = value.is_some_and(|value| std::mem::discriminant(value) != std::mem::discriminant(now));
    let is_one_of = |fields: &[&str]| fields.contains(&field.as_str());
    match sides {
        Sides::OnlyHere if is_nothing && is_one_of(ABSENT) => Some(
            "MLflow crashes without the key, or with null, also where it leaves the key out itself; absent stays absent",
        ),
        Sides::OnlyHere if field.ends_with("/mlflow.traceRequestId") || field == "/data/spans/attributes" => {
            Some("MLflow wants the trace's id in the attributes of every span; the info has it")
        }
        Sides::OnlyHere if is_one_of(IDS) => Some(
            "MLflow takes an id in hex for base64, which hex is as well, and cannot write what comes out; hex of full length is hex",
        ),
        Sides::OnlyHere
            if value == Some(&json!([]))
                && ["/info/tags", "/info/trace_metadata", "/info/request_metadata"].contains(&field.as_str()) =>
        {
            Some("MLflow 2's REST API wrote maps as lists of pairs, of which this is one without any")
        }
        Sides::OnlyHere
            if ["/info/novelty", "/info/assessments/source/novelty"].contains(&field.as_str())
                || (field == "/info/execution_duration" && now.is_null()) =>
        {
            Some("MLflow crashes at fields that it does not know; those of later versions are kept")
        }
        Sides::OnlyHere if field == "/info/assessments/source/source_type" => {
            Some("MLflow refuses sources that it does not know; a redacted one is read, and kept as it is")
        }
        Sides::OnlyMlflow if value.is_some_and(Value::is_f64) => {
            Some("nanoseconds with a fraction are none; MLflow 2 keeps what it is given")
        }
        Sides::OnlyMlflow if is_one_of(IDS) => Some("Python's reader of base64 skips what is none"),
        Sides::OnlyMlflow if is_of_other_type => Some(
            "MLflow does not look at the types of most fields: it keeps what it is given, and fails where that is used",
        ),
        Sides::Otherwise if field.starts_with("/info/trace_location") => {
            Some("what MLflow does not know of a place, or is null, is kept as it is")
        }
        Sides::Otherwise if is_nothing && field == "/info/experiment_id" => {
            Some("a trace without an experiment is nowhere")
        }
        Sides::Otherwise if is_nothing && field == "/info/assessments/source/source_id" => Some(
            "MLflow calls a source \"default\" that its REST API leaves out because there is none; absent stays absent",
        ),
        _ => None,
    }
}

/// What one side sees and the other does not, in words; nothing if both agree.
fn difference(text: &str, verdict: &Value, is_version_2: bool) -> Option<(Sides, String)> {
    let read = Trace::from_text(text.as_bytes());
    match (&read, verdict.get("trace")) {
        (Ok(trace), Some(expected)) => {
            let (mut found, mut expected) = (seen(trace), expected.clone());
            if is_version_2 {
                // MLflow has none; here inputs and outputs take their place.
                for side in [&mut found, &mut expected] {
                    side["request"] = Value::Null;
                    side["response"] = Value::Null;
                }
            }
            let differs = |key: &&String| !same(&found[key.as_str()], &expected[key.as_str()]);
            let key = found.as_object().unwrap().keys().find(differs)?;
            Some((Sides::Otherwise, format!("{key}: {} instead of {}", found[key.as_str()], expected[key.as_str()])))
        }
        (Ok(_), None) => Some((Sides::OnlyHere, format!("taken, and MLflow says {}", verdict["why"]))),
        (Err(error), Some(_)) => Some((Sides::OnlyMlflow, format!("refused: {error}"))),
        (Err(_), None) => None,
    }
}

/// Equal, where `4` is `4.0` and nothing is an empty text.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| same(left, right)))
        }
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => text.is_empty(),
        _ => left == right,
    }
}

#[test]
fn what_mlflow_reads_is_read_alike_and_what_it_refuses_is_refused() {
    let number = |name: &str, otherwise: usize| {
        std::env::var(name).ok().map_or(otherwise, |value| value.parse().expect("a number"))
    };
    let mut random = fastrand::Rng::with_seed(number("MLFLOW_TRACE_SHAPES_SEED", 1) as u64);
    let documents = [version_3(), version_3_5(), version_2()];
    let mut cases: Vec<(usize, Vec<Change>)> = (0..documents.len()).map(|which| (which, Vec::new())).collect();
    let singles: Vec<Vec<Change>> = documents.iter().map(changes).collect();
    cases.extend(
        singles
            .iter()
            .enumerate()
            .flat_map(|(which, changes)| changes.iter().map(move |change| (which, vec![change.clone()]))),
    );
    for _ in 0..number("MLFLOW_TRACE_SHAPES", 500) {
        let which = random.usize(..documents.len());
        let two = [0; 2].map(|_| singles[which][random.usize(..singles[which].len())].clone());
        cases.push((which, two.to_vec()));
    }
    let texts: Vec<String> = cases
        .iter()
        .map(|(which, changes)| {
            let mut document = documents[*which].clone();
            for change in changes {
                change.apply(&mut document);
            }
            document.to_string()
        })
        .collect();
    let Some(verdicts) = read_by_mlflow(&texts) else { return };
    let mut failures = Vec::new();
    let mut taken = 0;
    for (((which, changes), text), verdict) in cases.iter().zip(&texts).zip(&verdicts) {
        taken += usize::from(verdict.get("trace").is_some());
        let Some((sides, what)) = difference(text, verdict, *which == 2) else { continue };
        let now = |change: &Change| documents[*which].pointer(change.place()).cloned().unwrap_or_default();
        let is_excused = changes.iter().any(|change| excuse(change, &now(change), sides).is_some());
        if !is_excused {
            failures.push(format!("{which} {changes:?}: {what}"));
        }
    }
    assert!(taken > texts.len() / 5 && taken < texts.len() * 4 / 5, "{taken} of {} are traces to MLflow", texts.len());
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), texts.len(), failures.join("\n"));
}
