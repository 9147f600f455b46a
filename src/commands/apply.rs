//! `apply`: what a plan file says, as far as it still holds.

use std::cell::RefCell;
use std::path::Path;

use super::deletion::{self, Basis, Deletion};
use super::tag_run::{self, Manner};
use super::tag_target::TagServer;
use super::{CommandResult, Context, journals, rows_import, selection};
use crate::changes::journal::Journal;
use crate::changes::plan_file::{self, Decision, Header, Line, Operation, PlanError, PlanFile};
use crate::changes::tags::{Group, Guard, TagChange, TagChanges, TagPlan};
use crate::cli::{ApplyArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::Filter;
use crate::model::{Experiment, rfc3339_utc};
use crate::output::{count, count_traces};
use crate::retention::{Plan, Planned, Policy};
use crate::settings::ExperimentRef;
use crate::store::server::{check_tag_key, check_tag_value};
use crate::store::{ServerStore, Store, StoreError, active};

pub async fn run(context: &mut Context<'_>, args: ApplyArgs) -> CommandResult {
    let PlanFile { header, lines } = plan_file::read(&args.file)?;
    let now_ms = context.ui.clock().now_ms();
    plan_file::check(&args.file, &header, now_ms, args.plan_max_age.as_duration())?;
    let format = match header.operation {
        Operation::Delete => deletion::format(context, "apply", false)?,
        _ => tag_run::format(context, "apply", false)?,
    };
    check_server(context, &header)?;
    check_journals(context, &header)?;
    check_tags(&header.operation)?;
    rows_import::rows_of_plan(&header, &lines)?;
    let filter = header.filter.as_deref().map(|text| Filter::parse_at(text, header.as_of_ms)).transpose()?;
    let store = context.store()?;
    let server = store.writer()?;
    let experiments = experiments(context, &store, server, &header).await?;
    if header.traces == 0 {
        context.ui.status("Nothing to do: the plan has no traces.");
        return Ok(Exit::Done);
    }
    let what = describe(&header);
    context.ui.status(&format!("The plan of {}: {what}.", header.as_of));
    if !args.yes {
        tag_run::ask(context, "Carry it out?")?;
    }
    if let Operation::ImportAssessments { .. } = header.operation {
        return rows_import::apply(context, server, PlanFile { header, lines }, experiments, (&args.file, format))
            .await;
    }
    let act: Vec<Line> = lines.into_iter().filter(|line| line.decision == Decision::Act).collect();
    match &header.operation {
        Operation::Delete => {
            delete(context, server, (&header, filter), (experiments, &act), (&args.file, format)).await
        }
        Operation::SetTags { .. } | Operation::DeleteTags { .. } => {
            tags(context, server, (&header, filter), (experiments, &act), (&args.file, format)).await
        }
        Operation::ImportAssessments { .. } => Ok(Exit::Done),
    }
}

fn describe(header: &Header) -> String {
    let traces = count_traces(header.traces);
    match &header.operation {
        Operation::Delete => format!("delete {traces} for good"),
        Operation::SetTags { tags } => {
            let keys: Vec<&str> = tags.iter().map(|(key, _)| key.as_str()).collect();
            format!("set {} on {traces}", keys.join(", "))
        }
        Operation::DeleteTags { keys } => format!("delete {} from {traces}", keys.join(", ")),
        Operation::ImportAssessments { kind, .. } => {
            format!("import {} of {} to {traces}", count_rows(header.rows.unwrap_or(0)), kind.as_str())
        }
    }
}

fn count_rows(number: u64) -> String {
    if number == 1 { "1 row".to_owned() } else { format!("{} rows", count(number)) }
}

/// Where the plan was made, nothing else: ids mean something else on another server.
fn check_server(context: &Context<'_>, header: &Header) -> Result<(), CliError> {
    let (there, here) = (&header.tracking_uri, context.source_name());
    if *there == here {
        return Ok(());
    }
    Err(CliError::new(Exit::SafetyStop, format!("the plan is for {there}, not for {here}; nothing was changed"))
        .hint("make a plan for this server, or give the tracking URI of the plan"))
}

/// A copy of a plan has no marker beside it, but the journals know.
fn check_journals(context: &Context<'_>, header: &Header) -> Result<(), CliError> {
    let folder = journals::folder(context)?;
    let runs = Journal::list(folder).map_err(|error| {
        CliError::new(Exit::Unexpected, format!("cannot read the journals in {}: {error}", folder.display()))
    })?;
    match runs.into_iter().find(|run| run.plan.as_ref() == Some(&header.plan_id)) {
        Some(run) => Err(PlanError::Applied { by: format!("run {}", run.run_id) }.into()),
        None => Ok(()),
    }
}

fn check_tags(operation: &Operation) -> Result<(), CliError> {
    match operation {
        Operation::Delete | Operation::ImportAssessments { .. } => {}
        Operation::SetTags { tags } => {
            for (key, value) in tags {
                check_tag_key(key, false)?;
                check_tag_value(key, value)?;
            }
        }
        Operation::DeleteTags { keys } => keys.iter().try_for_each(|key| check_tag_key(key, true))?,
    }
    Ok(())
}

/// The experiments of the plan: still there, active, under the same names, and those that were asked for, if any were.
async fn experiments(
    context: &Context<'_>,
    store: &Store,
    server: &ServerStore,
    header: &Header,
) -> Result<Vec<Experiment>, CliError> {
    let differ = |message: String| CliError::new(Exit::SafetyStop, format!("{message}; nothing was changed"));
    let mut found = Vec::with_capacity(header.experiments.len());
    for planned in &header.experiments {
        match server.experiment_by_id(&planned.id).await.map_err(StoreError::from)? {
            Some(experiment) if experiment.name == planned.name => found.push(active(experiment)?),
            Some(other) => {
                let (id, was, is) = (&planned.id, &planned.name, &other.name);
                return Err(differ(format!("the experiment with id {id} was {was:?} and is {is:?} now")));
            }
            None => {
                let message = format!("the experiment {:?} (id {}) is not there", planned.name, planned.id);
                return Err(differ(message));
            }
        }
    }
    let by_flag = |named: &ExperimentRef| matches!(named, ExperimentRef::NameOrId(_));
    if context.settings.experiments.iter().any(by_flag) {
        let named = selection::named_experiments(context, store).await?;
        if let Some(other) = found.iter().find(|experiment| !named.iter().any(|named| named.id == experiment.id)) {
            return Err(differ(format!("the plan is for the experiment {:?} (id {})", other.name, other.id))
                .hint("leave out --experiment, or name those of the plan"));
        }
    }
    Ok(found)
}

async fn tags(
    context: &mut Context<'_>,
    server: &ServerStore,
    (header, filter): (&Header, Option<Filter>),
    (experiments, lines): (Vec<Experiment>, &[Line]),
    (file, format): (&Path, OutputFormat),
) -> CommandResult {
    let change = |key: &String, value: Option<&String>| TagChange {
        key: key.clone(),
        value: value.cloned(),
        guard: Guard::Always,
    };
    let (verb, changes): (_, Vec<TagChange>) = match &header.operation {
        Operation::SetTags { tags } => ("Set", tags.iter().map(|(key, value)| change(key, Some(value))).collect()),
        Operation::DeleteTags { keys } => ("Deleted", keys.iter().map(|key| change(key, None)).collect()),
        Operation::Delete | Operation::ImportAssessments { .. } => return Ok(Exit::Done),
    };
    let group = |experiment: &Experiment| Group {
        experiment: Some(experiment.id.clone()),
        ids: of_experiment(lines, experiment).map(|line| line.trace_id.clone()).collect(),
    };
    let plan = TagPlan { groups: experiments.iter().map(group).collect(), changes: TagChanges::Same(changes) };
    let mut journal = journals::header(context, "apply");
    journal.experiments = experiments.into_iter().map(|experiment| experiment.id).collect();
    journal.plan = Some(header.plan_id.clone());
    let target = TagServer { server, selection: filter.as_ref(), fresh: RefCell::default() };
    tag_run::run(context, &target, &plan, Manner { header: journal, verb, format, file: Some(file) }).await
}

fn of_experiment<'a>(lines: &'a [Line], experiment: &Experiment) -> impl Iterator<Item = &'a Line> {
    let id = experiment.id.clone();
    lines.iter().filter(move |line| line.experiment_id == id)
}

async fn delete(
    context: &mut Context<'_>,
    server: &ServerStore,
    (header, filter): (&Header, Option<Filter>),
    (experiments, lines): (Vec<Experiment>, &[Line]),
    (file, format): (&Path, OutputFormat),
) -> CommandResult {
    let parse = |text: &String| Filter::parse_at(text, header.as_of_ms);
    let keep_if = header.keep_if.iter().map(parse).collect::<Result<_, _>>()?;
    let policy = Policy { now_ms: header.as_of_ms, cutoff_ms: None, filter, keep_if };
    let planned = |line: &Line| Planned {
        trace_id: line.trace_id.clone(),
        request_time_ms: line.request_time_ms,
        size_bytes: line.size_bytes,
    };
    let plan = |experiment: Experiment| {
        let traces = of_experiment(lines, &experiment).map(planned).collect();
        Plan { experiment, traces, kept: 0 }
    };
    let plans: Vec<Plan> = experiments.into_iter().map(plan).collect();
    plan_file::mark_applied(file, &format!("{} deletion", rfc3339_utc(context.ui.clock().now_ms())))?;
    // It was asked already.
    let deletion = Deletion {
        basis: Basis::Selection(Box::new(policy)),
        cutoff_ms: None,
        keeper: "",
        max_delete: None,
        dry_run: false,
        yes: true,
        format,
    };
    deletion.run(context, server, &plans).await
}
