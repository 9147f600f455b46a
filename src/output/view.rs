//! Traces in a view, one after the other.

use std::io::{self, Write};

use serde_json::json;

use super::{
    ChatOptions, Sink, TreeOptions, WaterfallOptions, one_line, sanitize, write_chat, write_chat_markdown, write_tree,
    write_waterfall,
};
use crate::analysis::chat::conversation;
use crate::analysis::{digest, timing};
use crate::model::Trace;

/// How each trace is shown.
#[derive(Clone, Debug)]
pub enum ViewStyle {
    /// Its spans as a tree.
    Tree(TreeOptions),
    /// Its conversation.
    Chat(ChatOptions),
    /// Its conversation as Markdown.
    Markdown,
    /// Its spans as bars.
    Waterfall(WaterfallOptions),
    /// A digest of at most this many tokens.
    Digest(usize),
}

/// What a view is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text for people.
    Text,
    /// One JSON object a line.
    Lines,
    /// An array of JSON objects.
    Array,
}

/// Writes a view of each trace.
pub struct ViewSink<W> {
    writer: W,
    style: ViewStyle,
    form: Form,
    is_written: bool,
}

impl<W: Write> ViewSink<W> {
    /// With this style, in this form.
    pub fn new(writer: W, style: ViewStyle, form: Form) -> Self {
        Self { writer, style, form, is_written: false }
    }

    fn write_text(&mut self, trace: &Trace) -> io::Result<()> {
        let writer = &mut self.writer;
        match &self.style {
            ViewStyle::Tree(options) => write_tree(writer, trace, options),
            ViewStyle::Chat(options) => {
                let name = trace.info.name().map_or_else(String::new, |name| format!("  {}", one_line(name, 60)));
                writeln!(
                    writer,
                    "{}  {}{name}",
                    one_line(trace.info.trace_id.as_str(), 100),
                    trace.info.state.as_str()
                )?;
                write_chat(writer, &conversation(trace), options)
            }
            ViewStyle::Markdown => write_chat_markdown(writer, &conversation(trace)),
            ViewStyle::Waterfall(options) => write_waterfall(writer, trace, options),
            ViewStyle::Digest(bound) => writeln!(writer, "{}", sanitize::for_terminal(&digest(trace, *bound))),
        }
    }

    fn write_json(&mut self, trace: &Trace) -> io::Result<()> {
        match &self.style {
            ViewStyle::Tree(_) => serde_json::to_writer(&mut self.writer, trace)?,
            ViewStyle::Waterfall(_) => {
                let timing = timing(trace.spans());
                let told = json!({"trace_id": trace.info.trace_id, "total_ns": timing.total_ns, "spans": timing.bars});
                serde_json::to_writer(&mut self.writer, &told)?;
            }
            ViewStyle::Digest(bound) => {
                let told = json!({"trace_id": trace.info.trace_id, "digest": digest(trace, *bound)});
                serde_json::to_writer(&mut self.writer, &told)?;
            }
            ViewStyle::Chat(_) | ViewStyle::Markdown => serde_json::to_writer(&mut self.writer, &conversation(trace))?,
        }
        Ok(())
    }
}

impl<W: Write> Sink for ViewSink<W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        let is_first = !std::mem::replace(&mut self.is_written, true);
        match self.form {
            Form::Text => {
                if !is_first {
                    writeln!(self.writer)?;
                }
                self.write_text(trace)
            }
            Form::Lines => {
                self.write_json(trace)?;
                self.writer.write_all(b"\n")
            }
            Form::Array => {
                self.writer.write_all(if is_first { b"[\n" } else { b",\n" })?;
                self.write_json(trace)
            }
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match (self.form, self.is_written) {
            (Form::Array, true) => self.writer.write_all(b"\n]\n"),
            (Form::Array, false) => self.writer.write_all(b"[]\n"),
            _ => Ok(()),
        }
    }
}
