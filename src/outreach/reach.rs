//! How a customer can be reached, what that costs, and what is to be gained by it.

use super::hold::Hold;
use super::message::Writer;
use super::suppression::SuppressionSet;
use crate::advice::{Adviser, CHANNELS, Case, Open, Subject, stale};
use crate::record::{Channel, ContactKind, ContactPoint, CustomerProfile, Money, Reach, text_hash};
use crate::rule::{OutreachPolicy, Purpose};

/// One way to ask a customer, past all gates that concern the contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way<'a> {
    /// That it is open, and to which contact.
    pub(super) open: Open<'a>,
    /// Hash of the contact's key: equal contacts have equal ones.
    pub(super) key: u64,
    /// Millionths of the currency.
    pub(super) cost: u64,
    /// Chance that asking repairs something.
    pub(super) chance: f64,
    /// Units of the currency.
    pub(super) gain: f64,
}

impl Way<'_> {
    /// By which channel.
    pub(super) const fn channel(&self) -> Channel {
        self.open.permission.channel()
    }

    /// What is gained for the money.
    pub(super) fn density(&self) -> f64 {
        self.gain / self.cost.max(1) as f64
    }
}

/// Whose value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Objective {
    /// What a customer is worth.
    Value,
    /// Each customer the same: as many as possible are put right.
    #[default]
    Records,
}

/// Everything that says how customers may be reached.
#[derive(Debug)]
pub(super) struct Reaching<'a> {
    /// Limits, chances and prices.
    pub(super) policy: &'a OutreachPolicy,
    /// The words.
    pub(super) writer: Writer<'a>,
    /// By what it is decided who may be contacted.
    pub(super) adviser: Adviser<'a>,
    /// Who is held.
    pub(super) suppression: &'a SuppressionSet,
    /// Whose value counts.
    pub(super) objective: Objective,
}

/// The key of a contact as numbers are compared here.
pub(super) fn key_hash(kind: ContactKind, key: &str) -> u64 {
    text_hash(key) ^ kind as u64
}

impl<'a> Reaching<'a> {
    /// What is decided of a customer.
    pub(super) fn case<'s>(&self, profile: &'s CustomerProfile) -> Case<'s, 'a>
    where
        'a: 's,
    {
        self.adviser.case(Subject::from(profile), self.suppression)
    }

    /// All ways to ask, the best contact of each channel; or the gate that came last, if none is open.
    pub(super) fn ways(
        &self,
        profile: &CustomerProfile,
        case: &Case<'_, 'a>,
        purpose: Purpose,
    ) -> Result<Vec<Way<'a>>, Hold> {
        let mut closed = Hold::AskAtTill;
        let mut ways = Vec::with_capacity(CHANNELS.len());
        for channel in CHANNELS {
            match self.way(profile, case, channel, purpose) {
                Ok(way) => ways.push(way),
                Err(hold) => closed = closed.or_later(hold),
            }
        }
        if ways.is_empty() { Err(closed) } else { Ok(ways) }
    }

    /// The best contact for a channel, or the gate that it came to.
    pub(super) fn way(
        &self,
        profile: &CustomerProfile,
        case: &Case<'_, 'a>,
        channel: Channel,
        purpose: Purpose,
    ) -> Result<Way<'a>, Hold> {
        let mut closed = Hold::AskAtTill;
        let mut best: Option<Way<'a>> = None;
        for open in case.channel(channel)? {
            match self.way_by(profile, open, purpose) {
                // The first of equals: the golden one stands first.
                Ok(way) if best.is_none_or(|best| way.chance > best.chance) => best = Some(way),
                Ok(_) => {}
                Err(hold) => closed = closed.or_later(hold),
            }
        }
        best.ok_or(closed)
    }

    /// The way to one contact of the profile, by its hash; or the gate that it came to.
    pub(super) fn way_to(
        &self,
        profile: &CustomerProfile,
        case: &Case<'_, 'a>,
        channel: Channel,
        purpose: Purpose,
        key: u64,
    ) -> Result<Way<'a>, Hold> {
        let is_it =
            |contact: &ContactPoint| contact.takes(channel) != Reach::No && key_hash(contact.kind, &contact.key) == key;
        let place = profile.contacts.iter().position(is_it).ok_or(Hold::AskAtTill)?;
        self.way_by(profile, case.contact(place, channel)?, purpose)
    }

    fn way_by(&self, profile: &CustomerProfile, open: Open<'a>, purpose: Purpose) -> Result<Way<'a>, Hold> {
        let channel = open.permission.channel();
        let contact = &profile.contacts[open.contact];
        let etiquette = open.law.etiquette;
        let message = self.writer.write(open.permission, profile, etiquette, purpose).ok_or(Hold::MessageTooLong)?;
        let cost = millionths(self.policy.price(channel, open.law.place)) * u64::from(message.parts());
        let chance = self.chance(profile, contact, channel);
        let value = match self.objective {
            Objective::Value => f64::from(profile.value).max(0.0),
            Objective::Records => 1.0,
        };
        Ok(Way { open, key: key_hash(contact.kind, &contact.key), cost, chance, gain: self.gain(chance, value, cost) })
    }

    /// The same way with what it gains by the customer's value, whichever objective the plan has.
    pub(super) fn by_value(&self, way: Way<'a>, profile: &CustomerProfile) -> Way<'a> {
        Way { gain: self.gain(way.chance, f64::from(profile.value).max(0.0), way.cost), ..way }
    }

    /// Units of the currency.
    fn gain(&self, chance: f64, value: f64, cost: u64) -> f64 {
        let worth = millionths(self.policy.worth) as f64 / 1e6;
        chance * value * worth - cost as f64 / 1e6
    }

    /// The chance that asking repairs something: what else is stale, if this contact reaches its owner, who answers.
    fn chance(&self, profile: &CustomerProfile, contact: &ContactPoint, channel: Channel) -> f64 {
        let other = match contact.kind {
            ContactKind::Phone => ContactKind::Email,
            ContactKind::Email => ContactKind::Phone,
        };
        let to_repair = profile.first(other).map_or(0.0, stale) + self.policy.other_fields;
        f64::from(to_repair) * f64::from(1.0 - stale(contact)) * self.policy.answer.of(channel)
    }
}

/// An amount in millionths.
pub(super) const fn millionths(money: Money) -> u64 {
    money.ten_thousandths().saturating_mul(100)
}
