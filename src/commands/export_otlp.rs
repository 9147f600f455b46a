//! `export --to-otlp`: the spans of every match, sent to an OpenTelemetry backend.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};
use indexmap::IndexMap;

use super::selection::{self, Selected};
use super::{CommandResult, Context};
use super::{export, trace_ids, words};
use crate::cli::{ExportArgs, FilterArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::Sample;
use crate::export::otlp::{Batch, Batcher, Dialect, Rejection, rejection};
use crate::filter::OrderBy;
use crate::model::{Trace, TraceId};
use crate::output::{count, count_traces};
use crate::progress::Progress;
use crate::settings::SettingsErrorKept;
use crate::store::{ErrorKind, OtlpReceiver, ServerError, StoreError, by_ids};

/// Requests under way at once.
const CONCURRENCY: usize = 2;
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
    let (mut sent, mut gathering) = (Sent::default(), Batcher::new(Dialect::Any));
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

/// What became of everything so far.
#[derive(Default)]
struct Sent {
    /// With at least one span taken.
    traces: HashSet<TraceId>,
    spans: u64,
    rejected: u64,
    without_spans: u64,
    /// The receiver's remarks on what it took.
    remarks: Vec<String>,
    unread: Vec<(TraceId, StoreError)>,
    failed: Vec<(Batch, ServerError)>,
}

impl Sent {
    /// Sends batches. Before anything was taken a failure ends the run; later it is one of its parts.
    async fn batches(&mut self, receiver: &OtlpReceiver, batches: Vec<Batch>) -> Result<(), CliError> {
        let send = |batch: Batch| send(receiver, batch);
        // One by one until something was taken, so that a failure that ends the run is the first request's.
        let at_once = if self.spans == 0 { 1 } else { CONCURRENCY };
        let mut answers = stream::iter(batches).map(send).buffered(at_once);
        while let Some(answered) = answers.next().await {
            let mut failed = Vec::new();
            for (batch, answer) in answered {
                match answer {
                    Ok(answer) => self.taken(batch, rejection(&answer)),
                    Err(error) => failed.push((Batch { body: Vec::new(), ..batch }, error)),
                }
            }
            match failed.pop() {
                Some((_, error)) if self.spans == 0 => return Err(refused(error)),
                last => self.failed.extend(failed.into_iter().chain(last)),
            }
        }
        Ok(())
    }

    fn taken(&mut self, batch: Batch, rejection: Option<Rejection>) {
        let rejected = rejection.as_ref().map_or(0, |rejection| rejection.spans.min(batch.spans));
        self.rejected += rejected;
        self.spans += batch.spans - rejected;
        if rejected < batch.spans {
            self.traces.extend(batch.traces);
        }
        self.remarks.extend(rejection.map(|rejection| rejection.message).filter(|message| !message.is_empty()));
        self.remarks.dedup();
    }
}

/// Sends a batch. A receiver that refuses it may mean one of its traces: it is halved until those are found.
async fn send(receiver: &OtlpReceiver, batch: Batch) -> Vec<(Batch, Result<Vec<u8>, ServerError>)> {
    let (mut parts, mut answered) = (vec![batch], Vec::new());
    while let Some(batch) = parts.pop() {
        let answer = receiver.send(&batch.body).await;
        match &answer {
            Err(error) if error.is_about_content() => match batch.halves() {
                Some([first, second]) => parts.extend([second, first]),
                None => answered.push((batch, answer)),
            },
            _ => answered.push((batch, answer)),
        }
    }
    answered
}

/// Hints of a tracking server are of no use here.
fn refused(error: ServerError) -> CliError {
    let wants_experiment = matches!(&error.kind, ErrorKind::Refused { status: 422, .. });
    let is_missing = matches!(&error.kind, ErrorKind::NoSuchRoute { .. } | ErrorKind::NotFound { .. });
    let is_unknown = matches!(&error.kind, ErrorKind::Unauthenticated(_) | ErrorKind::Forbidden(_));
    let error = CliError { hints: Vec::new(), ..CliError::from(error) };
    if wants_experiment {
        return error.hint("an MLflow server needs --otlp-header x-mlflow-experiment-id=ID");
    }
    if is_missing {
        return error.hint("the URL is used as it is; most receivers take traces at http://HOST:4318/v1/traces");
    }
    let hint = if is_unknown {
        "pass credentials with --otlp-header authorization=… or in OTEL_EXPORTER_OTLP_TRACES_HEADERS"
    } else {
        "the URL comes from --to-otlp or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    };
    error.hint(hint)
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
