//! Confidence intervals at 95 %.
//!
//! A share has Wilson's interval, and a difference of shares Newcombe's, which join two of those; means have the intervals of the
//! t-distribution (Welch's for a difference). A quantile lies between two of the numbers themselves, by how many of them are to
//! be expected below it, which asks nothing of how they are distributed.

use super::numbers::Numbers;
use super::tests_of_chance::{incomplete_beta, log_gamma, moments};

/// The lower and the upper bound.
pub type ConfidenceInterval = (f64, f64);

/// What is left out at both ends together.
const LEVEL: f64 = 0.05;
/// How many standard deviations of a normal distribution leave that out.
const Z: f64 = 1.959_963_984_540_054;

/// Where a share lies of which a number out of a total is known. `None` if the total is zero.
#[must_use]
pub fn of_share((yes, all): (u64, u64)) -> Option<ConfidenceInterval> {
    if all == 0 {
        return None;
    }
    let (n, square) = (all as f64, Z * Z);
    let share = yes as f64 / n;
    let middle = share + square / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
    let whole = 1.0 + square / n;
    Some((((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0)))
}

/// Where the second share less the first lies.
#[must_use]
pub fn of_shares(one: (u64, u64), other: (u64, u64)) -> Option<ConfidenceInterval> {
    let ((low, high), (other_low, other_high)) = (of_share(one)?, of_share(other)?);
    let (share, other_share) = (one.0 as f64 / one.1 as f64, other.0 as f64 / other.1 as f64);
    let difference = other_share - share;
    let down = (other_share - other_low).hypot(high - share);
    let up = (other_high - other_share).hypot(share - low);
    Some((difference - down, difference + up))
}

/// Where the mean of all lies of which these are some. `None` of fewer than two.
#[must_use]
pub fn of_mean(numbers: &Numbers) -> Option<ConfidenceInterval> {
    let n = numbers.count() as f64;
    let (mean, variance) = moments(numbers).filter(|_| n > 1.0)?;
    let half = t_bound(n - 1.0) * (variance / n).sqrt();
    Some((mean - half, mean + half))
}

/// Where the second mean less the first lies.
#[must_use]
pub fn of_means(one: &Numbers, other: &Numbers) -> Option<ConfidenceInterval> {
    let (n, m) = (one.count() as f64, other.count() as f64);
    if n.min(m) < 2.0 {
        return None;
    }
    let ((mean, variance), (other_mean, other_variance)) = (moments(one)?, moments(other)?);
    let (part, other_part) = (variance / n, other_variance / m);
    let (difference, error) = (other_mean - mean, part + other_part);
    if error <= 0.0 {
        return Some((difference, difference));
    }
    let freedom = error * error / (part * part / (n - 1.0) + other_part * other_part / (m - 1.0));
    let half = t_bound(freedom) * error.sqrt();
    Some((difference - half, difference + half))
}

/// Where a quantile lies. `None` if so few numbers do not bound it at both ends, or if they were not kept.
#[must_use]
pub fn of_quantile(numbers: &Numbers, percent: f64) -> Option<ConfidenceInterval> {
    let (n, share) = (numbers.count(), percent / 100.0);
    if n == 0 || !(0.0..1.0).contains(&share) || share == 0.0 {
        return None;
    }
    let low = number_below(n, share, LEVEL / 2.0).checked_sub(1)?;
    let high = number_below(n, share, 1.0 - LEVEL / 2.0);
    (high < n).then_some(())?;
    Some((numbers.at(low)?, numbers.at(high)?))
}

/// The smallest number of `n` that lie below a quantile with at least this probability: the inverse of a binomial distribution.
fn number_below(n: u64, share: f64, probability: f64) -> u64 {
    let (count, spread) = (n as f64, (n as f64 * share * (1.0 - share)).sqrt());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Not below zero, and far below 2^52.
    let first = (count * share - 12.0 * spread - 12.0).max(0.0) as u64;
    let all = log_gamma(count + 1.0);
    let mut sum = 0.0;
    for below in first..n {
        let k = below as f64;
        let ways = all - log_gamma(k + 1.0) - log_gamma(count - k + 1.0);
        sum += (ways + k * share.ln() + (count - k) * (1.0 - share).ln()).exp();
        if sum >= probability {
            return below;
        }
    }
    n
}

/// How far from zero a number of the t-distribution lies at most, but for the level.
fn t_bound(freedom: f64) -> f64 {
    let beyond = |t: f64| incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t));
    let (mut low, mut high) = (0.0, 2.0);
    while beyond(high) > LEVEL && high < 1e9 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if beyond(middle) > LEVEL { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(of: impl IntoIterator<Item = f64>) -> Numbers {
        let mut numbers = Numbers::new(true);
        of.into_iter().for_each(|number| numbers.add(number));
        numbers
    }

    #[track_caller]
    fn is_near(found: Option<ConfidenceInterval>, expected: ConfidenceInterval) {
        let (low, high) = found.unwrap();
        let near = |one: f64, other: f64| (one - other).abs() <= 1e-8 * other.abs().max(1e-3);
        assert!(near(low, expected.0) && near(high, expected.1), "{found:?}, expected {expected:?}");
    }

    #[test]
    fn intervals_are_those_of_scipy() {
        let one = numbers((0..20).map(|i| f64::from(i * 7 % 13)));
        let other = numbers((0..15).map(|i| f64::from(i * 5 % 11) + 3.0));
        is_near(of_share((30, 100)), SHARE);
        is_near(of_share((0, 7)), NONE_OF_SEVEN);
        is_near(of_shares((30, 100), (45, 120)), SHARES);
        is_near(of_shares((0, 40), (9, 31)), SHARES_OF_FEW);
        is_near(of_mean(&one), MEAN);
        is_near(of_means(&one, &other), MEANS);
        is_near(of_quantile(&one, 50.0), MEDIAN);
        let many = numbers((0..1000).map(|i| f64::from(i * 37 % 1000)));
        is_near(of_quantile(&many, 95.0), P95);
        is_near(of_quantile(&many, 50.0), MEDIAN_OF_MANY);
    }

    #[test]
    fn of_too_little_nothing_is_said() {
        assert_eq!((of_share((0, 0)), of_shares((1, 2), (0, 0))), (None, None));
        assert_eq!((of_mean(&numbers([1.0])), of_quantile(&numbers([1.0, 2.0, 3.0]), 95.0)), (None, None));
        assert_eq!(of_means(&numbers([2.0, 2.0]), &numbers([5.0, 5.0])), Some((3.0, 3.0)));
    }

    /// What `SciPy` 1.17 says; differences of shares by Newcombe's rule from its intervals of shares.
    const SHARE: ConfidenceInterval = (0.218_948_852_949_327_64, 0.395_848_546_333_466_67);
    const NONE_OF_SEVEN: ConfidenceInterval = (0.0, 0.354_330_435_066_687_43);
    const SHARES: ConfidenceInterval = (-0.050_798_385_811_252_12, 0.195_546_129_972_517_14);
    const SHARES_OF_FEW: ConfidenceInterval = (0.134_076_814_886_599, 0.465_923_293_307_499_26);
    const MEAN: ConfidenceInterval = (3.620_119_744_231_166_3, 7.179_880_255_768_834);
    const MEANS: ConfidenceInterval = (0.047_152_027_049_085_28, 5.019_514_639_617_581);
    const MEDIAN: ConfidenceInterval = (2.0, 8.0);
    const P95: ConfidenceInterval = (935.0, 963.0);
    const MEDIAN_OF_MANY: ConfidenceInterval = (468.0, 531.0);
}
