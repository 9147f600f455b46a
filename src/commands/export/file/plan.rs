//! Which traces go into one file, and what is noted of them.

use std::path::PathBuf;

use crate::commands::export::request::Request;
use crate::commands::export::source::{StoreSource, newest};
use crate::commands::export::state;
use crate::commands::{Context, selection};
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::{State, Stretch, Tally};
use crate::model::{ExperimentId, Manifest, ManifestSource, TimeWindow};
use crate::store::Store;

/// Which traces go into the file, and what is noted of them.
pub struct FilePlan {
    pub experiments: Vec<ExperimentId>,
    pub stretch: Stretch,
    pub state: Option<(PathBuf, State)>,
}

impl FilePlan {
    pub async fn make(context: &Context<'_>, store: &Store, request: &Request) -> Result<Self, CliError> {
        if request.ids.is_some() {
            return Ok(Self { experiments: Vec::new(), stretch: Stretch::default(), state: None });
        }
        let found = selection::experiments(context, store, request.all_experiments).await?;
        if found.is_empty() && request.all_experiments {
            return Err(CliError::new(Exit::Refused, "the server has no experiments; nothing was exported"));
        }
        let experiments: Vec<ExperimentId> = found.into_iter().map(|experiment| experiment.id).collect();
        let mut plan =
            Self { experiments, stretch: Stretch { window: request.window, ..Stretch::default() }, state: None };
        if let Some((path, known)) = &request.since_last {
            let mut query = request.query.clone();
            let names = plan.experiments.iter().map(ExperimentId::as_str).collect::<Vec<_>>();
            query.options.insert("experiments".to_owned(), serde_json::json!(names));
            let source = ManifestSource { tracking_uri: context.source_name(), ..ManifestSource::default() };
            let wanted = Manifest { source, query, ..Manifest::default() };
            let mut state = state::matching(known.clone(), path, &wanted)?;
            let present_ms = context.ui.clock().present_ms();
            let newest = newest(store, &plan.experiments, request.window, Some(&state), present_ms).await?;
            let run = state.next_run(request.window, newest, request.overlap_ms, 0);
            plan.stretch.window = run.window;
            plan.stretch.known = state.exported();
            state.pending = Some(run);
            plan.state = Some((path.clone(), state));
        }
        Ok(plan)
    }

    pub async fn source<'s>(
        &self,
        context: &Context<'_>,
        store: &'s Store,
        request: &Request,
    ) -> Result<StoreSource<'s>, CliError> {
        let is_all = self.stretch.window == TimeWindow::default() && self.stretch.known.is_empty();
        let done = is_all.then_some(0);
        StoreSource::new(context, store, request, self.experiments.clone(), false, done).await
    }

    pub fn noted_from(&self) -> Option<i64> {
        self.state.as_ref()?.1.pending.as_ref().map(crate::export::Pending::noted_from)
    }

    /// Writes down what was exported, now that it is.
    pub fn commit(self, tally: &Tally) -> Result<(), CliError> {
        let Some((path, mut known)) = self.state else { return Ok(()) };
        if let Some(run) = &mut known.pending {
            run.note(tally.recent.iter().cloned());
        }
        known.commit();
        state::save(&path, &known)
    }
}
