//! A filter as the WHERE clause of a query engine, over the columns of a Parquet export with one row per trace.
//!
//! The engine is to return exactly the traces that the evaluator returns, so what an engine cannot be told exactly is
//! refused. Three-valued logic is taken apart here: every text written is true for a trace exactly if the condition is
//! true (`holds`) or exactly if it is false (`fails`); whether it is false or NULL otherwise does not count. It must not know
//! how files are written.
//!
//! Invariant: texts of a filter reach the SQL only as quoted literals.

mod assessments;
mod dialect;
mod numbers;
mod regex;
mod values;

use super::spans::first_span_start;
use crate::filter::Filter;
use crate::filter::error::{FilterError, FilterErrorKind};
use crate::filter::meaning::normal;
use crate::filter::meaning::typed::{Clause, Condition, SpanGroup, Test, TextOperator};
use crate::model::field::{Field, SpanField};

pub use dialect::Dialect;
use dialect::List;
pub use numbers::SqlNumbers;
use values::Value;

impl Filter {
    /// The condition of a WHERE clause that is true for the traces that the filter matches.
    ///
    /// `table` is where sessions that share feedback are looked up: the name of the table or view that is searched, put into
    /// the SQL as it is. Fails with the clause that the dialect cannot say.
    pub fn to_sql(&self, dialect: Dialect, table: &str) -> Result<String, FilterError> {
        let writer = Writer { filter: self, dialect, table };
        Ok(writer.holds(&Condition::All(normal::conjuncts(self.conjuncts())))?.text)
    }

    /// Whether [`Filter::to_sql`] uses the name of the table.
    #[must_use]
    pub fn sql_names_table(&self) -> bool {
        self.needs_session_scope()
    }
}

/// How tightly the operators of a text bind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Binding {
    /// One comparison.
    Clause,
    /// Joined by AND.
    And,
    /// Joined by OR.
    Or,
}

/// A condition in SQL.
struct Sql {
    text: String,
    binding: Binding,
}

impl Sql {
    fn clause(text: impl Into<String>) -> Self {
        Self { text: text.into(), binding: Binding::Clause }
    }

    fn constant(value: bool) -> Self {
        Self::clause(if value { "TRUE" } else { "FALSE" })
    }

    fn all(parts: Vec<Self>) -> Self {
        Self::join(parts, " AND ", Binding::And)
    }

    fn any(parts: Vec<Self>) -> Self {
        Self::join(parts, " OR ", Binding::Or)
    }

    fn join(mut parts: Vec<Self>, operator: &str, binding: Binding) -> Self {
        match parts.len() {
            0 => Self::constant(binding == Binding::And),
            1 => parts.remove(0),
            _ => {
                let part = |part: Self| match part.binding {
                    inner if inner == Binding::Clause || inner == binding => part.text,
                    _ => format!("({})", part.text),
                };
                Self { text: parts.into_iter().map(part).collect::<Vec<_>>().join(operator), binding }
            }
        }
    }
}

/// What one filter is written with.
struct Writer<'f> {
    filter: &'f Filter,
    dialect: Dialect,
    table: &'f str,
}

type Written = Result<Sql, FilterError>;

impl Writer<'_> {
    fn refused(&self, clause: &Clause, why: &str) -> FilterError {
        let message = format!("{} cannot express this exactly: {why}", self.dialect.name());
        FilterError::new(FilterErrorKind::Operator, self.filter.text(), clause.span.clone(), message)
            .hint("rewrite it, or let mlflow-trace search the archive: --tracking-uri file:PATH")
    }

    /// True exactly if the condition is true.
    fn holds(&self, condition: &Condition) -> Written {
        match condition {
            Condition::All(parts) => parts.iter().map(|part| self.holds(part)).collect::<Result<_, _>>().map(Sql::all),
            Condition::Any(parts) => parts.iter().map(|part| self.holds(part)).collect::<Result<_, _>>().map(Sql::any),
            Condition::Not(part) => self.fails(part),
            Condition::Span(group) => Ok(Sql::clause(self.dialect.exists(List::Spans, &self.span_group(group)?))),
            Condition::Clause(clause) => self.clause(clause, true),
        }
    }

    /// True exactly if the condition is false.
    fn fails(&self, condition: &Condition) -> Written {
        match condition {
            Condition::All(parts) => parts.iter().map(|part| self.fails(part)).collect::<Result<_, _>>().map(Sql::any),
            Condition::Any(parts) => parts.iter().map(|part| self.fails(part)).collect::<Result<_, _>>().map(Sql::all),
            Condition::Not(part) => self.holds(part),
            // Nothing is known about spans that were not exported.
            Condition::Span(group) => Ok(Sql::all(vec![
                Sql::clause("spans IS NOT NULL"),
                Sql::clause(self.dialect.exists_not(List::Spans, &self.span_group(group)?)),
            ])),
            Condition::Clause(clause) => self.clause(clause, false),
        }
    }

    fn clause(&self, clause: &Clause, wanted: bool) -> Written {
        // A link that an export does not show may be there all the same: it is never surely missing.
        if !wanted && is_link(clause) {
            return Ok(Sql::constant(false));
        }
        if let Some(answers) = self.answers(&clause.field) {
            return self.of_answers(&answers, clause, wanted);
        }
        let value = values::column(self.dialect, &clause.field);
        let value = value.ok_or_else(|| self.refused(clause, "no column holds it"))?;
        if wanted { self.test(&value, &clause.test, clause) } else { self.test(&value, &clause.test.negated(), clause) }
    }

    /// The condition on one span.
    fn span_group(&self, group: &SpanGroup) -> Result<String, FilterError> {
        let mut parts = Vec::new();
        if let Some(earliest) = group.earliest {
            let start = Value::Integer(self.dialect.member_integer(List::Spans.item(), "start_time_unix_nano"));
            parts.push(values::at_least(&start, first_span_start(earliest)));
        }
        parts.push(self.of_span(&group.condition, true)?);
        Ok(Sql::all(parts).text)
    }

    /// True exactly if the condition on a span is true, or with `wanted` false exactly if it is false.
    fn of_span(&self, condition: &Condition, wanted: bool) -> Written {
        let each = |parts: &[Condition]| parts.iter().map(|part| self.of_span(part, wanted)).collect::<Result<_, _>>();
        match condition {
            Condition::All(parts) if wanted => each(parts).map(Sql::all),
            Condition::All(parts) => each(parts).map(Sql::any),
            Condition::Any(parts) if wanted => each(parts).map(Sql::any),
            Condition::Any(parts) => each(parts).map(Sql::all),
            Condition::Not(part) => self.of_span(part, !wanted),
            Condition::Span(group) => self.of_span(&group.condition, wanted),
            Condition::Clause(clause) => match &clause.field {
                Field::Span(field) => self.span_clause(field, clause, wanted),
                // Only spans are asked inside of a group.
                _ => Ok(Sql::constant(!wanted)),
            },
        }
    }

    fn span_clause(&self, field: &SpanField, clause: &Clause, wanted: bool) -> Written {
        let test = match field {
            SpanField::Attribute(key) => super::spans::test_of_content(key, &clause.test),
            _ => clause.test.clone(),
        };
        let value = self.span_value(field, clause)?;
        self.test(&value, &if wanted { test } else { test.negated() }, clause)
    }
}

/// Whether a clause asks for a run or a prompt that a trace is linked to.
fn is_link(clause: &Clause) -> bool {
    match clause.field {
        Field::AnyRun => true,
        Field::Run | Field::Prompt => matches!(clause.test, Test::Text(TextOperator::Equal, _)),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
