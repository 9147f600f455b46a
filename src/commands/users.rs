//! `users list` and `users show`.

use super::gather::{ReadScope, gather, gather_matches};
use super::selection::{self, LIST_FORMATS};
use super::sessions::{order, write_activities};
use super::{CommandResult, Context};
use crate::analysis::activities::{Activities, Activity, ActivityColumn, ActivityOrder};
use crate::cli::{OutputFormat, SelectionArgs, UsersCommand, UsersListArgs, UsersShowArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::Trace;
use crate::output::{ActivityOf, count_traces};

/// Columns by which users are sorted.
const COLUMNS: &[(&str, ActivityColumn)] = &[
    ("traces", ActivityColumn::Traces),
    ("sessions", ActivityColumn::Sessions),
    ("first", ActivityColumn::First),
    ("last", ActivityColumn::Last),
    ("errors", ActivityColumn::Errors),
    ("tokens", ActivityColumn::Tokens),
    ("cost", ActivityColumn::Cost),
    ("user", ActivityColumn::Id),
];

pub async fn run(context: &mut Context<'_>, command: UsersCommand) -> CommandResult {
    match command {
        UsersCommand::List(args) => list(context, *args).await,
        UsersCommand::Show(args) => show(context, args).await,
    }
}

async fn list(context: &mut Context<'_>, args: UsersListArgs) -> CommandResult {
    let format = context.output("users list", LIST_FORMATS)?;
    let order = order(args.order_by.as_deref().unwrap_or("-traces"), COLUMNS)?;
    let mut activities = Activities::default();
    let mut take = |trace: &Trace| activities.add(trace.info.user(), trace);
    let gathered = gather(context, &args.read, ReadScope::default(), &mut take).await?;
    let without = (activities.without > 0).then(|| format!("{} without a user", count_traces(activities.without)));
    let most = (!args.all && args.limit > 0).then_some(args.limit);
    write_activities(context, ActivityOf::Users, format, activities.sorted(order), most)?;
    if let Some(without) = without {
        context.ui.status(&without);
    }
    gathered.report(context, args.read.fail_if_empty, format == OutputFormat::Table).await
}

async fn show(context: &mut Context<'_>, args: UsersShowArgs) -> CommandResult {
    let format = context.output("users show", &[OutputFormat::Table, OutputFormat::Json])?;
    let flags = SelectionArgs { user: Some(args.user.clone()), ..SelectionArgs::default() };
    let filter = selection::filter(context, None, &flags)?;
    let store = context.store()?;
    let (mut user, mut sessions) = (Activity::new(args.user.clone()), Activities::default());
    let mut take = |trace: &Trace| {
        user.add(trace);
        sessions.add(trace.info.session(), trace);
    };
    let gathered =
        gather_matches(context, store, args.all_experiments, filter, ReadScope::default(), &mut take).await?;
    if user.traces == 0 {
        gathered.report(context, false, false).await?;
        return Err(CliError::new(Exit::NotFound, format!("there are no traces of a user {:?}", args.user))
            .hint("list users with `mlflow-trace users list`"));
    }
    let without = sessions.without;
    let sessions = sessions.sorted(ActivityOrder { column: ActivityColumn::Last, descending: true });
    if format == OutputFormat::Json {
        let mut told = ActivityOf::Users.json(&user);
        let all: Vec<_> = sessions.iter().map(|session| ActivityOf::Sessions.json(session)).collect();
        told.insert("sessions_listed".into(), all.into_iter().map(serde_json::Value::Object).collect());
        context.write_json(&serde_json::Value::Object(told))?;
    } else {
        write_activities(context, ActivityOf::Users, format, vec![user], None)?;
        if !sessions.is_empty() {
            writeln!(context.ui.output())?;
            write_activities(context, ActivityOf::Sessions, format, sessions, None)?;
        }
    }
    if without > 0 {
        context.ui.status(&format!("{} without a session", count_traces(without)));
    }
    gathered.report(context, false, false).await
}
