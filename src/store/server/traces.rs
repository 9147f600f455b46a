//! Infos of traces by id.

use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::retry::Class;
use super::transport::{Request, path_segment};
use super::{ServerError, ServerStore};
use crate::model::{ExperimentId, TraceId, TraceInfo};

#[derive(Serialize)]
struct BatchRequest<'a> {
    trace_ids: &'a [TraceId],
}

#[derive(Deserialize)]
struct BatchAnswer {
    #[serde(default)]
    trace_infos: Vec<TraceInfo>,
}

#[derive(Deserialize)]
struct OneAnswer {
    trace: OneTrace,
}

#[derive(Deserialize)]
struct OneTrace {
    trace_info: TraceInfo,
}

/// Ids per request: the server needs about 2 ms for each.
const BATCH: usize = 100;
/// More requests at once gain nothing on a server with one worker.
const CONCURRENCY: usize = 4;

impl ServerStore {
    /// `POST /api/3.0/mlflow/traces/batchGetInfos` (3.11 and later), else `GET /api/3.0/mlflow/traces/{id}` one by one.
    /// In the order asked for; unknown ids are left out.
    pub async fn infos(&self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, ServerError> {
        if let [id] = ids
            && !id.as_str().contains('/')
        {
            return Ok(self.info(id).await?.into_iter().collect());
        }
        let mut infos = Vec::with_capacity(ids.len());
        for batch in ids.chunks(BATCH) {
            let request = Request::with_body(
                "get the traces",
                Class::Read,
                Method::POST,
                "/api/3.0/mlflow/traces/batchGetInfos",
                &BatchRequest { trace_ids: batch },
            );
            match self.transport.json::<BatchAnswer>(request).await {
                Ok(answer) => infos.extend(answer.trace_infos),
                // An unknown id makes the whole batch a 403 for those who are not administrators.
                Err(error) if error.is_no_such_route() || (error.is_refusal() && !error.is_overload()) => {
                    infos.extend(self.infos_one_by_one(batch).await?);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(infos)
    }

    async fn infos_one_by_one(&self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, ServerError> {
        let mut answers = stream::iter(ids).map(|id| self.info(id)).buffered(CONCURRENCY);
        let mut infos = Vec::with_capacity(ids.len());
        while let Some(answer) = answers.next().await {
            infos.extend(answer?);
        }
        Ok(infos)
    }

    pub(super) async fn info(&self, id: &TraceId) -> Result<Option<TraceInfo>, ServerError> {
        let path = format!("/api/3.0/mlflow/traces/{}", path_segment(id.as_str()));
        match self.transport.json::<OneAnswer>(Request::get("get the trace", path, vec![])).await {
            Ok(answer) => Ok(Some(answer.trace.trace_info)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The traces with this client request id in these experiments, two at the most: none, one or several is all that
    /// callers need to know. The id must hold one kind of quotes at the most.
    pub async fn by_client_request_id(
        &self,
        experiments: &[ExperimentId],
        id: &str,
    ) -> Result<Vec<TraceInfo>, ServerError> {
        let quote = if id.contains('\'') { '"' } else { '\'' };
        self.search_once(experiments, &format!("client_request_id = {quote}{id}{quote}"), 2).await
    }

    /// Which of these traces (one page at the most) are there and match a filter in the server's own language; `filter` may be
    /// empty.
    pub(super) async fn among(
        &self,
        experiments: &[ExperimentId],
        ids: &[TraceId],
        filter: &str,
    ) -> Result<Vec<TraceInfo>, ServerError> {
        let list = ids.iter().map(|id| list_literal(id.as_str())).collect::<Vec<_>>().join(", ");
        let by_ids = format!("request_id IN ({list})");
        let text = if filter.is_empty() { by_ids } else { format!("{by_ids} AND {filter}") };
        self.search_once(experiments, &text, super::walk::PAGE).await
    }
}

/// A text inside the parentheses of `IN`, which the server reads as Python: the only place where its language has escapes.
fn list_literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_with_quotes_stay_one_literal() {
        assert_eq!(list_literal("tr-1"), "'tr-1'");
        assert_eq!(list_literal(r"it's\"), r"'it\'s\\'");
        let filter = crate::filter::Filter::parse(&format!("request_id IN ({})", list_literal("it's \"both\"")));
        assert!(filter.is_ok());
    }
}
