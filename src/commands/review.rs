//! `review`: traces are judged one by one on the terminal, and each answer is saved at once.

mod answers;
mod keys;
mod look;
mod order;
mod panes;
mod report;
mod save;
mod select;
mod send;
mod session;
mod typing;

use std::cell::{Cell, RefCell};

use self::answers::AnswerKeys;
use self::save::Saver;
use self::session::Session;
use super::log_assessment::{LogTarget, check_name, source_id};
use super::{CommandResult, Context};
use crate::annotations::Row;
use crate::changes::annotations::AssessmentJournal;
use crate::changes::journals;
use crate::cli::ReviewArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, AssessmentKind, TraceInfo};

pub async fn run(context: &mut Context<'_>, args: ReviewArgs) -> CommandResult {
    if !context.ui.terminals().output {
        return Err(CliError::usage("review needs a terminal")
            .hint("without one: `mlflow-trace feedback log TRACE_ID correct=true`, or `feedback import FILE`"));
    }
    let name = args.name.clone().or_else(|| args.schema.clone()).unwrap_or_default();
    check_name(&name)?;
    let template = template(context, &args, name)?;
    journals::folder(context)?;
    let store = context.store()?;
    let server = store.writer()?;
    server.takes_assessments()?;
    let selected = select::traces(context, &args).await?;
    let answers = AnswerKeys::new(server, &args, &template, &selected).await?;
    let is_mine = |info: &TraceInfo| info.assessments.iter().any(|there| says_so(&template, there));
    let (done, open): (Vec<_>, Vec<_>) = selected.into_iter().partition(is_mine);
    if open.is_empty() {
        context.ui.status(&match done.len() {
            0 => "no traces to review".to_owned(),
            _ => format!("nothing left to review: you have judged all {} traces", done.len()),
        });
        return Ok(if done.is_empty() && args.read.fail_if_empty { Exit::CheckFailed } else { Exit::Done });
    }
    let mut experiments: Vec<_> = open.iter().filter_map(TraceInfo::experiment_id).collect();
    experiments.sort();
    experiments.dedup();
    let journal = AssessmentJournal::begin(context, "review", experiments)?;
    let target = LogTarget {
        server,
        journal: &journal,
        interrupt: context.interrupt.of_part(),
        failed: RefCell::default(),
        is_over: Cell::default(),
    };
    let mut session = Session::new(open, done, answers, template, args.blind);
    if let Ok(address) = &context.settings.tracking_uri {
        let (address, workspace) = (address.clone(), context.settings.http.workspace.clone());
        session.page =
            Some(Box::new(move |info| address.page_of(&info.experiment_id()?, &info.trace_id, workspace.as_deref())));
    }
    let mut saver = Saver::new(&target);
    let finishing = context.interrupt.finish_first();
    let mut screen = context.ui.full_screen()?;
    let ended = session.run(&mut screen, &store, &mut saver, context.interrupt).await;
    drop(screen);
    drop(finishing);
    let lost = saver.end();
    let way_back = journal.finish()?.map(|run_id| journals::way_back(context, &run_id));
    ended?;
    report::tell(context, &session, &lost, way_back)
}

/// What every answer has in common.
fn template(context: &Context<'_>, args: &ReviewArgs, name: String) -> Result<Row, CliError> {
    let kind = if args.expectation { AssessmentKind::Expectation } else { AssessmentKind::Feedback };
    let source = (args.source.source_type.as_str(), source_id(context, &args.source)?);
    Ok(Row::unplaced(kind, name, serde_json::Value::Null, source))
}

/// Whether an assessment is what this reviewer says about this question.
fn says_so(template: &Row, there: &Assessment) -> bool {
    is_asked(template, there)
        && there.source_id() == Some(&template.source_id)
        && there.source_type() == Some(template.source_type)
}

/// Whether an assessment answers this question, whoever says it.
fn is_asked(template: &Row, there: &Assessment) -> bool {
    there.is_valid() && there.kind() == template.kind && there.name() == template.name
}
