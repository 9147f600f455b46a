//! Options that bear on each other, and what the manifest says about them.

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::cli::{ExportArgs, ExportCompression, Split};
use crate::commands::export::choice::{style, style_options};
use crate::commands::export::formats::SinkFormat;
use crate::error::CliError;
use crate::export::Target;
use crate::export::{AttachmentChoice, Compression, PartLimit, Redaction};

/// What is made of parts, or remembers what it has, is of everything.
pub fn check_part(args: &ExportArgs, target: &Target) -> Result<(), CliError> {
    let what = match (args.limit.most(), args.filter.text()) {
        (Some(_), _) => "--limit",
        (_, Some("-")) => "a list of trace ids",
        _ => return Ok(()),
    };
    if target.has_parts() {
        return Err(CliError::usage(format!("{what} requires a single file; a directory export includes all matches"))
            .hint("use a file: `mlflow-trace export traces.jsonl --limit 100`"));
    }
    if args.since_last.is_some() || args.verify {
        let other = if args.verify { "--verify" } else { "--since-last" };
        return Err(CliError::usage(format!("{other} applies to all matches and cannot be combined with {what}"))
            .hint("use only one of them"));
    }
    Ok(())
}

/// Attachments are content: where any of it is taken out, they are left out whole.
pub fn attachments(args: &ExportArgs, rules: &Redaction, have_a_place: bool) -> AttachmentChoice {
    if have_a_place && !args.no_attachments && rules.is_empty() {
        AttachmentChoice::Brought
    } else {
        AttachmentChoice::LeftOut
    }
}

pub fn compression(args: &ExportArgs, format: &SinkFormat, name: &str) -> Result<Compression, CliError> {
    let compression = match args.compress {
        Some(ExportCompression::Gzip) => Compression::Gzip,
        Some(ExportCompression::Zstd) => Compression::Zstd,
        None => Compression::of_name(name),
    };
    if compression != Compression::None && !format.takes_compression() {
        return Err(CliError::usage("Parquet files are always compressed").hint("omit --compress"));
    }
    if !compression.is_built_in() {
        return Err(CliError::usage("this build of mlflow-trace has no Zstandard").hint("use --compress gzip"));
    }
    Ok(compression)
}

pub fn cut(split: Option<Split>) -> PartLimit {
    match split {
        None => PartLimit::BySize,
        Some(Split::Day) => PartLimit::Day,
        Some(Split::Hour) => PartLimit::Hour,
        Some(Split::Traces(number)) => PartLimit::Traces(number.get()),
    }
}

/// Every option that changes what is written, as the manifest states it.
pub fn options(args: &ExportArgs, compression: Compression, rules: &Redaction) -> IndexMap<String, Value> {
    let mut options = IndexMap::new();
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            options.insert(name.to_owned(), value);
        }
    };
    add("since", args.selection.since.map(|since| json!(since.to_string())));
    add("until", args.selection.until.map(|until| json!(until.to_string())));
    add("explode", args.explode.map(|explode| json!(explode.as_str())));
    add("fields", args.fields.as_ref().map(|fields| json!(fields)));
    for (name, value) in style_options(style(args)) {
        add(name, value);
    }
    add(
        "compress",
        match compression {
            Compression::None => None,
            Compression::Gzip => Some(json!("gzip")),
            Compression::Zstd => Some(json!("zstd")),
        },
    );
    add(
        "split",
        args.split.map(|split| match split {
            Split::Day => json!("day"),
            Split::Hour => json!("hour"),
            Split::Traces(number) => json!(number.get()),
        }),
    );
    add("sample", args.sample.map(|share| json!(share)));
    add("no-attachments", args.no_attachments.then_some(json!(true)));
    add("since-last", args.since_last.is_some().then_some(json!(true)));
    options.extend(rules.options());
    options
}
