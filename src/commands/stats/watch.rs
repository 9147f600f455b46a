//! `stats --watch`: the same question again and again, with times that are relative to each answer.

use std::time::Duration;

use tokio::time::Instant;

use super::super::Context;
use super::super::again::Again;
use super::{ask, notes, show};
use crate::analysis::stats::{Order, Prices, Question, StatsReport};
use crate::cli::{OutputFormat, Period, StatsArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::rfc3339_utc;
use crate::output::stats_json;

/// The longest wait for a server that is away.
const LONGEST: Duration = Duration::from_secs(60);

/// Refuses what cannot be watched, before anything is read.
pub fn check(args: &StatsArgs, format: OutputFormat) -> Result<(), CliError> {
    if args.watch.is_some() && args.read.filter.text() == Some("-") {
        return Err(CliError::usage("--watch takes a filter, not ids"));
    }
    if args.watch.is_some() && !matches!(format, OutputFormat::Table | OutputFormat::Jsonl) {
        return Err(CliError::usage(format!("--watch does not go with -o {}", format.as_str()))
            .hint("use -o jsonl: a line for each answer"));
    }
    Ok(())
}

/// What is asked each time, and how it is shown.
pub struct Watched<'a> {
    pub args: &'a StatsArgs,
    pub question: Question,
    pub prices: Option<&'a Prices>,
    pub order: Order,
    pub format: OutputFormat,
    pub is_usual: bool,
}

/// Asks until it is stopped, or for as long as it is to go on.
pub async fn run(context: &mut Context<'_>, watched: &Watched<'_>, every: Period) -> Result<Exit, CliError> {
    let mut again = Again::new(every, LONGEST, watched.args.max_time);
    loop {
        let began = Instant::now();
        let question = ask(context, &watched.args.read, watched.question.clone(), watched.prices, &watched.order);
        let answer = again.ask(question).await;
        if let Some((report, gathered)) = again.take(context, answer)? {
            watched.show(context, &report)?;
            gathered.complete(context)?;
        }
        again.pause().await;
        if again.is_over()? {
            return Ok(Exit::Done);
        }
        context.ui.begin_later(began.elapsed());
    }
}

impl Watched<'_> {
    fn show(&self, context: &mut Context<'_>, report: &StatsReport) -> Result<(), CliError> {
        let now_ms = context.ui.clock().now_ms();
        if self.format == OutputFormat::Jsonl {
            let mut line = stats_json(report);
            if let Some(object) = line.as_object_mut() {
                object.shift_insert(0, "time".to_owned(), rfc3339_utc(now_ms).into());
            }
            writeln!(context.ui.output(), "{line}")?;
            return Ok(context.ui.flush()?);
        }
        let time = context.ui.clock().short(now_ms);
        // On a terminal each answer takes the place of the one before.
        let begin = if context.ui.terminals().output { "\x1b[H\x1b[2J" } else { "" };
        writeln!(context.ui.output(), "{begin}{time}")?;
        show(context, report, self.format, self.is_usual)?;
        notes::tell(context, report);
        Ok(())
    }
}
