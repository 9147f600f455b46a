//! Spans: in batches where the server keeps them, from span files elsewhere, one bad trace never spoiling another.
//!
//! Where spans are is told by the tag `mlflow.trace.spansLocation`: without it they are in a file that only
//! `get-trace-artifact` serves, and one such trace fails a whole `batchGet`.

use std::collections::HashMap;

use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::Value;

use super::transport::Request;
use super::{ServerError, ServerStore};
use crate::model::{Span, Trace, TraceId};
use crate::store::{StoreError, TraceFailure};

/// Traces per `batchGet`; ids travel in the URL, and some proxies end at 4 kB.
const BATCH: usize = 10;
/// Requests under way at once.
const CONCURRENCY: usize = 4;

#[derive(Deserialize)]
struct BatchAnswer {
    #[serde(default)]
    traces: Vec<TraceWire>,
}

#[derive(Deserialize)]
struct OneAnswer {
    trace: TraceWire,
}

#[derive(Deserialize)]
struct TraceWire {
    trace_info: InfoWire,
    #[serde(default)]
    spans: Vec<Value>,
}

#[derive(Deserialize)]
struct InfoWire {
    trace_id: TraceId,
}

#[derive(Deserialize)]
struct SpanFile {
    #[serde(default)]
    spans: Vec<Value>,
}

type SpansOfOne = Result<Vec<Span>, StoreError>;

impl ServerStore {
    /// Adds the spans to traces, in order; each trace fails on its own.
    pub async fn with_spans(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        let batches: Vec<Vec<Trace>> = {
            let mut traces = traces.into_iter();
            std::iter::from_fn(|| {
                Some(traces.by_ref().take(BATCH).collect::<Vec<_>>()).filter(|batch| !batch.is_empty())
            })
            .collect()
        };
        let answers = stream::iter(batches).map(|batch| self.batch_with_spans(batch)).buffered(CONCURRENCY);
        answers.concat().await
    }

    async fn batch_with_spans(&self, batch: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        let stored: Vec<&TraceId> =
            batch.iter().filter(|trace| in_tracking_store(trace)).map(|trace| &trace.info.trace_id).collect();
        let mut found = self.batch_get(&stored).await;
        let mut results = Vec::with_capacity(batch.len());
        for trace in batch {
            let spans = match found.remove(&trace.info.trace_id) {
                Some(spans) => spans,
                None => self.spans_of(&trace).await,
            };
            results.push(match spans {
                Ok(spans) => Ok(Trace { info: trace.info, spans: Some(spans) }),
                Err(error) => Err(TraceFailure { trace_id: trace.info.trace_id, error }),
            });
        }
        results
    }

    /// `GET /api/3.0/mlflow/traces/batchGet` (3.6 and later): what it finds. Any failure and any trace left out is the
    /// callers' to ask for one by one.
    async fn batch_get(&self, ids: &[&TraceId]) -> HashMap<TraceId, SpansOfOne> {
        if ids.len() < 2 {
            return HashMap::new();
        }
        let query = ids.iter().map(|id| ("trace_ids", id.as_str())).collect();
        let request = Request::get("get the spans", "/api/3.0/mlflow/traces/batchGet", query);
        let Ok(answer) = self.transport.json::<BatchAnswer>(request).await else { return HashMap::new() };
        answer.traces.into_iter().map(|trace| (trace.trace_info.trace_id, read_spans(&trace.spans))).collect()
    }

    async fn spans_of(&self, trace: &Trace) -> SpansOfOne {
        let id = &trace.info.trace_id;
        if in_tracking_store(trace) {
            let query = vec![("trace_id", id.as_str()), ("allow_partial", "true")];
            let request = Request::get("get the spans", "/api/3.0/mlflow/traces/get", query);
            match self.transport.json::<OneAnswer>(request).await {
                Ok(answer) => return read_spans(&answer.trace.spans),
                // Older servers have no such route, and some traces are stored elsewhere than their tag says.
                Err(error) if error.is_refusal() || error.is_no_such_route() => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.span_file(trace).await
    }

    /// `GET /ajax-api/2.0/mlflow/get-trace-artifact` (2.14 and later), which serves every kind of storage.
    async fn span_file(&self, trace: &Trace) -> SpansOfOne {
        let id = &trace.info.trace_id;
        let request = Request::get(
            "get the span file",
            "/ajax-api/2.0/mlflow/get-trace-artifact",
            vec![("request_id", id.as_str())],
        );
        match self.transport.json::<SpanFile>(request).await {
            Ok(file) => read_spans(&file.spans),
            // No file and nothing that says there should be one: a trace that was started without spans.
            Err(error) if error.is_not_found() && trace.info.stated_span_count().unwrap_or(0) == 0 => Ok(Vec::new()),
            Err(error) if error.is_not_found() => Err(missing(id, &error)),
            Err(error) => Err(error.into()),
        }
    }
}

fn in_tracking_store(trace: &Trace) -> bool {
    matches!(trace.info.spans_location(), Some("TRACKING_STORE" | "ARCHIVE_REPO"))
}

fn missing(id: &TraceId, error: &ServerError) -> StoreError {
    StoreError::SpansMissing { trace_id: id.clone(), reason: error.kind.to_string() }
}

fn read_spans(spans: &[Value]) -> SpansOfOne {
    spans
        .iter()
        .map(|span| {
            Span::from_json(span).map_err(|error| {
                let trace_id = TraceId::new(span.get("trace_id").and_then(Value::as_str).unwrap_or("?"));
                StoreError::SpansMissing { trace_id, reason: error.to_string() }
            })
        })
        .collect()
}
