//! Which files an archive is made of: one file, the parts that a manifest names, or whatever lies in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::attachments::AttachmentList;
use super::copies::Copies;
use super::notes::Notes;
use super::part::{EXPORTED, Kind, ManifestPlace, Part, Source};
use crate::model::{ExperimentId, ExportFormat, MANIFEST_FILE, MANIFEST_VERSION, Manifest, ManifestPart};
use crate::store::StoreError;

/// The list of traces and experiments that `mlflow-export-import` writes.
const EXPORTED_LIST: &str = "traces.json";

/// Where an archive, or a part of one, is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveSource {
    /// A file or a folder.
    pub path: PathBuf,
    /// What to call it in messages, if not by its path.
    pub called: Option<&'static str>,
}

impl ArchiveSource {
    /// One that is called by its path.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), called: None }
    }

    fn name(&self) -> &str {
        self.called.or(self.path.to_str()).unwrap_or("the archive")
    }
}

/// What is at odds between the names of experiments that some sources tell and those of another one.
fn at_odds(
    before: &BTreeMap<ExperimentId, String>,
    here: &BTreeMap<ExperimentId, String>,
    name: &str,
) -> Option<String> {
    if before.is_empty() != here.is_empty() {
        return Some("some of them say the names of their experiments and some do not".to_owned());
    }
    let differs = |(id, other): (&ExperimentId, &String)| {
        let known = before.get(id).filter(|known| *known != other)?;
        Some(format!("the experiment with id {id} is {other:?} in {name} and {known:?} in another one"))
    };
    here.iter().find_map(differs)
}

/// The parts of an archive and what is known about it without reading them.
pub(super) struct Layout {
    /// What to call it in messages.
    pub(super) name: String,
    pub(super) parts: Vec<Part>,
    /// What manifests tell of attachments.
    pub(super) attachments: Vec<AttachmentList>,
    /// Names by id of the experiments that manifests tell of.
    pub(super) experiments: BTreeMap<ExperimentId, String>,
    /// Whether manifests tell of all parts.
    pub(super) is_listed: bool,
    /// Why ids of experiments need not mean the same in all of it, if so.
    pub(super) at_odds: Option<String>,
    /// What a person should know before relying on it.
    pub(super) notices: Vec<String>,
    /// Traces that it holds more than once.
    pub(super) copies: Copies,
    /// What is said while it is read.
    pub(super) notes: Arc<Notes>,
    /// How many files and manifests were found.
    sources: usize,
    /// Whether a manifest says that some traces were written more than once.
    has_copies: bool,
}

impl Layout {
    fn empty(name: String) -> Self {
        Self {
            name,
            parts: Vec::new(),
            attachments: Vec::new(),
            experiments: BTreeMap::new(),
            at_odds: None,
            is_listed: true,
            notices: Vec::new(),
            copies: Copies::default(),
            notes: Arc::default(),
            sources: 0,
            has_copies: false,
        }
    }

    /// Bytes inside the binary.
    pub(super) fn within(name: &'static str, bytes: &'static [u8], experiments: &[(&str, &str)]) -> Self {
        let experiments = experiments.iter().map(|(id, name)| (ExperimentId::from(*id), (*name).to_owned()));
        let parts = vec![Part::new(Source::Bytes(name, bytes))];
        Self { parts, experiments: experiments.collect(), ..Self::empty(name.to_owned()) }
    }

    /// One source.
    #[cfg(test)]
    pub(super) fn find(path: &Path) -> Result<Self, StoreError> {
        Self::find_all(&[ArchiveSource::at(path)])
    }

    /// Files, folders, or manifests in folders, read as one. Manifests are read; of parts it is asked whether they are there
    /// and as large as they should be.
    pub(super) fn find_all(sources: &[ArchiveSource]) -> Result<Self, StoreError> {
        let names: Vec<&str> = sources.iter().map(ArchiveSource::name).collect();
        let mut layout = Self::empty(names.join(", "));
        for (number, source) in sources.iter().enumerate() {
            let before = std::mem::take(&mut layout.experiments);
            layout.add(source)?;
            if number > 0 && layout.at_odds.is_none() {
                layout.at_odds = at_odds(&before, &layout.experiments, source.name());
            }
            layout.experiments.extend(before);
        }
        layout.join_spans();
        // What one manifest tells of was written trace by trace, each once unless it says otherwise.
        layout.copies = Copies::of(!layout.is_listed || layout.sources > 1 || layout.has_copies);
        // Newest first, so that a search with a limit can do without the rest.
        layout.parts.sort_by_key(|part| std::cmp::Reverse(part.window.newest_ms.unwrap_or(i64::MAX)));
        Ok(layout)
    }

    fn add(&mut self, source: &ArchiveSource) -> Result<(), StoreError> {
        let path = source.path.as_path();
        let metadata = path.metadata().map_err(|error| failure(path, error.to_string()))?;
        if metadata.is_dir() {
            let before = self.sources;
            self.add_folder(path)?;
            if self.sources == before {
                let reason = format!(
                    "there is no {MANIFEST_FILE} in it and no file that ends with {}",
                    ExportFormat::endings_of_traces()
                );
                return Err(failure(path, reason));
            }
        } else if path.file_name().is_some_and(|name| name == MANIFEST_FILE) {
            self.add_manifest(path.parent().unwrap_or(Path::new(".")))?;
        } else {
            refuse_partial(path)?;
            self.add_file(path);
            self.add_names_beside(path);
            if let Some(part) = self.parts.last_mut() {
                part.called = source.called;
            }
        }
        Ok(())
    }

    fn add_file(&mut self, path: &Path) {
        self.is_listed = false;
        self.sources += 1;
        self.parts.push(Part { notes: Arc::clone(&self.notes), ..Part::new(Source::File(path.to_owned())) });
    }

    /// The spans of a trace may stand in several of OpenTelemetry's files, so that all of them are one part.
    fn join_spans(&mut self) {
        let is_otlp =
            |part: &mut Part| part.sha256.is_none() && part.kind().is_ok_and(|kind| matches!(kind, Kind::Otlp(_)));
        let mut spans: Vec<Part> = self.parts.extract_if(.., is_otlp).collect();
        if !spans.is_empty() {
            let more = spans.split_off(1);
            self.parts.extend(spans.into_iter().map(|first| Part { more: Vec::new(), ..first }));
            if let Some(first) = self.parts.last_mut() {
                first.more = more;
            }
        }
    }

    /// The names of experiments, from the list that `mlflow-export-import` writes into the folder above its traces.
    fn add_names_beside(&mut self, trace: &Path) {
        if let Some(list) = trace.ancestors().nth(2).filter(|_| trace.ends_with(EXPORTED)) {
            self.experiments.extend(exported_experiments(&list.join(EXPORTED_LIST)).unwrap_or_default());
        }
    }

    /// Whether a file is one of `mlflow-export-import` that holds no trace itself.
    fn is_other_export(&mut self, path: &Path) -> bool {
        let part = Part::new(Source::File(path.to_owned()));
        let is_other = !part.is_named(EXPORTED) && part.first_key().is_some_and(|key| key == b"system");
        if is_other && part.is_named(EXPORTED_LIST) {
            self.experiments.extend(exported_experiments(path).unwrap_or_default());
        }
        is_other
    }

    /// A manifest speaks for its folder. Else files count by their names and folders are looked into, sorted; links to
    /// folders are not followed, which may lead in circles.
    fn add_folder(&mut self, folder: &Path) -> Result<(), StoreError> {
        if folder.join(MANIFEST_FILE).is_file() {
            return self.add_manifest(folder);
        }
        let fail = |error: std::io::Error| failure(folder, error.to_string());
        let mut entries = fs::read_dir(folder).map_err(fail)?.collect::<Result<Vec<_>, _>>().map_err(fail)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        let exported = Part::new(Source::File(folder.join(EXPORTED)));
        let is_exported = exported.kind().is_ok_and(|kind| kind == Kind::Exported);
        for entry in entries {
            let (name, path) = (entry.file_name().to_string_lossy().to_ascii_lowercase(), entry.path());
            if name.starts_with('.') {
                continue;
            }
            if entry.file_type().map_err(fail)?.is_dir() {
                // Beside an exported trace are its spans and attachments.
                if !(is_exported && name == "artifacts") {
                    self.add_folder(&path)?;
                }
            } else if path.is_file() && self.is_other_export(&path) {
                self.sources += 1;
            } else if ExportFormat::is_name_of_traces(&name) && path.is_file() {
                self.add_file(&path);
            }
        }
        Ok(())
    }

    fn add_manifest(&mut self, folder: &Path) -> Result<(), StoreError> {
        let path = folder.join(MANIFEST_FILE);
        let fail = |reason: String| failure(&path, reason);
        let text = fs::read(&path).map_err(|error| fail(error.to_string()))?;
        let manifest = read_manifest(&text).map_err(fail)?;
        if let Some(reason) = unreadable(&manifest) {
            return Err(fail(reason));
        }
        manifest.check().map_err(fail)?;
        let written = path.metadata().and_then(|manifest| manifest.modified()).ok();
        for (number, part) in manifest.parts.iter().enumerate() {
            let listed = Some(ManifestPlace { export: self.sources, written, number });
            self.parts.push(Part { listed, ..listed_part(folder, part)? });
            let listed = part.attachments.iter().map(|listed| AttachmentList::new(folder, listed));
            self.attachments.extend(listed.collect::<Result<Vec<_>, _>>()?);
        }
        self.sources += 1;
        self.has_copies |= manifest.counts.again > 0;
        if !manifest.complete {
            let traces = manifest.counts.traces;
            let next = match manifest.query.options.get("run") {
                Some(_) => "the run that began it deleted nothing",
                None => "run the command that started it to resume",
            };
            let folder = folder.display();
            self.notices.push(format!("the export in {folder} is not complete: {traces} traces so far; {next}"));
        }
        self.experiments.extend(manifest.source.experiments);
        Ok(())
    }
}

/// Experiments by id from the list of `mlflow-export-import`.
fn exported_experiments(list: &Path) -> Option<Vec<(ExperimentId, String)>> {
    let list: serde_json::Value = serde_json::from_slice(&fs::read(list).ok()?).ok()?;
    let experiments = list.get("mlflow")?.get("experiments")?.as_array()?;
    let text = |experiment: &serde_json::Value, key: &str| Some(experiment.get(key)?.as_str()?.to_owned());
    let of = |experiment| Some((ExperimentId::new(text(experiment, "id")?), text(experiment, "name")?));
    Some(experiments.iter().filter_map(of).collect())
}

fn failure(path: &Path, reason: String) -> StoreError {
    StoreError::Archive { path: path.display().to_string(), reason }
}

/// Some formats hold less than a trace.
fn refuse_partial(path: &Path) -> Result<(), StoreError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match ExportFormat::of_name(&name) {
        Ok(Some(format)) if !format.row().is_read_back => {
            Err(failure(path, format!("it is {}", no_way_back(format.as_str()))))
        }
        _ => Ok(()),
    }
}

fn no_way_back(format: &str) -> String {
    format!("{format}, which cannot be read back; export with --format jsonl")
}

fn read_manifest(text: &[u8]) -> Result<Manifest, String> {
    #[derive(serde::Deserialize)]
    struct Version {
        manifest_version: u32,
    }

    let version: Version = serde_json::from_slice(text).map_err(|error| format!("it is not a manifest: {error}"))?;
    if version.manifest_version > MANIFEST_VERSION {
        return Err(format!(
            "it has version {}, but this program reads at most {MANIFEST_VERSION}; use a newer mlflow-trace",
            version.manifest_version
        ));
    }
    serde_json::from_slice(text).map_err(|error| format!("it is not a manifest: {error}"))
}

/// Why the parts that a manifest tells of are no traces.
fn unreadable(manifest: &Manifest) -> Option<String> {
    let query = &manifest.query;
    if !query.format.parse().is_ok_and(|format: ExportFormat| format.row().is_read_back) {
        return Some(format!("its parts are {}", no_way_back(&query.format)));
    }
    let rows = query.options.get("explode")?.as_str()?;
    Some(format!("its rows are {rows}, not traces, and cannot be read back; export without --explode"))
}

fn listed_part(folder: &Path, listed: &ManifestPart) -> Result<Part, StoreError> {
    let relative = PathBuf::from(&listed.path);
    let path = folder.join(&relative);
    if !relative.components().all(|component| matches!(component, Component::Normal(_))) {
        return Err(failure(&folder.join(MANIFEST_FILE), format!("{:?} leads out of the archive", listed.path)));
    }
    let metadata = path
        .metadata()
        .map_err(|error| failure(&path, format!("{error}; {MANIFEST_FILE} lists it, so the archive is incomplete")))?;
    if metadata.len() != listed.bytes {
        let reason = format!("it has {} bytes, and {MANIFEST_FILE} says {}", metadata.len(), listed.bytes);
        return Err(failure(&path, reason));
    }
    Ok(Part {
        source: Source::File(path),
        window: listed.window,
        experiment_id: listed.experiment_id.clone(),
        sha256: Some(listed.sha256.clone()).filter(|sha256| !sha256.is_empty()),
        traces: Some(listed.traces),
        ..Part::new(Source::File(PathBuf::new()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn manifest(parts: &[Value]) -> Value {
        json!({"manifest_version": 1, "created_by": "mlflow-trace 1", "source": {"tracking_uri": "http://h", "experiments": {"1": "app"}},
            "query": {"filter": "", "format": "jsonl", "spans": true}, "window": {}, "complete": true, "started": "2026-11-22T08:00:00Z",
            "counts": {"traces": parts.len(), "spans": 0, "assessments": 0, "bytes": 0}, "parts": parts})
    }

    fn listed(path: &str, bytes: u64, newest: i64) -> Value {
        json!({"path": path, "sha256": "", "bytes": bytes, "traces": 1, "rows": 1, "window": {"oldest_ms": 0, "newest_ms": newest}, "boundary": []})
    }

    fn write(folder: &Path, files: &[(&str, &str)]) {
        for (name, content) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }

    fn names(layout: &Layout, folder: &Path) -> Vec<String> {
        let prefix = format!("{}/", folder.display());
        layout.parts.iter().map(|part| part.name().replace(&prefix, "")).collect()
    }

    #[test]
    fn a_folder_without_a_manifest_is_all_that_looks_like_traces() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            "b.jsonl",
            "a.jsonl.gz",
            "sub/c.JSON",
            "sub/d.jsonl.zst",
            "e.csv",
            "f.jsonl.part",
            ".g.jsonl",
            ".h/i.jsonl",
            "note.txt",
        ];
        write(folder.path(), &files.map(|name| (name, "")));
        let layout = Layout::find(folder.path()).unwrap();
        assert_eq!(names(&layout, folder.path()), ["a.jsonl.gz", "b.jsonl", "sub/c.JSON", "sub/d.jsonl.zst"]);
        assert!(!layout.is_listed);
    }

    #[test]
    fn a_manifest_tells_the_parts_and_only_them() {
        let folder = tempfile::tempdir().unwrap();
        let text = manifest(&[listed("old.jsonl", 2, 5), listed("x/new.jsonl", 3, 9)]).to_string();
        write(
            folder.path(),
            &[("old.jsonl", "{}"), ("x/new.jsonl", "{}\n"), ("other.jsonl", ""), ("manifest.json", &text)],
        );
        for path in [folder.path().to_owned(), folder.path().join("manifest.json")] {
            let layout = Layout::find(&path).unwrap();
            assert_eq!(names(&layout, folder.path()), ["x/new.jsonl", "old.jsonl"]);
            assert_eq!(layout.experiments, BTreeMap::from([("1".into(), "app".to_owned())]));
            assert!(layout.is_listed && layout.notices.is_empty());
        }
    }

    #[test]
    fn what_a_manifest_promises_is_held_against_the_files() {
        type Change<'c> = (&'c dyn Fn(&mut Value), &'c str);

        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("a.jsonl", "{}")]);
        let with = |change: &dyn Fn(&mut Value)| {
            let mut manifest = manifest(&[listed("a.jsonl", 2, 5)]);
            change(&mut manifest);
            write(folder.path(), &[("manifest.json", &manifest.to_string())]);
            Layout::find(folder.path()).map_err(|error| error.to_string())
        };
        let twice = |manifest: &mut Value, path: &str| {
            let mut part = manifest["parts"][0].clone();
            part["path"] = path.into();
            manifest["parts"].as_array_mut().unwrap().push(part);
            manifest["counts"]["traces"] = 2.into();
        };
        write(folder.path(), &[("b/a.jsonl", "{}")]);
        let changes: [Change; 12] = [
            (&|manifest| manifest["parts"][0]["path"] = "b.jsonl".into(), "b.jsonl: No such file"),
            (&|manifest| manifest["parts"][0]["bytes"] = 3.into(), "a.jsonl: it has 2 bytes, and manifest.json says 3"),
            (&|manifest| manifest["parts"][0]["path"] = "../a.jsonl".into(), "leads out of the archive"),
            (&|manifest| manifest["manifest_version"] = 2.into(), "it has version 2"),
            (&|manifest| manifest["query"]["format"] = "csv".into(), "its parts are csv"),
            (&|manifest| manifest["query"]["options"] = json!({"explode": "spans"}), "its rows are spans"),
            (&|manifest| *manifest = json!([]), "it is not a manifest"),
            (&|manifest| twice(manifest, "a.jsonl"), "it names \"a.jsonl\" twice"),
            (
                &|manifest| {
                    manifest["parts"][0]["path"] = "b/a.jsonl".into();
                    twice(manifest, "b//a.jsonl");
                },
                "it names \"b//a.jsonl\" twice",
            ),
            (
                &|manifest| {
                    manifest["parts"][0]["sha256"] = "00".into();
                    twice(manifest, "b/a.jsonl");
                },
                "it says that \"a.jsonl\" and \"b/a.jsonl\" are the same",
            ),
            (&|manifest| manifest["parts"] = json!([]), "its parts hold 0 traces, and it says that there are 1"),
            (
                &|manifest| manifest["counts"]["traces"] = 2.into(),
                "its parts hold 1 traces, and it says that there are 2",
            ),
        ];
        for (change, expected) in changes {
            let error = with(change).err().unwrap();
            assert!(error.contains(expected), "{error}");
        }
        let layout = with(&|manifest| manifest["complete"] = false.into()).unwrap();
        assert!(layout.notices[0].contains("is not complete: 1 traces so far"));
    }

    #[test]
    fn a_folder_of_exports_is_all_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let text = manifest(&[listed("a.jsonl", 2, 5)]).to_string();
        write(folder.path(), &[("one/a.jsonl", "{}"), ("one/manifest.json", &text), ("two/b.jsonl", "")]);
        let layout = Layout::find(folder.path()).unwrap();
        assert_eq!(names(&layout, folder.path()), ["two/b.jsonl", "one/a.jsonl"]);
        assert!(!layout.is_listed);
    }

    #[test]
    fn an_archive_without_traces_is_none_that_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("run/manifest.json", &manifest(&[]).to_string())]);
        for path in [folder.path().to_owned(), folder.path().join("run")] {
            assert!(Layout::find(&path).unwrap().parts.is_empty());
        }
    }

    #[test]
    fn what_holds_no_traces_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let error = |path: &Path| Layout::find(path).err().unwrap().to_string();
        assert!(error(folder.path()).contains("no file that ends with .jsonl"));
        write(folder.path(), &[("a.csv", "")]);
        assert!(error(&folder.path().join("a.csv")).contains("it is csv"));
        assert!(error(&folder.path().join("no")).contains("No such file"));
    }
}
