//! An archive that is brought to a server: batch by batch, each trace in the journal before anything of it is sent.

use std::collections::{BTreeMap, HashMap};

use super::attachments::bring;
use super::server::{AttachmentTarget, ImportServer};
use super::tally::ImportTally;
use super::{ImportOutcome, Incoming, TraceFate, import};
use crate::changes::journal::{Action, Counts, Entry, Header, Journal, Outcome};
use crate::changes::run::Change;
use crate::changes::{ChangeError, Deed, RunContext, RunResult};
use crate::cli::OutputFormat;
use crate::model::{Experiment, ExperimentId, Trace};
use crate::progress::Progress;
use crate::store::{Query, Store};

/// The formats of what became of traces.
pub const IMPORT_FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl];

/// Traces that are looked up, sent and read back together.
const BATCH: usize = 40;

/// The experiments that traces go to.
pub enum Destination {
    /// One for all of them, as the user named it.
    One(Experiment),
    /// For each experiment of the archive the one of the same name.
    ByName(HashMap<ExperimentId, Experiment>),
}

impl Destination {
    /// A trace with the experiment it goes to.
    fn of(&self, trace: Trace) -> Result<Incoming, ChangeError> {
        let found = match self {
            Self::One(experiment) => Some(experiment),
            Self::ByName(experiments) => trace.info.experiment_id().and_then(|id| experiments.get(&id)),
        };
        match found {
            Some(experiment) => Ok(Incoming { trace, experiment: experiment.id.clone() }),
            None => Err(ChangeError::NoDestination(trace.info.trace_id)),
        }
    }

    /// All of them, in the order of their ids.
    #[must_use]
    pub fn experiments(&self) -> Vec<&Experiment> {
        match self {
            Self::One(experiment) => vec![experiment],
            Self::ByName(experiments) => {
                experiments.values().map(|one| (&one.id, one)).collect::<BTreeMap<_, _>>().into_values().collect()
            }
        }
    }
}

/// An archive, and where it goes.
pub struct ImportRun<'a> {
    /// Where traces go.
    pub target: ImportServer<'a>,
    /// The attachments of the archive, and where they go.
    pub beside: AttachmentTarget<'a>,
    /// The archive.
    pub archive: &'a Store,
    /// All of it.
    pub query: Query,
    /// Which experiments.
    pub destination: Destination,
    /// The head of the journal.
    pub header: Header,
    /// How to write what became of each trace.
    pub format: OutputFormat,
}

impl Change for ImportRun<'_> {
    type Done = ImportTally;

    fn deed(&self) -> Deed {
        Deed::Change
    }

    /// Archives are read once; how many traces there are is known at their end, and nothing limits it.
    fn traces(&self) -> u64 {
        0
    }

    fn is_idle(&self) -> bool {
        false
    }

    fn show(&self, _: &mut RunContext<'_>) {}

    async fn only_shown(&mut self, context: &mut RunContext<'_>) -> RunResult {
        let (tally, _) = self.bring(context, None).await?;
        tally.report(context, self.format)
    }

    fn question(&self) -> Option<String> {
        None
    }

    fn header(&self, _: &RunContext<'_>) -> Header {
        self.header.clone()
    }

    async fn apply(&mut self, context: &mut RunContext<'_>, journal: Journal) -> Result<ImportTally, ChangeError> {
        let (tally, counts) = self.bring(context, Some(&journal)).await?;
        journal.finish(counts).map_err(ChangeError::JournalBroken)?;
        Ok(tally)
    }

    fn report(&self, context: &mut RunContext<'_>, _: &str, tally: ImportTally) -> RunResult {
        tally.report(context, self.format)
    }
}

impl ImportRun<'_> {
    /// Brings batch after batch; without a journal nothing is sent. Fails if not even the first one could be tried.
    async fn bring(
        &self,
        context: &mut RunContext<'_>,
        journal: Option<&Journal>,
    ) -> Result<(ImportTally, Counts), ChangeError> {
        let visible = context.ui.verbosity().progress;
        let total = if visible { self.archive.known_total(&self.query).await } else { None };
        let progress = Progress::new(visible, total, "importing");
        let _finishing = context.interrupt.finish_first();
        let (mut tally, mut counts) = (ImportTally::new(journal.is_none()), Counts::default());
        let mut walk = self.archive.search(&self.query, None)?;
        while let Some(page) = walk.next_page().await? {
            let mut page = page.into_iter();
            loop {
                let batch: Vec<Trace> = page.by_ref().take(BATCH).collect();
                if batch.is_empty() {
                    break;
                }
                if context.interrupt.requested() {
                    return Ok((tally, counts));
                }
                let batch: Vec<Incoming> =
                    batch.into_iter().map(|trace| self.destination.of(trace)).collect::<Result<_, _>>()?;
                let entries = begin(journal, &batch, &mut counts)?;
                let outcomes = match import(&self.target, &batch, context.means.concurrency, journal.is_none()).await {
                    Ok(outcomes) => outcomes,
                    Err(error) => {
                        let why = error.to_string();
                        entries.into_iter().try_for_each(|entry| {
                            settle(journal, entry, (Outcome::Failed, Some(why.clone())), &mut counts)
                        })?;
                        if tally.is_empty() {
                            return Err(error.into());
                        }
                        tally.stopped = Some(error.into());
                        return Ok((tally, counts));
                    }
                };
                progress.advance(outcomes.len());
                let mut entries = entries.into_iter();
                for (mut outcome, incoming) in outcomes.into_iter().zip(&batch) {
                    self.bring_attachments(incoming, &mut outcome, &mut tally).await;
                    if let Some(entry) = entries.next() {
                        settle(journal, entry, settled(&outcome), &mut counts)?;
                    }
                    tally.add(context, self.format, &outcome)?;
                }
            }
        }
        Ok((tally, counts))
    }

    /// What is another trace, or in another experiment, is somebody else's.
    async fn bring_attachments(&self, incoming: &Incoming, outcome: &mut ImportOutcome, tally: &mut ImportTally) {
        let is_ours = !matches!(outcome.fate, TraceFate::Failed | TraceFate::Different | TraceFate::Elsewhere);
        if is_ours && outcome.experiment == incoming.experiment {
            let dry_run = tally.is_dry_run();
            bring(&self.beside, &incoming.trace, outcome, dry_run, &mut tally.attachments).await;
        }
    }
}

/// Notes what is about to be looked up and sent.
fn begin(journal: Option<&Journal>, batch: &[Incoming], counts: &mut Counts) -> Result<Vec<Entry>, ChangeError> {
    let Some(journal) = journal else { return Ok(Vec::new()) };
    counts.planned += batch.len() as u64;
    let plan = |incoming: &Incoming| {
        let action = Action::ImportTrace { experiment_id: incoming.experiment.clone() };
        journal.plan(incoming.trace.info.trace_id.clone(), action, None, None)
    };
    batch.iter().map(plan).collect::<Result<_, _>>().map_err(ChangeError::JournalBroken)
}

fn settle(
    journal: Option<&Journal>,
    entry: Entry,
    (outcome, reason): (Outcome, Option<String>),
    counts: &mut Counts,
) -> Result<(), ChangeError> {
    let Some(journal) = journal else { return Ok(()) };
    counts.add(outcome);
    journal.settle(entry, outcome, reason).map(|_| ()).map_err(ChangeError::JournalBroken)
}

/// What the journal says about a trace.
fn settled(outcome: &ImportOutcome) -> (Outcome, Option<String>) {
    let settled = match outcome.fate {
        TraceFate::Imported | TraceFate::Repaired => Outcome::Done,
        TraceFate::AlreadyThere | TraceFate::WouldImport | TraceFate::WouldRepair => Outcome::Unchanged,
        TraceFate::Different | TraceFate::Elsewhere => Outcome::Refused,
        TraceFate::Partly | TraceFate::Failed => Outcome::Failed,
    };
    (settled, (!outcome.reasons.is_empty()).then(|| outcome.reasons.join("; ")))
}
