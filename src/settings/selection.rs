//! Selection flags to one filter: what `--tag team=search --since 2h` means in the filter language.
//!
//! Every value is quoted here, so users need no quotes inside quotes and no backticks. What the language cannot say is
//! refused.

use thiserror::Error;

use crate::cli::SelectionArgs;
use crate::filter::Filter;
use crate::filter::typed::Condition;
use crate::model::field::Field;

/// A flag that no filter can express.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SelectionError {
    /// A key that no quotes make a key.
    #[error("a filter cannot contain the key {0:?}: it cannot be quoted")]
    Unquotable(String),
    /// MLflow takes no run for any run.
    #[error("--run is empty, which MLflow treats as every run")]
    EmptyRun,
}

/// Names that MLflow gives a meaning of their own in every entity but spans, in any letter case.
const TAKEN: &[&str] = &["name", "run_id", "prompt", "text", "timestamp", "execution_time", "end_time"];

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
        flags.session.as_deref().map(session),
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
        clauses.push(format!("{} = {}", member("tags", &tag.key)?, text(&tag.value)));
    }
    for metadata in &flags.meta {
        clauses.push(format!("{} = {}", member("metadata", &metadata.key)?, text(&metadata.value)));
    }
    for feedback in &flags.feedback {
        clauses.push(format!("{} = {}", member("feedback", &feedback.key)?, feedback_value(&feedback.value)));
    }
    Ok(clauses)
}

/// The session of an id; of a path, that session and all below it. MLflow 3.18 stores the levels of a session as a compact JSON
/// array, outermost first, so that those below it begin alike.
fn session(id: &str) -> String {
    let field = "metadata.`mlflow.trace.session`";
    let exact = format!("{field} = {}", text(id));
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
        format!("{field} RLIKE {}", text(&format!("^{}[],]", escaped_for_regex(beginning))))
    } else {
        format!("{field} LIKE {}", text(&format!("{beginning}%")))
    };
    if may_be_an_id { format!("({exact} OR {below})") } else { below }
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

/// `tags.team`, with as many quotes as the key needs. In brackets a key is what it says, also where MLflow would give the name
/// a meaning of its own.
fn member(entity: &str, key: &str) -> Result<String, SelectionError> {
    let mut characters = key.chars();
    let starts_plainly = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    let is_plain = starts_plainly && characters.all(|character| character.is_ascii_alphanumeric() || character == '_');
    let is_taken = TAKEN.iter().any(|word| key.eq_ignore_ascii_case(word));
    let is_reserved = RESERVED.iter().any(|word| key.eq_ignore_ascii_case(word));
    if is_plain && !is_taken && !is_reserved {
        return Ok(format!("{entity}.{key}"));
    }
    let in_quotes = ['`', '"', '\''].map(|quote| format!("{quote}{key}{quote}"));
    if let Some(quoted) = in_quotes.iter().find(|quoted| !is_taken && is_read_as(quoted, key)) {
        return Ok(format!("{entity}.{quoted}"));
    }
    let in_brackets = ['\'', '"'].map(|quote| format!("{entity}[{quote}{key}{quote}]"));
    in_brackets
        .into_iter()
        .find(|member| Filter::parse(&format!("{member} = 'x'")).is_ok())
        .ok_or_else(|| SelectionError::Unquotable(key.to_owned()))
}

/// Whether a quoted key means this one. Quotes inside of quotes do not always: MLflow takes two pairs away, and some end too
/// early or not at all before another quote.
fn is_read_as(quoted: &str, name: &str) -> bool {
    // No feedback has a name with a meaning of its own, as some tags have.
    let read = Filter::parse(&format!("feedback.{quoted} = 'x' AND tags.y = \"z\" AND tags.`y` = 'z'"));
    let first = read.as_ref().map(Filter::conjuncts);
    matches!(first, Ok([Condition::Clause(clause), _, _]) if clause.field == Field::Feedback(name.to_owned()))
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
        let tag = |key: &str| member("tags", key);
        assert_eq!(tag("team"), Ok("tags.team".into()));
        assert_eq!(tag("mlflow.x"), Ok("tags.`mlflow.x`".into()));
        assert_eq!(tag("in"), Ok("tags.`in`".into()));
        assert_eq!(tag("a`b"), Ok("tags.\"a`b\"".into()));
        assert_eq!(tag("a\\"), Ok("tags.`a\\`".into()));
        assert_eq!(tag("Name"), Ok("tags['Name']".into()));
        assert!(matches!(tag("a`b\"c'd"), Err(SelectionError::Unquotable(_))));
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
                    let Ok(quoted) = member("tags", &name) else {
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
        assert_eq!(member("tags", "`x`"), Ok("tags['`x`']".into()), "MLflow would take both pairs of quotes away");
        assert!(member("tags", "'x'").is_ok());
        assert_eq!(member("tags", "mlflow.traceName"), Ok("tags.`mlflow.traceName`".into()));
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
