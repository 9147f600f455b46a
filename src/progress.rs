//! How far a long run has come: a bar on a terminal, a line a minute elsewhere.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};

/// Progress on standard error, or nothing at all.
pub struct Progress(Shown);

enum Shown {
    Nothing,
    Bar(ProgressBar),
    Lines(RefCell<Lines>),
}

/// How often a line is written where there is no terminal.
pub const INTERVAL: Duration = Duration::from_secs(60);

struct Lines {
    report: Box<dyn Fn(&str) + Send + Sync>,
    interval: Duration,
    verb: &'static str,
    total: Arc<OnceLock<u64>>,
    done: u64,
    started: Instant,
    last: Instant,
}

impl Progress {
    /// A bar up to `total`, a counter if it is unknown; nothing when not `visible`.
    #[must_use]
    pub fn new(visible: bool, total: Option<u64>, verb: &'static str) -> Self {
        if !visible {
            return Self(Shown::Nothing);
        }
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        let template = match total {
            Some(_) => "{msg} {wide_bar} {human_pos}/{human_len} ({per_sec}, {eta} left)",
            None => "{spinner} {msg} {human_pos} ({per_sec})",
        };
        // The templates are constants; an unreadable one would fall back to the default look.
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(verb);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(Shown::Bar(bar))
    }

    /// A line a minute to `report`, with the rate and, where `total` is known by then, the time left.
    #[must_use]
    pub fn lines(report: Box<dyn Fn(&str) + Send + Sync>, total: Arc<OnceLock<u64>>, verb: &'static str) -> Self {
        let now = Instant::now();
        let lines = Lines { report, interval: INTERVAL, verb, total, done: 0, started: now, last: now };
        Self(Shown::Lines(RefCell::new(lines)))
    }

    /// Counts further ones as done.
    pub fn advance(&self, by: usize) {
        match &self.0 {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.inc(by as u64),
            Shown::Lines(lines) => lines.borrow_mut().advance(by as u64, Instant::now()),
        }
    }
}

impl Lines {
    fn advance(&mut self, by: u64, now: Instant) {
        self.done += by;
        if now.duration_since(self.last) >= self.interval {
            self.last = now;
            (self.report)(&self.text(now.duration_since(self.started)));
        }
    }

    fn text(&self, elapsed: Duration) -> String {
        let rate = self.done as f64 / elapsed.as_secs_f64();
        let (verb, done) = (self.verb, HumanCount(self.done));
        match self.total.get().copied().filter(|total| *total >= self.done && rate > 0.0) {
            Some(total) => {
                let left = Duration::from_secs_f64((total - self.done) as f64 / rate);
                format!("{verb}: {done} of {} ({rate:.0}/s, {} left)", HumanCount(total), HumanDuration(left))
            }
            None => format!("{verb}: {done} ({rate:.0}/s)"),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Shown::Bar(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn known(total: Option<u64>) -> Arc<OnceLock<u64>> {
        Arc::new(total.map(OnceLock::from).unwrap_or_default())
    }

    fn lines(total: Option<u64>) -> (Lines, Arc<Mutex<Vec<String>>>) {
        let said = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&said);
        let Shown::Lines(lines) = Progress::lines(
            Box::new(move |line| kept.lock().unwrap().push(line.to_owned())),
            known(total),
            "exporting",
        )
        .into_shown() else {
            panic!("lines were asked for")
        };
        (lines.into_inner(), said)
    }

    impl Progress {
        fn into_shown(mut self) -> Shown {
            std::mem::replace(&mut self.0, Shown::Nothing)
        }
    }

    #[test]
    fn a_line_a_minute_tells_rate_and_time_left() {
        let (mut lines, said) = lines(Some(20_000));
        let start = lines.started;
        for second in 1..=125 {
            lines.advance(100, start + Duration::from_secs(second));
        }
        assert_eq!(
            *said.lock().unwrap(),
            [
                "exporting: 6,000 of 20,000 (100/s, 2 minutes left)",
                "exporting: 12,000 of 20,000 (100/s, 80 seconds left)"
            ]
        );
    }

    #[test]
    fn without_a_total_no_time_is_left() {
        let (mut lines, said) = lines(None);
        let start = lines.started;
        lines.advance(90, start + Duration::from_secs(60));
        lines.advance(1, start + Duration::from_secs(61));
        assert_eq!(*said.lock().unwrap(), ["exporting: 90 (2/s)"]);
    }
}
