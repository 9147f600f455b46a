//! Requests of a bounded size.

use std::mem;

use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;

use super::{Recipient, resource_spans};
use crate::model::{Trace, TraceId};

/// Maximum spans of a request.
const MOST_SPANS: usize = 2000;
/// Bytes of a request before compression, unless one span alone has more: what common receivers take by default.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// One request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// An `ExportTraceServiceRequest` in protobuf, uncompressed.
    pub body: Vec<u8>,
    /// The traces whose spans it holds; a large trace is in several batches.
    pub traces: Vec<TraceId>,
    /// How many spans it holds.
    pub spans: u64,
}

impl Batch {
    /// The same in two requests, each with half of the traces; nothing if it holds one trace.
    #[must_use]
    pub fn halves(&self) -> Option<[Self; 2]> {
        let mut first = ExportTraceServiceRequest::decode(self.body.as_slice()).ok()?;
        let middle = self.traces.len() / 2;
        if middle == 0 || first.resource_spans.len() != self.traces.len() {
            return None;
        }
        let second = ExportTraceServiceRequest { resource_spans: first.resource_spans.split_off(middle) };
        let (of_first, of_second) = self.traces.split_at(middle);
        Some([(first, of_first), (second, of_second)].map(|(request, traces)| {
            let scopes = request.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
            let spans = scopes.map(|scope| scope.spans.len() as u64).sum();
            Self { body: request.encode_to_vec(), traces: traces.to_vec(), spans }
        }))
    }
}

/// Gathers spans into requests.
#[derive(Debug)]
pub struct Batcher {
    recipient: Recipient,
    most_spans: usize,
    most_bytes: usize,
    request: ExportTraceServiceRequest,
    traces: Vec<TraceId>,
    spans: usize,
    bytes: usize,
}

impl Batcher {
    /// For requests of at most 2,000 spans and 4 MiB.
    #[must_use]
    pub fn new(recipient: Recipient) -> Self {
        Self::bounded(recipient, MOST_SPANS, MOST_BYTES)
    }

    fn bounded(recipient: Recipient, most_spans: usize, most_bytes: usize) -> Self {
        let (request, traces) = (ExportTraceServiceRequest::default(), Vec::new());
        Self { recipient, most_spans, most_bytes, request, traces, spans: 0, bytes: 0 }
    }

    /// Adds the spans of a trace and returns the batches that are full; a trace without spans adds nothing.
    pub fn push(&mut self, trace: &Trace) -> Vec<Batch> {
        let mut full = Vec::new();
        let Some(mut resource) = resource_spans(trace, self.recipient) else { return full };
        let Some(mut scope) = resource.scope_spans.pop() else { return full };
        let spans = mem::take(&mut scope.spans);
        let mut is_open = false;
        for span in spans {
            let bytes = span.encoded_len();
            if self.spans > 0 && (self.spans == self.most_spans || self.bytes + bytes > self.most_bytes) {
                full.extend(self.finish());
                is_open = false;
            }
            if !is_open {
                self.open(trace, &resource, &scope);
                is_open = true;
            }
            self.add(span, bytes);
        }
        full
    }

    fn open(&mut self, trace: &Trace, resource: &ResourceSpans, scope: &ScopeSpans) {
        let resource = ResourceSpans { scope_spans: vec![scope.clone()], ..resource.clone() };
        self.bytes += resource.encoded_len();
        self.request.resource_spans.push(resource);
        self.traces.push(trace.info.trace_id.clone());
    }

    fn add(&mut self, span: Span, bytes: usize) {
        if let Some(scope) = self.request.resource_spans.last_mut().and_then(|resource| resource.scope_spans.last_mut())
        {
            scope.spans.push(span);
            self.spans += 1;
            self.bytes += bytes;
        }
    }

    /// What is left, if anything.
    pub fn finish(&mut self) -> Option<Batch> {
        let request = mem::take(&mut self.request);
        let traces = mem::take(&mut self.traces);
        let spans = mem::take(&mut self.spans);
        self.bytes = 0;
        (spans > 0).then(|| Batch { body: request.encode_to_vec(), traces, spans: spans as u64 })
    }
}

/// What a receiver did not take although it answered with success.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejection {
    /// How many spans; none makes the message a warning.
    pub spans: u64,
    /// Why, in the receiver's words.
    pub message: String,
}

/// Reads the answer to a request; nothing if all is well, or if the answer is none of OpenTelemetry's.
#[must_use]
pub fn rejection(answer: &[u8]) -> Option<Rejection> {
    let partial = ExportTraceServiceResponse::decode(answer).ok()?.partial_success?;
    let rejection =
        Rejection { spans: u64::try_from(partial.rejected_spans).unwrap_or(0), message: partial.error_message };
    (rejection != Rejection::default()).then_some(rejection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTracePartialSuccess;
    use serde_json::json;

    fn trace(number: u64, spans: u64) -> Trace {
        let span = |span: u64| {
            json!({
                "trace_id": format!("{number:032x}"), "span_id": format!("{:016x}", span + 1), "name": "s",
                "start_time_unix_nano": 5, "attributes": {"text": "x".repeat(100)},
            })
        };
        let spans: Vec<_> = (0..spans).map(span).collect();
        let info = json!({"trace_id": format!("tr-{number}"), "request_time": "2026-11-22T08:00:00Z"});
        Trace::from_json(json!({"info": info, "data": {"spans": spans}})).unwrap()
    }

    fn batches(mut gathering: Batcher, traces: &[Trace]) -> Vec<(Vec<String>, u64)> {
        let mut batches: Vec<Batch> = traces.iter().flat_map(|trace| gathering.push(trace)).collect();
        batches.extend(gathering.finish());
        assert_eq!(gathering.finish(), None);
        for batch in &batches {
            let request = ExportTraceServiceRequest::decode(batch.body.as_slice()).unwrap();
            let spans = request.resource_spans.iter().flat_map(|r| &r.scope_spans).map(|s| s.spans.len() as u64);
            assert_eq!(spans.sum::<u64>(), batch.spans);
            assert_eq!(request.resource_spans.len(), batch.traces.len());
        }
        let names = |batch: Batch| (batch.traces.iter().map(ToString::to_string).collect(), batch.spans);
        batches.into_iter().map(names).collect()
    }

    fn named(batches: &[(&[&str], u64)]) -> Vec<(Vec<String>, u64)> {
        batches.iter().map(|(ids, spans)| (ids.iter().map(|id| (*id).to_owned()).collect(), *spans)).collect()
    }

    #[test]
    fn batches_are_bounded_in_spans_and_large_traces_are_cut() {
        let traces = [trace(1, 2), trace(2, 0), trace(3, 7), trace(4, 1)];
        let expected = [(["tr-1", "tr-3"].as_slice(), 4), (&["tr-3"], 4), (&["tr-3", "tr-4"], 2)];
        assert_eq!(batches(Batcher::bounded(Recipient::Any, 4, 1 << 20), &traces), named(&expected));
    }

    #[test]
    fn batches_are_bounded_in_bytes_but_hold_one_span_at_least() {
        let traces = [trace(1, 2), trace(2, 1)];
        let expected = [(["tr-1"].as_slice(), 1), (&["tr-1"], 1), (&["tr-2"], 1)];
        assert_eq!(batches(Batcher::bounded(Recipient::Any, 100, 50), &traces), named(&expected));
        assert_eq!(batches(Batcher::new(Recipient::Mlflow), &traces), named(&[(&["tr-1", "tr-2"], 3)]));
    }

    #[test]
    fn a_batch_is_halved_until_it_holds_one_trace() {
        let mut gathering = Batcher::new(Recipient::Any);
        for number in 1..=3 {
            assert_eq!(gathering.push(&trace(number, number)), []);
        }
        let whole = gathering.finish().unwrap();
        let [first, second] = whole.halves().unwrap();
        let read = |batch: &Batch| ExportTraceServiceRequest::decode(batch.body.as_slice()).unwrap().resource_spans;
        assert_eq!([read(&first), read(&second)].concat(), read(&whole));
        assert_eq!((first.traces.len(), first.spans, second.traces.len(), second.spans), (1, 1, 2, 5));
        assert_eq!(first.halves(), None);
        assert_eq!(second.halves().unwrap().map(|batch| batch.spans), [2, 3]);
    }

    #[test]
    fn answers_tell_what_was_not_taken() {
        let answer = |rejected_spans, message: &str| {
            let partial = ExportTracePartialSuccess { rejected_spans, error_message: message.into() };
            rejection(&ExportTraceServiceResponse { partial_success: Some(partial) }.encode_to_vec())
        };
        assert_eq!(answer(2, "too old"), Some(Rejection { spans: 2, message: "too old".into() }));
        assert_eq!(answer(0, "deprecated"), Some(Rejection { spans: 0, message: "deprecated".into() }));
        assert_eq!(answer(0, ""), None);
        assert_eq!((rejection(b""), rejection(b"{}")), (None, None));
    }
}
