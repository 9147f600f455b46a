//! The manifest of a directory: as it begins, goes on and ends.

use serde_json::json;

use crate::commands::export::request::Request;
use crate::commands::{Context, selection};
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::{Archive, Pending};
use crate::model::{ExperimentId, MANIFEST_VERSION, Manifest, ManifestSource, rfc3339_utc};
use crate::store::{Proof, Store, StoreError};

/// Says in the manifest that everything is there.
pub fn complete(archive: &mut Archive<'_>, proof: Option<Proof>, finished: String) -> Result<(), CliError> {
    let manifest = &mut archive.manifest;
    manifest.proof = proof.and_then(|proof| {
        let (counted, by) = proof.counted?;
        Some(json!({"read": proof.read, "counted": counted, "counted_by": by.as_str(), "late": proof.late}))
    });
    manifest.complete = true;
    manifest.finished = Some(finished);
    Ok(archive.save::<StoreError>()?)
}

/// The manifest of an export that has not begun.
pub async fn wanted(context: &Context<'_>, store: &Store, request: &Request) -> Result<Manifest, CliError> {
    let mut experiments = selection::experiments(context, store, request.all_experiments).await?;
    if experiments.is_empty() && request.all_experiments {
        return Err(CliError::new(Exit::Refused, "the server has no experiments; nothing was exported"));
    }
    let mut query = request.query.clone();
    let names: Vec<&str> = experiments.iter().map(|experiment| experiment.id.as_str()).collect();
    let is_all = request.all_experiments || experiments.is_empty();
    query.options.insert("experiments".to_owned(), if is_all { json!("all") } else { json!(names) });
    if experiments.is_empty() {
        experiments = store.experiments(false).await?;
    }
    let experiments = experiments.into_iter().map(|experiment| (experiment.id, experiment.name)).collect();
    Ok(Manifest {
        manifest_version: MANIFEST_VERSION,
        created_by: concat!("mlflow-trace ", env!("CARGO_PKG_VERSION")).to_owned(),
        source: ManifestSource { tracking_uri: context.source_name(), mlflow_version: None, experiments },
        query,
        started: rfc3339_utc(context.ui.clock().now_ms()),
        ..Manifest::default()
    })
}

/// The manifest of a run that begins or goes on.
pub async fn begun(store: &Store, there: Option<Manifest>, wanted: Manifest, run: &Pending) -> Manifest {
    let mut manifest = match there {
        Some(there) if !there.complete && !there.parts.is_empty() && there.window.newest_ms == run.window.newest_ms => {
            return there;
        }
        Some(there) if !there.parts.is_empty() => there,
        _ => wanted.clone(),
    };
    if manifest.parts.is_empty() {
        manifest.window = run.window;
    }
    manifest.window.newest_ms = manifest.window.newest_ms.max(run.window.newest_ms);
    manifest.source.experiments.extend(wanted.source.experiments);
    manifest.source.mlflow_version = store.version().await;
    (manifest.complete, manifest.finished) = (false, None);
    manifest
}

/// The experiments of a manifest; none where a store is searched whole.
pub fn ids(store: &Store, manifest: &Manifest) -> Vec<ExperimentId> {
    if store.needs_experiments() { manifest.source.experiments.keys().cloned().collect() } else { Vec::new() }
}
