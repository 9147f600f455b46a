//! Ids for `xargs` and for the commands that read ids from standard input: one a line, or each with a NUL behind it.

use std::io::{self, Write};

use super::Sink;
use crate::model::Trace;

/// Whether an id can stand on a line: read back, it is the same id and no other one, and no flag. Whoever may log a trace chooses
/// its id, line breaks and what shells and `xargs` make something else of included.
#[must_use]
pub fn is_plain_id(id: &str) -> bool {
    let is_special = |character: char| {
        character.is_whitespace() || character.is_control() || matches!(character, '\'' | '"' | '\\' | ',' | '{')
    };
    !id.is_empty() && !id.starts_with('-') && !id.contains(is_special)
}

/// How ids are written, and those that cannot be.
#[derive(Debug, Default)]
pub struct Ids {
    /// Whether a NUL ends each instead of a line break.
    null: bool,
    /// Ids that would be read as something else.
    pub refused: Vec<String>,
}

impl Ids {
    /// One a line, or each with a NUL behind it.
    #[must_use]
    pub fn new(null: bool) -> Self {
        Self { null, refused: Vec::new() }
    }

    /// Writes an id, or keeps it as one that cannot be written.
    pub fn write(&mut self, writer: &mut dyn Write, id: &str) -> io::Result<()> {
        let fits = if self.null { !id.is_empty() && !id.contains('\0') } else { is_plain_id(id) };
        if !fits {
            self.refused.push(id.to_owned());
            return Ok(());
        }
        writer.write_all(id.as_bytes())?;
        writer.write_all(if self.null { b"\0" } else { b"\n" })
    }
}

/// Writes the ids of traces.
pub struct IdsSink<'a, W>(pub W, pub &'a mut Ids);

impl<W: Write> Sink for IdsSink<'_, W> {
    fn write(&mut self, trace: &Trace) -> io::Result<()> {
        self.1.write(&mut self.0, trace.info.trace_id.as_str())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_would_be_read_as_others_are_not_written() {
        let all = [
            "tr-1",
            "",
            "tr-2\ntr-3",
            "tr-4 ",
            "a b",
            "--yes",
            "it's",
            "a\\b",
            "a,b",
            "{}",
            "é",
            "a\u{2028}b",
            "a\0b",
            "a/b",
        ];
        let written = |null: bool| {
            let (mut ids, mut bytes) = (Ids::new(null), Vec::new());
            all.iter().try_for_each(|id| ids.write(&mut bytes, id)).unwrap();
            (String::from_utf8(bytes).unwrap(), ids.refused.len())
        };
        assert_eq!(written(false), ("tr-1\né\na/b\n".to_owned(), 11));
        let (text, refused) = written(true);
        assert_eq!((text.split_terminator('\0').count(), refused), (12, 2));
        assert!(text.contains("tr-2\ntr-3\0"));
    }
}
