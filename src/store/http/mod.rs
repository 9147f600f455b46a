//! HTTP, and nothing else of the crate speaks it: how requests are sent, signed and tried again, and what their failures mean.
//!
//! `request` describes one, `client` and `sign` make it one that can be sent, `transport` sends it, `expected` bounds what
//! comes, `answer` reads it, `diagnosis` and `error` say what it was instead, `retry` whether it is worth another try.
//!
//! Invariants: nothing is read without a bound; what might happen twice is sent once; a signer sees the request that is sent,
//! anew for each try.

mod address;
mod answer;
mod client;
mod credentials;
mod diagnosis;
mod elsewhere;
mod error;
mod expected;
mod heartbeat;
mod login;
mod login_page;
mod netrc;
mod probe;
mod proxy;
mod release;
mod request;
mod retry;
mod sign;
mod tls;
mod transport;
mod workspace;

use std::num::NonZeroUsize;
use std::time::Duration;

pub use address::addresses;
pub(super) use answer::Answer;
pub use credentials::{AwsLogin, AwsRole, Cluster, Credentials, Secret};
pub(super) use elsewhere::fetched;
pub use error::{ErrorKind, ProxyError, ProxyProblem, ServerError};
pub(super) use expected::Expected;
pub use heartbeat::{Heartbeat, HeartbeatError, NoHeartbeat};
pub use login::{Given, Login, OfProfile};
pub use login_page::{LoginPage, Provider};
pub(super) use probe::reach;
pub use proxy::{Proxies, Proxy};
pub use release::{RELEASES, ReleaseError, newest_version};
pub(super) use request::{Request, path_segment};
pub(super) use reqwest::Method;
pub(super) use retry::Class;
pub use retry::RetrySettings;
pub use tls::{NamedFile, TlsProblem};
pub(super) use transport::Transport;
pub use workspace::{AzurePrincipal, AzureProof, DatabricksLogin, DatabricksWay, IdToken};

/// How to talk to a server.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Who asks.
    pub login: Login,
    /// Headers of every request, which may hold secrets.
    pub headers: Vec<(String, Secret)>,
    /// How long one try may take, from connecting to the last byte.
    pub timeout: Duration,
    /// How failures are retried.
    pub retry: RetrySettings,
    /// Whether any certificate will do.
    pub accept_invalid_certificates: bool,
    /// PEM file, or folder of them, of further certificates to trust.
    pub server_certificates: Option<NamedFile>,
    /// PEM file of the client's certificate and key.
    pub client_certificate: Option<NamedFile>,
    /// What stands between here and servers.
    pub proxies: Proxies,
    /// Workspace to work in, on servers that have them.
    pub workspace: Option<String>,
    /// Pages that are read at once; `None` to find out from the server's answers what does good.
    pub concurrency: Option<NonZeroUsize>,
    /// What object stores are reached with, for files that a store only names.
    pub object_store: Vec<(String, Secret)>,
    /// Settings of MLflow's client that make no difference here, each with the reason.
    pub not_used: Vec<String>,
}

impl HttpSettings {
    /// Lets the Kubernetes namespace be the workspace, if the login says so and no workspace was named. One that cannot be
    /// found is missed when a server is opened.
    pub fn enter_namespace(&mut self) {
        if let Some(cluster) = self.login.cluster.as_ref().filter(|_| self.login.is_namespaced()) {
            self.workspace = self.workspace.take().or_else(|| sign::namespace(cluster).ok());
        }
    }
}
