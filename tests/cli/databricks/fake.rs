//! A workspace in this process, as MLflow's own client talks to one (3.17.2 with `databricks-sdk` 0.162.0). It takes the requests
//! that were recorded of that client and no others: whatever else comes is kept and fails the test.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use mlflow_trace::filter::{Filter, SessionScope};
use mlflow_trace::model::{Span, Trace, TraceInfo, rfc3339_utc};
use serde_json::{Map, Value, json};

use crate::fake::{Answer, BASE_MS, Request, refused, span};
use crate::support::Program;
use crate::support::http::{Listener, Reply, decoded};

pub const TOKEN: &str = "dapi-0123456789";
pub const ORG: &str = "777";
pub const SCHEMA: &str = "main.agents";
pub const WAREHOUSE: &str = "w1";

/// The id of a numbered trace of the experiment.
pub fn id(number: u32) -> String {
    format!("tr-{number:032x}")
}

/// The id of a numbered trace of Unity Catalog.
pub fn in_catalog(number: u32) -> String {
    format!("trace:/{SCHEMA}/{number:032x}")
}

/// What a workspace holds, and how it behaves.
pub struct State {
    pub traces: Vec<Value>,
    /// Ids of experiment traces whose file cannot be had.
    pub lost: Vec<String>,
    pub knows_v4: bool,
    pub takes_experiments_in_v4: bool,
    /// How often an operation says that it is not done.
    pub looks: u32,
    pub warehouse: String,
    /// Tokens that were given out, and for how long they are good.
    pub granted: u32,
    pub seconds: i64,
    pub accepted: Vec<String>,
    pub log: Vec<Request>,
    pub unexpected: Vec<String>,
    operations: BTreeMap<String, (u32, Value)>,
}

pub struct Workspace {
    listener: Listener,
    state: Arc<Mutex<State>>,
}

fn info(number: u32, id: &str, location: Value) -> Value {
    json!({
        "trace_id": id, "trace_location": location,
        "request_time": rfc3339_utc(BASE_MS + i64::from(number) * 1000),
        "execution_duration": "0.120s", "state": if number.is_multiple_of(2) { "ERROR" } else { "OK" },
        "request_preview": format!("question {number}"), "response_preview": format!("answer {number}"),
        "trace_metadata": {"mlflow.trace.sizeStats": "{\"num_spans\": 1}"}, "tags": {
            "mlflow.traceName": "chat",
            "mlflow.artifactLocation": format!("dbfs:/databricks/mlflow-tracking/1/{id}"),
        },
    })
}

impl Workspace {
    /// With so many traces in the experiment, and as many in Unity Catalog.
    pub fn with(number: u32) -> Self {
        let experiment = json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "1"}});
        let schema = json!({"type": "UC_SCHEMA", "uc_schema": {"catalog_name": "main", "schema_name": "agents"}});
        let of_experiment = (1..=number).map(|n| info(n, &id(n), experiment.clone()));
        let of_catalog = (1..=number).map(|n| info(n, &format!("{n:032x}"), schema.clone()));
        let state = State {
            traces: of_experiment.chain(of_catalog).collect(),
            lost: Vec::new(),
            knows_v4: true,
            takes_experiments_in_v4: true,
            looks: 2,
            warehouse: "RUNNING".to_owned(),
            granted: 0,
            seconds: 3600,
            accepted: vec![format!("Bearer {TOKEN}")],
            log: Vec::new(),
            unexpected: Vec::new(),
            operations: BTreeMap::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let listener = Listener::start(move |request| Reply::Answer(shared.lock().unwrap().answer(&request)));
        Self { listener, state }
    }

    pub fn uri(&self) -> String {
        format!("http://{}", self.listener.address())
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What was asked of the tracking API, as `METHOD target`.
    pub fn asked(&self) -> Vec<String> {
        let state = self.state();
        let of_api = state.log.iter().filter(|request| request.path.starts_with("/api/"));
        of_api.map(|request| format!("{} {}", request.method, request.target)).collect()
    }

    /// The bodies of the requests whose method and path hold this text.
    pub fn bodies(&self, text: &str) -> Vec<Value> {
        let state = self.state();
        state.log.iter().filter(|request| request.line().contains(text)).map(Request::json).collect()
    }

    /// The program in a place of the workspace, with a token.
    pub fn program(&self, place: &str, arguments: &[&str]) -> Program {
        self.bare(&[arguments, &["-x", place]].concat()).hidden_env("DATABRICKS_TOKEN", TOKEN)
    }

    /// The program without anything to log in with.
    pub fn bare(&self, arguments: &[&str]) -> Program {
        Program::new(arguments)
            .hidden_env("MLFLOW_TRACKING_URI", "databricks")
            .hidden_env("DATABRICKS_HOST", self.uri())
            .hidden_env("MLFLOW_TRACING_SQL_WAREHOUSE_ID", WAREHOUSE)
            .hidden_env("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
            .hidden_env("USER", "jane")
    }

    /// Nothing was asked that MLflow's own client would not ask.
    pub fn assert_as_recorded(&self) {
        let state = self.state();
        assert!(state.unexpected.is_empty(), "{:#?}", state.unexpected);
    }
}

fn not_found(what: &str) -> Answer {
    refused(404, "RESOURCE_DOES_NOT_EXIST", format!("{what} not found"))
}

impl State {
    pub fn trace(&mut self, id: &str) -> Option<&mut Value> {
        let hex = id.rsplit('/').next().unwrap_or(id).to_owned();
        self.traces.iter_mut().find(|trace| trace["trace_id"] == hex.as_str())
    }

    fn answer(&mut self, request: &Request) -> Answer {
        self.log.push(request.clone());
        let path: Vec<String> = request.path.trim_start_matches('/').split('/').map(decoded).collect();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match (request.method.as_str(), path.as_slice()) {
            ("GET", [".well-known", "databricks-config"]) => self.without_credentials(request, |_| {
                let host = &request.headers["host"];
                Answer::json(
                    200,
                    &json!({"oidc_endpoint": format!("http://{host}/oidc"), "account_id": "acc", "workspace_id": ORG}),
                )
            }),
            ("GET", ["oidc", ".well-known", "oauth-authorization-server"]) => {
                let endpoint = format!("http://{}/oidc/v1/token", request.headers["host"]);
                Answer::json(200, &json!({"token_endpoint": endpoint, "authorization_endpoint": "x"}))
            }
            ("POST", ["oidc", "v1", "token"] | ["tenant", "oauth2", "token"]) => self.grant(),
            ("GET", ["github"]) => Answer::json(200, &json!({"value": "github-token"})),
            ("GET", ["signed", id]) => self.without_credentials(request, |state| state.file(id)),
            ("GET", ["aad", "auth"]) => {
                Answer::new(302, "text/html", "").header("Location", "https://login.example/tenant/oauth2/authorize?x")
            }
            _ => self.of_api(request, &path),
        }
    }

    fn without_credentials(&mut self, request: &Request, answer: impl FnOnce(&mut Self) -> Answer) -> Answer {
        if request.headers.contains_key("authorization") {
            self.unexpected.push(format!("{} came with credentials", request.line()));
        }
        answer(self)
    }

    fn grant(&mut self) -> Answer {
        self.granted += 1;
        let token = format!("granted-{}", self.granted);
        self.accepted.push(format!("Bearer {token}"));
        Answer::json(200, &json!({"access_token": token, "token_type": "Bearer", "expires_in": self.seconds}))
    }

    fn of_api(&mut self, request: &Request, path: &[&str]) -> Answer {
        let header = |name: &str| request.headers.get(name).cloned().unwrap_or_default();
        if !self.accepted.contains(&header("authorization")) {
            return refused(401, "UNAUTHENTICATED", "Credential was not sent or was of an unsupported type");
        }
        if header("x-databricks-org-id") != ORG {
            self.unexpected.push(format!("{} for the workspace {:?}", request.line(), header("x-databricks-org-id")));
        }
        let query: Vec<&str> = request.query.iter().map(|(key, _)| key.as_str()).collect();
        let body = request.json();
        let keys: Vec<String> = body.as_object().map(|body| body.keys().cloned().collect()).unwrap_or_default();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let answer = self.routed(request, path, (&query, &keys), &body);
        answer.unwrap_or_else(|| {
            self.unexpected.push(format!("{} {} {body}", request.method, request.target));
            refused(404, "ENDPOINT_NOT_FOUND", format!("No API found for '{} {}'", request.method, request.path))
        })
    }

    fn routed(&mut self, request: &Request, path: &[&str], shape: (&[&str], &[&str]), body: &Value) -> Option<Answer> {
        let [_, version, "mlflow" | "sql", rest @ ..] = path else { return None };
        // The client sends parts of the path once more, which is harmless.
        let repeated = |query: &[&str]| {
            query.iter().all(|key| ["trace_id", "location", "location_id", "sql_warehouse_id"].contains(key))
        };
        let warehouse = |query: &[&str]| repeated(query) && request.parameter("sql_warehouse_id") == Some(WAREHOUSE);
        Some(match (request.method.as_str(), *version, rest, shape) {
            ("GET", "2.0", ["experiments", "get-by-name"], (["experiment_name"], [])) => {
                experiment(request.parameter("experiment_name") == Some("/Shared/e"))
            }
            ("GET", "2.0", ["experiments", "get"], (["experiment_id"], [])) => {
                experiment(request.parameter("experiment_id") == Some("1"))
            }
            ("POST", "2.0", ["experiments", "search"], ([], _)) => Answer::json(200, &json!({"experiments": [wire()]})),
            ("POST", "4.0", ["traces", "search-long-running"], ([], _)) => self.begin(body),
            ("GET", "4.0", ["traces", "search", "operations", name], ([], [])) => self.look(name),
            ("POST", "3.0", ["traces", "search"], ([], _)) => self.page(body).map_or_else(
                |no| no,
                |page| {
                    Answer::json(
                        200,
                        &json!({"traces": page["trace_infos"], "next_page_token": page["next_page_token"]}),
                    )
                },
            ),
            ("GET", "3.0", ["traces", id], (query, [])) if repeated(query) => self.info(id),
            ("GET", "4.0", ["traces", SCHEMA, id, "info"], (query, [])) if warehouse(query) => self.info(id),
            ("GET", "4.0", ["traces", SCHEMA, "batchGet"], (query, []))
                if request.parameter("location_id") == Some(SCHEMA) && query.contains(&"sql_warehouse_id") =>
            {
                self.batch(request)
            }
            ("GET", "2.0", ["traces", id, "credentials-for-data-download"], ([], [])) => way(request, id),
            ("PATCH", "2.0", ["traces", id, "tags"], ([], ["key", "value"]))
            | ("PATCH", "4.0", ["traces", SCHEMA, id, "tags"], ([], ["key", "value"])) => {
                self.tag(id, body["key"].as_str()?, Some(&body["value"]))
            }
            ("DELETE", "2.0", ["traces", id, "tags"], ([], ["key"])) => self.tag(id, body["key"].as_str()?, None),
            ("DELETE", "4.0", ["traces", SCHEMA, id, "tags", key], (query, [])) if warehouse(query) => {
                self.tag(id, key, None)
            }
            ("POST", "2.0", ["traces", "delete-traces"], ([], ["experiment_id", "request_ids"])) => self.delete(body),
            ("POST", "3.0", ["traces", id, "assessments"], ([], ["assessment"])) => {
                self.assess(id, &body["assessment"], true)
            }
            ("POST", "4.0", ["traces", SCHEMA, id, "assessments"], (query, _))
                if warehouse(query) && is_placed(body, id) =>
            {
                self.assess(id, body, false)
            }
            ("GET", "3.0", ["traces", id, "assessments", one], ([], [])) => self.assessment(id, one, true),
            ("GET", "4.0", ["traces", SCHEMA, id, "assessments", one], (query, [])) if warehouse(query) => {
                self.assessment(id, one, false)
            }
            ("PATCH", "3.0", ["traces", id, "assessments", one], ([], ["assessment", "update_mask"])) => {
                self.change(id, one, &body["assessment"], body["update_mask"].as_str()?, true)
            }
            ("PATCH", "4.0", ["traces", SCHEMA, id, "assessments", one], (["sql_warehouse_id", "update_mask"], _))
                if is_placed(body, id) =>
            {
                self.change(id, one, body, request.parameter("update_mask")?, false)
            }
            ("DELETE", "3.0", ["traces", id, "assessments", one], ([], [])) => self.forget(id, one),
            ("DELETE", "4.0", ["traces", SCHEMA, id, "assessments", one], (query, [])) if warehouse(query) => {
                self.forget(id, one)
            }
            ("GET", "2.0", ["warehouses", WAREHOUSE], ([], [])) => {
                let state = self.warehouse.clone();
                if state == "STARTING" {
                    "RUNNING".clone_into(&mut self.warehouse);
                }
                Answer::json(200, &json!({"id": WAREHOUSE, "state": state}))
            }
            ("POST", "2.0", ["warehouses", WAREHOUSE, "start"], ([], [])) => {
                "STARTING".clone_into(&mut self.warehouse);
                Answer::json(200, &json!({}))
            }
            _ => return None,
        })
    }

    fn begin(&mut self, body: &Value) -> Answer {
        let is_of_catalog = body["locations"][0]["type"] == "UC_SCHEMA";
        if !self.knows_v4 {
            return refused(404, "ENDPOINT_NOT_FOUND", "No API found for 'POST /mlflow/traces/search-long-running'");
        }
        if !is_of_catalog && !self.takes_experiments_in_v4 {
            return refused(400, "INVALID_PARAMETER_VALUE", "MLFLOW_EXPERIMENT locations not yet supported");
        }
        let tables = &body["locations"][0]["uc_schema"]["otel_spans_table_name"];
        if is_of_catalog && (body["sql_warehouse_id"] != WAREHOUSE || tables != "mlflow_experiment_trace_otel_spans") {
            return refused(400, "INVALID_PARAMETER_VALUE", "Could not resolve a SQL warehouse ID");
        }
        let page = match self.page(body) {
            Ok(page) => json!({"response": page}),
            Err(_) => {
                json!({"error": {"error_code": "INVALID_PARAMETER_VALUE", "message": "prompts are not understood"}})
            }
        };
        let name = format!("op {}", self.operations.len() + 1);
        self.operations.insert(name.clone(), (self.looks, page));
        self.look(&name)
    }

    fn look(&mut self, name: &str) -> Answer {
        let Some((looks, page)) = self.operations.get_mut(name) else { return not_found("the operation") };
        let mut answer = json!({"name": name, "metadata": {"state": "RUNNING"}, "done": *looks == 0});
        if *looks == 0 {
            answer.as_object_mut().unwrap().extend(page.as_object().unwrap().clone());
        }
        *looks = looks.saturating_sub(1);
        Answer::json(200, &answer)
    }

    /// Newest first, by offsets.
    fn page(&mut self, body: &Value) -> Result<Value, Answer> {
        const KNOWN: &[&str] = &["locations", "filter", "max_results", "order_by", "page_token", "sql_warehouse_id"];
        for key in body.as_object().unwrap().keys().filter(|key| !KNOWN.contains(&key.as_str())) {
            self.unexpected.push(format!("{key} in a search"));
        }
        let text = body["filter"].as_str().unwrap_or("");
        let filter = Filter::parse(text).ok().filter(|filter| !filter.is_extended() && !text.contains("prompt"));
        let filter = filter.ok_or_else(|| refused(400, "INVALID_PARAMETER_VALUE", "Invalid filter"))?;
        let kind = &body["locations"][0]["type"];
        let matches = |info: &Value| {
            let info: TraceInfo = serde_json::from_value(info.clone()).unwrap();
            filter.matcher().matches(&Trace::without_spans(info), &SessionScope::default()).is_true()
        };
        let here = self.traces.iter().rev().filter(|info| &info["trace_location"]["type"] == kind && matches(info));
        let offset: usize = body["page_token"].as_str().map_or(0, |token| token.parse().unwrap());
        let most = usize::try_from(body["max_results"].as_u64().unwrap()).unwrap();
        let here: Vec<&Value> = here.collect();
        let page: Vec<&&Value> = here.iter().skip(offset).take(most).collect();
        let mut answer = json!({"trace_infos": page});
        if offset + most < here.len() {
            answer["next_page_token"] = (offset + most).to_string().into();
        }
        Ok(answer)
    }

    fn info(&mut self, id: &str) -> Answer {
        let found = self.trace(id).map(|info| Answer::json(200, &json!({"trace": {"trace_info": info}})));
        found.unwrap_or_else(|| not_found(&format!("Trace with ID '{id}'")))
    }

    fn batch(&mut self, request: &Request) -> Answer {
        let ids = request.query.iter().filter(|(key, _)| key == "trace_ids");
        let ids: Vec<String> = ids.map(|(_, id)| id.clone()).collect();
        let one = |id: &String| {
            let info = self.trace(id)?.clone();
            let number = u32::from_str_radix(id, 16).ok()?;
            Some(json!({"trace_info": info, "spans": [span_of(number, id)]}))
        };
        let found: Vec<Value> = ids.iter().filter_map(one).collect();
        Answer::json(200, &json!({"traces": found}))
    }

    fn file(&mut self, id: &str) -> Answer {
        if self.lost.iter().any(|lost| lost == id) {
            return Answer::new(404, "application/xml", "<Error><Code>NoSuchKey</Code></Error>");
        }
        let number = u32::from_str_radix(id.trim_start_matches("tr-"), 16).unwrap();
        // Files have spans as MLflow's client writes them, and not as the routes give them out.
        let span = Span::from_text(span_of(number, id).to_string().as_bytes()).unwrap();
        Answer::json(200, &json!({"spans": [span]}))
    }

    fn tag(&mut self, id: &str, key: &str, value: Option<&Value>) -> Answer {
        let Some(trace) = self.trace(id) else { return not_found("the trace") };
        let tags = trace["tags"].as_object_mut().unwrap();
        let is_known = match value {
            Some(value) => {
                tags.insert(key.to_owned(), value.clone());
                true
            }
            None => tags.remove(key).is_some(),
        };
        if is_known { Answer::json(200, &json!({})) } else { not_found("the tag") }
    }

    fn delete(&mut self, body: &Value) -> Answer {
        let ids = body["request_ids"].as_array().unwrap().clone();
        if ids.len() > 100 {
            return refused(400, "INVALID_PARAMETER_VALUE", "at most 100 ids");
        }
        let before = self.traces.len();
        self.traces.retain(|trace| !ids.contains(&trace["trace_id"]));
        Answer::json(200, &json!({"traces_deleted": before - self.traces.len()}))
    }

    fn assess(&mut self, id: &str, new: &Value, is_wrapped: bool) -> Answer {
        let Some(trace) = self.trace(id) else { return not_found("the trace") };
        let mut new = new.as_object().unwrap().clone();
        // The workspace chooses ids.
        new.insert("assessment_id".into(), "a-of-the-workspace".into());
        let all = trace.as_object_mut().unwrap().entry("assessments").or_insert_with(|| json!([]));
        all.as_array_mut().unwrap().push(Value::Object(new.clone()));
        wrapped(new, is_wrapped)
    }

    fn assessments(&mut self, id: &str) -> Option<&mut Vec<Value>> {
        self.trace(id)?.get_mut("assessments")?.as_array_mut()
    }

    fn assessment(&mut self, id: &str, one: &str, is_wrapped: bool) -> Answer {
        let found =
            self.assessments(id).and_then(|all| all.iter().find(|known| known["assessment_id"] == one).cloned());
        match found {
            Some(Value::Object(found)) => wrapped(found, is_wrapped),
            _ => not_found("the assessment"),
        }
    }

    fn change(&mut self, id: &str, one: &str, new: &Value, mask: &str, is_wrapped: bool) -> Answer {
        let mut named = true;
        let found = self.assessments(id).and_then(|all| all.iter_mut().find(|known| known["assessment_id"] == one));
        let Some(found) = found else { return not_found("the assessment") };
        for field in mask.split(',') {
            let key = if field == "assessmentName" { "assessment_name" } else { field };
            named &= is_wrapped || field != "assessmentName";
            found[key] = new[key].clone();
        }
        let found = found.as_object().unwrap().clone();
        if !named {
            self.unexpected.push(format!("the mask {mask} in version 4"));
        }
        wrapped(found, is_wrapped)
    }

    fn forget(&mut self, id: &str, one: &str) -> Answer {
        if let Some(all) = self.assessments(id) {
            all.retain(|known| known["assessment_id"] != one);
        }
        Answer::json(200, &json!({}))
    }
}

/// The one span of a trace, which says what it belongs to.
fn span_of(number: u32, trace: &str) -> Value {
    let mut span = span(number, 1, None, "chat", BASE_MS);
    let id = json!({"key": "mlflow.traceRequestId", "value": {"string_value": json!(trace).to_string()}});
    span["attributes"].as_array_mut().unwrap().push(id);
    span
}

fn wire() -> Value {
    json!({"experiment_id": "1", "name": "/Shared/e", "lifecycle_stage": "active", "artifact_location": "dbfs:/x"})
}

fn experiment(is_known: bool) -> Answer {
    if is_known { Answer::json(200, &json!({"experiment": wire()})) } else { not_found("the experiment") }
}

fn way(request: &Request, id: &str) -> Answer {
    let uri = format!("http://{}/signed/{id}?X-Amz-Signature=secret", request.headers["host"]);
    Answer::json(200, &json!({"credential_info": {"signed_uri": uri, "headers": [], "type": "AWS_PRESIGNED_URL"}}))
}

fn is_placed(body: &Value, id: &str) -> bool {
    let schema = json!({"type": "UC_SCHEMA", "uc_schema": {"catalog_name": "main", "schema_name": "agents"}});
    body["trace_id"] == id && body["trace_location"] == schema
}

fn wrapped(assessment: Map<String, Value>, is_wrapped: bool) -> Answer {
    let bare = Value::Object(assessment);
    Answer::json(200, &if is_wrapped { json!({"assessment": bare}) } else { bare })
}
