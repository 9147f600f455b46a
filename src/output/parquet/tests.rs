//! What a reader finds in files that were written here.

use std::fs::File;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMillisecondType};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::json;

use super::*;

fn written(traces: &[Trace], layout: ParquetLayout) -> File {
    let mut file = tempfile::tempfile().unwrap();
    let mut sink = ParquetSink::new(&mut file, layout).unwrap();
    for trace in traces {
        sink.write(trace).unwrap();
    }
    sink.finish().unwrap();
    drop(sink);
    file
}

fn rows(traces: &[Trace], layout: ParquetLayout) -> RecordBatch {
    let builder = ParquetRecordBatchReaderBuilder::try_new(written(traces, layout)).unwrap();
    builder.build().unwrap().next().unwrap().unwrap()
}

fn column_names(layout: ParquetLayout) -> Vec<String> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(written(&[], layout)).unwrap();
    builder.schema().fields().iter().map(|field| field.name().clone()).collect()
}

fn trace() -> Trace {
    let span = json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": "AAAAAAAAAAE=", "parent_span_id": "AAAAAAAAAAI=", "name": "chat",
        "start_time_unix_nano": 1_700_000_000_000_000_000_i64, "end_time_unix_nano": 1_700_000_000_002_500_000_i64,
        "status": {"code": "STATUS_CODE_ERROR", "message": "bad"},
        "attributes": {"mlflow.spanType": "\"LLM\"", "mlflow.spanInputs": "{\"q\":1}", "mlflow.llm.model": "\"gpt-4o\"",
            "e": "\"\\u00e9\"", "nan": "NaN", "mlflow.chat.tokenUsage": "{\"input_tokens\": 7}"}});
    let feedback = json!({"assessment_id": "a-1", "assessment_name": "score", "feedback": {"value": 4.0},
        "source": {"source_type": "HUMAN", "source_id": "jane"}, "create_time": "2023-11-14T22:13:21Z",
        "metadata": {"mlflow.trace.session": "s"}});
    Trace::from_json(json!({"info": {"trace_id": "tr-1", "request_time": "2023-11-14T22:13:20.120Z", "state": "ERROR",
        "execution_duration_ms": 5, "tags": {"env": "prod", "mlflow.linkedPrompts": "[{\"name\": \"p\", \"version\": \"1\"}]"},
        "trace_metadata": {"mlflow.trace.session": "s", "mlflow.trace.tokenUsage": "{\"total_tokens\": 15}",
            "mlflow.trace.cost": "{\"total_cost\": 0.25}"},
        "trace_location": {"mlflow_experiment": {"experiment_id": "12"}}, "assessments": [feedback]}, "data": {"spans": [span]}}))
    .unwrap()
}

fn text(batch: &dyn Fn(&str) -> arrow_array::ArrayRef, name: &str) -> String {
    batch(name).as_string::<i32>().value(0).to_owned()
}

#[test]
fn columns_have_types() {
    let batch = rows(&[trace()], ParquetLayout::default());
    let column = |name: &str| std::sync::Arc::clone(batch.column_by_name(name).unwrap());
    assert_eq!(text(&column, "trace_id"), "tr-1");
    assert_eq!(text(&column, "experiment_id"), "12");
    assert_eq!(text(&column, "state"), "ERROR");
    assert_eq!(text(&column, "session_id"), "s");
    let time = column("request_time");
    assert_eq!(time.data_type().to_string(), "Timestamp(ms, \"UTC\")");
    assert_eq!(time.as_primitive::<TimestampMillisecondType>().value(0), 1_700_000_000_120);
    assert_eq!(column("total_tokens").as_primitive::<Int64Type>().value(0), 15);
    assert!(column("input_tokens").is_null(0) && column("name").is_null(0));
    assert!((column("total_cost").as_primitive::<Float64Type>().value(0) - 0.25).abs() < f64::EPSILON);
    let prompts = column("prompts").as_list::<i32>().value(0);
    assert_eq!(prompts.as_string::<i32>().value(0), "p/1");
    let tags = column("tags").as_map().value(0);
    assert_eq!(tags.column(1).as_string::<i32>().value(0), "prod");
    assert_eq!(text(&column, "trace_json"), serde_json::to_string(&trace()).unwrap());
}

#[test]
fn spans_and_assessments_are_structs() {
    let batch = rows(&[trace()], ParquetLayout::default());
    let spans = batch.column_by_name("spans").unwrap().as_list::<i32>().value(0);
    let of_span = |name: &str| std::sync::Arc::clone(spans.as_struct().column_by_name(name).unwrap());
    for (name, expected) in [
        ("span_id", "0000000000000001"),
        ("parent_span_id", "0000000000000002"),
        ("type", "LLM"),
        ("status", "ERROR"),
        ("status_message", "bad"),
        ("model", "gpt-4o"),
        ("inputs", "{\"q\": 1}"),
    ] {
        assert_eq!(text(&of_span, name), expected, "{name}");
    }
    assert_eq!(text(&of_span, "content"), trace().spans()[0].content());
    assert_eq!(of_span("input_tokens").as_primitive::<Int64Type>().value(0), 7);
    assert!((of_span("duration_ms").as_primitive::<Float64Type>().value(0) - 2.5).abs() < f64::EPSILON);
    let attributes = of_span("attributes").as_map().value(0);
    let (keys, values) = (attributes.column(0).as_string::<i32>(), attributes.column(1).as_string::<i32>());
    let pairs: Vec<_> = keys.iter().flatten().zip(values.iter().flatten()).collect();
    // One spelling for equal values; what is no JSON is a string of it.
    assert!(pairs.contains(&("e", "\"é\"")) && pairs.contains(&("nan", "\"NaN\"")), "{pairs:?}");
    assert!(!pairs.iter().any(|(key, _)| *key == "mlflow.spanInputs"));

    let assessments = batch.column_by_name("assessments").unwrap().as_list::<i32>().value(0);
    let of_assessment = |name: &str| std::sync::Arc::clone(assessments.as_struct().column_by_name(name).unwrap());
    for (name, expected) in
        [("assessment_id", "a-1"), ("kind", "feedback"), ("value", "4.0"), ("source_id", "jane"), ("session_id", "s")]
    {
        assert_eq!(text(&of_assessment, name), expected, "{name}");
    }
    assert!(of_assessment("valid").as_boolean().value(0) && of_assessment("value_text").is_null(0));
    assert!((of_assessment("value_number").as_primitive::<Float64Type>().value(0) - 4.0).abs() < f64::EPSILON);
}

#[test]
fn spans_that_were_not_fetched_are_null_and_those_that_do_not_exist_are_none() {
    let mut unknown = trace();
    unknown.spans = None;
    let mut none = trace();
    none.spans = Some(Vec::new());
    let batch = rows(&[unknown, none, trace()], ParquetLayout::default());
    let spans = batch.column_by_name("spans").unwrap().as_list::<i32>();
    assert_eq!((spans.is_null(0), spans.is_null(1), spans.value(1).len(), spans.value(2).len()), (true, false, 0, 1));
}

#[test]
fn a_row_can_be_a_span() {
    let layout = ParquetLayout { row: ParquetRow::Span, is_partitioned: false };
    let mut two = trace();
    two.spans = Some([trace().spans(), trace().spans()].concat());
    let mut none = trace();
    none.spans = None;
    let batch = rows(&[two, none], layout);
    assert_eq!(batch.num_rows(), 2);
    let column = |name: &str| std::sync::Arc::clone(batch.column_by_name(name).unwrap());
    assert_eq!((text(&column, "trace_id"), text(&column, "span_name")), ("tr-1".into(), "chat".into()));
    let names = column_names(layout);
    assert!(!["spans", "assessments", "trace_json"].iter().any(|name| names.iter().any(|found| found == name)));
    let mut unique = names.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), names.len(), "{names:?}");
}

#[test]
fn partitioned_files_leave_the_experiment_to_the_path() {
    for row in [ParquetRow::Trace, ParquetRow::Span] {
        let has_experiment = |is_partitioned| {
            column_names(ParquetLayout { row, is_partitioned }).iter().any(|name| name == "experiment_id")
        };
        assert!(has_experiment(false) && !has_experiment(true));
    }
}

#[test]
fn row_groups_are_bounded_in_bytes() {
    let mut large = trace();
    large.info.request_preview = Some("x".repeat(2_500_000));
    let traces: Vec<Trace> = std::iter::repeat_n(large, 9).collect();
    let builder = ParquetRecordBatchReaderBuilder::try_new(written(&traces, ParquetLayout::default())).unwrap();
    let rows: Vec<i64> =
        builder.metadata().row_groups().iter().map(parquet::file::metadata::RowGroupMetaData::num_rows).collect();
    // Each is there twice: in its column and in the JSON.
    assert_eq!(rows, [2, 2, 2, 2, 1]);
}

#[test]
fn long_texts_have_no_dictionary_and_exist() {
    let builder = ParquetRecordBatchReaderBuilder::try_new(written(&[trace()], ParquetLayout::default())).unwrap();
    let columns = builder.metadata().row_group(0).columns();
    for path in schema::LONG_TEXTS.iter().filter(|path| !path.starts_with("span_")) {
        let column = columns.iter().find(|column| column.column_path().string() == *path).unwrap();
        assert!(column.dictionary_page_offset().is_none() && column.statistics().is_none(), "{path}");
        assert!(matches!(column.compression(), Compression::ZSTD(_)));
    }
}

#[test]
fn a_closed_pipe_stays_one() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let failed = ParquetSink::new(Closed, ParquetLayout::default()).and_then(|mut sink| {
        sink.write(&trace())?;
        sink.finish()
    });
    assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}
