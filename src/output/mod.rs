//! From traces to text: one sink per format.
//!
//! Sinks take traces one by one and write to any writer, so the same code serves the terminal, a pipe and an export file.
//! They know nothing of stores or commands. People see local time and shortened content with everything dangerous
//! escaped; machines see RFC 3339 in UTC and whole values.

mod activities;
mod chart;
mod chat;
mod checkup;
mod columns;
mod comparison;
mod csv;
mod deletion;
mod difference;
mod eval_dataset;
mod explanation;
mod exploded;
mod gate;
mod human;
mod ids;
mod json;
mod layout;
mod line;
mod manual;
#[cfg(feature = "otlp")]
mod otlp_json;
mod page;
#[cfg(feature = "parquet")]
mod parquet;
mod picture;
#[cfg(feature = "png")]
mod png;
mod prometheus;
mod records;
mod retention;
mod run_report;
pub mod sanitize;
mod schema;
mod session;
mod span_details;
mod spark;
mod stats;
mod stats_table;
mod svg;
mod table;
mod tree;
mod view;
mod waterfall;
mod wrapped;

use std::io;

use crate::model::Trace;

pub use activities::ActivityOf;
pub use chart::write_chart;
pub use chat::{ChatOptions, write_chat, write_chat_markdown};
pub use checkup::{CheckRow, checkup_json, write_checkup};
pub use columns::{Column, Columns, FieldsError};
pub use comparison::{Stretches, write_comparison};
pub use csv::{CsvSink, CsvStyle};
pub use deletion::{
    archive_places, count_attachments, count_rows, count_traces, describe_archives, describe_artifacts, describe_met,
    describe_part, met_json,
};
pub use difference::{DiffReport, difference_json, write_difference};
pub use eval_dataset::EvalDatasetSink;
pub use explanation::{describe_explanation, explanation_json};
pub use exploded::{RowColumns, RowOf, RowsCsvSink, RowsJsonlSink};
pub use gate::{gate_github, gate_json, gate_junit, gate_markdown, write_gate};
pub use human::{bytes, count, duration, one_line, short_count};
pub use ids::{Ids, IdsSink, is_plain_id};
pub use json::{JsonSink, JsonlSink};
pub use line::LineSink;
pub use manual::manual_page;
#[cfg(feature = "otlp")]
pub use otlp_json::OtlpJsonSink;
pub use page::html;
#[cfg(feature = "parquet")]
pub use parquet::{ParquetLayout, ParquetRow, ParquetSink};
#[cfg(feature = "png")]
pub use png::{PngError, png};
pub use prometheus::{last_success_ms, prometheus_text};
pub use records::{Record, RecordCell, RecordFormat, shorten_ids, text_cells, write_records};
pub use retention::{
    age, bars, day_json, day_name, describe_outlooks, describe_policy, outlooks_json, planned, policy_json,
};
pub use run_report::run_report_json;
pub use schema::Schemas;
pub use session::{Turn, session_json, turn_records, write_session};
pub use stats::{StatsStyle, human_number, human_value, machine_number, stats_json, write_stats};
pub use svg::{inert_text, svg};
pub use table::{TableSink, TableStyle};
pub use tree::{TreeOptions, write_tree};
pub use view::{Form, ViewSink, ViewStyle};
pub use waterfall::{WaterfallOptions, write_waterfall};

/// Takes traces and writes them.
pub trait Sink {
    /// Writes one trace, or keeps it until a page is full.
    fn write(&mut self, trace: &Trace) -> io::Result<()>;

    /// Writes what is left and what closes the document.
    fn finish(&mut self) -> io::Result<()>;

    /// How many columns there was no room for.
    fn hidden_columns(&self) -> usize {
        0
    }
}
