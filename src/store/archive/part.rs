//! One file of an archive: what it is, told by its content, and how its traces are visited.
//!
//! A part is JSON lines or JSON documents, in any encoding, or one of the other kinds; each kind of file has one arm in
//! [`Part::visit_all`] and says of every trace where it is, so that it can be fetched again. It must not know filters.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use super::encoding::{Encoding, MARK};
use super::notes::Notes;
use super::{documents, lines, put_together, wrapped};
use crate::model::{ExperimentId, TimeWindow, Trace, TraceError, TraceInfo, read_json};
use crate::store::StoreError;

/// What `mlflow-export-import` calls the file of a trace.
pub(super) const EXPORTED: &str = "trace.json";
/// Plain files are read by several threads in pieces of this size.
const SLICE: u64 = 16 * 1024 * 1024;

/// One file of an archive.
pub(super) struct Part {
    pub(super) source: Source,
    /// What to call it in messages, if not by its path.
    pub(super) called: Option<&'static str>,
    /// When its traces started, if a manifest says so.
    pub(super) window: TimeWindow,
    /// The experiment of all its traces, if a manifest says so.
    pub(super) experiment_id: Option<ExperimentId>,
    /// The SHA-256 that a manifest promises, in hex.
    pub(super) sha256: Option<String>,
    /// How many traces a manifest promises.
    pub(super) traces: Option<u64>,
    /// Where a manifest tells about it, if one does.
    pub(super) listed: Option<ManifestPlace>,
    /// Other files with spans of the same traces.
    pub(super) more: Vec<Part>,
    pub(super) notes: Arc<Notes>,
}

/// A part's place in a manifest.
#[derive(Clone, Copy)]
pub(super) struct ManifestPlace {
    /// Which of the exports that are read together.
    pub(super) export: usize,
    /// When the manifest was written.
    pub(super) written: Option<SystemTime>,
    /// Its number there.
    pub(super) number: usize,
}

/// Where the bytes are.
pub(super) enum Source {
    /// Inside the binary; with a name for messages.
    Bytes(&'static str, &'static [u8]),
    File(PathBuf),
}

/// Stored bytes.
pub(super) trait Bytes: Read + Seek {}

impl<T: Read + Seek> Bytes for T {}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One trace a line.
    Lines(Encoding),
    /// JSON that is not cut into lines: an array, or objects over several lines.
    Documents(Encoding),
    /// Rows.
    Parquet,
    /// OpenTelemetry's spans in JSON, of which traces are put together.
    Otlp(Encoding),
    /// A trace as `mlflow-export-import` writes it, with its spans in a file beside it.
    Exported,
}

/// A trace of a part, not necessarily read yet.
pub(super) enum Record<'r> {
    /// Its JSON.
    Text(&'r [u8]),
    /// From a part in which it does not stand in one piece.
    Whole(Box<Trace>),
}

/// What is wrong with a part, and where: at which byte (uncompressed) or row.
#[derive(Debug)]
pub(super) struct Damage {
    pub(super) place: Option<u64>,
    pub(super) reason: String,
}

impl From<io::Error> for Damage {
    fn from(error: io::Error) -> Self {
        Self { place: None, reason: error.to_string() }
    }
}

impl From<TraceError> for Damage {
    fn from(error: TraceError) -> Self {
        Self { place: None, reason: error.to_string() }
    }
}

impl Record<'_> {
    /// The whole trace.
    pub(super) fn trace(self) -> Result<Trace, TraceError> {
        match self {
            Self::Text(text) => Trace::from_text(text),
            Self::Whole(trace) => Ok(*trace),
        }
    }

    /// The info without anything else.
    pub(super) fn info(&self, parts: crate::model::InfoParts) -> Result<TraceInfo, TraceError> {
        match self {
            Self::Text(text) => TraceInfo::from_trace_text(text, parts),
            Self::Whole(trace) => Ok(trace.info.clone()),
        }
    }
}

/// Takes the place of a trace and the trace.
pub(super) type Visit<'v> = dyn FnMut(u64, Record) -> Result<ControlFlow<()>, Damage> + 'v;

impl Part {
    /// A part of which only the file is known.
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            called: None,
            window: TimeWindow::default(),
            experiment_id: None,
            sha256: None,
            traces: None,
            listed: None,
            more: Vec::new(),
            notes: Arc::default(),
        }
    }

    /// What to call it in messages.
    pub(super) fn name(&self) -> String {
        match &self.source {
            _ if self.called.is_some() => self.called.unwrap_or_default().to_owned(),
            Source::Bytes(name, _) => (*name).to_owned(),
            Source::File(path) => path.display().to_string(),
        }
    }

    /// When it was written, as far as its file or its manifest tells, and its number among what was written with it.
    pub(super) fn written(&self) -> (Option<SystemTime>, usize) {
        self.listed.map_or_else(|| (self.modified(), 0), |listed| (listed.written, listed.number))
    }

    fn modified(&self) -> Option<SystemTime> {
        match &self.source {
            Source::Bytes(..) => None,
            Source::File(path) => path.metadata().ok()?.modified().ok(),
        }
    }

    /// What it is, told by its first bytes; JSON lines and documents are told apart by the first characters or, where these
    /// tell nothing, by the file's name.
    pub(super) fn kind(&self) -> Result<Kind, StoreError> {
        self.told_kind().map_err(|error| self.failure(&error.into()))
    }

    pub(super) fn told_kind(&self) -> io::Result<Kind> {
        let mut magic = [0; 4];
        let count = lines::fill(&mut *self.bytes(0)?, &mut magic)?;
        if &magic[..count] == b"PAR1" {
            return Ok(Kind::Parquet);
        }
        let encoding = Encoding::of(&magic[..count]);
        let mut head = [0; 256];
        let count = lines::fill(&mut *encoding.decoded(self.bytes(0)?)?, &mut head)?;
        let head = &head[..count];
        Ok(match wrapped::first_key(head) {
            Some(b"resourceSpans" | b"resource_spans" | b"resourceLogs" | b"resourceMetrics") => Kind::Otlp(encoding),
            Some(b"system") if self.is_named(EXPORTED) => Kind::Exported,
            _ if begins_document(head) || self.is_named_document() => Kind::Documents(encoding),
            _ => Kind::Lines(encoding),
        })
    }

    pub(super) fn is_named(&self, name: &str) -> bool {
        matches!(&self.source, Source::File(path) if path.file_name().is_some_and(|known| known == name))
    }

    /// The first key of its first object, as far as that can be read.
    pub(super) fn first_key(&self) -> Option<Vec<u8>> {
        let mut head = [0; 256];
        let count = lines::fill(&mut *self.bytes(0).ok()?, &mut head).ok()?;
        wrapped::first_key(&head[..count]).map(<[u8]>::to_vec)
    }

    fn is_named_document(&self) -> bool {
        let Source::File(path) = &self.source else { return false };
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        [".json", ".json.gz", ".json.zst"].iter().any(|ending| name.ends_with(ending))
    }

    /// The stored bytes from a place on.
    pub(super) fn bytes(&self, start: u64) -> io::Result<Box<dyn Bytes>> {
        Ok(match &self.source {
            Source::Bytes(_, bytes) => {
                let mut cursor = Cursor::new(*bytes);
                cursor.set_position(start);
                Box::new(cursor)
            }
            Source::File(path) => {
                let mut file = File::open(path)?;
                if start > 0 {
                    file.seek(SeekFrom::Start(start))?;
                }
                Box::new(file)
            }
        })
    }

    /// Pieces that can be visited at the same time.
    pub(super) fn slices(&self, kind: Kind) -> Vec<Range<u64>> {
        let length = match &self.source {
            Source::File(path) if kind == Kind::Lines(Encoding::Plain) => path.metadata().map_or(0, |file| file.len()),
            _ => 0,
        };
        if length <= SLICE {
            return std::iter::once(0..u64::MAX).collect();
        }
        (0..length.div_ceil(SLICE)).map(|number| number * SLICE..(number + 1) * SLICE).collect()
    }

    /// Visits the traces of a slice in the order in which they are stored. A place is good for [`Part::for_each`] and
    /// [`Part::read_at`] as long as the file does not change.
    pub(super) fn for_each(&self, kind: Kind, slice: &Range<u64>, visit: &mut Visit) -> Result<(), StoreError> {
        self.visit_all(kind, slice, visit).map_err(|damage| self.failure(&damage))
    }

    fn visit_all(&self, kind: Kind, slice: &Range<u64>, visit: &mut Visit) -> Result<(), Damage> {
        let mut outcome = Ok(());
        let mut visit_text = |place: u64, text: &[u8]| {
            self.visit_text(place, text, visit).unwrap_or_else(|damage| {
                outcome = Err(Damage { place: damage.place.or(Some(place)), ..damage });
                ControlFlow::Break(())
            })
        };
        match kind {
            Kind::Lines(encoding) => self.visit_lines(encoding, slice, &mut visit_text)?,
            Kind::Documents(encoding) => {
                documents::for_each(&mut *encoding.decoded(self.bytes(0)?)?, &mut visit_text)?;
            }
            #[cfg(feature = "parquet")]
            Kind::Parquet => {
                let Source::File(path) = &self.source else { return Ok(()) };
                let read =
                    crate::store::parquet::for_each_json(path, &mut |row, json| visit_text(row, json.as_bytes()));
                read.map_err(|reason| Damage { place: None, reason })?;
            }
            #[cfg(not(feature = "parquet"))]
            Kind::Parquet => {
                let reason = "it is a Parquet file, which this program was built without";
                return Err(Damage { place: None, reason: reason.to_owned() });
            }
            Kind::Otlp(_) => return put_together::otlp(self, visit),
            Kind::Exported => return put_together::exported(self, visit),
        }
        outcome
    }

    fn visit_lines(
        &self,
        encoding: Encoding,
        slice: &Range<u64>,
        visit: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>,
    ) -> Result<(), Damage> {
        let start = if encoding == Encoding::Plain { slice.start.saturating_sub(1) } else { 0 };
        let mut reader = encoding.decoded(self.bytes(start)?)?;
        let mut cut = Ok(());
        lines::for_each_line(&mut *reader, slice.clone(), lines::BLOCK, &mut |line| {
            // Writers end every line; one that is not ended may have been cut off.
            if !line.is_ended
                && let Err(error) = checked(line.text)
            {
                cut = Err(Damage { place: Some(line.place), ..error });
                return ControlFlow::Break(());
            }
            visit(line.place, line.text)
        })?;
        cut
    }

    /// Visits the traces that a text holds, mostly one.
    fn visit_text(&self, place: u64, text: &[u8], visit: &mut Visit) -> Result<ControlFlow<()>, Damage> {
        let (place, text) = match text.strip_prefix(MARK) {
            Some(text) => (place + MARK.len() as u64, text),
            None => (place, text),
        };
        if text.trim_ascii().is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        let mut outcome = Ok(());
        let (flow, has_more) = wrapped::for_each(text, &mut |offset, text| {
            let place = place + offset;
            visit(place, Record::Text(text)).unwrap_or_else(|damage| {
                outcome = Err(Damage { place: damage.place.or(Some(place)), ..damage });
                ControlFlow::Break(())
            })
        })?;
        if has_more {
            self.notes.say(format!(
                "{} holds one page of a longer answer (it has a next_page_token): the other pages are not in it; \
                 `mlflow-trace export` fetches them all",
                self.name()
            ));
        }
        outcome.map(|()| flow)
    }

    /// The files of a part whose traces are put together, decoded one by one.
    pub(super) fn for_each_document(
        &self,
        visit: &mut dyn FnMut(&[u8]) -> Result<(), TraceError>,
    ) -> Result<(), Damage> {
        let (Kind::Lines(encoding) | Kind::Documents(encoding) | Kind::Otlp(encoding)) = self.told_kind()? else {
            return Ok(());
        };
        let mut outcome = Ok(());
        documents::for_each(&mut *encoding.decoded(self.bytes(0)?)?, &mut |place, text| match visit(text) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                outcome = Err(Damage { place: Some(place), reason: error.to_string() });
                ControlFlow::Break(())
            }
        })?;
        outcome
    }

    /// All of its bytes, decoded.
    pub(super) fn whole(&self) -> io::Result<Vec<u8>> {
        let mut magic = [0; 4];
        let count = lines::fill(&mut *self.bytes(0)?, &mut magic)?;
        let mut whole = Vec::new();
        Encoding::of(&magic[..count]).decoded(self.bytes(0)?)?.read_to_end(&mut whole)?;
        Ok(whole.strip_prefix(MARK).map(<[u8]>::to_vec).unwrap_or(whole))
    }

    /// A plain part, opened for [`Part::read_at`].
    pub(super) fn open(&self) -> Result<Box<dyn Bytes>, StoreError> {
        self.bytes(0).map_err(|error| self.failure(&error.into()))
    }

    /// The bytes of a trace of a plain part.
    pub(super) fn read_at(&self, opened: &mut dyn Bytes, place: u64, length: usize) -> Result<Vec<u8>, StoreError> {
        let mut text = vec![0; length];
        let read = opened.seek(SeekFrom::Start(place)).and_then(|_| opened.read_exact(&mut text));
        read.map_err(|error| self.failure(&Damage { place: Some(place), reason: error.to_string() }))?;
        Ok(text)
    }
}

/// Reads a text to its end without making anything of it.
pub(super) fn checked(text: &[u8]) -> Result<(), Damage> {
    let text = text.strip_prefix(MARK).unwrap_or(text);
    if !text.trim_ascii().is_empty() {
        read_json::<serde::de::IgnoredAny>(text).map_err(TraceError::from)?;
    }
    Ok(())
}

/// Whether a text begins an array, or an object that does not stand on one line.
fn begins_document(head: &[u8]) -> bool {
    let head = head.strip_prefix(MARK).unwrap_or(head).trim_ascii_start();
    let space = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_whitespace()).any(|byte| *byte == b'\n');
    head.first() == Some(&b'[') || head.strip_prefix(b"{").is_some_and(space)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::path::Path;

    const LINES: &[u8] = b"{\"a\": 1}\n\n{\"b\": 2}\n";

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn part(folder: &Path, name: &str, content: &[u8]) -> Part {
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        Part::new(Source::File(path))
    }

    fn texts(part: &Part) -> Result<Vec<String>, String> {
        let kind = part.kind().map_err(|error| error.to_string())?;
        let mut found = Vec::new();
        for slice in part.slices(kind) {
            part.for_each(kind, &slice, &mut |place, record| {
                let Record::Text(text) = record else { panic!("no text") };
                found.push(format!("{place} {}", String::from_utf8(text.to_vec()).unwrap()));
                Ok(ControlFlow::Continue(()))
            })
            .map_err(|error| error.to_string())?;
        }
        Ok(found)
    }

    #[test]
    fn the_content_tells_what_a_part_is() {
        let folder = tempfile::tempdir().unwrap();
        let kind = |name: &str, content: &[u8]| part(folder.path(), name, content).kind().unwrap();
        assert_eq!(kind("a.jsonl", LINES), Kind::Lines(Encoding::Plain));
        assert_eq!(kind("a", b"[{}]"), Kind::Documents(Encoding::Plain));
        assert_eq!(kind("a.json", LINES), Kind::Documents(Encoding::Plain));
        assert_eq!(kind("a.jsonl", &gzip(LINES)), Kind::Lines(Encoding::Gzip));
        assert_eq!(kind("a.json.gz", &gzip(LINES)), Kind::Documents(Encoding::Gzip));
        assert_eq!(kind("a.jsonl", b"PAR1..."), Kind::Parquet);
        assert_eq!(kind("a.jsonl", b""), Kind::Lines(Encoding::Plain));
    }

    #[test]
    fn every_kind_of_text_gives_the_same_traces() {
        let folder = tempfile::tempdir().unwrap();
        let members = [gzip(&LINES[..5]), gzip(&LINES[5..])].concat();
        let expected = ["0 {\"a\": 1}", "10 {\"b\": 2}"];
        for (name, content) in [("a.jsonl", LINES.to_vec()), ("b.json", LINES.to_vec()), ("c.gz", members)] {
            assert_eq!(texts(&part(folder.path(), name, &content)).unwrap(), expected, "{name}");
        }
    }

    #[cfg(feature = "compression")]
    #[test]
    fn zstandard_is_read_frame_after_frame() {
        let folder = tempfile::tempdir().unwrap();
        let frame = |text: &[u8]| zstd::stream::encode_all(text, 1).unwrap();
        let whole = [frame(&LINES[..5]), frame(&LINES[5..])].concat();
        let part_of = |content: &[u8]| part(folder.path(), "a.zst", content);
        assert_eq!(texts(&part_of(&whole)).unwrap(), ["0 {\"a\": 1}", "10 {\"b\": 2}"]);
        assert!(texts(&part_of(&whole[..whole.len() - 3])).unwrap_err().contains("a.zst"));
    }

    #[cfg(not(feature = "compression"))]
    #[test]
    fn zstandard_needs_its_feature() {
        let folder = tempfile::tempdir().unwrap();
        let error = texts(&part(folder.path(), "a.zst", &[0x28, 0xb5, 0x2f, 0xfd, 0])).unwrap_err();
        assert!(error.contains("Zstandard"), "{error}");
    }

    #[test]
    fn a_cut_file_is_told_from_a_whole_one() {
        let folder = tempfile::tempdir().unwrap();
        let whole = gzip(&LINES.repeat(100));
        let error = texts(&part(folder.path(), "a.jsonl.gz", &whole[..whole.len() / 2])).unwrap_err();
        assert!(error.contains("a.jsonl.gz"), "{error}");
    }
}
