//! Spans of many traces: one bad trace spoils no other, whatever is wrong with it.

use std::fs;

use serde_json::{Value, json};

use crate::fake::{Answer, BASE_MS, Failure, Fake, Rule, Seed, id, span, with_attribute};
use crate::support::{Ended, Run};

const BATCH: &str = "traces/batchGet";
const ONE: &str = "traces/get";
const FILE: &str = "get-trace-artifact";

fn export(fake: &Fake) -> Run {
    fake.program(&["export", "-", "--spans"]).run()
}

/// The ids of the traces that came without spans; all others have them, and all are there in order.
#[track_caller]
fn without_spans(ended: &Ended, count: u32) -> Vec<String> {
    let lines = ended.jsonl();
    let ids: Vec<String> = lines.iter().map(|line| line["info"]["trace_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, (1..=count).rev().map(id).collect::<Vec<_>>(), "newest first, each once");
    let bare = |line: &&Value| line["data"]["spans"].as_array().unwrap().is_empty();
    lines.iter().filter(bare).map(|line| line["info"]["trace_id"].as_str().unwrap().to_owned()).collect()
}

fn internal_error() -> Failure {
    Failure::Answer(Answer::json(500, &json!({"error_code": "INTERNAL_ERROR", "message": "it is broken"})))
}

#[test]
fn a_bad_trace_anywhere_in_a_batch_fails_alone() {
    for bad in [1, 2, 7, 24, 25] {
        let fake = Fake::with_many(25);
        fake.fail(Rule::every("mlflow/").about(&id(bad)), internal_error());
        let ended = export(&fake).exits(3);
        assert_eq!(without_spans(&ended, 25), [id(bad)]);
        ended.tells(&id(bad)).tells("it is broken").tells("the spans of 1 of 25 traces could not be read");
    }
}

#[test]
fn what_spoils_a_batch_may_still_be_had_from_its_file() {
    let fake = Fake::with_many(25);
    for route in [BATCH, ONE] {
        fake.fail(Rule::every(route).about(&id(9)), Failure::status(500, "<!doctype html><title>500</title>"));
    }
    assert!(without_spans(&export(&fake).succeeds(), 25).is_empty());
    assert_eq!(fake.asked(FILE).len(), 1);
    let singles = fake.asked(ONE).len();
    assert!(singles < 6, "the others come in batches, halved around it: {singles} single requests");
}

#[test]
fn without_batches_every_trace_is_asked_for_by_itself() {
    let fake = Fake::with_many(25);
    fake.fail(Rule::every(BATCH), internal_error());
    assert!(without_spans(&export(&fake).succeeds(), 25).is_empty());
    let old = Fake::with_many(25);
    old.fail(Rule::every(BATCH), Failure::status(405, "Method Not Allowed"));
    assert!(without_spans(&export(&old).succeeds(), 25).is_empty());
    assert!(old.asked(BATCH).len() <= 12, "a route that is not there is soon not asked for any more");
}

#[test]
fn traces_that_a_batch_leaves_out_are_asked_for() {
    let stats = |spans: u32| format!("{{\"num_spans\": {spans}}}");
    let fake = Fake::with((1..=12).map(|number| match number {
        3 => Seed::new(3).metadata("mlflow.trace.sizeStats", &stats(3)),
        5 => Seed::new(5).metadata("mlflow.trace.sizeStats", &stats(2)).state("IN_PROGRESS"),
        8 => Seed::new(8).spans(vec![]).state("IN_PROGRESS"),
        _ => Seed::new(number).metadata("mlflow.trace.sizeStats", &stats(1)),
    }));
    let ended = export(&fake).exits(3);
    assert_eq!(without_spans(&ended, 12), [id(8)], "what is there of the others is written");
    ended
        .tells(&format!("trace {} is not complete: 1 of its 3 spans were found", id(3)))
        .tells(&format!("trace {} is still in progress: 1 of its 2 spans were found", id(5)))
        .tells(&format!("trace {} is still in progress: none of its spans were found", id(8)));
}

#[test]
fn a_trace_that_is_deleted_meanwhile_is_called_so() {
    let fake = Fake::with_many(12);
    // Its info stays in the search that came before.
    fake.before(Rule::first(BATCH), |state| state.remove(&id(4)));
    let ended = export(&fake).exits(3);
    assert_eq!(without_spans(&ended, 12), [id(4)]);
    ended.tells(&format!("trace {} was deleted in the meantime", id(4)));
}

#[test]
fn a_forbidden_trace_is_called_so() {
    let fake = Fake::with_many(12);
    fake.fail(Rule::every("mlflow/").about(&id(6)), Failure::status(403, "Permission denied"));
    let ended = export(&fake).exits(3);
    assert_eq!(without_spans(&ended, 12), [id(6)]);
    ended.tells("permission denied (403");
}

#[test]
fn an_archived_trace_whose_spans_are_lost_is_called_so() {
    let archived = |number| Seed::new(number).tag("mlflow.trace.spansLocation", "ARCHIVE_REPO");
    let fake = Fake::with((1..=12).map(|number| if number < 4 { archived(number) } else { Seed::new(number) }));
    fake.fail(Rule::every("mlflow/").about(&id(2)), internal_error());
    let ended = export(&fake).exits(3);
    assert_eq!(without_spans(&ended, 12), [id(2)]);
    ended.tells(&format!("the spans of trace {} were archived and cannot be read", id(2)));
    let mixed = |request: &crate::fake::Request| {
        let about = |number: u32| request.query.iter().any(|(_, value)| *value == id(number));
        about(1) && about(12)
    };
    assert!(!fake.asked(BATCH).iter().any(mixed), "the archive is asked apart from the database");
}

#[test]
fn an_archived_trace_that_is_answered_without_its_spans_is_called_so_too() {
    let archived = Seed::new(1).tag("mlflow.trace.spansLocation", "ARCHIVE_REPO").spans(vec![]);
    let fake = Fake::with([archived.metadata("mlflow.trace.sizeStats", r#"{"num_spans": 4}"#), Seed::new(2)]);
    let ended = export(&fake).exits(3);
    ended.tells(&format!("the spans of trace {} were archived and cannot be read", id(1))).tells("0 of its 4 spans");
}

#[test]
fn an_archived_trace_that_states_nothing_and_is_answered_without_spans_is_called_so_too() {
    let archived = |number| Seed::new(number).tag("mlflow.trace.spansLocation", "ARCHIVE_REPO").spans(vec![]);
    let fake = Fake::with([archived(1), archived(2), Seed::new(3)]);
    let ended = export(&fake).exits(3);
    ended.tells(&format!("the spans of trace {} were archived and cannot be read: 0 of its spans", id(1)));
}

const STATS: &str = "mlflow.trace.sizeStats";

/// A trace as clients of 3.1 and older leave it: spans in a file, and nothing that says how many.
fn old(number: u32) -> Seed {
    Seed::new(number).in_artifact().tag("mlflow.artifactLocation", &location(number))
}

fn location(number: u32) -> String {
    format!("mlflow-artifacts:/1/traces/{}/artifacts", id(number))
}

fn lost(seed: Seed) -> Seed {
    Seed { lost: true, ..seed }
}

#[test]
fn only_what_says_so_makes_a_trace_empty() {
    let fake = Fake::with([
        Seed::new(1).spans(vec![]),
        lost(old(2)).metadata(STATS, "{\"num_spans\": 0}"),
        old(3).spans(vec![]),
        lost(Seed::new(4).in_artifact().metadata(STATS, "{\"total\": 9, \"num_spans\": 0, \"max\": 12")),
    ]);
    assert_eq!(without_spans(&export(&fake).succeeds(), 4).len(), 4);
    let doubtful = [
        lost(old(1)),
        lost(Seed::new(1).in_artifact()),
        lost(Seed::new(1).in_artifact().tag("mlflow.artifactLocation", "s3://bucket/1/traces/x/artifacts")),
        lost(Seed::new(1).in_artifact().tag("mlflow.artifactLocation", "/srv/mlflow/1/traces/x/artifacts")),
        lost(old(1)).metadata(STATS, "{\"total_size_bytes\": 3422, \"num_sp"),
        lost(old(1)).metadata(STATS, "{}"),
        lost(old(1)).state("IN_PROGRESS"),
        lost(old(1)).state("STATE_UNSPECIFIED"),
        Seed::new(1).tag("mlflow.trace.spansLocation", "SOMEWHERE_ELSE").spans(vec![]),
    ];
    for (case, seed) in doubtful.into_iter().enumerate() {
        let mut seed = seed;
        seed.lost = true;
        let fake = Fake::with([seed, Seed::new(2)]);
        let ended = export(&fake).exits(3);
        assert_eq!(without_spans(&ended, 2), [id(1)], "{case}");
        ended.tells("the spans of 1 of 2 traces could not be read");
    }
}

#[test]
fn a_file_without_a_list_of_spans_is_none() {
    for body in ["", "{}", "null", "[]", "{\"spans\": null}", "{\"request\": \"x\"}", "<html></html>"] {
        let fake = Fake::with([old(1), Seed::new(2)]);
        fake.fail(Rule::every(FILE), Failure::Answer(Answer::new(200, "text/plain", body)));
        let ended = export(&fake).exits(3);
        assert_eq!(without_spans(&ended, 2), [id(1)], "{body:?}");
        ended.tells(&format!("the spans of trace {} cannot be parsed", id(1)));
    }
}

#[test]
fn while_the_artifact_store_is_down_no_trace_in_it_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let fake = Fake::with([old(1), Seed::new(2), Seed::new(3).in_artifact(), old(4).state("IN_PROGRESS")]);
    fake.state().artifacts_down = true;
    let ended = fake.run(&["export", path, "--spans"]).exits(3);
    ended
        .tells("the spans of 3 of 4 traces could not be read")
        .tells("the server refused (500): Internal Server Error");
    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("manifest.json")).unwrap()).unwrap();
    let failed = manifest["failed"].as_array().unwrap();
    let told = |number: u32| failed.iter().find(|one| one["trace_id"] == id(number).as_str()).unwrap().clone();
    assert_eq!((failed.len(), &told(1)["kind"], &told(3)["kind"]), (3, &json!("unavailable"), &json!("spans-missing")));
    assert_eq!(told(4)["kind"], "unavailable");
    fake.state().artifacts_down = false;
    assert!(without_spans(&export(&fake).succeeds(), 4).is_empty(), "they are there again");
}

#[test]
fn where_the_number_of_spans_was_cut_the_server_says_whether_they_are_all() {
    let cut = "{\"total_size_bytes\": 3422, \"num_sp";
    let fake = Fake::with([Seed::new(1).metadata(STATS, cut), Seed::new(2), Seed::new(3).metadata(STATS, cut)]);
    assert!(without_spans(&export(&fake).succeeds(), 3).is_empty(), "a batch leaves out what is not complete");
    fake.run(&["get", &id(1)]).succeeds();
    assert_eq!(fake.asked(ONE).last().unwrap().parameter("allow_partial"), Some("false"));
    let unfinished =
        json!({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "Trace with ID x is not fully exported yet"});
    fake.fail(Rule::every(ONE).about("false"), Failure::Answer(Answer::json(404, &unfinished)));
    let ended = fake.run(&["get", &id(1)]).exits(3).prints("chat");
    ended.tells("may not be complete: 1 of its spans were found");
}

#[test]
fn a_trace_that_takes_too_long_fails_alone() {
    let fake = Fake::with_many(12);
    fake.fail(Rule::every("mlflow/").about(&id(6)), Failure::Stall);
    let ended = fake.program(&["export", "-", "--spans", "--timeout", "300ms"]).run().exits(3);
    assert_eq!(without_spans(&ended, 12), [id(6)]);
    ended.tells("no response from");
}

#[test]
fn a_server_that_is_gone_ends_the_export() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traces.jsonl");
    let fake = Fake::with_many(600);
    for route in ["mlflow/traces/get", "mlflow/traces/batchGet", FILE, "health"] {
        fake.fail(Rule::from(4, route), Failure::Stall);
    }
    fake.fail(Rule::every("health"), Failure::Stall);
    let started = std::time::Instant::now();
    fake.program(&["export", file.to_str().unwrap(), "--spans", "--timeout", "300ms"]).run().exits(5);
    assert!(started.elapsed().as_secs() < 30, "the rest is not tried one by one");
    assert!(!file.exists());
}

#[test]
fn long_addresses_are_shortened_for_proxies_that_refuse_them() {
    for status in [413, 414, 431] {
        let fake = Fake::with_many(600);
        fake.fail(Rule::every(BATCH).longer_than(400), Failure::status(status, "Request-URI Too Large"));
        assert!(without_spans(&export(&fake).succeeds(), 600).is_empty());
        let (refused, asked): (Vec<_>, Vec<_>) = fake.asked(BATCH).into_iter().partition(|one| one.query.len() > 7);
        assert!(refused.len() <= 20 && !asked.is_empty(), "the limit is learnt: {} refusals", refused.len());
    }
    let fake = Fake::with_many(500);
    assert!(without_spans(&export(&fake).succeeds(), 500).is_empty());
    let longest = fake.asked(BATCH).iter().map(|one| one.query.len()).max();
    assert!(longest.is_some_and(|ids| (11..=80).contains(&ids)), "{longest:?} ids at once");
}

#[test]
fn spans_come_in_order_from_wherever_they_are() {
    let seed = |number: u32| match number % 7 {
        0 => Seed::new(number).in_artifact(),
        1 if number.is_multiple_of(3) => Seed::new(number).in_artifact_against_its_tag(),
        2 => Seed::new(number).tag("mlflow.trace.spansLocation", "ARCHIVE_REPO"),
        _ => Seed::new(number),
    };
    let fake = Fake::with((1..=1100).map(seed));
    assert!(without_spans(&export(&fake).succeeds(), 1100).is_empty());
    let log = fake.log();
    let last = |text: &str| log.iter().rposition(|request| request.line().contains(text)).unwrap();
    let first = |text: &str| log.iter().position(|request| request.line().contains(text)).unwrap();
    assert!(last("traces/search") < last(BATCH) && first(BATCH) < last("traces/search"), "both at the same time");
    for number in (1..=1100).filter(|number| number % 7 == 0) {
        assert!(!fake.asked(BATCH).iter().any(|one| one.query.iter().any(|(_, value)| *value == id(number))));
    }
}

#[test]
fn a_file_behind_a_barred_route_is_had_by_its_own_address() {
    let location = format!("mlflow-artifacts:/1/traces/{}/artifacts", id(1));
    for (status, location) in [(403, location.clone()), (404, location.replace(":/", "://host:80/"))] {
        let fake = Fake::with([Seed::new(1).in_artifact().tag("mlflow.artifactLocation", &location)]);
        fake.fail(Rule::every(FILE), Failure::status(status, "<html>no</html>"));
        assert!(without_spans(&export(&fake).succeeds(), 1).is_empty());
        assert_eq!(
            fake.asked("mlflow-artifacts")[0].path,
            format!("/api/2.0/mlflow-artifacts/artifacts/1/traces/{}/artifacts/traces.json", id(1))
        );
    }
}

/// A span file as Python writes it, with what JSON does not allow or Unicode has not.
fn odd_file() -> Answer {
    let span = r#"{"trace_id": "AAAAAAAAAAAAAAAAAAAAAQ==", "span_id": "AAAAAAAAAAE=", "parent_span_id": null, "name": "half \ud800",
        "start_time_unix_nano": 1, "end_time_unix_nano": 2, "status": {"code": "STATUS_CODE_ERROR", "message": "\udfff"},
        "events": [{"name": "e", "time_unix_nano": 1, "attributes": {"n": NaN, "l": [-Infinity, 1.0]}}],
        "attributes": {"mlflow.spanInputs": "{\"q\": \"a\ud800b\\\\ud800 \ud83d\ude00\", \"n\": NaN}", "f": "Infinity"}, "links": []}"#;
    Answer::new(200, "text/plain", format!("{{\"spans\": [{span}]}}"))
}

#[test]
fn half_surrogate_pairs_and_odd_numbers_survive() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traces.jsonl");
    let (path, uri) = (file.to_str().unwrap(), format!("file:{}", file.display()));
    let fake = Fake::with([Seed::new(1).in_artifact(), Seed::new(2)]);
    fake.fail(Rule::every(FILE), Failure::Answer(odd_file()));
    fake.run(&["export", path, "--spans"]).succeeds();
    let text = fs::read_to_string(&file).unwrap();
    let written: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let span = &written["data"]["spans"][0];
    // As JSON text within the string, the escape means half a pair again: nothing is lost.
    assert_eq!(span["attributes"]["mlflow.spanInputs"], r#"{"q": "a\ud800b\\ud800 😀", "n": NaN}"#);
    assert_eq!(span["attributes"]["f"], "Infinity");
    assert_eq!((&span["name"], &span["status"]["message"]), (&json!("half \\ud800"), &json!("\\udfff")));
    assert_eq!(span["events"][0]["attributes"], json!({"n": "NaN", "l": ["-Infinity", 1.0]}));
    let again = fake.bare(&["export", "-", "--spans", "-u", &uri]).run().succeeds();
    assert_eq!(again.stdout, text);
}

#[test]
fn inputs_with_half_a_pair_come_from_the_file_because_the_server_answers_question_marks() {
    let fake = Fake::with([Seed::new(1).request("{\"q\": \"a\\ud800b\"}"), Seed::new(2).request("\\ud83d\\ude00")]);
    fake.fail(Rule::every(FILE), Failure::Answer(odd_file()));
    let lines = export(&fake).succeeds().jsonl();
    let inputs = lines[1]["data"]["spans"][0]["attributes"]["mlflow.spanInputs"].as_str().unwrap();
    assert!(inputs.contains("a\\ud800b"), "{inputs}");
    assert_eq!(fake.asked(FILE).len(), 1);
}

#[test]
fn what_cannot_be_understood_fails_alone() {
    let damaged = vec![json!({"trace_id": "?", "span_id": "?", "name": "x", "start_time_unix_nano": 1})];
    let fake = Fake::with_many(12);
    fake.state().find_mut(&id(3)).unwrap().spans = damaged;
    fake.fail(Rule::every(FILE), Failure::Answer(Answer::new(200, "text/plain", "{\"spans\": [{\"trace_id\"")));
    let ended = export(&fake).exits(3);
    assert_eq!(without_spans(&ended, 12), [id(3)]);
    ended.tells(&format!("the spans of trace {} cannot be parsed", id(3)));
}

#[test]
fn requests_and_responses_are_whole_where_spans_are_at_hand() {
    let inputs = "where is my parcel? ".repeat(100);
    let spans = vec![with_attribute(span(1, 1, None, "root", BASE_MS), "mlflow.spanInputs", &inputs)];
    let fake = Fake::with([Seed::new(1).request("where is ...").spans(spans)]);
    let column = |fields: &str, more: &[&str]| {
        let arguments = ["export", "-", "--format", "csv", "--fields", fields];
        fake.run(&[arguments.as_slice(), more].concat()).succeeds().lines()[1].clone()
    };
    assert_eq!(column("request,response", &["--spans"]), format!("{inputs},out of root"));
    assert_eq!(column("request_preview,response_preview", &["--spans"]), "where is ...,answer 1");
    assert_eq!(column("request,response", &[]), "where is ...,answer 1");
}
