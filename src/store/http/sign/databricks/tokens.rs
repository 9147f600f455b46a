//! Getting tokens: from who gives them out, for a secret or for the token of somebody else.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::store::http::client::messenger;
use crate::store::http::diagnosis::innermost;
use crate::store::http::workspace::IdToken;
use crate::store::http::{HttpSettings, Secret};

const PATIENCE: Duration = Duration::from_secs(30);

/// A token, and for how many seconds it is good.
pub struct Token {
    pub text: Secret,
    pub seconds: Option<i64>,
}

/// Asks who gives tokens out.
pub struct Asking {
    pub settings: HttpSettings,
}

#[derive(Deserialize)]
struct Granted {
    access_token: Secret,
    /// Microsoft writes a number as text.
    expires_in: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Refused {
    #[serde(alias = "errorCode", alias = "error_code")]
    error: String,
    #[serde(default, alias = "errorSummary", alias = "message")]
    error_description: String,
}

#[derive(Deserialize)]
struct OfGitHub {
    value: Secret,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfAzureDevOps {
    oidc_token: Secret,
}

impl Asking {
    /// For a secret.
    pub async fn of_principal(&self, endpoint: &str, id: &str, secret: &Secret) -> Result<Token, String> {
        let basic = Secret::new(format!("Basic {}", STANDARD.encode(format!("{id}:{}", secret.expose()))));
        self.granted(endpoint, &[("grant_type", "client_credentials"), ("scope", "all-apis")], Some(&basic)).await
    }

    /// For the token of somebody else.
    pub async fn exchanged(&self, endpoint: &str, id: Option<&str>, token: &Secret) -> Result<Token, String> {
        let mut form = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            ("subject_token", token.expose()),
            ("scope", "all-apis"),
        ];
        form.extend(id.map(|id| ("client_id", id)));
        self.granted(endpoint, &form, None).await
    }

    /// The token of somebody else, made out for an audience.
    pub async fn id_token(&self, token: &IdToken, audience: &str) -> Result<Secret, String> {
        match token {
            IdToken::Given(token) => Ok(token.clone()),
            IdToken::File(path) => {
                let text = std::fs::read_to_string(path);
                let text = text.map_err(|error| format!("cannot read the token file {}: {error}", path.display()))?;
                Ok(Secret::new(text.trim()))
            }
            IdToken::GitHub { url, bearer } => {
                let mut url = parsed(url)?;
                url.query_pairs_mut().append_pair("audience", audience);
                let given: OfGitHub = self.json(with(Request::new(Method::GET, url), bearer)?).await?;
                Ok(given.value)
            }
            IdToken::AzureDevOps { url, bearer } => {
                let mut request = with(Request::new(Method::POST, parsed(url)?), bearer)?;
                request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                *request.body_mut() = Some("".into());
                let given: OfAzureDevOps = self.json(request).await?;
                Ok(given.oidc_token)
            }
        }
    }

    /// Whatever a form is granted.
    pub async fn granted(
        &self,
        endpoint: &str,
        form: &[(&str, &str)],
        authorization: Option<&Secret>,
    ) -> Result<Token, String> {
        let mut request = Request::new(Method::POST, parsed(endpoint)?);
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form_type);
        if let Some(authorization) = authorization {
            let value = HeaderValue::from_str(authorization.expose()).map_err(|error| error.to_string())?;
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        let mut encoded = parsed("http://form/")?;
        encoded.query_pairs_mut().extend_pairs(form);
        *request.body_mut() = Some(encoded.query().unwrap_or_default().to_owned().into());
        let granted: Granted = self.json(request).await?;
        let seconds = granted.expires_in.and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
        Ok(Token { text: granted.access_token, seconds })
    }

    /// What is to be read by everybody.
    pub async fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T, String> {
        self.json(Request::new(Method::GET, parsed(url)?)).await
    }

    async fn json<T: DeserializeOwned>(&self, request: Request) -> Result<T, String> {
        let place = place(request.url());
        let response = self.answer(request).await?;
        let status = response.status();
        let body = response.bytes().await.map_err(|error| format!("{place}: {}", innermost(&error)))?;
        if !status.is_success() {
            let told = serde_json::from_slice::<Refused>(&body);
            let told =
                told.map_or_else(|_| String::new(), |told| format!(": {} {}", told.error, told.error_description));
            return Err(format!("{place} gives no token ({status}){}", told.trim_end()));
        }
        serde_json::from_slice(&body).map_err(|_| format!("{place} answers something else than was asked for"))
    }

    /// The answer, whatever it is; redirects are not followed.
    pub async fn answer(&self, request: Request) -> Result<reqwest::Response, String> {
        let place = place(request.url());
        let client = messenger(request.url().as_str(), &self.settings, PATIENCE)?;
        client.execute(request).await.map_err(|error| format!("{place} does not answer: {}", innermost(&error)))
    }
}

pub fn parsed(url: &str) -> Result<Url, String> {
    Url::parse(url).map_err(|_| format!("{url:?} is no URL"))
}

/// A URL without its query, which may hold a secret.
fn place(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.to_string()
}

fn with(mut request: Request, bearer: &Secret) -> Result<Request, String> {
    super::authorize(&mut request, &format!("Bearer {}", bearer.expose()))?;
    Ok(request)
}
