//! Names, values and sources of assessments, checked.

use serde_json::{Map, Value};

use crate::annotations::OnExisting;
use crate::cli::{KeyValue, OnExistingChoice, SourceArgs, SourceType, ValueType};
use crate::commands::Context;
use crate::error::CliError;
use crate::settings::{meant, read_value};

/// What `--on-existing` says.
pub fn on_existing(choice: OnExistingChoice) -> OnExisting {
    match choice {
        OnExistingChoice::Skip => OnExisting::Skip,
        OnExistingChoice::Override => OnExisting::Override,
        OnExistingChoice::Append => OnExisting::Append,
    }
}

/// Reads a value, and says so where it is kept as text although it looks like something else.
pub fn value(context: &mut Context<'_>, text: &str, value_type: ValueType) -> Result<Value, CliError> {
    let value = read_value(text, value_type)?;
    if let (ValueType::Auto, Value::String(_), Some(meant)) = (value_type, &value, meant(text)) {
        context.ui.warning(&format!("the value {text:?} is stored as text"));
        context.ui.labelled(
            "hint:",
            "36;1",
            &format!("{meant}; to store text without this warning, add --type string"),
        );
    }
    Ok(value)
}

/// Names are checked because the server stores a missing or overlong one without a word.
pub fn check_name(name: &str) -> Result<(), CliError> {
    match name.chars().count() {
        0 => Err(CliError::usage("the name may not be empty")),
        1..=250 => Ok(()),
        length => Err(CliError::usage(format!("the name has {length} characters; the limit is 250"))),
    }
}

/// Metadata as a JSON object of strings.
pub fn metadata_map(pairs: &[KeyValue]) -> Map<String, Value> {
    pairs.iter().map(|pair| (pair.key.clone(), Value::from(pair.value.as_str()))).collect()
}

/// The name of who judges.
pub fn source_id(context: &Context<'_>, source: &SourceArgs) -> Result<String, CliError> {
    match (&source.source_id, source.source_type) {
        (Some(id), _) if !id.is_empty() => Ok(id.clone()),
        (_, SourceType::Human) => {
            let user = context.settings.user.clone().or_else(|| whoami::username().ok());
            let user = user.unwrap_or_else(|| "unknown".into());
            let host = whoami::hostname().unwrap_or_else(|_| "localhost".into());
            Ok(format!("{user}@{host}"))
        }
        (_, judge) => Err(CliError::usage(format!("a source of type {} needs --source-id", judge.as_str()))
            .hint("the judge's model for LLM_JUDGE, the program's name for CODE")),
    }
}
