//! `check`: limits are kept, broken, or not told by enough traces; and what other programs get of that.

use serde_json::json;

use crate::fake::{Failure, Fake, Rule, Seed};
use crate::snapshot::Gallery;
use crate::support::Program;

fn demo(args: &[&str]) -> Program {
    Program::new(["-u", "demo", "check"].iter().chain(args))
}

#[test]
fn what_people_see_is_kept() {
    let mut gallery = Gallery::new("check");
    for line in [
        "--max-error-rate 50% --max-p95 8s",
        "--max-error-rate 10% --max-p95 2s --min traces=50 --none span.type='TOOL'",
        "--max-error-rate 10% --min-count 100",
        "--min-feedback helpful=0.99 --max sum:cost.total=0.01",
        "--since 2026-11-10 --until 2026-11-20 --baseline 7d",
        "--max-error-rate 10% --github",
        "",
        "--max nope=1",
        "--max-p95 8",
        "--baseline 7d",
    ] {
        let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        gallery.scene(&format!("check {line}"), &demo(&words).run().ends());
    }
    gallery.check();
}

#[test]
fn a_broken_rule_and_too_little_data_are_no_success() {
    demo(&["--max-error-rate", "50%"]).run().succeeds();
    let broken = demo(&["--max-error-rate", "1%", "-o", "json"]).run().exits(8).json();
    let rule = &broken["rules"][0];
    assert_eq!((&broken["passed"], &rule["result"], &rule["kind"]), (&json!(false), &json!("fail"), &json!("max")));
    assert_eq!((&rule["limit"], &rule["count"]), (&json!(0.01), &json!(56)));
    assert!(rule["traces"].as_array().unwrap().len() == 5, "{rule}");
    let few = demo(&["--max-error-rate", "50%", "--min-count", "57", "-o", "json"]).run().exits(8).json();
    assert_eq!((&few["passed"], &few["rules"][0]["result"]), (&json!(false), &json!("too_few")));
    let nothing = demo(&["--max-error-rate", "50%", "--filter", "name = 'nobody'", "-o", "json"]).run().exits(8).json();
    assert_eq!(nothing["rules"][0]["result"], "too_few");
}

#[test]
fn a_filter_that_nothing_may_match_names_what_does() {
    let none = |filter: &str| demo(&["--none", filter, "-o", "json"]).run();
    let failed = none("span(type = 'TOOL' AND status = 'ERROR')").exits(8).json();
    let ids = Program::new(["-u", "demo", "search", "span(type = 'TOOL' AND status = 'ERROR')", "--all", "-o", "ids"]);
    let ids = ids.run().succeeds().stdout;
    let rule = &failed["rules"][0];
    assert_eq!(rule["found"].as_u64().unwrap(), ids.lines().count() as u64);
    assert!(rule["traces"].as_array().unwrap().iter().all(|one| ids.contains(one["trace_id"].as_str().unwrap())));
    let passed = none("name = 'nobody'").succeeds().json();
    assert_eq!((&passed["rules"][0]["result"], &passed["rules"][0]["count"]), (&json!("pass"), &json!(60)));
    none("name = ").exits(2);
}

#[test]
fn rules_with_a_filter_are_about_its_traces() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.toml");
    let text = "[[rule]]\nname = \"agent\"\nmetric = \"traces\"\nmin = 38\nfilter = \"name = 'support_agent'\"\n\
                [[rule]]\nname = \"all\"\nmetric = \"traces\"\nmin = 60\n\
                [[rule]]\nname = \"failed search\"\nmetric = \"error_rate\"\nmax = \"16%\"\nfilter = \"name = 'docs_search'\"\n\
                [[rule]]\nname = \"or\"\nmetric = \"traces\"\nmax = 40\nfilter = \"name = 'reindex' OR name = 'support_agent'\"\n";
    std::fs::write(&rules, text).unwrap();
    let found = demo(&[rules.to_str().unwrap(), "-o", "json"]).run().succeeds().json();
    let names: Vec<_> = found["rules"].as_array().unwrap().iter().map(|rule| (&rule["name"], &rule["found"])).collect();
    assert_eq!(names[0], (&json!("agent"), &json!(38)));
    assert_eq!(names[1], (&json!("all"), &json!(60)));
    assert_eq!((names[2].0, names[3]), (&json!("failed search"), (&json!("or"), &json!(40))));
    let within = demo(&[rules.to_str().unwrap(), "--status", "ERROR", "-o", "json"]).run().exits(8).json();
    assert_eq!(within["rules"][0]["found"], 8);
    std::fs::write(&rules, "[[rule]]\nmetric = \"errors\"\nmax = 1\nfilter = \"nmae = 'x'\"\n").unwrap();
    let wrong = demo(&[rules.to_str().unwrap()]).run().exits(2).prints_nothing();
    assert!(wrong.stderr.contains("errors at most 1") && wrong.stderr.contains("nmae"), "{wrong}");
}

#[test]
fn rules_about_the_same_traces_read_them_once() {
    let fake = Fake::with_many(3);
    fake.run(&["check", "--max-error-rate", "100%", "--max-p95", "1h", "--min", "traces=3"]).succeeds();
    let pages = fake.asked("traces/search").len();
    fake.run(&["stats"]).succeeds();
    assert_eq!(fake.asked("traces/search").len(), 2 * pages);
    assert!(fake.asked("traces/get").is_empty() && fake.asked("batchGet").is_empty());
}

#[test]
fn what_was_not_read_whole_is_no_pass() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).with_lost_file()]);
    let ended = fake.run(&["check", "--max", "span_error_rate=100%"]).exits(3);
    assert!(ended.stderr.contains("the spans of 1 trace could not be read"), "{ended}");
    fake.fail(Rule::every("traces/search"), Failure::status(403, "no"));
    fake.run(&["check", "--max-error-rate", "100%"]).exits(4).prints_nothing();
}

#[test]
fn reports_for_other_programs_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let (junit, page) = (folder.path().join("check.xml"), folder.path().join("summary.md"));
    std::fs::write(&page, "before\n").unwrap();
    let args = ["--max-error-rate", "1%", "--min-feedback", "<b>|&=0.5", "--max-p95", "1h", "--github"];
    let files = ["--junit", junit.to_str().unwrap(), "--markdown", page.to_str().unwrap()];
    let ended = demo(&[&args[..], &files[..]].concat()).run().exits(8);
    let xml = std::fs::read_to_string(&junit).unwrap();
    assert!(xml.contains("tests=\"3\" failures=\"1\" errors=\"1\""), "{xml}");
    assert!(xml.contains("<failure message=\"19.6 % (56 counted)\">tr-") && !xml.contains("<b>"), "{xml}");
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.starts_with("before\n### Failed: 1 of 3 rules broken, 1 with too little data."), "{text}");
    assert!(
        text.contains("| FAIL | error_rate at most 1.0 % | 19.6 % | 56 |") && text.contains("&lt;b&gt;\\|"),
        "{text}"
    );
    let errors: Vec<&str> = ended.stderr.lines().filter(|line| line.starts_with("::error title=")).collect();
    assert_eq!(errors.len(), 2, "{ended}");
    assert!(errors[0].contains("19.6 %25 (56 counted)%0Atr-"), "{ended}");
    demo(&[&args[..], &files[..]].concat()).run().exits(7).prints_nothing();
    demo(&[&args[..], &files[..], &["--overwrite"]].concat()).run().exits(8);
}
