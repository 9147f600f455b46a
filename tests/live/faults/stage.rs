//! An experiment of one run, a proxy before its server, and a state folder.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use fastrand::Rng;
use mlflow_trace::changes::journal::{Entry, Journal, Recorded};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Experiment, Live, list, texts};
use crate::support::fault_proxy::{Change, Fault, FaultProxy};
use crate::support::{Ended, Program, Run};

/// What the server holds of a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Its assessments, overridden ones too.
    pub assessments: Vec<Value>,
}

/// What the server holds of an experiment, by trace.
pub type Stock = BTreeMap<String, Stored>;

/// Traces that are alike: how many, how many days old, with which tags.
pub type Group<'a> = (usize, u32, &'a [(&'a str, &'a str)]);

/// Where a run takes place.
pub struct Stage {
    /// For what goes past the proxy.
    pub live: &'static Live,
    /// With no traces at first.
    pub experiment: Experiment<'static>,
    /// Between the program and the server.
    pub proxy: FaultProxy,
    folder: TempDir,
    seen: RefCell<Seen>,
    spared: Cell<usize>,
}

/// What was looked at already.
#[derive(Default)]
struct Seen {
    stock: Stock,
    changes: usize,
    runs: Vec<String>,
}

/// What happened since the last look.
pub struct Step {
    /// What the server held.
    pub before: Stock,
    /// What it holds.
    pub after: Stock,
    /// What reached it and may have changed it.
    pub changes: Vec<Change>,
    /// The journal that was begun, if one was.
    pub journal: Option<Recorded>,
}

impl Step {
    /// The journal's last word on each change.
    pub fn entries(&self) -> &[Entry] {
        self.journal.as_ref().map_or(&[], |journal| &journal.entries)
    }

    /// The journal's last word on the one change to a trace.
    #[track_caller]
    pub fn entry(&self, trace: &str) -> Option<&Entry> {
        let mut of_trace = self.entries().iter().filter(|entry| entry.trace_id.as_str() == trace);
        let first = of_trace.next();
        assert_eq!(of_trace.next(), None, "{trace} stands in the journal twice");
        first
    }

    /// What reached the server about a trace.
    pub fn changes_of<'a>(&'a self, trace: &'a str) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().filter(move |change| change.trace_id() == trace)
    }
}

impl Stage {
    /// A new experiment, and a proxy that lets everything through.
    pub fn new(live: &'static Live) -> Self {
        let server = live.uri().trim_start_matches("http://").parse().expect("the address of the server");
        let folder = tempfile::tempdir().unwrap();
        Self {
            live,
            experiment: live.experiment(),
            proxy: FaultProxy::new(server),
            folder,
            seen: RefCell::default(),
            spared: Cell::new(0),
        }
    }

    /// Where the journals are, and files of the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file in that folder.
    pub fn path(&self, name: &str) -> String {
        self.folder().join(name).to_str().unwrap().to_owned()
    }

    /// The program behind the proxy. It soon tries again, and soon gives up where answers are held back: a busy machine may
    /// take its time.
    pub fn program(&self, arguments: &[String]) -> Program {
        let uri = self.proxy.uri();
        let timeout = if self.proxy.is_calm() { "100s" } else { "1s" };
        let before = ["-u", &uri, "-x", &self.experiment.name, "--timeout", timeout];
        let program = Program::new(before.into_iter().chain(arguments.iter().map(String::as_str)));
        let settings = [("MAX_RETRIES", "1"), ("BACKOFF_FACTOR", "0.02")];
        let program = program.env("MLFLOW_TRACE_STATE_DIR", self.folder());
        settings
            .into_iter()
            .fold(program, |program, (name, value)| program.env(&format!("MLFLOW_HTTP_REQUEST_{name}"), value))
    }

    /// Runs it.
    pub fn run(&self, arguments: &[String]) -> Run {
        self.program(arguments).run()
    }

    /// Records groups of traces and returns the ids of each.
    pub fn seed(&self, groups: &[Group<'_>]) -> Vec<Vec<String>> {
        let group = |(count, days, tags): &Group<'_>| {
            let tags: BTreeMap<_, _> = tags.iter().copied().collect();
            json!({"count": count, "age_s": u64::from(*days) * 86_400 + 3_600, "tags": tags})
        };
        let groups: Vec<Value> = groups.iter().map(group).collect();
        let ids = self.live.call("seed_groups", &json!({"experiment": self.experiment.id, "groups": groups}));
        list(ids).into_iter().map(texts).collect()
    }

    /// What the server holds, as `MLflow`'s own client reads it past the proxy.
    pub fn stock(&self) -> Stock {
        let states = self.live.call("states", &json!({"experiment": self.experiment.id}));
        let stored = |state: &Value| Stored {
            tags: serde_json::from_value(state["tags"].clone()).unwrap(),
            assessments: list(state["assessments"].clone()),
        };
        states.as_object().unwrap().iter().map(|(id, state)| (id.clone(), stored(state))).collect()
    }

    /// Looks at the scene before the first run.
    pub fn look(&self) -> Stock {
        self.step().after
    }

    /// What happened since the last look. Call [`FaultProxy::settle`] before.
    pub fn step(&self) -> Step {
        let mut seen = self.seen.borrow_mut();
        let new: Vec<String> = self.runs().into_iter().filter(|run| !seen.runs.contains(run)).collect();
        assert!(new.len() <= 1, "one run, several journals: {new:?}");
        let journal = new.first().map(|run| Journal::read(self.folder(), run).unwrap());
        let changes = self.proxy.changes().split_off(seen.changes);
        let after = self.stock();
        let before = std::mem::replace(&mut seen.stock, after.clone());
        seen.changes += changes.len();
        seen.runs.extend(new);
        Step { before, after, changes, journal }
    }

    /// The runs that have a journal, oldest first.
    pub fn runs(&self) -> Vec<String> {
        Journal::list(self.folder()).unwrap().into_iter().map(|header| header.run_id).collect()
    }

    /// Whether the last run wrote down that it came to its end.
    pub fn is_finished(&self) -> bool {
        let last = self.runs().pop();
        last.is_some_and(|run| Journal::read(self.folder(), &run).unwrap().finished.is_some())
    }

    /// Takes note of traces that were spared.
    pub fn note_spared(&self, traces: usize) {
        self.spared.set(self.spared.get() + traces);
    }

    /// Takes every run back, the last one first.
    pub fn undo_all(&self) {
        for run in self.runs().iter().rev() {
            self.run(&["undo".to_owned(), run.clone()]).succeeds();
        }
    }

    /// Tags a trace past the proxy just before the n-th request from now.
    pub fn tag_meanwhile(&self, n: usize, trace: &str, key: &'static str, value: &'static str) {
        let (live, trace) = (self.live, trace.to_owned());
        self.proxy.meanwhile(n, move || {
            live.call("set_tag_if_there", &json!({"trace": trace, "key": key, "value": value}));
        });
    }
}

/// 30 to 60 traces, and more than one batch of them now and then.
pub fn size(rng: &mut Rng) -> usize {
    if rng.u8(..8) == 0 { rng.usize(110..=150) } else { rng.usize(30..=60) }
}

/// One of them.
pub fn one_of(rng: &mut Rng, ids: &BTreeSet<String>) -> String {
    ids.iter().nth(rng.usize(..ids.len())).unwrap().clone()
}

/// How often what went wrong.
#[derive(Default)]
pub struct Tally {
    runs: usize,
    requests: usize,
    changes: usize,
    retries: usize,
    faults: BTreeMap<Fault, usize>,
    codes: BTreeMap<Option<i32>, usize>,
    kills: usize,
    /// Kills that came when something was changed already.
    hits: usize,
    /// Traces that were spared because they no longer matched.
    spared: usize,
}

impl Tally {
    /// A program ended.
    pub fn ended(&mut self, ended: &Ended) {
        self.runs += 1;
        *self.codes.entry(ended.code).or_default() += 1;
        self.retries += ended.stderr.matches("; trying again in").count();
    }

    /// It was killed, after the first change or before.
    pub fn killed(&mut self, has_changed: bool) {
        self.kills += 1;
        self.hits += usize::from(has_changed);
    }

    /// How many kills came after the first change.
    pub fn hits(&self) -> usize {
        self.hits
    }

    /// How many requests went wrong.
    pub fn faults(&self) -> usize {
        self.faults.values().sum()
    }

    /// A stage is done with.
    pub fn add(&mut self, stage: &Stage) {
        self.requests += stage.proxy.requests();
        self.changes += stage.proxy.changes().len();
        self.spared += stage.spared.get();
        for (fault, number) in stage.proxy.faults() {
            *self.faults.entry(fault).or_default() += number;
        }
    }

    /// Says so, where many runs were asked for.
    pub fn tell(&self, name: &str) {
        if std::env::var_os("MLFLOW_TRACE_FAULT_RUNS").is_none() {
            return;
        }
        let Self { runs, requests, changes, retries, faults, codes, kills, hits, spared } = self;
        let of_kind = |fault| format!("{fault:?} {}", faults.get(&fault).copied().unwrap_or(0));
        let faults: Vec<String> = Fault::ALL.into_iter().map(of_kind).collect();
        // Not `eprintln!`, which the test runner would swallow.
        let _ = writeln!(
            std::io::stderr(),
            "{name}: {runs} runs, exit codes {codes:?}, {kills} killed, {hits} of them after the first change; {requests} \
             requests, {changes} of them changes, {retries} retries; {spared} traces spared; {}",
            faults.join(", ")
        );
    }
}
