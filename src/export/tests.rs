//! Archives in memory, cut off at any point: every trace once, and nothing that was finished is written again.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use proptest::prelude::*;

use super::*;
use crate::model::{
    AttachmentRef, DAY_MS, ExperimentId, Manifest, ManifestFailure, ManifestSource, TimeWindow, Trace, TraceId,
    TraceInfo,
};

type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A folder in memory, which refuses to write after a number of files.
#[derive(Default)]
struct Memory {
    files: Files,
    left: Rc<Cell<usize>>,
}

struct MemoryFile {
    files: Files,
    path: String,
    bytes: Vec<u8>,
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl NewFile for MemoryFile {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.files.lock().unwrap().insert(self.path, self.bytes);
        Ok(())
    }
}

impl Folder for Memory {
    fn name(&self) -> String {
        "memory".into()
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.files.lock().unwrap().get(path).cloned())
    }

    fn stream(&self, path: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        Ok(self.read(path)?.map(|bytes| Box::new(io::Cursor::new(bytes)) as Box<dyn Read>))
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.begin(path)?;
        file.write_all(bytes)?;
        file.finish()
    }

    fn begin(&self, path: &str) -> io::Result<Box<dyn NewFile>> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| io::Error::other("no space left"))?;
        self.left.set(left);
        Ok(Box::new(MemoryFile { files: Arc::clone(&self.files), path: path.to_owned(), bytes: Vec::new() }))
    }

    fn stat(&self, path: &str) -> io::Result<Option<Stat>> {
        Ok(self.read(path)?.map(|bytes| Stat { bytes: bytes.len() as u64, version: String::new() }))
    }

    fn parts(&self) -> io::Result<Vec<String>> {
        Ok(self.files.lock().unwrap().keys().filter(|path| is_part(path)).cloned().collect())
    }

    fn count(&self) -> io::Result<usize> {
        Ok(self.files.lock().unwrap().len())
    }

    fn clear(&self) -> io::Result<()> {
        self.files.lock().unwrap().clear();
        Ok(())
    }

    fn remove_attachments(&self) -> io::Result<()> {
        self.files.lock().unwrap().retain(|path, _| !path.starts_with("attachments/"));
        Ok(())
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.files.lock().unwrap().remove(path);
        Ok(())
    }
}

/// Traces in pages, which fail or are interrupted after a number of them.
struct Given<'a> {
    traces: &'a [Trace],
    /// What comes late.
    late: &'a [Trace],
    page: usize,
    pages_left: Cell<usize>,
    interrupts: bool,
    read: RefCell<Vec<TraceId>>,
}

struct GivenWalk {
    found: std::vec::IntoIter<Trace>,
    page: std::vec::IntoIter<Trace>,
    late: Vec<Trace>,
    chosen: Chosen,
    with_spans: bool,
}

impl GivenWalk {
    fn item(&self, trace: Trace) -> Item {
        let is_broken = self.with_spans && trace.info.trace_id.as_str().ends_with('7');
        let failure = is_broken.then(|| ManifestFailure {
            trace_id: trace.info.trace_id.clone(),
            kind: "unreadable".into(),
            reason: "broken".into(),
        });
        Item { trace, failure }
    }
}

impl TraceSource for Given<'_> {
    type Error = &'static str;
    type Walk = GivenWalk;

    fn walk(&self, stretch: &Stretch, choice: &Choice) -> Result<GivenWalk, Self::Error> {
        let within = |traces: &[Trace]| {
            let here = |trace: &&Trace| {
                trace.info.experiment_id() == stretch.experiment && stretch.window.contains(trace.info.request_time_ms)
            };
            let mut found: Vec<Trace> = traces.iter().filter(here).cloned().collect();
            found.sort_by(|a, b| {
                (b.info.request_time_ms, &a.info.trace_id).cmp(&(a.info.request_time_ms, &b.info.trace_id))
            });
            found
        };
        Ok(GivenWalk {
            found: within(self.traces).into_iter(),
            page: Vec::new().into_iter(),
            late: within(self.late),
            chosen: Chosen::of(stretch, choice),
            with_spans: choice.with_spans,
        })
    }

    async fn next(&self, walk: &mut GivenWalk) -> Result<Option<Item>, Self::Error> {
        loop {
            if let Some(trace) = walk.page.find(|trace| walk.chosen.holds(trace)) {
                return Ok(Some(walk.item(trace)));
            }
            if self.pages_left.get() == 0 {
                if self.interrupts {
                    std::future::pending::<()>().await;
                }
                return Err("the server failed");
            }
            self.pages_left.set(self.pages_left.get() - 1);
            let page: Vec<Trace> = walk.found.by_ref().take(self.page).collect();
            if page.is_empty() {
                return Ok(None);
            }
            self.read.borrow_mut().extend(page.iter().map(|trace| trace.info.trace_id.clone()));
            walk.page = page.into_iter();
        }
    }

    async fn late(&self, walk: GivenWalk) -> Result<Vec<Item>, Self::Error> {
        Ok(walk.late.iter().filter(|trace| walk.chosen.holds(trace)).map(|trace| walk.item(trace.clone())).collect())
    }

    async fn attachment(&self, _: &AttachmentRef) -> Result<Result<bytes::Bytes, String>, Self::Error> {
        Ok(Err("these traces have none".into()))
    }

    async fn interrupted(&self) {
        if !self.interrupts || self.pages_left.get() > 0 {
            std::future::pending::<()>().await;
        }
    }

    fn wrote(&self) {}
}

/// An id per line.
struct Ids {
    partitioned: bool,
}

struct IdRows<'w>(&'w mut (dyn Write + Send));

impl Rows for IdRows<'_> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        writeln!(self.0, "{}", trace.info.trace_id)
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Format for Ids {
    fn start<'w>(&self, writer: &'w mut (dyn Write + Send)) -> io::Result<Box<dyn Rows + 'w>> {
        Ok(Box::new(IdRows(writer)))
    }

    fn rows_of(&self, _: &Trace) -> u64 {
        1
    }

    fn extension(&self) -> &'static str {
        "txt"
    }

    fn is_partitioned(&self) -> bool {
        self.partitioned
    }
}

fn traces() -> impl Strategy<Value = Vec<Trace>> {
    // Few start times and few experiments, one of them none, so that they are shared.
    proptest::collection::vec((0_i64..12, 0_i64..3, 0_u8..4), 0..80).prop_map(|starts| {
        let trace = |(number, (step, day, experiment)): (usize, (i64, i64, u8))| {
            let mut info = TraceInfo::new(TraceId::new(format!("tr-{number}")), step * 1000 + day * DAY_MS);
            if experiment > 0 {
                info.trace_location =
                    serde_json::json!({"mlflow_experiment": {"experiment_id": experiment.to_string()}});
            }
            Trace::without_spans(info)
        };
        starts.into_iter().enumerate().map(trace).collect()
    })
}

/// What a run did.
struct Ran {
    read: Vec<TraceId>,
    manifest: Option<Manifest>,
}

/// One run of the program, as the command puts it together.
fn run(folder: &Memory, given: &Given<'_>, layout: &Layout<'_>) -> Ran {
    let experiments = ["1", "2", "3"].map(|id| (ExperimentId::from(id), id.to_owned()));
    let wanted = Manifest {
        manifest_version: 1,
        source: ManifestSource { experiments: experiments.into(), ..ManifestSource::default() },
        ..Manifest::default()
    };
    let (stored, there) = read_manifest::<&str>(folder).unwrap().unzip();
    check::<&str>(folder, there.as_ref(), &wanted).unwrap();
    let newest_ms = given.traces.iter().map(|trace| trace.info.request_time_ms).max();
    let run = match beginning::<&str>(there.as_ref(), None).unwrap() {
        Beginning::Complete => return Ran { read: Vec::new(), manifest: there },
        Beginning::GoOn(run) => run,
        Beginning::Anew => {
            new_run(there.as_ref(), None, TimeWindow::default(), Newest { start_ms: newest_ms, clock_ms: None }, 0)
        }
    };
    let mut manifest = there.unwrap_or(wanted);
    manifest.window = run.window;
    let left = stretches(&manifest, &run, &super::Exported::default(), true);
    let mut archive = Archive { folder, layout, manifest, stored, noted_from: None };
    let ended = async {
        archive.save::<&str>()?;
        remove_leftovers::<&str>(folder, &archive.manifest.parts)?;
        let end = archive.write(given, &left, &mut |_| Ok(())).await?;
        if end == ArchiveEnd::Complete {
            archive.manifest.complete = true;
            archive.save::<&str>()?;
        }
        Ok::<_, ExportError<&str>>(())
    };
    // Nothing here ever waits but for what never comes.
    drop(ended.now_or_never());
    let manifest = read_manifest::<&str>(folder).unwrap().map(|(_, manifest)| manifest);
    Ran { read: given.read.borrow().clone(), manifest }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn cut_off_anywhere_an_archive_ends_with_every_trace_once(
        traces in traces(),
        page in 1_usize..9,
        cut in prop_oneof![Just(PartLimit::Day), Just(PartLimit::Hour), (1_u64..12).prop_map(PartLimit::Traces), Just(PartLimit::BySize)],
        partitioned in any::<bool>(),
        with_spans in any::<bool>(),
        ends in proptest::collection::vec((0_usize..9, any::<bool>(), 0_usize..8), 0..12),
    ) {
        let format = Ids { partitioned };
        let choice = Choice { with_spans, sample: None, limit: None };
        let layout = Layout { format: &format, compression: Compression::None, cut, choice, redaction: Redaction::default(), attachments: AttachmentChoice::Brought };
        let folder = Memory::default();
        let mut finished: Vec<TraceId> = Vec::new();
        let mut parts = Vec::new();
        let last = (usize::MAX, false, usize::MAX);
        for (pages, interrupts, files) in ends.into_iter().chain([last]) {
            folder.left.set(files);
            let (pages_left, read) = (Cell::new(pages), RefCell::default());
            let given = Given { traces: &traces, late: &[], page, pages_left, interrupts, read };
            let ran = run(&folder, &given, &layout);
            // The last millisecond of a part is read again, as no window is narrower than that.
            let again = ran.read.iter().filter(|id| finished.contains(id)).count();
            let ties = parts.last().map_or(0, |part: &crate::model::ManifestPart| part.boundary.len());
            prop_assert!(again <= ties, "{again} traces were fetched twice, {ties} had to be");
            let Some(manifest) = ran.manifest else { continue };
            prop_assert_eq!(&manifest.parts[..parts.len()], &parts[..], "what is finished stays");
            parts.clone_from(&manifest.parts);
            finished = ids(&folder, &manifest)?;
            prop_assert_eq!(finished.len() as u64, manifest.counts.traces);
        }
        let manifest = read_manifest::<&str>(&folder).unwrap().unwrap().1;
        prop_assert!(manifest.complete);
        let (mut written, mut expected) = (finished, traces.iter().map(|trace| trace.info.trace_id.clone()).collect::<Vec<_>>());
        written.sort();
        expected.sort();
        prop_assert_eq!(&written, &expected);
        prop_assert_eq!(folder.parts().unwrap().len(), manifest.parts.len(), "nothing is left over");
        let failed = expected.iter().filter(|id| with_spans && id.as_str().ends_with('7')).count();
        prop_assert_eq!(manifest.failed.len(), failed);
    }
}

fn at(id: &str, start_ms: i64) -> Trace {
    let mut info = TraceInfo::new(TraceId::from(id), start_ms);
    info.trace_location = serde_json::json!({"mlflow_experiment": {"experiment_id": "1"}});
    Trace::without_spans(info)
}

#[test]
fn what_comes_late_is_a_part_of_its_own_and_is_written_once_whatever_happens_behind_it() {
    let (traces, late) = ([at("a", 40), at("b", 30), at("c", 20)], [at("late", 35)]);
    let format = Ids { partitioned: false };
    let layout = Layout {
        format: &format,
        compression: Compression::None,
        cut: PartLimit::BySize,
        choice: Choice { with_spans: false, sample: None, limit: None },
        redaction: Redaction::default(),
        attachments: AttachmentChoice::LeftOut,
    };
    let folder = Memory::default();
    // The first manifest, a part and its manifest, the late part and its manifest; then nothing more can be written.
    for files in [5, usize::MAX] {
        folder.left.set(files);
        let given = Given {
            traces: &traces,
            late: &late,
            page: 10,
            pages_left: Cell::new(usize::MAX),
            interrupts: false,
            read: RefCell::default(),
        };
        let manifest = run(&folder, &given, &layout).manifest.unwrap();
        assert_eq!(ids(&folder, &manifest).unwrap(), ["a", "b", "c", "late"].map(TraceId::from));
        assert_eq!(manifest.parts.iter().map(|part| part.late).collect::<Vec<_>>(), [false, true]);
        assert_eq!(manifest.complete, files == usize::MAX);
    }
}

/// The ids in all parts, after looking whether each part is as the manifest says.
fn ids(folder: &Memory, manifest: &Manifest) -> Result<Vec<TraceId>, TestCaseError> {
    let mut ids = Vec::new();
    for part in &manifest.parts {
        let text = String::from_utf8(folder.read(&part.path).unwrap().unwrap()).unwrap();
        prop_assert_eq!((text.len() as u64, text.lines().count() as u64), (part.bytes, part.traces));
        if part.path.starts_with("experiment_id=") {
            let id = part.experiment_id.as_ref().map_or("__HIVE_DEFAULT_PARTITION__", |id| id.as_str());
            let day = 1 + part.window.oldest_ms.unwrap() / DAY_MS;
            prop_assert!(part.path.starts_with(&format!("experiment_id={id}/date=1970-01-0{day}/")), "{}", part.path);
            prop_assert_eq!(part.window.oldest_ms.unwrap() / DAY_MS, part.window.newest_ms.unwrap() / DAY_MS);
        }
        ids.extend(text.lines().map(TraceId::from));
    }
    Ok(ids)
}
