//! A tracking server in this process: real HTTP, real state, a memory of what it was asked, and failures on demand.
//!
//! It behaves as `MLflow` 3.17 does on `SQLite`, including what is odd about it; `tests/live` keeps it honest.

mod artifacts;
mod assessments;
mod datasets;
mod experiments;
mod faults;
#[cfg(feature = "otlp")]
mod ingest;
mod label_schemas;
mod older;
mod seed;
mod state;
mod traces;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

pub use crate::support::http::{Answer, Request};
pub use datasets::Dataset;
pub use faults::{Failure, Rule};
pub use seed::{APP, ASSESSMENT, BASE_MS, CHECKOUT, KNOWN, OLD, Seed, folder, id, span, with_attribute};
pub use state::{Equality, State};

use crate::support::http::{self, Listener, Reply};
use crate::support::{Program, Run};
use faults::{Plan, Planned};

/// A tracking server of a test's own.
pub struct Fake {
    listener: Listener,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    log: Mutex<Vec<Request>>,
    plan: Mutex<Plan>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no thread of the server panicked")
}

impl Shared {
    fn handle(&self, request: Request) -> Reply {
        let planned = lock(&self.plan).for_request(&request);
        lock(&self.log).push(request.clone());
        let mut failure = None;
        for planned in planned {
            match planned {
                Planned::Hook(hook) => hook(&mut lock(&self.state)),
                Planned::Failure(planned) => failure = Some(planned),
            }
        }
        match failure {
            None => Reply::Answer(answer(&mut lock(&self.state), &request)),
            Some(Failure::Answer(answer)) => Reply::Answer(answer),
            Some(Failure::Close) => Reply::Close,
            Some(Failure::LoseAnswer) => {
                answer(&mut lock(&self.state), &request);
                Reply::Close
            }
            Some(Failure::AnswerAfterAll(instead)) => {
                answer(&mut lock(&self.state), &request);
                Reply::Answer(instead)
            }
            Some(Failure::Stall) => Reply::Stall,
        }
    }
}

fn answer(state: &mut State, request: &Request) -> Answer {
    if let Some(elsewhere) = request.headers.get("x-mlflow-workspace").and_then(|name| state.workspaces.get_mut(name)) {
        return answer(elsewhere, request);
    }
    let path: Vec<String> = request.path.trim_start_matches('/').split('/').map(http::decoded).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let answer = match (request.method.as_str(), path.as_slice()) {
        (method, path) if older::lacks(state, method, path) => Err(recorded("unknown_endpoint")),
        ("GET", ["version"]) if state.version.is_some() => {
            Ok(Answer::new(200, "text/html; charset=utf-8", state.version.unwrap_or_default()))
        }
        ("GET", ["api", "2.0", "mlflow", "traces"]) => older::search(state, request),
        ("GET", ["api", "2.0", "mlflow", "traces", id, "info"]) => older::info(state, id),
        ("GET", ["version"]) => Ok(Answer::new(200, "text/html; charset=utf-8", "3.17.2")),
        ("GET", ["api", "2.0", "mlflow", "experiments", "get"]) => experiments::get(state, request),
        ("GET", ["api", "2.0", "mlflow", "experiments", "get-by-name"]) => experiments::get_by_name(state, request),
        ("POST", ["api", "2.0", "mlflow", "experiments", "search"]) => experiments::search(state, &request.json()),
        // No trace is linked to a run.
        ("POST", ["api", "2.0", "mlflow", "runs", "search"]) => Ok(Answer::json(200, &json!({}))),
        ("POST", ["api", "3.0", "mlflow", "traces", "search"]) => traces::search(state, &request.json()),
        ("POST", ["api", "3.0", "mlflow", "traces", "metrics"]) => traces::metrics(state, &request.json()),
        ("POST", ["api", "3.0", "mlflow", "traces", "calculate-filter-correlation"]) => {
            traces::correlation(state, &request.json())
        }
        ("POST", ["api", "3.0", "mlflow", "traces", "batchGetInfos"]) => traces::infos(state, &request.json()),
        ("GET", ["api", "3.0", "mlflow", "traces", "batchGet"]) => traces::batch_get(state, request),
        ("GET", ["api", "3.0", "mlflow", "traces", "get"]) => traces::get(state, request),
        ("GET", ["api", "3.0", "mlflow", "traces", id]) => traces::info(state, id),
        ("GET", ["ajax-api", "2.0", "mlflow", "get-trace-artifact"]) => traces::span_file(state, request),
        ("GET", ["api", "2.0", "mlflow-artifacts", "artifacts", .., id, "artifacts", "traces.json"]) => {
            traces::artifact(state, id)
        }
        ("GET", ["api", "2.0", "mlflow-artifacts", "artifacts"]) => artifacts::list(state, request),
        ("DELETE", ["api", "2.0", "mlflow-artifacts", "artifacts", location @ ..]) => {
            artifacts::delete(state, location)
        }
        ("PATCH", ["api", "2.0", "mlflow", "traces", id, "tags"]) => traces::set_tag(state, id, &request.json()),
        ("DELETE", ["api", "2.0", "mlflow", "traces", id, "tags"]) => traces::delete_tag(state, id, &request.json()),
        ("POST", ["api", "2.0", "mlflow", "traces", "delete-traces"]) => traces::delete(state, &request.json()),
        ("POST", ["api", "3.0", "mlflow", "traces", id, "assessments"]) => {
            assessments::create(state, id, &request.json())
        }
        ("GET", ["api", "3.0", "mlflow", "traces", id, "assessments", a]) => assessments::get(state, id, a),
        ("PATCH", ["api", "3.0", "mlflow", "traces", id, "assessments", a]) => {
            assessments::update(state, id, a, &request.json())
        }
        ("GET", ["api", "3.0", "mlflow", "label-schemas", "get-by-name"]) => label_schemas::get_by_name(state, request),
        ("DELETE", ["api", "3.0", "mlflow", "traces", id, "assessments", a]) => Ok(assessments::delete(state, id, a)),
        #[cfg(feature = "otlp")]
        ("POST", ["api", "3.0", "mlflow", "traces"]) => ingest::start_trace(state, &request.json()),
        #[cfg(feature = "otlp")]
        ("POST", ["v1", "traces"]) => ingest::spans(state, request),
        #[cfg(feature = "otlp")]
        ("PUT", ["api", "2.0", "mlflow-artifacts", "artifacts", location @ ..]) => {
            ingest::upload(state, location, request)
        }
        ("POST", ["api", "3.0", "mlflow", "datasets", "search"]) => Ok(datasets::search(state, &request.json())),
        ("POST", ["api", "3.0", "mlflow", "datasets", "create"]) => Ok(datasets::create(state, &request.json())),
        ("GET", ["api", "3.0", "mlflow", "datasets", id, "records"]) => datasets::records(state, id, request),
        ("POST", ["api", "3.0", "mlflow", "datasets", id, "records"]) => datasets::add(state, id, &request.json()),
        ("POST", ["api", "2.0", "mlflow", "experiments", "create"]) => experiments::create(state, &request.json()),
        _ => Err(recorded("unknown_endpoint")),
    };
    match answer {
        Ok(answer) | Err(answer) => answer,
    }
}

/// An answer, or the refusal that takes its place.
type Answered = Result<Answer, Answer>;

pub fn refused(status: u16, code: &str, message: impl Into<String>) -> Answer {
    let body = json!({"error_code": code, "message": message.into(), "sqlstate": "KAM00", "error_class": code});
    Answer::json(status, &body)
}

/// An answer as a real server once gave it, from `tests/data/wire`.
pub fn recorded(name: &str) -> Answer {
    let exchange = recording(name);
    let response = &exchange["response"];
    let status = u16::try_from(response["status"].as_u64().expect("a status")).expect("a small number");
    let body = response["body_text"].as_str().map_or_else(|| response["body"].to_string(), str::to_owned);
    let mut answer = Answer { status, headers: Vec::new(), body };
    for (header, value) in response["headers"].as_object().expect("headers") {
        if header != "content-length" {
            answer = answer.header(header, value.as_str().expect("a header is text"));
        }
    }
    answer
}

/// A whole recorded exchange.
pub fn recording(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/wire/{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("recordings are JSON")
}

impl Fake {
    /// A server with three experiments and no traces: `my-app` (1), `checkout` (2), and `old-app` (3), which is deleted.
    pub fn new() -> Self {
        let shared = Arc::new(Shared { state: Mutex::new(State::with_experiments()), ..Shared::default() });
        let handler = Arc::clone(&shared);
        Self { listener: Listener::start(move |request| handler.handle(request)), shared }
    }

    /// A server that also has these traces.
    pub fn with(traces: impl IntoIterator<Item = Seed>) -> Self {
        let fake = Self::new();
        fake.state().add(traces);
        fake
    }

    /// A server with so many plain traces in `my-app`, numbered from 1, the last one the newest.
    pub fn with_many(number: u32) -> Self {
        Self::with((1..=number).map(Seed::new))
    }

    /// The same, of an older version of `MLflow`.
    pub fn of_version(self, version: &'static str) -> Self {
        self.state().version = Some(version);
        self
    }

    /// Its address.
    pub fn uri(&self) -> String {
        format!("http://{}", self.listener.address())
    }

    /// What it holds.
    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.shared.state)
    }

    /// What it was asked so far.
    pub fn log(&self) -> Vec<Request> {
        lock(&self.shared.log).clone()
    }

    /// The requests whose method and path, as `METHOD /path`, hold this text.
    pub fn asked(&self, text: &str) -> Vec<Request> {
        self.log().into_iter().filter(|request| request.line().contains(text)).collect()
    }

    /// The bodies of those requests.
    pub fn bodies(&self, text: &str) -> Vec<Value> {
        self.asked(text).iter().map(Request::json).collect()
    }

    /// Makes the requests of a rule fail.
    pub fn fail(&self, rule: Rule, failure: Failure) {
        lock(&self.shared.plan).add(rule, Planned::Failure(failure));
    }

    /// Does something to the state just before a request of a rule is answered.
    pub fn before(&self, rule: Rule, hook: impl Fn(&mut State) + Send + Sync + 'static) {
        lock(&self.shared.plan).add(rule, Planned::Hook(Arc::new(hook)));
    }

    /// Lets one request in so many go wrong by chance, from a seed; `None` ends it.
    pub fn leave_to_chance(&self, chance: Option<(u64, u32)>) {
        lock(&self.shared.plan).leave_to_chance(chance);
    }

    /// The program with this server as its tracking server and no waits between retries.
    pub fn bare(&self, arguments: &[&str]) -> Program {
        Program::new(arguments)
            .hidden_env("MLFLOW_TRACKING_URI", self.uri())
            .hidden_env("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
            .hidden_env("USER", "jane")
    }

    /// The program in the experiment `my-app`.
    pub fn program(&self, arguments: &[&str]) -> Program {
        self.bare(arguments).hidden_env("MLFLOW_EXPERIMENT_NAME", "my-app")
    }

    /// Runs the program in the experiment `my-app`.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.program(arguments).run()
    }
}
