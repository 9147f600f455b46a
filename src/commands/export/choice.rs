//! What the arguments of `export` say about the format.

use serde_json::{Value, json};

use crate::cli::{DecimalMark, ExportArgs};
use crate::error::CliError;
use crate::model::{ExportFormat, FORMATS, one_of};
use crate::output::CsvStyle;

/// What the ending of a file's name says about its format.
pub fn format_of(name: &str) -> Result<ExportFormat, CliError> {
    ExportFormat::of_name(name).map(|told| told.unwrap_or(ExportFormat::Jsonl)).map_err(|other| {
        let names: Vec<&str> = FORMATS.iter().map(|row| row.name).collect();
        let told = FORMATS.iter().filter(|row| row.is_told_by_ending);
        let endings: Vec<String> = told.map(|row| format!(".{}", row.endings[0])).collect();
        CliError::usage(format!("unknown file extension .{other} of {name}")).hint(format!(
            "use --format {}, or a name that ends in {}",
            one_of(&names),
            one_of(&endings)
        ))
    })
}

/// How CSV is written.
pub fn style(args: &ExportArgs) -> CsvStyle {
    CsvStyle {
        raw: args.csv_raw,
        delimiter: args.csv.delimiter.map_or(b',', |delimiter| delimiter.0),
        decimal_comma: args.csv.decimal == Some(DecimalMark::Comma),
        bom: args.csv.bom,
    }
}

/// The same as the manifest states it, nothing of what is usual.
pub fn style_options(style: CsvStyle) -> [(&'static str, Option<Value>); 4] {
    [
        ("csv-raw", style.raw.then_some(json!(true))),
        ("delimiter", (style.delimiter != b',').then(|| json!(char::from(style.delimiter).to_string()))),
        ("decimal", style.decimal_comma.then_some(json!(","))),
        ("bom", style.bom.then_some(json!(true))),
    ]
}

/// The format has no row for this.
pub fn no_rows(format: ExportFormat, of: &str) -> CliError {
    let can = FORMATS.iter().filter(|row| if of == "span" { row.rows_of.0 } else { row.rows_of.1 });
    let names: Vec<&str> = can.map(|row| row.name).collect();
    let message = format!("{} cannot write one row per {of}", format.as_str());
    CliError::usage(message).hint(format!("omit --explode, or use --format {}", one_of(&names)))
}
