//! How a run went, as one JSON object: the line that schedulers keep.

use serde_json::{Value, json};

use crate::model::rfc3339_utc;
use crate::retention::{RunError, RunReport, Totals};

/// The report of a run: `seconds` has decimals, times are RFC 3339 in UTC, `bytes_planned` counts the traces that tell their
/// size. deleted + spared + gone + remaining + `not_attempted` = planned, except in a dry run.
#[must_use]
pub fn run_report_json(report: &RunReport) -> Value {
    let Totals {
        experiments,
        planned,
        bytes_planned,
        deleted,
        spared,
        gone,
        remaining,
        unknown,
        span_files,
        artifacts_remaining,
    } = report.record.totals;
    json!({
        "command": report.command,
        "run_id": report.record.run_id,
        "policy": report.policy,
        "policy_hash": report.record.policy_hash,
        "tracking_uri": report.tracking_uri,
        "started": rfc3339_utc(report.started_ms),
        "finished": rfc3339_utc(report.finished_ms()),
        "seconds": report.took_ms as f64 / 1000.0,
        "dry_run": report.dry_run,
        "experiments": experiments,
        "planned": planned,
        "deleted": deleted,
        "spared": spared,
        "gone": gone,
        "remaining": remaining,
        "unknown": unknown,
        "not_attempted": report.not_attempted(),
        "bytes_planned": bytes_planned,
        "span_files": span_files,
        "artifacts_remaining": artifacts_remaining,
        "exit": report.exit,
        "error": report.error.as_ref().map(error_json),
    })
}

fn error_json(error: &RunError) -> Value {
    json!({"code": error.code, "message": error.message, "hint": error.hint})
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::retention::RunRecord;

    /// A run that was interrupted.
    pub fn report() -> RunReport {
        RunReport {
            command: "retention run",
            policy: Some("retention.toml".to_owned()),
            rules: "retention.toml".to_owned(),
            tracking_uri: "http://h:5000".to_owned(),
            started_ms: 1_795_334_400_000,
            took_ms: 1_250,
            dry_run: false,
            record: RunRecord {
                run_id: None,
                policy_hash: Some("ab".to_owned()),
                totals: Totals {
                    experiments: 2,
                    planned: 10,
                    bytes_planned: 4096,
                    deleted: 3,
                    spared: 2,
                    gone: 1,
                    remaining: 0,
                    unknown: 5,
                    span_files: 4,
                    artifacts_remaining: 1,
                },
            },
            exit: 130,
            error: Some(RunError { code: "interrupted", message: "so".to_owned(), hint: String::new() }),
        }
    }

    #[test]
    fn a_report_is_one_line_of_json_in_a_fixed_order() {
        assert_eq!(
            run_report_json(&report()).to_string(),
            concat!(
                r#"{"command":"retention run","run_id":null,"policy":"retention.toml","policy_hash":"ab","#,
                r#""tracking_uri":"http://h:5000","started":"2026-11-22T08:00:00Z","finished":"2026-11-22T08:00:01.250Z","#,
                r#""seconds":1.25,"dry_run":false,"experiments":2,"planned":10,"deleted":3,"spared":2,"gone":1,"#,
                r#""remaining":0,"unknown":5,"not_attempted":4,"bytes_planned":4096,"span_files":4,"artifacts_remaining":1,"exit":130,"#,
                r#""error":{"code":"interrupted","message":"so","hint":""}}"#
            )
        );
    }
}
