//! One file per command: glue between what was typed, the store and the output, no logic of its own.
//!
//! Every command first reads all that can be wrong in its arguments (filters, fields, values) and only then opens a
//! connection.

mod apply;
mod assessment;
mod books;
mod completeness;
mod completions;
mod count;
mod delete;
mod departed;
mod experiments;
mod export;
#[cfg(feature = "otlp")]
mod export_otlp;
mod filter;
mod filter_sql;
mod gather;
mod get;
#[cfg(feature = "otlp")]
mod import;
#[cfg(feature = "otlp")]
mod import_target;
mod inputs;
mod keys;
mod label_schemas;
mod log_assessment;
mod nothing;
mod override_feedback;
mod overwrite;
pub mod reference;
mod retention;
mod rows_export;
mod rows_import;
mod runs;
mod search;
mod selection;
mod sessions;
mod stats;
mod tag;
mod trace_ids;
mod undecided;
mod undo;
mod unlock;
mod users;
mod words;

use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::panic::AssertUnwindSafe;
use std::sync::OnceLock;

pub use completions::{completion_script, manual};
use futures_util::FutureExt;

use crate::changes::RunContext;
use crate::changes::context::{Begun, Means};
use crate::cli::{
    AssessmentCommand, Command, ExpectationCommand, ExperimentsCommand, FeedbackCommand, OutputFormat, RunsCommand,
    SessionsCommand, TagCommand,
};
use crate::error::CliError;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::model::AssessmentKind;
use crate::retention::RunRecord;
use crate::settings::Settings;
use crate::store::{Address, Store};
use crate::ui::Ui;

/// What every command works with: what a run does, and everything else that was set.
pub struct Context<'a> {
    run: RunContext<'a>,
    /// Flags and environment, resolved.
    pub settings: &'a Settings,
}

impl<'a> Deref for Context<'a> {
    type Target = RunContext<'a>;

    fn deref(&self) -> &RunContext<'a> {
        &self.run
    }
}

impl<'a> DerefMut for Context<'a> {
    fn deref_mut(&mut self) -> &mut RunContext<'a> {
        &mut self.run
    }
}

/// Requests under way at once: more gain nothing on a server with one database.
const CONCURRENCY: usize = 4;

type CommandResult = Result<Exit, CliError>;

/// Does something; where this program itself fails, that is an error as any other: whatever is held is let go, and told.
pub async fn caught<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no details are known");
        Err(CliError::new(Exit::Unexpected, format!("internal error: {words}"))
            .hint("please report it, with the command line and the output above"))
    })
}

/// Runs a command; the books say how it ended if it was to change something.
pub async fn run(command: Command, mut context: Context<'_>) -> CommandResult {
    let change = books::change_of(&command);
    let result = Box::pin(carry_out(command, &mut context)).await.map_err(|error| departed::explained(&context, error));
    books::close(&context, change, &result);
    result
}

async fn carry_out(command: Command, context: &mut Context<'_>) -> CommandResult {
    use AssessmentKind::{Expectation, Feedback};
    match command {
        Command::Search(args) => search::run(context, args).await,
        Command::Get(args) => get::run(context, args).await,
        Command::Count(args) => count::run(context, args).await,
        Command::Stats(args) => stats::run(context, args).await,
        Command::Sessions(SessionsCommand::List(args)) => sessions::list(context, *args).await,
        Command::Sessions(SessionsCommand::Show(args)) => sessions::show(context, args).await,
        Command::Users(command) => users::run(context, command).await,
        Command::Keys(args) => keys::run(context, args).await,
        Command::Tag(TagCommand::Set(args)) => tag::set(context, args).await,
        Command::Tag(TagCommand::Delete(args)) => tag::delete(context, args).await,
        Command::Feedback(FeedbackCommand::Log(args)) => log_assessment::feedback(context, args).await,
        Command::Feedback(FeedbackCommand::Import(args)) => rows_import::run(context, Feedback, args.rows).await,
        Command::Feedback(FeedbackCommand::Export(args)) => rows_export::run(context, Feedback, args.rows).await,
        Command::Feedback(FeedbackCommand::Override(args)) => override_feedback::run(context, args).await,
        Command::Expectation(ExpectationCommand::Import(args)) => {
            rows_import::run(context, Expectation, args.rows).await
        }
        Command::Expectation(ExpectationCommand::Export(args)) => {
            rows_export::run(context, Expectation, args.rows).await
        }
        Command::Expectation(ExpectationCommand::Log(args)) => log_assessment::expectation(context, args).await,
        Command::Assessment(AssessmentCommand::List(args)) => assessment::list(context, args).await,
        Command::Assessment(AssessmentCommand::Get(args)) => assessment::get(context, args).await,
        Command::Assessment(AssessmentCommand::Update(args)) => assessment::update(context, args).await,
        Command::Assessment(AssessmentCommand::Delete(args)) => assessment::delete(context, args).await,
        Command::Delete(args) => delete::run(context, args).await,
        Command::Retention(command) => Box::pin(retention::run(context, command)).await,
        Command::Apply(args) => apply::run(context, args).await,
        Command::Undo(args) => undo::run(context, args).await,
        Command::Runs(RunsCommand::List(args)) => runs::list(context, &args),
        Command::Runs(RunsCommand::Show(args)) => runs::show(context, &args),
        Command::Runs(RunsCommand::Unlock(args)) => unlock::run(context, args).await,
        #[cfg(feature = "otlp")]
        Command::Export(args) if args.to_otlp.is_some() => export_otlp::run(context, args).await,
        #[cfg(not(feature = "otlp"))]
        Command::Export(args) if args.to_otlp.is_some() => Err(words::without_otlp("--to-otlp")),
        Command::Export(args) => export::run(context, args).await,
        #[cfg(feature = "otlp")]
        Command::Import(args) => import::run(context, args).await,
        #[cfg(not(feature = "otlp"))]
        Command::Import(_) => Err(words::without_otlp("import")),
        Command::Filter(command) => filter::run(context, command).await,
        Command::Experiments(ExperimentsCommand::List(args)) => experiments::list(context, args).await,
        Command::Experiments(ExperimentsCommand::Create(args)) => experiments::create(context, args).await,
        Command::Completions(args) => completions::run(context, &args),
        Command::Man => completions::man(context),
    }
}

/// Holds every file of a store against its manifest; false if the store is of a kind that has none.
pub async fn is_as_promised(store: &Store) -> Result<bool, CliError> {
    match store.verify().await? {
        None => Ok(false),
        Some(0) => Ok(true),
        Some(_) => {
            let message = format!("{} has no manifest; nothing was verified", store.name());
            Err(CliError::new(Exit::Refused, message)
                .hint("omit --verify; only an export to a directory writes a manifest"))
        }
    }
}

impl<'a> Context<'a> {
    /// Of a process, for one command.
    pub fn new(ui: &'a mut Ui, settings: &'a Settings, interrupt: &'a Interrupt) -> Self {
        let means = Means {
            address: settings.tracking_uri.as_ref().ok(),
            workspace: settings.http.workspace.as_deref(),
            state_dir: settings.state_dir.as_deref(),
            object_store: &settings.object_store,
            concurrency: settings.http.concurrency.map_or(CONCURRENCY, NonZeroUsize::get),
            output: settings.output,
            null: settings.null,
        };
        let (record, place, begun) = (RunRecord::default(), OnceLock::new(), Begun::default());
        Self { run: RunContext { ui, interrupt, means, record, place, begun }, settings }
    }

    /// The same command, as a part of it with signals and settings of its own.
    pub fn part<'p>(&'p mut self, settings: &'p Settings, interrupt: &'p Interrupt) -> Context<'p> {
        let (place, begun) = (self.run.place.clone(), self.run.begun.clone());
        let mut part = Context::new(&mut *self.run.ui, settings, interrupt);
        (part.run.place, part.run.begun) = (place, begun);
        part
    }

    /// Opens the store that the tracking URI names; for a server no connection is made yet.
    pub fn store(&self) -> Result<Store, CliError> {
        let address = self.settings.tracking_uri.as_ref().map_err(|error| CliError::from(error.clone()))?;
        self.open(address)
    }

    /// Opens a store.
    pub fn open(&self, address: &Address) -> Result<Store, CliError> {
        Ok(address.open(&self.settings.http, self.ui.listener())?)
    }

    /// Opens the store for a command that only reads. With `--verify` every file of an archive is first held against the
    /// SHA-256 in its manifest.
    pub async fn verified_store(&self, verify: bool) -> Result<Store, CliError> {
        let store = self.store()?;
        if verify && !is_as_promised(&store).await? {
            return Err(CliError::usage("--verify requires an archive; a server has no manifest")
                .hint("to verify an export from a server, use `export --verify`"));
        }
        Ok(store)
    }

    /// The output format, one of those the command has.
    pub fn output(&self, command: &str, allowed: &[OutputFormat]) -> Result<OutputFormat, CliError> {
        let format = self.settings.output.unwrap_or(OutputFormat::Table);
        Ok(format.checked(command, allowed)?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    struct Held<'h>(&'h AtomicBool);

    impl Drop for Held<'_> {
        fn drop(&mut self) {
            self.0.store(false, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn a_failure_of_the_program_itself_lets_go_of_what_is_held_and_is_an_error() {
        let is_held = AtomicBool::new(true);
        let failing = async {
            let _held = Held(&is_held);
            tokio::task::yield_now().await;
            assert!(!is_held.load(Ordering::SeqCst), "an expected thing");
            Ok(Exit::Done)
        };
        let error = caught(failing).await.unwrap_err();
        assert_eq!((error.exit, is_held.load(Ordering::SeqCst)), (Exit::Unexpected, false));
        assert!(error.message.contains("an expected thing"), "{}", error.message);
    }
}
