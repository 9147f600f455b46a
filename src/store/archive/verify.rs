//! Holding whole files against what their manifests promise, on all processors.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::part::Part;
use crate::store::StoreError;

/// Holds every part against its SHA-256. Returns how many have none; fails with the first that has another one.
pub(super) fn all(parts: &[Part], stop: &AtomicBool) -> Result<usize, StoreError> {
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get).min(parts.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut verdicts = Vec::new();
        while let Some((number, part)) = take(parts, &next) {
            verdicts.push((number, part.verify(stop)));
        }
        verdicts
    };
    let mut verdicts = Vec::with_capacity(parts.len());
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for thread in running {
            verdicts.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
    });
    verdicts.sort_unstable_by_key(|(number, _)| *number);
    verdicts.into_iter().try_fold(0, |without, (_, verdict)| Ok(without + usize::from(!verdict?)))
}

fn take<'p>(parts: &'p [Part], next: &AtomicUsize) -> Option<(usize, &'p Part)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    parts.get(number).map(|part| (number, part))
}
