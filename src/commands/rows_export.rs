//! `feedback export` and `expectation export`: assessments as the rows that `import` reads.

mod written;

use std::io;
use std::path::Path;

use self::written::Written;
use super::rows_import::decimal;
use super::selection::{self, Selected};
use super::{CommandResult, Context, overwrite, trace_ids, words};
use crate::annotations::{FileFormat, RowWriter, Style};
use crate::cli::{RowFormat, RowsExportArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::files::{Access, PartialFile};
use crate::filter::OrderBy;
use crate::model::AssessmentKind;
use crate::store::by_ids;

pub async fn run(context: &mut Context<'_>, kind: AssessmentKind, args: RowsExportArgs) -> CommandResult {
    let format = match args.format {
        Some(RowFormat::Csv) => FileFormat::Csv,
        Some(RowFormat::Jsonl) => FileFormat::Jsonl,
        None => format_of(&args.file)?,
    };
    let style = style(format, &args)?;
    let command = format!("mlflow-trace {} export {}.csv --filter", kind.as_str(), kind.as_str());
    words::refuse_target(&args.file, &command)?;
    let selected = selection::selected(context, &args.filter, &args.selection)?;
    overwrite::check(context, &args.file, args.overwrite)?;
    let is_output = args.file == Path::new("-");
    let file = if is_output { None } else { Some(PartialFile::begin(&args.file, Access::Owner).await) };
    let file = file.transpose().map_err(|error| unwritable(&args.file, &error))?;
    let store = context.store()?;
    let limit = args.limit.most();
    let (mut walk, query) = match selected {
        Selected::Named(ids) => (Some(by_ids(&store, ids)), None),
        Selected::Matches(filter) => {
            let experiments = selection::experiments(context, &store, args.all_experiments).await?;
            let query = selection::query(&experiments, *filter, OrderBy::parse(&[])?);
            // Without experiments a server has nothing to be asked for.
            let is_asked = !experiments.is_empty() || !args.all_experiments;
            (is_asked.then(|| store.search(&query, limit)).transpose()?, Some(query))
        }
    };
    let mut written = Written { kind, include_overridden: args.include_overridden, limit, ..Written::default() };
    if let Some(file) = file {
        let mut writer = RowWriter::new(file, format, kind, style)?;
        written.write_all(walk.as_mut(), &mut writer).await?;
        writer.finish()?.finish().map_err(|error| unwritable(&args.file, &error))?;
    } else {
        let mut writer = RowWriter::new(context.ui.output(), format, kind, style)?;
        written.write_all(walk.as_mut(), &mut writer).await?;
        writer.finish()?;
    }
    if written.more {
        selection::tell_part(context, &store, query.as_ref(), limit.unwrap_or_default()).await;
    }
    let read = written.read;
    let exit = written.report(context)?;
    let missing = walk.as_ref().map(|walk| walk.missing()).unwrap_or_default();
    trace_ids::tell_missing(context, missing, read).map(|()| exit)
}

/// How CSV is written; JSON is written in one way.
fn style(format: FileFormat, args: &RowsExportArgs) -> Result<Style, CliError> {
    let is_plain = args.csv.delimiter.is_none() && args.csv.decimal.is_none() && !args.csv.bom;
    if format == FileFormat::Jsonl && !is_plain {
        return Err(CliError::usage("--delimiter, --decimal and --bom are for CSV").hint("add --format csv"));
    }
    let is_tabs = args.file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tsv"));
    let usual = if is_tabs { b'\t' } else { b',' };
    let delimiter = args.csv.delimiter.map_or(usual, |delimiter| delimiter.0);
    Ok(Style { delimiter, decimal: decimal(args.csv.decimal), bom: args.csv.bom })
}

/// What the ending of a file's name says about its format.
fn format_of(file: &Path) -> Result<FileFormat, CliError> {
    match (FileFormat::of_file(file), file.extension()) {
        (Some(format), _) => Ok(format),
        (None, None) => Ok(FileFormat::Jsonl),
        (None, Some(ending)) => {
            let message = format!("unknown file extension .{} of {}", ending.display(), file.display());
            Err(CliError::usage(message).hint("use --format csv or jsonl, or a name that ends in .csv or .jsonl"))
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> CliError {
    CliError::new(Exit::Unexpected, format!("could not write {}: {error}", path.display()))
}
