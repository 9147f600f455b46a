//! Profiles: what counts before what, whose credentials go where, what is forbidden, and the commands that write the file.

use std::fs;
use std::path::Path;

use crate::errors::closed_port;
use crate::fake::{ASSESSMENT, Failure, Fake, KNOWN, Rule, Seed, State, recorded};
use crate::snapshot::Gallery;
use crate::support::{Program, Run};

/// A home with a file of profiles.
struct Home(tempfile::TempDir);

impl Home {
    fn new(config: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.write(config);
        home
    }

    fn config(&self) -> std::path::PathBuf {
        self.0.path().join(".config/mlflow-trace/config.toml")
    }

    fn write(&self, config: &str) {
        fs::create_dir_all(self.config().parent().unwrap()).unwrap();
        fs::write(self.config(), config).unwrap();
        only_owner(&self.config());
    }

    fn text(&self) -> String {
        fs::read_to_string(self.config()).unwrap()
    }

    fn program(&self, arguments: &[&str]) -> Program {
        let home = self.0.path();
        Program::new(arguments)
            .hidden_env("HOME", home)
            .in_folder(home)
            .hidden_env("USER", "jane")
            .hidden_env("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.program(arguments).run()
    }
}

fn only_owner(path: &Path) {
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt;

    fs::metadata(path).unwrap().mode() & 0o777
}

fn profile(name: &str, fake: &Fake, more: &str) -> String {
    format!("[profile.{name}]\ntracking_uri = \"{}\"\nexperiment = \"my-app\"\n{more}", fake.uri())
}

/// What was sent as `Authorization`, without repetitions.
fn authorizations(fake: &Fake) -> Vec<Option<String>> {
    let mut sent: Vec<_> = fake.log().iter().map(|request| request.headers.get("authorization").cloned()).collect();
    sent.dedup();
    sent
}

fn bearer(token: &str) -> Vec<Option<String>> {
    vec![Some(format!("Bearer {token}"))]
}

/// Requests that change something.
fn changes(fake: &Fake) -> Vec<String> {
    let reads = ["/search", "/metrics", "/batchGetInfos", "/calculate-filter-correlation"];
    let lines = fake.log().into_iter().map(|request| request.line());
    lines.filter(|line| !line.starts_with("GET ") && !reads.iter().any(|read| line.ends_with(read))).collect()
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_profile() {
    let (by_flag, by_variable, by_profile) = (Fake::with_many(3), Fake::with_many(2), Fake::with_many(1));
    let home = Home::new(&profile("p", &by_profile, ""));
    let count = |arguments: &[&str], variable: Option<&str>| {
        let program = home.program(&[&["count", "--profile", "p", "-x", "my-app"], arguments].concat());
        let program = match variable {
            Some(uri) => program.hidden_env("MLFLOW_TRACKING_URI", uri),
            None => program,
        };
        program.run().succeeds().stdout.trim().to_owned()
    };
    assert_eq!(count(&[], None), "1");
    assert_eq!(count(&[], Some(&by_variable.uri())), "2");
    assert_eq!(count(&["-u", &by_flag.uri()], Some(&by_variable.uri())), "3");
}

#[test]
fn an_experiment_of_the_profile_is_one_that_nobody_else_names() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).experiment("2"), Seed::new(3).experiment("2")]);
    let home = Home::new(&profile("p", &fake, ""));
    let count = |arguments: &[&str]| home.program(&[&["count", "--profile", "p"], arguments].concat());
    assert_eq!(count(&[]).run().succeeds().stdout, "1\n");
    assert_eq!(count(&["-x", "checkout"]).run().succeeds().stdout, "2\n");
    assert_eq!(count(&[]).hidden_env("MLFLOW_EXPERIMENT_ID", "2").run().succeeds().stdout, "2\n");
}

#[test]
fn a_profile_is_chosen_by_a_flag_the_environment_or_the_file() {
    let (one, two) = (Fake::with_many(1), Fake::with_many(2));
    let text = format!("default_profile = \"one\"\n{}\n{}", profile("one", &one, ""), profile("two", &two, ""));
    let home = Home::new(&text);
    assert_eq!(home.run(&["count"]).succeeds().stdout, "1\n");
    let by_variable = home.program(&["count"]).hidden_env("MLFLOW_TRACE_PROFILE", "two");
    assert_eq!(by_variable.run().succeeds().stdout, "2\n");
    let by_flag = home.program(&["count", "--profile", "one"]).hidden_env("MLFLOW_TRACE_PROFILE", "two");
    assert_eq!(by_flag.run().succeeds().stdout, "1\n");
    home.run(&["count", "--profile", "none"]).exits(2).tells("no tracking server given");
    home.run(&["count", "--profile", "on"]).exits(2).tells("there is no profile \"on\"").tells("did you mean one?");
    let elsewhere = home.0.path().join("other.toml");
    fs::write(&elsewhere, text.replace("default_profile = \"one\"", "default_profile = \"two\"")).unwrap();
    let by_path = home.program(&["count"]).hidden_env("MLFLOW_TRACE_CONFIG", &elsewhere);
    assert_eq!(by_path.run().succeeds().stdout, "2\n");
    let missing = home.program(&["count"]).hidden_env("MLFLOW_TRACE_CONFIG", "/nowhere/c.toml").run().exits(2);
    missing.tells("/nowhere/c.toml: cannot read the profiles");
}

#[test]
fn what_a_profile_sends_goes_to_its_own_server_alone() {
    let (own, other) = (Fake::with_many(1), Fake::with_many(1));
    let more = "token = \"t0ken\"\nworkspace = \"team\"\nheaders = { X-Team = \"ml\" }\n";
    let home = Home::new(&profile("p", &own, more));
    let mut team = State::with_experiments();
    team.add([Seed::new(1)]);
    own.state().workspaces.insert("team".into(), team);
    home.run(&["count", "--profile", "p"]).succeeds();
    assert_eq!(authorizations(&own), bearer("t0ken"));
    assert!(own.log().iter().all(|request| {
        request.headers.get("x-team").map(String::as_str) == Some("ml")
            && request.headers.get("x-mlflow-workspace").map(String::as_str) == Some("team")
    }));
    let elsewhere = home.run(&["count", "--profile", "p", "-u", &other.uri(), "-x", "my-app"]).succeeds();
    elsewhere.tells("--tracking-uri names another server than the profile \"p\"");
    assert_eq!(authorizations(&other), [None]);
    let headers = |name: &str| other.log().iter().any(|request| request.headers.contains_key(name));
    assert!(!headers("x-team") && !headers("x-mlflow-workspace"));
    let same = own.uri();
    home.run(&["count", "--profile", "p", "-u", &format!("{same}/")]).succeeds().does_not_tell("another server");
    assert_eq!(authorizations(&own), bearer("t0ken"));
}

#[test]
fn who_logs_in_comes_from_the_environment_before_the_profile_and_from_that_before_files() {
    let fake = Fake::with_many(1);
    let home = Home::new(&profile("p", &fake, "token_file = \"token\"\n"));
    fs::write(home.config().with_file_name("token"), "of-a-file\n").unwrap();
    fs::write(home.0.path().join(".netrc"), "default login netrc password netrc\n").unwrap();
    home.run(&["count", "--profile", "p"]).succeeds();
    assert_eq!(authorizations(&fake), bearer("of-a-file"));
    let fake = Fake::with_many(1);
    home.write(&profile("p", &fake, "token_command = \"echo of-a-command\"\n"));
    home.run(&["count", "--profile", "p"]).succeeds();
    assert_eq!(authorizations(&fake), bearer("of-a-command"));
    let fake = Fake::with_many(1);
    home.write(&profile("p", &fake, "token = \"of-the-profile\"\n"));
    home.program(&["count", "--profile", "p"]).hidden_env("MLFLOW_TRACKING_TOKEN", "of-a-variable").run().succeeds();
    assert_eq!(authorizations(&fake), bearer("of-a-variable"));
    let fake = Fake::with_many(1);
    home.write(&profile("p", &fake, "username = \"jane\"\n"));
    home.run(&["count", "--profile", "p"]).exits(2).tells("has a username and no password");
    home.program(&["count", "--profile", "p"]).hidden_env("MLFLOW_TRACKING_PASSWORD", "pw").run().succeeds();
    assert_eq!(authorizations(&fake), [Some("Basic amFuZTpwdw==".to_owned())]);
}

/// Every command that changes something, with what it needs in the folder.
const CHANGES: &[&[&str]] = &[
    &["tag", "set", KNOWN, "a=b"],
    &["tag", "delete", KNOWN, "environment"],
    &["feedback", "log", KNOWN, "--name", "a", "--value", "1"],
    &["feedback", "import", "feedback.csv", "--value-type", "number"],
    &["feedback", "override", KNOWN, ASSESSMENT, "--value", "false"],
    &["expectation", "log", KNOWN, "--name", "a", "--value", "1"],
    &["expectation", "import", "feedback.csv", "--value-type", "number"],
    &["assessment", "update", KNOWN, ASSESSMENT, "--value", "false"],
    &["assessment", "delete", KNOWN, ASSESSMENT],
    &["delete", KNOWN, "--yes"],
    &["retention", "run", "--older-than", "1d", "--yes"],
    &["retention", "run", "--policy", "retention.toml", "--yes"],
    &["retention", "schedule", "--format", "cron"],
    &["apply", "plan.jsonl", "--yes"],
    &["undo", "RUN"],
    &["import", "traces.jsonl"],
    &["experiments", "create", "new"],
    &["runs", "unlock", "--yes"],
];

#[test]
fn nothing_is_changed_with_a_profile_that_is_read_only() {
    let fake = Fake::with([Seed::known().tag("environment", "production"), Seed::new(1)]);
    let home = Home::new(&profile("prod", &fake, ""));
    let folder = home.0.path();
    let rows = format!("trace_id,name,value,source_type,source_id\n{KNOWN},a,1,CODE,x\n");
    fs::write(folder.join("feedback.csv"), rows).unwrap();
    let policy = "[[rule]]\nname = \"a\"\nexperiments = \"*\"\nkeep_within = \"1d\"\nkeep_last = 1\n";
    fs::write(folder.join("retention.toml"), policy).unwrap();
    home.run(&["tag", "set", "--name", "no-such", "a=b", "--plan", "plan.jsonl", "--profile", "prod"]).succeeds();
    home.run(&["export", "traces.jsonl", "--spans", "--profile", "prod"]).succeeds();
    home.run(&["tag", "set", KNOWN, "team=search", "--profile", "prod"]).succeeds();
    let runs = home.run(&["runs", "list", "-o", "ids", "--profile", "prod"]).succeeds();
    let run_id = runs.stdout.lines().next().unwrap().to_owned();
    home.write(&format!(
        "{}\n[profile.other]\ntracking_uri = \"http://127.0.0.1:9\"\n",
        profile("prod", &fake, "read_only = true\n")
    ));
    let before = changes(&fake).len();
    let by_localhost = fake.uri().replace("127.0.0.1", "localhost");
    for command in CHANGES {
        let words: Vec<&str> = command.iter().map(|word| if *word == "RUN" { &run_id } else { *word }).collect();
        for more in [
            &["--profile", "prod"][..],
            &["--profile", "prod", "-u", "http://127.0.0.1:9"],
            &["-u", &by_localhost, "-x", "my-app"],
            &["--profile", "other", "-u", &fake.uri(), "-x", "my-app"],
        ] {
            let ended = home.run(&[&words, more].concat()).exits(7).tells("nothing was changed");
            // A plan and a journal for another server are refused before a store is opened.
            if !(more.contains(&"http://127.0.0.1:9") && ["apply", "undo"].contains(&words[0])) {
                ended.tells("the profile \"prod\" in ").tells("config.toml is read-only; nothing was changed");
            }
        }
    }
    assert_eq!(changes(&fake).len(), before, "{:?}", changes(&fake));
    home.run(&["search", "--profile", "prod"]).succeeds();
    home.run(&["retention", "plan", "--profile", "prod"]).succeeds();
    let writable = format!("{}\n{}", home.text(), profile("admin", &fake, ""));
    home.write(&writable);
    home.run(&["tag", "set", KNOWN, "a=b", "--profile", "admin"]).succeeds();
}

#[test]
fn a_profile_can_allow_deletions_by_plans_alone() {
    let fake = Fake::with_many(3);
    let home = Home::new(&profile("p", &fake, "deletes = \"plan-only\"\n"));
    let run = |arguments: &[&str]| home.run(&[arguments, &["--profile", "p"]].concat());
    for command in [&["delete", "--status", "OK", "--yes"][..], &["retention", "run", "--older-than", "1s", "--yes"]] {
        run(command).exits(7).tells("allows deletions by plans alone; nothing was deleted").tells("--plan FILE");
    }
    run(&["delete", "--status", "OK", "--dry-run"]).succeeds();
    run(&["delete", "--status", "OK", "--plan", "plan.jsonl"]).succeeds();
    assert!(fake.asked("delete-traces").is_empty());
    run(&["apply", "plan.jsonl", "--yes"]).succeeds();
    assert!(fake.state().ids("1").is_empty());
}

#[test]
fn a_profile_limits_how_many_traces_are_deleted() {
    let fake = Fake::with_many(3);
    let home = Home::new(&profile("p", &fake, "max_delete = 2\n"));
    let policy = "[[rule]]\nname = \"a\"\nexperiments = \"*\"\nkeep_within = \"1s\"\nfilter = \"status = 'OK'\"\nallow_empty = true\n";
    fs::write(home.0.path().join("retention.toml"), policy).unwrap();
    let run = |arguments: &[&str]| home.run(&[arguments, &["--profile", "p"]].concat());
    let told = "3 traces would be deleted, more than max_delete = 2 of the profile \"p\" in ";
    run(&["delete", "--status", "OK", "--yes"]).exits(7).tells(told);
    run(&["retention", "run", "--older-than", "1s", "--yes"]).exits(7).tells(told);
    run(&["retention", "run", "--policy", "retention.toml", "--yes"]).exits(7).tells("max_delete = 2");
    run(&["delete", "--status", "OK", "--max-delete", "9", "--plan", "plan.jsonl"]).succeeds();
    run(&["apply", "plan.jsonl", "--yes"]).exits(7).tells(told);
    assert!(fake.asked("delete-traces").is_empty());
    run(&["delete", "--status", "OK", "--max-delete", "3", "--yes"]).succeeds();
}

#[test]
fn a_search_begins_where_the_profile_says_unless_it_says_so_itself() {
    let fake = Fake::with([Seed::new(1).days_old(30), Seed::new(2).days_old(1)]);
    let home = Home::new(&profile("p", &fake, "default_since = \"7d\"\n"));
    let count = |arguments: &[&str]| home.run(&[&["count", "--profile", "p"], arguments].concat()).succeeds();
    assert_eq!(count(&[]).tells("Since 7d, as the profile \"p\" says").stdout, "1\n");
    assert_eq!(count(&["--since", "1970-01-01"]).does_not_tell("profile").stdout, "2\n");
    assert_eq!(count(&["timestamp_ms > 0"]).stdout, "2\n");
    assert_eq!(home.run(&["search", "--profile", "p", "-o", "ids"]).succeeds().lines().len(), 1);
}

#[test]
fn a_file_that_cannot_be_read_stops_everything_that_needs_a_store() {
    let fake = Fake::with_many(1);
    let home = Home::new("[profile.p]\nread_onyl = true\n");
    let ended = home.run(&["count", "-u", &fake.uri(), "-x", "my-app"]).exits(2);
    ended.tells("config.toml:2: profile \"p\": there is no key \"read_onyl\"").tells("did you mean read_only?");
    assert!(fake.log().is_empty());
    for command in [&["config", "list"][..], &["config", "show"], &["config", "use", "p"], &["config", "init", "q"]] {
        home.run(command).exits(2).tells("read_onyl");
    }
    let path = home.run(&["config", "path"]).succeeds();
    assert_eq!(path.stdout.trim(), home.config().display().to_string());
    home.run(&["filter", "check", "status = 'OK'"]).succeeds();
    home.run(&["completions", "bash"]).succeeds();
}

#[test]
fn secrets_that_others_can_read_are_a_warning() {
    use std::os::unix::fs::PermissionsExt;

    let fake = Fake::with_many(1);
    let home = Home::new(&profile("p", &fake, "token = \"t0ken\"\n"));
    home.run(&["count", "--profile", "p"]).succeeds().does_not_tell("warning");
    fs::set_permissions(home.config(), fs::Permissions::from_mode(0o644)).unwrap();
    for command in [&["count", "--profile", "p"][..], &["config", "show", "--profile", "p"]] {
        home.run(command).succeeds().tells("warning: others can read the secrets in ").does_not_print("t0ken");
    }
    home.write(&profile("p", &fake, ""));
    fs::set_permissions(home.config(), fs::Permissions::from_mode(0o644)).unwrap();
    home.run(&["count", "--profile", "p"]).succeeds().does_not_tell("warning");
}

/// As `secret-tool` is called; it keeps its secrets in a folder.
const KEYRING: &str = r#"#!/bin/sh
echo "$*" >> "$HOME/calls"
case "$1" in
store) /bin/cat > "$HOME/kept" ;;
lookup) /bin/cat "$HOME/kept" ;;
esac
"#;

#[test]
#[cfg(target_os = "linux")]
fn a_token_is_kept_in_the_keyring_if_that_is_asked() {
    use std::os::unix::fs::PermissionsExt;

    let fake = Fake::with_many(1);
    let home = Home(tempfile::tempdir().unwrap());
    let init = |folder: &Path| {
        let made =
            home.program(&["config", "init", "prod", "-u", &fake.uri(), "-x", "my-app", "--token-stdin", "--keyring"]);
        made.hidden_env("PATH", folder).stdin("t0ken-$HOME\n").run()
    };
    init(Path::new("/nonexistent")).exits(1).tells("secret-tool is not installed").tells("omit --keyring");
    assert!(!home.config().exists());
    let program = home.0.path().join("secret-tool");
    fs::write(&program, KEYRING).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    init(home.0.path()).succeeds();
    let text = home.text();
    assert!(text.contains("token_command = \"secret-tool lookup service mlflow-trace profile prod\"\n"), "{text}");
    let calls = fs::read_to_string(home.0.path().join("calls")).unwrap();
    assert!(!calls.contains("t0ken") && !text.contains("t0ken"), "{calls}");
    let path = format!("{}:{}", home.0.path().display(), std::env::var("PATH").unwrap());
    home.program(&["count"]).hidden_env("PATH", path).run().succeeds();
    assert_eq!(fake.log().last().unwrap().headers["authorization"], "Bearer t0ken-$HOME");
}

#[test]
fn a_profile_is_made_tested_and_written_with_its_secret_in_a_file_of_its_own() {
    let fake = Fake::with_many(1);
    let home = Home(tempfile::tempdir().unwrap());
    let made =
        home.program(&["config", "init", "prod", "-u", &fake.uri(), "-x", "my-app", "--token-stdin", "--read-only"]);
    made.stdin("t0ken\n").run().succeeds().tells("Connected to http").tells("It is the default");
    assert_eq!(authorizations(&fake), bearer("t0ken"));
    let (text, secret) = (home.text(), home.config().with_file_name("secrets").join("prod"));
    assert!(!text.contains("t0ken") && text.contains("token_file = \"secrets/prod\"\n"), "{text}");
    assert_eq!(
        (fs::read_to_string(&secret).unwrap().as_str(), mode(&secret), mode(&home.config())),
        ("t0ken\n", 0o600, 0o600)
    );
    assert_eq!(home.run(&["count"]).succeeds().stdout, "1\n");
    home.run(&["tag", "set", KNOWN, "a=b"]).exits(7);
    let again = home.run(&["config", "init", "prod", "-u", &fake.uri()]).exits(2);
    again.tells("the profile \"prod\" already exists in ");
    let uri = fake.uri().replace("http://", "http://jane:hunter2@");
    home.run(&["config", "init", "jane", "-u", &uri, "--max-delete", "5", "--default-since", "7d"]).succeeds();
    assert!(home.text().starts_with(&text), "what was there stays");
    assert!(!home.text().contains("hunter2") && home.text().contains("username = \"jane\"\n"), "{}", home.text());
    home.run(&["count", "--profile", "jane", "-x", "my-app"]).succeeds();
    assert_eq!(fake.log().last().unwrap().headers["authorization"], "Basic amFuZTpodW50ZXIy");
    home.run(&["config", "use", "jane"]).succeeds();
    assert!(home.text().starts_with("default_profile = \"jane\"\n"), "{}", home.text());
    home.run(&["config", "use", "jnae"]).exits(2).tells("did you mean jane?");
}

#[test]
fn a_profile_that_does_not_connect_is_not_written() {
    let home = Home(tempfile::tempdir().unwrap());
    let init = |more: &[&str]| home.run(&[&["config", "init", "p"], more].concat());
    init(&["-u", &closed_port()]).exits(5).tells("nothing was written; --no-test writes the profile all the same");
    let fake = Fake::new();
    fake.fail(Rule::every(""), Failure::Answer(recorded("auth_missing_credentials")));
    init(&["-u", &fake.uri()]).exits(4).tells("nothing was written");
    init(&["-u", &Fake::new().uri(), "-x", "my-ap"]).exits(9).tells("nothing was written");
    init(&[]).exits(2).tells("no tracking URI for the profile");
    init(&["-u", "ftp://h"]).exits(2);
    home.run(&["config", "init", "a b", "-u", "demo"]).exits(2).tells("is no name for a profile");
    assert!(!home.config().exists());
    init(&["-u", &closed_port(), "--no-test"]).succeeds();
    home.run(&["config", "init", "d", "-u", "demo"]).succeeds();
    home.run(&["search", "--profile", "d"]).succeeds();
}

#[test]
fn a_new_profile_takes_nothing_over_from_the_one_in_use() {
    let (own, other) = (Fake::with_many(1), Fake::with_many(1));
    let more = "token = \"t0ken\"\nheaders = { X-Team = \"ml\" }\n";
    let home = Home::new(&format!("default_profile = \"p\"\n{}", profile("p", &own, more)));
    home.run(&["config", "init", "q", "-u", &other.uri(), "-x", "my-app"]).succeeds();
    assert_eq!(authorizations(&other), [None]);
    assert!(other.log().iter().all(|request| !request.headers.contains_key("x-team")));
    assert!(own.log().is_empty());
}

#[test]
fn a_schedule_hands_on_what_a_profile_means() {
    let fake = Fake::new();
    let more = "token_command = \"get-token --for $USER\"\nca = \"ca.pem\"\nworkspace = \"team\"\nmax_delete = 7\n\
                headers = { X-Team = \"hunter2\" }\n";
    let home = Home::new(&profile("p", &fake, more));
    let policy = "[[rule]]\nname = \"a\"\nexperiments = \"*\"\nkeep_within = \"1d\"\n";
    fs::write(home.0.path().join("retention.toml"), policy).unwrap();
    let schedule = |more: &[&str]| home.run(&[&["retention", "schedule", "--profile", "p"], more].concat()).succeeds();
    let cron = schedule(&["--format", "cron"]).tells("headers are left out").does_not_print("hunter2");
    let ca = home.config().with_file_name("ca.pem").display().to_string();
    let cron = cron.prints(&format!("MLFLOW_TRACKING_SERVER_CERT_PATH={ca} ")).prints(" MLFLOW_WORKSPACE=team ");
    cron.prints(" --max-delete 7 ").prints(" --token-command 'get-token --for $USER' ");
    schedule(&["--format", "systemd"]).prints(" --token-command \"get-token --for $$USER\" ");
    let job = schedule(&["--format", "kubernetes", "--image", "i"]);
    job.prints("                - \"--token-command\"\n                - \"get-token --for $USER\"\n");
    let by_flag = schedule(&["--format", "cron", "--token-file", "t", "--timeout", "5m"]);
    let token = home.0.path().canonicalize().unwrap().join("t").display().to_string();
    by_flag.prints(&format!(" --token-file {token} ")).prints(" --timeout 300000ms ").does_not_print("get-token");
    home.write(&profile("p", &fake, "username = \"jane\"\npassword = \"hunter2\"\n"));
    let cron = schedule(&["--format", "cron"]).does_not_print("hunter2");
    cron.prints("\n# MLFLOW_TRACKING_PASSWORD=...\n# MLFLOW_TRACKING_USERNAME=...\n");
}

#[test]
fn the_gallery_of_profiles() {
    let fake = Fake::with_many(2);
    let more =
        "token_command = \"get-token\"\nread_only = true\ndefault_since = \"7d\"\nheaders = { X-Team = \"hunter2\" }\n";
    let home = Home::new(&format!(
        "default_profile = \"prod\"\n\n{}\n[profile.dev]\ntracking_uri = \"http://jane:hunter2@localhost:5000\"\ndeletes = \"plan-only\"\n",
        profile("prod", &fake, more)
    ));
    let mut gallery = Gallery::new("profiles");
    gallery.scene("all profiles", &home.run(&["config", "list"]).succeeds());
    gallery.scene("for machines", &home.run(&["config", "list", "-o", "jsonl"]).succeeds());
    gallery.scene("what is in force", &home.run(&["config", "show"]).succeeds());
    let environment = home
        .program(&["config", "show", "--profile", "dev", "-x", "my-app"])
        .env("MLFLOW_TRACKING_TOKEN", "hunter2")
        .env("HTTPS_PROXY", "http://proxy:3128");
    gallery.scene("flags and environment", &environment.run().succeeds());
    gallery.scene("without a profile", &home.run(&["config", "show", "--profile", "none"]).succeeds());
    gallery.scene("another default", &home.run(&["config", "use", "dev"]).succeeds());
    gallery.scene("no such profile", &home.run(&["config", "use", "prd"]).exits(2));
    gallery.scene("a change", &home.run(&["tag", "set", KNOWN, "a=b", "--profile", "prod"]).exits(7));
    let init = ["config", "init", "new", "-u", &fake.uri(), "-x", "my-app", "--no-test", "--plan-only"];
    gallery.scene("a new profile", &home.run(&init).succeeds());
    let nothing = Home(tempfile::tempdir().unwrap());
    gallery.scene("no profiles yet", &nothing.run(&["config", "list"]).succeeds());
    gallery.scene("nothing to ask on", &nothing.run(&["config", "init"]).exits(2));
    home.write("[profile.prod]\ntracking_url = \"http://localhost:5000\"\n");
    gallery.scene("a key that is not known", &home.run(&["search"]).exits(2));
    gallery.check();
}

#[cfg(feature = "database")]
#[test]
fn a_profile_may_allow_changes_of_its_database_and_of_no_other() {
    let home = Home::new("");
    for name in ["mine.db", "other.db"] {
        crate::database::database(&home.0.path().join(name));
    }
    let uri = |name: &str| format!("sqlite:///{}", home.0.path().join(name).display());
    home.write(&format!("[profile.p]\ntracking_uri = \"{}\"\nallow_database_writes = true\n", uri("mine.db")));
    home.run(&["--profile", "p", "tag", "set", "tr-1", "a=b"]).succeeds().tells("changes go to the database itself");
    let other = home.run(&["--profile", "p", "-u", &uri("other.db"), "tag", "set", "tr-1", "a=b"]);
    other.exits(2).tells("--allow-database-writes");
    home.write(&home.text().replace("allow_database_writes", "read_only"));
    let refused = home.run(&["--profile", "p", "--allow-database-writes", "tag", "set", "tr-1", "a=b"]);
    refused.exits(7).tells("config.toml is read-only");
}
