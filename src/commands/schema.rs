//! `schema`: the JSON Schema of what a command writes.

use serde_json::json;

use super::experiments::write_list;
use super::selection::LIST_FORMATS;
use super::{CommandResult, Context};
use crate::cli::SchemaArgs;
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::nearest;
use crate::output::{Record, Schemas};

pub fn run(context: &mut Context<'_>, args: &SchemaArgs) -> CommandResult {
    let schemas = Schemas::of_this_version();
    let command = args.command.join(" ");
    if command.is_empty() {
        let format = context.output("schema", LIST_FORMATS)?;
        let records: Vec<Record> = schemas.commands().map(record).collect();
        write_list(context, format, &["COMMAND", "WHAT IT WRITES"], &records)?;
        return Ok(Exit::Done);
    }
    let schema = schemas.of(&command, args.lines).ok_or_else(|| unknown(&schemas, &command, args.lines))?;
    context.write_json(&schema)?;
    Ok(Exit::Done)
}

fn record((command, about): (&str, &str)) -> Record {
    let shown = vec![command.into(), about.into()];
    Record { shown, value: json!({"command": command, "about": about}), id: command.to_owned() }
}

fn unknown(schemas: &Schemas, command: &str, lines: bool) -> CliError {
    if schemas.of(command, !lines).is_some() {
        let (format, other) = if lines { ("jsonl", "") } else { ("json", " --lines") };
        return CliError::usage(format!("{command} has no -o {format}"))
            .hint(format!("`mlflow-trace schema {command}{other}` prints the schema of its other format"));
    }
    let error = CliError::usage(format!("{command:?} is not a command that writes JSON"));
    let error = match nearest(command, schemas.commands().map(|(name, _)| name)) {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None => error,
    };
    error.hint("`mlflow-trace schema` lists the commands that do")
}
