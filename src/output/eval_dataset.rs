//! Records of evaluation datasets, as `mlflow.genai.datasets` takes them.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::Sink;
use crate::model::{AssessmentKind, Trace, keys};

/// The record that `EvaluationDataset.merge_records` (MLflow 3.17) makes of a trace: inputs and outputs of the root span, valid
/// expectations, and where it comes from; and the tags that people gave it. Inputs that are no object, which MLflow refuses, stand
/// under the name `input`. Nothing of a trace whose root span has no inputs.
#[must_use]
pub fn eval_record(trace: &Trace) -> Option<Value> {
    let root = trace.spans().iter().find(|span| span.parent_span_id.is_none())?;
    let inputs = match root.attribute(keys::SPAN_INPUTS)? {
        Value::Null => return None,
        inputs @ Value::Object(_) => inputs,
        other => json!({"input": other}),
    };
    let info = &trace.info;
    let expected = info.assessments.iter().filter(|one| one.is_valid() && one.kind() == AssessmentKind::Expectation);
    let expectations: Map<String, Value> = expected.map(|one| (one.name().to_owned(), one.value())).collect();
    let mut source = json!({"trace_id": info.trace_id});
    if let Some(session) = info.metadata.get(keys::SESSION) {
        source["session_id"] = session.as_str().into();
    }
    let mut record = json!({
        "inputs": inputs,
        "outputs": root.attribute(keys::SPAN_OUTPUTS),
        "expectations": expectations,
        "source": {"source_type": "TRACE", "source_data": source},
    });
    let tags = info.tags.iter().filter(|(key, _)| !key.starts_with("mlflow."));
    let tags: Map<String, Value> = tags.map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    if !tags.is_empty() {
        record["tags"] = Value::Object(tags);
    }
    Some(record)
}

/// Writes a record per line; traces without inputs have no place in the format.
pub struct EvalDatasetSink<W> {
    writer: W,
}

impl<W: Write> EvalDatasetSink<W> {
    /// Onto a writer.
    pub fn new(writer: W) -> Self {
        Self { writer }
    }
}

impl<W: Write> Sink for EvalDatasetSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        eval_record(trace).map_or(Ok(()), |record| writeln!(self.writer, "{record}"))
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
