//! Statements and what they answer, whatever the database.
//!
//! Invariant: what comes from outside is bound and never part of a statement's text.

use std::fmt;

use super::uri::Engine;

/// How a database spells what the others spell otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
    MySql,
}

impl From<Engine> for Dialect {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Postgres => Self::Postgres,
            Engine::MySql => Self::MySql,
        }
    }
}

impl Dialect {
    /// The column of tags and metadata that is called as a keyword of `MySQL`.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::MySql => "`key`",
            Self::Sqlite | Self::Postgres => "\"key\"",
        }
    }

    /// What stands behind a question whose rows nobody else may change before the change is over. A file has one who writes.
    pub(super) fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres | Self::MySql => " FOR UPDATE",
        }
    }

    /// What stands behind a pattern of LIKE so that nothing in it is an escape, as in the language of filters; nothing if that
    /// cannot be said.
    pub(super) fn no_escape(self, pattern: &str) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some(""),
            Self::Postgres => Some(" ESCAPE ''"),
            // For MariaDB no escape is a backslash, so another character has to be one.
            Self::MySql => [("|", " ESCAPE '|'"), ("!", " ESCAPE '!'"), ("~", " ESCAPE '~'"), ("^", " ESCAPE '^'")]
                .into_iter()
                .find_map(|(character, escape)| (!pattern.contains(character)).then_some(escape)),
        }
    }
}

/// A value of a statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bind {
    Text(String),
    Integer(i64),
    Real(f64),
}

impl From<&str> for Bind {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Bind {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Bind {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<i64> for Bind {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

/// A value that a column is to have.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stored {
    Null,
    Truth(bool),
    Value(Bind),
}

impl<V: Into<Bind>> From<Option<V>> for Stored {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, |value| Self::Value(value.into()))
    }
}

impl From<bool> for Stored {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

/// A statement, or a part of one, with `?` for each of its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sql {
    text: String,
    binds: Vec<Bind>,
}

impl Sql {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), binds: Vec::new() }
    }

    /// Adds text.
    pub(super) fn text(mut self, text: impl fmt::Display) -> Self {
        self.text.push_str(&text.to_string());
        self
    }

    /// Adds a value.
    pub(super) fn bind(mut self, value: impl Into<Bind>) -> Self {
        self.text.push('?');
        self.binds.push(value.into());
        self
    }

    /// Adds values between parentheses.
    pub(super) fn list<B: Into<Bind>>(mut self, values: impl IntoIterator<Item = B>) -> Self {
        self.text.push('(');
        for (position, value) in values.into_iter().enumerate() {
            self.text.push_str(if position > 0 { ", " } else { "" });
            self = self.bind(value);
        }
        self.text(")")
    }

    /// Adds another part.
    pub(super) fn part(mut self, part: Self) -> Self {
        self.text.push_str(&part.text);
        self.binds.extend(part.binds);
        self
    }

    /// Adds what a column is to have. What is neither bound nor of one type in all databases is written out.
    fn stored(self, value: Stored) -> Self {
        match value {
            Stored::Null => self.text("NULL"),
            Stored::Truth(truth) => self.text(if truth { "TRUE" } else { "FALSE" }),
            Stored::Value(bind) => self.bind(bind),
        }
    }

    /// A row for a table.
    pub(super) fn insert(table: &str, columns: Vec<(&str, Stored)>) -> Self {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let sql = Self::new(format!("INSERT INTO {table} ({}) VALUES (", names.join(", ")));
        let values = columns
            .into_iter()
            .enumerate()
            .fold(sql, |sql, (position, (_, value))| sql.text(if position > 0 { ", " } else { "" }).stored(value));
        values.text(")")
    }

    /// What columns of a table are to have; which rows, is said behind it.
    pub(super) fn update(table: &str, columns: Vec<(&str, Stored)>) -> Self {
        let sql = Self::new(format!("UPDATE {table} SET "));
        columns.into_iter().enumerate().fold(sql, |sql, (position, (name, value))| {
            sql.text(if position > 0 { ", " } else { "" }).text(name).text(" = ").stored(value)
        })
    }

    /// Parts of which all must hold, or with `word` another one of which some; `empty` if there are none.
    pub(super) fn joined(parts: Vec<Self>, word: &str, empty: &str) -> Self {
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else { return Self::new(empty) };
        let first = Self::new("(").part(first);
        parts.fold(first, |all, part| all.text(word).part(part)).text(")")
    }

    /// The text with its places for values as a database writes them.
    pub(super) fn for_dialect(&self, dialect: Dialect) -> String {
        if dialect != Dialect::Postgres {
            return self.text.clone();
        }
        let mut numbered = String::with_capacity(self.text.len() + 2 * self.binds.len());
        for (position, piece) in self.text.split('?').enumerate() {
            if position > 0 {
                numbered.push_str(&format!("${position}"));
            }
            numbered.push_str(piece);
        }
        numbered
    }

    pub(super) fn binds(&self) -> &[Bind] {
        &self.binds
    }
}

/// A value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

/// A row of an answer, read from left to right.
pub(super) struct Row(std::vec::IntoIter<Cell>);

impl Row {
    pub(super) fn new(cells: Vec<Cell>) -> Self {
        Self(cells.into_iter())
    }

    fn next(&mut self) -> Cell {
        self.0.next().unwrap_or(Cell::Null)
    }

    /// The next value as a text.
    pub(super) fn text(&mut self) -> Option<String> {
        match self.next() {
            Cell::Null => None,
            Cell::Integer(number) => Some(number.to_string()),
            Cell::Real(number) => Some(number.to_string()),
            Cell::Text(text) => Some(text),
        }
    }

    /// All further values as texts, empty where there is none.
    pub(super) fn texts(mut self) -> Vec<String> {
        (0..self.0.len()).map(|_| self.text_or_empty()).collect()
    }

    /// The next value as a text, empty where there is none.
    pub(super) fn text_or_empty(&mut self) -> String {
        self.text().unwrap_or_default()
    }

    /// The next value as a whole number; nothing if it is none.
    pub(super) fn integer(&mut self) -> Option<i64> {
        match self.next() {
            Cell::Integer(number) => Some(number),
            #[allow(clippy::cast_possible_truncation)] // It is checked.
            Cell::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(number as i64),
            Cell::Text(text) => text.parse().ok(),
            Cell::Null | Cell::Real(_) => None,
        }
    }

    /// The next value as a number; nothing if it is none.
    pub(super) fn real(&mut self) -> Option<f64> {
        match self.next() {
            Cell::Integer(number) => Some(number as f64),
            Cell::Real(number) => Some(number),
            Cell::Text(text) => text.parse().ok(),
            Cell::Null => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bound_in_the_order_of_their_places() {
        let inner = Sql::new("b IN ").list([1, 2]);
        let all = Sql::joined(vec![Sql::new("a = ").bind("it's ?"), inner, Sql::new("c")], " AND ", "1 = 1");
        assert_eq!(all.for_dialect(Dialect::Sqlite), "(a = ? AND b IN (?, ?) AND c)");
        assert_eq!(all.for_dialect(Dialect::Postgres), "(a = $1 AND b IN ($2, $3) AND c)");
        assert_eq!(all.binds(), ["it's ?".into(), 1.into(), 2.into()] as [Bind; 3]);
        assert_eq!(Sql::joined(Vec::new(), " AND ", "1 = 1").for_dialect(Dialect::Postgres), "1 = 1");
    }

    #[test]
    fn nothing_in_a_pattern_is_an_escape() {
        assert_eq!(Dialect::Sqlite.no_escape("a\\%"), Some(""));
        assert_eq!(Dialect::Postgres.no_escape("a\\%"), Some(" ESCAPE ''"));
        assert_eq!(Dialect::MySql.no_escape("a\\%"), Some(" ESCAPE '|'"));
        assert_eq!(Dialect::MySql.no_escape("a|b!c"), Some(" ESCAPE '~'"));
        assert_eq!(Dialect::MySql.no_escape("|!~^"), None);
    }

    #[test]
    fn what_is_stored_as_another_type_is_read_as_what_it_says() {
        let mut row = Row::new(vec![Cell::Text("5".into()), Cell::Real(5.0), Cell::Real(5.5), Cell::Integer(5)]);
        assert_eq!(
            (row.integer(), row.integer(), row.integer(), row.text()),
            (Some(5), Some(5), None, Some("5".into()))
        );
        assert_eq!((row.text(), row.real()), (None, None), "behind the end there is nothing");
    }
}
