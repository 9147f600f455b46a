//! The looks, one after the other: behind one that failed the others are not tried.

use super::health::health;
use super::traces::{newest, oldest, spans};
use crate::commands::{Context, selection};
use crate::error::CliError;
use crate::model::{Experiment, Trace};
use crate::retention::Refusal;
use crate::settings::{Origin, Settings};
use crate::store::{CheckFinding, Store, StoreError};

/// What there is to look at on a server, in this order.
const OF_A_SERVER: &[&str] = &[
    "name",
    "connection",
    "server",
    "credentials",
    "features",
    "experiment",
    "traces",
    "spans",
    "permissions",
    "clock",
];

/// Everything that was found. Fails where there is nothing to look at.
pub async fn all(context: &Context<'_>) -> Result<Vec<CheckFinding>, CliError> {
    let store = context.store()?;
    let mut found = vec![address(context.settings, &store)];
    look(context, &store, &mut found).await?;
    if found.iter().any(CheckFinding::ends_it) && store.checkup().is_some() {
        let missing = OF_A_SERVER.iter().filter(|what| !found.iter().any(|finding| finding.what == **what));
        let untried: Vec<CheckFinding> =
            missing.map(|what| CheckFinding::untried(what, "because of what failed before it")).collect();
        found.extend(untried);
    }
    Ok(found)
}

fn address(settings: &Settings, store: &Store) -> CheckFinding {
    let from = settings.shown.iter().find(|shown| shown.key == "tracking_uri").map(|shown| shown.from.clone());
    match from {
        Some(Origin::Default) | None => CheckFinding::fine("address", store.name()),
        Some(from) => CheckFinding::fine("address", format!("{} ({from})", store.name())),
    }
}

/// Looks until something fails.
async fn look(context: &Context<'_>, store: &Store, found: &mut Vec<CheckFinding>) -> Result<(), CliError> {
    if let Some(checkup) = store.checkup() {
        found.extend(checkup.reach().await);
        if !found.iter().any(CheckFinding::ends_it) {
            found.extend(checkup.nature().await);
        }
    }
    if found.iter().any(CheckFinding::ends_it) {
        return Ok(());
    }
    let Some(experiments) = experiments(context, store, found).await else { return Ok(()) };
    let Some(page) = newest(store, &experiments, found).await? else { return Ok(()) };
    oldest(store, &experiments, &page, found).await?;
    spans(store, &page, found).await;
    if let Some(checkup) = store.checkup() {
        found.extend(permissions(store, &experiments, page.first()).await);
        found.extend(checkup.storage().await);
    }
    found.extend(clock(context, store).await);
    found.extend(health(store, context.ui.clock().present_ms()).await);
    Ok(())
}

/// The experiments that are worked in; the newest one if none is named.
async fn experiments(context: &Context<'_>, store: &Store, found: &mut Vec<CheckFinding>) -> Option<Vec<Experiment>> {
    let error = match selection::experiments(context, store, false).await {
        Ok(experiments) => {
            if !experiments.is_empty() {
                let names: Vec<&str> = experiments.iter().map(|experiment| experiment.name.as_str()).collect();
                found.push(CheckFinding::fine("experiment", names.join(", ")));
            }
            return Some(experiments);
        }
        Err(StoreError::NoExperiment { mut available }) if !available.is_empty() => {
            let text = format!("none is named; {} of {} is looked at", available[0].name, available.len());
            let advice = "name the experiment with --experiment NAME, MLFLOW_EXPERIMENT_NAME or in a profile";
            found.push(CheckFinding::noted("experiment", text, advice));
            available.truncate(1);
            return Some(available);
        }
        Err(StoreError::NoExperiment { .. }) => {
            let advice =
                "make one with `mlflow-trace experiments create NAME`, or ask for permission to see those of others";
            found.push(CheckFinding::noted("experiment", "there is none", advice));
            return None;
        }
        Err(error) => error,
    };
    found.push(CheckFinding::failed("experiment", error));
    None
}

async fn permissions(store: &Store, experiments: &[Experiment], trace: Option<&Trace>) -> Vec<CheckFinding> {
    let (Some(checkup), Some(experiment)) = (store.checkup(), experiments.first()) else { return Vec::new() };
    if let Err(StoreError::Protected { profile, .. }) = store.writer() {
        return vec![CheckFinding::untried("permissions", format!("the profile {profile:?} is read-only"))];
    }
    // The trace must be one of the experiment that is asked about.
    let is_its = |trace: &&Trace| trace.info.experiment_id().as_ref() == Some(&experiment.id);
    let asked = checkup.rights(experiment, trace.filter(is_its).map(|trace| &trace.info));
    asked.await
}

/// How far the clocks are apart.
async fn clock(context: &Context<'_>, store: &Store) -> Option<CheckFinding> {
    let there = match store.clock_ms().await {
        Ok(there) => there?,
        Err(error) => return Some(CheckFinding::failed("clock", error)),
    };
    let here = context.ui.clock().present_ms();
    Some(match Refusal::of_clocks(here, there) {
        Some(refusal) => CheckFinding::wrong("clock", refusal.to_string(), refusal.hint()),
        None => CheckFinding::fine("clock", format!("{} s apart", (there - here).abs() / 1000)),
    })
}
