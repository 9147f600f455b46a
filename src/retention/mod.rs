//! Deleting traces, in three steps that know nothing of one another's means: a policy says what may go, the planner (pure)
//! makes a plan of explicit ids, the applier carries it out and says what became of every id.
//!
//! Invariants: the plan shown is the plan applied; between the two a re-check can only spare a trace, never add one;
//! "200 OK" is not "deleted", so every batch is looked up again after it.

mod apply;
mod plan;
mod policy;

pub use apply::{BATCH, Outcome, Recheck, Target, apply};
pub use plan::{Plan, Planned, plan};
pub use policy::Policy;
