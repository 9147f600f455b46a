//! What can be said about a filter without a trace: whether an info decides it, and what it names.
//!
//! It must not know what is done with the answers.

use super::language::Language;
use crate::filter::Filter;
use crate::filter::meaning::typed::{Clause, Condition, Number, Test, TextOperator};
use crate::model::field::Field;

/// A server returns the first 250 characters of a piece of metadata, so a longer text may have been cut.
const SURELY_WHOLE: usize = 250;

impl Filter {
    /// Whether the info of a trace, as a server returns it, decides the filter as the server itself would: nothing is asked
    /// of spans, sessions, linked runs or prompts, nor of what lies behind the place where a server cuts long texts.
    #[must_use]
    pub fn is_decided_by_infos(&self) -> bool {
        self.clauses().iter().all(|clause| decides(clause))
    }

    /// Whether it holds times that count from now, so that it means something else at another time.
    #[must_use]
    pub fn counts_from_now(&self) -> bool {
        Self::parse(self.text()).is_err()
    }

    /// Whether it names a status (`status = 'IN_PROGRESS'`) as something that must hold.
    #[must_use]
    pub fn names_status(&self, word: &str) -> bool {
        self.conjuncts().iter().any(|condition| match condition {
            Condition::Clause(Clause { field: Field::Status, test, .. }) => match test {
                Test::Text(TextOperator::Equal, value) => value == word,
                Test::OneOf(values) => values.iter().any(|value| value == word),
                _ => false,
            },
            _ => false,
        })
    }

    /// The tags, metadata, feedback and expectations that it asks for by their keys, unless it asks that there be none.
    #[must_use]
    pub fn keys(&self) -> Vec<Field> {
        let is_keyed = |field: &&Field| field.key().is_some() && !matches!(field, Field::Span(_));
        let mut keys: Vec<Field> = Vec::new();
        let asked = self.clauses().into_iter().filter(|clause| clause.test != Test::Missing);
        for field in asked.map(|clause| &clause.field).filter(is_keyed) {
            if !keys.contains(field) {
                keys.push(field.clone());
            }
        }
        keys
    }

    /// A key `*` that stands without quotes, as in `feedback.*`, with what stands before it: whoever writes it means any key.
    #[must_use]
    pub fn star_key(&self) -> Option<&str> {
        crate::filter::meaning::lint::star_key(self.expr())
    }

    /// The moments, in epoch milliseconds, with which it compares when traces start or end.
    #[must_use]
    pub fn moments(&self) -> Vec<i64> {
        let whole = |number: &Number| match number {
            Number::Integer(number) => Some(*number),
            Number::Float(_) => None,
        };
        let of_clause = |clause: &Clause| match (&clause.field, &clause.test) {
            (Field::RequestTime | Field::EndTime, Test::Number(_, number)) => vec![whole(number)],
            (Field::RequestTime | Field::EndTime, Test::Range(range)) => vec![whole(&range.low), whole(&range.high)],
            _ => Vec::new(),
        };
        self.clauses().into_iter().flat_map(of_clause).flatten().collect()
    }

    /// The filter that finds the traces of a session; nothing if the language of `MLflow` cannot say its name.
    #[must_use]
    pub fn of_session(session: &str) -> Option<Self> {
        let test = Test::Text(TextOperator::Equal, session.to_owned());
        let clause = Clause { field: Field::Session, test, span: 0..0 };
        Self::parse(&super::text::for_server(&clause, Language::CURRENT)?).ok()
    }

    /// The filter that finds the traces which have a field; nothing if the language of `MLflow` cannot say it.
    #[must_use]
    pub fn of_presence(field: &Field) -> Option<Self> {
        let clause = Clause { field: field.clone(), test: Test::Present, span: 0..0 };
        Self::parse(&super::text::for_server(&clause, Language::CURRENT)?).ok()
    }

    /// Whether a server leaves out a part of it: of several `run_id =` all but the last, and an empty one.
    #[must_use]
    pub fn ignores_a_run(&self) -> bool {
        !self.ignored.is_empty()
    }
}

/// Whether the info of a trace decides a condition.
pub(in crate::filter) fn is_decided(condition: &Condition) -> bool {
    condition.clauses().iter().all(|clause| decides(clause))
}

fn decides(clause: &Clause) -> bool {
    match &clause.field {
        Field::RequestTime
        | Field::Duration
        | Field::EndTime
        | Field::Tokens(_)
        | Field::CachedTokens
        | Field::Cost(_)
        | Field::SizeBytes
        | Field::Issue
        | Field::AssessmentSourceType
        | Field::AssessmentSourceId => {
            !matches!(clause.test, Test::Text(TextOperator::RLike | TextOperator::NotRLike, _))
        }
        // No server decides them better, whatever was cut.
        Field::RequestPreview | Field::ResponsePreview => {
            !matches!(clause.test, Test::Text(TextOperator::RLike | TextOperator::NotRLike, _))
        }
        Field::TraceId
        | Field::ClientRequestId
        | Field::Status
        | Field::Experiment
        | Field::Name
        | Field::Session
        | Field::User
        | Field::Version
        | Field::Tag(_)
        | Field::Metadata(_) => is_whole(&clause.test),
        Field::Run
        | Field::AnyRun
        | Field::Assessed(_)
        | Field::Prompt
        | Field::SpanCount
        | Field::Error
        | Field::ErrorSpan
        | Field::Feedback(_)
        | Field::Expectation(_)
        | Field::Span(_) => false,
    }
}

/// Whether the beginning of a text is enough for a test.
fn is_whole(test: &Test) -> bool {
    let is_short = |value: &String| value.chars().count() < SURELY_WHOLE;
    match test {
        Test::Text(TextOperator::Equal | TextOperator::NotEqual, value) => is_short(value),
        Test::OneOf(values) | Test::NoneOf(values) => values.iter().all(is_short),
        Test::Missing | Test::Present => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> Filter {
        Filter::parse_at(text, 0).unwrap()
    }

    #[test]
    fn infos_decide_what_is_whole_in_them() {
        for text in [
            "",
            "status = 'ERROR' AND timestamp > -90d",
            "tags.keep = 'true' OR tags.team IS NULL",
            "metadata.env IN ('a', 'b')",
            "total_tokens > 5 AND NOT latency < 5s",
        ] {
            assert!(filter(text).is_decided_by_infos(), "{text}");
        }
        for text in [
            "tags.keep LIKE 'x%'",
            "span.name = 'x'",
            "feedback.correctness IS NOT NULL",
            "run_id = 'x'",
            "prompt = 'x/1'",
            &format!("metadata.x = '{}'", "y".repeat(250)),
        ] {
            assert!(!filter(text).is_decided_by_infos(), "{text}");
        }
    }

    #[test]
    fn relative_times_are_seen() {
        assert!(filter("status = 'ERROR' AND timestamp > -90d").counts_from_now());
        assert!(!filter("timestamp > '2026-01-01'").counts_from_now());
    }

    #[test]
    fn a_status_is_named_only_where_it_must_hold() {
        for (text, named) in [
            ("status = 'IN_PROGRESS'", true),
            ("status IN ('OK', 'IN_PROGRESS') AND tags.a = 'b'", true),
            ("status != 'IN_PROGRESS'", false),
            ("status = 'IN_PROGRESS' OR status = 'OK'", false),
            ("", false),
        ] {
            assert_eq!(filter(text).names_status("IN_PROGRESS"), named, "{text}");
        }
    }
}
