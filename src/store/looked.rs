//! Traces that were looked for by their ids: which are there, which are not, and of which nothing is said.

use std::collections::{HashMap, HashSet};

use thiserror::Error;

use crate::model::{TraceId, TraceInfo};

/// What a store says about traces that were looked for by their ids. Every id is in one of the three.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked<T> {
    /// Those that are there, in the order asked for.
    pub found: Vec<T>,
    /// Those of which it says that they do not exist.
    pub absent: Vec<TraceId>,
    /// Those that it neither shows nor calls absent: they may be there.
    pub unseen: Vec<Unseen>,
}

/// A trace that may or may not exist. A server that does not show it need not say that it is gone: whoever is
/// not an administrator is told 403 of both, and a search leaves out what it does not want to show.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("cannot tell whether trace {trace_id} exists: {reason}")]
pub struct Unseen {
    /// Id of the trace.
    pub trace_id: TraceId,
    /// What the store says instead.
    pub reason: String,
    /// Whether that is that it does not allow it.
    pub is_forbidden: bool,
}

impl<T> Default for Looked<T> {
    fn default() -> Self {
        Self { found: Vec::new(), absent: Vec::new(), unseen: Vec::new() }
    }
}

impl<T> Looked<T> {
    /// The same with something else for each trace that is there.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Looked<U> {
        Looked { found: self.found.into_iter().map(change).collect(), absent: self.absent, unseen: self.unseen }
    }

    /// Adds what is known about further ids.
    pub fn extend(&mut self, more: Self) {
        self.found.extend(more.found);
        self.absent.extend(more.absent);
        self.unseen.extend(more.unseen);
    }

    /// The one that is there; `None` if there is none. Fails if that is not known.
    pub fn one(mut self) -> Result<Option<T>, Unseen> {
        match self.unseen.pop() {
            Some(unseen) if self.found.is_empty() => Err(unseen),
            _ => Ok(self.found.pop()),
        }
    }

    /// Those of which nothing is known, each with what there is to say.
    #[must_use]
    pub fn reasons(&self) -> HashMap<TraceId, String> {
        self.unseen.iter().map(|unseen| (unseen.trace_id.clone(), unseen.to_string())).collect()
    }
}

impl<T> Looked<T> {
    /// What a store says that holds everything it knows of: what it does not have is absent.
    pub(super) fn of_all(ids: &[TraceId], found: Vec<T>, info: impl Fn(&T) -> &TraceInfo) -> Self {
        let there: HashSet<&TraceId> = found.iter().map(|found| &info(found).trace_id).collect();
        let absent = ids.iter().filter(|id| !there.contains(id)).cloned().collect();
        Self { found, absent, unseen: Vec::new() }
    }
}
