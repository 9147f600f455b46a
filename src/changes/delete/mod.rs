//! Deletions: what a plan names goes in batches, each looked at before and after.
//!
//! Invariants: the plan shown is the plan applied; between the two a re-check can only spare a trace, never add one;
//! "200 OK" is not "deleted", so every batch is looked up again after it.

mod archive;
mod artifact_home;
mod artifacts;
pub mod batches;
pub mod clock;
mod conduct;
mod deletion;
mod killed;
mod plan;
mod report;
pub mod rules;
mod select;
mod target;

pub use archive::{absolute_place, check_policy as check_archives};
pub use conduct::{DeletionPace, why};
pub use deletion::{Deletion, FORMATS};
pub use killed::Killed;
pub use plan::{Kept, planned, write_plan};
pub use select::{doubtful, plans, warn_of_sessions, warn_of_undecided};
pub use target::{is_home, members};
