//! `export --to-otlp`: the spans of every match, sent to an OpenTelemetry backend.

mod sent;

use indexmap::IndexMap;

use self::sent::{Sent, refused};
use super::selection::{self, Selected};
use super::{CommandResult, Context};
use super::{export, trace_ids, words};
use crate::cli::{ExportArgs, FilterArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::Sample;
use crate::export::otlp::{Batcher, Recipient};
use crate::filter::OrderBy;
use crate::model::{Trace, TraceId};
use crate::output::{count, count_traces};
use crate::progress::Progress;
use crate::settings::SettingsErrorKept;
use crate::store::{OtlpReceiver, by_ids};

/// Failures that are named on standard error.
const NAMED: usize = 10;

pub async fn run(context: &mut Context<'_>, args: ExportArgs) -> CommandResult {
    if let Some(output) = context.settings.output {
        return Err(CliError::usage(format!("export has no -o {}", output.as_str())));
    }
    let redaction = export::taken_out(context, &args)?;
    let sample = args.sample.map(Sample::new).transpose().map_err(|error| CliError::usage(error.to_string()))?;
    let filter = without_target(&args)?;
    let limit = args.limit.most();
    let selected = selection::selected(context, &filter, &args.selection)?;
    let url = args.to_otlp.flatten();
    let settings = context.settings.otlp.receiver(url.as_deref(), &args.headers).map_err(SettingsErrorKept::new)?;
    let shown = settings.url();
    let store = context.store()?;
    let receiver = OtlpReceiver::new(settings, &context.settings.http, context.ui.listener())?;
    let (walk, query) = match selected {
        Selected::Named(ids) => (by_ids(&store, ids), None),
        Selected::Matches(filter) => {
            let experiments = selection::experiments(context, &store, args.all_experiments).await?;
            if experiments.is_empty() && args.all_experiments {
                return Err(CliError::new(Exit::Refused, "the server has no experiments; nothing was sent"));
            }
            let query = selection::query(&experiments, *filter, OrderBy::parse(&[])?);
            (store.search(&query, limit.filter(|_| sample.is_none()))?, Some(query))
        }
    };
    let total = match (&query, limit) {
        (Some(query), None) if context.ui.verbosity().progress => store.known_total(query).await,
        _ => limit,
    };
    let progress = Progress::new(context.ui.verbosity().progress, total, "sending");
    let (mut sent, mut gathering) = (Sent::default(), Batcher::new(Recipient::Any));
    let keep = move |trace: &Trace| sample.is_none_or(|sample| sample.holds(&trace.info.trace_id));
    let mut reader = store.read_spans(walk, Box::new(keep));
    let (mut replaced, mut read_so_far, mut is_part) = (IndexMap::new(), 0, false);
    while let Some(read) = reader.next().await? {
        if limit.is_some_and(|limit| read_so_far >= limit) {
            is_part = true;
            break;
        }
        read_so_far += 1;
        match read {
            Ok(mut trace) => {
                redaction.apply(&mut trace, &mut replaced);
                sent.without_spans += u64::from(trace.spans().is_empty());
                sent.batches(&receiver, gathering.push(&trace)).await?;
            }
            Err(failure) => sent.unread.push((failure.trace_id, failure.error)),
        }
        progress.advance(1);
    }
    sent.batches(&receiver, gathering.finish().into_iter().collect()).await?;
    drop(progress);
    if is_part {
        selection::tell_part(context, &store, query.as_ref(), read_so_far).await;
    }
    let walk = reader.into_walk();
    let exit = report(context, &shown, sent)?;
    let missing = walk.as_ref().map(|walk| walk.missing()).unwrap_or_default();
    trace_ids::tell_missing(context, missing, read_so_far).map(|()| exit)
}

/// The filter, which may stand where else a file is named.
fn without_target(args: &ExportArgs) -> Result<FilterArgs, CliError> {
    let Some(target) = &args.target else { return Ok(args.filter.clone()) };
    let word = target.to_str().filter(|word| *word == "-" || words::is_filter(word));
    match word {
        Some(word) if args.filter.text().is_none() && args.selection.filter_file.is_none() => {
            Ok(FilterArgs { filter: Some(word.to_owned()), ..args.filter.clone() })
        }
        _ => Err(CliError::usage(format!("both --to-otlp and the file {} given; nothing was sent", target.display()))
            .hint("--to-otlp sends spans to a backend instead of writing a file; use only one of them")),
    }
}

fn report(context: &mut Context<'_>, url: &str, sent: Sent) -> CommandResult {
    let traces = count_traces(sent.traces.len() as u64);
    context.ui.status(&format!("Sent {traces}, {} to {url}.", spans(sent.spans)));
    if sent.without_spans > 0 {
        context.ui.warning(&format!("omitted {} without spans", count_traces(sent.without_spans)));
    }
    for remark in &sent.remarks {
        context.ui.warning(&format!("message from the receiver: {remark}"));
    }
    for (id, error) in sent.unread.iter().take(NAMED) {
        context.ui.warning(&format!("{id}: {error}"));
    }
    let unsent: u64 = sent.failed.iter().map(|(batch, _)| batch.spans).sum();
    for (batch, error) in sent.failed.into_iter().take(NAMED) {
        let first = batch.traces.first().map_or("", TraceId::as_str);
        let last = batch.traces.last().map_or("", TraceId::as_str);
        let error = refused(error).message;
        let traces = if first == last { format!("trace {first}") } else { format!("the traces {first} to {last}") };
        context.ui.warning(&format!("{} of {traces}: {error}", spans(batch.spans)));
    }
    let parts = [
        (sent.rejected > 0).then(|| format!("the receiver rejected {}", spans(sent.rejected))),
        (unsent > 0).then(|| format!("{} could not be sent", spans(unsent))),
        (!sent.unread.is_empty())
            .then(|| format!("the spans of {} could not be read", count_traces(sent.unread.len() as u64))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { Ok(Exit::Done) } else { Err(CliError::new(Exit::Partial, parts.join("; "))) }
}

fn spans(number: u64) -> String {
    if number == 1 { "1 span".to_owned() } else { format!("{} spans", count(number)) }
}
