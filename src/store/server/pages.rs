//! Searching: pages of infos, the next one on its way while one is worked on.

use std::sync::Arc;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;

use super::error::ErrorKind;
use super::local::LocalPart;
use super::retry::Class;
use super::transport::{Request, Transport};
use super::{ServerError, ServerStore};
use crate::filter::Residual;
use crate::model::{ExperimentId, TimeWindow, Trace, TraceInfo};
use crate::store::seen::SeenIds;
use crate::store::{Query, StoreError};

/// The most that the server gives at once, and the fastest size (measured on 3.17.2).
pub(super) const PAGE: u64 = 500;

#[derive(Serialize)]
struct Location<'a> {
    r#type: &'a str,
    mlflow_experiment: LocationExperiment<'a>,
}

#[derive(Serialize)]
struct LocationExperiment<'a> {
    experiment_id: &'a str,
}

#[derive(Serialize)]
struct SearchRequest<'a> {
    locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    filter: &'a str,
    max_results: u64,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    order_by: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    page_token: Option<&'a str>,
}

#[derive(Deserialize)]
struct SearchAnswer {
    #[serde(default)]
    traces: Vec<TraceInfo>,
    next_page_token: Option<String>,
}

/// Pages of infos under way.
pub struct Pages {
    source: Source,
    seen: SeenIds,
    remaining: Option<u64>,
    next: Option<JoinHandle<Result<SearchAnswer, ServerError>>>,
}

#[derive(Clone)]
struct Source {
    transport: Transport,
    experiments: Arc<[ExperimentId]>,
    filter: Arc<str>,
    order_by: Arc<[String]>,
}

/// A search under way, whatever of its filter the server can evaluate.
pub struct Search {
    server: ServerStore,
    pages: Pages,
    query: Query,
    local: Local,
    scanned: u64,
}

/// The part of the filter that is evaluated here.
enum Local {
    Nothing,
    Unprepared(Residual),
    Ready(LocalPart),
}

impl Search {
    /// The next matches; `None` at the end. Not empty.
    pub async fn next(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        if let Local::Unprepared(residual) = &self.local {
            self.local =
                Local::Ready(LocalPart::of_experiments(&self.server, &self.query.experiments, residual).await?);
        }
        while let Some(infos) = self.pages.next().await? {
            self.scanned += infos.len() as u64;
            let matches = match &self.local {
                Local::Ready(part) => part.keep(&self.server, infos).await?,
                Local::Nothing | Local::Unprepared(_) => infos.into_iter().map(Trace::without_spans).collect(),
            };
            if !matches.is_empty() {
                return Ok(Some(matches));
            }
        }
        Ok(None)
    }

    /// How many traces the server has sent so far, if part of the filter is evaluated here.
    #[must_use]
    pub fn scanned(&self) -> Option<u64> {
        if matches!(self.local, Local::Nothing) { None } else { Some(self.scanned) }
    }
}

impl ServerStore {
    /// `POST /api/3.0/mlflow/traces/search`, page after page. With a limit, one trace more is asked for, which proves that
    /// there are more; when part of the filter is evaluated here, the caller counts and stops.
    #[must_use]
    pub fn search(&self, query: &Query, limit: Option<u64>) -> Search {
        let plan = query.filter.plan();
        let (local, limit) = match plan.residual() {
            Some(residual) => (Local::Unprepared(residual.clone()), None),
            None => (Local::Nothing, limit),
        };
        let text = within(query.window, plan.server_text());
        let pages = self.pages(&query.experiments, &text, query.order_by.clauses(), limit);
        Search { server: self.clone(), pages, query: query.clone(), local, scanned: 0 }
    }

    /// Pages of what a filter in the server's own language finds.
    pub(super) fn pages(
        &self,
        experiments: &[ExperimentId],
        filter: &str,
        order_by: &[String],
        limit: Option<u64>,
    ) -> Pages {
        let source = Source {
            transport: self.transport.clone(),
            experiments: experiments.into(),
            filter: filter.into(),
            order_by: order_by.into(),
        };
        let mut pages = Pages {
            source,
            seen: SeenIds::default(),
            remaining: limit.map(|limit| limit.saturating_add(1)),
            next: None,
        };
        pages.fetch(None);
        pages
    }

    /// One page of a search, for callers that pose a filter of their own.
    pub(super) async fn search_once(
        &self,
        experiments: &[ExperimentId],
        filter: &str,
        max_results: u64,
    ) -> Result<Vec<TraceInfo>, ServerError> {
        let source = Source {
            transport: self.transport.clone(),
            experiments: experiments.into(),
            filter: filter.into(),
            order_by: Arc::new([]),
        };
        Ok(source.page(None, max_results).await?.traces)
    }
}

/// A filter in the server's own language that holds in a time window only.
fn within(window: TimeWindow, filter: &str) -> String {
    let newest = window.newest_ms.map(|time| format!("timestamp_ms <= {time}"));
    let oldest = window.oldest_ms.map(|time| format!("timestamp_ms >= {time}"));
    let clauses = newest.into_iter().chain(oldest).chain(Some(filter.to_owned()).filter(|text| !text.is_empty()));
    clauses.collect::<Vec<_>>().join(" AND ")
}

impl Pages {
    /// The next page, without traces that were on an earlier one; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<TraceInfo>>, ServerError> {
        while let Some(handle) = self.next.take() {
            let answer = match handle.await {
                Ok(answer) => answer?,
                Err(error) => return Err(ServerError::new("search traces", ErrorKind::Setup(error.to_string()))),
            };
            // Inserts between two pages push rows to the next one, so a row can come twice.
            let mut traces = answer.traces;
            traces.retain(|info| self.seen.insert(&info.trace_id));
            if let Some(remaining) = &mut self.remaining {
                *remaining = remaining.saturating_sub(traces.len() as u64);
            }
            if let Some(token) = answer.next_page_token.filter(|token| !token.is_empty())
                && self.remaining != Some(0)
            {
                self.fetch(Some(token));
            }
            if !traces.is_empty() {
                return Ok(Some(traces));
            }
        }
        Ok(None)
    }

    fn fetch(&mut self, token: Option<String>) {
        let size = self.remaining.map_or(PAGE, |remaining| remaining.min(PAGE));
        let source = self.source.clone();
        self.next = Some(tokio::spawn(async move { source.page(token.as_deref(), size).await }));
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        if let Some(handle) = &self.next {
            handle.abort();
        }
    }
}

impl Source {
    async fn page(&self, token: Option<&str>, max_results: u64) -> Result<SearchAnswer, ServerError> {
        let locations = self.experiments.iter().map(|experiment| Location {
            r#type: "MLFLOW_EXPERIMENT",
            mlflow_experiment: LocationExperiment { experiment_id: experiment.as_str() },
        });
        let body = SearchRequest {
            locations: locations.collect(),
            filter: &self.filter,
            max_results,
            order_by: &self.order_by,
            page_token: token,
        };
        let path = "/api/3.0/mlflow/traces/search";
        self.transport.json(Request::with_body("search traces", Class::Read, Method::POST, path, &body)).await
    }
}
