//! Profiles: named settings in a file of the user's, which count where neither flag nor environment says something.
//!
//! What a profile says about a server counts for that server alone: its credentials are sent nowhere else. What it forbids
//! holds while it is chosen, and for its server however that is named.

mod read;
mod write;

use std::path::{Path, PathBuf};

use super::env::{self, Environment};
use crate::cli::Moment;
use crate::model::document::FileError;
use crate::model::nearest;
use crate::store::{Address, Protection, Secret};
pub use write::{NewProfile, is_profile_name, with_default, with_profile};

/// What a profile says.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Where the traces are.
    pub tracking_uri: Option<String>,
    /// Names or ids of experiments.
    pub experiments: Vec<String>,
    /// User name for basic authentication.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// A file with the password.
    pub password_file: Option<PathBuf>,
    /// A bearer token.
    pub token: Option<Secret>,
    /// A file with a bearer token.
    pub token_file: Option<PathBuf>,
    /// A command that prints a bearer token.
    pub token_command: Option<String>,
    /// Certificates to trust.
    pub ca: Option<PathBuf>,
    /// Client certificate and key.
    pub client_certificate: Option<PathBuf>,
    /// Headers of every request.
    pub headers: Vec<(String, Secret)>,
    /// Workspace.
    pub workspace: Option<String>,
    /// Whether nothing is changed.
    pub read_only: bool,
    /// Whether traces are deleted by plans alone.
    pub plan_only: bool,
    /// More traces than this are not deleted at once.
    pub max_delete: Option<u64>,
    /// From when on traces are searched, as written and as read.
    pub default_since: Option<(String, Moment)>,
    /// Whether databases may be written without a server.
    pub allow_database_writes: bool,
    /// The columns of tables of traces, as a list of fields.
    pub columns: Option<String>,
}

impl Profile {
    /// Whether it holds secrets itself.
    #[must_use]
    pub fn has_secrets(&self) -> bool {
        let in_uri = self.tracking_uri.as_deref().is_some_and(|uri| uri.contains('@'));
        self.password.is_some() || self.token.is_some() || !self.headers.is_empty() || in_uri
    }

    /// The store that it is about, if it names one that can be used.
    #[must_use]
    pub fn address(&self) -> Option<Address> {
        super::tracking_uri::parse(self.tracking_uri.as_deref()?).ok().map(|(address, _)| address)
    }
}

/// The file of profiles.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where it is, or would be; nothing where nobody says whose home this is.
    pub path: Option<PathBuf>,
    /// Whether it is there.
    pub is_there: bool,
    /// The profiles in it, by name.
    pub profiles: Vec<Profile>,
    /// The one that is chosen if nobody chooses.
    pub default: Option<String>,
}

/// The file of profiles, as far as it could be read.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// What is in it.
    pub config: Config,
    /// Why it cannot be used.
    pub unreadable: Option<FileError>,
    /// It is not there although the environment names it.
    pub missed: Option<FileError>,
}

/// The name that means no profile.
pub const NONE: &str = "none";

/// A profile that was chosen, and by whom.
#[derive(Clone, Debug)]
pub struct ProfileInUse {
    /// The profile.
    pub profile: Profile,
    /// `--profile`, `MLFLOW_TRACE_PROFILE` or `default_profile`.
    pub by: &'static str,
}

impl Config {
    /// Reads the file that the environment names, or the one in its usual place; that one need not be there.
    #[must_use]
    pub fn load(environment: &Environment) -> Loaded {
        let Some(path) = path(environment) else { return Loaded::default() };
        let nothing = Self { path: Some(path.clone()), ..Self::default() };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let missed = environment.get(env::CONFIG).map(|_| read::unreadable(&path, &error));
                return Loaded { config: nothing, unreadable: None, missed };
            }
            Err(error) => {
                return Loaded { unreadable: Some(read::unreadable(&path, &error)), config: nothing, missed: None };
            }
        };
        match Self::of_text(&text, path, environment) {
            Ok(config) => Loaded { config, ..Loaded::default() },
            Err(error) => Loaded { unreadable: Some(error), config: nothing, missed: None },
        }
    }

    /// Reads the text of a file.
    pub fn of_text(text: &str, path: PathBuf, environment: &Environment) -> Result<Self, FileError> {
        read::config(text, path, environment.home().as_deref())
    }

    /// The profile that a flag, the environment or the file itself chooses.
    pub fn chosen(&self, flag: Option<&str>, environment: &Environment) -> Result<Option<ProfileInUse>, FileError> {
        let by_flag = flag.map(|name| (name, "--profile"));
        let by_environment = || environment.get(env::PROFILE).map(|name| (name, env::PROFILE.name));
        let by_file = || self.default.as_deref().map(|name| (name, "default_profile"));
        let Some((name, by)) = by_flag.or_else(by_environment).or_else(by_file) else { return Ok(None) };
        if name == NONE {
            return Ok(None);
        }
        let found = self.profiles.iter().find(|profile| profile.name == name).cloned();
        found.map(|profile| Some(ProfileInUse { profile, by })).ok_or_else(|| self.unknown(name, by))
    }

    /// There is no profile of this name.
    #[must_use]
    pub fn unknown(&self, name: &str, by: &str) -> FileError {
        let names: Vec<&str> = self.profiles.iter().map(|profile| profile.name.as_str()).collect();
        let error = FileError::of_file(&self.shown_path(), format!("there is no profile {name:?} ({by})"));
        match nearest(name, names.iter().copied()) {
            Some(near) => error.hint(format!("did you mean {near}?")),
            None if names.is_empty() => {
                error.hint(format!("make it with `mlflow-trace config init {name} --tracking-uri http://HOST:PORT`"))
            }
            None => error.hint(format!("the profiles are {}", names.join(", "))),
        }
    }

    /// The file, for people.
    #[must_use]
    pub fn shown_path(&self) -> String {
        self.path.as_ref().map_or_else(|| "config.toml".to_owned(), |path| path.display().to_string())
    }

    /// What is protected while this profile is chosen: everything if it says so itself; else the servers of others that say
    /// so, unless it is about the same one.
    #[must_use]
    pub fn protections(&self, chosen: Option<&Profile>) -> Vec<Protection> {
        let protection =
            |profile: &Profile, address| Protection { profile: profile.name.clone(), file: self.shown_path(), address };
        if let Some(profile) = chosen.filter(|profile| profile.read_only) {
            return vec![protection(profile, None)];
        }
        let own = chosen.and_then(Profile::address);
        let others = self.profiles.iter().filter(|profile| profile.read_only);
        let others = others.filter_map(|profile| Some((profile, profile.address()?)));
        let others = others.filter(|(_, address)| own.as_ref() != Some(address));
        others.map(|(profile, address)| protection(profile, Some(address))).collect()
    }

    /// Whether others than its owner can read secrets in it.
    #[must_use]
    pub fn exposes_secrets(&self) -> bool {
        self.is_there && self.profiles.iter().any(Profile::has_secrets) && self.path.as_deref().is_some_and(is_open)
    }
}

/// Whether others than its owner can read a file.
#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    std::fs::metadata(path).is_ok_and(|there| there.is_file() && there.mode() & 0o077 != 0)
}

/// Who may read what is told in another way.
#[cfg(not(unix))]
fn is_open(_path: &Path) -> bool {
    false
}

/// `$MLFLOW_TRACE_CONFIG`, else `mlflow-trace/config.toml` in `$XDG_CONFIG_HOME`, `%APPDATA%` on Windows, or `~/.config`. A
/// relative `XDG_CONFIG_HOME` does not count, as its specification says.
fn path(environment: &Environment) -> Option<PathBuf> {
    if let Some(path) = environment.get(env::CONFIG) {
        return Some(PathBuf::from(path));
    }
    let xdg = environment.get(env::XDG_CONFIG_HOME).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let roaming = || environment.named("APPDATA").filter(|_| cfg!(windows)).map(PathBuf::from);
    let home = || Some(environment.home()?.join(".config"));
    Some(xdg.or_else(roaming).or_else(home)?.join("mlflow-trace").join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        Config::of_text(text, "/c.toml".into(), &Environment::default()).unwrap()
    }

    const TWO: &str = "default_profile = \"prod\"\n[profile.prod]\ntracking_uri = \"http://h:1\"\nread_only = true\n\
                       [profile.admin]\ntracking_uri = \"http://h:1/\"\n[profile.dev]\ntracking_uri = \"http://h:2\"\n";

    #[test]
    fn a_flag_chooses_before_the_environment_and_that_before_the_file() {
        let config = config(TWO);
        let environment: Environment = [("MLFLOW_TRACE_PROFILE", "dev")].into_iter().collect();
        let none = Environment::default();
        let chosen = |flag, environment: &Environment| {
            config.chosen(flag, environment).unwrap().map(|chosen| (chosen.profile.name, chosen.by))
        };
        assert_eq!(chosen(Some("admin"), &environment), Some(("admin".to_owned(), "--profile")));
        assert_eq!(chosen(None, &environment), Some(("dev".to_owned(), "MLFLOW_TRACE_PROFILE")));
        assert_eq!(chosen(None, &none), Some(("prod".to_owned(), "default_profile")));
        assert_eq!(chosen(Some("none"), &environment), None);
        let error = config.chosen(Some("prd"), &none).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), error.hints[0].as_str()),
            ("/c.toml: there is no profile \"prd\" (--profile)", "did you mean prod?")
        );
    }

    #[test]
    fn what_is_read_only_is_protected_under_every_name_but_that_of_a_profile_of_its_own() {
        let config = config(TWO);
        let protected = |name: Option<&str>| {
            let chosen = config.profiles.iter().find(|profile| Some(profile.name.as_str()) == name);
            let all = config.protections(chosen).into_iter();
            all.map(|by| (by.profile, by.address.map(|address| address.to_string()))).collect::<Vec<_>>()
        };
        let prod = |address: Option<&str>| vec![("prod".to_owned(), address.map(str::to_owned))];
        assert_eq!(protected(Some("prod")), prod(None));
        assert_eq!(protected(Some("dev")), prod(Some("http://h:1")));
        assert_eq!(protected(None), prod(Some("http://h:1")));
        assert_eq!(protected(Some("admin")), []);
    }

    #[test]
    fn the_file_is_where_the_environment_says() {
        let path = |pairs: &[(&str, &str)]| {
            path(&pairs.iter().copied().collect::<Environment>()).map(|path| path.display().to_string())
        };
        assert_eq!(path(&[]), None);
        assert_eq!(path(&[("HOME", "/h")]).unwrap(), "/h/.config/mlflow-trace/config.toml");
        assert_eq!(path(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")]).unwrap(), "/x/mlflow-trace/config.toml");
        assert_eq!(path(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "x")]).unwrap(), "/h/.config/mlflow-trace/config.toml");
        assert_eq!(path(&[("HOME", "/h"), ("MLFLOW_TRACE_CONFIG", "c.toml")]).unwrap(), "c.toml");
    }
}
