//! Short annotations: `NAME=VALUE`, several traces, values that may have been meant otherwise, what was said before, and names
//! in the place of ids.

use serde_json::{Value, json};

use crate::fake::{APP, Failure, Fake, Rule, Seed, id};
use crate::support::{Ended, Program};

const CREATE: &str = "POST /api/3.0/mlflow/traces/";

fn three() -> Fake {
    Fake::with((1..=3).map(Seed::new))
}

/// Name, value and whether it counts, of all that a trace has.
fn said(fake: &Fake, number: u32) -> Vec<(String, Value, bool)> {
    let all = fake.state().assessments(&id(number));
    let of = |one: &serde_json::Map<String, Value>| {
        let name = one["assessment_name"].as_str().unwrap().to_owned();
        let value = one.get("feedback").or(one.get("expectation")).unwrap()["value"].clone();
        (name, value, one.get("valid") != Some(&json!(false)))
    };
    let mut said: Vec<_> = all.iter().map(of).collect();
    said.sort_by_key(|one| format!("{one:?}"));
    said
}

fn is(name: &str, value: Value) -> (String, Value, bool) {
    (name.to_owned(), value, true)
}

fn log(fake: &Fake, words: &[&str]) -> Program {
    fake.bare(&[&["feedback", "log"], words].concat())
}

#[test]
fn a_name_and_a_value_are_one_word() {
    let fake = three();
    let ended = log(&fake, &[&id(1), "helpful=true", "note=a=b", "score=-0.5"]).run().succeeds();
    assert_eq!(ended.lines().len(), 3, "an id each");
    assert_eq!(said(&fake, 1), [is("helpful", json!(true)), is("note", json!("a=b")), is("score", json!(-0.5))]);
    fake.bare(&["expectation", "log", &id(2), "answer=Paris"]).run().succeeds().tells("Logged expectation \"answer\"");
    assert_eq!(said(&fake, 2), [is("answer", json!("Paris"))]);
    fake.bare(&["expectation", "log", &id(2), "n=null", "--type", "json"]).run().exits(2).tells("cannot be null");
    let seed = Seed::new(7).client_request_id("req-7");
    fake.state().add([seed]);
    fake.run(&["feedback", "log", "--client-request-id", "req-7", "ok=true"]).succeeds();
    assert_eq!(said(&fake, 7), [is("ok", json!(true))]);
}

#[test]
fn words_that_cannot_be_read_send_nothing_and_say_what_can() {
    let fake = three();
    let one = id(1);
    let one = one.as_str();
    for (words, told) in [
        (&["helpful=true"][..], "no trace id"),
        (&[one][..], "no NAME=VALUE"),
        (&[one, "helpful"], "no NAME=VALUE"),
        (&[one, "a=1", "tr-2"], "is not NAME=VALUE"),
        (&[one, "a=1", "a=2"], "given twice"),
        (&[one, "--name", "a"], "--value"),
        (&[one, "--value", "1"], "--name"),
        (&[one, "a=1", "--client-request-id", "r"], "use only one of them"),
        (&["status = 'ERROR'", "a=1"], "expected trace ids, got the filter"),
        (&[one, "a=NaN"], "is not a number that can be stored"),
    ] {
        log(&fake, words).run().exits(2).prints_nothing().tells(told).tells("hint:");
    }
    log(&fake, &[one, "=1"]).run().exits(2).tells("the name may not be empty");
    assert!(fake.log().is_empty());
    log(&fake, &[one, "tr-nope", "a=1"]).run().exits(9).tells("there is no trace tr-nope");
    assert!(fake.asked(CREATE).iter().all(|request| !request.line().contains("assessments")));
}

#[test]
fn several_traces_are_annotated_at_once() {
    let fake = three();
    let state = tempfile::tempdir().unwrap();
    let remembered = |program: Program| program.hidden_env("MLFLOW_TRACE_STATE_DIR", state.path());
    let ended = remembered(log(&fake, &[&id(1), &id(2), "ok=true", "no=false", "-o", "json"])).run().succeeds();
    assert_eq!(ended.json().as_array().unwrap().len(), 4);
    let ended = ended.tells("Logged feedback \"ok\" on 2 traces as HUMAN");
    let undo: Vec<&str> = ended.stderr.split('`').nth(1).unwrap().split(' ').skip(1).collect();
    // The line that was shown works as it is, whichever way the server was named.
    let bare = Program::new(undo).hidden_env("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0");
    remembered(bare).run().succeeds().tells("no tracking URI given; using http://127.0.0.1:");
    assert_eq!((said(&fake, 1), said(&fake, 2)), (vec![], vec![]), "one run, taken back as one");
    log(&fake, &[&id(1), &id(2), "ok=true"]).run().succeeds();
    let piped = log(&fake, &["-", "seen=true"]).stdin(format!("{}\n{}\n", id(2), id(3))).run().succeeds();
    assert_eq!(piped.lines().len(), 2);
    assert_eq!(said(&fake, 2), [is("ok", json!(true)), is("seen", json!(true))]);
    assert_eq!(said(&fake, 3), [is("seen", json!(true))]);
    let two = log(&fake, &[&format!("{},{}", id(1), id(3)), "--name", "x", "--value", "1", "-o", "jsonl"]).run();
    assert_eq!(two.succeeds().jsonl().len(), 2);
}

#[test]
fn what_fails_among_several_is_partly_done_and_the_same_command_does_the_rest() {
    let fake = three();
    fake.fail(Rule::nth(2, "/assessments"), Failure::status(400, "no"));
    let words = [&id(1), &id(2), &id(3), "ok=true"];
    log(&fake, &words).run().exits(3).tells("2 of 3 logged or already there; 1 failed");
    let again = log(&fake, &words).run().succeeds();
    again.tells("already gave \"ok\" this value").tells(&format!("Logged feedback \"ok\" on {} as HUMAN jane", id(2)));
    for number in 1..=3 {
        assert_eq!(said(&fake, number), [is("ok", json!(true))]);
    }
}

#[test]
fn text_that_may_have_been_meant_otherwise_is_told() {
    let fake = three();
    let warned = |ended: &Ended| ended.stderr.contains("is stored as text");
    for (value, told) in [
        ("yes", "for a boolean, write true"),
        ("0,8", "for a number, write 0.8"),
        ("True", "for a boolean, write true"),
        ("007", "for a number, write 7"),
    ] {
        let ended = log(&fake, &[&id(1), &format!("n={value}")]).run().succeeds();
        assert!(warned(&ended), "{ended}");
        ended.tells(told).tells("--type string");
        let meant = log(&fake, &[&id(1), &format!("n={value}"), "--type", "string"]).run().succeeds();
        assert!(!warned(&meant), "{meant}");
    }
    for value in ["Paris", "true", "0.8", "v1.2", "[1]"] {
        let ended = log(&fake, &[&id(2), &format!("n={value}")]).run().succeeds();
        assert!(!warned(&ended), "{ended}");
    }
    let first = fake.state().assessments(&id(1))[0]["assessment_id"].as_str().unwrap().to_owned();
    fake.run(&["assessment", "update", &id(1), &first, "--value", "no"]).succeeds().tells("is stored as text");
    fake.run(&["feedback", "override", &id(1), &first, "--value", "NO"]).succeeds().tells("is stored as text");
    assert_eq!(
        log(&fake, &[&id(3), "n=yes", "-q"]).run().succeeds().stderr.lines().count(),
        2,
        "warnings are not status"
    );
}

#[test]
fn what_the_source_said_before_is_told_and_dealt_with_as_an_import_does() {
    let before = |fake: &Fake| log(fake, &[&id(1), "ok=true"]).run().succeeds().lines().remove(0);
    // Nobody says what to do.
    let fake = three();
    let first = before(&fake);
    let again = log(&fake, &[&id(1), "ok=true"]).run().succeeds().prints(&format!("{first}\n"));
    again.tells("already gave \"ok\" this value").tells("nothing was logged");
    let other = log(&fake, &[&id(1), "ok=false"]).run().succeeds();
    let other = other.tells(&format!("already gave \"ok\" another value on {}, which is still valid: {first}", id(1)));
    assert_eq!(said(&fake, 1), [is("ok", json!(false)), is("ok", json!(true))]);
    let hint = other.stderr.split('`').nth(1).unwrap();
    let words: Vec<&str> = hint.split(' ').skip(1).collect();
    fake.bare(&words).run().succeeds();
    assert_eq!(said(&fake, 1), [is("ok", json!(false))], "{hint}");
    // As --on-existing says.
    let with = |mode: &str| {
        let fake = three();
        let first = before(&fake);
        let ended = log(&fake, &[&id(1), "ok=false", "--on-existing", mode]).run().succeeds();
        (said(&fake, 1), first, ended)
    };
    let (left, first, ended) = with("skip");
    assert_eq!(left, [is("ok", json!(true))]);
    ended.prints(&format!("{first}\n")).tells("which is kept; nothing was logged");
    let (left, first, ended) = with("override");
    assert_eq!(left, [is("ok", json!(false)), ("ok".to_owned(), json!(true), false)]);
    ended.tells(&format!("overrides {first}"));
    let (left, ..) = with("append");
    assert_eq!(left.len(), 2);
    // Two that count cannot both be overridden.
    let fake = three();
    before(&fake);
    log(&fake, &[&id(1), "ok=false"]).run().succeeds();
    log(&fake, &[&id(1), "ok=maybe", "--on-existing", "override"]).run().exits(3).tells("are still valid");
    // Another source says what it likes.
    log(&fake, &[&id(2), "ok=true"]).run().succeeds();
    let judge = log(&fake, &[&id(2), "ok=false", "--source-type", "CODE", "--source-id", "c"]).run().succeeds();
    assert!(!judge.stderr.contains("before"), "{judge}");
}

#[test]
fn an_assessment_is_found_by_its_name_if_that_is_the_only_one() {
    let fake = three();
    let of = |words: &[&str]| fake.bare(&[&["assessment"], words].concat()).run();
    let logged = log(&fake, &[&id(1), "ok=true", "score=1"]).run().succeeds().lines();
    assert_eq!(of(&["get", &id(1), "ok", "-o", "json"]).succeeds().json()["assessment_id"], logged[0].as_str());
    of(&["update", &id(1), "score", "--value", "2"]).succeeds();
    assert_eq!(said(&fake, 1), [is("ok", json!(true)), is("score", json!(2.0))]);
    log(&fake, &[&id(1), "ok=false", "--on-existing", "append"]).run().succeeds();
    for words in [&["get", &id(1), "ok"][..], &["update", &id(1), "ok", "--value", "1"], &["delete", &id(1), "ok"]] {
        let refused = of(words).exits(6).prints_nothing().tells("has 2 assessments named");
        refused.tells("nothing was changed").tells(&format!("`mlflow-trace assessment get {} {}`", id(1), logged[0]));
    }
    fake.bare(&["feedback", "override", &id(1), "ok", "--value", "1"]).run().exits(6).tells("2 assessments");
    assert_eq!(said(&fake, 1).len(), 3);
    of(&["delete", &id(1), "score"]).succeeds();
    of(&["delete", &id(1), "score"]).exits(9).tells("has no assessment score");
    assert_eq!(said(&fake, 1).len(), 2);
    fake.bare(&["feedback", "override", &id(1), "score", "--value", "1"]).run().exits(9);
    let demo = Program::new(["assessment", "get", "-u", "demo", "tr-nope", "x"]).run();
    demo.exits(9);
    assert_eq!(fake.state().ids(APP).len(), 3);
}
