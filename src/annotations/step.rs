//! What to do for a row, given what its trace has: pure.

use std::str::FromStr;

use super::content::{edited_id, is_rival, says_the_same};
use super::results::RowFate;
use super::row::Row;
use crate::model::{Assessment, AssessmentId, TraceId};

/// What to do where the trace has an assessment of the same name by the same source on the same span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnExisting {
    /// Leave it, unless the row has its id and says something else: then somebody has edited what was exported, and means
    /// to override it.
    Edits,
    /// Leave it.
    Skip,
    /// Override it.
    Override,
    /// Add another one.
    Append,
}

impl OnExisting {
    /// The word in flags and plans; a plan of edits names each.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edits | Self::Skip => "skip",
            Self::Override => "override",
            Self::Append => "append",
        }
    }
}

impl FromStr for OnExisting {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let all = [Self::Skip, Self::Override, Self::Append];
        let known = all.into_iter().find(|known| known.as_str() == word);
        known.ok_or_else(|| format!("unknown value {word:?}; expected skip, override or append"))
    }
}

/// What to do for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Create an assessment.
    Create {
        /// Its id.
        id: AssessmentId,
        /// The one that it overrides.
        overrides: Option<AssessmentId>,
    },
    /// Nothing.
    Leave {
        /// The assessment that is in the way, or already says it.
        id: Option<AssessmentId>,
        /// What is told about the row.
        fate: RowFate,
        /// Reason, as a clause without a capital letter.
        reason: String,
    },
}

fn leave(id: Option<AssessmentId>, fate: RowFate, reason: impl Into<String>) -> Step {
    Step::Leave { id, fate, reason: reason.into() }
}

/// What to do for a row on its trace, which has these assessments, overridden ones among them.
pub(super) fn step(row: &Row, trace: &TraceId, there: &[Assessment], on_existing: OnExisting) -> Step {
    let id = row.id_on(trace);
    if let Some(known) = there.iter().find(|known| known.id().as_ref() == Some(&id)) {
        return known_step(row, id, known, (trace, there), on_existing);
    }
    if let Some(old) = &row.overrides {
        if there.iter().any(|known| known.id().as_ref() == Some(old)) {
            return Step::Create { id, overrides: Some(old.clone()) };
        }
        return leave(None, RowFate::Failed, format!("the trace has no assessment {old} that could be overridden"));
    }
    let rivals = there.iter().filter(|known| known.is_valid() && is_rival(row, known));
    let same = rivals.clone().find(|known| says_the_same(row, known)).and_then(Assessment::id);
    let newest = rivals.max_by_key(|known| known.create_time_ms()).and_then(Assessment::id);
    match (on_existing, same, newest) {
        (OnExisting::Append, ..) | (_, _, None) => Step::Create { id, overrides: None },
        (_, Some(same), _) => leave(Some(same), RowFate::Unchanged, "it already has this value"),
        (OnExisting::Edits | OnExisting::Skip, None, Some(rival)) => {
            let reason = format!("{} {} already gave another value", row.source_type, row.source_id);
            leave(Some(rival), RowFate::Skipped, reason)
        }
        (OnExisting::Override, None, Some(rival)) => Step::Create { id, overrides: Some(rival) },
    }
}

/// What the source of a row said before of the same, and still counts: one that says what the row says, and all that say
/// something else.
#[must_use]
pub fn said_before(row: &Row, there: &[Assessment]) -> (Option<AssessmentId>, Vec<AssessmentId>) {
    let rivals = there.iter().filter(|known| known.is_valid() && is_rival(row, known));
    let (same, others): (Vec<&Assessment>, Vec<&Assessment>) = rivals.partition(|known| says_the_same(row, known));
    (same.first().and_then(|same| same.id()), others.into_iter().filter_map(Assessment::id).collect())
}

/// Those that still count beside what came of a row that was to override what its source had said: the server lets one
/// assessment override one other. None if another one overrides what came of the row.
#[must_use]
pub fn left_valid(row: &Row, own: &AssessmentId, there: &[Assessment], on_existing: OnExisting) -> Vec<AssessmentId> {
    let is_own = |known: &&Assessment| known.id().as_ref() == Some(own);
    if on_existing != OnExisting::Override || there.iter().find(is_own).is_some_and(|own| !own.is_valid()) {
        return Vec::new();
    }
    let counts = |known: &&Assessment| !is_own(known) && known.is_valid() && is_rival(row, known);
    there.iter().filter(counts).filter_map(Assessment::id).collect()
}

/// For a row whose assessment is there.
fn known_step(
    row: &Row,
    id: AssessmentId,
    known: &Assessment,
    (trace, there): (&TraceId, &[Assessment]),
    on_existing: OnExisting,
) -> Step {
    let (fate, reason) = match (says_the_same(row, known), known.is_valid(), row.id.is_some()) {
        (true, true, _) => (RowFate::Unchanged, "it is there"),
        (true, false, _) => (RowFate::Unchanged, "already exists, and is overridden"),
        (false, _, true) => return edited_step(row, id, known, (trace, there), on_existing),
        (false, _, false) => (RowFate::Skipped, "already exists, and was changed since"),
    };
    leave(Some(id), fate, reason)
}

/// For a row that has the id of an assessment and says something else: a row of an export that somebody has edited.
fn edited_step(
    row: &Row,
    old: AssessmentId,
    known: &Assessment,
    (trace, there): (&TraceId, &[Assessment]),
    on_existing: OnExisting,
) -> Step {
    let id = edited_id(row, trace, &old);
    if there.iter().any(|other| other.id().as_ref() == Some(&id) && says_the_same(row, other)) {
        return leave(Some(id), RowFate::Unchanged, "it is there");
    }
    if known.kind() != row.kind || known.name() != row.name {
        return leave(Some(old), RowFate::Failed, "the assessment with this id belongs to something else");
    }
    let override_it = Step::Create { id: id.clone(), overrides: Some(old.clone()) };
    match (on_existing, known.is_valid()) {
        (OnExisting::Append, _) => Step::Create { id, overrides: None },
        // What a plan says was decided when it was made.
        (OnExisting::Skip, _) if row.planned.is_none() => leave(
            Some(old),
            RowFate::Skipped,
            "the assessment with this id has another value; clear assessment_id to add a new one",
        ),
        (_, false) => leave(Some(old), RowFate::Failed, "the assessment with this id is already overridden"),
        (OnExisting::Override, true) => override_it,
        (OnExisting::Edits | OnExisting::Skip, true) if known.was_updated() => {
            let reason = "the assessment with this id was updated on the server, perhaps after the export";
            leave(Some(old), RowFate::Failed, format!("{reason}; to override it anyway, use --on-existing override"))
        }
        (OnExisting::Edits | OnExisting::Skip, true) => override_it,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotations::row::tests::row;
    use serde_json::{Value, json};

    fn trace() -> TraceId {
        TraceId::new("tr-1")
    }

    /// What a row became at an hour of the day.
    fn made(row: &Row, hour: u32, is_valid: bool) -> Assessment {
        let made = row.assessment(&row.id_on(&trace()), None, &format!("2026-11-22T{hour:02}:00:00Z"));
        let mut object = made.as_object().clone();
        object.insert("valid".into(), is_valid.into());
        Assessment::new(object)
    }

    fn fate(step: &Step) -> Option<RowFate> {
        match step {
            Step::Create { .. } => None,
            Step::Leave { fate, .. } => Some(*fate),
        }
    }

    fn overridden(step: &Step) -> Option<AssessmentId> {
        match step {
            Step::Create { overrides, .. } => overrides.clone(),
            Step::Leave { .. } => None,
        }
    }

    const ALL: [OnExisting; 4] = [OnExisting::Edits, OnExisting::Skip, OnExisting::Override, OnExisting::Append];

    #[test]
    fn on_a_trace_without_assessments_a_row_is_created() {
        for mode in ALL {
            let created = step(&row(json!(true)), &trace(), &[], mode);
            assert_eq!(created, Step::Create { id: row(json!(true)).id_on(&trace()), overrides: None });
        }
    }

    #[test]
    fn the_same_row_again_changes_nothing() {
        for (mode, is_valid) in ALL.into_iter().flat_map(|mode| [(mode, true), (mode, false)]) {
            let there = [made(&row(json!(true)), 8, is_valid)];
            assert_eq!(fate(&step(&row(json!(true)), &trace(), &there, mode)), Some(RowFate::Unchanged));
        }
    }

    #[test]
    fn another_value_is_skipped_overrides_or_is_added() {
        let there = [made(&row(json!(1)), 8, true), made(&row(json!(2)), 9, true), made(&row(json!(3)), 10, false)];
        let new = row(json!(false));
        let with = |mode| step(&new, &trace(), &there, mode);
        assert_eq!(fate(&with(OnExisting::Skip)), Some(RowFate::Skipped));
        assert_eq!(overridden(&with(OnExisting::Override)), there[1].id(), "the newest valid one");
        assert_eq!(with(OnExisting::Append), Step::Create { id: new.id_on(&trace()), overrides: None });
    }

    #[test]
    fn only_one_can_be_overridden_and_the_others_are_named() {
        let there = [made(&row(json!(1)), 8, true), made(&row(json!(2)), 9, true), made(&row(json!(3)), 10, false)];
        let own = row(json!(2)).id_on(&trace());
        let left = |mode| left_valid(&row(json!(2)), &own, &there, mode);
        assert_eq!(left(OnExisting::Override), [there[0].id().unwrap()]);
        assert_eq!((left(OnExisting::Skip), left(OnExisting::Append)), (vec![], vec![]));
        let old = row(json!(3)).id_on(&trace());
        assert_eq!(left_valid(&row(json!(3)), &old, &there, OnExisting::Override), [], "it is overridden itself");
    }

    #[test]
    fn others_are_no_rivals() {
        let changes: [fn(&mut Row); 4] = [
            |row| row.name = "other".into(),
            |row| row.source_id = "bob".into(),
            |row| row.source_type = "CODE",
            |row| row.span_id = Some("47699324c8521bc4".into()),
        ];
        for change in changes {
            let mut other = row(json!(1));
            change(&mut other);
            let there = [made(&other, 8, true)];
            assert_eq!(fate(&step(&row(json!(2)), &trace(), &there, OnExisting::Skip)), None);
        }
    }

    #[test]
    fn what_another_tool_logged_counts_as_there() {
        let mut object = made(&row(json!(4)), 8, true).as_object().clone();
        object.insert("assessment_id".into(), "a-of-another".into());
        object.insert("feedback".into(), json!({"value": 4.0}));
        let there = [Assessment::new(object)];
        assert_eq!(fate(&step(&row(json!(4)), &trace(), &there, OnExisting::Skip)), Some(RowFate::Unchanged));
        assert_eq!(fate(&step(&row(json!(4)), &trace(), &there, OnExisting::Override)), Some(RowFate::Unchanged));
        assert_eq!(fate(&step(&row(json!(4)), &trace(), &there, OnExisting::Append)), None);
    }

    #[test]
    fn what_was_changed_since_is_left() {
        let with = |value: Value, id: Option<&str>| Row { id: id.map(AssessmentId::from), ..row(value) };
        let changed = |row: &Row| {
            let mut object = made(row, 8, true).as_object().clone();
            object.insert("feedback".into(), json!({"value": "edited"}));
            [Assessment::new(object)]
        };
        let derived = with(json!(1), None);
        assert_eq!(fate(&step(&derived, &trace(), &changed(&derived), OnExisting::Override)), Some(RowFate::Skipped));
        let named = with(json!(1), Some("a-1"));
        assert_eq!(fate(&step(&named, &trace(), &changed(&named), OnExisting::Skip)), Some(RowFate::Skipped));
    }

    #[test]
    fn a_row_can_name_what_it_overrides() {
        let old = made(&row(json!(1)), 8, true);
        let new = Row { overrides: old.id(), ..row(json!(2)) };
        assert_eq!(overridden(&step(&new, &trace(), std::slice::from_ref(&old), OnExisting::Skip)), old.id());
        assert_eq!(fate(&step(&new, &trace(), &[], OnExisting::Skip)), Some(RowFate::Failed));
    }

    /// A row as `export` writes it, with another value.
    fn edited(of: &Row, value: Value) -> Row {
        Row { id: Some(of.id_on(&trace())), value, create_time: Some("2026-11-22T01:00:00Z".into()), ..of.clone() }
    }

    #[test]
    fn an_edited_row_of_an_export_overrides_what_it_was() {
        let was = row(json!(0.5));
        let there = [made(&was, 1, true)];
        let edited = edited(&was, json!(0.75));
        let old = was.id_on(&trace());
        let id = edited_id(&edited, &trace(), &old);
        let overriding = Step::Create { id: id.clone(), overrides: Some(old.clone()) };
        for mode in [OnExisting::Edits, OnExisting::Override] {
            assert_eq!(step(&edited, &trace(), &there, mode), overriding);
        }
        let new = edited.assessment(&id, Some(&old), "2026-11-22T09:00:00Z");
        assert_eq!(new.as_object()["create_time"], "2026-11-22T09:00:00Z", "it is said now");
        let after = [made(&was, 1, false), new];
        for mode in ALL {
            assert_eq!(fate(&step(&edited, &trace(), &after, mode)), Some(RowFate::Unchanged), "once is enough");
        }
        assert_eq!(fate(&step(&edited, &trace(), &there, OnExisting::Skip)), Some(RowFate::Skipped));
        assert_eq!(step(&edited, &trace(), &there, OnExisting::Append), Step::Create { id, overrides: None });
        for mode in ALL {
            let same = Row { id: Some(old.clone()), ..was.clone() };
            assert_eq!(fate(&step(&same, &trace(), &there, mode)), Some(RowFate::Unchanged), "not edited");
        }
    }

    #[test]
    fn what_may_not_be_an_edit_is_told_and_nothing_is_overridden() {
        let was = row(json!(0.5));
        let edited = edited(&was, json!(0.75));
        let mut object = made(&was, 1, true).as_object().clone();
        object.insert("last_update_time".into(), "2026-11-22T02:00:00Z".into());
        let updated = [Assessment::new(object)];
        assert_eq!(fate(&step(&edited, &trace(), &updated, OnExisting::Edits)), Some(RowFate::Failed));
        assert_eq!(fate(&step(&edited, &trace(), &updated, OnExisting::Override)), None, "whoever asks for it");
        let overridden = [made(&was, 1, false)];
        assert_eq!(fate(&step(&edited, &trace(), &overridden, OnExisting::Edits)), Some(RowFate::Failed));
        let renamed = Row { name: "tone".into(), ..edited };
        assert_eq!(
            fate(&step(&renamed, &trace(), &[made(&was, 1, true)], OnExisting::Override)),
            Some(RowFate::Failed)
        );
    }
}
