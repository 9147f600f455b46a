//! Runs that nobody watches: what comes before them, and who is told how they went.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::{metrics, policy};
use crate::cli::{OutputFormat, RetentionRunArgs, SelectionArgs, UnattendedArgs};
use crate::commands::{CommandResult, Context, caught};
use crate::error::CliError;
use crate::exit::Exit;
use crate::files::{apart, append};
use crate::filter::Filter;
use crate::model::masked;
use crate::output::{count_traces, run_report_json};
use crate::retention::{RunError, RunRecord, RunReport};
use crate::settings::{Settings, joined};
use crate::store::Heartbeat;

const JITTER: Duration = Duration::from_secs(60);

/// Runs, and tells whom the flags name.
pub async fn run(context: &mut Context<'_>, mut args: RetentionRunArgs) -> CommandResult {
    let heartbeat = heartbeat(context, &args.unattended)?;
    let UnattendedArgs { cron, jitter, metrics_file, log, .. } = &args.unattended;
    if *cron && context.settings.output.is_some_and(|format| format != OutputFormat::Json) {
        return Err(CliError::usage("--cron always writes one line of JSON").hint("omit -o"));
    }
    if !cron && metrics_file.is_none() && heartbeat.is_none() {
        return super::run::run(context, args).await;
    }
    let (cron, jitter, metrics_file, log) = (*cron, jitter.unwrap_or(JITTER), metrics_file.clone(), log.clone());
    let mut report = begun(context, &args);
    args.yes |= cron;
    // It is told how the run went even if that is interrupted.
    let _telling = context.interrupt.finish_first();
    let wait = cron.then(|| jitter.mul_f64(fastrand::f64()));
    let result = Box::pin(watched(context, args, wait, &mut report)).await;
    conclude(&mut report, &result);
    if let (Some(file), false) = (metrics_file, report.dry_run)
        && let Err(error) = metrics::write(&file, &report)
    {
        context.ui.warning(&format!("cannot write the metrics to {}: {error}", file.display()));
    }
    if let (Some(heartbeat), 0, false) = (heartbeat, report.exit, report.dry_run)
        && let Err(error) = heartbeat.ping().await
    {
        context.ui.warning(&error.to_string());
    }
    if cron {
        let line = format!("{}\n", run_report_json(&report));
        if let Some(file) = log {
            keep(context, file, line.clone()).await;
        }
        let written = context.ui.output().write_all(line.as_bytes());
        // A run that failed has failed whoever reads of it.
        return result.and_then(|exit| written.map(|()| exit).map_err(CliError::from));
    }
    result
}

/// Adds the line to the file of those of earlier runs. The run has ended as it has, whether or not that succeeds.
async fn keep(context: &mut Context<'_>, file: PathBuf, line: String) {
    let name = file.display().to_string();
    let kept = apart(move || append(&file, &line)).await;
    if let Err(error) = kept.and_then(|kept| kept) {
        context.ui.warning(&format!("cannot write the summary of this run to {name}: {error}"));
    }
}

/// The URL to ping: a flag goes before the environment. What is no URL is not shown, as it may be a secret.
fn heartbeat(context: &Context<'_>, args: &UnattendedArgs) -> Result<Option<Heartbeat>, CliError> {
    let (name, url) = match (&args.heartbeat_url, &context.settings.heartbeat_url) {
        (Some(url), _) => ("--heartbeat-url", url.as_str()),
        (None, Some(url)) => ("MLFLOW_TRACE_HEARTBEAT_URL", url.expose()),
        (None, None) => return Ok(None),
    };
    Heartbeat::new(url).map(Some).map_err(|error| {
        CliError::usage(format!("cannot use the URL of {name}: {error}; nothing was deleted"))
            .hint("copy the URL from the monitor: https://hc-ping.com/UUID, https://HOST/api/push/TOKEN and the like")
    })
}

/// A report on a run of which nothing is known yet.
fn begun(context: &Context<'_>, args: &RetentionRunArgs) -> RunReport {
    let policy = args.policy.as_ref().map(|file| file.display().to_string());
    RunReport {
        command: "retention run",
        rules: policy.clone().unwrap_or_else(|| rules(context, args)),
        policy,
        tracking_uri: context.source_name(),
        started_ms: context.ui.clock().now_ms(),
        took_ms: 0,
        dry_run: args.dry_run || args.plan.is_some(),
        record: RunRecord::default(),
        exit: Exit::Done.code(),
        error: None,
    }
}

/// The flags that take the place of a policy, the same text on every run: times that count from now are held against 0.
fn rules(context: &Context<'_>, args: &RetentionRunArgs) -> String {
    let mut words: Vec<String> = args.older_than.iter().map(|age| format!("--older-than {age}")).collect();
    let flags = SelectionArgs { filter_file: None, ..args.selection.clone() };
    let selection = Filter::parse("").ok().and_then(|all| joined(&all, &flags, 0).ok()).filter(|text| !text.is_empty());
    words.extend(args.filter().into_iter().chain(selection.as_deref()).map(|text| format!("--filter {text:?}")));
    words.extend(args.selection.filter_file.iter().map(|file| format!("--filter-file {}", file.display())));
    words.extend(args.keep_if.iter().map(|text| format!("--keep-if {text:?}")));
    words.extend(context.settings.experiments.iter().map(|named| format!("-x {}", named.word())));
    words.join(" ")
}

/// Waits and runs, with signals of its own; the report learns what became of it.
async fn watched(
    context: &mut Context<'_>,
    args: RetentionRunArgs,
    wait: Option<Duration>,
    report: &mut RunReport,
) -> CommandResult {
    let output = if args.unattended.cron { None } else { context.settings.output };
    let settings = Settings { output, ..context.settings.clone() };
    let interrupt = context.interrupt.of_part();
    let mut part = context.part(&settings, &interrupt);
    caught(ready(&mut part, &args, wait)).await?;
    report.started_ms = part.ui.clock().now_ms();
    let began = Instant::now();
    let result = tokio::select! {
        biased;
        () = interrupt.must_drop() => Err(interrupted()),
        result = caught(super::run::run(&mut part, args)) => result,
    };
    report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    report.record = std::mem::take(&mut part.record);
    result
}

/// What comes before the first request: a policy that cannot be read fails at once, and then many machines with the same
/// crontab do not come at the same moment.
async fn ready(context: &mut Context<'_>, args: &RetentionRunArgs, wait: Option<Duration>) -> Result<(), CliError> {
    if let Some(file) = &args.policy {
        policy::load_safe(context, file, args.as_of)?;
    }
    let Some(wait) = wait else { return Ok(()) };
    tokio::select! {
        biased;
        () = context.interrupt.asked() => return Err(interrupted()),
        () = tokio::time::sleep(wait) => {}
    }
    context.ui.begin_later(wait);
    Ok(())
}

fn interrupted() -> CliError {
    CliError::new(Exit::Interrupted, "interrupted; nothing was deleted")
}

/// How it ended. A closed standard output is no failure.
fn conclude(report: &mut RunReport, result: &CommandResult) {
    let told = |error: &CliError| RunError {
        code: error.exit.word(),
        message: masked(&error.message).into_owned(),
        hint: masked(&error.hints.join("\n")).into_owned(),
    };
    let (exit, error) = match result {
        Ok(Exit::Done) => (Exit::Done, None),
        Ok(exit) => {
            let message = format!("{} not attempted", count_traces(report.not_attempted()));
            (*exit, Some(told(&CliError::new(*exit, format!("{}; {message}", exit.word())))))
        }
        Err(error) if error.is_closed_output => (Exit::Done, None),
        Err(error) => (error.exit, Some(told(error))),
    };
    (report.exit, report.error) = (exit.code(), error);
}
