//! The filter language against recorded verdicts of a server, properties, and the texts of its errors.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod conformance;
mod gallery;
mod matching;
mod properties;
