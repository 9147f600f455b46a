//! Complete reading on a real server, while others write to it.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::harness::{Experiment, live, sorted, texts};

/// Many traces, a second apart, the newest this long ago.
fn seed_many(experiment: &Experiment<'_>, count: u32, age_s: u32) -> Vec<String> {
    let arguments = json!({"experiment": experiment.id, "count": count, "age_s": age_s + count});
    texts(live().expect("it runs").call("seed_many", &arguments))
}

#[test]
fn nothing_is_lost_while_others_insert_delete_and_tag() {
    let Some(_) = live() else { return };
    let experiment = live().expect("it runs").experiment();
    let there = seed_many(&experiment, 2600, 60);
    let (stable, doomed) = there.split_at(2400);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut batches = doomed.chunks(10).cycle();
            let mut turn = 0;
            while !done.load(Ordering::Relaxed) {
                turn += 1;
                seed_many(&experiment, 15, turn % 2 * 1200);
                let batch: Vec<&str> =
                    batches.next().expect("it goes on for ever").iter().map(String::as_str).collect();
                match turn % 3 {
                    0 => drop(experiment.run(&[&["delete", "--yes"], batch.as_slice()].concat())),
                    _ => drop(experiment.run(&["tag", "set", batch[0], "seen=yes"])),
                }
            }
        });
        for at_once in ["1", "3", "8"] {
            let ended = experiment.run(&["search", "--all", "-o", "ids", "--concurrency", at_once]);
            let found = ended.succeeds().lines();
            let unique: HashSet<&String> = found.iter().collect();
            assert_eq!(unique.len(), found.len(), "{at_once} at once: something came twice");
            let lost: Vec<_> = stable.iter().filter(|id| !unique.contains(id)).collect();
            assert!(lost.is_empty(), "{at_once} at once: {lost:?}");
        }
        done.store(true, Ordering::Relaxed);
        writer.join().expect("the writer writes");
    });
    let ended = experiment.run(&["search", "--all", "-o", "ids"]).succeeds().tells("complete: ");
    assert_eq!(sorted(ended.lines()), experiment.ids());
}

#[test]
fn thousands_that_start_at_once_are_all_found() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let arguments = json!({"experiment": experiment.id, "count": 1700, "age_s": 600, "step_s": 0});
    let there = sorted(texts(live.call("seed_many", &arguments)));
    let found = experiment.run(&["search", "--all", "-o", "ids"]).succeeds().tells("complete: 1,700/1,700").lines();
    assert_eq!(sorted(found), there);
}

#[test]
fn every_order_is_the_servers() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    seed_many(&experiment, 1100, 60);
    for order in ["timestamp_ms ASC", "timestamp_ms DESC", "execution_time_ms ASC", "name DESC"] {
        let found = experiment.run(&["search", "--all", "--order-by", order, "-o", "ids"]).succeeds();
        assert_eq!(found.lines(), experiment.search("", &[order]), "{order}");
    }
}

#[test]
fn filters_on_spans_find_everything_window_by_window() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    let there = sorted(seed_many(&experiment, 2700, 60));
    let found = experiment.run(&["search", "span.name = 'bulk'", "--all", "-o", "ids"]).succeeds();
    assert_eq!(sorted(found.lines()), there);
    let none = experiment.run(&["search", "span.name = 'nobody'", "--all", "-o", "ids"]).succeeds();
    assert_eq!(none.stdout, "");
}

#[test]
fn windows_of_time_are_counted_by_the_server() {
    let Some(live) = live() else { return };
    let experiment = live.experiment();
    seed_many(&experiment, 30, 60);
    let ids = experiment.search("", &[]);
    let start = |id: &str| experiment.run(&["get", id, "-o", "json"]).succeeds().json()["info"]["request_time"].clone();
    let (newest, oldest) = (start(&ids[5]), start(&ids[20]));
    let since_until = ["--since", oldest.as_str().expect("a time"), "--until", newest.as_str().expect("a time")];
    let counted = experiment.run(&[&["count", "-vv"], since_until.as_slice()].concat()).succeeds();
    assert_eq!(counted.stdout.trim(), "15", "{counted}");
    assert!(counted.stderr.contains("traces/metrics") && !counted.stderr.contains("traces/search"), "{counted}");
}
