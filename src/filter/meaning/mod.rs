//! What a filter means: both languages end in one typed tree, which knows none of them.
//!
//! It must not know traces, but for their order.

pub(in crate::filter) mod check;
pub(in crate::filter) mod compare;
pub(in crate::filter) mod conjunction;
pub(in crate::filter) mod limits;
pub(in crate::filter) mod lint;
pub(in crate::filter) mod names;
pub(in crate::filter) mod normal;
pub(in crate::filter) mod operators;
pub(in crate::filter) mod order_by;
pub(in crate::filter) mod resolve;
pub mod typed;
