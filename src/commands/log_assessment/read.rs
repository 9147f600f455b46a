//! What is to be logged: words and flags, read and checked before anything is sent.

mod values;

use std::collections::HashSet;

pub use self::values::{check_name, metadata_map, on_existing, source_id, value};
use crate::annotations::{OnExisting, Row};
use crate::cli::NewAssessmentArgs;
use crate::commands::{Context, trace_ids, words};
use crate::error::CliError;
use crate::model::{AssessmentKind, TraceId, span_id_in_hex};

/// What is to be logged, and of which traces.
pub struct Request {
    /// The traces, where they are named.
    pub trace_ids: Vec<TraceId>,
    /// The id that the application gave the request of the one trace, if that names it.
    pub client_request_id: Option<String>,
    /// What is said about each trace; places and ids are still to come.
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
    let is_pair = |word: &String| word.contains('=') && !trace_ids::is_address(word);
    let first_pair = args.words.iter().position(is_pair).unwrap_or(args.words.len());
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
    let source = (args.source.source_type.as_str(), source_id(context, &args.source)?);
    Ok(Row {
        rationale: rationale.map(str::to_owned),
        metadata: args.metadata.iter().map(|pair| (pair.key.clone(), pair.value.clone())).collect(),
        span_id: span_id.transpose()?,
        ..Row::unplaced(kind, name.to_owned(), value, source)
    })
}
