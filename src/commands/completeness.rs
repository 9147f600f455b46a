//! Whether everything was read: what the proof of a walk says, for people and as an exit code.

use super::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::count;
use crate::store::{Proof, ProofMethod};

/// Says that everything was read, or fails with what is missing and `advice`.
pub fn report(context: &mut Context<'_>, proof: &Proof, advice: &str) -> Result<(), CliError> {
    let (read, counted) = match proof.counted {
        Some((_, ProofMethod::OneAnswer | ProofMethod::Snapshot)) | None => return Ok(()),
        Some((counted, _)) => (proof.read, counted),
    };
    if proof.late > 0 {
        let late = count(proof.late);
        context.ui.status(&format!("{late} of them arrived or changed during the search and are listed last"));
    }
    if counted > read {
        let message =
            format!("incomplete: {}/{} traces; {} of them missing", count(read), count(counted), count(counted - read));
        return Err(CliError::new(Exit::Partial, message).hint(advice));
    }
    let gone = match read - counted {
        0 => String::new(),
        gone => format!("; {} of them were deleted or changed in the meantime", count(gone)),
    };
    context.ui.status(&format!("complete: {0}/{0}{gone}", count(read)));
    Ok(())
}
