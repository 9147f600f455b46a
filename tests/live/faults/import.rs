//! `feedback import` with a results file.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;

use fastrand::Rng;
use mlflow_trace::changes::journal::{Action, Outcome};
use serde_json::{Value, json};

use super::Task;
use super::stage::{Stage, Step, Stock, Stored, size};
use crate::support::Ended;

/// A row of the file.
struct Row {
    trace: String,
    name: &'static str,
    value: Value,
    /// Whether the trace has another value of the same name by the same source before.
    has_rival: bool,
}

/// One or two rows for each trace.
pub struct Import {
    rows: Vec<Row>,
    mode: &'static str,
    command: Vec<String>,
    start: Stock,
    /// Rows that the results file says are done.
    done: RefCell<BTreeSet<usize>>,
    is_undone: bool,
}

fn id(assessment: &Value) -> &str {
    assessment["assessment_id"].as_str().unwrap()
}

/// The number of the row that an assessment comes from, from 1; none of those that were there before.
fn row_of(assessment: &Value) -> Option<usize> {
    assessment["metadata"]["row"].as_str()?.parse().ok()
}

fn csv(rows: &[Row], of_row: impl Fn(usize, &Row) -> Option<(Value, String)>) -> String {
    let mut text = "trace_id,name,value,value_type,source_type,source_id,metadata.row\n".to_owned();
    for (index, row) in rows.iter().enumerate() {
        let Some((value, mark)) = of_row(index + 1, row) else { continue };
        let kind = if value.is_boolean() { "boolean" } else { "number" };
        text.push_str(&format!("{},{},{value},{kind},HUMAN,jane,{mark}\n", row.trace, row.name));
    }
    text
}

/// What an import neither makes nor takes: whether an assessment counts may change when it is overridden.
fn lasting(stored: &Stored) -> Vec<Value> {
    let mut kept: Vec<Value> = stored.assessments.iter().filter(|one| row_of(one).is_none()).cloned().collect();
    for assessment in &mut kept {
        for key in ["valid", "last_update_time"] {
            assessment.as_object_mut().unwrap().remove(key);
        }
    }
    kept.sort_by_key(|assessment| id(assessment).to_owned());
    kept
}

fn made(stored: &Stored) -> impl Iterator<Item = (usize, &Value)> {
    stored.assessments.iter().filter_map(|one| Some((row_of(one)?, one)))
}

/// What came of a row, by its number.
fn by_row(lines: &[Value]) -> BTreeMap<usize, (String, Option<String>)> {
    let read = |line: &Value| {
        let row = usize::try_from(line["row"].as_u64().unwrap()).unwrap();
        let result = line["result"].as_str().unwrap().to_owned();
        (row, (result, line["assessment_id"].as_str().map(str::to_owned)))
    };
    let read: BTreeMap<_, _> = lines.iter().map(read).collect();
    assert_eq!(read.len(), lines.len(), "a row was told of twice");
    read
}

impl Import {
    /// Every assessment is one of the file's or was there before, and the journal knew.
    fn check_server(&self, step: &Step) {
        assert!(step.after.keys().eq(step.before.keys()), "traces came or went");
        let mut rows = BTreeSet::new();
        for (trace, now) in &step.after {
            let was = &step.before[trace];
            assert_eq!((&now.tags, lasting(now)), (&was.tags, lasting(was)), "{trace}");
            let before: BTreeSet<&str> = made(was).map(|(_, one)| id(one)).collect();
            assert!(before.iter().all(|id_before| made(now).any(|(_, one)| id(one) == *id_before)), "{trace}");
            for (number, one) in made(now) {
                assert!(rows.insert(number), "row {number} was annotated twice");
                let row = &self.rows[number - 1];
                assert_eq!((trace, &one["assessment_name"]), (&row.trace, &json!(row.name)), "row {number}");
                assert_eq!(as_f64(&one["feedback"]["value"]), as_f64(&row.value), "row {number}");
                if !before.contains(id(one)) {
                    let noted = step.entries().iter().find(|entry| is_about(&entry.action, id(one)));
                    let noted = noted.unwrap_or_else(|| panic!("row {number} came without a journal"));
                    assert!(noted.outcome.may_have_happened(), "{noted:?}");
                }
            }
        }
        for change in &step.changes {
            assert_eq!(change.method, "POST", "{}", change.path);
            let new = &change.body["assessment"];
            let number = row_of(new).unwrap_or_else(|| panic!("{new} is no row"));
            assert_eq!(change.trace_id(), self.rows[number - 1].trace, "row {number}");
            assert!(step.entries().iter().any(|entry| is_about(&entry.action, id(new))), "{new} was not noted");
            assert!(!self.done.borrow().contains(&number), "row {number} was done and is sent again");
        }
    }

    fn check_journal(stage: &Stage, step: &Step) {
        let mut noted = BTreeSet::new();
        for entry in step.entries() {
            let trace = entry.trace_id.as_str();
            let Action::CreateAssessment { assessment_id } = &entry.action else { panic!("{:?}", entry.action) };
            assert!(noted.insert(assessment_id), "{assessment_id} stands in the journal twice");
            let is_there = step.after[trace].assessments.iter().any(|one| id(one) == assessment_id);
            match entry.outcome {
                Outcome::Done => assert!(is_there, "{entry:?}"),
                Outcome::Planned | Outcome::Failed => {}
                _ => panic!("{entry:?}"),
            }
        }
        let mut created = BTreeSet::new();
        for change in stage.proxy.changes().iter().filter(|change| change.is_done()) {
            let id = id(&change.body["assessment"]).to_owned();
            assert!(created.insert(id.clone()), "the server created {id} twice");
        }
    }

    /// What was told of each row is so; the results file has the same.
    fn check_told(&self, stage: &Stage, step: &Step, ended: &Ended) {
        let lines = ended.jsonl();
        let told = by_row(&lines);
        let mut sent: BTreeMap<usize, usize> = BTreeMap::new();
        for change in &step.changes {
            *sent.entry(row_of(&change.body["assessment"]).unwrap()).or_default() += 1;
        }
        for (number, (result, assessment)) in &told {
            let row = &self.rows[*number - 1];
            let stored = made(&step.after[&row.trace]).find(|(of, _)| of == number).map(|(_, one)| id(one));
            let was_there = made(&step.before[&row.trace]).any(|(of, _)| of == *number);
            match result.as_str() {
                "ok" => assert!(!was_there && stored == assessment.as_deref(), "row {number}: {ended}"),
                "unchanged" => assert!(was_there && !sent.contains_key(number), "row {number}: {ended}"),
                "skipped" => {
                    assert!(self.mode == "skip" && row.has_rival, "row {number}: {ended}");
                    assert!(stored.is_none() && !sent.contains_key(number), "row {number}: {ended}");
                }
                "failed" => {}
                other => panic!("row {number} is {other}: {ended}"),
            }
        }
        // Rows that nobody was told of were not touched.
        assert!(sent.keys().all(|row| told.contains_key(row)), "{sent:?}: {ended}");
        let done = self.check_results(stage, &told);
        let is_whole = done.len() == self.rows.len();
        assert_eq!(ended.code == Some(0), is_whole, "{} of {} rows are done: {ended}", done.len(), self.rows.len());
        self.done.replace(done);
    }

    /// The rows that the results file says are done: those that were, and those that were told to be.
    fn check_results(&self, stage: &Stage, told: &BTreeMap<usize, (String, Option<String>)>) -> BTreeSet<usize> {
        let text = fs::read_to_string(stage.path("results.jsonl")).unwrap_or_default();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let results = by_row(&lines);
        for (row, of_row) in told {
            assert_eq!(results.get(row), Some(of_row), "row {row} in the results file");
        }
        let done = |number: &usize| results.get(number).is_some_and(|(result, _)| result != "failed");
        let known = self.done.borrow();
        assert!(known.iter().all(|row| done(row) && !told.contains_key(row)), "what was done is not any more");
        assert!(results.keys().all(|row| known.contains(row) || told.contains_key(row)), "rows that nobody told of");
        (1..=self.rows.len()).filter(done).collect()
    }

    /// What a killed run wrote to the results file is so.
    fn check_torn_results(&self, stage: &Stage, step: &Step) {
        let text = fs::read_to_string(stage.path("results.jsonl")).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let lines: Vec<Value> = whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut done = BTreeSet::new();
        for (number, (result, assessment)) in by_row(&lines) {
            let stored = made(&step.after[&self.rows[number - 1].trace]).find(|(of, _)| *of == number);
            match result.as_str() {
                "ok" | "unchanged" => assert_eq!(stored.map(|(_, one)| id(one)), assessment.as_deref(), "row {number}"),
                "skipped" => assert!(stored.is_none(), "row {number}"),
                _ => continue,
            }
            done.insert(number);
        }
        assert!(done.is_superset(&self.done.borrow()), "what was done is not any more");
        self.done.replace(done);
    }
}

fn is_about(action: &Action, id: &str) -> bool {
    matches!(action, Action::CreateAssessment { assessment_id } if assessment_id == id)
}

/// Numbers become floats.
fn as_f64(value: &Value) -> Value {
    value.as_f64().map_or_else(|| value.clone(), Value::from)
}

impl Task for Import {
    const NAME: &'static str = "feedback import";
    const ONE_IN: Range<u32> = 3..12;

    fn prepare(stage: &Stage, rng: &mut Rng) -> Self {
        let ids = stage.seed(&[(size(rng) * 3 / 4, 1, &[])]).remove(0);
        let mut rows = Vec::new();
        for (number, trace) in ids.into_iter().enumerate() {
            let has_rival = number % 2 == 0;
            rows.push(Row { trace: trace.clone(), name: "correct", value: json!(rng.bool()), has_rival });
            if number % 3 == 0 {
                rows.push(Row { trace, name: "score", value: json!(rng.u8(..5)), has_rival: false });
            }
        }
        let rival = |number: usize, row: &Row| {
            row.has_rival.then(|| (json!(!row.value.as_bool().unwrap()), format!("rival {number}")))
        };
        fs::write(stage.path("rivals.csv"), csv(&rows, rival)).unwrap();
        fs::write(stage.path("rows.csv"), csv(&rows, |number, row| Some((row.value.clone(), number.to_string()))))
            .unwrap();
        stage.run(&["feedback".into(), "import".into(), stage.path("rivals.csv")]).succeeds();
        stage.proxy.settle();
        let mode = ["skip", "override", "append"][rng.usize(..3)];
        let flags = ["--on-existing", mode, "-o", "jsonl", "--results"].map(str::to_owned);
        let mut command = vec!["feedback".to_owned(), "import".to_owned(), stage.path("rows.csv")];
        command.extend(flags);
        command.push(stage.path("results.jsonl"));
        let is_undone = rng.bool();
        Self { rows, mode, command, start: stage.look(), done: RefCell::default(), is_undone }
    }

    fn command(&self) -> Vec<String> {
        self.command.clone()
    }

    fn meddle(&self, _: &Stage, _: &mut Rng) {}

    fn check(&self, stage: &Stage, ended: &Ended) {
        let step = stage.step();
        self.check_server(&step);
        Self::check_journal(stage, &step);
        if ended.code.is_some() {
            self.check_told(stage, &step, ended);
        } else {
            self.check_torn_results(stage, &step);
        }
    }

    fn check_end(&self, stage: &Stage) {
        let stock = stage.stock();
        for (index, row) in self.rows.iter().enumerate() {
            let stored = &stock[&row.trace];
            let is_skipped = self.mode == "skip" && row.has_rival;
            let count = made(stored).filter(|(number, _)| *number == index + 1).count();
            assert_eq!(count, usize::from(!is_skipped), "row {}", index + 1);
            let is_rival = |one: &&Value| one["assessment_name"] == row.name && row_of(one).is_none();
            for rival in stored.assessments.iter().filter(is_rival) {
                assert_eq!(rival["valid"], self.mode != "override", "{rival}");
            }
        }
        let text = fs::read_to_string(stage.path("results.jsonl")).unwrap();
        let results: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(by_row(&results).len(), self.rows.len(), "every row has one line in the results file");
        if self.is_undone {
            for run in stage.runs().iter().skip(1).rev() {
                stage.run(&["undo".into(), run.clone()]).succeeds();
            }
            for (trace, stored) in stage.stock() {
                assert_eq!(made(&stored).count(), 0, "{trace}");
                assert_eq!(stored.assessments.len(), self.start[&trace].assessments.len(), "{trace}");
                assert!(stored.assessments.iter().all(|one| one["valid"] == true), "{stored:?}");
            }
        }
    }
}
