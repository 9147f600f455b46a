//! Rows in plans: a row as JSON, with the one assessment that may be created for it.
//!
//! A plan is carried out later, on traces that may have changed since. What is done then can only be less than what was
//! planned: nothing else is created, and nothing else is overridden.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::results::RowFate;
use super::row::{Row, RowPlace, source_type_word};
use super::step::Step;
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId};

/// What is created for a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creation {
    /// Id of the assessment.
    pub assessment_id: AssessmentId,
    /// The one that it overrides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<AssessmentId>,
}

/// A row as plans hold it.
#[derive(Serialize, Deserialize)]
struct PlannedRow {
    row: u64,
    /// Older versions did not write it.
    #[serde(default)]
    line: Option<u64>,
    creates: Creation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    assessment_id: Option<AssessmentId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    overrides: Option<AssessmentId>,
    name: String,
    value: Value,
    source_type: String,
    source_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rationale: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    span_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    create_time: Option<String>,
}

impl Row {
    /// As JSON for a plan, without its trace, which the plan names: its number is `row`, what is created for it `creates`, and
    /// the rest is called as in files of rows.
    #[must_use]
    pub fn to_plan(&self, creates: Creation) -> Value {
        let row = self.clone();
        let planned = PlannedRow {
            row: row.number,
            line: Some(row.line),
            creates,
            assessment_id: row.id,
            overrides: row.overrides,
            name: row.name,
            value: row.value,
            source_type: row.source_type.to_owned(),
            source_id: row.source_id,
            rationale: row.rationale,
            metadata: row.metadata,
            span_id: row.span_id,
            create_time: row.create_time,
        };
        serde_json::to_value(planned).unwrap_or_default()
    }

    /// Reads what [`Row::to_plan`] made. Fails with what is wrong with it.
    pub fn from_plan(kind: AssessmentKind, trace: TraceId, row: &Value) -> Result<Self, String> {
        let row = PlannedRow::deserialize(row).map_err(|error| error.to_string())?;
        let source_type = source_type_word(&row.source_type)
            .ok_or_else(|| format!("source_type is {:?}; expected HUMAN, LLM_JUDGE or CODE", row.source_type))?;
        Ok(Self {
            number: row.row,
            line: row.line.unwrap_or(row.row),
            place: RowPlace::Trace(trace),
            id: row.assessment_id,
            overrides: row.overrides,
            kind,
            name: row.name,
            value: row.value,
            source_type,
            source_id: row.source_id,
            rationale: row.rationale,
            metadata: row.metadata,
            span_id: row.span_id,
            create_time: row.create_time,
            planned: Some(row.creates),
        })
    }
}

/// What is left of a step for a row of a plan, whose trace has these assessments now.
pub(super) fn within_plan(row: &Row, step: Step, there: &[Assessment]) -> Step {
    let Some(planned) = &row.planned else { return step };
    let spared = |id, reason| Step::Leave { id, fate: RowFate::Spared, reason };
    match step {
        Step::Leave { fate: RowFate::Unchanged, .. } => step,
        Step::Leave { id, reason, .. } => spared(id, reason),
        Step::Create { id, overrides } => match overrides {
            overrides if overrides != planned.overrides => {
                let reason = match &overrides {
                    Some(other) => format!("it would override {other}, which is not in the plan"),
                    None => "the assessment to override is no longer valid".to_owned(),
                };
                spared(overrides, reason)
            }
            Some(old) if !counts(&old, there) => {
                let reason = format!("{old} is overridden already");
                spared(Some(old), reason)
            }
            overrides if id == planned.assessment_id => Step::Create { id, overrides },
            _ => spared(None, format!("it would create {id}, which is not in the plan")),
        },
    }
}

fn counts(id: &AssessmentId, there: &[Assessment]) -> bool {
    there.iter().any(|known| known.is_valid() && known.id().as_ref() == Some(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotations::row::tests::row;
    use serde_json::json;

    fn creation(id: &str, overrides: Option<&str>) -> Creation {
        Creation { assessment_id: AssessmentId::new(id), overrides: overrides.map(AssessmentId::from) }
    }

    #[test]
    fn a_row_reads_back_as_it_was_planned() {
        let full = Row {
            number: 7,
            line: 9,
            id: Some("a-1".into()),
            overrides: Some("a-0".into()),
            rationale: Some("so".into()),
            metadata: [("k".to_owned(), "v".to_owned())].into(),
            span_id: Some("47699324c8521bc4".into()),
            create_time: Some("2026-11-22T08:00:00Z".into()),
            ..row(json!({"a": [1, 2.5, null]}))
        };
        for row in [full, row(json!(true))] {
            let creates = creation("a-1", Some("a-0"));
            let text = row.to_plan(creates.clone()).to_string();
            let again = Row::from_plan(row.kind, TraceId::new("tr-1"), &serde_json::from_str(&text).unwrap());
            assert_eq!(again, Ok(Row { planned: Some(creates), ..row }));
        }
    }

    #[test]
    fn what_is_no_row_is_refused() {
        let good = row(json!(1)).to_plan(creation("a-1", None));
        let read = |row: &Value| Row::from_plan(AssessmentKind::Feedback, TraceId::new("tr-1"), row);
        assert!(read(&good).is_ok());
        for (key, value) in [("source_type", json!("ROBOT")), ("creates", Value::Null), ("name", json!(1))] {
            let mut bad = good.clone();
            bad[key] = value;
            assert!(read(&bad).is_err(), "{bad}");
        }
        assert!(read(&Value::Null).is_err());
    }

    #[test]
    fn only_what_was_planned_is_done() {
        let there = |id: &str, is_valid: bool| {
            let mut object = row(json!(1)).assessment(&id.into(), None, "2026-11-22T08:00:00Z").as_object().clone();
            object.insert("valid".into(), is_valid.into());
            Assessment::new(object)
        };
        let step = |id: &str, overrides: Option<&str>| Step::Create {
            id: AssessmentId::new(id),
            overrides: overrides.map(AssessmentId::from),
        };
        let planned = |overrides| Row { planned: Some(creation("a-1", overrides)), ..row(json!(2)) };
        let left = |row: &Row, now: Step, there: &[Assessment]| match within_plan(row, now.clone(), there) {
            Step::Leave { fate, .. } => Some(fate),
            create @ Step::Create { .. } => {
                assert_eq!(create, now);
                None
            }
        };
        let old = [there("a-0", true)];
        assert_eq!(left(&row(json!(2)), step("a-1", Some("a-9")), &[]), None, "without a plan nothing is held back");
        assert_eq!(left(&planned(None), step("a-1", None), &old), None);
        assert_eq!(left(&planned(Some("a-0")), step("a-1", Some("a-0")), &old), None);
        for (row, now, there) in [
            (planned(None), step("a-1", Some("a-0")), &old[..]),
            (planned(Some("a-0")), step("a-1", Some("a-5")), &old),
            (planned(Some("a-0")), step("a-1", None), &[]),
            (planned(Some("a-0")), step("a-1", Some("a-0")), &[there("a-0", false)]),
            (planned(None), step("a-2", None), &[]),
        ] {
            assert_eq!(left(&row, now.clone(), there), Some(RowFate::Spared), "{now:?}");
        }
        let leave = |fate| Step::Leave { id: None, fate, reason: String::new() };
        assert_eq!(left(&planned(None), leave(RowFate::Unchanged), &[]), Some(RowFate::Unchanged));
        for fate in [RowFate::Skipped, RowFate::Failed] {
            assert_eq!(left(&planned(None), leave(fate), &[]), Some(RowFate::Spared));
            assert_eq!(left(&row(json!(2)), leave(fate), &[]), Some(fate));
        }
    }
}
