//! What is done with a meaning: it is asked of traces, written for a server or a query engine, and split between them.
//!
//! It must not know how filters are written, but for writing them.

pub(in crate::filter) mod assessments;
pub(in crate::filter) mod by_info;
pub(in crate::filter) mod compiled;
pub(in crate::filter) mod doubt;
pub(in crate::filter) mod eval;
pub(in crate::filter) mod implied;
pub(in crate::filter) mod language;
pub(in crate::filter) mod like;
pub(in crate::filter) mod lower;
pub(in crate::filter) mod portable;
pub(in crate::filter) mod prefilter;
pub(in crate::filter) mod python_regex;
pub(in crate::filter) mod residual;
pub(in crate::filter) mod spans;
pub(in crate::filter) mod sql;
pub(in crate::filter) mod text;
pub(in crate::filter) mod truth;
pub(in crate::filter) mod written;
