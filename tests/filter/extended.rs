//! What holds for every extended filter: how it is printed, and what becomes of it when a server decides a part of it.

use std::collections::HashSet;

use mlflow_trace::filter::ast::Expr;
use mlflow_trace::filter::{Asked, Filter, ServerSet, Truth};
use mlflow_trace::model::{Trace, TraceId};
use proptest::prelude::*;

use crate::generate::{self, NOW};

fn read(text: &str) -> Filter {
    Filter::parse_at(text, NOW).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn answers(filter: &Filter, traces: &[Trace]) -> Vec<Truth> {
    let matcher = filter.matcher();
    let scope = matcher.scope(traces.iter());
    traces.iter().map(|trace| matcher.matches(trace, &scope)).collect()
}

fn of_mlflow(text: &str) -> Filter {
    let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    assert!(!filter.is_extended(), "{text}");
    filter
}

fn ids(text: &str, traces: &[Trace]) -> HashSet<TraceId> {
    let answers = answers(&of_mlflow(text), traces);
    let found = traces.iter().zip(answers).filter(|(_, truth)| truth.is_true());
    found.map(|(trace, _)| trace.info.trace_id.clone()).collect()
}

fn named(sets: &[HashSet<TraceId>], asked: Asked, id: &TraceId) -> Option<bool> {
    match asked {
        Asked::Set(set) => Some(sets[set].contains(id)),
        Asked::Lookup(_) => None,
    }
}

/// What becomes of the traces when a server decides its part and the residual is decided here.
fn planned(filter: &Filter, traces: &[Trace]) -> (Vec<bool>, Vec<bool>) {
    let plan = filter.plan();
    let server: Vec<bool> = answers(&of_mlflow(plan.server_text()), traces).into_iter().map(Truth::is_true).collect();
    let Some(residual) = plan.residual() else { return (server.clone(), server) };
    let sets: Vec<_> = residual.server_sets().iter().map(|set| ids(&set.to_string(), traces)).collect();
    let matcher = residual.matcher();
    let whole = traces
        .iter()
        .zip(&server)
        .map(|(trace, server)| *server && matcher.matches(trace, &|asked, id| named(&sets, asked, id)).is_true());
    (whole.collect(), server.clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_loses_and_adds_nothing(text in generate::filter(), traces in generate::traces()) {
        let filter = read(&text);
        let answers = answers(&filter, &traces);
        let whole: Vec<bool> = answers.iter().map(|truth| truth.is_true()).collect();
        let (mut planned, server) = planned(&filter, &traces);
        // What a trace leaves open, a server knows.
        for (planned, _) in planned.iter_mut().zip(&answers).filter(|(_, truth)| truth.is_open()) {
            *planned = false;
        }
        prop_assert_eq!(&planned, &whole, "{} => {:?}", filter.plan().server_text(), filter.plan().residual().map(|r| (r.text(), r.server_sets().to_vec())));
        prop_assert!(whole.iter().zip(&server).all(|(whole, server)| *server || !*whole), "{}", filter.plan().server_text());
    }

    #[test]
    fn without_spans_a_residual_decides_nothing_wrongly(text in generate::filter(), traces in generate::traces()) {
        let filter = read(&text);
        let plan = filter.plan();
        if let Some(residual) = plan.residual() {
            let matcher = residual.matcher();
            for trace in traces {
                let with = matcher.matches(&trace, &|_, _| Some(false));
                let without = matcher.matches(&Trace::without_spans(trace.info), &|_, _| Some(false));
                prop_assert!(without.is_open() || without.is_true() == with.is_true(), "{}: {:?} {:?}", residual.text(), without, with);
                prop_assert!(residual.needs_spans() || without == with);
            }
        }
    }

    #[test]
    fn what_is_printed_is_read_back(text in generate::filter(), traces in generate::traces()) {
        let filter = read(&text);
        let printed = filter.canonical();
        prop_assert_eq!(&printed.parse::<Expr>().unwrap(), filter.expr());
        let again = read(&printed);
        prop_assert_eq!(again.canonical(), printed);
        if again.is_extended() == filter.is_extended() {
            prop_assert_eq!(answers(&again, &traces), answers(&filter, &traces));
        }
    }

    #[test]
    fn not_goes_inward_as_de_morgan_says(a in generate::independent(), b in generate::independent(), traces in generate::traces()) {
        let same = |left: String, right: String| answers(&read(&left), &traces) == answers(&read(&right), &traces);
        prop_assert!(same(format!("NOT ({a} AND {b})"), format!("NOT {a} OR NOT {b}")), "{a} | {b}");
        prop_assert!(same(format!("NOT ({a} OR {b})"), format!("(NOT {a}) AND NOT ({b})")), "{a} | {b}");
        prop_assert!(same(format!("NOT NOT {a} OR {b}"), format!("{b} OR {a}")), "{a} | {b}");
    }

    #[test]
    fn a_filter_of_mlflow_is_sent_as_it_is(text in generate::filter()) {
        if let Ok(filter) = Filter::parse(&text) && !filter.is_extended() {
            let plan = filter.plan();
            prop_assert_eq!(plan.server_text(), text);
            prop_assert!(plan.residual().is_none());
        }
    }
}

/// What a filter becomes: the part of the server, and what is left.
fn plan(text: &str) -> (String, Option<String>) {
    let plan = read(text).plan();
    (plan.server_text().to_owned(), plan.residual().map(mlflow_trace::filter::Residual::text))
}

#[test]
fn what_a_server_can_say_exactly_is_sent_whole() {
    for (text, server) in [
        ("trace_id = 'tr-1'", "request_id = 'tr-1'"),
        ("state = 'OK' AND latency > 5s", "status = 'OK' AND execution_time_ms > 5000"),
        ("latency BETWEEN 100 AND 1m", "execution_time_ms >= 100 AND execution_time_ms <= 60000"),
        ("timestamp >= '2023-11-14T22:13:20Z'", "timestamp >= 1700000000000"),
        ("timestamp = '2023-11-14'", "timestamp >= 1699920000000 AND timestamp < 1700006400000"),
        ("timestamp > -24h", "timestamp > 1699913600000"),
        ("tags.env IN ('prod')", "tags.env = 'prod'"),
        ("tags.env NOT IN ('prod', 'dev')", "tags.env != 'prod' AND tags.env != 'dev'"),
        ("session = 's' AND user != 'u'", "metadata.mlflow.trace.session = 's' AND metadata.mlflow.trace.user != 'u'"),
        ("feedback.score = 4 AND feedback.good = true", "feedback.score = '4.0' AND feedback.good = 'true'"),
        ("feedback.score BETWEEN 1 AND 2.5", "feedback.score >= 1 AND feedback.score <= 2.5"),
        ("status = 'OK' OR status = 'ERROR'", "status IN ('OK', 'ERROR')"),
        ("NOT (status = 'OK' OR latency < 5s)", "status != 'OK' AND execution_time_ms >= 5000"),
        ("NOT tags.env IS NULL", "tags.env IS NOT NULL"),
        ("span.name like '%llm%'", "span.name LIKE '%llm%'"),
        ("(span.name = 'a' AND span.status = 'ERROR')", "span.name = 'a' AND span.status = 'ERROR'"),
        ("span(name = 'a' AND status = 'ERROR')", "span.name = 'a' AND span.status = 'ERROR'"),
        ("((tags.v = E'it\\'s'))", "tags.v = \"it's\""),
    ] {
        assert_eq!(plan(text), (server.to_owned(), None), "{text}");
    }
}

#[test]
fn what_a_server_can_say_in_part_is_sent_in_part() {
    for (text, server, rest) in [
        ("tags.env IN ('prod', 'dev')", "tags.env RLIKE '^(prod|dev)$'", "tags.env IN ('prod', 'dev')"),
        ("tags.env IN ('a.b', 'c')", "tags.env IS NOT NULL", "tags.env IN ('a.b', 'c')"),
        ("tags.v = E'it\\'s \"b\"'", "tags.v LIKE 'it_s \"b\"'", "tags.v = E'it\\'s \"b\"'"),
        ("tokens.total > 1000", "metadata.mlflow.trace.tokenUsage IS NOT NULL", "tokens.total > 1000"),
        ("name NOT LIKE 'a%' AND status = 'OK'", "name IS NOT NULL AND status = 'OK'", "name NOT LIKE 'a%'"),
        (
            "span(name = 'a' AND attributes.model = 'gpt-4o' AND duration > 2s)",
            "span.name = 'a' AND span.attributes.model LIKE '%gpt-4o%'",
            "span(name = 'a' AND attributes.model = 'gpt-4o' AND duration > 2000)",
        ),
        ("span(name = 'a') AND span(name = 'b')", "span.name = 'a'", "span(name = 'b')"),
        (
            "status = 'OK' AND name = 'a' OR status = 'ERROR' AND name = 'a'",
            "status IN ('OK', 'ERROR') AND name = 'a'",
            "(status = 'OK' AND name = 'a') OR (status = 'ERROR' AND name = 'a')",
        ),
        (
            "timestamp > 50 AND latency > 1 OR timestamp > 20",
            "timestamp >= 20",
            "(timestamp > 50 AND execution_time_ms > 1) OR timestamp > 20",
        ),
        (
            "(timestamp > 50 OR timestamp > 20) AND span.name = 'a'",
            "span.name = 'a'",
            "timestamp > 50 OR timestamp > 20",
        ),
        (
            "(timestamp > 50 AND latency > 1) AND span.name = 'a'",
            "timestamp > 50 AND execution_time_ms > 1",
            "span.name = 'a'",
        ),
        ("run_id = 'a' AND run_id = 'b' AND latency > 1s", "run_id = 'a' AND execution_time_ms > 1000", "run_id = 'b'"),
        ("run_id = '' AND latency > 1s", "execution_time_ms > 1000", "run_id = ''"),
        ("NOT feedback.good = 'yes'", "", "NOT feedback.good = 'yes'"),
        ("NOT span.name = 'a'", "", "NOT span.name = 'a'"),
    ] {
        assert_eq!(plan(text), (server.to_owned(), Some(rest.to_owned())), "{text}");
    }
}

#[test]
fn what_only_a_server_knows_is_asked_as_a_set() {
    let sets = |text: &str| {
        let plan = read(text).plan();
        plan.residual().unwrap().server_sets().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        sets("feedback.good = 'yes' OR run_id = 'a' OR prompt = 'p/1' OR feedback.good = 'yes'"),
        ["feedback.good = 'yes'", "run_id = 'a'", "prompt = 'p/1'",]
    );
    assert_eq!(sets("NOT feedback.good = E'it\\'s \"b\"'").len(), 1);
    assert_eq!(sets("tags.a = 'x' OR latency > 1s"), [""; 0]);
    assert_eq!(sets("run_id = '' OR latency > 1s"), ["run_id = ''"; 0]);
}

#[test]
fn what_is_too_much_for_a_server_is_decided_here() {
    let text = (0..70).map(|n| format!("tags.k{n} = 'v'")).collect::<Vec<_>>().join(" AND ") + " AND latency > 5s";
    let (server, rest) = plan(&text);
    assert_eq!(server.matches("tags.k").count(), 63);
    assert_eq!(rest.unwrap().matches("tags.k").count(), 7);
    let (server, rest) = plan("timestamp >= 9223372046855 AND span.name = 'early'");
    assert_eq!((server.as_str(), rest.as_deref()), ("timestamp >= 9223372046855", Some("span.name = 'early'")));
    let words = (0..3000).map(|n| format!("'w{n}'")).collect::<Vec<_>>().join(", ");
    assert!(read(&format!("tags.v IN ({words})")).plan().residual().is_some());
}

#[test]
fn depth_and_length_are_limited() {
    let nested = |open: &str, close: &str, depth: usize| {
        Filter::parse(&format!("{}latency > 5s{}", open.repeat(depth), close.repeat(depth)))
    };
    for (open, close) in [("(", ")"), ("NOT ", "")] {
        assert!(nested(open, close, 100).is_ok());
        for depth in [101, 3000] {
            assert_eq!(nested(open, close, depth).unwrap_err().kind(), mlflow_trace::filter::FilterErrorKind::Limit);
        }
    }
    let long = |count: usize| Filter::parse(&vec!["latency > 5s OR name = 'a'"; count].join(" AND "));
    assert!(long(500).is_ok());
    assert!(long(50_000).is_err());
}

#[test]
fn relative_times_need_a_clock() {
    let error = Filter::parse("timestamp > -24h").unwrap_err();
    assert!(error.message().contains("now"), "{error}");
    assert_eq!(read("timestamp > -24h").plan().server_text(), "timestamp > 1699913600000");
}

#[test]
fn what_a_regular_expression_that_cannot_be_run_here_finds_the_server_is_asked() {
    let filter = Filter::parse(r"tags.keep RLIKE '\N{DIGIT ONE}' OR tags.x = 'y'").unwrap();
    let plan = filter.plan();
    let residual = plan.residual().unwrap();
    assert_eq!(residual.server_sets(), [ServerSet::Found(r"tags.keep RLIKE '\N{DIGIT ONE}'".to_owned())]);
    assert!(!residual.is_undecidable());
    let matcher = residual.matcher();
    let trace = |tags: serde_json::Value| {
        let info = serde_json::json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "tags": tags});
        Trace::from_json(serde_json::json!({"info": info, "data": {}})).unwrap()
    };
    let kept = trace(serde_json::json!({"keep": "1"}));
    assert_eq!(matcher.matches(&kept, &|_, _| Some(true)), Truth::TRUE);
    assert_eq!(matcher.matches(&kept, &|_, _| Some(false)), Truth::MISSING, "x is missing");
    let negated = Filter::parse(r"NOT tags.keep RLIKE '\N{DIGIT ONE}'").unwrap();
    let negated = negated.plan().residual().unwrap().matcher();
    assert_eq!(negated.matches(&kept, &|_, _| Some(true)), Truth::FALSE);
    assert_eq!(negated.matches(&kept, &|_, _| Some(false)), Truth::TRUE);
    assert_eq!(negated.matches(&trace(serde_json::json!({})), &|_, _| Some(false)), Truth::MISSING);
    let spans = Filter::parse(r"span(name RLIKE '\N{DIGIT ONE}') OR tags.x = 'y'").unwrap();
    assert!(spans.plan().residual().unwrap().is_undecidable());
}
