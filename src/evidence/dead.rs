//! Which contacts are dead by what happened to them, whatever a model makes of it.

use std::collections::HashMap;

use super::{Evidence, History};
use crate::record::{ContactIndex, Day, Death, Signal};
use crate::rule::DeadRules;

impl Evidence {
    /// The dead contacts by place. Without events there are none, and nothing is looked at.
    pub(super) fn dead_contacts(&self, rules: &DeadRules) -> HashMap<ContactIndex, Death> {
        if self.events.is_empty() {
            return HashMap::new();
        }
        let parts = self.each(
            self.today,
            |_| Vec::new(),
            |dead: &mut Vec<(ContactIndex, Death)>, place, history| {
                dead.extend(death(history, rules, self.today).map(|death| (place, death)));
            },
        );
        parts.into_iter().flatten().collect()
    }
}

/// By what a contact is dead: the sign that settled it, unless it showed life on a later day than the last sign.
fn death(history: &History<'_>, rules: &DeadRules, today: Day) -> Option<Death> {
    let mut death = None;
    let mut last: Option<Day> = None;
    let mut seen = [0_u32; Signal::ALL.len()];
    // Signals of before the capture belong to the value that was replaced.
    let known = history.signals.iter().filter(|signal| signal.day < today && Some(signal.day) >= history.captured);
    for dated in known {
        if let Some(times) = rules.signs.get(&dated.signal) {
            let count = &mut seen[dated.signal as usize];
            *count += 1;
            last = Some(dated.day);
            if *count >= *times && death.is_none() {
                death = Some(Death::seen(dated.day, dated.signal));
            }
        } else if rules.life.signals.contains(&dated.signal) && last < Some(dated.day) {
            (death, last, seen) = (None, None, [0; Signal::ALL.len()]);
        }
    }
    death
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DatedSignal;
    use crate::record::{ContactClass, ContactKind};
    use crate::rule::RuleFiles;

    fn by(signals: &[(i32, Signal)]) -> Option<(i32, Signal)> {
        let signals: Vec<DatedSignal> =
            signals.iter().map(|(day, signal)| DatedSignal { day: Day::new(*day), signal: *signal }).collect();
        let history = History {
            kind: ContactKind::Email,
            class: ContactClass::FreeMail,
            age: None,
            changes: 0,
            captured: Some(Day::new(10)),
            signals: &signals,
            dead_domain: false,
            deceased: false,
        };
        let rules = DeadRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form");
        death(&history, &rules, Day::new(100)).map(|death| (death.since.expect("seen").get(), death.by.expect("seen")))
    }

    #[test]
    fn a_contact_dies_by_its_signs_and_revives_by_a_later_proof_of_life() {
        use Signal::{Click, HardBounce, NotMe, Open, Purchase, SmsDelivered, SmsUndelivered, SoftBounce};
        assert_eq!(by(&[(20, HardBounce)]), Some((20, HardBounce)));
        assert_eq!(by(&[(20, HardBounce), (30, Click)]), None);
        assert_eq!(by(&[(20, HardBounce), (20, Open)]), Some((20, HardBounce)), "of one day: doubt is dead");
        assert_eq!(by(&[(20, Click), (30, HardBounce)]), Some((30, HardBounce)));
        assert_eq!(by(&[(20, NotMe), (30, Purchase)]), Some((20, NotMe)), "somebody buys, but not by this number");
        assert_eq!(by(&[(20, SoftBounce), (30, SoftBounce), (40, SoftBounce)]), None);
        let missed = [(20, SmsUndelivered), (30, SmsUndelivered), (40, SmsUndelivered)];
        assert_eq!(by(&missed), Some((40, SmsUndelivered)));
        assert_eq!(by(&missed[..2]), None);
        assert_eq!(by(&[missed[0], (25, SmsDelivered), missed[1], missed[2]]), None, "not three in a row");
        assert_eq!(by(&[(5, HardBounce)]), None, "it was another value then");
        assert_eq!(by(&[(100, HardBounce)]), None, "not known yet");
    }
}
