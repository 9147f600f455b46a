//! Selection flags to one filter: what `--tag team=search --since 2h` means in the filter language.
//!
//! Every value is quoted here, so users need no quotes inside quotes and no backticks. What the language cannot say is
//! refused.

use thiserror::Error;

use crate::cli::{KeyValue, SelectionArgs};
use crate::filter::Filter;
use crate::filter::typed::Condition;

/// A flag that no filter can express.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SelectionError {
    /// MLflow reads this key as something else, whatever its quotes.
    #[error("MLflow cannot search for a {entity} called {key:?}: it takes the name for {meaning}")]
    TakenName {
        /// `tag`, `piece of metadata`, `feedback`.
        entity: &'static str,
        /// As typed.
        key: String,
        /// What MLflow takes it for.
        meaning: &'static str,
    },
    /// A key that no quotes make a key.
    #[error("no filter can name the key {0:?}: no kind of quote fits around it")]
    Unquotable(String),
    /// MLflow takes no run for any run.
    #[error("--run is empty, which MLflow takes for every run")]
    EmptyRun,
}

/// Names that MLflow gives a meaning of their own in every entity but spans, in any letter case.
const TAKEN: &[(&str, &str)] = &[
    ("name", "the name of the trace (--name)"),
    ("run_id", "the run (--run)"),
    ("prompt", "a linked prompt"),
    ("text", "the text of spans (--text)"),
    ("timestamp", "the key timestamp_ms"),
    ("execution_time", "the key execution_time_ms"),
    ("end_time", "the key end_time_ms"),
];

/// Words that end a key unless it is quoted.
const RESERVED: &[&str] = &["case", "in", "values", "using", "from", "as"];

/// The filter that a filter and the flags mean together.
pub fn joined(filter: &Filter, flags: &SelectionArgs, now_ms: i64) -> Result<String, SelectionError> {
    let mut clauses = clauses(flags, now_ms)?;
    clauses.extend(span_clauses(flags, filter.needs_spans()));
    if clauses.is_empty() {
        return Ok(filter.text().to_owned());
    }
    if !filter.is_empty() {
        // On a server only the last of several runs counts, and an OR binds weaker than the AND that joins.
        let stands_alone = filter.is_extended() || (flags.run.is_some() && filter.asks_run());
        let text = filter.text();
        // Last, because a text that ends in a backslash ends at its quote only if no other quote follows.
        clauses.push(if stands_alone { format!("({text})") } else { text.to_owned() });
    }
    Ok(clauses.join(" AND "))
}

fn clauses(flags: &SelectionArgs, now_ms: i64) -> Result<Vec<String>, SelectionError> {
    if flags.run.as_ref().is_some_and(String::is_empty) {
        return Err(SelectionError::EmptyRun);
    }
    let equal = |field: &str, value: &Option<String>| value.as_ref().map(|value| format!("{field} = {}", text(value)));
    let mut clauses: Vec<String> = [
        flags.status.map(|status| format!("status = '{}'", status.as_str())),
        equal("name", &flags.name),
        equal("metadata.`mlflow.trace.session`", &flags.session),
        equal("metadata.`mlflow.trace.user`", &flags.user),
        equal("run_id", &flags.run),
        equal("client_request_id", &flags.client_request_id),
        flags.since.map(|since| format!("timestamp_ms >= {}", since.resolve(now_ms))),
        flags.until.map(|until| format!("timestamp_ms < {}", until.resolve(now_ms))),
        flags.min_duration.map(|shortest| format!("execution_time_ms >= {}", shortest.as_millis())),
        flags.max_duration.map(|longest| format!("execution_time_ms <= {}", longest.as_millis())),
    ]
    .into_iter()
    .flatten()
    .collect();
    for tag in &flags.tag {
        clauses.push(format!("tags.{} = {}", key("tag", tag)?, text(&tag.value)));
    }
    for metadata in &flags.meta {
        clauses.push(format!("metadata.{} = {}", key("piece of metadata", metadata)?, text(&metadata.value)));
    }
    for feedback in &flags.feedback {
        clauses.push(format!("feedback.{} = {}", key("feedback", feedback)?, feedback_value(&feedback.value)));
    }
    Ok(clauses)
}

/// Clauses on spans. Bare ones would have to hold for the same span as those of the filter, so beside others they get a
/// group of their own.
fn span_clauses(flags: &SelectionArgs, filter_asks_spans: bool) -> Vec<String> {
    let model = flags.model.as_ref().map(|model| format!("span(attributes.`mlflow.llm.model` = {})", text(model)));
    let searched = flags.text.as_ref().map(|searched| {
        let pattern = text(&format!("%{}%", as_stored(searched)));
        let alone = !filter_asks_spans && flags.model.is_none();
        if alone { format!("trace.text LIKE {pattern}") } else { format!("span(content LIKE {pattern})") }
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

/// A text in quotes: plain ones if nothing in it could end them early, else an escape string.
fn text(value: &str) -> String {
    let is_plain = |quote: char| !value.contains(quote) && !value.ends_with('\\');
    if is_plain('\'') {
        format!("'{value}'")
    } else if is_plain('"') {
        format!("\"{value}\"")
    } else {
        format!("E'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}

/// The value of a feedback: a number or truth value if it looks like one.
fn feedback_value(value: &str) -> String {
    let is_number = value.parse::<f64>().is_ok_and(f64::is_finite)
        && serde_json::from_str::<serde_json::Number>(value).is_ok()
        && !value.contains(['e', 'E']);
    if is_number { value.to_owned() } else { text(value) }
}

fn key(entity: &'static str, pair: &KeyValue) -> Result<String, SelectionError> {
    let name = pair.key.as_str();
    if let Some((_, meaning)) = TAKEN.iter().find(|(taken, _)| name.eq_ignore_ascii_case(taken)) {
        return Err(SelectionError::TakenName { entity, key: name.to_owned(), meaning });
    }
    let mut characters = name.chars();
    let starts_plainly = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    let is_reserved = RESERVED.iter().any(|word| name.eq_ignore_ascii_case(word));
    if starts_plainly
        && !is_reserved
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
    {
        return Ok(name.to_owned());
    }
    let quoted = ['`', '"', '\''].map(|quote| format!("{quote}{name}{quote}"));
    quoted
        .into_iter()
        .find(|quoted| is_read_as(quoted, name))
        .ok_or_else(|| SelectionError::Unquotable(name.to_owned()))
}

/// Whether a quoted key means this one. Quotes inside of quotes do not always: MLflow takes two pairs away, and some end too
/// early or not at all before another quote.
fn is_read_as(quoted: &str, name: &str) -> bool {
    // No feedback has a name with a meaning of its own, as some tags have.
    let read = Filter::parse(&format!("feedback.{quoted} = 'x' AND tags.y = \"z\" AND tags.`y` = 'z'"));
    let first = read.as_ref().map(Filter::conjuncts);
    matches!(first, Ok([Condition::Clause(clause), _, _]) if clause.field.column_name() == format!("feedback.{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::field::Field;

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
    fn any_value_is_quoted_right() {
        for (value, quoted) in [
            ("plain", "'plain'"),
            ("O'Brien", "\"O'Brien\""),
            ("say \"hi\"", "'say \"hi\"'"),
            ("it's \"both\"", "E'it\\'s \"both\"'"),
            ("C:\\", "E'C:\\\\'"),
            ("", "''"),
        ] {
            assert_eq!(text(value), quoted);
        }
    }

    #[test]
    fn keys_get_the_quotes_they_need() {
        let quoted = |name: &str| key("tag", &KeyValue { key: name.into(), value: String::new() });
        assert_eq!(quoted("team"), Ok("team".into()));
        assert_eq!(quoted("mlflow.x"), Ok("`mlflow.x`".into()));
        assert_eq!(quoted("in"), Ok("`in`".into()));
        assert_eq!(quoted("a`b"), Ok("\"a`b\"".into()));
        assert_eq!(quoted("a\\"), Ok("`a\\`".into()));
        assert!(matches!(quoted("a`b\"c'd"), Err(SelectionError::Unquotable(_))));
        assert!(matches!(quoted("Name"), Err(SelectionError::TakenName { .. })));
    }

    #[test]
    fn feedback_is_compared_as_what_it_looks_like() {
        assert_eq!(
            (feedback_value("4"), feedback_value("0.5"), feedback_value("-1")),
            ("4".into(), "0.5".into(), "-1".into())
        );
        assert_eq!(
            (feedback_value("yes"), feedback_value("true"), feedback_value("007")),
            ("'yes'".into(), "'true'".into(), "'007'".into())
        );
    }

    #[test]
    fn text_is_searched_as_it_is_stored() {
        let flags = |searched: &str| SelectionArgs { text: Some(searched.into()), ..SelectionArgs::default() };
        assert_eq!(meaning("", &flags("needle")), "trace.text LIKE '%needle%'");
        assert_eq!(meaning("", &flags("say \"hi\"")), r#"trace.text LIKE '%say \\\"hi\\\"%'"#);
        assert_eq!(meaning("span.name = 'x'", &flags("needle")), "span(content LIKE '%needle%') AND span.name = 'x'");
    }

    #[test]
    fn a_key_is_named_as_it_is_or_not_at_all() {
        let parts = ["`", "\"", "'", "\\", "a", ".", " ", "``", "\"\"", "*", "[", "1", "é", "-"];
        for one in parts {
            for two in parts {
                for three in parts {
                    let name = format!("{one}{two}{three}");
                    let Ok(quoted) = key("tag", &KeyValue { key: name.clone(), value: String::new() }) else {
                        continue;
                    };
                    let flags =
                        SelectionArgs { tag: vec![pair(&format!("{name}=v")), pair("z=w")], ..Default::default() };
                    let joined = Filter::parse(&meaning("status = 'OK'", &flags)).unwrap();
                    let [Condition::Clause(clause), _, _] = joined.conjuncts() else { panic!("{quoted}") };
                    assert_eq!(clause.field, Field::Tag(name), "{quoted}");
                }
            }
        }
        assert!(key("tag", &pair("`x`=v")).is_err(), "MLflow takes both pairs of quotes away");
        assert!(key("tag", &pair("'x'=v")).is_ok());
        assert_eq!(key("tag", &pair("mlflow.traceName=v")), Ok("`mlflow.traceName`".into()));
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
    fn an_empty_run_is_not_taken_for_every_run() {
        let flags = SelectionArgs { run: Some(String::new()), ..SelectionArgs::default() };
        assert_eq!(joined(&Filter::parse("").unwrap(), &flags, 0), Err(SelectionError::EmptyRun));
    }
}
