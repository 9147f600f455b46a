//! Batches under way: several at once, bounded in number and in bytes, their traces in the order they were given.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::super::walk::Pace as Level;
use super::{Interrupted, ServerStore};
use crate::model::Trace;
use crate::store::TraceFailure;

/// Batches begun for each request that may be under way, so that one slow answer does not hold up the others.
const BEGUN: usize = 2;
/// Estimated bytes of all batches begun, unless one trace alone is larger.
const IN_FLIGHT_BYTES: u64 = 16 << 20;
/// Waiting traces that are enough for the next batch, whatever its size.
const ENOUGH: usize = 100;

type Read = Result<Vec<Result<Trace, TraceFailure>>, Interrupted>;

/// Traces whose spans are being fetched.
pub struct Ahead {
    server: ServerStore,
    gate: Arc<Gate>,
    waiting: VecDeque<Trace>,
    /// The next batch, while there is no room for its bytes.
    held: Option<(Vec<Trace>, u64)>,
    running: VecDeque<Running>,
    ready: VecDeque<Result<Trace, TraceFailure>>,
}

/// Keeps as many requests under way as the server benefits from.
struct Gate {
    permits: Semaphore,
    state: Mutex<Allowed>,
}

struct Allowed {
    level: Level,
    /// Permits that there are.
    permits: usize,
}

impl Gate {
    /// How many requests at once; `None` to find out.
    fn new(fixed: Option<NonZeroUsize>) -> Self {
        let level = Level::new(fixed);
        let permits = level.now();
        Self { permits: Semaphore::new(permits), state: Mutex::new(Allowed { level, permits }) }
    }

    fn allowed<T>(&self, look: impl FnOnce(&mut Allowed) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many requests may be under way.
    fn now(&self) -> usize {
        self.allowed(|allowed| allowed.permits)
    }

    /// Reads a batch as soon as there is room for its request, and learns from the answer.
    async fn read(&self, server: &ServerStore, batch: Vec<Trace>) -> Read {
        // Closed by nobody; without a permit the batch would only be one too many.
        let permit = self.permits.acquire().await;
        let traces = batch.len();
        let read = server.read_batch(batch).await;
        self.allowed(|allowed| {
            allowed.level.answered(traces);
            let level = allowed.level.now();
            if level > allowed.permits {
                self.permits.add_permits(level - allowed.permits);
                allowed.permits = level;
            } else if level < allowed.permits
                && let Ok(permit) = permit
            {
                permit.forget();
                allowed.permits -= 1;
            }
        });
        read
    }
}

struct Running {
    bytes: u64,
    task: JoinHandle<Read>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Ahead {
    pub fn new(server: ServerStore) -> Self {
        let gate = Arc::new(Gate::new(server.concurrency));
        Self { server, gate, waiting: VecDeque::new(), held: None, running: VecDeque::new(), ready: VecDeque::new() }
    }

    /// More traces, behind those that were given before.
    pub fn push(&mut self, traces: Vec<Trace>) {
        self.waiting.extend(traces);
        self.fill();
    }

    /// Whether there is room for more.
    pub fn wants_more(&self) -> bool {
        self.waiting.len() < ENOUGH
    }

    /// The next trace, if it is there.
    pub fn ready(&mut self) -> Option<Result<Trace, TraceFailure>> {
        self.ready.pop_front()
    }

    /// The next trace; `None` when all that were given are done. An error concerns all that are left.
    pub async fn next(&mut self) -> Result<Option<Result<Trace, TraceFailure>>, Interrupted> {
        loop {
            if let Some(read) = self.ready() {
                return Ok(Some(read));
            }
            self.fill();
            let Some(head) = self.running.front_mut() else { return Ok(None) };
            let read = finished(&mut head.task).await;
            self.running.pop_front();
            self.fill();
            self.ready.extend(read?);
        }
    }

    /// Everything that was given, when it is done; what was not attempted any more fails with the reason.
    pub async fn collect(mut self) -> Vec<Result<Trace, TraceFailure>> {
        let mut results = Vec::with_capacity(self.waiting.len());
        let (mut left, mut reason) = (Vec::new(), None);
        loop {
            match self.next().await {
                Ok(Some(read)) => results.push(read),
                Ok(None) => break,
                Err(Interrupted { error, traces }) => {
                    results.extend(traces.into_iter().map(|trace| Err(TraceFailure::not_attempted(trace, &error))));
                    // What has begun meets the same error; nothing else need begin.
                    left.extend(
                        self.held.take().into_iter().flat_map(|(batch, _)| batch).chain(self.waiting.drain(..)),
                    );
                    reason = Some(error);
                }
            }
        }
        let failed = |trace| reason.as_ref().map(|error| Err(TraceFailure::not_attempted(trace, error)));
        results.extend(left.into_iter().filter_map(failed));
        results
    }

    fn fill(&mut self) {
        while self.running.len() < self.gate.now() * BEGUN {
            let next = self.held.take().or_else(|| self.server.pace.batch(&mut self.waiting, self.server.batch_url()));
            let Some((batch, bytes)) = next else { return };
            let in_flight: u64 = self.running.iter().map(|running| running.bytes).sum();
            if !self.running.is_empty() && in_flight.saturating_add(bytes) > IN_FLIGHT_BYTES {
                self.held = Some((batch, bytes));
                return;
            }
            self.running.push_back(self.begin(batch, bytes));
        }
    }

    fn begin(&self, batch: Vec<Trace>, bytes: u64) -> Running {
        let (server, gate) = (self.server.clone(), Arc::clone(&self.gate));
        let task = tokio::spawn(async move { gate.read(&server, batch).await });
        Running { bytes, task }
    }
}

async fn finished(task: &mut JoinHandle<Read>) -> Read {
    match task.await {
        Ok(read) => read,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Tasks are aborted only with their owner, which then asks for nothing any more.
            Err(_) => std::future::pending().await,
        },
    }
}
