//! `stats --chart`, `--svg`, `--png` and `--html`.

use std::io::{self, Write};
use std::path::Path;

use super::super::{Context, overwrite};
use crate::analysis::stats::{Standout, StatsReport};
use crate::cli::{OutputFormat, StatsArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::files::{Access, PartialFile};
use crate::model::rfc3339_utc;
use crate::output::{html, svg, write_chart};

/// Columns of a chart where there is no terminal.
const WIDTH: u16 = 100;

/// Whether durations have to be kept for a chart.
pub fn is_asked(args: &StatsArgs) -> bool {
    args.chart || [&args.svg, &args.png, &args.html].into_iter().any(Option::is_some)
}

/// Refuses what cannot be drawn or written, before anything is read.
pub fn check(context: &mut Context<'_>, args: &StatsArgs, format: OutputFormat) -> Result<(), CliError> {
    let flags = [("--chart", args.chart), ("--svg", args.svg.is_some()), ("--png", args.png.is_some())];
    if let Some((flag, _)) = flags.iter().find(|(_, is_given)| *is_given)
        && args.by.is_empty()
        && args.every.is_none()
    {
        return Err(CliError::usage(format!("{flag} has nothing to draw"))
            .hint("add --every auto for a chart over time, or --by name for one of groups"));
    }
    if args.chart && format != OutputFormat::Table {
        return Err(CliError::usage(format!("--chart is for people; it does not go with -o {}", format.as_str()))
            .hint("use --svg FILE, or leave out -o"));
    }
    for file in [&args.svg, &args.png, &args.html].into_iter().flatten() {
        overwrite::check(context, file, args.overwrite)?;
    }
    Ok(())
}

/// Draws what was asked for.
pub async fn draw(
    context: &mut Context<'_>,
    args: &StatsArgs,
    report: &StatsReport,
    is_usual: bool,
) -> Result<(), CliError> {
    if args.chart {
        let terminals = context.ui.terminals();
        let width = usize::from(terminals.width.filter(|_| terminals.output).unwrap_or(WIDTH));
        write_chart(context.ui.output(), report, width)?;
        context.ui.flush()?;
    }
    let picture = svg(report);
    for file in [&args.svg, &args.png].into_iter().flatten().filter(|_| picture.is_none()) {
        context.ui.warning(&format!("there is nothing to draw; {} was not written", file.display()));
    }
    if let (Some(file), Some(picture)) = (&args.svg, &picture) {
        write(file, picture.as_bytes()).await?;
    }
    if let (Some(file), Some(picture)) = (&args.png, &picture) {
        write(file, &pixels(picture)?).await?;
    }
    if let Some(file) = &args.html {
        let filter = args.read.filter.text().filter(|text| *text != "-").unwrap_or("all traces");
        let when = format!("{}, {}", context.source_name(), rfc3339_utc(context.ui.clock().now_ms()));
        let (address, workspace) = (context.settings.tracking_uri.as_ref(), context.settings.http.workspace.as_deref());
        let link = |trace: &Standout| address.ok()?.page_of(trace.experiment.as_ref()?, &trace.trace_id, workspace);
        write(file, html(report, is_usual, filter, &when, &link).as_bytes()).await?;
    }
    Ok(())
}

#[cfg(feature = "png")]
fn pixels(picture: &str) -> Result<Vec<u8>, CliError> {
    crate::output::png(picture).map_err(|error| {
        CliError::new(Exit::Unexpected, format!("cannot draw a PNG: {error}"))
            .hint("install a font (Debian: fonts-dejavu-core), or use --svg FILE")
    })
}

#[cfg(not(feature = "png"))]
fn pixels(_: &str) -> Result<Vec<u8>, CliError> {
    Err(CliError::usage("this build cannot draw a PNG (it was built without the feature png)").hint("use --svg FILE"))
}

async fn write(path: &Path, content: &[u8]) -> Result<(), CliError> {
    let failed =
        |error: &io::Error| CliError::new(Exit::Unexpected, format!("cannot write {}: {error}", path.display()));
    let mut file = PartialFile::begin(path, Access::Owner).await.map_err(|error| failed(&error))?;
    file.write_all(content).and_then(|()| file.finish()).map_err(|error| failed(&error))
}
