//! Where traces come from and go to.
//!
//! A [`Store`] is a tracking server or a read-only archive; commands see no difference when they read. Writing needs the
//! server itself ([`Store::writer`]), so that no command can forget that archives cannot be written.
//!
//! Invariants: experiments are resolved before anything else is asked, because the server answers unknown ones with
//! nothing; a walk over many traces never changes them; missing traces are named, not left out.

mod archive;
mod error;
mod failure;
mod looked;
mod named;
#[cfg(feature = "parquet")]
mod parquet;
mod reader;
mod seen;
pub mod server;
mod undecided;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::filter::{Filter, OrderBy};
use crate::model::{AttachmentRef, Experiment, ExperimentId, Lifecycle, TimeWindow, Trace, TraceId, TraceInfo};

pub use archive::{ArchiveSource, ArchiveStore};
pub use error::StoreError;
pub use failure::{FailureKind, TraceFailure};
pub use looked::{Looked, Unseen};
pub use named::Named;
#[cfg(feature = "parquet")]
pub use parquet::read_parquet;
pub use reader::{Keep, SpanReader};
pub use server::Decided;
pub use server::{
    Credentials, Heartbeat, HeartbeatError, HttpSettings, NoHeartbeat, OtlpReceiver, OtlpSettings, RetrySettings,
    Secret, ServerError, ServerStore,
};
pub use undecided::{Undecided, summary};

/// Something a store does that a person may want to see.
#[derive(Debug)]
pub enum Event {
    /// A request is about to be sent.
    Request {
        /// `GET`, `POST` and so on.
        method: String,
        /// Path and query, never credentials.
        path: String,
        /// The JSON body, if there is one.
        body: Option<String>,
    },
    /// An answer came.
    Answer {
        /// HTTP status.
        status: u16,
        /// Size of the body in bytes.
        bytes: usize,
        /// From the first byte sent to the last byte received.
        took: Duration,
    },
    /// A request failed and will be tried again.
    Retry {
        /// What was attempted.
        operation: &'static str,
        /// What went wrong.
        reason: String,
        /// How long it waits.
        wait: Duration,
        /// Which retry this is, from 1.
        attempt: u32,
        /// How many there may be.
        of: u32,
    },
    /// Something about what is read that may be unexpected, in a sentence.
    Notice(String),
}

/// Where a store reports its events.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;

/// What to search for.
#[derive(Clone, Debug)]
pub struct Query {
    /// The experiments to search, resolved; an archive without experiments is searched whole.
    pub experiments: Vec<ExperimentId>,
    /// What must hold.
    pub filter: Arc<Filter>,
    /// In which order; newest first when empty.
    pub order_by: Arc<OrderBy>,
    /// Which start times are looked at; all of them by default.
    pub window: TimeWindow,
}

/// A source of traces.
#[derive(Clone)]
pub enum Store {
    /// A tracking server.
    Server(ServerStore),
    /// A file of exported traces, or the demonstration inside the binary.
    Archive(ArchiveStore),
}

/// A search under way: pages of traces in order, without duplicates.
pub enum Walk {
    /// What a server finds.
    Server(Box<server::Search>),
    /// What an archive found.
    Archive(Box<archive::Found>),
    /// What a server has of traces that are named one by one.
    Listed(Box<server::Listed>),
    /// Traces of a store that are named one by one.
    Named(Box<Named>),
}

/// What was read, held against what there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Traces that were read.
    pub read: u64,
    /// Of those, the ones that came or changed while others were read, and were read afterwards.
    pub late: u64,
    /// How many there were in the same closed window afterwards, and by which way of counting; `None` if none can tell.
    pub counted: Option<(u64, ProofMethod)>,
}

/// Ways of counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProofMethod {
    /// It was one answer of the server, in which nothing can slip through.
    OneAnswer,
    /// The route for metrics of the server, or the archive itself.
    Metrics,
    /// The route for the correlation of filters.
    Correlation,
    /// A second reading.
    Reread,
}

impl Proof {
    /// What two readings prove together: nothing if one of them proves nothing, else as much as the weaker one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let counted = self.counted.zip(other.counted);
        Self {
            read: self.read + other.read,
            late: self.late + other.late,
            counted: counted.map(|((here, by), (there, also_by))| (here + there, by.max(also_by))),
        }
    }
}

impl ProofMethod {
    /// Its name in manifests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OneAnswer => "one answer",
            Self::Metrics => "metrics",
            Self::Correlation => "filter correlation",
            Self::Reread => "second reading",
        }
    }
}

impl Store {
    /// The demonstration archive.
    #[must_use]
    pub fn demo() -> Self {
        Self::Archive(ArchiveStore::demo())
    }

    /// A file or folder of exported traces. The listener hears if the export is not complete, or holds traces twice.
    pub fn file(path: &Path, listener: &Listener) -> Result<Self, StoreError> {
        Self::files(&[ArchiveSource::at(path)], listener)
    }

    /// Several of them as one archive.
    pub fn files(sources: &[ArchiveSource], listener: &Listener) -> Result<Self, StoreError> {
        let archive = ArchiveStore::open_all(sources)?;
        for notice in archive.notices() {
            listener(Event::Notice(notice.clone()));
        }
        archive.tell(listener);
        Ok(Self::Archive(archive))
    }

    /// A tracking server; no connection is made yet.
    pub fn server(base: &str, settings: &HttpSettings, listener: Listener) -> Result<Self, StoreError> {
        Ok(Self::Server(ServerStore::new(base, settings, listener)?))
    }

    /// The store as one that can be written; archives refuse.
    pub fn writer(&self) -> Result<&ServerStore, StoreError> {
        match self {
            Self::Server(server) => Ok(server),
            Self::Archive(archive) => Err(StoreError::ReadOnly { archive: archive.name().to_owned() }),
        }
    }

    /// Whether a search must name experiments; archives are searched whole by default.
    #[must_use]
    pub fn needs_experiments(&self) -> bool {
        matches!(self, Self::Server(_))
    }

    /// Every experiment, deleted ones only if asked for.
    pub async fn experiments(&self, with_deleted: bool) -> Result<Vec<Experiment>, StoreError> {
        match self {
            Self::Server(server) => Ok(server.experiments(with_deleted).await?),
            Self::Archive(archive) => archive.experiments().await,
        }
    }

    /// The experiment of a name.
    pub async fn experiment_by_name(&self, name: &str) -> Result<Option<Experiment>, StoreError> {
        match self {
            Self::Server(server) => Ok(server.experiment_by_name(name).await?),
            Self::Archive(archive) => {
                Ok(archive.experiments().await?.into_iter().find(|experiment| experiment.name == name))
            }
        }
    }

    /// The experiment of an id.
    pub async fn experiment_by_id(&self, id: &ExperimentId) -> Result<Option<Experiment>, StoreError> {
        match self {
            Self::Server(server) => Ok(server.experiment_by_id(id).await?),
            Self::Archive(archive) => {
                Ok(archive.experiments().await?.into_iter().find(|experiment| experiment.id == *id))
            }
        }
    }

    /// Starts a search that yields `limit` traces at the most, everything without a limit.
    pub fn search(&self, query: &Query, limit: Option<u64>) -> Result<Walk, StoreError> {
        match self {
            Self::Server(server) => Ok(Walk::Server(Box::new(server.search(query, limit)))),
            Self::Archive(archive) => Ok(Walk::Archive(Box::new(archive.search(query, limit)))),
        }
    }

    /// Walks over the traces of these ids, in their order. [`Walk::missing`] tells of those that are not there.
    #[must_use]
    pub fn named(&self, ids: Vec<TraceId>) -> Walk {
        Walk::Named(Box::new(Named::new(self.clone(), ids)))
    }

    /// The number of matches where one call tells it.
    pub async fn known_total(&self, query: &Query) -> Option<u64> {
        match self {
            Self::Server(server) => server.counted(query).await.ok().flatten(),
            Self::Archive(archive) => archive.count(query).await.ok(),
        }
    }

    /// The number of matches: by one call where the server can, else by paging; with the traces of which it cannot be known
    /// whether they match.
    pub async fn count(&self, query: &Query) -> Result<(u64, Vec<Undecided>), StoreError> {
        match self {
            Self::Server(server) => match server.counted(query).await? {
                Some(count) => Ok((count, Vec::new())),
                None => server.count_by_walking(query).await,
            },
            Self::Archive(archive) => Ok((archive.count(query).await?, Vec::new())),
        }
    }

    /// The infos of traces by id.
    pub async fn infos(&self, ids: &[TraceId]) -> Result<Looked<TraceInfo>, StoreError> {
        Ok(self.traces(ids).await?.map(|trace| trace.info))
    }

    /// Traces with their spans, in the order of the infos; each fails on its own. Traces of which some spans are there
    /// come with those; [`SpanReader`] is stricter, and the one to use for many traces.
    pub async fn with_spans(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        match self {
            Self::Server(server) => server.with_spans(traces).await,
            Self::Archive(_) => traces.into_iter().map(Ok).collect(),
        }
    }

    /// Reads on from a search: those of its traces that are to be kept, with their spans, read ahead with bounded memory.
    #[must_use]
    pub fn read_spans(&self, walk: Walk, keep: Keep) -> SpanReader {
        match self {
            Self::Server(server) => SpanReader::of_server(server.clone(), walk, keep),
            Self::Archive(_) => SpanReader::of_archive(walk, keep),
        }
    }

    /// Traces with all of their spans, in order; each fails on its own, also if it has only some of them.
    pub async fn whole(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        match self {
            Self::Server(server) => server.whole(traces).await,
            Self::Archive(_) => traces.into_iter().map(Ok).collect(),
        }
    }

    /// The content of an attachment, or why it cannot be had. Fails only with what every other question will meet, too.
    pub async fn attachment(&self, reference: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, StoreError> {
        match self {
            Self::Server(server) => server.attachment_or_why(reference).await,
            Self::Archive(archive) => match archive.attachment(reference).await {
                Ok(content) => Ok(content.ok_or_else(|| "the archive does not hold it".to_owned())),
                Err(error) => Ok(Err(error.to_string())),
            },
        }
    }

    /// Traces of an archive by id, whole; of a server their infos only.
    pub async fn traces(&self, ids: &[TraceId]) -> Result<Looked<Trace>, StoreError> {
        match self {
            Self::Server(server) => Ok(server.infos(ids).await?.map(Trace::without_spans)),
            Self::Archive(archive) => Ok(Looked::of_all(ids, archive.traces(ids).await?, |trace| &trace.info)),
        }
    }
}

impl Walk {
    /// How many traces were read, if more had to be read than match.
    #[must_use]
    pub fn scanned(&self) -> Option<u64> {
        match self {
            Self::Server(search) => search.scanned(),
            Self::Archive(_) | Self::Listed(_) | Self::Named(_) => None,
        }
    }

    /// Traces of which it cannot be known whether they match, among those that were read so far; they are not in the pages.
    #[must_use]
    pub fn undecided(&self) -> &[Undecided] {
        match self {
            Self::Server(search) => search.undecided(),
            Self::Archive(_) | Self::Listed(_) | Self::Named(_) => &[],
        }
    }

    /// Of traces that are named, those among the ones looked for so far that do not exist, and those of which that is not known.
    #[must_use]
    pub fn missing(&self) -> (&[TraceId], &[Unseen]) {
        match self {
            Self::Named(named) => named.missing(),
            Self::Server(_) | Self::Archive(_) | Self::Listed(_) => (&[], &[]),
        }
    }

    /// Holds what was read to the end against the server's own count; what is found only now is returned. With `thorough`, also where only a second reading can
    /// tell. Archives do not change and need no proof.
    pub async fn prove(&self, thorough: bool) -> Result<Option<(Proof, Vec<Trace>)>, StoreError> {
        match self {
            Self::Server(search) => Ok(Some(search.prove(thorough).await?)),
            Self::Archive(_) | Self::Listed(_) | Self::Named(_) => Ok(None),
        }
    }

    /// Leaves out the spans that an archive has at hand, where nobody will look at them.
    pub fn leave_out_spans(&mut self) {
        if let Self::Archive(found) = self {
            found.leave_out_spans();
        }
    }

    /// The next page; `None` at the end. Pages are not empty. With a limit the last page may hold more than was asked for:
    /// the proof that there are more.
    pub async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        match self {
            Self::Server(search) => search.next().await,
            Self::Archive(found) => found.next().await,
            Self::Listed(listed) => Ok(listed.next().await?),
            Self::Named(named) => named.next().await,
        }
    }
}

/// An experiment that may be worked in.
pub fn active(experiment: Experiment) -> Result<Experiment, StoreError> {
    match experiment.lifecycle {
        Lifecycle::Active => Ok(experiment),
        Lifecycle::Deleted => Err(StoreError::DeletedExperiment { name: experiment.name, id: experiment.id }),
    }
}
