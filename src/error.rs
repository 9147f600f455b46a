//! The one place that knows every error: what to say, what to try next, and which exit code it is.

mod changes;
mod connection;
mod database;
mod store;

use std::io;

use crate::annotations::ResultsError;
use crate::changes::plan_file::PlanError;
use crate::cli::usage::UsageError;
use crate::cli::{Cli, OutputFormat};
use crate::exit::Exit;
use crate::export::{ExportError, RedactError};
use crate::filter::FilterError;
use crate::model::document::FileError;
use crate::model::{TraceId, masked};
use crate::output::{FieldsError, sanitize};
use crate::retention::Refusal;
use crate::settings::{SelectionError, SettingsError, SettingsErrorKept, ValueError};
use crate::store::{ErrorKind, ServerError, StoreError, TagError};
use crate::ui::{ShapeError, Ui};
use connection::{login_page, proxy, tls};

/// A failed run.
#[derive(Debug)]
pub struct CliError {
    /// Which exit code it is.
    pub exit: Exit,
    /// What was attempted and what happened.
    pub message: String,
    /// What to try next.
    pub hints: Vec<String>,
    /// A closed standard output, which is no failure.
    pub is_closed_output: bool,
    /// Traces that were named and are not there.
    pub unknown_traces: Vec<TraceId>,
}

impl CliError {
    /// An error with a message of its own.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hints: Vec::new(), is_closed_output: false, unknown_traces: Vec::new() }
    }

    /// A usage error: nothing was sent.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// With one more thing to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The error of a command that changes nothing anyway.
    #[must_use]
    pub fn of_reading(mut self) -> Self {
        self.message = self.message.replace("; nothing was changed", "");
        self
    }

    /// The first command in the hints that can be run as it is, without a placeholder such as `TRACE_ID`.
    fn next_command(&self) -> Option<&str> {
        let is_placeholder = |word: &str| {
            let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        };
        let quoted = self.hints.iter().flat_map(|hint| hint.split('`').skip(1).step_by(2));
        let mut commands = quoted.filter(|text| text.starts_with("mlflow-trace ") && !text.contains('…'));
        // What lacks an argument cannot be run; one in quotes is taken as it is.
        let is_whole = |command: &str| {
            command.contains(['\'', '"'])
                || Cli::read(command.split(' ').map(Into::into)).map_or_else(|error| !error.use_stderr(), |_| true)
        };
        commands.find(|command| !command.split(' ').any(is_placeholder) && is_whole(command))
    }

    /// Shows the error on standard error: as JSON when the output is JSON, else as text.
    pub fn show(&self, ui: &mut Ui, output: Option<OutputFormat>) {
        if matches!(output, Some(OutputFormat::Json | OutputFormat::Jsonl)) {
            let mut error = serde_json::json!({
                "code": self.exit.word(), "exit": self.exit.code(),
                "message": masked(&self.message), "hint": masked(&self.hints.join("\n")),
            });
            if let Some(next) = self.next_command() {
                error["next"] = masked(next).into();
            }
            ui.line(&sanitize::for_json(&serde_json::json!({"error": error}).to_string()));
            return;
        }
        ui.labelled("error:", "31;1", &self.message);
        for hint in &self.hints {
            ui.labelled("hint:", "36;1", hint);
        }
    }
}

impl From<FilterError> for CliError {
    fn from(error: FilterError) -> Self {
        Self { hints: error.hints().to_vec(), ..Self::usage(error.excerpt()) }
    }
}

impl From<UsageError> for CliError {
    fn from(error: UsageError) -> Self {
        Self { hints: error.hints, ..Self::usage(error.message) }
    }
}

impl From<FieldsError> for CliError {
    fn from(error: FieldsError) -> Self {
        Self::usage(format!("cannot read --fields: {error}"))
            .hint("use names such as trace_id, status, tags.team or paths such as info.request_time, separated by commas; see `mlflow-trace filter fields`")
    }
}

impl From<SelectionError> for CliError {
    fn from(error: SelectionError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<ValueError> for CliError {
    fn from(error: ValueError) -> Self {
        let usage = Self::usage(error.to_string());
        match error {
            ValueError::NotFinite(_) | ValueError::TooLarge(_) => usage.hint("to log it as text, add --type string"),
            ValueError::NotBool(_) | ValueError::NotNumber(_) | ValueError::NotJson(_) => usage,
        }
    }
}

impl From<TagError> for CliError {
    fn from(error: TagError) -> Self {
        Self::usage(format!("{error}; nothing was changed"))
    }
}

impl From<SettingsErrorKept> for CliError {
    fn from(error: SettingsErrorKept) -> Self {
        let usage = Self::usage(error.to_string());
        match &*error {
            SettingsError::Config(error) => Self { hints: error.hints.clone(), ..usage },
            SettingsError::TrackingUri { .. } => {
                usage.hint("set it with --tracking-uri or MLFLOW_TRACKING_URI, for example http://localhost:5000")
            }
            SettingsError::NoTrackingUri => usage
                .hint("set one with --tracking-uri http://HOST:PORT, set MLFLOW_TRACKING_URI, or make a profile with `mlflow-trace config init`")
                .hint("without a server, try --tracking-uri demo"),
            SettingsError::NoOtlpEndpoint => {
                usage.hint("set one with --to-otlp http://HOST:4318, or set OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
            }
            _ => usage,
        }
    }
}

impl From<SettingsError> for CliError {
    fn from(error: SettingsError) -> Self {
        SettingsErrorKept::new(error).into()
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        if let Some(shape) = error.get_ref().and_then(|inner| inner.downcast_ref::<ShapeError>()) {
            return Self::usage(shape.to_string()).hint("see what there is with -o json alone");
        }
        let is_closed_output = error.kind() == io::ErrorKind::BrokenPipe;
        Self { is_closed_output, ..Self::new(Exit::Unexpected, format!("could not write the output: {error}")) }
    }
}

impl From<ServerError> for CliError {
    fn from(error: ServerError) -> Self {
        let retried = match error.retries {
            0 => String::new(),
            1 => " (after 1 retry)".to_owned(),
            retries => format!(" (after {retries} retries)"),
        };
        let message = format!("{error}{retried}");
        match &error.kind {
            ErrorKind::Setup(_) => Self::usage(message),
            ErrorKind::NoCredentials { advice, .. } => {
                Self::new(Exit::Denied, message).hint(format!("nothing was sent; {advice}"))
            }
            ErrorKind::Connect { base, .. } | ErrorKind::Broken { base, .. } => Self::new(Exit::Unreachable, message)
                .hint(format!("is the server running? try `curl {base}/health`"))
                .hint("the address comes from --tracking-uri or MLFLOW_TRACKING_URI"),
            ErrorKind::Tls { base, problem } => tls(message, base, problem),
            ErrorKind::Proxy(error) => proxy(message, error),
            ErrorKind::Timeout { .. } => Self::new(Exit::Unreachable, message)
                .hint("the server may still be working on it; a time bound such as timestamp_ms >= … makes searches faster")
                .hint("wait longer with --timeout 5m"),
            ErrorKind::Unauthenticated(Some(_)) => Self::new(Exit::Denied, message)
                .hint("check the user name and the password or token; a netrc file takes precedence over the tracking URI, and that over the environment"),
            ErrorKind::Unauthenticated(None) => Self::new(Exit::Denied, message)
                .hint("set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"),
            ErrorKind::Forbidden(_) => Self::new(Exit::Denied, message)
                .hint("ask an administrator for permission; the server may also answer this for traces that do not exist"),
            ErrorKind::HostRefused { host } => Self::new(Exit::Denied, message)
                .hint(format!("start the server with --allowed-hosts {host} (or MLFLOW_SERVER_ALLOWED_HOSTS={host})"))
                .hint("or connect with a name it accepts: localhost, 127.0.0.1, or a private IP address"),
            ErrorKind::NoSuchRoute { base, .. } => Self::new(Exit::Refused, message)
                .hint(format!("MLflow 3.2 or newer is needed; `curl {base}/version` tells the server's version"))
                .hint("if the server has a path prefix, include it in the tracking URI: http://HOST:PORT/PREFIX"),
            ErrorKind::LoginPage(page) => login_page(message, page),
            ErrorKind::Redirect { location } => Self::new(Exit::Refused, message)
                .hint(format!("if that is the tracking server, make it the tracking URI ({location})")),
            ErrorKind::Strangers(_) => Self::new(Exit::Refused, message)
                .hint("a proxy may be mixing up responses; connect to the server directly"),
            ErrorKind::TooLarge { .. } => Self::new(Exit::Refused, message)
                .hint("request less: fewer traces with --limit, or a time bound such as timestamp_ms >= …")
                .hint("make sure that the tracking URI is that of an MLflow server, not of a proxy in front of it"),
            ErrorKind::NothingNew => Self::new(Exit::Refused, message)
                .hint("a proxy may be repeating responses; connect to the server directly"),
            ErrorKind::NotMlflow { .. } => Self::new(Exit::Refused, message)
                .hint("make sure that the tracking URI is that of an MLflow server, not of a login page or proxy in front of it"),
            ErrorKind::NotFound { .. } => Self::new(Exit::NotFound, message),
            // MLflow 3.18, for users whose permissions add more experiments to a search than its database takes.
            ErrorKind::Refused { message: said, .. } if said.contains("authorization scope exceeds") => {
                Self::new(Exit::Refused, message)
                    .hint("search fewer experiments at once: name them with --experiment")
            }
            ErrorKind::Refused { .. } => Self::new(Exit::Refused, message),
        }
    }
}

impl From<ExportError<StoreError>> for CliError {
    fn from(error: ExportError<StoreError>) -> Self {
        let message = error.to_string();
        match error {
            ExportError::Source(error) => error.into(),
            ExportError::File { error, path, .. } => {
                let is_closed_output = error.kind() == io::ErrorKind::BrokenPipe;
                Self { is_closed_output, ..changes::of_target(message, &path, &error) }
            }
            ExportError::Refused { hint, .. } => Self::new(Exit::SafetyStop, message).hint(hint),
        }
    }
}

impl From<PlanError> for CliError {
    fn from(error: PlanError) -> Self {
        let message = format!("{error}; nothing was changed");
        match error {
            PlanError::Io { .. } | PlanError::Exists { .. } => Self::usage(message),
            PlanError::Damaged { .. } => Self::new(Exit::SafetyStop, message).hint("make a new plan"),
            PlanError::TooOld { .. } | PlanError::Expired { .. } => {
                Self::new(Exit::SafetyStop, message).hint("make a new plan, or accept this one with --plan-max-age 7d")
            }
            PlanError::NotYet { .. } => Self::new(Exit::SafetyStop, message)
                .hint("correct the clock of the machine that is wrong, and make a new plan"),
            PlanError::Applied { .. } => {
                Self::new(Exit::SafetyStop, message).hint("make a new plan, which contains what is still to be done")
            }
        }
    }
}

impl From<FileError> for CliError {
    fn from(error: FileError) -> Self {
        Self { hints: error.hints.clone(), ..Self::usage(error.to_string()) }
    }
}

impl From<Refusal> for CliError {
    fn from(refusal: Refusal) -> Self {
        Self::new(Exit::SafetyStop, format!("{refusal}; nothing was deleted")).hint(refusal.hint())
    }
}

impl From<RedactError> for CliError {
    fn from(error: RedactError) -> Self {
        let usage = Self::usage(error.to_string());
        match error {
            RedactError::Unknown(_) | RedactError::Structural(_) => usage.hint(
                "available values: metadata.KEY, tags.KEY, request, response, user, session, feedback.NAME, expectation.NAME, span.inputs, span.outputs, span.attributes.KEY, or a /regex/",
            ),
            RedactError::Pattern { .. } => usage,
            RedactError::MatchesEmpty(_) => usage.hint("write + instead of *"),
        }
    }
}

impl From<ResultsError> for CliError {
    fn from(error: ResultsError) -> Self {
        let usage = Self::usage(format!("{error}; nothing was sent"));
        match error {
            ResultsError::Io(_) => usage,
            ResultsError::Foreign(_) | ResultsError::OtherRow(_) => {
                usage.hint("use the results file that belongs to this file, or a new name for --results")
            }
        }
    }
}
