//! Files of `SQLite`: opened so that nothing is written, wherever they are and whoever writes to them meanwhile.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::ffi::{self, ErrorCode};
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags};

use super::sql::{Bind, Cell, Dialect, Row, Sql};
use crate::store::DatabaseTrouble as Trouble;

/// Steps of its machine between two looks at whether anybody still waits.
const STEPS: i32 = 20_000;

/// An opened file.
pub(super) struct File {
    connection: Connection,
    /// Whether somebody can write only while nobody reads.
    pub(super) is_exclusive: bool,
}

impl File {
    /// Opens a file for reading. It ends what it does when `stop` is set.
    pub(super) fn open(path: &Path, patience: Duration, stop: &Arc<AtomicBool>) -> Result<Self, Trouble> {
        match std::fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Trouble::Missing),
            Err(error) => return Err(Trouble::Failed(error.to_string())),
            Ok(found) if found.is_dir() => return Err(Trouble::NotADatabase),
            Ok(_) => {}
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|error| trouble(&error))?;
        let opened = Self::prepared(connection, patience, stop);
        match opened {
            // Where nothing can be written there is no place for what connections share of a write-ahead log.
            Err(Trouble::WriteAheadLog(_)) if is_settled(path) => {
                Self::prepared(immutable(path).map_err(|error| trouble(&error))?, patience, stop)
            }
            Err(Trouble::WriteAheadLog(_)) => Err(Trouble::WriteAheadLog(log_of(path).display().to_string())),
            opened => opened,
        }
    }

    fn prepared(connection: Connection, patience: Duration, stop: &Arc<AtomicBool>) -> Result<Self, Trouble> {
        let stop = Arc::clone(stop);
        let prepare = || {
            connection.busy_timeout(patience)?;
            connection.progress_handler(STEPS, Some(move || stop.load(Ordering::Relaxed)));
            // As MLflow compares. What is sorted is kept in memory, as nothing is written.
            connection
                .execute_batch("PRAGMA query_only = ON; PRAGMA case_sensitive_like = ON; PRAGMA temp_store = MEMORY")?;
            let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
            // The first page is read only now.
            connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
            Ok(mode)
        };
        let mode: String = prepare().map_err(|error: rusqlite::Error| trouble(&error))?;
        Ok(Self { connection, is_exclusive: mode != "wal" })
    }

    /// What a statement answers.
    pub(super) fn rows(&self, sql: &Sql) -> Result<Vec<Row>, Trouble> {
        let ask = || {
            let mut statement = self.connection.prepare(&sql.for_dialect(Dialect::Sqlite))?;
            let columns = statement.column_count();
            let mut answer = statement.query(rusqlite::params_from_iter(sql.binds()))?;
            let mut rows = Vec::new();
            while let Some(row) = answer.next()? {
                let cells = (0..columns).map(|column| row.get_ref(column).map(cell)).collect::<Result<_, _>>()?;
                rows.push(Row::new(cells));
            }
            Ok(rows)
        };
        ask().map_err(|error: rusqlite::Error| trouble(&error))
    }

    /// Sees from now on the state that there is when it is first looked at, or no longer.
    pub(super) fn hold(&self, begin: bool) -> Result<(), Trouble> {
        let statement = if begin { "BEGIN" } else { "COMMIT" };
        self.connection.execute_batch(statement).map_err(|error| trouble(&error))
    }
}

impl ToSql for Bind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(text) => text.to_sql(),
            Self::Integer(number) => number.to_sql(),
            Self::Real(number) => number.to_sql(),
        }
    }
}

fn cell(value: ValueRef) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Real(number) => Cell::Real(number),
        ValueRef::Text(text) | ValueRef::Blob(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
    }
}

/// The write-ahead log of a file.
fn log_of(path: &Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Whether all of a file is in itself.
fn is_settled(path: &Path) -> bool {
    std::fs::metadata(log_of(path)).map_or(true, |log| log.len() == 0)
}

/// Opens a file that nobody can change while it is read.
fn immutable(path: &Path) -> rusqlite::Result<Connection> {
    let escaped: String = path
        .to_string_lossy()
        .chars()
        .map(|character| match character {
            '%' | '?' | '#' => format!("%{:02x}", u32::from(character)),
            other => other.to_string(),
        })
        .collect();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags)
}

fn trouble(error: &rusqlite::Error) -> Trouble {
    let rusqlite::Error::SqliteFailure(failure, message) = error else { return Trouble::Failed(error.to_string()) };
    let message = message.clone().unwrap_or_else(|| failure.to_string());
    match (failure.code, failure.extended_code) {
        (_, ffi::SQLITE_READONLY_ROLLBACK) => Trouble::Unfinished,
        // A log without what connections share of it.
        (_, ffi::SQLITE_READONLY_CANTINIT | ffi::SQLITE_READONLY_RECOVERY | ffi::SQLITE_READONLY_DIRECTORY)
        | (ErrorCode::CannotOpen, _) => Trouble::WriteAheadLog(message),
        (ErrorCode::NotADatabase, _) => Trouble::NotADatabase,
        (ErrorCode::DatabaseCorrupt, _) => Trouble::Damaged(message),
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Trouble::Locked,
        _ => Trouble::Failed(message),
    }
}
