//! Text to [`Comparison`]s, or for the extended language to the [`Token`]s of which `extended` builds a tree: runs the grammar.
//!
//! Everything that `grammar/filter.pest` can say is decided here, and so is what `MLflow` makes of a missing AND. It must
//! not know which fields exist. What cannot be read goes to `diagnose` with how far it could be read.
//!
//! Invariants: no recursion, so no filter is too deep; the sizes at which a server gives up are refused beforehand.

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;
use pest_derive::Parser;

use super::ast::{Comparison, Identifier, Literal, LiteralValue, Operator, OperatorKind, TextSpan};
use super::diagnose::{self, Reached};
use super::python_list;
use super::sizes;
use super::values;
use crate::filter::error::FilterError;

#[derive(Parser)]
#[grammar = "../grammar/filter.pest"]
struct FilterParser;

/// A name that the server's tokenizer takes for an SQL type when it stands alone.
const TIMESTAMP: &str = "timestamp";

/// What stands in a filter, one after another.
enum Item {
    And,
    Clause(Result<Comparison, Unusable>),
}

/// A clause that says nothing, which does not matter if the next one swallows it.
struct Unusable {
    span: Range<usize>,
    can_be_swallowed: bool,
    error: FilterError,
}

/// What stands in an extended filter, one after another.
pub(in crate::filter) enum Token {
    And,
    Or,
    Not,
    Open,
    OpenSpan,
    Close,
    Clause(Comparison),
    /// What cannot be read; nothing follows it.
    Mistake(FilterError),
}

/// Reads an extended filter, which is not blank, up to its first mistake.
pub(in crate::filter) fn extended(text: &str) -> Result<Vec<(Token, Range<usize>)>, FilterError> {
    sizes::check_length(text)?;
    let pairs = FilterParser::parse(Rule::extended, text).map_err(|_| diagnose::syntax(text, 0, &Reached::Item))?;
    let mut tokens = Vec::new();
    for pair in pairs.flat_map(Pair::into_inner) {
        let span = range(&pair);
        let token = match pair.as_rule() {
            Rule::EOI => break,
            Rule::word_and => Token::And,
            Rule::word_or => Token::Or,
            Rule::word_not => Token::Not,
            Rule::open => Token::Open,
            Rule::open_span => Token::OpenSpan,
            Rule::close => Token::Close,
            Rule::extended_clause => clause(text, pair).map_or_else(Token::Mistake, |mut comparison| {
                comparison.operator.upper_case = true;
                Token::Clause(comparison)
            }),
            Rule::unread => {
                Token::Mistake(diagnose::syntax(text, span.start, &reached(&text[span.start..], span.start)))
            }
            _ => Token::Mistake(diagnose::foreign_item(text, span.clone())),
        };
        let is_mistake = matches!(token, Token::Mistake(_));
        tokens.push((token, span));
        if is_mistake {
            break;
        }
    }
    Ok(tokens)
}

/// Reads a filter of `MLflow`, which is comparisons that AND joins. No name in it means anything yet.
pub(in crate::filter) fn parse(text: &str) -> Result<Vec<Comparison>, FilterError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    if text.trim_matches(is_blank).is_empty() {
        return Err(diagnose::blank(text));
    }
    sizes::check_length(text)?;
    let pairs = FilterParser::parse(Rule::filter, text).map_err(|_| unreadable(text))?;
    let mut items = Vec::new();
    for pair in pairs.flat_map(Pair::into_inner) {
        match pair.as_rule() {
            Rule::and => items.push(Item::And),
            Rule::clause => items.push(Item::Clause(clause_or_reason(text, pair))),
            Rule::EOI => {}
            _ => return Err(diagnose::foreign_item(text, range(&pair))),
        }
    }
    combine(text, items)
}

/// Reads one identifier at the start of a text; what stands after it.
pub(in crate::filter) fn identifier(text: &str) -> Option<(&str, &str)> {
    let pair = FilterParser::parse(Rule::identifier, text).ok()?.next()?;
    Some(text.split_at(pair.as_span().end()))
}

/// Python's `\s`, which has four characters more than [`char::is_whitespace`].
pub(in crate::filter) fn is_blank(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

fn range(pair: &Pair<Rule>) -> Range<usize> {
    pair.as_span().start()..pair.as_span().end()
}

fn clause_or_reason(text: &str, pair: Pair<Rule>) -> Result<Comparison, Unusable> {
    let mut parts = pair.clone().into_inner();
    let is_timestamp = parts.next().is_some_and(|identifier| identifier.as_str() == TIMESTAMP);
    let can_be_swallowed = !is_timestamp && !parts.any(|part| matches!(part.as_rule(), Rule::r#in | Rule::not_in));
    let span = range(&pair);
    clause(text, pair).map_err(|error| Unusable { span, can_be_swallowed, error })
}

fn clause(text: &str, pair: Pair<Rule>) -> Result<Comparison, FilterError> {
    let whole = range(&pair);
    let mut identifier = Identifier { raw: String::new(), span: TextSpan::default(), swallowed: None };
    let mut operator = None;
    let mut value = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::identifier | Rule::subscript => {
                (identifier.raw, identifier.span) = (part.as_str().to_owned(), TextSpan(range(&part)));
            }
            Rule::string
            | Rule::list
            | Rule::flat_list
            | Rule::integer
            | Rule::float
            | Rule::escape_string
            | Rule::duration
            | Rule::boolean => {
                let next = literal(text, &part)?;
                value = Some(match value {
                    Some(low) => values::range(low, next),
                    None => next,
                });
            }
            rule => match operator_kind(rule) {
                Some(kind) => {
                    let upper_case = !part.as_str().contains(|c: char| c.is_ascii_lowercase());
                    operator = Some(Operator { kind, upper_case, span: TextSpan(range(&part)) });
                }
                None => return Err(diagnose::foreign_operator(text, identifier.span.0, range(&part))),
            },
        }
    }
    let span = TextSpan(whole.clone());
    let operator = operator.ok_or_else(|| diagnose::syntax(text, whole.start, &Reached::Item))?;
    Ok(Comparison { identifier, operator, value, span })
}

fn operator_kind(rule: Rule) -> Option<OperatorKind> {
    Some(match rule {
        Rule::equal => OperatorKind::Equal,
        Rule::not_equal => OperatorKind::NotEqual,
        Rule::less => OperatorKind::Less,
        Rule::less_or_equal => OperatorKind::LessOrEqual,
        Rule::greater => OperatorKind::Greater,
        Rule::greater_or_equal => OperatorKind::GreaterOrEqual,
        Rule::like => OperatorKind::Like,
        Rule::ilike => OperatorKind::ILike,
        Rule::rlike => OperatorKind::RLike,
        Rule::r#in => OperatorKind::In,
        Rule::not_in => OperatorKind::NotIn,
        Rule::is_null => OperatorKind::IsNull,
        Rule::is_not_null | Rule::is_not_null_spaced => OperatorKind::IsNotNull,
        Rule::not_like => OperatorKind::NotLike,
        Rule::not_ilike => OperatorKind::NotILike,
        Rule::not_rlike => OperatorKind::NotRLike,
        Rule::between => OperatorKind::Between,
        Rule::not_between => OperatorKind::NotBetween,
        _ => return None,
    })
}

fn literal(text: &str, pair: &Pair<Rule>) -> Result<Literal, FilterError> {
    let (raw, span) = (pair.as_str(), range(pair));
    let value = match pair.as_rule() {
        Rule::list | Rule::flat_list => {
            sizes::check_depth(text, raw, span.start)?;
            let shifted = |inner: Range<usize>| span.start + inner.start..span.start + inner.end;
            LiteralValue::List(
                python_list::read(raw).map_err(|error| diagnose::list(text, shifted(error.span), &error.problem))?,
            )
        }
        Rule::integer => match ascii_digits(raw).parse() {
            Ok(number) => LiteralValue::Integer(number),
            Err(_) => return Err(diagnose::too_large(text, span)),
        },
        Rule::float => match ascii_digits(raw).parse() {
            Ok(number) => LiteralValue::Float(number),
            Err(_) => return Err(diagnose::too_large(text, span)),
        },
        Rule::escape_string => LiteralValue::Text(values::unescape(text, span.start, raw)?),
        Rule::duration => LiteralValue::Duration(values::duration(text, span.start, raw)?),
        Rule::boolean => LiteralValue::Boolean(raw.eq_ignore_ascii_case("true")),
        _ => LiteralValue::Text(raw[1..raw.len() - 1].to_owned()),
    };
    Ok(Literal { raw: raw.to_owned(), value, span: TextSpan(span) })
}

/// A number with every Unicode digit replaced by the ASCII digit of the same value.
fn ascii_digits(raw: &str) -> String {
    raw.chars().map(|character| if character.is_ascii() { character } else { digit_value(character) }).collect()
}

/// Unicode puts the decimal digits of a script in a row from zero to nine, and several rows only directly one after another.
fn digit_value(digit: char) -> char {
    let is_digit = |code: u32| char::from_u32(code).is_some_and(pest::unicode::DECIMAL_NUMBER);
    let code = u32::from(digit);
    let row = (0..code).rev().take_while(|before| is_digit(*before)).count();
    char::from_digit(u32::try_from(row % 10).unwrap_or(0), 10).unwrap_or('0')
}

pub(in crate::filter) fn is_word(character: char) -> bool {
    character == '_' || pest::unicode::LETTER(character) || pest::unicode::NUMBER(character)
}

/// Applies what the server makes of a missing AND.
///
/// Before an ordinary comparison it does not matter. Before IN and IS NULL, whose identifiers `sqlparse` leaves
/// ungrouped, the identifier becomes the alias of an ordinary comparison in front of it, and both together one identifier.
fn combine(text: &str, items: Vec<Item>) -> Result<Vec<Comparison>, FilterError> {
    let mut clauses: Vec<Result<Comparison, Unusable>> = Vec::new();
    let mut adjacent = false;
    for item in items {
        let Item::Clause(mut clause) = item else {
            adjacent = false;
            continue;
        };
        if let (true, Ok(alias)) = (adjacent, &clause)
            && !groups_its_identifier(alias.operator.kind)
            && let Some(before) = clauses.pop()
        {
            match role(&before) {
                Role::Swallowed(span) => clause = Ok(swallow(text, span, alias)),
                Role::Apart => clauses.push(before),
                Role::NeedsAnd => return Err(diagnose::missing_and(text, alias.span.0.clone())),
            }
        }
        clauses.push(clause);
        adjacent = true;
    }
    clauses.into_iter().map(|clause| clause.map_err(|unusable| unusable.error)).collect()
}

/// What becomes of a clause when one with IN or IS NULL follows directly.
enum Role {
    Swallowed(TextSpan),
    Apart,
    NeedsAnd,
}

fn role(clause: &Result<Comparison, Unusable>) -> Role {
    use OperatorKind::{In, NotIn};
    match clause {
        Ok(clause) if matches!(clause.operator.kind, In | NotIn) || clause.identifier.raw == TIMESTAMP => {
            Role::NeedsAnd
        }
        Ok(clause) if groups_its_identifier(clause.operator.kind) => Role::Swallowed(clause.span.clone()),
        Err(unusable) if unusable.can_be_swallowed => Role::Swallowed(TextSpan(unusable.span.clone())),
        Ok(_) | Err(_) => Role::Apart,
    }
}

fn groups_its_identifier(kind: OperatorKind) -> bool {
    use OperatorKind::{In, IsNotNull, IsNull, NotIn};
    !matches!(kind, In | NotIn | IsNull | IsNotNull)
}

fn swallow(text: &str, swallowed: TextSpan, clause: &Comparison) -> Comparison {
    let start = swallowed.0.start;
    let span = start..clause.identifier.span.0.end;
    Comparison {
        identifier: Identifier { raw: text[span.clone()].to_owned(), span: TextSpan(span), swallowed: Some(swallowed) },
        span: TextSpan(start..clause.span.0.end),
        operator: clause.operator.clone(),
        value: clause.value.clone(),
    }
}

/// Why a text is no filter: the first thing in it that belongs to another language, or else where reading stops.
fn unreadable(text: &str) -> FilterError {
    let readable = FilterParser::parse(Rule::readable, text).ok().and_then(|mut pairs| pairs.next());
    let mut stop = 0;
    if let Some(readable) = readable {
        stop = readable.as_span().end();
        for pair in readable.into_inner() {
            match pair.as_rule() {
                Rule::clause => {
                    if let Err(error) = clause(text, pair) {
                        return error;
                    }
                }
                Rule::and | Rule::EOI => {}
                _ => return diagnose::foreign_item(text, range(&pair)),
            }
        }
    }
    diagnose::syntax(text, stop, &reached(&text[stop..], stop))
}

/// How far the clause that starts a text can be read; ranges are moved by `offset`.
fn reached(rest: &str, offset: usize) -> Reached {
    let moved = |pair: &Pair<Rule>| range(pair).start + offset..range(pair).end + offset;
    let parts = |rule| {
        let pair = FilterParser::parse(rule, rest).ok()?.next()?;
        let end = pair.as_span().end() + offset;
        Some((pair.into_inner().collect::<Vec<_>>(), end))
    };
    if let Some((parts, end)) = parts(Rule::readable_operator)
        && let [identifier, operator] = parts.as_slice()
    {
        let kind = operator_kind(operator.as_rule());
        return Reached::Value { identifier: moved(identifier), operator: moved(operator), kind, position: end };
    }
    match parts(Rule::readable_subject) {
        Some((parts, end)) if !parts.is_empty() => Reached::Operator { identifier: moved(&parts[0]), position: end },
        _ => Reached::Item,
    }
}
