//! Visiting all traces of an archive on all processors. It must not know what visitors look for.

use std::ops::{ControlFlow, Range};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

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
}

/// Visits everything, each thread with a visitor of its own.
pub(super) fn scan<V: Visitor>(
    layout: &Layout,
    stop: &AtomicBool,
    visitor: impl Fn() -> V,
) -> Result<Vec<V>, StoreError> {
    let first = visitor();
    let pieces = pieces(layout, &first)?;
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get).min(pieces.len()).max(1);
    let mut visitors: Vec<V> = std::iter::once(first).chain((1..threads).map(|_| visitor())).collect();
    let work = Work {
        layout,
        pieces,
        next: AtomicUsize::new(0),
        stop,
        is_done: AtomicBool::new(false),
        is_alone: threads == 1,
        failure: Mutex::new(None),
    };
    if let [alone] = visitors.as_mut_slice() {
        work.run(alone);
    } else {
        thread::scope(|scope| {
            for visitor in &mut visitors {
                scope.spawn(|| work.run(visitor));
            }
        });
    }
    match work.failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some((_, failure)) => Err(failure),
        None => Ok(visitors),
    }
}

fn pieces(layout: &Layout, visitor: &impl Visitor) -> Result<Vec<Piece>, StoreError> {
    let mut pieces = Vec::new();
    for (part, file) in layout.parts.iter().enumerate().filter(|(_, file)| !visitor.skips(file)) {
        let kind = file.kind()?;
        pieces.extend(file.slices(kind).into_iter().map(|slice| Piece { part, kind, slice }));
    }
    Ok(pieces)
}

impl Work<'_> {
    fn run(&self, visitor: &mut impl Visitor) {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = self.pieces.get(number) else { return };
            // What comes before a failure is still looked at: it may hold the first one.
            if self.is_stopped() || self.is_done.load(Ordering::Relaxed) || self.has_failed_before(number) {
                return;
            }
            if visitor.skips(&self.layout.parts[piece.part]) {
                continue;
            }
            if let Err(error) = self.visit_piece(piece, visitor) {
                self.fail(number, error);
            }
        }
    }

    fn visit_piece(&self, piece: &Piece, visitor: &mut impl Visitor) -> Result<(), StoreError> {
        self.layout.parts[piece.part].for_each(piece.kind, &piece.slice, &mut |place, record| {
            if self.is_stopped() {
                return Ok(ControlFlow::Break(()));
            }
            let flow = visitor.visit((piece.part, place), record)?;
            if flow.is_break() {
                self.is_done.store(true, Ordering::Relaxed);
            }
            Ok(if self.is_alone { flow } else { ControlFlow::Continue(()) })
        })
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn failure(&self) -> std::sync::MutexGuard<'_, Option<(usize, StoreError)>> {
        self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
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
