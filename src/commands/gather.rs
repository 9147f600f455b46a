//! Reads every trace that is selected, one by one, for what is made of many; and says whether that was all.

mod told;

use super::Context;
use super::selection::{self, Selected};
use crate::cli::ReadArgs;
use crate::error::CliError;
use crate::filter::{Filter, OrderBy};
use crate::model::{TimeWindow, Trace, TraceId};
use crate::store::{FailureKind, Proof, Query, Store, TraceFailure, Undecided, Unseen, Walk, by_ids};

/// What to read of which traces; all of them, in no order, unless more is said.
#[derive(Default)]
pub struct ReadScope {
    /// Whether their spans are looked at.
    pub spans: bool,
    /// Which start times.
    pub window: TimeWindow,
    /// In which order.
    pub order_by: OrderBy,
}

/// How the reading went.
#[derive(Default)]
pub struct Gathered {
    /// Traces that were read.
    pub count: u64,
    /// Those that have not ended, so that spans are missing.
    pub open: u64,
    /// Those whose spans could not be read for another reason, and the first such reason.
    failed: u64,
    reason: Option<String>,
    proof: Option<Proof>,
    undecided: Vec<Undecided>,
    missing: (Vec<TraceId>, Vec<Unseen>),
    /// What was asked; nothing where traces were named.
    query: Option<(Store, Query)>,
}

/// Reads what the arguments select.
pub async fn gather(
    context: &mut Context<'_>,
    args: &ReadArgs,
    scope: ReadScope,
    take: &mut (dyn FnMut(&Trace) + Send),
) -> Result<Gathered, CliError> {
    let selected = selection::selected(context, &args.filter, &args.selection)?;
    let store = context.verified_store(args.reading.verify).await?;
    match selected {
        Selected::Named(ids) => Gathered::default().read(&store, by_ids(&store, ids), scope.spans, take).await,
        Selected::Matches(filter) => {
            gather_matches(context, store, args.reading.all_experiments, *filter, scope, take).await
        }
    }
}

/// Reads what a filter selects.
pub async fn gather_matches(
    context: &mut Context<'_>,
    store: Store,
    all_experiments: bool,
    filter: Filter,
    scope: ReadScope,
    take: &mut (dyn FnMut(&Trace) + Send),
) -> Result<Gathered, CliError> {
    let experiments = selection::experiments(context, &store, all_experiments).await?;
    if experiments.is_empty() && all_experiments {
        return Ok(Gathered::default());
    }
    let query = Query { window: scope.window, ..selection::query(&experiments, filter, scope.order_by) };
    let walk = store.search(&query, None)?;
    let gathered = Gathered { query: Some((store.clone(), query)), ..Gathered::default() };
    gathered.read(&store, walk, scope.spans, take).await
}

impl Gathered {
    async fn read(
        mut self,
        store: &Store,
        mut walk: Box<dyn Walk>,
        spans: bool,
        take: &mut (dyn FnMut(&Trace) + Send),
    ) -> Result<Self, CliError> {
        let walk = if spans {
            let mut reader = store.read_spans(walk, Box::new(|_| true));
            while let Some(read) = reader.next().await? {
                self.take(read, take);
            }
            reader.into_walk()
        } else {
            walk.leave_out_spans();
            while let Some(page) = walk.next_page().await? {
                for trace in page {
                    self.take(Ok(trace), take);
                }
            }
            Some(walk)
        };
        let Some(walk) = walk else { return Ok(self) };
        if let Some((proof, late)) = walk.prove(false).await? {
            self.proof = Some(proof);
            let late = if spans { store.whole(late).await } else { late.into_iter().map(Ok).collect() };
            for read in late {
                self.take(read, take);
            }
        }
        self.undecided = walk.undecided().to_vec();
        let (absent, unseen) = walk.missing();
        self.missing = (absent.to_vec(), unseen.to_vec());
        Ok(self)
    }

    /// A trace whose spans cannot be read is measured by its info.
    fn take(&mut self, read: Result<Trace, TraceFailure>, take: &mut (dyn FnMut(&Trace) + Send)) {
        self.count += 1;
        let trace = read.unwrap_or_else(|failure| {
            if failure.kind() == FailureKind::InProgress {
                self.open += 1;
            } else {
                self.failed += 1;
                self.reason.get_or_insert_with(|| failure.error.to_string());
            }
            *failure.trace
        });
        take(&trace);
    }
}
