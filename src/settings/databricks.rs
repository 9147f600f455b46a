//! Workspaces of Databricks: where one is and who logs in, as `databricks-sdk` reads the environment and `.databrickscfg`.
//!
//! Variables go before the profile. The file is not read where the environment says enough and no profile is named.

use std::path::PathBuf;

use super::SettingsError;
use super::connection::{switch, wrong};
use super::env::{self, Environment, Variable};
use crate::model::{IniSection, ini_sections};
use crate::store::{AzurePrincipal, AzureProof, DatabricksLogin, DatabricksWay, IdToken, Secret, Warehouse, Workspace};

/// Whether a tracking URI is one of a workspace.
pub fn is_one(uri: &str) -> bool {
    let uri = uri.trim();
    uri == "databricks" || uri.starts_with("databricks://")
}

/// Who logs in to a workspace, or why nobody can.
pub type LogIn = Result<DatabricksLogin, String>;

/// The workspace that a tracking URI means.
pub fn workspace(uri: &str, environment: &Environment) -> Result<(Workspace, LogIn), SettingsError> {
    let refuse = |reason: String| SettingsError::TrackingUri { uri: uri.trim().to_owned(), reason };
    let named = uri.trim().strip_prefix("databricks://").map(|rest| rest.trim_end_matches('/'));
    if named.is_some_and(|name| name.contains(['/', ':', '@'])) {
        return Err(refuse("expected databricks or databricks://PROFILE".to_owned()));
    }
    let named = named.filter(|name| !name.is_empty()).or_else(|| environment.get(env::DATABRICKS_PROFILE));
    let values = Values::read(named, environment).map_err(refuse)?;
    let host = values.get("host", env::DATABRICKS_HOST).and_then(|host| base(&host));
    let host =
        host.ok_or_else(|| refuse(format!("it has no host; set DATABRICKS_HOST, or host in {}", values.file())))?;
    let warehouse = match environment.get(env::SQL_WAREHOUSE) {
        Some(id) => Some(Warehouse {
            id: id.to_owned(),
            starts: switch(environment, env::SQL_WAREHOUSE_START)?.unwrap_or(true),
        }),
        None => None,
    };
    if let Some(bad) = environment.get(env::SQL_WAREHOUSE).filter(|id| !id.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return Err(wrong(env::SQL_WAREHOUSE, bad, "the id of a SQL warehouse"));
    }
    let login = values.login(&host);
    let id = values.get("workspace_id", env::DATABRICKS_WORKSPACE_ID);
    Ok((Workspace { host, id, profile: values.name.filter(|name| name != "DEFAULT"), warehouse }, login))
}

/// Scheme and host, whatever else somebody copied from a browser.
fn base(host: &str) -> Option<String> {
    let host = host.trim();
    let (scheme, rest) = host.split_once("://").unwrap_or(("https", host));
    let authority = rest.split(['/', '?', '#']).next()?;
    let is_host = !authority.is_empty() && !authority.contains('@') && ["https", "http"].contains(&scheme);
    is_host.then(|| format!("{scheme}://{authority}"))
}

/// What the environment and a profile say.
struct Values<'e> {
    environment: &'e Environment,
    profile: IniSection,
    /// The name of the profile, if it is read.
    name: Option<String>,
    path: Option<PathBuf>,
}

/// What says by itself that the environment is enough.
const ENOUGH: &[Variable] = &[
    env::DATABRICKS_HOST,
    env::DATABRICKS_TOKEN,
    env::DATABRICKS_CLIENT_ID,
    env::DATABRICKS_CLIENT_SECRET,
    env::DATABRICKS_USERNAME,
    env::ARM_CLIENT_ID,
];

impl<'e> Values<'e> {
    fn read(named: Option<&str>, environment: &'e Environment) -> Result<Self, String> {
        let home = environment.home();
        let in_home = |name: &str| Some(home.as_ref()?.join(name));
        let path = match environment.get(env::DATABRICKS_CONFIG_FILE) {
            Some(path) => path.strip_prefix("~/").map_or_else(|| Some(PathBuf::from(path)), in_home),
            None => in_home(".databrickscfg"),
        };
        let mut values = Self { environment, profile: IniSection::new(), name: None, path };
        if named.is_none() && ENOUGH.iter().any(|variable| environment.get(*variable).is_some()) {
            return Ok(values);
        }
        let text = values.path.as_ref().filter(|path| path.exists()).map(std::fs::read_to_string).transpose();
        let text = text.map_err(|error| format!("cannot read {}: {error}", values.file()))?.unwrap_or_default();
        let mut sections = ini_sections(&text);
        let usual = sections.get("__settings__").and_then(|settings| settings.get("default_profile")).cloned();
        let name = named.map(str::to_owned).or(usual).unwrap_or_else(|| "DEFAULT".to_owned());
        match sections.remove(&name) {
            Some(profile) => (values.profile, values.name) = (profile, Some(name)),
            None if named.is_some() => return Err(format!("there is no profile {name:?} in {}", values.file())),
            None => {}
        }
        Ok(values)
    }

    fn file(&self) -> String {
        self.path.as_ref().map_or_else(|| ".databrickscfg".to_owned(), |path| path.display().to_string())
    }

    fn get(&self, key: &str, variable: Variable) -> Option<String> {
        let of_profile = || self.profile.get(key).filter(|value| !value.is_empty()).cloned();
        self.environment.get(variable).map(str::to_owned).or_else(of_profile)
    }

    /// The variable or the profile that a value is from.
    fn said_by(&self, variable: Variable) -> String {
        match &self.name {
            Some(name) if self.environment.get(variable).is_none() => {
                format!("the profile {name:?} of {}", self.file())
            }
            _ => variable.name.to_owned(),
        }
    }

    fn secret(&self, key: &str, variable: Variable) -> Option<Secret> {
        self.get(key, variable).map(Secret::new)
    }

    /// The first way that something is said of, as `databricks-sdk` tries them; two at once are one too many.
    fn login(&self, host: &str) -> LogIn {
        let pinned = self.get("auth_type", env::DATABRICKS_AUTH_TYPE);
        let ways = self.ways(host);
        let kinds: Vec<&str> = ways.iter().filter_map(|way| way.kind).collect();
        let is_two = kinds.windows(2).any(|pair| pair[0] != pair[1]);
        if pinned.is_none() && is_two {
            return Err(format!(
                "more than one way to log in to {host} is set ({}); choose one with DATABRICKS_AUTH_TYPE",
                ways.iter().map(|way| way.name).collect::<Vec<_>>().join(", ")
            ));
        }
        let is_wanted = |way: &&Offer| pinned.as_deref().is_none_or(|pinned| pinned == way.name);
        let Some(way) = ways.iter().find(is_wanted) else {
            return Err(match pinned {
                Some(pinned) => format!(
                    "the way {pinned:?} to log in to {host} is not known here, or lacks a setting; give a token with --token-command"
                ),
                None => format!(
                    "there is nothing to log in to {host} with; set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or a profile"
                ),
            });
        };
        Ok(DatabricksLogin {
            host: host.to_owned(),
            way: way.way.clone(),
            from: way.from.clone(),
            workspace_id: self.get("workspace_id", env::DATABRICKS_WORKSPACE_ID),
            account_id: self.get("account_id", env::DATABRICKS_ACCOUNT_ID),
            discovery_url: self.get("discovery_url", env::DATABRICKS_DISCOVERY_URL),
        })
    }

    fn ways(&self, host: &str) -> Vec<Offer> {
        let mut ways = Vec::new();
        let mut add = |name, kind, way: Option<DatabricksWay>, from: Variable| {
            ways.extend(way.map(|way| Offer { name, kind, way, from: self.said_by(from) }));
        };
        let client = self.get("client_id", env::DATABRICKS_CLIENT_ID);
        let principal = client.clone().zip(self.secret("client_secret", env::DATABRICKS_CLIENT_SECRET));
        let username = self.get("username", env::DATABRICKS_USERNAME);
        let password = self.secret("password", env::DATABRICKS_PASSWORD);
        let federated = |token: Option<IdToken>| {
            let audience = self.get("token_audience", env::DATABRICKS_TOKEN_AUDIENCE);
            token.map(|token| DatabricksWay::Federated { client_id: client.clone(), audience, token })
        };
        let of_principal = |token: Option<IdToken>| federated(token.filter(|_| client.is_some()));
        let token = self.secret("token", env::DATABRICKS_TOKEN).map(DatabricksWay::Token);
        add("pat", Some("pat"), token, env::DATABRICKS_TOKEN);
        let basic = username.zip(password).map(|(name, password)| DatabricksWay::Basic(name, password));
        add("basic", Some("basic"), basic, env::DATABRICKS_USERNAME);
        let principal = principal.map(|(id, secret)| DatabricksWay::Principal(id, secret));
        add("oauth-m2m", Some("oauth"), principal, env::DATABRICKS_CLIENT_SECRET);
        add("env-oidc", None, federated(self.of_variable()), env::DATABRICKS_OIDC_TOKEN);
        let file = self.get("oidc_token_filepath", env::DATABRICKS_OIDC_TOKEN_FILE);
        add("file-oidc", None, federated(file.map(|path| IdToken::File(path.into()))), env::DATABRICKS_OIDC_TOKEN_FILE);
        add("github-oidc", None, of_principal(self.of_github()), env::ACTIONS_TOKEN);
        let secret = self.secret("azure_client_secret", env::ARM_CLIENT_SECRET).map(AzureProof::Secret);
        add("azure-client-secret", Some("azure"), self.azure(host, secret), env::ARM_CLIENT_SECRET);
        let assertion = self.of_github().map(AzureProof::Assertion);
        add("github-oidc-azure", None, self.azure(host, assertion), env::ACTIONS_TOKEN);
        add("azure-devops-oidc", None, of_principal(self.of_azure_devops()), env::SYSTEM_ACCESSTOKEN);
        let is_cli = self.get("auth_type", env::DATABRICKS_AUTH_TYPE).is_some_and(|kind| kind == "databricks-cli");
        add("databricks-cli", None, is_cli.then(|| self.cli(host)), env::DATABRICKS_AUTH_TYPE);
        ways
    }

    fn of_variable(&self) -> Option<IdToken> {
        let named = self.get("oidc_token_env", env::DATABRICKS_OIDC_TOKEN_ENV);
        let name = named.as_deref().unwrap_or(env::DATABRICKS_OIDC_TOKEN.name);
        self.environment.named(name).map(|token| IdToken::Given(Secret::new(token)))
    }

    fn of_github(&self) -> Option<IdToken> {
        let url = self.environment.get(env::ACTIONS_URL)?.to_owned();
        let bearer = self.environment.get(env::ACTIONS_TOKEN).map(Secret::new)?;
        Some(IdToken::GitHub { url, bearer })
    }

    fn of_azure_devops(&self) -> Option<IdToken> {
        let bearer = self.environment.get(env::SYSTEM_ACCESSTOKEN).map(Secret::new)?;
        let part = |name: &str| self.environment.named(name);
        let url = format!(
            "{}{}/_apis/distributedtask/hubs/{}/plans/{}/jobs/{}/oidctoken?api-version=7.2-preview.1",
            part("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI")?,
            part("SYSTEM_TEAMPROJECTID")?,
            part("SYSTEM_HOSTTYPE")?,
            part("SYSTEM_PLANID")?,
            part("SYSTEM_JOBID")?
        );
        Some(IdToken::AzureDevOps { url, bearer })
    }

    fn azure(&self, host: &str, proof: Option<AzureProof>) -> Option<DatabricksWay> {
        let client_id = self.get("azure_client_id", env::ARM_CLIENT_ID)?;
        let resource_id = self.get("azure_workspace_resource_id", env::DATABRICKS_AZURE_RESOURCE_ID);
        let is_azure =
            resource_id.is_some() || host.contains(".azuredatabricks.") || host.contains(".databricks.azure.");
        let named = self.get("azure_environment", env::ARM_ENVIRONMENT);
        let (authority, management) = match named.as_deref().map(str::to_ascii_uppercase).as_deref() {
            Some("USGOVERNMENT") => ("https://login.microsoftonline.us/", "https://management.core.usgovcloudapi.net/"),
            Some("CHINA") => ("https://login.chinacloudapi.cn/", "https://management.core.chinacloudapi.cn/"),
            _ => ("https://login.microsoftonline.com/", "https://management.core.windows.net/"),
        };
        let authority = self.environment.get(env::AZURE_AUTHORITY_HOST).unwrap_or(authority);
        let principal = AzurePrincipal {
            authority: format!("{}/", authority.trim_end_matches('/')),
            management,
            tenant: self.get("azure_tenant_id", env::ARM_TENANT_ID),
            client_id,
            proof: proof?,
            resource_id,
        };
        is_azure.then_some(DatabricksWay::Azure(principal))
    }

    /// What the program `databricks` is asked.
    fn cli(&self, host: &str) -> DatabricksWay {
        let (flag, value) = match &self.name {
            Some(name) => ("--profile", name.as_str()),
            None => ("--host", host),
        };
        DatabricksWay::Cli(["auth", "token", flag, value].map(str::to_owned).to_vec())
    }
}

/// A way to log in that something is said of.
struct Offer {
    /// As `DATABRICKS_AUTH_TYPE` has it.
    name: &'static str,
    /// Those of one kind go together, and with those of none.
    kind: Option<&'static str>,
    way: DatabricksWay,
    from: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "[DEFAULT]\nhost = https://default.cloud.databricks.com/?o=1\ntoken = dapi-default\n\
        [prod]\nhost = prod.cloud.databricks.com\nclient_id = app\nclient_secret = s3cret\n\
        [azure]\nhost = https://adb-1.2.azuredatabricks.net\nazure_client_id = a\nazure_client_secret = b\nazure_tenant_id = t\n\
        [cli]\nhost = https://cli.cloud.databricks.com\nauth_type = databricks-cli\n\
        [both]\nhost = https://h\ntoken = t\nclient_id = a\nclient_secret = b\n";

    fn of(uri: &str, variables: &[(&str, &str)]) -> Result<(Workspace, LogIn), SettingsError> {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join(".databrickscfg"), FILE).unwrap();
        let home = [("HOME", home.path().to_str().unwrap())];
        workspace(uri, &home.into_iter().chain(variables.iter().copied()).collect())
    }

    fn way(uri: &str, variables: &[(&str, &str)]) -> (String, DatabricksWay) {
        let (workspace, login) = of(uri, variables).unwrap();
        (workspace.host, login.unwrap().way)
    }

    #[test]
    fn a_profile_or_the_environment_says_where_and_who() {
        let token = |text: &str| DatabricksWay::Token(Secret::new(text));
        let principal = DatabricksWay::Principal("app".into(), Secret::new("s3cret"));
        assert_eq!(way("databricks", &[]), ("https://default.cloud.databricks.com".into(), token("dapi-default")));
        assert_eq!(way("databricks://prod", &[]), ("https://prod.cloud.databricks.com".into(), principal.clone()));
        assert_eq!(way("databricks", &[("DATABRICKS_CONFIG_PROFILE", "prod")]).1, principal);
        let alone = [("DATABRICKS_HOST", "h.example"), ("DATABRICKS_TOKEN", "t")];
        assert_eq!(way("databricks", &alone), ("https://h.example".into(), token("t")));
        let arguments = ["auth", "token", "--profile", "cli"].map(str::to_owned).to_vec();
        assert_eq!(way("databricks://cli", &[]).1, DatabricksWay::Cli(arguments));
        assert!(
            matches!(way("databricks://azure", &[]).1, DatabricksWay::Azure(AzurePrincipal { tenant: Some(t), .. }) if t == "t")
        );
    }

    #[test]
    fn two_ways_at_once_are_chosen_between_by_name() {
        let reason = of("databricks://both", &[]).unwrap().1.unwrap_err();
        assert!(reason.contains("pat, oauth-m2m") && reason.contains("DATABRICKS_AUTH_TYPE"), "{reason}");
        let (_, chosen) = way("databricks://both", &[("DATABRICKS_AUTH_TYPE", "oauth-m2m")]);
        assert!(matches!(chosen, DatabricksWay::Principal(..)));
        let reason = of("databricks://both", &[("DATABRICKS_AUTH_TYPE", "azure-cli")]).unwrap().1.unwrap_err();
        assert!(reason.contains("--token-command"), "{reason}");
    }

    #[test]
    fn tokens_of_others_are_taken_where_plain_variables_say_it() {
        let host = ("DATABRICKS_HOST", "https://h");
        let client = ("DATABRICKS_CLIENT_ID", "app");
        let actions = [("ACTIONS_ID_TOKEN_REQUEST_URL", "https://g?x=1"), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "b")];
        let token = |variables: &[(&str, &str)]| match way("databricks", variables).1 {
            DatabricksWay::Federated { token, .. } => token,
            other => panic!("{other:?}"),
        };
        assert!(matches!(token(&[host, client, actions[0], actions[1]]), IdToken::GitHub { .. }));
        assert_eq!(token(&[host, ("DATABRICKS_OIDC_TOKEN", "x")]), IdToken::Given(Secret::new("x")));
        let renamed = [host, ("DATABRICKS_OIDC_TOKEN_ENV", "MINE"), ("MINE", "y")];
        assert_eq!(token(&renamed), IdToken::Given(Secret::new("y")));
        assert_eq!(token(&[host, ("DATABRICKS_OIDC_TOKEN_FILEPATH", "/t")]), IdToken::File("/t".into()));
        let pipeline = [
            host,
            client,
            ("SYSTEM_ACCESSTOKEN", "b"),
            ("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI", "https://dev.azure.com/o/"),
            ("SYSTEM_TEAMPROJECTID", "p"),
            ("SYSTEM_HOSTTYPE", "build"),
            ("SYSTEM_PLANID", "1"),
            ("SYSTEM_JOBID", "2"),
        ];
        let url = "https://dev.azure.com/o/p/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken?api-version=7.2-preview.1";
        assert_eq!(token(&pipeline), IdToken::AzureDevOps { url: url.into(), bearer: Secret::new("b") });
    }

    #[test]
    fn what_is_missing_is_named() {
        let reason = |uri: &str, variables: &[(&str, &str)]| of(uri, variables).unwrap_err().to_string();
        assert!(reason("databricks://nope", &[]).contains("no profile \"nope\""));
        assert!(reason("databricks", &[("DATABRICKS_TOKEN", "t")]).contains("DATABRICKS_HOST"));
        assert!(reason("databricks://scope:prefix", &[]).contains("databricks://PROFILE"));
        let nobody = of("databricks", &[("DATABRICKS_HOST", "https://h")]).unwrap().1.unwrap_err();
        assert!(nobody.contains("DATABRICKS_CLIENT_SECRET"), "{nobody}");
    }
}
