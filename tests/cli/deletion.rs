//! `delete` and `retention run`: what goes, what stays, and what is told of it.

use serde_json::{Value, json};

use crate::fake::{APP, Answer, CHECKOUT, Failure, Fake, KNOWN, OLD, Rule, Seed, id};
use crate::snapshot::Gallery;

const DELETE: &str = "POST /api/2.0/mlflow/traces/delete-traces";
const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";
const EXPIRE: [&str; 4] = ["retention", "run", "--older-than", "30d"];

/// So many traces of 40 days in `my-app`, numbered from 1, and one of today.
fn aged(number: u32) -> Fake {
    Fake::with((1..=number).map(|number| Seed::new(number).days_old(40)).chain([Seed::new(9999).days_old(0)]))
}

fn expire(fake: &Fake, more: &[&str]) -> crate::support::Run {
    fake.run(&[EXPIRE.as_slice(), more].concat())
}

/// The parts of a summary, which must add up.
fn parts(summary: &Value) -> [u64; 6] {
    let part = |of: &Value, key: &str| of[key].as_u64().unwrap_or_else(|| panic!("{key} in {summary}"));
    let keys = ["planned", "deleted", "spared", "gone", "remaining", "not_attempted"];
    let total = keys.map(|key| part(summary, key));
    if summary["dry_run"] == false {
        assert_eq!(total[0], total[1..].iter().sum::<u64>(), "{summary}");
    }
    for key in keys {
        let sum: u64 = summary["experiments"].as_array().unwrap().iter().map(|each| part(each, key)).sum();
        assert_eq!(sum, part(summary, key), "{key} in {summary}");
    }
    total
}

/// Deletions are by explicit ids and nothing else, whatever happened.
fn assert_only_ids(fake: &Fake) {
    for request in fake.asked(DELETE) {
        let body = request.json();
        let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["experiment_id", "request_ids"], "{body}");
        assert!(body["request_ids"].as_array().unwrap().len() <= 100, "{body}");
    }
    assert!(fake.log().iter().all(|request| !request.body.contains("max_timestamp_millis")));
}

#[test]
fn the_gallery_of_deletions() {
    let fake = aged(3);
    let mut gallery = Gallery::new("deletion").hiding_times();
    gallery.scene("dry run", &expire(&fake, &["--dry-run"]).exits(0));
    gallery.scene("dry run, as JSON", &expire(&fake, &["--dry-run", "-o", "json"]).exits(0));
    gallery.scene("dry run, as ids", &expire(&fake, &["--dry-run", "-o", "ids"]).exits(0));
    gallery.scene("cannot ask for confirmation", &expire(&fake, &[]).exits(7));
    gallery.scene("more than allowed", &expire(&fake, &["--max-delete", "2", "--yes"]).exits(7));
    gallery.scene("ids without a dry run", &expire(&fake, &["--yes", "-o", "ids"]).exits(2));
    gallery.scene("an empty filter", &expire(&fake, &["--filter", "", "--yes"]).exits(2));
    gallery.scene("an empty keeper", &expire(&fake, &["--keep-if", " ", "--yes"]).exits(2));
    gallery.scene("a day without a unit", &fake.run(&["retention", "run", "--older-than", "30", "--yes"]).exits(2));
    assert!(fake.asked(DELETE).is_empty(), "nothing was deleted so far");
    fake.state().set_tag(&id(2), "keep", "true");
    gallery.scene("expired", &expire(&fake, &["--keep-if", "tags.keep = 'true'", "--yes"]).exits(0));
    gallery.scene("again", &expire(&fake, &["--keep-if", "tags.keep = 'true'", "--yes", "-o", "json"]).exits(0));
    gallery.scene("by id", &fake.run(&["delete", &id(2), "--yes"]).exits(0));
    gallery.scene("by an unknown id", &fake.run(&["delete", &id(2), "--yes"]).exits(9));
    gallery.scene("by a filter", &fake.run(&["delete", "--filter", "status = 'OK'", "--yes", "-o", "json"]).exits(0));
    gallery.check();
}

#[test]
fn a_dry_run_deletes_nothing_and_lists_what_would_go() {
    let fake = aged(150);
    let ended = expire(&fake, &["--dry-run", "-o", "ids"]).succeeds().tells("WOULD delete 150 traces");
    assert_eq!(ended.lines(), (1..=150).map(id).collect::<Vec<_>>(), "oldest first");
    let summary = expire(&fake, &["--dry-run", "-o", "json"]).succeeds().json();
    assert_eq!((parts(&summary), &summary["dry_run"]), ([150, 0, 0, 0, 0, 0], &json!(true)));
    fake.run(&["delete", &id(1), "--dry-run"]).succeeds();
    assert!(fake.asked(DELETE).is_empty());
    expire(&fake, &["--dry-run", "--yes"]).exits(2);
}

#[test]
fn without_a_terminal_nothing_is_deleted_unless_confirmed() {
    let fake = aged(2);
    expire(&fake, &[]).exits(7).tells("--yes");
    fake.run(&["delete", &id(1)]).exits(7);
    fake.program(&["delete", &id(1)]).stdin("y\n").run().exits(7);
    assert!(fake.asked(DELETE).is_empty());
}

#[test]
fn more_than_allowed_is_not_deleted_at_all() {
    let fake = aged(5);
    let ended = expire(&fake, &["--max-delete", "4", "--yes", "-o", "json"]).exits(7).tells("--max-delete 4");
    assert_eq!(ended.json()["planned"], 5);
    assert!(fake.asked(DELETE).is_empty());
    expire(&fake, &["--max-delete", "4", "--dry-run"]).exits(7);
    expire(&fake, &["--max-delete", "5", "--yes"]).succeeds();
    assert_eq!(fake.state().ids(APP), [id(9999)]);
    fake.run(&["delete", &id(9999), "--max-delete", "0", "--yes"]).exits(7);
}

#[test]
fn batches_of_a_hundred_are_deleted_by_id() {
    let fake = aged(250);
    let summary = expire(&fake, &["--yes", "-o", "json"]).succeeds().json();
    assert_eq!(parts(&summary), [250, 250, 0, 0, 0, 0]);
    let sizes: Vec<usize> =
        fake.bodies(DELETE).iter().map(|body| body["request_ids"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [100, 100, 50]);
    assert_eq!(fake.bodies(DELETE)[0]["experiment_id"], APP);
    assert_only_ids(&fake);
    assert_eq!(fake.state().ids(APP), [id(9999)], "what is younger stays");
}

#[test]
fn all_ids_are_collected_before_the_first_deletion() {
    let fake = aged(1200);
    expire(&fake, &["--yes"]).succeeds();
    assert_eq!(fake.state().ids(APP), [id(9999)], "paging while deleting would have lost half of them");
    let log = fake.log();
    let first_deletion = log.iter().position(|request| request.path.ends_with("delete-traces")).unwrap();
    let paged = |request: &crate::fake::Request| request.json().get("page_token").is_some();
    assert!(!log[first_deletion..].iter().any(paged));
    assert_only_ids(&fake);
}

#[test]
fn a_trace_tagged_between_plan_and_deletion_is_spared() {
    let fake = aged(150);
    let first_recheck = Rule::nth(3, SEARCH);
    fake.before(first_recheck, |state| state.set_tag(&id(120), "keep", "true"));
    let summary = expire(&fake, &["--keep-if", "tags.keep = 'true'", "--allow-unmatched-keep", "--yes", "-o", "json"]);
    let summary = summary.succeeds().json();
    assert_eq!(parts(&summary), [150, 149, 1, 0, 0, 0]);
    assert_eq!(fake.state().ids(APP), [id(120), id(9999)]);
}

#[test]
fn a_trace_that_is_no_longer_shown_is_not_called_gone() {
    let fake = aged(150);
    // The first look before a deletion.
    fake.before(Rule::nth(2, SEARCH), |state| {
        state.hidden.insert(id(20));
        state.remove(&id(30));
    });
    let ended = expire(&fake, &["--yes", "-o", "json"]).exits(3);
    assert_eq!(parts(&ended.json()), [150, 148, 0, 0, 2, 0], "who may not see one of them learns of neither");
    ended.tells("2 traces remain").tells("cannot tell whether trace");
    assert_eq!(fake.state().ids(APP), [id(20), id(9999)]);
}

#[test]
fn a_trace_that_was_moved_meanwhile_is_not_called_deleted() {
    let fake = aged(3);
    fake.before(Rule::nth(2, SEARCH), |state| {
        let location = json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "2"}});
        state.find_mut(&id(2)).unwrap().trace.info.trace_location = location;
    });
    let ended = expire(&fake, &["--yes", "-o", "json"]).exits(3).tells("it is in the experiment with id 2 now");
    assert_eq!(parts(&ended.json()), [3, 2, 0, 0, 1, 0]);
    fake.state().find(&id(2)).unwrap();
}

#[test]
fn hidden_traces_that_are_named_are_not_called_unknown() {
    let fake = aged(3);
    fake.state().hidden.insert(id(2));
    let ended = fake.run(&["delete", &id(1), &id(2), "--yes"]).exits(4).tells("cannot tell whether trace");
    ended.tells("nothing was changed").does_not_tell("there is no trace");
    assert!(fake.asked(DELETE).is_empty());
}

#[test]
fn a_trace_that_no_longer_matches_is_spared() {
    let fake = aged(3);
    fake.before(Rule::nth(2, SEARCH), |state| state.set_tag(&id(2), "stage", "production"));
    fake.state().set_tag(&id(1), "stage", "scratch");
    fake.state().set_tag(&id(2), "stage", "scratch");
    let delete = ["delete", "--filter", "tags.stage = 'scratch'", "--yes"];
    fake.run(&delete).succeeds().tells("Deleted 1 of 2 traces. 1 spared because they no longer match.");
    assert_eq!(fake.state().ids(APP), [id(2), id(3), id(9999)]);
}

#[test]
fn a_trace_that_is_gone_already_is_no_failure() {
    let fake = aged(3);
    fake.before(Rule::nth(2, SEARCH), |state| state.remove(&id(2)));
    let summary = expire(&fake, &["--yes", "-o", "json"]).succeeds().json();
    assert_eq!(parts(&summary), [3, 2, 0, 1, 0, 0]);
}

#[test]
fn what_arrives_during_the_run_stays() {
    let fake = aged(3);
    fake.before(Rule::first(DELETE), |state| state.add([Seed::new(4).days_old(50)]));
    expire(&fake, &["--yes"]).succeeds();
    assert_eq!(fake.state().ids(APP), [id(4), id(9999)]);
}

#[test]
fn a_deletion_whose_answer_was_lost_is_counted() {
    let fake = aged(150);
    fake.fail(Rule::first(DELETE), Failure::LoseAnswer);
    let summary = expire(&fake, &["--yes", "-o", "json"]).succeeds().json();
    assert_eq!(parts(&summary), [150, 150, 0, 0, 0, 0]);
    assert_only_ids(&fake);
    let fake = aged(150);
    fake.fail(Rule::first(DELETE), Failure::AnswerAfterAll(Answer::new(403, "text/plain", "lost on the way")));
    let summary = expire(&fake, &["--yes", "-o", "json"]).succeeds().json();
    assert_eq!(parts(&summary), [150, 150, 0, 0, 0, 0], "only a look tells");
}

#[test]
fn a_yes_of_the_server_is_not_believed() {
    let fake = aged(150);
    let lie = Answer::json(200, &json!({"traces_deleted": 100}));
    fake.fail(Rule::first(DELETE), Failure::Answer(lie));
    let ended = expire(&fake, &["--yes", "-o", "json"]).exits(3);
    let summary = ended.json();
    assert_eq!(parts(&summary), [150, 50, 0, 0, 100, 0]);
    assert_eq!(summary["experiments"][0]["remaining_ids"].as_array().unwrap().len(), 100);
    ended.tells("100 traces remain");
    assert_eq!(fake.state().ids(APP).len(), 101);
}

#[test]
fn a_server_that_deletes_nothing_is_a_partial_failure_at_least() {
    let fake = aged(3);
    fake.fail(Rule::every(DELETE), Failure::Answer(Answer::json(200, &json!({"traces_deleted": 3}))));
    expire(&fake, &["--yes"]).exits(3).tells("the server did not delete them");
}

#[test]
fn three_failures_in_a_row_stop_the_run() {
    let fake = aged(600);
    fake.fail(Rule::from(2, DELETE), Failure::status(403, "Permission denied"));
    let ended = expire(&fake, &["--yes", "-o", "json"]).exits(3);
    assert_eq!(parts(&ended.json()), [600, 100, 0, 0, 175, 325]);
    assert_eq!(fake.asked(DELETE).len(), 4);
    let fake = aged(600);
    fake.fail(Rule::every(DELETE), Failure::status(403, "Permission denied"));
    let ended = expire(&fake, &["--yes", "-o", "json"]).exits(4).tells("Permission denied");
    assert_eq!(parts(&ended.json()), [600, 0, 0, 0, 175, 425]);
}

#[test]
fn one_failure_does_not_stop_the_rest() {
    let fake = aged(350);
    fake.fail(Rule::nth(2, DELETE), Failure::status(403, "Permission denied"));
    let ended = expire(&fake, &["--yes", "-o", "json"]).exits(3).tells("run the same command again");
    assert_eq!(parts(&ended.json()), [350, 250, 0, 0, 100, 0]);
    let again = expire(&fake, &["--yes", "-o", "json"]).succeeds().json();
    assert_eq!(parts(&again), [100, 100, 0, 0, 0, 0]);
}

#[test]
fn a_recheck_that_fails_deletes_nothing_of_its_batch() {
    let fake = aged(3);
    fake.fail(Rule::from(2, SEARCH), Failure::status(403, "Permission denied"));
    let ended = expire(&fake, &["--yes", "-o", "json"]).exits(4);
    assert_eq!(parts(&ended.json()), [3, 0, 0, 0, 3, 0]);
    assert!(fake.asked(DELETE).is_empty());
}

#[test]
fn an_empty_filter_is_refused() {
    let fake = aged(1);
    for filter in ["", "  ", "\n"] {
        fake.run(&["delete", "--filter", filter, "--yes"]).exits(2);
        expire(&fake, &["--filter", filter, "--yes"]).exits(2);
        expire(&fake, &["--keep-if", filter, "--yes"]).exits(2);
    }
    assert!(fake.log().is_empty());
}

#[test]
fn a_filter_with_or_cannot_widen_the_selection() {
    let fake = aged(2);
    // Joined without parentheses, `cutoff AND a OR b` would take what is younger.
    let ended = expire(&fake, &["--filter", "status = 'OK' OR status = 'ERROR'", "--yes", "-o", "json"]).succeeds();
    assert_eq!(parts(&ended.json()), [2, 2, 0, 0, 0, 0]);
    assert_eq!(fake.state().ids("1"), [id(9999)]);
}

#[test]
fn wrong_ages_are_refused() {
    let fake = aged(1);
    for age in ["", "0d", "30", "-1d", "soon", "1.5d", "999999w"] {
        fake.run(&["retention", "run", &format!("--older-than={age}"), "--yes"]).exits(2);
    }
    fake.run(&["retention", "run", "--yes"]).exits(2);
    assert!(fake.log().is_empty());
}

#[test]
fn filters_and_keepers_choose_together() {
    let fake = Fake::with([
        Seed::new(1).days_old(40),
        Seed::new(2).days_old(40).state("ERROR"),
        Seed::new(3).days_old(40).tag("keep", "true"),
        Seed::new(4).days_old(40).tag("gold", "yes"),
        Seed::new(5).days_old(29),
    ]);
    let more =
        ["--filter", "status = 'OK'", "--keep-if", "tags.keep = 'true'", "--keep-if", "tags.gold = 'yes'", "--yes"];
    let ended = expire(&fake, &[more.as_slice(), &["-o", "json"]].concat()).succeeds();
    assert_eq!(parts(&ended.json()), [1, 1, 0, 0, 0, 0]);
    assert_eq!(ended.json()["kept"], 2);
    assert_eq!(fake.state().ids(APP), [2, 3, 4, 5].map(id));
}

#[test]
fn only_the_named_experiments_are_touched() {
    let fake = Fake::with([
        Seed::new(1).days_old(40),
        Seed::new(2).days_old(40).experiment(CHECKOUT),
        Seed::new(3).days_old(40).experiment(OLD),
    ]);
    fake.bare(&[EXPIRE.as_slice(), &["--yes"]].concat()).run().exits(2).tells("no experiment given");
    expire(&fake, &["-x", "old-app", "--yes"]).exits(6);
    expire(&fake, &["-x", "nope", "--yes"]).exits(9);
    assert!(fake.asked(DELETE).is_empty());
    let ended = expire(&fake, &["-x", "checkout", "-x", "my-app", "--yes", "-o", "json"]).succeeds();
    assert_eq!(parts(&ended.json()), [2, 2, 0, 0, 0, 0]);
    assert_eq!(fake.state().traces.len(), 1);
}

#[test]
fn ids_are_deleted_in_the_experiments_they_live_in() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).experiment(CHECKOUT), Seed::new(3), Seed::known()]);
    let input = format!("{}\n{}\n{}\n", id(2), id(1), KNOWN);
    let delete = fake.bare(&["delete", "-", "--yes", "-o", "json"]).stdin(input);
    assert_eq!(parts(&delete.run().succeeds().json()), [3, 3, 0, 0, 0, 0]);
    assert_eq!(fake.asked(DELETE).len(), 2);
    assert_eq!(fake.state().ids(APP), [id(3)]);
    assert_only_ids(&fake);
    fake.bare(&["delete", "-", "--yes"]).stdin("").run().succeeds().tells("Nothing to delete.");
}

#[test]
fn a_trace_of_a_deleted_experiment_is_not_deleted() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).experiment(OLD)]);
    fake.run(&["delete", &id(1), &id(2), "--yes"]).exits(6).tells("old-app");
    fake.run(&["delete", &id(1), "tr-nope", "--yes"]).exits(9).tells("nothing was changed");
    assert!(fake.asked(DELETE).is_empty());
}

#[test]
fn the_summary_is_json_even_if_there_is_nothing_to_do() {
    let fake = aged(0);
    let summary = expire(&fake, &["--yes", "-o", "json"]).succeeds().json();
    assert_eq!(parts(&summary), [0; 6]);
    assert!(summary["cutoff"].as_str().unwrap().ends_with('Z'), "{summary}");
}

#[test]
fn a_server_that_ignores_filters_deletes_nothing() {
    let scene = || {
        let fake = Fake::with([
            Seed::new(1).days_old(40).state("ERROR"),
            Seed::new(2).days_old(40).tag("team", "search"),
            Seed::new(3).days_old(0),
        ]);
        fake.state().ignores_filters = true;
        fake
    };
    for arguments in [
        &["delete", "--filter", "status = 'ERROR'", "--yes"][..],
        &["delete", "--filter", "tags.team = 'search' AND span.name = 'agent'", "--yes"],
        &["retention", "run", "--older-than", "30d", "--filter", "status = 'ERROR'", "--yes"],
    ] {
        let fake = scene();
        fake.run(arguments).exits(7).tells("do not match the filter");
        assert!(fake.asked(DELETE).is_empty());
    }
    // Ages are counted here.
    let fake = scene();
    expire(&fake, &["--yes"]).succeeds();
    assert_eq!(fake.state().ids(APP), [id(3)]);
}

#[test]
fn a_server_that_answers_with_traces_of_another_experiment_deletes_nothing() {
    let fake = Fake::with([Seed::new(1).days_old(40), Seed::new(2).days_old(40).experiment(CHECKOUT)]);
    fake.state().ignores_experiments = true;
    for arguments in [&["delete", "--filter", "status = 'OK'", "--yes"][..], &[&EXPIRE[..], &["--yes"]].concat()] {
        fake.run(arguments).exits(6).tells("traces of the experiment with id 2, which was not asked for");
    }
    fake.run(&["search"]).exits(6);
    assert!(fake.asked(DELETE).is_empty());
}

#[test]
fn whatever_is_deleted_by_a_time_is_held_against_the_servers_clock() {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.jsonl").display().to_string();
    let dated = |date: &str| {
        let fake = aged(2);
        std::fs::remove_file(&plan).unwrap_or_default();
        fake.run(&["delete", "--filter", "timestamp < -30d", "--plan", &plan]).succeeds();
        let answer = Answer::json(200, &json!({"experiments": []})).header("Date", date);
        fake.fail(Rule::every("experiments/search"), Failure::Answer(answer));
        fake
    };
    for (date, told) in [("Sun, 22 Nov 1998 08:00:00 GMT", "behind this machine's"), ("soon", "--trust-clock")] {
        for arguments in [
            &["delete", "--filter", "timestamp < -30d", "--yes"][..],
            &["delete", "--until", "30d", "--yes"],
            &["retention", "run", "--older-than", "30d", "--yes"],
            &["apply", &plan, "--yes"],
        ] {
            let fake = dated(date);
            fake.run(arguments).exits(7).tells(told);
            assert!(fake.asked(DELETE).is_empty(), "{arguments:?}");
        }
    }
    let fake = dated("soon");
    fake.run(&["delete", "--filter", "timestamp < -30d", "--yes", "--trust-clock"]).succeeds();
    assert_eq!(fake.state().ids(APP), [id(9999)]);
}

#[test]
fn an_experiment_that_is_replaced_between_two_batches_loses_nothing_more() {
    let fake = aged(150);
    fake.before(Rule::first(DELETE), |state| state.experiments[0].created_ms += 1);
    let ended = expire(&fake, &["--yes"]).exits(3).tells("was deleted, renamed or replaced in the meantime");
    assert_eq!(fake.asked(DELETE).len(), 1, "{ended}");
}
