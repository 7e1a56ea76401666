//! Who can be reached today, and what one round of asking would come to: the section `reachable` of `run.json`. All of it is what
//! [advice](crate::advice) and decay decided of each customer, added up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::advice::{CHANNELS, Case, Channels, stale};
use crate::decay::{AnyOf, Expected, ExpectedCustomers};
use crate::outreach::{FirstAsk, first_ask};
use crate::record::{ContactKind, ContactPoint, CustomerStatus};
use crate::rule::OutreachPolicy;

/// Who can be reached today: at a valid number or address, by a channel that is permitted and not refused, likely alive. Numbers
/// are whole, and parts add up to their whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReachFigures {
    /// What is counted.
    pub counted: Counted,
    /// How many there are.
    pub of: u64,
    /// Whether it was judged how likely contacts are alive (`--no-decay` does not); all who may be asked count as reached otherwise.
    pub is_judged: bool,
    /// By at least one channel.
    pub any: Reached,
    /// By `sms`, `call`, `email`; many are reached by several.
    pub by: BTreeMap<String, Reached>,
    /// Of those who have an address or a number that was judged, how many have a stale one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<StaleCustomers>,
    /// By where they stand with the club, `loyal`, `passive`, `churning`, `new`, `unknown`.
    pub statuses: Vec<ReachedPart>,
    /// By value, `high`, `middle`, `low`, `unknown`.
    pub segments: Vec<ReachedPart>,
    /// What asking each once would come to; none where no contact was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundEstimate>,
}

/// What is counted where customers are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Customers.
    #[default]
    Customers,
    /// Rows: customers were not told apart.
    Rows,
}

impl Counted {
    /// The word in `run.json`, and in the keys of words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Counted::Customers => "customers",
            Counted::Rows => "rows",
        }
    }
}

/// How many are reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// May be asked, at a valid contact that is not dead.
    pub may: u64,
    /// Are expected to be reached.
    pub reached: u64,
    /// Lower end of an interval of 90 %.
    pub low: u64,
    /// Upper end.
    pub high: u64,
}

/// How many have a stale contact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaleCustomers {
    /// Have one that was judged.
    pub of: u64,
    /// Are expected to have a stale one.
    pub stale: u64,
    /// Lower end of an interval of 90 %.
    pub low: u64,
    /// Upper end.
    pub high: u64,
    /// Are flagged.
    pub flagged: u64,
    /// Of the flagged, may be asked by some channel.
    pub flagged_may: u64,
}

/// One part of the customers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachedPart {
    /// Which.
    pub name: String,
    /// How many there are.
    pub of: u64,
    /// May be asked.
    pub may: u64,
    /// Are expected to be reached.
    pub reached: u64,
    /// Are flagged.
    pub flagged: u64,
}

/// What one round would come to: each customer asked once for whom it gains more than it costs, by the way that `outreach plan`
/// would take, before budgets and other limits. Answers are those of `rules/outreach/policy.toml`, `[answer]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundEstimate {
    /// Customers asked.
    pub asked: u64,
    /// The same by `sms`, `call`, `email`.
    pub by: BTreeMap<String, u64>,
    /// Contacts that are expected to be put right.
    pub won: u64,
    /// What it costs.
    pub cost_millionths: i64,
    /// Of the cost.
    pub currency: String,
}

/// Of one customer: by which channels it may be asked, with which chance it is reached.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Prospect {
    /// By each of [`CHANNELS`], at the contact that is likeliest alive.
    by: [Option<AnyOf>; 3],
    any: Option<AnyOf>,
    ask: Option<FirstAsk>,
}

impl Prospect {
    pub(super) fn of<'a>(
        case: &Case<'_, 'a>,
        channels: &Channels<'a>,
        contacts: &[ContactPoint],
        policy: &OutreachPolicy,
    ) -> Self {
        let best = channels.each_ref().map(|open| {
            let open = open.as_ref().ok()?;
            open.iter().copied().reduce(|best, way| if way.stale < best.stale { way } else { best })
        });
        let alive = |place: usize| {
            let contact = &contacts[place];
            (contact.kind, f64::from(1.0 - stale(contact)))
        };
        // A number that takes texts and calls is one contact.
        let mut places: Vec<usize> = best.iter().flatten().map(|way| way.contact).collect();
        places.sort_unstable();
        places.dedup();
        Prospect {
            by: best.map(|way| way.map(|way| AnyOf::new([alive(way.contact)]))),
            any: (!places.is_empty()).then(|| AnyOf::new(places.iter().map(|place| alive(*place)))),
            ask: first_ask(case, channels, contacts, policy),
        }
    }
}

/// What else is known of a customer that is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standpoint {
    pub(super) status: CustomerStatus,
    pub(super) segment: &'static str,
    pub(super) is_flagged: bool,
    /// The chances that its own address and its own number are stale.
    pub(super) stale: [Option<f32>; 2],
}

/// Sums of a part.
#[derive(Debug, Clone, Copy, Default)]
struct PartSum {
    of: u64,
    may: u64,
    reached: f64,
    flagged: u64,
}

/// Sums over customers, who are added in their order.
#[derive(Debug, Default)]
pub(super) struct ReachTally {
    of: u64,
    by: [ExpectedCustomers; 3],
    any: ExpectedCustomers,
    stale: ExpectedCustomers,
    flagged: u64,
    flagged_may: u64,
    statuses: BTreeMap<&'static str, PartSum>,
    segments: BTreeMap<&'static str, PartSum>,
    asked: [u64; 3],
    won: f64,
    cost: u64,
}

impl ReachTally {
    pub(super) fn add(&mut self, prospect: &Prospect, point: Standpoint) {
        self.of += 1;
        for (sum, way) in self.by.iter_mut().zip(prospect.by) {
            way.into_iter().for_each(|way| sum.add(way));
        }
        prospect.any.into_iter().for_each(|any| self.any.add(any));
        let may = u64::from(prospect.any.is_some());
        let flagged = u64::from(point.is_flagged);
        self.flagged += flagged;
        self.flagged_may += flagged * may;
        for (parts, name) in [(&mut self.statuses, point.status.as_str()), (&mut self.segments, point.segment)] {
            let part = parts.entry(name).or_default();
            part.of += 1;
            part.may += may;
            part.reached += prospect.any.map_or(0.0, |any| any.p);
            part.flagged += flagged;
        }
        let kinds = [ContactKind::Email, ContactKind::Phone];
        let own = kinds.into_iter().zip(point.stale).filter_map(|(kind, p)| Some((kind, f64::from(p?))));
        if point.stale.iter().any(Option::is_some) {
            self.stale.add(AnyOf::new(own));
        }
        if let Some(ask) = prospect.ask {
            let place = CHANNELS.iter().position(|channel| *channel == ask.channel);
            place.into_iter().for_each(|place| self.asked[place] += 1);
            self.won += ask.won;
            self.cost = self.cost.saturating_add(ask.cost);
        }
    }

    /// The figures. `level_sds` is how far the levels of addresses and of numbers may be off; none where nothing was judged.
    pub(super) fn figures(
        self,
        counted: Counted,
        level_sds: Option<[f64; 2]>,
        policy: &OutreachPolicy,
    ) -> ReachFigures {
        let sds = level_sds.unwrap_or_default();
        let any = reached(self.any.interval(sds));
        let names = CHANNELS.map(|channel| channel.as_str().to_owned());
        let by = names.iter().cloned().zip(self.by.map(|sum| reached(sum.interval(sds)))).collect();
        let stale = level_sds.map(|sds| {
            let Reached { may, reached, low, high } = reached(self.stale.interval(sds));
            let (flagged, flagged_may) = (self.flagged, self.flagged_may);
            StaleCustomers { of: may, stale: reached, low, high, flagged, flagged_may }
        });
        let round = stale.filter(|stale| stale.of > 0).map(|_| RoundEstimate {
            asked: self.asked.iter().sum(),
            by: names.into_iter().zip(self.asked).collect(),
            won: self.won.round() as u64,
            cost_millionths: i64::try_from(self.cost).unwrap_or(i64::MAX),
            currency: policy.currency.clone(),
        });
        ReachFigures {
            counted,
            of: self.of,
            is_judged: level_sds.is_some(),
            statuses: parts(&STATUSES, &self.statuses, any.reached),
            segments: parts(&SEGMENTS, &self.segments, any.reached),
            any,
            by,
            stale,
            round,
        }
    }
}

/// The order in which parts are named.
const STATUSES: [&str; 5] = [
    CustomerStatus::Loyal.as_str(),
    CustomerStatus::Passive.as_str(),
    CustomerStatus::Churning.as_str(),
    CustomerStatus::New.as_str(),
    CustomerStatus::Unknown.as_str(),
];
const SEGMENTS: [&str; 4] = ["high", "middle", "low", "unknown"];

fn reached(expected: Expected) -> Reached {
    let whole = |number: f64| number.round() as u64;
    Reached { may: expected.of, reached: whole(expected.number), low: whole(expected.low), high: whole(expected.high) }
}

/// The parts that there are, in order; what is reached of them adds up to `reached`.
fn parts(order: &[&'static str], sums: &BTreeMap<&'static str, PartSum>, reached: u64) -> Vec<ReachedPart> {
    let there: Vec<(&str, PartSum)> = order.iter().filter_map(|name| Some((*name, *sums.get(name)?))).collect();
    let shares = whole_parts(&there.iter().map(|(_, part)| part.reached).collect::<Vec<_>>(), reached);
    let part = |((name, part), reached): ((&str, PartSum), u64)| ReachedPart {
        name: name.to_owned(),
        of: part.of,
        may: part.may,
        reached,
        flagged: part.flagged,
    };
    there.into_iter().zip(shares).map(part).collect()
}

/// Whole numbers for parts that add up to `total`: each rounded down, and the largest rests up.
fn whole_parts(parts: &[f64], total: u64) -> Vec<u64> {
    let mut whole: Vec<u64> = parts.iter().map(|part| part.floor() as u64).collect();
    let mut by_rest: Vec<usize> = (0..parts.len()).collect();
    by_rest.sort_by(|one, other| parts[*other].fract().total_cmp(&parts[*one].fract()).then(one.cmp(other)));
    let left = total.saturating_sub(whole.iter().sum()) as usize;
    by_rest.into_iter().take(left).for_each(|place| whole[place] += 1);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_parts_add_up_to_the_rounded_whole() {
        for parts in [vec![0.4, 0.4, 0.4], vec![1.5, 2.5, 3.0], vec![0.2, 0.2], vec![7.0], vec![]] {
            let total = parts.iter().sum::<f64>().round() as u64;
            let whole = whole_parts(&parts, total);
            assert_eq!(whole.iter().sum::<u64>(), total, "{parts:?}");
            assert!(parts.iter().zip(&whole).all(|(part, whole)| (*whole as f64 - part).abs() < 1.0), "{parts:?}");
        }
    }
}
