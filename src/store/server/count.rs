//! Counting by one call, where the server can.

use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use super::walk::{Quest, joined};
use super::{ServerError, ServerStore};
use crate::filter::Filter;
use crate::filter::typed::{Clause, Condition, Number, Test, TextOperator};
use crate::model::field::Field;
use crate::model::{ExperimentId, TimeWindow};
use crate::store::Query;
use crate::store::http::{Class, ErrorKind, Method, Request};

#[derive(Serialize)]
struct MetricsRequest<'a> {
    experiment_ids: &'a [ExperimentId],
    view_type: &'a str,
    metric_name: &'a str,
    aggregations: [Aggregation<'a>; 1],
    filters: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time_ms: Option<i64>,
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

#[derive(Serialize)]
struct CorrelationRequest<'a> {
    experiment_ids: &'a [ExperimentId],
    filter_string1: &'a str,
    filter_string2: &'a str,
}

#[derive(Deserialize)]
struct CorrelationAnswer {
    filter1_count: u64,
}

/// What is to be counted, in the small language of the metrics route: `=` on status and tags, and a closed time window.
#[derive(Debug, PartialEq)]
pub(super) struct Count {
    pub filters: Vec<String>,
    pub window: TimeWindow,
    /// The first tag that is asked for: its place among the filters, its key and its value.
    tag: Option<(usize, String, String)>,
}

impl ServerStore {
    /// The number of matches by one call, if the server has one for this filter.
    pub async fn counted(&self, query: &Query) -> Result<Option<u64>, ServerError> {
        match Count::of(&query.filter, query.window) {
            Some(count) => self.exact_count(&query.experiments, &count).await,
            None => Ok(None),
        }
    }

    /// The same by that route where it means what a search means. To some databases `Prod` and `prod ` are equal to `prod`;
    /// a search asks them to be exact, and the metrics route does not.
    pub(super) async fn exact_count(
        &self,
        experiments: &[ExperimentId],
        count: &Count,
    ) -> Result<Option<u64>, ServerError> {
        let counted = self.trace_count(experiments, &count.filters, count.window).await?;
        // Whoever takes more texts for equal finds no less.
        if counted.is_none_or(|traces| traces == 0) || self.is_exact.load(Ordering::Relaxed) {
            return Ok(counted);
        }
        for other in count.others() {
            // An exact database has hardly ever as many of these, and others have always.
            if self.trace_count(experiments, &other, count.window).await? == counted {
                return Ok(None);
            }
        }
        self.is_exact.fetch_or(count.tells_cases(), Ordering::Relaxed);
        Ok(counted)
    }

    /// `POST /api/3.0/mlflow/traces/metrics` with `trace_count` (3.9 and later): milliseconds where paging takes seconds.
    /// `None` where the server has no such route or does not understand.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A count, written as a float.
    pub(super) async fn trace_count(
        &self,
        experiment_ids: &[ExperimentId],
        filters: &[String],
        window: TimeWindow,
    ) -> Result<Option<u64>, ServerError> {
        let body = MetricsRequest {
            experiment_ids,
            view_type: "TRACES",
            metric_name: "trace_count",
            aggregations: [Aggregation { aggregation_type: "COUNT" }],
            filters,
            start_time_ms: window.oldest_ms,
            end_time_ms: window.newest_ms,
        };
        let path = "/api/3.0/mlflow/traces/metrics";
        let request = Request::with_body("count the traces", Class::Read, Method::POST, path, &body);
        match self.transport.listing::<MetricsAnswer>(request, &["data_points", "next_page_token"]).await {
            Ok(answer) => counted(answer.data_points.first().map_or(0.0, |point| point.values.count)).map(Some),
            // Servers without the route, and those that know less of its language, are counted by walking.
            Err(error) if error.is_no_such_route() || error.is_refusal() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `POST /api/3.0/mlflow/traces/calculate-filter-correlation` (3.4 and later), which counts what any filter finds, at
    /// the cost of asking it of every trace. `None` where the server has no such route.
    pub(super) async fn correlated_count(&self, quest: &Quest) -> Result<Option<u64>, ServerError> {
        let filter = joined(quest.window, &quest.filter);
        let body =
            CorrelationRequest { experiment_ids: &quest.experiments, filter_string1: &filter, filter_string2: &filter };
        let path = "/api/3.0/mlflow/traces/calculate-filter-correlation";
        let request = Request::with_body("count the traces", Class::Read, Method::POST, path, &body);
        match self.transport.json::<CorrelationAnswer>(request).await {
            Ok(answer) => Ok(Some(answer.filter1_count)),
            Err(error) if error.is_no_such_route() || error.is_refusal() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Count {
    /// What a filter counts in a window; `None` if the metrics route cannot be asked that.
    pub fn of(filter: &Filter, window: TimeWindow) -> Option<Self> {
        let mut count = Self { filters: Vec::new(), window, tag: None };
        for condition in filter.conjuncts() {
            let Condition::Clause(Clause { field, test, .. }) = condition else { return None };
            match (field, test) {
                (Field::RequestTime, Test::Number(operator, Number::Integer(time))) => {
                    count.window = count.window.and(operator.window(*time)?);
                }
                // Other words are no status, and some databases take them for one.
                (Field::Status, Test::Text(TextOperator::Equal, value)) if STATUSES.contains(&value.as_str()) => {
                    count.filters.push(format!("trace.status = {}", quoted(value)?));
                }
                (Field::Tag(key), Test::Text(TextOperator::Equal, value)) if is_plain(key) => {
                    let of_tag = || (count.filters.len(), key.clone(), value.clone());
                    count.tag = count.tag.take().or_else(|| Some(of_tag()));
                    count.filters.push(of_tag_filter(key, value)?);
                }
                _ => return None,
            }
        }
        Some(count)
    }

    /// The same with a value that only a database which is not exact takes for the one that is asked for: with its letters in
    /// the other case, and with a blank behind it.
    fn others(&self) -> Vec<Vec<String>> {
        let Some((position, key, value)) = &self.tag else { return Vec::new() };
        let swapped = Some(swapped(value)).filter(|swapped| swapped != value);
        let with = |value: String| {
            let mut filters = self.filters.clone();
            *filters.get_mut(*position)? = of_tag_filter(key, &value)?;
            Some(filters)
        };
        swapped.into_iter().chain([format!("{value} ")]).filter_map(with).collect()
    }

    /// Whether the others tell all databases that are not exact.
    fn tells_cases(&self) -> bool {
        self.tag.as_ref().is_some_and(|(_, _, value)| swapped(value) != *value)
    }
}

/// What a trace can be, in the words of filters.
const STATUSES: [&str; 3] = ["OK", "ERROR", "IN_PROGRESS"];

fn of_tag_filter(key: &str, value: &str) -> Option<String> {
    Some(format!("trace.tag.{key} = {}", quoted(value)?))
}

/// A text with its letters in the other case.
fn swapped(text: &str) -> String {
    let other = |letter: char| {
        if letter.is_lowercase() { letter.to_uppercase().collect() } else { letter.to_lowercase().collect::<String>() }
    };
    text.chars().map(other).collect()
}

/// A count as the server writes it, with a decimal point.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is looked at first, and the cast saturates.
fn counted(count: f64) -> Result<u64, ServerError> {
    if count >= 0.0 && count.fract() == 0.0 {
        return Ok(count as u64);
    }
    let what = format!("a count of {count}");
    Err(ServerError::new("count the traces", ErrorKind::NotMlflow { what }))
}

fn quoted(value: &str) -> Option<String> {
    let quote = if value.contains('\'') { '"' } else { '\'' };
    if value.contains(quote) { None } else { Some(format!("{quote}{value}{quote}")) }
}

/// A key that both languages read alike without quotes.
fn is_plain(key: &str) -> bool {
    let mut characters = key.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(filter: &str) -> Option<Count> {
        Count::of(&Filter::parse(filter).unwrap(), TimeWindow::default())
    }

    #[test]
    fn times_become_a_closed_window() {
        let found = count("timestamp > 5 AND timestamp_ms <= 20 AND timestamp < 18 AND status = 'OK'").unwrap();
        assert_eq!(found.window, TimeWindow { oldest_ms: Some(6), newest_ms: Some(17) });
        assert_eq!(found.filters, ["trace.status = 'OK'"]);
    }

    #[test]
    fn what_the_route_cannot_be_asked_is_not_counted_by_it() {
        for filter in ["timestamp != 5", "timestamp_ms > 1.5", "status != 'OK'", "name = 'x'", "span.name = 'x'"] {
            assert_eq!(count(filter), None, "{filter}");
        }
        assert_eq!(count("tags.team = \"it's\"").unwrap().filters, ["trace.tag.team = \"it's\""]);
        assert_eq!(count("status = 'ok'"), None);
    }

    #[test]
    fn what_tells_exact_databases_from_others_is_asked_of_the_first_tag() {
        let others = |filter: &str| count(filter).unwrap().others();
        let ok = "trace.status = 'OK'";
        assert_eq!(
            others("status = 'OK' AND tags.env = 'pröd1' AND tags.a = 'b'"),
            [
                [ok, "trace.tag.env = 'PRÖD1'", "trace.tag.a = 'b'"],
                [ok, "trace.tag.env = 'pröd1 '", "trace.tag.a = 'b'"]
            ]
        );
        assert_eq!(others("tags.n = '1'"), [["trace.tag.n = '1 '"]]);
        assert_eq!(others(ok.trim_start_matches("trace.")), Vec::<Vec<String>>::new());
    }
}
