//! Where a database is: the URIs that `MLflow` gives to `SQLAlchemy`, read as that reads them.
//!
//! A driver (`postgresql+psycopg2`) says how Python talks to the database, and is of no account here. Options are honoured or
//! named in an error: none is passed over in silence. Invariant: neither user nor password is shown.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::model::percent_decoded;
use crate::store::Secret;

/// A database of `MLflow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUri {
    /// A file of `SQLite`.
    File(PathBuf),
    /// A database of a server.
    Server(ServerUri),
}

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// `PostgreSQL`.
    Postgres,
    /// `MySQL` and `MariaDB`.
    MySql,
}

/// A database of a server, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUri {
    /// Of which kind the server is.
    pub engine: Engine,
    /// Its host, or the folder of its socket.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The path of its socket, if that is named.
    pub socket: Option<PathBuf>,
    /// Who asks.
    pub user: Option<String>,
    /// The password of the user.
    pub password: Option<Secret>,
    /// The name of the database.
    pub database: String,
    /// How TLS is used.
    pub tls: TlsMode,
    /// Certificates that the server's is checked against.
    pub root_certificate: Option<PathBuf>,
    /// The client's own certificate.
    pub client_certificate: Option<PathBuf>,
    /// The key to it.
    pub client_key: Option<PathBuf>,
}

/// How far the server has to prove who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// No TLS.
    Off,
    /// TLS if the server has it.
    Preferred,
    /// TLS, whoever the server is.
    Required,
    /// TLS with a certificate that can be trusted.
    VerifiedAuthority,
    /// TLS with a certificate that can be trusted and names the host.
    VerifiedHost,
}

const NO_MSSQL: &str = "Microsoft SQL Server is not supported: there is no driver for it without a library of the system; start a server on it with `mlflow server --backend-store-uri …` and give its http:// address";
const MEMORY: &str = "it names no file, and a database in memory is gone when its program ends";

impl DatabaseUri {
    /// Reads a URI; nothing if its scheme is not that of a database, or why it cannot be used.
    #[must_use]
    pub fn parse(uri: &str) -> Option<Result<Self, String>> {
        let (scheme, rest) = uri.split_once(':')?;
        let scheme = scheme.to_ascii_lowercase();
        let (dialect, driver) =
            scheme.split_once('+').map_or((scheme.as_str(), None), |(name, driver)| (name, Some(driver)));
        let engine = match dialect {
            "sqlite" => None,
            "postgresql" | "postgres" => Some(Engine::Postgres),
            "mysql" | "mariadb" => Some(Engine::MySql),
            "mssql" => return Some(Err(NO_MSSQL.to_owned())),
            _ => return None,
        };
        if driver == Some("") {
            return Some(Err("expected a driver after the +".to_owned()));
        }
        let Some(rest) = rest.strip_prefix("//") else {
            return Some(Err("expected // after the scheme".to_owned()));
        };
        Some(match engine {
            None => sqlite(rest),
            Some(engine) => server(engine, rest).map(Self::Server),
        })
    }

    /// The file, if it is one of `SQLite` by its first bytes.
    #[must_use]
    pub fn of_file(path: &Path) -> Option<Self> {
        use std::io::Read;

        const MAGIC: &[u8; 16] = b"SQLite format 3\0";
        let mut begins = [0; MAGIC.len()];
        // Of a pipe nothing is read before it is known that it may be waited for.
        std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut begins)).ok()?;
        (begins == *MAGIC).then(|| Self::File(path.to_path_buf()))
    }
}

impl DatabaseUri {
    /// The same database, named alike in all folders.
    #[must_use]
    pub fn absolute(&self) -> Self {
        match self {
            Self::File(path) => Self::File(std::path::absolute(path).unwrap_or_else(|_| path.clone())),
            Self::Server(_) => self.clone(),
        }
    }

    /// What all its spellings have in common.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        match self {
            Self::File(path) => {
                let path = path.canonicalize().or_else(|_| std::path::absolute(path));
                path.into_iter().map(|path| format!("sqlite:{}", path.display())).collect()
            }
            Self::Server(server) => {
                let scheme = server.engine.scheme().0;
                if let Some(socket) = &server.socket {
                    return vec![format!("{scheme}:{}/{}", socket.display(), server.database)];
                }
                let host = if server.host.contains(':') { format!("[{}]", server.host) } else { server.host.clone() };
                let found = crate::store::addresses(&format!("http://{host}:{}/", server.port));
                found.into_iter().map(|address| format!("{scheme}:{address}/{}", server.database)).collect()
            }
        }
    }
}

/// As a tracking URI, without user and password.
impl fmt::Display for DatabaseUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "sqlite:///{}", path.display()),
            Self::Server(server) => {
                let (scheme, usual) = server.engine.scheme();
                let host = if server.host.contains(':') { format!("[{}]", server.host) } else { server.host.clone() };
                write!(formatter, "{scheme}://{host}")?;
                if server.port != usual {
                    write!(formatter, ":{}", server.port)?;
                }
                write!(formatter, "/{}", server.database)
            }
        }
    }
}

impl Engine {
    /// The scheme of its URIs, and the port that is meant where none is named.
    fn scheme(self) -> (&'static str, u16) {
        match self {
            Self::Postgres => ("postgresql", 5432),
            Self::MySql => ("mysql", 3306),
        }
    }
}

/// `sqlite:///relative.db`, `sqlite:////absolute.db`; the path is taken as it is written.
fn sqlite(rest: &str) -> Result<DatabaseUri, String> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    for (name, _) in options(query) {
        match name.as_str() {
            // How Python waits for and shares it; it is opened for reading whatever `mode` says.
            "timeout" | "check_same_thread" | "isolation_level" | "cached_statements" | "detect_types" | "mode"
            | "cache" => {}
            _ => return Err(unknown(&name)),
        }
    }
    let Some(path) = path.strip_prefix('/') else {
        return Err(if path.is_empty() {
            MEMORY.to_owned()
        } else {
            "three slashes stand before a relative path, four before an absolute one: sqlite:///mlflow.db".to_owned()
        });
    };
    if path.is_empty() || path == ":memory:" {
        return Err(MEMORY.to_owned());
    }
    if path.starts_with("file:") {
        return Err("write the path of the file alone: sqlite:///mlflow.db".to_owned());
    }
    Ok(DatabaseUri::File(PathBuf::from(path)))
}

fn server(engine: Engine, rest: &str) -> Result<ServerUri, String> {
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (userinfo, rest) = rest.split_once('@').map_or((None, rest), |(userinfo, rest)| (Some(userinfo), rest));
    let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
    if rest.contains('@') || query.contains('@') {
        return Err("an @, / or ? in the user name or password is written %40, %2F or %3F".to_owned());
    }
    let (host, port) = host_and_port(authority)?;
    let (user, password) = match userinfo
        .map(|userinfo| userinfo.split_once(':').map_or((userinfo, None), |(user, password)| (user, Some(password))))
    {
        Some((user, password)) => {
            (Some(percent_decoded(user)).filter(|user| !user.is_empty()), password.map(percent_decoded))
        }
        None => (None, None),
    };
    let mut uri = ServerUri {
        engine,
        host: host.unwrap_or("localhost").to_owned(),
        port: port.unwrap_or(engine.scheme().1),
        socket: None,
        user,
        password: password.map(Secret::new),
        database: database.to_owned(),
        tls: TlsMode::Preferred,
        root_certificate: None,
        client_certificate: None,
        client_key: None,
    };
    for (name, value) in options(query) {
        match engine {
            Engine::Postgres => uri.postgres_option(&name, value)?,
            Engine::MySql => uri.mysql_option(&name, value)?,
        }
    }
    if uri.database.is_empty() {
        return Err(format!("it names no database; write {}://USER:PASSWORD@HOST/DATABASE", engine.scheme().0));
    }
    Ok(uri)
}

fn host_and_port(authority: &str) -> Result<(Option<&str>, Option<u16>), String> {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':').unwrap_or("")),
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    let port = match port {
        "" => None,
        digits => Some(digits.parse().map_err(|_| "the port is invalid".to_owned())?),
    };
    Ok((Some(host).filter(|host| !host.is_empty()), port))
}

impl ServerUri {
    /// Those of libpq.
    fn postgres_option(&mut self, name: &str, value: String) -> Result<(), String> {
        match name {
            "sslmode" => {
                self.tls = match value.as_str() {
                    "disable" => TlsMode::Off,
                    "allow" | "prefer" => TlsMode::Preferred,
                    "require" => TlsMode::Required,
                    "verify-ca" => TlsMode::VerifiedAuthority,
                    "verify-full" => TlsMode::VerifiedHost,
                    _ => return Err("sslmode is disable, allow, prefer, require, verify-ca or verify-full".to_owned()),
                }
            }
            "sslrootcert" => self.root_certificate = Some(value.into()),
            "sslcert" => self.client_certificate = Some(value.into()),
            "sslkey" => self.client_key = Some(value.into()),
            "host" if value.starts_with('/') => self.socket = Some(value.into()),
            "host" => self.host = value,
            "port" => self.port = value.parse().map_err(|_| "the port is invalid".to_owned())?,
            "user" => self.user = Some(value),
            "password" => self.password = Some(Secret::new(value)),
            "dbname" => self.database = value,
            // They change nothing of what is read: texts are UTF-8 whatever the client's encoding.
            "application_name"
            | "client_encoding"
            | "connect_timeout"
            | "keepalives"
            | "keepalives_idle"
            | "keepalives_interval"
            | "keepalives_count"
            | "tcp_user_timeout"
            | "gssencmode"
            | "channel_binding" => {}
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    /// Those of `PyMySQL` and mysqlclient.
    fn mysql_option(&mut self, name: &str, value: String) -> Result<(), String> {
        let is_true = matches!(value.to_ascii_lowercase().as_str(), "true" | "1" | "yes");
        match name {
            "charset" if !matches!(value.to_ascii_lowercase().as_str(), "utf8mb4" | "utf8" | "utf8mb3") => {
                return Err("the charset is utf8mb4, in which MLflow keeps its texts".to_owned());
            }
            "ssl_mode" => {
                self.tls = match value.to_ascii_uppercase().as_str() {
                    "DISABLED" => TlsMode::Off,
                    "PREFERRED" => TlsMode::Preferred,
                    "REQUIRED" => TlsMode::Required,
                    "VERIFY_CA" => TlsMode::VerifiedAuthority,
                    "VERIFY_IDENTITY" => TlsMode::VerifiedHost,
                    _ => {
                        return Err(
                            "ssl_mode is DISABLED, PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY".to_owned()
                        );
                    }
                }
            }
            "ssl_disabled" if is_true => self.tls = TlsMode::Off,
            "ssl_verify_identity" | "ssl_check_hostname" if is_true => self.tls = TlsMode::VerifiedHost,
            "ssl_verify_cert" if is_true && self.tls != TlsMode::VerifiedHost => self.tls = TlsMode::VerifiedAuthority,
            "ssl_ca" => {
                self.root_certificate = Some(value.into());
                if matches!(self.tls, TlsMode::Preferred | TlsMode::Required) {
                    self.tls = TlsMode::VerifiedAuthority;
                }
            }
            "ssl_cert" => self.client_certificate = Some(value.into()),
            "ssl_key" => self.client_key = Some(value.into()),
            "unix_socket" => self.socket = Some(value.into()),
            "charset"
            | "use_unicode"
            | "collation"
            | "connect_timeout"
            | "read_timeout"
            | "write_timeout"
            | "local_infile"
            | "autocommit"
            | "binary_prefix"
            | "ssl"
            | "ssl_disabled"
            | "ssl_verify_cert"
            | "ssl_verify_identity"
            | "ssl_check_hostname" => {}
            _ => return Err(unknown(name)),
        }
        Ok(())
    }
}

fn unknown(name: &str) -> String {
    format!("the option {name:?} is not known here; leave it out")
}

/// The options behind the question mark, decoded.
fn options(query: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (percent_decoded(name), percent_decoded(&value.replace('+', " ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(uri: &str) -> DatabaseUri {
        DatabaseUri::parse(uri).unwrap_or_else(|| panic!("{uri}")).unwrap_or_else(|error| panic!("{uri}: {error}"))
    }

    fn at(uri: &str) -> ServerUri {
        match parsed(uri) {
            DatabaseUri::Server(server) => server,
            DatabaseUri::File(path) => panic!("{uri}: {path:?}"),
        }
    }

    #[test]
    fn files_are_where_sqlalchemy_looks_for_them() {
        for (uri, path) in [
            ("sqlite:///mlflow.db", "mlflow.db"),
            ("sqlite:////srv/mlflow.db", "/srv/mlflow.db"),
            ("sqlite:///../a b.db", "../a b.db"),
            ("sqlite:///a%20b.db", "a%20b.db"),
            ("SQLite+pysqlite:///x?timeout=5&check_same_thread=False", "x"),
            ("sqlite:///C:\\data\\mlflow.db", "C:\\data\\mlflow.db"),
            ("sqlite:///a@b:c.db", "a@b:c.db"),
        ] {
            assert_eq!(parsed(uri), DatabaseUri::File(PathBuf::from(path)), "{uri}");
        }
        assert_eq!(parsed("sqlite:////srv/mlflow.db").to_string(), "sqlite:////srv/mlflow.db");
        assert_eq!(parsed("sqlite+x:///mlflow.db?mode=rw").to_string(), "sqlite:///mlflow.db");
    }

    #[test]
    fn servers_are_read_whatever_the_driver() {
        for scheme in ["postgresql", "postgresql+psycopg2", "postgresql+asyncpg", "postgres", "PostgreSQL+psycopg"] {
            let uri = at(&format!("{scheme}://jane:p%40%2Fss@db.example:5433/mlflow"));
            assert_eq!((uri.engine, uri.host.as_str(), uri.port), (Engine::Postgres, "db.example", 5433));
            assert_eq!(uri.user.as_deref(), Some("jane"));
            assert_eq!(uri.password.as_ref().map(Secret::expose), Some("p@/ss"));
            assert_eq!(uri.database, "mlflow");
        }
        for scheme in ["mysql", "mysql+pymysql", "mysql+mysqldb", "mariadb+mariadbconnector"] {
            let uri = at(&format!("{scheme}://jane@[::1]/mlflow?charset=utf8mb4"));
            assert_eq!((uri.engine, uri.host.as_str(), uri.port), (Engine::MySql, "::1", 3306));
            assert_eq!((uri.user.as_deref(), uri.password), (Some("jane"), None));
        }
        let short = at("postgresql:///mlflow");
        assert_eq!((short.host.as_str(), short.port, short.user), ("localhost", 5432, None));
        assert_eq!(at("postgresql://jane:a:b/c@h/d").password.as_ref().map(Secret::expose), Some("a:b/c"));
    }

    #[test]
    fn options_are_honoured_or_named() {
        let tls = |uri: &str| at(uri).tls;
        assert_eq!(tls("postgresql://h/d"), TlsMode::Preferred);
        assert_eq!(tls("postgresql://h/d?sslmode=verify-full"), TlsMode::VerifiedHost);
        assert_eq!(tls("postgresql://h/d?sslmode=disable&application_name=x"), TlsMode::Off);
        assert_eq!(tls("mysql://h/d?ssl_ca=/ca.pem"), TlsMode::VerifiedAuthority);
        assert_eq!(tls("mysql://h/d?ssl_verify_identity=true&ssl_ca=/ca.pem"), TlsMode::VerifiedHost);
        assert_eq!(tls("mysql://h/d?ssl_disabled=True"), TlsMode::Off);
        let pg = at("postgresql://h/d?sslrootcert=%2Fca%20a.pem&host=%2Frun&port=6000&user=jane");
        assert_eq!((pg.root_certificate, pg.socket), (Some("/ca a.pem".into()), Some("/run".into())));
        assert_eq!((pg.port, pg.user.as_deref()), (6000, Some("jane")));
        for (uri, word) in [
            ("postgresql://h/d?sslmod=disable", "\"sslmod\""),
            ("postgresql://h/d?sslmode=maybe", "verify-full"),
            ("postgresql://h/d?ssl_ca=x", "\"ssl_ca\""),
            ("mysql://h/d?sslmode=require", "\"sslmode\""),
            ("mysql://h/d?charset=latin1", "utf8mb4"),
            ("sqlite:///x?vfs=unix", "\"vfs\""),
        ] {
            let why = DatabaseUri::parse(uri).unwrap().unwrap_err();
            assert!(why.contains(word), "{uri}: {why}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (uri, word) in [
            ("mssql+pyodbc://h/d", "Microsoft"),
            ("sqlite://", "memory"),
            ("sqlite:///", "memory"),
            ("sqlite:///:memory:", "memory"),
            ("sqlite://mlflow.db", "three slashes"),
            ("sqlite:mlflow.db", "//"),
            ("sqlite:///file:x?mode=ro", "path of the file"),
            ("postgresql://h", "no database"),
            ("postgresql://h:port/d", "port"),
            ("mysql+://h/d", "driver"),
            ("postgresql://jane:p@ss@h/d", "%40"),
        ] {
            let why = DatabaseUri::parse(uri).unwrap_or_else(|| panic!("{uri}")).unwrap_err();
            assert!(why.contains(word), "{uri}: {why}");
        }
        for other in ["http://h", "file:x.db", "demo", "databricks", "mlflow.db", "oracle://h/d"] {
            assert_eq!(DatabaseUri::parse(other), None, "{other}");
        }
    }

    #[test]
    fn neither_user_nor_password_is_shown() {
        for uri in [
            "postgresql://jane:hunter2@h:5433/mlflow",
            "postgresql://h:5433/mlflow?user=jane&password=hunter2",
            "mysql+pymysql://jane:hunter2@h:5433/mlflow",
        ] {
            let uri = parsed(uri);
            let shown = format!("{uri} {uri:?}");
            assert!(!shown.contains("hunter2") && !uri.to_string().contains("jane"), "{shown}");
            assert!(uri.to_string().ends_with("://h:5433/mlflow"), "{uri}");
        }
        let wrong = DatabaseUri::parse("postgresql://jane:hun@ter2@h/d").unwrap().unwrap_err();
        assert!(!wrong.contains("ter2") && !wrong.contains("jane"), "{wrong}");
        let port = DatabaseUri::parse("postgresql://jane:hunter2").unwrap().unwrap_err();
        assert!(!port.contains("hunter2"), "{port}");
    }

    #[test]
    fn a_file_is_a_database_by_its_first_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("a.jsonl"), b"SQLite format 3\0 and more").unwrap();
        std::fs::write(path("b.db"), b"SQLite format").unwrap();
        assert_eq!(DatabaseUri::of_file(&path("a.jsonl")), Some(DatabaseUri::File(path("a.jsonl"))));
        assert_eq!([DatabaseUri::of_file(&path("b.db")), DatabaseUri::of_file(&path("none"))], [None, None]);
    }
}
