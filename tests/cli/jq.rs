//! `--jq` and `--template`: JSON output in another shape.

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
        (&["count", "--template", "{{ count"], "--template: "),
        (&["count", "--template", "{% for a in it %}"], "--template: "),
        (&["count", "--template", "x", "--jq", "."], "cannot be used with"),
    ] {
        fake.run(args).exits(2).tells(message).prints_nothing();
    }
    assert!(fake.log().is_empty());
    fake.run(&["count", "--jq", ".count.x"]).exits(2).tells("cannot index 1 with");
    // Of a long value only the ends are shown.
    let long = fake.run(&["search", "--jq", ".id"]).exits(2).tells("cannot index").tells("with \\\"id\\\"");
    assert!(long.stderr.len() < 400, "{long}");
    // What fails is told as ever.
    fake.run(&["get", &id(9), "--jq", "."]).exits(9).prints_nothing();
}

#[test]
fn a_template_is_filled_in_with_the_fields_or_with_all_of_it() {
    let fake = Fake::with([Seed::new(1).tag("team", "search"), Seed::new(2).state("ERROR")]);
    for (args, lines) in [
        (&["count", "--template", "{{ count }} traces"][..], &["2 traces".to_owned()][..]),
        (
            &[
                "search",
                "-o",
                "jsonl",
                "--template",
                "{{ info.trace_id }} {{ info.state | lower }} {{ info.tags.team }}",
            ],
            &[format!("{} error ", id(2)), format!("{} ok search", id(1))],
        ),
        (
            &["search", "--template", "{% for one in it %}{{ loop.index }}:{{ one.info.state }} {% endfor %}"],
            &["1:ERROR 2:OK ".into()],
        ),
        (&["count", "--template", "{{ none.of.that }}"], &[String::new()]),
    ] {
        assert_eq!(fake.run(args).succeeds().lines(), lines, "{args:?}");
    }
    fake.run(&["count", "--template", "{{ count | nonsense }}"]).exits(2).tells("--template: ").prints_nothing();
    fake.run(&["count", "--template", "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}"])
        .exits(2);
}
