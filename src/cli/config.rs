//! Arguments of the `config` commands.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::times::Moment;

/// `config` commands.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Make a profile: ask for what is not given, test the connection, and write it
    Init(Box<ConfigInitArgs>),
    /// List profiles
    List(ConfigListArgs),
    /// Show the settings in force and where each comes from
    Show(ConfigShowArgs),
    /// Make a profile the default
    Use(ConfigUseArgs),
    /// Print the path of the configuration file
    Path(ConfigPathArgs),
}

/// Arguments of `config init`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own on the command line.
#[command(after_help = "Examples:
  mlflow-trace config init dev -u http://localhost:5000 -x my-app --no-test
  mlflow-trace config init staging -u https://mlflow.example.com -x my-app \\
    --token-command \"gcloud auth print-identity-token\" --read-only --no-test")]
pub struct ConfigInitArgs {
    /// Name of the profile: letters, digits, - and _ [default: default]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// User name for basic authentication
    #[arg(long, value_name = "NAME", conflicts_with_all = ["token_file", "token_command", "token_stdin"])]
    pub username: Option<String>,
    /// Read the password from standard input, and keep it in a file that only you can read
    #[arg(long, requires = "username")]
    pub password_stdin: bool,
    /// Read a bearer token from standard input, and keep it in a file that only you can read
    #[arg(long, conflicts_with_all = ["token_file", "token_command"])]
    pub token_stdin: bool,
    /// Keep the token in the system's keyring instead, through secret-tool (Linux) or security (macOS)
    #[arg(long, requires = "token_stdin")]
    pub keyring: bool,
    /// PEM file with certificates to trust
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// PEM file with the client certificate and its key
    #[arg(long, value_name = "FILE")]
    pub client_certificate: Option<PathBuf>,
    /// Workspace
    #[arg(long, value_name = "NAME")]
    pub workspace: Option<String>,
    /// Refuse all changes while this profile is used
    #[arg(long)]
    pub read_only: bool,
    /// Delete traces only with a plan: --plan, then apply
    #[arg(long)]
    pub plan_only: bool,
    /// Delete nothing if more than this many traces would be deleted
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_delete: Option<u64>,
    /// Search and count only traces since this time unless --since is given, such as 7d
    #[arg(long, value_name = "TIME")]
    pub default_since: Option<Since>,
    /// Make it the default profile; the first profile always is
    #[arg(long = "use")]
    pub make_default: bool,
    /// Do not connect to the server before the profile is written
    #[arg(long)]
    pub no_test: bool,
}

/// A time as it was written.
#[derive(Clone, Debug)]
pub struct Since(pub String);

impl std::str::FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<Moment>().map(|_| Self(text.to_owned()))
    }
}

/// Arguments of `config list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace config list
  mlflow-trace config list -o json")]
pub struct ConfigListArgs {}

/// Arguments of `config show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace config show
  mlflow-trace config show --profile none -o json")]
pub struct ConfigShowArgs {}

/// Arguments of `config use`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace config use prod
  mlflow-trace config use none")]
pub struct ConfigUseArgs {
    /// Name of the profile; none for no default
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Arguments of `config path`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace config path
  mlflow-trace config path | xargs ls -l")]
pub struct ConfigPathArgs {}
