//! `get`.

use serde_json::json;

use crate::fake::{Answer, BASE_MS, Failure, Fake, KNOWN, Rule, Seed, id, span};
use crate::snapshot::Gallery;

/// A trace whose root has two children, one with a child of its own, and one span whose parent never came.
fn family(number: u32) -> Seed {
    let at = |span_number, parent, name: &str| span(number, span_number, parent, name, BASE_MS);
    let mut failed = at(4, Some(2), "embed");
    failed["status"] = json!({"code": "STATUS_CODE_ERROR", "message": "rate limit"});
    Seed::new(number).state("ERROR").spans(vec![
        at(1, None, "agent"),
        at(3, Some(1), "answer"),
        at(2, Some(1), "retrieve"),
        failed,
        at(9, Some(77), "orphan"),
    ])
}

#[test]
fn the_gallery_of_traces() {
    let fake = Fake::with([Seed::known(), family(1), Seed::new(2).spans(vec![])]);
    let mut gallery = Gallery::new("get");
    gallery.scene("one trace", &fake.run(&["get", KNOWN]).exits(0));
    gallery.scene("with the content of its spans", &fake.run(&["get", KNOWN, "--content"]).exits(0));
    gallery.scene("several", &fake.run(&["get", &id(1), &id(2)]).exits(0));
    gallery.scene("as JSON", &fake.run(&["get", &id(1), "-o", "json"]).exits(0));
    gallery.scene("several as JSON", &fake.run(&["get", &id(1), &id(2), "-o", "json"]).exits(0));
    gallery.scene("an unknown one among others", &fake.run(&["get", &id(2), "tr-nope"]).exits(3));
    gallery.scene("only unknown ones", &fake.run(&["get", "tr-no", "tr-nope"]).exits(6));
    gallery.check();
}

#[test]
fn one_id_is_one_object_and_several_are_an_array() {
    let fake = Fake::with_many(3);
    let one = fake.run(&["get", &id(1), "-o", "json"]).succeeds().json();
    assert_eq!(one["info"]["trace_id"], id(1));
    assert_eq!(one["data"]["spans"][0]["name"], "chat");
    let several = fake.run(&["get", &id(2), &id(1), "-o", "json"]).succeeds().json();
    let ids: Vec<_> = several.as_array().unwrap().iter().map(|trace| trace["info"]["trace_id"].clone()).collect();
    assert_eq!(ids, [id(2), id(1)], "in the order asked for");
    let piped = fake.program(&["get", "-", "-o", "json"]).stdin(id(1)).run().succeeds().json();
    assert!(piped.is_array(), "a pipe may hold one id or many");
    let lines = fake.run(&["get", &id(1), &id(2), &id(1), "-o", "jsonl"]).succeeds().jsonl();
    assert_eq!(lines.len(), 2, "an id given twice is read once");
}

#[test]
fn a_trace_in_a_file_does_not_spoil_the_others() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).in_artifact(), Seed::new(3)]);
    let lines = fake.run(&["get", &id(1), &id(2), &id(3), "-o", "jsonl"]).succeeds().jsonl();
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|trace| trace["data"]["spans"][0]["name"] == "chat"), "{lines:?}");
}

#[test]
fn a_tag_that_lies_about_the_spans_does_not_spoil_the_others() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).in_artifact_against_its_tag(), Seed::new(3)]);
    let lines = fake.run(&["get", &id(1), &id(2), &id(3), "-o", "jsonl"]).succeeds().jsonl();
    assert!(lines.len() == 3 && lines.iter().all(|trace| trace["data"]["spans"][0]["name"] == "chat"), "{lines:?}");
    assert_eq!(fake.asked("GET /api/3.0/mlflow/traces/batchGet").len(), 1, "which failed as a whole");
    assert_eq!(fake.asked("get-trace-artifact").len(), 1);
}

#[test]
fn lost_spans_are_told_and_the_rest_is_shown() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).with_lost_file()]);
    let ended = fake.run(&["get", &id(1), &id(2), "-o", "jsonl"]).exits(3);
    assert_eq!(ended.lines().len(), 1);
    ended.tells(&format!("the spans of trace {} are missing: Trace data not found", id(2)));
}

#[test]
fn a_trace_that_never_had_spans_is_shown_without() {
    let fake = Fake::with([Seed::new(1).in_artifact().spans(vec![])]);
    fake.fail(
        Rule::every("get-trace-artifact"),
        Failure::Answer(Answer::json(404, &json!({"error_code": "NOT_FOUND", "message": "no file"}))),
    );
    fake.run(&["get", &id(1)]).succeeds().prints("(no spans)");
}

#[test]
fn known_traces_are_shown_although_others_are_unknown() {
    let fake = Fake::with_many(2);
    let ended = fake.run(&["get", &id(1), "tr-no", &id(2), "tr-nope", "-o", "json"]).exits(3);
    assert_eq!(ended.json().as_array().unwrap().len(), 2);
    let error: serde_json::Value = serde_json::from_str(&ended.stderr).unwrap();
    assert_eq!((&error["error"]["code"], &error["error"]["exit"]), (&json!("partial"), &json!(3)));
    assert_eq!(error["error"]["message"], "there are no traces tr-no, tr-nope");
}

#[test]
fn ids_can_be_piped_from_a_search() {
    let fake = Fake::with((1..=90).map(|number| Seed::new(number).tag("n", &number.to_string())));
    let ids = fake.run(&["search", "--all", "-o", "ids"]).succeeds().stdout;
    let lines = fake.program(&["get", "-", "-o", "jsonl"]).stdin(ids).run().succeeds().jsonl();
    assert_eq!(lines.len(), 90);
    let order: Vec<_> = lines.iter().map(|trace| trace["info"]["tags"]["n"].as_str().unwrap().to_owned()).collect();
    assert_eq!(order, (1..=90).rev().map(|number| number.to_string()).collect::<Vec<_>>());
    fake.program(&["get", "-", "-o", "json"]).stdin("").run().succeeds().prints("[]");
}

#[test]
fn content_of_spans_is_escaped_for_people_only() {
    let mut nasty = span(1, 1, None, "\u{1b}[31mchat", BASE_MS);
    nasty["attributes"] = json!([{"key": "mlflow.spanInputs", "value": {"string_value": "\u{1b}]0;title\u{7}"}}]);
    let fake = Fake::with([Seed::new(1).spans(vec![nasty])]);
    fake.run(&["get", &id(1), "--content"]).succeeds().does_not_print("\u{1b}").prints("\\x1b]0;title\\x07");
    let trace = fake.run(&["get", &id(1), "-o", "json"]).succeeds().json();
    assert_eq!(trace["data"]["spans"][0]["name"], "\u{1b}[31mchat");
}

#[test]
fn an_id_with_a_slash_is_one_segment() {
    let fake = Fake::new();
    fake.run(&["get", "trace:/a/b"]).exits(6).tells("there is no trace trace:/a/b");
    fake.run(&["get", "tr-a?b#c"]).exits(6).tells("tr-a?b#c");
    assert_eq!(fake.log().last().unwrap().path, "/api/3.0/mlflow/traces/tr-a%3Fb%23c");
}
