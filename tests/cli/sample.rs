//! `sample`: the same seed draws the same traces, groups have their part, and weights count.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::Program;

fn sample(args: &[&str]) -> Vec<String> {
    let args = ["-u", "demo", "sample"].iter().chain(args);
    Program::new(args).run().succeeds().stdout.lines().map(str::to_owned).collect()
}

fn all(filter: &str) -> BTreeSet<String> {
    let found = Program::new(["-u", "demo", "search", filter, "--all", "-o", "ids"]).run().succeeds();
    found.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn a_seed_draws_the_same_traces_and_another_one_others() {
    let drawn = sample(&["-n", "10"]);
    assert_eq!(drawn.len(), 10);
    assert_eq!(drawn, sample(&["-n", "10"]));
    assert_eq!(drawn[..4], sample(&["-n", "4"]), "the first ones of a sample are a sample");
    assert_ne!(drawn, sample(&["-n", "10", "--seed", "1"]));
    let unique: BTreeSet<String> = drawn.into_iter().collect();
    assert!(unique.len() == 10 && unique.is_subset(&all("")));
    assert_eq!(sample(&["-n", "1000"]).into_iter().collect::<BTreeSet<_>>(), all(""), "no more than there are");
    let failed: BTreeSet<String> = sample(&["status = 'ERROR'", "-n", "5"]).into_iter().collect();
    assert!(failed.len() == 5 && failed.is_subset(&all("status = 'ERROR'")));
}

#[test]
fn every_group_is_drawn_from() {
    let args = ["-u", "demo", "sample", "-n", "12", "--stratify", "status", "-o", "json"];
    let told = Program::new(args).run().succeeds().json();
    let groups: BTreeMap<&str, (u64, u64)> = told["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            let number = |key: &str| group[key].as_u64().unwrap();
            (group["status"].as_str().unwrap(), (number("traces"), number("sampled")))
        })
        .collect();
    assert_eq!(groups["OK"].0, 45);
    assert!(groups.values().all(|(_, sampled)| *sampled > 0) && groups["OK"].1 > groups["ERROR"].1, "{groups:?}");
    assert_eq!(told["trace_ids"].as_array().unwrap().len(), 12);
    let each = sample(&["--stratify", "status", "--per-group", "2"]);
    for status in ["OK", "ERROR", "IN_PROGRESS"] {
        let there = all(&format!("status = '{status}'"));
        assert_eq!(each.iter().filter(|id| there.contains(*id)).count(), 2, "{status}");
    }
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let weighted = Program::new(["-u", "demo", "sample", "-n", "100", "--weight", "cost.total"]).run().succeeds();
    assert!(weighted.stderr.contains("12 traces without a positive cost.total"), "{}", weighted.stderr);
    assert_eq!(weighted.stdout.lines().count(), 48);
    let refused = |args: &[&str]| Program::new(["-u", "demo", "sample"].iter().chain(args)).run().exits(2);
    refused(&["--stratify", "span.name"]);
    refused(&["--weight", "nope"]);
    refused(&["--weight", "span.duration"]);
    refused(&["--per-group", "2"]);
    refused(&["-n", "0"]);
    Program::new(["-u", "demo", "sample", "name = 'nobody'", "--fail-if-empty"]).run().exits(8);
}
