//! Tags of many traces by filter, plans of that, and what takes them back.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Experiment, live, sorted};
use crate::support::Run;

/// The value of a tag on every trace of an experiment, as `MLflow`'s own client reads it; `Null` where there is none.
fn tags(experiment: &Experiment<'_>, key: &str) -> BTreeMap<String, Value> {
    let states = live().unwrap().call("states", &json!({"experiment": experiment.id}));
    let of = |(id, state): (&String, &Value)| (id.clone(), state["tags"][key].clone());
    states.as_object().unwrap().iter().map(of).collect()
}

fn values(experiment: &Experiment<'_>, key: &str, ids: &[String]) -> Vec<Value> {
    let tags = tags(experiment, key);
    ids.iter().map(|id| tags[id].clone()).collect()
}

fn set_tag(id: &str, key: &str, value: &str) {
    live().unwrap().call("set_tag", &json!({"trace": id, "key": key, "value": value}));
}

/// Two drafts without a team, one of another team, one of this team, and one that is no draft.
fn drafts(experiment: &Experiment<'_>) -> Vec<String> {
    experiment.seed(&json!([
        {"tags": {"stage": "draft"}},
        {"tags": {"stage": "draft", "note": "söé 📦"}},
        {"tags": {"stage": "draft", "team": "old"}},
        {"tags": {"stage": "draft", "team": "new"}},
        {"tags": {"stage": "final", "team": "old"}},
    ]))
}

fn run(experiment: &Experiment<'_>, state: &Path, line: &[&str]) -> Run {
    experiment.program(line).hidden_env("MLFLOW_TRACE_STATE_DIR", state).run()
}

/// The run that this tells how to take back.
fn run_id(stderr: &str) -> String {
    let (_, after) = stderr.split_once("mlflow-trace undo ").expect("the way back");
    after.split('`').next().unwrap().to_owned()
}

/// What became of each of these traces.
fn results(lines: &[Value], ids: &[String]) -> Vec<Value> {
    let of = |id: &String| lines.iter().find(|line| line["trace_id"] == id.as_str());
    ids.iter().map(|id| of(id).map_or(Value::Null, |line| line["result"].clone())).collect()
}

const DRAFTS: [&str; 2] = ["--filter", "tags.stage = 'draft'"];

#[test]
fn what_matches_is_tagged_and_the_run_is_taken_back() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let (ids, state) = (drafts(&experiment), tempfile::tempdir().unwrap());
    let before = tags(&experiment, "team");
    let set = [&["tag", "set"], &DRAFTS[..], &["team=new"]].concat();
    let dry = run(&experiment, state.path(), &[&set[..], &["--dry-run", "-o", "ids"]].concat()).succeeds();
    assert_eq!(sorted(dry.lines()), sorted(ids[..4].to_vec()));
    assert_eq!(tags(&experiment, "team"), before, "a dry run changes nothing");
    let ended = run(&experiment, state.path(), &[&set[..], &["--yes", "-o", "jsonl"]].concat()).succeeds();
    let [done, unchanged] = ["done", "unchanged"].map(Value::from);
    let expected = [done.clone(), done.clone(), done, unchanged, Value::Null];
    assert_eq!(results(&ended.jsonl(), &ids), expected);
    assert_eq!(values(&experiment, "team", &ids), ["new", "new", "new", "new", "old"].map(Value::from));
    assert_eq!(values(&experiment, "note", &ids)[1], "söé 📦");
    run(&experiment, state.path(), &["undo", &run_id(&ended.stderr)]).succeeds().tells("3 tags on 3 traces");
    assert_eq!(tags(&experiment, "team"), before);
}

#[test]
fn what_matches_loses_a_tag_and_gets_it_back() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let (ids, state) = (drafts(&experiment), tempfile::tempdir().unwrap());
    let (before, notes) = (tags(&experiment, "team"), tags(&experiment, "note"));
    let delete = [&["tag", "delete"], &DRAFTS[..], &["team", "note", "--yes", "-o", "json"]].concat();
    let ended = run(&experiment, state.path(), &delete).succeeds();
    assert_eq!((&ended.json()["tags"], &ended.json()["unchanged"]), (&json!(3), &json!(5)));
    assert_eq!(values(&experiment, "team", &ids), [Value::Null, Value::Null, Value::Null, Value::Null, json!("old")]);
    assert!(tags(&experiment, "note").values().all(Value::is_null));
    run(&experiment, state.path(), &["undo", &run_id(&ended.stderr)]).succeeds();
    assert_eq!((tags(&experiment, "team"), tags(&experiment, "note")), (before, notes));
}

#[test]
fn a_trace_that_no_longer_matches_its_plan_is_spared() {
    let Some(live) = live() else { return };
    for (words, goal) in [(["set", "team=new"], json!("new")), (["delete", "team"], Value::Null)] {
        let experiment = live.experiment();
        let (ids, state) = (drafts(&experiment), tempfile::tempdir().unwrap());
        let file = state.path().join("plan.jsonl");
        let file = file.to_str().unwrap();
        let plan = [&["tag", words[0]], &DRAFTS[..], &[words[1], "--plan", file]].concat();
        run(&experiment, state.path(), &plan).succeeds();
        // Since the plan was made one stops matching, one begins to match, and one is deleted.
        set_tag(&ids[2], "stage", "final");
        set_tag(&ids[4], "stage", "draft");
        live.call("delete_traces", &json!({"experiment": experiment.id, "traces": [ids[1]]}));
        let ended = run(&experiment, state.path(), &["apply", file, "--yes", "-o", "jsonl"]).succeeds();
        let told = results(&ended.jsonl(), &ids);
        assert_eq!((&told[1], &told[2], &told[4]), (&json!("gone"), &json!("spared"), &Value::Null));
        let left = [&ids[..1], &ids[2..]].concat();
        assert_eq!(values(&experiment, "team", &left), [goal.clone(), json!("old"), goal, json!("old")]);
        run(&experiment, state.path(), &["apply", file, "--yes"]).exits(7).tells("already applied");
    }
}

#[test]
fn what_somebody_has_changed_since_is_not_taken_back() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let (ids, state) = (drafts(&experiment), tempfile::tempdir().unwrap());
    let set = [&["tag", "set"], &DRAFTS[..], &["team=new", "--yes"]].concat();
    let ended = run(&experiment, state.path(), &set).succeeds();
    set_tag(&ids[0], "team", "other");
    live.call("delete_tag", &json!({"trace": ids[2], "key": "team"}));
    let undo = ["undo", &run_id(&ended.stderr), "-o", "jsonl"];
    let dry = run(&experiment, state.path(), &[&undo[..], &["--dry-run"]].concat()).succeeds();
    let [planned, refused, done] = ["planned", "refused", "done"].map(Value::from);
    assert_eq!(results(&dry.jsonl(), &ids[..3]), [refused.clone(), planned, refused.clone()]);
    let ended = run(&experiment, state.path(), &undo).exits(3).tells("it was changed since");
    assert_eq!(results(&ended.jsonl(), &ids), [refused.clone(), done, refused, Value::Null, Value::Null]);
    let expected = [json!("other"), Value::Null, Value::Null, json!("new"), json!("old")];
    assert_eq!(values(&experiment, "team", &ids), expected);
}
