//! Traces that an archive holds more than once: which of their copies counts.
//!
//! Files of several nights, or the folders of a run that was killed and of the one after it, may hold the same trace. A scan
//! notes the id of every trace that it meets, 16 bytes each, and begins again without the older copies if it met one twice.
//!
//! Invariants: of every trace that a scan meets one copy is handed out, the one with the newest state; whoever asks is told
//! how many had others; what one manifest says costs nothing.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::layout::Layout;
use super::part::{Damage, Part, Record};
use super::scan::{Place, Visitor, scan_once};
use crate::model::{InfoParts, TraceState};
use crate::store::StoreError;
use crate::store::seen::identity;

/// The copies that do not count, as far as scans have met them.
#[derive(Default)]
pub(super) struct Copies {
    /// Whether a trace may be there more than once and nobody knows yet.
    is_doubtful: AtomicBool,
    older: Mutex<Arc<HashSet<Place>>>,
}

/// The ids that a scan met.
pub(super) struct Met {
    pub(super) ids: Vec<u128>,
    /// Whether it visited everything.
    pub(super) is_all: bool,
}

impl Copies {
    pub(super) fn of(is_doubtful: bool) -> Self {
        Self { is_doubtful: is_doubtful.into(), ..Self::default() }
    }

    pub(super) fn is_doubtful(&self) -> bool {
        self.is_doubtful.load(Ordering::Relaxed)
    }

    /// The places of copies that do not count.
    pub(super) fn older(&self) -> Arc<HashSet<Place>> {
        Arc::clone(&self.older.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at what a scan met. If that was a trace twice, the scan has to begin again.
    pub(super) fn learn(&self, layout: &Layout, mut met: Met, stop: &AtomicBool) -> Result<bool, StoreError> {
        met.ids.sort_unstable();
        let twice: HashSet<u128> = met.ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        if twice.is_empty() || stop.load(Ordering::Relaxed) {
            self.is_doubtful.fetch_and(!met.is_all, Ordering::Relaxed);
            return Ok(false);
        }
        drop(met);
        let judge = || Judge { twice: &twice, layout, newest: HashMap::new(), older: Vec::new() };
        let (judges, _) = scan_once(layout, stop, &judge, false)?;
        let mut older: HashSet<Place> = self.older().iter().copied().collect();
        older.extend(older_of(judges));
        *self.older.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(older);
        layout.notes.say(notice(twice.len(), &layout.name));
        Ok(true)
    }
}

fn notice(count: usize, name: &str) -> String {
    match count {
        1 => format!("1 trace is in {name} more than once; its newest state counts"),
        _ => format!("{count} traces are in {name} more than once; the newest state of each counts"),
    }
}

/// How new the state is that a copy shows: what is added to traces in the course of time tells more than the times of files,
/// which may be copies themselves. Of equals the one that comes later in the archive counts. Of the copies of one export the
/// last one counts in any case: they were read one after the other.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    has_ended: bool,
    spans: usize,
    assessed_ms: Option<i64>,
    written: (Option<SystemTime>, usize),
    place: Place,
}

impl Rank {
    fn of(record: Record, written: (Option<SystemTime>, usize), place: Place) -> Result<Self, Damage> {
        let info = record.info(InfoParts::ALL)?;
        let assessments = info.assessments.iter();
        Ok(Self {
            has_ended: matches!(info.state, TraceState::Ok | TraceState::Error),
            // Spans that cannot be read are told to whoever asks for them.
            spans: record.trace().map_or(0, |trace| trace.spans().len()),
            assessed_ms: assessments.filter_map(|given| given.last_update_time_ms().max(given.create_time_ms())).max(),
            written,
            place,
        })
    }
}

/// Finds the newest copies.
struct Judge<'a> {
    twice: &'a HashSet<u128>,
    layout: &'a Layout,
    /// The newest copy of each trace in each export, and in all that is in none.
    newest: HashMap<(u128, Option<usize>), Rank>,
    older: Vec<Place>,
}

impl Judge<'_> {
    fn take(&mut self, id: (u128, Option<usize>), rank: Rank) {
        let is_of_one_export = id.1.is_some();
        let number = |rank: &Rank| (rank.written.1, rank.place.1);
        keep(&mut self.newest, &mut self.older, (id, rank), |rank, than| {
            if is_of_one_export { number(rank) > number(than) } else { rank > than }
        });
    }
}

/// Keeps the newer of two copies; the place of the other is one of those that do not count.
fn keep<K: Eq + std::hash::Hash>(
    newest: &mut HashMap<K, Rank>,
    older: &mut Vec<Place>,
    (key, rank): (K, Rank),
    is_newer: impl Fn(&Rank, &Rank) -> bool,
) {
    match newest.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(rank);
        }
        Entry::Occupied(mut entry) => {
            let loser = if is_newer(&rank, entry.get()) { entry.insert(rank) } else { rank };
            older.push(loser.place);
        }
    }
}

impl Visitor for Judge<'_> {
    fn skips(&self, _: &Part) -> bool {
        false
    }

    fn visit(&mut self, place: Place, record: Record) -> Result<ControlFlow<()>, Damage> {
        let id = id_of(&record)?;
        if self.twice.contains(&id) {
            let part = &self.layout.parts[place.0];
            let export = part.listed.map(|listed| listed.export);
            self.take((id, export), Rank::of(record, part.written(), place)?);
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// What all threads together found to be older.
fn older_of(judges: Vec<Judge<'_>>) -> Vec<Place> {
    let mut judges = judges.into_iter();
    let Some(mut all) = judges.next() else { return Vec::new() };
    for judge in judges {
        all.older.extend(judge.older);
        for (id, rank) in judge.newest {
            all.take(id, rank);
        }
    }
    let (mut newest, mut older) = (HashMap::new(), all.older);
    for ((id, _), rank) in all.newest {
        keep(&mut newest, &mut older, (id, rank), |rank, than| rank > than);
    }
    older
}

/// What stands for the id of a trace.
pub(super) fn id_of(record: &Record) -> Result<u128, Damage> {
    if let Record::Text(text) = record
        && let Some(id) = leading_id(text)
    {
        return Ok(identity(id));
    }
    Ok(identity(record.info(InfoParts::NONE)?.trace_id.as_str()))
}

/// The id of a trace that begins with it, as all do that `MLflow` and this program write, without parsing anything.
fn leading_id(text: &[u8]) -> Option<&str> {
    fn after<'t>(text: &'t [u8], token: &str) -> Option<&'t [u8]> {
        text.trim_ascii_start().strip_prefix(token.as_bytes())
    }

    let text = after(text, "{")?;
    let text = after(text, "\"info\"").or_else(|| after(text, "\"trace_info\""))?;
    let text = after(after(after(after(text, ":")?, "{")?, "\"trace_id\"")?, ":")?;
    let text = after(text, "\"")?;
    let id = text.get(..memchr::memchr2(b'"', b'\\', text)?)?;
    (text.get(id.len()) == Some(&b'"')).then(|| std::str::from_utf8(id).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Event, Listener};
    use std::path::Path;

    fn line(id: &str, state: &str, tag: &str) -> String {
        format!(
            "{{\"info\": {{\"trace_id\": \"{id}\", \"request_time\": \"2026-11-22T08:00:00Z\", \"state\": \"{state}\", \"tags\": {{\"n\": \"{tag}\"}}}}, \"data\": {{\"spans\": []}}}}\n"
        )
    }

    fn id(number: u32) -> String {
        format!("tr-{number:032x}")
    }

    struct Tags(Vec<String>);

    impl Visitor for Tags {
        fn skips(&self, _: &Part) -> bool {
            false
        }

        fn visit(&mut self, _: Place, record: Record) -> Result<ControlFlow<()>, Damage> {
            self.0.push(record.trace()?.info.tags["n"].clone());
            Ok(ControlFlow::Continue(()))
        }
    }

    /// The tags of all traces that a scan hands out, and what it says.
    fn scanned(path: &Path) -> (Vec<String>, Vec<String>) {
        let layout = Layout::find(path).unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let listener: Listener = Arc::new(move |event| {
            let Event::Notice(text) = event else { return };
            heard.lock().unwrap().push(text);
        });
        layout.notes.tell(&listener);
        let mut tags = Vec::new();
        for round in 0..2 {
            let found = super::super::scan::scan(&layout, &AtomicBool::new(false), || Tags(Vec::new())).unwrap();
            let mut found: Vec<String> = found.into_iter().flat_map(|tags| tags.0).collect();
            found.sort();
            assert!(round == 0 || found == tags, "{found:?}");
            tags = found;
        }
        assert!(!layout.copies.is_doubtful(), "everything was looked at");
        let said = said.lock().unwrap().clone();
        (tags, said)
    }

    #[test]
    fn of_every_trace_the_newest_state_counts_and_it_is_said_once() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, lines: &[String]| std::fs::write(folder.path().join(name), lines.concat()).unwrap();
        write(
            "a.jsonl",
            &[line(&id(1), "OK", "1 ended"), line(&id(2), "IN_PROGRESS", "2 begun"), line("odd", "OK", "odd old")],
        );
        write(
            "b.jsonl",
            &[line(&id(1), "IN_PROGRESS", "1 begun"), line(&id(3), "OK", "3"), line("odd", "OK", "odd new")],
        );
        write("c.jsonl", &[line(&id(2), "ERROR", "2 ended"), line(&id(2), "IN_PROGRESS", "2 begun again")]);
        // As if all were written at the same time, so that their order decides.
        let now = SystemTime::now();
        for name in ["a.jsonl", "b.jsonl", "c.jsonl"] {
            std::fs::File::options().append(true).open(folder.path().join(name)).unwrap().set_modified(now).unwrap();
        }
        let (tags, said) = scanned(folder.path());
        assert_eq!(tags, ["1 ended", "2 ended", "3", "odd new"]);
        let name = folder.path().display();
        assert_eq!(said, [format!("3 traces are in {name} more than once; the newest state of each counts")]);
    }

    #[test]
    fn a_file_that_holds_a_trace_twice_gives_it_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.jsonl");
        std::fs::write(&file, [line(&id(1), "OK", "first"), line(&id(1), "OK", "second")].concat()).unwrap();
        let (tags, said) = scanned(&file);
        assert_eq!((tags, said.len()), (vec!["second".to_owned()], 1));
        assert!(said[0].starts_with("1 trace is in "), "{said:?}");
    }

    #[test]
    fn ids_are_read_from_the_beginning_of_a_line_or_by_parsing_it() {
        let text = line(&id(7), "OK", "x");
        assert_eq!(leading_id(text.as_bytes()), Some(id(7).as_str()));
        let rest = text.replace("\"info\"", "\n\"trace_info\" ").replace("{\"trace_id\": ", "{ \"trace_id\":");
        assert_eq!(leading_id(rest.as_bytes()), Some(id(7).as_str()));
        let later = text
            .replace("\"trace_id\": \"tr", "\"state\": \"OK\", \"trace_id\": \"tr")
            .replace("\"state\": \"OK\", \"tags\"", "\"tags\"");
        let escaped = text.replace("tr-", "\\u0074r-");
        for other in [&later, &escaped] {
            assert_eq!(leading_id(other.as_bytes()), None, "{other}");
            assert_eq!(id_of(&Record::Text(other.as_bytes())).unwrap(), identity(&id(7)), "{other}");
        }
        for odd in ["", "{", "{\"info\": {\"trace_id\": \"tr-1", "[]"] {
            assert_eq!(leading_id(odd.as_bytes()), None, "{odd}");
        }
    }
}
