//! What was sent to a receiver, and what it said.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};

use crate::error::CliError;
use crate::export::otlp::{Batch, Rejection, rejection};
use crate::model::TraceId;
use crate::store::{ErrorKind, OtlpReceiver, ServerError, StoreError};

/// What became of everything so far.
#[derive(Default)]
pub struct Sent {
    /// With at least one span taken.
    pub traces: HashSet<TraceId>,
    pub spans: u64,
    pub rejected: u64,
    pub without_spans: u64,
    /// The receiver's remarks on what it took.
    pub remarks: Vec<String>,
    pub unread: Vec<(TraceId, StoreError)>,
    pub failed: Vec<(Batch, ServerError)>,
}

impl Sent {
    /// Sends batches. Before anything was taken a failure ends the run; later it is one of its parts.
    pub async fn batches(&mut self, receiver: &OtlpReceiver, batches: Vec<Batch>) -> Result<(), CliError> {
        let send = |batch: Batch| send(receiver, batch);
        // One by one until something was taken, so that a failure that ends the run is the first request's.
        let at_once = if self.spans == 0 { 1 } else { CONCURRENCY };
        let mut answers = stream::iter(batches).map(send).buffered(at_once);
        while let Some(answered) = answers.next().await {
            let mut failed = Vec::new();
            for (batch, answer) in answered {
                match answer {
                    Ok(answer) => self.taken(batch, rejection(&answer)),
                    Err(error) => failed.push((Batch { body: Vec::new(), ..batch }, error)),
                }
            }
            match failed.pop() {
                Some((_, error)) if self.spans == 0 => return Err(refused(error)),
                last => self.failed.extend(failed.into_iter().chain(last)),
            }
        }
        Ok(())
    }

    pub fn taken(&mut self, batch: Batch, rejection: Option<Rejection>) {
        let rejected = rejection.as_ref().map_or(0, |rejection| rejection.spans.min(batch.spans));
        self.rejected += rejected;
        self.spans += batch.spans - rejected;
        if rejected < batch.spans {
            self.traces.extend(batch.traces);
        }
        self.remarks.extend(rejection.map(|rejection| rejection.message).filter(|message| !message.is_empty()));
        self.remarks.dedup();
    }
}

/// Sends a batch. A receiver that refuses it may mean one of its traces: it is halved until those are found.
pub async fn send(receiver: &OtlpReceiver, batch: Batch) -> Vec<(Batch, Result<Vec<u8>, ServerError>)> {
    let (mut parts, mut answered) = (vec![batch], Vec::new());
    while let Some(batch) = parts.pop() {
        let answer = receiver.send(&batch.body).await;
        match &answer {
            Err(error) if error.is_about_content() => match batch.halves() {
                Some([first, second]) => parts.extend([second, first]),
                None => answered.push((batch, answer)),
            },
            _ => answered.push((batch, answer)),
        }
    }
    answered
}

/// Hints of a tracking server are of no use here.
pub fn refused(error: ServerError) -> CliError {
    let wants_experiment = matches!(&error.kind, ErrorKind::Refused { status: 422, .. });
    let is_missing = matches!(&error.kind, ErrorKind::NoSuchRoute { .. } | ErrorKind::NotFound { .. });
    let is_unknown = matches!(&error.kind, ErrorKind::Unauthenticated(_) | ErrorKind::Forbidden(_));
    let error = CliError { hints: Vec::new(), ..CliError::from(error) };
    if wants_experiment {
        return error.hint("an MLflow server needs --otlp-header x-mlflow-experiment-id=ID");
    }
    if is_missing {
        return error.hint("the URL is used as it is; most receivers take traces at http://HOST:4318/v1/traces");
    }
    let hint = if is_unknown {
        "pass credentials with --otlp-header authorization=… or in OTEL_EXPORTER_OTLP_TRACES_HEADERS"
    } else {
        "the URL comes from --to-otlp or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    };
    error.hint(hint)
}

/// Requests under way at once.
pub const CONCURRENCY: usize = 2;
