//! CPU time of a command: the thread's CPU clock around each poll of a guest, so that a guest pays for what it
//! computes and not for what it waits for.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// What a command may compute, over all of its guests.
#[derive(Debug)]
pub(crate) struct Meter {
    used: AtomicU64,
    limit: u64,
}

/// The guest used up the command's CPU time and was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exhausted;

impl Meter {
    pub(crate) fn new(limit: Duration) -> Arc<Self> {
        let limit = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
        Arc::new(Self { used: AtomicU64::new(0), limit })
    }

    /// CPU time used so far.
    #[cfg(test)]
    pub(crate) fn used(&self) -> Duration {
        Duration::from_nanos(self.used.load(Ordering::Relaxed))
    }

    /// Runs a guest's future and charges it. Past the limit and `grace`, the future is dropped, which cuts its
    /// instance; `at_limit` is called once when the limit itself is reached.
    pub(crate) async fn run<F: Future>(
        &self,
        grace: Duration,
        mut at_limit: impl FnMut(),
        future: F,
    ) -> Result<F::Output, Exhausted> {
        let mut future = pin!(future);
        let hard = self.limit.saturating_add(u64::try_from(grace.as_nanos()).unwrap_or(u64::MAX));
        let mut told = false;
        std::future::poll_fn(move |context| {
            let before = thread_cpu();
            let polled = future.as_mut().poll(context);
            let spent = thread_cpu().saturating_sub(before);
            let used = self.used.fetch_add(spent, Ordering::Relaxed).saturating_add(spent);
            if used >= self.limit && !told {
                told = true;
                at_limit();
            }
            match polled {
                Poll::Ready(output) => Poll::Ready(Ok(output)),
                Poll::Pending if used >= hard => Poll::Ready(Err(Exhausted)),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }
}

/// CPU time of this thread in nanoseconds.
fn thread_cpu() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanos = u64::try_from(time.tv_nsec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waiting_costs_nothing_and_computing_is_charged() {
        let meter = Meter::new(Duration::from_secs(60));
        meter.run(Duration::ZERO, || (), tokio::time::sleep(Duration::from_millis(5))).await.unwrap();
        let waited = meter.used();
        meter
            .run(Duration::ZERO, || (), async {
                (0..3_000_000u64).fold(0, |a, b| std::hint::black_box(a ^ b))
            })
            .await
            .unwrap();
        assert!(meter.used() > waited);
    }

    #[tokio::test]
    async fn a_future_that_never_ends_is_cut_past_the_limit_and_told_first() {
        let meter = Meter::new(Duration::from_millis(2));
        let mut told = 0;
        let endless = async {
            loop {
                std::hint::black_box((0..10_000u64).sum::<u64>());
                tokio::task::yield_now().await;
            }
        };
        let cut: Result<(), Exhausted> = meter.run(Duration::from_millis(1), || told += 1, endless).await;
        assert_eq!(cut, Err(Exhausted));
        assert_eq!(told, 1);
    }
}
