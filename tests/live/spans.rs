//! Spans of traces that are stored in different ways, damaged and odd ones among them.

use serde_json::{Value, json};

use crate::harness::{Experiment, live, text};
use crate::support::Ended;

/// Exports with spans and says how many spans each of these traces came with.
fn span_counts(ended: &Ended, ids: &[String]) -> Vec<usize> {
    let lines = ended.jsonl();
    let count = |id: &String| {
        let line = lines.iter().find(|line| line["info"]["trace_id"] == **id);
        line.unwrap_or_else(|| panic!("{id} is missing"))["data"]["spans"].as_array().unwrap().len()
    };
    assert_eq!(lines.len(), ids.len());
    ids.iter().map(count).collect()
}

fn export(experiment: &Experiment<'_>) -> crate::support::Run {
    experiment.run(&["export", "-", "--spans", "--format", "jsonl"])
}

fn inputs(ended: &Ended, id: &str) -> String {
    let lines = ended.jsonl();
    let trace = lines.iter().find(|line| line["info"]["trace_id"] == id).unwrap();
    trace["data"]["spans"][0]["attributes"]["mlflow.spanInputs"].as_str().unwrap().to_owned()
}

#[test]
fn traces_in_files_are_read_among_traces_in_the_database() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let mut ids = experiment.seed_plain(15);
    let file =
        |age: u32| text(live.call("seed_span_file", &json!({"experiment": experiment.id, "spec": {"age_s": age}})));
    ids.extend([file(61), file(67)]);
    let ended = export(&experiment).succeeds();
    assert!(span_counts(&ended, &ids).iter().all(|count| *count == 3));
    for id in &ids[14..] {
        let lines = ended.jsonl();
        let written = lines.iter().find(|line| line["info"]["trace_id"] == **id).unwrap();
        crate::support::assert_same(&live.load(written), &live.trace(id));
    }
}

#[test]
fn a_file_that_is_gone_fails_its_trace_alone() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let mut ids = experiment.seed_plain(12);
    let spec = json!({"age_s": 65, "metadata": {"mlflow.trace.sizeStats": "{\"num_spans\": 3}"}});
    let lost = text(live.call("seed_span_file", &json!({"experiment": experiment.id, "spec": spec})));
    live.call("delete_span_file", &json!({"trace": lost}));
    ids.push(lost.clone());
    let ended = export(&experiment).exits(3);
    let counts = span_counts(&ended, &ids);
    assert_eq!((counts[12], counts.iter().sum::<usize>()), (0, 36));
    ended.tells(&format!("the spans of trace {lost} are missing: Trace data not found"));
}

#[test]
fn what_the_rest_api_cannot_say_does_not_spoil_a_batch() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let mut ids = experiment.seed_plain(12);
    // The server answers 500 for it, alone and in a batch; its file can be had.
    let deep = format!("{}1{}", "{\"k\": ".repeat(45), "}".repeat(45));
    ids.push(text(live.call("seed_otlp", &json!({"experiment": experiment.id, "inputs": deep}))));
    let ended = export(&experiment).succeeds();
    assert_eq!(span_counts(&ended, &ids)[12], 1);
    assert_eq!(inputs(&ended, &ids[12]), deep);
}

#[test]
fn traces_that_are_not_complete_come_with_what_is_there() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let metadata = json!({"mlflow.trace.sizeStats": "{\"num_spans\": 5}"});
    let ids = experiment.seed(&json!([
        {"age_s": 10}, {"age_s": 20, "metadata": metadata}, {"age_s": 30, "state": "IN_PROGRESS", "metadata": metadata}, {"age_s": 40}
    ]));
    let ended = export(&experiment).exits(3);
    assert_eq!(span_counts(&ended, &ids), [3, 3, 3, 3]);
    ended
        .tells(&format!("trace {} is not complete: 3 of its 5 spans were found", ids[1]))
        .tells(&format!("trace {} is still in progress: 3 of its 5 spans were found", ids[2]));
}

#[test]
fn half_surrogate_pairs_and_odd_numbers_survive() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let showcase = text(live.call("seed_showcase", &json!({"experiment": experiment.id})));
    let half = r#"{"q": "a\ud800b", "n": NaN}"#;
    let sent = text(live.call("seed_otlp", &json!({"experiment": experiment.id, "inputs": half})));
    let file = r#"{"spans": [{"trace_id": "TRACE", "span_id": "AAAAAAAAAAE=", "parent_span_id": null, "name": "half \ud800",
        "start_time_unix_nano": 1795353455309000000, "end_time_unix_nano": 1795353455314000000,
        "status": {"code": "STATUS_CODE_OK", "message": ""}, "links": [],
        "events": [{"name": "e", "time_unix_nano": 1795353455309000000, "attributes": {"n": NaN, "l": [-Infinity]}}],
        "attributes": {"mlflow.traceRequestId": "\"TRACE_ID\"", "mlflow.spanInputs": "{\"q\": \"a\ud800b\", \"l\": [Infinity, -Infinity]}"}}]}"#;
    let stored = text(live.call("seed_span_file", &json!({"experiment": experiment.id, "text": file})));
    let ended = export(&experiment).succeeds();
    assert_eq!(inputs(&ended, &sent), half);
    assert_eq!(inputs(&ended, &stored), r#"{"q": "a\ud800b", "l": [Infinity, -Infinity]}"#);
    let lines = ended.jsonl();
    let written = |id: &str| lines.iter().find(|line| line["info"]["trace_id"] == id).unwrap();
    let span = &written(&stored)["data"]["spans"][0];
    assert_eq!(span["events"][0]["attributes"], json!({"n": "NaN", "l": ["-Infinity"]}));
    assert_eq!(span["name"], "half \\ud800");
    let outputs = |span: &Value| span["attributes"]["mlflow.spanOutputs"].as_str().unwrap_or("").to_owned();
    let spans = written(&showcase)["data"]["spans"].as_array().unwrap();
    assert!(spans.iter().any(|span| outputs(span).ends_with("NaN, Infinity, -Infinity]")), "{spans:?}");
    // MLflow's own client reads every line that was written.
    for id in [&showcase, &sent, &stored] {
        live.load(written(id));
    }
}

#[test]
fn lists_and_objects_of_attributes_are_asked_alike_on_a_server_and_in_an_archive() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let seed = |inputs: &str| text(live.call("seed_otlp", &json!({"experiment": experiment.id, "inputs": inputs})));
    let (list, object) = (seed(r#"["a b", "c"]"#), seed(r#"{"q": ["a b", 1.5], "é": null}"#));
    let (word, compact) = (seed(r#""a b""#), seed(r#"["a b","c"]"#));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traces.jsonl");
    experiment.run(&["export", file.to_str().unwrap(), "--spans"]).succeeds();
    let archive = format!("file:{}", file.display());
    for (test, expected) in [
        (r#"LIKE '%"a b"%'"#, vec![&list, &object, &compact]),
        ("LIKE '%a b%'", vec![&list, &object, &word, &compact]),
        (r#"LIKE '[%"c"]'"#, vec![&list, &compact]),
        (r#"= '["a b", "c"]'"#, vec![&list, &compact]),
        ("= 'a b'", vec![&word]),
        ("!= 'a b'", vec![&list, &object, &compact]),
        (r#"LIKE '%1.5], "é": null}'"#, vec![&object]),
        (r#"IN ('["a b", "c"]', 'x')"#, vec![&list, &compact]),
    ] {
        let filter = format!("span(attributes.`mlflow.spanInputs` {test})");
        let mut expected: Vec<String> = expected.into_iter().cloned().collect();
        expected.sort();
        for uri in [live.uri().to_owned(), archive.clone()] {
            let arguments = ["search", "-u", &uri, &filter, "-o", "ids"];
            let run = if uri == archive { live.run(&arguments) } else { experiment.run(&arguments) };
            let mut found = run.succeeds().lines();
            found.sort();
            assert_eq!(found, expected, "{uri}: {filter}");
        }
    }
    // What a server itself searches is the text of the whole span, in which the same text stands.
    let on_server = |pattern: &str| {
        let filter = format!("span.attributes.`mlflow.spanInputs` LIKE '{pattern}'");
        experiment.run(&["search", &filter, "-o", "ids"]).succeeds().lines().len()
    };
    assert_eq!((on_server("%a b%"), on_server("%1.5], %")), (4, 1));
}
