//! What the sources of keys may use: files, commands and HTTP, as this program does them.

use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use reqsign_core::{CommandExecute, CommandOutput, Error, FileRead, HttpSend, Result};
use reqwest::Url;
use tokio::process::Command;

use crate::store::http::HttpSettings;
use crate::store::http::client::messenger;
use crate::store::http::diagnosis::innermost;

/// A container or an instance has its keys at hand, or has none.
const AT_HAND: Duration = Duration::from_secs(2);
const FAR_AWAY: Duration = Duration::from_secs(30);

/// Files, commands and HTTP.
#[derive(Clone, Debug)]
pub struct Messenger {
    pub settings: HttpSettings,
    /// Who stands in for the service of roles: `AWS_ENDPOINT_URL_STS`.
    pub sts: Option<String>,
}

impl Messenger {
    /// Sends a request to somebody else than the tracking server.
    pub async fn send(&self, request: reqwest::Request) -> std::result::Result<http::Response<Bytes>, String> {
        let client = messenger(request.url().as_str(), &self.settings, patience(request.url()))?;
        let told = |error: reqwest::Error| innermost(&error);
        let response = client.execute(request).await.map_err(told)?;
        let status = response.status();
        let body = response.bytes().await.map_err(told)?;
        let mut answer = http::Response::new(body);
        *answer.status_mut() = status;
        Ok(answer)
    }

    /// Where roles are taken on.
    fn diverted(&self, uri: &http::Uri) -> String {
        let is_sts = uri.host().is_some_and(|host| host.starts_with("sts.") && host.contains(".amazonaws."));
        match &self.sts {
            Some(base) if is_sts => format!("{}{}", base.trim_end_matches('/'), uri.path()),
            _ => uri.to_string(),
        }
    }
}

fn patience(url: &Url) -> Duration {
    let is_near = url.host_str().is_some_and(|host| host.starts_with("169.254.") || host.starts_with("[fd00:ec2:"));
    if is_near { AT_HAND } else { FAR_AWAY }
}

impl HttpSend for Messenger {
    async fn http_send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>> {
        let (mut parts, body) = request.into_parts();
        parts.uri = self.diverted(&parts.uri).parse().unwrap_or(parts.uri);
        let request = reqwest::Request::try_from(http::Request::from_parts(parts, body));
        let request = request.map_err(|error| Error::request_invalid(error.to_string()))?;
        self.send(request).await.map_err(Error::unexpected)
    }
}

impl FileRead for Messenger {
    async fn file_read(&self, path: &str) -> Result<Vec<u8>> {
        std::fs::read(path).map_err(|error| Error::unexpected(error.to_string()))
    }
}

/// A command is a line of the shell, so that what is quoted in it stays together.
impl CommandExecute for Messenger {
    async fn command_execute<'a>(&'a self, program: &'a str, arguments: &'a [&'a str]) -> Result<CommandOutput> {
        let line = std::iter::once(&program).chain(arguments).copied().collect::<Vec<_>>().join(" ");
        #[cfg(unix)]
        let (shell, flag) = ("sh", "-c");
        #[cfg(not(unix))]
        let (shell, flag) = ("cmd", "/C");
        let mut command = Command::new(shell);
        command.args([flag, &line]).stdin(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true);
        let output = command.output().await.map_err(|error| Error::unexpected(error.to_string()))?;
        Ok(CommandOutput { status: output.status.code().unwrap_or(-1), stdout: output.stdout, stderr: Vec::new() })
    }
}
