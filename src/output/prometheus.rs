//! How a run went, as Prometheus reads it: the text format, for `node_exporter`'s textfile collector.
//!
//! Every metric is a gauge with the labels `policy`, which tells sets of rules from one another, and `tracking_uri`. The
//! collector refuses all files if two of them have the same series, so each set of rules needs a file of its own.

use std::fmt::Write;

use crate::retention::{RunReport, Totals};

const PREFIX: &str = "mlflow_trace_retention_";
const LAST_SUCCESS: &str = "last_success_timestamp_seconds";

/// The text of the file. `last_success_ms` is when a run ended with exit code 0 the last time, this one included, in epoch
/// milliseconds; without any, the metric is 0, so that an alert on its age fires.
#[must_use]
pub fn prometheus_text(report: &RunReport, last_success_ms: Option<i64>) -> String {
    let Totals { planned, bytes_planned, deleted, spared, gone, remaining, .. } = report.record.totals;
    let (labels, mut text) = (labels(report), String::new());
    let mut add = |name: &str, help: &str, value: String| {
        let name = format!("{PREFIX}{name}");
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name}{labels} {value}\n");
    };
    let last_run = "Time of the last run, successful or not.";
    add("last_run_timestamp_seconds", last_run, seconds(report.finished_ms()));
    let last_success = "Time of the last run with exit code 0; 0 if there was none.";
    add(LAST_SUCCESS, last_success, seconds(last_success_ms.unwrap_or(0)));
    add("duration_seconds", "Duration of the last run.", seconds(i64::try_from(report.took_ms).unwrap_or(i64::MAX)));
    add("exit_code", "Exit code of the last run; 0 is success.", report.exit.to_string());
    add("planned_bytes", "Known size of the traces that the last run planned to delete.", bytes_planned.to_string());
    for (name, help, traces) in [
        ("planned_traces", "Traces that the last run planned to delete.", planned),
        ("deleted_traces", "Traces that the last run deleted.", deleted),
        ("spared_traces", "Traces that the last run spared because they no longer matched.", spared),
        ("gone_traces", "Traces that were already gone.", gone),
        ("remaining_traces", "Traces that the last run could not delete.", remaining),
        ("not_attempted_traces", "Traces that the last run did not attempt.", report.not_attempted()),
    ] {
        add(name, help, traces.to_string());
    }
    text
}

/// When a run of the same rules on the same server last ended with exit code 0, in epoch milliseconds, as the text of an
/// earlier run says; `None` if it says nothing of it.
#[must_use]
pub fn last_success_ms(text: &str, report: &RunReport) -> Option<i64> {
    let series = format!("{PREFIX}{LAST_SUCCESS}{} ", labels(report));
    let value: f64 = text.lines().find_map(|line| line.strip_prefix(&series))?.trim().parse().ok()?;
    // From the epoch to the year 9999, so that the conversion is exact.
    let is_time = value > 0.0 && value < 253_402_300_800.0;
    #[allow(clippy::cast_possible_truncation)]
    is_time.then(|| (value * 1000.0).round() as i64)
}

fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms.div_euclid(1000), ms.rem_euclid(1000))
}

fn labels(report: &RunReport) -> String {
    format!("{{policy=\"{}\",tracking_uri=\"{}\"}}", escaped(&report.rules), escaped(&report.tracking_uri))
}

/// A label's value: backslash, quote and line feed are escaped, everything else stands for itself.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::super::run_report::tests::report;
    use super::*;

    #[test]
    fn every_metric_has_help_type_and_one_series() {
        let text = prometheus_text(&report(), Some(1_795_000_000_007));
        let labels = r#"{policy="retention.toml",tracking_uri="http://h:5000"}"#;
        let series: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let expected = [
            ("last_run_timestamp_seconds", "1795334401.250"),
            ("last_success_timestamp_seconds", "1795000000.007"),
            ("duration_seconds", "1.250"),
            ("exit_code", "130"),
            ("planned_bytes", "4096"),
            ("planned_traces", "10"),
            ("deleted_traces", "3"),
            ("spared_traces", "2"),
            ("gone_traces", "1"),
            ("remaining_traces", "0"),
            ("not_attempted_traces", "4"),
        ];
        let expected = expected.map(|(name, value)| format!("mlflow_trace_retention_{name}{labels} {value}"));
        assert_eq!(series, expected);
        for line in series {
            let name = line.split('{').next().unwrap();
            assert_eq!(text.matches(&format!("# HELP {name} ")).count(), 1, "{name}");
            assert_eq!(text.matches(&format!("# TYPE {name} gauge\n")).count(), 1, "{name}");
        }
        assert!(text.ends_with('\n'));
    }

    #[test]
    fn labels_are_escaped() {
        let report = RunReport { rules: "a\\b\"c\nd é".to_owned(), ..report() };
        let text = prometheus_text(&report, None);
        assert!(text.contains("exit_code{policy=\"a\\\\b\\\"c\\nd é\",tracking_uri="), "{text}");
        assert_eq!(text.lines().count(), 33, "no value breaks a line");
    }

    #[test]
    fn a_success_is_remembered_by_rules_and_server() {
        let text = prometheus_text(&report(), Some(1_795_000_000_007));
        assert_eq!(last_success_ms(&text, &report()), Some(1_795_000_000_007));
        let other = RunReport { rules: "other.toml".to_owned(), ..report() };
        assert_eq!(last_success_ms(&text, &other), None);
        let other = RunReport { tracking_uri: "http://other".to_owned(), ..report() };
        assert_eq!(last_success_ms(&text, &other), None);
        assert_eq!(last_success_ms(&prometheus_text(&report(), None), &report()), None, "0 is no time");
        for broken in ["", "\u{0}", &text.replace("1795000000.007", "soon"), &text.replace("1795000000", "1e300")] {
            assert_eq!(last_success_ms(broken, &report()), None);
        }
    }
}
