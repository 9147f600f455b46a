//! Sends what is missing and reads back what is there.

use std::collections::HashMap;
use std::fmt::Display;

use futures_util::{StreamExt, stream};

use super::{Step, losses, steps};
use crate::model::{Assessment, ExperimentId, Span, Trace, TraceId, TraceInfo};

/// A trace as it is on the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Existing {
    /// With its spans, unless they cannot be read.
    pub trace: Trace,
    /// Why its spans cannot be read.
    pub unreadable: Option<String>,
}

/// Where traces are brought to.
pub trait Target {
    /// What can go wrong.
    type Error: Display;

    /// Those of these traces that are there.
    fn existing(&self, ids: &[TraceId]) -> impl Future<Output = Result<Vec<Existing>, Self::Error>>;
    /// Stores the spans of a trace in the database, each in the place of the one with its id.
    fn send_spans(&self, experiment: &ExperimentId, trace: &Trace) -> impl Future<Output = Result<(), Self::Error>>;
    /// Stores an info, and returns it with the tags that the server adds.
    fn start(&self, info: &TraceInfo) -> impl Future<Output = Result<TraceInfo, Self::Error>>;
    /// Stores spans as the file of a trace; false if the server takes no files.
    fn upload(&self, info: &TraceInfo, spans: &[Span]) -> impl Future<Output = Result<bool, Self::Error>>;
    /// Stores one assessment.
    fn restore(&self, id: &TraceId, assessment: &Assessment) -> impl Future<Output = Result<(), Self::Error>>;
}

/// A trace and the experiment it goes to.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// With its spans.
    pub trace: Trace,
    /// On the server.
    pub experiment: ExperimentId,
}

/// What became of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It was not there and is there now.
    Imported,
    /// It was there in part and is whole now.
    Repaired,
    /// Nothing was sent.
    AlreadyThere,
    /// It is there, but not all of it.
    Partly,
    /// It is not there.
    Failed,
    /// A dry run found that it is not there.
    WouldImport,
    /// A dry run found that it is there in part.
    WouldRepair,
}

impl Fate {
    /// The word for scripts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Repaired => "repaired",
            Self::AlreadyThere => "already-there",
            Self::Partly => "partly",
            Self::Failed => "failed",
            Self::WouldImport => "would-import",
            Self::WouldRepair => "would-repair",
        }
    }
}

/// What became of a trace, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which.
    pub trace_id: TraceId,
    /// Where it is, or would be.
    pub experiment: ExperimentId,
    /// What became of it.
    pub fate: Fate,
    /// What is not there, or was not done, and why.
    pub reasons: Vec<String>,
}

/// Brings some traces, so many of them at once, and says what became of each, in their order. A dry run sends nothing.
/// Fails only if the server cannot be asked what it has.
pub async fn import<T: Target>(
    target: &T,
    traces: &[Incoming],
    concurrency: usize,
    dry_run: bool,
) -> Result<Vec<Outcome>, T::Error> {
    let ids: Vec<TraceId> = traces.iter().map(|incoming| incoming.trace.info.trace_id.clone()).collect();
    let existing = by_id(target.existing(&ids).await?);
    let planned: Vec<Planned<'_>> =
        traces.iter().map(|incoming| Planned::new(incoming, existing.get(&incoming.trace.info.trace_id))).collect();
    if dry_run {
        return Ok(planned.iter().map(|planned| planned.outcome(planned.intent(), planned.notes())).collect());
    }
    let sent = planned.iter().map(|planned| planned.send(target));
    let troubles: Vec<Vec<String>> = stream::iter(sent).buffered(concurrency.max(1)).collect().await;
    let changed: Vec<TraceId> =
        planned.iter().filter(|planned| !planned.steps.is_empty()).map(|planned| planned.id().clone()).collect();
    let now = if changed.is_empty() { Ok(Vec::new()) } else { target.existing(&changed).await };
    let now = now.map(by_id).map_err(|error| format!("it cannot be read back: {error}"));
    let outcome = |(planned, troubles): (&Planned<'_>, Vec<String>)| planned.verified(troubles, now.as_ref());
    Ok(planned.iter().zip(troubles).map(outcome).collect())
}

fn by_id(existing: Vec<Existing>) -> HashMap<TraceId, Existing> {
    existing.into_iter().map(|existing| (existing.trace.info.trace_id.clone(), existing)).collect()
}

/// A trace and what has to be done for it.
struct Planned<'a> {
    incoming: &'a Incoming,
    existing: Option<&'a Existing>,
    /// Where it is, or goes.
    experiment: ExperimentId,
    steps: Vec<Step>,
}

impl<'a> Planned<'a> {
    fn new(incoming: &'a Incoming, existing: Option<&'a Existing>) -> Self {
        let here = existing.and_then(|existing| existing.trace.info.experiment_id());
        let is_elsewhere = here.as_ref().is_some_and(|here| *here != incoming.experiment);
        // A trace of another experiment is somebody else's: it is told of and left alone.
        let steps = if is_elsewhere { vec![] } else { steps(&incoming.trace, &incoming.experiment, existing) };
        Self { incoming, existing, experiment: here.unwrap_or_else(|| incoming.experiment.clone()), steps }
    }

    fn id(&self) -> &'a TraceId {
        &self.incoming.trace.info.trace_id
    }

    fn outcome(&self, fate: Fate, reasons: Vec<String>) -> Outcome {
        Outcome { trace_id: self.id().clone(), experiment: self.experiment.clone(), fate, reasons }
    }

    fn intent(&self) -> Fate {
        match (self.existing, self.steps.as_slice()) {
            (None, _) => Fate::WouldImport,
            (Some(_), []) => Fate::AlreadyThere,
            (Some(_), _) => Fate::WouldRepair,
        }
    }

    fn notes(&self) -> Vec<String> {
        let is_elsewhere = self.experiment != self.incoming.experiment;
        let note = || format!("it is in the experiment with id {}", self.experiment);
        is_elsewhere.then(note).into_iter().collect()
    }

    /// Carries out the steps and says what went wrong. Without its info a trace is nothing, so that a failed info ends it.
    async fn send<T: Target>(&self, target: &T) -> Vec<String> {
        let trace = &self.incoming.trace;
        let mut troubles = Vec::new();
        let mut info = self.existing.map(|existing| existing.trace.info.clone());
        for step in &self.steps {
            let done = match step {
                Step::Spans => target.send_spans(&self.experiment, trace).await,
                Step::Info(new) => match target.start(new).await {
                    Ok(started) => {
                        info = Some(started);
                        Ok(())
                    }
                    Err(error) => {
                        troubles.push(error.to_string());
                        return troubles;
                    }
                },
                Step::SpanFile => match target.upload(info.as_ref().unwrap_or(&trace.info), trace.spans()).await {
                    Ok(true) => Ok(()),
                    Ok(false) => {
                        troubles.push(NO_PLACE.to_owned());
                        Ok(())
                    }
                    Err(error) => Err(error),
                },
                Step::Assessment(assessment) => target.restore(self.id(), assessment).await,
            };
            troubles.extend(done.err().map(|error| error.to_string()));
        }
        troubles
    }

    fn verified(&self, mut reasons: Vec<String>, now: Result<&HashMap<TraceId, Existing>, &String>) -> Outcome {
        if self.steps.is_empty() {
            return self.outcome(Fate::AlreadyThere, self.notes());
        }
        let there = match now {
            Ok(there) => there.get(self.id()),
            Err(error) => {
                reasons.push(error.clone());
                return self.outcome(Fate::Partly, reasons);
            }
        };
        let Some(there) = there else { return self.outcome(Fate::Failed, reasons) };
        // What was there before may have been changed there since, and is nobody's loss.
        let is_new = self.existing.is_none();
        let archived = &self.incoming.trace;
        let lost = losses(archived, there);
        let is_whole = steps(archived, &self.experiment, Some(there)).is_empty();
        if is_new || !is_whole {
            reasons.extend(lost);
        }
        let fate = match (reasons.is_empty(), is_new) {
            (false, _) => Fate::Partly,
            (true, true) => Fate::Imported,
            (true, false) => Fate::Repaired,
        };
        self.outcome(fate, reasons)
    }
}

const NO_PLACE: &str = "its spans have no place: the database of the server takes spans only under trace ids of tr- and \
    32 hex digits that are the spans' own, and the server takes no files for this experiment";
