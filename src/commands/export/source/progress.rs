//! How far an export is.

use std::sync::{Arc, OnceLock};

use crate::commands::Context;
use crate::progress::{INTERVAL, Progress};
use crate::store::{Query, Store};

pub async fn progress(context: &Context<'_>, store: &Store, query: &Query, done: Option<u64>) -> Progress {
    if !context.ui.verbosity().progress {
        let total = done.filter(|_| !context.ui.verbosity().quiet).map(|done| later(store, query, done));
        return Progress::lines(context.ui.reporter(), total.unwrap_or_default(), "exporting");
    }
    let total = match done {
        Some(done) => store.known_total(query).await.map(|total| total.saturating_sub(done)),
        None => None,
    };
    Progress::new(true, total, "exporting")
}

/// How much is left, asked shortly before the first line that tells it: most exports end before. What has to be read to be
/// counted is not worth a line a minute.
pub fn later(store: &Store, query: &Query, done: u64) -> Arc<OnceLock<u64>> {
    let total = Arc::new(OnceLock::new());
    let (store, query, told) = (store.clone(), query.clone(), Arc::clone(&total));
    tokio::spawn(async move {
        tokio::time::sleep(INTERVAL * 9 / 10).await;
        if let Ok(Some(counted)) = store.counted(&query).await {
            // Nobody else tells it.
            let _ = told.set(counted.saturating_sub(done));
        }
    });
    total
}
