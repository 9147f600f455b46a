//! Requests to a workspace of Databricks: a bearer token, and the number of the workspace where the host serves several.
//!
//! Invariants: a host is asked once what it is, and without credentials; a token that ends is got again before its end.

mod azure;
mod discovery;
mod tokens;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::Request;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use tokio::process::Command;
use tokio::sync::{Mutex, OnceCell};

use super::super::workspace::{DatabricksLogin, DatabricksWay};
use super::{Signer, authorize, command};
use crate::store::http::{HttpSettings, Secret};
use discovery::Discovered;
use tokens::{Asking, Token};

/// How long before its end a token is renewed.
const BEFORE_ITS_END: Duration = Duration::from_secs(60);
const WORKSPACE: HeaderName = HeaderName::from_static("x-databricks-org-id");

/// Signs for a workspace.
pub struct Databricks {
    login: DatabricksLogin,
    asking: Asking,
    discovered: OnceCell<Discovered>,
    /// One request gets a token while the others wait for it.
    kept: Mutex<Option<Kept>>,
}

/// What is sent, and until when.
struct Kept {
    headers: Vec<(HeaderName, HeaderValue)>,
    authorization: String,
    until: Option<Timestamp>,
}

impl Databricks {
    pub fn new(login: &DatabricksLogin, settings: &HttpSettings) -> Self {
        let asking = Asking { settings: settings.clone() };
        Self { login: login.clone(), asking, discovered: OnceCell::new(), kept: Mutex::new(None) }
    }

    async fn get(&self, discovered: &Discovered) -> Result<Kept, String> {
        let login = &self.login;
        let (mut headers, token) = (Vec::new(), |text: &Secret| Token { text: text.clone(), seconds: None });
        let token = match &login.way {
            DatabricksWay::Token(text) => token(text),
            DatabricksWay::Basic(username, password) => {
                let text = STANDARD.encode(format!("{username}:{}", password.expose()));
                return Ok(Kept { headers, authorization: format!("Basic {text}"), until: None });
            }
            DatabricksWay::Principal(id, secret) => {
                let endpoint = discovered.token_endpoint(login, &self.asking).await?;
                self.asking.of_principal(&endpoint, id, secret).await?
            }
            DatabricksWay::Federated { client_id, audience, token } => {
                let endpoint = discovered.token_endpoint(login, &self.asking).await?;
                let audience = audience.clone().or_else(|| discovered.audience(login));
                let id_token = self.asking.id_token(token, audience.as_deref().unwrap_or(&endpoint)).await?;
                self.asking.exchanged(&endpoint, client_id.as_deref(), &id_token).await?
            }
            DatabricksWay::Azure(principal) => {
                let (token, more) = azure::token(&self.asking, principal, &login.host).await?;
                headers = more;
                token
            }
            DatabricksWay::Cli(arguments) => of_program(arguments).await?,
        };
        let authorization = format!("Bearer {}", token.text.expose());
        Ok(Kept { headers, authorization, until: token.seconds.map(until) })
    }
}

/// When a token that is valid for this many seconds is renewed.
fn until(seconds: i64) -> Timestamp {
    let early = BEFORE_ITS_END.as_secs().cast_signed().min(seconds / 2);
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second().saturating_add(seconds - early)).unwrap_or(now)
}

#[derive(Deserialize)]
struct Printed {
    access_token: Secret,
    expiry: Option<String>,
}

/// The token that the program `databricks` has of somebody who has logged in with it.
async fn of_program(arguments: &[String]) -> Result<Token, String> {
    let mut program = Command::new("databricks");
    program.args(arguments);
    let line = format!("`databricks {}`", arguments.join(" "));
    let printed = command::run(program).await.map_err(|reason| format!("{line} {reason}"))?;
    let printed: Printed = serde_json::from_slice(&printed).map_err(|_| format!("{line} printed no token"))?;
    let end = printed.expiry.and_then(|expiry| expiry.parse::<Timestamp>().ok());
    let seconds = end.map(|end| (end.as_second() - Timestamp::now().as_second()).max(0));
    Ok(Token { text: printed.access_token, seconds })
}

#[async_trait::async_trait]
impl Signer for Databricks {
    async fn sign(&self, request: &mut Request) -> Result<(), String> {
        let discovered = self.discovered.get_or_init(|| discovery::discovered(&self.login, &self.asking)).await;
        if let Some(id) = self.login.workspace_id.as_ref().or(discovered.workspace_id.as_ref()) {
            let value = HeaderValue::from_str(id).map_err(|error| error.to_string())?;
            request.headers_mut().insert(WORKSPACE, value);
        }
        let mut kept = self.kept.lock().await;
        let now = Timestamp::now();
        let good = kept.take().filter(|kept| kept.until.is_none_or(|until| now < until));
        let good = match good {
            Some(good) => good,
            None => self.get(discovered).await?,
        };
        for (name, value) in &good.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        let signed = authorize(request, &good.authorization);
        *kept = Some(good);
        signed
    }

    fn advice(&self) -> &'static str {
        "credentials for Databricks come from the profile in the tracking URI (databricks://PROFILE) or DATABRICKS_CONFIG_PROFILE, or from DATABRICKS_HOST with DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET"
    }

    async fn renew(&self, refused: &HeaderValue) -> bool {
        let renews = !matches!(self.login.way, DatabricksWay::Token(_) | DatabricksWay::Basic(..));
        let mut kept = self.kept.lock().await;
        // Another request may have got a new one already.
        kept.take_if(|kept| renews && kept.authorization.as_bytes() == refused.as_bytes());
        renews
    }
}
