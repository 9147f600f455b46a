//! `sessions list` and `sessions show`.

use super::experiments::write_list;
use super::gather::{Gathered, ReadScope, gather, gather_matches};
use super::selection::{self, LIST_FORMATS};
use super::{CommandResult, Context};
use crate::analysis::activities::{Activities, Activity, ActivityColumn, ActivityOrder, above};
use crate::analysis::chat::{Conversation, Message, Talk, conversation};
use crate::cli::{OutputFormat, SelectionArgs, SessionView, SessionsListArgs, SessionsShowArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::OrderBy;
use crate::model::{Trace, TraceInfo};
use crate::output::{ActivityOf, ChatOptions, Turn, count, count_traces, session_json, turn_records, write_session};

/// Columns by which sessions are sorted.
const COLUMNS: &[(&str, ActivityColumn)] = &[
    ("turns", ActivityColumn::Traces),
    ("first", ActivityColumn::First),
    ("last", ActivityColumn::Last),
    ("duration", ActivityColumn::Duration),
    ("errors", ActivityColumn::Errors),
    ("tokens", ActivityColumn::Tokens),
    ("cost", ActivityColumn::Cost),
    ("session", ActivityColumn::Id),
];

/// Columns of a conversation where there is no terminal.
const WIDTH: u16 = 100;

pub async fn list(context: &mut Context<'_>, args: SessionsListArgs) -> CommandResult {
    let format = context.output("sessions list", LIST_FORMATS)?;
    let order = order(args.order_by.as_deref().unwrap_or("-last"), COLUMNS)?;
    let mut activities = Activities::default();
    let level = args.level.map(std::num::NonZeroUsize::get);
    let mut take = |trace: &Trace| {
        let whole = trace.info.session().zip(level).map(|(session, level)| above(session, level));
        activities.add(whole.as_deref().or_else(|| trace.info.session()), trace);
    };
    let gathered = gather(context, &args.read, ReadScope::default(), &mut take).await?;
    let without = (activities.without > 0).then(|| format!("{} without a session", count_traces(activities.without)));
    let most = (!args.all && args.limit > 0).then_some(args.limit);
    write_activities(context, ActivityOf::Sessions, format, activities.sorted(order), most)?;
    if let Some(without) = without {
        context.ui.status(&without);
    }
    gathered.report(context, args.read.fail_if_empty, format == OutputFormat::Table).await
}

/// Writes sessions or users, and says if there are more.
pub fn write_activities(
    context: &mut Context<'_>,
    of: ActivityOf,
    format: OutputFormat,
    mut activities: Vec<Activity>,
    most: Option<usize>,
) -> Result<(), CliError> {
    let all = activities.len();
    activities.truncate(most.unwrap_or(all));
    let clock = context.ui.clock().clone();
    let records: Vec<_> = activities.iter().map(|activity| of.record(activity, &clock)).collect();
    write_list(context, format, of.headers(), &records)?;
    context.ui.flush()?;
    if records.len() < all {
        let (shown, all) = (count(records.len() as u64), count(all as u64));
        context.ui.status(&format!("{shown} of {all}; use --limit N for more, or --all"));
    }
    Ok(())
}

/// Reads what activities are sorted by.
pub fn order(text: &str, columns: &[(&str, ActivityColumn)]) -> Result<ActivityOrder, CliError> {
    let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let column = columns.iter().find(|(known, _)| *known == name).map(|(_, column)| *column);
    let column = column.ok_or_else(|| {
        let known = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        CliError::usage(format!("cannot sort by {name:?}")).hint(format!("sort by {known}; -{} reverses", columns[0].0))
    })?;
    Ok(ActivityOrder { column, descending })
}

pub async fn show(context: &mut Context<'_>, args: SessionsShowArgs) -> CommandResult {
    let format = context.output("sessions show", LIST_FORMATS)?;
    let flags = SelectionArgs { session: Some(args.session.clone()), ..SelectionArgs::default() };
    let filter = selection::filter(context, None, &flags)?;
    let store = context.store()?;
    let is_chat = args.view == SessionView::Chat
        && matches!(format, OutputFormat::Table | OutputFormat::Json | OutputFormat::Jsonl);
    let mut turns: Vec<(TraceInfo, Conversation)> = Vec::new();
    let mut take = |trace: &Trace| turns.push((trace.info.clone(), told(trace, is_chat)));
    let scope =
        ReadScope { order_by: OrderBy::parse(&["timestamp ASC".to_owned()])?, spans: is_chat, ..ReadScope::default() };
    let gathered = gather_matches(context, store, args.all_experiments, filter, scope, &mut take).await?;
    if turns.is_empty() {
        return not_found(context, &args.session, gathered).await;
    }
    turns.sort_by_cached_key(|(info, _)| (info.request_time_ms, info.trace_id.to_string()));
    let mut activity = Activity::new(args.session);
    let mut talk = Talk::default();
    let turns: Vec<Turn> = turns.into_iter().map(|(info, told)| Turn { told: talk.turn(told), info }).collect();
    for turn in &turns {
        activity.add(&Trace::without_spans(turn.info.clone()));
    }
    write(context, &activity, &turns, format, args.view, args.content)?;
    gathered.report(context, false, false).await
}

/// What a turn said: where its spans are not known, its previews tell it.
fn told(trace: &Trace, is_chat: bool) -> Conversation {
    if is_chat && trace.spans.is_some() {
        return conversation(trace);
    }
    let mut told = conversation(&Trace::without_spans(trace.info.clone()));
    let said = [("user", &trace.info.request_preview), ("assistant", &trace.info.response_preview)];
    told.messages = said.into_iter().filter_map(|(role, text)| Some(Message::text(role, text.as_deref()?))).collect();
    told
}

fn write(
    context: &mut Context<'_>,
    activity: &Activity,
    turns: &[Turn],
    format: OutputFormat,
    view: SessionView,
    is_whole: bool,
) -> Result<(), CliError> {
    let clock = context.ui.clock().clone();
    match (format, view) {
        (OutputFormat::Json, _) => Ok(context.write_json(&session_json(activity, turns))?),
        (OutputFormat::Table, SessionView::Chat) => {
            context.page(format);
            let terminals = context.ui.terminals();
            let width = usize::from(terminals.width.filter(|_| terminals.output).unwrap_or(WIDTH));
            let options = ChatOptions { content: is_whole, color: context.ui.verbosity().color_output, width };
            Ok(write_session(context.ui.output(), activity, turns, &options, &clock)?)
        }
        (OutputFormat::Table, SessionView::Table)
        | (OutputFormat::Wide | OutputFormat::Jsonl | OutputFormat::Csv | OutputFormat::Ids, _) => {
            let (with_messages, is_wide) = (format == OutputFormat::Jsonl, format == OutputFormat::Wide);
            let (headers, records) = turn_records(turns, &clock, with_messages, is_wide);
            write_list(context, format, headers, &records)
        }
    }
}

async fn not_found(context: &mut Context<'_>, session: &str, gathered: Gathered) -> CommandResult {
    gathered.report(context, false, false).await?;
    Err(CliError::new(Exit::NotFound, format!("there is no session {session:?}"))
        .hint("list sessions with `mlflow-trace sessions list`"))
}
