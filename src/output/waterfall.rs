//! Spans as bars over time.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::tree::write_hidden;
use super::{count, duration, one_line};
use crate::analysis::{Bar, Outside, SpanSelection, Timing, money, selected, timing};
use crate::model::Trace;

/// How to draw.
#[derive(Clone, Debug)]
pub struct WaterfallOptions {
    /// Maximum columns.
    pub width: usize,
    /// Whether to draw with ASCII only.
    pub ascii: bool,
    /// Whether to colour.
    pub color: bool,
    /// Which spans to show.
    pub spans: SpanSelection,
}

/// Deeper spans are not moved further to the right.
const DEEPEST: usize = 12;
/// Columns of a duration, with the blanks before it.
const TIMES: usize = 9;

/// Writes the spans of a trace as bars.
pub fn write_waterfall(writer: &mut dyn Write, trace: &Trace, options: &WaterfallOptions) -> io::Result<()> {
    let shown = selected(trace.spans(), &options.spans);
    let told = timing(trace.spans());
    let bars: Vec<&Bar> = told.bars.iter().filter(|bar| shown[bar.place]).collect();
    let total = duration(told.total_ns / 1_000_000);
    let head = format!("{}  {}  {total}", one_line(trace.info.trace_id.as_str(), 60), trace.info.state.as_str());
    writeln!(writer, "{head}")?;
    if trace.spans.is_none() {
        return writeln!(writer, "  (spans not at hand)");
    }
    let layout = Layout::new(&bars, &told, options);
    writeln!(writer, "  {:<names$} {:>TIMES$} {:>TIMES$}", "", "total", "self", names = layout.names)?;
    for bar in &bars {
        writeln!(writer, "{}", layout.line(bar, options))?;
        if let Some(note) = note(bar) {
            writeln!(writer, "  {}{note}", " ".repeat(bar.depth.min(DEEPEST) + 2))?;
        }
    }
    write_hidden(writer, &shown)?;
    write_callouts(writer, &told)
}

struct Layout {
    names: usize,
    columns: usize,
    total_ns: i64,
}

impl Layout {
    fn new(bars: &[&Bar], told: &Timing, options: &WaterfallOptions) -> Self {
        let width = options.width.clamp(40, 400);
        let widest = bars.iter().map(|bar| label(bar, width).width()).max().unwrap_or(0);
        let names = widest.min(width / 3);
        let columns = width.saturating_sub(names + 2 * TIMES + 7).max(8);
        Self { names, columns, total_ns: told.total_ns.max(1) }
    }

    fn line(&self, bar: &Bar, options: &WaterfallOptions) -> String {
        let label = fitted(&label(bar, self.names), self.names);
        let took = bar.duration_ns.map_or_else(|| "open".to_owned(), |took| duration(took / 1_000_000));
        let own = duration(bar.self_ns / 1_000_000);
        let drawn = self.drawn(bar, options.ascii);
        let drawn = match (options.color, &bar.failure, bar.is_critical) {
            (true, Some(_), _) => format!("\u{1b}[31m{drawn}\u{1b}[0m"),
            (true, None, true) => format!("\u{1b}[33m{drawn}\u{1b}[0m"),
            _ => drawn,
        };
        let mark = match (&bar.failure, bar.is_critical) {
            (Some(_), _) => '!',
            (None, true) => '*',
            _ => ' ',
        };
        format!("{mark} {label} {took:>TIMES$} {own:>TIMES$}  {drawn}").trim_end().to_owned()
    }

    /// Where a time is, in eighths of a column.
    fn eighths(&self, nanoseconds: i64) -> usize {
        let all = i128::try_from(self.columns * 8).unwrap_or(8);
        let place = i128::from(nanoseconds.clamp(0, self.total_ns)) * all / i128::from(self.total_ns);
        usize::try_from(place).unwrap_or(0)
    }

    fn drawn(&self, bar: &Bar, ascii: bool) -> String {
        let end = bar.duration_ns.map_or(self.total_ns, |took| bar.offset_ns.saturating_add(took));
        let (from, to) = (self.eighths(bar.offset_ns), self.eighths(end));
        let column = (from / 8).min(self.columns - 1);
        if ascii {
            let length = to.div_ceil(8).saturating_sub(column).clamp(1, self.columns - column);
            return format!("{}{}", " ".repeat(column), "#".repeat(length));
        }
        let (whole, rest) = ((to / 8).saturating_sub(column), to % 8);
        let last = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][rest];
        let block = if whole == 0 && rest == 0 { "▏" } else { last };
        format!("{}{}{block}", " ".repeat(column), "█".repeat(whole))
    }
}

fn label(bar: &Bar, most: usize) -> String {
    format!("{}{}", " ".repeat(bar.depth.min(DEEPEST)), one_line(&bar.name, most))
}

/// A text of exactly this many columns.
fn fitted(text: &str, width: usize) -> String {
    let mut fitted = String::new();
    for character in text.chars() {
        let mut buffer = [0; 4];
        if fitted.width() + character.encode_utf8(&mut buffer).width() > width {
            break;
        }
        fitted.push(character);
    }
    format!("{fitted}{}", " ".repeat(width.saturating_sub(fitted.width())))
}

/// What a bar cannot show.
fn note(bar: &Bar) -> Option<String> {
    let milliseconds = |nanoseconds: i64| duration(nanoseconds / 1_000_000);
    let mut notes = Vec::new();
    notes.extend(bar.failure.as_ref().map(|failure| format!("! {}", one_line(failure, 100))));
    notes.extend(bar.first_token_ns.map(|first| format!("first token after {}", milliseconds(first))));
    notes.extend(bar.outside.map(|outside| match outside {
        Outside::BeganBefore(by) => format!("began {} before its parent: clocks differ", milliseconds(by)),
        Outside::EndedAfter(by) => format!("ended {} after its parent", milliseconds(by)),
    }));
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// The slowest, the most expensive and the failed ones.
fn write_callouts(writer: &mut dyn Write, told: &Timing) -> io::Result<()> {
    let name = |bar: &Bar| format!("{} (span {})", one_line(&bar.name, 40), bar.span_id);
    let slowest =
        told.bars.iter().filter(|bar| bar.self_ns > 0).max_by_key(|bar| (bar.self_ns, std::cmp::Reverse(bar.place)));
    if let Some(slowest) = slowest {
        let share = slowest.self_ns.saturating_mul(100) / told.total_ns.max(1);
        let own = duration(slowest.self_ns / 1_000_000);
        writeln!(writer, "  slowest: {}, {own} itself, {share}%", name(slowest))?;
    }
    let costs = told.bars.iter().filter_map(|bar| Some((bar, bar.cost.filter(|cost| *cost > 0.0)?)));
    if let Some((bar, cost)) = costs.max_by(|one, two| one.1.total_cmp(&two.1)) {
        writeln!(writer, "  most expensive: {}, {}", name(bar), money(cost))?;
    }
    let failed = told.bars.iter().filter(|bar| bar.failure.is_some()).count();
    if failed > 0 {
        writeln!(writer, "  failed: {}", count(failed as u64))?;
    }
    if told.bars.iter().any(|bar| bar.is_critical) {
        writeln!(writer, "  * what the end of the trace waited for")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(offset: i64, took: i64) -> Bar {
        let nothing = (None, None, None, None);
        let (first_token_ns, outside, failure, cost) = nothing;
        let (span_id, name) = ("0000000000000001".to_owned(), "s".to_owned());
        let duration_ns = Some(took);
        Bar {
            place: 0,
            span_id,
            name,
            depth: 0,
            offset_ns: offset,
            duration_ns,
            self_ns: took,
            first_token_ns,
            outside,
            is_critical: false,
            failure,
            cost,
        }
    }

    #[test]
    fn bars_are_in_proportion_and_never_empty_or_outside() {
        let layout = Layout { names: 4, columns: 10, total_ns: 100 };
        assert_eq!(layout.drawn(&bar(0, 100), false), "██████████");
        assert_eq!(layout.drawn(&bar(50, 25), false), "     ██▌");
        assert_eq!(layout.drawn(&bar(50, 25), true), "     ###");
        assert_eq!(layout.drawn(&bar(-30, 40), false), "█");
        for place in [-10, 0, 3, 50, 99, 100, 500] {
            for ascii in [true, false] {
                let drawn = layout.drawn(&bar(place, 0), ascii);
                assert!(!drawn.trim().is_empty() && drawn.width() <= 10, "{place}: {drawn:?}");
            }
        }
    }
}
