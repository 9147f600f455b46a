//! `export --since-last STATE`: what the runs before did not export.

use std::fs;

use serde_json::{Value, json};

use crate::export_directory::{Place, at, sorted};
use crate::fake::{BASE_MS, CHECKOUT, Failure, Fake, Rule, Seed, id};
use crate::snapshot::Gallery;
use crate::support::Program;

const MINUTE: i64 = 60_000;

#[test]
fn the_gallery_of_nightly_exports() {
    let fake = Fake::with_many(3);
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = Gallery::new("export_since");
    let mut scene = |title: &str, arguments: &[&str], code: i32| {
        let ended = fake.program(&[&["export"], arguments].concat()).in_folder(folder.path()).run().exits(code);
        gallery.scene(title, &ended);
    };
    scene("the first night", &["archive/", "--since-last", "state.json"], 0);
    scene("nothing new", &["archive/", "--since-last", "state.json"], 0);
    fake.state().add([Seed::new(4), Seed::new(5)]);
    scene("two new ones", &["archive/", "--since-last", "state.json"], 0);
    scene("another question", &["archive/", "--since-last", "state.json", "--status", "OK"], 7);
    scene("without the state", &["archive/"], 7);
    scene("with another state", &["archive/", "--since-last", "other.json"], 7);
    fs::write(folder.path().join("broken.json"), "{").unwrap();
    scene("no state at all", &["archive/", "--since-last", "broken.json"], 2);
    scene("an overlap of nothing", &["archive/", "--overlap", "5m"], 2);
    gallery.check();
}

#[test]
fn every_night_a_directory_gets_what_is_new_and_what_was_late() {
    let place = Place::new();
    let state = place.file("state.json");
    let fake = Fake::with((1..=20).map(|number| at(number, i64::from(number) * MINUTE)));
    let export = ["export", &place.typed(), "--since-last", &state, "--split", "8"];
    fake.run(&export).succeeds().tells("Wrote 20 traces");
    assert_eq!(place.manifest().parts.len(), 3);
    assert_eq!(place.manifest().window.newest_ms, Some(BASE_MS + 20 * MINUTE));
    // Five more, one that was late by two minutes, and one that comes too late to be looked for.
    fake.state().add((21..=25).map(|number| at(number, i64::from(number) * MINUTE)));
    fake.state().add([at(100, 18 * MINUTE + 1), at(101, 5 * MINUTE)]);
    fake.run(&export).succeeds().tells("Wrote 6 traces to").tells("which now holds 26 in 4 parts");
    let expected: Vec<String> = (1..=25).chain([100]).map(id).collect();
    assert_eq!(sorted(place.ids()), expected);
    assert_eq!(place.manifest().window.newest_ms, Some(BASE_MS + 25 * MINUTE));
    fake.run(&export).succeeds().tells("Wrote 0 traces to");
    assert_eq!(sorted(place.ids()), expected);
    let kept: Value = serde_json::from_slice(&fs::read(&state).unwrap()).unwrap();
    assert_eq!(kept["newest_ms"], BASE_MS + 25 * MINUTE);
    assert_eq!(kept["seen"].as_object().unwrap().len(), 12, "those of the last ten minutes: {kept}");
    assert!(kept.get("pending").is_none());
}

#[test]
fn a_trace_that_changed_within_the_overlap_comes_again_and_its_newest_copy_counts() {
    for spans in [&[][..], &["--spans"]] {
        let place = Place::new();
        let state = place.file("state.json");
        let fake = Fake::with((1..=20).map(|number| at(number, i64::from(number) * MINUTE)));
        let typed = place.typed();
        let export = [&["export", &typed, "--since-last", &state], spans].concat();
        fake.run(&export).succeeds().tells("Wrote 20 traces");
        // The first is older than the overlap.
        for number in [1, 15] {
            fake.state().set_tag(&id(number), "team", "search");
        }
        fake.run(&["feedback", "log", &id(16), "correct=true"]).succeeds();
        fake.run(&export).succeeds().tells("Wrote 2 traces to").tells("which now holds 20 in 2 parts");
        fake.run(&export).succeeds().tells("Wrote 0 traces to");
        let manifest = place.manifest();
        assert_eq!((manifest.counts.traces, manifest.counts.again, manifest.distinct()), (22, 2, 20));
        let uri = format!("file:{}", place.typed());
        let ask = |filter: &str| Program::new(["count", filter, "-u", &uri]).run().succeeds();
        ask("").prints("20\n");
        ask("tags.team = 'search'").prints("1\n");
        ask("feedback.correct = 'true'").prints("1\n");
        ask("feedback.correct IS NULL").prints("19\n");
        // What is taken away leaves an older time behind than it had while it was there.
        let given = fake.state().assessments(&id(16))[0]["assessment_id"].as_str().unwrap().to_owned();
        fake.run(&["assessment", "delete", &id(16), &given]).succeeds();
        fake.run(&export).succeeds().tells("Wrote 1 trace to").tells("which now holds 20 in 3 parts");
        ask("").prints("20\n");
        ask("feedback.correct IS NULL").prints("20\n");
    }
}

#[test]
fn a_night_that_fails_is_gone_on_with() {
    let place = Place::new();
    let state = place.file("state.json");
    let fake = Fake::with_many(10);
    let export = ["export", &place.typed(), "--since-last", &state, "--split", "300"];
    fake.run(&export).succeeds();
    fake.state().add((11..=1200).map(Seed::new));
    // The newest end, the first page, the second.
    fake.fail(Rule::nth(3, "traces/search"), Failure::status(403, "Permission denied"));
    fake.run(&export).exits(4);
    // What comes meanwhile belongs to the next night.
    fake.state().add([Seed::new(1201)]);
    let there = place.manifest();
    assert!(!there.complete && there.parts.len() > 1, "{} parts", there.parts.len());
    fake.run(&export).succeeds();
    assert_eq!(sorted(place.ids()), (1..=1200).map(id).collect::<Vec<_>>());
    fake.run(&export).succeeds().tells("Wrote 1 trace to");
    assert_eq!(sorted(place.ids()), (1..=1201).map(id).collect::<Vec<_>>());
}

#[test]
fn a_run_that_ended_before_its_state_was_written_is_not_repeated() {
    let place = Place::new();
    let state = place.file("state.json");
    let fake = Fake::with_many(10);
    let export = ["export", &place.typed(), "--since-last", &state];
    fake.run(&export).succeeds();
    fake.state().add([Seed::new(11)]);
    fake.run(&export).succeeds();
    // As if it was killed between the last manifest and the last state.
    let mut kept: Value = serde_json::from_slice(&fs::read(&state).unwrap()).unwrap();
    kept["pending"] = json!({"first_part": 1, "overlap_ms": 600_000, "seen": {id(11): BASE_MS + 11_000},
                             "window": {"oldest_ms": 0, "newest_ms": BASE_MS + 11_000}});
    kept["newest_ms"] = json!(BASE_MS + 10_000);
    kept["seen"].as_object_mut().unwrap().remove(&id(11));
    fs::write(&state, kept.to_string()).unwrap();
    fake.run(&export).succeeds().tells("Wrote 0 traces to");
    assert_eq!(sorted(place.ids()), (1..=11).map(id).collect::<Vec<_>>());
}

#[test]
fn a_trace_without_its_spans_fails_one_night_and_not_the_next() {
    let place = Place::new();
    let state = place.file("state.json");
    let fake = Fake::with([Seed::new(1), Seed::new(2).with_lost_file()]);
    let export = ["export", &place.typed(), "--since-last", &state, "--spans"];
    fake.run(&export).exits(3).tells("the spans of 1 of 2 traces could not be read");
    fake.state().add([Seed::new(3)]);
    fake.run(&export).succeeds().tells("Wrote 1 trace to").does_not_tell("could not be read");
    assert_eq!(place.manifest().failed.len(), 1);
}

#[test]
fn a_file_holds_what_the_last_one_did_not() {
    let place = Place::new();
    let state = place.file("state.json");
    let fake = Fake::with([Seed::new(1), Seed::new(2).experiment(CHECKOUT)]);
    let export = |night: &str| {
        let experiments = ["-x", "my-app", "-x", "checkout"];
        let arguments = ["export", &place.file(night), "--since-last", &state, "--overlap", "5s"];
        fake.bare(&[&arguments[..], &experiments].concat()).run()
    };
    let ids = |night: &str| -> Vec<String> {
        let lines = fs::read_to_string(place.file(night)).unwrap();
        let id =
            |line: &str| serde_json::from_str::<Value>(line).unwrap()["info"]["trace_id"].as_str().unwrap().to_owned();
        lines.lines().map(id).collect()
    };
    export("1.jsonl").succeeds();
    assert_eq!(ids("1.jsonl"), [id(2), id(1)]);
    fake.state().add([Seed::new(4), at(3, 500)]);
    export("2.jsonl").succeeds().tells("Wrote 2 traces");
    assert_eq!(ids("2.jsonl"), [id(4), id(3)]);
    // A file that failed is no reason to forget what it should have held.
    fake.state().add([Seed::new(5)]);
    fake.fail(Rule::nth(2, "traces/search"), Failure::status(403, "Permission denied"));
    export("3.jsonl").exits(4);
    export("3.jsonl").succeeds().tells("Wrote 1 trace");
    assert_eq!(ids("3.jsonl"), [id(5)]);
    export("4.jsonl").succeeds().tells("Wrote 0 traces");
    assert_eq!(ids("4.jsonl"), [] as [String; 0]);
}

#[test]
fn a_file_of_an_earlier_night_is_not_replaced() {
    let place = Place::new();
    let (state, file) = (place.file("state.json"), place.file("new.jsonl"));
    let fake = Fake::with_many(2);
    let export = ["export", &file, "--since-last", &state];
    fake.run(&export).succeeds();
    let (first, known) = (fs::read(&file).unwrap(), fs::read(&state).unwrap());
    fake.state().add([Seed::new(3)]);
    fake.run(&export).exits(7).tells("new.jsonl already exists").tells("use a directory");
    assert_eq!((fs::read(&file).unwrap(), fs::read(&state).unwrap()), (first, known));
    fake.run(&["export", &place.file("next.jsonl"), "--since-last", &state]).succeeds().tells("Wrote 1 trace");
    // What is read at once is nobody's earlier night.
    fake.run(&["export", "/dev/null", "--since-last", &state]).succeeds();
}

#[test]
fn a_trace_of_the_future_ends_no_export() {
    let future = || Seed::new(90).started(BASE_MS + 10 * 365 * 86_400_000);
    for target in ["archive/", "night-"] {
        let place = Place::new();
        let state = place.file("state.json");
        let fake = Fake::with([Seed::new(1), future()]);
        let export = |night: u32| {
            let target = if target == "night-" { format!("night-{night}.jsonl") } else { target.to_owned() };
            fake.run(&["export", &place.file(&target), "--since-last", &state, "--overlap", "100000d"])
        };
        export(1).succeeds().tells("Wrote 2 traces");
        let kept: Value = serde_json::from_slice(&fs::read(&state).unwrap()).unwrap();
        let now_ms = jiff::Timestamp::now().as_millisecond();
        assert!(kept["newest_ms"].as_i64().unwrap() <= now_ms, "{kept}");
        fake.state().add([Seed::new(2)]);
        export(2).succeeds().tells("Wrote 1 trace to");
        export(3).succeeds().tells("Wrote 0 traces to");
        fake.state().traces.retain(|stored| stored.info().trace_id.as_str() != id(90));
        fake.state().add([Seed::new(3)]);
        export(4).succeeds().tells("Wrote 1 trace to");
        export(5).succeeds().tells("Wrote 0 traces to");
        // As older versions left it.
        let mut kept: Value = serde_json::from_slice(&fs::read(&state).unwrap()).unwrap();
        kept["newest_ms"] = json!(BASE_MS + 10 * 365 * 86_400_000_i64);
        fs::write(&state, kept.to_string()).unwrap();
        export(6).exits(7).tells("is in the future").tells("use another --since-last file");
    }
}
