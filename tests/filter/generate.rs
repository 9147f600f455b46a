//! Random extended filters, and random traces that they have a chance to match.

use mlflow_trace::model::Trace;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// 2023-11-14T22:13:20Z.
pub const NOW: i64 = 1_700_000_000_000;

/// Texts that are hard to write: both sorts of quotes, backslashes, escapes of patterns, a line break at the end.
const TEXTS: &[&str] = &["a", "b", "it's", "it's \"both\"", "a\\", "", "x y", "100%", "a\n", "é"];

fn literal(text: &str) -> String {
    let mut out = String::from("E'");
    for character in text.chars() {
        match character {
            '\'' | '\\' | '"' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out + "'"
}

fn text() -> impl Strategy<Value = &'static str> {
    prop::sample::select(TEXTS)
}

fn list() -> impl Strategy<Value = String> {
    prop::collection::vec(text(), 1..4).prop_map(|texts| {
        let items: Vec<String> = texts.iter().map(|text| literal(text)[1..].to_owned()).collect();
        format!("({})", items.join(", "))
    })
}

fn not() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["", "NOT "][..])
}

fn text_test() -> BoxedStrategy<String> {
    let equality =
        (prop::sample::select(&["=", "!="][..]), text()).prop_map(|(op, text)| format!("{op} {}", literal(text)));
    let simple = prop::sample::select(&["=", "!="][..]).prop_map(|op| format!("{op} 'a'"));
    let pattern = (
        not(),
        prop::sample::select(&["LIKE 'a%'", "ILIKE 'A%'", "RLIKE '^(a|b)$'", "LIKE '%\"%'", "RLIKE '[[x'"][..]),
    );
    let pattern = pattern.prop_map(|(not, pattern)| format!("{not}{pattern}"));
    let member = (not(), list()).prop_map(|(not, list)| format!("{not}IN {list}"));
    let null = not().prop_map(|not| format!("IS {not}NULL"));
    prop_oneof![simple, equality, pattern, member, null].boxed()
}

fn number_test(values: &'static [&'static str]) -> BoxedStrategy<String> {
    let value = || prop::sample::select(values);
    let order = (prop::sample::select(&["=", "!=", "<", "<=", ">", ">="][..]), value());
    let order = order.prop_map(|(op, value)| format!("{op} {value}"));
    let between = (not(), value(), value()).prop_map(|(not, low, high)| format!("{not}BETWEEN {low} AND {high}"));
    let null = not().prop_map(|not| format!("IS {not}NULL"));
    prop_oneof![4 => order, 2 => between, 1 => null].boxed()
}

fn named(names: &'static [&'static str], test: BoxedStrategy<String>) -> BoxedStrategy<String> {
    (prop::sample::select(names), test).prop_map(|(name, test)| format!("{name} {test}")).boxed()
}

const TEXT_FIELDS: &[&str] = &[
    "status",
    "request_id",
    "client_request_id",
    "name",
    "session",
    "user",
    "tags.env",
    "tags.`my key`",
    "tags['my key']",
    "metadata.region",
    "request",
    "response_preview",
    "Trace.State",
    "trace_id",
    "assessment.source_type",
    "assessment.source_id",
];
const TIMES: &[&str] =
    &["1700000000000", "1699999980000", "'2023-11-14'", "'2023-11-14T22:13:20Z'", "-10s", "-1m", "1700000000000.5"];

/// A clause about the trace itself.
fn clause() -> BoxedStrategy<String> {
    prop_oneof![
        4 => named(TEXT_FIELDS, text_test()),
        1 => named(&["status"], prop::sample::select(&["= 'OK'", "!= 'OK'", "IN ('OK', 'ERROR')", "NOT IN ('OK')"][..]).prop_map(str::to_owned).boxed()),
        1 => named(&["latency", "execution_time", "duration_ms"], number_test(&["100", "5s", "1m", "99.5", "'100'"])),
        1 => named(&["tokens.total", "tokens.input", "cost.total", "spans.count", "size_bytes"], number_test(&["1", "2", "10", "0.5"])),
        1 => named(&["end_time"], number_test(TIMES)),
        1 => prop::sample::select(&["run_id = 'a'", "run_id = 'b'", "run_id = ''", "run_id != 'a'", "run_id IN ('a', 'b')", "run_id NOT IN ('a')",
            "run_id IS NULL", "run_id LIKE 'a%'", "prompt = 'p/1'", "prompt IN ('p/1', 'q/2')", "prompt != 'p/1'", "prompt IS NULL",
            "issue.id = 'i'", "issue.id != 'i'", "issue.id IS NOT NULL"][..]).prop_map(str::to_owned),
        2 => assessment(),
    ]
    .boxed()
}

fn assessment() -> BoxedStrategy<String> {
    let number = || prop::sample::select(&["0.5", "1", "4"][..]);
    let order =
        (prop::sample::select(&["=", "!=", "<", ">="][..]), number()).prop_map(|(op, value)| format!("{op} {value}"));
    let between = (not(), number(), number()).prop_map(|(not, low, high)| format!("{not}BETWEEN {low} AND {high}"));
    let boolean = prop::sample::select(&["= true", "!= false"][..]).prop_map(str::to_owned);
    named(
        &["feedback.score", "feedback.good", "expectation.answer"],
        prop_oneof![3 => text_test(), 1 => order, 1 => between, 1 => boolean].boxed(),
    )
}

fn time() -> BoxedStrategy<String> {
    named(&["timestamp"], number_test(TIMES))
}

fn bare_span() -> BoxedStrategy<String> {
    prop_oneof![
        named(&["span.name", "span.type", "span.status"], text_test()),
        named(&["span.duration"], number_test(&["1", "5s", "0.5"])),
        prop::sample::select(
            &[
                "span.attributes.model LIKE '%a%'",
                "span.content LIKE '%\"model\"%'",
                "trace.text NOT LIKE '%zz%'",
                "span.attributes.model RLIKE '^a'",
                "span.attributes.model = 'a'",
                "span.name = 'a'",
                "span.status != 'OK'"
            ][..]
        )
        .prop_map(str::to_owned),
    ]
    .boxed()
}

fn inside_span() -> BoxedStrategy<String> {
    let test = prop_oneof![
        3 => named(&["name", "type", "attributes.model", "attributes.`my key`"], text_test()),
        1 => named(&["duration", "attributes.n", "attributes.model"], number_test(&["1", "2", "0.5"])),
        1 => prop::sample::select(&["attributes.flag = true", "attributes.flag != true", "status = 'ERROR'", "status IN ('OK', 'UNSET')",
            "content LIKE '%model%'", "attributes.model = 'a'"][..]).prop_map(str::to_owned),
    ];
    expression(test.boxed())
}

/// Clauses joined in every way, with needless parentheses.
fn expression(leaf: BoxedStrategy<String>) -> BoxedStrategy<String> {
    leaf.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 2..5).prop_map(|parts| format!("({})", parts.join(" AND "))),
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            1 => inner.prop_map(|part| format!("NOT {part}")),
        ]
    })
    .boxed()
}

/// A filter in which every part is independent of its neighbours.
pub fn independent() -> BoxedStrategy<String> {
    expression(prop_oneof![4 => clause(), 1 => inside_span().prop_map(|inner| format!("span({inner})"))].boxed())
}

/// Any extended filter; most are conjunctions, as those of people.
pub fn filter() -> BoxedStrategy<String> {
    let leaf = prop_oneof![6 => clause(), 2 => time(), 2 => bare_span(), 1 => inside_span().prop_map(|inner| format!("span({inner})"))].boxed();
    let any = expression(leaf);
    prop_oneof![
        1 => any.clone(),
        3 => prop::collection::vec(any, 1..5).prop_map(|parts| parts.join(" AND ")),
    ]
    .boxed()
}

fn maybe(values: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.7, prop::sample::select(values))
}

fn span() -> impl Strategy<Value = Value> {
    let values = vec![
        json!("a"),
        json!("b"),
        json!("it's \"both\""),
        json!("a\\"),
        json!(1),
        json!(0.5),
        json!(true),
        json!(null),
    ];
    let attribute = || prop::option::weighted(0.7, prop::sample::select(values.clone()));
    (text(), maybe(&["a", "LLM"]), 0..3_usize, (attribute(), attribute(), attribute(), attribute()), -60..20_i64, prop::option::of(0..3_i64)).prop_map(
        |(name, kind, status, (model, key, n, flag), start, duration)| {
            let mut attributes = Map::new();
            let pairs = [("mlflow.spanType", kind.map(Value::from)), ("model", model), ("my key", key), ("n", n), ("flag", flag)];
            for (key, value) in pairs {
                if let Some(value) = value {
                    attributes.insert(key.to_owned(), Value::String(value.to_string()));
                }
            }
            let start = (NOW + start * 1000) * 1_000_000;
            let status = ["STATUS_CODE_OK", "STATUS_CODE_ERROR", "STATUS_CODE_UNSET"][status];
            json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": name, "start_time_unix_nano": start,
                "end_time_unix_nano": duration.map(|ms| start + ms * 1_000_000), "status": {"code": status, "message": ""}, "attributes": attributes})
        },
    )
}

fn one_assessment() -> impl Strategy<Value = Value> {
    let values = vec![
        json!("a"),
        json!("b"),
        json!("it's"),
        json!("it's \"both\""),
        json!(0.5),
        json!(1.0),
        json!(4.0),
        json!(true),
        json!("é"),
        json!(null),
    ];
    let name = prop::sample::select(&["score", "good", "answer", "i"][..]);
    let kind = prop::sample::select(&["feedback", "feedback", "expectation", "issue"][..]);
    (name, kind, prop::sample::select(values), any::<bool>(), 0..8_u8, maybe(&["HUMAN", "a"])).prop_map(
        |(name, kind, value, in_session, valid, source)| {
            // MLflow takes no expectation of nothing.
            let value = if kind == "expectation" && value.is_null() { json!("a") } else { value };
            let mut assessment = json!({"assessment_name": name, "valid": valid > 0});
            assessment[kind] = if kind == "issue" { json!({"issue_name": "slow"}) } else { json!({"value": value}) };
            if in_session {
                assessment["metadata"] = json!({"mlflow.trace.session": "a"});
            }
            if let Some(source) = source {
                assessment["source"] = json!({"source_type": source, "source_id": "b"});
            }
            assessment
        },
    )
}

fn trace() -> impl Strategy<Value = Trace> {
    let texts = (maybe(TEXTS), maybe(TEXTS), maybe(TEXTS), maybe(TEXTS), maybe(&["a", "b"]), maybe(TEXTS));
    let more = (
        maybe(TEXTS),
        maybe(&["a", "b"]),
        maybe(&["{\"total_tokens\": 10, \"input_tokens\": 1}", "{}"]),
        maybe(&["[{\"name\": \"p\", \"version\": \"1\"}]"]),
        maybe(TEXTS),
    );
    let state = prop::sample::select(&["OK", "ERROR", "IN_PROGRESS", "STATE_UNSPECIFIED"][..]);
    let numbers = (-30..30_i64, prop::option::weighted(0.8, prop::sample::select(vec![100, 99, 5000, 60_000, 0])));
    (texts, more, state, numbers, prop::collection::vec(span(), 0..4), prop::collection::vec(one_assessment(), 0..4))
        .prop_map(
            |(
                (name, client, env, key, session, user),
                (region, run, tokens, prompts, preview),
                state,
                (start, duration),
                spans,
                assessments,
            )| {
                let map = |pairs: &[(&str, Option<&str>)]| {
                    pairs
                        .iter()
                        .filter_map(|(key, value)| Some(((*key).to_owned(), Value::from((*value)?))))
                        .collect::<Map<_, _>>()
                };
                let tags = map(&[
                    ("mlflow.traceName", name),
                    ("env", env),
                    ("my key", key),
                    ("mlflow.linkedPrompts", prompts),
                ]);
                let metadata = map(&[
                    ("mlflow.trace.session", session),
                    ("mlflow.trace.user", user),
                    ("region", region),
                    ("mlflow.sourceRun", run),
                    ("mlflow.trace.tokenUsage", tokens),
                ]);
                let mut info = json!({"trace_id": "tr", "timestamp_ms": NOW + start * 1000, "state": state, "trace_metadata": metadata,
                "tags": tags, "assessments": assessments, "execution_duration_ms": duration});
                if let Some(client) = client {
                    info["client_request_id"] = client.into();
                }
                if let Some(preview) = preview {
                    info["request_preview"] = preview.into();
                }
                let mut trace = Trace::from_json(json!({"trace_info": info, "spans": spans})).unwrap();
                // A server may have states that are none of an archive.
                trace.info.state = state.into();
                trace
            },
        )
}

/// Some traces with ids of their own; one has the id `a`, which filters ask for.
pub fn traces() -> impl Strategy<Value = Vec<Trace>> {
    prop::collection::vec(trace(), 1..8).prop_map(|mut traces| {
        for (trace, id) in traces.iter_mut().zip(["a", "b", "it's", "tr-3", "tr-4", "tr-5", "tr-6"]) {
            trace.info.trace_id = id.into();
        }
        traces
    })
}
