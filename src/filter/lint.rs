//! What is right for a server and still hardly what was meant.

use std::ops::Range;

use super::ast::{Comparison, Expr};
use super::check::EATEN;
use super::error::one_line;
use super::python_regex::{self, Problem};
use super::typed::{Clause, Number, Test, TextOperator};
use crate::model::field::{Field, SpanField};

/// Something in a filter that works but hardly does what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// What it really does.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
    /// The bytes of the filter it is about.
    pub span: Range<usize>,
}

/// Start times below this, in milliseconds, were in 1973: they are rather seconds.
const SECONDS_UNTIL: i64 = 100_000_000_000;

/// What there is to say about a filter; `clauses` are its comparisons in the same order.
pub(super) fn lints(expr: &Expr, clauses: &[&Clause]) -> Vec<Lint> {
    let mut comparisons = Vec::new();
    collect(expr, &mut comparisons);
    let mut found = Vec::new();
    for (comparison, clause) in comparisons.iter().zip(clauses) {
        of_identifier(comparison, clause, &mut found);
        of_value(comparison, clause, &mut found);
    }
    of_runs(clauses, &mut found);
    found
}

fn collect<'e>(expr: &'e Expr, comparisons: &mut Vec<&'e Comparison>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| collect(part, comparisons)),
        Expr::Not(part) | Expr::Span(part) => collect(part, comparisons),
        Expr::Comparison(comparison) => comparisons.push(comparison),
    }
}

fn lint(span: &Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Lint {
    Lint { message: one_line(&message.into()), hint: Some(one_line(&hint.into())), span: span.clone() }
}

fn of_identifier(comparison: &Comparison, clause: &Clause, found: &mut Vec<Lint>) {
    let identifier = &comparison.identifier;
    let span = &identifier.span.0;
    if let Some(swallowed) = &identifier.swallowed {
        found.push(lint(
            &(swallowed.0.start..span.end),
            "without AND, MLflow takes all of this for one name and ignores the first comparison",
            "put AND between the two clauses",
        ));
        return;
    }
    let Some((entity, key)) = identifier.raw.split_once('.') else { return };
    let bare = key.trim_matches(['\'', '"', '`']);
    match &clause.field {
        Field::Tag(key) | Field::Metadata(key) if key.is_empty() => {
            found.push(lint(span, format!("this asks for a key that is the empty text: {entity}."), EATEN));
        }
        Field::Tag(asked) | Field::Metadata(asked) if asked.starts_with(char::is_whitespace) => {
            found.push(lint(
                span,
                "the blank after the dot is a part of the key",
                "write the key directly after the dot",
            ));
        }
        Field::Name if bare != "mlflow.traceName" && !is_attribute(entity) => found.push(lint(
            span,
            format!("MLflow takes {} for the name of the trace", identifier.raw),
            "a tag called name cannot be asked for; write name if the trace's name is meant",
        )),
        Field::Run if bare.eq_ignore_ascii_case("run_id") && !is_attribute(entity) => found.push(lint(
            span,
            format!("MLflow takes {} for the run of the trace", identifier.raw),
            "a tag called run_id cannot be asked for; write run_id if the run is meant",
        )),
        Field::Tag(asked) | Field::Metadata(asked)
            if asked != bare && bare.eq_ignore_ascii_case(asked.trim_end_matches("_ms")) =>
        {
            found.push(lint(
                span,
                format!("MLflow looks for the key {asked} here"),
                format!("a key called {bare} cannot be asked for"),
            ));
        }
        _ => {}
    }
}

fn is_attribute(entity: &str) -> bool {
    matches!(entity.trim_matches('`'), "trace" | "attribute" | "attributes")
}

fn of_value(comparison: &Comparison, clause: &Clause, found: &mut Vec<Lint>) {
    let Some(literal) = &comparison.value else { return };
    let span = &literal.span.0;
    match &clause.test {
        Test::Text(TextOperator::RLike, pattern) => found.extend(of_pattern(span, pattern)),
        Test::Text(TextOperator::Equal, value) => found.extend(of_equality(comparison, span, &clause.field, value)),
        Test::Text(TextOperator::NotEqual, _) if matches!(clause.field, Field::Span(SpanField::Attribute(_))) => {
            let message = "every span matches: attributes can only be searched as text";
            found.push(lint(&comparison.span.0, message, "use RLIKE with a negative look-ahead"));
        }
        Test::Number(_, Number::Integer(number))
            if matches!(clause.field, Field::RequestTime | Field::EndTime)
                && (1_000_000_000..SECONDS_UNTIL).contains(number) =>
        {
            let hint = format!("seconds times 1000: {number}000");
            found.push(lint(span, "times are milliseconds; this one is in 1970 to 1973", hint));
        }
        Test::NumberBeforeText(_) => {
            let message = "a number is compared with a text here, and every number comes before every text";
            found.push(lint(span, message, "write a number without quotes"));
        }
        _ => {}
    }
    if let Test::Text(TextOperator::Equal | TextOperator::NotEqual, value) = &clause.test
        && has_doubled_quote(&literal.raw, value)
    {
        let message = "doubled or escaped quotes stay as they are";
        found.push(lint(span, message, "put the other sort of quote around the text"));
    }
}

fn of_pattern(span: &Range<usize>, pattern: &str) -> Option<Lint> {
    Some(match python_regex::problem(pattern)? {
        Problem::Refused(reason) => {
            let message = format!("no trace matches: not a regular expression for Python ({reason})");
            lint(span, message, "RLIKE takes Python's syntax")
        }
        Problem::Unsupported(reason) => {
            let message = format!("only a server can match this regular expression ({reason})");
            lint(span, message, "simplify it if it is to be matched without a server")
        }
    })
}

fn of_equality(comparison: &Comparison, span: &Range<usize>, field: &Field, value: &str) -> Option<Lint> {
    Some(match field {
        Field::Span(SpanField::Attribute(_)) => {
            let hint = format!("write LIKE '%{value}%', or RLIKE '^{value}$' for the whole value");
            lint(&comparison.span.0, "no span matches: attributes can only be searched as text", hint)
        }
        Field::Span(SpanField::Status) if value.starts_with("STATUS_CODE_") => {
            lint(span, "no span matches: the status of a span is OK, ERROR or UNSET", "leave STATUS_CODE_ out")
        }
        Field::Status if !matches!(value, "OK" | "ERROR" | "IN_PROGRESS") => {
            let hint = "the status of a trace is OK, ERROR or IN_PROGRESS, in upper case";
            lint(span, format!("no trace has the status {value:?}"), hint)
        }
        _ => return None,
    })
}

fn has_doubled_quote(raw: &str, value: &str) -> bool {
    raw.chars()
        .next()
        .is_some_and(|quote| value.contains(&format!("{quote}{quote}")) || value.contains(&format!("\\{quote}")))
}

fn of_runs(clauses: &[&Clause], found: &mut Vec<Lint>) {
    let runs: Vec<_> = clauses
        .iter()
        .filter_map(|clause| match (&clause.field, &clause.test) {
            (Field::Run, Test::Text(TextOperator::Equal, value)) => Some((clause, value)),
            _ => None,
        })
        .collect();
    if let Some(((last, value), earlier)) = runs.split_last() {
        for (clause, _) in earlier {
            found.push(lint(
                &clause.span,
                "MLflow ignores this: of several run_id = only the last counts",
                "search once for each run",
            ));
        }
        if value.is_empty() {
            found.push(lint(&last.span, "MLflow ignores an empty run_id", "traces without a run: run_id IS NULL"));
        }
    }
}
