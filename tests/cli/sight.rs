//! Looking into traces on a terminal: beginnings of ids, addresses of pages, tables as wide as the terminal, the pager.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use mlflow_trace::clock::Clock;
use mlflow_trace::model::Trace;
use mlflow_trace::output::{Sink, TableSink, TableStyle};
use serde_json::{Value, json};

use crate::fake::{BASE_MS, CHECKOUT, Failure, Fake, KNOWN, Rule, Seed, id, refused};
use crate::snapshot::same_as_file;
use crate::support::{Ended, Program};

/// An id that is none of the numbered ones.
const OTHER: &str = "tr-8c9da0e9ffffffffffffffffffffffff";

fn renamed(number: u32, id: &str) -> Seed {
    let mut seed = Seed::new(number);
    seed.info["trace_id"] = id.into();
    seed
}

/// Ids with all kinds of beginnings in common.
fn fake() -> Fake {
    Fake::with([
        Seed::known(),
        renamed(2, OTHER),
        renamed(3, "tr-b00000000000000000000000000000b0").state("ERROR").duration_ms(9000),
        renamed(4, "own"),
        renamed(5, "own-id_5"),
        renamed(6, "own-idx5"),
        renamed(7, "tr-c00000000000000000000000000000c0").experiment(CHECKOUT),
    ])
}

fn ids_of(ended: &Ended) -> Vec<String> {
    let lines = ended.jsonl();
    lines.iter().map(|trace| trace["info"]["trace_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_unique_beginning_of_an_id_is_that_trace() {
    let fake = fake();
    for (typed, found) in [
        ("tr-8c9da0e91080", KNOWN),
        ("tr-8c9da0e9f", OTHER),
        ("tr-b", "tr-b00000000000000000000000000000b0"),
        ("own-id_", "own-id_5"),
        ("own", "own"),
    ] {
        assert_eq!(ids_of(&fake.run(&["get", typed, "-o", "jsonl"]).succeeds()), [found], "{typed}");
    }
    let both = fake.run(&["get", "tr-8c9da0e91", KNOWN, "tr-8c9da0e9f", "-o", "jsonl"]).succeeds();
    assert_eq!(ids_of(&both), [KNOWN, OTHER], "each once, in their order");
}

#[test]
fn several_matches_are_listed_and_nothing_is_done() {
    let fake = fake();
    let ended = fake.run(&["get", "tr-8c9d"]).exits(2).prints_nothing().tells(KNOWN).tells(OTHER);
    ended.tells("`mlflow-trace search \"request_id LIKE 'tr-8c9d%'\"`");
    let listed = fake.run(&["search", "request_id LIKE 'tr-8c9d%'", "-o", "ids"]).succeeds();
    assert_eq!(listed.lines().len(), 2, "the hint works");
    fake.run(&["tag", "set", "tr-8c9d", "a=b"]).exits(2).tells("nothing was done");
    assert!(fake.asked("PATCH").is_empty());
    let many = Fake::with_many(12);
    let ended = many.run(&["get", "tr-0"]).exits(2).tells("more than 10 traces");
    assert_eq!(ended.stderr.matches("tr-0000").count(), 10);
}

#[test]
fn a_beginning_of_no_trace_is_not_found() {
    let fake = fake();
    for command in [&["get", "tr-dead"][..], &["assessment", "list", "tr-dead"], &["open", "tr-dead"]] {
        fake.run(command).exits(9).prints_nothing().tells("tr-dead");
    }
    fake.run(&["get", "tr-dead", "tr-8c9da0e91", "-o", "jsonl"]).exits(3).prints(KNOWN);
    fake.run(&["tag", "set", "tr-dead", "a=b"]).exits(9).tells("nothing was changed");
}

#[test]
fn a_whole_id_costs_no_further_request() {
    for whole in [KNOWN, &KNOWN[3..]] {
        let fake = fake();
        let _ = fake.run(&["get", whole]).ends();
        assert!(fake.asked("traces/search").is_empty(), "{whole}");
        let infos =
            fake.asked("batchGetInfos").len() + fake.asked(&format!("GET /api/3.0/mlflow/traces/{whole}")).len();
        assert!(infos <= 1, "{whole}: {infos}");
    }
}

#[test]
fn every_command_that_takes_a_trace_takes_its_beginning() {
    let fake = fake();
    fake.run(&["tag", "set", "tr-8c9da0e91", "team=a"]).succeeds();
    assert_eq!(fake.state().tag(KNOWN, "team").as_deref(), Some("a"));
    fake.run(&["feedback", "log", "tr-8c9da0e91", "tone=2"]).succeeds();
    fake.run(&["expectation", "log", "tr-8c9da0e91", "answer=Paris"]).succeeds();
    fake.run(&["assessment", "get", "tr-8c9da0e91", "tone"]).succeeds().prints("tone");
    fake.run(&["assessment", "update", "tr-8c9da0e91", "tone", "--value", "3"]).succeeds();
    fake.run(&["feedback", "override", "tr-8c9da0e91", "tone", "--value", "4"]).succeeds();
    fake.run(&["assessment", "list", "tr-8c9da0e91"]).succeeds().prints("answer");
    assert!(fake.asked("assessments").iter().all(|request| request.path.contains(KNOWN)), "only whole ids are sent");
}

#[test]
fn deletion_takes_whole_ids_only() {
    let fake = fake();
    let whole = "whole trace ids";
    fake.run(&["delete", "tr-8c9da0e91", "--yes"]).exits(9).tells(whole).tells("request_id LIKE 'tr-8c9da0e91%'");
    fake.run(&["tag", "delete", "tr-8c9da0e91", "reviewed"]).exits(9).tells(whole);
    fake.run(&["assessment", "delete", "tr-8c9da0e91", "helpful"]).exits(9).tells(whole);
    let page = format!("{}/#/experiments/1/traces?selectedEvaluationId={KNOWN}", fake.uri());
    fake.run(&["delete", &page, "--yes"]).exits(2).tells(whole).tells(KNOWN);
    fake.run(&["tag", "delete", &page, "reviewed"]).exits(2).tells(whole);
    fake.run(&["assessment", "delete", &page, "helpful"]).exits(2).tells(whole);
    assert!(fake.state().find(KNOWN).is_some() && fake.asked("DELETE").is_empty());
    assert!(fake.asked("delete-traces").is_empty());
}

#[test]
fn ids_from_a_pipe_are_whole() {
    let fake = fake();
    fake.program(&["get", "-"]).stdin("tr-8c9da0e91").run().exits(9).tells("tr-8c9da0e91");
    assert!(fake.asked("traces/search").is_empty());
}

#[test]
fn the_selected_experiments_are_looked_at_and_without_a_selection_all() {
    let fake = fake();
    fake.run(&["get", "tr-c", "-x", "my-app"]).exits(9);
    fake.run(&["get", "tr-c", "-x", "checkout"]).succeeds();
    let anywhere = fake.program(&["get", "tr-c", "-o", "jsonl"]).without_env("MLFLOW_EXPERIMENT_NAME");
    assert_eq!(ids_of(&anywhere.run().succeeds()), ["tr-c00000000000000000000000000000c0"]);
}

#[test]
fn a_server_that_does_not_compare_ids_with_patterns_is_read() {
    let fake = fake();
    fake.fail(Rule::first("traces/search"), Failure::Answer(refused(400, "INVALID_PARAMETER_VALUE", "no LIKE")));
    assert_eq!(ids_of(&fake.run(&["get", "tr-8c9da0e91", "-o", "jsonl"]).succeeds()), [KNOWN]);
    fake.fail(Rule::every("traces/search"), Failure::status(403, "Permission denied"));
    fake.run(&["get", "tr-8c9da0e91"]).exits(4);
}

#[test]
fn lists_of_several_traces_have_short_ids_too() {
    let fake = fake();
    fake.run(&["feedback", "log", OTHER, "helpful=false"]).succeeds();
    let listed = fake.run(&["assessment", "list", KNOWN, OTHER]).succeeds().prints("tr-8c9da0e91 ");
    listed.prints("tr-8c9da0e9f ").does_not_print("tr-8c9da0e910");
    fake.run(&["assessment", "list", KNOWN, OTHER, "-o", "wide"]).succeeds().prints(KNOWN).prints(OTHER);
    let demo = |format: &str| {
        let line = ["-u", "demo", "sessions", "show", "chat-7f4b02", "--view", "table", "-o", format];
        Program::new(line).run().succeeds()
    };
    demo("table").prints(" tr-565cd459f ").does_not_print("tr-565cd459f6");
    demo("wide").prints("tr-565cd459f6270cfbead4d9373d543128");
}

#[test]
fn archives_know_beginnings_too() {
    Program::new(["-u", "demo", "get", "tr-565cd459", "-o", "json"])
        .run()
        .succeeds()
        .prints("tr-565cd459f6270cfbead4d9373d543128");
    Program::new(["-u", "demo", "get", "tr-5"]).run().exits(2).tells("3 traces have ids that begin with");
    Program::new(["-u", "demo", "get", "tr-nope"]).run().exits(9);
}

#[test]
fn the_address_of_a_page_is_its_trace() {
    let fake = fake();
    for page in [
        format!("http://localhost:5000/#/experiments/1/traces/{KNOWN}"),
        format!("https://example.com/prefix/#/experiments/1/traces?selectedEvaluationId={KNOWN}"),
        format!("http://localhost:5000/#/experiments/1?compareRunsMode=TRACES&selectedTraceId={KNOWN}"),
        format!("https://w.cloud.databricks.com/ml/experiments/1/traces?selectedEvaluationId={KNOWN}&o=42"),
    ] {
        assert_eq!(ids_of(&fake.run(&["get", &page, "-o", "jsonl"]).succeeds()), [KNOWN], "{page}");
        fake.run(&["tag", "set", &page, "seen=yes"]).succeeds();
        fake.run(&["assessment", "get", &page, "helpful"]).succeeds();
        fake.run(&["feedback", "log", &page, "tone=1", "--on-existing", "append"]).succeeds();
    }
    fake.run(&["get", "http://localhost:5000/#/experiments/1/traces"]).exits(2).tells("does not show a trace");
}

#[test]
fn open_prints_the_page_of_a_trace() {
    let fake = fake();
    let page = format!("{}/#/experiments/1/traces?selectedEvaluationId={KNOWN}", fake.uri());
    for typed in [KNOWN, "tr-8c9da0e91080", page.as_str()] {
        assert_eq!(fake.run(&["open", typed]).succeeds().stdout.trim_end(), page);
    }
    assert_eq!(fake.run(&["open", KNOWN, "-o", "json"]).succeeds().json(), json!({"trace_id": KNOWN, "url": page}));
    fake.run(&["open", "tr-00000000000000000000000000000000"]).exits(9).does_not_tell("nothing was changed");
    Program::new(["-u", "demo", "open", "tr-565cd459f6270cfbead4d9373d543128"]).run().exits(2).tells("no page");
}

#[cfg(unix)]
#[test]
fn open_has_a_browser_show_the_page() {
    use std::os::unix::fs::PermissionsExt;

    let fake = fake();
    let folder = tempfile::tempdir().unwrap();
    let (browser, seen) = (folder.path().join("browser"), folder.path().join("seen"));
    fs::write(&browser, format!("#!/bin/sh\nprintf %s \"$2\" > {}\n", seen.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let program = fake.program(&["open", KNOWN, "--browser"]);
    let ended = program.hidden_env("BROWSER", format!("{} --new-tab %s", browser.display())).run().succeeds();
    assert_eq!(fs::read_to_string(&seen).unwrap(), ended.stdout.trim_end());
    let program = fake.program(&["open", KNOWN, "--browser"]).hidden_env("PATH", folder.path());
    program.hidden_env("BROWSER", "no-such-browser").run().exits(6).prints(KNOWN).tells("no-such-browser");
}

#[test]
fn the_last_error_is_the_newest_failed_trace_of_the_selection() {
    let fake = Fake::with([
        Seed::new(1).state("ERROR").duration_ms(100),
        Seed::new(2).state("ERROR"),
        Seed::new(3),
        Seed::new(4).state("ERROR").experiment(CHECKOUT),
    ]);
    let found = |flags: &[&str]| {
        let line: Vec<&str> = ["get", "--last-error", "-o", "jsonl"].iter().chain(flags).copied().collect();
        ids_of(&fake.run(&line).succeeds())
    };
    assert_eq!(found(&[]), [id(2)]);
    assert_eq!(found(&["--max-duration", "110ms"]), [id(1)]);
    assert_eq!(found(&["--filter", "execution_time_ms < 110"]), [id(1)]);
    assert_eq!(found(&["-x", "checkout"]), [id(4)]);
    assert_eq!(found(&["--status", "error"]), [id(2)]);
    assert!(found(&["--name", "nobody"]).is_empty());
    fake.run(&["get", "--last-error", "--name", "nobody"]).succeeds().prints_nothing().tells("no traces match");
    fake.run(&["get", "--last-error", &id(1)]).exits(2);
    fake.run(&["get", "--last-error", "--status", "OK"]).exits(2).tells("--status");
    fake.run(&["get", &id(1), "--name", "chat"]).exits(2).tells("--last-error");
    fake.run(&["get"]).exits(2);
}

#[test]
fn the_slowest_come_first() {
    let fake =
        Fake::with([Seed::new(1).duration_ms(900), Seed::new(2).duration_ms(30), Seed::new(3).duration_ms(5000)]);
    let found = |flags: &[&str]| fake.run(&[&["search", "-o", "ids"], flags].concat()).succeeds().stdout;
    assert_eq!(found(&["--slowest", "-n", "2"]), format!("{}\n{}\n", id(3), id(1)));
    assert_eq!(found(&["--slowest"]), found(&["--order-by", "-duration"]));
    fake.run(&["search", "--slowest", "--order-by", "name"]).exits(2);
    fake.program(&["search", "-", "--slowest"]).stdin(id(1)).run().exits(2).tells("--slowest");
}

#[test]
fn whole_ids_are_written_for_machines() {
    let fake = fake();
    fake.run(&["search"]).succeeds().prints("tr-b00000000").does_not_print("tr-b000000000");
    for format in ["wide", "json", "jsonl", "csv", "ids"] {
        fake.run(&["search", "-o", format]).succeeds().prints(KNOWN).prints("tr-b00000000000000000000000000000b0");
    }
}

#[test]
fn columns_are_chosen_by_a_flag_or_a_profile() {
    let fake = fake();
    let header = |ended: Ended| ended.lines().remove(0);
    let fields = "status,tags.environment,duration_ms";
    assert_eq!(header(fake.run(&["search", "--columns", fields]).succeeds()), "status  tags.environment  duration");
    let wrong = fake.run(&["search", "--columns", "statsu"]).exits(2).tells("--columns").tells("status");
    wrong.does_not_tell("--fields:");
    fake.run(&["search", "--columns", fields, "-o", "json"]).exits(2).tells(&format!("--fields {fields}"));
    fake.run(&["search", "--columns", fields, "--fields", fields]).exits(2);
    let with = |columns: &str, flags: &[&str]| {
        let program = fake.program(&[&["search", "--profile", "p"], flags].concat());
        let file = program.home().join("config.toml");
        fs::write(&file, format!("[profile.p]\ncolumns = \"{columns}\"\n")).unwrap();
        program.hidden_env("MLFLOW_TRACE_CONFIG", file.to_str().unwrap()).run()
    };
    assert_eq!(header(with("name,status", &[]).succeeds()), "name   status");
    assert_eq!(header(with("name,status", &["--columns", "status"]).succeeds()), "status");
    with("name,status", &["-o", "wide"]).succeeds().prints("request");
    with("name,status", &["-o", "csv"]).succeeds().prints("client_request_id");
    with("nmae", &[]).exits(2).tells("profile \"p\"").tells("name");
}

/// What a terminal of so many columns and lines shows; `keys` are typed when nothing more comes.
#[cfg(unix)]
pub fn on_terminal(program: Program, size: (u16, u16), keys: &str) -> Ended {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/terminal.py");
    let (columns, lines) = (size.0.to_string(), size.1.to_string());
    program.under(&["python3", script.to_str().unwrap(), &columns, &lines, keys]).run().ends()
}

#[cfg(unix)]
pub fn has_python() -> bool {
    Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_ok()
}

#[cfg(unix)]
fn demo(arguments: &[&str]) -> Program {
    Program::new(["-u", "demo"].iter().chain(arguments)).hidden_env("TERM", "xterm").hidden_env("NO_COLOR", "1")
}

/// Some traces of the demonstration as a table, and how many columns are hidden. Today is 2026-11-22 here.
fn table(width: Option<u16>) -> String {
    let traces = Program::new(["-u", "demo", "search", "-n", "8", "-o", "jsonl"]).run().succeeds().jsonl();
    let clock = Clock::fixed(BASE_MS);
    let style = TableStyle { columns: None, clock, width, color: false, is_wide: width.is_none() };
    let mut bytes = Vec::new();
    let mut sink = TableSink::new(&mut bytes, style);
    for trace in traces {
        sink.write(&Trace::from_json(trace).unwrap()).unwrap();
    }
    sink.finish().unwrap();
    let hidden = sink.hidden_columns();
    format!("{}({hidden} hidden)\n", String::from_utf8(bytes).unwrap())
}

#[test]
fn the_gallery_of_widths() {
    let mut text = String::new();
    for width in [Some(80), Some(100), Some(120), None] {
        let shown = table(width);
        let is_narrow = |line: &str| width.is_none_or(|width| line.chars().count() <= usize::from(width));
        assert!(shown.lines().all(is_narrow), "{width:?}: {shown}");
        let name = width.map_or_else(|| "-o wide".to_owned(), |width| format!("{width} columns"));
        text.push_str(&format!("== {name}\n{shown}\n"));
    }
    let header = text.split("== 100 columns\n").nth(1).unwrap().lines().next().unwrap();
    for column in ["trace_id", "time", "status", "duration", "name", "tokens", "user", "request"] {
        assert!(header.contains(column), "{column} at 100 columns: {header}");
    }
    same_as_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cli/search_widths.txt"), &text);
}

#[cfg(unix)]
#[test]
fn a_table_is_as_wide_as_its_terminal() {
    if !has_python() {
        return;
    }
    for width in [60, 80, 100, 120] {
        let ended = on_terminal(demo(&["search", "-n", "8"]), (width, 50), "");
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(ended.stdout.lines().all(|line| line.chars().count() <= usize::from(width)), "{width}: {ended}");
        assert!(ended.stdout.contains("hidden; -o wide shows"), "{ended}");
    }
    let wide = on_terminal(demo(&["search", "-n", "2", "-o", "wide"]), (80, 50), "");
    assert!(wide.stdout.contains("response") && !wide.stdout.contains("hidden"), "{wide}");
}

#[cfg(unix)]
#[test]
fn long_output_on_a_terminal_goes_to_the_pager() {
    if !has_python() {
        return;
    }
    let pager = |program: Program| program.hidden_env("MLFLOW_TRACE_PAGER", "sed s/^/paged:/");
    let shown = |arguments: &[&str]| on_terminal(pager(demo(arguments)), (100, 10), "");
    for arguments in [&["search", "-n", "20"][..], &["get", "tr-565cd459f6270cfbead4d9373d543128", "--content"]] {
        let ended = shown(arguments);
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(ended.stdout.lines().next().unwrap().starts_with("paged:tr"), "{ended}");
        let other = shown(&[arguments, &["--no-pager"]].concat());
        assert!(!other.stdout.contains("paged:"), "{other}");
    }
    let after = shown(&["search", "-n", "20"]);
    assert!(after.lines().last().unwrap().contains("20 of 60"), "what else there is to say comes behind it: {after}");
    assert!(!shown(&["search", "-n", "3"]).stdout.contains("paged:"), "what fits the screen is not paged");
    assert!(!shown(&["search", "-n", "20", "-o", "jsonl"]).stdout.contains("paged:"), "data is not paged");
    pager(demo(&["search", "-n", "20"])).run().succeeds().does_not_print("paged:");
}

#[cfg(unix)]
#[test]
fn a_pager_that_is_missing_or_leaves_early_is_no_error() {
    if !has_python() {
        return;
    }
    let with = |pager: &str, arguments: &[&str]| on_terminal(demo(arguments).hidden_env("PAGER", pager), (100, 10), "");
    let missing = with("no-such-pager -R", &["search", "--all"]);
    assert_eq!((missing.code, missing.lines().len() > 60), (Some(0), true), "{missing}");
    for pager in ["true", "head -n 1"] {
        let left = with(pager, &["search", "--all", "-o", "wide"]);
        assert_eq!(left.code, Some(0), "{left}");
    }
    let cat = with("cat", &["search", "--all"]);
    assert_eq!((cat.code, cat.lines().len() > 60), (Some(0), true), "{cat}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_pager_leaves_it_its_terminal() {
    if !has_python() || Command::new("less").arg("--version").stdout(Stdio::null()).status().is_err() {
        return;
    }
    let ended = on_terminal(demo(&["search", "--all"]), (100, 10), "\\x03\\x03\\x03q");
    assert!(matches!(ended.code, Some(0 | 130)), "it ends when the pager does: {ended}");
}

#[test]
fn a_locale_without_utf_8_draws_with_ascii() {
    let waterfall = |locale: &[(&str, &str)]| {
        let program = Program::new(["-u", "demo", "get", "tr-565cd459f627", "--view", "waterfall"]);
        let program = locale.iter().fold(program, |program, (name, value)| program.hidden_env(name, value));
        program.run().succeeds().stdout
    };
    assert!(waterfall(&[("LANG", "C")]).contains("####"));
    assert!(waterfall(&[("LC_ALL", "POSIX"), ("LANG", "C.UTF-8")]).contains("####"));
    for locale in [&[][..], &[("LANG", "C.UTF-8")], &[("LC_CTYPE", "de_DE.utf8"), ("LANG", "C")]] {
        assert!(waterfall(locale).contains("███"), "{locale:?}");
    }
}

#[test]
fn traces_are_sorted_by_version() {
    let fake =
        Fake::with([Seed::new(1).tag("app_version", "2.0"), Seed::new(2), Seed::new(3).tag("app_version", "1.0")]);
    let found = |order: &str| fake.run(&["search", "-o", "ids", "--order-by", order]).succeeds().lines();
    assert_eq!(found("version"), [id(3), id(1), id(2)]);
    assert_eq!(found("-version"), [id(1), id(3), id(2)]);
    let _: Value = fake.run(&["search", "-o", "json", "--order-by", "version"]).succeeds().json();
}
