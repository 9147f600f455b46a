//! Whether everything was read: what the proof of a walk says, for people and as an exit code.

use super::Context;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::count;
use crate::store::{Proof, ProofMethod};

/// Says that everything was read, or fails with what is missing.
pub fn report(context: &mut Context<'_>, proof: &Proof) -> Result<(), CliError> {
    let (read, counted) = match proof.counted {
        Some((counted, method)) if method != ProofMethod::OneAnswer => (proof.read, counted),
        _ => return Ok(()),
    };
    if !proof.late.is_empty() {
        let late = count(proof.late.len() as u64);
        context.ui.status(&format!("{late} of them arrived or changed while the others were read, and come last"));
    }
    if counted > read {
        let message =
            format!("incomplete: {}/{} traces; {} are missing", count(read), count(counted), count(counted - read));
        return Err(CliError::new(Exit::Partial, message)
            .hint("traces keep arriving with start times of the past; run the command again"));
    }
    let gone = match read - counted {
        0 => String::new(),
        gone => format!("; {} of them were deleted or changed meanwhile", count(gone)),
    };
    context.ui.status(&format!("complete: {0}/{0}{gone}", count(read)));
    Ok(())
}
