//! `delete`.

use serde_json::json;

use crate::harness::{live, sorted, texts};

#[test]
fn the_traces_named_are_deleted_and_no_others() {
    let Some(live) = live() else { return };
    let (experiment, other) = (live.experiment(), live.experiment());
    let ids = experiment.seed_plain(4);
    let others = other.seed_plain(2);
    live.run(&["delete", &ids[0], &ids[2], "-x", &experiment.name, "--yes"]).succeeds();
    assert_eq!(experiment.ids(), sorted(vec![ids[1].clone(), ids[3].clone()]));
    assert_eq!(other.ids(), sorted(others));
}

#[test]
fn the_traces_that_match_are_deleted_and_no_others() {
    let Some(live) = live() else { return };
    let (experiment, other) = (live.experiment(), live.experiment());
    let traces = json!([{"tags": {"environment": "scratch"}}, {"tags": {"environment": "production"}}, {}]);
    let ids = experiment.seed(&traces);
    let others = other.seed(&traces);
    experiment.run(&["delete", "--filter", "tags.environment = 'scratch'", "--yes"]).succeeds();
    assert_eq!(experiment.ids(), sorted(ids[1..].to_vec()));
    assert_eq!(other.ids(), sorted(others));
    let nothing = experiment.run(&["delete", "--filter", "tags.environment = 'scratch'", "--yes"]);
    nothing.succeeds();
}

#[test]
fn more_traces_than_one_request_may_name_are_deleted() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let seed = |tags| {
        let arguments = json!({"experiment": experiment.id, "count": 230, "age_s": 3600, "tags": tags});
        texts(live.call("seed_many", &arguments))
    };
    let scratch = seed(json!({"environment": "scratch"}));
    let kept = seed(json!({"environment": "production"}));
    assert_eq!(experiment.ids().len(), 460);
    let filter = "tags.environment = 'scratch'";
    experiment.run(&["delete", "--filter", filter, "--dry-run"]).succeeds();
    assert_eq!(experiment.ids().len(), 460, "a dry run deletes nothing");
    experiment.run(&["delete", "--filter", filter, "--max-delete", "229", "--yes"]).exits(7);
    assert_eq!(experiment.ids().len(), 460, "too many: none is deleted");
    experiment.run(&["delete", "--filter", filter, "--max-delete", "230", "--yes"]).succeeds();
    assert_eq!(experiment.ids(), sorted(kept.clone()));
    assert_eq!(scratch.len(), 230);
    let piped = experiment.program(&["delete", "-", "--yes"]).stdin(kept[..150].join("\n"));
    piped.run().succeeds();
    assert_eq!(experiment.ids(), sorted(kept[150..].to_vec()));
}

#[test]
fn without_a_terminal_nothing_is_deleted_unless_confirmed() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = experiment.seed_plain(2);
    experiment.run(&["delete", &ids[0]]).exits(7).tells("--yes");
    experiment.run(&["delete", "--filter", "status = 'OK'"]).exits(7).tells("--yes");
    // An answer in a pipe is no answer: the ids may come from there.
    experiment.program(&["delete", &ids[0]]).stdin("y\n").run().exits(7);
    assert_eq!(experiment.ids(), sorted(ids.clone()));
    experiment.run(&["delete", &ids[0], "--dry-run"]).succeeds();
    experiment.run(&["delete", &ids[0], "--dry-run", "--yes"]).exits(2);
    experiment.run(&["delete", &ids[0], "--filter", "status = 'OK'", "--yes"]).exits(2);
    experiment.run(&["delete", "--yes"]).exits(2);
    assert_eq!(experiment.ids(), sorted(ids));
}
