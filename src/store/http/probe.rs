//! The way to a server, one step after the other: proxy, name, connection, TLS. The first that fails is the last.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::Url;
use rustls::ClientConnection;
use rustls::pki_types::ServerName;

use super::tls::{self, Certificate, TlsProblem};
use super::{ErrorKind, HttpSettings, ProxyError, ProxyProblem, ServerError};
use crate::store::checkup::CheckFinding;

/// No step takes longer.
const PATIENCE: Duration = Duration::from_secs(10);
/// From this on an end is near.
const NEAR: i64 = 21 * 24 * 3600;
/// A server that is farther away makes every request slow.
const FAR: Duration = Duration::from_millis(150);

/// Looks at every step on the way to a server.
pub async fn reach(base: &str, settings: &HttpSettings) -> Vec<CheckFinding> {
    let (base, settings) = (base.to_owned(), settings.clone());
    let steps = tokio::task::spawn_blocking(move || Way { base, settings }.steps());
    steps.await.unwrap_or_default()
}

struct Way {
    base: String,
    settings: HttpSettings,
}

impl Way {
    fn steps(&self) -> Vec<CheckFinding> {
        let mut found = Vec::new();
        let proxy = self.settings.proxies.on_the_way_to(&self.base);
        if let Some(proxy) = proxy {
            found.push(CheckFinding::fine("proxy", format!("{} ({})", proxy.shown(), proxy.from)));
        }
        let url = proxy.map_or_else(|| self.base.clone(), super::proxy::Proxy::shown);
        let Some((host, port)) = host_and_port(&url) else {
            found.push(self.failed("name", format!("{url} has no host")));
            return found;
        };
        let started = Instant::now();
        let addresses = match looked_up(&host, port) {
            Ok(addresses) => addresses,
            Err(error) => {
                found.push(self.failed("name", error.to_string()));
                return found;
            }
        };
        found.push(CheckFinding::fine("name", told(&host, &addresses)).after(started.elapsed()));
        let started = Instant::now();
        let stream = match connected(&addresses) {
            Ok(stream) => stream,
            Err(error) => {
                found.push(self.failed("connection", error.to_string()));
                return found;
            }
        };
        found.push(connection(&stream, started.elapsed()));
        if self.base.starts_with("https://") {
            found.push(match proxy {
                Some(_) => CheckFinding::untried("TLS", "it is made through the proxy"),
                None => self.tls(&host, stream),
            });
        }
        found
    }

    fn failed(&self, what: &'static str, reason: String) -> CheckFinding {
        let base = self.base.clone();
        let kind = match self.settings.proxies.on_the_way_to(&base) {
            Some(proxy) => {
                let problem = ProxyProblem::Unreachable(reason);
                ErrorKind::Proxy(Box::new(ProxyError { proxy: proxy.shown(), from: proxy.from.clone(), base, problem }))
            }
            None => ErrorKind::Connect { base, reason },
        };
        CheckFinding::failed(what, ServerError::new("connect", kind))
    }

    fn tls(&self, host: &str, stream: TcpStream) -> CheckFinding {
        let started = Instant::now();
        match self.handshake(host, stream) {
            Ok(Some(certificate)) => of_certificate(&certificate, self.settings.accept_invalid_certificates),
            Ok(None) => CheckFinding::fine("TLS", "a certificate of an unknown form"),
            Err(kind) => return CheckFinding::failed("TLS", ServerError::new("connect", kind)),
        }
        .after(started.elapsed())
    }

    fn handshake(&self, host: &str, mut stream: TcpStream) -> Result<Option<Certificate>, ErrorKind> {
        let base = self.base.clone();
        let config = tls::config(&self.settings, true).map_err(ErrorKind::Setup)?;
        let name = ServerName::try_from(host.to_owned()).map_err(|error| ErrorKind::Setup(error.to_string()))?;
        let of_tls = |error: &rustls::Error| {
            let problem = TlsProblem::of(error, self.settings.client_certificate.is_some());
            ErrorKind::Tls { base: self.base.clone(), problem: Box::new(problem) }
        };
        let mut session = ClientConnection::new(Arc::new(config), name).map_err(|error| of_tls(&error))?;
        while session.is_handshaking() {
            if let Err(error) = session.complete_io(&mut stream) {
                let by_tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
                return Err(by_tls.map_or_else(|| cut(base, &error), of_tls));
            }
        }
        let presented = session.peer_certificates().and_then(|all| all.first());
        Ok(presented.and_then(|der| Certificate::read(der)))
    }
}

/// The other side ended a connection that was to be secured.
fn cut(base: String, error: &io::Error) -> ErrorKind {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => {
            ErrorKind::Tls { base, problem: Box::new(TlsProblem::NoTls) }
        }
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => ErrorKind::Timeout { base, after: PATIENCE },
        _ => ErrorKind::Connect { base, reason: error.to_string() },
    }
}

fn host_and_port(url: &str) -> Option<(String, u16)> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
    // Proxies of SOCKS have a port of their own.
    let usual = if url.scheme().starts_with("socks") { 1080 } else { 80 };
    Some((host, url.port_or_known_default().unwrap_or(usual)))
}

/// In a thread of its own, as a look-up cannot be ended.
fn looked_up(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let (sender, receiver) = mpsc::channel();
    let host = host.to_owned();
    let look_up = move || sender.send((host.as_str(), port).to_socket_addrs().map(Vec::from_iter));
    std::thread::Builder::new().spawn(look_up)?;
    match receiver.recv_timeout(PATIENCE) {
        Ok(found) => found,
        Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the name was not found within 10 s")),
    }
}

fn told(host: &str, addresses: &[SocketAddr]) -> String {
    let mut all: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
    all.dedup();
    if all.as_slice() == [host] { host.to_owned() } else { format!("{host} is {}", all.join(", ")) }
}

/// The first address that answers.
fn connected(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    let part = PATIENCE / u32::try_from(addresses.len().max(1)).unwrap_or(1);
    for address in addresses {
        match TcpStream::connect_timeout(address, part.max(Duration::from_secs(2))) {
            Ok(stream) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn connection(stream: &TcpStream, took: Duration) -> CheckFinding {
    let peer = stream.peer_addr().map(|address| address.to_string()).unwrap_or_default();
    let text = format!("{peer} answers");
    if took < FAR {
        return CheckFinding::fine("connection", text).after(took);
    }
    let advice =
        "the server is far away, and every request waits for it: run large exports and bulk changes nearer to it";
    CheckFinding::noted("connection", text, advice).after(took)
}

fn of_certificate(certificate: &Certificate, is_unchecked: bool) -> CheckFinding {
    let Certificate { issuer, ends } = certificate;
    let text = format!("issued by {issuer}, valid until {}", ends.strftime("%Y-%m-%d"));
    if is_unchecked {
        return CheckFinding::noted(
            "TLS",
            format!("not checked; {text}"),
            "take MLFLOW_TRACKING_INSECURE_TLS away, and trust the certificate instead",
        );
    }
    if ends.as_second() - Timestamp::now().as_second() < NEAR {
        return CheckFinding::noted("TLS", text, "the certificate of the server ends soon: have it renewed");
    }
    CheckFinding::fine("TLS", text)
}
