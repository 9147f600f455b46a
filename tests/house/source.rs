//! Reads Rust source just well enough to see which paths it names: comments and literals fall away, tests can be cut
//! out.

use std::fmt;

/// A word or a symbol, and the line it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// A path as it is written or imported, in full: `use a::{b, c}` names `a::b` and `a::c`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub segments: Vec<String>,
    pub line: usize,
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.segments.join("::"))
    }
}

/// Splits source into tokens. A literal becomes one token: its opening quote.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let length = length_of_first(rest);
        let text = &rest[..length];
        let is_comment = text.starts_with("//") || text.starts_with("/*");
        if !first.is_whitespace() && !is_comment {
            let literal = text.ends_with('"') || text.ends_with('#') && length > 1 || first == '\'';
            let text = if literal { "\"" } else { text.strip_prefix("r#").unwrap_or(text) };
            tokens.push(Token { text: text.to_owned(), line });
        }
        line += text.matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn length_of_first(rest: &str) -> usize {
    let first = rest.chars().next().unwrap_or_default();
    let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return comment_length(rest);
    }
    if first == '"' || matches!(&rest[..word], "b" | "c") && rest[word..].starts_with('"') {
        return word + quoted_length(&rest[word..], '"');
    }
    if matches!(&rest[..word], "r" | "br" | "cr") {
        let hashes = rest[word..].find(|c| c != '#').unwrap_or(0);
        let content = word + hashes + 1;
        if rest[word + hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            return rest[content..].find(&end).map_or(rest.len(), |at| content + at + end.len());
        }
        if hashes == 1 {
            return content - 1 + rest[content - 1..].find(|c| !is_word(c)).unwrap_or(rest.len() - content + 1);
        }
    }
    if first == '\'' {
        return character_or_lifetime_length(rest);
    }
    match word {
        0 if rest.starts_with("::") => 2,
        0 => first.len_utf8(),
        word => word,
    }
}

fn comment_length(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = &rest[at..];
        let step = if here.starts_with("/*") {
            depth += 1;
            2
        } else if here.starts_with("*/") {
            depth -= 1;
            2
        } else {
            here.chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a literal that begins and ends with this quote.
fn quoted_length(rest: &str, quote: char) -> usize {
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn character_or_lifetime_length(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    let escaped = characters.next().is_some_and(|(_, character)| character == '\\');
    if escaped || characters.next().is_some_and(|(_, character)| character == '\'') {
        return quoted_length(rest, '\'');
    }
    1 + rest[1..].find(|c| !is_word(c)).unwrap_or(rest.len() - 1)
}

/// Whether these tokens stand at this place.
pub fn stands_at(tokens: &[Token], at: usize, texts: &[&str]) -> bool {
    tokens.get(at..at + texts.len()).is_some_and(|here| here.iter().map(|token| &token.text).eq(texts))
}

const TEST_ATTRIBUTE: &[&str] = &["#", "[", "cfg", "(", "test", ")", "]"];

/// The line on which the module of tests begins.
pub fn first_line_of_tests(tokens: &[Token]) -> Option<usize> {
    let module = |at: &usize| {
        let item = end_of_attributes(tokens, *at);
        stands_at(tokens, *at, TEST_ATTRIBUTE) && stands_at(tokens, item, &["mod"])
    };
    (0..tokens.len()).find(module).map(|at| tokens[at].line)
}

/// Everything but the items that only tests see.
pub fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if stands_at(tokens, at, TEST_ATTRIBUTE) {
            at = end_of_item(tokens, end_of_attributes(tokens, at));
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

fn end_of_attributes(tokens: &[Token], mut at: usize) -> usize {
    while stands_at(tokens, at, &["#", "["]) {
        at = end_of_group(tokens, at + 1);
    }
    at
}

/// An item ends with a semicolon or with its first braces.
fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            ";" => return at + 1,
            "{" => return end_of_group(tokens, at),
            "(" | "[" => at = end_of_group(tokens, at),
            _ => at += 1,
        }
    }
    at
}

fn end_of_group(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Every path of two segments or more, and everything that `use` names.
pub fn paths(tokens: &[Token]) -> Vec<Path> {
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let imports = stands_at(tokens, at, &["use"]) || stands_at(tokens, at, &["extern", "crate"]);
        let absolute = stands_at(tokens, at, &["::"]) && !ends_a_path(tokens, at);
        if imports {
            at += if tokens[at].text == "use" { 1 } else { 2 };
            at += usize::from(stands_at(tokens, at, &["::"]));
            at = branch(tokens, at, &[], &mut paths);
        } else if absolute {
            at = branch(tokens, at + 1, &[], &mut paths);
        } else if begins_word(&tokens[at]) && stands_at(tokens, at + 1, &["::"]) && !stands_after_separator(tokens, at)
        {
            at = branch(tokens, at, &[], &mut paths);
        } else {
            at += 1;
        }
    }
    paths
}

fn begins_word(token: &Token) -> bool {
    token.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn ends_a_path(tokens: &[Token], at: usize) -> bool {
    at > 0 && (begins_word(&tokens[at - 1]) || matches!(tokens[at - 1].text.as_str(), ">" | ")" | "]"))
}

fn stands_after_separator(tokens: &[Token], at: usize) -> bool {
    at > 0 && tokens[at - 1].text == "::"
}

/// Follows one path, or each branch of a group, and returns where it ends.
fn branch(tokens: &[Token], mut at: usize, before: &[String], paths: &mut Vec<Path>) -> usize {
    let mut segments = before.to_vec();
    while let Some(token) = tokens.get(at) {
        if token.text == "{" {
            return group(tokens, at, &segments, paths);
        }
        if !begins_word(token) && token.text != "*" {
            break;
        }
        segments.push(token.text.clone());
        let goes_on = stands_at(tokens, at + 1, &["::"])
            && tokens.get(at + 2).is_some_and(|next| begins_word(next) || matches!(next.text.as_str(), "{" | "*"));
        if !goes_on {
            paths.push(Path { segments, line: token.line });
            return at + 1;
        }
        at += 2;
    }
    at + 1
}

fn group(tokens: &[Token], open: usize, before: &[String], paths: &mut Vec<Path>) -> usize {
    let mut at = open + 1;
    while let Some(token) = tokens.get(at) {
        at = match token.text.as_str() {
            "}" => return at + 1,
            "," => at + 1,
            "as" => at + 2,
            _ => branch(tokens, at, before, paths),
        };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str) -> Vec<String> {
        paths(&without_tests(&tokens(source))).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn imports_are_spelled_out() {
        assert_eq!(
            names("use crate::{a::b, c::{self, d as e, f::*}};"),
            ["crate::a::b", "crate::c::self", "crate::c::d", "crate::c::f::*"]
        );
        assert_eq!(names("use csv; use ::pest::Parser as P; extern crate clap;"), ["csv", "pest::Parser", "clap"]);
        assert_eq!(
            names("pub(crate) use super::x; use {reqwest, crate::y as z};"),
            ["super::x", "reqwest", "crate::y"]
        );
    }

    #[test]
    fn paths_in_code_types_attributes_and_macros_are_seen() {
        assert_eq!(
            names("fn f(a: &crate::a::B) { if x == ::csv::Y { c::d::<crate::e::F>() } }"),
            ["crate::a::B", "csv::Y", "c::d", "crate::e::F"]
        );
        assert_eq!(
            names("#[derive(clap::Parser)] struct S; format!(\"{}\", $crate::m::N)"),
            ["clap::Parser", "crate::m::N"]
        );
        assert_eq!(names("Vec::<u8>::new() <A as crate::t::T>::go() r#type::A"), ["Vec", "crate::t::T", "type::A"]);
    }

    #[test]
    fn comments_and_literals_are_not() {
        let source = r##"
            // crate::a::B
            /* crate::a /* nested crate::b::C */ crate::c::D */
            let s = "crate::a::B \" crate::c::D" + r#"crate::x::Y " "# + b"crate::q::R" + br"crate::z::Z\";
            let c = ['"', '\'', '\\', '{', 'a']; fn f<'a>(x: &'a str) -> crate::seen::It {}
        "##;
        assert_eq!(names(source), ["crate::seen::It"]);
    }

    #[test]
    fn lines_are_counted_through_literals_and_comments() {
        let all = tokens("a /* \n */ b \"\n\n\" c\n// x\nd");
        let lines: Vec<(&str, usize)> = all.iter().map(|token| (token.text.as_str(), token.line)).collect();
        assert_eq!(lines, [("a", 1), ("b", 2), ("\"", 2), ("c", 4), ("d", 6)]);
    }

    #[test]
    fn tests_are_cut_out() {
        let source =
            "use a::b;\n#[cfg(test)]\nuse c::d;\n#[cfg(test)]\n#[allow(x)]\nmod tests { fn f() { e::g() } }\nuse h::i;";
        assert_eq!(names(source), ["a::b", "h::i"]);
        assert_eq!(first_line_of_tests(&tokens(source)), Some(4));
        assert_eq!(first_line_of_tests(&tokens("#[cfg(test)] use a::b;")), None);
    }
}
