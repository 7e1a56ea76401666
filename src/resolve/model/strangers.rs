//! What unrelated people share in a list too short to show it by its totals, and what they share anywhere.
//!
//! A list of a few rows may be odd: numbers that follow each other, one town, one firm's domain. What its rows share counts as
//! odd where their *other* fields tell them apart; two rows that agree in all fields must not make agreement common.

use super::Counted;
use crate::resolve::compare::level_of;
use crate::rule::{ModelRules, Shipped};

const LEVELS: usize = ModelRules::LEVELS;

type Table = [f64; LEVELS];

/// What is known of the three classes before anything is learnt.
pub(super) struct Known<'a> {
    /// Shares of pairs of one person, and of one household, by field and level.
    pub(super) m: &'a [Table],
    pub(super) h: &'a [Table],
    /// Shares of unrelated pairs anywhere.
    pub(super) anywhere: Vec<Table>,
    /// Fields of where somebody lives, which change together.
    pub(super) is_place: &'a [bool],
    /// Share of the pairs of one person, and of one household, at one place.
    pub(super) at_one_place: [f64; 2],
    /// Share of all pairs that are one person's, and one household's.
    pub(super) classes: [f64; 2],
}

impl Known<'_> {
    /// Of each field and level the larger of what unrelated people share anywhere and what they share among these pairs. Of
    /// values that are merely alike (`is_exact` says which levels are not) what all pairs share counts: few of the duplicates
    /// are at such levels, and a list in which numbers and mailboxes follow each other is odd in several fields at once, so that
    /// none of them could tell that the others are.
    pub(super) fn with_shown(
        mut self,
        pairs: &[Counted],
        is_exact: &dyn Fn(usize, usize) -> bool,
        shipped: &Shipped,
    ) -> Vec<Table> {
        let fields = self.anywhere.len();
        let vectors: Vec<(Vec<usize>, f64)> = pairs
            .iter()
            .map(|(vector, count)| ((0..fields).map(|k| level_of(*vector, k)).collect(), *count as f64))
            .collect();
        for exact in [false, true] {
            let mut seen = vec![[0.0; LEVELS]; fields];
            let mut all = vec![shipped.doubt; fields];
            for (levels, count) in &vectors {
                for (k, level) in levels.iter().enumerate().filter(|(_, level)| **level > 0) {
                    all[k] += count;
                    let counts = || !exact || self.are_strangers_but_for(k, levels) >= shipped.sure;
                    if is_exact(k, *level) == exact && counts() {
                        seen[k][*level] += count;
                    }
                }
            }
            for ((own, seen), all) in self.anywhere.iter_mut().zip(&seen).zip(&all) {
                own.iter_mut().zip(seen).for_each(|(share, seen)| *share = share.max(seen / all));
            }
        }
        self.anywhere
    }

    /// Probability that rows of these levels are unrelated, whatever one field says.
    fn are_strangers_but_for(&self, left_out: usize, levels: &[usize]) -> f64 {
        let unrelated = 1.0 - self.classes.iter().sum::<f64>();
        let class = |index: usize, of: &[Table]| -> f64 {
            let (mut own, mut place) = (self.classes[index] / unrelated, 1.0);
            for (k, level) in levels.iter().enumerate().filter(|(k, level)| *k != left_out && **level > 0) {
                let times = of[k][*level].max(1e-9) / self.anywhere[k][*level].max(1e-9);
                if self.is_place[k] { place *= times } else { own *= times }
            }
            own * (self.at_one_place[index] * place + 1.0 - self.at_one_place[index])
        };
        1.0 / (1.0 + class(0, self.m) + class(1, self.h))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::compare::LevelVector;

    const SHIPPED: Shipped = Shipped { rows: 500.0, pairs: 10_000.0, sure: 0.9, doubt: 100.0 };

    /// Three fields of three levels: the same, alike, and other.
    fn shown(pairs: &[(LevelVector, u64)]) -> Vec<Table> {
        let table = |same: f64, alike: f64| -> Table {
            std::array::from_fn(|level| match level {
                1 => same,
                2 => alike,
                3 => 1.0 - same - alike,
                _ => 0.0,
            })
        };
        let (m, u) = (vec![table(0.8, 0.1); 3], vec![table(1e-4, 1e-4); 3]);
        let known = Known {
            m: &m,
            h: &u,
            anywhere: u.clone(),
            is_place: &[false; 3],
            at_one_place: [0.8, 0.8],
            classes: [0.01, 0.01],
        };
        known.with_shown(pairs, &|_, level| level == 1, &SHIPPED)
    }

    #[test]
    fn rows_that_agree_in_all_make_agreement_no_more_common() {
        assert_eq!(shown(&[(0x111, 3)])[0][1], 1e-4);
    }

    #[test]
    fn what_rows_share_that_are_otherwise_strangers_is_common_here() {
        let shown = shown(&[(0x331, 300), (0x333, 600)]);
        assert!((shown[0][1] - 0.3).abs() < 1e-12, "a third of 900 pairs, and 100 more of doubt: {}", shown[0][1]);
        assert_eq!(shown[1][1], 1e-4);
    }

    #[test]
    fn a_list_that_is_odd_in_several_fields_at_once_proves_nothing_by_them() {
        let shown = shown(&[(0x122, 60), (0x322, 840)]);
        assert!((shown[0][2] - 0.9).abs() < 1e-12 && (shown[1][2] - 0.9).abs() < 1e-12);
        assert!(shown[2][1] > 0.05, "and tells whom the third field makes equal from one person: {}", shown[2][1]);
    }
}
