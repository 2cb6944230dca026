//! How many may stand at the door. A connection holds a place from its first byte to its last. Those without an
//! identity are few, and when they are too many the oldest gives way: a login takes milliseconds, so a flood of
//! connections that say nothing crowds out itself.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bailiwick_policy::UserId;
use tokio::sync::Notify;

use crate::options::Limits;

/// The places of a server.
#[derive(Debug)]
pub(crate) struct Places {
    limits: Limits,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    /// By number, so that the first is the oldest.
    connections: BTreeMap<u64, Holder>,
    sources: HashMap<IpAddr, usize>,
    users: HashMap<UserId, usize>,
}

#[derive(Debug)]
struct Holder {
    source: Option<IpAddr>,
    user: Option<UserId>,
    evicted: Arc<Notify>,
}

/// A place, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    number: u64,
    evicted: Arc<Notify>,
}

/// No place is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

impl Places {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, taken: Mutex::default() })
    }

    /// Takes a place; the oldest stranger may lose its own. A source of none is not counted by source.
    ///
    /// # Errors
    /// All places, or those of this source, are held by peers that are logged in.
    pub(crate) fn take(self: &Arc<Self>, source: Option<IpAddr>) -> Result<Place, Full> {
        let source = source.map(network);
        let mut taken = self.locked();
        let of_source = |holder: &Holder| source.is_some() && holder.source == source;
        let strangers = taken.connections.values().filter(|holder| holder.user.is_none()).count();
        let from_here =
            taken.connections.values().filter(|holder| holder.user.is_none() && of_source(holder)).count();
        if from_here >= self.limits.anonymous_per_source || self.source_is_full(&taken, source) {
            taken.evict(of_source)?;
        } else if strangers >= self.limits.anonymous || taken.connections.len() >= self.limits.connections {
            taken.evict(|_any| true)?;
        }
        let number = taken.next;
        taken.next += 1;
        let evicted = Arc::new(Notify::new());
        taken.connections.insert(number, Holder { source, user: None, evicted: Arc::clone(&evicted) });
        if let Some(source) = source {
            *taken.sources.entry(source).or_default() += 1;
        }
        Ok(Place { places: Arc::clone(self), number, evicted })
    }

    fn source_is_full(&self, taken: &Taken, source: Option<IpAddr>) -> bool {
        let held = source.and_then(|source| taken.sources.get(&source)).copied().unwrap_or(0);
        held >= self.limits.connections_per_source
    }

    fn locked(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Takes the place of the oldest stranger of a kind.
    fn evict(&mut self, kind: impl Fn(&Holder) -> bool) -> Result<(), Full> {
        let oldest = self.connections.iter().find(|(_, holder)| holder.user.is_none() && kind(holder));
        let number = oldest.map(|(number, _)| *number).ok_or(Full)?;
        if let Some(holder) = self.give_back(number) {
            holder.evicted.notify_one();
        }
        Ok(())
    }

    fn give_back(&mut self, number: u64) -> Option<Holder> {
        let holder = self.connections.remove(&number)?;
        if let Some(source) = holder.source {
            decrement(&mut self.sources, &source);
        }
        if let Some(user) = &holder.user {
            decrement(&mut self.users, user);
        }
        Some(holder)
    }
}

impl Place {
    /// Returns when another took this place.
    pub(crate) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    /// The peer is known from here on; its place can't be taken any more.
    ///
    /// # Errors
    /// The user has as many connections as one may have, or the place is lost already.
    pub(crate) fn occupy(&self, user: &UserId) -> Result<(), Full> {
        let mut taken = self.places.locked();
        if taken.users.get(user).copied().unwrap_or(0) >= self.places.limits.connections_per_user {
            return Err(Full);
        }
        let holder = taken.connections.get_mut(&self.number).ok_or(Full)?;
        holder.user = Some(user.clone());
        *taken.users.entry(user.clone()).or_default() += 1;
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.locked().give_back(self.number);
    }
}

/// What counts as one source: an IPv4 address, a /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address => address,
    }
}

fn decrement<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    const HERE: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)));
    const THERE: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2)));

    fn places() -> Arc<Places> {
        Places::new(Limits {
            connections: 4,
            connections_per_source: 3,
            connections_per_user: 2,
            anonymous: 3,
            anonymous_per_source: 2,
            ..Limits::default()
        })
    }

    fn user(name: &str) -> UserId {
        UserId::parse(name).unwrap()
    }

    #[test]
    fn row_e37_the_oldest_stranger_of_a_source_gives_way() {
        let places = places();
        let [first, second] = [places.take(HERE).unwrap(), places.take(HERE).unwrap()];
        let third = places.take(HERE).unwrap();
        assert!(first.evicted().now_or_never().is_some());
        assert!(second.evicted().now_or_never().is_none());
        assert!(third.evicted().now_or_never().is_none());
    }

    #[test]
    fn row_e37_a_flood_of_one_source_takes_no_place_of_another() {
        let places = places();
        let other = places.take(THERE).unwrap();
        let _flood: Vec<_> = (0..50).map(|_| places.take(HERE).unwrap()).collect();
        assert!(other.evicted().now_or_never().is_none());
    }

    #[test]
    fn row_e37_a_peer_that_is_logged_in_never_gives_way() {
        let places = places();
        let known: Vec<_> = ["a", "b", "c"]
            .map(|name| {
                let place = places.take(HERE).unwrap();
                place.occupy(&user(name)).unwrap();
                place
            })
            .into();
        assert_eq!(places.take(HERE).err(), Some(Full));
        drop(known);
        assert!(places.take(HERE).is_ok());
    }

    #[test]
    fn row_e37_a_user_has_so_many_connections() {
        let places = places();
        let held: Vec<_> = [HERE, THERE].map(|source| places.take(source).unwrap()).into();
        for place in &held {
            place.occupy(&user("alice")).unwrap();
        }
        let third = places.take(THERE).unwrap();
        assert_eq!(third.occupy(&user("alice")), Err(Full));
        assert_eq!(third.occupy(&user("bob")), Ok(()));
        drop(held);
        assert_eq!(places.take(HERE).unwrap().occupy(&user("alice")), Ok(()));
    }

    #[test]
    fn a_lost_place_is_not_occupied() {
        let places = places();
        let first = places.take(HERE).unwrap();
        let _others = [places.take(HERE).unwrap(), places.take(HERE).unwrap()];
        assert_eq!(first.occupy(&user("alice")), Err(Full));
    }

    #[test]
    fn ten_thousand_cycles_leave_nothing_behind() {
        let places = places();
        for _ in 0..10_000 {
            places.take(HERE).unwrap().occupy(&user("alice")).unwrap();
        }
        let taken = places.locked();
        assert!(taken.connections.is_empty() && taken.sources.is_empty() && taken.users.is_empty());
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one_source() {
        let [a, b, c] =
            ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"].map(|text| text.parse().unwrap());
        assert_eq!(network(a), network(b));
        assert_ne!(network(a), network(c));
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), HERE.unwrap());
    }
}
