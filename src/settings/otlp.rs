//! Where spans are sent with OpenTelemetry's protocol, as its specification reads the environment.

use super::SettingsError;
use super::env::{self, Environment};
use super::tracking_uri;
use crate::cli::KeyValue;
use crate::model::percent_decoded;
use crate::store::{Address, Credentials, OtlpSettings, Secret};

/// What the environment says about a receiver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtlpEnvironment {
    /// The URL, whole.
    url: Option<String>,
    /// `name=value` pairs, percent-encoded, separated by commas, and the variable they come from.
    headers: Option<(&'static str, Secret)>,
}

/// The path of traces below the address of a receiver.
const TRACES: &str = "/v1/traces";

impl OtlpEnvironment {
    /// Signal-specific variables go before general ones; a general endpoint is an address to which the path is added.
    pub(super) fn read(environment: &Environment) -> Self {
        let whole = environment.get(env::OTLP_TRACES_ENDPOINT).map(str::to_owned);
        let below =
            || environment.get(env::OTLP_ENDPOINT).map(|address| format!("{}{TRACES}", address.trim_end_matches('/')));
        let variables = [env::OTLP_TRACES_HEADERS, env::OTLP_HEADERS];
        let headers =
            variables.into_iter().find_map(|name| Some((name.name, Secret::new(environment.get(name)?.to_owned()))));
        Self { url: whole.or_else(below), headers }
    }

    /// The receiver: a URL and headers as typed go before the environment. An address without a path gets the path of traces.
    pub fn receiver(&self, url: Option<&str>, headers: &[KeyValue]) -> Result<OtlpSettings, SettingsError> {
        let (url, is_typed) = match (url, &self.url) {
            (Some(url), _) => (url, true),
            (None, Some(url)) => (url.as_str(), false),
            (None, None) => return Err(SettingsError::NoOtlpEndpoint),
        };
        let Ok((Address::Server(address), credentials)) = tracking_uri::parse(url) else {
            return Err(SettingsError::OtlpEndpoint);
        };
        let host_at = address.find("://").map_or(0, |at| at + 3);
        let path_at = address[host_at..].find('/').map_or(address.len(), |at| host_at + at);
        let (base, path) = address.split_at(path_at);
        let path = if path.is_empty() && is_typed { TRACES } else { path };
        Ok(OtlpSettings {
            base: base.to_owned(),
            path: path.to_owned(),
            headers: self.headers(headers)?,
            credentials: credentials.unwrap_or(Credentials::None),
        })
    }

    fn headers(&self, typed: &[KeyValue]) -> Result<Vec<(String, Secret)>, SettingsError> {
        let mut headers: Vec<(String, Secret)> = Vec::new();
        if let Some((name, text)) = &self.headers {
            for pair in text.expose().split(',').filter(|pair| !pair.trim().is_empty()) {
                let (key, value) = pair.split_once('=').ok_or(SettingsError::OtlpHeaders { name })?;
                headers.push((percent_decoded(key.trim()), Secret::new(percent_decoded(value.trim()))));
            }
        }
        headers.retain(|(name, _)| !typed.iter().any(|pair| pair.key.eq_ignore_ascii_case(name)));
        headers.extend(typed.iter().map(|pair| (pair.key.clone(), Secret::new(pair.value.clone()))));
        match headers.iter().find(|(name, value)| !is_header(name, value.expose())) {
            Some((name, _)) => {
                // What was typed without a = between name and value holds the value, too.
                let end = name.find(|character: char| !is_token(character)).unwrap_or(name.len());
                Err(SettingsError::OtlpHeader { header: name[..end].to_owned() })
            }
            None => Ok(headers),
        }
    }
}

fn is_header(name: &str, value: &str) -> bool {
    !name.is_empty() && name.chars().all(is_token) && !value.chars().any(char::is_control)
}

fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receiver(variables: &[(&str, &str)], url: Option<&str>, typed: &[&str]) -> Result<OtlpSettings, SettingsError> {
        let environment = variables.iter().copied().collect();
        let typed: Vec<KeyValue> = typed.iter().map(|pair| pair.parse().unwrap()).collect();
        OtlpEnvironment::read(&environment).receiver(url, &typed)
    }

    #[test]
    fn urls_are_taken_as_they_are_unless_they_are_an_address_alone() {
        let url = |url| receiver(&[], Some(url), &[]).unwrap().url();
        assert_eq!(url("http://h:4318"), "http://h:4318/v1/traces");
        assert_eq!(url("http://h:4318/"), "http://h:4318/v1/traces");
        assert_eq!(url("https://h/api/otlp"), "https://h/api/otlp");
        assert_eq!(url("http://h/prefix/v1/traces"), "http://h/prefix/v1/traces");
    }

    #[test]
    fn the_environment_is_read_as_opentelemetry_says() {
        let general = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:4318/base/");
        let traces = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t:4318");
        let url = |variables: &[_], typed| receiver(variables, typed, &[]).unwrap().url();
        assert_eq!(url(&[general], None), "http://h:4318/base/v1/traces");
        assert_eq!(url(&[general, traces], None), "http://t:4318", "as it is");
        assert_eq!(url(&[general, traces], Some("http://u/v1/traces")), "http://u/v1/traces");
        assert_eq!(receiver(&[], None, &[]), Err(SettingsError::NoOtlpEndpoint));
    }

    #[test]
    fn headers_of_the_environment_are_decoded_and_typed_ones_go_first() {
        let general = ("OTEL_EXPORTER_OTLP_HEADERS", "a=1");
        let traces = ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", " authorization=Bearer%20x%3D, k = v ,");
        let headers = |variables: &[_], typed: &[&str]| {
            let headers = receiver(variables, Some("http://h"), typed).unwrap().headers;
            headers.iter().map(|(name, value)| format!("{name}: {}", value.expose())).collect::<Vec<_>>()
        };
        assert_eq!(headers(&[general], &[]), ["a: 1"]);
        assert_eq!(headers(&[general, traces], &[]), ["authorization: Bearer x=", "k: v"]);
        assert_eq!(headers(&[traces], &["Authorization=Basic a=="]), ["k: v", "Authorization: Basic a=="]);
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_showing_secrets() {
        let message = |variables: &[_], url, typed: &[&str]| receiver(variables, url, typed).unwrap_err().to_string();
        assert!(message(&[], Some("file:x"), &[]).contains("http://"));
        assert!(!message(&[], Some("http://me:secret@"), &[]).contains("secret"));
        let odd = message(&[("OTEL_EXPORTER_OTLP_HEADERS", "secret")], Some("http://h"), &[]);
        assert!(odd.contains("OTEL_EXPORTER_OTLP_HEADERS") && !odd.contains("secret"), "{odd}");
        let broken = message(&[], Some("http://h"), &["x y=secret"]);
        assert!(broken.contains("\"x\"") && !broken.contains("secret"), "{broken}");
        let pasted = message(&[], Some("http://h"), &["Authorization: Bearer secret=="]);
        assert!(pasted.contains("\"Authorization\"") && !pasted.contains("secret"), "{pasted}");
    }

    #[test]
    fn credentials_of_the_url_stay_out_of_it() {
        let settings = receiver(&[], Some("http://jane:pw@h:1/v1/traces"), &[]).unwrap();
        assert_eq!(settings.url(), "http://h:1/v1/traces");
        assert_eq!(settings.credentials, Credentials::Basic { username: "jane".into(), password: Secret::new("pw") });
    }
}
