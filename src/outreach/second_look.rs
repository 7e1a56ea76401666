//! A planned contact looked at again, right before it is used: may it still be, by the customer's newest record?

use jiff::civil::Date;

use super::suppression::SuppressionSet;
use crate::advice::{Adviser, Bar, Consents, Subject};
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

impl SecondLook<'_> {
    /// Why a contact must not be used any more; none where it may.
    ///
    /// # Errors
    /// When the customers can't be read.
    pub fn bar(&self, planned: &Planned<'_>) -> Result<Option<Bar>, StoreError> {
        let Planned { customer, channel, kind, key, country } = *planned;
        if let Some(held) = self.suppression.hit(customer, kind, key, channel) {
            return Ok(Some(Bar::Held(held.reason)));
        }
        if self.rules.country(country).is_none() {
            return Ok(Some(Bar::NoEtiquette));
        }
        let Some(profile) = self.profiles.map(|profiles| profiles.by_id(customer)).transpose()?.flatten() else {
            return Ok(None);
        };
        let Self { rules, consents, day, .. } = *self;
        let adviser = Adviser { rules, policy: &rules.policy, region: country, day, consents };
        let case = adviser.case(Subject::from(&profile), self.suppression);
        let place = profile.contacts.iter().position(|contact| contact.kind == kind && contact.key == key);
        let closed = match place {
            Some(place) => case.contact(place, channel).err(),
            // The newest list has another number or address; what it says of the person holds all the same.
            None => case.closed_by(channel),
        };
        // Whether a message arrives there was for the plan to say, or for whoever planned by hand.
        Ok(closed.map(|closed| closed.bar).filter(|bar| *bar != Bar::NoContact))
    }
}

/// Why a planned contact is taken back, as the outbox keeps it.
pub fn taken_back(bar: Bar) -> String {
    match bar {
        Bar::Held(reason) => format!("suppressed:{reason}"),
        bar => bar.as_str().to_owned(),
    }
}
