//! `export DIRECTORY/`: parts and a manifest, gone on with where they were cut off.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mlflow_trace::model::{Manifest, rfc3339_utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::fake::{APP, BASE_MS, CHECKOUT, Failure, Fake, Rule, Seed, id};
use crate::snapshot::Gallery;

/// A folder of a test's own, and an archive in it.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("archive")
    }

    /// As it is typed.
    pub fn typed(&self) -> String {
        format!("{}/", self.path().display())
    }

    pub fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub fn manifest(&self) -> Manifest {
        serde_json::from_slice(&fs::read(self.path().join("manifest.json")).unwrap()).unwrap()
    }

    /// The files of the archive, in its folders, too.
    pub fn names(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        collect(&self.path(), "", &mut found);
        found
    }

    /// How many files have names that end like this.
    pub fn with_ending(&self, ending: &str) -> usize {
        let has = |name: &&String| Path::new(name).extension().is_some_and(|found| found == ending);
        self.names().iter().filter(has).count()
    }

    /// The contents of a part, whatever it was compressed with.
    pub fn text(&self, part: &str) -> String {
        let bytes = fs::read(self.path().join(part)).unwrap();
        let bytes = match part.rsplit_once('.').unwrap().1 {
            "gz" => {
                let mut text = Vec::new();
                std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*bytes), &mut text).unwrap();
                text
            }
            #[cfg(feature = "compression")]
            "zst" => zstd::stream::decode_all(&*bytes).unwrap(),
            _ => bytes,
        };
        String::from_utf8(bytes).unwrap()
    }

    /// The ids of the traces in every part that the manifest names, after looking whether each is as it says.
    #[track_caller]
    pub fn ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for part in &self.manifest().parts {
            let bytes = fs::read(self.path().join(&part.path)).unwrap();
            let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!((bytes.len() as u64, digest), (part.bytes, part.sha256.clone()), "{}", part.path);
            let lines: Vec<Value> =
                self.text(&part.path).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!((lines.len() as u64, part.traces), (part.rows, part.rows), "{}", part.path);
            for line in &lines {
                let experiment = &line["info"]["trace_location"]["mlflow_experiment"]["experiment_id"];
                assert_eq!(Some(experiment), part.experiment_id.as_ref().map(|id| json!(id)).as_ref(), "{}", part.path);
                ids.push(line["info"]["trace_id"].as_str().unwrap().to_owned());
            }
        }
        ids
    }
}

fn collect(root: &Path, folder: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if root.join(&path).is_dir() {
            collect(root, &path, found);
        } else {
            found.insert(path);
        }
    }
}

pub fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

/// A plain trace that starts so many milliseconds after the others begin.
pub fn at(number: u32, after_ms: i64) -> Seed {
    let mut seed = Seed::new(number);
    seed.info["request_time"] = rfc3339_utc(BASE_MS + after_ms).into();
    seed
}

#[test]
fn the_gallery_of_directories() {
    let fake = Fake::with((1..=5).map(|number| Seed::new(number).tag("team", "search")));
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = Gallery::new("export_directory").hiding_times();
    let mut scene = |title: &str, arguments: &[&str], code: i32| {
        let ended = fake.program(&[&["export"], arguments].concat()).in_folder(folder.path()).run().exits(code);
        gallery.scene(title, &ended);
    };
    scene("a directory", &["archive/", "--split", "2"], 0);
    scene("the same again", &["archive", "--split", "2"], 0);
    scene("another filter", &["archive", "--split", "2", "--status", "ERROR"], 7);
    scene("other options", &["archive", "--spans", "--compress", "gzip"], 7);
    fs::write(folder.path().join("archive/part-00001.jsonl"), "cut").unwrap();
    scene("a damaged part", &["archive", "--split", "2"], 7);
    fs::remove_file(folder.path().join("archive/part-00001.jsonl")).unwrap();
    scene("a missing part", &["archive", "--split", "2"], 7);
    fs::remove_file(folder.path().join("archive/manifest.json")).unwrap();
    scene("parts without a manifest", &["archive", "--split", "2"], 7);
    fs::write(folder.path().join("archive/manifest.json"), "{}").unwrap();
    scene("another manifest", &["archive", "--split", "2"], 7);
    scene("what was taken out", &["redacted/", "--redact", "/question/", "--hash", "tags.team", "--no-content"], 0);
    scene("nothing matches", &["empty/", "--filter", "tags.team = 'no'"], 0);
    gallery.check();
}

#[test]
fn a_manifest_says_what_is_there() {
    let place = Place::new();
    let fake = Fake::with((1..=5).map(Seed::new).chain([Seed::new(6).experiment(CHECKOUT)]));
    fake.run(&["export", &place.typed(), "--split", "2", "--spans", "--sample", "1", "--since", "2026-11-01"])
        .succeeds();
    let manifest = place.manifest();
    assert_eq!(manifest.source.tracking_uri, fake.uri());
    assert_eq!(manifest.source.mlflow_version.as_deref(), Some("3.17.2"));
    assert_eq!(json!(manifest.source.experiments), json!({"1": "my-app"}));
    assert_eq!(
        (manifest.query.format.as_str(), manifest.query.spans, manifest.query.filter.as_str()),
        ("jsonl", true, "")
    );
    assert_eq!(
        json!(manifest.query.options),
        json!({"since": "2026-11-01T00:00:00Z", "split": 2, "sample": 1.0, "experiments": ["1"]})
    );
    assert_eq!(json!(manifest.window), json!({"oldest_ms": 1_793_491_200_000_i64, "newest_ms": BASE_MS + 5000}));
    assert!(manifest.complete && manifest.finished.is_some());
    assert_eq!((manifest.counts.traces, manifest.counts.spans, manifest.counts.assessments), (5, 5, 0));
    let parts = &manifest.parts;
    assert_eq!(parts.iter().map(|part| part.traces).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(json!(parts[0].window), json!({"oldest_ms": BASE_MS + 4000, "newest_ms": BASE_MS + 5000}));
    assert_eq!(json!(parts[0].boundary), json!([id(4)]));
    assert_eq!(manifest.counts.bytes, parts.iter().map(|part| part.bytes).sum::<u64>());
    assert_eq!(place.ids(), [id(5), id(4), id(3), id(2), id(1)]);
    let names = ["manifest.json", "part-00000.jsonl", "part-00001.jsonl", "part-00002.jsonl"];
    assert_eq!(place.names(), names.map(str::to_owned).into());
}

#[test]
fn a_server_that_does_not_tell_its_version_is_no_failure() {
    let place = Place::new();
    let fake = Fake::with_many(1);
    fake.fail(Rule::every("GET /version"), Failure::status(401, "You are not authenticated."));
    fake.run(&["export", &place.typed()]).succeeds();
    assert_eq!(place.manifest().source.mlflow_version, None);
}

#[test]
fn experiments_have_parts_of_their_own() {
    let place = Place::new();
    let seeds = (1..=6).map(|number| Seed::new(number).experiment(if number % 2 == 0 { APP } else { CHECKOUT }));
    let fake = Fake::with(seeds);
    fake.bare(&["export", &place.typed(), "--all-experiments"]).run().succeeds();
    assert_eq!(place.manifest().parts.len(), 2);
    assert_eq!(sorted(place.ids()), (1..=6).map(id).collect::<Vec<_>>());
    fake.bare(&["export", &place.typed(), "-x", "my-app"]).run().exits(7).tells("--experiments is all, not [\"1\"]");
}

#[test]
fn parts_are_cut_by_day_hour_and_number() {
    const HOUR: i64 = 3_600_000;
    // 8:00, 8:01, 9:00, and the next day at 7:59 and 8:00.
    let starts = [0, 60_000, HOUR, 24 * HOUR - 60_000, 24 * HOUR];
    let fake = Fake::with(starts.iter().zip(1..).map(|(after, number)| at(number, *after)));
    let parts = |split: &str| {
        let place = Place::new();
        fake.run(&["export", &place.typed(), "--split", split]).succeeds();
        assert_eq!(place.ids(), [id(5), id(4), id(3), id(2), id(1)]);
        place.manifest().parts.iter().map(|part| part.traces).collect::<Vec<_>>()
    };
    assert_eq!(parts("day"), [2, 3]);
    assert_eq!(parts("hour"), [1, 1, 1, 2]);
    assert_eq!(parts("4"), [4, 1]);
    assert_eq!(parts("100"), [5]);
    fake.run(&["export", "x/", "--split", "week"]).exits(2).tells("expected day, hour or a number of traces");
}

#[test]
fn a_failed_export_goes_on_where_it_was_cut_off() {
    let place = Place::new();
    let fake = Fake::with_many(1300);
    fake.fail(Rule::nth(4, "traces/search"), Failure::status(403, "Permission denied"));
    let export = ["export", &place.typed(), "--split", "300"];
    fake.run(&export).exits(4).tells("run the same command again to resume");
    let manifest = place.manifest();
    assert!(!manifest.complete && manifest.finished.is_none());
    let there = manifest.counts.traces;
    assert!((300..1300).contains(&there), "{there}");
    let asked = fake.asked("traces/search").len();
    fake.run(&export).succeeds().tells(&format!("Wrote {} traces to", 1300 - there)).tells("which now holds 1,300 in ");
    assert!(place.manifest().complete);
    assert_eq!(place.ids(), (1..=1300).rev().map(id).collect::<Vec<_>>());
    let after = fake.bodies("traces/search")[asked..].to_vec();
    let last = manifest.parts.last().unwrap().window.oldest_ms.unwrap();
    let closed = format!("timestamp_ms <= {last}");
    assert!(after[0]["filter"].as_str().unwrap().contains(&closed), "whole parts are not fetched again: {}", after[0]);
    assert_eq!(place.manifest().started, manifest.started);
    let asked = fake.asked("traces/").len();
    fake.run(&export).succeeds().tells("is already complete: 1,300 traces in ");
    assert_eq!(fake.asked("traces/").len(), asked, "nothing is asked for twice");
}

#[test]
fn traces_of_one_millisecond_fill_several_parts() {
    let place = Place::new();
    let fake = Fake::with((1..=700).map(|number| at(number, if number <= 650 { 0 } else { i64::from(number) })));
    fake.fail(Rule::nth(3, "traces/search"), Failure::status(403, "Permission denied"));
    let export = ["export", &place.typed(), "--split", "100"];
    fake.run(&export).exits(4);
    let there = place.manifest().counts.traces;
    assert!((1..700).contains(&there), "{there}");
    fake.run(&export).succeeds();
    assert_eq!(sorted(place.ids()), (1..=700).map(id).collect::<Vec<_>>());
    assert_eq!(place.manifest().parts.last().unwrap().boundary.len(), 650);
}

#[test]
fn what_starts_after_an_export_begins_is_left_out() {
    let place = Place::new();
    let fake = Fake::with_many(900);
    // The first search asks for the newest end; the export itself is under way at the third.
    fake.before(Rule::nth(3, "traces/search"), |state| state.add((901..=905).map(Seed::new)));
    fake.run(&["export", &place.typed()]).succeeds();
    assert_eq!(place.manifest().window.newest_ms, Some(BASE_MS + 900_000));
    assert_eq!(sorted(place.ids()), (1..=900).map(id).collect::<Vec<_>>());
}

#[test]
fn what_a_killed_run_left_is_swept_away() {
    let place = Place::new();
    let fake = Fake::with_many(10);
    fake.fail(Rule::nth(2, "traces/search"), Failure::status(403, "Permission denied"));
    fake.run(&["export", &place.typed()]).exits(4);
    for name in ["part-00000.jsonl", "part-00001.jsonl.part", "part-00007.csv"] {
        fs::write(place.path().join(name), "half").unwrap();
    }
    fs::write(place.path().join("notes.txt"), "mine").unwrap();
    fake.run(&["export", &place.typed()]).succeeds();
    assert_eq!(place.ids().len(), 10);
    let names = ["manifest.json", "notes.txt", "part-00000.jsonl"];
    assert_eq!(place.names(), names.map(str::to_owned).into());
}

#[test]
fn an_interrupted_export_keeps_what_it_read_and_says_how_to_go_on() {
    let place = Place::new();
    let fake = Fake::with_many(1200);
    fake.fail(Rule::nth(4, "traces/search"), Failure::Stall);
    let export = ["export", &place.typed(), "--split", "400"];
    let running = fake.program(&export).start();
    while fake.asked("traces/search").len() < 4 {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(600));
    running.interrupt();
    let ended = running.ends().exits(130).tells("Interrupted.");
    let ended = ended.tells("run the same command again to resume").prints_nothing();
    assert!(!ended.stderr.contains("error"), "{ended}");
    assert!(place.ids().len() >= 400);
    assert_eq!(place.with_ending("part"), 0);
    fake.run(&export).succeeds();
    assert_eq!(sorted(place.ids()), (1..=1200).map(id).collect::<Vec<_>>());
}

#[test]
fn two_exports_into_one_directory_do_not_mix() {
    let place = Place::new();
    let fake = Fake::with_many(900);
    let manifest = place.path().join("manifest.json");
    // In the middle of the run somebody else writes the manifest.
    fake.before(Rule::nth(3, "traces/search"), move |_| {
        let mut other: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
        other["started"] = "2026-01-01T00:00:00Z".into();
        fs::write(&manifest, other.to_string()).unwrap();
    });
    let ended = fake.run(&["export", &place.typed(), "--split", "800"]).exits(7);
    ended.tells("another export is writing to");
    assert_eq!(place.names(), ["manifest.json".to_owned()].into());
}

#[test]
fn traces_without_their_spans_are_named_in_the_manifest() {
    let place = Place::new();
    let fake =
        Fake::with([Seed::new(1), Seed::new(2).with_lost_file(), Seed::new(3).with_lost_file().state("IN_PROGRESS")]);
    let export = ["export", &place.typed(), "--spans"];
    fake.run(&export).exits(3).tells(&id(2)).tells("the spans of 2 of 3 traces could not be read");
    let manifest = place.manifest();
    assert!(manifest.complete);
    let failed: Vec<_> = manifest.failed.iter().map(|one| (one.trace_id.to_string(), one.kind.as_str())).collect();
    assert_eq!(failed, [(id(3), "spans-missing"), (id(2), "spans-missing")]);
    assert_eq!(place.ids().len(), 3);
    fake.run(&export).exits(3).tells("is already complete");
}

#[test]
fn a_sample_is_the_same_every_time_and_when_it_is_gone_on_with() {
    let fake = Fake::with_many(1000);
    let whole = Place::new();
    fake.run(&["export", &whole.typed(), "--sample", "0.2"]).succeeds();
    let chosen = whole.ids();
    assert!((150..250).contains(&chosen.len()), "{}", chosen.len());
    let cut = Place::new();
    fake.fail(Rule::nth(3, "traces/search"), Failure::status(403, "Permission denied"));
    let export = ["export", &cut.typed(), "--sample", "0.2", "--split", "30"];
    fake.run(&export).exits(4);
    assert!(cut.ids().len() < chosen.len());
    fake.run(&export).succeeds();
    assert_eq!(cut.ids(), chosen);
}

#[test]
fn relative_times_stay_what_they_were_when_an_export_goes_on() {
    let place = Place::new();
    let fake = Fake::with((1..=600).map(|number| Seed::new(number).days_old(1)).chain([Seed::new(601).days_old(9)]));
    fake.fail(Rule::nth(3, "traces/search"), Failure::status(403, "Permission denied"));
    let export = ["export", &place.typed(), "--since", "7d", "--until", "1h"];
    fake.run(&export).exits(4);
    let window = place.manifest().window;
    fake.run(&export).succeeds();
    assert_eq!(place.manifest().window, window);
    assert_eq!(sorted(place.ids()), (1..=600).map(id).collect::<Vec<_>>());
    fake.run(&["export", &place.typed(), "--since", "8d", "--until", "1h"])
        .exits(7)
        .tells("--since is 604800000ms ago");
}

#[test]
fn an_archive_is_exported_from_an_archive() {
    let place = Place::new();
    let fake = Fake::new();
    let demo = ["export", &place.typed(), "-u", "demo", "--spans"];
    fake.bare(&demo).run().succeeds().tells("Wrote ");
    let manifest = place.manifest();
    assert_eq!((manifest.source.tracking_uri.as_str(), manifest.source.mlflow_version), ("demo", None));
    assert_eq!(json!(manifest.source.experiments), json!({"1": "support-bot", "2": "rag-search"}));
    let count = fake.bare(&["count", "-u", "demo"]).run().succeeds();
    assert_eq!(count.stdout.trim(), manifest.counts.traces.to_string());
    assert_eq!(place.ids().len() as u64, manifest.counts.traces);
}
