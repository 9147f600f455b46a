//! Exporting: from a walk over traces to files that are whole or not there.
//!
//! [`write_one`] makes one file. An [`Archive`] is a folder of parts with a manifest, which is gone on with where it was cut
//! off. Traces come from a [`TraceSource`], a [`Format`] makes rows of them, a [`Redaction`] takes out what must not be written,
//! an [`Encoder`] compresses and digests, a [`Folder`] is where files go: a directory or an object store.
//!
//! Invariants: a file appears under its name only when it is whole; a manifest never names more than there is; every trace of the
//! closed window is in exactly one part; memory does not grow with the number of traces.

mod archive;
mod attachments;
mod begin;
mod encode;
mod error;
mod feed;
mod folder;
#[cfg(feature = "object-store")]
mod object;
#[cfg(feature = "otlp")]
pub mod otlp;
mod read_back;
pub mod redact;
mod resume;
mod sample;
mod single;
mod source;
mod standing;
mod state;
mod tally;
mod target;
#[cfg(test)]
mod tests;
mod versions;

pub use archive::{Archive, ArchiveEnd, Layout, PartLimit};
pub use attachments::{ATTACHMENT_MISSING, AttachmentChoice, Stats};
pub use begin::{Beginning, beginning, new_run};
pub use encode::{Compression, Encoder, Stored};
pub use error::ExportError;
pub use feed::{Choice, Chosen, Exported, Item, Stretch};
pub use folder::{Directory, Folder, NewFile, Stat, is_part};
#[cfg(feature = "object-store")]
pub use object::Bucket;
pub use read_back::Unproven;
pub use redact::{RedactError, Redaction};
pub use resume::{check, differences, read_manifest, remove_leftovers, stretches};
pub use sample::{Sample, SampleError};
pub use single::write_one;
pub use source::{Format, Rows, TraceSource};
pub use standing::Standing;
pub use state::{Newest, Noted, Pending, State};
pub use tally::Tally;
pub use target::{Target, TargetError, Variables, bucket, is_there, object};
pub use versions::Versions;
