//! OpenTelemetry: `export --format otlp-json` and `export --to-otlp`.

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::Value;
use std::io::Read;

use crate::fake::{Answer, Failure, Fake, Request, Rule, Seed, id, span};
use crate::snapshot::Gallery;

const ANY: &[&str] = &["export", "--to-otlp"];

fn with_header(receiver: &Fake) -> Vec<String> {
    let url = receiver.uri();
    ["export", "--to-otlp", &url, "--otlp-header", "x-mlflow-experiment-id=2"].map(str::to_owned).to_vec()
}

fn send(source: &Fake, receiver: &Fake, more: &[&str]) -> crate::support::Run {
    let arguments = with_header(receiver);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
    source.run(&arguments)
}

fn spans_of(request: &Request) -> Vec<Span> {
    assert_eq!(request.headers["content-encoding"], "gzip");
    assert_eq!(request.headers["content-type"], "application/x-protobuf");
    let mut body = Vec::new();
    flate2::read::GzDecoder::new(request.bytes.as_slice()).read_to_end(&mut body).unwrap();
    let message = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
    message.resource_spans.into_iter().flat_map(|r| r.scope_spans).flat_map(|scope| scope.spans).collect()
}

fn partial(rejected_spans: i64, message: &str) -> Failure {
    let partial = ExportTracePartialSuccess { rejected_spans, error_message: message.into() };
    let bytes = ExportTraceServiceResponse { partial_success: Some(partial) }.encode_to_vec();
    // These messages are short: all bytes are ASCII.
    Failure::Answer(Answer::new(200, "application/x-protobuf", String::from_utf8(bytes).unwrap()))
}

#[test]
fn the_gallery_of_sending() {
    let source = Fake::with([Seed::new(1), Seed::new(2).spans(vec![])]);
    let receiver = Fake::new();
    let mut gallery = Gallery::new("otlp");
    let mut scene = |title: &str, arguments: &[&str], code: i32| {
        let ended = source.program(&[&["export"], arguments].concat()).run().exits(code);
        gallery.scene(title, &ended);
    };
    let url = receiver.uri();
    scene("to an MLflow server", &["--to-otlp", &url, "--otlp-header", "x-mlflow-experiment-id=2"], 0);
    scene("without its header", &["--to-otlp", &url], 6);
    scene("to a path that is not there", &["--to-otlp", &format!("{url}/traces")], 6);
    scene("no URL", &["--to-otlp"], 2);
    scene("a file, too", &["traces.jsonl", "--to-otlp", &url], 2);
    scene("a header of nothing", &["traces.jsonl", "--otlp-header", "a=b"], 2);
    scene("a broken header", &["--to-otlp", &url, "--otlp-header", "a b=c"], 2);
    scene("another protocol", &["--to-otlp", "grpc://localhost:4317"], 2);
    gallery.check();
}

#[test]
fn what_is_taken_out_is_not_sent() {
    let private = |number| {
        Seed::new(number).request("jane@example.com asks").spans(vec![{
            let mut span = span(number, 1, None, "chat", 1_795_334_400_000);
            span["attributes"] = serde_json::json!([
                {"key": "mlflow.spanInputs", "value": {"string_value": "jane@example.com asks"}},
                {"key": "kept", "value": {"string_value": "yes"}},
            ]);
            span
        }])
    };
    let (source, receiver) = (Fake::with((1..=40).map(private)), Fake::new());
    send(&source, &receiver, &["--redact", "/jane@[a-z.]+/"]).succeeds();
    let sent = receiver.asked("/v1/traces");
    let spans: Vec<Span> = sent.iter().flat_map(spans_of).collect();
    assert_eq!(spans.len(), 40);
    let text = format!("{spans:?}");
    assert!(text.contains("asks") && text.contains("yes") && !text.contains("jane@"), "{text}");
    let few = Fake::new();
    send(&source, &few, &["--sample", "0.3"]).succeeds();
    let spans: Vec<Span> = few.asked("/v1/traces").iter().flat_map(spans_of).collect();
    assert!((1..30).contains(&spans.len()), "{} spans", spans.len());
}

#[test]
fn another_server_holds_the_spans_under_their_ids() {
    let spans = vec![span(1, 1, None, "root", 5), span(1, 2, Some(1), "child", 6)];
    let source = Fake::with([Seed::new(1).spans(spans).tag("team", "search"), Seed::new(2)]);
    let receiver = Fake::new();
    send(&source, &receiver, &[]).succeeds().tells(&format!("Sent 2 traces, 3 spans to {}/v1/traces.", receiver.uri()));
    assert_eq!(receiver.state().ids("2"), [id(1), id(2)]);
    let requests = receiver.asked("POST /v1/traces");
    assert_eq!(requests.len(), 1);
    assert!(!requests[0].headers.contains_key("authorization"));
    let child = spans_of(&requests[0]).into_iter().find(|span| span.name == "child").unwrap();
    assert_eq!((child.trace_id, child.span_id), (1u128.to_be_bytes().to_vec(), 2u64.to_be_bytes().to_vec()));
    assert_eq!(child.parent_span_id, 1u64.to_be_bytes());
    assert!(source.asked("v1/traces").is_empty());
}

#[test]
fn credentials_of_the_tracking_server_are_not_sent_elsewhere() {
    let (source, receiver) = (Fake::with_many(1), Fake::new());
    let url = receiver.uri().replace("http://", "http://me:pw@");
    let program = source.program(&["export", "--to-otlp", &url, "--otlp-header", "x-mlflow-experiment-id=2"]);
    program.env("MLFLOW_TRACKING_TOKEN", "secret").env("MLFLOW_WORKSPACE", "w").run().succeeds().does_not_tell("pw");
    let request = &receiver.asked("v1/traces")[0];
    assert_eq!(request.headers["authorization"], "Basic bWU6cHc=");
    assert!(!request.headers.contains_key("x-mlflow-workspace"));
    assert_eq!(source.log()[0].headers["authorization"], "Bearer secret");
}

#[test]
fn the_environment_names_receiver_and_headers() {
    let (source, receiver) = (Fake::with_many(1), Fake::new());
    let program = source.program(ANY);
    let program = program.env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("{}/", receiver.uri()));
    program.env("OTEL_EXPORTER_OTLP_HEADERS", "x-mlflow-experiment-id=2,a=b%20c").run().succeeds();
    assert_eq!(receiver.asked("POST /v1/traces")[0].headers["a"], "b c");
}

#[test]
fn busy_receivers_are_asked_again_and_broken_ones_are_not() {
    let source = Fake::with_many(1);
    for status in [429, 502, 503, 504] {
        let receiver = Fake::new();
        receiver.fail(Rule::nth(1, "v1/traces"), Failure::status(status, "busy"));
        send(&source, &receiver, &[]).succeeds();
        assert_eq!(receiver.asked("v1/traces").len(), 2, "{status}");
    }
    for (status, code) in [(400, 6), (401, 4), (403, 4), (404, 6), (500, 6)] {
        let receiver = Fake::new();
        receiver.fail(Rule::nth(1, "v1/traces"), Failure::status(status, "no"));
        send(&source, &receiver, &[]).exits(code).tells("could not send the spans");
        assert_eq!(receiver.asked("v1/traces").len(), 1, "{status}");
    }
}

#[test]
fn rejected_spans_are_no_success() {
    let source = Fake::with([Seed::new(1).spans(vec![span(1, 1, None, "a", 5), span(1, 2, Some(1), "b", 5)])]);
    let receiver = Fake::new();
    receiver.fail(Rule::nth(1, "v1/traces"), partial(1, "too old"));
    send(&source, &receiver, &[])
        .exits(3)
        .tells("the receiver rejected 1 span")
        .tells("message from the receiver: too old");
    receiver.fail(Rule::nth(1, "v1/traces"), partial(0, "soon gone"));
    send(&source, &receiver, &[])
        .succeeds()
        .tells("message from the receiver: soon gone")
        .tells("Sent 1 trace, 2 spans");
}

#[test]
fn a_batch_that_fails_later_is_named_and_the_others_are_sent() {
    let many = |trace: u32| (1..=1500).map(|number| span(trace, number, None, "s", 5)).collect();
    let source = Fake::with((1..=3).map(|trace| Seed::new(trace).spans(many(trace))));
    let receiver = Fake::new();
    receiver.fail(Rule::nth(2, "v1/traces"), Failure::status(413, "too large"));
    let ended = send(&source, &receiver, &[]).exits(3);
    ended.tells("2,000 spans could not be sent").tells("2,000 spans of the traces").tells("too large");
    let sizes: Vec<usize> = receiver.asked("v1/traces").iter().map(|request| spans_of(request).len()).collect();
    assert_eq!(sizes, [2000, 2000, 500]);
}

#[test]
fn around_a_trace_that_is_refused_the_others_are_sent() {
    let source = Fake::with((1..=3).map(|trace| Seed::new(trace).spans(vec![span(trace, 1, None, "s", 5)])));
    let receiver = Fake::new();
    // All three, then the last two, then the last one: it is the one that is refused.
    for number in [1, 3, 5] {
        receiver.fail(Rule::nth(number, "v1/traces"), Failure::status(400, "already exists in another experiment"));
    }
    let ended = send(&source, &receiver, &[]).exits(3).tells("Sent 2 traces, 2 spans");
    ended.tells(&format!("1 span of trace {}: ", id(1))).tells("already exists in another experiment");
    let sizes: Vec<usize> = receiver.asked("v1/traces").iter().map(|request| spans_of(request).len()).collect();
    assert_eq!(sizes, [3, 1, 2, 1, 1]);
}

#[test]
fn lost_spans_are_told_and_the_others_are_sent() {
    let source = Fake::with([Seed::new(1), Seed::new(2).with_lost_file()]);
    let receiver = Fake::new();
    let ended = send(&source, &receiver, &[]).exits(3);
    ended.tells("Sent 1 trace, 1 span").tells(&id(2)).tells("the spans of 1 trace could not be read");
}

#[test]
fn json_lines_hold_the_spans_of_a_trace_each() {
    let source = Fake::with([Seed::new(1).tag("service.name", "shop"), Seed::new(2).spans(vec![])]);
    let ended = source.run(&["export", "-", "--format", "otlp-json"]).succeeds();
    let ended = ended.tells("Wrote 1 trace to standard output.").tells("omitted 1 trace without spans");
    let [line] = <[Value; 1]>::try_from(ended.jsonl()).unwrap();
    let resource = &line["resourceSpans"][0];
    assert_eq!(resource["resource"]["attributes"][0]["value"]["stringValue"], "shop");
    let span = &resource["scopeSpans"][0]["spans"][0];
    assert_eq!((&span["traceId"], &span["spanId"]), (&Value::from(&id(1)[3..]), &Value::from("0000000000000001")));
    source.run(&["export", "-", "--format", "otlp-json", "--fields", "trace_id"]).exits(2);
}
