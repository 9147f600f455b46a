//! Which failures are tried again, and when.
//!
//! The class belongs to the operation, not to the HTTP verb: a search is a POST and safe to repeat, creating an
//! assessment is a POST and is not. Time-outs are never repeated blindly: the server goes on with the first request, and on
//! `SQLite` a long query blocks every writer.

use std::time::Duration;

use super::error::{ErrorBody, ErrorKind};

/// What repeating an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Class {
    /// Nothing: it only reads.
    Read,
    /// The same as doing it once.
    Idempotent,
    /// It might happen twice; the caller has to look before it repeats.
    Once,
    /// As OpenTelemetry's protocol has it: repeated when the connection broke or the receiver says it is busy, and after no
    /// other failure.
    Telemetry,
}

/// How failures are retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetrySettings {
    /// How often a request is tried again.
    pub max_retries: u32,
    /// The wait before the first retry; each is twice the one before, up to 30 s, with jitter.
    pub first_wait: Duration,
    /// The most that is added to each wait at random; without it, up to half of the wait is subtracted.
    pub jitter: Option<Duration>,
    /// Whether a server may say how long to wait.
    pub respects_retry_after: bool,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self { max_retries: 5, first_wait: Duration::from_millis(500), jitter: None, respects_retry_after: true }
    }
}

/// A refused connection is usually a wrong address: it is not worth many tries.
const CONNECT_RETRIES: u32 = 2;
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(120);

impl RetrySettings {
    /// How long to wait before retry number `attempt` (from 1); `None` to give up.
    ///
    /// `random` is between 0 and 1 and spreads the waits of many clients.
    pub(super) fn wait(&self, class: Class, failure: &Failure, attempt: u32, random: f64) -> Option<Duration> {
        if attempt > self.most_retries(class, failure) {
            return None;
        }
        if let Some(asked) = failure.retry_after.filter(|_| self.respects_retry_after) {
            return Some(asked.min(LONGEST_RETRY_AFTER));
        }
        Some(self.backoff(attempt, random))
    }

    /// How often an operation that failed like this is tried again.
    pub(super) fn most_retries(&self, class: Class, failure: &Failure) -> u32 {
        failure.most_retries(class).min(self.max_retries)
    }

    /// The wait before retry number `attempt` (from 1): doubled each time, and made longer or shorter at random.
    pub(super) fn backoff(&self, attempt: u32, random: f64) -> Duration {
        let doubled = self.first_wait.saturating_mul(1 << (attempt - 1).min(16)).min(LONGEST_WAIT);
        match self.jitter {
            Some(most) => doubled + most.mul_f64(random),
            None => doubled.mul_f64(0.5 + random / 2.0),
        }
    }
}

/// A failed try.
#[derive(Debug)]
pub(super) struct Failure {
    pub kind: ErrorKind,
    pub verdict: Verdict,
    pub retry_after: Option<Duration>,
}

/// What a failure means for another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It will fail again.
    Permanent,
    /// The request was never sent.
    NotSent,
    /// It may have been carried out, and may work next time.
    Transient,
    /// An unexplained 500: sometimes a hiccup, often a bug. One more try.
    Unexplained,
}

impl Failure {
    pub fn permanent(kind: ErrorKind) -> Self {
        Self { kind, verdict: Verdict::Permanent, retry_after: None }
    }

    fn most_retries(&self, class: Class) -> u32 {
        match (self.verdict, class) {
            (Verdict::Permanent, _) => 0,
            (Verdict::NotSent, _) => CONNECT_RETRIES,
            (_, Class::Once) => 0,
            (Verdict::Transient, _) => u32::MAX,
            (Verdict::Unexplained, Class::Telemetry) => 0,
            (Verdict::Unexplained, _) => 1,
        }
    }
}

/// What answers of a database say that will be the same again: too many joined tables, and regular expressions that it does not
/// understand, each database in its own words.
const PERMANENT: &[&str] = &["tables in a join", "disabled", "Regex error", "from regexp", "regular expression"];

/// What an HTTP status and its body mean for another try.
pub(super) fn verdict_of(status: u16, body: &ErrorBody) -> Verdict {
    match status {
        // "database is locked" passes; too many joined tables do not.
        503 if PERMANENT.iter().any(|words| body.message.contains(words)) => Verdict::Permanent,
        408 | 429 | 502 | 503 | 504 => Verdict::Transient,
        500 if body.code.is_empty() => Verdict::Unexplained,
        _ => Verdict::Permanent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(verdict: Verdict) -> Failure {
        Failure { kind: ErrorKind::Unauthenticated(None), verdict, retry_after: None }
    }

    fn body(code: &str, message: &str) -> ErrorBody {
        ErrorBody { code: code.into(), message: message.into(), is_mlflow: !code.is_empty() }
    }

    #[test]
    fn statuses_that_pass_are_retried_and_no_others() {
        let retried: Vec<u16> =
            (100..=599).filter(|status| verdict_of(*status, &body("", "x")) != Verdict::Permanent).collect();
        assert_eq!(retried, [408, 429, 500, 502, 503, 504]);
        assert_eq!(verdict_of(500, &body("INTERNAL_ERROR", "x")), Verdict::Permanent);
        assert_eq!(verdict_of(503, &body("TEMPORARILY_UNAVAILABLE", "database is locked")), Verdict::Transient);
        let regex = "(1139, \"Regex error 'missing closing parenthesis at offset 1'\")";
        assert_eq!(verdict_of(503, &body("TEMPORARILY_UNAVAILABLE", regex)), Verdict::Permanent);
        assert_eq!(
            verdict_of(503, &body("TEMPORARILY_UNAVAILABLE", "at most 64 tables in a join")),
            Verdict::Permanent
        );
    }

    #[test]
    fn waits_double_and_end() {
        let settings = RetrySettings { max_retries: 3, first_wait: Duration::from_secs(1), ..RetrySettings::default() };
        let waits: Vec<_> =
            (1..=5).map(|attempt| settings.wait(Class::Read, &failure(Verdict::Transient), attempt, 1.0)).collect();
        assert_eq!(
            waits,
            [Some(Duration::from_secs(1)), Some(Duration::from_secs(2)), Some(Duration::from_secs(4)), None, None]
        );
        let shortest = settings.wait(Class::Read, &failure(Verdict::Transient), 1, 0.0);
        assert_eq!(shortest, Some(Duration::from_millis(500)), "jitter takes up to half");
    }

    #[test]
    fn what_might_happen_twice_is_repeated_only_if_it_was_never_sent() {
        let settings = RetrySettings::default();
        assert_eq!(settings.wait(Class::Once, &failure(Verdict::Transient), 1, 0.5), None);
        assert!(settings.wait(Class::Once, &failure(Verdict::NotSent), 1, 0.5).is_some());
        assert!(settings.wait(Class::Idempotent, &failure(Verdict::Transient), 1, 0.5).is_some());
        assert_eq!(settings.wait(Class::Read, &failure(Verdict::Unexplained), 2, 0.5), None);
    }

    #[test]
    fn retry_after_is_honoured_within_reason() {
        let settings = RetrySettings::default();
        let asked =
            |seconds| Failure { retry_after: Some(Duration::from_secs(seconds)), ..failure(Verdict::Transient) };
        assert_eq!(settings.wait(Class::Read, &asked(7), 1, 0.0), Some(Duration::from_secs(7)));
        assert_eq!(settings.wait(Class::Read, &asked(9999), 1, 0.0), Some(LONGEST_RETRY_AFTER));
        let deaf = RetrySettings { respects_retry_after: false, ..settings };
        assert_eq!(deaf.wait(Class::Read, &asked(7), 1, 1.0), Some(Duration::from_millis(500)));
    }

    #[test]
    fn jitter_of_the_environment_is_added_to_the_wait() {
        let jitter = Some(Duration::from_secs(2));
        let settings = RetrySettings { first_wait: Duration::from_secs(4), jitter, ..RetrySettings::default() };
        assert_eq!(settings.backoff(1, 0.0), Duration::from_secs(4));
        assert_eq!(settings.backoff(2, 0.5), Duration::from_secs(9));
    }
}
