//! `retention`: policies, what they would do, and doing it.

mod age;
mod check;
mod explain;
mod guard;
mod handed_on;
mod last;
mod metrics;
mod plan;
mod policy;
mod run;
mod scan;
mod schedule;
mod simulate;
mod unattended;

use super::{CommandResult, Context};
use crate::cli::RetentionCommand;

pub async fn run(context: &mut Context<'_>, command: RetentionCommand) -> CommandResult {
    match command {
        RetentionCommand::Check(args) => check::run(context, &args).await,
        RetentionCommand::Plan(args) => plan::run(context, &args).await,
        RetentionCommand::Run(args) => Box::pin(unattended::run(context, *args)).await,
        RetentionCommand::Explain(args) => explain::run(context, &args).await,
        RetentionCommand::Simulate(args) => simulate::run(context, &args).await,
        RetentionCommand::Schedule(args) => schedule::run(context, &args),
    }
}
