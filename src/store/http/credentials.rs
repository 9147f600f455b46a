//! Who asks: credentials, and a string type that does not show itself.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::workspace::DatabricksLogin;

/// A secret: its `Debug` hides it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, to be put into a header and nowhere else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

/// How a request says who sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// Not at all.
    None,
    /// HTTP basic authentication.
    Basic {
        /// User name.
        username: String,
        /// Password.
        password: Secret,
    },
    /// A bearer token.
    Bearer(Secret),
    /// A bearer token in a file, which is read for every request: whoever renews it writes it there.
    TokenFile(PathBuf),
    /// A bearer token that a command of the shell prints.
    TokenCommand(String),
    /// The bearer token of a Kubernetes service account, or of the user of a kubeconfig.
    Kubernetes(Cluster),
    /// The whole value of the header.
    Header(Secret),
    /// Whatever a workspace of Databricks wants.
    Databricks(Box<DatabricksLogin>),
    /// A signature with keys of AWS.
    #[cfg(feature = "aws")]
    Aws(Box<AwsLogin>),
}

/// What requests to AWS are signed for, and what is known about the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsLogin {
    /// The name of the service.
    pub service: &'static str,
    /// Its region, if it is known.
    pub region: Option<String>,
    /// A header of every request that is signed with it.
    pub routing: Option<(&'static str, String)>,
    /// The role that is taken on with the keys.
    pub role: Option<AwsRole>,
    /// The variables of AWS, by name.
    pub variables: BTreeMap<String, Secret>,
    /// Where its files are.
    pub home: Option<PathBuf>,
}

/// A role of AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsRole {
    /// Its ARN.
    pub arn: String,
    /// How long its keys are used.
    pub keep: Duration,
}

impl AwsLogin {
    /// A variable that is set to something.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(Secret::expose).filter(|value| !value.is_empty())
    }
}

/// Where Kubernetes says who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The folder of the service account that a pod has.
    pub service_account: PathBuf,
    /// Configuration files; of what several say the first one counts.
    pub kubeconfigs: Vec<PathBuf>,
    /// Whether the namespace is the workspace.
    pub is_namespaced: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_print() {
        let basic = Credentials::Basic { username: "jane".into(), password: Secret::new("hunter2") };
        assert_eq!(format!("{basic:?}"), "Basic { username: \"jane\", password: [secret] }");
    }
}
