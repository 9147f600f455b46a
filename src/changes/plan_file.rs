//! Plans as files: what is to be done, to be looked at by people and carried out later.
//!
//! JSON lines: the [`Header`] first, then a [`Line`] for each trace. The header has the number of lines and the SHA-256 of
//! itself and of them, so that half a file, or one that was edited, is no plan; nor is one whose header says something else
//! than its lines. Files are created whole, readable by their owner alone, and never written over. A plan is applied once: a marker beside it, `FILE.applied`, is created before the first change and
//! says by what.

mod content;

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use self::content::VERSION;
pub use self::content::{Header, Line, LineDecision, Operation, PlanFile, PlannedExperiment, PlannedRule};
use super::journal::create_owner_file;
use crate::model::{hex, parse_rfc3339_ms, rfc3339_utc};

/// How far the clocks of the machines may be apart on which a plan is made and carried out: five minutes.
const CLOCKS_APART_MS: i64 = 300_000;

/// Why there is no plan, or why it is not carried out.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The file cannot be read or written.
    #[error("the plan {}: {error}", .path.display())]
    Io {
        /// Path of the file.
        path: PathBuf,
        /// The underlying error.
        error: io::Error,
    },
    /// There is such a file already.
    #[error("{} already exists; plans are never overwritten", .path.display())]
    Exists {
        /// Path of the file.
        path: PathBuf,
    },
    /// It is no plan, or not all of one.
    #[error("{} is not a complete plan: {reason}", .path.display())]
    Damaged {
        /// Path of the file.
        path: PathBuf,
        /// Reason, as a clause without a capital letter.
        reason: String,
    },
    /// It is older than the user allows.
    #[error("the plan was made at {as_of} and is older than {} s", .max_age.as_secs())]
    TooOld {
        /// When it was made.
        as_of: String,
        /// How old it may be.
        max_age: Duration,
    },
    /// Its time is over, as it says itself.
    #[error("the plan made at {as_of} expired at {expires}")]
    Expired {
        /// When it was made.
        as_of: String,
        /// Until when it holds.
        expires: String,
    },
    /// It was made at a time that has not come yet, so that nobody knows how old it is.
    #[error("the plan was made at {as_of}, but this machine's clock says {now}")]
    NotYet {
        /// When it was made.
        as_of: String,
        /// The present.
        now: String,
    },
    /// It was applied already.
    #[error("the plan was already applied: {by}")]
    Applied {
        /// By what, as the marker says.
        by: String,
    },
}

/// Writes a plan: all of it or nothing. Returns the header with its counts and checksum. Fails where there is a plan, or the
/// marker of one that was applied and taken away.
pub fn write(path: &Path, mut header: Header, lines: &[Line]) -> Result<Header, PlanError> {
    let failed = |error| PlanError::Io { path: path.to_owned(), error };
    let marker = marker(path);
    if marker.try_exists().map_err(failed)? {
        return Err(PlanError::Exists { path: marker });
    }
    header.count(lines);
    let mut digest = begun(&header).map_err(failed)?;
    for line in lines {
        digest.update(json(line).map_err(failed)?);
    }
    header.sha256 = hex(&digest.finalize());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Its owner alone can read it.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut writer = io::BufWriter::new(&mut file);
    let written = json(&header)
        .and_then(|bytes| writer.write_all(&bytes))
        .and_then(|()| lines.iter().try_for_each(|line| writer.write_all(&json(line)?)))
        .and_then(|()| writer.flush());
    drop(writer);
    written.and_then(|()| file.as_file().sync_data()).map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(header),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(PlanError::Exists { path: path.to_owned() })
        }
        Err(error) => Err(failed(error.error)),
    }
}

/// No line of a plan is longer.
const LONGEST_LINE: u64 = 64 << 20;

/// Reads a plan and makes sure that it is whole.
pub fn read(path: &Path) -> Result<PlanFile, PlanError> {
    let failed = |error| PlanError::Io { path: path.to_owned(), error };
    let damaged = |reason: String| PlanError::Damaged { path: path.to_owned(), reason };
    let mut reader = BufReader::new(fs::File::open(path).map_err(failed)?);
    let mut text = Vec::new();
    reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut text).map_err(failed)?;
    let header: Header =
        serde_json::from_slice(&text).map_err(|error| damaged(format!("its first line cannot be read: {error}")))?;
    if header.plan != VERSION {
        return Err(damaged(format!("it is of version {}, this program reads {VERSION}", header.plan)));
    }
    let (mut lines, mut digest) = (Vec::new(), begun(&header).map_err(failed)?);
    for number in 2.. {
        text.clear();
        if reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut text).map_err(failed)? == 0 {
            break;
        }
        digest.update(&text);
        let line: Line =
            serde_json::from_slice(&text).map_err(|error| damaged(format!("line {number} cannot be read: {error}")))?;
        lines.push(line);
    }
    if hex(&digest.finalize()) != header.sha256 {
        return Err(damaged("it differs from what was written".to_owned()));
    }
    if let Some(contradiction) = header.contradiction(&lines) {
        return Err(damaged(contradiction));
    }
    Ok(PlanFile { header, lines })
}

/// A digest that has taken in the header, but for the digest in it.
fn begun(header: &Header) -> io::Result<Sha256> {
    let mut digest = Sha256::new();
    digest.update(json(&Header { sha256: String::new(), ..header.clone() })?);
    Ok(digest)
}

/// Refuses a plan whose time is over: after it expires by what it says, or, where the user says how old it may be, when it is
/// older than that. `now_ms` is in epoch milliseconds.
pub fn check_age(header: &Header, now_ms: i64, max_age: Option<Duration>) -> Result<(), PlanError> {
    let as_of = header.as_of.clone();
    let age_ms = now_ms.saturating_sub(header.as_of_ms);
    if age_ms < -CLOCKS_APART_MS {
        return Err(PlanError::NotYet { as_of, now: rfc3339_utc(now_ms) });
    }
    if let Some(max_age) = max_age {
        let is_over = Duration::from_millis(u64::try_from(age_ms).unwrap_or(0)) > max_age;
        return if is_over { Err(PlanError::TooOld { as_of, max_age }) } else { Ok(()) };
    }
    // What cannot be read is over.
    match parse_rfc3339_ms(&header.expires) {
        Ok(expires_ms) if now_ms <= expires_ms => Ok(()),
        _ => Err(PlanError::Expired { as_of, expires: header.expires.clone() }),
    }
}

/// Marks a plan as applied by something, such as a run; of two that try, one fails with [`PlanError::Applied`].
pub fn mark_applied(path: &Path, by: &str) -> Result<(), PlanError> {
    let marker = marker(path);
    let failed = |error| PlanError::Io { path: marker.clone(), error };
    match create_owner_file(&marker) {
        Ok(mut file) => file.write_all(by.as_bytes()).and_then(|()| file.sync_data()).map_err(failed),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(PlanError::Applied { by: applied_by(path)?.unwrap_or_default() })
        }
        Err(error) => Err(failed(error)),
    }
}

/// By what a plan was applied, as its marker says, if it was.
pub fn applied_by(path: &Path) -> Result<Option<String>, PlanError> {
    let marker = marker(path);
    match fs::read_to_string(&marker) {
        Ok(by) => Ok(Some(by)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(PlanError::Io { path: marker, error }),
    }
}

fn marker(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".applied");
    PathBuf::from(name)
}

fn json(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// SHA-256 of a text, in hex: how journals and plans name a filter or a policy.
#[must_use]
pub fn hash(text: &str) -> String {
    hex(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use tempfile::{TempDir, tempdir};

    use super::*;
    use crate::model::{AssessmentKind, TraceId};

    const NOW_MS: i64 = 1_795_357_800_000;
    const DAY: Duration = Duration::from_secs(86_400);

    fn place() -> (TempDir, PathBuf) {
        let folder = tempdir().unwrap();
        let path = place_of(&folder);
        (folder, path)
    }

    fn place_of(folder: &TempDir) -> PathBuf {
        folder.path().join("plan.jsonl")
    }

    fn line(number: u32, decision: LineDecision) -> Line {
        Line {
            trace_id: TraceId::new(format!("tr-{number}")),
            experiment_id: "1".into(),
            decision,
            reasons: vec!["it matches".into()],
            rules: Vec::new(),
            request_time_ms: NOW_MS,
            size_bytes: Some(100),
            has_span_file: false,
            row: None,
        }
    }

    fn header() -> Header {
        let operation = Operation::SetTags { tags: vec![("team".into(), "a=b".into())] };
        let experiments = vec![PlannedExperiment { id: "1".into(), name: "app".into() }];
        Header { experiments, ..Header::new("tag set", "20261122T143000Z-ab12cd", NOW_MS, "http://x", operation) }
    }

    fn written(path: &Path) -> Vec<Line> {
        let lines = vec![line(1, LineDecision::Act), line(2, LineDecision::Keep), line(3, LineDecision::Act)];
        write(path, header(), &lines).unwrap();
        lines
    }

    #[test]
    fn a_plan_reads_back_as_it_was_written() {
        let (_folder, path) = place();
        let lines = written(&path);
        let read = read(&path).unwrap();
        assert_eq!(read.lines, lines);
        assert_eq!((read.header.traces, read.header.kept, read.header.bytes), (2, 1, 200));
        assert_eq!(Header { traces: 0, kept: 0, bytes: 0, sha256: String::new(), ..read.header }, header());
    }

    #[test]
    fn several_rows_of_a_trace_are_one_trace() {
        let (_folder, path) = place();
        let operation = Operation::ImportAssessments { kind: AssessmentKind::Feedback, on_existing: "skip".into() };
        let header = Header::new("feedback import", "20261122T143000Z-ab12cd", NOW_MS, "http://x", operation);
        let row = |number: u32| Line { row: Some(number.into()), ..line(number % 2, LineDecision::Act) };
        let lines = [row(1), row(2), row(3), Line { row: None, ..line(7, LineDecision::Keep) }];
        write(&path, header, &lines).unwrap();
        let read = read(&path).unwrap();
        assert_eq!((read.header.traces, read.header.rows, read.header.kept), (2, Some(3), 1));
        assert_eq!(read.lines, lines);
    }

    #[test]
    fn a_file_that_is_there_is_not_written_over() {
        let (folder, path) = place();
        fs::write(&path, "mine").unwrap();
        assert!(matches!(write(&path, header(), &[]), Err(PlanError::Exists { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
        fs::remove_file(&path).unwrap();
        mark_applied(&path, "run").unwrap();
        assert!(
            matches!(write(&path, header(), &[]), Err(PlanError::Exists { path }) if path == marker(&place_of(&folder)))
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, path) = place();
        written(&path);
        mark_applied(&path, "run").unwrap();
        for file in [&path, &marker(&path)] {
            assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
        }
    }

    #[test]
    fn half_a_plan_is_none() {
        let (_folder, path) = place();
        written(&path);
        let whole = fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            assert!(matches!(read(&path), Err(PlanError::Damaged { .. })), "{cut} of {}", whole.len());
        }
        let whole = String::from_utf8(whole).unwrap();
        for (was, is) in [("tr-3", "tr-4"), ("\"traces\":2", "\"traces\":3"), ("a=b", "a=c"), ("http://x", "http://y")]
        {
            let edited = whole.replace(was, is);
            assert_ne!(edited, whole, "{was} is in it");
            fs::write(&path, edited).unwrap();
            assert!(read(&path).unwrap_err().to_string().contains("it differs from what was written"), "{was}");
        }
    }

    /// Writes these as they are, with a checksum that fits.
    fn forged(path: &Path, header: &Header, lines: &[Line]) {
        let mut digest = begun(header).unwrap();
        let lines: Vec<u8> = lines.iter().flat_map(|line| json(line).unwrap()).collect();
        digest.update(&lines);
        let header = Header { sha256: hex(&digest.finalize()), ..header.clone() };
        fs::write(path, [json(&header).unwrap(), lines].concat()).unwrap();
    }

    #[test]
    fn a_plan_whose_header_says_something_else_than_its_lines_is_none() {
        let (_folder, path) = place();
        let lines = written(&path);
        let whole = read(&path).unwrap().header;
        forged(&path, &whole, &lines);
        read(&path).unwrap();
        let elsewhere = Line { experiment_id: "2".into(), ..line(3, LineDecision::Act) };
        let by_rule = Line { rules: vec!["old".into()], ..line(3, LineDecision::Act) };
        for (header, lines, told) in [
            (Header { traces: 3, ..whole.clone() }, lines.clone(), "its first line says 3 traces, and it has 2"),
            (Header { kept: 0, ..whole.clone() }, lines.clone(), "says 0 kept traces, and it has 1"),
            (Header { bytes: 7, ..whole.clone() }, lines.clone(), "says 7 bytes, and it has 200"),
            (Header { rows: Some(2), ..whole.clone() }, lines.clone(), "says 2 rows, and it has 0"),
            (whole.clone(), lines[..2].to_vec(), "says 2 traces, and it has 1"),
            (
                whole.clone(),
                vec![lines[0].clone(), lines[1].clone(), elsewhere],
                "does not name the experiment of tr-3",
            ),
            (
                whole.clone(),
                vec![lines[0].clone(), lines[1].clone(), by_rule],
                "does not have the rule \"old\" of tr-3",
            ),
            (
                Header { bytes: 300, ..whole.clone() },
                [lines.clone(), vec![lines[2].clone()]].concat(),
                "tr-3 is in it twice",
            ),
        ] {
            forged(&path, &header, &lines);
            let refused = read(&path).unwrap_err().to_string();
            assert!(refused.contains(told), "{refused}");
        }
    }

    #[test]
    fn a_plan_is_applied_once_and_in_time() {
        let (_folder, path) = place();
        written(&path);
        check_age(&header(), NOW_MS + 86_400_000, None).unwrap();
        let late = check_age(&header(), NOW_MS + 86_400_001, None).unwrap_err();
        assert_eq!(late.to_string(), "the plan made at 2026-11-22T14:30:00Z expired at 2026-11-23T14:30:00Z");
        let soon = Header { expires: "2026-11-22T14:31:00Z".into(), ..header() };
        assert!(matches!(check_age(&soon, NOW_MS + 60_001, None), Err(PlanError::Expired { .. })));
        let never = Header { expires: "never".into(), ..header() };
        assert!(matches!(check_age(&never, NOW_MS, None), Err(PlanError::Expired { .. })));
        check_age(&header(), NOW_MS + 7 * 86_400_000, Some(DAY * 7)).unwrap();
        let old = check_age(&header(), NOW_MS + 86_400_001, Some(DAY)).unwrap_err();
        assert_eq!(old.to_string(), "the plan was made at 2026-11-22T14:30:00Z and is older than 86400 s");
        check_age(&header(), NOW_MS - CLOCKS_APART_MS, None).unwrap();
        for max_age in [None, Some(DAY)] {
            let early = check_age(&header(), NOW_MS - CLOCKS_APART_MS - 1, max_age);
            assert!(matches!(early, Err(PlanError::NotYet { .. })));
        }
        assert_eq!(applied_by(&path).unwrap(), None);
        mark_applied(&path, "20261122T150000Z-000001").unwrap();
        assert_eq!(applied_by(&path).unwrap().as_deref(), Some("20261122T150000Z-000001"));
        let refused = mark_applied(&path, "another");
        assert!(matches!(refused, Err(PlanError::Applied { by }) if by == "20261122T150000Z-000001"));
    }
}
