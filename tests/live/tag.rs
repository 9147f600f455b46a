//! `tag set` and `tag delete`.

use serde_json::{Value, json};

use crate::harness::{Live, live, sorted};

const UNKNOWN: &str = "tr-00000000000000000000000000000bad";

fn tag(live: &Live, id: &str, key: &str) -> Value {
    live.info(id)["tags"][key].clone()
}

#[test]
fn tags_are_set_on_every_trace_named() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed_plain(3);
    let run = live.run(&["tag", "set", &ids[0], &ids[1], "reviewed=yes", "note=a=b é 📦", "empty=", "-o", "json"]);
    assert_eq!(run.succeeds().json()["traces"], 2);
    for id in &ids[..2] {
        assert_eq!(tag(live, id, "reviewed"), "yes");
        assert_eq!(tag(live, id, "note"), "a=b é 📦");
        assert_eq!(tag(live, id, "empty"), "");
    }
    assert_eq!(tag(live, &ids[2], "reviewed"), Value::Null, "the third was not named");
    live.run(&["tag", "set", &ids[0], "reviewed=no"]).succeeds();
    assert_eq!(tag(live, &ids[0], "reviewed"), "no");
}

#[test]
fn what_a_search_found_can_be_tagged() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([{"state": "ERROR"}, {"state": "OK"}, {"state": "ERROR"}]));
    let found = experiment.run(&["search", "status = 'ERROR'", "-o", "ids"]).succeeds();
    experiment.program(&["tag", "set", "-", "reviewed=yes"]).stdin(found.stdout).run().succeeds();
    let tagged = experiment.search("tags.reviewed = 'yes'", &["timestamp_ms DESC"]);
    assert_eq!(sorted(tagged), sorted(vec![ids[0].clone(), ids[2].clone()]));
    let nothing = experiment.program(&["tag", "set", "-", "reviewed=yes"]).stdin("").run();
    nothing.succeeds();
}

#[test]
fn tags_are_deleted() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed(&json!([{"tags": {"a": "1", "b": "2"}}, {"tags": {"a": "1", "b": "2"}}]));
    live.run(&["tag", "delete", &ids[0], "a"]).succeeds();
    assert_eq!((tag(live, &ids[0], "a"), tag(live, &ids[0], "b")), (Value::Null, json!("2")));
    assert_eq!(tag(live, &ids[1], "a"), "1");
    let piped = live.program(&["tag", "delete", "-", "--key", "b"]).stdin(format!("{}\n{}\n", ids[0], ids[1]));
    piped.run().succeeds();
    assert_eq!((tag(live, &ids[0], "b"), tag(live, &ids[1], "b")), (Value::Null, Value::Null));
}

#[test]
fn one_unknown_trace_stops_everything() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let id = experiment.seed_one();
    live.run(&["tag", "set", &id, UNKNOWN, "reviewed=yes"]).exits(9).tells(UNKNOWN);
    assert_eq!(tag(live, &id, "reviewed"), Value::Null, "nothing was changed");
    live.run(&["tag", "delete", UNKNOWN, "reviewed"]).exits(9).tells(UNKNOWN);
}

#[test]
fn unknown_traces_can_be_left_out() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let id = experiment.seed_one();
    live.run(&["tag", "set", &id, UNKNOWN, "reviewed=yes", "--ignore-missing"]).succeeds();
    assert_eq!(tag(live, &id, "reviewed"), "yes");
}

#[test]
fn keys_and_values_that_the_server_would_refuse_or_cut_are_refused_before() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let id = experiment.seed_one();
    let before = live.info(&id);
    let long = format!("{}=x", "k".repeat(251));
    for bad in ["we?rd=x", "/lead=x", "a//b=x", "mlflow.trace.spansLocation=x", long.as_str()] {
        live.run(&["tag", "set", &id, "good=yes", bad]).exits(2);
    }
    live.run(&["tag", "set", &id]).exits(2);
    assert_eq!(live.info(&id), before, "nothing was changed");
}

#[test]
fn keys_that_the_server_takes_are_taken() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let id = experiment.seed_one();
    for key in ["path/to.key-1:x", "my key", "ключ", "mlflow.traceName"] {
        live.run(&["tag", "set", &id, &format!("{key}=v")]).succeeds();
        assert_eq!(tag(live, &id, key), "v", "{key}");
    }
}
