//! What to do about a flagged customer: the cheapest way to ask that likely still reaches.

use super::Decay;
use crate::record::{Channel, ContactKind, ContactPoint, CustomerIndex, Day, Reach, Redaction, Rows};

/// How a flagged customer can be asked. A hint for whoever reads the list; what is sent is decided by a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum NextStep {
    Sms,
    Call,
    Email,
    Till,
    Nothing,
}

impl NextStep {
    /// The word in `flagged.csv`.
    pub const fn as_str(self) -> &'static str {
        match self {
            NextStep::Sms => "sms",
            NextStep::Call => "call",
            NextStep::Email => "email",
            NextStep::Till => "till",
            NextStep::Nothing => "nothing",
        }
    }

    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            NextStep::Sms => "decay.next.sms",
            NextStep::Call => "decay.next.call",
            NextStep::Email => "decay.next.email",
            NextStep::Till => "decay.next.till",
            NextStep::Nothing => "decay.next.nothing",
        }
    }
}

impl Decay {
    /// What to do about a customer.
    pub fn next_step(&self, all: &Rows, customer: CustomerIndex, redaction: &Redaction) -> NextStep {
        let rows = self.evidence.rows(customer);
        let restrictions = self.evidence.restrictions(rows);
        if restrictions.deceased || restrictions.legal {
            return NextStep::Nothing;
        }
        if restrictions.do_not_contact {
            return NextStep::Till;
        }
        // What outputs don't tell of a line is not told by the way it is asked, either.
        let contacts = self.evidence.contact_points(all, customer, redaction, &|place| self.scores.p(place));
        let may = |channel: Channel, refused: Option<Day>| refused.is_none() && !self.evidence.refuses(rows, channel);
        let ways = [
            (NextStep::Sms, ContactKind::Phone, may(Channel::Sms, restrictions.sms_refused)),
            (NextStep::Call, ContactKind::Phone, may(Channel::Call, restrictions.call_refused)),
            (NextStep::Email, ContactKind::Email, may(Channel::Email, restrictions.email_refused)),
        ];
        let first = |most_stale: f32| {
            let can = |(way, kind, allowed): &&(NextStep, ContactKind, bool)| {
                *allowed && contacts.iter().any(|contact| contact.kind == *kind && way.can_use(contact, most_stale))
            };
            ways.iter().find(can).map(|(way, ..)| *way)
        };
        let last_resort = self.model.rules().limits.last_resort;
        first(last_resort).or_else(|| first(1.0)).unwrap_or(NextStep::Till)
    }
}

impl NextStep {
    fn can_use(self, contact: &ContactPoint, most_stale: f32) -> bool {
        let channel = match self {
            NextStep::Sms => Channel::Sms,
            NextStep::Call => Channel::Call,
            NextStep::Email => Channel::Email,
            NextStep::Till | NextStep::Nothing => return false,
        };
        // A plan tries what perhaps arrives as well; advice names what surely does.
        contact.takes(channel) == Reach::Yes && contact.stale.is_some_and(|p| p <= most_stale)
    }
}
