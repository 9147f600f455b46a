//! What of a filter a server can decide, and what is left to be decided here.
//!
//! A [`FilterPlan`] holds the strongest filter in `MLflow`'s own language that the whole filter is known to imply, and a
//! [`Residual`] for the rest. It must not know how filters are read or sent.
//!
//! Invariants: a trace matches the whole exactly if it matches the server's part and the residual; the server's part is
//! accepted by the grammar and the checks of `MLflow`.

use std::cmp::Ordering;

use super::implied::{self, Implied};
use super::language::Language;
use super::residual::Residual;
use super::text;
use crate::filter::Filter;
use crate::filter::meaning::conjunction::{later, lower_bound};
use crate::filter::meaning::limits::{self, MAX_CLAUSES, MAX_JOINS};
use crate::filter::meaning::normal;
use crate::filter::meaning::typed::{Clause, Condition, Number, SpanGroup};
use crate::model::TimeWindow;

/// Which part of a filter is decided where.
#[derive(Clone, Debug)]
pub struct FilterPlan {
    pub(in crate::filter) server_text: String,
    pub(in crate::filter) residual: Option<Residual>,
}

impl FilterPlan {
    /// What is sent to a server; empty for everything. The text as it was written, if `MLflow` accepts that.
    #[must_use]
    pub fn server_text(&self) -> &str {
        &self.server_text
    }

    /// Whether a server searches spans for its part, which takes it long without time bounds, and which time bounds change.
    #[must_use]
    pub fn searches_spans(&self) -> bool {
        Filter::of_mlflow(&self.server_text).is_ok_and(|filter| filter.needs_spans())
    }

    /// Whether a server of any version is asked the same for a filter.
    #[must_use]
    pub fn is_the_same_everywhere(filter: &Filter) -> bool {
        let [newest, oldest] = [Language::CURRENT, Language::OLDEST].map(|language| filter.plan_for(language));
        let asked =
            |plan: &Self| plan.residual.as_ref().map(|rest| (rest.server_sets().to_vec(), rest.lookups().to_vec()));
        newest.server_text == oldest.server_text && asked(&newest) == asked(&oldest)
    }

    /// Whether a server still takes its part with bounds of the start added to it.
    #[must_use]
    pub fn takes_time_bounds(&self) -> bool {
        let bounds = "timestamp_ms <= 1 AND timestamp_ms >= 0";
        let text =
            if self.server_text.is_empty() { bounds.to_owned() } else { format!("{bounds} AND {}", self.server_text) };
        Filter::of_mlflow(&text).is_ok()
    }

    /// The start times that its part allows.
    #[must_use]
    pub fn time_window(&self) -> TimeWindow {
        Filter::of_mlflow(&self.server_text).map_or_else(|_| TimeWindow::default(), |filter| filter.time_window())
    }

    /// What a server cannot decide; none if its part is the whole.
    #[must_use]
    pub fn residual(&self) -> Option<&Residual> {
        self.residual.as_ref()
    }
}

/// The plan of an extended filter.
pub(in crate::filter) fn lower(conjuncts: &[Condition], language: Language) -> FilterPlan {
    let parts = normal::conjuncts(conjuncts);
    // What goes beyond a server in sum, such as times of spans that leave 64 bits, is found by its own checks.
    let plan = [true, false]
        .into_iter()
        .map(|with_spans| split(&parts, with_spans, language))
        .find(|(server_text, _)| Filter::of_mlflow(server_text).is_ok());
    let (server_text, rest) = plan.unwrap_or((String::new(), parts));
    with_rest(server_text, rest, language)
}

/// A plan of which a server decides nothing.
pub(in crate::filter) fn decided_here(conjuncts: &[Condition]) -> FilterPlan {
    with_rest(String::new(), normal::conjuncts(conjuncts), Language::CURRENT)
}

fn with_rest(server_text: String, rest: Vec<Condition>, language: Language) -> FilterPlan {
    let residual = (!rest.is_empty()).then(|| {
        let mut rest = rest;
        Residual::new(if rest.len() == 1 { rest.remove(0) } else { Condition::All(rest) }, language)
    });
    FilterPlan { server_text, residual }
}

/// What is sent to find traces whose spans a server does not search: everything is decided here, spans included.
pub(in crate::filter) fn lower_without_spans(conjuncts: &[Condition], language: Language) -> FilterPlan {
    let parts = normal::conjuncts(conjuncts);
    let (server_text, _) = split(&parts, false, language);
    let is_read = Filter::of_mlflow(&server_text).is_ok();
    FilterPlan {
        server_text: if is_read { server_text } else { String::new() },
        residual: Some(Residual::new(Condition::All(parts), language)),
    }
}

/// The text for the server, and the parts that it does not decide.
fn split(parts: &[Condition], with_spans: bool, language: Language) -> (String, Vec<Condition>) {
    let mut pushed = Pushed::new(language);
    let mut exact = vec![false; parts.len()];
    for (part, exact) in parts.iter().zip(&mut exact) {
        let Implied { clauses, is_exact } = implied::of(part, language);
        let mut is_whole = true;
        for clause in clauses {
            is_whole &= pushed.add(clause, matches!(part, Condition::Any(_)));
        }
        *exact = is_exact && is_whole;
    }
    let groups = parts.iter().enumerate().filter_map(|(position, part)| match part {
        Condition::Span(group) if with_spans => Some((position, group)),
        _ => None,
    });
    // Clauses on spans in what is sent all mean one span, so only one group can be sent.
    let (bare, written): (Vec<_>, Vec<_>) = groups.partition(|(_, group)| !group.is_written);
    for (position, group) in bare.into_iter().chain(written) {
        if let Some(is_exact) = pushed.add_group(group) {
            exact[position] = is_exact;
            break;
        }
    }
    let rest = parts.iter().zip(exact).filter(|(_, exact)| !exact).map(|(part, _)| part.clone()).collect();
    (pushed.texts.join(" AND "), rest)
}

/// What will be sent.
struct Pushed {
    language: Language,
    clauses: Vec<Clause>,
    texts: Vec<String>,
    /// Which of the clauses are not written so, but follow from an OR.
    derived: Vec<bool>,
    joins: usize,
}

impl Pushed {
    fn new(language: Language) -> Self {
        Self { language, clauses: Vec::new(), texts: Vec::new(), derived: Vec::new(), joins: 0 }
    }

    fn add(&mut self, clause: Clause, is_derived: bool) -> bool {
        if self.clauses.iter().any(|known| known.field == clause.field && known.test == clause.test) {
            return true;
        }
        // Of several `run_id =` a server regards the last one only.
        if clause.run().is_some() && self.clauses.iter().any(|other| other.run().is_some()) {
            return false;
        }
        let joins = self.joins + usize::from(limits::is_joined(&clause));
        if joins > MAX_JOINS || self.clauses.len() >= MAX_CLAUSES {
            return false;
        }
        let Some(text) = text::for_server(&clause, self.language) else { return false };
        self.joins = joins;
        self.clauses.push(clause);
        self.texts.push(text);
        self.derived.push(is_derived);
        true
    }

    /// Adds what a group of conditions on one span implies, if anything; whether that is all it says.
    ///
    /// A lower bound of the start that is sent hides spans that started long before, so it must not be later than the one
    /// that the group itself has.
    fn add_group(&mut self, group: &SpanGroup) -> Option<bool> {
        let Implied { clauses, is_exact } = implied::of_span(&group.condition, self.language);
        let bound = self.bound(false);
        let is_bounded = match (bound, group.earliest) {
            (Some(bound), Some(earliest)) => bound.compare(earliest).is_some_and(Ordering::is_le),
            (bound, _) => bound.is_none(),
        };
        if clauses.is_empty() || !is_bounded || self.clauses.len() + clauses.len() > MAX_CLAUSES {
            return None;
        }
        if self.bound(true) != bound {
            self.drop_derived_bounds();
        }
        let count = clauses.len();
        let added = clauses.into_iter().filter(|clause| self.add(clause.clone(), false)).count();
        let is_joined = count < 2 || self.language.joins_span_clauses();
        Some(is_exact && is_joined && added == count && bound == group.earliest)
    }

    fn bound(&self, with_derived: bool) -> Option<Number> {
        let clauses = self.clauses.iter().zip(&self.derived);
        clauses
            .filter(|(_, derived)| with_derived || !**derived)
            .fold(None, |bound, (clause, _)| later(bound, lower_bound(clause)))
    }

    fn drop_derived_bounds(&mut self) {
        for position in (0..self.clauses.len()).rev() {
            if self.derived[position] && lower_bound(&self.clauses[position]).is_some() {
                self.clauses.remove(position);
                self.texts.remove(position);
                self.derived.remove(position);
            }
        }
    }
}
