//! What `--since-last` knows about earlier runs.
//!
//! The next run exports what started after the newest end of the last one, and looks back a little for traces that arrived
//! late. Which traces it finds there were exported already is written down here.
//!
//! A file is exported in one go, and the state is written after it. A directory may take several runs: what such a run has
//! exported so far is `pending`, written before each new manifest, and becomes what is known once the manifest says that
//! everything is there. Whatever moment a run is killed at, no trace is exported twice and none is forgotten.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::feed::Exported;
use super::versions::lasting_digest;
use crate::model::{Manifest, ManifestQuery, TimeWindow, TraceId, TraceInfo};

/// The layout that this version writes.
const STATE_VERSION: u32 = 1;

/// The contents of the state file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The layout.
    pub state_version: u32,
    /// Where the traces come from.
    pub tracking_uri: String,
    /// What was asked for; another question needs another file.
    pub query: ManifestQuery,
    /// Everything that started up to here was looked at, which is never later than the run itself; `None` before the first
    /// trace was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_ms: Option<i64>,
    /// How far back `seen` reaches.
    #[serde(default)]
    pub overlap_ms: i64,
    /// The traces exported within the overlap.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub seen: IndexMap<TraceId, Noted>,
    /// A run into a directory that is not known to be complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
}

/// Where a run ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Newest {
    /// When the newest trace started, behind which nothing is looked for; `None` if there is none.
    pub start_ms: Option<i64>,
    /// The clock of whoever stores the traces.
    pub clock_ms: Option<i64>,
}

/// A run into a directory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// Where its parts begin in the manifest.
    pub first_part: usize,
    /// Its closed interval of start times.
    pub window: TimeWindow,
    /// The server's clock when the run began, if its newest trace starts later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ms: Option<i64>,
    /// How far back `seen` reaches.
    pub overlap_ms: i64,
    /// The traces exported so far within the overlap before its newest end.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub seen: IndexMap<TraceId, Noted>,
}

/// What is remembered of a trace that was exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Noted {
    /// When it started, in epoch milliseconds.
    pub start_ms: i64,
    /// What it looked like; `None` where an older version wrote the state.
    pub version: Option<String>,
}

/// Versions before 0.2 wrote the start times alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Start(i64),
    Whole { start_ms: i64, version: Option<String> },
}

impl From<Written> for Noted {
    fn from(written: Written) -> Self {
        match written {
            Written::Start(start_ms) => Self { start_ms, version: None },
            Written::Whole { start_ms, version } => Self { start_ms, version },
        }
    }
}

impl Noted {
    /// Of a trace, as the store describes it.
    #[must_use]
    pub fn of(info: &TraceInfo) -> Self {
        Self { start_ms: info.request_time_ms, version: Some(lasting_digest(info)) }
    }

    /// Whether the trace has another state, other tags or other assessments since.
    #[must_use]
    pub fn has_changed(&self, info: &TraceInfo) -> bool {
        self.version.as_ref().is_some_and(|version| *version != lasting_digest(info))
    }
}

impl State {
    /// Before the first run.
    #[must_use]
    pub fn new(tracking_uri: String, query: ManifestQuery) -> Self {
        Self { state_version: STATE_VERSION, tracking_uri, query, ..Self::default() }
    }

    /// What earlier runs exported.
    #[must_use]
    pub fn exported(&self) -> Exported {
        Exported::new(self.seen.clone())
    }

    /// Reads a state file; the reason why it cannot be used otherwise.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let state: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if state.state_version > STATE_VERSION {
            return Err("a newer version of mlflow-trace wrote it".to_owned());
        }
        Ok(state)
    }

    /// The state file.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Strings, numbers and maps of strings always serialize.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// The run that begins now: from a little before the newest end of the last one up to `newest`.
    #[must_use]
    pub fn next_run(&self, asked: TimeWindow, newest: Newest, overlap_ms: i64, first_part: usize) -> Pending {
        let Newest { start_ms: newest_ms, clock_ms } = newest;
        let clock_ms = newest_ms.and(clock_ms).filter(|clock| newest_ms > Some(*clock));
        // Further back than traces were written down, known ones could not be told from late ones.
        let since = self.newest_ms.map(|newest| newest.saturating_sub(overlap_ms.min(self.overlap_ms)));
        let window = TimeWindow { oldest_ms: asked.oldest_ms.max(since), newest_ms };
        Pending { first_part, window, clock_ms, overlap_ms, seen: IndexMap::new() }
    }

    /// Makes the pending run one of the past if the manifest of its directory says that it is complete.
    pub fn settle(&mut self, manifest: &Manifest) {
        if manifest.complete && self.pending.as_ref().is_some_and(|run| run.is_of(manifest)) {
            self.commit();
        }
    }

    /// Makes the pending run one of the past.
    pub fn commit(&mut self) {
        let Some(run) = self.pending.take() else { return };
        let known_from = self.newest_ms.map(|newest| newest.saturating_sub(self.overlap_ms));
        self.newest_ms = self.newest_ms.max(run.reached_ms());
        self.seen.extend(run.seen);
        let Some(newest) = self.newest_ms else { return };
        // What an earlier run did not write down stays unknown until the overlap has moved past it.
        self.overlap_ms = known_from.map_or(run.overlap_ms, |from| run.overlap_ms.min(newest.saturating_sub(from)));
        let oldest = newest.saturating_sub(self.overlap_ms);
        self.seen.retain(|_, noted| noted.start_ms >= oldest);
    }
}

impl Pending {
    /// Whether a manifest is that of this run: of its window, and with the parts that were there before it.
    #[must_use]
    pub fn is_of(&self, manifest: &Manifest) -> bool {
        manifest.window.newest_ms == self.window.newest_ms && manifest.parts.len() >= self.first_part
    }

    /// Up to where it looks at everything there can be by now. Traces that are dated later are exported, too, and known by
    /// their ids: what comes after them in fact may be dated before them.
    #[must_use]
    pub fn reached_ms(&self) -> Option<i64> {
        self.clock_ms.or(self.window.newest_ms)
    }

    /// From which start time on traces are written down.
    #[must_use]
    pub fn noted_from(&self) -> i64 {
        self.reached_ms().map_or(i64::MIN, |newest| newest.saturating_sub(self.overlap_ms))
    }

    /// Writes down those of these traces that the next run may find again.
    pub fn note(&mut self, traces: impl IntoIterator<Item = (TraceId, Noted)>) {
        let from = self.noted_from();
        self.seen.extend(traces.into_iter().filter(|(_, noted)| noted.start_ms >= from));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: usize) -> TraceId {
        TraceId::new(format!("tr-{number}"))
    }

    fn at(start_ms: i64) -> Noted {
        Noted { start_ms, version: Some("v".into()) }
    }

    #[test]
    fn what_an_older_version_wrote_is_known_and_never_changed() {
        let noted: Noted = serde_json::from_str("5").unwrap();
        assert_eq!(noted, Noted { start_ms: 5, version: None });
        let info: TraceInfo =
            serde_json::from_str(r#"{"trace_id": "tr-1", "timestamp_ms": 5, "state": "OK", "tags": {"a": "b"}}"#)
                .unwrap();
        assert!(!noted.has_changed(&info) && at(5).has_changed(&info) && !Noted::of(&info).has_changed(&info));
        let text = serde_json::to_string(&Noted::of(&info)).unwrap();
        assert_eq!(serde_json::from_str::<Noted>(&text).unwrap(), Noted::of(&info));
    }

    /// What a run exports of these traces, as an exporter does it.
    fn run(state: &mut State, traces: &[(TraceId, i64)], overlap_ms: i64) -> Vec<TraceId> {
        run_at(state, traces, overlap_ms, None)
    }

    fn run_at(state: &mut State, traces: &[(TraceId, i64)], overlap_ms: i64, clock_ms: Option<i64>) -> Vec<TraceId> {
        let newest = Newest { start_ms: traces.iter().map(|(_, start_ms)| *start_ms).max(), clock_ms };
        let mut pending = state.next_run(TimeWindow::default(), newest, overlap_ms, 0);
        let new: Vec<(TraceId, i64)> = traces
            .iter()
            .filter(|(id, start_ms)| pending.window.contains(*start_ms) && !state.seen.contains_key(id))
            .cloned()
            .collect();
        pending.note(new.iter().map(|(id, start_ms)| (id.clone(), at(*start_ms))));
        state.pending = Some(pending);
        state.commit();
        new.into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn late_traces_within_the_overlap_are_found_and_known_ones_are_not() {
        let mut state = State::default();
        let mut traces = vec![(id(1), 1_000), (id(2), 5_000)];
        assert_eq!(run(&mut state, &traces, 2_000), [id(1), id(2)]);
        traces.extend([(id(3), 4_000), (id(4), 9_000), (id(5), 2_000)]);
        assert_eq!(run(&mut state, &traces, 2_000), [id(3), id(4)], "5 came too late");
        assert_eq!(run(&mut state, &traces, 2_000), []);
        assert_eq!(state.seen, IndexMap::from([(id(4), at(9_000))]));
    }

    #[test]
    fn a_trace_of_the_future_ends_nothing_and_comes_once() {
        let mut state = State::default();
        let mut traces = vec![(id(1), 1_000), (id(2), 900_000)];
        assert_eq!(run_at(&mut state, &traces, 500, Some(2_000)), [id(1), id(2)]);
        assert_eq!(state.newest_ms, Some(2_000));
        traces.push((id(3), 3_000));
        assert_eq!(run_at(&mut state, &traces, 500, Some(4_000)), [id(3)]);
        traces.extend([(id(4), 3_800), (id(5), 800_000)]);
        assert_eq!(run_at(&mut state, &traces, 500, Some(5_000)), [id(4), id(5)]);
        assert_eq!(run_at(&mut state, &traces, 500, Some(1_000_000)), []);
        assert_eq!((state.newest_ms, state.seen.len()), (Some(900_000), 1));
    }

    #[test]
    fn a_file_is_written_and_read_back() {
        let mut state =
            State::new("http://h".into(), ManifestQuery { filter: "status = 'OK'".into(), ..Default::default() });
        run(&mut state, &[(id(1), 5)], 10);
        state.pending =
            Some(state.next_run(TimeWindow::default(), Newest { start_ms: Some(7), clock_ms: Some(6) }, 10, 3));
        assert_eq!(State::from_json(&state.to_json()), Ok(state));
        assert!(State::from_json(b"{}").is_err() && State::from_json(b"").is_err());
        let newer = serde_json::json!({"state_version": 2, "tracking_uri": "", "query": ManifestQuery::default()});
        assert_eq!(
            State::from_json(newer.to_string().as_bytes()).unwrap_err(),
            "a newer version of mlflow-trace wrote it"
        );
    }

    #[test]
    fn a_pending_run_counts_only_if_its_manifest_is_complete() {
        let window = TimeWindow { oldest_ms: None, newest_ms: Some(9) };
        let pending =
            Pending { first_part: 1, window, clock_ms: None, overlap_ms: 5, seen: IndexMap::from([(id(1), at(8))]) };
        let state = State { pending: Some(pending), ..State::default() };
        let settled = |complete: bool, newest_ms: i64, parts: usize| {
            let mut state = state.clone();
            let window = TimeWindow { oldest_ms: None, newest_ms: Some(newest_ms) };
            let parts = vec![crate::model::ManifestPart::default(); parts];
            state.settle(&Manifest { window, complete, parts, ..Manifest::default() });
            state.pending.is_none()
        };
        assert!(settled(true, 9, 1) && settled(true, 9, 2));
        assert!(!settled(false, 9, 1) && !settled(true, 8, 1) && !settled(true, 9, 0));
    }

    proptest! {
        #[test]
        fn no_trace_comes_twice_and_none_in_time_is_forgotten(
            runs in proptest::collection::vec((proptest::collection::vec(0_i64..3_000, 0..6), 0_i64..2_000), 1..8),
        ) {
            let (mut state, mut traces, mut exported) = (State::default(), Vec::new(), Vec::new());
            let mut reached = i64::MIN;
            for (round, (ages, overlap_ms)) in runs.into_iter().enumerate() {
                let now = i64::try_from(round).unwrap() * 1_000;
                // Within what both runs agree to look back, lateness is no reason to be forgotten.
                let back = overlap_ms.min(state.overlap_ms);
                let due: Vec<_> = ages.iter().map(|age| (id(traces.len()), now - age)).zip(0..).map(|((_, start), n)| (id(traces.len() + n), start)).collect();
                traces.extend(due.clone());
                let new = run(&mut state, &traces, overlap_ms);
                for (id, start) in due {
                    if reached == i64::MIN || start >= reached.saturating_sub(back) {
                        prop_assert!(new.contains(&id), "{id} at {start}");
                    }
                }
                exported.extend(new);
                reached = state.newest_ms.unwrap_or(i64::MIN);
            }
            let mut unique = exported.clone();
            unique.sort();
            unique.dedup();
            prop_assert_eq!(unique.len(), exported.len());
        }
    }
}
