//! Conditions on spans, as far as a database is asked them: by the columns that it has of each span, and by words of its text.
//!
//! Invariant: a trace whose spans are elsewhere passes, as nothing here tells what they say.

use super::push::{LONGEST_PATTERN, Push, Pushed};
use super::sql::Sql;
use crate::filter::typed::{Clause, Condition, Number, SpanGroup, Test, TextOperator};
use crate::filter::{first_span_start, stored_span_texts};
use crate::model::field::{Field, SpanField};
use crate::model::keys;

/// Characters of the type of a span that a database keeps.
const LONGEST_TYPE: usize = 500;

impl Push {
    /// Some span is like this.
    pub(super) fn span_group(self, group: &SpanGroup) -> Option<Pushed> {
        if !self.schema.has_spans {
            return None;
        }
        let mut span = self.span(&group.condition)?;
        if let Some(Number::Integer(start)) = group.earliest.map(first_span_start) {
            span = span.text(" AND s.start_time_unix_nano >= ").bind(start);
        }
        let key = self.dialect.key();
        let sql = Sql::new("(EXISTS (SELECT 1 FROM spans s WHERE s.trace_id = t.request_id AND ")
            .part(span)
            .text(format!(") OR NOT EXISTS (SELECT 1 FROM trace_tags p WHERE p.{key} = "))
            .bind(keys::SPANS_LOCATION)
            .text(" AND p.request_id = t.request_id AND p.value = 'TRACKING_STORE'))");
        Some(Pushed::weaker(sql))
    }

    fn span(self, condition: &Condition) -> Option<Sql> {
        match condition {
            Condition::All(parts) => {
                let parts: Vec<Sql> = parts.iter().filter_map(|part| self.span(part)).collect();
                (!parts.is_empty()).then(|| Sql::joined(parts, " AND ", "1 = 1"))
            }
            Condition::Any(parts) => {
                let parts = parts.iter().map(|part| self.span(part)).collect::<Option<Vec<_>>>()?;
                Some(Sql::joined(parts, " OR ", "1 = 0"))
            }
            Condition::Span(group) => self.span(&group.condition),
            Condition::Not(_) => None,
            Condition::Clause(clause) => match &clause.field {
                Field::Span(SpanField::Content | SpanField::Value(_)) => words(clause),
                Field::Span(field) => self.column(field, &clause.test),
                _ => None,
            },
        }
    }

    /// A test of a column. What the column does not know passes.
    fn column(self, field: &SpanField, test: &Test) -> Option<Sql> {
        if matches!(test, Test::Missing | Test::Present) {
            return None;
        }
        let (column, unknown) = match field {
            SpanField::Name => ("s.name", "s.name IS NULL"),
            SpanField::Type => ("s.type", "s.type IS NULL"),
            SpanField::Status => ("s.status", "s.status NOT IN ('OK', 'ERROR', 'UNSET')"),
            SpanField::Content | SpanField::Duration | SpanField::Attribute(_) | SpanField::Value(_) => return None,
        };
        // A type that is longer than the column is cut.
        if *field == SpanField::Type
            && matches!(test, Test::Text(TextOperator::Equal, word) if word.chars().count() >= LONGEST_TYPE)
        {
            return None;
        }
        let pushed = self.text(column, test)?.sql;
        Some(Sql::new("(").part(pushed).text(" OR ").text(unknown).text(")"))
    }
}

/// Words that the text of a span holds, case aside where the database leaves it aside.
fn words(clause: &Clause) -> Option<Sql> {
    let like = |word: &String| Sql::new("s.content LIKE ").bind(format!("%{word}%"));
    let mut texts = stored_span_texts(clause);
    texts.retain(|texts| texts.iter().all(|word| word.len() <= LONGEST_PATTERN));
    let all: Vec<Sql> =
        texts.iter().map(|texts| Sql::joined(texts.iter().map(like).collect(), " OR ", "1 = 0")).collect();
    (!all.is_empty()).then(|| Sql::joined(all, " AND ", "1 = 1"))
}
