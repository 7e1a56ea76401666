//! The way of mail to one domain: its mail hosts, or itself; a mail host that many share is resolved once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::rdata::MX;
use hickory_proto::rr::{Name, RData, RecordType};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::ask::Asker;
use super::query::{ServerReply, Unanswered, code_name};
use super::reply::Reply;
use crate::record::{MxAnswer, MxHost, MxOutcome};

/// Look-ups that share what they learn of mail hosts.
#[derive(Debug)]
pub(super) struct Lookups<'r> {
    pub(super) asker: Asker<'r>,
    hosts: RefCell<HashMap<Name, Rc<SharedHost>>>,
}

/// A mail host that was resolved or is being resolved.
#[derive(Debug, Default)]
struct SharedHost {
    addresses: OnceCell<Addresses>,
    failures: std::cell::Cell<u32>,
}

/// What the addresses of a name come to.
#[derive(Debug, Clone)]
enum Addresses {
    /// At least one that the internet reaches.
    Public(Vec<IpAddr>, u32),
    /// Only such as lead nowhere.
    Private(Vec<IpAddr>, u32),
    /// None, or not even the name; with its code.
    None(ResponseCode, u32),
    Unknown(Unanswered),
}

impl<'r> Lookups<'r> {
    pub(super) fn new(asker: Asker<'r>) -> Self {
        Lookups { asker, hosts: RefCell::default() }
    }

    /// Looks a domain up.
    pub(super) async fn look_up(&self, domain: &Name) -> MxAnswer {
        let until = Instant::now() + Duration::from_secs(self.asker.rules.lookup_s);
        let said = match self.asker.ask(domain, RecordType::MX, until).await {
            Ok(said) => said,
            Err(unanswered) => return failed(unanswered),
        };
        let ServerReply { reply, resolver } = said;
        let mut answer = match reply {
            Reply::Records { data, alias, ttl } => {
                let mut answer = self.by_hosts(data, ttl, until).await;
                answer.alias = alias.as_ref().map(host_text);
                answer
            }
            Reply::NoRecord { alias, ttl } => {
                let mut answer = self.by_address(domain, ResponseCode::NoError, ttl, until).await;
                answer.alias = alias.as_ref().map(host_text);
                answer
            }
            Reply::NoName { alias, ttl } => {
                let mut answer = match self.asker.rules.second_opinion {
                    true => self.by_address(domain, ResponseCode::NXDomain, ttl, until).await,
                    false => concluded(MxOutcome::Nxdomain, ResponseCode::NXDomain, ttl),
                };
                answer.alias = alias.as_ref().map(host_text);
                answer
            }
            // What is no answer was sorted out where it was asked; if not, nothing is known.
            _ => failed(no_answer()),
        };
        answer.resolver = answer.resolver.or(Some(resolver));
        answer
    }

    /// RFC 5321 section 5.1: where there are MX records, only their hosts count.
    async fn by_hosts(&self, data: Vec<RData>, mut ttl: u32, until: Instant) -> MxAnswer {
        let mut records: Vec<MX> = data.into_iter().filter_map(mail_host).collect();
        records.sort_by(|left, right| (left.preference, &left.exchange).cmp(&(right.preference, &right.exchange)));
        records.dedup();
        let hosts =
            records.iter().map(|record| MxHost { preference: record.preference, name: host_text(&record.exchange) });
        let with_hosts = |answer: MxAnswer| MxAnswer { hosts: hosts.clone().collect(), ..answer };
        let (null, real): (Vec<&MX>, Vec<&MX>) = records.iter().partition(|record| record.exchange.is_root());
        if real.is_empty() {
            return with_hosts(concluded(MxOutcome::NullMx, ResponseCode::NoError, ttl));
        }
        let mut private = None;
        let mut unknown = None;
        for record in real.iter().take(self.asker.rules.hosts) {
            match self.host(&record.exchange, until).await {
                Addresses::Public(addresses, _) => {
                    let outcome = if null.is_empty() { MxOutcome::MxOk } else { MxOutcome::MxNullMixed };
                    return with_hosts(self.reached(outcome, addresses, ttl));
                }
                Addresses::Private(addresses, host_ttl) => {
                    ttl = ttl.min(host_ttl);
                    private.get_or_insert(addresses);
                }
                Addresses::None(_, host_ttl) => ttl = ttl.min(host_ttl),
                Addresses::Unknown(unanswered) => drop(unknown.get_or_insert(unanswered)),
            }
        }
        let unasked = real.len() > self.asker.rules.hosts;
        with_hosts(match (unknown, private) {
            (Some(unanswered), _) => failed(unanswered),
            (None, _) if unasked => failed(Unanswered {
                outcome: MxOutcome::Temporary,
                said: "too many mail hosts".to_owned(),
                resolver: None,
            }),
            (None, Some(addresses)) => self.reached(MxOutcome::MxPrivate, addresses, ttl),
            (None, None) => concluded(MxOutcome::MxUnresolvable, ResponseCode::NoError, ttl),
        })
    }

    /// RFC 5321 section 5.1: without MX records the domain's own address counts ("implicit MX").
    async fn by_address(&self, domain: &Name, heard: ResponseCode, ttl: u32, until: Instant) -> MxAnswer {
        match self.addresses(domain, until).await {
            Addresses::Public(addresses, own) => self.reached(MxOutcome::ImplicitMx, addresses, ttl.min(own)),
            Addresses::Private(addresses, own) => self.reached(MxOutcome::MxPrivate, addresses, ttl.min(own)),
            // Both questions have to agree that there is no such name.
            Addresses::None(ResponseCode::NXDomain, own) if heard == ResponseCode::NXDomain => {
                concluded(MxOutcome::Nxdomain, heard, ttl.min(own))
            }
            Addresses::None(_, own) => concluded(MxOutcome::NoMxNoAddress, ResponseCode::NoError, ttl.min(own)),
            Addresses::Unknown(unanswered) => failed(unanswered),
        }
    }

    /// A mail host's addresses: asked for once, whoever waits; a failure is tried again by the next ones a few times.
    async fn host(&self, name: &Name, until: Instant) -> Addresses {
        if is_number(name) {
            return Addresses::None(ResponseCode::NoError, u32::MAX);
        }
        if name.is_localhost() {
            return Addresses::Private(Vec::new(), u32::MAX);
        }
        let shared = Rc::clone(self.hosts.borrow_mut().entry(name.clone()).or_default());
        let resolve = || async {
            let found = self.addresses(name, until).await;
            let failures = shared.failures.get() + 1;
            if matches!(found, Addresses::Unknown(_)) && failures < self.asker.rules.host_tries {
                shared.failures.set(failures);
                return Err(found);
            }
            Ok(found)
        };
        match shared.addresses.get_or_try_init(resolve).await {
            Ok(found) => found.clone(),
            Err(failed) => failed,
        }
    }

    /// A, then AAAA where A has nothing that the internet reaches.
    async fn addresses(&self, name: &Name, until: Instant) -> Addresses {
        let mut private = Vec::new();
        let mut unknown = None;
        let mut least_ttl = u32::MAX;
        for kind in [RecordType::A, RecordType::AAAA] {
            match self.asker.ask(name, kind, until).await.map(|said| said.reply) {
                Ok(Reply::Records { data, ttl, .. }) => {
                    least_ttl = least_ttl.min(ttl);
                    let found: Vec<IpAddr> = data.iter().filter_map(RData::ip_addr).collect();
                    let is_private = |address: &IpAddr| self.asker.rules.is_private(*address);
                    let (nowhere, public): (Vec<IpAddr>, Vec<IpAddr>) = found.into_iter().partition(is_private);
                    if !public.is_empty() {
                        return Addresses::Public(public, ttl);
                    }
                    private.extend(nowhere);
                }
                Ok(Reply::NoRecord { ttl, .. }) => least_ttl = least_ttl.min(ttl),
                // It holds for every type (RFC 8020 section 2), so AAAA need not be asked for.
                Ok(Reply::NoName { ttl, .. }) if private.is_empty() && unknown.is_none() && kind == RecordType::A => {
                    return Addresses::None(ResponseCode::NXDomain, ttl);
                }
                Ok(Reply::NoName { ttl, .. }) => least_ttl = least_ttl.min(ttl),
                Ok(_) => unknown = Some(no_answer()),
                Err(unanswered) => unknown = Some(unanswered),
            }
        }
        match (unknown, private.is_empty()) {
            (Some(unanswered), _) => Addresses::Unknown(unanswered),
            (None, false) => Addresses::Private(private, least_ttl),
            (None, true) => Addresses::None(ResponseCode::NoError, least_ttl),
        }
    }

    fn reached(&self, outcome: MxOutcome, mut addresses: Vec<IpAddr>, ttl: u32) -> MxAnswer {
        addresses.sort_unstable();
        addresses.truncate(self.asker.rules.addresses);
        MxAnswer { addresses, ..concluded(outcome, ResponseCode::NoError, ttl) }
    }
}

fn concluded(outcome: MxOutcome, code: ResponseCode, ttl_s: u32) -> MxAnswer {
    let said = code_name(code);
    MxAnswer { outcome, hosts: vec![], addresses: vec![], alias: None, said, ttl_s, resolver: None, asked_at: 0 }
}

fn failed(unanswered: Unanswered) -> MxAnswer {
    let Unanswered { outcome, said, resolver } = unanswered;
    let resolver: Option<SocketAddr> = resolver;
    MxAnswer { said, resolver, ..concluded(outcome, ResponseCode::NoError, 0) }
}

fn no_answer() -> Unanswered {
    Unanswered { outcome: MxOutcome::Temporary, said: "no answer".to_owned(), resolver: None }
}

fn mail_host(data: RData) -> Option<MX> {
    match data {
        RData::MX(record) => Some(record),
        _ => None,
    }
}

/// An address in the place of a host's name: no such name can exist, for no top-level domain is a number
/// (RFC 3696 section 2), and RFC 5321 section 5.1 wants a name.
fn is_number(name: &Name) -> bool {
    let last = name.iter().next_back();
    last.is_some_and(|label| !label.is_empty() && label.iter().all(u8::is_ascii_digit))
}

/// Lower case, without the last dot; empty for the root.
fn host_text(name: &Name) -> String {
    let mut text = name.to_lowercase().to_ascii();
    if text.ends_with('.') {
        text.pop();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_the_place_of_a_mail_host_is_no_name() {
        for (text, expected) in [("192.0.2.7.", true), ("mx.192.", true), ("mx1.example.", false), (".", false)] {
            assert_eq!(is_number(&Name::from_ascii(text).expect("a name")), expected, "{text}");
        }
    }
}
