//! Whether learnt coefficients are taken.

use serde::{Deserialize, Serialize};

use crate::rule::LearnGuard;

use super::super::measure::Quality;

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
    /// Keep: the mean probability would move too far. Those who answer are not the whole list.
    LevelMoved {
        /// By so much.
        by: f64,
        /// At most.
        most: f64,
    },
}

pub(super) fn judge(guard: &LearnGuard, rarer: u64, before: &Quality, after: &Quality, level_shift: f64) -> Verdict {
    if before.count < guard.labels as u64 {
        Verdict::TooFew { labels: before.count, needed: guard.labels as u64 }
    } else if rarer < guard.of_each_outcome as u64 {
        Verdict::OneSided { labels: rarer, needed: guard.of_each_outcome as u64 }
    } else if after.log_loss >= before.log_loss {
        Verdict::NoBetter
    } else if level_shift.abs() > guard.level_shift {
        Verdict::LevelMoved { by: level_shift, most: guard.level_shift }
    } else {
        Verdict::Take
    }
}
