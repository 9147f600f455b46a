//! What can go wrong with an export.

use std::io;

use thiserror::Error;

/// An export that did not come to its end.
#[derive(Debug, Error)]
pub enum ExportError<E> {
    /// The traces could not be read.
    #[error("could not read the traces")]
    Source(E),
    /// A file could not be read or written.
    #[error("cannot {attempted} {path}: {error}")]
    File {
        /// `read` or `write`.
        attempted: &'static str,
        /// Path of the file.
        path: String,
        /// The underlying error.
        error: io::Error,
    },
    /// Going on would mix or lose what is there.
    #[error("{message}")]
    Refused {
        /// What is in the way.
        message: String,
        /// What to do.
        hint: String,
    },
}

impl<E> ExportError<E> {
    /// A failure to read a file.
    pub fn reading(path: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { attempted: "read", path, error }
    }

    /// A failure to write a file.
    pub fn writing(path: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { attempted: "write", path, error }
    }

    /// A refusal.
    pub fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), hint: hint.into() }
    }
}
