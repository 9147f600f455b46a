//! The netrc file, as Python's `netrc` reads it: whoever logs in with MLflow's client may have a password there.

use std::path::{Path, PathBuf};

use super::Secret;

/// A user and a password for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostEntry {
    pub username: String,
    pub password: Secret,
}

/// The entry for a host in the first of these files that is there, and which file that is. Fails with what is wrong with it.
pub fn look_up(paths: &[PathBuf], host: &str) -> Result<Option<(HostEntry, PathBuf)>, String> {
    let Some(path) = paths.iter().find(|path| path.exists()) else { return Ok(None) };
    let unread = |reason: String| format!("{} cannot be read: {reason}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| unread(error.to_string()))?;
    let entry = entry(&text, host).map_err(|line| unread(format!("line {line} is not understood")))?;
    Ok(entry.map(|entry| (entry, Path::to_owned(path))))
}

/// The entry for a host, else the default one; an error is the number of a line.
fn entry(text: &str, host: &str) -> Result<Option<HostEntry>, usize> {
    let mut words = Words { rest: text, line: 1 };
    let (mut of_host, mut by_default) = (None, None);
    while let Some(word) = words.next_word() {
        match word.as_str() {
            "machine" => {
                let machine = words.next_word().ok_or(words.line)?;
                let login = login(&mut words)?;
                if machine.eq_ignore_ascii_case(host) {
                    of_host = Some(login);
                }
            }
            "default" => by_default = Some(login(&mut words)?),
            "macdef" => words.skip_macro(),
            _ if word.starts_with('#') => words.skip_line(),
            _ => return Err(words.line),
        }
    }
    Ok(of_host.or(by_default).flatten())
}

/// What is said about one host; nothing if there is nothing in it.
fn login(words: &mut Words<'_>) -> Result<Option<HostEntry>, usize> {
    let (mut login, mut account, mut password) = (String::new(), String::new(), String::new());
    loop {
        let before = *words;
        let Some(word) = words.next_word() else { break };
        let field = match word.as_str() {
            "login" | "user" => &mut login,
            "account" => &mut account,
            "password" => &mut password,
            _ if word.starts_with('#') => {
                words.skip_line();
                continue;
            }
            _ => {
                *words = before;
                break;
            }
        };
        *field = words.next_word().ok_or(words.line)?;
    }
    let username = if login.is_empty() { account } else { login };
    let is_empty = username.is_empty() && password.is_empty();
    Ok((!is_empty).then(|| HostEntry { username, password: Secret::new(password) }))
}

/// Words between blanks; in quotes a word may have blanks, and after a backslash any character stands for itself.
#[derive(Clone, Copy)]
struct Words<'t> {
    rest: &'t str,
    line: usize,
}

impl Words<'_> {
    fn next_char(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = &self.rest[character.len_utf8()..];
        self.line += usize::from(character == '\n');
        Some(character)
    }

    fn next_word(&mut self) -> Option<String> {
        let blanks = self.rest.len() - self.rest.trim_start().len();
        self.line += self.rest[..blanks].matches('\n').count();
        self.rest = &self.rest[blanks..];
        let is_quoted = self.rest.starts_with('"');
        if is_quoted || self.rest.is_empty() {
            self.next_char()?;
        }
        let ends = |character: char| if is_quoted { character == '"' } else { character.is_whitespace() };
        let mut word = String::new();
        while let Some(next) = self.rest.chars().next() {
            if ends(next) {
                // The line of a word is the one where it ends.
                if is_quoted {
                    self.next_char();
                }
                break;
            }
            match self.next_char() {
                Some('\\') => word.extend(self.next_char()),
                next => word.extend(next),
            }
        }
        Some(word)
    }

    fn skip_line(&mut self) {
        while self.rest.chars().next().is_some_and(|next| next != '\n') {
            self.next_char();
        }
    }

    /// A macro ends with an empty line.
    fn skip_macro(&mut self) {
        let end = self.rest.find("\n\n").map_or(self.rest.len(), |at| at + 2);
        self.line += self.rest[..end].matches('\n').count();
        self.rest = &self.rest[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(String, String)> {
        let entry = entry(text, "mlflow.example").unwrap()?;
        Some((entry.username, entry.password.expose().to_owned()))
    }

    fn two(username: &str, password: &str) -> (String, String) {
        (username.to_owned(), password.to_owned())
    }

    #[test]
    fn the_entry_of_a_host_goes_before_the_default_and_the_last_one_counts() {
        let text = "default login any password any\nmachine other login o password o\n\
                    machine MLflow.example\n\tlogin jane\n\tpassword s3cret\n";
        assert_eq!(found(text).unwrap(), two("jane", "s3cret"));
        assert_eq!(
            found("machine mlflow.example login a password b machine mlflow.example login c password d").unwrap(),
            two("c", "d")
        );
        assert_eq!(found("machine other login o password o default login x password y").unwrap(), two("x", "y"));
        assert_eq!(found("machine other login o password o"), None);
        assert_eq!((found(""), found("\n \n")), (None, None));
    }

    #[test]
    fn words_are_read_as_python_reads_them() {
        assert_eq!(
            found(r#"machine mlflow.example login "jane doe" password "a \" b""#).unwrap(),
            two("jane doe", "a \" b")
        );
        assert_eq!(found(r"machine mlflow.example login jane password a\\b\ c").unwrap(), two("jane", r"a\b c"));
        assert_eq!(
            found("# all of them\nmachine mlflow.example # ours\n login jane password #x").unwrap(),
            two("jane", "#x")
        );
        assert_eq!(
            found("macdef init\ncd /\nmachine x\n\nmachine mlflow.example account a password b").unwrap(),
            two("a", "b")
        );
        assert_eq!(found("machine mlflow.example"), None, "neither user nor password");
    }

    #[test]
    fn what_is_no_netrc_names_its_line() {
        assert_eq!(entry("machine h login j\nnonsense x", "h"), Err(2));
        assert_eq!(entry("machine h\nlogin", "h"), Err(2));
    }
}
