//! Patterns of Python for the regular expressions of engines: RE2 in `DuckDB`, Java's in Spark, `PostgreSQL`'s own.
//!
//! Starts from what `python_regex` writes, in which every character that could mean something is spelled `\x{...}`, so that
//! what is left can be told apart by its spelling. What an engine does not have, or has otherwise, is refused.

use super::Dialect;
use crate::filter::ask::python_regex;

/// RE2 repeats no more often.
const MOST_REPETITIONS: u32 = 1000;
/// How `python_regex` writes `$`.
const END: &str = r"(?=\n?\z)";
/// Characters that no engine gives a meaning, inside of a set or outside.
const PLAIN: &str = " _/:,;@=%\"'";

/// The pattern as the engine spells it, or why it has none.
pub(super) fn translate(pattern: &str, dialect: Dialect) -> Result<String, &'static str> {
    let portable = python_regex::translated(pattern).map_err(|_| "the pattern is too intricate")?;
    let portable = with_flat_sets(&with_plain_characters(&portable).replace(r"\u{", r"\x{"))?;
    if has_back_reference(&portable) {
        return Err("patterns with references to groups differ between engines");
    }
    if portable.contains("(?>") || portable.contains("(?(") {
        return Err("atomic groups and conditions in patterns differ between engines");
    }
    match dialect {
        Dialect::DuckDb => for_re2(&portable),
        Dialect::Spark => {
            Ok(portable.replace("(?i:", "(?iu:").replace("(?m:^)", r"(?<=\A|\n)").replace("(?m:$)", r"(?=\n|\z)"))
        }
        Dialect::Postgres => for_postgres(&portable),
    }
}

/// Spells harmless characters as themselves, so that people can read the pattern.
fn with_plain_characters(pattern: &str) -> String {
    PLAIN.chars().fold(pattern.to_owned(), |pattern, character| {
        let spelled = format!(r"\x{{{:x}}}", u32::from(character));
        // In a set it is written as a range of one.
        pattern
            .replace(&format!("{spelled}-{spelled}"), &character.to_string())
            .replace(&spelled, &character.to_string())
    })
}

fn has_back_reference(pattern: &str) -> bool {
    pattern.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit())
}

fn for_re2(pattern: &str) -> Result<String, &'static str> {
    let whole = with_end_last(pattern)?;
    if ["(?=", "(?!", "(?<"].iter().any(|look| whole.contains(look)) {
        return Err("the pattern looks ahead or behind (\\b does, too)");
    }
    if whole.contains("(?m:") {
        return Err("the pattern searches lines");
    }
    if repetitions(&whole).any(|count| count > MOST_REPETITIONS) {
        return Err("the pattern repeats more than a thousand times");
    }
    Ok(whole)
}

/// Without look-ahead, `$` takes the newline that may stand before the end, so nothing may come after it.
fn with_end_last(pattern: &str) -> Result<String, &'static str> {
    let mut rest = pattern;
    let mut whole = String::new();
    while let Some((before, after)) = rest.split_once(END) {
        whole.push_str(before);
        if !is_end(&whole, after) {
            return Err("the pattern has a $ that something follows");
        }
        whole.push_str(r"(?:\n?\z)");
        rest = after;
    }
    whole.push_str(rest);
    Ok(whole)
}

/// Whether a pattern can match nothing more here: only parentheses close, or the next alternative of the whole begins.
fn is_end(before: &str, after: &str) -> bool {
    let count = |text: &str, parenthesis| text.matches(parenthesis).count();
    let rest = after.trim_start_matches(')');
    let is_outside = count(before, '(') == count(before, ')') + (after.len() - rest.len());
    rest.is_empty() || (is_outside && rest.starts_with('|'))
}

fn repetitions(pattern: &str) -> impl Iterator<Item = u32> {
    let braces = pattern.split('{').skip(1).zip(pattern.split('{'));
    // What follows `\x` and `\p` is no count.
    let counts = braces.filter(|(_, before)| !before.ends_with(r"\x") && !before.ends_with(r"\p"));
    let numbers = counts.filter_map(|(after, _)| after.split_once('}')).flat_map(|(counts, _)| counts.split(','));
    numbers.filter_map(|count| count.parse().ok())
}

/// Sets without sets inside, which RE2 and `PostgreSQL` do not have.
fn with_flat_sets(pattern: &str) -> Result<String, &'static str> {
    let (mut flat, mut depth) = (String::with_capacity(pattern.len()), 0_u32);
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '[' => {
                depth += 1;
                if depth > 1 && characters.peek() == Some(&'^') {
                    return Err("the pattern has \\W, \\D or \\S inside of brackets");
                }
                if depth > 1 {
                    continue;
                }
            }
            ']' => {
                depth -= 1;
                if depth > 0 {
                    continue;
                }
            }
            _ => {}
        }
        flat.push(character);
    }
    Ok(flat)
}

fn for_postgres(pattern: &str) -> Result<String, &'static str> {
    if pattern.contains(r"\p{") {
        return Err("what \\w and \\d find there depends on the database; write [a-z0-9_] or [0-9]");
    }
    if pattern.contains("(?i:") || pattern.contains("(?s:") || pattern.contains("(?m:") {
        return Err("it has no flags inside of patterns; write ILIKE");
    }
    if repetitions(pattern).any(|count| count > 255) {
        return Err("the pattern repeats more than 255 times");
    }
    let flat = pattern.replace(r"\z", r"\Z").replace(r"[^\s\S]", "(?!)");
    let mut parts = flat.split(r"\x{");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').ok_or("the pattern is too intricate")?;
        let code = u32::from_str_radix(code, 16).map_err(|_| "the pattern is too intricate")?;
        out.push_str(&format!("\\U{code:08x}{rest}"));
    }
    Ok(out)
}
