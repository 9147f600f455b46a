//! How journals are read back: one run whole, all runs in short, and where a trace is that some run archived and deleted.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::entry::VERSION;
use super::{
    ArchivedTo, Counts, Ended, Entry, FOLDER, Finish, Header, Journal, Outcome, Recorded, RunEnd, create_owner_file,
    create_owner_folder, line,
};
use crate::changes::lock::{Holder, Life};
use crate::changes::place::Place;
use crate::model::{TraceId, parse_rfc3339_ms};

/// The last line and the one before it are not longer.
const TAIL: u64 = 64 * 1024;
/// Maximum runs that are asked where a trace is: the newest.
const MOST_ASKED: usize = 1_000;
/// How long they are asked.
const LONGEST_ASKED: Duration = Duration::from_millis(1_500);
/// The ending of a run's file that failed before it started.
const FAILED: &str = "failed";

/// How a run ended, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunOutcome {
    /// It did what it was to do.
    Finished,
    /// It did not do all of it.
    Partly,
    /// Somebody interrupted it.
    Interrupted,
    /// It began, failed, and did nothing.
    Failed,
    /// It failed before it started: nothing was sent that changes anything.
    NotBegun,
    /// It is at work.
    Running,
    /// Its process is gone, and it did not end by itself.
    Killed,
    /// It has not ended, as far as can be seen from here.
    Open,
}

impl RunOutcome {
    /// The word for machines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Partly => "partly",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
            Self::NotBegun => "not_begun",
            Self::Running => "running",
            Self::Killed => "killed",
            Self::Open => "open",
        }
    }

    /// The same for people.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::NotBegun => "failed before it started",
            Self::Open => "killed or active",
            other => other.as_str(),
        }
    }
}

/// A run in short.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Who did what, where, and when.
    pub header: Header,
    /// What became of everything, as far as it is written.
    pub counts: Counts,
    /// How it ended.
    pub outcome: RunOutcome,
    /// Its exit code, and what kept it from beginning.
    pub ended: Option<RunEnd>,
    /// Where traces were archived before they were deleted.
    pub archives: Vec<String>,
}

impl Summary {
    fn new(recorded: Recorded, has_begun: bool) -> Self {
        let counts = recorded.finished.unwrap_or_else(|| {
            let mut counts = Counts { planned: recorded.entries.len() as u64, ..Counts::default() };
            recorded.entries.iter().for_each(|entry| counts.add(entry.outcome));
            counts
        });
        let outcome = if has_begun { outcome(&recorded, counts) } else { RunOutcome::NotBegun };
        let Recorded { header, ended, archives, .. } = recorded;
        Self { header, counts, outcome, ended, archives }
    }
}

impl Recorded {
    /// The run in short.
    #[must_use]
    pub fn summary(self) -> Summary {
        let has_begun = self.ended.as_ref().is_none_or(|end| end.error.is_none());
        Summary::new(self, has_begun)
    }
}

/// How a run that began has ended. Older versions wrote no exit code.
fn outcome(recorded: &Recorded, counts: Counts) -> RunOutcome {
    if recorded.finished.is_none() && recorded.ended.is_none() {
        return of_process(recorded.header.process.as_ref());
    }
    let is_whole = counts.failed + counts.not_attempted == 0;
    match recorded.ended.as_ref().map(|end| end.exit) {
        Some(0) => RunOutcome::Finished,
        None if is_whole => RunOutcome::Finished,
        Some(130) => RunOutcome::Interrupted,
        Some(3) | None => RunOutcome::Partly,
        Some(_) if counts.done > 0 => RunOutcome::Partly,
        Some(_) => RunOutcome::Failed,
    }
}

fn of_process(process: Option<&Holder>) -> RunOutcome {
    match process.map(|process| process.life(&Holder::this_process("", 0))) {
        Some(Life::AtWork) => RunOutcome::Running,
        Some(Life::Gone) => RunOutcome::Killed,
        Some(Life::Unknown) | None => RunOutcome::Open,
    }
}

/// What became of a trace that is not on the server any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departed {
    /// The run that deleted it.
    pub run_id: String,
    /// Its command.
    pub command: String,
    /// Where it was archived before; nowhere if there is nothing.
    pub archives: Vec<String>,
}

impl Journal {
    /// Reads the journal of a run. A torn last line is left out. Fails with [`io::ErrorKind::NotFound`] if there is no such
    /// run or it was killed before its first line was whole, and with [`io::ErrorKind::InvalidData`] if the file is damaged
    /// elsewhere or of another version.
    pub fn read(state: &Path, run_id: &str) -> io::Result<Recorded> {
        let is_name = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_name(run_id) {
            return Err(io::Error::new(io::ErrorKind::NotFound, "not a run id"));
        }
        let file = |ending: &str| File::open(state.join(FOLDER).join(format!("{run_id}.{ending}")));
        let file = file("jsonl").or_else(|error| file(FAILED).map_err(|_| error))?;
        read(BufReader::new(file))
    }

    /// The headers of all runs in a state folder, oldest first. Files that are none, and runs that were killed before their
    /// first line was whole or failed before they began, are left out; a folder that is not there has none.
    pub fn list(state: &Path) -> io::Result<Vec<Header>> {
        let mut headers = Vec::new();
        for name in names(state)?.iter().filter(|name| has_begun(name)) {
            let mut first = String::new();
            BufReader::new(File::open(state.join(FOLDER).join(name))?).read_line(&mut first)?;
            headers.extend(serde_json::from_str::<Header>(&first).ok());
        }
        headers.sort_by_cached_key(|header| (parse_rfc3339_ms(&header.started).unwrap_or(0), header.run_id.clone()));
        Ok(headers)
    }

    /// All runs in short, oldest first, those that failed before they began among them. Files that cannot be read are left
    /// out and counted.
    pub fn summaries(state: &Path) -> io::Result<(Vec<Summary>, u64)> {
        let (mut all, mut unread) = (Vec::new(), 0);
        for name in names(state)? {
            match summary(&state.join(FOLDER).join(&name)) {
                Ok(summary) => all.push(summary),
                // One that was killed before its first line was whole did nothing.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(_) => unread += 1,
            }
        }
        let started = |summary: &Summary| parse_rfc3339_ms(&summary.header.started).unwrap_or(0);
        all.sort_by_cached_key(|summary| (started(summary), summary.header.run_id.clone()));
        Ok((all, unread))
    }

    /// Writes of a run that began how it ended. One whose journal no longer exists, or ends within a line, stays as it
    /// is.
    pub fn end(state: &Path, run_id: &str, exit: u8) -> io::Result<()> {
        let path = state.join(FOLDER).join(format!("{run_id}.jsonl"));
        let mut file = OpenOptions::new().read(true).append(true).open(path)?;
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last == *b"\n" {
            file.write_all(&line(&Ended { ended: RunEnd { exit, error: None } })?)?;
        }
        Ok(())
    }

    /// Writes that a run failed before it started.
    pub fn never_began(state: &Path, header: &Header, end: RunEnd) -> io::Result<()> {
        let folder = state.join(FOLDER);
        create_owner_folder(&folder)?;
        let mut file = create_owner_file(&folder.join(format!("{}.{FAILED}", header.run_id)))?;
        file.write_all(&[line(header)?, line(&Ended { ended: end })?].concat())
    }

    /// Which run deleted a trace at a place, and where it archived it before. The newest runs are asked, for a moment only;
    /// what cannot be read says nothing.
    #[must_use]
    pub fn departed(state: &Path, here: &Place, trace_id: &TraceId) -> Option<Departed> {
        let began = Instant::now();
        let names = names(state).ok()?;
        let journals = names.iter().rev().filter(|name| has_begun(name)).take(MOST_ASKED);
        let mut first = None;
        for name in journals.take_while(|_| began.elapsed() < LONGEST_ASKED) {
            match departed(&state.join(FOLDER).join(name), here, trace_id, began) {
                Some(found) if !found.archives.is_empty() => return Some(found),
                // It went on with a run that was killed, which knows more.
                Some(found) => first = first.or(Some(found)),
                None => {}
            }
        }
        first
    }
}

/// The names of the files of all runs; they sort by time.
fn names(state: &Path) -> io::Result<Vec<String>> {
    let listing = match fs::read_dir(state.join(FOLDER)) {
        Ok(listing) => listing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for file in listing {
        let name = file?.file_name().into_string().unwrap_or_default();
        if has_begun(&name) || ending(&name) == Some(FAILED) {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn ending(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, ending)| ending)
}

/// Whether a file is the journal of a run that began.
fn has_begun(name: &str) -> bool {
    ending(name) == Some("jsonl")
}

/// A run in short, from its first and its last lines if it ended by itself.
fn summary(path: &Path) -> io::Result<Summary> {
    let has_begun = path.extension().is_none_or(|ending| ending != FAILED);
    let mut file = BufReader::new(File::open(path)?);
    let mut recorded = Recorded { entries: Vec::new(), ..header_of(&mut file)? };
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let lines = tail
        .split(|byte| *byte == b'\n')
        .filter(|line| line.starts_with(b"{\"ended\"") || line.starts_with(b"{\"finished\""));
    for line in lines {
        match serde_json::from_slice(line) {
            Ok(Line::Finish(Finish { finished, archives })) => {
                (recorded.finished, recorded.archives) = (Some(finished), archives);
            }
            Ok(Line::Ended(Ended { ended })) => recorded.ended = Some(ended),
            _ => {}
        }
    }
    if recorded.finished.is_none() && has_begun {
        recorded = read(BufReader::new(File::open(path)?))?;
    }
    Ok(Summary::new(recorded, has_begun))
}

/// What a journal says about a trace that its run deleted at a place.
fn departed(path: &Path, here: &Place, trace_id: &TraceId, began: Instant) -> Option<Departed> {
    let mut file = BufReader::new(File::open(path).ok()?);
    let Header { run_id, command, place, .. } = header_of(&mut file).ok()?.header;
    if place.difference(here).is_some() {
        return None;
    }
    let name = serde_json::to_vec(trace_id.as_str()).ok()?;
    let named = memchr::memmem::Finder::new(&name);
    let (mut places, mut last, mut text) = (Vec::new(), None, Vec::new());
    for number in 0_u64.. {
        text.clear();
        let is_late = number % 4_096 == 4_095 && began.elapsed() >= LONGEST_ASKED;
        if is_late || file.read_until(b'\n', &mut text).ok()? == 0 {
            break;
        }
        if text.starts_with(b"{\"archived_to\"") {
            places.extend(serde_json::from_slice::<ArchivedTo>(&text).map(|archive| archive.archived_to));
        } else if named.find(&text).is_some()
            && let Ok(entry) = serde_json::from_slice::<Entry>(&text)
            && entry.trace_id == *trace_id
            && entry.action == super::Action::Delete
        {
            last = Some(entry);
        }
    }
    // A run that was killed had archived what it was about to delete.
    let entry = last.filter(|entry| entry.outcome == Outcome::Done || !entry.archives.is_empty())?;
    let archives = entry.archives.iter().filter_map(|number| places.get(*number).cloned()).collect();
    Some(Departed { run_id, command, archives })
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Finish(Finish),
    Ended(Ended),
    ArchivedTo(ArchivedTo),
    Entry(Box<Entry>),
}

fn damaged(number: u64, why: &dyn std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("line {number} of the journal cannot be read: {why}"))
}

/// A journal of which only the first line was read.
fn header_of(reader: &mut impl BufRead) -> io::Result<Recorded> {
    let mut text = Vec::new();
    reader.read_until(b'\n', &mut text)?;
    let header: Header = serde_json::from_slice(&text).map_err(|error| match text.last() {
        Some(b'\n') => damaged(1, &error),
        _ => io::Error::new(io::ErrorKind::NotFound, "the run was killed before it started"),
    })?;
    if header.journal != VERSION {
        return Err(damaged(1, &format!("it is of version {}, this program reads {VERSION}", header.journal)));
    }
    let (entries, archives) = (Vec::new(), Vec::new());
    Ok(Recorded { header, entries, finished: None, archives, ended: None, torn: false })
}

pub(super) fn read(mut reader: impl BufRead) -> io::Result<Recorded> {
    let mut recorded = header_of(&mut reader)?;
    let mut places = std::collections::HashMap::new();
    let mut text = Vec::new();
    for number in 2.. {
        text.clear();
        if reader.read_until(b'\n', &mut text)? == 0 {
            break;
        }
        match serde_json::from_slice(&text) {
            Ok(Line::Finish(Finish { finished, .. })) => recorded.finished = Some(finished),
            Ok(Line::Ended(Ended { ended })) => recorded.ended = Some(ended),
            Ok(Line::ArchivedTo(ArchivedTo { archived_to })) => recorded.archives.push(archived_to),
            Ok(Line::Entry(entry)) => {
                let place = *places.entry(entry.seq).or_insert(recorded.entries.len());
                if place == recorded.entries.len() {
                    recorded.entries.push(*entry);
                } else {
                    recorded.entries[place] = *entry;
                }
            }
            Err(_) if text.last() != Some(&b'\n') => recorded.torn = true,
            Err(error) => return Err(damaged(number, &error)),
        }
    }
    recorded.entries.sort_by_key(|entry| entry.seq);
    Ok(recorded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_run_ended_follows_from_its_exit_code_and_without_one_from_its_counts() {
        let whole = Counts { planned: 2, done: 2, ..Counts::default() };
        let failed = Counts { planned: 2, done: 1, failed: 1, ..Counts::default() };
        let stopped = Counts { planned: 2, done: 1, not_attempted: 1, ..Counts::default() };
        let nothing = Counts { planned: 2, failed: 2, ..Counts::default() };
        let cases = [
            // Without an exit code, as older versions wrote it.
            (Some(whole), None, RunOutcome::Finished),
            (Some(failed), None, RunOutcome::Partly),
            (Some(stopped), None, RunOutcome::Partly),
            (Some(whole), Some(0), RunOutcome::Finished),
            (Some(failed), Some(3), RunOutcome::Partly),
            (Some(stopped), Some(130), RunOutcome::Interrupted),
            (Some(failed), Some(6), RunOutcome::Partly),
            (Some(nothing), Some(6), RunOutcome::Failed),
            // It failed before it could write its counts.
            (None, Some(6), RunOutcome::Failed),
            (None, Some(130), RunOutcome::Interrupted),
            // It wrote neither, and not which process it was.
            (None, None, RunOutcome::Open),
        ];
        for (finished, exit, expected) in cases {
            let header = Header { process: None, ..Header::new("delete", 0, "http://127.0.0.1:5000") };
            let ended = exit.map(|exit| RunEnd { exit, error: None });
            let (entries, archives) = (Vec::new(), Vec::new());
            let recorded = Recorded { header, entries, finished, archives, ended, torn: false };
            assert_eq!(recorded.summary().outcome, expected, "{finished:?} {exit:?}");
        }
    }
}
