//! Traces as OpenTelemetry's own messages, in protobuf and in JSON.
//!
//! Ids, parents, kinds, times, status, events and links are those of the spans; servers before 3.18 do not return the kind
//! of a span, which then is internal. What `MLflow` knows about a trace beside its spans travels as `MLflow`'s own exporter
//! sends it:
//! tags as `mlflow.traceTag.KEY` on the root span, session and user as `session.id` and `user.id`, the tags `service.*`
//! also as the resource. Assessments, previews and other metadata have no place in OpenTelemetry.
//!
//! Attributes are JSON texts in `MLflow` and typed values here. What JSON can say and protobuf cannot is changed: a lone
//! surrogate becomes U+FFFD, an integer beyond 64 bits a text of its digits, a text that is no JSON stays that text. `NaN`
//! and the infinities survive. [`Recipient::Mlflow`] has none of these losses but for
//! large integers and texts that are no JSON.

mod any_value;
mod batch;
mod json;
mod span;

use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans};

use crate::model::Trace;

pub use batch::{Batch, Batcher, Rejection, rejection};
pub use json::write_line;

/// Who is to understand the spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Any OpenTelemetry backend: typed values, and what is known about the trace on its root span.
    Any,
    /// A tracking server that is told about the trace by other means. Lists, objects and texts that are JSON themselves
    /// travel as JSON text, which the server stores as it is, and nothing is added.
    Mlflow,
}

/// The name of the instrumentation, which `MLflow` does not keep.
const SCOPE: &str = "mlflow";
/// Tags that come from a resource when a trace came through OpenTelemetry.
const RESOURCE_TAGS: &str = "service.";

/// The spans of a trace under its resource; nothing if it has none.
fn resource_spans(trace: &Trace, recipient: Recipient) -> Option<ResourceSpans> {
    let spans: Vec<_> = trace.spans().iter().map(|span| span::of(span, trace, recipient)).collect();
    if spans.is_empty() {
        return None;
    }
    let scope = InstrumentationScope { name: SCOPE.to_owned(), ..InstrumentationScope::default() };
    let scope_spans = vec![ScopeSpans { scope: Some(scope), spans, ..ScopeSpans::default() }];
    Some(ResourceSpans { resource: Some(resource(trace, recipient)), scope_spans, ..ResourceSpans::default() })
}

fn resource(trace: &Trace, recipient: Recipient) -> Resource {
    let tags = trace.info.tags.iter().filter(|(key, _)| recipient == Recipient::Any && key.starts_with(RESOURCE_TAGS));
    Resource { attributes: tags.map(|(key, value)| any_value::text_pair(key, value)).collect(), ..Resource::default() }
}
