//! Two traces that are alike, one of which `MLflow`'s own store changes and the other this program, on the same database. What
//! tables have of both must be equal, all but ids and clocks.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Ended, Program};

/// A database, and the Python that has `MLflow`.
pub struct Twins<'a> {
    /// The Python.
    pub python: &'a Path,
    /// Its tracking URI.
    pub uri: String,
}

/// The same as `change` in `twins.py`; `ID` stands for the trace.
const CHANGES: &[&[&str]] = &[
    &["tag", "set", "ID", "env=dev"],
    &["tag", "set", "ID", "env=prod", "a b/c:d.e-1=it's \"a\\b\" ✓ 50%", "empty=", "mlflow.traceName=näme", "gone=x"],
    &["tag", "delete", "ID", "--key", "gone", "--key", "old"],
    &["feedback", "log", "ID", "truth=true", "--source-id", "jane"],
    &[
        "feedback",
        "log",
        "ID",
        "number=4",
        "--source-type",
        "LLM_JUDGE",
        "--source-id",
        "gpt",
        "--rationale",
        "why é 📦",
        "--metadata",
        "k=v",
        "--metadata",
        "mlflow.assessment.sourceRunId=0123456789abcdef0123456789abcdef",
    ],
    &[
        "feedback",
        "log",
        "ID",
        "fraction=0.5",
        "large=1000000000000000",
        "--source-type",
        "LLM_JUDGE",
        "--source-id",
        "gpt",
    ],
    &["feedback", "log", "ID", "word= Yes ", "no=NO", "--type", "string", "--source-id", "jane"],
    &["feedback", "log", "ID", "list=[\"a\", 1, null]", "--type", "json", "--source-id", "jane"],
    &["feedback", "log", "ID", "object={\"b\": 1, \"a\": {\"c\": \"ü\"}}", "--type", "json", "--source-id", "jane"],
    &[
        "feedback",
        "log",
        "ID",
        "updated=true",
        "--source-id",
        "jane",
        "--rationale",
        "old",
        "--metadata",
        "a=1",
        "--metadata",
        "b=2",
    ],
    &["feedback", "log", "ID", "overridden=true", "restored=true", "deleted=true", "--source-id", "jane"],
    &["expectation", "log", "ID", "answer=Paris", "count=3", "changed=x", "--source-id", "jane"],
    &["expectation", "log", "ID", "facts=[\"a\", 1.5, {\"b\": null}]", "--type", "json", "--source-id", "jane"],
    &[
        "assessment",
        "update",
        "ID",
        "updated",
        "--value",
        "no",
        "--type",
        "string",
        "--rationale",
        "",
        "--metadata",
        "b=3",
        "--metadata",
        "c=é",
    ],
    &["assessment", "update", "ID", "fraction", "--name", "renamed"],
    &["assessment", "update", "ID", "changed", "--value", "[1]", "--type", "json", "--metadata", "m=n"],
    &[
        "feedback",
        "override",
        "ID",
        "overridden",
        "--value",
        "false",
        "--rationale",
        "no",
        "--source-type",
        "LLM_JUDGE",
        "--source-id",
        "gpt",
    ],
    &[
        "feedback",
        "override",
        "ID",
        "restored",
        "--value",
        "false",
        "--rationale",
        "no",
        "--source-type",
        "LLM_JUDGE",
        "--source-id",
        "gpt",
    ],
];

impl Twins<'_> {
    /// What `twins.py` prints.
    #[track_caller]
    pub fn ask(&self, command: &str, arguments: &Value) -> Value {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/twins.py");
        let output = Command::new(self.python).arg(script).args([&self.uri, command, &arguments.to_string()]).output();
        let output = output.expect("Python starts");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        mlflow_trace::model::read_json(&output.stdout).expect("JSON")
    }

    /// The program on the database, which it may change.
    pub fn program(&self, args: &[&str]) -> Program {
        Program::new(["-u", &self.uri, "--allow-database-writes"].iter().chain(args))
    }

    #[track_caller]
    fn changes(&self, args: &[&str]) -> Ended {
        let ended = self.program(args).run().succeeds();
        assert_eq!(ended.stderr.matches("changes go to the database itself").count(), 1, "{}", ended.stderr);
        ended
    }

    /// Holds every tag and assessment that the program writes against what `MLflow` writes.
    #[track_caller]
    pub fn are_alike_after_all_changes(&self) {
        let made = self.ask("make", &json!([]));
        let (ours, theirs) = (made["ids"][0].as_str().unwrap(), made["ids"][1].as_str().unwrap());
        assert_eq!(self.ask("rows", &json!([ours])), self.ask("rows", &json!([theirs])), "before");
        for change in CHANGES {
            let args: Vec<&str> = change.iter().map(|word| if *word == "ID" { ours } else { word }).collect();
            self.changes(&args);
        }
        for (name, value) in [("restored", false), ("deleted", true)] {
            let list = self.program(&["assessment", "list", ours, "-o", "json"]).run().succeeds().json();
            let is_it = |one: &&Value| one["assessment_name"] == name && one["feedback"]["value"] == value;
            let id = list.as_array().unwrap().iter().find(is_it).unwrap()["assessment_id"].as_str().unwrap().to_owned();
            self.changes(&["assessment", "delete", ours, &id]);
        }
        self.ask("change", &json!([theirs]));
        let (ours, theirs) = (self.ask("rows", &json!([ours])), self.ask("rows", &json!([theirs])));
        for (table, rows) in theirs.as_object().unwrap() {
            let lines = |rows: &Value| {
                rows.as_array().into_iter().flatten().map(Value::to_string).collect::<Vec<_>>().join("\n")
            };
            assert!(ours[table] == *rows, "{table}\nours\n{}\ntheirs\n{}", lines(&ours[table]), lines(rows));
        }
        assert_eq!(theirs["assessments"].as_array().unwrap().len(), 16);
    }

    /// Deletes some of many traces; returns the experiment, those that went, and what all tables are then.
    #[track_caller]
    pub fn delete_some(&self) -> (String, Vec<String>, Value) {
        let seeded = self.ask("seed", &json!([9]));
        let ids: Vec<String> =
            seeded["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        let experiment = seeded["experiment"].as_str().unwrap().to_owned();
        self.ask("tag", &json!([ids[6], "mlflow.trace.spansLocation", "ARCHIVE_REPO"]));
        self.ask("tag", &json!([ids[7], "mlflow.trace.spansLocation", null]));
        let before = self.ask("dump", &json!([]));
        let named: Vec<&str> = ids[2..8].iter().map(String::as_str).collect();
        let delete =
            |more: &[&str]| self.program(&[&["delete"][..], &named, &["-x", &experiment], more].concat()).run();
        let shown = delete(&["--dry-run"]).succeeds();
        assert!(
            shown.stderr.contains("keeps 1 trace: left to a server, as the spans are in its archive"),
            "{}",
            shown.stderr
        );
        assert!(
            shown.stderr.contains("keeps 1 trace: left to a server, as the spans are in a file"),
            "{}",
            shown.stderr
        );
        assert_eq!(self.ask("dump", &json!([])), before, "a dry run changes nothing");
        let run = delete(&["--yes"]).exits(3);
        assert!(run.stderr.contains("Deleted 4 of 6 traces."), "{}", run.stderr);
        assert!(run.stderr.contains("2 traces remain") && run.stderr.contains("mlflow server"), "{}", run.stderr);
        let count = self.program(&["-x", &experiment, "count"]).run().succeeds();
        assert_eq!(count.stdout, "5\n");
        (experiment, ids[2..6].to_vec(), self.ask("dump", &json!([])))
    }
}
