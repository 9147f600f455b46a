//! Read-only archives: exported traces in a file or a folder, and the demonstration inside the binary.
//!
//! `layout` finds the parts, `part` reads one of them, `promise` holds it against its manifest, `scan` visits all on every
//! processor, `copies` sees to it that no trace counts twice, `question` decides what matches, `found` hands it out in order.
//! `wrapped` finds the traces in what holds several, `put_together` makes them of pieces; the shapes of one trace are the
//! model's. Filters are evaluated here by our own evaluator, so an archive answers as the server it came from would.
//!
//! Invariants: opening reads no traces; memory grows with the number of matches by what they are sorted by, not by what they
//! hold; a part that cannot be read to where it is needed, or that holds other than its manifest says, is an error that names
//! it, never a shorter answer.

mod attachments;
mod copies;
mod documents;
mod encoding;
mod found;
mod layout;
mod lines;
mod needles;
mod notes;
mod part;
mod promise;
mod put_together;
mod question;
mod scan;
mod verify;
mod wrapped;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_trait::async_trait;

use super::{Listener, Looked, Query, Reader, StoreError, Undecided, Walk};
use crate::model::{AttachmentRef, Experiment, ExperimentId, InfoParts, Lifecycle, Trace, TraceId};
use layout::Layout;
use needles::Needles;
use part::{Damage, Part, Record};
use question::{Counter, Question, in_order};
use scan::{Place, Visitor, scan};
use wrapped::is_plain;

use found::Found;
pub use layout::ArchiveSource;

/// `demo.jsonl`, compressed (`gzip -9n`): a quarter of a megabyte less in every binary.
const DEMO: &[u8] = include_bytes!("../demo.jsonl.gz");

/// Names of the demonstration's experiments, which trace JSON does not hold.
const DEMO_EXPERIMENTS: &[(&str, &str)] = &[("1", "support-bot"), ("2", "rag-search")];

/// Ids up to this number are looked for as texts.
const FEW_IDS: usize = 4;

/// A read-only archive.
#[derive(Clone)]
pub struct ArchiveStore {
    layout: Arc<Layout>,
    /// Learned from the traces where no manifest tells, at the first question.
    experiments: OnceLock<BTreeMap<ExperimentId, String>>,
}

/// Runs work that takes long on a thread where it does not hold up others. Dropping the future tells it to stop.
async fn apart<T: Send + 'static>(work: impl FnOnce(&AtomicBool) -> T + Send + 'static) -> T {
    struct StopOnDrop(Arc<AtomicBool>);

    impl Drop for StopOnDrop {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    let stop = Arc::new(AtomicBool::new(false));
    let _guard = StopOnDrop(Arc::clone(&stop));
    match tokio::task::spawn_blocking(move || work(&stop)).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

impl ArchiveStore {
    /// The demonstration archive.
    #[must_use]
    pub fn demo() -> Self {
        Self::new(Layout::within("the demo archive", DEMO, DEMO_EXPERIMENTS))
    }

    /// Opens a file of traces, a folder with a `manifest.json`, or a folder of such files. Its traces are not read yet.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_all(&[ArchiveSource::at(path)])
    }

    /// Opens several files and folders as one archive.
    pub fn open_all(sources: &[ArchiveSource]) -> Result<Self, StoreError> {
        Layout::find_all(sources).map(Self::new)
    }

    /// From now on reports what it notices while it reads.
    pub fn tell(&self, listener: &Listener) {
        self.layout.notes.tell(listener);
    }

    fn new(layout: Layout) -> Self {
        Self { layout: Arc::new(layout), experiments: OnceLock::new() }
    }

    /// What a person should know before relying on it, such as that its export is not complete.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.layout.notices
    }
}

#[async_trait]
impl Reader for ArchiveStore {
    fn name(&self) -> &str {
        &self.layout.name
    }

    fn at_odds(&self) -> Option<&str> {
        self.layout.at_odds.as_deref()
    }

    async fn verify(&self) -> Result<Option<usize>, StoreError> {
        let layout = Arc::clone(&self.layout);
        let unlisted = apart(move |stop| {
            layout.attachments.iter().try_for_each(|list| list.verify(stop))?;
            verify::all(&layout.parts, stop)
        });
        unlisted.await.map(Some)
    }

    /// The experiments whose traces it holds. Where no manifest names them, the traces are read to learn their ids.
    async fn experiments(&self, _with_deleted: bool) -> Result<Vec<Experiment>, StoreError> {
        let known = if let Some(known) = self.experiments.get() {
            known
        } else {
            let layout = Arc::clone(&self.layout);
            let learned = apart(move |stop| learn_experiments(&layout, stop)).await?;
            self.experiments.get_or_init(|| learned)
        };
        let experiment = |(id, name): (&ExperimentId, &String)| Experiment {
            id: id.clone(),
            name: name.clone(),
            lifecycle: Lifecycle::Active,
            artifact_location: None,
            creation_time_ms: None,
            last_update_time_ms: None,
        };
        Ok(known.iter().map(experiment).collect())
    }

    fn search(&self, query: &Query, limit: Option<u64>) -> Result<Box<dyn Walk>, StoreError> {
        Ok(Box::new(Found::new(&self.layout, query, limit)))
    }

    async fn known_total(&self, query: &Query) -> Option<u64> {
        self.count(query).await.ok().map(|(count, _)| count)
    }

    async fn count(&self, query: &Query) -> Result<(u64, Vec<Undecided>), StoreError> {
        let (layout, query) = (Arc::clone(&self.layout), query.clone());
        let counters = apart(move |stop| {
            let question = Question::new(&query, &layout, stop)?;
            let counters = scan(&layout, stop, || Counter { question: &question, count: 0, undecided: Vec::new() })?;
            let count = counters.iter().map(|counter| counter.count).sum();
            let undecided = counters.into_iter().flat_map(|counter| counter.undecided).collect();
            Ok::<_, StoreError>((count, in_order(undecided)))
        });
        counters.await
    }

    async fn traces(&self, ids: &[TraceId]) -> Result<Looked<Trace>, StoreError> {
        let (layout, wanted) = (Arc::clone(&self.layout), ids.to_vec());
        let mut found = apart(move |stop| find(&layout, &wanted, stop)).await?;
        let found = ids.iter().filter_map(|id| found.remove(id)).collect();
        Ok(Looked::of_all(ids, found, |trace| &trace.info))
    }

    async fn attachment(&self, reference: &AttachmentRef) -> Result<Option<bytes::Bytes>, StoreError> {
        let (layout, reference) = (Arc::clone(&self.layout), reference.clone());
        let path = format!("{}/{}", self.name(), reference.path());
        let read = apart(move |_| attachments::read(&layout.attachments, &reference)).await;
        let read = read.map_err(|error| StoreError::Archive { path, reason: error.to_string() })?;
        Ok(read.map(bytes::Bytes::from))
    }

    async fn attachment_or_why(&self, reference: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, StoreError> {
        Ok(match self.attachment(reference).await {
            Ok(content) => content.ok_or_else(|| "it is not in the archive".to_owned()),
            Err(error) => Err(error.to_string()),
        })
    }
}

/// The experiments by id, under their numbers where no name is known.
fn learn_experiments(layout: &Layout, stop: &AtomicBool) -> Result<BTreeMap<ExperimentId, String>, StoreError> {
    let mut known = layout.experiments.clone();
    if !layout.is_listed {
        for learner in scan(layout, stop, Learner::default)? {
            for id in learner.0 {
                let name = id.to_string();
                known.entry(id).or_insert(name);
            }
        }
    }
    Ok(known)
}

/// Collects the ids of experiments.
#[derive(Default)]
struct Learner(HashSet<ExperimentId>);

impl Visitor for Learner {
    fn skips(&self, part: &Part) -> bool {
        part.experiment_id.as_ref().is_some_and(|id| self.0.contains(id))
    }

    fn visit(&mut self, _: Place, record: Record) -> Result<ControlFlow<()>, Damage> {
        self.0.extend(record.info(InfoParts::LOCATION)?.experiment_id());
        Ok(ControlFlow::Continue(()))
    }
}

/// The traces of some ids, by id. The scan ends when all are found.
fn find(layout: &Layout, ids: &[TraceId], stop: &AtomicBool) -> Result<HashMap<TraceId, Trace>, StoreError> {
    let ids: HashSet<&TraceId> = ids.iter().collect();
    let quoted = |id: &&TraceId| id.as_str().bytes().all(is_shown_as_it_is).then(|| format!("\"{id}\""));
    let texts: Option<Vec<String>> = ids.iter().map(quoted).collect();
    let needles = Needles::new(texts.filter(|texts| texts.len() <= FEW_IDS).as_slice());
    let found = Mutex::new(HashMap::new());
    let begin = || {
        found.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Finder { ids: &ids, needles: &needles, found: &found }
    };
    scan(layout, stop, begin)?;
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(found.into_iter().map(|(id, (_, trace))| (id, trace)).collect())
}

/// Whether JSON has but one way to show a character, besides its number.
fn is_shown_as_it_is(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.')
}

/// Looks for traces by id.
struct Finder<'a> {
    ids: &'a HashSet<&'a TraceId>,
    needles: &'a Needles,
    /// The first of each id in the order of the archive.
    found: &'a Mutex<HashMap<TraceId, (Place, Trace)>>,
}

impl Visitor for Finder<'_> {
    fn skips(&self, _: &Part) -> bool {
        self.ids.is_empty()
    }

    fn visit(&mut self, place: Place, record: Record) -> Result<ControlFlow<()>, Damage> {
        if let Record::Text(text) = &record
            && is_plain(text)
            && !self.needles.may_match(text)
        {
            return Ok(ControlFlow::Continue(()));
        }
        let id = record.info(InfoParts::NONE)?.trace_id;
        if !self.ids.contains(&id) {
            return Ok(ControlFlow::Continue(()));
        }
        let trace = record.trace()?;
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.get(&id).is_none_or(|(earlier, _)| place < *earlier) {
            found.insert(id, (place, trace));
        }
        Ok(if found.len() == self.ids.len() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_demonstration_in_the_binary_is_the_one_that_can_be_read_beside_it() {
        let mut text = String::new();
        flate2::read::GzDecoder::new(DEMO).read_to_string(&mut text).unwrap();
        assert!(text == include_str!("../demo.jsonl"), "gzip -9nkf src/store/demo.jsonl writes it anew");
    }
}
