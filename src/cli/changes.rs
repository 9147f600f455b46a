//! Flags of commands that change many traces, and the commands about what was changed.

// Doc comments are what `--help` shows: no Markdown.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::selection::PartArgs;
use super::values::Period;

/// A cap on what is changed at once.
#[derive(Debug, Args)]
pub struct CapArgs {
    /// Change nothing if more traces than this would be changed
    #[arg(long, value_name = "N")]
    pub max: Option<u64>,
}

/// How many traces are changed.
#[derive(Debug, Args)]
pub struct BulkArgs {
    /// Change what matches this filter instead
    #[arg(long, alias = "filter-string", value_name = "FILTER", conflicts_with = "filter_file")]
    pub filter: Option<String>,
    /// How many of them.
    #[command(flatten)]
    pub part: PartArgs,
    /// How many at the most.
    #[command(flatten)]
    pub cap: CapArgs,
    /// Show what would be changed and stop
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask; needed for a filter without a terminal
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Write what would be changed to a new file, for apply, and stop
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "yes"])]
    pub plan: Option<PathBuf>,
    /// Which lock.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// What a run does while another one is at work on the same.
#[derive(Debug, Args)]
pub struct LockArgs {
    /// Wait so long for another run that changes the same [default: leave with exit code 7 at once]
    #[arg(long, value_name = "DURATION")]
    pub lock_wait: Option<Period>,
}

impl LockArgs {
    /// How long another run is waited for.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.lock_wait.map(Period::as_duration).unwrap_or_default()
    }
}

/// Whose clock is right.
#[derive(Clone, Copy, Debug, Args)]
pub struct ClockArgs {
    /// Go on by this machine's clock where the server does not say what time it is
    #[arg(long)]
    pub trust_clock: bool,
}

/// What becomes of the files of deleted traces.
#[derive(Clone, Copy, Debug, Args)]
pub struct ArtifactsArgs {
    /// keep or delete what deleted traces leave in the artifact store: span files and attachments [default: keep]
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    pub artifacts: Option<ArtifactsChoice>,
}

/// What becomes of the files of deleted traces in the artifact store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ArtifactsChoice {
    /// They stay
    Keep,
    /// They are deleted when their trace is gone
    Delete,
}

impl ArtifactsArgs {
    /// Whether files are deleted; nothing where nobody says.
    #[must_use]
    pub fn deletes(self) -> Option<bool> {
        self.artifacts.map(|artifacts| artifacts == ArtifactsChoice::Delete)
    }
}

/// How fast traces are deleted, and for how long.
#[derive(Debug, Args)]
pub struct PaceArgs {
    /// Wait so long after each batch of a deletion
    #[arg(long, value_name = "DURATION")]
    pub sleep_between: Option<Period>,
    /// Begin no other batch of a deletion after so many seconds; the rest is left for the next run
    #[arg(long, value_name = "N")]
    pub max_seconds: Option<u64>,
}

impl PaceArgs {
    /// How long a batch is waited after.
    #[must_use]
    pub fn pause(&self) -> Duration {
        self.sleep_between.map(Period::as_duration).unwrap_or_default()
    }

    /// How long batches may begin.
    #[must_use]
    pub fn most(&self) -> Option<Duration> {
        self.max_seconds.map(Duration::from_secs)
    }
}

/// Arguments of `apply`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace apply plan.jsonl --yes
  mlflow-trace apply plan.jsonl --plan-max-age 7d --yes -o json")]
pub struct ApplyArgs {
    /// File that --plan wrote
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Refuse a plan that is older; without this, one that has expired, 24h after it was made
    #[arg(long, value_name = "AGE")]
    pub plan_max_age: Option<Period>,
    /// Do not ask; needed without a terminal
    #[arg(short, long)]
    pub yes: bool,
    /// Whose clock is right.
    #[command(flatten)]
    pub clock: ClockArgs,
    /// How fast.
    #[command(flatten)]
    pub pace: PaceArgs,
    /// Which lock.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// Arguments of `undo`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace undo 20261122T143000Z-ab12cd --dry-run
  mlflow-trace undo 20261122T143000Z-ab12cd -o jsonl")]
pub struct UndoArgs {
    /// Name of the run, as it was told at its end, and as runs list has it
    #[arg(value_name = "RUN_ID")]
    pub run_id: String,
    /// Show what would be put back and stop
    #[arg(long)]
    pub dry_run: bool,
    /// Which lock.
    #[command(flatten)]
    pub lock: LockArgs,
}

/// `runs` commands.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List the runs that changed traces or were to, oldest first
    List(RunsListArgs),
    /// Show what a run changed
    Show(RunsShowArgs),
    /// Show who holds the locks of this server and workspace, and remove those left behind
    Unlock(RunsUnlockArgs),
}

/// Arguments of `runs list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace runs list
  mlflow-trace runs list -o jsonl")]
pub struct RunsListArgs {}

/// Arguments of `runs show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mlflow-trace runs show
  mlflow-trace runs show 20261122T143000Z-ab12cd -o jsonl")]
pub struct RunsShowArgs {
    /// Name of the run [default: the last one]
    #[arg(value_name = "RUN_ID")]
    pub run_id: Option<String>,
}

/// Arguments of `runs unlock`.
#[derive(Debug, Args)]
#[command(
    after_help = "A run that works renews its locks every 5 seconds. What is not renewed is taken over by the next run after \
30 seconds; this command is for those who do not want to wait, and for locks of older versions, which are never renewed.

Examples:
  mlflow-trace runs unlock
  mlflow-trace runs unlock --yes"
)]
pub struct RunsUnlockArgs {
    /// Do not ask; needed without a terminal
    #[arg(short, long)]
    pub yes: bool,
    /// Remove also what a run at work holds; it stops when it finds its lock gone
    #[arg(long)]
    pub force: bool,
}
