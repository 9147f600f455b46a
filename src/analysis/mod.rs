//! What a trace tells: the conversation it holds, why its spans failed, where its time went.
//!
//! Pure: it reads traces that are in memory and uses the model only. Nothing here knows terminals, servers or files.
//!
//! Invariant: contents are untrusted and come in every shape. What is not understood is shown as it is, never left out,
//! and what a library did not record is said.

pub mod activities;
pub mod agreement;
pub mod chat;
pub mod contrast;
mod digest;
pub mod gate;
pub mod keys;
mod money;
pub mod records;
pub mod sample;
mod selection;
pub mod stats;
mod timing;

pub use digest::{digest, tokens_at_most};
pub use money::money;
pub use selection::{SpanSelection, selected};
pub use timing::{Bar, Outside, Timing, timing, tokens};
