//! What filters ask of traces that the recorded ones do not show: unknown answers, missing spans, sessions, the public API.

use mlflow_trace::filter::typed::{Condition, NumberOperator, Test, TextOperator};
use mlflow_trace::filter::{Filter, OrderBy, SessionScope, Truth};
use mlflow_trace::model::Trace;
use mlflow_trace::model::field::Field;
use serde_json::{Value, json};

fn trace(id: &str, info: &Value) -> Trace {
    let mut whole = json!({"trace_id": id, "request_time": "2023-11-14T22:13:20Z", "state": "OK"});
    for (key, value) in info.as_object().unwrap() {
        whole[key] = value.clone();
    }
    Trace::from_json(json!({"trace_info": whole, "spans": []})).unwrap()
}

fn ask(filter: &str, trace: &Trace) -> Truth {
    Filter::parse(filter).unwrap().matcher().matches(trace, &SessionScope::default())
}

#[test]
fn what_is_missing_is_neither_true_nor_false() {
    let bare = trace("tr-1", &json!({}));
    for filter in
        ["tags.x = 'a'", "tags.x != 'a'", "client_request_id NOT IN ('a')", "execution_time > 5", "feedback.x != 'a'"]
    {
        assert_eq!(ask(filter, &bare), Truth::MISSING, "{filter}");
    }
    for filter in ["tags.x IS NULL", "feedback.x IS NULL", "", "end_time >= 1700000000000"] {
        assert_eq!(ask(filter, &bare), Truth::TRUE, "{filter}");
    }
    assert_eq!(ask("tags.x = 'a' AND status = 'ERROR'", &bare), Truth::FALSE);
}

#[test]
fn spans_that_were_not_fetched_leave_it_open() {
    let mut some = trace("tr-1", &json!({}));
    assert_eq!(ask("span.name != 'a'", &some), Truth::FALSE);
    some.spans = None;
    assert_eq!(ask("span.name != 'a'", &some), Truth::OPEN);
    assert_eq!(ask("span.name != 'a' AND status = 'ERROR'", &some), Truth::FALSE);
}

#[test]
fn a_run_that_the_export_does_not_show_leaves_it_open() {
    let other = trace("tr-1", &json!({"trace_metadata": {"mlflow.sourceRun": "a"}}));
    assert_eq!(ask("run_id = 'a'", &other), Truth::TRUE);
    assert_eq!(ask("run_id = 'b'", &other), Truth::OPEN);
    assert_eq!(ask("run_id LIKE 'b'", &other), Truth::FALSE);
    assert_eq!(ask("run_id = 'b' AND run_id = ''", &other), Truth::TRUE);
}

#[test]
fn an_assessment_of_a_session_counts_for_its_traces() {
    let session = json!({"mlflow.trace.session": "s"});
    let feedback = json!([{"assessment_name": "good", "feedback": {"value": "yes"}, "metadata": session}]);
    let judged = trace("tr-1", &json!({"trace_metadata": session, "assessments": feedback}));
    let sibling = trace("tr-2", &json!({"trace_metadata": session}));
    let stranger = trace("tr-3", &json!({"trace_metadata": {"mlflow.trace.session": "t"}}));
    let matches = |filter: &str| {
        let filter = Filter::parse(filter).unwrap();
        assert!(filter.needs_session_scope());
        let matcher = filter.matcher();
        let mut scope = SessionScope::default();
        for trace in [&judged, &sibling, &stranger] {
            matcher.observe(&mut scope, trace);
        }
        [&judged, &sibling, &stranger].map(|trace| matcher.matches(trace, &scope).is_true())
    };
    assert_eq!(matches("feedback.good = 'yes'"), [true, true, false]);
    assert_eq!(matches("feedback.good != 'yes'"), [false, false, false]);
    assert_eq!(matches("feedback.good IS NULL"), [false, false, true]);
    assert_eq!(matches("feedback.good IS NOT NULL"), [true, true, false]);
}

#[test]
fn a_filter_tells_what_it_asks() {
    let filter = Filter::parse("status = 'OK' AND tags.env LIKE 'p%' AND timestamp >= 5").unwrap();
    assert_eq!(filter.text(), "status = 'OK' AND tags.env LIKE 'p%' AND timestamp >= 5");
    assert!(!filter.is_empty() && !filter.needs_spans() && !filter.needs_session_scope());
    let asked: Vec<_> = filter
        .conjuncts()
        .iter()
        .map(|part| match part {
            Condition::Clause(clause) => (clause.field.clone(), &clause.test, &filter.text()[clause.span.clone()]),
            other => panic!("{other:?}"),
        })
        .collect();
    let (equal, like) = (Test::Text(TextOperator::Equal, "OK".into()), Test::Text(TextOperator::Like, "p%".into()));
    let from = Test::Number(NumberOperator::GreaterOrEqual, mlflow_trace::filter::typed::Number::Integer(5));
    assert_eq!(asked[0], (Field::Status, &equal, "status = 'OK'"));
    assert_eq!(asked[1], (Field::Tag("env".into()), &like, "tags.env LIKE 'p%'"));
    assert_eq!(asked[2], (Field::RequestTime, &from, "timestamp >= 5"));
    assert!(Filter::parse("").unwrap().is_empty() && Filter::parse("AND").unwrap().is_empty());
    assert!(Filter::parse("trace.text LIKE '%a%'").unwrap().needs_spans());
}

#[test]
fn a_doubtless_filter_has_no_lints() {
    for filter in
        ["", "status = 'OK'", "tags.env = 'prod' AND timestamp > 1700000000000", "name RLIKE '^a$'", "run_id = 'a'"]
    {
        assert_eq!(Filter::parse(filter).unwrap().lints(), [], "{filter}");
    }
}

#[test]
fn traces_are_ordered_with_the_missing_last_and_ties_by_start_then_id() {
    let duration = |id: &str, time: &str, duration: Option<&str>| {
        trace(id, &json!({"request_time": time, "execution_duration": duration}))
    };
    let mut traces = [
        duration("tr-4", "2023-11-14T00:00:00Z", None),
        duration("tr-3", "2023-11-14T00:00:00Z", Some("1s")),
        duration("tr-2", "2023-11-14T00:00:00Z", Some("1s")),
        duration("tr-1", "2023-11-15T00:00:00Z", Some("1s")),
        duration("tr-0", "2023-11-14T00:00:00Z", Some("2s")),
    ];
    let mut order = |clauses: &[&str]| {
        let clauses: Vec<String> = clauses.iter().map(|&clause| clause.to_owned()).collect();
        let order = OrderBy::parse(&clauses).unwrap();
        assert_eq!(order.for_server(), Some(&clauses[..]));
        traces.sort_by(|a, b| order.compare(a, b));
        traces.iter().map(|trace| &trace.info.trace_id.as_str()[3..]).collect::<String>()
    };
    assert_eq!(order(&[]), "10234");
    assert_eq!(order(&["execution_time"]), "12304");
    assert_eq!(order(&["execution_time desc"]), "01234");
    assert_eq!(order(&["request_id DESC"]), "43210");
}

/// `sqlparse` takes the identifier for an alias of the comparison, whatever that says.
#[test]
fn a_comparison_without_and_before_is_null_is_swallowed() {
    for swallowed in ["= 'prod'", "= 5", "== 'prod'", "NOT LIKE 'x'", "= (1)", "> 99999999999999999999"] {
        let filter = Filter::parse(&format!("tags.env {swallowed} tags.version IS NULL")).unwrap();
        let key = format!("env {swallowed} tags.version");
        assert!(
            matches!(filter.conjuncts(), [Condition::Clause(clause)] if clause.field == Field::Tag(key)),
            "{swallowed}: {:?}",
            filter.conjuncts()
        );
        assert_eq!(filter.lints().len(), 1);
        assert!(Filter::parse(&format!("tags.env {swallowed} AND status IN (OK)")).is_err());
    }
    for apart in ["status IN ('OK')", "status IN (OK)", "timestamp > 5", "timestamp == 5", "status = 'OK'"] {
        assert!(Filter::parse(&format!("{apart} tags.version IS NULL")).is_err(), "{apart}");
    }
    assert_eq!(Filter::parse("tags.a IS NULL tags.b IS NULL").unwrap().conjuncts().len(), 2);
}

/// The tokenizer knows comments that begin with a number sign and a blank, Python those without the blank, too.
#[test]
fn what_stands_in_the_comment_of_a_list_does_not_count() {
    for filter in ["status IN ('OK' # )\n)", "status IN (# it's (\r'OK')", "status IN ('OK' #'('\n)"] {
        assert!(Filter::parse(filter).is_ok(), "{filter}");
    }
    for filter in ["status IN ('OK' #)\n)", "status IN ('OK' # )", "status IN ('OK' #'OK')\n)"] {
        assert!(Filter::parse(filter).is_err(), "{filter}");
    }
}
