//! The probabilities of all contacts of a run, and the tenures that set the level.

use rayon::prelude::*;

use super::{Model, Tenures};
use crate::evidence::{Evidence, Pooled};
use crate::record::{ContactIndex, ContactKind, Day};

/// Counts the tenures of all eligible contacts, by kind.
pub(crate) fn tenures(evidence: &Evidence) -> [Tenures; 2] {
    let kinds = || [Tenures::new(ContactKind::Email), Tenures::new(ContactKind::Phone)];
    let (values, as_of) = (&evidence.values, evidence.today);
    // A table of counts is large: one for each thread's share rather than for each stretch of values.
    let shares = rayon::current_num_threads().clamp(1, evidence.stretches().max(1));
    let work = |share: usize| {
        let mut tenures = kinds();
        let mut pooled = Pooled::default();
        for value in share * values.len() / shares..(share + 1) * values.len() / shares {
            let members = values.contacts(value);
            if !evidence.is_somebodys_value(value) {
                continue;
            }
            evidence.pool_captures(members, as_of, &mut pooled);
            for place in members.iter().copied() {
                if evidence.is_eligible(place) {
                    let history = evidence.history(place, as_of, &mut pooled);
                    tenures[history.kind as usize].add(&history, as_of);
                }
            }
        }
        tenures
    };
    let parts: Vec<[Tenures; 2]> = (0..shares).into_par_iter().map(work).collect();
    parts.into_iter().fold(kinds(), |mut sum, part| {
        sum.iter_mut().zip(&part).for_each(|(sum, part)| sum.merge(part));
        sum
    })
}

#[derive(Debug, Clone, Copy)]
struct Scored {
    p: f32,
    captured: Option<Day>,
    has_signals: bool,
}

/// What came out for each contact.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    /// The probability that it is stale; NaN where there is nothing to judge.
    pub(crate) p: Vec<f32>,
    /// When it was first captured; none where nothing says it.
    pub(crate) captured: Vec<Option<Day>>,
    /// Anything beside its tenure is known.
    pub(crate) has_signals: Vec<bool>,
}

impl Scores {
    /// The probability of each contact that can go stale, by place; NaN for the others.
    pub(crate) fn of(evidence: &Evidence, model: &Model) -> Self {
        let as_of = evidence.today;
        let parts = evidence.each(
            as_of,
            |_| Vec::new(),
            |scores: &mut Vec<(ContactIndex, Scored)>, place, history| {
                if evidence.facts.contact(place).is_unusable() {
                    return;
                }
                let signals = history.signals.iter().filter(|signal| signal.day < as_of).count();
                scores.push((
                    place,
                    Scored {
                        p: model.score(history, as_of).p as f32,
                        captured: history.captured,
                        has_signals: signals > 0,
                    },
                ));
            },
        );
        let count = evidence.facts.contacts().len();
        let mut scores =
            Scores { p: vec![f32::NAN; count], captured: vec![None; count], has_signals: vec![false; count] };
        for (place, scored) in parts.into_iter().flatten() {
            scores.p[place.get()] = scored.p;
            scores.captured[place.get()] = scored.captured;
            scores.has_signals[place.get()] = scored.has_signals;
        }
        scores
    }

    /// The probability of a contact; none where there is nothing to judge.
    pub(crate) fn p(&self, place: ContactIndex) -> Option<f32> {
        Some(self.p[place.get()]).filter(|p| !p.is_nan())
    }
}
