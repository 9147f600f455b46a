//! A database as a [`Writer`]: what of a trace is in tables is changed; files, and traces as a whole, are a server's.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::experiments::number;
use super::listed::Listed;
use super::question::Question;
use super::sql::Sql;
use super::{DatabaseStore, Inner};
use crate::filter::{Direction, Filter, OrderBy};
use crate::model::{
    ArtifactFolder, Assessment, AssessmentId, AssessmentKind, AttachmentRef, Experiment, ExperimentId, LabelSchema,
    Span, TimeWindow, TraceId, TraceInfo, keys, read_json,
};
use crate::store::{AssessmentUpdate, Decided, Looked, Query, Reader, StoreError, Unseen, Walk, Writer};

/// Maximum traces that callers need to know about.
const FEW: usize = 2;

impl DatabaseStore {
    fn only_by_server<T>(&self, what: &'static str) -> Result<T, StoreError> {
        Err(StoreError::OnlyByServer { what, store: self.0.name.clone() })
    }
}

#[async_trait]
impl Writer for DatabaseStore {
    async fn existing(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Looked<TraceInfo>, StoreError> {
        let mut looked = self.infos(ids).await?;
        let elsewhere = looked.found.extract_if(.., |info| !is_home(info, experiment));
        looked.unseen.extend(elsewhere.map(|info| Unseen {
            reason: format!("it is not in the experiment with id {experiment}"),
            trace_id: info.trace_id,
            is_forbidden: false,
        }));
        Ok(looked)
    }

    async fn shown(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError> {
        let mut infos = self.infos_shown(ids).await?;
        infos.retain(|info| is_home(info, experiment));
        Ok(infos)
    }

    async fn infos_shown(&self, ids: &[TraceId]) -> Result<Vec<TraceInfo>, StoreError> {
        let ids = ids.to_vec();
        self.0.ask(move |mut asker| async move { asker.infos_of(&ids).await.map(|infos| (asker, infos)) }).await
    }

    async fn still_matching(
        &self,
        experiment: &ExperimentId,
        ids: &[TraceId],
        filter: &Filter,
    ) -> Result<Decided, StoreError> {
        let query = query(std::slice::from_ref(experiment), filter.clone());
        let ids = ids.to_vec();
        let decided = self.0.ask(move |mut asker| async move {
            asker.hold().await?;
            let question = Question::new(&query, &mut asker).await?;
            let mut infos = asker.infos_of(&ids).await?;
            infos.retain(|info| query.experiments.iter().any(|experiment| is_home(info, experiment)));
            let decided = question.decide(&mut asker, infos).await?;
            Ok((asker, decided))
        });
        decided.await
    }

    async fn by_client_request_id(&self, experiments: &[ExperimentId], id: &str) -> Result<Vec<TraceInfo>, StoreError> {
        let quote = if id.contains('\'') { '"' } else { '\'' };
        let text = format!("client_request_id = {quote}{id}{quote}");
        match Filter::parse(&text) {
            Ok(filter) => first(&self.0, query(experiments, filter)).await,
            // A text that is none of a filter is no id, either.
            Err(_) => Ok(Vec::new()),
        }
    }

    fn listed(&self, experiment: &ExperimentId, ids: Arc<[TraceId]>) -> Box<dyn Walk> {
        let (store, experiment) = (self.clone(), experiment.clone());
        Box::new(Listed { store, experiment, ids, at: 0, looked: Looked::default() })
    }

    async fn set_tag(&self, trace_id: &TraceId, key: &str, value: &str) -> Result<(), StoreError> {
        let (id, key, value) = (trace_id.clone(), key.to_owned(), value.to_owned());
        self.0.change(async move |editor| editor.set_tag(&id, &key, &value).await).await
    }

    async fn delete_tag(&self, trace_id: &TraceId, key: &str) -> Result<bool, StoreError> {
        let (id, key) = (trace_id.clone(), key.to_owned());
        self.0.change(async move |editor| editor.delete_tag(&id, &key).await).await
    }

    async fn not_deleted(&self, ids: &[TraceId]) -> Result<Vec<(TraceId, StoreError)>, StoreError> {
        let left = self.0.left_to_server(ids).await?;
        Ok(left.into_iter().map(|(id, why)| (id, StoreError::LeftToServer(why))).collect())
    }

    async fn delete_traces(&self, experiment: &ExperimentId, ids: &[TraceId]) -> Result<u64, StoreError> {
        self.0.delete_traces(experiment, ids).await
    }

    async fn add_assessment(&self, trace_id: &TraceId, new: &Assessment) -> Result<Assessment, StoreError> {
        let (id, sent) = (trace_id.clone(), new.clone());
        let added = self.0.change(async move |editor| editor.add_assessment(&id, &sent).await).await;
        match (added, new.id()) {
            // The answer may be lost, and the assessment be there.
            (Err(error), Some(own)) => self.assessment(trace_id, &own).await.ok().flatten().ok_or(error),
            (added, _) => added,
        }
    }

    async fn restore_assessment(&self, trace_id: &TraceId, assessment: &Assessment) -> Result<(), StoreError> {
        self.add_assessment(trace_id, assessment).await.map(drop)
    }

    async fn update_assessment(
        &self,
        trace_id: &TraceId,
        id: &AssessmentId,
        kind: AssessmentKind,
        update: &AssessmentUpdate,
    ) -> Result<Assessment, StoreError> {
        let (trace, id, update) = (trace_id.clone(), id.clone(), update.clone());
        self.0.change(async move |editor| editor.update_assessment(&trace, &id, kind, &update).await).await
    }

    async fn delete_assessment(&self, trace_id: &TraceId, id: &AssessmentId) -> Result<(), StoreError> {
        let (trace, id) = (trace_id.clone(), id.clone());
        self.0.change(async move |editor| editor.delete_assessment(&trace, &id).await).await
    }

    async fn label_schema(&self, experiment: &ExperimentId, name: &str) -> Result<Option<LabelSchema>, StoreError> {
        let (Some(experiment), name) = (number(experiment), name.to_owned()) else { return Ok(None) };
        let found = self.0.ask(move |mut asker| async move {
            if !asker.schema.has_label_schemas {
                return Ok((asker, None));
            }
            let sql = Sql::new("SELECT name, type, input_type, input_config FROM label_schemas WHERE experiment_id = ")
                .bind(experiment)
                .text(" AND name = ")
                .bind(name.as_str());
            let rows = asker.rows(&sql).await?.into_iter();
            let mut read = rows.map(|mut row| [(); 4].map(|()| row.text_or_empty()));
            let found = read.find(|[there, ..]| *there == name);
            Ok((asker, found))
        });
        Ok(found.await?.map(|columns| label_schema(&columns)))
    }

    fn check_takes_traces(&self) -> Result<(), StoreError> {
        self.only_by_server("cannot create traces or experiments")
    }

    async fn create_experiment(
        &self,
        _name: &str,
        _tags: &[(String, String)],
        _artifact_location: Option<&str>,
    ) -> Result<Option<Experiment>, StoreError> {
        self.only_by_server("cannot create an experiment")
    }

    async fn send_spans(&self, _experiment: &ExperimentId, _body: &[u8]) -> Result<(), StoreError> {
        self.only_by_server("cannot create spans")
    }

    async fn start_trace(&self, _info: &TraceInfo) -> Result<TraceInfo, StoreError> {
        self.only_by_server("cannot create a trace")
    }

    async fn upload_span_file(&self, _info: &TraceInfo, _spans: &[Span]) -> Result<bool, StoreError> {
        self.only_by_server("cannot store a file of spans")
    }

    async fn upload_attachment(
        &self,
        _info: &TraceInfo,
        _reference: &AttachmentRef,
        _content: bytes::Bytes,
    ) -> Result<bool, StoreError> {
        self.only_by_server("cannot store an attachment")
    }

    fn artifact_path<'f>(&self, _folder: &'f ArtifactFolder) -> Option<&'f str> {
        None
    }

    async fn artifact_count(&self, _path: &str) -> Result<usize, StoreError> {
        self.only_by_server("cannot list artifacts")
    }

    async fn delete_artifacts(&self, _path: &str) -> Result<(), StoreError> {
        self.only_by_server("cannot delete artifacts")
    }

    async fn naming_artifacts(&self, experiment: &ExperimentId, id: &TraceId) -> Result<Vec<TraceId>, StoreError> {
        let text = format!("tags.`{}` LIKE '%{id}%'", keys::ARTIFACT_LOCATION);
        let Ok(filter) = Filter::parse(&text) else {
            return self.only_by_server("cannot tell which traces have their files in the same folder");
        };
        let found = first(&self.0, query(std::slice::from_ref(experiment), filter)).await?;
        Ok(found.into_iter().map(|info| info.trace_id).collect())
    }
}

fn is_home(info: &TraceInfo, experiment: &ExperimentId) -> bool {
    info.experiment_id().as_ref() == Some(experiment)
}

fn query(experiments: &[ExperimentId], filter: Filter) -> Query {
    Query {
        experiments: experiments.to_vec(),
        filter: Arc::new(filter),
        order_by: Arc::new(OrderBy::default()),
        window: TimeWindow::default(),
    }
}

/// The first traces that match.
async fn first(store: &Arc<Inner>, query: Query) -> Result<Vec<TraceInfo>, StoreError> {
    let found = store.ask(move |mut asker| async move {
        asker.hold().await?;
        let question = Question::new(&query, &mut asker).await?;
        let (mut found, mut behind) = (Vec::new(), None);
        while found.len() < FEW {
            let page = question.page(&asker, Direction::Descending, behind.as_ref(), 100);
            let infos = asker.infos(&page).await?;
            let Some(last) = infos.last() else { break };
            behind = Some((last.request_time_ms, last.trace_id.clone()));
            let decided = question.decide(&mut asker, infos).await?;
            found.extend(decided.matching.into_iter().map(|trace| trace.info));
        }
        found.truncate(FEW);
        Ok((asker, found))
    });
    found.await
}

/// The JSON that a server makes of its columns: name, kind, kind of the input, and what the input takes.
fn label_schema([name, kind, input, takes]: &[String; 4]) -> LabelSchema {
    let takes: Value = read_json(takes.as_bytes()).unwrap_or_default();
    LabelSchema::from_json(&json!({"name": name, "type": kind.to_uppercase(), "input": {input.as_str(): takes}}))
}
