//! What became of each row: a file with one JSON object per line, from which a run that was cut off goes on.
//!
//! Invariants: a line is written when its row is done; what is done is never sent again; after a crash in the middle of a
//! line the rest of the file counts.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::row::Row;
use crate::files::{Access, PartialFile};
use crate::model::{AssessmentId, TraceId};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowFate {
    /// Created now.
    Ok,
    /// There already, by an earlier run or by somebody else.
    Unchanged,
    /// It is there, but something else that its source said, and that it was to override, still counts.
    Partly,
    /// Not sent: the source had said something else already.
    Skipped,
    /// Not known to be there.
    Failed,
    /// A dry run would create it.
    WouldCreate,
    /// Not sent: the trace is no longer as it was when the plan was made.
    Spared,
}

impl RowFate {
    /// The word for scripts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unchanged => "unchanged",
            Self::Partly => "partly",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::WouldCreate => "would-create",
            Self::Spared => "spared",
        }
    }

    fn is_done(self) -> bool {
        matches!(self, Self::Ok | Self::Unchanged | Self::Skipped)
    }
}

/// What became of a row, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowOutcome {
    /// Counted from 1, without the header and without empty lines.
    pub row: u64,
    /// The line of the file, as a spreadsheet or an editor numbers it; 0 in what older versions wrote.
    #[serde(default)]
    pub line: u64,
    /// Its trace, if it is known.
    pub trace_id: Option<TraceId>,
    /// The assessment that came of it, or that was in its place.
    pub assessment_id: Option<AssessmentId>,
    /// The assessment that it overrides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<AssessmentId>,
    /// Others of its source that still count beside it, although it was to override them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub still_valid: Vec<AssessmentId>,
    /// What became of it.
    pub result: RowFate,
    /// Reason, as a clause without a capital letter.
    pub reason: Option<String>,
    /// 16 hex digits of what the row says, to recognise it.
    pub content: String,
}

impl RowOutcome {
    /// Of a row.
    #[must_use]
    pub fn new(
        row: &Row,
        trace_id: Option<TraceId>,
        assessment_id: Option<AssessmentId>,
        result: RowFate,
        reason: Option<String>,
    ) -> Self {
        let (overrides, still_valid, content) = (None, Vec::new(), row.fingerprint());
        Self {
            row: row.number,
            line: row.line,
            trace_id,
            assessment_id,
            overrides,
            still_valid,
            result,
            reason,
            content,
        }
    }
}

/// A results file that cannot be used.
#[derive(Debug, Error)]
pub enum ResultsError {
    /// It cannot be read or written.
    #[error("cannot use the results file: {0}")]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("line {0} of the results file does not tell of a row")]
    Foreign(u64),
    /// It is about another file.
    #[error("line {0} of the file is not the row that the results file tells of")]
    OtherRow(u64),
}

/// Which rows are done, and what they said.
#[derive(Debug, Default)]
pub struct RecordedRows(HashMap<u64, (RowFate, String)>);

impl RecordedRows {
    /// Reads a results file; one that does not exist knows about nothing.
    pub fn read(path: &Path) -> Result<Self, ResultsError> {
        let mut recorded = Self::default();
        for_each(path, |outcome| {
            if outcome.result.is_done() {
                recorded.0.insert(outcome.row, (outcome.result, outcome.content));
            }
            Ok(())
        })?;
        Ok(recorded)
    }

    /// What became of a row that is done; `None` if it is to be sent. Fails if the row says something else than it did.
    pub fn fate(&self, row: &Row) -> Result<Option<RowFate>, ResultsError> {
        match self.0.get(&row.number) {
            None => Ok(None),
            Some((fate, content)) if *content == row.fingerprint() => Ok(Some(*fate)),
            Some(_) => Err(ResultsError::OtherRow(row.line)),
        }
    }

    /// How many are done.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads each line; the last one may be cut off.
fn for_each(path: &Path, mut take: impl FnMut(RowOutcome) -> io::Result<()>) -> Result<(), ResultsError> {
    // A pipe or a device is written to, and never says what it was told.
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return Ok(());
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let (mut file, mut line, mut number) = (BufReader::new(file), Vec::new(), 0);
    while file.read_until(b'\n', &mut line)? > 0 {
        number += 1;
        match serde_json::from_slice(&line) {
            Ok(outcome) => take(outcome)?,
            Err(_) if line.last() != Some(&b'\n') => break,
            Err(_) => return Err(ResultsError::Foreign(number)),
        }
        line.clear();
    }
    Ok(())
}

/// A results file that is written.
pub struct ResultsFile(Box<dyn Write + Send>);

impl ResultsFile {
    /// Opens a results file to go on behind what is done: lines of rows that are to be sent again are taken out, so that
    /// every row has one line.
    pub fn go_on(path: &Path) -> Result<Self, ResultsError> {
        let mut kept = PartialFile::create(path, Access::Owner)?;
        if kept.is_stream() {
            return Ok(Self(Box::new(kept)));
        }
        for_each(path, |outcome| if outcome.result.is_done() { write_line(&mut kept, &outcome) } else { Ok(()) })?;
        kept.finish()?;
        Ok(Self(Box::new(OpenOptions::new().append(true).open(path)?)))
    }

    /// Writes what became of a row.
    pub fn write(&mut self, outcome: &RowOutcome) -> io::Result<()> {
        write_line(&mut self.0, outcome)
    }
}

/// In one piece, so that a crash cuts at most the last line.
fn write_line(file: &mut impl Write, outcome: &RowOutcome) -> io::Result<()> {
    let mut line = serde_json::to_vec(outcome)?;
    line.push(b'\n');
    file.write_all(&line)?;
    file.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotations::row::tests::row;
    use serde_json::json;

    fn numbered(number: u64) -> Row {
        Row { number, ..row(json!(true)) }
    }

    fn outcome(number: u64, fate: RowFate) -> RowOutcome {
        RowOutcome::new(&numbered(number), None, None, fate, Some("why".into()))
    }

    #[test]
    fn a_run_goes_on_behind_what_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.jsonl");
        assert!(RecordedRows::read(&path).unwrap().is_empty());
        let mut file = ResultsFile::go_on(&path).unwrap();
        for (number, fate) in [
            (1, RowFate::Ok),
            (2, RowFate::Failed),
            (3, RowFate::Unchanged),
            (4, RowFate::Skipped),
            (6, RowFate::Partly),
        ] {
            file.write(&outcome(number, fate)).unwrap();
        }
        file.0.write_all(b"{\"row\":5,\"tra").unwrap();
        drop(file);
        let recorded = RecordedRows::read(&path).unwrap();
        assert_eq!(recorded.len(), 3);
        assert_eq!(recorded.fate(&numbered(1)).unwrap(), Some(RowFate::Ok));
        assert_eq!(recorded.fate(&numbered(2)).unwrap(), None);
        assert_eq!(recorded.fate(&numbered(5)).unwrap(), None);
        assert_eq!(recorded.fate(&numbered(6)).unwrap(), None, "what still counts is looked at again");
        let mut file = ResultsFile::go_on(&path).unwrap();
        file.write(&outcome(2, RowFate::Ok)).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let rows: Vec<u64> = text.lines().map(|line| serde_json::from_str::<RowOutcome>(line).unwrap().row).collect();
        assert_eq!(rows, [1, 3, 4, 2], "one line for each row");
    }

    #[test]
    fn another_file_is_not_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.jsonl");
        ResultsFile::go_on(&path).unwrap().write(&outcome(1, RowFate::Ok)).unwrap();
        let other = Row { number: 1, ..row(json!(false)) };
        assert!(matches!(RecordedRows::read(&path).unwrap().fate(&other), Err(ResultsError::OtherRow(2))));
        std::fs::write(&path, "trace_id,name\n").unwrap();
        assert!(matches!(RecordedRows::read(&path), Err(ResultsError::Foreign(1))));
        assert!(ResultsFile::go_on(&path).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "trace_id,name\n", "it stays as it was");
    }
}
