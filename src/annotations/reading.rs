//! How a file is read: its format, what its columns are, and what holds for rows that do not say.

use std::path::Path;
use std::str::FromStr;

use super::cells::Cell;
use super::dialect::Decimal;
use super::fields::{FieldMap, Origin, RowField, most_like};
use super::problem::Problem;
use crate::model::AssessmentKind;

/// Formats of files of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values with a header.
    Csv,
    /// One JSON object per line.
    Jsonl,
}

impl FileFormat {
    /// By the ending of a file's name; `None` if it tells nothing.
    #[must_use]
    pub fn of_file(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// What kind of value a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Text, whatever it looks like.
    Text,
    /// Any JSON.
    Json,
}

impl ValueKind {
    /// The word in files and flags.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl FromStr for ValueKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word.to_ascii_lowercase().as_str() {
            "number" => Ok(Self::Number),
            "boolean" | "bool" => Ok(Self::Boolean),
            "text" | "string" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(format!("unknown value type {word:?}; expected number, boolean, text or json")),
        }
    }
}

/// A column that holds the values of assessments of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The name.
    pub name: String,
    /// The column.
    pub column: String,
}

/// How the rows of a file are to be read.
#[derive(Clone, Debug)]
pub struct RowReading {
    /// Feedback or expectations.
    pub kind: AssessmentKind,
    /// Fields that come from columns of other names, or are the same in every row.
    pub maps: Vec<FieldMap>,
    /// Columns of which each makes an assessment of its own; none if a line is one assessment.
    pub labels: Vec<Label>,
    /// How to read values of rows that do not say.
    pub value_kind: Option<ValueKind>,
    /// The same for assessments of some names.
    pub value_kinds: Vec<(String, ValueKind)>,
    /// What stands between the cells of CSV; none if the file tells.
    pub delimiter: Option<u8>,
    /// How numbers in CSV are written.
    pub decimal: Decimal,
    /// The source of rows that do not say, in `MLflow`'s word.
    pub source_type: Option<&'static str>,
    /// The source of rows that do not say.
    pub source_id: Option<String>,
    /// Whether columns that mean nothing are no mistake.
    pub ignore_unknown: bool,
}

impl RowReading {
    /// The fields that a column fills; a mistake if there are none and that matters.
    pub(super) fn fields_of(&self, column: &str) -> Result<Vec<RowField>, String> {
        let mapped = self.maps.iter().filter(|map| map.origin == Origin::Column(column.to_owned()));
        let mut fields: Vec<RowField> = mapped.map(|map| map.field.clone()).collect();
        let labels = self.labels.iter().filter(|label| label.column == column);
        fields.extend(labels.map(|label| RowField::Label(label.name.clone())));
        let own = RowField::named(column).filter(|own| !self.maps.iter().any(|map| map.field == *own));
        fields.extend(own.filter(|own| self.may_have(own)));
        if fields.is_empty() && !self.ignore_unknown {
            return Err(self.unknown(column));
        }
        Ok(fields)
    }

    /// Whether a column means something here.
    pub(super) fn knows(&self, column: &str) -> bool {
        self.fields_of(column).is_ok_and(|fields| !fields.is_empty())
    }

    fn may_have(&self, field: &RowField) -> bool {
        let is_of_one =
            matches!(field, RowField::Name | RowField::Value | RowField::AssessmentId | RowField::Overrides);
        (self.kind != AssessmentKind::Expectation || *field != RowField::Rationale)
            && (self.labels.is_empty() || !is_of_one)
    }

    /// How to read the value of an assessment whose row does not say.
    pub(super) fn kind_of(&self, name: &str) -> Option<ValueKind> {
        let own = self.value_kinds.iter().find(|(known, _)| known == name);
        own.map(|(_, kind)| *kind).or(self.value_kind)
    }

    /// The cells of a line as those of its assessments: of each label that has a value.
    pub(super) fn assessments(&self, cells: Vec<(RowField, Cell)>) -> Vec<Vec<(RowField, Cell)>> {
        if self.labels.is_empty() {
            return vec![cells];
        }
        let (labels, shared): (Vec<_>, Vec<_>) =
            cells.into_iter().partition(|(field, _)| matches!(field, RowField::Label(_)));
        let own = labels.into_iter().filter(|(_, cell)| !cell.is_blank()).filter_map(|(field, cell)| match field {
            RowField::Label(name) => Some([(RowField::Name, Cell::Text(name)), (RowField::Value, cell)]),
            _ => None,
        });
        own.map(|own| shared.iter().cloned().chain(own).collect()).collect()
    }

    fn unknown(&self, column: &str) -> String {
        if self.kind == AssessmentKind::Expectation && column == "rationale" {
            return "an expectation has no rationale: the column \"rationale\" cannot be kept".to_owned();
        }
        if !self.labels.is_empty() && RowField::named(column).is_some_and(|field| !self.may_have(&field)) {
            return format!("the column {column:?} is not used: --column says where names and values are");
        }
        if RowField::named(column).is_some() {
            return format!("the column {column:?} is not used: --map takes the field from elsewhere");
        }
        let meant = most_like(column).map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
        format!("unknown column {column:?}{meant}")
    }

    /// Values that are the same in every row.
    pub(super) fn constants(&self) -> impl Iterator<Item = (RowField, Cell)> + '_ {
        self.maps.iter().filter_map(|map| match &map.origin {
            Origin::Constant(text) => Some((map.field.clone(), Cell::Text(text.clone()))),
            Origin::Column(_) => None,
        })
    }

    /// What a header lacks.
    pub(super) fn check_header(&self, columns: &[String]) -> Result<Vec<Vec<RowField>>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut fields = Vec::with_capacity(columns.len());
        for (position, column) in columns.iter().enumerate() {
            if columns[..position].contains(column) {
                problems.push(Problem::of_file(format!("duplicate column {column:?}")));
            }
            fields.push(self.fields_of(column).unwrap_or_else(|mistake| {
                problems.push(Problem::of_file(mistake));
                Vec::new()
            }));
        }
        for map in &self.maps {
            if let Origin::Column(column) = &map.origin
                && !columns.contains(column)
            {
                let field = &map.field;
                problems
                    .push(Problem::of_file(format!("there is no column {column:?}, which --map takes for {field}")));
            }
        }
        for Label { column, .. } in self.labels.iter().filter(|label| !columns.contains(&label.column)) {
            let there = columns.join(", ");
            problems
                .push(Problem::of_file(format!("there is no column {column:?}, which --column names, but {there}")));
        }
        let constants: Vec<RowField> = self.constants().map(|(field, _)| field).collect();
        let has = |field: &RowField| constants.contains(field) || fields.iter().flatten().any(|known| known == field);
        if !has(&RowField::TraceId) && !has(&RowField::ClientRequestId) {
            problems.push(Problem::of_file("there is no column trace_id or client_request_id"));
        }
        let is_one = self.labels.is_empty();
        let are_told = !is_one && self.labels.iter().all(|label| self.kind_of(&label.name).is_some());
        let type_is_needed = self.value_kind.is_none() && !are_told;
        let needed = [
            (RowField::Name, is_one, "--map name=@NAME gives all rows one"),
            (RowField::Value, is_one, "--map value=COLUMN names another, --column COLUMN takes it as one of several"),
            (RowField::ValueType, type_is_needed, "--value-type tells how to read the values of all rows"),
            (RowField::SourceType, self.source_type.is_none(), "--source-type gives all rows one"),
            (RowField::SourceId, self.source_id.is_none(), "--source-id gives all rows one"),
        ];
        for (field, is_needed, advice) in needed {
            if is_needed && !has(&field) {
                problems.push(Problem::of_file(format!("there is no column {field}; {advice}")));
            }
        }
        if problems.is_empty() { Ok(fields) } else { Err(problems) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(maps: &[&str]) -> RowReading {
        RowReading {
            kind: AssessmentKind::Feedback,
            maps: maps.iter().map(|map| map.parse().unwrap()).collect(),
            labels: Vec::new(),
            value_kind: Some(ValueKind::Text),
            value_kinds: Vec::new(),
            delimiter: None,
            decimal: Decimal::Point,
            source_type: Some("HUMAN"),
            source_id: Some("jane".into()),
            ignore_unknown: false,
        }
    }

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn mistakes(reading: &RowReading, names: &[&str]) -> String {
        let problems = reading.check_header(&columns(names)).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn a_header_that_has_what_is_needed_passes() {
        let fields = reading(&[]).check_header(&columns(&["trace_id", "name", "value", "metadata.k"])).unwrap();
        assert_eq!(fields[3], [RowField::MetadataOf("k".into())]);
        let mapped = reading(&["name=@good", "value=score", "metadata.raw=score"]);
        let fields = mapped.check_header(&columns(&["client_request_id", "score"])).unwrap();
        assert_eq!(fields[1], [RowField::Value, RowField::MetadataOf("raw".into())]);
    }

    #[test]
    fn every_mistake_of_a_header_is_told() {
        let told = mistakes(&reading(&["rationale=why"]), &["trace", "nam", "value", "value"]);
        for part in [
            "unknown column \"trace\"",
            "did you mean name?",
            "duplicate column",
            "no column \"why\"",
            "no column trace_id or",
            "no column name",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        let bare = RowReading { value_kind: None, source_type: None, source_id: None, ..reading(&[]) };
        let told = mistakes(&bare, &["trace_id", "name", "value"]);
        assert!(
            told.contains("--value-type") && told.contains("--source-type") && told.contains("--source-id"),
            "{told}"
        );
        let told = mistakes(&reading(&["name=label"]), &["trace_id", "name", "label", "value"]);
        assert!(told.contains("\"name\" is not used"), "{told}");
    }

    #[test]
    fn an_expectation_has_no_rationale() {
        let reading = RowReading { kind: AssessmentKind::Expectation, ..reading(&[]) };
        assert!(mistakes(&reading, &["trace_id", "name", "value", "rationale"]).contains("has no rationale"));
    }

    #[test]
    fn unknown_columns_can_be_ignored() {
        let lax = RowReading { ignore_unknown: true, ..reading(&[]) };
        assert_eq!(lax.check_header(&columns(&["trace_id", "name", "value", "x"])).unwrap()[3], []);
    }

    #[test]
    fn endings_tell_the_format() {
        assert_eq!(FileFormat::of_file(Path::new("a.CSV")), Some(FileFormat::Csv));
        assert_eq!(FileFormat::of_file(Path::new("a.ndjson")), Some(FileFormat::Jsonl));
        assert_eq!(FileFormat::of_file(Path::new("a.txt")), None);
    }
}
