//! What a review ends with: what was answered, what was not saved, and how far reviewers agree.

use std::collections::BTreeMap;

use super::panes::shown;
use super::save::{Job, Work};
use super::session::Session;
use super::{is_asked, says_so};
use crate::analysis::agreement::agreement;
use crate::commands::words::for_shell;
use crate::commands::{CommandResult, Context};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, TraceInfo};
use crate::output::{count, count_traces};

/// Commands that are shown to save what is lost.
const SHOWN: usize = 10;

pub fn tell(context: &mut Context<'_>, session: &Session, lost: &[Job], way_back: Option<String>) -> CommandResult {
    let is_lost_answer = |job: &&Job| matches!(job.work, Work::Answer(..)) && session.judged.contains_key(&job.index);
    let saved = session.judged.len() - lost.iter().filter(is_lost_answer).count();
    let (who, name) = (&session.template.source_id, &session.template.name);
    let mut answers: BTreeMap<String, u64> = BTreeMap::new();
    for row in session.judged.values() {
        *answers.entry(shown(&row.value)).or_default() += 1;
    }
    let answers: Vec<String> = answers.iter().map(|(answer, number)| format!("{answer}: {}", count(*number))).collect();
    let left = session.traces.len() - session.judged.len();
    context.ui.status(&format!(
        "Reviewed {} for {name:?} as {who}; {} left.",
        count_traces(saved as u64),
        count(left as u64)
    ));
    if !answers.is_empty() {
        context.ui.status(&answers.join("  "));
    }
    agreements(context, session);
    if let Some(way_back) = way_back {
        context.ui.status(&way_back);
    }
    for failed in &session.failed {
        context.ui.warning(failed);
    }
    if lost.is_empty() && session.failed.is_empty() {
        return Ok(if context.interrupt.requested() { Exit::Interrupted } else { Exit::Done });
    }
    let message = format!("{} could not be saved", count((lost.len() + session.failed.len()) as u64));
    let mut error = CliError::new(if saved > 0 { Exit::Partial } else { Exit::Refused }, message);
    for command in lost.iter().filter_map(command).take(SHOWN) {
        error = error.hint(format!("save it with `{command}`"));
    }
    Err(error.hint("or run the same command again; it goes on with what you have not judged"))
}

/// What saves an answer or a tag later.
fn command(job: &Job) -> Option<String> {
    let row = match &job.work {
        Work::Answer(row, _) => row,
        Work::Undo(_) => return None,
        Work::Tag(tag) => {
            let pair = for_shell(&format!("{}={}", tag.key, tag.value));
            return Some(format!("mlflow-trace tag set {} {pair}", job.trace));
        }
    };
    let value = row.value.as_str().map_or_else(|| row.value.to_string(), str::to_owned);
    let (kind, who) = (row.kind.as_str(), for_shell(&row.source_id));
    let pair = for_shell(&format!("{}={value}", row.name));
    Some(format!("mlflow-trace {kind} log {} {pair} --source-id {who}", job.trace))
}

/// Says how far this reviewer agrees with each of the others.
fn agreements(context: &mut Context<'_>, session: &Session) {
    let mut pairs: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut compare = |own: String, info: &TraceInfo| {
        let is_other = |one: &&Assessment| is_asked(&session.template, one) && !says_so(&session.template, one);
        for other in info.assessments.iter().filter(is_other) {
            let who = other.source_id().unwrap_or_default().to_owned();
            pairs.entry(who).or_default().push((own.clone(), shown(&other.value())));
        }
    };
    for (index, row) in &session.judged {
        compare(shown(&row.value), &session.traces[*index]);
    }
    for info in &session.done {
        if let Some(own) = info.assessments.iter().find(|one| says_so(&session.template, one)) {
            compare(shown(&own.value()), info);
        }
    }
    for (who, pairs) in pairs {
        let Some(found) = agreement(&pairs) else { continue };
        let kappa = found.kappa.map_or_else(String::new, |kappa| format!(", Cohen's kappa {kappa:.2}"));
        let traces = count_traces(found.traces);
        context.ui.status(&format!("Agreement with {who}: {} of {traces}{kappa}.", count(found.equal)));
    }
}
