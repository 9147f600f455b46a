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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    struct Held<'h>(&'h AtomicBool);

    impl Drop for Held<'_> {
        fn drop(&mut self) {
            self.0.store(false, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn a_failure_of_the_program_itself_lets_go_of_what_is_held_and_is_an_error() {
        let is_held = AtomicBool::new(true);
        let failing = async {
            let _held = Held(&is_held);
            tokio::task::yield_now().await;
            assert!(!is_held.load(Ordering::SeqCst), "an expected thing");
            Ok(Exit::Done)
        };
        let error = caught(failing).await.unwrap_err();
        assert_eq!((error.exit, is_held.load(Ordering::SeqCst)), (Exit::Unexpected, false));
        assert!(error.message.contains("an expected thing"), "{}", error.message);
    }
}
