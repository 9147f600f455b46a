//! The locks of a run: one run at a time changes one kind of thing at one place.

use std::io;
use std::path::PathBuf;

use super::{Context, journals};
use crate::changes::lock::{Holder, LeftBehind, Lock, LockError, Notice, Times, Wish};
use crate::changes::plan_file;
use crate::cli::{LockArgs, Period};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::rfc3339_utc;

/// Takes the lock of everything at this place that a run of one kind changes; held by another run, it is waited for if the
/// user says so.
pub async fn lock(context: &mut Context<'_>, kind: Locked, command: &str, args: &LockArgs) -> Result<Lock, CliError> {
    let patience = args.lock_wait.map(Period::as_duration).unwrap_or_default();
    let now_ms = context.ui.clock().present_ms();
    let wish = Wish { command, now_ms, patience, times: Times::default() };
    let (files, lost) = (lock_files(context, kind)?, stops(context));
    let lock = Lock::acquire(&files, wish, |notice| tell(context, &notice), lost).await;
    lock.map_err(|error| refused(context, &error))
}

/// The same for a run that may be going to change nothing.
pub async fn lock_if(
    is_change: bool,
    context: &mut Context<'_>,
    kind: Locked,
    command: &str,
    args: &LockArgs,
) -> Result<Option<Lock>, CliError> {
    if is_change { lock(context, kind, command, args).await.map(Some) } else { Ok(None) }
}

/// The files of a lock: one for every name of the place, so that runs that know it by different names meet.
pub fn lock_files(context: &Context<'_>, kind: Locked) -> Result<Vec<PathBuf>, CliError> {
    let folder = journals::folder(context)?.join("locks");
    let file = |name: String| folder.join(format!("{}-{}.lock", kind.as_str(), &plan_file::hash(&name)[..16]));
    Ok(context.place().names().into_iter().map(file).collect())
}

fn tell(context: &mut Context<'_>, notice: &Notice) {
    match notice {
        Notice::Watching { holder, watch } => context.ui.status(&format!(
            "The lock of {} looks stale; watching it for {} s before taking it over.",
            who(holder),
            watch.as_secs()
        )),
        Notice::TakenOver { holder, why } => {
            context.ui.warning(&format!("took over the lock of {}: {}", who(holder), left_behind(*why)));
        }
    }
}

/// Who holds a lock, for people.
pub fn who(holder: &Holder) -> String {
    let Holder { command, pid, host, since_ms, .. } = holder;
    format!("{command}, process {pid} on {host}, since {}", rfc3339_utc(*since_ms))
}

/// How it is known that nobody holds a lock any more, for people.
pub fn left_behind(why: LeftBehind) -> String {
    match why {
        LeftBehind::ProcessGone => "that process no longer exists".to_owned(),
        LeftBehind::NotRenewed(watched) => format!("it was not renewed for {} s", watched.as_secs()),
    }
}

/// What stops a run that has lost its lock.
fn stops(context: &Context<'_>) -> impl FnOnce(String) + Send + 'static {
    let (warn, interrupt) = (context.ui.warner(), context.interrupt.clone());
    move |why| {
        warn(&format!("{why}; this run stops after the changes in flight"));
        interrupt.request();
    }
}

fn refused(context: &Context<'_>, error: &LockError) -> CliError {
    let refused = CliError::new(Exit::SafetyStop, format!("{error}; nothing was changed"));
    match error {
        LockError::Held { .. } => refused
            .hint("to wait for it, use --lock-wait 10m")
            .hint(format!("if no run is active any more: `{}`", unlock_command(context))),
        LockError::Io { error, .. } if error.kind() == io::ErrorKind::WouldBlock => {
            refused.hint(format!("to remove stale locks: `{}`", unlock_command(context)))
        }
        LockError::Io { .. } => refused.hint("set MLFLOW_TRACE_STATE_DIR to a writable folder"),
    }
}

/// What shows and removes the locks of this place.
fn unlock_command(context: &Context<'_>) -> String {
    format!("mlflow-trace runs unlock --tracking-uri {}", context.source_name())
}

/// What one run at a time changes.
#[derive(Clone, Copy, Debug)]
pub enum Locked {
    /// Traces are deleted.
    Traces,
    /// Tags are set or deleted.
    Tags,
    /// Assessments are created or changed.
    Assessments,
}

impl Locked {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Traces, Self::Tags, Self::Assessments];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Tags => "tags",
            Self::Assessments => "assessments",
        }
    }
}
