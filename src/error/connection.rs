//! What to do when a server is not reached: TLS and proxies.

use super::CliError;
use crate::exit::Exit;
use crate::store::{LoginPage, Provider, ProxyError, ProxyProblem, TlsProblem};

/// The host of an address, with its port: `h:443`.
fn host_and_port(base: &str) -> String {
    let authority = base.split("://").nth(1).unwrap_or(base).split('/').next().unwrap_or_default();
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    if has_port { authority.to_owned() } else { format!("{authority}:443") }
}

/// An address with another host.
fn with_host(base: &str, host: &str) -> String {
    let at = host_and_port(base);
    let old = at.rsplit_once(':').map_or(at.as_str(), |(host, _)| host);
    base.replacen(old, host, 1)
}

pub(super) fn tls(message: String, base: &str, problem: &TlsProblem) -> CliError {
    let certificate = "set MLFLOW_TRACKING_SERVER_CERT_PATH to a PEM file with the certificate of the authority, or with that of the server itself";
    let client = "set MLFLOW_TRACKING_CLIENT_CERT_PATH to a PEM file with the client certificate and its key";
    let exit = match problem {
        TlsProblem::ClientCertificateMissing | TlsProblem::ClientCertificateRefused(_) => Exit::Denied,
        _ => Exit::Unreachable,
    };
    let error = CliError::new(exit, message);
    match problem {
        TlsProblem::UnknownIssuer => {
            let at = host_and_port(base);
            error.hint(certificate).hint(format!("to see it: `openssl s_client -connect {at} -showcerts </dev/null`"))
        }
        TlsProblem::NoRoots => error
            .hint("install the package ca-certificates, or set SSL_CERT_FILE to a PEM file of root certificates")
            .hint(format!("for a private authority, {certificate}")),
        TlsProblem::Expired(_) => error.hint("the server needs a new certificate; if that day is in the future, correct the clock of this machine"),
        TlsProblem::NotYetValid(_) => error.hint("if that day is in the past, correct the clock of this machine"),
        TlsProblem::WrongName { names, .. } => match names.iter().find(|name| !name.starts_with('*')) {
            Some(name) => error.hint(format!("use a name that it is for in the tracking URI: {}", with_host(base, name))),
            None => error.hint("use a name that it is for in the tracking URI, or have the certificate made for this name"),
        },
        TlsProblem::NoTls => {
            error.hint(format!("the server does not speak TLS; try {}", base.replacen("https:", "http:", 1)))
        }
        TlsProblem::NotHttp => error.hint(format!("try {}", base.replacen("http:", "https:", 1))),
        TlsProblem::Outdated => error.hint("the server, or the proxy in front of it, must be upgraded"),
        TlsProblem::ClientCertificateMissing => error.hint(client),
        TlsProblem::ClientCertificateRefused(_) => error
            .hint("check that the certificate in MLFLOW_TRACKING_CLIENT_CERT_PATH is still valid, and from an authority that the server trusts"),
        TlsProblem::Other(_) => error.hint(certificate),
    }
}

pub(super) fn proxy(message: String, error: &ProxyError) -> CliError {
    let ProxyError { from, base, problem, .. } = error;
    let at = host_and_port(base);
    let host = at.rsplit_once(':').map_or(at.as_str(), |(host, _)| host);
    let around = format!("to connect without the proxy, add the server to NO_PROXY: NO_PROXY={host}");
    match problem {
        ProxyProblem::Unauthenticated => CliError::new(Exit::Denied, message)
            .hint(format!(
                "in {from}, put user name and password before the host, with a colon between them and an @ after them"
            ))
            .hint(around),
        ProxyProblem::NoAddress(_) => CliError::new(Exit::Unreachable, message)
            .hint(format!("with socks5h:// in {from} instead of socks5://, the proxy looks the name up")),
        ProxyProblem::Unreachable(_) | ProxyProblem::Refused(_) => {
            CliError::new(Exit::Unreachable, message).hint(format!("check {from}")).hint(around)
        }
    }
}

pub(super) fn login_page(message: String, page: &LoginPage) -> CliError {
    let error = CliError::new(Exit::Denied, message);
    let error = match page.provider {
        Provider::OpenShift => error.hint("give the token of OpenShift: --token-command \"oc whoami --show-token\""),
        Provider::Google => error.hint("give an identity token of Google: --token-command \"gcloud auth print-identity-token\""),
        Provider::Microsoft => error.hint("give an access token for the server's application: --token-command \"az account get-access-token --resource APPLICATION --query accessToken -o tsv\""),
        Provider::Cloudflare => error.hint("give the token of Cloudflare Access: --header \"cf-access-token: $(cloudflared access token --app=URL)\""),
        Provider::Unknown => error,
    };
    error
        .hint("a program cannot log in there; ask who runs the server for a bearer token for programs, and pass it with --token-file, --token-command or MLFLOW_TRACKING_TOKEN")
        .hint("if the server has an address that is not behind the page, use that as the tracking URI")
}
