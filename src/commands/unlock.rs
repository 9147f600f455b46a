//! `runs unlock`: who holds the locks of a place, and the removal of what was left behind.

use std::collections::BTreeMap;
use std::path::PathBuf;

use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::experiments::write_list;
use super::{CommandResult, Context};
use crate::changes::lock::{self, LeftBehind, SeenLock, Times};
use crate::changes::locks::{self, Locked};
use crate::cli::{OutputFormat, RunsUnlockArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{Record, count, text_cells};

/// A lock has no id.
const FORMATS: &[OutputFormat] = &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl, OutputFormat::Csv];

/// A lock with all of its files.
struct Held {
    kind: Locked,
    seen: SeenLock,
    left_behind: Option<LeftBehind>,
    files: Vec<PathBuf>,
}

pub async fn run(context: &mut Context<'_>, args: RunsUnlockArgs) -> CommandResult {
    let format = context.output("runs unlock", FORMATS)?;
    // What the URI is not is told as by every other command.
    context.store()?.writer()?;
    let held = held(context).await?;
    let records: Vec<Record> = held.iter().map(record).collect();
    let headers = ["lock", "command", "process", "host", "since", "state"];
    if !(held.is_empty() && context.settings.output.is_none()) {
        write_list(context, format, &headers, &records)?;
        context.ui.flush()?;
    }
    if held.is_empty() {
        let place = context.place().clone();
        context.ui.status(&format!("No run holds a lock of {place}."));
        return Ok(Exit::Done);
    }
    if let (Some(held), false) = (held.iter().find(|held| held.is_at_work()), args.force) {
        let message = format!("{} is active; nothing was removed", locks::who(&held.seen.holder));
        return Err(CliError::new(Exit::SafetyStop, message)
            .hint("wait until it ends, or stop it")
            .hint("to remove its lock anyway, use --force; the run then stops"));
    }
    confirm(context, &args, held.len())?;
    remove(context, &held)
}

/// All locks of this place, looked at for as long as it takes to know whether somebody holds them.
async fn held(context: &Context<'_>) -> Result<Vec<Held>, CliError> {
    let mut files = Vec::new();
    for kind in Locked::ALL {
        files.extend(locks::lock_files(context, kind)?.into_iter().map(|file| (kind, file)));
    }
    let looks = files.into_iter().map(|(kind, file)| async move {
        let look = lock::observe(&file, Times::default()).await;
        look.map(|seen| (kind, seen, file.clone())).map_err(|error| {
            let message = format!("cannot read the lock {}: {error}", file.display());
            CliError::new(Exit::Unexpected, message).hint("remove it if no run is active")
        })
    });
    let mut found: BTreeMap<(&str, String), Held> = BTreeMap::new();
    for (kind, seen, file) in try_join_all(looks).await? {
        let Some((seen, left_behind)) = seen else { continue };
        let key = (kind.as_str(), seen.holder.token.clone());
        found.entry(key).or_insert(Held { kind, seen, left_behind, files: Vec::new() }).files.push(file);
    }
    Ok(found.into_values().collect())
}

impl Held {
    /// Whether it was seen to be held. A lock of an older version shows nothing.
    fn is_at_work(&self) -> bool {
        self.left_behind.is_none() && self.seen.holder.renewed_every_ms.is_some()
    }

    fn state(&self) -> String {
        match self.left_behind {
            Some(why) => locks::left_behind(why),
            None if self.is_at_work() => "active".to_owned(),
            None => "unknown (older version)".to_owned(),
        }
    }
}

fn record(held: &Held) -> Record {
    let SeenLock { holder, .. } = &held.seen;
    let since = crate::model::rfc3339_utc(holder.since_ms);
    let (kind, state) = (held.kind.as_str(), held.state());
    let value = json!({
        "lock": kind, "command": holder.command, "process": holder.pid, "host": holder.host, "since": since,
        "is_at_work": if held.left_behind.is_some() { Value::Bool(false) } else { held.is_at_work().then_some(true).into() },
        "state": state, "files": held.files,
    });
    let process = holder.pid.to_string();
    let shown =
        text_cells([kind.to_owned(), holder.command.clone(), process.clone(), holder.host.clone(), since, state]);
    Record { shown, value, id: process }
}

fn confirm(context: &mut Context<'_>, args: &RunsUnlockArgs, number: usize) -> Result<(), CliError> {
    if args.yes {
        return Ok(());
    }
    match context.ui.confirm(&format!("Remove {}?", count_locks(number))) {
        Some(true) => Ok(()),
        Some(false) => Err(CliError::new(Exit::SafetyStop, "not confirmed; nothing was removed")),
        None => {
            Err(CliError::new(Exit::SafetyStop, "cannot ask for confirmation: not a terminal; nothing was removed")
                .hint("add --yes to remove it without confirmation"))
        }
    }
}

fn remove(context: &mut Context<'_>, held: &[Held]) -> CommandResult {
    let mut removed = held.len();
    for held in held {
        let mut is_removed = true;
        for file in &held.files {
            let done = lock::remove(file, &held.seen).map_err(|error| {
                CliError::new(Exit::Unexpected, format!("cannot remove the lock {}: {error}", file.display()))
            })?;
            if !done {
                context.ui.warning(&format!("{} has a new owner and was not removed", file.display()));
            }
            is_removed &= done;
        }
        removed -= usize::from(!is_removed);
    }
    context.ui.status(&format!("Removed {}.", count_locks(removed)));
    Ok(Exit::Done)
}

fn count_locks(number: usize) -> String {
    if number == 1 { "1 lock".to_owned() } else { format!("{} locks", count(number as u64)) }
}
