//! Who logs in with a new profile, and where that is kept.

use std::path::{Path, PathBuf};

use super::{keyring, secrets};
use crate::cli::ConfigInitArgs;
use crate::commands::{Context, inputs};
use crate::error::CliError;
use crate::settings::profile::NewProfile;
use crate::store::{Credentials, Secret};
use crate::ui::Ui;

/// Who logs in.
pub enum NewLogin {
    Nobody,
    Password {
        username: String,
        password: Secret,
    },
    Token(Secret),
    /// A token that is kept in the system's keyring.
    KeyringToken(Secret),
    TokenFile(PathBuf),
    TokenCommand(String),
}

impl NewLogin {
    /// What is sent.
    pub fn credentials(&self) -> Option<Credentials> {
        Some(match self {
            Self::Nobody => return None,
            Self::Password { username, password } => {
                Credentials::Basic { username: username.clone(), password: password.clone() }
            }
            Self::Token(token) | Self::KeyringToken(token) => Credentials::Bearer(token.clone()),
            Self::TokenFile(path) => Credentials::TokenFile(path.clone()),
            Self::TokenCommand(line) => Credentials::TokenCommand(line.clone()),
        })
    }
}

/// Who logs in, from flags, the tracking URI or a conversation.
pub fn login(
    context: &mut Context<'_>,
    args: &ConfigInitArgs,
    of_uri: Option<Credentials>,
) -> Result<NewLogin, CliError> {
    if let Some(username) = args.username.clone() {
        let password = if args.password_stdin {
            from_input(context, "password")?
        } else {
            context.ui.ask_secret(&format!("Password of {username}")).map(Secret::new).ok_or_else(|| {
                CliError::usage("no password for the profile").hint("give it on standard input with --password-stdin")
            })?
        };
        return Ok(NewLogin::Password { username, password });
    }
    if args.token_stdin {
        return from_input(context, "token").map(if args.keyring { NewLogin::KeyringToken } else { NewLogin::Token });
    }
    match context.settings.http.login.typed.as_ref().map(|given| given.credentials.clone()).or(of_uri) {
        Some(Credentials::TokenFile(path)) => Ok(NewLogin::TokenFile(std::path::absolute(path)?)),
        Some(Credentials::TokenCommand(line)) => Ok(NewLogin::TokenCommand(line)),
        Some(Credentials::Basic { username, password }) => Ok(NewLogin::Password { username, password }),
        Some(_) => Err(CliError::usage("--header is not written to a profile, as it may be a secret").hint(
            "give a token with --token-stdin, --token-file or --token-command, or add headers to the profile by hand",
        )),
        None => Ok(asked(context)),
    }
}

/// Who logs in, from a conversation; nobody if there is none.
fn asked(context: &mut Context<'_>) -> NewLogin {
    let ways = ["not at all", "user name and password", "token", "token from a file", "token from a command"];
    let ui = &mut *context.ui;
    let found = match ui.choose("How do you log in?", &ways) {
        Some(1) => ui.ask("User name", None).and_then(|username| {
            let password = Secret::new(ui.ask_secret("Password")?);
            Some(NewLogin::Password { username, password })
        }),
        Some(2) => ui.ask_secret("Token").map(|token| kept_token(ui, Secret::new(token))),
        Some(3) => ui.ask("Path of the file", None).map(|path| NewLogin::TokenFile(path.into())),
        Some(4) => ui.ask("Command", None).map(NewLogin::TokenCommand),
        _ => None,
    };
    found.unwrap_or(NewLogin::Nobody)
}

fn kept_token(ui: &mut Ui, token: Secret) -> NewLogin {
    let places = ["in the system's keyring", "in a file that only you can read"];
    let is_for_keyring = keyring::is_there() && ui.choose("Where is the token kept?", &places) == Some(0);
    if is_for_keyring { NewLogin::KeyringToken(token) } else { NewLogin::Token(token) }
}

/// One line of standard input.
fn from_input(context: &mut Context<'_>, what: &str) -> Result<Secret, CliError> {
    let unreadable = |error: &std::io::Error| CliError::usage(format!("cannot read the {what}: {error}"));
    let text = inputs::standard(context, inputs::TEXT).map_err(|unread| unread.into_error(unreadable))?;
    let line = text.trim_end_matches(['\n', '\r']);
    if line.is_empty() || line.contains(['\n', '\r']) {
        return Err(CliError::usage(format!("expected the {what} on standard input, on one line")));
    }
    Ok(Secret::new(line))
}

/// With who logs in; secrets go into files of their own.
pub fn with_login(profile: NewProfile, login: &NewLogin, place: (&Path, &str)) -> Result<NewProfile, CliError> {
    let kept = |secret: &Secret| secrets::write(place.0, place.1, secret);
    Ok(match login {
        NewLogin::Nobody => profile,
        NewLogin::Password { username, password } => {
            profile.text("username", Some(username)).text("password_file", Some(&kept(password)?))
        }
        NewLogin::Token(token) => profile.text("token_file", Some(&kept(token)?)),
        NewLogin::KeyringToken(token) => profile.text("token_command", Some(&keyring::keep(place.1, token)?)),
        NewLogin::TokenFile(path) => profile.text("token_file", Some(&path.display().to_string())),
        NewLogin::TokenCommand(line) => profile.text("token_command", Some(line)),
    })
}
