//! Before anything is changed: how much may be, and whether somebody wants it.

use super::context::RunContext;
use super::error::{ChangeError, Deed};

/// Refuses more than the cap allows; the hint says how to look at what it would be.
pub fn check_cap(deed: Deed, most: Option<u64>, traces: u64, hint: &'static str) -> Result<(), ChangeError> {
    match most {
        Some(most) if traces > most => Err(ChangeError::Cap { traces, most, deed, hint }),
        _ => Ok(()),
    }
}

/// Asks a person.
pub fn confirm(context: &mut RunContext<'_>, deed: Deed, question: &str) -> Result<(), ChangeError> {
    match context.ui.confirm(question) {
        Some(true) => Ok(()),
        Some(false) => Err(ChangeError::NotConfirmed(deed)),
        None => Err(ChangeError::NobodyToAsk(deed)),
    }
}
