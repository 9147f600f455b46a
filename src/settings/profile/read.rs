//! From TOML to profiles, strictly: a key that is not known and a value of another kind are errors that name the file, the line
//! and the key.

use std::io;
use std::path::{Path, PathBuf};

use super::{Config, Profile};
use crate::cli::TypedHeader;
use crate::model::document::{FileError, Part, TomlDocument};
use crate::store::Secret;

/// The error for a file of profiles that cannot be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> FileError {
    let error = FileError::of_file(&path.display().to_string(), format!("cannot read the profiles: {error}"));
    error.hint("MLFLOW_TRACE_CONFIG names the file")
}

const DOCUMENT_KEYS: &[&str] = &["default_profile", "profile"];
const KEYS: &[&str] = &[
    "tracking_uri",
    "experiment",
    "username",
    "password",
    "password_file",
    "token",
    "token_file",
    "token_command",
    "ca",
    "client_certificate",
    "headers",
    "workspace",
    "read_only",
    "deletes",
    "max_delete",
    "default_since",
    "allow_database_writes",
    "columns",
];
/// At most one of these: each says who logs in.
const LOGINS: &[&str] = &["token", "token_file", "token_command", "username"];

/// Reads a file of profiles. `~/` in a path means `home`; a relative path counts from the folder of the file.
pub fn config(text: &str, path: PathBuf, home: Option<&Path>) -> Result<Config, FileError> {
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let document = TomlDocument { text, file: path.display().to_string(), known: Folders { folder, home } };
    document.read(|root| of_document(root, path))
}

fn of_document(root: &Part<'_, Folders<'_>>, path: PathBuf) -> Result<Config, FileError> {
    root.check_keys(DOCUMENT_KEYS)?;
    let mut profiles = Vec::new();
    if let Some(all) = root.table("profile", "profile")? {
        for (name, _) in all.table {
            let name: &str = name.get_ref();
            let part = all.table(name, &format!("profile {name:?}"))?;
            profiles.extend(part.map(|part| part.profile(name)).transpose()?);
        }
    }
    let default = root.line("default_profile")?.map(str::to_owned);
    let config = Config { path: Some(path), is_there: true, profiles, default };
    match config.default.as_deref() {
        Some(name) if name != super::NONE && !config.profiles.iter().any(|profile| profile.name == name) => {
            let hints = config.unknown(name, "default_profile").hints;
            Err(FileError { hints, ..root.wrong("default_profile", format!("there is no profile {name:?}")) })
        }
        _ => Ok(config),
    }
}

/// Where paths count from.
struct Folders<'t> {
    folder: PathBuf,
    home: Option<&'t Path>,
}

impl<'t> Part<'t, Folders<'_>> {
    /// A text that is one line and not empty.
    fn line(&self, key: &str) -> Result<Option<&'t str>, FileError> {
        match self.string(key)? {
            Some(text) if text.trim().is_empty() => {
                Err(self.wrong(key, "it is empty").hint(format!("to have no {key}, leave it out")))
            }
            Some(text) if text.chars().any(char::is_control) => {
                Err(self.wrong(key, "it has line breaks or other control characters inside"))
            }
            text => Ok(text),
        }
    }

    fn owned(&self, key: &str) -> Result<Option<String>, FileError> {
        Ok(self.line(key)?.map(str::to_owned))
    }

    fn secret(&self, key: &str) -> Result<Option<Secret>, FileError> {
        Ok(self.line(key)?.map(Secret::new))
    }

    fn path(&self, key: &str) -> Result<Option<PathBuf>, FileError> {
        let Folders { folder, home } = &self.document.known;
        Ok(self.line(key)?.map(|written| match (written.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => folder.join(written),
        }))
    }

    /// Texts, or one text alone; none of them empty.
    fn lines(&self, key: &str) -> Result<Vec<String>, FileError> {
        let texts = self.strings(key)?;
        if texts.iter().any(|(text, _)| text.trim().is_empty()) {
            return Err(self.wrong(key, "it is empty").hint(format!("to have no {key}, leave it out")));
        }
        Ok(texts.into_iter().map(|(text, _)| text.to_owned()).collect())
    }

    /// A value that is read as the flag of a command line is.
    fn parsed<T: std::str::FromStr<Err = String>>(&self, key: &str) -> Result<Option<(String, T)>, FileError> {
        let Some(text) = self.line(key)? else { return Ok(None) };
        text.parse().map(|value| Some((text.to_owned(), value))).map_err(|reason| self.wrong(key, reason))
    }

    fn headers(&self) -> Result<Vec<(String, Secret)>, FileError> {
        let Some(part) = self.table("headers", &format!("{}, headers", self.place))? else { return Ok(Vec::new()) };
        let header = |name: &str| {
            let value = part.line(name)?.unwrap_or_default();
            let read: Result<TypedHeader, String> = format!("{name}:{value}").parse();
            match read {
                Ok(header) if header.name == name => Ok((header.name, Secret::new(header.value))),
                Ok(_) => Err(part.wrong(name, "this is no name of a header")),
                Err(reason) if reason.starts_with("expected") => Err(part.wrong(name, "this is no name of a header")),
                Err(reason) => Err(part.wrong(name, reason)),
            }
        };
        part.table.iter().map(|(name, _)| header(name.get_ref())).collect()
    }

    fn max_delete(&self) -> Result<Option<u64>, FileError> {
        self.number("max_delete").map_err(|error| error.hint("to delete nothing at all, write read_only = true"))
    }

    fn plan_only(&self) -> Result<bool, FileError> {
        match self.line("deletes")? {
            None | Some("allowed") => Ok(false),
            Some("plan-only") => Ok(true),
            Some(other) => Err(self
                .wrong("deletes", format!("expected \"plan-only\" or \"allowed\", got {other:?}"))
                .hint("to delete nothing at all, write read_only = true")),
        }
    }

    /// What says who logs in, once.
    fn check_login(&self) -> Result<(), FileError> {
        let given: Vec<&str> = LOGINS.iter().copied().filter(|key| self.get(key).is_some()).collect();
        if let [first, second, ..] = given.as_slice() {
            return Err(self.wrong(second, format!("{first} and {second} contradict each other")));
        }
        let passwords: Vec<&str> =
            ["password", "password_file"].into_iter().filter(|key| self.get(key).is_some()).collect();
        match (passwords.as_slice(), self.get("username").is_some()) {
            ([first, second, ..], _) => Err(self.wrong(second, format!("{first} and {second} contradict each other"))),
            ([one], false) => Err(self.wrong(one, "there is a password, but no username")),
            _ => Ok(()),
        }
    }

    fn profile(&self, name: &str) -> Result<Profile, FileError> {
        self.check_keys(KEYS)?;
        self.check_login()?;
        if name == super::NONE || name.trim().is_empty() {
            return Err(self.wrong("", "this is no name for a profile: --profile none means no profile"));
        }
        Ok(Profile {
            name: name.to_owned(),
            tracking_uri: self.owned("tracking_uri")?,
            experiments: self.lines("experiment")?,
            username: self.owned("username")?,
            password: self.secret("password")?,
            password_file: self.path("password_file")?,
            token: self.secret("token")?,
            token_file: self.path("token_file")?,
            token_command: self.owned("token_command")?,
            ca: self.path("ca")?,
            client_certificate: self.path("client_certificate")?,
            headers: self.headers()?,
            workspace: self.owned("workspace")?,
            read_only: self.boolean("read_only")?,
            plan_only: self.plan_only()?,
            max_delete: self.max_delete()?,
            default_since: self.parsed("default_since")?,
            allow_database_writes: self.boolean("allow_database_writes")?,
            columns: self.owned("columns")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, FileError> {
        config(text, "/etc/t/config.toml".into(), Some(Path::new("/home/jane")))
    }

    #[test]
    fn a_profile_says_everything() {
        let text = "[profile.prod]\ntracking_uri = \"https://h\"\nexperiment = [\"a\", \"b\"]\ntoken_file = \"~/t\"\nca = \"ca.pem\"\n\
                    headers = { X-Team = \"ml\" }\nworkspace = \"w\"\nread_only = true\ndeletes = \"plan-only\"\nmax_delete = 5\n\
                    default_since = \"7d\"\nallow_database_writes = true\n";
        let config = read(text).unwrap();
        let profile = &config.profiles[0];
        assert_eq!((profile.name.as_str(), profile.experiments.len(), profile.max_delete), ("prod", 2, Some(5)));
        assert_eq!(profile.token_file.as_deref(), Some(Path::new("/home/jane/t")));
        assert_eq!(profile.ca.as_deref(), Some(Path::new("/etc/t/ca.pem")), "beside the file");
        assert!(profile.read_only && profile.plan_only && profile.allow_database_writes && profile.has_secrets());
        assert_eq!(profile.default_since.as_ref().unwrap().0, "7d");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, message, hint) in [
            (
                "[profile.p]\ntracking_url = \"x\"\n",
                "2: profile \"p\": there is no key \"tracking_url\"",
                "did you mean tracking_uri?",
            ),
            ("[profil.p]\n", "1: there is no key \"profil\"", "did you mean profile?"),
            ("[profile]\np = 1\n", "2: profile, p: expected a table, got a whole number", ""),
            (
                "[profile.p]\nread_only = \"yes\"\n",
                "2: profile \"p\", read_only: expected true or false, got a text",
                "",
            ),
            (
                "[profile.p]\n\nmax_delete = 0\n",
                "3: profile \"p\", max_delete: expected a whole number from 1",
                "read_only",
            ),
            (
                "[profile.p]\ndeletes = \"never\"\n",
                "2: profile \"p\", deletes: expected \"plan-only\" or \"allowed\", got \"never\"",
                "read_only",
            ),
            (
                "[profile.p]\ntoken = \"a\"\ntoken_command = \"b\"\n",
                "3: profile \"p\", token_command: token and token_command contradict each other",
                "",
            ),
            (
                "[profile.p]\npassword = \"hunter2\"\n",
                "2: profile \"p\", password: there is a password, but no username",
                "",
            ),
            ("[profile.p]\nworkspace = \"\"\n", "2: profile \"p\", workspace: it is empty", "leave it out"),
            ("[profile.p]\ndefault_since = \"soon\"\n", "2: profile \"p\", default_since: ", ""),
            (
                "[profile.p]\nheaders = { \"a b\" = \"hunter2\" }\n",
                "2: profile \"p\", headers, a b: this is no name of a header",
                "",
            ),
            ("[profile.none]\n", "1: profile \"none\": this is no name", ""),
            (
                "default_profile = \"x\"\n[profile.y2]\n",
                "1: default_profile: there is no profile \"x\"",
                "the profiles are y2",
            ),
            ("[profile.p]\nca = \"a\n", "2: ", ""),
        ] {
            let error = read(text).unwrap_err();
            let shown = error.to_string();
            assert!(shown.starts_with(&format!("/etc/t/config.toml:{message}")), "{text}: {shown}");
            assert!(error.hints.concat().contains(hint), "{text}: {:?}", error.hints);
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}
