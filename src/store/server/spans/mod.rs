//! Spans: in batches where the server keeps them, from span files elsewhere, one bad trace never spoiling another.
//!
//! Where spans are is told by the tag `mlflow.trace.spansLocation`: without it they are in a file that only
//! `get-trace-artifact` serves, and one such trace fails a whole `batchGet`. What a batch does not bring is asked for one by
//! one, and what cannot be had that way from the span file, which the server puts together for every kind of storage.
//!
//! Invariants: every trace that goes in comes out once and in order, whole or with the reason; a trace has no spans only where
//! something says so: it states none, its database answers with none, or its file holds none. A file that is not there says
//! nothing, because the server answers alike when it cannot reach its files. Only what concerns all traces (no connection, no
//! credentials) ends the reading.

mod ahead;
mod pace;
mod reading;
mod wire;

use std::collections::HashMap;
use std::time::Instant;

use super::{ErrorKind, ServerError, ServerStore};
use crate::model::{Span, Trace, TraceId, TraceInfo, TraceState, keys};
use crate::store::http::{Expected, Request, path_segment};
use crate::store::whole::{ARCHIVE, checked};
use crate::store::{StoreError, TraceFailure};
use ahead::Ahead;
pub(in crate::store::server) use pace::Pace;
pub(in crate::store::server) use reading::Reading;

const BATCH_ROUTE: &str = "/api/3.0/mlflow/traces/batchGet";

/// From how many traces on a failed batch is halved; fewer are as quickly asked for one by one.
const WORTH_HALVING: usize = 5;

/// Something that concerns all traces happened; these were not read.
struct Interrupted {
    pub error: ServerError,
    pub traces: Vec<Trace>,
}

/// Where the spans of a trace are to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    /// From the tracking store's database, in batches.
    Database,
    /// From the server's archive, in batches too.
    Archive,
    /// From the span file, one by one.
    File,
}

impl Route {
    fn of(info: &TraceInfo) -> Self {
        match info.spans_location() {
            // The server answers `?` for half a surrogate pair everywhere but in the span file.
            _ if has_half_a_pair(info) => Self::File,
            Some("TRACKING_STORE") => Self::Database,
            Some(ARCHIVE) => Self::Archive,
            _ => Self::File,
        }
    }
}

/// Why the spans of one trace did not come.
enum Trouble {
    Server(ServerError),
    Unreadable(String),
}

type Attempt = Result<Vec<Span>, Trouble>;

/// The spans that were had of a trace.
struct Had {
    spans: Vec<Span>,
    /// Whether they are all, as far as the server can tell.
    is_vouched: bool,
}

impl ServerStore {
    /// Adds the spans to traces, in order; each trace fails on its own, also if it has only some of its spans.
    pub async fn whole(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        let mut ahead = Ahead::new(self.clone());
        ahead.push(traces);
        ahead.collect().await
    }

    /// The length of path and query of a batch without its ids.
    fn batch_url(&self) -> usize {
        let base = self.transport.base();
        let host = base.find("://").map_or(base, |end| &base[end + 3..]);
        host.find('/').map_or(0, |start| host.len() - start) + BATCH_ROUTE.len()
    }

    async fn read_batch(&self, batch: Vec<Trace>) -> Result<Vec<Result<Trace, TraceFailure>>, Interrupted> {
        let mut found = HashMap::new();
        for route in [Route::Database, Route::Archive] {
            if let Err(error) = self.batch_get(ids_of(&batch, route), &mut found).await {
                return Err(Interrupted { error, traces: batch });
            }
        }
        let mut results = Vec::with_capacity(batch.len());
        let mut batch = batch.into_iter();
        while let Some(trace) = batch.next() {
            let spans = match found.remove(&trace.info.trace_id) {
                // A batch leaves out what is not complete.
                Some(spans) => Ok(Had { spans, is_vouched: true }),
                None => self.spans_of(&trace.info).await,
            };
            match spans {
                Ok(had) => results.push(checked(trace.info, had.spans, had.is_vouched)),
                Err(StoreError::Server(error)) if self.concerns_all(&error).await => {
                    let traces = given(results).chain([trace]).chain(batch).collect();
                    return Err(Interrupted { error, traces });
                }
                Err(error) => results.push(Err(TraceFailure::new(trace, error))),
            }
        }
        Ok(results)
    }

    /// `GET /api/3.0/mlflow/traces/batchGet` (3.6 and later), halved until it is answered: what it finds. Traces that it
    /// leaves out or that spoil it are the callers' to ask for one by one.
    async fn batch_get(&self, ids: Vec<TraceId>, found: &mut HashMap<TraceId, Vec<Span>>) -> Result<(), ServerError> {
        let mut parts = vec![ids];
        while let Some(mut part) = parts.pop() {
            if part.len() < 2 || !self.pace.has_batches() {
                continue;
            }
            match self.batch_once(&part).await {
                Ok(traces) => {
                    found.extend(traces);
                    continue;
                }
                Err(Trouble::Server(error)) if error.is_no_such_route() => self.pace.no_batches(),
                Err(Trouble::Server(error)) if self.concerns_all(&error).await => return Err(error),
                Err(Trouble::Server(error)) if error.is_without_answer() => self.pace.too_slow(part.len()),
                Err(Trouble::Server(error)) if error.is_too_long() || error.is_too_large() => {
                    self.pace.too_long(part.len());
                }
                Err(_) => {}
            }
            if part.len() >= WORTH_HALVING {
                let second = part.split_off(part.len() / 2);
                parts.extend([second, part]);
            }
        }
        Ok(())
    }

    async fn batch_once(&self, ids: &[TraceId]) -> Result<Vec<(TraceId, Vec<Span>)>, Trouble> {
        let started = Instant::now();
        let answer = self
            .transport
            .send(Request::get("get the spans", BATCH_ROUTE, id_parameters(ids)).expecting(Expected::Spans))
            .await?;
        self.pace.answered(ids.len(), answer.body.len(), started.elapsed());
        let traces = wire::batch(&answer.body).map_err(Trouble::Unreadable)?;
        Ok(traces.into_iter().filter_map(|(id, read)| Some((id, read.ok()?))).collect())
    }

    /// The spans of one trace by whichever route has them.
    async fn spans_of(&self, info: &TraceInfo) -> Result<Had, StoreError> {
        let route = Route::of(info);
        let stored = match route {
            Route::File => None,
            Route::Database | Route::Archive => Some(self.stored_spans(info).await),
        };
        let trouble = match stored {
            Some(Ok(had)) => return Ok(had),
            Some(Err(Trouble::Server(error))) if !is_worth_the_file(&error) => Trouble::Server(error),
            other => match (self.span_file(info).await, other) {
                (Ok(spans), _) => return Ok(Had { spans, is_vouched: route == Route::File }),
                (Err(Trouble::Server(error)), Some(Err(first @ Trouble::Unreadable(_)))) if error.is_not_found() => {
                    first
                }
                (Err(trouble), _) => trouble,
            },
        };
        let spans = self.explained(info, trouble).await?;
        Ok(Had { spans, is_vouched: true })
    }

    /// `GET /api/3.0/mlflow/traces/get` (3.7 and later), with what is there of a trace that is not complete.
    async fn stored_spans(&self, info: &TraceInfo) -> Result<Had, Trouble> {
        // The server knows the statement that it cuts when it is read; without partial traces it goes by it.
        if info.has_unreadable_span_count() {
            match self.stored_spans_once(info, "false").await {
                Err(Trouble::Server(error)) if is_worth_the_file(&error) => {}
                read => return Ok(Had { spans: read?, is_vouched: true }),
            }
        }
        Ok(Had { spans: self.stored_spans_once(info, "true").await?, is_vouched: false })
    }

    async fn stored_spans_once(&self, info: &TraceInfo, allow_partial: &str) -> Attempt {
        let query = vec![("trace_id", info.trace_id.as_str()), ("allow_partial", allow_partial)];
        let answer = self
            .transport
            .send(Request::get("get the spans", "/api/3.0/mlflow/traces/get", query).expecting(Expected::Spans))
            .await?;
        wire::one(&answer.body).map_err(Trouble::Unreadable)
    }

    /// `GET /ajax-api/2.0/mlflow/get-trace-artifact` (2.14 and later), which serves every kind of storage; where it does not
    /// have the file, or a proxy does not let it pass, the file by its own address.
    async fn span_file(&self, info: &TraceInfo) -> Attempt {
        let route = "/ajax-api/2.0/mlflow/get-trace-artifact";
        let query = vec![("request_id", info.trace_id.as_str())];
        let error = match self
            .transport
            .send(Request::get("get the span file", route, query).expecting(Expected::File))
            .await
        {
            Ok(answer) => return wire::file(&answer.body).map_err(Trouble::Unreadable),
            Err(error) => error,
        };
        let barred = error.is_forbidden() || error.is_no_such_route() || error.is_not_found();
        let Some(path) = proxied_file(info).filter(|_| barred) else { return Err(Trouble::Server(error)) };
        match self.transport.send(Request::get("get the span file", path, Vec::new()).expecting(Expected::File)).await {
            Ok(answer) => wire::file(&answer.body).map_err(Trouble::Unreadable),
            // The first route says "not found" of files that the server cannot reach, too; here it says what is wrong.
            Err(behind) if error.is_not_found() && !behind.is_not_found() && !behind.is_no_such_route() => {
                Err(Trouble::Server(behind))
            }
            Err(_) => Err(Trouble::Server(error)),
        }
    }

    /// What it means that the spans of a trace did not come: that there are none, if the trace states so.
    async fn explained(&self, info: &TraceInfo, trouble: Trouble) -> Result<Vec<Span>, StoreError> {
        let trace_id = info.trace_id.clone();
        let error = match trouble {
            Trouble::Unreadable(reason) => return Err(StoreError::SpansUnreadable { trace_id, reason }),
            Trouble::Server(error) => error,
        };
        let reason = error.kind.to_string();
        let is_missing = error.is_not_found();
        if is_missing && self.is_gone(&trace_id, &reason).await {
            return Err(StoreError::TraceGone { trace_id });
        }
        if is_archived(info) && (is_missing || matches!(error.kind, ErrorKind::Refused { .. })) {
            return Err(StoreError::SpansArchived { trace_id, reason });
        }
        match info.stated_span_count() {
            _ if !is_missing => Err(StoreError::Server(error)),
            Some(0) => Ok(Vec::new()),
            None if info.state == TraceState::InProgress => {
                Err(StoreError::SpansIncomplete { trace_id, in_progress: true, found: 0, stated: None })
            }
            _ => Err(StoreError::SpansMissing { trace_id, reason }),
        }
    }

    async fn is_gone(&self, id: &TraceId, message: &str) -> bool {
        // The server's words for a file that is missing; the trace itself is there.
        !message.starts_with("Trace data not found") && matches!(self.info(id).await, Ok(None))
    }

    /// Whether an error will meet every other request too. After a missing answer the server is asked for a sign of life.
    pub(in crate::store::server) async fn concerns_all(&self, error: &ServerError) -> bool {
        if !error.is_without_answer() {
            return error.concerns_all();
        }
        let sign = self
            .transport
            .send(Request::get("reach the server", "/health", Vec::new()).expecting(Expected::Words))
            .await;
        sign.is_err_and(|error| error.concerns_all() || error.is_without_answer())
    }
}

impl From<ServerError> for Trouble {
    fn from(error: ServerError) -> Self {
        Self::Server(error)
    }
}

fn ids_of(batch: &[Trace], route: Route) -> Vec<TraceId> {
    let of_route = batch.iter().filter(|trace| Route::of(&trace.info) == route);
    of_route.map(|trace| trace.info.trace_id.clone()).collect()
}

fn id_parameters(ids: &[TraceId]) -> Vec<(&str, &str)> {
    ids.iter().map(|id| ("trace_ids", id.as_str())).collect()
}

/// The traces as they were given, without what was read.
fn given(results: Vec<Result<Trace, TraceFailure>>) -> impl Iterator<Item = Trace> {
    let info = |read: Result<Trace, TraceFailure>| read.map_or_else(|failure| failure.trace.info, |trace| trace.info);
    results.into_iter().map(info).map(Trace::without_spans)
}

/// Whether the span file may be there although the other route failed like this: older servers have no such route, some
/// traces are stored elsewhere than their tag says, and some are nested more deeply than the REST API can say.
fn is_worth_the_file(error: &ServerError) -> bool {
    error.is_no_such_route() || matches!(error.kind, ErrorKind::Refused { .. } | ErrorKind::NotFound { .. })
}

fn is_archived(info: &TraceInfo) -> bool {
    info.spans_location() == Some(ARCHIVE) || info.tags.contains_key(keys::ARCHIVAL_FAILURE)
}

/// The span file's address behind the server's own proxy for artifacts, if the tag leads there:
/// `mlflow-artifacts:/1/traces/tr-…/artifacts`.
fn proxied_file(info: &TraceInfo) -> Option<String> {
    let location = info.tags.get(keys::ARTIFACT_LOCATION)?.strip_prefix("mlflow-artifacts:")?;
    let path = match location.strip_prefix("//") {
        Some(with_host) => &with_host[with_host.find('/')?..],
        None => location,
    };
    let segments: Vec<String> = path.split('/').filter(|segment| !segment.is_empty()).map(path_segment).collect();
    Some(format!("/api/2.0/mlflow-artifacts/artifacts/{}/traces.json", segments.join("/")))
}

/// Whether the inputs or outputs, as far as the info shows them, hold the escape of half a surrogate pair.
fn has_half_a_pair(info: &TraceInfo) -> bool {
    let previews = [info.request_preview.as_deref(), info.response_preview.as_deref()];
    previews.into_iter().flatten().any(|text| {
        let quoted = || format!("\"{}\"", text.replace('"', ""));
        text.contains("\\ud") && matches!(crate::model::strict_json(quoted().as_bytes()), std::borrow::Cow::Owned(_))
    })
}
