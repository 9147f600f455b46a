//! Tables for people: one line a trace, as wide as the terminal.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, Width};
use serde_json::Value;

use super::columns::cell;
use super::layout::{Extent, GAP, cut, telling_length, widths};
use super::{Column, Columns, Sink, count, duration, one_line, short_count};
use crate::clock::Clock;
use crate::model::field::{Field, Share};
use crate::model::{Trace, TraceState};

/// Rows that are laid out together; longer outputs are written block by block.
const BLOCK: usize = 1000;
/// Content longer than this is cut even where there is room.
const WIDEST: usize = 80;

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
        Field::Tokens(Share::Total),
        Field::User,
        Field::Session,
        Field::ResponsePreview,
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

/// How a table is written.
pub struct TableStyle {
    /// These columns; without, the usual ones as far as there is room.
    pub columns: Option<Columns>,
    /// For times.
    pub clock: Clock,
    /// Characters of a line, where that is limited.
    pub width: Option<u16>,
    /// Whether it is coloured.
    pub color: bool,
    /// Whether everything is shown, however wide: whole ids, times, numbers and texts.
    pub is_wide: bool,
}

/// Writes tables.
pub struct TableSink<W> {
    writer: W,
    style: TableStyle,
    shown: Vec<Column>,
    block: Vec<Vec<String>>,
    /// The columns that are shown, in their order, once there is a header.
    chosen: Option<Vec<usize>>,
    /// What the header says about the offset of times from UTC.
    offset: Option<String>,
}

impl<W: Write> TableSink<W> {
    /// Begins a table.
    pub fn new(writer: W, style: TableStyle) -> Self {
        let shown = match &style.columns {
            Some(columns) => columns.iter().cloned().collect(),
            None => default_columns().into_iter().map(Column::of).collect(),
        };
        let style = TableStyle { width: style.width.filter(|_| !style.is_wide), ..style };
        Self { writer, style, shown, block: Vec::new(), chosen: None, offset: None }
    }

    fn write_block(&mut self) -> io::Result<()> {
        let mut rows = std::mem::take(&mut self.block);
        if rows.is_empty() && self.chosen.is_some() {
            return Ok(());
        }
        self.shorten_ids(&mut rows);
        let has_header = self.chosen.is_some();
        let chosen = self.chosen.take().unwrap_or_else(|| self.choose(&rows));
        let table = self.table(&chosen, &rows, has_header);
        for line in table.lines() {
            writeln!(self.writer, "{}", colored(line.trim_end()))?;
        }
        self.chosen = Some(chosen);
        Ok(())
    }

    fn table(&self, chosen: &[usize], rows: &[Vec<String>], has_header: bool) -> Table {
        let mut table = Table::new();
        table.load_style(comfy_table::presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        match self.style.width {
            Some(width) => table.set_width(width),
            None => table.set_content_arrangement(ContentArrangement::Disabled),
        };
        table.set_truncation_indicator("…");
        if !has_header {
            table.set_header(chosen.iter().map(|index| Cell::new(self.header(&self.shown[*index]))));
        }
        let widths = self.style.width.and_then(|width| widths(&self.extents(chosen, rows), width.into()));
        for row in rows {
            let text = |(place, index): (usize, &usize)| match &widths {
                Some(widths) => self.cell(*index, &cut(&row[*index], widths[place])),
                None => self.cell(*index, &row[*index]),
            };
            let mut line = Row::from(chosen.iter().enumerate().map(text).collect::<Vec<_>>());
            line.max_height(1);
            table.add_row(line);
        }
        self.set_widths(&mut table, chosen, widths.as_deref());
        table
    }

    /// Widths by their worth; where chosen columns do not fit, those of content are cut.
    fn set_widths(&self, table: &mut Table, chosen: &[usize], widths: Option<&[usize]>) {
        if widths.is_some() {
            // The gap behind the last column is taken off the line.
            table.set_width(self.style.width.unwrap_or_default().saturating_add(GAP));
        }
        for (place, index) in chosen.iter().enumerate() {
            let Some(column) = table.column_mut(place) else { continue };
            column.set_padding((0, GAP));
            let is_content = is_content(&self.shown[*index]);
            let constraint = match (widths, self.style.width) {
                (Some(widths), _) => {
                    let width = u16::try_from(widths[place]).unwrap_or(u16::MAX).saturating_add(GAP);
                    ColumnConstraint::Absolute(Width::Fixed(width))
                }
                (None, Some(_)) if is_content => ColumnConstraint::LowerBoundary(Width::Fixed(8)),
                (None, None) if is_content => continue,
                _ => ColumnConstraint::ContentWidth,
            };
            column.set_constraint(constraint);
        }
    }

    /// The columns that fit, in the order in which they stand: of the usual ones, those that give way first are dropped until
    /// every column of content has a useful width.
    fn choose(&self, rows: &[Vec<String>]) -> Vec<usize> {
        let mut chosen: Vec<usize> = (0..self.shown.len()).collect();
        if self.style.columns.is_some() {
            return chosen;
        }
        if let Some(width) = self.style.width {
            while chosen.len() > 1 && widths(&self.extents(&chosen, rows), width.into()).is_none() {
                chosen.pop();
            }
        }
        chosen.sort_by_key(|index| self.shown[*index].field().map_or(usize::MAX, position));
        chosen
    }

    fn extents(&self, chosen: &[usize], rows: &[Vec<String>]) -> Vec<Extent> {
        chosen.iter().map(|index| self.extent(*index, rows)).collect()
    }

    fn extent(&self, index: usize, rows: &[Vec<String>]) -> Extent {
        let column = &self.shown[index];
        let widest = rows.iter().map(|row| unicode_width::UnicodeWidthStr::width(row[index].as_str())).max();
        let natural = widest.unwrap_or(0).max(self.header(column).len());
        let (least, is_long) = match column.field() {
            Some(Field::Name) => (10, false),
            Some(Field::User | Field::Session) => (8, false),
            // Only where there is room for both does an answer take any from its question.
            Some(Field::ResponsePreview) if self.style.columns.is_none() => (24, true),
            _ if is_content(column) => (12, true),
            _ => (natural, false),
        };
        Extent { least: least.min(natural), natural, is_long }
    }

    /// Of ids as much as tells them apart.
    fn shorten_ids(&self, rows: &mut [Vec<String>]) {
        if self.style.is_wide {
            return;
        }
        let ids = self.shown.iter().enumerate().filter(|(_, column)| column.field() == Some(&Field::TraceId));
        for (index, _) in ids {
            let length = telling_length(&rows.iter().map(|row| row[index].as_str()).collect::<Vec<_>>());
            for row in rows.iter_mut() {
                row[index] = row[index].chars().take(length).collect();
            }
        }
    }

    fn header(&self, column: &Column) -> String {
        let name = header(column);
        match (column.field(), &self.offset) {
            (Some(Field::RequestTime | Field::EndTime), Some(offset)) => format!("{name} ({offset})"),
            _ => name,
        }
    }

    fn cell(&self, index: usize, text: &str) -> Cell {
        let cell = Cell::new(text);
        match self.shown[index].field() {
            Some(Field::Status) if self.style.color => match TraceState::from(text) {
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

    /// A time with its offset, unless the header has the same one.
    fn time(&mut self, epoch_ms: i64) -> String {
        let clock = &self.style.clock;
        if self.style.is_wide {
            return clock.local(epoch_ms);
        }
        let (short, offset) = (clock.short(epoch_ms), clock.offset(epoch_ms));
        if *self.offset.get_or_insert_with(|| offset.clone()) == offset { short } else { format!("{short} {offset}") }
    }

    fn text(&mut self, column: &Column, trace: &Trace) -> String {
        let info = &trace.info;
        let (widest, number): (usize, fn(u64) -> String) =
            if self.style.is_wide { (usize::MAX - 1, count) } else { (WIDEST, short_count) };
        match column.field() {
            Some(Field::RequestTime) => self.time(info.request_time_ms),
            Some(Field::EndTime) => {
                info.duration_ms.map_or_else(String::new, |ms| self.time(info.request_time_ms.saturating_add(ms)))
            }
            Some(Field::Duration) => info.duration_ms.map_or_else(String::new, duration),
            // Traces of plain OpenTelemetry have no name; their first span's tells more than nothing.
            Some(Field::Name) => {
                let name = info.name().or_else(|| trace.spans().first().map(|span| span.name.as_str()));
                one_line(name.unwrap_or(""), widest)
            }
            Some(field @ Field::Tokens(_)) => match field.value(trace) {
                Value::Number(tokens) => tokens.as_u64().map_or_else(|| tokens.to_string(), number),
                value => one_line(&cell(&value), widest),
            },
            Some(field) => match field.value(trace) {
                Value::Number(number) => number.as_u64().map_or_else(|| number.to_string(), count),
                value => one_line(&cell(&value), widest),
            },
            None => one_line(&cell(&column.value(trace)), widest),
        }
    }
}

impl<W: Write> Sink for TableSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        let shown = std::mem::take(&mut self.shown);
        let row = shown.iter().map(|column| self.text(column, trace)).collect();
        self.shown = shown;
        self.block.push(row);
        if self.block.len() >= BLOCK { self.write_block() } else { Ok(()) }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.write_block()
    }

    fn hidden_columns(&self) -> usize {
        self.chosen.as_ref().map_or(0, |chosen| self.shown.len() - chosen.len())
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

    /// 2026-11-22 12:00 in UTC.
    const NOON: i64 = 1_795_348_800_000;

    fn trace(id: &str, state: &str, request: &str) -> Trace {
        Trace::from_json(json!({"info": {"trace_id": id, "request_time": "2026-11-22T08:11:41Z", "execution_duration_ms": 1500,
            "state": state, "request_preview": request, "response_preview": "fine", "tags": {"mlflow.traceName": "support_agent"},
            "trace_metadata": {"mlflow.trace.user": "jane.doe", "mlflow.trace.session": "chat-7f4b02",
                               "mlflow.trace.tokenUsage": "{\"total_tokens\": 18732}"}}, "data": {}}))
        .unwrap()
    }

    fn traces() -> Vec<Trace> {
        vec![
            trace("tr-8c9da0e91080e465367d509b505b35da", "OK", "hello"),
            trace(
                "tr-565cd459f6270cfbead4d9373d543128",
                "IN_PROGRESS",
                "a very long question\nover \u{1b}[31m two lines and then some more of it, and more",
            ),
        ]
    }

    fn style(columns: Option<&str>, width: Option<u16>) -> TableStyle {
        let columns = columns.map(|list| Columns::parse(list).unwrap());
        TableStyle { columns, clock: Clock::fixed(NOON), width, color: false, is_wide: false }
    }

    /// The table, and how many columns are hidden.
    fn written(style: TableStyle, traces: &[Trace]) -> (String, usize) {
        let mut bytes = Vec::new();
        let mut sink = TableSink::new(&mut bytes, style);
        traces.iter().try_for_each(|trace| sink.write(trace)).unwrap();
        sink.finish().unwrap();
        let hidden = sink.hidden_columns();
        (String::from_utf8(bytes).unwrap(), hidden)
    }

    fn table(columns: Option<&str>, width: Option<u16>) -> String {
        written(style(columns, width), &traces()).0
    }

    #[test]
    fn a_terminal_of_100_columns_shows_what_people_look_for() {
        let (text, hidden) = written(style(None, Some(100)), &traces());
        assert_eq!(
            text,
            "trace_id      time (+00:00)    status       duration  name           tokens  user      request\n\
             tr-8c9da0e91  Nov 22 08:11:41  OK              1.50s  support_agent   18.7k  jane.doe  hello\n\
             tr-565cd459f  Nov 22 08:11:41  IN_PROGRESS     1.50s  support_agent   18.7k  jane.doe  a very long…\n"
        );
        assert_eq!(hidden, 2);
    }

    #[test]
    fn wide_tables_have_whole_ids_times_numbers_and_texts() {
        let (text, hidden) = written(TableStyle { is_wide: true, ..style(None, Some(80)) }, &traces());
        assert_eq!(hidden, 0);
        for part in [
            "tr-8c9da0e91080e465367d509b505b35da  2026-11-22 08:11:41 +00:00  OK ",
            "  18,732  chat-7f4b02  jane.doe  hello ",
            "  a very long question over \\x1b[31m two lines and then some more of it, and more  fine\n",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [60_u16, 80, 100, 120, 140, 180] {
            for line in table(None, Some(width)).lines() {
                assert!(line.chars().count() <= usize::from(width), "{width}: {line}");
            }
        }
        assert!(table(None, Some(80)).contains("1.50s"), "durations are never given up");
    }

    #[test]
    fn every_column_is_shown_or_counted() {
        for width in [40_u16, 80, 100, 120, 250] {
            let (text, hidden) = written(style(None, Some(width)), &traces());
            let header = text.lines().next().unwrap_or_default().replace("time (+00:00)", "time");
            assert_eq!(header.split_whitespace().count() + hidden, 10, "{width}: {header}");
        }
        assert_eq!(written(style(None, None), &traces()).1, 0, "a pipe has room for all");
    }

    #[test]
    fn ids_are_as_long_as_tells_them_apart() {
        let all = [trace("tr-8c9da0e91080e465367d509b505b35da", "OK", "a"), trace("tr-8c9da0e91080f", "OK", "b")];
        let (text, _) = written(style(Some("trace_id"), None), &all);
        assert_eq!(text, "trace_id\ntr-8c9da0e91080e\ntr-8c9da0e91080f\n");
    }

    #[test]
    fn chosen_columns_stay() {
        let text = table(Some("status,name"), Some(40));
        assert_eq!(text, "status       name\nOK           support_agent\nIN_PROGRESS  support_agent\n");
        assert_eq!(written(style(Some("trace_id,timestamp,request,response,name"), Some(30)), &traces()).1, 0);
    }

    #[test]
    fn the_columns_of_the_first_rows_are_those_of_all() {
        let mut all: Vec<Trace> = (0..BLOCK).map(|_| traces().remove(0)).collect();
        all.push(traces().remove(1));
        let (text, _) = written(style(None, Some(100)), &all);
        let last = text.lines().last().unwrap_or_default();
        assert!(last.contains("IN_PROGRESS") && last.contains("jane"), "{last}");
    }

    #[test]
    fn an_empty_result_has_its_header() {
        assert_eq!(written(style(Some("status"), None), &[]).0, "status\n");
    }
}
