//! `rules/dns.toml` and `rules/dns_parked.tsv`: how domains are asked for their mail hosts, and what is concluded.

use std::net::IpAddr;

use serde::Deserialize;

use super::{RuleError, RuleFiles};

const PATH: &str = "dns.toml";
const PARKED: &str = "dns_parked.tsv";

/// How domains are asked, and what is concluded.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnsRules {
    /// Look-ups under way at the same time.
    pub in_flight: usize,
    /// To one resolver.
    pub queries_per_second: u32,
    /// How many queries leave together.
    pub burst: u32,
    /// UDP ports used towards one resolver.
    pub ports: usize,
    /// Size of UDP answers announced with EDNS; 0 for none.
    pub edns_bytes: u16,
    /// How long each try of a question waits.
    pub try_ms: Vec<u64>,
    /// The 1-based try that goes by TCP; 0 for none.
    pub tcp_try: usize,
    /// How often a question is put to servers that fail.
    pub failure_tries: usize,
    /// Pauses after a failure; the last one repeats.
    pub backoff_ms: Vec<u64>,
    /// A look-up ends after this.
    pub lookup_s: u64,
    /// The whole stage ends after this.
    pub run_s: u64,
    /// Connections by TCP to one resolver.
    pub tcp_connections: usize,
    /// Aliases followed for one name.
    pub aliases: usize,
    /// Mail hosts of a domain that are looked up.
    pub hosts: usize,
    /// How often a shared mail host is tried before its failure is shared, too.
    pub host_tries: u32,
    /// Addresses kept as evidence.
    pub addresses: usize,
    /// A resolver that left so many questions in a row unanswered is asked after the others.
    pub silent_after: u32,
    /// Ask for an address before "no such name" is believed.
    pub second_opinion: bool,
    /// So long a silence makes the stage look whether anyone is there at all.
    pub silence_s: u64,
    /// A permanent no must be heard twice, so far apart.
    pub confirm_hours: u32,
    /// Networks that lead nowhere on the internet.
    pub private: Vec<Network>,
    /// Names that show whether a resolver can be trusted.
    pub canaries: Canaries,
    /// How long answers are kept.
    pub times: MxTimes,
    /// Which mail hosts are reported as a group.
    pub parking: MxParking,
}

/// Names that show whether a resolver can be trusted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canaries {
    /// Domains that surely take mail.
    pub names: Vec<String>,
    /// Domains below which a random name can't exist.
    pub absent_below: Vec<String>,
    /// How long one try waits.
    pub try_ms: u64,
    /// How many tries there are.
    pub tries: usize,
    /// How many of the list's own domains are tried where the canaries can't be resolved.
    pub trial_domains: usize,
    /// For how long.
    pub trial_ms: u64,
}

/// How long answers are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MxTimes {
    /// An answer that mail has a way holds at least so long.
    pub alive_min_s: u32,
    /// And at most so long.
    pub alive_max_s: u32,
    /// A permanent no holds at least so long.
    pub dead_min_s: u32,
    /// And at most so long.
    pub dead_max_s: u32,
    /// A failure is not tried again for so long.
    pub failure_s: u32,
    /// An older answer stands in for a failure for so long.
    pub stale_days: u32,
}

/// Which mail hosts are reported as a group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MxParking {
    /// A dead mail host is a group from so many domains on.
    pub group_from: u64,
    /// `dns_parked.tsv`.
    #[serde(skip)]
    pub hosts: Vec<ParkedHost>,
}

/// A mail host that reads no one's mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedHost {
    /// Stands for itself and everything below it.
    pub host: String,
    /// `parked` or `sink`.
    pub kind: String,
    /// Whose it is.
    pub who: String,
}

/// A range of addresses, written `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    first: u128,
    mask: u128,
    is_v4: bool,
}

impl DnsRules {
    /// Reads both files.
    ///
    /// # Errors
    /// When one is not of its form, or a number can't work.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut rules: DnsRules = files.parse(PATH)?;
        rules.check()?;
        let text = files.text(PARKED);
        for mut cells in files.table(&text) {
            let (Some(host), Some(kind @ ("parked" | "sink")), Some(who)) = (cells.next(), cells.next(), cells.next())
            else {
                let message = "a row is `host`, `kind` (parked or sink), `who`, with tabs between".to_owned();
                return Err(RuleError::Meaning { path: PARKED.to_owned(), message });
            };
            rules.parking.hosts.push(ParkedHost {
                host: host.to_ascii_lowercase(),
                kind: kind.to_owned(),
                who: who.to_owned(),
            });
        }
        Ok(rules)
    }

    fn check(&self) -> Result<(), RuleError> {
        let wrong = |message: String| Err(RuleError::Meaning { path: PATH.to_owned(), message });
        let sizes = [
            ("in_flight", self.in_flight as u64),
            ("queries_per_second", u64::from(self.queries_per_second)),
            ("burst", u64::from(self.burst)),
            ("ports", self.ports as u64),
            ("try_ms", self.try_ms.len() as u64),
            ("failure_tries", self.failure_tries as u64),
            ("lookup_s", self.lookup_s),
            ("run_s", self.run_s),
            ("tcp_connections", self.tcp_connections as u64),
            ("hosts", self.hosts as u64),
            ("host_tries", u64::from(self.host_tries)),
            ("silence_s", self.silence_s),
            ("canaries.tries", self.canaries.tries as u64),
        ];
        if let Some((key, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return wrong(format!("`{key}` must be more than 0"));
        }
        if self.canaries.names.is_empty() {
            return wrong(
                "`canaries.names` must not be empty: silence could not be told from a dead network".to_owned(),
            );
        }
        let bounds = [
            ("alive", self.times.alive_min_s, self.times.alive_max_s),
            ("dead", self.times.dead_min_s, self.times.dead_max_s),
        ];
        match bounds.iter().find(|(_, least, most)| least > most) {
            Some((key, ..)) => wrong(format!("`times.{key}_min_s` is more than `times.{key}_max_s`")),
            None => Ok(()),
        }
    }

    /// Whether an address leads nowhere on the internet.
    pub fn is_private(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.private.iter().any(|network| network.contains(address))
    }
}

impl MxParking {
    /// The entry that a mail host falls under.
    pub fn parked(&self, host: &str) -> Option<&ParkedHost> {
        self.hosts.iter().find(|parked| {
            host.strip_suffix(parked.host.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

impl Network {
    /// Whether the address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (bits, is_v4) = bits_of(address);
        is_v4 == self.is_v4 && bits & self.mask == self.first
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no network; write an address, a slash and the number of fixed bits");
        let (address, length) = text.split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let length: u32 = length.parse().map_err(|_| wrong())?;
        let (bits, is_v4) = bits_of(address);
        let width = if is_v4 { 32 } else { 128 };
        let mask = match length {
            0 => 0,
            length if length > width => return Err(wrong()),
            length => (u128::MAX >> (128 - length)) << (width - length),
        };
        if bits & !mask != 0 {
            return Err(format!("`{text}` has bits beyond its length"));
        }
        Ok(Network { first: bits, mask, is_v4 })
    }
}

fn bits_of(address: IpAddr) -> (u128, bool) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), true),
        IpAddr::V6(address) => (address.to_bits(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> DnsRules {
        DnsRules::load(&RuleFiles::embedded()).expect("the shipped rules are of this form")
    }

    #[test]
    fn addresses_that_lead_nowhere_are_told_from_the_others() {
        let rules = shipped();
        let private = [
            "0.0.0.0",
            "10.0.0.1",
            "10.255.255.255",
            "127.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.0.1",
            "100.64.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ];
        let public =
            ["9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.0.2.1", "8.8.8.8", "2001:db8::1", "::2"];
        for address in private {
            assert!(rules.is_private(address.parse().expect("an address")), "{address}");
        }
        for address in public {
            assert!(!rules.is_private(address.parse().expect("an address")), "{address}");
        }
    }

    #[test]
    fn a_network_that_is_none_is_refused() {
        for text in ["10.0.0.0", "10.0.0.0/33", "10.0.0.1/8", "x/8", "::/129", ""] {
            assert!(Network::try_from(text.to_owned()).is_err(), "{text}");
        }
        let everything = Network::try_from("0.0.0.0/0".to_owned()).expect("is one");
        assert!(everything.contains("203.0.113.9".parse().expect("an address")));
    }

    #[test]
    fn a_parking_host_is_known_with_everything_below_it() {
        let parking = shipped().parking;
        for host in ["park-mx.above.com", "mx7.m1bp.com", "mail.h-email.net"] {
            assert!(parking.parked(host).is_some(), "{host}");
        }
        for host in ["above.com", "notm1bp.com", "mx.walla.co.il", ""] {
            assert!(parking.parked(host).is_none(), "{host}");
        }
    }
}
