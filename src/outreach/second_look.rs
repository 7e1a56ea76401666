//! A planned contact looked at again, right before it is used: may it still be, by the customer's newest record?

use jiff::civil::Date;

use super::suppression::SuppressionSet;
use crate::advice::{Adviser, Bar, Consents, Subject};
use crate::law::Law;
use crate::record::{Channel, ContactKind, CustomerId};
use crate::rule::OutreachRules;
use crate::store::{ProfilesFile, StoreError};

/// A planned contact.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'p> {
    /// Who is asked.
    pub customer: CustomerId,
    /// By which channel.
    pub channel: Channel,
    /// What it goes to.
    pub kind: ContactKind,
    /// Its key.
    pub key: &'p str,
    /// The number or the address itself.
    pub value: &'p str,
    /// Whose etiquette holds, as it was planned.
    pub country: &'p str,
}

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct SecondLook<'a> {
    /// Laws and customs.
    pub rules: &'a OutreachRules,
    /// The customers of the newest run.
    pub profiles: Option<&'a ProfilesFile>,
    /// What their lists say of consent. The basis that a plan was made on is not asked for again.
    pub consents: &'a Consents,
    /// Who is held.
    pub suppression: &'a SuppressionSet,
    /// Ages are counted for this day.
    pub day: Date,
}

impl<'a> SecondLook<'a> {
    /// By whose law a contact may still be used, or why it must not be.
    ///
    /// # Errors
    /// When the customers can't be read.
    pub fn law(&self, planned: &Planned<'_>) -> Result<Result<Law<'a>, Bar>, StoreError> {
        let Planned { customer, channel, kind, key, value, country } = *planned;
        if let Some(held) = self.suppression.hit(customer, kind, key, channel) {
            return Ok(Err(Bar::Held(held.reason)));
        }
        let profile = self.profiles.map(|profiles| profiles.by_id(customer)).transpose()?.flatten();
        // Whoever moved since the plan was made is asked by the rules of the new country.
        let moved = profile.as_ref().map(|profile| profile.country.as_str()).filter(|country| !country.is_empty());
        let country = moved.unwrap_or(country);
        let rules: &'a OutreachRules = self.rules;
        let Some(law) = Law::of_row(rules, country, kind, value) else { return Ok(Err(Bar::NoEtiquette)) };
        let Some(profile) = &profile else { return Ok(Ok(law)) };
        let Self { consents, day, .. } = *self;
        let adviser = Adviser { rules, policy: &rules.policy, region: country, day, consents };
        let case = adviser.case(Subject { country, ..Subject::from(profile) }, self.suppression);
        let place = profile.contacts.iter().position(|contact| contact.kind == kind && contact.key == key);
        let closed = match place {
            Some(place) => case.contact(place, channel).err(),
            // The newest list has another number or address; what it says of the person holds all the same.
            None => case.closed_by(channel),
        };
        // Whether a message arrives there was for the plan to say, or for whoever planned by hand.
        Ok(match closed.map(|closed| closed.bar) {
            Some(bar) if bar != Bar::NoContact => Err(bar),
            _ => Ok(law),
        })
    }
}

/// Why a planned contact is taken back, as the outbox keeps it.
pub fn taken_back(bar: Bar) -> String {
    match bar {
        Bar::Held(reason) => format!("suppressed:{reason}"),
        bar => bar.as_str().to_owned(),
    }
}
