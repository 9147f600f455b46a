//! Where keys of AWS come from, in the order in which Amazon's own clients look: the environment, the profile, a web identity,
//! the container, the instance.
//!
//! Invariant: a source that says something and cannot give keys is an error, and the ones after it are not asked; of those that
//! say nothing each is named when none has keys.

use futures_util::future::BoxFuture;
use reqsign_aws_core::{
    AssumeRoleWithWebIdentityCredentialProvider, Credential, ECSCredentialProvider, IMDSv2CredentialProvider,
    ProcessCredentialProvider, SSOCredentialProvider,
};
use reqsign_core::{Context, ProvideCredential, StaticEnv};

use super::super::super::credentials::AwsLogin;
use super::messenger::Messenger;
use super::profile::Profiles;
use super::role::Role;
use crate::model::IniSection as Section;
use crate::store::http::HttpSettings;

/// As MLflow's plugin names its sessions.
const PLUGIN: &str = "AuthBotoSagemakerMlFlow";
/// As this program names others.
const SESSION: &str = "mlflow-trace";
/// How long a chain of profiles that name a source profile may be.
const DEEPEST: u8 = 5;

type Found = Result<Option<Credential>, String>;

/// Everywhere where keys may be.
pub struct Sources {
    context: Context,
    messenger: Messenger,
}

/// One look for keys.
struct Look<'l> {
    sources: &'l Sources,
    login: &'l AwsLogin,
    region: &'l str,
    profiles: Profiles,
}

impl Sources {
    pub fn new(login: &AwsLogin, settings: &HttpSettings) -> Self {
        let sts = login.variable("AWS_ENDPOINT_URL_STS").or_else(|| login.variable("AWS_ENDPOINT_URL"));
        let messenger = Messenger { settings: settings.clone(), sts: sts.map(str::to_owned) };
        let envs = login.variables.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect();
        let environment = StaticEnv { home_dir: login.home.clone(), envs };
        let context = Context::new().with_env(environment).with_file_read(messenger.clone());
        let context = context.with_http_send(messenger.clone()).with_command_execute(messenger.clone());
        Self { context, messenger }
    }

    /// Keys that are good now.
    pub async fn credential(&self, login: &AwsLogin, region: &str) -> Result<Credential, String> {
        let look = Look { sources: self, login, region, profiles: Profiles::read(login) };
        let own = look.own().await?;
        let Some(role) = &login.role else { return Ok(own) };
        let role = Role { arn: &role.arn, session: PLUGIN, external_id: None, seconds: None };
        role.keys(&self.messenger, &own, region).await
    }
}

impl Look<'_> {
    async fn own(&self) -> Result<Credential, String> {
        if let Some(found) = self.of_environment()? {
            return Ok(found);
        }
        let profile = &self.profiles.name;
        if self.profiles.get(profile).is_none() && self.profiles.is_named {
            return Err(format!("there is no profile {profile:?} {}", self.in_files()));
        }
        if let Some(found) = self.of_profile(profile, 0).await? {
            return Ok(found);
        }
        if let Some(found) = self.of_web_identity().await? {
            return Ok(found);
        }
        if let Some(found) = self.of_container().await? {
            return Ok(found);
        }
        let of_instance = match self.of_instance().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => "AWS_EC2_METADATA_DISABLED is true".to_owned(),
            Err(reason) => format!("no instance of EC2 has them ({reason})"),
        };
        Err(format!(
            "no keys of AWS were found: AWS_ACCESS_KEY_ID is not set, the profile {profile:?} {} has none, \
             AWS_WEB_IDENTITY_TOKEN_FILE and AWS_CONTAINER_CREDENTIALS_RELATIVE_URI are not set, and {of_instance}",
            self.in_files()
        ))
    }

    fn in_files(&self) -> String {
        let [config, credentials] = &self.profiles.files;
        format!("in {} and {}", config.display(), credentials.display())
    }

    fn of_environment(&self) -> Found {
        let login = self.login;
        let token = login.variable("AWS_SESSION_TOKEN").or_else(|| login.variable("AWS_SECURITY_TOKEN"));
        match (login.variable("AWS_ACCESS_KEY_ID"), login.variable("AWS_SECRET_ACCESS_KEY")) {
            (Some(id), Some(secret)) => Ok(Some(fixed(id, secret, token))),
            (Some(_), None) => Err("AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not".to_owned()),
            (None, _) => Ok(None),
        }
    }

    fn of_profile<'a>(&'a self, name: &'a str, depth: u8) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            let Some(profile) = self.profiles.get(name) else { return Ok(None) };
            let told = |reason: String| format!("the profile {name:?} of AWS gives no keys: {reason}");
            let found = if profile.contains_key("role_arn") {
                self.of_role(name, profile, depth).await
            } else if ["sso_account_id", "sso_session"].iter().any(|key| profile.contains_key(*key)) {
                self.of_single_sign_on(name, profile).await
            } else if let Some(id) = profile.get("aws_access_key_id") {
                let token = profile.get("aws_session_token").map(String::as_str);
                let secret = profile.get("aws_secret_access_key").ok_or("it has no aws_secret_access_key");
                secret.map(|secret| Some(fixed(id, secret, token))).map_err(str::to_owned)
            } else if let Some(line) = profile.get("credential_process") {
                let provider = ProcessCredentialProvider::new().with_command(line);
                self.provided(provider).await
            } else {
                Ok(None)
            };
            found.map_err(told)
        })
    }

    /// A profile that is a role, for whoever has other keys.
    async fn of_role(&self, name: &str, profile: &Section, depth: u8) -> Found {
        let entry = |key: &str| profile.get(key).map(String::as_str);
        let arn = entry("role_arn").unwrap_or_default();
        let session = entry("role_session_name").unwrap_or(SESSION);
        if let Some(file) = entry("web_identity_token_file") {
            let provider = AssumeRoleWithWebIdentityCredentialProvider::with_config(arn.to_owned(), file.into());
            return self.provided(self.regional(provider.with_role_session_name(session.to_owned()))).await;
        }
        if entry("mfa_serial").is_some() {
            return Err(format!(
                "it wants a code of a device; `aws configure export-credentials --profile {name} --format env` asks for it and prints variables to set"
            ));
        }
        let own = match (entry("source_profile"), entry("credential_source")) {
            (Some(source), _) if depth >= DEEPEST => Err(format!("source_profile = {source} leads in a circle")),
            (Some(source), _) if source == name => {
                let keys = (entry("aws_access_key_id"), entry("aws_secret_access_key"));
                Ok(keys.0.zip(keys.1).map(|(id, secret)| fixed(id, secret, entry("aws_session_token"))))
            }
            (Some(source), _) => self.of_profile(source, depth + 1).await,
            (None, Some("Environment")) => self.of_environment(),
            (None, Some("EcsContainer")) => self.of_container().await,
            (None, Some("Ec2InstanceMetadata")) => self.of_instance().await,
            (None, other) => Err(format!("credential_source = {} is not known", other.unwrap_or_default())),
        };
        let own = own?.ok_or_else(|| format!("whoever should take on the role {arn} has no keys"))?;
        let (external_id, seconds) = (entry("external_id"), entry("duration_seconds"));
        let role = Role { arn, session, external_id, seconds };
        role.keys(&self.sources.messenger, &own, self.region).await.map(Some)
    }

    async fn of_single_sign_on(&self, name: &str, profile: &Section) -> Found {
        let session = profile.get("sso_session");
        let shared = session.and_then(|session| self.profiles.session(session));
        let entry = |key: &str| {
            let found = profile.get(key).or_else(|| shared?.get(key));
            found.cloned().ok_or_else(|| format!("{key} is missing"))
        };
        let start_url = entry("sso_start_url")?;
        // The file of the cache is named after the session, and in profiles without one after the URL.
        let cached = session.cloned().unwrap_or(start_url);
        let mut provider = SSOCredentialProvider::new()
            .with_account_id(entry("sso_account_id")?)
            .with_role_name(entry("sso_role_name")?)
            .with_region(entry("sso_region")?)
            .with_start_url(cached);
        if let Some(base) = self.login.variable("AWS_ENDPOINT_URL_SSO") {
            provider = provider.with_endpoint(format!("{}/federation/credentials", base.trim_end_matches('/')));
        }
        let ended =
            || format!("its session of single sign-on has ended, or never began; run `aws sso login --profile {name}`");
        match self.provided(provider).await {
            Ok(Some(found)) => Ok(Some(found)),
            Ok(None) => Err(ended()),
            Err(reason) if reason.starts_with("No valid SSO token") => Err(ended()),
            Err(reason) => Err(reason),
        }
    }

    async fn of_web_identity(&self) -> Found {
        let provider = AssumeRoleWithWebIdentityCredentialProvider::new();
        let provider = match self.login.variable("AWS_ROLE_SESSION_NAME") {
            Some(_) => provider,
            None => provider.with_role_session_name(SESSION.to_owned()),
        };
        let found = self.provided(self.regional(provider)).await;
        found.map_err(|reason| format!("the web identity of AWS_WEB_IDENTITY_TOKEN_FILE gives no keys: {reason}"))
    }

    fn regional(
        &self,
        provider: AssumeRoleWithWebIdentityCredentialProvider,
    ) -> AssumeRoleWithWebIdentityCredentialProvider {
        provider.with_region(self.region.to_owned()).with_regional_sts_endpoint()
    }

    async fn of_container(&self) -> Found {
        let provider = match self.login.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            Some(uri) => ECSCredentialProvider::new().with_relative_uri(uri),
            None => ECSCredentialProvider::new(),
        };
        self.provided(provider).await.map_err(|reason| format!("the container gives no keys of AWS: {reason}"))
    }

    async fn of_instance(&self) -> Found {
        self.provided(IMDSv2CredentialProvider::new()).await
    }

    async fn provided(&self, provider: impl ProvideCredential<Credential = Credential>) -> Found {
        provider.provide_credential(&self.sources.context).await.map_err(|error| told(&error))
    }
}

/// What went wrong, with what caused it.
fn told(error: &reqsign_core::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        words.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    words
}

fn fixed(id: &str, secret: &str, token: Option<&str>) -> Credential {
    let session_token = token.filter(|token| !token.is_empty()).map(str::to_owned);
    Credential { access_key_id: id.into(), secret_access_key: secret.into(), session_token, expires_in: None }
}
