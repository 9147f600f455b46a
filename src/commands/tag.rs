//! `tag set` and `tag delete`: everything is checked before the first call, then what is selected is collected, shown and
//! changed.

mod arguments;

use std::cell::RefCell;

use super::selection::selecting_filter;
use super::{CommandResult, Context, selection, trace_ids};
use crate::changes::delete::warn_of_undecided;
use crate::changes::journals::{self, Locked};
use crate::changes::plan_file::{self, Operation};
use crate::changes::plans;
use crate::changes::run::{Terms, carry_out};
use crate::changes::tags::{self, TagChange, TagChanges, TagChoice, TagPlan, TagRun, TagServer, TagsFound};
use crate::cli::{BulkArgs, OutputFormat, TagDeleteArgs, TagSetArgs};
use crate::error::CliError;
use crate::filter::{Filter, OrderBy};
use crate::model::TraceId;
use crate::output::count_traces;
use crate::store::{Store, Writer};

pub async fn set(context: &mut Context<'_>, args: TagSetArgs) -> CommandResult {
    let format = context.format("tag set", tags::FORMATS, args.bulk.dry_run)?;
    let filter = selecting_filter(context, args.bulk.filter.as_deref(), &args.selection)?;
    let TagSetArgs { words, bulk, ignore_missing, .. } = args;
    let (ids, changes) = arguments::of_set(&words, filter.is_some())?;
    let task = Task { command: "tag set", verb: "Set", changes, filter, bulk, ignore_missing, format };
    task.run(context, ids).await
}

pub async fn delete(context: &mut Context<'_>, args: TagDeleteArgs) -> CommandResult {
    let format = context.format("tag delete", tags::FORMATS, args.bulk.dry_run)?;
    let filter = selecting_filter(context, args.bulk.filter.as_deref(), &args.selection)?;
    let (ids, changes) = arguments::of_delete(&args, filter.is_some())?;
    trace_ids::refuse_addresses(&ids, "mlflow-trace tag delete --key KEY")?;
    let TagDeleteArgs { bulk, ignore_missing, .. } = args;
    let task = Task { command: "tag delete", verb: "Deleted", changes, filter, bulk, ignore_missing, format };
    task.run(context, &ids).await.map_err(trace_ids::whole_only)
}

/// What was asked for, read and checked.
struct Task {
    command: &'static str,
    verb: &'static str,
    changes: Vec<TagChange>,
    filter: Option<Filter>,
    bulk: BulkArgs,
    ignore_missing: bool,
    format: OutputFormat,
}

impl Task {
    async fn run(self, context: &mut Context<'_>, typed: &[String]) -> CommandResult {
        let ids = trace_ids::read(context, typed)?;
        if !self.bulk.dry_run && self.bulk.plan.is_none() {
            journals::folder(context)?;
        }
        let store = context.store()?;
        let server = store.writer()?;
        let ids = if self.verb == "Set" { trace_ids::complete(context, &store, typed, ids).await? } else { ids };
        let is_one = self.filter.is_none() && ids.len() < 2;
        let is_bulk = !is_one && !self.bulk.dry_run && self.bulk.plan.is_none();
        let _lock = journals::lock_if(is_bulk, context, Locked::Tags, self.command, self.bulk.lock.patience()).await?;
        let found = match &self.filter {
            Some(filter) => self.search(context, &store, filter).await?,
            None => self.look_up(context, server, &ids).await?,
        };
        let mut header = journals::header(context, self.command).about(&found.experiments);
        header.hash = self.filter.as_ref().map(|filter| plan_file::hash(filter.text()));
        let save_to =
            self.bulk.plan.as_deref().map(|file| (file, self.plan_header(context, &found), found.lines.clone()));
        let (shown, question) = (self.shown(&found), self.question(&found));
        let mut change = TagRun {
            target: TagServer { server, selection: self.filter.as_ref(), fresh: RefCell::new(found.fresh) },
            plan: TagPlan { groups: found.groups, changes: TagChanges::Same(self.changes.clone()) },
            header,
            verb: self.verb,
            format: self.format,
            shown,
            question,
            is_dry_run: self.bulk.dry_run,
            save_to,
        };
        let Self { bulk: BulkArgs { dry_run, yes, cap, .. }, .. } = &self;
        let terms = Terms { most: cap.max, is_dry_run: *dry_run, is_agreed: *yes, plan: None };
        Ok(carry_out(context, &mut change, terms).await?)
    }

    fn plan_header(&self, context: &Context<'_>, found: &TagsFound) -> plan_file::Header {
        let operation = Operation::of_tags(&self.changes);
        let mut header = plans::header(context, self.command, operation, &found.experiments);
        header.filter = self.filter.as_ref().map(|filter| filter.text().to_owned());
        header.hash = header.filter.as_deref().map(plan_file::hash);
        header
    }

    fn choice(&self) -> TagChoice<'_> {
        let limit = self.bulk.part.limit.map(std::num::NonZeroU64::get);
        TagChoice { changes: &self.changes, has_lines: self.bulk.plan.is_some(), limit }
    }

    /// All ids are collected before the first change: pages and changes at once lose traces.
    async fn search(&self, context: &mut Context<'_>, store: &Store, filter: &Filter) -> Result<TagsFound, CliError> {
        let experiments = selection::named_experiments(context, store).await?;
        let mut selected = Vec::with_capacity(experiments.len());
        for experiment in &experiments {
            let query = selection::query(std::slice::from_ref(experiment), filter.clone(), OrderBy::default());
            let mut walk = store.search(&query, None)?;
            let mut here = Vec::new();
            while let Some(page) = walk.next_page().await? {
                here.extend(page.iter().map(|trace| self.choice().choose(&trace.info, "it matches the filter")));
            }
            warn_of_undecided(context, walk.undecided());
            selected.push((Some(experiment.id.clone()), here));
        }
        Ok(self.choice().found(selected, experiments))
    }

    async fn look_up(
        &self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        ids: &[TraceId],
    ) -> Result<TagsFound, CliError> {
        let traces = trace_ids::changeable(context, server, ids, self.ignore_missing).await?;
        Ok(self.choice().named(traces.infos, traces.experiments))
    }

    /// What is selected, unless it was spelled out.
    fn shown(&self, found: &TagsFound) -> Option<String> {
        let is_only_shown = self.bulk.dry_run || self.bulk.plan.is_some();
        if self.filter.is_none() && found.newest_of.is_none() && !is_only_shown {
            return None;
        }
        let verb = match (is_only_shown, self.verb) {
            (true, "Set") => "WOULD set",
            (true, _) => "WOULD delete",
            (false, "Set") => "Will set",
            (false, _) => "Will delete",
        };
        Some(found.describe(verb, &self.changes))
    }

    /// Traces that were named one by one need no question.
    fn question(&self, found: &TagsFound) -> Option<String> {
        self.filter.as_ref().map(|_| format!("Change {}?", count_traces(found.traces())))
    }
}
