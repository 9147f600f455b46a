//! Bringing archived traces back to a server: what is missing there, and what became of it.
//!
//! [`differences`] tells whether what the server holds under the id of an archived trace is that trace, [`steps`] says what
//! has to be sent so that it is whole; both are pure. [`import`] sends that and reads everything back: only what the server
//! returns counts as brought back. [`ImportRun`] does so with a whole archive.
//!
//! Invariants: nothing is added to a trace that differs from the archived one, or of which that is not known; a trace that is
//! there and whole is left alone, so that a second run changes nothing; nothing that is there already is replaced by what the
//! archive says, unless an earlier run left the trace unfinished; ids of traces are never changed, and neither a trace nor an
//! assessment is moved.

mod apply;
mod assessments;
pub mod attachments;
mod compare;
mod identity;
mod plan;
#[cfg(feature = "otlp")]
mod run;
#[cfg(feature = "otlp")]
mod server;
#[cfg(feature = "otlp")]
mod tally;

pub use apply::{Existing, ImportOutcome, ImportTarget, Incoming, Restored, TraceFate, import};
pub use compare::losses;
pub use identity::differences;
pub use plan::{ImportStep, steps};
#[cfg(feature = "otlp")]
pub use run::{Destination, IMPORT_FORMATS, ImportRun};
#[cfg(feature = "otlp")]
pub use server::{AttachmentTarget, ImportServer};
