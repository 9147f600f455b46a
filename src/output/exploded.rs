//! One row per span or per assessment, with what the trace says about itself repeated in each.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::Sink;
use super::columns::{Column, Columns, FieldsError};
use super::csv::{CsvStyle, RowWriter};
use crate::model::field::SpanField;
use crate::model::{Assessment, Span, Trace, keys, span_id_in_hex};

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOf {
    /// A span.
    Span,
    /// An assessment.
    Assessment,
}

/// What traces say in every row unless columns are chosen.
const TRACE_COLUMNS: &str = "trace_id,timestamp,status,name,session,user,experiment_id";

/// A column's name and its value of a span or an assessment.
type Part<T> = (&'static str, fn(&T) -> Value);

const SPAN_COLUMNS: &[Part<Span>] = &[
    ("span.id", |span| Value::from(span.span_id_hex())),
    ("span.parent_id", parent_id),
    ("span.name", |span| SpanField::Name.value(span)),
    ("span.type", |span| SpanField::Type.value(span)),
    ("span.status", |span| SpanField::Status.value(span)),
    ("span.status_message", |span| text(&span.status.message)),
    ("span.start_time_unix_nano", |span| Value::from(span.start_time_unix_nano)),
    ("span.end_time_unix_nano", |span| span.end_time_unix_nano.map_or(Value::Null, Value::from)),
    ("span.duration", |span| SpanField::Duration.value(span)),
    ("span.inputs", |span| span.attribute(keys::SPAN_INPUTS).unwrap_or(Value::Null)),
    ("span.outputs", |span| span.attribute(keys::SPAN_OUTPUTS).unwrap_or(Value::Null)),
    ("span.attributes", other_attributes),
    ("span.events", |span| serde_json::to_value(&span.events).unwrap_or(Value::Null)),
];

const ASSESSMENT_COLUMNS: &[Part<Assessment>] = &[
    ("assessment.id", |assessment| key(assessment, "assessment_id")),
    ("assessment.kind", |assessment| Value::from(assessment.kind().as_str())),
    ("assessment.name", |assessment| Value::from(assessment.name())),
    ("assessment.value", Assessment::value),
    ("assessment.rationale", |assessment| key(assessment, "rationale")),
    ("assessment.source_type", |assessment| assessment.source_type().map_or(Value::Null, Value::from)),
    ("assessment.source_id", |assessment| assessment.source_id().map_or(Value::Null, Value::from)),
    ("assessment.span_id", |assessment| key(assessment, "span_id")),
    ("assessment.valid", |assessment| Value::from(assessment.is_valid())),
    ("assessment.error", |assessment| assessment.error().map_or(Value::Null, |(code, _)| Value::from(code))),
    ("assessment.create_time", |assessment| key(assessment, "create_time")),
    ("assessment.last_update_time", |assessment| key(assessment, "last_update_time")),
    ("assessment.metadata", |assessment| key(assessment, "metadata")),
];

fn parent_id(span: &Span) -> Value {
    span.parent_span_id.as_deref().and_then(span_id_in_hex).map_or(Value::Null, Value::from)
}

fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}

fn key(assessment: &Assessment, key: &str) -> Value {
    assessment.as_object().get(key).cloned().unwrap_or(Value::Null)
}

/// The attributes that have no column of their own.
fn other_attributes(span: &Span) -> Value {
    const SHOWN: &[&str] = &[keys::REQUEST_ID, keys::SPAN_TYPE, keys::SPAN_INPUTS, keys::SPAN_OUTPUTS];
    let others = span.attributes.keys().filter(|name| !SHOWN.contains(&name.as_str()));
    Value::Object(others.map(|name| (name.clone(), span.attribute(name).unwrap_or(Value::Null))).collect())
}

/// The columns of exploded rows.
#[derive(Clone, Debug)]
pub struct RowColumns {
    of: RowOf,
    columns: Vec<Source>,
}

#[derive(Clone, Debug)]
enum Source {
    Trace(Column),
    Span(Part<Span>),
    Assessment(Part<Assessment>),
}

impl Source {
    fn name(&self) -> &str {
        match self {
            Self::Trace(column) => column.name(),
            Self::Span((name, _)) | Self::Assessment((name, _)) => name,
        }
    }
}

impl RowColumns {
    /// All of them, or those of a list such as `trace_id,span.name,tags.team`.
    pub fn parse(of: RowOf, list: Option<&str>) -> Result<Self, FieldsError> {
        let own: Vec<Source> = match of {
            RowOf::Span => SPAN_COLUMNS.iter().copied().map(Source::Span).collect(),
            RowOf::Assessment => ASSESSMENT_COLUMNS.iter().copied().map(Source::Assessment).collect(),
        };
        let Some(list) = list else {
            let of_trace = Columns::parse(TRACE_COLUMNS)?;
            let columns = of_trace.iter().cloned().map(Source::Trace).chain(own).collect();
            return Ok(Self { of, columns });
        };
        let names = Columns::names(list)?;
        let find = |name: &String| match own.iter().find(|column| column.name() == name) {
            Some(column) => Ok(column.clone()),
            None => Column::parse(name, list).map(Source::Trace),
        };
        Ok(Self { of, columns: names.iter().map(find).collect::<Result<_, _>>()? })
    }

    /// Whether a column can only be filled when spans were fetched.
    #[must_use]
    pub fn need_spans(&self) -> bool {
        self.of == RowOf::Span
            || self.columns.iter().any(|column| matches!(column, Source::Trace(column) if column.needs_spans()))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(Source::name)
    }

    /// The rows of a trace, each a value per column.
    fn rows(&self, trace: &Trace) -> Vec<Vec<Value>> {
        let of_trace: Vec<Value> = self
            .columns
            .iter()
            .map(|column| if let Source::Trace(column) = column { column.value(trace) } else { Value::Null })
            .collect();
        let row = |span: Option<&Span>, assessment: Option<&Assessment>| {
            let value = |(column, of_trace): (&Source, &Value)| match column {
                Source::Trace(_) => of_trace.clone(),
                Source::Span((_, value)) => span.map_or(Value::Null, value),
                Source::Assessment((_, value)) => assessment.map_or(Value::Null, value),
            };
            self.columns.iter().zip(&of_trace).map(value).collect()
        };
        match self.of {
            RowOf::Span => trace.spans().iter().map(|span| row(Some(span), None)).collect(),
            RowOf::Assessment => trace.info.assessments.iter().map(|one| row(None, Some(one))).collect(),
        }
    }
}

/// Writes a flat JSON object per row.
pub struct RowsJsonlSink<W> {
    writer: W,
    columns: RowColumns,
}

impl<W: Write> RowsJsonlSink<W> {
    /// These columns.
    pub fn new(writer: W, columns: RowColumns) -> Self {
        Self { writer, columns }
    }
}

impl<W: Write> Sink for RowsJsonlSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        for row in self.columns.rows(trace) {
            let object: Map<String, Value> = self.columns.names().map(str::to_owned).zip(row).collect();
            serde_json::to_writer(&mut self.writer, &object)?;
            self.writer.write_all(b"\n")?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes CSV rows, nested values as JSON.
pub struct RowsCsvSink<W: Write> {
    writer: RowWriter<W>,
    columns: RowColumns,
    has_header: bool,
}

impl<W: Write> RowsCsvSink<W> {
    /// These columns, in this style.
    pub fn new(writer: W, columns: RowColumns, style: CsvStyle) -> Self {
        Self { writer: RowWriter::new(writer, style), columns, has_header: false }
    }

    fn header(&mut self) -> io::Result<()> {
        if !self.has_header {
            self.has_header = true;
            self.writer.write_header(self.columns.names().map(Into::into))?;
        }
        Ok(())
    }
}

impl<W: Write> Sink for RowsCsvSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        self.header()?;
        for row in self.columns.rows(trace) {
            self.writer.write_values(row.iter())?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.header()?;
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn trace() -> Trace {
        Trace::from_json(json!({
            "info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "state": "OK", "tags": {"team": "a"},
                "assessments": [{"assessment_id": "a-1", "assessment_name": "ok", "feedback": {"value": true},
                                 "rationale": "=right", "source": {"source_type": "HUMAN", "source_id": "jane"}},
                                {"assessment_id": "a-2", "assessment_name": "answer", "expectation": {"value": ["x"]}}]},
            "data": {"spans": [
                {"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "name": "root", "start_time_unix_nano": 1,
                 "attributes": {"mlflow.spanInputs": "{\"q\": 1}", "k": "2"}},
                {"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAI=", "parent_span_id": "AAAAAAAAAAE=",
                 "name": "leaf", "start_time_unix_nano": 2, "end_time_unix_nano": 1_000_002}]}}))
        .unwrap()
    }

    fn written(of: RowOf, list: Option<&str>) -> (String, String) {
        let (mut lines, mut table) = (Vec::new(), Vec::new());
        let columns = RowColumns::parse(of, list).unwrap();
        let mut jsonl = RowsJsonlSink::new(&mut lines, columns.clone());
        let mut csv = RowsCsvSink::new(&mut table, columns, CsvStyle::default());
        for sink in [&mut jsonl as &mut dyn Sink, &mut csv] {
            sink.write(&trace()).unwrap();
            sink.finish().unwrap();
        }
        drop((jsonl, csv));
        (String::from_utf8(lines).unwrap(), String::from_utf8(table).unwrap())
    }

    #[test]
    fn a_row_per_span() {
        let (lines, table) = written(
            RowOf::Span,
            Some("trace_id,tags.team,span.id,span.parent_id,span.name,span.duration,span.inputs,span.attributes"),
        );
        assert_eq!(
            lines,
            "{\"trace_id\":\"tr-1\",\"tags.team\":\"a\",\"span.id\":\"0000000000000001\",\"span.parent_id\":null,\"span.name\":\"root\",\"span.duration\":null,\"span.inputs\":{\"q\":1},\"span.attributes\":{\"k\":2}}\n\
             {\"trace_id\":\"tr-1\",\"tags.team\":\"a\",\"span.id\":\"0000000000000002\",\"span.parent_id\":\"0000000000000001\",\"span.name\":\"leaf\",\"span.duration\":1.0,\"span.inputs\":null,\"span.attributes\":{}}\n"
        );
        assert_eq!(
            table,
            "trace_id,tags.team,span.id,span.parent_id,span.name,span.duration,span.inputs,span.attributes\n\
             tr-1,a,0000000000000001,,root,,\"{\"\"q\"\":1}\",\"{\"\"k\"\":2}\"\n\
             tr-1,a,0000000000000002,0000000000000001,leaf,1.0,,{}\n"
        );
    }

    #[test]
    fn a_row_per_assessment() {
        let list =
            "trace_id,assessment.kind,assessment.name,assessment.value,assessment.rationale,assessment.source_id";
        let (lines, table) = written(RowOf::Assessment, Some(list));
        assert_eq!(lines.lines().count(), 2);
        assert_eq!(
            table,
            format!("{list}\ntr-1,feedback,ok,true,'=right,jane\ntr-1,expectation,answer,\"[\"\"x\"\"]\",,\n")
        );
    }

    #[test]
    fn by_default_rows_have_all_there_is() {
        let header = |of: RowOf| written(of, None).1.lines().next().unwrap().to_owned();
        assert!(header(RowOf::Span).starts_with("trace_id,timestamp,status,name,session,user,experiment_id,span.id,"));
        assert_eq!(header(RowOf::Assessment).split(',').count(), 7 + ASSESSMENT_COLUMNS.len());
        assert!(RowColumns::parse(RowOf::Assessment, Some("span.name")).is_err());
        assert!(!RowColumns::parse(RowOf::Assessment, None).unwrap().need_spans());
    }
}
