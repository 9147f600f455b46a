//! What a filter means, in whichever language it was written: the tree that `check` and `resolve` make, in which every name is
//! a [`Field`] and every value fits its field, and what belongs together is grouped.
//!
//! It cannot hold an unresolved name, an operator that the field does not have, or a value of the wrong type.

use std::cmp::Ordering;
use std::ops;

use crate::model::TimeWindow;
use crate::model::field::Field;

/// A checked filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of these; every trace if there are none.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// One clause.
    Clause(Clause),
    /// Some span is like this.
    Span(SpanGroup),
}

/// Conditions on one and the same span: what was written as `span(...)`, or the clauses on spans that one AND joins.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanGroup {
    /// What the span must be like; all clauses in it ask a [`Field::Span`].
    pub condition: Box<Condition>,
    /// The largest lower bound of the trace's start that stands beside it, in milliseconds: a span that started long before
    /// does not count.
    pub earliest: Option<Number>,
    /// Whether it was written as `span(...)`.
    pub is_written: bool,
}

/// One clause of a checked filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// What is asked.
    pub field: Field,
    /// What the answer must be.
    pub test: Test,
    /// Where it stands in the filter.
    pub span: ops::Range<usize>,
}

impl Condition {
    /// Every clause of it, from left to right.
    #[must_use]
    pub fn clauses(&self) -> Vec<&Clause> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::clauses).collect(),
            Self::Not(part) => part.clauses(),
            Self::Clause(clause) => vec![clause],
            Self::Span(group) => group.condition.clauses(),
        }
    }
}

impl Clause {
    /// The run of `run_id = 'x'`.
    #[must_use]
    pub fn run(&self) -> Option<&str> {
        match (&self.field, &self.test) {
            (Field::Run, Test::Text(TextOperator::Equal, run)) => Some(run),
            _ => None,
        }
    }

    /// Whether it asks a span.
    #[must_use]
    pub fn is_on_span(&self) -> bool {
        matches!(self.field, Field::Span(_))
    }
}

/// What the answer of a field must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A text: `= 'x'`, `LIKE '%x%'`.
    Text(TextOperator, String),
    /// One of some texts: `IN ('a', 'b')`.
    OneOf(Vec<String>),
    /// A text, but none of these: `NOT IN ('a', 'b')`.
    NoneOf(Vec<String>),
    /// A number: `> 1000`.
    Number(NumberOperator, Number),
    /// A number in a range, or outside of it.
    Range(Range),
    /// `= true`, or with `false` in the first place `!= true`.
    Boolean(bool, bool),
    /// A number that is compared with a text which is no number: `SQLite` sorts every number before every text.
    NumberBeforeText(NumberOperator),
    /// Absent: `IS NULL`.
    Missing,
    /// Present: `IS NOT NULL`.
    Present,
}

/// `BETWEEN 1 AND 5`, `NOT BETWEEN 1 AND 5`, `= '2026-11-01'`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The first number inside.
    pub low: Number,
    /// The last number inside, or the first behind it.
    pub high: Number,
    /// Whether `high` itself is inside.
    pub includes_high: bool,
    /// Whether the number must be outside.
    pub is_outside: bool,
}

impl Range {
    /// The operator that holds `high` against a number inside.
    #[must_use]
    pub fn high_operator(&self) -> NumberOperator {
        if self.includes_high { NumberOperator::LessOrEqual } else { NumberOperator::Less }
    }

    /// Whether a number passes; nothing for NaN.
    #[must_use]
    pub fn holds(&self, number: Number) -> Option<bool> {
        let above = NumberOperator::GreaterOrEqual.allows(number.compare(self.low)?);
        let below = self.high_operator().allows(number.compare(self.high)?);
        Some((above && below) != self.is_outside)
    }
}

/// How texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextOperator {
    /// `=`: the same characters.
    Equal,
    /// `!=`.
    NotEqual,
    /// `LIKE`: `%` and `_`, no escape, case matters.
    Like,
    /// `ILIKE`: `LIKE` without regard to the case of ASCII letters.
    ILike,
    /// `RLIKE`: Python's `re.search`.
    RLike,
    /// `NOT LIKE`.
    NotLike,
    /// `NOT ILIKE`.
    NotILike,
    /// `NOT RLIKE`.
    NotRLike,
}

impl TextOperator {
    /// The operator as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Like => "LIKE",
            Self::ILike => "ILIKE",
            Self::RLike => "RLIKE",
            Self::NotLike => "NOT LIKE",
            Self::NotILike => "NOT ILIKE",
            Self::NotRLike => "NOT RLIKE",
        }
    }

    /// What holds of a text exactly if this does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Like => Self::NotLike,
            Self::ILike => Self::NotILike,
            Self::RLike => Self::NotRLike,
            Self::NotLike => Self::Like,
            Self::NotILike => Self::ILike,
            Self::NotRLike => Self::RLike,
        }
    }
}

impl Test {
    /// One closed interval of whole numbers in which all that pass are, if there is one.
    #[must_use]
    pub fn window(&self) -> Option<TimeWindow> {
        let bound = |operator: NumberOperator, number: Number| match number {
            Number::Integer(number) => operator.window(number).unwrap_or_default(),
            Number::Float(_) => TimeWindow::default(),
        };
        match self {
            Self::Number(operator, number) => Some(bound(*operator, *number)),
            Self::Range(range) if !range.is_outside => {
                let above = bound(NumberOperator::GreaterOrEqual, range.low);
                Some(above.and(bound(range.high_operator(), range.high)))
            }
            _ => None,
        }
    }

    /// What holds of one answer exactly if this does not.
    #[must_use]
    pub fn negated(&self) -> Self {
        match self {
            Self::Text(operator, text) => Self::Text(operator.negated(), text.clone()),
            Self::OneOf(texts) => Self::NoneOf(texts.clone()),
            Self::NoneOf(texts) => Self::OneOf(texts.clone()),
            Self::Number(operator, number) => Self::Number(operator.negated(), *number),
            Self::Range(range) => Self::Range(Range { is_outside: !range.is_outside, ..*range }),
            Self::Boolean(equal, value) => Self::Boolean(!equal, *value),
            Self::NumberBeforeText(operator) => Self::NumberBeforeText(operator.negated()),
            Self::Missing => Self::Present,
            Self::Present => Self::Missing,
        }
    }
}

/// How numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberOperator {
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
}

impl NumberOperator {
    /// The whole numbers that pass, if they are one closed interval.
    #[must_use]
    pub fn window(self, number: i64) -> Option<TimeWindow> {
        let (oldest_ms, newest_ms) = match self {
            Self::Equal => (Some(number), Some(number)),
            Self::Greater => (Some(number.checked_add(1)?), None),
            Self::GreaterOrEqual => (Some(number), None),
            Self::Less => (None, Some(number.checked_sub(1)?)),
            Self::LessOrEqual => (None, Some(number)),
            Self::NotEqual => return None,
        };
        Some(TimeWindow { oldest_ms, newest_ms })
    }

    /// What holds of two numbers exactly if this does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }

    /// The operator as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether two values in this order satisfy the operator.
    #[must_use]
    pub fn allows(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// A number as it was written; whole numbers and fractions are compared exactly, as `SQLite` and Python do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent.
    Float(f64),
}

impl Number {
    /// Which of two numbers is larger; nothing for NaN.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(&b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b),
            (Self::Integer(a), Self::Float(b)) => compare_exactly(a, b),
            (Self::Float(a), Self::Integer(b)) => compare_exactly(b, a).map(Ordering::reverse),
        }
    }
}

#[allow(clippy::cast_possible_truncation)] // The bounds are checked first, so the whole part fits.
fn compare_exactly(integer: i64, float: f64) -> Option<Ordering> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        None
    } else if float >= LIMIT {
        Some(Ordering::Less)
    } else if float < -LIMIT {
        Some(Ordering::Greater)
    } else {
        let whole = float.floor();
        let by_whole = integer.cmp(&(whole as i64));
        Some(if by_whole.is_eq() && float > whole { Ordering::Less } else { by_whole })
    }
}

/// The number that `SQLite` makes of a text when it compares it with an integer column, if it is one.
#[must_use]
pub fn sqlite_number(text: &str) -> Option<Number> {
    let text = text.trim_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r']);
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    if whole.len() + fraction.len() == 0 || !digits(whole) || !digits(fraction) || !exponent_fits {
        return None;
    }
    match text.parse() {
        Ok(integer) => Some(Number::Integer(integer)),
        Err(_) => text.parse().ok().map(Number::Float),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_and_fractions_are_compared_exactly() {
        let compare = |integer, float| Number::Integer(integer).compare(Number::Float(float));
        assert_eq!(compare(9_007_199_254_740_993, 9_007_199_254_740_992.0), Some(Ordering::Greater));
        assert_eq!(compare(i64::MAX, 9_223_372_036_854_775_808.0), Some(Ordering::Less));
        assert_eq!(compare(i64::MIN, f64::NEG_INFINITY), Some(Ordering::Greater));
        assert_eq!((compare(-1, -0.5), compare(-1, -1.5)), (Some(Ordering::Less), Some(Ordering::Greater)));
        assert_eq!((compare(2, 2.0), compare(2, f64::NAN)), (Some(Ordering::Equal), None));
    }

    #[test]
    fn texts_are_numbers_where_sqlite_says_so() {
        for (text, number) in [
            ("5", Number::Integer(5)),
            (" -5\n", Number::Integer(-5)),
            ("+5", Number::Integer(5)),
            ("1.7e12", Number::Float(1.7e12)),
            ("5.", Number::Float(5.0)),
            (".5", Number::Float(0.5)),
            ("99999999999999999999", Number::Float(1e20)),
        ] {
            assert_eq!(sqlite_number(text), Some(number), "{text}");
        }
        for text in ["", " ", "abc", "1e", "1e+", "0x10", "1_0", "5 5", ".", "--5", "inf", "NaN", "５", "\u{a0}5"] {
            assert_eq!(sqlite_number(text), None, "{text}");
        }
    }
}
