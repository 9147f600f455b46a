//! Values that a label schema of the server does not take are refused: the server itself stores them.

use serde_json::Value;

use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{AssessmentKind, TraceInfo};
use crate::store::Writer;

/// Refuses a value that does not fit what the experiments of these traces declare for the name. Servers without label schemas
/// declare nothing.
pub async fn check(
    server: &dyn Writer,
    traces: &[TraceInfo],
    kind: AssessmentKind,
    name: &str,
    value: &Value,
) -> Result<(), CliError> {
    for experiment in traces.iter().filter_map(TraceInfo::experiment_id) {
        let schema = server.label_schema(&experiment, name).await?;
        if let Some(objection) = schema.and_then(|schema| schema.objection(kind, value)) {
            return Err(CliError::new(Exit::SafetyStop, format!("{objection}; nothing was changed"))
                .hint("set the type with --type; a name without a label schema accepts any value"));
        }
    }
    Ok(())
}
