//! Read-only archives: a file of exported traces, one JSON document a line, and the demonstration inside the binary.
//!
//! Lines are REST's `{"trace_info", "spans"}` or the SDK's `{"info", "data"}`. Filters are evaluated here by our own
//! evaluator, so an archive answers as the server it came from would.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Cursor};
use std::path::{Path, PathBuf};

use super::{Query, StoreError};
use crate::filter::Truth;
use crate::model::{Experiment, ExperimentId, Lifecycle, Trace, TraceId};

const DEMO: &[u8] = include_bytes!("demo.jsonl");

/// Names of the demonstration's experiments, which trace JSON does not hold.
const DEMO_EXPERIMENTS: &[(&str, &str)] = &[("1", "support-bot"), ("2", "rag-search")];

/// A read-only archive.
pub struct ArchiveStore {
    source: Source,
    /// Experiments by id, with the number of their traces' experiment where no name is known.
    experiments: BTreeMap<ExperimentId, String>,
}

enum Source {
    Demo,
    File(PathBuf),
}

impl ArchiveStore {
    /// The demonstration archive.
    pub fn demo() -> Result<Self, StoreError> {
        let experiments =
            DEMO_EXPERIMENTS.iter().map(|(id, name)| (ExperimentId::from(*id), (*name).to_owned())).collect();
        Ok(Self { source: Source::Demo, experiments })
    }

    /// Opens a file of traces and reads through it once to learn its experiments.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut archive = Self { source: Source::File(path.to_owned()), experiments: BTreeMap::new() };
        let mut experiments = BTreeMap::new();
        archive.for_each(|trace| {
            if let Some(id) = trace.info.experiment_id() {
                experiments.entry(id.clone()).or_insert_with(|| id.to_string());
            }
        })?;
        archive.experiments = experiments;
        Ok(archive)
    }

    /// What to call it in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.source {
            Source::Demo => "the demo archive",
            Source::File(path) => path.to_str().unwrap_or("the archive"),
        }
    }

    /// The experiments whose traces it holds.
    #[must_use]
    pub fn experiments(&self) -> Vec<Experiment> {
        let experiment = |(id, name): (&ExperimentId, &String)| Experiment {
            id: id.clone(),
            name: name.clone(),
            lifecycle: Lifecycle::Active,
            artifact_location: None,
            creation_time_ms: None,
            last_update_time_ms: None,
        };
        self.experiments.iter().map(experiment).collect()
    }

    /// All matches, in order.
    pub fn search(&self, query: &Query) -> Result<Vec<Trace>, StoreError> {
        let matcher = query.filter.matcher();
        let in_experiments = |trace: &Trace| {
            query.experiments.is_empty() || trace.info.experiment_id().is_some_and(|id| query.experiments.contains(&id))
        };
        let in_window = |trace: &Trace| query.window.contains(trace.info.request_time_ms);
        let mut scope = crate::filter::SessionScope::default();
        if query.filter.needs_session_scope() {
            self.for_each(|trace| {
                if in_experiments(&trace) {
                    matcher.observe(&mut scope, &trace);
                }
            })?;
        }
        let mut found = Vec::new();
        self.for_each(|trace| {
            if in_experiments(&trace) && in_window(&trace) && matcher.matches(&trace, &scope) == Truth::True {
                found.push(trace);
            }
        })?;
        found.sort_by(|left, right| query.order_by.compare(left, right));
        Ok(found)
    }

    /// The traces of these ids, in this order; unknown ids are left out.
    pub fn traces(&self, ids: &[TraceId]) -> Result<Vec<Trace>, StoreError> {
        let mut found = HashMap::new();
        self.for_each(|trace| {
            if ids.contains(&trace.info.trace_id) {
                found.insert(trace.info.trace_id.clone(), trace);
            }
        })?;
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    fn for_each(&self, mut visit: impl FnMut(Trace)) -> Result<(), StoreError> {
        let fail = |reason: String| StoreError::Archive { path: self.name().to_owned(), reason };
        let reader: Box<dyn BufRead> = match &self.source {
            Source::Demo => Box::new(Cursor::new(DEMO)),
            Source::File(path) => {
                if path.is_dir() {
                    return Err(fail(
                        "it is a directory; give a file of one trace per line, as `export` writes".into(),
                    ));
                }
                Box::new(BufReader::new(std::fs::File::open(path).map_err(|error| fail(error.to_string()))?))
            }
        };
        for (number, line) in reader.lines().enumerate() {
            let line = line.map_err(|error| fail(format!("line {}: {error}", number + 1)))?;
            if line.trim().is_empty() {
                continue;
            }
            let value = serde_json::from_str(&line).map_err(|error| fail(format!("line {}: {error}", number + 1)))?;
            visit(Trace::from_json(value).map_err(|error| fail(format!("line {}: {error}", number + 1)))?);
        }
        Ok(())
    }
}
