//! Taking on a role: `AssumeRole` of Amazon's Security Token Service.

use std::time::SystemTime;

use reqsign_aws_core::Credential;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, Request};

use super::messenger::Messenger;
use super::signature;

/// A role and how it is taken on.
#[derive(Debug)]
pub struct Role<'r> {
    pub arn: &'r str,
    pub session: &'r str,
    pub external_id: Option<&'r str>,
    pub seconds: Option<&'r str>,
}

impl Role<'_> {
    /// The keys of the role, for whoever has these.
    pub async fn keys(&self, messenger: &Messenger, own: &Credential, region: &str) -> Result<Credential, String> {
        let failed = |reason: &str| format!("the role {} cannot be taken on: {reason}", self.arn);
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let usual = format!("https://sts.{region}.{suffix}");
        let base = messenger.sts.as_deref().unwrap_or(&usual).trim_end_matches('/');
        let url = format!("{base}/").parse().map_err(|_| failed("AWS_ENDPOINT_URL_STS is no URL"))?;
        let mut request = Request::new(Method::POST, url);
        let form = "application/x-www-form-urlencoded; charset=utf-8".parse();
        request.headers_mut().extend(form.ok().map(|form| (CONTENT_TYPE, form)));
        *request.body_mut() = Some(self.form().into());
        signature::add(&mut request, own, ("sts", region), SystemTime::now())?;
        let answer = messenger.send(request).await.map_err(|reason| failed(&format!("{base}: {reason}")))?;
        let text = String::from_utf8_lossy(answer.body());
        if !answer.status().is_success() {
            let said = element(&text, "Message").unwrap_or_else(|| answer.status().to_string());
            return Err(failed(&said));
        }
        keys(&text).ok_or_else(|| failed(&format!("{base} gave no keys")))
    }

    fn form(&self) -> String {
        let mut url = reqwest::Url::parse("http://form/").ok();
        if let Some(url) = &mut url {
            let mut pairs = url.query_pairs_mut();
            pairs.append_pair("Action", "AssumeRole").append_pair("Version", "2011-06-15");
            pairs.append_pair("RoleArn", self.arn).append_pair("RoleSessionName", self.session);
            for (name, value) in [("ExternalId", self.external_id), ("DurationSeconds", self.seconds)] {
                pairs.extend_pairs(value.map(|value| (name, value)));
            }
        }
        url.as_ref().and_then(reqwest::Url::query).unwrap_or_default().to_owned()
    }
}

fn keys(xml: &str) -> Option<Credential> {
    Some(Credential {
        access_key_id: element(xml, "AccessKeyId")?,
        secret_access_key: element(xml, "SecretAccessKey")?,
        session_token: Some(element(xml, "SessionToken")?),
        expires_in: Some(element(xml, "Expiration")?.parse().ok()?),
    })
}

/// The text of the first element of a name, which has no elements inside.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text.trim().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_from_the_answer_and_an_answer_without_is_none() {
        let xml = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AK</AccessKeyId><SecretAccessKey>s/+=</SecretAccessKey><SessionToken>a&amp;b</SessionToken><Expiration>2026-11-25T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
        let found = keys(xml).unwrap();
        assert_eq!((&*found.secret_access_key, found.session_token.as_deref()), ("s/+=", Some("a&b")));
        assert!(keys(&xml.replace("SecretAccessKey", "Else")).is_none());
    }

    #[test]
    fn what_is_asked_is_a_form() {
        let role = Role { arn: "arn:aws:iam::1:role/a b", session: "s", external_id: Some("x+y"), seconds: None };
        let form = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa+b&RoleSessionName=s&ExternalId=x%2By";
        assert_eq!(role.form(), form);
    }
}
