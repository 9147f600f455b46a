//! The rows of one trace, planned and sent one after the other: each sees what the ones before it did.

use std::fmt::Display;

use super::content::says_the_same;
use super::planned::within_plan;
use super::results::{RowFate, RowOutcome};
use super::row::Row;
use super::step::{OnExisting, Step, left_valid, step};
use crate::model::{Assessment, AssessmentId, TraceId};

/// Where assessments are created.
pub trait RowTarget {
    /// What can go wrong.
    type Error: Display;

    /// Creates an assessment, or finds the one of its id that an attempt without an answer left; returns what is stored.
    fn create(&self, trace: &TraceId, new: &Assessment) -> impl Future<Output = Result<Assessment, Self::Error>>;
    /// The assessment of an id, if the trace has it.
    fn find(&self, trace: &TraceId, id: &AssessmentId)
    -> impl Future<Output = Result<Option<Assessment>, Self::Error>>;
    /// What speaks against a row's value, if anything does.
    fn objection(&self, trace: &TraceId, row: &Row) -> Option<String>;
    /// Whether no further row shall be begun.
    fn is_stopped(&self) -> bool;
}

/// Brings the rows of one trace, which has these assessments, and says what became of each in their order, and what the trace
/// has then. A dry run sends nothing. Of rows of a plan only what was planned is done. Rows that were not begun when the target
/// stopped are left out. `now` is RFC 3339.
pub async fn to_trace<T: RowTarget>(
    target: &T,
    trace: &TraceId,
    rows: &[&Row],
    mut there: Vec<Assessment>,
    on_existing: OnExisting,
    dry_run: bool,
    now: &str,
) -> (Vec<RowOutcome>, Vec<Assessment>) {
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        if target.is_stopped() {
            break;
        }
        let planned = match target.objection(trace, row) {
            Some(reason) => Step::Leave { id: None, fate: RowFate::Failed, reason },
            None => step(row, trace, &there, on_existing),
        };
        let (id, fate, reason, overrides) = match within_plan(row, planned, &there) {
            Step::Leave { id, fate, reason } => (id, fate, Some(reason), None),
            Step::Create { id, overrides } => {
                let new = row.assessment(&id, overrides.as_ref(), now);
                let sent = if dry_run { Ok(new) } else { send(target, trace, row, &new, overrides.as_ref()).await };
                match sent {
                    Ok(stored) => {
                        note(&mut there, stored, overrides.as_ref());
                        let reason = overrides.as_ref().map(|old| format!("overrides {old}"));
                        (Some(id), if dry_run { RowFate::WouldCreate } else { RowFate::Ok }, reason, overrides)
                    }
                    Err(reason) => (Some(id), RowFate::Failed, Some(reason), overrides),
                }
            }
        };
        let outcome = RowOutcome { overrides, ..RowOutcome::new(row, Some(trace.clone()), id, fate, reason) };
        outcomes.push(with_those_left(outcome, row, &there, on_existing));
    }
    (outcomes, there)
}

/// What became of a row, with those of its source that still count beside it although they were to be overridden.
fn with_those_left(outcome: RowOutcome, row: &Row, there: &[Assessment], on_existing: OnExisting) -> RowOutcome {
    let result = match outcome.result {
        RowFate::Ok | RowFate::Unchanged => RowFate::Partly,
        RowFate::WouldCreate => RowFate::WouldCreate,
        _ => return outcome,
    };
    let own = outcome.assessment_id.as_ref();
    let still_valid = own.map(|own| left_valid(row, own, there, on_existing)).unwrap_or_default();
    if still_valid.is_empty() {
        return outcome;
    }
    let said = outcome.reason.as_deref().map(|reason| format!("{reason}; ")).unwrap_or_default();
    let ids: Vec<&str> = still_valid.iter().map(AssessmentId::as_str).collect();
    let reason = format!("{said}the server lets it override no other, so {} is still valid", ids.join(", "));
    RowOutcome { result, reason: Some(reason), still_valid, ..outcome }
}

/// Creates one and looks whether what is stored is what was sent, and whether what it overrides is overridden.
async fn send<T: RowTarget>(
    target: &T,
    trace: &TraceId,
    row: &Row,
    new: &Assessment,
    overrides: Option<&AssessmentId>,
) -> Result<Assessment, String> {
    let stored = target.create(trace, new).await.map_err(|error| error.to_string())?;
    if !says_the_same(row, &stored) {
        return Err("the server stored a different value".to_owned());
    }
    if let Some(old) = overrides {
        match target.find(trace, old).await {
            Ok(Some(old)) if !old.is_valid() => {}
            Ok(_) => return Err(format!("it was created, but {old} is still valid")),
            Err(error) => return Err(format!("it was created, but cannot check whether {old} is overridden: {error}")),
        }
    }
    Ok(stored)
}

/// What later rows of the trace see.
fn note(there: &mut Vec<Assessment>, stored: Assessment, overrides: Option<&AssessmentId>) {
    if let Some(old) = overrides
        && let Some(known) = there.iter_mut().find(|known| known.id().as_ref() == Some(old))
    {
        let mut object = known.as_object().clone();
        object.insert("valid".into(), false.into());
        *known = Assessment::new(object);
    }
    there.push(stored);
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;
    use crate::annotations::row::tests::row;
    use serde_json::{Value, json};

    /// A trace, and how its server misbehaves.
    #[derive(Default)]
    struct Fake {
        there: RefCell<Vec<Assessment>>,
        keeps_old_ones_valid: bool,
        stores: Option<Value>,
        stops_after: Option<usize>,
        objects_to: Option<Value>,
        begun: Cell<usize>,
    }

    impl RowTarget for Fake {
        type Error = String;

        async fn create(&self, _: &TraceId, new: &Assessment) -> Result<Assessment, String> {
            self.begun.set(self.begun.get() + 1);
            let mut there = self.there.borrow_mut();
            if there.iter().any(|known| known.id() == new.id()) {
                return Err("constraint violation".into());
            }
            let mut object = new.as_object().clone();
            if let Some(value) = &self.stores {
                object.insert("feedback".into(), json!({"value": value}));
            }
            let overrides = object.get("overrides").and_then(Value::as_str).map(AssessmentId::from);
            let stored = Assessment::new(object);
            if self.keeps_old_ones_valid {
                there.push(stored.clone());
            } else {
                note(&mut there, stored.clone(), overrides.as_ref());
            }
            Ok(stored)
        }

        async fn find(&self, _: &TraceId, id: &AssessmentId) -> Result<Option<Assessment>, String> {
            Ok(self.there.borrow().iter().find(|known| known.id().as_ref() == Some(id)).cloned())
        }

        fn objection(&self, _: &TraceId, row: &Row) -> Option<String> {
            (self.objects_to.as_ref() == Some(&row.value)).then(|| "no".to_owned())
        }

        fn is_stopped(&self) -> bool {
            self.stops_after.is_some_and(|after| self.begun.get() >= after)
        }
    }

    fn fates(fake: &Fake, rows: &[Row], mode: OnExisting, dry_run: bool) -> Vec<RowFate> {
        let rows: Vec<&Row> = rows.iter().collect();
        let there = fake.there.borrow().clone();
        let now = "2026-11-22T08:00:00Z";
        let trace = TraceId::new("tr-1");
        let outcomes = to_trace(fake, &trace, &rows, there, mode, dry_run, now);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(outcomes).0.into_iter().map(|outcome| outcome.result).collect()
    }

    fn rows(values: &[Value]) -> Vec<Row> {
        values.iter().cloned().map(row).collect()
    }

    fn valid(fake: &Fake) -> Vec<Value> {
        fake.there.borrow().iter().filter(|known| known.is_valid()).map(Assessment::value).collect()
    }

    #[test]
    fn rows_see_the_rows_before_them_and_a_repetition_changes_nothing() {
        use RowFate::{Ok, Skipped, Unchanged};
        let rows = rows(&[json!(1), json!(1), json!(2)]);
        for (mode, first, again, left) in [
            (OnExisting::Skip, [Ok, Unchanged, Skipped], [Unchanged, Unchanged, Skipped], vec![json!(1)]),
            (OnExisting::Override, [Ok, Unchanged, Ok], [Unchanged; 3], vec![json!(2)]),
            (OnExisting::Append, [Ok, Unchanged, Ok], [Unchanged; 3], vec![json!(1), json!(2)]),
        ] {
            let fake = Fake::default();
            assert_eq!(fates(&fake, &rows, mode, false), first, "{mode:?}");
            assert_eq!(fates(&fake, &rows, mode, false), again, "{mode:?}");
            assert_eq!(valid(&fake), left, "{mode:?}");
        }
    }

    #[test]
    fn several_rivals_are_overridden_as_far_as_the_server_can_and_the_rest_is_named() {
        let fake = Fake::default();
        let rivals = rows(&[json!(1), json!(2)]);
        assert_eq!(fates(&fake, &rivals, OnExisting::Append, false), [RowFate::Ok; 2]);
        let new = rows(&[json!(3)]);
        assert_eq!(fates(&fake, &new, OnExisting::Override, true), [RowFate::WouldCreate]);
        assert_eq!(fates(&fake, &new, OnExisting::Override, false), [RowFate::Partly]);
        assert_eq!(valid(&fake).len(), 2, "no second copy is made");
        assert_eq!(fates(&fake, &new, OnExisting::Override, false), [RowFate::Partly], "the next run says so again");
        assert_eq!(fates(&fake, &new, OnExisting::Append, false), [RowFate::Unchanged]);
        let left = fake.there.borrow().iter().find(|one| one.is_valid() && one.value() != json!(3)).unwrap().id();
        fake.there.borrow_mut().retain(|one| one.id() != left);
        assert_eq!(fates(&fake, &new, OnExisting::Override, false), [RowFate::Unchanged]);
    }

    #[test]
    fn one_that_says_the_same_does_not_hide_one_that_says_something_else() {
        let fake = Fake::default();
        let rivals = rows(&[json!(1), json!(2)]);
        assert_eq!(fates(&fake, &rivals, OnExisting::Append, false), [RowFate::Ok; 2]);
        assert_eq!(fates(&fake, &rivals[..1], OnExisting::Override, false), [RowFate::Partly]);
        assert_eq!((valid(&fake).len(), fake.begun.get()), (2, 2), "nothing was sent");
    }

    #[test]
    fn a_dry_run_foresees_the_real_one_and_sends_nothing() {
        let fake = Fake::default();
        let dry = fates(&fake, &rows(&[json!(1), json!(2)]), OnExisting::Skip, true);
        assert_eq!(dry, [RowFate::WouldCreate, RowFate::Skipped]);
        assert_eq!(fake.begun.get(), 0);
    }

    #[test]
    fn an_answer_is_not_believed_blindly() {
        let fake = Fake { stores: Some(json!("cut")), ..Fake::default() };
        assert_eq!(fates(&fake, &rows(&[json!("whole")]), OnExisting::Skip, false), [RowFate::Failed]);
        let fake = Fake { keeps_old_ones_valid: true, ..Fake::default() };
        assert_eq!(
            fates(&fake, &rows(&[json!(1), json!(2)]), OnExisting::Override, false),
            [RowFate::Ok, RowFate::Failed]
        );
    }

    #[test]
    fn a_stopped_target_gets_no_further_row() {
        let fake = Fake { stops_after: Some(1), ..Fake::default() };
        assert_eq!(fates(&fake, &rows(&[json!(1), json!(2), json!(3)]), OnExisting::Append, false), [RowFate::Ok]);
    }

    #[test]
    fn an_objection_fails_the_row_alone() {
        let fake = Fake { objects_to: Some(json!(1)), ..Fake::default() };
        assert_eq!(
            fates(&fake, &rows(&[json!(1), json!(2)]), OnExisting::Append, false),
            [RowFate::Failed, RowFate::Ok]
        );
        assert_eq!(fake.begun.get(), 1);
    }
}
