//! What people see when a filter is wrong: one file, compared whole. `MLFLOW_TRACE_UPDATE=1` writes it anew.

use std::fmt::Write;
use std::path::Path;

use mlflow_trace::filter::{Filter, LintLevel, OrderBy};

pub const REFUSED: &[&str] = &[
    // Quotes and values.
    "status = ERROR",
    "tags.env = prod AND status = 'OK'",
    "tags.env = 'prod",
    "status = 'OK' AND tags.v = 'it's'",
    "tags.user = ’jane’",
    "tags.env = `prod`",
    "tags.version = 2",
    "execution_time_ms > 1_000",
    "timestamp > 2024-01-01",
    "timestamp_ms > now() - 3600",
    "feedback.score > '0.5'",
    "tags.env = NULL",
    "tags.env = $ENV",
    "execution_time_ms > 9223372036854775808",
    // Operators of other languages.
    "status == 'OK'",
    "status <> 'OK'",
    "status = 'OK' && name = 'chat'",
    "name REGEXP '^chat'",
    "name CONTAINS 'chat'",
    "name LIKE('chat%')",
    "lower(name) = 'chat'",
    "status = 'OK', name = 'chat'",
    "status = 'OK';",
    "status = 'OK' -- all good",
    "status IS 'OK'",
    // Names.
    "Tags.env = 'prod'",
    "statuss = 'OK'",
    "spans.name = 'llm'",
    "span.elapsed > 5",
    "experiment_id = '1'",
    "tags LIKE '%prod%'",
    // Operators that a field does not have.
    "tags.version > '1'",
    "trace.text = 'refund'",
    "prompt = 'greet'",
    // Lists.
    "status IN (OK, ERROR)",
    "status IN ()",
    "status IN 'OK'",
    "status = ('OK', 'ERROR')",
    "request_id IN (1, 2)",
    "status IN ('OK', 'ERROR'",
    // Keys.
    "tags.my-key = 'x'",
    "tags.from = 'x'",
    "tags.1 = 'x'",
    "tags .env = 'x'",
    "tags.foo[0] = 'x'",
    "tags.`my key = 'x'",
    "feedback. = 'yes'",
    // What is missing.
    "   ",
    "status",
    "status =",
    "= 'OK'",
    "'OK' = status",
    "status 'OK'",
    "status IN ('OK') tags.env IS NULL",
    "status = 'OK' tags.env IS NULL",
    // The extended language.
    "(status = 'OK'",
    "status = 'OK')",
    "status = 'OK' OR",
    "OR status = 'OK'",
    "status = 'OK' OR AND name = 'a'",
    "NOT",
    "()",
    "(status = 'OK') (name = 'a')",
    "status = 'OK' OR name == 'a'",
    "status = 'OK' || name = 'a'",
    "status = 'OK' OR tags.env IN (prod)",
    "NOT latencyy > 5s",
    "latency > 5x",
    "latency > -5s",
    "latency > 'soon'",
    "latency BETWEEN 5s",
    "latency BETWEEN 5s OR 6s",
    "latency > true",
    "timestamp > 24h",
    "timestamp > -24h",
    "timestamp > 'yesterday'",
    "timestamp > '2026-13-01'",
    "timestamp LIKE '2026%'",
    "tokens.total > 'many'",
    "tokens.total IN ('1', '2')",
    "tags.env BETWEEN 'a' AND 'b'",
    "tags.env = true",
    "tags.env NOT = 'a'",
    "tags.v = E'it\\qs'",
    "tags.v = E'it's'",
    "feedback.score IN (1, 2)",
    "feedback.score LIKE 5",
    "prompt LIKE 'a%'",
    "span(name = 'a'",
    "span(nam = 'a')",
    "span(tags.env = 'a')",
    "span(attributes.n > '5')",
    "span(name = 'a' AND span(name = 'b'))",
    "span.attributes.model IN ('a')",
    "span.attributes.n > 5",
    "span.attributes.model IS NULL",
    "spans(name = 'a')",
    "status['x'] = 'a'",
    "tags[env] = 'a'",
    // Layout of the message itself.
    "status = 'OK' AND\n\ttags.env = 'prod' AND\n\tname == 'chat'",
    "name = '検索エージェント' AND tags.名前 == 'x'",
    "name = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' AND stat = 'OK' AND name != 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'",
];

const ORDERS: &[&[&str]] = &[
    &["timestamp, name"],
    &["timestamp DESC NULLS LAST"],
    &["latancy DESC"],
    &["assessment"],
    &["span.name"],
    &["name", "tags.mlflow.traceName"],
    &["metadata.mlflow.trace.cost"],
];

pub const DOUBTFUL: &[&str] = &[
    "tags. = 'jane'",
    "metadata. = 'x'",
    "tags. env = 'prod'",
    "tags.name = 'chat'",
    "tags.env = 'prod' tags.version IS NOT NULL",
    "name RLIKE '[[chat'",
    "span.attributes.model = 'gpt-4o'",
    "span.status = 'STATUS_CODE_OK'",
    "status = 'ok'",
    "timestamp > 1700000000",
    "end_time > '5'",
    "tags.v = 'it''s'",
    "run_id = 'a' AND run_id = 'b'",
    "run_id = ''",
    "feedback.name = 'x'",
    "tags.run_id = 'x'",
    "timestamp_ms > '2024-01-01'",
    "end_time > '2024-01-01'",
    "span.attributes.model != 'gpt-4o'",
    "tags.v = 'say \"it''s\"'",
    "feedback.helpful = '0'",
    "tags.env != 'prod'",
    "tags.env NOT IN ('prod') OR name NOT LIKE 'a%'",
    "trace.text LIKE '%refund%'",
    "span(content LIKE '%refund%')",
    "NOT span(status = 'STATUS_CODE_OK')",
];

fn quoted(text: &str) -> String {
    format!("> {}\n", text.replace('\n', "\n> "))
}

fn gallery() -> String {
    let mut out = String::from("# Filters that are refused\n");
    for filter in REFUSED {
        let error = Filter::parse(filter).expect_err(filter);
        assert!(!error.hints().is_empty(), "{filter}: {error}");
        let _ = write!(out, "\n{}{error}\n", quoted(filter));
    }
    out.push_str("\n# Orders that are refused\n");
    for clauses in ORDERS {
        let clauses: Vec<String> = clauses.iter().map(|&clause| clause.to_owned()).collect();
        let error = OrderBy::parse(&clauses).expect_err(&clauses[0]);
        let _ = write!(out, "\n{}{error}\n", quoted(&clauses.join("\n")));
    }
    out.push_str("\n# Filters that hardly do what was meant\n");
    for filter in DOUBTFUL {
        let lints = Filter::parse(filter).unwrap().lints();
        assert!(!lints.is_empty(), "{filter}");
        let _ = write!(out, "\n{}", quoted(filter));
        for lint in lints {
            let hint = lint.hint.map_or(String::new(), |hint| format!("\nhint: {hint}"));
            let level = if lint.level == LintLevel::Advice { "advice: " } else { "" };
            let _ = writeln!(out, "{level}{} [{}]{hint}", lint.message, &filter[lint.span]);
        }
    }
    out
}

#[test]
fn texts_are_those_of_the_gallery() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/filter/gallery.txt");
    let now = gallery();
    if std::env::var_os("MLFLOW_TRACE_UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let mut lines = before.lines().zip(now.lines()).enumerate();
    if let Some((number, (old, new))) = lines.find(|(_, (old, new))| old != new) {
        panic!(
            "gallery.txt:{}: expected\n  {old}\nnow\n  {new}\nset MLFLOW_TRACE_UPDATE=1 if that is better",
            number + 1
        );
    }
    assert_eq!(before.len(), now.len(), "gallery.txt has another number of lines");
}
