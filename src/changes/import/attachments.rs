//! Attachments of traces that were brought: bytes that belong to them and are neither info nor span.
//!
//! They go last, when the server has said where the files of a trace belong. What is there already, byte for byte, is not sent.

use std::fmt::Display;

use super::{ImportOutcome, TraceFate};
use crate::model::{AttachmentRef, Trace};

/// Where attachments come from and go to.
pub trait Attachments {
    /// What can go wrong with the server.
    type Error: Display;

    /// What the archive has of an attachment; nothing if it has none of it.
    fn archived(&self, reference: &AttachmentRef) -> impl Future<Output = Result<Option<bytes::Bytes>, Self::Error>>;
    /// What the server has of it; nothing if it has none of it.
    fn there(&self, reference: &AttachmentRef) -> impl Future<Output = Result<Option<bytes::Bytes>, Self::Error>>;
    /// Stores an attachment; the reason if the server has no place for it.
    fn store(
        &self,
        reference: &AttachmentRef,
        content: bytes::Bytes,
    ) -> impl Future<Output = Result<Result<(), String>, Self::Error>>;
}

/// How many attachments were looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttachmentTally {
    /// Stored now, or by a run that is not dry.
    pub stored: u64,
    /// Neither in the archive nor known to be on the server.
    pub not_archived: u64,
}

/// Brings the attachments of a trace that is there or, in a dry run, would be, and says in its outcome what is not. A dry run stores nothing.
pub async fn bring<A: Attachments>(
    target: &A,
    trace: &Trace,
    outcome: &mut ImportOutcome,
    dry_run: bool,
    tally: &mut AttachmentTally,
) {
    for reference in trace.attachments() {
        match bring_one(target, &reference, dry_run).await {
            Ok(Brought::Stored) => {
                tally.stored += 1;
                outcome.fate = match outcome.fate {
                    TraceFate::AlreadyThere if dry_run => TraceFate::WouldRepair,
                    TraceFate::AlreadyThere => TraceFate::Repaired,
                    other => other,
                };
            }
            Ok(Brought::AlreadyThere) => {}
            Ok(Brought::NotArchived) => tally.not_archived += 1,
            Err(reason) => {
                outcome.fate = TraceFate::Partly;
                outcome.reasons.push(format!("its attachment {} was not imported: {reason}", reference.id));
            }
        }
    }
}

enum Brought {
    Stored,
    AlreadyThere,
    NotArchived,
}

async fn bring_one<A: Attachments>(target: &A, reference: &AttachmentRef, dry_run: bool) -> Result<Brought, String> {
    let told = |error: A::Error| error.to_string();
    let Some(content) = target.archived(reference).await.map_err(told)? else { return Ok(Brought::NotArchived) };
    match target.there(reference).await.map_err(told)? {
        Some(there) if there == content => return Ok(Brought::AlreadyThere),
        Some(_) => return Err("the server has different content for this id, which was not changed".to_owned()),
        None => {}
    }
    if dry_run {
        return Ok(Brought::Stored);
    }
    target.store(reference, content.clone()).await.map_err(told)??;
    // 200 is not done.
    if target.there(reference).await.map_err(told)? == Some(content) {
        return Ok(Brought::Stored);
    }
    Err("the server accepted it, but does not have it".to_owned())
}
