//! What time it is: read once per run, so that a plan and its report agree.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The moment a run started and the time zone of the person who reads.
#[derive(Clone, Debug)]
pub struct Clock {
    now_ms: i64,
    zone: TimeZone,
}

impl Clock {
    /// The system's time and time zone (`TZ`, else the system's setting).
    #[must_use]
    pub fn system() -> Self {
        Self { now_ms: Timestamp::now().as_millisecond(), zone: TimeZone::system() }
    }

    /// A fixed moment in UTC.
    #[must_use]
    pub fn fixed(now_ms: i64) -> Self {
        Self { now_ms, zone: TimeZone::UTC }
    }

    /// The clock of a run that waited so long before it really began, in milliseconds.
    #[must_use]
    pub fn later(&self, ms: i64) -> Self {
        Self { now_ms: self.now_ms.saturating_add(ms), zone: self.zone.clone() }
    }

    /// Epoch milliseconds at which the run started.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// An instant for people: local time with its offset, `2026-11-22 09:11:41 +01:00`.
    #[must_use]
    pub fn local(&self, epoch_ms: i64) -> String {
        Timestamp::from_millisecond(epoch_ms).map_or_else(
            |_| format!("{epoch_ms}ms"),
            |instant| instant.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_the_offset() {
        let clock = Clock { now_ms: 0, zone: TimeZone::fixed(jiff::tz::offset(1)) };
        assert_eq!(clock.local(1_795_335_101_465), "2026-11-22 09:11:41 +01:00");
        assert_eq!(Clock::fixed(5).local(0), "1970-01-01 00:00:00 +00:00");
    }

    #[test]
    fn what_waits_begins_later() {
        assert_eq!(Clock::fixed(5).later(60_000).now_ms(), 60_005);
    }
}
