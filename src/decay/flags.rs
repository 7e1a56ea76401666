//! Which customers are flagged as stale, and why.

use rayon::prelude::*;

use super::{Contribution, Model, Scores};
use crate::evidence::Evidence;
use crate::record::{Cause, ContactIndex, ContactKind, CustomerIndex, FlagReason};

/// How many customers are flagged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FlagRule {
    /// This share of those who have a contact that can be judged, the likeliest first.
    Share(f64),
    /// As many as are expected to have a stale contact, the likeliest first.
    Expected,
    /// Those whose probability is this or more.
    Threshold(f64),
}

impl FlagRule {
    /// What is written after `--flag`: `20%`, `expected`, or a probability such as `0.5`.
    pub fn parse(text: &str) -> Option<FlagRule> {
        if text == "expected" {
            return Some(FlagRule::Expected);
        }
        let share = text.strip_suffix('%').map(str::trim);
        let number: f64 = share.unwrap_or(text).parse().ok()?;
        match share {
            Some(_) if (0.0..=100.0).contains(&number) => Some(FlagRule::Share(number / 100.0)),
            None if (0.0..=1.0).contains(&number) => Some(FlagRule::Threshold(number)),
            _ => None,
        }
    }

    /// How many of these customers, ranked by falling probability.
    pub(crate) fn count(self, ranked: &[f32]) -> usize {
        match self {
            FlagRule::Share(share) => (share * ranked.len() as f64).ceil() as usize,
            FlagRule::Expected => {
                let expected: f64 = ranked.iter().map(|p| f64::from(*p)).sum();
                (expected.round() as usize).min(ranked.len())
            }
            FlagRule::Threshold(least) => ranked.iter().take_while(|p| f64::from(**p) >= least).count(),
        }
    }
}

impl std::fmt::Display for FlagRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FlagRule::Share(share) => write!(f, "{}%", share * 100.0),
            FlagRule::Expected => f.write_str("expected"),
            FlagRule::Threshold(least) => write!(f, "{least}"),
        }
    }
}

/// Why a contact counts as stale: what weighs most first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reasons([Option<FlagReason>; 3]);

impl Reasons {
    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = FlagReason> + '_ {
        self.0.iter().flatten().copied()
    }

    /// With a reason that comes before all others.
    fn behind(self, first: FlagReason) -> Self {
        let [second, third, _] = self.0;
        Reasons([Some(first), second, third])
    }

    fn of(lines: &[Contribution], is_dated: bool) -> Self {
        let mut against: Vec<&Contribution> =
            lines.iter().filter(|line| line.cause != Cause::Hazard && line.log_odds >= LEAST).collect();
        against.sort_by(|left, right| right.log_odds.total_cmp(&left.log_odds));
        let mut reasons: Vec<FlagReason> = against.iter().map(|line| FlagReason::Cause(line.cause)).collect();
        let hazard = lines.iter().find(|line| line.cause == Cause::Hazard).map_or(0.0, |line| line.log_odds);
        if reasons.is_empty() || hazard > AGED {
            reasons.truncate(2);
            reasons.push(FlagReason::Cause(Cause::Hazard));
        }
        if !is_dated {
            reasons.truncate(2);
            reasons.push(FlagReason::TenureUnknown);
        } else if lines.len() == 1 {
            reasons.push(FlagReason::NoEvidence);
        }
        let mut kept = [None; 3];
        kept.iter_mut().zip(reasons).for_each(|(place, reason)| *place = Some(reason));
        Reasons(kept)
    }
}

/// What adds less to the log-odds is no reason.
const LEAST: f64 = 0.05;
/// From this log-odds on age alone is a reason: one in four.
const AGED: f64 = -1.1;

/// A flagged customer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flag {
    /// Its place among the customers.
    pub(crate) customer: CustomerIndex,
    /// For its address and its number why they count as stale; empty where they don't.
    pub(crate) reasons: [Reasons; 2],
}

/// Flags customers by the likelier of their own address and number; `names` tell equally likely ones apart.
pub(crate) fn flag(
    evidence: &Evidence,
    scores: &Scores,
    model: &Model,
    rule: FlagRule,
    names: &(dyn Fn(CustomerIndex) -> u64 + Sync),
) -> Vec<Flag> {
    let p = |place: Option<ContactIndex>| place.map_or(f32::NAN, |place| scores.p[place.get()]);
    let score = |customer: CustomerIndex| {
        let own = evidence.chosen[customer.get()].iter().map(|place| p(*place));
        own.filter(|p| !p.is_nan()).fold(f32::NAN, f32::max)
    };
    let mut ranked: Vec<(f32, u64, CustomerIndex)> = (0..evidence.chosen.len())
        .into_par_iter()
        .map(CustomerIndex::new)
        .map(|customer| (score(customer), names(customer), customer))
        .filter(|(score, ..)| !score.is_nan())
        .collect();
    ranked.par_sort_unstable_by(|left, right| {
        right.0.total_cmp(&left.0).then_with(|| (left.1, left.2).cmp(&(right.1, right.2)))
    });
    let ranks: Vec<f32> = ranked.iter().map(|(score, ..)| *score).collect();
    ranked.truncate(rule.count(&ranks));
    let least = ranked.last().map_or(1.0, |(score, ..)| *score);
    let mut flagged: Vec<CustomerIndex> = ranked.into_iter().map(|(.., customer)| customer).collect();
    flagged.par_sort_unstable();
    let reasons = |customer: &CustomerIndex| {
        let mut reasons = [Reasons::default(); 2];
        for kind in [ContactKind::Email, ContactKind::Phone] {
            let place = evidence.chosen[customer.get()][kind as usize];
            // NaN is no more than anything.
            if let Some(place) = place.filter(|place| p(Some(*place)) >= least) {
                let today = evidence.today;
                let own = evidence.ask(place, today, |history| {
                    Reasons::of(&model.explain(history, today), history.captured.is_some())
                });
                reasons[kind as usize] =
                    if evidence.is_eligible(place) { own } else { own.behind(FlagReason::Nobodys) };
            }
        }
        Flag { customer: *customer, reasons }
    };
    flagged.par_iter().map(reasons).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_to_say_how_many() {
        let ranked = [0.9, 0.6, 0.5, 0.2, 0.1];
        for (text, count) in [("20%", 1), ("50 %", 3), ("expected", 2), ("0.5", 3), ("1", 0), ("100%", 5)] {
            assert_eq!(FlagRule::parse(text).expect("a rule").count(&ranked), count, "{text}");
        }
        for text in ["", "120%", "-1", "2", "many", "nan"] {
            assert_eq!(FlagRule::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_weighs_most_stands_first_and_age_alone_says_so() {
        let line = |cause, log_odds| Contribution { cause, count: 1, last: None, log_odds };
        let words = |lines: &[Contribution], dated| {
            Reasons::of(lines, dated).iter().map(FlagReason::as_str).collect::<Vec<_>>()
        };
        assert_eq!(words(&[line(Cause::Hazard, -0.5)], true), ["tenure", "no_evidence"]);
        assert_eq!(words(&[line(Cause::Hazard, -0.5)], false), ["tenure", "tenure_unknown"]);
        let lines = [line(Cause::Hazard, -2.0), line(Cause::Unopened, 0.4), line(Cause::DeadDomain, 3.5)];
        assert_eq!(words(&lines, true), ["dead_domain", "unopened"]);
    }
}
