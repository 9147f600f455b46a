//! Where something is in a workspace: which routes lead to a trace, and how a place is named in a request.
//!
//! A trace of Unity Catalog has the id `trace:/CATALOG.SCHEMA/HEX`, with a third name where tables have a prefix. The
//! routes take the two parts apart, and answer with the second alone.

use serde_json::{Value, json};

use crate::model::{ExperimentId, TraceId, TraceInfo};
use crate::store::StoreError;
use crate::store::http::path_segment;
use crate::store::search_page::experiment_location;

const SCHEME: &str = "trace:/";
pub const V4: &str = "/api/4.0/mlflow/traces";
const V3: &str = "/api/3.0/mlflow/traces";
const V2: &str = "/api/2.0/mlflow/traces";

/// A trace in tables of Unity Catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InCatalog<'i> {
    pub location: &'i str,
    pub id: &'i str,
}

impl<'i> InCatalog<'i> {
    /// What an id says; nothing if it is of a trace of an experiment.
    pub fn of(id: &'i TraceId) -> Option<Self> {
        let (location, id) = id.as_str().strip_prefix(SCHEME)?.split_once('/')?;
        Some(Self { location, id })
    }

    /// The trace by the routes of version 4.
    pub fn path(self) -> String {
        format!("{V4}/{}/{}", path_segment(self.location), path_segment(self.id))
    }
}

/// The info of a trace of an experiment.
pub fn info(id: &TraceId) -> String {
    format!("{V3}/{}", path_segment(id.as_str()))
}

/// The tags of a trace.
pub fn tags(id: &TraceId) -> String {
    match InCatalog::of(id) {
        Some(there) => format!("{}/tags", there.path()),
        None => format!("{V2}/{}/tags", path_segment(id.as_str())),
    }
}

/// The assessments of a trace.
pub fn assessments(id: &TraceId) -> String {
    match InCatalog::of(id) {
        Some(there) => format!("{}/assessments", there.path()),
        None => format!("{V3}/{}/assessments", path_segment(id.as_str())),
    }
}

/// Whether a word names a place in Unity Catalog: `catalog.schema` or `catalog.schema.prefix`. Experiments have paths.
pub fn is_location(word: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    matches!(word.split('.').count(), 2 | 3) && word.split('.').all(is_name)
}

/// Whether an experiment is a place in Unity Catalog.
pub fn is_in_catalog(experiment: &ExperimentId) -> bool {
    is_location(experiment.as_str())
}

/// A place as requests have it.
pub fn location(experiment: &ExperimentId) -> Value {
    match experiment.as_str().split('.').collect::<Vec<_>>()[..] {
        [catalog, schema] => json!({"type": "UC_SCHEMA", "uc_schema": {
            "catalog_name": catalog, "schema_name": schema,
            "otel_spans_table_name": "mlflow_experiment_trace_otel_spans",
            "otel_logs_table_name": "mlflow_experiment_trace_otel_logs",
        }}),
        [catalog, schema, prefix] => json!({"type": "UC_TABLE_PREFIX", "uc_table_prefix": {
            "catalog_name": catalog, "schema_name": schema, "table_prefix": prefix,
        }}),
        _ => experiment_location(experiment),
    }
}

/// The same for what belongs to a trace, which does not name the tables.
pub fn location_of_trace(location: &str) -> Value {
    let mut named = self::location(&ExperimentId::new(location));
    if let Some(schema) = named.get_mut("uc_schema").and_then(Value::as_object_mut) {
        schema.retain(|key, _| matches!(key.as_str(), "catalog_name" | "schema_name"));
    }
    named
}

/// With the id that the trace has everywhere else.
pub fn with_whole_id(mut info: TraceInfo) -> TraceInfo {
    let place = info.experiment_id().filter(is_in_catalog);
    if let Some(place) = place.filter(|_| !info.trace_id.as_str().starts_with(SCHEME)) {
        info.trace_id = TraceId::new(format!("{SCHEME}{place}/{}", info.trace_id));
    }
    info
}

/// Places that are searched together: one kind of them only.
pub fn checked(experiments: &[ExperimentId]) -> Result<bool, StoreError> {
    let in_catalog = experiments.iter().filter(|experiment| is_in_catalog(experiment)).count();
    if in_catalog > 0 && in_catalog < experiments.len() {
        return Err(super::not_there(
            "searching experiments and Unity Catalog at once",
            "search them one after the other",
        ));
    }
    Ok(in_catalog > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_which_routes_lead_to_its_trace() {
        let id = TraceId::new("trace:/main.agents/0a1b");
        assert_eq!(tags(&id), "/api/4.0/mlflow/traces/main.agents/0a1b/tags");
        assert_eq!(tags(&TraceId::new("tr-1")), "/api/2.0/mlflow/traces/tr-1/tags");
        assert_eq!(assessments(&TraceId::new("tr-1")), "/api/3.0/mlflow/traces/tr-1/assessments");
        assert_eq!(InCatalog::of(&TraceId::new("trace:/main.agents")), None);
    }

    #[test]
    fn places_of_unity_catalog_are_told_from_experiments() {
        for place in ["main.agents", "main.agents.prod_", "a-b.c"] {
            assert!(is_location(place), "{place}");
        }
        for other in ["1", "/Shared/a.b", "main", "a.b.c.d", "a..b", "a b.c"] {
            assert!(!is_location(other), "{other}");
        }
        let mixed = [ExperimentId::new("1"), ExperimentId::new("main.agents")];
        assert!(checked(&mixed).is_err());
        assert_eq!(location(&mixed[1])["uc_schema"]["otel_logs_table_name"], "mlflow_experiment_trace_otel_logs");
        assert_eq!(
            location_of_trace("a.b"),
            json!({"type": "UC_SCHEMA", "uc_schema": {"catalog_name": "a", "schema_name": "b"}})
        );
    }

    #[test]
    fn answers_get_whole_ids() {
        let mut info = TraceInfo::new(TraceId::new("0a"), 0);
        info.trace_location = location(&ExperimentId::new("main.agents.p"));
        let info = with_whole_id(info);
        assert_eq!(info.trace_id.as_str(), "trace:/main.agents.p/0a");
        assert_eq!(with_whole_id(info.clone()), info);
    }
}
