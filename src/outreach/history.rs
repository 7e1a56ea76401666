//! What stands in the workspace before a plan is made: who was asked, who is about to be, who was seen.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::choose::{Limits, Taken};
use super::settings::Settings;
use super::suppression::SuppressionSet;
use crate::advice::refusals;
use crate::record::{Channel, ContactKind, CustomerId, CustomerProfile, Day, Money, OutboxState};
use crate::rule::OutreachPolicy;
use crate::store::{KnownContact, KnownEvent, ProfilesFile, Store, StoreError};

/// What was asked and answered, from the point of view of one campaign.
#[derive(Debug, Default)]
pub(super) struct CampaignHistory<'k> {
    /// First day of the window, `YYYY-MM-DD`.
    pub(super) window: String,
    /// Pending rows that this plan decides anew.
    pub(super) anew: HashMap<(CustomerId, u8), &'k KnownContact>,
    /// Whose these are.
    pub(super) is_anew: HashSet<CustomerId>,
    /// Other pending rows of the campaign: they pass the gates again.
    pub(super) pending: HashMap<CustomerId, Vec<&'k KnownContact>>,
    /// Rows of the campaign that have left, or are about to.
    pub(super) ladders: HashMap<CustomerId, Vec<&'k KnownContact>>,
    /// Whoever was asked in the window, by any campaign.
    pub(super) asked: HashSet<CustomerId>,
    /// Contacts and households in use.
    pub(super) taken: Taken,
    /// What the campaign spent.
    pub(super) limits: Limits,
    /// Messages that are still due, whose days they fill.
    pub(super) due: Vec<(Channel, Timestamp)>,
    seen_customers: HashMap<CustomerId, Timestamp>,
    seen_keys: HashMap<u64, Timestamp>,
}

impl<'k> CampaignHistory<'k> {
    /// Sorts what is known.
    pub(super) fn of(known: &'k [KnownContact], events: &[KnownEvent], settings: &Settings) -> Self {
        let policy = &settings.policy;
        let is_covered = |window: &Date| {
            *window <= settings.start && days_between(*window, settings.start) < i32::from(policy.window_days)
        };
        let windows = known.iter().filter_map(|row| row.window.parse::<Date>().ok());
        let window = windows.filter(is_covered).max().unwrap_or(settings.start).to_string();
        let mut history = CampaignHistory { window, ..CampaignHistory::default() };
        history.limits.budget = settings.budget.map(Money::millionths);
        history.limits.most = settings.most;
        for row in known {
            history.add(row, settings);
        }
        for event in events.iter().filter(|event| policy.ladder.proofs_of_life.contains(&event.event)) {
            if let Some(customer) = event.customer {
                note(&mut history.seen_customers, customer, event.at);
            }
            note(&mut history.seen_keys, event.kind.key_hash(&event.key), event.at);
        }
        history
    }

    fn add(&mut self, row: &'k KnownContact, settings: &Settings) {
        let day = TimeZone::UTC.to_datetime(row.due_at.max(row.changed_at)).date();
        let is_recent =
            row.window == self.window || days_between(day, settings.start) < i32::from(settings.policy.window_days);
        if !is_recent {
            return;
        }
        let is_own = row.campaign == settings.campaign && row.window == self.window;
        let is_pending = is_own && row.state == OutboxState::Pending;
        if is_pending && settings.advance == (row.rung > 1) {
            self.anew.insert((row.customer, row.rung), row);
            self.is_anew.insert(row.customer);
            return;
        }
        if is_own {
            let of = if is_pending { &mut self.pending } else { &mut self.ladders };
            of.entry(row.customer).or_default().push(row);
            self.limits.spent = self.limits.spent.saturating_add(row.cost.max(0) as u64);
            *self.limits.used.of_mut(row.channel) += 1;
            *self.limits.audits.of_mut(row.channel) += u32::from(row.is_audit && row.rung == 1);
        }
        if row.state == OutboxState::Pending {
            self.due.push((row.channel, row.due_at));
        }
        self.asked.insert(row.customer);
        self.taken.keys.insert(kind_of(row.channel).key_hash(&row.recipient_key), row.customer);
        if row.channel == Channel::Sms {
            self.taken.households.insert(row.household, row.customer);
        }
    }

    /// When the customer last proved to be there.
    pub(super) fn seen_alive(&self, profile: &CustomerProfile) -> Option<Timestamp> {
        let of_contacts = profile.contacts.iter().filter_map(|contact| {
            // What many share proves nothing of one of them.
            let is_own = contact.shared_by <= 1;
            self.seen_keys.get(&contact.kind.key_hash(&contact.key)).filter(|_| is_own)
        });
        of_contacts.chain(self.seen_customers.get(&profile.id)).max().copied()
    }

    /// What a customer was asked in this campaign.
    pub(super) fn ladder(&self, customer: CustomerId) -> Vec<&'k KnownContact> {
        let pending = self.pending.get(&customer).into_iter().flatten();
        self.ladders.get(&customer).into_iter().flatten().chain(pending).copied().collect()
    }
}

/// From which window on rows bear on a plan: windows may have begun long before the last of their messages.
pub(super) fn oldest_window(settings: &Settings) -> String {
    let days = 2 * i32::from(settings.policy.window_days) + i32::from(settings.policy.days);
    settings.start.saturating_sub(days.days()).to_string()
}

/// The suppression list, with all that the customers' own lists and events say against contacting them.
///
/// # Errors
/// When the workspace or the customers can't be read.
pub fn suppression_of(
    store: &Store,
    profiles: Option<&ProfilesFile>,
    policy: &OutreachPolicy,
) -> Result<SuppressionSet, StoreError> {
    SuppressionSet::load(store, profiles, |profile| refusals(&profile.restrictions, &profile.consent, &policy.refusal))
}

/// The kind of contact that a channel goes to.
pub(super) const fn kind_of(channel: Channel) -> ContactKind {
    match channel {
        Channel::Email => ContactKind::Email,
        Channel::Sms | Channel::Call => ContactKind::Phone,
    }
}

pub(super) fn days_between(from: Date, to: Date) -> i32 {
    Day::of(to).days_since(Day::of(from))
}

fn note<K: std::hash::Hash + Eq>(seen: &mut HashMap<K, Timestamp>, key: K, at: Timestamp) {
    seen.entry(key).and_modify(|last| *last = at.max(*last)).or_insert(at);
}
