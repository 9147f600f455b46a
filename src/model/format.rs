//! The formats of files of traces: what each of them can do, in one row a format.

use std::str::FromStr;

/// A format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One trace per line, as `MLflow`'s own trace JSON.
    Jsonl,
    /// One array of such traces.
    Json,
    /// One row per trace, span or assessment.
    Csv,
    /// Apache Parquet, for query engines.
    Parquet,
    /// OpenTelemetry's JSON, one request per line.
    OtlpJson,
    /// Records of an evaluation dataset, one per line.
    EvalDataset,
}

/// What a format can do.
#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each is a column of the table.
pub struct FormatRow {
    /// The format.
    pub format: ExportFormat,
    /// The word typed after `--format`.
    pub name: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    /// How its files end, without a dot and before what a compression adds; the first one is written.
    pub endings: &'static [&'static str],
    /// Whether a name with one of these endings means this format.
    pub is_told_by_ending: bool,
    /// Whether columns can be chosen where a row is a trace, and where it is something else.
    pub has_columns: (bool, bool),
    /// Whether rows can stand for spans, and for assessments.
    pub rows_of: (bool, bool),
    /// Whether it can be cut into files that are whole each.
    pub splits: bool,
    /// Whether its files lie in folders by experiment and date, as query engines like it.
    pub is_partitioned: bool,
    /// Whether its files are compressed from outside.
    pub takes_compression: bool,
    /// What of their spans traces must have for a place in it.
    pub needs: Option<&'static str>,
    /// Whether an archive of it can be read back.
    pub is_read_back: bool,
}

/// All formats.
pub const FORMATS: &[FormatRow] = &[
    FormatRow {
        format: ExportFormat::Jsonl,
        name: "jsonl",
        about: "One trace per line, as `MLflow`'s own trace JSON",
        endings: &["jsonl", "ndjson"],
        is_told_by_ending: true,
        has_columns: (false, true),
        rows_of: (true, true),
        splits: true,
        is_partitioned: false,
        takes_compression: true,
        needs: None,
        is_read_back: true,
    },
    FormatRow {
        format: ExportFormat::Json,
        name: "json",
        about: "One array of all traces",
        endings: &["json"],
        is_told_by_ending: true,
        has_columns: (false, false),
        rows_of: (false, false),
        splits: false,
        is_partitioned: false,
        takes_compression: true,
        needs: None,
        is_read_back: true,
    },
    FormatRow {
        format: ExportFormat::Csv,
        name: "csv",
        about: "One row per trace",
        endings: &["csv"],
        is_told_by_ending: true,
        has_columns: (true, true),
        rows_of: (true, true),
        splits: true,
        is_partitioned: false,
        takes_compression: true,
        needs: None,
        is_read_back: false,
    },
    FormatRow {
        format: ExportFormat::Parquet,
        name: "parquet",
        about: "Apache Parquet, for query engines",
        endings: &["parquet"],
        is_told_by_ending: true,
        has_columns: (false, false),
        rows_of: (true, false),
        splits: true,
        is_partitioned: true,
        takes_compression: false,
        needs: None,
        is_read_back: true,
    },
    FormatRow {
        format: ExportFormat::OtlpJson,
        name: "otlp-json",
        about: "OpenTelemetry's JSON, one request per line",
        endings: &["otlp.jsonl"],
        is_told_by_ending: false,
        has_columns: (false, false),
        rows_of: (false, false),
        splits: true,
        is_partitioned: false,
        takes_compression: true,
        needs: Some("spans"),
        is_read_back: false,
    },
    FormatRow {
        format: ExportFormat::EvalDataset,
        name: "eval-dataset",
        about: "Records of an evaluation dataset, one per line",
        endings: &["eval.jsonl"],
        is_told_by_ending: false,
        has_columns: (false, false),
        rows_of: (false, false),
        splits: true,
        is_partitioned: false,
        takes_compression: true,
        needs: Some("inputs"),
        is_read_back: false,
    },
];

/// What compressions add to the ends of names.
pub const COMPRESSIONS: &[&str] = &["gz", "zst"];

impl ExportFormat {
    /// What it can do.
    #[must_use]
    pub fn row(self) -> &'static FormatRow {
        &FORMATS[self as usize]
    }

    /// How many traces have no place in it, if they made so many rows, and what they lack.
    #[must_use]
    pub fn left_out(self, traces: u64, rows: u64) -> Option<(u64, &'static str)> {
        self.row().needs.map(|needed| (traces.saturating_sub(rows), needed)).filter(|(number, _)| *number > 0)
    }

    /// The word typed after `--format`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// What the ending of a file's name says, whatever compresses it; the ending if it says nothing.
    pub fn of_name(name: &str) -> Result<Option<Self>, String> {
        let lower = name.to_ascii_lowercase();
        let packed = |ending: &&str| lower.strip_suffix(&format!(".{ending}"));
        let plain = COMPRESSIONS.iter().find_map(packed).unwrap_or(&lower);
        let Some((_, ending)) = plain.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) else { return Ok(None) };
        let told = FORMATS.iter().find(|row| row.is_told_by_ending && row.endings.contains(&ending));
        told.map(|row| Some(row.format)).ok_or_else(|| ending.to_owned())
    }

    /// Whether a file has the name of a format that can be read back.
    #[must_use]
    pub fn is_name_of_traces(name: &str) -> bool {
        let is_packed = COMPRESSIONS.iter().any(|ending| name.ends_with(&format!(".{ending}")));
        let Ok(Some(format)) = Self::of_name(name) else { return false };
        format.row().is_read_back && (format.row().takes_compression || !is_packed)
    }

    /// The endings of such names.
    #[must_use]
    pub fn endings_of_traces() -> String {
        let endings = FORMATS.iter().filter(|row| row.is_read_back).flat_map(|row| row.endings);
        endings.map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(", ")
    }
}

impl FromStr for ExportFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = FORMATS.iter().find(|row| row.name.eq_ignore_ascii_case(text));
        found.map(|row| row.format).ok_or_else(|| {
            let names: Vec<&str> = FORMATS.iter().map(|row| row.name).collect();
            format!("expected one of {}, got {text:?}", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_has_its_row_and_is_found_by_its_name() {
        for (number, row) in FORMATS.iter().enumerate() {
            assert_eq!((row.format as usize, row.format.row(), row.name.parse()), (number, row, Ok(row.format)));
            let name = format!("traces.{}", row.endings[0]);
            let told = if row.is_told_by_ending { row.format } else { ExportFormat::Jsonl };
            assert_eq!(ExportFormat::of_name(&name), Ok(Some(told)), "{name}");
        }
    }

    #[test]
    fn a_name_tells_the_format_whatever_compresses_it() {
        for (name, told) in [
            ("a.JSONL.gz", Ok(Some(ExportFormat::Jsonl))),
            ("a.b.csv", Ok(Some(ExportFormat::Csv))),
            ("traces", Ok(None)),
            (".hidden", Ok(None)),
            ("a.gz", Ok(None)),
            ("a.tsv", Err("tsv".to_owned())),
        ] {
            assert_eq!(ExportFormat::of_name(name), told, "{name}");
        }
        for (name, is_one) in [("a.json.zst", true), ("a.parquet", true), ("a.parquet.gz", false), ("a.csv", false)] {
            assert_eq!(ExportFormat::is_name_of_traces(name), is_one, "{name}");
        }
    }
}
