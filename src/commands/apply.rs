//! `apply`: what a plan file says, as far as it still holds.

use std::cell::RefCell;

use super::{CommandResult, Context, inputs, limits, selection};
use crate::changes::annotations::{Importer, PlannedRows, RowsRun};
use crate::changes::applied::{self, DoneBefore, PLAN};
use crate::changes::delete::{self, Deletion, DeletionPace, Killed, clock, planned, rules};
use crate::changes::plan_file::{self, Header, Line, Operation, PlanFile};
use crate::changes::run::{Terms, carry_out, confirm};
use crate::changes::tags::{self, TagRun, TagServer};
use crate::changes::{Deed, journals, place};
use crate::cli::{ApplyArgs, OutputFormat, Period};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::Filter;
use crate::model::Experiment;
use crate::retention::Plan;
use crate::settings::ExperimentRef;
use crate::store::{Store, Writer};

pub async fn run(context: &mut Context<'_>, args: ApplyArgs) -> CommandResult {
    let PlanFile { header, lines } = {
        let file = args.file.clone();
        inputs::apart(context.interrupt, move || Ok(plan_file::read(&file)))
            .map_err(|unread| unread.into_error(|error| CliError::usage(format!("cannot read the plan: {error}"))))??
    };
    plan_file::check_age(&header, context.ui.clock().now_ms(), args.plan_max_age.map(Period::as_duration))?;
    let formats = if header.operation == Operation::Delete { delete::FORMATS } else { tags::FORMATS };
    let format = context.format("apply", formats, false)?;
    place::check(PLAN, &header.place, context.place())?;
    header.operation.check_tags()?;
    PlannedRows::of(&header, &lines)?;
    let _lock = journals::lock(context, header.operation.locked(), "apply", args.lock.patience()).await?;
    let before = DoneBefore::of(context, &args.file, &header)?;
    let filter = header.filter.as_deref().map(|text| Filter::parse_at(text, header.as_of_ms)).transpose()?;
    let store = context.store()?;
    let server = store.writer()?;
    let experiments = applied::experiments(context, server, &header).await?;
    check_named(context, &store, &experiments).await?;
    if header.traces == 0 {
        context.ui.status("Nothing to do: the plan has no traces.");
        return Ok(Exit::Done);
    }
    let act: Vec<Line> = lines.into_iter().filter(|line| before.leaves(line)).collect();
    show(context, &header, before.last.as_deref(), act.len() as u64);
    if !args.yes {
        confirm(context, Deed::Change, "Apply this plan?")?;
    }
    let task = Task { args: &args, header: &header, before, format };
    match &header.operation {
        Operation::Delete => task.delete(context, server, experiments, &act).await,
        Operation::SetTags { .. } | Operation::DeleteTags { .. } => {
            task.tags(context, server, filter, &experiments, &act).await
        }
        Operation::ImportAssessments { .. } => task.rows(context, server, &experiments, &act).await,
    }
}

/// Says what the plan does, and how much of it is left if a run has begun with it.
fn show(context: &mut Context<'_>, header: &Header, last: Option<&str>, left: u64) {
    context.ui.status(&format!("Plan of {}: {}.", header.as_of, header.deed()));
    for (rule, place) in header.rules.iter().filter_map(|rule| Some((&rule.name, rule.archive_to.as_ref()?))) {
        context.ui.status(&format!(
            "Traces expired by rule {rule:?} are first archived to {}.",
            delete::absolute_place(place)
        ));
    }
    if let Some(run) = last {
        context.ui.status(&format!("Run {run} of this plan did not finish; {} remain.", header.in_words(left)));
    }
}

/// Experiments that were named on the command line are those of the plan.
async fn check_named(context: &Context<'_>, store: &Store, planned: &[Experiment]) -> Result<(), CliError> {
    let by_flag = |named: &ExperimentRef| matches!(named, ExperimentRef::NameOrId(_));
    if !context.settings.experiments.iter().any(by_flag) {
        return Ok(());
    }
    let named = selection::named_experiments(context, store).await?;
    match planned.iter().find(|planned| !named.iter().any(|named| named.id == planned.id)) {
        None => Ok(()),
        Some(Experiment { name, id, .. }) => {
            let message = format!("the plan is for the experiment {name:?} (id {id}); nothing was changed");
            Err(CliError::new(Exit::SafetyStop, message).hint("omit --experiment, or name the experiments of the plan"))
        }
    }
}

/// A plan that is to be carried out; it was asked already.
struct Task<'a> {
    args: &'a ApplyArgs,
    header: &'a Header,
    before: DoneBefore,
    format: OutputFormat,
}

impl Task<'_> {
    fn terms(&self) -> Terms<'_> {
        Terms { plan: self.before.unmarked(&self.args.file), ..Terms::default() }
    }

    async fn tags(
        self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        filter: Option<Filter>,
        experiments: &[Experiment],
        lines: &[Line],
    ) -> CommandResult {
        let target = TagServer { server, selection: filter.as_ref(), fresh: RefCell::default() };
        let said = (&self.header.operation, lines);
        let how = (self.before.journal(context, self.header, experiments), self.format);
        let Some(mut change) = TagRun::of_plan(target, said, experiments, how) else { return Ok(Exit::Done) };
        Ok(carry_out(context, &mut change, self.terms()).await?)
    }

    async fn rows(
        self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        experiments: &[Experiment],
        lines: &[Line],
    ) -> CommandResult {
        let Some(rows) = PlannedRows::of(self.header, lines)? else { return Ok(Exit::Done) };
        let importer = Importer::new(context, server, rows.on_existing);
        let header = self.before.journal(context, self.header, experiments);
        let mut change = RowsRun::of_plan(importer, rows, header, self.format);
        Ok(carry_out(context, &mut change, self.terms()).await?)
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
        let killed = self.before.last.clone().map(|run| Killed::of_plan(context, &here, run)).transpose()?;
        let plans: Vec<Plan> = experiments.into_iter().map(|one| planned(&policy.rules, lines, one)).collect();
        let file = self.before.unmarked(&self.args.file).map(ToOwned::to_owned);
        let pace = DeletionPace::from_now(self.args.pace.pause(), self.args.pace.most());
        let deletion = Deletion::of_plan(self.header, policy, (killed, file), (self.format, pace));
        let deletion = Deletion { max_delete: context.settings.max_delete(None), ..deletion };
        limits::of_deletion(context.settings, None, deletion.run(context, server, &plans).await)
    }
}
