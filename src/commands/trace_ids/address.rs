//! Addresses of pages in MLflow's user interface, in the place of the ids of the traces that they show.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use crate::error::CliError;

/// Where an address has the id of its trace; the user interface prefers the first.
const PARAMETERS: [&str; 4] = ["traceId", "selectedEvaluationId", "selectedTraceId", "trace_id"];

/// Whether a word is the address of a page.
pub fn is_address(word: &str) -> bool {
    let lower = word.get(..8).unwrap_or(word).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

/// The id of the trace that a page shows.
pub fn trace_of(address: &str) -> Result<String, CliError> {
    let found = PARAMETERS.iter().map(|name| parameters(address, name)).find(|found| !found.is_empty());
    let found = found.unwrap_or_else(|| in_path(address).into_iter().collect());
    let mut ids = found.into_iter();
    match (ids.next(), ids.next()) {
        (Some(id), None) => Ok(id),
        (first, _) => {
            let what = if first.is_some() { "shows several traces" } else { "does not show a trace" };
            Err(CliError::usage(format!("the page {address:?} {what}; nothing was sent"))
                .hint("open the trace there and copy the address, or give the trace id"))
        }
    }
}

/// The values of a parameter, before or behind the `#`.
fn parameters(address: &str, name: &str) -> BTreeSet<String> {
    let queries = address.split('#').filter_map(|part| part.split_once('?')).map(|(_, query)| query);
    let pairs = queries.flat_map(|query| query.split('&')).filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).filter_map(|(_, value)| decoded(value)).collect()
}

/// The part of a path that follows `traces`.
fn in_path(address: &str) -> Option<String> {
    let paths = address.split('#').map(|part| part.split('?').next().unwrap_or_default());
    let behind = paths.filter_map(|path| path.rsplit_once("/traces/")).next_back()?.1;
    decoded(behind.split('/').next()?)
}

fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    Some(text.into_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_page_names_its_trace() {
        for address in [
            "http://localhost:5000/#/experiments/3/traces/tr-1",
            "http://localhost:5000/#/experiments/3/traces/tr-1/?o=1",
            "https://mlflow.example.com/prefix/#/experiments/3/traces?selectedEvaluationId=tr-1",
            "HTTPS://mlflow.example.com/#/experiments/3/traces?q=a&traceId=tr-1&selectedEvaluationId=tr-2",
            "http://h/#/experiments/3?compareRunsMode=TRACES&selectedTraceId=tr-1",
            "http://h/#/experiments/3/chat-sessions/s-1?selectedTraceId=tr-1",
            "http://h/static-files/lib/notebook-trace-renderer/index.html?trace_id=tr-1&experiment_id=3",
            "https://w.cloud.databricks.com/ml/experiments/7/traces?selectedEvaluationId=tr-1&o=123",
            "https://w.cloud.databricks.com/ml/experiments/7/traces?o=123&selectedEvaluationId=tr%2D1#top",
        ] {
            assert!(is_address(address));
            assert_eq!(trace_of(address).unwrap(), "tr-1", "{address}");
        }
        let table = "https://h/ml/experiments/7/traces?selectedEvaluationId=trace%3A%2Fmain.agents%2F8c9d";
        assert_eq!(trace_of(table).unwrap(), "trace:/main.agents/8c9d");
    }

    #[test]
    fn a_page_of_no_trace_or_of_several_is_refused() {
        for (address, word) in [
            ("http://h/#/experiments/3/traces", "does not show a trace"),
            ("http://h/#/experiments/3/traces/", "does not show a trace"),
            ("http://h/#/experiments/3/traces?selectedEvaluationId=", "does not show a trace"),
            ("http://h/?trace_id=tr-1&trace_id=tr-2", "shows several traces"),
            ("http://", "does not show a trace"),
        ] {
            assert!(trace_of(address).unwrap_err().message.contains(word), "{address}");
        }
    }

    #[test]
    fn ids_are_no_addresses() {
        for word in ["tr-1", "http", "", "httpé://x", "é", "trace:/main.agents/8c9d", "https:tr-1"] {
            assert!(!is_address(word), "{word}");
        }
    }
}
