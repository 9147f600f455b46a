//! What engines really answer is compared in `tests/interop`; here is how it is spelled.

use super::*;

const ALL: [Dialect; 3] = [Dialect::DuckDb, Dialect::Spark, Dialect::Postgres];

#[track_caller]
fn sql(dialect: Dialect, filter: &str) -> String {
    let filter = Filter::parse_at(filter, 1_700_000_000_000).unwrap_or_else(|error| panic!("{error}"));
    filter.to_sql(dialect, "traces").unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn refusal(dialect: Dialect, filter: &str) -> FilterError {
    Filter::parse(filter).unwrap().to_sql(dialect, "traces").unwrap_err()
}

#[test]
fn a_filter_that_asks_nothing_is_true() {
    assert_eq!(ALL.map(|dialect| sql(dialect, "")), ["TRUE"; 3]);
}

#[test]
fn quotes_and_backslashes_stay_inside_of_literals() {
    let filter = r"name = E'it\'s \\ ${env:HOME}'";
    assert_eq!(sql(Dialect::DuckDb, filter), r"name = 'it''s \ ${env:HOME}'");
    assert_eq!(sql(Dialect::Postgres, filter), r"name = 'it''s \ ${env:HOME}'");
    assert_eq!(sql(Dialect::Spark, filter), r"name = 'it\'s \\ \044{env:HOME}'");
}

#[test]
fn keys_are_literals_too() {
    let filter = r#"tags["it's; DROP"] = 'x'"#;
    assert_eq!(sql(Dialect::DuckDb, filter), "tags['it''s; DROP'] = 'x'");
    assert_eq!(sql(Dialect::Spark, filter), r"tags['it\'s; DROP'] = 'x'");
    assert_eq!(sql(Dialect::Postgres, filter), "tags->>'it''s; DROP' = 'x'");
}

#[test]
fn like_has_no_escape_in_any_engine() {
    let filter = r"name LIKE '100\%'";
    assert_eq!(sql(Dialect::DuckDb, filter), r"name LIKE '100\%'");
    assert_eq!(sql(Dialect::Spark, filter), r"name LIKE '100\\\\%'");
    assert_eq!(sql(Dialect::Postgres, filter), r"name LIKE '100\%' ESCAPE ''");
}

#[test]
fn ilike_is_about_ascii_letters_only() {
    for dialect in ALL {
        let text = sql(dialect, "name ILIKE 'CHAT É%'");
        assert!(text.starts_with("translate(name, 'ABC") && text.ends_with("LIKE 'chat É%'"), "{text}");
    }
}

#[test]
fn or_is_put_in_parentheses_beside_and() {
    let text = sql(Dialect::DuckDb, "status = 'OK' AND (name = 'a' OR NOT (name != 'b' AND user IS NULL))");
    assert_eq!(text, "state = 'OK' AND (name IN ('a', 'b') OR user_id IS NOT NULL)");
}

#[test]
fn times_are_timestamps_where_engines_can_write_them() {
    let day = "timestamp >= '2023-11-14' AND timestamp < 1.5e12";
    assert_eq!(
        sql(Dialect::Spark, day),
        "request_time >= TIMESTAMP '2023-11-14 00:00:00.000Z' AND request_time < TIMESTAMP '2017-07-14 02:40:00.000Z'"
    );
    assert_eq!(sql(Dialect::DuckDb, "timestamp > 99999999999999999"), "epoch_ms(request_time) > 99999999999999999");
    let postgres = sql(Dialect::Postgres, "timestamp = '2023-11-14'");
    assert!(postgres.starts_with("request_time >= TIMESTAMPTZ '2023-11-14 00:00:00.000+00' AND "), "{postgres}");
}

#[test]
fn whole_numbers_are_compared_with_whole_numbers() {
    for (filter, expected) in [
        ("tokens.total > 9.5", "total_tokens > 9"),
        ("tokens.total >= 9.5", "total_tokens >= 10"),
        ("tokens.total < 9.5", "total_tokens < 10"),
        ("tokens.total <= 9.5", "total_tokens <= 9"),
        ("tokens.total <= -9.5", "total_tokens <= -10"),
        ("tokens.total = 9.5", "FALSE"),
        ("tokens.total != 9.5", "total_tokens IS NOT NULL"),
        ("tokens.total < 1e30", "total_tokens IS NOT NULL"),
        ("tokens.total > 1e30", "FALSE"),
        ("tokens.total = 2.0", "total_tokens = 2"),
        ("duration NOT BETWEEN 1s AND 2s", "execution_duration_ms < 1000 OR execution_duration_ms > 2000"),
    ] {
        assert_eq!(sql(Dialect::DuckDb, filter), expected, "{filter}");
    }
}

#[test]
fn costs_are_doubles() {
    let texts = ALL.map(|dialect| sql(dialect, "cost.total > 0.25"));
    assert_eq!(texts, ["total_cost > 2.5e-1", "total_cost > 2.5e-1D", "total_cost > 2.5e-1::float8"]);
}

#[test]
fn clauses_on_spans_side_by_side_mean_one_span_near_the_trace() {
    let filter = "span.name = 'a' AND timestamp > 1700000000000 AND span.status = 'ERROR'";
    assert_eq!(
        sql(Dialect::Spark, filter),
        "request_time > TIMESTAMP '2023-11-14 22:13:20.000Z' AND exists(spans, span -> \
         span.start_time_unix_nano >= 1699999990000000000 AND span.name = 'a' AND span.status = 'ERROR')"
    );
    let two = sql(Dialect::DuckDb, "span(name = 'a') AND span(name = 'b')");
    assert_eq!(two.matches("list_bool_or").count(), 2);
}

#[test]
fn no_span_needs_spans_that_were_exported() {
    let filter = "NOT span(type = 'TOOL')";
    assert_eq!(
        ALL.map(|dialect| sql(dialect, filter)),
        [
            "spans IS NOT NULL AND NOT coalesce(list_bool_or([span.type = 'TOOL' for span in spans]), FALSE)",
            "spans IS NOT NULL AND NOT coalesce(exists(spans, span -> span.type = 'TOOL'), FALSE)",
            "spans IS NOT NULL AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(spans) AS items(span) WHERE span->>'type' = 'TOOL')"
        ]
    );
}

#[test]
fn inputs_and_outputs_have_columns_of_their_own() {
    let text = sql(Dialect::DuckDb, "span(attributes.`mlflow.spanInputs` = 'hi')");
    assert!(text.contains(r#"span.inputs = '"hi"'"#), "{text}");
}

#[test]
fn feedback_counts_for_its_session_and_once_overridden_not_at_all() {
    let filter = Filter::parse("feedback.ok = 'yes'").unwrap();
    assert!(filter.sql_names_table() && !Filter::parse("name = 'a'").unwrap().sql_names_table());
    let text = filter.to_sql(Dialect::Spark, "lake.traces").unwrap();
    let own = "assessment.kind = 'feedback' AND assessment.name = 'ok' AND assessment.valid AND assessment.value IN ('yes', '\"yes\"')";
    assert_eq!(
        text,
        format!(
            "exists(assessments, assessment -> {own}) OR session_id IN (SELECT session_id FROM lake.traces WHERE \
             session_id IS NOT NULL AND exists(assessments, assessment -> {own} AND assessment.session_id IS NOT NULL))"
        )
    );
}

#[test]
fn of_several_runs_the_last_counts_and_an_empty_one_not() {
    assert_eq!(sql(Dialect::DuckDb, "run_id = 'a' AND run_id = 'b'"), "metadata['mlflow.sourceRun'] = 'b'");
    assert_eq!(sql(Dialect::DuckDb, "run_id = 'a' AND run_id = ''"), "TRUE");
}

#[test]
fn patterns_are_spelled_for_each_engine() {
    for (pattern, expected) in [
        ("^a.b$", [r"\Aa[^\n]b(?:\n?\z)", r"\Aa[^\n]b(?=\n?\z)", r"\Aa[^\n]b(?=\n?\Z)"]),
        ("a b/c", ["a b/c"; 3]),
        ("[a-z_]+", [r"(?:[\x{61}-\x{7a}_])+", r"(?:[\x{61}-\x{7a}_])+", r"(?:[\U00000061-\U0000007a_])+"]),
    ] {
        let found = ALL.map(|dialect| regex::translate(pattern, dialect));
        assert_eq!(found, expected.map(|text| Ok(text.to_owned())), "{pattern}");
    }
    assert_eq!(regex::translate(r"[\w-]", Dialect::DuckDb).as_deref(), Ok(r"[\p{L}\p{N}_\-]"));
    assert_eq!(regex::translate("(?i)a", Dialect::Spark).as_deref(), Ok("(?iu:a)"));
}

#[test]
fn patterns_that_an_engine_has_otherwise_are_refused() {
    for pattern in [r"(a)\1", r"a*+", r"(c)(?(1)a|b)", r"[^\W]"] {
        for dialect in ALL {
            assert!(regex::translate(pattern, dialect).is_err(), "{pattern} in {dialect:?}");
        }
    }
    for pattern in [r"\bchat\b", "(?m)^a", "(?<=a)b", "a{1001}", r"(a$|b)\s", "a$b"] {
        assert!(regex::translate(pattern, Dialect::DuckDb).is_err(), "{pattern}");
    }
    for pattern in [r"\d", r"\w", "(?i)a", "(?s).", "a{256}"] {
        assert!(regex::translate(pattern, Dialect::Postgres).is_err(), "{pattern}");
    }
    for pattern in [r"\bchat\b", "(?<=a)b", "(a$|b)", "a$|b"] {
        assert!(regex::translate(pattern, Dialect::Spark).is_ok(), "{pattern}");
    }
}

#[test]
fn a_refusal_names_the_clause() {
    let error = refusal(Dialect::DuckDb, r"status = 'OK' AND name RLIKE '\bchat'");
    assert_eq!(&error.text()[error.span()], r"name RLIKE '\bchat'");
    assert!(error.message().starts_with("DuckDB cannot express this exactly"), "{error}");
    let error = refusal(Dialect::Spark, "tags.a = 'x' AND tags.b = 'a\0'");
    assert_eq!(&error.text()[error.span()], "tags.b = 'a\0'");
}

#[test]
fn a_pattern_that_python_refuses_finds_nothing() {
    for dialect in ALL {
        assert_eq!(sql(dialect, "name RLIKE '('"), "FALSE");
        assert_eq!(sql(dialect, "name NOT RLIKE '('"), "name IS NOT NULL");
    }
}

#[test]
fn a_link_that_an_export_does_not_show_is_never_surely_missing() {
    let sql = |text: &str| sql(Dialect::DuckDb, text);
    for text in ["NOT prompt = 'p/1'", "prompt != 'p/1'", "NOT run_id = 'r'"] {
        assert_eq!(sql(text), "FALSE", "{text}");
    }
    assert_eq!(sql("NOT prompt = 'p/1' OR status = 'OK'"), "FALSE OR state = 'OK'");
    assert_eq!(sql("run_id = 'r'"), "metadata['mlflow.sourceRun'] = 'r'");
}
