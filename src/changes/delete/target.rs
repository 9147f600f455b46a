//! The tracking server as the place where deletion plans are carried out.

use std::collections::{HashMap, HashSet};

use super::archive::Archived;
use super::artifacts::Artifacts;
use super::batches::{DeletionTarget, Recheck};
use super::select::{doubtful, query};
use crate::filter::Filter;
use crate::model::{Experiment, ExperimentId, Lifecycle, Trace, TraceId, TraceInfo};
use crate::retention::{Decision, Judge, Keep, Planned, PolicyFound, RetentionPolicy, Seen, decide};
use crate::store::{Decided, Reader, StoreError, Writer};

/// A server, and the rules by which traces are looked at again.
pub struct ServerDeletion<'a> {
    /// Where the traces are.
    pub server: &'a dyn Writer,
    /// What may be deleted.
    pub policy: &'a RetentionPolicy,
    /// What is archived, and what could not be.
    pub archived: &'a Archived,
    /// What becomes of the files of traces that go.
    pub artifacts: &'a Artifacts<'a>,
}

impl DeletionTarget for ServerDeletion<'_> {
    type Error = StoreError;

    async fn recheck(&self, experiment: &Experiment, traces: &[Planned]) -> Result<Recheck<StoreError>, StoreError> {
        self.check(experiment).await?;
        let ids: Vec<TraceId> = traces.iter().map(|trace| trace.trace_id.clone()).collect();
        let looked = self.server.existing(&experiment.id, &ids).await?;
        let mut infos = looked.found;
        infos.retain(|info| is_home(info, &experiment.id));
        let mut now = Recheck { existing: ids_of(&infos), ..Recheck::default() };
        now.unknown = looked.unseen.into_iter().map(|unseen| (unseen.trace_id.clone(), unseen.into())).collect();
        let starts: HashMap<&TraceId, i64> =
            traces.iter().map(|trace| (&trace.trace_id, trace.request_time_ms)).collect();
        let speaks = |info: &TraceInfo| Some((info.trace_id.clone(), info.session_it_speaks_of(None)?.to_owned()));
        let speakers: Vec<(TraceId, String)> = infos.iter().filter_map(speaks).collect();
        let (fresh, mut with_files) = (self.of_files(&infos), HashSet::new());
        let not_archived = ids_of(infos.iter().filter(|info| self.archived.keeps(info)));
        for seen in self.judged(experiment, &ids, infos).await? {
            let reason = if starts.get(&seen.trace_id) == Some(&seen.request_time_ms) {
                why_kept(self.policy, &seen)
            } else {
                Some("its start time differs from the plan".to_owned())
            };
            match reason {
                Some(reason) => _ = now.reasons.insert(seen.trace_id, reason),
                None if not_archived.contains(&seen.trace_id) => {}
                None => {
                    if self.policy.deletes_artifacts_of(seen.marks.iter().map(|mark| mark.rule)) {
                        with_files.insert(seen.trace_id.clone());
                    }
                    now.selected.insert(seen.trace_id);
                }
            }
        }
        let going = ids.iter().filter(|id| now.selected.contains(*id));
        let doubted = self.archived.doubted(self.server, &experiment.id, going).await?;
        now.selected.retain(|id| !doubted.contains(id));
        let going: Vec<TraceId> = now.selected.iter().cloned().collect();
        now.refused.extend(self.server.not_deleted(&going).await?);
        now.selected.retain(|id| !now.refused.contains_key(id));
        self.keep_speakers(experiment, speakers, &mut now).await?;
        let is_due = |id: &TraceId| now.selected.contains(id) && with_files.contains(id);
        self.artifacts.look(experiment, fresh.iter().filter(|info| is_due(&info.trace_id))).await;
        Ok(now)
    }

    async fn delete(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, StoreError> {
        self.server.delete_traces(experiment, ids).await
    }

    async fn existing(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<HashSet<TraceId>, StoreError> {
        Ok(ids_of(&self.server.shown(experiment, ids).await?))
    }
}

impl ServerDeletion<'_> {
    /// The infos that tell where files are, if the files of some may go.
    fn of_files(&self, infos: &[TraceInfo]) -> Vec<TraceInfo> {
        let some_go = self.policy.rules.iter().any(|rule| rule.deletes_artifacts);
        if some_go { infos.to_vec() } else { Vec::new() }
    }

    /// The experiment is still the one of the plan, and in use.
    async fn check(&self, planned: &Experiment) -> Result<(), StoreError> {
        let now = self.server.experiment_by_id(&planned.id).await?;
        let is_same = now.as_ref().is_some_and(|now| {
            now.lifecycle == Lifecycle::Active
                && now.name == planned.name
                && planned.creation_time_ms.is_none_or(|created| now.creation_time_ms == Some(created))
        });
        if is_same {
            Ok(())
        } else {
            Err(StoreError::ExperimentChanged { name: planned.name.clone(), id: planned.id.clone() })
        }
    }

    /// A trace that carries an assessment of its session stays while others of the session do: whoever deletes traces of a
    /// session deletes those first.
    async fn keep_speakers(
        &self,
        experiment: &Experiment,
        speakers: Vec<(TraceId, String)>,
        now: &mut Recheck<StoreError>,
    ) -> Result<(), StoreError> {
        let named = self.policy.rules.iter().all(|rule| rule.takes_unfinished);
        for (id, session) in
            speakers.into_iter().filter(|(id, _)| !named && now.selected.contains(id)).collect::<Vec<_>>()
        {
            let members = members(self.server, experiment, &session).await?;
            if members.is_none_or(|members| members.iter().any(|member| !now.selected.contains(member))) {
                now.selected.remove(&id);
                now.reasons.insert(
                    id,
                    "it carries an assessment of its session, and other traces of the session are kept".to_owned(),
                );
            }
        }
        Ok(())
    }

    /// What the rules say about the traces as they are now, by the same decision that made the plan.
    async fn judged(
        &self,
        experiment: &Experiment,
        ids: &[TraceId],
        infos: Vec<TraceInfo>,
    ) -> Result<Vec<Seen>, StoreError> {
        let judge = Judge::new(self.policy, experiment);
        let mut found = Vec::with_capacity(judge.searches().len());
        for filter in judge.searches() {
            found.push(found_of(self.server.still_matching(&experiment.id, ids, filter).await?));
        }
        let mut survey = judge.survey();
        let see = |info| judge.see(&Trace::without_spans(info), &found, &mut survey);
        let seen = infos.into_iter().map(see).collect();
        Ok(decide(&self.policy.rules, self.policy.as_of_ms, seen))
    }
}

/// The traces of a session; nothing if they cannot be asked for.
pub async fn members(
    store: &dyn Reader,
    experiment: &Experiment,
    session: &str,
) -> Result<Option<Vec<TraceId>>, StoreError> {
    let Some(filter) = Filter::of_session(session) else { return Ok(None) };
    let query = query(experiment, filter);
    let (mut walk, mut members) = (store.search(&query, None)?, Vec::new());
    while let Some(page) = walk.next_page().await? {
        members.extend(page.into_iter().map(|trace| trace.info.trace_id));
    }
    Ok(Some(members))
}

/// What was decided of traces, as the planner takes it.
fn found_of(decided: Decided) -> PolicyFound {
    PolicyFound {
        matching: decided.matching.into_iter().map(|trace| trace.info.trace_id).collect(),
        undecided: decided.undecided.iter().map(doubtful).collect(),
    }
}

/// Why a trace stays; nothing if it goes.
fn why_kept(policy: &RetentionPolicy, seen: &Seen) -> Option<String> {
    match seen.decision() {
        Decision::Expires => None,
        Decision::Untouched => Some("no rule selects it any more".to_owned()),
        Decision::Kept => {
            let keeping = seen.marks.iter().filter(|mark| !mark.keeps.is_empty());
            let told = keeping.map(|mark| {
                let words: Vec<&str> = mark.keeps.iter().map(Keep::word).collect();
                let name = policy.rules.get(usize::from(mark.rule)).map_or("", |rule| rule.name.as_str());
                format!("rule {name:?} keeps it: {}", words.join(", "))
            });
            Some(told.collect::<Vec<_>>().join("; "))
        }
    }
}

/// Whether a trace says that it lives in an experiment.
#[must_use]
pub fn is_home(info: &TraceInfo, experiment: &ExperimentId) -> bool {
    info.experiment_id().as_ref() == Some(experiment)
}

fn ids_of<'i>(infos: impl IntoIterator<Item = &'i TraceInfo>) -> HashSet<TraceId> {
    infos.into_iter().map(|info| info.trace_id.clone()).collect()
}
