//! Assessments that a run creates, and the way back.
//!
//! [`RowsRun`] brings the rows of a file or a plan; each trace's rows go one after the other, traces side by side.
//! [`AssessmentUndo`] puts back what a run has changed.

mod bring;
mod journal;
mod located;
mod plan;
mod run;
mod tally;
mod target;
mod undo;

pub use bring::Importer;
pub use journal::AssessmentJournal;
pub use plan::PlannedRows;
pub use run::{ROW_FORMATS, RowSource, RowsRun};
pub use undo::AssessmentUndo;
