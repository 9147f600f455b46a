//! What takes a run back: pure, from what its journal says.
//!
//! Whatever may have happened is taken back, also what was under way when the run was killed: each tag gets the value it
//! had before, if it still is what the run made of it, and each assessment likewise.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::journal::{Action, Entry, Recorded};
use super::tags::{Group, Guard, SHOWN_CHARACTERS, TagChange, TagChanges, TagPlan};
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId};

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
            "the server returns only {SHOWN_CHARACTERS} characters of a value, so the old value is not completely known"
        ))
    } else {
        Guard::If(after)
    };
    TagChange { key: key.to_owned(), value: before, guard }
}

/// An assessment that is to be put back.
#[derive(Clone, Debug, PartialEq)]
pub struct AssessmentBack {
    /// Of which trace.
    pub trace_id: TraceId,
    /// Its id.
    pub id: AssessmentId,
    /// What it was before the run; `None` if it was not there.
    pub before: Option<Assessment>,
    /// What the run made of it; `None` if it was deleted.
    pub after: Option<Assessment>,
}

/// What puts an assessment back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoStep {
    /// Nothing: it is as it was.
    Nothing,
    /// It is deleted.
    Delete,
    /// It is created anew, with its id.
    Create,
    /// It is changed.
    Update,
    /// Nothing, for this reason.
    Refuse(&'static str),
}

/// Every assessment that a run has, or may have, changed: trace by trace, in the order in which it came to them.
#[must_use]
pub fn assessments(recorded: &Recorded) -> Vec<AssessmentBack> {
    let mut backs: Vec<AssessmentBack> = Vec::new();
    let mut places = HashMap::new();
    for entry in recorded.entries.iter().filter(|entry| entry.outcome.may_have_happened()) {
        let (Action::CreateAssessment { assessment_id }
        | Action::UpdateAssessment { assessment_id }
        | Action::DeleteAssessment { assessment_id }) = &entry.action
        else {
            continue;
        };
        let read = |value: &Option<Value>| value.as_ref()?.as_object().cloned().map(Assessment::new);
        let (trace_id, id) = (entry.trace_id.clone(), AssessmentId::new(assessment_id));
        let (before, after) = (read(&entry.before), read(&entry.after));
        let place = *places.entry((trace_id.clone(), id.clone())).or_insert(backs.len());
        match backs.get_mut(place) {
            // Changed twice: from what it is now to what it was at first.
            Some(back) => back.after = after,
            None => backs.push(AssessmentBack { trace_id, id, before, after }),
        }
    }
    let mut turns = HashMap::new();
    for back in &backs {
        let turn = turns.len();
        turns.entry(back.trace_id.clone()).or_insert(turn);
    }
    backs.sort_by_key(|back| turns.get(&back.trace_id).copied());
    backs
}

/// What puts the assessments of one trace back, in their order, given all that it has now.
///
/// What another one overrides is not deleted unless that one is, too: what it overrides itself would count again.
#[must_use]
pub fn steps(backs: &[&AssessmentBack], present: &[Assessment]) -> Vec<UndoStep> {
    let present: HashMap<AssessmentId, &Assessment> =
        present.iter().filter_map(|known| Some((known.id()?, known))).collect();
    let steps: Vec<UndoStep> = backs.iter().map(|back| back.step(present.get(&back.id).copied())).collect();
    let deleted = backs.iter().zip(&steps).filter(|(_, step)| **step == UndoStep::Delete);
    let mut going: HashSet<AssessmentId> = deleted.map(|(back, _)| back.id.clone()).collect();
    let old = |known: &Assessment| known.as_object().get("overrides").and_then(Value::as_str).map(AssessmentId::from);
    let links: Vec<(&AssessmentId, AssessmentId)> =
        present.iter().filter_map(|(id, known)| Some((id, old(known)?))).collect();
    loop {
        let held = links.iter().filter(|(new, old)| going.contains(old) && !going.contains(*new));
        let held: Vec<AssessmentId> = held.map(|(_, old)| old.clone()).collect();
        if held.is_empty() {
            break;
        }
        going.retain(|id| !held.contains(id));
    }
    let stays = |(back, step): (&&AssessmentBack, UndoStep)| match step {
        UndoStep::Delete if !going.contains(&back.id) => {
            UndoStep::Refuse("it is overridden by another assessment, which is kept")
        }
        step => step,
    };
    backs.iter().zip(steps).map(stays).collect()
}

impl AssessmentBack {
    /// What puts it back, given what it is now and nothing else.
    fn step(&self, present: Option<&Assessment>) -> UndoStep {
        if is_same(present, self.before.as_ref()) {
            return UndoStep::Nothing;
        }
        if !is_same(present, self.after.as_ref()) {
            return UndoStep::Refuse("it was changed since");
        }
        match (&self.before, present) {
            (None, _) => UndoStep::Delete,
            (Some(before), None) if !before.is_valid() => {
                UndoStep::Refuse("it was overridden by another assessment, which the server cannot undo")
            }
            (Some(_), None) => UndoStep::Create,
            (Some(before), Some(present)) => update(before, present),
        }
    }

    /// Whether it is as it was before the run.
    #[must_use]
    pub fn is_back(&self, present: Option<&Assessment>) -> bool {
        is_same(present, self.before.as_ref())
    }
}

/// What the server can change of an assessment, and what it cannot.
fn update(before: &Assessment, present: &Assessment) -> UndoStep {
    let keys = |of: &Assessment| of.as_object().get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    let old = keys(before);
    if keys(present).keys().any(|key| !old.contains_key(key)) {
        UndoStep::Refuse("metadata was added, which the server cannot remove")
    } else if before.error() != present.error() {
        UndoStep::Refuse("it was a failed judgement, which the server cannot restore")
    } else if before.kind() == AssessmentKind::Issue || before.kind() != present.kind() {
        UndoStep::Refuse("the server cannot change it")
    } else {
        UndoStep::Update
    }
}

/// Whether two assessments say the same, whenever they were made.
fn is_same(one: Option<&Assessment>, other: Option<&Assessment>) -> bool {
    let (one, other) = match (one, other) {
        (None, None) => return true,
        (Some(one), Some(other)) => (one, other),
        _ => return false,
    };
    let metadata = |of: &Assessment| of.as_object().get("metadata").and_then(Value::as_object).cloned();
    one.kind() == other.kind()
        && one.name() == other.name()
        && as_stored(one.value()) == as_stored(other.value())
        && one.error() == other.error()
        && (one.source_type(), one.source_id()) == (other.source_type(), other.source_id())
        && one.rationale() == other.rationale()
        && one.span_id() == other.span_id()
        && metadata(one).unwrap_or_default() == metadata(other).unwrap_or_default()
}

/// A value as servers store it: every number is a float.
fn as_stored(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Number(number), Value::from),
        Value::Array(values) => values.into_iter().map(as_stored).collect(),
        Value::Object(object) => object.into_iter().map(|(key, value)| (key, as_stored(value))).collect(),
        other => other,
    }
}

/// How many traces the run has, or may have, deleted: nothing here brings them back.
#[must_use]
pub fn deleted(recorded: &Recorded) -> u64 {
    let is_deletion = |entry: &&Entry| entry.action == Action::Delete && entry.outcome.may_have_happened();
    recorded.entries.iter().filter(is_deletion).count() as u64
}

/// How many traces the run has, or may have, imported: they stay.
#[must_use]
pub fn imported(recorded: &Recorded) -> u64 {
    let is_import = |entry: &&Entry| matches!(entry.action, Action::ImportTrace { .. });
    recorded.entries.iter().filter(is_import).filter(|entry| entry.outcome.may_have_happened()).count() as u64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::changes::journal::{Header, Outcome};

    fn entry(seq: u64, id: &str, action: Action, values: (Option<&str>, Option<&str>), outcome: Outcome) -> Entry {
        let value = |text: Option<&str>| text.map(Value::from);
        let (before, after) = (value(values.0), value(values.1));
        Entry { seq, trace_id: id.into(), action, before, after, outcome, reason: None, archives: Vec::new() }
    }

    fn set(key: &str) -> Action {
        Action::SetTag { key: key.into() }
    }

    fn plan(entries: Vec<Entry>) -> (Vec<String>, Vec<TagChange>) {
        let header = Header::new("tag set", 0, "");
        let plan = tags(&Recorded { header, entries, finished: None, archives: Vec::new(), ended: None, torn: false });
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

    fn assessment(value: Value) -> Assessment {
        serde_json::from_value(value).unwrap()
    }

    fn feedback(value: i32) -> Assessment {
        assessment(
            json!({"assessment_name": "score", "feedback": {"value": value}, "last_update_time": value.to_string()}),
        )
    }

    fn step(before: Option<Assessment>, after: Option<Assessment>, present: Option<&Assessment>) -> UndoStep {
        AssessmentBack { trace_id: "tr-1".into(), id: "a-1".into(), before, after }.step(present)
    }

    #[test]
    fn an_assessment_is_put_back_if_it_is_what_the_run_made_of_it() {
        let (old, new, other) = (feedback(1), feedback(2), feedback(3));
        let stored = assessment(json!({"assessment_name": "score", "feedback": {"value": 2.0}, "valid": true}));
        assert_eq!(step(None, Some(new.clone()), Some(&stored)), UndoStep::Delete, "numbers become floats");
        assert_eq!(step(None, Some(new.clone()), None), UndoStep::Nothing);
        assert_eq!(step(Some(old.clone()), Some(new.clone()), Some(&new)), UndoStep::Update);
        assert_eq!(step(Some(old.clone()), Some(new.clone()), Some(&old)), UndoStep::Nothing);
        assert_eq!(step(Some(old.clone()), None, None), UndoStep::Create);
        for (before, after, present) in [
            (None, Some(&new), Some(&other)),
            (Some(&old), Some(&new), Some(&other)),
            (Some(&old), Some(&new), None),
            (Some(&old), None, Some(&new)),
        ] {
            let step = step(before.cloned(), after.cloned(), present);
            assert_eq!(step, UndoStep::Refuse("it was changed since"));
        }
    }

    #[test]
    fn what_the_server_cannot_put_back_is_refused() {
        let plain = feedback(1);
        let tagged = assessment(json!({"assessment_name": "score", "feedback": {"value": 1}, "metadata": {"a": "b"}}));
        let failed = assessment(json!({"assessment_name": "score", "feedback": {"error": {"error_code": "X"}}}));
        let overridden = assessment(json!({"assessment_name": "score", "feedback": {"value": 1}, "valid": false}));
        assert!(matches!(step(Some(plain.clone()), Some(tagged.clone()), Some(&tagged)), UndoStep::Refuse(_)));
        assert!(matches!(step(Some(failed), Some(plain.clone()), Some(&plain)), UndoStep::Refuse(_)));
        assert!(matches!(step(Some(overridden), None, None), UndoStep::Refuse(_)));
        assert_eq!(step(Some(tagged), Some(plain.clone()), Some(&plain)), UndoStep::Update);
    }

    #[test]
    fn an_assessment_changed_twice_gets_back_what_it_was_at_first() {
        let entry = |seq, action, before: Option<&Assessment>, after: Option<&Assessment>| Entry {
            seq,
            trace_id: "tr-1".into(),
            action,
            before: before.map(|value| serde_json::to_value(value).unwrap()),
            after: after.map(|value| serde_json::to_value(value).unwrap()),
            outcome: Outcome::Done,
            reason: None,
            archives: Vec::new(),
        };
        let (one, two) = (feedback(1), feedback(2));
        let id = || "a-1".to_owned();
        let entries = vec![
            entry(1, Action::UpdateAssessment { assessment_id: id() }, Some(&one), Some(&two)),
            entry(2, Action::DeleteAssessment { assessment_id: id() }, Some(&two), None),
        ];
        let (header, archives) = (Header::new("x", 0, ""), Vec::new());
        let recorded = Recorded { header, entries, finished: None, archives, ended: None, torn: false };
        let back = AssessmentBack { trace_id: "tr-1".into(), id: "a-1".into(), before: Some(one), after: None };
        assert_eq!(assessments(&recorded), [back]);
    }

    #[test]
    fn what_another_one_overrides_goes_only_with_it() {
        let linked = |id: &str, old: Option<&str>, value: i32| {
            let mut object = feedback(value).as_object().clone();
            object.insert("assessment_id".into(), id.into());
            object.extend(old.map(|old| ("overrides".to_owned(), Value::from(old))));
            Assessment::new(object)
        };
        let created = |made: &Assessment| AssessmentBack {
            trace_id: "tr-1".into(),
            id: made.id().unwrap(),
            before: None,
            after: Some(made.clone()),
        };
        let chain = [linked("a-1", Some("a-0"), 1), linked("a-2", Some("a-1"), 2), linked("a-3", Some("a-2"), 3)];
        let backs: Vec<AssessmentBack> = chain.iter().map(created).collect();
        let backs: Vec<&AssessmentBack> = backs.iter().collect();
        assert_eq!(steps(&backs, &chain), [UndoStep::Delete; 3]);
        // The last one was overridden, or edited, by somebody else.
        let theirs = [chain.as_slice(), &[linked("a-4", Some("a-3"), 4)]].concat();
        let stays = UndoStep::Refuse("it is overridden by another assessment, which is kept");
        assert_eq!(steps(&backs, &theirs), [stays; 3]);
        let edited = [chain[0].clone(), chain[1].clone(), linked("a-3", Some("a-2"), 7)];
        assert_eq!(steps(&backs, &edited), [stays, stays, UndoStep::Refuse("it was changed since")]);
        assert_eq!(steps(&backs, &chain[..2]), [UndoStep::Delete, UndoStep::Delete, UndoStep::Nothing]);
    }
}
