//! Whether learnt coefficients are taken.

use serde::{Deserialize, Serialize};

use crate::rule::LearnGuard;

use super::super::measure::Outcome;

/// Take learnt coefficients, or keep those in force and why.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They foretell labels that they had not seen better than those in force.
    Take,
    /// Keep: too few labels.
    TooFew {
        /// There are so many.
        labels: u64,
        /// From so many on.
        needed: u64,
    },
    /// Keep: nearly all labels say the same.
    OneSided {
        /// Labels of the rarer outcome.
        labels: u64,
        /// From so many on.
        needed: u64,
    },
    /// Keep: the log-loss of labels left out does not fall.
    NoBetter,
    /// Keep: it falls by no more than chance gives.
    ByChance {
        /// So many more labels would tell, if it went on like this.
        more: u64,
    },
    /// Keep: the mean probability would move too far. Those who answer are not the whole list.
    LevelMoved {
        /// By so much.
        by: f64,
        /// At most.
        most: f64,
    },
}

/// By how much learnt coefficients foretell labels better that they have not seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gain {
    /// Mean fall of the log-loss.
    mean: f64,
    /// Its standard error.
    error: f64,
}

impl Gain {
    /// Of labels, each judged twice, in the same order.
    pub(super) fn of(before: &[Outcome], after: &[Outcome]) -> Self {
        let falls: Vec<f64> = before.iter().zip(after).map(|(before, after)| before.loss() - after.loss()).collect();
        let count = falls.len() as f64;
        let mean = falls.iter().sum::<f64>() / count;
        let variance = falls.iter().map(|fall| (fall - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
        Gain { mean, error: (variance / count).sqrt() }
    }
}

pub(super) fn judge(guard: &LearnGuard, labels: u64, rarer: u64, gain: Gain, level_shift: f64) -> Verdict {
    let chance = guard.errors * gain.error;
    // Where there is none of the other kind, more of the same would not do.
    if labels < guard.labels as u64 && rarer > 0 {
        Verdict::TooFew { labels, needed: guard.labels as u64 }
    } else if rarer < guard.of_each_outcome as u64 {
        Verdict::OneSided { labels: rarer, needed: guard.of_each_outcome as u64 }
    } else if gain.mean <= 0.0 {
        Verdict::NoBetter
    } else if gain.mean <= chance {
        // The error falls with the root of the labels.
        let needed = labels as f64 * (chance / gain.mean).powi(2);
        Verdict::ByChance { more: (needed - labels as f64).ceil() as u64 }
    } else if level_shift.abs() > guard.level_shift {
        Verdict::LevelMoved { by: level_shift, most: guard.level_shift }
    } else {
        Verdict::Take
    }
}
