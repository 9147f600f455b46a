//! Bringing archived traces back to a server: what is missing there, and what became of it.
//!
//! [`steps`] compares an archived trace with what the server holds of it and says what has to be sent; it is pure. [`import`]
//! sends that and reads everything back: only what the server returns counts as brought back.
//!
//! Invariants: a trace that is there and whole is left alone, so that a second run changes nothing; nothing that is there
//! already is replaced by what the archive says, unless an earlier run left the trace unfinished; ids are never changed.

mod apply;
pub mod attachments;
mod compare;
mod plan;

pub use apply::{Existing, Fate, Incoming, Outcome, Target, import};
pub use compare::losses;
pub use plan::{Step, steps};
