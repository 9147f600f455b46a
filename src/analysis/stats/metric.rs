//! What is asked of each group: counts, and sums, means and quantiles of whatever is a number.

use serde_json::Value;

use super::dimension::{DimensionError, field};
use super::facts::{Facts, Priced, SpanFacts, place};
use crate::model::Assessment;
use crate::model::field::{Field, Kind, Share};

/// What is done with the numbers of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aggregate {
    /// They are added.
    Sum,
    /// Their mean.
    Mean,
    /// The smallest.
    Smallest,
    /// The largest.
    Largest,
    /// A percentile.
    Quantile(f64),
    /// How many of yes and no are yes.
    Yes,
    /// How many traces, or spans, tell a number at all.
    Known,
}

/// Where the numbers come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// From each trace.
    Field(Field),
    /// From each span: how long it took.
    SpanDuration,
    /// From each span: how long nothing below it ran.
    SpanSelf,
    /// From each span: what went into a model.
    SpanInput,
    /// From each span: what came from a cache of that.
    SpanCached,
    /// From each span: what came out of a model.
    SpanOutput,
    /// From each span: both.
    SpanTotal,
    /// From each span: what it cost.
    SpanCost(Share),
}

/// What the numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things that are counted.
    Count,
    /// Parts of one.
    Share,
    /// Milliseconds.
    Milliseconds,
    /// US dollars.
    Dollars,
    /// Just numbers.
    Plain,
}

/// One question about a group.
#[derive(Clone, Debug, PartialEq)]
pub enum Metric {
    /// How many traces.
    Traces,
    /// How many of them failed.
    Errors,
    /// How many of those that ended failed.
    ErrorRate,
    /// How many have not ended.
    InProgress,
    /// How many spans.
    Spans,
    /// How many of them failed.
    SpanErrors,
    /// How many of them failed, as a part of all.
    SpanErrorRate,
    /// Something of numbers.
    Of(Aggregate, Measure),
}

/// What is read of a value: a number, and whether it says yes or no.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reading {
    pub number: Option<f64>,
    pub yes: Option<bool>,
}

const COUNTS: &[(&str, Metric)] = &[
    ("traces", Metric::Traces),
    ("errors", Metric::Errors),
    ("error_rate", Metric::ErrorRate),
    ("in_progress", Metric::InProgress),
    ("spans", Metric::Spans),
    ("span_errors", Metric::SpanErrors),
    ("span_error_rate", Metric::SpanErrorRate),
];

const OF_SPANS: &[(&str, Measure)] = &[
    ("span.duration", Measure::SpanDuration),
    ("span.self", Measure::SpanSelf),
    ("span.tokens.input", Measure::SpanInput),
    ("span.tokens.cached", Measure::SpanCached),
    ("span.tokens.output", Measure::SpanOutput),
    ("span.tokens.total", Measure::SpanTotal),
    ("span.cost.input", Measure::SpanCost(Share::Input)),
    ("span.cost.output", Measure::SpanCost(Share::Output)),
    ("span.cost.total", Measure::SpanCost(Share::Total)),
];

const HOW: &str = "write traces, errors, error_rate or AGGREGATE:FIELD, such as p95:duration, sum:cost.total, \
                   mean:feedback.score or yes:feedback.helpful";

impl Metric {
    /// Reads metrics separated by commas.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, DimensionError> {
        text.split(',').map(|one| Self::parse(one.trim())).collect()
    }

    fn parse(text: &str) -> Result<Self, DimensionError> {
        if let Some((_, metric)) = COUNTS.iter().find(|(name, _)| *name == text || text == "count" && *name == "traces")
        {
            return Ok(metric.clone());
        }
        let Some((aggregate, of)) = text.split_once(':') else {
            return Err(DimensionError::new(format!("unknown metric {text:?}"), HOW));
        };
        Ok(Self::Of(Aggregate::parse(aggregate, text)?, Measure::parse(of)?))
    }

    /// What is asked of traces where nothing is said.
    #[must_use]
    pub fn of_traces() -> Vec<Self> {
        use Aggregate::{Largest, Mean, Quantile, Sum};
        let duration = [Mean, Quantile(50.0), Quantile(90.0), Quantile(95.0), Quantile(99.0), Largest];
        let duration = duration.map(|aggregate| Self::Of(aggregate, Measure::Field(Field::Duration)));
        let tokens = [
            Field::Tokens(Share::Input),
            Field::CachedTokens,
            Field::Tokens(Share::Output),
            Field::Tokens(Share::Total),
            Field::Cost(Share::Total),
        ];
        let tokens = tokens.map(|field| Self::Of(Sum, Measure::Field(field)));
        [Self::Traces, Self::Errors, Self::ErrorRate, Self::InProgress]
            .into_iter()
            .chain(duration)
            .chain(tokens)
            .collect()
    }

    /// What is asked of spans where nothing is said.
    #[must_use]
    pub fn of_spans() -> Vec<Self> {
        use Aggregate::{Largest, Mean, Quantile, Sum};
        let duration = [Mean, Quantile(50.0), Quantile(95.0), Largest];
        let duration = duration.map(|aggregate| Self::Of(aggregate, Measure::SpanDuration));
        let sums = [
            Measure::SpanSelf,
            Measure::SpanInput,
            Measure::SpanCached,
            Measure::SpanOutput,
            Measure::SpanTotal,
            Measure::SpanCost(Share::Total),
        ];
        let sums = sums.map(|measure| Self::Of(Sum, measure));
        let counts = [Self::Spans, Self::Traces, Self::SpanErrors, Self::SpanErrorRate];
        counts.into_iter().chain(duration).chain(sums).collect()
    }

    /// What objects and tables call it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Of(aggregate, measure) => format!("{}:{}", aggregate.name(), measure.name()),
            other => COUNTS.iter().find(|(_, known)| known == other).map_or("", |(name, _)| name).to_owned(),
        }
    }

    /// Where its numbers come from, if from numbers.
    #[must_use]
    pub fn measure(&self) -> Option<&Measure> {
        match self {
            Self::Of(_, measure) => Some(measure),
            _ => None,
        }
    }

    /// What its answers are.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match self {
            Self::ErrorRate | Self::SpanErrorRate | Self::Of(Aggregate::Yes, _) => Unit::Share,
            Self::Of(Aggregate::Known, _) => Unit::Count,
            Self::Of(_, measure) => measure.unit(),
            _ => Unit::Count,
        }
    }

    /// Whether it asks for the spans.
    #[must_use]
    pub fn needs_spans(&self) -> bool {
        match self {
            Self::Spans | Self::SpanErrors | Self::SpanErrorRate => true,
            Self::Of(_, measure) => measure.needs_spans(),
            _ => false,
        }
    }
}

impl Aggregate {
    fn parse(word: &str, text: &str) -> Result<Self, DimensionError> {
        let percent = word.strip_prefix('p').and_then(|digits| digits.parse::<f64>().ok());
        Ok(match word {
            "sum" => Self::Sum,
            "mean" | "avg" => Self::Mean,
            "min" => Self::Smallest,
            "max" => Self::Largest,
            "median" => Self::Quantile(50.0),
            "yes" | "share" => Self::Yes,
            "known" => Self::Known,
            _ => match percent {
                Some(percent) if (0.0..=100.0).contains(&percent) => Self::Quantile(percent),
                _ => {
                    let known = "aggregates are sum, mean, min, max, median, p0 to p100, yes and known";
                    return Err(DimensionError::new(format!("unknown aggregate {word:?} in {text:?}"), known));
                }
            },
        })
    }

    fn name(self) -> String {
        match self {
            Self::Sum => "sum".to_owned(),
            Self::Mean => "mean".to_owned(),
            Self::Smallest => "min".to_owned(),
            Self::Largest => "max".to_owned(),
            Self::Quantile(percent) => format!("p{percent}"),
            Self::Yes => "yes".to_owned(),
            Self::Known => "known".to_owned(),
        }
    }
}

impl Measure {
    fn parse(text: &str) -> Result<Self, DimensionError> {
        let name = text.trim();
        let short = match name {
            "span.tokens" => "span.tokens.total",
            "span.cost" => "span.cost.total",
            other => other,
        };
        if let Some((_, measure)) = OF_SPANS.iter().find(|(known, _)| *known == short) {
            return Ok(measure.clone());
        }
        let field = field(name)?;
        let is_number = match field.row().kind {
            Kind::Number | Kind::Duration | Kind::Assessment => true,
            Kind::Text => matches!(field, Field::Tag(_) | Field::Metadata(_)),
            _ => false,
        };
        if is_number {
            return Ok(Self::Field(field));
        }
        Err(DimensionError::new(
            format!("{name} is no number"),
            "numbers are duration, tokens.*, cost.*, spans.count, size, feedback.NAME, expectation.NAME, tags.KEY, metadata.KEY and span.*",
        ))
    }

    /// What objects and tables call it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Field(field) => field.column_name().into_owned(),
            other => OF_SPANS.iter().find(|(_, known)| known == other).map_or("", |(name, _)| name).to_owned(),
        }
    }

    /// Whether each span tells it.
    #[must_use]
    pub fn is_of_spans(&self) -> bool {
        !matches!(self, Self::Field(_))
    }

    fn needs_spans(&self) -> bool {
        match self {
            Self::Field(field) => field.needs_spans(),
            _ => true,
        }
    }

    /// Whether it is money.
    #[must_use]
    pub fn is_money(&self) -> bool {
        self.unit() == Unit::Dollars
    }

    fn unit(&self) -> Unit {
        match self {
            Self::Field(Field::Duration) | Self::SpanDuration | Self::SpanSelf => Unit::Milliseconds,
            Self::Field(Field::Cost(_)) | Self::SpanCost(_) => Unit::Dollars,
            Self::Field(Field::Tokens(_) | Field::CachedTokens | Field::SpanCount | Field::SizeBytes) => Unit::Count,
            Self::SpanInput | Self::SpanCached | Self::SpanOutput | Self::SpanTotal => Unit::Count,
            Self::Field(_) => Unit::Plain,
        }
    }

    /// The numbers that a trace, or its spans, tell.
    #[must_use]
    pub fn numbers(&self, facts: &Facts) -> Vec<f64> {
        if self.is_of_spans() {
            return facts.spans.iter().flatten().filter_map(|span| self.of_span(span)).collect();
        }
        self.of_trace(facts).iter().filter_map(|reading| reading.number).collect()
    }

    /// The number that a trace tells, or the sum of several.
    #[must_use]
    pub fn number(&self, facts: &Facts) -> Option<f64> {
        self.of_trace(facts).iter().filter_map(|reading| reading.number).reduce(|sum, number| sum + number)
    }

    /// What a trace tells; nothing where it tells no number.
    pub(super) fn of_trace(&self, facts: &Facts) -> Vec<Reading> {
        let Self::Field(field) = self else { return Vec::new() };
        let priced = match (field, &facts.priced) {
            (Field::Cost(share), Some(Priced::Cost(cost))) => Some(vec![Reading::of_number(cost[place(*share)])]),
            (Field::Cost(_), Some(_)) => Some(Vec::new()),
            _ => None,
        };
        priced.unwrap_or_else(|| match field.value(facts.trace) {
            Value::Array(values) => values.iter().filter_map(Reading::of).collect(),
            value => Reading::of(&value).into_iter().collect(),
        })
    }

    /// What a span tells.
    pub(super) fn of_span(&self, span: &SpanFacts) -> Option<f64> {
        match self {
            Self::Field(_) => None,
            Self::SpanDuration => span.duration_ms,
            Self::SpanSelf => span.self_ms,
            Self::SpanInput => span.usage.input,
            Self::SpanCached => span.usage.cached,
            Self::SpanOutput => span.usage.output,
            Self::SpanTotal => span.usage.total,
            Self::SpanCost(share) => span.cost[place(*share)],
        }
    }
}

impl Reading {
    fn of_number(number: f64) -> Self {
        Self { number: Some(number), yes: None }
    }

    /// What a value says; nothing if it is neither a number nor yes or no.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let reading = match value {
            Value::Bool(yes) => Self::of_answer(*yes),
            Value::Number(number) => Self::of_number(number.as_f64()?),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "yes" | "true" => Self::of_answer(true),
                "no" | "false" => Self::of_answer(false),
                text => Self::of_number(text.parse().ok()?),
            },
            _ => return None,
        };
        reading.number.is_some_and(f64::is_finite).then_some(reading)
    }

    /// What an assessment says, which may be neither; nothing of one that says nothing, such as that of a judge that failed.
    pub(super) fn of_assessment(assessment: &Assessment) -> Option<Self> {
        let value = assessment.value();
        let is_said = assessment.error().is_none() && !value.is_null();
        is_said.then(|| Self::of(&value).unwrap_or(Self { number: None, yes: None }))
    }

    /// As `MLflow` does, yes is one and no is nothing.
    fn of_answer(yes: bool) -> Self {
        Self { number: Some(f64::from(u8::from(yes))), yes: Some(yes) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn metrics_are_named_as_they_are_read() {
        for text in [
            "traces",
            "errors",
            "error_rate",
            "p95:duration_ms",
            "p99.9:duration_ms",
            "sum:cost.total",
            "mean:feedback.score",
            "yes:feedback.helpful",
            "known:tags.x",
            "max:span.self",
        ] {
            let metrics = Metric::parse_list(text).unwrap();
            assert_eq!((metrics.len(), metrics[0].name()), (1, text.to_owned()));
        }
        assert_eq!(Metric::parse_list("count, median:latency").unwrap()[1].name(), "p50:duration_ms");
        for wrong in ["", "nope", "p101:duration", "most:duration", "sum:status", "sum:nope", "sum:", "p95:time"] {
            let error = Metric::parse_list(wrong).unwrap_err();
            assert!(!error.message.is_empty() && !error.hint.is_empty(), "{wrong}: {error:?}");
        }
    }

    #[test]
    fn yes_and_no_are_numbers_and_texts_are_not() {
        let read = |value: Value| Reading::of(&value).map(|reading| (reading.number, reading.yes));
        assert_eq!(read(json!(true)), Some((Some(1.0), Some(true))));
        assert_eq!(read(json!("no")), Some((Some(0.0), Some(false))));
        assert_eq!(read(json!(" 0.5")), Some((Some(0.5), None)));
        assert_eq!([read(json!("good")), read(json!(null)), read(json!("NaN")), read(json!([1]))], [None; 4]);
    }
}
