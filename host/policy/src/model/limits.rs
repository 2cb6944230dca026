//! What a session of an endpoint may use.

use std::time::Duration;

/// The limits of an endpoint. None of them is ever zero or unlimited.
///
/// # Defaults
/// Generous for a person at a terminal, small against a host: 2 h idle (at most 12 h on request), 5 min and 5 s of
/// processor a command, 64 MiB of memory a session, 16 MiB of output a command, 5 sessions a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// After so long without a command a session ends.
    pub idle_timeout: Duration,
    /// The longest idle time-out a client may ask for.
    pub max_idle_timeout: Duration,
    /// Wall time of one command.
    pub command_time: Duration,
    /// Processor time of one command.
    pub cpu_per_command: Duration,
    /// Bytes of memory of a session, over all its instances.
    pub memory: u64,
    /// Bytes of output of one command.
    pub output_per_command: u64,
    /// Live sessions of one user on this endpoint.
    pub sessions_per_user: u32,
}

impl Limits {
    /// The idle time-out and its maximum.
    pub(crate) const fn idle_pair(&self) -> (Duration, Duration) {
        (self.idle_timeout, self.max_idle_timeout)
    }

    /// Processor time and wall time of a command.
    pub(crate) const fn command_pair(&self) -> (Duration, Duration) {
        (self.cpu_per_command, self.command_time)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_secs(2 * 3_600),
            max_idle_timeout: Duration::from_secs(12 * 3_600),
            command_time: Duration::from_secs(300),
            cpu_per_command: Duration::from_secs(5),
            memory: 64 << 20,
            output_per_command: 16 << 20,
            sessions_per_user: 5,
        }
    }
}
