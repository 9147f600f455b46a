//! Who somebody is to a workspace of Databricks: the ways to log in that its own clients have, as far as plain settings say it.

use std::path::PathBuf;

use super::Secret;

/// Who logs in to a workspace, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabricksLogin {
    /// Scheme and host of the workspace.
    pub host: String,
    /// How.
    pub way: DatabricksWay,
    /// `DATABRICKS_TOKEN`, `the profile prod of /home/jane/.databrickscfg`.
    pub from: String,
    /// The number of the workspace, if it is named.
    pub workspace_id: Option<String>,
    /// The account, if it is named.
    pub account_id: Option<String>,
    /// Where tokens are to be had is told there, if that is not the host's own place.
    pub discovery_url: Option<String>,
}

/// A way to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabricksWay {
    /// A personal access token.
    Token(Secret),
    /// User name and password.
    Basic(String, Secret),
    /// A service principal of Databricks: its id and secret.
    Principal(String, Secret),
    /// A token of somebody else whom the workspace trusts.
    Federated {
        /// The service principal, unless the whole account trusts it.
        client_id: Option<String>,
        /// For whom the token is made out, if that is named.
        audience: Option<String>,
        /// Where it is to be had.
        token: IdToken,
    },
    /// A service principal of Microsoft's.
    Azure(AzurePrincipal),
    /// The program `databricks`, with these arguments.
    Cli(Vec<String>),
}

/// Where a token of somebody else is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdToken {
    /// It is known.
    Given(Secret),
    /// In a file, which is read whenever it is needed.
    File(PathBuf),
    /// From the service of GitHub Actions.
    GitHub {
        /// Where to ask.
        url: String,
        /// With what.
        bearer: Secret,
    },
    /// From the service of Azure DevOps.
    AzureDevOps {
        /// Where to ask.
        url: String,
        /// With what.
        bearer: Secret,
    },
}

/// A service principal of Microsoft's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AzurePrincipal {
    /// Where tokens are to be had: `https://login.microsoftonline.com/`.
    pub authority: String,
    /// What is managed: `https://management.core.windows.net/`.
    pub management: &'static str,
    /// The directory, if it is named.
    pub tenant: Option<String>,
    /// Its id.
    pub client_id: String,
    /// How it proves that.
    pub proof: AzureProof,
    /// The workspace in Azure, for principals that are not members of it.
    pub resource_id: Option<String>,
}

/// How a service principal of Microsoft's proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AzureProof {
    /// By a secret.
    Secret(Secret),
    /// By a token of somebody else.
    Assertion(IdToken),
}
