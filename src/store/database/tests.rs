//! Databases of every version and in every state, and what is found in them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, params};

mod health;
mod place;
mod push;

use super::DatabaseStore;
use crate::filter::{Filter, OrderBy};
use crate::model::{ExperimentId, TimeWindow, Trace, TraceId, keys};
use crate::store::{DatabaseTrouble, Proof, ProofMethod, Query, Reader, StoreError};
use place::{ALL, Place, Version, store};

fn query(filter: &str, order_by: &[&str]) -> Query {
    let clauses: Vec<String> = order_by.iter().map(|clause| (*clause).to_owned()).collect();
    Query {
        experiments: vec![ExperimentId::from("0"), ExperimentId::from("1")],
        filter: Arc::new(
            Filter::parse_at(filter, 1_700_000_000_000).unwrap_or_else(|error| panic!("{filter}: {}", error.message())),
        ),
        order_by: Arc::new(OrderBy::parse(&clauses).unwrap()),
        window: TimeWindow::default(),
    }
}

/// All that a search finds, what it leaves open, and how it is proved.
async fn found(store: &DatabaseStore, query: &Query, limit: Option<u64>) -> (Vec<Trace>, BTreeSet<TraceId>, Proof) {
    let mut walk = store.search(query, limit).unwrap();
    let mut traces = Vec::new();
    while let Some(page) = walk.next_page().await.unwrap() {
        assert!(!page.is_empty());
        traces.extend(page);
    }
    let undecided = walk.undecided().iter().map(|one| one.trace_id.clone()).collect();
    let proof = walk.prove(true).await.unwrap().unwrap().0;
    (traces, undecided, proof)
}

fn ids(traces: &[Trace]) -> Vec<&str> {
    traces.iter().map(|trace| trace.info.trace_id.as_str()).collect()
}

async fn trouble(store: &DatabaseStore) -> DatabaseTrouble {
    match store.experiments(true).await {
        Err(StoreError::Database { trouble, .. }) => trouble,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn infos_are_the_same_in_every_version() {
    let newest = Place::new(Version::V3_17, 60);
    let (expected, _, _) = found(&newest.store(), &query("", &[]), None).await;
    assert_eq!(expected.len(), 60);
    let first = &expected.last().unwrap().info;
    assert_eq!((first.name(), first.session(), first.tokens("total_tokens")), (Some("prod"), Some("s-2"), Some(3.0)));
    assert!(first.is_as_stored && first.maybe_cut().metadata.is_empty());
    for version in ALL {
        let (traces, undecided, proof) = found(&Place::new(version, 60).store(), &query("", &[]), None).await;
        assert_eq!(ids(&traces), ids(&expected));
        assert!(undecided.is_empty());
        assert_eq!(proof.counted, Some((60, ProofMethod::Snapshot)));
        for (trace, newer) in traces.iter().zip(&expected) {
            let (mut older, mut newer) = (trace.info.clone(), newer.info.clone());
            if version < Version::V3_2 {
                newer.assessments.clear();
            }
            if version < Version::V3_6 {
                older.tags.remove(keys::SPANS_LOCATION);
                newer.tags.remove(keys::SPANS_LOCATION);
            }
            assert_eq!(older, newer);
        }
    }
}

#[tokio::test]
async fn rows_count_where_a_migration_is_prepared_and_not_done() {
    let place = Place::new(Version::V3_17, 30);
    let sql = "INSERT INTO trace_tags (\"key\", value, request_id) VALUES (?, 'renamed', 'tr-0001')";
    place.connection().execute(sql, [keys::TRACE_NAME]).unwrap();
    let (traces, _, _) = found(&place.store(), &query("name = 'renamed'", &[]), None).await;
    assert_eq!(ids(&traces), ["tr-0001"]);
    let (traces, _, _) = found(&place.store(), &query("name = 'prod'", &[]), None).await;
    assert!(!ids(&traces).contains(&"tr-0001") && ids(&traces).contains(&"tr-0002"));
}

#[tokio::test]
async fn pages_orders_and_limits_bring_each_trace_once() {
    let place = Place::new(Version::V3_17, 1_203);
    let store = place.store();
    let (all, _, _) = found(&store, &query("", &[]), None).await;
    assert_eq!(all.len(), 1_203);
    for (order_by, filter) in [
        (&["timestamp ASC"][..], ""),
        (&["duration DESC"], "status = 'OK'"),
        (&["tags.env ASC", "name DESC"], ""),
        (&["tokens.total DESC"], "tags.env IS NOT NULL"),
    ] {
        let query = query(filter, order_by);
        let matcher = query.filter.matcher();
        let is_match = |trace: &&Trace| matcher.matches(trace, &crate::filter::SessionScope::default()).is_true();
        let mut expected: Vec<Trace> = all.iter().filter(is_match).cloned().collect();
        expected.sort_by(|left, right| query.order_by.compare(left, right));
        let (sorted, _, _) = found(&store, &query, None).await;
        assert!(ids(&sorted) == ids(&expected), "{order_by:?}");
        for limit in [0, 1, 7, 600] {
            let (some, _, _) = found(&store, &query, Some(limit)).await;
            let most = usize::try_from(limit).unwrap();
            assert!(
                some.len() > most.min(expected.len() - 1) && ids(&some)[..] == ids(&expected)[..some.len()],
                "{order_by:?} {limit}"
            );
        }
    }
}

#[tokio::test]
async fn experiments_are_found_and_ids_that_are_none_are_not() {
    let place = Place::new(Version::V3_17, 5);
    let store = place.store();
    let names = |found: Vec<crate::model::Experiment>| found.into_iter().map(|one| one.name).collect::<Vec<_>>();
    assert_eq!(names(store.experiments(true).await.unwrap()), ["gone", "shop", "Default"]);
    assert_eq!(names(store.experiments(false).await.unwrap()), ["shop", "Default"]);
    assert_eq!(store.experiment_by_name("shop").await.unwrap().unwrap().id, ExperimentId::from("1"));
    assert_eq!(store.experiment_by_name("Shop").await.unwrap(), None);
    for odd in ["9", "", "x", "99999999999999999999", "1 OR 1=1"] {
        assert_eq!(store.experiment_by_id(&ExperimentId::from(odd)).await.unwrap(), None, "{odd}");
    }
    let looked = store.infos(&["tr-0003", "tr-9", "tr-0001"].map(TraceId::from)).await.unwrap();
    let there: Vec<&str> = looked.found.iter().map(|info| info.trace_id.as_str()).collect();
    assert_eq!((there, looked.absent), (vec!["tr-0003", "tr-0001"], vec![TraceId::from("tr-9")]));
    assert!(matches!(store.writer(), Err(StoreError::DatabaseReadOnly { .. })));
}

#[tokio::test]
async fn spans_come_from_the_database_or_a_folder_of_this_machine_or_say_where_they_are() {
    let place = Place::new(Version::V3_17, 12);
    let folder = place.folder.path().join("1/traces/tr-0000/artifacts");
    std::fs::create_dir_all(&folder).unwrap();
    let located = |id: &str, location: &str| {
        let sql = "INSERT INTO trace_tags (\"key\", value, request_id) VALUES (?, ?, ?)";
        place.connection().execute(sql, params![keys::ARTIFACT_LOCATION, location, id]).unwrap();
    };
    located("tr-0000", folder.to_str().unwrap());
    located("tr-0010", "mlflow-artifacts:/0/traces/tr-0010/artifacts");
    let span = r#"{"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": "filed", "start_time_unix_nano": 1}"#;
    std::fs::write(folder.join("traces.json"), format!("{{\"spans\": [{span}]}}")).unwrap();
    let store = place.store();
    let (traces, _, _) = found(&store, &query("", &["request_id ASC"]), None).await;
    let read = store.whole(traces).await;
    let name = |at: usize| read[at].as_ref().map(|trace| trace.spans()[0].name.clone()).unwrap();
    assert_eq!((name(0).as_str(), name(1).as_str()), ("filed", "Prod"));
    assert_eq!(read[1].as_ref().unwrap().spans().len(), 2);
    let elsewhere = read[10].as_ref().unwrap_err().error.to_string();
    assert!(elsewhere.contains("mlflow-artifacts:/0/traces/tr-0010/artifacts"), "{elsewhere}");
    // An archive is read only where its folder is that of the trace.
    located("tr-0002", "/etc");
    let archived = "UPDATE trace_tags SET \"key\" = ? WHERE \"key\" = ? AND request_id = 'tr-0002'";
    place.connection().execute(archived, params![keys::ARCHIVE_LOCATION, keys::ARTIFACT_LOCATION]).unwrap();
    let moved = "INSERT OR REPLACE INTO trace_tags (\"key\", value, request_id) VALUES (?, 'ARCHIVE_REPO', 'tr-0002')";
    place.connection().execute(moved, params![keys::SPANS_LOCATION]).unwrap();
    let odd = store.infos(&[TraceId::from("tr-0002")]).await.unwrap().found.remove(0);
    let odd = store.whole(vec![Trace::without_spans(odd)]).await.remove(0).unwrap_err().error.to_string();
    assert!(odd.contains("they are at /etc, which only the server reads"), "{odd}");
    std::fs::remove_file(folder.join("traces.json")).unwrap();
    let gone = store.whole(vec![read[0].as_ref().unwrap().clone()]).await.remove(0).unwrap_err().error;
    assert!(matches!(gone, StoreError::SpansMissing { .. }), "{gone}");
}

#[tokio::test]
async fn a_file_that_is_no_database_of_mlflow_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert_eq!(trouble(&store(&path("none.db"))).await, DatabaseTrouble::Missing);
    assert_eq!(trouble(&store(folder.path())).await, DatabaseTrouble::NotADatabase);
    std::fs::write(path("text.db"), "not a database, whatever its name says, and longer than a header").unwrap();
    assert_eq!(trouble(&store(&path("text.db"))).await, DatabaseTrouble::NotADatabase);
    std::fs::write(path("empty.db"), "").unwrap();
    assert_eq!(trouble(&store(&path("empty.db"))).await, DatabaseTrouble::Empty);
    Connection::open(path("other.db")).unwrap().execute_batch("CREATE TABLE users (id INTEGER)").unwrap();
    assert!(matches!(trouble(&store(&path("other.db"))).await, DatabaseTrouble::NotMlflow(_)));
    let place = Place::new(Version::V3_17, 3);
    place.connection().execute_batch("DELETE FROM alembic_version").unwrap();
    assert!(matches!(trouble(&place.store()).await, DatabaseTrouble::HalfMigrated(_)));
    let place = Place::new(Version::V3_17, 400);
    let bytes = std::fs::read(place.path()).unwrap();
    std::fs::write(place.path(), &bytes[..bytes.len() / 2]).unwrap();
    assert!(matches!(trouble(&place.store()).await, DatabaseTrouble::Damaged(_) | DatabaseTrouble::Failed(_)));
}

#[tokio::test]
async fn whoever_holds_a_file_is_waited_for_and_then_named() {
    let place = Place::new(Version::V3_17, 3);
    let writer = place.connection();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(trouble(&place.store()).await, DatabaseTrouble::Locked);
    writer.execute_batch("COMMIT").unwrap();
    assert_eq!(place.store().experiments(true).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_search_that_waits_keeps_no_writer_waiting_and_tells_that_it_saw_two_states() {
    let place = Place::new(Version::V3_17, 3_000);
    let store = place.store();
    let mut walk = store.search(&query("", &[]), None).unwrap();
    let mut count = walk.next_page().await.unwrap().unwrap().len();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let writer = place.connection();
    writer.busy_timeout(Duration::ZERO).unwrap();
    writer.execute("DELETE FROM trace_info WHERE request_id = 'tr-0000'", []).unwrap();
    while let Some(page) = walk.next_page().await.unwrap() {
        count += page.len();
    }
    assert_eq!(count, 2_999);
    let (proof, _) = walk.prove(true).await.unwrap().unwrap();
    assert_eq!(proof.counted, Some((2_999, ProofMethod::Reread)));
}

#[tokio::test]
async fn a_write_ahead_log_is_read_and_lets_a_search_see_one_state() {
    let place = Place::new(Version::V3_17, 2_500);
    let writer = place.connection();
    let _: String = writer.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).unwrap();
    writer.execute("UPDATE trace_info SET trace_name = 'in the log' WHERE request_id = 'tr-0001'", []).unwrap();
    let store = place.store();
    let (named, _, _) = found(&store, &query("name = 'in the log'", &[]), None).await;
    assert_eq!(ids(&named), ["tr-0001"]);
    let mut walk = store.search(&query("", &[]), None).unwrap();
    let mut count = walk.next_page().await.unwrap().unwrap().len();
    writer.execute("DELETE FROM trace_info WHERE request_id < 'tr-1000'", []).unwrap();
    while let Some(page) = walk.next_page().await.unwrap() {
        count += page.len();
    }
    assert_eq!(
        (count, walk.prove(true).await.unwrap().unwrap().0.counted),
        (2_500, Some((2_500, ProofMethod::Snapshot)))
    );
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_written_beside_a_file_or_in_it() {
    let place = Place::new(Version::V3_17, 20);
    let before = std::fs::read(place.path()).unwrap();
    found(&place.store(), &query("span.name = 'prod'", &["name ASC"]), None).await;
    assert!(std::fs::read(place.path()).unwrap() == before);
    let beside: Vec<_> =
        std::fs::read_dir(place.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["mlflow.db"]);
}

#[tokio::test]
async fn what_cannot_be_read_of_a_trace_concerns_no_other() {
    let place = Place::new(Version::V3_17, 10);
    place.connection().execute_batch("UPDATE assessments SET value = '{' WHERE assessment_id = 'a-4'; UPDATE spans SET content = '{' WHERE trace_id = 'tr-0003'").unwrap();
    let store = place.store();
    let (traces, undecided, _) = found(&store, &query("", &[]), None).await;
    assert_eq!((traces.len(), undecided), (9, BTreeSet::from([TraceId::from("tr-0004")])));
    let looked = store.infos(&[TraceId::from("tr-0004")]).await.unwrap();
    assert!(looked.unseen[0].reason.contains("its value is no JSON"), "{:?}", looked.unseen);
    let read = store.whole(traces).await;
    let failed: Vec<&str> = read.iter().filter_map(|read| Some(read.as_ref().err()?.trace_id.as_str())).collect();
    assert!(failed.contains(&"tr-0003") && failed.len() == 2, "{failed:?}");
}
