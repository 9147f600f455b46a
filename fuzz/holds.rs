//! What must hold for every text that somebody takes for a filter; each target feeds texts of its own making.
//!
//! Everything here panics if it does not hold, which is what the fuzzer looks for.

use std::path::PathBuf;
use std::sync::LazyLock;

use mlflow_trace::filter::ast::Expr;
use mlflow_trace::filter::{Filter, OrderBy, SessionScope};
use mlflow_trace::model::Trace;
use serde_json::Value;

const DEMO: &str = include_str!("../src/store/demo.jsonl");
const CASES: &str = include_str!("../tests/data/filter/dev.jsonl");

/// Longer filters only take more time.
pub const LONGEST: usize = 4096;

/// Where to write the first inputs; set by `run.sh`.
const SEED_VARIABLE: &str = "FILTER_FUZZ_SEEDS";

/// A few traces that have a bit of everything.
static TRACES: LazyLock<Vec<Trace>> = LazyLock::new(|| {
    let read = |line: &str| Trace::from_json(serde_json::from_str(line).expect("JSON")).expect("a trace");
    DEMO.lines().step_by(12).map(read).collect()
});

/// The filters that were recorded with a server's verdict.
pub fn recorded() -> Vec<String> {
    let read = |line: &str| {
        let case: Value = serde_json::from_str(line).expect("JSON");
        case["filter"].as_str().unwrap_or_default().to_owned()
    };
    CASES.lines().map(read).filter(|filter| filter.len() <= LONGEST).collect()
}

/// Writes inputs to start from, if they are asked for.
pub fn seed(inputs: impl Iterator<Item = Vec<u8>>) {
    let Some(directory) = std::env::var_os(SEED_VARIABLE).map(PathBuf::from) else { return };
    std::fs::create_dir_all(&directory).expect("a directory for the first inputs");
    for (number, input) in inputs.enumerate() {
        std::fs::write(directory.join(format!("seed-{number:05}")), input).expect("a first input can be written");
    }
}

/// Reads a text as a filter and as an order, and does everything with it that the program does.
pub fn of_text(text: &str) {
    if text.len() > LONGEST {
        return;
    }
    match Filter::parse(text) {
        Ok(filter) => of_filter(text, &filter),
        Err(error) => {
            assert!(text.get(error.span()).is_some(), "the place of an error is a part of the filter");
            assert!(!error.message().is_empty() && !error.render().is_empty());
        }
    }
    of_order(text);
}

fn of_filter(text: &str, filter: &Filter) {
    assert_eq!(filter.text(), text);
    assert!(filter.lints().iter().all(|lint| text.get(lint.span.clone()).is_some()));
    let canonical = filter.canonical();
    let again = Filter::parse(&canonical).unwrap_or_else(|error| panic!("{canonical:?}: {}", error.message()));
    let printed = filter.expr().to_string();
    let tree: Expr = printed.parse().unwrap_or_else(|error| panic!("{printed:?}: {error}"));
    assert_eq!(tree, *filter.expr(), "{printed:?} says something else than {text:?}");
    assert_eq!(again.canonical(), canonical);
    // Parentheses that say nothing are not printed, and without them MLflow may understand it.
    assert!(filter.is_extended() || !again.is_extended());
    let found = matches(filter);
    assert_eq!(matches(&again), found, "{canonical:?} finds something else than {text:?}");
    of_plan(filter, &found);
}

fn matches(filter: &Filter) -> Vec<bool> {
    let matcher = filter.matcher();
    let scope = matcher.scope(TRACES.iter());
    TRACES.iter().map(|trace| matcher.matches(trace, &scope).is_true()).collect()
}

/// What a server decides and what is left make the whole, as far as that can be told without a server.
fn of_plan(filter: &Filter, found: &[bool]) {
    let plan = filter.plan();
    let server = Filter::parse(plan.server_text()).unwrap_or_else(|error| panic!("{}", error.message()));
    assert!(!server.is_extended(), "a server does not understand {:?}", plan.server_text());
    let Some(residual) = plan.residual() else {
        assert_eq!(matches(&server), found, "{:?} is not {:?}", plan.server_text(), filter.text());
        return;
    };
    assert!(!residual.text().is_empty());
    let rest = residual.matcher();
    let decided: Vec<bool> = TRACES.iter().map(|trace| rest.matches(trace, &|_, _| Some(true)).is_true()).collect();
    let of_server = matches(&server);
    assert!(found.iter().zip(&of_server).all(|(whole, part)| part | !whole), "the server's part loses a match");
    if residual.server_sets().is_empty() && !filter.asks_run() && !filter.needs_session_scope() {
        let both: Vec<bool> = of_server.iter().zip(&decided).map(|(server, rest)| server & rest).collect();
        assert_eq!(both, found, "{:?} and {:?} are not {:?}", plan.server_text(), residual.text(), filter.text());
    }
}

fn of_order(text: &str) {
    let clauses: Vec<String> = text.split('\n').map(str::to_owned).collect();
    if let Ok(order) = OrderBy::parse(&clauses) {
        let mut traces: Vec<&Trace> = TRACES.iter().collect();
        traces.sort_by(|a, b| order.compare(a, b));
    }
}

/// Asks a trace whose spans were not fetched.
pub fn without_spans(text: &str) {
    let Ok(filter) = Filter::parse(text) else { return };
    let matcher = filter.matcher();
    let mut trace = TRACES[0].clone();
    trace.spans = None;
    let _ = matcher.matches(&trace, &SessionScope::default());
}
