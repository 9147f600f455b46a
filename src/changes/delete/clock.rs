//! What time it is: whatever is deleted by age, or by a time that counts from now, depends on it.

use crate::changes::{ChangeError, RunContext};
use crate::retention::Refusal;
use crate::store::Writer;

/// What speaks against this machine's clock: that the server's tells another time, or none, unless the user vouches for ours.
pub async fn refusal(
    context: &RunContext<'_>,
    server: &dyn Writer,
    trust: bool,
) -> Result<Option<Refusal>, ChangeError> {
    let Some(server_ms) = server.clock_ms().await? else {
        return Ok((!trust).then_some(Refusal::NoServerClock));
    };
    // The run may have waited and read for longer than clocks may be apart.
    Ok(Refusal::of_clocks(context.ui.clock().present_ms(), server_ms))
}

/// The same as an error.
pub async fn check(context: &RunContext<'_>, server: &dyn Writer, trust: bool) -> Result<(), ChangeError> {
    match refusal(context, server, trust).await? {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}
