//! Changes to many traces: tags by filter, plans and their files, journals, and what takes them back.

use std::path::{Path, PathBuf};

use mlflow_trace::changes::journal::{Journal, Outcome, Recorded};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::{APP, ASSESSMENT, CHECKOUT, Failure, Fake, KNOWN, Rule, Seed, id};
use crate::snapshot::Gallery;
use crate::support::Program;

const PATCH: &str = "PATCH";
const DELETE_TRACES: &str = "delete-traces";
const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";

/// A server, and a state folder that outlives a run.
pub struct Desk {
    pub fake: Fake,
    pub folder: TempDir,
}

impl Desk {
    pub fn new(fake: Fake) -> Self {
        Self { fake, folder: tempfile::tempdir().unwrap() }
    }

    pub fn state(&self) -> &Path {
        self.folder.path()
    }

    pub fn program(&self, arguments: &[&str]) -> Program {
        self.fake.program(arguments).hidden_env("MLFLOW_TRACE_STATE_DIR", self.state())
    }

    pub fn run(&self, arguments: &[&str]) -> crate::support::Run {
        self.program(arguments).run()
    }

    /// The names of all runs, oldest first.
    pub fn runs(&self) -> Vec<String> {
        Journal::list(self.state()).unwrap().into_iter().map(|header| header.run_id).collect()
    }

    pub fn journal(&self, run_id: &str) -> Recorded {
        Journal::read(self.state(), run_id).unwrap()
    }

    fn file(&self, name: &str) -> (PathBuf, String) {
        let path = self.state().join(name);
        (path.clone(), path.to_str().unwrap().to_owned())
    }

    fn tags(&self, key: &str, ids: impl IntoIterator<Item = u32>) -> Vec<Option<String>> {
        ids.into_iter().map(|number| self.fake.state().tag(&id(number), key)).collect()
    }
}

/// Six traces: 1 to 4 in `my-app`, all but the last of them drafts; 5 and 6 elsewhere.
fn drafts() -> Desk {
    let draft = |number| Seed::new(number).tag("stage", "draft");
    let elsewhere = |number| draft(number).experiment(CHECKOUT);
    Desk::new(Fake::with([
        draft(1).tag("team", "old"),
        draft(2),
        draft(3).tag("team", "search"),
        Seed::new(4),
        elsewhere(5),
        elsewhere(6),
    ]))
}

const DRAFTS: [&str; 2] = ["--filter", "tags.stage = 'draft'"];

fn set<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [["tag", "set"].as_slice(), &DRAFTS, &["team=search"], more].concat()
}

#[allow(clippy::unnecessary_wraps)] // What tags are compared with.
fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[test]
fn the_gallery_of_changes() {
    let desk = drafts();
    let (_, file) = desk.file("plan.jsonl");
    let mut gallery = Gallery::new("changes").hiding_times();
    gallery.scene("dry run", &desk.run(&set(&["--dry-run"])).exits(0));
    gallery.scene("dry run, as JSON lines", &desk.run(&set(&["--dry-run", "-o", "jsonl"])).exits(0));
    gallery.scene("dry run, as ids", &desk.run(&set(&["--dry-run", "-o", "ids"])).exits(0));
    gallery.scene("cannot ask for confirmation", &desk.run(&set(&[])).exits(7));
    gallery.scene("more than allowed", &desk.run(&set(&["--yes", "--max", "2"])).exits(7));
    gallery.scene("an empty filter", &desk.run(&["tag", "set", "--filter", "", "a=b", "--yes"]).exits(2));
    gallery.scene("a filter and an id", &desk.run(&["tag", "set", "--status", "OK", &id(1), "a=b"]).exits(2));
    gallery.scene("a tag twice", &desk.run(&["tag", "set", &id(1), "a=b", "a=c"]).exits(2));
    gallery.scene(
        "a tag of the server",
        &desk.run(&["tag", "delete", "--status", "OK", "mlflow.trace.spansLocation"]).exits(2),
    );
    assert!(desk.fake.asked(PATCH).is_empty() && desk.runs().is_empty(), "nothing was changed so far");
    gallery.scene("set", &desk.run(&set(&["--yes", "-o", "jsonl"])).exits(0));
    let run = desk.runs().remove(0);
    gallery.scene("what the run did", &desk.run(&["runs", "show", &run]).exits(0));
    gallery.scene("undo, dry run", &desk.run(&["undo", &run, "--dry-run"]).exits(0));
    gallery.scene("undo", &desk.run(&["undo", &run, "-o", "json"]).exits(0));
    gallery.scene("undo again", &desk.run(&["undo", &run]).exits(0));
    gallery.scene("undo what is not there", &desk.run(&["undo", "20261122T143000Z-nobody"]).exits(9));
    gallery.scene("runs", &desk.run(&["runs", "list"]).exits(0));
    gallery.scene("a plan", &desk.run(&set(&["--plan", &file])).exits(0));
    gallery.scene("a plan over another", &desk.run(&set(&["--plan", &file])).exits(2));
    gallery.scene("apply, nobody to ask", &desk.run(&["apply", &file]).exits(7));
    gallery.scene("apply", &desk.run(&["apply", &file, "--yes"]).exits(0));
    gallery.scene("apply again", &desk.run(&["apply", &file, "--yes"]).exits(7));
    gallery.check();
}

#[test]
fn what_matches_is_tagged_and_nothing_else() {
    let desk = drafts();
    let ended = desk.run(&set(&["--yes", "-o", "jsonl"])).succeeds().tells("Set 2 tags on 2 traces. 1 unchanged");
    let lines = ended.jsonl();
    let results: Vec<(&str, &str)> =
        lines.iter().map(|line| (line["trace_id"].as_str().unwrap(), line["result"].as_str().unwrap())).collect();
    let [one, two, three] = [1, 2, 3].map(id);
    assert_eq!(results, [(three.as_str(), "unchanged"), (two.as_str(), "done"), (one.as_str(), "done")]);
    assert_eq!(desk.tags("team", 1..=6), [text("search"), text("search"), text("search"), None, None, None]);
    assert_eq!(desk.fake.asked(PATCH).len(), 2, "what is so already is not sent");
}

#[test]
fn selection_flags_and_experiments_select() {
    let desk = drafts();
    desk.run(&["tag", "set", "--tag", "stage=draft", "-x", "checkout", "-x", "my-app", "a=b", "c=d", "--yes"])
        .succeeds();
    assert_eq!(desk.tags("c", 1..=6), [text("d"), text("d"), text("d"), None, text("d"), text("d")]);
    let ended =
        desk.run(&["tag", "delete", "--name", "chat", "-x", "checkout", "a", "--key", "c", "--yes", "-o", "json"]);
    let summary = ended.succeeds().json();
    assert_eq!((&summary["tags"], &summary["traces"], &summary["planned"]), (&json!(4), &json!(2), &json!(4)));
    assert_eq!(desk.tags("c", 1..=6), [text("d"), text("d"), text("d"), None, None, None]);
}

#[test]
fn what_no_longer_matches_is_spared_and_what_is_gone_is_told() {
    let desk = drafts();
    // The first search selects; the next ones look again.
    desk.fake.before(Rule::nth(2, SEARCH), |state| {
        state.set_tag(&id(1), "stage", "final");
        state.remove(&id(2));
    });
    let lines = desk.run(&["tag", "set", DRAFTS[0], DRAFTS[1], "seen=yes", "--yes", "-o", "jsonl"]).succeeds().jsonl();
    let result =
        |number: u32| lines.iter().find(|line| line["trace_id"] == id(number).as_str()).unwrap()["result"].clone();
    assert_eq!([1, 2, 3].map(result), ["spared", "gone", "done"]);
    assert_eq!(desk.tags("seen", [1, 3]), [None, text("yes")]);
}

#[test]
fn what_is_no_longer_shown_is_not_called_gone() {
    let desk = drafts();
    desk.fake.before(Rule::nth(2, SEARCH), |state| {
        state.hidden.insert(id(2));
    });
    let ended = desk.run(&["tag", "set", DRAFTS[0], DRAFTS[1], "seen=yes", "--yes", "-o", "jsonl"]).exits(3);
    let result = |number: u32| {
        let lines = ended.jsonl();
        lines.iter().find(|line| line["trace_id"] == id(number).as_str()).unwrap()["result"].clone()
    };
    assert_eq!([1, 2, 3].map(result), ["done", "failed", "done"]);
    assert_eq!(desk.tags("seen", 1..=3), [text("yes"), None, text("yes")]);
    ended.tells("cannot tell whether trace");
    // To take it back meets the same.
    let run = desk.runs().remove(0);
    desk.fake.state().hidden.insert(id(1));
    let dry = desk.run(&["undo", &run, "--dry-run", "-o", "json"]).exits(3);
    assert_eq!((&dry.json()["planned"], &dry.json()["gone"]), (&json!(1), &json!(0)), "{dry}");
    desk.run(&["undo", &run]).exits(3).tells("cannot tell whether trace");
    assert_eq!(desk.tags("seen", 1..=3), [text("yes"), None, None]);
    desk.fake.state().hidden.clear();
    desk.run(&["tag", "set", &id(1), &id(2), "x=y"]).succeeds();
    desk.fake.state().hidden.insert(id(2));
    desk.run(&["tag", "set", &id(1), &id(2), "x=z", "--ignore-missing"]).exits(4).tells("nothing was changed");
    assert_eq!(desk.tags("x", 1..=2), [text("y"), text("y")]);
}

#[test]
fn from_where_the_experiment_is_not_shown_nothing_is_called_gone() {
    let desk = drafts();
    desk.run(&["tag", "set", DRAFTS[0], DRAFTS[1], "seen=yes", "--yes"]).succeeds();
    let run = desk.runs().remove(0);
    // As in another workspace.
    let absent = json!({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "not found"});
    let answer = crate::fake::Answer::json(404, &absent);
    desk.fake.fail(Rule::every("experiments/get").about(APP), Failure::Answer(answer));
    desk.fake.state().traces.clear();
    for more in [&["--dry-run"][..], &[]] {
        let undo = [&["undo", run.as_str()], more].concat();
        desk.run(&undo).exits(7).tells("no experiment of run").tells("is visible (id 1); nothing was changed");
    }
}

#[test]
fn a_yes_of_the_server_is_not_believed() {
    let desk = drafts();
    let yes = crate::fake::Answer::json(200, &json!({}));
    desk.fake.fail(Rule::every(&format!("PATCH /api/2.0/mlflow/traces/{}/tags", id(2))), Failure::Answer(yes));
    let ended = desk.run(&set(&["--yes", "-o", "jsonl"])).exits(3).tells("the server reported success");
    assert!(ended.jsonl().iter().any(|line| line["trace_id"] == id(2).as_str() && line["result"] == "failed"));
}

#[test]
fn a_failure_that_was_a_yes_is_one() {
    let desk = drafts();
    let no = crate::fake::Answer::json(500, &json!({"error_code": "INTERNAL_ERROR", "message": "late"}));
    desk.fake.fail(Rule::every(PATCH), Failure::AnswerAfterAll(no));
    desk.run(&set(&["--yes"])).succeeds().tells("Set 2 tags on 2 traces.");
}

#[test]
fn a_server_that_fails_all_the_time_is_left_alone() {
    let desk = Desk::new(Fake::with_many(300));
    desk.fake.fail(Rule::every(PATCH), Failure::status(403, "Permission denied"));
    let ended = desk.run(&["tag", "set", "--name", "chat", "a=b", "--yes", "-o", "json"]).exits(4);
    let summary = ended.json();
    let failed = summary["failed"].as_array().unwrap().len() as u64;
    assert!((20..40).contains(&failed), "{failed}");
    assert_eq!(summary["not_attempted"].as_u64().unwrap(), 300 - failed);
}

#[test]
fn ctrl_c_finishes_what_is_under_way_and_reports_the_rest() {
    for signal in ["-INT", "-TERM"] {
        let desk = Desk::new(Fake::with_many(300));
        desk.fake.before(Rule::every(PATCH), |_| std::thread::sleep(std::time::Duration::from_millis(5)));
        let running = desk.program(&["tag", "set", "--name", "chat", "a=b", "--yes", "-o", "json"]).start();
        while desk.fake.asked(PATCH).len() < 20 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        running.signal(signal);
        let summary = running.ends().exits(130).tells("not attempted").json();
        let number = |key: &str| summary[key].as_u64().unwrap();
        assert!(number("tags") >= 20 && number("not_attempted") > 0, "{summary}");
        assert_eq!(number("tags") + number("not_attempted"), 300);
        let tagged = (1..=300).filter(|number| desk.fake.state().tag(&id(*number), "a").is_some()).count();
        assert_eq!(tagged as u64, number("tags"), "{signal}");
        assert_eq!(desk.journal(&desk.runs()[0]).finished.unwrap().done, number("tags"));
    }
}

#[test]
fn without_a_place_for_the_journal_nothing_is_changed() {
    let desk = drafts();
    let file = desk.state().join("file");
    std::fs::write(&file, "").unwrap();
    desk.program(&["tag", "set", &id(1), "a=b"])
        .hidden_env("MLFLOW_TRACE_STATE_DIR", &file)
        .run()
        .exits(7)
        .tells("MLFLOW_TRACE_STATE_DIR");
    assert!(desk.fake.asked(PATCH).is_empty());
}

#[test]
fn without_a_state_folder_nothing_is_even_asked() {
    let desk = drafts();
    desk.fake.state().add([Seed::known()]);
    let (_, plan) = desk.file("plan.jsonl");
    desk.run(&set(&["--plan", &plan])).succeeds();
    let (rows, csv) = desk.file("rows.csv");
    let header = "trace_id,name,value,value_type,source_type,source_id\n";
    std::fs::write(rows, format!("{header}{},correct,true,boolean,HUMAN,jane\n", id(1))).unwrap();
    let homeless = |line: &[&str]| desk.program(line).without_env("HOME").without_env("MLFLOW_TRACE_STATE_DIR").run();
    let before = desk.fake.log().len();
    for line in [
        &["tag", "set", &id(1), "a=b"][..],
        &set(&["--yes"]),
        &["tag", "delete", &id(1), "team"],
        &["undo", "20261122T143000Z-ab12cd"],
        &["apply", &plan, "--yes"],
        &["feedback", "log", KNOWN, "--name", "a", "--value", "1"],
        &["expectation", "log", KNOWN, "--name", "a", "--value", "1"],
        &["feedback", "override", KNOWN, ASSESSMENT, "--value", "false"],
        &["assessment", "update", KNOWN, ASSESSMENT, "--value", "false"],
        &["assessment", "delete", KNOWN, ASSESSMENT],
        &["feedback", "import", &csv],
        &["expectation", "import", &csv],
    ] {
        homeless(line).exits(7).tells("no folder for the journal").tells("MLFLOW_TRACE_STATE_DIR");
    }
    assert_eq!(desk.fake.log().len(), before);
    // What changes nothing needs none.
    homeless(&set(&["--dry-run"])).succeeds();
    homeless(&["feedback", "import", &csv, "--dry-run"]).succeeds();
}

#[test]
fn single_changes_are_journaled_too_and_taken_back() {
    let desk = drafts();
    desk.run(&["tag", "set", &id(1), &id(2), "team=new", "extra="]).succeeds().tells("mlflow-trace undo");
    desk.run(&["tag", "delete", &id(3), "team"]).succeeds();
    let [first, second] = <[String; 2]>::try_from(desk.runs()).unwrap();
    let entry = &desk.journal(&first).entries[0];
    assert_eq!(
        (entry.before.clone(), entry.after.clone(), entry.outcome),
        (Some("old".into()), Some("new".into()), Outcome::Done)
    );
    desk.run(&["undo", &first]).succeeds().tells("Restored 4 tags on 2 traces.");
    desk.run(&["undo", &second]).succeeds();
    assert_eq!(desk.tags("team", 1..=3), [text("old"), None, text("search")]);
    assert_eq!(desk.tags("extra", 1..=2), [None, None]);
    // What was taken back can be done again.
    let undo = desk.runs()[2].clone();
    assert_eq!(desk.journal(&undo).header.undoes.as_ref(), Some(&first));
    desk.run(&["undo", &undo]).succeeds();
    assert_eq!(desk.tags("team", 1..=3), [text("new"), text("new"), text("search")]);
}

#[test]
fn what_somebody_changed_since_is_not_taken_back() {
    let desk = drafts();
    desk.run(&set(&["--yes"])).succeeds();
    desk.fake.state().set_tag(&id(1), "team", "mine");
    let run = desk.runs().remove(0);
    let dry = desk.run(&["undo", &run, "--dry-run", "-o", "json"]).succeeds().json();
    assert_eq!((&dry["planned"], &dry["refused"]), (&json!(1), &json!(1)));
    let ended =
        desk.run(&["undo", &run, "-o", "jsonl"]).exits(3).tells("1 change refused").tells("it was changed since");
    let refused: Vec<Value> = ended.jsonl().into_iter().filter(|line| line["result"] == "refused").collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(desk.tags("team", 1..=3), [text("mine"), None, text("search")]);
}

#[test]
fn a_run_is_undone_where_it_was_done() {
    let desk = drafts();
    desk.run(&set(&["--yes"])).succeeds();
    let run = desk.runs().remove(0);
    let other = Fake::with_many(2);
    let elsewhere = other.program(&["undo", &run]).hidden_env("MLFLOW_TRACE_STATE_DIR", desk.state());
    elsewhere.run().exits(7).tells("nothing was changed");
    assert!(other.log().is_empty());
}

#[test]
fn a_plan_is_carried_out_as_far_as_it_still_holds() {
    let desk = drafts();
    let (path, file) = desk.file("plan.jsonl");
    desk.run(&set(&["--plan", &file])).succeeds().tells("3 traces");
    assert!(desk.fake.asked(PATCH).is_empty());
    desk.fake.state().set_tag(&id(1), "stage", "final");
    desk.fake.state().add([Seed::new(7).tag("stage", "draft")]);
    let lines = desk.run(&["apply", &file, "--yes", "-o", "jsonl"]).succeeds().jsonl();
    assert_eq!(lines.len(), 3);
    assert_eq!(desk.tags("team", [1, 2, 3, 7]), [text("old"), text("search"), text("search"), None]);
    let run = desk.runs().remove(0);
    assert_eq!(std::fs::read_to_string(path.with_file_name("plan.jsonl.applied")).unwrap(), format!("run {run}"));
    desk.run(&["undo", &run]).succeeds();
    assert_eq!(desk.tags("team", [1, 2]), [text("old"), None]);
    desk.run(&["apply", &file, "--yes"]).exits(7).tells("already applied");
    let (copy, copied) = desk.file("copy.jsonl");
    std::fs::copy(&path, &copy).unwrap();
    desk.run(&["apply", &copied, "--yes"]).exits(7).tells(&format!("already applied: run {run}"));
}

#[test]
fn a_plan_for_something_else_is_refused() {
    let desk = drafts();
    let (path, file) = desk.file("plan.jsonl");
    desk.run(&set(&["--plan", &file])).succeeds();
    let other = Fake::with_many(2);
    other.run(&["apply", &file, "--yes"]).exits(7).tells("the plan is for");
    desk.run(&["apply", &file, "--yes", "-x", "checkout"]).exits(7).tells("the plan is for the experiment \"my-app\"");
    std::thread::sleep(std::time::Duration::from_millis(5));
    desk.run(&["apply", &file, "--yes", "--plan-max-age", "1ms"]).exits(7).tells("older than");
    let text = std::fs::read_to_string(&path).unwrap().replace(&id(1), &id(4));
    std::fs::write(&path, text).unwrap();
    desk.run(&["apply", &file, "--yes"]).exits(7).tells("it differs from what was written");
    assert!(desk.fake.asked(PATCH).is_empty());
}

#[test]
fn a_deletion_can_be_planned_and_applied() {
    let desk = drafts();
    let (_, file) = desk.file("plan.jsonl");
    desk.run(&["delete", DRAFTS[0], DRAFTS[1], "--plan", &file]).succeeds();
    assert!(desk.fake.asked(DELETE_TRACES).is_empty());
    desk.fake.state().set_tag(&id(1), "stage", "final");
    desk.run(&["apply", &file]).exits(7);
    let summary = desk.run(&["apply", &file, "--yes", "-o", "json"]).succeeds().json();
    assert_eq!((&summary["deleted"], &summary["spared"]), (&json!(2), &json!(1)));
    assert_eq!(desk.fake.state().ids(APP), [id(1), id(4)]);
    desk.run(&["apply", &file, "--yes"]).exits(7).tells("already applied");
}

/// The assessments of the known trace, without the times and who made them.
fn known(desk: &Desk) -> Vec<(String, Value, Value, Value)> {
    let part = |of: &serde_json::Map<String, Value>, key: &str| of.get(key).cloned().unwrap_or_default();
    let shown = |of: serde_json::Map<String, Value>| {
        let id = part(&of, "assessment_id").as_str().unwrap().to_owned();
        let rationale =
            part(&of, "rationale").as_str().filter(|text| !text.is_empty()).map_or(Value::Null, Value::from);
        (id, part(&of, "assessment_name"), part(&of, "feedback"), rationale)
    };
    let mut known: Vec<_> = desk.fake.state().assessments(KNOWN).into_iter().map(shown).collect();
    known.sort_by(|one, other| one.0.cmp(&other.0));
    known
}

#[test]
fn assessments_are_journaled_and_taken_back() {
    let desk = Desk::new(Fake::with([Seed::known()]));
    let before = known(&desk);
    let log = ["feedback", "log", KNOWN, "--name", "score", "--value", "4", "--metadata", "a=b"];
    let update =
        ["assessment", "update", KNOWN, ASSESSMENT, "--value", "false", "--name", "useful", "--rationale", "no"];
    for change in [log.as_slice(), &update, &["assessment", "delete", KNOWN, ASSESSMENT]] {
        let before_change = known(&desk);
        desk.run(change).succeeds().tells("mlflow-trace undo");
        let after_change = known(&desk);
        assert_ne!(after_change, before_change);
        let run = desk.runs().pop().unwrap();
        let dry = desk.run(&["undo", &run, "--dry-run", "-o", "json"]).succeeds().json();
        assert_eq!(dry["planned"], 1);
        assert_eq!(known(&desk), after_change, "a dry run changes nothing");
        let lines =
            desk.run(&["undo", &run, "-o", "jsonl"]).succeeds().tells("Restored 1 assessment on 1 trace").jsonl();
        assert_eq!(lines[0]["result"], "done");
        assert_eq!(known(&desk), before_change, "{change:?}");
        let undo = desk.runs().pop().unwrap();
        desk.run(&["undo", &undo]).succeeds();
        assert_eq!(known(&desk), after_change, "what was taken back is done again: {change:?}");
        desk.run(&["undo", &run]).succeeds().tells("Restored 1 assessment");
        desk.run(&["undo", &run]).succeeds().tells("Restored 0 assessments");
    }
    assert_eq!(known(&desk), before);
}

#[test]
fn an_assessment_that_somebody_changed_since_is_not_taken_back() {
    let desk = Desk::new(Fake::with([Seed::known()]));
    desk.run(&["assessment", "update", KNOWN, ASSESSMENT, "--value", "false"]).succeeds();
    let run = desk.runs().pop().unwrap();
    desk.run(&["assessment", "update", KNOWN, ASSESSMENT, "--rationale", "mine"]).succeeds();
    let now = known(&desk);
    desk.run(&["undo", &run]).exits(3).tells("1 change refused").tells("it was changed since");
    assert_eq!(known(&desk), now);
}

#[test]
fn an_assessment_of_a_hidden_trace_is_not_called_gone() {
    let desk = Desk::new(Fake::with([Seed::known()]));
    desk.run(&["assessment", "update", KNOWN, ASSESSMENT, "--value", "false"]).succeeds();
    let (run, now) = (desk.runs().pop().unwrap(), known(&desk));
    desk.fake.state().hidden.insert(KNOWN.to_owned());
    let told = |ended: crate::support::Run, code: i32| {
        ended.exits(code).tells("cannot tell whether trace").does_not_tell("there is no trace")
    };
    told(desk.run(&["undo", &run, "-o", "jsonl"]), 3);
    let dry = desk.run(&["undo", &run, "--dry-run", "-o", "json"]).exits(3).json();
    assert_eq!((&dry["planned"], &dry["gone"]), (&json!(0), &json!(0)));
    told(desk.run(&["assessment", "list", KNOWN]), 4);
    told(desk.run(&["assessment", "delete", KNOWN, ASSESSMENT]), 4);
    told(desk.run(&["feedback", "log", KNOWN, "--name", "score", "--value", "4"]), 4);
    assert_eq!(known(&desk), now);
}

#[test]
fn an_assessment_whose_answer_was_lost_is_taken_back() {
    let desk = Desk::new(Fake::with([Seed::known()]));
    let before = known(&desk);
    let no = crate::fake::Answer::json(500, &json!({"error_code": "INTERNAL_ERROR", "message": "late"}));
    desk.fake
        .fail(Rule::every(&format!("PATCH /api/3.0/mlflow/traces/{KNOWN}/assessments")), Failure::AnswerAfterAll(no));
    desk.run(&["assessment", "update", KNOWN, ASSESSMENT, "--value", "false"]).exits(6);
    assert_ne!(known(&desk), before);
    let run = desk.runs().pop().unwrap();
    assert_eq!(desk.journal(&run).entries[0].outcome, Outcome::Failed);
    desk.run(&["undo", &run]).succeeds().tells("Restored 1 assessment on 1 trace");
    assert_eq!(known(&desk), before, "also where the answer of the undo is lost");
}
