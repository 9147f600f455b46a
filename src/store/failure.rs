//! Traces that could not be read whole.

use super::{ServerError, StoreError};
use crate::model::{Trace, TraceId};

/// A trace that could not be read whole, with what could be read of it.
#[derive(Debug)]
pub struct TraceFailure {
    /// Id of the trace.
    pub trace_id: TraceId,
    /// Why it could not be read.
    pub error: StoreError,
    /// Its info, and its spans as far as they are there.
    pub trace: Box<Trace>,
}

/// Why a trace could not be read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailureKind {
    /// It has not ended yet, and some of its spans, or all of them, have not arrived.
    InProgress,
    /// Fewer spans are stored than its metadata states, or the file that should hold them is not there.
    SpansMissing,
    /// It was moved to the server's archive, and its spans are not there.
    Archived,
    /// The server does not allow it.
    Forbidden,
    /// What is stored cannot be understood.
    Unreadable,
    /// It was deleted since it was found.
    Gone,
    /// The server failed or did not answer in time for this trace, although it does for others; or its spans are at a place
    /// that the store cannot read.
    Unavailable,
}

impl FailureKind {
    /// The word for it in manifests and messages: `in-progress`, `spans-missing`, `archived`, `forbidden`, `unreadable`,
    /// `gone`, `unavailable`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "in-progress",
            Self::SpansMissing => "spans-missing",
            Self::Archived => "archived",
            Self::Forbidden => "forbidden",
            Self::Unreadable => "unreadable",
            Self::Gone => "gone",
            Self::Unavailable => "unavailable",
        }
    }
}

impl TraceFailure {
    pub(super) fn new(trace: Trace, error: StoreError) -> Self {
        Self { trace_id: trace.info.trace_id.clone(), error, trace: Box::new(trace) }
    }

    /// Which kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        match &self.error {
            StoreError::SpansIncomplete { in_progress: true, .. } => FailureKind::InProgress,
            StoreError::SpansIncomplete { .. } | StoreError::SpansMissing { .. } => FailureKind::SpansMissing,
            StoreError::SpansArchived { .. } => FailureKind::Archived,
            StoreError::SpansUnreadable { .. } => FailureKind::Unreadable,
            StoreError::TraceGone { .. } => FailureKind::Gone,
            StoreError::Server(error) if error.is_forbidden() => FailureKind::Forbidden,
            _ => FailureKind::Unavailable,
        }
    }

    /// The trace with the spans that are there, if there are any to be had: enough for a reader that shows what there is.
    pub fn partial(self) -> Result<Trace, Self> {
        if self.trace.spans.is_some() { Ok(*self.trace) } else { Err(self) }
    }

    /// A trace that was not read because the server cannot be reached any more.
    pub(super) fn not_attempted(trace: Trace, error: &ServerError) -> Self {
        Self::new(trace, StoreError::Server(error.clone()))
    }
}
