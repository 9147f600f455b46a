//! A hint leads to something that works: what it suggests is fed back to the reader of filters, of orders, and of the
//! command line.

use clap::Parser;
use fancy_regex::Regex;

use mlflow_trace::cli::Cli;
use mlflow_trace::filter::{Filter, FilterError, OrderBy};

use crate::gallery;

const NOW: i64 = 1_795_334_400_000;

/// Hints that explain and suggest nothing that could be typed as it is.
const PROSE: &[&str] = &[
    "if the shell removed the quotes",
    "add a closing",
    "add a ) where",
    "quotes cannot be escaped inside quotes",
    "if another clause starts here",
    "use straight quotes",
    "put the value in single quotes",
    "put quotes around",
    "leave ",
    "remove ",
    "omit ",
    "to select every trace",
    "write the digits without separators",
    "write the value itself",
    "write plain digits",
    "write milliseconds or a duration",
    "write the minus sign",
    "write a key after the dot",
    "write the key directly after the dot",
    "whole numbers range",
    "use RLIKE for a regular expression",
    "compare ",
    "join clauses with AND",
    "doubling a quote",
    "a clause is clauses",
    "join clauses with",
    "a list contains quoted strings",
    "text supports",
    "long text supports",
    "numbers support",
    "durations support",
    "times support",
    "text has no order",
    "use = ",
    "use BETWEEN",
    "use IS NULL",
    "for a list write IN",
    "in a shell, put single quotes",
    "CASE, IN, VALUES",
    "if the key was in backticks",
    "escapes are",
    "everything inside of span",
    "inside of span(...) there are",
    "inside a list",
    "spans have ",
    "fields are ",
    "numbers that came over REST",
    "timestamp is a time",
    "times are dates",
    "one hour ago is -1h",
    "for 24h ago write -24h",
    "operators are ",
    "a search says in which experiments",
    "keys are available for",
    "put a blank before AND",
    "write '2026-01-31'",
    "for a text write",
    "write a date",
    "write for the text",
    "if that belongs to the key",
    "put AND between",
    "several fields are several clauses",
    "name each field once",
    "`mlflow-trace ",
    "RLIKE takes Python",
    "simplify it",
    "add a time bound",
    "seconds times 1000",
    "the status of a trace is",
    "write a number without quotes",
    "to see which trace has it",
    "any feedback:",
    "a list needs one pair",
];

/// What stands before a suggestion.
const BEFORE: &[&str] = &[
    "did you mean ",
    "names are lower case: ",
    "say which one: ",
    "an attribute is ",
    "an attribute of a span is ",
    "for values of attributes write ",
    "for a range of digits write ",
    "traces with an error: ",
    "traces without a run: ",
    "add an operator and a value: ",
    "write a field, an operator and a value: ",
    "a clause is a field and ASC or DESC, with nothing around them: ",
    "write a clause such as ",
    "write only the condition: ",
    "lists are for text: ",
    "put the whole key in backticks: ",
    "put the key in brackets or backticks: ",
    "for traces of either run write ",
    "if they should, write ",
    "write ",
    "use ",
];

/// The suggestions of a hint; nothing if it only explains.
fn suggestions(hint: &str) -> Vec<String> {
    if PROSE.iter().any(|prose| hint.starts_with(prose)) {
        return Vec::new();
    }
    let before = BEFORE.iter().find(|before| hint.starts_with(**before));
    let rest = &hint[before.unwrap_or_else(|| panic!("a hint of an unknown sort: {hint}")).len()..];
    let behind = Regex::new(
        r"\?$|: OK, ERROR or UNSET$|; what is asked.*$|, not 'OK' = .*$|, which is read as a date$|, or LIKE .*$|, or compare .*$|, or a date .*$|, without blanks$| for the name of the trace, .*$| for the run of the trace, .*$| for the text .*$",
    );
    let rest = behind.unwrap().replace_all(rest, "").into_owned();
    let or = Regex::new(r" or (?=\S+ (?:IS|NOT|!=)|\S+$)|, (?=\S+\.`)").unwrap();
    let parts: Vec<String> = or.split(&rest).map(|part| part.unwrap().to_owned()).collect();
    if hint.starts_with("if they should") { vec![rest] } else { parts }
}

fn is_filter(text: &str) -> bool {
    Filter::parse_at(text, NOW).is_ok()
}

/// Whether there is a field of this name: one of these makes sense for any.
fn is_field(name: &str) -> bool {
    ["= 'a/1'", "= 5", "LIKE '%a%'", "IS NOT NULL"].iter().any(|test| is_filter(&format!("{name} {test}")))
        || is_filter(&format!("span({name} IS NOT NULL)"))
}

/// Whether a suggestion is a filter, a field, or what belongs in the place of the mistake.
fn works(suggestion: &str, text: &str, place: std::ops::Range<usize>) -> bool {
    let whole = suggestion.replace('…', "LIKE 'a'").replace("LIKE LIKE", "LIKE").replace("= LIKE", "=");
    let put = format!("{}{suggestion}{}", &text[..place.start], &text[place.end..]);
    is_filter(&whole) || is_field(suggestion) || is_filter(&put)
}

fn leads_somewhere(error: &FilterError) {
    for hint in error.hints() {
        if let Some((word, _)) = hint.strip_prefix("write ").and_then(|hint| hint.split_once(" for the text ")) {
            let (place, text) = (error.span(), error.text());
            let put = format!("{}{word}{}", &text[..place.start], &text[place.end..]);
            let next = Filter::parse_at(&put, NOW).map_or_else(|error| error.span().start, |_| put.len());
            assert!(next > place.start, "{put}");
            continue;
        }
        for suggestion in suggestions(hint) {
            assert!(works(&suggestion, error.text(), error.span()), "{}: {suggestion:?} of {hint:?}", error.text());
        }
        commands_work(hint);
    }
}

/// Every command line in backticks can be read.
fn commands_work(hint: &str) {
    let command = Regex::new("`(mlflow-trace [^`]*)`").unwrap();
    for found in command.captures_iter(hint) {
        let found = found.unwrap();
        let words: Vec<&str> = found[1].split(' ').collect();
        assert!(Cli::try_parse_from(&words).is_ok(), "{words:?}");
    }
}

#[test]
fn every_hint_of_a_refused_filter_works() {
    for filter in gallery::REFUSED {
        leads_somewhere(&Filter::parse(filter).expect_err(filter));
    }
}

#[test]
fn every_hint_of_a_doubtful_filter_works() {
    for filter in gallery::DOUBTFUL {
        for lint in Filter::parse(filter).unwrap().lints() {
            let hint = lint.hint.unwrap_or_default();
            for suggestion in suggestions(&hint) {
                assert!(works(&suggestion, filter, lint.span.clone()), "{filter}: {suggestion:?} of {hint:?}");
            }
        }
    }
}

#[test]
fn every_hint_of_a_refused_order_works() {
    for name in ["created_at", "latancy", "session.id", "duration_ms DOWN", "assessment", "toknes", "conversation_id"] {
        let clause = name.to_owned();
        let Err(error) = OrderBy::parse(&[clause]) else { continue };
        for hint in error.hints() {
            for suggestion in suggestions(hint) {
                assert!(
                    OrderBy::parse(std::slice::from_ref(&suggestion)).is_ok(),
                    "{name}: {suggestion:?} of {hint:?}"
                );
            }
            commands_work(hint);
        }
    }
}

/// Names as people know them from the JSON of traces, from the SDK and from other products.
const ELSEWHERE: &[&str] = &[
    "tags.team",
    "tag.team",
    "Tags.team",
    "labels.team",
    "label.team",
    "status",
    "state",
    "STATUS",
    "trace_status",
    "request_time",
    "start_time",
    "created_at",
    "time",
    "date",
    "execution_duration_ms",
    "elapsed",
    "response_time",
    "trace_id",
    "id",
    "name",
    "traceName",
    "trace_name",
    "run",
    "source_run",
    "session",
    "session_id",
    "thread_id",
    "user",
    "user_id",
    "username",
    "content",
    "inputs",
    "outputs",
    "request_preview",
    "model",
    "model_name",
    "model_id",
    "span_name",
    "span_type",
    "span_status",
    "spans.name",
    "spans.model",
    "Span.name",
    "span.kind",
    "span.inputs",
    "span.foo",
    "env",
    "environment",
    "prompts",
    "trace_metadata.user",
    "meta.user",
    "params.user",
    "param.user",
    "metadata.user",
    "attr.model",
    "score.helpful",
    "scores.helpful",
    "assessments.helpful",
    "feedbacks.helpful",
    "expectations.answer",
    "expected.answer",
    "issues.id",
    "tokens",
    "token_usage",
    "total_tokens",
    "cost",
    "total_cost",
    "error",
    "failed",
    "tags",
    "span",
    "metadata",
    "assessment",
    "foo.bar",
    "foo",
    "tagss.team",
    "traces.status",
    "latencyy",
    "span_count",
    "size",
    "trace_metadata.`a b`",
];

#[test]
fn names_from_elsewhere_are_fields_or_lead_to_one_at_once() {
    for name in ELSEWHERE {
        for wrapper in ["", "info.", "trace.", "trace_info.", "traces.", "attributes.", "data.", "info.trace."] {
            for test in ["= 'a/1'", "> 5", "IS NOT NULL"] {
                let text = format!("{wrapper}{name} {test}");
                let Err(error) = Filter::parse_at(&text, NOW) else { continue };
                assert!(!error.hints().is_empty(), "{text}");
                leads_somewhere(&error);
                let hints = error.hints().join("\n");
                assert!(!hints.contains("tags.tags.") && !hints.contains("tags.trace."), "{text}: {hints}");
            }
        }
    }
    let hint = |text: &str| Filter::parse(text).unwrap_err().hints()[0].clone();
    assert_eq!(hint("info.tags.team = 'a'"), "use tags.team");
    assert_eq!(hint("trace.tags.team = 'a'"), "use tags.team");
    assert_eq!(hint("info.trace_metadata.user = 'a'"), "use metadata.user");
    assert_eq!(hint("info.state.x = 'a'").len(), hint("data.state.x = 'a'").len());
}

#[test]
fn times_of_other_languages_lead_to_ours() {
    for (written, right) in [
        ("timestamp > now-1d", "write timestamp > -1d"),
        ("timestamp_ms >= NOW-90m", "write timestamp_ms >= -90m"),
        ("timestamp > now-1month", "write timestamp > -24h"),
        ("timestamp > yesterday", "write timestamp > -24h, or a date such as '2026-01-31'"),
    ] {
        let error = Filter::parse_at(written, NOW).unwrap_err();
        assert_eq!(error.hints()[0], right);
        leads_somewhere(&error);
    }
}
