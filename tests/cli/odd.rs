//! Odd traces, which whoever may log a trace can make: they spoil no list, and stand for no other trace.

use serde_json::{Map, Value, json};

use crate::fake::{APP, BASE_MS, Failure, Fake, Rule, Seed, id};
use mlflow_trace::model::rfc3339_utc;

/// A trace with an id of this spelling.
fn called(number: u32, id: &str) -> Seed {
    let mut seed = Seed::new(number);
    seed.info["trace_id"] = id.into();
    seed
}

#[test]
fn an_id_with_a_line_break_stands_for_no_other_trace() {
    let victim = id(1);
    let odd = format!("tr-odd\n{victim}");
    let fake = Fake::with([Seed::new(1), called(2, &odd), called(3, "--yes"), called(4, "a b")]);
    let ended = fake.run(&["search", "-o", "ids"]).exits(3).prints(&format!("{victim}\n"));
    let ended = ended.tells(r#""tr-odd\n"#).tells("--null");
    assert_eq!(ended.stderr.lines().count(), 2, "{ended}");
    fake.run(&["delete", "--name", "chat", "--dry-run", "-o", "ids"]).exits(3).prints(&format!("{victim}\n"));
    fake.run(&["tag", "set", "--name", "chat", "a=b", "--dry-run", "-o", "ids"])
        .exits(3)
        .prints(&format!("{victim}\n"));
    // With a NUL behind each they are what they are, on both sides.
    let nul = fake.run(&["search", "-o", "ids", "--null"]).succeeds();
    assert_eq!(nul.stdout.split_terminator('\0').collect::<Vec<_>>(), ["a b", "--yes", &odd, &victim]);
    let only = format!("{odd}\0");
    fake.program(&["delete", "-", "-0", "--yes"]).stdin(only).run().succeeds();
    assert_eq!(fake.state().ids(APP).len(), 3);
    assert!(fake.state().ids(APP).contains(&victim));
}

#[test]
fn what_is_not_one_id_a_line_is_no_id() {
    let fake = Fake::with_many(2);
    let delete =
        |flags: &[&str], input: &str| fake.program(&[&["delete", "-", "--yes"], flags].concat()).stdin(input).run();
    for input in [
        "tr-1 tr-2\n",
        &format!("{} \n", id(1)),
        &format!("{}\r\n{}\n", id(1), id(2)),
        "{\"a\": 1}\n",
        "a,b\n",
        "--yes\n",
    ] {
        delete(&[], input).exits(2).tells("standard input is not one trace id per line");
    }
    delete(&["-0"], &format!("{}\n", id(1))).exits(2).tells("does not end with a NUL");
    // An argument is taken as it is.
    fake.run(&["delete", &format!("{}\n", id(1)), "--yes"]).fails();
    assert_eq!(fake.state().ids(APP).len(), 2);
    let both = format!("{}\0{}\0", id(1), id(2));
    delete(&["-0"], &both).succeeds();
    assert!(fake.state().ids(APP).is_empty());
}

#[test]
fn the_last_moment_of_the_calendar_is_a_time() {
    let last = "9999-12-31T23:59:59.999Z";
    let mut seed = Seed::new(2);
    seed.info["request_time"] = last.into();
    let fake = Fake::with([Seed::new(1), seed]);
    let lines = fake.run(&["search", "-o", "jsonl", "--all"]).succeeds().jsonl();
    assert_eq!((lines.len(), &lines[0]["info"]["request_time"]), (2, &json!(last)));
    fake.run(&["search"]).succeeds().tells("").prints(&fake.run(&["search"]).succeeds().stdout);
    fake.run(&["get", &id(2)]).succeeds();
    for format in ["jsonl", "csv", "parquet"] {
        if cfg!(feature = "parquet") || format != "parquet" {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(format!("a.{format}"));
            fake.run(&["export", file.to_str().unwrap(), "--spans"]).succeeds().tells("Wrote 2 traces");
        }
    }
    fake.run(&["delete", "--until", "2027-01-01", "--yes"]).succeeds();
    assert_eq!(fake.state().ids(APP), [id(2)]);
}

/// Values that are none, each in a field that may be asked for.
fn odd_values() -> [(&'static str, Value); 7] {
    [
        ("request_time", json!("20000-01-01T00:00:00Z")),
        ("request_time", Value::Null),
        ("execution_duration", json!("for ever")),
        ("tags", json!({"keep": null})),
        ("tags", json!(7)),
        ("trace_metadata", json!("x")),
        ("assessments", json!([null])),
    ]
}

#[test]
fn a_trace_that_cannot_be_read_is_told_and_spoils_nothing() {
    for (field, value) in odd_values() {
        let fake = Fake::with_many(3);
        fake.state().odd.insert(id(2), Map::from_iter([(field.to_owned(), value.clone())]));
        let ended = fake.run(&["search", "-o", "ids", "--all"]).exits(3);
        assert_eq!(ended.lines(), [id(3), id(1)], "{field}: {value}");
        ended.tells(&id(2)).tells(field).tells("what the server says of it cannot be read");
        let ended = fake.run(&["export", "-"]).exits(3).tells(&id(2)).tells("Wrote 2 traces");
        assert_eq!(ended.lines().len(), 2);
        fake.run(&["get", &id(2)]).fails().tells(&id(2)).tells(field).does_not_tell("login page");
        fake.run(&["get", &id(1)]).succeeds();
        // Whatever is asked, it stays.
        let until = rfc3339_utc(BASE_MS + 86_400_000);
        fake.run(&["delete", "--until", &until, "--yes"]).tells_of_one_that_stays();
        assert_eq!(fake.state().ids(APP), [id(2)], "{field}: {value}");
        fake.run(&["delete", &id(2), "--yes"]).fails();
        fake.run(&["delete", "--filter", "tags.keep IS NULL", "--yes"]).tells_of_one_that_stays();
        assert_eq!(fake.state().ids(APP), [id(2)], "{field}: {value}");
    }
}

trait Stays {
    fn tells_of_one_that_stays(self);
}

impl Stays for crate::support::Run {
    #[track_caller]
    fn tells_of_one_that_stays(self) {
        self.ends().tells("cannot tell whether 1 trace match").tells("kept: 1");
    }
}

#[test]
fn many_traces_that_cannot_be_read_are_walked_past() {
    let fake = Fake::with((1..=1300).map(|number| Seed::new(number).started(BASE_MS + i64::from(number / 700))));
    for number in (1..=1300).filter(|number| number % 3 == 0) {
        fake.state().odd.insert(id(number), Map::from_iter([("request_time".to_owned(), json!("never"))]));
    }
    let ended = fake.run(&["search", "-o", "ids", "--all"]).exits(3).tells("cannot tell whether 433 traces match");
    assert_eq!(ended.lines().len(), 867);
}

#[test]
fn what_a_server_says_in_an_error_is_escaped_and_one_line_in_a_pipe_too() {
    let fake = Fake::with_many(1);
    let message =
        json!({"error_code": "BAD\u{1b}[31m", "message": "no\u{1b}]0;x\u{7}\nhint: rm -rf \u{202e}\u{ad}\u{e0041}"});
    let answer = crate::fake::Answer::json(400, &message);
    fake.fail(Rule::every("traces/search"), Failure::Answer(answer));
    let ended = fake.run(&["search"]).exits(6).tells("no\\x1b]0;x\\x07 hint: rm -rf \\u{202e}\\xad\\u{e0041}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
    let ended = fake.run(&["search", "-o", "json"]).exits(6);
    assert!(ended.stderr.chars().all(|character| character == '\n' || !character.is_control()), "{ended}");
    let told: Value = serde_json::from_str(&ended.stderr).unwrap();
    assert!(told["error"]["message"].as_str().unwrap().contains("\u{202e}\u{ad}\u{e0041}"));
}
