//! Traces that a server can name although it cannot be asked for them in one filter: those that a further filter finds, those
//! that are linked to runs, those whose session shares an assessment.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

use super::{ServerError, ServerStore};
use crate::filter::typed::{Clause, Condition, Test};
use crate::filter::{Filter, ServerSet};
use crate::model::field::Field;
use crate::model::{AssessmentKind, ExperimentId, TimeWindow, Trace, TraceId, TraceInfo, keys};
use crate::store::http::{Class, ErrorKind, Expected, Method, Request};
use crate::store::{Event, Query, StoreError, Walk};

/// Links to more runs than these are not asked for, as each run takes a request.
const MOST_RUNS: usize = 1_000;
/// Linked traces of more runs than these are not counted.
const MOST_COUNTED: usize = 100;
/// Requests under way at once.
const CONCURRENCY: usize = 4;

#[derive(Serialize)]
struct RunsRequest<'a> {
    experiment_ids: &'a [ExperimentId],
    run_view_type: &'a str,
    max_results: usize,
}

#[derive(Deserialize)]
struct RunsAnswer {
    #[serde(default)]
    runs: Vec<Run>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct Run {
    info: RunInfo,
}

#[derive(Deserialize)]
struct RunInfo {
    run_id: String,
}

impl ServerStore {
    /// The ids in a set, in whole experiments; nothing if that cannot be found out.
    pub(super) async fn ids_in(
        &self,
        experiments: &[ExperimentId],
        set: &ServerSet,
    ) -> Result<Option<HashSet<TraceId>>, StoreError> {
        match set {
            ServerSet::Found(filter) => self.ids_of(experiments, filter).await.map(Some),
            ServerSet::LinkedTo(test) => {
                let Some(runs) = self.runs(test).await? else { return Ok(None) };
                let linked =
                    stream::iter(runs).map(|run| async move { self.ids_of(experiments, &linked_to(&run)).await });
                linked.buffered(CONCURRENCY).try_concat().await.map(Some)
            }
            ServerSet::SharesAssessment(kind) => self.sharing(experiments, *kind).await.map(Some),
            ServerSet::Decided(clause) => self.decided_in(experiments, clause).await.map(Some),
        }
    }

    /// Which of these traces of one experiment (at most one page of them) are in a set; nothing if that cannot be found out.
    pub(super) async fn those_in(
        &self,
        experiments: &[ExperimentId],
        infos: &[TraceInfo],
        set: &ServerSet,
    ) -> Result<Option<HashSet<TraceId>>, StoreError> {
        let ids: Vec<TraceId> = infos.iter().map(|info| info.trace_id.clone()).collect();
        let found = |found: Vec<TraceInfo>| found.into_iter().map(|info| info.trace_id).collect::<HashSet<_>>();
        match set {
            ServerSet::Found(filter) => Ok(Some(found(self.among(experiments, &ids, filter).await?))),
            ServerSet::LinkedTo(test) => {
                let Some(runs) = self.runs(test).await? else { return Ok(None) };
                let ids = &ids;
                let linked = stream::iter(runs)
                    .map(|run| async move { self.among(experiments, ids, &linked_to(&run)).await.map(found) });
                Ok(Some(linked.buffered(CONCURRENCY).try_concat().await?))
            }
            ServerSet::Decided(clause) => {
                let mut members = infos.to_vec();
                for session in infos.iter().filter_map(TraceInfo::session).collect::<HashSet<_>>() {
                    let Some(filter) = Filter::of_session(session) else { return Ok(None) };
                    members.extend(self.infos_of(experiments, filter.text()).await?);
                }
                let decided = decided(clause, members.into_iter().map(Trace::without_spans).collect());
                Ok(Some(decided.into_iter().filter(|id| ids.contains(id)).collect()))
            }
            ServerSet::SharesAssessment(kind) => {
                let sessions: HashSet<&str> = infos.iter().filter_map(TraceInfo::session).collect();
                let mut sharing = HashSet::new();
                for session in sessions {
                    let Some(filter) = Filter::of_session(session) else { return Ok(None) };
                    let members = self.infos_of(experiments, filter.text()).await?;
                    if members.iter().any(|info| info.session_it_speaks_of(*kind).is_some()) {
                        sharing.insert(session);
                    }
                }
                let is_in = |info: &&TraceInfo| info.session().is_some_and(|session| sharing.contains(session));
                Ok(Some(infos.iter().filter(is_in).map(|info| info.trace_id.clone()).collect()))
            }
        }
    }

    /// The ids of all traces that a filter in the server's own language finds.
    pub(super) async fn ids_of(
        &self,
        experiments: &[ExperimentId],
        filter: &str,
    ) -> Result<HashSet<TraceId>, StoreError> {
        Ok(self.infos_of(experiments, filter).await?.into_iter().map(|info| info.trace_id).collect())
    }

    async fn infos_of(&self, experiments: &[ExperimentId], filter: &str) -> Result<Vec<TraceInfo>, StoreError> {
        let mut infos = Vec::new();
        self.each_info(experiments, filter, |info| infos.push(info)).await?;
        Ok(infos)
    }

    async fn each_info(
        &self,
        experiments: &[ExperimentId],
        filter: &str,
        mut take: impl FnMut(TraceInfo),
    ) -> Result<(), StoreError> {
        let filter = Filter::parse(filter)
            .map_err(|error| ServerError::new("search traces", ErrorKind::Setup(error.to_string())))?;
        let query = Query {
            experiments: experiments.to_vec(),
            filter: Arc::new(filter),
            order_by: Arc::default(),
            window: TimeWindow::default(),
        };
        let mut search = self.searching(&query, None);
        while let Some(page) = search.next_page().await? {
            for trace in page {
                take(trace.info);
            }
        }
        Ok(())
    }

    /// How many traces of these experiments are linked to a run that they were not recorded in, which nothing that the server
    /// returns of a trace tells; nothing if that would take too many requests.
    pub async fn linked(&self, experiments: &[ExperimentId]) -> Result<Option<u64>, StoreError> {
        let Some(runs) = self.runs(&Test::Present).await?.filter(|runs| runs.len() <= MOST_COUNTED) else {
            return Ok(None);
        };
        let of_run = |run: String| async move {
            let mut infos = self.infos_of(experiments, &linked_to(&run)).await?;
            infos.retain(|info| info.metadata.get(keys::SOURCE_RUN) != Some(&run));
            Ok::<_, StoreError>(infos.into_iter().map(|info| info.trace_id).collect::<HashSet<_>>())
        };
        let linked: HashSet<TraceId> = stream::iter(runs).map(of_run).buffered(CONCURRENCY).try_concat().await?;
        Ok(Some(linked.len() as u64))
    }

    /// The traces whose session has an assessment of a kind, or of any, that was made for the session.
    async fn sharing(
        &self,
        experiments: &[ExperimentId],
        kind: Option<AssessmentKind>,
    ) -> Result<HashSet<TraceId>, StoreError> {
        let (mut sessions, mut members) = (HashSet::new(), Vec::new());
        self.each_info(experiments, "", |info| {
            let Some(session) = info.session().map(str::to_owned) else { return };
            if info.session_it_speaks_of(kind).is_some() {
                sessions.insert(session.clone());
            }
            members.push((session, info.trace_id));
        })
        .await?;
        Ok(members.into_iter().filter(|(session, _)| sessions.contains(session)).map(|(_, id)| id).collect())
    }

    /// The traces of whole experiments of which a clause on assessments holds, or on those that their sessions share.
    async fn decided_in(&self, experiments: &[ExperimentId], clause: &Clause) -> Result<HashSet<TraceId>, StoreError> {
        let mut traces = Vec::new();
        self.each_info(experiments, "", |info| {
            // Of the rest of each there may be much.
            let session = info.metadata.get_key_value(keys::SESSION).map(|(key, value)| (key.clone(), value.clone()));
            let metadata = session.into_iter().collect();
            let TraceInfo { assessments, unread, lacks_assessments, .. } = info;
            let new = TraceInfo::new(info.trace_id, info.request_time_ms);
            traces.push(Trace::without_spans(TraceInfo { metadata, assessments, unread, lacks_assessments, ..new }));
        })
        .await?;
        Ok(decided(clause, traces))
    }

    /// `POST /api/2.0/mlflow/runs/search` over all experiments, as a trace may be linked to a run of any: the ids of those that
    /// pass a test. Nothing if there are more than can be asked one by one, or if the server does not tell.
    async fn runs(&self, test: &Test) -> Result<Option<Vec<String>>, ServerError> {
        let experiments: Vec<ExperimentId> =
            self.experiments(true).await?.into_iter().map(|experiment| experiment.id).collect();
        let body = RunsRequest { experiment_ids: &experiments, run_view_type: "ALL", max_results: MOST_RUNS + 1 };
        let request =
            Request::with_body("search runs", Class::Read, Method::POST, "/api/2.0/mlflow/runs/search", &body);
        let request = request.expecting(Expected::Infos);
        let answer = match self.transport.listing::<RunsAnswer>(request, &["runs", "next_page_token"]).await {
            Ok(answer) => answer,
            Err(error) if error.is_no_such_route() || error.is_refusal() => return Ok(None),
            Err(error) => return Err(error),
        };
        if answer.runs.len() > MOST_RUNS || answer.next_page_token.is_some_and(|token| !token.is_empty()) {
            self.tell(Event::Notice(format!(
                "there are more than {MOST_RUNS} runs, so which traces are linked to them is not asked; write run_id = '…' for single runs"
            )));
            return Ok(None);
        }
        let passes = |run: &String| passes(test, run);
        Ok(Some(answer.runs.into_iter().map(|run| run.info.run_id).filter(passes).collect()))
    }
}

/// Whether the id of a run passes a test.
fn passes(test: &Test, run: &str) -> bool {
    let mut info = TraceInfo::new(TraceId::new(""), 0);
    info.metadata.insert(keys::SOURCE_RUN.to_owned(), run.to_owned());
    // That a trace has no run is asked the other way round.
    let test = if *test == Test::Missing { Test::Present } else { test.clone() };
    Filter::holds_of(&Condition::Clause(Clause { field: Field::Run, test, span: 0..0 }), info)
}

/// Those of some traces, with all of their sessions, of which a clause on assessments holds.
fn decided(clause: &Clause, traces: Vec<Trace>) -> HashSet<TraceId> {
    let matcher = Filter::matcher_of(&Condition::Clause(clause.clone()));
    let scope = matcher.scope(traces.iter());
    let holds = |trace: &Trace| matcher.matches(trace, &scope).is_true();
    traces.into_iter().filter(holds).map(|trace| trace.info.trace_id).collect()
}

fn linked_to(run: &str) -> String {
    format!("run_id = '{run}'")
}
