//! Attachments: what spans refer to is exported beside them, read back before anything is deleted, and imported again.

use std::fs;

use serde_json::{Value, json};

use crate::export_directory::Place;
use crate::fake::{APP, Answer, Failure, Fake, Rule, Seed, id, span, with_attribute};
use crate::retention_archive::{Desk, manifest, rule, runs};

const PICTURE: &str = "476b3bbd-54a3-4a9c-99fc-7d5c86ab390a";
const SOUND: &str = "9320f86d-6af5-47cc-8497-350f7314ecb2";

fn reference(trace: u32, attachment: &str, size: usize) -> String {
    format!("mlflow-attachment://{attachment}?content_type=image%2Fpng&trace_id={}&size={size}", id(trace))
}

/// An old trace whose span refers to attachments.
fn seed(number: u32, references: &[String]) -> Seed {
    let span = span(number, 1, None, "chat", 1_795_334_400_000);
    let inputs = json!({"images": references}).to_string();
    let stats = "{\"num_spans\": 1}";
    Seed::new(number)
        .days_old(90 - u64::from(number))
        .metadata("mlflow.trace.sizeStats", stats)
        .spans(vec![with_attribute(span, "images", &inputs)])
}

/// One trace with two attachments, one that refers to one of those, and two without any, of which the last one is young.
fn source() -> Fake {
    let one = seed(1, &[reference(1, PICTURE, 7), reference(1, SOUND, 5)]);
    let fake = Fake::with([one, seed(2, &[reference(1, SOUND, 5)]), seed(3, &[]), seed(80, &[])]);
    fake.state().attachments.insert((id(1), PICTURE.into()), "picture".into());
    fake.state().attachments.insert((id(1), SOUND.into()), "sound".into());
    fake
}

fn lose(fake: &Fake, trace: u32, attachment: &str) {
    fake.state().attachments.remove(&(id(trace), attachment.to_owned())).expect("it was there");
}

fn file(attachment: &str) -> String {
    format!("attachments/{}/{attachment}", id(1))
}

#[test]
fn a_directory_gets_the_attachments_and_a_list_that_the_manifest_names() {
    let (fake, place) = (source(), Place::new());
    fake.run(&["export", &place.typed(), "--spans"]).exits(0).tells("It has 3 attachments.");
    let read = |name: &str| fs::read_to_string(place.path().join(name)).unwrap();
    assert_eq!((read(&file(PICTURE)), read(&file(SOUND))), ("picture".into(), "sound".into()));
    let manifest = place.manifest();
    let listed = manifest.parts[0].attachments.clone().unwrap();
    assert_eq!((listed.files, manifest.counts.attachments, manifest.counts.without_attachments), (3, 3, 0));
    assert_eq!(read(&listed.path).len() as u64, listed.bytes);
    let first: Value = serde_json::from_str(read(&listed.path).lines().next_back().unwrap()).unwrap();
    assert_eq!((&first["trace_id"], &first["id"], &first["bytes"]), (&json!(id(1)), &json!(SOUND), &json!(5)));
    // From there to another directory without the server.
    let (uri, again) = (format!("file:{}", place.path().display()), Place::new());
    fake.bare(&["export", &again.typed(), "--spans", "--tracking-uri", &uri])
        .run()
        .exits(0)
        .tells("It has 3 attachments.");
    assert_eq!(again.names(), place.names());
}

#[test]
fn a_trace_whose_attachment_is_lost_or_cut_is_told() {
    for lost in [true, false] {
        let (fake, place) = (source(), Place::new());
        lose(&fake, 1, PICTURE);
        if !lost {
            fake.state().attachments.insert((id(1), PICTURE.into()), "pict".into());
        }
        let why = if lost { "No such artifact" } else { "it has 4 bytes instead of 7" };
        let told = "the attachments of 1 of 4 traces could not be had";
        fake.run(&["export", &place.typed(), "--spans"]).exits(3).tells(why).tells(told);
        let manifest = place.manifest();
        assert_eq!((manifest.failed.len(), manifest.failed[0].kind.as_str()), (1, "attachment-missing"));
        assert_eq!((manifest.failed[0].trace_id.as_str(), manifest.counts.traces), (id(1).as_str(), 4));
        fake.run(&["export", &place.typed(), "--spans"]).exits(3).tells("could not be had");
    }
}

#[test]
fn a_server_that_knows_no_attachments_does_not_pass_its_span_file_off_as_one() {
    let (fake, place) = (source(), Place::new());
    let spans = Answer::new(200, "text/plain", "{\"spans\": []}");
    let spans = spans.header("content-disposition", "attachment; filename=traces.json");
    fake.fail(Rule::every("get-trace-artifact"), Failure::Answer(spans));
    fake.run(&["export", &place.typed(), "--spans"]).exits(3).tells("another file");
    assert!(!place.path().join(file(SOUND)).exists());
}

#[test]
fn attachments_are_left_out_where_they_have_no_place_and_where_content_is_taken_out() {
    let (fake, place) = (source(), Place::new());
    let one = place.file("one.jsonl");
    fake.run(&["export", &one, "--spans"])
        .exits(0)
        .tells("2 traces refer to attachments, which a single file cannot contain");
    for flags in [&["--no-content"][..], &["--redact", "metadata.email"], &["--hash", "metadata.user_id"]] {
        let place = Place::new();
        fake.run(&[&["export", &place.typed(), "--spans"], flags].concat())
            .exits(0)
            .tells("which were omitted because content");
        assert_eq!((place.manifest().counts.attachments, place.manifest().counts.without_attachments), (0, 2));
        assert!(!place.path().join("attachments").exists(), "{flags:?}");
    }
    let ended = fake.run(&["export", &place.typed(), "--spans", "--no-attachments"]).exits(0);
    assert!(!ended.stderr.contains("attachments"), "{ended}");
    assert_eq!(place.manifest().query.options["no-attachments"], true);
    assert_eq!(fake.asked("get-trace-artifact").len(), 0);
}

#[test]
fn what_is_deleted_is_in_the_archive_with_its_attachments_or_is_kept() {
    let desk = Desk::new(source(), &rule("app", "archive_to = \"expired\""));
    lose(&desk.fake, 1, PICTURE);
    let ended = desk.run(&["--yes", "-o", "json"]).exits(3);
    ended.tells(&format!("{} was not archived: its attachment {PICTURE} cannot be had", id(1)));
    desk.left(APP, &[1, 80]);
    let run = &runs(&desk.path("expired"))[0];
    let written = manifest(run);
    assert_eq!((&written["counts"]["traces"], &written["counts"]["attachments"]), (&json!(2), &json!(1)));
    assert_eq!(written["failed"][0]["kind"], "attachment-missing");
    desk.fake.state().attachments.insert((id(1), PICTURE.into()), "picture".into());
    desk.run(&["--yes"]).exits(0);
    desk.left(APP, &[80]);
    let run = runs(&desk.path("expired")).into_iter().find(|run| run.join(file(PICTURE)).exists()).unwrap();
    assert_eq!(fs::read_to_string(run.join(file(PICTURE))).unwrap(), "picture");
}

#[test]
fn an_attachment_that_changes_in_the_archive_before_the_deletion_keeps_its_trace() {
    let desk = Desk::new(source(), &rule("app", "archive_to = \"expired\""));
    let place = desk.path("expired");
    // The first search makes the plan, the second one finds what is archived, the third one is the last look.
    desk.fake.before(Rule::nth(3, "traces/search"), move |_| {
        fs::write(runs(&place)[0].join(file(PICTURE)), "PICTURE").unwrap();
    });
    let ended = desk.run(&["--yes", "-o", "json"]).exits(3);
    ended.tells(&format!("{} was not archived: its attachments are damaged or gone", id(1)));
    desk.left(APP, &[1, 80]);
}

#[test]
fn an_attachment_that_is_damaged_before_it_is_read_back_keeps_all_of_its_part() {
    let desk = Desk::new(source(), &rule("app", "archive_to = \"expired\""));
    let place = desk.path("expired");
    // The newest trace comes first; when the last attachment is asked for, the one before it is written.
    desk.fake.before(Rule::nth(3, "get-trace-artifact"), move |_| {
        fs::write(runs(&place)[0].join(file(PICTURE)), "PICTURE").unwrap();
    });
    desk.run(&["--yes", "-o", "json"]).exits(3).tells("its SHA-256 is");
    desk.left(APP, &[1, 2, 3, 80]);
}

#[test]
fn a_run_that_stops_before_it_deletes_leaves_no_attachments() {
    let desk = Desk::new(source(), &rule("app", "archive_to = \"expired\""));
    desk.fake.fail(Rule::from(3, "get-trace-artifact"), Failure::status(401, "who are you"));
    let ended = desk.run(&["--yes"]).exits(4);
    ended.tells("nothing was deleted");
    desk.left(APP, &[1, 2, 3, 80]);
    assert_eq!(runs(&desk.path("expired")).len(), 0);
}

#[cfg(feature = "otlp")]
#[test]
fn attachments_are_imported_once_and_what_is_there_is_left_alone() {
    let (fake, place, target) = (source(), Place::new(), Fake::new());
    fake.run(&["export", &place.typed(), "--spans"]).exits(0);
    let import = |flags: &[&str]| target.run(&[&["import", &place.typed()], flags].concat());
    import(&["--dry-run"]).exits(0).tells("3 attachments would be imported.");
    assert_eq!(target.asked("PUT").len(), 0);
    import(&[]).exits(0).tells("4 traces imported.").tells("2 attachments imported.");
    assert_eq!(target.state().attachments, fake.state().attachments);
    import(&[]).exits(0).tells("4 traces already there.").does_not_tell("imported");
    lose(&target, 1, PICTURE);
    import(&[]).exits(0).tells("1 trace repaired").tells("1 attachment imported.");
    assert_eq!(target.state().attachments, fake.state().attachments);
    target.state().attachments.insert((id(1), PICTURE.into()), "another".into());
    import(&[]).exits(3).tells("the server has different content for this id, which was not changed");
    assert_eq!(target.state().attachments[&(id(1), PICTURE.into())], "another");
}

#[cfg(feature = "otlp")]
#[test]
fn an_attachment_that_the_server_does_not_take_is_brought_in_part() {
    let (fake, place, target) = (source(), Place::new(), Fake::new());
    fake.run(&["export", &place.typed(), "--spans"]).exits(0);
    target.fail(Rule::every("PUT /api/2.0/mlflow-artifacts"), Failure::status(403, "no"));
    let lines = target.run(&["import", &place.typed(), "-o", "jsonl"]).exits(3).jsonl();
    let of = |number: u32| lines.iter().find(|line| line["trace_id"] == id(number)).unwrap();
    assert_eq!((&of(1)["result"], &of(3)["result"]), (&json!("partly"), &json!("imported")));
    assert!(of(1)["reasons"].to_string().contains(PICTURE), "{}", of(1));
}

#[cfg(feature = "otlp")]
#[test]
fn an_archive_whose_attachments_are_not_what_they_were_is_not_imported() {
    type Change<'c> = (&'c dyn Fn(&std::path::Path), &'c str);

    let changes: [Change; 3] = [
        (&|place| fs::write(place.join(file(PICTURE)), "PICTURE").unwrap(), "its SHA-256 is not that of its list"),
        (&|place| fs::remove_file(place.join(file(PICTURE))).unwrap(), "No such file"),
        (&|place| fs::write(place.join("attachments/00000.ndjson"), "").unwrap(), "it is not as the manifest says"),
    ];
    for (change, told) in changes {
        let (fake, place, target) = (source(), Place::new(), Fake::new());
        fake.run(&["export", &place.typed(), "--spans"]).exits(0);
        change(&place.path());
        target.run(&["import", &place.typed()]).exits(6).tells(told);
        assert!(target.state().traces.is_empty());
    }
}

#[cfg(feature = "otlp")]
#[test]
fn an_archive_without_the_attachments_says_so_when_it_is_imported() {
    let (fake, place, target) = (source(), Place::new(), Fake::new());
    let one = place.file("one.jsonl");
    fake.run(&["export", &one, "--spans"]).exits(0);
    target.run(&["import", &one]).exits(0).tells("the archive lacks 3 attachments that its traces refer to");
}
