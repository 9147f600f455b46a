//! Reading an archive back: what lies in a folder, checked against its manifest and against the traces that were to be in it.
//!
//! It trusts nothing that the writer knew: a part is read from where it is stored, its size, digest and lines are counted
//! anew, and every line is read as a search of the archive would read it. Parts are JSON lines, plain or compressed.
//!
//! Invariants: a trace is proven only by a part that is as its manifest says from the first byte to the last, and only if it
//! is there with all of its spans; what is not proven has a reason. Memory grows with the number of traces by a few bytes
//! each.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader, Read};

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::attachments::{self, Brought, Stats};
use super::encode::Compression;
use super::folder::{Folder, Stat};
use super::tally;
use crate::model::{
    ExperimentId, ManifestCounts, ManifestFailure, ManifestPart, Trace, TraceError, TraceId, TraceState, hex,
};

/// A part that is not what its manifest says.
#[derive(Debug, Error)]
pub enum Damage {
    /// It is not there.
    #[error("it is not there")]
    Missing,
    /// It cannot be read or decompressed.
    #[error("it cannot be read back: {0}")]
    Unreadable(#[from] io::Error),
    /// It has another size.
    #[error("it has {found} bytes instead of {stated}")]
    Size {
        /// Bytes that are stored.
        found: u64,
        /// Bytes that the manifest says.
        stated: u64,
    },
    /// Its bytes are others.
    #[error("its SHA-256 is {found} instead of {stated}")]
    Checksum {
        /// Of what is stored, in hex.
        found: String,
        /// What the manifest says.
        stated: String,
    },
    /// It holds more or fewer traces.
    #[error("it has {found} lines instead of {stated}")]
    Lines {
        /// Lines in it.
        found: u64,
        /// Traces that the manifest says.
        stated: u64,
    },
    /// An attachment, or the list of them, is not there or not as it was written.
    #[error("attachments: {0}")]
    Attachments(String),
    /// A line that is no trace.
    #[error("line {line}: {error}")]
    Line {
        /// From 1.
        line: u64,
        /// What is wrong with it.
        error: TraceError,
    },
}

/// The traces that an archive is to hold, less those that were found in it.
pub struct Unproven<'i> {
    left: HashSet<&'i TraceId>,
    /// What is wrong with parts, and of which experiment they are.
    damage: Vec<(Option<ExperimentId>, String)>,
    /// The parts with which nothing is wrong, and what their files were like before they were read.
    sound: Vec<(ManifestPart, Stat)>,
    /// What those hold.
    counts: ManifestCounts,
    /// What the files of their attachments were like before they were read.
    attachments: Stats,
}

impl<'i> Unproven<'i> {
    /// Before anything was read back: every trace is unproven.
    #[must_use]
    pub fn new(ids: impl IntoIterator<Item = &'i TraceId>) -> Self {
        Self {
            left: ids.into_iter().collect(),
            damage: Vec::new(),
            sound: Vec::new(),
            counts: ManifestCounts::default(),
            attachments: Stats::default(),
        }
    }

    /// How many are not proven.
    #[must_use]
    pub fn len(&self) -> usize {
        self.left.len()
    }

    /// Whether all are proven.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Whether a trace is not proven.
    #[must_use]
    pub fn holds(&self, id: &TraceId) -> bool {
        self.left.contains(id)
    }

    /// The parts that were not as their manifest says, each with what is wrong.
    pub fn damaged(&self) -> impl Iterator<Item = &str> {
        self.damage.iter().map(|(_, reason)| reason.as_str())
    }

    /// The parts that are as their manifest says, with what their files were like just before they were read.
    #[must_use]
    pub fn sound(&self) -> &[(ManifestPart, Stat)] {
        &self.sound
    }

    /// What those parts hold.
    #[must_use]
    pub fn counts(&self) -> &ManifestCounts {
        &self.counts
    }

    /// What the files of the attachments of those parts were like just before they were read.
    #[must_use]
    pub fn attachments(&self) -> &Stats {
        &self.attachments
    }

    /// Reads a part to its end. Its traces are proven if nothing is wrong with it.
    pub fn read_back(&mut self, folder: &dyn Folder, part: &ManifestPart) {
        match read_part(folder, part) {
            Ok((stat, content)) => {
                for id in &content.whole {
                    self.left.remove(id);
                }
                self.sound.push((part.clone(), stat));
                tally::add(&mut self.counts, &content.counts);
                self.attachments.extend(content.brought.into_stats());
            }
            Err(damage) => {
                let path = format!("{}/{}", folder.name().trim_end_matches('/'), part.path);
                self.damage.push((part.experiment_id.clone(), format!("the part {path} is damaged: {damage}")));
            }
        }
    }

    /// Why each of these traces of an experiment is not proven, in their order; `failed` are those that could not be read
    /// whole, which count as not proven whatever the parts hold.
    pub fn reasons<'r>(
        &'r self,
        experiment: &'r ExperimentId,
        ids: &'i [TraceId],
        failed: &'r [ManifestFailure],
    ) -> impl Iterator<Item = (&'i TraceId, &'r str)> {
        let failed: HashMap<&TraceId, &str> =
            failed.iter().map(|failure| (&failure.trace_id, failure.reason.as_str())).collect();
        let damage = self.damage.iter().find(|(of, _)| of.as_ref().is_none_or(|of| of == experiment));
        let otherwise =
            damage.map_or("it is not in the archive with all of its spans and attachments", |(_, reason)| reason);
        ids.iter().filter_map(move |id| match failed.get(id) {
            Some(reason) => Some((id, *reason)),
            None => self.left.contains(id).then_some((id, otherwise)),
        })
    }
}

/// What a part holds.
#[derive(Default)]
struct Content {
    counts: ManifestCounts,
    /// The traces that are there with all of their spans.
    whole: Vec<TraceId>,
    brought: Brought,
}

/// Reads a part to its end and holds it against its manifest.
pub(super) fn check(folder: &dyn Folder, part: &ManifestPart) -> Result<(), Damage> {
    read_part(folder, part).map(|_| ())
}

/// What a part holds, after the whole of it was checked against its manifest, and what its file was like before.
fn read_part(folder: &dyn Folder, part: &ManifestPart) -> Result<(Stat, Content), Damage> {
    let stat = folder.stat(&part.path)?.ok_or(Damage::Missing)?;
    let reader = folder.stream(&part.path)?.ok_or(Damage::Missing)?;
    let mut stored = Digested::new(reader);
    let brought =
        part.attachments.as_ref().map_or_else(|| Ok(Brought::default()), |of| attachments::read_back(folder, of));
    let read = read_lines(&part.path, &mut stored, brought?);
    // What is behind the end of the compressed text counts, too.
    io::copy(&mut stored, &mut io::sink())?;
    let (bytes, found) = stored.finish();
    if bytes != part.bytes {
        return Err(Damage::Size { found: bytes, stated: part.bytes });
    }
    if !found.eq_ignore_ascii_case(&part.sha256) {
        return Err(Damage::Checksum { found, stated: part.sha256.clone() });
    }
    let mut content = read?;
    content.counts.attachments = part.attachments.as_ref().map_or(0, |listed| listed.files);
    if content.counts.traces != part.traces {
        return Err(Damage::Lines { found: content.counts.traces, stated: part.traces });
    }
    Ok((stat, content))
}

/// What the lines of a stored text hold.
fn read_lines(path: &str, stored: &mut dyn Read, brought: Brought) -> Result<Content, Damage> {
    let mut reader = decompressed(path, stored)?;
    let (mut line, mut content) = (Vec::new(), Content { brought, ..Content::default() });
    while reader.read_until(b'\n', &mut line)? > 0 {
        let number = content.counts.traces + 1;
        let trace = Trace::from_text(&line).map_err(|error| Damage::Line { line: number, error })?;
        tally::count_cut(&mut content.counts, &trace);
        tally::count(&mut content.counts, &trace);
        content.counts.bytes += line.len() as u64;
        if is_whole(&trace) && content.brought.holds_all_of(&trace) {
            content.whole.push(trace.info.trace_id);
        }
        line.clear();
    }
    Ok(content)
}

/// Whether a trace has all spans that it says it has. One without any is whole only if something says that it has none: the
/// trace itself, or that its spans were where the server keeps all of them and it had none to give. One that has not ended
/// has some at least.
fn is_whole(trace: &Trace) -> bool {
    let Some(spans) = &trace.spans else { return false };
    match trace.info.stated_span_count() {
        _ if trace.info.state == TraceState::InProgress && spans.is_empty() => false,
        Some(stated) => spans.len() as u64 >= stated,
        None => !spans.is_empty() || trace.info.spans_location() == Some("TRACKING_STORE"),
    }
}

fn decompressed<'r>(path: &str, stored: &'r mut dyn Read) -> io::Result<Box<dyn BufRead + 'r>> {
    Ok(match Compression::of_name(path) {
        Compression::None => Box::new(BufReader::new(stored)),
        Compression::Gzip => Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(stored))),
        #[cfg(feature = "compression")]
        Compression::Zstd => Box::new(BufReader::new(zstd::stream::read::Decoder::new(stored)?)),
        #[cfg(not(feature = "compression"))]
        Compression::Zstd => {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "this build has no Zstandard"));
        }
    })
}

/// Counts and digests stored bytes while they are read.
pub(super) struct Digested<R> {
    reader: R,
    digest: Sha256,
    bytes: u64,
}

impl<R> Digested<R> {
    /// Before anything is read.
    pub fn new(reader: R) -> Self {
        Self { reader, digest: Sha256::new(), bytes: 0 }
    }

    /// How many bytes were read, and their SHA-256 in hex.
    pub fn finish(self) -> (u64, String) {
        (self.bytes, hex(&self.digest.finalize()))
    }
}

impl<R: Read> Read for Digested<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.digest.update(buffer.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use serde_json::json;

    use super::*;
    use crate::export::{Directory, Encoder};

    fn line(id: &str, stated: impl Into<Option<u64>>, spans: usize) -> String {
        let span = |number: usize| json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": format!("s{number}"), "start_time_unix_nano": 1});
        let metadata: serde_json::Map<_, _> = stated
            .into()
            .map(|stated| ("mlflow.trace.sizeStats".to_owned(), json!({"num_spans": stated}).to_string().into()))
            .into_iter()
            .collect();
        let tags =
            json!({"mlflow.trace.spansLocation": if id.starts_with("database") { "TRACKING_STORE" } else { "" }});
        let info = json!({"trace_id": id, "request_time": "2026-11-22T08:11:41Z", "state": "OK", "trace_metadata": metadata, "tags": tags});
        format!("{}\n", json!({"info": info, "data": {"spans": (0..spans).map(span).collect::<Vec<_>>()}}))
    }

    /// A trace without spans that does not say how many it has.
    fn silent(id: &str, state: &str, tags: &serde_json::Value) -> String {
        let info = json!({"trace_id": id, "request_time": "2026-11-22T08:11:41Z", "state": state, "tags": tags});
        format!("{}\n", json!({"info": info, "data": {"spans": []}}))
    }

    /// A part with these lines, and what a manifest says about it.
    fn written(folder: &Directory, path: &str, lines: &[String]) -> ManifestPart {
        let file = folder.begin(path).unwrap();
        let mut encoder = Encoder::new(file, Compression::of_name(path)).unwrap();
        for line in lines {
            encoder.write_all(line.as_bytes()).unwrap();
        }
        let (file, stored) = encoder.finish().unwrap();
        file.finish().unwrap();
        ManifestPart {
            path: path.to_owned(),
            sha256: stored.sha256,
            bytes: stored.bytes,
            traces: lines.len() as u64,
            experiment_id: Some("1".into()),
            ..ManifestPart::default()
        }
    }

    fn ids(names: &[&str]) -> Vec<TraceId> {
        names.iter().map(|name| TraceId::from(*name)).collect()
    }

    fn paths() -> Vec<&'static str> {
        let all = ["part-00000.jsonl", "part-00000.jsonl.gz", "part-00000.jsonl.zst"];
        all.into_iter().filter(|path| Compression::of_name(path).is_built_in()).collect()
    }

    #[test]
    fn what_is_there_with_all_of_its_spans_is_proven_and_nothing_else_is() {
        for path in paths() {
            let place = tempfile::tempdir().unwrap();
            let folder = Directory::open(place.path()).unwrap();
            let lines = [
                line("a", 2, 2),
                line("no-spans", 2, 0),
                line("too-few", 2, 1),
                line("never-had-any", 0, 0),
                silent("nothing-said", "OK", &json!({})),
                silent("stored-without-any", "OK", &json!({"mlflow.trace.spansLocation": "TRACKING_STORE"})),
                silent("archived-elsewhere", "OK", &json!({"mlflow.trace.spansLocation": "ARCHIVE_REPO"})),
                silent("begun", "IN_PROGRESS", &json!({"mlflow.trace.spansLocation": "TRACKING_STORE"})),
            ];
            let part = written(&folder, path, &lines);
            let proven = [
                ("a", true),
                ("no-spans", false),
                ("too-few", false),
                ("never-had-any", true),
                ("nothing-said", false),
                ("stored-without-any", true),
                ("archived-elsewhere", false),
                ("begun", false),
                ("absent", false),
            ];
            let asked = ids(&proven.map(|(name, _)| name));
            let mut unproven = Unproven::new(&asked);
            assert_eq!(unproven.len(), 9);
            unproven.read_back(&folder, &part);
            for (id, (name, is_proven)) in asked.iter().zip(proven) {
                assert_eq!(unproven.holds(id), !is_proven, "{path} {name}");
            }
            assert_eq!(unproven.damaged().count(), 0);
            let (counts, bytes) = (unproven.counts(), lines.iter().map(String::len).sum::<usize>());
            assert_eq!((counts.traces, counts.spans, counts.bytes), (8, 3, bytes as u64));
            assert_eq!(unproven.sound().len(), 1);
        }
    }

    #[test]
    fn a_part_that_is_not_as_its_manifest_says_proves_nothing() {
        type Change<'c> = (&'c dyn Fn(&std::path::Path, &mut ManifestPart), &'c str);

        let flip = |path: &std::path::Path, at: fn(usize) -> usize| {
            let mut bytes = std::fs::read(path).unwrap();
            let at = at(bytes.len());
            bytes[at] ^= 1;
            std::fs::write(path, bytes).unwrap();
        };
        let changes: [Change; 7] = [
            (&|path, _| std::fs::remove_file(path).unwrap(), "it is not there"),
            (&|path, _| flip(path, |length| length - 1), "its SHA-256 is"),
            (&|path, _| flip(path, |_| 0), "its SHA-256 is"),
            (
                &|path, _| std::fs::write(path, &std::fs::read(path).unwrap()[..20]).unwrap(),
                "it has 20 bytes instead of",
            ),
            (
                &|path, _| {
                    std::fs::OpenOptions::new().append(true).open(path).unwrap().write_all(b"more").unwrap();
                },
                "bytes instead of",
            ),
            (&|_, part| part.traces = 3, "it has 2 lines instead of 3"),
            (&|_, part| part.sha256.clear(), "its SHA-256 is"),
        ];
        for path in paths() {
            for (change, expected) in changes {
                let place = tempfile::tempdir().unwrap();
                let folder = Directory::open(place.path()).unwrap();
                let mut part = written(&folder, path, &[line("a", 1, 1), line("b", 1, 1)]);
                change(&place.path().join(path), &mut part);
                let asked = ids(&["a", "b"]);
                let mut unproven = Unproven::new(&asked);
                unproven.read_back(&folder, &part);
                assert_eq!(unproven.len(), 2, "{path}: {expected}");
                let said = unproven.damaged().next().unwrap();
                assert!(said.contains(path) && said.contains(expected), "{said}");
            }
        }
    }

    #[test]
    fn a_line_that_is_no_trace_damages_the_whole_part() {
        let place = tempfile::tempdir().unwrap();
        let folder = Directory::open(place.path()).unwrap();
        let part = written(&folder, "part-00000.jsonl", &[line("a", 1, 1), "{\"no\": 1}\n".to_owned()]);
        let asked = ids(&["a"]);
        let mut unproven = Unproven::new(&asked);
        unproven.read_back(&folder, &part);
        assert!(unproven.holds(&asked[0]));
        assert!(unproven.damaged().next().unwrap().contains("line 2: not a trace"));
    }

    #[test]
    fn every_trace_that_is_not_proven_has_the_reason_that_is_its_own() {
        let place = tempfile::tempdir().unwrap();
        let folder = Directory::open(place.path()).unwrap();
        let good = written(&folder, "part-00000.jsonl", &[line("a", 1, 1), line("doubted", 1, 1)]);
        let lost = ManifestPart { path: "part-00001.jsonl".into(), experiment_id: Some("2".into()), ..good.clone() };
        let (first, second) = (ids(&["a", "doubted", "absent"]), ids(&["b"]));
        let mut unproven = Unproven::new(first.iter().chain(&second));
        unproven.read_back(&folder, &good);
        unproven.read_back(&folder, &lost);
        let failed =
            [ManifestFailure { trace_id: "doubted".into(), kind: "unreadable".into(), reason: "broken".into() }];
        let told = |experiment: &str, ids| -> Vec<(String, String)> {
            let experiment = ExperimentId::from(experiment);
            let reasons = unproven.reasons(&experiment, ids, &failed);
            reasons.map(|(id, reason)| (id.to_string(), reason.to_owned())).collect()
        };
        let held = "it is not in the archive with all of its spans and attachments";
        let pair = |id: &str, reason: &str| (id.to_owned(), reason.to_owned());
        assert_eq!(told("1", &first), [pair("doubted", "broken"), pair("absent", held)]);
        let damaged = format!("the part {}/part-00001.jsonl is damaged: it is not there", place.path().display());
        assert_eq!(told("2", &second), [pair("b", &damaged)]);
    }
}
