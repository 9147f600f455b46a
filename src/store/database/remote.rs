//! Database servers: `PostgreSQL`, `MySQL` and `MariaDB`, in transactions that can only read, but for changes.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlRow, MySqlSslMode};
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgRow, PgSslMode};
use sqlx::{Column, ConnectOptions, Row as _, TypeInfo, ValueRef};

use super::sql::{Bind, Cell, Dialect, Row, Sql};
use super::uri::{Engine, ServerUri, TlsMode};
use crate::store::DatabaseTrouble as Trouble;

/// How often is looked whether anybody still waits.
const LOOK: Duration = Duration::from_millis(100);

/// A connection to a server.
pub(super) enum Remote {
    Postgres(Box<PgConnection>),
    MySql(Box<MySqlConnection>),
}

impl Remote {
    pub(super) async fn open(uri: &ServerUri, patience: Duration) -> Result<Self, Trouble> {
        let connecting = async {
            match uri.engine {
                Engine::Postgres => {
                    postgres(uri).connect().await.map(|connection| Self::Postgres(Box::new(connection)))
                }
                Engine::MySql => mysql(uri).connect().await.map(|connection| Self::MySql(Box::new(connection))),
            }
        };
        match tokio::time::timeout(patience, connecting).await {
            Ok(connected) => connected.map_err(|error| trouble(&error)),
            Err(_) => Err(Trouble::Unreachable(format!("no answer within {} seconds", patience.as_secs()))),
        }
    }

    /// The same for changes: others are waited for no longer than there is patience, and texts are refused rather than cut.
    pub(super) async fn open_to_write(uri: &ServerUri, patience: Duration) -> Result<Self, Trouble> {
        let mut connection = Self::open(uri, patience).await?;
        let prepare = match connection.dialect() {
            Dialect::MySql => format!(
                "SET SESSION innodb_lock_wait_timeout = {}, foreign_key_checks = 1, sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
                patience.as_secs().max(1)
            ),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("SET lock_timeout = {}", patience.as_millis().clamp(1, 86_400_000))
            }
        };
        connection.run(&prepare).await?;
        Ok(connection)
    }

    /// Does what has no answer.
    async fn run(&mut self, statements: &str) -> Result<(), Trouble> {
        let done = match self {
            Self::Postgres(connection) => sqlx::raw_sql(statements).execute(&mut **connection).await.map(drop),
            Self::MySql(connection) => sqlx::raw_sql(statements).execute(&mut **connection).await.map(drop),
        };
        done.map_err(|error| trouble(&error))
    }

    pub(super) async fn begin_change(&mut self) -> Result<(), Trouble> {
        let begin = match self.dialect() {
            Dialect::MySql => "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION READ WRITE",
            Dialect::Postgres | Dialect::Sqlite => "BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE",
        };
        self.run(begin).await
    }

    pub(super) async fn end_change(&mut self, keep: bool) -> Result<(), Trouble> {
        self.run(if keep { "COMMIT" } else { "ROLLBACK" }).await
    }

    /// How many rows a statement has changed. Ends when `stop` is set.
    pub(super) async fn execute(&mut self, sql: &Sql, stop: &Arc<AtomicBool>) -> Result<u64, Trouble> {
        let text = sql.for_dialect(self.dialect());
        match self {
            Self::Postgres(connection) => {
                let query = sqlx::query_with(&text, postgres_values(sql)?);
                unless_stopped(stop, query.execute(&mut **connection)).await.map(|done| done.rows_affected())
            }
            Self::MySql(connection) => {
                let query = sqlx::query_with(&text, mysql_values(sql)?);
                unless_stopped(stop, query.execute(&mut **connection)).await.map(|done| done.rows_affected())
            }
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::MySql(_) => Dialect::MySql,
        }
    }

    /// What a statement answers. Ends when `stop` is set.
    pub(super) async fn rows(&mut self, sql: &Sql, stop: &Arc<AtomicBool>) -> Result<Vec<Row>, Trouble> {
        let text = sql.for_dialect(self.dialect());
        match self {
            Self::Postgres(connection) => {
                let query = sqlx::query_with(&text, postgres_values(sql)?);
                let rows = unless_stopped(stop, query.fetch_all(&mut **connection)).await?;
                rows.iter().map(postgres_row).collect::<Result<_, _>>().map_err(|error| trouble(&error))
            }
            Self::MySql(connection) => {
                let query = sqlx::query_with(&text, mysql_values(sql)?);
                let rows = unless_stopped(stop, query.fetch_all(&mut **connection)).await?;
                rows.iter().map(mysql_row).collect::<Result<_, _>>().map_err(|error| trouble(&error))
            }
        }
    }

    /// Begins a transaction in which all is answered from one state, or ends it.
    pub(super) async fn hold(&mut self, begin: bool) -> Result<(), Trouble> {
        let statement = match (self.dialect(), begin) {
            (_, false) => "COMMIT",
            (Dialect::MySql, true) => {
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"
            }
            (Dialect::Postgres | Dialect::Sqlite, true) => {
                "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            }
        };
        self.run(statement).await
    }
}

/// What comes, unless nobody waits for it any more.
async fn unless_stopped<T>(
    stop: &AtomicBool,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Trouble> {
    let stopped = async {
        while !stop.load(Ordering::Relaxed) {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        done = work => done.map_err(|error| trouble(&error)),
        () = stopped => Err(Trouble::Failed("interrupted".to_owned())),
    }
}

fn postgres(uri: &ServerUri) -> PgConnectOptions {
    let mode = match uri.tls {
        TlsMode::Off => PgSslMode::Disable,
        TlsMode::Preferred => PgSslMode::Prefer,
        TlsMode::Required => PgSslMode::Require,
        TlsMode::VerifiedAuthority => PgSslMode::VerifyCa,
        TlsMode::VerifiedHost => PgSslMode::VerifyFull,
    };
    // With the password of the environment or of ~/.pgpass, as Python's drivers.
    let mut options = PgConnectOptions::new().host(&uri.host).port(uri.port).database(&uri.database).ssl_mode(mode);
    options = options.application_name("mlflow-trace");
    if let Some(socket) = &uri.socket {
        options = options.socket(socket);
    }
    if let Some(user) = &uri.user {
        options = options.username(user);
    }
    if let Some(password) = &uri.password {
        options = options.password(password.expose());
    }
    if let Some(certificate) = &uri.root_certificate {
        options = options.ssl_root_cert(certificate);
    }
    if let Some(certificate) = &uri.client_certificate {
        options = options.ssl_client_cert(certificate);
    }
    if let Some(key) = &uri.client_key {
        options = options.ssl_client_key(key);
    }
    options
}

fn mysql(uri: &ServerUri) -> MySqlConnectOptions {
    let mode = match uri.tls {
        TlsMode::Off => MySqlSslMode::Disabled,
        TlsMode::Preferred => MySqlSslMode::Preferred,
        TlsMode::Required => MySqlSslMode::Required,
        TlsMode::VerifiedAuthority => MySqlSslMode::VerifyCa,
        TlsMode::VerifiedHost => MySqlSslMode::VerifyIdentity,
    };
    let mut options = MySqlConnectOptions::new().host(&uri.host).port(uri.port).database(&uri.database).ssl_mode(mode);
    // Nothing of the session is changed that reading does not need.
    options = options.pipes_as_concat(false).no_engine_substitution(false).timezone(None);
    if let Some(socket) = &uri.socket {
        options = options.socket(socket);
    }
    if let Some(user) = &uri.user {
        options = options.username(user);
    }
    if let Some(password) = &uri.password {
        options = options.password(password.expose());
    }
    if let Some(certificate) = &uri.root_certificate {
        options = options.ssl_ca(certificate);
    }
    if let Some(certificate) = &uri.client_certificate {
        options = options.ssl_client_cert(certificate);
    }
    if let Some(key) = &uri.client_key {
        options = options.ssl_client_key(key);
    }
    options
}

fn postgres_values(sql: &Sql) -> Result<PgArguments, Trouble> {
    use sqlx::Arguments;

    let mut values = PgArguments::default();
    for bind in sql.binds() {
        let added = match bind {
            Bind::Text(text) => values.add(text.as_str()),
            Bind::Integer(number) => values.add(*number),
            Bind::Real(number) => values.add(*number),
        };
        added.map_err(|error| Trouble::Failed(error.to_string()))?;
    }
    Ok(values)
}

fn mysql_values(sql: &Sql) -> Result<MySqlArguments, Trouble> {
    use sqlx::Arguments;

    let mut values = MySqlArguments::default();
    for bind in sql.binds() {
        let added = match bind {
            Bind::Text(text) => values.add(text.as_str()),
            Bind::Integer(number) => values.add(*number),
            Bind::Real(number) => values.add(*number),
        };
        added.map_err(|error| Trouble::Failed(error.to_string()))?;
    }
    Ok(values)
}

fn postgres_row(row: &PgRow) -> Result<Row, sqlx::Error> {
    let cell = |at: usize| {
        if row.try_get_raw(at)?.is_null() {
            return Ok(Cell::Null);
        }
        Ok(match row.column(at).type_info().name() {
            "BOOL" => Cell::Integer(row.try_get::<bool, _>(at)?.into()),
            "INT2" => Cell::Integer(row.try_get::<i16, _>(at)?.into()),
            "INT4" => Cell::Integer(row.try_get::<i32, _>(at)?.into()),
            "INT8" => Cell::Integer(row.try_get(at)?),
            "FLOAT4" => Cell::Real(row.try_get::<f32, _>(at)?.into()),
            "FLOAT8" => Cell::Real(row.try_get(at)?),
            _ => Cell::Text(row.try_get_unchecked(at)?),
        })
    };
    (0..row.len()).map(cell).collect::<Result<Vec<_>, _>>().map(Row::new)
}

fn mysql_row(row: &MySqlRow) -> Result<Row, sqlx::Error> {
    let cell = |at: usize| {
        if row.try_get_raw(at)?.is_null() {
            return Ok(Cell::Null);
        }
        let name = row.column(at).type_info().name();
        Ok(match name {
            "FLOAT" => Cell::Real(row.try_get::<f32, _>(at)?.into()),
            "DOUBLE" => Cell::Real(row.try_get(at)?),
            _ if name == "BOOLEAN" || name.ends_with("INT") || name.ends_with("INT UNSIGNED") => {
                Cell::Integer(row.try_get_unchecked(at)?)
            }
            // Some servers call texts of their own tables binary.
            _ => {
                let bytes: Vec<u8> = row.try_get_unchecked(at)?;
                Cell::Text(String::from_utf8_lossy(&bytes).into_owned())
            }
        })
    };
    (0..row.len()).map(cell).collect::<Result<Vec<_>, _>>().map(Row::new)
}

/// What `MySQL` says about users that may not: of the database, of it all, of a table, of a server that is only read.
const DENIED: [u16; 5] = [1044, 1045, 1142, 1290, 1698];
/// What it says where two change the same: a deadlock, a key that somebody else has just used.
const CONFLICTS: [u16; 2] = [1213, 1062];
/// That it has waited for too long.
const WAITED: u16 = 1205;

fn trouble(error: &sqlx::Error) -> Trouble {
    match error {
        sqlx::Error::Io(error) => Trouble::Unreachable(error.to_string()),
        sqlx::Error::Tls(error) => Trouble::Unreachable(format!("TLS failed: {error}")),
        sqlx::Error::Database(error) => {
            let message = error.message().to_owned();
            match error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number) {
                Some(WAITED) => Trouble::Locked,
                Some(number) if DENIED.contains(&number) => Trouble::Denied(message),
                Some(number) if CONFLICTS.contains(&number) => Trouble::Conflict(message),
                Some(_) => Trouble::Failed(message),
                None => match error.code().as_deref() {
                    Some("28P01" | "28000" | "42501" | "25006") => Trouble::Denied(message),
                    Some("40001" | "40P01" | "23505") => Trouble::Conflict(message),
                    Some("55P03") => Trouble::Locked,
                    _ => Trouble::Failed(message),
                },
            }
        }
        other => Trouble::Failed(other.to_string()),
    }
}
