//! One place of archives and the folder that a run writes there.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use indexmap::IndexMap;
use serde_json::json;

use super::format::JsonLines;
use super::source::ListedSource;
use super::{Run, Wanted};
use crate::changes::{ChangeError, RunContext};
use crate::export::{
    Archive, ArchiveEnd, AttachmentChoice, Choice, Compression, Directory, Folder, Layout, PartLimit, Redaction,
    Standing, Stat, Stats, Stretch, Target, Unproven, Versions, bucket, check, read_manifest, remove_leftovers,
};
use crate::model::{
    MANIFEST_FILE, MANIFEST_VERSION, Manifest, ManifestFailure, ManifestPart, ManifestQuery, ManifestSource,
    TimeWindow, TraceId, rfc3339_utc,
};
use crate::store::{StoreError, Writer};

/// A folder of a run.
pub struct ArchivePlace {
    folder: Rc<dyn Folder>,
    /// The manifest that an earlier attempt of the same run left.
    there: Option<(Vec<u8>, Manifest)>,
    /// The parts that were read back, and what their files were like before.
    sound: Vec<(ManifestPart, Stat)>,
    /// The same of attachments.
    attachments: Stats,
}

/// What a folder holds when it is complete.
pub struct Held {
    /// Traces that are not in it, with the reason.
    pub kept: Vec<(TraceId, String)>,
    /// How many were to be in it.
    pub wanted: usize,
}

/// What a policy names as a place, if this build can write there.
pub fn target(place: &str) -> Result<Target, ChangeError> {
    let path = local(place, None);
    match Target::of(&path, true)? {
        Target::Bucket(url) => Ok(Target::Bucket(url)),
        Target::Object(url) => Err(ChangeError::ArchiveIsObject(url)),
        Target::Output | Target::File(_) | Target::Directory(_) => Ok(Target::Directory(path)),
    }
}

/// A place on this machine, or the folder of a run in it.
fn local(place: &str, run: Option<&str>) -> PathBuf {
    let path = Path::new(place.strip_prefix("file://").unwrap_or(place));
    let is_url = path.as_os_str() == place && place.contains("://");
    // Where the current folder is gone nothing can be written either.
    let path = if is_url { None } else { std::path::absolute(path).ok() }.unwrap_or_else(|| path.to_owned());
    run.map_or_else(|| path.clone(), |run| path.join(run))
}

/// A place as people are shown it: a folder with its whole path.
#[must_use]
pub fn absolute_place(place: &str) -> String {
    if place.contains("://") { place.to_owned() } else { local(place, None).display().to_string() }
}

/// Opens a place, or the folder of a run in it.
fn open(context: &RunContext<'_>, place: &str, run: Option<&str>) -> Result<Box<dyn Folder>, ChangeError> {
    match (target(place)?, run) {
        (Target::Bucket(url), Some(run)) => {
            Ok(bucket(&format!("{}/{run}", url.trim_end_matches('/')), context.object_store())?)
        }
        (Target::Bucket(url), None) => Ok(bucket(&url, context.object_store())?),
        (_, run) => {
            let path = local(place, run);
            let opened = Directory::open(&path);
            Ok(Box::new(opened.map_err(|error| unwritable(path.display().to_string(), error))?))
        }
    }
}

/// Writes an empty file to a place and takes it away again.
pub fn probe(context: &RunContext<'_>, place: &str) -> Result<(), ChangeError> {
    const PROBE: &str = ".mlflow-trace.probe";

    let folder = open(context, place, None)?;
    folder.replace(PROBE, b"").map_err(|error| unwritable(folder.name(), error))?;
    // Who may write need not be allowed to remove; the file is empty and its name hides it.
    let _ = folder.remove(PROBE);
    Ok(())
}

/// Takes away what a killed run left at a place before its archive there was complete: nothing is deleted before that.
pub fn sweep(context: &RunContext<'_>, place: &str, run: &str) -> Result<(), ChangeError> {
    if matches!(target(place)?, Target::Directory(_)) && !local(place, Some(run)).is_dir() {
        return Ok(());
    }
    let left = ArchivePlace::open(context, place, run)?;
    match &left.there {
        Some((_, manifest)) if manifest.complete => Ok(()),
        _ => left.remove(),
    }
}

/// Takes away the empty folders that killed runs left at a place on this machine.
pub fn sweep_empty(place: &str) {
    let Ok(Target::Directory(path)) = target(place) else { return };
    let Ok(entries) = std::fs::read_dir(path) else { return };
    let names = entries.flatten().filter(|entry| entry.file_name().to_str().is_some_and(is_run_id));
    // Only what is empty goes; a run that is about to write makes its folder again.
    for entry in names {
        let _ = std::fs::remove_dir(entry.path());
    }
}

/// Whether a name is one of a run: `20261122T143000Z-0a1b2c`.
fn is_run_id(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    name.len() == 23 && name.bytes().all(is_plain) && name.get(8..9) == Some("T") && name.get(15..17) == Some("Z-")
}

fn unwritable(place: String, error: std::io::Error) -> ChangeError {
    ChangeError::ArchiveUnwritable { place, error }
}

impl ArchivePlace {
    /// Opens the folder of a run at a place.
    pub fn open(context: &RunContext<'_>, place: &str, run: &str) -> Result<Self, ChangeError> {
        let folder: Rc<dyn Folder> = open(context, place, Some(run))?.into();
        let there = read_manifest(&*folder).map_err(ChangeError::ArchiveStopped)?;
        Ok(Self { folder, there, sound: Vec::new(), attachments: Stats::default() })
    }

    /// What to call it.
    pub fn name(&self) -> String {
        self.folder.name()
    }

    /// Archives these traces: writes those that an earlier attempt did not, and reads everything back.
    pub async fn archive(
        &mut self,
        context: &RunContext<'_>,
        server: &dyn Writer,
        run: Run<'_>,
        wanted: &[Wanted<'_>],
        versions: &mut Versions,
    ) -> Result<Held, ChangeError> {
        let (started, folder) = (Instant::now(), &*self.folder);
        let manifest = begun(context, server, run.id, wanted).await;
        let there = self.there.as_ref().map(|(_, manifest)| manifest);
        check(folder, there, &manifest).map_err(ChangeError::ArchiveStopped)?;
        let mut unproven = Unproven::new(wanted.iter().flat_map(|wanted| wanted.ids.iter()));
        let parts = there.map_or(&[][..], |there| &there.parts);
        read_back(context, run, (folder, parts), &mut unproven).await?;
        if let Some(damage) = unproven.damaged().next() {
            return Err(ChangeError::ArchiveDamagedBefore(damage.to_string()));
        }
        let source = ListedSource::new(context, server, run.pace, (wanted, unproven.len() as u64), versions);
        let stretches = stretches(wanted, &unproven, there.is_some());
        let manifest = gone_on_with(there, manifest);
        let stored = self.there.as_ref().map(|(stored, _)| stored.clone());
        let layout = layout();
        let mut archive = Archive { folder, layout: &layout, manifest, stored, noted_from: None };
        archive.save::<StoreError>().map_err(ChangeError::ArchiveStopped)?;
        remove_leftovers::<StoreError>(folder, &archive.manifest.parts).map_err(ChangeError::ArchiveStopped)?;
        if archive.write(&source, &stretches, &mut |_| Ok(())).await.map_err(ChangeError::ArchiveStopped)?
            == ArchiveEnd::Interrupted
        {
            run.check(context)?;
        }
        let (failed, gone) = source.into_left_out();
        let now_ms = context.ui.clock().now_ms() + i64::try_from(started.elapsed().as_millis()).unwrap_or(0);
        complete(&mut archive, failed, rfc3339_utc(now_ms))?;
        let manifest = read_again(&archive)?;
        let written = manifest.parts.get(parts.len()..).unwrap_or_default();
        read_back(context, run, (folder, written), &mut unproven).await?;
        check_counts(&mut archive, &unproven)?;
        let kept = kept(wanted, &unproven, (&manifest.failed, &gone), versions);
        self.sound = unproven.sound().to_vec();
        self.attachments = unproven.attachments().clone();
        Ok(Held { kept, wanted: wanted.iter().map(|wanted| wanted.ids.len()).sum() })
    }

    /// The archive as one on whose word traces are deleted, if it still is as it was read back.
    pub fn standing(&self) -> Result<Standing, ChangeError> {
        Standing::new(Rc::clone(&self.folder), self.sound.clone(), self.attachments.clone())
            .map_err(ChangeError::ArchiveDamaged)
    }

    /// Takes away what this attempt wrote: nothing was deleted, so that the traces are still where they were. What cannot be
    /// taken away is told.
    pub fn discard(&self) -> Result<(), ChangeError> {
        if self.there.is_some() { Ok(()) } else { self.remove() }
    }

    fn remove(&self) -> Result<(), ChangeError> {
        let remove = || {
            // Parts without a manifest are better than a manifest without parts.
            self.folder.remove(MANIFEST_FILE)?;
            self.folder.remove_attachments()?;
            self.folder.parts()?.iter().try_for_each(|part| self.folder.remove(part))?;
            self.folder.remove_itself()
        };
        remove().map_err(|error: std::io::Error| ChangeError::ArchiveStays { place: self.folder.name(), error })
    }
}

/// The manifest of a folder in which nothing is yet.
async fn begun(context: &RunContext<'_>, server: &dyn Writer, run: &str, wanted: &[Wanted<'_>]) -> Manifest {
    let experiments = wanted.iter().map(|wanted| (wanted.experiment.id.clone(), wanted.experiment.name.clone()));
    let compress = if compression() == Compression::Zstd { "zstd" } else { "gzip" };
    let options = IndexMap::from([("run".to_owned(), json!(run)), ("compress".to_owned(), json!(compress))]);
    Manifest {
        manifest_version: MANIFEST_VERSION,
        created_by: concat!("mlflow-trace ", env!("CARGO_PKG_VERSION")).to_owned(),
        source: ManifestSource {
            tracking_uri: context.source_name(),
            mlflow_version: server.version().await,
            experiments: experiments.collect(),
        },
        query: ManifestQuery { filter: String::new(), format: "jsonl".to_owned(), spans: true, options },
        started: rfc3339_utc(context.ui.clock().now_ms()),
        ..Manifest::default()
    }
}

/// The manifest that is there, or the one of a folder in which nothing is yet, as one that is being written.
fn gone_on_with(there: Option<&Manifest>, begun: Manifest) -> Manifest {
    let Some(there) = there else { return begun };
    let mut manifest = Manifest { complete: false, finished: None, failed: Vec::new(), ..there.clone() };
    manifest.source.experiments.extend(begun.source.experiments);
    manifest
}

fn compression() -> Compression {
    if Compression::Zstd.is_built_in() { Compression::Zstd } else { Compression::Gzip }
}

fn layout() -> Layout<'static> {
    Layout {
        format: &JsonLines,
        compression: compression(),
        cut: PartLimit::BySize,
        choice: Choice { with_spans: true, sample: None, limit: None },
        redaction: Redaction::default(),
        attachments: AttachmentChoice::Required,
    }
}

/// What is left to write, one experiment after the other.
fn stretches(wanted: &[Wanted<'_>], unproven: &Unproven<'_>, is_begun: bool) -> Vec<Stretch> {
    let stretch = |wanted: &Wanted<'_>| {
        let proven = wanted.ids.iter().filter(|id| is_begun && !unproven.holds(id)).cloned().collect();
        Stretch { experiment: Some(wanted.experiment.id.clone()), done: proven, ..Stretch::default() }
    };
    wanted.iter().map(stretch).collect()
}

/// Says in the manifest that everything is there that can be had.
fn complete(archive: &mut Archive<'_>, failed: Vec<ManifestFailure>, finished: String) -> Result<(), ChangeError> {
    let manifest = &mut archive.manifest;
    manifest.failed.extend(failed);
    manifest.window = window(&manifest.parts);
    (manifest.complete, manifest.finished) = (true, Some(finished));
    archive.save::<StoreError>().map_err(ChangeError::ArchiveStopped)
}

/// The start times of all traces in some parts.
fn window(parts: &[ManifestPart]) -> TimeWindow {
    TimeWindow {
        oldest_ms: parts.iter().filter_map(|part| part.window.oldest_ms).min(),
        newest_ms: parts.iter().filter_map(|part| part.window.newest_ms).max(),
    }
}

/// The manifest, as it is stored: as it was written.
fn read_again(archive: &Archive<'_>) -> Result<Manifest, ChangeError> {
    match read_manifest(archive.folder).map_err(ChangeError::ArchiveStopped)? {
        Some((stored, manifest)) if Some(&stored) == archive.stored.as_ref() => Ok(manifest),
        there => {
            let wrong = if there.is_some() { "differs from what was written" } else { "no longer exists" };
            Err(ChangeError::ArchiveDamaged(format!("{}/{MANIFEST_FILE} {wrong}", archive.folder.name())))
        }
    }
}

/// Holds what was read back against the counts of the manifest. Parts that are damaged are taken out of it, so that the place
/// can still be read; nothing is deleted that relies on them.
fn check_counts(archive: &mut Archive<'_>, unproven: &Unproven<'_>) -> Result<(), ChangeError> {
    let manifest = &mut archive.manifest;
    if unproven.damaged().next().is_none() {
        if unproven.counts() == &manifest.counts {
            return Ok(());
        }
        return Err(ChangeError::ArchiveDamaged(format!(
            "the counts in {}/{MANIFEST_FILE} are wrong",
            archive.folder.name()
        )));
    }
    let is_sound = |part: &ManifestPart| unproven.sound().iter().any(|(sound, _)| sound == part);
    let (sound, lost): (Vec<_>, Vec<_>) = manifest.parts.drain(..).partition(is_sound);
    (manifest.window, manifest.parts) = (window(&sound), sound);
    manifest.counts = unproven.counts().clone();
    archive.save::<StoreError>().map_err(ChangeError::ArchiveStopped)?;
    // What cannot be taken away is not part of the archive any more.
    for part in &lost {
        let _ = archive.folder.remove(&part.path);
        let _ = part.attachments.as_ref().map(|listed| archive.folder.remove(&listed.path));
    }
    Ok(())
}

/// The traces that are not proven to be in the archive, with the reason of each.
fn kept(
    wanted: &[Wanted<'_>],
    unproven: &Unproven<'_>,
    (failed, gone): (&[ManifestFailure], &HashSet<TraceId>),
    versions: &Versions,
) -> Vec<(TraceId, String)> {
    let mut kept = Vec::new();
    for wanted in wanted {
        for (id, reason) in unproven.reasons(&wanted.experiment.id, &wanted.ids, failed) {
            let reason = if gone.contains(id) { "it was not there" } else { reason };
            kept.push((id.clone(), reason.to_owned()));
        }
        let unknown = wanted.ids.iter().filter(|id| !unproven.holds(id) && !versions.hold(id));
        kept.extend(unknown.map(|id| (id.clone(), "its state when it was archived is unknown".to_owned())));
    }
    kept
}

/// Reads parts back one after the other, and stops between two of them when it is asked to.
async fn read_back(
    context: &RunContext<'_>,
    run: Run<'_>,
    (folder, parts): (&dyn Folder, &[ManifestPart]),
    unproven: &mut Unproven<'_>,
) -> Result<(), ChangeError> {
    for part in parts {
        // A signal is seen only while something waits.
        tokio::task::yield_now().await;
        run.check(context)?;
        unproven.read_back(folder, part);
    }
    run.check(context)
}
