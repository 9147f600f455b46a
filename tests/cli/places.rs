//! A place is more than its URL: the server's address, the workspace, and the experiments as they were created.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use mlflow_trace::changes::journal::Outcome;
use serde_json::{Value, json};

use crate::changes::Desk;
use crate::fake::{Failure, Rule, State, id};
use crate::purge::{desk, outcomes, planned, purge, strs, there};
use crate::support::{Program, Run};

const DELETE: &str = "delete-traces";
const ONE_EXPERIMENT: &str = "GET /api/2.0/mlflow/experiments/get";

/// How a run comes to the server of a desk.
#[derive(Clone, Copy, Default)]
struct Way<'a> {
    host: Option<&'a str>,
    workspace: Option<&'a str>,
}

const PLAIN: Way<'static> = Way { host: None, workspace: None };

impl Way<'_> {
    fn program(self, desk: &Desk, words: &[&str]) -> Program {
        let mut program = desk.program(words);
        if let Some(host) = self.host {
            program = program.hidden_env("MLFLOW_TRACKING_URI", desk.fake.uri().replace("127.0.0.1", host));
        }
        match self.workspace {
            Some(workspace) => program.hidden_env("MLFLOW_WORKSPACE", workspace),
            None => program,
        }
    }

    fn purge(self, desk: &Desk) -> Run {
        self.program(desk, &strs(&purge(desk, &["--yes", "-o", "json"]))).run()
    }
}

/// A run that was killed while its second batch was under way, which the server had not begun. Returns its name.
fn killed(desk: &Desk, way: Way<'_>) -> String {
    desk.fake.fail(Rule::nth(2, DELETE), Failure::Stall);
    let running = way.program(desk, &strs(&purge(desk, &["--yes"]))).start();
    while desk.fake.asked(DELETE).len() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.kill().ends();
    desk.runs().pop().unwrap()
}

/// What a run had under way.
fn under_way(desk: &Desk, run: &str) -> Vec<String> {
    let outcomes = outcomes(&desk.journal(run)).into_iter();
    outcomes.filter(|(_, outcome)| *outcome == Outcome::Planned).map(|(id, _)| id).collect()
}

fn remove(desk: &Desk, ids: &[String]) {
    let mut state = desk.fake.state();
    for id in ids {
        state.remove(id);
    }
}

/// The journals say of none of these traces that it is gone.
#[track_caller]
fn none_is_said_to_be_gone(desk: &Desk, ids: &[String]) {
    let journals = desk.runs().into_iter().map(|run| desk.journal(&run));
    for entry in journals.flat_map(|journal| journal.entries).filter(|entry| ids.contains(&entry.trace_id.to_string()))
    {
        assert!(!matches!(entry.outcome, Outcome::Done | Outcome::Gone), "{entry:?}");
    }
}

#[test]
fn a_run_killed_in_one_workspace_is_settled_there_and_nowhere_else() {
    let desk = desk();
    desk.fake.state().workspaces.insert("team-b".into(), State::of_another_time());
    let first = killed(&desk, PLAIN);
    let open = under_way(&desk, &first);
    let elsewhere = Way { workspace: Some("team-b"), ..PLAIN };
    elsewhere.purge(&desk).succeeds().does_not_tell("was killed");
    none_is_said_to_be_gone(&desk, &open);
    assert_eq!(under_way(&desk, &first), open);
    let told = format!("Run {first} was killed with {} traces in flight, of which 0 are gone", open.len());
    PLAIN.purge(&desk).succeeds().tells(&told);
    assert_eq!(&there(&desk) & &planned(), BTreeSet::new());
}

#[test]
fn two_names_of_one_address_are_one_place() {
    let desk = desk();
    let first = killed(&desk, PLAIN);
    let by_name = Way { host: Some("localhost"), ..PLAIN };
    by_name.purge(&desk).succeeds().tells(&format!("Run {first} was killed"));
    PLAIN.purge(&desk).succeeds().does_not_tell("was killed");
    let run = desk.run(&["tag", "set", &id(10), &id(20), "a=b"]).succeeds();
    drop(run);
    let run = desk.runs().pop().unwrap();
    by_name.program(&desk, &["undo", &run]).run().succeeds().tells("Restored 2 tags");
}

#[test]
fn two_names_of_one_address_do_not_delete_at_once() {
    let desk = desk();
    let running = desk.program(&strs(&purge(&desk, &["--yes", "--sleep-between", "1h"]))).start();
    while desk.fake.asked(DELETE).is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let by_name = Way { host: Some("localhost"), ..PLAIN };
    by_name.purge(&desk).exits(7).tells("retention run holds the lock");
    desk.fake.state().workspaces.insert("team-b".into(), State::of_another_time());
    let elsewhere = Way { workspace: Some("team-b"), ..PLAIN };
    elsewhere.purge(&desk).succeeds().tells("Nothing to delete");
    running.interrupt();
    running.ends().exits(130);
}

#[test]
fn a_run_killed_on_another_server_of_this_address_is_not_settled_here() {
    let desk = desk();
    let first = killed(&desk, PLAIN);
    let open = under_way(&desk, &first);
    let other = State::of_another_time();
    let was = std::mem::replace(&mut *desk.fake.state(), other);
    PLAIN.purge(&desk).succeeds().does_not_tell("was killed");
    none_is_said_to_be_gone(&desk, &open);
    *desk.fake.state() = was;
    PLAIN.purge(&desk).succeeds().tells(&format!("Run {first} was killed"));
    assert_eq!(&there(&desk) & &planned(), BTreeSet::new());
}

#[test]
fn what_cannot_be_seen_is_not_gone_and_is_asked_for_again() {
    let denied = || Failure::status(403, "Permission denied");
    let desk = desk();
    let first = killed(&desk, PLAIN);
    let open = under_way(&desk, &first);
    remove(&desk, &open);
    desk.fake.fail(Rule::every(ONE_EXPERIMENT).times(1), denied());
    let ended = PLAIN.purge(&desk).exits(3).tells("cannot tell whether").tells("of killed runs were deleted");
    assert_eq!(ended.json()["remaining"], json!(0));
    none_is_said_to_be_gone(&desk, &open);
    let finished = desk.journal(&desk.runs()[1]).finished.unwrap();
    assert_eq!((finished.planned, finished.failed), (open.len() as u64, open.len() as u64));
    let told = format!("{} traces in flight, of which {} are gone", open.len(), open.len());
    PLAIN.purge(&desk).succeeds().tells(&told).does_not_tell("cannot tell whether");
    PLAIN.purge(&desk).succeeds().does_not_tell("was killed");
    let gone = desk.journal(&desk.runs()[2]);
    assert_eq!(outcomes(&gone).into_keys().collect::<Vec<_>>(), open);
}

/// Takes from a journal what older versions did not write.
fn as_an_older_version(desk: &Desk, run: &str) {
    let path = desk.state().join("runs").join(format!("{run}.jsonl"));
    let text = fs::read_to_string(&path).unwrap();
    let (header, rest) = text.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    for key in ["addresses", "workspace", "created_ms"] {
        assert!(header.as_object_mut().unwrap().remove(key).is_some(), "{key} in {header}");
    }
    fs::write(path, format!("{header}\n{rest}")).unwrap();
}

#[test]
fn of_a_run_killed_by_an_older_version_only_what_is_there_is_known() {
    let desk = desk();
    let first = killed(&desk, PLAIN);
    let open = under_way(&desk, &first);
    as_an_older_version(&desk, &first);
    remove(&desk, &open[..1]);
    PLAIN.purge(&desk).exits(3).tells("of which 0 are gone").tells("cannot tell whether 1 trace of killed runs");
    none_is_said_to_be_gone(&desk, &open[..1]);
    assert_eq!(&there(&desk) & &planned(), BTreeSet::new(), "the others are deleted nevertheless");
}

#[test]
fn a_run_is_undone_where_it_was_and_nowhere_else() {
    let desk = desk();
    desk.fake.state().workspaces.insert("team-b".into(), State::of_another_time());
    desk.run(&["tag", "set", &id(10), &id(20), "a=b"]).succeeds();
    let run = desk.runs().pop().unwrap();
    let asked = desk.fake.log().len();
    let elsewhere = Way { workspace: Some("team-b"), ..PLAIN };
    let told = "was in the workspace \"default\", not in \"team-b\"; nothing was changed";
    elsewhere.program(&desk, &["undo", &run]).run().exits(7).tells(told).tells("set MLFLOW_WORKSPACE=default");
    assert_eq!(desk.fake.log().len(), asked, "that is known without a request");
    let was = std::mem::replace(&mut *desk.fake.state(), State::of_another_time());
    desk.run(&["undo", &run]).exits(7).tells("on another server that had this address");
    *desk.fake.state() = State::default();
    desk.run(&["undo", &run]).exits(7).tells("no experiment of run").tells("is visible");
    *desk.fake.state() = was;
    as_an_older_version(&desk, &run);
    desk.run(&["undo", &run]).succeeds().tells("Restored 2 tags");
}

#[test]
fn a_plan_is_applied_where_it_was_made_and_nowhere_else() {
    let desk = desk();
    desk.fake.state().workspaces.insert("team-b".into(), State::of_another_time());
    let plan = desk.state().join("plan.jsonl").to_str().unwrap().to_owned();
    let words = purge(&desk, &["--plan", &plan]);
    desk.run(&strs(&words)).succeeds();
    let asked = desk.fake.log().len();
    let elsewhere = Way { workspace: Some("team-b"), ..PLAIN };
    let apply = ["apply", plan.as_str(), "--yes"];
    elsewhere.program(&desk, &apply).run().exits(7).tells("in the workspace \"default\", not in \"team-b\"");
    assert_eq!(desk.fake.log().len(), asked, "that is known without a request");
    let was = std::mem::replace(&mut *desk.fake.state(), State::of_another_time());
    desk.run(&apply).exits(7).tells("on another server that had this address");
    *desk.fake.state() = was;
    assert!(desk.fake.asked(DELETE).is_empty());
    Way { host: Some("localhost"), ..PLAIN }.program(&desk, &apply).run().succeeds();
    assert_eq!(&there(&desk) & &planned(), BTreeSet::new());
}

#[test]
fn what_is_written_down_of_a_place_holds_no_credentials() {
    let desk = desk();
    let uri = desk.fake.uri().replace("http://", "http://jane:hunter2@");
    let plan = desk.state().join("plan.jsonl").to_str().unwrap().to_owned();
    for words in [purge(&desk, &["--plan", &plan]), purge(&desk, &["--yes"])] {
        desk.program(&strs(&words)).hidden_env("MLFLOW_TRACKING_URI", &uri).run().succeeds();
    }
    let mut folders = vec![desk.state().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = fs::read_to_string(&path).unwrap();
            assert!(!text.contains("hunter2") && !text.contains("jane"), "{}", path.display());
        }
    }
    assert!(files >= 4, "a plan, a journal, the policy, and how much it deleted");
    let journal = desk.journal(&desk.runs()[0]);
    assert_eq!(journal.header.place.workspace.as_deref(), Some("default"));
    assert_eq!(journal.header.place.addresses, [desk.fake.uri().replace("http://127.0.0.1", "loopback")]);
}
