//! Asking a database: one connection, what the database has, and infos put together from its rows.
//!
//! Rows of tags, metadata and assessments are read for a page of traces at once, as `MLflow` does, and for the same reason:
//! joined, each trace would come once for each of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};

use serde_json::{Map, Value, json};

use super::schema::Schema;
use super::session::Session;
use super::sql::{Dialect, Row, Sql};
use super::{Inner, assessments};
use crate::model::python_json::{NonAscii, dumps};
use crate::model::{Assessment, TraceId, TraceInfo, TraceState, keys};
use crate::store::StoreError;
use crate::store::objects::Objects;

/// Values of a statement: all databases take more.
pub(super) const AT_ONCE: usize = 500;

const TOKENS: [&str; 6] = [
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "cache_creation_input_tokens_above_1hr",
];
const COSTS: [&str; 3] = ["input_cost", "output_cost", "total_cost"];

/// A connection of one question.
pub(super) struct Asker {
    store: Arc<Inner>,
    /// Given back when the question is answered.
    session: Option<Session>,
    pub(super) schema: Schema,
}

impl Asker {
    /// Takes a connection, or opens one.
    pub(super) async fn begin(store: Arc<Inner>, stop: &Arc<AtomicBool>) -> Result<Self, StoreError> {
        let idle = store.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut session = match idle.and_then(|session| session.for_another(stop)) {
            Some(session) => session,
            None => Session::open(&store.uri, store.patience, stop).await.map_err(|trouble| store.failure(trouble))?,
        };
        let schema = if let Some(schema) = store.schema.get() {
            *schema
        } else {
            let found = Schema::find(&mut session).await.map_err(|trouble| store.failure(trouble))?;
            *store.schema.get_or_init(|| found)
        };
        Ok(Self { store, session: Some(session), schema })
    }

    /// Gives the connection back for the next question.
    pub(super) async fn end(mut self) -> Result<(), StoreError> {
        self.let_go().await?;
        if let Some(session) = self.session.take() {
            self.store.idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
        }
        Ok(())
    }

    pub(super) fn session(&mut self) -> Result<&mut Session, StoreError> {
        let closed = crate::store::DatabaseTrouble::Failed("the connection is closed".to_owned());
        self.session.as_mut().ok_or_else(|| self.store.failure(closed))
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.session.as_ref().map_or(Dialect::Sqlite, Session::dialect)
    }

    pub(super) fn objects(&self) -> Arc<Objects> {
        Arc::clone(&self.store.objects)
    }

    pub(super) fn failure(&self, trouble: crate::store::DatabaseTrouble) -> StoreError {
        self.store.failure(trouble)
    }

    /// The name of the database.
    pub(super) fn name(&self) -> &str {
        &self.store.name
    }

    /// The workspace that is worked in, if one is named.
    pub(super) fn workspace(&self) -> Option<&str> {
        self.store.workspace.as_deref()
    }

    pub(super) async fn rows(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        let rows = self.session()?.rows(sql).await;
        rows.map_err(|trouble| self.store.failure(trouble))
    }

    /// Sees one state of the database from now on, for as long as that may be; see [`Session::hold`].
    pub(super) async fn hold(&mut self) -> Result<(), StoreError> {
        let held = self.session()?.hold().await;
        held.map_err(|trouble| self.store.failure(trouble))
    }

    pub(super) async fn let_go(&mut self) -> Result<(), StoreError> {
        let let_go = self.session()?.let_go().await;
        let_go.map_err(|trouble| self.store.failure(trouble))
    }

    /// What time it is there, in epoch milliseconds; nothing where nobody but this machine knows.
    pub(super) async fn clock_ms(&mut self) -> Result<Option<i64>, StoreError> {
        let time = match self.dialect() {
            Dialect::Sqlite => return Ok(None),
            Dialect::Postgres => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
            Dialect::MySql => "SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)",
        };
        Ok(self.rows(&Sql::new(time)).await?.into_iter().next().and_then(|mut row| row.integer()))
    }

    /// The infos that a statement finds, which asks for [`Schema::info_columns`] of `trace_info t`, in its order.
    pub(super) async fn infos(&mut self, sql: &Sql) -> Result<Vec<TraceInfo>, StoreError> {
        let schema = self.schema;
        let mut infos: Vec<TraceInfo> = self.rows(sql).await?.into_iter().map(|row| info(row, schema)).collect();
        for part in infos.chunks_mut(AT_ONCE) {
            let ids: Vec<&str> = part.iter().map(|info| info.trace_id.as_str()).collect();
            let tags = self.pairs("trace_tags", &ids).await?;
            let metadata = self.pairs("trace_request_metadata", &ids).await?;
            let assessments = self.assessments(&ids).await?;
            let at: HashMap<String, usize> =
                ids.iter().enumerate().map(|(position, id)| ((*id).to_owned(), position)).collect();
            let of = |id: &str| at.get(id).copied();
            for (id, key, value) in tags {
                let Some(info) = of(&id).and_then(|at| part.get_mut(at)) else { continue };
                set(&mut info.tags, &mut info.unread, "tags", key, value);
            }
            for (id, key, value) in metadata {
                let Some(info) = of(&id).and_then(|at| part.get_mut(at)) else { continue };
                set(&mut info.metadata, &mut info.unread, "trace_metadata", key, value);
            }
            for (id, assessment) in assessments {
                let Some(info) = of(&id).and_then(|at| part.get_mut(at)) else { continue };
                match assessment {
                    Ok(assessment) => info.assessments.push(assessment),
                    Err(unread) => info.unread.push(unread),
                }
            }
        }
        Ok(infos)
    }

    /// The infos of these traces, in their order; those that are not there are left out.
    pub(super) async fn infos_of(&mut self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError> {
        let mut found = HashMap::new();
        for part in ids.chunks(AT_ONCE) {
            let sql =
                Sql::new(format!("SELECT {} FROM trace_info t WHERE t.request_id IN ", self.schema.info_columns()))
                    .list(part.iter().map(TraceId::as_str));
            found.extend(self.infos(&sql).await?.into_iter().map(|info| (info.trace_id.clone(), info)));
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    async fn pairs(&mut self, table: &str, ids: &[&str]) -> Result<Vec<(String, String, Option<String>)>, StoreError> {
        let key = self.dialect().key();
        let sql = Sql::new(format!("SELECT request_id, {key}, value FROM {table} WHERE request_id IN "))
            .list(ids.iter().copied());
        let rows = self.rows(&sql).await?.into_iter();
        Ok(rows.map(|mut row| (row.text_or_empty(), row.text_or_empty(), row.text())).collect())
    }

    async fn assessments(&mut self, ids: &[&str]) -> Result<Vec<(String, Result<Assessment, String>)>, StoreError> {
        if !self.schema.has_assessments {
            return Ok(Vec::new());
        }
        let sql = Sql::new(format!("SELECT {} FROM assessments WHERE trace_id IN ", Schema::assessment_columns()))
            .list(ids.iter().copied())
            .text(" ORDER BY trace_id, created_timestamp, assessment_id");
        Ok(self.rows(&sql).await?.into_iter().map(assessments::read).collect())
    }
}

/// A null is no value.
fn set(map: &mut BTreeMap<String, String>, unread: &mut Vec<String>, field: &str, key: String, value: Option<String>) {
    match value {
        Some(value) => drop(map.insert(key, value)),
        None => unread.push(format!("{field}.{key} is null")),
    }
}

/// What `trace_info` says about a trace.
fn info(mut row: Row, schema: Schema) -> TraceInfo {
    let id = TraceId::new(row.text_or_empty());
    let experiment = row.text_or_empty();
    let time = row.integer();
    let mut info = TraceInfo::new(id, time.unwrap_or(crate::model::ListedInfo::NO_TIME));
    if time.is_none() {
        info.unread.push("request_time is not a number".to_owned());
    }
    info.is_as_stored = true;
    info.trace_location = json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}});
    info.duration_ms = row.integer();
    info.state = state(&row.text_or_empty());
    if schema.has_previews {
        info.client_request_id = row.text();
        info.request_preview = row.text();
        info.response_preview = row.text();
    }
    if schema.has_promoted {
        info.tags.extend(row.text().map(|name| (keys::TRACE_NAME.to_owned(), name)));
        info.metadata.extend(row.text().map(|session| (keys::SESSION.to_owned(), session)));
        let tokens = TOKENS.into_iter().filter_map(|key| Some((key, Value::from(row.integer()?))));
        let tokens: Map<String, Value> = tokens.map(|(key, value)| (key.to_owned(), value)).collect();
        let costs = COSTS.into_iter().filter_map(|key| Some((key.to_owned(), Value::from(row.real()?))));
        let costs: Map<String, Value> = costs.collect();
        for (key, object) in [(keys::TOKEN_USAGE, tokens), (keys::COST, costs)] {
            if !object.is_empty() {
                info.metadata.insert(key.to_owned(), dumps(&Value::Object(object), NonAscii::Escaped));
            }
        }
    }
    info
}

/// `MLflow` 2 has another word for a state that is not stated.
fn state(word: &str) -> TraceState {
    if word == "TRACE_STATUS_UNSPECIFIED" { TraceState::Unspecified } else { TraceState::from(word) }
}
