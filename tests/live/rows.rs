//! `feedback import`, `feedback export`, `feedback override`, and the same of expectations.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::harness::{list, live, text};

fn by_id(mut assessments: Vec<Value>) -> Vec<Value> {
    assessments.sort_by_key(|one| one["assessment_id"].to_string());
    assessments
}

#[test]
fn two_hundred_rows_are_imported_once_and_come_back_from_an_export() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids: Vec<String> =
        list(live.call("seed_many", &json!({"experiment": experiment.id, "count": 200, "age_s": 900})))
            .into_iter()
            .map(text)
            .collect();
    let mut csv = "trace_id,name,value,value_type,source_type,source_id,rationale,metadata.row\n".to_owned();
    for (number, id) in ids.iter().enumerate() {
        let (value, kind) = match number % 4 {
            0 => ("true".to_owned(), "boolean"),
            1 => (format!("{number}"), "number"),
            2 => ("\"=very, good é\"".to_owned(), "text"),
            _ => ("\"[1, {\"\"a\"\": null}]\"".to_owned(), "json"),
        };
        writeln!(csv, "{id},quality,{value},{kind},HUMAN,jane,\"so\nit is\",{number}").unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("rows.csv"), csv).unwrap();
    let (rows, results) = (path("rows.csv"), path("results.jsonl"));
    let import = ["feedback", "import", &rows];
    experiment.run(&[&import[..], &["--results", &results]].concat()).succeeds().tells("200 created");
    experiment.run(&import).succeeds().tells("200 there already");
    experiment.run(&[&import[..], &["--on-existing", "append"]].concat()).succeeds().tells("200 there already");
    let lines = std::fs::read_to_string(&results).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let before: Vec<Value> = ids.iter().map(|id| live.only_assessment(id)).collect();
    for (number, one) in before.iter().enumerate() {
        let value = match number % 4 {
            0 => json!(true),
            1 => json!(f64::from(u32::try_from(number).unwrap())),
            2 => json!("=very, good é"),
            _ => json!([1.0, {"a": null}]),
        };
        assert_eq!(one["feedback"]["value"], value, "{one}");
        assert_eq!((&one["assessment_name"], &one["rationale"]), (&json!("quality"), &json!("so\nit is")));
        assert_eq!(one["source"], json!({"source_type": "HUMAN", "source_id": "jane"}));
        assert_eq!(one["metadata"]["row"], number.to_string());
        let told = lines.iter().find(|told| told["row"] == json!(number + 1)).unwrap();
        assert_eq!((&told["assessment_id"], &told["result"]), (&one["assessment_id"], &json!("ok")));
    }
    let export = path("export.csv");
    experiment.run(&["feedback", "export", &export]).succeeds().tells("Wrote 200 rows of 200 traces");
    for (id, one) in ids.iter().zip(&before) {
        live.call("delete_assessment", &json!({"trace": id, "assessment": one["assessment_id"]}));
    }
    assert!(live.assessments(&ids[0]).is_empty());
    experiment.run(&["feedback", "import", &export]).succeeds().tells("200 created");
    for (id, one) in ids.iter().zip(before) {
        let mut again = live.only_assessment(id);
        // It was written now.
        again["last_update_time"] = one["last_update_time"].clone();
        assert_eq!(again, one);
    }
}

#[test]
fn overrides_make_the_chain_that_mlflow_makes() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let (ours, theirs) = (experiment.seed_one(), experiment.seed_one());
    let first =
        |trace: &str| text(live.call("log_feedback", &json!({"trace": trace, "name": "helpful", "value": true})));
    let (old, their_old) = (first(&ours), first(&theirs));
    live.call("override_feedback", &json!({"trace": theirs, "assessment": their_old, "value": false}));
    let new = live.run(&["feedback", "override", &ours, &old, "--value", "false"]).succeeds().lines().remove(0);
    let shape = |trace: &str, old: &str| -> Vec<(Value, Value, bool)> {
        let mut all = live.assessments(trace);
        all.sort_by_key(|one| one["valid"].as_bool());
        all.iter()
            .map(|one| (one["feedback"]["value"].clone(), one["valid"].clone(), one["overrides"] == *old))
            .collect()
    };
    assert_eq!(shape(&ours, &old), shape(&theirs, &their_old));
    live.run(&["feedback", "override", &ours, &old, "--value", "true"]).exits(6).tells(&new);
    // An import continues the chain, and an export of all of it brings it back.
    let row = json!({"trace_id": ours, "name": "helpful", "value": "again", "source_type": "CODE", "source_id": "x"});
    let import = ["feedback", "import", "-", "--format", "jsonl", "--on-existing", "override"];
    experiment.program(&import).stdin(format!("{row}\n")).run().succeeds().tells("1 created");
    let row = json!({"trace_id": ours, "name": "helpful", "value": "better", "source_type": "CODE", "source_id": "x"});
    experiment.program(&import).stdin(format!("{row}\n")).run().succeeds().tells("1 created");
    let before = by_id(live.assessments(&ours));
    assert_eq!(before.iter().filter(|one| one["valid"] == true).count(), 2, "{before:?}");
    let exported =
        experiment.run(&["feedback", "export", "-", "--all", "--filter", &format!("trace_id = '{ours}'")]).succeeds();
    for one in &before {
        live.call("delete_assessment", &json!({"trace": ours, "assessment": one["assessment_id"]}));
    }
    experiment.program(&import).stdin(exported.stdout).run().succeeds().tells("4 created");
    let mut again = by_id(live.assessments(&ours));
    for (again, before) in again.iter_mut().zip(&before) {
        again["last_update_time"] = before["last_update_time"].clone();
    }
    assert_eq!(again, before);
}

#[test]
fn a_label_schema_of_the_server_is_honoured() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let trace = experiment.seed_one();
    for (name, kind, input) in [
        ("tone", "feedback", json!({"options": ["good", "bad"]})),
        ("topics", "feedback", json!({"options": ["a", "b"], "multi_select": true})),
        ("score", "feedback", json!({"min_value": 1, "max_value": 5})),
        ("fine", "feedback", json!({"positive_label": "Yes", "negative_label": "No"})),
        ("answer", "expectation", json!({"max_length": 5})),
    ] {
        let schema = json!({"experiment": experiment.id, "name": name, "kind": kind, "input": input});
        live.call("create_label_schema", &schema);
    }
    let rows = [
        ("tone", json!("good"), true),
        ("tone", json!("ugly"), false),
        ("topics", json!(["b"]), true),
        ("topics", json!(["c"]), false),
        ("score", json!(5), true),
        ("score", json!(0), false),
        ("fine", json!(false), true),
        ("fine", json!("No"), false),
        ("answer", json!("x"), false),
        ("free", json!({"any": "thing"}), true),
    ];
    let row_of = |name: &str, value: &Value| format!("{}\n", json!({"trace_id": trace, "name": name, "value": value}));
    let lines: String = rows.iter().map(|(name, value, _)| row_of(name, value)).collect();
    let flags = ["import", "-", "--format", "jsonl", "--source-type", "HUMAN", "--source-id", "jane", "-o", "jsonl"];
    let run = |kind: &str, lines: String| experiment.program(&[&[kind], &flags[..]].concat()).stdin(lines).run();
    for result in run("feedback", lines).exits(3).jsonl() {
        let row = usize::try_from(result["row"].as_u64().unwrap()).unwrap();
        assert_eq!(result["result"] == "ok", rows[row - 1].2, "{result}");
    }
    run("expectation", row_of("answer", &json!("Paris"))).succeeds();
    run("expectation", row_of("answer", &json!("Berlin"))).exits(3).tells("5 characters at the most");
    assert_eq!(live.assessments(&trace).len(), 6);
}

#[test]
fn expectations_go_there_and_back() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let trace = experiment.seed_one();
    for (name, value) in [("facts", json!(["Paris", {"n": 2}])), ("answer", json!("Paris")), ("count", json!(3))] {
        live.call("log_expectation", &json!({"trace": trace, "name": name, "value": value}));
    }
    let before = by_id(live.assessments(&trace));
    let exported = experiment.run(&["expectation", "export", "-", "--format", "csv"]).succeeds().tells("Wrote 3 rows");
    let import = ["expectation", "import", "-", "--format", "csv"];
    experiment.program(&import).stdin(exported.stdout.clone()).run().succeeds().tells("3 there already");
    for one in &before {
        live.call("delete_assessment", &json!({"trace": trace, "assessment": one["assessment_id"]}));
    }
    experiment.program(&import).stdin(exported.stdout).run().succeeds().tells("3 created");
    let mut again = by_id(live.assessments(&trace));
    for (again, before) in again.iter_mut().zip(&before) {
        again["last_update_time"] = before["last_update_time"].clone();
    }
    assert_eq!(again, before);
}

#[test]
fn an_import_that_overrides_is_taken_back() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let trace = experiment.seed_one();
    live.call("log_feedback", &json!({"trace": trace, "name": "helpful", "value": true}));
    let before = live.assessments(&trace);
    let source = &before[0]["source"];
    let rows = [("helpful", json!(false)), ("new", json!([1, "x"]))].map(|(name, value)| {
        json!({"trace_id": trace, "name": name, "value": value, "source_type": source["source_type"], "source_id": source["source_id"]})
    });
    let state = tempfile::tempdir().unwrap();
    let run = |line: &[&str], input: String| {
        experiment.program(line).stdin(input).hidden_env("MLFLOW_TRACE_STATE_DIR", state.path()).run().succeeds()
    };
    let import = ["feedback", "import", "-", "--format", "jsonl", "--on-existing", "override"];
    let ended = run(&import, rows.map(|row| format!("{row}\n")).concat()).tells("2 created");
    assert_eq!(live.assessments(&trace).len(), 3);
    let (_, way_back) = ended.stderr.split_once("mlflow-trace undo ").unwrap();
    run(&["undo", way_back.split_once('`').unwrap().0], String::new());
    let mut after = live.assessments(&trace);
    after[0]["last_update_time"] = before[0]["last_update_time"].clone();
    assert_eq!(after, before);
}
