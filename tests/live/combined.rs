//! Filters of the corpus joined by OR, AND and NOT: on a real server they find what set operations on `MLflow`'s own
//! answers make of it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use mlflow_trace::filter::Filter;
use mlflow_trace::filter::ast::Expr;

use crate::corpus::cases;
use crate::corpus::is_whole;
use crate::harness::{Server, corpus_server};
use crate::support::Program;

type Ids = BTreeSet<String>;

/// A filter of the corpus that means the same wherever it stands, and what `MLflow` finds with it.
struct Part {
    filter: Filter,
    matches: Ids,
}

/// What must hold of what a joined filter finds.
enum Wanted {
    Exactly(Ids),
    /// All of the first and none of the second.
    Between(Ids, Ids),
}

struct Joined {
    text: String,
    asks_spans: bool,
    wanted: Wanted,
}

/// How many are asked, and how many of them may fetch the spans of the whole corpus, which takes ten times as long.
fn numbers() -> (usize, usize) {
    if is_whole() { (100, 12) } else { (25, 3) }
}

/// Those that a lint does not call odd: of what `MLflow` ignores or misreads, the extended language makes sense.
fn parts() -> Vec<Part> {
    let part = |case: crate::corpus::Case| {
        let filter = Filter::parse(&case.filter).ok().filter(|filter| !filter.is_extended() && !filter.is_empty())?;
        let is_plain = case.local == "same" && filter.lints().is_empty();
        is_plain.then(|| Part { filter, matches: case.matches.into_iter().collect() })
    };
    cases().into_iter().filter_map(part).collect()
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit as u64).unwrap()
    }
}

/// Whether the two are asked independently of each other where AND joins them: clauses on spans that stand side by side mean
/// one span, and a lower bound of the start bounds the spans beside it. An AND of their own keeps them apart.
fn are_independent(a: &Part, b: &Part) -> bool {
    let is_apart = |part: &Part| matches!(part.filter.expr(), Expr::And(_));
    let asks_time = |part: &Part| part.filter.text().contains("timestamp");
    let touches =
        |part: &Part, other: &Part| part.filter.needs_spans() && (other.filter.needs_spans() || asks_time(other));
    is_apart(a) && is_apart(b) || !touches(a, b) && !touches(b, a)
}

fn joined(parts: &[Part], dice: &mut Dice, form: usize) -> Option<Joined> {
    let (a, b) = (&parts[dice.below(parts.len())], &parts[dice.below(parts.len())]);
    let (x, y) = (a.filter.text(), b.filter.text());
    let expr = |part: &Part| part.filter.expr().clone();
    let not = |expr: Expr| Expr::Not(Box::new(expr));
    let (text, tree, wanted) = match form {
        0 => {
            let wanted = Wanted::Exactly(&a.matches | &b.matches);
            (format!("({x}) OR ({y})"), Expr::Or(vec![expr(a), expr(b)]), wanted)
        }
        1 if are_independent(a, b) => {
            let wanted = Wanted::Exactly(&a.matches & &b.matches);
            (format!("({x}) AND ({y})"), Expr::And(vec![expr(a), expr(b)]), wanted)
        }
        // What is unknown of a trace is unknown of its opposite, so more than these bounds cannot be said.
        2 => (format!("NOT ({x})"), not(expr(a)), Wanted::Between(Ids::new(), a.matches.clone())),
        3 => {
            let wanted = Wanted::Between(b.matches.clone(), &a.matches - &b.matches);
            (format!("NOT ({x}) OR ({y})"), Expr::Or(vec![not(expr(a)), expr(b)]), wanted)
        }
        4 => {
            let wanted = Wanted::Between(Ids::new(), &a.matches | &b.matches);
            (format!("NOT (({x}) OR ({y}))"), not(Expr::Or(vec![expr(a), expr(b)])), wanted)
        }
        _ => return None,
    };
    // Quotes of one may swallow a part of the other; such are no test of logic.
    let read = Filter::parse(&text).ok().filter(|filter| *filter.expr() == tree)?;
    read.is_extended().then(|| Joined { text, asks_spans: read.needs_spans(), wanted })
}

/// What is wrong with what the program finds, if anything.
fn difference(joined: &Joined, server: &Server) -> Option<String> {
    let place = ["-u", &server.uri, "-x", "corpus"];
    let run =
        Program::new(place.iter().chain(&["search", "--all", "--quiet", "-o", "ids", "--", &joined.text])).run().ends();
    let found: Ids = run.lines().into_iter().collect();
    let (missing, extra): (Ids, Ids) = match &joined.wanted {
        Wanted::Exactly(ids) => (ids - &found, &found - ids),
        Wanted::Between(all, none) => (all - &found, &found & none),
    };
    let is_right = run.code == Some(0) && missing.is_empty() && extra.is_empty();
    (!is_right).then(|| format!("{run}  missing {missing:?}\n  too many {extra:?}"))
}

#[test]
fn joined_filters_find_what_sets_of_their_parts_are() {
    let Some(server) = corpus_server() else { return };
    let parts = parts();
    assert!(parts.len() > 800, "{}", parts.len());
    let mut dice = Dice(3_171_702);
    let (number, ask_spans) = numbers();
    let (mut filters, mut tries, mut asking) = (Vec::new(), 0, 0);
    while filters.len() < number {
        tries += 1;
        assert!(tries < 3 * number, "too many filters cannot be joined");
        let Some(filter) = joined(&parts, &mut dice, filters.len() % 5) else { continue };
        asking += usize::from(filter.asks_spans);
        if !filter.asks_spans || asking <= ask_spans {
            filters.push(filter);
        }
    }
    let next = AtomicUsize::new(0);
    let differences = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(filter) = filters.get(next.fetch_add(1, Ordering::Relaxed)) {
                    differences.lock().unwrap().extend(difference(filter, server));
                }
            });
        }
    });
    let differences = differences.into_inner().unwrap();
    assert!(differences.is_empty(), "{} of {} differ:\n{}", differences.len(), filters.len(), differences.join("\n"));
}
