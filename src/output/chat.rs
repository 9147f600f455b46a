//! The conversation of a trace for people: on a terminal, or as Markdown.

use std::io::{self, Write};

use super::wrapped::{Block, wrapped};
use super::{one_line, sanitize};
use crate::analysis::chat::{Conversation, Document, Message, Remark};
use crate::model::python_json::{NonAscii, dumps};

/// How to show a conversation.
#[derive(Clone, Debug)]
pub struct ChatOptions {
    /// Whether to show texts of any length whole.
    pub content: bool,
    /// Whether to colour.
    pub color: bool,
    /// Maximum columns.
    pub width: usize,
}

/// Lines of a text that are shown, unless all are asked for.
const LINES: usize = 40;
/// Characters of a document that are shown.
const EXCERPT: usize = 100;

/// What happened, in order of time.
enum Entry<'c> {
    Message(&'c Message),
    Documents(Vec<&'c Document>),
    Error(&'c Remark),
    Missing(&'c Remark),
}

/// The messages with what happened between them.
fn entries(told: &Conversation) -> Vec<Entry<'_>> {
    let mut beside: Vec<(i64, Entry)> = Vec::new();
    for group in told.documents.chunk_by(|one, two| one.span_id == two.span_id) {
        beside.push((group[0].at, Entry::Documents(group.iter().collect())));
    }
    beside.extend(told.errors.iter().map(|note| (note.at, Entry::Error(note))));
    beside.extend(told.notes.iter().map(|note| (note.at, Entry::Missing(note))));
    beside.sort_by_key(|(at, _)| *at);
    let mut beside = beside.into_iter().peekable();
    let mut entries = Vec::new();
    for message in &told.messages {
        while let Some((_, entry)) = beside.next_if(|(at, _)| *at < message.at) {
            entries.push(entry);
        }
        entries.push(Entry::Message(message));
    }
    entries.extend(beside.map(|(_, entry)| entry));
    entries
}

/// Writes a conversation for a terminal.
pub fn write_chat(writer: &mut dyn Write, told: &Conversation, options: &ChatOptions) -> io::Result<()> {
    if told.messages.is_empty() && told.threads.is_empty() {
        writeln!(writer, "\n(no model call is recorded in this trace)")?;
    }
    for entry in entries(told) {
        writeln!(writer)?;
        match entry {
            Entry::Message(message) => write_message(writer, message, options)?,
            Entry::Documents(documents) => write_documents(writer, &documents, options)?,
            Entry::Error(note) => writeln!(writer, "{}", options.paint(&format!("! {}", note_line(note)), "31"))?,
            Entry::Missing(note) => writeln!(writer, "{}", options.paint(&format!("- {}", note_line(note)), "33"))?,
        }
    }
    for thread in &told.threads {
        let whose = thread.agent.as_deref().map_or_else(|| "apart".to_owned(), |agent| one_line(agent, EXCERPT));
        writeln!(writer, "\n{}", options.paint(&format!("── {whose} ──"), "1"))?;
        for message in &thread.messages {
            writeln!(writer)?;
            write_message(writer, message, options)?;
        }
    }
    Ok(())
}

fn note_line(note: &Remark) -> String {
    let span = note.span_id.as_ref().map_or_else(String::new, |id| format!("  (span {id})"));
    format!("{}{span}", one_line(&note.text, 4 * EXCERPT))
}

fn write_message(writer: &mut dyn Write, message: &Message, options: &ChatOptions) -> io::Result<()> {
    let sgr = match message.role.as_str() {
        "user" => "36;1",
        "assistant" => "32;1",
        _ => "1",
    };
    let agent = message.agent.as_ref().map_or_else(String::new, |agent| format!("  {}", one_line(agent, EXCERPT)));
    writeln!(writer, "{}{agent}", options.paint(&one_line(&message.role, EXCERPT), sgr))?;
    let mut write = |mark: &str, text: &str| write_text(writer, mark, text, options);
    if let Some(thinking) = &message.thinking {
        write("thinking: ", thinking)?;
    }
    if !message.text.is_empty() {
        write("", &message.text)?;
    }
    for attachment in &message.attachments {
        write("", &format!("[{attachment}]"))?;
    }
    for other in &message.alternatives {
        write("or: ", other)?;
    }
    for call in &message.tool_calls {
        write("-> ", &format!("{} {}", call.name, dumps(&call.arguments, NonAscii::Verbatim)))?;
    }
    for result in &message.tool_results {
        write("<- ", &format!("{}: {}", result.name, shown(&result.result)))?;
    }
    Ok(())
}

/// A text as it is, other data as JSON.
fn shown(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| dumps(value, NonAscii::Verbatim), str::to_owned)
}

fn write_text(writer: &mut dyn Write, mark: &str, text: &str, options: &ChatOptions) -> io::Result<()> {
    let most = if options.content { usize::MAX } else { LINES };
    let Block { lines, rest } =
        wrapped(&sanitize::for_terminal(text), options.width.saturating_sub(2 + mark.len()), most);
    let mut mark = mark.to_owned();
    for line in lines {
        writeln!(writer, "{}", format!("  {mark}{line}").trim_end())?;
        mark = " ".repeat(mark.len());
    }
    if rest > 0 {
        writeln!(writer, "  … {rest} more lines; --content shows them")?;
    }
    Ok(())
}

fn write_documents(writer: &mut dyn Write, documents: &[&Document], options: &ChatOptions) -> io::Result<()> {
    let name = documents.first().map_or_else(String::new, |first| one_line(&first.retriever, EXCERPT));
    let noun = if documents.len() == 1 { "document" } else { "documents" };
    writeln!(writer, "{}", options.paint(&format!("retrieved {} {noun} ({name})", documents.len()), "1"))?;
    for (place, document) in documents.iter().enumerate() {
        let source = document.source.as_ref().map_or_else(|| "?".to_owned(), |source| one_line(source, EXCERPT));
        let score = document.score.map_or_else(String::new, |score| format!("  {score:.2}"));
        writeln!(writer, "  {}. {source}{score}", place + 1)?;
        let text = if options.content { document.text.clone() } else { one_line(&document.text, EXCERPT) };
        write_text(writer, "   ", &text, options)?;
    }
    Ok(())
}

impl ChatOptions {
    fn paint(&self, text: &str, sgr: &str) -> String {
        if self.color { format!("\u{1b}[{sgr}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Writes a conversation as Markdown.
pub fn write_chat_markdown(writer: &mut dyn Write, told: &Conversation) -> io::Result<()> {
    writeln!(writer, "# Trace {}", one_line(told.trace_id.as_str(), EXCERPT))?;
    for entry in entries(told) {
        match entry {
            Entry::Message(message) => write_markdown(writer, message)?,
            Entry::Documents(documents) => {
                writeln!(writer, "\n**retrieved**\n")?;
                for document in documents {
                    let source = one_line(document.source.as_deref().unwrap_or("?"), EXCERPT);
                    writeln!(writer, "- {}: {}", inert(&source), inert(&one_line(&document.text, EXCERPT)))?;
                }
            }
            Entry::Error(note) => writeln!(writer, "\n**error**: {}", inert(&note_line(note)))?,
            Entry::Missing(note) => writeln!(writer, "\n*{}*", inert(&note_line(note)))?,
        }
    }
    for thread in &told.threads {
        let whose = one_line(thread.agent.as_deref().unwrap_or("apart"), EXCERPT);
        writeln!(writer, "\n## {}", inert(&whose))?;
        thread.messages.iter().try_for_each(|message| write_markdown(writer, message))?;
    }
    Ok(())
}

fn write_markdown(writer: &mut dyn Write, message: &Message) -> io::Result<()> {
    let agent =
        message.agent.as_ref().map_or_else(String::new, |agent| format!(" ({})", inert(&one_line(agent, EXCERPT))));
    writeln!(writer, "\n**{}**{agent}", inert(&one_line(&message.role, EXCERPT)))?;
    if let Some(thinking) = &message.thinking {
        writeln!(writer, "\n> {}", inert(thinking).replace('\n', "\n> "))?;
    }
    if !message.text.is_empty() {
        writeln!(writer, "\n{}", inert(&message.text))?;
    }
    for attachment in &message.attachments {
        writeln!(writer, "\n`{}`", one_line(attachment, EXCERPT).replace('`', "'"))?;
    }
    for other in &message.alternatives {
        writeln!(writer, "\nor: {}", inert(other))?;
    }
    for call in &message.tool_calls {
        writeln!(
            writer,
            "\ncalls {}:\n\n{}",
            inert(&call.name),
            fenced("json", &dumps(&call.arguments, NonAscii::Verbatim))
        )?;
    }
    for result in &message.tool_results {
        writeln!(writer, "\n{} answers:\n\n{}", inert(&result.name), fenced("", &shown(&result.result)))?;
    }
    Ok(())
}

/// A block of code that its content cannot end.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", sanitize::for_terminal(text))
}

/// A text of which nothing is HTML and no picture is fetched; blocks of code stay as they are, and end.
fn inert(text: &str) -> String {
    let mut is_code = false;
    let mut lines: Vec<String> = Vec::new();
    for line in sanitize::for_terminal(text).split('\n') {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        let is_plain = !is_code && !is_fence;
        lines.push(if is_plain { line.replace('<', "&lt;").replace("![", "!\\[") } else { line.to_owned() });
    }
    if is_code {
        lines.push("```".to_owned());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_inert() {
        assert_eq!(inert("<b> ![x](http://t)\n```\n<a>"), "&lt;b> !\\[x](http://t)\n```\n<a>\n```");
        assert_eq!(fenced("", "a ``` b"), "````\na ``` b\n````");
    }

    #[test]
    fn texts_cannot_steer_the_terminal_and_long_ones_are_cut_aloud() {
        let text = format!("\u{1b}[31mred\n{}", "line\n".repeat(60));
        let messages = vec![Message::text("user", text)];
        let told = Conversation { messages, ..crate::analysis::chat::conversation(&empty()) };
        let mut bytes = Vec::new();
        let options = ChatOptions { content: false, color: false, width: 80 };
        write_chat(&mut bytes, &told, &options).unwrap();
        let shown = String::from_utf8(bytes).unwrap();
        assert!(shown.contains("  \\x1b[31mred\n"), "{shown}");
        assert!(shown.contains("more lines; --content shows them"), "{shown}");
    }

    fn empty() -> crate::model::Trace {
        crate::model::Trace::without_spans(crate::model::TraceInfo::new("tr-1".into(), 0))
    }
}
