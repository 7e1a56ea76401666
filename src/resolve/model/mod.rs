//! The model: what agreement of each field says of a pair, learnt from the list without labels.

mod learn;
mod strangers;
mod weights;

pub use learn::Learning;
pub(super) use learn::Sample;
pub(super) use learn::learn;
pub use weights::{Against, Evidence, FieldWeights, Weights};

use super::compare::LevelVector;

/// A level vector and how many pairs have it.
pub(super) type Counted = (LevelVector, u64);

/// Distinct vectors with their counts, in ascending order.
pub(super) fn counted(mut vectors: Vec<LevelVector>) -> Vec<Counted> {
    use rayon::prelude::*;
    vectors.par_sort_unstable();
    vectors.chunk_by(|a, b| a == b).map(|equal| (equal[0], equal.len() as u64)).collect()
}
