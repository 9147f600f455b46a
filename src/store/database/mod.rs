//! `MLflow`'s own databases, read and, where that is allowed, changed without a server: `SQLite`, `PostgreSQL`, `MySQL`.
//!
//! `uri` says where one is, `session` talks to it, `schema` finds out what it has, `asker` makes infos of its rows. A search is a
//! `question`: `push` says what the database leaves out, and the evaluator of filters decides of the rest, so a database answers
//! as the server in front of it does. It knows more: values as they are stored, where a server returns their beginnings.
//!
//! Changes are made by an `editor`, each in one transaction, as `MLflow`'s own store makes them.
//!
//! Invariants: who reads writes nothing, neither rows nor a migration; a search is answered from one state of the database
//! where that keeps nobody waiting; what is not understood is an error and never a shorter answer.

mod asker;
mod assessing;
mod assessments;
mod deleting;
mod editor;
mod experiments;
mod health;
mod listed;
mod probes;
mod push;
mod push_spans;
mod question;
mod reading;
mod remote;
mod schema;
mod session;
mod spans;
mod sql;
mod sqlite;
mod tagging;
#[cfg(test)]
mod tests;
mod uri;
mod walk;
mod writer;

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::objects::Objects;
use super::{
    DatabaseTrouble, Event, Health, KeepTrace, Listener, Looked, Query, Reader, Secret, SpanReader, StoreError,
    TraceFailure, Walk, Writer,
};
use crate::model::{AttachmentRef, Experiment, ExperimentId, Trace, TraceId, TraceInfo};
use asker::Asker;
use question::{Question, number_of};
use reading::Reading;
use schema::Schema;
use session::Session;
use walk::Found;

pub use uri::DatabaseUri;

/// A database.
#[derive(Clone)]
pub struct DatabaseStore(Arc<Inner>);

/// What all questions share.
struct Inner {
    uri: DatabaseUri,
    /// As it is told, without user and password.
    name: String,
    /// How long it is waited for.
    patience: Duration,
    /// The one that is worked in, if it is named.
    workspace: Option<String>,
    /// Found out by the first question.
    schema: OnceLock<Schema>,
    /// Connections that wait for the next question.
    idle: Mutex<Vec<Session>>,
    /// The same for changes.
    idle_editors: Mutex<Vec<Session>>,
    /// Where files of traces are that it only names.
    objects: Arc<Objects>,
    /// Who hears that it is changed, until that is said; nobody has allowed it where there is none.
    changes: Option<Mutex<Option<Listener>>>,
}

/// What a run is told that changes a database.
const BYPASSED: &str = "changes go to the database itself: neither the permissions nor the plugins of a server apply";

/// Tells a thread to stop when nobody waits for it any more.
#[derive(Default)]
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs work that blocks on a thread where it does not hold up others.
fn apart<T, F>(stop: &Stop, work: impl FnOnce(Arc<AtomicBool>) -> F + Send + 'static) -> JoinHandle<T>
where
    T: Send + 'static,
    F: Future<Output = T>,
{
    let (stop, runtime) = (Arc::clone(&stop.0), Handle::current());
    tokio::task::spawn_blocking(move || runtime.block_on(work(stop)))
}

impl Inner {
    fn failure(&self, trouble: DatabaseTrouble) -> StoreError {
        StoreError::Database { name: self.name.clone(), trouble }
    }

    /// Asks a question on a connection, which the question gives back.
    async fn ask<T, F>(self: &Arc<Self>, question: impl FnOnce(Asker) -> F + Send + 'static) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<(Asker, T), StoreError>>,
    {
        let (store, stop) = (Arc::clone(self), Stop::default());
        let asked = apart(&stop, move |stop| async move {
            let (asker, answer) = question(Asker::begin(store, &stop).await?).await?;
            asker.end().await?;
            Ok(answer)
        });
        asked.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }
}

impl DatabaseStore {
    /// Prepares to read a database, with a limit for each wait; no connection is made yet. To change it as well is allowed
    /// where there is a listener, who hears once what that means. Object stores are reached with `variables`.
    #[must_use]
    pub fn new(
        uri: &DatabaseUri,
        patience: Duration,
        workspace: Option<String>,
        variables: &[(String, Secret)],
        changes: Option<Listener>,
    ) -> Self {
        Self(Arc::new(Inner {
            uri: uri.clone(),
            name: uri.to_string(),
            patience,
            workspace,
            objects: Arc::new(Objects::new(variables)),
            schema: OnceLock::new(),
            idle: Mutex::default(),
            idle_editors: Mutex::default(),
            changes: changes.map(|listener| Mutex::new(Some(listener))),
        }))
    }
}

#[cfg(test)]
impl DatabaseStore {
    /// What the evaluator of filters says about all traces, when the database is asked for no part of the filter.
    async fn search_unasked(&self, query: &Query) -> Result<super::Decided, StoreError> {
        let query = query.clone();
        let decided = self.0.ask(move |mut asker| async move {
            let question = Question::new(&query, &mut asker).await?.unasked();
            let sql = question.page(&asker, crate::filter::Direction::Descending, None, 1_000_000);
            let infos = asker.infos(&sql).await?;
            let decided = question.decide(&mut asker, infos).await?;
            Ok((asker, decided))
        });
        decided.await
    }

    /// What a page behind a place is asked with.
    async fn page_behind(&self, query: &Query, place: question::Place) -> Result<String, StoreError> {
        let query = query.clone();
        let sql = self.0.ask(move |mut asker| async move {
            let question = Question::new(&query, &mut asker).await?;
            let sql = question.page(&asker, crate::filter::Direction::Descending, Some(&place), 100);
            let text = sql.for_dialect(asker.dialect());
            Ok((asker, text))
        });
        sql.await
    }
}

#[async_trait]
impl Reader for DatabaseStore {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn needs_experiments(&self) -> bool {
        true
    }

    fn has_links(&self) -> bool {
        true
    }

    fn writer(&self) -> Result<&dyn Writer, StoreError> {
        let Some(listener) = &self.0.changes else {
            return Err(StoreError::DatabaseReadOnly { store: self.0.name.clone() });
        };
        let listener = listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(tell) = listener {
            tell(Event::Warning(BYPASSED.to_owned()));
        }
        Ok(self)
    }

    /// A file has no clock but this machine's, so it tells no time.
    async fn clock_ms(&self) -> Result<Option<i64>, StoreError> {
        self.0.ask(|mut asker| async move { asker.clock_ms().await.map(|time| (asker, time)) }).await
    }

    async fn experiments(&self, with_deleted: bool) -> Result<Vec<Experiment>, StoreError> {
        self.0
            .ask(move |mut asker| async move { asker.experiments(with_deleted).await.map(|found| (asker, found)) })
            .await
    }

    async fn experiment_by_name(&self, name: &str) -> Result<Option<Experiment>, StoreError> {
        let name = name.to_owned();
        self.0
            .ask(move |mut asker| async move { asker.experiment_by_name(&name).await.map(|found| (asker, found)) })
            .await
    }

    async fn experiment_by_id(&self, id: &ExperimentId) -> Result<Option<Experiment>, StoreError> {
        let id = id.clone();
        self.0.ask(move |mut asker| async move { asker.experiment_by_id(&id).await.map(|found| (asker, found)) }).await
    }

    fn search(&self, query: &Query, limit: Option<u64>) -> Result<Box<dyn Walk>, StoreError> {
        Ok(Box::new(Found::new(Arc::clone(&self.0), query, limit)))
    }

    /// Where the database can be told all that the filter says.
    async fn counted(&self, query: &Query) -> Result<Option<u64>, StoreError> {
        let query = query.clone();
        let counted = self.0.ask(move |mut asker| async move {
            asker.hold().await?;
            let question = Question::new(&query, &mut asker).await?;
            let counted = if question.is_exact { Some(asker.rows(&question.count(query.window)).await?) } else { None };
            Ok((asker, counted.map(number_of)))
        });
        counted.await
    }

    async fn known_total(&self, query: &Query) -> Option<u64> {
        self.count(query).await.ok().map(|(count, _)| count)
    }

    async fn traces(&self, ids: &[TraceId]) -> Result<Looked<Trace>, StoreError> {
        Ok(self.infos(ids).await?.map(Trace::without_spans))
    }

    async fn infos(&self, ids: &[TraceId]) -> Result<Looked<TraceInfo>, StoreError> {
        let wanted = ids.to_vec();
        let found = self.0.ask(move |mut asker| async move {
            asker.hold().await?;
            let found = asker.infos_of(&wanted).await?;
            Ok((asker, found))
        });
        let mut looked = Looked::of_all(ids, found.await?, |info| info);
        let unread: Vec<TraceInfo> = looked.found.extract_if(.., |info| !info.unread.is_empty()).collect();
        looked.unseen.extend(unread.into_iter().map(|info| super::Unseen {
            reason: info.unreadable().unwrap_or_default(),
            trace_id: info.trace_id,
            is_forbidden: false,
        }));
        Ok(looked)
    }

    async fn whole(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        let given = traces.clone();
        let read = self.0.ask(move |mut asker| async move {
            asker.hold().await?;
            asker.whole(traces).await.map(|read| (asker, read))
        });
        read.await.unwrap_or_else(|error| {
            let reason = error.to_string();
            let failed = |trace: Trace| {
                let trouble = DatabaseTrouble::Failed(reason.clone());
                Err(TraceFailure::new(trace, StoreError::Database { name: self.0.name.clone(), trouble }))
            };
            given.into_iter().map(failed).collect()
        })
    }

    fn read_spans(&self, walk: Box<dyn Walk>, keep: KeepTrace) -> SpanReader {
        SpanReader::new(Reading::new(Arc::clone(&self.0), walk, keep))
    }

    async fn attachment(&self, reference: &AttachmentRef) -> Result<Option<bytes::Bytes>, StoreError> {
        Ok(self.attachment_or_why(reference).await?.ok())
    }

    async fn attachment_or_why(&self, reference: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, StoreError> {
        let reference = reference.clone();
        let read =
            self.0.ask(move |mut asker| async move { asker.attachment(&reference).await.map(|read| (asker, read)) });
        Ok(read.await?.map(bytes::Bytes::from))
    }

    async fn health(&self, now_ms: i64) -> Result<Option<Health>, StoreError> {
        let health =
            self.0.ask(move |mut asker| async move { asker.health(now_ms).await.map(|health| (asker, health)) });
        health.await.map(Some)
    }

    async fn linked(&self, experiments: &[ExperimentId]) -> Result<Option<u64>, StoreError> {
        let experiments = experiments.to_vec();
        let linked =
            self.0.ask(move |mut asker| async move { asker.linked(&experiments).await.map(|linked| (asker, linked)) });
        linked.await.map(Some)
    }
}
