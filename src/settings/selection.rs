//! Selection flags to conditions: what `--tag team=search --since 2h` means.
//!
//! Users need no quotes inside quotes and no backticks: what is sent is written from the conditions.

use thiserror::Error;

use crate::cli::{Period, SelectionArgs};
use crate::filter::typed::{Clause, Condition, Number, NumberOperator, SpanGroup, Test, TextOperator};
use crate::filter::{Filter, Unwritable};
use crate::model::field::{Field, SpanField};
use crate::model::python_json;

/// A flag that no filter can express.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SelectionError {
    /// A key that no quotes make a key.
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
    /// MLflow takes no run for any run.
    #[error("--run is empty, which MLflow treats as every run")]
    EmptyRun,
}

/// The filter that a filter and the flags mean together.
pub fn joined(filter: &Filter, flags: &SelectionArgs, now_ms: i64) -> Result<String, SelectionError> {
    if flags.run.as_ref().is_some_and(String::is_empty) {
        return Err(SelectionError::EmptyRun);
    }
    let mut conditions = of_info(flags, now_ms);
    conditions.extend(of_spans(flags, filter.needs_spans()));
    Ok(filter.text_with(&conditions)?)
}

fn clause(field: Field, test: Test) -> Condition {
    Condition::Clause(Clause { field, test, span: 0..0 })
}

fn text(field: Field, operator: TextOperator, value: impl Into<String>) -> Condition {
    clause(field, Test::Text(operator, value.into()))
}

fn equal(field: Field, value: &str) -> Condition {
    text(field, TextOperator::Equal, value)
}

fn of_info(flags: &SelectionArgs, now_ms: i64) -> Vec<Condition> {
    use NumberOperator::{GreaterOrEqual, Less, LessOrEqual};
    let named = |field, value: &Option<String>| value.as_ref().map(|value| equal(field, value));
    let number = |field, operator, number| clause(field, Test::Number(operator, Number::Integer(number)));
    let duration =
        |operator, period: Option<Period>| period.map(|period| number(Field::Duration, operator, period.as_millis()));
    let single = [
        flags.status.map(|status| equal(Field::Status, status.as_str())),
        named(Field::Name, &flags.name),
        flags.session.as_deref().map(session),
        named(Field::User, &flags.user),
        named(Field::Run, &flags.run),
        named(Field::ClientRequestId, &flags.client_request_id),
        flags.since.map(|since| number(Field::RequestTime, GreaterOrEqual, since.resolve(now_ms))),
        flags.until.map(|until| number(Field::RequestTime, Less, until.resolve(now_ms))),
        duration(GreaterOrEqual, flags.min_duration),
        duration(LessOrEqual, flags.max_duration),
    ];
    let tags = flags.tag.iter().map(|tag| equal(Field::Tag(tag.key.clone()), &tag.value));
    let metadata = flags.meta.iter().map(|metadata| equal(Field::Metadata(metadata.key.clone()), &metadata.value));
    let feedback = flags
        .feedback
        .iter()
        .map(|feedback| equal(Field::Feedback(feedback.key.clone()), &feedback_value(&feedback.value)));
    single.into_iter().flatten().chain(tags).chain(metadata).chain(feedback).collect()
}

/// The session of an id; of a path, that session and all below it. MLflow 3.18 stores the levels of a session as a compact JSON
/// array, outermost first, so that those below it begin alike.
fn session(id: &str) -> Condition {
    let exact = equal(Field::Session, id);
    let (levels, may_be_an_id) = match serde_json::from_str::<Vec<String>>(id) {
        Ok(levels) => (levels, false),
        Err(_) if id.contains('/') => (id.trim_end_matches('/').split('/').map(str::to_owned).collect(), true),
        Err(_) => return exact,
    };
    if levels.is_empty() || levels.iter().any(String::is_empty) {
        return exact;
    }
    let array = serde_json::Value::from(levels).to_string();
    let beginning = array.trim_end_matches(']');
    let below = if beginning.contains(['%', '_', '\\']) {
        text(Field::Session, TextOperator::RLike, format!("^{}[],]", escaped_for_regex(beginning)))
    } else {
        text(Field::Session, TextOperator::Like, format!("{beginning}%"))
    };
    if may_be_an_id { Condition::Any(vec![exact, below]) } else { below }
}

fn escaped_for_regex(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, character| {
        if character.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(character);
        escaped
    })
}

/// Conditions on spans. A bare one would have to hold for the same span as those of the filter, so beside others they get a
/// group of their own.
fn of_spans(flags: &SelectionArgs, filter_asks_spans: bool) -> Vec<Condition> {
    let group = |field, operator, value: &str, is_written| {
        let condition = Box::new(text(Field::Span(field), operator, value));
        Condition::Span(SpanGroup { condition, earliest: None, is_written })
    };
    let model = flags
        .model
        .as_ref()
        .map(|model| group(SpanField::Value("mlflow.llm.model".to_owned()), TextOperator::Equal, model, true));
    let searched = flags.text.as_ref().map(|searched| {
        let is_beside_others = filter_asks_spans || flags.model.is_some();
        group(SpanField::Content, TextOperator::Like, &format!("%{}%", as_stored(searched)), is_beside_others)
    });
    model.into_iter().chain(searched).collect()
}

/// Texts stand in spans as JSON inside JSON: what needs an escape has been escaped twice.
fn as_stored(text: &str) -> String {
    let escaped = |text: &str| {
        let quoted = serde_json::Value::from(text).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    escaped(&escaped(text))
}

/// The value of a feedback: a number as servers store it if it looks like one.
fn feedback_value(value: &str) -> String {
    let is_number = serde_json::from_str::<serde_json::Number>(value).is_ok() && !value.contains(['e', 'E']);
    let number = value.parse::<f64>().ok().filter(|number| is_number && number.is_finite());
    let Some(number) = number else { return value.to_owned() };
    let mut stored = String::new();
    python_json::write_float(&mut stored, number);
    stored
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::KeyValue;

    fn pair(text: &str) -> KeyValue {
        text.parse().unwrap()
    }

    fn meaning(filter: &str, flags: &SelectionArgs) -> String {
        joined(&Filter::parse(filter).unwrap(), flags, 1_000_000).unwrap()
    }

    #[test]
    fn flags_are_joined_with_the_filter() {
        let flags = SelectionArgs {
            name: Some("agent".into()),
            tag: vec![pair("team=search"), pair("a b=c")],
            since: Some("5m".parse().unwrap()),
            min_duration: Some("5s".parse().unwrap()),
            ..SelectionArgs::default()
        };
        assert_eq!(
            meaning("status = 'OK'", &flags),
            "name = 'agent' AND timestamp_ms >= 700000 AND execution_time_ms >= 5000 AND tags.team = 'search' AND tags.`a b` = 'c' AND status = 'OK'"
        );
        assert_eq!(meaning("status = 'OK'", &SelectionArgs::default()), "status = 'OK'");
        assert_eq!(meaning("", &SelectionArgs::default()), "");
    }

    #[test]
    fn feedback_is_compared_as_what_it_looks_like() {
        for (value, expected) in [
            ("4", "4"),
            ("4.0", "4"),
            ("0.5", "0.5"),
            ("-1", "-1"),
            ("yes", "'yes'"),
            ("true", "'true'"),
            ("007", "'007'"),
            ("00.5", "'00.5'"),
        ] {
            let flags = SelectionArgs { feedback: vec![pair(&format!("x={value}"))], ..SelectionArgs::default() };
            assert_eq!(meaning("", &flags), format!("feedback.x = {expected}"));
        }
    }

    #[test]
    fn text_is_searched_as_it_is_stored() {
        let flags = |searched: &str| SelectionArgs { text: Some(searched.into()), ..SelectionArgs::default() };
        assert_eq!(meaning("", &flags("needle")), "trace.text LIKE '%needle%'");
        assert_eq!(meaning("", &flags("say \"hi\"")), r#"trace.text LIKE '%say \\\"hi\\\"%'"#);
        assert_eq!(meaning("span.name = 'x'", &flags("needle")), "span(content LIKE '%needle%') AND span.name = 'x'");
    }

    #[test]
    fn a_text_that_ends_in_a_backslash_ends_where_it_does_alone() {
        let flags = SelectionArgs { tag: vec![pair("x=y")], ..SelectionArgs::default() };
        for filter in [r"tags.v = 'C:\'", r"tags.v = 'C:\' OR latency > 5s"] {
            let joined = Filter::parse(&meaning(filter, &flags)).unwrap();
            assert!(joined.canonical().starts_with("tags.x = 'y' AND "), "{}", joined.canonical());
            assert!(joined.canonical().contains(r"tags.v = 'C:\'"), "{}", joined.canonical());
        }
    }

    #[test]
    fn a_path_of_sessions_means_every_session_below_it() {
        let flags = |id: &str| SelectionArgs { session: Some(id.into()), ..SelectionArgs::default() };
        let field = "metadata.`mlflow.trace.session`";
        assert_eq!(meaning("", &flags("chat-1")), format!("{field} = 'chat-1'"));
        assert_eq!(meaning("", &flags(r#"["trip", "day"]"#)), format!(r#"{field} LIKE '["trip","day"%'"#));
        assert_eq!(
            meaning("", &flags("trip/day")),
            format!(r#"({field} = 'trip/day' OR {field} LIKE '["trip","day"%')"#)
        );
        assert_eq!(meaning("", &flags("trip/")), format!(r#"({field} = 'trip/' OR {field} LIKE '["trip"%')"#));
        for odd in ["/", "a//b", "[]", "[1]", "[\"\"]"] {
            assert_eq!(meaning("", &flags(odd)), format!("{field} = '{odd}'"));
        }
        let found = |id: &str, session: &str| {
            let filter = Filter::parse(&meaning("", &flags(id))).unwrap();
            let info = serde_json::json!({
                "trace_id": "tr-1", "request_time": "2026-11-20T12:00:00Z", "state": "OK",
                "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "1"}},
                "trace_metadata": {"mlflow.trace.session": session},
            });
            let trace = crate::model::Trace::without_spans(serde_json::from_value(info).unwrap());
            filter.matcher().matches(&trace, &crate::filter::SessionScope::default()).is_true()
        };
        for (id, session, expected) in [
            ("a_b/c", r#"["a_b","c"]"#, true),
            ("a_b/c", r#"["a_b","c","d"]"#, true),
            ("a_b/c", "a_b/c", true),
            ("a_b/c", r#"["axb","c"]"#, false),
            ("a_b/c", r#"["a_b","cd"]"#, false),
            ("50%/", r#"["50%","x"]"#, true),
            ("50%/", r#"["500","x"]"#, false),
            ("it's/é", r#"["it's","é","x"]"#, true),
        ] {
            assert_eq!(found(id, session), expected, "{id} {session}");
        }
    }

    #[test]
    fn an_empty_run_is_not_taken_for_every_run() {
        let flags = SelectionArgs { run: Some(String::new()), ..SelectionArgs::default() };
        assert_eq!(joined(&Filter::parse("").unwrap(), &flags, 0), Err(SelectionError::EmptyRun));
    }
}
