//! What a database is asked of a filter, held against the evaluator that is asked everything.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::place::{ALL, Place, Version};
use super::{found, ids, query};
use crate::filter::Filter;
use crate::model::TraceId;
use crate::store::{Query, Reader};

/// Clauses of every kind that a database is asked, and of kinds that it is not.
const CLAUSES: &[&str] = &[
    "status = 'OK'",
    "status != 'OK'",
    "status IN ('ERROR', 'STATE_UNSPECIFIED')",
    "status LIKE '%UNSPEC%'",
    "name = 'prod'",
    "name != 'prod'",
    "name LIKE 'p%'",
    "name ILIKE 'P%'",
    "name NOT LIKE '%o%'",
    "name LIKE '%\\\\%'",
    "tags.env = 'prod'",
    "tags.env != 'prod'",
    "tags.env IS NULL",
    "tags.env IS NOT NULL",
    "tags.env LIKE 'a\\%'",
    "tags.env IN ('prod', 'ÄÖ')",
    "tags.env NOT IN ('prod', 'ÄÖ')",
    "tags.env ILIKE '%ä%'",
    "tags.env RLIKE '^[pP]'",
    "metadata.long LIKE '%é'",
    "metadata.mlflow.trace.session = 's-1'",
    "session != 's-1'",
    "session IS NULL",
    "timestamp_ms > 1700000009000",
    "timestamp_ms <= 1700000009000",
    "execution_time_ms >= 300",
    "latency IS NULL",
    "execution_time_ms BETWEEN 200 AND 500",
    "end_time_ms > 1700000009300",
    "total_tokens > 20",
    "total_tokens != 20",
    "total_cost >= 0.5",
    "run_id = 'run-a'",
    "run_id = 'run-c'",
    "run_id != 'run-a'",
    "prompt = 'greet/1'",
    "experiment_id = '1'",
    "feedback.good = 'true'",
    "feedback.good != 'true'",
    "feedback.good IS NULL",
    "feedback.good IS NOT NULL",
    "feedback.good > 0.4",
    "expectation.good IS NOT NULL",
    "feedback.good LIKE '%ye%'",
    "assessment IS NOT NULL",
    "feedback IS NULL",
    "span.name = 'prod'",
    "span.name != 'prod'",
    "span.type = 'LLM'",
    "span.type IN ('LLM', 'TOOL')",
    "span.status = 'ERROR'",
    "span(name = 'prod' AND type = 'TOOL')",
    "span(name = 'prod' OR status = 'UNSET')",
    "span.content LIKE '%ÄÖ%'",
    "span.content LIKE '%refund%'",
    "span.content LIKE '%is my fade%'",
    "span.content LIKE '%REFUND%'",
    "span.content ILIKE '%REFUND%'",
    "span.content LIKE '%efu_d%parcel%'",
    "span.content LIKE '%nparcel%'",
    "span.content LIKE '%null, \"name%'",
    "span.content LIKE '%fade%'",
    "span.content LIKE '%NaN%'",
    "span.content LIKE '%.50%'",
    "span.content LIKE '%AAAAAAAAdH%'",
    "span.attributes.model LIKE 'gpt%'",
    "span(attributes.model = 'gpt-4o')",
    "span(attributes.model != 'gpt-4o')",
    "span(attributes.model IN ('small_1', 'none'))",
    "span(attributes.model LIKE 'small%' AND name = 'prod')",
    "span(attributes.absent IS NULL)",
    "span(attributes.model IS NOT NULL AND content LIKE '%refund%')",
    "request_id IN ('tr-0001', 'tr-0030')",
    "request_id LIKE '%7'",
    "user IS NULL",
];

/// A filter of some clauses.
fn generated(random: &mut fastrand::Rng) -> String {
    let clause = |random: &mut fastrand::Rng| {
        let clause = CLAUSES[random.usize(..CLAUSES.len())];
        if random.u8(..4) == 0 { format!("NOT ({clause})") } else { clause.to_owned() }
    };
    let (first, second, third) = (clause(random), clause(random), clause(random));
    match random.u8(..6) {
        0 => CLAUSES[random.usize(..CLAUSES.len())].to_owned(),
        1 => format!("{first} AND {second}"),
        2 => format!("{first} OR {second}"),
        3 => format!("({first} OR {second}) AND {third}"),
        4 => format!("NOT ({first} AND {second}) AND {third}"),
        _ => format!("{first} AND ({second} OR {third})"),
    }
}

#[tokio::test]
async fn a_page_is_read_from_its_place_and_not_from_the_bound_of_the_filter() {
    let place = Place::new(Version::V3_17, 2);
    let query = query("timestamp_ms < 1600000000000 AND timestamp_ms > 5", &[]);
    let sql = place.store().page_behind(&query, (1_500_000_000_000, TraceId::new("tr-1"))).await.unwrap();
    let bounds = |text: &str| sql.matches(&format!("t.timestamp_ms {text} ")).count();
    // SQLite reads an index from the first bound of a kind that it is given, and goes over all that lies before the place.
    assert_eq!((bounds("<="), bounds(">=")), (1, 1), "{sql}");
    assert_eq!(sql.matches("+t.timestamp_ms").count(), 2, "{sql}");
}

#[tokio::test]
async fn what_a_database_leaves_out_never_matches() {
    let mut random =
        fastrand::Rng::with_seed(std::env::var("MLFLOW_TRACE_SEED").map_or(1, |seed| seed.parse().unwrap()));
    let rounds = std::env::var("MLFLOW_TRACE_FILTERS").map_or(300, |count| count.parse().unwrap());
    let (mut exact, mut matching) = (0, 0);
    for version in ALL {
        let place = Place::new(version, 130);
        let store = place.store();
        for _ in 0..rounds / ALL.len() {
            let text = generated(&mut random);
            // What cannot be read as a filter tells nothing of databases.
            let Ok(filter) = Filter::parse_at(&text, 0) else { continue };
            let query = Query { filter: Arc::new(filter), ..query("", &[]) };
            let unasked = store.search_unasked(&query).await.unwrap();
            let (traces, undecided, _) = found(&store, &query, None).await;
            let all: BTreeSet<&str> = unasked.matching.iter().map(|trace| trace.info.trace_id.as_str()).collect();
            assert_eq!(ids(&traces).into_iter().collect::<BTreeSet<_>>(), all, "{text}");
            let open: BTreeSet<TraceId> = unasked.undecided.iter().map(|one| one.trace_id.clone()).collect();
            assert_eq!(undecided, open, "{text}");
            if let Some(counted) = store.counted(&query).await.unwrap() {
                assert_eq!(counted, traces.len() as u64, "{text}");
                exact += 1;
            }
            matching += usize::from(!traces.is_empty() && traces.len() < 130);
        }
    }
    assert!(
        exact * 8 > rounds && matching * 3 > rounds,
        "{exact} of {rounds} are counted, {matching} tell traces apart"
    );
}
