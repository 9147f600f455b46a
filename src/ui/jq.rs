//! `--jq`: what is written as JSON goes through a filter of jq's language.
//!
//! A document is filtered as soon as it is whole: each line of JSON lines, or everything.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use jaq_core::data::JustLut;
use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, compile, unwrap_valr};
use jaq_json::{Val, read};

use crate::output::sanitize;

type Filter = compile::Filter<jaq_core::Native<JustLut<Val>>>;

/// What went wrong in a filter while it ran, or that what it was given is no JSON.
#[derive(Debug)]
pub struct JqError(String);

impl fmt::Display for JqError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for JqError {}

/// Writes what a filter makes of the JSON that is written to it: texts as they are, everything else as JSON, one a line.
pub struct JqWriter<W> {
    inner: W,
    filter: Filter,
    /// Whether texts must not steer what shows them.
    is_terminal: bool,
    document: Vec<u8>,
    /// Brackets and braces that are open.
    depth: usize,
    in_text: bool,
    is_escaped: bool,
}

impl<W: Write> JqWriter<W> {
    /// Fails with what is wrong with the filter.
    pub fn new(inner: W, filter: &str, is_terminal: bool) -> Result<Self, JqError> {
        let filter = compiled(filter)?;
        Ok(Self { inner, filter, is_terminal, document: Vec::new(), depth: 0, in_text: false, is_escaped: false })
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

    fn filter(&mut self) -> io::Result<()> {
        let document = std::mem::take(&mut self.document);
        if document.trim_ascii().is_empty() {
            return Ok(());
        }
        let failed = |reason: String| io::Error::other(JqError(reason));
        let value = read::parse_single(document.trim_ascii());
        let value = value.map_err(|error| failed(format!("what --jq is given is no JSON: {error}")))?;
        let context = Ctx::<JustLut<Val>>::new(&self.filter.lut, Vars::new([]));
        for made in self.filter.id.run((context, value)).map(unwrap_valr) {
            match made.map_err(|error| failed(format!("--jq: {error}")))? {
                Val::TStr(text) if self.is_terminal => {
                    let text = String::from_utf8_lossy(&text);
                    self.inner.write_all(sanitize::for_terminal(&text).as_bytes())?;
                }
                Val::TStr(text) => self.inner.write_all(&text)?,
                other => self.inner.write_all(sanitize::for_json(&other.to_string()).as_bytes())?,
            }
            self.inner.write_all(b"\n")?;
        }
        Ok(())
    }
}

impl<W: Write> Write for JqWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.document.push(*byte);
            if self.ends(*byte) {
                self.filter()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn compiled(filter: &str) -> Result<Filter, JqError> {
    let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let arena = Arena::default();
    let parsed = Loader::new(definitions).load(&arena, File { code: filter, path: () });
    let parsed = parsed.map_err(|errors| JqError(format!("--jq {filter:?} cannot be read: {}", unread(&errors))))?;
    let compiled = Compiler::default().with_funs(functions).compile(parsed);
    compiled.map_err(|errors| {
        let unknown = errors.iter().flat_map(|(_, errors)| errors).map(|(name, _)| *name).next().unwrap_or_default();
        JqError(format!("--jq {filter:?} uses {unknown:?}, which is not defined"))
    })
}

/// Where reading ended.
fn unread(errors: &jaq_core::load::Errors<&str, ()>) -> String {
    use jaq_core::load::Error as Unread;
    let first = errors.iter().map(|(_, error)| match error {
        Unread::Lex(errors) => errors.first().map(|(expected, at)| format!("expected {} at {at:?}", expected.as_str())),
        Unread::Parse(errors) => errors.first().map(|(expected, at)| {
            let at = if at.is_empty() { "the end".to_owned() } else { format!("{at:?}") };
            format!("expected {} at {at}", expected.as_str())
        }),
        Unread::Io(_) => None,
    });
    first.flatten().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_found_however_they_arrive() {
        let text = "{\"a\": \"}]\\\"{\", \"b\": [1, {}]}\n[2]\n\n3\n\"x\\ny\"\n{\"a\": 1}{\"a\": 2}";
        for size in [1, 2, 3, 7, text.len()] {
            let mut writer = JqWriter::new(Vec::new(), ".", false).unwrap();
            for piece in text.as_bytes().chunks(size) {
                writer.write_all(piece).unwrap();
            }
            let written = String::from_utf8(writer.inner).unwrap();
            assert_eq!(written, "{\"a\":\"}]\\\"{\",\"b\":[1,{}]}\n[2]\n3\nx\ny\n{\"a\":1}\n{\"a\":2}\n", "{size}");
        }
    }

    #[test]
    fn texts_do_not_steer_a_terminal() {
        let mut writer = JqWriter::new(Vec::new(), ".[]", true).unwrap();
        writer.write_all(b"[\"a\\u001b[2Jb\\nc\"]\n").unwrap();
        assert_eq!(String::from_utf8(writer.inner).unwrap(), "a\\x1b[2Jb\nc\n");
    }
}
