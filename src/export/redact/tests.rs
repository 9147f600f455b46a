//! What is taken out is nowhere in what is written.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::python_json::{NonAscii, dumps};
use crate::model::{Span, TraceId, TraceInfo};

fn trace() -> Trace {
    Trace::from_json(json!({
        "info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "client_request_id": "req-1",
            "request_preview": "my mail is jane@example.com", "response_preview": "{\"to\": \"jane@example.com\"}",
            "trace_metadata": {"user_id": "jane", "mlflow.traceInputs": "{\"q\": \"Jos\\u00e9 jane@example.com\", \"n\": 1}",
                               "cut": "{\"q\": \"Jos\\u00e9 jane@exam"},
            "tags": {"mlflow.traceName": "agent", "owner": "jane"},
            "assessments": [{"assessment_id": "a-1", "assessment_name": "ok", "feedback": {"value": "jane agrees"},
                             "rationale": "says jane", "source": {"source_type": "HUMAN", "source_id": "jane@desk"}},
                            {"assessment_id": "a-2", "assessment_name": "answer", "expectation": {"value": "Paris"}}]},
        "data": {"spans": [{"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": "chat",
            "start_time_unix_nano": 1, "status": {"code": "STATUS_CODE_ERROR", "message": "no such user jane"},
            "attributes": {"mlflow.spanInputs": "{\"user\": {\"password\": \"x1\", \"name\": \"jane\"}, \"list\": [{\"password\": \"x2\"}]}",
                           "mlflow.spanType": "\"LLM\"", "gen_ai.usage.input_tokens": "3", "custom": "\"jane\""},
            "events": [{"name": "exception", "time_unix_nano": 2, "attributes": {"exception.message": "jane"}}]}]}}))
    .unwrap()
}

fn redacted(no_content: bool, hash: &[&str], redact: &[&str]) -> (Value, IndexMap<String, u64>) {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let rules = Redaction::parse(no_content, &owned(hash), &owned(redact), Vec::new()).unwrap();
    let (mut trace, mut counts) = (trace(), IndexMap::new());
    rules.apply(&mut trace, &mut counts);
    (serde_json::to_value(&trace).unwrap(), counts)
}

fn attribute(trace: &Value, key: &str) -> Value {
    serde_json::from_str(trace["data"]["spans"][0]["attributes"][key].as_str().unwrap()).unwrap()
}

#[test]
fn a_path_blanks_one_value() {
    let (trace, counts) = redacted(false, &[], &["metadata.user_id", "tags.owner", "client_request_id", "span.name"]);
    assert_eq!(trace["info"]["trace_metadata"]["user_id"], MARKER);
    assert_eq!(
        (&trace["info"]["tags"]["owner"], &trace["info"]["client_request_id"]),
        (&json!(MARKER), &json!(MARKER))
    );
    assert_eq!(trace["data"]["spans"][0]["name"], MARKER);
    assert_eq!(trace["info"]["request_preview"], "my mail is jane@example.com");
    assert_eq!(counts["redact metadata.user_id"], 1);
    assert_eq!(counts.len(), 4);
}

#[test]
fn a_path_goes_into_json_and_into_json_inside_of_text() {
    let rules = [
        "span.inputs.$.user.password",
        "span.inputs.$.list.*.password",
        "response.$.to",
        "metadata.mlflow.traceInputs.$.q",
    ];
    let (trace, counts) = redacted(false, &[], &rules);
    assert_eq!(
        attribute(&trace, "mlflow.spanInputs"),
        json!({"user": {"password": MARKER, "name": "jane"}, "list": [{"password": MARKER}]})
    );
    assert_eq!(trace["info"]["response_preview"], "{\"to\": \"[redacted]\"}");
    assert_eq!(trace["info"]["trace_metadata"]["mlflow.traceInputs"], "{\"q\": \"[redacted]\", \"n\": 1}");
    assert_eq!(counts.values().sum::<u64>(), 4);
    let (trace, _) = redacted(false, &[], &["metadata.cut.$.other"]);
    assert_eq!(trace["info"]["trace_metadata"]["cut"], MARKER, "what was cut cannot be looked into");
}

#[test]
fn a_request_is_blanked_wherever_it_is_repeated() {
    let (trace, counts) = redacted(false, &[], &["request_preview"]);
    assert_eq!(trace["info"]["request_preview"], MARKER);
    assert_eq!(trace["info"]["trace_metadata"]["mlflow.traceInputs"], MARKER);
    assert_eq!(counts["redact request_preview"], 2);
}

#[test]
fn assessments_lose_value_and_reason() {
    let (trace, _) = redacted(false, &[], &["feedback.ok", "expectation.answer", "assessment.source_id"]);
    let assessments = &trace["info"]["assessments"];
    assert_eq!((&assessments[0]["feedback"]["value"], &assessments[0]["rationale"]), (&json!(MARKER), &json!(MARKER)));
    assert_eq!(assessments[0]["source"]["source_id"], MARKER);
    assert_eq!(assessments[1]["expectation"]["value"], MARKER);
}

#[test]
fn a_hash_tells_equal_from_different() {
    let (trace, counts) = redacted(false, &["metadata.user_id", "tags.owner", "span.attributes.custom"], &[]);
    let jane = "81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2";
    assert_eq!(
        (&trace["info"]["trace_metadata"]["user_id"], &trace["info"]["tags"]["owner"]),
        (&json!(jane), &json!(jane))
    );
    assert_eq!(attribute(&trace, "custom"), jane);
    assert_eq!(counts["hash metadata.user_id"], 1);
    let salted = Redaction::parse(false, &["tags.owner".into()], &[], b"salt".to_vec()).unwrap();
    let mut other = super::tests::trace();
    salted.apply(&mut other, &mut IndexMap::new());
    assert_ne!(other.info.tags["owner"], jane);
}

#[test]
fn a_pattern_is_found_in_every_text_whatever_its_escapes() {
    for pattern in ["/jane/", "/JANE/i", "/[a-z]ane/"] {
        let (trace, counts) = redacted(false, &[], &[pattern]);
        assert!(!trace.to_string().contains("jane"), "{pattern}: {trace}");
        assert_eq!(trace["info"]["request_preview"], "my mail is [redacted]@example.com");
        assert_eq!(attribute(&trace, "mlflow.spanInputs")["user"], json!({"password": "x1", "name": MARKER}));
        assert!(counts.values().next().is_some_and(|times| *times >= 10), "{counts:?}");
        assert!(!counts.keys().any(|label| label.to_lowercase().contains("jane")), "{counts:?}");
    }
    let (trace, _) = redacted(false, &[], &["/José/"]);
    assert_eq!(
        trace["info"]["trace_metadata"]["mlflow.traceInputs"],
        "{\"q\": \"[redacted] jane@example.com\", \"n\": 1}"
    );
    assert_eq!(trace["info"]["trace_metadata"]["cut"], MARKER, "escapes in what was cut hide nothing");
}

#[test]
fn a_pattern_of_punctuation_blanks_the_whole() {
    let (trace, _) = redacted(false, &[], &["/\"name\": \"jane\"/"]);
    assert_eq!(attribute(&trace, "mlflow.spanInputs"), MARKER);
}

#[test]
fn keys_that_become_the_same_keep_their_values() {
    let rules = Redaction::parse(false, &[], &["/secret[0-9]/".into()], Vec::new()).unwrap();
    let mut trace = Trace::without_spans(TraceInfo::new(TraceId::new("tr-1"), 0));
    trace.info.tags = [("secret1", "a"), ("secret2", "b")].map(|(key, value)| (key.into(), value.into())).into();
    rules.apply(&mut trace, &mut IndexMap::new());
    let tags: Vec<_> = trace.info.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(tags, [("[redacted]", "a"), ("[redacted] 2", "b")]);
}

#[test]
fn without_content_types_models_usage_names_and_times_stay() {
    let (trace, counts) = redacted(true, &[], &[]);
    let info = &trace["info"];
    assert!(info.get("request_preview").is_none() && info.get("response_preview").is_none());
    assert!(info["trace_metadata"].get("mlflow.traceInputs").is_none());
    assert_eq!(info["trace_metadata"]["user_id"], "jane");
    assert_eq!(info["assessments"][0]["feedback"]["value"], "jane agrees");
    assert_eq!(
        (&info["assessments"][0].get("rationale"), &info["assessments"][1]["expectation"]["value"]),
        (&None, &Value::Null)
    );
    let span = &trace["data"]["spans"][0];
    assert_eq!(span["attributes"], json!({"mlflow.spanType": "\"LLM\"", "gen_ai.usage.input_tokens": "3"}));
    assert_eq!(span["events"], json!([{"name": "exception", "time_unix_nano": 2, "attributes": {}}]));
    assert_eq!((&span["name"], &span["status"]["message"]), (&json!("chat"), &json!("")));
    assert_eq!(counts["no-content"], 9);
}

#[test]
fn what_cannot_be_taken_out_is_refused() {
    let parse =
        |text: &str| Redaction::parse(false, &[], &[text.to_owned()], Vec::new()).err().map(|it| it.to_string());
    assert_eq!(parse("trace_id").unwrap(), "\"trace_id\" cannot be redacted: it contains no application text");
    for text in ["", "metadata", "nonsense.x", "span.inputs.$", "tags..x", "tags.`x", "/open", "/a/x", "/(/"] {
        assert!(parse(text).is_some(), "{text}");
    }
    assert_eq!(parse("/x*/").unwrap(), "the regular expression \"x*\" matches the empty string");
    assert_eq!(parse("/a.b/"), None);
    assert_eq!(parse("metadata.`a.b`"), None);
}

#[test]
fn equal_rules_are_stated_alike() {
    let options = |redact: &[&str]| {
        let redact: Vec<String> = redact.iter().map(|text| (*text).to_owned()).collect();
        Redaction::parse(true, &["user".into()], &redact, b"s".to_vec()).unwrap().options()
    };
    assert_eq!(options(&["/a/", "request"]), options(&["/a/", "request"]));
    assert_ne!(options(&["/a/"]), options(&["/b/"]));
    let shown = serde_json::to_string(&options(&["/jane/", "request"])).unwrap();
    assert!(shown.contains("\"hash\":[\"user\"]") && shown.contains("request") && !shown.contains("jane"), "{shown}");
}

/// Texts with the secret in them, plain or wrapped in JSON a number of times.
fn wrapped(secret: &'static str) -> impl Strategy<Value = String> {
    let plain = (".{0,12}", ".{0,12}").prop_map(move |(before, after)| format!("{before}{secret}{after}"));
    plain.prop_recursive(4, 8, 2, |inner| {
        (inner, any::<bool>(), any::<bool>(), 0_usize..200).prop_map(|(text, escaped, as_key, cut)| {
            let value = if as_key { json!({ text: 1 }) } else { json!({"a": [text, 2.5, null]}) };
            let mut text = dumps(&value, if escaped { NonAscii::Escaped } else { NonAscii::Verbatim });
            // The server cuts what is long, wherever that is.
            if let Some((end, _)) = text.char_indices().nth(cut.max(20)) {
                text.truncate(end);
            }
            text
        })
    })
}

/// Every text in a document, with the JSON in it undone as often as it can be.
fn all_texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            found.push(text.clone());
            if let Ok(inner @ (Value::Object(_) | Value::Array(_) | Value::String(_))) = serde_json::from_str(text) {
                all_texts(&inner, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all_texts(item, found)),
        Value::Object(object) => object.iter().for_each(|(key, item)| {
            found.push(key.clone());
            all_texts(item, found);
        }),
        _ => {}
    }
}

fn full_of(text: &str) -> Trace {
    let mut trace = trace();
    trace.info.request_preview = Some(text.to_owned());
    trace.info.metadata.insert("mlflow.traceInputs".into(), text.to_owned());
    trace.info.tags.insert(text.to_owned(), text.to_owned());
    trace.info.extra.insert("novelty".into(), json!([text]));
    let assessment =
        json!({"assessment_name": "n", "rationale": text, "feedback": {"value": {"k": text}}, "metadata": {"x": text}});
    trace.info.assessments.push(serde_json::from_value(assessment).unwrap());
    let span: &mut Span = &mut trace.spans.as_mut().unwrap()[0];
    span.attributes.insert("mlflow.spanOutputs".into(), dumps(&json!({"out": text}), NonAscii::Verbatim));
    span.attributes.insert("raw".into(), text.to_owned());
    span.status.message = text.to_owned();
    span.events[0].attributes.insert("exception.stacktrace".into(), text.into());
    trace
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn what_a_pattern_blanks_is_nowhere_in_the_line(text in prop_oneof![wrapped("s3cr3t-token"), wrapped("Jürgen 🗼")]) {
        let rules = ["/s3cr3t-token/", "/Jürgen 🗼/"].map(str::to_owned);
        let rules = Redaction::parse(false, &[], &rules, Vec::new()).unwrap();
        let mut trace = full_of(&text);
        let mut counts = IndexMap::new();
        rules.apply(&mut trace, &mut counts);
        let line = serde_json::to_value(&trace).unwrap();
        let mut texts = Vec::new();
        all_texts(&line, &mut texts);
        for secret in ["s3cr3t-token", "Jürgen 🗼", "J\\u00fcrgen \\ud83d\\uddfc"] {
            prop_assert!(!texts.iter().any(|text| text.contains(secret)), "{secret} in {line}");
        }
        let again = trace.clone();
        rules.apply(&mut trace, &mut IndexMap::new());
        prop_assert_eq!(again, trace, "a second time changes nothing");
    }

    #[test]
    fn without_content_nothing_that_was_said_is_left(text in wrapped("s3cr3t-token")) {
        let rules = Redaction::parse(true, &[], &[], Vec::new()).unwrap();
        let mut trace = full_of(&text);
        trace.info.tags.clear();
        trace.info.extra.clear();
        trace.info.assessments.clear();
        rules.apply(&mut trace, &mut IndexMap::new());
        prop_assert!(!serde_json::to_string(&trace).unwrap().contains("s3cr3t-token"));
    }

    #[test]
    fn a_blanked_value_is_nowhere_in_the_line(text in wrapped("s3cr3t-token")) {
        let paths = ["request", "tags.owner", "metadata.other", "span.inputs", "span.outputs", "feedback.n"];
        let rules = Redaction::parse(false, &[], &paths.map(str::to_owned), Vec::new()).unwrap();
        let mut trace = trace();
        trace.info.request_preview = Some(text.clone());
        trace.info.metadata.insert("mlflow.traceInputs".into(), text.clone());
        trace.info.metadata.insert("other".into(), text.clone());
        trace.info.tags.insert("owner".into(), text.clone());
        trace.info.assessments.push(serde_json::from_value(json!({"assessment_name": "n", "rationale": text, "feedback": {"value": text}})).unwrap());
        let attributes = &mut trace.spans.as_mut().unwrap()[0].attributes;
        attributes.insert("mlflow.spanInputs".into(), dumps(&json!({"in": text}), NonAscii::Verbatim));
        attributes.insert("mlflow.spanOutputs".into(), text.clone());
        rules.apply(&mut trace, &mut IndexMap::new());
        prop_assert!(!serde_json::to_string(&trace).unwrap().contains("s3cr3t-token"));
    }
}
