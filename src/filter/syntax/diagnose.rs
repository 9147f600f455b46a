//! Why a text is no filter, in words: the mistakes that people bring from SQL, Python, shells and word processors.
//!
//! It works on the text around the place where reading stopped and never decides whether something is a mistake. It must
//! not know fields, and not the grammar.

mod value;

use std::ops::Range;

use self::value::{bad_number, no_value, number_start};
use super::ast::OperatorKind;
use super::parse::{is_blank, is_word};
use super::python_list::ListProblem;
use crate::filter::error::{FilterError, FilterErrorKind};

/// How far the clause could be read in which reading stopped.
pub(in crate::filter) enum Reached {
    /// Not even an identifier.
    Item,
    /// An identifier; no operator at `position`.
    Operator { identifier: Range<usize>, position: usize },
    /// An identifier and an operator, one of another language if there is no `kind`; no value at `position`.
    Value { identifier: Range<usize>, operator: Range<usize>, kind: Option<OperatorKind>, position: usize },
}

const JOINED: &str = "join clauses with AND, OR, NOT and parentheses";

const OPERATORS: &str =
    "operators are = != < <= > >= LIKE ILIKE RLIKE IN BETWEEN, the words also with NOT, and IS NULL, IS NOT NULL";

fn wrong(text: &str, span: Range<usize>, message: impl Into<String>) -> FilterError {
    FilterError::new(FilterErrorKind::Syntax, text, span, message)
}

fn limit(text: &str, span: Range<usize>, message: impl Into<String>) -> FilterError {
    FilterError::new(FilterErrorKind::Limit, text, span, message)
}

pub(in crate::filter) fn blank(text: &str) -> FilterError {
    wrong(text, 0..0, "the filter is blank").hint("to select every trace, omit the filter")
}

pub(in crate::filter) fn too_deep(text: &str, at: usize, most: usize) -> FilterError {
    limit(text, at..at + 1, format!("parentheses are nested more than {most} levels deep"))
        .hint("a list needs one pair: IN ('OK', 'ERROR')")
}

pub(in crate::filter) fn too_large(text: &str, span: Range<usize>) -> FilterError {
    limit(text, span, "the number is too large")
        .hint("whole numbers range from -9223372036854775808 to 9223372036854775807")
}

pub(in crate::filter) fn missing_and(text: &str, clause: Range<usize>) -> FilterError {
    wrong(text, clause.start..clause.start, "AND is missing between two clauses").hint("join clauses with AND")
}

/// A word or symbol of another language where a clause should start.
pub(in crate::filter) fn foreign_item(text: &str, span: Range<usize>) -> FilterError {
    let found = &text[span.clone()];
    match found.to_ascii_uppercase().as_str() {
        "||" | "|" => wrong(text, span, format!("{found} is not an operator here")).hint("write OR"),
        "&&" | "&" => wrong(text, span, format!("{found} is not an operator here")).hint("write AND"),
        "," => wrong(text, span, "clauses cannot be separated by commas").hint("join clauses with AND"),
        ";" => wrong(text, span, "a filter cannot end with a semicolon").hint("remove the ;"),
        "BETWEEN" => wrong(text, span, "missing field before BETWEEN").hint(BETWEEN),
        "--" | "/*" | "#" => wrong(text, span, "a filter cannot contain comments").hint("remove the comment"),
        "WHERE" | "SELECT" => wrong(text, span, format!("a filter cannot start with {found}"))
            .hint("write only the condition: status = 'ERROR'"),
        _ => wrong(text, span, format!("{found} is not allowed here")).hint(JOINED),
    }
}

const BETWEEN: &str = "write execution_time_ms BETWEEN 100 AND 1000";

/// An operator of another language after an identifier.
pub(in crate::filter) fn foreign_operator(text: &str, identifier: Range<usize>, span: Range<usize>) -> FilterError {
    let (name, found) = (&text[identifier], &text[span.clone()]);
    let error = wrong(
        text,
        span,
        format!("{} is not an operator here", found.split_whitespace().collect::<Vec<_>>().join(" ")),
    );
    match found {
        "==" | "===" => error.hint("write ="),
        "<>" | "=!" | "!==" | "!" | "^=" => error.hint("write !="),
        "=>" => error.hint("write >="),
        "=<" => error.hint("write <="),
        "=~" | "~" | "~=" | "~~" => error.hint("use RLIKE for a regular expression, LIKE for a pattern with % and _"),
        "!~" | "!~~" => error.hint("write NOT RLIKE"),
        _ if found.to_ascii_uppercase().starts_with("NOT") => {
            error.hint(format!("write {name} {} 'text'", found.to_ascii_uppercase()))
        }
        _ => error.hint(OPERATORS),
    }
}

/// A list that Python would not read as strings.
pub(in crate::filter) fn list(text: &str, span: Range<usize>, problem: &ListProblem) -> FilterError {
    let error = |message: &str| FilterError::new(FilterErrorKind::Value, text, span.clone(), message);
    let example = "a list contains quoted strings: IN ('OK', 'ERROR')";
    match problem {
        ListProblem::Empty => error("the list is empty").hint(example),
        ListProblem::Nested => error("a list cannot contain lists").hint(example),
        ListProblem::Word(word) => error(&format!("{word} in a list is neither a string nor a comma"))
            .hint(format!("write '{word}' for the text {word}")),
        ListProblem::Number => {
            error("a list contains strings, not numbers").hint("put quotes around the number: ('1', '2')")
        }
        ListProblem::Prefix(prefix) => error(&format!("strings with the prefix {prefix} are not allowed in a list"))
            .hint(format!("remove the {prefix}")),
        ListProblem::Comma => error("a comma is missing, or there is one too many").hint(example),
        ListProblem::Unclosed => error("a string in the list has no closing quote")
            .hint("inside a list a backslash escapes the quote after it, as in Python; write \\\\ for a backslash"),
        ListProblem::Escape => error("invalid escape")
            .hint("inside a list escapes are Python's: \\n, \\xHH, \\uHHHH; write \\\\ for a backslash"),
        ListProblem::Character(character) => error(&format!("{character:?} is not allowed in a list")).hint(example),
    }
}

/// Says why reading stopped at `stop`, the start of a clause.
pub(in crate::filter) fn syntax(text: &str, stop: usize, reached: &Reached) -> FilterError {
    match reached {
        Reached::Item => no_clause(text, stop),
        Reached::Operator { identifier, position } => no_operator(text, identifier, *position),
        Reached::Value { identifier, operator, kind: None, .. } => {
            foreign_operator(text, identifier.clone(), operator.clone())
        }
        Reached::Value { identifier, operator, kind: Some(kind), position } => {
            no_value(text, identifier, operator, *kind, *position)
        }
    }
}

fn first(rest: &str) -> Option<char> {
    rest.chars().next()
}

fn word_length(rest: &str) -> usize {
    rest.find(|character| !is_word(character)).unwrap_or(rest.len())
}

/// Up to the next blank.
fn run_length(rest: &str) -> usize {
    rest.find(is_blank).unwrap_or(rest.len())
}

fn is_smart_quote(character: char) -> bool {
    matches!(character, '´' | '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»' | '′' | '″')
}

fn smart_quote(text: &str, at: usize) -> FilterError {
    let character = first(&text[at..]).unwrap_or('’');
    wrong(text, at..at + character.len_utf8(), format!("{character} is not a quote in filters"))
        .hint("use straight quotes: 'text' or \"text\"")
}

fn unclosed(text: &str, at: usize) -> FilterError {
    let quote = first(&text[at..]).unwrap_or('\'');
    let error = wrong(text, at..at + 1, format!("this {quote} is never closed")).hint(format!("add a closing {quote}"));
    if quote == '`' { error } else { error.hint(OTHER_QUOTES) }
}

const OTHER_QUOTES: &str = "quotes cannot be escaped inside quotes: use the other kind around the text, as in \"it's\"; for text with both kinds write E'it\\'s \"both\"'";

fn has_closing(text: &str, at: usize) -> bool {
    first(&text[at..]).is_some_and(|quote| text[at + quote.len_utf8()..].contains(quote))
}

fn no_clause(text: &str, at: usize) -> FilterError {
    let rest = &text[at..];
    let Some(character) = first(rest) else {
        return wrong(text, at..at, "missing clause").hint("write a clause such as status = 'ERROR'");
    };
    let span = at..at + character.len_utf8();
    let follows_clause = at > 0;
    match character {
        quote if is_smart_quote(quote) => smart_quote(text, at),
        '\'' | '"' | '`' if !has_closing(text, at) => unclosed(text, at),
        '\'' if follows_clause => wrong(text, span, "unexpected string after the clause")
            .hint("join clauses with AND")
            .hint("doubling a quote does not escape it: use the other kind of quote around the text"),
        '\'' => wrong(text, span, "a clause starts with a field, not with text")
            .hint("write status = 'OK', not 'OK' = status"),
        '<' | '>' | '=' | '!' | '~' => wrong(text, span, "missing field before this operator")
            .hint("write a field, an operator and a value: status = 'OK'"),
        '$' | '{' => placeholder(text, at),
        '-' | '/' | ':' | '.' | '+' | '_' if text[..at].ends_with(|c: char| c.is_ascii_digit()) => {
            bad_number(text, number_start(text, at))
        }
        _ if is_word(character) => {
            let length = word_length(rest);
            let word = &rest[..length];
            wrong(text, at..at + length, format!("{word}(...) is not supported: filters have no functions"))
                .hint("compare the field itself; ILIKE ignores case")
        }
        _ => wrong(text, span, format!("unexpected {character:?}"))
            .hint("write a field, an operator and a value: status = 'OK'"),
    }
}

fn placeholder(text: &str, at: usize) -> FilterError {
    wrong(text, at..at + run_length(&text[at..]), "a placeholder was not filled in")
        .hint("write the value itself; if a shell should fill it in, check its name and the quotes around the filter")
}

fn no_operator(text: &str, identifier: &Range<usize>, position: usize) -> FilterError {
    let (name, rest) = (&text[identifier.clone()], &text[position..]);
    let touching = position == identifier.end;
    if text[..identifier.start].ends_with(|c: char| c.is_ascii_digit()) {
        return bad_number(text, number_start(text, identifier.start));
    }
    let Some(character) = first(rest) else {
        if text[..identifier.start].ends_with(['\'', '"']) {
            return after_quote(text, identifier);
        }
        return wrong(text, position..position, format!("incomplete condition on {name}"))
            .hint(format!("add an operator and a value: {name} = 'text'"));
    };
    let span = position..position + character.len_utf8();
    match character {
        '.' => bad_key(text, identifier, position),
        quote if is_smart_quote(quote) => smart_quote(text, position),
        '(' if touching => no_clause(text, identifier.start),
        '-' | '/' | ':' | '@' | '$' | '#' | '\\' | '+' | '%' | '&' if touching => {
            unquoted_key(text, identifier, position)
        }
        '[' => {
            wrong(text, span, "filters cannot look inside a value").hint(format!("compare the whole value of {name}"))
        }
        '\'' | '"' | '`' if text[..identifier.start].ends_with(['\'', '"']) => after_quote(text, identifier),
        '\'' | '"' | '`' => {
            let end = rest[1..].find(character).map_or(rest.len(), |end| end + 2);
            wrong(text, position..position, format!("missing operator after {name}"))
                .hint(format!("write {name} = {}", &rest[..end]))
        }
        _ if is_word(character) => word_as_operator(text, name, position),
        _ if touching && name.contains('.') => unquoted_key(text, identifier, position),
        _ => wrong(text, span, format!("{character:?} is not an operator")).hint(OPERATORS),
    }
}

/// A word that stands directly behind a closing quote.
fn after_quote(text: &str, word: &Range<usize>) -> FilterError {
    let message = format!("the text ended at the quote before {}", &text[word.clone()]);
    wrong(text, word.clone(), message).hint(OTHER_QUOTES).hint("if another clause starts here, put AND before it")
}

fn word_as_operator(text: &str, name: &str, position: usize) -> FilterError {
    let rest = &text[position..];
    let length = word_length(rest);
    let word = &rest[..length];
    let error = |message: String| wrong(text, position..position + length, message);
    let not_an_operator = format!("{word} is not an operator here");
    match word.to_ascii_uppercase().as_str() {
        "BETWEEN" => error("BETWEEN needs two values with AND between them".into())
            .hint(format!("write {name} BETWEEN 100 AND 1000")),
        "IS" => error("IS can only be followed by NULL or NOT NULL".into())
            .hint(format!("write {name} IS NULL or {name} IS NOT NULL, or compare with = and !=")),
        "NOT" => error("NOT can only be followed by IN, LIKE, ILIKE, RLIKE or BETWEEN here".into())
            .hint(format!("write {name} != 'text' or {name} NOT IN ('a', 'b')")),
        "LIKE" | "ILIKE" | "RLIKE" => {
            error(format!("{word} needs quoted text without parentheses")).hint(format!("write {name} {word} '%text%'"))
        }
        "REGEXP" | "MATCHES" | "SIMILAR" | "REGEX" | "MATCH" => {
            error(not_an_operator).hint(format!("write {name} RLIKE 'regular expression'"))
        }
        "CONTAINS" | "HAS" | "INCLUDES" => error(not_an_operator).hint(format!("write {name} LIKE '%text%'")),
        "STARTSWITH" | "STARTS" => error(not_an_operator).hint(format!("write {name} LIKE 'text%'")),
        "ENDSWITH" | "ENDS" => error(not_an_operator).hint(format!("write {name} LIKE '%text'")),
        "EQ" | "EQUALS" => error(not_an_operator).hint(format!("write {name} = 'text'")),
        "AND" | "OR" => wrong(text, position..position, format!("incomplete condition on {name}"))
            .hint(format!("add an operator and a value: {name} = 'text'")),
        _ => error(not_an_operator)
            .hint(OPERATORS)
            .hint(format!("if {word} belongs to the key, put the key in backticks")),
    }
}

/// A key that stops at a character which only a quoted key may hold.
fn unquoted_key(text: &str, identifier: &Range<usize>, position: usize) -> FilterError {
    let name = &text[identifier.clone()];
    let Some((entity, key_start)) = name.split_once('.') else {
        let character = first(&text[position..]).unwrap_or(' ');
        return wrong(text, position..position + character.len_utf8(), format!("{character:?} is not an operator"))
            .hint(OPERATORS);
    };
    let stops = |c: char| is_blank(c) || matches!(c, '=' | '<' | '>' | '!' | '~' | '\'' | '"');
    let end = text[position..].find(stops).map_or(text.len(), |length| position + length);
    let key = format!("{key_start}{}", &text[position..end]);
    let character = first(&text[position..]).unwrap_or(' ');
    wrong(
        text,
        position..end.max(position + character.len_utf8()),
        format!("{character:?} is not allowed in a key without quotes"),
    )
    .hint(format!("put the key in brackets or backticks: {entity}[\"{0}\"], {entity}.`{0}`", key.trim_matches('`')))
    .hint(
        "in a shell, put single quotes around the filter; otherwise the shell runs the text in backticks as a command",
    )
}

/// A dot after which no key can be read.
fn bad_key(text: &str, identifier: &Range<usize>, dot: usize) -> FilterError {
    let name = &text[identifier.clone()];
    if dot > identifier.end {
        return wrong(text, identifier.end..dot, "unexpected blank before the dot")
            .hint("write the key directly after the dot");
    }
    let rest = &text[dot + 1..];
    let length = word_length(rest);
    let word = &rest[..length];
    let entity = name.split('.').next().unwrap_or(name);
    let span = dot + 1..dot + 1 + length;
    match first(rest) {
        Some('\'' | '"' | '`') if !has_closing(text, dot + 1) => unclosed(text, dot + 1),
        Some('(') => wrong(text, dot + 1..dot + 2, "filters have no functions").hint("write a key after the dot"),
        Some('0'..='9') => {
            let key = name.split_once('.').map_or(String::new(), |(_, key)| format!("{key}."));
            wrong(text, span, format!("{word} is read as a number, not as a key"))
                .hint(format!("put the whole key in backticks: {entity}.`{key}{word}`"))
        }
        Some(_) if length > 0 && rest[length..].starts_with('(') => {
            wrong(text, span, "filters have no functions").hint("compare the field itself")
        }
        Some(_) if length > 0 => wrong(text, span, format!("the word {word} is not allowed in a key without quotes"))
            .hint(format!(
                "put the whole key in backticks: {entity}.`{}`",
                &format!("{name}.{word}")[entity.len() + 1..]
            ))
            .hint("CASE, IN, VALUES, USING, FROM and AS are reserved; in a shell, put single quotes around the filter"),
        _ => wrong(text, dot..dot + 1, "missing key after the dot")
            .hint(format!("write {entity}.key or {entity}.`any key`")),
    }
}
