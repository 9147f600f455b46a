//! The other side misbehaves: pages without end, answers of the wrong size or shape, input that never ends, secrets in the
//! wrong place.

use std::os::unix::ffi::OsStrExt;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake::{Answer, BASE_MS, Failure, Fake, Rule, Seed, id};
use crate::support::{Ended, Program, Running};

const EXPERIMENTS: &str = "POST /api/2.0/mlflow/experiments/search";
const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";
const RETENTION: &str = "retention";
const POLICY: &str = "[[rule]]\nname = \"old\"\nexperiments = [\"*\"]\nkeep_within = \"30d\"\n";

fn always(fake: &Fake, route: &str, body: &Value) {
    fake.fail(Rule::every(route), Failure::Answer(Answer::json(200, body)));
}

/// So many traces that start at the same moment.
fn infos(number: u32) -> Vec<Value> {
    (1..=number).map(|number| Seed::new(number).started(BASE_MS).info).collect()
}

#[test]
fn a_token_that_repeats_ends_every_walk_over_pages_with_an_error() {
    let fake = Fake::with_many(5);
    for traces in [infos(5), infos(0), infos(500)] {
        // The shape of MLflow's own tokens, and that of others.
        for token in ["eyJvZmZzZXQiOiA1MDB9", "again"] {
            let fake = Fake::with_many(5);
            always(&fake, SEARCH, &json!({"traces": traces, "next_page_token": token}));
            for words in [
                &["search", "--all", "-o", "ids"][..],
                &["search", "name LIKE '%'", "--order-by", "status ASC", "--all"],
                &["count", "name LIKE '%'"],
                &["export", "-"],
                &[RETENTION, "run", "--older-than", "1s", "--dry-run"],
            ] {
                fake.run(words).exits(6).tells("sends nothing new").tells("hint:");
            }
            assert!(fake.asked(SEARCH).len() < 400, "{}", fake.asked(SEARCH).len());
        }
    }
    let one = json!({"experiment_id": "1", "name": "my-app", "lifecycle_stage": "active"});
    for experiments in [vec![one], vec![]] {
        always(&fake, EXPERIMENTS, &json!({"experiments": experiments, "next_page_token": "again"}));
        fake.run(&["experiments", "list"]).exits(6).tells("list experiments").tells("sends nothing new");
    }
    assert!(fake.asked(EXPERIMENTS).len() < 10);
}

#[test]
fn an_answer_is_as_large_as_its_route_allows_packed_or_not() {
    let fake = Fake::with_many(3);
    let padded = |bytes: usize| format!("{{\"experiments\": []{}}}", " ".repeat(bytes));
    let plain = |text: String| Answer::new(200, "application/json", text);
    for answer in [
        plain(padded(65 << 20)),
        plain(padded(65 << 20)).header("Content-Encoding", "gzip"),
        plain(padded(10)).header("Content-Length", "99999999999999"),
    ] {
        let fake = Fake::new();
        fake.fail(Rule::every(EXPERIMENTS), Failure::Answer(answer));
        let ended = fake.run(&["experiments", "list"]).exits(6);
        ended
            .tells("could not list experiments")
            .tells("larger than the limit of 64 MiB")
            .tells("--limit")
            .prints_nothing();
    }
    // What is no bomb is unpacked, and a file of spans may be larger than a page of experiments.
    let fitting = plain(padded(60 << 20)).header("Content-Encoding", "gzip");
    fake.fail(Rule::first(EXPERIMENTS), Failure::Answer(fitting));
    fake.run(&["experiments", "list"]).succeeds();
    fake.state().add([Seed::new(9).in_artifact()]);
    let file = plain(format!("{{\"spans\": []{}}}", " ".repeat(65 << 20)));
    fake.fail(Rule::every("get-trace-artifact"), Failure::Answer(file));
    fake.run(&["get", &id(9)]).succeeds();
}

#[test]
fn a_refusal_without_end_is_still_the_refusal() {
    let fake = Fake::new();
    let page = Answer::new(403, "text/plain", "no entry ".repeat(1 << 20));
    fake.fail(Rule::every(EXPERIMENTS), Failure::Answer(page));
    fake.run(&["experiments", "list"]).exits(4).tells("no entry");
}

#[test]
fn packed_answers_that_are_damaged_are_asked_for_again() {
    let fake = Fake::with_many(2);
    let broken =
        Answer::json(200, &json!({"experiments": []})).header("Content-Encoding", "gzip").header("Content-Length", "9");
    fake.fail(Rule::first(EXPERIMENTS), Failure::Answer(broken));
    fake.run(&["experiments", "list"]).succeeds().tells("gzip").prints("my-app");
}

#[test]
fn only_an_answer_of_the_expected_shape_is_an_answer() {
    let (read, changed) = (
        [
            json!({"error_code": "INTERNAL_ERROR", "message": "no"}),
            json!({"traces": [], "experiments": [], "error_code": "X"}),
            json!({"status": "ok"}),
            json!([]),
            json!(null),
            json!("done"),
        ],
        [json!({"error_code": "X"}), json!({"status": "ok"}), json!([]), json!("ok"), json!({"trace_id": "tr-1"})],
    );
    for body in &read {
        let fake = Fake::with((1..=3).map(|number| Seed::new(number).days_old(40)));
        always(&fake, SEARCH, body);
        always(&fake, EXPERIMENTS, body);
        for words in [
            &["search", "--all"][..],
            &["count", "name LIKE '%'"],
            &["experiments", "list"],
            &["export", "-"],
            &["delete", "--filter", "status = 'OK'", "--yes"],
            &[RETENTION, "run", "--older-than", "30d", "--yes"],
        ] {
            fake.run(words).exits(6);
        }
        assert_eq!(fake.state().traces.len(), 3);
        // Whether traces are gone is nothing that such an answer says.
        always(&fake, "batchGetInfos", body);
        always(&fake, "GET /api/3.0/mlflow/traces/tr-", body);
        fake.run(&["get", &id(1)]).fails();
    }
    for body in &changed {
        let fake = Fake::with_many(2);
        always(&fake, "/tags", body);
        fake.run(&["tag", "set", &id(1), "k=v"]).fails();
        always(&fake, "delete-traces", body);
        fake.run(&["delete", &id(1), "--yes"]).fails();
    }
    // What a server answers for nothing is nothing.
    let fake = Fake::new();
    always(&fake, SEARCH, &json!({}));
    always(&fake, "metrics", &json!({}));
    fake.run(&["search", "--all", "-o", "ids"]).succeeds().prints_nothing();
    assert_eq!(fake.run(&["count"]).succeeds().stdout, "0\n");
}

#[test]
fn a_count_that_is_none_is_no_answer() {
    for count in [json!(-1.0), json!(2.5)] {
        let fake = Fake::with_many(2);
        always(&fake, "metrics", &json!({"data_points": [{"metric_name": "trace_count", "values": {"COUNT": count}}]}));
        fake.run(&["count"]).exits(6).tells("a count of");
    }
}

#[test]
fn another_experiment_than_the_one_that_was_asked_for_is_none() {
    let fake = Fake::with_many(2);
    always(&fake, "experiments/get", &json!({"experiment": {"experiment_id": "7", "name": "other"}}));
    fake.bare(&["search", "-x", "1"]).run().exits(6).tells("which was not asked for");
}

const SECRET: &str = "hunter2";

#[track_caller]
fn hides(ended: &Ended) {
    let shown = format!("{}{}", ended.stdout, ended.stderr);
    for part in [SECRET, "ter2"] {
        assert!(!shown.contains(part), "{ended}");
    }
}

#[test]
fn whatever_looks_like_user_and_password_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("retention.toml");
    std::fs::write(&policy, POLICY).unwrap();
    let policy = policy.to_str().unwrap();
    for uri in [
        "jane:hunter2@host",
        "jane:hunter2@host:5000/x",
        "http:/jane:hunter2@h",
        "http:jane:hunter2@h",
        "http://jane:hun/ter2@127.0.0.1:9",
        "http://jane:hun?ter2@127.0.0.1:9",
        "http://jane:hun#ter2@127.0.0.1:9",
        "http://jane:hunter2@127.0.0.1:9",
        "http://jane:hunter2",
        "ftp://jane:hunter2@h",
        "postgresql://jane:hunter2@h/db",
        "http://jane:hun ter2@h",
    ] {
        for words in [
            &["search"][..],
            &["search", "-o", "json", "-vv"],
            &["experiments", "list"],
            &[RETENTION, "run", "--policy", policy, "--cron", "--jitter", "0s"],
            &[RETENTION, "schedule", "--policy", policy],
            &[RETENTION, "schedule", "--policy", policy, "--format", "systemd"],
            &[RETENTION, "schedule", "--policy", policy, "--format", "kubernetes", "--image", "i"],
        ] {
            let patient = |program: Program| program.hidden_env("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0").run().ends();
            hides(&patient(Program::new(words).hidden_env("MLFLOW_TRACKING_URI", uri)));
            hides(&patient(Program::new([words, &["-u", uri]].concat())));
        }
        hides(&Program::new(["export", "-u", "demo", "--to-otlp", uri]).run().ends());
        // In the place of something else, a word is all that can be told to be a URL.
        let word = uri.replace(' ', "");
        hides(&Program::new(["search", &word]).run().ends());
        hides(&Program::new([&word]).run().ends());
    }
}

#[test]
fn what_is_pasted_as_a_header_or_token_is_never_shown() {
    for header in [
        "Authorization: Bearer hunter2",
        "Authorization: Bearer hunter2==",
        "Authorization Bearer=hunter2\u{7}",
        "Bearer hunter2",
        "hunter2",
        "=hunter2",
    ] {
        let words = ["export", "-u", "demo", "--to-otlp", "http://127.0.0.1:9", "--otlp-header", header];
        let ended = Program::new(words).run().ends();
        assert_eq!(ended.code, Some(2), "{ended}");
        hides(&ended);
    }
    for words in
        [&["search", "Authorization: Bearer hunter2x"][..], &["Bearer hunter2"], &["search", "--heartbeat-url=hunter2"]]
    {
        hides(&Program::new(words).run().ends());
    }
}

#[test]
fn who_is_refused_is_named_with_where_the_name_comes_from() {
    let fake = Fake::with_many(1);
    let refused = crate::fake::recorded("auth_missing_credentials");
    fake.fail(Rule::every(""), Failure::Answer(refused));
    let named = |program: Program, parts: &[&str]| {
        let mut ended = program.run().exits(4);
        for part in parts {
            ended = ended.tells(part);
        }
        hides(&ended);
    };
    let by_variables = |program: Program| {
        program.hidden_env("MLFLOW_TRACKING_USERNAME", "jane").hidden_env("MLFLOW_TRACKING_PASSWORD", SECRET)
    };
    named(by_variables(fake.program(&["search"])), &["\"jane\"", "MLFLOW_TRACKING_USERNAME"]);
    named(fake.program(&["search"]).hidden_env("MLFLOW_TRACKING_TOKEN", SECRET), &["MLFLOW_TRACKING_TOKEN"]);
    let uri = fake.uri().replace("http://", "http://joe:hunter2@");
    named(by_variables(fake.program(&["search", "-u", &uri])), &["\"joe\"", "--tracking-uri"]);
    let in_variable = fake.program(&["search"]).hidden_env("MLFLOW_TRACKING_URI", &uri);
    named(by_variables(in_variable), &["\"joe\"", "MLFLOW_TRACKING_URI"]);
    fake.run(&["search"]).exits(4).tells("set MLFLOW_TRACKING_USERNAME");
}

#[test]
fn a_line_break_at_the_end_of_a_variable_is_not_part_of_it() {
    let fake = Fake::with_many(1);
    for end in ["\n", "\r\n"] {
        let token = format!("hunter2{end}");
        fake.program(&["search"]).hidden_env("MLFLOW_TRACKING_TOKEN", token).run().succeeds();
        assert_eq!(fake.log().last().unwrap().headers["authorization"], "Bearer hunter2");
    }
}

#[test]
fn variables_that_are_no_text_or_have_further_lines_are_refused_by_name() {
    let fake = Fake::with_many(1);
    let odd = std::ffi::OsStr::from_bytes(b"hunter2\xff");
    for name in ["MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_URI", "AWS_SECRET_ACCESS_KEY", "OTEL_EXPORTER_OTLP_HEADERS"]
    {
        let ended = fake.program(&["search"]).hidden_env(name, odd).run().exits(2).tells(name).tells("UTF-8");
        hides(&ended);
        for value in ["hunter2\n\n", "hun\nter2", "hun\rter2"] {
            let ended =
                fake.program(&["search"]).hidden_env(name, value).run().exits(2).tells(name).tells("line breaks");
            hides(&ended);
        }
    }
    assert!(fake.log().is_empty());
    fake.program(&["search"]).hidden_env("PS1", odd).hidden_env("USER", odd).run().succeeds();
}

#[track_caller]
fn ends_at_once(running: Running, signal: &str) -> Ended {
    std::thread::sleep(Duration::from_millis(700));
    running.signal(signal);
    let began = Instant::now();
    let ended = running.ends().exits(130);
    assert!(began.elapsed() < Duration::from_secs(10), "{ended}");
    ended
}

/// A pipe that nobody writes to.
fn pipe(folder: &std::path::Path) -> String {
    let path = folder.join("pipe").to_str().unwrap().to_owned();
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

#[test]
fn the_first_signal_ends_every_wait_for_what_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = pipe(folder.path());
    let fake = Fake::with_many(1);
    let fed = format!("file:{fifo}");
    for signal in ["-INT", "-TERM"] {
        for words in [
            &["get", "-"][..],
            &["tag", "set", "-", "k=v"],
            &["search", "--filter-file", "-"],
            &["filter", "check", "--input", "-"],
            &["feedback", "import", "-", "--format", "csv"],
        ] {
            let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
            let waiting = Program::shell(&format!("exec mlflow-trace {line} < '{fifo}'"));
            let waiting =
                waiting.hidden_env("MLFLOW_TRACKING_URI", fake.uri()).hidden_env("MLFLOW_EXPERIMENT_NAME", "my-app");
            // Somebody has it open and writes nothing.
            let holder = std::fs::OpenOptions::new().read(true).write(true).open(&fifo).unwrap();
            ends_at_once(waiting.start(), signal);
            drop(holder);
        }
        for words in [
            &["search", "--filter-file", &fifo][..],
            &["feedback", "import", &fifo, "--format", "csv"],
            &["apply", &fifo],
            &["search", "-u", &fed],
            &[RETENTION, "check", "--policy", &fifo],
            &[RETENTION, "run", "--policy", &fifo, "--yes"],
        ] {
            ends_at_once(fake.program(words).start(), signal);
        }
        let cron = fake.program(&[RETENTION, "run", "--policy", &fifo, "--cron", "--jitter", "0s"]);
        let ended = ends_at_once(cron.start(), signal);
        assert_eq!((&ended.json()["exit"], ended.stdout.lines().count()), (&json!(130), 1), "{ended}");
    }
    assert!(fake.asked("traces").is_empty());
}

#[test]
fn a_policy_is_read_once_where_it_can_be_read_only_once() {
    let fake = Fake::with((1..=3).map(|number| Seed::new(number).days_old(40)));
    let line = "printf '%s' \"$POLICY\" | \
                mlflow-trace retention run --policy /dev/stdin --cron --jitter 0s --dry-run";
    let run = Program::shell(line)
        .hidden_env("POLICY", POLICY)
        .hidden_env("MLFLOW_TRACKING_URI", fake.uri())
        .hidden_env("MLFLOW_EXPERIMENT_NAME", "my-app");
    // That it would delete everything stops it, which it knows from the policy and the traces.
    assert_eq!(run.run().exits(7).json()["planned"], json!(3));
}

#[test]
fn input_without_end_ends_with_a_limit() {
    let fake = Fake::with_many(1);
    for (words, limit) in [
        (&["feedback", "import", "/dev/zero", "--format", "csv"][..], "64 MiB"),
        (&["feedback", "import", "/dev/zero", "--format", "jsonl"], "64 MiB"),
        (&["search", "--filter-file", "/dev/zero"], "16 MiB"),
        (&[RETENTION, "check", "--policy", "/dev/zero"], "16 MiB"),
        (&["filter", "check", "--input", "/dev/zero"], "256 MiB"),
    ] {
        fake.run(words).exits(2).tells(limit);
    }
    fake.run(&["apply", "/dev/zero"]).fails().tells("cannot be read");
    let endless = |line: &str| Program::shell(line).hidden_env("MLFLOW_TRACKING_URI", fake.uri()).run();
    let ended = endless("mlflow-trace get - < /dev/zero").exits(2).tells("256 MiB");
    assert!(ended.stderr.len() < 2_000);
    let ended = endless("head -c 1000000 /dev/zero | mlflow-trace get -").exits(2);
    assert!(ended.stderr.len() < 2_000);
    endless("yes | head -n 6000000 | mlflow-trace get -").exits(2).tells("5,000,000").tells("hint:");
    assert!(fake.log().is_empty());
}

#[test]
fn columns_without_end_are_refused_in_one_line() {
    let fake = Fake::with_many(1);
    let names: Vec<String> = (0..100_000).map(|number| format!("metadata.c{number}")).collect();
    let row: serde_json::Map<String, Value> = names.iter().map(|name| (name.clone(), json!("x"))).collect();
    for (format, text) in [("csv", format!("{}\n", names.join(","))), ("jsonl", format!("{}\n", Value::Object(row)))] {
        let ended = fake.program(&["feedback", "import", "-", "--format", format]).stdin(text).run().exits(2);
        let ended = ended.tells("100000 columns; at most 1000 are read");
        assert!(ended.stderr.len() < 2_000, "{ended}");
    }
}
