//! A random sample of traces: the same for the same seed and traces, whatever order they are read in.
//!
//! Each trace draws a number from its id and the seed; those with the smallest are the sample. With weights the numbers are
//! exponential with the weight as their rate (Efraimidis and Spirakis), so that a trace with twice the weight is drawn twice as
//! readily. Memory grows with the sample, once for each stratum.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::stats::{Dimension, Facts, Measure};
use crate::model::TraceId;

/// How a sample is drawn.
#[derive(Clone, Debug)]
pub struct Draw {
    /// How many traces to draw; from each stratum if `is_equal`.
    pub size: usize,
    /// Whether each stratum gives that many, instead of a number in proportion to its size.
    pub is_equal: bool,
    /// Which sample of all there are.
    pub seed: u64,
    /// What makes strata; without, all traces are one.
    pub strata: Vec<Dimension>,
    /// How readily a trace is drawn; nothing for all alike. Those without a positive number are not drawn.
    pub weight: Option<Measure>,
}

/// Traces, while they are read.
pub struct Sampler {
    draw: Draw,
    strata: BTreeMap<String, (Vec<Value>, Stratum)>,
    /// Traces that were read.
    pub traces: u64,
    /// Those without a weight.
    pub weightless: u64,
}

#[derive(Default)]
struct Stratum {
    traces: u64,
    /// The smallest numbers so far, the largest of them on top.
    drawn: BinaryHeap<Drawn>,
}

/// A trace with its number.
#[derive(Clone, Debug, PartialEq)]
struct Drawn {
    number: f64,
    id: TraceId,
}

impl Eq for Drawn {}

impl PartialOrd for Drawn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Drawn {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.total_cmp(&other.number).then_with(|| self.id.cmp(&other.id))
    }
}

/// A stratum, and what was drawn of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledStratum {
    /// What its traces answer.
    pub values: Vec<Value>,
    /// How many traces it has that can be drawn.
    pub traces: u64,
    /// How many were.
    pub sampled: u64,
}

/// A sample.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledTraces {
    /// The ids in random order, so that the first ones are a sample, too.
    pub ids: Vec<TraceId>,
    /// The strata, in the order of what they answer.
    pub strata: Vec<SampledStratum>,
}

impl Sampler {
    /// Nothing yet.
    #[must_use]
    pub fn new(draw: Draw) -> Self {
        Self { draw, strata: BTreeMap::new(), traces: 0, weightless: 0 }
    }

    /// One more trace.
    pub fn add(&mut self, facts: &Facts) {
        self.traces += 1;
        let weight = self.draw.weight.as_ref().map_or(Some(1.0), |weight| weight.number(facts));
        let Some(weight) = weight.filter(|weight| *weight > 0.0 && weight.is_finite()) else {
            self.weightless += 1;
            return;
        };
        let one =
            |answers: Vec<Value>| if answers.len() == 1 { answers.into_iter().next() } else { Some(answers.into()) };
        let values: Vec<Value> = self.draw.strata.iter().filter_map(|by| one(by.of_trace(facts))).collect();
        let (_, stratum) =
            self.strata.entry(Value::from(values.clone()).to_string()).or_insert_with(|| (values, Stratum::default()));
        stratum.traces += 1;
        let id = facts.trace.info.trace_id.clone();
        stratum.drawn.push(Drawn { number: -uniform(self.draw.seed, &id).ln() / weight, id });
        if stratum.drawn.len() > self.draw.size {
            stratum.drawn.pop();
        }
    }

    /// The sample.
    #[must_use]
    pub fn sample(self) -> SampledTraces {
        let counts: Vec<u64> = self.strata.values().map(|(_, stratum)| stratum.traces).collect();
        let parts =
            if self.draw.is_equal { vec![self.draw.size; counts.len()] } else { shared_out(self.draw.size, &counts) };
        let (mut all, mut strata) = (Vec::new(), Vec::new());
        for ((values, stratum), part) in self.strata.into_values().zip(parts) {
            let mut drawn = stratum.drawn.into_sorted_vec();
            drawn.truncate(part);
            strata.push(SampledStratum { values, traces: stratum.traces, sampled: drawn.len() as u64 });
            all.extend(drawn);
        }
        all.sort();
        SampledTraces { ids: all.into_iter().map(|drawn| drawn.id).collect(), strata }
    }
}

/// A number above 0 and up to 1.
fn uniform(seed: u64, id: &TraceId) -> f64 {
    let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(id.as_str()).finalize();
    let first = digest.iter().take(7).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    ((first >> 3) + 1) as f64 / 2_f64.powi(53)
}

/// Shares places out by size (Sainte-Laguë), one for each stratum first where there are enough, and none more than it has traces.
fn shared_out(size: usize, counts: &[u64]) -> Vec<usize> {
    let mut parts = vec![usize::from(size >= counts.len()); counts.len()];
    let claim = |place: usize, part: usize| {
        let count = counts.get(place).copied().unwrap_or(0);
        let bits = (count as f64 / (2 * part + 1) as f64).to_bits();
        ((part as u64) < count).then_some((bits, Reverse(place)))
    };
    let mut claims: BinaryHeap<_> = parts.iter().enumerate().filter_map(|(place, part)| claim(place, *part)).collect();
    for _ in parts.iter().sum::<usize>()..size {
        let Some((_, Reverse(place))) = claims.pop() else { break };
        if let Some(part) = parts.get_mut(place) {
            *part += 1;
            claims.extend(claim(place, *part));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::stats::Metric;
    use super::*;
    use crate::model::Trace;
    use serde_json::json;

    fn sampler(size: usize, is_equal: bool, by: &str, weight: Option<&str>) -> Sampler {
        let strata = if by.is_empty() { Vec::new() } else { Dimension::parse_list(by).unwrap() };
        let weight =
            weight.map(|field| Metric::parse_list(&format!("sum:{field}")).unwrap()[0].measure().unwrap().clone());
        Sampler::new(Draw { size, is_equal, seed: 7, strata, weight })
    }

    fn drawn(mut sampler: Sampler, numbers: impl Iterator<Item = u64>) -> SampledTraces {
        for number in numbers {
            let intent = ["buy", "buy", "buy", "buy", "buy", "buy", "buy", "ask", "ask", "complain"]
                [usize::try_from(number % 10).unwrap()];
            let info = json!({"trace_id": format!("tr-{number:032x}"), "request_time": "2026-11-22T08:00:00Z", "state": "OK",
                "execution_duration_ms": if number % 2 == 0 { 300 } else { 100 }, "tags": {"intent": intent}});
            sampler.add(&Facts::new(&Trace::from_json(json!({"info": info, "data": {}})).unwrap(), false, None));
        }
        sampler.sample()
    }

    #[test]
    fn a_sample_is_the_same_in_whatever_order_traces_are_read() {
        let one = drawn(sampler(50, false, "tags.intent", None), 0..1000);
        let other = drawn(sampler(50, false, "tags.intent", None), (0..1000).rev());
        assert_eq!(one, other);
        assert_eq!(one.ids.len(), 50);
        let told = one.strata.iter().map(|one| (one.values[0].clone(), one.traces, one.sampled)).collect::<Vec<_>>();
        assert_eq!(told, [(json!("ask"), 200, 10), (json!("buy"), 700, 35), (json!("complain"), 100, 5)]);
    }

    #[test]
    fn each_trace_is_drawn_as_often_as_its_weight_says() {
        let (mut heavy, mut all) = (0, 0);
        for seed in 0..40 {
            let mut sampler = sampler(20, false, "", Some("duration_ms"));
            sampler.draw.seed = seed;
            for id in drawn(sampler, 0..1000).ids {
                all += 1;
                heavy += usize::from(u64::from_str_radix(&id.as_str()[20..], 16).unwrap() % 2 == 0);
            }
        }
        assert_eq!(all, 800);
        assert!((560..640).contains(&heavy), "{heavy} of 800, expected three of four");
    }

    #[test]
    fn places_are_shared_out_by_size_and_none_is_lost() {
        assert_eq!(shared_out(10, &[700, 200, 100]), [7, 2, 1]);
        assert_eq!(shared_out(10, &[9997, 1, 1, 1]), [7, 1, 1, 1], "each has one");
        assert_eq!(shared_out(2, &[10, 10, 1]), [1, 1, 0], "there are too few places for all");
        assert_eq!(shared_out(100, &[3, 4]), [3, 4], "there are no more traces");
        let equal = drawn(sampler(5, true, "tags.intent", None), 0..1000);
        assert!(equal.strata.iter().all(|stratum| stratum.sampled == 5));
    }
}
