//! Searching: pages of infos, the next one on its way while one is worked on.

use std::sync::Arc;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;

use super::error::ErrorKind;
use super::retry::Class;
use super::transport::{Request, Transport};
use super::{ServerError, ServerStore};
use crate::model::{ExperimentId, TraceInfo};
use crate::store::Query;
use crate::store::seen::SeenIds;

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

/// A search under way.
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

impl ServerStore {
    /// `POST /api/3.0/mlflow/traces/search`, page after page. With a limit, one trace more is asked for, which proves that
    /// there are more.
    #[must_use]
    pub fn search(&self, query: &Query, limit: Option<u64>) -> Pages {
        let source = Source {
            transport: self.transport.clone(),
            experiments: query.experiments.as_slice().into(),
            filter: query.filter.text().into(),
            order_by: query.order_by.clauses().into(),
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
