//! The part of a filter that a database is asked: conditions that every match passes.
//!
//! What a filter means is decided by its evaluator, trace by trace; what is written here only leaves out, before they are read,
//! traces that surely do not match. So of each condition something weaker may be said, or nothing at all. A part that says all
//! that the condition says is *exact*, and matches of a filter of such parts can be counted without being read.
//!
//! Invariant: a trace that the evaluator finds, or cannot decide, passes.

use super::experiments::number;
use super::schema::Schema;
use super::sql::{Bind, Dialect, Sql};
use crate::filter::typed::{Clause, Condition, Number, Range, Test, TextOperator};
use crate::model::field::{Field, Share};
use crate::model::{AssessmentKind, ExperimentId, keys};

/// Texts of a list that are sent; a longer list is decided here.
const MOST_TEXTS: usize = 500;
/// Bytes of a pattern that databases take.
pub(super) const LONGEST_PATTERN: usize = 1_000;
/// Whole numbers below are the same as fractions.
const EXACT: i64 = 1 << 53;

/// A condition of which every match passes.
pub(super) struct Pushed {
    pub(super) sql: Sql,
    /// Whether nothing else passes.
    pub(super) is_exact: bool,
}

/// What the conditions are written for.
#[derive(Clone, Copy)]
pub(super) struct Push {
    pub(super) dialect: Dialect,
    pub(super) schema: Schema,
    /// Whether some assessment was made for a whole session, so that it counts for traces that do not have it.
    pub(super) has_shared: bool,
}

impl Pushed {
    pub(super) fn exact(sql: Sql) -> Self {
        Self { sql, is_exact: true }
    }

    pub(super) fn weaker(sql: Sql) -> Self {
        Self { sql, is_exact: false }
    }

    fn weakened(self) -> Self {
        Self { is_exact: false, ..self }
    }

    /// All of some parts.
    fn all(parts: Vec<Option<Self>>) -> Option<Self> {
        let is_exact = parts.iter().all(|part| part.as_ref().is_some_and(|part| part.is_exact));
        let pushed: Vec<Sql> = parts.into_iter().flatten().map(|part| part.sql).collect();
        (!pushed.is_empty() || is_exact).then(|| Self { sql: Sql::joined(pushed, " AND ", "1 = 1"), is_exact })
    }

    /// Some of them, of which each must have been written.
    fn any(parts: Vec<Option<Self>>) -> Option<Self> {
        let pushed: Vec<Self> = parts.into_iter().collect::<Option<_>>()?;
        let is_exact = pushed.iter().all(|part| part.is_exact);
        Some(Self { sql: Sql::joined(pushed.into_iter().map(|part| part.sql).collect(), " OR ", "1 = 0"), is_exact })
    }
}

impl Push {
    /// What all matches of these conditions have in common.
    pub(super) fn conjuncts(self, conditions: &[Condition]) -> Pushed {
        let parts = conditions.iter().map(|part| self.condition(part)).collect();
        Pushed::all(parts).unwrap_or_else(|| Pushed::weaker(Sql::new("1 = 1")))
    }

    fn condition(self, condition: &Condition) -> Option<Pushed> {
        match condition {
            Condition::All(parts) => Pushed::all(parts.iter().map(|part| self.condition(part)).collect()),
            Condition::Any(parts) => Pushed::any(parts.iter().map(|part| self.condition(part)).collect()),
            Condition::Not(_) => None,
            Condition::Span(group) => self.span_group(group),
            Condition::Clause(clause) => self.clause(clause),
        }
    }

    fn clause(self, clause: &Clause) -> Option<Pushed> {
        let test = &clause.test;
        match &clause.field {
            Field::TraceId => self.text("t.request_id", test),
            Field::ClientRequestId if self.schema.has_previews => self.text("t.client_request_id", test),
            Field::Status => self.status(test),
            // The window has its bounds, too, and no index of SQLite is read from two of one kind: one beginning long before a
            // page would have it go over all pages before.
            Field::RequestTime if self.dialect == Dialect::Sqlite => number_test("+t.timestamp_ms", test),
            Field::RequestTime => number_test("t.timestamp_ms", test),
            Field::Duration => number_test("t.execution_time_ms", test),
            Field::Experiment => experiment(test),
            Field::Name => self.promoted("t.trace_name", "trace_tags", keys::TRACE_NAME, test),
            Field::Session => self.promoted("t.session_id", "trace_request_metadata", keys::SESSION, test),
            Field::Tag(key) if key == keys::TRACE_NAME => self.promoted("t.trace_name", "trace_tags", key, test),
            Field::Tag(key) => self.pair("trace_tags", key, test),
            Field::Metadata(key) if key == keys::SESSION => {
                self.promoted("t.session_id", "trace_request_metadata", key, test)
            }
            Field::Metadata(key) if is_json(key) && self.schema.has_promoted => None,
            Field::Metadata(key) => self.pair("trace_request_metadata", key, test),
            Field::User => self.pair("trace_request_metadata", keys::USER, test),
            Field::Tokens(share) => self.share(*share, ["input_tokens", "output_tokens", "total_tokens"], test),
            Field::Cost(share) => self.share(*share, ["input_cost", "output_cost", "total_cost"], test),
            Field::Run => self.run(test),
            Field::Prompt => match test {
                Test::Text(TextOperator::Equal, prompt) => self.link("prompt_version", prompt),
                _ => None,
            },
            Field::Feedback(name) => self.assessed(Some(AssessmentKind::Feedback), Some(name), test),
            Field::Expectation(name) => self.assessed(Some(AssessmentKind::Expectation), Some(name), test),
            Field::Assessed(kind) => self.assessed(*kind, None, test),
            Field::Issue => self.issue(test),
            Field::ClientRequestId
            | Field::AnyRun
            | Field::EndTime
            | Field::RequestPreview
            | Field::ResponsePreview
            | Field::SpanCount
            | Field::CachedTokens
            | Field::Version
            | Field::Error
            | Field::ErrorSpan
            | Field::SizeBytes
            | Field::AssessmentSourceType
            | Field::AssessmentSourceId
            | Field::Span(_) => None,
        }
    }

    /// A test of a column of texts.
    pub(super) fn text(self, column: &str, test: &Test) -> Option<Pushed> {
        if texts(test).any(|text| text.contains('\0')) {
            return None;
        }
        let is_loose = self.dialect == Dialect::MySql;
        let column_is = |rest: &str| Sql::new(format!("{column} {rest}"));
        let pushed = match test {
            Test::Text(TextOperator::Equal, value) => column_is("= ").bind(value.as_str()),
            Test::OneOf(list) if list.is_empty() => Sql::new("1 = 0"),
            Test::OneOf(list) if list.len() <= MOST_TEXTS => column_is("IN ").list(list.iter().map(String::as_str)),
            Test::Text(TextOperator::Like | TextOperator::ILike, _) => return self.like(column, test),
            Test::Missing => column_is("IS NULL"),
            Test::Present => column_is("IS NOT NULL"),
            // What is equal without regard to case may differ.
            _ if is_loose => return None,
            Test::Text(TextOperator::NotEqual, value) => column_is("<> ").bind(value.as_str()),
            Test::NoneOf(list) if list.is_empty() => column_is("IS NOT NULL"),
            Test::NoneOf(list) if list.len() <= MOST_TEXTS => {
                column_is("NOT IN ").list(list.iter().map(String::as_str))
            }
            Test::Text(TextOperator::NotLike | TextOperator::NotILike, _) => return self.like(column, test),
            _ => return None,
        };
        let is_presence = matches!(test, Test::Missing | Test::Present);
        Some(Pushed { sql: pushed, is_exact: !is_loose || is_presence })
    }

    fn like(self, column: &str, test: &Test) -> Option<Pushed> {
        let Test::Text(operator, pattern) = test else { return None };
        if pattern.len() > LONGEST_PATTERN {
            return None;
        }
        let ignores_case = matches!(operator, TextOperator::ILike | TextOperator::NotILike);
        let not = if matches!(operator, TextOperator::NotLike | TextOperator::NotILike) { "NOT " } else { "" };
        let column = match self.dialect {
            _ if !ignores_case => column.to_owned(),
            // Of ASCII letters alone, whatever the language of the database.
            Dialect::Sqlite => format!("lower({column})"),
            Dialect::Postgres => {
                format!("translate({column}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')")
            }
            // What it makes of other letters depends on their language.
            Dialect::MySql => return None,
        };
        let pattern = if ignores_case { pattern.to_ascii_lowercase() } else { pattern.clone() };
        let escape = self.dialect.no_escape(&pattern)?;
        let sql = Sql::new(format!("{column} {not}LIKE ")).bind(pattern.as_str()).text(escape);
        Some(Pushed { sql, is_exact: self.dialect != Dialect::MySql })
    }

    /// `MLflow` 2 has another word for a state that is not stated.
    fn status(self, test: &Test) -> Option<Pushed> {
        let is_plain = texts(test).all(|word| !word.contains("UNSPECIFIED"));
        match test {
            Test::Text(TextOperator::Equal, _) | Test::OneOf(_) if is_plain => self.text("t.status", test),
            Test::Text(TextOperator::NotEqual, _) | Test::NoneOf(_) if is_plain => self.text("t.status", test),
            _ => None,
        }
    }

    /// What has a column of its own since 3.17, and was a row before.
    fn promoted(self, column: &str, table: &str, key: &str, test: &Test) -> Option<Pushed> {
        match (self.schema.has_promoted, self.schema.has_unpromoted) {
            (true, false) => self.text(column, test),
            (false, _) => self.pair(table, key, test),
            // Where a row is, too, it counts.
            (true, true) if *test == Test::Missing => None,
            (true, true) => {
                Pushed::any(vec![self.text(column, test), self.pair(table, key, test)]).map(Pushed::weakened)
            }
        }
    }

    /// A test of a tag or a piece of metadata.
    fn pair(self, table: &str, key: &str, test: &Test) -> Option<Pushed> {
        if key.contains('\0') {
            return None;
        }
        let is_loose = self.dialect == Dialect::MySql;
        let name = self.dialect.key();
        let row = Sql::new(format!("EXISTS (SELECT 1 FROM {table} p WHERE p.{name} = "))
            .bind(key)
            .text(" AND p.request_id = t.request_id");
        match test {
            Test::Missing if is_loose => None,
            Test::Missing => Some(Pushed::exact(Sql::new("NOT ").part(row).text(")"))),
            Test::Present => Some(Pushed { sql: row.text(")"), is_exact: !is_loose }),
            test => {
                let value = self.text("p.value", test)?;
                let sql = row.text(" AND ").part(value.sql).text(")");
                Some(Pushed { sql, is_exact: value.is_exact && !is_loose })
            }
        }
    }

    /// Tokens or cost, of which the text of metadata is made.
    fn share(self, share: Share, columns: [&str; 3], test: &Test) -> Option<Pushed> {
        if !self.schema.has_promoted || self.schema.has_unpromoted {
            return None;
        }
        let [input, output, total] = columns;
        let column = match share {
            Share::Input => input,
            Share::Output => output,
            Share::Total => total,
        };
        let Test::Number(operator, bound) = test else { return None };
        let bound = match bound {
            Number::Integer(bound) if bound.abs() < EXACT => Bind::Integer(*bound),
            Number::Float(bound) if bound.is_finite() && self.dialect == Dialect::Sqlite => Bind::Real(*bound),
            _ => return None,
        };
        Some(Pushed::weaker(Sql::new(format!("t.{column} {} ", sign(*operator))).bind(bound)))
    }

    /// A run that the trace was recorded in, or for `=` also one that it is linked to.
    fn run(self, test: &Test) -> Option<Pushed> {
        let recorded = self.pair("trace_request_metadata", keys::SOURCE_RUN, test);
        match test {
            Test::Text(TextOperator::Equal, run) => Pushed::any(vec![recorded, self.link("run", run)]),
            _ => recorded,
        }
    }

    fn link(self, kind: &str, id: &str) -> Option<Pushed> {
        if !self.schema.has_links {
            return Some(Pushed::exact(Sql::new("1 = 0")));
        }
        if id.contains('\0') {
            return None;
        }
        let sql = Sql::new("EXISTS (SELECT 1 FROM entity_associations l WHERE l.source_type = 'trace' AND l.source_id = t.request_id AND l.destination_type = ")
            .bind(kind)
            .text(" AND l.destination_id = ")
            .bind(id)
            .text(")");
        Some(Pushed { sql, is_exact: self.dialect != Dialect::MySql })
    }

    /// Assessments of the trace itself: whatever is asked of their values, there must be one.
    fn assessed(self, kind: Option<AssessmentKind>, name: Option<&String>, test: &Test) -> Option<Pushed> {
        let is_loose = self.dialect == Dialect::MySql;
        if !self.schema.has_assessments || name.is_some_and(|name| name.contains('\0')) {
            return None;
        }
        let valid = if self.dialect == Dialect::Postgres { "a.valid" } else { "a.valid <> 0" };
        let mut row =
            Sql::new(format!("EXISTS (SELECT 1 FROM assessments a WHERE a.trace_id = t.request_id AND {valid}"));
        if let Some(kind) = kind {
            row = row.text(" AND a.assessment_type = ").bind(kind.as_str());
        }
        if let Some(name) = name {
            row = row.text(" AND a.name = ").bind(name.as_str());
        }
        let row = row.text(")");
        match test {
            Test::Missing if is_loose => None,
            Test::Missing => Some(Pushed { sql: Sql::new("NOT ").part(row), is_exact: !self.has_shared }),
            _ if self.has_shared => None,
            Test::Present => Some(Pushed { sql: row, is_exact: !is_loose }),
            _ => Some(Pushed::weaker(row)),
        }
    }

    fn issue(self, test: &Test) -> Option<Pushed> {
        let Test::Text(TextOperator::Equal, id) = test else { return None };
        if !self.schema.has_assessments || id.contains('\0') {
            return None;
        }
        let sql = Sql::new("EXISTS (SELECT 1 FROM assessments a WHERE a.trace_id = t.request_id AND a.assessment_type = 'issue' AND a.name = ")
            .bind(id.as_str())
            .text(")");
        Some(Pushed { sql, is_exact: self.dialect != Dialect::MySql })
    }
}

/// The texts that a test compares with.
fn texts(test: &Test) -> impl Iterator<Item = &str> {
    let list: Vec<&str> = match test {
        Test::Text(_, value) => vec![value],
        Test::OneOf(list) | Test::NoneOf(list) => list.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    list.into_iter()
}

fn is_json(key: &str) -> bool {
    [keys::TOKEN_USAGE, keys::COST].contains(&key)
}

/// Databases keep ids of experiments as numbers.
fn experiment(test: &Test) -> Option<Pushed> {
    let list = match test {
        Test::Text(TextOperator::Equal, id) => std::slice::from_ref(id),
        Test::OneOf(list) if list.len() <= MOST_TEXTS => list,
        _ => return None,
    };
    let numbers: Vec<i64> = list
        .iter()
        .filter_map(|id| number(&ExperimentId::from(id.as_str())).filter(|number| number.to_string() == *id))
        .collect();
    let sql = if numbers.is_empty() { Sql::new("1 = 0") } else { Sql::new("t.experiment_id IN ").list(numbers) };
    Some(Pushed::exact(sql))
}

fn sign(operator: crate::filter::typed::NumberOperator) -> &'static str {
    match operator.as_str() {
        "!=" => "<>",
        other => other,
    }
}

/// A test of a column of whole numbers. What is compared with a fraction is decided here.
fn number_test(column: &str, test: &Test) -> Option<Pushed> {
    let sql = match test {
        Test::Number(operator, Number::Integer(bound)) => {
            Sql::new(format!("{column} {} ", sign(*operator))).bind(*bound)
        }
        Test::Range(Range {
            low: Number::Integer(low),
            high: Number::Integer(high),
            is_outside: false,
            includes_high,
        }) => {
            let below = if *includes_high { "<=" } else { "<" };
            Sql::new(format!("({column} >= ")).bind(*low).text(format!(" AND {column} {below} ")).bind(*high).text(")")
        }
        Test::Missing => Sql::new(format!("{column} IS NULL")),
        Test::Present => Sql::new(format!("{column} IS NOT NULL")),
        _ => return None,
    };
    Some(Pushed::exact(sql))
}
