//! Where traces come from and go to.
//!
//! A [`Store`] is a tracking server or a read-only archive; commands see no difference when they read. Writing needs the
//! server itself ([`Store::writer`]), so that no command can forget that archives cannot be written.
//!
//! Invariants: experiments are resolved before anything else is asked, because the server answers unknown ones with
//! nothing; a walk over many traces never changes them; missing traces are named, not left out.

mod archive;
mod error;
#[cfg(feature = "parquet")]
mod parquet;
mod seen;
pub mod server;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::filter::{Filter, OrderBy};
use crate::model::{Experiment, ExperimentId, Lifecycle, TimeWindow, Trace, TraceId, TraceInfo};

pub use archive::ArchiveStore;
pub use error::StoreError;
#[cfg(feature = "parquet")]
pub use parquet::read_parquet;
pub use server::{Credentials, HttpSettings, RetrySettings, Secret, ServerError, ServerStore};

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
    Archive(std::vec::IntoIter<Trace>),
}

/// A trace that could not be read whole.
#[derive(Debug)]
pub struct TraceFailure {
    /// Which.
    pub trace_id: TraceId,
    /// Why.
    pub error: StoreError,
}

/// How many traces a page of a [`Walk`] holds at most.
const ARCHIVE_PAGE: usize = 500;

impl Store {
    /// The demonstration archive.
    pub fn demo() -> Result<Self, StoreError> {
        Ok(Self::Archive(ArchiveStore::demo()?))
    }

    /// A file of exported traces.
    pub fn file(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::Archive(ArchiveStore::open(path)?))
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
            Self::Archive(archive) => Ok(archive.experiments()),
        }
    }

    /// The experiment of a name.
    pub async fn experiment_by_name(&self, name: &str) -> Result<Option<Experiment>, StoreError> {
        match self {
            Self::Server(server) => Ok(server.experiment_by_name(name).await?),
            Self::Archive(archive) => Ok(archive.experiments().into_iter().find(|experiment| experiment.name == name)),
        }
    }

    /// The experiment of an id.
    pub async fn experiment_by_id(&self, id: &ExperimentId) -> Result<Option<Experiment>, StoreError> {
        match self {
            Self::Server(server) => Ok(server.experiment_by_id(id).await?),
            Self::Archive(archive) => Ok(archive.experiments().into_iter().find(|experiment| experiment.id == *id)),
        }
    }

    /// Starts a search that yields `limit` traces at the most, everything without a limit.
    pub fn search(&self, query: &Query, limit: Option<u64>) -> Result<Walk, StoreError> {
        match self {
            Self::Server(server) => Ok(Walk::Server(Box::new(server.search(query, limit)))),
            Self::Archive(archive) => {
                let mut found = archive.search(query)?;
                // One more than asked for tells the caller that there is more.
                found.truncate(
                    limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1)),
                );
                Ok(Walk::Archive(found.into_iter()))
            }
        }
    }

    /// The number of matches where one call tells it.
    pub async fn known_total(&self, query: &Query) -> Option<u64> {
        match self {
            Self::Server(server) => server.metrics_count(query).await.ok().flatten(),
            Self::Archive(archive) => archive.search(query).ok().map(|found| found.len() as u64),
        }
    }

    /// The number of matches: by one call where the server can, else by paging.
    pub async fn count(&self, query: &Query) -> Result<u64, StoreError> {
        match self {
            Self::Server(server) => match server.metrics_count(query).await? {
                Some(count) => Ok(count),
                None => server.count_by_paging(query).await,
            },
            Self::Archive(archive) => Ok(archive.search(query)?.len() as u64),
        }
    }

    /// The infos of traces by id, in the order asked for; unknown ids are left out, so compare.
    pub async fn infos(&self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError> {
        match self {
            Self::Server(server) => Ok(server.infos(ids).await?),
            Self::Archive(archive) => Ok(archive.traces(ids)?.into_iter().map(|trace| trace.info).collect()),
        }
    }

    /// Traces with their spans, in the order of the infos; each fails on its own.
    pub async fn with_spans(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        match self {
            Self::Server(server) => server.with_spans(traces).await,
            Self::Archive(_) => traces.into_iter().map(Ok).collect(),
        }
    }

    /// Traces of an archive by id, whole; of a server their infos only.
    pub async fn traces(&self, ids: &[TraceId]) -> Result<Vec<Trace>, StoreError> {
        match self {
            Self::Server(server) => Ok(server.infos(ids).await?.into_iter().map(Trace::without_spans).collect()),
            Self::Archive(archive) => archive.traces(ids),
        }
    }
}

impl Walk {
    /// How many traces were read, if more had to be read than match.
    #[must_use]
    pub fn scanned(&self) -> Option<u64> {
        match self {
            Self::Server(search) => search.scanned(),
            Self::Archive(_) => None,
        }
    }

    /// The next page; `None` at the end. Pages are not empty. With a limit the last page may hold more than was asked for:
    /// the proof that there are more.
    pub async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        match self {
            Self::Server(search) => search.next().await,
            Self::Archive(found) => {
                let page: Vec<Trace> = found.take(ARCHIVE_PAGE).collect();
                Ok(if page.is_empty() { None } else { Some(page) })
            }
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
