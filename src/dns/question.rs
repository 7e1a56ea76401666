//! One question as it goes over the wire.

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query};
use hickory_proto::rr::{Name, RecordType};

/// A name and a type, with the packet that asks for them.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) name: Name,
    pub(super) kind: RecordType,
    edns_bytes: u16,
    packet: Vec<u8>,
}

impl Question {
    /// None where the name can't be written into a packet.
    pub(super) fn new(name: Name, kind: RecordType, edns_bytes: u16) -> Option<Self> {
        let packet = packet(&name, kind, edns_bytes)?;
        Some(Question { name, kind, edns_bytes, packet })
    }

    /// The packet under this id; without EDNS for servers that do not know it (RFC 6891 section 7).
    pub(super) fn wire(&self, id: u16, with_edns: bool) -> Vec<u8> {
        let mut wire = match with_edns || self.edns_bytes == 0 {
            true => self.packet.clone(),
            false => packet(&self.name, self.kind, 0).unwrap_or_else(|| self.packet.clone()),
        };
        wire[..2].copy_from_slice(&id.to_be_bytes());
        wire
    }

    /// Whether a message repeats this question, as every answer must (RFC 5452 section 9.1). A server that did not
    /// understand the question may leave it out.
    pub(super) fn is_answered_by(&self, message: &Message) -> bool {
        use hickory_proto::op::ResponseCode::{FormErr, NotImp};
        match message.queries.as_slice() {
            [] => matches!(message.metadata.response_code, FormErr | NotImp),
            [query] => query.query_type() == self.kind && *query.name() == self.name,
            _ => false,
        }
    }
}

fn packet(name: &Name, kind: RecordType, edns_bytes: u16) -> Option<Vec<u8>> {
    let mut message = Message::new(0, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(name.clone(), kind));
    if edns_bytes > 0 {
        let mut edns = Edns::new();
        edns.set_max_payload(edns_bytes);
        message.set_edns(edns);
    }
    message.to_vec().ok()
}

/// The domain as a name that can be asked for; none where it is no host name (RFC 1123 section 2.1, and `_`, which
/// some zones have).
pub(super) fn askable(domain: &str) -> Option<Name> {
    let fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if domain.len() > 253 || !domain.split('.').all(fits) {
        return None;
    }
    let mut name = Name::from_ascii(domain).ok()?;
    name.set_fqdn(true);
    Some(name)
}

/// The form in which a domain is asked for and remembered: lower case, ASCII, without a last dot.
pub(super) fn normalized(domain: &str) -> String {
    let domain = domain.trim();
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if domain.is_ascii() {
        return domain.to_ascii_lowercase();
    }
    idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_host_name_is_never_asked_for() {
        for domain in ["", ".", "a..b", "a b.example", "עברית.example", "a\\046b.example", "a@b", &"a.".repeat(200)]
        {
            assert!(askable(domain).is_none(), "{domain}");
        }
        for domain in
            ["example", "a.example", "xn--4dbcagdahymbxekheh6e0a7fei0b.co.il", "_dmarc.example", "1.2.example"]
        {
            assert!(askable(domain).is_some(), "{domain}");
        }
    }

    #[test]
    fn a_domain_has_one_spelling() {
        assert_eq!(normalized(" Walla.CO.il. "), "walla.co.il");
        assert_eq!(normalized("דואר.קום"), "xn--4dbfg1f.xn--9dbq2a");
    }

    #[test]
    fn any_text_is_normalized_without_a_panic() {
        for text in ["\u{202e}", "xn--", "xn--ls8h=", "\u{0}", "а.б", "ß.de"] {
            let once = normalized(text);
            assert_eq!(normalized(&once), once, "{text:?}");
            let _ = askable(&once);
        }
    }
}
