//! Many feedbacks or expectations at once: files of rows, what each row means, and what became of it.
//!
//! A file (CSV or JSON lines) becomes [`RowReader`], each checked on its own, so that every mistake in the shape of the file is
//! found before anything is sent. A row becomes one assessment whose id follows from what the row says: the same row again
//! is the same assessment, never a second one. [`to_trace`] plans and sends the rows of one trace, in their order;
//! [`ResultsFile`] remembers what became of each, so that a run that was cut off goes on. [`RowWriter`] writes what
//! [`RowReader`] reads.
//!
//! It knows no server: what sends is a [`RowTarget`].

mod apply;
mod cells;
mod content;
mod dialect;
mod fields;
mod file;
mod lines;
mod planned;
mod problem;
mod reading;
mod results;
mod row;
mod rows;
mod step;
mod write;

pub use apply::{RowTarget, to_trace};
pub use dialect::Decimal;
pub use fields::{FieldMap, MapError, RowField};
pub use file::{Apart, FoundRows, ROW_BATCH, RowFile, RowFileError};
pub use planned::Creation;
pub use problem::Problem;
pub use reading::{FileFormat, Label, RowReading, ValueKind};
pub use results::{RecordedRows, ResultsError, ResultsFile, RowFate, RowOutcome};
pub use row::{Row, RowPlace, source_type_word};
pub use rows::{RowReader, Spooled};
pub use step::{OnExisting, left_valid, said_before};
pub use write::{RowWriter, Style, left_out};
