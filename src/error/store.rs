//! What the errors of stores say, what to try next, and which exit code they are.

use std::fmt::Write;

use super::CliError;
use super::database::of_database;
use crate::exit::Exit;
use crate::model::Experiment;
use crate::store::StoreError;

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::Server(error) => error.into(),
            StoreError::Archive { .. } => Self::new(Exit::Refused, message),
            StoreError::Database { name, trouble } => of_database(&name, &trouble, message),
            StoreError::DatabaseReadOnly { .. } => Self::usage(format!("{message}; nothing was changed"))
                .hint(THROUGH_SERVER)
                .hint("or add --allow-database-writes, which bypasses the permissions that a server checks"),
            StoreError::OnlyByServer { .. } => {
                Self::usage(format!("{message}; nothing was changed")).hint(THROUGH_SERVER)
            }
            StoreError::LeftToServer(_) => Self::new(Exit::Refused, message).hint(THROUGH_SERVER),
            StoreError::NotOnDatabricks { instead, .. } => {
                Self::usage(format!("{message}; nothing was changed")).hint(instead)
            }
            StoreError::TooOld { since, .. } => {
                Self::new(Exit::Refused, message).hint(format!("upgrade MLflow on the server to {since} or later"))
            }
            StoreError::NoDatasets { .. } => Self::usage(message)
                .hint("name a tracking server with --tracking-uri")
                .hint("or write records to a file with `mlflow-trace export --format eval-dataset`"),
            StoreError::ReadOnly { .. } => Self::usage(format!("{message}; nothing was changed"))
                .hint("to change traces, use a tracking server with --tracking-uri"),
            StoreError::Protected { profile, file } => {
                Self::new(Exit::SafetyStop, format!("{message}; nothing was changed")).hint(format!(
                    "to change traces, choose another profile with --profile NAME, or take read_only out of [profile.{profile}] in {file}"
                ))
            }
            StoreError::NoExperiment { available } => Self::usage(message)
                .hint("name one with --experiment NAME, or set MLFLOW_EXPERIMENT_NAME")
                .hint(list_experiments(&available)),
            StoreError::UnknownExperiment { wanted, mut available } => {
                let likeness = |experiment: &Experiment| strsim::jaro_winkler(&wanted, &experiment.name);
                available.sort_by(|left, right| likeness(right).total_cmp(&likeness(left)));
                Self::new(Exit::NotFound, message).hint(list_experiments(&available))
            }
            StoreError::DeletedExperiment { id, .. } => Self::new(Exit::Refused, message)
                .hint(format!("restore it with `mlflow experiments restore --experiment-id {id}`")),
            StoreError::AmbiguousExperiment { .. } => {
                Self::usage(message).hint("use MLFLOW_EXPERIMENT_NAME or MLFLOW_EXPERIMENT_ID, which are unambiguous")
            }
            StoreError::ContradictingExperiments { .. } => {
                Self::usage(message).hint("unset one of them, or use --experiment")
            }
            StoreError::UnknownTraces(unknown_traces) => {
                let error = Self::new(Exit::NotFound, format!("{message}; nothing was changed")).hint(
                    "trace ids look like tr-8c9da0e91080e465367d509b505b35da; `mlflow-trace search -o ids` lists them",
                );
                Self { unknown_traces, ..error }
            }
            StoreError::Unseen(unseen) if unseen.is_forbidden => Self::new(Exit::Denied, message).hint(
                "ask an administrator: for other users, the server answers alike for missing and forbidden traces",
            ),
            StoreError::Unseen(_) => Self::new(Exit::Refused, message),
            StoreError::SpansMissing { trace_id, .. } => Self::new(Exit::Partial, message)
                .hint("the server may not reach its artifact store, which has the span file; see the server's log")
                .hint(format!("`mlflow-trace get {trace_id}` shows the spans when they are there again")),
            StoreError::SpansUnreachable { .. } => Self::new(Exit::Partial, message)
                .hint("give this program access to the file; for an object store, set its AWS_…, GOOGLE_… or AZURE_… variables")
                .hint("or give the http:// address of the server with --tracking-uri, which reads it"),
            StoreError::SpansElsewhere { .. } => Self::new(Exit::Partial, message)
                .hint("give the http:// address of the server with --tracking-uri, which reads them"),
            StoreError::SpansUnreadable { .. } | StoreError::TraceGone { .. } => Self::new(Exit::Partial, message),
            StoreError::SpansIncomplete { in_progress, .. } => {
                let error = Self::new(Exit::Partial, message);
                if in_progress { error.hint("try again when the trace has ended") } else { error }
            }
            StoreError::SpansArchived { .. } => {
                Self::new(Exit::Partial, message).hint("the server's trace archive may be missing or unreachable")
            }
            StoreError::ExperimentChanged { .. } => Self::new(Exit::SafetyStop, message)
                .hint("check it with `mlflow-trace experiments list`, and make a new plan"),
            StoreError::TooManyElsewhere { .. } => Self::new(Exit::Refused, message)
                .hint("add a time bound such as AND timestamp > -7d, or search an export of the traces"),
        }
    }
}

const THROUGH_SERVER: &str = "to change traces, start a server on it with `mlflow server --backend-store-uri URI`, and give its http:// address with --tracking-uri";

const LISTED: usize = 10;

fn list_experiments(available: &[Experiment]) -> String {
    if available.is_empty() {
        return "there are no experiments yet".into();
    }
    let mut text = String::from("there are: ");
    for (position, experiment) in available.iter().take(LISTED).enumerate() {
        let separator = if position > 0 { ", " } else { "" };
        let _ = write!(text, "{separator}{} (id {})", experiment.name, experiment.id);
    }
    if available.len() > LISTED {
        let _ = write!(text, " and {} more; see `mlflow-trace experiments list`", available.len() - LISTED);
    }
    text
}
