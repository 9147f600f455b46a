//! `review`, on a pseudo-terminal: each answer is saved once, whatever happens to the connection, and nothing is asked twice.
#![cfg(unix)]

use mlflow_trace::model::Assessment;
use serde_json::{Value, json};

use crate::fake::{Failure, Fake, Rule, Seed, id};
use crate::sight::{has_python, on_terminal};
use crate::support::{Ended, Program};

const POST: &str = "/assessments";

fn reviewed(fake: &Fake, size: (u16, u16), keys: &str, more: &[&str]) -> Ended {
    let args = [&["review", "--name", "correct", "--source-id", "jane"], more].concat();
    let program = Program::new(["-u", &fake.uri(), "-x", "my-app"].iter().chain(&args));
    let program = program.hidden_env("XDG_STATE_HOME", state()).hidden_env("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0");
    on_terminal(program.hidden_env("TERM", "xterm").hidden_env("TERMINAL_PAUSE", "0.3"), size, keys)
}

/// What a terminal showed, without what steers it: the words that changed, one blank between them.
fn shown(ended: &Ended) -> String {
    let mut text = String::new();
    for (at, part) in ended.stdout.split('\u{1b}').enumerate() {
        let begins =
            if at == 0 { 0 } else { part.find(|one: char| one.is_ascii_alphabetic()).map_or(0, |end| end + 1) };
        text.push(' ');
        text.push_str(&part[begins..]);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the journals of these tests are.
fn state() -> std::path::PathBuf {
    std::env::temp_dir().join(format!("mlflow-trace-review-{}", std::process::id()))
}

fn answers(fake: &Fake, number: u32) -> Vec<Assessment> {
    let state = fake.state();
    state.find(&id(number)).unwrap().info().assessments.iter().filter(|one| one.is_valid()).cloned().collect()
}

/// What jane answered on traces 1 to `last`; one answer each at most.
fn values(fake: &Fake, last: u32) -> Vec<Value> {
    let of_jane = |number| {
        let answers = answers(fake, number);
        let own: Vec<_> = answers.iter().filter(|one| one.source_id() == Some("jane")).collect();
        assert!(own.len() <= 1, "{own:?}");
        own.first().map_or(Value::Null, |one| one.value())
    };
    (1..=last).map(of_jane).collect()
}

#[test]
fn answers_are_saved_as_they_are_given_and_a_review_goes_on_where_it_ended() {
    if !has_python() {
        return;
    }
    let fake = Fake::with_many(4);
    let ended = reviewed(&fake, (80, 24), "yrtoo slow\\rnsq", &[]);
    assert_eq!(ended.code, Some(0), "{ended}");
    for text in [
        "trace 1 of 4",
        "y yes n no",
        "request: question",
        "name: chat",
        "Reviewed 2 traces for \"correct\" as jane; 2 left",
    ] {
        assert!(shown(&ended).contains(text), "{text}: {ended}");
    }
    assert_eq!(values(&fake, 4), [Value::Null, Value::Null, json!(false), json!(true)]);
    assert_eq!(answers(&fake, 3)[0].rationale(), Some("too slow"));
    assert_eq!(answers(&fake, 4)[0].source_type(), Some("HUMAN"));
    let ended = reviewed(&fake, (60, 12), "ny", &[]);
    assert!(ended.code == Some(0) && ended.stdout.contains("trace 1 of 2"), "{ended}");
    assert_eq!(values(&fake, 4), [json!(true), json!(false), json!(false), json!(true)]);
    let nothing = reviewed(&fake, (80, 24), "", &[]);
    assert!(nothing.stdout.contains("nothing left to review: you have judged all 4 traces"), "{nothing}");
}

#[test]
fn an_answer_that_was_a_mistake_is_taken_back_and_the_run_can_be_undone() {
    if !has_python() {
        return;
    }
    let fake = Fake::with_many(3);
    // The first is taken back and answered again, the second is gone back to and answered anew.
    let ended = reviewed(&fake, (80, 24), "yunybnyq", &[]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(values(&fake, 3), [json!(true), json!(false), json!(false)], "{ended}");
    let way_back = ended.stdout.rsplit_once("`mlflow-trace ").unwrap().1;
    let undo: Vec<&str> = way_back.split_once('`').unwrap().0.split(' ').collect();
    fake.bare(&undo).hidden_env("XDG_STATE_HOME", state()).run().succeeds();
    assert_eq!(values(&fake, 3), [Value::Null, Value::Null, Value::Null]);
}

#[test]
fn tags_are_set_in_a_review_and_a_filter_goes_through_some_of_the_traces() {
    if !has_python() {
        return;
    }
    let fake = Fake::with_many(4);
    fake.run(&["tag", "set", &id(2), "a=1"]).succeeds();
    // The third is the only one that matches; then the review goes on with the first.
    let ended = reviewed(&fake, (100, 24), "fx\r\x1bftags.a='1'\rt=\r\x1bta=2\rynq", &[]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(values(&fake, 4), [Value::Null, json!(true), Value::Null, json!(false)], "{ended}");
    for text in ["expected KEY=VALUE", "only tags.a='1'", "no more traces match; filter cleared"] {
        assert!(shown(&ended).contains(text), "{text}: {ended}");
    }
    let tag = || fake.state().find(&id(2)).unwrap().info().tags.get("a").cloned();
    assert_eq!(tag().as_deref(), Some("2"));
    let way_back = ended.stdout.rsplit_once("`mlflow-trace ").unwrap().1;
    let undo: Vec<&str> = way_back.split_once('`').unwrap().0.split(' ').collect();
    fake.bare(&undo).hidden_env("XDG_STATE_HOME", state()).run().succeeds();
    assert_eq!((values(&fake, 2), tag().as_deref()), (vec![Value::Null, Value::Null], Some("1")));
}

#[test]
fn a_tag_whose_answer_is_lost_is_set_and_can_be_undone() {
    if !has_python() {
        return;
    }
    let fake = Fake::with_many(2);
    fake.fail(Rule::nth(1, "PATCH"), Failure::LoseAnswer);
    let ended = reviewed(&fake, (100, 24), "ta=2\ryn", &[]);
    assert_eq!(ended.code, Some(0), "{ended}");
    let tag = || fake.state().find(&id(2)).unwrap().info().tags.get("a").cloned();
    assert_eq!((tag().as_deref(), values(&fake, 2)), (Some("2"), vec![json!(false), json!(true)]));
    let way_back = ended.stdout.rsplit_once("`mlflow-trace ").unwrap().1;
    let undo: Vec<&str> = way_back.split_once('`').unwrap().0.split(' ').collect();
    fake.bare(&undo).hidden_env("XDG_STATE_HOME", state()).run().succeeds();
    assert_eq!((tag(), values(&fake, 2)), (None, vec![Value::Null, Value::Null]));
}

#[test]
fn a_connection_that_is_cut_loses_no_answer_and_doubles_none() {
    if !has_python() {
        return;
    }
    let fake = Fake::with_many(6);
    fake.fail(Rule::nth(2, POST), Failure::LoseAnswer);
    fake.fail(Rule::nth(5, POST).times(4), Failure::Close);
    let ended = reviewed(&fake, (80, 24), "ynynyn", &[]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(values(&fake, 6), [json!(false), json!(true), json!(false), json!(true), json!(false), json!(true)]);
    assert!(shown(&ended).contains("not saved yet, trying again"), "{ended}");
}

#[test]
fn a_refusal_is_said_and_what_was_not_saved_can_be_saved_later() {
    if !has_python() {
        return;
    }
    let fake = Fake::with_many(2);
    let refusal = crate::fake::refused(403, "PERMISSION_DENIED", "Permission denied");
    fake.fail(Rule::every(POST), Failure::Answer(refusal));
    let ended = reviewed(&fake, (80, 24), "yq", &[]);
    assert_eq!(ended.code, Some(6), "{ended}");
    assert!(shown(&ended).contains("not saved: ") && ended.stdout.contains("Permission denied"), "{ended}");
    assert_eq!(values(&fake, 2), [Value::Null, Value::Null]);
    let fake = Fake::with_many(2);
    fake.fail(Rule::every(POST), Failure::Close);
    let ended = reviewed(&fake, (80, 24), "yqq", &[]);
    assert_eq!(ended.code, Some(6), "{ended}");
    assert!(ended.stdout.contains(&format!("feedback log {} \"correct=true\" --source-id \"jane\"", id(2))), "{ended}");
}

#[test]
fn others_are_hidden_from_the_blind_and_compared_at_the_end() {
    if !has_python() {
        return;
    }
    let fake = Fake::with_many(4);
    for (number, value) in [(1, "true"), (2, "false"), (3, "false"), (4, "true")] {
        let pair = format!("correct={value}");
        fake.run(&["feedback", "log", &id(number), &pair, "--source-id", "alice"]).succeeds();
    }
    let ended = reviewed(&fake, (80, 24), "ynyy", &["--blind"]);
    assert!(shown(&ended).contains("(answers of others are hidden)"), "{ended}");
    let (screen, report) = ended.stdout.split_once("Reviewed 4 traces").unwrap();
    assert!(!screen.contains("alice"), "{ended}");
    assert!(report.contains("Agreement with alice: 3 of 4 traces, Cohen's kappa 0.50."), "{ended}");
}

#[test]
fn answers_are_those_of_the_label_schema_or_of_flags() {
    if !has_python() {
        return;
    }
    let fake = Fake::with_many(2);
    fake.state().label_schemas.push(json!({"experiment_id": "1", "name": "tone", "type": "FEEDBACK",
        "input": {"categorical": {"options": ["kind", "rude"], "multi_select": false}}}));
    let program = |args: &[&str]| {
        let program = Program::new(["-u", &fake.uri(), "-x", "my-app", "review"].iter().chain(args));
        program.hidden_env("TERM", "xterm").hidden_env("TERMINAL_PAUSE", "0.3")
    };
    let ended = on_terminal(program(&["--schema", "tone"]), (80, 24), "21");
    assert!(ended.code == Some(0) && shown(&ended).contains("1 kind 2 rude"), "{ended}");
    assert_eq!((answers(&fake, 2)[0].value(), answers(&fake, 1)[0].value()), (json!("rude"), json!("kind")));
    let ended =
        on_terminal(program(&["--name", "answer", "--type", "text", "--expectation"]), (80, 24), "\\rParis\\rq");
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(answers(&fake, 2)[1].value(), json!("Paris"));
    let ended = on_terminal(program(&["--schema", "other"]), (80, 24), "");
    assert!(ended.code == Some(9) && ended.stdout.contains("no label schema \"other\""), "{ended}");
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let fake = Fake::with(std::iter::empty::<Seed>());
    fake.run(&["review", "--name", "correct"]).exits(2).tells("review needs a terminal").tells("feedback log");
    assert!(fake.log().is_empty());
}
