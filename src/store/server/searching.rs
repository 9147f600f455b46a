//! A search of a server of which it is not known yet how much of the filter language it knows.

use async_trait::async_trait;

use super::ServerStore;
use super::search::Search;
use crate::filter::{FilterPlan, Language};
use crate::model::Trace;
use crate::store::{Proof, Query, StoreError, Undecided, Walk};

/// A search that begins when it is known what the server can be asked.
pub struct Searching {
    server: ServerStore,
    query: Query,
    limit: Option<u64>,
    search: Option<Search>,
}

impl ServerStore {
    /// Starts a search: at once where every server is asked the same.
    #[must_use]
    pub fn searching(&self, query: &Query, limit: Option<u64>) -> Searching {
        let is_known = FilterPlan::is_the_same_everywhere(&query.filter) && !query.filter.asks_assessments();
        let search = is_known.then(|| self.search(query, limit, Language::CURRENT));
        Searching { server: self.clone(), query: query.clone(), limit, search }
    }
}

#[async_trait]
impl Walk for Searching {
    async fn next_page(&mut self) -> Result<Option<Vec<Trace>>, StoreError> {
        if self.search.is_none() {
            let language = self.server.wire.language_for(&self.query.filter, &self.query.experiments).await?;
            self.search = Some(self.server.search(&self.query, self.limit, language));
        }
        match &mut self.search {
            Some(search) => search.next_page().await,
            None => Ok(None),
        }
    }

    fn scanned(&self) -> Option<u64> {
        self.search.as_ref().and_then(Walk::scanned)
    }

    fn undecided(&self) -> &[Undecided] {
        self.search.as_ref().map_or(&[], Walk::undecided)
    }

    async fn prove(&self, thorough: bool) -> Result<Option<(Proof, Vec<Trace>)>, StoreError> {
        match &self.search {
            Some(search) => search.prove(thorough).await,
            None => Ok(None),
        }
    }
}
