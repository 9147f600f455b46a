//! `feedback log`, `expectation log` and `assessment`.

use serde_json::{Value, json};

use crate::fake::{ASSESSMENT, Answer, CHECKOUT, Failure, Fake, KNOWN, OLD, Rule, Seed, id};
use crate::snapshot::Gallery;

const CREATE: &str = "POST /api/3.0/mlflow/traces/tr-";
const LOOK: &str = "GET /api/3.0/mlflow/traces/tr-8c9da0e91080e465367d509b505b35da/assessments/";

fn known() -> Fake {
    Fake::with([Seed::known()])
}

const LOG: [&str; 7] = ["feedback", "log", KNOWN, "--name", "correct", "--value", "true"];

/// The one assessment that was logged.
fn logged(fake: &Fake) -> Value {
    let mut new: Vec<_> =
        fake.state().assessments(KNOWN).into_iter().filter(|known| known["assessment_id"] != ASSESSMENT).collect();
    assert_eq!(new.len(), 1, "{new:?}");
    Value::Object(new.remove(0))
}

#[test]
fn the_gallery_of_assessments() {
    let fake = known();
    let mut gallery = Gallery::new("assessment").hiding_times();
    gallery.scene("feedback", &fake.run(&LOG).exits(0));
    let judged = [
        "feedback",
        "log",
        "--client-request-id",
        "req-001",
        "--name",
        "score",
        "--value",
        "0.9",
        "--source-type",
        "LLM_JUDGE",
    ];
    gallery.scene("a judge without a name", &fake.run(&judged).exits(2));
    let judged = [judged.as_slice(), &["--source-id", "gpt-4o", "-o", "json"]].concat();
    gallery.scene("a judge's feedback on a request, as JSON", &fake.run(&judged).exits(0));
    let facts =
        ["expectation", "log", KNOWN, "--name", "facts", "--type", "json", "--value", "[\"Paris\", \"France\"]"];
    gallery.scene("an expectation", &fake.run(&facts).exits(0));
    gallery.scene("list", &fake.run(&["assessment", "list", KNOWN]).exits(0));
    gallery.scene("list, as CSV", &fake.run(&["assessment", "list", KNOWN, "-o", "csv"]).exits(0));
    gallery.scene("get", &fake.run(&["assessment", "get", KNOWN, ASSESSMENT]).exits(0));
    gallery.scene("get, as JSON", &fake.run(&["assessment", "get", KNOWN, ASSESSMENT, "-o", "json"]).exits(0));
    gallery.scene("update", &fake.run(&["assessment", "update", KNOWN, ASSESSMENT, "--value", "false"]).exits(0));
    gallery.scene("update without a change", &fake.run(&["assessment", "update", KNOWN, ASSESSMENT]).exits(2));
    gallery.scene("delete", &fake.run(&["assessment", "delete", KNOWN, ASSESSMENT]).exits(0));
    gallery.scene("delete again", &fake.run(&["assessment", "delete", KNOWN, ASSESSMENT]).exits(9));
    gallery.scene("get what is not there", &fake.run(&["assessment", "get", KNOWN, ASSESSMENT]).exits(9));
    gallery.scene("list of an unknown trace", &fake.run(&["assessment", "list", "tr-nope"]).exits(9));
    gallery.scene("not a number", &fake.run(&["feedback", "log", KNOWN, "--name", "score", "--value", "NaN"]).exits(2));
    gallery
        .scene("a span id that is cut", &fake.run(&[LOG.as_slice(), &["--span-id", "R2mTpMhSG8"]].concat()).exits(2));
    gallery.check();
}

#[test]
fn the_client_chooses_the_id_and_sends_everything() {
    let fake = known();
    let more =
        ["--rationale", "looks right", "--metadata", "a=b=c", "--metadata", "n=5", "--span-id", "47699324C8521BC4"];
    let ended = fake.run(&[LOG.as_slice(), &more].concat()).succeeds();
    let sent = fake.bodies(CREATE).remove(0)["assessment"].clone();
    let id = sent["assessment_id"].as_str().unwrap();
    assert_eq!(ended.stdout, format!("{id}\n"));
    assert!(id.len() == 34 && id.starts_with("a-"), "{id}");
    assert_eq!(sent["assessment_name"], "correct");
    assert_eq!(sent["feedback"], json!({"value": true}));
    assert_eq!(sent["rationale"], "looks right");
    assert_eq!(sent["metadata"], json!({"a": "b=c", "n": "5"}));
    assert_eq!(sent["span_id"], "47699324c8521bc4");
    assert_eq!(sent["source"]["source_type"], "HUMAN");
    let host = std::process::Command::new("uname").arg("-n").output().unwrap().stdout;
    let host = String::from_utf8(host).unwrap();
    assert_eq!(sent["source"]["source_id"], format!("jane@{}", host.trim()), "{sent}");
    assert_eq!(sent["create_time"], sent["last_update_time"]);
    assert!(sent["create_time"].as_str().unwrap().ends_with('Z'), "{sent}");
    assert_eq!(logged(&fake)["assessment_id"], id);
}

#[test]
fn values_are_sent_as_what_they_are() {
    for (value, kind, sent) in [
        ("true", "auto", json!(true)),
        ("0.5", "auto", json!(0.5)),
        ("-3", "auto", json!(-3)),
        ("007", "auto", json!("007")),
        ("[1, \"x\"]", "auto", json!([1, "x"])),
        ("5", "string", json!("5")),
        ("null", "json", Value::Null),
    ] {
        let fake = known();
        fake.run(&["feedback", "log", KNOWN, "--name", "n", "--value", value, "--type", kind]).succeeds();
        assert_eq!(fake.bodies(CREATE)[0]["assessment"]["feedback"]["value"], sent, "{value}");
    }
}

#[test]
fn what_cannot_be_stored_is_refused_before_anything_is_sent() {
    let fake = known();
    let log = |kind: &str, more: &[&str]| fake.run(&[&[kind, "log", KNOWN, "--name", "n"], more].concat()).exits(2);
    for value in ["NaN", "-inf", "Infinity", "1e999", "9007199254740993"] {
        log("feedback", &["--value", value]).tells("--type string");
        log("expectation", &["--value", value]);
    }
    log("expectation", &["--value", "null", "--type", "json"]).tells("cannot be null");
    log("feedback", &["--value", "yes", "--type", "bool"]);
    log("feedback", &["--value", "x", "--source-type", "MODEL"]);
    log("feedback", &["--value", "x", "--source-type", "CODE"]).tells("--source-id");
    log("feedback", &["--value", "x", "--metadata", "novalue"]);
    fake.run(&["feedback", "log", KNOWN, "--name", "", "--value", "x"]).exits(2);
    fake.run(&["feedback", "log", KNOWN, "--name", &"n".repeat(251), "--value", "x"]).exits(2);
    fake.run(&["feedback", "log", "--name", "n", "--value", "x"]).exits(2);
    assert!(fake.log().is_empty());
}

#[test]
fn an_answer_that_was_lost_does_not_log_twice() {
    let fake = known();
    fake.fail(Rule::first(CREATE), Failure::LoseAnswer);
    fake.run(&LOG).succeeds();
    assert_eq!(fake.asked(CREATE).len(), 1, "it was looked up and not sent again");
    assert_eq!(fake.asked(LOOK).len(), 1);
    logged(&fake);
}

#[test]
fn a_request_that_never_arrived_is_sent_again() {
    let fake = known();
    fake.fail(Rule::first(CREATE), Failure::Close);
    fake.run(&LOG).succeeds();
    let sent = fake.bodies(CREATE);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0], sent[1], "with the same id");
    logged(&fake);
}

#[test]
fn a_time_out_after_the_fact_does_not_log_twice() {
    let fake = known();
    fake.fail(
        Rule::first(CREATE),
        Failure::AnswerAfterAll(Answer::new(504, "text/html", "<html><title>Gateway</title></html>")),
    );
    fake.run(&LOG).succeeds();
    assert_eq!(fake.asked(CREATE).len(), 1);
    logged(&fake);
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let fake = known();
    fake.fail(Rule::every(CREATE), Failure::Close);
    fake.run(&LOG).exits(5);
    assert_eq!(fake.asked(CREATE).len(), 3);
    assert_eq!(fake.state().assessments(KNOWN).len(), 1);
}

#[test]
fn a_refusal_is_not_repeated() {
    let fake = known();
    fake.fail(Rule::every(CREATE), Failure::status(403, "Permission denied"));
    fake.run(&LOG).exits(4);
    assert_eq!(fake.asked(CREATE).len(), 1);
}

#[test]
fn the_mask_of_an_update_is_one_string_in_camel_case() {
    let fake = known();
    let more = ["--value", "0.5", "--name", "accuracy", "--rationale", "", "--metadata", "by=jane"];
    fake.run(&[["assessment", "update", KNOWN, ASSESSMENT].as_slice(), &more].concat()).succeeds();
    assert_eq!(
        fake.bodies("PATCH"),
        [json!({
            "assessment": {"assessment_name": "accuracy", "feedback": {"value": 0.5}, "rationale": "", "metadata": {"by": "jane"}},
            "update_mask": "feedback,assessmentName,rationale,metadata",
        })]
    );
    let after = fake.state().assessments(KNOWN).remove(0);
    assert_eq!((&after["assessment_name"], &after["feedback"]["value"]), (&json!("accuracy"), &json!(0.5)));
    fake.run(&["assessment", "update", KNOWN, ASSESSMENT, "--rationale", "read again"]).succeeds();
    assert_eq!(fake.bodies("PATCH")[1]["update_mask"], "rationale");
}

#[test]
fn an_expectation_is_updated_as_one() {
    let fake = known();
    let log = ["expectation", "log", KNOWN, "--name", "answer", "--value", "Paris"];
    let id = fake.run(&log).succeeds().lines().remove(0);
    let update = ["assessment", "update", KNOWN, &id];
    fake.run(&[update.as_slice(), &["--value", "[\"Paris\"]"]].concat()).succeeds();
    assert_eq!(
        fake.bodies("PATCH"),
        [json!({"assessment": {"expectation": {"value": ["Paris"]}}, "update_mask": "expectation"})]
    );
    assert_eq!(logged(&fake)["expectation"]["serialized_value"]["value"], "[\"Paris\"]");
    fake.run(&[update.as_slice(), &["--rationale", "why"]].concat()).exits(2).tells("an expectation has no rationale");
    fake.run(&[update.as_slice(), &["--value", "null", "--type", "json"]].concat()).exits(2);
    fake.run(&[update.as_slice(), &["--value", "NaN"]].concat()).exits(2);
    assert_eq!(fake.bodies("PATCH").len(), 1);
}

#[test]
fn a_deletion_is_believed_only_after_a_look() {
    let fake = known();
    fake.run(&["assessment", "delete", KNOWN, ASSESSMENT]).succeeds().tells("Deleted feedback \"helpful\"");
    assert_eq!(fake.state().assessments(KNOWN).len(), 0);
    let fake = known();
    fake.fail(Rule::every("DELETE"), Failure::Answer(Answer::json(200, &json!({}))));
    fake.run(&["assessment", "delete", KNOWN, ASSESSMENT]).exits(6).tells("still exists");
    fake.run(&["assessment", "delete", KNOWN, "a-nope"]).exits(9).tells("has no assessment a-nope");
    assert_eq!(fake.asked("DELETE").len(), 1, "what is not there is not deleted");
}

#[test]
fn the_source_can_be_chosen() {
    let fake = known();
    fake.run(&[LOG.as_slice(), &["--source-id", "bob", "--source-type", "human"]].concat()).succeeds();
    assert_eq!(logged(&fake)["source"], json!({"source_type": "HUMAN", "source_id": "bob"}));
    let fake = known();
    fake.run(&[LOG.as_slice(), &["--source-id", "check.py", "--source-type", "CODE"]].concat()).succeeds();
    assert_eq!(logged(&fake)["source"], json!({"source_type": "CODE", "source_id": "check.py"}));
}

#[test]
fn a_client_request_id_must_mean_one_trace() {
    let fake = Fake::with([
        Seed::new(1).client_request_id("one"),
        Seed::new(2).client_request_id("two"),
        Seed::new(3).client_request_id("two"),
        Seed::new(4).client_request_id("it's").experiment(CHECKOUT),
    ]);
    let log = |experiment: &str, request: &str| {
        fake.run(&["feedback", "log", "--client-request-id", request, "--name", "n", "--value", "1", "-x", experiment])
    };
    log("my-app", "one").succeeds().tells(&id(1));
    log("my-app", "two").exits(6).tells("several traces");
    log("my-app", "none").exits(9).tells("no trace has");
    log("my-app", "it's").exits(9);
    log("checkout", "it's").succeeds();
    log("my-app", "'\"").exits(2);
    assert_eq!(fake.asked("/assessments").len(), 2);
}

#[test]
fn unknown_and_deleted_traces_get_no_assessment() {
    let fake = Fake::with([Seed::new(1).experiment(OLD)]);
    let log = |trace: &str| fake.run(&["feedback", "log", trace, "--name", "n", "--value", "1"]);
    log(&id(1)).exits(6).tells("deleted");
    log("tr-nope").exits(9).tells("there is no trace tr-nope; nothing was changed");
    assert!(fake.asked("/assessments").is_empty());
}

#[test]
fn overridden_assessments_are_shown_on_demand() {
    let fake = known();
    let mut old = fake.state().assessments(KNOWN).remove(0);
    old["assessment_id"] = "a-old".into();
    old["valid"] = false.into();
    fake.state().put_assessment(KNOWN, old);
    let list = fake.run(&["assessment", "list", KNOWN, "-o", "ids"]).succeeds().tells("1 overridden not");
    assert_eq!(list.lines(), [ASSESSMENT]);
    let list = fake.run(&["assessment", "list", KNOWN, "-o", "ids", "--include-overridden"]).succeeds();
    assert_eq!(list.lines(), [ASSESSMENT, "a-old"]);
}

#[test]
fn a_label_schema_is_honoured() {
    let fake = known();
    let schema = |name: &str, kind: &str, input: Value| json!({"experiment_id": experiment(&fake), "name": name, "type": kind, "input": input});
    let schemas = vec![
        schema("score", "FEEDBACK", json!({"numeric": {"min_value": 1.0, "max_value": 5.0}})),
        schema("helpful", "FEEDBACK", json!({"pass_fail": {"positive_label": "Yes", "negative_label": "No"}})),
        schema("answer", "EXPECTATION", json!({"text": {"max_length": 5}})),
    ];
    fake.state().label_schemas = schemas;
    let before = fake.state().assessments(KNOWN);
    for (line, told) in [
        (&["feedback", "log", KNOWN, "--name", "score", "--value", "6"][..], "takes a number from 1 up to 5"),
        (&["feedback", "log", KNOWN, "--name", "answer", "--value", "Paris"], "is one of expectations"),
        (&["expectation", "log", KNOWN, "--name", "answer", "--value", "Berlin"], "text of at most 5 characters"),
        (&["feedback", "override", KNOWN, ASSESSMENT, "--value", "maybe"], "true (Yes) or false (No)"),
        (&["assessment", "update", KNOWN, ASSESSMENT, "--value", "maybe"], "true (Yes) or false (No)"),
        (&["assessment", "update", KNOWN, ASSESSMENT, "--name", "score"], "takes a number"),
    ] {
        fake.run(line).exits(7).tells(told).tells("nothing was changed").prints_nothing();
    }
    assert_eq!(fake.state().assessments(KNOWN), before);
    fake.run(&["feedback", "log", KNOWN, "--name", "score", "--value", "5"]).succeeds();
    fake.run(&["expectation", "log", KNOWN, "--name", "answer", "--value", "Paris"]).succeeds();
    fake.run(&["feedback", "log", KNOWN, "--name", "free", "--value", "[1]", "--type", "json"]).succeeds();
    fake.run(&["assessment", "update", KNOWN, ASSESSMENT, "--rationale", "so"]).succeeds();
    fake.run(&["feedback", "override", KNOWN, ASSESSMENT, "--value", "false"]).succeeds();
}

/// The experiment of the known trace.
fn experiment(fake: &Fake) -> String {
    fake.state().find(KNOWN).unwrap().experiment()
}

#[test]
fn servers_without_label_schemas_take_everything() {
    let fake = known();
    fake.fail(Rule::every("label-schemas"), Failure::Answer(crate::fake::recorded("unknown_endpoint")));
    fake.run(&LOG).succeeds();
    assert_eq!(fake.asked("label-schemas").len(), 1);
}
