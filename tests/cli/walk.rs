//! Complete reading: everything that is there all the time is found once, whatever happens meanwhile.

use std::collections::HashSet;
use std::sync::Mutex;

use mlflow_trace::model::rfc3339_utc;

use crate::fake::{BASE_MS, Failure, Fake, Rule, Seed, id, refused};

const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";

fn all(more: &[&'static str]) -> Vec<&'static str> {
    [&["search", "--all", "-o", "ids"], more].concat()
}

/// A generator of numbers that are the same in every run.
struct Dice(fastrand::Rng);

impl Dice {
    fn number(&mut self, below: u32) -> u32 {
        self.0.u32(..below)
    }
}

#[test]
fn nothing_is_lost_or_shown_twice_while_others_insert_delete_and_tag() {
    for seed in 0..8 {
        let fake = Fake::with((1..=2500).map(|number| Seed::new(number).tag("keep", "yes")));
        let dice = Mutex::new(Dice(fastrand::Rng::with_seed(seed)));
        let gone = std::sync::Arc::new(Mutex::new(HashSet::new()));
        let touched = gone.clone();
        fake.before(Rule::from(2, SEARCH), move |state| {
            let mut dice = dice.lock().unwrap();
            for _ in 0..20 {
                let number = 1 + dice.number(2500);
                match dice.number(3) {
                    0 => state.add([Seed::new(3000 + dice.number(100_000)).tag("keep", "yes")]),
                    1 => {
                        state.remove(&id(number));
                        touched.lock().unwrap().insert(id(number));
                    }
                    _ if state.find(&id(number)).is_some() => {
                        state.set_tag(&id(number), "keep", "no");
                        touched.lock().unwrap().insert(id(number));
                    }
                    _ => {}
                }
            }
        });
        let arguments = ["search", "tags.keep = 'yes'", "--all", "-o", "ids"];
        let found = fake.run(&arguments).succeeds().lines();
        let unique: HashSet<_> = found.iter().cloned().collect();
        assert_eq!(unique.len(), found.len(), "seed {seed}: something came twice");
        let gone = gone.lock().unwrap();
        let lost: Vec<_> = (1..=2500).map(id).filter(|id| !unique.contains(id) && !gone.contains(id)).collect();
        assert!(lost.is_empty(), "seed {seed}: {lost:?}");
    }
}

#[test]
fn the_output_is_the_same_however_many_requests_run_at_once() {
    let fake = Fake::with_many(3210);
    let one = fake.run(&all(&["--concurrency", "1"])).succeeds();
    assert_eq!(one.lines().len(), 3210);
    for at_once in ["2", "5", "8"] {
        assert_eq!(fake.run(&all(&["--concurrency", at_once])).succeeds().stdout, one.stdout, "{at_once} at once");
    }
    assert_eq!(fake.run(&all(&[])).succeeds().stdout, one.stdout);
    let oldest = fake.run(&all(&["--order-by", "timestamp ASC"])).succeeds();
    assert_eq!(oldest.lines(), one.lines().into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn a_number_of_requests_out_of_reason_is_refused() {
    let fake = Fake::new();
    fake.run(&all(&["--concurrency", "0"])).exits(2).tells("a number from 1 to 32");
    fake.run(&all(&["--concurrency", "33"])).exits(2);
    assert!(fake.log().is_empty());
}

#[test]
fn thousands_that_start_in_the_same_millisecond_are_all_found() {
    let same = |number: u32| {
        let mut seed = Seed::new(number);
        seed.info["request_time"] = rfc3339_utc(BASE_MS).into();
        seed
    };
    let fake = Fake::with((1..=2200).map(same));
    fake.state().add((5001..=5010).map(Seed::new));
    let found = fake.run(&all(&[])).succeeds().tells("complete: 2,210/2,210").lines();
    let unique: HashSet<_> = found.iter().collect();
    assert_eq!((found.len(), unique.len()), (2210, 2210));
    // Deleted while it is read: the offsets move, and nothing else may slip through.
    fake.before(Rule::nth(4, SEARCH), |state| (1..=400).for_each(|number| state.remove(&id(number))));
    let fake_found = fake.run(&all(&["--concurrency", "1"])).succeeds().lines();
    assert!((401..=2200).map(id).all(|id| fake_found.contains(&id)));
}

#[test]
fn what_arrives_late_with_an_old_start_comes_last_and_is_told() {
    let fake = Fake::with_many(1400);
    fake.before(Rule::nth(3, SEARCH), |state| {
        let late = |number: u32| {
            let mut seed = Seed::new(number);
            seed.info["request_time"] = rfc3339_utc(BASE_MS + 1_399_500).into();
            seed
        };
        state.add([late(9001), late(9002)]);
    });
    let ended = fake.run(&all(&["--concurrency", "1"])).succeeds();
    assert_eq!(ended.lines().len(), 1402);
    assert_eq!(ended.lines()[1400..], [id(9001), id(9002)]);
    ended.tells("2 of them arrived or changed during the search and are listed last").tells("complete: 1,402/1,402");
}

#[test]
fn what_was_deleted_meanwhile_is_told() {
    let fake = Fake::with_many(1400);
    fake.before(Rule::nth(3, SEARCH), |state| (1390..1400).for_each(|number| state.remove(&id(number))));
    let ended = fake.run(&all(&["--concurrency", "1"])).succeeds();
    assert_eq!(ended.lines().len(), 1400);
    ended.tells("complete: 1,400/1,400; 10 of them were deleted or changed in the meantime");
}

#[test]
fn a_filter_that_metrics_do_not_know_is_counted_by_correlation_where_that_is_cheap() {
    let fake = Fake::with_many(900);
    fake.run(&["search", "name = 'chat'", "--all", "-o", "ids"]).succeeds().tells("complete: 900/900");
    assert_eq!(fake.asked("calculate-filter-correlation").len(), 1);
    let body = &fake.bodies("calculate-filter-correlation")[0];
    assert_eq!(body["filter_string1"], format!("timestamp_ms <= {} AND name = 'chat'", BASE_MS + 900_000));
}

#[test]
fn servers_that_cannot_count_are_read_all_the_same() {
    let fake = Fake::with_many(1200);
    fake.fail(Rule::every("metrics"), Failure::Answer(crate::fake::recorded("method_not_allowed")));
    let ended = fake.run(&all(&[])).succeeds();
    assert_eq!((ended.lines().len(), ended.stderr.as_str()), (1200, ""));
}

#[test]
fn filters_on_spans_are_asked_window_by_window() {
    let fake = Fake::with_many(4000);
    let arguments = ["search", "span.name = 'chat'", "--all", "-o", "ids", "--concurrency", "1"];
    let ended = fake.run(&arguments).succeeds();
    assert_eq!(ended.lines(), (1..=4000).rev().map(id).collect::<Vec<_>>());
    let filters: Vec<String> = fake
        .bodies(SEARCH)
        .iter()
        .filter(|body| body["max_results"] == 500)
        .map(|body| body["filter"].as_str().unwrap().to_owned())
        .collect();
    assert!(filters.len() > 7, "{filters:?}");
    for filter in &filters {
        assert!(filter.contains("timestamp_ms >= ") && filter.contains("timestamp_ms <= "), "{filter}");
    }
}

#[test]
fn few_traces_are_searched_in_one_go() {
    let fake = Fake::with_many(40);
    fake.run(&["search", "span.name = 'chat'", "-o", "ids"]).succeeds();
    let mut filters: Vec<_> = fake.bodies(SEARCH).iter().map(|body| body["filter"].clone()).collect();
    // Whether spans lie where the server does not search is asked apart.
    filters.retain(|filter| !filter.to_string().contains("spansLocation"));
    assert_eq!(filters, ["span.name = 'chat'"]);
}

#[test]
fn other_orders_are_sorted_here() {
    let fake = Fake::with((1..=1100).map(|number| Seed::new(number).duration_ms(i64::from(number * 7 % 1103))));
    let arguments = ["search", "--all", "-o", "ids", "--order-by", "execution_time ASC"];
    let found = fake.run(&arguments).succeeds().lines();
    let mut expected: Vec<u32> = (1..=1100).collect();
    expected.sort_by_key(|number| number * 7 % 1103);
    assert_eq!(found, expected.into_iter().map(id).collect::<Vec<_>>());
    assert!(fake.bodies(SEARCH).iter().all(|body| body.get("order_by").is_none() || body["max_results"] == 1));
}

#[test]
fn a_small_number_in_another_order_is_left_to_the_server() {
    let fake = Fake::with_many(1100);
    let arguments = ["search", "-n", "3", "-o", "ids", "--order-by", "execution_time ASC"];
    fake.run(&arguments).succeeds();
    let bodies = fake.bodies(SEARCH);
    assert_eq!((bodies.len(), &bodies[0]["order_by"][0]), (1, &"execution_time ASC".into()));
}

#[test]
fn too_many_to_sort_are_read_in_the_servers_order_and_that_is_said() {
    let fake = Fake::with_many(10_300);
    let ended = fake.run(&all(&["--order-by", "name ASC"])).succeeds();
    assert_eq!(ended.lines().len(), 10_300);
    ended.tells("note: more than 10,000 traces match");
}

#[test]
fn a_window_that_fails_is_no_shorter_answer() {
    let fake = Fake::with_many(3000);
    let busy = refused(500, "INTERNAL_ERROR", "the database is gone");
    fake.fail(Rule::from(4, SEARCH), Failure::Answer(busy));
    fake.run(&all(&["--concurrency", "3"])).exits(6).tells("the database is gone");
}
