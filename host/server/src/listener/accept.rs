//! The accept loop. It survives what the system runs out of: it waits, longer each time, and goes on.

use std::io;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Waits longer after each failure in a row.
#[derive(Debug, Default)]
pub(crate) struct BackOff {
    failures: u32,
}

impl BackOff {
    /// The pause after one more failure; none if the failure was one peer's and the next may be better.
    pub(crate) fn failed(&mut self, error: &io::Error) -> Option<Duration> {
        use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
        if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted) {
            return None;
        }
        let pause = FIRST_PAUSE.saturating_mul(1 << self.failures.min(16)).min(LONGEST_PAUSE);
        self.failures = self.failures.saturating_add(1);
        Some(pause)
    }

    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
    }
}

/// The next connection, however long the system has none to give. Cancel safe.
pub(crate) async fn next(
    listener: &TcpListener,
    back_off: &mut BackOff,
) -> (TcpStream, std::net::SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => {
                back_off.succeeded();
                return accepted;
            }
            Err(error) => {
                if let Some(pause) = back_off.failed(&error) {
                    tracing::warn!(%error, ?pause, "no connection can be accepted");
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMFILE: i32 = 24;

    #[test]
    fn row_e37_the_loop_backs_off_when_descriptors_run_out_and_recovers() {
        let mut back_off = BackOff::default();
        let out_of_descriptors = || io::Error::from_raw_os_error(EMFILE);
        let pauses: Vec<_> = (0..10).filter_map(|_| back_off.failed(&out_of_descriptors())).collect();
        assert_eq!(pauses.first(), Some(&FIRST_PAUSE));
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(pauses.last(), Some(&LONGEST_PAUSE));
        back_off.succeeded();
        assert_eq!(back_off.failed(&out_of_descriptors()), Some(FIRST_PAUSE));
    }

    #[test]
    fn a_peer_that_hangs_up_early_costs_no_pause() {
        let aborted = io::Error::from(io::ErrorKind::ConnectionAborted);
        assert_eq!(BackOff::default().failed(&aborted), None);
    }
}
