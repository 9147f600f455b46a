//! Small lists that are no traces (experiments, assessments): the same rows in every format.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ContentArrangement, Table};
use serde_json::{Map, Value};

use super::csv::{CsvStyle, RowWriter};
use super::layout::telling_length;
use super::one_line;
use crate::clock::Clock;

/// A value as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordCell {
    /// Words and numbers.
    Text(String),
    /// An instant.
    Time {
        /// As [`Clock::short`] has it.
        short: String,
        /// How far that is from UTC.
        offset: String,
        /// As [`Clock::local`] has it.
        local: String,
    },
}

impl RecordCell {
    /// An instant in epoch milliseconds; nothing if it is not known.
    #[must_use]
    pub fn time(clock: &Clock, epoch_ms: Option<i64>) -> Self {
        epoch_ms.map_or_else(
            || Self::Text(String::new()),
            |ms| Self::Time { short: clock.short(ms), offset: clock.offset(ms), local: clock.local(ms) },
        )
    }

    fn offset(&self) -> Option<&str> {
        match self {
            Self::Text(_) => None,
            Self::Time { offset, .. } => Some(offset),
        }
    }

    /// The text, below a header that tells of an offset.
    fn below(&self, told: Option<&str>) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Time { short, offset, .. } if told == Some(offset) => short.clone(),
            Self::Time { local, .. } => local.clone(),
        }
    }
}

impl From<String> for RecordCell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for RecordCell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Cells of texts.
#[must_use]
pub fn text_cells<const N: usize>(texts: [String; N]) -> Vec<RecordCell> {
    texts.map(RecordCell::Text).to_vec()
}

/// A row: what people see, and what machines see.
pub struct Record {
    /// Cells for people, one for each header.
    pub shown: Vec<RecordCell>,
    /// The whole object for machines.
    pub value: Value,
    /// Its id, where nothing but ids is asked for.
    pub id: String,
}

/// How to write records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordFormat {
    /// A table.
    Table,
    /// A table in which nothing is cut.
    Wide,
    /// One array.
    Json,
    /// One object per line.
    Jsonl,
    /// Rows of the objects' top-level values.
    Csv,
}

/// Where the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// As texts do.
    Left,
    /// As numbers do.
    Right,
}

const WIDEST: usize = 80;

/// Writes records in a format; `headers` are those of the table.
pub fn write_records(
    writer: &mut dyn Write,
    format: RecordFormat,
    headers: &[&str],
    records: &[Record],
    width: Option<u16>,
) -> io::Result<()> {
    match format {
        RecordFormat::Table => write_table(writer, headers, records, width, Some(WIDEST)),
        RecordFormat::Wide => write_table(writer, headers, records, None, None),
        RecordFormat::Json => {
            let values: Vec<&Value> = records.iter().map(|record| &record.value).collect();
            serde_json::to_writer_pretty(&mut *writer, &values)?;
            writeln!(writer)
        }
        RecordFormat::Jsonl => records.iter().try_for_each(|record| writeln!(writer, "{}", record.value)),
        RecordFormat::Csv => write_csv(writer, records),
    }
}

/// Of the ids in a column of a table, leaves as much as tells them apart.
pub fn shorten_ids(records: &mut [Record], column: usize) {
    let ids: Vec<String> =
        records.iter().filter_map(|record| record.shown.get(column)).map(|id| id.below(None)).collect();
    let length = telling_length(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    for id in records.iter_mut().filter_map(|record| record.shown.get_mut(column)) {
        *id = id.below(None).chars().take(length).collect::<String>().into();
    }
}

/// How far the times of a column are from UTC, if that is the same for all.
fn common_offset(records: &[Record], column: usize) -> Option<&str> {
    let mut offsets = records.iter().filter_map(|record| record.shown.get(column)?.offset());
    let first = offsets.next()?;
    offsets.all(|offset| offset == first).then_some(first)
}

fn write_table(
    writer: &mut dyn Write,
    headers: &[&str],
    records: &[Record],
    width: Option<u16>,
    widest: Option<usize>,
) -> io::Result<()> {
    let mut table = Table::new();
    let is_short = |column: usize| widest.and_then(|_| common_offset(records, column));
    let offsets: Vec<Option<&str>> = (0..headers.len()).map(is_short).collect();
    let headers = headers.iter().zip(&offsets).map(|(header, offset)| match offset {
        Some(offset) => format!("{header} ({offset})"),
        None => (*header).to_owned(),
    });
    table.load_style(comfy_table::presets::NOTHING).set_header(headers);
    match width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    for record in records {
        let cells = record.shown.iter().zip(&offsets).map(|(cell, offset)| cell.below(*offset));
        table.add_row(cells.map(|text| one_line(&text, widest.unwrap_or(usize::MAX - 1))));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().try_for_each(|line| writeln!(writer, "{}", line.trim_end()))
}

/// Writes a table of texts that are safe to show.
pub(super) fn write_aligned(
    writer: &mut dyn Write,
    headers: &[String],
    rows: &[Vec<String>],
    aligns: &[Align],
    width: Option<u16>,
) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(headers);
    match width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    for row in rows {
        table.add_row(row);
    }
    for (column, align) in table.column_iter_mut().zip(aligns) {
        column.set_padding((0, 2));
        if *align == Align::Right {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.lines().try_for_each(|line| writeln!(writer, "{}", line.trim_end()))
}

fn write_csv(writer: &mut dyn Write, records: &[Record]) -> io::Result<()> {
    let mut keys: Vec<&String> = Vec::new();
    let empty = Map::new();
    let objects: Vec<&Map<String, Value>> =
        records.iter().map(|record| record.value.as_object().unwrap_or(&empty)).collect();
    for key in objects.iter().flat_map(|object| object.keys()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut rows = RowWriter::new(writer, CsvStyle::default());
    rows.write_header(keys.iter().map(|key| key.as_str().into()))?;
    for object in objects {
        rows.write_values(keys.iter().map(|key| object.get(*key).unwrap_or(&Value::Null)))?;
    }
    rows.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(format: RecordFormat) -> String {
        let record = |id: &str, value: Value| Record { shown: vec![id.into(), "x\ny".into()], value, id: id.into() };
        let records = [record("1", json!({"id": "1", "name": "=a"})), record("2", json!({"id": "2", "more": [1]}))];
        let mut bytes = Vec::new();
        write_records(&mut bytes, format, &["id", "name"], &records, None).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn ids_in_a_column_are_shortened_together() {
        let record = |id: &str| Record { shown: vec!["x".into(), id.into()], value: json!({}), id: id.into() };
        let mut records =
            [record("tr-8c9da0e91080e465367d509b505b35da"), record("tr-565cd459f6270cfbead4d9373d543128")];
        shorten_ids(&mut records, 1);
        assert_eq!(
            records.each_ref().map(|record| record.shown[1].clone()),
            ["tr-8c9da0e91", "tr-565cd459f"].map(RecordCell::from)
        );
        assert_eq!(records[0].id, "tr-8c9da0e91080e465367d509b505b35da");
        shorten_ids(&mut records, 7);
    }

    #[test]
    fn times_are_short_where_the_header_can_tell_their_offset() {
        let clock = Clock::fixed(1_795_335_101_465);
        let record =
            |ms| Record { shown: vec!["x".into(), RecordCell::time(&clock, ms)], value: json!({}), id: String::new() };
        let text = |format, records: &[Record]| {
            let mut bytes = Vec::new();
            write_records(&mut bytes, format, &["id", "updated"], records, None).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let records = [record(Some(1_795_335_101_465)), record(None)];
        assert_eq!(text(RecordFormat::Table, &records), "id  updated (+00:00)\nx   Nov 22 08:11:41\nx\n");
        assert_eq!(text(RecordFormat::Wide, &records), "id  updated\nx   2026-11-22 08:11:41 +00:00\nx\n");
        let mut records = [record(Some(1_795_335_101_465)), record(Some(1_795_335_101_465))];
        if let Some(RecordCell::Time { offset, local, .. }) = records[1].shown.get_mut(1) {
            (*offset, *local) = ("+01:00".into(), "2026-11-22 09:11:41 +01:00".into());
        }
        let expected = "id  updated\nx   2026-11-22 08:11:41 +00:00\nx   2026-11-22 09:11:41 +01:00\n";
        assert_eq!(text(RecordFormat::Table, &records), expected);
    }

    #[test]
    fn every_format_has_every_record() {
        assert_eq!(text(RecordFormat::Table), text(RecordFormat::Wide));
        assert_eq!(text(RecordFormat::Table), "id  name\n1   x y\n2   x y\n");
        assert_eq!(text(RecordFormat::Jsonl), "{\"id\":\"1\",\"name\":\"=a\"}\n{\"id\":\"2\",\"more\":[1]}\n");
        assert_eq!(text(RecordFormat::Csv), "id,name,more\n1,'=a,\n2,,[1]\n");
        assert_eq!(serde_json::from_str::<Value>(&text(RecordFormat::Json)).unwrap().as_array().unwrap().len(), 2);
    }
}
