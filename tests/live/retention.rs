//! `retention run`.

use serde_json::{Value, json};

use crate::harness::{Experiment, live, sorted, texts};

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
