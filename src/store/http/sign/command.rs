//! A token that a command prints.

use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use tokio::process::Command;

use super::token::{KeptFor, Token, checked};

/// Whoever has to log in needs time, but nobody waits for ever.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs a line of the shell and takes what it prints as the token. What it has to say goes to standard error.
pub async fn token(line: &str) -> Result<Token, String> {
    #[cfg(unix)]
    let (shell, flag) = ("sh", "-c");
    #[cfg(not(unix))]
    let (shell, flag) = ("cmd", "/C");
    let mut command = Command::new(shell);
    command.args([flag, line]);
    let output = run(command).await.map_err(|reason| format!("the token command {reason}"))?;
    let text = String::from_utf8_lossy(&output);
    let secret = checked(&text).ok_or("the token command printed no token: expected one word")?;
    Ok(Token { secret, keep: KeptFor::UntilRefused })
}

/// What a command prints. Fails with the end of a sentence that begins with the command.
pub async fn run(mut command: Command) -> Result<Vec<u8>, String> {
    let started =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true).spawn();
    let child = started.map_err(|error| format!("cannot be run: {error}"))?;
    let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
    let ended = ended.map_err(|_| format!("did not end within {} s", PATIENCE.as_secs()))?;
    match ended.map_err(|error| format!("cannot be run: {error}"))? {
        Output { status, stdout, .. } if status.success() => Ok(stdout),
        Output { status, .. } => Err(format!("failed ({})", words(status))),
    }
}

fn words(status: ExitStatus) -> String {
    status.code().map_or_else(|| "ended by a signal".to_owned(), |code| format!("exit code {code}"))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    async fn reason(line: &str) -> String {
        token(line).await.err().unwrap_or_default()
    }

    #[tokio::test]
    async fn a_command_that_gives_no_token_says_why() {
        assert_eq!(reason("exit 3").await, "the token command failed (exit code 3)");
        assert_eq!(reason("kill -9 $$").await, "the token command failed (ended by a signal)");
        assert!(reason("true").await.contains("printed no token"));
        assert!(reason("echo please log in").await.contains("printed no token"));
    }
}
