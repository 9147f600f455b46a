//! `get`.

use serde_json::json;

use crate::harness::{as_client_writes, live, text};
use crate::support::assert_same;

#[test]
fn a_trace_comes_exactly_as_mlflow_has_it() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let id = text(live.call("seed_showcase", &json!({"experiment": experiment.id})));
    let expected = live.trace(&id);
    let whole = live.run(&["get", &id, "-o", "json"]).succeeds().json();
    assert_same(&live.load(&whole), &expected);
    assert_same(&as_client_writes(&whole), &expected);
    let lines = live.run(&["get", &id, "-o", "jsonl"]).succeeds().jsonl();
    assert_same(&json!(lines), &json!([whole]));
}

#[test]
fn traces_of_every_state_come_as_mlflow_has_them() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([
        {"tokens": [10, 5], "feedback": {"good": true, "score": 4}, "expectations": {"answer": "soon"}},
        {"state": "ERROR", "age_s": 86_400, "duration_ms": 3},
        {"state": "IN_PROGRESS", "tags": {"k": "v"}},
    ]));
    for id in &ids {
        let whole = live.run(&["get", id, "-o", "json"]).succeeds().json();
        assert_same(&live.load(&whole), &live.trace(id));
        assert_same(&as_client_writes(&whole), &live.trace(id));
    }
}

#[test]
fn several_traces_come_in_the_order_asked_for() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed_plain(3);
    let expected = json!([live.trace(&ids[2]), live.trace(&ids[0]), live.trace(&ids[1])]);
    let array = live.run(&["get", &ids[2], &ids[0], &ids[1], "-o", "json"]).succeeds().json();
    assert_same(&array, &expected);
    let piped = live.program(&["get", "-", "-o", "jsonl"]);
    let piped = piped.stdin(format!("{}\n{}\n{}\n", ids[2], ids[0], ids[1])).run().succeeds();
    assert_same(&json!(piped.jsonl()), &expected);
}

#[test]
fn a_unique_beginning_of_an_id_is_that_trace() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed_plain(3);
    for id in &ids {
        let found = live.run(&["get", &id[..14], "-x", &experiment.id, "-o", "json"]).succeeds().json();
        assert_eq!(found["info"]["trace_id"], json!(id));
        let page = format!("{}/#/experiments/{}/traces?selectedEvaluationId={id}", live.uri(), experiment.id);
        assert_eq!(live.run(&["open", &id[..14], "-x", &experiment.id]).succeeds().stdout.trim_end(), page);
        assert_eq!(live.run(&["get", &page, "-o", "json"]).succeeds().json(), found);
    }
    live.run(&["get", "tr-", "-x", &experiment.id]).exits(2).tells(&ids[0]).tells(&ids[2]);
    live.run(&["get", "tr-none", "-x", &experiment.id]).exits(9);
    live.run(&["delete", &ids[0][..14], "-x", &experiment.id, "--yes"]).exits(9).tells("whole trace ids");
}

#[test]
fn people_see_the_spans_and_with_content_what_went_in_and_out() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let id = experiment.seed(&json!([{"state": "ERROR", "request": "needle in the request"}])).remove(0);
    let tree = live.run(&["get", &id]).succeeds().prints(&id).prints("ERROR");
    tree.prints("agent").prints("find_order").prints("answer").prints("TOOL");
    let content = live.run(&["get", &id, "--content"]).succeeds();
    content.prints("find_order").prints("needle in the request").prints("no such order");
}

#[test]
fn control_characters_of_a_trace_do_not_reach_the_terminal() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let id = text(live.call("seed_showcase", &json!({"experiment": experiment.id})));
    let content = live.run(&["get", &id, "--content"]).succeeds().prints("Où est ma commande ? 📦");
    content.does_not_print("\u{1b}").does_not_print("\u{202e}");
}

#[test]
fn an_unknown_trace_is_a_failure_of_its_own() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let id = experiment.seed_one();
    let unknown = "tr-00000000000000000000000000000bad";
    live.run(&["get", unknown]).exits(9).tells(unknown).prints_nothing();
    live.run(&["get", &id, unknown, "-o", "jsonl"]).exits_with_one_of(&[3, 6]).tells(unknown);
}
