//! What is known of matches before they are read: no match may be lost by it, in whatever way its JSON is written.

use std::collections::BTreeSet;
use std::fs;

use mlflow_trace::filter::{Doubt, Filter, OrderBy, SessionScope};
use mlflow_trace::model::{TimeWindow, Trace, TraceId, TraceInfo};
use mlflow_trace::store::{ArchiveStore, Query, Reader, StoreError};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::generate::{self, NOW};

const TRACES: &str = include_str!("../data/filter/traces.jsonl");
const CASES: &str = include_str!("../data/filter/dev.jsonl");

/// A JSON text as Python writes it by default, all of it ASCII.
fn in_ascii(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out += &format!("\\u{unit:04x}");
            }
        }
    }
    out
}

/// A value as OpenTelemetry types it.
fn typed(value: &Value) -> Value {
    match value {
        Value::String(text) => json!({"string_value": text}),
        Value::Bool(flag) => json!({"bool_value": flag}),
        Value::Number(number) if number.is_i64() => json!({"int_value": number.to_string()}),
        Value::Number(number) => json!({"double_value": number}),
        Value::Array(items) => json!({"array_value": {"values": items.iter().map(typed).collect::<Vec<_>>()}}),
        Value::Object(object) => {
            json!({"kvlist_value": {"values": object.iter().map(|(key, value)| json!({"key": key, "value": typed(value)})).collect::<Vec<_>>()}})
        }
        Value::Null => json!({}),
    }
}

/// As a server's answer shows a trace.
fn in_rest_shape(trace: &Trace) -> String {
    let span = |span| {
        let mut value = serde_json::to_value(span).unwrap();
        let attributes: Map<String, Value> = value["attributes"].as_object().unwrap().clone();
        let attribute = |(key, text): (&String, &Value)| {
            let value = serde_json::from_str(text.as_str().unwrap()).unwrap_or_else(|_| text.clone());
            json!({"key": key, "value": typed(&value)})
        };
        value["attributes"] = attributes.iter().map(attribute).collect();
        value
    };
    let spans: Vec<Value> = trace.spans().iter().map(span).collect();
    json!({"trace_info": trace.info.to_rest(), "spans": spans}).to_string()
}

/// The ways in which archives write a trace.
fn texts(trace: &Trace) -> [String; 4] {
    let (sdk, rest) = (serde_json::to_string(trace).unwrap(), in_rest_shape(trace));
    let hidden = sdk.replace("\"a", "\"\\u0061").replace("model", "\\u006Dodel");
    [in_ascii(&sdk), in_ascii(&rest), sdk, hidden]
}

fn escapes_ascii(text: &str) -> bool {
    text.match_indices("\\u00").any(|(at, _)| matches!(text.as_bytes()[at + 4], b'2'..=b'7'))
}

/// Each trace in every way in which it may be written, and as it is read back.
fn written(traces: &[Trace]) -> Vec<(String, Trace)> {
    let read = |text: String| (Trace::from_text(text.as_bytes()).unwrap(), text);
    traces.iter().flat_map(texts).map(read).map(|(trace, text)| (text, trace)).collect()
}

/// Nothing that is said of matches is wrong for a trace that matches.
fn check(filter: &Filter, traces: &[Trace], written: &[(String, Trace)]) {
    let matcher = filter.matcher();
    let scope = matcher.scope(traces.iter());
    let (needles, starts, parts) = (filter.needles(), filter.time_window(), filter.info_parts());
    for (text, trace) in written {
        let found = matcher.matches(trace, &scope);
        if found.is_true() {
            let is_there = |needles: &Vec<String>| needles.iter().any(|needle| text.contains(needle));
            let holds = escapes_ascii(text) || needles.iter().all(is_there);
            assert!(holds, "{} needs {needles:?} and finds {text}", filter.text());
            assert!(starts.contains(trace.info.request_time_ms), "{} needs {starts:?} and finds {text}", filter.text());
        }
        let info = TraceInfo::from_trace_text(text.as_bytes(), parts).unwrap();
        let thin = Trace { info, spans: trace.spans.clone() };
        assert_eq!(matcher.matches(&thin, &scope), found, "{} {text}", filter.text());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_known_of_matches_holds_of_generated_ones(text in generate::filter(), traces in generate::traces()) {
        check(&Filter::parse_at(&text, NOW).unwrap(), &traces, &written(&traces));
    }
}

fn corpus() -> Vec<Trace> {
    TRACES.lines().map(|line| Trace::from_text(line.as_bytes()).unwrap()).collect()
}

/// The filters of the corpus that can be asked of an archive, each once.
fn corpus_filters() -> Vec<Filter> {
    let text = |line: &str| serde_json::from_str::<Value>(line).unwrap()["filter"].as_str().unwrap().to_owned();
    let mut filters: Vec<String> = CASES.lines().map(text).collect();
    filters.sort();
    filters.dedup();
    filters.iter().filter_map(|text| Filter::parse_at(text, NOW).ok()).collect()
}

#[test]
fn what_is_known_of_matches_holds_of_recorded_ones() {
    let traces = corpus();
    let (filters, written) = (corpus_filters(), written(&traces));
    assert!(filters.len() > 1000);
    for filter in filters.iter().step_by(12) {
        check(filter, &traces, &written);
    }
}

fn ids(traces: &[Trace]) -> Vec<&str> {
    traces.iter().map(|trace| trace.info.trace_id.as_str()).collect()
}

async fn found(archive: &ArchiveStore, query: &Query, limit: Option<u64>) -> Result<Vec<Trace>, StoreError> {
    let mut search = archive.search(query, limit)?;
    let mut all = Vec::new();
    while let Some(page) = search.next_page().await? {
        assert!(!page.is_empty());
        all.extend(page);
    }
    Ok(all)
}

/// An archive of several files in several shapes answers as the evaluator does that has all traces before it.
#[test]
fn an_archive_finds_what_the_evaluator_finds() {
    let mut traces = corpus();
    let folder = tempfile::tempdir().unwrap();
    let [mut lines, mut array, mut rest] = [String::new(), String::from("["), String::new()];
    for (number, trace) in traces.iter().enumerate() {
        let sdk = serde_json::to_string(trace).unwrap();
        match number % 3 {
            0 => lines += &format!("{}\n", in_ascii(&sdk)),
            1 => array += &format!("{}{sdk}", if array.len() > 1 { ",\n" } else { "" }),
            _ => rest += &format!("{}\r\n\n", in_rest_shape(trace)),
        }
    }
    fs::write(folder.path().join("a.jsonl"), lines).unwrap();
    fs::write(folder.path().join("b.json"), array + "]").unwrap();
    fs::write(folder.path().join("c.jsonl"), rest).unwrap();
    let archive = ArchiveStore::open(folder.path()).unwrap();
    let orders = [&[][..], &["execution_time DESC", "tags.env"], &["name ASC"]]
        .map(|clauses| OrderBy::parse(&clauses.iter().map(|clause| (*clause).to_owned()).collect::<Vec<_>>()).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for (number, filter) in corpus_filters().into_iter().step_by(16).enumerate() {
        let order_by = orders[number % 3].clone();
        let (matcher, text) = (filter.matcher(), filter.text().to_owned());
        let window = TimeWindow { oldest_ms: (number % 2 == 0).then_some(1_700_000_020_000), newest_ms: None };
        let scope: SessionScope = matcher.scope(traces.iter());
        traces.sort_by(|a, b| order_by.compare(a, b));
        let is_match =
            |trace: &&Trace| window.contains(trace.info.request_time_ms) && matcher.matches(trace, &scope).is_true();
        let expected: Vec<Trace> = traces.iter().filter(is_match).cloned().collect();
        let is_open = |trace: &&Trace| {
            window.contains(trace.info.request_time_ms)
                && matcher.doubts(trace, &scope).iter().any(|doubt| *doubt != Doubt::Links)
        };
        let open: BTreeSet<TraceId> = traces.iter().filter(is_open).map(|trace| trace.info.trace_id.clone()).collect();
        let query = Query { experiments: Vec::new(), filter: filter.into(), order_by: order_by.into(), window };
        runtime.block_on(async {
            let all = found(&archive, &query, None).await.unwrap();
            assert_eq!(ids(&all), ids(&expected), "{text}");
            assert!(all == expected, "{text}");
            let (count, undecided) = archive.count(&query).await.unwrap();
            assert_eq!(count, expected.len() as u64, "{text}");
            assert_eq!(undecided.into_iter().map(|one| one.trace_id).collect::<BTreeSet<_>>(), open, "{text}");
            let some = found(&archive, &query, Some(3)).await.unwrap();
            assert_eq!(ids(&some), ids(&expected[..expected.len().min(4)]), "{text}");
        });
    }
}
