//! Reading a reply: which records answer the question, along which aliases, and for how long.

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{Name, RData};

use super::question::Question;

/// What a reply says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reply {
    /// Records of the type asked for, found at the end of the aliases.
    Records { data: Vec<RData>, alias: Option<Name>, ttl: u32 },
    /// The name is there, but has no record of this type.
    NoRecord { alias: Option<Name>, ttl: u32 },
    /// There is no such name.
    NoName { alias: Option<Name>, ttl: u32 },
    /// The name is an alias of one that the reply says nothing about.
    Elsewhere { target: Name },
    /// Aliases in a ring, or too many of them.
    AliasRing,
    /// The server could not or would not answer.
    Failed(ResponseCode),
    /// The server knows nothing of the name and points to others, as one does that does not resolve for clients.
    Referral,
}

/// Reads a message that repeats the question and is not truncated.
pub(super) fn read(question: &Question, message: &Message, most_aliases: usize) -> Reply {
    let code = message.metadata.response_code;
    if !matches!(code, ResponseCode::NoError | ResponseCode::NXDomain) {
        return Reply::Failed(code);
    }
    let mut at = &question.name;
    let mut least_ttl = u32::MAX;
    let mut aliases = 0;
    loop {
        let here = message.answers.iter().filter(|record| record.name == *at);
        let found = here.clone().filter(|record| record.record_type() == question.kind);
        let data: Vec<RData> = found
            .map(|record| {
                least_ttl = least_ttl.min(record.ttl);
                record.data.clone()
            })
            .collect();
        let alias = || (aliases > 0).then(|| at.clone());
        if !data.is_empty() {
            return Reply::Records { data, alias: alias(), ttl: least_ttl };
        }
        let next = here.clone().find_map(|record| match &record.data {
            RData::CNAME(target) => Some((&target.0, record.ttl)),
            _ => None,
        });
        match next {
            Some((target, ttl)) => {
                least_ttl = least_ttl.min(ttl);
                aliases += 1;
                if aliases > most_aliases {
                    return Reply::AliasRing;
                }
                at = target;
            }
            None => {
                let ttl = least_ttl.min(negative_ttl(message));
                return match code {
                    // The code speaks of the last name of the chain (RFC 6604 section 3).
                    ResponseCode::NXDomain => Reply::NoName { alias: alias(), ttl },
                    _ if has_soa(message) || (aliases == 0 && !is_referral(message)) => {
                        Reply::NoRecord { alias: alias(), ttl }
                    }
                    _ if aliases > 0 => Reply::Elsewhere { target: at.clone() },
                    _ => Reply::Referral,
                };
            }
        }
    }
}

/// How long a "no" holds: the lesser of the SOA's own time and its last field (RFC 2308 section 5).
fn negative_ttl(message: &Message) -> u32 {
    let of_soa = |record: &hickory_proto::rr::Record| match &record.data {
        RData::SOA(soa) => Some(record.ttl.min(soa.minimum)),
        _ => None,
    };
    message.authorities.iter().find_map(of_soa).unwrap_or(0)
}

fn has_soa(message: &Message) -> bool {
    message.authorities.iter().any(|record| matches!(record.data, RData::SOA(_)))
}

/// Name servers of others and nothing else (RFC 2308 section 2.2): not a "no", although it looks like one.
fn is_referral(message: &Message) -> bool {
    !message.metadata.authoritative && message.authorities.iter().any(|record| matches!(record.data, RData::NS(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hickory_proto::op::{MessageType, OpCode};
    use hickory_proto::rr::rdata::{CNAME, MX, NS, SOA};
    use hickory_proto::rr::{Record, RecordType};

    fn name(text: &str) -> Name {
        Name::from_ascii(text).expect("a name")
    }

    fn ask() -> Question {
        Question::new(name("shop.example."), RecordType::MX, 1232).expect("can be written")
    }

    fn reply(code: ResponseCode, answers: Vec<Record>, authorities: Vec<Record>) -> Message {
        let mut message = Message::new(1, MessageType::Response, OpCode::Query);
        message.metadata.response_code = code;
        message.add_answers(answers);
        message.add_authorities(authorities);
        message
    }

    fn alias(from: &str, to: &str) -> Record {
        Record::from_rdata(name(from), 60, RData::CNAME(CNAME(name(to))))
    }

    fn mx(owner: &str) -> Record {
        Record::from_rdata(name(owner), 300, RData::MX(MX::new(10, name("mx.example."))))
    }

    fn soa() -> Record {
        let soa = SOA::new(name("ns.example."), name("host.example."), 1, 3600, 600, 86_400, 900);
        Record::from_rdata(name("example."), 3600, RData::SOA(soa))
    }

    #[test]
    fn records_at_the_end_of_aliases_are_found_with_the_least_ttl() {
        let message =
            reply(ResponseCode::NoError, vec![mx("b.example."), alias("shop.example.", "B.example.")], vec![]);
        let Reply::Records { data, alias, ttl } = read(&ask(), &message, 8) else { panic!("has records") };
        assert_eq!((data.len(), alias, ttl), (1, Some(name("b.example.")), 60));
    }

    #[test]
    fn records_of_other_names_do_not_answer() {
        let message = reply(ResponseCode::NoError, vec![mx("other.example.")], vec![soa()]);
        assert_eq!(read(&ask(), &message, 8), Reply::NoRecord { alias: None, ttl: 900 });
    }

    #[test]
    fn an_alias_of_a_name_that_is_not_there_is_not_there() {
        let message = reply(ResponseCode::NXDomain, vec![alias("shop.example.", "gone.example.")], vec![soa()]);
        assert_eq!(read(&ask(), &message, 8), Reply::NoName { alias: Some(name("gone.example.")), ttl: 60 });
    }

    #[test]
    fn an_alias_that_leaves_the_zone_has_to_be_asked_for() {
        let message = reply(ResponseCode::NoError, vec![alias("shop.example.", "shop.other.")], vec![]);
        assert_eq!(read(&ask(), &message, 8), Reply::Elsewhere { target: name("shop.other.") });
    }

    #[test]
    fn aliases_in_a_ring_end() {
        let ring = vec![alias("shop.example.", "b.example."), alias("b.example.", "shop.example.")];
        assert_eq!(read(&ask(), &reply(ResponseCode::NoError, ring, vec![]), 8), Reply::AliasRing);
    }

    proptest::proptest! {
        #[test]
        fn no_packet_makes_reading_fail(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            // As it is, and behind a header and a question that are right.
            let mut framed = ask().wire(7, false);
            framed[2] |= 0x80;
            framed[7] = 3;
            framed.extend(&bytes);
            for packet in [bytes, framed] {
                if let Ok(message) = Message::from_vec(&packet) {
                    let _ = read(&ask(), &message, 8);
                    let _ = ask().is_answered_by(&message);
                }
            }
        }
    }

    #[test]
    fn a_referral_is_no_answer() {
        let elsewhere = Record::from_rdata(name("example."), 60, RData::NS(NS(name("ns.example."))));
        let message = reply(ResponseCode::NoError, vec![], vec![elsewhere]);
        assert_eq!(read(&ask(), &message, 8), Reply::Referral);
        assert_eq!(
            read(&ask(), &reply(ResponseCode::NoError, vec![], vec![]), 8),
            Reply::NoRecord { alias: None, ttl: 0 }
        );
    }
}
