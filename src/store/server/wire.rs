//! How a server is asked for infos of traces, in whichever of two dialects: V3, which servers have since `MLflow` 3.2,
//! and V2, which all of them have and which knows no assessments and no previews.
//!
//! Nothing else of this store knows that there are two. Invariant: V2 is spoken only where the server has shown that it
//! has no V3, and its infos say that they lack assessments, so that nobody takes them for traces without any.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use super::ServerError;
use super::traces::is_no_segment;
use crate::filter::{Filter, FilterPlan, Language};
use crate::model::{ExperimentId, ListedInfo, TraceId, TraceInfo, TraceState};
use crate::store::StoreError;
use crate::store::http::{Class, ErrorKind, Expected, Method, Request, Transport, path_segment};
use crate::store::search_page::{SEARCH, SEARCH_FIELDS, SEARCH_PATH, SearchPage, experiment_location};

/// No version of `MLflow` is longer.
const LONGEST_VERSION: usize = 40;
/// No trace starts in 2100. Much later times are too large for the server once it has made nanoseconds of them.
const NEVER_MS: i64 = 4_102_444_800_000;
/// How long the query of an address may be for gunicorn, which those servers run on (4,094 bytes with everything else).
const LONGEST_QUERY: usize = 3_000;

/// The way to ask a server, whatever its version.
#[derive(Clone)]
pub(super) struct Wire {
    transport: Transport,
    /// Whether it has shown that it speaks V2 alone.
    is_old: Arc<AtomicBool>,
    language: Arc<OnceCell<Language>>,
}

#[derive(Deserialize)]
pub(super) struct SearchAnswer {
    #[serde(default)]
    pub traces: Vec<ListedInfo>,
    pub next_page_token: Option<String>,
}

/// The question in the body of a GET, where an address is too short for it.
#[derive(Serialize)]
struct SearchV2<'a> {
    experiment_ids: &'a [ExperimentId],
    #[serde(skip_serializing_if = "str::is_empty")]
    filter: &'a str,
    max_results: u64,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    order_by: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    page_token: Option<&'a str>,
}

#[derive(Deserialize)]
struct InfoV3 {
    trace: InfoV2,
}

#[derive(Deserialize)]
struct InfoV2 {
    trace_info: ListedInfo,
}

impl Wire {
    pub fn new(transport: Transport) -> Self {
        Self { transport, is_old: Arc::default(), language: Arc::default() }
    }

    /// Whether the server has shown that it is one before 3.2.
    pub fn is_old(&self) -> bool {
        self.is_old.load(Ordering::Relaxed)
    }

    /// A page of a search.
    pub async fn search(&self, search: &SearchPage<'_>) -> Result<SearchAnswer, ServerError> {
        match self.searched_v3(search).await {
            Some(Err(error)) if is_missing(&error) => self.by_v2(error, self.search_v2(search)).await,
            Some(answered) => answered,
            None => self.search_v2(search).await,
        }
    }

    /// `GET /api/3.0/mlflow/traces/{id}`, or `GET /api/3.0/mlflow/traces/get` (3.7 and later) for ids that are no segment of a
    /// path.
    pub async fn info(&self, id: &TraceId) -> Result<TraceInfo, ServerError> {
        if self.is_old() {
            return self.info_v2(id).await;
        }
        let request = if is_no_segment(id) {
            let query = vec![("trace_id", id.as_str()), ("allow_partial", "true")];
            Request::get("get the trace", "/api/3.0/mlflow/traces/get", query)
        } else {
            Request::get("get the trace", format!("/api/3.0/mlflow/traces/{}", path_segment(id.as_str())), vec![])
        };
        match self.transport.json::<InfoV3>(request.expecting(Expected::Infos)).await {
            Ok(answer) => Ok(answer.trace.trace_info.0),
            Err(error) if is_missing(&error) => self.by_v2(error, self.info_v2(id)).await,
            Err(error) => Err(error),
        }
    }

    /// What V2 answers where V3 is missing. That is the first error where V2 is missing as well, and where the server
    /// says that its version has V3: then something on the way does not let it through.
    async fn by_v2<T>(
        &self,
        missing: ServerError,
        ask: impl Future<Output = Result<T, ServerError>>,
    ) -> Result<T, ServerError> {
        let answer = match ask.await {
            Err(error) if error.is_no_such_route() => return Err(missing),
            answer => answer?,
        };
        let told = self.version().await.and_then(|version| Language::of_version(&version));
        if told.is_some_and(Language::has_assessments) {
            return Err(missing);
        }
        self.is_old.store(true, Ordering::Relaxed);
        Ok(answer)
    }

    /// `POST /api/3.0/mlflow/traces/search`; nothing where that is known to be useless.
    async fn searched_v3(&self, search: &SearchPage<'_>) -> Option<Result<SearchAnswer, ServerError>> {
        if self.is_old() {
            return None;
        }
        let body = search.body(experiment_location, None);
        let request = Request::with_body(SEARCH, Class::Read, Method::POST, SEARCH_PATH, &body);
        Some(self.transport.listing(request.expecting(Expected::Infos), SEARCH_FIELDS).await)
    }

    /// `GET /api/2.0/mlflow/traces`.
    async fn search_v2(&self, search: &SearchPage<'_>) -> Result<SearchAnswer, ServerError> {
        let SearchPage { experiments, filter, order_by, page_token, max_results } = *search;
        let max = max_results.to_string();
        let mut query: Vec<(&str, &str)> = experiments.iter().map(|id| ("experiment_ids", id.as_str())).collect();
        query.extend((!filter.is_empty()).then_some(("filter", filter)));
        query.push(("max_results", &max));
        query.extend(order_by.iter().map(|clause| ("order_by", clause.as_str())));
        query.extend(page_token.map(|token| ("page_token", token)));
        let path = "/api/2.0/mlflow/traces";
        let length: usize = query.iter().map(|(key, value)| key.len() + 2 + path_segment(value).len()).sum();
        let request = if length > LONGEST_QUERY {
            let body = SearchV2 { experiment_ids: experiments, filter, max_results, order_by, page_token };
            Request::with_body(SEARCH, Class::Read, Method::GET, path, &body)
        } else {
            Request::get(SEARCH, path, query)
        };
        let request = request.expecting(Expected::Infos);
        let mut answer: SearchAnswer = self.transport.listing(request, SEARCH_FIELDS).await?;
        answer.traces = answer.traces.into_iter().map(|ListedInfo(info)| ListedInfo(of_v2(info))).collect();
        Ok(answer)
    }

    /// `GET /api/2.0/mlflow/traces/{id}/info`.
    async fn info_v2(&self, id: &TraceId) -> Result<TraceInfo, ServerError> {
        let path = format!("/api/2.0/mlflow/traces/{}/info", path_segment(id.as_str()));
        let request = Request::get("get the trace", path, vec![]).expecting(Expected::Infos);
        Ok(of_v2(self.transport.json::<InfoV2>(request).await?.trace_info.0))
    }

    /// `GET /version`: `3.17.2`. With authentication the route is closed (401), and a proxy may answer with something else.
    pub async fn version(&self) -> Option<String> {
        let request = Request::get("get the version", "/version", Vec::new()).expecting(Expected::Words);
        let answer = self.transport.send(request).await.ok()?;
        let text = std::str::from_utf8(&answer.body).ok()?.trim();
        let is_version = text.starts_with(|first: char| first.is_ascii_digit())
            && text.len() <= LONGEST_VERSION
            && text.chars().all(|character| character.is_ascii_alphanumeric() || ".+-_".contains(character));
        is_version.then(|| text.to_owned())
    }

    /// What the server's filter language knows, found out once: by its version, and where that is not told, by asking
    /// in one of these experiments.
    pub async fn language(&self, experiments: &[ExperimentId]) -> Result<Language, ServerError> {
        if self.is_old() {
            return Ok(Language::OLDEST);
        }
        let find = || async {
            match self.version().await.and_then(|version| Language::of_version(&version)) {
                Some(language) => Ok(language),
                None => self.language_by_asking(experiments).await,
            }
        };
        let language = *self.language.get_or_try_init(find).await?;
        self.is_old.fetch_or(!language.has_assessments(), Ordering::Relaxed);
        Ok(language)
    }

    /// The newest of the filters that the server understands, asked of traces that start in 2100.
    async fn language_by_asking(&self, experiments: &[ExperimentId]) -> Result<Language, ServerError> {
        let nobody = [ExperimentId::from("0")];
        let experiments = if experiments.is_empty() { &nobody } else { experiments };
        let never = format!("timestamp_ms > {NEVER_MS}");
        let ask = async |filter: &str| {
            self.search(&SearchPage { experiments, filter, order_by: &[], page_token: None, max_results: 1 }).await
        };
        for (at, (minor, filter)) in Language::STEPS.iter().enumerate() {
            match ask(&format!("{filter} AND {never}")).await {
                Ok(_) if at == 0 => return Ok(Language::CURRENT),
                Ok(_) => return Ok(Language::since(*minor)),
                Err(error) if error.is_about_content() => {}
                // Who may not see the experiment does not hear about its filters.
                Err(error) if error.is_forbidden() => return Ok(Language::CURRENT),
                Err(error) => return Err(error),
            }
        }
        ask(&never).await?;
        Ok(if self.is_old() { Language::OLDEST } else { Language::since(2) })
    }

    /// The language in which a filter is to be asked. Whether the server is asked for it depends on whether it matters.
    pub async fn language_for(&self, filter: &Filter, experiments: &[ExperimentId]) -> Result<Language, StoreError> {
        if filter.asks_assessments() {
            let language = self.language(experiments).await?;
            return if language.has_assessments() {
                Ok(language)
            } else {
                Err(no_assessments("search for assessments"))
            };
        }
        if self.is_old() || FilterPlan::is_the_same_everywhere(filter) {
            return Ok(if self.is_old() { Language::OLDEST } else { Language::CURRENT });
        }
        Ok(self.language(experiments).await?)
    }
}

/// Only servers of 3.2 and later have assessments.
pub(super) fn no_assessments(what: &'static str) -> StoreError {
    StoreError::TooOld { what, since: "3.2" }
}

/// Whether the server has nothing at this address, in a way that older servers share.
fn is_missing(error: &ServerError) -> bool {
    matches!(error.kind, ErrorKind::NoSuchRoute { .. })
}

/// An info of V2, which writes 0 where there is no duration, and has the previews among the metadata.
fn of_v2(info: TraceInfo) -> TraceInfo {
    let is_running = info.state == TraceState::InProgress;
    TraceInfo {
        duration_ms: info.duration_ms.filter(|duration| *duration != 0 || !is_running),
        lacks_assessments: true,
        ..info
    }
    .with_previews_of_2()
}
