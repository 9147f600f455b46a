//! Rows as spreadsheets write and show them: delimiters, decimal commas, line numbers, several labels in a line, edited rows.

use std::process::Command;

use serde_json::{Value, json};

use crate::fake::{Fake, id};
use crate::rows::Files;
use crate::support::Run;

const JANE: [&str; 4] = ["--source-type", "HUMAN", "--source-id", "jane"];

fn import(fake: &Fake, file: &str, flags: &[&str]) -> Run {
    fake.run(&[["feedback", "import", file].as_slice(), &JANE, flags].concat())
}

/// What counts on a trace: names and values.
fn said(fake: &Fake, number: u32) -> Vec<(String, Value)> {
    let all = fake.state().assessments(&id(number));
    let valid = all.iter().filter(|one| one["valid"].as_bool().unwrap_or(true));
    let mut said: Vec<(String, Value)> = valid
        .map(|one| (one["assessment_name"].as_str().unwrap().to_owned(), one["feedback"]["value"].clone()))
        .collect();
    said.sort_by_key(|(name, _)| name.clone());
    said
}

/// Runs a line of Python over two paths.
fn python(script: &str, from: &str, to: &str) {
    let ran = Command::new("python3").args(["-c", script, from, to]).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn every_dialect_of_a_spreadsheet_is_recognised() {
    let dialects = [
        ("comma.csv", ",", "utf-8", "", &[][..]),
        ("semicolon.csv", ";", "utf-8", "", &[]),
        ("marked.csv", ";", "utf-8-sig", "", &[]),
        ("excel.csv", ";", "utf-8-sig", "sep=;\r\n", &[]),
        ("tabs.csv", "\t", "utf-8", "", &[]),
        ("tabs.tsv", "\t", "utf-8", "", &[]),
        ("pipes.csv", "|", "utf-8", "", &["--delimiter", "|"]),
        ("named.csv", ";", "utf-8", "", &["--delimiter", "semicolon"]),
        ("tab.csv", "\t", "utf-8", "", &["--delimiter", "tab"]),
    ];
    for (name, delimiter, encoding, before, flags) in dialects {
        let (fake, files) = (Fake::with_many(2), Files::new());
        let script = format!(
            "import csv, sys
out = open(sys.argv[2], 'w', encoding={encoding:?}, newline='')
out.write({before:?})
rows = csv.writer(out, delimiter={delimiter:?})
rows.writerow(['trace_id', 'name', 'value', 'rationale'])
rows.writerow(['{}', 'score', '0.5', 'one; two, \"three\"\\tfour|\\nfive'])
rows.writerow(['{}', 'score', '-1', ''])",
            id(1),
            id(2)
        );
        let file = files.path(name);
        python(&script, "", &file);
        import(&fake, &file, &[&["--value-type", "number"], flags].concat()).succeeds().tells("2 created");
        assert_eq!(
            (said(&fake, 1), said(&fake, 2)),
            (vec![("score".into(), json!(0.5))], vec![("score".into(), json!(-1.0))]),
            "{name}"
        );
        let rationale = fake.state().assessments(&id(1))[0]["rationale"].clone();
        assert_eq!(rationale, "one; two, \"three\"\tfour|\nfive", "{name}");
    }
}

#[test]
fn a_decimal_comma_is_read_when_it_is_named_and_told_when_it_is_not() {
    let (fake, files) = (Fake::with_many(2), Files::new());
    let file = files.write("a.csv", &format!("trace_id;name;value\n{};score;0,8\n{};score;2\n", id(1), id(2)));
    let number = ["--value-type", "number"];
    let told = import(&fake, &file, &number).exits(2);
    told.tells("line 2: value: \"0,8\" is not a number; for a decimal comma, add --decimal ,")
        .tells("nothing was sent");
    import(&fake, &file, &[&number[..], &["--decimal", ","]].concat()).succeeds().tells("2 created");
    assert_eq!(
        (said(&fake, 1), said(&fake, 2)),
        (vec![("score".into(), json!(0.8))], vec![("score".into(), json!(2.0))])
    );
    let file = files.write("b.csv", &format!("trace_id;name;value\n{};score;1.234,5\n{};score;1.234\n", id(1), id(2)));
    let told = import(&fake, &file, &[&number[..], &["--decimal", ","]].concat()).exits(2);
    told.tells("line 2: value: \"1.234,5\" has a decimal point").tells("line 3: value: \"1.234\" has a decimal point");
    let file = files.write("c.csv", &format!("trace_id;name;value\n{};note;0,8\n", id(1)));
    import(&fake, &file, &["--value-type", "text"]).succeeds();
    assert_eq!(said(&fake, 1)[0], ("note".into(), json!("0,8")), "a text is a text");
}

#[test]
fn lines_are_numbered_as_the_spreadsheet_shows_them() {
    let (fake, files) = (Fake::with_many(3), Files::new());
    let text = format!(
        "trace_id,name,value,rationale\r\n{},good,true,\"one\r\ntwo\r\nthree\"\r\n\r\n{},good,maybe,\r\n{},good,true,\"x\ny\"\r\ntr-nope,good,true,\r\n",
        id(1),
        id(2),
        id(3)
    );
    let file = files.write("a.csv", &text);
    let boolean = ["--value-type", "boolean"];
    import(&fake, &file, &boolean).exits(2).tells("line 4: value: \"maybe\" is not true or false");
    let file = files.write("b.csv", &text.replace("maybe", "false"));
    let ended = import(&fake, &file, &[&boolean[..], &["-o", "jsonl"]].concat()).exits(3);
    let ended = ended.tells("line 6 failed: there is no trace tr-nope");
    let mut lines: Vec<u64> = ended.jsonl().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    lines.sort_unstable();
    assert_eq!(lines, [2, 4, 5, 6]);
    let script = "import csv, sys
assert [n for n, row in enumerate(csv.reader(open(sys.argv[1], newline='')), 1) if 'tr-nope' in row] == [6]";
    python(script, &file, "");
}

#[test]
fn several_label_columns_are_several_feedbacks() {
    let (fake, files) = (Fake::with_many(3), Files::new());
    let text =
        format!("trace_id;correct;Tone of it;comment\n{};TRUE;kind;fine\n{};FALSE;;\n{};;;\n", id(1), id(2), id(3));
    let file = files.write("review.csv", &text);
    let flags = [
        "--column",
        "correct",
        "--column",
        "tone=Tone of it",
        "--value-type",
        "boolean",
        "--value-type",
        "tone=text",
        "--map",
        "rationale=comment",
    ];
    let results = files.path("results.jsonl");
    let flags = [&flags[..], &["--results", &results]].concat();
    import(&fake, &file, &flags).succeeds().tells("Feedback: 3 created");
    assert_eq!(said(&fake, 1), [("correct".into(), json!(true)), ("tone".into(), json!("kind"))]);
    assert_eq!((said(&fake, 2), said(&fake, 3)), (vec![("correct".into(), json!(false))], vec![]));
    assert_eq!(fake.state().assessments(&id(1))[1]["rationale"], "fine");
    import(&fake, &file, &flags).succeeds().tells("3 done by an earlier run");
    import(&fake, &file, &flags[..10]).succeeds().tells("3 already there");
    let lines: Vec<(u64, u64)> = files
        .results("results.jsonl")
        .iter()
        .map(|row| (row["row"].as_u64().unwrap(), row["line"].as_u64().unwrap()))
        .collect();
    assert_eq!(lines, [(1, 2), (2, 2), (3, 3)]);
    import(&fake, &file, &["--column", "correct", "--value-type", "boolean"])
        .exits(2)
        .tells("unknown column \"Tone of it\"");
    let lax = ["--column", "correct", "--value-type", "boolean", "--ignore-unknown-columns"];
    import(&fake, &file, &lax).succeeds();
    import(&fake, &file, &["--column", "missing", "--value-type", "text"])
        .exits(2)
        .tells("there is no column \"missing\", which --column names");
    import(&fake, &file, &["--column", "correct", "--column", "correct"]).exits(2).tells("twice");
}

/// A server with three scores of jane's, and what is exported of them.
fn exported(files: &Files, flags: &[&str]) -> (Fake, String) {
    let fake = Fake::with_many(3);
    let rows: String = (1..=3).map(|number| format!("{},score,0.{number}\n", id(number))).collect();
    let file = files.write("scores.csv", &format!("trace_id,name,value\n{rows}"));
    import(&fake, &file, &["--value-type", "number"]).succeeds();
    let export = files.path("export.csv");
    fake.run(&[&["feedback", "export", export.as_str()], flags].concat()).succeeds();
    (fake, export)
}

#[test]
fn an_edited_row_of_an_export_overrides_and_the_others_do_nothing() {
    for (flags, format) in [(&[][..], "csv"), (&["--delimiter", ";", "--decimal", ",", "--bom"], "comma")] {
        let files = Files::new();
        let (fake, export) = exported(&files, flags);
        let (old, new) = if format == "csv" { ("0.2", "0.75") } else { ("0,2", "0,75") };
        assert!(files.read("export.csv").contains(old), "{}", files.read("export.csv"));
        // As a person at a spreadsheet does it, whose program writes everything anew.
        let script = format!(
            "import csv, sys
dialect = csv.Sniffer().sniff(open(sys.argv[1], encoding='utf-8-sig').readline(), ',;')
rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline=''), dialect=dialect))
for row in rows:
    if row['value'] == '{old}': row['value'], row['rationale'] = '{new}', 'read again'
out = csv.DictWriter(open(sys.argv[2], 'w', newline=''), rows[0].keys(), delimiter=';', quoting=csv.QUOTE_ALL)
out.writeheader(); out.writerows(rows)"
        );
        let edited = files.path("edited.csv");
        python(&script, &export, &edited);
        let decimal = if format == "csv" { "." } else { "," };
        let back = |more: &[&str]| fake.run(&[&["feedback", "import", &edited, "--decimal", decimal], more].concat());
        back(&["--dry-run"]).succeeds().tells("1 WOULD be created, 2 already there");
        back(&["--on-existing", "skip"]).succeeds().tells("2 already there, 1 skipped");
        assert_eq!(said(&fake, 2), [("score".into(), json!(0.2))]);
        back(&[]).succeeds().tells("1 created, 2 already there");
        assert_eq!(said(&fake, 2), [("score".into(), json!(0.75))]);
        let all = fake.state().assessments(&id(2));
        assert_eq!(
            (all.len(), &all[1]["overrides"], &all[1]["rationale"]),
            (2, &all[0]["assessment_id"], &json!("read again"))
        );
        back(&[]).succeeds().tells("Feedback: 3 already there");
        back(&["--on-existing", "override"]).succeeds().tells("Feedback: 3 already there");
        assert_eq!(fake.state().assessments(&id(2)).len(), 2);
    }
}

#[test]
fn an_edit_is_not_mixed_up_with_what_somebody_changed_on_the_server() {
    let files = Files::new();
    let (fake, export) = exported(&files, &[]);
    let assessment = fake.state().assessments(&id(2))[0]["assessment_id"].as_str().unwrap().to_owned();
    fake.run(&["assessment", "update", &id(2), &assessment, "--value", "0.9"]).succeeds();
    let ended = fake.run(&["feedback", "import", &export]).exits(3);
    ended.tells(
        "was updated on the server, perhaps after the export; to override it anyway, use --on-existing override",
    );
    assert_eq!(said(&fake, 2), [("score".into(), json!(0.9))]);
    fake.run(&["feedback", "import", &export, "--on-existing", "override"]).succeeds().tells("1 created");
    assert_eq!(said(&fake, 2), [("score".into(), json!(0.2))]);
}

#[test]
fn an_edited_row_can_be_planned() {
    let files = Files::new();
    let (fake, _) = exported(&files, &[]);
    let edited = files.write("edited.csv", &files.read("export.csv").replace(",0.3,", ",0.35,"));
    let plan = files.path("plan.jsonl");
    fake.run(&["feedback", "import", &edited, "--plan", &plan]).succeeds();
    assert_eq!(said(&fake, 3), [("score".into(), json!(0.3))]);
    fake.run(&["apply", &plan, "--yes"]).succeeds();
    assert_eq!(said(&fake, 3), [("score".into(), json!(0.35))]);
}

#[test]
fn what_is_exported_for_a_spreadsheet_reads_in_another_program() {
    let files = Files::new();
    let (fake, export) = exported(&files, &["--delimiter", ";", "--decimal", ",", "--bom"]);
    assert!(files.read("export.csv").starts_with("\u{feff}trace_id;name;value;"));
    let script = "import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline=''), delimiter=';'))
assert sorted(row['value'] for row in rows) == ['0,1', '0,2', '0,3'], rows";
    python(script, &export, "");
    let tabs = files.path("export.tsv");
    fake.run(&["feedback", "export", &tabs]).succeeds();
    assert!(files.read("export.tsv").starts_with("trace_id\tname\tvalue\t"));
    let usage = ["feedback", "export", "-", "--format", "jsonl", "--bom"];
    fake.run(&usage).exits(2).tells("--delimiter, --decimal and --bom are for CSV");
}

#[test]
fn nothing_that_is_there_is_replaced_unasked() {
    let (fake, files) = (Fake::with_many(2), Files::new());
    for command in [&["feedback", "export"][..], &["expectation", "export"], &["export"]] {
        let file = files.write("mine.csv", "precious\n");
        let asked = fake.asked("").len();
        let refused = fake.run(&[command, &[&file]].concat()).exits(7);
        refused.tells("mine.csv already exists").tells("--overwrite");
        assert_eq!((files.read("mine.csv").as_str(), fake.asked("").len()), ("precious\n", asked));
        fake.run(&[command, &[&file, "--overwrite"]].concat()).succeeds();
        assert_ne!(files.read("mine.csv"), "precious\n");
        let empty = files.write("empty.csv", "");
        fake.run(&[command, &[&empty]].concat()).succeeds();
        fake.run(&[command, &["/dev/null", "--format", "csv"]].concat()).succeeds();
    }
}
