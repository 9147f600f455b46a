//! Ctrl-C, or SIGTERM from whoever started this: the first one asks, the second one insists.
//!
//! Reading commands are simply dropped at the first Ctrl-C; their temporary files go with them. A command that changes
//! many traces holds a [`Finishing`] guard while a batch is under way: it is let finish, looks at
//! [`Interrupt::requested`], and reports what it did.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, watch};

/// How long a run may take to end after a signal, when nothing has to be finished.
const PATIENCE: Duration = Duration::from_secs(3);
/// The same after the second signal.
const GRACE: Duration = Duration::from_millis(300);

/// Shared between the run and its signal listener.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    requested: watch::Sender<bool>,
    finishing: AtomicUsize,
    changed: Notify,
}

/// While one of these lives, the run is not dropped at the first Ctrl-C.
#[derive(Debug)]
pub struct Finishing {
    state: Arc<State>,
}

impl Drop for Finishing {
    fn drop(&mut self) {
        self.state.finishing.fetch_sub(1, Ordering::SeqCst);
        self.state.changed.notify_one();
    }
}

impl Interrupt {
    /// Whether Ctrl-C was pressed, or SIGTERM came.
    #[must_use]
    pub fn requested(&self) -> bool {
        *self.state.requested.borrow()
    }

    /// Asks for an end as Ctrl-C does, for who finds a reason to stop that the run does not see.
    pub fn request(&self) {
        self.state.requested.send_replace(true);
    }

    /// Returns when Ctrl-C is pressed, at once if it was; for a holder of a [`Finishing`] that must not wait for an answer.
    pub async fn asked(&self) {
        // The sender lives as long as this does, so that waiting cannot fail.
        let _ = self.state.requested.subscribe().wait_for(|requested| *requested).await;
    }

    /// The same signals for a part of the run, with guards of its own: whoever holds a guard of the whole can watch the part with
    /// [`Interrupt::must_drop`] and report on it afterwards.
    #[must_use]
    pub fn of_part(&self) -> Self {
        let requested = self.state.requested.clone();
        Self { state: Arc::new(State { requested, ..State::default() }) }
    }

    /// Returns when Ctrl-C is pressed while nothing has to be finished; what has then ends by itself.
    pub async fn must_drop(&self) {
        self.asked().await;
        if self.state.finishing.load(Ordering::SeqCst) > 0 {
            std::future::pending::<()>().await;
        }
    }

    /// Asks that the run be let finish what it has begun.
    #[must_use]
    pub fn finish_first(&self) -> Finishing {
        self.state.finishing.fetch_add(1, Ordering::SeqCst);
        Finishing { state: Arc::clone(&self.state) }
    }

    /// Notices signals, and says when the run has to be left behind although it does not end by itself: it waits for something
    /// that cannot be dropped, as for a file system. Must not run in the thread of the run.
    pub async fn insist(&self) {
        stop_signal().await;
        self.state.requested.send_replace(true);
        if self.state.finishing.load(Ordering::SeqCst) > 0 {
            stop_signal().await;
            tokio::time::sleep(GRACE).await;
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(PATIENCE) => {}
            () = stop_signal() => tokio::time::sleep(GRACE).await,
        }
    }

    /// Returns when the run has to be dropped: after the first Ctrl-C when nothing has to be finished, else after the second.
    pub async fn wait(&self) {
        stop_signal().await;
        self.state.requested.send_replace(true);
        let idle = async {
            while self.state.finishing.load(Ordering::SeqCst) > 0 {
                self.state.changed.notified().await;
            }
        };
        if self.state.finishing.load(Ordering::SeqCst) == 0 {
            return;
        }
        tokio::select! {
            // The guard is gone, but its holder still has its report to write: it ends the run by itself.
            () = idle => std::future::pending().await,
            () = stop_signal() => {}
        }
    }
}

/// Returns when somebody asks that the run ends.
async fn stop_signal() {
    tokio::select! {
        // Without a signal handler there is nothing to wait for.
        Ok(()) = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
        else => std::future::pending().await,
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn is_dropped(part: &Interrupt) -> bool {
        tokio::time::timeout(Duration::from_millis(20), part.must_drop()).await.is_ok()
    }

    #[tokio::test]
    async fn a_part_is_dropped_unless_it_has_to_finish_something() {
        let whole = Interrupt::default();
        let _reporting = whole.finish_first();
        let part = whole.of_part();
        assert!(!is_dropped(&part).await && !part.requested());
        whole.state.requested.send_replace(true);
        assert!(part.requested());
        assert!(is_dropped(&part).await, "the guard of the whole is not one of the part");
        let finishing = part.finish_first();
        assert!(!is_dropped(&part).await);
        drop(finishing);
        assert!(is_dropped(&part).await);
    }
}
