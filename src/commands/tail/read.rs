//! What `tail` reads.

use super::{Tail, watch};
use crate::error::CliError;
use crate::model::{TimeWindow, Trace};
use crate::store::Query;

impl Tail {
    /// The latest traces that have ended, up to a number.
    pub(super) async fn latest(&mut self, most: usize) -> Result<Vec<Trace>, CliError> {
        let mut walk = self.store.search(&self.query, None)?;
        let mut latest = Vec::new();
        while latest.len() < most
            && let Some(page) = walk.next_page().await?
        {
            latest.extend(page.into_iter().filter(watch::has_ended));
        }
        latest.truncate(most);
        Ok(self.watch.ended(latest))
    }

    /// All traces that started at this time or later.
    pub(super) async fn read(&self, oldest_ms: i64) -> Result<Vec<Trace>, CliError> {
        let window = TimeWindow { oldest_ms: Some(oldest_ms), newest_ms: None };
        let mut walk = self.store.search(&Query { window, ..self.query.clone() }, None)?;
        if !self.spans {
            walk.leave_out_spans();
        }
        let mut traces = Vec::new();
        while let Some(page) = walk.next_page().await? {
            traces.extend(page);
        }
        Ok(traces)
    }
}
