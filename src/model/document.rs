//! Files of TOML that are read strictly: a key that is not known and a value of another kind are errors that name the file, the
//! line and the key.

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::nearest;

/// A file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The file, as it was named.
    pub file: String,
    /// The line in it, from 1.
    pub line: Option<usize>,
    /// Where in the file: `rule "production", keep_last`; empty for the whole of it.
    pub place: String,
    /// Error message without hints and without secrets.
    pub message: String,
    /// How to put it right, one sentence each.
    pub hints: Vec<String>,
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if !self.place.is_empty() {
            write!(formatter, ": {}", self.place)?;
        }
        write!(formatter, ": {}", self.message)
    }
}

impl std::error::Error for FileError {}

impl FileError {
    /// An error about the whole of a file.
    #[must_use]
    pub fn of_file(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, place: String::new(), message: message.into(), hints: Vec::new() }
    }

    /// With one more thing to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// A file that is being read, with what its reader knows besides.
pub struct TomlDocument<'t, K> {
    /// Its text.
    pub text: &'t str,
    /// Its name in messages.
    pub file: String,
    /// What its reader knows.
    pub known: K,
}

impl<K> TomlDocument<'_, K> {
    /// An error at a place of the text.
    pub fn wrong(&self, span: Option<Range<usize>>, place: &str, message: impl Into<String>) -> FileError {
        let line = span.map(|span| {
            let before = self.text.as_bytes().get(..span.start).unwrap_or(self.text.as_bytes());
            before.split(|byte| *byte == b'\n').count()
        });
        FileError { line, place: place.to_owned(), ..FileError::of_file(&self.file, message) }
    }

    /// Reads the text as TOML and hands the whole of it to `read`.
    pub fn read<T>(&self, read: impl FnOnce(&Part<'_, K>) -> Result<T, FileError>) -> Result<T, FileError> {
        let root =
            DeTable::parse(self.text).map_err(|error| self.wrong(error.span(), "", error.message().trim_end()))?;
        read(&Part { document: self, place: String::new(), table: root.get_ref(), span: 0..0 })
    }
}

/// One table of a document.
pub struct Part<'t, K> {
    /// The document.
    pub document: &'t TomlDocument<'t, K>,
    /// Where it is: `rule "production"`.
    pub place: String,
    /// What is in it.
    pub table: &'t DeTable<'t>,
    /// Where it stands in the text.
    pub span: Range<usize>,
}

/// A value, with where it stands.
pub type Value<'t> = Spanned<DeValue<'t>>;

impl<'t, K> Part<'t, K> {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'t Value<'t>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// An error about the value of a key, or about the table if there is none.
    pub fn wrong(&self, key: &str, message: impl Into<String>) -> FileError {
        let span = self.get(key).map_or_else(|| self.span.clone(), Spanned::span);
        let place: Vec<&str> = [self.place.as_str(), key].into_iter().filter(|part| !part.is_empty()).collect();
        self.document.wrong(Some(span), &place.join(", "), message)
    }

    /// Refuses a key that is not one of these.
    pub fn check_keys(&self, known: &[&str]) -> Result<(), FileError> {
        let mut unknown: Vec<_> = self.table.iter().map(|(name, _)| name).collect();
        unknown.retain(|name| !known.contains(&name.get_ref().as_ref()));
        unknown.sort_by_key(|name| name.span().start);
        let Some(name) = unknown.first() else { return Ok(()) };
        let key: &str = name.get_ref();
        let error = self.document.wrong(Some(name.span()), &self.place, format!("there is no key {key:?}"));
        Err(match nearest(key, known.iter().copied()) {
            Some(nearest) => error.hint(format!("did you mean {nearest}?")),
            None => error.hint(format!("the keys here are {}", known.join(", "))),
        })
    }

    /// A table, which is called `place` in messages.
    pub fn table(&self, key: &str, place: &str) -> Result<Option<Self>, FileError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::Table(table) => {
                Ok(Some(Part { document: self.document, place: place.to_owned(), table, span: value.span() }))
            }
            other => Err(self.wrong(key, format!("expected a table, got {}", kind(other)))),
        }
    }

    /// An array of tables; none if there is no such key.
    pub fn tables(&self, key: &str) -> Result<Vec<Self>, FileError> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let expected = || self.wrong(key, format!("expected tables, each of which begins with [[{key}]]"));
        let DeValue::Array(items) = value.get_ref() else { return Err(expected()) };
        let part = |(position, item): (usize, &'t Value<'t>)| match item.get_ref() {
            DeValue::Table(table) => {
                let place = format!("{key} {}", position + 1);
                Ok(Part { document: self.document, place, table, span: item.span() })
            }
            _ => Err(expected()),
        };
        items.iter().enumerate().map(part).collect()
    }

    /// A text.
    pub fn string(&self, key: &str) -> Result<Option<&'t str>, FileError> {
        self.get(key).map_or(Ok(None), |value| match value.get_ref() {
            DeValue::String(text) => Ok(Some(text.as_ref())),
            other => Err(self.wrong(key, format!("expected a text in quotes, got {}", kind(other)))),
        })
    }

    /// A text, a number or a date as it stands there; an empty text for any other value.
    #[must_use]
    pub fn written(&self, key: &str) -> Option<String> {
        Some(match self.get(key)?.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string().replace('_', ""),
            DeValue::Float(number) => number.to_string().replace('_', ""),
            DeValue::Datetime(time) => time.to_string(),
            _ => String::new(),
        })
    }

    /// Texts, or one text alone, each with its place.
    pub fn strings(&self, key: &str) -> Result<Vec<(&'t str, Range<usize>)>, FileError> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let text = |item: &'t Value<'t>| match item.get_ref() {
            DeValue::String(text) => Ok((text.as_ref(), item.span())),
            other => Err(self.wrong(key, format!("expected texts in quotes, got {}", kind(other)))),
        };
        match value.get_ref() {
            DeValue::Array(items) => items.iter().map(text).collect(),
            _ => Ok(vec![text(value)?]),
        }
    }

    /// A whole number from 1.
    pub fn number(&self, key: &str) -> Result<Option<u64>, FileError> {
        self.get(key).map_or(Ok(None), |value| {
            let number = match value.get_ref() {
                DeValue::Integer(integer) => integer.to_string().parse().ok().filter(|number| *number > 0),
                _ => None,
            };
            let error =
                || self.wrong(key, "expected a whole number from 1").hint(format!("to have no {key}, leave it out"));
            number.map(Some).ok_or_else(error)
        })
    }

    /// A boolean; false if there is no such key.
    pub fn boolean(&self, key: &str) -> Result<bool, FileError> {
        self.get(key).map_or(Ok(false), |value| match value.get_ref() {
            DeValue::Boolean(boolean) => Ok(*boolean),
            other => Err(self.wrong(key, format!("expected true or false, got {}", kind(other)))),
        })
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
