//! `feedback`, `expectation` and `assessment`.

use serde_json::{Value, json};

use crate::harness::{Live, list, live, sorted, text};

const UNKNOWN: &str = "a-00000000000000000000000000000bad";

/// Logs feedback and returns its id, which is all that goes to standard output.
fn log(live: &Live, trace: &str, arguments: &[&str]) -> String {
    let run = live.run(&[&["feedback", "log", trace, "--name", "helpful"], arguments].concat()).succeeds();
    let id = run.stdout.trim().to_owned();
    assert!(id.starts_with("a-") && id.len() == 34, "{run}");
    id
}

/// The stored assessment with this id.
#[track_caller]
fn stored(live: &Live, trace: &str, id: &str) -> Value {
    let all = live.assessments(trace);
    all.into_iter().find(|assessment| assessment["assessment_id"] == id).unwrap_or_else(|| panic!("{id} is not there"))
}

#[test]
fn values_are_read_as_the_type_says() {
    let Some(live) = live() else { return };
    let trace = live.experiment().seed_one();
    for (kind, value, expected) in [
        ("auto", "true", json!(true)),
        ("auto", "false", json!(false)),
        ("auto", "0.9", json!(0.9)),
        ("auto", "-3", json!(-3.0)),
        ("auto", "very good", json!("very good")),
        ("auto", "{\"a\": [1, null]}", json!({"a": [1.0, null]})),
        ("auto", "[\"x\"]", json!(["x"])),
        ("string", "true", json!("true")),
        ("string", "0.9", json!("0.9")),
        ("string", "", json!("")),
        ("number", "4", json!(4.0)),
        ("number", "1e3", json!(1000.0)),
        ("bool", "true", json!(true)),
        ("json", "\"quoted é\"", json!("quoted é")),
        ("json", "[1, {\"b\": false}]", json!([1.0, {"b": false}])),
    ] {
        let id = log(live, &trace, &["--type", kind, "--value", value]);
        assert_eq!(stored(live, &trace, &id)["feedback"]["value"], expected, "{kind} {value}");
    }
}

#[test]
fn values_that_are_not_of_the_type_are_refused() {
    let Some(live) = live() else { return };
    let trace = live.experiment().seed_one();
    for (kind, value) in [
        ("number", "NaN"),
        ("number", "inf"),
        ("number", "four"),
        ("number", "1e999"),
        ("bool", "yes"),
        ("json", "{"),
        ("json", "NaN"),
    ] {
        let arguments = ["feedback", "log", &trace, "--name", "n", "--type", kind, "--value", value];
        live.run(&arguments).exits(2).prints_nothing();
    }
    assert_eq!(live.assessments(&trace), Vec::<Value>::new(), "nothing was logged");
}

#[test]
fn a_person_at_this_machine_judges_unless_said_otherwise() {
    let Some(live) = live() else { return };
    let trace = live.experiment().seed_one();
    let id = log(live, &trace, &["--value", "true"]);
    let source = stored(live, &trace, &id)["source"].take();
    assert_eq!(source["source_type"], "HUMAN");
    let name = text(source["source_id"].clone());
    assert!(name.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()), "{name}");
}

#[test]
fn everything_said_about_a_feedback_is_stored() {
    let Some(live) = live() else { return };
    let trace = live.experiment().seed_one();
    let span = "00000000000000a3";
    let judge = ["--value", "0.5", "--source-type", "LLM_JUDGE", "--source-id", "gpt-4o", "--rationale", "half é"];
    let more = ["--metadata", "prompt=v3", "--metadata", "raw=a=b", "--span-id", span];
    let id = log(live, &trace, &[judge.as_slice(), &more].concat());
    let feedback = stored(live, &trace, &id);
    assert_eq!(feedback["assessment_name"], "helpful");
    assert_eq!(feedback["source"], json!({"source_type": "LLM_JUDGE", "source_id": "gpt-4o"}));
    assert_eq!(feedback["rationale"], "half é");
    assert_eq!(feedback["metadata"], json!({"prompt": "v3", "raw": "a=b"}));
    assert_eq!(feedback["span_id"], span);
    let id = log(live, &trace, &["--value", "true", "--source-type", "CODE", "--source-id", "ci/check.py"]);
    let source = stored(live, &trace, &id)["source"].take();
    assert_eq!(source, json!({"source_type": "CODE", "source_id": "ci/check.py"}));
    let bad = ["feedback", "log", &trace, "--name", "n", "--value", "1", "--source-type", "AI_JUDGE"];
    live.run(&bad).exits(2);
}

#[test]
fn a_trace_is_found_by_the_id_of_the_application() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([
        {"client_request_id": "it's one"}, {"client_request_id": "req-two"}, {"client_request_id": "req-two"}]));
    let log = |request: &str| {
        experiment.run(&["feedback", "log", "--client-request-id", request, "--name", "helpful", "--value", "true"])
    };
    let id = log("it's one").succeeds().stdout.trim().to_owned();
    assert_eq!(live.only_assessment(&ids[0])["assessment_id"], id);
    log("req-none").exits(9).tells("req-none").prints_nothing();
    log("req-two").exits_with_one_of(&[2, 6, 7]).tells("req-two").prints_nothing();
    assert_eq!((live.assessments(&ids[1]), live.assessments(&ids[2])), (vec![], vec![]), "nothing was logged");
    let expected = experiment.run(&[
        "expectation",
        "log",
        "--client-request-id",
        "it's one",
        "--name",
        "answer",
        "--value",
        "soon",
    ]);
    assert_eq!(stored(live, &ids[0], expected.succeeds().stdout.trim())["expectation"], json!({"value": "soon"}));
}

#[test]
fn expectations_keep_lists_and_objects() {
    let Some(live) = live() else { return };
    let trace = live.experiment().seed_one();
    for (value, expected) in [
        ("Paris", json!("Paris")),
        ("true", json!(true)),
        ("42", json!(42.0)),
        ("[\"Paris\", \"é\"]", json!(["Paris", "é"])),
        ("{\"city\": \"Paris\"}", json!({"city": "Paris"})),
    ] {
        let run = live.run(&["expectation", "log", &trace, "--name", "answer", "--value", value]).succeeds();
        let expectation = stored(live, &trace, run.stdout.trim())["expectation"].take();
        let kept = match expectation.get("serialized_value") {
            Some(serialized) => serde_json::from_str(serialized["value"].as_str().unwrap()).unwrap(),
            None => expectation["value"].clone(),
        };
        assert_eq!(kept, expected, "{value}");
    }
}

#[test]
fn an_overridden_feedback_is_listed_only_on_request() {
    let Some(live) = live() else { return };
    let trace = live.experiment().seed_one();
    let old = text(live.call("log_feedback", &json!({"trace": trace, "name": "score", "value": 1})));
    let new = text(live.call("override_feedback", &json!({"trace": trace, "assessment": old, "value": 5})));
    let fact = text(live.call("log_expectation", &json!({"trace": trace, "name": "facts", "value": ["a"]})));
    let ids = |arguments: &[&str]| {
        let run = live.run(&[&["assessment", "list", &trace, "-o", "json"], arguments].concat()).succeeds();
        let ids = list(run.json()).into_iter().map(|mut one| text(one["assessment_id"].take()));
        sorted(ids.collect())
    };
    assert_eq!(ids(&[]), sorted(vec![new.clone(), fact.clone()]));
    assert_eq!(ids(&["--include-overridden"]), sorted(vec![old, new, fact.clone()]));
    let table = live.run(&["assessment", "list", &trace]).succeeds();
    table.prints("score").prints("facts").prints("5");
    let shown = live.run(&["assessment", "get", &trace, &fact, "-o", "json"]).succeeds().json();
    assert_eq!(shown["assessment_id"], fact);
    assert_eq!(shown["assessment_name"], "facts");
    live.run(&["assessment", "get", &trace, &fact]).succeeds().prints("facts");
}

#[test]
fn a_feedback_is_changed_where_it_is_told_to() {
    let Some(live) = live() else { return };
    let trace = live.experiment().seed_one();
    let id = log(live, &trace, &["--value", "true", "--rationale", "first look", "--metadata", "a=1"]);
    let update = |arguments: &[&str]| {
        live.run(&[&["assessment", "update", &trace, &id], arguments].concat()).succeeds();
        stored(live, &trace, &id)
    };
    let changed = update(&["--value", "false"]);
    assert_eq!((&changed["feedback"]["value"], &changed["rationale"]), (&json!(false), &json!("first look")));
    let changed = update(&["--rationale", "read again", "--metadata", "b=2", "--metadata", "a=3"]);
    assert_eq!((&changed["feedback"]["value"], &changed["rationale"]), (&json!(false), &json!("read again")));
    assert_eq!(changed["metadata"], json!({"a": "3", "b": "2"}));
    let changed = update(&["--name", "useful", "--type", "string", "--value", "7"]);
    assert_eq!((&changed["assessment_name"], &changed["feedback"]["value"]), (&json!("useful"), &json!("7")));
    let changed = update(&["--rationale", ""]);
    assert!(changed["rationale"].as_str().is_none_or(str::is_empty), "{changed}");
    live.run(&["assessment", "update", &trace, &id]).exits(2);
    assert_eq!(live.assessments(&trace).len(), 1, "changed in place");
}

#[test]
fn an_expectation_is_changed_where_it_is_told_to() {
    let Some(live) = live() else { return };
    let trace = live.experiment().seed_one();
    let id = text(live.call("log_expectation", &json!({"trace": trace, "name": "answer", "value": "Paris"})));
    live.run(&["assessment", "update", &trace, &id, "--value", "Lyon"]).succeeds();
    assert_eq!(stored(live, &trace, &id)["expectation"], json!({"value": "Lyon"}));
    live.run(&["assessment", "update", &trace, &id, "--name", "city"]).succeeds();
    let changed = stored(live, &trace, &id);
    assert_eq!((&changed["assessment_name"], &changed["expectation"]), (&json!("city"), &json!({"value": "Lyon"})));
    live.run(&["assessment", "update", &trace, UNKNOWN, "--value", "x"]).exits(9).tells(UNKNOWN);
}

#[test]
fn the_assessment_named_is_deleted_and_no_other() {
    let Some(live) = live() else { return };
    let trace = live.experiment().seed_one();
    let id = log(live, &trace, &["--value", "true"]);
    let kept = log(live, &trace, &["--value", "false"]);
    live.run(&["assessment", "delete", &trace, &id]).succeeds();
    assert_eq!(live.only_assessment(&trace)["assessment_id"], kept);
    // The server answers such a request with success.
    live.run(&["assessment", "delete", &trace, UNKNOWN]).exits(9).tells(UNKNOWN);
    live.run(&["assessment", "delete", &trace, &id]).exits(9).tells(&id);
    assert_eq!(live.only_assessment(&trace)["assessment_id"], kept);
}
