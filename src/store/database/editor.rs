//! Changes of a database, each in a transaction of its own: all of it is there afterwards, or nothing.
//!
//! Others write at the same time, a server above all: whoever has a row or the file is waited for, and a change that the database
//! gave up because two got in each other's way is made again from its beginning. Invariant: what a change rests on is looked at
//! within it, on rows that nobody else can change meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::schema::Schema;
use super::session::Session;
use super::sql::{Dialect, Row, Sql};
use super::{Inner, Stop, apart};
use crate::model::TraceId;
use crate::store::{DatabaseTrouble, StoreError};

/// How often a change is made that meets others.
const TRIES: u32 = 6;
/// The pause before the second time; it doubles.
const PAUSE: Duration = Duration::from_millis(50);

/// A connection of one change.
pub(super) struct Editor {
    store: Arc<Inner>,
    session: Session,
    pub(super) schema: Schema,
}

/// What a row of `trace_info` says that others are made from.
pub(super) struct Home {
    pub(super) experiment: i64,
    pub(super) time_ms: i64,
}

impl Inner {
    /// Makes a change on a connection of its own; `work` is done again where the database gave it up.
    pub(super) async fn change<T, W>(self: &Arc<Self>, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: AsyncFn(&mut Editor) -> Result<T, StoreError> + Send + 'static,
    {
        let (store, stop) = (Arc::clone(self), Stop::default());
        let changed = apart(&stop, move |stop| async move {
            let mut editor = Editor::begin(store, &stop).await?;
            let done = editor.carry_out(&work, &stop).await?;
            editor.end();
            Ok(done)
        });
        changed.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }
}

impl Editor {
    /// Takes a connection, or opens one.
    async fn begin(store: Arc<Inner>, stop: &Arc<AtomicBool>) -> Result<Self, StoreError> {
        let idle = store.idle_editors.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut session = match idle.and_then(|session| session.for_another(stop)) {
            Some(session) => session,
            None => Session::open_to_write(&store.uri, store.patience, stop)
                .await
                .map_err(|trouble| store.failure(trouble))?,
        };
        let schema = match store.schema.get() {
            Some(schema) => *schema,
            None => Schema::find(&mut session).await.map_err(|trouble| store.failure(trouble))?,
        };
        Ok(Self { store, session, schema })
    }

    /// Keeps the connection for the next change.
    fn end(self) {
        self.store.idle_editors.lock().unwrap_or_else(PoisonError::into_inner).push(self.session);
    }

    async fn carry_out<T>(
        &mut self,
        work: &impl AsyncFn(&mut Self) -> Result<T, StoreError>,
        stop: &AtomicBool,
    ) -> Result<T, StoreError> {
        let (mut tries, mut pause) = (1, PAUSE);
        loop {
            let done = self.once(work).await;
            let is_conflict = matches!(&done, Err(StoreError::Database { trouble: DatabaseTrouble::Conflict(_), .. }));
            if !is_conflict || tries >= TRIES || stop.load(Ordering::Relaxed) {
                return done;
            }
            tokio::time::sleep(pause).await;
            (tries, pause) = (tries + 1, pause * 2);
        }
    }

    async fn once<T>(&mut self, work: &impl AsyncFn(&mut Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.session.begin_change().await.map_err(|trouble| self.store.failure(trouble))?;
        let done = work(self).await;
        let ended = self.session.end_change(done.is_ok()).await;
        done.and_then(|done| ended.map(|()| done).map_err(|trouble| self.store.failure(trouble)))
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.session.dialect()
    }

    pub(super) fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    pub(super) fn failure(&self, trouble: DatabaseTrouble) -> StoreError {
        self.store.failure(trouble)
    }

    /// A change that the database does not take, for this reason.
    pub(super) fn unwritable(&self, why: impl Into<String>) -> StoreError {
        self.failure(DatabaseTrouble::Unwritable(why.into()))
    }

    pub(super) async fn rows(&mut self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        let rows = self.session.rows(sql).await;
        rows.map_err(|trouble| self.store.failure(trouble))
    }

    /// How many rows were changed.
    pub(super) async fn execute(&mut self, sql: &Sql) -> Result<u64, StoreError> {
        let changed = self.session.execute(sql).await;
        changed.map_err(|trouble| self.store.failure(trouble))
    }

    /// What makes `trace_info` one of the workspace that is worked in.
    pub(super) fn in_workspace(&self) -> Sql {
        match self.store.workspace.as_deref().filter(|_| self.schema.has_workspaces) {
            Some(workspace) => {
                Sql::new(" AND experiment_id IN (SELECT experiment_id FROM experiments WHERE workspace = ")
                    .bind(workspace)
                    .text(")")
            }
            None => Sql::default(),
        }
    }

    /// Holds the row of a trace, which must be there.
    pub(super) async fn hold(&mut self, id: &TraceId) -> Result<Home, StoreError> {
        let sql = Sql::new("SELECT request_id, experiment_id, timestamp_ms FROM trace_info WHERE request_id = ")
            .bind(id.as_str())
            .part(self.in_workspace())
            .text(self.dialect().for_update());
        for mut row in self.rows(&sql).await? {
            // Some databases compare without regard to case.
            if row.text_or_empty() == id.as_str() {
                let (experiment, time) = (row.integer(), row.integer());
                return Ok(Home { experiment: experiment.unwrap_or_default(), time_ms: time.unwrap_or_default() });
            }
        }
        Err(StoreError::TraceGone { trace_id: id.clone() })
    }
}
