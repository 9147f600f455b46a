//! `config` commands: profiles, and where settings come from.

mod init;
mod keyring;
mod login;
mod secrets;
mod show;

use std::path::{Path, PathBuf};

use serde_json::json;

use super::experiments::write_list;
use super::selection::LIST_FORMATS;
use super::{CommandResult, Context};
use crate::cli::{ConfigCommand, OutputFormat};
use crate::error::CliError;
use crate::exit::Exit;
use crate::files::{Access, PartialFile};
use crate::model::masked;
use crate::output::Record;
use crate::settings::SettingsError;
use crate::settings::env::Environment;
use crate::settings::profile::{Config, NONE, Profile, with_default};

pub async fn run(context: &mut Context<'_>, command: ConfigCommand) -> CommandResult {
    match command {
        ConfigCommand::Init(args) => init::run(context, &args).await,
        ConfigCommand::List(_) => list(context),
        ConfigCommand::Show(_) => show::run(context),
        ConfigCommand::Use(args) => make_default(context, &args.name),
        ConfigCommand::Path(_) => path(context),
    }
}

/// The profiles, if the file can be read.
fn config(context: &Context<'_>) -> Result<Config, CliError> {
    match context.settings.config_error.clone() {
        Some(error) => Err(SettingsError::Config(error).into()),
        None => Ok(context.settings.config.clone()),
    }
}

/// Where the file of profiles is, or is to be.
fn file(config: &Config) -> Result<PathBuf, CliError> {
    config.path.clone().ok_or_else(|| {
        CliError::usage("nothing says where the configuration file is")
            .hint("set HOME, or MLFLOW_TRACE_CONFIG to its path")
    })
}

fn path(context: &mut Context<'_>) -> CommandResult {
    context.output("config path", &[OutputFormat::Table])?;
    let path = file(&context.settings.config)?;
    writeln!(context.ui.output(), "{}", path.display())?;
    Ok(Exit::Done)
}

fn list(context: &mut Context<'_>) -> CommandResult {
    let format = context.output("config list", LIST_FORMATS)?;
    let config = config(context)?;
    let chosen = context.settings.profile.as_ref().map(|chosen| chosen.profile.name.clone());
    let records: Vec<Record> =
        config.profiles.iter().map(|profile| record(&config, profile, chosen.as_deref())).collect();
    if records.is_empty() {
        context.ui.status(&format!(
            "There are no profiles in {}; `mlflow-trace config init` makes one.",
            config.shown_path()
        ));
        if format == OutputFormat::Table {
            return Ok(Exit::Done);
        }
    }
    write_list(context, format, &["", "profile", "tracking URI", "experiment", "changes"], &records)?;
    Ok(Exit::Done)
}

fn record(config: &Config, profile: &Profile, chosen: Option<&str>) -> Record {
    let uri = profile.tracking_uri.as_deref().map(|uri| masked(uri).into_owned());
    let is_chosen = chosen == Some(profile.name.as_str());
    let changes = match profile {
        Profile { read_only: true, .. } => "none (read_only)",
        Profile { plan_only: true, .. } => "deletes by plan",
        _ => "all",
    };
    let value = json!({
        "name": profile.name, "tracking_uri": uri, "experiments": profile.experiments,
        "is_default": config.default.as_deref() == Some(profile.name.as_str()), "is_used": is_chosen,
        "read_only": profile.read_only, "deletes": if profile.plan_only { "plan-only" } else { "allowed" },
        "max_delete": profile.max_delete,
    });
    let mark = if is_chosen { "*" } else { "" };
    let experiments = profile.experiments.join(", ");
    let shown = [mark, &profile.name, uri.as_deref().unwrap_or_default(), &experiments, changes].map(Into::into);
    Record { shown: shown.to_vec(), value, id: profile.name.clone() }
}

fn make_default(context: &mut Context<'_>, name: &str) -> CommandResult {
    context.output("config use", &[OutputFormat::Table])?;
    let config = config(context)?;
    let path = file(&config)?;
    if name != NONE && !config.profiles.iter().any(|profile| profile.name == name) {
        return Err(SettingsError::Config(config.unknown(name, "config use")).into());
    }
    let text = if config.is_there { read(&path)? } else { String::new() };
    write(&path, &with_default(&text, name), Some(name))?;
    let file = path.display();
    context.ui.status(&match name {
        NONE => format!("No profile is the default now, in {file}."),
        name => format!("The profile {name:?} is the default now, in {file}."),
    });
    Ok(Exit::Done)
}

fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path).map_err(|error| CliError::usage(format!("cannot read {}: {error}", path.display())))
}

/// Writes the file, once what it will hold was read as it is meant.
fn write(path: &Path, text: &str, default: Option<&str>) -> Result<(), CliError> {
    let read = Config::of_text(text, path.to_owned(), &Environment::default());
    let read =
        read.map_err(|error| CliError::new(Exit::Unexpected, format!("cannot change {}: {error}", path.display())))?;
    if default.is_some() && read.default.as_deref() != default {
        let message = format!("cannot set default_profile in {}: set it by hand", path.display());
        return Err(CliError::new(Exit::Unexpected, message));
    }
    let written = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = PartialFile::create(path, Access::Owner)?;
        std::io::Write::write_all(&mut file, text.as_bytes())?;
        file.finish()
    };
    written().map_err(|error| CliError::new(Exit::Unexpected, format!("cannot write {}: {error}", path.display())))
}
