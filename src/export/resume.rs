//! What an archive holds already, and where an export goes on.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use super::error::ExportError;
use super::feed::{Exported, Stretch};
use super::folder::Folder;
use super::state::Pending;
use crate::model::{ExperimentId, MANIFEST_FILE, MANIFEST_VERSION, Manifest, ManifestPart, ManifestQuery, TimeWindow};

/// The manifest of a folder, as it is stored and as it is understood; `None` if there is none.
pub fn read_manifest<E>(folder: &dyn Folder) -> Result<Option<(Vec<u8>, Manifest)>, ExportError<E>> {
    let path = format!("{}/{MANIFEST_FILE}", folder.name().trim_end_matches('/'));
    let Some(bytes) = folder.read(MANIFEST_FILE).map_err(ExportError::reading(path.clone()))? else { return Ok(None) };
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| {
        ExportError::refused(
            format!("{path} is not the manifest of an archive: {error}"),
            "export to another directory",
        )
    })?;
    if manifest.manifest_version > MANIFEST_VERSION {
        let message = format!("a newer version of mlflow-trace wrote {path}");
        return Err(ExportError::refused(message, "use that version, or export to another directory"));
    }
    manifest.check().map_err(|reason| {
        let message = format!("{path} is damaged: {reason}");
        ExportError::refused(message, "restore the original, or export to another directory")
    })?;
    Ok(Some((bytes, manifest)))
}

/// Refuses what would mix two exports, and what is damaged. `there` is the manifest that is there, `wanted` one that says what is
/// asked for.
pub fn check<E>(folder: &dyn Folder, there: Option<&Manifest>, wanted: &Manifest) -> Result<(), ExportError<E>> {
    let name = folder.name();
    let Some(there) = there else {
        let parts = folder.parts().map_err(ExportError::reading(&*name))?;
        return match parts.first() {
            None => Ok(()),
            Some(part) => Err(ExportError::refused(
                format!("{name} holds {part} and no manifest.json"),
                "export to another directory, or remove the parts",
            )),
        };
    };
    let differences = differences(there, wanted);
    if !differences.is_empty() {
        return Err(ExportError::refused(
            format!("{name} holds another export: {}", differences.join("; ")),
            "export to another directory, or use the options it was started with",
        ));
    }
    check_parts(folder, &there.parts)
}

/// What two exports differ in, in words; empty if the second may go on with the first.
#[must_use]
pub fn differences(there: &Manifest, wanted: &Manifest) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, there: &str, wanted: &str| {
        if there != wanted {
            let shown = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
            found.push(format!("{what} is {}, not {}", shown(there), shown(wanted)));
        }
    };
    compare("the source", &there.source.tracking_uri, &wanted.source.tracking_uri);
    let (old, new) = (&there.query, &wanted.query);
    compare("the filter", &old.filter, &new.filter);
    compare("--format", &old.format, &new.format);
    compare("--spans", on_or_off(old.spans), on_or_off(new.spans));
    for (name, there, wanted) in options(old, new) {
        compare(&format!("--{name}"), &there, &wanted);
    }
    found
}

fn on_or_off(flag: bool) -> &'static str {
    if flag { "on" } else { "off" }
}

/// The options of two queries side by side, as text.
fn options(old: &ManifestQuery, new: &ManifestQuery) -> Vec<(String, String, String)> {
    let shown = |options: &IndexMap<String, Value>, name: &str| match options.get(name) {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(true)) => "on".to_owned(),
        Some(other) => other.to_string(),
    };
    let mut names: Vec<&String> = old.options.keys().chain(new.options.keys()).collect();
    names.sort();
    names.dedup();
    names.into_iter().map(|name| (name.clone(), shown(&old.options, name), shown(&new.options, name))).collect()
}

/// Looks whether every part is there with its size.
fn check_parts<E>(folder: &dyn Folder, parts: &[ManifestPart]) -> Result<(), ExportError<E>> {
    for part in parts {
        let size = folder.size(&part.path).map_err(ExportError::reading(part.path.clone()))?;
        let wrong = match size {
            Some(bytes) if bytes == part.bytes => continue,
            Some(bytes) => format!("has {bytes} bytes instead of {}", part.bytes),
            None => "is not there".to_owned(),
        };
        let message = format!("the part {} of {} {wrong}", part.path, folder.name());
        return Err(ExportError::refused(message, "restore it, or export to another directory"));
    }
    Ok(())
}

/// Removes what a killed run left: files under way, and whole ones that no manifest names. Returns how many.
pub fn remove_leftovers<E>(folder: &dyn Folder, parts: &[ManifestPart]) -> Result<usize, ExportError<E>> {
    let named: HashSet<&str> = parts.iter().map(|part| part.path.as_str()).collect();
    let there = folder.parts().map_err(ExportError::reading(folder.name()))?;
    let leftovers: Vec<&String> = there.iter().filter(|path| !named.contains(path.as_str())).collect();
    for path in &leftovers {
        folder.remove(path).map_err(ExportError::writing(path.as_str()))?;
    }
    Ok(leftovers.len())
}

/// What is left to export, in the order in which it is exported: one experiment after the other, those that are done left out.
///
/// `unplaced` adds the traces that are in no experiment.
#[must_use]
pub fn stretches(manifest: &Manifest, run: &Pending, known: &Exported, unplaced: bool) -> Vec<Stretch> {
    let experiments = manifest.source.experiments.keys().cloned().map(Some);
    let all: Vec<Option<ExperimentId>> = experiments.chain(unplaced.then_some(None)).collect();
    let written = manifest.parts.get(run.first_part..).unwrap_or_default();
    let last = written.iter().rfind(|part| !part.late);
    let begun = last.and_then(|part| all.iter().position(|experiment| *experiment == part.experiment_id));
    let fresh = |experiment: &Option<ExperimentId>| Stretch {
        experiment: experiment.clone(),
        window: run.window,
        done: HashSet::new(),
        known: Arc::clone(known),
    };
    let mut left: Vec<Stretch> = all.iter().skip(begun.unwrap_or(0)).map(fresh).collect();
    if let (Some(part), Some(_), Some(first)) = (last, begun, left.first_mut()) {
        first.window = TimeWindow { newest_ms: part.window.oldest_ms, ..run.window };
        let late = written.iter().filter(|other| other.late && other.experiment_id == part.experiment_id);
        first.done.extend(late.chain([part]).flat_map(|part| part.boundary.iter().cloned()));
    }
    left
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::ManifestSource;

    fn manifest() -> Manifest {
        let experiments = [("1", "app"), ("2", "other"), ("3", "third")];
        Manifest {
            manifest_version: 1,
            source: ManifestSource {
                tracking_uri: "http://h".into(),
                mlflow_version: None,
                experiments: experiments.map(|(id, name)| (ExperimentId::from(id), name.to_owned())).into(),
            },
            query: ManifestQuery { filter: "status = 'OK'".into(), format: "jsonl".into(), ..ManifestQuery::default() },
            ..Manifest::default()
        }
    }

    fn part(experiment: &str, oldest_ms: i64, boundary: &[&str]) -> ManifestPart {
        ManifestPart {
            path: "part-00000.jsonl".into(),
            bytes: 3,
            experiment_id: Some(experiment.into()),
            window: TimeWindow { oldest_ms: Some(oldest_ms), newest_ms: Some(100) },
            boundary: boundary.iter().map(|id| (*id).into()).collect(),
            ..ManifestPart::default()
        }
    }

    fn run(first_part: usize) -> Pending {
        let window = TimeWindow { oldest_ms: Some(1), newest_ms: Some(100) };
        Pending { first_part, window, ..Pending::default() }
    }

    fn left(manifest: &Manifest, run: &Pending) -> Vec<(String, Option<i64>, usize)> {
        let known = Exported::default();
        let name = |stretch: &Stretch| stretch.experiment.as_ref().map_or("-".to_owned(), ToString::to_string);
        let all = stretches(manifest, run, &known, true);
        all.iter().map(|stretch| (name(stretch), stretch.window.newest_ms, stretch.done.len())).collect()
    }

    #[test]
    fn an_export_goes_on_behind_its_last_part() {
        let text = |rows: &[(&str, i64, usize)]| -> Vec<_> {
            rows.iter().map(|(name, newest, done)| ((*name).to_owned(), Some(*newest), *done)).collect()
        };
        let mut manifest = manifest();
        let fresh = [("1", 100, 0), ("2", 100, 0), ("3", 100, 0), ("-", 100, 0)];
        assert_eq!(left(&manifest, &run(0)), text(&fresh));
        manifest.parts = vec![part("1", 5, &["a"]), part("2", 40, &["b", "c"])];
        assert_eq!(left(&manifest, &run(0)), text(&[("2", 40, 2), ("3", 100, 0), ("-", 100, 0)]));
        assert_eq!(left(&manifest, &run(2)), text(&fresh), "parts of earlier runs do not count");
        manifest.parts[1].experiment_id = None;
        assert_eq!(left(&manifest, &run(0)), text(&[("-", 40, 2)]));
    }

    #[test]
    fn what_differs_is_named() {
        let there = manifest();
        let mut wanted = manifest();
        assert!(differences(&there, &wanted).is_empty());
        wanted.query.filter.clear();
        wanted.query.spans = true;
        wanted.query.options = [("sample".to_owned(), json!(0.1)), ("since".to_owned(), json!("1d ago"))].into();
        wanted.complete = true;
        assert_eq!(
            differences(&there, &wanted),
            [
                "the filter is status = 'OK', not none",
                "--spans is off, not on",
                "--sample is none, not 0.1",
                "--since is none, not 1d ago"
            ]
        );
    }
}
