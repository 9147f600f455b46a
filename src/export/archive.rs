//! An archive: a folder of parts and the manifest that names them.
//!
//! Parts are written one after the other, each a closed interval of start times of one experiment, newest first. A part
//! appears when it is whole, and then the manifest is written anew: whatever moment a run ends at, what the manifest names
//! is whole, and the next run goes on behind it.

use std::sync::atomic::Ordering;

use super::attachments::{AttachmentChoice, Shelf};
use super::encode::{Compression, Encoder, Stored};
use super::error::ExportError;
use super::feed::{Choice, Feed, Stretch};
use super::folder::Folder;
use super::state::Noted;
use super::tally::{self, Tally};
use super::{Format, Redaction, TraceSource};
use crate::model::{
    DAY_MS, HOUR_MS, MANIFEST_FILE, Manifest, ManifestAttachments, ManifestPart, Trace, TraceId, rfc3339_utc,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Where parts are cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PartLimit {
    /// After a number of traces or bytes that makes parts neither large nor very many.
    #[default]
    BySize,
    /// At midnight, UTC.
    Day,
    /// At every full hour, UTC.
    Hour,
    /// After this many traces.
    Traces(u64),
}

/// Traces of a part that is cut by size.
const TRACES: u64 = 50_000;
/// Bytes of such a part, before compression.
const BYTES: u64 = 128 * 1024 * 1024;

/// How traces become parts.
pub struct Layout<'a> {
    /// The format.
    pub format: &'a dyn Format,
    /// What files are compressed with.
    pub compression: Compression,
    /// Where parts are cut.
    pub cut: PartLimit,
    /// Which traces are written.
    pub choice: Choice,
    /// What is taken out.
    pub redaction: Redaction,
    /// What becomes of attachments.
    pub attachments: AttachmentChoice,
}

/// A value as the name of a folder, written as Hive does: a server must not choose where files go.
fn folder_name(value: &str) -> String {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
    utf8_percent_encode(value, ESCAPED).to_string()
}

/// How a run ended, if nothing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveEnd {
    /// Everything is written.
    Complete,
    /// The user stopped it; what was read is written.
    Interrupted,
}

/// Keeps the books of a run outside of the manifest; called before each manifest is written.
pub type Note<'a> = &'a mut dyn FnMut(&[(TraceId, Noted)]) -> std::io::Result<()>;

/// An archive that is being written.
pub struct Archive<'a> {
    /// Where it is.
    pub folder: &'a dyn Folder,
    /// How it is written.
    pub layout: &'a Layout<'a>,
    /// What it says about itself.
    pub manifest: Manifest,
    /// The manifest as this run wrote it last.
    pub stored: Option<Vec<u8>>,
    /// From which start time on traces are given to `Note`.
    pub noted_from: Option<i64>,
}

/// Why a part ended.
enum Stop<E> {
    Cut,
    Walked,
    Interrupted,
    Failed(E),
}

/// A part that is written but has no name yet.
struct Written {
    tally: Tally,
    stored: Stored,
    attachments: Option<ManifestAttachments>,
    is_late: bool,
}

impl Archive<'_> {
    /// Writes the manifest, if nobody else wrote it since this run did.
    pub fn save<E>(&mut self) -> Result<(), ExportError<E>> {
        self.check_alone()?;
        // Strings, numbers and maps of strings always serialize.
        let mut bytes = serde_json::to_vec_pretty(&self.manifest).unwrap_or_default();
        bytes.push(b'\n');
        self.folder.replace(MANIFEST_FILE, &bytes).map_err(ExportError::writing(self.path(MANIFEST_FILE)))?;
        self.stored = Some(bytes);
        Ok(())
    }

    /// Exports these stretches. What was read before a failure or an interruption is written as a part, too.
    pub async fn write<S: TraceSource>(
        &mut self,
        source: &S,
        stretches: &[Stretch],
        note: Note<'_>,
    ) -> Result<ArchiveEnd, ExportError<S::Error>> {
        for stretch in stretches {
            let mut feed = Feed::start(source, &self.layout.choice, stretch).map_err(ExportError::Source)?;
            loop {
                match self.write_part(source, &mut feed, stretch, note).await? {
                    Stop::Cut => {}
                    Stop::Walked => break,
                    Stop::Interrupted => return Ok(ArchiveEnd::Interrupted),
                    Stop::Failed(error) => return Err(ExportError::Source(error)),
                }
            }
        }
        Ok(ArchiveEnd::Complete)
    }

    async fn write_part<S: TraceSource>(
        &mut self,
        source: &S,
        feed: &mut Feed<'_, S>,
        stretch: &Stretch,
        note: Note<'_>,
    ) -> Result<Stop<S::Error>, ExportError<S::Error>> {
        let start_ms = tokio::select! {
            biased;
            () = source.interrupted() => return Ok(Stop::Interrupted),
            first = feed.peek() => match first {
                Ok(Some(first)) => first.trace.info.request_time_ms,
                Ok(None) => return Ok(Stop::Walked),
                Err(error) => return Ok(Stop::Failed(error)),
            },
        };
        let is_late = feed.is_late();
        let path = self.part_path(stretch, start_ms);
        let failed = |archive: &Self| ExportError::writing(archive.path(&path));
        let file = self.folder.begin(&path).map_err(failed(self))?;
        let mut encoder = Encoder::new(file, self.layout.compression).map_err(failed(self))?;
        let mut beside = Shelf::new(self.folder, self.manifest.parts.len());
        let filled = self.fill(source, feed, (&mut encoder, &mut beside)).await;
        let (mut tally, stop) = filled.map_err(failed(self))?;
        if tally.counts.traces == 0 {
            self.manifest.failed.append(&mut tally.failed);
            return Ok(stop);
        }
        let (file, stored) = encoder.finish().map_err(failed(self))?;
        let attachments = beside.finish().map_err(failed(self))?;
        self.check_alone()?;
        file.finish().map_err(failed(self))?;
        note(&std::mem::take(&mut tally.recent)).map_err(ExportError::writing("the state of --since-last"))?;
        self.record(path, Written { tally, stored, attachments, is_late }, stretch);
        self.save()?;
        Ok(stop)
    }

    /// Writes traces until the part is full or there are no more.
    async fn fill<S: TraceSource>(
        &self,
        source: &S,
        feed: &mut Feed<'_, S>,
        (encoder, beside): (&mut Encoder<Box<dyn super::NewFile>>, &mut Shelf<'_>),
    ) -> std::io::Result<(Tally, Stop<S::Error>)> {
        let is_late = feed.is_late();
        let mut tally =
            Tally { noted_from: self.noted_from, lists_all: is_late, known: feed.known(), ..Tally::default() };
        let meter = encoder.meter();
        let mut rows = self.layout.format.start(encoder)?;
        let stop = loop {
            let next = tokio::select! {
                biased;
                () = source.interrupted(), if tally.counts.traces > 0 => break Stop::Interrupted,
                next = feed.peek() => next,
            };
            let start_ms = match next {
                Err(error) => break Stop::Failed(error),
                Ok(None) => break Stop::Walked,
                Ok(Some(item)) => item.trace.info.request_time_ms,
            };
            if feed.is_late() != is_late || self.is_full(&tally, meter.load(Ordering::Relaxed), start_ms) {
                break Stop::Cut;
            }
            let Some(mut item) = feed.take() else { break Stop::Walked };
            match self.bring(source, &item.trace, beside, &mut tally).await? {
                Ok(true) => {}
                Ok(false) => {
                    source.wrote();
                    continue;
                }
                Err(error) => break Stop::Failed(error),
            }
            tally.take(&mut item.trace, &self.layout.redaction, self.layout.format);
            tally.failed.extend(item.failure);
            rows.write(&item.trace)?;
            source.wrote();
        };
        rows.finish()?;
        Ok((tally, stop))
    }

    /// Brings the attachments of a trace, if they are wanted. Returns whether the trace is written.
    async fn bring<S: TraceSource>(
        &self,
        source: &S,
        trace: &Trace,
        beside: &mut Shelf<'_>,
        tally: &mut Tally,
    ) -> std::io::Result<Result<bool, S::Error>> {
        let wanted = self.layout.attachments;
        if wanted == AttachmentChoice::LeftOut {
            tally.leave_out_attachments(trace);
            return Ok(Ok(true));
        }
        let brought = beside.bring(source, trace, wanted).await?;
        Ok(brought.map(|failure| {
            let is_written = failure.is_none() || wanted == AttachmentChoice::Brought;
            tally.failed.extend(failure);
            is_written
        }))
    }

    /// Whether a trace that starts at this time has to go into the next part.
    fn is_full(&self, tally: &Tally, bytes: u64, start_ms: i64) -> bool {
        let Some(oldest_ms) = tally.window.oldest_ms else { return false };
        let other = |length_ms: i64| oldest_ms.div_euclid(length_ms) != start_ms.div_euclid(length_ms);
        let full = match self.layout.cut {
            PartLimit::BySize => tally.counts.traces >= TRACES || bytes >= BYTES,
            PartLimit::Day => other(DAY_MS),
            PartLimit::Hour => other(HOUR_MS),
            PartLimit::Traces(number) => tally.counts.traces >= number,
        };
        full || self.layout.format.is_partitioned() && other(DAY_MS)
    }

    fn record(&mut self, path: String, written: Written, stretch: &Stretch) {
        let Written { mut tally, stored, attachments, is_late } = written;
        tally.counts.bytes = stored.taken;
        tally.counts.attachments = attachments.as_ref().map_or(0, |listed| listed.files);
        let last = self.manifest.parts.iter().rfind(|part| !part.late && !is_late);
        // Traces of one and the same millisecond may fill more than a part.
        let shared = last
            .filter(|part| part.experiment_id == stretch.experiment && part.window.oldest_ms == tally.window.oldest_ms);
        let mut boundary = shared.map_or_else(Vec::new, |part| part.boundary.clone());
        boundary.append(&mut tally.boundary);
        tally::add(&mut self.manifest.counts, &tally.counts);
        self.manifest.failed.append(&mut tally.failed);
        self.manifest.parts.push(ManifestPart {
            path,
            sha256: stored.sha256,
            bytes: stored.bytes,
            traces: tally.counts.traces,
            rows: tally.rows,
            experiment_id: stretch.experiment.clone(),
            window: tally.window,
            late: is_late,
            attachments,
            boundary,
        });
    }

    /// `part-00007.jsonl.zst`, or `experiment_id=1/date=2026-11-22/part-00007.parquet`.
    fn part_path(&self, stretch: &Stretch, start_ms: i64) -> String {
        let (format, compression) = (self.layout.format, self.layout.compression.extension());
        let name =
            format!("{}{:05}.{}{compression}", super::folder::PART, self.manifest.parts.len(), format.extension());
        if !format.is_partitioned() {
            return name;
        }
        let date = rfc3339_utc(start_ms.div_euclid(DAY_MS) * DAY_MS).chars().take(10).collect::<String>();
        let unknown = || "__HIVE_DEFAULT_PARTITION__".to_owned();
        let experiment = stretch.experiment.as_ref().map_or_else(unknown, |id| folder_name(id.as_str()));
        format!("experiment_id={experiment}/date={date}/{name}")
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder.name().trim_end_matches('/'))
    }

    /// Two runs into one folder would take each other's places.
    fn check_alone<E>(&self) -> Result<(), ExportError<E>> {
        let there = self.folder.read(MANIFEST_FILE).map_err(ExportError::reading(self.path(MANIFEST_FILE)))?;
        if there == self.stored {
            return Ok(());
        }
        let message = format!("another export is writing to {}", self.folder.name());
        Err(ExportError::refused(message, "wait until it ends; then run the same command again to see what is missing"))
    }
}

#[cfg(test)]
mod tests {
    use super::folder_name;

    #[test]
    fn a_servers_ids_stay_below_the_folder_that_was_named() {
        assert_eq!(folder_name("12-a_b.c"), "12-a_b.c");
        assert_eq!(folder_name("../../etc/x"), "..%2F..%2Fetc%2Fx");
        assert_eq!(folder_name("a=b c\u{e9}"), "a%3Db%20c%C3%A9");
    }
}
