//! The sizes at which a server's parser gives up.

use super::diagnose;
use super::parse::is_word;
use crate::filter::error::{FilterError, FilterErrorKind};

/// `sqlparse` gives up on more tokens (`MAX_GROUPING_TOKENS`).
const MAX_TOKENS: usize = 10_000;
/// `sqlparse` gives up on deeper parentheses (`MAX_GROUPING_DEPTH`).
const MAX_DEPTH: usize = 100;

/// Refuses a filter of too many words.
pub(super) fn check_length(text: &str) -> Result<(), FilterError> {
    if count_tokens(text) <= MAX_TOKENS {
        return Ok(());
    }
    let message = format!("the filter is too long: a server reads at most {MAX_TOKENS} words, blanks and symbols");
    Err(FilterError::new(FilterErrorKind::Limit, text, 0..0, message)
        .hint("split it into several searches, or leave out blanks"))
}

/// Refuses a list that stands at `start` if its parentheses are nested too deeply.
pub(super) fn check_depth(text: &str, list: &str, start: usize) -> Result<(), FilterError> {
    let (depth, at) = deepest_parenthesis(list);
    if depth > MAX_DEPTH { Err(diagnose::too_deep(text, start + at, MAX_DEPTH)) } else { Ok(()) }
}

/// How deep parentheses outside of strings are nested, and where the deepest one opens.
fn deepest_parenthesis(list: &str) -> (usize, usize) {
    let (mut depth, mut deepest, mut at) = (0_usize, 0, 0);
    let mut position = 0;
    while let Some(character) = list[position..].chars().next() {
        match character {
            '\'' | '"' | '`' => position += quoted_length(&list[position..], character).unwrap_or(1),
            _ => position += character.len_utf8(),
        }
        match character {
            '(' => {
                depth += 1;
                if depth > deepest {
                    (deepest, at) = (depth, position - 1);
                }
            }
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (deepest, at)
}

/// How long the quoted text is that a text starts with, by the rule of the grammar.
fn quoted_length(text: &str, quote: char) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = quote as u8;
    let (mut position, mut fallback) = (1, None);
    while position < bytes.len() {
        let is_pair = bytes.get(position + 1) == Some(&quote);
        if bytes[position] == quote {
            if !is_pair {
                return Some(position + 1);
            }
            fallback = Some(position + 1);
            position += 2;
        } else if bytes[position] == b'\\' && is_pair && quote != b'`' {
            fallback = Some(position + 2);
            position += 2;
        } else {
            position += 1;
        }
    }
    fallback
}

/// About how many tokens `sqlparse` makes of a text; each blank is one.
fn count_tokens(text: &str) -> usize {
    let (mut count, mut position) = (0, 0);
    let mut unclosed = Vec::new();
    while let Some(character) = text[position..].chars().next() {
        let rest = &text[position..];
        let run = |inside: fn(char) -> bool| rest.find(|c| !inside(c)).unwrap_or(rest.len());
        let length = match character {
            '\'' | '"' | '`' if !unclosed.contains(&character) => quoted_length(rest, character).unwrap_or_else(|| {
                unclosed.push(character);
                1
            }),
            '<' | '>' | '=' | '~' | '!' => run(|c| matches!(c, '<' | '>' | '=' | '~' | '!')),
            _ if is_word(character) => run(is_word),
            other => other.len_utf8(),
        };
        position += length;
        count += 1;
    }
    count
}
