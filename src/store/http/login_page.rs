//! Pages of single sign-on in front of a server: what a browser would show, and which token opens the door instead.

/// A login page, or the way to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginPage {
    /// Its title, or where it is.
    pub shown: String,
    /// Who runs it, if that is known.
    pub provider: Provider,
    /// Whether a token or password was sent and did not help.
    pub was_tried: bool,
}

/// Who lets people in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// `OpenShift`, with its AI.
    OpenShift,
    /// Google, or its Identity-Aware Proxy.
    Google,
    /// Microsoft Entra ID.
    Microsoft,
    /// Cloudflare Access.
    Cloudflare,
    /// Anybody else.
    Unknown,
}

/// Words that are in the page or address of a provider.
const PROVIDERS: &[(&str, Provider)] = &[
    ("openshift", Provider::OpenShift),
    ("accounts.google.com", Provider::Google),
    ("login.microsoftonline.com", Provider::Microsoft),
    ("cloudflareaccess.com", Provider::Cloudflare),
];

/// Words of titles and of forms that only login pages have.
const TITLES: &[&str] =
    &["sign in", "sign-in", "signin", "log in", "login", "log-in", "authenticat", "single sign-on", "sso"];
const FORMS: &[&str] = &["type=\"password\"", "type='password'", "kc-form-login", "/oauth2/start", "/oauth/authorize"];
/// Parts of paths that lead to login pages.
const PATHS: &[&str] = &[
    "login",
    "signin",
    "sign_in",
    "sign-in",
    "logon",
    "oauth",
    "oauth2",
    "openid-connect",
    "oidc",
    "saml",
    "saml2",
    "sso",
    "authorize",
    "auth",
];

impl LoginPage {
    /// A page that came instead of an answer.
    pub(super) fn of_page(title: &str, body: &[u8], was_tried: bool) -> Option<Self> {
        let text = String::from_utf8_lossy(body).to_ascii_lowercase();
        let says = |words: &[&str], text: &str| words.iter().any(|word| text.contains(word));
        let is_login = says(TITLES, &title.to_ascii_lowercase()) || says(FORMS, &text);
        let shown = if title.is_empty() { "an HTML page".to_owned() } else { format!("{title:?}") };
        is_login.then(|| Self { shown, provider: provider(&text), was_tried })
    }

    /// Where a redirect leads, without its query.
    pub(super) fn of_redirect(location: &str, was_tried: bool) -> Option<Self> {
        let lower = location.to_ascii_lowercase();
        let (provider, after) = (provider(&lower), lower.split("://").last().unwrap_or_default());
        let mut parts = after.split(['/', '.']);
        let is_login = provider != Provider::Unknown
            || parts.any(|part| {
                let begins = ["login", "signin", "logon"].iter().any(|word| part.starts_with(word));
                begins || PATHS.contains(&part)
            });
        is_login.then(|| Self { shown: location.to_owned(), provider, was_tried })
    }
}

fn provider(text: &str) -> Provider {
    PROVIDERS.iter().find(|(word, _)| text.contains(word)).map_or(Provider::Unknown, |(_, provider)| *provider)
}

impl std::fmt::Display for LoginPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = &self.shown;
        if self.was_tried {
            write!(formatter, "the server is behind a login page ({shown}), which does not accept these credentials")
        } else {
            write!(formatter, "the server is behind a login page ({shown}) and no credentials were sent")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_pages_are_told_from_others_by_title_and_form() {
        let page =
            |title: &str, body: &str| LoginPage::of_page(title, body.as_bytes(), false).map(|page| page.provider);
        assert_eq!(page("Sign in to Acme", ""), Some(Provider::Unknown));
        assert_eq!(page("Welcome", "<form id=\"kc-form-login\">"), Some(Provider::Unknown));
        assert_eq!(page("Log In", "<a href=/oauth/authorize>Log in with OpenShift</a>"), Some(Provider::OpenShift));
        assert_eq!(page("MLflow", "<div id=root></div>"), None);
        assert_eq!(page("502 Bad Gateway", ""), None);
    }

    #[test]
    fn redirects_to_a_login_are_told_from_those_to_another_address() {
        let to = |location: &str| LoginPage::of_redirect(location, true).map(|page| page.provider);
        assert_eq!(to("https://login.example.com/"), Some(Provider::Unknown));
        assert_eq!(to("https://accounts.google.com/o/x"), Some(Provider::Google));
        assert_eq!(to("https://localhost/loginpage"), Some(Provider::Unknown));
        assert_eq!(to("/oauth2/start"), Some(Provider::Unknown));
        assert_eq!(to("https://kc/realms/x/protocol/openid-connect/auth"), Some(Provider::Unknown));
        assert_eq!(to("https://mlflow.example.com/api/2.0/mlflow/experiments"), None);
        assert_eq!(to("https://authors.example.com/mlflow/"), None);
    }
}
