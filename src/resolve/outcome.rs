//! What finding the records of one person came to.

use serde::Serialize;

use super::blocking::BlockingStats;
use super::compare::LevelVector;
use super::model::{Evidence, Learning, Weights};
use crate::record::{ClusterIndex, Field, Groups, RowNumber};

/// Decisions that were made before: they always win.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Pairs that are one person.
    pub same: Vec<(RowNumber, RowNumber)>,
    /// Pairs that are not.
    pub different: Vec<(RowNumber, RowNumber)>,
    /// Pairs that somebody wants to know about, whatever they are to each other; they change nothing.
    pub asked: Vec<(RowNumber, RowNumber)>,
}

/// A pair that somebody wants to know about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedPair {
    /// What comparing it said.
    pub link: Link,
    /// Something proves that they are two people, whatever agrees.
    pub is_vetoed: bool,
    /// If they are two customers, a person should look.
    pub is_offered: bool,
}

/// Two rows and how likely they are one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The one.
    pub left: RowNumber,
    /// The other.
    pub right: RowNumber,
    /// Level of each field; [`Link::evidence`] tells it in bits.
    #[serde(skip)]
    pub vector: LevelVector,
    /// Log-odds in milli-bits.
    pub weight: i32,
    /// What keeps its rows two customers unless somebody says otherwise, whatever the weight; none where nothing does.
    #[serde(skip)]
    pub kept_apart: Option<KeptApart>,
}

/// Why two rows stay two customers though much agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptApart {
    /// Two national ids, both with a right check digit.
    OtherId,
    /// Their names tell of two generations.
    OtherGeneration,
    /// One birth date and family, two given names.
    Twins,
    /// One name, born a generation apart.
    ParentAndChild,
    /// One name, and two fathers.
    OtherFather,
    /// Two given names in one family.
    Relatives,
    /// Little but the name speaks for one person.
    Namesakes,
    /// What one person has alone is the same, and the rest speaks against it.
    Conflict,
}

impl KeptApart {
    /// Whether it is a sign of two people, beside which what agrees counts less; the others say that little agrees.
    const fn shows_two(self) -> bool {
        !matches!(self, KeptApart::Namesakes | KeptApart::Conflict)
    }

    /// The stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            KeptApart::OtherId => "other_id",
            KeptApart::OtherGeneration => "other_generation",
            KeptApart::Twins => "twins",
            KeptApart::ParentAndChild => "parent_and_child",
            KeptApart::OtherFather => "other_father",
            KeptApart::Relatives => "relatives",
            KeptApart::Namesakes => "namesakes",
            KeptApart::Conflict => "conflict",
        }
    }
}

impl Link {
    /// The probability that its rows are one person. What shows two people is at least as likely true as not, whatever agrees.
    pub fn chance(&self) -> f64 {
        const EVEN: f64 = 0.5;
        let chance = chance(self.weight);
        if self.kept_apart.is_some_and(KeptApart::shows_two) { chance.min(EVEN) } else { chance }
    }

    /// Why it has its weight.
    pub fn evidence(&self, weights: &Weights) -> Evidence {
        let evidence = weights.evidence(self.vector);
        Evidence { weight: self.weight, doubt: self.weight - evidence.weight, ..evidence }
    }
}

/// The probability that log-odds in milli-bits stand for.
pub(super) fn chance(weight: i32) -> f64 {
    1.0 / (1.0 + (-f64::from(weight) / 1000.0).exp2())
}

/// The customers and households of a list.
#[derive(Debug, Clone, Default)]
pub struct Resolution {
    /// The rows of each cluster; the first one stands for it. Rows alone are clusters of one.
    pub clusters: Groups<RowNumber>,
    /// For each cluster the first one of its household.
    pub households: Vec<ClusterIndex>,
    /// Likely pairs within clusters.
    pub links: Vec<Link>,
    /// Pairs across clusters for a steward to look at, likeliest first.
    pub possible: Vec<Link>,
    /// The pairs that were asked for, as far as there are such rows.
    pub asked: Vec<AskedPair>,
    /// What the model learnt; none where nothing was compared.
    pub weights: Option<Weights>,
    /// How it went.
    pub stats: ResolveStats,
}

/// How finding duplicates went, for the report and for whoever wonders.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ResolveStats {
    /// Rows compared.
    pub rows: u64,
    /// Customers found.
    pub clusters: u64,
    /// Of them those with several records.
    pub clusters_of_several: u64,
    /// Records of the biggest.
    pub largest_cluster: u64,
    /// Households of several customers.
    pub households: u64,
    /// Pairs that a steward should look at.
    pub possible: u64,
    /// Less likely ones that are not told, as there are too many.
    pub possible_left_out: u64,
    /// Rows that hold exactly what another row holds.
    pub copies: u64,
    /// Of them those that are not of one customer with the first.
    pub copies_apart: u64,
    /// Of these in turn those that were left out, as there are more of one row than records of a customer.
    pub copies_left_out: u64,
    /// Fields that people were compared by.
    pub fields: Vec<Field>,
    /// Fields that would help and are not in the list.
    pub missing: Vec<Field>,
    /// Values that say nothing since too many rows hold them, by field.
    pub hot_values: Vec<(Field, u64)>,
    /// Pairs compared at first.
    pub blocking: BlockingStats,
    /// Pairs compared while merging.
    pub compared_while_merging: u64,
    /// Merges refused because of the size of the cluster.
    pub refused_as_too_big: u64,
    /// Likely pairs that a veto kept apart.
    pub vetoed: u64,
    /// Milli-bits above which groups were merged.
    pub merged_above: i32,
    /// Decisions that contradict each other.
    pub contradictions: u64,
    /// How learning went.
    #[serde(flatten)]
    pub learning: LearningStats,
    /// Expected share of merged pairs that are right, by the model's own probabilities.
    pub expected_precision: f64,
    /// Expected share of one person's pairs that were merged, of those that were compared.
    pub expected_recall: f64,
    /// Why nothing was compared, where nothing was.
    pub refused: Option<Refused>,
}

/// [`Learning`] with names for outputs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LearningStats {
    /// Steps of learning.
    pub learning_steps: u32,
    /// Distinct level vectors.
    pub vectors: u64,
    /// Pairs of one person that the model expects.
    pub expected_pairs: u64,
    /// Pairs of one household that the model expects.
    pub expected_household_pairs: u64,
}

impl From<Learning> for LearningStats {
    fn from(learning: Learning) -> Self {
        LearningStats {
            learning_steps: learning.steps,
            vectors: learning.vectors,
            expected_pairs: learning.same_person.round() as u64,
            expected_household_pairs: learning.same_household.round() as u64,
        }
    }
}

/// Why no answer is better than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// Too few fields are mapped to tell people apart.
    TooFewFields,
}
