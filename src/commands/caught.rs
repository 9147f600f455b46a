//! Faults of this program itself.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::error::CliError;
use crate::exit::Exit;

/// Does something; where this program itself fails, that is an error as any other: whatever is held is let go, and told.
pub async fn caught<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no details are known");
        Err(CliError::new(Exit::Unexpected, format!("internal error: {words}"))
            .hint("please report it, with the command line and the output above"))
    })
}
