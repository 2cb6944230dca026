//! Where guests run: threads of their own, apart from those that serve connections, and the ticker that makes them
//! take turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};
use wasmtime::Engine;

use crate::error::StartError;

/// One turn of a guest. All stores yield at each tick, so that a loop costs its neighbours at most this.
const TICK: Duration = Duration::from_millis(1);
/// A ticker that did not tick for so long is taken for dead: guests could no longer be cut.
const STALLED: Duration = Duration::from_secs(5);

/// The guests' executor. Dropping the last clone ends its threads.
#[derive(Debug, Clone)]
pub(crate) struct Executor {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    handle: Handle,
    runtime: Option<Runtime>,
    started: Instant,
    last_tick: Arc<AtomicU64>,
}

impl Executor {
    /// Starts as many threads as there are processors, and the ticker.
    ///
    /// # Errors
    /// The system gives no threads.
    pub(crate) fn start(engine: &Engine) -> Result<Self, StartError> {
        let runtime = Builder::new_multi_thread()
            .thread_name("guests")
            .enable_time()
            .build()
            .map_err(|source| StartError::Thread { what: "the guests' threads", source })?;
        let started = Instant::now();
        let last_tick = Arc::new(AtomicU64::new(0));
        let engine = engine.weak();
        let ticked = Arc::clone(&last_tick);
        std::thread::Builder::new()
            .name("epochs".to_owned())
            .spawn(move || {
                while let Some(engine) = engine.upgrade() {
                    engine.increment_epoch();
                    drop(engine);
                    ticked.store(millis(started.elapsed()), Ordering::Relaxed);
                    std::thread::sleep(TICK);
                }
            })
            .map_err(|source| StartError::Thread { what: "the epoch ticker", source })?;
        let handle = runtime.handle().clone();
        Ok(Self { inner: Arc::new(Inner { handle, runtime: Some(runtime), started, last_tick }) })
    }

    /// Where tasks that run guests are spawned.
    pub(crate) fn handle(&self) -> &Handle {
        &self.inner.handle
    }

    /// True while the ticker ticks: without it no guest may be started.
    pub(crate) fn is_healthy(&self) -> bool {
        let last = self.inner.last_tick.load(Ordering::Relaxed);
        millis(self.inner.started.elapsed()).saturating_sub(last) < millis(STALLED)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // A runtime may not be dropped where async code runs; this gives it up without waiting.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
