//! `stats --watch`: the same question again and again, with times that are relative to each answer.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::super::Context;
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
    let end = watched.args.max_time.map(|most| Instant::now() + most.as_duration());
    let every = every.as_duration();
    let mut wait = every;
    loop {
        let began = Instant::now();
        match ask(context, &watched.args.read, watched.question.clone(), watched.prices, &watched.order).await {
            Ok((report, gathered)) => {
                if wait > every {
                    context.ui.status("The server answers again.");
                }
                wait = every;
                watched.show(context, &report)?;
                gathered.complete(context)?;
            }
            Err(error) if matches!(error.exit, Exit::Unreachable | Exit::Refused) => {
                if wait == every {
                    context.ui.warning(&format!("{}; trying again until it answers", error.message));
                }
                wait = (wait * 2).min(LONGEST.max(every * 2));
            }
            Err(error) => return Err(error),
        }
        if end.is_some_and(|end| Instant::now() + wait > end) {
            return Ok(Exit::Done);
        }
        sleep(wait).await;
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
