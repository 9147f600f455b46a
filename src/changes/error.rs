//! What ends a run that changes traces, or keeps it from beginning: as data. What to try next, `crate::error` knows.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::lock::LockError;
use super::place::Difference;
use super::plan_file::PlanError;
use super::tally::Troubles;
use crate::annotations::RowFileError;
use crate::cli::FormatError;
use crate::export::{ExportError, TargetError};
use crate::filter::FilterError;
use crate::model::TraceId;
use crate::output::{count, count_rows, count_traces};
use crate::retention::Refusal;
use crate::store::StoreError;

/// A run that did not end well.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A plan cannot be carried out or written.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Something speaks against a deletion.
    #[error("{0}")]
    Refusal(Refusal),
    /// A filter cannot be read.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// The command does not write this format.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Standard output cannot be written.
    #[error(transparent)]
    Output(#[from] io::Error),
    /// Ids are a look at what would be changed.
    #[error("{command} writes ids only with --dry-run")]
    IdsWithoutDryRun {
        /// Of which command.
        command: String,
    },
    /// Ids that would be read as something else.
    #[error("ids with special characters were not written: {}", some(.refused))]
    IdsNotWritten {
        /// All of them.
        refused: Vec<String>,
    },
    /// More would be changed than is allowed.
    #[error("{} would be {}, more than {} {most}; nothing was {}", count_traces(*.traces), .deed.done(), .deed.cap(), .deed.done())]
    Cap {
        /// How many would be.
        traces: u64,
        /// How many may be.
        most: u64,
        /// What would be done.
        deed: Deed,
        /// How to look at what it would be.
        hint: &'static str,
    },
    /// The answer was no.
    #[error("not confirmed; nothing was {}", .0.done())]
    NotConfirmed(Deed),
    /// There is no terminal to ask on.
    #[error("cannot ask for confirmation: not a terminal; nothing was {}", .0.done())]
    NobodyToAsk(Deed),
    /// Nothing says where journals are kept.
    #[error("there is no folder for the journal; nothing is changed without one")]
    NoStateFolder,
    /// A journal cannot be begun.
    #[error("cannot write a journal in {}; nothing was changed: {error}", .place.display())]
    JournalUnwritable {
        /// Where.
        place: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A journal cannot be written further.
    #[error("stopped because the journal cannot be written: {0}")]
    JournalBroken(io::Error),
    /// The journals cannot be listed.
    #[error("cannot read the journals in {}: {error}", .folder.display())]
    JournalsUnreadable {
        /// Where.
        folder: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A journal cannot be read.
    #[error("cannot read the journal of the run {run_id}: {error}")]
    JournalUnreadable {
        /// Of which run.
        run_id: String,
        /// Why.
        error: io::Error,
    },
    /// No journal is of this run.
    #[error("there is no run {run_id:?} in {}", .folder.display())]
    NoSuchRun {
        /// The name.
        run_id: String,
        /// Where.
        folder: PathBuf,
        /// The runs that may be meant.
        others: String,
    },
    /// The lock cannot be taken.
    #[error("{error}; nothing was changed")]
    Lock {
        /// Why.
        error: LockError,
        /// The server, without credentials.
        server: String,
    },
    /// Something was done or is meant for somewhere else.
    #[error("{what} {difference}; nothing was changed")]
    Elsewhere {
        /// How the sentence begins: `the run … was`.
        what: String,
        /// What is different here.
        difference: Difference,
    },
    /// A file of rows cannot be used.
    #[error(transparent)]
    Rows(#[from] RowFileError),
    /// The journal of assessments cannot be written.
    #[error("{0}")]
    Unjournaled(String),
    /// Not all rows had a turn.
    #[error("{} of {} rows not attempted: {reason}", count(*.left), count(*.pending))]
    RowsStopped {
        /// How many had none.
        left: u64,
        /// Of how many.
        pending: u64,
        /// What ended the run.
        reason: Box<ChangeError>,
    },
    /// Rows failed.
    #[error("{} of {} rows {}", count(*.failed), count(*.pending), if *.is_dry_run { "would fail" } else { "failed" })]
    RowsFailed {
        /// How many.
        failed: u64,
        /// Of how many.
        pending: u64,
        /// Whether nothing was sent.
        is_dry_run: bool,
        /// What tries them once more.
        again: &'static str,
    },
    /// Values that rows were to override still count.
    #[error(
        "{} {} other values valid that they should have overridden",
        count_rows(*.rows), if *.is_dry_run { "would leave" } else { "left" }
    )]
    RowsBeside {
        /// How many rows these are beside.
        rows: u64,
        /// Whether nothing was sent.
        is_dry_run: bool,
    },
    /// An experiment of a plan is not as the plan has it.
    #[error("{0}; nothing was changed")]
    OtherExperiment(String),
    /// Nothing says where an archived trace goes.
    #[error("the archive does not contain the experiment of {0}")]
    NoDestination(TraceId),
    /// Not all of an archive had a turn.
    #[error("the rest of the archive was not attempted: {0}")]
    ImportStopped(Box<ChangeError>),
    /// Traces are not on the server as the archive has them.
    #[error("{} {} imported completely", count_traces(*.traces), if *.is_dry_run { "would not be" } else { "not" })]
    NotWhole {
        /// How many.
        traces: u64,
        /// Whether nothing was sent.
        is_dry_run: bool,
    },
    /// A plan says something that no plan does.
    #[error("cannot apply the plan: {0}; nothing was changed")]
    PlanDamaged(String),
    /// Changes failed or were refused.
    #[error("{0}")]
    Troubles(Box<Troubles>),
    /// It is not known whether what a run has changed is there.
    #[error("cannot tell whether the traces of {0} exist")]
    PutBackUnknown(String),
    /// What decides over traces could not be read.
    #[error("{} kept because the data needed to decide could not be read", count_traces(*.0))]
    InDoubt(u64),
    /// Traces were spared because they are not archived.
    #[error("{} not archived and therefore kept", count_traces(*.0))]
    NotArchived(u64),
    /// The time that was given is over.
    #[error("time limit reached (--max-time); {} not attempted", count_traces(*.0))]
    TimeIsOver(u64),
    /// Traces are still there that were to go.
    #[error(
        "{} remain and {} not attempted: {}",
        count_traces(*.remaining), count(*.not_attempted), why(.first.as_ref())
    )]
    Remaining {
        /// How many.
        remaining: u64,
        /// How many had no turn.
        not_attempted: u64,
        /// Whether others were deleted.
        some_went: bool,
        /// What went wrong first.
        first: Option<StoreError>,
    },
    /// What killed runs had under way may be gone or not.
    #[error("cannot tell whether {} of killed runs {} deleted", count_traces(*.traces), if *.traces == 1 { "was" } else { "were" })]
    KilledUnknown {
        /// How many.
        traces: u64,
        /// The last of these runs.
        run_id: String,
    },
    /// Files stay in the artifact store although they were to go.
    #[error("kept the files of {} in the artifact store: {reason}", count_traces(*.traces))]
    FilesStay {
        /// Of how many traces.
        traces: u64,
        /// Why the first ones do.
        reason: String,
        /// The run that says where they are.
        run_id: String,
    },
    /// What a rule names as the place of its archive cannot be one.
    #[error("rule {rule:?}, archive_to: {error}")]
    RuleArchive {
        /// Of which rule.
        rule: String,
        /// Why not.
        error: Box<ChangeError>,
    },
    /// A place of an archive cannot be used.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A place of an archive is a single object.
    #[error("{0} names a single object, not a folder")]
    ArchiveIsObject(String),
    /// A place of an archive cannot be written.
    #[error("cannot archive to {place}: {error}; nothing was deleted")]
    ArchiveUnwritable {
        /// Where.
        place: String,
        /// Why.
        error: io::Error,
    },
    /// A signal came before anything was deleted.
    #[error("interrupted while traces were archived; nothing was deleted")]
    ArchiveInterrupted,
    /// The time was over before anything was deleted.
    #[error("time limit reached (--max-time) while archiving; nothing was deleted")]
    ArchiveOutOfTime,
    /// An archive could not be written.
    #[error("{0}; nothing was deleted")]
    ArchiveStopped(ExportError<StoreError>),
    /// An archive is not as it was written.
    #[error("{0}; nothing was deleted")]
    ArchiveDamaged(String),
    /// What an earlier attempt archived is not as it was written.
    #[error("{0}; nothing was deleted")]
    ArchiveDamagedBefore(String),
    /// An archive that nobody needs cannot be taken away.
    #[error("cannot take {place} away again: {error}")]
    ArchiveStays {
        /// Where.
        place: String,
        /// Why.
        error: io::Error,
    },
}

impl From<Refusal> for ChangeError {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

/// What is done to traces, as far as words and flags differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// They are deleted.
    Delete,
    /// Something of them is changed.
    Change,
}

impl Deed {
    /// What they are then.
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Delete => "deleted",
            Self::Change => "changed",
        }
    }

    /// The flag that limits how many.
    #[must_use]
    pub fn cap(self) -> &'static str {
        match self {
            Self::Delete => "--max-delete",
            Self::Change => "--max",
        }
    }
}

fn why(first: Option<&StoreError>) -> String {
    first.map_or_else(|| "the server did not delete them".to_owned(), ToString::to_string)
}

/// Ids that are named in an error.
const NAMED: usize = 3;

fn some(refused: &[String]) -> String {
    let named = refused.iter().take(NAMED).map(|id| format!("{id:?}")).collect::<Vec<_>>().join(", ");
    match refused.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {} more", count(more as u64)),
    }
}
