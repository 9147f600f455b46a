//! Whether two groups differ by more than chance.
//!
//! Shares are compared by the z-test of two proportions, or by Fisher's exact test where a count of less than five is expected;
//! means by Welch's t-test; where the middle is asked for, numbers by the Mann-Whitney U test, which asks nothing of how they are
//! distributed, with its correction for ties. Of other quantiles nothing is said.

use super::numbers::Numbers;

/// How likely a difference as large as this is where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// The probability.
    pub p: f64,
    /// The test, by name.
    pub test: &'static str,
}

/// How many numbers of each the approximation by the normal distribution needs.
const FEWEST: u64 = 8;

/// Compares two shares, each a number out of a total. `None` if a total is zero.
#[must_use]
pub fn two_shares((yes, all): (u64, u64), (other_yes, other_all): (u64, u64)) -> Option<Chance> {
    if all == 0 || other_all == 0 {
        return None;
    }
    let (n, m) = (all as f64, other_all as f64);
    let share = (yes + other_yes) as f64 / (n + m);
    let expected = [n * share, n * (1.0 - share), m * share, m * (1.0 - share)];
    if expected.iter().any(|count| *count < 5.0) {
        let p = fisher((yes, all - yes), (other_yes, other_all - other_yes));
        return Some(Chance { p, test: "Fisher's exact test" });
    }
    let difference = yes as f64 / n - other_yes as f64 / m;
    let z = difference / (share * (1.0 - share) * (1.0 / n + 1.0 / m)).sqrt();
    Some(Chance { p: two_sided(z), test: "z-test of two proportions" })
}

/// Compares the means of two samples; nothing if there are too few numbers.
#[must_use]
pub fn two_means(one: &Numbers, other: &Numbers) -> Option<Chance> {
    let (n, m) = (one.count() as f64, other.count() as f64);
    if one.count().min(other.count()) < FEWEST {
        return None;
    }
    let (mean, variance) = moments(one)?;
    let (other_mean, other_variance) = moments(other)?;
    let (part, other_part) = (variance / n, other_variance / m);
    let error = part + other_part;
    let test = "Welch's t-test";
    if error <= 0.0 {
        return Some(Chance { p: if (mean - other_mean).abs() < f64::EPSILON { 1.0 } else { 0.0 }, test });
    }
    let t_square = (mean - other_mean) * (mean - other_mean) / error;
    let freedom = error * error / (part * part / (n - 1.0) + other_part * other_part / (m - 1.0));
    Some(Chance { p: incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t_square)), test })
}

/// Mean and variance of numbers that were kept.
pub(super) fn moments(numbers: &Numbers) -> Option<(f64, f64)> {
    let mean = numbers.mean()?;
    let squares: f64 = numbers.each().map(|(number, times)| times as f64 * (number - mean) * (number - mean)).sum();
    Some((mean, squares / (numbers.count() as f64 - 1.0)))
}

/// Compares the middle of two samples; nothing if there are too few numbers.
#[must_use]
pub fn two_samples(one: &Numbers, other: &Numbers) -> Option<Chance> {
    let (n, m) = (one.count(), other.count());
    if n.min(m) < FEWEST {
        return None;
    }
    let (rank_sum, ties) = ranks(one, other);
    let (n, m) = (n as f64, m as f64);
    let all = n + m;
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    let distance = ((u - n * m / 2.0).abs() - 0.5).max(0.0);
    let p = if variance > 0.0 { two_sided(distance / variance.sqrt()) } else { 1.0 };
    Some(Chance { p, test: "Mann-Whitney U test" })
}

/// The sum of the ranks of one among both, and what ties take from the variance.
fn ranks(one: &Numbers, other: &Numbers) -> (f64, f64) {
    let (mut ours, mut theirs) = (one.each().peekable(), other.each().peekable());
    let (mut rank_sum, mut ties, mut passed) = (0.0, 0.0, 0.0);
    loop {
        let next = match (ours.peek(), theirs.peek()) {
            (Some((a, _)), Some((b, _))) => a.min(*b),
            (Some((a, _)), None) => *a,
            (None, Some((b, _))) => *b,
            (None, None) => return (rank_sum, ties),
        };
        let is_next = |(number, _): &(f64, u64)| number.total_cmp(&next).is_eq();
        let mine = ours.next_if(is_next).map_or(0.0, |(_, times)| times as f64);
        let all = mine + theirs.next_if(is_next).map_or(0.0, |(_, times)| times as f64);
        // Equal numbers share the mean of their ranks.
        rank_sum += mine * (passed + f64::midpoint(all, 1.0));
        ties += all * all * all - all;
        passed += all;
    }
}

/// The probability of a table as unlikely as this one, or more so.
fn fisher(one: (u64, u64), other: (u64, u64)) -> f64 {
    let (row, column) = (one.0 + one.1, one.0 + other.0);
    let all = row + other.0 + other.1;
    let log_of = |k: u64| log_choose(column, k) + log_choose(all - column, row - k) - log_choose(all, row);
    let (lowest, highest) = ((row + column).saturating_sub(all), row.min(column));
    let observed = log_of(one.0);
    // Tables that are exactly as likely differ by rounding.
    let chance: f64 = (lowest..=highest).map(log_of).filter(|log| *log <= observed + 1e-7).map(f64::exp).sum();
    chance.min(1.0)
}

fn log_choose(n: u64, k: u64) -> f64 {
    log_factorial(n) - log_factorial(k) - log_factorial(n - k)
}

fn log_factorial(n: u64) -> f64 {
    log_gamma(n as f64 + 1.0)
}

/// The logarithm of the gamma function of what is above zero, by Stirling's series, which is exact to the last digits from ten
/// on.
pub(super) fn log_gamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < 10.0 {
        below += x.ln();
        x += 1.0;
    }
    let (inverse, square) = (1.0 / x, 1.0 / (x * x));
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - below
}

/// What is too near to zero to divide by.
const TINY: f64 = 1e-300;

/// The regularized incomplete beta function, by its continued fraction (Lentz's method).
pub(super) fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front = (log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp() / a;
    let at_least = |number: f64| if number.abs() < TINY { TINY } else { number };
    let (mut numerator, mut denominator) = (1.0, 1.0 / at_least(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = denominator;
    for step in (1..500).map(f64::from) {
        let twice = 2.0 * step;
        let even = step * (b - step) * x / ((a + twice - 1.0) * (a + twice));
        let odd = -(a + step) * (a + b + step) * x / ((a + twice) * (a + twice + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            denominator = 1.0 / at_least(1.0 + term * denominator);
            numerator = at_least(1.0 + term / numerator);
            change = numerator * denominator;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-14 {
            break;
        }
    }
    front * fraction
}

/// The probability of a standard normal number this far from zero, or farther.
fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The complementary error function of what is not negative, by its Chebyshev fit: seven digits, also far out.
fn erfc(x: f64) -> f64 {
    const FIT: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let t = 1.0 / (1.0 + 0.5 * x);
    let fit = FIT.iter().rev().fold(0.0, |sum, factor| sum * t + factor);
    t * (fit - x * x).exp()
}

/// Which of many differences are more than chance, all of them looked at together.
pub struct Verdicts(Vec<bool>);

/// One in twenty.
const LEVEL: f64 = 0.05;

impl Verdicts {
    /// By Holm's method: with many questions, some small probability is to be expected.
    #[must_use]
    pub fn new(chances: &[Option<Chance>]) -> Self {
        let mut asked: Vec<(usize, f64)> =
            chances.iter().enumerate().filter_map(|(place, chance)| Some((place, (*chance)?.p))).collect();
        asked.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        let (mut verdicts, count) = (vec![false; chances.len()], asked.len());
        for (passed, (place, p)) in asked.into_iter().enumerate() {
            if p > LEVEL / (count - passed) as f64 {
                break;
            }
            verdicts[place] = true;
        }
        Self(verdicts)
    }

    /// Whether one of them is.
    #[must_use]
    pub fn is_more(&self, place: usize) -> bool {
        self.0.get(place).copied().unwrap_or(false)
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // What is exact is compared exactly.
mod tests {
    use super::*;

    fn numbers(of: impl IntoIterator<Item = f64>) -> Numbers {
        let mut numbers = Numbers::new(true);
        for number in of {
            numbers.add(number);
        }
        numbers
    }

    #[track_caller]
    fn is_near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-6 * expected.max(1e-3), "{found}, expected {expected}");
    }

    #[test]
    fn shares_are_compared_as_scipy_and_statsmodels_do() {
        let p = |one, other| two_shares(one, other).unwrap();
        is_near(p((30, 100), (45, 120)).p, SHARES);
        assert_eq!(p((30, 100), (45, 120)).test, "z-test of two proportions");
        is_near(p((1, 9), (11, 14)).p, FISHER);
        is_near(p((2, 1000), (8, 1200)).p, FISHER_LARGE);
        assert_eq!(p((0, 5), (0, 7)).p, 1.0);
        assert_eq!((two_shares((0, 0), (1, 2)), two_shares((1, 2), (0, 0))), (None, None));
    }

    #[test]
    fn samples_are_compared_as_scipy_does() {
        let one = numbers((0..20).map(|i| f64::from(i * 7 % 13)));
        let other = numbers((0..15).map(|i| f64::from(i * 5 % 11) + 3.0));
        let chance = two_samples(&one, &other).unwrap();
        is_near(chance.p, MANN_WHITNEY);
        is_near(two_samples(&other, &one).unwrap().p, MANN_WHITNEY);
        let same = numbers((0..9).map(|_| 4.0));
        assert_eq!(two_samples(&same, &same).unwrap().p, 1.0);
        assert_eq!(two_samples(&one, &numbers([1.0, 2.0])), None, "too few");
    }

    #[test]
    fn means_are_compared_as_scipy_does() {
        let one = numbers((0..20).map(|i| f64::from(i * 7 % 13)));
        let other = numbers((0..15).map(|i| f64::from(i * 5 % 11) + 3.0));
        is_near(two_means(&one, &other).unwrap().p, WELCH);
        let far = numbers((0..30).map(|i| 1000.0 + f64::from(i % 7)));
        assert!(two_means(&one, &far).unwrap().p < 1e-20);
        let same = numbers((0..9).map(|_| 4.0));
        assert_eq!(two_means(&same, &same).unwrap().p, 1.0);
    }

    #[test]
    fn of_many_small_differences_fewer_are_more_than_chance() {
        let of = |all: &[f64]| all.iter().map(|p| Some(Chance { p: *p, test: "" })).collect::<Vec<_>>();
        assert!(Verdicts::new(&of(&[0.04])).is_more(0));
        let many = Verdicts::new(&of(&[0.04, 0.001, 0.9, 0.02]));
        assert_eq!([0, 1, 2, 3].map(|place| many.is_more(place)), [false, true, false, false]);
    }

    /// What `SciPy` 1.17 says.
    const SHARES: f64 = 0.242_583_579_348_320_98;
    const FISHER: f64 = 0.002_759_456_185_220_083_6;
    const FISHER_LARGE: f64 = 0.123_109_325_002_674_49;
    const WELCH: f64 = 0.046_053_373_458_025_49;
    const MANN_WHITNEY: f64 = 0.063_492_514_239_937_63;
}
