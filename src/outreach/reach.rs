//! How a customer can be reached, what that costs, and what is to be gained by it.

use super::consent::{Consents, Permission};
use super::hold::Hold;
use super::message::Writer;
use super::suppression::SuppressionSet;
use crate::law::{Law, home};
use crate::record::{Channel, ContactKind, ContactPoint, CustomerProfile, Money, Reach, Verdict, text_hash};
use crate::rule::{OutreachPolicy, Purpose};

/// One way to ask a customer, past all gates that concern the contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way<'a> {
    /// That it is allowed.
    pub(super) permission: Permission,
    /// Place of the contact on the profile.
    pub(super) contact: u8,
    /// Hash of the contact's key: equal contacts have equal ones.
    pub(super) key: u64,
    /// Whose laws and customs hold, and by which clocks.
    pub(super) law: Law<'a>,
    /// Millionths of the currency.
    pub(super) cost: u64,
    /// Chance that asking repairs something.
    pub(super) chance: f64,
    /// Units of the currency.
    pub(super) gain: f64,
}

impl Way<'_> {
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
    /// Who is held.
    pub(super) suppression: &'a SuppressionSet,
    /// What lists say of consent.
    pub(super) consents: &'a Consents,
    /// Country of customers whose country nobody knows.
    pub(super) region: &'a str,
    /// Whose value counts.
    pub(super) objective: Objective,
}

/// The key of a contact as numbers are compared here.
pub(super) fn key_hash(kind: ContactKind, key: &str) -> u64 {
    text_hash(key) ^ kind as u64
}

impl<'a> Reaching<'a> {
    /// All ways to ask, text message, call, e-mail in this order; or the gate that came last, if none is open.
    pub(super) fn ways(&self, profile: &CustomerProfile, purpose: Purpose) -> Result<Vec<Way<'a>>, Hold> {
        let mut closed = Hold::AskAtTill;
        let mut ways = Vec::with_capacity(3);
        for channel in [Channel::Sms, Channel::Call, Channel::Email] {
            match self.way(profile, channel, purpose) {
                Ok(way) => ways.push(way),
                Err(hold) => closed = closer(closed, hold),
            }
        }
        if ways.is_empty() { Err(closed) } else { Ok(ways) }
    }

    /// The best contact for a channel, or the gate that it came to.
    pub(super) fn way(&self, profile: &CustomerProfile, channel: Channel, purpose: Purpose) -> Result<Way<'a>, Hold> {
        let mut closed = Hold::AskAtTill;
        let mut best: Option<Way<'a>> = None;
        for (place, contact) in profile.contacts.iter().enumerate().take(usize::from(u8::MAX)) {
            if contact.takes(channel) == Reach::No {
                continue;
            }
            match self.way_by(profile, channel, purpose, place) {
                // The first of equals: the golden one stands first.
                Ok(way) if best.is_none_or(|best| way.chance > best.chance) => best = Some(way),
                Ok(_) => {}
                Err(hold) => closed = closer(closed, hold),
            }
        }
        best.ok_or(closed)
    }

    /// The way to one contact of the profile, by its hash; or the gate that it came to.
    pub(super) fn way_to(
        &self,
        profile: &CustomerProfile,
        channel: Channel,
        purpose: Purpose,
        key: u64,
    ) -> Result<Way<'a>, Hold> {
        let is_it =
            |contact: &ContactPoint| contact.takes(channel) != Reach::No && key_hash(contact.kind, &contact.key) == key;
        let place = profile.contacts.iter().take(usize::from(u8::MAX)).position(is_it).ok_or(Hold::AskAtTill)?;
        self.way_by(profile, channel, purpose, place)
    }

    fn way_by(
        &self,
        profile: &CustomerProfile,
        channel: Channel,
        purpose: Purpose,
        place: usize,
    ) -> Result<Way<'a>, Hold> {
        let contact = &profile.contacts[place];
        if contact.shared_by > self.policy.most_customers_per_value {
            return Err(Hold::SharedValue);
        }
        let rules = self.writer.rules;
        let home = match contact.kind {
            ContactKind::Phone => &profile.country,
            ContactKind::Email => home(rules, &profile.country, &profile.contacts),
        };
        let law = Law::of(rules, home, self.region, contact.kind, &contact.value).ok_or(Hold::NoEtiquette)?;
        if let Some(held) = self.suppression.hit(profile.id, contact.kind, &contact.key, channel) {
            return Err(Hold::Suppressed(held.reason));
        }
        let needs = *law.etiquette.consent.of(channel);
        let permission = self.consents.permit(profile, channel, needs).ok_or(Hold::NoConsent)?;
        let message = self.writer.write(permission, profile, law.etiquette, purpose).ok_or(Hold::MessageTooLong)?;
        let cost = millionths(self.price(channel, law.place)) * u64::from(message.parts());
        let chance = self.chance(profile, contact, channel);
        let value = match self.objective {
            Objective::Value => f64::from(profile.value).max(0.0),
            Objective::Records => 1.0,
        };
        let worth = millionths(self.policy.worth) as f64 / 1e6;
        Ok(Way {
            permission,
            contact: place as u8,
            key: key_hash(contact.kind, &contact.key),
            law,
            cost,
            chance,
            gain: chance * value * worth - cost as f64 / 1e6,
        })
    }

    fn price(&self, channel: Channel, country: &str) -> Money {
        let prices = self.policy.cost.of(channel);
        prices.get(country).or_else(|| prices.get("*")).copied().unwrap_or_default()
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

/// Chance that a contact is dead: what is invalid never was alive, and what was not judged is not held against it.
pub(super) fn stale(contact: &ContactPoint) -> f32 {
    if contact.verdict == Verdict::Invalid { 1.0 } else { contact.stale.unwrap_or(0.0).clamp(0.0, 1.0) }
}

/// Of two closed gates the one that stands later: it is what would have to change.
fn closer(one: Hold, other: Hold) -> Hold {
    let step = |hold: Hold| match hold {
        Hold::AskAtTill => 0,
        Hold::SharedValue => 1,
        Hold::NoEtiquette => 2,
        Hold::Suppressed(_) => 3,
        Hold::NoConsent => 4,
        _ => 5,
    };
    if step(other) > step(one) { other } else { one }
}

/// An amount in millionths.
pub(super) const fn millionths(money: Money) -> u64 {
    money.ten_thousandths().saturating_mul(100)
}
