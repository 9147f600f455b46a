//! What is written as JSON, given another shape: by a filter of jq's language (`--jq`), or by a template (`--template`).
//!
//! A document is given its shape as soon as it is whole: each line of JSON lines, or everything.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use crate::output::sanitize;

/// What is wrong with a filter or a template, or went wrong while it ran.
#[derive(Debug)]
pub struct ShapeError(pub(super) String);

impl fmt::Display for ShapeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for ShapeError {}

/// What becomes of a document.
pub(super) enum Made {
    /// A text as it is.
    Text(String),
    /// Another document.
    Json(String),
}

/// Makes something of a document.
pub(super) trait Shape: Send {
    fn make(&self, document: &[u8]) -> Result<Vec<Made>, ShapeError>;
}

/// Writes what a shape makes of the JSON that is written to it, one a line.
pub(super) struct ShapedWriter<W> {
    pub inner: W,
    shape: Box<dyn Shape>,
    /// Whether texts must not steer what shows them.
    is_terminal: bool,
    document: Vec<u8>,
    /// Brackets and braces that are open.
    depth: usize,
    in_text: bool,
    is_escaped: bool,
}

impl<W: Write> ShapedWriter<W> {
    pub fn new(inner: W, shape: Box<dyn Shape>, is_terminal: bool) -> Self {
        Self { inner, shape, is_terminal, document: Vec::new(), depth: 0, in_text: false, is_escaped: false }
    }

    /// Takes a byte; true if a document ends with it.
    fn ends(&mut self, byte: u8) -> bool {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' if self.in_text => self.is_escaped = true,
            b'"' => self.in_text = !self.in_text,
            _ if self.in_text => {}
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            b'\n' => return self.depth == 0,
            _ => {}
        }
        false
    }

    fn make(&mut self) -> io::Result<()> {
        let document = std::mem::take(&mut self.document);
        let document = document.trim_ascii();
        if document.is_empty() {
            return Ok(());
        }
        for made in self.shape.make(document).map_err(io::Error::other)? {
            let line = match &made {
                Made::Text(text) if self.is_terminal => sanitize::for_terminal(text),
                Made::Text(text) => text.into(),
                Made::Json(json) => sanitize::for_json(json),
            };
            writeln!(self.inner, "{line}")?;
        }
        Ok(())
    }
}

impl<W: Write> Write for ShapedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.document.push(*byte);
            if self.ends(*byte) {
                self.make()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::jq::Jq;
    use super::super::template::Template;
    use super::*;

    fn shaped(shape: impl Shape + 'static, is_terminal: bool, text: &str, size: usize) -> String {
        let mut writer = ShapedWriter::new(Vec::new(), Box::new(shape), is_terminal);
        for piece in text.as_bytes().chunks(size) {
            writer.write_all(piece).unwrap();
        }
        String::from_utf8(writer.inner).unwrap()
    }

    #[test]
    fn documents_are_found_however_they_arrive() {
        let text = "{\"a\": \"}]\\\"{\", \"b\": [1, {}]}\n[2]\n\n3\n\"x\\ny\"\n{\"a\": 1}{\"a\": 2}";
        let expected = "{\"a\":\"}]\\\"{\",\"b\":[1,{}]}\n[2]\n3\nx\ny\n{\"a\":1}\n{\"a\":2}\n";
        for size in [1, 2, 3, 7, text.len()] {
            assert_eq!(shaped(Jq::new(".").unwrap(), false, text, size), expected, "{size}");
        }
    }

    #[test]
    fn texts_do_not_steer_a_terminal() {
        let text = "[\"a\\u001b[2Jb\\nc\"]\n";
        assert_eq!(shaped(Jq::new(".[]").unwrap(), true, text, 9), "a\\x1b[2Jb\nc\n");
        assert_eq!(shaped(Template::new("{{ it[0] }}").unwrap(), true, text, 9), "a\\x1b[2Jb\nc\n");
    }
}
