//! Stretches of time of one length, counted in UTC.

use crate::model::{DAY_MS, HOUR_MS};

/// How long the stretches are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// A length in milliseconds.
    Length(i64),
    /// As long as there are not too many of them.
    Auto,
    /// Two: before a moment, and from it on.
    Split(i64),
}

const MINUTE_MS: i64 = 60_000;

/// Lengths of which each is made of those before it.
pub(super) const LADDER: [i64; 10] = [
    MINUTE_MS,
    5 * MINUTE_MS,
    15 * MINUTE_MS,
    HOUR_MS,
    3 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    DAY_MS,
    7 * DAY_MS,
    28 * DAY_MS,
];

/// About how many stretches are shown where their length is chosen here.
pub(super) const MOST: i64 = 60;

/// When the stretch began that a moment is in. Weeks begin on Mondays.
pub(super) fn start(time_ms: i64, length_ms: i64) -> i64 {
    let origin = origin(length_ms);
    time_ms.saturating_sub(origin).div_euclid(length_ms).saturating_mul(length_ms).saturating_add(origin)
}

/// The start of a stretch of this length, from which the others are counted.
pub(super) fn origin(length_ms: i64) -> i64 {
    if length_ms % (7 * DAY_MS) == 0 { 4 * DAY_MS } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_stretches_are_made_of_shorter_ones() {
        for time_ms in [0, -1, 1_795_335_101_465, 1_793_524_360_221] {
            for pair in LADDER.windows(2) {
                let (short, long) = (start(time_ms, pair[0]), start(time_ms, pair[1]));
                assert_eq!(start(short, pair[1]), long, "{pair:?}");
                assert!(long <= time_ms && time_ms < long + pair[1]);
            }
        }
        assert_eq!(start(5 * DAY_MS, 7 * DAY_MS), 4 * DAY_MS, "the first Monday of 1970 was the fifth of January");
    }
}
