//! `search` and `count`.

use serde_json::json;

use crate::fake::{APP, CHECKOUT, Equality, Failure, Fake, OLD, Rule, Seed, id};
use crate::snapshot::Gallery;

const SEARCH: &str = "POST /api/3.0/mlflow/traces/search";

/// Four traces of all sorts, one of them in another experiment.
fn mixed() -> Fake {
    Fake::with([
        Seed::new(1)
            .name("agent")
            .duration_ms(1_500)
            .request("What is the capital of France?")
            .response("Paris 🗼")
            .tag("environment", "production")
            .metadata("mlflow.trace.user", "jane")
            .metadata("mlflow.trace.session", "s-1")
            .metadata("mlflow.trace.tokenUsage", "{\"input_tokens\": 12, \"output_tokens\": 34, \"total_tokens\": 46}"),
        Seed::new(2)
            .name("rag")
            .state("ERROR")
            .duration_ms(61_500)
            .request("=HYPERLINK(\"http://x\")")
            .tag("team", "search"),
        Seed::new(3).state("IN_PROGRESS").response("").tag("a,b", "c"),
        Seed::new(4).experiment(CHECKOUT),
    ])
}

fn numbers(range: impl IntoIterator<Item = u32>) -> Vec<String> {
    range.into_iter().map(id).collect()
}

#[test]
fn every_format_shows_the_same_traces() {
    let fake = mixed();
    let mut gallery = Gallery::new("search_formats");
    for format in ["table", "json", "jsonl", "csv", "ids"] {
        gallery.scene(&format!("-o {format}"), &fake.run(&["search", "-o", format]).succeeds());
    }
    let fields = "trace_id,status,duration_ms,tags.team,tokens.total,info.tags.`a,b`";
    for format in ["table", "json", "jsonl", "csv"] {
        let ended = fake.run(&["search", "--fields", fields, "-o", format]).succeeds();
        gallery.scene(&format!("-o {format} with fields"), &ended);
    }
    for format in ["table", "json", "jsonl", "csv", "ids"] {
        let ended = fake.run(&["search", "tags.no = 'no'", "-o", format]).succeeds();
        gallery.scene(&format!("-o {format} without a match"), &ended);
    }
    gallery.check();
}

#[test]
fn a_limit_that_cuts_says_what_is_left() {
    let fake = Fake::with_many(7);
    let mut gallery = Gallery::new("search_limit");
    gallery.scene("the server knows the total", &fake.run(&["search", "-n", "3", "-o", "ids"]).succeeds());
    let filter = "timestamp_ms != 0";
    gallery
        .scene("only paging would tell the total", &fake.run(&["search", filter, "-n", "3", "-o", "ids"]).succeeds());
    gallery.scene("quiet", &fake.run(&["search", "-n", "3", "-o", "ids", "--quiet"]).succeeds());
    gallery.scene("the limit is exactly hit", &fake.run(&["search", "-n", "7", "-o", "ids"]).succeeds());
    gallery.check();
}

#[test]
fn the_notice_names_both_numbers() {
    let fake = Fake::with_many(12);
    let ended = fake.run(&["search", "--limit", "10", "-o", "ids"]).succeeds();
    assert_eq!(ended.stderr, "10 of 12; use --limit N for more, or --all\n");
    assert_eq!(ended.lines(), numbers((3..=12).rev()));
}

#[test]
fn a_hundred_traces_are_shown_unless_asked_otherwise() {
    let fake = Fake::with_many(101);
    let ended = fake.run(&["search", "-o", "ids"]).succeeds().tells("100 of 101");
    assert_eq!(ended.lines().len(), 100);
    for all in [["--all"].as_slice(), &["--limit", "0"]] {
        let ended = fake.run(&[&["search", "-o", "ids"], all].concat()).succeeds();
        assert_eq!((ended.lines().len(), ended.stderr.as_str()), (101, ""));
    }
    fake.run(&["search", "--all", "--limit", "5"]).exits(2);
}

#[test]
fn all_pages_come_in_order() {
    let fake = Fake::with_many(1203);
    let ended = fake.run(&["search", "--all", "-o", "ids"]).succeeds();
    assert_eq!(ended.lines(), numbers((1..=1203).rev()));
    let ended = ended.tells("complete: 1,203/1,203");
    assert_eq!(ended.stderr.lines().count(), 1);
}

#[test]
fn pages_go_on_from_the_last_start_and_not_by_number() {
    let fake = Fake::with_many(1203);
    fake.run(&["search", "--all", "-o", "ids", "--concurrency", "1"]).succeeds();
    let pages = fake.bodies(SEARCH);
    assert_eq!(pages.len(), 3);
    assert!(pages.iter().all(|page| page["max_results"] == 500 && page.get("page_token").is_none()), "{pages:?}");
    let filters: Vec<_> = pages.iter().map(|page| page["filter"].as_str().unwrap_or("").to_owned()).collect();
    let start = |number: u32| fake.state().find(&id(number)).expect("it is there").info().request_time_ms;
    let bounds = [704, 205].map(|number| format!("timestamp_ms <= {}", start(number)));
    assert_eq!(filters, [String::new(), bounds[0].clone(), bounds[1].clone()]);
}

#[test]
fn a_last_page_that_is_full_is_followed_by_an_empty_one() {
    let fake = Fake::with_many(500);
    assert_eq!(fake.run(&["search", "--all", "-o", "ids", "--concurrency", "1"]).succeeds().lines().len(), 500);
    assert_eq!(fake.asked(SEARCH).len(), 2);
}

#[test]
fn traces_that_arrive_between_two_pages_are_not_shown_twice() {
    let fake = Fake::with_many(700);
    fake.before(Rule::nth(2, SEARCH), |state| state.add((701..=720).map(Seed::new)));
    let ended = fake.run(&["search", "--all", "-o", "ids"]).succeeds();
    assert_eq!(ended.lines(), numbers((1..=700).rev()));
}

#[test]
fn a_page_that_is_not_needed_is_not_asked_for() {
    let fake = Fake::with_many(1600);
    let ended = fake.run(&["search", "--limit", "999", "-o", "ids"]).succeeds().tells("999 of 1,600");
    assert_eq!(ended.lines().len(), 999);
    let sizes: Vec<_> = fake.bodies(SEARCH).iter().map(|page| page["max_results"].clone()).collect();
    assert_eq!(sizes, [500, 500, 2], "the last trace proves that there are more");
}

#[test]
fn a_small_limit_asks_for_one_trace_more() {
    let fake = Fake::with_many(20);
    fake.run(&["search", "--limit", "5", "-o", "ids"]).succeeds();
    let sizes: Vec<_> = fake.bodies(SEARCH).iter().map(|page| page["max_results"].clone()).collect();
    assert_eq!(sizes, [6]);
}

#[test]
fn what_was_written_stays_when_a_later_page_fails() {
    let fake = Fake::with_many(600);
    fake.fail(Rule::from(2, SEARCH), Failure::status(403, "no"));
    let ended = fake.run(&["search", "--all", "-o", "ids"]).exits(4);
    assert_eq!(ended.lines(), numbers((101..=600).rev()), "the first page is whole");
}

#[test]
fn the_filter_is_sent_as_it_was_written() {
    let fake = mixed();
    let filter = "  status='ERROR'  AND\ttags.`team` ILIKE \"SEA%\" ";
    let ended = fake.run(&["search", filter, "-o", "ids"]).succeeds();
    assert_eq!(ended.lines(), [id(2)]);
    assert_eq!(
        fake.bodies(SEARCH),
        [json!({
            "locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": APP}}],
            "filter": filter,
            "max_results": 101,
        })]
    );
}

#[test]
fn the_order_is_the_servers() {
    let fake = mixed();
    let orders = ["execution_time_ms DESC", "timestamp_ms ASC"];
    let ended = fake.run(&["search", "--order-by", orders[0], "--order-by", orders[1], "-o", "ids"]).succeeds();
    assert_eq!(ended.lines(), [id(2), id(1), id(3)]);
    assert_eq!(fake.bodies(SEARCH)[0]["order_by"], json!(orders));
}

#[test]
fn several_experiments_are_searched_in_one_request() {
    let fake = mixed();
    let ended = fake.bare(&["search", "-x", "checkout", "-x", "my-app", "-x", "2", "-o", "ids"]).run().succeeds();
    assert_eq!(ended.lines(), numbers([4, 3, 2, 1]));
    let locations = fake.bodies(SEARCH)[0]["locations"].clone();
    let ids: Vec<_> =
        locations.as_array().unwrap().iter().map(|location| &location["mlflow_experiment"]["experiment_id"]).collect();
    assert_eq!(ids, [CHECKOUT, APP], "an experiment named twice is sent once");
}

#[test]
fn the_flag_goes_before_the_environment() {
    let fake = mixed();
    assert_eq!(fake.run(&["search", "-x", "checkout", "-o", "ids"]).succeeds().lines(), [id(4)]);
    let by_id = fake.bare(&["search", "-o", "ids"]).env("MLFLOW_EXPERIMENT_ID", CHECKOUT).run().succeeds();
    assert_eq!(by_id.lines(), [id(4)]);
    let both = fake.program(&["search", "-o", "ids"]).env("MLFLOW_EXPERIMENT_ID", APP).run().succeeds();
    assert_eq!(both.lines(), numbers([3, 2, 1]));
}

#[test]
fn every_active_experiment_can_be_searched() {
    let fake = mixed();
    fake.state().add([Seed::new(5).experiment(OLD)]);
    let ended = fake.bare(&["search", "--all-experiments", "-o", "ids"]).run().succeeds();
    assert_eq!(ended.lines(), numbers([4, 3, 2, 1]));
    fake.bare(&["count", "--all-experiments"]).run().succeeds().prints("4\n");
    fake.run(&["search", "--all-experiments", "-x", "checkout"]).exits(2);
}

#[test]
fn a_server_without_experiments_has_no_traces() {
    let fake = Fake::new();
    fake.state().experiments.clear();
    fake.bare(&["search", "--all-experiments"]).run().succeeds().tells("no experiments").prints_nothing();
    fake.bare(&["count", "--all-experiments"]).run().succeeds().prints("0\n");
}

#[test]
fn an_empty_result_can_be_made_a_failure() {
    let fake = mixed();
    for command in ["search", "count"] {
        fake.run(&[command, "tags.no = 'no'"]).succeeds();
        fake.run(&[command, "tags.no = 'no'", "--fail-if-empty"]).exits(8);
        fake.run(&[command, "status = 'OK'", "--fail-if-empty"]).succeeds();
    }
}

#[test]
fn an_empty_server_is_empty_for_those_who_ask_to_fail() {
    let fake = Fake::new();
    fake.state().experiments.clear();
    for command in ["search", "count"] {
        fake.bare(&[command, "--all-experiments", "--fail-if-empty"]).run().exits(8);
    }
}

#[test]
fn content_is_escaped_for_people_and_untouched_for_programs() {
    let nasty = "\u{1b}[31mred\u{7} \u{202e}left";
    let fake = Fake::with([Seed::new(1).request(nasty).name("\u{1b}]0;title\u{7}").tag("t", "\u{1b}[2J")]);
    let table = fake.run(&["search", "--fields", "name,request,tags.t"]).succeeds();
    assert_eq!(table.stdout.lines().nth(1).unwrap(), "\\x1b]0;title\\x07  \\x1b[31mred\\x07 \\u{202e}left  \\x1b[2J");
    let found = fake.run(&["search", "-o", "jsonl"]).succeeds().jsonl();
    assert_eq!(found[0]["info"]["request_preview"], nasty);
    let csv = fake.run(&["search", "-o", "csv", "--fields", "request"]).succeeds();
    csv.prints(nasty);
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let fake = mixed();
    let red = "\u{1b}[31;1mERROR\u{1b}[0m ";
    for (flags, no_color, colored) in [
        (["search"].as_slice(), "", false),
        (&["search", "--color", "auto"], "1", false),
        (&["search", "--color", "never"], "", false),
        (&["search", "--color", "always"], "1", true),
    ] {
        let ended = fake.program(flags).env("NO_COLOR", no_color).run().succeeds();
        assert_eq!(ended.stdout.contains('\u{1b}'), colored, "{ended}");
        assert_eq!(ended.stdout.contains(red), colored, "{ended}");
    }
    let error = fake.run(&["search", "--color", "always", "stauts = 'OK'"]).exits(2);
    assert!(error.stderr.starts_with("\u{1b}[31;1merror:\u{1b}[0m "), "{error}");
    fake.run(&["search", "--color", "always", "-o", "json"]).succeeds().does_not_print("\u{1b}");
}

#[test]
fn fields_of_spans_fetch_the_spans() {
    let fake = mixed();
    let ended = fake.run(&["search", "--fields", "trace_id,data.spans.*.name", "-o", "csv"]).succeeds();
    assert_eq!(ended.lines()[1], format!("{},\"[\"\"chat\"\"]\"", id(3)));
    assert_eq!(fake.asked("GET /api/3.0/mlflow/traces/batchGet").len(), 1);
    fake.run(&["search", "-o", "json"]).succeeds();
    assert_eq!(fake.asked("batchGet").len(), 1, "whole traces do not need spans here");
}

#[test]
fn a_match_whose_spans_are_lost_is_listed_and_told() {
    let fake = Fake::with([Seed::new(1), Seed::new(2).with_lost_file()]);
    let ended = fake.run(&["search", "--fields", "trace_id,data.spans.*.name", "-o", "csv"]).exits(3);
    assert_eq!(ended.lines().len(), 3);
    ended.tells("the spans of 1 trace could not be read");
}

#[test]
fn counting_asks_the_server_once_where_it_can() {
    let fake = Fake::with((1..=1100).map(|number| Seed::new(number).tag("team", "search")));
    fake.run(&["count"]).succeeds().prints("1100\n");
    fake.run(&["count", "status = 'OK' AND tags.team = 'search'"]).succeeds().prints("1100\n");
    assert_eq!(fake.asked(SEARCH).len(), 0);
    assert_eq!(fake.bodies("metrics")[1]["filters"], json!(["trace.status = 'OK'", "trace.tag.team = 'search'"]));
    let ended = fake.run(&["count", "execution_time_ms > 1", "-o", "json", "--concurrency", "1"]).succeeds();
    assert_eq!(ended.json(), json!({"count": 1100}));
    assert_eq!(fake.asked(SEARCH).len(), 3, "what the short way cannot say is counted page by page");
}

#[test]
fn a_count_of_a_database_that_ignores_case_is_not_taken_for_that_of_a_search() {
    let values = ["prod", "Prod", "dev", "PROD", "prod"];
    let seeds = || (1..).zip(values).map(|(number, value)| Seed::new(number).tag("env", value).tag("n", "1"));
    let fake = Fake::with(seeds());
    fake.state().equality = Equality::Loose;
    for (filter, count) in [("tags.env = 'prod'", "2\n"), ("tags.env = 'dev'", "1\n"), ("tags.env = 'none'", "0\n")] {
        assert_eq!(fake.run(&["count", filter]).succeeds().stdout, count, "{filter}");
    }
    assert_eq!(fake.run(&["count", "status = 'OK'"]).succeeds().stdout, "5\n");
    let exact = Fake::with(seeds());
    assert_eq!(exact.run(&["count", "tags.env = 'dev'"]).succeeds().stdout, "1\n");
    assert_eq!(exact.asked("metrics").len(), 3, "the count, and what shows that it is exact");
    assert_eq!(exact.asked(SEARCH).len(), 0);
}

#[test]
fn older_servers_are_counted_page_by_page() {
    let fake = Fake::with_many(3);
    fake.fail(Rule::every("metrics"), Failure::Answer(crate::fake::recorded("method_not_allowed")));
    fake.run(&["count"]).succeeds().prints("3\n");
    let ended = fake.run(&["search", "-n", "2", "-o", "ids"]).succeeds();
    assert_eq!(ended.stderr, "the first 2, and there are more; use --limit N for more, or --all\n");
}

#[test]
fn what_is_sent_is_told_to_those_who_ask() {
    let fake = mixed();
    let ended = fake.run(&["search", "-v", "-o", "ids"]).succeeds();
    assert_eq!(
        ended.stderr,
        "> GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=my-app\n\
         > POST /api/3.0/mlflow/traces/search {\"locations\":[{\"type\":\"MLFLOW_EXPERIMENT\",\"mlflow_experiment\":\
         {\"experiment_id\":\"1\"}}],\"max_results\":101}\n"
    );
    fake.run(&["search", "-vv", "-o", "ids"]).succeeds().tells("< 200, ");
}
