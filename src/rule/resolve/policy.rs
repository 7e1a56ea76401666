//! `rules/resolve/policy.toml`: limits and what becomes of likely pairs.

use serde::Deserialize;

use crate::record::Field;

/// Thresholds and limits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolvePolicy {
    /// Rows that may hold one value before it says nothing of a person.
    pub hot_rows: u32,
    /// Or this share of the rows, where that is more.
    pub hot_share: f64,
    /// Fields in which such values count as missing.
    pub hot_fields: Vec<Field>,
    /// Milli-bits from which groups are merged.
    pub auto_merge: i32,
    /// Milli-bits that some pair across two groups needs for them to be merged without asking.
    pub silent: i32,
    /// Share of merged pairs that must be right, by the model's own estimate.
    pub least_precision: f64,
    /// Milli-bits from which a pair is shown to a steward.
    pub review: i32,
    /// Milli-bits from which one is shown in which what rows share contradicts the rest.
    pub conflict: i32,
    /// Most pairs that are shown to a steward.
    pub most_possible: usize,
    /// Most that a pair counts in a mean, in milli-bits.
    pub most_weight: i32,
    /// Milli-bits by which the model overrates likely namesakes.
    pub namesakes_doubt: i32,
    /// Addresses of a list up to which their domain is rare.
    pub rare_domain: u32,
    /// Most that a pair of likely namesakes counts in a mean.
    pub namesakes: i32,
    /// What a pair counts that was never compared.
    pub unknown_pair: i32,
    /// Groups whose rows multiply to more are not compared pair by pair.
    pub compare_across: usize,
    /// Groups of so many rows are compared whole.
    pub complete: usize,
    /// Most records of a customer.
    pub largest_cluster: usize,
    /// Most people of a household.
    pub largest_household: usize,
    /// Comparisons made while merging, for each row.
    pub lazy_pairs: u64,
    /// Fewer fields than this are too few.
    pub least_fields: usize,
    /// Pairs that can't be one person.
    pub veto: Vetoes,
}

/// What proves two people apart.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vetoes {
    /// Two national ids, both with right check digits.
    pub different_national_id: bool,
    /// One birth date and family, two given names.
    pub twins: bool,
    /// Two given names in one family are for a person to decide, unless something agrees that is a person's own.
    pub relatives: bool,
    /// Endings that make another name of a given one, folded.
    pub endings: Vec<String>,
    /// Years between births from which people of one household with names that are not equal are two.
    pub sibling_years: i32,
    /// One name, and contacts that differ, is not enough to merge without asking.
    pub namesakes: bool,
    /// Bearers of both names in a million people from which a name is common.
    pub common_name: f64,
    /// Years between births from which people of one name are two generations.
    pub generation_years: i32,
    /// Words that tell generations apart.
    pub generations: Vec<String>,
}
