//! Not more requests in a second than a workspace takes.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

/// A workspace takes 60 a second.
const BETWEEN: Duration = Duration::from_nanos(1_000_000_000 / 60);

/// Whose turn it is.
#[derive(Default)]
pub struct Turns(Mutex<Option<Instant>>);

impl Turns {
    /// Waits for the next turn.
    pub async fn wait(&self) {
        let now = Instant::now();
        let turn = {
            let mut next = self.0.lock().await;
            let turn = next.map_or(now, |next| next.max(now));
            *next = Some(turn + BETWEEN);
            turn
        };
        tokio::time::sleep(turn.saturating_duration_since(now)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn twelve_take_the_time_of_eleven_turns() {
        let (turns, started) = (Turns::default(), Instant::now());
        futures_util::future::join_all((0..12).map(|_| turns.wait())).await;
        assert!(started.elapsed() >= BETWEEN * 11, "{:?}", started.elapsed());
    }
}
