//! How a store is, for whoever runs it: what takes how much place, how it grows, and what could be better.
//!
//! A statement that would make something better is told and never run.

use crate::model::ExperimentId;

/// How a store is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// Its tables, the largest first.
    pub tables: Vec<TableHealth>,
    /// Its experiments, those with the most bytes first.
    pub experiments: Vec<ExperimentHealth>,
    /// New traces of each of the last days, the newest day first; days without traces are left out.
    pub growth: Vec<Growth>,
    /// What could be better.
    pub findings: Vec<Finding>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableHealth {
    /// Its name.
    pub name: String,
    /// Its rows; a server of databases estimates them.
    pub rows: u64,
    /// Its bytes with those of its indexes.
    pub bytes: u64,
}

/// The traces of an experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExperimentHealth {
    /// Its id.
    pub id: ExperimentId,
    /// Its name.
    pub name: String,
    /// How many.
    pub traces: u64,
    /// Their bytes, as the traces say that say it.
    pub bytes: u64,
    /// How many are older than each of these ages in days.
    pub older: Vec<(u32, u64)>,
}

/// The new traces of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Growth {
    /// The day in UTC: `2026-11-26`.
    pub day: String,
    /// How many started on it.
    pub traces: u64,
}

/// Something that could be better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub kind: FindingKind,
    /// What was found, as a sentence without a full stop.
    pub what: String,
    /// The statement that whoever runs the database may run.
    pub statement: Option<String>,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// Rows of traces that are not there any more.
    Orphans,
    /// Traces whose spans should be there and are not.
    WithoutSpans,
    /// Traces of whose spans none is the first.
    WithoutRoot,
    /// A question that no index helps with.
    MissingIndex,
    /// What a database knows about its tables to plan with is old or missing.
    StaleStatistics,
    /// Place that deleted rows still take.
    Bloat,
}
