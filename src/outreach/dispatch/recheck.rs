//! What is looked at again right before a message leaves, though the plan looked at it before: much may have happened since.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::advice::{Bar, Consents};
use crate::outreach::{Planned, SecondLook, SuppressionSet, next_open, suppression_of, taken_back};
use crate::rule::OutreachRules;
use crate::store::{OutboxRow, ProfilesFile, Store, StoreError};

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
    profiles: Option<ProfilesFile>,
    consents: Consents,
    /// The suppression list, and what the customers' newest records say, through duplicates and shared numbers.
    suppressions: SuppressionSet,
    stamp: (i64, i64),
    loaded: Instant,
    took: Duration,
}

impl<'a> Recheck<'a> {
    pub(super) fn new(store: &Store, rules: &'a OutreachRules) -> Result<Self, StoreError> {
        let profiles = store.latest_profiles()?;
        // On what basis a list that says nothing of consent may be used was settled by the plan.
        let stated = profiles.as_ref().map(ProfilesFile::stated_consents).transpose()?.unwrap_or_default();
        let consents = Consents { stated, has_basis: true };
        let (suppressions, stamp) = (SuppressionSet::default(), (0, 0));
        let (loaded, took) = (Instant::now(), Duration::ZERO);
        let mut recheck = Recheck { rules, profiles, consents, suppressions, stamp, loaded, took };
        recheck.load(store)?;
        Ok(recheck)
    }

    fn load(&mut self, store: &Store) -> Result<(), StoreError> {
        let started = Instant::now();
        self.stamp = store.suppression_stamp()?;
        self.suppressions = suppression_of(store, self.profiles.as_ref(), &self.rules.policy)?;
        self.loaded = Instant::now();
        self.took = self.loaded - started;
        Ok(())
    }

    /// Takes over what the suppression list has learnt meanwhile. Entries that name a recipient or a customer are looked at
    /// again in the transaction that begins a message; whom they hold through duplicates is worked out here, and so that
    /// gateways which report one refusal after the other don't make it all the work there is, not without a pause.
    pub(super) fn refresh(&mut self, store: &Store) -> Result<(), StoreError> {
        if store.suppression_stamp()? != self.stamp && self.loaded.elapsed() >= self.took * PAUSE {
            self.load(store)?;
        }
        Ok(())
    }

    pub(super) fn check(&self, row: &OutboxRow, now: Timestamp) -> Result<Verdict, StoreError> {
        let look = SecondLook {
            rules: self.rules,
            profiles: self.profiles.as_ref(),
            consents: &self.consents,
            suppression: &self.suppressions,
            day: now.to_zoned(TimeZone::UTC).date(),
        };
        let planned = Planned {
            customer: row.customer,
            channel: row.channel,
            kind: row.contact(),
            key: &row.recipient_key,
            country: &row.country,
        };
        if let Some(bar) = look.bar(&planned)? {
            return Ok(Verdict::Cancel(taken_back(bar)));
        }
        let Some((etiquette, country)) = self.rules.country(&row.country) else {
            return Ok(Verdict::Cancel(taken_back(Bar::NoEtiquette)));
        };
        Ok(match next_open(etiquette, country, row.channel, now, DAYS_AHEAD) {
            Some(open) if open <= now => Verdict::Go,
            Some(open) => Verdict::PutOff(open),
            None => Verdict::PutOff(now + SignedDuration::from_hours(24 * i64::from(DAYS_AHEAD))),
        })
    }
}

/// Of what loading took.
const PAUSE: u32 = 20;
/// No holiday lasts so long.
const DAYS_AHEAD: u16 = 21;
