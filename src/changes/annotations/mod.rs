//! Assessments that a run creates, and the way back.

mod journal;
mod undo;

pub use journal::AssessmentJournal;
pub use undo::run as undo;
