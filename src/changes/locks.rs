//! The locks of a run: one run at a time changes one kind of thing at one place.

use std::path::PathBuf;
use std::time::Duration;

use super::context::RunContext;
use super::error::ChangeError;
use super::lock::{Holder, LeftBehind, Lock, Notice, Times, Wish};
use super::{journals, plan_file};
use crate::model::rfc3339_utc;

/// Takes the lock of everything at this place that a run of one kind changes; held by another run, it is waited for if the
/// user says so.
pub async fn lock(
    context: &mut RunContext<'_>,
    kind: Locked,
    command: &str,
    patience: Duration,
) -> Result<Lock, ChangeError> {
    let now_ms = context.ui.clock().present_ms();
    let wish = Wish { command, now_ms, patience, times: Times::default() };
    let (files, lost) = (lock_files(context, kind)?, stops(context));
    let lock = Lock::acquire(&files, wish, |notice| tell(context, &notice), lost).await;
    lock.map_err(|error| ChangeError::Lock { error, server: context.source_name() })
}

/// The same for a run that may be going to change nothing.
pub async fn lock_if(
    is_change: bool,
    context: &mut RunContext<'_>,
    kind: Locked,
    command: &str,
    patience: Duration,
) -> Result<Option<Lock>, ChangeError> {
    if is_change { lock(context, kind, command, patience).await.map(Some) } else { Ok(None) }
}

/// The files of a lock: one for every name of the place, so that runs that know it by different names meet.
pub fn lock_files(context: &RunContext<'_>, kind: Locked) -> Result<Vec<PathBuf>, ChangeError> {
    let folder = journals::folder(context)?.join("locks");
    let file = |name: String| folder.join(format!("{}-{}.lock", kind.as_str(), &plan_file::hash(&name)[..16]));
    Ok(context.place().names().into_iter().map(file).collect())
}

fn tell(context: &mut RunContext<'_>, notice: &Notice) {
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
#[must_use]
pub fn who(holder: &Holder) -> String {
    let Holder { command, pid, host, since_ms, .. } = holder;
    format!("{command}, process {pid} on {host}, since {}", rfc3339_utc(*since_ms))
}

/// How it is known that nobody holds a lock any more, for people.
#[must_use]
pub fn left_behind(why: LeftBehind) -> String {
    match why {
        LeftBehind::ProcessGone => "that process no longer exists".to_owned(),
        LeftBehind::NotRenewed(watched) => format!("it was not renewed for {} s", watched.as_secs()),
    }
}

/// What stops a run that has lost its lock.
fn stops(context: &RunContext<'_>) -> impl FnOnce(String) + Send + 'static {
    let (warn, interrupt) = (context.ui.warner(), context.interrupt.clone());
    move |why| {
        warn(&format!("{why}; this run stops after the changes in flight"));
        interrupt.request();
    }
}

/// What one run at a time changes.
#[derive(Clone, Copy, Debug)]
pub enum Locked {
    /// Traces are deleted or imported.
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
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Tags => "tags",
            Self::Assessments => "assessments",
        }
    }
}
