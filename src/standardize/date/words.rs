//! The words that dates are written with.

use std::collections::{HashMap, HashSet};

use crate::rule::DateRules;

/// The words of dates.
#[derive(Debug, Clone)]
pub(super) struct DateWords {
    months: HashMap<String, u32>,
    pub(super) beside: HashSet<String>,
}

impl DateWords {
    pub(super) fn new(rules: &DateRules) -> Self {
        let months = rules.months.iter().zip(1..);
        let months = months.flat_map(|(names, month)| names.iter().map(move |name| (name.clone(), month))).collect();
        DateWords { months, beside: rules.beside_months.iter().cloned().collect() }
    }

    /// Hebrew joins the preposition to the month: במרץ.
    pub(super) fn month(&self, word: &str) -> Option<u32> {
        let bare = word.strip_prefix('ב').unwrap_or(word);
        self.months.get(word).or_else(|| self.months.get(bare)).copied()
    }
}
