//! What the flags and the environment mean together: flags go before environment, environment before defaults.
//!
//! Resolved once per run; everything after this works with typed settings and never looks at the environment. Nothing here
//! opens a connection; of a file that may be a database the first bytes are looked at.

mod assessment_value;
#[cfg(feature = "aws")]
mod aws;
mod connection;
mod databricks;
pub mod env;
mod not_used;
mod otlp;
mod selection;
mod tracking_uri;

use std::path::PathBuf;

use thiserror::Error;

use crate::cli::{ColorChoice, GlobalArgs, OutputFormat};
use crate::store::{Address, HttpSettings, Secret};
pub use assessment_value::{ValueError, meant, read_value};
use env::{Environment, InForce};
pub use otlp::OtlpEnvironment;
pub use selection::{SelectionError, joined};

/// Settings that contradict each other or cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// Neither flag nor variable.
    #[error("no tracking server given")]
    NoTrackingUri,
    /// A URI of a kind that is not served.
    #[error("cannot use the tracking URI {uri:?}: {reason}")]
    TrackingUri {
        /// As given, without credentials.
        uri: String,
        /// Why, and what to give instead.
        reason: String,
    },
    /// A variable whose value makes no sense.
    #[error("the environment variable {name} is {value:?}, expected {expected}")]
    Variable {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: String,
        /// What would do.
        expected: &'static str,
    },
    /// A variable that is no text, or more than a line of it; it may hold a secret.
    #[error("the environment variable {name} {problem}")]
    OddVariable {
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Certificates given and checking turned off.
    #[error("MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH contradict each other")]
    TlsContradiction,
    /// Neither flag nor variable.
    #[error("no URL to send the spans to")]
    NoOtlpEndpoint,
    /// A URL of another kind; it may hold secrets.
    #[error("spans are sent to URLs such as http://HOST:4318/v1/traces, without a query; gRPC is not supported")]
    OtlpEndpoint,
    /// A variable that is no list of headers.
    #[error("the environment variable {name} is no list of NAME=VALUE, separated by commas")]
    OtlpHeaders {
        /// Its name; the value may hold secrets.
        name: &'static str,
    },
    /// A header that HTTP does not have.
    #[error("the header that begins with {header:?} is none, or its value has control characters; write NAME=VALUE")]
    OtlpHeader {
        /// The beginning of its name; what follows may be a secret.
        header: String,
    },
}

/// An experiment as the user named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExperimentRef {
    /// From `--experiment`: a name or an id.
    NameOrId(String),
    /// From `MLFLOW_EXPERIMENT_NAME`.
    Name(String),
    /// From `MLFLOW_EXPERIMENT_ID`.
    Id(String),
}

/// Everything that holds for the whole run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the traces are; an error is kept until a command needs it, so that `completions` works without a server.
    pub tracking_uri: Result<Address, SettingsErrorKept>,
    /// The experiments to work in, as named; two variables at once mean one and the same experiment.
    pub experiments: Vec<ExperimentRef>,
    /// The output format, if one was asked for.
    pub output: Option<OutputFormat>,
    /// Whether ids are written and read separated by NUL instead of one a line.
    pub null: bool,
    /// How to talk HTTP.
    pub http: HttpSettings,
    /// The name of the person at the keyboard, if the environment tells.
    pub user: Option<String>,
    /// What the environment says of object stores, by the names of the variables.
    pub object_store: Vec<(String, Secret)>,
    /// Where spans are sent unless flags say otherwise.
    pub otlp: OtlpEnvironment,
    /// What the environment says is to be told of runs that succeeded; a secret.
    pub heartbeat_url: Option<Secret>,
    /// Whether the environment names that folder, and not only the home of the user.
    pub state_dir_is_chosen: bool,
    /// What the environment says of how servers and object stores are reached.
    pub in_force: Vec<InForce>,
    /// Folder for what is remembered from run to run, journals of changes among it; `None` where nothing says which home is the user's.
    pub state_dir: Option<PathBuf>,
}

/// A [`SettingsError`] that can be shared.
pub type SettingsErrorKept = std::sync::Arc<SettingsError>;

impl Settings {
    /// Resolves flags and environment.
    pub fn resolve(flags: &GlobalArgs, environment: &Environment) -> Result<Self, SettingsError> {
        if let Some((name, problem)) = environment.first_problem() {
            return Err(SettingsError::OddVariable { name: name.to_owned(), problem });
        }
        let uri = flags.tracking_uri.as_deref().or_else(|| environment.get(env::TRACKING_URI));
        let mut of_workspace = None;
        let parsed = match uri.filter(|uri| !uri.trim().is_empty()) {
            Some(uri) if databricks::is_one(uri) => {
                databricks::workspace(uri, environment).map(|(workspace, login)| {
                    of_workspace = Some(login);
                    (Address::Databricks(workspace), None)
                })
            }
            #[cfg(feature = "aws")]
            Some(uri) => tracking_uri::parse(uri).map(|(uri, of_uri)| (aws::placed(uri, environment), of_uri)),
            #[cfg(not(feature = "aws"))]
            Some(uri) => tracking_uri::parse(uri),
            None => Address::usual_database().map(|usual| (usual, None)).ok_or(SettingsError::NoTrackingUri),
        };
        let (tracking_uri, from_uri) = match parsed {
            Ok((uri, credentials)) => (Ok(uri), credentials),
            Err(error) => (Err(SettingsErrorKept::new(error)), None),
        };
        let mut http = connection::http(flags, environment, from_uri)?;
        http.login.databricks = of_workspace;
        #[cfg(feature = "aws")]
        (http.login.aws = aws::login(tracking_uri.as_ref().ok(), environment)?);
        Ok(Self {
            tracking_uri,
            experiments: experiments(flags, environment),
            output: flags.output,
            null: flags.null,
            http,
            user: environment.get(env::USER).map(str::to_owned),
            object_store: object_store(environment),
            otlp: OtlpEnvironment::read(environment),
            heartbeat_url: environment.get(env::HEARTBEAT_URL).map(Secret::new),
            in_force: environment.in_force(),
            state_dir_is_chosen: [env::STATE_DIR, env::XDG_STATE_HOME]
                .iter()
                .any(|name| environment.get(*name).is_some()),
            state_dir: state_dir(environment),
        })
    }
}

/// Whether a stream is coloured: as the flag says, else on terminals that can and whose owner did not refuse.
#[must_use]
pub fn use_color(choice: ColorChoice, is_terminal: bool, environment: &Environment) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            is_terminal && environment.get(env::NO_COLOR).is_none() && environment.get(env::TERM) != Some("dumb")
        }
    }
}

/// `$MLFLOW_TRACE_STATE_DIR`, else `$XDG_STATE_HOME/mlflow-trace`, else `~/.local/state/mlflow-trace`. A relative
/// `XDG_STATE_HOME` does not count, as its specification says.
fn state_dir(environment: &Environment) -> Option<PathBuf> {
    if let Some(folder) = environment.get(env::STATE_DIR) {
        return Some(PathBuf::from(folder));
    }
    let xdg = environment.get(env::XDG_STATE_HOME).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let states = xdg.or_else(|| Some(PathBuf::from(environment.get(env::HOME)?).join(".local").join("state")));
    Some(states?.join("mlflow-trace"))
}

fn experiments(flags: &GlobalArgs, environment: &Environment) -> Vec<ExperimentRef> {
    if !flags.experiments.is_empty() {
        return flags.experiments.iter().cloned().map(ExperimentRef::NameOrId).collect();
    }
    let name = environment.get(env::EXPERIMENT_NAME).map(|name| ExperimentRef::Name(name.to_owned()));
    let id = environment.get(env::EXPERIMENT_ID).map(|id| ExperimentRef::Id(id.to_owned()));
    name.into_iter().chain(id).collect()
}

/// What object stores are reached with: their own variables, and the endpoint that MLflow uses for its artifacts.
fn object_store(environment: &Environment) -> Vec<(String, Secret)> {
    let own = environment.of_object_stores().map(|(name, value)| (name.to_owned(), Secret::new(value)));
    let mut all: Vec<(String, Secret)> = own.collect();
    let is_named = all.iter().any(|(name, _)| name.starts_with("AWS_ENDPOINT"));
    if let Some(endpoint) = environment.get(env::S3_ENDPOINT_URL).filter(|_| !is_named) {
        all.push(("AWS_ENDPOINT_URL".to_owned(), Secret::new(endpoint)));
        if endpoint.starts_with("http://") {
            all.push(("AWS_ALLOW_HTTP".to_owned(), Secret::new("true")));
        }
    }
    all
}
