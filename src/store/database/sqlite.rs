//! Files of `SQLite`: opened so that nothing is written, wherever they are and whoever writes to them meanwhile; or for a change,
//! as `MLflow` opens them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rusqlite::ffi::{self, ErrorCode};
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags};

use super::sql::{Bind, Cell, Dialect, Row, Sql};
use crate::store::DatabaseTrouble as Trouble;

/// Steps of its machine between two looks at whether anybody still waits.
const STEPS: i32 = 20_000;

/// How long `SQLite` itself waits for whoever has the file, between two such looks.
const TURN: Duration = Duration::from_millis(100);

/// An opened file.
pub(super) struct File {
    connection: Connection,
    /// Whether somebody can write only while nobody reads.
    pub(super) is_exclusive: bool,
    patience: Duration,
    stop: Arc<AtomicBool>,
}

impl File {
    /// Opens a file for reading. It ends what it does when `stop` is set.
    pub(super) fn open(path: &Path, patience: Duration, stop: &Arc<AtomicBool>) -> Result<Self, Trouble> {
        check(path)?;
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

    /// Opens a file for changes: with what depends on a row going with it, as `MLflow` has it.
    pub(super) fn open_to_write(path: &Path, patience: Duration, stop: &Arc<AtomicBool>) -> Result<Self, Trouble> {
        check(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(TURN)?;
            connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA case_sensitive_like = ON")?;
            let has_keys: bool = connection.query_row("PRAGMA foreign_keys", [], |row| row.get(0))?;
            let is_protected = connection.is_readonly("main")?;
            Ok((connection, has_keys && !is_protected))
        };
        match open().map_err(|error: rusqlite::Error| trouble(&error))? {
            (_, false) => Err(Trouble::Denied("the file is write-protected".to_owned())),
            (connection, true) => Ok(Self { connection, is_exclusive: true, patience, stop: Arc::clone(stop) }),
        }
    }

    fn prepared(connection: Connection, patience: Duration, stop: &Arc<AtomicBool>) -> Result<Self, Trouble> {
        let prepare = || {
            let stop = Arc::clone(stop);
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
        Ok(Self { connection, is_exclusive: mode != "wal", patience, stop: Arc::clone(stop) })
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

    /// Begins a change as the only one who writes.
    pub(super) fn begin_change(&self) -> Result<(), Trouble> {
        self.when_free("BEGIN IMMEDIATE")
    }

    /// Ends a change: all of it is there, or nothing.
    pub(super) fn end_change(&self, keep: bool) -> Result<(), Trouble> {
        let kept = if keep { self.when_free("COMMIT") } else { Ok(()) };
        if !self.connection.is_autocommit() {
            self.connection.execute_batch("ROLLBACK").map_err(|error| trouble(&error))?;
        }
        kept
    }

    /// How many rows a statement has changed.
    pub(super) fn execute(&self, sql: &Sql) -> Result<u64, Trouble> {
        let changed =
            self.connection.execute(&sql.for_dialect(Dialect::Sqlite), rusqlite::params_from_iter(sql.binds()));
        changed.map(|rows| rows as u64).map_err(|error| trouble(&error))
    }

    /// Waits for whoever writes, or reads what is to be replaced, for as long as there is patience and somebody waits for it.
    fn when_free(&self, statement: &str) -> Result<(), Trouble> {
        let begun = Instant::now();
        loop {
            match self.connection.execute_batch(statement).map_err(|error| trouble(&error)) {
                Err(Trouble::Locked) if begun.elapsed() < self.patience && !self.stop.load(Ordering::Relaxed) => {}
                done => return done,
            }
        }
    }
}

/// Whether there is a file at all.
fn check(path: &Path) -> Result<(), Trouble> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Trouble::Missing),
        Err(error) => Err(Trouble::Failed(error.to_string())),
        Ok(found) if found.is_dir() => Err(Trouble::NotADatabase),
        Ok(_) => Ok(()),
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
        (ErrorCode::ReadOnly, _) => Trouble::Denied(message),
        _ => Trouble::Failed(message),
    }
}
