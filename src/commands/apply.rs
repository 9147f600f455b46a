//! `apply`: what a plan file says, as far as it still holds.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::{CommandResult, Context, inputs, limits, rows_import, selection};
use crate::changes::Deed;
use crate::changes::delete::{self, Deletion, DeletionPace, Killed, clock, rules};
use crate::changes::journal::{Action, Entry, Outcome, Recorded};
use crate::changes::journals::{self, Locked};
use crate::changes::place;
use crate::changes::plan_file::{self, Header, Line, LineDecision, Operation, PlanError, PlanFile};
use crate::changes::run::{Terms, carry_out, confirm};
use crate::changes::tags::TagServer;
use crate::changes::tags::{self, TagRun};
use crate::changes::tags::{Group, Guard, TagChange, TagChanges, TagPlan};
use crate::cli::{ApplyArgs, OutputFormat, Period};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::Filter;
use crate::model::{Experiment, TraceId};
use crate::output::{count, count_traces};
use crate::retention::{Ground, Plan, Planned, Rule};
use crate::settings::ExperimentRef;
use crate::store::{Store, Writer, active, check_tag_key, check_tag_value};

pub async fn run(context: &mut Context<'_>, args: ApplyArgs) -> CommandResult {
    let PlanFile { header, lines } = {
        let file = args.file.clone();
        inputs::apart(context.interrupt, move || Ok(plan_file::read(&file)))
            .map_err(|unread| unread.into_error(|error| CliError::usage(format!("cannot read the plan: {error}"))))??
    };
    let now_ms = context.ui.clock().now_ms();
    plan_file::check_age(&header, now_ms, args.plan_max_age.map(Period::as_duration))?;
    let format = match header.operation {
        Operation::Delete => context.format("apply", delete::FORMATS, false)?,
        _ => context.format("apply", tags::FORMATS, false)?,
    };
    place::check(PLAN, &header.place, context.place())?;
    check_tags(&header.operation)?;
    rows_import::planned_rows(&header, &lines)?;
    let _lock = journals::lock(context, locked(&header.operation), "apply", args.lock.patience()).await?;
    let begun = Begun::of(context, &args.file, &header)?;
    let filter = header.filter.as_deref().map(|text| Filter::parse_at(text, header.as_of_ms)).transpose()?;
    let store = context.store()?;
    let server = store.writer()?;
    let experiments = experiments(context, &store, server, &header).await?;
    if header.traces == 0 {
        context.ui.status("Nothing to do: the plan has no traces.");
        return Ok(Exit::Done);
    }
    let what = describe(&header);
    context.ui.status(&format!("Plan of {}: {what}.", header.as_of));
    for (rule, place) in header.rules.iter().filter_map(|rule| Some((&rule.name, rule.archive_to.as_ref()?))) {
        context.ui.status(&format!(
            "Traces expired by rule {rule:?} are first archived to {}.",
            delete::absolute_place(place)
        ));
    }
    let is_left = |line: &Line| line.decision == LineDecision::Act && !begun.has_settled(line);
    let act: Vec<Line> = lines.into_iter().filter(is_left).collect();
    if let Some(run) = &begun.last {
        let left = act.len() as u64;
        let left = if header.rows.is_some() { count_rows(left) } else { count_traces(left) };
        context.ui.status(&format!("Run {run} of this plan did not finish; {left} remain."));
    }
    if !args.yes {
        confirm(context, Deed::Change, "Apply this plan?")?;
    }
    let task = Task { args: &args, header: &header, begun, format };
    match &header.operation {
        Operation::Delete => task.delete(context, server, experiments, &act).await,
        Operation::SetTags { .. } | Operation::DeleteTags { .. } => {
            task.tags(context, server, filter, experiments, &act).await
        }
        Operation::ImportAssessments { .. } => task.rows(context, server, experiments, &act).await,
    }
}

/// A plan that is to be carried out.
struct Task<'a> {
    args: &'a ApplyArgs,
    header: &'a Header,
    begun: Begun,
    format: OutputFormat,
}

fn locked(operation: &Operation) -> Locked {
    match operation {
        Operation::Delete => Locked::Traces,
        Operation::SetTags { .. } | Operation::DeleteTags { .. } => Locked::Tags,
        Operation::ImportAssessments { .. } => Locked::Assessments,
    }
}

fn describe(header: &Header) -> String {
    let traces = count_traces(header.traces);
    match &header.operation {
        Operation::Delete => format!("permanently delete {traces}"),
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

/// A plan is carried out where it was made, nowhere else: ids mean something else on another server.
const PLAN: &str = "the plan is for traces";

/// What earlier runs did of a plan, none of which came to its end.
#[derive(Default)]
struct Begun {
    /// The last of them, if there is one.
    last: Option<String>,
    /// Traces of which nothing is left to do.
    settled: HashSet<TraceId>,
    /// Ids of assessments that rows are to become, of which nothing is left to do.
    rows: HashSet<String>,
}

impl Begun {
    /// Fails if the plan was carried out. A copy of a plan has no marker beside it, but the journals know; where they do not,
    /// because they are elsewhere, the marker does.
    fn of(context: &Context<'_>, file: &Path, header: &Header) -> Result<Self, CliError> {
        let steps = match &header.operation {
            Operation::Delete => 1,
            Operation::SetTags { tags } => tags.len(),
            Operation::DeleteTags { keys } => keys.len(),
            // Its rows are settled one by one.
            Operation::ImportAssessments { .. } => usize::MAX,
        };
        let mut begun = Self::default();
        let runs = journals::list(context)?;
        for run in runs.into_iter().filter(|run| run.plan.as_ref() == Some(&header.plan_id)) {
            let recorded = journals::read(context, &run.run_id)?;
            if recorded.finished.is_some_and(|counts| counts.not_attempted + counts.failed == 0) {
                return Err(PlanError::Applied { by: format!("run {}", run.run_id) }.into());
            }
            begun.last = Some(run.run_id);
            begun.settled.extend(settled(&recorded, steps));
            begun.rows.extend(settled_rows(&recorded));
        }
        match plan_file::applied_by(file)? {
            Some(by) if begun.last.is_none() => Err(PlanError::Applied { by }.into()),
            _ => Ok(begun),
        }
    }

    /// Whether nothing is left to do of what a line says.
    fn has_settled(&self, line: &Line) -> bool {
        let id = line.row.as_ref().and_then(|row| row["creates"]["assessment_id"].as_str());
        self.settled.contains(&line.trace_id) || id.is_some_and(|id| self.rows.contains(id))
    }

    /// The file that is to be marked, unless an earlier run did so.
    fn unmarked<'f>(&self, file: &'f Path) -> Option<&'f Path> {
        self.last.is_none().then_some(file)
    }
}

/// The traces of a run for which every one of so many steps is settled for good.
fn settled(recorded: &Recorded, steps: usize) -> Vec<TraceId> {
    let mut done: HashMap<&TraceId, usize> = HashMap::new();
    for entry in recorded.entries.iter().filter(|entry| is_for_good(entry.outcome) && !is_about_files(entry)) {
        *done.entry(&entry.trace_id).or_default() += 1;
    }
    done.into_iter().filter(|(_, number)| *number >= steps).map(|(id, _)| id.clone()).collect()
}

fn is_for_good(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Planned | Outcome::Failed)
}

/// Files follow their trace, and are no step of a plan.
fn is_about_files(entry: &Entry) -> bool {
    matches!(entry.action, Action::DeleteArtifacts { .. })
}

fn settled_rows(recorded: &Recorded) -> impl Iterator<Item = String> + '_ {
    let settled = recorded.entries.iter().filter(|entry| is_for_good(entry.outcome));
    settled.filter_map(|entry| match &entry.action {
        Action::CreateAssessment { assessment_id } => Some(assessment_id.clone()),
        _ => None,
    })
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
    server: &dyn Writer,
    header: &Header,
) -> Result<Vec<Experiment>, CliError> {
    let differ = |message: String| CliError::new(Exit::SafetyStop, format!("{message}; nothing was changed"));
    let mut found = Vec::with_capacity(header.experiments.len());
    for planned in &header.experiments {
        match server.experiment_by_id(&planned.id).await? {
            Some(experiment) if experiment.name == planned.name => found.push(active(experiment)?),
            Some(other) => {
                let (id, was, is) = (&planned.id, &planned.name, &other.name);
                return Err(differ(format!("experiment {id} was called {was:?} and is now called {is:?}")));
            }
            None => {
                let message = format!("experiment {:?} (id {}) does not exist", planned.name, planned.id);
                return Err(differ(message));
            }
        }
    }
    place::check(PLAN, &header.place, &context.place().clone().with(&found))?;
    let by_flag = |named: &ExperimentRef| matches!(named, ExperimentRef::NameOrId(_));
    if context.settings.experiments.iter().any(by_flag) {
        let named = selection::named_experiments(context, store).await?;
        if let Some(other) = found.iter().find(|experiment| !named.iter().any(|named| named.id == experiment.id)) {
            return Err(differ(format!("the plan is for the experiment {:?} (id {})", other.name, other.id))
                .hint("omit --experiment, or name the experiments of the plan"));
        }
    }
    Ok(found)
}

impl Task<'_> {
    async fn tags(
        self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        filter: Option<Filter>,
        experiments: Vec<Experiment>,
        lines: &[Line],
    ) -> CommandResult {
        let change = |key: &String, value: Option<&String>| TagChange {
            key: key.clone(),
            value: value.cloned(),
            guard: Guard::Always,
        };
        let (verb, changes): (_, Vec<TagChange>) = match &self.header.operation {
            Operation::SetTags { tags } => ("Set", tags.iter().map(|(key, value)| change(key, Some(value))).collect()),
            Operation::DeleteTags { keys } => ("Deleted", keys.iter().map(|key| change(key, None)).collect()),
            Operation::Delete | Operation::ImportAssessments { .. } => return Ok(Exit::Done),
        };
        let group = |experiment: &Experiment| Group {
            experiment: Some(experiment.id.clone()),
            ids: of_experiment(lines, experiment).map(|line| line.trace_id.clone()).collect(),
        };
        let plan = TagPlan { groups: experiments.iter().map(group).collect(), changes: TagChanges::Same(changes) };
        let mut journal = journals::header(context, "apply").about(&experiments);
        journal.hash.clone_from(&self.header.hash);
        journal.plan = Some(self.header.plan_id.clone());
        let file = self.begun.unmarked(&self.args.file);
        journal.resumes.clone_from(&self.begun.last);
        let change = TagRun {
            target: TagServer { server, selection: filter.as_ref(), fresh: RefCell::default() },
            plan,
            header: journal,
            verb,
            format: self.format,
            shown: None,
            // It was asked already.
            question: None,
            is_dry_run: false,
            save_to: None,
        };
        Ok(carry_out(context, &change, Terms { plan: file, ..Terms::default() }).await?)
    }

    async fn rows(
        self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        experiments: Vec<Experiment>,
        lines: &[Line],
    ) -> CommandResult {
        let Some(rows) = rows_import::planned_rows(self.header, lines)? else { return Ok(Exit::Done) };
        let mut journal = journals::header(context, "apply").about(&experiments);
        journal.hash.clone_from(&self.header.hash);
        journal.plan = Some(self.header.plan_id.clone());
        journal.resumes.clone_from(&self.begun.last);
        let file = self.begun.unmarked(&self.args.file);
        rows_import::apply(context, server, rows, journal, (file, self.format)).await
    }

    async fn delete(
        self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        experiments: Vec<Experiment>,
        lines: &[Line],
    ) -> CommandResult {
        clock::check(context, server, self.args.clock.trust_clock).await?;
        let policy = rules::of_plan(self.header)?;
        let here = context.place().clone().with(&experiments);
        let resumes = match self.begun.last.clone() {
            Some(run) => Some(Killed::of_plan(context, &here, run)?),
            None => None,
        };
        let plan = |experiment: Experiment| planned(&policy.rules, lines, experiment);
        let plans: Vec<Plan> = experiments.into_iter().map(plan).collect();
        let file = self.begun.unmarked(&self.args.file).map(Path::to_owned);
        let deletion = Deletion {
            command: "apply",
            policy,
            met: Vec::new(),
            hash: self.header.hash.clone(),
            reason: "the plan says so",
            cutoff_ms: None,
            keeper: "",
            newest_of: None,
            max_delete: context.settings.max_delete(None),
            dry_run: false,
            // It was asked already.
            yes: true,
            format: self.format,
            pace: DeletionPace::from_now(self.args.pace.pause(), self.args.pace.most()),
            plan: Some((self.header.plan_id.clone(), file)),
            resumes,
        };
        limits::of_deletion(context.settings, None, deletion.run(context, server, &plans).await)
    }
}

fn of_experiment<'a>(lines: &'a [Line], experiment: &Experiment) -> impl Iterator<Item = &'a Line> {
    let id = experiment.id.clone();
    lines.iter().filter(move |line| line.experiment_id == id)
}

/// The plan for an experiment, with the places that the rules of each trace name.
fn planned(rules: &[Rule], lines: &[Line], experiment: Experiment) -> Plan {
    let (mut grounds, mut known) = (Vec::new(), HashMap::new());
    let mut ground = |line: &Line| {
        *known.entry(line.rules.clone()).or_insert_with_key(|names| {
            let named = rules.iter().filter(|rule| names.contains(&rule.name));
            let mut archive_to: Vec<String> = named.filter_map(|rule| rule.archive_to.clone()).collect();
            archive_to.sort_unstable();
            archive_to.dedup();
            grounds.push(Ground { rules: names.clone(), archive_to });
            u32::try_from(grounds.len() - 1).unwrap_or(u32::MAX)
        })
    };
    let planned = |line: &Line| Planned {
        trace_id: line.trace_id.clone(),
        request_time_ms: line.request_time_ms,
        size_bytes: line.size_bytes,
        has_span_file: line.has_span_file,
        ground: ground(line),
    };
    let traces = of_experiment(lines, &experiment).map(planned).collect();
    Plan { experiment, traces, kept: 0, grounds }
}
