//! The folders of a store: experiments, their traces, and what the files of a trace say about it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::yaml;
use crate::model::{Assessment, Experiment, ExperimentId, Lifecycle, TraceId, TraceInfo};
use crate::store::StoreError;
use crate::store::objects::Objects;
use crate::store::own_folder::Folder;

const META: &str = "meta.yaml";
const TRASH: &str = ".trash";
const TRACES: &str = "traces";
const INFO: &str = "trace_info.yaml";

/// A store in a folder.
#[derive(Clone)]
pub(super) struct Root {
    pub(super) path: PathBuf,
    /// Where files of traces are that it only names.
    pub(super) objects: Arc<Objects>,
}

/// The folder of one trace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TraceFolder {
    pub(super) experiment: ExperimentId,
    pub(super) path: PathBuf,
}

fn unreadable(path: &Path, reason: &dyn ToString) -> StoreError {
    StoreError::Archive { path: path.display().to_string(), reason: reason.to_string() }
}

/// The folders in a folder, in the order of their names; none if it is not there.
fn folders_in(path: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let found = match fs::read_dir(path) {
        Ok(found) => found.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<PathBuf>>>(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => Err(error),
    };
    let mut found = found.map_err(|error| unreadable(path, &error))?;
    found.retain(|path| path.is_dir());
    found.sort();
    Ok(found)
}

/// Whether a folder is such a store: an experiment is in it, or in its trash.
pub(super) fn is_store(path: &Path) -> bool {
    let has_experiment = |folder: &Path| {
        let Ok(mut entries) = fs::read_dir(folder) else { return false };
        entries.any(|entry| entry.is_ok_and(|entry| entry.path().join(META).is_file()))
    };
    path.is_dir() && (has_experiment(path) || has_experiment(&path.join(TRASH)))
}

impl Root {
    /// The folders of all experiments, each with whether it is deleted.
    fn experiment_folders(&self) -> Result<Vec<(PathBuf, Lifecycle)>, StoreError> {
        let active = folders_in(&self.path)?.into_iter().map(|path| (path, Lifecycle::Active));
        let deleted = folders_in(&self.path.join(TRASH))?.into_iter().map(|path| (path, Lifecycle::Deleted));
        // Other folders hold registered models, and files of no experiment.
        Ok(active.chain(deleted).filter(|(path, _)| path.join(META).is_file()).collect())
    }

    /// All experiments, newest first.
    pub(super) fn experiments(&self) -> Result<Vec<Experiment>, StoreError> {
        let mut all = Vec::new();
        for (path, lifecycle) in self.experiment_folders()? {
            all.push(experiment(&path, lifecycle)?);
        }
        all.sort_by(|left, right| (right.creation_time_ms, &left.id).cmp(&(left.creation_time_ms, &right.id)));
        Ok(all)
    }

    fn experiment_folder(&self, id: &ExperimentId) -> Option<PathBuf> {
        let is_name =
            !id.as_str().is_empty() && id.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let places = [self.path.join(id.as_str()), self.path.join(TRASH).join(id.as_str())];
        places.into_iter().find(|path| is_name && path.join(META).is_file())
    }

    /// The traces of experiments; one without a file of its info is being made or taken away.
    pub(super) fn traces(&self, experiments: &[ExperimentId]) -> Result<Vec<TraceFolder>, StoreError> {
        let mut all = Vec::new();
        for experiment in experiments {
            let Some(folder) = self.experiment_folder(experiment) else { continue };
            let traces = folders_in(&folder.join(TRACES))?.into_iter().filter(|path| path.join(INFO).is_file());
            all.extend(traces.map(|path| TraceFolder { experiment: experiment.clone(), path }));
        }
        Ok(all)
    }

    /// The folder of a trace, in whichever experiment it is.
    pub(super) fn trace(&self, id: &TraceId) -> Result<Option<TraceFolder>, StoreError> {
        if !id.is_part_of_a_path() || id.as_str().contains('\\') {
            return Ok(None);
        }
        for (folder, _) in self.experiment_folders()? {
            let path = folder.join(TRACES).join(id.as_str());
            if path.join(INFO).is_file() {
                let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                return Ok(Some(TraceFolder { experiment: ExperimentId::new(name), path }));
            }
        }
        Ok(None)
    }
}

fn experiment(path: &Path, lifecycle: Lifecycle) -> Result<Experiment, StoreError> {
    let file = path.join(META);
    let meta = document(&file).map_err(|reason| unreadable(&file, &reason))?;
    let text = |key: &str| match &meta[key] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let (Some(id), Some(name)) = (text("experiment_id"), text("name")) else {
        return Err(unreadable(&file, &"it names no experiment"));
    };
    Ok(Experiment {
        id: ExperimentId::new(id),
        name,
        lifecycle: if meta["lifecycle_stage"] == "deleted" { Lifecycle::Deleted } else { lifecycle },
        artifact_location: text("artifact_location"),
        creation_time_ms: meta["creation_time"].as_i64(),
        last_update_time_ms: meta["last_update_time"].as_i64(),
    })
}

fn document(file: &Path) -> Result<Value, String> {
    yaml::read(&fs::read_to_string(file).map_err(|error| error.to_string())?)
}

impl TraceFolder {
    /// Its name, which is the id of the trace.
    fn id(&self) -> TraceId {
        TraceId::new(self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
    }

    /// What its files say; of a trace that cannot be read only why. Nothing if it is not there any more.
    pub(super) fn info(&self) -> Option<TraceInfo> {
        match self.read() {
            Ok(info) => Some(info),
            Err(_) if !self.path.join(INFO).is_file() => None,
            Err(why) => {
                let mut info = TraceInfo::new(self.id(), crate::model::ListedInfo::NO_TIME);
                info.trace_location = location(&self.experiment);
                info.unread.push(why);
                Some(info)
            }
        }
    }

    fn read(&self) -> Result<TraceInfo, String> {
        let Value::Object(mut object) = document(&self.path.join(INFO))? else {
            return Err(format!("{INFO} holds something else"));
        };
        // They are in files of their own.
        for key in ["assessments", "tags", "trace_metadata", "request_metadata"] {
            object.remove(key);
        }
        let mut info: TraceInfo =
            serde_json::from_value(Value::Object(object)).map_err(|error| format!("{INFO}: {error}"))?;
        if info.trace_id != self.id() {
            return Err(format!("{INFO} is of the trace {}", info.trace_id));
        }
        info.tags = pairs(&self.path.join("tags"))?;
        info.metadata = pairs(&self.path.join("request_metadata"))?;
        info.assessments = assessments(&self.path.join("assessments"))?;
        info.is_as_stored = true;
        Ok(info)
    }

    /// Where its files are: in its own folder, unless they are not there and it names another one.
    pub(super) fn files(&self, info: &TraceInfo, experiment: Option<&Experiment>) -> Folder {
        let own = self.path.join("artifacts");
        let named = Folder::of(info, experiment);
        if !own.is_dir() && named.may_have_spans() { named } else { Folder::Here(own) }
    }
}

fn location(experiment: &ExperimentId) -> Value {
    json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}})
}

/// Files whose names are keys; a slash in a key makes a folder.
fn pairs(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let (mut pairs, mut open) = (BTreeMap::new(), vec![(String::new(), folder.to_owned())]);
    while let Some((prefix, path)) = open.pop() {
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(format!("{}: {error}", path.display())),
        };
        for entry in entries {
            let entry = entry.map_err(|error| format!("{}: {error}", path.display()))?;
            let Ok(name) = entry.file_name().into_string() else {
                return Err(format!("a name in {} is not UTF-8", path.display()));
            };
            let key = format!("{prefix}{name}");
            if entry.path().is_dir() {
                open.push((format!("{key}/"), entry.path()));
            } else {
                let value = fs::read_to_string(entry.path());
                pairs.insert(key, value.map_err(|error| format!("{}: {error}", entry.path().display()))?);
            }
        }
    }
    Ok(pairs)
}

/// The assessments of a trace, oldest first.
fn assessments(folder: &Path) -> Result<Vec<Assessment>, String> {
    let files = match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<PathBuf>>>(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => Err(error),
    };
    let files = files.map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut read: Vec<Assessment> = Vec::with_capacity(files.len());
    for file in files {
        let wrong = |why: String| format!("{}: {why}", file.display());
        match document(&file).map_err(wrong)? {
            Value::Object(object) => read.push(Assessment::new(valid(object))),
            _ => return Err(format!("{} holds no assessment", file.display())),
        }
    }
    read.sort_by_key(|one| (one.create_time_ms(), one.id()));
    Ok(read)
}

/// Feedback counts unless it says that it does not; of nothing else is this told.
fn valid(mut object: Map<String, Value>) -> Map<String, Value> {
    if object.contains_key("feedback") {
        object.entry("valid").or_insert(Value::Bool(true));
    } else {
        object.retain(|key, _| key != "valid" && key != "overrides");
    }
    object
}

/// Whether traces are looked for here first, as `MLflow` does that finds experiments in a folder of this name.
pub(super) fn is_usual(path: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(path) else { return false };
    entries.any(|entry| {
        entry.is_ok_and(|entry| {
            let is_number = entry.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit());
            is_number && entry.path().join(META).is_file()
        })
    })
}
