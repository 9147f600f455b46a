//! Evaluation datasets, where a store has them.

use async_trait::async_trait;
use serde_json::Value;

use super::StoreError;
use crate::model::{Dataset, ExperimentId};

/// A store with evaluation datasets.
#[async_trait]
pub trait Datasets: Send + Sync {
    /// Those that belong to one of these experiments, newest first.
    async fn list(&self, experiments: &[ExperimentId]) -> Result<Vec<Dataset>, StoreError>;

    /// Creates one. Names need not be unique, so creating it twice makes two.
    async fn create(
        &self,
        name: &str,
        tags: &[(String, String)],
        experiments: &[ExperimentId],
    ) -> Result<Dataset, StoreError>;

    /// All records, in `MLflow`'s JSON, a page at a time.
    async fn records(&self, dataset_id: &str, take: &mut (dyn FnMut(Value) + Send)) -> Result<(), StoreError>;

    /// Adds records: one whose inputs are there already gets the new outputs, and expectations and tags are added to it.
    /// Repeating it changes nothing.
    async fn add(&self, dataset_id: &str, records: &[&Value]) -> Result<(), StoreError>;
}
