//! Plans of `feedback import` and `expectation import`, caps on them, and what takes imports back.

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;
use mlflow_trace::changes::journal::{Action, Outcome};
use mlflow_trace::changes::plan_file::hash;
use serde_json::{Map, Value, json};

use crate::changes::Desk;
use crate::fake::{APP, Answer, CHECKOUT, Failure, Fake, Rule, Seed, id};
use crate::rows::{CREATE, Files, csv};
use crate::snapshot::Gallery;
use crate::support::{Ended, Run};

/// A server, a state folder, and files of rows and plans.
struct Place {
    desk: Desk,
    files: Files,
}

impl Place {
    fn new(traces: u32) -> Self {
        Self { desk: Desk::new(Fake::with_many(traces)), files: Files::new() }
    }

    fn fake(&self) -> &Fake {
        &self.desk.fake
    }

    /// Writes a plan for rows and returns its name.
    fn plan(&self, rows: &str, flags: &[&str]) -> (String, Run) {
        let (file, plan) = (self.files.write("rows.csv", rows), self.files.path("plan.jsonl"));
        let line = [&["feedback", "import", file.as_str(), "--plan", plan.as_str()], flags].concat();
        let run = self.desk.run(&line);
        // What follows needs the plan alone.
        std::fs::remove_file(file).unwrap();
        (plan, run)
    }

    fn apply(&self, plan: &str, flags: &[&str]) -> Run {
        self.desk.run(&[&["apply", plan, "--yes"], flags].concat())
    }

    fn import(&self, rows: &str, flags: &[&str]) -> Run {
        let file = self.files.write("rows.csv", rows);
        self.desk.run(&[&["feedback", "import", &file], flags].concat())
    }

    /// The values of the assessments of a trace that count, and of those that do not.
    fn said(&self, number: u32) -> (Vec<Value>, Vec<Value>) {
        let all = self.fake().state().assessments(&id(number));
        let (valid, other): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one["valid"] == true);
        let values = |all: Vec<Map<String, Value>>| all.iter().map(|one| one["feedback"]["value"].clone()).collect();
        (values(valid), values(other))
    }

    /// Every assessment of every trace, whole.
    fn all(&self) -> Vec<Vec<Map<String, Value>>> {
        let state = self.fake().state();
        state.traces.iter().map(|stored| state.assessments(stored.id())).collect()
    }

    fn undo(&self, run_id: &str) -> Run {
        self.desk.run(&["undo", run_id])
    }
}

/// A feedback `correct` of jane's for each of these traces and values.
fn rows(of: &[(u32, &str)]) -> String {
    let lines = of.iter().map(|(number, value)| format!("{},correct,{value},text,HUMAN,jane\n", id(*number)));
    format!("trace_id,name,value,value_type,source_type,source_id\n{}", lines.collect::<String>())
}

fn lines(plan: &str) -> (Value, Vec<Value>) {
    let text = std::fs::read_to_string(plan).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (lines.next().unwrap(), lines.collect())
}

fn results(ended: &Ended) -> Vec<(u64, String)> {
    let result = |line: &Value| (line["row"].as_u64().unwrap(), line["result"].as_str().unwrap().to_owned());
    let mut results: Vec<_> = ended.jsonl().iter().map(result).collect();
    results.sort();
    results
}

#[test]
fn the_gallery_of_planned_rows() {
    let place = Place::new(3);
    place.import(&rows(&[(1, "good"), (2, "bad")]), &[]).succeeds();
    let mut gallery = Gallery::new("rows_plan").hiding_times();
    let stdin = ["feedback", "import", "-", "--format", "csv"];
    let input = rows(&[(1, "good"), (2, "better"), (3, "good"), (3, "fine"), (7, "lost")]);
    // The plan is in the folder that the program works in.
    let run = |line: &[&str]| {
        let program = place.desk.program(line).stdin(input.clone()).in_folder(place.desk.state());
        program.run()
    };
    let plan = [stdin.as_slice(), &["--on-existing", "override", "--plan", "plan.jsonl"]].concat();
    gallery.scene("more than allowed", &run(&[plan.as_slice(), &["--max", "3"]].concat()).exits(7));
    gallery.scene("a plan", &run(&[plan.as_slice(), &["--max", "4"]].concat()).exits(3));
    let (header, planned) = lines(place.desk.state().join("plan.jsonl").to_str().unwrap());
    let told =
        |line: &Value| format!("{} {}\n", line["decision"].as_str().unwrap(), line["reasons"][0].as_str().unwrap());
    let told: String = planned.iter().map(told).collect();
    let shown = Ended { line: "cat plan.jsonl".into(), code: Some(0), stdout: told, stderr: String::new() };
    gallery.scene("its decisions and reasons", &shown);
    assert_eq!((&header["traces"], &header["rows"], &header["kept"]), (&json!(2), &json!(3), &json!(2)));
    gallery.scene("a plan over another", &run(&plan).exits(2));
    gallery.scene("cannot ask for confirmation", &run(&["apply", "plan.jsonl"]).exits(7));
    place.fake().state().remove(&id(2));
    gallery.scene("apply", &run(&["apply", "plan.jsonl", "--yes", "-o", "json"]).exits(0));
    gallery.scene("what the run did", &run(&["runs", "show", &place.desk.runs()[1]]).exits(0));
    gallery.scene("apply again", &run(&["apply", "plan.jsonl", "--yes"]).exits(7));
    gallery.check();
}

#[test]
fn a_plan_holds_every_row_and_sends_nothing() {
    let place = Place::new(3);
    place.import(&rows(&[(1, "good"), (2, "bad")]), &[]).succeeds();
    let text = rows(&[(3, "new"), (1, "good"), (2, "better"), (9, "lost")]);
    let before = place.all();
    let (plan, run) = place.plan(&text, &["-o", "jsonl"]);
    let ended = run.exits(3).tells("1 of 4 rows would fail").tells("Wrote a plan for 1 trace");
    let expected = [(1, "would-create"), (2, "unchanged"), (3, "skipped"), (4, "failed")];
    assert_eq!(results(&ended), expected.map(|(row, result)| (row, result.to_owned())));
    assert_eq!((place.all(), place.desk.runs().len()), (before, 1));
    let (header, lines) = lines(&plan);
    assert_eq!(
        header["operation"],
        json!({"operation": "import_assessments", "kind": "feedback", "on_existing": "skip"})
    );
    assert_eq!((&header["hash"], &header["tracking_uri"]), (&json!(hash(&text)), &json!(place.fake().uri())));
    assert_eq!(header["experiments"], json!([{"id": APP, "name": "my-app"}]));
    assert_eq!((&header["traces"], &header["rows"], &header["kept"]), (&json!(1), &json!(1), &json!(3)));
    let shown: Vec<_> =
        lines.iter().map(|line| (&line["trace_id"], &line["decision"], &line["experiment_id"])).collect();
    let ids = [3, 1, 2, 9].map(|number| json!(id(number)));
    let (act, keep, here, nowhere) = (json!("act"), json!("keep"), json!(APP), json!(""));
    let expected =
        [(&ids[0], &act, &here), (&ids[1], &keep, &here), (&ids[2], &keep, &here), (&ids[3], &keep, &nowhere)];
    assert_eq!(shown, expected);
    let row = &lines[0]["row"];
    assert_eq!((&row["row"], &row["value"], &row["source_id"]), (&json!(1), &json!("new"), &json!("jane")));
    assert!(row["creates"]["assessment_id"].as_str().unwrap().starts_with("a-"), "{row}");
    assert!(lines[1..].iter().all(|line| line.get("row").is_none()), "what is not done cannot be");
}

#[test]
fn a_plan_is_carried_out_with_nothing_but_itself() {
    let place = Place::new(4);
    place.import(&rows(&[(1, "old"), (2, "same")]), &[]).succeeds();
    let text = rows(&[(1, "new"), (2, "same"), (3, "one"), (3, "two")]);
    let (plan, run) = place.plan(&text, &["--on-existing", "override"]);
    run.succeeds();
    let sent = place.fake().asked(CREATE).len();
    let ended = place.apply(&plan, &["-o", "jsonl"]).succeeds().tells("import 3 rows of feedback to 2 traces");
    assert_eq!(results(&ended), [(1, "ok".into()), (3, "ok".into()), (4, "ok".into())]);
    assert_eq!(place.said(1), (vec![json!("new")], vec![json!("old")]));
    assert_eq!(place.said(3), (vec![json!("two")], vec![json!("one")]));
    assert_eq!(place.fake().asked(CREATE).len() - sent, 3);
    // As if the file had been imported.
    let direct = Place::new(4);
    direct.import(&rows(&[(1, "old"), (2, "same")]), &[]).succeeds();
    direct.import(&text, &["--on-existing", "override"]).succeeds();
    let ids = |place: &Place| -> Vec<Vec<Value>> {
        place.all().iter().map(|all| all.iter().map(|one| one["assessment_id"].clone()).collect()).collect()
    };
    assert_eq!(ids(&place), ids(&direct));
    let journal = place.desk.journal(&place.desk.runs()[1]);
    let (header, _) = lines(&plan);
    assert_eq!(
        (json!(journal.header.plan), json!(journal.header.hash)),
        (header["plan_id"].clone(), header["hash"].clone())
    );
    let counts = journal.finished.unwrap();
    assert_eq!((counts.planned, counts.done, counts.settled()), (3, 3, 3));
}

#[test]
fn a_plan_is_applied_once() {
    let place = Place::new(2);
    let (plan, run) = place.plan(&csv(1..=2), &[]);
    run.succeeds();
    place.import(&csv(1..=2), &[]).succeeds();
    let sent = place.fake().asked(CREATE).len();
    place.apply(&plan, &[]).succeeds().tells("2 already there").does_not_tell("undo");
    let copy = place.files.path("copy.jsonl");
    std::fs::copy(&plan, &copy).unwrap();
    let run = place.desk.runs().pop().unwrap();
    for again in [&plan, &copy] {
        place.apply(again, &[]).exits(7).tells(&format!("already applied: run {run}"));
    }
    // The plan itself says so, too, where the journal is not at hand.
    let elsewhere = place.desk.fake.run(&["apply", &plan, "--yes"]).exits(7);
    elsewhere.tells(&format!("already applied: run {run}"));
    let other = Place::new(2);
    let elsewhere = other.desk.run(&["apply", &copy, "--yes"]).exits(7);
    elsewhere.tells("the plan is for");
    assert_eq!((place.fake().asked(CREATE).len(), other.fake().asked(CREATE).len()), (sent, 0));
}

#[test]
fn what_changed_since_the_plan_is_spared_and_told() {
    for mode in ["skip", "override", "append"] {
        let place = Place::new(8);
        place.import(&rows(&[(5, "five"), (6, "six")]), &[]).succeeds();
        let of: Vec<(u32, &str)> = (1..=7).map(|number| (number, "planned")).collect();
        let (plan, run) = place.plan(&rows(&of), &["--on-existing", mode]);
        run.succeeds();
        let planned = lines(&plan).1.iter().filter(|line| line["decision"] == "act").count();
        assert_eq!(planned, if mode == "skip" { 5 } else { 7 });
        // Meanwhile one trace is deleted, one has the feedback already, on one jane says something else, …
        place.fake().state().remove(&id(1));
        place.import(&rows(&[(2, "planned"), (3, "another")]), &[]).succeeds();
        // … and what was to be overridden has been overridden.
        place.import(&rows(&[(5, "five and a half")]), &["--on-existing", "override"]).succeeds();
        let before = ids_of(&place);
        let ended = place.apply(&plan, &["-o", "jsonl"]).succeeds();
        let third = if mode == "append" { "ok" } else { "spared" };
        let fifth = if mode == "append" { "ok" } else { "spared" };
        let expected = [(1, "spared"), (2, "unchanged"), (3, third), (4, "ok"), (5, fifth), (6, "ok"), (7, "ok")];
        let expected = expected.into_iter().filter(|(row, _)| mode != "skip" || ![5, 6].contains(row));
        let expected: Vec<_> = expected.map(|(row, result)| (row, result.to_owned())).collect();
        assert_eq!(results(&ended), expected, "{mode}: {ended}");
        if mode == "override" {
            ended.tells("line 2 spared: there is no trace").tells("line 6 spared: it would override");
            assert_eq!(place.said(5).0, [json!("five and a half")], "the newer one still counts");
            assert_eq!(place.said(6), (vec![json!("planned")], vec![json!("six")]));
        }
        account(&place, &plan, &before);
    }
}

#[test]
fn what_a_label_schema_does_not_take_is_not_planned_and_not_applied() {
    let place = Place::new(2);
    let schema = |options: &Value| {
        let input = json!({"categorical": {"options": options}});
        vec![json!({"experiment_id": APP, "name": "correct", "type": "FEEDBACK", "input": input})]
    };
    place.fake().state().label_schemas = schema(&json!(["good", "bad"]));
    let (plan, run) = place.plan(&rows(&[(1, "good"), (2, "ugly")]), &[]);
    run.exits(3).tells("takes one of good, bad");
    let decisions: Vec<Value> = lines(&plan).1.iter().map(|line| line["decision"].clone()).collect();
    assert_eq!(decisions, ["act", "keep"]);
    place.fake().state().label_schemas = schema(&json!(["bad"]));
    place.apply(&plan, &[]).succeeds().tells("line 2 spared: the label schema");
    assert!(place.fake().asked(CREATE).is_empty());
}

#[test]
fn rows_of_one_trace_that_are_far_apart_are_planned_together() {
    let place = Place::new(300);
    let first: Vec<(u32, &str)> = (1..=300).map(|number| (number, "one")).collect();
    let text = rows(&[first.as_slice(), &[(1, "two"), (2, "one")]].concat());
    let dry = place.import(&text, &["--dry-run", "--on-existing", "override"]).succeeds();
    dry.tells("301 WOULD be created, 1 already there");
    let (plan, run) = place.plan(&text, &["--on-existing", "override"]);
    run.succeeds();
    place.apply(&plan, &[]).succeeds().tells("301 created.");
    assert_eq!(place.said(1), (vec![json!("two")], vec![json!("one")]));
    assert_eq!(place.said(2), (vec![json!("one")], vec![]));
}

#[test]
fn rows_that_name_one_trace_in_two_ways_are_planned_together() {
    let seeds = (1..=300).map(|number| Seed::new(number).client_request_id(&format!("r{number}")));
    let place = Place { desk: Desk::new(Fake::with(seeds)), files: Files::new() };
    let line = |trace: &str, request: &str, value: &str| format!("{trace},{request},n,{value},text,CODE,x\n");
    let first: String = (1..=300).map(|number| line(&id(number), "", "one")).collect();
    let header = "trace_id,client_request_id,name,value,value_type,source_type,source_id\n";
    let text = format!("{header}{first}{}{}", line("", "r1", "two"), line("", "r2", "one"));
    let (plan, run) = place.plan(&text, &["--on-existing", "override"]);
    run.succeeds().tells("301 WOULD be created, 1 already there");
    place.apply(&plan, &[]).succeeds().tells("301 created.");
    assert_eq!(place.said(1), (vec![json!("two")], vec![json!("one")]));
}

#[test]
fn a_trace_is_the_one_that_was_found_when_the_plan_was_made() {
    let requests = [Seed::new(1).client_request_id("one"), Seed::new(2).client_request_id("two")];
    let place = Place { desk: Desk::new(Fake::with(requests)), files: Files::new() };
    let text = "client_request_id,name,value,value_type,source_type,source_id\none,n,1,number,CODE,x\nlost,n,1,number,CODE,x\n";
    let (plan, run) = place.plan(text, &[]);
    run.exits(3);
    let (_, planned) = lines(&plan);
    assert_eq!((&planned[0]["trace_id"], &planned[1]["trace_id"]), (&json!(id(1)), &json!("")));
    place.fake().state().add([Seed::new(3).client_request_id("one"), Seed::new(4).client_request_id("lost")]);
    place.apply(&plan, &[]).succeeds().tells("1 created");
    assert_eq!([1, 2, 3, 4].map(|number| place.said(number).0.len()), [1, 0, 0, 0]);
}

#[test]
fn expectations_are_planned_too() {
    let place = Place::new(1);
    let row = json!({"trace_id": id(1), "name": "facts", "value": ["é", 2], "source_type": "HUMAN", "source_id": "jane",
        "metadata": {"k": "v"}, "span_id": "47699324c8521bc4", "create_time": "2026-11-20T08:00:00Z", "assessment_id": "a-7"});
    let (file, plan) = (place.files.write("rows.jsonl", &format!("{row}\n")), place.files.path("plan.jsonl"));
    let import = ["expectation", "import", &file];
    place.desk.run(&[&import[..], &["--plan", &plan]].concat()).succeeds();
    place.apply(&plan, &[]).succeeds().tells("import 1 row of expectation to 1 trace").tells("1 created");
    let stored = place.fake().state().assessments(&id(1)).remove(0);
    assert_eq!((&stored["assessment_id"], &stored["create_time"]), (&row["assessment_id"], &row["create_time"]));
    assert_eq!((&stored["metadata"], &stored["span_id"]), (&row["metadata"], &row["span_id"]));
    place.desk.run(&import).succeeds().tells("1 already there");
}

#[test]
fn a_row_whose_trace_is_no_longer_shown_fails_and_is_not_gone() {
    let place = Place::new(2);
    let (plan, run) = place.plan(&csv(1..=2), &[]);
    run.succeeds();
    place.fake().state().hidden.insert(id(2));
    place.apply(&plan, &[]).exits(3).tells("cannot tell whether trace");
    let journal = place.desk.journal(&place.desk.runs()[0]);
    let outcome = |number: u32| {
        journal.entries.iter().find(|entry| entry.trace_id.as_str() == id(number)).map(|entry| entry.outcome)
    };
    assert_eq!((outcome(1), outcome(2)), (Some(Outcome::Done), Some(Outcome::Failed)));
}

#[test]
fn a_row_that_was_changed_in_the_plan_is_refused() {
    let place = Place::new(2);
    let (plan, run) = place.plan(&csv(1..=2), &[]);
    run.succeeds();
    let text = std::fs::read_to_string(&plan).unwrap();
    std::fs::write(&plan, text.replace("jane", "bob")).unwrap();
    place.apply(&plan, &[]).exits(7).tells("it differs from what was written");
    // Whoever makes the sum fit as well still cannot bring what is no row.
    let (header, body) = text.split_once('\n').unwrap();
    let body = body.replace("HUMAN", "ROBOT");
    let mut header: Value = serde_json::from_str(header).unwrap();
    header["sha256"] = "".into();
    header["sha256"] = hash(&format!("{header}\n{body}")).into();
    std::fs::write(&plan, format!("{header}\n{body}")).unwrap();
    let asked = place.fake().log().len();
    place.apply(&plan, &[]).exits(7).tells("source_type is \"ROBOT\"").tells("nothing was changed");
    assert_eq!(place.fake().log().len(), asked);
}

#[test]
fn a_plan_that_could_not_be_made_whole_is_not_written() {
    let place = Place::new(300);
    let denied = Answer::new(401, "text/html", "You are not authenticated");
    place.fake().fail(Rule::from(3, "batchGetInfos"), Failure::Answer(denied));
    let (plan, run) = place.plan(&csv(1..=300), &[]);
    run.fails().tells("no plan was written");
    assert!(!std::path::Path::new(&plan).exists());
}

#[test]
fn no_more_traces_than_allowed_are_annotated() {
    let place = Place::new(3);
    let text = rows(&[(1, "a"), (1, "b"), (2, "a"), (3, "a")]);
    let plan = place.files.path("plan.jsonl");
    for flags in [&[][..], &["--dry-run"], &["--plan", &plan]] {
        let flags = [flags, &["--max", "2", "--on-existing", "append"]].concat();
        place.import(&text, &flags).exits(7).tells("3 traces would be changed, more than --max 2; nothing was changed");
    }
    assert!(place.fake().log().is_empty() && !std::path::Path::new(&plan).exists());
    place.import(&text, &["--max", "3", "--on-existing", "append"]).succeeds().tells("4 created");
}

/// Ids of all assessments.
fn ids_of(place: &Place) -> BTreeSet<String> {
    place.all().iter().flatten().map(|one| one["assessment_id"].as_str().unwrap().to_owned()).collect()
}

/// Holds the last run against its plan and the server: nothing else was created, nothing twice, and every row is accounted
/// for. Returns what became of the rows.
fn account(place: &Place, plan: &str, before: &BTreeSet<String>) -> Vec<Outcome> {
    let planned: BTreeSet<String> = lines(plan)
        .1
        .iter()
        .filter_map(|line| line["row"]["creates"]["assessment_id"].as_str().map(str::to_owned))
        .collect();
    let all = place.all();
    let ids: Vec<&str> = all.iter().flatten().map(|one| one["assessment_id"].as_str().unwrap()).collect();
    let after = ids_of(place);
    assert_eq!(ids.len(), after.len(), "nothing is there twice");
    let created: BTreeSet<String> = after.difference(before).cloned().collect();
    assert!(created.is_subset(&planned), "{created:?} of {planned:?}");
    let journal = place.desk.journal(place.desk.runs().last().unwrap());
    let mut told = BTreeSet::new();
    for entry in &journal.entries {
        let Action::CreateAssessment { assessment_id } = &entry.action else { panic!("{entry:?}") };
        assert!(planned.contains(assessment_id) && told.insert(assessment_id.clone()), "{entry:?}");
        match entry.outcome {
            Outcome::Done => assert!(created.contains(assessment_id), "{entry:?}"),
            Outcome::Spared | Outcome::Gone => assert!(!created.contains(assessment_id), "{entry:?}"),
            _ => {}
        }
    }
    assert!(created.is_subset(&told), "the journal knows of everything that was created");
    let outcomes = journal.entries.iter().map(|entry| entry.outcome).collect();
    if let Some(counts) = journal.finished {
        assert_eq!(counts.planned, planned.len() as u64);
        assert_eq!(counts.settled() + counts.not_attempted, counts.planned);
    }
    outcomes
}

#[test]
fn whatever_goes_wrong_nothing_but_the_plan_is_created_and_undo_takes_it_back() {
    let mut outcomes = Vec::new();
    let runs = crate::support::fault_runs(25);
    let is_met = |outcomes: &[Outcome]| [Outcome::Done, Outcome::Failed].iter().all(|one| outcomes.contains(one));
    for seed in 0..4 * runs {
        // Chance decides when something fails for good.
        if seed >= runs && is_met(&outcomes) {
            break;
        }
        let place = Place::new(60);
        let opposite = csv(1..=60).replace("true", "?").replace("false", "true").replace('?', "false");
        place.import(&opposite, &[]).succeeds();
        let (plan, run) = place.plan(&csv(1..=60), &["--on-existing", "override"]);
        run.succeeds();
        let mut rng = Rng::with_seed(seed);
        let removed = rng.u32(1..=60);
        place.fake().before(Rule::nth(rng.usize(80..120), CREATE), move |state| state.remove(&id(removed)));
        let (before, was) = (ids_of(&place), place.all());
        place.fake().leave_to_chance(Some((seed, rng.u32(6..30))));
        let ended = place.apply(&plan, &["--timeout", "400ms"]).exits_with_one_of(&[0, 3, 4, 5, 6]);
        place.fake().leave_to_chance(None);
        if place.desk.runs().len() == 1 {
            assert_eq!(place.all(), was, "{ended}");
            continue;
        }
        outcomes.extend(account(&place, &plan, &before));
        place.undo(place.desk.runs().last().unwrap()).succeeds();
        let gone = |all: &Vec<Map<String, Value>>| all.iter().any(|one| one["trace_id"] == id(removed).as_str());
        let is = place.all();
        assert!(is.iter().all(|all| was.contains(all)), "seed {seed}");
        assert!(was.iter().all(|all| is.contains(all) || gone(all)), "seed {seed}");
    }
    assert!(is_met(&outcomes), "nothing failed, or nothing was done");
}

#[test]
fn ctrl_c_finishes_what_is_under_way_and_the_same_command_brings_the_rest() {
    let place = Place::new(300);
    let (plan, run) = place.plan(&csv(1..=300), &[]);
    run.succeeds();
    place.fake().before(Rule::every(CREATE), |_| std::thread::sleep(Duration::from_millis(5)));
    let running = place.desk.program(&["apply", &plan, "--yes", "-o", "json"]).start();
    while place.fake().asked(CREATE).len() < 20 {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.interrupt();
    let summary = running.ends().exits(130).tells("Run the same command again to resume").json();
    let (done, left) = (summary["rows"]["ok"].as_u64().unwrap(), summary["not_attempted"].as_u64().unwrap());
    assert!(done >= 20 && left > 0 && done + left == 300, "{summary}");
    assert_eq!(ids_of(&place).len() as u64, done);
    assert_eq!(account(&place, &plan, &BTreeSet::new()).len() as u64, done);
    let ended = place.apply(&plan, &[]).succeeds().tells(&format!("did not finish; {left} rows remain"));
    ended.tells(&format!("{left} created."));
    assert_eq!((ids_of(&place).len(), place.fake().asked(CREATE).len()), (300, 300));
    let journals = place.desk.runs();
    assert_eq!(place.desk.journal(&journals[1]).header.resumes.as_ref(), Some(&journals[0]));
    place.apply(&plan, &[]).exits(7).tells("already applied");
    std::fs::remove_file(&plan).unwrap();
    place.plan(&csv(1..=300), &[]).1.exits(2).tells("plan.jsonl.applied already exists");
}

#[test]
fn killed_at_any_moment_a_plan_is_gone_on_with_and_all_can_be_taken_back() {
    let mut rng = Rng::with_seed(11);
    let mut killed = 0;
    for round in 0..12 {
        let place = Place::new(60);
        place.import(&csv(1..=60).replace("true", "?").replace("false", "true").replace('?', "false"), &[]).succeeds();
        let (was, before) = (place.all(), ids_of(&place));
        let (plan, run) = place.plan(&csv(1..=60), &["--on-existing", "override"]);
        run.succeeds();
        place.fake().before(Rule::every(CREATE), |_| std::thread::sleep(Duration::from_millis(3)));
        let running = place.desk.program(&["apply", &plan, "--yes"]).start();
        // Some are killed before the first row, wherever they are then.
        let mut patience = if round % 4 > 0 { 5000 } else { 0 };
        while patience > 0 && place.fake().asked(CREATE).len() == 60 {
            std::thread::sleep(Duration::from_millis(1));
            patience -= 1;
        }
        std::thread::sleep(Duration::from_millis(rng.u64(0..60)));
        let ended = running.kill().ends();
        // What was under way at the server ends after the program.
        std::thread::sleep(Duration::from_millis(50));
        if place.desk.runs().len() == 1 {
            assert_eq!(place.all(), was, "{ended}");
        } else {
            killed += u32::from(ended.code.is_none());
            account(&place, &plan, &before);
        }
        if ended.code.is_none() {
            place.apply(&plan, &[]).succeeds();
        }
        assert_eq!((1..=60).filter(|number| place.said(*number).0.len() == 1).count(), 60);
        assert_eq!(ids_of(&place).len(), 120, "every row once");
        place.apply(&plan, &[]).exits(7).tells("already applied");
        for run in place.desk.runs().iter().skip(1).rev() {
            place.undo(run).succeeds();
        }
        assert_eq!(place.all(), was);
    }
    assert!(killed >= 3, "only {killed} were killed under way");
}

#[test]
fn an_import_that_overrides_is_taken_back_whole() {
    let place = Place::new(6);
    place.fake().state().add([Seed::new(7).experiment(CHECKOUT)]);
    place.import(&rows(&[(1, "one"), (2, "two"), (7, "seven")]), &[]).succeeds();
    let before = place.all();
    // New ones, overrides, a chain within the file, and two on one trace.
    let text = rows(&[(1, "1"), (2, "2"), (2, "22"), (3, "3"), (3, "33"), (4, "4"), (7, "seven")]);
    let import = ["--on-existing", "override", "-o", "json"];
    let ended = place.import(&text, &import).succeeds().tells("6 created, 1 already there");
    let run = ended.json()["run_id"].as_str().unwrap().to_owned();
    assert_eq!(place.said(2), (vec![json!("22")], vec![json!("two"), json!("2")]));
    let after = place.all();
    let dry = place.desk.run(&["undo", &run, "--dry-run", "-o", "json"]).succeeds().json();
    assert_eq!((&dry["planned"], place.all() == after), (&json!(6), true));
    place.undo(&run).succeeds().tells("Restored 6 assessments on 4 traces");
    assert_eq!(place.all(), before);
    place.undo(&run).succeeds().tells("Restored 0 assessments");
    // What was taken back can be done again.
    place.import(&text, &import).succeeds().tells("6 created");
    assert_eq!(place.said(2), (vec![json!("22")], vec![json!("two"), json!("2")]));
}

#[test]
fn a_plan_names_the_rivals_that_will_still_count_and_so_does_the_run() {
    let place = Place::new(1);
    place.import(&rows(&[(1, "one"), (1, "two")]), &["--on-existing", "append"]).succeeds();
    let (plan, run) = place.plan(&rows(&[(1, "mine")]), &["--on-existing", "override"]);
    run.exits(3).tells("is still valid");
    let (_, planned) = lines(&plan);
    assert!(planned[0]["reasons"][0].as_str().unwrap().contains("is still valid"), "{planned:?}");
    place.apply(&plan, &[]).exits(3).tells("is still valid").tells("1 added next to other valid values");
    assert_eq!(place.said(1).0.len(), 2);
}

#[test]
fn what_another_one_overrides_too_does_not_count_again_after_undo() {
    let place = Place::new(1);
    place.import(&rows(&[(1, "one")]), &[]).succeeds();
    let old = place.fake().state().assessments(&id(1))[0]["assessment_id"].clone();
    let ended = place.import(&rows(&[(1, "two")]), &["--on-existing", "override", "-o", "json"]).succeeds();
    let run = ended.json()["run_id"].as_str().unwrap().to_owned();
    // Somebody else overrides the same one.
    let mut theirs = place.fake().state().assessments(&id(1)).remove(0);
    theirs.insert("assessment_id".into(), "a-theirs".into());
    theirs.insert("overrides".into(), old);
    theirs.insert("valid".into(), true.into());
    place.fake().state().put_assessment(&id(1), theirs);
    let before = place.all();
    place.undo(&run).exits(3).tells("another assessment overrides the same one, which would become valid again");
    assert_eq!(place.all(), before);
}

#[test]
fn what_somebody_has_built_on_since_is_not_taken_back() {
    let place = Place::new(5);
    place.import(&rows(&[(1, "one"), (2, "two")]), &[]).succeeds();
    let text = rows(&[(1, "1"), (2, "2"), (3, "3"), (4, "4")]);
    let ended = place.import(&text, &["--on-existing", "override", "-o", "json"]).succeeds();
    let run = ended.json()["run_id"].as_str().unwrap().to_owned();
    let newest = |number: u32| {
        let all = place.fake().state().assessments(&id(number));
        all.iter().find(|one| one["valid"] == true).unwrap()["assessment_id"].as_str().unwrap().to_owned()
    };
    // One is edited, one overridden, one deleted.
    place.desk.run(&["assessment", "update", &id(1), &newest(1), "--rationale", "mine"]).succeeds();
    place.desk.run(&["feedback", "override", &id(2), &newest(2), "--value", "no, this"]).succeeds();
    place.desk.run(&["assessment", "delete", &id(3), &newest(3)]).succeeds();
    let changed: Vec<_> = place.all().into_iter().take(2).collect();
    let ended = place.desk.run(&["undo", &run, "-o", "jsonl"]).exits(3);
    ended.tells("2 changes refused").tells("it was changed since").tells("is overridden");
    let left = place.all();
    assert_eq!(left[..2], changed, "what others did stays");
    assert!(left[2..].iter().all(Vec::is_empty), "the rest is as it was: {left:?}");
}
