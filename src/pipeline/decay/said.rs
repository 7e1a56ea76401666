//! What is said of rows and of customers, for outputs and for later stages.

use super::{Decay, FlagReason};
use crate::decay::{Contribution, Flag, Score};
use crate::evidence::Evidence;
use crate::record::{ContactIndex, ContactKind, CustomerIndex, FlagReasons, RowIndex, Rows, mix};

/// What is said of a row.
#[derive(Debug, Clone, Copy)]
pub struct RowDecay {
    /// The probability that its address is stale; none where there is nothing to judge.
    pub email: Option<f32>,
    /// Likewise its number.
    pub phone: Option<f32>,
    /// Its customer.
    pub customer: CustomerIndex,
}

/// A contact that is likely stale.
#[derive(Debug)]
pub struct FlaggedContact {
    /// What it is.
    pub kind: ContactKind,
    /// The row that it is of.
    pub row: RowIndex,
    /// The value.
    pub value: String,
    /// The probability that it is stale.
    pub p: f32,
    /// Why.
    pub reasons: Vec<FlagReason>,
}

/// Why a contact has its probability.
#[derive(Debug)]
pub struct ExplainedContact {
    /// What it is.
    pub kind: ContactKind,
    /// The value.
    pub value: String,
    /// It was wrong from the start.
    pub is_unusable: bool,
    /// It is no person's own.
    pub is_nobodys: bool,
    /// Customers who have it.
    pub shared_by: u32,
    /// Something says when it was captured.
    pub is_dated: bool,
    /// The probability; none where there is nothing to judge.
    pub p: Option<Score>,
    /// Its parts, in time order; they sum to the log-odds.
    pub lines: Vec<Contribution>,
}

impl Decay {
    /// A fixed hash of all that rests on evidence beside the rows themselves.
    pub fn fingerprint(&self) -> u64 {
        // As far as outputs show them.
        let shown = |p: &f32| if p.is_nan() { u64::MAX } else { (f64::from(*p) * 10_000.0).round() as u64 };
        let scores = self.scores.p.iter().fold(self.evidence.events.content(), |hash, p| mix(hash ^ shown(p)));
        self.flags.iter().fold(scores, |hash, flag| mix(hash ^ flag.customer.get() as u64))
    }

    /// What is said of a row.
    pub fn of_row(&self, row: RowIndex) -> RowDecay {
        let p = |kind: ContactKind| self.scores.p(self.evidence.facts.primary(row, kind)?);
        RowDecay {
            email: p(ContactKind::Email),
            phone: p(ContactKind::Phone),
            customer: self.evidence.customers.customer_of(row),
        }
    }

    /// The evidence that it judges.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Number of customers.
    pub fn customers(&self) -> usize {
        self.evidence.customers.len()
    }

    /// The probability of a customer's own address or number.
    pub fn of_customer(&self, customer: CustomerIndex, kind: ContactKind) -> Option<f32> {
        match self.evidence.chosen[customer.get()][kind as usize] {
            Some(place) => self.scores.p(place),
            None => self.given.get(&customer)?[kind as usize],
        }
    }

    fn flag_of(&self, customer: CustomerIndex) -> Option<&Flag> {
        self.flags.binary_search_by_key(&customer, |flag| flag.customer).ok().map(|found| &self.flags[found])
    }

    /// Whether a customer is flagged.
    pub fn is_flagged(&self, customer: CustomerIndex) -> bool {
        self.flag_of(customer).is_some()
    }

    /// Writes why it is flagged: `email.hard_bounce;phone.tenure`.
    pub fn push_reasons(&self, customer: CustomerIndex, text: &mut String) {
        let Some(flag) = self.flag_of(customer) else { return };
        for kind in [ContactKind::Email, ContactKind::Phone] {
            for reason in flag.reasons[kind as usize].iter() {
                if !text.is_empty() {
                    text.push(';');
                }
                text.push_str(kind.as_str());
                text.push('.');
                text.push_str(reason.as_str());
            }
        }
    }

    /// Why a customer is flagged.
    pub fn reasons(&self, customer: CustomerIndex) -> FlagReasons {
        let Some(flag) = self.flag_of(customer) else { return FlagReasons::default() };
        let of = |kind: ContactKind| flag.reasons[kind as usize].iter().map(move |reason| (kind, reason));
        FlagReasons([ContactKind::Email, ContactKind::Phone].into_iter().flat_map(of).collect())
    }

    /// The probability that a contact is stale; none where there is nothing to judge.
    pub(in super::super) fn of_contact(&self, place: ContactIndex) -> Option<f32> {
        self.scores.p(place)
    }

    /// The flagged customers, in their order.
    pub fn flagged_customers(&self) -> Vec<CustomerIndex> {
        self.flags.iter().map(|flag| flag.customer).collect()
    }

    /// The contacts that made a customer flagged, the likeliest first.
    pub fn flagged_contacts(&self, all: &Rows, customer: CustomerIndex) -> Vec<FlaggedContact> {
        let Some(flag) = self.flag_of(customer) else { return Vec::new() };
        let contact = |kind: ContactKind| {
            let reasons: Vec<FlagReason> = flag.reasons[kind as usize].iter().collect();
            let place = self.evidence.chosen[customer.get()][kind as usize].filter(|_| !reasons.is_empty())?;
            let contact = self.evidence.facts.contact(place);
            let value = self.evidence.facts.value(all, contact).to_owned();
            Some(FlaggedContact { kind, row: contact.row, value, p: self.scores.p[place.get()], reasons })
        };
        let mut contacts: Vec<FlaggedContact> =
            [ContactKind::Email, ContactKind::Phone].into_iter().filter_map(contact).collect();
        contacts.sort_by(|left, right| right.p.total_cmp(&left.p));
        contacts
    }

    /// Why the contacts of a row have their probabilities: place, value, probability, and lines that sum to its log-odds.
    pub fn explain_row(&self, all: &Rows, row: RowIndex) -> Vec<ExplainedContact> {
        let explain = |place: ContactIndex| {
            let contact = self.evidence.facts.contact(place);
            let value = self.evidence.facts.value(all, contact).to_owned();
            self.evidence.ask(place, self.evidence.today, |history| ExplainedContact {
                kind: contact.kind(),
                value,
                is_unusable: contact.is_unusable(),
                is_nobodys: contact.is_nobodys(),
                shared_by: self.evidence.values.shared_by(place),
                is_dated: history.captured.is_some(),
                p: (!contact.is_unusable()).then(|| self.model.score(history, self.evidence.today)),
                lines: self.model.explain(history, self.evidence.today),
            })
        };
        self.evidence.facts.of_row(row).map(explain).collect()
    }
}
