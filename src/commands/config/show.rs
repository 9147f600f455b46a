//! `config show`: every setting, and where it comes from.

use serde_json::{Value, json};

use crate::cli::OutputFormat;
use crate::commands::experiments::write_list;
use crate::commands::{CommandResult, Context};
use crate::exit::Exit;
use crate::output::{Record, text_cells};
use crate::settings::{SettingsError, Shown};

/// Every setting, and who logs in; where that cannot be told, why.
pub fn run(context: &mut Context<'_>) -> CommandResult {
    let format = context
        .output("config show", &[OutputFormat::Table, OutputFormat::Json, OutputFormat::Jsonl, OutputFormat::Csv])?;
    if let Err(error) = &context.settings.tracking_uri
        && let SettingsError::Config(_) = **error
    {
        return Err(error.clone().into());
    }
    let mut rows: Vec<(String, Option<String>, String)> = of_file(context);
    for Shown { key, value, from } in &context.settings.shown {
        rows.push(match (*key, value) {
            ("environment", _) => (from.to_string(), value.clone(), "environment".to_owned()),
            (_, None) => ((*key).to_owned(), None, String::new()),
            (_, Some(_)) => ((*key).to_owned(), value.clone(), from.to_string()),
        });
        if *key == "tracking_uri" {
            rows.push(credentials(context));
        }
    }
    let records: Vec<Record> = rows.into_iter().map(setting).collect();
    write_list(context, format, &["setting", "value", "from"], &records)?;
    if context.settings.config.exposes_secrets() {
        let file = context.settings.config.shown_path();
        context.ui.warning(&format!("others can read the secrets in {file}; `chmod 600 {file}`"));
    }
    Ok(Exit::Done)
}

fn setting((key, value, from): (String, Option<String>, String)) -> Record {
    let shown = text_cells([key.clone(), value.clone().unwrap_or_else(|| "-".to_owned()), from.clone()]);
    let from = if from.is_empty() { Value::Null } else { from.into() };
    Record { shown, value: json!({"setting": key, "value": value, "from": from}), id: key }
}

/// The file and the profile.
fn of_file(context: &Context<'_>) -> Vec<(String, Option<String>, String)> {
    let config = &context.settings.config;
    let state = if config.is_there { "" } else { "not there" };
    let path = config.path.as_ref().map(|path| path.display().to_string());
    let profile = context.settings.profile.as_ref();
    let (name, by) = profile.map_or((None, ""), |chosen| (Some(chosen.profile.name.clone()), chosen.by));
    vec![("config file".to_owned(), path, state.to_owned()), ("profile".to_owned(), name, by.to_owned())]
}

fn credentials(context: &Context<'_>) -> (String, Option<String>, String) {
    let key = "credentials".to_owned();
    let Ok(address) = &context.settings.tracking_uri else { return (key, None, String::new()) };
    if !address.is_server() {
        return (key, None, String::new());
    }
    match context.settings.http.login.told(&address.to_string()) {
        Ok(Some(told)) => (key, Some(told.who), told.from),
        Ok(None) => (key, None, String::new()),
        Err(reason) => (key, Some(format!("cannot log in: {reason}")), String::new()),
    }
}
