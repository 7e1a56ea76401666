//! What is looked at again right before a message leaves, though the plan looked at it before: much may have happened since.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::law::Law;
use crate::outreach::{Consents, SuppressionSet, history, next_open};
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
        // Whether a list asks for consent at all was settled by the plan; what is looked for here is a refusal.
        let consents = Consents { stated: BTreeMap::new(), has_basis: true };
        let (suppressions, stamp) = (SuppressionSet::default(), [0; 3]);
        let (loaded, took) = (Instant::now(), Duration::ZERO);
        let newest = store.newest_run()?;
        let mut recheck = Recheck { rules, profiles, consents, suppressions, stamp, newest, loaded, took };
        recheck.load(store)?;
        Ok(recheck)
    }

    fn load(&mut self, store: &Store) -> Result<(), StoreError> {
        let started = Instant::now();
        self.stamp = store.suppression_stamp()?;
        self.suppressions = match &self.profiles {
            Some(profiles) => history::suppression(store, profiles, &self.rules.policy)?,
            None => SuppressionSet::load(store, None)?,
        };
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
            return self.load(store);
        }
        if store.suppression_stamp()? != self.stamp && self.loaded.elapsed() >= self.took * PAUSE {
            self.load(store)?;
        }
        Ok(())
    }

    pub(super) fn check(&self, row: &OutboxRow, now: Timestamp) -> Result<Verdict, StoreError> {
        if let Some(held) = self.suppressions.hit(row.customer, row.contact(), &row.recipient_key, row.channel) {
            return Ok(Verdict::Cancel(format!("suppressed:{}", held.reason)));
        }
        let profile = self.profiles.as_ref().map(|profiles| profiles.by_id(row.customer)).transpose()?.flatten();
        // Whoever moved since the plan was made is asked by the rules of the new country.
        let moved = profile.as_ref().map(|profile| profile.country.as_str()).filter(|country| !country.is_empty());
        let country = moved.unwrap_or(&row.country);
        let Some(law) = Law::of_row(self.rules, country, row.contact(), &row.recipient) else {
            return Ok(Verdict::Cancel("no_etiquette".to_owned()));
        };
        let needs = *law.etiquette.consent.of(row.channel);
        if profile.is_some_and(|profile| self.consents.permit(&profile, row.channel, needs).is_none()) {
            return Ok(Verdict::Cancel("no_consent".to_owned()));
        }
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
