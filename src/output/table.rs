//! Tables for people: one line a trace, as wide as the terminal.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, Width};
use serde_json::Value;

use super::columns::cell;
use super::{Column, Columns, Sink, count, duration, one_line};
use crate::clock::Clock;
use crate::model::field::{Field, Share};
use crate::model::{Trace, TraceState};

/// Rows that are laid out together; longer outputs are written block by block.
const BLOCK: usize = 1000;
/// Content longer than this is cut even where there is room.
const WIDEST: usize = 80;
/// A column of content narrower than this is not worth its place.
const NARROWEST: u16 = 12;

/// Stand for colours while the table is laid out: they take no room, and content cannot hold them because they are escaped
/// there. The table's own colours would look at the terminal and at `NO_COLOR` again, which is decided already.
const RED: char = '\u{2061}';
const YELLOW: char = '\u{2062}';
const GREEN: char = '\u{2063}';
const PLAIN: char = '\u{2064}';

fn colored(line: &str) -> String {
    let colors = [(RED, "31;1"), (YELLOW, "33"), (GREEN, "32"), (PLAIN, "0")];
    colors.iter().fold(line.to_owned(), |line, (mark, sgr)| line.replace(*mark, &format!("\u{1b}[{sgr}m")))
}

/// The columns when nobody said otherwise, with those that give way first on narrow terminals last.
fn default_columns() -> Vec<Field> {
    vec![
        Field::TraceId,
        Field::RequestTime,
        Field::Status,
        Field::Duration,
        Field::Name,
        Field::RequestPreview,
        Field::ResponsePreview,
        Field::Tokens(Share::Total),
        Field::User,
        Field::Session,
    ]
}

/// The order in which the default columns stand.
fn position(field: &Field) -> usize {
    let order = [
        Field::TraceId,
        Field::RequestTime,
        Field::Status,
        Field::Duration,
        Field::Name,
        Field::Tokens(Share::Total),
        Field::Session,
        Field::User,
        Field::RequestPreview,
        Field::ResponsePreview,
    ];
    order.iter().position(|known| known == field).unwrap_or(order.len())
}

/// Writes tables.
pub struct TableSink<W> {
    writer: W,
    columns: Option<Columns>,
    clock: Clock,
    width: Option<u16>,
    color: bool,
    block: Vec<Vec<String>>,
    shown: Vec<Column>,
    has_header: bool,
}

impl<W: Write> TableSink<W> {
    /// These columns, or the default ones as far as `width` has room for them.
    pub fn new(writer: W, columns: Option<Columns>, clock: Clock, width: Option<u16>, color: bool) -> Self {
        let shown = match &columns {
            Some(columns) => columns.iter().cloned().collect(),
            None => default_columns().into_iter().map(Column::of).collect(),
        };
        Self { writer, columns, clock, width, color, block: Vec::new(), shown, has_header: false }
    }

    fn write_block(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.block);
        if rows.is_empty() && self.has_header {
            return Ok(());
        }
        let chosen = self.choose(&rows);
        let mut table = Table::new();
        table.load_style(comfy_table::presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        match self.width {
            Some(width) => table.set_width(width),
            None => table.set_content_arrangement(ContentArrangement::Disabled),
        };
        table.set_truncation_indicator("…");
        if !self.has_header {
            table.set_header(chosen.iter().map(|index| Cell::new(header(&self.shown[*index]))));
            self.has_header = true;
        }
        for row in &rows {
            let mut line = Row::from(chosen.iter().map(|index| self.cell(*index, &row[*index])).collect::<Vec<_>>());
            line.max_height(1);
            table.add_row(line);
        }
        for (place, index) in chosen.iter().enumerate() {
            if let Some(column) = table.column_mut(place) {
                column.set_padding((0, 2));
                if !is_content(&self.shown[*index]) {
                    column.set_constraint(ColumnConstraint::ContentWidth);
                } else if self.width.is_some() {
                    column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(NARROWEST.min(8))));
                }
            }
        }
        for line in table.lines() {
            writeln!(self.writer, "{}", colored(line.trim_end()))?;
        }
        Ok(())
    }

    /// The columns that fit, in the order in which they stand: without `--fields`, those that give way first are dropped
    /// until every column of content has a useful width.
    fn choose(&self, rows: &[Vec<String>]) -> Vec<usize> {
        let mut chosen: Vec<usize> = (0..self.shown.len()).collect();
        if self.columns.is_some() {
            return chosen;
        }
        if let Some(width) = self.width {
            while chosen.len() > 1 && self.needed(&chosen, rows) > usize::from(width) {
                chosen.pop();
            }
        }
        chosen.sort_by_key(|index| self.shown[*index].field().map_or(usize::MAX, position));
        chosen
    }

    fn needed(&self, chosen: &[usize], rows: &[Vec<String>]) -> usize {
        let natural = |index: usize| {
            let widest =
                rows.iter().map(|row| unicode_width::UnicodeWidthStr::width(row[index].as_str())).max().unwrap_or(0);
            widest.max(header(&self.shown[index]).len())
        };
        let needs = |index: usize| {
            let natural = natural(index);
            if is_content(&self.shown[index]) { natural.min(usize::from(NARROWEST)) } else { natural }
        };
        chosen.iter().map(|index| needs(*index) + 2).sum()
    }

    fn cell(&self, index: usize, text: &str) -> Cell {
        let cell = Cell::new(text);
        match self.shown[index].field() {
            Some(Field::Status) if self.color => match TraceState::from(text) {
                TraceState::Error => Cell::new(format!("{RED}{text}{PLAIN}")),
                TraceState::InProgress => Cell::new(format!("{YELLOW}{text}{PLAIN}")),
                TraceState::Ok => Cell::new(format!("{GREEN}{text}{PLAIN}")),
                _ => cell,
            },
            Some(Field::Duration | Field::Tokens(_) | Field::Cost(_) | Field::SpanCount | Field::SizeBytes) => {
                cell.set_alignment(CellAlignment::Right)
            }
            _ => cell,
        }
    }

    fn text(&self, column: &Column, trace: &Trace) -> String {
        let info = &trace.info;
        match column.field() {
            Some(Field::RequestTime) => self.clock.local(info.request_time_ms),
            Some(Field::EndTime) => {
                info.duration_ms.map_or_else(String::new, |ms| self.clock.local(info.request_time_ms + ms))
            }
            Some(Field::Duration) => info.duration_ms.map_or_else(String::new, duration),
            // Traces of plain OpenTelemetry have no name; their first span's tells more than nothing.
            Some(Field::Name) => {
                let name = info.name().or_else(|| trace.spans().first().map(|span| span.name.as_str()));
                one_line(name.unwrap_or(""), WIDEST)
            }
            Some(field) => match field.value(trace) {
                Value::Number(number) => number.as_u64().map_or_else(|| number.to_string(), count),
                value => one_line(&cell(&value), WIDEST),
            },
            None => one_line(&cell(&column.value(trace)), WIDEST),
        }
    }
}

impl<W: Write> Sink for TableSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        let row = self.shown.iter().map(|column| self.text(column, trace)).collect();
        self.block.push(row);
        if self.block.len() >= BLOCK { self.write_block() } else { Ok(()) }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.write_block()
    }
}

fn header(column: &Column) -> String {
    match column.field() {
        Some(Field::RequestTime) if column.name() == "timestamp" => "time".into(),
        Some(Field::Duration) if column.name() == "duration_ms" => "duration".into(),
        Some(Field::Tokens(Share::Total)) if column.name() == "tokens.total" => "tokens".into(),
        _ => one_line(column.name(), WIDEST),
    }
}

/// Whether a column holds text of any length, which may be cut.
fn is_content(column: &Column) -> bool {
    !matches!(
        column.field(),
        Some(
            Field::TraceId
                | Field::RequestTime
                | Field::EndTime
                | Field::Status
                | Field::Duration
                | Field::Tokens(_)
                | Field::Cost(_)
                | Field::SpanCount
                | Field::SizeBytes
                | Field::Experiment
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn traces() -> Vec<Trace> {
        let trace = |id: &str, state: &str, request: &str| {
            Trace::from_json(json!({"info": {"trace_id": id, "request_time": "2026-11-22T08:11:41Z", "execution_duration_ms": 1500,
                "state": state, "request_preview": request, "response_preview": "fine", "tags": {"mlflow.traceName": "agent"},
                "trace_metadata": {"mlflow.trace.user": "jane", "mlflow.trace.session": "s-1",
                                   "mlflow.trace.tokenUsage": "{\"total_tokens\": 4312}"}}, "data": {}}))
            .unwrap()
        };
        vec![
            trace("tr-1", "OK", "hello"),
            trace("tr-2", "ERROR", "a very long question\nover \u{1b}[31m two lines and then some more of it"),
        ]
    }

    fn table(columns: Option<&str>, width: Option<u16>) -> String {
        let mut bytes = Vec::new();
        let columns = columns.map(|list| Columns::parse(list).unwrap());
        let mut sink = TableSink::new(&mut bytes, columns, Clock::fixed(0), width, false);
        for trace in traces() {
            sink.write(&trace).unwrap();
        }
        sink.finish().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn wide_terminals_show_everything() {
        assert_eq!(
            table(None, Some(180)),
            "trace_id  time                        status  duration  name    tokens  session  user    request                                                                response\n\
             tr-1      2026-11-22 08:11:41 +00:00  OK         1.50s  agent    4,312  s-1      jane    hello                                                                  fine\n\
             tr-2      2026-11-22 08:11:41 +00:00  ERROR      1.50s  agent    4,312  s-1      jane    a very long question over \\x1b[31m two lines and then some more of it  fine\n"
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [60_u16, 80, 100, 120, 140] {
            for line in table(None, Some(width)).lines() {
                assert!(line.chars().count() <= usize::from(width), "{width}: {line}");
            }
        }
        assert!(table(None, Some(80)).contains("1.50s"), "durations are never given up");
    }

    #[test]
    fn chosen_columns_stay() {
        let text = table(Some("status,name"), Some(40));
        assert_eq!(text, "status  name\nOK      agent\nERROR   agent\n");
    }

    #[test]
    fn an_empty_result_has_its_header() {
        let mut bytes = Vec::new();
        TableSink::new(&mut bytes, Some(Columns::parse("status").unwrap()), Clock::fixed(0), None, false)
            .finish()
            .unwrap();
        assert_eq!(bytes, b"status\n");
    }
}
