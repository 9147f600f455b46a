//! Filters that go beyond what a server understands: the right traces, asked for sparingly, and never a guess.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fake::{BASE_MS, Failure, Fake, Rule, Seed, id, span, with_attribute};

const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";

fn usage(input: u32, output: u32) -> String {
    format!("{{\"input_tokens\": {input}, \"output_tokens\": {output}, \"total_tokens\": {}}}", input + output)
}

/// A span of a numbered trace.
fn part(trace: u32, number: u64, name: &str) -> Value {
    span(trace, number, (number > 1).then_some(1), name, BASE_MS + i64::from(trace) * 1000)
}

/// Six traces of all sorts, a second apart, the last one the newest.
fn shop() -> Fake {
    let mut failed = part(4, 2, "find");
    failed["status"]["code"] = "STATUS_CODE_ERROR".into();
    Fake::with([
        Seed::new(1)
            .tag("env", "prod")
            .metadata("mlflow.trace.user", "jane")
            .metadata("mlflow.trace.session", "s-1")
            .metadata("mlflow.trace.tokenUsage", &usage(10, 20))
            .metadata("mlflow.trace.cost", "{\"input_cost\": 0.25, \"output_cost\": 0.5, \"total_cost\": 0.75}")
            .feedback("score", 4.0, ("HUMAN", "jane@desk"))
            .spans(vec![part(1, 1, "chat"), with_attribute(part(1, 2, "llm"), "model", "gpt-4o")]),
        Seed::new(2)
            .name("rag")
            .state("ERROR")
            .duration_ms(61_500)
            .tag("env", "dev")
            .metadata("mlflow.trace.user", "joe")
            .metadata("mlflow.trace.session", "s-1")
            .metadata("mlflow.trace.tokenUsage", &usage(900, 100))
            .session_feedback("resolved", true, "s-1"),
        Seed::new(3).state("IN_PROGRESS").tag("env", "it's \"both\"").metadata("mlflow.trace.session", "s-2"),
        Seed::new(4)
            .name("agent")
            .duration_ms(5_000)
            .feedback("good", true, ("LLM_JUDGE", "gpt-4o"))
            .spans(vec![part(4, 1, "agent"), failed]),
        Seed::new(5)
            .name("agent")
            .duration_ms(5_001)
            .tag("env", "PROD")
            .feedback("score", 2.5, ("LLM_JUDGE", "judge-2"))
            .spans(vec![with_attribute(part(5, 1, "agent"), "model", "gpt-4o-mini")]),
        Seed::new(6).name("summary").feedback("score", "4", ("CODE", "rules")),
    ])
}

fn ids(numbers: &[u32]) -> Vec<String> {
    numbers.iter().copied().map(id).collect()
}

/// Searches, counts and exports: all of them find these traces, in this order.
#[track_caller]
fn finds(fake: &Fake, filter: &str, numbers: &[u32]) {
    let found = fake.run(&["search", filter, "-o", "ids"]).succeeds();
    assert_eq!(found.lines(), ids(numbers), "{found}");
    fake.run(&["count", filter]).succeeds().prints(&format!("{}\n", numbers.len()));
    let exported = fake.run(&["export", "-", "--filter", filter]).succeeds().jsonl();
    let exported: Vec<_> = exported.iter().map(|trace| trace["info"]["trace_id"].as_str().unwrap()).collect();
    assert_eq!(exported, ids(numbers), "{filter}");
}

fn sent(fake: &Fake) -> Vec<String> {
    let text = |body: &Value| body["filter"].as_str().unwrap_or("").to_owned();
    fake.bodies(SEARCH).iter().map(text).collect()
}

/// The ids whose spans were asked for.
fn fetched(fake: &Fake) -> BTreeSet<String> {
    let keys = ["trace_ids", "trace_id", "request_id"];
    let of = |path: &str| {
        let asked = fake.asked(path).into_iter().flat_map(|request| request.query);
        asked.filter(|(key, _)| keys.contains(&key.as_str())).map(|(_, id)| id).collect::<Vec<_>>()
    };
    let paths = ["mlflow/traces/batchGet", "mlflow/traces/get", "get-trace-artifact"];
    paths.into_iter().flat_map(of).collect()
}

#[test]
fn or_not_and_parentheses_are_logic() {
    let fake = shop();
    for (filter, numbers) in [
        ("status = 'ERROR' OR tags.env = 'PROD'", [5, 2].as_slice()),
        ("status = 'ERROR' OR status = 'OK' AND name = 'agent'", &[5, 4, 2]),
        ("(status = 'ERROR' OR status = 'OK') AND name = 'agent'", &[5, 4]),
        ("name = 'agent' AND status = 'OK' or status = 'ERROR'", &[5, 4, 2]),
        ("NOT (status = 'OK')", &[3, 2]),
        ("not status = 'OK' AND name = 'chat'", &[3]),
        ("NOT NOT status = 'OK' OR name = 'rag'", &[6, 5, 4, 2, 1]),
        ("NOT tags.env = 'prod'", &[5, 3, 2]),
        ("NOT (tags.env = 'prod' OR status = 'ERROR')", &[5, 3]),
        ("NOT (tags.env = 'prod' AND status = 'ERROR')", &[6, 5, 4, 3, 2, 1]),
        ("((((status = 'ERROR'))))", &[2]),
        ("(name = 'agent' OR name = 'rag') AND (latency > 5s OR tags.env = 'none')", &[5, 2]),
        ("tags.none = 'x' OR tags.none IS NULL AND name = 'rag'", &[2]),
        ("name = 'nobody' OR status = 'nothing'", &[]),
    ] {
        finds(&fake, filter, numbers);
    }
}

#[test]
fn operators_reach_further_than_on_a_server() {
    let fake = shop();
    for (filter, numbers) in [
        ("tags.env IN ('prod', 'dev')", [2, 1].as_slice()),
        ("tags.env NOT IN ('prod', 'dev')", &[5, 3]),
        ("NOT tags.env IN ('prod', 'dev')", &[5, 3]),
        ("tags.env IN (\"it's \\\"both\\\"\", 'x')", &[3]),
        ("latency BETWEEN 5s AND 5001", &[5, 4]),
        ("latency NOT BETWEEN 1s AND 5s", &[6, 5, 3, 2, 1]),
        ("latency > 1m1s OR latency = 5000ms", &[4, 2]),
        ("tags.env IS NULL OR status = 'ERROR'", &[6, 4, 2]),
        ("NOT tags.env IS NULL AND latency < 1s", &[3, 1]),
        ("name NOT LIKE 'ch%'", &[6, 5, 4, 2]),
        ("tags.env NOT ILIKE 'prod'", &[3, 2]),
        ("tags.env NOT RLIKE '^p'", &[5, 3, 2]),
        ("tags.env = E'it\\'s \"both\"'", &[3]),
        ("tags.env = E'it''s \\x22both\\x22'", &[3]),
        ("tags.env LIKE E'%\\'s \"%'", &[3]),
        ("tags.env != E'it\\'s \"both\"'", &[5, 2, 1]),
        ("trace_id = 'tr-1' OR state = 'IN_PROGRESS'", &[3]),
    ] {
        finds(&fake, filter, numbers);
    }
}

#[test]
fn dates_and_times_are_read() {
    let fake = shop();
    for (filter, numbers) in [
        ("timestamp >= '2026-11-22T08:00:04Z'", [6, 5, 4].as_slice()),
        ("timestamp < '2026-11-22 08:00:02'", &[1]),
        ("timestamp = '2026-11-22' AND name = 'rag'", &[2]),
        ("timestamp != '2026-11-22'", &[]),
        ("timestamp BETWEEN '2026-11-22T09:00:02+01:00' AND '2026-11-22T08:00:03Z'", &[3, 2]),
        ("timestamp > '2026-11-22T08:00:05.999Z' OR timestamp <= 1795334401000", &[6, 1]),
        ("end_time > '2026-11-22T08:01:00Z' OR name = 'nobody'", &[2]),
    ] {
        finds(&fake, filter, numbers);
    }
    fake.run(&["search", "timestamp > '2026-13-01'"]).exits(2);
}

#[test]
fn times_that_count_from_now_move_with_the_clock() {
    let fake = Fake::with([1, 3, 10, 40].map(|days| Seed::new(u32::try_from(days).unwrap()).days_old(days)));
    for (filter, numbers) in [
        ("timestamp > -2d", [1].as_slice()),
        ("timestamp > -1w", &[1, 3]),
        ("timestamp < -1d12h AND timestamp > -30d", &[3, 10]),
        ("timestamp BETWEEN -11d AND -9d", &[10]),
        ("NOT timestamp > -240h1m OR timestamp >= -25h", &[1, 40]),
    ] {
        finds(&fake, filter, numbers);
    }
    fake.run(&["search", "timestamp > 24h"]).exits(2).tells("-24h");
}

#[test]
fn fields_that_no_server_compares_are_compared() {
    let fake = shop();
    for (filter, numbers) in [
        ("session = 's-1'", [2, 1].as_slice()),
        ("session = 's-2' OR user = 'jane'", &[3, 1]),
        ("user != 'jane'", &[2]),
        ("session IS NULL", &[6, 5, 4]),
        ("user LIKE 'j%' AND NOT user = 'joe'", &[1]),
        ("tokens.total > 30", &[2]),
        ("tokens.total BETWEEN 30 AND 1000", &[2, 1]),
        ("tokens.input = 10 OR tokens.output = 100", &[2, 1]),
        ("tokens.total IS NULL", &[6, 5, 4, 3]),
        ("NOT tokens.total > 30", &[1]),
        ("cost.total >= 0.75", &[1]),
        ("cost.input > 0.25 OR tokens.total > 999", &[2]),
        ("spans.count = 2", &[4, 1]),
        ("spans.count < 2 AND tags.env IS NOT NULL", &[5, 3, 2]),
        ("assessment.source_type = 'HUMAN'", &[1]),
        ("assessment.source_type IN ('CODE', 'HUMAN')", &[6, 2, 1]),
        ("assessment.source_id LIKE '%@%' OR assessment.source_id = 'judge-2'", &[5, 1]),
        ("assessment.source_type IS NULL", &[3]),
        ("request_preview LIKE '%question 3%' OR response = 'answer 6'", &[6, 3]),
    ] {
        finds(&fake, filter, numbers);
    }
}

#[test]
fn feedback_is_compared_as_number_and_truth_value() {
    let fake = shop();
    for (filter, numbers) in [
        ("feedback.score = 4", [1].as_slice()),
        ("feedback.score = 4.0", &[1]),
        ("feedback.score = '4'", &[6]),
        ("feedback.score IN ('4', '2.5')", &[6, 5]),
        ("feedback.score > 2", &[5, 1]),
        ("feedback.score BETWEEN 2 AND 3", &[5]),
        ("feedback.score NOT BETWEEN 2 AND 3", &[1]),
        ("feedback.good = true", &[4]),
        ("feedback.good = false", &[]),
        ("feedback.good = true OR feedback.score < 3", &[5, 4]),
        ("NOT feedback.score = 4", &[6, 5]),
        ("feedback.score IS NULL AND feedback.good IS NULL AND latency < 1m", &[3]),
    ] {
        finds(&fake, filter, numbers);
    }
}

#[test]
fn spans_are_asked_one_by_one() {
    let fake = shop();
    for (filter, numbers) in [
        ("span(attributes.model = 'gpt-4o')", [1].as_slice()),
        ("span(attributes.model LIKE 'gpt-4o%')", &[5, 1]),
        ("span(name = 'find' AND status = 'ERROR')", &[4]),
        ("span(name = 'agent' AND status = 'ERROR')", &[]),
        ("span(name = 'agent') AND span(status = 'ERROR')", &[4]),
        ("span(name = 'agent' OR attributes.model = 'gpt-4o')", &[5, 4, 1]),
        ("span(NOT attributes.model = 'gpt-4o')", &[5]),
        ("NOT span(status = 'ERROR')", &[6, 5, 3, 2, 1]),
        ("span(duration >= 100) AND name = 'rag'", &[2]),
        ("span(duration > 100ms)", &[]),
        ("span.name = 'agent' AND span.status = 'ERROR'", &[]),
        ("(span.name = 'agent' AND span.type = 'CHAIN') AND (span.status = 'ERROR' AND span.type = 'CHAIN')", &[4]),
        ("NOT span.name = 'chat' AND NOT name = 'agent'", &[]),
        ("span(attributes.model IS NOT NULL) OR status = 'ERROR'", &[5, 2, 1]),
    ] {
        finds(&fake, filter, numbers);
    }
    fake.run(&["search", "span(span(name = 'a'))"]).exits(2).tells("span(...)");
    fake.run(&["search", "span(tags.env = 'a')"]).exits(2);
}

#[test]
fn what_a_server_understands_is_sent_unchanged_and_alone() {
    for filter in [
        "  status='ERROR'  AND\ttags.`env` LIKE \"d%\" ",
        "span.name = 'agent' and span.status = 'ERROR'",
        "feedback.score = '4' AND metadata.`mlflow.trace.session` != 's-1'",
        "status IN ('OK', 'ERROR')",
        "name = 'chat' AND run_id = 'a' AND run_id = 'b'",
        "execution_time_ms > 5000 AND trace.text LIKE '%chat%'",
    ] {
        let fake = shop();
        fake.run(&["search", filter, "-o", "ids"]).succeeds();
        let mut sent = sent(&fake);
        // Whether spans lie where the server does not search is asked apart.
        sent.retain(|filter| !filter.starts_with("tags.`mlflow.trace.spansLocation`"));
        assert_eq!(sent, [filter]);
        assert!(fetched(&fake).is_empty(), "{filter}");
    }
}

#[test]
fn what_a_server_can_say_in_other_words_needs_one_search() {
    for filter in
        ["state = 'OK' AND latency > 5s", "session = 's-1'", "timestamp > '2026-11-22'", "span(name = 'chat')"]
    {
        let fake = shop();
        fake.run(&["search", filter, "-o", "ids", "--server-only"]).succeeds();
        let mut sent = sent(&fake);
        sent.retain(|filter| !filter.starts_with("tags.`mlflow.trace.spansLocation`"));
        assert_eq!(sent.len(), 1, "{filter}");
        assert!(!sent[0].is_empty() && fetched(&fake).is_empty(), "{filter}");
    }
}

/// Every hundredth of 1200 traces has a tag that only an OR asks for.
fn rare() -> (Fake, &'static str) {
    let seed = |number| Seed::new(number).tag("k", if number % 100 == 0 { "hit" } else { "no" });
    (Fake::with((1..=1200).map(seed)), "tags.k = 'hit' OR latency > 5h")
}

fn hundreds(first: u32, last: u32) -> Vec<String> {
    (first..=last).rev().map(|hundred| id(hundred * 100)).collect()
}

#[test]
fn a_limit_counts_matches_and_not_what_was_read() {
    let (fake, filter) = rare();
    let cut = fake.run(&["search", filter, "--limit", "5", "-o", "ids", "--concurrency", "1"]).succeeds();
    assert_eq!(cut.lines(), hundreds(8, 12));
    assert_eq!(cut.stderr, "the first 5, and there are more; use --limit N for more, or --all\n");
    let pages = |fake: &Fake| fake.asked(SEARCH).len();
    assert!((2..=3).contains(&pages(&fake)), "the second page proves that there are more");
    let (fake, _) = rare();
    let first = fake
        .run(&["search", filter, "--limit", "1", "-o", "ids", "--concurrency", "1"])
        .succeeds()
        .tells("the first 1, and");
    assert_eq!(first.lines(), hundreds(12, 12));
    assert!(pages(&fake) <= 2, "one page holds what is needed");
}

#[test]
fn pages_go_on_until_the_limit_is_reached_or_nothing_is_left() {
    let (fake, filter) = rare();
    let most = fake.run(&["search", filter, "--limit", "11", "-o", "ids"]).succeeds().tells("the first 11, and");
    assert_eq!(most.lines(), hundreds(2, 12));
    for flags in [["--limit", "12"].as_slice(), &["--limit", "13"], &["--limit", "0"], &["--all"]] {
        let all = fake.run(&[&["search", filter, "-o", "ids"], flags].concat()).succeeds();
        assert_eq!(all.lines(), hundreds(1, 12));
        all.does_not_tell("or --all");
    }
    fake.run(&["count", filter, "-o", "json"]).succeeds().prints("{\n  \"count\": 12\n}");
}

#[test]
fn reading_much_to_find_little_is_told() {
    let (fake, filter) = rare();
    fake.run(&["search", filter, "--all", "-o", "ids"]).succeeds().tells("read 1,200 traces to find 12; a time bound");
    fake.run(&["search", filter, "--all", "-o", "ids", "--quiet"]).succeeds().does_not_tell("read");
    fake.run(&["search", "tags.k = 'no' OR latency > 5h", "--all"]).succeeds().does_not_tell("to find");
    let nothing = fake.run(&["search", "tags.k = 'x' OR latency > 5h", "--fail-if-empty", "-o", "ids"]).exits(8);
    nothing.prints_nothing().tells("read 1,200 traces to find 0");
}

#[test]
fn the_order_is_the_servers_across_pages() {
    let (fake, filter) = rare();
    let oldest = ["--order-by", "timestamp_ms ASC"];
    let all = fake.run(&[["search", filter, "--all", "-o", "ids"].as_slice(), &oldest].concat()).succeeds();
    assert_eq!(all.lines(), (1..=12).map(|hundred| id(hundred * 100)).collect::<Vec<_>>());
    let shop = shop();
    let slowest = ["--order-by", "execution_time_ms DESC", "--order-by", "timestamp_ms ASC"];
    let filter = "span(name = 'chat') OR name = 'agent' OR status = 'ERROR'";
    let found = shop.run(&[["search", filter, "-o", "ids"].as_slice(), &slowest].concat()).succeeds();
    assert_eq!(found.lines(), ids(&[2, 5, 4, 1, 3, 6]));
}

#[test]
fn a_later_page_that_fails_is_a_failure() {
    let (fake, filter) = rare();
    fake.fail(Rule::from(2, SEARCH), Failure::status(403, "no"));
    let ended = fake.run(&["search", filter, "--all", "-o", "ids"]).exits(4);
    assert_eq!(ended.lines(), hundreds(8, 12), "the first page is whole");
    fake.run(&["count", filter]).exits(4).prints_nothing();
}

#[test]
fn feedback_that_a_session_shares_is_the_servers_to_tell() {
    let fake = shop();
    let alone = fake.run(&["search", "feedback.resolved = 'true'", "-o", "ids"]).succeeds();
    assert_eq!(alone.lines(), ids(&[2, 1]), "the fake shares it");
    for (filter, numbers) in [
        ("feedback.resolved = true OR status = 'IN_PROGRESS'", [3, 2, 1].as_slice()),
        ("feedback.resolved = true AND tags.env = 'prod' OR feedback.resolved = true AND latency > 5h", &[1]),
        ("NOT feedback.resolved = true OR name = 'agent'", &[5, 4]),
        ("feedback.resolved IS NULL OR tags.env = 'prod'", &[6, 5, 4, 3, 1]),
        ("feedback.resolved IS NOT NULL AND (tags.env = 'prod' OR latency > 5h)", &[1]),
    ] {
        let fake = shop();
        let found = fake.run(&["search", filter, "-o", "ids"]).succeeds();
        assert_eq!(found.lines(), ids(numbers), "{found}");
        let asked = sent(&fake).into_iter().filter(|text| text.contains("feedback.resolved")).count();
        // Once for the set, and once more if it is also a part of the search.
        assert!((1..=2).contains(&asked), "{filter}: {:?}", sent(&fake));
    }
}

#[test]
fn a_set_that_cannot_be_asked_for_is_a_failure() {
    let fake = shop();
    fake.fail(Rule::every(SEARCH), Failure::status(403, "no"));
    let ended = fake.run(&["search", "feedback.resolved = true OR status = 'ERROR'", "-o", "ids"]);
    ended.exits(4).prints_nothing();
}

#[test]
fn spans_are_fetched_only_where_the_rest_leaves_it_open() {
    for (filter, numbers, open) in [
        ("status = 'ERROR' OR span(attributes.model = 'gpt-4o')", [2, 1].as_slice(), [6, 5, 4, 3, 1].as_slice()),
        ("(tags.env = 'dev' OR tags.env = 'PROD') AND span(duration < 1s)", &[5, 2], &[5, 2]),
        ("latency > 5s AND NOT span(name = 'agent')", &[2], &[5, 2]),
        ("status = 'OK' OR span(name = 'chat') OR NOT status = 'OK'", &[6, 5, 4, 3, 2, 1], &[]),
        ("latency > 5h AND span(duration > 1ms)", &[], &[]),
        ("tags.env = 'prod' OR status = 'ERROR'", &[2, 1], &[]),
    ] {
        let fake = shop();
        let found = fake.run(&["search", filter, "-o", "ids"]).succeeds();
        assert_eq!(found.lines(), ids(numbers), "{found}");
        let open: BTreeSet<String> = ids(open).into_iter().collect();
        assert!(fetched(&fake).is_subset(&open), "{filter}: fetched {:?}", fetched(&fake));
    }
}

#[test]
fn spans_come_in_batches_from_wherever_they_are() {
    let seed = |number: u32| {
        let seed =
            Seed::new(number).spans(vec![part(number, 1, if number.is_multiple_of(2) { "even" } else { "odd" })]);
        match number % 5 {
            0 => seed.in_artifact(),
            1 => seed.in_artifact_against_its_tag(),
            _ => seed,
        }
    };
    let fake = Fake::with((1..=30).map(seed));
    let found = fake.run(&["search", "span(name = 'even') OR latency > 5h", "-o", "ids"]).succeeds();
    assert_eq!(found.lines(), (1..=15).rev().map(|half| id(half * 2)).collect::<Vec<_>>());
    let requests = fake.asked("traces/batchGet").len() + fake.asked("traces/get").len();
    assert!(requests < 36, "even where a quarter lies, little more than one by one: {requests}");
}

#[test]
fn a_trace_whose_spans_cannot_be_read_is_no_guess() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::with([Seed::new(1), Seed::new(2).with_lost_file(), Seed::new(3).state("ERROR").with_lost_file()]);
    for filter in
        ["span(duration < 1s) OR latency > 5h", "NOT span(name = 'x')", "status = 'ERROR' OR span(duration < 1s)"]
    {
        let ended = fake.run(&["search", filter, "-o", "ids"]).exits(3);
        let ended =
            ended.tells("cannot tell whether").tells(&id(2)).tells("its spans are not known").tells("mlflow-trace get");
        assert!(!ended.stdout.contains(&id(2)), "{ended}");
        fake.run(&["count", filter]).exits(3).tells("cannot tell whether");
        let export = fake.program(&["export", "traces.jsonl", "--filter", filter]).in_folder(folder.path());
        export.run().exits(3).tells("cannot tell whether");
        let written = std::fs::read_to_string(folder.path().join("traces.jsonl")).unwrap();
        assert!(!written.contains(&id(2)), "{written}");
        std::fs::remove_file(folder.path().join("traces.jsonl")).unwrap();
    }
    let settled = fake.run(&["search", "status = 'ERROR' OR span(duration < 1s) AND latency > 5h", "-o", "ids"]);
    assert_eq!(settled.succeeds().lines(), ids(&[3]), "nobody needed their spans");
}

#[test]
fn server_only_refuses_what_would_be_decided_here() {
    let fake = shop();
    for filter in
        ["status = 'ERROR' OR latency > 5s", "tokens.total > 5", "span(attributes.model = 'x')", "NOT span.name = 'a'"]
    {
        for command in ["search", "count"] {
            let ended = fake.run(&[command, filter, "--server-only"]).exits(2).prints_nothing();
            ended.tells("the server cannot evaluate all of the filter").tells("filter explain");
        }
        fake.run(&["delete", "--filter", filter, "--server-only", "--yes"]).exits(2);
        fake.run(&["export", "-", "--filter", filter, "--server-only"]).exits(2);
    }
    assert!(fake.log().is_empty());
    fake.run(&["search", "status = 'ERROR'", "--server-only"]).succeeds();
}

#[test]
fn strict_makes_warnings_errors() {
    let fake = shop();
    for filter in ["status = 'error'", "status = 'error' OR latency > 5s", "run_id = ''"] {
        fake.run(&["search", filter, "--strict"]).exits(2).prints_nothing().tells("--strict");
        fake.run(&["count", filter, "--strict"]).exits(2);
    }
    assert!(fake.log().is_empty());
    fake.run(&["search", "status = 'error'"]).succeeds().tells("warning: no trace has the status \"error\"");
    fake.run(&["search", "status = 'ERROR' OR latency > 5s", "--strict"]).succeeds();
}

#[test]
fn mistakes_are_found_before_anything_is_sent() {
    let fake = shop();
    for (filter, message) in [
        ("status = 'OK' OR", "missing clause"),
        ("(status = 'OK'", "never closed"),
        ("status = 'OK')", "no parenthesis"),
        ("status = 'OK' OR OR name = 'x'", "missing clause"),
        ("tokens.total > 'many'", "tokens.total"),
        ("tags.a = E'\\q'", "no such escape"),
        ("latency > -5s", "durations cannot be negative"),
        ("tags.env BETWEEN 'a' AND 'b'", "BETWEEN"),
    ] {
        fake.run(&["search", filter]).exits(2).prints_nothing().tells(message);
    }
    assert!(fake.log().is_empty());
}
