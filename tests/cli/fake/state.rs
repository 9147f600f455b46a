//! What the server holds.

use std::collections::{BTreeMap, BTreeSet};

use mlflow_trace::model::{Assessment, Span, Trace, TraceId, TraceInfo};
use serde_json::{Map, Value};

use super::seed::{BASE_MS, Seed};

/// An experiment.
#[derive(Clone, Debug)]
pub struct Experiment {
    pub id: String,
    pub name: String,
    pub deleted: bool,
    pub created_ms: i64,
}

impl Experiment {
    fn new(id: &str, name: &str) -> Self {
        Self { id: id.into(), name: name.into(), deleted: false, created_ms: BASE_MS }
    }
}

/// A trace with its spans as the REST API writes them.
#[derive(Clone, Debug)]
pub struct Stored {
    pub trace: Trace,
    /// As `traces/get` answers.
    pub spans: Vec<Value>,
    /// Whether the file with its spans is missing.
    pub lost: bool,
    /// Whether its tag says the database although its spans are in a file.
    pub mislabelled: bool,
}

impl Stored {
    pub fn info(&self) -> &TraceInfo {
        &self.trace.info
    }

    pub fn id(&self) -> &str {
        self.trace.info.trace_id.as_str()
    }

    pub fn experiment(&self) -> String {
        self.trace.info.experiment_id().map(|id| id.to_string()).unwrap_or_default()
    }

    /// Whether its spans are in a file and not in the database.
    pub fn in_artifact(&self) -> bool {
        self.mislabelled || self.trace.info.spans_location().is_none()
    }
}

/// What a database takes for equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Equality {
    #[default]
    Exact,
    /// Also texts that differ in the case of letters and in blanks at the end.
    Loose,
}

/// Experiments and traces.
#[derive(Default)]
pub struct State {
    pub experiments: Vec<Experiment>,
    pub traces: Vec<Stored>,
    /// Evaluation datasets.
    pub datasets: Vec<super::Dataset>,
    /// As the server answers, with `experiment_id` and `name`.
    pub label_schemas: Vec<Value>,
    /// Paths of files in the artifact store, of which deleting traces takes none.
    pub files: BTreeSet<String>,
    /// Attachments by trace and id.
    pub attachments: BTreeMap<(String, String), String>,
    /// Whether something between here and the server takes the filter out of every search.
    pub ignores_filters: bool,
    /// Whether it answers with the traces of all experiments.
    pub ignores_experiments: bool,
    /// The version of `MLflow`, where it is older than 3.17.
    pub version: Option<&'static str>,
    /// What its database takes for equal where nobody asks it to be exact.
    pub equality: Equality,
    /// Whether the server cannot reach its artifact store.
    pub artifacts_down: bool,
    /// Traces that are there and not for whoever asks: batches and searches leave them out, and by themselves they are 403, as
    /// is then every trace that does not exist.
    pub hidden: BTreeSet<String>,
    /// Fields that answers give another value, by the ids of traces; null takes none away, it is null.
    pub odd: BTreeMap<String, Map<String, Value>>,
    /// What is to be seen in workspaces beside the default one.
    pub workspaces: BTreeMap<String, State>,
}

impl State {
    /// An info as answers have it.
    pub fn shown(&self, info: &TraceInfo) -> Value {
        let mut shown = info.to_rest();
        for (field, value) in self.odd.get(info.trace_id.as_str()).into_iter().flatten() {
            shown[field] = value.clone();
        }
        shown
    }

    pub fn with_experiments() -> Self {
        let deleted = Experiment { deleted: true, ..Experiment::new("3", "old-app") };
        let experiments = vec![Experiment::new("1", "my-app"), Experiment::new("2", "checkout"), deleted];
        Self { experiments, ..Self::default() }
    }

    /// With experiments that were created at another time.
    pub fn of_another_time() -> Self {
        let mut state = Self::with_experiments();
        state.experiments.iter_mut().for_each(|experiment| experiment.created_ms += 1);
        state
    }

    pub fn add_experiment(&mut self, id: &str, name: &str) {
        self.experiments.push(Experiment::new(id, name));
    }

    pub fn add(&mut self, traces: impl IntoIterator<Item = Seed>) {
        for seed in traces {
            let Seed { info, spans, lost, mislabelled } = seed;
            let info: TraceInfo = serde_json::from_value(info).expect("a seed is a trace");
            let read = spans.iter().map(|span| Span::from_json(span).expect("a seed has spans")).collect();
            self.traces.push(Stored { trace: Trace { info, spans: Some(read) }, spans, lost, mislabelled });
        }
    }

    /// A trace, as far as whoever asks may see it.
    pub fn visible(&self, id: &str) -> Option<&Stored> {
        self.find(id).filter(|_| !self.hidden.contains(id))
    }

    pub fn find(&self, id: &str) -> Option<&Stored> {
        self.traces.iter().find(|stored| stored.id() == id)
    }

    pub fn find_mut(&mut self, id: &str) -> Option<&mut Stored> {
        self.traces.iter_mut().find(|stored| stored.id() == id)
    }

    /// The ids of an experiment's traces, sorted.
    pub fn ids(&self, experiment: &str) -> Vec<String> {
        let here = self.traces.iter().filter(|stored| stored.experiment() == experiment);
        let mut ids: Vec<String> = here.map(|stored| stored.id().to_owned()).collect();
        ids.sort();
        ids
    }

    /// A tag of a trace.
    pub fn tag(&self, id: &str, key: &str) -> Option<String> {
        self.find(id)?.info().tags.get(key).cloned()
    }

    pub fn set_tag(&mut self, id: &str, key: &str, value: &str) {
        let stored = self.find_mut(id).expect("the trace exists");
        stored.trace.info.tags.insert(key.to_owned(), value.to_owned());
    }

    /// The assessments of a trace as JSON.
    pub fn assessments(&self, id: &str) -> Vec<Map<String, Value>> {
        let assessments = self.find(id).map(|stored| stored.info().assessments.clone()).unwrap_or_default();
        assessments.iter().map(|assessment| assessment.as_object().clone()).collect()
    }

    /// Puts an assessment in the place of the one with its id, or adds it.
    pub fn put_assessment(&mut self, id: &str, assessment: Map<String, Value>) {
        let assessment = Assessment::new(assessment);
        let stored = self.find_mut(id).expect("the trace exists");
        let list = &mut stored.trace.info.assessments;
        match list.iter_mut().find(|known| known.id() == assessment.id()) {
            Some(known) => *known = assessment,
            None => list.push(assessment),
        }
    }

    pub fn remove(&mut self, id: &str) {
        let id = TraceId::new(id);
        self.traces.retain(|stored| stored.trace.info.trace_id != id);
    }
}
