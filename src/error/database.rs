//! What the errors of databases say, what to try next, and which exit code they are.

use super::CliError;
use crate::exit::Exit;
use crate::store::DatabaseTrouble;

pub(super) fn of_database(name: &str, trouble: &DatabaseTrouble, message: String) -> CliError {
    let refused = |message| CliError::new(Exit::Refused, message);
    match trouble {
        DatabaseTrouble::Missing => refused(message)
            .hint("a relative path counts from the current folder: sqlite:///mlflow.db; an absolute one has four slashes: sqlite:////srv/mlflow.db"),
        DatabaseTrouble::NotADatabase | DatabaseTrouble::NotMlflow(_) => refused(message)
            .hint("name the database that `mlflow server` was started on with --backend-store-uri"),
        DatabaseTrouble::Damaged(_) => refused(message)
            .hint("`sqlite3 FILE \"PRAGMA integrity_check\"` tells more; restore a backup, or save what can be read with `sqlite3 FILE .recover`"),
        DatabaseTrouble::Locked => CliError::new(Exit::Unreachable, message)
            .hint("try again when the other program is done; wait longer with --timeout 5m"),
        DatabaseTrouble::Unfinished => refused(message)
            .hint("start the MLflow server that it belongs to, or run `sqlite3 FILE \"PRAGMA schema_version\"` where it can be written"),
        DatabaseTrouble::WriteAheadLog(_) => refused(message)
            .hint("copy the file with its -wal file to a folder that can be written, and read the copy"),
        DatabaseTrouble::Unreachable(_) => CliError::new(Exit::Unreachable, message)
            .hint(format!("is the database server running? the address comes from --tracking-uri or MLFLOW_TRACKING_URI: {name}")),
        DatabaseTrouble::Denied(_) => CliError::new(Exit::Denied, message)
            .hint("check user, password and database in the tracking URI; reading takes the right to SELECT from the tables of MLflow, writing that to INSERT, UPDATE and DELETE as well"),
        DatabaseTrouble::Empty => refused(message)
            .hint("MLflow creates its tables when it is first used: start `mlflow server` on it, or name another database")
            .hint("a user who may read none of the tables sees none: grant SELECT on them"),
        DatabaseTrouble::TooOld => refused(message).hint(UPGRADE),
        DatabaseTrouble::HalfMigrated(_) => refused(message).hint("complete it with `mlflow db upgrade URI`, after a backup"),
        DatabaseTrouble::TooNew(_) => refused(message)
            .hint("use a newer version of mlflow-trace, or give the http:// address of the server with --tracking-uri"),
        DatabaseTrouble::Conflict(_) => refused(message).hint("run the same command again"),
        DatabaseTrouble::Unwritable(_) | DatabaseTrouble::IdTaken(_) | DatabaseTrouble::Failed(_) => refused(message),
    }
}

const UPGRADE: &str =
    "record traces with MLflow 2.14 or newer, which upgrades it: `mlflow db upgrade URI`, after a backup";
