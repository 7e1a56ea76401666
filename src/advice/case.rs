//! One customer's case: which of its contacts may be used by which channel, and which should be.

use jiff::civil::Date;

use super::bar::{Bar, Closed};
use super::consent::{Asked, Consents, Permission};
use super::refusal::refusals;
use super::{Advice, CHANNELS, NextStep};
use std::cell::OnceCell;

use crate::law::{Law, home};
use crate::record::{
    Channel, ContactKind, ContactPoint, CustomerId, CustomerProfile, Day, GivenConsents, Reach, Restrictions,
    SuppressionReason, SuppressionScope, Verdict,
};
use crate::rule::{OutreachPolicy, OutreachRules};

/// What is known of a customer when it is decided about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    /// Its name from run to run.
    pub id: CustomerId,
    /// The list of the row that stands for it.
    pub list: &'s str,
    /// ISO 3166; empty where no list says it.
    pub country: &'s str,
    /// Its date of birth, where that is known.
    pub born: Option<Day>,
    /// A channel that it asked for.
    pub preferred: Option<Channel>,
    /// What it gave or refused; the strictest answers of its rows.
    pub consent: GivenConsents,
    /// What stands against contacting it.
    pub restrictions: Restrictions,
    /// Its addresses and numbers, the golden one of each kind first.
    pub contacts: &'s [ContactPoint],
}

impl<'s> From<&'s CustomerProfile> for Subject<'s> {
    fn from(profile: &'s CustomerProfile) -> Self {
        Subject {
            id: profile.id,
            list: &profile.list,
            country: &profile.country,
            born: profile.birth_date,
            preferred: profile.preferred,
            consent: profile.consent,
            restrictions: profile.restrictions,
            contacts: &profile.contacts,
        }
    }
}

/// What is held against customers and contacts beside what their own rows say: the suppression list of a workspace.
pub trait Suppressing: Sync {
    /// Why a customer may not be contacted by a channel, whatever the contact, and which channels that closes.
    fn customer(&self, id: CustomerId, channel: Channel) -> Option<(SuppressionReason, SuppressionScope)>;

    /// Why a number or an address may not be used for a channel, whoever has it.
    fn contact(&self, kind: ContactKind, key: &str, channel: Channel) -> Option<(SuppressionReason, SuppressionScope)>;
}

/// Nothing is held.
#[derive(Debug, Clone, Copy)]
pub struct NotHeld;

impl Suppressing for NotHeld {
    fn customer(&self, _: CustomerId, _: Channel) -> Option<(SuppressionReason, SuppressionScope)> {
        None
    }

    fn contact(&self, _: ContactKind, _: &str, _: Channel) -> Option<(SuppressionReason, SuppressionScope)> {
        None
    }
}

/// By what is decided.
#[derive(Debug, Clone, Copy)]
pub struct Adviser<'a> {
    /// Laws and customs of countries.
    pub rules: &'a OutreachRules,
    /// The limits in force: those of the rules, or what the owner put in their place.
    pub policy: &'a OutreachPolicy,
    /// Country of customers whose country nobody knows.
    pub region: &'a str,
    /// The day for which ages are counted.
    pub day: Date,
    /// What lists say of consent.
    pub consents: &'a Consents,
}

/// An open way to a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Open<'a> {
    /// That it is allowed.
    pub permission: Permission,
    /// Place of the contact among the customer's.
    pub contact: usize,
    /// Whose laws and customs hold, and by which clocks.
    pub law: Law<'a>,
    /// The probability that it no longer reaches its owner; 0 where nothing was judged.
    pub stale: f32,
}

/// For each of [`CHANNELS`] the open ways by it, the golden contact first; or the gate that came last, where none is open.
pub type Channels<'a> = [Result<Vec<Open<'a>>, Closed>; 3];

impl<'a> Adviser<'a> {
    /// The case of a customer.
    pub fn case<'s>(&self, subject: Subject<'s>, suppressing: &'s dyn Suppressing) -> Case<'s, 'a>
    where
        'a: 's,
    {
        let lists = subject.contacts.iter().filter_map(|contact| contact.row.as_ref()).map(|row| row.list.as_str());
        let lists = lists.chain([subject.list]);
        let stated = self.consents.stated_by(lists.clone());
        let is_unread = self.consents.are_unread(lists);
        let (home, laws) = (OnceCell::new(), Default::default());
        let mut case = Case { adviser: *self, subject, suppressing, stated, is_unread, closed: [None; 3], home, laws };
        case.closed = case.closed_to_person();
        case
    }
}

/// A customer's case.
pub struct Case<'s, 'a: 's> {
    adviser: Adviser<'a>,
    subject: Subject<'s>,
    suppressing: &'s dyn Suppressing,
    /// Which consents its lists state at all.
    stated: [bool; 4],
    /// Something that one of its lists says of contact was not understood.
    is_unread: bool,
    /// What closes each of [`CHANNELS`], whatever the contact.
    closed: [Option<Closed>; 3],
    /// Its country, once that was asked for.
    home: OnceCell<&'s str>,
    /// Whose law holds at each of its first contacts: each channel asks for it.
    laws: [OnceCell<Option<Law<'a>>>; 4],
}

impl std::fmt::Debug for Case<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("customer", &self.subject.id).field("closed", &self.closed).finish_non_exhaustive()
    }
}

impl<'s, 'a: 's> Case<'s, 'a> {
    fn closed_to_person(&self) -> [Option<Closed>; 3] {
        let Subject { restrictions, consent, .. } = &self.subject;
        let said = refusals(restrictions, consent, &self.adviser.policy.refusal);
        let is_minor = self.is_minor();
        let closed = CHANNELS.map(|channel| {
            let own = said.iter().filter(|refusal| refusal.scope.covers(channel));
            let own = own.map(|refusal| Closed { bar: bar(refusal.reason, refusal.scope), since: refusal.since });
            let suppressed = self.suppressing.customer(self.subject.id, channel);
            let suppressed = suppressed.map(|(reason, scope)| Closed::by(bar(reason, scope)));
            let facts = [(restrictions.blocked, Bar::Blocked), (is_minor, Bar::Minor)];
            let facts = facts.into_iter().filter(|(is_so, _)| *is_so).map(|(_, bar)| Closed::by(bar));
            own.chain(suppressed).chain(facts).reduce(Closed::or_nearer)
        });
        // Whoever refused each channel by itself asked not to be contacted.
        if closed.iter().all(|closed| closed.is_some_and(|closed| closed.bar == Bar::ChannelRefused)) {
            return closed
                .map(|closed| closed.map(|closed| Closed { bar: Bar::Held(SuppressionReason::OptOut), ..closed }));
        }
        closed
    }

    fn is_minor(&self) -> bool {
        let Adviser { rules, day, .. } = &self.adviser;
        let is_not_grown_up = |born: Day| {
            let home = Some(self.home()).filter(|home| !home.is_empty());
            let country = rules.country(home.unwrap_or(self.adviser.region));
            let of_age = country.map_or(ADULT, |(etiquette, _)| etiquette.minor_under);
            // Most are beyond any age that a law names.
            i32::from(day.year()) - i32::from(born.date().year()) <= i32::from(of_age)
                && born.date().saturating_add(jiff::Span::new().years(i16::from(of_age))) > *day
        };
        self.subject.restrictions.minor || self.subject.born.is_some_and(is_not_grown_up)
    }

    fn home(&self) -> &'s str {
        self.home.get_or_init(|| home(self.adviser.rules, self.subject.country, self.subject.contacts))
    }

    /// Why the customer may not be contacted at all, whatever its contacts; none where some channel is open to it.
    pub fn on_all(&self) -> Option<Closed> {
        let [sms, call, email] = self.closed;
        Some(sms?.or_nearer(call?).or_nearer(email?))
    }

    /// Whether a contact may be used by a channel that it takes.
    ///
    /// # Errors
    /// The last gate that it came to, where it may not.
    pub fn contact(&self, place: usize, channel: Channel) -> Result<Open<'a>, Closed> {
        if let Some(closed) = self.closed_by(channel) {
            return Err(closed);
        }
        let Adviser { policy, consents, .. } = &self.adviser;
        let contact = &self.subject.contacts[place];
        if contact.takes(channel) == Reach::No {
            return Err(Closed::by(Bar::NoContact));
        }
        if contact.shared_by > policy.most_customers_per_value {
            return Err(Closed::by(Bar::SharedValue));
        }
        let law = self.law(place).ok_or(Closed::by(Bar::NoEtiquette))?;
        if let Some((reason, scope)) = self.suppressing.contact(contact.kind, &contact.key, channel) {
            return Err(Closed::by(bar(reason, scope)));
        }
        let asked = Asked {
            customer: self.subject.consent,
            contact: contact.consent,
            stated: self.stated,
            needs: *law.etiquette.consent.of(channel),
        };
        let permission = consents.permit(channel, &asked).map_err(Closed::by)?;
        if self.is_unread {
            return Err(Closed::by(Bar::UnclearConsent));
        }
        if let Some(death) = contact.dead {
            return Err(Closed { bar: Bar::OnlyDead, since: death.since });
        }
        Ok(Open { permission, contact: place, law, stale: stale(contact) })
    }

    /// What closes a channel to the customer, whatever the contact.
    pub fn closed_by(&self, channel: Channel) -> Option<Closed> {
        CHANNELS.iter().zip(self.closed).find(|(one, _)| **one == channel).and_then(|(_, closed)| closed)
    }

    fn law(&self, place: usize) -> Option<Law<'a>> {
        let Adviser { rules, region, .. } = self.adviser;
        let contact = &self.subject.contacts[place];
        let home = || match contact.kind {
            ContactKind::Phone => self.subject.country,
            ContactKind::Email => self.home(),
        };
        let law = || Law::of(rules, home(), region, contact.kind, &contact.value);
        self.laws.get(place).map_or_else(law, |known| *known.get_or_init(law))
    }

    /// The open ways by a channel, the golden contact first.
    ///
    /// # Errors
    /// The gate that came last, where none is open.
    pub fn channel(&self, channel: Channel) -> Result<Vec<Open<'a>>, Closed> {
        let mut closed = self.closed_by(channel).unwrap_or(Closed::by(Bar::NoContact));
        let mut open = Vec::new();
        for place in 0..self.subject.contacts.len() {
            match self.contact(place, channel) {
                Ok(way) => open.push(way),
                Err(gate) => closed = closed.or_nearer(gate),
            }
        }
        if open.is_empty() { Err(closed) } else { Ok(open) }
    }

    /// Whether of two ways the first should be tried first: one that likely reaches, by the channel that the customer asked for,
    /// in the order of [`CHANNELS`].
    pub fn rank(&self, way: &Open<'_>) -> (bool, bool, usize) {
        let channel = way.permission.channel();
        let is_unlikely = way.stale >= self.adviser.policy.likely_stale;
        let place = CHANNELS.iter().position(|one| *one == channel).unwrap_or(CHANNELS.len());
        (is_unlikely, Some(channel) != self.subject.preferred, place)
    }

    /// The open ways by each of [`CHANNELS`], or what closes it.
    pub fn channels(&self) -> Channels<'a> {
        CHANNELS.map(|channel| self.channel(channel))
    }

    /// What it comes to.
    pub fn advice(&self) -> Advice {
        self.advice_by(&self.channels())
    }

    /// The same, of what [`Case::channels`] found.
    pub fn advice_by(&self, channels: &Channels<'a>) -> Advice {
        let ways = channels.iter().flatten().flatten();
        let best = ways.min_by_key(|way| self.rank(way)).map(|way| NextStep::from(way.permission.channel()));
        let bars = channels.each_ref().map(|channel| channel.as_ref().err().map(|closed| closed.bar));
        let is_for_good = bars.iter().flatten().any(|bar| bar.is_for_good());
        let otherwise = if is_for_good { NextStep::Nothing } else { NextStep::Till };
        Advice { bars, next: best.filter(|_| !is_for_good).unwrap_or(otherwise) }
    }
}

/// Age from which somebody is no minor where no rules of the country say it.
const ADULT: u8 = 18;

/// A refusal of one channel is not a wish to be left alone.
const fn bar(reason: SuppressionReason, scope: SuppressionScope) -> Bar {
    match (reason, scope) {
        (SuppressionReason::OptOut, SuppressionScope::Sms | SuppressionScope::Email | SuppressionScope::Call) => {
            Bar::ChannelRefused
        }
        _ => Bar::Held(reason),
    }
}

/// Chance that a contact is dead: what is invalid never was alive, and what was not judged is not held against it.
pub(crate) fn stale(contact: &ContactPoint) -> f32 {
    if contact.verdict == Verdict::Invalid { 1.0 } else { contact.stale.unwrap_or(0.0).clamp(0.0, 1.0) }
}
