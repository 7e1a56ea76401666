//! How good probabilities are beside what was found: ranking, sharpness and calibration.

use serde::{Deserialize, Serialize};

/// Bins of equal width of the reliability table.
const BINS: usize = 10;

/// A probability and what was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// That it was stale.
    pub p: f64,
    /// Whether it was.
    pub stale: bool,
}

/// One bin of the reliability table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Contacts in it.
    pub count: u64,
    /// Mean probability.
    pub predicted: f64,
    /// Share found stale.
    pub found: f64,
}

/// All figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Contacts.
    pub count: u64,
    /// Share found stale.
    pub stale: f64,
    /// Mean probability.
    pub mean: f64,
    /// The chance that a stale contact has a higher probability than one that is not; none where one sort is missing.
    pub auc: Option<f64>,
    /// Share of the stale that the top fifth holds.
    pub recall_at_fifth: f64,
    /// Mean of squared errors.
    pub brier: f64,
    /// Mean of `-ln` of the probability of what was found.
    pub log_loss: f64,
    /// Expected calibration error over the bins.
    pub ece: f64,
    /// The bins, from 0 to 1.
    pub bins: [Bin; BINS],
}

impl Outcome {
    /// `-ln` of the probability of what was found.
    pub fn loss(&self) -> f64 {
        -(if self.stale { self.p } else { 1.0 - self.p }).max(1e-15).ln()
    }
}

impl Quality {
    /// How far the share found may be off by chance, as half of its interval of 95 %.
    pub fn chance(&self) -> f64 {
        // Wilson's interval, whose width is never nothing.
        let (count, z) = (self.count.max(1) as f64, 1.96);
        let spread = self.stale * (1.0 - self.stale) / count + z * z / (4.0 * count * count);
        z * spread.sqrt() / (1.0 + z * z / count)
    }

    /// Measures; order does not matter.
    pub fn of(outcomes: &[Outcome]) -> Self {
        let count = outcomes.len() as f64;
        let mean_of = |value: &dyn Fn(&Outcome) -> f64| outcomes.iter().map(value).sum::<f64>() / count.max(1.0);
        let bins = bins(outcomes);
        let gap = |bin: &Bin| bin.count as f64 * (bin.predicted - bin.found).abs();
        Quality {
            count: outcomes.len() as u64,
            stale: mean_of(&|one| f64::from(u8::from(one.stale))),
            mean: mean_of(&|one| one.p),
            auc: auc(outcomes),
            recall_at_fifth: recall_at(outcomes, 0.2),
            brier: mean_of(&|one| (one.p - f64::from(u8::from(one.stale))).powi(2)),
            log_loss: mean_of(&Outcome::loss),
            ece: bins.iter().map(gap).sum::<f64>() / count.max(1.0),
            bins,
        }
    }
}

fn bins(outcomes: &[Outcome]) -> [Bin; BINS] {
    let mut bins = [Bin::default(); BINS];
    for one in outcomes {
        let bin = &mut bins[((one.p * BINS as f64) as usize).min(BINS - 1)];
        bin.count += 1;
        bin.predicted += one.p;
        bin.found += f64::from(u8::from(one.stale));
    }
    for bin in &mut bins {
        bin.predicted /= bin.count.max(1) as f64;
        bin.found /= bin.count.max(1) as f64;
    }
    bins
}

/// Groups of equal probability, the lowest first: `(stale, others)` of each.
fn groups(outcomes: &[Outcome]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<&Outcome> = outcomes.iter().collect();
    sorted.sort_by(|one, other| one.p.total_cmp(&other.p));
    let group = |same: &[&Outcome]| {
        let stale = same.iter().filter(|one| one.stale).count();
        (stale as f64, (same.len() - stale) as f64)
    };
    sorted.chunk_by(|one, other| one.p == other.p).map(group).collect()
}

/// Ties count half.
fn auc(outcomes: &[Outcome]) -> Option<f64> {
    let (mut below, mut won, mut all_stale) = (0.0, 0.0, 0.0);
    for (stale, others) in groups(outcomes) {
        won += stale * (below + others / 2.0);
        below += others;
        all_stale += stale;
    }
    (below > 0.0 && all_stale > 0.0).then(|| won / below / all_stale)
}

/// Share of the stale among the top `share`; ties at the border count in proportion.
pub fn recall_at(outcomes: &[Outcome], share: f64) -> f64 {
    let mut left = outcomes.len() as f64 * share;
    let (mut held, mut all) = (0.0, 0.0);
    for (stale, others) in groups(outcomes).into_iter().rev() {
        let taken = left.min(stale + others);
        held += stale * taken / (stale + others);
        left -= taken;
        all += stale;
    }
    if all > 0.0 { held / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(of: &[(f64, bool)]) -> Vec<Outcome> {
        of.iter().map(|&(p, stale)| Outcome { p, stale }).collect()
    }

    #[test]
    fn a_perfect_order_has_auc_one_and_ties_count_half() {
        let perfect = outcomes(&[(0.1, false), (0.2, false), (0.8, true), (0.9, true)]);
        assert_eq!(Quality::of(&perfect).auc, Some(1.0));
        let tied = outcomes(&[(0.5, false), (0.5, true)]);
        assert_eq!(Quality::of(&tied).auc, Some(0.5));
        assert_eq!(Quality::of(&tied[..1]).auc, None);
        assert_eq!(Quality::of(&[]).auc, None);
    }

    #[test]
    fn recall_takes_its_part_of_a_tie() {
        let tied = outcomes(&[(0.5, true), (0.5, true), (0.5, false), (0.5, false), (0.1, false)]);
        assert!((recall_at(&tied, 0.2) - 0.25).abs() < 1e-12);
        assert!((recall_at(&tied, 1.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn calibration_error_is_the_mean_gap_over_the_bins() {
        let one = outcomes(&[(0.85, true), (0.85, false), (0.05, false), (0.05, false)]);
        let quality = Quality::of(&one);
        assert!((quality.ece - (0.35 * 2.0 + 0.05 * 2.0) / 4.0).abs() < 1e-12);
        assert_eq!((quality.bins[8].count, quality.bins[0].count), (2, 2));
        assert!((quality.bins[8].found - 0.5).abs() < 1e-12);
    }
}
