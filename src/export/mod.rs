//! Writing files that are either whole or not there.

mod file;

pub use file::PartialFile;
