//! What the columns of a file can be.

use crate::model::nearest;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What a column says about an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowField {
    /// The trace.
    TraceId,
    /// The id that the application gave the request, in place of the trace.
    ClientRequestId,
    /// Name of the assessment.
    Name,
    /// Its value.
    Value,
    /// How to read the value.
    ValueType,
    /// Reason that the source gives.
    Rationale,
    /// `HUMAN`, `LLM_JUDGE` or `CODE`.
    SourceType,
    /// Who or what made it.
    SourceId,
    /// The span it is about.
    SpanId,
    /// Its id.
    AssessmentId,
    /// The assessment that it overrides.
    Overrides,
    /// When it was made, RFC 3339.
    CreateTime,
    /// All metadata, as a JSON object.
    Metadata,
    /// One piece of metadata.
    MetadataOf(String),
    /// The value of an assessment of this name, one of several in a line.
    Label(String),
}

const NAMES: &[(&str, RowField)] = &[
    ("trace_id", RowField::TraceId),
    ("client_request_id", RowField::ClientRequestId),
    ("name", RowField::Name),
    ("value", RowField::Value),
    ("value_type", RowField::ValueType),
    ("rationale", RowField::Rationale),
    ("source_type", RowField::SourceType),
    ("source_id", RowField::SourceId),
    ("span_id", RowField::SpanId),
    ("assessment_id", RowField::AssessmentId),
    ("overrides", RowField::Overrides),
    ("create_time", RowField::CreateTime),
    ("metadata", RowField::Metadata),
];

impl RowField {
    /// The field of a name; `None` if there is none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name.strip_prefix("metadata.") {
            Some("") => None,
            Some(key) => Some(Self::MetadataOf(key.to_owned())),
            None => NAMES.iter().find(|(known, _)| *known == name).map(|(_, field)| field.clone()),
        }
    }
}

impl fmt::Display for RowField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, NAMES.iter().find(|(_, field)| field == self)) {
            (Self::MetadataOf(key), _) => write!(formatter, "metadata.{key}"),
            (Self::Label(name), _) => write!(formatter, "the value of {name}"),
            (_, Some((name, _))) => formatter.write_str(name),
            // Every field but the one above is in the list.
            (_, None) => Ok(()),
        }
    }
}

/// Where a field comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Column(String),
    Constant(String),
}

/// `--map FIELD=COLUMN` or `--map FIELD=@CONSTANT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldMap {
    pub(super) field: RowField,
    pub(super) origin: Origin,
}

/// A `--map` that means nothing.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum MapError {
    /// No `=`, or nothing behind it.
    #[error("expected FIELD=COLUMN or FIELD=@CONSTANT, got {0:?}")]
    Shape(String),
    /// No such field.
    #[error("unknown field {field:?}{}", .meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default())]
    RowField {
        /// As given.
        field: String,
        /// The field that is most like it.
        meant: Option<&'static str>,
    },
}

impl FromStr for FieldMap {
    type Err = MapError;

    fn from_str(text: &str) -> Result<Self, MapError> {
        let parts = text.split_once('=').filter(|(_, origin)| !origin.is_empty());
        let (name, origin) = parts.ok_or_else(|| MapError::Shape(text.to_owned()))?;
        let field = RowField::named(name)
            .ok_or_else(|| MapError::RowField { field: name.to_owned(), meant: most_like(name) })?;
        let origin = match origin.strip_prefix('@') {
            Some(constant) => Origin::Constant(constant.to_owned()),
            None => Origin::Column(origin.to_owned()),
        };
        Ok(Self { field, origin })
    }
}

/// The field whose name is nearly this.
pub(super) fn most_like(name: &str) -> Option<&'static str> {
    nearest(name, NAMES.iter().map(|(known, _)| *known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_as_they_are_written() {
        for (name, field) in NAMES {
            assert_eq!(RowField::named(name).as_ref(), Some(field));
            assert_eq!(field.to_string(), *name);
        }
        let key = RowField::named("metadata.a.b");
        assert_eq!(key, Some(RowField::MetadataOf("a.b".into())));
        assert_eq!(key.unwrap().to_string(), "metadata.a.b");
        assert_eq!(RowField::named("metadata."), None);
        assert_eq!(RowField::named("Name"), None);
    }

    #[test]
    fn a_map_names_a_column_or_a_constant() {
        let map = |text: &str| text.parse::<FieldMap>().map(|map| (map.field, map.origin));
        assert_eq!(map("name=label"), Ok((RowField::Name, Origin::Column("label".into()))));
        assert_eq!(map("name=@correct=yes"), Ok((RowField::Name, Origin::Constant("correct=yes".into()))));
        assert_eq!(map("rationale=@"), Ok((RowField::Rationale, Origin::Constant(String::new()))));
        assert_eq!(map("name"), Err(MapError::Shape("name".into())));
        assert_eq!(map("name="), Err(MapError::Shape("name=".into())));
        assert_eq!(map("nmae=x"), Err(MapError::RowField { field: "nmae".into(), meant: Some("name") }));
        assert_eq!(map("zzz=x"), Err(MapError::RowField { field: "zzz".into(), meant: None }));
    }
}
