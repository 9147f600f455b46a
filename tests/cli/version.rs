//! `version`: nobody is asked unless that is said, and a newer version is exit code 8.

use crate::support::Program;
use crate::support::http::{Answer, Listener, Reply};

#[test]
fn a_page_of_releases_is_asked_only_when_that_is_said() {
    let pages = Listener::start(|request| {
        Reply::Answer(match request.path.as_str() {
            "/newer" => Answer::new(200, "application/json", r#"{"info": {"version": "99.0.0"}}"#),
            "/older" => Answer::new(200, "text/plain", "0.0.1\n"),
            "/odd" => Answer::new(200, "text/html", "<html>"),
            _ => Answer::new(404, "text/plain", ""),
        })
    });
    let asked = |words: &[&str]| Program::new(["version"].iter().chain(words)).run();
    let check = |page: &str| asked(&[&format!("--check=http://{}/{page}", pages.address())]);
    assert_eq!(asked(&[]).succeeds().stdout, concat!("mlflow-trace ", env!("CARGO_PKG_VERSION"), "\n"));
    check("newer").exits(8).tells("Version 99.0.0 is available.");
    check("older").succeeds().tells("the newest");
    check("odd").exits(5).tells("names no version");
    check("none").exits(5).tells("answered 404").tells("--check=URL");
}
