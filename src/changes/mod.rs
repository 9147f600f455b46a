//! Everything that changes traces: a run, from its lock to its report.
//!
//! What every run has in common is here: the lock against doing a thing twice at once, the plan and its file, the cap, the
//! question, the journal of what was done and the way back. What differs has a folder of its own.
//!
//! Invariants: what may have been changed stands in the journal before it is sent; nothing that was written is written over;
//! whatever is created here can be read by its owner alone.

pub mod annotations;
pub mod applied;
pub mod context;
pub mod delete;
pub mod error;
pub mod import;
pub mod journal;
pub mod journals;
pub mod lock;
pub mod locks;
pub mod place;
pub mod plan_file;
pub mod plans;
pub mod run;
pub mod tags;
pub mod tally;
pub mod undo;

pub use context::RunContext;
pub use error::{ChangeError, Deed};

/// How a run ends.
pub type RunResult = Result<crate::exit::Exit, ChangeError>;
