//! Counting: by one call where the server can, by paging where it cannot.

use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::retry::Class;
use super::transport::Request;
use super::{ServerError, ServerStore};
use crate::filter::typed::{Clause, Condition, Test, TextOperator};
use crate::model::field::Field;
use crate::store::Query;

#[derive(Serialize)]
struct MetricsRequest<'a> {
    experiment_ids: Vec<&'a str>,
    view_type: &'a str,
    metric_name: &'a str,
    aggregations: [Aggregation<'a>; 1],
    filters: &'a [String],
}

#[derive(Serialize)]
struct Aggregation<'a> {
    aggregation_type: &'a str,
}

#[derive(Deserialize)]
struct MetricsAnswer {
    #[serde(default)]
    data_points: Vec<DataPoint>,
}

#[derive(Deserialize)]
struct DataPoint {
    values: Values,
}

#[derive(Deserialize)]
struct Values {
    #[serde(rename = "COUNT")]
    count: f64,
}

impl ServerStore {
    /// `POST /api/3.0/mlflow/traces/metrics` with `trace_count` (3.9 and later): milliseconds where paging takes seconds.
    /// `None` where the server has no such route or its small language cannot say what the filter says.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A count, written as a float.
    pub async fn metrics_count(&self, query: &Query) -> Result<Option<u64>, ServerError> {
        let Some(filters) = metrics_filters(query) else { return Ok(None) };
        let body = MetricsRequest {
            experiment_ids: query.experiments.iter().map(crate::model::ExperimentId::as_str).collect(),
            view_type: "TRACES",
            metric_name: "trace_count",
            aggregations: [Aggregation { aggregation_type: "COUNT" }],
            filters: &filters,
        };
        let path = "/api/3.0/mlflow/traces/metrics";
        let request = Request::with_body("count the traces", Class::Read, Method::POST, path, &body);
        match self.transport.json::<MetricsAnswer>(request).await {
            Ok(answer) => Ok(Some(answer.data_points.first().map_or(0, |point| point.values.count as u64))),
            // Servers without the route, and those that know less of its language, are counted by paging.
            Err(error) if error.is_no_such_route() || error.is_refusal() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Counts by reading every page.
    pub async fn count_by_paging(&self, query: &Query) -> Result<u64, ServerError> {
        let mut pages = self.search(query, None);
        let mut count = 0;
        while let Some(page) = pages.next().await? {
            count += page.len() as u64;
        }
        Ok(count)
    }
}

/// The filter in the language of the metrics route, which knows `=` on status, tags and metadata and nothing else.
fn metrics_filters(query: &Query) -> Option<Vec<String>> {
    query
        .filter
        .conjuncts()
        .iter()
        .map(|condition| {
            let Condition::Clause(Clause { field, test: Test::Text(TextOperator::Equal, value), .. }) = condition
            else {
                return None;
            };
            let quote = if value.contains('\'') { '"' } else { '\'' };
            if value.contains(quote) {
                return None;
            }
            let entity = match field {
                Field::Status => "trace.status".to_owned(),
                Field::Tag(key) if is_plain(key) => format!("trace.tag.{key}"),
                _ => return None,
            };
            Some(format!("{entity} = {quote}{value}{quote}"))
        })
        .collect()
}

/// A key that both languages read alike without quotes.
fn is_plain(key: &str) -> bool {
    let mut characters = key.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}
