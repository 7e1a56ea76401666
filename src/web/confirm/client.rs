//! Who asks, and how often one may.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::sync::PoisonError;

use axum::http::HeaderMap;
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use jiff::{SignedDuration, Timestamp};

use crate::clock;
use crate::rule::ClientLimits;

/// Where a request comes from, as far as limits tell: an IPv4 address, or the network of an IPv6 one, which is one customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Client(u64);

impl Client {
    /// Whoever sent a request: the last address that no proxy of ours is at. What a client writes into the header itself stands
    /// before that.
    pub(super) fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> Self {
        let mut address = peer.to_canonical();
        let said = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = said.flat_map(|value| value.split(',')).map(str::trim).collect();
        for hop in hops.into_iter().rev() {
            if !trusted.contains(&address) {
                break;
            }
            let Ok(next) = hop.parse::<IpAddr>() else { break };
            address = next.to_canonical();
        }
        Client::at(address)
    }

    fn at(address: IpAddr) -> Self {
        let of_six = |address: Ipv6Addr| (address.to_bits() >> 64) as u64;
        Client(match address {
            // No network of IPv6 that is in use begins with zeros.
            IpAddr::V4(address) => u64::from(address.to_bits()),
            IpAddr::V6(address) => of_six(address),
        })
    }
}

/// Counts requests.
pub(super) struct Limits {
    all: DefaultDirectRateLimiter,
    clients: DefaultKeyedRateLimiter<Client>,
    misses: DefaultKeyedRateLimiter<Client>,
    most_clients: usize,
    cleaned: Mutex<Option<Timestamp>>,
}

/// All those for whom there is no room.
const THE_REST: Client = Client(u64::MAX);
/// How often room is made.
const CLEAN_EVERY: SignedDuration = SignedDuration::from_secs(1);

impl Limits {
    pub(super) fn new(limits: &ClientLimits) -> Self {
        let client = Quota::per_minute(limits.per_minute).allow_burst(limits.burst);
        let all = Quota::per_second(limits.all_per_second).allow_burst(limits.all_burst);
        Limits {
            all: RateLimiter::direct(all),
            clients: RateLimiter::keyed(client),
            misses: RateLimiter::keyed(Quota::per_minute(limits.misses_per_minute)),
            most_clients: limits.most_clients,
            cleaned: Mutex::new(None),
        }
    }

    /// Whether this client may ask now.
    pub(super) fn lets_in(&self, client: Client) -> bool {
        self.clients.check_key(&self.counted(client)).is_ok() && self.all.check().is_ok()
    }

    /// Whether a client whose link was none may be told so. Those are counted apart: behind the address of one who guesses there may
    /// be others who have a link.
    pub(super) fn lets_miss(&self, client: Client) -> bool {
        self.misses.check_key(&self.counted(client)).is_ok()
    }

    /// The client, where there is room to tell it from others.
    fn counted(&self, client: Client) -> Client {
        if self.clients.len() < self.most_clients {
            return client;
        }
        let mut cleaned = self.cleaned.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock::timestamp();
        if cleaned.is_none_or(|at| now.duration_since(at) >= CLEAN_EVERY) {
            *cleaned = Some(now);
            self.clients.retain_recent();
            self.misses.retain_recent();
        }
        if self.clients.len() < self.most_clients { client } else { THE_REST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{ConfirmPolicy, RuleFiles};

    const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn client(peer: &str, forwarded: &str) -> Client {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
        Client::of(peer.parse().expect("an address"), &headers, &[PROXY])
    }

    fn at(address: &str) -> Client {
        Client::at(address.parse().expect("an address"))
    }

    #[test]
    fn a_proxy_tells_who_asks_and_nobody_else_is_believed() {
        assert_eq!(client("127.0.0.1", "203.0.113.7"), at("203.0.113.7"));
        assert_eq!(client("127.0.0.1", "198.51.100.1, 203.0.113.7"), at("203.0.113.7"), "a client may write the first");
        assert_eq!(client("203.0.113.9", "198.51.100.1"), at("203.0.113.9"));
        assert_eq!(client("127.0.0.1", "nonsense"), at("127.0.0.1"));
        assert_eq!(client("::ffff:127.0.0.1", "203.0.113.7"), at("203.0.113.7"));
        assert_eq!(at("2001:db8::1"), at("2001:db8::ffff"), "a network is one client");
        assert_ne!(at("2001:db8::1"), at("2001:db8:1::1"));
    }

    #[test]
    fn guesses_run_out_soon_and_the_table_of_clients_stays_small() {
        let policy = ConfirmPolicy::load(&RuleFiles::embedded()).expect("the shipped policy is of its form");
        let limits = Limits::new(&ClientLimits { most_clients: 100, ..policy.limits });
        let guess = |client| limits.lets_in(client) && limits.lets_miss(client);
        assert!(guess(at("203.0.113.7")));
        assert!((0..10).any(|_| !guess(at("203.0.113.7"))));
        assert!(limits.lets_in(at("203.0.113.8")), "others are let in");
        for number in 0..1000 {
            limits.lets_in(Client(number));
        }
        assert!(limits.clients.len() <= 101, "{}", limits.clients.len());
    }
}
