//! Visiting all traces of an archive on all processors. It must not know what visitors look for.
//!
//! Invariants: a trace that the archive holds more than once is visited once; a part that was visited to its end held as many
//! traces as its manifest says, or the scan fails.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::copies::{Met, id_of};
use super::layout::Layout;
use super::part::{Damage, Kind, Part, Record};
use crate::store::StoreError;

/// Where a trace is: the number of its part and the place within.
pub(super) type Place = (usize, u64);

/// Takes the traces that one thread comes across.
pub(super) trait Visitor: Send {
    /// Whether a part needs not be looked at.
    fn skips(&self, part: &Part) -> bool;

    /// Takes a trace. To break is to say that no more is needed; what was begun is still read, so that what is found first
    /// does not depend on who is fastest.
    fn visit(&mut self, place: Place, record: Record) -> Result<ControlFlow<()>, Damage>;
}

/// A piece of a part.
struct Piece {
    part: usize,
    kind: Kind,
    slice: Range<u64>,
}

/// The first failure in the order of the archive.
type Failure = Mutex<Option<(usize, StoreError)>>;

struct Work<'a> {
    layout: &'a Layout,
    pieces: Vec<Piece>,
    next: AtomicUsize,
    /// Set when nobody waits for the result any more.
    stop: &'a AtomicBool,
    is_done: AtomicBool,
    /// Whether there is one thread only.
    is_alone: bool,
    failure: Failure,
    /// Copies that do not count.
    older: Arc<HashSet<Place>>,
    /// The ids of all traces, while some may be there more than once.
    ids: Option<Mutex<Vec<u128>>>,
    /// Whether something was left out.
    has_skipped: AtomicBool,
    /// How much of each part was visited.
    visited: Vec<Visited>,
}

/// How much of a part was visited.
#[derive(Default)]
struct Visited {
    /// Into how many pieces it was cut.
    pieces: usize,
    /// How many of them were visited to their end.
    ended: AtomicUsize,
    traces: AtomicU64,
}

/// Visits everything, each thread with a visitor of its own. If a trace turns out to be there twice, everything begins again
/// with new visitors.
pub(super) fn scan<V: Visitor>(
    layout: &Layout,
    stop: &AtomicBool,
    visitor: impl Fn() -> V,
) -> Result<Vec<V>, StoreError> {
    loop {
        let (visitors, met) = scan_once(layout, stop, &visitor, layout.copies.is_doubtful())?;
        let begins_again = match met {
            Some(met) => layout.copies.learn(layout, met, stop)?,
            None => false,
        };
        if !begins_again {
            return Ok(visitors);
        }
    }
}

/// Visits everything but the copies that are known not to count, and if asked tells which traces it met.
pub(super) fn scan_once<V: Visitor>(
    layout: &Layout,
    stop: &AtomicBool,
    visitor: &impl Fn() -> V,
    tells_ids: bool,
) -> Result<(Vec<V>, Option<Met>), StoreError> {
    let first = visitor();
    let pieces = pieces(layout, &first)?;
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get).min(pieces.len()).max(1);
    let mut visitors: Vec<V> = std::iter::once(first).chain((1..threads).map(|_| visitor())).collect();
    let work = Work::new(layout, pieces, stop, (threads == 1, tells_ids));
    if let [alone] = visitors.as_mut_slice() {
        work.run(alone);
    } else {
        thread::scope(|scope| {
            for visitor in &mut visitors {
                scope.spawn(|| work.run(visitor));
            }
        });
    }
    Ok((visitors, work.end()?))
}

fn pieces(layout: &Layout, visitor: &impl Visitor) -> Result<Vec<Piece>, StoreError> {
    let mut pieces = Vec::new();
    for (part, file) in layout.parts.iter().enumerate().filter(|(_, file)| !visitor.skips(file)) {
        let kind = file.kind()?;
        pieces.extend(file.slices(kind).into_iter().map(|slice| Piece { part, kind, slice }));
    }
    Ok(pieces)
}

impl<'a> Work<'a> {
    fn new(layout: &'a Layout, pieces: Vec<Piece>, stop: &'a AtomicBool, (is_alone, tells_ids): (bool, bool)) -> Self {
        let mut visited: Vec<Visited> = layout.parts.iter().map(|_| Visited::default()).collect();
        for piece in &pieces {
            visited[piece.part].pieces += 1;
        }
        let has_skipped = visited.iter().any(|part| part.pieces == 0);
        Self {
            layout,
            pieces,
            next: AtomicUsize::new(0),
            stop,
            is_done: AtomicBool::new(false),
            is_alone,
            failure: Mutex::new(None),
            older: layout.copies.older(),
            ids: tells_ids.then(Mutex::default),
            has_skipped: has_skipped.into(),
            visited,
        }
    }

    fn run(&self, visitor: &mut impl Visitor) {
        let mut ids = Vec::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = self.pieces.get(number) else { break };
            // What comes before a failure is still looked at: it may hold the first one.
            if self.is_stopped() || self.is_done.load(Ordering::Relaxed) || self.has_failed_before(number) {
                break;
            }
            if visitor.skips(&self.layout.parts[piece.part]) {
                self.has_skipped.store(true, Ordering::Relaxed);
                continue;
            }
            if let Err(error) = self.visit_piece(piece, visitor, &mut ids) {
                self.fail(number, error);
            }
        }
        if let Some(all) = &self.ids {
            all.lock().unwrap_or_else(PoisonError::into_inner).append(&mut ids);
        }
    }

    fn visit_piece(&self, piece: &Piece, visitor: &mut impl Visitor, ids: &mut Vec<u128>) -> Result<(), StoreError> {
        let (mut traces, mut is_whole) = (0, true);
        self.layout.parts[piece.part].for_each(piece.kind, &piece.slice, &mut |place, record| {
            let place = (piece.part, place);
            if self.is_stopped() {
                is_whole = false;
                return Ok(ControlFlow::Break(()));
            }
            traces += 1;
            if self.older.contains(&place) {
                return Ok(ControlFlow::Continue(()));
            }
            if self.ids.is_some() {
                ids.push(id_of(&record)?);
            }
            // Behind the first copy of a trace there may be a newer one.
            if visitor.visit(place, record)?.is_break() && self.ids.is_none() {
                self.is_done.store(true, Ordering::Relaxed);
                is_whole = !self.is_alone;
            }
            Ok(if is_whole { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        let visited = &self.visited[piece.part];
        visited.traces.fetch_add(traces, Ordering::Relaxed);
        visited.ended.fetch_add(usize::from(is_whole), Ordering::Relaxed);
        Ok(())
    }

    /// When all threads have ended: the first failure, or what was met.
    fn end(self) -> Result<Option<Met>, StoreError> {
        if let Some((_, failure)) = self.failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(failure);
        }
        for (part, visited) in self.layout.parts.iter().zip(&self.visited) {
            if visited.pieces > 0 && visited.ended.load(Ordering::Relaxed) == visited.pieces {
                part.check_count(visited.traces.load(Ordering::Relaxed))?;
            }
        }
        let is_all = !self.has_skipped.into_inner() && !self.stop.load(Ordering::Relaxed);
        let ids = self.ids.map(|ids| ids.into_inner().unwrap_or_else(PoisonError::into_inner));
        Ok(ids.map(|ids| Met { ids, is_all }))
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn failure(&self) -> std::sync::MutexGuard<'_, Option<(usize, StoreError)>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_failed_before(&self, number: usize) -> bool {
        self.failure().as_ref().is_some_and(|(failed, _)| *failed < number)
    }

    fn fail(&self, number: usize, error: StoreError) {
        let mut failure = self.failure();
        if failure.as_ref().is_none_or(|(failed, _)| number < *failed) {
            *failure = Some((number, error));
        }
    }
}
