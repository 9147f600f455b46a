//! How many traces the last finished run of a policy deleted at a place: one small file in the state folder.

use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::changes::place::Place;
use crate::files::{Access, PartialFile};
use crate::model::rfc3339_utc;

const FILE: &str = "retention-last.json";

/// What is remembered of a run.
#[derive(Serialize, Deserialize)]
struct Last {
    deleted: u64,
    finished: String,
    /// Older versions wrote the URL into the key alone.
    #[serde(default, flatten)]
    place: Option<Place>,
}

/// How many the last finished run of a policy deleted at a place, if one is remembered.
pub fn recall(folder: &Path, hash: &str, place: &Place) -> Option<u64> {
    let runs = read(folder);
    let here = runs.iter().filter_map(|(key, run)| of(key, run, hash, place));
    here.max_by(|one, other| one.finished.cmp(&other.finished)).map(|last| last.deleted)
}

/// Remembers a finished run that deleted something.
pub fn remember(folder: &Path, hash: &str, place: &Place, deleted: u64, now_ms: i64) -> std::io::Result<()> {
    if deleted == 0 {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    let mut runs = read(folder);
    runs.retain(|key, run| of(key, run, hash, place).is_none());
    let last = Last { deleted, finished: rfc3339_utc(now_ms), place: Some(place.clone()) };
    runs.insert(free_key(&runs, format!("{hash} {place}")), serde_json::to_value(last)?);
    // A file that is there is whole, whenever the power fails.
    let mut file = PartialFile::create(&folder.join(FILE), Access::Owner)?;
    serde_json::to_writer_pretty(&mut file, &runs)?;
    file.write_all(b"\n")?;
    file.finish()
}

/// What is remembered under a key, if it is of a policy and of a place.
fn of(key: &str, run: &Value, hash: &str, place: &Place) -> Option<Last> {
    let name = key.strip_prefix(hash)?.strip_prefix(' ')?;
    let last: Last = serde_json::from_value(run.clone()).ok()?;
    let there = last.place.clone().unwrap_or_else(|| Place::from(name));
    there.difference(place).is_none().then_some(last)
}

/// Another server may have had the same address.
fn free_key(runs: &Map<String, Value>, key: String) -> String {
    if runs.contains_key(&key) { free_key(runs, format!("{key} ")) } else { key }
}

/// What cannot be read is as if it were not there: it only guards against surprises.
fn read(folder: &Path) -> Map<String, Value> {
    let text = std::fs::read_to_string(folder.join(FILE)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Experiment, Lifecycle};

    fn place(uri: &str, workspace: Option<&str>) -> Place {
        Place::new(uri, vec!["loopback:5000".to_owned()], workspace)
    }

    fn experiment(created_ms: i64) -> Experiment {
        Experiment {
            id: "1".into(),
            name: "app".into(),
            lifecycle: Lifecycle::Active,
            artifact_location: None,
            creation_time_ms: Some(created_ms),
            last_update_time_ms: None,
        }
    }

    #[test]
    fn runs_are_remembered_by_policy_and_place() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("state");
        let here = place("http://localhost:5000", None).with(&[experiment(5)]);
        let by_address = place("http://127.0.0.1:5000", None).with(&[experiment(5)]);
        let workspace = place("http://localhost:5000", Some("team-a"));
        let another = place("http://localhost:5000", None).with(&[experiment(6)]);
        assert_eq!(recall(&folder, "a", &here), None);
        remember(&folder, "a", &here, 5, 0).unwrap();
        remember(&folder, "b", &here, 7, 0).unwrap();
        remember(&folder, "a", &here, 0, 0).unwrap();
        assert_eq!((recall(&folder, "a", &here), recall(&folder, "b", &here)), (Some(5), Some(7)));
        assert_eq!(recall(&folder, "a", &by_address), Some(5));
        assert_eq!((recall(&folder, "a", &workspace), recall(&folder, "a", &another)), (None, None));
        remember(&folder, "a", &workspace, 2, 0).unwrap();
        remember(&folder, "a", &another, 3, 0).unwrap();
        remember(&folder, "a", &by_address, 6, 0).unwrap();
        let known = [&here, &workspace, &another].map(|place| recall(&folder, "a", place));
        assert_eq!(known, [Some(6), Some(2), Some(3)]);
        std::fs::write(folder.join(FILE), "{").unwrap();
        assert_eq!(recall(&folder, "a", &here), None);
    }

    #[test]
    fn what_an_older_version_remembered_is_found_by_its_url() {
        let folder = tempfile::tempdir().unwrap();
        let text = r#"{"a http://localhost:5000": {"deleted": 5, "finished": "2026-11-22T08:00:00Z"}}"#;
        std::fs::write(folder.path().join(FILE), text).unwrap();
        assert_eq!(recall(folder.path(), "a", &place("http://localhost:5000", None)), Some(5));
        assert_eq!(recall(folder.path(), "a", &place("http://127.0.0.1:5000", None)), None);
        remember(folder.path(), "a", &place("http://localhost:5000", None), 6, 0).unwrap();
        assert_eq!(read(folder.path()).len(), 1);
    }
}
