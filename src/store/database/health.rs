//! How a database is, for whoever runs it: sizes, growth, rows that nobody reads, and what it does not know about itself.
//!
//! Invariants: nothing is changed and no statement is run that is told; whatever depends on the size of the database is
//! counted by the database and not read.

use super::asker::Asker;
use super::question::number_of;
use super::sql::{Dialect, Row, Sql};
use crate::model::{ExperimentId, keys, rfc3339_utc};
use crate::store::{ExperimentHealth, Finding, FindingKind, Growth, Health, StoreError, TableHealth};

const DAY_MS: i64 = 86_400_000;
/// Days of which the growth is told.
const DAYS: i64 = 14;
/// Ages that experiments are divided by, in days.
const AGES: [u32; 3] = [7, 30, 90];
/// A part of a table, in percent, from which on deleted rows, or rows that the statistics do not know of, are worth a
/// statement; and the bytes or rows from which on.
const WORTH_PERCENT: u64 = 20;
const WORTH_BYTES: u64 = 1 << 20;
const WORTH_ROWS: u64 = 1_000;

/// Tables with rows of traces, with the column that names the trace, and which of their rows do.
const OF_TRACES: [(&str, &str, &str); 7] = [
    ("trace_tags", "request_id", ""),
    ("trace_request_metadata", "request_id", ""),
    ("trace_metrics", "request_id", ""),
    ("assessments", "trace_id", ""),
    ("spans", "trace_id", ""),
    ("entity_associations", "source_id", "p.source_type = 'trace' AND "),
    ("review_queue_items", "item_id", "p.item_type = 'trace' AND "),
];

/// What a database says about the place of a table: bytes that are free in it, rows, rows that are gone or changed.
struct Place {
    name: String,
    rows: u64,
    bytes: u64,
    free: u64,
    changed: u64,
}

impl Asker {
    /// How the database is, at this moment in epoch milliseconds.
    pub(super) async fn health(&mut self, now_ms: i64) -> Result<Health, StoreError> {
        let places = self.places().await?;
        let names: Vec<String> = places.iter().map(|place| place.name.clone()).collect();
        let mut findings = self.orphans(&names).await?;
        findings.extend(self.incomplete().await?);
        findings.extend(self.missing_indexes().await?);
        findings.extend(self.statistics(&places).await?);
        findings.extend(self.bloat(&places).await?);
        let tables = places.into_iter().map(|Place { name, rows, bytes, .. }| TableHealth { name, rows, bytes });
        let mut tables: Vec<TableHealth> = tables.collect();
        tables.sort_by(|left, right| (right.bytes, &left.name).cmp(&(left.bytes, &right.name)));
        let (experiments, growth) = (self.sizes(now_ms).await?, self.growth(now_ms).await?);
        Ok(Health { tables, experiments, growth, findings })
    }

    async fn number(&mut self, sql: Sql) -> Result<u64, StoreError> {
        Ok(number_of(self.rows(&sql).await?))
    }

    async fn places(&mut self) -> Result<Vec<Place>, StoreError> {
        let sql = match self.dialect() {
            Dialect::Sqlite => return self.places_in_file().await,
            Dialect::Postgres => {
                "SELECT s.relname::text, s.n_live_tup, pg_total_relation_size(s.relid), CASE WHEN s.n_live_tup + s.n_dead_tup > 0 THEN pg_relation_size(s.relid) * s.n_dead_tup / (s.n_live_tup + s.n_dead_tup) ELSE 0 END, s.n_mod_since_analyze FROM pg_stat_user_tables s WHERE pg_catalog.pg_table_is_visible(s.relid)"
            }
            Dialect::MySql => {
                "SELECT table_name, table_rows, data_length + index_length, data_free, 0 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
            }
        };
        Ok(self.rows(&Sql::new(sql)).await?.into_iter().map(place).collect())
    }

    /// The bytes of each table as they lie in the file, and its rows.
    async fn places_in_file(&mut self) -> Result<Vec<Place>, StoreError> {
        let sql = "SELECT m.tbl_name, 0, sum(s.pgsize), 0, 0 FROM dbstat s JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate = TRUE GROUP BY m.tbl_name";
        let mut places: Vec<Place> = self.rows(&Sql::new(sql)).await?.into_iter().map(place).collect();
        places.retain(|place| !place.name.starts_with("sqlite_"));
        for place in &mut places {
            place.rows = self.number(Sql::new(format!("SELECT count(*) FROM \"{}\"", place.name))).await?;
        }
        Ok(places)
    }

    async fn sizes(&mut self, now_ms: i64) -> Result<Vec<ExperimentHealth>, StoreError> {
        let key = self.dialect().key();
        let number = match self.dialect() {
            Dialect::Sqlite => "CAST(p.value AS INTEGER)",
            Dialect::Postgres => "CASE WHEN p.value ~ '^[0-9]{1,18}$' THEN CAST(p.value AS BIGINT) ELSE 0 END",
            Dialect::MySql => "CASE WHEN p.value REGEXP '^[0-9]{1,18}$' THEN CAST(p.value AS SIGNED) ELSE 0 END",
        };
        let older = AGES.map(|days| {
            format!(", sum(CASE WHEN t.timestamp_ms < {} THEN 1 ELSE 0 END)", now_ms - i64::from(days) * DAY_MS)
        });
        let sql = Sql::new(format!("SELECT e.experiment_id, e.name, count(*), CAST(sum({number}) AS DECIMAL(30)){} FROM trace_info t JOIN experiments e ON e.experiment_id = t.experiment_id LEFT JOIN trace_request_metadata p ON p.request_id = t.request_id AND p.{key} = ", older.concat()).replace("DECIMAL(30)", self.whole_number()))
            .bind(keys::SIZE_BYTES)
            .text(" GROUP BY e.experiment_id, e.name");
        let read = |mut row: Row| {
            let (id, name) = (ExperimentId::new(row.text_or_empty()), row.text_or_empty());
            let (traces, bytes) = (count(&mut row), count(&mut row));
            let older = AGES.map(|days| (days, count(&mut row))).to_vec();
            ExperimentHealth { id, name, traces, bytes, older }
        };
        let mut sizes: Vec<ExperimentHealth> = self.rows(&sql).await?.into_iter().map(read).collect();
        sizes.sort_by(|left, right| {
            (right.bytes, right.traces, &left.name).cmp(&(left.bytes, left.traces, &right.name))
        });
        Ok(sizes)
    }

    /// The type of whole numbers of statements.
    fn whole_number(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "INTEGER",
            Dialect::Postgres => "BIGINT",
            Dialect::MySql => "SIGNED",
        }
    }

    async fn growth(&mut self, now_ms: i64) -> Result<Vec<Growth>, StoreError> {
        let divided = if self.dialect() == Dialect::MySql { "DIV" } else { "/" };
        let day = format!("timestamp_ms {divided} {DAY_MS}");
        let first = (now_ms / DAY_MS - DAYS + 1) * DAY_MS;
        let sql = Sql::new(format!("SELECT {day}, count(*) FROM trace_info WHERE timestamp_ms >= "))
            .bind(first)
            .text(format!(" GROUP BY {day} ORDER BY 1 DESC"));
        let read = |mut row: Row| {
            let day = row.integer().unwrap_or_default();
            Growth { day: rfc3339_utc(day * DAY_MS).chars().take(10).collect(), traces: count(&mut row) }
        };
        Ok(self.rows(&sql).await?.into_iter().map(read).collect())
    }

    /// Rows of traces that are not there.
    async fn orphans(&mut self, tables: &[String]) -> Result<Vec<Finding>, StoreError> {
        let mut found = Vec::new();
        for (table, column, only) in OF_TRACES {
            if !tables.iter().any(|there| there == table) {
                continue;
            }
            let alone = format!("{only}NOT EXISTS (SELECT 1 FROM trace_info t WHERE t.request_id = p.{column})");
            let rows = self.number(Sql::new(format!("SELECT count(*) FROM {table} p WHERE {alone}"))).await?;
            if rows > 0 {
                let statement = format!("DELETE FROM {table} WHERE {}", alone.replace("p.", &format!("{table}.")));
                let what = match rows {
                    1 => format!("1 row of {table} is of a trace that does not exist"),
                    _ => format!("{rows} rows of {table} are of traces that do not exist"),
                };
                found.push(Finding { kind: FindingKind::Orphans, what, statement: Some(statement) });
            }
        }
        Ok(found)
    }

    /// Traces whose spans are not there, or of which none is the first.
    async fn incomplete(&mut self) -> Result<Vec<Finding>, StoreError> {
        if !self.schema.has_spans {
            return Ok(Vec::new());
        }
        let key = self.dialect().key();
        let located =
            Sql::new(format!("SELECT count(*) FROM trace_tags p WHERE p.{key} = ")).bind(keys::SPANS_LOCATION);
        let without_spans = located
            .text(" AND p.value = 'TRACKING_STORE' AND EXISTS (SELECT 1 FROM trace_info t WHERE t.request_id = p.request_id)")
            .text(" AND NOT EXISTS (SELECT 1 FROM spans s WHERE s.trace_id = p.request_id)");
        let is_root = "(r.parent_span_id IS NULL OR r.parent_span_id = '')";
        let without_root = Sql::new(format!(
            "SELECT count(DISTINCT s.trace_id) FROM spans s WHERE NOT EXISTS (SELECT 1 FROM spans r WHERE r.trace_id = s.trace_id AND {is_root})"
        ));
        let asked = [
            (FindingKind::WithoutSpans, without_spans, "have none of the spans that should be in the database"),
            (FindingKind::WithoutRoot, without_root, "have spans and none without a parent"),
        ];
        let mut found = Vec::new();
        for (kind, sql, what) in asked {
            let traces = self.number(sql).await?;
            if traces > 0 {
                found.push(Finding { kind, what: format!("{traces} traces {what}"), statement: None });
            }
        }
        Ok(found)
    }

    /// Tables of which the planner does not know how they are.
    async fn statistics(&mut self, places: &[Place]) -> Result<Vec<Finding>, StoreError> {
        let stale = |what: String, statement: String| Finding {
            kind: FindingKind::StaleStatistics,
            what,
            statement: Some(statement),
        };
        let of_traces = places.iter().filter(|place| is_of_traces(&place.name));
        Ok(match self.dialect() {
            Dialect::Sqlite => {
                let is_known = Sql::new("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'");
                let rows = places.iter().find(|place| place.name == "trace_info").map_or(0, |place| place.rows);
                if rows >= WORTH_ROWS && self.number(is_known).await? == 0 {
                    vec![stale("the database has no statistics of its tables".to_owned(), "ANALYZE".to_owned())]
                } else {
                    Vec::new()
                }
            }
            Dialect::Postgres => {
                let is_stale = |place: &&Place| is_worth(place.changed, place.rows, WORTH_ROWS);
                let told = of_traces.filter(is_stale).map(|Place { name, changed, rows, .. }| {
                    let what = format!("{changed} rows of {name}, which has {rows}, are not in its statistics");
                    stale(what, format!("ANALYZE {name}"))
                });
                told.collect()
            }
            Dialect::MySql => {
                let mut told = Vec::new();
                for Place { name, rows: known, .. } in of_traces {
                    let rows = self.number(Sql::new(format!("SELECT count(*) FROM {name}"))).await?;
                    if is_worth(rows.abs_diff(*known), rows, WORTH_ROWS) && rows.abs_diff(*known) * 2 > rows {
                        let what = format!("the statistics of {name} say {known} rows, and it has {rows}");
                        told.push(stale(what, format!("ANALYZE TABLE {name}")));
                    }
                }
                told
            }
        })
    }

    /// Place that deleted rows still take.
    async fn bloat(&mut self, places: &[Place]) -> Result<Vec<Finding>, StoreError> {
        let bloat =
            |what: String, statement: String| Finding { kind: FindingKind::Bloat, what, statement: Some(statement) };
        if self.dialect() == Dialect::Sqlite {
            let sql = "SELECT f.freelist_count * s.page_size, c.page_count * s.page_size FROM pragma_freelist_count f, pragma_page_count c, pragma_page_size s";
            let Some(mut row) = self.rows(&Sql::new(sql)).await?.into_iter().next() else { return Ok(Vec::new()) };
            let (free, all) = (count(&mut row), count(&mut row));
            let what = format!("{free} of {all} bytes of the file are free, left by what was deleted");
            return Ok(if is_worth(free, all, WORTH_BYTES) {
                vec![bloat(what, "VACUUM".to_owned())]
            } else {
                Vec::new()
            });
        }
        let is_bloated = |place: &&Place| is_of_traces(&place.name) && is_worth(place.free, place.bytes, WORTH_BYTES);
        let told = places.iter().filter(is_bloated).map(|Place { name, free, bytes, .. }| {
            let what =
                format!("about {free} of {bytes} bytes of {name} are taken by rows that were deleted or replaced");
            let vacuum = if self.dialect() == Dialect::Postgres { "VACUUM (ANALYZE)" } else { "OPTIMIZE TABLE" };
            bloat(what, format!("{vacuum} {name}"))
        });
        Ok(told.collect())
    }
}

fn is_of_traces(table: &str) -> bool {
    table == "trace_info" || OF_TRACES.iter().any(|(name, ..)| *name == table)
}

/// Whether a part of something is large, and so large a part that it is worth a statement.
fn is_worth(part: u64, all: u64, least: u64) -> bool {
    part >= least && part * 100 >= all * WORTH_PERCENT
}

fn count(row: &mut Row) -> u64 {
    row.integer().and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}

fn place(mut row: Row) -> Place {
    let name = row.text_or_empty();
    Place { name, rows: count(&mut row), bytes: count(&mut row), free: count(&mut row), changed: count(&mut row) }
}
