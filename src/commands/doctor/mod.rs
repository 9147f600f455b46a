//! `doctor`: whether everything works that commands need, and if not, what.

mod health;
mod looks;
mod traces;

use std::time::Duration;

use super::selection::SUMMARY_FORMATS;
use super::{CommandResult, Context};
use crate::cli::{DoctorArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::masked;
use crate::output::{CheckRow, checkup_json, write_checkup};
use crate::settings::Settings;
use crate::store::{CheckFinding, CheckState, RetrySettings};

/// No question is waited for longer: whoever looks for a fault does not want to wait for it.
const PATIENCE: Duration = Duration::from_secs(10);

pub async fn run(context: &mut Context<'_>, _args: DoctorArgs) -> CommandResult {
    let format = context.output("doctor", SUMMARY_FORMATS)?;
    let settings = hurried(context.settings);
    let interrupt = context.interrupt;
    let found = looks::all(&context.part(&settings, interrupt)).await?;
    let (exit, rows) = judged(found);
    let verdict = verdict(&rows);
    if format == OutputFormat::Json {
        context.write_json(&checkup_json(&verdict, exit.code(), &rows))?;
    } else {
        write_checkup(context.ui.output(), &verdict, &rows)?;
    }
    Ok(exit)
}

/// The same settings with less patience.
fn hurried(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    settings.http.timeout = settings.http.timeout.min(PATIENCE);
    settings.http.retry = RetrySettings { max_retries: 0, ..settings.http.retry };
    settings
}

/// The exit code of the first thing that is wrong, and everything that was found.
fn judged(found: Vec<CheckFinding>) -> (Exit, Vec<CheckRow>) {
    let mut exit = Exit::Done;
    let mut rows = Vec::with_capacity(found.len());
    for finding in found {
        let (row, of_row) = row(finding);
        if exit == Exit::Done {
            exit = of_row;
        }
        rows.push(row);
    }
    (exit, rows)
}

fn row(finding: CheckFinding) -> (CheckRow, Exit) {
    let CheckFinding { what, state, took } = finding;
    let (state, detail, advice, exit) = match state {
        CheckState::Fine(text) => ("ok", text, Vec::new(), Exit::Done),
        CheckState::Noted { text, advice } => ("note", text, vec![advice], Exit::Done),
        CheckState::Wrong { text, advice } => ("failed", text, vec![advice], Exit::CheckFailed),
        CheckState::Untried(why) => ("not tried", why, Vec::new(), Exit::Done),
        CheckState::Failed(error) => {
            let CliError { exit, message, hints, .. } = CliError::from(*error);
            // A setting that cannot be used is told as what it is: something that does not work.
            ("failed", message, hints, exit)
        }
    };
    let masked = |text: String| masked(&text).into_owned();
    let advice = advice.into_iter().map(masked).collect();
    (CheckRow { check: what, state, detail: masked(detail), advice, took_ms: took.map(|took| took.as_millis()) }, exit)
}

/// One line about all of it.
fn verdict(rows: &[CheckRow]) -> String {
    let of = |state: &str| rows.iter().filter(|row| row.state == state).map(|row| row.check).collect::<Vec<_>>();
    let (failed, noted) = (of("failed"), of("note"));
    match (failed.as_slice(), noted.len()) {
        ([], 0) => "Everything works.".to_owned(),
        ([], 1) => format!("Everything works; see the note on {}.", noted[0]),
        ([], _) => format!("Everything works; see the notes on {}.", noted.join(", ")),
        ([one], _) => format!("Failed: {one}."),
        (many, _) => format!("Failed: {}.", many.join(", ")),
    }
}
