//! How a customer can be reached, what that costs, and what is to be gained by it.

use super::hold::Hold;
use super::message::Writer;
use super::suppression::SuppressionSet;
use crate::advice::{Adviser, CHANNELS, Case, Channels, Open, Subject, stale};
use crate::record::{Channel, ContactKind, ContactPoint, CustomerProfile, Reach};
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
            |contact: &ContactPoint| contact.takes(channel) != Reach::No && contact.kind.key_hash(&contact.key) == key;
        let place = profile.contacts.iter().position(is_it).ok_or(Hold::AskAtTill)?;
        self.way_by(profile, case.contact(place, channel)?, purpose)
    }

    fn way_by(&self, profile: &CustomerProfile, open: Open<'a>, purpose: Purpose) -> Result<Way<'a>, Hold> {
        let channel = open.permission.channel();
        let contact = &profile.contacts[open.contact];
        let etiquette = open.law.etiquette;
        let message = self.writer.write(open.permission, profile, etiquette, purpose).ok_or(Hold::MessageTooLong)?;
        let cost = self.policy.price(channel, open.law.place).millionths().saturating_mul(message.parts().into());
        let chance = chance(self.policy, &profile.contacts, contact, channel);
        let value = match self.objective {
            Objective::Value => f64::from(profile.value).max(0.0),
            Objective::Records => 1.0,
        };
        let gain = gain(self.policy, chance, value, cost);
        Ok(Way { open, key: contact.kind.key_hash(&contact.key), cost, chance, gain })
    }

    /// The same way with what it gains by the customer's value, whichever objective the plan has.
    pub(super) fn by_value(&self, way: Way<'a>, profile: &CustomerProfile) -> Way<'a> {
        Way { gain: gain(self.policy, way.chance, f64::from(profile.value).max(0.0), way.cost), ..way }
    }
}

/// Units of the currency.
fn gain(policy: &OutreachPolicy, chance: f64, value: f64, cost: u64) -> f64 {
    let worth = policy.worth.millionths() as f64 / 1e6;
    chance * value * worth - cost as f64 / 1e6
}

/// The chance that asking repairs something: what else is stale, if this contact reaches its owner, who answers.
fn chance(policy: &OutreachPolicy, contacts: &[ContactPoint], contact: &ContactPoint, channel: Channel) -> f64 {
    let to_repair = other_stale(contacts, contact) + policy.other_fields;
    f64::from(to_repair) * f64::from(1.0 - stale(contact)) * policy.answer.of(channel)
}

/// The chance that the customer's contact of the other kind is stale; 0 where there is none.
fn other_stale(contacts: &[ContactPoint], contact: &ContactPoint) -> f32 {
    let other = match contact.kind {
        ContactKind::Phone => ContactKind::Email,
        ContactKind::Email => ContactKind::Phone,
    };
    contacts.iter().find(|contact| contact.kind == other).map_or(0.0, stale)
}

/// Of the ways in the order of advice the first that gains something.
pub(super) fn prefer<'a>(case: &Case<'_, 'a>, ways: &[Way<'a>]) -> Option<Way<'a>> {
    let mut order: Vec<Way<'a>> = ways.to_vec();
    order.sort_by_key(|way| case.rank(&way.open));
    let best = order.iter().max_by(|one, other| one.gain.total_cmp(&other.gain)).copied();
    order.iter().find(|way| way.gain > 0.0).copied().or(best)
}

/// A customer asked once, before anybody said who asks and for how much: by the way that a plan would take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstAsk {
    /// By which channel.
    pub channel: Channel,
    /// Millionths of the currency; a text message has one part.
    pub cost: u64,
    /// Stale contacts that are expected to be put right by it.
    pub won: f64,
}

/// How a customer would be asked; none where no way is open, or asking costs more than is to be gained.
pub fn first_ask<'a>(
    case: &Case<'_, 'a>,
    channels: &Channels<'a>,
    contacts: &[ContactPoint],
    policy: &OutreachPolicy,
) -> Option<FirstAsk> {
    let best = |open: &Vec<Open<'a>>| {
        let ways = open.iter().map(|open| {
            let contact = &contacts[open.contact];
            let channel = open.permission.channel();
            let cost = policy.price(channel, open.law.place).millionths();
            let chance = chance(policy, contacts, contact, channel);
            Way { open: *open, key: 0, cost, chance, gain: gain(policy, chance, 1.0, cost) }
        });
        ways.reduce(|best, way| if way.chance > best.chance { way } else { best })
    };
    let ways: Vec<Way<'a>> = channels.iter().flatten().filter_map(best).collect();
    let way = prefer(case, &ways).filter(|way| way.gain > 0.0)?;
    let contact = &contacts[way.open.contact];
    let won = f64::from(other_stale(contacts, contact)) * f64::from(1.0 - stale(contact));
    Some(FirstAsk { channel: way.channel(), cost: way.cost, won: won * policy.answer.of(way.channel()) })
}
