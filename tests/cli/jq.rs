//! `--jq`: JSON output through a filter of jq's language.

use crate::fake::{Fake, Seed, id};

#[test]
fn json_is_filtered_whole_and_json_lines_one_by_one() {
    let fake = Fake::with([
        Seed::new(1).request("a \"b\" \u{1F600}\nc").tag("n", "12345678901234567890"),
        Seed::new(2).request("[1, {").state("ERROR"),
    ]);
    for (args, lines) in [
        (&["search", "--jq", ".[].info.trace_id"][..], &[id(2), id(1)][..]),
        (&["search", "--jq", "map(.info.state) | unique | .[]"], &["ERROR".into(), "OK".into()]),
        (&["search", "-o", "jsonl", "--jq", ".info.state"], &["ERROR".into(), "OK".into()]),
        (
            &["search", "-o", "jsonl", "--jq", "select(.info.state == \"ERROR\") | .info.request_preview"],
            &["[1, {".into()],
        ),
        (
            &["search", "-o", "jsonl", "--jq", "{(.info.trace_id): .info.tags.n}"],
            &[format!("{{\"{}\":null}}", id(2)), format!("{{\"{}\":\"12345678901234567890\"}}", id(1))],
        ),
        (&["get", &id(1), "--jq", ".info.request_preview"], &["a \"b\" \u{1F600}".into(), "c".into()]),
        (&["count", "--jq", ".count + 12345678901234567890"], &["12345678901234567892".into()]),
        (&["search", "--jq", "empty"], &[]),
    ] {
        let ended = fake.run(args).succeeds();
        assert_eq!(ended.lines(), lines, "{args:?}");
    }
}

#[test]
fn a_filter_that_cannot_be_read_is_refused_before_anything_is_asked() {
    let fake = Fake::with_many(1);
    for (args, message) in [
        (&["count", "--jq", ".count |"][..], "expected term at the end"),
        (&["count", "--jq", "nonsense"], "uses \\\"nonsense\\\", which is not defined"),
        (&["tag", "set", "tr-1", "a=b", "--jq", "["], "cannot be read"),
        (&["count", "-o", "csv", "--jq", "."], "not -o csv"),
    ] {
        fake.run(args).exits(2).tells(message).prints_nothing();
    }
    assert!(fake.log().is_empty());
    fake.run(&["count", "--jq", ".count.x"]).exits(2).tells("cannot index 1 with");
    // What fails is told as ever.
    fake.run(&["get", &id(9), "--jq", "."]).exits(9).prints_nothing();
}
