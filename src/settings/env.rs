//! Every environment variable that is read, in one place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::model::masked;

/// An environment variable and what it means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    TRACKING_URI = "MLFLOW_TRACKING_URI", "Tracking URI; --tracking-uri takes precedence.";
    EXPERIMENT_NAME = "MLFLOW_EXPERIMENT_NAME", "Experiment name; --experiment takes precedence. The experiment is never created.";
    EXPERIMENT_ID = "MLFLOW_EXPERIMENT_ID", "Experiment id; --experiment takes precedence.";
    USERNAME = "MLFLOW_TRACKING_USERNAME", "User name for basic authentication; requires the password.";
    PASSWORD = "MLFLOW_TRACKING_PASSWORD", "Password for basic authentication; requires the user name.";
    TOKEN = "MLFLOW_TRACKING_TOKEN", "Bearer token; user name and password take precedence, as in MLflow.";
    AUTH = "MLFLOW_TRACKING_AUTH", "kubernetes logs in with the token of the service account or kubeconfig; kubernetes-namespaced also makes the namespace the workspace.";
    AWS_SIGV4 = "MLFLOW_TRACKING_AWS_SIGV4", "true signs requests for a gateway of AWS (execute-api).";
    SAGEMAKER_ENDPOINT = "SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT", "Scheme and host at which the server of an ARN is reached, instead of those of its region.";
    SAGEMAKER_ROLE = "SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN", "Role that is assumed for the server of an ARN.";
    SAGEMAKER_ROLE_TTL = "SAGEMAKER_MLFLOW_ASSUME_ROLE_TTL_SECONDS", "How long the keys of that role are used, 300 to 3600 [default: 3300].";
    DATABRICKS_PROFILE = "DATABRICKS_CONFIG_PROFILE", "Profile for the tracking URI databricks.";
    DATABRICKS_CONFIG_FILE = "DATABRICKS_CONFIG_FILE", "File of the profiles of Databricks [default: ~/.databrickscfg].";
    DATABRICKS_HOST = "DATABRICKS_HOST", "Workspace of Databricks; this and the other variables take precedence over the profile.";
    DATABRICKS_TOKEN = "DATABRICKS_TOKEN", "Personal access token for Databricks.";
    DATABRICKS_CLIENT_ID = "DATABRICKS_CLIENT_ID", "Service principal of Databricks.";
    DATABRICKS_CLIENT_SECRET = "DATABRICKS_CLIENT_SECRET", "Its secret.";
    DATABRICKS_USERNAME = "DATABRICKS_USERNAME", "User name for Databricks.";
    DATABRICKS_PASSWORD = "DATABRICKS_PASSWORD", "Password for Databricks.";
    DATABRICKS_AUTH_TYPE = "DATABRICKS_AUTH_TYPE", "Which of several ways to log in to Databricks: pat, basic, oauth-m2m, env-oidc, file-oidc, github-oidc, azure-client-secret, github-oidc-azure, azure-devops-oidc, databricks-cli.";
    DATABRICKS_WORKSPACE_ID = "DATABRICKS_WORKSPACE_ID", "Number of the workspace, where one host serves several [default: what the host says].";
    DATABRICKS_ACCOUNT_ID = "DATABRICKS_ACCOUNT_ID", "Account of Databricks [default: what the host says].";
    DATABRICKS_DISCOVERY_URL = "DATABRICKS_DISCOVERY_URL", "URL that tells where tokens for Databricks are to be had [default: what the host says].";
    DATABRICKS_TOKEN_AUDIENCE = "DATABRICKS_TOKEN_AUDIENCE", "For whom the token of another service is made out [default: what the host says].";
    DATABRICKS_OIDC_TOKEN = "DATABRICKS_OIDC_TOKEN", "Token of another service, which Databricks exchanges for its own.";
    DATABRICKS_OIDC_TOKEN_ENV = "DATABRICKS_OIDC_TOKEN_ENV", "Name of the variable with that token.";
    DATABRICKS_OIDC_TOKEN_FILE = "DATABRICKS_OIDC_TOKEN_FILEPATH", "File with that token.";
    DATABRICKS_AZURE_RESOURCE_ID = "DATABRICKS_AZURE_RESOURCE_ID", "Resource id of the workspace in Azure.";
    ARM_CLIENT_ID = "ARM_CLIENT_ID", "Service principal of Azure for Databricks.";
    ARM_CLIENT_SECRET = "ARM_CLIENT_SECRET", "Its secret.";
    ARM_TENANT_ID = "ARM_TENANT_ID", "Its directory [default: the workspace's].";
    ARM_ENVIRONMENT = "ARM_ENVIRONMENT", "PUBLIC, USGOVERNMENT or CHINA [default: PUBLIC].";
    AZURE_AUTHORITY_HOST = "AZURE_AUTHORITY_HOST", "Where tokens of Azure are to be had, if not at the usual place.";
    ACTIONS_URL = "ACTIONS_ID_TOKEN_REQUEST_URL", "Where a token of GitHub Actions is to be had, which GitHub sets.";
    ACTIONS_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "The token for that.";
    SYSTEM_ACCESSTOKEN = "SYSTEM_ACCESSTOKEN", "The token for one of Azure DevOps.";
    SQL_WAREHOUSE = "MLFLOW_TRACING_SQL_WAREHOUSE_ID", "SQL warehouse of Databricks for traces in Unity Catalog.";
    SQL_WAREHOUSE_START = "MLFLOW_SQL_WAREHOUSE_AUTO_START", "false does not start that warehouse.";
    NETRC = "NETRC", "netrc file, whose entry for the server takes precedence over all other credentials of the environment, as in MLflow [default: ~/.netrc].";
    KUBECONFIG = "KUBECONFIG", "Kubernetes configuration files for `MLFLOW_TRACKING_AUTH` [default: ~/.kube/config].";
    INSECURE_TLS = "MLFLOW_TRACKING_INSECURE_TLS", "true accepts any server certificate.";
    SERVER_CERT_PATH = "MLFLOW_TRACKING_SERVER_CERT_PATH", "PEM file with certificates to trust in addition to those of the system.";
    REQUESTS_CA_BUNDLE = "REQUESTS_CA_BUNDLE", "The same, unless `MLFLOW_TRACKING_SERVER_CERT_PATH` is set; may be a folder of PEM files.";
    CURL_CA_BUNDLE = "CURL_CA_BUNDLE", "The same, unless `REQUESTS_CA_BUNDLE` is set.";
    CLIENT_CERT_PATH = "MLFLOW_TRACKING_CLIENT_CERT_PATH", "PEM file with the client certificate and its key.";
    HTTP_PROXY = "HTTP_PROXY", "Proxy for http:// servers: http://, https:// or socks5://; in small letters, too.";
    HTTPS_PROXY = "HTTPS_PROXY", "The same for https:// servers.";
    ALL_PROXY = "ALL_PROXY", "The same for all servers that have none of their own.";
    NO_PROXY = "NO_PROXY", "Servers without a proxy, separated by commas: names with all below them, addresses, networks such as 10.0.0.0/8, each with or without a port; * for all.";
    WORKSPACE = "MLFLOW_WORKSPACE", "Workspace, on a server with workspaces.";
    REQUEST_TIMEOUT = "MLFLOW_HTTP_REQUEST_TIMEOUT", "Timeout of each request in seconds; --timeout takes precedence.";
    MAX_RETRIES = "MLFLOW_HTTP_REQUEST_MAX_RETRIES", "Maximum number of retries of a request, 0 to 10.";
    BACKOFF_FACTOR = "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "Seconds before the first retry; each further wait is twice as long.";
    BACKOFF_JITTER = "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "Seconds added to each wait at random, at most [default: up to half of the wait is subtracted].";
    RESPECT_RETRY_AFTER = "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER", "false ignores the wait that a server asks for.";
    SEARCH_THREADS = "MLFLOW_SEARCH_TRACES_MAX_THREADS", "Maximum concurrent requests of each kind, up to 32; --concurrency takes precedence.";
    AWS_ACCESS_KEY_ID = "AWS_ACCESS_KEY_ID", "Access key for s3:// URLs and for signatures of AWS; the other AWS_ variables are read, too.";
    AWS_SECRET_ACCESS_KEY = "AWS_SECRET_ACCESS_KEY", "Secret of the access key.";
    AWS_PROFILE = "AWS_PROFILE", "Profile of ~/.aws/config and ~/.aws/credentials for signatures of AWS.";
    AWS_REGION = "AWS_REGION", "Region of the bucket, and of signatures of AWS.";
    AWS_DEFAULT_REGION = "AWS_DEFAULT_REGION", "The same; for signatures of AWS it takes precedence, as in MLflow.";
    AWS_ENDPOINT_URL = "AWS_ENDPOINT_URL", "Endpoint of an S3-compatible store, if not Amazon.";
    S3_ENDPOINT_URL = "MLFLOW_S3_ENDPOINT_URL", "Endpoint of an S3-compatible store, if none of AWS is set.";
    AWS_ALLOW_HTTP = "AWS_ALLOW_HTTP", "true allows an endpoint without TLS.";
    GOOGLE_APPLICATION_CREDENTIALS = "GOOGLE_APPLICATION_CREDENTIALS", "Credentials file for gs:// URLs; the other GOOGLE_ variables are read, too.";
    AZURE_STORAGE_ACCOUNT_NAME = "AZURE_STORAGE_ACCOUNT_NAME", "Storage account for az:// URLs; the other AZURE_ variables are read, too.";
    AZURE_STORAGE_ACCOUNT_KEY = "AZURE_STORAGE_ACCOUNT_KEY", "Key of the storage account.";
    OTLP_TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "URL that export --to-otlp sends spans to, used as it is.";
    OTLP_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT", "Base URL for export --to-otlp; /v1/traces is appended.";
    OTLP_TRACES_HEADERS = "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "Headers for export --to-otlp: NAME=VALUE, separated by commas, percent-encoded.";
    OTLP_HEADERS = "OTEL_EXPORTER_OTLP_HEADERS", "The same, unless there are headers for traces.";
    CONFIG = "MLFLOW_TRACE_CONFIG", "File of profiles [default: mlflow-trace/config.toml in the base folder for configuration].";
    PROFILE = "MLFLOW_TRACE_PROFILE", "Profile to use, or none; --profile takes precedence.";
    STATE_DIR = "MLFLOW_TRACE_STATE_DIR", "Folder for state such as journals and locks [default: mlflow-trace in the base folder for state].";
    HEARTBEAT_URL = "MLFLOW_TRACE_HEARTBEAT_URL", "URL that retention run requests after each success; --heartbeat-url takes precedence. Treated as a secret.";
    XDG_CONFIG_HOME = "XDG_CONFIG_HOME", "Base folder for configuration [default: ~/.config; %APPDATA% on Windows].";
    XDG_STATE_HOME = "XDG_STATE_HOME", "Base folder for state [default: ~/.local/state; %LOCALAPPDATA% on Windows].";
    HOME = "HOME", "Home folder, for these defaults, ~/.netrc, ~/.kube/config and ~/.mlflow/credentials [default on Windows: %USERPROFILE%].";
    COMPLETE = "MLFLOW_TRACE_COMPLETE", "Name of the shell that asks for completions, set by the script that `mlflow-trace completions` prints.";
    TRACE_PAGER = "MLFLOW_TRACE_PAGER", "Command that shows long output on a terminal, without a shell; cat for none [default: PAGER, else less -FRX].";
    PAGER = "PAGER", "The same, unless `MLFLOW_TRACE_PAGER` is set.";
    LESS = "LESS", "Options of less; without, less is started with -FRX.";
    BROWSER = "BROWSER", "Commands that open pages for open --browser, separated by colons; %s stands for the address.";
    LC_ALL = "LC_ALL", "Locale; one that is not UTF-8 draws waterfalls with ASCII characters.";
    LC_CTYPE = "LC_CTYPE", "The same, unless `LC_ALL` is set.";
    LANG = "LANG", "The same, unless `LC_CTYPE` is set.";
    NO_COLOR = "NO_COLOR", "If set and not empty, disables colours.";
    TERM = "TERM", "The value dumb disables colours and the pager.";
    USER = "USER", "User name in the source id of human feedback.";
}

/// The environment as it was when the run started. One line break at the end of a value does not belong to it: mounted
/// secrets end in one.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    values: BTreeMap<String, String>,
    /// Names of variables whose values are no text.
    no_text: BTreeSet<String>,
}

/// They steer nothing but looks, or what is shown as the source of feedback.
const HARMLESS: &[&str] = &[
    NO_COLOR.name,
    TERM.name,
    USER.name,
    TRACE_PAGER.name,
    PAGER.name,
    LESS.name,
    BROWSER.name,
    LC_ALL.name,
    LC_CTYPE.name,
    LANG.name,
];
/// Values of these may have several lines: names that people chose, and keys in JSON.
const WITH_LINES: &[&str] = &[EXPERIMENT_NAME.name, "GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_KEY"];

impl Environment {
    /// The process's own environment.
    #[must_use]
    pub fn of_process() -> Self {
        let mut environment = Self::default();
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(environment.values.insert(name, one_line(value))),
                Err(_) => drop(environment.no_text.insert(name)),
            }
        }
        environment
    }

    /// The first variable that is read and cannot be, and why.
    #[must_use]
    pub fn first_problem(&self) -> Option<(&str, &'static str)> {
        let is_read = |name: &str| {
            let is_own = ALL.iter().any(|variable| variable.name == name) && !HARMLESS.contains(&name);
            is_own || OBJECT_STORES.iter().any(|prefix| name.starts_with(prefix))
        };
        let no_text = self.no_text.iter().map(|name| (name, "is not UTF-8"));
        let broken = self
            .values
            .iter()
            .filter(|(name, value)| value.chars().any(char::is_control) && !WITH_LINES.contains(&name.as_str()));
        let broken = broken.map(|(name, _)| (name, "has line breaks or other control characters inside"));
        no_text.chain(broken).find(|(name, _)| is_read(name)).map(|(name, problem)| (name.as_str(), problem))
    }

    /// The value of a variable; an empty one counts as unset.
    #[must_use]
    pub fn get(&self, variable: Variable) -> Option<&str> {
        self.named(variable.name)
    }

    /// The home folder: `HOME`, or `USERPROFILE` on Windows.
    pub(super) fn home(&self) -> Option<PathBuf> {
        let profile = || self.named("USERPROFILE").filter(|_| cfg!(windows));
        self.get(HOME).or_else(profile).map(PathBuf::from)
    }

    /// The value of a variable that is no setting of this program; an empty one counts as unset.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// How the names of the variables begin that object stores read.
const OBJECT_STORES: &[&str] = &["AWS_", "GOOGLE_", "AZURE_"];

impl Environment {
    /// The variables of object stores, by name; empty ones count as unset.
    pub fn of_object_stores(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_theirs = |name: &str| OBJECT_STORES.iter().any(|prefix| name.starts_with(prefix));
        let all = self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        all.filter(move |(name, value)| is_theirs(name) && !value.is_empty())
    }
}

/// A variable that is set, for somebody else who is to run this program as it runs here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Its name.
    pub name: String,
    /// What may be told about its value.
    pub value: Told,
}

/// What may be told about a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// All of it.
    Plain(String),
    /// All of it: the path of a file.
    File(String),
    /// Nothing: it is a secret, or may be one.
    Secret,
}

/// Variables of object stores, proxies and certificates whose values are no secrets.
const PLAIN: &[&str] = &[
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    S3_ENDPOINT_URL.name,
    "AWS_ALLOW_HTTP",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    "AWS_S3_EXPRESS",
    "AWS_REQUEST_PAYER",
    "AWS_SKIP_SIGNATURE",
    "AWS_UNSIGNED_PAYLOAD",
    "AWS_CHECKSUM_ALGORITHM",
    "AWS_CONDITIONAL_PUT",
    "AWS_DISABLE_TAGGING",
    "AZURE_STORAGE_ACCOUNT_NAME",
    "AZURE_STORAGE_ENDPOINT",
    "AZURE_STORAGE_USE_EMULATOR",
    "AZURE_ALLOW_HTTP",
];
/// Those that name files.
const FILES: &[&str] = &[
    SERVER_CERT_PATH.name,
    REQUESTS_CA_BUNDLE.name,
    CURL_CA_BUNDLE.name,
    CLIENT_CERT_PATH.name,
    DATABRICKS_CONFIG_FILE.name,
    DATABRICKS_OIDC_TOKEN_FILE.name,
    GOOGLE_APPLICATION_CREDENTIALS.name,
    "AWS_CA_BUNDLE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AZURE_FEDERATED_TOKEN_FILE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];
/// Those of the program itself that hold secrets.
const SECRETS: &[&str] = &[
    USERNAME.name,
    PASSWORD.name,
    TOKEN.name,
    DATABRICKS_TOKEN.name,
    DATABRICKS_CLIENT_SECRET.name,
    DATABRICKS_USERNAME.name,
    DATABRICKS_PASSWORD.name,
    DATABRICKS_OIDC_TOKEN.name,
    ARM_CLIENT_SECRET.name,
    HEARTBEAT_URL.name,
];
/// Those of the program itself that say how it talks to a server.
const MANNERS: &[&str] = &[
    AUTH.name,
    DATABRICKS_PROFILE.name,
    DATABRICKS_HOST.name,
    DATABRICKS_CLIENT_ID.name,
    DATABRICKS_AUTH_TYPE.name,
    DATABRICKS_WORKSPACE_ID.name,
    DATABRICKS_ACCOUNT_ID.name,
    DATABRICKS_DISCOVERY_URL.name,
    DATABRICKS_TOKEN_AUDIENCE.name,
    DATABRICKS_AZURE_RESOURCE_ID.name,
    ARM_CLIENT_ID.name,
    ARM_TENANT_ID.name,
    ARM_ENVIRONMENT.name,
    SQL_WAREHOUSE.name,
    SQL_WAREHOUSE_START.name,
    AWS_SIGV4.name,
    SAGEMAKER_ENDPOINT.name,
    SAGEMAKER_ROLE.name,
    SAGEMAKER_ROLE_TTL.name,
    INSECURE_TLS.name,
    WORKSPACE.name,
    REQUEST_TIMEOUT.name,
    MAX_RETRIES.name,
    BACKOFF_FACTOR.name,
    BACKOFF_JITTER.name,
    RESPECT_RETRY_AFTER.name,
    SEARCH_THREADS.name,
];
/// Those of whoever stands between here and the server; they may have a password in them.
const PROXIES: &[&str] = &[HTTP_PROXY.name, HTTPS_PROXY.name, ALL_PROXY.name, NO_PROXY.name];

impl Environment {
    /// What is set and holds for every run at this server, by name: how it is reached, and object stores. Where it is, which
    /// experiments are meant, and what belongs to this user and machine is not among it.
    #[must_use]
    pub fn in_force(&self) -> Vec<InForce> {
        let set = self.values.iter().filter(|(_, value)| !value.is_empty());
        set.filter_map(|(name, value)| Some(InForce { name: name.clone(), value: told(name, value)? })).collect()
    }
}

/// What may be told about a value; nothing of a variable that is not handed on.
fn told(name: &str, value: &str) -> Option<Told> {
    let of_a_proxy = PROXIES.iter().any(|proxy| proxy.eq_ignore_ascii_case(name));
    let is_open = MANNERS.contains(&name) || PLAIN.contains(&name) || of_a_proxy;
    if FILES.contains(&name) {
        return Some(Told::File(value.to_owned()));
    }
    if is_open {
        // A URL may hold a password all the same.
        let is_secret = value.contains('@') || masked(value) != value;
        return Some(if is_secret { Told::Secret } else { Told::Plain(value.to_owned()) });
    }
    let is_secret = SECRETS.contains(&name) || OBJECT_STORES.iter().any(|prefix| name.starts_with(prefix));
    is_secret.then_some(Told::Secret)
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let values = pairs.into_iter().map(|(name, value)| (name.into(), one_line(value.into()))).collect();
        Self { values, no_text: BTreeSet::new() }
    }
}

fn one_line(mut value: String) -> String {
    if value.ends_with('\n') {
        value.pop();
        if value.ends_with('\r') {
            value.pop();
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_break_at_the_end_is_not_part_of_a_value() {
        for value in ["t0ken", "t0ken\n", "t0ken\r\n"] {
            let environment: Environment = [(TOKEN.name, value)].into_iter().collect();
            assert_eq!((environment.get(TOKEN), environment.first_problem()), (Some("t0ken"), None));
        }
    }

    #[test]
    fn what_is_in_force_is_named_and_secrets_keep_their_values() {
        let environment: Environment = [
            ("MLFLOW_TRACKING_URI", "http://h"),
            ("MLFLOW_WORKSPACE", "team"),
            ("MLFLOW_TRACKING_PASSWORD", "hunter2"),
            ("AWS_REGION", "eu"),
            ("AWS_SESSION_TOKEN", "hunter2"),
            ("AWS_ENDPOINT_URL", "http://jane:hunter2@h"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "/k.json"),
            ("https_proxy", "http://proxy:3128"),
            ("MLFLOW_MAX_RETRIES", "1"),
            ("AZURE_STORAGE_ACCOUNT_NAME", ""),
            ("HOME", "/root"),
        ]
        .into_iter()
        .collect();
        let told = |value: &Told| match value {
            Told::Plain(value) | Told::File(value) => value.clone(),
            Told::Secret => "secret".to_owned(),
        };
        let all: Vec<(String, String)> =
            environment.in_force().into_iter().map(|set| (set.name, told(&set.value))).collect();
        let expected = [
            ("AWS_ENDPOINT_URL", "secret"),
            ("AWS_REGION", "eu"),
            ("AWS_SESSION_TOKEN", "secret"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "/k.json"),
            ("MLFLOW_TRACKING_PASSWORD", "secret"),
            ("MLFLOW_WORKSPACE", "team"),
            ("https_proxy", "http://proxy:3128"),
        ];
        assert_eq!(all, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_more_than_a_line_is_refused_by_name() {
        let problem = |name: &str| {
            let environment: Environment = [(name, "a\nb")].into_iter().collect();
            environment.first_problem().map(|(name, _)| name.to_owned())
        };
        for name in ["MLFLOW_TRACKING_TOKEN", "AWS_SECRET_ACCESS_KEY", "AZURE_STORAGE_SAS_KEY", "HOME"] {
            assert_eq!(problem(name).as_deref(), Some(name));
        }
        for name in ["MLFLOW_EXPERIMENT_NAME", "GOOGLE_SERVICE_ACCOUNT_KEY", "USER", "PS1"] {
            assert_eq!(problem(name), None);
        }
    }
}
