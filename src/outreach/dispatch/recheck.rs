//! What is looked at again right before a message leaves, though the plan looked at it before: much may have happened since.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::advice::Consents;
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
    stamp: [i64; 3],
    /// The newest run, and when it was recorded: what was looked at may have been recorded anew.
    newest: Option<(String, String)>,
    loaded: Instant,
    took: Duration,
}

impl<'a> Recheck<'a> {
    pub(super) fn new(store: &Store, rules: &'a OutreachRules) -> Result<Self, StoreError> {
        let profiles = store.latest_profiles()?;
        let (consents, suppressions, stamp) = (Consents::default(), SuppressionSet::default(), [0; 3]);
        let (loaded, took) = (Instant::now(), Duration::ZERO);
        let newest = store.newest_run()?;
        let mut recheck = Recheck { rules, profiles, consents, suppressions, stamp, newest, loaded, took };
        recheck.read_consents()?;
        recheck.load(store)?;
        Ok(recheck)
    }

    fn read_consents(&mut self) -> Result<(), StoreError> {
        let stated = self.profiles.as_ref().map(ProfilesFile::stated_consents).transpose()?.unwrap_or_default();
        // On what basis a list that says nothing of consent may be used was settled by the plan.
        self.consents = Consents { stated, has_basis: true, ..Consents::default() };
        Ok(())
    }

    fn load(&mut self, store: &Store) -> Result<(), StoreError> {
        let started = Instant::now();
        self.stamp = store.suppression_stamp()?;
        self.suppressions = suppression_of(store, self.profiles.as_ref(), &self.rules.policy)?;
        self.loaded = Instant::now();
        self.took = self.loaded - started;
        Ok(())
    }

    /// Takes over what the suppression list has learnt meanwhile, and what a run says that was made meanwhile. Entries that name a recipient or a customer are looked at
    /// again in the transaction that begins a message; whom they hold through duplicates is worked out here, and so that
    /// gateways which report one refusal after the other don't make it all the work there is, not without a pause.
    pub(super) fn refresh(&mut self, store: &Store) -> Result<(), StoreError> {
        let newest = store.newest_run()?;
        if newest != self.newest {
            self.newest = newest;
            self.profiles = store.latest_profiles()?;
            self.read_consents()?;
            return self.load(store);
        }
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
            value: &row.recipient,
            country: &row.country,
        };
        let law = match look.law(&planned)? {
            Ok(law) => law,
            Err(bar) => return Ok(Verdict::Cancel(taken_back(bar))),
        };
        Ok(match next_open(&law, row.channel, now, DAYS_AHEAD) {
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
