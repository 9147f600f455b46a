//! What deleted traces leave in the artifact store: told, kept, or removed with them, and never anything else.

use std::fs;
use std::time::Duration;

use mlflow_trace::changes::journal::{Action, Entry, Outcome};
use serde_json::json;

use crate::changes::Desk;
use crate::fake::{Failure, Fake, Rule, Seed, folder, id};

const DELETE: &str = "DELETE /api/2.0/mlflow-artifacts/artifacts/";
const LIST: &str = "GET /api/2.0/mlflow-artifacts/artifacts";
const LOCATION: &str = "mlflow.artifactLocation";

/// Three old traces with files: the spans of the first are among them; the second and third have an attachment.
fn desk() -> Desk {
    let seed = |number| Seed::new(number).days_old(u64::from(100 - number)).located();
    let desk = Desk::new(Fake::with([seed(1).in_artifact(), seed(2), seed(3)]));
    let files = [(1, "traces.json"), (2, "attachments/a.png"), (3, "attachments/b.png")];
    desk.fake.state().files = files.into_iter().map(|(number, name)| file(number, name)).collect();
    desk
}

fn file(number: u32, name: &str) -> String {
    format!("{}/{name}", folder(&id(number)))
}

fn files(desk: &Desk) -> Vec<String> {
    desk.fake.state().files.iter().cloned().collect()
}

/// What the last run's journal says of files.
fn told(desk: &Desk) -> Vec<Entry> {
    let run = desk.runs().pop().unwrap();
    let entries = desk.journal(&run).entries;
    entries.into_iter().filter(|entry| matches!(entry.action, Action::DeleteArtifacts { .. })).collect()
}

fn of<'a>(ids: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    let words = ["delete", "--yes", "--artifacts", "delete"].into_iter();
    words.chain(ids.iter().map(String::as_str)).chain(more.iter().copied()).collect()
}

#[test]
fn files_stay_and_are_counted_unless_somebody_wants_them_removed() {
    let desk = desk();
    let (first, second) = (id(1), id(2));
    let stays =
        "Files in the artifact store are kept without --artifacts delete: the spans of 1 trace, and attachments, if";
    let shown = desk.run(&["delete", &first, &second, "--dry-run", "-o", "json"]).succeeds().tells(stays);
    assert_eq!(shown.json()["artifacts"], json!({"span_files": 1, "removed": 0, "remaining": 0, "left": 0}));
    desk.run(&["delete", &second, "--dry-run"])
        .succeeds()
        .tells("store are kept without --artifacts delete: attachments, if there are any.");
    let ended = desk.run(&["delete", &first, &second, "--yes", "-o", "json"]).succeeds();
    let ended = ended.tells(stays).tells("The span files of 1 trace are kept in the artifact store.");
    assert_eq!(ended.json()["artifacts"], json!({"span_files": 1, "removed": 0, "remaining": 0, "left": 1}));
    assert_eq!((files(&desk).len(), desk.fake.asked("mlflow-artifacts").len()), (3, 0));
    assert!(told(&desk).is_empty());
}

#[test]
fn files_of_deleted_traces_are_removed_and_no_others() {
    let desk = desk();
    let ids = [id(1), id(2)];
    let go = "Their files in the artifact store are deleted, too: the spans of 1 trace";
    let ended = desk.run(&of(&ids, &["-o", "json"])).succeeds().tells(go);
    let ended = ended.tells("Removed the files in the artifact store of 2 traces.");
    assert_eq!(ended.json()["artifacts"], json!({"span_files": 1, "removed": 2, "remaining": 0, "left": 0}));
    assert_eq!(files(&desk), [file(3, "attachments/b.png")]);
    assert_eq!(desk.fake.state().ids("1"), [id(3)]);
    let told = told(&desk);
    assert_eq!(told.iter().map(|entry| entry.outcome).collect::<Vec<_>>(), [Outcome::Done; 2]);
    let location = format!("mlflow-artifacts:/{}", folder(&id(1)));
    assert_eq!(told[0].action, Action::DeleteArtifacts { location });
    // Rows first, files after; each folder is looked at before and after.
    let lines: Vec<String> = desk.fake.log().iter().map(crate::fake::Request::line).collect();
    let at = |text: &str| lines.iter().position(|line| line.contains(text)).unwrap();
    assert!(at("delete-traces") < at(LIST) && at(LIST) < at(DELETE), "{lines:?}");
}

#[test]
fn a_trace_without_files_leaves_nothing_to_remove() {
    let desk = desk();
    desk.fake.state().files.remove(&file(2, "attachments/a.png"));
    desk.run(&of(&[id(2)], &[])).succeeds();
    assert_eq!((told(&desk)[0].outcome, desk.fake.asked(DELETE).len()), (Outcome::Gone, 0));
}

#[test]
fn files_of_traces_that_stay_are_not_touched() {
    let desk = desk();
    desk.fake.fail(Rule::first("delete-traces"), Failure::status(403, "Permission denied"));
    desk.run(&of(&[id(2)], &[])).exits(4);
    assert_eq!((told(&desk)[0].outcome, desk.fake.asked("mlflow-artifacts").len()), (Outcome::Failed, 0));
    assert_eq!(files(&desk).len(), 3);
}

#[test]
fn a_location_that_is_not_the_traces_own_folder_is_told_and_left_alone() {
    for (location, reason) in [
        (format!("mlflow-artifacts:/{}", folder(&id(3))), "not the trace's own folder"),
        ("mlflow-artifacts:/1".to_owned(), "not the trace's own folder"),
        ("mlflow-artifacts:/".to_owned(), "empty segments"),
        (format!("mlflow-artifacts:/x/../{}", folder(&id(2))), "empty segments, . or .."),
        (format!("mlflow-artifacts:/x/%2e%2e/{}", folder(&id(2))), "characters that do not belong there"),
        (format!("mlflow-artifacts://elsewhere:5000/{}", folder(&id(2))), "another server holds them"),
        (format!("/nowhere/{}", folder(&id(2))), "not on this machine"),
        (format!("ftp://host/{}", folder(&id(2))), "ftp"),
    ] {
        let desk = desk();
        desk.fake.state().set_tag(&id(2), LOCATION, &location);
        let ended = desk.run(&of(&[id(2)], &["-o", "json"])).exits(3).tells(reason).tells(&location);
        assert_eq!((&ended.json()["deleted"], &ended.json()["artifacts"]["remaining"]), (&json!(1), &json!(1)));
        assert_eq!((files(&desk).len(), desk.fake.asked("mlflow-artifacts").len()), (3, 0), "{location}");
        assert_eq!(told(&desk)[0].outcome, Outcome::Refused);
        let run = desk.runs().remove(0);
        ended.tells(&format!("mlflow-trace runs show {run} -o json"));
        desk.run(&["runs", "show", &run, "-o", "json"]).succeeds().prints(&location).prints(reason);
    }
}

#[test]
fn a_trace_that_does_not_say_where_its_files_are_is_told() {
    let desk = desk();
    desk.fake.state().find_mut(&id(1)).unwrap().trace.info.tags.remove(LOCATION);
    desk.run(&of(&[id(1)], &[])).exits(3).tells("the trace has no artifact location");
}

#[test]
fn a_folder_that_another_trace_names_stays() {
    // Whenever the other one says so, and however it spells it.
    for nth in [1, 2] {
        let desk = desk();
        let shared = format!("mlflow-artifacts:/{}/", folder(&id(2)));
        let share = move |state: &mut crate::fake::State| state.set_tag(&id(3), LOCATION, &shared);
        if nth == 1 {
            share(&mut desk.fake.state());
        } else {
            desk.fake.before(Rule::first("delete-traces"), share);
        }
        let told = format!("trace {} has its files there, too", id(3));
        desk.run(&of(&[id(2)], &[])).exits(3).tells(&told);
        assert_eq!((files(&desk).len(), desk.fake.asked(DELETE).len()), (3, 0), "{nth}");
    }
}

#[test]
fn a_search_that_does_not_find_the_trace_itself_says_nothing_of_others() {
    let desk = desk();
    // The second search is the one for its location.
    desk.fake.fail(Rule::nth(2, "traces/search"), Failure::Answer(crate::fake::Answer::json(200, &json!({}))));
    desk.run(&of(&[id(2)], &[])).exits(3).tells("a search for its location does not find the trace");
    assert_eq!((files(&desk).len(), desk.fake.asked(DELETE).len()), (3, 0));
}

#[test]
fn only_a_look_tells_that_files_are_gone() {
    // What was done although the answer was lost is done; what was not done although the answer is 200 is not.
    let desk = desk();
    desk.fake.fail(Rule::first(DELETE), Failure::AnswerAfterAll(crate::fake::Answer::new(500, "text/plain", "oh")));
    desk.run(&of(&[id(2)], &[])).succeeds();
    let desk = self::desk();
    desk.fake.fail(Rule::every(DELETE), Failure::status(200, "{}"));
    desk.run(&of(&[id(2)], &[])).exits(3).tells("the store reported success, but 1 remain");
    // A span file that should be there and is not may be anywhere.
    let desk = self::desk();
    desk.fake.state().files.clear();
    desk.run(&of(&[id(1)], &[])).exits(3).tells("the span file is missing");
}

#[test]
fn a_store_that_cannot_be_reached_makes_a_run_that_did_not_do_everything() {
    let desk = desk();
    desk.fake.state().artifacts_down = true;
    let ended = desk.run(&of(&[id(1), id(2)], &[])).exits(3);
    ended.tells("The files in the artifact store of 2 traces could not be removed.").tells(&folder(&id(2)));
    assert_eq!(told(&desk).iter().map(|entry| entry.outcome).collect::<Vec<_>>(), [Outcome::Failed; 2]);
    assert!(desk.fake.state().ids("1") == [id(3)]);
}

/// The second trace's own folder on this machine, in the way that clients of MLflow write it, with an attachment; and one of the
/// third trace beside it.
fn on_disk(desk: &Desk, scheme: &str) -> std::path::PathBuf {
    let own = desk.state().join("mlruns").join(folder(&id(2)));
    for (number, own) in [(2, own.clone()), (3, desk.state().join("mlruns").join(folder(&id(3))))] {
        fs::create_dir_all(own.join("attachments")).unwrap();
        fs::write(own.join("attachments/a.png"), "picture").unwrap();
        desk.fake.state().set_tag(&id(number), LOCATION, &format!("{scheme}{}", own.display()));
    }
    own
}

#[test]
fn files_in_a_folder_that_clients_use_by_themselves_are_removed_there() {
    for scheme in ["", "file://"] {
        let desk = desk();
        let own = on_disk(&desk, scheme);
        let ended = desk.run(&of(&[id(2)], &["-o", "json"])).succeeds();
        assert_eq!(ended.json()["artifacts"], json!({"span_files": 0, "removed": 1, "remaining": 0, "left": 0}));
        let traces = own.ancestors().nth(2).unwrap();
        let left: Vec<_> = fs::read_dir(traces).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [id(3).as_str()], "nothing is left of the second, and all of the third");
        assert!(traces.join(id(3)).join("artifacts/attachments/a.png").is_file());
        assert_eq!((desk.fake.asked(DELETE).len(), told(&desk)[0].outcome), (0, Outcome::Done));
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_trace_s_folder_is_not_followed() {
    let desk = desk();
    let own = on_disk(&desk, "");
    let others = desk.state().join("mlruns").join(folder(&id(3)));
    fs::remove_dir_all(&own).unwrap();
    std::os::unix::fs::symlink(&others, &own).unwrap();
    desk.run(&of(&[id(2)], &[])).exits(3).tells("their folder is a link to another one");
    assert!(others.join("attachments/a.png").is_file());
}

fn policy(desk: &Desk, rules: &str) -> String {
    let file = desk.state().join("retention.toml");
    fs::write(&file, rules).unwrap();
    file.to_str().unwrap().to_owned()
}

const RULE: &str = "[[rule]]\nname = \"a\"\nexperiments = [\"my-app\"]\nkeep_last = 1\nartifacts = \"delete\"\n";

#[test]
fn a_policy_says_whose_files_go_and_each_rule_must_agree() {
    let desk = desk();
    let other = "[[rule]]\nname = \"b\"\nexperiments = [\"my-app\"]\nkeep_last = 1\nfilter = \"name = 'chat'\"\n";
    let file = policy(&desk, &format!("{RULE}{other}"));
    desk.run(&["retention", "check", "--policy", &file])
        .succeeds()
        .prints("deletes  files in the artifact store as well");
    let plan = desk.run(&["retention", "plan", "--policy", &file, "-o", "json"]).succeeds();
    assert_eq!(plan.json()["span_files"], json!(1));
    desk.run(&["retention", "plan", "--policy", &file]).succeeds().prints("are deleted if all their rules say so");
    desk.fake.state().set_tag(&id(2), "mlflow.traceName", "other");
    let ended = desk.run(&["retention", "run", "--policy", &file, "--cron", "--jitter", "0s"]).succeeds();
    let told = ended.json();
    assert_eq!(
        (&told["deleted"], &told["span_files"], &told["artifacts_remaining"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert_eq!(files(&desk), [file_of(1), file_of(3)]);
}

fn file_of(number: u32) -> String {
    file(number, if number == 1 { "traces.json" } else { "attachments/b.png" })
}

#[test]
fn a_plan_says_whether_files_go() {
    let desk = desk();
    let plan = desk.state().join("plan.jsonl").to_str().unwrap().to_owned();
    let words = ["delete", "--filter", "name = 'chat'", "--artifacts", "delete", "--plan", &plan];
    desk.run(&words).succeeds().tells("are deleted, too: the spans of 1 trace");
    desk.run(&["apply", &plan, "--yes"]).succeeds().tells("Removed the files in the artifact store of 3 traces.");
    assert!(files(&desk).is_empty());
}

#[test]
fn what_a_killed_run_had_to_remove_is_removed_by_the_next_one() {
    let desk = desk();
    let file = policy(&desk, RULE);
    let words = ["retention", "run", "--policy", &file, "--yes"];
    desk.fake.fail(Rule::first(DELETE), Failure::Stall);
    let running = desk.program(&words).start();
    while desk.fake.asked(DELETE).is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.kill().ends();
    assert!(desk.fake.state().ids("1") == [id(3)] && !files(&desk).is_empty());
    desk.run(&words).succeeds();
    assert_eq!(files(&desk), [file_of(3)]);
    let first = &desk.runs()[0];
    let open = desk.journal(first).entries.into_iter().filter(|entry| entry.outcome == Outcome::Planned);
    assert!(open.count() > 0, "what was under way stands in the journal of the run that was killed");
    desk.run(&words).succeeds();
    assert_eq!(
        told(&desk).len(),
        desk.journal(&desk.runs()[1]).entries.len(),
        "the third run has nothing to go on with"
    );
}

#[test]
fn files_of_a_killed_run_stay_while_it_is_not_known_whether_their_traces_are_gone() {
    // Killed while it removed files, and while it deleted the traces, which is done all the same.
    for stalled in [DELETE, "delete-traces"] {
        let desk = desk();
        let file = policy(&desk, RULE);
        let words = ["retention", "run", "--policy", &file, "--yes"];
        desk.fake.fail(Rule::first(stalled), Failure::Stall);
        desk.fake.before(Rule::first(stalled), |state| [1, 2].into_iter().for_each(|number| state.remove(&id(number))));
        let running = desk.program(&words).start();
        while desk.fake.asked(stalled).is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        running.kill().ends();
        let before = files(&desk);
        let hidden = json!({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No Experiment with id=1 exists"});
        let rule = || Rule::every("experiments/get").about(crate::fake::APP);
        desk.fake.fail(rule().times(1_000), Failure::Answer(crate::fake::Answer::json(404, &hidden)));
        // Each trace is counted once, although it and its files are open. Files of the second one may not have been begun with.
        let told = desk.run(&words).exits(3).stderr.clone();
        let is_both = told.contains("cannot tell whether 2 traces of killed runs were deleted");
        let is_first = told.contains("cannot tell whether 1 trace of killed runs was deleted");
        assert!(is_both || (is_first && stalled == DELETE), "{told}");
        assert_eq!(files(&desk), before);
    }
}

#[test]
fn a_schedule_hands_on_what_becomes_of_files() {
    let desk = desk();
    let file = policy(&desk, RULE);
    let words = ["retention", "schedule", "--format", "cron", "--policy", &file, "--artifacts", "delete"];
    desk.run(&words).succeeds().prints("--artifacts delete");
}
