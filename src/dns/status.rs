//! From answers over time to what is said today: how long an answer holds, when a "no" is confirmed, what a failure leaves.

use crate::record::{MxAnswer, MxCertainty, MxEntry, MxMeaning, MxOutcome, MxStatus};
use crate::rule::DnsRules;

const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 24 * HOUR_S;

/// Whether the domain need not be asked now (seconds since 1970).
pub(super) fn is_fresh(entry: &MxEntry, now: i64) -> bool {
    let holds = entry.answer.is_some() && now < entry.holds_until;
    let rests = entry.failure.is_some() && now < entry.rests_until;
    holds || rests
}

/// What is remembered after this answer.
pub(super) fn learn(known: Option<MxEntry>, mut answer: MxAnswer, now: i64, rules: &DnsRules) -> MxEntry {
    answer.asked_at = now;
    let known = known.unwrap_or_default();
    let times = &rules.times;
    let (least, most, dead_since) = match answer.outcome.meaning() {
        MxMeaning::Reaches => (times.alive_min_s, times.alive_max_s, None),
        MxMeaning::Never => (times.dead_min_s, times.dead_max_s, known.dead_since.or(Some(now))),
        MxMeaning::Unknown => {
            let rests_until = now.saturating_add(i64::from(times.failure_s));
            return MxEntry { failure: Some(answer), rests_until, ..known };
        }
    };
    let holds_until = now.saturating_add(i64::from(answer.ttl_s.clamp(least, most)));
    MxEntry { answer: Some(answer), holds_until, dead_since, failure: None, rests_until: 0 }
}

/// What is said today of a domain that was asked now, or will not be asked.
pub(super) fn status(known: Option<&MxEntry>, now: i64, confirm_hours: u32, rules: &DnsRules) -> MxStatus {
    let Some(entry) = known else { return MxStatus::not_checked() };
    let unknown =
        |outcome: MxOutcome, answer: &MxAnswer| MxStatus::new(outcome, MxCertainty::Unknown, Some(answer.clone()));
    let kept_until = |answer: &MxAnswer| answer.asked_at.saturating_add(i64::from(rules.times.stale_days) * DAY_S);
    match (&entry.answer, &entry.failure) {
        (Some(answer), _) if now < entry.holds_until => {
            let certainty = certainty(answer, entry.dead_since, confirm_hours);
            MxStatus::new(answer.outcome, certainty, Some(answer.clone()))
        }
        (Some(answer), _) if now <= kept_until(answer) => unknown(MxOutcome::Stale, answer),
        (_, Some(failure)) if now <= entry.rests_until => unknown(failure.outcome, failure),
        _ => MxStatus::not_checked(),
    }
}

/// A "no" is confirmed when it was heard again so many hours after it was heard first.
fn certainty(answer: &MxAnswer, dead_since: Option<i64>, confirm_hours: u32) -> MxCertainty {
    match answer.outcome.meaning() {
        MxMeaning::Reaches => MxCertainty::Alive,
        MxMeaning::Unknown => MxCertainty::Unknown,
        MxMeaning::Never => {
            let apart = answer.asked_at.saturating_sub(dead_since.unwrap_or(answer.asked_at));
            match apart >= i64::from(confirm_hours) * HOUR_S {
                true => MxCertainty::Dead,
                false => MxCertainty::Pending,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    const NOON: i64 = 1_800_000_000;

    fn rules() -> DnsRules {
        DnsRules::load(&RuleFiles::embedded()).expect("the shipped rules are of this form")
    }

    fn answer(outcome: MxOutcome, ttl_s: u32) -> MxAnswer {
        let said = String::new();
        MxAnswer { outcome, hosts: vec![], addresses: vec![], alias: None, said, ttl_s, resolver: None, asked_at: 0 }
    }

    /// Answers with the hours at which they came.
    type Story<'s> = &'s [(i64, MxOutcome)];

    /// What is said of a domain with this story at `hour`.
    fn told(story: Story<'_>, hour: i64, confirm_hours: u32) -> (MxOutcome, MxCertainty) {
        let rules = rules();
        let mut known = None;
        for (at, outcome) in story {
            known = Some(learn(known, answer(*outcome, 7_200), NOON + at * HOUR_S, &rules));
        }
        let said = status(known.as_ref(), NOON + hour * HOUR_S, confirm_hours, &rules);
        (said.outcome, said.certainty)
    }

    #[test]
    fn a_no_is_dead_only_when_heard_twice_far_enough_apart() {
        use MxCertainty::{Alive, Dead, Pending, Unknown};
        use MxOutcome::{MxOk, NullMx, Nxdomain, Stale, Temporary, Timeout};
        let cases: [(Story<'_>, i64, (MxOutcome, MxCertainty)); 10] = [
            (&[(0, Nxdomain)], 0, (Nxdomain, Pending)),
            (&[(0, Nxdomain), (23, Nxdomain)], 23, (Nxdomain, Pending)),
            (&[(0, Nxdomain), (24, Nxdomain)], 24, (Nxdomain, Dead)),
            (&[(0, Nxdomain), (12, Nxdomain), (30, NullMx)], 30, (NullMx, Dead)),
            (&[(0, Nxdomain), (12, MxOk), (30, Nxdomain)], 30, (Nxdomain, Pending)),
            (&[(0, Nxdomain), (12, Temporary), (30, Nxdomain)], 30, (Nxdomain, Dead)),
            (&[(0, Nxdomain), (30, Timeout)], 30, (Stale, Unknown)),
            (&[(0, MxOk), (30, Timeout)], 30, (Stale, Unknown)),
            (&[(0, MxOk), (1, Timeout)], 1, (MxOk, Alive)),
            (&[(0, Timeout)], 0, (Timeout, Unknown)),
        ];
        for (story, hour, expected) in cases {
            assert_eq!(told(story, hour, 24), expected, "{story:?}");
        }
        assert_eq!(told(&[(0, Nxdomain)], 0, 0), (Nxdomain, Dead));
    }

    #[test]
    fn an_older_answer_is_kept_where_asking_fails_but_not_for_ever() {
        use MxOutcome::{MxOk, NotChecked, Timeout};
        assert_eq!(told(&[(0, MxOk)], 181 * 24, 24), (NotChecked, MxCertainty::Unknown));
        assert_eq!(told(&[(0, MxOk), (181 * 24, Timeout)], 181 * 24, 24), (Timeout, MxCertainty::Unknown));
    }

    #[test]
    fn an_answer_holds_as_long_as_its_ttl_within_bounds_and_a_failure_rests() {
        let rules = rules();
        let holds = |outcome, ttl| {
            let entry = learn(None, answer(outcome, ttl), NOON, &rules);
            (0..700_000).step_by(100).find(|later| !is_fresh(&entry, NOON + later))
        };
        assert_eq!(holds(MxOutcome::MxOk, 0), Some(3_600));
        assert_eq!(holds(MxOutcome::MxOk, 7_200), Some(7_200));
        assert_eq!(holds(MxOutcome::MxOk, u32::MAX), Some(604_800));
        assert_eq!(holds(MxOutcome::Nxdomain, u32::MAX), Some(86_400));
        assert_eq!(holds(MxOutcome::Refused, u32::MAX), Some(300));
    }

    #[test]
    fn a_clock_that_runs_backwards_confirms_nothing() {
        assert_eq!(told(&[(0, MxOutcome::NullMx), (-48, MxOutcome::NullMx)], -48, 24).1, MxCertainty::Pending);
    }
}
