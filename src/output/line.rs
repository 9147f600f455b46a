//! One line a trace, without a header and in fixed places: what can be written while more is to come.

use std::io::{self, Write};

use super::layout::cut;
use super::{Sink, duration, one_line};
use crate::clock::Clock;
use crate::model::{Trace, TraceState};

/// Characters of a name.
const NAME: usize = 24;
/// Characters of the request where a line has no end.
const REQUEST: usize = 80;

/// Writes lines: when the trace ended, its id, its state, how long it took, its name, what was asked.
pub struct LineSink<W> {
    /// Where to.
    pub writer: W,
    /// For times.
    pub clock: Clock,
    /// Characters of a line, where that is limited.
    pub width: Option<u16>,
    /// Whether states are coloured.
    pub color: bool,
}

impl<W: Write> Sink for LineSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        let info = &trace.info;
        let end_ms = info.request_time_ms.saturating_add(info.duration_ms.unwrap_or(0));
        let time = self.clock.short(end_ms);
        let id = one_line(info.trace_id.as_str(), 100);
        let took = info.duration_ms.map_or_else(String::new, duration);
        let name = cut(&one_line(info.name().unwrap_or_default(), 100), NAME);
        let before = format!("{time}  {id}  ");
        let behind = format!("{took:>7}  {name:<NAME$}  ");
        let state = info.state.as_str();
        let room = self.width.map_or(REQUEST, |width| {
            usize::from(width).saturating_sub(before.chars().count() + 7 + behind.chars().count())
        });
        let request = cut(&one_line(info.request_preview.as_deref().unwrap_or_default(), REQUEST), room.max(1));
        let line = format!("{before}{}{behind}{request}", self.colored(&info.state, &format!("{state:<7}")));
        writeln!(self.writer, "{}", line.trim_end())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W> LineSink<W> {
    fn colored(&self, state: &TraceState, text: &str) -> String {
        let sgr = match state {
            TraceState::Error => "31;1",
            TraceState::Ok => "32",
            _ => "33",
        };
        if self.color { format!("\u{1b}[{sgr}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
