//! What the flags, the environment and a profile mean together: flags go before environment, environment before the profile,
//! the profile before defaults.
//!
//! Resolved once per run; everything after this works with typed settings and never looks at the environment. Nothing here
//! opens a connection; the file of profiles is read, and of a file that may be a database the first bytes are looked at.

mod assessment_value;
#[cfg(feature = "aws")]
mod aws;
mod connection;
mod databricks;
pub mod env;
mod layers;
mod looks;
mod not_used;
mod otlp;
pub mod profile;
mod selection;
mod shown;
mod tracking_uri;

use std::path::PathBuf;

use thiserror::Error;

use crate::cli::{ColorChoice, GlobalArgs, OutputFormat};
use crate::model::document::FileError;
use crate::store::{Address, Credentials, HttpSettings, Protection, Secret};
pub use assessment_value::{ValueError, meant, read_value};
use env::{Environment, InForce};
use layers::Layers;
pub use layers::Origin;
pub use otlp::OtlpEnvironment;
use profile::{Config, Profile, ProfileInUse};
pub use selection::{SelectionError, joined};
pub use shown::Shown;

/// Settings that contradict each other or cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// Neither flag, nor variable, nor profile.
    #[error("no tracking server given")]
    NoTrackingUri,
    /// The file of profiles cannot be used.
    #[error("{0}")]
    Config(FileError),
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
    /// From a profile: a name or an id.
    OfProfile(String),
}

impl ExperimentRef {
    /// As it was named.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::NameOrId(word) | Self::Name(word) | Self::Id(word) | Self::OfProfile(word) => word,
        }
    }

    /// Whether it is meant of archives, too: what the environment names is about a server.
    #[must_use]
    pub fn is_of_any_store(&self) -> bool {
        matches!(self, Self::NameOrId(_) | Self::OfProfile(_))
    }
}

/// Everything that holds for the whole run.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is a setting of its own.
pub struct Settings {
    /// Where the traces are; an error is kept until a command needs it, so that `completions` works without a server.
    pub tracking_uri: Result<Address, SettingsErrorKept>,
    /// The experiments to work in, as named; two variables at once mean one and the same experiment.
    pub experiments: Vec<ExperimentRef>,
    /// The tracking URI as it was written, by whom; it may hold a password.
    pub uri: Option<(Secret, Origin)>,
    /// The file of profiles.
    pub config: Config,
    /// Why that cannot be used, if so.
    pub config_error: Option<FileError>,
    /// The profile that was chosen.
    pub profile: Option<ProfileInUse>,
    /// What is odd about the profile and what else is set.
    pub notices: Vec<String>,
    /// Whether a flag allows to change any database.
    pub allows_database_writes: bool,
    /// Every setting, for people.
    pub shown: Vec<Shown>,
    /// The output format, if one was asked for.
    pub output: Option<OutputFormat>,
    /// Whether ids are written and read separated by NUL instead of one a line.
    pub null: bool,
    /// The command that shows long output on a terminal, if there is to be one.
    pub pager: Option<Vec<String>>,
    /// Commands that open pages, as the environment has them.
    pub browser: Option<String>,
    /// Whether the terminal shows only ASCII characters.
    pub is_ascii: bool,
    /// How to talk HTTP.
    pub http: HttpSettings,
    /// The name of the person at the keyboard, if the environment tells.
    pub user: Option<String>,
    /// Where spans are sent unless flags say otherwise.
    pub otlp: OtlpEnvironment,
    /// What the environment says is to be told about runs that succeeded; a secret.
    pub heartbeat_url: Option<Secret>,
    /// Whether the environment names that folder, and not only the home of the user.
    pub state_dir_is_chosen: bool,
    /// What the environment says about how servers and object stores are reached.
    pub in_force: Vec<InForce>,
    /// Folder for what is remembered from run to run, journals of changes among it; `None` where nothing says which home is
    /// the user's.
    pub state_dir: Option<PathBuf>,
}

/// A [`SettingsError`] that can be shared.
pub type SettingsErrorKept = std::sync::Arc<SettingsError>;

impl Settings {
    /// Resolves flags, environment and profile.
    pub fn resolve(flags: &GlobalArgs, environment: &Environment) -> Result<Self, SettingsError> {
        if let Some((name, problem)) = environment.first_problem() {
            return Err(SettingsError::OddVariable { name: name.to_owned(), problem });
        }
        let profile::Loaded { config, unreadable, missed } = Config::load(environment);
        let (profile, unknown) = match config.chosen(flags.profile.as_deref(), environment) {
            Ok(chosen) => (chosen, None),
            Err(error) => (None, Some(error)),
        };
        let (uri, uri_from) = uri(flags, environment, profile.as_ref().map(|chosen| &chosen.profile));
        let mut of_workspace = None;
        let parsed = match &uri {
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
            None => Address::usual().map(|usual| (usual, None)).ok_or(SettingsError::NoTrackingUri),
        };
        let (mut tracking_uri, from_uri) = match parsed {
            Ok((uri, credentials)) => (Ok(uri), credentials),
            Err(error) => (Err(SettingsErrorKept::new(error)), None),
        };
        let own = profile.as_ref().map(|chosen| &chosen.profile);
        let of_server = own.filter(|profile| is_about(profile, tracking_uri.as_ref().ok(), &uri_from));
        if flags.connection.allow_database_writes || of_server.is_some_and(|profile| profile.allow_database_writes) {
            tracking_uri = tracking_uri.map(Address::with_writes);
        }
        let layers = Layers { flags, environment, of_server };
        let notices = own.and_then(|profile| overruled(profile, &uri_from, of_server.is_some())).into_iter().collect();
        let mut http = connection::http(&layers, from_uri.map(|credentials| (credentials, uri_from.clone())))?;
        http.login.databricks = of_workspace;
        #[cfg(feature = "aws")]
        (http.login.aws = aws::login(tracking_uri.as_ref().ok(), environment)?);
        let mut settings = Self {
            experiments: experiments(&layers, tracking_uri.as_ref().ok()),
            tracking_uri,
            notices,
            allows_database_writes: flags.connection.allow_database_writes,
            shown: Vec::new(),
            output: flags.output,
            null: flags.null,
            pager: looks::pager(environment, flags.no_pager),
            browser: environment.get(env::BROWSER).map(str::to_owned),
            is_ascii: looks::is_ascii(environment),
            http,
            user: environment.get(env::USER).map(str::to_owned),
            otlp: OtlpEnvironment::read(environment),
            heartbeat_url: environment.get(env::HEARTBEAT_URL).map(Secret::new),
            in_force: environment.in_force(),
            state_dir_is_chosen: [env::STATE_DIR, env::XDG_STATE_HOME]
                .iter()
                .any(|name| environment.get(*name).is_some()),
            state_dir: state_dir(environment),
            uri: uri.map(|uri| (Secret::new(uri), uri_from.clone())),
            profile: profile.clone(),
            config,
            config_error: unreadable.clone(),
        };
        settings.shown = shown::all(&settings, &layers, own, uri_from);
        // What may forbid something cannot be passed over; what needs no store goes on.
        if let Some(error) = unreadable.or(missed).or(unknown) {
            settings.tracking_uri = Err(SettingsErrorKept::new(SettingsError::Config(error)));
        }
        Ok(settings)
    }

    /// The same at the server or database that a run names, where nobody said which one is meant.
    #[must_use]
    pub fn at_server(&self, uri: &str) -> Option<Self> {
        let is_missing = self.tracking_uri.as_ref().is_err_and(|kept| matches!(**kept, SettingsError::NoTrackingUri));
        let (address, _) = tracking_uri::parse(uri).ok().filter(|_| is_missing)?;
        let is_database = address.is_database();
        let address = if self.allows_database_writes { address.with_writes() } else { address };
        let is_clear = is_database || matches!(address, Address::Server(_));
        is_clear.then(|| Self { tracking_uri: Ok(address), ..self.clone() })
    }

    /// What must not be changed.
    #[must_use]
    pub fn protections(&self) -> Vec<Protection> {
        self.config.protections(self.profile.as_ref().map(|chosen| &chosen.profile))
    }

    /// How many traces may be deleted at once: the least of what the profile says and of another limit.
    #[must_use]
    pub fn max_delete(&self, other: Option<u64>) -> Option<u64> {
        let of_profile = self.profile.as_ref().and_then(|chosen| chosen.profile.max_delete);
        of_profile.into_iter().chain(other).min()
    }
}

/// The tracking URI as written, and who wrote it.
fn uri(flags: &GlobalArgs, environment: &Environment, profile: Option<&Profile>) -> (Option<String>, Origin) {
    let by_flag = flags.tracking_uri.as_deref().map(|uri| (uri, Origin::Flag("--tracking-uri")));
    let by_variable = || {
        let origin = Origin::Variable(env::TRACKING_URI.name.to_owned());
        environment.get(env::TRACKING_URI).map(|uri| (uri, origin))
    };
    let by_profile =
        || profile.and_then(|profile| Some((profile.tracking_uri.as_deref()?, Origin::Profile(profile.name.clone()))));
    let written = by_flag.or_else(by_variable).filter(|(uri, _)| !uri.trim().is_empty()).or_else(by_profile);
    written.map_or((None, Origin::Default), |(uri, from)| (Some(uri.to_owned()), from))
}

/// Whether what a profile says about a server counts: if it names that server, or none.
fn is_about(profile: &Profile, address: Option<&Address>, uri_from: &Origin) -> bool {
    let is_own = matches!(uri_from, Origin::Profile(_)) || profile.tracking_uri.is_none();
    is_own || (address.is_some() && profile.address().as_ref() == address)
}

/// What somebody should know who chose a profile for another server than the one that is meant.
fn overruled(profile: &Profile, uri_from: &Origin, is_about_it: bool) -> Option<String> {
    let name = &profile.name;
    (!is_about_it).then(|| {
        format!(
            "{uri_from} names another server than the profile {name:?}, whose experiment, credentials and certificates are not used"
        )
    })
}

/// What a tracking URI names, and the credentials that it holds.
pub fn read_uri(uri: &str) -> Result<(Address, Option<Credentials>), SettingsError> {
    tracking_uri::parse(uri)
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

/// `$MLFLOW_TRACE_STATE_DIR`, else `mlflow-trace` in `$XDG_STATE_HOME`, `%LOCALAPPDATA%` on Windows, or `~/.local/state`. A relative
/// `XDG_STATE_HOME` does not count, as its specification says.
fn state_dir(environment: &Environment) -> Option<PathBuf> {
    if let Some(folder) = environment.get(env::STATE_DIR) {
        return Some(PathBuf::from(folder));
    }
    let xdg = environment.get(env::XDG_STATE_HOME).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let local = || environment.named("LOCALAPPDATA").filter(|_| cfg!(windows)).map(PathBuf::from);
    let home = || Some(environment.home()?.join(".local").join("state"));
    Some(xdg.or_else(local).or_else(home)?.join("mlflow-trace"))
}

fn experiments(layers: &Layers<'_>, address: Option<&Address>) -> Vec<ExperimentRef> {
    let Layers { flags, environment, of_server } = layers;
    if !flags.experiments.is_empty() {
        return flags.experiments.iter().cloned().map(ExperimentRef::NameOrId).collect();
    }
    let name = environment.get(env::EXPERIMENT_NAME).map(|name| ExperimentRef::Name(name.to_owned()));
    let id = environment.get(env::EXPERIMENT_ID).map(|id| ExperimentRef::Id(id.to_owned()));
    if name.is_some() || id.is_some() {
        return name.into_iter().chain(id).collect();
    }
    // A profile that names no server means one all the same, and not an archive that happens to be read.
    let is_archive = address.is_some_and(|address| matches!(address, Address::File(_) | Address::Demo));
    let named = of_server.iter().filter(|profile| profile.tracking_uri.is_some() || !is_archive);
    named.flat_map(|profile| profile.experiments.iter().cloned().map(ExperimentRef::OfProfile)).collect()
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
