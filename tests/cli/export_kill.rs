//! `kill -9` at any moment: what was finished stays, nothing looks whole that is not, no trace comes twice.

use std::time::Duration;

use fastrand::Rng;

use crate::export_directory::{Place, at, sorted};
use crate::fake::{CHECKOUT, Fake, Rule, id};

/// A server that takes its time: many traces, some of them at one and the same millisecond, in two experiments.
fn slow_server(traces: u32, milliseconds: u64) -> Fake {
    let fake = Fake::with((1..=traces).map(|number| {
        let seed = at(number, i64::from(number / 60) * 1000);
        if number % 5 == 0 { seed.experiment(CHECKOUT) } else { seed }
    }));
    for route in ["traces/search", "traces/batchGet"] {
        fake.before(Rule::every(route), move |_| std::thread::sleep(Duration::from_millis(milliseconds)));
    }
    fake
}

/// Runs and kills until the export is complete; returns how many runs were killed before.
fn kill_until_complete(fake: &Fake, place: &Place, export: &[&str], seed: u64) -> usize {
    let mut rng = Rng::with_seed(seed);
    let (mut kills, mut patience) = (0, 200);
    loop {
        let before = if place.path().join("manifest.json").exists() { place.manifest().parts } else { Vec::new() };
        let running = fake.bare(export).start();
        std::thread::sleep(Duration::from_millis(rng.u64(10..patience)));
        let ended = running.kill().ends();
        assert!(matches!(ended.code, None | Some(0)), "{ended}");
        if !place.path().join("manifest.json").exists() {
            kills += 1;
            continue;
        }
        // What the manifest names is whole, and nothing that was finished is lost.
        let ids = place.ids();
        let manifest = place.manifest();
        assert_eq!(manifest.parts[..before.len()], before);
        assert_eq!(ids.len() as u64, manifest.counts.traces);
        // At most one whole part is not named yet: the one whose manifest was not written any more.
        let whole = place.with_ending("gz");
        assert!(whole <= manifest.parts.len() + 1, "{:?}", place.names());
        if ended.code == Some(0) {
            return kills;
        }
        kills += 1;
        // A busy machine needs longer for a part.
        patience = if manifest.parts.len() > before.len() { patience - patience / 20 } else { patience + 20 };
        assert!(kills < 400, "no progress: {} parts", manifest.parts.len());
    }
}

#[test]
fn killed_at_random_moments_an_export_ends_with_every_trace_once() {
    let fake = slow_server(3000, 12);
    let place = Place::new();
    let export = ["export", &place.typed(), "--all-experiments", "--spans", "--split", "70", "--compress", "gzip"];
    let kills = kill_until_complete(&fake, &place, &export, 7);
    assert!(kills >= 20, "only {kills} kills");
    assert!(place.manifest().complete);
    assert_eq!(sorted(place.ids()), (1..=3000).map(id).collect::<Vec<_>>());
    assert_eq!(place.with_ending("part"), 0, "{:?}", place.names());
}

#[test]
fn killed_nightly_runs_append_every_trace_once() {
    let fake = slow_server(400, 30);
    let place = Place::new();
    let state = place.file("state.json");
    let target = place.typed();
    let export =
        ["export", &target, "--all-experiments", "--split", "25", "--compress", "gzip", "--since-last", &state];
    let mut kills = 0;
    for night in 0..4_u32 {
        // New ones, and one that is late.
        let first = 401 + night * 60;
        fake.state().add((first..first + 60).map(|number| at(number, i64::from(number) * 1000)));
        fake.state().add([at(9000 + night, i64::from(first - 20) * 1000)]);
        kills += kill_until_complete(&fake, &place, &export, u64::from(night));
    }
    assert!(kills >= 4, "only {kills} kills");
    let expected = (1..=640).chain(9000..9004).map(id).collect::<Vec<_>>();
    assert_eq!(sorted(place.ids()), expected);
}
