//! What extended filters ask, in examples.

use mlflow_trace::filter::typed::Condition;
use mlflow_trace::filter::{Filter, SessionScope, Truth};
use mlflow_trace::model::Trace;
use serde_json::{Value, json};

use crate::generate::NOW;

fn span(name: &str, start_ms: i64, duration_ms: Option<i64>, status: &str, attributes: &Value) -> Value {
    let (start, mut texts) = (start_ms * 1_000_000, json!({}));
    for (key, value) in attributes.as_object().unwrap() {
        texts[key] = Value::String(value.to_string());
    }
    json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": name, "start_time_unix_nano": start,
        "end_time_unix_nano": duration_ms.map(|ms| start + ms * 1_000_000), "status": {"code": status, "message": ""}, "attributes": texts})
}

fn trace() -> Trace {
    let llm = json!({"mlflow.spanType": "LLM", "model": "gpt-4o", "temperature": 0.5, "n": 3, "stream": true, "stop": null, "my key": "x",
        "list": ["a b", "c"], "object": {"k": [1, 2.5], "é": null}, "empty": []});
    let spans = json!([
        span("agent", NOW, Some(5000), "STATUS_CODE_OK", &json!({"mlflow.spanType": "AGENT"})),
        span("search", NOW + 10, Some(2500), "STATUS_CODE_ERROR", &json!({"model": "gpt-4o-mini"})),
        span("chat", NOW + 20, None, "STATUS_CODE_UNSET", &llm),
        span("early", NOW - 60_000, Some(1), "STATUS_CODE_OK", &json!({})),
    ]);
    let assessment = |name: &str, value: Value| json!({"assessment_name": name, "feedback": {"value": value}, "source": {"source_type": "HUMAN", "source_id": "jane"}});
    let info = json!({"trace_id": "tr-1", "timestamp_ms": NOW, "execution_duration_ms": 5000, "state": "ERROR",
        "request_preview": "How?", "trace_metadata": {
            "mlflow.trace.session": "s", "mlflow.trace.user": "jane", "mlflow.sourceRun": "r",
            "mlflow.trace.tokenUsage": "{\"input_tokens\": 10, \"output_tokens\": 5, \"total_tokens\": 15}",
            "mlflow.trace.cost": "{\"total_cost\": 0.25}"},
        "tags": {"env": "prod", "both": "it's \"both\"\n", "mlflow.traceName": "agent"},
        "assessments": [assessment("score", json!(4.0)), assessment("ok", json!(true)), assessment("label", json!("a")), assessment("label", json!("b")),
            {"assessment_name": "old", "feedback": {"value": "x"}, "valid": false, "source": {"source_type": "CODE"}}]});
    Trace::from_json(json!({"trace_info": info, "spans": spans})).unwrap()
}

#[track_caller]
fn all(expected: Truth, filters: &[&str]) {
    let trace = trace();
    for text in filters {
        let filter = Filter::parse_at(text, NOW).unwrap_or_else(|error| panic!("{text}\n{error}"));
        assert!(filter.is_extended(), "{text}");
        assert_eq!(filter.matcher().matches(&trace, &SessionScope::default()), expected, "{text}");
    }
}

#[test]
fn operators_bind_as_in_sql() {
    all(
        Truth::TRUE,
        &[
            "status = 'ERROR' OR status = 'OK' AND name = 'nope'",
            "NOT status = 'OK' AND name = 'agent'",
            "NOT (status = 'OK' AND name = 'agent')",
            "not NOT status = 'ERROR'",
            "(status='ERROR')and(name='agent')",
        ],
    );
    all(
        Truth::FALSE,
        &["(status = 'ERROR' OR status = 'OK') AND name = 'nope'", "NOT status = 'ERROR' OR name = 'nope'"],
    );
}

#[test]
fn what_is_missing_is_unknown_and_so_is_its_negation() {
    all(
        Truth::MISSING,
        &[
            "NOT tags.nope = 'x'",
            "tags.nope NOT IN ('x')",
            "tags.nope NOT LIKE 'x'",
            "client_request_id NOT ILIKE 'x'",
            "cost.input > 0 OR status = 'OK'",
            "NOT feedback.nope = 'x'",
        ],
    );
    all(
        Truth::TRUE,
        &["tags.nope IS NULL OR status = 'OK'", "(tags.nope != 'x' OR tags.nope IS NULL)", "cost.input IS NULL"],
    );
    all(Truth::FALSE, &["NOT tags.nope IS NULL", "NOT tags.nope = 'x' AND status = 'OK'"]);
}

#[test]
fn fields_have_the_names_that_people_try() {
    all(
        Truth::TRUE,
        &[
            "trace_id = 'tr-1'",
            "trace.trace_id = 'tr-1'",
            "STATE = 'ERROR'",
            "latency BETWEEN 4s AND 1m",
            "duration = 5000",
            "execution_time_ms >= 5s",
            "session = 's' AND user IN ('jane', 'joe')",
            "tokens.total = 15 AND tokens.input > 9.5 AND trace.tokens.output < 6",
            "cost.total > 0.2",
            "spans.count = 4",
            "assessment.source_type = 'HUMAN' AND assessment.source_id = 'jane'",
            "request LIKE 'How%' AND response IS NULL",
            "text LIKE '%gpt-4o-mini%'",
            "tags.env IN ('dev', 'prod')",
            "run_id IN ('q', 'r')",
            r#"tags.both = E'it\'s "both"\n'"#,
        ],
    );
    all(
        Truth::FALSE,
        &["assessment.source_type = 'CODE'", "assessment.source_id IN ('joe')", "spans.count NOT BETWEEN 1 AND 4"],
    );
}

#[test]
fn keys_in_brackets_are_what_they_are() {
    all(
        Truth::TRUE,
        &[
            "tags['env'] = 'prod' AND tags[\"env\"] IN ('prod')",
            "tags['name'] IS NULL AND tags['mlflow.traceName'] = 'agent'",
            "metadata['mlflow.trace.user'] LIKE 'j%'",
            "feedback['score'] >= 4 AND feedback['ok'] = true AND feedback['name'] IS NULL",
            "span(attributes['my key'] = 'x')",
        ],
    );
    let server = |text: &str| Filter::parse(text).unwrap().plan().server_text().to_owned();
    assert_eq!(server("tags['my-key'] = 'x'"), "tags.`my-key` = 'x'");
    assert_eq!(server("tags['name'] = 'x'"), "");
    assert_eq!(server("feedback['name'] = 'x'"), "");
    for text in ["status['x'] = 'a'", "span['name'] = 'a'", "tags['a'].b = 'a'", "tags[a] = 'a'", "tags['a' = 'a'"] {
        assert!(Filter::parse(text).is_err(), "{text}");
    }
}

#[test]
fn times_are_dates_instants_and_distances_from_now() {
    all(
        Truth::TRUE,
        &[
            "timestamp = '2023-11-14'",
            "timestamp >= '2023-11-14T22:13:20Z'",
            "timestamp = '2023-11-14 23:13:20+01:00'",
            "timestamp BETWEEN '2023-11-14' AND '2023-11-15'",
            "timestamp > -1s",
            "timestamp <= -0s",
            "timestamp != '2023-11-13'",
            "(end_time < '2023-11-15')",
        ],
    );
    all(
        Truth::FALSE,
        &["timestamp < '2023-11-14'", "timestamp != '2023-11-14'", "timestamp > '2023-11-15'", "timestamp < -1h"],
    );
}

#[test]
fn feedback_takes_numbers_and_booleans() {
    all(
        Truth::TRUE,
        &[
            "feedback.score = 4",
            "feedback.score = 4.0",
            "feedback.score != 3",
            "feedback.score BETWEEN 3 AND 5",
            "feedback.score NOT BETWEEN 5 AND 6",
            "feedback.ok = true",
            "feedback.ok != false",
            "feedback.label IN ('b', 'c')",
            "feedback.label NOT IN ('a')",
            "feedback.label NOT LIKE '%z%'",
        ],
    );
    all(
        Truth::FALSE,
        &["feedback.ok = false", "feedback.score = 5", "feedback.label NOT LIKE '%a%'", "NOT feedback.label = 'a'"],
    );
    all(Truth::MISSING, &["feedback.old = true", "feedback.nope NOT LIKE 'a'"]);
}

#[test]
fn conditions_in_span_are_about_one_span() {
    all(
        Truth::TRUE,
        &[
            "span(name = 'search' AND duration > 2s AND status = 'ERROR')",
            "span(attributes.model = 'gpt-4o' AND attributes.temperature = 0.5 AND attributes.stream = true)",
            "span(attributes.n BETWEEN 1 AND 3 AND attributes.`my key` LIKE 'x%')",
            "span(attributes.stop IS NULL AND attributes.model IS NOT NULL AND duration IS NULL)",
            "span((name = 'chat' OR name = 'search') AND NOT status = 'OK')",
            "span(name = 'agent') AND span(name = 'chat')",
            "span(attributes.n != 'three')",
            "span(span.name IN ('chat', 'x'))",
            "NOT span(name = 'nope')",
            // A span without a type is not one of the type TOOL, and not one of which that is unknown.
            "NOT span(type = 'TOOL')",
            "span.duration > 4s",
        ],
    );
    all(
        Truth::FALSE,
        &[
            "span(name = 'agent' AND name = 'chat')",
            "span(name = 'chat' AND duration > 0)",
            "span(attributes.n = '3')",
            "span(attributes.n > 3)",
            "span(attributes.model > 1)",
            "NOT span(type = 'LLM')",
        ],
    );
}

#[test]
fn a_list_or_an_object_is_asked_its_json_text() {
    all(
        Truth::TRUE,
        &[
            "span(attributes.list LIKE '%\"a b\"%')",
            "span(attributes.list = '[\"a b\", \"c\"]')",
            "span(attributes.list ILIKE '[\"A B\", %')",
            "span(attributes.list RLIKE 'b\", \"c')",
            "span(attributes.list NOT LIKE '%d%')",
            "span(attributes.list != '[]')",
            "span(attributes.empty IN ('[]', '{}'))",
            "span(attributes.object = '{\"k\": [1, 2.5], \"é\": null}')",
            "span(attributes.object LIKE '%2.5], \"é\"%')",
        ],
    );
    all(
        Truth::FALSE,
        &[
            "span(attributes.list LIKE 'a b%')",
            "span(attributes.list = 'a b')",
            "span(attributes.list = '[\"a b\",\"c\"]')",
            "span(attributes.empty != '[]')",
            "span(attributes.object = 1)",
            // A number is no text.
            "span(attributes.n LIKE '%3%')",
        ],
    );
}

#[test]
fn clauses_on_spans_that_and_joins_mean_one_span() {
    all(
        Truth::TRUE,
        &[
            "(span.name = 'agent') AND (span.type = 'AGENT')",
            "(span.name = 'agent' AND latency > 1s) AND span.name = 'chat'",
            "span.name = 'agent' AND NOT span.name = 'nope'",
            "span.name = 'nope' OR span.name = 'chat'",
        ],
    );
    all(
        Truth::FALSE,
        &[
            "span.name = 'agent' AND span.name = 'chat' AND latency > 1s",
            "(span.name = 'agent') AND (span.name = 'chat')",
        ],
    );
}

#[test]
fn a_lower_bound_of_the_start_hides_spans_that_started_long_before() {
    all(
        Truth::TRUE,
        &[
            "span.name = 'early' AND latency > 1s",
            "span(name = 'early')",
            "timestamp > -60s AND span(name = 'early')",
            "(timestamp > -1s AND latency > 1s) AND span(name = 'early')",
            "timestamp <= '2023-11-15' AND span(name = 'early')",
        ],
    );
    all(
        Truth::FALSE,
        &[
            "timestamp > -1s AND span(name = 'early')",
            "timestamp > -1s AND span.name = 'early'",
            "timestamp BETWEEN -1s AND '2023-11-15' AND span(name = 'early')",
        ],
    );
}

#[test]
fn spans_that_were_not_fetched_leave_it_open() {
    let bare = Trace::without_spans(trace().info);
    let ask = |text: &str| Filter::parse(text).unwrap().matcher().matches(&bare, &SessionScope::default());
    for text in ["span(name = 'agent')", "NOT span(name = 'agent')", "spans.count > 1", "spans.count IS NULL"] {
        assert_eq!(ask(text), Truth::OPEN, "{text}");
        assert!(Filter::parse(text).unwrap().needs_spans());
    }
    assert_eq!(ask("span(name = 'agent') AND status = 'OK'"), Truth::FALSE);
    assert_eq!(ask("span(name = 'agent') OR status = 'ERROR'"), Truth::TRUE);
}

#[test]
fn what_mlflow_understands_is_not_changed_by_extensions() {
    for text in [
        "timestamp_ms > '2023-01-01'",
        "tags.a = '2023-01-01'",
        "run_id = 'a' AND run_id = 'b'",
        "span.attributes.model = 'x'",
        "tags.or = 'x'",
        "tags.not = 'x' AND tags.between = 'y'",
    ] {
        let filter = Filter::parse_at(text, NOW).unwrap();
        assert!(!filter.is_extended());
        assert_eq!((filter.plan().server_text(), filter.plan().residual().is_none()), (text, true));
    }
}

#[test]
fn both_languages_have_one_tree() {
    let extension = " AND latency > 1s";
    for text in [
        "status = 'OK' AND timestamp > 1700000000000",
        "timestamp > 1700000000000 AND timestamp >= 5 AND span.name = 'a' AND trace.text LIKE '%x%'",
        "span.name = 'a'",
        "run_id = 'a' AND feedback.x = 'y' AND span.type = 'LLM' AND span.attributes.k LIKE 'v%'",
    ] {
        let (short, long) = (text.to_owned(), format!("{text}{extension}"));
        let [of_mlflow, extended] = [&short, &long].map(|text| Filter::parse_at(text, NOW).unwrap());
        assert!(!of_mlflow.is_extended() && extended.is_extended(), "{text}");
        assert_eq!(of_mlflow.conjuncts(), &extended.conjuncts()[..extended.conjuncts().len() - 1], "{text}");
    }
}

#[test]
fn what_mlflow_leaves_out_has_no_meaning_and_is_told() {
    for (text, meant) in [
        ("run_id = 'a' AND status = 'OK' AND run_id = 'b'", "status = 'OK' AND run_id = 'b'"),
        ("run_id = 'a' AND run_id = ''", ""),
        ("status = 'OK' AND run_id = ''", "status = 'OK'"),
    ] {
        let [filter, meant] = [text, meant].map(|text| Filter::parse(text).unwrap());
        let tests = |filter: &Filter| {
            let parts = filter.conjuncts().iter().flat_map(Condition::clauses);
            parts.map(|clause| (clause.field.clone(), clause.test.clone())).collect::<Vec<_>>()
        };
        assert_eq!(tests(&filter), tests(&meant), "{text}");
        assert!(filter.ignores_a_run() && filter.asks_run() && !filter.is_empty(), "{text}");
        assert!(filter.lints().iter().any(|lint| lint.message.contains("ignores")), "{text}");
        assert_eq!(filter.plan().server_text(), text);
    }
}

#[test]
fn the_usual_spelling_says_the_same() {
    for (text, canonical) in [
        ("status='OK'and name like 'a%'", "status = 'OK' AND name LIKE 'a%'"),
        ("  ( status = 'OK' )  ", "status = 'OK'"),
        (
            "tags.x='1' or not(tags.y='2'and((tags.z not  in('3'))))",
            "tags.x = '1' OR NOT (tags.y = '2' AND tags.z NOT IN ('3'))",
        ),
        ("latency between 1s   and 5s AND SPAN( name='x' )", "latency BETWEEN 1s AND 5s AND span(name = 'x')"),
        ("tags.x is  not   null", "tags.x IS NOT NULL"),
    ] {
        assert_eq!(Filter::parse(text).unwrap().canonical(), canonical, "{text}");
    }
}
