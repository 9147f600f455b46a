//! What sets two sets of traces apart: values of tags, metadata, assessments and spans that are more frequent in one of them.
//!
//! Ranked by the least difference that the 95 % confidence interval allows, so that a large difference of few traces does not go
//! before a sure one of many. Memory grows with the values that repeat: a key whose values hardly do is dropped on the way.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::keys::keys_of;
use super::stats::{Chance, ConfidenceInterval, Verdicts, of_shares, two_shares};
use crate::model::field::Field;
use crate::model::{Trace, keys};

/// One of the two sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

/// A value of a key, in both sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// The key, as filters write it.
    pub key: String,
    /// The value; `None` where the trace has no such key.
    pub value: Option<String>,
    /// How many traces of each set have it.
    pub traces: [u64; 2],
    /// The part of each set that has it.
    pub shares: [f64; 2],
    /// Where the difference of the parts, B less A, lies with a probability of 95 %.
    pub interval: ConfidenceInterval,
    /// How likely such a difference is by chance.
    pub chance: Chance,
}

/// Traces of both sets, while they are read.
#[derive(Default)]
pub struct Contrasts {
    traces: [u64; 2],
    keys: BTreeMap<(usize, String), Values>,
}

#[derive(Default)]
struct Values {
    traces: [u64; 2],
    /// How many traces of each set have a value, by its hash.
    seen: HashMap<u64, [u64; 2]>,
    /// Values that came again.
    texts: HashMap<u64, String>,
    is_unique: bool,
}

/// A key with more values than this is dropped if they hardly repeat.
const MANY: usize = 10_000;
/// Characters of a value that are kept.
const KEPT: usize = 200;
/// Status and error come before all tags.
const OUTCOME: usize = 0;

impl Contrasts {
    /// One more trace; of its spans, what is at hand.
    pub fn add(&mut self, side: Side, trace: &Trace) {
        let at = side as usize;
        self.traces[at] += 1;
        let outcome = [(Field::Status, trace.info.state.as_str().to_owned())]
            .into_iter()
            .chain(Field::Error.value(trace).as_str().map(|error| (Field::Error, error.to_owned())));
        let outcome = outcome.map(|(field, value)| ((OUTCOME, field.column_name().into_owned()), vec![value]));
        let others = keys_of(trace)
            .into_iter()
            .filter(|((_, name), _)| !is_told_elsewhere(name))
            .map(|((kind, name), values)| ((kind + 1, name), values));
        for (key, values) in outcome.chain(others) {
            self.keys.entry(key).or_default().add(at, values);
        }
    }

    /// How many traces there are of each set.
    #[must_use]
    pub fn traces(&self) -> [u64; 2] {
        self.traces
    }

    /// What is more frequent in one of the sets by more than chance, first in B, then in A, each surest first. Left out are keys
    /// that the sets were `chosen` by, and values that fewer than `least` traces have.
    #[must_use]
    pub fn ranked(&self, chosen: &[String], least: u64) -> [Vec<Contrast>; 2] {
        let asked = self.keys.iter().filter(|((_, name), values)| !values.is_unique && !chosen.contains(name));
        let all: Vec<Contrast> =
            asked.flat_map(|((kind, name), values)| self.of_key(name, values, least, *kind != OUTCOME)).collect();
        let verdicts = Verdicts::new(&all.iter().map(|one| Some(one.chance)).collect::<Vec<_>>());
        let sure = all.into_iter().enumerate().filter(|(place, _)| verdicts.is_more(*place)).map(|(_, one)| one);
        let mut sure: Vec<Contrast> = sure.collect();
        // That a key is absent says nothing more where one of its values does.
        let told: HashSet<String> = sure.iter().filter(|one| one.value.is_some()).map(|one| one.key.clone()).collect();
        sure.retain(|one| one.value.is_some() || !told.contains(&one.key));
        let is_in_b = |one: &Contrast| one.interval.0 + one.interval.1 > 0.0;
        let (mut in_b, mut in_a): (Vec<_>, Vec<_>) = sure.into_iter().partition(is_in_b);
        for side in [&mut in_b, &mut in_a] {
            side.sort_by(|one, other| {
                let by_size = other.least_difference().total_cmp(&one.least_difference());
                by_size.then_with(|| (&one.key, &one.value).cmp(&(&other.key, &other.value)))
            });
        }
        [in_b, in_a]
    }

    fn of_key(&self, name: &str, values: &Values, least: u64, may_lack: bool) -> Vec<Contrast> {
        let contrast = |value: Option<String>, traces: [u64; 2]| {
            let [a, b] = [0, 1].map(|side| (traces[side], self.traces[side]));
            (traces[0] + traces[1] >= least).then_some(())?;
            let (interval, chance) = (of_shares(a, b)?, two_shares(a, b)?);
            let shares = [a, b].map(|(part, all)| part as f64 / all as f64);
            Some(Contrast { key: name.to_owned(), value, traces, shares, interval, chance })
        };
        let absent = [0, 1].map(|side| self.traces[side] - values.traces[side]);
        let texts = values.texts.iter();
        let there = texts.filter_map(|(hash, text)| contrast(Some(text.clone()), *values.seen.get(hash)?));
        there.chain(may_lack.then(|| contrast(None, absent)).flatten()).collect()
    }
}

/// Attributes that are fields of their own, or contents.
fn is_told_elsewhere(name: &str) -> bool {
    const OTHERS: [&str; 3] = [keys::SPAN_TYPE, keys::SPAN_INPUTS, keys::SPAN_OUTPUTS];
    name.strip_prefix("span.attributes.").is_some_and(|key| OTHERS.contains(&key))
}

impl Contrast {
    /// The end of the interval that is nearer to zero, without its sign; zero if zero lies inside.
    fn least_difference(&self) -> f64 {
        let (low, high) = self.interval;
        if low > 0.0 { low } else { (-high).max(0.0) }
    }
}

impl Values {
    fn add(&mut self, side: usize, mut values: Vec<String>) {
        self.traces[side] += 1;
        values.sort_unstable();
        values.dedup();
        // Objects are numbers and previews, hardly ever the same twice.
        for value in values.iter().filter(|value| !self.is_unique && !value.starts_with('{')) {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            let hash = hasher.finish();
            let seen = self.seen.entry(hash).or_default();
            seen[side] += 1;
            if seen[0] + seen[1] == 2 {
                self.texts.insert(hash, value.chars().take(KEPT).collect());
            }
        }
        if self.seen.len() > MANY && self.texts.len() * 10 < self.seen.len() {
            *self = Self { traces: self.traces, is_unique: true, ..Self::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn trace(number: u64, tags: &serde_json::Value) -> Trace {
        let info = json!({"trace_id": format!("tr-{number}"), "request_time": "2026-11-22T08:00:00Z", "state": "OK", "tags": tags});
        Trace::from_json(json!({"info": info, "data": {}})).unwrap()
    }

    #[test]
    fn what_is_more_frequent_by_more_than_chance_is_ranked_surest_first() {
        let mut contrasts = Contrasts::default();
        for number in 0..400 {
            let (side, at) = if number % 2 == 0 { (Side::A, 0) } else { (Side::B, 1) };
            let release = if number % 10 < [1, 8][at] { "new" } else { "old" };
            let mut tags = json!({"release": release, "id": number.to_string(), "coin": (number / 2 % 2).to_string()});
            if at == 1 && number % 40 == 1 {
                tags["rare"] = "yes".into();
            }
            contrasts.add(side, &trace(number, &tags));
        }
        let [in_b, in_a] = contrasts.ranked(&[], 5);
        let told = |of: &[Contrast]| of.iter().map(|one| (one.key.clone(), one.value.clone())).collect::<Vec<_>>();
        let of = |key: &str, value: Option<&str>| (key.to_owned(), value.map(str::to_owned));
        assert_eq!(told(&in_b), [of("tags.release", Some("new")), of("tags.rare", Some("yes"))]);
        assert_eq!(told(&in_a), [of("tags.release", Some("old"))]);
        assert!(in_b[0].interval.0 > 0.4 && in_b[0].shares[1] > in_b[0].shares[0], "{in_b:?}");
        assert_eq!(told(&contrasts.ranked(&["tags.release".into()], 5)[0]), [of("tags.rare", Some("yes"))]);
        assert_eq!(told(&contrasts.ranked(&[], 11)[0]), [of("tags.release", Some("new"))], "ten traces are too few");
    }

    #[test]
    fn a_key_whose_values_hardly_repeat_is_not_kept() {
        let mut values = Values::default();
        for number in 0..30_000 {
            values.add(0, vec![number.to_string()]);
        }
        assert!(values.is_unique && values.seen.is_empty() && values.traces == [30_000, 0]);
    }
}
