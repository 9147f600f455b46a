//! Deletions of many traces from end to end: what is written down, one run at a time, plans in files, and going on after a
//! run was killed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use fastrand::Rng;
use mlflow_trace::changes::journal::{Action, Outcome, Recorded};
use serde_json::{Value, json};

use crate::changes::Desk;
use crate::fake::{APP, Failure, Fake, Rule, Seed, id};

const DELETE: &str = "delete-traces";
/// A look at a single trace.
const LOOK: &str = "GET /api/3.0/mlflow/traces/tr-";
const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";
const TRACES: u32 = 260;
const RUNS: u64 = 20;

const POLICY: &str = "[[rule]]
name = \"old\"
experiments = [\"my-app\"]
filter = \"tags.stage = 'draft'\"
keep_within = \"30d\"
keep_last = 5
keep_if = [\"tags.keep = 'true'\"]
allow_empty = true
";

/// Whether the policy lets a trace of [`desk`] go.
fn expires(number: u32) -> bool {
    // The newest five drafts are 255 to 259.
    is_draft(number) && !is_kept(number) && number < 255
}

fn is_draft(number: u32) -> bool {
    !number.is_multiple_of(10)
}

fn is_kept(number: u32) -> bool {
    number.is_multiple_of(7)
}

/// Old traces, the last ones youngest: drafts but for every tenth, kept every seventh.
pub fn desk() -> Desk {
    let desk = Desk::new(Fake::with((1..=TRACES).map(|number| {
        let seed = Seed::new(number).days_old(u64::from(400 - number));
        let seed = if is_draft(number) { seed.tag("stage", "draft") } else { seed };
        if is_kept(number) { seed.tag("keep", "true") } else { seed }
    })));
    fs::write(policy(&desk), POLICY).unwrap();
    desk
}

pub fn policy(desk: &Desk) -> String {
    desk.state().join("retention.toml").to_str().unwrap().to_owned()
}

fn file(desk: &Desk, name: &str) -> String {
    desk.state().join(name).to_str().unwrap().to_owned()
}

/// The arguments of a run of the policy.
pub fn purge(desk: &Desk, more: &[&str]) -> Vec<String> {
    let policy = policy(desk);
    let words = ["retention", "run", "--policy", &policy].into_iter().chain(more.iter().copied());
    words.map(str::to_owned).collect()
}

fn run(desk: &Desk, more: &[&str]) -> crate::support::Run {
    desk.run(&strs(&purge(desk, more)))
}

pub fn strs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

pub fn there(desk: &Desk) -> BTreeSet<String> {
    desk.fake.state().ids(APP).into_iter().collect()
}

pub fn planned() -> BTreeSet<String> {
    (1..=TRACES).filter(|number| expires(*number)).map(id).collect()
}

pub fn outcomes(journal: &Recorded) -> BTreeMap<String, Outcome> {
    assert!(journal.entries.iter().all(|entry| entry.action == Action::Delete));
    let outcomes: BTreeMap<_, _> =
        journal.entries.iter().map(|entry| (entry.trace_id.to_string(), entry.outcome)).collect();
    assert_eq!(outcomes.len(), journal.entries.len(), "each trace is in it once");
    outcomes
}

#[test]
fn every_deletion_stands_in_the_journal_with_its_rule_and_the_answer() {
    let desk = desk();
    let summary = run(&desk, &["--yes", "-o", "json"]).succeeds().json();
    let run_id = summary["run_id"].as_str().unwrap().to_owned();
    let journal = desk.journal(&run_id);
    assert_eq!(journal.header.command, "retention run");
    assert_eq!(journal.header.hash.as_ref().map(String::len), Some(64));
    let done: BTreeSet<String> = outcomes(&journal).into_keys().collect();
    assert_eq!(done, planned());
    assert_eq!(summary["deleted"], json!(planned().len()));
    assert_eq!(journal.entries[0].reason.as_deref(), Some("rule \"old\"; the server says that it deleted 100 of 100"));
    assert_eq!(
        journal.finished.map(|counts| (counts.planned, counts.done)),
        Some((done.len() as u64, done.len() as u64))
    );
    desk.run(&["runs", "show", &run_id]).succeeds().prints("rule \"old\"");
    run(&desk, &["--yes"]).succeeds().tells("Nothing to delete");
    assert_eq!(desk.runs().len(), 1, "nothing to do is no run");
}

#[test]
fn ids_and_filters_are_journaled_with_their_reasons_too() {
    let desk = desk();
    desk.run(&["delete", &id(1), &id(2), "--yes"]).succeeds();
    desk.run(&["delete", "--filter", "tags.keep = 'true'", "--yes", "-x", "my-app"]).succeeds();
    let reason = |run: &str| desk.journal(run).entries[0].reason.clone().unwrap();
    assert!(reason(&desk.runs()[0]).starts_with("it was named; "));
    assert!(reason(&desk.runs()[1]).starts_with("it matches the filter; "));
}

#[test]
fn without_a_place_for_the_journal_nothing_is_asked_or_deleted() {
    let desk = desk();
    let blocked = desk.state().join("a file");
    fs::write(&blocked, "").unwrap();
    for arguments in [purge(&desk, &["--yes"]), vec!["delete".into(), id(1), "--yes".into()]] {
        let program = || desk.fake.program(&strs(&arguments));
        program().without_env("HOME").run().exits(7).tells("no folder for the journal");
        program().hidden_env("MLFLOW_TRACE_STATE_DIR", &blocked).run().exits(7).tells("nothing was changed");
    }
    assert!(desk.fake.log().is_empty());
}

#[test]
fn of_two_runs_at_once_one_leaves_or_waits() {
    let desk = desk();
    desk.fake.before(Rule::every(DELETE), |_| std::thread::sleep(Duration::from_millis(400)));
    let words = purge(&desk, &["--yes"]);
    let first = desk.program(&strs(&words)).start();
    while desk.fake.asked(DELETE).is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let asked = desk.fake.log().len();
    let refused = run(&desk, &["--yes"]).exits(7).tells("retention run holds the lock").tells("--lock-wait");
    drop(refused);
    desk.run(&["delete", &id(1), "--yes"]).exits(7).tells("retention run holds the lock");
    let by_them = |text: &str| desk.fake.log()[asked..].iter().filter(|request| request.line().contains(text)).count();
    assert!(by_them(DELETE) <= 2, "only the first one deletes");
    // Looking changes nothing and waits for nobody; what is about other things neither.
    run(&desk, &["--dry-run"]).succeeds();
    desk.run(&["tag", "set", &id(10), &id(20), "a=b"]).succeeds();
    let waiting = desk.program(&strs(&purge(&desk, &["--yes", "--lock-wait", "60s"]))).start();
    first.ends().exits(0);
    waiting.ends().exits(0).tells("Nothing to delete");
    assert_eq!(&there(&desk) & &planned(), BTreeSet::new());
    assert_eq!(desk.runs().len(), 2, "the first one, and the tags");
}

#[test]
fn a_plan_of_a_policy_tells_of_every_trace_and_is_applied_as_far_as_it_holds() {
    let desk = desk();
    let plan = file(&desk, "plan.jsonl");
    run(&desk, &["--plan", &plan]).succeeds().tells("mlflow-trace apply");
    assert!(desk.fake.asked(DELETE).is_empty());
    let text = fs::read_to_string(&plan).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (header, lines) = lines.split_first().unwrap();
    assert_eq!(header["rules"][0]["filter"], json!("tags.stage = 'draft'"));
    assert_eq!((&header["command"], &header["traces"]), (&json!("retention run"), &json!(planned().len())));
    assert!(header["expires"].as_str() > header["as_of"].as_str());
    let of = |decision: &str| -> BTreeMap<String, Value> {
        let lines = lines.iter().filter(|line| line["decision"] == decision);
        lines.map(|line| (line["trace_id"].as_str().unwrap().to_owned(), line["reasons"].clone())).collect()
    };
    assert_eq!(of("act").keys().cloned().collect::<BTreeSet<_>>(), planned());
    assert!(of("act").values().all(|reasons| *reasons == json!(["rule \"old\""])));
    let kept = of("keep");
    assert_eq!(kept[&id(7)], json!(["rule \"old\" keeps it: keep_if"]));
    assert_eq!(kept[&id(259)], json!(["rule \"old\" keeps it: keep_last, keep_if"]));
    assert!(!kept.contains_key(&id(10)), "no rule selects it");

    desk.fake.state().set_tag(&id(1), "keep", "true");
    desk.fake.state().set_tag(&id(2), "stage", "final");
    let summary = desk.run(&["apply", &plan, "--yes", "-o", "json"]).succeeds().json();
    assert_eq!((&summary["spared"], &summary["deleted"]), (&json!(2), &json!(planned().len() - 2)));
    assert!([1, 2].iter().all(|number| there(&desk).contains(&id(*number))));
    let journal = desk.journal(summary["run_id"].as_str().unwrap());
    assert_eq!(journal.header.plan.as_deref(), header["plan_id"].as_str());
    assert_eq!(outcomes(&journal)[&id(1)], Outcome::Spared);
    desk.run(&["apply", &plan, "--yes"]).exits(7).tells("already applied");
}

#[test]
fn relative_times_of_a_plan_count_from_its_policys_moment() {
    let desk = desk();
    fs::write(policy(&desk), "[[rule]]\nname = \"a\"\nexperiments = [\"my-app\"]\nfilter = \"timestamp < -350d\"\nkeep_within = \"1d\"\nallow_empty = true\n").unwrap();
    let plan = file(&desk, "plan.jsonl");
    run(&desk, &["--as-of", "20d", "--plan", &plan]).succeeds();
    let summary = desk.run(&["apply", &plan, "--yes", "-o", "json"]).succeeds().json();
    // Twenty days ago those up to 370 days of now were of 350 days.
    assert_eq!((&summary["deleted"], &summary["spared"]), (&json!(30), &json!(0)));
}

#[test]
fn a_run_whose_time_is_over_begins_no_other_batch() {
    let desk = desk();
    let ended =
        run(&desk, &["--yes", "--max-time", "0s", "-o", "json"]).exits(3).tells("time limit reached (--max-time)");
    assert_eq!(ended.json()["not_attempted"], json!(planned().len()));
    assert!(desk.fake.asked(DELETE).is_empty());
    let plan = file(&desk, "plan.jsonl");
    run(&desk, &["--plan", &plan]).succeeds();
    desk.run(&["apply", &plan, "--yes", "--max-seconds", "0"]).exits(3);
    let ended = desk.run(&["apply", &plan, "--yes", "-o", "json"]).succeeds().tells("did not finish");
    assert_eq!(ended.json()["deleted"], json!(planned().len()));
    desk.run(&["apply", &plan, "--yes"]).exits(7).tells("already applied");
}

#[test]
fn a_pause_is_made_between_batches_and_ends_with_ctrl_c() {
    let desk = desk();
    let running = desk.program(&strs(&purge(&desk, &["--yes", "--sleep-between", "1h", "-o", "json"]))).start();
    while desk.fake.asked(DELETE).is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(desk.fake.asked(DELETE).len(), 1);
    running.interrupt();
    let ended = running.ends().exits(130);
    assert_eq!(
        (&ended.json()["deleted"], &ended.json()["not_attempted"]),
        (&json!(100), &json!(planned().len() - 100))
    );
}

/// A run that was killed while its second batch was under way, after the server had carried it out or before.
fn killed_in_the_second_batch(desk: &Desk, words: &[String], is_done: bool) {
    desk.fake.fail(Rule::nth(2, DELETE), Failure::Stall);
    if is_done {
        // The answer never comes, but what was asked is done.
        let numbers: Vec<u32> = (1..=TRACES).filter(|number| expires(*number)).skip(100).collect();
        desk.fake
            .before(Rule::nth(2, DELETE), move |state| numbers.iter().for_each(|number| state.remove(&id(*number))));
    }
    let running = desk.program(&strs(words)).start();
    while desk.fake.asked(DELETE).len() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.kill().ends();
}

#[test]
fn a_killed_run_is_gone_on_with_by_the_next_one() {
    for is_done in [true, false] {
        let desk = desk();
        killed_in_the_second_batch(&desk, &purge(&desk, &["--yes"]), is_done);
        let first = desk.runs().remove(0);
        let under_way: Vec<String> = outcomes(&desk.journal(&first))
            .into_iter()
            .filter(|(_, o)| *o == Outcome::Planned)
            .map(|(id, _)| id)
            .collect();
        let second = planned().len() - 100;
        assert_eq!(under_way.len(), second);
        let gone = if is_done { second } else { 0 };
        let ended = run(&desk, &["--yes", "-o", "json"])
            .succeeds()
            .tells(&format!("Run {first} was killed with {second} traces in flight, of which {gone} are gone"));
        assert_eq!(ended.json()["deleted"], json!(second - gone));
        assert_eq!(&there(&desk) & &planned(), BTreeSet::new());
        let next = desk.journal(&desk.runs()[1]);
        assert_eq!(next.header.resumes.as_ref(), Some(&first));
        let done: BTreeSet<String> = [desk.journal(&first), next]
            .iter()
            .flat_map(|journal| journal.entries.clone())
            .filter(|entry| entry.outcome == Outcome::Done)
            .map(|entry| entry.trace_id.to_string())
            .collect();
        assert_eq!(done, planned(), "the journals together tell of every trace");
        run(&desk, &["--yes"]).succeeds().does_not_tell("was killed");
    }
}

#[test]
fn what_a_killed_run_had_under_way_is_gone_only_where_the_server_says_so() {
    let desk = desk();
    killed_in_the_second_batch(&desk, &purge(&desk, &["--yes"]), true);
    let hidden = json!({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No Experiment with id=1 exists"});
    let answer = Failure::Answer(crate::fake::Answer::json(404, &hidden));
    desk.fake.fail(Rule::every("experiments/get").about(APP), answer);
    let under_way = planned().len() - 100;
    let ended = run(&desk, &["--yes"]).exits(3).tells("of which 0 are gone");
    ended
        .tells("are not visible as they were")
        .tells(&format!("cannot tell whether {under_way} traces of killed runs were deleted"));
    // The next run asks again.
    run(&desk, &["--yes"]).exits(3).tells("are not visible as they were");
}

#[test]
fn an_overloaded_server_settles_nothing_and_the_next_run_asks_again() {
    let desk = desk();
    killed_in_the_second_batch(&desk, &purge(&desk, &["--yes"]), false);
    let before = there(&desk);
    desk.fake.fail(Rule::every(LOOK), Failure::status(503, "busy"));
    for _ in 0..2 {
        run(&desk, &["--yes"]).exits(6).tells("busy").does_not_tell("cannot tell whether").does_not_tell("was killed");
        assert_eq!(there(&desk), before, "nothing is deleted before it is known what was under way");
    }
}

#[test]
fn a_refusal_says_nothing_of_what_a_killed_run_had_under_way() {
    let desk = desk();
    killed_in_the_second_batch(&desk, &purge(&desk, &["--yes"]), false);
    let under_way = planned().len() - 100;
    desk.fake.fail(Rule::every(LOOK).times(under_way), Failure::status(400, "no"));
    run(&desk, &["--yes"]).exits(3).tells(&format!("cannot tell whether {under_way} traces of run"));
}

#[test]
fn whoever_is_no_administrator_learns_from_a_search_what_a_killed_run_deleted() {
    for is_done in [true, false] {
        let desk = desk();
        killed_in_the_second_batch(&desk, &purge(&desk, &["--yes"]), is_done);
        // Single traces that are not there are a 403 from now on.
        desk.fake.state().hidden.insert("tr-of-others".to_owned());
        let second = planned().len() - 100;
        let gone = if is_done { second } else { 0 };
        let ended = run(&desk, &["--yes", "-o", "json"]).succeeds().tells(&format!("of which {gone} are gone"));
        assert_eq!(ended.json()["deleted"], json!(second - gone));
        assert_eq!(&there(&desk) & &planned(), BTreeSet::new());
    }
}

#[test]
fn a_killed_run_by_age_is_gone_on_with_too() {
    let desk = desk();
    let words = ["retention", "run", "--older-than", "30d", "-x", "my-app", "--filter", "tags.stage = 'draft'"];
    let words: Vec<String> =
        words.into_iter().chain(["--keep-if", "tags.keep = 'true'", "--yes"]).map(str::to_owned).collect();
    killed_in_the_second_batch(&desk, &words, false);
    desk.run(&strs(&words)).succeeds().tells("was killed with 100 traces in flight, of which 0 are gone");
    desk.run(&strs(&words)).succeeds().does_not_tell("was killed");
}

#[test]
fn a_plan_of_which_something_failed_is_applied_again_to_that() {
    let desk = desk();
    let plan = file(&desk, "plan.jsonl");
    run(&desk, &["--plan", &plan]).succeeds();
    desk.fake.fail(Rule::nth(2, DELETE), Failure::status(403, "Permission denied"));
    let ended = desk.run(&["apply", &plan, "--yes", "-o", "json"]).exits(3);
    let left = planned().len() - 100;
    assert_eq!((&ended.json()["deleted"], &ended.json()["remaining"]), (&json!(100), &json!(left)));
    let ended = desk.run(&["apply", &plan, "--yes", "-o", "json"]).succeeds();
    assert_eq!((&ended.json()["planned"], &ended.json()["deleted"]), (&json!(left), &json!(left)));
    desk.run(&["apply", &plan, "--yes"]).exits(7).tells("already applied");
}

#[test]
fn a_plan_whose_run_was_killed_is_gone_on_with() {
    for is_done in [true, false] {
        let desk = desk();
        let plan = file(&desk, "plan.jsonl");
        run(&desk, &["--plan", &plan]).succeeds();
        let words = ["apply", &plan, "--yes"].map(str::to_owned);
        killed_in_the_second_batch(&desk, &words, is_done);
        let left = planned().len() - 100;
        let ended = desk.run(&["apply", &plan, "--yes", "-o", "json"]).succeeds();
        let told = ended.tells(&format!("did not finish; {left} traces remain"));
        let gone = if is_done { left } else { 0 };
        assert_eq!((&told.json()["gone"], &told.json()["deleted"]), (&json!(gone), &json!(left - gone)));
        assert_eq!(&there(&desk) & &planned(), BTreeSet::new());
        desk.run(&["apply", &plan, "--yes"]).exits(7).tells("already applied");
    }
}

/// What a run told, against what the server holds and the journal says.
fn check(desk: &Desk, summary: &Value, touched: &BTreeSet<String>) -> BTreeSet<&'static str> {
    let (there, planned) = (there(desk), planned());
    for number in (1..=TRACES).filter(|number| !expires(*number)) {
        assert!(there.contains(&id(number)) || touched.contains(&id(number)), "{number} was not in the plan");
    }
    let part = |key: &str| summary[key].as_u64().unwrap();
    let parts = ["deleted", "spared", "gone", "remaining", "not_attempted"];
    assert_eq!(parts.iter().map(|key| part(key)).sum::<u64>(), part("planned"));
    let Some(run) = summary["run_id"].as_str() else { return BTreeSet::new() };
    let journal = desk.journal(run);
    let outcomes = outcomes(&journal);
    let number = |outcome: Outcome| outcomes.values().filter(|other| **other == outcome).count() as u64;
    assert!(outcomes.keys().all(|id| planned.contains(id)), "nothing outside of the plan was attempted");
    assert_eq!(number(Outcome::Planned), 0);
    let told = [Outcome::Done, Outcome::Spared, Outcome::Gone, Outcome::Failed].map(number);
    assert_eq!(told, ["deleted", "spared", "gone", "remaining"].map(part));
    for (id, outcome) in &outcomes {
        match outcome {
            Outcome::Done | Outcome::Gone => assert!(!there.contains(id), "{id} is there"),
            Outcome::Spared => assert!(there.contains(id) || touched.contains(id), "{id} was spared"),
            _ => {}
        }
    }
    for id in planned.iter().filter(|id| !there.contains(*id)) {
        assert!(outcomes.contains_key(id) || touched.contains(id), "{id} is gone, and the journal does not say so");
    }
    parts.into_iter().filter(|key| part(key) > 0).collect()
}

#[test]
fn whatever_goes_wrong_no_trace_outside_of_the_plan_is_deleted_and_each_is_accounted_for() {
    let (mut met, mut carried_out) = (BTreeSet::new(), 0);
    for seed in 0..crate::support::fault_runs(RUNS) {
        let desk = desk();
        let mut rng = Rng::with_seed(seed);
        let (kept, removed) = (rng.u32(1..=TRACES), rng.u32(1..=TRACES));
        // Somebody else is at work, too.
        desk.fake.before(Rule::nth(rng.usize(1..4), DELETE), move |state| state.remove(&id(removed)));
        desk.fake.before(Rule::nth(rng.usize(2..8), SEARCH), move |state| {
            if state.find(&id(kept)).is_some() {
                state.set_tag(&id(kept), "keep", "true");
            }
        });
        desk.fake.leave_to_chance(Some((seed, rng.u32(3..12))));
        let ended = run(&desk, &["--yes", "-o", "json", "--timeout", "400ms"]).exits_with_one_of(&[0, 3, 4, 5, 6]);
        desk.fake.leave_to_chance(None);
        if ended.stdout.is_empty() {
            assert_eq!(there(&desk).len(), TRACES as usize, "it could not even plan");
            continue;
        }
        carried_out += 1;
        let of_run = check(&desk, &ended.json(), &BTreeSet::from([id(removed)]));
        let is_whole = !of_run.contains("remaining") && !of_run.contains("not_attempted");
        assert_eq!(ended.code == Some(0), is_whole, "{of_run:?} {ended}");
        met.extend(of_run);
        run(&desk, &["--yes"]).succeeds();
        let left = &there(&desk) & &planned();
        assert!(left.is_subset(&BTreeSet::from([id(kept)])), "seed {seed}: {left:?}");
    }
    assert!(carried_out >= 10, "only {carried_out} runs came to delete");
    assert!(["deleted", "gone", "remaining", "spared"].iter().all(|part| met.contains(part)), "met only {met:?}");
}

#[test]
fn killed_at_any_moment_a_purge_ends_as_if_it_had_not_been() {
    let mut killed = 0;
    for seed in 0..crate::support::fault_runs(10) {
        let desk = desk();
        desk.fake.before(Rule::every(DELETE), |_| std::thread::sleep(Duration::from_millis(15)));
        let running = desk.program(&strs(&purge(&desk, &["--yes"]))).start();
        // Counted in requests, as machines are busy in different ways; a run sends about ten.
        let mut rng = Rng::with_seed(seed);
        let (requests, patience) = (rng.usize(1..11), std::time::Instant::now() + Duration::from_secs(20));
        while desk.fake.log().len() < requests && std::time::Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(rng.u64(0..15)));
        let ended = running.kill().ends();
        std::thread::sleep(Duration::from_millis(40));
        let first = desk.runs().pop().map(|run| desk.journal(&run));
        let entries = first.iter().flat_map(|journal| &journal.entries);
        let may_be_gone: BTreeSet<String> = entries.map(|entry| entry.trace_id.to_string()).collect();
        let gone: BTreeSet<String> = (1..=TRACES).map(id).filter(|id| !there(&desk).contains(id)).collect();
        assert!(gone.is_subset(&may_be_gone), "what is gone stood in the journal before");
        killed += usize::from(ended.code.is_none() && !may_be_gone.is_empty());
        run(&desk, &["--yes"]).succeeds();
        assert_eq!(there(&desk), &(1..=TRACES).map(id).collect() - &planned(), "seed {seed}");
        let journals = desk.runs().into_iter().map(|run| desk.journal(&run));
        let done = journals.flat_map(|journal| journal.entries).filter(|entry| entry.outcome == Outcome::Done);
        let done: Vec<String> = done.map(|entry| entry.trace_id.to_string()).collect();
        assert_eq!(done.len(), planned().len(), "each is told of as deleted once");
    }
    assert!(killed >= 2, "only {killed} runs were killed while they deleted");
}
