//! Whether a customer who was looked up may be contacted, by the decision that plans and outputs go by.

use super::{RunError, Setup};
use crate::advice::{Adviser, CHANNELS, Closed, Consents, NextStep, Refusal, Subject, Suppressing, refusals};
use crate::outreach::persons_of;
use crate::record::{
    Channel, ContactKind, CustomerId, CustomerProfile, Suppressed, Suppression, SuppressionReason, SuppressionScope,
};
use crate::rule::OutreachRules;
use crate::store::ProfilesFile;

/// What is decided of a customer who was looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CallerAdvice {
    /// What closes each of [`CHANNELS`]; none where it is open.
    pub closed: [Option<Closed>; 3],
    /// What to do next.
    pub next: NextStep,
}

/// By what customers who are looked up are decided about.
pub(super) struct CallerAdviser<'a> {
    rules: OutreachRules,
    consents: Consents,
    setup: &'a Setup,
}

impl<'a> CallerAdviser<'a> {
    pub(super) fn new(profiles: &ProfilesFile, setup: &'a Setup) -> Result<Self, RunError> {
        let rules = OutreachRules::load(&setup.context.files)?;
        let consents = Consents::of_lists(&profiles.lists()?, false);
        Ok(CallerAdviser { rules, consents, setup })
    }

    /// The decision about a customer; `entries` of the suppression list are those by which it is held.
    pub(super) fn advice(
        &self,
        profile: &CustomerProfile,
        profiles: &ProfilesFile,
        entries: &[Suppression],
    ) -> Result<CallerAdvice, RunError> {
        let mut said: Vec<Refusal> = Vec::new();
        for person in persons_of(profile, profiles)? {
            said.extend(refusals(&person.restrictions, &person.consent, &self.rules.policy.refusal));
        }
        let holding = Holding { said, entries };
        let adviser = Adviser {
            rules: &self.rules,
            policy: &self.rules.policy,
            region: &self.setup.context.region,
            day: self.setup.context.today,
            consents: &self.consents,
        };
        let case = adviser.case(Subject::from(profile), &holding);
        Ok(CallerAdvice { closed: CHANNELS.map(|channel| case.channel(channel).err()), next: case.advice().next })
    }
}

/// What holds one customer: what whoever may be the same person refused, and entries of the suppression list.
struct Holding<'h> {
    said: Vec<Refusal>,
    entries: &'h [Suppression],
}

impl Suppressing for Holding<'_> {
    fn customer(&self, _: CustomerId, channel: Channel) -> Option<(SuppressionReason, SuppressionScope)> {
        let of_person =
            |entry: &&Suppression| entry.reason.concerns_person() || matches!(entry.what, Suppressed::Customer(_));
        let said = self.said.iter().map(|refusal| (refusal.reason, refusal.scope));
        let listed = self.entries.iter().filter(of_person).map(|entry| (entry.reason, entry.scope));
        said.chain(listed).find(|(_, scope)| scope.covers(channel))
    }

    fn contact(&self, kind: ContactKind, key: &str, channel: Channel) -> Option<(SuppressionReason, SuppressionScope)> {
        let names =
            |entry: &&Suppression| matches!(&entry.what, Suppressed::Contact(of, known) if *of == kind && known == key);
        let found = self.entries.iter().filter(names).find(|entry| entry.scope.covers(channel));
        found.map(|entry| (entry.reason, entry.scope))
    }
}
