//! Rows of a file or of a plan, brought batch by batch: shown, planned, or sent and written down.

use std::path::PathBuf;

use super::AssessmentJournal;
use super::bring::{Brought, Importer};
use super::plan::{PlannedRows, line};
use super::tally::RowTally;
use crate::annotations::{FoundRows, ROW_BATCH, ResultsFile, Row, RowFile, RowFileError, RowOutcome};
use crate::changes::journal::{Header, Journal};
use crate::changes::plan_file::{self, Line, LineDecision, Operation};
use crate::changes::run::Change;
use crate::changes::{ChangeError, Deed, RunContext, RunResult, plans};
use crate::cli::OutputFormat;
use crate::exit::Exit;
use crate::files::apart;
use crate::model::{AssessmentKind, Experiment};
use crate::progress::Progress;

/// The formats of what became of rows.
pub const ROW_FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl];

/// Where rows come from.
pub enum RowSource {
    /// A file that was checked.
    File(Box<RowFile>, FoundRows),
    /// A plan.
    Plan(Vec<Row>),
}

/// The next rows; none at the end.
type NextBatch<'a> = Box<dyn FnMut() -> Result<Vec<Row>, RowFileError> + 'a>;

impl RowSource {
    fn pending(&self) -> u64 {
        match self {
            Self::File(_, found) => found.pending,
            Self::Plan(rows) => rows.len() as u64,
        }
    }

    fn batches(&self) -> Result<NextBatch<'_>, RowFileError> {
        Ok(match self {
            Self::File(file, _) => {
                let mut rows = file.rows()?;
                Box::new(move || file.next_batch(&mut rows))
            }
            Self::Plan(rows) => {
                let mut batches = rows.chunks(ROW_BATCH);
                Box::new(move || Ok(batches.next().map(<[Row]>::to_vec).unwrap_or_default()))
            }
        })
    }
}

/// Rows that are brought to a server.
pub struct RowsRun<'a> {
    /// What brings them.
    pub importer: Importer<'a>,
    /// Where they come from.
    pub source: RowSource,
    /// Feedback or expectations.
    pub kind: AssessmentKind,
    /// How to write what became of each.
    pub format: OutputFormat,
    /// The head of the journal.
    pub header: Header,
    /// Where what became of each row is kept, so that the run can be gone on with.
    pub results: Option<PathBuf>,
    /// Where to write the plan instead, with its head but for what it is about.
    pub save_to: Option<PathBuf>,
}

impl<'a> RowsRun<'a> {
    /// The rows of a plan.
    #[must_use]
    pub fn of_plan(importer: Importer<'a>, planned: PlannedRows, header: Header, format: OutputFormat) -> Self {
        let source = RowSource::Plan(planned.rows);
        Self { importer, source, kind: planned.kind, format, header, results: None, save_to: None }
    }

    fn is_plan(&self) -> bool {
        matches!(self.source, RowSource::Plan(_))
    }

    fn tally(&self, dry_run: bool) -> RowTally {
        match &self.source {
            RowSource::File(_, found) => RowTally::new(self.kind, self.format, dry_run, found.done),
            RowSource::Plan(_) => RowTally::new(self.kind, self.format, dry_run, 0).of_plan(),
        }
    }

    /// Brings batch after batch until there are none, somebody interrupts, or the server cannot be asked. `keep` hears of
    /// every row. Fails if not even the first one could be tried.
    async fn bring(
        &mut self,
        context: &mut RunContext<'_>,
        mut keep: impl FnMut(&Brought<'_>) -> Result<(), ChangeError>,
    ) -> Result<RowTally, ChangeError> {
        let mut tally = self.tally(self.importer.dry_run);
        let progress = Progress::new(context.ui.verbosity().progress, Some(self.source.pending()), "importing");
        let finishing = context.interrupt.finish_first();
        let mut next = self.source.batches()?;
        while !context.interrupt.requested() {
            let batch = next()?;
            if batch.is_empty() {
                break;
            }
            let sent = self.importer.bring(&batch, |brought| {
                progress.advance(1);
                keep(&brought)?;
                tally.add(context, &brought.outcome)
            });
            if let Err(error) = sent.await {
                if tally.is_empty() {
                    return Err(error);
                }
                tally.stopped = Some(error);
                break;
            }
        }
        drop((progress, finishing));
        Ok(tally)
    }

    /// Brings them and keeps what became of each in the file of results, if there is one.
    async fn bring_and_keep(&mut self, context: &mut RunContext<'_>) -> Result<RowTally, ChangeError> {
        let mut results = match self.results.clone() {
            Some(path) => {
                let opened = apart(move || ResultsFile::go_on(&path)).await?;
                Some(opened.map_err(RowFileError::Results)?)
            }
            None => None,
        };
        let mut keep = |outcome: &RowOutcome| results.as_mut().map_or(Ok(()), |results| results.write(outcome));
        self.bring(context, |brought| Ok(keep(&brought.outcome)?)).await
    }

    /// The head of the plan, for the experiments that its lines name.
    fn plan_header(&mut self, context: &RunContext<'_>, lines: &[Line]) -> plan_file::Header {
        let is_planned = |experiment: &Experiment| {
            lines.iter().any(|line| line.decision == LineDecision::Act && line.experiment_id == experiment.id)
        };
        let known = std::mem::take(&mut self.importer.known.active);
        let mut experiments: Vec<Experiment> = known.into_values().filter(is_planned).collect();
        experiments.sort_by(|one, other| one.id.cmp(&other.id));
        let on_existing = self.importer.on_existing.as_str().to_owned();
        let operation = Operation::ImportAssessments { kind: self.kind, on_existing };
        let header = plans::header(context, &self.header.command, operation, &experiments);
        plan_file::Header { hash: self.header.hash.clone(), ..header }
    }
}

impl Change for RowsRun<'_> {
    /// What became of the rows, and the name of the run if it may have changed anything.
    type Done = (RowTally, Option<String>);

    fn deed(&self) -> Deed {
        Deed::Change
    }

    fn traces(&self) -> u64 {
        match &self.source {
            RowSource::File(_, found) => found.traces,
            RowSource::Plan(rows) => rows.len() as u64,
        }
    }

    fn look(&self) -> &'static str {
        "review what would be created with --dry-run, then raise the cap"
    }

    /// A plan that is carried out is then known as carried out, even if nothing of it is left.
    fn is_idle(&self) -> bool {
        self.source.pending() == 0 && !self.is_plan()
    }

    fn show(&self, _: &mut RunContext<'_>) {}

    /// Decides every row as a dry run does and writes the plan, unless not all of them could be decided.
    async fn saved(&mut self, context: &mut RunContext<'_>) -> Result<Option<Exit>, ChangeError> {
        let Some(file) = self.save_to.clone() else { return Ok(None) };
        let mut lines: Vec<(u64, Line)> = Vec::new();
        let keep = |brought: &Brought<'_>| {
            lines.push((brought.row.number, line(brought)));
            Ok(())
        };
        let (tally, pending) = (self.bring(context, keep).await?, self.source.pending());
        if tally.attempted() < pending {
            context.ui.warning("some rows could not be checked; no plan was written");
            return tally.report(context, pending, None).map(Some);
        }
        lines.sort_by_key(|(number, _)| *number);
        let lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
        let header = self.plan_header(context, &lines);
        plans::write(context, &file, header, &lines)?;
        tally.report(context, pending, None).map(Some)
    }

    async fn only_shown(&mut self, context: &mut RunContext<'_>) -> RunResult {
        let tally = self.bring_and_keep(context).await?;
        tally.report(context, self.source.pending(), None)
    }

    fn question(&self) -> Option<String> {
        None
    }

    fn header(&self, _: &RunContext<'_>) -> Header {
        self.header.clone()
    }

    async fn apply(&mut self, context: &mut RunContext<'_>, journal: Journal) -> Result<Self::Done, ChangeError> {
        let expected = self.is_plan().then(|| self.source.pending());
        self.importer.journal = AssessmentJournal::over(journal, expected);
        self.importer.dry_run = false;
        let tally = self.bring_and_keep(context).await?;
        let journal = std::mem::replace(&mut self.importer.journal, AssessmentJournal::none());
        Ok((tally, journal.finish()?))
    }

    fn report(&self, context: &mut RunContext<'_>, _: &str, (tally, run_id): Self::Done) -> RunResult {
        tally.report(context, self.source.pending(), run_id)
    }
}
