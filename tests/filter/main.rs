//! The filter language against recorded verdicts of a server, properties, and the texts of its errors.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod conformance;
mod extended;
mod gallery;
mod generate;
mod hints;
mod matching;
mod meaning;
mod prefilter;
mod properties;
