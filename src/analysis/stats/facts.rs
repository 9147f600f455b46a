//! What the spans of a trace tell in numbers: which models were called, how long it took, what it used and cost.
//!
//! Libraries repeat the usage of a call in the spans around it, some of them added up over the life of an agent. What the
//! innermost spans state counts; what is around them counts only where nothing inside states the same.

use serde_json::Value;

use super::super::selection::parents;
use super::super::timing::timing;
use super::prices::Prices;
use crate::model::field::Share;
use crate::model::{Span, SpanStatusCode, Trace, keys};

/// Counts of tokens; nothing where nothing is stated.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// What went in, cached or not.
    pub input: Option<f64>,
    /// Of that, what came from a cache.
    pub cached: Option<f64>,
    /// What came out.
    pub output: Option<f64>,
    /// Both.
    pub total: Option<f64>,
}

/// What a span tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpanFacts {
    /// Its name.
    pub name: String,
    /// `LLM`, `TOOL` and so on.
    pub kind: Option<String>,
    /// The model it called.
    pub model: Option<String>,
    /// Whether it failed.
    pub failed: bool,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<f64>,
    /// How long nothing below it ran, in milliseconds.
    pub self_ms: Option<f64>,
    /// What it used itself.
    pub usage: Usage,
    /// What it cost itself: in, out and both.
    pub cost: [Option<f64>; 3],
}

/// A trace with what its spans tell.
pub struct Facts<'t> {
    /// The trace.
    pub trace: &'t Trace,
    /// Its spans; nothing where they were not read.
    pub spans: Option<Vec<SpanFacts>>,
    /// What it cost at the prices that were given.
    pub priced: Option<Priced>,
}

/// A trace at given prices.
#[derive(Clone, Debug, PartialEq)]
pub enum Priced {
    /// What it cost: in, out and both.
    Cost([f64; 3]),
    /// A model has no price at that time.
    NoPrice(String),
    /// It states no usage.
    NoUsage,
}

impl<'t> Facts<'t> {
    /// Of a trace; of its spans only if they are at hand and asked for.
    #[must_use]
    pub fn new(trace: &'t Trace, with_spans: bool, prices: Option<&Prices>) -> Self {
        let spans = trace.spans.as_deref().filter(|_| with_spans);
        let mut facts = Self { trace, spans: spans.map(span_facts), priced: None };
        if let Some(prices) = prices {
            facts.price(prices);
        }
        facts
    }

    fn price(&mut self, prices: &Prices) {
        let at_ms = self.trace.info.request_time_ms;
        let (mut sum, mut unpriced) = (None, None);
        for span in self.spans.iter_mut().flatten() {
            span.cost = [None; 3];
            if span.usage == Usage::default() {
                continue;
            }
            let model = span.model.as_deref().unwrap_or("unknown");
            let Some(cost) = prices.cost(model, &span.usage, at_ms) else {
                unpriced.get_or_insert_with(|| model.to_owned());
                continue;
            };
            span.cost = cost.map(Some);
            let before = sum.unwrap_or([0.0; 3]);
            sum = Some([before[0] + cost[0], before[1] + cost[1], before[2] + cost[2]]);
        }
        self.priced = Some(match (unpriced, sum) {
            (Some(model), _) => Priced::NoPrice(model),
            (None, Some(cost)) => Priced::Cost(cost),
            (None, None) => Priced::NoUsage,
        });
    }

    /// What the spans used together.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let spans = || self.spans.iter().flatten();
        let sum = |part: fn(&Usage) -> Option<f64>| together(spans().filter_map(|span| part(&span.usage)));
        Usage {
            input: sum(|usage| usage.input),
            cached: sum(|usage| usage.cached),
            output: sum(|usage| usage.output),
            total: sum(|usage| usage.total),
        }
    }

    /// What the spans cost together.
    #[must_use]
    pub fn cost(&self, share: Share) -> Option<f64> {
        let part = place(share);
        together(self.spans.iter().flatten().filter_map(|span| span.cost[part]))
    }
}

/// Where a share stands among costs.
pub(super) fn place(share: Share) -> usize {
    match share {
        Share::Input => 0,
        Share::Output => 1,
        Share::Total => 2,
    }
}

/// A sum; nothing of nothing.
fn together(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    numbers.fold(None, |sum, number| Some(sum.unwrap_or(0.0) + number))
}

fn span_facts(spans: &[Span]) -> Vec<SpanFacts> {
    let mut self_ms = vec![None; spans.len()];
    for bar in timing(spans).bars {
        self_ms[bar.place] = bar.duration_ns.map(|_| bar.self_ns as f64 / 1e6);
    }
    let (usages, costs) = innermost(spans);
    let facts = spans.iter().zip(self_ms).zip(usages.into_iter().zip(costs));
    facts
        .map(|((span, self_ms), (usage, cost))| SpanFacts {
            name: span.name.clone(),
            kind: span.span_type().filter(|kind| kind != "null"),
            model: model(span),
            failed: span.status.code == SpanStatusCode::Error,
            duration_ms: span.duration_ms(),
            self_ms,
            usage,
            cost,
        })
        .collect()
}

/// Where libraries state the model that was called.
const MODEL: &[&str] =
    &["mlflow.llm.model", "gen_ai.response.model", "gen_ai.request.model", "llm.model_name", "ai.model.id"];

/// The model that a span called.
#[must_use]
pub fn model(span: &Span) -> Option<String> {
    MODEL.iter().find_map(|key| match span.attribute(key)? {
        Value::String(model) if !model.is_empty() => Some(model),
        _ => None,
    })
}

/// Whether a span is the call of a model: it names one, or is of a type that calls one.
#[must_use]
pub fn is_call(span: &SpanFacts) -> bool {
    span.model.is_some() || span.kind.as_deref().is_some_and(|kind| matches!(kind, "LLM" | "CHAT_MODEL" | "EMBEDDING"))
}

/// What each span used and cost itself.
fn innermost(spans: &[Span]) -> (Vec<Usage>, Vec<[Option<f64>; 3]>) {
    let usage: Vec<Option<Value>> = spans.iter().map(|span| span.attribute(keys::CHAT_TOKEN_USAGE)).collect();
    let cost: Vec<Option<Value>> = spans.iter().map(|span| span.attribute("mlflow.llm.cost")).collect();
    let parents = parents(spans);
    let own = |of: &[Option<Value>], key: &str| {
        let stated: Vec<Option<f64>> = of.iter().map(|value| value.as_ref()?.get(key)?.as_f64()).collect();
        own(&stated, &parents)
    };
    let [input, cached, output, total] =
        ["input_tokens", "cache_read_input_tokens", "output_tokens", "total_tokens"].map(|key| own(&usage, key));
    let costs = ["input_cost", "output_cost", "total_cost"].map(|key| own(&cost, key));
    let usage = |at: usize| Usage { input: input[at], cached: cached[at], output: output[at], total: total[at] };
    let cost = |at: usize| [costs[0][at], costs[1][at], costs[2][at]];
    ((0..spans.len()).map(usage).collect(), (0..spans.len()).map(cost).collect())
}

/// Of what spans state, that of the innermost: a number counts unless a span below states one that is not zero.
fn own(stated: &[Option<f64>], parents: &[Option<usize>]) -> Vec<Option<f64>> {
    let mut is_inside = vec![false; stated.len()];
    for start in (0..stated.len()).filter(|place| stated[*place].is_some_and(|number| number != 0.0)) {
        let above = std::iter::successors(parents[start], |place| parents[*place]).take(stated.len());
        for place in above {
            // Spans may be one another's parents.
            if place == start || std::mem::replace(&mut is_inside[place], true) {
                break;
            }
        }
    }
    stated.iter().zip(is_inside).map(|(stated, is_inside)| stated.filter(|_| !is_inside)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_around_a_call_counts_once() {
        let (root, agent, call) = (None, Some(0), Some(1));
        let parents = [root, agent, call, call, root];
        let own = |stated: [Option<f64>; 5]| own(&stated, &parents);
        assert_eq!(
            own([Some(30.0), Some(30.0), Some(10.0), Some(20.0), Some(5.0)]),
            [None, None, Some(10.0), Some(20.0), Some(5.0)]
        );
        let outer = own([Some(30.0), None, Some(0.0), None, None]);
        assert_eq!(outer, [Some(30.0), None, Some(0.0), None, None], "a call that tells nothing hides nothing");
        let circle = super::own(&[Some(1.0), Some(2.0)], &[Some(1), Some(0)]);
        assert_eq!(circle.len(), 2);
    }
}
