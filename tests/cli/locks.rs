//! Locks: leases that are renewed while a run works, taken over when they are left behind, and removed by hand.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use crate::changes::Desk;
use crate::fake::Rule;
use crate::purge::{desk, purge, strs};
use crate::support::{Run, Running};

const DELETE: &str = "delete-traces";

fn files(desk: &Desk) -> Vec<PathBuf> {
    let Ok(listing) = fs::read_dir(desk.state().join("locks")) else { return Vec::new() };
    let mut files: Vec<PathBuf> = listing.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A run at work: it has deleted its first batch and waits.
fn at_work(desk: &Desk) -> Running {
    let asked = desk.fake.asked(DELETE).len();
    let running = desk.program(&strs(&purge(desk, &["--yes", "--sleep-between", "1h"]))).start();
    while desk.fake.asked(DELETE).len() == asked {
        std::thread::sleep(Duration::from_millis(5));
    }
    running
}

/// Writes something else into the locks that are held, where they are, and says that they were renewed so long ago.
fn edit(desk: &Desk, ago: Duration, change: impl Fn(&mut Value)) {
    for file in files(desk) {
        let mut holder: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        change(&mut holder);
        fs::write(&file, holder.to_string()).unwrap();
        let renewed = SystemTime::now() - ago;
        fs::File::options().append(true).open(&file).unwrap().set_modified(renewed).unwrap();
    }
}

/// As if the holder were in another container whose machine has the same name: its id means nothing here.
fn in_another_container(holder: &mut Value) {
    holder["pid"] = json!(u32::MAX);
    holder["pid_namespace"] = json!("pid:[1]");
}

fn run(desk: &Desk, more: &[&str]) -> Run {
    desk.run(&strs(&purge(desk, &[&["--yes"], more].concat())))
}

fn unlock(desk: &Desk, more: &[&str]) -> Run {
    desk.run(&[&["runs", "unlock"], more].concat())
}

#[test]
fn a_live_lock_of_another_container_with_the_same_host_name_is_not_stolen() {
    let desk = desk();
    let mut running = at_work(&desk);
    for ago in [Duration::ZERO, Duration::from_secs(7200)] {
        edit(&desk, ago, in_another_container);
        run(&desk, &[]).exits(7).tells("retention run holds the lock").tells("mlflow-trace runs unlock");
    }
    unlock(&desk, &["--yes"]).exits(7).prints("active").tells("is active; nothing was removed");
    assert!(!running.has_ended() && desk.fake.asked(DELETE).len() == 1);
    running.interrupt();
    running.ends().exits(130);
    assert_eq!(files(&desk), Vec::<PathBuf>::new(), "a run that ends releases its lock");
}

#[test]
fn a_lock_that_was_left_behind_on_another_machine_is_taken_over_in_time() {
    let desk = desk();
    at_work(&desk).kill().ends();
    edit(&desk, Duration::from_secs(3600), |holder| holder["host"] = json!("pod-1"));
    let began = Instant::now();
    let ended = run(&desk, &[]).succeeds();
    let ended = ended.tells("looks stale").tells("warning: took over the lock of retention run, process ");
    let _ = ended.tells("on pod-1, since ").tells("it was not renewed for 30 s");
    assert!(began.elapsed() >= Duration::from_secs(30) && began.elapsed() < Duration::from_secs(75));
    assert_eq!(files(&desk), Vec::<PathBuf>::new());
}

#[test]
fn a_lock_of_a_run_that_was_killed_here_is_taken_over_at_once() {
    let desk = desk();
    at_work(&desk).kill().ends();
    assert!(!files(&desk).is_empty());
    let began = Instant::now();
    let _ =
        run(&desk, &[]).succeeds().tells("took over the lock of retention run").tells("that process no longer exists");
    assert!(began.elapsed() < Duration::from_secs(25));
}

#[test]
fn what_was_left_behind_is_shown_and_removed_when_that_is_confirmed() {
    let desk = desk();
    unlock(&desk, &[]).succeeds().tells("No run holds a lock").prints_nothing();
    at_work(&desk).kill().ends();
    let asked = desk.fake.log().len();
    unlock(&desk, &[]).exits(7).prints("that process no longer exists").tells("cannot ask for confirmation");
    assert!(!files(&desk).is_empty());
    let shown = unlock(&desk, &["--yes", "-o", "json"]).succeeds().tells("Removed 1 lock.").json();
    assert_eq!((&shown[0]["lock"], &shown[0]["is_at_work"]), (&json!("traces"), &json!(false)));
    assert_eq!(shown.as_array().unwrap().len(), 1, "a lock is one, however many files it has");
    assert_eq!(files(&desk), Vec::<PathBuf>::new());
    assert_eq!(desk.fake.log().len(), asked, "no server is asked");
}

#[test]
fn a_run_whose_lock_is_removed_stops() {
    let desk = desk();
    let running = at_work(&desk);
    unlock(&desk, &["--yes", "--force"]).succeeds().tells("Removed 1 lock.");
    let ended = running.ends().exits(130);
    let _ = ended.tells("was removed; this run stops after the changes in flight").tells("not attempted");
    assert_eq!(desk.fake.asked(DELETE).len(), 1);
}

#[test]
fn a_lock_of_an_older_version_is_held_until_it_is_removed() {
    let desk = desk();
    at_work(&desk).kill().ends();
    edit(&desk, Duration::from_secs(3600), |holder| {
        let holder = holder.as_object_mut().unwrap();
        for key in ["boot", "pid_namespace", "renewed_every_ms"] {
            assert!(holder.remove(key).is_some() || key != "renewed_every_ms");
        }
    });
    run(&desk, &[]).exits(7).tells("retention run holds the lock").tells("runs unlock");
    unlock(&desk, &["--yes"]).succeeds().prints("older version");
    run(&desk, &[]).succeeds();
}

#[test]
fn a_lock_is_renewed_while_the_server_keeps_the_run_waiting() {
    let desk = desk();
    desk.fake.before(Rule::first(DELETE), |_| std::thread::sleep(Duration::from_secs(12)));
    let running = desk.program(&strs(&purge(&desk, &["--yes"]))).start();
    while desk.fake.asked(DELETE).is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let renewed = || fs::metadata(&files(&desk)[0]).unwrap().modified().unwrap();
    let first = renewed();
    std::thread::sleep(Duration::from_secs(8));
    assert!(renewed() > first);
    running.ends().exits(0);
}
