//! Answers with spans: each span is read by itself, so that neither a damaged one nor a trace of many thousands is more
//! than its own cost.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::TraceId;
pub(super) use crate::store::span_file::{Read, file};
use crate::store::span_file::{leniently, spans};

#[derive(Deserialize)]
struct BatchAnswer<'a> {
    #[serde(borrow, default)]
    traces: Vec<TraceWire<'a>>,
}

#[derive(Deserialize)]
struct OneAnswer<'a> {
    #[serde(borrow)]
    trace: TraceWire<'a>,
}

#[derive(Deserialize)]
struct TraceWire<'a> {
    trace_info: InfoWire,
    #[serde(borrow, default)]
    spans: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct InfoWire {
    trace_id: TraceId,
}

/// The traces of a `batchGet`.
pub(super) fn batch(body: &[u8]) -> Result<Vec<(TraceId, Read)>, String> {
    fn split(body: &[u8]) -> serde_json::Result<Vec<(TraceId, Read)>> {
        let answer: BatchAnswer<'_> = serde_json::from_slice(body)?;
        Ok(answer.traces.into_iter().map(|trace| (trace.trace_info.trace_id, spans(&trace.spans))).collect())
    }
    leniently(body, split)
}

/// The spans of a `traces/get`.
pub(super) fn one(body: &[u8]) -> Read {
    leniently(body, |body| Ok(spans(&serde_json::from_slice::<OneAnswer<'_>>(body)?.trace.spans)))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const INFO: &str = r#""trace_info": {"trace_id": "tr-1", "tags": {}}"#;

    fn span(name: &str) -> String {
        format!(
            r#"{{"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "start_time_unix_nano": 1, "name": {name}}}"#
        )
    }

    #[test]
    fn one_bad_span_spoils_its_own_trace_only() {
        let (good, bad) = (span("\"a\""), span("\"b\"").replace("AAAAAAAAAAE=", "?"));
        let body = format!(
            r#"{{"traces": [{{{INFO}, "spans": [{good}]}}, {{"trace_info": {{"trace_id": "tr-2"}}, "spans": [{bad}]}}]}}"#
        );
        let read = batch(body.as_bytes()).unwrap();
        assert_eq!(read[0].1.as_ref().unwrap()[0].name, "a");
        assert_eq!(read[1], (TraceId::new("tr-2"), Err("span id \"?\" is neither base64 nor hex".into())));
        assert_eq!(batch(b"{}").unwrap(), []);
    }

    #[test]
    fn nesting_beyond_all_reason_spoils_its_own_trace_only() {
        let deep = format!(r#"{{"a": {}1{}}}"#, "[".repeat(500), "]".repeat(500));
        let body = format!(
            r#"{{"traces": [{{{INFO}, "spans": [{deep}]}}, {{"trace_info": {{"trace_id": "tr-2"}}, "spans": [{}]}}]}}"#,
            span("\"b\"")
        );
        let read = batch(body.as_bytes()).unwrap();
        assert!(read[0].1.as_ref().unwrap_err().contains("recursion"));
        assert_eq!(read[1].1.as_ref().unwrap().len(), 1);
    }

    #[test]
    fn what_python_writes_beyond_json_is_read() {
        let name = span(r#""half \ud800", "events": [{"name": "e", "time_unix_nano": 1, "attributes": {"n": NaN}}]"#);
        for read in [
            file(format!(r#"{{"spans": [{name}]}}"#).as_bytes()).unwrap(),
            one(format!(r#"{{"trace": {{{INFO}, "spans": [{name}]}}}}"#).as_bytes()).unwrap(),
        ] {
            assert_eq!((read[0].name.as_str(), &read[0].events[0].attributes["n"]), ("half \\ud800", &json!("NaN")));
        }
    }

    #[test]
    fn what_is_cut_short_is_an_error() {
        assert!(file(br#"{"spans": [{"trace_id": "#).is_err());
        for nothing in ["", "{}", "null", "[]", r#"{"spans": null}"#, r#"{"request": "x"}"#] {
            assert!(file(nothing.as_bytes()).is_err(), "{nothing:?}");
        }
        assert_eq!(file(br#"{"spans": []}"#).unwrap(), []);
        assert!(batch(b"<!doctype html>").is_err());
        assert!(one(b"{}").is_err());
    }
}
