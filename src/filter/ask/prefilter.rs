//! What is known of every match before it is read: texts that its JSON holds, what has to be read of it.
//!
//! An archive leaves out what cannot match without parsing it. Like `implied`, this may only say what follows from the
//! filter. It must not know how texts are searched for.
//!
//! A JSON text shows a printable ASCII character as it is, with three exceptions: the quote, the backslash and the slash may
//! be escaped by a backslash, and any character by `\u` and its number, which begins with 002 to 007. Texts inside of texts
//! (attributes of spans are JSON, too) double the backslashes and change nothing else.

use crate::filter::Filter;
use crate::filter::meaning::typed::{Clause, Condition, Test, TextOperator};
use crate::model::field::{Field, SpanField};
use crate::model::{InfoParts, keys};

/// Characters of a text that are kept by whoever cuts it.
const SHORTEST_CUT: usize = 250;

/// Lists of alternatives stay below this.
const MOST_ALTERNATIVES: usize = 16;

/// Texts of which the JSON of a match holds at least one.
#[derive(PartialEq)]
struct Alternatives {
    texts: Vec<String>,
    /// Keys are in most traces, values in fewer.
    is_key: bool,
}

impl Alternatives {
    fn values(texts: Vec<String>) -> Self {
        Self { texts, is_key: false }
    }

    /// The more a list tells, the larger it is.
    fn weight(&self) -> (bool, usize) {
        (!self.is_key, self.texts.iter().map(String::len).min().unwrap_or(0))
    }
}

impl Filter {
    /// Texts that the JSON of every match holds, of each list at least one, as long as it escapes no printable ASCII character
    /// by its number (`\u0041`).
    #[must_use]
    pub fn needles(&self) -> Vec<Vec<String>> {
        let mut needles: Vec<Alternatives> = self.conjuncts.iter().flat_map(of).collect();
        needles.sort_by_key(|texts| std::cmp::Reverse(texts.weight()));
        needles.dedup();
        needles.into_iter().map(|needle| needle.texts).collect()
    }

    /// The parts of an info that decide whether a trace matches.
    #[must_use]
    pub fn info_parts(&self) -> InfoParts {
        self.clauses().iter().fold(InfoParts::NONE, |parts, clause| parts.and(clause.field.info_parts()))
    }
}

/// Texts of which the text that `MLflow` stores of a span holds at least one of each list, if a clause is true of the span. There
/// a word is as telling as prose is in any JSON: numbers, ids and keys are written as they are here.
#[must_use]
pub fn stored_span_texts(clause: &Clause) -> Vec<Vec<String>> {
    let texts = match &clause.field {
        Field::Span(SpanField::Content) => of_test(&clause.test, |_| None, is_of_string).into_iter().collect(),
        Field::Span(SpanField::Value(_)) => of_clause(clause),
        _ => Vec::new(),
    };
    texts.into_iter().map(|texts| texts.texts).collect()
}

fn of(condition: &Condition) -> Vec<Alternatives> {
    match condition {
        Condition::All(parts) => parts.iter().flat_map(of).collect(),
        Condition::Any(parts) => of_any(parts).into_iter().collect(),
        Condition::Span(group) => of(&group.condition),
        Condition::Clause(clause) => of_clause(clause),
        Condition::Not(_) => Vec::new(),
    }
}

/// One text of each branch, the one that tells most.
fn of_any(parts: &[Condition]) -> Option<Alternatives> {
    let mut all = Alternatives::values(Vec::new());
    for part in parts {
        let best = of(part).into_iter().max_by_key(Alternatives::weight)?;
        all.texts.extend(best.texts);
        all.is_key |= best.is_key;
        if all.texts.len() > MOST_ALTERNATIVES {
            return None;
        }
    }
    (!all.texts.is_empty()).then_some(all)
}

fn of_clause(clause: &Clause) -> Vec<Alternatives> {
    if clause.test == Test::Missing {
        return Vec::new();
    }
    let key = match &clause.field {
        Field::Tag(key) | Field::Metadata(key) => Some(key.as_str()),
        Field::Name => Some(keys::TRACE_NAME),
        Field::Session => Some(keys::SESSION),
        Field::User => Some(keys::USER),
        Field::Tokens(_) | Field::CachedTokens => Some(keys::TOKEN_USAGE),
        Field::Cost(_) => Some(keys::COST),
        Field::SizeBytes => Some(keys::SIZE_BYTES),
        Field::Span(SpanField::Value(key)) => Some(key.as_str()),
        _ => None,
    };
    let value = match &clause.field {
        Field::Span(field) => of_span(field, &clause.test),
        field if may_be_cut(field) => of_beginning(&clause.test),
        field if is_shown(field) => of_test(&clause.test, whole, is_usual_text),
        Field::Status => of_test(&clause.test, |word| known_state(word).then(|| whole(word))?, |_| false),
        _ => None,
    };
    let key = key.and_then(whole).map(|text| Alternatives { texts: vec![text], is_key: true });
    key.into_iter().chain(value).collect()
}

/// Whether the field's text stands in the JSON as a whole string.
fn is_shown(field: &Field) -> bool {
    matches!(
        field,
        Field::TraceId
            | Field::ClientRequestId
            | Field::Experiment
            | Field::Session
            | Field::RequestPreview
            | Field::ResponsePreview
            | Field::Issue
            | Field::AssessmentSourceType
            | Field::AssessmentSourceId
    )
}

/// Whether only the beginning of the field's text may stand in the JSON. Of a preview that was cut the rest is in the spans.
fn may_be_cut(field: &Field) -> bool {
    matches!(field, Field::Name | Field::User | Field::Tag(_) | Field::Metadata(_))
}

/// What the beginning of a text needs that may have been cut behind it.
fn of_beginning(test: &Test) -> Option<Alternatives> {
    let is_short = |value: &str| value.chars().count() < SHORTEST_CUT;
    match test {
        Test::Text(TextOperator::Like, pattern) => {
            let beginning: String = pattern.split('%').next()?.chars().take(SHORTEST_CUT).collect();
            longest_part(&beginning, is_usual_text).map(|part| Alternatives::values(vec![part]))
        }
        _ => of_test(test, |value| is_short(value).then(|| whole(value))?, is_usual_text),
    }
}

/// A state that the JSON names; others are what is read where none is named.
fn known_state(word: &str) -> bool {
    matches!(word, "OK" | "ERROR" | "IN_PROGRESS")
}

fn is_usual_text(_: &str) -> bool {
    true
}

/// The text that equality needs, by `equal`, and the part of a pattern that passes `is_part`.
fn of_test(
    test: &Test,
    equal: impl Fn(&str) -> Option<String>,
    is_part: impl Fn(&str) -> bool,
) -> Option<Alternatives> {
    match test {
        Test::Text(TextOperator::Equal, value) => equal(value).map(|text| Alternatives::values(vec![text])),
        Test::Text(TextOperator::Like, pattern) => {
            longest_part(pattern, is_part).map(|part| Alternatives::values(vec![part]))
        }
        Test::OneOf(values) if !values.is_empty() && values.len() <= MOST_ALTERNATIVES => {
            values.iter().map(|value| equal(value)).collect::<Option<_>>().map(Alternatives::values)
        }
        _ => None,
    }
}

fn of_span(field: &SpanField, test: &Test) -> Option<Alternatives> {
    match field {
        SpanField::Name => of_test(test, whole, is_usual_text),
        SpanField::Status => of_test(test, |word| matches!(word, "OK" | "ERROR").then(|| word.to_owned()), |_| false),
        SpanField::Type => of_test(test, |word| is_word(word).then(|| word.to_owned()), |_| false),
        SpanField::Value(_) => of_value(test),
        SpanField::Content => of_test(test, |_| None, is_prose),
        SpanField::Attribute(_) | SpanField::Duration => None,
    }
}

/// What a value of an attribute is may be a string, or the JSON text of a list or an object, which an archive may hold with other
/// blanks and other spellings of its numbers: only what stands between its signs is the same in both.
fn of_value(test: &Test) -> Option<Alternatives> {
    let is_part = |run: &str| {
        let run = run.trim();
        !run.is_empty() && !stands_for_number(run) && !is_of_number(run)
    };
    let apart = |text: &str| text.replace(['[', ']', '{', '}', ',', ':'], "\n");
    let value = |run: String| Alternatives::values(vec![run.trim().to_owned()]);
    match test {
        Test::Text(TextOperator::Equal, whole) if is_json(whole) => longest_run(&apart(whole), is_part).map(value),
        Test::Text(TextOperator::Like, pattern) => longest_part(&apart(pattern), is_part).map(value),
        Test::OneOf(values) if values.iter().any(|value| is_json(value)) => None,
        // What begins as no list and no object is equal to strings alone.
        _ => of_test(test, |text| longest_run(text, |_| true).filter(|run| !stands_for_number(run)), |_| false),
    }
}

fn is_json(text: &str) -> bool {
    text.starts_with(['[', '{'])
}

/// Part of how a number may be written.
fn is_of_number(text: &str) -> bool {
    text.chars().all(|character| character.is_ascii_digit() || "+-.eE".contains(character))
}

/// A text that is no JSON but a string: `LLM`, not `true` or `5`.
fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        && !["true", "false", "null"].contains(&text)
        && !stands_for_number(text)
}

/// Part of what is written for numbers that are none, whatever the JSON shows in their place.
fn stands_for_number(text: &str) -> bool {
    "NaN".contains(text) || "-Infinity".contains(text)
}

/// Words with a blank between them. The text of a span is put together from strings and from keys, numbers and ids that a
/// JSON may show in another form, but only strings hold such a thing.
fn is_prose(text: &str) -> bool {
    text.as_bytes().windows(3).any(|w| w[0].is_ascii_alphabetic() && w[1] == b' ' && w[2].is_ascii_alphabetic())
}

/// A word that only a string or the key of an attribute holds: none of those that stand in every span, and no part of an id.
fn is_of_string(text: &str) -> bool {
    const EVERYWHERE: &str = "trace_id span_id parent_span_id name kind start_time_unix_nano end_time_unix_nano time_unix_nano events \
        status code message attributes links SPAN_KIND_INTERNAL SERVER CLIENT PRODUCER CONSUMER UNSPECIFIED STATUS_CODE_UNSET OK ERROR \
        mlflow.traceRequestId null true false NaN Infinity";
    const SHORTEST: usize = 3;
    text.split(|character: char| !character.is_ascii_alphabetic()).any(|word| {
        word.len() >= SHORTEST && !EVERYWHERE.contains(word) && !word.chars().all(|letter| letter.is_ascii_hexdigit())
    })
}

fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~') && !matches!(character, '"' | '\\' | '/')
}

/// A string as JSON shows it, quotes included, or else the longest part that can only be shown in one way. The empty string
/// may be shown by nothing at all.
fn whole(value: &str) -> Option<String> {
    if !value.is_empty() && value.chars().all(is_plain) {
        return Some(format!("\"{value}\""));
    }
    longest_run(value, |_| true)
}

fn longest_run(text: &str, is_part: impl Fn(&str) -> bool) -> Option<String> {
    let runs = text.split(|character| !is_plain(character));
    runs.filter(|run| !run.is_empty() && is_part(run)).max_by_key(|run| run.len()).map(str::to_owned)
}

/// The longest text that whatever a LIKE pattern matches holds. Patterns end at a NUL.
fn longest_part(pattern: &str, is_part: impl Fn(&str) -> bool) -> Option<String> {
    let pattern = pattern.split('\0').next()?;
    longest_run(&pattern.replace(['%', '_'], "\n"), is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needles(filter: &str) -> Vec<Vec<String>> {
        Filter::parse_at(filter, 1_700_000_000_000).unwrap().needles()
    }

    #[test]
    fn equality_and_patterns_leave_texts() {
        for (filter, expected) in [
            ("", vec![]),
            ("status = 'ERROR'", vec![vec!["\"ERROR\""]]),
            ("status != 'ERROR'", vec![]),
            ("status = 'STATE_UNSPECIFIED'", vec![]),
            ("status LIKE 'E%'", vec![]),
            ("execution_time > 5000", vec![]),
            ("tags.environment = 'production'", vec![vec!["\"production\""], vec!["\"environment\""]]),
            ("tags.env LIKE 'blue_green/canary%'", vec![vec!["canary"], vec!["\"env\""]]),
            // What was cut may hold it behind its end.
            ("tags.env LIKE '%canary%'", vec![vec!["\"env\""]]),
            ("metadata.note LIKE 'a%canary'", vec![vec!["a"], vec!["\"note\""]]),
            ("request LIKE '%canary%'", vec![vec!["canary"]]),
            ("tags.env IS NULL", vec![]),
            ("tags.env != 'x'", vec![vec!["\"env\""]]),
            ("tags.env = \"it's\"", vec![vec!["\"it's\""], vec!["\"env\""]]),
            ("tags.env = 'é'", vec![vec!["\"env\""]]),
            ("tags.env = ''", vec![vec!["\"env\""]]),
            ("request_id IN ('tr-1', 'tr-22')", vec![vec!["\"tr-1\"", "\"tr-22\""]]),
            ("status = 'OK' OR name = 'agent'", vec![vec!["\"OK\"", "\"agent\""]]),
            ("status = 'OK' OR latency > 5s", vec![]),
            ("NOT status = 'OK'", vec![]),
            ("feedback.helpful = 'true'", vec![]),
            ("run_id = 'abc'", vec![]),
            ("span.name = 'chat'", vec![vec!["\"chat\""]]),
            ("span.type = 'LLM'", vec![vec!["LLM"]]),
            ("span.type = 'null'", vec![]),
            ("span(attributes.model = 'gpt-4o')", vec![vec!["gpt-4o"], vec!["\"model\""]]),
            ("span(attributes.n > 5)", vec![vec!["\"n\""]]),
            ("span(attributes.l LIKE '%\"a b\", \"c\"%')", vec![vec!["a b"], vec!["\"l\""]]),
            ("span(attributes.l = '[1.50, \"x\"]')", vec![vec!["x"], vec!["\"l\""]]),
            ("span(attributes.l LIKE '%1e5, 2%')", vec![vec!["\"l\""]]),
            ("span(attributes.l IN ('[1]', 'x'))", vec![vec!["\"l\""]]),
            ("span(attributes.n IS NULL)", vec![]),
            ("trace.text LIKE '%refund policy%'", vec![vec!["refund policy"]]),
            ("trace.text LIKE '%refund%'", vec![]),
        ] {
            assert_eq!(needles(filter), expected, "{filter}");
        }
    }

    #[test]
    fn bounds_of_the_start_are_found() {
        let starts = |filter: &str| {
            let window = Filter::parse_at(filter, 1_700_000_000_000).unwrap().time_window();
            (window.oldest_ms, window.newest_ms)
        };
        assert_eq!(starts("timestamp_ms > 5 AND timestamp_ms <= 9 AND timestamp_ms > 3"), (Some(6), Some(9)));
        assert_eq!(starts("timestamp_ms >= 5.5"), (None, None));
        assert_eq!(starts("timestamp = '2023-11-14'"), (Some(1_699_920_000_000), Some(1_700_006_399_999)));
        assert_eq!(starts("timestamp > -1s AND latency > 5s"), (Some(1_699_999_999_001), None));
        assert_eq!(starts("timestamp BETWEEN 5 AND 7"), (Some(5), Some(7)));
        assert_eq!(starts("timestamp NOT BETWEEN 5 AND 7"), (None, None));
        assert_eq!(starts("timestamp_ms > 5 OR latency > 5s"), (None, None));
        assert_eq!(starts("timestamp_ms = 5"), (Some(5), Some(5)));
    }
}
