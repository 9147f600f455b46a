//! `schema`: each command that writes JSON is run, and what it writes is held against its schema, as everywhere in these tests.

use std::collections::BTreeSet;

use mlflow_trace::output::Schemas;

use crate::fake::{ASSESSMENT, Fake, KNOWN, Seed, id};
use crate::support::{Program, Run};

/// What reads, each for all formats that it has.
const READING: &[&str] = &[
    "search -n 5",
    "search -n 5 --fields trace_id,tokens.total,tags.team",
    "get tr-b95fbe68a5e1e9e5aba1120951b2464b",
    "get tr-b95fbe68a5e1e9e5aba1120951b2464b --view chat",
    "get tr-b95fbe68a5e1e9e5aba1120951b2464b --view waterfall",
    "get tr-b95fbe68a5e1e9e5aba1120951b2464b --view digest",
    "tail --lookback 90d",
    "count",
    "count --by name",
    "stats",
    "stats --by name --every 1d",
    "stats --compare 7d --by name",
    "stats --cross-check",
    "sessions list",
    "sessions show chat-e0e6aa",
    "users list",
    "users show ana.ruiz",
    "keys --spans",
    "diff status='ERROR'",
    "check --max-error-rate 1%",
    "sample -n 5 --seed 1",
    "assessment list tr-b95fbe68a5e1e9e5aba1120951b2464b",
    "assessment get tr-b95fbe68a5e1e9e5aba1120951b2464b a-c92944bb894f1020bf0fd4b9f1b0ff68",
    "filter check status='ERROR'",
    "filter check stauts='ERROR'",
    "filter explain status='ERROR'",
    "filter fields",
    "filter sql --dialect duckdb",
    "experiments list",
    "config list",
    "config show",
    "doctor",
    "schema",
    "version",
];

/// What changes a server, one after the other.
const CHANGING: &[&str] = &[
    "feedback log KNOWN good=true",
    "feedback log ONE TWO good=true",
    "feedback override KNOWN ASSESSMENT --value false",
    "expectation log ONE answer=42",
    "feedback import rows.jsonl",
    "expectation import rows.jsonl",
    "assessment update KNOWN ASSESSMENT --rationale because",
    "tag set ONE a=b",
    "tag set TWO a=b --dry-run",
    "tag delete ONE --key a",
    "undo RUN --dry-run",
    "undo RUN",
    "assessment delete KNOWN ASSESSMENT",
    "apply FORMAT.plan --yes",
    "experiments create new",
    "dataset create answers",
    "dataset add answers",
    "dataset list",
    "open KNOWN",
    "import one.jsonl",
    "retention check",
    "retention plan",
    "retention explain ONE",
    "retention simulate",
    "retention run --policy retention.toml --dry-run",
    "retention run --policy retention.toml --yes",
    "runs list",
    "runs show RUN",
    "runs unlock",
    "delete TWO --yes",
];

const POLICY: &str =
    "[[rule]]\nname = \"old\"\nexperiments = [\"my-app\"]\nmin_age = \"1d\"\nfilter = \"name = 'old'\"\n";

/// A command line, with the names of a test in the place of their ids.
fn words(line: &str) -> Vec<String> {
    let known = |word: &str| match word {
        "KNOWN" => KNOWN.to_owned(),
        "ASSESSMENT" => ASSESSMENT.to_owned(),
        "ONE" => id(1),
        "TWO" => id(2),
        word => word.to_owned(),
    };
    line.split(' ').map(known).collect()
}

struct Promised {
    schemas: Schemas,
    held: BTreeSet<(String, bool)>,
    problems: Vec<String>,
}

impl Promised {
    /// Runs a line in all formats that its command has.
    fn run(&mut self, line: &str, run: impl Fn(&[String]) -> Run) {
        let words = words(line);
        let command = [2, 1].map(|count| words[..count.min(words.len())].join(" "));
        let command =
            command.into_iter().find(|name| [false, true].iter().any(|lines| self.schemas.of(name, *lines).is_some()));
        let command = command.unwrap_or_else(|| panic!("no schema for {line}"));
        for lines in [false, true].into_iter().filter(|lines| self.schemas.of(&command, *lines).is_some()) {
            let format = if lines { "jsonl" } else { "json" };
            let words: Vec<String> = words.iter().map(|word| word.replace("FORMAT", format)).collect();
            let ended = run(&[&words[..], &["-o".to_owned(), format.to_owned()]].concat()).ends();
            // A count has lines only by groups, and a filter that is refused is what was asked about.
            let is_tried = matches!(ended.code, Some(0 | 3 | 8)) || line == "count" || line.starts_with("filter check");
            if !is_tried || (ended.stdout.is_empty() && !lines) {
                self.problems.push(ended.to_string());
            }
            self.held.insert((command.clone(), lines));
        }
    }
}

#[test]
fn every_command_that_writes_json_keeps_to_its_schema() {
    let mut promised = Promised { schemas: Schemas::of_this_version(), held: BTreeSet::new(), problems: Vec::new() };
    for line in READING {
        promised.run(line, |words| {
            Program::new(["-u", "demo"].iter().map(ToString::to_string).chain(words.to_vec())).run()
        });
    }
    let fake = Fake::with([Seed::new(1), Seed::new(2), Seed::new(3).name("old"), Seed::known()]);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(
        file("rows.jsonl"),
        format!("{{\"trace_id\": {:?}, \"name\": \"tone\", \"value\": \"kind\", \"source_type\": \"HUMAN\", \"source_id\": \"jane\"}}\n", id(1)),
    )
    .unwrap();
    std::fs::write(file("retention.toml"), POLICY).unwrap();
    let program = |words: &[String]| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        fake.program(&words).in_folder(folder.path()).hidden_env("MLFLOW_TRACE_STATE_DIR", file("state")).run()
    };
    program(&words("export one.jsonl --spans")).succeeds();
    for format in ["json", "jsonl"] {
        program(&words(&format!("tag set ONE {format}=planned --plan {format}.plan"))).succeeds();
    }
    for line in CHANGING {
        let newest = || program(&words("runs list -o ids")).succeeds().lines().remove(0);
        let line = if line.contains("RUN") { line.replace("RUN", &newest()) } else { (*line).to_owned() };
        promised.run(&line, program);
    }
    let error = program(&words("get tr-none -o json")).fails();
    assert!(error.stderr.starts_with("{\"error\""), "{error}");
    promised.held.insert(("error".to_owned(), false));
    assert!(promised.problems.is_empty(), "{}", promised.problems.join("\n"));
    let all: Vec<(String, bool)> = promised
        .schemas
        .commands()
        .flat_map(|(name, _)| [false, true].map(|lines| (name.to_owned(), lines)))
        .filter(|(name, lines)| promised.schemas.of(name, *lines).is_some())
        .collect();
    let missing: Vec<_> = all.iter().filter(|pair| !promised.held.contains(pair)).collect();
    assert!(missing.is_empty(), "never run: {missing:?}");
}

#[test]
fn a_schema_is_printed_for_each_command() {
    let schema = |words: &[&str]| Program::new(["schema"].iter().chain(words)).run();
    let printed = schema(&["runs", "show"]).succeeds().json();
    assert_eq!(printed["$id"], "urn:mlflow-trace:schema:1:runs-show:json");
    assert_eq!(printed["items"]["$ref"], "#/$defs/entry");
    assert!(printed["$defs"]["entry"]["properties"]["trace_id"].is_object() && printed["$defs"]["trace"].is_null());
    assert_eq!(schema(&["stats", "--lines"]).succeeds().json()["title"], "mlflow-trace stats -o jsonl");
    schema(&[]).succeeds().prints("retention plan");
    schema(&["serach"]).exits(2).tells("did you mean search?");
    schema(&["open", "--lines"]).exits(2).tells("`mlflow-trace schema open` prints");
    schema(&["tail"]).exits(2).tells("`mlflow-trace schema tail --lines` prints");
}
