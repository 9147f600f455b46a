//! One file per command: glue between what was typed, the store and the output, no logic of its own.
//!
//! Every command first reads all that can be wrong in its arguments (filters, fields, values) and only then opens a
//! connection.

mod again;
mod apply;
mod assessment;
mod books;
mod caught;
mod check;
pub mod complete;
mod completeness;
mod completions;
mod config;
mod context;
mod count;
mod dataset;
mod delete;
mod departed;
mod diff;
mod doctor;
mod experiments;
mod export;
#[cfg(feature = "otlp")]
mod export_otlp;
mod filter;
mod filter_sql;
mod gather;
mod get;
mod help;
#[cfg(feature = "otlp")]
mod import;
#[cfg(feature = "otlp")]
mod import_target;
mod inputs;
mod keys;
mod label_schemas;
mod limits;
mod log_assessment;
mod nothing;
mod open;
mod opening;
mod override_feedback;
mod overwrite;
pub mod reference;
mod retention;
mod review;
mod rows_export;
mod rows_import;
mod runs;
mod sample;
mod schema;
mod search;
mod selection;
mod sessions;
mod stats;
mod tag;
mod tail;
mod trace_ids;
mod undecided;
mod undo;
mod unlock;
mod users;
mod version;
mod words;

pub use caught::caught;
pub use completions::{completion_script, manual};
pub use opening::is_as_promised;

pub use self::context::Context;
use crate::cli::{Command, ExpectationCommand, FeedbackCommand, RunsCommand, SessionsCommand, TagCommand};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::AssessmentKind;

type CommandResult = Result<Exit, CliError>;

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
        Command::Open(args) => open::run(context, args).await,
        Command::Tail(args) => Box::pin(tail::run(context, *args)).await,
        Command::Count(args) => count::run(context, args).await,
        Command::Stats(args) => stats::run(context, args).await,
        Command::Check(args) => Box::pin(check::run(context, *args)).await,
        Command::Diff(args) => Box::pin(diff::run(context, *args)).await,
        Command::Review(args) => Box::pin(review::run(context, *args)).await,
        Command::Sample(args) => sample::run(context, args).await,
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
        Command::Assessment(command) => assessment::run(context, command).await,
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
        Command::Experiments(command) => experiments::run(context, command).await,
        Command::Dataset(command) => Box::pin(dataset::run(context, command)).await,
        Command::Doctor(args) => doctor::run(context, args).await,
        Command::Config(command) => config::run(context, command).await,
        Command::Completions(args) => completions::run(context, &args),
        Command::Topic(args) => help::run(context, args.topic),
        Command::Man(args) => completions::man(context, &args),
        Command::Version(args) => version::run(context, &args).await,
        Command::Schema(args) => schema::run(context, &args),
        Command::AgentSkill => completions::agent_skill(context),
        Command::Mcp(_) => Err(CliError::new(Exit::Unexpected, "mcp is served before any command runs")),
    }
}
