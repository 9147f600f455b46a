//! A search, prepared for a database: what the database is asked, and what decides of each trace that it finds.

use std::collections::{BTreeSet, HashMap};

use super::asker::{AT_ONCE, Asker};
use super::experiments::number;
use super::push::Push;
use super::sql::{Dialect, Row, Sql};
use crate::filter::typed::{Clause, Condition, Test};
use crate::filter::{Direction, Doubt, Filter, Matcher, SessionScope, Truth};
use crate::model::field::Field;
use crate::model::{ExperimentId, TimeWindow, Trace, TraceId, TraceInfo, keys};
use crate::store::{Decided, Query, StoreError, TraceFailure, Undecided};

/// A query, prepared once.
pub(super) struct Question {
    pub(super) query: Query,
    matcher: Matcher,
    scope: SessionScope,
    /// What every match passes, beside its time.
    condition: Sql,
    window: TimeWindow,
    /// Whether that says all that the query says.
    pub(super) is_exact: bool,
}

/// What traces are linked to: runs, and prompt versions.
type Links = HashMap<TraceId, Vec<(String, String)>>;

/// A place in the order of time: behind this one.
pub(super) type Place = (i64, TraceId);

impl Question {
    /// Prepares a query; where sessions share assessments this reads those.
    pub(super) async fn new(query: &Query, asker: &mut Asker) -> Result<Self, StoreError> {
        let matcher = query.filter.matcher();
        let shared =
            if query.filter.needs_session_scope() { asker.shared(&query.experiments).await? } else { Vec::new() };
        let mut scope = SessionScope::default();
        for info in &shared {
            matcher.observe(&mut scope, &Trace::without_spans(info.clone()));
        }
        let push = Push { dialect: asker.dialect(), schema: asker.schema, has_shared: !shared.is_empty() };
        let pushed = push.conjuncts(&query.filter.normal_conjuncts());
        let parts = vec![experiments_along_time(&query.experiments, asker), pushed.sql];
        let condition = Sql::joined(parts, " AND ", "1 = 1");
        let window = query.window.and(query.filter.time_window());
        Ok(Self { query: query.clone(), matcher, scope, condition, window, is_exact: pushed.is_exact })
    }

    /// The same, for which a database leaves nothing out but other experiments.
    #[cfg(test)]
    pub(super) fn unasked(self) -> Self {
        let condition = in_experiments(&self.query.experiments);
        Self { condition, window: TimeWindow::default(), ..self }
    }

    /// The next traces in the order of time, behind a place.
    pub(super) fn page(&self, asker: &Asker, direction: Direction, behind: Option<&Place>, most: u64) -> Sql {
        let (sign, word) = match direction {
            Direction::Descending => ("<", "DESC"),
            Direction::Ascending => (">", "ASC"),
        };
        // An index is read from one bound: the place takes the bound of the window over.
        let ahead = behind.map_or_else(TimeWindow::default, |(time, _)| match direction {
            Direction::Descending => TimeWindow { newest_ms: Some(*time), ..TimeWindow::default() },
            Direction::Ascending => TimeWindow { oldest_ms: Some(*time), ..TimeWindow::default() },
        });
        let mut sql = Sql::new(format!("SELECT {} FROM trace_info t WHERE ", asker.schema.info_columns()))
            .part(self.condition.clone())
            .text(" AND ")
            .part(in_window(self.window.and(ahead)));
        if let Some((time, id)) = behind {
            sql = sql
                .text(format!(" AND (t.timestamp_ms {sign} "))
                .bind(*time)
                .text(" OR t.request_id > ")
                .bind(id.as_str())
                .text(")");
        }
        sql.text(format!(" ORDER BY t.timestamp_ms {word}, t.request_id ASC LIMIT {most}"))
    }

    /// How many there are in a window.
    pub(super) fn count(&self, window: TimeWindow) -> Sql {
        Sql::new("SELECT count(*) FROM trace_info t WHERE ")
            .part(self.condition.clone())
            .text(" AND ")
            .part(in_window(self.window.and(window)))
    }

    /// Decides of traces that were found.
    pub(super) async fn decide(&self, asker: &mut Asker, infos: Vec<TraceInfo>) -> Result<Decided, StoreError> {
        let (infos, unread) = Decided::readable(infos);
        let links = if self.matcher.asks_links() { asker.links(&infos).await? } else { Links::new() };
        let mut decided: Vec<Result<Option<Trace>, Undecided>> = Vec::with_capacity(infos.len());
        let (mut places, mut open) = (Vec::new(), Vec::new());
        for trace in infos.into_iter().map(Trace::without_spans) {
            let truth = self.ask(&trace, &links);
            if truth.is_open() && self.query.filter.needs_spans() {
                places.push(decided.len());
                open.push(trace);
                decided.push(Ok(None));
            } else {
                decided.push(self.settled(trace, truth, &links, None));
            }
        }
        for (place, read) in places.into_iter().zip(asker.whole(open).await?) {
            decided[place] = match read {
                Ok(trace) => {
                    let truth = self.ask(&trace, &links);
                    self.settled(trace, truth, &links, None)
                }
                Err(failure) => self.of_failure(failure, &links),
            };
        }
        let mut decided = Decided::of(decided);
        decided.undecided.extend(unread);
        Ok(decided)
    }

    /// A server asks the spans that its database has of a trace, also where some are missing, and what a filter means that it
    /// accepts is for it to say.
    fn of_failure(&self, failure: TraceFailure, links: &Links) -> Result<Option<Trace>, Undecided> {
        let TraceFailure { error, trace, .. } = failure;
        if self.query.leaves_out_unreadable() && trace.spans.is_some() {
            let truth = self.ask(&trace, links);
            return self.settled(*trace, truth, links, None);
        }
        self.settled(Trace { spans: None, ..*trace }, Truth::OPEN, links, Some(error.to_string()))
    }

    fn settled(
        &self,
        trace: Trace,
        truth: Truth,
        links: &Links,
        reason: Option<String>,
    ) -> Result<Option<Trace>, Undecided> {
        if !truth.is_open() {
            return Ok(truth.is_true().then_some(trace));
        }
        let doubts: BTreeSet<Doubt> =
            self.matcher.doubts_linked(&trace, &self.scope, &|clause, id| passes(links, clause, id));
        let is_left_out = reason.is_some() && self.query.leaves_out_unreadable();
        Err(Undecided { trace_id: trace.info.trace_id, doubts, reason, is_left_out })
    }

    fn ask(&self, trace: &Trace, links: &Links) -> Truth {
        self.matcher.matches_linked(trace, &self.scope, &|clause, id| passes(links, clause, id))
    }
}

fn in_experiments(experiments: &[ExperimentId]) -> Sql {
    experiments_by("t.experiment_id", experiments)
}

/// Of several experiments, pages come along the index of time alone, which databases have since columns were promoted: `SQLite`
/// would sort all traces of theirs for each page. A sign before a column keeps it from the index that it is in.
fn experiments_along_time(experiments: &[ExperimentId], asker: &Asker) -> Sql {
    let is_by_time = asker.dialect() == Dialect::Sqlite && asker.schema.has_promoted && experiments.len() > 1;
    experiments_by(if is_by_time { "+t.experiment_id" } else { "t.experiment_id" }, experiments)
}

fn experiments_by(column: &str, experiments: &[ExperimentId]) -> Sql {
    let numbers: Vec<i64> = experiments.iter().filter_map(number).collect();
    match (experiments, numbers.as_slice()) {
        ([], _) => Sql::new("1 = 1"),
        (_, []) => Sql::new("1 = 0"),
        (_, [one]) => Sql::new(format!("{column} = ")).bind(*one),
        _ => Sql::new(format!("{column} IN ")).list(numbers),
    }
}

fn in_window(window: TimeWindow) -> Sql {
    let bound =
        |sign: &str, bound: Option<i64>| bound.map(|bound| Sql::new(format!("t.timestamp_ms {sign} ")).bind(bound));
    let bounds = [bound(">=", window.oldest_ms), bound("<=", window.newest_ms)];
    Sql::joined(bounds.into_iter().flatten().collect(), " AND ", "1 = 1")
}

/// Whether something that a trace is linked to passes a clause.
fn passes(links: &Links, clause: &Clause, id: &TraceId) -> bool {
    let kind = if clause.field == Field::Prompt { "prompt_version" } else { "run" };
    let of_kind = links.get(id).into_iter().flatten().filter(|(of, _)| of == kind);
    of_kind.into_iter().any(|(_, linked)| holds(&clause.test, linked))
}

/// Whether the id of a run or prompt passes a test.
fn holds(test: &Test, linked: &str) -> bool {
    let mut info = TraceInfo::new(TraceId::new(""), 0);
    info.is_as_stored = true;
    info.metadata.insert(keys::SOURCE_RUN.to_owned(), linked.to_owned());
    // That a trace has no run is asked the other way round.
    let test = if *test == Test::Missing { Test::Present } else { test.clone() };
    Filter::holds_of(&Condition::Clause(Clause { field: Field::Run, test, span: 0..0 }), info)
}

impl Asker {
    /// The traces of these experiments that have an assessment which was made for their session.
    async fn shared(&mut self, experiments: &[ExperimentId]) -> Result<Vec<TraceInfo>, StoreError> {
        if !self.schema.has_assessments {
            return Ok(Vec::new());
        }
        let sql = Sql::new("SELECT DISTINCT t.request_id FROM assessments a JOIN trace_info t ON t.request_id = a.trace_id WHERE a.assessment_metadata LIKE ")
            .bind(format!("%\"{}\"%", keys::SESSION).as_str())
            .text(" AND ")
            .part(in_experiments(experiments));
        let ids: Vec<TraceId> =
            self.rows(&sql).await?.into_iter().map(|mut row| TraceId::new(row.text_or_empty())).collect();
        self.infos_of(&ids).await
    }

    /// What these traces are linked to.
    async fn links(&mut self, infos: &[TraceInfo]) -> Result<Links, StoreError> {
        let mut links = Links::new();
        if !self.schema.has_links {
            return Ok(links);
        }
        for part in infos.chunks(AT_ONCE) {
            let ids = part.iter().map(|info| info.trace_id.as_str());
            let sql = Sql::new("SELECT source_id, destination_type, destination_id FROM entity_associations WHERE source_type = 'trace' AND source_id IN ").list(ids);
            for mut row in self.rows(&sql).await? {
                let id = TraceId::new(row.text_or_empty());
                links.entry(id).or_default().push((row.text_or_empty(), row.text_or_empty()));
            }
        }
        Ok(links)
    }

    /// How many traces of these experiments are linked to a run that they were not recorded in.
    pub(super) async fn linked(&mut self, experiments: &[ExperimentId]) -> Result<u64, StoreError> {
        if !self.schema.has_links {
            return Ok(0);
        }
        let key = self.dialect().key();
        let sql = Sql::new("SELECT count(DISTINCT t.request_id) FROM entity_associations l JOIN trace_info t ON t.request_id = l.source_id WHERE l.source_type = 'trace' AND l.destination_type = 'run' AND ")
            .part(in_experiments(experiments))
            .text(format!(" AND NOT EXISTS (SELECT 1 FROM trace_request_metadata p WHERE p.{key} = "))
            .bind(keys::SOURCE_RUN)
            .text(" AND p.request_id = t.request_id AND p.value = l.destination_id)");
        Ok(number_of(self.rows(&sql).await?))
    }
}

/// The one number of an answer.
pub(super) fn number_of(rows: Vec<Row>) -> u64 {
    rows.into_iter().next().and_then(|mut row| row.integer()).and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}
