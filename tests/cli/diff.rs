//! `diff`: two sets of traces, what they have in numbers, and what sets them apart.

use serde_json::{Value, json};

use crate::snapshot::Gallery;
use crate::support::Program;

fn demo(args: &[&str]) -> Program {
    Program::new(["-u", "demo", "diff"].iter().chain(args))
}

fn told(args: &[&str]) -> Value {
    demo(&[args, &["-o", "json"]].concat()).run().succeeds().json()
}

fn traces(told: &Value) -> [u64; 2] {
    ["a", "b"].map(|side| told[side]["traces"].as_u64().unwrap())
}

#[test]
fn what_people_see_is_kept() {
    let mut gallery = Gallery::new("diff");
    for words in [
        &["status = 'ERROR'"][..],
        &["status = 'ERROR'", "--spans", "--top", "3"],
        &["name = 'docs_search'", "name = 'support_agent'"],
        &["--versions", "2.13.1", "2.14.1"],
        &["--versions", "2.13.1", "9.9"],
        &["status = "],
        &["status = 'OK'", "--window", "7d"],
        &[],
    ] {
        gallery.scene(&format!("diff {}", words.join(" ")), &demo(words).run().ends());
    }
    gallery.check();
}

#[test]
fn each_trace_is_on_one_side() {
    let failed = told(&["status = 'ERROR'"]);
    assert_eq!(traces(&failed), [49, 11], "what is left is everything else");
    let rate = failed["metrics"].as_array().unwrap().iter().find(|one| one["metric"] == "error_rate").unwrap();
    assert_eq!((&rate["a"], &rate["b"], &rate["more_than_chance"]), (&json!(0), &json!(1), &json!(true)));
    assert!(rate["interval"][0].as_f64().unwrap() > 0.7, "{rate}");
    assert_eq!(traces(&told(&["name = 'docs_search'", "name = 'support_agent'"])), [19, 38]);
    assert_eq!(traces(&told(&["status = 'ERROR'", "--filter", "name = 'docs_search'"])), [16, 3]);
    assert_eq!(traces(&told(&["--versions", "2.13.1", "2.14.1"])), [9, 7]);
    let of_window = traces(&told(&["--window", "7d"]));
    let count = |since: &str, until: &str| {
        let args = ["-u", "demo", "count", "--since", since, "--until", until];
        Program::new(args).run().succeeds().stdout.trim().parse::<u64>().unwrap()
    };
    assert_eq!(of_window, [count("14d", "7d"), count("7d", "now")]);
}

#[test]
fn an_exported_file_is_a_baseline() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("before.jsonl");
    let file = file.to_str().unwrap();
    Program::new(["-u", "demo", "export", file, "status = 'OK'"]).run().succeeds();
    assert_eq!(traces(&told(&["--baseline", file])), [45, 60]);
    let same = told(&["--baseline", file, "--filter", "status = 'OK'"]);
    assert_eq!((traces(&same), &same["more_in_a"], &same["more_in_b"]), ([45, 45], &json!([]), &json!([])));
}

#[test]
fn the_same_question_has_the_same_answer_and_what_was_asked_is_no_answer() {
    let args = ["status = 'ERROR'", "--spans"];
    let first = told(&args);
    assert_eq!(told(&args), first);
    let fields: Vec<&str> = ["more_in_a", "more_in_b"]
        .iter()
        .flat_map(|side| first[side].as_array().unwrap())
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert!(fields.contains(&"span.type") && !fields.contains(&"status"), "{fields:?}");
    demo(&["status = 'ERROR'", "--min-count", "100"]).run().succeeds();
}

#[test]
fn two_sides_are_needed_and_both_must_have_traces() {
    demo(&[]).run().exits(2);
    demo(&["status = 'OK'", "--runs", "a", "b"]).run().exits(2);
    demo(&["a = 'x'"]).run().exits(2);
    demo(&["name = 'nobody'"]).run().exits(8);
    demo(&["--baseline", "/no/such/file.jsonl"]).run().exits(6);
}
