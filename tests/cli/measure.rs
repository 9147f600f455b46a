//! `stats`, `sessions`, `users`, `keys` and `count --by`: numbers that pandas finds, too, and all that goes wrong on the way.

use std::path::Path;

use serde_json::{Value, json};

use mlflow_trace::analysis::chat::{Talk, conversation};
use mlflow_trace::analysis::stats::Facts;
use mlflow_trace::model::Trace;

use crate::fake::{Failure, Fake, Rule, Seed, id};
use crate::snapshot::Gallery;
use crate::support::Program;
use crate::views::corpus;

fn demo(args: &[&str]) -> Program {
    Program::new(["-u", "demo"].iter().chain(args))
}

/// What identifies a row: everything in it that is no number of a metric.
fn key(row: &Value) -> String {
    let names = ["start", "name", "tags.environment", "status", "hour", "weekday", "model"];
    names.map(|name| row[name].to_string()).join(" ")
}

fn is_same(found: &Value, expected: &Value) -> bool {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        _ => found == expected,
    }
}

#[test]
fn numbers_are_those_of_pandas() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/stats/expected.json");
    let questions: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut compared = 0;
    for question in &questions {
        let args: Vec<&str> = question["args"].as_array().unwrap().iter().map(|arg| arg.as_str().unwrap()).collect();
        let args: Vec<&str> = ["stats", "-o", "jsonl"].into_iter().chain(args).collect();
        let found = demo(&args).run().succeeds().jsonl();
        let expected = question["rows"].as_array().unwrap();
        // Pandas shows a stretch without traces, too.
        assert_eq!(found.len(), expected.len(), "{args:?}");
        for expected in expected {
            let row = found.iter().find(|row| key(row) == key(expected));
            let row = row.unwrap_or_else(|| panic!("{args:?}: no row {}", key(expected)));
            for (name, value) in expected.as_object().unwrap() {
                assert!(is_same(&row[name], value), "{args:?}, {name}: {} is {value} in {row}", row[name]);
                compared += 1;
            }
        }
    }
    assert!(compared > 1000, "{compared}");
}

#[test]
fn every_format_has_the_same_rows() {
    let with = |format: &str| demo(&["stats", "--by", "name", "--top", "2", "-o", format]).run();
    let (json, jsonl) = (with("json").succeeds().json(), with("jsonl").succeeds().jsonl());
    assert_eq!(json["groups"].as_array().unwrap().len(), 2);
    assert_eq!((&json["groups"][0], &json["rest"][0]), (&jsonl[0], &jsonl[2]));
    assert_eq!((&json["rest"][0]["rest"], &json["rest"][0]["name"]), (&json!(2), &Value::Null));
    assert_eq!(json["total"]["traces"], 60);
    let csv = with("csv").succeeds().stdout;
    assert!(csv.starts_with("name,traces,errors,error_rate,") && csv.lines().count() == 4, "{csv}");
    with("ids").exits(2);
}

#[test]
fn what_people_see_is_kept() {
    let mut gallery = Gallery::new("measure");
    for line in [
        "stats",
        "stats --by name",
        "stats --by tags.environment,status --top 3 --order-by p95:duration",
        "stats --every 7d",
        "stats --by name --every auto",
        "stats --by span.type --top 4",
        "stats --cross-check --metric traces,sum:tokens.total",
        "stats --by name --metric traces,p95:duration --chart",
        "stats --every 7d --metric p50:duration --chart",
        "stats --by name --compare 10d --until 2026-11-20",
        "stats name='nobody'",
        "count --by status",
        "count --by error,version --status ERROR --top 4",
        "sessions list -n 3 --order-by -turns",
        "sessions show chat-7f31c0",
        "sessions show chat-7f31c0 --view table",
        "users list -n 3",
        "users show u-33190",
        "keys name='docs_search'",
        "keys --spans -n nope",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        gallery.scene(line, &demo(&words).run().ends());
    }
    gallery.check();
}

#[test]
fn only_what_needs_spans_reads_them() {
    let fake = Fake::with_many(3);
    for args in
        [&["stats"][..], &["stats", "--by", "name,tags.x"], &["sessions", "list"], &["users", "list"], &["keys"]]
    {
        fake.run(args).succeeds();
    }
    assert!(fake.asked("traces/get").is_empty() && fake.asked("batchGet").is_empty());
    fake.run(&["stats", "--by", "model"]).succeeds();
    assert!(!fake.asked("batchGet").is_empty() || !fake.asked("traces/get").is_empty());
}

#[test]
fn traces_whose_spans_cannot_be_read_are_counted_and_told() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).with_lost_file()]);
    let ended = fake.run(&["stats", "--by", "span.name", "-o", "json"]).exits(3);
    assert_eq!((&ended.json()["total"]["traces"], &ended.json()["total"]["spans"]), (&json!(2), &json!(1)), "{ended}");
    assert!(ended.stderr.contains("the spans of 1 trace could not be read"), "{ended}");
    fake.fail(Rule::every("traces/search"), Failure::status(403, "no"));
    fake.run(&["stats"]).exits(4).prints_nothing();
}

#[test]
fn wrong_questions_are_refused_before_anything_is_sent() {
    let fake = Fake::with_many(1);
    for args in [
        &["stats", "--by", "nope"][..],
        &["stats", "--by", "time"],
        &["stats", "--metric", "p95"],
        &["stats", "--metric", "sum:status"],
        &["stats", "--order-by", "traces,errors"],
        &["stats", "--every", "soon"],
        &["stats", "stauts = 'OK'"],
        &["count", "--top", "3"],
        &["sessions", "list", "--order-by", "nope"],
        &["users", "list", "--order-by", "-duration"],
    ] {
        let ended = fake.run(args).exits(2).prints_nothing();
        assert!(ended.stderr.contains("hint:") || ended.stderr.contains("error:"), "{ended}");
    }
    assert!(fake.asked("").is_empty());
}

#[test]
fn ids_from_standard_input_and_filters_select_as_everywhere() {
    let fake = Fake::with((1..=4).map(|number| Seed::new(number).metadata("mlflow.trace.user", "jane")));
    let named = fake.program(&["stats", "-", "-o", "json"]).stdin(format!("{}\n{}\n", id(1), id(2))).run().succeeds();
    assert_eq!(named.json()["total"]["traces"], 2);
    let missing = fake.program(&["stats", "-", "-o", "json"]).stdin(format!("{}\ntr-nope\n", id(1))).run().exits(3);
    assert_eq!(missing.json()["total"]["traces"], 1);
    assert_eq!(fake.run(&["users", "list", "-o", "json"]).succeeds().json()[0]["traces"], 4);
    fake.run(&["stats", "tags.no = 'no'", "--fail-if-empty"]).exits(8);
    fake.run(&["sessions", "show", "nope"]).exits(9).prints_nothing();
    fake.run(&["users", "show", "nope"]).exits(9).prints_nothing();
}

#[test]
fn sessions_with_levels_are_grouped_by_them() {
    let session = |number: u32, id: &str| Seed::new(number).metadata("mlflow.trace.session", id);
    let fake = Fake::with([
        session(1, r#"["trip","day-1"]"#),
        session(2, r#"["trip","day-2"]"#),
        session(3, r#"["trip","day-2"]"#),
        session(4, "chat"),
        Seed::new(5),
    ]);
    let all = fake.run(&["sessions", "list", "-o", "json"]).succeeds().tells("1 trace without a session").json();
    assert_eq!(all.as_array().unwrap().len(), 3);
    let first = fake.run(&["sessions", "list", "--level", "1", "--order-by", "-turns", "-o", "json"]).succeeds().json();
    assert_eq!(
        (&first[0]["session"], &first[0]["turns"], &first[0]["path"]),
        (&json!(r#"["trip"]"#), &json!(3), &json!("trip"))
    );
    let shown = fake.run(&["sessions", "show", "trip", "-o", "jsonl"]).exits(9);
    assert!(shown.stderr.contains("there is no session"), "a name alone is an id: {shown}");
    let below = fake.run(&["sessions", "show", r#"["trip"]"#, "-o", "json"]).succeeds().json();
    assert_eq!((below["turns"].as_u64(), below["traces"].as_array().unwrap().len()), (Some(3), 3));
}

#[test]
fn errors_versions_and_cached_tokens_are_fields_everywhere() {
    let found = demo(&[
        "search",
        "error LIKE 'KeyError%' AND version = '2.15.0-dev'",
        "--fields",
        "error,error.span,version",
        "-o",
        "json",
    ]);
    let found = found.run().succeeds().json();
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!((&found[0]["error"], &found[0]["version"]), (&json!("KeyError: 'tools'"), &json!("2.15.0-dev")));
    assert!(found[0]["error.span"].is_string());
    let fake = Fake::with([
        Seed::new(1).metadata("mlflow.trace.tokenUsage", "{\"input_tokens\": 9, \"cache_read_input_tokens\": 4}"),
        Seed::new(2).tag("app_version", "1.2").metadata("mlflow.modelId", "m-1"),
        Seed::new(3).metadata("mlflow.modelId", "m-1"),
    ]);
    let ids = |filter: &str| fake.run(&["search", filter, "-o", "ids"]).succeeds().lines();
    assert_eq!(ids("tokens.cached > 3"), [id(1)]);
    assert_eq!((ids("version = 'm-1'"), ids("version IS NULL")), (vec![id(3)], vec![id(1)]));
    assert_eq!(ids("error IS NULL").len(), 3, "their spans say so");
    fake.run(&["search", "--order-by", "error"]).exits(2);
}

#[test]
fn before_and_now_are_compared_by_the_clock() {
    let old = (1..=20).map(|number| Seed::new(number).days_old(10).duration_ms(100 + i64::from(number)));
    let new = (21..=40).map(|number| Seed::new(number).days_old(3).duration_ms(900 + i64::from(number)).state("ERROR"));
    let fake = Fake::with(old.chain(new).chain([Seed::new(41).days_old(30)]));
    let rows = fake.run(&["stats", "--compare", "7d", "-o", "jsonl"]).succeeds().jsonl();
    let row = |name: &str| rows.iter().find(|row| row["metric"] == name).unwrap();
    assert_eq!((&row("traces")["before"], &row("traces")["now"]), (&json!(20), &json!(20)));
    assert_eq!((&row("error_rate")["now"], &row("error_rate")["more_than_chance"]), (&json!(1), &json!(true)));
    assert_eq!(row("p50:duration_ms")["test"], "Mann-Whitney U test");
    assert_eq!(row("p95:duration_ms")["p"], Value::Null, "the ends of a distribution are not tested");
    for flags in [["--since", "1d"], ["--every", "1d"], ["--order-by", "traces"], ["--svg", "x.svg"]] {
        fake.run(&["stats", "--compare", "7d", flags[0], flags[1]]).exits(2).prints_nothing();
    }
}

#[test]
fn prices_make_costs_anew_and_what_has_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prices.toml");
    std::fs::write(&file, "[[price]]\nmodel = \"gpt-4o*\"\ninput = 1000000\noutput = 0\n").unwrap();
    let file = file.to_str().unwrap();
    let args = ["stats", "--by", "model", "--metric", "sum:span.tokens.input,sum:span.cost.total,known:cost.total"];
    let ended = demo(&[&args[..], &["--prices", file, "-o", "json"]].concat()).run().succeeds();
    let rows = ended.json()["groups"].clone();
    let row = |model: &str| rows.as_array().unwrap().iter().find(|row| row["model"] == model).unwrap().clone();
    assert_eq!(row("gpt-4o-mini")["sum:span.cost.total"], row("gpt-4o-mini")["sum:span.tokens.input"]);
    assert!(row("claude-3-5-haiku")["known:cost.total"].as_u64() < Some(7), "{rows}");
    assert!(ended.stderr.contains("no price is given for claude-3-5-haiku"), "{ended}");
    std::fs::write(file, "[[price]]\nmodel = \"a\"\n").unwrap();
    demo(&["stats", "--prices", file]).run().exits(2).prints_nothing();
    demo(&["stats", "--prices", "/no/such/file"]).run().exits(2).prints_nothing();
}

#[test]
fn pictures_and_pages_hold_what_was_said_as_text_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (svg, html) = (path("a.svg"), path("a.html"));
    let evil = "<script>alert(1)</script>\u{1b}[31m\"'&";
    let failed = Seed::new(3).state("ERROR");
    let fake = Fake::with([Seed::new(1).name(evil), Seed::new(2).name("plain").duration_ms(5), failed]);
    let args = ["stats", "--by", "name", "--every", "1h", "--svg", &svg, "--html", &html];
    fake.run(&args).succeeds();
    for file in [&svg, &html] {
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && text.contains("plain"), "{text}");
        assert!(!text.contains("<script") && !text.contains('\u{1b}'), "{text}");
        let addresses = text.replace("http://www.w3.org/2000/svg", "");
        assert!(file == &html || !addresses.contains("http"), "{text}");
    }
    let page = std::fs::read_to_string(&html).unwrap();
    assert!(page.contains("default-src 'none'") && page.contains("<svg ") && !page.contains("src=\""), "{page}");
    let (slowest, failed) = page.split_once("Last failed traces").unwrap();
    let link = format!("<a rel=\"noreferrer\" href=\"{}/#/experiments/", fake.uri());
    assert_eq!((slowest.matches(&link).count(), failed.matches(&link).count()), (3, 1), "{page}");
    fake.run(&args).exits(7);
    fake.run(&[&args[..], &["--overwrite"]].concat()).succeeds();
    let png = path("a.png");
    let drawn = fake.run(&["stats", "--by", "name", "--png", &png]).ends();
    let is_drawn = std::fs::read(&png).is_ok_and(|bytes| bytes.starts_with(b"\x89PNG\r\n"));
    assert!(is_drawn || drawn.stderr.contains("there are no fonts on this machine"), "{drawn}");
    fake.run(&["stats", "--svg", &svg]).exits(2).tells("nothing to draw");
    fake.run(&["stats", "--by", "name", "--chart", "-o", "json"]).exits(2).prints_nothing();
}

#[test]
fn keys_are_listed_whole_with_and_without_spans() {
    let fake = Fake::with(
        (1..=150).map(|number| Seed::new(number).tag("n", &number.to_string()).feedback("ok", true, ("HUMAN", "x"))),
    );
    let keys = |args: &[&str]| fake.run(args).succeeds().json();
    let listed = keys(&["keys", "-o", "json"]);
    let row = |listed: &Value, key: &str| listed.as_array().unwrap().iter().find(|row| row["key"] == key).cloned();
    let n = row(&listed, "tags.n").unwrap();
    assert_eq!((&n["traces"], &n["values"], &n["commonest"]), (&json!(150), &json!(150), &json!([])));
    assert_eq!(row(&listed, "feedback.ok").unwrap()["commonest"], json!([{"value": "true", "times": 150}]));
    assert_eq!(row(&listed, "span.name"), None);
    let with_spans = keys(&["keys", "--spans", "-o", "json"]);
    assert_eq!(row(&with_spans, "span.name").unwrap()["traces"], 150);
}

/// Libraries whose totals are not those of their calls, and what the calls used.
const OTHER_TOTALS: &[(&str, f64, f64)] = &[("gemini", 177.0, 419.0)];

#[test]
fn the_innermost_spans_say_what_was_used() {
    let (mut compared, mut differ) = (0, Vec::new());
    for (library, trace, _) in corpus() {
        let trace = Trace::from_json(trace).unwrap();
        let stated = trace.info.tokens("total_tokens");
        let found = Facts::new(&trace, true, None).usage().total;
        if let (Some(stated), Some(found)) = (stated, found) {
            compared += 1;
            if (stated - found).abs() > 1e-9 {
                differ.push((library, stated, found));
            }
        }
    }
    let differ: Vec<(&str, f64, f64)> =
        differ.iter().map(|(name, stated, found)| (name.as_str(), *stated, *found)).collect();
    assert_eq!(differ, OTHER_TOTALS);
    assert!(compared > 70, "{compared}");
}

#[test]
fn a_session_is_one_conversation_whatever_each_turn_repeats() {
    let mut sessions = std::collections::BTreeMap::<String, Vec<Trace>>::new();
    for (_, trace, _) in corpus() {
        let trace = Trace::from_json(trace).unwrap();
        if let Some(session) = trace.info.session() {
            sessions.entry(session.to_owned()).or_default().push(trace);
        }
    }
    let mut whole = 0;
    for (session, turns) in sessions.iter_mut().filter(|(_, turns)| turns.len() > 1) {
        turns.sort_by_key(|trace| trace.info.request_time_ms);
        let mut talk = Talk::default();
        let texts = |told: &[mlflow_trace::analysis::chat::Message]| {
            told.iter().filter(|one| one.role != "system").map(|one| one.text.trim().to_owned()).collect::<Vec<_>>()
        };
        let told: Vec<String> = turns.iter().flat_map(|turn| texts(&talk.turn(conversation(turn)).messages)).collect();
        let last = texts(&conversation(turns.last().unwrap()).messages);
        assert!(told.ends_with(&last[last.len().saturating_sub(2)..]), "{session}: {told:#?}");
        if last.len() > 3 {
            assert_eq!(told, last, "{session}: the last turn repeats all of it");
            whole += 1;
        }
    }
    assert!(whole >= 2, "{whole}");
}

#[test]
fn a_watched_question_is_asked_again_and_its_times_move_along() {
    let fake = Fake::with([Seed::new(1)]);
    fake.before(Rule::nth(2, "traces/search"), |state| state.add([Seed::new(2)]));
    let args = ["stats", "--by", "name", "--watch=1s", "--max-time", "2500ms", "-o", "jsonl"];
    let told = fake.run(&args).succeeds().jsonl();
    assert!(told.len() >= 2, "{told:?}");
    assert_eq!((&told[0]["total"]["traces"], &told[1]["total"]["traces"]), (&json!(1), &json!(2)));
    assert!(told[0]["time"].as_str() < told[1]["time"].as_str());
    fake.run(&["stats", "--watch", "-o", "csv"]).exits(2).tells("use -o jsonl");
}

#[test]
fn a_question_is_printed_as_sql_without_a_server() {
    let sql =
        |args: &[&str]| Program::new(["stats", "--sql", "duckdb", "-u", "http://127.0.0.1:9"].iter().chain(args)).run();
    let usual = sql(&["--by", "status", "status != 'OK'"]).succeeds();
    for part in [
        "\nWHERE state <> 'OK'\nGROUP BY 1\nORDER BY 1\n",
        "quantile_cont(execution_duration_ms, 0.95) AS \"p95:duration_ms\"",
    ] {
        assert!(usual.stdout.contains(part), "{}", usual.stdout);
    }
    assert!(!usual.stdout.contains("cached"), "what no column holds is left out unless it is asked for");
    assert!(sql(&["--table", "lake", "-o", "json"]).succeeds().json()["sql"].as_str().unwrap().ends_with("FROM lake"));
    sql(&["--metric", "sum:tokens.cached"]).exits(2).tells("sum:tokens.cached cannot be expressed in SQL: no column");
    sql(&["--by", "model"]).exits(2).tells("model cannot be expressed in SQL: it counts spans");
    sql(&["--every", "auto"]).exits(2).tells("--every 1h");
    sql(&["-o", "csv"]).exits(2).tells("-o json");
}
