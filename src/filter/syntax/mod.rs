//! What was written: text to comparisons or a tree, in the two languages, and why a text is no filter.
//!
//! It must not know what names mean.

pub mod ast;
pub(in crate::filter) mod diagnose;
pub(in crate::filter) mod extended;
pub(in crate::filter) mod parse;
pub(in crate::filter) mod python_list;
mod sizes;
pub(in crate::filter) mod values;
