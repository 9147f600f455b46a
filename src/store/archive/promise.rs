//! What a manifest promises of a part, and what is said where a part is not as it should be.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};

use super::lines;
use super::part::{Damage, Kind, Part};
use crate::model::{MANIFEST_FILE, hex};
use crate::store::StoreError;

impl Part {
    /// The error that names the part, the line, and what a manifest says to it.
    pub(super) fn failure(&self, damage: &Damage) -> StoreError {
        let place = match damage.place.and_then(|place| self.line_number(place)) {
            Some(line) => format!("line {line}: "),
            None => String::new(),
        };
        let verdict = match self.is_as_promised(&AtomicBool::new(false)) {
            Ok(Some(false)) => "; its SHA-256 is not the manifest's, so it has changed since it was exported",
            Ok(Some(true)) => "; its SHA-256 is the manifest's, so it was exported like this",
            Ok(None) | Err(_) => "",
        };
        StoreError::Archive { path: self.name(), reason: format!("{place}{}{verdict}", damage.reason) }
    }

    /// The line that a place is on.
    fn line_number(&self, place: u64) -> Option<u64> {
        let encoding = match self.told_kind().ok()? {
            Kind::Lines(encoding) | Kind::Documents(encoding) | Kind::Otlp(encoding) => encoding,
            Kind::Parquet | Kind::Exported => return None,
        };
        let mut reader = encoding.decoded(self.bytes(0).ok()?).ok()?.take(place);
        let mut block = vec![0; lines::BLOCK];
        let mut line = 1;
        loop {
            match lines::fill(&mut reader, &mut block).ok()? {
                0 => return Some(line),
                count => line += memchr::memchr_iter(b'\n', &block[..count]).count() as u64,
            }
        }
    }

    /// Whether it holds as many traces as a manifest promises; those of all of its slices were counted.
    pub(super) fn check_count(&self, found: u64) -> Result<(), StoreError> {
        match self.traces.filter(|promised| *promised != found) {
            None => Ok(()),
            Some(promised) => {
                let reason = format!("it has {found} traces, and {MANIFEST_FILE} says {promised}");
                Err(self.failure(&Damage { place: None, reason }))
            }
        }
    }

    /// Whether its SHA-256 is the one that a manifest promises; false if none does.
    pub(super) fn verify(&self, stop: &AtomicBool) -> Result<bool, StoreError> {
        match self.is_as_promised(stop) {
            Ok(Some(false)) => {
                let reason = "its SHA-256 is not the manifest's, so it has changed since it was exported".to_owned();
                Err(StoreError::Archive { path: self.name(), reason })
            }
            Ok(promised) => Ok(promised.is_some()),
            Err(error) => Err(StoreError::Archive { path: self.name(), reason: error.to_string() }),
        }
    }

    /// Whether the stored bytes have the SHA-256 that a manifest promises; nothing if none does. Reading all of them is too
    /// much for every search, so this is asked when something is wrong, and where somebody wants to be sure.
    fn is_as_promised(&self, stop: &AtomicBool) -> io::Result<Option<bool>> {
        let Some(promised) = self.sha256.as_deref() else { return Ok(None) };
        let mut reader = self.bytes(0)?;
        let mut block = vec![0; lines::BLOCK];
        let mut hasher = Sha256::new();
        while !stop.load(Ordering::Relaxed) {
            match lines::fill(&mut *reader, &mut block)? {
                0 => break,
                count => hasher.update(&block[..count]),
            }
        }
        Ok(Some(hex(&hasher.finalize()).eq_ignore_ascii_case(promised)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::part::Source;
    use super::*;

    #[test]
    fn damage_names_the_line_and_what_the_manifest_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl.gz");
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"{\"a\": 1}\n\n{\"b\": 2}\n").unwrap();
        let content = encoder.finish().unwrap();
        std::fs::write(&path, &content).unwrap();
        let mut part = Part::new(Source::File(path));
        let damage = Damage { place: Some(10), reason: "bad".into() };
        assert!(part.failure(&damage).to_string().ends_with("a.jsonl.gz: line 3: bad"));
        part.sha256 = Some("00".into());
        assert!(part.failure(&damage).to_string().contains("bad; its SHA-256 is not the manifest's"));
        part.sha256 = Some(hex(&Sha256::digest(&content)).to_uppercase());
        assert!(part.failure(&damage).to_string().contains("bad; its SHA-256 is the manifest's"));
    }
}
