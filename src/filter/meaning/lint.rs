//! What is right for a server and still hardly what was meant.

use std::collections::HashMap;
use std::ops::Range;

use super::check::EATEN;
use super::conjunction::lower_bound;
use super::names::subscript;
use super::typed::{Clause, Number, Test, TextOperator};
use crate::filter::ask::python_regex::{self, Problem};
use crate::filter::ask::text::escaped;
use crate::filter::error::one_line;
use crate::filter::syntax::ast::{Comparison, Expr, Literal, LiteralValue};
use crate::filter::syntax::values::instants;
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
    /// How much it matters.
    pub level: LintLevel,
}

/// How much something in a filter matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LintLevel {
    /// Hardly anyone means this: worth a word at every search.
    Warning,
    /// Often meant: only for those who ask for a check.
    Advice,
}

impl LintLevel {
    /// In a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

/// Start times below this, in milliseconds, were in 1973: they are rather seconds.
const SECONDS_UNTIL: i64 = 100_000_000_000;

/// What there is to say about a filter; `clauses` are what became of its comparisons, of which some may mean nothing.
pub(in crate::filter) fn lints(expr: &Expr, clauses: &[&Clause], ignores_a_run: bool) -> Vec<Lint> {
    let mut comparisons = Vec::new();
    collect(expr, &mut comparisons);
    let mut meanings = HashMap::new();
    for clause in clauses {
        meanings.entry(clause.span.start).or_insert(*clause);
    }
    let mut found = Vec::new();
    for comparison in comparisons {
        if let Some(clause) = meanings.get(&comparison.span.0.start) {
            of_identifier(comparison, clause, &mut found);
            of_value(comparison, clause, &mut found);
            found.extend(of_absence(comparison, clause, clauses));
        }
    }
    if ignores_a_run {
        of_runs(clauses, &mut found);
    }
    found.extend(of_text_search(clauses));
    found
}

fn collect<'e>(expr: &'e Expr, comparisons: &mut Vec<&'e Comparison>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| collect(part, comparisons)),
        Expr::Not(part) | Expr::Span(part) => collect(part, comparisons),
        Expr::Comparison(comparison) => comparisons.push(comparison),
    }
}

/// The name of a comparison whose key is `*` without quotes.
pub(in crate::filter) fn star_key(expr: &Expr) -> Option<&str> {
    let mut comparisons = Vec::new();
    collect(expr, &mut comparisons);
    comparisons.into_iter().map(|comparison| comparison.identifier.raw.as_str()).find(|raw| raw.ends_with(".*"))
}

fn lint(span: &Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Lint {
    let (message, hint) = (one_line(&message.into()), Some(one_line(&hint.into())));
    Lint { message, hint, span: span.clone(), level: LintLevel::Warning }
}

fn advice(span: &Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Lint {
    Lint { level: LintLevel::Advice, ..lint(span, message, hint) }
}

fn of_identifier(comparison: &Comparison, clause: &Clause, found: &mut Vec<Lint>) {
    let identifier = &comparison.identifier;
    let span = &identifier.span.0;
    if let Some(swallowed) = &identifier.swallowed {
        found.push(lint(
            &(swallowed.0.start..span.end),
            "without AND, MLflow reads all of this as one name and ignores the first comparison",
            "put AND between the two clauses",
        ));
        return;
    }
    if subscript(&identifier.raw).is_some() {
        return;
    }
    let Some((entity, key)) = identifier.raw.split_once('.') else { return };
    if key == "*" {
        found.push(lint(
            span,
            format!("this means a key named *, not any key: {}", identifier.raw),
            "any feedback: feedback IS NOT NULL; any assessment: assessment IS NOT NULL",
        ));
        return;
    }
    let bare = key.trim_matches(['\'', '"', '`']);
    match &clause.field {
        Field::Tag(key) | Field::Metadata(key) if key.is_empty() => {
            found.push(lint(span, format!("this means an empty key: {entity}."), EATEN));
        }
        Field::Tag(asked) | Field::Metadata(asked) if asked.starts_with(char::is_whitespace) => {
            found.push(lint(
                span,
                "the blank after the dot is part of the key",
                "write the key directly after the dot",
            ));
        }
        Field::Name if bare != "mlflow.traceName" && !is_attribute(entity) => found.push(lint(
            span,
            format!("MLflow reads {} as the name of the trace", identifier.raw),
            format!("write name for the name of the trace, {entity}['name'] for {} named name", thing(entity)),
        )),
        Field::Run if bare.eq_ignore_ascii_case("run_id") && !is_attribute(entity) => found.push(lint(
            span,
            format!("MLflow reads {} as the run of the trace", identifier.raw),
            format!("write run_id for the run of the trace, {entity}['run_id'] for {} called run_id", thing(entity)),
        )),
        Field::Tag(asked) | Field::Metadata(asked)
            if asked != bare && bare.eq_ignore_ascii_case(asked.trim_end_matches("_ms")) =>
        {
            found.push(lint(
                span,
                format!("MLflow looks up the key {asked} here"),
                format!("for a key named {bare}, write {entity}['{bare}']"),
            ));
        }
        Field::Feedback(_) | Field::Expectation(_) => found.push(advice(
            span,
            "an assessment of a session counts for every trace of the session",
            "to see which trace has it: mlflow-trace assessment list TRACE_ID",
        )),
        _ => {}
    }
}

fn thing(entity: &str) -> &'static str {
    match entity.trim_matches('`') {
        "feedback" => "a feedback",
        "expectation" => "an expectation",
        "metadata" | "request_metadata" => "metadata",
        "issue" => "an issue",
        _ => "a tag",
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
            let message = "every span matches: MLflow searches attributes as text";
            found.push(lint(&comparison.span.0, message, format!("write {}", on_value(comparison))));
        }
        Test::Number(_, Number::Integer(number))
            if matches!(clause.field, Field::RequestTime | Field::EndTime)
                && (1_000_000_000..SECONDS_UNTIL).contains(number) =>
        {
            let hint = format!("seconds times 1000: {number}000");
            found.push(lint(span, "times are milliseconds; this one is in 1970 to 1973", hint));
        }
        Test::NumberBeforeText(_) => {
            let message = "a number is compared with text here, and numbers sort before text";
            found.push(lint(span, message, as_number(comparison, &clause.field, literal)));
        }
        _ => {}
    }
    if let Test::Text(TextOperator::Equal | TextOperator::NotEqual, value) = &clause.test
        && has_doubled_quote(&literal.raw, value)
    {
        let message = "doubled or escaped quotes stay as they are";
        found.push(lint(span, message, format!("write E'{}'", escaped(&undoubled(&literal.raw, value)))));
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
            lint(span, message, "simplify it to match it without a server")
        }
    })
}

fn of_equality(comparison: &Comparison, span: &Range<usize>, field: &Field, value: &str) -> Option<Lint> {
    Some(match field {
        Field::Span(SpanField::Attribute(_)) => {
            let hint = format!("write {}, or LIKE '%{value}%' for a part of the value", on_value(comparison));
            lint(&comparison.span.0, "no span matches: MLflow searches attributes as text", hint)
        }
        Field::Span(SpanField::Status) if value.starts_with("STATUS_CODE_") => {
            lint(span, "no span matches: the status of a span is OK, ERROR or UNSET", "omit STATUS_CODE_")
        }
        Field::Status if !matches!(value, "OK" | "ERROR" | "IN_PROGRESS") => {
            let upper = value.to_ascii_uppercase();
            let hint = if matches!(upper.as_str(), "OK" | "ERROR" | "IN_PROGRESS") {
                format!("write {} = '{upper}'", comparison.identifier.raw)
            } else {
                "the status of a trace is OK, ERROR or IN_PROGRESS".to_owned()
            };
            lint(span, format!("no trace has the status {value:?}"), hint)
        }
        Field::Feedback(_) | Field::Expectation(_) if is_whole_number(value) => {
            let hint = format!("write {} = {value}", comparison.identifier.raw);
            lint(span, format!("numbers sent over REST are stored as floats, as {value}.0"), hint)
        }
        _ => return None,
    })
}

fn is_whole_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The same comparison about the value of the attribute.
fn on_value(comparison: &Comparison) -> String {
    format!("span({})", comparison.to_string().trim_start_matches("span."))
}

/// How a time or a duration in quotes is written as a number.
fn as_number(comparison: &Comparison, field: &Field, literal: &Literal) -> String {
    let LiteralValue::Text(text) = &literal.value else { return String::new() };
    let operator = comparison.operator.kind.as_str();
    match (field, instants(text)) {
        (Field::RequestTime, Some(_)) => format!("write timestamp {operator} {}, which is read as a date", literal.raw),
        (Field::EndTime, Some(instants)) => {
            format!("write {} {operator} {}", comparison.identifier.raw, instants.start)
        }
        (Field::Duration, _) => "write milliseconds, or a duration such as 5s, without quotes".to_owned(),
        _ => "write a number without quotes".to_owned(),
    }
}

/// `!=` on what a trace may lack. Whoever asks for its absence, too, knows that.
fn of_absence(comparison: &Comparison, clause: &Clause, clauses: &[&Clause]) -> Option<Lint> {
    let may_lack = matches!(
        clause.field,
        Field::Tag(_)
            | Field::Metadata(_)
            | Field::Session
            | Field::User
            | Field::Name
            | Field::Run
            | Field::ClientRequestId
    );
    let is_negative = matches!(
        clause.test,
        Test::NoneOf(_)
            | Test::Text(
                TextOperator::NotEqual | TextOperator::NotLike | TextOperator::NotILike | TextOperator::NotRLike,
                _
            )
    );
    let is_asked = |other: &&Clause| other.field == clause.field && matches!(other.test, Test::Missing | Test::Present);
    if !may_lack || !is_negative || clauses.iter().any(is_asked) {
        return None;
    }
    let name = &comparison.identifier.raw;
    let message = format!("traces without {name} do not match");
    Some(advice(&comparison.span.0, message, format!("if they should, write ({comparison} OR {name} IS NULL)")))
}

/// A search in the text of spans reads all of it.
fn of_text_search(clauses: &[&Clause]) -> Option<Lint> {
    let is_text = |clause: &&&Clause| {
        matches!(clause.field, Field::Span(SpanField::Content | SpanField::Attribute(_) | SpanField::Value(_)))
    };
    let first = clauses.iter().find(is_text)?;
    if clauses.iter().any(|clause| lower_bound(clause).is_some()) {
        return None;
    }
    let message = "this searches the text of every span, which is slow for many spans";
    Some(advice(&first.span, message, "add a time bound, for example AND timestamp > -7d"))
}

/// What was meant by doubled or escaped quotes.
fn undoubled(raw: &str, value: &str) -> String {
    let Some(quote) = raw.chars().next() else { return value.to_owned() };
    value.replace(&format!("{quote}{quote}"), &quote.to_string()).replace(&format!("\\{quote}"), &quote.to_string())
}

fn has_doubled_quote(raw: &str, value: &str) -> bool {
    raw.chars()
        .next()
        .is_some_and(|quote| value.contains(&format!("{quote}{quote}")) || value.contains(&format!("\\{quote}")))
}

fn of_runs(clauses: &[&Clause], found: &mut Vec<Lint>) {
    let runs: Vec<_> = clauses.iter().filter_map(|clause| Some((clause, clause.run()?))).collect();
    if let Some(((last, value), earlier)) = runs.split_last() {
        for (clause, _) in earlier {
            found.push(lint(
                &clause.span,
                "MLflow ignores this: of several run_id = only the last counts",
                "for traces of either run write run_id IN ('a', 'b')",
            ));
        }
        if value.is_empty() {
            found.push(lint(&last.span, "MLflow ignores an empty run_id", "traces without a run: run_id IS NULL"));
        }
    }
}
