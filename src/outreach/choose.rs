//! Who is asked, of all who may be: most gain for the money first, within budget, numbers allowed and days.

use std::collections::{BTreeMap, HashMap};

use super::calendar::Calendar;
use super::hold::Hold;
use super::reach::Way;
use crate::law::Clocks;
use crate::record::{Channel, CustomerId, text_hash};
use crate::rule::{ByChannel, OutreachPolicy, Purpose};
use jiff::Timestamp;
use jiff::civil::Date;

/// Somebody who may be asked.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'a> {
    /// Who.
    pub(super) id: CustomerId,
    /// Whose household.
    pub(super) household: CustomerId,
    /// What the customer is worth, 1 for an average one.
    pub(super) value: f32,
    /// How.
    pub(super) way: Way<'a>,
    /// How a person would call, with what that gains by the customer's value; none where the customer is worth no more than an
    /// average one.
    pub(super) call: Option<Box<Way<'a>>>,
    /// Of the ladder.
    pub(super) rung: u8,
    /// First question or reminder.
    pub(super) purpose: Purpose,
    /// Not before.
    pub(super) earliest: Date,
    /// Drawn at random on an earlier rung.
    pub(super) was_audit: bool,
}

/// What a campaign may spend in all, and what of it is spent.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    /// Millionths of the currency.
    pub(super) budget: Option<u64>,
    /// Messages and calls.
    pub(super) most: ByChannel<Option<u32>>,
    /// Spent.
    pub(super) spent: u64,
    /// Planned or sent.
    pub(super) used: ByChannel<u32>,
    /// Of these, drawn at random.
    pub(super) audits: ByChannel<u32>,
}

/// A candidate who is asked.
#[derive(Debug, Clone)]
pub(super) struct Chosen<'a> {
    /// Place among the candidates.
    pub(super) candidate: usize,
    /// How.
    pub(super) way: Way<'a>,
    /// Drawn at random.
    pub(super) is_audit: bool,
    /// A person's call for somebody who is worth much.
    pub(super) is_personal: bool,
    /// On which day.
    pub(super) day: Date,
}

/// Who has which contact and which household to themselves in this window.
#[derive(Debug, Clone, Default)]
pub(super) struct Taken {
    /// By hash of the contact's key.
    pub(super) keys: HashMap<u64, CustomerId>,
    /// Households with a text message.
    pub(super) households: HashMap<CustomerId, CustomerId>,
}

/// Chooses. What comes back are those who are asked, best first, and for each candidate why it is not.
pub(super) fn choose<'a>(
    candidates: &[Candidate<'a>],
    policy: &OutreachPolicy,
    limits: &Limits,
    taken: &Taken,
    calendar: &mut Calendar<'a>,
    seed: &str,
) -> (Vec<Chosen<'a>>, Vec<Option<Hold>>) {
    let hashes: Vec<u64> = candidates.iter().map(|one| draw(one.id, seed)).collect();
    let tie = |index: &usize| (hashes[*index], candidates[*index].id);
    let mut ranked: Vec<usize> = (0..candidates.len()).collect();
    ranked.sort_unstable_by(|left, right| {
        let density = |index: &usize| candidates[*index].way.density();
        density(right).total_cmp(&density(left)).then_with(|| tie(left).cmp(&tie(right)))
    });
    let start = Choosing::new(candidates, policy, limits, taken, calendar.clone());

    // What the plan would be without chance decides how many are drawn.
    let mut dry = start.clone();
    dry.take_best(&hashes);
    dry.take_ranked(&ranked);
    let quota = dry.audit_quota(policy.audit_share);

    let mut choosing = start;
    choosing.take_earlier_audits(&ranked);
    choosing.take_best(&hashes);
    let mut drawn: Vec<usize> = (0..candidates.len()).collect();
    drawn.sort_unstable_by_key(tie);
    choosing.take_audits(&drawn, quota);
    choosing.take_ranked(&ranked);
    let Choosing { chosen, holds, calendar: filled, .. } = choosing;
    *calendar = filled;
    (chosen, holds)
}

/// A number that a customer keeps through a window: the order of chance, and of equals.
fn draw(id: CustomerId, seed: &str) -> u64 {
    text_hash(&format!("{} {seed}", id.0))
}

#[derive(Debug, Clone)]
struct Choosing<'a, 'c> {
    candidates: &'c [Candidate<'a>],
    policy: &'c OutreachPolicy,
    limits: Limits,
    taken: Taken,
    calendar: Calendar<'a>,
    chosen: Vec<Chosen<'a>>,
    holds: Vec<Option<Hold>>,
    is_chosen: Vec<bool>,
}

impl<'a, 'c> Choosing<'a, 'c> {
    fn new(
        candidates: &'c [Candidate<'a>],
        policy: &'c OutreachPolicy,
        limits: &Limits,
        taken: &Taken,
        calendar: Calendar<'a>,
    ) -> Self {
        Choosing {
            candidates,
            policy,
            limits: *limits,
            taken: taken.clone(),
            calendar,
            chosen: Vec::new(),
            holds: vec![None; candidates.len()],
            is_chosen: vec![false; candidates.len()],
        }
    }

    fn audit_quota(&self, share: f64) -> ByChannel<u32> {
        // Plans that go on count what was drawn before, so that a campaign has its share once.
        let of = |channel: Channel| {
            let used = *self.limits.used.of(channel);
            ((f64::from(used) * share).ceil() as u32).saturating_sub(*self.limits.audits.of(channel))
        };
        ByChannel { sms: of(Channel::Sms), email: of(Channel::Email), call: of(Channel::Call) }
    }

    fn take_earlier_audits(&mut self, ranked: &[usize]) {
        for &index in ranked.iter().filter(|index| self.candidates[**index].was_audit) {
            let way = self.candidates[index].way;
            self.take(index, way, true, false);
        }
    }

    /// At random, whatever is to be gained; only those on their first rung.
    fn take_audits(&mut self, drawn: &[usize], mut quota: ByChannel<u32>) {
        for &index in drawn {
            let candidate = &self.candidates[index];
            let left = quota.of_mut(candidate.way.channel());
            if candidate.rung == 1 && *left > 0 && self.take(index, candidate.way, true, false) {
                *quota.of_mut(candidate.way.channel()) -= 1;
            }
        }
    }

    /// Those who are worth most: a person calls them, and whom the calls don't reach is asked by the usual way, before all others.
    fn take_best(&mut self, hashes: &[u64]) {
        let share = self.policy.personal_call;
        let count = (self.candidates.len() as f64 * share.share_of_customers).ceil() as usize;
        let is_first = |index: &usize| self.candidates[*index].rung == 1 && self.candidates[*index].value > 1.0;
        let mut best: Vec<usize> = (0..self.candidates.len()).filter(is_first).collect();
        best.sort_unstable_by(|left, right| {
            let (one, other) = (&self.candidates[*left], &self.candidates[*right]);
            let by_hash = || (hashes[*left], one.id).cmp(&(hashes[*right], other.id));
            other.value.total_cmp(&one.value).then_with(by_hash)
        });
        best.truncate(count);
        let most = self.limits.budget.map(|budget| (budget as f64 * share.share_of_budget) as u64);
        let mut cost = 0;
        for &index in &best {
            let Some(way) = self.candidates[index].call.as_deref().copied() else { continue };
            let fits = most.is_none_or(|most| cost + way.cost <= most);
            if fits && way.gain > 0.0 && self.take(index, way, false, true) {
                cost += way.cost;
            }
        }
        for index in best {
            let way = self.candidates[index].way;
            if way.gain > 0.0 {
                self.take(index, way, false, false);
            }
        }
    }

    fn take_ranked(&mut self, ranked: &[usize]) {
        for &index in ranked {
            let way = self.candidates[index].way;
            if self.is_chosen[index] {
                continue;
            }
            if way.gain <= 0.0 {
                self.holds[index] = Some(Hold::NoGain);
            } else {
                self.take(index, way, false, false);
            }
        }
    }

    /// Takes a candidate if nothing is in the way; else notes what was.
    fn take(&mut self, index: usize, way: Way<'a>, is_audit: bool, is_personal: bool) -> bool {
        if self.is_chosen[index] {
            return false;
        }
        match self.place(&self.candidates[index], &way) {
            Ok(day) => {
                self.is_chosen[index] = true;
                self.holds[index] = None;
                self.chosen.push(Chosen { candidate: index, way, is_audit, is_personal, day });
                true
            }
            Err(hold) => {
                self.holds[index] = Some(hold);
                false
            }
        }
    }

    /// Counts a candidate in, on which day; or says what is in the way, with nothing counted.
    fn place(&mut self, candidate: &Candidate<'a>, way: &Way<'a>) -> Result<Date, Hold> {
        let channel = way.channel();
        if self.taken.keys.get(&way.key).is_some_and(|other| *other != candidate.id) {
            return Err(Hold::SameContactAsked);
        }
        let is_household = channel == Channel::Sms && self.policy.one_sms_per_household;
        if is_household && self.taken.households.get(&candidate.household).is_some_and(|other| *other != candidate.id) {
            return Err(Hold::HouseholdAsked);
        }
        let spent = self.limits.spent.saturating_add(way.cost);
        if self.limits.budget.is_some_and(|budget| spent > budget)
            || self.limits.most.of(channel).is_some_and(|most| *self.limits.used.of(channel) >= most)
        {
            return Err(Hold::OverLimit);
        }
        let day = self.calendar.take(channel, &way.open.law, candidate.earliest).ok_or(Hold::OverCapacity)?;
        self.limits.spent = spent;
        *self.limits.used.of_mut(channel) += 1;
        self.taken.keys.insert(way.key, candidate.id);
        if is_household {
            self.taken.households.insert(candidate.household, candidate.id);
        }
        Ok(day)
    }
}

/// When each is due: those of a day and country are spread over its open hours, the best first.
pub(super) fn moments<'a>(chosen: &[Chosen<'a>], calendar: &Calendar<'a>) -> Vec<Timestamp> {
    let mut groups: BTreeMap<(&str, Clocks<'_>, Date), Vec<usize>> = BTreeMap::new();
    for (index, one) in chosen.iter().enumerate() {
        let key = (one.way.channel().as_str(), one.way.open.law.clocks(), one.day);
        groups.entry(key).or_default().push(index);
    }
    let mut moments = vec![Timestamp::MIN; chosen.len()];
    for ((.., day), indexes) in groups {
        let way = &chosen[indexes[0]].way;
        let spread = calendar.moments(way.channel(), &way.open.law, day, indexes.len());
        for (index, moment) in indexes.into_iter().zip(spread) {
            moments[index] = moment;
        }
    }
    moments
}
