//! One page of a search: an operation of version 4 that is waited for, or the route of version 3 where there is none.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::routes::{V4, checked, location, with_whole_id};
use super::{DatabricksStore, not_there};
use crate::model::{ListedInfo, TraceInfo};
use crate::store::StoreError;
use crate::store::http::{Class, ErrorKind, Expected, Method, Request, ServerError, path_segment};
use crate::store::search_page::{SEARCH, SEARCH_FIELDS, SEARCH_PATH, SearchPage};

/// How long to wait before an operation is polled again; twice as long each time.
const FIRST_LOOK: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// No operation is waited for longer.
const PATIENCE: Duration = Duration::from_secs(1200);

#[derive(Deserialize)]
struct Operation {
    name: String,
    #[serde(default)]
    done: bool,
    error: Option<Failed>,
    response: Option<Found>,
}

#[derive(Deserialize)]
struct Failed {
    #[serde(default)]
    error_code: String,
    #[serde(default)]
    message: String,
}

/// Traces of a page, and where the next one begins.
#[derive(Deserialize)]
pub struct Found {
    #[serde(default, alias = "traces")]
    trace_infos: Vec<ListedInfo>,
    next_page_token: Option<String>,
}

/// A page.
pub struct Page {
    pub infos: Vec<TraceInfo>,
    pub next: Option<String>,
}

impl DatabricksStore {
    /// Asks for a page.
    pub(super) async fn page(&self, ask: &SearchPage<'_>) -> Result<Page, StoreError> {
        let in_catalog = checked(ask.experiments)?;
        let warehouse = if in_catalog { Some(self.warehouse().await?) } else { None };
        let found = if in_catalog || !self.0.is_without_v4.load(Ordering::Relaxed) {
            match self.begin(ask, warehouse).await {
                Ok(operation) => Some(self.ended(operation).await?),
                Err(error) if knows_no_such_search(&error) && in_catalog => {
                    return Err(not_there("searching Unity Catalog in this workspace", "search an experiment"));
                }
                Err(error) if knows_no_such_search(&error) => {
                    self.0.is_without_v4.store(true, Ordering::Relaxed);
                    None
                }
                Err(error) => return Err(error.into()),
            }
        } else {
            None
        };
        let found = match found {
            Some(found) => found,
            None => self.by_version_3(ask).await?,
        };
        Ok(page_of(found, ask)?)
    }

    /// `POST search-long-running`. Without Unity Catalog no warehouse is needed.
    async fn begin(&self, ask: &SearchPage<'_>, warehouse: Option<&str>) -> Result<Operation, ServerError> {
        let path = format!("{V4}/search-long-running");
        let request = Request::with_body(SEARCH, Class::Read, Method::POST, path, &ask.body(location, warehouse));
        self.json(request.expecting(Expected::Infos)).await
    }

    /// `GET search/operations/{name}` until it is done.
    async fn ended(&self, mut operation: Operation) -> Result<Found, ServerError> {
        let (began, mut wait) = (Instant::now(), FIRST_LOOK);
        while !operation.done {
            if began.elapsed() > PATIENCE {
                let base = self.0.workspace.host.clone();
                return Err(ServerError::new(SEARCH, ErrorKind::Timeout { base, after: PATIENCE }));
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
            let path = format!("{V4}/search/operations/{}", path_segment(&operation.name));
            operation = self.json(Request::get(SEARCH, path, Vec::new()).expecting(Expected::Infos)).await?;
        }
        if let Some(Failed { error_code: code, message }) = operation.error {
            return Err(ServerError::new(SEARCH, ErrorKind::Refused { status: 200, code, message }));
        }
        let what = "an operation that is done without a result".to_owned();
        operation.response.ok_or_else(|| ServerError::new(SEARCH, ErrorKind::NotMlflow { what }))
    }

    /// `POST /api/3.0/mlflow/traces/search`.
    async fn by_version_3(&self, ask: &SearchPage<'_>) -> Result<Found, ServerError> {
        let request = Request::with_body(SEARCH, Class::Read, Method::POST, SEARCH_PATH, &ask.body(location, None));
        self.listing(request.expecting(Expected::Infos), SEARCH_FIELDS).await
    }
}

/// Whether a workspace does not know the search of version 4, or not for these places.
fn knows_no_such_search(error: &ServerError) -> bool {
    match &error.kind {
        ErrorKind::NotFound { code, .. } => code == "ENDPOINT_NOT_FOUND",
        ErrorKind::Refused { code, message, .. } => {
            code == "ENDPOINT_NOT_FOUND"
                || (code == "INVALID_PARAMETER_VALUE" && message.contains("locations not yet supported"))
        }
        _ => error.is_no_such_route(),
    }
}

fn page_of(found: Found, ask: &SearchPage<'_>) -> Result<Page, ServerError> {
    let infos: Vec<TraceInfo> = found.trace_infos.into_iter().map(|ListedInfo(info)| with_whole_id(info)).collect();
    ask.check(infos.iter())?;
    Ok(Page { infos, next: found.next_page_token.filter(|token| !token.is_empty()) })
}
