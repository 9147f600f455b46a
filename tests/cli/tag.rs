//! `tag set` and `tag delete`.

use serde_json::json;

use crate::fake::{Failure, Fake, OLD, Rule, Seed, id};
use crate::snapshot::Gallery;

const PATCH: &str = "PATCH";
const DELETE: &str = "DELETE";

#[test]
fn the_gallery_of_tags() {
    let fake = Fake::with_many(3);
    let (one, two) = (id(1), id(2));
    let mut gallery = Gallery::new("tag");
    gallery.scene("set one", &fake.run(&["tag", "set", &one, "reviewed=yes"]).exits(0));
    gallery.scene("set several", &fake.run(&["tag", "set", &one, &two, "reviewed=yes", "team=a=b"]).exits(0));
    gallery.scene("set, as JSON", &fake.run(&["tag", "set", &one, "team=", "-o", "json"]).exits(0));
    gallery.scene("delete one", &fake.run(&["tag", "delete", &one, "reviewed"]).exits(0));
    gallery.scene("delete where it is", &fake.run(&["tag", "delete", &one, &two, "reviewed"]).exits(0));
    gallery.scene("delete what is not there", &fake.run(&["tag", "delete", &one, "reviewed"]).exits(0));
    gallery.scene("no value", &fake.run(&["tag", "set", &one, "reviewed"]).exits(2));
    gallery.scene("no id", &fake.run(&["tag", "set", "reviewed=yes"]).exits(2));
    gallery.scene("a key that the server refuses", &fake.run(&["tag", "set", &one, "a`b=c"]).exits(2));
    gallery.scene("a tag of the server", &fake.run(&["tag", "set", &one, "mlflow.trace.spansLocation=x"]).exits(2));
    let long = format!("note={}", "x".repeat(5000));
    let ended = fake.run(&["tag", "set", &one, &long]).exits(2);
    ended.tells("5000 characters").does_not_tell("xxx");
    gallery.scene("an unknown trace", &fake.run(&["tag", "set", &one, "tr-nope", "a=b"]).exits(9));
    gallery.scene(
        "an unknown trace left out",
        &fake.run(&["tag", "set", "--ignore-missing", &one, "tr-nope", "a=b"]).exits(0),
    );
    fake.fail(Rule::every(&two_tags()), Failure::status(403, "Permission denied"));
    gallery.scene("partly", &fake.run(&["tag", "set", &one, &two, "a=c"]).exits(3));
    gallery.scene("partly, as JSON", &fake.run(&["tag", "set", &one, &two, "a=c", "-o", "json"]).exits(3));
    gallery.scene("not at all", &fake.run(&["tag", "set", &two, "a=c"]).exits(4));
    gallery.check();
}

/// The route of the second trace's tags.
fn two_tags() -> String {
    format!("{}/tags", id(2))
}

#[test]
fn tags_are_set_and_deleted_for_good() {
    let fake = Fake::with_many(2);
    fake.run(&["tag", "set", &id(1), &id(2), "team=search=2", "empty="]).succeeds();
    assert_eq!(fake.state().tag(&id(1), "team").unwrap(), "search=2");
    assert_eq!(fake.state().tag(&id(2), "empty").unwrap(), "");
    assert!(fake.bodies(PATCH).contains(&json!({"key": "team", "value": "search=2"})));
    fake.run(&["tag", "delete", &id(1), "team", "empty"]).succeeds();
    assert_eq!(fake.state().tag(&id(1), "team"), None);
    assert_eq!(fake.state().tag(&id(2), "team").unwrap(), "search=2");
    assert!(fake.bodies(DELETE).contains(&json!({"key": "team"})));
    fake.run(&["search", "tags.team = 'search=2'", "-o", "ids"]).succeeds().prints(&id(2));
}

#[test]
fn wrong_tags_are_refused_before_anything_is_sent() {
    let fake = Fake::with_many(1);
    let key = "k".repeat(251);
    for tag in ["/a=b", "a//b=c", "../x=y", "a`=b", "mlflow.trace.archiveLocation=x", &format!("{key}=v"), "=x"] {
        fake.run(&["tag", "set", &id(1), "good=yes", tag]).exits(2).prints_nothing();
    }
    fake.run(&["tag", "set", &id(1), &format!("good={}", "é".repeat(4097))]).exits(2);
    fake.run(&["tag", "delete", &id(1), "--key", "a`b"]).exits(2);
    assert!(fake.log().is_empty());
}

#[test]
fn one_unknown_id_changes_nothing() {
    let fake = Fake::with_many(2);
    fake.run(&["tag", "set", &id(1), "tr-nope", &id(2), "a=b"]).exits(9).tells("tr-nope").tells("nothing was changed");
    fake.run(&["tag", "delete", &id(1), "tr-nope", "a"]).exits(9);
    assert!(fake.asked(PATCH).is_empty() && fake.asked(DELETE).is_empty());
    fake.run(&["tag", "set", "--ignore-missing", &id(1), "tr-nope", "a=b"])
        .succeeds()
        .tells("warning: there is no trace tr-nope");
    assert_eq!(fake.asked(PATCH).len(), 1);
}

#[test]
fn a_trace_of_a_deleted_experiment_is_not_changed() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).experiment(OLD)]);
    fake.run(&["tag", "set", &id(1), &id(2), "a=b"]).exits(6).tells("deleted").tells("mlflow experiments restore");
    assert!(fake.asked(PATCH).is_empty());
}

#[test]
fn the_rest_goes_on_when_one_trace_fails() {
    let fake = Fake::with_many(6);
    fake.fail(Rule::every(&two_tags()), Failure::status(403, "Permission denied"));
    let ids: Vec<String> = (1..=6).map(id).collect();
    let mut arguments = vec!["tag", "set"];
    arguments.extend(ids.iter().map(String::as_str));
    arguments.push("a=b");
    fake.run(&arguments).exits(3).tells("Set 5 tags on 5 traces.").tells(&id(2));
    let tagged = ids.iter().filter(|id| fake.state().tag(id, "a").is_some()).count();
    assert_eq!(tagged, 5);
}

#[test]
fn ids_come_from_standard_input() {
    let fake = Fake::with_many(3);
    let lines = |ending: &str| [id(1), String::new(), id(2), id(1), String::new()].join(ending);
    for (value, ending) in [("a=a", "\r\n"), ("a=b", "\n")] {
        let set = fake.program(&["tag", "set", "-", value]).stdin(lines(ending));
        set.run().succeeds().tells("Set 2 tags on 2 traces.");
    }
    let delete = fake.program(&["tag", "delete", "-", "--key", "a"]).stdin(id(1));
    delete.run().succeeds();
    assert_eq!(fake.state().tag(&id(1), "a"), None);
    assert_eq!(fake.state().tag(&id(2), "a").unwrap(), "b");
    fake.program(&["tag", "set", "-", "a=b"]).stdin("").run().succeeds().tells("0 traces");
    let json = fake.program(&["tag", "set", "-", "a=b"]).stdin("{\"trace_id\": \"tr-1\"}\n").run().exits(2);
    json.tells("-o ids");
}

#[test]
fn a_key_that_looks_like_an_id_is_named_with_a_flag() {
    let key = "0123456789abcdef0123456789abcdef";
    let fake = Fake::with([Seed::new(1).tag(key, "x").tag("b", "y")]);
    fake.run(&["tag", "delete", &id(1), "--key", key, "--key", "b"]).succeeds().tells("Deleted 2 tags on 1 trace.");
    assert_eq!(fake.state().tag(&id(1), key), None);
}

#[test]
fn a_lost_answer_is_asked_for_again() {
    let fake = Fake::with_many(1);
    fake.fail(Rule::first(PATCH), Failure::LoseAnswer);
    fake.run(&["tag", "set", &id(1), "a=b"]).succeeds();
    assert_eq!(fake.asked(PATCH).len(), 2);
    fake.fail(Rule::first(DELETE), Failure::LoseAnswer);
    fake.run(&["tag", "delete", &id(1), "a"]).succeeds();
    assert_eq!(fake.state().tag(&id(1), "a"), None);
}

#[test]
fn hundreds_of_traces_are_looked_up_in_batches() {
    let fake = Fake::with_many(250);
    let ids: String = (1..=250).map(|number| format!("{}\n", id(number))).collect();
    fake.program(&["tag", "set", "-", "a=b"]).stdin(ids).run().succeeds().tells("Set 250 tags on 250 traces.");
    // All of them first; then each batch before, but for the first one, and after.
    assert_eq!(fake.asked("batchGetInfos").len(), 3 + 2 + 3);
    assert_eq!(fake.asked(PATCH).len(), 250);
}

#[test]
fn a_server_without_the_batch_route_is_asked_one_by_one() {
    let fake = Fake::with_many(3);
    fake.fail(Rule::every("batchGetInfos"), Failure::Answer(crate::fake::recorded("method_not_allowed")));
    fake.run(&["tag", "set", &id(1), &id(2), "a=b"]).succeeds();
    fake.run(&["tag", "set", &id(1), "tr-nope", "a=b"]).exits(9).tells("there is no trace tr-nope");
}
