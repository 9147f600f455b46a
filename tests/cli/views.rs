//! The views of `get`: the conversations of the corpus are what was really said, and what people see is kept in files.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use mlflow_trace::analysis::chat::conversation;
use mlflow_trace::analysis::{SpanSelection, digest, tokens_at_most};
use mlflow_trace::clock::Clock;
use mlflow_trace::model::Trace;
use mlflow_trace::output::{
    ChatOptions, TreeOptions, WaterfallOptions, write_chat, write_chat_markdown, write_tree, write_waterfall,
};

use crate::snapshot::same_as_file;
use crate::support::Program;

/// Traces that do not hold what was said, and why; how many of the expected messages they do hold.
const INCOMPLETE: &[(&str, &str, usize, &str)] = &[
    ("anthropic", "stream-create", 1, "the library returns the stream itself, and nobody recorded what it said"),
    ("autogen", "error", 0, "the default system message comes first, which the application did not write"),
    (
        "crewai",
        "two-agents",
        2,
        "no call is recorded; what a task returns has the answer without the thought before it",
    ),
    ("crewai", "error", 0, "the prompt is made within the library, which recorded the task only"),
];

/// The corpus: library, trace, what is expected.
pub fn corpus() -> Vec<(String, Value, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/autolog");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "gz")).collect();
    paths.sort();
    let mut corpus = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().trim_end_matches(".jsonl.gz").to_owned();
        for line in BufReader::new(GzDecoder::new(File::open(&path).unwrap())).lines() {
            let mut line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            corpus.push((name.clone(), line["trace"].take(), line["expected"].take()));
        }
    }
    corpus
}

/// What is compared of messages: everything that is said.
fn said(messages: &Value, with_system: bool) -> Vec<Value> {
    let messages = messages.as_array().map(Vec::as_slice).unwrap_or_default();
    let kept = messages.iter().filter(|message| with_system || message["role"] != "system");
    kept.map(|message| {
        let text = |key: &str| message[key].as_str().map(str::trim).map(str::to_owned);
        json!({"role": message["role"], "text": text("text"), "thinking": text("thinking"), "tool_calls": message["tool_calls"],
            "tool_results": message["tool_results"], "attachments": message["attachments"]})
    })
    .collect()
}

#[test]
fn conversations_of_the_corpus_are_what_was_said() {
    let (mut traces, mut messages, mut threads, mut incomplete) = (0, 0, 0, 0);
    for (library, trace, expected) in corpus() {
        let scenario = expected["scenario"].as_str().unwrap();
        let told = conversation(&Trace::from_json(trace).unwrap());
        let told = serde_json::to_value(&told).unwrap();
        let with_system = expected.get("systems").is_none();
        let ours = said(&told["messages"], with_system);
        let theirs = ["conversation", "reader_conversation"].map(|key| said(&expected[key], true));
        let known = INCOMPLETE.iter().find(|known| (known.0, known.1) == (&*library, scenario));
        if let Some((.., equal, why)) = known {
            let found = ours.iter().zip(&theirs[0]).filter(|(ours, theirs)| ours == theirs).count();
            assert_eq!(found, *equal, "{library} {scenario}: {why}");
            incomplete += 1;
            continue;
        }
        let is_equal = ours == theirs[0] || expected.get("reader_conversation").is_some() && ours == theirs[1];
        assert!(is_equal, "{library} {scenario}:\n{ours:#?}\nexpected:\n{:#?}", theirs[0]);
        for thread in expected["threads"].as_array().into_iter().flatten() {
            let beside = told["threads"].as_array().into_iter().flatten().map(|thread| said(&thread["messages"], true));
            let thread = said(thread, true);
            assert!(ours == thread || beside.into_iter().any(|one| one == thread), "{library} {scenario}: {thread:#?}");
            threads += 1;
        }
        if let Some(others) = expected["alternatives"].as_array() {
            assert_eq!(told["messages"].as_array().unwrap().last().unwrap()["alternatives"], json!(others));
        }
        traces += 1;
        messages += ours.len();
    }
    assert_eq!((traces, incomplete), (101, INCOMPLETE.len()));
    assert!(messages > 320 && threads > 9, "{messages} messages, {threads} threads were compared");
}

#[test]
fn nothing_that_was_said_can_steer_a_terminal() {
    for (library, trace, _) in corpus() {
        let trace = Trace::from_json(trace).unwrap();
        let mut bytes = Vec::new();
        let chat = ChatOptions { content: true, color: false, width: 80 };
        write_chat(&mut bytes, &conversation(&trace), &chat).unwrap();
        write_chat_markdown(&mut bytes, &conversation(&trace)).unwrap();
        write_tree(&mut bytes, &trace, &tree(true)).unwrap();
        write_waterfall(&mut bytes, &trace, &waterfall(80)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let odd = text.chars().find(|character| character.is_control() && *character != '\n' && *character != '\t');
        assert_eq!(odd, None, "{library} {}", trace.info.trace_id);
    }
}

#[test]
fn digests_are_never_above_their_bound() {
    for (library, trace, _) in corpus() {
        let trace = Trace::from_json(trace).unwrap();
        for bound in [20, 60, 100, 300, 1000] {
            let text = digest(&trace, bound);
            assert!(tokens_at_most(&text) <= bound, "{library} {}: {text}", trace.info.trace_id);
        }
        assert!(digest(&trace, 300).contains(trace.info.trace_id.as_str()), "{library}");
    }
}

fn tree(content: bool) -> TreeOptions {
    let clock = Clock::fixed(0);
    TreeOptions { content, attributes: content, spans: SpanSelection::default(), color: false, clock }
}

fn waterfall(width: usize) -> WaterfallOptions {
    WaterfallOptions { width, ascii: false, color: false, spans: SpanSelection::default() }
}

/// Scenes that show each view at its best.
const SCENES: &[(&str, &str)] = &[
    ("anthropic", "tool-loop"),
    ("anthropic", "stream-create"),
    ("openai", "error-429"),
    ("openai", "image-input"),
    ("manual", "retriever"),
    ("manual", "exception"),
    ("manual", "distributed"),
    ("langchain", "langgraph-multi"),
    ("strands", "tools"),
];

#[test]
fn the_views_look_as_they_are_kept() {
    let corpus = corpus();
    for width in [80, 120] {
        let mut text = String::new();
        for (library, scenario) in SCENES {
            let fits = |one: &&(String, Value, Value)| one.0 == *library && one.2["scenario"] == *scenario;
            let (_, trace, _) = corpus.iter().find(fits).unwrap();
            let trace = Trace::from_json(trace.clone()).unwrap();
            let mut bytes = Vec::new();
            let mut view = |name: &str, write: &dyn Fn(&mut Vec<u8>)| {
                bytes.extend(format!("== {library}, {scenario}: {name}\n").into_bytes());
                write(&mut bytes);
                bytes.push(b'\n');
            };
            let chat = ChatOptions { content: false, color: false, width };
            view("chat", &|bytes| write_chat(bytes, &conversation(&trace), &chat).unwrap());
            view("waterfall", &|bytes| write_waterfall(bytes, &trace, &waterfall(width)).unwrap());
            if width == 80 {
                view("markdown", &|bytes| write_chat_markdown(bytes, &conversation(&trace)).unwrap());
                view("tree", &|bytes| write_tree(bytes, &trace, &tree(false)).unwrap());
                view("digest", &|bytes| writeln_to(bytes, &digest(&trace, 300)));
            }
            text.push_str(&String::from_utf8(bytes).unwrap());
        }
        let name = format!("tests/data/cli/views-{width}.txt");
        same_as_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name), &text);
    }
}

fn writeln_to(bytes: &mut Vec<u8>, text: &str) {
    let mut line = String::new();
    writeln!(line, "{text}").unwrap();
    bytes.extend(line.into_bytes());
}

/// A failed trace of the demonstration.
const DEMO: &str = "tr-565cd459f6270cfbead4d9373d543128";

fn get(args: &[&str]) -> Program {
    Program::new(["-u", "demo", "get"].iter().chain(args))
}

#[test]
fn every_view_is_text_json_and_json_lines() {
    for view in ["tree", "waterfall", "chat", "digest"] {
        let shown = get(&[DEMO, "--view", view]).run().succeeds();
        assert!(shown.stdout.contains(DEMO), "{shown}");
        let one = get(&[DEMO, "--view", view, "-o", "json"]).run().succeeds().json();
        let many = get(&[DEMO, DEMO, "--view", view, "-o", "jsonl"]).run().succeeds().jsonl();
        assert_eq!(many, std::slice::from_ref(&one), "{view}: an id given twice is read once");
        let id = if view == "tree" { &one["info"]["trace_id"] } else { &one["trace_id"] };
        assert_eq!(id, DEMO, "{view}");
    }
    let piped = get(&["-", "--view", "chat", "-o", "json"]).stdin(DEMO).run().succeeds().json();
    assert_eq!(piped[0]["trace_id"], DEMO, "a pipe may hold one id or many");
}

#[test]
fn flags_of_another_view_are_refused_before_anything_is_read() {
    for (flags, needed) in [
        (&["--markdown"][..], "--view chat"),
        (&["--view", "chat", "--errors-only"], "--view tree"),
        (&["--view", "digest", "--content"], "--view chat"),
        (&["--ascii"], "--view waterfall"),
        (&["--max-tokens", "50"], "--view digest"),
        (&["--view", "waterfall", "--attributes"], "--view tree"),
    ] {
        let args: Vec<&str> = std::iter::once(DEMO).chain(flags.iter().copied()).collect();
        let ended = get(&args).run().exits(2);
        assert!(ended.stderr.contains("does nothing in the view") && ended.stderr.contains(needed), "{ended}");
    }
}

#[test]
fn spans_are_selected_and_what_is_hidden_is_said() {
    let failed = get(&[DEMO, "--errors-only"]).run().succeeds();
    assert!(failed.stdout.contains("get_shipment") && !failed.stdout.contains("plan  CHAT_MODEL"), "{failed}");
    assert!(failed.stdout.contains("(1 span not shown)"), "{failed}");
    let typed = get(&[DEMO, "--type", "chat_model"]).run().succeeds();
    assert!(typed.stdout.contains("plan") && !typed.stdout.contains("└─ get_shipment"), "{typed}");
    let none = get(&[DEMO, "--span", "ffffffffffffffff"]).run().succeeds();
    assert!(none.stdout.contains("(none of the 3 spans fits)"), "{none}");
    let level = get(&[DEMO, "--depth", "1", "--attributes"]).run().succeeds();
    assert!(level.stdout.contains("span_id = ") && level.stdout.contains("(2 spans not shown)"), "{level}");
}

#[test]
fn a_digest_is_as_short_as_asked_for() {
    let shown = get(&[DEMO, "--view", "digest", "--max-tokens", "80"]).run().succeeds();
    assert!(tokens_at_most(shown.stdout.trim_end()) <= 80, "{shown}");
    assert!(shown.stdout.contains("failed: "), "{shown}");
}
