//! `tail`: traces as they end.

mod read;
mod show;
mod watch;

use std::time::Duration;

use self::watch::Watch;
use super::again::Again;
use super::selection::{self, Selected};
use super::{CommandResult, Context};
use crate::changes::context::tell_refused;
use crate::cli::{Moment, OutputFormat, SelectionArgs, TailArgs, TailView};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::OrderBy;
use crate::model::Trace;
use crate::output::Ids;
use crate::store::{Query, Store};

/// Traces that are shown at first where nothing is said.
const FIRST: usize = 10;
/// The longest wait for a server that is away.
const LONGEST: Duration = Duration::from_secs(30);

pub async fn run(context: &mut Context<'_>, args: TailArgs) -> CommandResult {
    let format = context.output("tail", &[OutputFormat::Table, OutputFormat::Jsonl, OutputFormat::Ids])?;
    if args.follow && args.selection.until.is_some() {
        return Err(
            CliError::usage("--until does nothing beside --follow").hint("to end after a while: --max-time 10m")
        );
    }
    // Which of them are shown is decided here: their ends count.
    let flags = SelectionArgs { since: None, ..args.selection.clone() };
    let filter = match selection::selected(context, &args.filter, &flags)? {
        Selected::Matches(filter) => *filter,
        Selected::Named(_) => {
            return Err(CliError::usage("tail takes a filter, not ids").hint("for ids: `mlflow-trace get -`"));
        }
    };
    let store = context.store()?;
    let experiments = selection::experiments(context, &store, args.all_experiments).await?;
    let mut tail = Tail {
        query: selection::query(&experiments, filter, OrderBy::default()),
        watch: Watch::default(),
        spans: args.view == TailView::Digest || format == OutputFormat::Jsonl,
        ids: Ids::new(context.settings.null),
        format,
        store,
        args,
    };
    tail.begin(context).await?;
    if tail.args.follow {
        tail.follow(context).await?;
    }
    tell_refused(tail.ids)?;
    Ok(Exit::Done)
}

struct Tail {
    store: Store,
    query: Query,
    watch: Watch,
    /// Whether spans are shown.
    spans: bool,
    format: OutputFormat,
    ids: Ids,
    args: TailArgs,
}

impl Tail {
    /// What has ended already.
    async fn begin(&mut self, context: &mut Context<'_>) -> Result<(), CliError> {
        let now_ms = context.ui.clock().now_ms();
        let lookback_ms = now_ms.saturating_sub(self.args.lookback.as_millis());
        let since_ms = self.args.selection.since.map(|since| Moment::resolve(since, now_ms));
        let most = if since_ms.is_some() { usize::MAX } else { self.args.limit.unwrap_or(FIRST) };
        if !self.args.follow && since_ms.is_none() {
            let latest = self.latest(most).await?;
            return self.show(context, latest).await;
        }
        let oldest_ms = since_ms.map_or(lookback_ms, |since| since.min(lookback_ms));
        let ended = self.read(oldest_ms).await?;
        let mut ended = self.watch.ended(ended);
        ended.retain(|trace| since_ms.is_none_or(|since| trace.info.request_time_ms >= since));
        let shown = ended.split_off(ended.len().saturating_sub(most));
        self.show(context, shown).await
    }

    async fn follow(&mut self, context: &mut Context<'_>) -> Result<(), CliError> {
        let mut again = Again::new(self.args.interval, LONGEST, self.args.max_time);
        let mut read_ms = context.ui.clock().present_ms();
        loop {
            again.pause().await;
            let now_ms = context.ui.clock().present_ms();
            // After a time without answers, as far back as before it.
            let oldest_ms = read_ms.min(now_ms).saturating_sub(self.args.lookback.as_millis());
            let answer = again.ask(self.read(oldest_ms)).await;
            if let Some(traces) = again.take(context, answer)? {
                read_ms = now_ms;
                let ended = self.watch.ended(traces);
                self.watch.forget(oldest_ms);
                self.show(context, ended).await?;
            }
            if again.is_over()? {
                return Ok(());
            }
        }
    }

    async fn show(&mut self, context: &mut Context<'_>, traces: Vec<Trace>) -> Result<(), CliError> {
        let traces = if self.spans { show::whole(&self.store, traces).await } else { traces };
        show::show(context, &traces, (self.format, self.args.view), &mut self.ids)?;
        Ok(context.ui.flush()?)
    }
}
