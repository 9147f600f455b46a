//! Numbers of which sums and quantiles are asked: exact, in any order, and two of them can be put together.
//!
//! Memory grows with the numbers that differ, not with those that were seen, and only where quantiles are asked for.

use std::collections::BTreeMap;

/// A number in the order of numbers.
#[derive(Clone, Copy, Debug)]
struct Ordered(f64);

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// Numbers that were seen.
#[derive(Clone, Debug)]
pub struct Numbers {
    count: u64,
    sum: f64,
    /// What rounding took from the sum.
    lost: f64,
    smallest: f64,
    largest: f64,
    /// How often each was seen; nothing where nobody asks for that.
    seen: Option<BTreeMap<Ordered, u64>>,
}

impl Numbers {
    /// None yet; `keeps` says whether quantiles will be asked for.
    #[must_use]
    pub fn new(keeps: bool) -> Self {
        let seen = keeps.then(BTreeMap::new);
        Self { count: 0, sum: 0.0, lost: 0.0, smallest: f64::INFINITY, largest: f64::NEG_INFINITY, seen }
    }

    /// One more.
    pub fn add(&mut self, number: f64) {
        // Minus zero is zero.
        let number = number + 0.0;
        self.count += 1;
        self.add_to_sum(number);
        self.smallest = self.smallest.min(number);
        self.largest = self.largest.max(number);
        if let Some(seen) = &mut self.seen {
            *seen.entry(Ordered(number)).or_default() += 1;
        }
    }

    /// Neumaier's sum, which a long row of small numbers behind a large one does not lose.
    fn add_to_sum(&mut self, number: f64) {
        let sum = self.sum + number;
        self.lost += if self.sum.abs() >= number.abs() { (self.sum - sum) + number } else { (number - sum) + self.sum };
        self.sum = sum;
    }

    /// All of another's, too.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.add_to_sum(other.sum);
        self.lost += other.lost;
        self.smallest = self.smallest.min(other.smallest);
        self.largest = self.largest.max(other.largest);
        if let (Some(seen), Some(others)) = (&mut self.seen, &other.seen) {
            for (number, times) in others {
                *seen.entry(*number).or_default() += times;
            }
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their sum; nothing if there are none.
    #[must_use]
    pub fn sum(&self) -> Option<f64> {
        (self.count > 0).then_some(self.sum + self.lost)
    }

    /// Their mean.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        self.sum().map(|sum| sum / self.count as f64)
    }

    /// The smallest.
    #[must_use]
    pub fn smallest(&self) -> Option<f64> {
        (self.count > 0).then_some(self.smallest)
    }

    /// The largest.
    #[must_use]
    pub fn largest(&self) -> Option<f64> {
        (self.count > 0).then_some(self.largest)
    }

    /// The percentile, interpolated between two numbers where it falls between them: as pandas and `NumPy` do it unless
    /// told otherwise. Nothing if there are none, or if they were not kept.
    #[must_use]
    pub fn quantile(&self, percent: f64) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let place = (self.count - 1) as f64 * (percent / 100.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between nothing and the count.
        let below = place.floor() as u64;
        let low = self.at(below)?;
        let rest = place - place.floor();
        if rest == 0.0 {
            return Some(low);
        }
        Some(low + (self.at(below + 1)? - low) * rest)
    }

    /// The one at a place in their order.
    pub(super) fn at(&self, place: u64) -> Option<f64> {
        let mut passed = 0;
        let (number, _) = self.seen.as_ref()?.iter().find(|(_, times)| {
            passed += **times;
            passed > place
        })?;
        Some(number.0)
    }

    /// Each number with how often it was seen, smallest first; nothing if they were not kept.
    pub fn each(&self) -> impl Iterator<Item = (f64, u64)> {
        self.seen.iter().flatten().map(|(number, times)| (number.0, *times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(of: &[f64]) -> Numbers {
        let mut numbers = Numbers::new(true);
        for number in of {
            numbers.add(*number);
        }
        numbers
    }

    /// What pandas 3.1 says of `[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5.5]`, in the order of the percents.
    const OF_PANDAS: &[(f64, f64)] = &[
        (0.0, 1.0),
        (10.0, 1.0),
        (25.0, 2.5),
        (50.0, 4.0),
        (90.0, 6.0),
        (95.0, 7.5),
        (99.0, 8.700_000_000_000_001),
        (100.0, 9.0),
    ];

    #[test]
    fn quantiles_are_those_of_pandas() {
        let numbers = numbers(&[3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.5]);
        for (percent, expected) in OF_PANDAS {
            let found = numbers.quantile(*percent).unwrap();
            assert!((found - expected).abs() < 1e-12, "p{percent}: {found}, expected {expected}");
        }
    }

    #[test]
    fn parts_put_together_are_the_whole() {
        let (mut left, right) = (numbers(&[0.1, 7.0, 0.1]), numbers(&[0.2, 7.0]));
        left.merge(&right);
        let whole = numbers(&[0.2, 0.1, 7.0, 7.0, 0.1]);
        for percent in [0.0, 33.0, 50.0, 77.7, 100.0] {
            assert_eq!(left.quantile(percent), whole.quantile(percent));
        }
        assert_eq!((left.count(), left.smallest(), left.largest()), (5, Some(0.1), Some(7.0)));
        assert!((left.sum().unwrap() - 14.4).abs() < 1e-12);
    }

    #[test]
    fn small_numbers_behind_a_large_one_are_not_lost() {
        let mut numbers = Numbers::new(false);
        numbers.add(1e16);
        for _ in 0..1000 {
            numbers.add(1.0);
        }
        numbers.add(-1e16);
        assert_eq!(numbers.sum(), Some(1000.0));
    }

    #[test]
    fn of_no_numbers_nothing_is_said() {
        let none = numbers(&[]);
        assert_eq!((none.sum(), none.mean(), none.quantile(50.0), none.largest()), (None, None, None, None));
        let mut unkept = Numbers::new(false);
        unkept.add(1.0);
        assert_eq!((unkept.quantile(50.0), unkept.mean()), (None, Some(1.0)));
    }
}
