//! The traces of rows: found by their ids or by those of their requests, and waited for if they may still arrive.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};

use super::bring::Importer;
use crate::annotations::{Row, RowPlace};
use crate::model::{TraceId, TraceInfo};
use crate::store::StoreError;

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The traces of a batch.
#[derive(Default)]
pub(super) struct Located {
    infos: HashMap<TraceId, TraceInfo>,
    requests: HashMap<String, Result<TraceId, String>>,
    /// Traces that may or may not exist, and why that is not known.
    unknown: HashMap<TraceId, String>,
}

impl Located {
    pub(super) fn trace(&self, row: &Row) -> Result<&TraceInfo, String> {
        let id = match &row.place {
            RowPlace::Trace(id) => id,
            RowPlace::Request(request) => match self.requests.get(request) {
                Some(Ok(id)) => id,
                Some(Err(reason)) => return Err(reason.clone()),
                None => return Err(format!("no trace has the client request id {request:?}")),
            },
        };
        self.infos.get(id).ok_or_else(|| match self.unknown.get(id) {
            Some(reason) => reason.clone(),
            None => format!("there is no trace {id}"),
        })
    }

    /// Whether a row's trace may be there although it was not found.
    pub(super) fn is_unknown(&self, row: &Row) -> bool {
        matches!(&row.place, RowPlace::Trace(id) if self.unknown.contains_key(id))
    }
}

impl Importer<'_> {
    /// Finds the traces of the rows, and waits for those that may still arrive.
    pub(super) async fn locate(&self, rows: &[Row]) -> Result<Located, StoreError> {
        let mut located = Located::default();
        let mut pause = FIRST_PAUSE;
        loop {
            let is_whole = self.look(rows, &mut located).await?;
            let left = self.wait_until.map(|until| until.saturating_duration_since(Instant::now()));
            let left = left.filter(|left| !is_whole && !left.is_zero() && !self.interrupt.requested());
            let Some(left) = left else { return Ok(located) };
            tokio::select! {
                () = tokio::time::sleep(pause.min(left)) => {}
                () = self.interrupt.asked() => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Looks for what is not found yet; whether nothing is left.
    async fn look(&self, rows: &[Row], located: &mut Located) -> Result<bool, StoreError> {
        let (mut ids, mut requests, mut seen) = (Vec::new(), BTreeSet::new(), HashSet::new());
        for row in rows {
            match &row.place {
                RowPlace::Trace(id) if !located.infos.contains_key(id) && seen.insert(id) => ids.push(id.clone()),
                RowPlace::Request(request) if !located.requests.contains_key(request) => {
                    requests.insert(request.as_str());
                }
                RowPlace::Trace(_) | RowPlace::Request(_) => {}
            }
        }
        let asked = ids.len() + requests.len();
        let looked = self.server.infos(&ids).await?;
        let mut found = looked.found.len();
        located.unknown = looked.reasons();
        located.infos.extend(looked.found.into_iter().map(|info| (info.trace_id.clone(), info)));
        let searches = requests.into_iter().map(|request| async move {
            (request, self.server.by_client_request_id(&self.experiments, request).await)
        });
        let mut answers = stream::iter(searches).buffer_unordered(self.concurrency.max(1));
        while let Some((request, answer)) = answers.next().await {
            let mut answer = answer?;
            let place = match (answer.pop(), answer.is_empty()) {
                (None, _) => continue,
                (Some(info), true) => {
                    let id = info.trace_id.clone();
                    located.infos.insert(id.clone(), info);
                    Ok(id)
                }
                (Some(_), false) => Err(format!("several traces have the client request id {request:?}")),
            };
            found += 1;
            located.requests.insert(request.to_owned(), place);
        }
        Ok(found >= asked)
    }
}
