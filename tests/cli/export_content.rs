//! What an export writes: rows of spans and assessments, compressed, and without what must not be seen.

use std::fs;

use serde_json::Value;

use crate::export_directory::Place;
use crate::fake::{Fake, Seed, id};
use crate::snapshot::Gallery;

#[test]
fn the_gallery_of_contents() {
    let fake = Fake::with([
        Seed::known(),
        Seed::new(1).metadata("user_id", "jane").request("mail jane@example.com").tag("owner", "jane"),
    ]);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("salt"), "pepper").unwrap();
    let mut gallery = Gallery::new("export_content");
    let mut scene = |title: &str, arguments: &[&str], code: i32| {
        let ended = fake.program(&[&["export", "-"], arguments].concat()).in_folder(folder.path()).run().exits(code);
        gallery.scene(title, &ended);
    };
    scene("a row per span", &["--explode", "spans", "--format", "csv"], 0);
    let fields = "trace_id,tags.owner,span.name,span.inputs";
    scene("chosen columns of spans", &["--explode", "spans", "--fields", fields], 0);
    scene("a row per assessment", &["--explode", "assessments"], 0);
    scene("no such column", &["--explode", "assessments", "--fields", "span.name"], 2);
    scene("a value blanked", &["--name", "chat", "--redact", "metadata.user_id", "--redact", "tags.owner"], 0);
    scene("a pattern blanked", &["--name", "chat", "--spans", "--redact", "/jane(@[a-z.]+)?/"], 0);
    scene(
        "inside of JSON",
        &["--name", "chat", "--spans", "--redact", "span.outputs.$.x", "--redact", "span.inputs"],
        0,
    );
    scene("what is repeated elsewhere", &["--name", "no", "--redact", "span.inputs", "--hash", "span.outputs"], 0);
    scene("a value hashed", &["--name", "chat", "--hash", "metadata.user_id"], 0);
    scene("hashed with salt", &["--name", "chat", "--hash", "metadata.user_id", "--salt-file", "salt"], 0);
    scene("without content", &["--spans", "--no-content"], 0);
    scene("no regular expression", &["--redact", "/(/"], 2);
    scene("a salt that is not there", &["--hash", "user", "--salt-file", "sugar"], 2);
    gallery.check();
}

#[test]
fn files_are_compressed_by_their_ending_or_on_demand() {
    let fake = Fake::with_many(700);
    let place = Place::new();
    fs::create_dir(place.path()).unwrap();
    let plain = place.file("archive/plain.jsonl");
    fake.run(&["export", &plain]).succeeds();
    for (name, flags) in [("a.jsonl.gz", [].as_slice()), ("b.jsonl.zst", &[]), ("c.gz", &["--compress", "gzip"])] {
        if !cfg!(feature = "compression") && name.contains("zst") {
            continue;
        }
        let file = place.file(&format!("archive/{name}"));
        fake.run(&[&["export", file.as_str()], flags].concat()).succeeds();
        assert_eq!(place.text(name), place.text("plain.jsonl"), "{name}");
        let size = |name: &str| fs::metadata(place.path().join(name)).unwrap().len();
        assert!(size(name) * 4 < size("plain.jsonl"), "{name}");
    }
    let csv = place.file("archive/d.csv.gz");
    fake.run(&["export", &csv]).succeeds();
    assert!(place.text("d.csv.gz").starts_with("trace_id,timestamp,"));
}

#[test]
fn parts_are_compressed_and_say_so() {
    let fake = Fake::with_many(50);
    let place = Place::new();
    let (method, ending) = if cfg!(feature = "compression") { ("zstd", "zst") } else { ("gzip", "gz") };
    fake.run(&["export", &place.typed(), "--compress", method, "--split", "20"]).succeeds();
    let manifest = place.manifest();
    assert_eq!(manifest.parts[2].path, format!("part-00002.jsonl.{ending}"));
    assert_eq!(manifest.query.options["compress"], method);
    assert!(manifest.counts.bytes > manifest.parts.iter().map(|part| part.bytes).sum::<u64>());
    assert_eq!(place.ids().len(), 50);
}

#[test]
fn exploded_parts_count_rows_and_say_that_they_are_no_traces() {
    let fake = Fake::with([Seed::known(), Seed::new(1), Seed::new(2)]);
    let place = Place::new();
    fake.run(&["export", &place.typed(), "--explode", "spans", "--format", "csv"]).succeeds();
    let manifest = place.manifest();
    assert_eq!(manifest.query.options["explode"], "spans");
    assert!(manifest.query.spans, "spans are fetched without being asked for");
    let rows = place.text("part-00000.csv").lines().count() as u64 - 1;
    assert_eq!((manifest.parts[0].traces, manifest.parts[0].rows, manifest.counts.spans), (3, rows, rows));
}

#[test]
fn what_was_taken_out_is_counted_and_no_pattern_is_told() {
    let fake = Fake::with((1..=5).map(|number| Seed::new(number).tag("owner", "jane")));
    let place = Place::new();
    let rules = ["--redact", "/jane/", "--redact", "tags.mlflow.traceName", "--hash", "request", "--no-content"];
    fake.run(&[&["export", &place.typed(), "--spans"], rules.as_slice()].concat()).succeeds();
    let manifest = place.manifest();
    let replaced: Vec<u64> = manifest.counts.replaced.values().copied().collect();
    assert_eq!(manifest.counts.replaced["redact tags.mlflow.traceName"], 5);
    assert_eq!(replaced, [20, 5, 5], "{:?}", manifest.counts.replaced);
    let text = fs::read_to_string(place.path().join("manifest.json")).unwrap();
    assert!(!text.contains("jane") && !place.text("part-00000.jsonl").contains("jane"), "{text}");
}

#[test]
fn values_that_may_have_been_cut_are_counted() {
    let (metadata, tag) = ("m".repeat(250), "é".repeat(4096));
    let fake = Fake::with([
        Seed::new(1).metadata("a", &metadata).metadata("b", &metadata[1..]).tag("t", &tag),
        Seed::new(2).metadata("a", &metadata),
    ]);
    let place = Place::new();
    let ended = fake.run(&["export", &place.typed()]).succeeds();
    ended
        .tells("2 pieces of metadata are 250 characters long, the most that a server returns, and may be truncated")
        .tells("1 tag is 4096 characters long");
    let cut = place.manifest().counts.maybe_cut;
    assert_eq!((cut["metadata"], cut["tags"]), (2, 1));
    fake.run(&["export", "-"]).succeeds().tells("2 pieces of metadata");
}

#[test]
fn redacted_files_are_still_read_back() {
    let fake = Fake::with([Seed::known(), Seed::new(1)]);
    let place = Place::new();
    let file = place.file("traces.jsonl");
    fake.run(&["export", &file, "--spans", "--no-content", "--redact", "/[a-z]+/", "--hash", "name"]).succeeds();
    let ended = fake.bare(&["search", "-u", &format!("file:{file}"), "-o", "ids"]).run().succeeds();
    assert!(ended.stdout.contains(&id(1)));
    let line: Value = serde_json::from_str(fs::read_to_string(&file).unwrap().lines().next().unwrap()).unwrap();
    assert_eq!(line["info"]["state"], "OK");
}
