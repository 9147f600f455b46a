//! What is to be logged: words and flags, read and checked before anything is sent.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::annotations::{OnExisting, Row, RowPlace};
use crate::cli::{KeyValue, NewAssessmentArgs, OnExistingChoice, SourceArgs, SourceType, ValueType};
use crate::commands::{Context, trace_ids, words};
use crate::error::CliError;
use crate::model::{AssessmentKind, TraceId, span_id_in_hex};
use crate::settings::{meant, read_value};

/// What is to be logged, and of which traces.
pub struct Request {
    /// The traces, where they are named.
    pub trace_ids: Vec<TraceId>,
    /// The id that the application gave the request of the one trace, if that names it.
    pub client_request_id: Option<String>,
    /// What is said of each trace; places and ids are still to come.
    pub rows: Vec<Row>,
    /// What to do where the source has said something of this already; none if nobody says.
    pub on_existing: Option<OnExisting>,
}

impl Request {
    /// Reads words and flags.
    pub fn read(
        context: &mut Context<'_>,
        kind: AssessmentKind,
        args: &NewAssessmentArgs,
        rationale: Option<&str>,
    ) -> Result<Self, CliError> {
        let (ids, pairs) = split(kind, args)?;
        let (is_by_request, example) = (args.client_request_id.is_some(), example(kind));
        if is_by_request != ids.is_empty() {
            return Err(if is_by_request {
                CliError::usage("both trace ids and --client-request-id given").hint("use only one of them")
            } else {
                CliError::usage("no trace id, and no --client-request-id").hint(example)
            });
        }
        if pairs.is_empty() {
            return Err(CliError::usage("nothing to log: no NAME=VALUE").hint(example));
        }
        let mut seen = HashSet::new();
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !seen.insert(*name)) {
            return Err(
                CliError::usage(format!("{name:?} is given twice; nothing was changed")).hint("give each name once")
            );
        }
        let rows = pairs.iter().map(|(name, text)| row(context, kind, args, (name, text), rationale));
        let rows = rows.collect::<Result<_, _>>()?;
        let trace_ids = trace_ids::read(context, ids)?;
        let on_existing = args.on_existing.map(on_existing);
        Ok(Self { trace_ids, client_request_id: args.client_request_id.clone(), rows, on_existing })
    }
}

/// What `--on-existing` says.
pub fn on_existing(choice: OnExistingChoice) -> OnExisting {
    match choice {
        OnExistingChoice::Skip => OnExisting::Skip,
        OnExistingChoice::Override => OnExisting::Override,
        OnExistingChoice::Append => OnExisting::Append,
    }
}

fn example(kind: AssessmentKind) -> String {
    let pair = if kind == AssessmentKind::Expectation { "answer=Paris" } else { "helpful=true" };
    format!("for example `mlflow-trace {} log tr-8c9da0e91080e465367d509b505b35da {pair}`", kind.as_str())
}

type Pairs<'a> = Vec<(&'a str, &'a str)>;

/// Ids come first, then what is said, in words with `=`; where flags say it, all words are ids.
fn split(kind: AssessmentKind, args: &NewAssessmentArgs) -> Result<(&[String], Pairs<'_>), CliError> {
    if let Some(word) = args.words.first() {
        words::refuse_filter(word, "mlflow-trace search -o ids", "finds the ids, which - reads")?;
    }
    if let (Some(name), Some(value)) = (&args.name, &args.value) {
        return Ok((&args.words, vec![(name, value)]));
    }
    let first_pair = args.words.iter().position(|word| word.contains('=')).unwrap_or(args.words.len());
    let (ids, pairs) = args.words.split_at(first_pair);
    let no_pair =
        |word: &String| CliError::usage(format!("{word:?} is not NAME=VALUE; put trace ids first")).hint(example(kind));
    let pairs = pairs.iter().map(|word| word.split_once('=').ok_or_else(|| no_pair(word)));
    Ok((ids, pairs.collect::<Result<_, _>>()?))
}

fn row(
    context: &mut Context<'_>,
    kind: AssessmentKind,
    args: &NewAssessmentArgs,
    (name, text): (&str, &str),
    rationale: Option<&str>,
) -> Result<Row, CliError> {
    check_name(name)?;
    let span_id = args.span_id.as_deref().map(|id| {
        span_id_in_hex(id).ok_or_else(|| {
            CliError::usage(format!("{id:?} is not a span id"))
                .hint("span ids are 16 hex digits, or base64 as in `mlflow-trace get TRACE_ID -o json`")
        })
    });
    let value = value(context, text, args.value_type)?;
    if value.is_null() && kind == AssessmentKind::Expectation {
        return Err(CliError::usage("an expectation cannot be null"));
    }
    Ok(Row {
        number: 1,
        line: 1,
        place: RowPlace::Request(String::new()),
        id: None,
        overrides: None,
        kind,
        name: name.to_owned(),
        value,
        source_type: args.source.source_type.as_str(),
        source_id: source_id(context, &args.source)?,
        rationale: rationale.map(str::to_owned),
        metadata: args.metadata.iter().map(|pair| (pair.key.clone(), pair.value.clone())).collect(),
        span_id: span_id.transpose()?,
        create_time: None,
        planned: None,
    })
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
