//! `retention check`, `plan`, `run`, `explain`, `simulate` and `schedule`: policies, what they would do, and doing it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::{APP, Answer, CHECKOUT, Failure, Fake, Rule, Seed, id};
use crate::snapshot::Gallery;
use crate::support::{Program, Run};

const DELETE: &str = "POST /api/2.0/mlflow/traces/delete-traces";
const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";
const EXPERIMENTS: &str = "POST /api/2.0/mlflow/experiments/search";

pub const POLICY: &str = r#"[defaults]
min_age = "1d"
max_delete = 1_000
max_delete_percent = 90

[[rule]]
name = "app"
experiments = ["my-*"]
keep_within = "30d"
keep_last = 2
group_by = ["tags.team"]
keep_if = ["tags.keep = 'true'", "feedback.gold IS NOT NULL"]

[[rule]]
name = "failed"
experiments = ["my-app"]
filter = "status = 'ERROR'"
keep_within = "50d"
"#;

/// A folder with a policy in it.
pub struct Desk {
    pub fake: Fake,
    pub folder: TempDir,
}

impl Desk {
    pub fn new(fake: Fake, policy: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("retention.toml"), policy).unwrap();
        Self { fake, folder }
    }

    pub fn write(&self, policy: &str) {
        std::fs::write(self.folder.path().join("retention.toml"), policy).unwrap();
    }

    pub fn program(&self, arguments: &[&str]) -> Program {
        let state = self.folder.path().join("state");
        self.fake
            .bare(&[&["retention"], arguments].concat())
            .in_folder(self.folder.path())
            .hidden_env("MLFLOW_TRACE_STATE_DIR", state)
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.program(arguments).run()
    }

    fn apply(&self, more: &[&str]) -> Run {
        self.run(&[&["run", "--policy", "retention.toml", "--yes", "-o", "json"], more].concat())
    }

    pub fn left(&self, numbers: &[u32]) {
        let ids: Vec<String> = numbers.iter().copied().map(id).collect();
        assert_eq!(self.fake.state().ids(APP), ids);
    }
}

/// Of 10, 20, … 90 days, numbered by their age: two teams, some failed, some kept.
pub fn aged() -> Fake {
    aged_by(Seed::days_old)
}

/// The same, of a fixed moment.
fn aged_in_2024() -> Fake {
    aged_by(|seed, days| {
        let moment = mlflow_trace::model::parse_rfc3339_ms(MOMENT).unwrap();
        seed.started(moment - i64::try_from(days).unwrap() * 86_400_000)
    })
}

const MOMENT: &str = "2024-06-30T08:00:00Z";

fn aged_by(old: fn(Seed, u64) -> Seed) -> Fake {
    let seed = |tens: u32| {
        let team = if tens.is_multiple_of(2) { "search" } else { "chat" };
        let seed = old(Seed::new(tens), u64::from(tens) * 10);
        seed.tag("team", team).metadata("mlflow.trace.sizeBytes", "1024")
    };
    Fake::with([
        seed(1),
        seed(2),
        seed(3).state("ERROR"),
        seed(4).state("ERROR"),
        seed(5),
        seed(6).tag("keep", "true"),
        seed(7).feedback("gold", true, ("HUMAN", "jane")),
        seed(8).state("IN_PROGRESS"),
        seed(9),
        old(Seed::new(20), 95).experiment(CHECKOUT),
    ])
}

#[test]
fn a_check_names_the_keys_of_a_keep_if_that_no_trace_has() {
    let policy = POLICY.replace("tags.keep = 'true'", "tags.kep = 'true'").replace("feedback.gold", "feedback.glod");
    let desk = Desk::new(aged_in_2024(), &policy);
    desk.run(&["check"]).succeeds().tells("no trace of the experiments has tags.kep").tells("feedback.glod");
    desk.write(POLICY);
    desk.run(&["check"]).succeeds().does_not_tell("no trace of the experiments has");
    // Without an answer the file is checked all the same.
    desk.fake.fail(Rule::every(EXPERIMENTS), Failure::status(401, "no"));
    desk.run(&["check"]).succeeds().tells("keys of keep_if not checked");
}

#[test]
fn the_gallery_of_policies() {
    let desk = Desk::new(aged_in_2024(), POLICY);
    let mut gallery = Gallery::new("retention");
    let of = |arguments: &[&str]| desk.run(&[arguments, &["--as-of", MOMENT]].concat());
    gallery.scene("check", &of(&["check"]).exits(0));
    gallery.scene("check, as JSON", &of(&["check", "-o", "json"]).exits(0));
    gallery.scene("plan", &of(&["plan"]).exits(0));
    gallery.scene("plan, as JSON", &of(&["plan", "-o", "json"]).exits(0));
    gallery.scene("plan, as ids", &of(&["plan", "-o", "ids"]).exits(0));
    gallery.scene("explain one that goes", &of(&["explain", &id(9)]).exits(0));
    gallery.scene("explain one that is kept", &of(&["explain", &id(7)]).exits(0));
    gallery.scene("explain one that a number keeps", &of(&["explain", &id(3)]).exits(0));
    gallery.scene("explain, as JSON", &of(&["explain", &id(4), "-o", "json"]).exits(0));
    gallery.scene("explain one that no rule selects", &of(&["explain", &id(20)]).exits(0));
    gallery.scene("explain one that is not there", &of(&["explain", &id(77)]).exits(9));
    gallery.scene("simulate", &of(&["simulate", "--days", "30"]).exits(0));
    gallery.scene("simulate, as JSON", &of(&["simulate", "--days", "30", "-o", "json"]).exits(0));
    gallery.scene("run, without a word", &of(&["run", "--policy", "retention.toml"]).exits(7));
    gallery.scene("run, dry", &of(&["run", "--policy", "retention.toml", "--dry-run"]).exits(0));
    assert!(desk.fake.asked(DELETE).is_empty(), "nothing was deleted so far");
    gallery.scene("run", &of(&["run", "--policy", "retention.toml", "--yes"]).exits(0));
    gallery.scene("again", &of(&["run", "--policy", "retention.toml", "--yes"]).exits(0));
    gallery.scene("nothing to plan", &of(&["plan"]).exits(0));
    gallery.check();
}

#[test]
fn the_gallery_of_mistakes_and_refusals() {
    let fake = aged_in_2024();
    let mut gallery = Gallery::new("retention_refusals");
    let rule = |more: &str| format!("[[rule]]\nname = \"app\"\nexperiments = [\"my-app\"]\n{more}\n");
    let desk = Desk::new(fake, "");
    let mut offline = |title: &str, policy: &str, code: i32| {
        desk.write(policy);
        gallery.scene(title, &desk.run(&["check"]).exits(code));
        desk.run(&["plan"]).exits(code);
        desk.apply(&[]).exits(code);
        assert!(desk.fake.log().is_empty(), "{title}: nothing is sent");
    };
    offline("no TOML", "[[rule]\n", 2);
    offline("an unknown key", &rule("keep_lsat = 5"), 2);
    offline("an age without a unit", &rule("keep_within = \"30\""), 2);
    offline("a filter that is none", &rule("keep_last = 1\nfilter = \"status == 'OK'\""), 2);
    offline("an empty keeper", &rule("keep_last = 1\nkeep_if = [\"\"]"), 2);
    offline("emptying without a filter", &rule("keep_last = 1\nallow_empty = true"), 2);
    offline("no rule", "", 7);
    offline("no time bound", &rule("filter = \"status = 'OK'\""), 7);
    offline("selecting by feedback", &rule("keep_last = 1\nfilter = \"feedback.gold = 'true'\""), 7);
    gallery.scene("no file", &desk.run(&["check", "--policy", "none.toml"]).exits(2));
    let mut online = |title: &str, policy: &str, arguments: &[&str]| {
        desk.write(policy);
        gallery.scene(title, &desk.run(&[&["plan", "--as-of", MOMENT], arguments].concat()).exits(7));
        let run = ["run", "--policy", "retention.toml", "--yes", "--as-of", MOMENT];
        desk.run(&[run.as_slice(), arguments].concat()).exits(7);
        assert!(desk.fake.asked(DELETE).is_empty(), "{title}: nothing is deleted");
    };
    online("a cap in number", &format!("[defaults]\nmax_delete = 2\n{}", rule("min_age = \"15d\"")), &[]);
    online("a cap by a flag", &rule("min_age = \"15d\""), &["--max-delete", "2"]);
    online("a cap in percent", &format!("[defaults]\nmax_delete_percent = 20\n{}", rule("min_age = \"15d\"")), &[]);
    let all = "keep_within = \"5d\"\nfilter = \"status != 'IN_PROGRESS'\"";
    online("a group that would be emptied", &rule(&format!("{all}\ngroup_by = [\"tags.team\"]")), &[]);
    desk.fake.state().set_tag(&id(8), "keep", "no");
    let emptying = rule("keep_within = \"5d\"").replace("my-app", "checkout");
    online("an experiment that would be emptied", &emptying, &[]);
    std::fs::write(desk.folder.path().join("taken"), "a file").unwrap();
    let archived = "keep_within = \"5d\"\nfilter = \"status = 'OK'\"\nallow_empty = true\narchive_to = \"taken\"";
    desk.write(&rule(archived));
    let run = ["run", "--policy", "retention.toml", "--yes", "--as-of", MOMENT];
    gallery.scene("a place that cannot be archived to", &desk.run(&run).exits(7));
    assert!(desk.fake.asked(DELETE).is_empty());
    desk.write(&rule("keep_within = \"5d\"").replace("my-app", "their-app"));
    gallery.scene("an experiment that is not there", &desk.run(&["plan", "--as-of", MOMENT]).exits(9));
    desk.write(&rule("keep_within = \"5d\"").replace("my-app", "their-*"));
    gallery.scene("a pattern that nothing fits", &desk.run(&["plan", "--as-of", MOMENT]).exits(0));
    gallery.scene("a policy and an age", &desk.apply(&["--older-than", "5d"]).exits(2));
    gallery.scene("a policy and a flag", &desk.apply(&["--status", "OK"]).exits(2));
    gallery.scene("a moment to come", &desk.apply(&["--as-of", "2999-01-01"]).exits(2));
    gallery.check();
}

#[test]
fn a_run_deletes_what_the_plan_shows_and_nothing_else() {
    let desk = Desk::new(aged(), POLICY);
    let plan = desk.run(&["plan", "-o", "json"]).succeeds().json();
    assert_eq!((&plan["dry_run"], &plan["planned"], &plan["traces"]), (&json!(true), &json!(2), &json!(9)));
    assert_eq!(plan["size_bytes"], 2048);
    let ids = desk.run(&["plan", "-o", "ids"]).succeeds().lines();
    // 1 and 2 are young; 3 and 4 are the second of their teams; 6 and 7 are kept by a keeper; 8 is in progress.
    assert_eq!(ids, [id(9), id(5)]);
    let summary = desk.apply(&[]).succeeds().json();
    assert_eq!((&summary["planned"], &summary["deleted"]), (&json!(2), &json!(2)));
    desk.left(&[1, 2, 3, 4, 6, 7, 8]);
    assert_eq!(desk.fake.state().ids(CHECKOUT), [id(20)]);
}

#[test]
fn plan_lines_say_would_and_json_says_dry_run() {
    let desk = Desk::new(aged(), POLICY);
    let plan = desk.run(&["plan"]).succeeds();
    for line in plan.stdout.lines().filter(|line| line.contains("delete") && !line.contains("--artifacts delete")) {
        assert!(line.contains("WOULD"), "{line}");
    }
    let simulated = desk.run(&["simulate"]).succeeds();
    assert!(simulated.lines()[0].contains("WOULD"), "{simulated}");
    for command in [["plan"].as_slice(), &["simulate"], &["explain", &id(1)]] {
        let told = desk.run(&[command, &["-o", "json"]].concat()).succeeds().json();
        assert_eq!(told["dry_run"], true, "{told}");
    }
    assert!(desk.fake.asked(DELETE).is_empty());
}

#[test]
fn a_plan_costs_one_walk_and_one_search_for_each_filter_that_infos_do_not_decide() {
    let policy = POLICY.replace(", \"feedback.gold IS NOT NULL\"", "");
    let desk = Desk::new(aged(), &policy);
    desk.run(&["plan"]).succeeds();
    assert_eq!(desk.fake.asked(SEARCH).len(), 1);
    let desk = Desk::new(aged(), POLICY);
    desk.run(&["plan"]).succeeds();
    assert_eq!(desk.fake.asked(SEARCH).len(), 2);
}

#[test]
fn a_trace_that_a_keep_keeps_by_now_is_spared() {
    for keep in ["tags.keep", "feedback"] {
        let desk = Desk::new(aged(), POLICY);
        desk.run(&["plan"]).succeeds();
        let planning = desk.fake.asked(SEARCH).len();
        desk.fake.before(Rule::nth(planning + 1, SEARCH), move |state| match keep {
            "feedback" => {
                let seed = Seed::new(9).feedback("gold", true, ("HUMAN", "jane"));
                let assessment = seed.info["assessments"][0].as_object().unwrap().clone();
                state.put_assessment(&id(9), assessment);
            }
            _ => state.set_tag(&id(9), "keep", "true"),
        });
        let summary = desk.apply(&[]).succeeds().json();
        assert_eq!((&summary["planned"], &summary["deleted"], &summary["spared"]), (&json!(2), &json!(1), &json!(1)));
        desk.left(&[1, 2, 3, 4, 6, 7, 8, 9]);
    }
}

#[test]
fn a_trace_that_no_rule_selects_any_more_is_spared() {
    let policy =
        "[[rule]]\nname = \"a\"\nexperiments = [\"1\"]\nfilter = \"tags.team = 'chat'\"\nkeep_within = \"60d\"\n";
    let desk = Desk::new(aged(), policy);
    desk.fake.before(Rule::nth(2, SEARCH), |state| state.set_tag(&id(9), "team", "other"));
    let summary = desk.apply(&[]).succeeds().json();
    assert_eq!((&summary["planned"], &summary["spared"], &summary["deleted"]), (&json!(2), &json!(1), &json!(1)));
    desk.left(&[1, 2, 3, 4, 5, 6, 8, 9]);
}

#[test]
fn a_rule_that_selects_and_keeps_wins_over_one_that_lets_go() {
    let policy = "[[rule]]\nname = \"all\"\nexperiments = [\"*\"]\nmin_age = \"15d\"\n\n[[rule]]\nname = \"failed\"\nexperiments = [\"my-app\"]\nfilter = \"status = 'ERROR'\"\nkeep_last = 1\n";
    let desk = Desk::new(aged(), policy);
    desk.run(&["plan", "-o", "ids", "-x", "my-app"]).succeeds();
    desk.apply(&["-x", "my-app"]).succeeds();
    desk.left(&[1, 3, 8]);
    assert_eq!(desk.fake.state().ids(CHECKOUT), [id(20)], "the flag narrows the policy");
}

#[test]
fn experiments_are_named_without_doubt() {
    let desk = Desk::new(aged(), POLICY);
    desk.run(&["plan", "-x", "nowhere"]).exits(9).tells("there is no experiment \"nowhere\"");
    desk.run(&["plan", "-x", "checkout"]).succeeds().tells("the policy does not cover experiment \"checkout\"");
    desk.fake.state().add_experiment("77", "1");
    desk.write("[[rule]]\nname = \"a\"\nexperiments = [\"1\"]\nkeep_last = 1\n");
    desk.run(&["plan"]).exits(2).tells("\"1\"");
    desk.apply(&[]).exits(2);
    assert!(desk.fake.asked(DELETE).is_empty());
}

#[test]
fn spans_and_long_texts_are_asked_of_the_server() {
    let rule = "[[rule]]\nname = \"a\"\nexperiments = [\"my-app\"]\nkeep_within = \"15d\"\n";
    for (keep, left) in [
        ("span.name = 'chat'", [1, 2, 3, 4, 5, 6, 7, 8, 9].as_slice()),
        ("span(name = 'chat' AND duration > 1s)", &[1, 8]),
        ("metadata.note LIKE '%needle%'", &[1, 5, 8]),
        ("tags.team LIKE 'sea%' OR latency > 5h", &[1, 2, 4, 6, 8]),
    ] {
        let desk = Desk::new(aged(), &format!("{rule}keep_if = [\"{keep}\"]\n"));
        let noted = Seed::new(5).days_old(50).metadata("note", &format!("{} needle", "x".repeat(300)));
        desk.fake.state().remove(&id(5));
        desk.fake.state().add([noted]);
        desk.apply(&[]).succeeds();
        let mut ids = desk.fake.state().ids(APP);
        ids.sort();
        assert_eq!(ids, left.iter().copied().map(id).collect::<Vec<_>>(), "{keep}");
    }
}

#[test]
fn far_more_than_the_last_time_is_refused() {
    let policy = "[[rule]]\nname = \"a\"\nexperiments = [\"my-app\"]\nkeep_within = \"80d\"\nfilter = \"status != 'IN_PROGRESS'\"\n";
    let desk = Desk::new(aged(), policy);
    assert_eq!(desk.apply(&[]).succeeds().json()["deleted"], 1);
    let more = |first: u32, number: u32| {
        desk.fake.state().add((first..first + number).map(|number| Seed::new(number).days_old(100)));
    };
    more(100, 3);
    assert_eq!(desk.apply(&[]).succeeds().json()["deleted"], 3, "three times as many is not too many");
    more(200, 10);
    desk.apply(&[]).exits(7).tells("more than 3 times the 3 of the last run").tells("--allow-growth");
    desk.run(&["plan"]).exits(7);
    desk.run(&["plan", "--allow-growth"]).succeeds();
    assert_eq!(desk.apply(&["--allow-growth"]).succeeds().json()["deleted"], 10);
    // Another policy has no last run.
    desk.write(&policy.replace("80d", "25d"));
    desk.apply(&[]).succeeds();
}

/// A server whose answer to the question for its time has this date.
fn dated(desk: &Desk, nth: usize, date: &str) {
    let answer = Answer::json(200, &json!({"experiments": []})).header("Date", date);
    desk.fake.fail(Rule::nth(nth, EXPERIMENTS), Failure::Answer(answer));
}

#[test]
fn clocks_that_disagree_are_refused() {
    for (date, flags, code) in [
        ("Sun, 22 Nov 1998 08:00:00 GMT", &[][..], 7),
        ("Sun, 22 Nov 1998 08:00:00 GMT", &["--trust-clock"], 7),
        ("yesterday", &[], 7),
        ("yesterday", &["--trust-clock"], 0),
    ] {
        let desk = Desk::new(aged(), POLICY);
        dated(&desk, 2, date);
        let ended = desk.apply(flags).exits(code);
        if code == 7 {
            let told = if date == "yesterday" { "sends no time" } else { "s behind this machine's" };
            ended.tells(told);
            assert!(desk.fake.asked(DELETE).is_empty());
        }
    }
}

#[test]
fn nothing_is_deleted_when_an_experiment_cannot_be_read() {
    let desk = Desk::new(aged(), POLICY);
    desk.fake.fail(Rule::nth(2, SEARCH), Failure::status(403, "no"));
    desk.apply(&[]).fails();
    assert!(desk.fake.asked(DELETE).is_empty());
}

#[test]
fn a_simulation_tells_when_each_trace_goes() {
    let policy = "[[rule]]\nname = \"a\"\nexperiments = [\"my-app\"]\nkeep_within = \"30d\"\nkeep_if = [\"status = 'ERROR' AND timestamp > -45d\"]\n";
    let desk = Desk::new(aged(), policy);
    let of = |days: &str| desk.run(&["simulate", "--days", days, "-o", "json"]).succeeds().json();
    let numbers = |told: &Value| -> Vec<u64> {
        told["days"].as_array().unwrap().iter().map(|day| day["planned"].as_u64().unwrap()).collect()
    };
    // Today 5, 6, 7 and 9; 4 after 5 days, 2 after 10, 3 after 15, 1 after 20.
    let told = of("30");
    assert_eq!((numbers(&told), &told["planned"], &told["traces"]), (vec![4, 1, 1, 1, 1], &json!(8), &json!(9)));
    let told = of("12");
    assert_eq!(numbers(&told), [4, 1, 1]);
    let days: Vec<&str> = told["days"].as_array().unwrap().iter().map(|day| day["day"].as_str().unwrap()).collect();
    let epoch_days =
        |day: &str| mlflow_trace::model::parse_rfc3339_ms(&format!("{day}T00:00:00Z")).unwrap() / 86_400_000;
    let distances: Vec<i64> = days.iter().map(|day| epoch_days(day) - epoch_days(days[0])).collect();
    assert_eq!(distances, [0, 5, 10]);
    desk.run(&["simulate", "--days", "0"]).exits(2);
}

#[test]
fn a_moment_in_the_past_leaves_what_came_since_alone() {
    let desk = Desk::new(aged(), "[[rule]]\nname = \"a\"\nexperiments = [\"my-app\"]\nkeep_last = 1\n");
    assert_eq!(desk.run(&["plan", "--as-of", "55d", "-o", "ids"]).succeeds().lines(), [id(9), id(7)]);
}

#[test]
fn archives_are_planned_and_never_deleted_from() {
    let desk = Desk::new(aged(), POLICY);
    let file = desk.folder.path().join("traces.jsonl");
    desk.fake.run(&["export", file.to_str().unwrap()]).succeeds();
    desk.write(&POLICY.replace("\"my-*\", ", "").replace("[\"my-*\"]", "[\"*\"]").replace("\"my-app\"", "\"1\""));
    let of = |command: &[&str]| {
        let program = Program::new([&["retention"], command].concat()).in_folder(desk.folder.path());
        program.hidden_env("MLFLOW_TRACKING_URI", format!("file:{}", file.display())).run()
    };
    assert_eq!(of(&["plan", "-o", "ids"]).succeeds().lines(), [id(9), id(5)]);
    of(&["explain", &id(9)]).succeeds().prints("WOULD delete it");
    of(&["simulate", "--days", "5"]).succeeds();
    of(&["run", "--policy", "retention.toml", "--yes"]).exits(2);
    let demo = Program::new(["retention", "plan"]).in_folder(desk.folder.path()).env("MLFLOW_TRACKING_URI", "demo");
    desk.write("[[rule]]\nname = \"a\"\nexperiments = [\"*\"]\nkeep_last = 1\n");
    demo.run().succeeds().prints("WOULD delete");
}

fn schedule(desk: &Desk, arguments: &[&str]) -> Run {
    desk.run(&[&["schedule"], arguments].concat())
}

#[test]
fn schedules_are_ready_and_hold_no_secrets() {
    let desk = Desk::new(aged(), POLICY);
    let path: PathBuf = desk.folder.path().canonicalize().unwrap_or_else(|_| Path::new("/").into());
    let policy = path.join("retention.toml").display().to_string();
    let cron = schedule(&desk, &["--format", "cron", "--at", "04:05"]).succeeds();
    assert!(cron.stdout.contains(&format!("5 4 * * * MLFLOW_TRACKING_URI={} ", desk.fake.uri())), "{cron}");
    assert!(cron.stdout.ends_with(&format!(" retention run --policy {policy} --cron > /dev/null\n")), "{cron}");
    let limits = ["--max-delete", "5", "--sleep-between", "1500ms", "--max-time", "10m", "--lock-wait", "300s"];
    let more = ["--format", "cron", "-x", "my-app", "--metrics-file", "r.prom"];
    let cron = schedule(&desk, &[more.as_slice(), &limits].concat()).succeeds();
    let words = format!(
        " --cron --experiment my-app --max-delete 5 --sleep-between 1500ms --max-time 10m --lock-wait 5m --metrics-file {}/r.prom > ",
        path.display()
    );
    assert!(cron.stdout.contains(&words), "{cron}");
    let systemd = schedule(&desk, &["--format", "systemd", "--name", "purge"]).succeeds();
    assert!(systemd.stdout.contains("# /etc/systemd/system/purge.timer"), "{systemd}");
    assert!(systemd.stdout.contains(&format!(" retention run --policy {policy} --cron --jitter 0s\n")), "{systemd}");
    let kubernetes = schedule(&desk, &["--format", "kubernetes", "--image", "example/mlflow-trace:1"]).succeeds();
    let mut indented = String::new();
    for line in POLICY.lines() {
        let _ = writeln!(indented, "{}", if line.is_empty() { String::new() } else { format!("    {line}") });
    }
    assert!(kubernetes.stdout.contains(&indented), "{kubernetes}");
    let secret = desk.program(&["schedule", "--format", "kubernetes", "--image", "x"]);
    let uri = desk.fake.uri().replace("http://", "http://jane:hunter2@");
    let secret = secret.hidden_env("MLFLOW_TRACE_HEARTBEAT_URL", "https://monitor/hunter2");
    let ended = secret.hidden_env("MLFLOW_TRACKING_URI", uri).run().succeeds();
    assert!(!ended.stdout.contains("hunter2"), "{ended}");
    schedule(&desk, &["--format", "kubernetes"]).exits(2);
    schedule(&desk, &["--format", "cron", "--at", "25:00"]).exits(2);
    schedule(&desk, &["--format", "cron", "--name", "Not Plain"]).exits(2);
    assert!(desk.fake.log().is_empty());
    desk.write("");
    schedule(&desk, &["--format", "cron"]).exits(7);
}

#[test]
fn what_is_in_progress_stays_unless_it_is_named() {
    let rule = "[[rule]]\nname = \"a\"\nexperiments = [\"my-app\"]\nkeep_within = \"75d\"\n";
    for (more, left) in [
        ("", [1, 2, 3, 4, 5, 6, 7, 8].as_slice()),
        ("filter = \"status = 'IN_PROGRESS'\"\n", &[1, 2, 3, 4, 5, 6, 7, 9]),
        ("filter = \"status != 'OK'\"\n", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ] {
        let desk = Desk::new(aged(), &format!("{rule}{more}"));
        desk.apply(&[]).succeeds();
        desk.left(left);
    }
    let by_age = ["retention", "run", "--older-than", "75d", "--yes"];
    let fake = aged();
    fake.run(&by_age).succeeds().tells("1 kept by --keep-if or because they are in progress");
    assert_eq!(fake.state().ids(APP), (1..=8).map(id).collect::<Vec<_>>());
    fake.run(&[by_age.as_slice(), &["--status", "IN_PROGRESS"]].concat()).succeeds();
    assert_eq!(fake.state().ids(APP), (1..=7).map(id).collect::<Vec<_>>());
}
