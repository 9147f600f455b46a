//! Traces by their ids: each is asked for by itself, because a workspace has no route that says about many which are there.

use futures_util::{StreamExt, stream};
use serde::Deserialize;

use super::DatabricksStore;
use super::routes::{self, InCatalog, with_whole_id};
use crate::model::{ListedInfo, TraceId, TraceInfo};
use crate::store::http::{Expected, Request, ServerError};
use crate::store::{Looked, StoreError, Unseen};

/// Requests under way at once.
pub(super) const CONCURRENCY: usize = 8;

#[derive(Deserialize)]
struct Answer {
    trace: Info,
}

#[derive(Deserialize)]
struct Info {
    trace_info: ListedInfo,
}

impl DatabricksStore {
    /// What is known about these ids.
    pub(super) async fn looked(&self, ids: &[TraceId]) -> Result<Looked<TraceInfo>, StoreError> {
        let look = |id: &TraceId| {
            let id = id.clone();
            async move { (self.info(&id).await, id) }
        };
        let mut answers = stream::iter(ids).map(look).buffered(CONCURRENCY);
        let mut looked = Looked::default();
        while let Some((answer, id)) = answers.next().await {
            match answer {
                Ok(Some(info)) => match info.unreadable() {
                    None => looked.found.push(info),
                    Some(reason) => looked.unseen.push(Unseen { trace_id: id, reason, is_forbidden: false }),
                },
                Ok(None) => looked.absent.push(id),
                Err(StoreError::Server(error)) if error.is_refusal() && !error.is_overload() => {
                    let (reason, is_forbidden) = (error.to_string(), error.is_forbidden());
                    looked.unseen.push(Unseen { trace_id: id, reason, is_forbidden });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(looked)
    }

    /// `None` if the workspace says that there is no such trace.
    pub(super) async fn info(&self, id: &TraceId) -> Result<Option<TraceInfo>, StoreError> {
        let operation = "get the trace";
        let answer = match InCatalog::of(id) {
            Some(there) => {
                let query = vec![("sql_warehouse_id", self.warehouse().await?)];
                self.one(Request::get(operation, format!("{}/info", there.path()), query)).await
            }
            None => self.one(Request::get(operation, routes::info(id), Vec::new())).await,
        };
        match answer {
            Ok(info) => Ok(Some(info)),
            Err(error) if error.is_absent() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn one(&self, request: Request<'_>) -> Result<TraceInfo, ServerError> {
        let answer: Answer = self.json(request.expecting(Expected::Infos)).await?;
        Ok(with_whole_id(answer.trace.trace_info.0))
    }
}
