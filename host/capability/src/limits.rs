//! Limits on what a guest can make large through a capability. Each has its reason here; a capability has no numbers of
//! its own for these.

/// The longest read that a guest gets in one call, in bytes.
///
/// A guest names the length, and the host allocates it before it knows what will come: without a clamp, one call could
/// ask for all the host's memory. Guests loop anyway, and past 64 KiB a longer read is no faster.
pub const READ_BYTES: usize = 64 << 10;

/// The permit that an output stream gives for one write, in bytes.
///
/// The guest's bytes are lifted into the host's memory before the host's side of the stream sees them, and
/// `write-zeroes` allocates as much as was permitted.
pub const WRITE_BYTES: usize = 64 << 10;

/// Resources that one instance may hold open: descriptors, streams, listings, pollables.
///
/// Each open file is one of the host's descriptors, of which a process has 1,024 by default and all sessions share
/// them. A cmdlet holds a handful; at the limit the guest gets an error, where a table without one would let a single
/// guest exhaust the host.
pub const RESOURCES: usize = 256;

/// The longest path that is looked at, in bytes.
///
/// The kernel takes 4,095; a longer one is refused before it is copied, split or put into a message.
pub const PATH_BYTES: usize = 4095;

/// Refusals of one role's instance that are recorded one by one.
///
/// A refusal costs the guest nothing and the audit a line, so a loop of them would bury what matters and fill the
/// disk. The rest are counted, and the count is recorded.
pub const REFUSALS_LISTED: u64 = 100;

/// The most random bytes that a guest gets in one call.
///
/// As for reads: the host allocates them.
pub const RANDOM_BYTES: u64 = 64 << 10;
