//! `retention run`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Experiment, Live, live, own, sorted, texts};
use crate::support::{Program, Running, assert_same};

const DAY: u64 = 86_400;

/// Three expired after 30 days and two that are not, one of them by little.
fn seed(experiment: &Experiment<'_>) -> Vec<String> {
    experiment.seed(&json!([
        {"age_s": 90 * DAY, "tags": {"keep": "true"}},
        {"age_s": 45 * DAY, "state": "ERROR", "feedback": {"gold": true}},
        {"age_s": 30 * DAY + 300},
        {"age_s": 30 * DAY - 300},
        {"age_s": 60, "state": "ERROR"},
    ]))
}

fn pick(ids: &[String], numbers: &[usize]) -> Vec<String> {
    sorted(numbers.iter().map(|number| ids[*number].clone()).collect())
}

#[test]
fn what_is_older_is_deleted_and_what_is_younger_is_not() {
    let Some(live) = live() else { return };
    let (experiment, other) = (live.experiment(), live.experiment());
    let ids = seed(&experiment);
    let others = seed(&other);
    experiment.run(&["retention", "run", "--older-than", "30d", "--yes"]).succeeds();
    assert_eq!(experiment.ids(), pick(&ids, &[3, 4]));
    assert_eq!(other.ids(), sorted(others));
    experiment.run(&["retention", "run", "--older-than", "30d", "--yes"]).succeeds();
    assert_eq!(experiment.ids(), pick(&ids, &[3, 4]));
}

#[test]
fn rules_choose_what_expires_and_what_is_kept() {
    let Some(live) = live() else { return };
    for (rules, left) in [
        (["--filter", "status = 'OK'"].as_slice(), [1, 3, 4].as_slice()),
        (&["--filter", "status = 'ERROR'"], &[0, 2, 3, 4]),
        (&["--keep-if", "tags.keep = 'true'"], &[0, 3, 4]),
        (&["--keep-if", "tags.keep = 'true'", "--keep-if", "feedback.gold = 'true'"], &[0, 1, 3, 4]),
        (&["--filter", "status = 'OK'", "--keep-if", "tags.keep = 'true'"], &[0, 1, 3, 4]),
        (&["--keep-if", "tags.keep = 'no'"], &[3, 4]),
    ] {
        let experiment = live.experiment();
        let ids = seed(&experiment);
        let run = [&["retention", "run", "--older-than", "30d"], rules].concat();
        experiment.run(&[run.as_slice(), &["--dry-run"]].concat()).succeeds();
        assert_eq!(experiment.ids(), sorted(ids.clone()), "a dry run deletes nothing");
        experiment.run(&[run.as_slice(), &["--yes"]].concat()).succeeds();
        assert_eq!(experiment.ids(), pick(&ids, left), "{rules:?}");
    }
}

#[test]
fn the_summary_counts_what_was_planned_deleted_and_left() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    seed(&experiment);
    let run = ["retention", "run", "--older-than", "30d", "--keep-if", "tags.keep = 'true'", "-o", "json"];
    let summary = |more: &str| experiment.run(&[run.as_slice(), &[more]].concat()).succeeds().json();
    let part = |summary: &Value, key: &str| summary.get(key).unwrap_or_else(|| panic!("{key} in {summary}")).clone();
    let dry = summary("--dry-run");
    assert_eq!(
        (part(&dry, "dry_run"), part(&dry, "planned"), part(&dry, "deleted")),
        (json!(true), json!(2), json!(0))
    );
    let done = summary("--yes");
    assert_eq!((part(&done, "dry_run"), part(&done, "planned")), (json!(false), json!(2)));
    assert_eq!((part(&done, "deleted"), part(&done, "remaining")), (json!(2), json!(0)));
    let again = summary("--yes");
    assert_eq!((part(&again, "planned"), part(&again, "deleted")), (json!(0), json!(0)));
    for summary in [dry, done] {
        assert!(part(&summary, "cutoff").to_string().contains("20"), "{summary}");
    }
}

#[test]
fn too_many_traces_are_not_deleted_at_all() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(&experiment);
    let run = |max: &str| experiment.run(&["retention", "run", "--older-than", "30d", "--max-delete", max, "--yes"]);
    run("2").exits(7).tells("--max-delete");
    assert_eq!(experiment.ids(), sorted(ids.clone()));
    run("3").succeeds();
    assert_eq!(experiment.ids(), pick(&ids, &[3, 4]));
}

#[test]
fn without_a_terminal_nothing_is_deleted_unless_confirmed() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(&experiment);
    experiment.run(&["retention", "run", "--older-than", "30d"]).exits(7).tells("--yes");
    for wrong in ["0d", "30", "-1d", "soon"] {
        experiment.run(&["retention", "run", &format!("--older-than={wrong}"), "--yes"]).exits(2);
    }
    experiment.run(&["retention", "run", "--yes"]).exits(2);
    assert_eq!(experiment.ids(), sorted(ids));
}

#[test]
fn hundreds_of_traces_expire_in_one_run() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let seed = |age_s: u64| live.call("seed_many", &json!({"experiment": experiment.id, "count": 230, "age_s": age_s}));
    seed(40 * DAY);
    let young = texts(seed(DAY));
    let run = experiment.run(&["retention", "run", "--older-than", "30d", "--yes", "-o", "json"]).succeeds();
    assert_eq!(run.json()["deleted"], 230, "{run}");
    assert_eq!(experiment.ids(), sorted(young));
}

/// A policy for one experiment in a folder of its own.
fn policy(experiment: &Experiment<'_>, rule: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("retention.toml");
    let text = format!("[[rule]]\nname = \"live\"\nexperiments = [\"{}\"]\n{rule}\n", experiment.id);
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap().to_owned();
    (folder, file)
}

#[test]
fn a_policy_keeps_by_number_by_calendar_and_by_filter_and_lets_the_rest_go() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    // Two teams; each 31, 32, … days old.
    let ids = experiment.seed(&json!([
        {"age_s": 31 * DAY, "tags": {"team": "chat"}},
        {"age_s": 32 * DAY, "tags": {"team": "chat"}},
        {"age_s": 33 * DAY, "tags": {"team": "search"}},
        {"age_s": 34 * DAY, "tags": {"team": "search", "keep": "true"}},
        {"age_s": 35 * DAY, "tags": {"team": "search"}, "feedback": {"gold": true}},
        {"age_s": 36 * DAY, "tags": {"team": "search"}, "state": "ERROR"},
        {"age_s": 800 * DAY, "tags": {"team": "chat"}},
        {"age_s": 801 * DAY, "tags": {"team": "chat"}},
        {"age_s": 60, "tags": {"team": "new"}},
    ]));
    let rule = "keep_within = \"30d\"\nkeep_last = 1\nkeep_yearly = 9\ngroup_by = [\"tags.team\"]\nkeep_if = [\"tags.keep = 'true'\", \"feedback.gold = 'true'\"]";
    let (folder, file) = policy(&experiment, rule);
    let state = folder.path().join("state");
    let run = |arguments: &[&str]| {
        let arguments = [&["retention"], arguments, &["--policy", file.as_str()]].concat();
        experiment.program(&arguments).hidden_env("MLFLOW_TRACE_STATE_DIR", &state).run()
    };
    let expected = pick(&ids, &[1, 5, 7]);
    // A year may end between the traces of 31 and 32 days, whose newest is then kept, too.
    let planned = sorted(run(&["plan", "-o", "ids"]).succeeds().lines());
    assert!(planned.iter().all(|id| expected.contains(id)) && planned.contains(&ids[7]), "{planned:?}");
    assert_eq!(experiment.ids(), sorted(ids.clone()), "a plan deletes nothing");
    run(&["explain", &ids[4]]).succeeds().prints("keep_if feedback.gold = 'true'").prints("Kept");
    run(&["explain", &ids[7]]).succeeds().prints("A run WOULD delete it");
    let summary = run(&["run", "--yes", "-o", "json"]).succeeds().json();
    assert_eq!(summary["deleted"], planned.len(), "{summary}");
    let left = ids.iter().filter(|id| !planned.contains(id)).cloned().collect();
    assert_eq!(experiment.ids(), sorted(left), "as MLflow's own client sees it");
    assert!(std::fs::read_to_string(state.join("retention-last.json")).unwrap().contains("\"deleted\""));
}

#[test]
fn a_policy_that_would_empty_an_experiment_deletes_nothing() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([{"age_s": 90 * DAY}, {"age_s": 45 * DAY}]));
    let (_folder, file) = policy(&experiment, "keep_within = \"30d\"");
    let run = ["retention", "run", "--policy", file.as_str(), "--yes"];
    experiment.run(&run).exits(7).tells("nothing would be left of experiment");
    assert_eq!(experiment.ids(), sorted(ids));
    let (_folder, file) = policy(&experiment, "keep_within = \"30d\"\nallow_empty = true\nfilter = \"status = 'OK'\"");
    experiment.run(&["retention", "run", "--policy", file.as_str(), "--yes"]).succeeds();
    assert!(experiment.ids().is_empty());
}

#[test]
fn what_a_policy_deletes_is_in_its_archive_as_mlflow_had_it() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([
        {"age_s": 45 * DAY, "tags": {"team": "chat"}, "feedback": {"gold": true}},
        {"age_s": 50 * DAY, "tags": {"team": "search"}, "state": "ERROR"},
        {"age_s": 60 * DAY, "tags": {"team": "chat"}},
        {"age_s": 60},
    ]));
    // The spans of one are damaged, so that it cannot be archived.
    let spec = json!({"experiment": experiment.id, "text": "{\"spans\": [", "spec": {"age_s": 70 * DAY}});
    let damaged = live.call("seed_span_file", &spec).as_str().unwrap().to_owned();
    live.call("set_tag", &json!({"trace": damaged, "key": "team", "value": "chat"}));
    let before: Vec<Value> = ids[..3].iter().map(|id| live.trace(id)).collect();
    let filter = "tags.team != 'none'";
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("expired").display().to_string();
    let rule = format!("filter = \"{filter}\"\nkeep_within = \"30d\"\narchive_to = \"{place}\"");
    let (_policy, file) = policy(&experiment, &rule);
    let run = ["retention", "run", "--policy", file.as_str(), "--yes", "-o", "json"];
    let run = experiment.program(&run).hidden_env("MLFLOW_TRACE_STATE_DIR", folder.path().join("state"));
    let ended = run.run().exits(3).tells("1 trace not archived");
    assert_eq!(ended.json()["deleted"], 3, "{ended}");
    assert_eq!(experiment.ids(), sorted(vec![ids[3].clone(), damaged]));
    let uri = format!("file:{place}");
    let search = ["search", "-u", uri.as_str(), filter, "--all", "-o", "jsonl"];
    let found = Program::new(search).run().succeeds().jsonl();
    assert_eq!(found.len(), 3, "newest first");
    for (found, before) in found.iter().zip(&before) {
        assert_same(&live.load(found), before);
    }
    // What is gone is found again by what the error says, as it is typed.
    let get = experiment.program(&["get", &ids[0]]).hidden_env("MLFLOW_TRACE_STATE_DIR", folder.path().join("state"));
    let told = get.run().exits(9).tells("was archived by run");
    let command = told.stderr.split('`').find(|part| part.starts_with("mlflow-trace -u file:")).unwrap();
    Program::shell(command).run().exits(0).prints(&ids[0]);
}

#[test]
fn while_the_artifact_store_is_away_no_trace_in_it_is_called_empty_or_deleted() {
    let Some(live) = own("artifacts") else { return };
    let experiment = live.experiment();
    experiment.seed(&json!([{"age_s": 41 * DAY}, {"age_s": 42 * DAY}]));
    // As clients before 3.4 leave them: nothing says how many spans there are.
    let file = |age: u64| {
        let spec = json!({"experiment": experiment.id, "spec": {"age_s": age * DAY}});
        live.call("seed_span_file", &spec).as_str().unwrap().to_owned()
    };
    let files = [file(43), file(44), file(45)];
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("expired").display().to_string();
    let rule =
        format!("keep_within = \"30d\"\nallow_empty = true\nfilter = \"status = 'OK'\"\narchive_to = \"{place}\"");
    let (_policy, policy) = policy(&experiment, &rule);
    let run = |code: i32| {
        let run = ["retention", "run", "--policy", policy.as_str(), "--yes", "-o", "json"];
        let state = folder.path().join("state");
        experiment.program(&run).hidden_env("MLFLOW_TRACE_STATE_DIR", state).run().exits(code)
    };
    experiment.run(&["get", &files[0]]).succeeds().prints("find_order");
    live.take_artifacts_away(true);
    let get = experiment.run(&["get", &files[0]]).exits(3).prints("(spans not at hand)");
    get.tells(&format!("the spans of trace {} are missing", files[0])).tells("may not reach its artifact store");
    let export = experiment.run(&["export", "-", "--spans"]).exits(3);
    let without = |trace: &&Value| trace["data"]["spans"].as_array().unwrap().is_empty();
    assert_eq!((export.jsonl().len(), export.jsonl().iter().filter(without).count()), (5, 3));
    let kept = run(3).tells("3 traces not archived and therefore kept");
    assert_eq!((&kept.json()["deleted"], &kept.json()["not_archived"]), (&json!(2), &json!(3)), "{kept}");
    assert_eq!(experiment.ids(), sorted(files.to_vec()), "the two whose spans are in the database are gone");
    live.take_artifacts_away(false);
    let before: Vec<Value> = files.iter().map(|id| live.trace(id)).collect();
    assert_eq!(run(0).json()["deleted"], 3);
    assert_eq!(experiment.ids(), Vec::<String>::new());
    let uri = format!("file:{place}");
    for (id, before) in files.iter().zip(&before) {
        let found = Program::new(["get", "-u", uri.as_str(), id, "-o", "json"]).run().succeeds().json();
        assert_same(&live.load(&found), before);
    }
    assert_eq!(Program::new(["count", "-u", uri.as_str()]).run().succeeds().stdout, "5\n");
}

/// A policy under way that archives 150 traces and deletes them in two batches.
struct UnderWay<'live> {
    experiment: Experiment<'live>,
    /// Oldest first.
    old: Vec<String>,
    young: String,
    folder: tempfile::TempDir,
    running: Running,
}

/// Waits until the first batch, the oldest hundred traces, is gone; the second one is due some seconds later.
fn after_the_first_batch(live: &'static Live) -> UnderWay<'static> {
    let experiment = live.experiment();
    let old = texts(live.call("seed_many", &json!({"experiment": experiment.id, "count": 150, "age_s": 40 * DAY})));
    let young = experiment.seed_one();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("expired").display().to_string();
    let (_policy, file) = policy(&experiment, &format!("keep_within = \"30d\"\narchive_to = \"{place}\""));
    let run = ["retention", "run", "--policy", file.as_str(), "--yes", "--sleep-between", "15s", "-o", "json"];
    let mut running =
        experiment.program(&run).hidden_env("MLFLOW_TRACE_STATE_DIR", folder.path().join("state")).start();
    while experiment.ids().len() > 51 {
        assert!(!running.has_ended(), "it ended too early: {}", running.ends().exits(0));
        std::thread::sleep(Duration::from_millis(200));
    }
    UnderWay { experiment, old, young, folder, running }
}

#[test]
fn a_span_that_arrives_after_its_trace_was_archived_keeps_it() {
    let Some(live) = live() else { return };
    let run = after_the_first_batch(live);
    let (trace, before) = (&run.old[120], live.info(&run.old[120]));
    live.call("late_span", &json!({"experiment": run.experiment.id, "trace": trace}));
    assert_eq!(live.info(trace), before, "nothing but its spans tells");
    let ended = run.running.ends().exits(3);
    assert_eq!((&ended.json()["deleted"], &ended.json()["not_archived"]), (&json!(149), &json!(1)), "{ended}");
    ended.tells(&format!("{trace} was not archived: it changed after it was archived"));
    assert_eq!(run.experiment.ids(), sorted(vec![trace.clone(), run.young]));
    let spans = |trace: &Value| trace["data"]["spans"].as_array().unwrap().len();
    assert_eq!(spans(&live.trace(trace)), 2, "the late one is still there");
}

#[test]
fn an_archive_that_is_lost_between_two_batches_stops_the_second_one() {
    let Some(live) = live() else { return };
    let run = after_the_first_batch(live);
    std::fs::remove_dir_all(run.folder.path().join("expired")).unwrap();
    let ended = run.running.ends().exits(3);
    assert_eq!((&ended.json()["deleted"], &ended.json()["not_archived"]), (&json!(100), &json!(50)), "{ended}");
    ended.tells("its archive is damaged or gone").tells("manifest.json is not there");
    assert_eq!(run.experiment.ids(), sorted([&run.old[100..], &[run.young]].concat()));
}

#[test]
fn a_trace_is_deleted_only_with_its_attachments_in_the_archive_and_comes_back_with_them() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let seed = |texts: &[&str]| {
        let with = json!({"experiment": experiment.id, "age_s": 40 * DAY, "texts": texts});
        crate::harness::text(live.call("seed_attachments", &with))
    };
    let (whole, torn) = (seed(&["one picture", "another"]), seed(&["gone"]));
    let young = experiment.seed_one();
    let attachments = |trace: &str| live.call("attachments", &json!({"trace": trace}));
    live.call("delete_attachments", &json!({"trace": torn}));
    assert_eq!((attachments(&whole), attachments(&torn)), (json!(["one picture", "another"]), json!([null])));
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("expired");
    let rule = format!("keep_within = \"30d\"\narchive_to = \"{}\"", place.display());
    let (_policy, policy) = policy(&experiment, &rule);
    let run = ["retention", "run", "--policy", policy.as_str(), "--yes", "-o", "json"];
    let ended =
        experiment.program(&run).hidden_env("MLFLOW_TRACE_STATE_DIR", folder.path().join("state")).run().exits(3);
    assert_eq!((&ended.json()["deleted"], &ended.json()["not_archived"]), (&json!(1), &json!(1)), "{ended}");
    ended.tells(&format!("{torn} was not archived: its attachment"));
    assert_eq!(experiment.ids(), sorted(vec![torn, young]));
    let archive = place.display().to_string();
    let target = live.experiment();
    target.run(&["import", &archive]).succeeds().tells("1 trace imported").tells("2 attachments imported");
    assert_eq!(target.ids(), [whole.as_str()]);
    assert_eq!(attachments(&whole), json!(["one picture", "another"]));
}
