//! Which proxy stands between here and a server, as the environment says it.

use std::net::IpAddr;

use reqwest::Url;

/// A proxy and the variable that names it.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Its URL, which may hold a password.
    url: String,
    /// `HTTPS_PROXY`.
    pub from: String,
}

/// Without the password.
impl std::fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Proxy({} of {})", self.shown(), self.from)
    }
}

impl Proxy {
    /// A proxy as a variable has it; without a scheme it is one of HTTP.
    #[must_use]
    pub fn new(url: &str, from: &str) -> Self {
        let url = url.trim();
        let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        Self { url, from: from.to_owned() }
    }

    /// Whether the connection to the proxy itself is one of TLS.
    pub(super) fn is_secured(&self) -> bool {
        self.url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
    }

    /// Whether it wants to be told addresses: SOCKS proxies do unless their kind says otherwise.
    pub(super) fn looks_names_up_here(&self) -> bool {
        let scheme = self.url.split("://").next().unwrap_or_default();
        ["socks4", "socks5"].iter().any(|kind| scheme.eq_ignore_ascii_case(kind))
    }

    /// As people may see it.
    pub(super) fn shown(&self) -> String {
        crate::model::without_userinfo(&self.url)
    }

    /// For the client; fails with a reason that does not show the URL.
    pub(super) fn for_client(&self) -> Result<reqwest::Proxy, String> {
        let scheme = self.url.split("://").next().unwrap_or_default().to_ascii_lowercase();
        if !["http", "https", "socks5", "socks5h", "socks4", "socks4a"].contains(&scheme.as_str()) {
            return Err(format!(
                "{} is a proxy of the unknown kind {scheme}://; known are http, https and socks5",
                self.from
            ));
        }
        reqwest::Proxy::all(&self.url).map_err(|_| format!("{} is not the URL of a proxy", self.from))
    }
}

/// What the environment says about proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For servers with `http://`.
    pub http: Option<Proxy>,
    /// For servers with `https://`.
    pub https: Option<Proxy>,
    /// For both, where there is none of their own.
    pub all: Option<Proxy>,
    /// Hosts that are connected to without, separated by commas.
    pub except: String,
}

impl Proxies {
    /// Whether anything is said at all.
    pub(super) fn are_named(&self) -> bool {
        self != &Self::default()
    }

    /// The proxy on the way to a server.
    pub(super) fn on_the_way_to(&self, base: &str) -> Option<&Proxy> {
        let url = Url::parse(base).ok()?;
        let own = if url.scheme() == "https" { &self.https } else { &self.http };
        let proxy = own.as_ref().or(self.all.as_ref())?;
        let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let port = url.port_or_known_default();
        let is_except = self.except.split([',', ' ']).any(|entry| matches(entry.trim(), &host, port));
        (!is_except).then_some(proxy)
    }
}

/// Whether an entry of `NO_PROXY` means this host: `*`, a name with all names below it, an address, a network, each with a
/// port if only that is meant.
fn matches(entry: &str, host: &str, port: Option<u16>) -> bool {
    let entry = entry.to_ascii_lowercase();
    let (name, own_port) = with_port(&entry);
    if own_port.is_some() && own_port != port {
        return false;
    }
    let name = name.trim_start_matches('*').trim_start_matches('.');
    if name.is_empty() {
        return entry.starts_with('*');
    }
    match host.parse::<IpAddr>() {
        Ok(address) => is_in(name, address),
        Err(_) => host.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.')),
    }
}

/// `host:80` and `[::1]:80`, but `::1` has none.
fn with_port(entry: &str) -> (&str, Option<u16>) {
    if let Some((address, port)) = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (address, port.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match entry.split_once(':') {
        Some((name, port)) if !port.contains(':') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    }
}

/// Whether an address is this one, or in this network: `10.0.0.0/8`.
fn is_in(network: &str, address: IpAddr) -> bool {
    let (start, length) = network.split_once('/').map_or((network, None), |(start, length)| (start, Some(length)));
    let Ok(start) = start.parse::<IpAddr>() else { return false };
    let bits = |address: IpAddr| match address.to_canonical() {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32_u32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let ((start, width), (address, of_address)) = (bits(start), bits(address));
    let Some(length) = length.map_or(Some(width), |length| length.parse().ok()) else { return false };
    let shift = width.saturating_sub(length);
    width == of_address && (shift == 128 || start >> shift == address >> shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(except: &str) -> Proxies {
        let proxy = |url: &str, from: &str| Some(Proxy::new(url, from));
        Proxies {
            http: proxy("http://a:1", "http_proxy"),
            https: None,
            all: proxy("me:word@b:2", "ALL_PROXY"),
            except: except.to_owned(),
        }
    }

    #[test]
    fn each_scheme_has_its_proxy_and_no_password_is_shown() {
        let all = proxies("");
        assert_eq!(all.on_the_way_to("http://h/x").unwrap().shown(), "http://a:1");
        let other = all.on_the_way_to("https://h").unwrap();
        assert_eq!((other.shown().as_str(), other.from.as_str()), ("http://b:2", "ALL_PROXY"));
        assert!(!format!("{all:?}").contains("word"));
        assert!(Proxy::new("ftp://me:word@h", "ALL_PROXY").for_client().unwrap_err().contains("ALL_PROXY"));
        assert!(Proxy::new("socks5h://h:1080", "ALL_PROXY").for_client().is_ok());
    }

    #[test]
    fn exceptions_are_names_addresses_and_networks_with_or_without_a_port() {
        let is_direct = |except: &str, base: &str| proxies(except).on_the_way_to(base).is_none();
        for (except, base) in [
            ("*", "http://h"),
            ("other, example.com", "https://ml.example.com"),
            (".example.com", "https://example.com"),
            ("*.example.com", "http://a.b.Example.com"),
            ("example.com:5000", "http://example.com:5000"),
            ("example.com:443", "https://example.com"),
            ("10.1.2.3", "http://10.1.2.3:5000"),
            ("10.0.0.0/8", "http://10.1.2.3"),
            ("0.0.0.0/0", "http://10.1.2.3"),
            ("10.1.2.3:5000", "http://10.1.2.3:5000"),
            ("::1", "http://[::1]:5000"),
            ("[::1]:5000", "http://[::1]:5000"),
            ("fd00::/8", "http://[fd12::1]"),
        ] {
            assert!(is_direct(except, base), "{except} {base}");
        }
        for (except, base) in [
            ("", "http://h"),
            ("ample.com", "http://example.com"),
            ("example.com:5000", "http://example.com:5001"),
            ("10.0.0.0/8", "http://11.0.0.1"),
            ("10.0.0.0/33x", "http://10.0.0.1"),
            ("10.1.2", "http://10.1.2.3"),
            ("::/0", "http://10.1.2.3"),
        ] {
            assert!(!is_direct(except, base), "{except} {base}");
        }
    }
}
