//! Deletions: what a plan names goes in batches, each looked at before and after.
//!
//! Invariants: the plan shown is the plan applied; between the two a re-check can only spare a trace, never add one;
//! "200 OK" is not "deleted", so every batch is looked up again after it.

pub mod batches;
mod report;

pub use report::{
    Archives, ArtifactTally, DeletionFacts, deletion_json, describe_left, describe_outcomes, describe_plan,
};
