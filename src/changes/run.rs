//! The life of a run from its plan to its report: each step once and in one order, whatever is changed.
//!
//! What differs is a [`Change`]. The lock is taken before, as what is planned must not go on changing.

use std::path::Path;

use super::context::RunContext;
use super::error::{ChangeError, Deed};
use super::journal::{Header, Journal};
use super::{RunResult, journals, plan_file};
use crate::exit::Exit;

/// How to look at what is too much.
const LOOK: &str = "review the list with --dry-run -o ids, then raise the cap";

/// How far a run may go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms<'a> {
    /// More traces than this are a safety stop.
    pub most: Option<u64>,
    /// Show and stop.
    pub is_dry_run: bool,
    /// Do not ask.
    pub is_agreed: bool,
    /// The file of the plan that is carried out, which is marked as applied before the first change.
    pub plan: Option<&'a Path>,
}

/// What is planned, and how it is done.
pub trait Change {
    /// What became of it.
    type Done;

    /// What is done to traces.
    fn deed(&self) -> Deed;

    /// How many traces are to be changed.
    fn traces(&self) -> u64;

    /// How to look at what is too much.
    fn look(&self) -> &'static str {
        LOOK
    }

    /// Whether nothing is to be done.
    fn is_idle(&self) -> bool {
        self.traces() == 0
    }

    /// Says what is planned.
    fn show(&self, context: &mut RunContext<'_>);

    /// The cap forbids it.
    fn refused(&self, _: &mut RunContext<'_>) -> Result<(), ChangeError> {
        Ok(())
    }

    /// Writes the plan to a file, if that is what was asked for, and ends the run.
    fn saved(&mut self, _: &mut RunContext<'_>) -> impl Future<Output = Result<Option<Exit>, ChangeError>> {
        std::future::ready(Ok(None))
    }

    /// The end of a run that changes nothing.
    fn only_shown(&mut self, context: &mut RunContext<'_>) -> impl Future<Output = RunResult>;

    /// What else must hold before anybody is asked.
    fn check(&self, _: &mut RunContext<'_>) -> Result<(), ChangeError> {
        Ok(())
    }

    /// What to ask; nothing where what is done was spelled out.
    fn question(&self) -> Option<String>;

    /// The head of the journal.
    fn header(&self, context: &RunContext<'_>) -> Header;

    /// Does it: whatever is sent stands in the journal before.
    fn apply(
        &mut self,
        context: &mut RunContext<'_>,
        journal: Journal,
    ) -> impl Future<Output = Result<Self::Done, ChangeError>>;

    /// Says what became of it and how the run ends.
    fn report(&self, context: &mut RunContext<'_>, run_id: &str, done: Self::Done) -> RunResult;
}

/// Carries out a change.
pub async fn carry_out<C: Change>(context: &mut RunContext<'_>, change: &mut C, terms: Terms<'_>) -> RunResult {
    change.show(context);
    if let Err(error) = check_cap(change, terms.most) {
        change.refused(context)?;
        return Err(error);
    }
    if let Some(exit) = change.saved(context).await? {
        return Ok(exit);
    }
    if terms.is_dry_run || change.is_idle() {
        return change.only_shown(context).await;
    }
    change.check(context)?;
    if let Some(question) = change.question().filter(|_| !terms.is_agreed) {
        confirm(context, change.deed(), &question)?;
    }
    let header = change.header(context);
    let journal = begin(context, header, terms.plan)?;
    let run_id = journal.run_id().to_owned();
    context.record.run_id = Some(run_id.clone());
    let done = change.apply(context, journal).await?;
    change.report(context, &run_id, done)
}

/// Refuses more than the cap allows; the hint says how to look at what it would be.
fn check_cap(change: &impl Change, most: Option<u64>) -> Result<(), ChangeError> {
    let (deed, traces, hint) = (change.deed(), change.traces(), change.look());
    match most {
        Some(most) if traces > most => Err(ChangeError::Cap { traces, most, deed, hint }),
        _ => Ok(()),
    }
}

/// Asks a person.
pub fn confirm(context: &mut RunContext<'_>, deed: Deed, question: &str) -> Result<(), ChangeError> {
    match context.ui.confirm(question) {
        Some(true) => Ok(()),
        Some(false) => Err(ChangeError::NotConfirmed(deed)),
        None => Err(ChangeError::NobodyToAsk(deed)),
    }
}

/// Begins the journal and marks the plan as applied.
fn begin(context: &RunContext<'_>, header: Header, plan: Option<&Path>) -> Result<Journal, ChangeError> {
    let journal = journals::begin(context, header)?;
    if let Some(file) = plan {
        plan_file::mark_applied(file, &format!("run {}", journal.run_id()))?;
    }
    Ok(journal)
}
