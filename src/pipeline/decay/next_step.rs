//! What to do about a flagged customer: the cheapest way to ask that likely still reaches.

use super::super::{CleanedList, Setup};
use super::Decay;
use crate::record::{Channel, ContactKind, ContactPoint, Reach, Verdict};

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

/// More likely stale than this, a contact is no way to ask.
const LIKELY_STALE: f32 = 0.5;

impl Decay {
    /// What to do about a customer.
    pub fn next_step(&self, lists: &[CleanedList<'_>], customer: u32, setup: &Setup) -> NextStep {
        let rows = self.rows(customer);
        let holds = self.holds(rows);
        if holds.deceased || holds.legal {
            return NextStep::Nothing;
        }
        if holds.do_not_contact {
            return NextStep::Till;
        }
        // What outputs don't tell of a line is not told by the way it is asked, either.
        let contacts = self.contact_points(lists, rows, customer, setup.export_private, setup);
        let has = |kind: ContactKind, can: &dyn Fn(&ContactPoint) -> bool| {
            contacts.iter().any(|contact| contact.kind == kind && is_usable(contact) && can(contact))
        };
        let may = |channel: Channel, refused: Option<i32>| refused.is_none() && !self.refuses(rows, channel);
        if may(Channel::Sms, holds.sms_refused) && has(ContactKind::Phone, &|contact| contact.sms == Reach::Yes) {
            NextStep::Sms
        } else if may(Channel::Call, holds.call_refused)
            && has(ContactKind::Phone, &|contact| contact.call == Reach::Yes)
        {
            NextStep::Call
        } else if may(Channel::Email, holds.email_refused) && has(ContactKind::Email, &|_| true) {
            NextStep::Email
        } else {
            NextStep::Till
        }
    }
}

fn is_usable(contact: &ContactPoint) -> bool {
    matches!(contact.verdict, Verdict::Ok | Verdict::Repaired | Verdict::Risky)
        && contact.stale.is_some_and(|p| p < LIKELY_STALE)
}
