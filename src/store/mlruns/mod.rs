//! Stores of files: the folder `mlruns` in which `MLflow` keeps experiments, runs and traces without a database. Read-only.
//!
//! `folders` knows what is where, `yaml` reads as Python does, `found` searches: all infos of the experiments are read, asked the
//! filter here, and sorted, as `MLflow` itself does. Invariants: nothing is written; memory grows with the number of matches by
//! what they are sorted by; a trace of which something cannot be read is counted and never passed over.

mod folders;
mod found;
mod yaml;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use tokio::runtime::Handle;

use super::objects::Objects;
use super::{KeepTrace, Looked, Query, Reader, Secret, SpanReader, StoreError, TraceFailure, Undecided, Unseen, Walk};
use crate::model::{AttachmentRef, Experiment, ExperimentId, Trace, TraceId, TraceInfo};
use folders::Root;
use found::Found;

/// A folder of `MLflow` that is read.
#[derive(Clone)]
pub struct FileStore {
    root: Root,
    name: Arc<str>,
}

/// Runs work that blocks on a thread where it does not hold up others.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

impl FileStore {
    /// Prepares to read a folder, and what traces have in object stores with the variables of these; nothing is read yet.
    #[must_use]
    pub fn new(path: &Path, variables: &[(String, Secret)]) -> Self {
        let root = Root { path: path.to_owned(), objects: Arc::new(Objects::new(variables)) };
        Self { root, name: path.display().to_string().into() }
    }

    /// Whether there is such a store in a folder.
    #[must_use]
    pub fn is_at(path: &Path) -> bool {
        folders::is_store(path)
    }

    /// The folder that `MLflow` takes before any database if nobody says which, if it is there.
    #[must_use]
    pub fn usual() -> Option<PathBuf> {
        Some(PathBuf::from("mlruns")).filter(|path| folders::is_usual(path))
    }
}

#[async_trait]
impl Reader for FileStore {
    fn name(&self) -> &str {
        &self.name
    }

    fn needs_experiments(&self) -> bool {
        true
    }

    async fn experiments(&self, with_deleted: bool) -> Result<Vec<Experiment>, StoreError> {
        let root = self.root.clone();
        let mut all = apart(move || root.experiments()).await?;
        all.retain(|experiment| with_deleted || experiment.lifecycle == crate::model::Lifecycle::Active);
        Ok(all)
    }

    fn search(&self, query: &Query, limit: Option<u64>) -> Result<Box<dyn Walk>, StoreError> {
        Ok(Box::new(Found::new(&self.root, query, limit)))
    }

    async fn count(&self, query: &Query) -> Result<(u64, Vec<Undecided>), StoreError> {
        let (root, query) = (self.root.clone(), query.clone());
        apart(move || found::search(&root, &query, None).map(|found| (found.folders.len() as u64, found.undecided)))
            .await
    }

    async fn known_total(&self, query: &Query) -> Option<u64> {
        self.count(query).await.ok().map(|(count, _)| count)
    }

    async fn traces(&self, ids: &[TraceId]) -> Result<Looked<Trace>, StoreError> {
        Ok(self.infos(ids).await?.map(Trace::without_spans))
    }

    async fn infos(&self, ids: &[TraceId]) -> Result<Looked<TraceInfo>, StoreError> {
        let (root, wanted) = (self.root.clone(), ids.to_vec());
        let found = apart(move || {
            let mut found = Vec::new();
            for id in &wanted {
                found.extend(root.trace(id)?.and_then(|folder| folder.info()));
            }
            Ok::<_, StoreError>(found)
        });
        let mut looked = Looked::of_all(ids, found.await?, |info| info);
        let unread: Vec<TraceInfo> = looked.found.extract_if(.., |info| !info.unread.is_empty()).collect();
        looked.unseen.extend(unread.into_iter().map(|info| Unseen {
            reason: info.unreadable().unwrap_or_default(),
            trace_id: info.trace_id,
            is_forbidden: false,
        }));
        Ok(looked)
    }

    async fn whole(&self, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
        let root = self.root.clone();
        apart(move || whole(&root, traces)).await
    }

    fn read_spans(&self, walk: Box<dyn Walk>, keep: KeepTrace) -> SpanReader {
        SpanReader::of_pages(Arc::new(self.clone()), walk, keep)
    }

    async fn attachment(&self, reference: &AttachmentRef) -> Result<Option<bytes::Bytes>, StoreError> {
        Ok(self.attachment_or_why(reference).await?.ok())
    }

    async fn attachment_or_why(&self, reference: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, StoreError> {
        let (root, reference) = (self.root.clone(), reference.clone());
        apart(move || {
            let Some(folder) = root.trace(&reference.trace_id)? else {
                return Ok(Err(format!("there is no trace {}", reference.trace_id)));
            };
            let experiments = root.experiments()?;
            let experiment = experiments.iter().find(|experiment| experiment.id == folder.experiment);
            let info = folder.info().unwrap_or_else(|| TraceInfo::new(reference.trace_id.clone(), 0));
            let files = folder.files(&info, experiment);
            let content = Handle::current().block_on(files.attachment(&reference, &root.objects));
            Ok(content.map(bytes::Bytes::from))
        })
        .await
    }
}

/// Adds the spans to traces, in order; each trace fails on its own. Blocks its thread.
fn whole(root: &Root, traces: Vec<Trace>) -> Vec<Result<Trace, TraceFailure>> {
    let experiments: HashMap<ExperimentId, Experiment> =
        root.experiments().into_iter().flatten().map(|experiment| (experiment.id.clone(), experiment)).collect();
    let read = |Trace { info, .. }: Trace| match root.trace(&info.trace_id) {
        Ok(Some(folder)) => {
            let files = folder.files(&info, experiments.get(&folder.experiment));
            Handle::current().block_on(files.whole(info, &root.objects))
        }
        Ok(None) => {
            let error = StoreError::TraceGone { trace_id: info.trace_id.clone() };
            Err(TraceFailure::new(Trace::without_spans(info), error))
        }
        Err(error) => Err(TraceFailure::new(Trace::without_spans(info), error)),
    };
    traces.into_iter().map(read).collect()
}
