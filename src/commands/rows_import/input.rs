//! The file of rows, and what the flags say about it.

use std::path::Path;

use crate::annotations::{
    Decimal, FileFormat, FoundRows, Label, RowFile, RowFileError, RowReading, Spooled, ValueKind,
};
use crate::cli::{DecimalMark, LabelColumn, RowFormat, RowValueType, RowsImportArgs, SourceType};
use crate::commands::{Context, inputs};
use crate::error::CliError;
use crate::model::AssessmentKind;

/// Opens the file, or keeps all of standard input.
pub fn open(context: &mut Context<'_>, kind: AssessmentKind, args: &RowsImportArgs) -> Result<RowFile, CliError> {
    let reading = reading(kind, args)?;
    let format = file_format(args.format, &args.file)?;
    let path = &args.file;
    let opened = if path == Path::new("-") {
        inputs::with_standard(context, |input| Spooled::stream(input, inputs::ROWS))
    } else {
        let path = path.clone();
        inputs::apart(context.interrupt, move || Spooled::file(&path, inputs::ROWS))
    };
    let file = opened.map_err(|unread| unread.into_error(|error| unreadable(path, error)))?;
    Ok(RowFile::new(file, format, reading))
}

/// Reads all of it, and names the mistakes that are found.
pub fn check(context: &mut Context<'_>, file: &RowFile) -> Result<FoundRows, CliError> {
    file.check().map_err(|error| {
        if let RowFileError::Columns(problems) | RowFileError::Rows { problems, .. } = &error {
            for problem in problems {
                context.ui.warning(&problem.to_string());
            }
        }
        error.into()
    })
}

fn reading(kind: AssessmentKind, args: &RowsImportArgs) -> Result<RowReading, CliError> {
    let maps = args.map.iter().map(|map| map.parse());
    let maps =
        maps.collect::<Result<_, _>>().map_err(|error| CliError::usage(format!("cannot read --map: {error}")))?;
    let labels = labels(&args.column)?;
    let of_all = args.value_type.iter().rev().find(|given| given.name.is_none());
    let of_one = args.value_type.iter().filter_map(|given| Some((given.name.clone()?, value_kind(given.kind))));
    let value_kinds: Vec<(String, ValueKind)> = of_one.collect();
    let is_label = |name: &String| labels.iter().any(|label| label.name == *name);
    if let Some((name, _)) = value_kinds.iter().find(|(name, _)| !labels.is_empty() && !is_label(name)) {
        return Err(CliError::usage(format!("--value-type is about {name:?}, which no --column gives")));
    }
    Ok(RowReading {
        kind,
        maps,
        labels,
        value_kind: of_all.map(|given| value_kind(given.kind)),
        value_kinds,
        delimiter: args.delimiter.map(|delimiter| delimiter.0),
        decimal: decimal(args.decimal),
        source_type: args.source_type.map(SourceType::as_str),
        source_id: args.source_id.clone().filter(|id| !id.is_empty()),
        ignore_unknown: args.ignore_unknown_columns,
    })
}

fn value_kind(kind: RowValueType) -> ValueKind {
    match kind {
        RowValueType::Number => ValueKind::Number,
        RowValueType::Boolean => ValueKind::Boolean,
        RowValueType::Text => ValueKind::Text,
        RowValueType::Json => ValueKind::Json,
    }
}

/// How numbers are written.
pub fn decimal(choice: Option<DecimalMark>) -> Decimal {
    if choice == Some(DecimalMark::Comma) { Decimal::Comma } else { Decimal::Point }
}

/// The labels that `--column` names.
fn labels(columns: &[LabelColumn]) -> Result<Vec<Label>, CliError> {
    let mut labels: Vec<Label> = Vec::with_capacity(columns.len());
    for LabelColumn { name, column } in columns {
        if labels.iter().any(|label| label.name == *name) {
            return Err(CliError::usage(format!("--column gives {name:?} twice"))
                .hint("write --column NAME=COLUMN for a column that is called otherwise"));
        }
        labels.push(Label { name: name.clone(), column: column.clone() });
    }
    Ok(labels)
}

fn file_format(format: Option<RowFormat>, file: &Path) -> Result<FileFormat, CliError> {
    match format {
        Some(RowFormat::Csv) => Ok(FileFormat::Csv),
        Some(RowFormat::Jsonl) => Ok(FileFormat::Jsonl),
        None => FileFormat::of_file(file).ok_or_else(|| {
            CliError::usage(format!("the name {:?} does not tell the format", file.display().to_string()))
                .hint("use --format csv or --format jsonl")
        }),
    }
}

/// The error of a file that cannot be read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::usage(format!("cannot read the rows of {}: {error}", path.display()))
}
