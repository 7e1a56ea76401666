//! Weights in thousandths of a bit: what each level of each field says, and the log-odds of a pair as their sum.

use std::sync::LazyLock;

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
    /// Share of the pairs of one person, and of one household, that are at one place.
    pub at_one_place: [f64; 2],
    /// One entry a field, in the order of the vectors.
    pub fields: Vec<FieldWeights>,
    /// Of each class, in milli-bits: what two places cost, and the odds of one place against two.
    #[serde(skip)]
    two_places: [(i32, i32); 2],
    /// Places of given and family name, and what both being equal takes away, in milli-bits: unrelated people have both more
    /// often than chance would have it, since names go together.
    pub namesakes: Option<(usize, usize, i32)>,
    /// What the levels of each field say, for every pair that is weighed.
    #[serde(skip)]
    said: Vec<Said>,
}

/// What the levels of a field say of "same person" and of "same household"; nothing beyond those that there are.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    is_place: bool,
    levels: usize,
    by_level: [(i32, i32); 16],
}

impl Said {
    fn of(field: &FieldWeights) -> Self {
        let said = |level: usize| {
            field.levels.get(level).filter(|_| level > 0).map_or((0, 0), |own| (own.person, own.household))
        };
        Said { is_place: field.is_place, levels: field.levels.len(), by_level: std::array::from_fn(said) }
    }
}

/// What the levels of one field say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldWeights {
    /// The field.
    pub field: Field,
    /// Part of where somebody lives: what such fields say together is bounded, since people move.
    pub is_place: bool,
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

/// Why a pair has its weight. `start`, `fields`, `rest` and `doubt` add up to `weight`.
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
    /// What likely namesakes are less worth than the model says; 0 or less.
    pub doubt: i32,
}

impl FieldWeights {
    pub(in crate::resolve) fn new(
        field: Field,
        prior: &FieldPrior,
        is_place: bool,
        [m, h, u]: [&[f64; LEVELS]; 3],
    ) -> Self {
        let last = prior.levels.len();
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
        FieldWeights { field, is_place, levels: levels.collect() }
    }
}

impl Weights {
    pub(in crate::resolve) fn new(
        [person, household]: [f64; 2],
        at_one_place: [f64; 2],
        fields: Vec<FieldWeights>,
    ) -> Self {
        let unrelated = (1.0 - person - household).max(1e-12);
        let milli = |share: f64| (1000.0 * (share.max(1e-12) / unrelated).log2()).round() as i32;
        let bits = |ratio: f64| (1000.0 * ratio.log2()).round() as i32;
        let two_places = at_one_place.map(|one| (bits(1.0 - one), bits(one / (1.0 - one))));
        let (person, household) = (milli(person), milli(household));
        let said = fields.iter().map(Said::of).collect();
        Weights { person, household, at_one_place, fields, two_places, namesakes: None, said }
    }

    /// With how many times more often than by chance unrelated people have both names.
    pub(in crate::resolve) fn with_namesakes(mut self, of_names: Option<(usize, usize, f64)>) -> Self {
        self.namesakes = of_names.map(|(first, last, times)| (first, last, (1000.0 * times.log2()).round() as i32));
        self
    }

    /// What two equal names take away.
    fn of_namesakes(&self, vector: LevelVector) -> i32 {
        let is_exact = |place: usize| matches!(level_of(vector, place), 1 | 6..);
        self.namesakes.map_or(0, |(first, last, bits)| if is_exact(first) && is_exact(last) { bits } else { 0 })
    }

    /// Sums of a vector: "same person" and "same household", both against "unrelated".
    fn sums(&self, vector: LevelVector) -> (i32, i32) {
        let together = self.of_namesakes(vector);
        let (mut person, mut household, mut place) = (self.person - together, self.household - together, None);
        let mut rest = vector;
        for said in &self.said {
            let level = rest as usize & 15;
            rest >>= 4;
            let (of_person, of_household) = said.by_level[level];
            if !said.is_place {
                person += of_person;
                household += of_household;
            } else if (1..said.levels).contains(&level) {
                place = Some(place.unwrap_or(0) + of_person);
            }
        }
        let [of_person, of_household] = self.of_place(place);
        (person + of_person, household + of_household)
    }

    /// What all fields of a place say together: one place as likely as they say, or two that say nothing.
    fn of_place(&self, place: Option<i32>) -> [i32; 2] {
        let Some(bits) = place else { return [0, 0] };
        self.two_places.map(|(apart, odds)| apart + sum_of_powers(bits + odds))
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
        let mut fields = Vec::new();
        let mut place = None;
        for (index, field) in self.fields.iter().enumerate() {
            let level = level_of(vector, index);
            let Some(said) = field.levels.get(level).filter(|_| level > 0) else { continue };
            // Of a place each field has what it adds to the fields before it.
            let (person, of_household) = if field.is_place {
                let before = self.of_place(place);
                place = Some(place.unwrap_or(0) + said.person);
                let now = self.of_place(place);
                (now[0] - before[0], now[1] - before[1])
            } else {
                (said.person, said.household)
            };
            // Of strangers the family name says less beside an equal given name.
            let together = match self.namesakes {
                Some((_, last, _)) if last == index && household <= 0 => self.of_namesakes(vector),
                _ => 0,
            };
            fields.push((index, level, if household > 0 { person - of_household } else { person - together }));
        }
        let rest = weight - start - fields.iter().map(|(_, _, bits)| bits).sum::<i32>();
        Evidence { weight, against, start, fields, rest, doubt: 0 }
    }
}

/// `log2(1 + 2^x)` in milli-bits: a table, since every compared pair asks for it.
fn sum_of_powers(x: i32) -> i32 {
    /// Beyond so many milli-bits the smaller of the two is nothing.
    const REACH: usize = 12_000;
    static OVER: LazyLock<Vec<i32>> = LazyLock::new(|| {
        let over = |distance: usize| (1000.0 * (1.0 + (-(distance as f64) / 1000.0).exp2()).log2()).round() as i32;
        (0..REACH).map(over).collect()
    });
    x.max(0) + OVER.get(x.unsigned_abs() as usize).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights() -> Weights {
        let level = |person, household| LevelWeight { name: String::new(), m: 0.0, h: 0.0, u: 0.0, person, household };
        let field = |field, exact: (i32, i32), other: (i32, i32)| FieldWeights {
            field,
            is_place: field == Field::City,
            levels: vec![level(0, 0), level(exact.0, exact.1), level(other.0, other.1)],
        };
        let fields = vec![
            field(Field::FirstName, (9_000, 100), (-3_500, 0)),
            field(Field::LastName, (10_000, 10_200), (-3_000, -3_000)),
            field(Field::Phone, (14_000, 13_000), (-1_500, -600)),
            field(Field::City, (3_500, 0), (-5_000, 0)),
        ];
        Weights {
            person: -15_000,
            household: -15_000,
            at_one_place: [0.75, 0.9],
            two_places: [(-2_000, 1_585), (-3_322, 3_170)],
            namesakes: Some((0, 1, 700)),
            said: fields.iter().map(Said::of).collect(),
            fields,
        }
    }

    #[test]
    fn evidence_adds_up_for_every_vector() {
        let weights = weights();
        for vector in 0..0x3333 {
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
        assert!(weights.household(0x112) > 2_000);
    }
}
