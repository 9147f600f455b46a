//! Arguments of the `retention` commands.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::changes::{ArtifactsArgs, ClockArgs, LockArgs, PaceArgs};
use super::selection::SelectionArgs;
use super::times::{Moment, Period, TimeOfDay};

/// `retention` commands.
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Check a policy file and show what it means
    Check(RetentionCheckArgs),
    /// Show what a policy would delete
    Plan(RetentionPlanArgs),
    /// Delete traces that a policy expires, or traces older than a given age
    Run(Box<RetentionRunArgs>),
    /// Explain why a policy keeps or expires a trace, and when
    Explain(RetentionExplainArgs),
    /// Forecast the deletions of the coming days
    Simulate(RetentionSimulateArgs),
    /// Print a daily job for cron, systemd or Kubernetes
    Schedule(RetentionScheduleArgs),
}

/// A policy and the time it is evaluated at.
#[derive(Debug, Args)]
pub struct PolicyArgs {
    /// Policy file
    #[arg(long, value_name = "FILE", default_value = "retention.toml")]
    pub policy: PathBuf,
    /// Evaluate ages as of this time: 2026-11-01, 2026-11-01T08:00+01:00, 2h (ago); UTC unless an offset is given [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<Moment>,
}

/// Arguments of `retention check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace retention check
  mlflow-trace retention check --policy retention.toml -o json")]
pub struct RetentionCheckArgs {
    /// Policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Arguments of `retention plan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace retention plan
  mlflow-trace retention plan --policy retention.toml --as-of 2026-11-22 -o json")]
pub struct RetentionPlanArgs {
    /// Policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Refuse if more than this many traces would be deleted [default: from the policy]
    #[arg(long, value_name = "N")]
    pub max_delete: Option<u64>,
    /// Accept a plan that deletes far more than the last run did
    #[arg(long)]
    pub allow_growth: bool,
    /// Safety overrides.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// Overrides of safety stops.
#[derive(Clone, Copy, Debug, Args)]
pub struct TrustArgs {
    /// Accept a keep_if whose key no trace has
    #[arg(long)]
    pub allow_unmatched_keep: bool,
    /// Clock.
    #[command(flatten)]
    pub clock: ClockArgs,
}

/// Arguments of `retention explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace retention explain tr-8c9da0e91080e465367d509b505b35da
  mlflow-trace retention explain tr-8c9da0e91080e465367d509b505b35da -o json")]
pub struct RetentionExplainArgs {
    /// Trace id
    #[arg(value_name = "TRACE_ID")]
    pub trace_id: String,
    /// Policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Arguments of `retention simulate`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace retention simulate --days 90
  mlflow-trace retention simulate --policy retention.toml --days 7 -o json")]
pub struct RetentionSimulateArgs {
    /// Number of days to forecast
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub days: u16,
    /// Policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Schedulers.
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
    /// Scheduler: cron, systemd or kubernetes
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Scheduler,
    /// Policy file; checked now
    #[arg(long, value_name = "FILE", default_value = "retention.toml")]
    pub policy: PathBuf,
    /// Time of day to run, in the scheduler's time zone (Kubernetes: UTC)
    #[arg(long, value_name = "HH:MM", default_value = "03:17")]
    pub at: TimeOfDay,
    /// Name of the systemd units or Kubernetes objects
    #[arg(long, value_name = "NAME", default_value = "mlflow-trace-retention", value_parser = unit_name)]
    pub name: String,
    /// Path of the mlflow-trace binary [default: /usr/local/bin/mlflow-trace; in a container what its image starts]
    #[arg(long, value_name = "PATH")]
    pub program: Option<String>,
    /// Container image with mlflow-trace, for Kubernetes
    #[arg(long, value_name = "IMAGE", required_if_eq("format", "kubernetes"))]
    pub image: Option<String>,
    /// Delete nothing if more than this many traces would be deleted
    #[arg(long, value_name = "N")]
    pub max_delete: Option<u64>,
    /// Write Prometheus metrics of each run to this file
    #[arg(long, value_name = "FILE")]
    pub metrics_file: Option<PathBuf>,
    /// Append the JSON summary of each run to this file (on Kubernetes it is in the pod's log)
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Artifacts.
    #[command(flatten)]
    pub artifacts: ArtifactsArgs,
    /// Safety overrides.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// Pace.
    #[command(flatten)]
    pub pace: PaceArgs,
    /// Lock options.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// A name that both systemd and Kubernetes accept.
fn unit_name(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = (1..=52).contains(&text.len()) && text.bytes().all(is_plain);
    if fits && !text.starts_with('-') && !text.ends_with('-') {
        return Ok(text.to_owned());
    }
    Err("expected 1 to 52 lower-case letters, digits and inner dashes".into())
}

/// Options of unattended runs.
#[derive(Debug, Args)]
pub struct UnattendedArgs {
    /// Run unattended: no prompts, a one-line JSON summary on standard output, only problems on standard error
    #[arg(long, conflicts_with = "plan")]
    pub cron: bool,
    /// Wait a random time up to this long before starting; 0s disables [default with --cron: 60s]
    #[arg(long, value_name = "DURATION", requires = "cron", value_parser = time_or_none)]
    pub jitter: Option<Duration>,
    /// Also append the JSON summary to this file (created with mode 0600)
    #[arg(long, value_name = "FILE", requires = "cron")]
    pub log: Option<PathBuf>,
    /// Write Prometheus metrics to this file, for the textfile collector of node_exporter; use one FILE.prom per policy; not written with --dry-run
    #[arg(long, value_name = "FILE")]
    pub metrics_file: Option<PathBuf>,
    /// Send a GET request to this URL after each successful run, for dead man's switches such as healthchecks.io, Uptime Kuma or Cronitor [env: MLFLOW_TRACE_HEARTBEAT_URL]
    #[arg(long, value_name = "URL")]
    pub heartbeat_url: Option<String>,
}

/// A length of time, which may be zero.
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
    /// Policy file; it names its own experiments
    #[arg(long, value_name = "FILE", required_unless_present = "older_than", conflicts_with_all = ["older_than", "filter", "filter_flag", "filter_file", "keep_if"])]
    pub policy: Option<PathBuf>,
    /// Evaluate the policy as of this time in the past [default: now]
    #[arg(long, value_name = "TIME", requires = "policy")]
    pub as_of: Option<Moment>,
    /// Accept a run that deletes far more than the last run of the policy did
    #[arg(long, requires = "policy")]
    pub allow_growth: bool,
    /// Expire traces older than this, such as 30d or 12h; a day is 24 hours
    #[arg(long, value_name = "DURATION")]
    pub older_than: Option<Period>,
    /// Expire only traces that match this filter
    #[arg(value_name = "FILTER", conflicts_with = "filter_file")]
    pub filter: Option<String>,
    /// The filter, given as a flag
    #[arg(long = "filter", alias = "filter-string", value_name = "FILTER", conflicts_with_all = ["filter", "filter_file"])]
    pub filter_flag: Option<String>,
    /// Keep traces that match this filter, whatever their age; repeatable
    #[arg(long, value_name = "FILTER")]
    pub keep_if: Vec<String>,
    /// Delete nothing if more than this many traces would be deleted
    #[arg(long, value_name = "N")]
    pub max_delete: Option<u64>,
    /// Show what would be deleted; delete nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Skip the confirmation prompt; required when not on a terminal
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Write a plan of what is deleted and kept to a new file for apply; delete nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "yes"])]
    pub plan: Option<PathBuf>,
    /// Artifacts.
    #[command(flatten)]
    pub artifacts: ArtifactsArgs,
    /// Safety overrides.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// Pace.
    #[command(flatten)]
    pub pace: PaceArgs,
    /// Lock options.
    #[command(flatten)]
    pub lock: LockArgs,
    /// Unattended runs.
    #[command(flatten)]
    pub unattended: UnattendedArgs,
    /// Selection; last, because its heading covers everything after it.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

impl RetentionRunArgs {
    /// The filter, positional or as a flag.
    #[must_use]
    pub fn filter(&self) -> Option<&str> {
        self.filter.as_deref().or(self.filter_flag.as_deref())
    }
}
