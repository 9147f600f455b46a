//! From the flags of `get` to a view.

use std::num::NonZeroUsize;

use super::super::Context;
use crate::analysis::SpanSelection;
use crate::cli::{OutputFormat, View, ViewArgs};
use crate::error::CliError;
use crate::output::{ChatOptions, Form, Sink, TreeOptions, ViewSink, ViewStyle, WaterfallOptions};

/// Tokens of a digest.
const TOKENS: usize = 300;
/// Columns of a view where there is no terminal.
const WIDTH: u16 = 100;

/// Refuses flags of another view.
pub fn check(args: &ViewArgs) -> Result<(), CliError> {
    let spans = [View::Tree, View::Waterfall];
    let flags = [
        ("--errors-only", args.errors_only, spans.as_slice()),
        ("--type", args.span_type.is_some(), &spans),
        ("--span", args.span_id.is_some(), &spans),
        ("--depth", args.depth.is_some(), &spans),
        ("--attributes", args.attributes, &[View::Tree]),
        ("--content", args.content, &[View::Tree, View::Chat]),
        ("--markdown", args.markdown, &[View::Chat]),
        ("--max-tokens", args.max_tokens.is_some(), &[View::Digest]),
        ("--ascii", args.ascii, &[View::Waterfall]),
    ];
    let Some((flag, _, of)) = flags.into_iter().find(|(_, is_given, of)| *is_given && !of.contains(&args.view)) else {
        return Ok(());
    };
    let of: Vec<String> = of.iter().map(|view| format!("`--view {}`", view.as_str())).collect();
    let message = format!("{flag} does nothing in the view {}; nothing was sent", args.view.as_str());
    Err(CliError::usage(message).hint(format!("add {}, or leave out {flag}", of.join(" or "))))
}

/// What writes the traces; a single one is an object, several are an array.
pub fn sink<'u>(
    context: &'u mut Context<'_>,
    args: ViewArgs,
    format: OutputFormat,
    is_one: bool,
) -> Box<dyn Sink + 'u> {
    let form = match format {
        OutputFormat::Json if !is_one => Form::Array,
        OutputFormat::Json | OutputFormat::Jsonl => Form::Lines,
        OutputFormat::Table | OutputFormat::Wide | OutputFormat::Csv | OutputFormat::Ids => Form::Text,
    };
    let style = style(context, args);
    Box::new(ViewSink::new(context.ui.output(), style, form))
}

fn style(context: &Context<'_>, args: ViewArgs) -> ViewStyle {
    let terminals = context.ui.terminals();
    let width = usize::from(terminals.width.filter(|_| terminals.output).unwrap_or(WIDTH));
    let color = context.ui.verbosity().color_output;
    let ViewArgs { content: whole, attributes, .. } = args;
    let ascii = args.ascii || context.settings.is_ascii;
    let depth = args.depth.map(NonZeroUsize::get);
    let spans =
        SpanSelection { errors_only: args.errors_only, span_type: args.span_type, span_id: args.span_id, depth };
    match args.view {
        View::Tree => {
            let clock = context.ui.clock().clone();
            ViewStyle::Tree(TreeOptions { content: whole, attributes, spans, color, clock })
        }
        View::Waterfall => ViewStyle::Waterfall(WaterfallOptions { width, ascii, color, spans }),
        View::Digest => ViewStyle::Digest(args.max_tokens.map_or(TOKENS, NonZeroUsize::get)),
        View::Chat if args.markdown => ViewStyle::Markdown,
        View::Chat => ViewStyle::Chat(ChatOptions { content: whole, color, width }),
    }
}
