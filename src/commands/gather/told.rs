//! How the reading of many traces went, in words and in the exit code.

use super::Gathered;
use crate::commands::{CommandResult, Context, completeness, nothing, trace_ids, undecided};
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::count_traces;

impl Gathered {
    /// Says whether something was read and whether that was everything, once the results are written.
    pub async fn report(self, context: &mut Context<'_>, fail_if_empty: bool, is_table: bool) -> CommandResult {
        context.ui.flush()?;
        if let (0, true, Some((store, query))) = (self.count, self.undecided.is_empty(), &self.query) {
            nothing::tell(context, store, query, is_table).await;
        }
        let count = self.count;
        self.complete(context)?;
        Ok(if count == 0 && fail_if_empty { Exit::CheckFailed } else { Exit::Done })
    }

    /// Fails if not everything was read.
    pub fn complete(self, context: &mut Context<'_>) -> Result<(), CliError> {
        if let Some(proof) = &self.proof {
            completeness::report(context, proof, "traces keep arriving with past start times; run it again")?;
        }
        if self.open > 0 {
            let number = count_traces(self.open);
            context.ui.status(&format!("{number} in progress: spans that have not arrived are not counted"));
        }
        undecided::tell(context, &self.undecided)?;
        trace_ids::tell_missing(context, (&self.missing.0, &self.missing.1), self.count)?;
        if self.failed > 0 {
            let (number, reason) = (count_traces(self.failed), self.reason.unwrap_or_default());
            let message = format!("the spans of {number} could not be read, and the numbers lack them: {reason}");
            return Err(CliError::new(Exit::Partial, message)
                .hint("see what is available of one with `mlflow-trace get TRACE_ID`"));
        }
        Ok(())
    }
}
