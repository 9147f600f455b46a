//! The shapes in which other programs write traces: each is read, or named with the command that writes one that is.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::archive_folder::{ask, gzip, write};

const HEX: &str = "52c8f90838dc6f1c05612b31b1576a8";

/// A trace as `MLflow` writes it: its number is in its id, its tag and its span.
fn trace(number: u8) -> Value {
    let id = format!("tr-{HEX}{number:x}");
    json!({
        "info": {"trace_id": id, "request_time": format!("2026-11-22T08:11:4{number}.500Z"), "execution_duration_ms": 250, "state": "OK",
            "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "7"}},
            "request_preview": "why", "trace_metadata": {"build": "7"}, "tags": {"n": number.to_string(), "path": "a/b \"é\""}},
        "data": {"spans": [{"trace_id": format!("tr-{HEX}{number:x}"), "span_id": "000000000000000a", "parent_span_id": null, "name": "chat",
            "start_time_unix_nano": 1_795_335_101_500_000_000_i64, "end_time_unix_nano": 1_795_335_101_750_000_000_i64, "events": [],
            "status": {"code": "STATUS_CODE_OK", "message": ""}, "links": [],
            "attributes": {"mlflow.traceRequestId": format!("\"{id}\""), "mlflow.spanInputs": "\"why\"", "mlflow.spanType": "\"LLM\""}}]}})
}

fn lines(texts: impl Iterator<Item = String>) -> String {
    texts.map(|text| text + "\n").collect()
}

fn traces() -> impl Iterator<Item = Value> {
    (0..3).map(trace)
}

/// A row of `mlflow.search_traces()`.
fn row(trace: &Value) -> Value {
    let info = &trace["info"];
    json!({"trace_id": info["trace_id"], "trace": trace.to_string().replace('/', "\\/"), "client_request_id": null, "state": "OK",
        "request_time": 1_795_335_101_500_i64, "execution_duration": 250, "request": "why", "response": null,
        "trace_metadata": info["trace_metadata"], "tags": info["tags"], "spans": trace["data"]["spans"], "assessments": []})
}

fn utf16(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// What the file answers: whole traces, and what a filter on tags, on spans and by id finds.
fn answers(file: &Path) -> (Vec<Value>, Vec<String>) {
    let mut all = ask(file, &["search", "--all", "-o", "jsonl"]).succeeds().jsonl();
    all.sort_by_key(|trace| trace["info"]["trace_id"].to_string());
    let last = format!("tr-{HEX}2");
    let found = [
        ask(file, &["search", "tags.path = 'a/b \"é\"' AND tags.n != '1'", "-o", "ids"]),
        ask(file, &["count", "span.type = 'LLM' AND span.name = 'chat'"]),
        ask(file, &["get", &last, "-o", "json"]),
    ];
    (all, found.into_iter().map(|run| run.succeeds().stdout).collect())
}

#[test]
fn traces_are_the_same_in_every_shape() {
    let folder = TempDir::new().unwrap();
    let plain = lines(traces().map(|trace| trace.to_string()));
    let expected = answers(&write(folder.path().join("plain.jsonl"), &plain));
    assert_eq!(expected.0.len(), 3);
    let all: Vec<Value> = traces().collect();
    let rest = |trace: &Value| json!({"trace_info": trace["info"], "spans": trace["data"]["spans"]});
    let texts = || all.iter().map(|trace| Value::from(trace.to_string()));
    let pages = json!({"traces": all, "next_page_token": null});
    let shapes: Vec<(&str, Vec<u8>)> = vec![
        ("cli.json", serde_json::to_vec_pretty(&pages).unwrap()),
        ("cli.out", serde_json::to_vec_pretty(&pages).unwrap()),
        ("cli.jsonl", pages.to_string().into_bytes()),
        ("pages.jsonl", lines(all.iter().map(|trace| json!({"traces": [trace]}).to_string())).into()),
        ("search.json", json!({"traces": all.iter().map(rest).collect::<Value>()}).to_string().into()),
        ("get.jsonl", lines(all.iter().map(|trace| json!({"trace": rest(trace)}).to_string())).into()),
        ("records.json", all.iter().map(row).collect::<Value>().to_string().into()),
        ("records.jsonl", lines(all.iter().map(|trace| row(trace).to_string())).into()),
        ("texts.jsonl", lines(texts().map(|text| text.to_string())).into()),
        ("texts.json", texts().collect::<Value>().to_string().into()),
        ("texts.jsonl.gz", gzip(&lines(texts().map(|text| text.to_string())))),
        (
            "serving.jsonl",
            lines(all.iter().map(|trace| json!({"choices": [], "databricks_output": {"trace": trace}}).to_string()))
                .into(),
        ),
        (
            "serving.json",
            all.iter()
                .map(|trace| json!({"databricks_output": {"trace": trace.to_string()}}))
                .collect::<Value>()
                .to_string()
                .into(),
        ),
        ("marked.jsonl", format!("\u{feff}{}", plain.replace('\n', "\r\n")).into()),
        ("marked.json", format!("\u{feff}{}", Value::Array(all.clone())).into()),
        ("utf16.jsonl", utf16(&plain.replace('\n', "\r\n"))),
        ("utf16.json", utf16(&serde_json::to_string_pretty(&pages).unwrap())),
        ("slashes.jsonl", plain.replace("a/b", "a\\/b").into()),
    ];
    for (name, content) in shapes {
        let file = write(folder.path().join(name), content);
        let (found, expected) = (answers(&file), expected.clone());
        assert_eq!(found.1, expected.1, "{name}");
        assert_eq!(found.0, expected.0, "{name}");
    }
}

#[test]
fn a_page_of_a_longer_answer_is_told() {
    let folder = TempDir::new().unwrap();
    let page = json!({"traces": [trace(1)], "next_page_token": "eyJvZmZzZXQiOjF9"}).to_string();
    let file = write(folder.path().join("page.json"), &page);
    let counted = ask(&file, &["count"]).succeeds();
    assert_eq!(counted.stdout, "1\n");
    assert_eq!(counted.stderr.matches("page.json holds one page of a longer answer").count(), 1, "{}", counted.stderr);
}

#[test]
fn a_trace_that_stands_in_two_shapes_counts_once() {
    let folder = TempDir::new().unwrap();
    write(folder.path().join("a.json"), json!({"traces": [trace(1), trace(2)]}).to_string());
    write(folder.path().join("b.jsonl"), format!("{}\n", Value::from(trace(2).to_string())));
    let counted = ask(folder.path(), &["count"]).succeeds();
    assert_eq!(counted.stdout, "2\n");
    assert!(counted.stderr.contains("1 trace is in"), "{}", counted.stderr);
}

fn otlp_span(number: u8, id: &str, parent: &str) -> Value {
    json!({"traceId": format!("{HEX}{number:x}"), "spanId": id, "parentSpanId": parent, "name": format!("s{id}"), "kind": 1,
        "startTimeUnixNano": "1795335101500000000", "endTimeUnixNano": "1795335101750000000",
        "attributes": [{"key": "mlflow.spanInputs", "value": {"stringValue": "why"}}, {"key": "session.id", "value": {"stringValue": "s-1"}}],
        "status": {"code": 2, "message": "bad"}})
}

fn otlp(spans: &[Value]) -> Value {
    let resource = json!({"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]});
    json!({"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": "x"}, "spans": spans}]}]})
}

#[test]
fn spans_of_opentelemetry_are_put_together_across_lines_and_files() {
    let (root, child) = ("0000000000000001", "0000000000000002");
    let folder = TempDir::new().unwrap();
    let first = [otlp(&[otlp_span(1, child, root), otlp_span(2, root, "")]), otlp(&[otlp_span(3, root, "")])];
    write(folder.path().join("traces.jsonl"), lines(first.iter().map(Value::to_string)));
    write(folder.path().join("traces-2026.json"), serde_json::to_vec_pretty(&otlp(&[otlp_span(1, root, "")])).unwrap());
    let traces = ask(folder.path(), &["search", "--all", "-o", "jsonl"]).succeeds();
    assert!(!traces.stderr.contains("more than once"), "{}", traces.stderr);
    let mut spans: Vec<usize> =
        traces.jsonl().iter().map(|trace| trace["data"]["spans"].as_array().unwrap().len()).collect();
    spans.sort_unstable();
    assert_eq!(spans, [1, 1, 2]);
    let found = "span.name = 's0000000000000002' AND state = 'ERROR' AND session = 's-1' AND tags.`service.name` = 'shop' AND request = 'why'";
    assert_eq!(ask(folder.path(), &["search", found, "-o", "ids"]).succeeds().stdout, format!("tr-{HEX}1\n"));
    let broken = write(folder.path().join("broken.jsonl"), format!("{}\n{{\"resourceSpans\": 5}}\n", first[1]));
    assert!(ask(&broken, &["count"]).exits(6).stderr.contains("broken.jsonl: line 2: "));
}

/// A folder as `mlflow-export-import` writes it.
fn exported(folder: &Path) -> PathBuf {
    let file = |mlflow: Value| {
        serde_json::to_string_pretty(&json!({"system": {"package_version": "1.2.1"}, "mlflow": mlflow})).unwrap()
    };
    let ids: Vec<String> = (0..3).map(|number| format!("tr-{HEX}{number:x}")).collect();
    for (number, id) in ids.iter().enumerate() {
        let trace = trace(u8::try_from(number).unwrap());
        let mut info = trace["info"].clone();
        info["request_time"] = (1_795_335_100_500_i64 + 1000 * i64::try_from(number).unwrap()).into();
        info.as_object_mut().unwrap().shift_remove("execution_duration_ms");
        info["execution_duration"] = 250.into();
        info["client_request_id"] = Value::Null;
        let data = json!([{"name": "chat", "trace_id": id, "span_id": "000000000000000a", "parent_id": null}]);
        write(folder.join(id).join("trace.json"), file(json!({"info": info, "data": data})));
        write(folder.join(id).join("artifacts/traces.json"), trace["data"].to_string());
    }
    write(folder.join("traces.json"), file(json!({"experiments": [{"id": "7", "name": "shop", "traces": ids}]})));
    folder.to_owned()
}

#[test]
fn a_folder_of_export_import_is_read_with_its_spans_and_names() {
    let place = TempDir::new().unwrap();
    let folder = exported(&place.path().join("traces"));
    let traces = ask(&folder, &["search", "--all", "-o", "jsonl"]).succeeds().jsonl();
    assert_eq!(traces.len(), 3);
    for trace in &traces {
        assert_eq!(
            (&trace["info"]["execution_duration_ms"], trace["data"]["spans"].as_array().unwrap().len()),
            (&json!(250), 1)
        );
    }
    assert!(ask(&folder, &["experiments", "list"]).succeeds().stdout.contains("shop"));
    let one = folder.join(format!("tr-{HEX}1")).join("trace.json");
    let found = ask(&one, &["search", "span.type = 'LLM'", "-o", "ids"]).succeeds();
    assert_eq!(found.stdout, format!("tr-{HEX}1\n"));
    assert!(ask(&one, &["experiments", "list"]).succeeds().stdout.contains("shop"));
}

#[test]
fn what_cannot_be_read_is_named_with_its_line_and_what_to_do() {
    let folder = TempDir::new().unwrap();
    let changed = |pointer: &str, value: Value| {
        let mut trace = trace(1);
        *trace.pointer_mut(pointer).unwrap() = value;
        format!("{}\n{trace}\n", self::trace(0))
    };
    for (content, told) in [
        (json!({"trace_id": {"0": "a"}, "state": {"0": "OK"}}).to_string(), "line 1: it is a table by columns"),
        (json!({"columns": ["trace_id"], "index": [0], "data": [["a"]]}).to_string(), "lines=True"),
        (json!({"spans": []}).to_string(), "mlflow traces get --trace-id ID"),
        (json!({"choices": [], "databricks_output": {"trace": null}}).to_string(), "return_trace"),
        (changed("/info/state", json!("FINE")), "line 2: unknown state"),
        (changed("/info/request_time", json!("2026-11-22 08:11:41")), "line 2: not a trace"),
        (changed("/data/spans/0/status/code", json!("FINE")), "line 2: span status code"),
        (changed("/data/spans/0/end_time_unix_nano", json!("soon")), "line 2: span field"),
        (changed("/data", Value::Null), "line 2: not a trace: it has"),
    ] {
        let file = write(folder.path().join("odd.jsonl"), &content);
        let run = ask(&file, &["search", "--all", "-o", "jsonl"]).exits(6);
        assert!(run.stderr.contains(told), "{content}: {}", run.stderr);
    }
}

#[test]
fn traces_of_mlflow_2_answer_by_what_is_shown_of_them() {
    let folder = TempDir::new().unwrap();
    let id = "96c77b68bb404ca8bccb19bac9778df5";
    let inputs = json!({"q": "x".repeat(300)}).to_string();
    let trace = json!({
        "info": {"request_id": id, "experiment_id": "7", "timestamp_ms": 1_795_646_253_048_i64, "execution_time_ms": 23, "status": "OK",
            "request_metadata": {"mlflow.trace_schema.version": "2", "mlflow.traceInputs": &inputs[..250], "mlflow.traceOutputs": "\"fine\""}, "tags": {}},
        "data": {"spans": [{"name": "agent", "context": {"span_id": "0x5d3bd21ee9b5d762", "trace_id": format!("0x{HEX}c")}, "parent_id": null,
            "start_time": 1_795_646_253_070_326_454_i64, "end_time": 1_795_646_253_071_734_690_i64, "status_code": "OK", "status_message": "",
            "attributes": {"mlflow.traceRequestId": format!("\"{id}\""), "mlflow.spanInputs": inputs, "mlflow.spanOutputs": "\"fine\""}, "events": []}]}});
    let file = write(folder.path().join("old.jsonl"), format!("{trace}\n"));
    let shown = ask(&file, &["search", "-o", "csv", "--fields", "request,request_preview,response,response_preview"])
        .succeeds()
        .stdout;
    let quoted = format!("\"{}\"", inputs.replace('"', "\"\""));
    assert_eq!(shown.lines().nth(1), Some(format!("{quoted},{quoted},fine,fine").as_str()));
    for filter in [format!("request = '{inputs}'"), "response = 'fine'".to_owned(), "span.name = 'agent'".to_owned()] {
        assert_eq!(ask(&file, &["count", &filter]).succeeds().stdout, "1\n", "{filter}");
    }
    let spans = ask(&file, &["get", id, "-o", "json"]).succeeds();
    assert!(spans.stdout.contains("XTvSHum112I="), "{}", spans.stdout);
}
