//! Weights in thousandths of a bit: what each level of each field says, and the log-odds of a pair as their sum.

use serde::Serialize;

use crate::record::Field;
use crate::resolve::compare::{LevelVector, level_of};
use crate::rule::{FieldPrior, ModelRules};

const LEVELS: usize = ModelRules::LEVELS;

/// What the model learnt, as integers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weights {
    /// Log-odds of "same person" against "unrelated" before anything is compared, in milli-bits.
    pub person: i32,
    /// The same of "same household".
    pub household: i32,
    /// One entry a field, in the order of the vectors.
    pub fields: Vec<FieldWeights>,
}

/// What the levels of one field say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldWeights {
    /// The field.
    pub field: Field,
    /// One entry a level; the first is "missing" and says nothing.
    pub levels: Vec<LevelWeight>,
}

/// What one level says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelWeight {
    /// Its name in the rules.
    pub name: String,
    /// Shares of the level among pairs of one person, of one household, of unrelated people.
    pub m: f64,
    /// See `m`.
    pub h: f64,
    /// See `m`.
    pub u: f64,
    /// Same person against unrelated, in milli-bits.
    pub person: i32,
    /// Same household against unrelated.
    pub household: i32,
}

/// What speaks against "same person" in a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// They may be two people of one household or place.
    Household,
    /// They may be strangers.
    Unrelated,
}

/// Why a pair has its weight. `start`, `fields` and `rest` add up to `weight`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Log-odds of "same person" against everything else, in milli-bits.
    pub weight: i32,
    /// The likelier of the other two explanations, which fields are weighed against.
    pub against: Against,
    /// What is known before anything is compared.
    pub start: i32,
    /// What each field says: its place in the vector, its level, milli-bits.
    pub fields: Vec<(usize, usize, i32)>,
    /// What the less likely of the other explanations takes away; 0 or less.
    pub rest: i32,
}

impl FieldWeights {
    pub(super) fn new(field: Field, prior: &FieldPrior, last: usize, [m, h, u]: [&[f64; LEVELS]; 3]) -> Self {
        let milli =
            |share: f64, unrelated: f64| (1000.0 * (share.max(1e-9) / unrelated.max(1e-9)).log2()).round() as i32;
        let used = (1..LEVELS).rev().find(|level| m[*level] > 0.0 || u[*level] > 0.0).unwrap_or(0).max(last);
        let levels = (0..=used).map(|level| {
            let name = match level {
                0 => "missing".to_owned(),
                _ if level <= last => prior.levels[level - 1].clone(),
                _ => format!("{}, common {}", prior.levels[0], level - last),
            };
            let (person, household) =
                if level == 0 { (0, 0) } else { (milli(m[level], u[level]), milli(h[level], u[level])) };
            LevelWeight { name, m: m[level], h: h[level], u: u[level], person, household }
        });
        FieldWeights { field, levels: levels.collect() }
    }
}

impl Weights {
    pub(super) fn new(person: f64, household: f64, fields: Vec<FieldWeights>) -> Self {
        let unrelated = (1.0 - person - household).max(1e-12);
        let milli = |share: f64| (1000.0 * (share.max(1e-12) / unrelated).log2()).round() as i32;
        Weights { person: milli(person), household: milli(household), fields }
    }

    /// Sums of a vector: "same person" and "same household", both against "unrelated".
    fn sums(&self, vector: LevelVector) -> (i32, i32) {
        let (mut person, mut household) = (self.person, self.household);
        for (index, field) in self.fields.iter().enumerate() {
            if let Some(level) = field.levels.get(level_of(vector, index)) {
                person += level.person;
                household += level.household;
            }
        }
        (person, household)
    }

    /// Log-odds of "same person" against everything else, in milli-bits.
    pub fn of(&self, vector: LevelVector) -> i32 {
        let (person, household) = self.sums(vector);
        person - sum_of_powers(household)
    }

    /// Log-odds of "same household, another person" against everything else.
    pub fn household(&self, vector: LevelVector) -> i32 {
        let (person, household) = self.sums(vector);
        household - sum_of_powers(person)
    }

    /// Why a pair has its weight.
    pub fn evidence(&self, vector: LevelVector) -> Evidence {
        let (_, household) = self.sums(vector);
        let against = if household > 0 { Against::Household } else { Against::Unrelated };
        let start = if household > 0 { self.person - self.household } else { self.person };
        let weight = self.of(vector);
        let fields: Vec<(usize, usize, i32)> = self
            .fields
            .iter()
            .enumerate()
            .filter_map(|(index, field)| {
                let level = level_of(vector, index);
                let said = field.levels.get(level).filter(|_| level > 0)?;
                let bits = if household > 0 { said.person - said.household } else { said.person };
                Some((index, level, bits))
            })
            .collect();
        let rest = weight - start - fields.iter().map(|(_, _, bits)| bits).sum::<i32>();
        Evidence { weight, against, start, fields, rest }
    }
}

/// `log2(1 + 2^x)` in milli-bits.
fn sum_of_powers(x: i32) -> i32 {
    let most = x.max(0);
    let distance = f64::from(-x.abs()) / 1000.0;
    most + (1000.0 * (1.0 + distance.exp2()).log2()).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights() -> Weights {
        let level = |person, household| LevelWeight { name: String::new(), m: 0.0, h: 0.0, u: 0.0, person, household };
        let field = |field, exact: (i32, i32), other: (i32, i32)| FieldWeights {
            field,
            levels: vec![level(0, 0), level(exact.0, exact.1), level(other.0, other.1)],
        };
        Weights {
            person: -15_000,
            household: -15_000,
            fields: vec![
                field(Field::FirstName, (9_000, 100), (-3_500, 0)),
                field(Field::LastName, (10_000, 10_200), (-3_000, -3_000)),
                field(Field::Phone, (14_000, 13_000), (-1_500, -600)),
            ],
        }
    }

    #[test]
    fn evidence_adds_up_for_every_vector() {
        let weights = weights();
        for vector in 0..0x333 {
            let evidence = weights.evidence(vector);
            let fields: i32 = evidence.fields.iter().map(|(_, _, bits)| bits).sum();
            assert_eq!(evidence.weight, evidence.start + fields + evidence.rest, "{vector:x}");
            assert_eq!(evidence.weight, weights.of(vector));
            assert!(evidence.rest <= 2, "{evidence:?}");
        }
    }

    #[test]
    fn a_sister_is_of_the_household_and_not_the_person() {
        let weights = weights();
        assert!(weights.of(0x111) > 5_000);
        assert!(weights.of(0x112) < 0, "{}", weights.of(0x112));
        assert!(weights.household(0x112) > 5_000);
    }
}
