//! `archive_to`: what a policy deletes is in an archive before, whole, or it is not deleted.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::{APP, Answer, CHECKOUT, Failure, Fake, Rule, Seed, id};
use crate::support::{Program, Run};

pub const DELETE: &str = "POST /api/2.0/mlflow/traces/delete-traces";
pub const SPANS: &str = "traces/batchGet";

/// A server, and a folder with a policy that archives into `expired` beside it.
pub struct Desk {
    pub fake: Fake,
    folder: TempDir,
}

impl Desk {
    pub fn new(fake: Fake, rules: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("retention.toml"), rules).unwrap();
        Self { fake, folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn program(&self, arguments: &[&str]) -> Program {
        let program = self.fake.bare(arguments).in_folder(self.folder.path());
        program.hidden_env("MLFLOW_TRACE_STATE_DIR", self.path("state"))
    }

    pub fn run(&self, more: &[&str]) -> Run {
        let run = ["retention", "run", "--policy", "retention.toml"];
        self.program(&[&run, more].concat()).run()
    }

    #[track_caller]
    pub fn left(&self, experiment: &str, numbers: &[u32]) {
        let ids: Vec<String> = numbers.iter().copied().map(id).collect();
        assert_eq!(self.fake.state().ids(experiment), ids);
    }

    /// The numbers of the traces that an offline search of a place finds.
    #[track_caller]
    pub fn archived(&self, place: &str, filter: &str) -> Vec<u32> {
        let uri = format!("file:{place}");
        let search = ["search", "--tracking-uri", &uri, "--all", filter, "-o", "jsonl"];
        let found = self.program(&search).run().succeeds().jsonl();
        let mut numbers: Vec<u32> = found
            .iter()
            .map(|trace| u32::from_str_radix(&trace["info"]["trace_id"].as_str().unwrap()[3..], 16).unwrap())
            .collect();
        numbers.sort_unstable();
        numbers
    }
}

/// The folders of runs in a place.
pub fn runs(place: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(place) else { return Vec::new() };
    let mut runs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    runs.sort();
    runs
}

pub fn manifest(run: &Path) -> Value {
    serde_json::from_slice(&fs::read(run.join("manifest.json")).unwrap()).unwrap()
}

pub fn rule(name: &str, more: &str) -> String {
    format!("[[rule]]\nname = \"{name}\"\nexperiments = [\"my-app\"]\nkeep_within = \"30d\"\n{more}\n")
}

/// Six old traces of which the second has failed, and two young ones; and one old one elsewhere.
pub fn aged() -> Fake {
    let stats = "{\"num_spans\": 1}";
    let seed = |number: u32, days: u64| Seed::new(number).days_old(days).metadata("mlflow.trace.sizeStats", stats);
    Fake::with([
        seed(1, 90),
        seed(2, 80).state("ERROR"),
        seed(3, 70).tag("team", "search"),
        seed(4, 60),
        seed(5, 50),
        seed(6, 40),
        seed(7, 5),
        seed(8, 1),
        seed(20, 95).experiment(CHECKOUT),
    ])
}

#[test]
fn what_is_deleted_is_in_the_archive_with_its_spans_and_nothing_else_is() {
    let desk = Desk::new(aged(), &rule("app", "filter = \"status = 'OK'\"\narchive_to = \"expired\""));
    let ended = desk.run(&["--yes", "-o", "json"]).exits(0).tells("archived 5 traces to /").tells("/expired/");
    assert_eq!(ended.json()["deleted"], 5, "{ended}");
    desk.left(APP, &[2, 7, 8]);
    desk.left(CHECKOUT, &[20]);
    assert_eq!(desk.archived("expired", "status = 'OK'"), [1, 3, 4, 5, 6]);
    assert_eq!(desk.archived("expired", "tags.team = 'search'"), [3]);
    assert_eq!(desk.archived("expired", "span.name = 'chat'"), [1, 3, 4, 5, 6], "with their spans");
    let runs = runs(&desk.path("expired"));
    let manifest = manifest(&runs[0]);
    assert_eq!((runs.len(), &manifest["complete"], &manifest["counts"]["spans"]), (1, &json!(true), &json!(5)));
    assert_eq!(manifest["query"]["options"]["run"], runs[0].file_name().unwrap().to_str().unwrap());
    let part = manifest["parts"][0]["path"].as_str().unwrap();
    let ending = match manifest["query"]["options"]["compress"].as_str().unwrap() {
        "zstd" => ".zst",
        "gzip" => ".gz",
        other => panic!("compressed by {other}"),
    };
    assert!(part.ends_with(ending), "{part}");
    assert_eq!(manifest["source"]["experiments"], json!({"1": "my-app"}));
}

#[test]
fn runs_share_a_place_and_are_searched_together() {
    let desk = Desk::new(aged(), &rule("app", "keep_last = 5\narchive_to = \"expired/\""));
    desk.run(&["--yes"]).exits(0);
    desk.left(APP, &[4, 5, 6, 7, 8]);
    fs::write(desk.path("retention.toml"), rule("app", "keep_last = 4\narchive_to = \"expired\"")).unwrap();
    desk.run(&["--yes"]).exits(0);
    desk.left(APP, &[5, 6, 7, 8]);
    assert_eq!(runs(&desk.path("expired")).len(), 2);
    assert_eq!(desk.archived("expired", "status != 'IN_PROGRESS'"), [1, 2, 3, 4]);
    desk.run(&["--yes"]).exits(0);
    assert_eq!(runs(&desk.path("expired")).len(), 2, "a run with nothing to delete has no archive");
}

#[test]
fn a_trace_goes_to_the_place_of_every_rule_that_lets_it_go() {
    let rules = [
        rule("all", "archive_to = \"all\""),
        rule("failed", "filter = \"status = 'ERROR'\"\narchive_to = \"failed\""),
        rule("other", "archive_to = \"all\"").replace("my-app", "checkout") + "keep_last = 0\n",
    ];
    let rules = rules.join("").replace("keep_last = 0\n", "filter = \"status = 'OK'\"\nallow_empty = true\n");
    let desk = Desk::new(aged(), &rules);
    desk.run(&["--yes"]).exits(0);
    desk.left(APP, &[7, 8]);
    desk.left(CHECKOUT, &[]);
    assert_eq!(desk.archived("all", "status != 'IN_PROGRESS'"), [1, 2, 3, 4, 5, 6, 20]);
    assert_eq!(desk.archived("failed", "status != 'IN_PROGRESS'"), [2]);
    assert_eq!((runs(&desk.path("all")).len(), runs(&desk.path("failed")).len()), (1, 1));
    assert_eq!(manifest(&runs(&desk.path("all"))[0])["source"]["experiments"], json!({"1": "my-app", "2": "checkout"}));
}

#[test]
fn a_place_that_is_written_in_several_ways_has_each_trace_once() {
    let desk = Desk::new(aged(), "");
    let place = desk.path("expired").display().to_string();
    let rules = [
        rule("typed", "filter = \"status = 'ERROR'\"\narchive_to = \"expired\""),
        rule("with a slash", "archive_to = \"expired/\""),
        rule("as a URL", &format!("archive_to = \"file://{place}\"")),
    ];
    fs::write(desk.path("retention.toml"), rules.join("")).unwrap();
    let ended = desk.run(&["--yes", "-o", "json"]).exits(0);
    desk.left(APP, &[7, 8]);
    assert_eq!(desk.archived("expired", "status != 'IN_PROGRESS'"), [1, 2, 3, 4, 5, 6]);
    let runs = runs(&desk.path("expired"));
    assert_eq!((runs.len(), &manifest(&runs[0])["complete"]), (1, &json!(true)));
    assert_eq!(ended.json()["archives"].as_array().unwrap().len(), 3, "{ended}");
}

#[test]
fn a_trace_that_cannot_be_archived_is_kept() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    let broken = Answer::json(500, &json!({"error_code": "INTERNAL_ERROR", "message": "it is broken"}));
    desk.fake.fail(Rule::every("mlflow/").about(&id(3)), Failure::Answer(broken));
    desk.fake.state().add([Seed::new(9).days_old(45).with_lost_file(), Seed::new(10).days_old(46).in_artifact()]);
    let ended = desk.run(&["--yes", "-o", "json"]).exits(3).tells("2 traces not archived and therefore kept");
    assert_eq!(ended.json()["deleted"], 6, "{ended}");
    desk.left(APP, &[3, 7, 8, 9]);
    assert_eq!(desk.archived("expired", "status != 'IN_PROGRESS'"), [1, 2, 4, 5, 6, 10]);
    let failed = manifest(&runs(&desk.path("expired"))[0])["failed"].clone();
    let mut kinds: Vec<(String, String)> = failed
        .as_array()
        .unwrap()
        .iter()
        .map(|failure| (failure["trace_id"].as_str().unwrap().to_owned(), failure["kind"].as_str().unwrap().to_owned()))
        .collect();
    kinds.sort();
    assert_eq!(kinds, [(id(3), "unavailable".to_owned()), (id(9), "spans-missing".to_owned())]);
}

#[test]
fn while_the_artifact_store_is_down_nothing_in_it_is_deleted() {
    for location in [None, Some("mlflow-artifacts:/1/traces/x/artifacts"), Some("s3://bucket/1/traces/x/artifacts")] {
        let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
        let old = |number: u32| {
            let seed = Seed::new(number).days_old(45).in_artifact();
            if let Some(location) = location { seed.tag("mlflow.artifactLocation", location) } else { seed }
        };
        desk.fake.state().add([old(9), old(10)]);
        desk.fake.state().artifacts_down = true;
        let ended = desk.run(&["--yes", "-o", "json"]).exits(3).tells("2 traces not archived and therefore kept");
        assert_eq!((&ended.json()["deleted"], &ended.json()["spared"]), (&json!(6), &json!(2)), "{ended}");
        desk.left(APP, &[7, 8, 9, 10]);
        desk.fake.state().artifacts_down = false;
        desk.run(&["--yes"]).exits(0);
        desk.left(APP, &[7, 8]);
        assert_eq!(desk.archived("expired", "timestamp_ms > 0").iter().filter(|number| **number > 8).count(), 2);
    }
}

#[test]
fn a_trace_that_is_not_shown_when_it_is_to_be_archived_is_kept_and_not_called_gone() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    desk.fake.before(Rule::nth(2, "traces/search"), |state| {
        state.hidden.insert(id(4));
    });
    desk.fake.before(Rule::nth(3, "traces/search"), |state| state.hidden.clear());
    let ended = desk.run(&["--yes", "-o", "json"]).exits(3).tells("cannot tell whether trace");
    assert_eq!((&ended.json()["deleted"], &ended.json()["gone"]), (&json!(5), &json!(0)), "{ended}");
    desk.left(APP, &[4, 7, 8]);
    let failed = manifest(&runs(&desk.path("expired"))[0])["failed"].clone();
    assert_eq!((&failed[0]["trace_id"], &failed[0]["kind"]), (&json!(id(4)), &json!("forbidden")));
}

#[test]
fn a_trace_that_is_deleted_by_somebody_else_is_no_failure() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    desk.fake.before(Rule::first(SPANS), |state| state.remove(&id(4)));
    desk.run(&["--yes"]).exits(0);
    desk.left(APP, &[7, 8]);
    assert_eq!(desk.archived("expired", "status != 'IN_PROGRESS'"), [1, 2, 3, 5, 6]);
}

#[test]
fn a_trace_that_is_gone_before_it_is_looked_for_is_no_failure_either() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    // The first search makes the plan, the second one looks for the traces of the plan.
    desk.fake.before(Rule::nth(2, "traces/search"), |state| state.remove(&id(4)));
    let ended = desk.run(&["--yes", "-o", "json"]).exits(0);
    assert_eq!((&ended.json()["deleted"], &ended.json()["gone"]), (&json!(5), &json!(1)), "{ended}");
    assert_eq!(desk.archived("expired", "status != 'IN_PROGRESS'"), [1, 2, 3, 5, 6]);
}

#[test]
fn the_journal_tells_of_each_trace_that_was_not_archived_why() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    desk.fake.state().add([Seed::new(9).days_old(45).with_lost_file()]);
    let summary = desk.run(&["--yes", "-o", "json"]).exits(3).json();
    let run = summary["run_id"].as_str().unwrap();
    assert_eq!((&summary["spared"], &summary["not_archived"]), (&json!(1), &json!(1)));
    assert_eq!(summary["archives"], json!([desk.path(&format!("expired/{run}"))]));
    let journal = fs::read_to_string(desk.path("state/runs").join(format!("{run}.jsonl"))).unwrap();
    let spared: Vec<&str> = journal.lines().filter(|line| line.contains("not archived: ")).collect();
    assert!(spared.len() == 1 && spared[0].contains(&id(9)) && spared[0].contains("\"spared\""), "{journal}");
    assert!(spared[0].contains(&format!("the spans of trace {} are missing", id(9))), "{journal}");
}

#[test]
fn a_plan_that_is_applied_later_archives_before_it_deletes() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    desk.run(&["--plan", "plan.jsonl"]).exits(0);
    assert!(!desk.path("expired").exists());
    desk.program(&["apply", "plan.jsonl", "--yes"]).run().exits(0).tells("archived 6 traces to /").tells("/expired/");
    desk.left(APP, &[7, 8]);
    assert_eq!(desk.archived("expired", "status != 'IN_PROGRESS'"), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_run_that_is_killed_while_it_archives_leaves_nothing_to_the_next_one() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    desk.fake.before(Rule::first(SPANS), |_| std::thread::sleep(Duration::from_secs(3)));
    let running = desk.program(&["retention", "run", "--policy", "retention.toml", "--yes"]).start();
    while desk.fake.asked(SPANS).is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let killed = running.kill().ends();
    assert_eq!(killed.code, None, "{killed}");
    desk.left(APP, &[1, 2, 3, 4, 5, 6, 7, 8]);
    let left = runs(&desk.path("expired"));
    assert_eq!(manifest(&left[0])["complete"], false, "it was under way");
    let count = desk.program(&["count", "-u", "file:expired"]).run().succeeds();
    count.prints("0").tells("is not complete: 0 traces so far; the run that began it deleted nothing");
    desk.run(&["--yes"]).exits(0);
    desk.left(APP, &[7, 8]);
    assert_eq!(desk.archived("expired", "status != 'IN_PROGRESS'"), [1, 2, 3, 4, 5, 6], "each once");
    assert!(!left[0].exists(), "what the killed run left is taken away, its folder too");
}

#[test]
fn a_trace_that_is_changed_after_it_was_archived_is_kept() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    // The third search is the last look before the first delete.
    desk.fake.before(Rule::nth(3, "traces/search"), |state| state.set_tag(&id(4), "note", "look at this"));
    let ended = desk.run(&["--yes", "-o", "json"]).exits(3);
    desk.left(APP, &[4, 7, 8]);
    assert_eq!((&ended.json()["deleted"], &ended.json()["not_archived"]), (&json!(5), &json!(1)), "{ended}");
    ended.tells(&format!("{} was not archived: it changed after it was archived", id(4)));
}

#[test]
fn under_cron_an_archive_is_silent_unless_a_trace_is_not_in_it() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    let ended = desk.run(&["--cron", "--jitter", "0s"]).exits(0);
    assert_eq!((ended.stderr.as_str(), ended.lines().len()), ("", 1), "{ended}");
    assert_eq!(desk.archived("expired", "status != 'IN_PROGRESS'"), [1, 2, 3, 4, 5, 6]);
    desk.fake.state().add([Seed::new(9).days_old(45).with_lost_file()]);
    let ended = desk.run(&["--cron", "--jitter", "0s"]).exits(3).tells("1 trace not archived and therefore kept");
    assert_eq!((&ended.json()["spared"], ended.lines().len()), (&json!(1), 1), "{ended}");
    desk.left(APP, &[7, 8, 9]);
}

#[test]
fn a_place_that_cannot_be_written_deletes_nothing() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    fs::write(desk.path("expired"), "a file").unwrap();
    desk.run(&["--yes"])
        .exits(7)
        .tells(&format!("cannot archive to {}", desk.path("expired").display()))
        .tells("nothing was deleted");
    assert!(
        desk.fake.asked(SPANS).is_empty() && desk.fake.asked(DELETE).is_empty(),
        "it is found before anything else"
    );
    desk.left(APP, &[1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn without_a_yes_nothing_is_written() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    desk.run(&["--dry-run"]).exits(0);
    assert!(!desk.path("expired").exists());
    desk.run(&[]).exits(7);
    assert!(runs(&desk.path("expired")).is_empty());
    assert!(desk.fake.asked(SPANS).is_empty());
}

#[test]
fn a_server_that_fails_while_traces_are_archived_loses_none_and_leaves_no_archive() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    for route in [SPANS, "traces/get", "get-trace-artifact", "/health"] {
        desk.fake.fail(Rule::every(route), Failure::Close);
    }
    desk.run(&["--yes"]).exits(5).tells("nothing was deleted");
    desk.left(APP, &[1, 2, 3, 4, 5, 6, 7, 8]);
    assert!(desk.fake.asked(DELETE).is_empty());
    assert_eq!(runs(&desk.path("expired")), Vec::<PathBuf>::new());
}

#[cfg(unix)]
#[test]
fn an_interruption_while_traces_are_archived_deletes_nothing_and_leaves_no_archive() {
    for signal in ["-INT", "-TERM"] {
        let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
        desk.fake.before(Rule::every(SPANS), |_| std::thread::sleep(Duration::from_millis(1500)));
        let run = ["retention", "run", "--policy", "retention.toml", "--yes"];
        let running = desk.program(&run).start();
        while desk.fake.asked(SPANS).is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        running.signal(signal);
        running.ends().exits(130).tells("nothing was deleted");
        desk.left(APP, &[1, 2, 3, 4, 5, 6, 7, 8]);
        assert!(desk.fake.asked(DELETE).is_empty());
        assert_eq!(runs(&desk.path("expired")), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_place_that_nobody_can_archive_to_fails_the_check() {
    for (place, reason) in [("ftp://h/x", "is no place for an archive"), ("s3://b/x.jsonl", "")] {
        let desk = Desk::new(aged(), &rule("app", &format!("archive_to = \"{place}\"")));
        for command in ["check", "plan", "run"] {
            let arguments = ["retention", command, "--policy", "retention.toml"];
            desk.program(&arguments).run().exits(2).tells("archive_to").tells(reason);
        }
        assert!(desk.fake.log().is_empty(), "nothing was sent");
    }
}

#[test]
fn a_run_whose_time_is_over_while_it_archives_deletes_nothing_and_leaves_no_archive() {
    let desk = Desk::new(aged(), &rule("app", "archive_to = \"expired\""));
    desk.fake.before(Rule::every(SPANS), |_| std::thread::sleep(Duration::from_millis(1500)));
    desk.run(&["--yes", "--max-time", "1s"]).exits(3).tells("time limit reached (--max-time) while archiving");
    desk.left(APP, &[1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(runs(&desk.path("expired")), Vec::<PathBuf>::new());
}

/// Many old traces, and the policy that archives them all but the newest ten.
fn many() -> Desk {
    let stats = "{\"num_spans\": 1}";
    let seed = |number: u32| {
        let seed = Seed::new(number).days_old(u64::from(400 - number)).metadata("mlflow.trace.sizeStats", stats);
        if number.is_multiple_of(3) { seed.experiment(CHECKOUT) } else { seed }
    };
    let fake = Fake::with((1..=MANY).map(seed));
    Desk::new(fake, &rule("old", "keep_last = 5\narchive_to = \"expired\"").replace("my-app", "*"))
}

const MANY: u32 = 330;

impl Desk {
    fn gone(&self) -> BTreeSet<String> {
        (1..=MANY).map(id).filter(|id| self.fake.state().find(id).is_none()).collect()
    }

    /// Every trace that an archive holds, complete or not, with its spans.
    fn safe(&self) -> BTreeSet<String> {
        if runs(&self.path("expired")).iter().all(|run| runs(run).is_empty()) {
            return BTreeSet::new();
        }
        let search = ["search", "--tracking-uri", "file:expired", "--all", "span.name = 'chat'", "-o", "ids"];
        self.program(&search).run().succeeds().lines().into_iter().collect()
    }
}

#[test]
fn whatever_goes_wrong_no_trace_is_deleted_that_is_not_in_the_archive() {
    let (mut deleted, mut kept) = (0, 0);
    let broken = Answer::json(500, &json!({"error_code": "INTERNAL_ERROR", "message": "it is broken"}));
    for seed in 0..crate::support::fault_runs(15) {
        let desk = many();
        let unreadable = id(1 + u32::try_from(seed).unwrap() * 8);
        desk.fake.fail(Rule::every("mlflow/").about(&unreadable), Failure::Answer(broken.clone()));
        desk.fake.leave_to_chance(Some((seed, 4 + u32::try_from(seed).unwrap() % 12)));
        let ended = desk.run(&["--yes", "-o", "json", "--timeout", "400ms"]).exits_with_one_of(&[0, 3, 4, 5, 6]);
        desk.fake.leave_to_chance(None);
        let (gone, safe) = (desk.gone(), desk.safe());
        assert!(gone.is_subset(&safe), "seed {seed}: {:?} {ended}", gone.difference(&safe));
        deleted += usize::from(!gone.is_empty());
        if !ended.stdout.is_empty() {
            kept += ended.json()["not_archived"].as_u64().unwrap_or(0);
        }
        desk.run(&["--yes"]).exits(3);
        let gone = desk.gone();
        assert_eq!((gone.len(), gone.is_subset(&desk.safe())), (MANY as usize - 11, true), "seed {seed}");
        assert!(!gone.contains(&unreadable), "seed {seed}");
    }
    assert!(deleted >= 5 && kept > 0, "{deleted} runs deleted, {kept} traces were kept");
}

#[test]
fn killed_at_any_moment_no_trace_is_deleted_that_is_not_in_the_archive() {
    let (mut archiving, mut deleting) = (0, 0);
    for seed in 0..crate::support::fault_runs(10) {
        let desk = many();
        desk.fake.before(Rule::every(SPANS), |_| std::thread::sleep(Duration::from_millis(10)));
        desk.fake.before(Rule::every(DELETE), |_| std::thread::sleep(Duration::from_millis(40)));
        let mut running = desk.program(&["retention", "run", "--policy", "retention.toml", "--yes"]).start();
        let route = if seed % 2 == 0 { SPANS } else { DELETE };
        while desk.fake.asked(route).is_empty() && !running.has_ended() {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis(fastrand::Rng::with_seed(seed).u64(0..180)));
        let ended = running.kill().ends();
        std::thread::sleep(Duration::from_millis(80));
        let (gone, safe) = (desk.gone(), desk.safe());
        assert!(gone.is_subset(&safe), "seed {seed}: {:?}", gone.difference(&safe));
        if ended.code.is_none() {
            archiving += usize::from(gone.is_empty() && !desk.fake.asked(SPANS).is_empty());
            deleting += usize::from(!gone.is_empty());
        }
        desk.run(&["--yes"]).exits(0);
        let gone = desk.gone();
        assert_eq!((gone.len(), gone.is_subset(&desk.safe())), (MANY as usize - 10, true), "seed {seed}");
        let whole = |run: &PathBuf| !run.join("manifest.json").exists() || manifest(run)["complete"] == true;
        assert!(runs(&desk.path("expired")).iter().all(whole), "what was not completed is taken away");
    }
    assert!(
        archiving >= 3 && deleting >= 3,
        "{archiving} were killed while they archived, {deleting} while they deleted"
    );
}
