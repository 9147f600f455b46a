//! Where reading with the grammar begins and ends: a rule that accepts a filter reads all of it.

use std::collections::BTreeMap;
use std::fs;

use crate::source::{self, stands_at};
use crate::{Breach, assert_none, files, root};

const GRAMMAR: &str = "grammar/filter.pest";

/// Entries that read a beginning and say where it ends. They accept nothing; their callers look at the rest.
const READ_A_BEGINNING: &[&str] = &["identifier", "readable", "readable_operator", "readable_subject"];

/// A rule of the grammar.
struct Rule {
    line: usize,
    /// Its words and symbols, without what encloses them.
    body: Vec<String>,
}

fn rules(text: &str) -> BTreeMap<String, Rule> {
    let tokens = source::tokens(text);
    let mut rules = BTreeMap::new();
    let starts: Vec<usize> = (0..tokens.len()).filter(|at| stands_at(&tokens, at + 1, &["="])).collect();
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(tokens.len());
        let body = tokens[start + 2..end].iter().map(|token| token.text.clone());
        let body = body.skip_while(|text| text != "{").filter(|text| !matches!(text.as_str(), "{" | "}")).collect();
        rules.insert(tokens[*start].text.clone(), Rule { line: tokens[*start].line, body });
    }
    rules
}

impl Rule {
    /// Whether it begins at the beginning of the text.
    fn is_anchored_before(&self) -> bool {
        self.body.first().is_some_and(|first| first == "SOI")
    }

    /// Whether it ends at the end of the text, and has no branch that could end elsewhere.
    fn is_anchored_after(&self) -> bool {
        self.body.last().is_some_and(|last| last == "EOI") && self.top_level_choices() == 0
    }

    fn top_level_choices(&self) -> usize {
        let mut depth = 0_usize;
        let mut choices = 0;
        for text in &self.body {
            match text.as_str() {
                "(" => depth += 1,
                ")" => depth -= 1,
                "|" if depth == 0 => choices += 1,
                _ => {}
            }
        }
        choices
    }
}

/// Entries are the rules that no rule uses.
fn breaches(text: &str) -> Vec<Breach> {
    let rules = rules(text);
    let is_entry = |name: &str| !rules.values().any(|rule| rule.body.iter().any(|used| used == name));
    let mut breaches = Vec::new();
    for (name, rule) in rules.iter().filter(|(name, _)| is_entry(name)) {
        let breach = |what| Breach { file: GRAMMAR.to_owned(), line: rule.line, what: format!("`{name}` {what}") };
        if !rule.is_anchored_before() {
            breaches.push(breach("does not begin with SOI"));
        }
        if !rule.is_anchored_after() && !READ_A_BEGINNING.contains(&name.as_str()) {
            breaches.push(breach("does not end with EOI"));
        }
    }
    breaches
}

#[test]
fn entries_of_the_grammar_are_anchored() {
    assert_none(breaches(&fs::read_to_string(root().join(GRAMMAR)).unwrap()));
}

#[test]
fn the_code_begins_only_at_entries() {
    let rules = rules(&fs::read_to_string(root().join(GRAMMAR)).unwrap());
    assert!(READ_A_BEGINNING.iter().all(|name| rules.contains_key(*name)));
    let is_entry = |name: &str| {
        READ_A_BEGINNING.contains(&name)
            || rules.get(name).is_some_and(|rule| rule.is_anchored_before() && rule.is_anchored_after())
    };
    let mut entries = 0;
    let mut breaches = Vec::new();
    for file in files() {
        for at in 0..file.code.len() {
            if stands_at(&file.code, at, &["FilterParser", "::", "parse", "(", "Rule", "::"]) {
                entries += 1;
                let name = &file.code[at + 6];
                if !is_entry(&name.text) {
                    breaches.push(file.breach(name.line, format!("reads with `{}`, which is not anchored", name.text)));
                }
            }
        }
    }
    assert!(entries > 0, "the parser is not called the way this test looks for");
    assert_none(breaches);
}

#[test]
fn an_entry_that_is_not_anchored_is_found() {
    let found = |text: &str| breaches(text).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(found("all = ${ SOI ~ a* ~ EOI }\na = { \"=\" ~ ('a'..'z' | \"}\") }"), [""; 0]);
    assert_eq!(found("a = { \"a\" }\n\nall = ${ a* ~ EOI }"), ["grammar/filter.pest:3: `all` does not begin with SOI"]);
    assert_eq!(found("all = ${ SOI ~ \"a\" }"), ["grammar/filter.pest:1: `all` does not end with EOI"]);
    assert_eq!(found("all = ${ SOI ~ \"a\" | \"b\" ~ EOI }"), ["grammar/filter.pest:1: `all` does not end with EOI"]);
}
