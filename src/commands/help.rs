//! `help TOPIC`: a page of the manual.

use super::{CommandResult, Context};
use crate::cli::{OutputFormat, Topic};
use crate::exit::Exit;
use crate::output::manual_page;

pub fn run(context: &mut Context<'_>, topic: &Topic) -> CommandResult {
    let terminals = context.ui.terminals();
    let page = manual_page(&topic.markdown(), terminals.width.filter(|_| terminals.output));
    context.page(OutputFormat::Table);
    context.ui.output().write_all(page.as_bytes())?;
    context.ui.flush()?;
    if topic.is_command() {
        context.ui.status(&format!("for its commands: mlflow-trace {} --help", topic.name));
    }
    Ok(Exit::Done)
}
