//! Operators as they are written, and what they mean of numbers and of texts.

use super::typed::{NumberOperator, TextOperator};
use crate::filter::syntax::ast::OperatorKind;

pub(in crate::filter) fn number_operator(kind: OperatorKind) -> Option<NumberOperator> {
    Some(match kind {
        OperatorKind::Equal => NumberOperator::Equal,
        OperatorKind::NotEqual => NumberOperator::NotEqual,
        OperatorKind::Less => NumberOperator::Less,
        OperatorKind::LessOrEqual => NumberOperator::LessOrEqual,
        OperatorKind::Greater => NumberOperator::Greater,
        OperatorKind::GreaterOrEqual => NumberOperator::GreaterOrEqual,
        _ => return None,
    })
}

pub(in crate::filter) fn text_operator(kind: OperatorKind) -> Option<TextOperator> {
    Some(match kind {
        OperatorKind::Equal => TextOperator::Equal,
        OperatorKind::NotEqual => TextOperator::NotEqual,
        OperatorKind::Like => TextOperator::Like,
        OperatorKind::ILike => TextOperator::ILike,
        OperatorKind::RLike => TextOperator::RLike,
        OperatorKind::NotLike => TextOperator::NotLike,
        OperatorKind::NotILike => TextOperator::NotILike,
        OperatorKind::NotRLike => TextOperator::NotRLike,
        _ => return None,
    })
}
