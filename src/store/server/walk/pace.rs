//! How many requests at once do good, found out from the answers.

use std::num::NonZeroUsize;
use std::time::Instant;

/// More at once than this never paid on the servers measured, and others want to be served, too.
const MOST: usize = 8;
/// How many more rows another concurrent request must bring to be worth it.
const GAIN: f64 = 1.1;

/// The number of requests under way: fixed, or raised as long as rows come in faster for it.
#[derive(Debug)]
pub struct Pace {
    level: usize,
    settled: bool,
    /// Rows per second at the level before.
    best: f64,
    rows: usize,
    answers: usize,
    since: Instant,
}

impl Pace {
    /// How many requests at once; `None` to find out.
    pub fn new(fixed: Option<NonZeroUsize>) -> Self {
        let level = fixed.map_or(2, NonZeroUsize::get);
        Self { level, settled: fixed.is_some(), best: 0.0, rows: 0, answers: 0, since: Instant::now() }
    }

    /// How many may be under way now.
    pub fn now(&self) -> usize {
        self.level
    }

    /// Counts an answer with this many rows.
    pub fn answered(&mut self, rows: usize) {
        let now = Instant::now();
        self.measured(rows, now.duration_since(self.since).as_secs_f64(), now);
    }

    fn measured(&mut self, rows: usize, seconds: f64, now: Instant) {
        self.rows += rows;
        self.answers += 1;
        // The very first answer tells nothing of what two at once do.
        let is_enough = self.answers >= self.level * 2 + usize::from(self.best == 0.0);
        if self.settled || !is_enough {
            return;
        }
        let speed = self.rows as f64 / seconds.max(0.001);
        if speed > self.best * GAIN {
            self.best = speed;
            self.level = (self.level + 1).min(MOST);
            self.settled = self.level == MOST;
        } else {
            self.level = (self.level - 1).max(1);
            self.settled = true;
        }
        (self.rows, self.answers, self.since) = (0, 0, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a server that answers a number of pages of 500 rows a second at each level, and tells where the pace settles.
    fn settles_at(pages_per_second: impl Fn(usize) -> f64) -> usize {
        let mut pace = Pace::new(None);
        for _ in 0..200 {
            let answers = pace.answers + 1;
            #[allow(clippy::cast_precision_loss)]
            let seconds = answers as f64 / pages_per_second(pace.now());
            pace.measured(500, seconds, Instant::now());
        }
        assert!(pace.settled);
        pace.now()
    }

    #[test]
    fn a_server_with_one_worker_gets_two_requests() {
        assert_eq!(settles_at(|_| 6.0), 2);
    }

    #[test]
    fn more_workers_get_more_requests() {
        #[allow(clippy::cast_precision_loss)]
        let speed = |level: usize| 6.0 * level.min(4) as f64;
        assert_eq!(settles_at(speed), 4);
    }

    #[test]
    fn there_is_an_end() {
        #[allow(clippy::cast_precision_loss)]
        let speed = |level: usize| 6.0 * level as f64;
        assert_eq!(settles_at(speed), MOST);
    }

    #[test]
    fn a_number_that_was_given_stays() {
        let mut pace = Pace::new(NonZeroUsize::new(3));
        for _ in 0..100 {
            pace.answered(500);
        }
        assert_eq!(pace.now(), 3);
    }
}
