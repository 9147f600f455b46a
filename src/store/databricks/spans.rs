//! Spans: in batches from tables of Unity Catalog, and from the file of a trace of an experiment, to which the workspace signs a
//! way.
//!
//! Invariant: every trace that goes in comes out once and in order, whole or with the reason.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::DatabricksStore;
use super::routes::{InCatalog, V4};
use super::traces::CONCURRENCY;
use crate::model::{Span, Trace, TraceId, TraceInfo};
use crate::store::http::{Expected, Request, fetched, path_segment};
use crate::store::span_file::{Read, file, leniently, spans};
use crate::store::whole::checked;
use crate::store::{StoreError, TraceFailure};

/// Ids per request, as MLflow's client sends them.
const BATCH: usize = 10;
/// Tables show a trace some seconds after it was written: one that is so new is looked for again.
const IS_NEW: Duration = Duration::from_secs(60);
const LOOKS: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

type Whole = Result<Trace, TraceFailure>;

#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow, default)]
    traces: Vec<Wire<'a>>,
}

#[derive(Deserialize)]
struct Wire<'a> {
    trace_info: Id,
    #[serde(borrow, default)]
    spans: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Id {
    trace_id: String,
}

#[derive(Deserialize)]
struct Way {
    credential_info: Credential,
}

#[derive(Deserialize)]
struct Credential {
    signed_uri: String,
    #[serde(default)]
    headers: Vec<Header>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

impl DatabricksStore {
    /// Adds the spans to traces.
    pub(super) async fn with_all_spans(&self, traces: Vec<Trace>) -> Vec<Whole> {
        let mut batches: Vec<Vec<Trace>> = Vec::new();
        for trace in traces {
            let location = |trace: &Trace| InCatalog::of(&trace.info.trace_id).map(|there| there.location.to_owned());
            match batches.last_mut() {
                Some(batch)
                    if batch.len() < BATCH
                        && location(&trace).is_some()
                        && batch.last().is_some_and(|last| location(last) == location(&trace)) =>
                {
                    batch.push(trace);
                }
                _ => batches.push(vec![trace]),
            }
        }
        let read: Vec<Vec<Whole>> =
            stream::iter(batches).map(|batch| self.batch(batch)).buffered(CONCURRENCY).collect().await;
        read.into_iter().flatten().collect()
    }

    /// Traces of one location, or one trace of an experiment.
    async fn batch(&self, batch: Vec<Trace>) -> Vec<Whole> {
        let location = batch.first().and_then(|trace| InCatalog::of(&trace.info.trace_id));
        let Some(location) = location.map(|there| there.location.to_owned()) else {
            let mut whole = Vec::new();
            for trace in batch {
                whole.push(self.of_file(trace).await);
            }
            return whole;
        };
        let mut found = match self.in_catalog(&location, &batch).await {
            Ok(found) => found,
            Err(error) => return all_failed(batch, &error),
        };
        let whole = |trace: Trace| match found.remove(&trace.info.trace_id) {
            Some(Ok(spans)) => checked(trace.info, spans, false),
            Some(Err(reason)) => {
                let trace_id = trace.info.trace_id.clone();
                Err(TraceFailure::new(trace, StoreError::SpansUnreadable { trace_id, reason }))
            }
            None => {
                let trace_id = trace.info.trace_id.clone();
                let reason = "the workspace returned none for it".to_owned();
                Err(TraceFailure::new(trace, StoreError::SpansMissing { trace_id, reason }))
            }
        };
        batch.into_iter().map(whole).collect()
    }

    /// Looks until all are there, or are not new any more.
    async fn in_catalog(&self, location: &str, batch: &[Trace]) -> Result<HashMap<TraceId, Read>, StoreError> {
        let mut found = self.batch_get(location, batch.iter().map(|trace| &trace.info)).await?;
        for wait in LOOKS {
            let missing = |trace: &&Trace| !found.contains_key(&trace.info.trace_id) && is_new(&trace.info);
            let missing: Vec<&TraceInfo> = batch.iter().filter(missing).map(|trace| &trace.info).collect();
            if missing.is_empty() {
                break;
            }
            tokio::time::sleep(wait).await;
            found.extend(self.batch_get(location, missing.into_iter()).await?);
        }
        Ok(found)
    }

    /// `GET /api/4.0/mlflow/traces/{location}/batchGet`.
    async fn batch_get(
        &self,
        location: &str,
        infos: impl Iterator<Item = &TraceInfo>,
    ) -> Result<HashMap<TraceId, Read>, StoreError> {
        let ids: Vec<&str> = infos.filter_map(|info| Some(InCatalog::of(&info.trace_id)?.id)).collect();
        let mut query = vec![("location_id", location)];
        query.extend(ids.iter().map(|id| ("trace_ids", *id)));
        query.push(("sql_warehouse_id", self.warehouse().await?));
        let path = format!("{V4}/{}/batchGet", path_segment(location));
        let answer = self.send(Request::get("get the spans", path, query).expecting(Expected::Spans)).await?;
        let read = leniently(&answer.body, |body| {
            let batch: Batch<'_> = serde_json::from_slice(body)?;
            Ok(batch.traces.into_iter().map(|wire| (wire.trace_info.trace_id, spans(&wire.spans))).collect::<Vec<_>>())
        });
        let whole_id = |id: String| {
            if id.starts_with("trace:/") { TraceId::new(id) } else { TraceId::new(format!("trace:/{location}/{id}")) }
        };
        match read {
            Ok(read) => Ok(read.into_iter().map(|(id, spans)| (whole_id(id), spans)).collect()),
            Err(reason) => {
                let trace_id = TraceId::new(format!("trace:/{location}/{}", ids.first().unwrap_or(&"")));
                Err(StoreError::SpansUnreadable { trace_id, reason })
            }
        }
    }

    /// `GET /api/2.0/mlflow/traces/{id}/credentials-for-data-download`, and then the file itself, from wherever it is.
    async fn of_file(&self, trace: Trace) -> Whole {
        match self.file_of(&trace.info.trace_id).await {
            Ok(spans) => checked(trace.info, spans, true),
            Err(error) => Err(TraceFailure::new(trace, error)),
        }
    }

    async fn file_of(&self, id: &TraceId) -> Result<Vec<Span>, StoreError> {
        let path = format!("/api/2.0/mlflow/traces/{}/credentials-for-data-download", path_segment(id.as_str()));
        let way: Way = self.json(Request::get("get the way to the spans", path, Vec::new())).await?;
        let Credential { signed_uri, headers } = way.credential_info;
        let headers = headers.into_iter().map(|header| (header.name, header.value));
        let missing = |reason: String| StoreError::SpansMissing { trace_id: id.clone(), reason };
        let body = fetched(&self.0.settings, &signed_uri, headers, Expected::File).await.map_err(missing)?;
        file(&body).map_err(|reason| StoreError::SpansUnreadable { trace_id: id.clone(), reason })
    }
}

fn is_new(info: &TraceInfo) -> bool {
    let age = jiff::Timestamp::now().as_millisecond().saturating_sub(info.request_time_ms);
    u128::try_from(age).is_ok_and(|age| age < IS_NEW.as_millis())
}

/// Each fails on its own, with the same reason.
fn all_failed(batch: Vec<Trace>, error: &StoreError) -> Vec<Whole> {
    let of = |trace: Trace| {
        let trace_id = trace.info.trace_id.clone();
        let error = match error {
            StoreError::Server(error) => StoreError::Server(error.clone()),
            StoreError::SpansUnreadable { reason, .. } => {
                StoreError::SpansUnreadable { trace_id, reason: reason.clone() }
            }
            other => StoreError::SpansMissing { trace_id, reason: other.to_string() },
        };
        Err(TraceFailure::new(trace, error))
    };
    batch.into_iter().map(of).collect()
}
