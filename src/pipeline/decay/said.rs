//! What is said of rows and of customers, for outputs and for later stages.

use super::super::CleanedList;
use super::flags::{Flag, FlagReason};
use super::{Decay, status};
use crate::decay::{Contribution, Score};
use crate::record::{Channel, ContactKind, CustomerStatus, Field, Holds, RowNumber, mix};
use crate::rule::NoteKind;

/// What is said of a row.
#[derive(Debug, Clone, Copy)]
pub struct RowDecay {
    /// The probability that its address is stale; none where there is nothing to judge.
    pub email: Option<f32>,
    /// Likewise its number.
    pub phone: Option<f32>,
    /// Its customer's place.
    pub customer: u32,
}

/// A contact that is likely stale.
#[derive(Debug)]
pub struct FlaggedContact {
    /// What it is.
    pub kind: ContactKind,
    /// The row that it is of.
    pub row: u32,
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
        let scores = self.scores.p.iter().fold(self.events.content(), |hash, p| mix(hash ^ shown(p)));
        self.flags.iter().fold(scores, |hash, flag| mix(hash ^ u64::from(flag.customer)))
    }

    /// The first row of a block.
    pub fn first_of(&self, list: usize, block: usize) -> u32 {
        self.facts.first_of(list, block)
    }

    /// The list's own key of a row.
    pub fn key_text<'l>(&self, lists: &'l [CleanedList<'_>], row: u32) -> &'l str {
        let place = self.facts.place(row);
        lists[place.list].blocks[place.block].checked.standard().cell(place.row, Field::Id)
    }

    /// The list and the record number of a row.
    pub fn number(&self, lists: &[CleanedList<'_>], row: u32) -> (usize, RowNumber) {
        let place = self.facts.place(row);
        (place.list, lists[place.list].blocks[place.block].checked.standard().number(place.row))
    }

    /// The row of a record; none where it was quarantined or is not there.
    pub fn row_of(&self, lists: &[CleanedList<'_>], list: usize, number: RowNumber) -> Option<u32> {
        lists.get(list)?.blocks.iter().enumerate().find_map(|(block, rows)| {
            let found = rows.checked.standard().numbers().binary_search(&number).ok()?;
            Some(self.facts.first_of(list, block) + found as u32)
        })
    }

    /// What is said of a row.
    pub fn of_row(&self, row: u32) -> RowDecay {
        let p = |kind: ContactKind| {
            let place = self.facts.primary(row, kind)?;
            Some(self.scores.p[place]).filter(|p| !p.is_nan())
        };
        RowDecay {
            email: p(ContactKind::Email),
            phone: p(ContactKind::Phone),
            customer: self.customer_of[row as usize],
        }
    }

    /// Number of customers.
    pub fn customers(&self) -> usize {
        self.chosen.len()
    }

    /// The probability of a customer's own address or number.
    pub fn of_customer(&self, customer: u32, kind: ContactKind) -> Option<f32> {
        let place = self.chosen[customer as usize][kind as usize];
        self.scores.p.get(place as usize).copied().filter(|p| !p.is_nan())
    }

    /// Where a customer stands with the club.
    pub fn status(&self, customer: u32) -> CustomerStatus {
        self.standing[customer as usize].status
    }

    /// What it is worth, 1 for an average one; none where nothing says it.
    pub fn value(&self, customer: u32) -> Option<f32> {
        self.standing[customer as usize].value
    }

    /// Its segment by value.
    pub fn segment(&self, customer: u32) -> &'static str {
        status::segment(self.value(customer), &self.rules)
    }

    fn flag_of(&self, customer: u32) -> Option<&Flag> {
        self.flags.binary_search_by_key(&customer, |flag| flag.customer).ok().map(|found| &self.flags[found])
    }

    /// Whether a customer is flagged.
    pub fn is_flagged(&self, customer: u32) -> bool {
        self.flag_of(customer).is_some()
    }

    /// Writes why it is flagged: `email.hard_bounce;phone.tenure`.
    pub fn push_reasons(&self, customer: u32, text: &mut String) {
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

    /// The flagged customers, in their order.
    pub fn flagged_customers(&self) -> Vec<u32> {
        self.flags.iter().map(|flag| flag.customer).collect()
    }

    /// The contacts that made a customer flagged, the likeliest first.
    pub fn flagged_contacts(&self, lists: &[CleanedList<'_>], customer: u32) -> Vec<FlaggedContact> {
        let Some(flag) = self.flag_of(customer) else { return Vec::new() };
        let contact = |kind: ContactKind| {
            let place = self.chosen[customer as usize][kind as usize] as usize;
            let reasons: Vec<FlagReason> = flag.reasons[kind as usize].iter().collect();
            let contact = self.facts.contacts.get(place).filter(|_| !reasons.is_empty())?;
            let value = self.facts.value(lists, contact).to_owned();
            Some(FlaggedContact { kind, row: contact.row, value, p: self.scores.p[place], reasons })
        };
        let mut contacts: Vec<FlaggedContact> =
            [ContactKind::Email, ContactKind::Phone].into_iter().filter_map(contact).collect();
        contacts.sort_by(|left, right| right.p.total_cmp(&left.p));
        contacts
    }

    /// Why the contacts of a row have their probabilities: place, value, probability, and lines that sum to its log-odds.
    pub fn explain_row(&self, lists: &[CleanedList<'_>], row: u32) -> Vec<ExplainedContact> {
        let explain = |place: usize| {
            let contact = &self.facts.contacts[place];
            let value = self.facts.value(lists, contact).to_owned();
            let evidence = self.evidence();
            evidence.ask(&self.groups, place, self.today, |history| ExplainedContact {
                kind: contact.kind(),
                value,
                is_unusable: contact.is_unusable(),
                is_nobodys: contact.is_nobodys(),
                shared_by: self.groups.shared_by(place),
                is_dated: history.captured.is_some(),
                p: (!contact.is_unusable()).then(|| self.model.score(history, self.today)),
                lines: self.model.explain(history, self.today),
            })
        };
        self.facts.of_row(row).map(explain).collect()
    }

    /// Whether some row of a customer refuses a channel in a column of consents.
    pub(super) fn refuses(&self, rows: &[u32], channel: Channel) -> bool {
        rows.iter().any(|row| self.facts.rows[*row as usize].refuses(channel))
    }

    /// What stands against contacting the customer of these rows.
    pub fn holds(&self, rows: &[u32]) -> Holds {
        let mut holds = Holds::default();
        for row in rows {
            let fact = &self.facts.rows[*row as usize];
            holds.do_not_contact |= fact.says(NoteKind::DoNotContact) || fact.asked_to_be_left();
            holds.deceased |= fact.says(NoteKind::Deceased);
            holds.legal |= fact.says(NoteKind::Legal);
            self.events.of_row(*row).iter().for_each(|event| self.events.hold(*event, &mut holds));
            for contact in &self.facts.contacts[self.facts.of_row(*row)] {
                self.events.of_contact(contact.key).iter().for_each(|event| self.events.hold(*event, &mut holds));
            }
        }
        holds
    }
}
