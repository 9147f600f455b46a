//! How many traces the last finished run of a policy deleted: one small file in the state folder.

use std::io::Write;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::model::rfc3339_utc;

const FILE: &str = "retention-last.json";

/// How many the last finished run of a policy deleted at a place, if one is remembered.
pub fn recall(folder: &Path, hash: &str, place: &str) -> Option<u64> {
    read(folder).get(&key(hash, place))?.get("deleted")?.as_u64()
}

/// Remembers a finished run that deleted something.
pub fn remember(folder: &Path, hash: &str, place: &str, deleted: u64, now_ms: i64) -> std::io::Result<()> {
    if deleted == 0 {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    let mut runs = read(folder);
    runs.insert(key(hash, place), json!({"deleted": deleted, "finished": rfc3339_utc(now_ms)}));
    // A file that is there is whole, whenever the power fails.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, &runs)?;
    file.write_all(b"\n")?;
    file.persist(folder.join(FILE))?;
    Ok(())
}

fn key(hash: &str, place: &str) -> String {
    format!("{hash} {place}")
}

/// What cannot be read is as if it were not there: it only guards against surprises.
fn read(folder: &Path) -> Map<String, Value> {
    let text = std::fs::read_to_string(folder.join(FILE)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_remembered_by_policy_and_place() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("state");
        assert_eq!(recall(&folder, "a", "here"), None);
        remember(&folder, "a", "here", 5, 0).unwrap();
        remember(&folder, "b", "here", 7, 0).unwrap();
        remember(&folder, "a", "here", 0, 0).unwrap();
        assert_eq!((recall(&folder, "a", "here"), recall(&folder, "b", "here")), (Some(5), Some(7)));
        assert_eq!(recall(&folder, "a", "there"), None);
        std::fs::write(folder.join(FILE), "{").unwrap();
        assert_eq!(recall(&folder, "a", "here"), None);
    }
}
