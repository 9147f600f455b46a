//! Statistics of traces that are made for it; what the demonstration says is checked against pandas in the tests of the
//! program.

use serde_json::{Value, json};

use super::*;
use crate::model::Trace;

/// A trace by its number: state, seconds after the first, duration, tags.
fn trace(number: u32, state: &str, second: i64, ms: Option<i64>, tags: Value) -> Trace {
    let mut info = json!({"trace_id": format!("tr-{number}"), "state": state, "tags": tags,
        "request_time": crate::model::rfc3339_utc(1_795_334_400_000 + second * 1000)});
    if let Some(ms) = ms {
        info["execution_duration_ms"] = ms.into();
    }
    Trace::from_json(json!({"info": info, "data": {}})).unwrap()
}

fn ask(by: &str, every: Option<Every>, metrics: &str, traces: &[Trace], top: usize) -> StatsReport {
    let by = if by.is_empty() { Vec::new() } else { Dimension::parse_list(by).unwrap() };
    let question = Question::new(by, every, Metric::parse_list(metrics).unwrap(), false, false);
    let mut statistics = Statistics::new(question);
    for trace in traces {
        statistics.add(&Facts::new(trace, true, None));
    }
    statistics.report(&Order { by: None, top })
}

/// Values and the first metric of each row.
fn told(report: &StatsReport) -> Vec<(Value, f64)> {
    let metric = &report.question.metrics[0];
    let answer = |row: &StatsRow| report.question.answer(&row.group, metric).unwrap_or(-1.0);
    report.rows.iter().map(|row| (Value::from(row.values.clone()), answer(row))).collect()
}

#[test]
fn absent_is_not_empty_and_each_is_a_group() {
    let traces = [
        trace(1, "OK", 0, Some(1), json!({"team": "a"})),
        trace(2, "OK", 1, Some(2), json!({"team": ""})),
        trace(3, "OK", 2, Some(3), json!({})),
        trace(4, "ERROR", 3, None, json!({"team": "a"})),
    ];
    let report = ask("tags.team", None, "traces,error_rate,p50:duration", &traces, 9);
    assert_eq!(told(&report), [(json!(["a"]), 2.0), (json!([""]), 1.0), (json!([null]), 1.0)]);
    let of_a = &report.rows[0].group;
    assert_eq!(report.question.answer(of_a, &Metric::ErrorRate), Some(0.5));
    assert_eq!(report.question.coverage(of_a).map(|(_, known)| known).collect::<Vec<_>>(), [1]);
    assert_eq!(report.total.traces, 4);
}

#[test]
fn what_has_not_ended_is_no_success() {
    let traces = [
        trace(1, "OK", 0, Some(1), json!({})),
        trace(2, "ERROR", 0, Some(1), json!({})),
        trace(3, "IN_PROGRESS", 0, None, json!({})),
        trace(4, "STATE_UNSPECIFIED", 0, None, json!({})),
    ];
    let report = ask("", None, "error_rate,in_progress", &traces, 9);
    assert_eq!(report.question.answer(&report.total, &Metric::ErrorRate), Some(0.5));
    assert_eq!(report.question.answer(&report.total, &Metric::InProgress), Some(1.0));
}

#[test]
fn the_rest_adds_up_to_the_total() {
    let traces: Vec<Trace> = (0..55_u32)
        .map(|number| trace(number, "OK", 0, Some(i64::from(number)), json!({"n": number.isqrt().to_string()})))
        .collect();
    let report = ask("tags.n", None, "traces,sum:duration,max:duration", &traces, 3);
    assert_eq!(report.rows.len(), 4);
    assert_eq!(report.rows[3].rest, Some(5));
    let sum =
        |metric: &Metric| report.rows.iter().filter_map(|row| report.question.answer(&row.group, metric)).sum::<f64>();
    assert_eq!((sum(&report.question.metrics[0]), sum(&report.question.metrics[1])), (55.0, f64::from(54 * 55 / 2)));
}

#[test]
fn a_trace_with_several_answers_is_in_each_group_and_in_the_total_once() {
    let prompts = json!({"mlflow.linkedPrompts": r#"[{"name": "a", "version": "1"}, {"name": "b", "version": "1"}]"#});
    let report = ask("prompt", None, "traces", &[trace(1, "OK", 0, Some(1), prompts)], 9);
    assert_eq!(told(&report), [(json!(["a/1"]), 1.0), (json!(["b/1"]), 1.0)]);
    assert_eq!(report.total.traces, 1);
}

#[test]
fn stretches_without_traces_are_there_and_auto_chooses_few() {
    let traces = [trace(1, "OK", 0, Some(1), json!({})), trace(2, "OK", 3 * 3600, Some(1), json!({}))];
    let hourly = ask("", Some(Every::Length(3_600_000)), "traces", &traces, 9);
    assert_eq!(told(&hourly).iter().map(|(_, traces)| *traces).collect::<Vec<_>>(), [1.0, 0.0, 0.0, 1.0]);
    for (hours, length_ms) in [(0, 60_000), (3, 300_000), (24 * 30, 24 * 3_600_000), (24 * 365 * 3, 28 * 86_400_000)] {
        let traces: Vec<Trace> =
            (0..50_u32).map(|n| trace(n, "OK", i64::from(n) * hours * 3600 / 49, Some(n.into()), json!({}))).collect();
        let report = ask("", Some(Every::Auto), "traces,p50:duration", &traces, 9);
        assert_eq!(report.length_ms, Some(length_ms), "{hours} hours");
        assert!(report.rows.len() <= 62, "{} rows", report.rows.len());
        assert_eq!(told(&report).iter().map(|(_, traces)| traces).sum::<f64>(), 50.0);
        let chosen = ask("", Some(Every::Length(length_ms)), "traces,p50:duration", &traces, 9);
        let medians = |report: &StatsReport| {
            let metric = &report.question.metrics[1];
            report.rows.iter().map(|row| (row.start_ms, report.question.answer(&row.group, metric))).collect::<Vec<_>>()
        };
        assert_eq!(medians(&report), medians(&chosen), "what was put together is the same as what was never apart");
    }
}

#[test]
fn spans_are_grouped_by_what_they_are_and_traces_counted_once() {
    let span = |id: u8, parent: Option<u8>, kind: &str, model: Option<&str>, tokens: u64| {
        let text = |id: u8| format!("{id:016x}");
        let mut attributes = json!({"mlflow.spanType": format!("{kind:?}")});
        if let Some(model) = model {
            attributes["mlflow.llm.model"] = format!("{model:?}").into();
        }
        if tokens > 0 {
            attributes["mlflow.chat.tokenUsage"] = json!({"total_tokens": tokens}).to_string().into();
        }
        json!({"name": kind, "parent_id": parent.map(text), "attributes": attributes, "events": [], "status_code": "OK",
            "context": {"span_id": text(id), "trace_id": "8c9da0e91080e465367d509b505b35da"}, "status_message": "",
            "start_time": 0, "end_time": i64::from(id) * 1_000_000})
    };
    let spans = [
        span(9, None, "AGENT", None, 30),
        span(2, Some(9), "CHAT_MODEL", Some("small"), 10),
        span(4, Some(9), "CHAT_MODEL", Some("small"), 20),
        span(5, Some(9), "TOOL", None, 0),
    ];
    let one =
        Trace::from_json(json!({"info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:00:00Z", "state": "OK",
        "trace_metadata": {"mlflow.trace.user": "jane"}}, "data": {"spans": spans}}))
        .unwrap();
    let other = trace(2, "OK", 0, Some(1), json!({}));
    let report = ask("user,model", None, "spans,traces,sum:span.tokens.total,max:span.duration", &[one, other], 9);
    assert_eq!(told(&report), [(json!(["jane", "small"]), 2.0)], "only calls of models have one");
    let answers: Vec<_> =
        report.question.metrics.iter().map(|metric| report.question.answer(&report.rows[0].group, metric)).collect();
    assert_eq!(answers, [Some(2.0), Some(1.0), Some(30.0), Some(4.0)], "the agent repeats what its calls used");
    assert_eq!(report.without_spans, 1);
}

#[test]
fn hours_and_days_of_the_week_are_in_their_order() {
    let traces: Vec<Trace> =
        [50, 3, 3, 30].map(|hour| trace(hour, "OK", i64::from(hour) * 3600, Some(1), json!({}))).into();
    let days = ask("weekday", None, "traces", &traces, 9);
    assert_eq!(told(&days), [(json!(["Monday"]), 1.0), (json!(["Tuesday"]), 1.0), (json!(["Sunday"]), 2.0)]);
    assert_eq!(
        told(&ask("hour", None, "traces", &traces, 9)),
        [(json!([10]), 1.0), (json!([11]), 2.0), (json!([14]), 1.0)]
    );
}

#[test]
fn what_cannot_be_grouped_by_says_what_can() {
    for wrong in ["", "nope", "time", "tags.`a", "span.content", "name,"] {
        let error = Dimension::parse_list(wrong).unwrap_err();
        assert!(!error.message.is_empty() && !error.hint.is_empty(), "{wrong}: {error:?}");
    }
    let names: Vec<String> =
        Dimension::parse_list("tag.`a.b`, state,model,tags.x").unwrap().iter().map(Dimension::name).collect();
    assert_eq!(names, ["tags.a.b", "status", "model", "tags.x"]);
}
