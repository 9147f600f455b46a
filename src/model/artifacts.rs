//! Where the files of a trace are in the artifact store, if that can be known.
//!
//! A tag says it, and a tag is text that anybody may write. Only a folder that is this trace's own by its very name is taken
//! for it: `…/EXPERIMENT_ID/traces/TRACE_ID/artifacts`, or `traces/TRACE_ID/artifacts` in the place that the experiment names.
//! Everything else is odd, and nothing is ever deleted there.

use std::fmt;

use super::info::keys;
use super::{Experiment, TraceId, TraceInfo};

/// The folder of one trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactFolder {
    location: String,
    reach: Reach,
}

/// How a folder can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Through a server's route for artifacts.
    Server {
        /// Host and port of that server, if it is not the tracking server.
        host: Option<String>,
        /// The path below its root, without a slash before it.
        path: String,
    },
    /// In a store that the server and its clients use by themselves.
    Store,
}

/// Why a location is not taken for a trace's own folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddLocation {
    /// It holds characters that mean something else elsewhere, or that no server writes there.
    Characters,
    /// It is neither an address nor an absolute path.
    Relative,
    /// It has empty segments, `.` or `..`.
    Segments,
    /// It does not end with what makes it this trace's own.
    NotItsOwn,
}

impl fmt::Display for OddLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Characters => "its location holds characters that do not belong there",
            Self::Relative => "its location is neither an address nor an absolute path",
            Self::Segments => "its location has empty segments, . or ..",
            Self::NotItsOwn => "its location is not the trace's own folder",
        })
    }
}

impl ArtifactFolder {
    /// The folder that the tag of a trace names; nothing without such a tag.
    #[must_use]
    pub fn of(info: &TraceInfo, experiment: &Experiment) -> Option<Result<Self, OddLocation>> {
        let location = info.tags.get(keys::ARTIFACT_LOCATION)?;
        Some(Self::parse(location, &info.trace_id, experiment))
    }

    /// The folder of a trace of an experiment, from the text that says where it is.
    pub fn parse(location: &str, trace_id: &TraceId, experiment: &Experiment) -> Result<Self, OddLocation> {
        let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.~:/@+=,".contains(character);
        let id = trace_id.as_str();
        if !location.chars().all(is_plain) || id.contains('/') {
            return Err(OddLocation::Characters);
        }
        let (reach, path) = split(location)?;
        let segments: Vec<&str> = path.split('/').collect();
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(OddLocation::Segments);
        }
        let by_name = segments.ends_with(&[experiment.id.as_str(), "traces", id, "artifacts"]);
        let root = experiment.artifact_location.as_deref().map(|root| root.trim_end_matches('/'));
        let by_root = root.is_some_and(|root| location == format!("{root}/traces/{id}/artifacts"));
        if by_name || by_root { Ok(Self { location: location.to_owned(), reach }) } else { Err(OddLocation::NotItsOwn) }
    }

    /// As the tag has it.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// How it can be reached.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.reach
    }
}

/// How a location is reached, and its path without the slash before it.
fn split(location: &str) -> Result<(Reach, &str), OddLocation> {
    if let Some(rest) = location.strip_prefix("mlflow-artifacts:") {
        let (host, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_once('/').ok_or(OddLocation::NotItsOwn)?,
            None => ("", rest.strip_prefix('/').ok_or(OddLocation::Relative)?),
        };
        let host = (!host.is_empty()).then(|| host.to_owned());
        return Ok((Reach::Server { host, path: path.to_owned() }, path));
    }
    let path = match location.split_once("://") {
        Some((_, rest)) => rest.split_once('/').ok_or(OddLocation::NotItsOwn)?.1,
        None => location.strip_prefix('/').ok_or(OddLocation::Relative)?,
    };
    Ok((Reach::Store, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ExperimentId, Lifecycle};

    fn experiment(root: Option<&str>) -> Experiment {
        Experiment {
            id: ExperimentId::new("12"),
            name: "app".into(),
            lifecycle: Lifecycle::Active,
            artifact_location: root.map(str::to_owned),
            creation_time_ms: None,
            last_update_time_ms: None,
        }
    }

    fn parse(location: &str) -> Result<ArtifactFolder, OddLocation> {
        ArtifactFolder::parse(location, &TraceId::new("tr-0a"), &experiment(None))
    }

    fn path(location: &str) -> (Option<String>, String) {
        match parse(location).map(|folder| folder.reach) {
            Ok(Reach::Server { host, path }) => (host, path),
            other => panic!("{location}: {other:?}"),
        }
    }

    #[test]
    fn a_folder_that_is_named_for_its_trace_is_its_own() {
        let own = "12/traces/tr-0a/artifacts";
        assert_eq!(path(&format!("mlflow-artifacts:/{own}")), (None, own.to_owned()));
        assert_eq!(path(&format!("mlflow-artifacts:///{own}")), (None, own.to_owned()));
        assert_eq!(path(&format!("mlflow-artifacts://h:5000/{own}")), (Some("h:5000".to_owned()), own.to_owned()));
        assert_eq!(path(&format!("mlflow-artifacts:/a/b/{own}")), (None, format!("a/b/{own}")));
        for location in ["/mlruns/all/", "file:///mlruns/", "s3://bucket/base/", "wasbs://c@a.blob.core.windows.net/"] {
            let location = format!("{location}{own}");
            let folder = parse(&location).unwrap();
            assert_eq!((folder.reach(), folder.location()), (&Reach::Store, location.as_str()));
        }
    }

    #[test]
    fn the_place_of_an_experiment_counts_only_as_a_whole() {
        let root = experiment(Some("mlflow-artifacts:/shared/"));
        let parse = |location: &str| ArtifactFolder::parse(location, &TraceId::new("tr-0a"), &root);
        assert!(parse("mlflow-artifacts:/shared/traces/tr-0a/artifacts").is_ok());
        for odd in ["shared2/traces/tr-0a", "shared/traces/tr-0b", "shared/x/traces/tr-0a", "other/traces/tr-0a"] {
            assert_eq!(parse(&format!("mlflow-artifacts:/{odd}/artifacts")), Err(OddLocation::NotItsOwn), "{odd}");
        }
    }

    #[test]
    fn what_is_not_the_traces_own_folder_is_odd() {
        use OddLocation::{Characters, NotItsOwn, Relative, Segments};

        for (location, why) in [
            ("mlflow-artifacts:/12/traces/tr-0b/artifacts", NotItsOwn),
            ("mlflow-artifacts:/13/traces/tr-0a/artifacts", NotItsOwn),
            ("mlflow-artifacts:/112/traces/tr-0a/artifacts", NotItsOwn),
            ("mlflow-artifacts:/12/traces/tr-0a", NotItsOwn),
            ("mlflow-artifacts:/12/traces/xtr-0a/artifacts", NotItsOwn),
            ("mlflow-artifacts:/12/traces/tr-0a/artifacts/more", NotItsOwn),
            ("mlflow-artifacts:/12/traces/tr-0a/artifactsx", NotItsOwn),
            ("mlflow-artifacts:/12/traces/TR-0A/artifacts", NotItsOwn),
            ("mlflow-artifacts:/12/traces", NotItsOwn),
            ("mlflow-artifacts:/12", NotItsOwn),
            ("mlflow-artifacts://12/traces/tr-0a/artifacts", NotItsOwn),
            ("s3://12/traces/tr-0a/artifacts", NotItsOwn),
            ("mlflow-artifacts://h", NotItsOwn),
            ("mlflow-artifacts:/", Segments),
            ("/", Segments),
            ("mlflow-artifacts:/12/traces/tr-0a/artifacts/", Segments),
            ("mlflow-artifacts:/12//traces/tr-0a/artifacts", Segments),
            ("mlflow-artifacts:/12/traces/tr-0a/artifacts/..", Segments),
            ("mlflow-artifacts:/x/../12/traces/tr-0a/artifacts", Segments),
            ("mlflow-artifacts:/./12/traces/tr-0a/artifacts", Segments),
            ("mlflow-artifacts:/x/%2e%2e/12/traces/tr-0a/artifacts", Characters),
            ("mlflow-artifacts:/12%2Ftraces/tr-0a/artifacts", Characters),
            ("mlflow-artifacts:/12/traces/tr-0a/artifacts?path=/", Characters),
            ("mlflow-artifacts:/12/traces/tr-0a/artifacts#x", Characters),
            ("mlflow-artifacts:/*/12/traces/tr-0a/artifacts", Characters),
            ("mlflow-artifacts:/x\\12/traces/tr-0a/artifacts", Characters),
            ("mlflow-artifacts:/12/traces/tr-0a/artifacts\0", Characters),
            ("mlflow-artifacts:/12/traces/tr-0a/artifacts\n", Characters),
            (" mlflow-artifacts:/12/traces/tr-0a/artifacts", Characters),
            ("mlflow-artifacts:/12/traces/tr-0\u{430}/artifacts", Characters),
            ("mlflow-artifacts:\u{2215}12/traces/tr-0a/artifacts", Characters),
            ("mlflow-artifacts:12/traces/tr-0a/artifacts", Relative),
            ("12/traces/tr-0a/artifacts", Relative),
            ("", Relative),
        ] {
            assert_eq!(parse(location), Err(why), "{location:?}");
        }
    }

    #[test]
    fn an_id_cannot_name_more_than_one_segment() {
        let of = |id: &str| {
            let location = format!("mlflow-artifacts:/12/traces/{id}/artifacts");
            ArtifactFolder::parse(&location, &TraceId::new(id), &experiment(None))
        };
        assert!(of("tr-0a").is_ok());
        for id in ["..", ".", "", "a/b", "a%2fb", "a\\b", "*"] {
            assert!(of(id).is_err(), "{id:?}");
        }
    }

    #[test]
    fn without_a_tag_there_is_no_folder() {
        let mut info = TraceInfo::new(TraceId::new("tr-0a"), 0);
        assert_eq!(ArtifactFolder::of(&info, &experiment(None)), None);
        info.tags.insert(keys::ARTIFACT_LOCATION.to_owned(), String::new());
        assert_eq!(ArtifactFolder::of(&info, &experiment(None)), Some(Err(OddLocation::Relative)));
    }
}
