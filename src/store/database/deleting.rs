//! Deletion as `MLflow` deletes: the row of a trace goes, and what depends on it goes with it by the database's own keys.
//!
//! Left to a server are traces with files, which would stay behind, and databases whose sums by day only a server makes anew
//! or whose keys do not take everything along. Invariant: whatever forbids a deletion is looked at in its own transaction,
//! while nobody else can change the rows.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Inner;
use super::asker::AT_ONCE;
use super::editor::Editor;
use super::experiments::number;
use super::schema::{HAS_ROLLUPS, Schema, has_rollups};
use super::session::Session;
use super::sql::{Dialect, Row, Sql};
use crate::model::{ExperimentId, TraceId, keys};
use crate::store::{DatabaseTrouble as Trouble, StoreError};

const ARCHIVED: &str = "the spans are in its archive";
const IN_A_FILE: &str = "the spans are in a file of the artifact store, which would stay behind";
const LOOSE: &str =
    "the database does not delete with a trace all that belongs to it: its keys are not those of MLflow";

/// Tables whose rows belong to a trace, with the table that takes them along.
const DEPENDENT: [(&str, &str); 6] = [
    ("trace_tags", "trace_info"),
    ("trace_request_metadata", "trace_info"),
    ("trace_metrics", "trace_info"),
    ("assessments", "trace_info"),
    ("spans", "trace_info"),
    ("span_metrics", "spans"),
];

/// What a trace says about its files, by the tags that say it.
type Places = HashMap<TraceId, BTreeMap<String, String>>;

/// Why a trace is left to a server; nothing if it is not.
fn why_left(tags: Option<&BTreeMap<String, String>>) -> Option<&'static str> {
    let tag = |key: &str| tags.and_then(|tags| tags.get(key)).map(String::as_str);
    match (tag(keys::SPANS_LOCATION), tag(keys::ARTIFACT_LOCATION), tag(keys::ARCHIVE_LOCATION)) {
        (Some("TRACKING_STORE"), _, None) => None,
        (Some("ARCHIVE_REPO"), ..) | (_, _, Some(_)) => Some(ARCHIVED),
        (_, Some(_), None) => Some(IN_A_FILE),
        (_, None, None) => None,
    }
}

impl Editor {
    /// Deletes those of these traces that are in the experiment and are not left to a server. Returns how many.
    pub(super) async fn delete_traces(&mut self, experiment: i64, ids: &[TraceId]) -> Result<u64, StoreError> {
        // Before anything else, so that all that is looked at is as it is when they go.
        let held = self.hold_all(experiment, ids).await?;
        let schema = self.schema;
        let forbidden = forbidden(self.session(), schema).await;
        if let Some(why) = forbidden.map_err(|trouble| self.failure(trouble))? {
            return Err(StoreError::LeftToServer(why));
        }
        let places = places(self.dialect(), &held);
        let places = places_of(self.rows(&places).await?);
        let goes = held.iter().filter(|id| why_left(places.get(id)).is_none()).map(TraceId::as_str);
        let goes: Vec<&str> = goes.collect();
        if goes.is_empty() {
            return Ok(0);
        }
        let gone = self.execute(&Sql::new("DELETE FROM trace_info WHERE request_id IN ").list(goes.clone())).await?;
        if self.schema.has_review_items {
            let items = Sql::new("DELETE FROM review_queue_items WHERE item_type = 'trace' AND item_id IN ");
            self.execute(&items.list(goes)).await?;
        }
        Ok(gone)
    }

    /// Holds the rows of those that are there, in the order in which a server does, so that neither waits for the other in
    /// turn.
    async fn hold_all(&mut self, experiment: i64, ids: &[TraceId]) -> Result<Vec<TraceId>, StoreError> {
        let sql = Sql::new("SELECT request_id FROM trace_info WHERE experiment_id = ")
            .bind(experiment)
            .text(" AND request_id IN ")
            .list(ids.iter().map(TraceId::as_str))
            .part(self.in_workspace())
            .text(" ORDER BY timestamp_ms, request_id")
            .text(self.dialect().for_update());
        let asked: HashSet<&str> = ids.iter().map(TraceId::as_str).collect();
        let mut held: Vec<String> = self.rows(&sql).await?.into_iter().map(|mut row| row.text_or_empty()).collect();
        // Some databases compare without regard to case.
        held.retain(|id| asked.contains(id.as_str()));
        Ok(held.into_iter().map(TraceId::new).collect())
    }
}

impl Inner {
    /// Those of these traces that are left to a server, and why.
    pub(super) async fn left_to_server(
        self: &std::sync::Arc<Self>,
        ids: &[TraceId],
    ) -> Result<Vec<(TraceId, &'static str)>, StoreError> {
        let ids = ids.to_vec();
        let left = self.ask(move |mut asker| async move {
            let mut left = Vec::new();
            let schema = asker.schema;
            let forbidden = forbidden(asker.session()?, schema).await;
            if let Some(why) = forbidden.map_err(|trouble| asker.failure(trouble))? {
                left.extend(ids.into_iter().map(|id| (id, why)));
                return Ok((asker, left));
            }
            for part in ids.chunks(AT_ONCE) {
                let sql = places(asker.dialect(), part);
                let places = places_of(asker.rows(&sql).await?);
                left.extend(part.iter().filter_map(|id| Some((id.clone(), why_left(places.get(id))?))));
            }
            Ok((asker, left))
        });
        left.await
    }

    /// Deletes traces of one experiment, in transactions of as many as are named at once.
    pub(super) async fn delete_traces(
        self: &std::sync::Arc<Self>,
        experiment: &ExperimentId,
        ids: &[TraceId],
    ) -> Result<u64, StoreError> {
        let Some(experiment) = number(experiment) else { return Ok(0) };
        let mut deleted = 0;
        for part in ids.chunks(AT_ONCE) {
            let part = part.to_vec();
            deleted += self.change(async move |editor| editor.delete_traces(experiment, &part).await).await?;
        }
        Ok(deleted)
    }
}

fn places(dialect: Dialect, ids: &[TraceId]) -> Sql {
    let key = dialect.key();
    Sql::new(format!("SELECT request_id, {key}, value FROM trace_tags WHERE {key} IN "))
        .list([keys::SPANS_LOCATION, keys::ARTIFACT_LOCATION, keys::ARCHIVE_LOCATION])
        .text(" AND request_id IN ")
        .list(ids.iter().map(TraceId::as_str))
}

fn places_of(rows: Vec<Row>) -> Places {
    let mut places = Places::new();
    for mut row in rows {
        let (id, key, value) = (TraceId::new(row.text_or_empty()), row.text_or_empty(), row.text_or_empty());
        places.entry(id).or_default().insert(key, value);
    }
    places
}

/// Why nothing is deleted here.
async fn forbidden(session: &mut Session, schema: Schema) -> Result<Option<&'static str>, Trouble> {
    if has_rollups(session, schema).await? {
        return Ok(Some(HAS_ROLLUPS));
    }
    Ok((!takes_all_along(session).await?).then_some(LOOSE))
}

/// Whether the database's keys take along all that belongs to a trace, and nothing that is unknown here.
async fn takes_all_along(session: &mut Session) -> Result<bool, Trouble> {
    let (tables, keys) = match session.dialect() {
        Dialect::Sqlite => (
            "SELECT name FROM sqlite_master WHERE type = 'table'",
            "SELECT m.name, f.\"table\", f.on_delete FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
        ),
        Dialect::Postgres => (
            "SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid)",
            "SELECT c.relname::text, p.relname::text, CASE k.confdeltype WHEN 'c' THEN 'CASCADE' ELSE '' END FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_class p ON p.oid = k.confrelid WHERE k.contype = 'f' AND pg_catalog.pg_table_is_visible(p.oid)",
        ),
        Dialect::MySql => (
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
            "SELECT table_name, referenced_table_name, delete_rule FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()",
        ),
    };
    let mut there = BTreeSet::new();
    for mut row in session.rows(&Sql::new(tables)).await? {
        there.insert(row.text_or_empty());
    }
    let mut bound = BTreeSet::new();
    for mut row in session.rows(&Sql::new(keys)).await? {
        let (table, parent, rule) = (row.text_or_empty(), row.text_or_empty(), row.text_or_empty());
        if !["trace_info", "spans", "assessments"].contains(&parent.as_str()) {
            continue;
        }
        if rule != "CASCADE" || !DEPENDENT.contains(&(table.as_str(), parent.as_str())) {
            return Ok(false);
        }
        bound.insert(table);
    }
    Ok(DEPENDENT.iter().all(|(table, _)| bound.contains(*table) || !there.contains(*table)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_with_files_are_left_to_a_server() {
        let why = |tags: &[(&str, &str)]| {
            let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            why_left(Some(&tags))
        };
        let (spans, file, archive) = (keys::SPANS_LOCATION, keys::ARTIFACT_LOCATION, keys::ARCHIVE_LOCATION);
        assert_eq!(why(&[(spans, "TRACKING_STORE"), (file, "mlflow-artifacts:/1/tr-1/artifacts")]), None);
        assert_eq!(why(&[(spans, "ARCHIVE_REPO"), (archive, "s3://b/1")]), Some(ARCHIVED));
        assert_eq!(why(&[(spans, "TRACKING_STORE"), (archive, "s3://b/1")]), Some(ARCHIVED), "in between");
        assert_eq!(why(&[(file, "/mlruns/1")]), Some(IN_A_FILE));
        assert_eq!(why(&[(spans, "ELSEWHERE"), (file, "/mlruns/1")]), Some(IN_A_FILE), "a place that is not known");
        assert_eq!((why(&[]), why_left(None)), (None, None), "there is no place where a file could be");
    }
}
