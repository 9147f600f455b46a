//! What takes a run back: pure, from what its journal says.
//!
//! Whatever may have happened is taken back, also what was under way when the run was killed: each tag gets the value it
//! had before, if it still is what the run made of it.

use std::collections::HashMap;

use serde_json::Value;

use super::journal::{Action, Entry, Recorded};
use super::tags::{Group, Guard, SHOWN_CHARACTERS, TagChange, TagChanges, TagPlan};
use crate::model::TraceId;

/// The plan that puts every tag back that a run has, or may have, changed; traces in the order in which the run came to
/// them.
#[must_use]
pub fn tags(recorded: &Recorded) -> TagPlan {
    let mut ids: Vec<TraceId> = Vec::new();
    let mut changes: HashMap<TraceId, Vec<TagChange>> = HashMap::new();
    for entry in recorded.entries.iter().filter(|entry| entry.outcome.may_have_happened()) {
        let (Action::SetTag { key } | Action::DeleteTag { key }) = &entry.action else { continue };
        let of_trace = changes.entry(entry.trace_id.clone()).or_insert_with(|| {
            ids.push(entry.trace_id.clone());
            Vec::new()
        });
        let back = back(key, entry);
        match of_trace.iter_mut().find(|change| change.key == *key) {
            // Changed twice: from what it is now to what it was at first.
            Some(change) if matches!(change.guard, Guard::If(_)) => change.guard = back.guard,
            Some(_) => {}
            None => of_trace.push(back),
        }
    }
    TagPlan { groups: vec![Group { experiment: None, ids }], changes: TagChanges::Each(changes) }
}

fn back(key: &str, entry: &Entry) -> TagChange {
    let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
    let (before, after) = (text(&entry.before), text(&entry.after));
    let is_cut = before.as_ref().is_some_and(|value| value.chars().count() >= SHOWN_CHARACTERS);
    let guard = if is_cut {
        Guard::Never(format!(
            "the server shows only {SHOWN_CHARACTERS} characters of a value, so that the rest of the old one is not known"
        ))
    } else {
        Guard::If(after)
    };
    TagChange { key: key.to_owned(), value: before, guard }
}

/// How many traces the run has, or may have, deleted: nothing here brings them back.
#[must_use]
pub fn deleted(recorded: &Recorded) -> u64 {
    let is_deletion = |entry: &&Entry| entry.action == Action::Delete && entry.outcome.may_have_happened();
    recorded.entries.iter().filter(is_deletion).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::journal::{Header, Outcome};

    fn entry(seq: u64, id: &str, action: Action, values: (Option<&str>, Option<&str>), outcome: Outcome) -> Entry {
        let value = |text: Option<&str>| text.map(Value::from);
        let (before, after) = (value(values.0), value(values.1));
        Entry { seq, trace_id: id.into(), action, before, after, outcome, reason: None }
    }

    fn set(key: &str) -> Action {
        Action::SetTag { key: key.into() }
    }

    fn plan(entries: Vec<Entry>) -> (Vec<String>, Vec<TagChange>) {
        let header = Header::new("tag set", 0, "");
        let plan = tags(&Recorded { header, entries, finished: None, torn: false });
        let ids = &plan.groups[0].ids;
        let changes = ids.iter().flat_map(|id| plan.changes.of(id).to_vec()).collect();
        (ids.iter().map(ToString::to_string).collect(), changes)
    }

    #[test]
    fn what_may_have_happened_is_taken_back_and_nothing_else() {
        let (ids, changes) = plan(vec![
            entry(1, "tr-1", set("a"), (None, Some("new")), Outcome::Done),
            entry(2, "tr-2", set("a"), (Some("old"), Some("new")), Outcome::Planned),
            entry(3, "tr-3", set("a"), (Some("new"), Some("new")), Outcome::Unchanged),
            entry(4, "tr-4", Action::DeleteTag { key: "b".into() }, (Some("x"), None), Outcome::Failed),
            entry(5, "tr-5", set("a"), (None, Some("new")), Outcome::Spared),
            entry(6, "tr-6", Action::Delete, (None, None), Outcome::Done),
        ]);
        assert_eq!(ids, ["tr-1", "tr-2", "tr-4"]);
        let change = |key: &str, value: Option<&str>, guard: Option<&str>| TagChange {
            key: key.into(),
            value: value.map(str::to_owned),
            guard: Guard::If(guard.map(str::to_owned)),
        };
        let expected =
            [change("a", None, Some("new")), change("a", Some("old"), Some("new")), change("b", Some("x"), None)];
        assert_eq!(changes, expected);
    }

    #[test]
    fn a_tag_changed_twice_gets_its_first_value_back() {
        let (_, changes) = plan(vec![
            entry(1, "tr-1", set("a"), (Some("1"), Some("2")), Outcome::Done),
            entry(2, "tr-1", set("a"), (Some("2"), Some("3")), Outcome::Done),
        ]);
        assert_eq!(
            changes,
            [TagChange { key: "a".into(), value: Some("1".into()), guard: Guard::If(Some("3".into())) }]
        );
    }

    #[test]
    fn a_value_that_may_have_been_cut_is_not_put_back() {
        let long = "é".repeat(SHOWN_CHARACTERS);
        let (_, changes) = plan(vec![entry(1, "tr-1", set("a"), (Some(&long), Some("2")), Outcome::Done)]);
        assert!(matches!(&changes[0].guard, Guard::Never(reason) if reason.contains("4096")));
    }
}
