//! A file of rows that is read several times: from its first row to its last before anything is sent, then batch by batch.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use thiserror::Error;

use super::problem::Problem;
use super::reading::{FileFormat, RowReading};
use super::results::{RecordedRows, ResultsError};
use super::row::{Row, RowPlace};
use super::rows::{RowReader, Spooled};
use crate::output::count_rows;

/// Rows that are looked up together and then sent.
pub const ROW_BATCH: usize = 200;
/// Mistakes that are kept of a file.
const NAMED: usize = 10;

/// A file of rows, and how it is read.
pub struct RowFile {
    file: Spooled,
    format: FileFormat,
    reading: RowReading,
    /// Rows that an earlier run brought.
    recorded: RecordedRows,
}

/// What a file holds.
#[derive(Default)]
pub struct FoundRows {
    /// Rows that are to be sent.
    pub pending: u64,
    /// Traces that these name.
    pub traces: u64,
    /// Rows that an earlier run brought.
    pub done: u64,
    /// Whether traces have to be searched by the ids of their requests.
    pub has_requests: bool,
    /// Traces that rows of several batches name.
    pub apart: Apart,
}

/// Traces that rows of several batches name: what would become of the first ones, the later ones of a dry run must see.
#[derive(Default)]
pub struct Apart {
    /// Hashes of how they are named, so that long files need little memory.
    places: HashSet<u64>,
    /// Whether rows name traces in two ways, so that nothing tells which are the same.
    is_unknown: bool,
}

/// A file of rows that cannot be used.
#[derive(Debug, Error)]
pub enum RowFileError {
    /// Its columns are not those of rows; these are the mistakes.
    #[error("the columns of the file cannot be used; nothing was sent")]
    Columns(Vec<Problem>),
    /// Rows are wrong.
    #[error("{} of the file cannot be used; nothing was sent", count_rows(*.wrong))]
    Rows {
        /// The first of the mistakes.
        problems: Vec<Problem>,
        /// How many rows are wrong.
        wrong: u64,
    },
    /// A row that was right is no longer.
    #[error("the file changed while it was read: {0}")]
    Changed(Problem),
    /// The results of an earlier run are of another file.
    #[error(transparent)]
    Results(#[from] ResultsError),
}

impl Apart {
    /// Whether other batches may have rows of the trace of this one.
    #[must_use]
    pub fn has(&self, row: &Row) -> bool {
        self.is_unknown || self.places.contains(&hashed(&row.place))
    }
}

impl RowFile {
    /// A file that no run has begun with.
    #[must_use]
    pub fn new(file: Spooled, format: FileFormat, reading: RowReading) -> Self {
        Self { file, format, reading, recorded: RecordedRows::default() }
    }

    /// Reads from a results file, if there is one, which rows earlier runs brought.
    pub fn recall(&mut self, results: Option<&Path>) -> Result<(), ResultsError> {
        self.recorded = results.map(RecordedRows::read).transpose()?.unwrap_or_default();
        Ok(())
    }

    /// SHA-256 of the file, in hex.
    pub fn sha256(&self) -> std::io::Result<String> {
        self.file.sha256()
    }

    /// The rows from the first one on.
    pub fn rows(&self) -> Result<RowReader<'_>, RowFileError> {
        RowReader::open(&self.file, self.format, &self.reading).map_err(RowFileError::Columns)
    }

    /// Reads the whole file, so that every mistake in it is found before anything is sent.
    pub fn check(&self) -> Result<FoundRows, RowFileError> {
        let mut found = FoundRows::default();
        // The batch of the first row of each; a hash stands for it, so that long files need little memory.
        let mut traces = HashMap::new();
        let mut has_ids = false;
        let (mut problems, mut wrong) = (Vec::new(), 0);
        for row in self.rows()? {
            match row {
                Ok(row) if self.recorded.fate(&row)?.is_some() => found.done += 1,
                Ok(row) => {
                    let (place, batch) = (hashed(&row.place), found.pending / ROW_BATCH as u64);
                    if *traces.entry(place).or_insert(batch) != batch {
                        found.apart.places.insert(place);
                    }
                    found.pending += 1;
                    let is_request = matches!(row.place, RowPlace::Request(_));
                    found.has_requests |= is_request;
                    has_ids |= !is_request;
                }
                Err(problem) => {
                    wrong += 1;
                    if problems.len() < NAMED {
                        problems.push(problem);
                    }
                }
            }
        }
        found.traces = traces.len() as u64;
        found.apart.is_unknown = found.has_requests && has_ids;
        if wrong > 0 { Err(RowFileError::Rows { problems, wrong }) } else { Ok(found) }
    }

    /// The next rows that are to be sent; none at the end.
    pub fn next_batch(&self, rows: &mut RowReader<'_>) -> Result<Vec<Row>, RowFileError> {
        let mut batch = Vec::new();
        for row in rows {
            let row = row.map_err(RowFileError::Changed)?;
            if self.recorded.fate(&row)?.is_none() {
                batch.push(row);
            }
            if batch.len() >= ROW_BATCH {
                break;
            }
        }
        Ok(batch)
    }
}

fn hashed(place: &RowPlace) -> u64 {
    let mut hasher = DefaultHasher::new();
    match place {
        RowPlace::Trace(id) => (0, id.as_str()).hash(&mut hasher),
        RowPlace::Request(id) => (1, id.as_str()).hash(&mut hasher),
    }
    hasher.finish()
}
