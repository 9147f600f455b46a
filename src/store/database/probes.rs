//! Questions that this program and `MLflow` ask again and again, and whether an index of the database helps with each: the database
//! is asked how it would answer, and answers none.

use super::asker::Asker;
use super::sql::{Dialect, Sql};
use crate::store::{Finding, FindingKind, StoreError};

/// A question of one table, and the index that would help with it.
struct Probe {
    what: &'static str,
    table: &'static str,
    question: &'static str,
    columns: &'static str,
}

const fn probe(what: &'static str, table: &'static str, question: &'static str, columns: &'static str) -> Probe {
    Probe { what, table, question, columns }
}

/// `KEY` stands for the column of that name, which is a keyword of some databases.
const ALWAYS: [Probe; 6] = [
    probe(
        "the newest traces of an experiment",
        "trace_info",
        "SELECT request_id FROM trace_info WHERE experiment_id = 1 ORDER BY timestamp_ms DESC LIMIT 1",
        "experiment_id, timestamp_ms",
    ),
    probe(
        "the newest traces of several experiments",
        "trace_info",
        "SELECT request_id FROM trace_info ORDER BY timestamp_ms DESC LIMIT 1",
        "timestamp_ms, request_id",
    ),
    probe("the tags of a trace", "trace_tags", "SELECT value FROM trace_tags WHERE request_id = 'x'", "request_id"),
    probe(
        "a tag of a trace",
        "trace_tags",
        "SELECT value FROM trace_tags WHERE KEY = 'x' AND request_id = 'x'",
        "KEY, request_id",
    ),
    probe(
        "the metadata of a trace",
        "trace_request_metadata",
        "SELECT value FROM trace_request_metadata WHERE request_id = 'x'",
        "request_id",
    ),
    probe(
        "a piece of metadata of a trace",
        "trace_request_metadata",
        "SELECT value FROM trace_request_metadata WHERE KEY = 'x' AND request_id = 'x'",
        "KEY, request_id",
    ),
];
const PREVIEWS: Probe = probe(
    "the trace of a client request id",
    "trace_info",
    "SELECT request_id FROM trace_info WHERE client_request_id = 'x'",
    "client_request_id",
);
const PROMOTED: Probe = probe(
    "the traces of a session",
    "trace_info",
    "SELECT request_id FROM trace_info WHERE experiment_id = 1 AND session_id = 'x'",
    "experiment_id, session_id",
);
const ASSESSMENTS: Probe = probe(
    "the assessments of a trace",
    "assessments",
    "SELECT name FROM assessments WHERE trace_id = 'x'",
    "trace_id, created_timestamp",
);
const SPANS: Probe =
    probe("the spans of a trace", "spans", "SELECT content FROM spans WHERE trace_id = 'x'", "trace_id, span_id");
const LINKS: Probe = probe(
    "what a trace is linked to",
    "entity_associations",
    "SELECT destination_id FROM entity_associations WHERE source_type = 'trace' AND source_id = 'x'",
    "source_type, source_id",
);

impl Asker {
    /// The questions for which a table would be read from its beginning to its end, or sorted.
    pub(super) async fn missing_indexes(&mut self) -> Result<Vec<Finding>, StoreError> {
        let (schema, dialect) = (self.schema, self.dialect());
        if dialect == Dialect::Postgres {
            // Else a small table is read as a whole whatever it has.
            self.hold().await?;
            self.rows(&Sql::new("SET LOCAL enable_seqscan = off")).await?;
        }
        let optional = [
            (schema.has_previews, PREVIEWS),
            (schema.has_promoted, PROMOTED),
            (schema.has_assessments, ASSESSMENTS),
            (schema.has_spans, SPANS),
            (schema.has_links, LINKS),
        ];
        let optional = optional.into_iter().filter(|(is_there, _)| *is_there).map(|(_, probe)| probe);
        let mut found = Vec::new();
        for probe in ALWAYS.into_iter().chain(optional) {
            let question = probe.question.replace("KEY", dialect.key());
            if !self.reads_all(&question).await? {
                continue;
            }
            let Probe { what, table, columns, .. } = probe;
            let name = format!("index_{table}_{}", columns.to_ascii_lowercase().replace(", ", "_"));
            let concurrently = if dialect == Dialect::Postgres { "CONCURRENTLY " } else { "" };
            let columns = columns.replace("KEY", dialect.key());
            found.push(Finding {
                kind: FindingKind::MissingIndex,
                what: format!("no index helps to find {what}"),
                statement: Some(format!("CREATE INDEX {concurrently}{name} ON {table} ({columns})")),
            });
        }
        self.let_go().await?;
        Ok(found)
    }

    async fn reads_all(&mut self, question: &str) -> Result<bool, StoreError> {
        let explain = match self.dialect() {
            Dialect::Sqlite => "EXPLAIN QUERY PLAN",
            Dialect::Postgres => "EXPLAIN",
            Dialect::MySql => "EXPLAIN FORMAT=JSON",
        };
        let rows = self.rows(&Sql::new(format!("{explain} {question}"))).await?;
        // The last column says it, or the only one.
        let mut steps = rows.into_iter().map(|row| row.texts().pop().unwrap_or_default());
        let reads_all = match self.dialect() {
            Dialect::Sqlite => |step: &str| {
                (step.starts_with("SCAN") && !step.contains("INDEX")) || step.contains("TEMP B-TREE FOR ORDER BY")
            },
            Dialect::Postgres => |step: &str| step.contains("Seq Scan") || step.contains("Sort"),
            Dialect::MySql => {
                |step: &str| step.contains("\"access_type\": \"ALL\"") || step.contains("\"using_filesort\": true")
            }
        };
        Ok(steps.any(|step| reads_all(&step)))
    }
}
