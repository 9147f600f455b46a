//! How the tracking server is reached: flags that every command has.

// Doc comments here are help texts, which people read without Markdown.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

/// Connection options.
#[derive(Clone, Debug, Args)]
pub struct ConnectionArgs {
    /// Allow writing to an MLflow database without a server, which bypasses the server's permissions
    #[arg(long, global = true)]
    pub allow_database_writes: bool,
    /// Header of every request to the tracking server; repeatable; never shown
    #[arg(long = "header", value_name = "NAME:VALUE", global = true)]
    pub headers: Vec<TypedHeader>,
    /// File with a bearer token, read again for every request
    #[arg(long, value_name = "PATH", global = true)]
    pub token_file: Option<PathBuf>,
    /// Shell command that prints a bearer token; run once, and again when the server refuses the token
    #[arg(long, value_name = "CMD", global = true, conflicts_with = "token_file")]
    pub token_command: Option<String>,
}

/// A header.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedHeader {
    /// Before the first `:`.
    pub name: String,
    /// After it; may be a secret.
    pub value: String,
}

/// Without the value.
impl std::fmt::Debug for TypedHeader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "TypedHeader({}: …)", self.name)
    }
}

/// Headers that say how a request is written and sent.
const OWN: &[&str] =
    &["accept-encoding", "connection", "content-encoding", "content-length", "content-type", "transfer-encoding"];

impl FromStr for TypedHeader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let (name, value) = text.split_once(':').unwrap_or((text, ""));
        if !text.contains(':') || name.is_empty() || !name.chars().all(is_token) {
            return Err("expected NAME:VALUE; headers for --to-otlp are given with --otlp-header NAME=VALUE".to_owned());
        }
        if OWN.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(format!("{name} is set for each request"));
        }
        if value.chars().any(|c| c.is_control() && c != '\t') {
            return Err("the value has control characters".to_owned());
        }
        Ok(Self { name: name.to_owned(), value: value.trim().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_name_and_a_value() {
        let header: TypedHeader = "X-Team:  a:b ".parse().unwrap();
        assert_eq!((header.name.as_str(), header.value.as_str()), ("X-Team", "a:b"));
        assert!(!format!("{header:?}").contains("a:b"));
        for wrong in ["X-Team", "", ":x", "x y: z", "api-key=abc:def", "a: b\nc", "Content-Length: 5"] {
            assert!(wrong.parse::<TypedHeader>().is_err(), "{wrong}");
        }
    }
}
