//! A connection to a database, whichever it is, on which one question after the other is asked.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::remote::Remote;
use super::sql::{Dialect, Row, Sql};
use super::sqlite::File;
use super::uri::DatabaseUri;
use crate::store::DatabaseTrouble as Trouble;

/// How long somebody who writes to a file may be kept waiting: `MLflow` itself waits for twenty seconds.
const HOLD: Duration = Duration::from_secs(2);

/// An opened connection.
pub(super) struct Session {
    connection: Connection,
    /// Set when nobody waits for an answer any more.
    stop: Arc<AtomicBool>,
    /// Since when it holds one state of the database.
    held: Option<Instant>,
    /// How many states it has held for this question.
    states: u64,
}

enum Connection {
    File(Box<File>),
    Server(Remote),
}

impl Session {
    /// Opens a connection. It ends what it does when `stop` is set.
    pub(super) async fn open(uri: &DatabaseUri, patience: Duration, stop: &Arc<AtomicBool>) -> Result<Self, Trouble> {
        let connection = match uri {
            DatabaseUri::File(path) => Connection::File(Box::new(File::open(path, patience, stop)?)),
            DatabaseUri::Server(server) => Connection::Server(Remote::open(server, patience).await?),
        };
        Ok(Self { connection, stop: Arc::clone(stop), held: None, states: 0 })
    }

    /// Opens a connection for changes. It ends its waits when `stop` is set.
    pub(super) async fn open_to_write(
        uri: &DatabaseUri,
        patience: Duration,
        stop: &Arc<AtomicBool>,
    ) -> Result<Self, Trouble> {
        let connection = match uri {
            DatabaseUri::File(path) => Connection::File(Box::new(File::open_to_write(path, patience, stop)?)),
            DatabaseUri::Server(server) => Connection::Server(Remote::open_to_write(server, patience).await?),
        };
        Ok(Self { connection, stop: Arc::clone(stop), held: None, states: 0 })
    }

    /// The same connection for another question; nothing if it stops with the one that it was opened for.
    pub(super) fn for_another(mut self, stop: &Arc<AtomicBool>) -> Option<Self> {
        (self.stop, self.states) = (Arc::clone(stop), 0);
        matches!(self.connection, Connection::Server(_)).then_some(self)
    }

    pub(super) fn dialect(&self) -> Dialect {
        match &self.connection {
            Connection::File(_) => Dialect::Sqlite,
            Connection::Server(server) => server.dialect(),
        }
    }

    /// What a statement answers.
    pub(super) async fn rows(&mut self, sql: &Sql) -> Result<Vec<Row>, Trouble> {
        match &mut self.connection {
            Connection::File(file) => file.rows(sql),
            Connection::Server(server) => server.rows(sql, &self.stop).await,
        }
    }

    /// How many rows a statement has changed.
    pub(super) async fn execute(&mut self, sql: &Sql) -> Result<u64, Trouble> {
        match &mut self.connection {
            Connection::File(file) => file.execute(sql),
            Connection::Server(server) => server.execute(sql, &self.stop).await,
        }
    }

    /// Begins a change, of which nothing is there for others before it is kept.
    pub(super) async fn begin_change(&mut self) -> Result<(), Trouble> {
        match &mut self.connection {
            Connection::File(file) => file.begin_change(),
            Connection::Server(server) => server.begin_change().await,
        }
    }

    /// Keeps a change or takes it back, the whole of it.
    pub(super) async fn end_change(&mut self, keep: bool) -> Result<(), Trouble> {
        match &mut self.connection {
            Connection::File(file) => file.end_change(keep),
            Connection::Server(server) => server.end_change(keep).await,
        }
    }

    /// Holds one state of the database from now on: whatever is asked is answered from it. A state that was held for as long as
    /// others can be kept waiting is let go for a new one.
    pub(super) async fn hold(&mut self) -> Result<(), Trouble> {
        if self.patience().is_some_and(|left| left.is_zero()) {
            self.let_go().await?;
        }
        if self.held.is_none() {
            self.begin(true).await?;
            self.held = Some(Instant::now());
            self.states += 1;
        }
        Ok(())
    }

    /// Lets go of the state that is held.
    pub(super) async fn let_go(&mut self) -> Result<(), Trouble> {
        if self.held.take().is_some() { self.begin(false).await } else { Ok(()) }
    }

    async fn begin(&mut self, begin: bool) -> Result<(), Trouble> {
        match &mut self.connection {
            Connection::File(file) => file.hold(begin),
            Connection::Server(server) => server.hold(begin).await,
        }
    }

    /// How much longer the state may be held that is held; nothing if for as long as need be.
    pub(super) fn patience(&self) -> Option<Duration> {
        match &self.connection {
            Connection::File(file) if file.is_exclusive => self.held.map(|since| HOLD.saturating_sub(since.elapsed())),
            Connection::File(_) | Connection::Server(_) => None,
        }
    }

    /// How many states of the database were held so far.
    pub(super) fn states(&self) -> u64 {
        self.states
    }
}
