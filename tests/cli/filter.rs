//! `filter check`, `explain`, `fmt`, `sql` and `fields`.

use serde_json::{Value, json};

use crate::fake::{Failure, Fake, Rule, Seed, id};
use crate::snapshot::Gallery;
use crate::support::{Program, Run};

/// The program without any server.
fn run(arguments: &[&str]) -> Run {
    Program::new([&["filter"], arguments].concat()).run()
}

fn demo(arguments: &[&str]) -> Run {
    Program::new([&["--tracking-uri", "demo"], arguments].concat()).run()
}

const STRICT: &str = "status = 'ERROR' AND tags.team = 'search'";
const EXTENDED: &str = "status = 'ERROR' OR latency > 5s";
const ODD: &str = "status = 'error' OR latency > 5s";
const WRONG: &str = "stauts = 'ERROR' OR latency > 5s";

#[test]
fn the_gallery_of_checks() {
    let mut gallery = Gallery::new("filter_check");
    for (title, filter, code) in [
        ("a filter of MLflow", STRICT, 0),
        ("an extended filter", EXTENDED, 0),
        ("a filter that is odd", ODD, 0),
        ("a filter that is wrong", WRONG, 2),
        ("a parenthesis that is never closed", "(status = 'OK' OR name = 'x'", 2),
        ("everything", "", 0),
    ] {
        gallery.scene(title, &run(&["check", filter]).exits(code));
        gallery.scene(&format!("{title}, as JSON"), &run(&["check", filter, "-o", "json"]).exits(code));
    }
    gallery.scene("odd and strict", &run(&["check", ODD, "--strict"]).exits(2));
    gallery.scene("odd and strict, as JSON", &run(&["check", ODD, "--strict", "-o", "json"]).exits(2));
    let lines = [json!(STRICT), json!(""), json!(ODD), json!(WRONG), json!("tags.v = 'two\nlines'")];
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let input = |arguments: &[&str], text: &str| {
        Program::new([&["filter", "check", "--input", "-"], arguments].concat()).stdin(text).run()
    };
    gallery.scene("many lines", &input(&[], &lines).exits(2));
    gallery.scene(
        "many lines that are all right",
        &input(&[], &format!("{}\n\n{}\n", json!(STRICT), json!(ODD))).exits(0),
    );
    gallery.scene("many lines, strict", &input(&["--strict"], &format!("{}\n", json!(ODD))).exits(2));
    gallery.scene(
        "a broken line",
        &input(&[], &format!("{}\nstatus = 'OK'\n{}\n", json!(STRICT), json!(STRICT))).exits(2),
    );
    gallery.scene("no line", &input(&[], "").exits(0));
    gallery.scene("a file that is not there", &run(&["check", "--input", "no.jsonl"]).exits(2));
    gallery.scene("a filter and a file", &run(&["check", STRICT, "--input", "-"]).exits(2));
    gallery.scene("nothing to check", &run(&["check"]).exits(2));
    gallery.scene("another format", &run(&["check", STRICT, "-o", "csv"]).exits(2));
    gallery.check();
}

#[test]
fn many_filters_are_checked_as_one_by_one() {
    let filters = [STRICT, EXTENDED, ODD, WRONG, "", "  ", "NOT", "tags.`a b` = E'\\x41'", "timestamp > -1d"];
    let lines: String = filters.iter().map(|filter| format!("{}\n", json!(filter))).collect();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("filters.jsonl"), &lines).unwrap();
    let check = Program::new(["filter", "check", "--input", "filters.jsonl"]).in_folder(folder.path());
    let answers = check.run().exits(2).jsonl();
    assert_eq!(answers.len(), filters.len());
    for (answer, filter) in answers.iter().zip(filters) {
        assert_eq!(answer["filter"], filter);
        let alone = run(&["check", filter, "-o", "json"]).ends();
        assert_eq!(alone.code == Some(0), answer["verdict"] == "accept", "{alone}");
        if filter != "timestamp > -1d" {
            assert_eq!(&alone.json(), answer);
        }
    }
}

#[test]
fn a_check_needs_no_server() {
    let fake = Fake::with_many(1);
    for arguments in [["filter", "check", EXTENDED], ["filter", "fmt", EXTENDED], ["-q", "filter", "fields"]] {
        fake.run(&arguments).succeeds();
    }
    assert!(fake.log().is_empty());
}

#[test]
fn what_is_checked_is_what_is_searched() {
    for filter in
        [STRICT, EXTENDED, ODD, WRONG, "", "NOT", "a b c", "timestamp > -1d", "span(name = 'x' AND tags.y = 'z')"]
    {
        let checked = run(&["check", filter]).ends().code;
        assert_eq!(demo(&["search", filter]).ends().code, checked, "{filter}");
        let strict = run(&["check", filter, "--strict"]).ends().code;
        assert_eq!(demo(&["search", filter, "--strict"]).ends().code, strict, "{filter}");
    }
}

#[test]
fn the_gallery_of_explanations() {
    let mut gallery = Gallery::new("filter_explain");
    let filters = [
        ("a filter of MLflow", STRICT),
        ("an extended filter", EXTENDED),
        ("everything", ""),
        ("a warning", "status = 'error' OR latency > 5s"),
        ("feedback", "feedback.good = true OR feedback.score > 3"),
        ("spans", "status = 'ERROR' OR span(attributes.model = 'gpt-4o')"),
    ];
    for (title, filter) in filters {
        gallery.scene(&format!("{title}, without a server"), &run(&["explain", filter]).succeeds());
    }
    for format in ["table", "json"] {
        for (title, filter) in filters {
            let ended = demo(&["filter", "explain", filter, "-o", format]).succeeds();
            gallery.scene(&format!("{title}, in the demo, as {format}"), &ended);
        }
    }
    let fake = Fake::with([Seed::new(1).state("ERROR").tag("team", "search"), Seed::new(2), Seed::new(3)]);
    for format in ["table", "json"] {
        for (title, filter) in filters {
            let ended = fake.run(&["filter", "explain", filter, "-o", format]).succeeds();
            gallery.scene(&format!("{title}, on a server, as {format}"), &ended);
        }
    }
    gallery.scene("a filter that is wrong", &run(&["explain", WRONG]).exits(2));
    gallery.scene("another format", &run(&["explain", STRICT, "-o", "ids"]).exits(2));
    gallery.check();
}

#[test]
fn an_explanation_holds_what_a_search_does() {
    for filter in [
        STRICT,
        EXTENDED,
        "feedback.good = true OR feedback.score > 3",
        "status = 'ERROR' OR span(attributes.model = 'gpt-4o')",
        "tags.team IN ('search', 'rag') AND NOT tokens.total > 5",
        "session = 's-1'",
    ] {
        let fake = Fake::with([Seed::new(1).state("ERROR").tag("team", "search"), Seed::new(2).tag("team", "rag")]);
        let explained = fake.run(&["filter", "explain", filter, "-o", "json"]).succeeds().json();
        let told = fake.log().len();
        fake.run(&["search", filter, "-o", "ids"]).succeeds();
        let log = fake.log().split_off(told);
        let searches: Vec<Value> = log
            .iter()
            .filter(|request| request.path.ends_with("traces/search"))
            .map(crate::fake::Request::json)
            // Where spans lie is asked apart.
            .filter(|body| !body["filter"].as_str().unwrap_or("").contains("spansLocation"))
            .collect();
        let sent: Vec<&str> = searches.iter().map(|body| body["filter"].as_str().unwrap_or("")).collect();
        let mut planned = vec![explained["server"].as_str().unwrap()];
        planned.extend(explained["further_queries"].as_array().unwrap().iter().filter_map(Value::as_str));
        let mut sorted = sent.clone();
        sorted.sort_unstable();
        planned.sort_unstable();
        assert_eq!(sorted, planned, "{filter}");
        let fetched = log.iter().any(|request| request.method == "GET" && request.path.contains("/traces/"));
        assert!(explained["fetches_spans"] == true || !fetched, "{filter}");
        let count = fake.run(&["count", explained["server"].as_str().unwrap()]).succeeds();
        assert_eq!(explained["server_count"].to_string(), count.stdout.trim(), "{filter}");
    }
}

#[test]
fn an_explanation_reads_no_trace_but_to_count() {
    let fake = Fake::with_many(3);
    fake.run(&["filter", "explain", "NOT span(name = 'x') OR feedback.good = true"]).succeeds();
    assert!(fake.asked("traces/search").is_empty() && fake.asked("batchGet").is_empty());
    fake.fail(Rule::every("traces"), Failure::status(403, "no"));
    let ended = fake.run(&["filter", "explain", EXTENDED]).succeeds();
    assert!(ended.stdout.contains("evaluated locally:"), "{ended}");
    ended.tells("not counted:");
}

#[test]
fn the_gallery_of_formats() {
    let mut gallery = Gallery::new("filter_fmt");
    for filter in [
        "status='OK'and tags.team='search'",
        "  name like 'test%'   or status in ('ERROR')  ",
        "((status = 'OK'))",
        "not(status='OK'or(name='a'and name='b'))",
        "(status = 'OK' and name = 'a') or (status = 'ERROR')",
        "latency between 1s and 1h30m and tags.`a b` is not null",
        "span( name='x' or duration>5S ) and timestamp>-24h",
        "tags.v = e'it\\'s'",
        "",
    ] {
        gallery.scene(if filter.is_empty() { "(empty)" } else { filter }, &run(&["fmt", filter]).succeeds());
    }
    gallery.scene("wrong", &run(&["fmt", "status = 'OK' OR"]).exits(2));
    gallery.check();
}

#[test]
fn what_was_formatted_means_the_same_and_stays() {
    for filter in [
        "status='OK'and latency>1000",
        "status = 'ERROR' or status='OK' and (latency > 2s or not tokens.total>1000)",
        "not (status='OK' or latency<5s)",
        "(span.name = 'a' and span.type = 'TOOL') or span(name like '%' and duration between 1 and 5s)",
        "tags.environment in ('production','staging') or tags.environment is null",
        "user not like 'a%' or session is not null and timestamp>'2020-01-01'",
        "feedback.helpful = true or not feedback.helpful = false",
    ] {
        let once = run(&["fmt", filter]).succeeds().stdout;
        let once = once.trim_end_matches('\n');
        assert_eq!(run(&["fmt", once]).succeeds().stdout.trim_end_matches('\n'), once, "{filter}");
        let found = |filter: &str| demo(&["search", filter, "--all", "-o", "ids"]).succeeds().lines();
        assert_eq!(found(once), found(filter), "{filter} became {once}");
    }
}

#[test]
fn the_gallery_of_fields() {
    let mut gallery = Gallery::new("filter_fields");
    for format in ["table", "json", "jsonl", "csv", "ids"] {
        gallery.scene(format, &run(&["fields", "-o", format]).succeeds());
    }
    gallery.check();
}

#[test]
fn every_field_that_is_listed_can_be_asked() {
    let fields = run(&["fields", "-o", "json"]).succeeds().json();
    let mut filters = Vec::new();
    for field in fields.as_array().unwrap() {
        let aliases = field["aliases"].as_array().unwrap().iter().map(|alias| alias.as_str().unwrap().to_owned());
        let name = field["field"].as_str().unwrap().to_owned();
        let keyed = name.split('.').next_back() == Some("KEY");
        for name in std::iter::once(name).chain(aliases) {
            let name = name.trim_end_matches(".KEY").replace("span( … )", "span(name = 'x') AND name");
            filters.push(if keyed { format!("{name}.key") } else { name });
        }
    }
    assert!(filters.len() > 40, "{filters:?}");
    // One of these makes sense for any field.
    let tests = ["= 'a/1'", "= 5", "LIKE '%a%'", "IS NOT NULL"];
    let is_right =
        |name: &String| tests.iter().any(|test| run(&["check", &format!("{name} {test}")]).ends().code == Some(0));
    // A search says in which experiments to look, and some names are for columns only.
    let columns = ["experiment_id", "experiment", "trace_metadata.key", "expectations.key"];
    let wrong: Vec<_> = filters.iter().filter(|name| !columns.contains(&name.as_str()) && !is_right(name)).collect();
    assert!(wrong.is_empty(), "{wrong:?} are listed but cannot be asked");
}

#[test]
fn ids_of_an_explained_filter_are_found() {
    let fake = Fake::with([Seed::new(1).state("ERROR"), Seed::new(2)]);
    assert_eq!(fake.run(&["search", EXTENDED, "-o", "ids"]).succeeds().lines(), [id(1)]);
}

#[test]
fn the_gallery_of_sql() {
    let mut gallery = Gallery::new("filter_sql");
    let filter =
        "status = 'ERROR' AND tags.team = \"it's\" AND (duration > 5s OR span(name = 'chat' AND status = 'ERROR'))";
    for dialect in ["duckdb", "spark", "postgres"] {
        gallery.scene(dialect, &run(&["sql", "--dialect", dialect, filter]).exits(0));
    }
    let shared = "feedback.helpful = 'true' AND timestamp > '2026-11-01'";
    gallery.scene(
        "a table of another name",
        &run(&["sql", "--dialect", "spark", "--table", "lake.traces", shared]).exits(0),
    );
    gallery.scene("as JSON", &run(&["sql", "--dialect", "duckdb", STRICT, "-o", "json"]).exits(0));
    gallery.scene("everything", &run(&["sql", "--dialect", "duckdb"]).exits(0));
    gallery.scene("a warning", &run(&["sql", "--dialect", "duckdb", ODD]).exits(0));
    gallery.scene(
        "a clause that the engine cannot say",
        &run(&["sql", "--dialect", "duckdb", r"status = 'OK' AND name RLIKE '\bchat\b'"]).exits(2),
    );
    gallery.scene("a filter that is wrong", &run(&["sql", "--dialect", "duckdb", WRONG]).exits(2));
    gallery.scene("no dialect", &run(&["sql", STRICT]).exits(2));
    gallery.scene("a dialect that is not known", &run(&["sql", "--dialect", "oracle", STRICT]).exits(2));
    gallery.check();
}
