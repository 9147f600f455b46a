//! Who logs in to a server: every place that may say so, in the order in which MLflow's client asks them.
//!
//! Flags go before everything, and signatures of AWS before what is left. Then comes `MLFLOW_TRACKING_AUTH`, then the netrc
//! file (as `requests` has it, on which MLflow's client is built), the URL, user name and password of the environment or of
//! `~/.mlflow/credentials`, and the token. A profile that says who logs in goes before the files, and after whatever the
//! environment says.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use reqwest::Url;

use super::credentials::{AwsLogin, Cluster, Credentials, Secret};
use super::netrc;
use super::workspace::DatabricksLogin;

/// Credentials, and where they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// What is sent.
    pub credentials: Credentials,
    /// `MLFLOW_TRACKING_USERNAME`, `the netrc file /home/jane/.netrc`.
    pub from: String,
}

impl Given {
    /// Credentials of a place.
    pub fn new(credentials: Credentials, from: impl Display) -> Self {
        Self { credentials, from: from.to_string() }
    }

    /// Whose they are, for who is refused; nothing if none are sent.
    pub(super) fn who(&self) -> Option<String> {
        let from = &self.from;
        match &self.credentials {
            Credentials::None => None,
            Credentials::Basic { username, .. } => Some(format!("the user {username:?} of {from} with this password")),
            #[cfg(feature = "aws")]
            Credentials::Aws(_) => Some("the keys of AWS".to_owned()),
            Credentials::Header(_) => Some(format!("the credentials of {from}")),
            _ => Some(format!("the token of {from}")),
        }
    }
}

/// Who logs in, without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhoLogsIn {
    /// `user jane`, `bearer token`.
    pub who: String,
    /// Where that is said.
    pub from: String,
}

/// Whom a profile logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfProfile {
    /// What it holds, or says where to get.
    Given(Given),
    /// Its user, with the password of the environment or of a file.
    Username {
        /// User name.
        username: String,
        /// Where the password is.
        password_file: Option<PathBuf>,
        /// `the profile "prod"`.
        from: String,
    },
}

/// What the settings say about who logs in. Files are looked at when a server is opened.
#[derive(Clone, Debug, Default)]
pub struct Login {
    /// From a flag.
    pub typed: Option<Given>,
    /// For a workspace of Databricks, or why nobody can log in there.
    pub databricks: Option<Result<DatabricksLogin, String>>,
    /// For servers that want signatures of AWS.
    pub aws: Option<AwsLogin>,
    /// The value of `MLFLOW_TRACKING_AUTH`.
    pub auth: Option<String>,
    /// What the names of Kubernetes in it mean.
    pub cluster: Option<Cluster>,
    /// Where a netrc file may be; the first that is there counts.
    pub netrc: Vec<PathBuf>,
    /// From the tracking URI of a flag or of the environment.
    pub of_uri: Option<Given>,
    /// From a profile.
    pub of_profile: Option<OfProfile>,
    /// From the environment.
    pub username: Option<String>,
    /// From the environment.
    pub password: Option<Secret>,
    /// From the environment.
    pub token: Option<Secret>,
    /// MLflow's file of credentials.
    pub file: Option<PathBuf>,
}

const USERNAME: &str = "MLFLOW_TRACKING_USERNAME";
const PASSWORD: &str = "MLFLOW_TRACKING_PASSWORD";
const TOKEN: &str = "MLFLOW_TRACKING_TOKEN";

impl Login {
    /// These credentials and no others, from the URL.
    #[must_use]
    pub fn only(credentials: Credentials) -> Self {
        Self { typed: Some(Given::new(credentials, "the URL")), ..Self::default() }
    }

    /// Who logs in to a server and where that is said, for people; nothing if nobody does. Fails with a reason.
    pub fn told(&self, base: &str) -> Result<Option<WhoLogsIn>, String> {
        let Given { credentials, from } = self.resolve(base, &mut Vec::new())?;
        let who = match credentials {
            Credentials::None => return Ok(None),
            Credentials::Basic { username, .. } => format!("user {username}"),
            Credentials::Header(_) => "Authorization header".to_owned(),
            Credentials::Kubernetes(_) => "token of Kubernetes".to_owned(),
            _ => "bearer token".to_owned(),
        };
        Ok(Some(WhoLogsIn { who, from }))
    }

    /// Whether a command that somebody chose prints the token: it may ask a person.
    #[must_use]
    pub fn runs_a_command(&self) -> bool {
        let of_profile = match &self.of_profile {
            Some(OfProfile::Given(given)) => Some(given),
            _ => None,
        };
        let given = self.typed.iter().chain(of_profile);
        given.into_iter().any(|given| matches!(given.credentials, Credentials::TokenCommand(_)))
    }

    /// Whether `MLFLOW_TRACKING_AUTH` makes the Kubernetes namespace the workspace.
    #[must_use]
    pub fn is_namespaced(&self) -> bool {
        self.auth.as_deref() == Some(NAMESPACED)
    }

    /// Whether the environment, or a URL in its place, says who logs in, whatever a profile says.
    #[must_use]
    pub fn is_of_environment(&self) -> bool {
        let has_basic = self.username.is_some() && self.password.is_some();
        self.auth.is_some() || self.of_uri.is_some() || has_basic || self.token.is_some()
    }

    /// The credentials for a server, and what people should know about files that are not used. Fails with a reason.
    pub(super) fn resolve(&self, base: &str, notices: &mut Vec<String>) -> Result<Given, String> {
        if let Some(typed) = &self.typed {
            return Ok(typed.clone());
        }
        if let Some(login) = &self.databricks {
            let login = login.clone()?;
            let from = login.from.clone();
            return Ok(Given::new(Credentials::Databricks(Box::new(login)), from));
        }
        #[cfg(feature = "aws")]
        if let Some(aws) = &self.aws {
            return Ok(Given::new(Credentials::Aws(Box::new(aws.clone())), "AWS"));
        }
        if let Some(name) = &self.auth {
            return self.of_plugin(name);
        }
        if let Some(profile) = &self.of_profile {
            return self.of_profile(profile);
        }
        match netrc::look_up(&self.netrc, &host(base)) {
            Ok(Some((entry, path))) => {
                let basic = Credentials::Basic { username: entry.username, password: entry.password };
                return Ok(Given::new(basic, format_args!("the netrc file {}", path.display())));
            }
            Ok(None) => {}
            Err(reason) => notices.push(format!("the netrc file is not used: {reason}")),
        }
        match &self.of_uri {
            Some(given) => Ok(given.clone()),
            None => self.of_environment(),
        }
    }

    /// What the environment says, as far as it says all that is needed, else what the profile does.
    fn of_profile(&self, profile: &OfProfile) -> Result<Given, String> {
        if let Some(given) = &self.of_uri {
            return Ok(given.clone());
        }
        if let (Some(username), Some(password)) = (self.username.clone(), self.password.clone()) {
            return Ok(Given::new(Credentials::Basic { username, password }, USERNAME));
        }
        if let Some(token) = &self.token {
            return Ok(Given::new(Credentials::Bearer(token.clone()), TOKEN));
        }
        let (username, file, from) = match profile {
            OfProfile::Given(given) => return Ok(given.clone()),
            OfProfile::Username { username, password_file, from } => (username, password_file, from),
        };
        let password = match (&self.password, file) {
            (Some(password), _) => password.clone(),
            (None, Some(path)) => password_in(path)?,
            (None, None) => {
                return Err(format!("{from} has a username and no password: add password_file, or set {PASSWORD}"));
            }
        };
        Ok(Given::new(Credentials::Basic { username: username.clone(), password }, from))
    }

    /// As MLflow's own plugins have it, a token of the environment goes before the one that they find.
    fn of_plugin(&self, name: &str) -> Result<Given, String> {
        let cluster = self.cluster.as_ref().filter(|_| [KUBERNETES, NAMESPACED].contains(&name));
        let cluster = cluster.ok_or_else(|| {
            format!(
                "MLFLOW_TRACKING_AUTH is {name:?}, a plugin of MLflow's Python client; known here are {KUBERNETES} and \
                 {NAMESPACED}, for others give the token with --token-command or --token-file"
            )
        })?;
        Ok(match &self.token {
            Some(token) => Given::new(Credentials::Bearer(token.clone()), TOKEN),
            None => Given::new(Credentials::Kubernetes(cluster.clone()), format_args!("MLFLOW_TRACKING_AUTH={name}")),
        })
    }

    fn of_environment(&self) -> Result<Given, String> {
        let half = |present: &str, missing: &str| Err(format!("{present} is set but {missing} is not"));
        // Whatever is missing in the environment may be in the file.
        let needs_file = self.username.is_none() || self.password.is_none();
        let file = self.file.as_deref().filter(|_| needs_file).map(Stored::read).transpose()?.unwrap_or_default();
        let from = match (&self.username, &self.file) {
            (None, Some(path)) => path.display().to_string(),
            _ => USERNAME.to_owned(),
        };
        match (self.username.clone().or(file.username), self.password.clone().or(file.password), &self.token) {
            (Some(username), Some(password), _) => Ok(Given::new(Credentials::Basic { username, password }, from)),
            (_, _, Some(token)) => Ok(Given::new(Credentials::Bearer(token.clone()), TOKEN)),
            (Some(_), None, None) => half(&from, PASSWORD),
            (None, Some(_), None) => half(PASSWORD, USERNAME),
            (None, None, None) => Ok(Given::new(Credentials::None, "")),
        }
    }
}

const KUBERNETES: &str = "kubernetes";
const NAMESPACED: &str = "kubernetes-namespaced";

/// The first line of a file.
fn password_in(path: &Path) -> Result<Secret, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read the password file {}: {error}", path.display()))?;
    let password = text.lines().next().filter(|line| !line.is_empty());
    password.map(Secret::new).ok_or_else(|| format!("the password file {} is empty", path.display()))
}

fn host(base: &str) -> String {
    let url = Url::parse(base).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    host.trim_start_matches('[').trim_end_matches(']').to_owned()
}

/// What MLflow's file of credentials says.
#[derive(Default)]
struct Stored {
    username: Option<String>,
    password: Option<Secret>,
}

impl Stored {
    /// Nothing if there is no such file.
    fn read(path: &Path) -> Result<Self, String> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(format!("cannot read {}: {error}", path.display())),
        }
    }

    /// The section `[mlflow]`, as Python's `configparser` reads it: a percent sign is written twice.
    fn parse(text: &str) -> Self {
        let mut stored = Self::default();
        let mut is_ours = false;
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
            if let Some(section) = line.strip_prefix('[') {
                is_ours = section.split(']').next() == Some("mlflow");
            } else if let Some((key, value)) = line.split_once(['=', ':']).filter(|_| is_ours) {
                let value = Some(value.trim().replace("%%", "%")).filter(|value| !value.is_empty());
                match key.trim().to_ascii_lowercase().as_str() {
                    "mlflow_tracking_username" => stored.username = value,
                    "mlflow_tracking_password" => stored.password = value.map(Secret::new),
                    _ => {}
                }
            }
        }
        stored
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(login: &Login) -> Result<(String, String), String> {
        let given = login.resolve("https://h:5000/p", &mut Vec::new())?;
        let word = match given.credentials {
            Credentials::None => "none".to_owned(),
            Credentials::Basic { username, password } => format!("{username}:{}", password.expose()),
            Credentials::Bearer(token) => token.expose().to_owned(),
            other => format!("{other:?}").split('(').next().unwrap().to_owned(),
        };
        Ok((word, given.from))
    }

    #[test]
    fn every_place_gives_way_to_the_ones_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
            folder.path().join(name)
        };
        let of = |word: &str| Credentials::Basic { username: word.to_owned(), password: Secret::new("p") };
        let mut login = Login {
            typed: Some(Given::new(of("typed"), "")),
            databricks: None,
            aws: None,
            auth: Some("kubernetes".into()),
            cluster: Some(Cluster { service_account: "/s".into(), kubeconfigs: vec![], is_namespaced: false }),
            netrc: vec![folder.path().join("none"), file("netrc", "machine h login netrc password p")],
            of_uri: Some(Given::new(of("uri"), "")),
            of_profile: None,
            username: Some("env".into()),
            password: None,
            token: None,
            file: Some(file(
                "credentials",
                "[other]\nmlflow_tracking_username=x\n[mlflow]\nmlflow_tracking_username = file\nMLFLOW_TRACKING_PASSWORD: f%%p\n",
            )),
        };
        let word = |login: &Login| resolved(login).unwrap().0;
        assert_eq!(word(&login), "typed:p");
        login.typed = None;
        assert_eq!(word(&login), "Kubernetes");
        login.token = Some(Secret::new("token"));
        assert_eq!(word(&login), "token", "it goes before the one of the service account");
        login.auth = None;
        let given = Some(OfProfile::Given(Given::new(of("profile"), "the profile \"p\"")));
        (login.of_profile, login.username, login.token) = (given, None, None);
        assert_eq!(word(&login), "uri:p", "of the environment");
        let uri = login.of_uri.take();
        assert_eq!(word(&login), "profile:p", "it goes before the files");
        login.token = Some(Secret::new("token"));
        assert_eq!(word(&login), "token");
        let password_file = Some(file("password", "s3cret\n"));
        login.token = None;
        login.of_profile = Some(OfProfile::Username { username: "jane".into(), password_file, from: "p".into() });
        assert_eq!(word(&login), "jane:s3cret");
        (login.of_profile, login.of_uri, login.username) = (None, uri, Some("env".into()));
        login.token = Some(Secret::new("token"));
        assert_eq!(word(&login), "netrc:p");
        login.netrc.clear();
        assert_eq!(word(&login), "uri:p");
        login.of_uri = None;
        assert_eq!(word(&login), "env:f%p", "each half may come from another place");
        login.username = None;
        assert_eq!(word(&login), "file:f%p");
        login.file = None;
        assert_eq!(word(&login), "token");
        login.token = None;
        assert_eq!(word(&login), "none");
        login.username = Some("env".into());
        assert!(resolved(&login).unwrap_err().contains("MLFLOW_TRACKING_PASSWORD is not"));
    }

    #[test]
    fn a_plugin_of_python_is_named() {
        let login = Login { auth: Some("acme-sso".into()), ..Login::default() };
        let message = resolved(&login).unwrap_err();
        assert!(message.contains("acme-sso") && message.contains("--token-command"), "{message}");
    }

    #[test]
    fn a_netrc_that_cannot_be_read_is_told_and_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("netrc");
        std::fs::write(&path, "machine h login").unwrap();
        let login = Login { netrc: vec![path], ..Login::default() };
        let mut notices = Vec::new();
        assert_eq!(login.resolve("http://h", &mut notices).unwrap().credentials, Credentials::None);
        assert!(notices[0].contains("line 1"), "{notices:?}");
    }
}
