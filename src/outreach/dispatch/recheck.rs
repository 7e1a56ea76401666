//! What is looked at again right before a message leaves, though the plan looked at it before: much may have happened since.

use jiff::{SignedDuration, Timestamp};

use crate::outreach::next_open;
use crate::record::{Channel, Consent, CustomerCard};
use crate::rule::OutreachRules;
use crate::store::{CardsFile, OutboxRow, Store, StoreError, SuppressionSet};

/// What is to be done with a row that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may be sent.
    Go,
    /// It must not be sent any more: why, as a code.
    Cancel(String),
    /// It must not be sent at this hour.
    PutOff(Timestamp),
}

/// Looks again at suppression, consent and the hour.
pub(super) struct Recheck<'a> {
    rules: &'a OutreachRules,
    cards: Option<CardsFile>,
    suppressions: SuppressionSet,
    stamp: (i64, i64),
}

impl<'a> Recheck<'a> {
    pub(super) fn new(store: &Store, rules: &'a OutreachRules) -> Result<Self, StoreError> {
        let cards = store.latest_cards()?;
        let stamp = store.suppression_stamp()?;
        let suppressions = SuppressionSet::load(store, cards.as_ref())?;
        Ok(Recheck { rules, cards, suppressions, stamp })
    }

    /// Takes over what the suppression list has learnt meanwhile.
    pub(super) fn refresh(&mut self, store: &Store) -> Result<(), StoreError> {
        let stamp = store.suppression_stamp()?;
        if stamp != self.stamp {
            self.suppressions = SuppressionSet::load(store, self.cards.as_ref())?;
            self.stamp = stamp;
        }
        Ok(())
    }

    pub(super) fn check(&self, row: &OutboxRow, now: Timestamp) -> Result<Verdict, StoreError> {
        if let Some(held) = self.suppressions.hit(row.customer, row.contact(), &row.recipient_key, row.channel) {
            return Ok(Verdict::Cancel(format!("suppressed:{}", held.reason)));
        }
        let card = self.cards.as_ref().map(|cards| cards.by_id(row.customer)).transpose()?.flatten();
        if let Some(why) = card.as_ref().and_then(|card| refused(card, row.channel)) {
            return Ok(Verdict::Cancel(why.to_owned()));
        }
        let Some(etiquette) = self.rules.etiquette_of(&row.country) else {
            return Ok(Verdict::Cancel("no_etiquette".to_owned()));
        };
        Ok(match next_open(etiquette, &row.country, row.channel, now, DAYS_AHEAD) {
            Some(open) if open <= now => Verdict::Go,
            Some(open) => Verdict::PutOff(open),
            None => Verdict::PutOff(now + SignedDuration::from_hours(24 * i64::from(DAYS_AHEAD))),
        })
    }
}

/// Why the customer's newest record speaks against a channel. What it does not say was settled by the plan.
fn refused(card: &CustomerCard, channel: Channel) -> Option<&'static str> {
    let (place, refused) = match channel {
        Channel::Sms => (CustomerCard::SMS, card.holds.sms_refused),
        Channel::Email => (CustomerCard::EMAIL, card.holds.email_refused),
        Channel::Call => (CustomerCard::CALL, card.holds.call_refused),
    };
    let says_no = |consent: Option<Consent>| matches!(consent, Some(Consent::No | Consent::Unknown));
    if card.holds.deceased {
        Some("suppressed:deceased")
    } else if card.holds.legal {
        Some("suppressed:legal")
    } else if card.holds.do_not_contact || refused.is_some() {
        Some("suppressed:opt_out")
    } else if says_no(card.consent[place]) || says_no(card.consent[CustomerCard::ANY]) {
        Some("no_consent")
    } else {
        None
    }
}

/// No holiday lasts so long.
const DAYS_AHEAD: u16 = 21;
