//! A question as SQL, for traces that have outgrown one machine: over the columns of a Parquet export with one row per trace.
//!
//! What the statement returns is what [`super::Statistics`] finds in the same traces; what an engine cannot be asked exactly is
//! refused. It must not know how filters are translated.

use super::{Aggregate, Dimension, DimensionError, Every, Measure, Metric, Question};
use super::{dimension, every};
use crate::filter::Dialect;
use crate::model::{DAY_MS, HOUR_MS};

/// Where the question is asked.
#[derive(Clone, Copy, Debug)]
pub struct SqlSource<'s> {
    /// How it is spelled.
    pub dialect: Dialect,
    /// The table or view, put into the statement as it is.
    pub table: &'s str,
    /// The condition that traces have to pass.
    pub condition: &'s str,
}

impl Metric {
    /// Whether a column of an export answers it.
    #[must_use]
    pub fn is_in_sql(&self, dialect: Dialect) -> bool {
        self.expression(dialect).is_ok()
    }

    fn expression(&self, dialect: Dialect) -> Result<String, DimensionError> {
        let count = |condition: &str| format!("count(CASE WHEN {condition} THEN 1 END)");
        let (errors, ended) = (count("state = 'ERROR'"), count("state IN ('OK', 'ERROR')"));
        Ok(match self {
            Self::Traces => "count(*)".to_owned(),
            Self::Errors => errors,
            Self::ErrorRate => format!("{errors} * {} / nullif({ended}, 0)", dialect.float(1.0)),
            Self::InProgress => count("state = 'IN_PROGRESS'"),
            Self::Of(aggregate, Measure::Field(field)) => {
                let numbers =
                    dialect.numbers(field).ok_or_else(|| refused(&self.name(), "no column of an export holds it"))?;
                match (aggregate, &numbers.one) {
                    (Aggregate::Sum, _) => format!("sum({})", numbers.sum),
                    (Aggregate::Mean, Some(one)) => format!("avg({one})"),
                    (Aggregate::Mean, None) => format!("sum({}) / sum({})", numbers.sum, numbers.count),
                    (Aggregate::Smallest, _) => format!("min({})", numbers.least),
                    (Aggregate::Largest, _) => format!("max({})", numbers.most),
                    (Aggregate::Quantile(percent), Some(one)) => dialect.quantile(one, percent / 100.0),
                    (Aggregate::Quantile(_), None) => {
                        return Err(refused(&self.name(), "a trace can have several of them"));
                    }
                    (Aggregate::Yes, _) => format!("sum(coalesce({}, 0)) / sum({})", numbers.yes, numbers.answers),
                    (Aggregate::Known, _) => count(&format!("{} > 0", numbers.count)),
                }
            }
            Self::Spans | Self::SpanErrors | Self::SpanErrorRate | Self::Of(..) => {
                return Err(refused(&self.name(), "it counts spans"));
            }
        })
    }
}

impl Dimension {
    fn expression(&self, dialect: Dialect) -> Result<String, DimensionError> {
        let start = dialect.milliseconds("request_time");
        match self {
            Self::Field(field) => {
                dialect.column(field).ok_or_else(|| refused(&self.name(), "no column of an export holds it"))
            }
            Self::Hour => Ok(format!("{} - {} * 24", dialect.whole(&start, HOUR_MS), dialect.whole(&start, DAY_MS))),
            Self::Weekday => {
                // The first day of 1970 was a Thursday.
                let days = dialect.whole(&format!("({start} + {})", 3 * DAY_MS), DAY_MS);
                let weeks = dialect.whole(&format!("({start} + {})", 3 * DAY_MS), 7 * DAY_MS);
                let names = dimension::WEEKDAYS.iter().enumerate();
                let cases: Vec<String> = names.map(|(place, name)| format!("WHEN {place} THEN '{name}'")).collect();
                Ok(format!("CASE {days} - {weeks} * 7 {} END", cases.join(" ")))
            }
            Self::Model | Self::SpanType | Self::SpanName => Err(refused(&self.name(), "it counts spans")),
        }
    }
}

fn refused(name: &str, why: &str) -> DimensionError {
    DimensionError::new(
        format!("{name} cannot be expressed in SQL: {why}"),
        "leave it out, or let mlflow-trace read the archive: --tracking-uri file:PATH",
    )
}

impl Question {
    /// The statement that asks it: a row for each group, named as the columns of `stats -o csv` are.
    pub fn to_sql(&self, source: SqlSource<'_>) -> Result<String, DimensionError> {
        let SqlSource { dialect, table, condition } = source;
        let mut columns = Vec::new();
        match self.every {
            None => {}
            Some(Every::Length(length)) => columns.push(("start".to_owned(), start(dialect, length))),
            Some(Every::Auto | Every::Split(_)) => {
                return Err(DimensionError::new(
                    "--every auto cannot be expressed in SQL",
                    "give a length, such as --every 1h",
                ));
            }
        }
        for by in &self.by {
            columns.push((by.name(), by.expression(dialect)?));
        }
        let groups = columns.len();
        for metric in &self.metrics {
            columns.push((metric.name(), metric.expression(dialect)?));
        }
        let columns = columns.iter().map(|(name, expression)| format!("{expression} AS {}", dialect.identifier(name)));
        let mut text = format!("SELECT\n  {}\nFROM {table}", columns.collect::<Vec<_>>().join(",\n  "));
        if condition != "TRUE" {
            text.push_str(&format!("\nWHERE {condition}"));
        }
        if groups > 0 {
            let places: Vec<String> = (1..=groups).map(|place| place.to_string()).collect();
            text.push_str(&format!("\nGROUP BY {0}\nORDER BY {0}", places.join(", ")));
        }
        Ok(text)
    }
}

/// When the stretch began that a trace is in.
fn start(dialect: Dialect, length_ms: i64) -> String {
    let origin = every::origin(length_ms);
    let time = dialect.milliseconds("request_time");
    let since = if origin == 0 { time } else { format!("({time} - {origin})") };
    let start = format!("{} * {length_ms}", dialect.whole(&since, length_ms));
    dialect.time(&if origin == 0 { start } else { format!("{start} + {origin}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(by: &str, every: Option<Every>, metrics: &str, dialect: Dialect) -> Result<String, DimensionError> {
        let by = if by.is_empty() { Vec::new() } else { Dimension::parse_list(by).unwrap() };
        let question = Question::new(by, every, Metric::parse_list(metrics).unwrap(), false, false);
        question.to_sql(SqlSource { dialect, table: "traces", condition: "TRUE" })
    }

    #[test]
    fn a_question_is_one_statement() {
        let text = sql("status", Some(Every::Length(HOUR_MS)), "traces,p95:duration", Dialect::DuckDb).unwrap();
        assert_eq!(
            text,
            "SELECT\n  make_timestamp((CAST(floor(epoch_ms(request_time) / 3.6e6) AS BIGINT) * 3600000) * 1000) AS \"start\",\n  \
             state AS \"status\",\n  count(*) AS \"traces\",\n  quantile_cont(execution_duration_ms, 0.95) AS \"p95:duration_ms\"\n\
             FROM traces\nGROUP BY 1, 2\nORDER BY 1, 2"
        );
        assert_eq!(sql("", None, "traces", Dialect::Spark).unwrap(), "SELECT\n  count(*) AS `traces`\nFROM traces");
    }

    #[test]
    fn what_cannot_be_asked_exactly_is_refused() {
        for (by, metrics) in [
            ("model", "traces"),
            ("error", "traces"),
            ("feedback.x", "traces"),
            ("", "mean:span.self"),
            ("", "p50:feedback.x"),
            ("", "sum:tokens.cached"),
        ] {
            let error = sql(by, None, metrics, Dialect::Postgres).unwrap_err();
            assert!(error.message.contains("cannot be expressed in SQL"), "{by} {metrics}: {error}");
        }
        assert!(sql("", Some(Every::Auto), "traces", Dialect::DuckDb).is_err());
    }
}
