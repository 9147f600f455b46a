//! Assessments as rows that [`RowReader`](super::RowReader) reads.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::cells::guarded;
use super::dialect::Decimal;
use super::reading::{FileFormat, ValueKind};
use crate::model::{Assessment, AssessmentId, AssessmentKind, TraceId};
use crate::output::sanitize::quoted_cell;

/// Writes assessments of one kind.
pub struct RowWriter<W: Write> {
    kind: AssessmentKind,
    sink: Sink<W>,
}

/// How CSV is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// What stands between cells.
    pub delimiter: u8,
    /// How numbers are written.
    pub decimal: Decimal,
    /// Whether a byte order mark tells spreadsheets that it is UTF-8.
    pub bom: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { delimiter: b',', decimal: Decimal::Point, bom: false }
    }
}

enum Sink<W: Write> {
    Csv(Box<csv::Writer<W>>, Style),
    Jsonl(W),
}

/// What a row cannot hold; `None` if it can hold the assessment.
#[must_use]
pub fn left_out(assessment: &Assessment) -> Option<&'static str> {
    assessment.error().map(|_| "the judge failed, and there is no value")
}

impl<W: Write> RowWriter<W> {
    /// Begins a file; CSV gets its header.
    pub fn new(mut writer: W, format: FileFormat, kind: AssessmentKind, style: Style) -> io::Result<Self> {
        let sink = match format {
            FileFormat::Jsonl => Sink::Jsonl(writer),
            FileFormat::Csv => {
                if style.bom {
                    writer.write_all("\u{feff}".as_bytes())?;
                }
                // Which cells get quotes is decided here.
                let mut csv = csv::WriterBuilder::new();
                let csv = csv.quote_style(csv::QuoteStyle::Never).delimiter(style.delimiter);
                let mut csv = csv.from_writer(writer);
                csv.write_record(columns(kind)).map_err(io_error)?;
                Sink::Csv(Box::new(csv), style)
            }
        };
        Ok(Self { kind, sink })
    }

    /// Writes the assessments of a trace that are to be written, those that are overridden before those that override them.
    /// Returns how many rows that were.
    pub fn write(&mut self, trace: &TraceId, assessments: Vec<&Assessment>) -> io::Result<usize> {
        let ordered = overridden_first(assessments);
        let known: Vec<AssessmentId> = ordered.iter().filter_map(|assessment| assessment.id()).collect();
        for assessment in &ordered {
            // What is not in the file cannot be overridden by what is read from it.
            let overrides = overridden(assessment).filter(|id| known.contains(id));
            let row = row(trace, assessment, overrides.as_ref());
            match &mut self.sink {
                Sink::Jsonl(writer) => {
                    serde_json::to_writer(&mut *writer, &row)?;
                    writer.write_all(b"\n")?;
                }
                Sink::Csv(csv, style) => {
                    for column in columns(self.kind) {
                        csv.write_field(cell(&row, column, *style)).map_err(io_error)?;
                    }
                    csv.write_record(None::<&[u8]>).map_err(io_error)?;
                }
            }
        }
        Ok(ordered.len())
    }

    /// Writes what is left.
    pub fn finish(self) -> io::Result<W> {
        match self.sink {
            Sink::Jsonl(mut writer) => writer.flush().map(|()| writer),
            Sink::Csv(csv, _) => csv.into_inner().map_err(csv::IntoInnerError::into_error),
        }
    }
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn columns(kind: AssessmentKind) -> impl Iterator<Item = &'static str> {
    let all = [
        "trace_id",
        "name",
        "value",
        "value_type",
        "rationale",
        "source_type",
        "source_id",
        "span_id",
        "metadata",
        "assessment_id",
        "overrides",
        "create_time",
    ];
    all.into_iter().filter(move |column| kind == AssessmentKind::Feedback || *column != "rationale")
}

fn overridden(assessment: &Assessment) -> Option<AssessmentId> {
    assessment.as_object().get("overrides").and_then(Value::as_str).filter(|id| !id.is_empty()).map(AssessmentId::from)
}

/// In an order in which they can be created again.
fn overridden_first(mut left: Vec<&Assessment>) -> Vec<&Assessment> {
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |assessment: &Assessment| {
            overridden(assessment).is_some_and(|old| left.iter().any(|other| other.id().as_ref() == Some(&old)))
        };
        let (later, now): (Vec<_>, Vec<_>) = left.iter().copied().partition(|assessment| waits(assessment));
        if now.is_empty() {
            // A circle, which no server makes.
            ordered.extend(later);
            break;
        }
        ordered.extend(now);
        left = later;
    }
    ordered
}

fn row(trace: &TraceId, assessment: &Assessment, overrides: Option<&AssessmentId>) -> Map<String, Value> {
    let value = assessment.value();
    let kind = match &value {
        Value::Number(_) => ValueKind::Number,
        Value::Bool(_) => ValueKind::Boolean,
        Value::String(_) => ValueKind::Text,
        Value::Null | Value::Array(_) | Value::Object(_) => ValueKind::Json,
    };
    let object = assessment.as_object();
    let text = |key: &str| object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let id = assessment.id();
    let mut row = Map::new();
    row.insert("trace_id".into(), trace.as_str().into());
    row.insert("name".into(), assessment.name().into());
    row.insert("value".into(), value);
    row.insert("value_type".into(), kind.as_str().into());
    let texts = [
        ("rationale", assessment.rationale().filter(|_| assessment.kind() == AssessmentKind::Feedback)),
        ("source_type", assessment.source_type()),
        ("source_id", assessment.source_id()),
        ("span_id", assessment.span_id()),
        ("assessment_id", id.as_ref().map(AssessmentId::as_str)),
        ("overrides", overrides.map(AssessmentId::as_str)),
        ("create_time", text("create_time")),
    ];
    for (key, text) in texts {
        row.extend(text.map(|text| (key.to_owned(), Value::from(text))));
    }
    let metadata = object.get("metadata").and_then(Value::as_object).filter(|metadata| !metadata.is_empty());
    row.extend(metadata.map(|metadata| ("metadata".to_owned(), json!(metadata))));
    row
}

fn cell(row: &Map<String, Value>, column: &str, style: Style) -> Vec<u8> {
    let text = match row.get(column) {
        None => String::new(),
        Some(Value::String(text)) => guarded(text).into_owned(),
        Some(Value::Number(number)) => style.decimal.shown(&number.to_string()),
        Some(other) => guarded(&other.to_string()).into_owned(),
    };
    let quoted = quoted_cell(&text);
    if quoted == text && text.contains(char::from(style.delimiter)) {
        return format!("\"{text}\"").into_bytes();
    }
    quoted.as_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotations::row::tests::reading;
    use crate::annotations::{RowReader, RowReading, Spooled};

    fn assessment(id: &str, more: &Value) -> Assessment {
        let mut object = json!({
            "assessment_id": id, "assessment_name": "correct", "trace_id": "tr-1",
            "source": {"source_type": "HUMAN", "source_id": "jane"}, "create_time": "2026-11-22T08:20:00Z", "valid": true,
        });
        for (key, value) in more.as_object().unwrap() {
            object[key] = value.clone();
        }
        serde_json::from_value(object).unwrap()
    }

    fn written(assessments: &[Assessment], format: FileFormat) -> String {
        styled(assessments, format, Style::default())
    }

    fn styled(assessments: &[Assessment], format: FileFormat, style: Style) -> String {
        let mut writer = RowWriter::new(Vec::new(), format, AssessmentKind::Feedback, style).unwrap();
        writer.write(&TraceId::new("tr-1"), assessments.iter().collect()).unwrap();
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_whole() {
        let assessments = [
            assessment("a-1", &json!({"feedback": {"value": -4.5}, "rationale": "- good,\n\"fine\"; a|b"})),
            assessment("a-2", &json!({"feedback": {"value": "=SUM(1)"}, "metadata": {"a,b": "=c"}})),
            assessment("a-3", &json!({"feedback": {"value": {"deep": [1.5, null]}}, "span_id": "47699324c8521bc4"})),
            assessment("a-4", &json!({"feedback": {"value": null}})),
            assessment("a-5", &json!({"feedback": {"value": "true"}})),
            assessment("a-6", &json!({"feedback": {"value": ""}})),
            assessment("a-7", &json!({"feedback": {"value": false}, "overrides": "a-6"})),
        ];
        let usual = Style::default();
        let comma = Style { decimal: Decimal::Comma, bom: true, ..usual };
        let styles = [usual, comma, Style { delimiter: b';', ..comma }, Style { delimiter: b'\t', ..usual }];
        let styles = styles.map(|style| (FileFormat::Csv, style));
        for (format, style) in styles
            .into_iter()
            .chain([(FileFormat::Jsonl, usual), (FileFormat::Csv, Style { delimiter: b'|', ..comma })])
        {
            let file = Spooled::stream(&mut styled(&assessments, format, style).as_bytes(), u64::MAX).unwrap();
            let reading = RowReading { decimal: style.decimal, ..reading() };
            let rows = RowReader::open(&file, format, &reading).unwrap_or_else(|problems| panic!("{problems:?}"));
            let mut back = 0;
            for row in rows {
                let row = row.unwrap();
                let id = row.id.clone().unwrap();
                let expected = assessments.iter().find(|assessment| assessment.id().as_ref() == Some(&id)).unwrap();
                let again = row.assessment(&id, row.overrides.as_ref(), "now");
                assert_eq!(again.value(), expected.value());
                for key in ["rationale", "metadata", "span_id", "overrides", "create_time", "source"] {
                    assert_eq!(again.as_object().get(key), expected.as_object().get(key), "{key} of {id}");
                }
                back += 1;
            }
            assert_eq!(back, assessments.len());
        }
    }

    #[test]
    fn chains_are_written_from_their_beginning() {
        let link = |id: &str, old: &str| assessment(id, &json!({"feedback": {"value": true}, "overrides": old}));
        let chain = [link("a-3", "a-2"), link("a-2", "a-1"), link("a-1", "")];
        let ids = |text: &str| -> Vec<(String, bool)> {
            let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
            rows.map(|row| (row["assessment_id"].as_str().unwrap().to_owned(), row["overrides"].is_string())).collect()
        };
        let all = ids(&written(&chain, FileFormat::Jsonl));
        assert_eq!(all, [("a-1".into(), false), ("a-2".into(), true), ("a-3".into(), true)]);
        let last = ids(&written(&chain[..1], FileFormat::Jsonl));
        assert_eq!(last, [("a-3".into(), false)], "what it overrides is not in the file");
        let circle = [link("a-1", "a-2"), link("a-2", "a-1")];
        assert_eq!(ids(&written(&circle, FileFormat::Jsonl)).len(), 2);
    }

    #[test]
    fn an_expectation_has_no_column_for_a_rationale() {
        let writer =
            RowWriter::new(Vec::new(), FileFormat::Csv, AssessmentKind::Expectation, Style::default()).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "trace_id,name,value,value_type,source_type,source_id,span_id,metadata,assessment_id,overrides,create_time\n"
        );
    }
}
