//! `feedback log` and `expectation log`.

use serde_json::{Map, Value};

use super::selection::{self, SUMMARY_FORMATS};
use super::{CommandResult, Context, trace_ids};
use crate::cli::{
    ExpectationLogArgs, FeedbackLogArgs, KeyValue, OutputFormat, SourceArgs, SourceType, TraceTarget, ValueType,
};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{AssessmentId, AssessmentKind, TraceId, rfc3339_utc};
use crate::store::server::NewAssessment;
use crate::store::{ServerStore, Store, StoreError};

pub async fn feedback(context: &mut Context<'_>, args: FeedbackLogArgs) -> CommandResult {
    let rationale = args.rationale.clone();
    let value = read_value(&args.value, args.value_type)?;
    let new = new_assessment(
        context,
        AssessmentKind::Feedback,
        args.name,
        value,
        &args.source,
        &args.metadata,
        args.span_id,
    )?;
    log(context, &args.target, NewAssessment { rationale, ..new }).await
}

pub async fn expectation(context: &mut Context<'_>, args: ExpectationLogArgs) -> CommandResult {
    let value = read_value(&args.value, args.value_type)?;
    if value.is_null() {
        return Err(CliError::usage("an expectation cannot be null"));
    }
    let new = new_assessment(
        context,
        AssessmentKind::Expectation,
        args.name,
        value,
        &args.source,
        &args.metadata,
        args.span_id,
    )?;
    log(context, &args.target, new).await
}

fn new_assessment(
    context: &Context<'_>,
    kind: AssessmentKind,
    name: String,
    value: Value,
    source: &SourceArgs,
    metadata: &[KeyValue],
    span_id: Option<String>,
) -> Result<NewAssessment, CliError> {
    check_name(&name)?;
    if let Some(id) = &span_id
        && (id.len() != 16 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        return Err(CliError::usage(format!("the span id {id:?} is not 16 hex digits")).hint(
            "`mlflow-trace get TRACE_ID -o json` shows span ids in base64; MLflow's UI and SDK show them in hex",
        ));
    }
    Ok(NewAssessment {
        id: AssessmentId::new(format!("a-{}", uuid::Uuid::new_v4().simple())),
        kind,
        name,
        value,
        source_type: source.source_type.as_str(),
        source_id: source_id(context, source)?,
        rationale: None,
        metadata: metadata_map(metadata),
        span_id: span_id.map(|id| id.to_ascii_lowercase()),
        time: rfc3339_utc(context.ui.clock().now_ms()),
    })
}

async fn log(context: &mut Context<'_>, target: &TraceTarget, new: NewAssessment) -> CommandResult {
    let format = context.output("log", SUMMARY_FORMATS)?;
    let store = context.store()?;
    let server = store.writer()?;
    let trace_id = find_trace(context, &store, server, target).await?;
    trace_ids::changeable(context, server, std::slice::from_ref(&trace_id), false).await?;
    let created = server.create_assessment(&trace_id, &new).await.map_err(StoreError::from)?;
    if format == OutputFormat::Json {
        let value = serde_json::to_value(&created).unwrap_or(Value::Null);
        context.write_json(&value)?;
    } else {
        writeln!(context.ui.output(), "{}", created.id().unwrap_or(new.id))?;
    }
    let kind = new.kind.as_str();
    context.ui.status(&format!("Logged {kind} {:?} on {trace_id} as {} {}.", new.name, new.source_type, new.source_id));
    Ok(Exit::Done)
}

/// The one trace that is meant; none or several are an error.
async fn find_trace(
    context: &Context<'_>,
    store: &Store,
    server: &ServerStore,
    target: &TraceTarget,
) -> Result<TraceId, CliError> {
    let wanted = match (&target.trace_id, &target.client_request_id) {
        (Some(id), _) => return Ok(TraceId::new(id)),
        (None, Some(wanted)) => wanted,
        (None, None) => return Err(CliError::usage("no trace given")),
    };
    if wanted.contains('\'') && wanted.contains('"') {
        return Err(CliError::usage(format!(
            "the server cannot search for {wanted:?}: its language has no escape for quotes"
        ))
        .hint("give the trace id instead"));
    }
    let experiments = selection::named_experiments(context, store).await?;
    let ids: Vec<_> = experiments.iter().map(|experiment| experiment.id.clone()).collect();
    let found = server.by_client_request_id(&ids, wanted).await.map_err(StoreError::from)?;
    match found.as_slice() {
        [one] => Ok(one.trace_id.clone()),
        [] => Err(CliError::new(
            Exit::Refused,
            format!("no trace has the client request id {wanted:?}; nothing was changed"),
        )),
        _ => Err(CliError::new(
            Exit::Refused,
            format!("several traces have the client request id {wanted:?}; nothing was changed"),
        )
        .hint(format!("`mlflow-trace search \"client_request_id = '{wanted}'\"` lists them; give one trace id"))),
    }
}

/// Names are checked because the server stores a missing or overlong one without a word.
pub fn check_name(name: &str) -> Result<(), CliError> {
    match name.chars().count() {
        0 => Err(CliError::usage("the name may not be empty")),
        1..=250 => Ok(()),
        length => Err(CliError::usage(format!("the name has {length} characters; 250 are possible"))),
    }
}

/// Metadata as a JSON object of strings.
pub fn metadata_map(pairs: &[KeyValue]) -> Map<String, Value> {
    pairs.iter().map(|pair| (pair.key.clone(), Value::from(pair.value.as_str()))).collect()
}

fn source_id(context: &Context<'_>, source: &SourceArgs) -> Result<String, CliError> {
    match (&source.source_id, source.source_type) {
        (Some(id), _) if !id.is_empty() => Ok(id.clone()),
        (_, SourceType::Human) => {
            let user = context.settings.user.clone().unwrap_or_else(whoami::username);
            let host = whoami::fallible::hostname().unwrap_or_else(|_| "localhost".into());
            Ok(format!("{user}@{host}"))
        }
        (_, judge) => Err(CliError::usage(format!("a source of type {} needs --source-id", judge.as_str()))
            .hint("the judge's model for LLM_JUDGE, the program's name for CODE")),
    }
}

/// Reads a value as its type says. NaN and infinity are refused: the server cannot store them.
pub fn read_value(text: &str, value_type: ValueType) -> Result<Value, CliError> {
    match value_type {
        ValueType::String => Ok(Value::from(text)),
        ValueType::Bool => match text {
            "true" | "True" => Ok(Value::from(true)),
            "false" | "False" => Ok(Value::from(false)),
            _ => Err(CliError::usage(format!("{text:?} is not true or false"))),
        },
        ValueType::Number => number(text)?.ok_or_else(|| CliError::usage(format!("{text:?} is not a number"))),
        ValueType::Json => {
            serde_json::from_str(text).map_err(|error| CliError::usage(format!("the value is not JSON: {error}")))
        }
        ValueType::Auto => match text {
            "true" => Ok(Value::from(true)),
            "false" => Ok(Value::from(false)),
            _ if text.starts_with(['{', '[']) => Ok(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))),
            _ => Ok(number(text)?.unwrap_or_else(|| Value::from(text))),
        },
    }
}

/// A number as JSON writes it; `None` for other text such as `007`.
fn number(text: &str) -> Result<Option<Value>, CliError> {
    let refuse =
        |why: &str| Err(CliError::usage(format!("{text:?} {why}")).hint("to log it as text, add --type string"));
    match text.parse::<f64>() {
        Ok(float) if !float.is_finite() => refuse("is not a number that can be stored"),
        Ok(_) => match serde_json::from_str::<Value>(text) {
            Ok(Value::Number(number)) => match number.as_i64() {
                Some(whole) if whole.unsigned_abs() > 1 << 53 => {
                    refuse("is too large: the server keeps numbers as floats and would change it")
                }
                None if number.is_u64() => {
                    refuse("is too large: the server keeps numbers as floats and would change it")
                }
                _ => Ok(Some(Value::Number(number))),
            },
            _ => Ok(None),
        },
        // JSON numbers beyond the range of floats do not parse as infinity everywhere.
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn auto_values_are_what_they_look_like() {
        let read = |text: &str| read_value(text, ValueType::Auto).unwrap();
        assert_eq!(read("true"), json!(true));
        assert_eq!(read("True"), json!("True"));
        assert_eq!(read("0.9"), json!(0.9));
        assert_eq!(read("-3"), json!(-3));
        assert_eq!(read("007"), json!("007"));
        assert_eq!(read("1e3"), json!(1000.0));
        assert_eq!(read("{\"a\": 1}"), json!({"a": 1}));
        assert_eq!(read("[draft] text"), json!("[draft] text"));
        assert_eq!(read(""), json!(""));
    }

    #[test]
    fn types_can_be_forced() {
        assert_eq!(read_value("5", ValueType::String).unwrap(), json!("5"));
        assert_eq!(read_value("5", ValueType::Number).unwrap(), json!(5));
        assert_eq!(read_value("null", ValueType::Json).unwrap(), Value::Null);
        assert!(read_value("yes", ValueType::Bool).is_err());
        assert!(read_value("five", ValueType::Number).is_err());
        assert!(read_value("{", ValueType::Json).is_err());
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for text in ["NaN", "nan", "inf", "-Infinity", "1e400"] {
            assert!(read_value(text, ValueType::Auto).is_err(), "{text}");
            assert!(read_value(text, ValueType::Number).is_err(), "{text}");
            assert_eq!(read_value(text, ValueType::String).unwrap(), json!(text));
        }
        assert!(read_value("9007199254740993", ValueType::Auto).is_err());
    }
}
