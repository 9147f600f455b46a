//! What is told about a span below its line: why it failed, its content, its attributes.

use std::io::{self, Write};

use serde_json::Value;

use super::tree::{TreeOptions, WIDEST};
use super::{duration, one_line, sanitize};
use crate::model::python_json::{NonAscii, dumps};
use crate::model::{Failure, Span, failure, keys};

/// Lines of a stack that are shown: its end is where it happened.
const STACK: usize = 12;

/// Writes it.
pub(super) fn write_details(
    writer: &mut dyn Write,
    span: &Span,
    options: &TreeOptions,
    prefix: &str,
) -> io::Result<()> {
    if let Some(failure) = failure(span) {
        write_failure(writer, &failure, options, prefix)?;
    }
    if options.content {
        for (label, key) in [("in", keys::SPAN_INPUTS), ("out", keys::SPAN_OUTPUTS)] {
            let Some(value) = span.attribute(key) else { continue };
            let text = match value {
                Value::String(text) => text,
                other => serde_json::to_string_pretty(&other)?,
            };
            write_block(writer, prefix, &format!("{label}: "), &text)?;
        }
    }
    if options.attributes { write_attributes(writer, span, options, prefix) } else { Ok(()) }
}

fn write_block(writer: &mut dyn Write, prefix: &str, label: &str, text: &str) -> io::Result<()> {
    let mut label = label.to_owned();
    for line in text.lines() {
        writeln!(writer, "{prefix}{label}{}", sanitize::for_terminal_line(line))?;
        label = " ".repeat(label.len());
    }
    Ok(())
}

fn write_failure(writer: &mut dyn Write, failure: &Failure, options: &TreeOptions, prefix: &str) -> io::Result<()> {
    let text = failure.text();
    let most = if options.content { usize::MAX - 1 } else { 3 * WIDEST };
    let mut mark = "! ";
    for line in if options.content { text.lines().collect() } else { vec![text.as_str()] } {
        writeln!(writer, "{prefix}{}", options.paint(&format!("{mark}{}", one_line(line, most)), "31"))?;
        mark = "  ";
    }
    let Some(stack) = failure.stack.as_deref().filter(|_| options.content) else { return Ok(()) };
    let lines: Vec<&str> = stack.trim_end().lines().collect();
    let before = lines.len().saturating_sub(STACK);
    if before > 0 {
        writeln!(writer, "{prefix}  … {before} lines before, in the trace's JSON")?;
    }
    lines[before..].iter().try_for_each(|line| writeln!(writer, "{prefix}  {}", sanitize::for_terminal_line(line)))
}

fn write_attributes(writer: &mut dyn Write, span: &Span, options: &TreeOptions, prefix: &str) -> io::Result<()> {
    let most = if options.content { usize::MAX - 1 } else { WIDEST };
    writeln!(writer, "{prefix}span_id = {}", span.span_id_hex())?;
    if let Some(kind) = span.kind {
        writeln!(writer, "{prefix}kind = {}", kind.as_str())?;
    }
    let contents = [keys::SPAN_INPUTS, keys::SPAN_OUTPUTS, keys::REQUEST_ID, keys::SPAN_TYPE];
    for (key, text) in span.attributes.iter().filter(|(key, _)| !contents.contains(&key.as_str())) {
        writeln!(writer, "{prefix}{} = {}", one_line(key, WIDEST), one_line(text, most))?;
    }
    for event in &span.events {
        let after = duration(event.time_unix_nano.saturating_sub(span.start_time_unix_nano) / 1_000_000);
        let told = dumps(&Value::Object(event.attributes.clone()), NonAscii::Verbatim);
        writeln!(writer, "{prefix}event {} +{after} {}", one_line(&event.name, WIDEST), one_line(&told, most))?;
    }
    for link in &span.links {
        writeln!(writer, "{prefix}link {}", one_line(&dumps(link, NonAscii::Verbatim), most))?;
    }
    Ok(())
}
