//! What is held against a plan before it is carried out.

use super::last;
use crate::commands::Context;
use crate::error::CliError;
use crate::retention::{Outlook, Refusal, RetentionPolicy, refusals};
use crate::store::Store;

/// Everything that speaks against a plan, worst first.
pub async fn against(
    context: &Context<'_>,
    store: &Store,
    policy: &RetentionPolicy,
    outlooks: &[Outlook],
    allow_growth: bool,
) -> Result<Vec<Refusal>, CliError> {
    let mut all = Vec::new();
    if let Store::Server(server) = store
        && let Some(server_ms) = server.clock_ms().await?
    {
        // The run may have waited and read for longer than clocks may be apart.
        all.extend(Refusal::of_clocks(context.ui.clock().present_ms(), server_ms));
    }
    all.extend(refusals(policy, outlooks));
    let planned = outlooks.iter().map(|outlook| outlook.plan.traces.len() as u64).sum();
    if let (Some(folder), false) = (&context.settings.state_dir, allow_growth) {
        let place = context.place().clone().with(outlooks.iter().map(|outlook| &outlook.plan.experiment));
        all.extend(Refusal::of_growth(planned, last::recall(folder, &policy.hash(), &place)));
    }
    Ok(all)
}

/// An error if there is a refusal; the others are shown before it.
pub fn stop(context: &mut Context<'_>, mut refusals: Vec<Refusal>) -> Result<(), CliError> {
    if refusals.is_empty() {
        return Ok(());
    }
    let first = refusals.remove(0);
    for refusal in refusals {
        context.ui.warning(&refusal.to_string());
    }
    Err(first.into())
}
