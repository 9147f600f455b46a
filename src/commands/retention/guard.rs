//! What is checked against a plan before it is carried out.

use super::last;
use crate::changes::delete::clock;
use crate::commands::Context;
use crate::error::CliError;
use crate::filter::Filter;
use crate::model::field::Field;
use crate::retention::{Outlook, Refusal, RetentionPolicy, Rule, refusals, unmet_keys};
use crate::store::Store;

/// What a user vouches for, and a run then does not refuse.
#[derive(Clone, Copy, Debug)]
pub struct Allowed {
    /// That far more goes than in the last run.
    pub growth: bool,
    /// That a `keep_if` keeps nothing because no trace has its key.
    pub unmatched_keep: bool,
    /// That this machine's clock is right although the server tells no time.
    pub clock: bool,
}

/// Everything that speaks against a plan, worst first.
pub async fn against(
    context: &Context<'_>,
    store: &Store,
    policy: &RetentionPolicy,
    outlooks: &[Outlook],
    allowed: Allowed,
) -> Result<Vec<Refusal>, CliError> {
    let mut all = Vec::new();
    if let Ok(server) = store.writer() {
        all.extend(clock::refusal(context, server, allowed.clock).await?);
    }
    all.extend(refusals(policy, outlooks));
    let planned = outlooks.iter().map(|outlook| outlook.plan.traces.len() as u64).sum();
    if let (Some(folder), false) = (&context.settings.state_dir, allowed.growth) {
        let place = context.place().clone().with(outlooks.iter().map(|outlook| &outlook.plan.experiment));
        all.extend(Refusal::of_growth(planned, last::recall(folder, &policy.hash(), &place)));
    }
    Ok(all)
}

/// Whatever is kept by a key that no trace has is not kept: a warning, and where something is to be deleted an error.
pub fn check_keys(
    context: &mut Context<'_>,
    policy: &RetentionPolicy,
    outlooks: &[Outlook],
    (allowed, is_change): (Allowed, bool),
) -> Result<(), CliError> {
    let unmet = unmet(policy, outlooks);
    if is_change && !allowed.unmatched_keep {
        return stop(context, unmet);
    }
    for refusal in &unmet {
        context.ui.warning(&refusal.to_string());
    }
    Ok(())
}

/// A warning of a key that no trace has.
pub fn warn_of_key(context: &mut Context<'_>, rule: &Rule, keep_if: &Filter, field: &Field) {
    let (rule, keep_if, key) = (rule.name.clone(), keep_if.text().to_owned(), field.column_name().into_owned());
    context.ui.warning(&Refusal::UnmetKey { rule, keep_if, key }.to_string());
}

fn unmet(policy: &RetentionPolicy, outlooks: &[Outlook]) -> Vec<Refusal> {
    if outlooks.iter().all(|outlook| outlook.plan.traces.is_empty()) {
        return Vec::new();
    }
    let refusal = |(rule, keep_if, key): (&str, &str, String)| Refusal::UnmetKey {
        rule: rule.to_owned(),
        keep_if: keep_if.to_owned(),
        key,
    };
    unmet_keys(policy, outlooks).into_iter().map(refusal).collect()
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
