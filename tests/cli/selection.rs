//! Flags that select traces: what they become in the filter that is sent.

use serde_json::{Value, json};

use crate::fake::{APP, BASE_MS, Fake, Seed, id, span, with_attribute};

const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";

fn mixed() -> Fake {
    Fake::with([
        Seed::new(1).state("ERROR").tag("team", "blue").metadata("mlflow.trace.user", "jane"),
        Seed::new(2).name("rag").duration_ms(9_000).tag("a key", "it's"),
        Seed::known(),
    ])
}

fn sent(fake: &Fake) -> Vec<String> {
    let text = |body: &serde_json::Value| body["filter"].as_str().unwrap_or("").to_owned();
    fake.bodies(SEARCH).iter().map(text).collect()
}

#[test]
fn flags_select_what_their_filter_selects() {
    for (flags, number) in [
        (["--status", "error"].as_slice(), 1),
        (&["--tag", "team=blue"], 1),
        (&["--user", "jane"], 1),
        (&["--meta", "mlflow.trace.user=jane"], 1),
        (&["--name", "rag"], 2),
        (&["--min-duration", "5s"], 2),
        (&["--tag", "a key=it's"], 2),
        (&["--name", "rag", "--status", "OK", "--min-duration", "5s"], 2),
    ] {
        let fake = mixed();
        let ended = fake.run(&[&["search", "-o", "ids"], flags].concat()).succeeds();
        assert_eq!(ended.lines(), [id(number)], "{ended}");
        assert!(!sent(&fake)[0].is_empty(), "the server selects");
        fake.run(&[&["count"], flags].concat()).succeeds().prints("1\n");
    }
}

#[test]
fn flags_narrow_a_filter() {
    let fake = mixed();
    let ended = fake.run(&["search", "status = 'OK'", "--name", "rag", "-o", "ids"]).succeeds();
    assert_eq!(ended.lines(), [id(2)]);
    assert!(sent(&fake)[0].ends_with(" AND status = 'OK'"), "{:?}", sent(&fake));
    fake.run(&["search", "status = 'ERROR'", "--name", "rag", "--fail-if-empty"]).exits(8);
}

#[test]
fn a_filter_comes_from_a_file_or_standard_input() {
    let fake = mixed();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("failures.txt"), "status = 'ERROR'\n").unwrap();
    let from_file = fake.program(&["search", "--filter-file", "failures.txt", "-o", "ids"]).in_folder(folder.path());
    assert_eq!(from_file.run().succeeds().lines(), [id(1)]);
    let from_input = fake.program(&["search", "--filter-file", "-", "-o", "ids"]).stdin("name = 'rag'\n");
    assert_eq!(from_input.run().succeeds().lines(), [id(2)]);
    fake.run(&["search", "--filter-file", "no.txt"]).fails().tells("no.txt");
    fake.run(&["search", "status = 'OK'", "--filter-file", "-"]).exits(2);
}

#[test]
fn deletions_can_be_selected_by_flags() {
    let fake = mixed();
    fake.run(&["delete", "--status", "ERROR", "--yes"]).succeeds().tells("Deleted 1 of 1 trace.");
    assert_eq!(fake.state().ids(APP).len(), 2);
    fake.run(&["delete", "--yes"]).exits(2);
    fake.run(&["delete", &id(2), "--status", "OK", "--yes"]).exits(2);
    assert_eq!(fake.state().ids(APP).len(), 2, "ids and a selection do not mix");
}

#[test]
fn wrong_flags_are_refused_before_anything_is_sent() {
    let fake = mixed();
    for flags in
        [["--status", "DONE"], ["--since", "soon"], ["--tag", "team"], ["--min-duration", "5"], ["--feedback", "x"]]
    {
        fake.run(&[["search"].as_slice(), &flags].concat()).exits(2);
    }
    assert!(fake.log().is_empty());
}

/// Values that need care somewhere on their way: in quotes, in patterns, or at the end of a text.
const NASTY: [&str; 14] = [
    "plain",
    "O'Brien",
    "say \"hi\"",
    "it's \"both\"",
    "C:\\",
    "C:\\temp\\new",
    "it's \"both\" and ends in \\",
    "off 25%",
    "a_b",
    "x' OR '1'='1",
    "a\\'b",
    "back`tick",
    "où 📦",
    "two\nlines\tand a tab",
];

fn number(position: usize) -> u32 {
    u32::try_from(position + 1).unwrap()
}

/// One trace for each nasty value, which a function puts where it belongs.
fn nasty(seed: impl Fn(Seed, &str) -> Seed) -> Fake {
    Fake::with(NASTY.iter().enumerate().map(|(position, value)| seed(Seed::new(number(position)), value)))
}

#[test]
fn any_value_can_be_given_to_a_flag() {
    type Put = fn(Seed, &str) -> Seed;
    let flags: [(&str, &str, Put); 8] = [
        ("--name", "", |seed, value| seed.name(value)),
        ("--tag", "note=", |seed, value| seed.tag("note", value)),
        ("--meta", "note=", |seed, value| seed.metadata("note", value)),
        ("--session", "", |seed, value| seed.metadata("mlflow.trace.session", value)),
        ("--user", "", |seed, value| seed.metadata("mlflow.trace.user", value)),
        ("--run", "", |seed, value| seed.metadata("mlflow.sourceRun", value)),
        ("--client-request-id", "", |seed, value| seed.client_request_id(value)),
        ("--feedback", "note=", |seed, value| seed.feedback("note", value, ("HUMAN", "jane"))),
    ];
    for (flag, before, put) in flags {
        let fake = nasty(put);
        for (position, value) in NASTY.iter().enumerate() {
            let ended = fake.run(&["search", &format!("{flag}={before}{value}"), "-o", "ids"]).succeeds();
            assert_eq!(ended.lines(), [id(number(position))], "{ended}");
        }
    }
}

#[test]
fn texts_are_found_as_they_were_recorded() {
    let with_input = |seed: Seed, value: &str| {
        let span = seed.spans[0].clone();
        seed.spans(vec![with_attribute(span, "note", value)])
    };
    let fake = nasty(with_input);
    for (position, value) in NASTY.iter().enumerate() {
        // The first characters of some are all of another.
        let ended = fake.run(&["search", "--text", value, "-o", "ids"]).succeeds();
        assert!(ended.lines().contains(&id(number(position))), "{ended}");
        assert!(ended.lines().len() <= 3, "{ended}");
    }
    let wild = |text: &str| fake.run(&["search", "--text", text, "-o", "ids"]).succeeds().lines().len();
    assert_eq!((wild("O%Brien"), wild("O_Brien"), wild("O__Brien")), (1, 1, 0), "% and _ stand for others");
}

#[test]
fn models_are_compared_whole() {
    let with_model = |seed: Seed, value: &str| {
        let span = seed.spans[0].clone();
        seed.spans(vec![with_attribute(span, "mlflow.llm.model", value)])
    };
    let fake = nasty(with_model);
    for (position, value) in NASTY.iter().enumerate() {
        let ended = fake.run(&["search", "--model", value, "-o", "ids"]).succeeds();
        assert_eq!(ended.lines(), [id(number(position))], "{ended}");
    }
    fake.run(&["search", "--model", "plai", "--fail-if-empty"]).exits(8);
}

#[test]
fn any_key_that_can_be_named_is_named() {
    let keys = [
        "a.b",
        "a b",
        "a`b",
        "a\"b",
        "a'b",
        "in",
        "FROM",
        "1st",
        "naïve",
        "k8s.io/name",
        "ends\\",
        "'quoted'",
        "a-b",
        " lead",
        "mlflow.user",
        "`quoted`",
        "status",
        "timestamp_ms",
        "request_id",
        "*",
    ];
    for (flag, is_tag) in [("--tag", true), ("--meta", false)] {
        let seed = |(position, key): (usize, &&str)| {
            let seed = Seed::new(number(position));
            if is_tag { seed.tag(key, "it's") } else { seed.metadata(key, "it's") }
        };
        let fake = Fake::with(keys.iter().enumerate().map(seed));
        for (position, key) in keys.iter().enumerate() {
            let ended = fake.run(&["search", flag, &format!("{key}=it's"), "-o", "ids"]).succeeds();
            assert_eq!(ended.lines(), [id(number(position))], "{ended}");
        }
    }
    Fake::new().run(&["search", "--tag", "a`b\"c'd=x"]).exits(2).tells("a filter cannot contain the key");
}

#[test]
fn keys_that_mlflow_takes_for_something_else_are_what_they_say() {
    for (flag, key) in
        [("--tag", "name"), ("--tag", "Name"), ("--meta", "run_id"), ("--tag", "timestamp"), ("--meta", "prompt")]
    {
        let seed = Seed::new(1);
        let seed = if flag == "--tag" { seed.tag(key, "x") } else { seed.metadata(key, "x") };
        let fake = Fake::with([seed, Seed::new(2).name("x")]);
        let ended = fake.run(&["search", flag, &format!("{key}=x"), "-o", "ids"]).succeeds();
        assert_eq!(ended.lines(), [id(1)], "{flag} {key}: {ended}");
    }
    let fake = mixed();
    fake.run(&["search", "--run", ""]).exits(2).tells("--run is empty");
    assert!(fake.log().is_empty());
}

#[test]
fn feedback_is_compared_as_what_it_looks_like() {
    let seed = |number: u32, value: Value| Seed::new(number).feedback("f", value, ("HUMAN", "jane"));
    let values = [json!(4.0), json!("4"), json!(true), json!("true"), json!("007"), json!(-0.5), json!("1e3")];
    let fake = Fake::with(values.into_iter().zip(1..).map(|(value, number)| seed(number, value)));
    for (value, numbers) in
        [("4", [1].as_slice()), ("4.0", &[1]), ("true", &[4, 3]), ("007", &[5]), ("-0.5", &[6]), ("1e3", &[7])]
    {
        let ended = fake.run(&["search", "--feedback", &format!("f={value}"), "-o", "ids"]).succeeds();
        assert_eq!(ended.lines(), numbers.iter().copied().map(id).collect::<Vec<_>>(), "{ended}");
    }
}

#[test]
fn times_and_durations_include_what_they_should() {
    let fake = Fake::with((1..=4).map(|number| Seed::new(number).duration_ms(i64::from(number) * 1000)));
    for (flags, numbers) in [
        (["--since", "2026-11-22T08:00:02Z"].as_slice(), [4, 3, 2].as_slice()),
        (&["--until", "2026-11-22T08:00:02Z"], &[1]),
        (&["--since", "2026-11-22T09:00:02+01:00", "--until", "2026-11-22 08:00:04"], &[3, 2]),
        (&["--min-duration", "2s"], &[4, 3, 2]),
        (&["--max-duration", "2s"], &[2, 1]),
        (&["--min-duration", "2001ms", "--max-duration", "1m"], &[4, 3]),
        (&["--since", "2026-11-23"], &[]),
    ] {
        let ended = fake.run(&[&["search", "-o", "ids"], flags].concat()).succeeds();
        assert_eq!(ended.lines(), numbers.iter().copied().map(id).collect::<Vec<_>>(), "{ended}");
    }
    let fake = Fake::with([1, 3, 10].map(|days| Seed::new(u32::try_from(days).unwrap()).days_old(days)));
    assert_eq!(fake.run(&["search", "--since", "2d", "-o", "ids"]).succeeds().lines(), [id(1)]);
    assert_eq!(fake.run(&["search", "--since=-4d", "--until", "2d", "-o", "ids"]).succeeds().lines(), [id(3)]);
}

#[test]
fn flags_narrow_a_filter_with_or() {
    let fake = mixed();
    for filter in ["status = 'ERROR' OR name = 'rag'", "name = 'rag' OR status = 'ERROR'"] {
        let ended = fake.run(&["search", filter, "--tag", "team=blue", "-o", "ids"]).succeeds();
        assert_eq!(ended.lines(), [id(1)], "{ended}");
        let ended = fake.run(&["search", filter, "--tag", "a key=it's", "-o", "ids"]).succeeds();
        assert_eq!(ended.lines(), [id(2)], "{ended}");
    }
    fake.run(&["delete", "--filter", "status = 'ERROR' OR name = 'rag'", "--tag", "team=blue", "--yes"]).succeeds();
    assert_eq!(fake.state().ids(APP).len(), 2);
}

#[test]
fn a_filter_that_ends_in_a_backslash_can_be_narrowed() {
    let fake = Fake::with([Seed::new(1).tag("v", "C:\\").tag("t", "x"), Seed::new(2).tag("v", "C:\\")]);
    for filter in ["tags.v = 'C:\\'", "tags.v = 'C:\\' OR latency > 5h"] {
        assert_eq!(fake.run(&["search", filter, "-o", "ids"]).succeeds().lines(), [id(2), id(1)]);
        let ended = fake.run(&["search", filter, "--tag", "t=x", "-o", "ids"]).succeeds();
        assert_eq!(ended.lines(), [id(1)], "{ended}");
    }
}

#[test]
fn two_runs_both_have_to_hold() {
    let fake = Fake::with([
        Seed::new(1).metadata("mlflow.sourceRun", "a"),
        Seed::new(2).metadata("mlflow.sourceRun", "b"),
        Seed::new(3),
    ]);
    let found = |filter: &str, run: &str| fake.run(&["search", filter, "--run", run, "-o", "ids"]).succeeds().lines();
    for filter in
        ["run_id = 'a'", "run_id = 'a' OR latency > 5h", "run_id IN ('a', 'c')", "latency < 1s AND run_id = 'a'"]
    {
        assert_eq!(found(filter, "a"), [id(1)], "{filter}");
        assert!(found(filter, "b").is_empty(), "{filter}: only the last run counts on a server");
    }
    fake.run(&["delete", "--filter", "run_id = 'a'", "--run", "b", "--yes"]).succeeds().tells("Nothing to delete");
    assert_eq!(fake.state().ids(APP).len(), 3);
}

#[test]
fn flags_about_spans_stand_for_a_span_of_their_own() {
    let part = |number, name: &str, model: Option<&str>| {
        let span = span(number, number.into(), None, name, BASE_MS);
        model.map_or(span.clone(), |model| with_attribute(span, "mlflow.llm.model", model))
    };
    let fake = Fake::with([
        Seed::new(1).spans(vec![part(1, "root", None), part(2, "answer", Some("gpt-4o"))]),
        Seed::new(2).spans(vec![part(1, "root", None), part(2, "answer", Some("llama"))]),
    ]);
    for arguments in [
        ["span.name = 'root'", "--model", "gpt-4o"].as_slice(),
        &["span.name = 'root' OR latency > 5h", "--model", "gpt-4o"],
        &["span.name = 'root'", "--text", "gpt-4o"],
        &["--text", "in of root", "--model", "gpt-4o"],
    ] {
        let ended = fake.run(&[&["search", "-o", "ids"], arguments].concat()).succeeds();
        assert_eq!(ended.lines(), [id(1)], "{ended}");
    }
}

#[test]
fn an_extended_filter_comes_from_a_file_or_standard_input() {
    let fake = mixed();
    let folder = tempfile::tempdir().unwrap();
    let text = "status = 'ERROR'\n  OR (name = 'rag'\n\tAND NOT tags.team = 'blue'\n      OR latency > 5s)\n\n";
    std::fs::write(folder.path().join("filter.txt"), text).unwrap();
    let expected = [id(2), id(1)];
    let from_file = fake.program(&["search", "--filter-file", "filter.txt", "-o", "ids"]).in_folder(folder.path());
    assert_eq!(from_file.run().succeeds().lines(), expected);
    let from_input = fake.program(&["search", "--filter-file", "-", "-o", "ids"]).stdin(text);
    assert_eq!(from_input.run().succeeds().lines(), expected);
    let narrowed = fake.program(&["count", "--filter-file", "-", "--tag", "team=blue"]).stdin(text);
    narrowed.run().succeeds().prints("1\n");
    fake.program(&["search", "--filter-file", "-"]).stdin("status = 'OK' OR").run().exits(2).tells("missing clause");
    for empty in ["", " \n\n"] {
        let all = fake.program(&["count", "--filter-file", "-"]).stdin(empty);
        all.run().succeeds().prints("3\n");
        fake.program(&["delete", "--filter-file", "-", "--yes"]).stdin(empty).run().exits(2);
    }
    let delete = fake.program(&["delete", "--filter-file", "-", "--yes"]).stdin("status = 'ERROR' OR latency > 5h");
    delete.run().succeeds();
    assert_eq!(fake.state().ids(APP).len(), 2);
}
