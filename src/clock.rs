//! What time it is: read once per run, so that a plan and its report agree.

use std::time::Instant;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::model::rfc3339_utc;

/// The moment a run started and the time zone of the person who reads.
#[derive(Clone, Debug)]
pub struct Clock {
    now_ms: i64,
    read: Instant,
    zone: TimeZone,
}

impl Clock {
    /// The system's time and time zone (`TZ`, else the system's setting).
    #[must_use]
    pub fn system() -> Self {
        Self { now_ms: Timestamp::now().as_millisecond(), read: Instant::now(), zone: TimeZone::system() }
    }

    /// A fixed moment in UTC.
    #[must_use]
    pub fn fixed(now_ms: i64) -> Self {
        Self { now_ms, read: Instant::now(), zone: TimeZone::UTC }
    }

    /// The clock of a run that begins some milliseconds after its process was started.
    #[must_use]
    pub fn later(&self, ms: i64) -> Self {
        Self { now_ms: self.now_ms.saturating_add(ms), read: Instant::now(), zone: self.zone.clone() }
    }

    /// Epoch milliseconds at this moment: when the run started and what has passed since.
    #[must_use]
    pub fn present_ms(&self) -> i64 {
        self.now_ms.saturating_add(i64::try_from(self.read.elapsed().as_millis()).unwrap_or(i64::MAX))
    }

    /// Epoch milliseconds at which the run started.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// An instant in a table: local time, `Nov 22 09:11:41`, with the year unless that is the present one.
    #[must_use]
    pub fn short(&self, epoch_ms: i64) -> String {
        let this_year = self.zoned(self.now_ms).map(|now| now.year());
        self.zoned(epoch_ms).map_or_else(
            || rfc3339_utc(epoch_ms),
            |local| {
                let is_this_year = Some(local.year()) == this_year;
                local.strftime(if is_this_year { "%b %d %H:%M:%S" } else { "%b %d %Y %H:%M:%S" }).to_string()
            },
        )
    }

    /// The offset of local time from UTC at an instant: `+01:00`.
    #[must_use]
    pub fn offset(&self, epoch_ms: i64) -> String {
        self.zoned(epoch_ms).map_or_else(|| "+00:00".to_owned(), |local| local.strftime("%:z").to_string())
    }

    fn zoned(&self, epoch_ms: i64) -> Option<ZonedDateTime> {
        Some(Timestamp::from_millisecond(epoch_ms).ok()?.to_zoned_datetime(self.zone.clone()))
    }

    /// An instant for people: local time with its offset, `2026-11-22 09:11:41 +01:00`.
    #[must_use]
    pub fn local(&self, epoch_ms: i64) -> String {
        let local = self.zoned(epoch_ms);
        local.map_or_else(|| rfc3339_utc(epoch_ms), |local| local.strftime("%Y-%m-%d %H:%M:%S %:z").to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_the_offset() {
        let clock = Clock { zone: TimeZone::fixed(jiff::tz::offset(1)), ..Clock::fixed(0) };
        assert_eq!(clock.local(1_795_335_101_465), "2026-11-22 09:11:41 +01:00");
        assert_eq!(Clock::fixed(5).local(0), "1970-01-01 00:00:00 +00:00");
    }

    #[test]
    fn tables_have_short_times_and_the_year_of_other_years() {
        let clock = Clock { zone: TimeZone::fixed(jiff::tz::offset(1)), ..Clock::fixed(1_795_335_101_465) };
        assert_eq!(clock.short(1_795_335_101_465), "Nov 22 09:11:41");
        assert_eq!(clock.short(1_763_799_101_000), "Nov 22 2025 09:11:41");
        assert_eq!(clock.offset(1_795_335_101_465), "+01:00");
        assert_eq!(Clock::fixed(0).short(i64::MAX), rfc3339_utc(i64::MAX), "no such date");
    }

    #[test]
    fn what_waits_begins_later() {
        assert_eq!(Clock::fixed(5).later(60_000).now_ms(), 60_005);
    }

    #[test]
    fn the_present_moves_on() {
        let clock = Clock::fixed(5);
        std::thread::sleep(std::time::Duration::from_millis(3));
        assert!(clock.present_ms() >= 8 && clock.now_ms() == 5);
    }
}
