//! Whether an archive still stands as it was read back, told without reading it again where the store can tell.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use super::attachments::Stats;
use super::folder::{Folder, Stat};
use super::read_back;
use crate::model::{MANIFEST_FILE, Manifest, ManifestPart, Trace};

/// An archive that was read back and on whose word something is done later.
pub struct Standing {
    folder: Rc<dyn Folder>,
    manifest: Vec<u8>,
    /// What was read back, and what its files were like just before.
    parts: RefCell<Vec<(ManifestPart, Stat)>>,
    attachments: Stats,
}

impl Standing {
    /// An archive with the parts that were read back; fails with the reason if its manifest does not name them.
    pub fn new(folder: Rc<dyn Folder>, parts: Vec<(ManifestPart, Stat)>, attachments: Stats) -> Result<Self, String> {
        let manifest = manifest(&*folder)?;
        let named: Manifest = serde_json::from_slice(&manifest).map_err(|error| error.to_string())?;
        match parts.iter().find(|(part, _)| !named.parts.contains(part)) {
            Some((part, _)) => Err(format!("{} does not name {}", path(&*folder, MANIFEST_FILE), part.path)),
            None => Ok(Self { folder, manifest, parts: parts.into(), attachments }),
        }
    }

    /// Looks whether the manifest is the same one and every part is there as it was; the reason if not. A part that somebody
    /// touched is read again.
    pub fn check(&self) -> Result<(), String> {
        if manifest(&*self.folder)? != self.manifest {
            return Err(format!("{} was changed", path(&*self.folder, MANIFEST_FILE)));
        }
        self.parts.borrow_mut().iter_mut().try_for_each(|(part, known)| self.check_part(part, known))
    }

    /// Looks whether the attachments of a trace are there as they were; the reason if not.
    pub fn check_attachments(&self, trace: &Trace) -> Result<(), String> {
        self.attachments.check(&*self.folder, trace)
    }

    fn check_part(&self, part: &ManifestPart, known: &mut Stat) -> Result<(), String> {
        let folder = &*self.folder;
        let told = |error: io::Error| format!("{} cannot be looked at: {error}", path(folder, &part.path));
        let now = folder.stat(&part.path).map_err(told)?;
        let now = now.ok_or_else(|| format!("{} is not there", path(folder, &part.path)))?;
        if now != *known {
            read_back::check(folder, part)
                .map_err(|damage| format!("the part {} is damaged: {damage}", path(folder, &part.path)))?;
            *known = now;
        }
        Ok(())
    }
}

fn manifest(folder: &dyn Folder) -> Result<Vec<u8>, String> {
    let path = path(folder, MANIFEST_FILE);
    let read = folder.read(MANIFEST_FILE).map_err(|error| format!("{path} cannot be read: {error}"))?;
    read.ok_or_else(|| format!("{path} is not there"))
}

fn path(folder: &dyn Folder, name: &str) -> String {
    format!("{}/{name}", folder.name().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::export::{Directory, Encoder};

    /// An archive of one part, read back.
    fn archive(place: &Path) -> Standing {
        let folder = Directory::open(place).unwrap();
        let file = folder.begin("part-00000.jsonl").unwrap();
        let (file, stored) = Encoder::new(file, crate::export::Compression::None).unwrap().finish().unwrap();
        file.finish().unwrap();
        let path = "part-00000.jsonl".to_owned();
        let part = ManifestPart { path, sha256: stored.sha256, ..ManifestPart::default() };
        let manifest = Manifest { parts: vec![part.clone()], ..Manifest::default() };
        folder.replace(MANIFEST_FILE, &serde_json::to_vec(&manifest).unwrap()).unwrap();
        let stat = folder.stat(&part.path).unwrap().unwrap();
        Standing::new(Rc::new(folder), vec![(part, stat)], Stats::default()).unwrap()
    }

    #[test]
    fn an_archive_stands_until_something_of_it_is_changed_or_gone() {
        type Change = (fn(&Path), &'static str);

        let changes: [Change; 5] = [
            (|place| fs::remove_file(place.join("part-00000.jsonl")).unwrap(), "part-00000.jsonl is not there"),
            (|place| fs::write(place.join("part-00000.jsonl"), "more").unwrap(), "it has 4 bytes instead of 0"),
            (|place| fs::remove_file(place.join(MANIFEST_FILE)).unwrap(), "manifest.json is not there"),
            (|place| fs::write(place.join(MANIFEST_FILE), "{}").unwrap(), "manifest.json was changed"),
            (|place| fs::remove_dir_all(place).unwrap(), "manifest.json is not there"),
        ];
        for (change, reason) in changes {
            let place = tempfile::tempdir().unwrap();
            let standing = archive(place.path());
            assert_eq!(standing.check(), Ok(()));
            change(place.path());
            let told = standing.check().unwrap_err();
            assert!(told.ends_with(reason), "{told}");
        }
    }

    #[test]
    fn a_part_that_was_touched_is_read_again_and_counts_if_it_is_the_same() {
        let place = tempfile::tempdir().unwrap();
        let standing = archive(place.path());
        let before = standing.parts.borrow()[0].1.clone();
        fs::write(place.path().join("other"), "").unwrap();
        fs::rename(place.path().join("other"), place.path().join("part-00000.jsonl")).unwrap();
        assert_eq!(standing.check(), Ok(()));
        assert_ne!(standing.parts.borrow()[0].1, before);
    }

    #[test]
    fn what_no_manifest_names_does_not_stand() {
        let place = tempfile::tempdir().unwrap();
        let standing = archive(place.path());
        let (mut part, stat) = standing.parts.borrow()[0].clone();
        part.traces = 1;
        let folder = Rc::new(Directory::open(place.path()).unwrap());
        assert!(Standing::new(folder, vec![(part, stat)], Stats::default()).is_err());
    }
}
