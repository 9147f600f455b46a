//! What the filter language has beyond `MLflow`'s, on a real server: each result is compared with what follows from
//! `MLflow`'s own answers.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Experiment, Live, list, live, sorted};

const DAY: u64 = 86_400;
/// 2026-01-31T08:00:00Z.
const MORNING_MS: i64 = 1_769_846_400_000;

type Ids = BTreeSet<String>;

/// Six traces of all sorts, some with feedback that their session shares.
fn seed(live: &Live, experiment: &Experiment<'_>) -> Vec<String> {
    let ids = experiment.seed(&json!([
        {"age_s": 10, "name": "chat", "duration_ms": 61_500, "tags": {"environment": "production"}, "user": "jane",
         "session": "s-1", "tokens": [100, 20], "model": "gpt-4o", "feedback": {"score": 4, "good": true}},
        {"age_s": 20, "name": "rag", "state": "ERROR", "duration_ms": 150, "tags": {"environment": "it's \"both\""},
         "user": "joe", "session": "s-1", "feedback": {"score": 2.5}},
        {"age_s": 2 * DAY, "name": "chat", "state": "ERROR", "duration_ms": 950, "tags": {"environment": "staging"},
         "tokens": [1000, 500], "feedback": {"good": false, "score": "4"}},
        {"age_s": 3 * DAY, "name": "agent", "state": "IN_PROGRESS", "session": "s-2", "model": "gpt-4o"},
        {"at_ms": MORNING_MS, "name": "agent", "duration_ms": 5000, "user": "jane", "feedback": {"good": true}},
        {"at_ms": MORNING_MS - 86_400_000, "name": "rag", "duration_ms": 5001, "tags": {"environment": "Production"}},
    ]));
    live.call("log_session_feedback", &json!({"trace": ids[0], "name": "resolved", "value": true, "session": "s-1"}));
    ids
}

/// The program finds these traces and counts them.
#[track_caller]
fn finds(experiment: &Experiment<'_>, filter: &str, expected: &Ids) {
    let found = experiment.run(&["search", filter, "-o", "ids"]).succeeds();
    let expected: Vec<String> = expected.iter().cloned().collect();
    assert_eq!(sorted(found.lines()), expected, "{found}");
    experiment.run(&["count", filter]).succeeds().prints(&format!("{}\n", expected.len()));
}

#[test]
fn logic_is_that_of_mlflows_own_answers() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    seed(live, &experiment);
    let ask = |filter: &str| experiment.search(filter, &[]).into_iter().collect::<Ids>();
    let all = ask("");
    let (failed, slow, jane) =
        (ask("status = 'ERROR'"), ask("execution_time_ms > 5000"), ask("metadata.`mlflow.trace.user` = 'jane'"));
    let (chat, tagged) = (ask("name = 'chat'"), ask("tags.environment IS NOT NULL"));
    assert!([&failed, &slow, &jane, &chat, &tagged].iter().all(|ids| !ids.is_empty() && **ids != all));
    for (filter, expected) in [
        ("status = 'ERROR' OR latency > 5s", &failed | &slow),
        ("status = 'ERROR' AND name = 'chat' OR latency > 5s", &(&failed & &chat) | &slow),
        ("(status = 'ERROR' OR latency > 5s) AND name = 'chat'", &(&failed | &slow) & &chat),
        ("NOT status = 'ERROR'", &all - &failed),
        ("NOT (status = 'ERROR' OR name = 'chat')", &all - &(&failed | &chat)),
        ("user = 'jane' OR status = 'ERROR'", &jane | &failed),
        ("name NOT LIKE 'ch%'", &all - &chat),
        ("tags.environment IS NULL OR name = 'chat'", &(&all - &tagged) | &chat),
        ("NOT tags.environment = 'production'", ask("tags.environment != 'production'")),
        ("tags.environment IN ('production', 'staging')", ask("tags.environment RLIKE '^(production|staging)$'")),
        ("tags.environment NOT IN ('production', 'staging')", ask("tags.environment RLIKE '^(P|it)'")),
        ("tags.environment = E'it\\'s \"both\"'", ask("tags.environment LIKE 'it_s \"both\"'")),
        ("latency BETWEEN 150ms AND 5s", ask("execution_time_ms >= 150 AND execution_time_ms <= 5000")),
        ("NOT span.type = 'TOOL'", Ids::new()),
        (
            "span(type = 'TOOL' AND status = 'ERROR') OR user = 'jane'",
            &ask("span.type = 'TOOL' AND span.status = 'ERROR'") | &jane,
        ),
        ("NOT span(type = 'TOOL' AND status = 'ERROR')", &all - &ask("span.type = 'TOOL' AND span.status = 'ERROR'")),
        ("feedback.good = true OR status = 'ERROR'", &ask("feedback.good = 'true'") | &failed),
        ("feedback.score = 4 OR feedback.good = false", &ask("feedback.score > 3.5") | &ask("feedback.good = 'false'")),
        ("feedback.score BETWEEN 2 AND 3", ask("feedback.score >= 2 AND feedback.score <= 3")),
        ("feedback.resolved = true OR name = 'agent'", &ask("feedback.resolved = 'true'") | &ask("name = 'agent'")),
        (
            "feedback.resolved = true AND (status = 'ERROR' OR name = 'agent')",
            &ask("feedback.resolved = 'true'") & &failed,
        ),
    ] {
        finds(&experiment, filter, &expected);
    }
    assert_eq!(ask("feedback.resolved = 'true'").len(), 2, "a session shares it");
}

#[test]
fn fields_are_those_that_mlflows_client_shows() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    seed(live, &experiment);
    let traces = list(live.call("traces", &json!({"experiment": experiment.id})));
    assert_eq!(traces.len(), 6);
    let of = |holds: &dyn Fn(&Value) -> bool| -> Ids {
        let found = traces.iter().filter(|trace| holds(trace));
        found.map(|trace| trace["info"]["trace_id"].as_str().unwrap().to_owned()).collect()
    };
    let tokens = |trace: &Value| -> Option<i64> {
        let usage: Value =
            serde_json::from_str(trace["info"]["trace_metadata"]["mlflow.trace.tokenUsage"].as_str()?).ok()?;
        usage["total_tokens"].as_i64()
    };
    let spans = |trace: &Value| list(trace["data"]["spans"].clone());
    let model = |span: &Value| span["attributes"]["mlflow.llm.model"].as_str().map(str::to_owned);
    let is_gpt_4o = |span: &Value| model(span).as_deref() == Some("\"gpt-4o\"");
    let length = |span: &Value| {
        let at = |key: &str| span[key].as_i64().filter(|moment| *moment > 0);
        at("end_time_unix_nano").zip(at("start_time_unix_nano")).map(|(end, start)| end - start)
    };
    let is_long = |span: &Value| length(span).is_some_and(|ns| ns > 2_000_000_000);
    for (filter, expected) in [
        ("tokens.total > 120", of(&|trace| tokens(trace).is_some_and(|total| total > 120))),
        ("tokens.total IS NULL OR tokens.total = 120", of(&|trace| tokens(trace).is_none_or(|total| total == 120))),
        ("span(attributes.`mlflow.llm.model` = 'gpt-4o')", of(&|trace| spans(trace).iter().any(is_gpt_4o))),
        (
            "span(attributes.`mlflow.llm.model` = 'gpt-4o' AND duration > 2s)",
            of(&|trace| spans(trace).iter().any(|span| is_gpt_4o(span) && is_long(span))),
        ),
        (
            "NOT span(attributes.`mlflow.llm.model` = 'gpt-4o') AND span(duration > 2s)",
            of(&|trace| !spans(trace).iter().any(is_gpt_4o) && spans(trace).iter().any(is_long)),
        ),
        ("spans.count = 3", of(&|trace| spans(trace).len() == 3)),
        (
            "timestamp = '2026-01-31'",
            of(&|trace| trace["info"]["request_time"].as_str().unwrap().starts_with("2026-01-31")),
        ),
        (
            "timestamp < '2026-01-31T09:00:00.001+01:00'",
            of(&|trace| trace["info"]["request_time"].as_str().unwrap() <= "2026-01-31T08:00:00Z"),
        ),
        (
            "session = 's-1' OR session = 's-2'",
            of(&|trace| trace["info"]["trace_metadata"]["mlflow.trace.session"].is_string()),
        ),
        ("assessment.source_type IN ('CODE', 'HUMAN')", of(&|trace| trace["info"]["assessments"].is_array())),
    ] {
        assert!(!expected.is_empty(), "{filter}");
        finds(&experiment, filter, &expected);
    }
}

#[test]
fn times_count_from_now() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let ids = seed(live, &experiment);
    let pick = |numbers: &[usize]| numbers.iter().map(|number| ids[*number].clone()).collect::<Ids>();
    finds(&experiment, "timestamp > -1d", &pick(&[0, 1]));
    finds(&experiment, "timestamp BETWEEN -60h AND -1h", &pick(&[2]));
    finds(&experiment, "timestamp > -1h AND status = 'ERROR' OR timestamp < -4d", &pick(&[1, 4, 5]));
}

#[test]
fn a_limit_counts_matches_on_many_pages() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    live.call("seed_many", &json!({"experiment": experiment.id, "count": 1100, "age_s": 3600}));
    let old = experiment.seed(&json!([{"age_s": 9000, "name": "rare"}, {"age_s": 9001, "name": "rare"}]));
    let filter = "name = 'rare' OR latency > 5h";
    let ended = experiment.run(&["search", filter, "--limit", "1", "-o", "ids"]).succeeds().tells("--all");
    assert_eq!(ended.lines(), old[..1]);
    assert_eq!(experiment.run(&["search", filter, "--limit", "2", "-o", "ids"]).succeeds().lines(), old);
    let all = experiment.run(&["search", filter, "--all", "-o", "ids"]).succeeds().tells("read 1,102 traces to find 2");
    assert_eq!(all.lines(), old);
}

#[test]
fn deletions_take_what_an_extended_filter_finds() {
    let Some(live) = live() else { return };
    for (filter, left) in [
        ("status = 'ERROR' OR timestamp < '2026-02-01' AND latency > 5s", [0, 3, 4].as_slice()),
        ("feedback.resolved = true OR span(attributes.`mlflow.llm.model` = 'gpt-4o')", &[2, 4, 5]),
        // How long the running one takes is unknown.
        ("NOT (name = 'chat' OR latency > 5s)", &[0, 2, 3, 5]),
    ] {
        let experiment = live.experiment();
        let ids = seed(live, &experiment);
        experiment.run(&["delete", "--filter", filter, "--dry-run"]).succeeds();
        assert_eq!(experiment.ids(), sorted(ids.clone()));
        experiment.run(&["delete", "--filter", filter, "--yes"]).succeeds();
        assert_eq!(experiment.ids(), sorted(left.iter().map(|number| ids[*number].clone()).collect()), "{filter}");
    }
    let experiment = live.experiment();
    let ids = seed(live, &experiment);
    let keep =
        ["--keep-if", "feedback.resolved = true OR timestamp > -60h", "--keep-if", "span(duration BETWEEN 5s AND 5s)"];
    experiment.run(&[["retention", "run", "--older-than", "5s", "--yes"].as_slice(), &keep].concat()).succeeds();
    // The fourth is in progress, so it stays although nothing keeps it.
    assert_eq!(experiment.ids(), sorted([0, 1, 2, 3, 4].map(|number: usize| ids[number].clone()).to_vec()));
}

#[test]
fn any_value_can_be_given_to_a_flag() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let values = [
        "O'Brien",
        "it's \"both\"",
        "C:\\temp\\new",
        "it's \"both\" and ends in \\",
        "off 25%",
        "x' OR '1'='1",
        "où 📦",
        "two\nlines",
    ];
    let all_over = |value: &&str| {
        json!({"name": value, "tags": {"a `key`": value}, "metadata": {"note": value}, "session": value, "user": value,
               "client_request_id": value, "request": value, "model": value, "feedback": {"note": value}})
    };
    let ids = experiment.seed(&values.iter().map(all_over).collect());
    for (value, id) in values.iter().zip(&ids) {
        for (flag, before) in [
            ("--name", ""),
            ("--tag", "a `key`="),
            ("--meta", "note="),
            ("--session", ""),
            ("--user", ""),
            ("--client-request-id", ""),
            ("--text", ""),
            ("--model", ""),
            ("--feedback", "note="),
        ] {
            let ended = experiment.run(&["search", &format!("{flag}={before}{value}"), "-o", "ids"]).succeeds();
            // One of the texts begins as another does.
            let is_found = if flag == "--text" { ended.lines().contains(id) } else { ended.lines() == [id.clone()] };
            assert!(is_found && ended.lines().len() <= 2, "{ended}");
        }
    }
}
