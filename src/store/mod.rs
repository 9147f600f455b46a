//! Where traces come from and go to.
//!
//! A store is a [`Reader`]; one that can be written is a [`Writer`], too, and [`Reader::writer`] is the only way to it,
//! so that no command can forget that some cannot be written. Each kind of store is a folder that nobody but `open`
//! names; `http` is how those talk that are reached over it.
//!
//! Invariants: experiments are resolved before anything else is asked, because a server answers unknown ones with
//! nothing; a walk over many traces never changes them; missing traces are named, not left out.

mod archive;
mod checkup;
#[cfg(feature = "database")]
mod database;
mod databricks;
mod datasets;
mod error;
mod failure;
mod health;
mod http;
mod looked;
mod mlruns;
mod named;
#[cfg(feature = "object-store")]
mod objects;
#[cfg(not(feature = "object-store"))]
#[path = "no_objects.rs"]
mod objects;
mod open;
mod otlp;
mod own_folder;
#[cfg(feature = "parquet")]
mod parquet;
mod proof;
mod protection;
mod reader;
#[cfg(feature = "aws")]
mod sagemaker;
mod search_page;
mod seen;
mod server;
mod span_file;
mod spans;
mod tags;
mod trace_page;
#[cfg(feature = "otlp")]
mod traces_pb;
mod undecided;
mod whole;
mod window;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use crate::filter::{Filter, OrderBy};
use crate::model::{Experiment, ExperimentId, Lifecycle, TimeWindow};

pub use archive::{ArchiveSource, ArchiveStore};
pub use checkup::{CheckFinding, CheckState, Checkup};
pub use databricks::{Warehouse, Workspace};
pub use datasets::Datasets;
pub use error::{DatabaseTrouble, StoreError};
pub use failure::{FailureKind, TraceFailure};
pub use health::{ExperimentHealth, Finding, FindingKind, Growth, Health, TableHealth};
pub use http::{
    AwsLogin, AwsRole, AzurePrincipal, AzureProof, Cluster, Credentials, DatabricksLogin, DatabricksWay, ErrorKind,
    Given, Heartbeat, HeartbeatError, HttpSettings, IdToken, Login, LoginPage, NamedFile, NoHeartbeat, OfProfile,
    Provider, Proxies, Proxy, ProxyError, ProxyProblem, RELEASES, ReleaseError, RetrySettings, Secret, ServerError,
    TlsProblem, addresses, newest_version,
};
pub use looked::{Looked, Unseen};
pub use named::by_ids;
pub use open::{Address, open_archives};
pub use otlp::{OtlpReceiver, OtlpSettings};
#[cfg(feature = "parquet")]
pub use parquet::read_parquet;
pub use proof::{Proof, ProofMethod};
pub use protection::Protection;
pub use reader::{Reader, Store, Walk};
#[cfg(feature = "aws")]
pub use sagemaker::SageMaker;
pub use spans::{KeepTrace, SpanReader};
pub use tags::{TagError, check_tag_key, check_tag_value};
pub use undecided::{Decided, Undecided, summary};
pub use writer::{AssessmentUpdate, Writer};

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
    /// Something that whoever changes traces should know, in a sentence.
    Warning(String),
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

impl Query {
    /// Whether a trace that cannot be read whole is left out, not in doubt: a server that accepts the filter decides by
    /// what it has.
    #[must_use]
    pub fn leaves_out_unreadable(&self) -> bool {
        !self.filter.is_extended()
    }
}

/// An experiment that may be worked in.
pub fn active(experiment: Experiment) -> Result<Experiment, StoreError> {
    match experiment.lifecycle {
        Lifecycle::Active => Ok(experiment),
        Lifecycle::Deleted => Err(StoreError::DeletedExperiment { name: experiment.name, id: experiment.id }),
    }
}
