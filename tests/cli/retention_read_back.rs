//! What a deletion with `archive_to` rests on: the archive is whole when it is read back, and still there, and the traces
//! still what they were, before each batch.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use crate::fake::{APP, Answer, CHECKOUT, Failure, Fake, Rule, Seed, State, id, span};
use crate::retention_archive::{DELETE, Desk, SPANS, aged, manifest, rule, runs};

const ALL: &str = "status != 'IN_PROGRESS'";

/// Which of the searches is the last look before the first batch is deleted: the first one makes the plan, the second one
/// looks for the traces to be archived.
const LAST_LOOK: usize = 3;

fn every_experiment() -> String {
    rule("all", "archive_to = \"expired\"\nallow_empty = true\nfilter = \"name = 'chat'\"").replace("my-app", "*")
}

/// The only part of an experiment's traces in the only run of a place.
fn part(place: &Path, number: u32) -> PathBuf {
    let parts = runs(&runs(place)[0]);
    let name = format!("part-{number:05}");
    let is_it = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(&name);
    parts.into_iter().find(is_it).unwrap()
}

/// Changes one byte in the middle of a file.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// Does something to the place when the first of two experiments is written and the second one's spans are asked for.
fn between_two_parts(desk: &Desk, change: fn(&Path)) {
    let place = desk.path("expired");
    desk.fake.before(Rule::first(SPANS), move |_| change(&place));
}

#[test]
fn only_what_was_read_back_whole_is_said_to_be_archived_and_the_place_can_still_be_read() {
    let desk = Desk::new(aged(), &every_experiment());
    between_two_parts(&desk, |place| damage(&part(place, 0)));
    let ended = desk.run(&["--yes", "-o", "json"]).exits(3);
    desk.left(APP, &[7, 8]);
    desk.left(CHECKOUT, &[20]);
    assert_eq!((&ended.json()["deleted"], &ended.json()["not_archived"]), (&json!(6), &json!(1)), "{ended}");
    let ended = ended.tells("archived 6 of 7 traces to /").does_not_tell("archived 7 traces");
    ended.tells("part-00000.jsonl").tells("is damaged: its SHA-256 is");
    assert_eq!(desk.archived("expired", ALL), [1, 2, 3, 4, 5, 6]);
    let run = &runs(&desk.path("expired"))[0];
    let manifest = manifest(run);
    assert_eq!((&manifest["counts"]["traces"], manifest["parts"].as_array().unwrap().len()), (&json!(6), 1));
    assert_eq!(runs(run).len(), 2, "one part and the manifest");
    desk.run(&["--yes"]).exits(0).tells("archived 1 trace to /");
    desk.left(CHECKOUT, &[]);
    assert_eq!(desk.archived("expired", ALL), [1, 2, 3, 4, 5, 6, 20]);
}

#[test]
fn a_run_that_could_archive_nothing_leaves_a_place_that_can_be_read() {
    let desk = Desk::new(aged(), &every_experiment());
    between_two_parts(&desk, |place| damage(&part(place, 0)));
    let broken = Answer::json(500, &json!({"error_code": "INTERNAL_ERROR", "message": "it is broken"}));
    for number in 1..=6 {
        desk.fake.fail(Rule::every("mlflow/").about(&id(number)), Failure::Answer(broken.clone()));
    }
    let ended = desk.run(&["--yes"]).exits(3);
    ended.tells("archived none of 7 traces to /").does_not_tell("read them back");
    desk.left(APP, &[1, 2, 3, 4, 5, 6, 7, 8]);
    desk.left(CHECKOUT, &[20]);
    assert_eq!(desk.archived("expired", ALL), Vec::<u32>::new());
    assert!(desk.fake.asked(DELETE).is_empty());
}

#[test]
fn an_archive_that_loses_its_manifest_while_it_is_written_deletes_nothing() {
    let desk = Desk::new(aged(), &every_experiment());
    between_two_parts(&desk, |place| fs::remove_file(runs(place)[0].join("manifest.json")).unwrap());
    desk.run(&["--yes"]).exits(7).tells("nothing was deleted");
    desk.left(APP, &[1, 2, 3, 4, 5, 6, 7, 8]);
    assert!(desk.fake.asked(DELETE).is_empty());
}

#[test]
fn a_trace_without_spans_is_archived_only_if_something_says_that_it_has_none() {
    let bare = |number: u32| Seed::new(number).days_old(u64::from(100 - number)).spans(Vec::new());
    let none = "{\"num_spans\": 0}";
    let fake = Fake::with([
        bare(1),
        bare(2).in_artifact().metadata("mlflow.trace.sizeStats", none),
        bare(3).in_artifact(),
        Seed::new(4).days_old(1),
    ]);
    // The file of one is not there, as of a trace that was started without spans, or whose file somebody lost.
    fake.state().find_mut(&id(3)).unwrap().lost = true;
    let desk = Desk::new(fake, &rule("app", "archive_to = \"expired\""));
    desk.run(&["--yes"]).exits(3).tells(&format!("{} was not archived", id(3)));
    desk.left(APP, &[3, 4]);
    assert_eq!(
        desk.archived("expired", "trace_id IN ('{1}', '{2}')".replace("{1}", &id(1)).replace("{2}", &id(2)).as_str()),
        [1, 2]
    );
}

#[test]
fn a_trace_that_two_runs_archived_is_found_once() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    desk.fake.before(Rule::first(DELETE), |_| std::thread::sleep(Duration::from_secs(3)));
    let running = desk.program(&["retention", "run", "--policy", "retention.toml", "--yes"]).start();
    while desk.fake.asked(DELETE).is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.kill().ends();
    // As if the request had not come through: all of them are archived again.
    std::thread::sleep(Duration::from_millis(3200));
    desk.fake.state().add([1, 2].map(|number| {
        let stats = "{\"num_spans\": 1}";
        Seed::new(number).days_old(80).metadata("mlflow.trace.sizeStats", stats)
    }));
    desk.run(&["--yes"]).exits(0);
    desk.left(APP, &[7, 8]);
    assert_eq!(runs(&desk.path("expired")).len(), 2);
    assert_eq!(desk.archived("expired", ALL), [1, 2, 3, 4, 5, 6]);
    let ended = desk.program(&["count", "-u", "file:expired"]).run().succeeds();
    ended.prints("6").tells("2 traces are in expired more than once; the newest state of each counts");
}

#[test]
fn empty_folders_of_runs_go_and_nothing_else_does() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    for name in ["20251122T143000Z-0a1b2c", "20251122T143001Z-0a1b2c/kept", "mine"] {
        fs::create_dir_all(desk.path("expired").join(name)).unwrap();
    }
    desk.run(&["--yes"]).exits(0);
    let left: Vec<String> =
        runs(&desk.path("expired")).iter().map(|run| run.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert!(!left.contains(&"20251122T143000Z-0a1b2c".to_owned()), "{left:?}");
    assert!(left.contains(&"20251122T143001Z-0a1b2c".to_owned()) && left.contains(&"mine".to_owned()), "{left:?}");
}

#[test]
fn a_span_that_comes_after_the_read_back_keeps_its_trace() {
    let late = |state: &mut State| state.find_mut(&id(4)).unwrap().spans.push(span(4, 2, Some(1), "late", 0));
    let other = |state: &mut State| state.find_mut(&id(4)).unwrap().spans = vec![span(4, 1, None, "other", 0)];
    for change in [late as fn(&mut State), other] {
        let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
        desk.fake.before(Rule::nth(LAST_LOOK, "traces/search"), change);
        let ended = desk.run(&["--yes", "-o", "json"]).exits(3);
        desk.left(APP, &[4, 7, 8]);
        assert_eq!((&ended.json()["deleted"], &ended.json()["not_archived"]), (&json!(5), &json!(1)), "{ended}");
        ended.tells(&format!("{} was not archived: it changed after it was archived", id(4)));
        desk.run(&["--yes"]).exits(0);
        desk.left(APP, &[7, 8]);
    }
}

#[test]
fn a_trace_whose_spans_cannot_be_read_again_is_kept() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    desk.fake.before(Rule::nth(LAST_LOOK, "traces/search"), |state| {
        let stored = state.find_mut(&id(4)).unwrap();
        (stored.lost, stored.mislabelled) = (true, true);
    });
    let ended = desk.run(&["--yes", "-o", "json"]).exits(3);
    desk.left(APP, &[4, 7, 8]);
    ended.tells(&format!("{} was not archived: it could not be read again: the spans of trace", id(4)));
}

#[test]
fn nothing_goes_on_the_word_of_an_archive_that_is_damaged_or_gone() {
    type Change = (fn(&Path), &'static str);

    let changes: [Change; 4] = [
        (|place| damage(&part(place, 0)), "is damaged: its SHA-256 is"),
        (|place| fs::remove_file(part(place, 0)).unwrap(), "is not there"),
        (|place| fs::remove_dir_all(place).unwrap(), "manifest.json is not there"),
        (|place| fs::write(runs(place)[0].join("manifest.json"), "{}").unwrap(), "manifest.json was changed"),
    ];
    for (change, reason) in changes {
        let rules = rule("app", "archive_to = \"expired\"")
            + &rule("other", "allow_empty = true\nfilter = \"name = 'chat'\"").replace("my-app", "checkout");
        let desk = Desk::new(aged(), &rules);
        let place = desk.path("expired");
        // One search more: there are two plans.
        desk.fake.before(Rule::nth(LAST_LOOK + 1, "traces/search"), move |_| change(&place));
        let ended = desk.run(&["--yes", "-o", "json"]).exits(3);
        desk.left(APP, &[1, 2, 3, 4, 5, 6, 7, 8]);
        desk.left(CHECKOUT, &[]);
        assert_eq!((&ended.json()["deleted"], &ended.json()["not_archived"]), (&json!(1), &json!(6)), "{ended}");
        ended.tells("was not archived: its archive is damaged or gone: ").tells(reason);
    }
}

#[test]
fn the_archive_is_looked_at_before_each_batch() {
    let stats = "{\"num_spans\": 1}";
    let seed =
        |number: u32| Seed::new(number).days_old(u64::from(400 - number)).metadata("mlflow.trace.sizeStats", stats);
    let desk = Desk::new(Fake::with((1..=250).map(seed)), &rule("app", "archive_to = \"expired\"\nkeep_last = 10"));
    let place = desk.path("expired");
    desk.fake.before(Rule::first(DELETE), move |_| fs::remove_file(part(&place, 0)).unwrap());
    let ended = desk.run(&["--yes", "-o", "json"]).exits(3);
    assert_eq!((&ended.json()["deleted"], &ended.json()["not_archived"]), (&json!(100), &json!(140)), "{ended}");
    assert_eq!(desk.fake.asked(DELETE).len(), 1);
}
