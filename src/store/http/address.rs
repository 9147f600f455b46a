//! Where a URL leads: what two spellings of one server have in common.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::time::Duration;

use reqwest::Url;

/// A name that takes longer to look up is as good as unknown.
const PATIENCE: Duration = Duration::from_secs(5);

/// The addresses that a server's URL leads to, with port and path: `10.0.0.5:443/mlflow`. `localhost`, `127.0.0.1` and
/// `[::1]` are all `loopback`. A name that cannot be looked up stands for itself.
#[must_use]
pub fn addresses(base: &str) -> Vec<String> {
    let Ok(url) = Url::parse(base) else { return vec![base.to_owned()] };
    let (Some(host), port) = (url.host_str(), url.port_or_known_default().unwrap_or(0)) else {
        return vec![base.to_owned()];
    };
    let path = url.path().trim_end_matches('/');
    let found = look_up(host.trim_start_matches('[').trim_end_matches(']').to_owned(), port);
    if found.is_empty() {
        return vec![format!("{host}:{port}{path}")];
    }
    found.into_iter().map(|address| format!("{}{path}", canonical(address))).collect()
}

/// In a thread of its own, as a look-up cannot be ended.
fn look_up(host: String, port: u16) -> Vec<SocketAddr> {
    let (sender, receiver) = mpsc::channel();
    let look_up = move || sender.send((host.as_str(), port).to_socket_addrs().map(Vec::from_iter));
    if std::thread::Builder::new().spawn(look_up).is_err() {
        return Vec::new();
    }
    receiver.recv_timeout(PATIENCE).ok().and_then(Result::ok).unwrap_or_default()
}

/// `0.0.0.0` leads to this machine, too.
fn canonical(address: SocketAddr) -> String {
    match address.ip().to_canonical() {
        ip if ip.is_loopback() || ip.is_unspecified() => format!("loopback:{}", address.port()),
        ip @ IpAddr::V4(_) => format!("{ip}:{}", address.port()),
        ip @ IpAddr::V6(_) => format!("[{ip}]:{}", address.port()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_this_machine_is_one() {
        for host in ["127.0.0.1", "[::1]", "LOCALHOST", "0.0.0.0", "[::ffff:127.0.0.1]", "127.1"] {
            let mut found = addresses(&format!("http://{host}:5000/ml/"));
            found.dedup();
            assert_eq!(found, ["loopback:5000/ml"], "{host}");
        }
    }

    #[test]
    fn the_port_and_the_path_belong_to_it() {
        assert_eq!(addresses("http://192.0.2.1"), ["192.0.2.1:80"]);
        assert_eq!(addresses("https://192.0.2.1/a"), ["192.0.2.1:443/a"]);
        assert_eq!(addresses("https://[2001:db8::1]:5000"), ["[2001:db8::1]:5000"]);
    }

    #[test]
    fn a_name_that_leads_nowhere_stands_for_itself() {
        assert_eq!(addresses("http://Nowhere.Invalid:5000/x"), ["nowhere.invalid:5000/x"]);
    }
}
