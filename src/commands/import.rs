//! `import`: archived traces back to a tracking server.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::import_target::{AttachmentTarget, Create, Destination, ImportServer, partial, takes_odd_ids};
use super::{CommandResult, Context, inputs};
use crate::changes::import::attachments::{self, bring};
use crate::changes::import::{ImportOutcome, Incoming, TraceFate, import};
use crate::cli::{ImportArgs, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::filter::{Filter, OrderBy};
use crate::model::Trace;
use crate::output::{count_attachments, count_traces, one_line};
use crate::progress::Progress;
use crate::store::{ArchiveSource, open_archives};

/// Traces that are looked up, sent and read back together.
const BATCH: usize = 40;
/// Traces that are sent at once, unless the user says otherwise: more gains nothing on a server with one database.
const CONCURRENCY: usize = 4;
/// What leaves a trace not as the archive has it where it was to be.
const TROUBLES: [TraceFate; 4] = [TraceFate::Partly, TraceFate::Different, TraceFate::Elsewhere, TraceFate::Failed];
/// Traces that are named on standard error.
const NAMED: usize = 10;
/// Characters of the reasons that are shown there.
const REASONS_WIDTH: usize = 300;

pub async fn run(context: &mut Context<'_>, args: ImportArgs) -> CommandResult {
    let format = context.output("import", &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl])?;
    let store = context.store()?;
    let server = store.writer().and_then(|server| server.check_takes_traces().map(|()| server))?;
    let (sources, _input) = sources(context, &args.archives)?;
    let archive = open_archives(&sources, &context.ui.listener())?;
    if let Some(reason) = archive.at_odds().filter(|_| context.settings.experiments.is_empty()) {
        return Err(CliError::usage(format!("these files do not form one archive: {reason}; nothing was imported"))
            .hint("import them one by one, or choose the target with --experiment NAME"));
    }
    // Files without a manifest have nothing to be held against.
    archive.verify().await?;
    let takes_odd_ids = takes_odd_ids(store.version().await.as_deref());
    let target = ImportServer { store: &store, server, takes_odd_ids };
    let beside = AttachmentTarget { archive: &archive, server };
    let create = args.create_experiments.then_some(if args.dry_run { Create::InWords } else { Create::Really });
    let destination = Destination::find(context, &target, &archive, create).await?;
    let query = super::selection::query(&[], Filter::parse("")?, OrderBy::parse(&[])?);
    let visible = context.ui.verbosity().progress;
    let total = if visible { archive.known_total(&query).await } else { None };
    let progress = Progress::new(visible, total, "importing");
    let concurrency = context.settings.http.concurrency.map_or(CONCURRENCY, NonZeroUsize::get);
    let finishing = context.interrupt.finish_first();
    let mut tally = Tally { dry_run: args.dry_run, ..Tally::default() };
    let mut walk = archive.search(&query, None)?;
    'walk: while let Some(page) = walk.next_page().await? {
        let mut page = page.into_iter();
        loop {
            let batch: Vec<Trace> = page.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            if context.interrupt.requested() {
                break 'walk;
            }
            let batch: Vec<Incoming> =
                batch.into_iter().map(|trace| destination.of(trace)).collect::<Result<_, _>>()?;
            let outcomes = match import(&target, &batch, concurrency, args.dry_run).await {
                Ok(outcomes) => outcomes,
                Err(error) if tally.is_empty() => return Err(error.into()),
                Err(error) => {
                    tally.stopped = Some(CliError::from(error).message);
                    break 'walk;
                }
            };
            progress.advance(outcomes.len());
            for (mut outcome, incoming) in outcomes.into_iter().zip(&batch) {
                // What is another trace, or in another experiment, is somebody else's.
                let is_ours = !matches!(outcome.fate, TraceFate::Failed | TraceFate::Different | TraceFate::Elsewhere);
                if is_ours && outcome.experiment == incoming.experiment {
                    bring(&beside, &incoming.trace, &mut outcome, args.dry_run, &mut tally.attachments).await;
                }
                tally.add(context, format, &outcome)?;
            }
        }
    }
    drop((progress, finishing));
    tally.report(context, format)
}

/// Where the traces are; standard input is kept in a file as long as that is held.
fn sources(
    context: &mut Context<'_>,
    archives: &[PathBuf],
) -> Result<(Vec<ArchiveSource>, Option<NamedTempFile>), CliError> {
    let (mut sources, mut kept) = (Vec::with_capacity(archives.len()), None);
    for path in archives {
        if path != Path::new("-") {
            sources.push(ArchiveSource::at(path));
        } else if kept.is_some() {
            return Err(CliError::usage(
                "- is given twice, but standard input can be read only once; nothing was imported",
            ));
        } else {
            let file = kept.insert(standard_input(context)?);
            sources.push(ArchiveSource { path: file.path().to_owned(), called: Some("standard input") });
        }
    }
    Ok((sources, kept))
}

fn standard_input(context: &mut Context<'_>) -> Result<NamedTempFile, CliError> {
    if context.ui.terminals().input {
        context.ui.status("Reading traces from standard input; end with Ctrl-D.");
    }
    let kept = inputs::with_standard(context, |input| {
        let mut file = NamedTempFile::new()?;
        if io::copy(&mut input.take(inputs::ROWS + 1), &mut file)? > inputs::ROWS {
            let message = format!("it is larger than the limit of {} MiB", inputs::ROWS >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        file.flush()?;
        Ok(file)
    });
    kept.map_err(|unread| {
        unread.into_error(|error| {
            CliError::usage(format!("cannot read traces from standard input: {error}; nothing was imported"))
                .hint("use a file, which may have any size")
        })
    })
}

/// What became of all traces so far.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<&'static str, u64>,
    named: usize,
    dry_run: bool,
    attachments: attachments::AttachmentTally,
    /// Why not all of them were attempted.
    stopped: Option<String>,
}

impl Tally {
    fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    fn count(&self, fate: TraceFate) -> u64 {
        self.counts.get(fate.as_str()).copied().unwrap_or(0)
    }

    fn add(
        &mut self,
        context: &mut Context<'_>,
        format: OutputFormat,
        outcome: &ImportOutcome,
    ) -> Result<(), CliError> {
        *self.counts.entry(outcome.fate.as_str()).or_default() += 1;
        let is_trouble = TROUBLES.contains(&outcome.fate);
        if format == OutputFormat::Jsonl {
            serde_json::to_writer(context.ui.output(), &json_of(outcome)).map_err(std::io::Error::from)?;
            context.ui.output().write_all(b"\n")?;
        } else if !outcome.reasons.is_empty() && (is_trouble || context.ui.verbosity().verbose > 0) {
            self.named += 1;
            if self.named <= NAMED {
                let reasons = one_line(&outcome.reasons.join("; "), REASONS_WIDTH);
                context.ui.warning(&format!("{} ({}): {reasons}", outcome.trace_id, outcome.fate.as_str()));
            }
        }
        Ok(())
    }

    fn report_attachments(&self, context: &mut Context<'_>) {
        let attachments::AttachmentTally { stored, not_archived } = self.attachments;
        if stored > 0 {
            let verb = if self.dry_run { "would be imported" } else { "imported" };
            context.ui.status(&format!("{} {verb}.", count_attachments(stored)));
        }
        if not_archived > 0 {
            let what = count_attachments(not_archived);
            context.ui.warning(&format!("the archive lacks {what} that its traces refer to"));
        }
    }

    fn report(self, context: &mut Context<'_>, format: OutputFormat) -> CommandResult {
        if format == OutputFormat::Json {
            context.write_json(&json!({"traces": self.counts, "stopped": self.stopped}))?;
        }
        context.ui.flush()?;
        if self.named > NAMED {
            context.ui.warning(&format!("{} more; use -o jsonl for all traces", self.named - NAMED));
        }
        let words = [
            (TraceFate::Imported, "imported"),
            (TraceFate::Repaired, "repaired"),
            (TraceFate::WouldImport, "would be imported"),
            (TraceFate::WouldRepair, "would be repaired"),
            (TraceFate::AlreadyThere, "already there"),
            (TraceFate::Partly, "partly there"),
            (TraceFate::Different, "different on the server"),
            (TraceFate::Elsewhere, "in another experiment"),
            (TraceFate::Failed, "failed"),
        ];
        let told = words.into_iter().filter(|(fate, _)| self.count(*fate) > 0);
        let told: Vec<String> =
            told.map(|(fate, words)| format!("{} {words}", count_traces(self.count(fate)))).collect();
        let told = if told.is_empty() { "The archive has no traces".to_owned() } else { told.join(", ") };
        context.ui.status(&format!("{told}."));
        self.report_attachments(context);
        if let Some(reason) = self.stopped {
            return partial(format!("the rest of the archive was not attempted: {reason}"));
        }
        if context.interrupt.requested() {
            context.ui.status("Interrupted; run the same command again to resume.");
            return Ok(Exit::Interrupted);
        }
        match TROUBLES.into_iter().map(|fate| self.count(fate)).sum() {
            0 => Ok(Exit::Done),
            not_whole => {
                let verb = if self.dry_run { "would not be" } else { "not" };
                let error =
                    CliError::new(Exit::Partial, format!("{} {verb} imported completely", count_traces(not_whole)));
                Err(error.hint("to see the state of each trace, run the same command with --dry-run -o jsonl"))
            }
        }
    }
}

fn json_of(outcome: &ImportOutcome) -> Value {
    json!({
        "trace_id": outcome.trace_id,
        "experiment_id": outcome.experiment,
        "result": outcome.fate.as_str(),
        "reasons": outcome.reasons,
    })
}
