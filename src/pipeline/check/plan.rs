//! What is asked of a check.

use jiff::civil::Date;

use super::baseline::Baseline;
use super::mark::MarkKey;
use super::suppression::Suppressing;
use crate::finding::{Code, Severity};
use crate::pipeline::gate::{Gates, Selector};
use crate::rule::{Expectation, Level};

/// What to check and how much of it to let pass.
#[derive(Debug, Clone)]
pub struct CheckPlan {
    /// Whether tiuv's own rules run; expectations always do.
    pub rules: bool,
    /// Levels set by the user, later ones winning; they also switch codes off.
    pub levels: Vec<(Selector, Level)>,
    /// What is expected of columns.
    pub expectations: Vec<Expectation>,
    /// When the list fails.
    pub gates: Gates,
    /// Which findings are known already, or are from now on.
    pub known: Option<Known>,
    /// Findings that the list's owner lives with.
    pub suppressions: Vec<Suppressing>,
    /// The key of marks, where one is given.
    pub marks: Option<MarkKey>,
    /// The day by which suppressions end.
    pub today: Date,
}

/// What is known of a list's findings.
#[derive(Debug, Clone)]
pub enum Known {
    /// Those of a baseline: only others are told and count.
    Baseline(Baseline),
    /// All that are found, from now on: none counts, and the baseline is made of them.
    Gathered {
        /// What the names of the list's files have in common from year to year.
        family: String,
    },
}

impl CheckPlan {
    /// How much a code matters in this check; none where it is off. Classes and facts are off unless set.
    pub fn severity(&self, code: Code, default: Severity) -> Option<Severity> {
        let set = self.levels.iter().rev().find(|(selector, _)| selector.covers(code, default));
        match set.map(|(_, level)| *level) {
            Some(Level::Off) => None,
            Some(Level::Info) => Some(Severity::Info),
            Some(Level::Warning) => Some(Severity::Warning),
            Some(Level::Error) => Some(Severity::Error),
            None if code.is_class() && default == Severity::Info => None,
            None => Some(default),
        }
    }
}
