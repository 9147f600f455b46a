//! What the errors of runs say, what to try next, and which exit code they are.

use std::io;

use super::CliError;
use crate::annotations::RowFileError;
use crate::changes::error::{ChangeError, Deed};
use crate::changes::lock::LockError;
use crate::changes::place::Difference;
use crate::changes::tally::Troubles;
use crate::cli::FormatError;
use crate::exit::Exit;
use crate::export::TargetError;
use crate::output::count;

impl From<FormatError> for CliError {
    fn from(error: FormatError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<TargetError> for CliError {
    fn from(error: TargetError) -> Self {
        let message = error.to_string();
        match &error {
            TargetError::Scheme(_) => {
                Self::usage(message).hint("give a file, a directory, or an s3://, gs:// or az:// URL")
            }
            TargetError::NoObjectStores => {
                Self::usage(message).hint("export to a directory and copy that, or build with --features object-store")
            }
            TargetError::NoBucket { scheme, .. } => {
                Self::usage(message).hint(format!("write {scheme}://BUCKET/PREFIX"))
            }
            TargetError::Unusable { .. } => Self::usage(message),
            TargetError::Unseen { url, error } => of_target(message, url, error),
        }
    }
}

/// A file or an object that cannot be used. Object stores say who may do what.
pub(super) fn of_target(message: String, place: &str, error: &io::Error) -> CliError {
    let scheme = place.split_once("://").filter(|_| error.kind() == io::ErrorKind::PermissionDenied);
    let keys = match scheme.map(|(scheme, _)| scheme) {
        None => return CliError::new(Exit::Unexpected, message),
        Some("s3" | "s3a") => "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or where Amazon's own clients have them",
        Some("gs") => "GOOGLE_SERVICE_ACCOUNT, or the application default credentials",
        Some(_) => "AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY, a SAS token or a service principal",
    };
    CliError::new(Exit::Denied, message).hint(format!("check the key and what it may do; it comes from {keys}"))
}

impl From<ChangeError> for CliError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Store(error) => error.into(),
            ChangeError::Plan(error) => error.into(),
            ChangeError::Refusal(error) => error.into(),
            ChangeError::Filter(error) => error.into(),
            ChangeError::Format(error) => error.into(),
            ChangeError::Output(error) => error.into(),
            ChangeError::Target(error) => error.into(),
            ChangeError::RuleArchive { rule, error } => {
                let error = Self::from(*error);
                Self { message: format!("rule {rule:?}, archive_to: {}", error.message), ..error }
            }
            ChangeError::ArchiveStopped(error) => {
                // Nothing is deleted on the word of an export that failed.
                let is_here = !matches!(error, crate::export::ExportError::Source(_));
                let error = Self::from(error);
                let exit = if is_here { Exit::SafetyStop } else { error.exit };
                Self {
                    exit,
                    message: format!("{}; nothing was deleted", error.message),
                    is_closed_output: false,
                    ..error
                }
            }
            ChangeError::JournalBroken(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                io::Error::from(io::ErrorKind::BrokenPipe).into()
            }
            ChangeError::Rows(error) => error.into(),
            ChangeError::RowsStopped { left, pending, reason } => {
                let reason = Self::from(*reason).message;
                let message = format!("{} of {} rows not attempted: {reason}", count(left), count(pending));
                Self::new(Exit::Partial, message).hint("run the same command again to resume")
            }
            ChangeError::ImportStopped(reason) => {
                let reason = Self::from(*reason).message;
                Self::new(Exit::Partial, format!("the rest of the archive was not attempted: {reason}"))
            }
            ChangeError::Remaining { .. } => remaining(error),
            ChangeError::Troubles(troubles) => of_troubles(*troubles),
            other => hints(&other).into_iter().fold(Self::new(exit(&other), other.to_string()), Self::hint),
        }
    }
}

impl From<RowFileError> for CliError {
    fn from(error: RowFileError) -> Self {
        match error {
            RowFileError::Results(error) => error.into(),
            RowFileError::Changed(_) => Self::new(Exit::Partial, error.to_string()),
            RowFileError::Columns(_) | RowFileError::Rows { .. } => Self::usage(error.to_string()).hint(
                "--map FIELD=COLUMN names columns, --column COLUMN takes one of several, --ignore-unknown-columns leaves others out",
            ),
        }
    }
}

/// The error is that of what failed first.
fn remaining(error: ChangeError) -> CliError {
    let message = error.to_string();
    let ChangeError::Remaining { some_went, first, .. } = error else { return CliError::new(Exit::Partial, message) };
    let error = first.map_or_else(|| CliError::new(Exit::Partial, ""), CliError::from);
    let exit = if some_went { Exit::Partial } else { error.exit };
    CliError { exit, message, ..error }.hint("run the same command again to retry the rest")
}

/// The error is that of what failed first.
fn of_troubles(troubles: Troubles) -> CliError {
    let message = troubles.to_string();
    let error = troubles.first.map_or_else(|| CliError::new(Exit::Partial, ""), CliError::from);
    let exit = if troubles.is_part { Exit::Partial } else { error.exit };
    CliError { exit, message, ..error }
}

fn exit(error: &ChangeError) -> Exit {
    match error {
        ChangeError::IdsWithoutDryRun { .. } | ChangeError::ArchiveIsObject(_) | ChangeError::NoDestination(_) => {
            Exit::Usage
        }
        ChangeError::NoSuchRun { .. } => Exit::NotFound,
        ChangeError::JournalsUnreadable { .. }
        | ChangeError::JournalUnreadable { .. }
        | ChangeError::Unjournaled(_) => Exit::Unexpected,
        ChangeError::ArchiveInterrupted => Exit::Interrupted,
        ChangeError::IdsNotWritten { .. }
        | ChangeError::JournalBroken(_)
        | ChangeError::RowsFailed { .. }
        | ChangeError::RowsBeside { .. }
        | ChangeError::NotWhole { .. }
        | ChangeError::InDoubt(_)
        | ChangeError::PutBackUnknown(_)
        | ChangeError::NotArchived(_)
        | ChangeError::TimeIsOver(_)
        | ChangeError::KilledUnknown { .. }
        | ChangeError::FilesStay { .. }
        | ChangeError::ArchiveOutOfTime => Exit::Partial,
        _ => Exit::SafetyStop,
    }
}

fn hints(error: &ChangeError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        ChangeError::IdsNotWritten { refused } => match refused.first() {
            Some(first) if first.is_empty() || first.contains('\0') => one("use -o jsonl, which can write every id"),
            _ => one("use --null, for xargs -0 or commands that read ids from - with --null"),
        },
        ChangeError::Cap { hint, .. } => one(hint),
        ChangeError::RowsFailed { again, is_dry_run: false, .. } => vec![format!("{again} to retry them")],
        ChangeError::RowsBeside { .. } => {
            one("to remove one, use `mlflow-trace assessment delete TRACE_ID ASSESSMENT_ID`")
        }
        ChangeError::NoDestination(_) => one("choose the target with --experiment NAME"),
        ChangeError::NotWhole { .. } => {
            one("to see the state of each trace, run the same command with --dry-run -o jsonl")
        }
        ChangeError::PlanDamaged(_) => one("make a new plan"),
        ChangeError::NobodyToAsk(Deed::Delete) => {
            one("add --yes to delete without confirmation, or --dry-run to see the plan")
        }
        ChangeError::NobodyToAsk(Deed::Change) => {
            one("add --yes to continue without confirmation, or --dry-run (if available) to see the plan")
        }
        ChangeError::NoStateFolder => one("set MLFLOW_TRACE_STATE_DIR to a folder"),
        ChangeError::JournalUnwritable { .. } => one("set MLFLOW_TRACE_STATE_DIR to a writable folder"),
        ChangeError::NoSuchRun { others, .. } => one(others),
        ChangeError::Lock { error, server } => of_lock(error, server),
        ChangeError::Elsewhere { difference, .. } => vec![of_place(difference)],
        ChangeError::InDoubt(_) => {
            one("make sure that the server can reach its artifact store; a later run tries again")
        }
        ChangeError::NotArchived(_) => one("see the reasons with `mlflow-trace runs show`; a later run tries again"),
        ChangeError::PutBackUnknown(_) => one("use -o jsonl for the reasons"),
        ChangeError::TimeIsOver(_) => one("the next run continues with them"),
        ChangeError::KilledUnknown { run_id, .. } => vec![
            format!("`mlflow-trace runs show {run_id}` lists them as planned; a later run checks again"),
            "if you know what happened to them, move the journal of that run out of the state folder".to_owned(),
        ],
        ChangeError::FilesStay { run_id, .. } => vec![
            "later runs cannot find them, because their traces are gone; remove them from the store by hand".to_owned(),
            format!("to see their locations, run `mlflow-trace runs show {run_id} -o json`"),
        ],
        ChangeError::ArchiveIsObject(url) => vec![format!("end it with a slash: {url}/")],
        ChangeError::ArchiveUnwritable { .. } => {
            one("archive_to in the policy names the place; make sure that it is writable")
        }
        ChangeError::ArchiveOutOfTime => one("allow more time with --max-time, or select fewer traces"),
        ChangeError::ArchiveDamaged(_) => one("run the same command again once nothing else writes to the archive"),
        ChangeError::ArchiveDamagedBefore(_) => {
            one("an earlier attempt of this run wrote it; restore it, or make a new plan")
        }
        _ => Vec::new(),
    }
}

fn of_lock(error: &LockError, server: &str) -> Vec<String> {
    // What shows and removes the locks of this place.
    let unlock = format!("mlflow-trace runs unlock --tracking-uri {server}");
    match error {
        LockError::Held { .. } => {
            vec!["to wait for it, use --lock-wait 10m".to_owned(), format!("if no run is active any more: `{unlock}`")]
        }
        LockError::Io { error, .. } if error.kind() == io::ErrorKind::WouldBlock => {
            vec![format!("to remove stale locks: `{unlock}`")]
        }
        LockError::Io { .. } => vec!["set MLFLOW_TRACE_STATE_DIR to a writable folder".to_owned()],
    }
}

fn of_place(difference: &Difference) -> String {
    match difference {
        Difference::Server { there, .. } => format!("give --tracking-uri {there}"),
        Difference::Workspace { there, .. } => format!("set MLFLOW_WORKSPACE={there}"),
        Difference::Experiment { .. } => "use the current --tracking-uri of that server".to_owned(),
    }
}
