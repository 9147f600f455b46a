//! The trace filter language of `MLflow`: `status = 'ERROR' AND tags.env LIKE 'prod%'`.
//!
//! A [`Filter`] goes through phases, each with types of its own, so that a later one cannot hold an earlier one's problems:
//!
//! 1. `parse` runs the grammar (`grammar/filter.pest`) and builds what was written, with places: comparisons, or for an
//!    extended filter the tree of [`ast`]. Where that fails, `diagnose` says why.
//! 2. `check` resolves names, and holds operators and values against types; `conjunction` groups what AND joins. Both languages
//!    end in the one tree of [`typed`] over [`Field`], which says all that the filter means. `lint` finds what works but was
//!    hardly meant.
//! 3. [`Filter::plan`] splits the meaning: `normal` moves NOT inward, `implied` finds clauses that follow from it, `text`
//!    writes them for a server, and [`Residual`] is what is left.
//! 4. [`Matcher`] and [`ResidualMatcher`] compile a meaning once and ask it of traces, in three-valued logic.
//!
//! A filter that a server accepts is accepted here, means the same, including what is surprising about it, and is sent as it
//! was written. Only what the server's tokenizer accepts by accident is refused (`tags.foo desc = 'x'`). The server's part of
//! the truth is `SearchTraceUtils` and `_get_filter_clauses_for_search_traces` of `MLflow` 3.17, read with `sqlparse` and
//! asked of `SQLite`.
//!
//! What a server refuses, or breaks on, is tried as an *extended* filter: `extended` builds the tree, `resolve` and `compare`
//! give it a meaning. Its rules:
//!
//! - NOT binds closest, then AND, then OR. Each clause that `MLflow` has, too, means what it means there.
//! - What is missing is unknown, and so is its negation; `!=` and NOT IN do not find it, IS NULL does.
//! - `span(...)` asks whether there is a span like that, as EXISTS does, so NOT span(...) is never missing. Clauses such as
//!   `span.name = 'x'` that one AND joins mean one and the same span, as on a server; parentheses with an AND of their own
//!   are a group of their own.
//! - A lower bound of the start that stands beside either of them, joined by the same AND, also bounds the spans, to ten
//!   seconds before it. That is what a server does, and what allows to send both.
//! - Feedback and expectations are asked one comparison at a time, and any assessment may satisfy it: `!=` finds one that
//!   differs, while NOT and NOT LIKE find traces none of whose assessments passes. One made for a session counts for all its
//!   traces.
//! - Each `run_id =` counts, where `MLflow` regards only the last, and the empty run is the empty run.
//!
//! This module may use only [`crate::model`].

mod ask;
mod error;
mod meaning;
mod syntax;

use ask::{by_info, eval, lower, python_regex};
use meaning::{check, conjunction, lint, normal, resolve};
use syntax::{extended, parse};

pub use ask::doubt::Doubt;
pub use ask::eval::{Matcher, SessionScope};
pub use ask::language::Language;
pub use ask::lower::FilterPlan;
pub use ask::prefilter::stored_span_texts;
pub use ask::residual::{Asked, Residual, ResidualMatcher, ServerSet};
pub use ask::spans::first_span_start;
pub use ask::sql::{Dialect, SqlNumbers};
pub use ask::truth::Truth;
pub use ask::written::Unwritable;
pub use error::{FilterError, FilterErrorKind};
pub use meaning::lint::{Lint, LintLevel};
pub use meaning::order_by::{Direction, OrderBy, SortKey};
pub use meaning::typed;
pub use syntax::ast;

use crate::model::field::Field;
use crate::model::{TimeWindow, Trace, TraceInfo};
use ast::Expr;
use typed::{Clause, Condition, Test, TextOperator};

/// A filter that was read and checked.
#[derive(Clone, Debug)]
pub struct Filter {
    text: String,
    expr: Expr,
    /// What it means, without regard to the language.
    conjuncts: Vec<Condition>,
    /// What it says without meaning it.
    ignored: Vec<Clause>,
    /// Whether the server does not understand the text.
    is_extended: bool,
}

impl Filter {
    /// Reads and checks a filter. Without a clock, times that count from now are refused; see [`Filter::parse_at`].
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        Self::read(text, None)
    }

    /// Reads and checks a filter; times such as `-24h` count from `now_ms`.
    pub fn parse_at(text: &str, now_ms: i64) -> Result<Self, FilterError> {
        Self::read(text, Some(now_ms))
    }

    /// What `MLflow` understands means what it means there. Only what it does not is read as an extended filter.
    fn read(text: &str, now: Option<i64>) -> Result<Self, FilterError> {
        let refusal = match Self::of_mlflow(text) {
            Err(error) if error.kind() != FilterErrorKind::Limit && !text.trim_matches(parse::is_blank).is_empty() => {
                error
            }
            decided => return decided,
        };
        let reading = extended::read(text)?;
        let resolved = reading.tree.and_then(|expr| {
            let conjuncts = conjuncts(resolve::resolve(text, &expr, now)?);
            Ok(Self { text: text.to_owned(), expr, conjuncts, ignored: Vec::new(), is_extended: true })
        });
        resolved.map_err(|error| {
            let is_better = reading.uses_extensions || error.span().start >= refusal.span().start;
            if is_better { error } else { refusal }
        })
    }

    fn of_mlflow(text: &str) -> Result<Self, FilterError> {
        let comparisons = parse::parse(text)?;
        let (conjuncts, ignored) = conjunction::of_mlflow(check::clauses(text, &comparisons)?);
        Ok(Self { text: text.to_owned(), expr: comparisons.into(), conjuncts, ignored, is_extended: false })
    }

    /// A regular expression in it that only a server can run; nothing if all can be run here.
    #[must_use]
    pub fn regex_of_servers(&self) -> Option<&str> {
        self.clauses().into_iter().find_map(|clause| match &clause.test {
            Test::Text(TextOperator::RLike | TextOperator::NotRLike, pattern)
                if python_regex::is_unsupported(pattern) =>
            {
                Some(pattern.as_str())
            }
            _ => None,
        })
    }

    /// The filter in its usual spelling: keywords in upper case, one blank between words, no needless parentheses.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.expr.in_upper_case().to_string()
    }

    /// Whether it says what `MLflow` itself does not understand, so that a part of it may be decided here.
    #[must_use]
    pub fn is_extended(&self) -> bool {
        self.is_extended
    }

    /// Which part of it a server of the current language decides, and which is decided here.
    #[must_use]
    pub fn plan(&self) -> FilterPlan {
        self.plan_for(Language::CURRENT)
    }

    /// Which part of it a server decides, and which is decided here.
    #[must_use]
    pub fn plan_for(&self, language: Language) -> FilterPlan {
        if self.is_extended || !language.knows_all(&self.clauses()) {
            return lower::lower(&self.conjuncts, language);
        }
        FilterPlan { server_text: self.text.clone(), residual: None }
    }

    /// How traces are found whose spans a server does not search, because they are not in its tracking store: all that is
    /// asked of spans is decided here.
    #[must_use]
    pub fn plan_elsewhere(&self, language: Language) -> FilterPlan {
        lower::lower_without_spans(&self.conjuncts, language)
    }

    /// Whether it asks anything of assessments.
    #[must_use]
    pub fn asks_assessments(&self) -> bool {
        self.clauses().iter().any(|clause| eval::asks_assessments(&clause.field))
    }

    /// All of it decided here: how traces are judged that are at hand.
    #[must_use]
    pub fn plan_here(&self) -> FilterPlan {
        lower::decided_here(&self.conjuncts)
    }

    /// The same filter where doubt keeps: it finds what either this program or a server finds. Spans have the type that they
    /// show, and what is said about runs holds of every run that a trace is linked to.
    #[must_use]
    pub fn for_keeping(&self) -> Self {
        let conjuncts = normal::conjuncts(&self.conjuncts).into_iter().map(with_every_run).collect();
        Self { conjuncts, is_extended: true, ..self.clone() }
    }

    /// Whether an info matches a condition, whatever a server would add.
    #[must_use]
    pub fn holds_of(condition: &Condition, info: TraceInfo) -> bool {
        Self::matcher_of(condition).matches(&Trace::without_spans(info), &SessionScope::default()).may_be_true()
    }

    /// A condition ready to be asked of traces.
    #[must_use]
    pub fn matcher_of(condition: &Condition) -> Matcher {
        Matcher::new(std::slice::from_ref(condition))
    }

    /// What of it the info of a trace decides for sure, as a server itself would: a trace that does not match that was not
    /// found by this filter.
    #[must_use]
    pub fn info_part(&self) -> Matcher {
        let decided: Vec<Condition> = self.conjuncts.iter().filter(|part| by_info::is_decided(part)).cloned().collect();
        Matcher::new(&decided)
    }

    /// The filter as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was written, as a tree.
    #[must_use]
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// Whether it selects every trace.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.conjuncts.is_empty() && self.ignored.is_empty()
    }

    /// Whether it asks something of spans, so that traces without their spans cannot be decided.
    #[must_use]
    pub fn needs_spans(&self) -> bool {
        self.clauses().iter().any(|clause| eval::asks_spans(clause))
    }

    /// Whether it asks for a run.
    #[must_use]
    pub fn asks_run(&self) -> bool {
        self.clauses().iter().any(|clause| clause.field == Field::Run)
    }

    /// Whether it asks something of assessments, which a session may share; see [`SessionScope`].
    #[must_use]
    pub fn needs_session_scope(&self) -> bool {
        self.clauses().iter().any(|clause| eval::asks_sessions(clause))
    }

    /// The start times that its whole numbers allow: every match is inside.
    #[must_use]
    pub fn time_window(&self) -> TimeWindow {
        let windows = self.conjuncts.iter().filter_map(|condition| match condition {
            Condition::Clause(clause) if clause.field == Field::RequestTime => clause.test.window(),
            _ => None,
        });
        windows.fold(TimeWindow::default(), TimeWindow::and)
    }

    /// What works but was hardly meant.
    #[must_use]
    pub fn lints(&self) -> Vec<Lint> {
        lint::lints(&self.expr, &self.clauses(), self.ignores_a_run())
    }

    /// The conditions that all must hold; none for a filter that selects every trace.
    #[must_use]
    pub fn conjuncts(&self) -> &[Condition] {
        &self.conjuncts
    }

    /// The same in normal form: NOT stands directly before a clause or a group of spans, and only where no operator says it.
    #[must_use]
    pub fn normal_conjuncts(&self) -> Vec<Condition> {
        normal::conjuncts(&self.conjuncts)
    }

    /// The filter ready to be asked of traces.
    #[must_use]
    pub fn matcher(&self) -> Matcher {
        Matcher::new(&self.conjuncts)
    }

    /// All that it says, in the order in which it was written.
    fn clauses(&self) -> Vec<&Clause> {
        let mut clauses: Vec<&Clause> = self.conjuncts.iter().flat_map(Condition::clauses).collect();
        clauses.extend(&self.ignored);
        clauses.sort_by_key(|clause| clause.span.start);
        clauses
    }
}

/// Reads what was written without asking what it means.
impl std::str::FromStr for Expr {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        parse::parse(text).map(Self::from).or_else(|error| match extended::read(text) {
            Ok(reading) => reading.tree.map_err(|_| error),
            Err(_) => Err(error),
        })
    }
}

/// What is said about the run that a trace was recorded in, said of every run. A server regards links only for `=`.
fn with_every_run(condition: Condition) -> Condition {
    let each = |parts: Vec<Condition>| parts.into_iter().map(with_every_run).collect();
    match condition {
        Condition::All(parts) => Condition::All(each(parts)),
        Condition::Any(parts) => Condition::Any(each(parts)),
        Condition::Not(part) => Condition::Not(Box::new(with_every_run(*part))),
        Condition::Clause(clause)
            if clause.field == Field::Run && clause.test != Test::Missing && clause.run().is_none() =>
        {
            Condition::Clause(Clause { field: Field::AnyRun, ..clause })
        }
        other => other,
    }
}

fn conjuncts(condition: Condition) -> Vec<Condition> {
    match condition {
        Condition::All(parts) => parts,
        other => vec![other],
    }
}

fn asks_spans(condition: &Condition) -> bool {
    condition.clauses().iter().any(|clause| eval::asks_spans(clause))
}
