//! What is said when an export has ended.

mod words;

use self::words::{gap, parts, refers, traces};
use super::request::Request;
use crate::commands::{CommandResult, Context, completeness, undecided};
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::{ATTACHMENT_MISSING, Tally};
use crate::model::{Manifest, ManifestCounts, ManifestFailure};
use crate::output::{count, count_attachments};
use crate::store::Proof;

/// Failed traces that are named on standard error.
const NAMED: usize = 10;

/// What to do about traces that arrived behind the place that an export had come to.
const LATE: &str =
    "they arrived late, with start times that were already exported; export to another directory to include them";

/// One file.
pub fn file(
    context: &mut Context<'_>,
    name: &str,
    request: &Request,
    tally: &Tally,
    proof: Option<Proof>,
) -> CommandResult {
    let left_out = request.format.left_out(tally.counts.traces, tally.rows);
    let omitted = left_out.map_or(0, |(number, _)| number);
    context.ui.status(&format!("Wrote {} to {name}.", traces(tally.counts.traces - omitted)));
    tell_left_out(context, left_out);
    let without = tally.counts.without_attachments;
    if without > 0 && !request.no_attachments {
        context.ui.warning(&format!(
            "{} to attachments, which a single file cannot contain; to include them, export to a directory (DIR/)",
            refers(without)
        ));
    }
    ended(context, &tally.counts, &tally.failed, proof)
}

/// A directory and the number of traces that this run has added; the first `said` failures were reported before.
pub fn directory(
    context: &mut Context<'_>,
    name: &str,
    manifest: &Manifest,
    added: u64,
    said: usize,
    proof: Option<Proof>,
) -> CommandResult {
    let (all, distinct) = (manifest.counts.traces, manifest.distinct());
    let whole = if added == all { String::new() } else { format!(", which now holds {}", count(distinct)) };
    let parts = parts(manifest.parts.len());
    context.ui.status(&format!("Wrote {} to {name}{whole} in {parts}.", traces(added)));
    if manifest.counts.attachments > 0 {
        context.ui.status(&format!("It has {}.", count_attachments(manifest.counts.attachments)));
    }
    let without = manifest.counts.without_attachments;
    if without > 0 && !manifest.query.options.contains_key("no-attachments") {
        context.ui.warning(&format!(
            "{} to attachments, which were omitted because content is being redacted",
            refers(without)
        ));
    }
    tell_left_out(context, manifest.left_out());
    ended(context, &manifest.counts, manifest.failed.get(said..).unwrap_or_default(), proof)
}

fn tell_left_out(context: &mut Context<'_>, left_out: Option<(u64, &str)>) {
    if let Some((number, lacking)) = left_out {
        context.ui.warning(&format!("omitted {} without {lacking}", traces(number)));
    }
}

/// A directory in which everything was there before.
pub fn already(context: &mut Context<'_>, name: &str, manifest: &Manifest) -> CommandResult {
    let (traces, parts) = (traces(manifest.distinct()), parts(manifest.parts.len()));
    context.ui.status(&format!("{name} is already complete: {traces} in {parts}."));
    if let Some(gap) = manifest.proof.as_ref().and_then(gap) {
        return Err(CliError::new(Exit::Partial, format!("it lacks {}", self::traces(gap))).hint(LATE));
    }
    undecided::tell_counted(context, &manifest.counts);
    failures(context, manifest.counts.traces, &manifest.failed)
}

/// A directory that the user did not wait for.
pub fn interrupted(context: &mut Context<'_>, name: &str, manifest: &Manifest) -> Exit {
    let whole = whole(name, manifest);
    context.ui.status(&format!("Interrupted. {whole}; run the same command again to resume."));
    Exit::Interrupted
}

/// What a failed run leaves.
pub fn hint(name: &str, manifest: &Manifest) -> String {
    format!("{}; run the same command again to resume", whole(name, manifest))
}

fn whole(name: &str, manifest: &Manifest) -> String {
    format!("{name} holds {} in {}", traces(manifest.counts.traces), parts(manifest.parts.len()))
}

fn ended(
    context: &mut Context<'_>,
    counts: &ManifestCounts,
    failed: &[ManifestFailure],
    proof: Option<Proof>,
) -> CommandResult {
    let complete = proof.map_or(Ok(()), |proof| completeness::report(context, &proof, LATE));
    if !counts.replaced.is_empty() {
        let replaced = counts.replaced.iter().map(|(rule, times)| format!("{rule}: {}", count(*times)));
        context.ui.status(&format!("Redacted: {}.", replaced.collect::<Vec<_>>().join(", ")));
    }
    for (kind, longest, one, many, advice) in [
        ("metadata", "250", "piece of metadata is", "pieces of metadata are", ""),
        ("tags", "4096", "tag is", "tags are", ""),
        ("previews", "1000 or 10000", "preview is", "previews are", "; add --spans for the complete text"),
    ] {
        if let Some(times) = counts.maybe_cut.get(kind) {
            let what = if *times == 1 { one } else { many };
            let times = count(*times);
            context.ui.warning(&format!(
                "{times} {what} {longest} characters long, the most that a server returns, and may be truncated{advice}"
            ));
        }
    }
    complete?;
    failures(context, counts.traces, failed)
}

fn failures(context: &mut Context<'_>, written: u64, failed: &[ManifestFailure]) -> CommandResult {
    if failed.is_empty() {
        return Ok(Exit::Done);
    }
    for failure in failed.iter().take(NAMED) {
        context.ui.warning(&format!("{}: {}", failure.trace_id, failure.reason));
    }
    let bare = failed.iter().filter(|failure| failure.kind == ATTACHMENT_MISSING).count();
    let told = [
        (failed.len() - bare, "spans", "read", "without spans"),
        (bare, "attachments", "had", "without the missing attachments"),
    ];
    let told = told.into_iter().filter(|(number, ..)| *number > 0).map(|(number, what, verb, how)| {
        format!("the {what} of {number} of {written} traces could not be {verb}; they were written {how}")
    });
    Err(CliError::new(Exit::Partial, told.collect::<Vec<_>>().join("; ")))
}
