//! Every environment variable that is read, in one place.

use std::collections::BTreeMap;

/// An environment variable and what it means here.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
}

macro_rules! variables {
    ($($constant:ident = $name:literal, $about:literal;)*) => {
        $(
            #[doc = $about]
            pub const $constant: Variable = Variable { name: $name, about: $about };
        )*
        /// All of them, for the manual page.
        pub const ALL: &[Variable] = &[$($constant),*];
    };
}

variables! {
    TRACKING_URI = "MLFLOW_TRACKING_URI", "The tracking server, unless --tracking-uri says otherwise.";
    EXPERIMENT_NAME = "MLFLOW_EXPERIMENT_NAME", "The experiment by name, unless --experiment says otherwise; never created.";
    EXPERIMENT_ID = "MLFLOW_EXPERIMENT_ID", "The experiment by id, unless --experiment says otherwise.";
    USERNAME = "MLFLOW_TRACKING_USERNAME", "User name for basic authentication, together with the password.";
    PASSWORD = "MLFLOW_TRACKING_PASSWORD", "Password for basic authentication, together with the user name.";
    TOKEN = "MLFLOW_TRACKING_TOKEN", "Bearer token; user name and password go first, as in MLflow.";
    INSECURE_TLS = "MLFLOW_TRACKING_INSECURE_TLS", "true accepts any certificate of the server.";
    SERVER_CERT_PATH = "MLFLOW_TRACKING_SERVER_CERT_PATH", "PEM file of certificates to trust in addition to the system's.";
    CLIENT_CERT_PATH = "MLFLOW_TRACKING_CLIENT_CERT_PATH", "PEM file with the client's certificate and key.";
    WORKSPACE = "MLFLOW_WORKSPACE", "Workspace of a server that has workspaces.";
    REQUEST_TIMEOUT = "MLFLOW_HTTP_REQUEST_TIMEOUT", "Seconds after which a request is given up, unless --timeout says otherwise.";
    MAX_RETRIES = "MLFLOW_HTTP_REQUEST_MAX_RETRIES", "How often a request is tried again, 0 to 10.";
    BACKOFF_FACTOR = "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "Seconds before the first retry; each wait is twice the one before.";
    AWS_ACCESS_KEY_ID = "AWS_ACCESS_KEY_ID", "Who exports to s3:// URLs; the other AWS_ variables of object stores hold, too.";
    AWS_SECRET_ACCESS_KEY = "AWS_SECRET_ACCESS_KEY", "The secret of that key.";
    AWS_REGION = "AWS_REGION", "Region of the bucket.";
    AWS_ENDPOINT_URL = "AWS_ENDPOINT_URL", "Where S3 is spoken, if not at Amazon.";
    AWS_ALLOW_HTTP = "AWS_ALLOW_HTTP", "true allows an endpoint without TLS.";
    GOOGLE_APPLICATION_CREDENTIALS = "GOOGLE_APPLICATION_CREDENTIALS", "File of who exports to gs:// URLs; the other GOOGLE_ variables hold, too.";
    AZURE_STORAGE_ACCOUNT_NAME = "AZURE_STORAGE_ACCOUNT_NAME", "Account of az:// URLs; the other AZURE_ variables hold, too.";
    AZURE_STORAGE_ACCOUNT_KEY = "AZURE_STORAGE_ACCOUNT_KEY", "Its key.";
    OTLP_TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "Where export --to-otlp sends spans, as it is.";
    OTLP_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT", "Address below which export --to-otlp sends spans to /v1/traces.";
    OTLP_TRACES_HEADERS = "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "Headers for export --to-otlp: NAME=VALUE, separated by commas, percent-encoded.";
    OTLP_HEADERS = "OTEL_EXPORTER_OTLP_HEADERS", "The same, unless there are headers for traces.";
    STATE_DIR = "MLFLOW_TRACE_STATE_DIR", "Folder for what is remembered from run to run, journals of changes among it [default: mlflow-trace in that of all programs].";
    HEARTBEAT_URL = "MLFLOW_TRACE_HEARTBEAT_URL", "URL that retention run gets after it succeeded, unless --heartbeat-url says otherwise; a secret.";
    XDG_STATE_HOME = "XDG_STATE_HOME", "Where programs keep such folders [default: ~/.local/state].";
    HOME = "HOME", "The home of the user, for that default.";
    NO_COLOR = "NO_COLOR", "Set and not empty: no colours.";
    TERM = "TERM", "dumb: no colours.";
    USER = "USER", "The user name in the source of human feedback.";
}

/// The environment as it was when the run started.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The process's own environment; values that are not UTF-8 are left out.
    #[must_use]
    pub fn of_process() -> Self {
        Self(
            std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
        )
    }

    /// The value of a variable; an empty one counts as unset.
    #[must_use]
    pub fn get(&self, variable: Variable) -> Option<&str> {
        self.0.get(variable.name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// How the names of the variables begin that object stores read.
const OBJECT_STORES: &[&str] = &["AWS_", "GOOGLE_", "AZURE_"];

impl Environment {
    /// The variables of object stores, by name; empty ones count as unset.
    pub fn of_object_stores(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_theirs = |name: &str| OBJECT_STORES.iter().any(|prefix| name.starts_with(prefix));
        let all = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        all.filter(move |(name, value)| is_theirs(name) && !value.is_empty())
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
