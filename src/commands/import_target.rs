//! Where archived traces go: the tracking server, and the experiment of each trace.

use std::collections::HashMap;

use super::selection;
use super::{CommandResult, Context};
use crate::changes::import::attachments::Attachments;
use crate::changes::import::{Existing, ImportTarget, Incoming, Restored};
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::otlp::{Batcher, Dialect};
use crate::model::{Assessment, AttachmentRef, Experiment, ExperimentId, Lifecycle, Span, Trace, TraceId, TraceInfo};
use crate::store::{FailureKind, Store, StoreError, Writer, active};

/// A tracking server that takes traces back.
pub struct ImportServer<'a> {
    /// For reading.
    pub store: &'a Store,
    /// For writing.
    pub server: &'a dyn Writer,
    /// Whether it takes new traces of any id.
    pub takes_odd_ids: bool,
}

/// Whether an `MLflow` of a version takes new traces of any id, as those before 3.18 do; of an unknown version that is seen
/// when they are sent.
pub fn takes_odd_ids(version: Option<&str>) -> bool {
    let parts = version.and_then(|version| {
        let mut parts = version.split('.').map(str::parse::<u32>);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    });
    parts.is_none_or(|parts| parts < (3, 18))
}

impl ImportTarget for ImportServer<'_> {
    type Error = StoreError;

    fn takes_odd_ids(&self) -> bool {
        self.takes_odd_ids
    }

    async fn existing(&self, ids: &[TraceId]) -> Result<Vec<Existing>, StoreError> {
        // A trace that is hidden is in an experiment of somebody else: the server refuses to start it here.
        let traces = self.server.infos_shown(ids).await?.into_iter().map(Trace::without_spans).collect::<Vec<_>>();
        let existing = self.server.whole(traces).await.into_iter().map(|read| match read {
            Ok(trace) => Existing { trace, unreadable: None },
            Err(failure) => {
                // What has not arrived is not there; what is kept back, or not understood, may be.
                let is_absent = matches!(failure.kind(), FailureKind::InProgress | FailureKind::SpansMissing);
                let unreadable = (!is_absent).then(|| failure.error.to_string());
                Existing { trace: *failure.trace, unreadable }
            }
        });
        Ok(existing.collect())
    }

    async fn send_spans(&self, experiment: &ExperimentId, trace: &Trace) -> Result<(), StoreError> {
        let mut gathering = Batcher::new(Dialect::Mlflow);
        let mut batches = gathering.push(trace);
        batches.extend(gathering.finish());
        for batch in batches {
            self.server.send_spans(experiment, &batch.body).await?;
        }
        Ok(())
    }

    async fn start(&self, info: &TraceInfo) -> Result<TraceInfo, StoreError> {
        self.server.start_trace(info).await
    }

    async fn upload(&self, info: &TraceInfo, spans: &[Span]) -> Result<bool, StoreError> {
        self.server.upload_span_file(info, spans).await
    }

    async fn restore(&self, id: &TraceId, assessment: &Assessment) -> Result<Restored, StoreError> {
        match self.server.restore_assessment(id, assessment).await {
            Ok(()) => Ok(Restored::Stored),
            Err(error) if error.is_id_taken() => Ok(Restored::IdTaken),
            Err(error) => Err(error),
        }
    }
}

/// From an archive to a tracking server.
pub struct AttachmentTarget<'a> {
    /// Where they come from.
    pub archive: &'a Store,
    /// Server that stores the attachments.
    pub server: &'a dyn Writer,
}

impl Attachments for AttachmentTarget<'_> {
    type Error = StoreError;

    async fn archived(&self, reference: &AttachmentRef) -> Result<Option<bytes::Bytes>, StoreError> {
        self.archive.attachment(reference).await
    }

    async fn there(&self, reference: &AttachmentRef) -> Result<Option<bytes::Bytes>, StoreError> {
        self.server.attachment(reference).await
    }

    async fn store(&self, reference: &AttachmentRef, content: bytes::Bytes) -> Result<Result<(), String>, StoreError> {
        let infos = self.server.infos_shown(std::slice::from_ref(&reference.trace_id)).await?;
        let Some(info) = infos.first() else {
            return Ok(Err(format!("trace {} does not exist", reference.trace_id)));
        };
        let is_taken = self.server.upload_attachment(info, reference, content).await?;
        Ok(if is_taken { Ok(()) } else { Err("the server does not accept files for this trace".to_owned()) })
    }
}

/// The experiments that traces go to.
pub enum Destination {
    /// One for all of them, as the user named it.
    One(Experiment),
    /// For each experiment of the archive the one of the same name.
    ByName(HashMap<ExperimentId, Experiment>),
}

impl Destination {
    /// The experiment named by flag or environment, else those of the archive's experiments by name.
    pub async fn find(
        context: &mut Context<'_>,
        target: &ImportServer<'_>,
        archive: &Store,
        create: Option<Create>,
    ) -> Result<Self, CliError> {
        if !context.settings.experiments.is_empty() {
            return Self::named(context, target, create).await.map(Self::One);
        }
        let (mut found, mut missing) = (HashMap::new(), Vec::new());
        for archived in archive.experiments(true).await? {
            // Files without a manifest do not know the names of their experiments.
            if archived.name == archived.id.as_str() {
                return Err(CliError::usage(format!(
                    "the archive does not contain the name of experiment {}",
                    archived.id
                ))
                .hint("choose the target with --experiment NAME, and --create-experiments if it is new"));
            }
            match target.store.experiment_by_name(&archived.name).await? {
                Some(experiment) => drop(found.insert(archived.id, active(experiment)?)),
                None => missing.push(archived),
            }
        }
        let Some(create) = create else {
            return if missing.is_empty() { Ok(Self::ByName(found)) } else { Err(unknown(&missing)) };
        };
        for archived in missing {
            let created = create.experiment(context, target.server, &archived.name).await?;
            found.insert(archived.id, created);
        }
        Ok(Self::ByName(found))
    }

    /// The one experiment that the user named, which is created if that was asked for.
    async fn named(
        context: &mut Context<'_>,
        target: &ImportServer<'_>,
        create: Option<Create>,
    ) -> Result<Experiment, CliError> {
        let named = match (selection::named_experiments(context, target.store).await, create) {
            (Err(StoreError::UnknownExperiment { wanted, .. }), Some(create)) if !is_id(&wanted) => {
                let [_] = context.settings.experiments.as_slice() else { return Err(several()) };
                return create.experiment(context, target.server, &wanted).await;
            }
            (named, _) => named?,
        };
        <[Experiment; 1]>::try_from(named).map(|[one]| one).map_err(|_| several())
    }

    /// A trace with the experiment it goes to.
    pub fn of(&self, trace: Trace) -> Result<Incoming, CliError> {
        let found = match self {
            Self::One(experiment) => Some(experiment),
            Self::ByName(experiments) => trace.info.experiment_id().and_then(|id| experiments.get(&id)),
        };
        match found {
            Some(experiment) => Ok(Incoming { trace, experiment: experiment.id.clone() }),
            None => {
                Err(CliError::usage(format!("the archive does not contain the experiment of {}", trace.info.trace_id))
                    .hint("choose the target with --experiment NAME"))
            }
        }
    }
}

/// Whether a word is an id, which no new experiment can be given.
fn is_id(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn several() -> CliError {
    CliError::usage("an archive is imported into one experiment, or into experiments of the same names")
        .hint("use --experiment once or not at all")
}

/// Whether missing experiments are really created.
#[derive(Clone, Copy)]
pub enum Create {
    /// Yes.
    Really,
    /// A dry run says so.
    InWords,
}

impl Create {
    async fn experiment(
        self,
        context: &mut Context<'_>,
        server: &dyn Writer,
        name: &str,
    ) -> Result<Experiment, CliError> {
        match self {
            Self::InWords => {
                context.ui.status(&format!("Would create experiment {name:?}."));
                Ok(Experiment {
                    id: ExperimentId::new("new"),
                    name: name.to_owned(),
                    lifecycle: Lifecycle::Active,
                    artifact_location: None,
                    creation_time_ms: None,
                    last_update_time_ms: None,
                })
            }
            Self::Really => {
                let created = server.create_experiment(name, &[], None).await?;
                let created = created.ok_or_else(|| {
                    CliError::new(Exit::Refused, format!("experiment {name:?} was created but does not exist"))
                })?;
                context.ui.status(&format!("Created experiment {name:?} (id {}).", created.id));
                Ok(created)
            }
        }
    }
}

fn unknown(missing: &[Experiment]) -> CliError {
    let names: Vec<String> = missing.iter().map(|experiment| format!("{:?}", experiment.name)).collect();
    CliError::new(Exit::NotFound, format!("the server has no experiment {}; nothing was imported", names.join(", ")))
        .hint("create them with --create-experiments, or choose another one with --experiment")
}

/// The result of a run in which something went wrong.
pub fn partial(message: String) -> CommandResult {
    Err(CliError::new(Exit::Partial, message))
}
