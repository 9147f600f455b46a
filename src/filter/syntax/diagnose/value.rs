//! Why there is no value where one should stand.

use std::ops::Range;

use super::{first, has_closing, is_smart_quote, placeholder, smart_quote, unclosed, wrong};
use crate::filter::error::FilterError;
use crate::filter::syntax::ast::OperatorKind;
use crate::filter::syntax::parse::is_word;

/// Why there is no value behind an operator.
pub(super) fn no_value(
    text: &str,
    identifier: &Range<usize>,
    operator: &Range<usize>,
    kind: OperatorKind,
    position: usize,
) -> FilterError {
    let (name, rest) = (&text[identifier.clone()], &text[position..]);
    let symbol = kind.as_str();
    let is_list = matches!(kind, OperatorKind::In | OperatorKind::NotIn);
    let Some(character) = first(rest) else {
        let example = if is_list { "('a', 'b')" } else { "'text'" };
        return wrong(text, position..position, format!("missing value after {symbol}"))
            .hint(format!("write {name} {symbol} {example}"));
    };
    let span = position..position + character.len_utf8();
    match character {
        quote if is_smart_quote(quote) => smart_quote(text, position),
        '\'' | '"' if !has_closing(text, position) => unclosed(text, position),
        '`' => {
            let end = rest[1..].find('`').map_or(text.len(), |end| position + end + 2);
            wrong(text, position..end, "backticks are for keys, not for values").hint("put the value in single quotes")
        }
        '(' => wrong(text, span, "this ( is never closed, or a quote inside it is not")
            .hint("a list contains quoted strings: IN ('OK', 'ERROR')"),
        _ if is_list => {
            wrong(text, span, format!("{symbol} needs a list")).hint(format!("write {name} {symbol} ('a', 'b')"))
        }
        '$' | '{' => placeholder(text, position),
        '<' | '>' | '=' | '!' | '~' => {
            let joined = format!("{}{}", &text[operator.clone()], &rest[..1]);
            wrong(text, operator.start..position + 1, "the operator is split")
                .hint(format!("write {joined}, without blanks"))
        }
        '+' | '-' | '0'..='9' | '.' => bad_number(text, position),
        _ if is_word(character) => bare_word(text, name, kind, position),
        _ => wrong(text, span, format!("{character:?} cannot start a value"))
            .hint("put text in single quotes; write numbers with digits only"),
    }
}

/// Where the number starts that ends at `end`.
pub(super) fn number_start(text: &str, end: usize) -> usize {
    let before = text[..end].trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    before.strip_suffix('-').unwrap_or(before).len()
}

pub(super) fn bad_number(text: &str, position: usize) -> FilterError {
    let rest = &text[position..];
    let is_inside = |c: char| is_word(c) || matches!(c, '.' | '+' | '-' | ',' | ':' | '/');
    let length = rest.char_indices().skip(1).find(|(_, c)| !is_inside(*c)).map_or(rest.len(), |(at, _)| at);
    let found = rest[..length].trim_end_matches(',');
    let error = wrong(text, position..position + found.len().max(1), format!("{found} is not a valid number"));
    if found.starts_with('+') || found.contains("e+") || found.contains("E+") {
        return error.hint("remove the +");
    }
    if found == "-" {
        return error.hint("write the minus sign directly before the digits");
    }
    if found.contains('_') || found.contains(',') {
        return error.hint("write the digits without separators: 1000");
    }
    if found.len() >= 8 && found.chars().filter(|c| matches!(c, '-' | '/')).count() >= 2 {
        return error.hint("put quotes around a date: '2026-01-31'");
    }
    if ["AND", "and"].iter().any(|and| found.ends_with(and)) {
        return error.hint("put a blank before AND");
    }
    error.hint("write plain digits, a duration such as 5s, 250ms or 1h30m, or for a time -24h")
}

/// A length of time before now: what stands behind `now`, if it is a length of time, or a day.
fn before_now(offset: &str) -> &str {
    let digits = offset[1..].trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let unit = offset[1 + digits.len()..].to_ascii_lowercase();
    if is_number && matches!(unit.as_str(), "ms" | "s" | "m" | "h" | "d" | "w") { offset } else { "-24h" }
}

fn bare_word(text: &str, name: &str, kind: OperatorKind, position: usize) -> FilterError {
    let rest = &text[position..];
    let is_inside = |c: char| is_word(c) || matches!(c, '-' | '/' | '.' | ':' | '@');
    let length = rest.find(|c| !is_inside(c)).unwrap_or(rest.len());
    let (word, symbol) = (&rest[..length], kind.as_str());
    let span = position..position + length;
    let error = |message: String| wrong(text, span.clone(), message);
    match word.to_ascii_uppercase().as_str() {
        "NULL" | "NONE" | "NIL" => {
            let instead = if kind == OperatorKind::NotEqual { "IS NOT NULL" } else { "IS NULL" };
            error(format!("cannot compare with {word}")).hint(format!("write {name} {instead}"))
        }
        "AND" | "OR" => wrong(text, position..position, format!("missing value after {symbol}"))
            .hint(format!("write {name} {symbol} 'text'")),
        "YESTERDAY" | "TODAY" => error(format!("{word} is not a valid time"))
            .hint(format!("write {name} {symbol} -24h, or a date such as '2026-01-31'")),
        relative if relative.starts_with("NOW-") => error("filters cannot calculate with times".into())
            .hint(format!("write {name} {symbol} {}", before_now(&word[3..]))),
        "NOW" | "DATE" | "TIMESTAMP" | "INTERVAL" | "CURRENT_TIMESTAMP" => {
            error("filters cannot calculate with times".into())
                .hint("one hour ago is -1h; dates are '2026-01-31' or '2026-01-31T08:00Z'")
        }
        _ if rest[length..].starts_with('(') => {
            error(format!("{word}(...) is not supported: filters have no functions")).hint("write the value itself")
        }
        _ => error(format!("{word} needs quotes")).hint(format!("write {name} {symbol} '{word}'")).hint(
            "if the shell removed the quotes, put single quotes around the filter and double quotes around the value",
        ),
    }
}
