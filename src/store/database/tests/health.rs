//! What is told about the health of a database, and that the statements told with it help.

use super::place::{ALL, Place, Version};
use crate::store::{DatabaseTrouble, Finding, FindingKind, Health, Reader, StoreError};

/// A day after the newest trace.
const NOW_MS: i64 = 1_700_100_000_000;

async fn health(place: &Place) -> Health {
    place.store().health(NOW_MS).await.unwrap().unwrap()
}

fn kinds(health: &Health) -> Vec<FindingKind> {
    let mut kinds: Vec<FindingKind> = health.findings.iter().map(|finding| finding.kind).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

#[tokio::test]
async fn sizes_and_growth_are_those_of_the_rows() {
    let place = Place::new(Version::V3_17, 130);
    place
        .connection()
        .execute_batch("INSERT INTO trace_request_metadata VALUES ('mlflow.trace.sizeBytes', '1000', 'tr-0000'), ('mlflow.trace.sizeBytes', 'odd', 'tr-0001')")
        .unwrap();
    let health = health(&place).await;
    let rows = |name: &str| health.tables.iter().find(|table| table.name == name).unwrap().rows;
    assert_eq!((rows("trace_info"), rows("experiments")), (130, 3));
    assert!(health.tables.windows(2).all(|pair| pair[0].bytes >= pair[1].bytes) && health.tables[0].bytes > 4096);
    let sizes: Vec<(&str, u64, u64)> =
        health.experiments.iter().map(|one| (one.name.as_str(), one.traces, one.bytes)).collect();
    assert_eq!(sizes, [("shop", 10, 1000), ("Default", 120, 0)]);
    assert_eq!(health.experiments[1].older, [(7, 0), (30, 0), (90, 0)]);
    let growth: u64 = health.growth.iter().map(|day| day.traces).sum();
    assert_eq!((health.growth[0].day.as_str(), growth), ("2023-11-14", 130));
    let later = place.store().health(NOW_MS + 40 * 86_400_000).await.unwrap().unwrap();
    assert_eq!((later.experiments[1].older.as_slice(), later.growth.len()), (&[(7, 120), (30, 120), (90, 0)][..], 0));
}

#[tokio::test]
async fn what_is_wrong_is_told_with_a_statement_that_helps() {
    let place = Place::new(Version::V3_17, 1_100);
    let connection = place.connection();
    connection
        .execute_batch(
            "INSERT INTO trace_tags VALUES ('k', 'v', 'tr-gone'), ('mlflow.trace.spansLocation', 'TRACKING_STORE', 'tr-gone');
            INSERT INTO entity_associations VALUES ('y', 'trace', 'tr-gone', 'run', 'run-c', 1), ('z', 'run', 'run-c', 'run', 'x', 1);
            DELETE FROM spans WHERE trace_id = 'tr-0001';
            UPDATE spans SET parent_span_id = 'x' WHERE trace_id = 'tr-0002';
            CREATE TABLE large (text TEXT);
            INSERT INTO large VALUES (replace(hex(zeroblob(2000000)), '0', 'x'));
            DROP TABLE large",
        )
        .unwrap();
    let before = health(&place).await;
    let all = [
        FindingKind::Orphans,
        FindingKind::WithoutSpans,
        FindingKind::WithoutRoot,
        FindingKind::MissingIndex,
        FindingKind::StaleStatistics,
        FindingKind::Bloat,
    ];
    assert_eq!(kinds(&before), all);
    let told = |kind| before.findings.iter().find(|finding: &&Finding| finding.kind == kind).unwrap();
    assert_eq!(told(FindingKind::Orphans).what, "2 rows of trace_tags are of traces that do not exist");
    assert!(told(FindingKind::WithoutSpans).what.starts_with("1 traces have none"));
    assert!(told(FindingKind::WithoutRoot).what.starts_with("1 traces have spans and none"));
    assert!(before.findings.iter().any(|finding| finding.what.ends_with("the trace of a client request id")));
    assert_eq!(place.store().health(NOW_MS).await.unwrap().unwrap(), before, "nothing was run");
    for statement in before.findings.iter().filter_map(|finding| finding.statement.as_ref()) {
        connection.execute_batch(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let after = health(&place).await;
    assert_eq!(kinds(&after), [FindingKind::WithoutSpans, FindingKind::WithoutRoot], "{after:?}");
}

#[tokio::test]
async fn every_version_has_a_health() {
    for version in ALL {
        assert!(health(&Place::new(version, 20)).await.tables.len() >= 5);
    }
    let place = Place::new(Version::V3_17, 1);
    place.connection().execute_batch("DROP TABLE trace_tags").unwrap();
    let error = place.store().health(NOW_MS).await.unwrap_err();
    assert!(matches!(error, StoreError::Database { trouble: DatabaseTrouble::HalfMigrated(_), .. }));
}
