//! Tokens to tree for the extended language: precedence, parentheses, span(...), and a limit on their depth.
//!
//! It must not know fields or types. What AND joins directly is one group; parentheses make a group of its own.
//!
//! Invariant: no tree is deeper than [`MAX_DEPTH`], so whatever walks over trees may recurse.

use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use super::ast::{Expr, LiteralValue, OperatorKind};
use super::parse::{self, Token};
use crate::filter::error::{FilterError, FilterErrorKind};

/// As deep as MLflow's own parser goes.
const MAX_DEPTH: usize = 100;

/// What became of an extended filter.
pub(in crate::filter) struct Reading {
    /// Whether something in it belongs to the extended language alone, up to where it was read.
    pub uses_extensions: bool,
    pub tree: Result<Expr, FilterError>,
}

/// Reads an extended filter. No name in it means anything yet.
pub(in crate::filter) fn read(text: &str) -> Result<Reading, FilterError> {
    let tokens = parse::extended(text)?;
    let uses_extensions = tokens.iter().any(|(token, _)| is_extension(token));
    let mut reader = Reader { text, tokens: tokens.into_iter().peekable(), depth: 0 };
    Ok(Reading { uses_extensions, tree: reader.whole() })
}

fn is_extension(token: &Token) -> bool {
    use OperatorKind::{Between, NotBetween, NotILike, NotLike, NotRLike};
    match token {
        Token::And | Token::Mistake(_) => false,
        Token::Or | Token::Not | Token::Open | Token::OpenSpan | Token::Close => true,
        Token::Clause(comparison) => {
            let value = comparison.value.as_ref();
            matches!(comparison.operator.kind, Between | NotBetween | NotLike | NotILike | NotRLike)
                || value.is_some_and(|literal| {
                    literal.raw.starts_with(['e', 'E'])
                        || matches!(literal.value, LiteralValue::Boolean(_) | LiteralValue::Duration(_))
                })
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    tokens: Peekable<IntoIter<(Token, Range<usize>)>>,
    depth: usize,
}

impl Reader<'_> {
    fn whole(&mut self) -> Result<Expr, FilterError> {
        let expr = self.expression()?;
        match self.tokens.next() {
            None => Ok(expr),
            Some((Token::Mistake(error), _)) => Err(error),
            Some((Token::Close, span)) => {
                Err(self.wrong(span, "there is no parenthesis to close").hint("leave it out, or open one before it"))
            }
            Some((_, span)) => Err(self
                .wrong(span.start..span.start, "AND or OR is missing between two clauses")
                .hint("join clauses with AND or OR")),
        }
    }

    fn wrong(&self, span: Range<usize>, message: impl Into<String>) -> FilterError {
        FilterError::new(FilterErrorKind::Syntax, self.text, span, message)
    }

    fn next_is(&mut self, wanted: fn(&Token) -> bool) -> bool {
        self.tokens.next_if(|(token, _)| wanted(token)).is_some()
    }

    fn expression(&mut self) -> Result<Expr, FilterError> {
        let mut parts = vec![self.conjunction()?];
        while self.next_is(|token| matches!(token, Token::Or)) {
            parts.push(self.conjunction()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Or(parts) })
    }

    fn conjunction(&mut self) -> Result<Expr, FilterError> {
        let mut parts = vec![self.negation()?];
        while self.next_is(|token| matches!(token, Token::And)) {
            parts.push(self.negation()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) })
    }

    fn negation(&mut self) -> Result<Expr, FilterError> {
        match self.tokens.next() {
            Some((Token::Not, span)) => self.deeper(&span, |reader| Ok(Expr::Not(Box::new(reader.negation()?)))),
            Some((Token::Open, span)) => self.enclosed(&span),
            Some((Token::OpenSpan, span)) => Ok(Expr::Span(Box::new(self.enclosed(&span)?))),
            Some((Token::Clause(comparison), _)) => Ok(Expr::Comparison(comparison)),
            Some((Token::Mistake(error), _)) => Err(error),
            Some((Token::And | Token::Or | Token::Close, span)) => {
                Err(self.wrong(span, "missing clause before this").hint("write a clause such as status = 'ERROR'"))
            }
            None => {
                let end = self.text.len();
                Err(self.wrong(end..end, "missing clause").hint("write a clause such as status = 'ERROR'"))
            }
        }
    }

    fn enclosed(&mut self, open: &Range<usize>) -> Result<Expr, FilterError> {
        let expr = self.deeper(open, Self::expression)?;
        match self.tokens.next() {
            Some((Token::Close, _)) => Ok(expr),
            Some((Token::Mistake(error), _)) => Err(error),
            Some((_, span)) => Err(self
                .wrong(span.start..span.start, "AND or OR is missing between two clauses")
                .hint("join clauses with AND or OR")),
            None => Err(self.wrong(open.end - 1..open.end, "this ( is never closed").hint("add a ) where it ends")),
        }
    }

    fn deeper(
        &mut self,
        at: &Range<usize>,
        read: impl FnOnce(&mut Self) -> Result<Expr, FilterError>,
    ) -> Result<Expr, FilterError> {
        if self.depth == MAX_DEPTH {
            let message = format!("parentheses and NOT are nested more than {MAX_DEPTH} deep");
            return Err(FilterError::new(FilterErrorKind::Limit, self.text, at.clone(), message)
                .hint("leave out those that change nothing"));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }
}
