//! In which order a column writes given and family names.

use super::split::{SplitRules, without_pictures};
use crate::rule::{NameLists, NameOrder, NameOrderWords};

/// The order that the header says, else the one that the rows show which the lists of names know; else given name first.
pub(super) fn order_of(
    words: &NameOrderWords,
    header: &str,
    samples: &[String],
    split: &SplitRules,
    lists: &NameLists,
) -> NameOrder {
    let shown = || {
        let orders: Vec<NameOrder> =
            samples.iter().filter_map(|name| split.known_order(without_pictures(name.trim()), lists)).collect();
        let count = |order: NameOrder| orders.iter().filter(|own| **own == order).count();
        words.shown(count(NameOrder::FamilyFirst), count(NameOrder::GivenFirst))
    };
    words.told(header).or_else(shown).unwrap_or_default()
}
