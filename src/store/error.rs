//! What can go wrong with a store.

use thiserror::Error;

use super::{ServerError, Unseen};
use crate::model::{Experiment, ExperimentId, TraceId};

/// A failure of a store.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The tracking server, or the way to it.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// An archive or one of its parts that cannot be read.
    #[error("cannot read the archive {path}: {reason}")]
    Archive {
        /// Path of the archive or of a file in it.
        path: String,
        /// What is wrong, with the line if it is one line.
        reason: String,
    },
    /// A database that cannot be read.
    #[error("cannot {} the database {name}: {trouble}", trouble.verb())]
    Database {
        /// Where it is, without user and password.
        name: String,
        /// What is wrong.
        trouble: DatabaseTrouble,
    },
    /// Something was to be written to a database, and nobody has allowed it.
    #[error("{store} is a database, which is only read unless writing to it is allowed")]
    DatabaseReadOnly {
        /// Where it is, without user and password.
        store: String,
    },
    /// What is never written to a database but through a server.
    #[error("{what} in {store}, which is a database: only a server does that")]
    OnlyByServer {
        /// What was to be done: `cannot import traces`.
        what: &'static str,
        /// Where it is, without user and password.
        store: String,
    },
    /// A trace that is not deleted in a database but by a server.
    #[error("left to a server, as {0}")]
    LeftToServer(&'static str),
    /// Something that a workspace of Databricks does not do.
    #[error("{what} is not possible on Databricks")]
    NotOnDatabricks {
        /// What was to be done.
        what: String,
        /// What to do instead.
        instead: &'static str,
    },
    /// Something that the server is too old for.
    #[error("cannot {what}: the server is older than MLflow {since}, which is the first that can")]
    TooOld {
        /// What was to be done: `log feedback`.
        what: &'static str,
        /// The first version that does it.
        since: &'static str,
    },
    /// A store without evaluation datasets.
    #[error("{store} has no evaluation datasets, which only tracking servers have")]
    NoDatasets {
        /// What it is called.
        store: String,
    },
    /// Something was to be written to a store that can only be read.
    #[error("{store} is read-only")]
    ReadOnly {
        /// What it is called.
        store: String,
    },
    /// Something was to be written while a profile says that nothing is.
    #[error("the profile {profile:?} in {file} is read-only")]
    Protected {
        /// Its name.
        profile: String,
        /// The file that has it.
        file: String,
    },
    /// No experiment was named where one is needed.
    #[error("no experiment given")]
    NoExperiment {
        /// Those that exist.
        available: Vec<Experiment>,
    },
    /// There is no such experiment.
    #[error("there is no experiment {wanted:?}")]
    UnknownExperiment {
        /// As named by the user.
        wanted: String,
        /// Those that exist.
        available: Vec<Experiment>,
    },
    /// The experiment is in the trash.
    #[error("the experiment {name:?} (id {id}) is deleted")]
    DeletedExperiment {
        /// Its name.
        name: String,
        /// Its id.
        id: ExperimentId,
    },
    /// An experiment is not the one any more that it was when a plan was made.
    #[error("experiment {name:?} (id {id}) was deleted, renamed or replaced in the meantime")]
    ExperimentChanged {
        /// Its name then.
        name: String,
        /// Its id.
        id: ExperimentId,
    },
    /// One experiment has the word as its name, another as its id.
    #[error("{wanted:?} is the id of the experiment {by_id:?} and the name of the experiment with id {by_name}")]
    AmbiguousExperiment {
        /// As named by the user.
        wanted: String,
        /// Name of the one with this id.
        by_id: String,
        /// Id of the one with this name.
        by_name: ExperimentId,
    },
    /// The two environment variables name different experiments.
    #[error(
        "MLFLOW_EXPERIMENT_NAME ({name:?}, id {name_id}) and MLFLOW_EXPERIMENT_ID ({id}) name different experiments"
    )]
    ContradictingExperiments {
        /// From the first variable.
        name: String,
        /// The id it has.
        name_id: ExperimentId,
        /// From the second variable.
        id: ExperimentId,
    },
    /// There are no such traces.
    #[error("{}", unknown_traces(.0))]
    UnknownTraces(Vec<TraceId>),
    /// Whether there is such a trace is not known.
    #[error(transparent)]
    Unseen(#[from] Unseen),
    /// The spans of a trace are not where they should be.
    #[error("the spans of trace {trace_id} are missing: {reason}")]
    SpansMissing {
        /// Id of the trace.
        trace_id: TraceId,
        /// What the store says.
        reason: String,
    },
    /// The file with the spans of a trace cannot be read; whether it is there is not known.
    #[error("the spans of trace {trace_id} cannot be read: {reason}")]
    SpansUnreachable {
        /// Id of the trace.
        trace_id: TraceId,
        /// Which file that is and what went wrong.
        reason: String,
    },
    /// Fewer spans of a trace are there than it says it has.
    #[error("{}", incomplete(trace_id, *.in_progress, *.found, *.stated))]
    SpansIncomplete {
        /// Id of the trace.
        trace_id: TraceId,
        /// Whether it has not ended yet.
        in_progress: bool,
        /// How many spans are there.
        found: u64,
        /// How many there should be, if the trace says so.
        stated: Option<u64>,
    },
    /// The spans of a trace were moved to the server's archive and cannot be had from there.
    #[error("the spans of trace {trace_id} were archived and cannot be read: {reason}")]
    SpansArchived {
        /// Id of the trace.
        trace_id: TraceId,
        /// What the server says.
        reason: String,
    },
    /// The spans of a trace are stored in a form that cannot be understood.
    #[error("the spans of trace {trace_id} cannot be parsed: {reason}")]
    SpansUnreadable {
        /// Id of the trace.
        trace_id: TraceId,
        /// What is wrong with them.
        reason: String,
    },
    /// The spans of a trace are in an artifact store that only the server, or a program with its keys, can read.
    #[error("the spans of trace {trace_id} are not in the database but at {location}")]
    SpansElsewhere {
        /// Id of the trace.
        trace_id: TraceId,
        /// Where they are.
        location: String,
    },
    /// A trace was deleted after it was found.
    #[error("trace {trace_id} was deleted in the meantime")]
    TraceGone {
        /// Id of the trace.
        trace_id: TraceId,
    },
    /// A search for spans over too many traces whose spans the server does not search.
    #[error("more than {most} traces have their spans outside of the tracking store, where the server does not search")]
    TooManyElsewhere {
        /// How many are read for one search.
        most: usize,
    },
}

/// What is wrong with a database.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DatabaseTrouble {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// The file is not one of `SQLite`.
    #[error("it is not a SQLite database, or it is encrypted")]
    NotADatabase,
    /// Its pages contradict each other.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// Another program holds it.
    #[error("it is locked by another program")]
    Locked,
    /// A writer was interrupted, and left behind what only a writer can put in order.
    #[error("a program that wrote to it was interrupted, and it cannot be read before a writer puts it in order")]
    Unfinished,
    /// Its newest pages are in a file beside it that cannot be read without writing.
    #[error("its newest part is in {0}, which cannot be read where nothing can be written")]
    WriteAheadLog(String),
    /// There is no way to the server.
    #[error("{0}")]
    Unreachable(String),
    /// User or password are wrong, or the user may not read.
    #[error("{0}")]
    Denied(String),
    /// It has no tables.
    #[error("it is empty")]
    Empty,
    /// It has other tables than `MLflow`'s.
    #[error("it is not MLflow's: {0}")]
    NotMlflow(String),
    /// It is of an `MLflow` that had no traces.
    #[error("it is of a version of MLflow before 2.14, which had no traces")]
    TooOld,
    /// A migration was begun and has not ended.
    #[error("its migration is not complete: {0}")]
    HalfMigrated(String),
    /// It is of an `MLflow` that is newer than this program.
    #[error("it is of a newer version of MLflow: {0}")]
    TooNew(String),
    /// Somebody else has changed the same at the same time, again and again.
    #[error("{0}")]
    Conflict(String),
    /// An assessment of another trace has the id of the one that was to be stored.
    #[error("an assessment of another trace has the id {0}")]
    IdTaken(String),
    /// It does not take a change.
    #[error("{0}")]
    Unwritable(String),
    /// Anything else that it says.
    #[error("{0}")]
    Failed(String),
}

impl DatabaseTrouble {
    /// What failed: some troubles only changes have.
    fn verb(&self) -> &'static str {
        match self {
            Self::Conflict(_) | Self::IdTaken(_) | Self::Unwritable(_) => "change",
            Self::Locked | Self::Denied(_) | Self::Unreachable(_) | Self::Failed(_) => "use",
            _ => "read",
        }
    }
}

impl StoreError {
    /// Whether the store does not allow it.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.is_of_server(ServerError::is_forbidden)
    }

    /// Whether the store said no although it was reached: asking for less may help.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.is_of_server(ServerError::is_refusal)
    }

    /// Whether the store has too much to do: asking more often makes it worse.
    #[must_use]
    pub fn is_overload(&self) -> bool {
        self.is_of_server(ServerError::is_overload)
    }

    /// Whether any other request would fail alike, because the way to the store or the credentials are wrong.
    #[must_use]
    pub fn concerns_all(&self) -> bool {
        self.is_of_server(ServerError::concerns_all)
    }

    /// Whether an assessment of another trace has the id of the one that could not be restored.
    #[must_use]
    pub fn is_id_taken(&self) -> bool {
        matches!(self, Self::Database { trouble: DatabaseTrouble::IdTaken(_), .. })
            || self.is_of_server(ServerError::is_id_taken)
    }

    fn is_of_server(&self, is: impl FnOnce(&ServerError) -> bool) -> bool {
        matches!(self, Self::Server(error) if is(error))
    }
}

fn incomplete(trace_id: &TraceId, in_progress: bool, found: u64, stated: Option<u64>) -> String {
    let subject = if in_progress { "is still in progress" } else { "is not complete" };
    match stated {
        Some(stated) => format!("trace {trace_id} {subject}: {found} of its {stated} spans were found"),
        None if found == 0 => format!("trace {trace_id} {subject}: none of its spans were found"),
        None => format!(
            "trace {trace_id} may not be complete: {found} of its spans were found, and the expected number is unknown"
        ),
    }
}

const NAMED_IDS: usize = 5;

fn unknown_traces(ids: &[TraceId]) -> String {
    let named = ids.iter().take(NAMED_IDS).map(TraceId::as_str).collect::<Vec<_>>().join(", ");
    match ids {
        [one] => format!("there is no trace {one}"),
        _ if ids.len() <= NAMED_IDS => format!("there are no traces {named}"),
        _ => format!("there are no traces {named} and {} more", ids.len() - NAMED_IDS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_traces_are_named_and_counted() {
        let ids = |count: usize| (0..count).map(|n| TraceId::new(format!("tr-{n}"))).collect::<Vec<_>>();
        assert_eq!(unknown_traces(&ids(1)), "there is no trace tr-0");
        assert_eq!(unknown_traces(&ids(2)), "there are no traces tr-0, tr-1");
        assert_eq!(unknown_traces(&ids(7)), "there are no traces tr-0, tr-1, tr-2, tr-3, tr-4 and 2 more");
    }
}
