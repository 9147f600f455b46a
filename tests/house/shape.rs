//! How large a file may be, how it begins, and what it must not say.

use crate::source::{first_line_of_tests, stands_at};
use crate::{Breach, File, assert_none, files};

const MOST_LINES: usize = 500;
const MOST_LINES_OF_MAIN: usize = 30;
/// A command reads arguments, calls rooms and chooses a sink: that is short.
const MOST_LINES_OF_A_COMMAND: usize = 150;

/// Lines before the tests.
fn length(file: &File) -> usize {
    first_line_of_tests(&file.tokens).map_or_else(|| file.text.lines().count(), |line| line - 1)
}

fn length_breach(file: &File) -> Option<Breach> {
    let length = length(file);
    (length > MOST_LINES)
        .then(|| file.breach(length, format!("{length} lines before the tests, more than {MOST_LINES}")))
}

fn command_breach(file: &File) -> Option<Breach> {
    let length = length(file);
    let is_long = file.name.starts_with("src/commands/") && length > MOST_LINES_OF_A_COMMAND;
    is_long
        .then(|| file.breach(length, format!("{length} lines before the tests, more than {MOST_LINES_OF_A_COMMAND}")))
}

fn docs_breach(file: &File) -> Option<Breach> {
    (!file.text.starts_with("//!")).then(|| file.breach(1, "does not open with module docs (`//!`)"))
}

/// What no code says, not even tests.
fn word_breaches(file: &File) -> Vec<Breach> {
    const WORDS: &[(&[&str], &str)] = &[
        (&["todo", "!"], "`todo!`"),
        (&["unimplemented", "!"], "`unimplemented!`"),
        (&["dbg", "!"], "`dbg!`"),
        (&["#", "[", "ignore"], "`#[ignore]`"),
    ];
    let found =
        |at: usize| WORDS.iter().filter(move |(texts, _)| stands_at(&file.tokens, at, texts)).map(move |w| (at, w));
    (0..file.tokens.len()).flat_map(found).map(|(at, (_, word))| file.breach(file.tokens[at].line, *word)).collect()
}

fn exit_breaches(file: &File) -> Vec<Breach> {
    let exits = |segments: &[String]| segments.windows(2).any(|pair| pair[0] == "process" && pair[1] == "exit");
    let paths = file.paths().into_iter().filter(|path| exits(&path.segments));
    paths.filter(|_| file.name != "src/main.rs").map(|path| file.breach(path.line, format!("`{path}`"))).collect()
}

#[test]
fn no_file_is_longer_than_five_hundred_lines_before_its_tests() {
    assert_none(files().iter().filter_map(length_breach));
}

#[test]
fn commands_are_short() {
    assert_none(files().iter().filter_map(command_breach));
}

#[test]
fn main_is_thin() {
    let files = files();
    let main = files.iter().find(|file| file.name == "src/main.rs").unwrap();
    let lines = main.text.lines().count();
    assert_none((lines >= MOST_LINES_OF_MAIN).then(|| main.breach(lines, format!("{lines} lines"))));
}

#[test]
fn every_file_opens_with_its_docs() {
    assert_none(files().iter().filter_map(docs_breach));
}

#[test]
fn nothing_is_left_unfinished_or_ignored() {
    assert_none(files().iter().flat_map(word_breaches));
}

#[test]
fn only_main_ends_the_process() {
    assert_none(files().iter().flat_map(exit_breaches));
}

#[test]
fn breaches_of_shape_are_found() {
    let long = format!("//! x\n{}", "fn f() {}\n".repeat(500));
    assert!(length_breach(&File::new("src/a.rs", &*long)).is_some());
    let tested = format!("//! x\n#[cfg(test)]\nmod tests {{\n{}}}", "fn f() {}\n".repeat(500));
    assert!(length_breach(&File::new("src/a.rs", tested)).is_none());
    let command = |lines: usize| File::new("src/commands/a.rs", "fn f() {}\n".repeat(lines));
    assert!(command_breach(&command(150)).is_none());
    assert!(command_breach(&command(151)).is_some());
    assert!(docs_breach(&File::new("src/a.rs", "use a::b;\n//! late")).is_some());
    let words =
        File::new("src/a.rs", "//! todo!()\nfn f() { dbg!(\"todo!()\"); todo!() }\n#[ignore = \"slow\"] fn g() {}");
    let found: Vec<String> = word_breaches(&words).iter().map(ToString::to_string).collect();
    assert_eq!(found, ["src/a.rs:2: `dbg!`", "src/a.rs:2: `todo!`", "src/a.rs:3: `#[ignore]`"]);
    let exit = "use std::process::{self, exit}; fn f() { process::exit(1) }";
    assert_eq!(exit_breaches(&File::new("src/a.rs", exit)).len(), 2);
    assert_eq!(exit_breaches(&File::new("src/main.rs", exit)).len(), 0);
}
