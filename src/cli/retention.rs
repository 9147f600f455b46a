//! Arguments of the `retention` commands.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::changes::{ArtifactsArgs, ClockArgs, LockArgs, PaceArgs};
use super::selection::SelectionArgs;
use super::values::{Moment, Period, TimeOfDay};

/// `retention` commands.
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Read a policy and say what it means; nothing is sent
    Check(RetentionCheckArgs),
    /// Show what a policy would delete, and delete nothing
    Plan(RetentionPlanArgs),
    /// Delete what a policy lets go, or traces older than a given age
    Run(Box<RetentionRunArgs>),
    /// Say what a policy does with a trace, why, and when it would expire
    Explain(RetentionExplainArgs),
    /// Show what would go on each of the next days if nothing new came
    Simulate(RetentionSimulateArgs),
    /// Print what runs a policy every day: for cron, systemd or Kubernetes
    Schedule(RetentionScheduleArgs),
}

/// Which policy, and at what moment.
#[derive(Debug, Args)]
pub struct PolicyArgs {
    /// The policy
    #[arg(long, value_name = "FILE", default_value = "retention.toml")]
    pub policy: PathBuf,
    /// Count ages from this moment: 2026-11-01, 2026-11-01T08:00+01:00, 2h (ago); UTC unless it says otherwise [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<Moment>,
}

/// Arguments of `retention check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace retention check
  mlflow-trace retention check --policy retention.toml -o json")]
pub struct RetentionCheckArgs {
    /// Which policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Arguments of `retention plan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace retention plan
  mlflow-trace retention plan --policy retention.toml --as-of 2026-11-22 -o json")]
pub struct RetentionPlanArgs {
    /// Which policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Refuse if more traces than this would go [default: as the policy says]
    #[arg(long, value_name = "N")]
    pub max_delete: Option<u64>,
    /// Do not refuse because far more would go than in the last run
    #[arg(long)]
    pub allow_growth: bool,
    /// What is vouched for.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// What the user vouches for.
#[derive(Clone, Copy, Debug, Args)]
pub struct TrustArgs {
    /// Do not refuse because no trace has a key that a keep_if asks for
    #[arg(long)]
    pub allow_unmatched_keep: bool,
    /// The clock.
    #[command(flatten)]
    pub clock: ClockArgs,
}

/// Arguments of `retention explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace retention explain tr-8c9da0e91080e465367d509b505b35da
  mlflow-trace retention explain tr-8c9da0e91080e465367d509b505b35da -o json")]
pub struct RetentionExplainArgs {
    /// Id of the trace
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Which policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Arguments of `retention simulate`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace retention simulate --days 90
  mlflow-trace retention simulate --policy retention.toml --days 7 -o json")]
pub struct RetentionSimulateArgs {
    /// How many days to look ahead
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub days: u16,
    /// Which policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// What runs a policy every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scheduler {
    /// A crontab line
    Cron,
    /// A service and a timer
    Systemd,
    /// A CronJob with a ConfigMap and a Secret
    Kubernetes,
}

/// Arguments of `retention schedule`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace retention schedule --format cron --at 03:17
  mlflow-trace retention schedule --format kubernetes \\
    --image example/mlflow-trace:1")]
pub struct RetentionScheduleArgs {
    /// cron, systemd or kubernetes
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Scheduler,
    /// The policy; it is read and checked now
    #[arg(long, value_name = "FILE", default_value = "retention.toml")]
    pub policy: PathBuf,
    /// When to run every day, in the scheduler's time zone (Kubernetes: UTC)
    #[arg(long, value_name = "HH:MM", default_value = "03:17")]
    pub at: TimeOfDay,
    /// Name of the units or objects
    #[arg(long, value_name = "NAME", default_value = "mlflow-trace-retention", value_parser = unit_name)]
    pub name: String,
    /// The program, with its path
    #[arg(long, value_name = "PATH", default_value = "/usr/local/bin/mlflow-trace")]
    pub program: String,
    /// Container image with the program, for Kubernetes
    #[arg(long, value_name = "IMAGE", required_if_eq("format", "kubernetes"))]
    pub image: Option<String>,
    /// Delete nothing if more traces than this would go
    #[arg(long, value_name = "N")]
    pub max_delete: Option<u64>,
    /// Write how each run went to a file for Prometheus
    #[arg(long, value_name = "FILE")]
    pub metrics_file: Option<PathBuf>,
    /// Append the line of each run to this file; Kubernetes keeps it anyway, in the log of the pod
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// What becomes of files.
    #[command(flatten)]
    pub artifacts: ArtifactsArgs,
    /// What is vouched for.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// How fast.
    #[command(flatten)]
    pub pace: PaceArgs,
    /// Which lock.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// Names that systemd and Kubernetes both take.
fn unit_name(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = (1..=52).contains(&text.len()) && text.bytes().all(is_plain);
    if fits && !text.starts_with('-') && !text.ends_with('-') {
        return Ok(text.to_owned());
    }
    Err("give 1 to 52 lower-case letters, digits and dashes inside".into())
}

/// How a run goes that nobody watches, and who is told of it.
#[derive(Debug, Args)]
pub struct UnattendedArgs {
    /// Run for a scheduler: ask nothing, write one line of JSON to standard output, and to standard error only what went wrong
    #[arg(long, conflicts_with = "plan")]
    pub cron: bool,
    /// Wait for a random time, this long at the most, before the first request; 0s for none [default with --cron: 60s]
    #[arg(long, value_name = "TIME", requires = "cron", value_parser = time_or_none)]
    pub jitter: Option<Duration>,
    /// Append the line to this file, too; it is created for its owner alone
    #[arg(long, value_name = "FILE", requires = "cron")]
    pub log: Option<PathBuf>,
    /// Write how it went to a file for Prometheus, in the folder of node_exporter's textfile collector; each policy needs a file of its own, FILE.prom; not written by --dry-run
    #[arg(long, value_name = "FILE")]
    pub metrics_file: Option<PathBuf>,
    /// Send a GET to this URL after a run that ended with 0, and nothing after another: its silence is the alarm; for healthchecks.io, Uptime Kuma, Cronitor and the like [env: MLFLOW_TRACE_HEARTBEAT_URL]
    #[arg(long, value_name = "URL")]
    pub heartbeat_url: Option<String>,
}

/// A length of time that may be none.
fn time_or_none(text: &str) -> Result<Duration, String> {
    match text {
        "0" | "0s" => Ok(Duration::ZERO),
        _ => text.parse().map(Period::as_duration),
    }
}

/// Arguments of `retention run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace retention run --policy retention.toml --yes
  mlflow-trace retention run --older-than 30d --keep-if \"tags.keep = 'true'\" \\
    -x my-app --dry-run")]
pub struct RetentionRunArgs {
    /// The policy; it names the experiments itself
    #[arg(long, value_name = "FILE", required_unless_present = "older_than", conflicts_with_all = ["older_than", "filter", "filter_flag", "filter_file", "keep_if"])]
    pub policy: Option<PathBuf>,
    /// Count the policy's ages from this moment in the past [default: now]
    #[arg(long, value_name = "TIME", requires = "policy")]
    pub as_of: Option<Moment>,
    /// Do not refuse because far more would go than in the last run of the policy
    #[arg(long, requires = "policy")]
    pub allow_growth: bool,
    /// Age from which traces expire, for example 30d or 12h; a day is 24 hours
    #[arg(long, value_name = "AGE")]
    pub older_than: Option<Period>,
    /// Expire only what matches this filter
    #[arg(value_name = "FILTER", conflicts_with = "filter_file")]
    pub filter: Option<String>,
    /// The same, as a flag
    #[arg(long = "filter", alias = "filter-string", value_name = "FILTER", conflicts_with_all = ["filter", "filter_file"])]
    pub filter_flag: Option<String>,
    /// Keep what matches this filter, whatever its age; repeatable, any match keeps
    #[arg(long, value_name = "FILTER")]
    pub keep_if: Vec<String>,
    /// Delete nothing if more traces than this would go
    #[arg(long, value_name = "N")]
    pub max_delete: Option<u64>,
    /// Show what would be deleted and stop
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask; needed without a terminal
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Write what would be deleted and what kept to a new file, for apply, and stop
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "yes"])]
    pub plan: Option<PathBuf>,
    /// What becomes of files.
    #[command(flatten)]
    pub artifacts: ArtifactsArgs,
    /// What is vouched for.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// How fast.
    #[command(flatten)]
    pub pace: PaceArgs,
    /// Which lock.
    #[command(flatten)]
    pub lock: LockArgs,
    /// What is different if nobody watches.
    #[command(flatten)]
    pub unattended: UnattendedArgs,
    /// Which traces; last, because its heading holds for everything behind it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

impl RetentionRunArgs {
    /// The filter, whichever way it was given.
    #[must_use]
    pub fn filter(&self) -> Option<&str> {
        self.filter.as_deref().or(self.filter_flag.as_deref())
    }
}
