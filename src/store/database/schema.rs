//! What is in a database: told by the columns that it has, never by a version.
//!
//! Invariant: what is not understood is an error and never a shorter answer: a database that is none of `MLflow`'s, one that is
//! between two versions, one that has columns of which nothing is known here, where something may have moved to.

use std::collections::{BTreeMap, BTreeSet};

use super::session::Session;
use super::sql::{Dialect, Sql};
use crate::model::keys;
use crate::store::DatabaseTrouble as Trouble;

const INFO: &[&str] = &["request_id", "experiment_id", "timestamp_ms", "execution_time_ms", "status"];
/// Since 3.2.
const PREVIEWS: &[&str] = &["client_request_id", "request_preview", "response_preview"];
/// Since 3.17: what was a tag and metadata before.
const PROMOTED: &[&str] = &[
    "trace_name",
    "session_id",
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "cache_creation_input_tokens_above_1hr",
    "input_cost",
    "output_cost",
    "total_cost",
];
/// Of no meaning for what is read.
const INFO_ASIDE: &[&str] = &["db_payload_generation"];
const PAIRS: &[&str] = &["key", "value", "request_id"];
const EXPERIMENTS: &[&str] =
    &["experiment_id", "name", "lifecycle_stage", "artifact_location", "creation_time", "last_update_time"];
const ASSESSMENTS: &[&str] = &[
    "assessment_id",
    "trace_id",
    "name",
    "assessment_type",
    "value",
    "error",
    "created_timestamp",
    "last_updated_timestamp",
    "source_type",
    "source_id",
    "run_id",
    "span_id",
    "rationale",
    "overrides",
    "valid",
    "assessment_metadata",
];
const ASSESSMENTS_ASIDE: &[&str] = &["experiment_id", "trace_timestamp_ms", "aggregate_value", "is_numeric_value"];
const SPANS: &[&str] =
    &["trace_id", "span_id", "parent_span_id", "name", "type", "status", "start_time_unix_nano", "content"];
const SPANS_ASIDE: &[&str] = &[
    "experiment_id",
    "end_time_unix_nano",
    "duration_ns",
    "dimension_attributes",
    "input_cost",
    "output_cost",
    "total_cost",
    "model_name",
    "model_provider",
];
const LINKS: &[&str] = &["source_type", "source_id", "destination_type", "destination_id"];
const LINKS_ASIDE: &[&str] = &["association_id", "created_time"];

/// What a database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Facts that do not depend on each other, which are no states.
pub(super) struct Schema {
    /// Previews and the ids of clients.
    pub(super) has_previews: bool,
    /// Name, session, tokens and cost in columns of their own.
    pub(super) has_promoted: bool,
    /// The same in rows of tags and metadata, as before; where a migration is prepared, in both.
    pub(super) has_unpromoted: bool,
    pub(super) has_assessments: bool,
    pub(super) has_spans: bool,
    pub(super) has_links: bool,
    pub(super) has_workspaces: bool,
    /// What assessments count as, in columns of their own.
    pub(super) has_aggregates: bool,
    pub(super) has_label_schemas: bool,
    /// Queues in which traces wait for somebody who looks at them.
    pub(super) has_review_items: bool,
    /// Sums by day that must be made anew when traces or assessments change.
    pub(super) has_rollups: bool,
}

/// Why sums by day forbid a change.
pub(super) const HAS_ROLLUPS: &str =
    "the database has sums of each day (MLFLOW_SQL_TRACE_ROLLUPS_ENABLED), which its server makes anew after a change";

/// The tables of the sums by day. What is in none of them was never turned on.
const ROLLUPS: [&str; 4] = [
    "sql_trace_metric_daily_rollups",
    "sql_span_cost_daily_rollups",
    "sql_assessment_daily_rollups",
    "sql_trace_rollup_rebuild_queue",
];

type Tables = BTreeMap<String, BTreeSet<String>>;

impl Schema {
    /// Looks at the columns.
    pub(super) async fn find(session: &mut Session) -> Result<Self, Trouble> {
        let tables = tables(session).await?;
        let mut schema = Self::of(&tables)?;
        let revisions = session.rows(&Sql::new("SELECT count(*) FROM alembic_version")).await?;
        if revisions.into_iter().next().and_then(|mut row| row.integer()) != Some(1) {
            return Err(Trouble::HalfMigrated("it does not say of which version it is".to_owned()));
        }
        if schema.has_promoted {
            schema.has_unpromoted = has_unpromoted(session).await?;
        }
        Ok(schema)
    }

    fn of(tables: &Tables) -> Result<Self, Trouble> {
        if tables.is_empty() {
            return Err(Trouble::Empty);
        }
        if !["experiments", "runs", "alembic_version"].iter().all(|table| tables.contains_key(*table)) {
            return Err(Trouble::NotMlflow(format!("it has {}", named(tables.keys()))));
        }
        if let Some(table) = tables.keys().find(|table| table.starts_with("_alembic_tmp_")) {
            return Err(Trouble::HalfMigrated(format!("it has the table {table}")));
        }
        if !tables.contains_key("trace_info") {
            return Err(Trouble::TooOld);
        }
        let table = |name: &str| tables.get(name).cloned().unwrap_or_default();
        let info = table("trace_info");
        whole("trace_info", &info, INFO)?;
        for name in ["trace_tags", "trace_request_metadata"] {
            whole(name, &table(name), PAIRS)?;
            known(name, &table(name), &[PAIRS])?;
        }
        whole("experiments", &table("experiments"), EXPERIMENTS)?;
        known("trace_info", &info, &[INFO, PREVIEWS, PROMOTED, INFO_ASIDE])?;
        known("assessments", &table("assessments"), &[ASSESSMENTS, ASSESSMENTS_ASIDE])?;
        known("spans", &table("spans"), &[SPANS, SPANS_ASIDE])?;
        known("entity_associations", &table("entity_associations"), &[LINKS, LINKS_ASIDE])?;
        let has_promoted = all_or_none("trace_info", &info, PROMOTED)?;
        Ok(Self {
            has_previews: all_or_none("trace_info", &info, PREVIEWS)?,
            has_promoted,
            has_unpromoted: !has_promoted,
            has_assessments: all_or_none("assessments", &table("assessments"), ASSESSMENTS)?,
            has_spans: all_or_none("spans", &table("spans"), SPANS)?,
            has_links: all_or_none("entity_associations", &table("entity_associations"), LINKS)?,
            has_workspaces: table("experiments").contains("workspace"),
            has_aggregates: all_or_none("assessments", &table("assessments"), ASSESSMENTS_ASIDE)?,
            has_label_schemas: tables.contains_key("label_schemas"),
            has_review_items: tables.contains_key("review_queue_items"),
            has_rollups: ROLLUPS.iter().any(|name| tables.contains_key(*name)),
        })
    }

    /// The columns of a trace that are read, in order.
    pub(super) fn info_columns(self) -> String {
        let has = [(true, INFO), (self.has_previews, PREVIEWS), (self.has_promoted, PROMOTED)];
        let columns = has.iter().filter(|(has, _)| *has).flat_map(|(_, columns)| columns.iter());
        columns.map(|column| format!("t.{column}")).collect::<Vec<_>>().join(", ")
    }

    /// The columns of an assessment that are read, in order.
    pub(super) fn assessment_columns() -> String {
        ASSESSMENTS.join(", ")
    }
}

/// A table must have these columns.
fn whole(name: &str, columns: &BTreeSet<String>, wanted: &[&str]) -> Result<(), Trouble> {
    let missing: Vec<String> =
        wanted.iter().filter(|column| !columns.contains(**column)).map(|column| format!("{name}.{column}")).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Trouble::HalfMigrated(format!("{} is missing", named(missing.iter()))))
    }
}

/// Whether a table has these columns, of which it has all or none.
fn all_or_none(name: &str, columns: &BTreeSet<String>, wanted: &[&str]) -> Result<bool, Trouble> {
    if wanted.iter().all(|column| !columns.contains(*column)) {
        return Ok(false);
    }
    whole(name, columns, wanted).map(|()| true)
}

/// A table must have no other columns: what was read elsewhere so far may be in them.
fn known(name: &str, columns: &BTreeSet<String>, known: &[&[&str]]) -> Result<(), Trouble> {
    let is_new = |column: &&String| !known.iter().any(|list| list.contains(&column.as_str()));
    let new: Vec<String> = columns.iter().filter(is_new).map(|column| format!("{name}.{column}")).collect();
    if new.is_empty() { Ok(()) } else { Err(Trouble::TooNew(format!("{} is not known here", named(new.iter())))) }
}

/// The first of some names.
fn named<'n>(names: impl ExactSizeIterator<Item = &'n String>) -> String {
    const NAMED: usize = 5;
    let more = names.len().saturating_sub(NAMED);
    let first = names.take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}

/// The columns of each table.
async fn tables(session: &mut Session) -> Result<Tables, Trouble> {
    let sql = match session.dialect() {
        Dialect::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        }
        // Also of tables that the user may not read, so that they are told to be there.
        Dialect::Postgres => {
            "SELECT c.relname::text, a.attname::text FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY (current_schemas(false)) AND pg_catalog.pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped"
        }
        Dialect::MySql => {
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
        }
    };
    let mut tables = Tables::new();
    for mut row in session.rows(&Sql::new(sql)).await? {
        let (table, column) = (row.text_or_empty(), row.text_or_empty());
        tables.entry(table).or_default().insert(column);
    }
    Ok(tables)
}

/// Whether there are sums by day, which a change would make wrong.
pub(super) async fn has_rollups(session: &mut Session, schema: Schema) -> Result<bool, Trouble> {
    for table in ROLLUPS.iter().filter(|_| schema.has_rollups) {
        if !session.rows(&Sql::new(format!("SELECT 1 FROM {table} LIMIT 1"))).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether names, sessions, tokens or cost are in rows although there are columns for them: `MLflow` can fill the columns before
/// its migration takes the rows away.
async fn has_unpromoted(session: &mut Session) -> Result<bool, Trouble> {
    let key = session.dialect().key();
    let found = |table: &str, keys: &[&str]| {
        Sql::new(format!("SELECT 1 FROM {table} WHERE {key} IN ")).list(keys.iter().copied()).text(" LIMIT 1")
    };
    let tags = session.rows(&found("trace_tags", &[keys::TRACE_NAME])).await?;
    let promoted = [keys::SESSION, keys::TOKEN_USAGE, keys::COST];
    Ok(!tags.is_empty() || !session.rows(&found("trace_request_metadata", &promoted)).await?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables of a version.
    fn tables(spec: &[(&str, &[&[&str]])]) -> Tables {
        let set =
            |columns: &[&[&str]]| columns.iter().flat_map(|list| list.iter()).map(|name| (*name).to_owned()).collect();
        let mut tables: Tables = spec.iter().map(|(name, columns)| ((*name).to_owned(), set(columns))).collect();
        for (name, columns) in
            [("experiments", EXPERIMENTS), ("runs", &["run_uuid"][..]), ("alembic_version", &["version_num"][..])]
        {
            tables.insert(name.to_owned(), set(&[columns]));
        }
        tables
    }

    const OF_2_14: &[(&str, &[&[&str]])] =
        &[("trace_info", &[INFO]), ("trace_tags", &[PAIRS]), ("trace_request_metadata", &[PAIRS])];

    fn with(more: &[(&str, &[&[&str]])]) -> Tables {
        let mut spec = OF_2_14.to_vec();
        spec.extend(more);
        tables(&spec)
    }

    fn schema(tables: &Tables) -> Result<Schema, String> {
        Schema::of(tables).map_err(|trouble| trouble.to_string())
    }

    #[test]
    fn every_version_is_told_by_its_columns() {
        let old = schema(&tables(OF_2_14)).unwrap();
        assert!(old.has_unpromoted && !old.has_previews && !old.has_spans && !old.has_assessments && !old.has_links);
        let of_3_2 = schema(&with(&[("trace_info", &[INFO, PREVIEWS]), ("assessments", &[ASSESSMENTS])])).unwrap();
        assert!(of_3_2.has_previews && of_3_2.has_assessments && !of_3_2.has_promoted && !of_3_2.has_spans);
        let of_3_17 = schema(&with(&[
            ("trace_info", &[INFO, PREVIEWS, PROMOTED, INFO_ASIDE]),
            ("assessments", &[ASSESSMENTS, ASSESSMENTS_ASIDE]),
            ("spans", &[SPANS, SPANS_ASIDE]),
            ("entity_associations", &[LINKS, LINKS_ASIDE]),
        ]))
        .unwrap();
        assert!(of_3_17.has_promoted && !of_3_17.has_unpromoted && of_3_17.has_spans && of_3_17.has_links);
        assert!(of_3_17.info_columns().ends_with("t.total_cost") && old.info_columns().ends_with("t.status"));
    }

    #[test]
    fn what_is_not_understood_is_an_error_that_says_what() {
        let mut strange = Tables::new();
        assert_eq!(schema(&strange), Err("it is empty".to_owned()));
        strange.insert("users".to_owned(), BTreeSet::new());
        assert!(schema(&strange).unwrap_err().contains("it has users"));
        let mut none = tables(OF_2_14);
        none.remove("trace_info");
        assert!(schema(&none).unwrap_err().contains("2.14"));
        let mut half = tables(OF_2_14);
        half.remove("trace_tags");
        assert!(schema(&half).unwrap_err().contains("trace_tags.key"));
        let some = with(&[("trace_info", &[INFO, PREVIEWS, &["trace_name", "session_id"]])]);
        assert!(schema(&some).unwrap_err().contains("trace_info.input_tokens"));
        let between = with(&[("_alembic_tmp_spans", &[SPANS])]);
        assert!(schema(&between).unwrap_err().contains("_alembic_tmp_spans"));
        let new = with(&[("trace_info", &[INFO, PREVIEWS, PROMOTED, &["user_id"]])]);
        assert!(schema(&new).unwrap_err().contains("trace_info.user_id is not known here"));
    }
}
