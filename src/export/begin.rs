//! Where a run into a folder begins: anew, behind what is there, or not at all.

use super::error::ExportError;
use super::state::{Newest, Pending, State};
use crate::model::{Manifest, TimeWindow};

/// How a run begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Beginning {
    /// Everything asked for is there.
    Complete,
    /// An earlier run was cut off.
    GoOn(Pending),
    /// Nothing is there, or earlier runs are complete and this one adds to them.
    Anew,
}

/// Looks at what is there. `state` is that of `--since-last`, in which a run that turns out to be complete is settled.
pub fn beginning<E>(there: Option<&Manifest>, state: Option<&mut State>) -> Result<Beginning, ExportError<E>> {
    let Some(manifest) = there else { return Ok(Beginning::Anew) };
    let Some(state) = state else {
        let run = Pending { window: manifest.window, ..Pending::default() };
        return Ok(if manifest.complete { Beginning::Complete } else { Beginning::GoOn(run) });
    };
    state.settle(manifest);
    if let Some(run) = state.pending.as_ref().filter(|run| !manifest.complete && run.is_of(manifest)) {
        return Ok(Beginning::GoOn(run.clone()));
    }
    if manifest.parts.is_empty() || manifest.complete && state.newest_ms.is_some() {
        return Ok(Beginning::Anew);
    }
    Err(ExportError::refused(
        "the archive contains traces that are not in the --since-last file and would be exported twice",
        "use its original --since-last file, or export to another directory",
    ))
}

/// The run that begins anew.
#[must_use]
pub fn new_run(
    there: Option<&Manifest>,
    state: Option<&State>,
    asked: TimeWindow,
    newest: Newest,
    overlap_ms: i64,
) -> Pending {
    let first_part = there.map_or(0, |manifest| manifest.parts.len());
    let Some(state) = state else {
        let window = TimeWindow { newest_ms: newest.start_ms, ..asked };
        return Pending { first_part, window, ..Pending::default() };
    };
    // A manifest says how far it reaches, and a trace that was dated later than all others may be gone by now.
    let reached = there.filter(|manifest| !manifest.parts.is_empty()).and_then(|there| there.window.newest_ms);
    let start_ms = newest.start_ms.max(reached).filter(|_| newest.start_ms.is_some());
    state.next_run(asked, Newest { start_ms, ..newest }, overlap_ms, first_part)
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;
    use crate::model::ManifestPart;

    fn manifest(complete: bool, parts: usize) -> Manifest {
        let window = TimeWindow { oldest_ms: None, newest_ms: Some(9) };
        Manifest { complete, window, parts: vec![ManifestPart::default(); parts], ..Manifest::default() }
    }

    fn begin(there: Option<&Manifest>, state: Option<&mut State>) -> Option<Beginning> {
        beginning::<()>(there, state).ok()
    }

    #[test]
    fn without_a_state_an_archive_is_complete_or_gone_on_with() {
        assert_eq!(begin(None, None), Some(Beginning::Anew));
        assert_eq!(begin(Some(&manifest(true, 1)), None), Some(Beginning::Complete));
        let run = Pending { window: manifest(false, 1).window, ..Pending::default() };
        assert_eq!(begin(Some(&manifest(false, 1)), None), Some(Beginning::GoOn(run)));
    }

    #[test]
    fn with_a_state_a_complete_archive_is_added_to() {
        let window = TimeWindow { oldest_ms: None, newest_ms: Some(9) };
        let run = Pending { first_part: 1, window, clock_ms: None, overlap_ms: 1, seen: IndexMap::new() };
        let cut_off = State { newest_ms: Some(5), pending: Some(run.clone()), ..State::default() };
        assert_eq!(begin(Some(&manifest(false, 2)), Some(&mut cut_off.clone())), Some(Beginning::GoOn(run)));
        let mut settled = cut_off.clone();
        assert_eq!(begin(Some(&manifest(true, 2)), Some(&mut settled)), Some(Beginning::Anew));
        assert_eq!((settled.newest_ms, settled.pending), (Some(9), None));
    }

    #[test]
    fn an_archive_that_the_state_does_not_know_is_refused() {
        assert_eq!(begin(Some(&manifest(true, 1)), Some(&mut State::default())), None);
        assert_eq!(begin(Some(&manifest(false, 1)), Some(&mut State::default())), None);
        assert_eq!(begin(Some(&manifest(false, 0)), Some(&mut State::default())), Some(Beginning::Anew));
    }
}
