//! `feedback import`, `feedback export`, `feedback override`, and the same of expectations.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::harness::{Live, list, live, text};

fn by_id(mut assessments: Vec<Value>) -> Vec<Value> {
    assessments.sort_by_key(|one| one["assessment_id"].to_string());
    assessments
}

/// The server decides when an assessment was made and when it was updated.
#[test]
fn an_edited_row_of_an_export_overrides_what_the_server_keeps() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = list(live.call("seed_many", &json!({"experiment": experiment.id, "count": 2, "age_s": 900})));
    let ids: Vec<String> = ids.into_iter().map(text).collect();
    for id in &ids {
        experiment.run(&["feedback", "log", id, "--name", "score", "--value", "0.5", "--source-id", "jane"]).succeeds();
    }
    let export = ["feedback", "export", "-", "--format", "csv", "--delimiter", ";", "--decimal", ","];
    let exported = experiment.run(&export).succeeds().stdout;
    let edited = exported.replace(&format!("{};score;\"0,5\";", ids[0]), &format!("{};score;0,75;", ids[0]));
    assert_ne!(edited, exported);
    let import = ["feedback", "import", "-", "--format", "csv", "--decimal", ","];
    let back = |text: &str| experiment.program(&import).stdin(text).run();
    back(&edited).succeeds().tells("1 created, 1 already there");
    back(&edited).succeeds().tells("Feedback: 2 already there");
    let valid = |id: &str| -> Vec<Value> {
        let all = live.assessments(id).into_iter().filter(|one| one["valid"] == true);
        all.map(|one| one["feedback"]["value"].clone()).collect()
    };
    assert_eq!((valid(&ids[0]), valid(&ids[1])), (vec![json!(0.75)], vec![json!(0.5)]));
    let other = live.assessments(&ids[1]).remove(0)["assessment_id"].as_str().unwrap().to_owned();
    experiment.run(&["assessment", "update", &ids[1], &other, "--value", "0.9"]).succeeds();
    back(&edited).exits(3).tells("was updated on the server, perhaps after the export");
    assert_eq!(valid(&ids[1]), [json!(0.9)]);
}

#[test]
fn eighty_rows_are_imported_once_and_come_back_from_an_export() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids: Vec<String> =
        list(live.call("seed_many", &json!({"experiment": experiment.id, "count": 80, "age_s": 900})))
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
    experiment.run(&[&import[..], &["--results", &results]].concat()).succeeds().tells("80 created");
    experiment.run(&import).succeeds().tells("80 already there");
    experiment.run(&[&import[..], &["--on-existing", "append"]].concat()).succeeds().tells("80 already there");
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
    experiment.run(&["feedback", "export", &export]).succeeds().tells("Wrote 80 rows of 80 traces");
    for (id, one) in ids.iter().zip(&before) {
        live.call("delete_assessment", &json!({"trace": id, "assessment": one["assessment_id"]}));
    }
    assert!(live.assessments(&ids[0]).is_empty());
    experiment.run(&["feedback", "import", &export]).succeeds().tells("80 created");
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
    let exported = experiment
        .run(&["feedback", "export", "-", "--include-overridden", "--filter", &format!("trace_id = '{ours}'")])
        .succeeds();
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
    run("expectation", row_of("answer", &json!("Berlin"))).exits(3).tells("at most 5 characters");
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
    experiment.program(&import).stdin(exported.stdout.clone()).run().succeeds().tells("3 already there");
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

/// What the assessments of traces say, without when they were last touched.
fn all(live: &Live, ids: &[String]) -> Vec<Vec<Value>> {
    let untimed = |mut one: Value| {
        one.as_object_mut().unwrap().remove("last_update_time");
        one
    };
    ids.iter().map(|id| by_id(live.assessments(id).into_iter().map(untimed).collect())).collect()
}

/// JSON lines of jane's judgements of traces.
fn judged(of: &[(&String, Value)]) -> String {
    let row = |(trace, value): &(&String, Value)| {
        format!(
            "{}\n",
            json!({"trace_id": trace, "name": "helpful", "value": value, "source_type": "HUMAN", "source_id": "jane"})
        )
    };
    of.iter().map(row).collect()
}

const IMPORT: [&str; 6] = ["feedback", "import", "-", "--format", "jsonl", "--on-existing"];

#[test]
fn of_several_rivals_one_is_overridden_and_the_others_are_named() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed_plain(1);
    let run = |mode: &str, value: &str| {
        let command = [&IMPORT[..], &[mode, "-o", "jsonl"]].concat();
        experiment.program(&command).stdin(judged(&[(&ids[0], json!(value))])).run()
    };
    for value in ["one", "two", "three"] {
        run("append", value).succeeds();
    }
    let valid = || -> Vec<String> {
        let all = live.assessments(&ids[0]).into_iter().filter(|one| one["valid"] == true);
        all.map(|one| text(one["assessment_id"].clone())).collect()
    };
    let rivals = valid();
    let ended = run("override", "mine").exits(3);
    let told = ended.jsonl().remove(0);
    assert_eq!(told["result"], "partly");
    let mut left: Vec<String> = list(told["still_valid"].clone()).into_iter().map(text).collect();
    assert!(left.iter().all(|id| rivals.contains(id) && ended.stderr.contains(id)) && left.len() == 2, "{ended}");
    left.push(text(told["assessment_id"].clone()));
    left.sort();
    let mut now = valid();
    now.sort();
    assert_eq!(now, left, "what was told is what the server has");
}

#[test]
fn a_chain_of_overrides_is_taken_back_and_what_others_built_on_stays() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed_plain(4);
    let [one, two, three, four] = [&ids[0], &ids[1], &ids[2], &ids[3]];
    let state = tempfile::tempdir().unwrap();
    let run = |line: &[&str], input: String| {
        experiment.program(line).stdin(input).hidden_env("MLFLOW_TRACE_STATE_DIR", state.path()).run()
    };
    let import = [&IMPORT[..], &["override", "-o", "json"]].concat();
    run(&import, judged(&[(one, json!("first")), (two, json!("first"))])).succeeds();
    let before = all(live, &ids);
    let rows = judged(&[
        (one, json!("second")),
        (one, json!("third")),
        (two, json!("second")),
        (three, json!({"a": [1, null]})),
        (four, json!("fine")),
    ]);
    let imported =
        || run(&import, rows.clone()).succeeds().tells("5 created").json()["run_id"].as_str().unwrap().to_owned();
    run(&["undo", &imported()], String::new()).succeeds().tells("Restored 5 assessments");
    assert_eq!(all(live, &ids), before);
    // Once more, and now somebody else edits one, overrides one and deletes one.
    let run_id = imported();
    let newest = |id: &String| {
        let mut valid = live.assessments(id).into_iter().filter(|known| known["valid"] == true);
        text(valid.next().unwrap()["assessment_id"].clone())
    };
    run(&["assessment", "update", one, &newest(one), "--rationale", "mine"], String::new()).succeeds();
    live.call("override_feedback", &json!({"trace": two, "assessment": newest(two), "value": "last"}));
    live.call("delete_assessment", &json!({"trace": three, "assessment": newest(three)}));
    let changed = all(live, &ids);
    let ended = run(&["undo", &run_id], String::new()).exits(3).tells("3 changes refused");
    ended.tells("it was changed since").tells("it is overridden by another assessment, which is kept");
    let left = all(live, &ids);
    assert_eq!(left[..2], changed[..2], "what others did, and what that builds on, stays");
    assert_eq!(left[2..], before[2..]);
}

#[test]
fn a_plan_is_carried_out_as_far_as_it_still_holds() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed_plain(6);
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.jsonl").to_str().unwrap().to_owned();
    let run = |line: &[&str], input: String| {
        experiment.program(line).stdin(input).hidden_env("MLFLOW_TRACE_STATE_DIR", folder.path()).run()
    };
    run(&[&IMPORT[..], &["skip"]].concat(), judged(&[(&ids[0], json!("old")), (&ids[1], json!("old"))])).succeeds();
    let rows: Vec<_> = ids.iter().map(|id| (id, json!("new"))).collect();
    let planned = [&IMPORT[..], &["override", "--plan", &plan, "--max", "6"]].concat();
    run(&planned, judged(&rows)).succeeds().tells("Wrote a plan for 6 traces");
    assert!(all(live, &ids[2..]).iter().all(Vec::is_empty), "nothing was sent");
    // Meanwhile: overridden by somebody else, there already, said something else, gone.
    let old = text(live.assessments(&ids[0])[0]["assessment_id"].clone());
    live.call("override_feedback", &json!({"trace": ids[0], "assessment": old, "value": "theirs"}));
    run(&[&IMPORT[..], &["skip"]].concat(), judged(&[(&ids[2], json!("new")), (&ids[3], json!("other"))])).succeeds();
    experiment.run(&["delete", &ids[4], "--yes"]).succeeds();
    let before = all(live, &ids[..4]);
    let ended = run(&["apply", &plan, "--yes", "-o", "json"], String::new()).succeeds();
    let told = ended.json();
    assert_eq!(told["rows"], json!({"ok": 2, "spared": 3, "unchanged": 1}));
    let after = all(live, &ids[..4]);
    assert_eq!([&after[0], &after[2], &after[3]], [&before[0], &before[2], &before[3]]);
    let said = |id: &String| {
        let mut said: Vec<_> = live
            .assessments(id)
            .into_iter()
            .map(|one| (one["feedback"]["value"].clone(), one["valid"].clone()))
            .collect();
        said.sort_by_key(|(_, valid)| valid.as_bool());
        said
    };
    assert_eq!(said(&ids[1]), [(json!("old"), json!(false)), (json!("new"), json!(true))]);
    assert_eq!(said(&ids[5]), [(json!("new"), json!(true))]);
    run(&["apply", &plan, "--yes"], String::new()).exits(7).tells("already applied");
    run(&["undo", told["run_id"].as_str().unwrap()], String::new()).succeeds().tells("Restored 2 assessments");
    assert_eq!(all(live, &ids[..4]), before);
    assert!(live.assessments(&ids[5]).is_empty());
}

#[test]
fn single_judgements_honour_a_label_schema_too() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let trace = experiment.seed_one();
    let declare = |name: &str, kind: &str, input: Value| {
        let schema = json!({"experiment": experiment.id, "name": name, "kind": kind, "input": input});
        live.call("create_label_schema", &schema);
    };
    declare("score", "feedback", json!({"min_value": 1, "max_value": 5}));
    declare("answer", "expectation", json!({"max_length": 5}));
    let log = |kind: &str, name: &str, value: &str| live.run(&[kind, "log", &trace, "--name", name, "--value", value]);
    log("feedback", "score", "0").exits(7).tells("a number from 1 up to 5");
    log("expectation", "answer", "Berlin").exits(7).tells("at most 5 characters");
    log("feedback", "answer", "Paris").exits(7).tells("one of expectations");
    assert!(live.assessments(&trace).is_empty());
    let score = log("feedback", "score", "5").succeeds().lines().remove(0);
    log("expectation", "answer", "Paris").succeeds();
    log("feedback", "free", "anything").succeeds();
    live.run(&["feedback", "override", &trace, &score, "--value", "9"]).exits(7);
    live.run(&["assessment", "update", &trace, &score, "--value", "9"]).exits(7);
    assert_eq!(live.assessments(&trace).len(), 3);
}
