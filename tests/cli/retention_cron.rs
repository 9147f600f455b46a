//! `retention run --cron`, `--metrics-file` and `--heartbeat-url`: runs that nobody watches, and who is told of them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake::{Answer, Failure, Fake, Rule, Seed};
use crate::retention_policy::{Desk, POLICY, aged};
use crate::snapshot::Gallery;
use crate::support::{Ended, Program};

const DELETE: &str = "POST /api/2.0/mlflow/traces/delete-traces";
const RUN: &[&str] = &["run", "--policy", "retention.toml"];
const CRON: &[&str] = &["run", "--policy", "retention.toml", "--cron", "--jitter", "0s"];

fn desk() -> Desk {
    Desk::new(aged(), POLICY)
}

impl Desk {
    fn with(&self, words: &[&str], more: &[&str]) -> Program {
        self.program(&[words, more].concat())
    }

    fn metrics(&self) -> PathBuf {
        self.folder.path().join("retention.prom")
    }
}

/// The only line on standard output.
#[track_caller]
fn line(ended: &Ended) -> Value {
    assert_eq!(ended.stdout.matches('\n').count(), 1, "{ended}");
    assert!(ended.stdout.ends_with("}\n"), "{ended}");
    ended.json()
}

#[track_caller]
fn counts(line: &Value) -> [u64; 7] {
    ["planned", "deleted", "spared", "gone", "remaining", "not_attempted", "bytes_planned"]
        .map(|key| line[key].as_u64().unwrap_or_else(|| panic!("{key} in {line}")))
}

#[test]
fn the_gallery_of_runs_that_nobody_watches() {
    let mut gallery = Gallery::new("retention_cron").hiding_times();
    let desk = desk();
    let scene = |more: &[&str], code: i32| {
        let ended = desk.with(CRON, more).run().exits(code);
        let seconds = line(&ended)["seconds"].to_string();
        Ended { stdout: ended.stdout.replace(&format!("\"seconds\":{seconds}"), "\"seconds\":#"), ..ended }
    };
    gallery.scene("dry", &scene(&["--dry-run"], 0));
    gallery.scene("refused", &scene(&["--max-delete", "1"], 7));
    gallery.scene("done", &scene(&[], 0));
    gallery.scene("nothing to delete", &scene(&[], 0));
    gallery.scene("no place for a format", &desk.with(CRON, &["-o", "table"]).run().exits(2));
    gallery.scene("jitter for somebody who watches", &desk.with(RUN, &["--jitter", "5s"]).run().exits(2));
    gallery.check();
}

#[test]
fn a_run_for_cron_is_silent_and_writes_one_line() {
    let desk = desk();
    let dry = line(&desk.with(CRON, &["--dry-run"]).run().succeeds());
    assert_eq!((&dry["dry_run"], counts(&dry)), (&json!(true), [2, 0, 0, 0, 0, 0, 2048]));
    desk.left(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let ended = desk.with(CRON, &["--color", "always"]).run().succeeds();
    assert_eq!(ended.stderr, "");
    let told = line(&ended);
    assert_eq!((&told["command"], &told["policy"]), (&json!("retention run"), &json!("retention.toml")));
    assert_eq!((&told["tracking_uri"], &told["experiments"]), (&json!(desk.fake.uri()), &json!(1)));
    assert_eq!((&told["exit"], &told["error"], counts(&told)), (&json!(0), &Value::Null, [2, 2, 0, 0, 0, 0, 2048]));
    let state = desk.folder.path().join("state");
    let journal = Program::new(["runs", "show", told["run_id"].as_str().unwrap()]);
    journal.hidden_env("MLFLOW_TRACE_STATE_DIR", state).run().succeeds();
    let check = desk.run(&["check", "-o", "json"]).succeeds().json();
    assert_eq!(told["policy_hash"], check["hash"]);
    let time = |key: &str| mlflow_trace::model::parse_rfc3339_ms(told[key].as_str().unwrap()).unwrap();
    let seconds = told["seconds"].as_f64().unwrap();
    assert!((seconds * 1000.0 - (time("finished") - time("started")) as f64).abs() < 1e-6, "{told}");
    desk.left(&[1, 2, 3, 4, 6, 7, 8]);
    let again = desk.with(CRON, &["-o", "json"]).run().succeeds();
    assert_eq!((again.stderr.as_str(), counts(&line(&again))), ("", [0; 7]));
}

#[test]
fn an_age_takes_the_place_of_a_policy() {
    let desk = desk();
    let by_age = ["run", "--older-than", "85d", "--cron", "--jitter", "0s", "-x", "my-app"];
    let ended = desk.with(&by_age, &[]).run().succeeds();
    let told = line(&ended);
    assert_eq!((ended.stderr.as_str(), &told["policy"], &told["deleted"]), ("", &Value::Null, &json!(1)));
}

#[test]
fn what_goes_wrong_is_in_the_line_and_on_standard_error() {
    let told = |ended: &Ended, code: &str| {
        let told = line(ended);
        assert_eq!(told["exit"].as_u64(), ended.code.and_then(|code| u64::try_from(code).ok()), "{ended}");
        assert_eq!(told["error"]["code"], code, "{ended}");
        let message = told["error"]["message"].as_str().unwrap();
        assert!(ended.stderr.contains(message.lines().next().unwrap()), "{ended}");
        assert!(!ended.stderr.contains('\u{1b}'), "{ended}");
        told
    };
    let colored = ["--color", "always"];
    let desk = desk();
    let refused =
        told(&desk.with(CRON, &[&["--max-delete", "1"], colored.as_slice()].concat()).run().exits(7), "safety_stop");
    assert_eq!(counts(&refused), [2, 0, 0, 0, 0, 2, 2048], "what was planned is told");
    desk.fake.fail(Rule::every("experiments/search"), Failure::status(403, "no"));
    told(&desk.with(CRON, &colored).run().exits(4), "denied");
    told(&desk.with(CRON, &[]).hidden_env("MLFLOW_TRACKING_URI", "http://127.0.0.1:9").run().exits(5), "unreachable");
    told(&desk.with(CRON, &[]).without_env("MLFLOW_TRACKING_URI").run().exits(2), "usage");
    desk.write("[[rule]]\n");
    told(&desk.with(CRON, &[]).run().exits(2), "usage");
    assert!(desk.fake.asked(DELETE).is_empty());
}

#[test]
fn what_is_left_is_told() {
    let desk = desk();
    desk.fake.fail(Rule::every(DELETE), Failure::status(403, "no"));
    let told = line(&desk.with(CRON, &[]).run().fails());
    assert_eq!(counts(&told), [2, 0, 0, 0, 2, 0, 2048]);
    desk.left(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn what_nothing_can_be_deleted_from_is_refused_before_the_wait() {
    let desk = desk();
    let begun = Instant::now();
    let waits = ["run", "--policy", "retention.toml", "--cron", "--jitter", "10h"];
    let ended = desk.with(&waits, &["-u", "demo"]).run().fails();
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert!(line(&ended)["error"]["message"].as_str().unwrap().contains("read"), "{ended}");
}

#[test]
fn the_wait_before_a_run_can_be_interrupted() {
    for signal in ["-TERM", "-INT"] {
        let desk = desk();
        let begun = Instant::now();
        // One of ten hours is not over before the signal comes.
        let file = desk.metrics().display().to_string();
        let waits = ["run", "--policy", "retention.toml", "--cron", "--jitter", "10h", "--metrics-file", &file];
        let running = desk.with(&waits, &[]).start();
        std::thread::sleep(Duration::from_millis(700));
        running.signal(signal);
        let ended = running.ends().exits(130).tells("interrupted; nothing was deleted");
        assert!(begun.elapsed() < Duration::from_secs(30));
        let told = line(&ended);
        assert_eq!((&told["exit"], &told["error"]["code"]), (&json!(130), &json!("interrupted")));
        assert!(desk.fake.log().is_empty());
        assert!(read(&desk.metrics()).contains("retention_exit_code{"));
    }
}

#[test]
fn an_interrupted_run_finishes_its_batch_and_tells() {
    let fake = Fake::with((1..=250).map(|number| Seed::new(number).days_old(40)));
    // The hook holds the second batch's deletion until the interrupt has surely arrived.
    fake.before(Rule::nth(2, "delete-traces"), |_| std::thread::sleep(Duration::from_millis(600)));
    let running = fake.program(&["retention", "run", "--older-than", "30d", "--cron", "--jitter", "0s"]).start();
    while fake.asked("delete-traces").len() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.signal("-TERM");
    let told = line(&running.ends().exits(130).tells("50 traces not attempted"));
    assert_eq!((&told["deleted"], &told["not_attempted"], &told["exit"]), (&json!(200), &json!(50), &json!(130)));
    assert_eq!(told["error"]["message"], "interrupted; 50 traces not attempted");
}

#[test]
fn a_run_that_is_interrupted_while_it_reads_tells() {
    let desk = desk();
    desk.fake.fail(Rule::every("traces/search"), Failure::Stall);
    let running = desk.with(CRON, &[]).start();
    while desk.fake.asked("traces/search").is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.signal("-TERM");
    let told = line(&running.ends().exits(130).tells("interrupted; nothing was deleted"));
    assert_eq!((&told["exit"], &told["deleted"]), (&json!(130), &json!(0)));
    assert!(told["policy_hash"].is_string());
}

#[test]
fn a_run_that_finds_another_one_at_work_tells() {
    let desk = desk();
    desk.fake.before(Rule::first(DELETE), |_| std::thread::sleep(Duration::from_millis(1500)));
    let first = desk.with(CRON, &[]).start();
    while desk.fake.asked(DELETE).is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let file = desk.metrics();
    let second = desk.with(CRON, &["--metrics-file", file.to_str().unwrap()]).run().exits(7);
    assert_eq!((&line(&second)["error"]["code"], &line(&second)["run_id"]), (&json!("safety_stop"), &Value::Null));
    assert_eq!(metric(&read(&file), "exit_code"), "7");
    let third = desk.with(CRON, &["--lock-wait", "30s"]).run().succeeds();
    assert_eq!((third.stderr.as_str(), counts(&line(&third))), ("", [0; 7]));
    assert_eq!(line(&first.ends().exits(0))["deleted"], 2);
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The value of a metric, whatever its labels.
#[track_caller]
fn metric<'a>(text: &'a str, name: &str) -> &'a str {
    let start = format!("mlflow_trace_retention_{name}{{");
    let series: Vec<&str> = text.lines().filter(|line| line.starts_with(&start)).collect();
    let [series] = series.as_slice() else { panic!("{name} in {text}") };
    series.rsplit(' ').next().unwrap()
}

#[test]
fn metrics_are_written_whatever_becomes_of_the_run() {
    for words in [CRON, &["run", "--policy", "retention.toml", "--yes"]] {
        let desk = desk();
        let file = desk.metrics();
        let with = ["--metrics-file", file.to_str().unwrap()];
        desk.with(words, &[with.as_slice(), &["--max-delete", "1"]].concat()).run().exits(7);
        let refused = read(&file);
        assert_eq!((metric(&refused, "exit_code"), metric(&refused, "last_success_timestamp_seconds")), ("7", "0.000"));
        assert_eq!((metric(&refused, "planned_traces"), metric(&refused, "not_attempted_traces")), ("2", "2"));
        desk.with(words, &with).run().succeeds();
        let done = read(&file);
        let success = metric(&done, "last_success_timestamp_seconds");
        assert_eq!((metric(&done, "exit_code"), metric(&done, "deleted_traces")), ("0", "2"));
        assert!(success.parse::<f64>().unwrap() > 1.7e9, "{success}");
        assert_eq!((success, metric(&done, "planned_bytes")), (metric(&done, "last_run_timestamp_seconds"), "2048"));
        let labels = format!("{{policy=\"retention.toml\",tracking_uri=\"{}\"}}", desk.fake.uri());
        assert!(done.lines().filter(|line| !line.starts_with('#')).all(|line| line.contains(&labels)), "{done}");
        desk.fake.fail(Rule::every("experiments/search"), Failure::status(403, "no"));
        desk.with(words, &with).run().exits(4);
        let failed = read(&file);
        assert_eq!(metric(&failed, "exit_code"), "4");
        assert_eq!(metric(&failed, "last_success_timestamp_seconds"), success, "carried over");
        assert!(metric(&failed, "last_run_timestamp_seconds") > success, "another run");
        assert_eq!(metric(&failed, "deleted_traces"), "0");
        let names: Vec<_> =
            std::fs::read_dir(desk.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!names.iter().any(|name| name.to_string_lossy().contains(".tmp")), "{names:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_collector_can_read_the_metrics() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    let line =
        "umask 077; exec mlflow-trace retention run --policy retention.toml --cron --jitter 0s --metrics-file r.prom";
    let program = Program::shell(line).in_folder(desk.folder.path()).hidden_env("MLFLOW_TRACKING_URI", desk.fake.uri());
    program.run().succeeds();
    let mode = std::fs::metadata(desk.folder.path().join("r.prom")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[test]
fn metrics_that_cannot_be_written_are_no_failure_and_a_dry_run_writes_none() {
    let desk = desk();
    let file = desk.metrics();
    let with = ["--metrics-file", file.to_str().unwrap()];
    desk.with(CRON, &[with.as_slice(), &["--dry-run"]].concat()).run().succeeds();
    desk.with(RUN, &[with.as_slice(), &["--dry-run"]].concat()).run().succeeds();
    assert!(!file.exists());
    let nowhere = ["--metrics-file", "no/such/folder/r.prom"];
    let ended = desk.with(CRON, &nowhere).run().succeeds().tells("cannot write the metrics to no/such/folder/r.prom");
    assert_eq!(line(&ended)["exit"], 0);
    desk.with(CRON, &[nowhere.as_slice(), &["--max-delete", "0", "--allow-growth"]].concat()).run().succeeds();
}

#[test]
fn sets_of_flags_can_be_told_apart() {
    let desk = desk();
    let file = desk.metrics();
    let by_age = ["run", "--older-than", "4w", "--status", "OK", "--since", "200d", "--filter", "tags.team = \"chat\""];
    let more = ["--keep-if", "tags.keep = 'true'", "-x", "my-app", "--cron", "--jitter", "0s", "--metrics-file"];
    let words = [by_age.as_slice(), &more, &[file.to_str().unwrap()]].concat();
    desk.with(&words, &[]).run().succeeds();
    let labels = r#"{policy="--older-than 28d --filter \"tags.team = \\\"chat\\\"\" --filter \"status = 'OK' AND timestamp_ms >= -17280000000\" --keep-if \"tags.keep = 'true'\" -x my-app","#;
    assert!(read(&file).contains(labels), "{}", read(&file));
}

/// Something that answers every request in the same way.
fn monitor(answer: Failure) -> Fake {
    let fake = Fake::new();
    fake.fail(Rule::every(""), answer);
    fake
}

fn url(monitor: &Fake) -> String {
    format!("{}/api/push/t0ken?status=up&msg=OK", monitor.uri())
}

#[test]
fn a_heartbeat_is_sent_once_after_a_success_and_never_after_anything_else() {
    let (desk, monitor) = (desk(), monitor(Failure::status(200, "OK")));
    let url = url(&monitor);
    let with = ["--heartbeat-url", &url];
    desk.with(CRON, &[with.as_slice(), &["--max-delete", "1"]].concat()).run().exits(7);
    desk.with(CRON, &[with.as_slice(), &["--dry-run"]].concat()).run().succeeds();
    desk.with(RUN, &with).run().exits(7).tells("cannot ask for confirmation");
    desk.with(CRON, &with).hidden_env("MLFLOW_TRACKING_URI", "http://127.0.0.1:9").run().exits(5);
    assert!(monitor.log().is_empty());
    let program = desk.with(CRON, &with);
    let program =
        program.hidden_env("MLFLOW_TRACKING_USERNAME", "jane").hidden_env("MLFLOW_TRACKING_PASSWORD", "hunter2");
    let ended = program.hidden_env("MLFLOW_WORKSPACE", "team-a").run().succeeds();
    assert_eq!(ended.stderr, "");
    assert!(!ended.stdout.contains("t0ken"), "{ended}");
    let log = monitor.log();
    assert_eq!(log.len(), 1);
    assert_eq!((log[0].line().as_str(), log[0].parameter("status")), ("GET /api/push/t0ken", Some("up")));
    let names: Vec<&str> = log[0].headers.keys().map(String::as_str).collect();
    assert_eq!(names, ["accept", "host", "user-agent"], "nothing of the tracking server's");
    // By the environment, and after a run that had nothing to do.
    desk.with(RUN, &["--yes"]).hidden_env("MLFLOW_TRACE_HEARTBEAT_URL", &url).run().succeeds();
    assert_eq!(monitor.log().len(), 2);
    // A flag goes first.
    desk.with(CRON, &with).hidden_env("MLFLOW_TRACE_HEARTBEAT_URL", "http://127.0.0.1:9/").run().succeeds();
    assert_eq!(monitor.log().len(), 3);
}

#[test]
fn a_heartbeat_that_does_not_arrive_is_a_warning_that_keeps_its_secret() {
    let moved = Answer::new(302, "text/plain", "").header("Location", "http://127.0.0.1:9/login");
    for (answer, asked, told) in [
        (Failure::status(404, "no"), 1, "it answered 404"),
        (Failure::Answer(moved), 1, "it answered 302"),
        (Failure::status(500, "no"), 2, "it answered 500"),
        (Failure::Close, 2, "could not send the heartbeat to http://127.0.0.1:"),
    ] {
        let (desk, monitor) = (desk(), monitor(answer));
        let ended = desk.with(CRON, &["--heartbeat-url", &url(&monitor), "-v"]).run().succeeds().tells(told);
        assert!(ended.stderr.contains("warning: could not send the heartbeat to"), "{ended}");
        assert!(!ended.stderr.contains("t0ken") && !ended.stderr.contains("api/push"), "{ended}");
        assert_eq!((line(&ended)["exit"].as_u64(), monitor.log().len()), (Some(0), asked), "{ended}");
    }
    let (desk, monitor) = (desk(), Fake::new());
    monitor.fail(Rule::first(""), Failure::status(503, "no"));
    monitor.fail(Rule::nth(2, ""), Failure::status(200, "OK"));
    let ended = desk.with(CRON, &["--heartbeat-url", &url(&monitor)]).run().succeeds();
    assert_eq!((ended.stderr.as_str(), monitor.log().len()), ("", 2));
}

#[test]
fn what_is_no_url_is_refused_before_anything_is_sent() {
    for url in ["hc-ping.com/t0ken", "ftp://h/t0ken", "file:///t0ken", "t0ken", "http://"] {
        let desk = desk();
        let by_flag = desk.with(CRON, &["--heartbeat-url", url]).run().exits(2);
        by_flag.prints_nothing().tells("--heartbeat-url").does_not_tell("t0ken");
        let by_environment = desk.with(RUN, &["--yes"]).hidden_env("MLFLOW_TRACE_HEARTBEAT_URL", url).run().exits(2);
        by_environment.prints_nothing().tells("MLFLOW_TRACE_HEARTBEAT_URL").does_not_tell("t0ken");
        assert!(desk.fake.log().is_empty());
    }
}

#[test]
fn the_line_of_each_run_is_added_to_the_log() {
    use std::os::unix::fs::PermissionsExt;

    let desk = desk();
    let (file, link) = (desk.folder.path().join("runs.jsonl"), desk.folder.path().join("link"));
    std::os::unix::fs::symlink("runs.jsonl", &link).unwrap();
    let log = ["--log", link.to_str().unwrap()];
    let refused = desk.with(CRON, &[&log[..], &["--max-delete", "1"]].concat()).run().exits(7);
    let done = desk.with(CRON, &log).run().succeeds();
    assert_eq!(done.stderr, "");
    assert_eq!(read(&file), format!("{}{}", refused.stdout, done.stdout));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::rename(&file, desk.folder.path().join("runs.jsonl.1")).unwrap();
    let next = desk.with(CRON, &log).run().succeeds();
    assert_eq!(read(&file), next.stdout, "a log that was rotated begins anew");
    desk.with(RUN, &log).run().exits(2);
}

#[test]
fn a_log_that_cannot_be_written_is_told_and_hides_nothing() {
    for place in ["", "no/such/folder/log"] {
        let desk = desk();
        let log = desk.folder.path().join(place);
        let log = ["--log", log.to_str().unwrap()];
        let refused = desk.with(CRON, &[&log[..], &["--max-delete", "1"]].concat()).run().exits(7);
        assert_eq!(line(&refused)["exit"], 7);
        refused.tells("warning: cannot write the summary of this run to ");
        let fine = desk.with(CRON, &log).run().exits(0).tells("warning: cannot write the summary of this run to ");
        assert_eq!(line(&fine)["exit"], 0);
    }
}

#[test]
fn schedules_hand_on_what_was_in_force() {
    let desk = desk();
    desk.write("[[rule]]\nname = \"a\"\nexperiments = \"*\"\nkeep_last = 1\narchive_to = \"expired\"\n");
    let folder = desk.folder.path().canonicalize().unwrap().display().to_string();
    let printed = |format: &[&str]| {
        let program = desk.program(&[&["schedule", "--log", "runs.jsonl", "--format"], format].concat());
        let set = [
            ("MLFLOW_WORKSPACE", "team a"),
            ("MLFLOW_TRACKING_TOKEN", "hunter2"),
            ("MLFLOW_TRACKING_SERVER_CERT_PATH", "certs/ca.pem"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_SECRET_ACCESS_KEY", "hunter2"),
            ("AWS_ENDPOINT_URL", "http://jane:hunter2@minio:9000"),
            ("MLFLOW_EXPERIMENT_NAME", "not-of-a-policy"),
            ("PAGER", "less"),
        ];
        let program = set.into_iter().fold(program, |program, (name, value)| program.hidden_env(name, value));
        program.run().succeeds()
    };
    for (format, set, secret) in [
        (&["cron"][..], " NAME='VALUE' ", "\n# NAME=...\n"),
        (&["systemd"], "\nEnvironment=\"NAME=VALUE\"\n", " NAME=..."),
        (&["kubernetes", "--image", "i"], "- name: NAME\n                  value: \"VALUE\"\n", "\n  NAME: \"\"\n"),
    ] {
        let ended = printed(format);
        let fits = |form: &str, name: &str, value: &str| {
            let form = form.replace("NAME", name).replace("VALUE", value);
            let bare =
                if format == ["kubernetes", "--image", "i"] { form.clone() } else { form.replace(['\'', '"'], "") };
            assert!(ended.stdout.contains(&form) || ended.stdout.contains(&bare), "{form} {ended}");
        };
        fits(set, "MLFLOW_WORKSPACE", "team a");
        fits(set, "AWS_REGION", "eu-west-1");
        fits(set, "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0");
        let certificate = format!("{folder}/certs/ca.pem");
        let mounted = if format.len() > 1 { "/etc/mlflow-trace-files/ca.pem" } else { &certificate };
        fits(set, "MLFLOW_TRACKING_SERVER_CERT_PATH", mounted);
        assert!(ended.stdout.contains(&certificate), "{ended}");
        for name in ["MLFLOW_TRACKING_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "MLFLOW_TRACE_HEARTBEAT_URL"]
        {
            fits(secret, name, "");
        }
        for hidden in ["hunter2", "PAGER", "not-of-a-policy", "\"expired\""] {
            assert!(!ended.stdout.contains(hidden), "{hidden}: {ended}");
        }
        let is_logged = ended.stdout.contains(&format!(" --log {folder}/runs.jsonl"));
        assert_eq!(is_logged, format.len() == 1, "{ended}");
        assert_eq!(ended.stderr.contains("--log is omitted"), format.len() > 1, "{ended}");
        if format.len() > 1 {
            ended
                .prints(&format!("archive_to = \"{folder}/expired\""))
                .prints(&format!("mountPath: \"{folder}/expired\""));
        }
    }
}
