//! Looking a tracking server over. What asks for a right names things that do not exist, so that nothing changes where it is
//! granted: a trace that nobody has, a tag and an assessment that a trace has not.

use std::time::Instant;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::ServerStore;
use crate::filter::Language;
use crate::model::{Experiment, TraceId, TraceInfo};
use crate::store::Reader;
use crate::store::checkup::{CheckFinding, Checkup};
use crate::store::http::{Class, ErrorKind, Expected, Method, Request, ServerError, path_segment, reach};

/// What `server-info` says.
#[derive(Default, Deserialize)]
struct Info {
    store_type: Option<String>,
    workspaces_enabled: Option<bool>,
    trace_archival_enabled: Option<bool>,
}

/// What later versions of MLflow 3 have, and which one was the first.
const FEATURES: &[(&str, u32)] = &[
    ("assessments", 2),
    ("span filters", 6),
    ("LIKE on tags", 6),
    ("RLIKE", 6),
    ("feedback filters", 6),
    ("LIKE on metadata", 9),
    ("IS NULL", 11),
    ("feedback as a number", 15),
];

/// An id that no trace has: OpenTelemetry knows no trace of zeros.
const NOBODY: &str = "tr-00000000000000000000000000000000";
const NOTHING: &str = "mlflow-trace.doctor";
const NO_ASSESSMENT: &str = "a-00000000000000000000000000000000";

#[derive(Serialize)]
struct Deletion<'a> {
    experiment_id: &'a str,
    request_ids: [&'a str; 1],
}

#[async_trait]
impl Checkup for ServerStore {
    async fn reach(&self) -> Vec<CheckFinding> {
        reach(self.base(), &self.settings).await
    }

    async fn nature(&self) -> Vec<CheckFinding> {
        let info = self.info_of_server().await;
        let started = Instant::now();
        let version = self.version().await;
        let kind = CheckFinding::fine("server", kind(version.as_deref(), info.as_ref().ok()));
        let mut found = vec![kind.after(started.elapsed())];
        found.extend(self.workspace(info.as_ref().ok()));
        found.push(self.login().await);
        if found.iter().any(CheckFinding::ends_it) {
            return found;
        }
        found.extend(self.user().await);
        found.push(self.features().await);
        found
    }

    async fn rights(&self, experiment: &Experiment, trace: Option<&TraceInfo>) -> Vec<CheckFinding> {
        let Some(trace) = trace else {
            return vec![CheckFinding::untried("permissions", "the experiment has no trace to ask about")];
        };
        let mut asked = vec![("set tags", self.may_tag(&trace.trace_id).await)];
        if !self.wire.is_old() {
            asked.push(("log feedback", self.may_annotate(&trace.trace_id).await));
        }
        asked.push(("delete traces", self.may_delete(experiment).await));
        let mut granted = vec!["read"];
        let (mut refused, mut unknown) = (Vec::new(), Vec::new());
        for (right, answer) in asked {
            match answer {
                Ok(()) => granted.push(right),
                Err(error) if error.is_forbidden() => refused.push(right),
                Err(error) => unknown.push(format!("{right} ({error})")),
            }
        }
        vec![of_rights(&experiment.name, &granted, &refused, &unknown)]
    }

    async fn storage(&self) -> Vec<CheckFinding> {
        let path = "/api/2.0/mlflow-artifacts/artifacts";
        let request = Request::get("list artifacts", path, Vec::new()).expecting(Expected::File);
        let started = Instant::now();
        let finding = match self.transport.send(request).await {
            Ok(_) => CheckFinding::fine("artifact store", "reached through the server").after(started.elapsed()),
            Err(error) if error.is_no_such_route() || error.is_forbidden() || is_switched_off(&error) => {
                CheckFinding::untried("artifact store", "the server does not show it")
            }
            Err(error) => CheckFinding::wrong(
                "artifact store",
                format!("the server does not reach it: {}", error.kind),
                "span files and attachments cannot be read until it does; see the server's log",
            ),
        };
        vec![finding]
    }
}

fn of_rights(experiment: &str, granted: &[&str], refused: &[&str], unknown: &[String]) -> CheckFinding {
    let mut text = format!("{} in {experiment}", granted.join(", "));
    if !refused.is_empty() {
        text = format!("{text}; not {}", refused.join(", "));
    }
    if !unknown.is_empty() {
        text = format!("{text}; not known: {}", unknown.join(", "));
    }
    if refused.is_empty() && unknown.is_empty() {
        return CheckFinding::fine("permissions", text);
    }
    CheckFinding::noted("permissions", text, "ask an administrator of the server for what is missing and needed")
}

/// What the server says that it is.
fn kind(version: Option<&str>, info: Option<&Info>) -> String {
    let mut parts = vec![version.map_or_else(|| "MLflow".to_owned(), |version| format!("MLflow {version}"))];
    if let Some(store) = info.and_then(|info| info.store_type.as_deref()) {
        parts.push(if store == "SqlStore" { "with a database".to_owned() } else { format!("with a {store}") });
    }
    if info.is_some_and(|info| info.trace_archival_enabled == Some(true)) {
        parts.push("archives traces".to_owned());
    }
    if version.is_none() {
        parts.push("version not told".to_owned());
    }
    parts.join(", ")
}

fn is_switched_off(error: &ServerError) -> bool {
    matches!(&error.kind, ErrorKind::Refused { status: 503, message, .. } if message.contains("disabled"))
}

/// Whether an answer of a server that would have done it, had it been there.
fn granted(answer: Result<(), ServerError>) -> Result<(), ServerError> {
    match answer {
        Err(error) if error.is_not_found() => Ok(()),
        answer => answer,
    }
}

impl ServerStore {
    /// `GET /api/3.0/mlflow/server-info` (3.10 and later), which never asks who somebody is.
    async fn info_of_server(&self) -> Result<Info, ServerError> {
        self.transport.json(Request::get("ask what the server is", "/api/3.0/mlflow/server-info", Vec::new())).await
    }

    fn workspace(&self, info: Option<&Info>) -> Option<CheckFinding> {
        let enabled = info.and_then(|info| info.workspaces_enabled);
        match (&self.settings.workspace, enabled) {
            (Some(name), Some(false)) => Some(CheckFinding::wrong(
                "workspace",
                format!("{name} is named, but the server has no workspaces"),
                "unset MLFLOW_WORKSPACE, or take workspace out of the profile",
            )),
            (Some(name), _) => Some(CheckFinding::fine("workspace", name.as_str())),
            (None, Some(true)) => Some(CheckFinding::fine("workspace", "default; MLFLOW_WORKSPACE names another")),
            (None, _) => None,
        }
    }

    /// Whether the server lets this user in: the smallest question that it does not answer to everybody.
    async fn login(&self) -> CheckFinding {
        let who = match self.settings.login.told(self.base()) {
            Ok(Some(told)) => format!("{}, from {}", told.who, told.from),
            Ok(None) => "none, and none are needed".to_owned(),
            Err(reason) => {
                return CheckFinding::failed("credentials", ServerError::new("log in", ErrorKind::Setup(reason)));
            }
        };
        let (path, body) = ("/api/2.0/mlflow/experiments/search", json!({"max_results": 1}));
        let request = Request::with_body("list experiments", Class::Read, Method::POST, path, &body)
            .expecting(Expected::Experiments);
        let started = Instant::now();
        let answer = self.transport.listing::<Value>(request, &["experiments", "next_page_token"]).await;
        match answer {
            Ok(_) => CheckFinding::fine("credentials", who).after(started.elapsed()),
            Err(error) => CheckFinding::failed("credentials", error),
        }
    }

    /// `GET users/get`, where the server keeps users itself.
    async fn user(&self) -> Option<CheckFinding> {
        let told = self.settings.login.told(self.base()).ok()??;
        let name = told.who.strip_prefix("user ")?.to_owned();
        let request = Request::get("look up the user", "/api/2.0/mlflow/users/get", vec![("username", name.as_str())]);
        let answer: Value = self.transport.json(request).await.ok()?;
        let is_admin = answer.get("user")?.get("is_admin")?.as_bool()?;
        let what = if is_admin { "an administrator" } else { "not an administrator" };
        Some(CheckFinding::fine("user", format!("{name} is {what}")))
    }

    /// What the server's filters know. What they do not know is evaluated here, but for assessments, which are not there.
    async fn features(&self) -> CheckFinding {
        let language = match self.wire.language(&[]).await {
            Ok(language) => language,
            Err(error) => return CheckFinding::untried("features", error.to_string()),
        };
        let is_unknown = |(_, since): &&(&str, u32)| language < Language::since(*since);
        let unknown: Vec<&str> = FEATURES.iter().filter(is_unknown).map(|(name, _)| *name).collect();
        if unknown.is_empty() {
            return CheckFinding::fine("features", "the server knows all filters that are sent to it");
        }
        let advice = if language.has_assessments() {
            "searches with them read more traces and evaluate them locally; upgrade MLflow on the server to make them faster"
        } else {
            "upgrade MLflow on the server to log feedback; other searches evaluate locally what the server does not know"
        };
        CheckFinding::noted("features", format!("the server does not know {}", unknown.join(", ")), advice)
    }

    async fn may_tag(&self, trace_id: &TraceId) -> Result<(), ServerError> {
        let path = format!("/api/2.0/mlflow/traces/{}/tags", path_segment(trace_id.as_str()));
        let body = json!({"key": NOTHING});
        let request = Request::with_body("delete a tag that is not there", Class::Read, Method::DELETE, path, &body);
        granted(self.transport.done(request).await)
    }

    async fn may_annotate(&self, trace_id: &TraceId) -> Result<(), ServerError> {
        let path = format!("/api/3.0/mlflow/traces/{}/assessments/{NO_ASSESSMENT}", path_segment(trace_id.as_str()));
        let body = json!({"assessment": {"feedback": {"value": true}}, "update_mask": "feedback"});
        let request = Request::with_body("change feedback that is not there", Class::Read, Method::PATCH, path, &body);
        granted(self.transport.send(request).await.map(|_| ()))
    }

    async fn may_delete(&self, experiment: &Experiment) -> Result<(), ServerError> {
        let body = Deletion { experiment_id: experiment.id.as_str(), request_ids: [NOBODY] };
        let path = "/api/2.0/mlflow/traces/delete-traces";
        let request = Request::with_body("delete a trace that is not there", Class::Read, Method::POST, path, &body);
        granted(self.transport.send(request).await.map(|_| ()))
    }
}
