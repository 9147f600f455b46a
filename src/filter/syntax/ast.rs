//! What was written: the tree that the parser makes, before any name means anything.
//!
//! It keeps identifiers and literals as they were spelled, so that [`Display`](fmt::Display) prints a filter which parses
//! back to the same tree. It must not know fields, types or traces.
//!
//! Invariant: every span is a byte range of the text that was parsed, on character boundaries.

use std::fmt;
use std::ops::Range;

/// A byte range of the filter text.
///
/// Two trees are equal when they say the same, wherever it stands: all spans are equal to each other.
#[derive(Clone, Debug, Default, Eq)]
pub struct TextSpan(pub Range<usize>);

impl PartialEq for TextSpan {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A filter as a boolean expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// All of these; none at all for the empty filter, which selects everything.
    And(Vec<Expr>),
    /// At least one of these.
    Or(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// `span(name = 'search' AND duration > 2s)`: some span is like this.
    Span(Box<Expr>),
    /// `status = 'OK'`.
    Comparison(Comparison),
}

impl From<Vec<Comparison>> for Expr {
    fn from(mut comparisons: Vec<Comparison>) -> Self {
        match comparisons.len() {
            1 => Self::Comparison(comparisons.remove(0)),
            _ => Self::And(comparisons.into_iter().map(Self::Comparison).collect()),
        }
    }
}

/// One clause: an identifier, an operator and, for most operators, a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// `` tags.`my key` ``.
    pub identifier: Identifier,
    /// `=`.
    pub operator: Operator,
    /// `'x'`; none for `IS NULL` and `IS NOT NULL`.
    pub value: Option<Literal>,
    /// From the identifier to the end of the value.
    pub span: TextSpan,
}

/// What is asked about, as it was spelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// The text, quotes included.
    pub raw: String,
    /// Byte range in the text of the filter.
    pub span: TextSpan,
    /// Where the comparison stood that `MLflow` takes for a part of this identifier, because AND is missing between them:
    /// `tags.a = 'x' tags.b IS NULL` asks for a tag called `a = 'x' tags.b`.
    pub swallowed: Option<TextSpan>,
}

/// An operator and how it was spelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Kind of operator.
    pub kind: OperatorKind,
    /// Whether it was written in upper case, which `MLflow` asks of operators on spans.
    pub upper_case: bool,
    /// Byte range in the text of the filter.
    pub span: TextSpan,
}

/// The operators of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperatorKind {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `LIKE`
    Like,
    /// `ILIKE`
    ILike,
    /// `RLIKE`
    RLike,
    /// `NOT LIKE`
    NotLike,
    /// `NOT ILIKE`
    NotILike,
    /// `NOT RLIKE`
    NotRLike,
    /// `BETWEEN`
    Between,
    /// `NOT BETWEEN`
    NotBetween,
    /// `IN`
    In,
    /// `NOT IN`
    NotIn,
    /// `IS NULL`
    IsNull,
    /// `IS NOT NULL`
    IsNotNull,
}

impl OperatorKind {
    /// `<`, `<=`, `>` or `>=`.
    pub(in crate::filter) fn is_order(self) -> bool {
        use OperatorKind::{Greater, GreaterOrEqual, Less, LessOrEqual};
        matches!(self, Less | LessOrEqual | Greater | GreaterOrEqual)
    }

    /// Whether MLflow compares texts with it.
    pub(in crate::filter) fn is_text(self) -> bool {
        use OperatorKind::{Equal, ILike, Like, NotEqual, RLike};
        matches!(self, Equal | NotEqual | Like | ILike | RLike)
    }

    /// `IN` or `NOT IN`.
    pub(in crate::filter) fn is_list(self) -> bool {
        matches!(self, Self::In | Self::NotIn)
    }

    /// `IS NULL` or `IS NOT NULL`.
    pub(in crate::filter) fn is_null(self) -> bool {
        matches!(self, Self::IsNull | Self::IsNotNull)
    }

    /// The operator in upper case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Like => "LIKE",
            Self::ILike => "ILIKE",
            Self::RLike => "RLIKE",
            Self::NotLike => "NOT LIKE",
            Self::NotILike => "NOT ILIKE",
            Self::NotRLike => "NOT RLIKE",
            Self::Between => "BETWEEN",
            Self::NotBetween => "NOT BETWEEN",
            Self::In => "IN",
            Self::NotIn => "NOT IN",
            Self::IsNull => "IS NULL",
            Self::IsNotNull => "IS NOT NULL",
        }
    }
}

/// A value as it was spelled and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// The text, quotes included.
    pub raw: String,
    /// What it says.
    pub value: LiteralValue,
    /// Byte range in the text of the filter.
    pub span: TextSpan,
}

/// What a literal says.
#[derive(Clone, Debug, PartialEq)]
pub enum LiteralValue {
    /// The text between the quotes; only in `E'…'` something is decoded.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent.
    Float(f64),
    /// The strings of a list, decoded as Python does.
    List(Vec<String>),
    /// `true` or `false`.
    Boolean(bool),
    /// `1h30m`, in milliseconds.
    Duration(i64),
    /// The two ends of `BETWEEN … AND …`.
    Range(Box<(Literal, Literal)>),
}

impl fmt::Display for Expr {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => join(formatter, parts, " AND "),
            Self::Or(parts) => join(formatter, parts, " OR "),
            Self::Not(part) => {
                formatter.write_str("NOT ")?;
                part.fmt_operand(formatter)
            }
            Self::Span(part) => write!(formatter, "span({part})"),
            Self::Comparison(comparison) => comparison.fmt(formatter),
        }
    }
}

impl Expr {
    /// Where the first comparison in it starts.
    #[must_use]
    pub fn start(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.first().map_or(0, Self::start),
            Self::Not(part) | Self::Span(part) => part.start(),
            Self::Comparison(comparison) => comparison.span.0.start,
        }
    }

    /// The same with every operator in upper case.
    #[must_use]
    pub fn in_upper_case(&self) -> Self {
        let each = |parts: &[Self]| parts.iter().map(Self::in_upper_case).collect();
        match self {
            Self::And(parts) => Self::And(each(parts)),
            Self::Or(parts) => Self::Or(each(parts)),
            Self::Not(part) => Self::Not(Box::new(part.in_upper_case())),
            Self::Span(part) => Self::Span(Box::new(part.in_upper_case())),
            Self::Comparison(comparison) => {
                let operator = Operator { upper_case: true, ..comparison.operator.clone() };
                Self::Comparison(Comparison { operator, ..comparison.clone() })
            }
        }
    }

    fn fmt_operand(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(_) | Self::Or(_) => write!(formatter, "({self})"),
            Self::Not(_) | Self::Span(_) | Self::Comparison(_) => fmt::Display::fmt(self, formatter),
        }
    }
}

fn join(formatter: &mut fmt::Formatter<'_>, parts: &[Expr], separator: &str) -> fmt::Result {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            formatter.write_str(separator)?;
        }
        part.fmt_operand(formatter)?;
    }
    Ok(())
}

impl fmt::Display for Comparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (raw, operator) = (&self.identifier.raw, self.operator.kind.as_str());
        // The case of a word says something about spans, so it is kept.
        let operator = if self.operator.upper_case { operator.to_owned() } else { operator.to_ascii_lowercase() };
        write!(formatter, "{raw} {operator}")?;
        match &self.value {
            Some(literal) => write!(formatter, " {}", literal.raw),
            None => Ok(()),
        }
    }
}
