//! From TOML to profiles, strictly: a key that is not known and a value of another kind are errors that name the file, the line
//! and the key.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Config, Profile};
use crate::cli::TypedHeader;
use crate::model::nearest;
use crate::store::Secret;

/// A file of profiles that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub file: String,
    /// The line in it, from 1.
    pub line: Option<usize>,
    /// `profile "prod", ca`; empty for the whole of it.
    pub place: String,
    /// What is wrong; no secrets.
    pub message: String,
    /// How to put it right.
    pub hints: Vec<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if !self.place.is_empty() {
            write!(formatter, ": {}", self.place)?;
        }
        write!(formatter, ": {}", self.message)
    }
}

impl ConfigError {
    /// About a whole file.
    #[must_use]
    pub fn of_path(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, place: String::new(), message: message.into(), hints: Vec::new() }
    }

    /// A file that cannot be read.
    pub(super) fn of_file(path: &Path, error: &io::Error) -> Self {
        let error = Self::of_path(&path.display().to_string(), format!("cannot read the profiles: {error}"));
        error.hint("MLFLOW_TRACE_CONFIG names the file")
    }

    /// With one more thing to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
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
/// Of these one at the most: each says who logs in.
const LOGINS: &[&str] = &["token", "token_file", "token_command", "username"];

/// Reads a file of profiles. `~/` in a path means `home`; a relative path counts from the folder of the file.
pub fn config(text: &str, path: PathBuf, home: Option<&Path>) -> Result<Config, ConfigError> {
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let document = Document { text, file: path.display().to_string(), folder, home };
    let root = DeTable::parse(text).map_err(|error| document.wrong(error.span(), "", error.message().trim_end()))?;
    let root = Part { document: &document, place: String::new(), table: root.get_ref(), span: 0..0 };
    root.check_keys(DOCUMENT_KEYS)?;
    let mut profiles = Vec::new();
    if let Some(all) = root.table("profile", "profile")? {
        for (name, _) in all.table {
            let name: &str = name.get_ref();
            let part = all.table(name, &format!("profile {name:?}"))?;
            profiles.extend(part.map(|part| part.profile(name)).transpose()?);
        }
    }
    let default = root.string("default_profile")?.map(str::to_owned);
    let config = Config { path: Some(path), is_there: true, profiles, default };
    match config.default.as_deref() {
        Some(name) if name != super::NONE && !config.profiles.iter().any(|profile| profile.name == name) => {
            let hints = config.unknown(name, "default_profile").hints;
            Err(ConfigError { hints, ..root.wrong("default_profile", format!("there is no profile {name:?}")) })
        }
        _ => Ok(config),
    }
}

struct Document<'t> {
    text: &'t str,
    file: String,
    folder: PathBuf,
    home: Option<&'t Path>,
}

impl Document<'_> {
    fn wrong(&self, span: Option<Range<usize>>, place: &str, message: impl Into<String>) -> ConfigError {
        let line = span.map(|span| {
            let before = self.text.as_bytes().get(..span.start).unwrap_or(self.text.as_bytes());
            before.split(|byte| *byte == b'\n').count()
        });
        ConfigError { line, place: place.to_owned(), ..ConfigError::of_path(&self.file, message) }
    }

    fn path(&self, written: &str) -> PathBuf {
        match (written.strip_prefix("~/"), self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.folder.join(written),
        }
    }
}

/// One table of the document.
struct Part<'t> {
    document: &'t Document<'t>,
    /// `profile "prod"`.
    place: String,
    table: &'t DeTable<'t>,
    span: Range<usize>,
}

impl<'t> Part<'t> {
    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// An error about the value of a key, or about the table if there is none.
    fn wrong(&self, key: &str, message: impl Into<String>) -> ConfigError {
        let span = self.get(key).map_or_else(|| self.span.clone(), Spanned::span);
        let place: Vec<&str> = [self.place.as_str(), key].into_iter().filter(|part| !part.is_empty()).collect();
        self.document.wrong(Some(span), &place.join(", "), message)
    }

    fn check_keys(&self, known: &[&str]) -> Result<(), ConfigError> {
        let mut unknown: Vec<_> = self.table.iter().map(|(name, _)| name).collect();
        unknown.retain(|name| !known.contains(&name.get_ref().as_ref()));
        unknown.sort_by_key(|name| name.span().start);
        let Some(name) = unknown.first() else { return Ok(()) };
        let key: &str = name.get_ref();
        let error = self.document.wrong(Some(name.span()), &self.place, format!("there is no key {key:?}"));
        Err(match nearest(key, known.iter().copied()) {
            Some(nearest) => error.hint(format!("did you mean {nearest}?")),
            None => error.hint(format!("the keys here are {}", known.join(", "))),
        })
    }

    fn table(&self, key: &str, place: &str) -> Result<Option<Self>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::Table(table) => {
                Ok(Some(Part { document: self.document, place: place.to_owned(), table, span: value.span() }))
            }
            other => Err(self.wrong(key, format!("expected a table, got {}", kind(other)))),
        }
    }

    fn string(&self, key: &str) -> Result<Option<&'t str>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                Err(self.wrong(key, "it is empty").hint(format!("to have no {key}, leave it out")))
            }
            DeValue::String(text) if text.chars().any(char::is_control) => {
                Err(self.wrong(key, "it has line breaks or other control characters inside"))
            }
            DeValue::String(text) => Ok(Some(text.as_ref())),
            other => Err(self.wrong(key, format!("expected a text in quotes, got {}", kind(other)))),
        }
    }

    fn owned(&self, key: &str) -> Result<Option<String>, ConfigError> {
        Ok(self.string(key)?.map(str::to_owned))
    }

    fn secret(&self, key: &str) -> Result<Option<Secret>, ConfigError> {
        Ok(self.string(key)?.map(Secret::new))
    }

    fn path(&self, key: &str) -> Result<Option<PathBuf>, ConfigError> {
        Ok(self.string(key)?.map(|path| self.document.path(path)))
    }

    /// Texts, or one text alone.
    fn strings(&self, key: &str) -> Result<Vec<String>, ConfigError> {
        match self.get(key).map(Spanned::get_ref) {
            Some(DeValue::Array(items)) => {
                let text = |item: &Spanned<DeValue<'_>>| item.get_ref().as_str().map(str::to_owned);
                let texts: Option<Vec<String>> = items.iter().map(text).collect();
                let texts = texts.filter(|texts| texts.iter().all(|text| !text.trim().is_empty()));
                texts.ok_or_else(|| self.wrong(key, "expected texts in quotes"))
            }
            _ => Ok(self.owned(key)?.into_iter().collect()),
        }
    }

    fn boolean(&self, key: &str) -> Result<bool, ConfigError> {
        self.get(key).map_or(Ok(false), |value| match value.get_ref() {
            DeValue::Boolean(boolean) => Ok(*boolean),
            other => Err(self.wrong(key, format!("expected true or false, got {}", kind(other)))),
        })
    }

    /// A whole number from 1.
    fn number(&self, key: &str) -> Result<Option<u64>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let number = match value.get_ref() {
            DeValue::Integer(integer) => integer.to_string().parse().ok().filter(|number| *number > 0),
            _ => None,
        };
        number.map(Some).ok_or_else(|| {
            self.wrong(key, "expected a whole number from 1").hint("to delete nothing at all, write read_only = true")
        })
    }

    /// A value that is read as the flag of a command line is.
    fn parsed<T: std::str::FromStr<Err = String>>(&self, key: &str) -> Result<Option<(String, T)>, ConfigError> {
        let Some(text) = self.string(key)? else { return Ok(None) };
        text.parse().map(|value| Some((text.to_owned(), value))).map_err(|reason| self.wrong(key, reason))
    }

    fn headers(&self) -> Result<Vec<(String, Secret)>, ConfigError> {
        let Some(part) = self.table("headers", &format!("{}, headers", self.place))? else { return Ok(Vec::new()) };
        let header = |name: &str| {
            let value = part.string(name)?.unwrap_or_default();
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

    fn plan_only(&self) -> Result<bool, ConfigError> {
        match self.string("deletes")? {
            None | Some("allowed") => Ok(false),
            Some("plan-only") => Ok(true),
            Some(other) => Err(self
                .wrong("deletes", format!("expected \"plan-only\" or \"allowed\", got {other:?}"))
                .hint("to delete nothing at all, write read_only = true")),
        }
    }

    /// What says who logs in, once.
    fn check_login(&self) -> Result<(), ConfigError> {
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

    fn profile(&self, name: &str) -> Result<Profile, ConfigError> {
        self.check_keys(KEYS)?;
        self.check_login()?;
        if name == super::NONE || name.trim().is_empty() {
            return Err(self.wrong("", "this is no name for a profile: --profile none means no profile"));
        }
        Ok(Profile {
            name: name.to_owned(),
            tracking_uri: self.owned("tracking_uri")?,
            experiments: self.strings("experiment")?,
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
            max_delete: self.number("max_delete")?,
            default_since: self.parsed("default_since")?,
            allow_database_writes: self.boolean("allow_database_writes")?,
            columns: self.owned("columns")?,
        })
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, ConfigError> {
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
            ("[profile]\np = 1\n", "2: profile, p: expected a table, got a number", ""),
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
