//! Assessments, created, changed and deleted as `MLflow` does: its columns, its JSON, and what it counts them as.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::assessments;
use super::editor::Editor;
use super::schema::{HAS_ROLLUPS, Schema, has_rollups};
use super::sql::{Row, Sql, Stored};
use crate::model::python_json::{NonAscii, dumps};
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId, read_json};
use crate::store::{AssessmentUpdate, DatabaseTrouble, StoreError};

/// Who can have made one.
const SOURCES: [&str; 4] = ["HUMAN", "LLM_JUDGE", "CODE", "SOURCE_TYPE_UNSPECIFIED"];
/// The metadata that names the run in which one was made.
const RUN: &str = "mlflow.assessment.sourceRunId";
const NONE_YET: &str = "it is of a version of MLflow before 3.2, which had no assessments";

/// What an assessment says, as columns have it.
struct Content {
    name: String,
    value: Value,
    error: Option<Value>,
    rationale: Option<String>,
    metadata: Map<String, Value>,
}

impl Editor {
    /// Stores a new one; what has its id already is returned instead, if it is of the same trace.
    pub(super) async fn add_assessment(&mut self, id: &TraceId, new: &Assessment) -> Result<Assessment, StoreError> {
        let home = self.hold(id).await?;
        self.check_assessments().await?;
        let Some(own) = new.id() else { return Err(self.unwritable("an assessment without an id")) };
        match self.assessment(&own).await? {
            Some((trace, there)) if trace == *id => return Ok(there),
            Some(_) => return Err(self.failure(DatabaseTrouble::IdTaken(own.to_string()))),
            None => {}
        }
        let mut columns = self.new_columns(id, &own, new)?;
        if self.schema.has_aggregates {
            columns.push(("experiment_id", Some(home.experiment).into()));
            columns.push(("trace_timestamp_ms", Some(home.time_ms).into()));
        }
        if let Some(old) = overridden(new) {
            let row = of(id, &AssessmentId::from(old));
            let sql = Sql::update("assessments", vec![("valid", false.into())]).part(row);
            if self.execute(&sql).await? == 0 {
                return Err(self.unwritable(format!("trace {id} has no assessment {old} that could be overridden")));
            }
        }
        self.execute(&Sql::insert("assessments", columns)).await?;
        self.stored(&own).await
    }

    /// Changes one of this kind: what is not named stays, but for the error of a feedback that gets a value.
    pub(super) async fn update_assessment(
        &mut self,
        id: &TraceId,
        own: &AssessmentId,
        kind: AssessmentKind,
        update: &AssessmentUpdate,
    ) -> Result<Assessment, StoreError> {
        self.hold(id).await?;
        self.check_assessments().await?;
        let mut content = self.content(id, own, kind).await?;
        if let Some(value) = &update.value {
            (content.value, content.error) = (value.clone(), None);
        }
        content.name = update.name.clone().unwrap_or(content.name);
        content.rationale = update.rationale.clone().or(content.rationale).filter(|_| kind == AssessmentKind::Feedback);
        content.metadata.extend(update.metadata.clone());
        let mut columns = content.columns(self.schema);
        columns.push(("last_updated_timestamp", Some(now_ms()).into()));
        self.execute(&Sql::update("assessments", columns).part(of(id, own))).await?;
        self.stored(own).await
    }

    /// Deletes one, if it is there; what it has overridden counts again.
    pub(super) async fn delete_assessment(&mut self, id: &TraceId, own: &AssessmentId) -> Result<(), StoreError> {
        self.hold(id).await?;
        self.check_assessments().await?;
        let sql = Sql::new("SELECT overrides FROM assessments").part(of(id, own));
        let Some(mut row) = self.rows(&sql).await?.into_iter().next() else { return Ok(()) };
        if let Some(old) = row.text().filter(|old| !old.is_empty()) {
            let sql = Sql::update("assessments", vec![("valid", true.into())]).text(" WHERE assessment_id = ");
            self.execute(&sql.bind(old)).await?;
        }
        self.execute(&Sql::new("DELETE FROM assessments").part(of(id, own))).await.map(drop)
    }

    async fn check_assessments(&mut self) -> Result<(), StoreError> {
        if !self.schema.has_assessments {
            return Err(self.unwritable(NONE_YET));
        }
        let schema = self.schema;
        match has_rollups(self.session(), schema).await {
            Ok(false) => Ok(()),
            Ok(true) => Err(self.unwritable(HAS_ROLLUPS)),
            Err(trouble) => Err(self.failure(trouble)),
        }
    }

    /// The assessment of an id, and the trace that it is of.
    async fn assessment(&mut self, own: &AssessmentId) -> Result<Option<(TraceId, Assessment)>, StoreError> {
        let sql = Sql::new(format!("SELECT {} FROM assessments WHERE assessment_id = ", Schema::assessment_columns()))
            .bind(own.as_str());
        let Some(row) = self.rows(&sql).await?.into_iter().next() else { return Ok(None) };
        match assessments::read(row) {
            (trace, Ok(assessment)) => Ok(Some((TraceId::new(trace), assessment))),
            (_, Err(why)) => Err(self.unwritable(why)),
        }
    }

    async fn stored(&mut self, own: &AssessmentId) -> Result<Assessment, StoreError> {
        let stored = self.assessment(own).await?;
        stored.map(|(_, assessment)| assessment).ok_or_else(|| self.unwritable("what was stored is not there"))
    }

    /// What one says that is there.
    async fn content(&mut self, id: &TraceId, own: &AssessmentId, kind: AssessmentKind) -> Result<Content, StoreError> {
        // In the order in which they are read.
        let columns = "name, assessment_type, value, error, rationale, assessment_metadata";
        let sql = Sql::new(format!("SELECT {columns} FROM assessments")).part(of(id, own));
        let Some(mut row) = self.rows(&sql).await?.into_iter().next() else {
            return Err(self.unwritable(format!("trace {id} has no assessment {own}")));
        };
        let (name, there) = (row.text_or_empty(), row.text_or_empty());
        if there != kind.as_str() {
            return Err(self.unwritable(format!("assessment {own} is of the type {there:?}, not {:?}", kind.as_str())));
        }
        let read = Content::read(name, row);
        read.map_err(|why| self.unwritable(format!("assessment {own} cannot be read: {why}")))
    }

    /// The columns of a new one, as `MLflow` fills them.
    fn new_columns(
        &self,
        id: &TraceId,
        own: &AssessmentId,
        new: &Assessment,
    ) -> Result<Vec<(&'static str, Stored)>, StoreError> {
        let kind = new.kind();
        let source = new.source_type().unwrap_or("SOURCE_TYPE_UNSPECIFIED").to_ascii_uppercase();
        let source = if source == "AI_JUDGE" { "LLM_JUDGE" } else { source.as_str() };
        if !SOURCES.contains(&source) {
            return Err(
                self.unwritable(format!("{source:?} is no type of a source: it is one of {}", SOURCES.join(", ")))
            );
        }
        let content = Content::of(new);
        if kind == AssessmentKind::Expectation && content.value.is_null() {
            return Err(self.unwritable("an expectation cannot be null"));
        }
        let text = |value: Option<&str>| Stored::from(value.filter(|text| !text.is_empty()));
        let run = content.metadata.get(RUN).and_then(Value::as_str);
        let now = now_ms();
        let mut columns = vec![
            ("assessment_id", text(Some(own.as_str()))),
            ("trace_id", text(Some(id.as_str()))),
            ("assessment_type", text(Some(kind.as_str()))),
            ("created_timestamp", Some(new.create_time_ms().unwrap_or(now)).into()),
            ("last_updated_timestamp", Some(new.last_update_time_ms().unwrap_or(now)).into()),
            ("source_type", text(Some(source))),
            ("source_id", text(new.source_id())),
            ("run_id", text(run)),
            ("span_id", text(new.span_id())),
            ("overrides", text(overridden(new))),
            ("valid", true.into()),
        ];
        columns.extend(content.columns(self.schema));
        Ok(columns)
    }
}

impl Content {
    /// Of one that is new.
    fn of(new: &Assessment) -> Self {
        let object = new.as_object();
        let kind = new.kind();
        let error = object.get("feedback").and_then(|body| body.get("error")).filter(|error| error.is_object());
        let value = match kind {
            AssessmentKind::Issue => json!({"issue_name": new.value()}),
            AssessmentKind::Expectation | AssessmentKind::Feedback => new.value(),
        };
        Self {
            name: new.name().to_owned(),
            value,
            error: error.filter(|_| kind == AssessmentKind::Feedback).map(error_of),
            rationale: new.rationale().filter(|_| kind != AssessmentKind::Expectation).map(str::to_owned),
            metadata: object.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default(),
        }
    }

    /// Of one that is there: value, error, rationale and metadata.
    fn read(name: String, mut row: Row) -> Result<Self, String> {
        let json = |text: Option<String>| match text {
            Some(text) => read_json::<Value>(text.as_bytes()).map_err(|error| error.to_string()),
            None => Ok(Value::Null),
        };
        let (value, error, rationale, metadata) = (json(row.text())?, json(row.text())?, row.text(), json(row.text())?);
        let metadata = metadata.as_object().cloned().unwrap_or_default();
        Ok(Self { name, value, error: error.is_object().then(|| error_of(&error)), rationale, metadata })
    }

    fn columns(&self, schema: Schema) -> Vec<(&'static str, Stored)> {
        let json = |value: &Value| dumps(value, NonAscii::Escaped);
        let metadata = (!self.metadata.is_empty()).then(|| json(&Value::Object(self.metadata.clone())));
        let mut columns = vec![
            ("name", Some(self.name.as_str()).into()),
            ("value", Some(json(&self.value)).into()),
            ("error", self.error.as_ref().map(json).into()),
            ("rationale", self.rationale.as_deref().into()),
            ("assessment_metadata", metadata.into()),
        ];
        if schema.has_aggregates {
            let (aggregate, is_number) = counted_as(&self.value);
            columns.extend([("aggregate_value", aggregate.into()), ("is_numeric_value", is_number.into())]);
        }
        columns
    }
}

/// What of an error is stored.
fn error_of(error: &Value) -> Value {
    let text = |key: &str| error.get(key).filter(|text| text.as_str() != Some("")).cloned().unwrap_or(Value::Null);
    json!({
        "error_code": error.get("error_code").cloned().unwrap_or_else(|| "".into()),
        "error_message": text("error_message"),
        "stack_trace": text("stack_trace"),
    })
}

/// The number that a value counts as in statistics, and whether it is one itself.
fn counted_as(value: &Value) -> (Option<f64>, bool) {
    match value {
        Value::Bool(truth) => (Some(f64::from(*truth)), false),
        Value::Number(number) => {
            let number = number.as_f64().filter(|number| number.is_finite());
            (number, number.is_some())
        }
        Value::String(text) => {
            let is_blank = |c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c);
            match text.trim_matches(is_blank).to_lowercase().as_str() {
                "yes" => (Some(1.0), false),
                "no" => (Some(0.0), false),
                _ => (None, false),
            }
        }
        Value::Null | Value::Array(_) | Value::Object(_) => (None, false),
    }
}

/// The one that a feedback overrides.
fn overridden(new: &Assessment) -> Option<&str> {
    let id = new.as_object().get("overrides").and_then(Value::as_str).filter(|id| !id.is_empty());
    id.filter(|_| new.kind() == AssessmentKind::Feedback)
}

/// Which row is meant.
fn of(trace: &TraceId, id: &AssessmentId) -> Sql {
    Sql::new(" WHERE trace_id = ").bind(trace.as_str()).text(" AND assessment_id = ").bind(id.as_str())
}

fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_count_as_mlflow_counts_them() {
        for (value, counted) in [
            (json!(true), (Some(1.0), false)),
            (json!(false), (Some(0.0), false)),
            (json!(4), (Some(4.0), true)),
            (json!(-0.5), (Some(-0.5), true)),
            (json!(" Yes\u{1f}"), (Some(1.0), false)),
            (json!("NO"), (Some(0.0), false)),
            (json!("yes."), (None, false)),
            (json!(null), (None, false)),
            (json!([1]), (None, false)),
        ] {
            assert_eq!(counted_as(&value), counted, "{value}");
        }
    }
}
