//! Infos of traces by id.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::{ServerError, ServerStore};
use crate::model::{ExperimentId, ListedInfo, TraceId, TraceInfo};
use crate::store::http::{Class, Expected, Method, Request};
use crate::store::{Looked, StoreError, Unseen};

#[derive(Serialize)]
struct BatchRequest<'a> {
    trace_ids: &'a [TraceId],
}

#[derive(Deserialize)]
struct BatchAnswer {
    #[serde(default)]
    trace_infos: Vec<ListedInfo>,
}

/// Ids per request: the server needs about 2 ms for each.
const BATCH: usize = 100;
/// More requests at once gain nothing on a server with one worker.
const CONCURRENCY: usize = 4;

impl ServerStore {
    /// `POST /api/3.0/mlflow/traces/batchGetInfos` (3.11 and later); what it leaves out, and everything where there is no such
    /// route, is asked for one by one.
    pub async fn infos(&self, ids: &[TraceId]) -> Result<Looked<TraceInfo>, ServerError> {
        let mut looked = Looked::default();
        for batch in ids.chunks(BATCH) {
            let by_batch = batch.len() > 1 || batch.iter().any(is_no_segment);
            let shown = if by_batch { self.infos_at_once(batch).await? } else { None };
            looked.extend(self.looked(batch, shown.unwrap_or_default()).await?);
        }
        Ok(looked)
    }

    /// Those of these traces that the server shows, for callers to whom it makes no difference whether the others are hidden
    /// or absent; see [`ServerStore::infos`] for all who say which.
    pub async fn infos_shown(&self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError> {
        let mut infos = Vec::with_capacity(ids.len());
        for batch in ids.chunks(BATCH) {
            let shown = self.infos_at_once(batch).await?;
            if let Some(shown) = shown.as_ref().filter(|shown| shown.iter().all(|info| info.unread.is_empty())) {
                infos.extend(shown.iter().cloned());
                continue;
            }
            let looked = self.looked(batch, shown.unwrap_or_default()).await?;
            if let Some(unseen) = looked.unseen.into_iter().next() {
                return Err(unseen.into());
            }
            infos.extend(looked.found);
        }
        Ok(infos)
    }

    /// `None` if the server does not answer for that many at once.
    async fn infos_at_once(&self, ids: &[TraceId]) -> Result<Option<Vec<TraceInfo>>, ServerError> {
        if self.wire.is_old() {
            return Ok(None);
        }
        let path = "/api/3.0/mlflow/traces/batchGetInfos";
        let body = BatchRequest { trace_ids: ids };
        let request = Request::with_body("get the traces", Class::Read, Method::POST, path, &body);
        let request = request.expecting(Expected::Infos);
        match self.transport.listing::<BatchAnswer>(request, &["trace_infos"]).await {
            Ok(answer) => Ok(Some(answer.trace_infos.into_iter().map(|ListedInfo(info)| info).collect())),
            // Before 3.18 an unknown id makes the whole batch a 403 for those who are not administrators.
            Err(error) if error.is_no_such_route() || (error.is_refusal() && !error.is_overload()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is known about these ids when these infos were shown: each of the others is asked for by itself, because not to
    /// be shown is not to be gone. From 3.18 on a batch leaves out what is forbidden, too.
    async fn looked(&self, ids: &[TraceId], shown: Vec<TraceInfo>) -> Result<Looked<TraceInfo>, ServerError> {
        let mut shown: HashMap<TraceId, TraceInfo> =
            shown.into_iter().map(|info| (info.trace_id.clone(), info)).collect();
        let look = |id: &TraceId| {
            let (id, shown) = (id.clone(), shown.remove(id));
            async move {
                let answer = if shown.is_some() { Ok(shown) } else { self.info(&id).await };
                (id, answer)
            }
        };
        let mut answers = stream::iter(ids).map(look).buffered(CONCURRENCY);
        let mut looked = Looked::default();
        while let Some((id, answer)) = answers.next().await {
            match answer {
                Ok(Some(info)) => match info.unreadable() {
                    None => looked.found.push(info),
                    Some(reason) => looked.unseen.push(Unseen { trace_id: id, reason, is_forbidden: false }),
                },
                Ok(None) => looked.absent.push(id),
                Err(error) if error.is_refusal() && !error.is_overload() => looked.unseen.push(unseen(id, &error)),
                Err(error) => return Err(error),
            }
        }
        Ok(looked)
    }

    /// The info of a trace. `None` if the server says that there is no such trace.
    pub(super) async fn info(&self, id: &TraceId) -> Result<Option<TraceInfo>, ServerError> {
        match self.wire.info(id).await {
            Ok(info) => Ok(Some(info)),
            Err(error) if error.is_absent() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is known about traces of one experiment (at most 100): a search shows those that are there.
    pub async fn existing(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Looked<TraceInfo>, ServerError> {
        let shown = self.shown(experiment, ids).await?;
        let known: HashSet<TraceId> = shown.iter().map(|info| info.trace_id.clone()).collect();
        let mut looked = self.looked(ids, shown).await?;
        let hidden = looked.found.extract_if(.., |info| !known.contains(&info.trace_id));
        looked.unseen.extend(hidden.map(|info| hidden_from(experiment, info)));
        Ok(looked)
    }

    /// Those of these traces of one experiment (at most 100) that a search shows. The others are gone only if the same
    /// search has shown them before and their deletion was sent since; else see [`ServerStore::existing`].
    pub async fn shown(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Vec<TraceInfo>, ServerError> {
        self.among(std::slice::from_ref(experiment), ids, "").await
    }

    /// The traces with this client request id in these experiments, at most two: none, one or several is all that
    /// callers need to know. The id must hold at most one kind of quotes.
    pub async fn by_client_request_id(
        &self,
        experiments: &[ExperimentId],
        id: &str,
    ) -> Result<Vec<TraceInfo>, ServerError> {
        let quote = if id.contains('\'') { '"' } else { '\'' };
        self.search_once(experiments, &format!("client_request_id = {quote}{id}{quote}"), 2).await
    }

    /// Which of these traces (at most one page) are there and match a filter in the server's own language; `filter` may
    /// be empty.
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

/// Whether no route of a server takes an id as a segment of its path: applications choose ids, line breaks included.
pub(super) fn is_no_segment(id: &TraceId) -> bool {
    let id = id.as_str();
    matches!(id, "" | "." | "..") || id.contains(|character: char| character == '/' || character.is_control())
}

fn unseen(trace_id: TraceId, error: &ServerError) -> Unseen {
    Unseen { trace_id, reason: error.to_string(), is_forbidden: error.is_forbidden() }
}

/// A trace that is there although a search of its experiment does not show it.
fn hidden_from(experiment: &ExperimentId, info: TraceInfo) -> Unseen {
    let reason = match info.experiment_id() {
        Some(other) if other != *experiment => format!("it is in the experiment with id {other} now"),
        _ => "it exists, but a search of its experiment does not return it".to_owned(),
    };
    Unseen { trace_id: info.trace_id, reason, is_forbidden: false }
}

/// A text inside the parentheses of `IN`, which the server reads as Python: the only place where its language has escapes.
fn list_literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    for character in text.chars() {
        match character {
            '\\' | '\'' => literal.extend(['\\', character]),
            // A line break ends a literal.
            '\0'..='\u{1f}' | '\u{7f}' => literal.push_str(&format!("\\x{:02x}", u32::from(character))),
            _ => literal.push(character),
        }
    }
    format!("'{literal}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_with_quotes_stay_one_literal() {
        assert_eq!(list_literal("tr-1"), "'tr-1'");
        assert_eq!(list_literal("tr-1\ntr-2\r"), r"'tr-1\x0atr-2\x0d'");
        assert_eq!(list_literal(r"it's\"), r"'it\'s\\'");
        let filter = crate::filter::Filter::parse(&format!("request_id IN ({})", list_literal("it's \"both\"")));
        assert!(filter.is_ok());
    }
}
