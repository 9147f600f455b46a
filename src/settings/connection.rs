//! How a tracking server is reached: patience, retries, trust, and who logs in.

use std::path::PathBuf;
use std::time::Duration;

use super::SettingsError;
use super::env::{self, Environment, Variable};
use super::layers::{Layers, Origin};
use super::not_used;
use super::profile::Profile;
use crate::cli::ConnectionArgs;
use crate::store::{
    Cluster, Credentials, Given, HttpSettings, Login, NamedFile, OfProfile, Proxies, Proxy, RetrySettings, Secret,
};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(120);

/// `of_uri` is what the tracking URI holds, and who wrote it.
pub fn http(layers: &Layers<'_>, of_uri: Option<(Credentials, Origin)>) -> Result<HttpSettings, SettingsError> {
    let Layers { flags, environment, .. } = layers;
    let timeout = match flags.timeout {
        Some(period) => period.as_duration(),
        None => {
            seconds(environment, env::REQUEST_TIMEOUT)?.filter(|timeout| !timeout.is_zero()).unwrap_or(DEFAULT_TIMEOUT)
        }
    };
    let accept_invalid_certificates = switch(environment, env::INSECURE_TLS)?.unwrap_or(false);
    if accept_invalid_certificates && environment.get(env::SERVER_CERT_PATH).is_some() {
        return Err(SettingsError::TlsContradiction);
    }
    Ok(HttpSettings {
        login: login(layers, of_uri),
        headers: headers(layers),
        timeout,
        retry: retry(environment)?,
        accept_invalid_certificates,
        server_certificates: server_certificates(layers)
            .filter(|_| !accept_invalid_certificates)
            .map(|file| named(file, "ca")),
        client_certificate: client_certificate(layers).map(|file| named(file, "client_certificate")),
        proxies: proxies(environment),
        workspace: layers.text(env::WORKSPACE, |profile| profile.workspace.as_deref()).map(|(name, _)| name.to_owned()),
        concurrency: flags.concurrency.or(environment.get(env::SEARCH_THREADS).map(threads).transpose()?),
        object_store: super::object_store(environment),
        not_used: not_used::all(environment),
    })
}

/// A file, and what names it in messages.
fn named((path, origin): (PathBuf, Origin), key: &str) -> NamedFile {
    let from = match origin {
        Origin::Profile(name) => format!("{key} of the profile {name:?}"),
        other => other.to_string(),
    };
    NamedFile { path, from }
}

/// Certificates to trust: those of MLflow's own variable, of the profile, of other programs' variables.
pub fn server_certificates(layers: &Layers<'_>) -> Option<(PathBuf, Origin)> {
    let of = |profile: &Profile| profile.ca.clone();
    let others =
        || [env::REQUESTS_CA_BUNDLE, env::CURL_CA_BUNDLE].into_iter().find_map(|name| by_variable(layers, name));
    by_variable(layers, env::SERVER_CERT_PATH).or_else(|| by_profile(layers, of)).or_else(others)
}

/// The client's certificate and key.
pub fn client_certificate(layers: &Layers<'_>) -> Option<(PathBuf, Origin)> {
    let of = |profile: &Profile| profile.client_certificate.clone();
    by_variable(layers, env::CLIENT_CERT_PATH).or_else(|| by_profile(layers, of))
}

fn by_variable(layers: &Layers<'_>, variable: Variable) -> Option<(PathBuf, Origin)> {
    let path = layers.environment.get(variable)?;
    Some((PathBuf::from(path), Origin::Variable(variable.name.to_owned())))
}

fn by_profile(layers: &Layers<'_>, of: impl Fn(&Profile) -> Option<PathBuf>) -> Option<(PathBuf, Origin)> {
    let profile = layers.of_server?;
    Some((of(profile)?, Origin::Profile(profile.name.clone())))
}

/// Of two spellings of a variable the one in small letters counts, as everywhere. Servers that run programs for a request tell
/// them its headers as variables: one of those is no proxy.
fn proxies(environment: &Environment) -> Proxies {
    let named = |variable: Variable| {
        let small = variable.name.to_ascii_lowercase();
        let is_request = variable == env::HTTP_PROXY && environment.named("REQUEST_METHOD").is_some();
        let of_small = environment.named(&small).map(|value| (value, small));
        of_small
            .or_else(|| environment.get(variable).filter(|_| !is_request).map(|value| (value, variable.name.into())))
    };
    let proxy = |variable| named(variable).map(|(url, from)| Proxy::new(url, &from));
    Proxies {
        http: proxy(env::HTTP_PROXY),
        https: proxy(env::HTTPS_PROXY),
        all: proxy(env::ALL_PROXY),
        except: named(env::NO_PROXY).map(|(hosts, _)| hosts.to_owned()).unwrap_or_default(),
    }
}

/// As many as somebody allows MLflow's client, but never more than do good.
fn threads(text: &str) -> Result<std::num::NonZeroUsize, SettingsError> {
    let number = text.parse::<usize>().ok().and_then(|number| std::num::NonZeroUsize::new(number.min(32)));
    number.ok_or_else(|| wrong(env::SEARCH_THREADS, text, "a number of threads"))
}

fn retry(environment: &Environment) -> Result<RetrySettings, SettingsError> {
    let defaults = RetrySettings::default();
    let max_retries = match environment.get(env::MAX_RETRIES) {
        Some(text) => text
            .parse()
            .ok()
            .filter(|retries| *retries <= 10)
            .ok_or_else(|| wrong(env::MAX_RETRIES, text, "0 to 10"))?,
        None => defaults.max_retries,
    };
    Ok(RetrySettings {
        max_retries,
        first_wait: seconds(environment, env::BACKOFF_FACTOR)?.unwrap_or(defaults.first_wait),
        jitter: seconds(environment, env::BACKOFF_JITTER)?,
        respects_retry_after: switch(environment, env::RESPECT_RETRY_AFTER)?.unwrap_or(true),
    })
}

/// Headers as typed and of the profile; the one that says who asks is no header among others.
fn headers(layers: &Layers<'_>) -> Vec<(String, Secret)> {
    let typed = &layers.flags.connection.headers;
    let is_typed = |name: &str| typed.iter().any(|header| header.name.eq_ignore_ascii_case(name));
    let of_profile = layers.of_server.iter().flat_map(|profile| profile.headers.iter().cloned());
    let of_profile = of_profile.filter(|(name, _)| !is_typed(name));
    let all = typed.iter().map(|header| (header.name.clone(), Secret::new(header.value.clone()))).chain(of_profile);
    all.filter(|(name, _)| !is_authorization(name)).collect()
}

fn is_authorization(name: &str) -> bool {
    name.eq_ignore_ascii_case("authorization")
}

/// Who logs in, as far as it can be said without looking at files.
fn login(layers: &Layers<'_>, of_uri: Option<(Credentials, Origin)>) -> Login {
    let Layers { flags, environment, of_server } = layers;
    let home = environment.home();
    let in_home = |name: &str| Some(home.as_ref()?.join(name));
    let netrc = match environment.get(env::NETRC) {
        Some(path) => vec![expanded(path, home.as_ref())],
        None => [".netrc", "_netrc"].into_iter().filter_map(in_home).collect(),
    };
    let auth = environment.get(env::AUTH).map(str::to_owned);
    let (of_profile, of_uri) = match of_uri {
        Some((credentials, Origin::Profile(name))) => {
            let from = format!("the tracking URI of the profile {name:?}");
            (Some(OfProfile::Given(Given::new(credentials, from))), None)
        }
        Some((credentials, Origin::Flag(flag))) => (None, Some(Given::new(credentials, format!("the URL of {flag}")))),
        Some((credentials, from)) => (None, Some(Given::new(credentials, format!("the URL in {from}")))),
        None => (None, None),
    };
    Login {
        typed: typed(&flags.connection),
        databricks: None,
        aws: None,
        cluster: auth.as_deref().map(|auth| cluster(environment, auth, in_home(".kube/config"))),
        auth,
        netrc,
        of_uri,
        of_profile: of_server.and_then(stated).or(of_profile),
        username: environment.get(env::USERNAME).map(str::to_owned),
        password: environment.get(env::PASSWORD).map(Secret::new),
        token: environment.get(env::TOKEN).map(Secret::new),
        file: in_home(".mlflow/credentials"),
    }
}

/// Whom a profile logs in, if it says so.
fn stated(profile: &Profile) -> Option<OfProfile> {
    let from = format!("the profile {:?}", profile.name);
    let given = |credentials| Some(OfProfile::Given(Given::new(credentials, &from)));
    let header = profile.headers.iter().find(|(name, _)| is_authorization(name));
    if let Some((_, value)) = header {
        return given(Credentials::Header(value.clone()));
    }
    if let (Some(username), Some(password)) = (&profile.username, &profile.password) {
        return given(Credentials::Basic { username: username.clone(), password: password.clone() });
    }
    if let Some(username) = profile.username.clone() {
        return Some(OfProfile::Username { username, password_file: profile.password_file.clone(), from });
    }
    if let Some(token) = &profile.token {
        return given(Credentials::Bearer(token.clone()));
    }
    if let Some(path) = &profile.token_file {
        let from = format!("the file {} of {from}", path.display());
        return Some(OfProfile::Given(Given::new(Credentials::TokenFile(path.clone()), from)));
    }
    let line = profile.token_command.clone()?;
    let from = format!("token_command of {from}");
    Some(OfProfile::Given(Given::new(Credentials::TokenCommand(line), from)))
}

fn expanded(path: &str, home: Option<&PathBuf>) -> PathBuf {
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

fn typed(flags: &ConnectionArgs) -> Option<Given> {
    if let Some(header) = flags.headers.iter().rfind(|header| is_authorization(&header.name)) {
        let credentials = Credentials::Header(Secret::new(header.value.clone()));
        return Some(Given::new(credentials, "--header"));
    }
    if let Some(path) = &flags.token_file {
        let from = format!("the file {}", path.display());
        return Some(Given::new(Credentials::TokenFile(path.clone()), from));
    }
    let line = flags.token_command.clone()?;
    Some(Given::new(Credentials::TokenCommand(line), "--token-command"))
}

fn cluster(environment: &Environment, auth: &str, usual: Option<PathBuf>) -> Cluster {
    let separator = if cfg!(windows) { ';' } else { ':' };
    let named = environment.get(env::KUBECONFIG);
    let named = named.map(|paths| paths.split(separator).filter(|path| !path.is_empty()).map(PathBuf::from).collect());
    Cluster {
        service_account: PathBuf::from("/var/run/secrets/kubernetes.io/serviceaccount"),
        kubeconfigs: named.unwrap_or_else(|| usual.into_iter().collect()),
        is_namespaced: auth.ends_with("-namespaced"),
    }
}

pub(super) fn switch(environment: &Environment, variable: Variable) -> Result<Option<bool>, SettingsError> {
    let Some(text) = environment.get(variable) else { return Ok(None) };
    match text.to_ascii_lowercase().as_str() {
        "false" | "0" => Ok(Some(false)),
        "true" | "1" => Ok(Some(true)),
        _ => Err(wrong(variable, text, "true, false, 1 or 0")),
    }
}

fn seconds(environment: &Environment, variable: Variable) -> Result<Option<Duration>, SettingsError> {
    let Some(text) = environment.get(variable) else { return Ok(None) };
    let number = text.parse::<f64>().ok().filter(|seconds| (0.0..=86_400.0).contains(seconds));
    number
        .map(|seconds| Some(Duration::from_secs_f64(seconds)))
        .ok_or_else(|| wrong(variable, text, "a number of seconds"))
}

pub(super) fn wrong(variable: Variable, value: &str, expected: &'static str) -> SettingsError {
    SettingsError::Variable { name: variable.name, value: value.to_owned(), expected }
}
