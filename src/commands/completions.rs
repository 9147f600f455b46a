//! `completions` and `man`, which are made from the command tree, and `agent-skill`.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::env::{self, EnvCompleter};

use super::{CommandResult, Context};
use crate::cli::{Cli, CompletionsArgs, ManArgs, Shell};
use crate::error::CliError;
use crate::exit::Exit;
use crate::settings::env::{ALL, COMPLETE};

const NAME: &str = "mlflow-trace";

pub fn run(context: &mut Context<'_>, args: &CompletionsArgs) -> CommandResult {
    context.ui.output().write_all(&completion_script(args.shell))?;
    Ok(Exit::Done)
}

pub fn man(context: &mut Context<'_>, args: &ManArgs) -> CommandResult {
    if let Some(directory) = &args.directory {
        clap_mangen::generate_to(Cli::command(), directory)
            .map_err(|error| CliError::usage(format!("cannot write to {}: {error}", directory.display())))?;
        return Ok(Exit::Done);
    }
    let page = manual()?;
    context.ui.output().write_all(&page)?;
    Ok(Exit::Done)
}

pub fn agent_skill(context: &mut Context<'_>) -> CommandResult {
    context.ui.output().write_all(include_bytes!("../../docs/agent-skill.md"))?;
    Ok(Exit::Done)
}

/// The script that makes a shell ask for completions; the files in `completions/` are exactly this.
#[must_use]
pub fn completion_script(shell: Shell) -> Vec<u8> {
    let engine: &dyn EnvCompleter = match shell {
        Shell::Bash => return include_bytes!("../../completions/mlflow-trace.bash").to_vec(),
        Shell::Zsh => &env::Zsh,
        Shell::Fish => &env::Fish,
        Shell::Powershell => &env::Powershell,
        Shell::Elvish => &env::Elvish,
    };
    let mut script = Vec::new();
    // Into memory, which takes everything.
    let _ = engine.write_registration(COMPLETE.name, NAME, NAME, NAME, &mut script);
    if shell == Shell::Zsh { at_once(&script) } else { script }
}

/// As a file in zsh's search path a script is the body of a function that is run when completions are first asked for: it must
/// answer then, and not only say who answers from then on.
fn at_once(script: &[u8]) -> Vec<u8> {
    let script = String::from_utf8_lossy(script);
    let registration = "compdef _clap_dynamic_completer_mlflow_trace mlflow-trace";
    let either = "if [[ $funcstack[1] == _mlflow-trace ]]; then\n    _clap_dynamic_completer_mlflow_trace\nfi\n";
    script.replace(registration, &format!("{registration}\n{either}")).into_bytes()
}

/// The manual page: the commands, each with its own section, and the environment.
pub fn manual() -> std::io::Result<Vec<u8>> {
    let command = Cli::command();
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(command.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    // Not the list of subcommands: it refers to a page for each, and there is but this one.
    man.render_extra_section(&mut page)?;
    let mut built = command;
    built.build();
    for subcommand in built.get_subcommands() {
        render_command(&mut page, subcommand, subcommand.get_name())?;
    }
    writeln!(page, ".SH FILTERS\n.nf\n{}\n.fi", roff(&super::reference::plain()))?;
    writeln!(page, ".SH ENVIRONMENT")?;
    for variable in ALL {
        writeln!(page, ".TP\n\\fB{}\\fR\n{}", variable.name, roff(variable.about))?;
    }
    Ok(page)
}

fn render_command(page: &mut Vec<u8>, command: &clap::Command, name: &str) -> std::io::Result<()> {
    if command.has_subcommands() {
        for subcommand in command.get_subcommands() {
            render_command(page, subcommand, &format!("{name} {}", subcommand.get_name()))?;
        }
        return Ok(());
    }
    writeln!(page, ".SH {}", roff(&name.to_uppercase()))?;
    writeln!(page, "{}", roff(&command.get_about().map(ToString::to_string).unwrap_or_default()))?;
    for argument in command.get_arguments().filter(|argument| !argument.is_global_set() && argument.get_id() != "help")
    {
        let value = argument.get_value_names().map(|names| names.join(" ")).unwrap_or_default();
        let takes_value = argument.get_action().takes_values();
        let label = match (argument.get_long(), takes_value) {
            (Some(long), true) => format!("--{long} {value}"),
            (Some(long), false) => format!("--{long}"),
            (None, _) => value,
        };
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        writeln!(page, ".TP\n\\fB{}\\fR\n{}", roff(&label), roff(&help))?;
    }
    if let Some(examples) = command.get_after_help() {
        writeln!(page, ".PP\n.nf\n{}\n.fi", roff(&examples.to_string()))?;
    }
    Ok(())
}

/// Text that roff takes literally.
fn roff(text: &str) -> String {
    let escaped = text.replace('\\', "\\e").replace('-', "\\-");
    escaped
        .lines()
        .map(|line| if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() })
        .collect::<Vec<_>>()
        .join("\n")
}
