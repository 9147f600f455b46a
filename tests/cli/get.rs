//! `get`.

use serde_json::json;

use crate::fake::{BASE_MS, Fake, KNOWN, Seed, id, span};
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
    fake.state().find_mut(&id(1)).unwrap().lost = true;
    fake.state().find_mut(&id(1)).unwrap().mislabelled = true;
    gallery.scene("one whose spans are not there", &fake.run(&["get", &id(1)]).exits(3));
    gallery.scene("only unknown ones", &fake.run(&["get", "tr-no", "tr-nope"]).exits(9));
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
    let spans: Vec<usize> =
        ended.jsonl().iter().map(|trace| trace["data"]["spans"].as_array().unwrap().len()).collect();
    assert_eq!(spans, [1, 0], "what is known of the other one is shown");
    ended.tells(&format!("the spans of trace {} are missing: Trace data not found", id(2)));
}

#[test]
fn a_trace_that_says_that_it_has_no_spans_is_shown_without() {
    let states_none = Seed::new(1).with_lost_file().metadata("mlflow.trace.sizeStats", "{\"num_spans\": 0}");
    let fake = Fake::with([states_none, Seed::new(2).spans(vec![]), Seed::new(3).in_artifact().spans(vec![])]);
    for number in 1..=3 {
        fake.run(&["get", &id(number)]).succeeds().prints("(no spans)");
    }
}

#[test]
fn a_trace_whose_spans_cannot_be_had_is_shown_with_the_reason() {
    let located = Seed::new(2).in_artifact().tag("mlflow.artifactLocation", "mlflow-artifacts:/1/traces/x/artifacts");
    let fake = Fake::with([Seed::new(1).in_artifact(), located]);
    fake.state().artifacts_down = true;
    let missing = fake.run(&["get", &id(1)]).exits(3).prints(&id(1)).prints("(spans not at hand)");
    missing
        .tells(&format!("the spans of trace {} are missing", id(1)))
        .tells("hint: the server may not reach its artifact store");
    let failing = fake.run(&["get", &id(2), "-o", "json"]).exits(3);
    assert_eq!(failing.json()["data"]["spans"], json!([]));
    failing
        .tells(&format!("the spans of trace {} cannot be read", id(2)))
        .tells("the server refused (500)")
        .tells("server's log");
}

#[test]
fn a_trace_with_some_of_its_spans_is_shown_with_them_and_told() {
    let stats = |seed: Seed| seed.metadata("mlflow.trace.sizeStats", "{\"num_spans\": 3}");
    let fake = Fake::with([
        stats(Seed::new(1)),
        stats(Seed::new(2)).state("IN_PROGRESS"),
        Seed::new(3).state("IN_PROGRESS").spans(vec![]),
    ]);
    fake.run(&["get", &id(1)]).exits(3).prints("chat").tells("is not complete: 1 of its 3 spans were found");
    fake.run(&["get", &id(2)]).succeeds().prints("chat").tells("is still in progress: 1 of its 3 spans were found");
    fake.run(&["get", &id(3)]).succeeds().prints("(no spans)").tells("is still in progress");
}

#[test]
fn a_trace_that_is_hidden_is_not_called_unknown() {
    let fake = Fake::with_many(3);
    fake.state().hidden.insert(id(2));
    for (ids, code) in [(vec![id(2)], 4), (vec!["tr-nope".to_owned()], 4), (vec![id(1), id(2), id(3)], 3)] {
        let arguments: Vec<&str> = ["get", "-o", "jsonl"].into_iter().chain(ids.iter().map(String::as_str)).collect();
        let ended = fake.run(&arguments).exits(code).tells("cannot tell whether trace").tells("Permission denied");
        ended.does_not_tell("there is no trace");
    }
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
    fake.run(&["get", "trace:/a/b"]).exits(9).tells("there is no trace trace:/a/b");
    fake.run(&["get", "tr-a?b#c"]).exits(9).tells("tr-a?b#c");
    assert_eq!(fake.log().last().unwrap().path, "/api/3.0/mlflow/traces/tr-a%3Fb%23c");
}
