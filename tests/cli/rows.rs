//! `feedback import`, `feedback export`, `feedback override`, and the same of expectations.

use std::path::PathBuf;
use std::time::Duration;

use mlflow_trace::changes::journal::{Action, Journal, Outcome};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::{APP, ASSESSMENT, Answer, CHECKOUT, Failure, Fake, KNOWN, OLD, Rule, Seed, id};
use crate::snapshot::Gallery;
use crate::support::{Ended, Run};

/// A request that creates an assessment.
pub const CREATE: &str = "POST /api/3.0/mlflow/traces/tr-";

/// A folder of files.
pub struct Files(TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    pub fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.path().join(name), text).unwrap();
        self.path(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(PathBuf::from(self.path(name))).unwrap()
    }

    /// The lines of a results file by row; asserts one line for each.
    pub fn results(&self, name: &str) -> Vec<Value> {
        let mut lines: Vec<Value> = self.read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.sort_by_key(|line| line["row"].as_u64());
        let rows: Vec<u64> = lines.iter().map(|line| line["row"].as_u64().unwrap()).collect();
        let mut unique = rows.clone();
        unique.dedup();
        assert_eq!(rows, unique, "a row has two lines");
        lines
    }
}

/// CSV of a feedback `correct` of jane's on each of so many traces.
pub fn csv(traces: std::ops::RangeInclusive<u32>) -> String {
    let rows = traces.map(|number| format!("{},correct,{},boolean,HUMAN,jane\n", id(number), number % 2 == 0));
    format!("trace_id,name,value,value_type,source_type,source_id\n{}", rows.collect::<String>())
}

fn results(ended: &Ended) -> Vec<String> {
    let mut lines = ended.jsonl();
    lines.sort_by_key(|line| line["row"].as_u64());
    lines.iter().map(|line| line["result"].as_str().unwrap().to_owned()).collect()
}

/// All assessments of a trace, as name, value and whether they count.
fn said(fake: &Fake, trace: &str) -> Vec<(String, Value, bool)> {
    let all = fake.state().assessments(trace);
    let kind =
        |one: &serde_json::Map<String, Value>| if one.contains_key("feedback") { "feedback" } else { "expectation" };
    all.iter()
        .map(|one| {
            let name = one["assessment_name"].as_str().unwrap().to_owned();
            (name, one[kind(one)]["value"].clone(), one["valid"].as_bool().unwrap_or(true))
        })
        .collect()
}

/// What the journals in a state folder say of assessments: the id, whether it is known to be there, and what it says.
pub fn journaled(state: &str) -> Vec<(String, bool, Value)> {
    let state = std::path::Path::new(state);
    let mut entries = Vec::new();
    for file in std::fs::read_dir(state.join("runs")).into_iter().flatten() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let recorded = match Journal::read(state, name.trim_end_matches(".jsonl")) {
            Ok(recorded) => recorded,
            // It was killed before its first line was whole.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => panic!("{name}: {error}"),
        };
        for entry in recorded.entries {
            let Action::CreateAssessment { assessment_id } = entry.action else { panic!("{:?}", entry.action) };
            entries.push((assessment_id, entry.outcome == Outcome::Done, entry.after.unwrap()));
        }
    }
    entries
}

fn runs(state: &str) -> usize {
    std::fs::read_dir(std::path::Path::new(state).join("runs")).unwrap().count()
}

fn import(fake: &Fake, file: &str, flags: &[&str]) -> Run {
    fake.run(&[&["feedback", "import", file], flags].concat())
}

#[test]
fn the_gallery_of_rows() {
    let fake = Fake::with((1..=4).map(Seed::new).chain([Seed::known()]));
    let files = Files::new();
    let input = csv(1..=3) + "tr-nope,correct,true,boolean,HUMAN,jane\n";
    let run = |line: &[&str]| fake.program(line).stdin(input.clone()).run();
    let mut gallery = Gallery::new("rows").hiding_times();
    let stdin = ["feedback", "import", "-", "--format", "csv"];
    gallery.scene("a dry run", &run(&[stdin.as_slice(), &["--dry-run"]].concat()).exits(3));
    gallery.scene("an import", &run(&stdin).exits(3));
    gallery.scene("the same again", &run(&stdin).exits(3));
    gallery.scene("as JSON", &run(&[stdin.as_slice(), &["-o", "json"]].concat()).exits(3));
    gallery.scene("as JSON lines", &run(&[stdin.as_slice(), &["-o", "jsonl"]].concat()).exits(3));
    gallery.scene("without a format", &run(&["feedback", "import", "-"]).exits(2));
    let wrong = "trace_id,nam,value,color\ntr-1,x,1,red\n";
    gallery.scene("wrong columns", &fake.program(&stdin).stdin(wrong).run().exits(2));
    let wrong = csv(1..=1) + "tr-1,correct,maybe,boolean,HUMAN,jane\ntr-1,correct\n";
    gallery.scene("wrong rows", &fake.program(&stdin).stdin(wrong).run().exits(2));
    gallery.scene("an export", &run(&["feedback", "export", "-", "--format", "csv"]).exits(0));
    gallery.scene("an override", &run(&["feedback", "override", KNOWN, ASSESSMENT, "--value", "false"]).exits(0));
    gallery.scene("once more", &run(&["feedback", "override", KNOWN, ASSESSMENT, "--value", "true"]).exits(6));
    let file = files.path("all.jsonl");
    let export = fake.run(&["feedback", "export", &file, "--name", "nothing has this name"]).exits(0);
    assert_eq!((export.stdout.as_str(), files.read("all.jsonl").as_str()), ("", ""));
    gallery.check();
}

#[test]
fn an_import_creates_each_row_once_however_often_it_runs() {
    let fake = Fake::with_many(450);
    let files = Files::new();
    let file = files.write("rows.csv", &csv(1..=450));
    import(&fake, &file, &["--results", &files.path("one.jsonl")]).succeeds().tells("450 created");
    assert_eq!(fake.asked(CREATE).len(), 450);
    for line in files.results("one.jsonl") {
        let (row, trace) = (u32::try_from(line["row"].as_u64().unwrap()).unwrap(), line["trace_id"].as_str().unwrap());
        assert_eq!((line["result"].as_str(), trace), (Some("ok"), id(row).as_str()));
        let stored = fake.state().assessments(trace);
        assert_eq!(stored.len(), 1);
        assert_eq!(stored[0]["assessment_id"], line["assessment_id"]);
        assert_eq!(stored[0]["source"], json!({"source_type": "HUMAN", "source_id": "jane"}));
    }
    import(&fake, &file, &[]).succeeds().tells("450 already there");
    import(&fake, &file, &["--on-existing", "append"]).succeeds().tells("450 already there");
    import(&fake, &file, &["--on-existing", "override"]).succeeds().tells("450 already there");
    assert_eq!(fake.asked(CREATE).len(), 450, "nothing was sent again");
    // With its results file not even the traces are looked at.
    let before = fake.log().len();
    import(&fake, &file, &["--results", &files.path("one.jsonl")]).succeeds().tells("450 done by an earlier run");
    assert_eq!(fake.log().len(), before);
    assert_eq!(files.results("one.jsonl").len(), 450);
}

#[test]
fn everything_in_a_row_is_sent() {
    let fake = Fake::with([Seed::new(1)]);
    let row = json!({
        "trace_id": id(1), "name": "quality", "value": {"score": 4, "tags": ["x"]}, "rationale": "- so so",
        "source_type": "llm_judge", "source_id": "gpt-4o", "span_id": "47699324C8521BC4",
        "assessment_id": "a-00000000000000000000000000000abc", "create_time": "2026-11-20T08:00:00Z",
        "metadata": {"prompt": "v3"}, "metadata.batch": "7",
    });
    let line = ["feedback", "import", "-", "--format", "jsonl"];
    fake.program(&line).stdin(format!("{row}\n")).run().succeeds();
    assert_eq!(
        fake.bodies(CREATE),
        [json!({"assessment": {
            "assessment_id": "a-00000000000000000000000000000abc", "assessment_name": "quality",
            "source": {"source_type": "LLM_JUDGE", "source_id": "gpt-4o"},
            "feedback": {"value": {"score": 4, "tags": ["x"]}}, "rationale": "- so so", "span_id": "47699324c8521bc4",
            "create_time": "2026-11-20T08:00:00Z", "last_update_time": "2026-11-20T08:00:00Z",
            "metadata": {"batch": "7", "prompt": "v3"},
        }})]
    );
    fake.program(&line).stdin(format!("{row}\n")).run().succeeds().tells("1 already there");
}

#[test]
fn columns_of_other_names_are_mapped() {
    let fake = Fake::with([Seed::new(1)]);
    let files = Files::new();
    let file = files.write("x.csv", &format!("id,score,note,color\n{},0.5,good,red\n", id(1)));
    let flags =
        ["--map", "trace_id=id", "--map", "value=score", "--map", "name=@quality", "--map", "metadata.note=note"];
    let more = ["--value-type", "number", "--source-type", "CODE", "--source-id", "check.py"];
    let flags = [flags.as_slice(), &more].concat();
    import(&fake, &file, &flags).exits(2).tells("unknown column \"color\"");
    import(&fake, &file, &[flags.as_slice(), &["--ignore-unknown-columns"]].concat()).succeeds();
    let stored = fake.state().assessments(&id(1)).remove(0);
    assert_eq!((&stored["assessment_name"], &stored["feedback"]["value"]), (&json!("quality"), &json!(0.5)));
    assert_eq!((&stored["metadata"], &stored["source"]["source_type"]), (&json!({"note": "good"}), &json!("CODE")));
    import(&fake, &file, &["--map", "nmae=x"]).exits(2).tells("did you mean name?");
}

#[test]
fn a_mistake_anywhere_in_the_file_stops_it_before_anything_is_sent() {
    let fake = Fake::with_many(300);
    let files = Files::new();
    let good = csv(1..=300);
    for (name, bad, told) in [
        ("short.csv", format!("{good}tr-1,correct\n"), "line 302: it has 2 cells"),
        ("value.csv", format!("{good}tr-1,correct,maybe,boolean,HUMAN,jane\n"), "line 302: value"),
        ("source.csv", format!("{good}tr-1,correct,true,boolean,ROBOT,jane\n"), "line 302: source_type is \"ROBOT\""),
        ("lines.jsonl", "{\"trace_id\": \"tr-1\", \"wrong\": 1}\n".to_owned(), "line 1: unknown column \"wrong\""),
    ] {
        let file = files.write(name, &bad);
        import(&fake, &file, &[]).exits(2).tells(told).tells("nothing was sent").prints_nothing();
    }
    import(&fake, &files.path("none.csv"), &[]).exits(2);
    assert!(fake.log().is_empty());
}

#[test]
fn what_the_source_said_before_is_skipped_overridden_or_joined() {
    let files = Files::new();
    let first = files.write("first.csv", &csv(1..=1));
    let second = files.write("second.csv", &csv(1..=1).replace("false", "true"));
    let third = files.write("third.csv", &csv(1..=1).replace("jane", "bob"));
    for (mode, result, left) in [
        ("skip", "skipped", vec![("correct".to_owned(), json!(false), true)]),
        ("override", "ok", vec![("correct".into(), json!(false), false), ("correct".into(), json!(true), true)]),
        ("append", "ok", vec![("correct".into(), json!(false), true), ("correct".into(), json!(true), true)]),
    ] {
        let fake = Fake::with_many(1);
        import(&fake, &first, &[]).succeeds();
        for expected in [result, if mode == "skip" { "skipped" } else { "unchanged" }] {
            let ended = import(&fake, &second, &["--on-existing", mode, "-o", "jsonl"]).succeeds();
            assert_eq!(results(&ended), [expected], "{mode}");
        }
        assert_eq!(said(&fake, &id(1)), left, "{mode}");
        import(&fake, &third, &["--on-existing", mode]).succeeds().tells("1 created");
    }
}

/// Several judgements of one name by one source, all of which count, and their ids.
fn rivals(fake: &Fake, files: &Files, values: &[&str]) -> Vec<String> {
    for (number, value) in values.iter().enumerate() {
        let file = files.write("rival.csv", &csv(1..=1).replace("false", value).replace("boolean", "text"));
        let time = format!("2026-11-2{number}T08:00:00Z");
        let text = files
            .read("rival.csv")
            .replace("source_id", "source_id,create_time")
            .replace("jane", &format!("jane,{time}"));
        std::fs::write(&file, text).unwrap();
        import(fake, &file, &["--on-existing", "append"]).succeeds();
    }
    let ids = |one: &serde_json::Map<String, Value>| one["assessment_id"].as_str().unwrap().to_owned();
    fake.state().assessments(&id(1)).iter().map(ids).collect()
}

#[test]
fn every_rival_that_could_not_be_overridden_is_named() {
    let (fake, files) = (Fake::with_many(1), Files::new());
    let rows = csv(1..=1).replace("boolean", "text");
    let file = files.write("rows.csv", &rows.replace("false", "mine"));
    let rivals = rivals(&fake, &files, &["one", "two", "three"]);
    let flags = ["--on-existing", "override", "--results", &files.path("results.jsonl"), "-o", "jsonl"];
    let dry = import(&fake, &file, &["--on-existing", "override", "--dry-run", "-o", "jsonl"]).exits(3);
    assert_eq!(dry.jsonl()[0]["still_valid"], json!(rivals[..2]));
    let ended = import(&fake, &file, &flags).exits(3).tells("is still valid").tells("assessment delete");
    let line = ended.jsonl().remove(0);
    assert_eq!((&line["result"], &line["overrides"]), (&json!("partly"), &json!(rivals[2])));
    assert_eq!(line["still_valid"], json!(rivals[..2]));
    assert_eq!(files.results("results.jsonl")[0], line);
    for left in &rivals[..2] {
        assert!(ended.stderr.contains(left.as_str()), "{ended}");
    }
    let valid = |fake: &Fake| said(fake, &id(1)).into_iter().filter(|(_, _, valid)| *valid).count();
    assert_eq!((said(&fake, &id(1)).len(), valid(&fake)), (4, 3), "no second copy is made");
    // The next run says the same, until they are gone.
    let again = import(&fake, &file, &flags).exits(3).jsonl().remove(0);
    assert_eq!((&again["result"], &again["still_valid"]), (&json!("partly"), &json!(rivals[..2])));
    for left in &rivals[..2] {
        fake.run(&["assessment", "delete", &id(1), left]).succeeds();
    }
    import(&fake, &file, &flags).succeeds().tells("1 already there");
    import(&fake, &file, &flags).succeeds().tells("1 done by an earlier run");
    assert_eq!(valid(&fake), 1);
}

#[test]
fn a_rival_that_says_the_same_does_not_hide_the_others() {
    let (fake, files) = (Fake::with_many(1), Files::new());
    let rivals = rivals(&fake, &files, &["mine", "other"]);
    let rows = csv(1..=1).replace("boolean", "text").replace("false", "mine");
    let before = said(&fake, &id(1));
    let ended = import(&fake, &files.write("rows.csv", &rows), &["--on-existing", "override", "-o", "jsonl"]).exits(3);
    let line = ended.jsonl().remove(0);
    assert_eq!((&line["assessment_id"], &line["still_valid"]), (&json!(rivals[0]), &json!([rivals[1]])));
    assert_eq!(said(&fake, &id(1)), before);
}

#[test]
fn an_override_names_others_that_still_count() {
    let (fake, files) = (Fake::with_many(1), Files::new());
    let rivals = rivals(&fake, &files, &["one", "two"]);
    let line = ["feedback", "override", &id(1), &rivals[1], "--value", "x", "--source-id", "jane"];
    fake.run(&line).succeeds().tells("is still valid").tells(&rivals[0]);
}

#[test]
fn an_override_that_did_not_happen_is_a_failure() {
    let fake = Fake::with_many(1);
    let files = Files::new();
    import(&fake, &files.write("a.csv", &csv(1..=1)), &[]).succeeds();
    let second = files.write("b.csv", &csv(1..=1).replace("false", "true"));
    let old = fake.state().assessments(&id(1)).remove(0);
    fake.before(Rule::first(&format!("GET /api/3.0/mlflow/traces/{}/assessments/", id(1))), move |state| {
        state.put_assessment(&id(1), old.clone());
    });
    import(&fake, &second, &["--on-existing", "override"]).exits(3).tells("is still valid");
}

#[test]
fn traces_are_found_by_the_id_of_their_request() {
    let fake = Fake::with([
        Seed::new(1).client_request_id("one"),
        Seed::new(2).client_request_id("two"),
        Seed::new(3).client_request_id("two"),
        Seed::new(4).client_request_id("four").experiment(CHECKOUT),
    ]);
    let files = Files::new();
    let text = "client_request_id,name,value\none,n,1\ntwo,n,1\nthree,n,1\nfour,n,1\n";
    let file = files.write("rows.csv", text);
    let flags = ["--value-type", "number", "--source-type", "HUMAN", "--source-id", "jane", "-o", "jsonl"];
    let ended =
        import(&fake, &file, &flags).exits(3).tells("several traces").tells("no trace has the client request id");
    assert_eq!(results(&ended), ["ok", "failed", "failed", "failed"]);
    let ended = import(&fake, &file, &[flags.as_slice(), &["-x", "my-app", "-x", "checkout"]].concat()).exits(3);
    assert_eq!(results(&ended), ["unchanged", "failed", "failed", "ok"]);
}

#[test]
fn traces_that_are_still_arriving_are_waited_for() {
    let fake = Fake::with_many(1);
    let files = Files::new();
    let file = files.write("rows.csv", &csv(1..=2));
    import(&fake, &file, &[]).exits(3).tells("there is no trace").tells("line 3 failed");
    fake.before(Rule::nth(3, "batchGetInfos"), |state| state.add([Seed::new(2)]));
    fake.before(Rule::first(&format!("GET /api/3.0/mlflow/traces/{}", id(2))), |state| state.add([Seed::new(2)]));
    import(&fake, &file, &["--wait", "60s"]).succeeds().tells("1 created").tells("1 already there");
    let file = files.write("never.csv", &csv(3..=3));
    let started = std::time::Instant::now();
    import(&fake, &file, &["--wait", "600ms"]).exits(3);
    assert!(started.elapsed() >= Duration::from_millis(600));
    assert!(fake.asked(&format!("GET /api/3.0/mlflow/traces/{}", id(3))).len() >= 3);
}

#[test]
fn traces_of_deleted_experiments_are_left_alone() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).experiment(OLD)]);
    let files = Files::new();
    import(&fake, &files.write("rows.csv", &csv(1..=2)), &[]).exits(3).tells("line 3 failed").tells("deleted");
    assert!(fake.state().assessments(&id(2)).is_empty());
}

#[test]
fn a_dry_run_sends_nothing() {
    let fake = Fake::with_many(3);
    let files = Files::new();
    let file = files.write("rows.csv", &csv(1..=3));
    let ended = import(&fake, &file, &["--dry-run", "-o", "json"]).succeeds().tells("3 WOULD be created");
    assert_eq!((&ended.json()["rows"], &ended.json()["dry_run"]), (&json!({"would-create": 3}), &json!(true)));
    assert!(fake.asked(CREATE).is_empty());
    import(&fake, &file, &["--dry-run", "--results", &files.path("r.jsonl")]).exits(2);
}

fn schema(name: &str, kind: &str, input: Value) -> Value {
    json!({"schema_id": "ls-1", "experiment_id": APP, "name": name, "type": kind, "input": input})
}

#[test]
fn a_label_schema_is_honoured() {
    let fake = Fake::with_many(4);
    let choice = json!({"categorical": {"options": ["good", "bad"]}});
    fake.state().label_schemas = vec![
        schema("tone", "FEEDBACK", choice),
        schema("score", "FEEDBACK", json!({"numeric": {"min_value": 1.0, "max_value": 5.0}})),
        schema("answer", "EXPECTATION", json!({"text": {}})),
    ];
    let files = Files::new();
    let rows = [
        ("tone", json!("good")),
        ("tone", json!("ugly")),
        ("score", json!(5)),
        ("score", json!(6)),
        ("answer", json!("x")),
        ("free", json!([1])),
    ];
    let text: String = rows
        .iter()
        .map(|(name, value)| format!("{}\n", json!({"trace_id": id(1), "name": name, "value": value})))
        .collect();
    let file = files.write("rows.jsonl", &text);
    let flags = ["--source-type", "HUMAN", "--source-id", "jane", "-o", "jsonl"];
    let dry = import(&fake, &file, &[flags.as_slice(), &["--dry-run"]].concat()).exits(3);
    assert_eq!(results(&dry), ["would-create", "failed", "would-create", "failed", "failed", "would-create"]);
    let ended = import(&fake, &file, &flags).exits(3).tells("takes one of good, bad").tells("one of expectations");
    assert_eq!(results(&ended), ["ok", "failed", "ok", "failed", "failed", "ok"]);
    assert_eq!(fake.asked(CREATE).len(), 3);
    assert_eq!(fake.asked("label-schemas").len(), 8, "each name is asked for once");
    let expect = ["expectation", "import", &file, "--source-type", "HUMAN", "--source-id", "jane", "-o", "jsonl"];
    let ended = fake.run(&expect).exits(3);
    assert_eq!(results(&ended), ["failed", "failed", "failed", "failed", "ok", "ok"]);
}

#[test]
fn servers_without_label_schemas_have_none() {
    let fake = Fake::with_many(1);
    fake.fail(Rule::every("label-schemas"), Failure::Answer(crate::fake::recorded("unknown_endpoint")));
    import(&fake, &Files::new().write("rows.csv", &csv(1..=1)), &[]).succeeds();
    let fake = Fake::with_many(1);
    fake.fail(Rule::every("label-schemas"), Failure::status(403, "Permission denied"));
    import(&fake, &Files::new().write("rows.csv", &csv(1..=1)), &[]).exits(4);
    assert!(fake.asked(CREATE).is_empty());
}

#[test]
fn wrong_credentials_stop_the_import() {
    let fake = Fake::with_many(20);
    let files = Files::new();
    let file = files.write("rows.csv", &csv(1..=20));
    fake.fail(Rule::from(6, CREATE), Failure::Answer(Answer::new(401, "text/html", "You are not authenticated")));
    let ended = import(&fake, &file, &["--concurrency", "1", "--results", &files.path("r.jsonl")]).exits(3);
    ended.tells("5 created").tells("14 of 20 rows not attempted");
    assert_eq!(fake.asked(CREATE).len(), 6);
    assert_eq!(files.results("r.jsonl").len(), 6);
    let fake = Fake::with_many(1);
    fake.fail(Rule::every("POST"), Failure::Answer(Answer::new(401, "text/html", "You are not authenticated")));
    fake.fail(Rule::every("GET"), Failure::Answer(Answer::new(401, "text/html", "You are not authenticated")));
    import(&fake, &file, &[]).exits(4);
}

#[test]
fn the_results_of_another_file_are_refused() {
    let fake = Fake::with_many(2);
    let files = Files::new();
    let (file, results) = (files.write("rows.csv", &csv(1..=2)), files.path("r.jsonl"));
    import(&fake, &file, &["--results", &results]).succeeds();
    let other = files.write("other.csv", &csv(1..=2).replace("jane", "bob"));
    import(&fake, &other, &["--results", &results])
        .exits(2)
        .tells("line 2 of the file is not the row")
        .tells("nothing was sent");
    import(&fake, &file, &["--results", &file]).exits(2).tells("line 1 of the results file");
    assert_eq!(files.read("rows.csv"), csv(1..=2));
    // Rows that were added are new.
    let longer = files.write("rows.csv", &(csv(1..=2) + &format!("{},other,x,text,HUMAN,jane\n", id(1))));
    import(&fake, &longer, &["--results", &results]).succeeds().tells("1 created").tells("2 done by an earlier run");
    assert_eq!(files.results("r.jsonl").len(), 3);
}

#[test]
fn an_interrupt_finishes_what_is_under_way() {
    let fake = Fake::with_many(300);
    let files = Files::new();
    let (file, results) = (files.write("rows.csv", &csv(1..=300)), files.path("r.jsonl"));
    fake.before(Rule::every(CREATE), |_| std::thread::sleep(Duration::from_millis(20)));
    let running = fake.program(&["feedback", "import", &file, "--results", &results]).start();
    while fake.asked(CREATE).len() < 10 {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.interrupt();
    running.ends().exits(130).tells("not attempted");
    let done = files.results("r.jsonl");
    assert!(done.len() >= 10 && done.len() < 300, "{}", done.len());
    assert_eq!(fake.asked(CREATE).len(), done.len(), "what was sent was noted");
    assert!(done.iter().all(|line| line["result"] == "ok"));
}

/// A server with every kind of value and a chain of overrides.
fn judged() -> Fake {
    let fake = Fake::with((1..=5).map(Seed::new));
    for (number, value) in
        [json!(true), json!(-4.0), json!("=SUM(A1)"), json!({"a": [1.5, null]}), json!(null)].iter().enumerate()
    {
        let number = u32::try_from(number).unwrap() + 1;
        let trace = id(number);
        let assessment = json!({
            "assessment_id": format!("a-{number:032x}"), "assessment_name": "quality", "trace_id": trace,
            "source": {"source_type": "HUMAN", "source_id": "jane"}, "feedback": {"value": value}, "valid": true,
            "create_time": "2026-11-22T08:20:00Z", "last_update_time": "2026-11-22T08:20:00Z",
            "rationale": "- because,\n\"so\"", "metadata": {"k": "v"}, "span_id": "47699324c8521bc4",
        });
        fake.state().put_assessment(&trace, assessment.as_object().unwrap().clone());
    }
    let first = format!("a-{:032x}", 1);
    fake.run(&["feedback", "override", &id(1), &first, "--value", "false", "--source-id", "bob"]).succeeds();
    fake.run(&["expectation", "log", &id(2), "--name", "facts", "--value", "[\"Paris\"]"]).succeeds();
    fake.run(&["expectation", "log", &id(3), "--name", "answer", "--value", "Paris"]).succeeds();
    fake
}

#[test]
fn what_was_exported_comes_back_equal() {
    for format in ["csv", "jsonl"] {
        let fake = judged();
        let files = Files::new();
        let before: Vec<_> = (1..=5).map(|number| fake.state().assessments(&id(number))).collect();
        let file = files.path(&format!("feedback.{format}"));
        fake.run(&["feedback", "export", &file, "--include-overridden"]).succeeds().tells("Wrote 6 rows of 5 traces");
        let expected = files.path(&format!("expectations.{format}"));
        fake.run(&["expectation", "export", &expected]).succeeds().tells("Wrote 2 rows of 2 traces");
        for trace in &mut fake.state().traces {
            trace.trace.info.assessments.clear();
        }
        import(&fake, &file, &[]).succeeds().tells("6 created");
        fake.run(&["expectation", "import", &expected]).succeeds().tells("2 created");
        let sorted = |mut all: Vec<serde_json::Map<String, Value>>| {
            for one in &mut all {
                one["last_update_time"] = Value::Null;
            }
            all.sort_by_key(|one| one["assessment_id"].to_string());
            all.into_iter().map(Value::Object).collect::<Vec<_>>()
        };
        for (number, before) in (1..=5).zip(before) {
            assert_eq!(sorted(fake.state().assessments(&id(number))), sorted(before), "{format} {number}");
        }
    }
}

#[test]
fn only_what_counts_is_exported_unless_asked() {
    let fake = judged();
    let export = ["feedback", "export", "-", "--format", "jsonl"];
    let ended = fake.run(&export).succeeds().tells("Wrote 5 rows").tells("1 overridden not");
    let rows = ended.jsonl();
    assert!(rows.iter().all(|row| row["assessment_id"] != format!("a-{:032x}", 1)));
    assert!(rows.iter().all(|row| row.get("overrides").is_none()), "what is overridden is not in the file");
    let ended = fake.run(&[export.as_slice(), &["--filter", "feedback.quality = '-4.0'"]].concat()).succeeds();
    assert_eq!(ended.jsonl().len(), 1);
    assert_eq!(ended.jsonl()[0]["value"], json!(-4.0));
    let files = Files::new();
    fake.run(&["feedback", "export", &files.path("no/folder.csv")]).fails();
}

#[test]
fn a_failed_judge_has_no_row_and_that_is_said() {
    let fake = Fake::with_many(1);
    let failed = json!({"assessment_id": "a-1", "assessment_name": "q", "source": {"source_type": "CODE", "source_id": "x"},
        "feedback": {"error": {"error_code": "TIMEOUT", "error_message": "slow"}}});
    fake.state().put_assessment(&id(1), failed.as_object().unwrap().clone());
    fake.run(&["feedback", "export", "-"]).exits(3).tells("1 left out: the judge failed").prints_nothing();
}

#[test]
fn an_override_keeps_the_chain() {
    let fake = Fake::with([Seed::known()]);
    let line =
        ["feedback", "override", KNOWN, ASSESSMENT, "--value", "false", "--rationale", "no", "--source-id", "bob"];
    let new = fake.run(&line).succeeds().lines().remove(0);
    assert_eq!(said(&fake, KNOWN), [("helpful".into(), json!(true), false), ("helpful".into(), json!(false), true)]);
    let sent = fake.bodies(CREATE).remove(0)["assessment"].clone();
    assert_eq!((&sent["overrides"], &sent["rationale"]), (&json!(ASSESSMENT), &json!("no")));
    fake.run(&line).exits(6).tells("overridden already").tells(&format!("override {new}"));
    fake.run(&["feedback", "override", KNOWN, "a-nope", "--value", "1"]).exits(9).tells("has no assessment a-nope");
    let fact = fake.run(&["expectation", "log", KNOWN, "--name", "f", "--value", "x"]).succeeds().lines().remove(0);
    fake.run(&["feedback", "override", KNOWN, &fact, "--value", "1"]).exits(2).tells("is not a feedback");
    assert_eq!(fake.asked(CREATE).len(), 2);
}

#[test]
fn what_is_created_stands_in_the_journal() {
    let fake = Fake::with([Seed::new(1), Seed::new(2), Seed::known()]);
    let files = Files::new();
    let (file, state) = (files.write("rows.csv", &csv(1..=2)), files.path("state"));
    let run = |line: &[&str]| fake.program(line).hidden_env("MLFLOW_TRACE_STATE_DIR", &state).run();
    run(&["feedback", "import", &file, "--dry-run"]).succeeds();
    assert!(journaled(&state).is_empty());
    fake.fail(Rule::first(CREATE), Failure::status(400, "no"));
    run(&["feedback", "import", &file, "--concurrency", "1"]).exits(3);
    run(&["feedback", "import", &file]).succeeds();
    run(&["feedback", "override", KNOWN, ASSESSMENT, "--value", "false"]).succeeds();
    assert_eq!(runs(&state), 3);
    run(&["feedback", "import", &file]).succeeds().tells("2 already there");
    assert_eq!(runs(&state), 3, "a run that changes nothing leaves no journal");
    let mut entries = journaled(&state);
    entries.sort_by_key(|(id, is_done, _)| (id.clone(), *is_done));
    assert_eq!(entries.iter().map(|(_, is_done, _)| *is_done).filter(|is_done| !is_done).count(), 1, "{entries:?}");
    assert_eq!(entries.len(), 4);
    for (id, _, after) in entries.iter().filter(|(_, is_done, _)| *is_done) {
        let trace = after["trace_id"].as_str().unwrap();
        let stored = fake.state().assessments(trace).into_iter().find(|one| one["assessment_id"] == **id).unwrap();
        assert_eq!(Value::Object(stored), *after);
    }
    let folder = files.write("a file", "");
    let line = [
        "feedback",
        "import",
        file.as_str(),
        "--on-existing",
        "append",
        "--map",
        "name=@other",
        "--ignore-unknown-columns",
    ];
    let before = fake.asked(CREATE).len();
    fake.program(&line).hidden_env("MLFLOW_TRACE_STATE_DIR", &folder).run().exits(7).tells("cannot take the lock");
    fake.program(&line).without_env("HOME").run().exits(7).tells("no folder for the journal");
    assert_eq!(fake.asked(CREATE).len(), before);
}

#[test]
fn an_import_and_an_override_can_be_taken_back() {
    let fake = Fake::with((1..=3).map(Seed::new).chain([Seed::known()]));
    let files = Files::new();
    let state = files.path("state");
    let run = |line: &[&str]| fake.program(line).hidden_env("MLFLOW_TRACE_STATE_DIR", &state).run();
    let undo = |ended: &Ended| {
        let (_, rest) = ended.stderr.split_once("`mlflow-trace undo ").unwrap();
        run(&["undo", rest.split_once('`').unwrap().0]).succeeds()
    };
    let all = || (1..=3).map(|number| said(&fake, &id(number))).collect::<Vec<_>>();
    run(&["feedback", "import", &files.write("a.csv", &csv(1..=2))]).succeeds();
    let before = all();
    let second = files.write("b.csv", &csv(1..=3).replace("true", "?").replace("false", "true").replace('?', "false"));
    let ended = run(&["feedback", "import", &second, "--on-existing", "override"]).succeeds();
    assert_ne!(all(), before);
    undo(&ended);
    assert_eq!(all(), before);
    let known = said(&fake, KNOWN);
    let ended = run(&["feedback", "override", KNOWN, ASSESSMENT, "--value", "false"]).succeeds();
    undo(&ended);
    assert_eq!(said(&fake, KNOWN), known);
}

#[test]
fn an_override_whose_answer_is_lost_happens_once() {
    for failure in [Failure::LoseAnswer, Failure::Close, Failure::status(503, "busy")] {
        let fake = Fake::with([Seed::known()]);
        fake.fail(Rule::first(CREATE), failure);
        fake.run(&["feedback", "override", KNOWN, ASSESSMENT, "--value", "false"]).succeeds();
        assert_eq!(fake.state().assessments(KNOWN).len(), 2);
    }
    let fake = Fake::with([Seed::known()]);
    let old = fake.state().assessments(KNOWN).remove(0);
    fake.before(Rule::first(&format!("GET /api/3.0/mlflow/traces/{KNOWN}/assessments/")), move |state| {
        state.put_assessment(KNOWN, old.clone());
    });
    fake.run(&["feedback", "override", KNOWN, ASSESSMENT, "--value", "false"]).exits(6).tells("is still valid");
}
