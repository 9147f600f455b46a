//! Where traces are: a server, a database, a file, or the archive inside the binary.

use std::path::PathBuf;

use super::SettingsError;
use crate::model::{percent_decoded, without_userinfo};
use crate::store::{Address, Credentials, Secret};

/// Reads a tracking URI and the credentials it may hold.
pub fn parse(uri: &str) -> Result<(Address, Option<Credentials>), SettingsError> {
    let uri = uri.trim();
    let refuse =
        |reason: &str| Err(SettingsError::TrackingUri { uri: without_userinfo(uri), reason: reason.to_owned() });
    if uri == "demo" {
        return Ok((Address::Demo, None));
    }
    if let Some(path) = uri.strip_prefix("file:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        return if path.is_empty() { refuse("it names no file") } else { Ok((Address::at_path(named(path)), None)) };
    }
    if let Some(database) = Address::of_database(uri) {
        return database.map(|database| (database, None)).or_else(|why| refuse(&why));
    }
    if let Some(database) = Address::store_at(uri) {
        return Ok((database, None));
    }
    let Some((scheme, rest)) = uri.split_once(':') else {
        return refuse(
            "it has no scheme; for a server write http://HOST:PORT, for exported traces or MLflow's folder mlruns file:PATH",
        );
    };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => server(uri),
        "databricks-uc" => refuse("it is one of a registry of models; write databricks or databricks://PROFILE"),
        "arn" => Address::of_arn(uri).map(|address| (address, None)).or_else(|why| refuse(&why)),
        _ if rest.starts_with(|character: char| character.is_ascii_digit()) => {
            refuse(&format!("it has no scheme; did you mean http://{}?", without_userinfo(uri)))
        }
        _ => refuse(
            "expected http://, https://, databricks, arn:, sqlite:///, postgresql://, mysql://, file:PATH or demo",
        ),
    }
}

/// The file of that name; as `MLflow` writes URIs, with characters that are not plain as `%20`.
fn named(path: &str) -> PathBuf {
    let as_written = PathBuf::from(path);
    let decoded = PathBuf::from(percent_decoded(path));
    if !as_written.exists() && decoded.exists() { decoded } else { as_written }
}

fn server(uri: &str) -> Result<(Address, Option<Credentials>), SettingsError> {
    let refuse = |reason: String| SettingsError::TrackingUri { uri: without_userinfo(uri), reason };
    let (scheme, rest) = uri.split_once("://").ok_or_else(|| refuse("expected // after the scheme".into()))?;
    let (authority, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
    if path.contains('@') {
        return Err(refuse(
            "a / ? or # in the user name or password is written %2F, %3F or %23, an @ in the path %40; or set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD".into(),
        ));
    }
    if path.contains(['?', '#']) {
        return Err(refuse("it cannot contain a query or fragment".into()));
    }
    let (credentials, host) = match authority.rsplit_once('@') {
        Some((userinfo, host)) => {
            let (username, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
            let basic = Credentials::Basic {
                username: percent_decoded(username),
                password: Secret::new(percent_decoded(password)),
            };
            (Some(basic), host)
        }
        None => (None, authority),
    };
    if host.is_empty() || host.starts_with(':') {
        return Err(refuse("it has no host".into()));
    }
    if host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']') && port.parse::<u16>().is_err()) {
        return Err(refuse("the port is invalid".into()));
    }
    let base = format!("{}://{host}{}", scheme.to_ascii_lowercase(), path.trim_end_matches('/'));
    Ok((Address::Server(base), credentials))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server_base(uri: &str) -> String {
        match parse(uri) {
            Ok((Address::Server(base), _)) => base,
            other => panic!("{uri}: {other:?}"),
        }
    }

    #[test]
    fn servers_keep_their_prefix_and_lose_their_slash() {
        assert_eq!(server_base("http://localhost:5000/"), "http://localhost:5000");
        assert_eq!(server_base("HTTPS://h/mlflow/"), "https://h/mlflow");
        assert_eq!(server_base("http://[::1]:5000"), "http://[::1]:5000");
    }

    #[test]
    fn credentials_leave_the_uri() {
        let (uri, credentials) = parse("http://jane:p%40ss@h:1").unwrap();
        assert_eq!(uri, Address::Server("http://h:1".into()));
        assert_eq!(credentials, Some(Credentials::Basic { username: "jane".into(), password: Secret::new("p@ss") }));
    }

    #[test]
    fn messages_never_hold_the_password() {
        for uri in [
            "ftp://jane:hunter2@h",
            "jane:hunter2@h",
            "jane:4hunter2@h",
            "4jane:5hunter2@h",
            "http:/jane:hunter2@h",
            "http:jane:hunter2@h",
            "http://jane:hun/ter2@h:5000",
            "http://jane:1/ter2@h:5000",
            "http://jane:hun?ter2@h",
            "http://jane:hun#ter2@h",
            "http://jane:hunter2",
            "http://jane:hunter2@",
            "http://jane:hunter2@h:port2",
        ] {
            let message = parse(uri).unwrap_err().to_string();
            assert!(!message.contains("ter2"), "{message}");
        }
    }

    #[test]
    fn files_and_demo_are_archives() {
        assert_eq!(parse("demo").unwrap().0, Address::Demo);
        assert_eq!(parse("file:a.jsonl").unwrap().0, Address::File("a.jsonl".into()));
        assert_eq!(parse("file:///a.jsonl").unwrap().0, Address::File("/a.jsonl".into()));
    }

    #[test]
    fn what_cannot_be_served_says_why() {
        for (uri, word) in [
            ("localhost:5000", "did you mean http://localhost:5000"),
            ("10.0.0.1", "no scheme"),
            ("./mlruns", "no scheme"),
            ("mssql+pyodbc://h/d", "Microsoft"),
            ("oracle://h/d", "postgresql://"),
            ("databricks-uc", "no scheme"),
            ("databricks-uc://prod", "databricks://PROFILE"),
            ("http://", "no host"),
            ("http://h?x=1", "query"),
            ("file:", "no file"),
        ] {
            let message = parse(uri).unwrap_err().to_string();
            assert!(message.contains(word), "{uri}: {message}");
        }
    }
}
