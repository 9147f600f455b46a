//! Writing files that are either whole or not there.

mod file;
#[cfg(feature = "otlp")]
pub mod otlp;

pub use file::PartialFile;
