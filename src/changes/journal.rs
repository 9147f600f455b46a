//! The journal: one file per run, a line per step, each written before and after the request that it is about.
//!
//! `STATE_DIR/runs/RUN_ID.jsonl`, readable by its owner alone. The first line is the [`Header`]; then come [`Entry`] lines,
//! and a run that ends by itself adds its [`Counts`], and how it [ended](RunEnd). A run that failed before it started has a file of
//! its own, `RUN_ID.failed`, with its header and its end. The same entry comes twice: as [`Outcome::Planned`] before the request
//! and with its outcome afterwards, under the same `seq`; the later line counts. Lines go to the kernel one by one and are
//! never written over, so that `kill -9` leaves the truth: what was settled, and what was under way.
//!
//! Writing a run:
//!
//! ```
//! # use mlflow_trace::changes::journal::{Action, Counts, Header, Journal, Outcome};
//! # use mlflow_trace::model::TraceId;
//! # let folder = tempfile::tempdir()?;
//! let header = Header::new("tag set", 1_795_357_800_000, "http://localhost:5000");
//! let journal = Journal::begin(folder.path(), header)?;
//! let action = Action::SetTag { key: "team".into() };
//! let entry = journal.plan(TraceId::new("tr-1"), action, None, Some("search".into()))?;
//! // … the request …
//! journal.settle(entry, Outcome::Done, None)?;
//! let run_id = journal.finish(Counts { planned: 1, done: 1, ..Counts::default() })?;
//! let recorded = Journal::read(folder.path(), &run_id)?;
//! assert_eq!(recorded.entries[0].outcome, Outcome::Done);
//! # Ok::<(), std::io::Error>(())
//! ```

mod entry;
mod read;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

pub use entry::{Action, Counts, Entry, Header, Outcome, RunEnd};
pub use read::{Departed, RunOutcome, Summary};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::TraceId;

/// Folder of the journals in the state folder.
const FOLDER: &str = "runs";

#[derive(Serialize, Deserialize)]
struct Finish {
    finished: Counts,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    archives: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Ended {
    ended: RunEnd,
}

#[derive(Serialize, Deserialize)]
struct ArchivedTo {
    archived_to: String,
}

/// The journal of a run under way. It can be shared by everything that is under way at once.
#[derive(Debug)]
pub struct Journal {
    header: Header,
    path: PathBuf,
    file: Mutex<File>,
    last: AtomicU64,
    archives: Mutex<Vec<String>>,
}

/// A journal that was read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Who did what, where, and when.
    pub header: Header,
    /// The last word on every change, by number.
    pub entries: Vec<Entry>,
    /// What became of everything, if the run ended by itself.
    pub finished: Option<Counts>,
    /// Where traces were archived before they were deleted, by the numbers in the entries.
    pub archives: Vec<String>,
    /// How it ended for whoever started it, where that was written.
    pub ended: Option<RunEnd>,
    /// Whether the last line is not whole, because the run was killed while it was written.
    pub torn: bool,
}

impl Journal {
    /// Begins the journal of a run in a state folder, which is created if it is not there. The header is on the disk when
    /// this returns. The run gets another id if a journal has this one.
    ///
    /// Fails when the folder or the file cannot be created or written.
    pub fn begin(state: &Path, mut header: Header) -> io::Result<Self> {
        let folder = state.join(FOLDER);
        create_owner_folder(&folder)?;
        let (path, mut file) = loop {
            let path = folder.join(format!("{}.jsonl", header.run_id));
            match create_owner_file(&path) {
                Ok(file) => break (path, file),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let time = header.run_id.split('-').next().unwrap_or_default().to_owned();
                    header.run_id = format!("{time}-{:06x}", fastrand::u32(..1 << 24));
                }
                Err(error) => return Err(error),
            }
        };
        file.write_all(&line(&header)?)?;
        file.sync_data()?;
        Ok(Self { header, path, file: Mutex::new(file), last: AtomicU64::new(0), archives: Mutex::default() })
    }

    /// The header as it was written.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Name of the run.
    #[must_use]
    pub fn run_id(&self) -> &str {
        &self.header.run_id
    }

    /// Where it is written.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Numbers a change and writes it as [`Outcome::Planned`]: to be called just before its request is sent.
    pub fn plan(
        &self,
        trace_id: TraceId,
        action: Action,
        before: Option<Value>,
        after: Option<Value>,
    ) -> io::Result<Entry> {
        let seq = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        let entry = Entry {
            seq,
            trace_id,
            action,
            before,
            after,
            outcome: Outcome::Planned,
            reason: None,
            archives: Vec::new(),
        };
        self.record(&entry)?;
        Ok(entry)
    }

    /// Numbers a deletion and writes it as [`Outcome::Planned`], with the reason for which the trace goes.
    pub fn plan_deletion(&self, trace_id: TraceId, reason: String) -> io::Result<Entry> {
        self.plan_archived(trace_id, reason, Vec::new())
    }

    /// The same of a trace that is in archives, with their numbers.
    pub fn plan_archived(&self, trace_id: TraceId, reason: String, archives: Vec<usize>) -> io::Result<Entry> {
        let seq = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        let (outcome, reason) = (Outcome::Planned, Some(reason));
        let entry =
            Entry { seq, trace_id, action: Action::Delete, before: None, after: None, outcome, reason, archives };
        self.record(&entry)?;
        Ok(entry)
    }

    /// Numbers a change that is settled without a request and writes what became of it; `values` are before and after.
    pub fn note(
        &self,
        trace_id: TraceId,
        action: Action,
        values: (Option<Value>, Option<Value>),
        outcome: Outcome,
        reason: Option<String>,
    ) -> io::Result<Entry> {
        let seq = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        let entry =
            Entry { seq, trace_id, action, before: values.0, after: values.1, outcome, reason, archives: Vec::new() };
        self.record(&entry)?;
        Ok(entry)
    }

    /// Writes what became of a change, with the reason or the server's answer, and returns it as it was written.
    pub fn settle(&self, entry: Entry, outcome: Outcome, reason: Option<String>) -> io::Result<Entry> {
        let entry = Entry { outcome, reason, ..entry };
        self.record(&entry)?;
        Ok(entry)
    }

    /// Writes a line. It has left this process when this returns, so that a killed run does not lose it.
    pub fn record(&self, entry: &Entry) -> io::Result<()> {
        self.write(&line(entry)?)
    }

    /// Writes where traces are archived that are to be deleted; the first place has the number 0 in the entries.
    pub fn archived(&self, place: &str) -> io::Result<()> {
        self.write(&line(&ArchivedTo { archived_to: place.to_owned() })?)?;
        self.archives.lock().map_err(|_| poisoned())?.push(place.to_owned());
        Ok(())
    }

    /// Writes the counts, makes sure that everything is on the disk, and returns the name of the run.
    pub fn finish(self, counts: Counts) -> io::Result<String> {
        let archives = std::mem::take(&mut *self.archives.lock().map_err(|_| poisoned())?);
        self.write(&line(&Finish { finished: counts, archives })?)?;
        let file = self.file.into_inner().map_err(|_| poisoned())?;
        file.sync_data()?;
        Ok(self.header.run_id)
    }

    fn write(&self, line: &[u8]) -> io::Result<()> {
        self.file.lock().map_err(|_| poisoned())?.write_all(line)
    }
}

fn poisoned() -> io::Error {
    io::Error::other("another writer of the journal failed")
}

fn line(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Creates a folder, and those above it, that its owner alone can look into; nothing if it is there.
pub(super) fn create_owner_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Creates a file that was not there and that its owner alone can read, to be written at its end.
pub(super) fn create_owner_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tempfile::tempdir;

    use std::fs;

    use super::read::read;
    use super::*;

    const NOW_MS: i64 = 1_795_357_800_000;

    fn set(key: &str) -> Action {
        Action::SetTag { key: key.into() }
    }

    #[test]
    fn what_is_written_reads_back_with_the_last_word_on_each() {
        let folder = tempdir().unwrap();
        let journal = Journal::begin(folder.path(), Header::new("tag set", NOW_MS, "http://x")).unwrap();
        let one = journal.plan("tr-1".into(), set("a"), Some("old".into()), Some("new".into())).unwrap();
        let two = journal.plan("tr-2".into(), Action::DeleteTag { key: "b".into() }, Some("x".into()), None).unwrap();
        let two = journal.settle(two, Outcome::Failed, Some("no".into())).unwrap();
        let counts = Counts { planned: 2, failed: 1, not_attempted: 1, ..Counts::default() };
        let header = journal.header().clone();
        let run_id = journal.finish(counts).unwrap();
        assert!(run_id.starts_with("20261122T143000Z-"), "{run_id}");
        let read = Journal::read(folder.path(), &run_id).unwrap();
        assert_eq!(
            read,
            Recorded {
                header: header.clone(),
                entries: vec![one, two],
                finished: Some(counts),
                archives: Vec::new(),
                ended: None,
                torn: false
            }
        );
        assert_eq!(Journal::list(folder.path()).unwrap(), [header]);
    }

    #[test]
    fn a_line_says_what_was_done() {
        let entry = Entry {
            seq: 1,
            trace_id: "tr-1".into(),
            action: set("team"),
            before: None,
            after: Some("search".into()),
            outcome: Outcome::Done,
            reason: None,
            archives: Vec::new(),
        };
        let text = r#"{"seq":1,"trace_id":"tr-1","action":"set_tag","key":"team","before":null,"after":"search","result":"done"}"#;
        assert_eq!(serde_json::to_string(&entry).unwrap(), text);
        assert_eq!(serde_json::from_str::<Entry>(text).unwrap(), entry);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempdir().unwrap();
        let journal = Journal::begin(&folder.path().join("state"), Header::new("x", NOW_MS, "")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(journal.path()), 0o600);
        assert_eq!(mode(journal.path().parent().unwrap()), 0o700);
    }

    #[test]
    fn a_taken_name_is_not_written_over() {
        let folder = tempdir().unwrap();
        let header = Header::new("x", NOW_MS, "");
        let first = Journal::begin(folder.path(), header.clone()).unwrap();
        let second = Journal::begin(folder.path(), header).unwrap();
        assert_ne!(first.run_id(), second.run_id());
        assert_eq!(Journal::list(folder.path()).unwrap().len(), 2);
    }

    #[test]
    fn names_that_lead_elsewhere_are_no_runs() {
        let folder = tempdir().unwrap();
        fs::write(folder.path().join("x.jsonl"), "{}").unwrap();
        for name in ["../x", "", "/etc/passwd", "a.b"] {
            assert_eq!(Journal::read(folder.path(), name).unwrap_err().kind(), io::ErrorKind::NotFound, "{name}");
        }
        assert_eq!(Journal::list(&folder.path().join("nowhere")).unwrap(), []);
    }

    #[test]
    fn damage_in_the_middle_is_no_torn_line() {
        let header = serde_json::to_string(&Header::new("x", NOW_MS, "")).unwrap();
        let error = read(format!("{header}\n{{\"seq\"\n{{}}\n").as_bytes()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.to_string().starts_with("line 2 of"), "{error}");
        let newer = header.replacen("\"journal\":1", "\"journal\":2", 1);
        assert!(read(newer.as_bytes()).unwrap_err().to_string().contains("version 2"));
    }

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let value = prop_oneof![Just(None), ".{0,12}".prop_map(|text| Some(Value::from(text)))];
        let outcome = prop_oneof![Just(Outcome::Planned), Just(Outcome::Done), Just(Outcome::Failed)];
        let entry = ("tr-[0-9a-f]{4}", ".{1,8}", value.clone(), value, outcome, proptest::option::of(".{0,12}"));
        proptest::collection::vec(entry, 0..6).prop_map(|entries| {
            let number = |(seq, (id, key, before, after, outcome, reason)): (u64, _)| {
                let (id, key): (String, String) = (id, key);
                Entry {
                    seq,
                    trace_id: TraceId::new(id),
                    action: Action::SetTag { key },
                    before,
                    after,
                    outcome,
                    reason,
                    archives: Vec::new(),
                }
            };
            (1..).zip(entries).map(number).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn cut_at_any_byte_it_reads_back_as_a_prefix(entries in entries()) {
            let header = Header::new("tag set", NOW_MS, "http://x");
            let first = line(&header).unwrap();
            let mut bytes = first.clone();
            bytes.extend(entries.iter().flat_map(|entry| line(entry).unwrap()));
            for cut in 0..=bytes.len() {
                let Ok(recorded) = read(&bytes[..cut]) else {
                    prop_assert!(cut < first.len() - 1, "only a journal without its header cannot be read");
                    continue;
                };
                prop_assert_eq!(&recorded.header, &header);
                prop_assert_eq!(&recorded.entries[..], &entries[..recorded.entries.len()]);
                let rest = &bytes[first.len().min(cut)..cut];
                let whole = rest.split(|byte| *byte == b'\n').count() - 1;
                prop_assert!((whole..=whole + 1).contains(&recorded.entries.len()));
                prop_assert!(!recorded.torn || rest.last() != Some(&b'\n'));
            }
        }
    }
}
