//! How long it takes to read filters and to ask them of traces.
//!
//!     cargo bench --bench filter
//!
//! Reading is shown per byte for growing filters: where that does not grow, reading takes linear time. Asking is shown per
//! trace of the demo. Each figure is the best of several rounds, the one that a busy machine disturbed least.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use mlflow_trace::filter::{Filter, SessionScope};
use mlflow_trace::model::Trace;

const DEMO: &str = include_str!("../src/store/demo.jsonl");
/// From 10,000 tokens on, filters are refused at once.
const SIZES: [usize; 4] = [5_000, 10_000, 100_000, 1_000_000];
/// As many clauses as a server takes.
const MOST_CLAUSES: usize = 990;

/// Ten clauses on what a search result holds.
const ON_INFO: [&str; 10] = [
    "status != 'IN_PROGRESS'",
    "timestamp > 1700000000000",
    "execution_time >= 0",
    "name LIKE '%a%'",
    "name RLIKE '^[a-z_]+$'",
    "request_id NOT IN ('tr-1', 'tr-2')",
    "tags.team != 'nobody'",
    "tags.app_version ILIKE '%.%'",
    "metadata.`mlflow.trace.user` LIKE '%-%'",
    "tags.environment IS NOT NULL",
];
/// Ten clauses, some on assessments and spans.
const ON_ALL: [&str; 10] = [
    "status != 'IN_PROGRESS'",
    "timestamp > 1700000000000",
    "name LIKE '%a%'",
    "tags.team != 'nobody'",
    "tags.environment IS NOT NULL",
    "feedback.nobody_asked IS NULL",
    "feedback.groundedness IS NOT NULL",
    "feedback.groundedness > 0.5",
    "span.type = 'EMBEDDING'",
    "span.status = 'OK'",
];
/// Ten clauses, some on the text of spans.
const ON_TEXT: [&str; 10] = [
    "status != 'IN_PROGRESS'",
    "timestamp > 1700000000000",
    "name LIKE '%a%'",
    "tags.team != 'nobody'",
    "tags.environment IS NOT NULL",
    "metadata.`mlflow.trace.user` LIKE '%-%'",
    "span.type = 'EMBEDDING'",
    "span.attributes.mlflow.llm.provider LIKE '%openai%'",
    "trace.text LIKE '%dimensions%'",
    "span.name LIKE 'embed%'",
];

/// How long to go on, and for how many rounds at least.
struct Patience {
    rounds: usize,
    time: Duration,
}

impl Patience {
    /// The best time of one call.
    fn best<T>(&self, mut call: impl FnMut() -> T) -> Duration {
        let start = Instant::now();
        let mut best = Duration::MAX;
        let mut round = 0;
        while round < self.rounds || start.elapsed() < self.time {
            let before = Instant::now();
            black_box(call());
            best = best.min(before.elapsed());
            round += 1;
        }
        best
    }
}

fn main() {
    // Without `--bench`, this is `cargo test`, which only asks whether it runs.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let patience = if measured {
        Patience { rounds: 5, time: Duration::from_millis(300) }
    } else {
        Patience { rounds: 1, time: Duration::ZERO }
    };
    let sizes = if measured { &SIZES[..] } else { &SIZES[..1] };
    reading(&patience, sizes);
    asking(&patience, if measured { 1000 } else { 1 });
}

fn reading(patience: &Patience, sizes: &[usize]) {
    let heads: Vec<String> = sizes.iter().map(|size| format!("{size:>12}")).collect();
    println!("{:<44}{}", "reading, ns per byte", heads.concat());
    for (name, accepted, make) in FILTERS {
        let mut line = format!("{name:<36}{:<8}", if *accepted { "" } else { "refused" });
        for size in sizes {
            let filter = make(*size);
            assert_eq!(Filter::parse(&filter).is_ok(), *accepted, "{name}");
            let time = patience.best(|| Filter::parse(&filter).is_ok());
            line += &format!("{:>12.2}", time.as_nanos() as f64 / filter.len() as f64);
        }
        println!("{line}");
    }
}

/// A name, whether the filter is accepted, and a filter of about that many bytes.
type Row = (&'static str, bool, fn(usize) -> String);

const FILTERS: &[Row] = &[
    ("one long text", true, |size| format!("tags.v = '{}'", "x".repeat(size))),
    ("one text of doubled quotes", true, |size| format!("tags.v = '{}'", "''".repeat(size / 2))),
    ("one long key", true, |size| format!("tags.`{}` = 'x'", "k".repeat(size))),
    ("one long pattern", true, |size| format!("name RLIKE '{}'", "[a-c]x".repeat(size.min(60_000) / 6))),
    ("a list of texts", true, |size| {
        let item = "x".repeat((size / 1000).max(6) - 4);
        format!("status IN ({})", vec![format!("'{item}'"); (size / (item.len() + 4)).min(1600)].join(", "))
    }),
    ("990 clauses", true, |size| {
        let value = "x".repeat((size / MOST_CLAUSES).saturating_sub(16));
        vec![format!("status = '{value}'"); MOST_CLAUSES.min(size / 16)].join(" AND ")
    }),
    ("deep parentheses", false, |size| "(".repeat(size)),
    ("deep parentheses in a list", false, |size| {
        format!("status IN {}'a'{}", "(".repeat(size / 2), ")".repeat(size / 2))
    }),
    ("a list without an end", false, |size| format!("status IN ({}", "'a',".repeat(size / 4))),
    ("a text without an end", false, |size| format!("tags.v = '{}", "x".repeat(size))),
    ("escaped quotes without an end", false, |size| format!("tags.v = '{}x =", "\\'".repeat(size / 2))),
    ("words", false, |size| "status ".repeat(size / 7)),
    ("dots", false, |size| format!("tags{}", ".".repeat(size))),
    ("keys after blanks", false, |size| "tags. ".repeat(size / 6)),
    ("NOT", false, |size| "NOT ".repeat(size / 4)),
    ("a mistake behind a long text", false, |size| format!("tags.v = '{}' OR OR", "x".repeat(size))),
];

fn asking(patience: &Patience, repeats: usize) {
    let read = |line| Trace::from_json(serde_json::from_str(line).unwrap()).unwrap();
    let traces: Vec<Trace> = DEMO.lines().map(read).collect();
    println!("\n{:<44}{:>12}{:>12}{:>12}", "asking, ns per trace", "all traces", "matches", "compiling");
    for (name, clauses) in [("ten clauses on the info", ON_INFO), ("... and spans", ON_ALL), ("... and texts", ON_TEXT)]
    {
        let filter = Filter::parse(&clauses.join(" AND ")).unwrap();
        let matcher = filter.matcher();
        let scope = SessionScope::default();
        let matching: Vec<&Trace> = traces.iter().filter(|trace| matcher.matches(trace, &scope).is_true()).collect();
        assert!(!matching.is_empty(), "{name}");
        // Few traces again and again, so that they come from the nearest memory.
        let ask = |traces: &[&Trace]| {
            let count = traces.len() * (repeats / traces.len()).max(1);
            let time = patience.best(|| {
                traces
                    .iter()
                    .cycle()
                    .take(count)
                    .filter(|trace| matcher.matches(black_box(trace), &scope).is_true())
                    .count()
            });
            time.as_nanos() as f64 / count as f64
        };
        let all: Vec<&Trace> = traces.iter().collect();
        let compiling = patience.best(|| filter.matcher()).as_nanos();
        println!("{name:<44}{:>12.0}{:>12.0}{compiling:>12}", ask(&all), ask(&matching));
    }
}
