//! What is asked for: everything that can be wrong in the arguments is found here, before a connection is opened.

mod options;
mod redaction;

use std::path::PathBuf;

use self::options::{attachments, check_part, compression, cut, options};
#[cfg(feature = "otlp")]
pub use self::redaction::taken_out;
use self::redaction::{RedactionArgs, redaction};
use super::choice::{format_of, style};
use super::formats::SinkFormat;
use super::{Context, state};
use crate::cli::{ExportArgs, SelectionArgs};
use crate::commands::is_as_promised;
use crate::commands::selection::{self, Selected};
use crate::error::CliError;
use crate::export::Target;
use crate::export::{AttachmentChoice, Choice, Compression, Layout, PartLimit, Sample, State};
use crate::filter::Filter;
use crate::model::{ManifestQuery, TimeWindow, TraceId};
use crate::store::Store;

/// An export as it is asked for.
pub struct Request {
    /// Which traces, but for their start times.
    pub filter: Filter,
    /// The traces that are named one by one, if they are.
    pub ids: Option<Vec<TraceId>>,
    /// Which start times.
    pub window: TimeWindow,
    /// Every active experiment.
    pub all_experiments: bool,
    /// Whether attachments are left out because the user said so.
    pub no_attachments: bool,
    /// How they are written; the layout borrows it.
    pub format: SinkFormat,
    /// What text is compressed with.
    pub compression: Compression,
    /// Where parts are cut.
    pub cut: PartLimit,
    /// Which of the traces, and whether with spans.
    pub choice: Choice,
    /// Whether to prove at any cost that everything was read.
    pub verify: bool,
    /// The file of `--since-last`, and what it holds.
    pub since_last: Option<(PathBuf, Option<State>)>,
    /// How far `--since-last` looks back, in milliseconds.
    pub overlap_ms: i64,
    /// What the manifest says about the query, but for the experiments.
    pub query: ManifestQuery,
    redaction: RedactionArgs,
    attachments: AttachmentChoice,
}

impl Request {
    /// Reads the arguments.
    pub fn read(context: &mut Context<'_>, args: &ExportArgs, target: &Target) -> Result<Self, CliError> {
        if let Some(output) = context.settings.output {
            return Err(CliError::usage(format!("export has no -o {}", output.as_str()))
                .hint("use --format, such as csv or jsonl"));
        }
        if !args.headers.is_empty() {
            return Err(CliError::usage("--otlp-header requires --to-otlp"));
        }
        check_part(args, target)?;
        if args.split.is_some() && !target.has_parts() {
            return Err(CliError::usage("--split requires a directory").hint("name a new or existing directory"));
        }
        let name = target.file_name().unwrap_or_default();
        let format_name = args.format.map_or_else(|| format_of(name), Ok)?;
        let format =
            SinkFormat::read(format_name, args.fields.as_deref(), args.explode, style(args), target.has_parts())?;
        let compression = compression(args, &format, name)?;
        let sample = args.sample.map(Sample::new).transpose().map_err(|error| CliError::usage(error.to_string()))?;
        let redaction = redaction(context, args)?;
        let rules = redaction.parse()?;
        for (whole, preview) in rules.repeated_elsewhere() {
            context.ui.warning(&format!("the {preview} repeats the beginning of {whole}; add --redact {preview}"));
        }
        let now_ms = context.ui.clock().now_ms();
        // The window is asked for apart from the filter, so that it stays the same when the command is given again.
        let flags = SelectionArgs { since: None, until: None, ..args.selection.clone() };
        let whole = SelectionArgs { since: args.selection.since, until: args.selection.until, ..flags.clone() };
        let named = args.filter.text() == Some("-");
        let (filter, ids) = match selection::selected(context, &args.filter, if named { &whole } else { &flags })? {
            Selected::Matches(filter) => (*filter, None),
            Selected::Named(ids) => (Filter::parse("")?, Some(ids)),
        };
        let window = TimeWindow {
            oldest_ms: args.selection.since.map(|since| since.resolve(now_ms)),
            newest_ms: args.selection.until.map(|until| until.resolve(now_ms).saturating_sub(1)),
        };
        let with_spans = args.spans || format.needs_spans();
        let query = ManifestQuery {
            filter: filter.canonical(),
            format: format_name.as_str().to_owned(),
            spans: with_spans,
            options: options(args, compression, &rules),
        };
        Ok(Self {
            filter,
            ids,
            window,
            all_experiments: args.all_experiments,
            no_attachments: args.no_attachments,
            format,
            compression,
            cut: cut(args.split),
            choice: Choice { with_spans, sample, limit: args.limit.most() },
            verify: args.verify,
            since_last: args
                .since_last
                .clone()
                .map(|path| Ok::<_, CliError>((state::read(&path)?, path)))
                .transpose()?
                .map(|(state, path)| (path, state)),
            overlap_ms: args.overlap.as_millis(),
            query,
            attachments: attachments(args, &rules, with_spans && target.has_parts()),
            redaction,
        })
    }

    /// Where the traces come from. `--verify` means of a server that it is read a second time, see [`Request::verify`].
    pub async fn store(&self, context: &Context<'_>) -> Result<Store, CliError> {
        let store = context.store()?;
        if self.verify {
            is_as_promised(&store).await?;
        }
        Ok(store)
    }

    /// How traces become files.
    pub fn layout(&self) -> Result<Layout<'_>, CliError> {
        Ok(Layout {
            format: &self.format,
            compression: self.compression,
            cut: self.cut,
            choice: self.choice.clone(),
            redaction: self.redaction.parse()?,
            attachments: self.attachments,
        })
    }
}
