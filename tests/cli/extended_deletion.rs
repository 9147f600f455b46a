//! Deletions that an extended filter selects or keeps: what goes is what it says, and nothing else.

use serde_json::json;

use crate::fake::{APP, Failure, Fake, Rule, Seed, id};
use crate::support::Run;

const DELETE: &str = "POST /api/2.0/mlflow/traces/delete-traces";
const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";

/// Six of 10, 20, … 60 days, numbered by their age, and one of today.
fn aged() -> Fake {
    let seed = |tens: u32| Seed::new(tens).days_old(u64::from(tens) * 10);
    Fake::with([
        seed(1),
        seed(2).state("ERROR").tag("keep", "true"),
        seed(3).tag("gold", "yes"),
        seed(4).state("ERROR"),
        seed(5).duration_ms(9_000).metadata("mlflow.trace.session", "s-1"),
        seed(6).metadata("mlflow.trace.session", "s-1").session_feedback("precious", true, "s-1"),
        Seed::new(99).days_old(0),
    ])
}

fn left(fake: &Fake, numbers: &[u32]) {
    let ids: Vec<String> = numbers.iter().copied().map(id).collect();
    assert_eq!(fake.state().ids(APP), ids);
}

fn delete(fake: &Fake, filter: &str) -> Run {
    fake.run(&["delete", "--filter", filter, "--yes", "-o", "json"])
}

fn expire(fake: &Fake, more: &[&str]) -> Run {
    fake.run(&[&["retention", "run", "--older-than", "15d", "--yes", "-o", "json"], more].concat())
}

#[test]
fn a_filter_deletes_what_a_search_finds() {
    for (filter, numbers) in [
        ("status = 'ERROR' OR latency > 5s", [1, 3, 6, 99].as_slice()),
        ("NOT (status = 'OK' OR tags.keep IS NOT NULL)", &[1, 2, 3, 5, 6, 99]),
        // What a missing tag says is unknown, and so is its opposite.
        ("NOT (status = 'OK' OR tags.keep = 'true')", &[1, 2, 3, 4, 5, 6, 99]),
        ("tags.keep IN ('true', 'yes') OR tags.gold IN ('true', 'yes')", &[1, 4, 5, 6, 99]),
        ("timestamp < -35d AND NOT span(name = 'x')", &[1, 2, 3, 99]),
        ("span(name = 'chat' AND duration > 1s)", &[1, 2, 3, 4, 5, 6, 99]),
        ("feedback.precious = true OR timestamp > -1h", &[1, 2, 3, 4]),
        ("session = 's-1' AND (latency > 5s OR latency < 1ms)", &[1, 2, 3, 4, 6, 99]),
    ] {
        let fake = aged();
        let found = fake.run(&["search", filter, "-o", "ids"]).succeeds().lines().len();
        let dry = fake.run(&["delete", "--filter", filter, "--dry-run", "-o", "ids"]).succeeds();
        assert_eq!(dry.lines().len(), found);
        let summary = delete(&fake, filter).succeeds().json();
        assert_eq!((&summary["planned"], &summary["deleted"]), (&json!(found), &json!(found)), "{filter}");
        left(&fake, numbers);
    }
}

#[test]
fn a_filter_with_or_stays_within_the_age() {
    for filter in ["status = 'OK' OR status = 'ERROR'", "latency > 5s OR latency < 5s", "NOT latency > 5h"] {
        let fake = aged();
        expire(&fake, &["--filter", filter]).succeeds();
        left(&fake, &[1, 99]);
    }
    let fake = aged();
    expire(&fake, &["--filter", "status = 'ERROR' OR latency > 5s"]).succeeds();
    left(&fake, &[1, 3, 6, 99]);
}

#[test]
fn a_keeper_with_or_keeps() {
    for (keep, numbers) in [
        ("tags.keep = 'true' OR tags.gold = 'yes'", [1, 2, 3, 99].as_slice()),
        ("NOT (status = 'OK')", &[1, 2, 4, 99]),
        // What the sixth says of its session stays with the fifth.
        ("tags.keep IS NOT NULL OR latency > 5s", &[1, 2, 5, 6, 99]),
        ("feedback.precious = true OR tags.gold = 'yes'", &[1, 3, 5, 6, 99]),
        ("span(name = 'chat' AND duration < 1s) AND status = 'ERROR'", &[1, 2, 4, 99]),
        ("NOT span(name = 'other')", &[1, 2, 3, 4, 5, 6, 99]),
        ("tags.keep IN ('true', 'yes')", &[1, 2, 99]),
    ] {
        let fake = aged();
        expire(&fake, &["--keep-if", keep]).succeeds();
        left(&fake, numbers);
    }
    let fake = aged();
    expire(&fake, &["--keep-if", "tags.keep = 'true' OR latency > 5s", "--keep-if", "tags.gold = 'yes'"]).succeeds();
    left(&fake, &[1, 2, 3, 5, 6, 99]);
}

#[test]
fn a_keeper_may_count_from_now() {
    let fake = aged();
    expire(&fake, &["--keep-if", "timestamp > -25d"]).succeeds();
    left(&fake, &[1, 2, 99]);
    let fake = aged();
    expire(&fake, &["--keep-if", "timestamp > -25d OR timestamp < -55d", "--filter", "timestamp < -1d"]).succeeds();
    left(&fake, &[1, 2, 6, 99]);
}

/// How many searches planning takes, so that the next one is the first look before a batch.
fn searches_of_a_plan(more: &[&str]) -> usize {
    let fake = aged();
    fake.run(&[&["retention", "run", "--older-than", "15d", "--dry-run"], more].concat()).succeeds();
    fake.asked(SEARCH).len()
}

#[test]
fn a_trace_tagged_between_plan_and_deletion_is_spared() {
    for keep in ["tags.keep = 'true' OR tags.gold = 'yes'", "NOT (tags.gold != 'yes') OR tags.keep = 'true'"] {
        let more = ["--keep-if", keep];
        let fake = aged();
        let next = Rule::nth(searches_of_a_plan(&more) + 1, SEARCH);
        fake.before(next, |state| state.set_tag(&id(5), "gold", "yes"));
        let summary = expire(&fake, &more).succeeds().json();
        assert_eq!((&summary["planned"], &summary["deleted"], &summary["spared"]), (&json!(3), &json!(1), &json!(2)));
        // With the fifth stays the sixth, which carries the feedback of their session.
        left(&fake, &[1, 2, 3, 5, 6, 99]);
    }
}

#[test]
fn a_trace_that_no_longer_matches_is_spared() {
    let more = ["--filter", "status = 'ERROR' OR tags.gold = 'yes'"];
    let fake = aged();
    fake.before(Rule::nth(searches_of_a_plan(&more) + 1, SEARCH), |state| state.set_tag(&id(3), "gold", "no"));
    let summary = expire(&fake, &more).succeeds().json();
    assert_eq!((&summary["planned"], &summary["spared"]), (&json!(3), &json!(1)));
    left(&fake, &[1, 3, 5, 6, 99]);
}

#[test]
fn every_batch_is_looked_at_again() {
    let fake = Fake::with((1..=250).map(|number| Seed::new(number).days_old(40)));
    let keep = ["--keep-if", "tags.keep = 'true' OR tags.gold = 'yes'", "--allow-unmatched-keep"];
    fake.before(Rule::nth(2, DELETE), |state| state.set_tag(&id(240), "gold", "yes"));
    let summary = expire(&fake, &keep).succeeds().json();
    assert_eq!((&summary["planned"], &summary["deleted"], &summary["spared"]), (&json!(250), &json!(249), &json!(1)));
    left(&fake, &[240]);
}

#[test]
fn a_trace_whose_spans_decide_and_cannot_be_read_stays() {
    let filter = "span(duration < 1s) OR latency > 5h";
    for more in [["--filter", filter], ["--keep-if", filter]] {
        let fake = aged();
        fake.state().add([Seed::new(50).days_old(50).with_lost_file()]);
        let summary = expire(&fake, &more).exits(3).tells("could not be read").json();
        assert!(fake.state().ids(APP).contains(&id(50)), "{summary}");
        let told = if more[0] == "--filter" { "not_selected" } else { "unknown" };
        assert_eq!(summary["rules"][0][told], json!({"its spans are not known": 1}));
    }
    let fake = aged();
    fake.state().add([Seed::new(50).days_old(50).with_lost_file()]);
    delete(&fake, filter).ends().tells("match; kept");
    assert!(fake.state().ids(APP).contains(&id(50)));
}

#[test]
fn nothing_is_deleted_when_a_look_before_it_fails() {
    let more = ["--keep-if", "feedback.precious = true OR tags.gold = 'yes'"];
    let planning = searches_of_a_plan(&more);
    // The looks before a batch are several searches; each of them may be the one that fails.
    for failing in 1..=3 {
        let fake = aged();
        fake.fail(Rule::from(planning + failing, SEARCH), Failure::status(403, "no"));
        expire(&fake, &more).fails();
        assert!(fake.asked(DELETE).is_empty(), "{failing}");
    }
}

#[test]
fn a_run_that_a_server_ignores_is_refused() {
    let fake = aged();
    for filter in ["run_id = ''", "status = 'OK' AND run_id = ''", "run_id = 'a' AND run_id = 'b'"] {
        delete(&fake, filter).exits(2).tells("ignores a run_id");
        expire(&fake, &["--filter", filter]).exits(2);
        expire(&fake, &["--keep-if", filter]).exits(2);
    }
    fake.run(&["delete", "--run", "", "--yes"]).exits(2).tells("--run is empty");
    assert!(fake.log().is_empty());
}

#[test]
fn an_empty_part_is_refused() {
    let fake = aged();
    for filter in ["()", "( )", "NOT", "OR"] {
        delete(&fake, filter).exits(2);
        expire(&fake, &["--keep-if", filter]).exits(2);
    }
    assert!(fake.log().is_empty());
}
