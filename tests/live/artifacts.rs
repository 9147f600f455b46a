//! What deleted traces leave in the server's artifact store.

use serde_json::{Value, json};

use crate::harness::{Live, live, text};

fn folder(live: &Live, trace: &str) -> String {
    let info = live.info(trace);
    let location = info["tags"]["mlflow.artifactLocation"].as_str().unwrap().to_owned();
    location.strip_prefix("mlflow-artifacts:/").unwrap().to_owned()
}

fn attach(live: &Live, folder: &str) {
    live.call("put_artifact", &json!({"path": format!("{folder}/attachments/a.png")}));
}

/// The names of what is in a folder, as the server lists it.
fn listed(live: &Live, folder: &str) -> Vec<String> {
    let names: Value = live.call("list_artifacts", &json!({"path": folder}));
    names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn files_of_deleted_traces_are_removed_and_no_others() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let seed = || text(live.call("seed_span_file", &json!({"experiment": experiment.id})));
    let (going, staying, stored) = (seed(), seed(), experiment.seed_one());
    let folders = [&going, &staying, &stored].map(|id| folder(live, id));
    for folder in &folders {
        attach(live, folder);
    }
    assert_eq!(listed(live, &folders[0]), ["attachments", "traces.json"]);

    let kept = text(live.call("seed_span_file", &json!({"experiment": experiment.id})));
    let left = folder(live, &kept);
    experiment
        .run(&["delete", &kept, "--yes"])
        .succeeds()
        .tells("The span files of 1 trace are kept in the artifact store.");
    assert_eq!(listed(live, &left), ["traces.json"], "MLflow deletes rows");

    let words = ["delete", &going, &stored, "--artifacts", "delete", "--yes", "-o", "json"];
    let ended = experiment.run(&words).succeeds();
    assert_eq!(ended.json()["artifacts"], json!({"span_files": 1, "removed": 2, "remaining": 0, "left": 0}));
    assert_eq!(experiment.ids(), [staying]);
    let there = folders.each_ref().map(|folder| listed(live, folder).len());
    assert_eq!(there, [0, 2, 0]);
}

#[test]
fn a_tag_that_leads_elsewhere_takes_nothing_away() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let seed = || text(live.call("seed_span_file", &json!({"experiment": experiment.id})));
    let (hostile, other) = (seed(), seed());
    let (own, others) = (folder(live, &hostile), folder(live, &other));
    let root = format!("mlflow-artifacts:/{}", experiment.id);
    for location in [format!("mlflow-artifacts:/{others}"), root, format!("mlflow-artifacts:/x/../{own}")] {
        let victim = text(live.call("seed_span_file", &json!({"experiment": experiment.id})));
        if live.call("set_artifact_location", &json!({"trace": victim, "value": location})) == false {
            // Since 3.18 no such tag leads anywhere else.
            return;
        }
        let words = ["delete", &victim, "--artifacts", "delete", "--yes", "-o", "json"];
        let ended = experiment.run(&words).exits(3).tells(&location);
        assert_eq!((&ended.json()["deleted"], &ended.json()["artifacts"]["remaining"]), (&json!(1), &json!(1)));
    }
    assert_eq!((listed(live, &own), listed(live, &others)), (vec!["traces.json".into()], vec!["traces.json".into()]));
    // Somebody else's tag keeps a folder that is a trace's own.
    let spelled = format!("mlflow-artifacts:/{own}/");
    live.call("set_artifact_location", &json!({"trace": other, "value": spelled}));
    let words = ["delete", &hostile, "--artifacts", "delete", "--yes"];
    experiment.run(&words).exits(3).tells(&format!("trace {other} has its files there, too"));
    assert_eq!(listed(live, &own), ["traces.json"]);
    assert_eq!(experiment.ids(), [other]);
}
