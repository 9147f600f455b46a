//! Bearer tokens that somebody else renews: from a file, a command, or Kubernetes.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use reqwest::Request;
use reqwest::header::HeaderValue;
use tokio::sync::Mutex;

use super::super::Secret;
use super::super::credentials::Cluster;
use super::{Signer, authorize, command, kubernetes};

/// Where a token is to be had.
pub enum Source {
    File(PathBuf),
    Command(String),
    Kubernetes(Cluster),
}

/// A token as it was got.
pub struct Token {
    pub secret: Secret,
    pub keep: KeptFor,
}

/// How long a token is used before it is got again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptFor {
    /// For one request: whoever renews it does so where it is read, at no cost.
    Not,
    /// Until a server refuses it.
    UntilRefused,
    /// Until then.
    Until(Timestamp),
}

impl KeptFor {
    fn is_over(self, now: Timestamp) -> bool {
        match self {
            Self::Not => true,
            Self::UntilRefused => false,
            Self::Until(end) => now >= end,
        }
    }
}

/// Sends the token of a source.
pub struct Renewed {
    source: Source,
    /// One request gets a token while the others wait for it.
    kept: Mutex<Option<Token>>,
}

impl Renewed {
    pub fn new(source: Source) -> Self {
        Self { source, kept: Mutex::new(None) }
    }

    async fn get(&self) -> Result<Token, String> {
        let token = match &self.source {
            Source::File(path) => from_file(path)?,
            Source::Command(line) => command::token(line).await?,
            Source::Kubernetes(cluster) => kubernetes::token(cluster).await?,
        };
        Ok(token)
    }
}

#[async_trait::async_trait]
impl Signer for Renewed {
    async fn sign(&self, request: &mut Request) -> Result<(), String> {
        let mut kept = self.kept.lock().await;
        let token = match kept.take() {
            Some(token) if !token.keep.is_over(Timestamp::now()) => token,
            _ => self.get().await?,
        };
        let signed = authorize(request, &header(&token.secret));
        *kept = Some(token);
        signed
    }

    async fn renew(&self, refused: &HeaderValue) -> bool {
        let mut kept = self.kept.lock().await;
        // Another request may have got a new one already.
        kept.take_if(|token| header(&token.secret).as_bytes() == refused.as_bytes());
        true
    }
}

fn header(token: &Secret) -> String {
    format!("Bearer {}", token.expose())
}

/// A token as a file holds it.
pub(super) fn from_file(path: &Path) -> Result<Token, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read the token file {}: {error}", path.display()))?;
    let secret = checked(&text).ok_or_else(|| format!("the token file {} holds no token", path.display()))?;
    Ok(Token { secret, keep: KeptFor::Not })
}

/// A token alone, without the word before it and blanks around it.
pub(super) fn checked(text: &str) -> Option<Secret> {
    let text = text.trim();
    let token = match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => text,
    };
    let is_token = !token.is_empty() && !token.contains(|c: char| c.is_whitespace() || c.is_control());
    is_token.then(|| Secret::new(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(signer: &Renewed) -> Result<HeaderValue, String> {
        let mut request = Request::new(reqwest::Method::GET, "http://localhost/".parse().unwrap());
        signer.sign(&mut request).await?;
        Ok(request.headers()["authorization"].clone())
    }

    #[tokio::test]
    async fn a_file_is_read_for_every_request() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let signer = Renewed::new(Source::File(file.path().to_owned()));
        for token in ["first", "second"] {
            std::fs::write(file.path(), format!("{token}\n")).unwrap();
            assert_eq!(sent(&signer).await.unwrap(), format!("Bearer {token}"));
        }
        std::fs::write(file.path(), "two words").unwrap();
        assert!(sent(&signer).await.unwrap_err().contains("holds no token"));
        std::fs::remove_file(file.path()).unwrap();
        assert!(sent(&signer).await.unwrap_err().contains("cannot read the token file"));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_command_is_run_once_until_its_token_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let count = folder.path().join("count");
        let line = format!("echo >>'{0}'; echo token-$(wc -l <'{0}' | tr -d ' ')", count.display());
        let signer = Renewed::new(Source::Command(line));
        let first = sent(&signer).await.unwrap();
        assert_eq!((first.clone(), sent(&signer).await.unwrap()), ("Bearer token-1".parse().unwrap(), first.clone()));
        assert!(signer.renew(&first).await);
        assert_eq!(sent(&signer).await.unwrap(), "Bearer token-2");
        assert!(signer.renew(&first).await, "refused before it was renewed");
        assert_eq!(sent(&signer).await.unwrap(), "Bearer token-2", "the new one is not thrown away");
    }

    #[test]
    fn a_token_is_one_word_with_or_without_its_scheme() {
        let token = |text: &str| checked(text).map(|token| token.expose().to_owned());
        assert_eq!(token(" abc \n").as_deref(), Some("abc"));
        assert_eq!(token("Bearer abc").as_deref(), Some("abc"));
        assert_eq!((token(""), token("Basic abc"), token("a\nb")), (None, None, None));
    }
}
