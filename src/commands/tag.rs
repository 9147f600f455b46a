//! `tag set` and `tag delete`: everything is checked before the first call, then what is selected is collected, shown and
//! changed.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashSet;

use super::selection::selecting_filter;
use super::{CommandResult, Context, selection, trace_ids, words};
use crate::changes::delete::warn_of_undecided;
use crate::changes::journals::{self, Locked};
use crate::changes::plan_file::{self, Line, Operation};
use crate::changes::plans;
use crate::changes::run::{Terms, carry_out};
use crate::changes::tags::TagServer;
use crate::changes::tags::{self, TagRun};
use crate::changes::tags::{BATCH, Group, Guard, TagChange, TagChanges, TagPlan};
use crate::cli::{BulkArgs, KeyValue, OutputFormat, TagDeleteArgs, TagSetArgs};
use crate::error::CliError;
use crate::filter::{Filter, OrderBy};
use crate::model::{Experiment, ExperimentId, TraceId, TraceInfo};
use crate::output::{count, count_traces, one_line};
use crate::retention::{NewestFirst, first_left};
use crate::store::{Store, Writer, check_tag_key, check_tag_value};

pub async fn set(context: &mut Context<'_>, args: TagSetArgs) -> CommandResult {
    let format = context.format("tag set", tags::FORMATS, args.bulk.dry_run)?;
    let filter = selecting_filter(context, args.bulk.filter.as_deref(), &args.selection)?;
    let (ids, tags) = split_set(&args.words, filter.is_some())?;
    for tag in &tags {
        check_tag_key(&tag.key, false)?;
        check_tag_value(&tag.key, &tag.value)?;
    }
    let change = |tag: KeyValue| TagChange { key: tag.key, value: Some(tag.value), guard: Guard::Always };
    let changes = distinct(tags.into_iter().map(change).collect())?;
    let ignore_missing = args.ignore_missing;
    let task = Task { command: "tag set", verb: "Set", changes, filter, bulk: args.bulk, ignore_missing, format };
    task.run(context, ids).await
}

pub async fn delete(context: &mut Context<'_>, args: TagDeleteArgs) -> CommandResult {
    let format = context.format("tag delete", tags::FORMATS, args.bulk.dry_run)?;
    let filter = selecting_filter(context, args.bulk.filter.as_deref(), &args.selection)?;
    let (ids, keys) = split_delete(&args, filter.is_some())?;
    for key in &keys {
        check_tag_key(key, true)?;
    }
    let change = |key| TagChange { key, value: None, guard: Guard::Always };
    let changes = distinct(keys.into_iter().map(change).collect())?;
    let ignore_missing = args.ignore_missing;
    let task =
        Task { command: "tag delete", verb: "Deleted", changes, filter, bulk: args.bulk, ignore_missing, format };
    task.run(context, &ids).await
}

/// Tags are changed side by side, so that one that came twice would be left to chance.
fn distinct(changes: Vec<TagChange>) -> Result<Vec<TagChange>, CliError> {
    let mut seen = HashSet::new();
    match changes.iter().find(|change| !seen.insert(&change.key)) {
        Some(change) => Err(CliError::usage(format!("tag {:?} given twice; nothing was changed", change.key))),
        None => Ok(changes),
    }
}

fn both(word: &str) -> CliError {
    CliError::usage(format!("both a filter and the trace id {word:?} given; nothing was changed"))
        .hint("use only one of them")
}

/// Ids come first, tags are the words with `=`; where a filter selects there are no ids.
fn split_set(typed: &[String], is_selected: bool) -> Result<(&[String], Vec<KeyValue>), CliError> {
    if !is_selected && let Some(word) = typed.first() {
        words::refuse_filter(word, "mlflow-trace tag set reviewed=yes --dry-run --filter", "shows what would be set")?;
    }
    let first_tag = typed.iter().position(|word| word.contains('=')).unwrap_or(typed.len());
    let (ids, tags) = typed.split_at(first_tag);
    if is_selected && !ids.is_empty() {
        return Err(both(&ids[0]));
    }
    let example = "for example `mlflow-trace tag set tr-8c9da0e91080e465367d509b505b35da reviewed=yes`";
    if ids.is_empty() && !is_selected {
        return Err(CliError::usage("missing trace id before the tags")
            .hint(example)
            .hint("or select traces with --filter, or flags such as --status"));
    }
    if tags.is_empty() {
        return Err(CliError::usage(if is_selected {
            "missing KEY=VALUE"
        } else {
            "missing KEY=VALUE after the trace ids"
        })
        .hint(example));
    }
    let tags = tags.iter().map(|word| word.parse().map_err(CliError::usage)).collect::<Result<_, _>>()?;
    Ok((ids, tags))
}

/// With `--key` every word is an id; else the words that look like ids are ids, and the rest are keys. Where a filter selects,
/// all are keys.
fn split_delete(args: &TagDeleteArgs, is_selected: bool) -> Result<(Vec<String>, Vec<String>), CliError> {
    let command = "mlflow-trace tag delete --key reviewed --dry-run --filter";
    args.words.iter().try_for_each(|word| words::refuse_filter(word, command, "shows what would be deleted"))?;
    if is_selected {
        return match args.words.iter().find(|word| looks_like_trace_id(word)) {
            Some(id) => Err(both(id)),
            None if args.words.is_empty() && args.keys.is_empty() => Err(CliError::usage("missing tag key")),
            None => Ok((Vec::new(), args.words.iter().chain(&args.keys).cloned().collect())),
        };
    }
    if !args.keys.is_empty() && !args.words.is_empty() {
        return Ok((args.words.clone(), args.keys.clone()));
    }
    let (ids, keys): (Vec<String>, Vec<String>) =
        args.words.iter().cloned().partition(|word| looks_like_trace_id(word));
    let hint = "use --key for tag keys; all other arguments are then trace ids";
    if ids.is_empty() {
        return Err(CliError::usage("no argument looks like a trace id (tr-…, 32 hex digits, -)").hint(hint));
    }
    if keys.is_empty() {
        return Err(CliError::usage("missing tag key after the trace ids").hint(hint));
    }
    Ok((ids, keys))
}

fn looks_like_trace_id(word: &str) -> bool {
    word == "-" || words::is_trace_id(word)
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

/// A trace that is selected.
struct Chosen {
    place: NewestFirst,
    is_so: bool,
    line: Option<Box<Line>>,
}

/// Traces that were found, and how many of them need no change.
struct Found {
    groups: Vec<Group>,
    experiments: Vec<Experiment>,
    so_already: u64,
    fresh: Vec<TraceInfo>,
    /// Of how many traces these are only the newest, if it is so.
    newest_of: Option<u64>,
    /// Only where a plan is to be written.
    lines: Vec<Line>,
}

impl Task {
    async fn run(self, context: &mut Context<'_>, ids: &[String]) -> CommandResult {
        let ids = trace_ids::read(context, ids)?;
        if !self.bulk.dry_run && self.bulk.plan.is_none() {
            journals::folder(context)?;
        }
        let store = context.store()?;
        let server = store.writer()?;
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
        let change = TagRun {
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
        Ok(carry_out(context, &change, terms).await?)
    }

    fn plan_header(&self, context: &Context<'_>, found: &Found) -> plan_file::Header {
        let pair = |change: &TagChange| (change.key.clone(), change.value.clone().unwrap_or_default());
        let operation = if self.changes.iter().all(|change| change.value.is_some()) {
            Operation::SetTags { tags: self.changes.iter().map(pair).collect() }
        } else {
            Operation::DeleteTags { keys: self.changes.iter().map(|change| change.key.clone()).collect() }
        };
        let mut header = plans::header(context, self.command, operation, &found.experiments);
        header.filter = self.filter.as_ref().map(|filter| filter.text().to_owned());
        header.hash = header.filter.as_deref().map(plan_file::hash);
        header
    }

    /// All ids are collected before the first change: pages and changes at once lose traces.
    async fn search(&self, context: &mut Context<'_>, store: &Store, filter: &Filter) -> Result<Found, CliError> {
        let experiments = selection::named_experiments(context, store).await?;
        let mut selected = Vec::with_capacity(experiments.len());
        for experiment in &experiments {
            let query = selection::query(std::slice::from_ref(experiment), filter.clone(), OrderBy::default());
            let mut walk = store.search(&query, None)?;
            let mut here = Vec::new();
            while let Some(page) = walk.next_page().await? {
                here.extend(page.iter().map(|trace| self.choose(&trace.info, "it matches the filter")));
            }
            warn_of_undecided(context, walk.undecided());
            selected.push((Some(experiment.id.clone()), here));
        }
        Ok(self.found(selected, experiments))
    }

    fn choose(&self, info: &TraceInfo, reason: &str) -> Chosen {
        let line = self.bulk.plan.is_some().then(|| plans::line(info, reason)).flatten().map(Box::new);
        let place = (Reverse(info.request_time_ms), info.trace_id.clone());
        Chosen { place, is_so: self.is_so(info), line }
    }

    /// What is selected, or the newest of it.
    fn found(&self, mut selected: Vec<(Option<ExperimentId>, Vec<Chosen>)>, experiments: Vec<Experiment>) -> Found {
        let mut newest_of = None;
        if let Some(most) = self.bulk.part.limit {
            let places: Vec<_> =
                selected.iter().flat_map(|(_, here)| here).map(|chosen| chosen.place.clone()).collect();
            let all = places.len() as u64;
            if let Some(first_left) = first_left(places, most.get()) {
                for (_, here) in &mut selected {
                    here.retain(|chosen| chosen.place < first_left);
                }
                newest_of = Some(all);
            }
        }
        let mut found =
            Found { groups: Vec::new(), experiments, so_already: 0, fresh: Vec::new(), newest_of, lines: Vec::new() };
        for (experiment, here) in selected {
            found.so_already += here.iter().filter(|chosen| chosen.is_so).count() as u64;
            let (ids, lines): (Vec<_>, Vec<_>) = here.into_iter().map(|chosen| (chosen.place.1, chosen.line)).unzip();
            found.lines.extend(lines.into_iter().flatten().map(|line| *line));
            found.groups.push(Group { experiment, ids });
        }
        found
    }

    async fn look_up(
        &self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        ids: &[TraceId],
    ) -> Result<Found, CliError> {
        let traces = trace_ids::changeable(context, server, ids, self.ignore_missing).await?;
        let mut infos = traces.infos;
        let chosen = infos.iter().map(|info| self.choose(info, "it was named")).collect();
        let found = self.found(vec![(None, chosen)], traces.experiments);
        infos.truncate(if found.newest_of.is_none() { BATCH } else { 0 });
        Ok(Found { fresh: infos, ..found })
    }

    fn is_so(&self, info: &TraceInfo) -> bool {
        self.changes.iter().all(|change| info.tags.get(&change.key) == change.value.as_ref())
    }

    /// What is selected, unless it was spelled out.
    fn shown(&self, found: &Found) -> Option<String> {
        let is_only_shown = self.bulk.dry_run || self.bulk.plan.is_some();
        if self.filter.is_none() && found.newest_of.is_none() && !is_only_shown {
            return None;
        }
        let tags: Vec<String> = self.changes.iter().map(described).collect();
        let verb = match (is_only_shown, self.verb) {
            (true, "Set") => "WOULD set",
            (true, _) => "WOULD delete",
            (false, "Set") => "Will set",
            (false, _) => "Will delete",
        };
        let so =
            if found.so_already > 0 { format!("; {} need no change", count(found.so_already)) } else { String::new() };
        let place = |experiment: &Experiment| format!("{} (id {})", experiment.name, experiment.id);
        let places: Vec<String> = found.experiments.iter().map(place).collect();
        let total = found.groups.iter().map(|group| group.ids.len() as u64).sum();
        let number = match found.newest_of {
            Some(all) => format!("the newest {} of {}", count(total), count_traces(all)),
            None => count_traces(total),
        };
        let of = if places.is_empty() { String::new() } else { format!(" of {}", places.join(", ")) };
        Some(format!("{verb} {} on {number}{of}{so}.", tags.join(", ")))
    }

    /// Traces that were named one by one need no question.
    fn question(&self, found: &Found) -> Option<String> {
        self.filter.as_ref()?;
        let traces = found.groups.iter().map(|group| group.ids.len() as u64).sum();
        Some(format!("Change {}?", count_traces(traces)))
    }
}

const VALUE_WIDTH: usize = 40;

fn described(change: &TagChange) -> String {
    match &change.value {
        Some(value) => format!("{}={}", change.key, one_line(value, VALUE_WIDTH)),
        None => change.key.clone(),
    }
}
