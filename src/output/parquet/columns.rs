//! Columns that are declared as a name and a question, and answered into Arrow arrays.
//!
//! It must not know traces.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, MapBuilder, MapFieldNames, StringBuilder,
    TimestampMicrosecondBuilder, TimestampMillisecondBuilder,
};
use arrow_array::{Array, ArrayRef, ListArray, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, FieldRef, Fields};

/// A column's field and values.
pub(super) type Column = (FieldRef, ArrayRef);

/// Keys and values of a map.
pub(super) type Entries<'t> = Vec<(&'t str, Cow<'t, str>)>;

/// What a column asks of a row, and thereby its type.
#[derive(Clone, Copy)]
pub(super) enum Ask<T> {
    /// A string.
    Text(for<'t> fn(&'t T) -> Option<Cow<'t, str>>),
    /// `int64`.
    Integer(fn(&T) -> Option<i64>),
    /// `double`.
    Float(fn(&T) -> Option<f64>),
    /// `boolean`.
    Boolean(fn(&T) -> Option<bool>),
    /// Milliseconds since the epoch: a timestamp in UTC.
    Milliseconds(fn(&T) -> Option<i64>),
    /// Microseconds since the epoch: a timestamp in UTC.
    Microseconds(fn(&T) -> Option<i64>),
    /// A list of strings.
    Texts(fn(&T) -> Vec<String>),
    /// A map of strings.
    Map(for<'t> fn(&'t T) -> Entries<'t>),
}

type TextMap = MapBuilder<StringBuilder, StringBuilder>;

enum Values {
    Text(StringBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Boolean(BooleanBuilder),
    Milliseconds(TimestampMillisecondBuilder),
    Microseconds(TimestampMicrosecondBuilder),
    Texts(ListBuilder<StringBuilder>),
    Map(TextMap),
}

/// Columns of equal length.
pub(super) struct Table<T: 'static> {
    columns: Vec<(String, &'static Ask<T>, Values)>,
    length: usize,
}

impl<T> Table<T> {
    /// Without rows.
    pub(super) fn new(columns: impl IntoIterator<Item = (String, &'static Ask<T>)>) -> Self {
        let columns = columns.into_iter().map(|(name, ask)| (name, ask, Values::new(ask))).collect();
        Self { columns, length: 0 }
    }

    /// Adds a row; how many bytes it took, roughly.
    pub(super) fn append(&mut self, row: &T) -> usize {
        self.length += 1;
        self.columns.iter_mut().map(|(_, ask, values)| values.append(ask, row)).sum()
    }

    /// The columns, which are empty afterwards.
    pub(super) fn take(&mut self) -> Vec<Column> {
        self.length = 0;
        let column = |(name, _, values): &mut (String, _, Values)| {
            let array = values.take();
            (Arc::new(Field::new(name.as_str(), array.data_type().clone(), true)), array)
        };
        self.columns.iter_mut().map(column).collect()
    }
}

impl Values {
    fn new<T>(ask: &Ask<T>) -> Self {
        let names = || MapFieldNames { entry: "key_value".into(), key: "key".into(), value: "value".into() };
        match ask {
            Ask::Text(_) => Self::Text(StringBuilder::new()),
            Ask::Integer(_) => Self::Integer(Int64Builder::new()),
            Ask::Float(_) => Self::Float(Float64Builder::new()),
            Ask::Boolean(_) => Self::Boolean(BooleanBuilder::new()),
            Ask::Milliseconds(_) => Self::Milliseconds(TimestampMillisecondBuilder::new().with_timezone("UTC")),
            Ask::Microseconds(_) => Self::Microseconds(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
            Ask::Texts(_) => {
                let element = Field::new("element", DataType::Utf8, true);
                Self::Texts(ListBuilder::new(StringBuilder::new()).with_field(element))
            }
            Ask::Map(_) => Self::Map(TextMap::new(Some(names()), StringBuilder::new(), StringBuilder::new())),
        }
    }

    /// Adds the answer of a row. Values are made for a question, so each meets its own.
    fn append<T>(&mut self, ask: &Ask<T>, row: &T) -> usize {
        match (self, ask) {
            (Self::Text(values), Ask::Text(ask)) => {
                let text = ask(row);
                values.append_option(text.as_deref());
                return text.map_or(0, |text| text.len());
            }
            (Self::Integer(values), Ask::Integer(ask)) => values.append_option(ask(row)),
            (Self::Float(values), Ask::Float(ask)) => values.append_option(ask(row)),
            (Self::Boolean(values), Ask::Boolean(ask)) => values.append_option(ask(row)),
            (Self::Milliseconds(values), Ask::Milliseconds(ask)) => values.append_option(ask(row)),
            (Self::Microseconds(values), Ask::Microseconds(ask)) => values.append_option(ask(row)),
            (Self::Texts(values), Ask::Texts(ask)) => {
                let texts = ask(row);
                let bytes = texts.iter().map(String::len).sum();
                values.append_value(texts.iter().map(Some));
                return bytes;
            }
            (Self::Map(values), Ask::Map(ask)) => return append_map(values, ask(row)),
            _ => {}
        }
        8
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Self::Text(values) => Arc::new(values.finish()),
            Self::Integer(values) => Arc::new(values.finish()),
            Self::Float(values) => Arc::new(values.finish()),
            Self::Boolean(values) => Arc::new(values.finish()),
            Self::Milliseconds(values) => Arc::new(values.finish()),
            Self::Microseconds(values) => Arc::new(values.finish()),
            Self::Texts(values) => Arc::new(values.finish()),
            Self::Map(values) => Arc::new(values.finish()),
        }
    }
}

fn append_map(values: &mut TextMap, entries: Entries) -> usize {
    let mut bytes = 0;
    for (key, value) in entries {
        bytes += key.len() + value.len();
        values.keys().append_value(key);
        values.values().append_value(value);
    }
    // Keys and values were added in pairs, which is all that can be wrong here.
    let _ = values.append(true);
    bytes
}

/// A column that holds a list of rows of another table.
pub(super) struct ListOf<T: 'static> {
    name: &'static str,
    table: Table<T>,
    offsets: Vec<i32>,
    validity: NullBufferBuilder,
}

impl<T> ListOf<T> {
    /// Without rows.
    pub(super) fn new(name: &'static str, columns: &'static [(&'static str, Ask<T>)]) -> Self {
        let table = Table::new(columns.iter().map(|(name, ask)| ((*name).to_owned(), ask)));
        Self { name, table, offsets: vec![0], validity: NullBufferBuilder::new(0) }
    }

    /// Adds a list, or that there is none; how many bytes it took, roughly.
    pub(super) fn append(&mut self, rows: Option<&[T]>) -> usize {
        let bytes = rows.into_iter().flatten().map(|row| self.table.append(row)).sum();
        self.offsets.push(i32::try_from(self.table.length).unwrap_or(i32::MAX));
        self.validity.append(rows.is_some());
        bytes
    }

    /// The column, which is empty afterwards.
    pub(super) fn take(&mut self) -> Column {
        let (fields, arrays): (Vec<FieldRef>, Vec<ArrayRef>) = self.table.take().into_iter().unzip();
        let structs = StructArray::new(Fields::from(fields), arrays, None);
        let element = Arc::new(Field::new("element", structs.data_type().clone(), true));
        let offsets = OffsetBuffer::new(ScalarBuffer::from(std::mem::replace(&mut self.offsets, vec![0])));
        let list = ListArray::new(Arc::clone(&element), offsets, Arc::new(structs), self.validity.finish());
        (Arc::new(Field::new(self.name, DataType::List(element), true)), Arc::new(list))
    }
}
