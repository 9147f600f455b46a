//! Retention while the world is not as it should be: spans and artifacts that cannot be read, archives that vanish or are
//! damaged, clocks that are wrong, a server that ignores filters or answers in another shape, traces that change after the
//! plan. Whatever happens, what is to be kept is kept, and what was deleted is in an archive.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fastrand::Rng;
use serde_json::json;

use super::killed::Measure;
use super::stage::{Stage, Tally};
use super::{Seed, seeds};
use crate::harness::{Live, live, texts};
use crate::support::fault_proxy::Bend;
use crate::support::http::{Answer, Request};
use crate::support::{Ended, Program};

/// One more than a batch of deletions takes.
const FREE: usize = 120;
/// The ways in which the world fails.
const KINDS: u64 = Failure::ALL.len() as u64;
/// Unless the environment says otherwise, the seeds of these runs: artifacts down, filters ignored, a clock ahead, an archive
/// that is damaged. What changes after a plan has tests of its own.
const USUAL: [u64; 4] = [1, 4, 6, 10];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Failure {
    None,
    /// The server does not reach its artifact store any more, and says so as servers do.
    ArtifactsDown,
    /// Spans are answered with an error.
    SpansFail,
    /// Spans are answered cut off in the middle.
    SpansTorn,
    /// Searches find everything, whatever they ask for.
    FiltersIgnored,
    /// Every other answer has another shape.
    OtherShapes,
    /// The server's clock is years ahead.
    ClockAhead,
    /// The server sends no time.
    NoClock,
    /// The archive is moved away.
    ArchiveGone,
    /// A part of the archive is cut off.
    ArchiveCut,
    /// A byte of the archive is another one.
    ArchiveFlipped,
    /// After the plan a span comes late.
    LateSpan,
    /// After the plan a trace is logged again under its id.
    LoggedAgain,
    /// After the plan somebody judges a trace.
    Judged,
    /// After the plan a trace is linked to a run.
    Linked,
    /// After the plan a trace is tagged.
    Tagged,
}

impl Failure {
    const ALL: [Self; 16] = [
        Self::None,
        Self::ArtifactsDown,
        Self::SpansFail,
        Self::SpansTorn,
        Self::FiltersIgnored,
        Self::OtherShapes,
        Self::ClockAhead,
        Self::NoClock,
        Self::ArchiveGone,
        Self::ArchiveCut,
        Self::ArchiveFlipped,
        Self::LateSpan,
        Self::LoggedAgain,
        Self::Judged,
        Self::Linked,
        Self::Tagged,
    ];

    fn of(seed: u64) -> Self {
        Self::ALL[usize::try_from(seed % KINDS).unwrap()]
    }

    /// What somebody does to a trace after the plan, as `change_one` of the helper knows it.
    fn change(self) -> Option<&'static str> {
        match self {
            Self::LateSpan => Some("span"),
            Self::LoggedAgain => Some("again"),
            Self::Judged => Some("feedback"),
            Self::Linked => Some("link"),
            Self::Tagged => Some("tag"),
            _ => None,
        }
    }

    /// What becomes of requests.
    fn bend(self, seed: u64) -> Option<Arc<Bend>> {
        Some(match self {
            Self::ArtifactsDown => Arc::new(artifacts_down),
            Self::SpansFail => Arc::new(spans_fail),
            Self::SpansTorn => Arc::new(spans_torn),
            Self::FiltersIgnored => Arc::new(filters_ignored),
            Self::OtherShapes => {
                let count = AtomicUsize::new(usize::try_from(seed).unwrap());
                Arc::new(move |request, ask| other_shapes(&count, request, ask))
            }
            Self::ClockAhead => {
                Arc::new(|request, ask| Some(with_date(ask(request)?, "Mon, 26 Nov 2029 08:00:00 GMT")))
            }
            Self::NoClock => Arc::new(|request, ask| Some(with_date(ask(request)?, "who knows"))),
            _ => return None,
        })
    }

    /// What becomes of the archive.
    fn ruin(self) -> Option<fn(&Path)> {
        match self {
            Self::ArchiveGone => Some(|archive| {
                let _ = fs::rename(archive, archive.with_extension("away"));
            }),
            Self::ArchiveCut => Some(|archive| ruin_parts(archive, |bytes| bytes.truncate(bytes.len() / 2))),
            Self::ArchiveFlipped => Some(|archive| {
                ruin_parts(archive, |bytes| {
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                });
            }),
            _ => None,
        }
    }
}

fn is_of_spans(request: &Request) -> bool {
    ["/traces/batchGet", "/traces/get", "/get-trace-artifact"].iter().any(|end| request.path.ends_with(end))
}

fn artifacts_down(request: &Request, ask: &dyn Fn(&Request) -> Option<Answer>) -> Option<Answer> {
    let error = |status, code: &str, message: &str| {
        Some(Answer::json(status, &json!({"error_code": code, "message": message})))
    };
    if request.path.ends_with("/get-trace-artifact") {
        error(404, "RESOURCE_DOES_NOT_EXIST", "Trace data not found for path=traces.json")
    } else if request.path.contains("/mlflow-artifacts/") {
        error(500, "INTERNAL_ERROR", "the bucket does not answer")
    } else {
        ask(request)
    }
}

fn spans_fail(request: &Request, ask: &dyn Fn(&Request) -> Option<Answer>) -> Option<Answer> {
    let error = json!({"error_code": "INTERNAL_ERROR", "message": "a span cannot be read"});
    if is_of_spans(request) { Some(Answer::json(500, &error)) } else { ask(request) }
}

fn spans_torn(request: &Request, ask: &dyn Fn(&Request) -> Option<Answer>) -> Option<Answer> {
    let mut answer = ask(request)?;
    if is_of_spans(request) {
        let half = (0..=answer.body.len() / 2).rev().find(|end| answer.body.is_char_boundary(*end)).unwrap();
        answer.body.truncate(half);
    }
    Some(answer)
}

fn filters_ignored(request: &Request, ask: &dyn Fn(&Request) -> Option<Answer>) -> Option<Answer> {
    let mut request = request.clone();
    if request.path.ends_with("/traces/search") {
        let mut body = request.json();
        body.as_object_mut().unwrap().remove("filter");
        request.body = body.to_string();
        request.bytes = request.body.clone().into_bytes();
    }
    ask(&request)
}

fn other_shapes(count: &AtomicUsize, request: &Request, ask: &dyn Fn(&Request) -> Option<Answer>) -> Option<Answer> {
    let shapes = [
        "{}",
        "[]",
        "null",
        "{\"traces\": null}",
        "{\"traces\": {}}",
        "{\"error_code\": \"INTERNAL_ERROR\", \"message\": \"no\"}",
        "{\"data\": [], \"traces\": [{}]}",
        "{\"experiment\": {}}",
    ];
    let answer = ask(request)?;
    let number = count.fetch_add(1, Ordering::Relaxed);
    // What deletes is answered as it is: only then is known what happened.
    if number.is_multiple_of(2) || request.path.ends_with("/delete-traces") {
        return Some(answer);
    }
    Some(Answer::new(200, "application/json", shapes[number / 2 % shapes.len()]))
}

fn with_date(mut answer: Answer, date: &str) -> Answer {
    answer.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("date"));
    answer.header("Date", date)
}

/// The files of an archive that hold traces.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(parts(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "jsonl" || extension == "zst" || extension == "gz")
        {
            found.push(path);
        }
    }
    found
}

fn ruin_parts(archive: &Path, ruin: impl Fn(&mut Vec<u8>)) {
    for part in parts(archive) {
        let mut bytes = fs::read(&part).unwrap();
        if !bytes.is_empty() {
            ruin(&mut bytes);
            fs::write(&part, bytes).unwrap();
        }
    }
}

/// Copies a folder as it is.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).into_iter().flatten() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The ids of whole traces in an archive, each with a span; none if it cannot be read.
fn archived(folder: &Path) -> BTreeSet<String> {
    let uri = format!("file:{}", folder.display());
    let search = ["search", "-u", uri.as_str(), "span.name LIKE '%'", "--verify", "--all", "-o", "ids"];
    let ended = Program::new(search).run().ends();
    if ended.code == Some(0) { ended.lines().into_iter().collect() } else { BTreeSet::new() }
}

/// A policy over traces of every kind.
struct Scene {
    stage: Stage,
    free: BTreeSet<String>,
    /// What is to be kept, by its reason.
    kept: BTreeMap<String, String>,
    policy: String,
}

impl Scene {
    fn new(live: &'static Live) -> Self {
        let stage = Stage::new(live);
        let world = live.call("seed_world", &json!({"experiment": stage.experiment.id, "free": FREE}));
        let kept = serde_json::from_value(world["kept"].clone()).unwrap();
        let policy = stage.path("retention.toml");
        let text = format!(
            "[[rule]]\nname = \"world\"\nexperiments = [\"{}\"]\nkeep_within = \"30d\"\narchive_to = \"{}\"\nkeep_if = [\
             \"tags.keep = 'true'\", \"span.name = 'precious'\", \"span(type = 'GUARDRAIL' AND status != 'ERROR')\", \
             \"metadata.note LIKE '%LEGAL HOLD%'\", \"run_id IS NOT NULL\", \"feedback.helpful = true\"]\n",
            stage.experiment.id,
            stage.path("archive")
        );
        fs::write(&policy, text).unwrap();
        stage.look();
        Self { free: texts(world["free"].clone()).into_iter().collect(), stage, kept, policy }
    }

    fn archive(&self) -> PathBuf {
        self.stage.folder().join("archive")
    }

    fn run(&self, words: &[&str]) -> Ended {
        let command: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let ended = self.stage.run(&command).ends();
        self.stage.proxy.settle();
        ended
    }

    fn by_policy(&self) -> Ended {
        self.run(&["retention", "run", "--policy", &self.policy, "--allow-growth", "--yes", "-o", "json"])
    }

    fn left(&self) -> BTreeSet<String> {
        self.stage.experiment.ids().into_iter().collect()
    }

    /// Asserts that what is to be kept is there, and returns what is gone.
    fn gone(&self, ended: &Ended) -> BTreeSet<String> {
        let left = self.left();
        for (reason, id) in &self.kept {
            assert!(left.contains(id), "deleted, although to be kept by its {reason}: {id}\n{ended}");
        }
        &self.free - &left
    }

    /// Asserts that each deletion that was sent after the archive was ruined is of traces that a whole archive holds.
    fn check_archived(&self, gone: &BTreeSet<String>, ruined: Option<(usize, &Path)>, ended: &Ended) {
        let now = archived(&self.archive());
        let before = ruined.map(|(_, copy)| archived(copy)).unwrap_or_default();
        let lost = &(gone - &now) - &before;
        assert!(lost.is_empty(), "deleted and in no archive: {lost:?}\n{ended}");
        let Some((number, _)) = ruined else { return };
        for change in self.stage.proxy.changes().iter().filter(|change| change.number > number) {
            let late: BTreeSet<String> = texts(change.body["request_ids"].clone()).into_iter().collect();
            assert!(late.is_subset(&now), "deleted after its archive was ruined: {:?}\n{ended}", &late - &now);
        }
    }
}

/// What held of the runs of one failure.
#[derive(Debug, Default)]
struct Told {
    runs: usize,
    stopped: usize,
    deleted: usize,
}

/// The failure begins at a random moment of a run; then the world is mended, and the run is repeated.
fn fails_meanwhile(scene: &Scene, failure: Failure, seed: u64, measure: &Measure, tally: &mut Tally) -> Ended {
    let mut rng = Rng::with_seed(seed);
    // A clock is wrong from the start every other time.
    let is_clock = matches!(failure, Failure::ClockAhead | Failure::NoClock) && (seed / KINDS).is_multiple_of(2);
    let at = if is_clock { 1 } else { rng.usize(1..=measure.requests) };
    let proxy = &scene.stage.proxy;
    let copied = scene.stage.folder().join("before");
    if let Some(bend) = failure.bend(seed) {
        proxy.bend(at, bend);
    }
    if let Some(ruin) = failure.ruin() {
        let (archive, copied) = (scene.archive(), copied.clone());
        proxy.meanwhile(at, move || {
            copy(&archive, &copied);
            ruin(&archive);
        });
    }
    // Every third time requests are lost, too.
    let noise = if seed / KINDS % 3 == 2 { 12 } else { 0 };
    proxy.disturb(seed, noise);
    let begun = proxy.requests();
    let ended = scene.by_policy();
    tally.ended(&ended);
    proxy.calm();
    let ruined = failure.ruin().map(|_| (begun + at, copied.as_path()));
    let gone = scene.gone(&ended);
    scene.check_archived(&gone, ruined, &ended);
    if is_clock && noise == 0 {
        assert_eq!((ended.code, gone.len()), (Some(7), 0), "{ended}");
    }
    ended
}

/// Somebody else changes a trace after the plan, which is then applied.
fn changes_after_the_plan(scene: &Scene, how: &str, seed: u64, tally: &mut Tally) -> Ended {
    let mut rng = Rng::with_seed(seed);
    let plan = scene.stage.path("plan.jsonl");
    let planned = scene.run(&["retention", "run", "--policy", &scene.policy, "--plan", &plan]);
    assert_eq!(planned.code, Some(0), "{planned}");
    let stored: Vec<&String> = scene.free.iter().collect();
    let trace = loop {
        // The one whose spans are in a file takes no late spans.
        let trace = stored[rng.usize(..stored.len())].clone();
        if scene.stage.live.info(&trace)["tags"]["mlflow.trace.spansLocation"] == "TRACKING_STORE" {
            break trace;
        }
    };
    scene.stage.live.call("change_one", &json!({"experiment": scene.stage.experiment.id, "trace": trace, "how": how}));
    scene.stage.proxy.disturb(seed, if seed / KINDS % 3 == 2 { 12 } else { 0 });
    let ended = scene.run(&["apply", &plan, "--yes", "-o", "json"]);
    tally.ended(&ended);
    scene.stage.proxy.calm();
    let gone = scene.gone(&ended);
    assert!(!gone.contains(&trace), "deleted, although {how} said to keep it: {trace}\n{ended}");
    scene.check_archived(&gone, None, &ended);
    let peace = scene.by_policy();
    assert!(!scene.gone(&peace).contains(&trace), "{peace}");
    ended
}

fn measure(live: &'static Live) -> Measure {
    let scene = Scene::new(live);
    let before = scene.stage.proxy.requests();
    let ended = scene.by_policy();
    assert_eq!((ended.code, scene.gone(&ended).len()), (Some(0), scene.free.len()), "{ended}");
    scene.check_archived(&scene.free, None, &ended);
    Measure::of(scene.stage.proxy.requests() - before)
}

#[test]
fn no_failure_of_the_world_deletes_what_is_to_be_kept() {
    let Some(live) = live() else { return };
    let measure = measure(live);
    let mut tally = Tally::default();
    let mut told: BTreeMap<Failure, Told> = BTreeMap::new();
    let asked = std::env::var_os("MLFLOW_TRACE_FAULT_RUNS").is_some();
    for seed in if asked { seeds().collect() } else { USUAL.to_vec() } {
        let named = Seed("a failing world", seed);
        let failure = Failure::of(seed);
        let scene = Scene::new(live);
        let ended = match failure.change() {
            Some(how) => changes_after_the_plan(&scene, how, seed, &mut tally),
            None => fails_meanwhile(&scene, failure, seed, &measure, &mut tally),
        };
        let told = told.entry(failure).or_default();
        told.runs += 1;
        told.stopped += usize::from(ended.code != Some(0));
        told.deleted += usize::from(!scene.gone(&ended).is_empty());
        if failure.ruin().is_none() {
            // The world is mended: what is free goes, or what is left of it is told.
            let last = scene.by_policy();
            let left = &scene.free & &scene.left();
            assert!(left.is_empty() == (last.code == Some(0)) || failure.change().is_some(), "{left:?} {last}");
        }
        tally.add(&scene.stage);
        drop(named);
    }
    tell(&told);
    tally.tell("a failing world");
}

fn tell(told: &BTreeMap<Failure, Told>) {
    if std::env::var_os("MLFLOW_TRACE_FAULT_RUNS").is_some() {
        for (failure, Told { runs, stopped, deleted }) in told {
            let words = format!("{runs} runs, {stopped} not 0, {deleted} with deletions");
            let _ = writeln!(std::io::stderr(), "{failure:?}: {words}");
        }
    }
}
