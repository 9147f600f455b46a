//! Databases as versions of `MLflow` leave them, with traces of which every part depends on their numbers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, params};

use crate::model::keys;
use crate::store::database::{DatabaseStore, DatabaseUri};

/// What versions of `MLflow` have, one on top of the other.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub(super) enum Version {
    V2_14,
    V3_2,
    V3_6,
    V3_17,
}

pub(super) const ALL: [Version; 4] = [Version::V2_14, Version::V3_2, Version::V3_6, Version::V3_17];

const TABLES: &str = "
    CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
    INSERT INTO alembic_version VALUES ('867495a8f9d4');
    CREATE TABLE runs (run_uuid VARCHAR(32));
    CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name VARCHAR(256), artifact_location VARCHAR(256),
        lifecycle_stage VARCHAR(32), creation_time BIGINT, last_update_time BIGINT);
    INSERT INTO experiments VALUES (0, 'Default', '/art/0', 'active', 1, 1), (1, 'shop', '/art/1', 'active', 2, 2),
        (2, 'gone', '/art/2', 'deleted', 3, 3);
    CREATE TABLE trace_info (request_id VARCHAR(50) PRIMARY KEY, experiment_id INTEGER NOT NULL, timestamp_ms BIGINT NOT NULL,
        execution_time_ms BIGINT, status VARCHAR(50) NOT NULL);
    CREATE INDEX index_trace_info_experiment_id_timestamp_ms ON trace_info (experiment_id, timestamp_ms);
    CREATE TABLE trace_tags (\"key\" VARCHAR(250), value VARCHAR(8000), request_id VARCHAR(50), PRIMARY KEY (\"key\", request_id));
    CREATE TABLE trace_request_metadata (\"key\" VARCHAR(250), value VARCHAR(8000), request_id VARCHAR(50),
        PRIMARY KEY (\"key\", request_id));";

const SINCE_3_2: &str = "
    ALTER TABLE trace_info ADD COLUMN client_request_id VARCHAR(50);
    ALTER TABLE trace_info ADD COLUMN request_preview VARCHAR(1000);
    ALTER TABLE trace_info ADD COLUMN response_preview VARCHAR(1000);
    CREATE TABLE assessments (assessment_id VARCHAR(50) PRIMARY KEY, trace_id VARCHAR(50), name VARCHAR(250),
        assessment_type VARCHAR(20), value TEXT, error TEXT, created_timestamp BIGINT, last_updated_timestamp BIGINT,
        source_type VARCHAR(50), source_id VARCHAR(250), run_id VARCHAR(32), span_id VARCHAR(50), rationale TEXT,
        overrides VARCHAR(50), valid BOOLEAN, assessment_metadata TEXT);";

const SINCE_3_6: &str = "
    CREATE TABLE spans (trace_id VARCHAR(50), experiment_id INTEGER, span_id VARCHAR(50), parent_span_id VARCHAR(50), name TEXT,
        type VARCHAR(500), status VARCHAR(50), start_time_unix_nano BIGINT, end_time_unix_nano BIGINT,
        duration_ns BIGINT GENERATED ALWAYS AS (end_time_unix_nano - start_time_unix_nano) STORED, content TEXT,
        PRIMARY KEY (trace_id, span_id));
    CREATE TABLE entity_associations (association_id VARCHAR(36), source_type VARCHAR(36), source_id VARCHAR(36),
        destination_type VARCHAR(36), destination_id VARCHAR(36), created_time BIGINT);";

const SINCE_3_17: &str = "
    ALTER TABLE trace_info ADD COLUMN trace_name VARCHAR(4096);
    ALTER TABLE trace_info ADD COLUMN session_id VARCHAR(250);
    ALTER TABLE trace_info ADD COLUMN input_tokens BIGINT;
    ALTER TABLE trace_info ADD COLUMN output_tokens BIGINT;
    ALTER TABLE trace_info ADD COLUMN total_tokens BIGINT;
    ALTER TABLE trace_info ADD COLUMN cache_read_input_tokens BIGINT;
    ALTER TABLE trace_info ADD COLUMN cache_creation_input_tokens BIGINT;
    ALTER TABLE trace_info ADD COLUMN cache_creation_input_tokens_above_1hr BIGINT;
    ALTER TABLE trace_info ADD COLUMN input_cost FLOAT;
    ALTER TABLE trace_info ADD COLUMN output_cost FLOAT;
    ALTER TABLE trace_info ADD COLUMN total_cost FLOAT;
    ALTER TABLE trace_info ADD COLUMN db_payload_generation INTEGER DEFAULT 0;";

/// A folder with a database of a version.
pub(super) struct Place {
    pub(super) folder: tempfile::TempDir,
}

impl Place {
    pub(super) fn new(version: Version, traces: usize) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        let connection = place.connection();
        let parts = [
            (Version::V2_14, TABLES),
            (Version::V3_2, SINCE_3_2),
            (Version::V3_6, SINCE_3_6),
            (Version::V3_17, SINCE_3_17),
        ];
        for (since, statements) in parts {
            if since <= version {
                connection.execute_batch(statements).unwrap();
            }
        }
        let all = connection.unchecked_transaction().unwrap();
        for number in 0..traces {
            trace(&all, version, number);
        }
        all.commit().unwrap();
        place
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("mlflow.db")
    }

    /// As somebody who writes.
    pub(super) fn connection(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    pub(super) fn store(&self) -> DatabaseStore {
        store(&self.path())
    }
}

pub(super) fn store(path: &Path) -> DatabaseStore {
    DatabaseStore::new(&DatabaseUri::File(path.to_path_buf()), Duration::from_millis(200), None, &[], None)
}

const WORDS: [&str; 6] = ["prod", "Prod", "ÄÖ", "it's", "a%b", "a\\b"];
const STATES: [&str; 4] = ["OK", "ERROR", "IN_PROGRESS", "TRACE_STATUS_UNSPECIFIED"];
/// What is asked in spans.
const INPUTS: [&str; 3] = ["refund", "fade 1e5", "NaN trace"];
const TYPES: [&str; 3] = ["LLM", "TOOL", "llm"];

fn pick<'w>(words: &[&'w str], number: usize) -> &'w str {
    words[number % words.len()]
}

/// One trace, of which every part depends on its number.
fn trace(connection: &Connection, version: Version, number: usize) {
    let id = format!("tr-{number:04}");
    let time = 1_700_000_000_000 + i64::try_from(number / 3).unwrap() * 1000;
    let duration = (!number.is_multiple_of(7)).then(|| i64::try_from(number % 11).unwrap() * 100);
    connection
        .execute(
            "INSERT INTO trace_info (request_id, experiment_id, timestamp_ms, execution_time_ms, status) VALUES (?, ?, ?, ?, ?)",
            params![id, i64::from(number.is_multiple_of(13)), time, duration, pick(&STATES, number / 2)],
        )
        .unwrap();
    let pair = |table: &str, key: &str, value: &str| {
        let sql = format!("INSERT INTO {table} (\"key\", value, request_id) VALUES (?, ?, ?)");
        connection.execute(&sql, params![key, value, id]).unwrap();
    };
    let name = pick(&WORDS, number / 5);
    let session = format!("s-{}", number % 4);
    let tokens = format!("{{\"input_tokens\": {number}, \"output_tokens\": 1, \"total_tokens\": {}}}", number + 1);
    if version >= Version::V3_17 {
        let sql = "UPDATE trace_info SET trace_name = ?, session_id = ?, input_tokens = ?, output_tokens = 1, total_tokens = ?, total_cost = 0.5 WHERE request_id = ?";
        connection.execute(sql, params![name, session, number, number + 1, id]).unwrap();
    } else {
        pair("trace_tags", keys::TRACE_NAME, name);
        pair("trace_request_metadata", keys::SESSION, &session);
        pair("trace_request_metadata", keys::TOKEN_USAGE, &tokens);
        pair("trace_request_metadata", keys::COST, "{\"total_cost\": 0.5}");
    }
    if !number.is_multiple_of(3) {
        pair("trace_tags", "env", pick(&WORDS, number));
    }
    pair("trace_request_metadata", keys::SOURCE_RUN, pick(&["run-a", "run-b"], number));
    pair("trace_request_metadata", "long", &"é".repeat(250 + number % 2));
    if version >= Version::V3_2 && number.is_multiple_of(4) {
        let metadata = number.is_multiple_of(20).then(|| format!("{{\"mlflow.trace.session\": \"{session}\"}}"));
        let value = pick(&["true", "\"yes\"", "0.5", "4", "null"], number / 4);
        let sql = "INSERT INTO assessments VALUES (?, ?, ?, ?, ?, NULL, 5, 6, 'HUMAN', 'jane', NULL, NULL, 'why', NULL, ?, ?)";
        let kind = pick(&["feedback", "expectation"], number / 8);
        let valid = !number.is_multiple_of(12);
        connection.execute(sql, params![format!("a-{number}"), id, "good", kind, value, valid, metadata]).unwrap();
    }
    if version >= Version::V3_6 {
        spans(connection, number, &id, time);
        if number.is_multiple_of(6) {
            let sql = "INSERT INTO entity_associations VALUES ('x', 'trace', ?, ?, ?, 1)";
            connection.execute(sql, params![id, "run", "run-c"]).unwrap();
            connection.execute(sql, params![id, "prompt_version", "greet/1"]).unwrap();
        }
    }
}

fn spans(connection: &Connection, number: usize, id: &str, time: i64) {
    let located = !number.is_multiple_of(10);
    if located {
        let sql = "INSERT INTO trace_tags (\"key\", value, request_id) VALUES (?, 'TRACKING_STORE', ?)";
        connection.execute(sql, params![keys::SPANS_LOCATION, id]).unwrap();
    }
    for span in 0..=number % 2 {
        let (name, kind, status) =
            (pick(&WORDS, number + span), pick(&TYPES, number / 2 + span), pick(&["OK", "ERROR", "UNSET"], number));
        let span_id = format!("AAAAAAAAA{}E=", char::from(b'A' + u8::try_from(span).unwrap()));
        let start = time * 1_000_000 + i64::try_from(span).unwrap();
        let content = serde_json::json!({
            "trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": span_id, "parent_span_id": (span > 0).then_some("AAAAAAAAAAE="),
            "name": name, "start_time_unix_nano": start, "end_time_unix_nano": start + 5, "events": [],
            "status": {"code": format!("STATUS_CODE_{status}"), "message": ""},
            "attributes": {
                "mlflow.spanType": format!("\"{kind}\""),
                "mlflow.spanInputs": format!("{{\"question\": \"where is my {}\\nparcel?\", \"n\": {number}.50}}", pick(&INPUTS, number)),
                "model": format!("\"{}\"", pick(&["gpt-4o", "small_1"], number)),
            }, "links": [],
        });
        let sql = "INSERT INTO spans (trace_id, experiment_id, span_id, parent_span_id, name, type, status, start_time_unix_nano, end_time_unix_nano, content) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)";
        let parent = (span > 0).then_some("AAAAAAAAAAE=");
        let values = params![id, span_id, parent, name, kind, status, start, start + 5, content.to_string()];
        connection.execute(sql, values).unwrap();
    }
}
