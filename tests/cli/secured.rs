//! TLS and proxies: what works, and what is said where it does not.

use std::net::SocketAddr;

use tempfile::TempDir;

use crate::errors::closed_port;
use crate::fake::{Answer, Fake};
use crate::gates::{Authority, Gate, NOW, Pair, file, self_signed};
use crate::snapshot::Gallery;
use crate::support::http::{Listener, Reply};
use crate::support::{Ended, Program};

const HERE: &[&str] = &["127.0.0.1", "mlflow.internal"];

/// A server, an authority, and a folder for what they give out.
struct Scene {
    fake: Fake,
    authority: Authority,
    folder: TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { fake: Fake::with_many(1), authority: Authority::new("Test CA"), folder: tempfile::tempdir().unwrap() }
    }

    fn upstream(&self) -> SocketAddr {
        self.fake.uri().trim_start_matches("http://").parse().unwrap()
    }

    fn gate(&self, pair: &Pair) -> Gate {
        Gate::tls(self.upstream(), pair, None)
    }

    fn file(&self, name: &str, text: &str) -> String {
        file(self.folder.path(), name, text).display().to_string()
    }

    /// A search at an address, on a machine that trusts one authority, which has nothing to do with it.
    fn search(&self, uri: &str) -> Program {
        self.program(&["search", "-o", "ids", "-u", uri])
    }

    fn program(&self, words: &[&str]) -> Program {
        let roots = self.file("roots.pem", &Authority::new("Somebody else").pem);
        self.fake
            .program(words)
            .hidden_env("SSL_CERT_FILE", roots)
            .hidden_env("SSL_CERT_DIR", self.folder.path().join("none"))
    }

    fn at(&self, gate: &Gate) -> Program {
        self.search(&format!("https://{}", gate.address))
    }

    fn with_authority(&self, gate: &Gate) -> Program {
        self.at(gate).hidden_env("MLFLOW_TRACKING_SERVER_CERT_PATH", self.file("ca.pem", &self.authority.pem))
    }
}

fn found_one(ended: &Ended) {
    assert_eq!(ended.lines().len(), 1, "{ended}");
}

#[test]
fn an_authority_is_trusted_from_every_setting_of_mlflow() {
    let scene = Scene::new();
    let gate = scene.gate(&scene.authority.issue(HERE, NOW));
    let file = scene.file("ca.pem", &scene.authority.pem);
    for name in ["MLFLOW_TRACKING_SERVER_CERT_PATH", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"] {
        found_one(&scene.at(&gate).hidden_env(name, &file).run().succeeds());
    }
    let folder = scene.folder.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("0a1b2c3d.0"), &scene.authority.pem).unwrap();
    found_one(&scene.at(&gate).hidden_env("REQUESTS_CA_BUNDLE", folder).run().succeeds());
    found_one(&scene.at(&gate).hidden_env("MLFLOW_TRACKING_INSECURE_TLS", "true").run().succeeds());
    let other = scene.file("other.pem", &Authority::new("Other").pem);
    let program = scene.at(&gate).hidden_env("REQUESTS_CA_BUNDLE", &file);
    program.hidden_env("MLFLOW_TRACKING_SERVER_CERT_PATH", other).run().exits(5);
}

#[test]
fn a_server_is_trusted_by_its_own_certificate_although_it_says_that_it_is_an_authority() {
    let scene = Scene::new();
    let search = |pair: &Pair, given: &Pair| {
        let path = scene.file("self.pem", &given.certificate);
        scene.at(&scene.gate(pair)).hidden_env("MLFLOW_TRACKING_SERVER_CERT_PATH", path).run()
    };
    let pair = self_signed(HERE, NOW);
    found_one(&search(&pair, &pair).succeeds());
    search(&self_signed(HERE, NOW), &pair).exits(5).tells("not signed by an authority");
    let ended = self_signed(HERE, (2020, 2021));
    search(&ended, &ended).exits(5).tells("expired on 2021-01-01");
    let other = self_signed(&["other.internal"], NOW);
    search(&other, &other).exits(5).tells("is for other.internal and not for 127.0.0.1");
}

#[test]
fn clients_have_certificates_too() {
    let scene = Scene::new();
    let gate = Gate::tls(scene.upstream(), &scene.authority.issue(HERE, NOW), Some(&scene.authority));
    let client = scene.authority.issue(&["client"], NOW);
    let path = scene.file("client.pem", &format!("{}{}", client.certificate, client.key));
    found_one(&scene.with_authority(&gate).hidden_env("MLFLOW_TRACKING_CLIENT_CERT_PATH", path).run().succeeds());
}

#[test]
fn certificates_are_not_asked_for_where_nothing_is_secured() {
    let scene = Scene::new();
    let program = scene.search(&scene.fake.uri()).hidden_env("MLFLOW_TRACKING_CLIENT_CERT_PATH", "/nowhere");
    found_one(&program.hidden_env("SSL_CERT_FILE", "/nowhere").run().succeeds());
}

/// What `doctor` says of certificates and proxies.
pub fn doctor_scenes(gallery: &mut Gallery) {
    let scene = Scene::new();
    let trusted = |gate: &Gate| {
        let program = scene.program(&["doctor", "-u", &format!("https://{}", gate.address)]);
        program.hidden_env("MLFLOW_TRACKING_SERVER_CERT_PATH", scene.file("ca.pem", &scene.authority.pem))
    };
    let good = scene.gate(&scene.authority.issue(HERE, (2020, 2085)));
    gallery.scene("a certificate that is trusted", &trusted(&good).run().succeeds());
    let strange = scene.program(&["doctor", "-u", &format!("https://{}", good.address)]);
    gallery.scene("a certificate of an unknown authority", &strange.run().exits(5));
    let expired = scene.gate(&scene.authority.issue(HERE, (2020, 2025)));
    gallery.scene("an expired certificate", &trusted(&expired).run().exits(5));
    let plain = scene.program(&["doctor", "-u", &scene.fake.uri().replace("http:", "https:")]);
    gallery.scene("https where nobody speaks it", &plain.run().exits(5));
    let down = scene.program(&["doctor", "-u", "http://mlflow.internal:5000"]).env("http_proxy", closed_port());
    gallery.scene("a proxy that is down", &down.run().exits(5));
}

/// Everything that can be wrong with TLS.
pub fn tls_scenes(gallery: &mut Gallery) {
    let scene = Scene::new();
    let mut show = |title: &str, program: Program| gallery.scene(title, &program.run().fails());
    let good = scene.gate(&scene.authority.issue(HERE, NOW));
    show("a certificate of an unknown authority", scene.at(&good));
    show("no root certificates on the machine", scene.at(&good).hidden_env("SSL_CERT_FILE", "/nowhere"));
    show("an expired certificate", scene.with_authority(&scene.gate(&scene.authority.issue(HERE, (2020, 2025)))));
    show("a certificate of the future", scene.with_authority(&scene.gate(&scene.authority.issue(HERE, (2085, 2090)))));
    let other = scene.authority.issue(&["mlflow.example.com", "ml.example.com"], NOW);
    show("a certificate for other names", scene.with_authority(&scene.gate(&other)));
    show("https where nobody speaks it", scene.search(&scene.fake.uri().replace("http:", "https:")));
    show("http where TLS is expected", scene.search(&format!("http://{}", good.address)));
    let file = |text: &str| scene.at(&good).hidden_env("MLFLOW_TRACKING_SERVER_CERT_PATH", scene.file("ca.pem", text));
    show("a file of certificates that is not there", scene.at(&good).env("MLFLOW_TRACKING_SERVER_CERT_PATH", "ca.pem"));
    show("a file of certificates without any", file(""));
    let picky = Gate::tls(scene.upstream(), &scene.authority.issue(HERE, NOW), Some(&scene.authority));
    show("no client certificate", scene.with_authority(&picky));
    let client = |name: &str, text: &str| {
        scene.with_authority(&picky).hidden_env("MLFLOW_TRACKING_CLIENT_CERT_PATH", scene.file(name, text))
    };
    let pair = Authority::new("Stranger").issue(&["client"], NOW);
    show(
        "a client certificate that the server does not accept",
        client("c.pem", &format!("{}{}", pair.certificate, pair.key)),
    );
    show(
        "a client certificate that is not there",
        scene.with_authority(&picky).env("MLFLOW_TRACKING_CLIENT_CERT_PATH", "client.pem"),
    );
    show("a client certificate without its key", client("no-key.pem", &pair.certificate));
    let encrypted = pair.key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    show(
        "a client certificate with an encrypted key",
        client("encrypted.pem", &format!("{}{encrypted}", pair.certificate)),
    );
    let nginx = |title: &str| {
        let body = format!("<html><head><title>400 {title}</title></head></html>");
        Listener::start(move |_| Reply::Answer(Answer::new(400, "text/html", body.clone())))
    };
    let listener = nginx("The plain HTTP request was sent to HTTPS port");
    show("http where nginx expects TLS", scene.search(&format!("http://{}", listener.address())));
    let listener = nginx("No required SSL certificate was sent");
    show("no client certificate for nginx", scene.search(&format!("http://{}", listener.address())));
}

/// Everything that can be wrong with a proxy.
pub fn proxy_scenes(gallery: &mut Gallery) {
    let scene = Scene::new();
    let mut show = |title: &str, program: Program| gallery.scene(title, &program.run().fails());
    let far = |scheme: &str| scene.search(&format!("{scheme}://mlflow.internal:5000"));
    let answering = |status: u16| Listener::start(move |_| Reply::Answer(Answer::new(status, "text/plain", "")));
    show("a proxy that is down", far("http").env("http_proxy", closed_port()));
    show("a proxy that is down, for https", far("https").env("HTTPS_PROXY", closed_port()));
    let locked = answering(407);
    let url = format!("http://jane:wrong@{}", locked.address());
    show("a proxy that wants a password", far("http").hidden_env("HTTP_PROXY", &url));
    show("a proxy that wants a password, for https", far("https").hidden_env("ALL_PROXY", &url));
    let strict = answering(403);
    show("a proxy that does not connect", far("https").env("HTTPS_PROXY", format!("http://{}", strict.address())));
    show("a proxy of an unknown kind", far("https").env("HTTPS_PROXY", "ftp://127.0.0.1:1"));
    let socks = closed_port().replace("http:", "socks5:");
    show("a SOCKS proxy that is down", scene.search("http://127.0.0.2:5000").env("ALL_PROXY", socks));
}

#[test]
fn https_goes_through_a_tunnel_with_the_password_of_the_proxy() {
    let scene = Scene::new();
    let gate = scene.gate(&scene.authority.issue(HERE, NOW));
    let tunnel = Gate::tunnel(gate.address);
    let program = scene
        .search("https://mlflow.internal:5000")
        .hidden_env("MLFLOW_TRACKING_SERVER_CERT_PATH", scene.file("ca.pem", &scene.authority.pem))
        .hidden_env("https_proxy", format!("http://jane:p%40ss@{}", tunnel.address));
    found_one(&program.run().succeeds());
    let asked = &tunnel.asked()[0];
    assert!(asked.starts_with("CONNECT mlflow.internal:5000 ") && asked.contains("Basic amFuZTpwQHNz"), "{asked}");
}

#[test]
fn a_socks_proxy_resolves_names_itself() {
    let scene = Scene::new();
    let socks = Gate::socks(scene.upstream());
    let program = scene.search("http://mlflow.internal:5000");
    let program = program.hidden_env("ALL_PROXY", format!("socks5h://{}", socks.address));
    found_one(&program.run().succeeds());
    assert_eq!(socks.asked()[0], "mlflow.internal:5000");
    let program = scene.search("http://nowhere.invalid:5000");
    let program = program.hidden_env("ALL_PROXY", format!("socks5://{}", socks.address));
    program.run().exits(5).tells("needs the address of the server").tells("socks5h://");
}

#[test]
fn a_name_that_nobody_knows_is_told_with_the_server() {
    let scene = Scene::new();
    scene
        .search("https://nowhere.invalid:5000")
        .run()
        .exits(5)
        .tells("no connection to https://nowhere.invalid:5000: ");
}

#[test]
fn exceptions_from_the_proxy_are_names_networks_and_ports() {
    let scene = Scene::new();
    let port = scene.upstream().port();
    for except in ["127.0.0.1", "127.0.0.0/8", &format!("127.0.0.1:{port}"), "*"] {
        let program = scene.search(&scene.fake.uri()).hidden_env("http_proxy", closed_port());
        found_one(&program.hidden_env("no_proxy", except).run().succeeds());
    }
    let program = scene.search(&scene.fake.uri()).hidden_env("http_proxy", closed_port());
    program.hidden_env("no_proxy", "127.0.0.1:1").run().exits(5);
}
