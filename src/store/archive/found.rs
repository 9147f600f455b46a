//! What a search found, in order, without holding it all.
//!
//! The scan keeps of each match what it is sorted by and where it is; the JSON as well while that stays below a budget. Pages
//! are read from what is kept or, a batch at a time, from the parts again. With a limit only the best matches are kept.

use std::collections::BinaryHeap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;

use async_trait::async_trait;

use super::encoding::Encoding;
use super::layout::Layout;
use super::part::{Damage, Kind, Part, Record};
use super::question::{Answer, Question, in_order};
use super::scan::{Place, Visitor, scan};
use crate::filter::SortKey;
use crate::model::{InfoParts, Trace, TraceInfo};
use crate::store::{Query, StoreError, Undecided, Walk};

/// JSON of matches that is kept in memory, in bytes.
const KEPT: i64 = 16 * 1024 * 1024;
/// JSON that is read again at once, in bytes.
const BATCH: usize = 8 * 1024 * 1024;
/// How many traces a page holds at most, and how many bytes of JSON.
const PAGE: usize = 500;
const PAGE_BYTES: usize = 2 * 1024 * 1024;

/// A match: what it is sorted by and where it is.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    key: SortKey,
    place: Place,
    length: u32,
    kept: Option<Box<Kept>>,
}

/// As much of a match as is in memory. All are equal to a sort, which places decide.
enum Kept {
    Text(Box<[u8]>),
    Whole(Box<Trace>),
}

impl PartialEq for Kept {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Kept {}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kept {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

/// Keeps the matches that one thread finds.
struct Collector<'q> {
    question: &'q Question,
    /// The last one on top.
    best: BinaryHeap<Match>,
    all: Vec<Match>,
    undecided: Vec<(Place, Undecided)>,
    limit: Option<usize>,
    /// Bytes that may still be kept, by all threads together.
    budget: &'q AtomicI64,
}

impl Visitor for Collector<'_> {
    fn skips(&self, part: &Part) -> bool {
        self.question.skips(part) || self.is_full_of_newer_than(part)
    }

    fn visit(&mut self, place: Place, record: Record) -> Result<ControlFlow<()>, Damage> {
        let text = match &record {
            Record::Text(text) => Some(*text),
            Record::Whole(_) => None,
        };
        let trace = match self.question.ask(record)? {
            Answer::Match(trace) => trace,
            Answer::No => return Ok(ControlFlow::Continue(())),
            Answer::Undecided(undecided) => {
                self.undecided.push((place, undecided));
                return Ok(ControlFlow::Continue(()));
            }
        };
        let key = self.question.query().order_by.key(&trace);
        let length = u32::try_from(text.map_or_else(|| weight(&trace), <[u8]>::len)).unwrap_or(u32::MAX);
        let kept = || match text {
            Some(text) => Kept::Text(text.into()),
            None => Kept::Whole(trace),
        };
        self.take(Match { key, place, length, kept: None }, kept);
        Ok(ControlFlow::Continue(()))
    }
}

/// About as many bytes as a trace takes.
fn weight(trace: &Trace) -> usize {
    const EACH: usize = 1024;
    let of_span = |span: &crate::model::Span| EACH + span.attributes.values().map(String::len).sum::<usize>();
    EACH + trace.spans().iter().map(of_span).sum::<usize>()
}

impl Collector<'_> {
    /// In the usual order, what is older than all of the best matches cannot be one of them.
    fn is_full_of_newer_than(&self, part: &Part) -> bool {
        let is_full = self.limit.is_some_and(|limit| self.best.len() >= limit);
        let last = self.best.peek().filter(|_| is_full && self.question.query().order_by.keys().is_empty());
        last.zip(part.window.newest_ms).is_some_and(|(last, newest)| newest < last.key.start_ms())
    }

    fn take(&mut self, mut found: Match, kept: impl FnOnce() -> Kept) {
        let is_full = self.limit.is_some_and(|limit| self.best.len() >= limit);
        if is_full && self.best.peek().is_none_or(|last| *last < found) {
            return;
        }
        let length = i64::from(found.length);
        if self.budget.fetch_sub(length, Ordering::Relaxed) >= length {
            found.kept = Some(Box::new(kept()));
        } else {
            self.budget.fetch_add(length, Ordering::Relaxed);
        }
        if self.limit.is_none() {
            self.all.push(found);
            return;
        }
        self.best.push(found);
        if is_full && let Some(last) = self.best.pop().filter(|last| last.kept.is_some()) {
            self.budget.fetch_add(i64::from(last.length), Ordering::Relaxed);
        }
    }
}

/// A search of an archive: looks when the first page is asked for, and then yields pages.
pub struct Found {
    state: Option<State>,
}

struct State {
    layout: Arc<Layout>,
    query: Query,
    limit: Option<usize>,
    with_spans: bool,
    /// Bytes of JSON that may be kept.
    budget: i64,
    /// Nothing before the scan.
    matches: Option<std::vec::IntoIter<Match>>,
    undecided: Vec<Undecided>,
    batch: std::vec::IntoIter<Match>,
}

impl Found {
    pub(super) fn new(layout: &Arc<Layout>, query: &Query, limit: Option<u64>) -> Self {
        // One more than asked for tells the caller that there is more.
        let limit = limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1));
        let (layout, query, batch) = (Arc::clone(layout), query.clone(), Vec::new().into_iter());
        let undecided = Vec::new();
        let state = State { layout, query, limit, with_spans: true, budget: KEPT, matches: None, undecided, batch };
        Self { state: Some(state) }
    }
}

#[async_trait]
impl Walk for Found {
    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        let Some(mut state) = self.state.take() else { return Ok(None) };
        let (state, page) = super::apart(move |stop| {
            let page = state.next(stop);
            (state, page)
        })
        .await;
        self.state = Some(state);
        page
    }

    fn undecided(&self) -> &[Undecided] {
        self.state.as_ref().map_or(&[], |state| &state.undecided)
    }

    /// Makes pages faster.
    fn leave_out_spans(&mut self) {
        if let Some(state) = &mut self.state {
            state.with_spans = false;
        }
    }
}

impl State {
    fn next(&mut self, stop: &AtomicBool) -> Result<Option<Vec<Trace>>, StoreError> {
        if self.matches.is_none() {
            let question = Question::new(&self.query, &self.layout, stop)?;
            let (matches, undecided) = search(&self.layout, &question, self.limit, self.budget, stop)?;
            (self.matches, self.undecided) = (Some(matches.into_iter()), undecided);
        }
        if self.batch.as_slice().is_empty() {
            let mut batch = cut(self.matches.as_mut(), usize::MAX, BATCH);
            self.load(&mut batch)?;
            self.batch = batch.into_iter();
        }
        let page = cut(Some(&mut self.batch), PAGE, PAGE_BYTES);
        if page.is_empty() {
            return Ok(None);
        }
        self.read(page).map(Some)
    }

    /// Reads again what is not in memory, each part from front to back.
    fn load(&self, batch: &mut [Match]) -> Result<(), StoreError> {
        let mut missing: Vec<&mut Match> = batch.iter_mut().filter(|found| found.kept.is_none()).collect();
        missing.sort_by_key(|found| found.place);
        for group in missing.chunk_by_mut(|a, b| a.place.0 == b.place.0) {
            load_from(&self.layout.parts[group[0].place.0], group)?;
        }
        Ok(())
    }

    /// Traces from what is in memory, on all processors.
    fn read(&self, page: Vec<Match>) -> Result<Vec<Trace>, StoreError> {
        const FEW: usize = 16;
        let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        if threads == 1 || page.len() <= FEW {
            return page.into_iter().map(|found| self.trace(found)).collect();
        }
        let share = page.len().div_ceil(threads);
        let mut page = page.into_iter();
        let shares: Vec<Vec<Match>> = (0..threads).map(|_| page.by_ref().take(share).collect()).collect();
        thread::scope(|scope| {
            let read =
                |share: Vec<Match>| share.into_iter().map(|found| self.trace(found)).collect::<Result<Vec<_>, _>>();
            let running: Vec<_> = shares.into_iter().map(|share| scope.spawn(move || read(share))).collect();
            let mut traces = Vec::new();
            for thread in running {
                traces.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok(traces)
        })
    }

    fn trace(&self, found: Match) -> Result<Trace, StoreError> {
        let (number, place) = found.place;
        let read = match found.kept.map(|kept| *kept) {
            Some(Kept::Text(text)) if self.with_spans => Trace::from_text(&text),
            Some(Kept::Text(text)) => TraceInfo::from_trace_text(&text, InfoParts::ALL).map(Trace::without_spans),
            Some(Kept::Whole(trace)) => Ok(*trace),
            None => return Err(changed(&self.layout.parts[number], place)),
        };
        read.map_err(|error| {
            self.layout.parts[number].failure(&Damage { place: Some(place), reason: error.to_string() })
        })
    }
}

/// Takes the next matches, at least one if there is one.
fn cut(matches: Option<&mut std::vec::IntoIter<Match>>, most: usize, most_bytes: usize) -> Vec<Match> {
    let Some(matches) = matches else { return Vec::new() };
    let mut bytes = 0_usize;
    let count = matches.as_slice().iter().take(most).take_while(|found| {
        let is_first = bytes == 0;
        bytes = bytes.saturating_add(found.length as usize);
        is_first || bytes <= most_bytes
    });
    let count = count.count();
    matches.by_ref().take(count).collect()
}

fn search(
    layout: &Layout,
    question: &Question,
    limit: Option<usize>,
    budget: i64,
    stop: &AtomicBool,
) -> Result<(Vec<Match>, Vec<Undecided>), StoreError> {
    let left = AtomicI64::new(budget);
    let collector = || {
        left.store(budget, Ordering::Relaxed);
        let (best, all, undecided) = (BinaryHeap::new(), Vec::new(), Vec::new());
        Collector { question, best, all, undecided, limit, budget: &left }
    };
    let collectors = scan(layout, stop, collector)?;
    let (mut matches, mut undecided) = (Vec::new(), Vec::new());
    for found in collectors {
        // Moved, not copied, where they are many.
        if matches.is_empty() {
            matches = found.all;
        } else {
            matches.extend(found.all);
        }
        matches.extend(found.best);
        undecided.extend(found.undecided);
    }
    matches.sort_unstable();
    matches.truncate(limit.unwrap_or(usize::MAX));
    Ok((matches, in_order(undecided)))
}

/// Reads matches of one part again, sorted by place.
fn load_from(part: &Part, matches: &mut [&mut Match]) -> Result<(), StoreError> {
    let kind = part.kind()?;
    if matches!(kind, Kind::Lines(Encoding::Plain) | Kind::Documents(Encoding::Plain)) {
        let mut opened = part.open()?;
        for found in matches {
            let text = part.read_at(&mut *opened, found.place.1, found.length as usize)?;
            found.kept = Some(Box::new(Kept::Text(text.into())));
        }
        return Ok(());
    }
    let mut wanted = matches.iter_mut().peekable();
    part.for_each(kind, &(0..u64::MAX), &mut |place, record| {
        if let Some(found) = wanted.next_if(|found| found.place.1 == place) {
            found.kept = Some(Box::new(match record {
                Record::Text(text) => Kept::Text(text.into()),
                Record::Whole(trace) => Kept::Whole(trace),
            }));
        }
        Ok(if wanted.peek().is_none() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    match wanted.next() {
        Some(found) => Err(changed(part, found.place.1)),
        None => Ok(()),
    }
}

fn changed(part: &Part, place: u64) -> StoreError {
    part.failure(&Damage { place: Some(place), reason: "it changed while it was read".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::{Filter, OrderBy};
    use crate::model::TimeWindow;
    use std::io::Write;
    use std::path::Path;

    /// Traces of all three kinds of parts, 40 in each, mixed in time.
    fn write(folder: &Path) -> Vec<String> {
        let line = |number: u32| {
            let filler = "x".repeat(number as usize * 7 % 300);
            format!(
                r#"{{"info": {{"trace_id": "tr-{number}", "timestamp_ms": {}, "state": "OK", "tags": {{"n": "{}"}},
                "execution_duration_ms": {}, "request_preview": "{filler}"}}, "data": {{"spans": []}}}}"#,
                number * 37 % 101,
                number % 4,
                number * 11 % 50
            )
            .replace('\n', " ")
        };
        let lines: Vec<String> = (0..120).map(line).collect();
        std::fs::write(folder.join("a.jsonl"), lines[..40].join("\n") + "\n").unwrap();
        std::fs::write(folder.join("b.json"), format!("[{}]", lines[40..80].join(",\n"))).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(lines[80..].join("\n").as_bytes()).unwrap();
        std::fs::write(folder.join("c.jsonl.gz"), encoder.finish().unwrap()).unwrap();
        lines
    }

    fn query(filter: &str, order_by: &[&str]) -> Query {
        let clauses: Vec<String> = order_by.iter().map(|clause| (*clause).to_owned()).collect();
        Query {
            experiments: Vec::new(),
            filter: Arc::new(Filter::parse(filter).unwrap()),
            order_by: Arc::new(OrderBy::parse(&clauses).unwrap()),
            window: TimeWindow::default(),
        }
    }

    fn all(folder: &Path, query: &Query, limit: Option<u64>, budget: i64) -> Result<Vec<Trace>, StoreError> {
        let mut state = Found::new(&Arc::new(Layout::find(folder)?), query, limit).state.unwrap();
        state.budget = budget;
        let mut traces = Vec::new();
        while let Some(page) = state.next(&AtomicBool::new(false))? {
            traces.extend(page);
        }
        Ok(traces)
    }

    #[test]
    fn what_is_not_kept_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let lines = write(folder.path());
        let traces: Vec<Trace> = lines.iter().map(|line| Trace::from_text(line.as_bytes()).unwrap()).collect();
        for (filter, order_by) in
            [("", &[][..]), ("tags.n = '3'", &["execution_time DESC"]), ("tags.n != '1'", &["tags.n ASC"])]
        {
            let query = query(filter, order_by);
            let matcher = query.filter.matcher();
            let is_match = |trace: &&Trace| matcher.matches(trace, &crate::filter::SessionScope::default()).is_true();
            let mut expected: Vec<Trace> = traces.iter().filter(is_match).cloned().collect();
            expected.sort_by(|a, b| query.order_by.compare(a, b));
            for budget in [0, 5000, KEPT] {
                assert!(all(folder.path(), &query, None, budget).unwrap() == expected, "{filter} {budget}");
                for limit in [0, 1, 7, 500] {
                    let most = expected.len().min(usize::try_from(limit).unwrap() + 1);
                    let found = all(folder.path(), &query, Some(limit), budget).unwrap();
                    assert!(found == expected[..most], "{filter} {budget} {limit}");
                }
            }
        }
    }

    #[test]
    fn a_part_that_changes_between_looking_and_reading_is_told() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        let layout = Arc::new(Layout::find(folder.path()).unwrap());
        for name in ["a.jsonl", "c.jsonl.gz"] {
            let mut state = Found::new(&layout, &query("", &[]), None).state.unwrap();
            let stop = AtomicBool::new(false);
            let question = Question::new(&state.query, &layout, &stop).unwrap();
            state.matches = Some(search(&layout, &question, None, 0, &stop).unwrap().0.into_iter());
            let path = folder.path().join(name);
            let content = std::fs::read(&path).unwrap();
            std::fs::write(&path, "").unwrap();
            let error = state.next(&stop).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
            std::fs::write(&path, content).unwrap();
        }
    }
}
