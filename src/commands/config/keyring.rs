//! Tokens of profiles in the system's keyring, through the program that comes with it: `secret-tool` of libsecret (Secret Service:
//! GNOME Keyring, `KWallet`, `KeePassXC`) or `security` of macOS. The profile gets the command that prints the token.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::error::CliError;
use crate::exit::Exit;
use crate::store::Secret;

const SERVICE: &str = "mlflow-trace";
/// What the keyring is asked with.
const PROGRAM: &str = if cfg!(target_os = "macos") { "security" } else { "secret-tool" };

/// Whether there is a keyring that can be asked: its program, and on other systems than macOS the session that it talks to.
pub fn is_there() -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let is_installed = std::env::split_paths(&folders).any(|folder| folder.join(PROGRAM).is_file());
    is_installed && (cfg!(target_os = "macos") || std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some())
}

/// Keeps the token of a profile, and reads it again; returns the command that prints it.
pub fn keep(profile: &str, token: &Secret) -> Result<String, CliError> {
    let failed = |reason: &str, next: &str| {
        CliError::new(Exit::Unexpected, format!("cannot store the token in the keyring: {reason}"))
            .hint(format!("{next}, or omit --keyring to keep the token in a file that only you can read"))
    };
    let kept = store(profile, token).and_then(|()| lookup(profile));
    match kept {
        Ok(found) if found == token.expose() => Ok(lookup_words(profile).join(" ")),
        Ok(_) => {
            Err(failed(&format!("{PROGRAM} returns another one"), "keep it there yourself and use --token-command"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(failed(&format!("{PROGRAM} is not installed"), "install it (Debian: libsecret-tools)"))
        }
        Err(error) => Err(failed(&error.to_string(), "unlock the keyring")),
    }
}

/// The command that prints a token. Names of profiles need no quotes.
fn lookup_words(profile: &str) -> Vec<&str> {
    if cfg!(target_os = "macos") {
        vec!["security", "find-generic-password", "-s", SERVICE, "-a", profile, "-w"]
    } else {
        vec!["secret-tool", "lookup", "service", SERVICE, "profile", profile]
    }
}

/// The token is written to the standard input of the program, since everybody sees command lines.
fn store(profile: &str, token: &Secret) -> io::Result<()> {
    if cfg!(target_os = "macos") {
        let token = token.expose();
        if token.contains(['"', '\\']) {
            return Err(io::Error::other("it holds a quote or a backslash"));
        }
        let line = format!("add-generic-password -U -s {SERVICE} -a {profile} -w \"{token}\"\n");
        return run(&["security", "-i"], &line).map(drop);
    }
    let label = format!("Token of the profile {profile} of {SERVICE}");
    let words = ["secret-tool", "store", "--label", &label, "service", SERVICE, "profile", profile];
    run(&words, token.expose()).map(drop)
}

fn lookup(profile: &str) -> io::Result<String> {
    Ok(run(&lookup_words(profile), "")?.trim_end_matches(['\n', '\r']).to_owned())
}

fn run(words: &[&str], input: &str) -> io::Result<String> {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    // Whoever does not read it says so.
    let _ = child.stdin.take().map(|mut to| to.write_all(input.as_bytes()));
    let ended = child.wait_with_output()?;
    if ended.status.success() {
        return Ok(String::from_utf8_lossy(&ended.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    let said = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it does not say why");
    let said = said.strip_prefix(words[0]).map_or(said, |rest| rest.trim_start_matches([':', ' ']));
    Err(io::Error::other(format!("{}: {said}", words[0])))
}
