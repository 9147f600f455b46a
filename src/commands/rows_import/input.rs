//! The file of rows: opened, and checked from its first row to its last before anything is sent.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use super::{BATCH, NAMED};
use crate::annotations::{
    Decimal, FileFormat, Label, Problem, Reading, RecordedRows, Row, RowPlace, RowReader, Spooled, ValueKind,
};
use crate::cli::{DecimalMark, LabelColumn, RowFormat, RowValueType, RowsImportArgs, SourceType};
use crate::commands::{Context, inputs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::AssessmentKind;
use crate::output::count;

/// A file of rows that can be read several times, and how.
pub struct Input {
    file: Spooled,
    format: FileFormat,
    reading: Reading,
    /// Rows that an earlier run brought.
    recorded: RecordedRows,
}

/// What a file holds.
pub struct Found {
    /// Rows that are to be sent.
    pub pending: u64,
    /// Traces that these name.
    pub traces: u64,
    /// Rows that an earlier run brought.
    pub done: u64,
    /// Whether traces have to be searched by the ids of their requests.
    pub has_requests: bool,
    /// Traces that rows of several batches name.
    pub apart: Apart,
}

/// Traces that rows of several batches name: what would become of the first ones, the later ones of a dry run must see.
#[derive(Default)]
pub struct Apart {
    /// Hashes of how they are named, so that long files need little memory.
    places: HashSet<u64>,
    /// Whether rows name traces in two ways, so that nothing tells which are the same.
    is_unknown: bool,
}

impl Apart {
    /// Whether other batches may have rows of the trace of this one.
    pub fn has(&self, row: &Row) -> bool {
        self.is_unknown || self.places.contains(&hashed(&row.place))
    }
}

impl Input {
    /// Opens the file, or keeps all of standard input.
    pub fn open(context: &mut Context<'_>, kind: AssessmentKind, args: &RowsImportArgs) -> Result<Self, CliError> {
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
        Ok(Self { file, format, reading, recorded: RecordedRows::default() })
    }

    /// Reads from a results file, if there is one, which rows earlier runs brought.
    pub fn recall(&mut self, results: Option<&Path>) -> Result<(), CliError> {
        self.recorded = results.map(RecordedRows::read).transpose()?.unwrap_or_default();
        Ok(())
    }

    /// SHA-256 of the file, in hex.
    pub fn sha256(&self, path: &Path) -> Result<String, CliError> {
        self.file.sha256().map_err(|error| unreadable(path, &error))
    }

    /// The rows from the first one on.
    pub fn rows(&self, context: &mut Context<'_>) -> Result<RowReader<'_>, CliError> {
        RowReader::open(&self.file, self.format, &self.reading).map_err(|problems| unusable(context, &problems, 0))
    }

    /// Reads the whole file, so that every mistake in it is found before anything is sent.
    pub fn check(&self, context: &mut Context<'_>) -> Result<Found, CliError> {
        let mut found = Found { pending: 0, traces: 0, done: 0, has_requests: false, apart: Apart::default() };
        // The batch of the first row of each; a hash stands for it, so that long files need little memory.
        let mut traces = HashMap::new();
        let mut has_ids = false;
        let (mut problems, mut wrong) = (Vec::new(), 0);
        for row in self.rows(context)? {
            match row {
                Ok(row) if self.recorded.fate(&row)?.is_some() => found.done += 1,
                Ok(row) => {
                    let (place, batch) = (hashed(&row.place), found.pending / BATCH as u64);
                    if *traces.entry(place).or_insert(batch) != batch {
                        found.apart.places.insert(place);
                    }
                    found.pending += 1;
                    let is_request = matches!(row.place, RowPlace::Request(_));
                    found.has_requests |= is_request;
                    has_ids |= !is_request;
                }
                Err(problem) => {
                    wrong += 1;
                    if problems.len() < NAMED {
                        problems.push(problem);
                    }
                }
            }
        }
        found.traces = traces.len() as u64;
        found.apart.is_unknown = found.has_requests && has_ids;
        if wrong > 0 { Err(unusable(context, &problems, wrong)) } else { Ok(found) }
    }

    /// The next rows that are to be sent; none at the end.
    pub fn next_batch(&self, rows: &mut RowReader<'_>) -> Result<Vec<Row>, CliError> {
        let mut batch = Vec::new();
        for row in rows {
            let row = row.map_err(|problem| {
                CliError::new(Exit::Partial, format!("the file changed while it was read: {problem}"))
            })?;
            if self.recorded.fate(&row)?.is_none() {
                batch.push(row);
            }
            if batch.len() >= BATCH {
                break;
            }
        }
        Ok(batch)
    }
}

fn hashed(place: &RowPlace) -> u64 {
    let mut hasher = DefaultHasher::new();
    match place {
        RowPlace::Trace(id) => (0, id.as_str()).hash(&mut hasher),
        RowPlace::Request(id) => (1, id.as_str()).hash(&mut hasher),
    }
    hasher.finish()
}

fn reading(kind: AssessmentKind, args: &RowsImportArgs) -> Result<Reading, CliError> {
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
    Ok(Reading {
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

fn unreadable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::usage(format!("cannot read the rows of {}: {error}", path.display()))
}

fn unusable(context: &mut Context<'_>, problems: &[Problem], wrong: u64) -> CliError {
    for problem in problems {
        context.ui.warning(&problem.to_string());
    }
    let message = match wrong {
        0 => "the columns of the file cannot be used; nothing was sent".to_owned(),
        1 => "1 row of the file cannot be used; nothing was sent".to_owned(),
        _ => format!("{} rows of the file cannot be used; nothing was sent", count(wrong)),
    };
    CliError::usage(message).hint(
        "--map FIELD=COLUMN names columns, --column COLUMN takes one of several, --ignore-unknown-columns leaves others out",
    )
}
