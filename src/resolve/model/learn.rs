//! Learning by expectation and maximization over all pairs of rows.
//!
//! Candidate pairs are explicit. Every other pair is unrelated and enters only through the totals: how many of all pairs are
//! at a level. Exact levels are counted from how often values occur, the others come from random pairs, never less than the
//! candidates show. What is known of unrelated people anywhere counts as some thousand pairs more, which a short list has not
//! and a long one does not notice. What the classes M (same person) and H (same household) hold is taken off, so that u is
//! freed of the duplicates themselves.

use rayon::prelude::*;

use super::Counted;
use super::strangers::Known;
use super::weights::{FieldWeights, Weights};
use crate::record::Field;
use crate::resolve::compare::level_of;
use crate::resolve::rarity::Rarity;
use crate::rule::{FieldPrior, ModelRules};

const LEVELS: usize = ModelRules::LEVELS;
/// Floor of every count of unrelated pairs: half a pair.
const HALF_A_PAIR: f64 = 0.5;
/// Vectors that one task works on; fixed, so that sums are added in one order whatever the number of threads.
const CHUNK: usize = 4096;

type Table = [f64; LEVELS];

/// What learning went through.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Learning {
    /// Steps until nothing changed any more.
    pub steps: u32,
    /// Pairs of one person, as the model expects them.
    pub same_person: f64,
    /// Pairs of one household.
    pub same_household: f64,
    /// Candidate pairs learnt from.
    pub pairs: u64,
    /// Distinct level vectors among them.
    pub vectors: u64,
}

/// What learning needs to know of the list.
pub(in crate::resolve) struct Sample<'a> {
    /// The fields, in the order of the vectors.
    pub(in crate::resolve) fields: &'a [Field],
    /// Their rarities.
    pub(in crate::resolve) rarities: Vec<&'a Rarity>,
    /// Number of rows.
    pub(in crate::resolve) rows: usize,
    /// Vectors of candidate pairs.
    pub(in crate::resolve) candidates: &'a [Counted],
    /// How many candidate pairs each of them stands for.
    pub(in crate::resolve) scale: f64,
    /// Vectors of random pairs.
    pub(in crate::resolve) random: &'a [Counted],
    /// Pairs of rows with both names equal, where names have parts.
    pub(in crate::resolve) namesakes: Option<f64>,
}

/// Learns the weights of a list.
pub(in crate::resolve) fn learn(sample: &Sample<'_>, rules: &ModelRules) -> (Weights, Learning) {
    let priors: Vec<&FieldPrior> = sample.fields.iter().map(|field| &rules.field[field]).collect();
    let mut classes = Classes::start(sample, &priors, rules);
    let levels: Vec<Vec<u8>> = (0..sample.fields.len())
        .map(|k| sample.candidates.iter().map(|(vector, _)| level_of(*vector, k) as u8).collect())
        .collect();
    let counts: Vec<f64> = sample.candidates.iter().map(|(_, count)| *count as f64 * sample.scale).collect();
    let mut before = f64::NEG_INFINITY;
    let mut steps = 0;
    while steps < rules.most_steps {
        steps += 1;
        let expected = classes.expect(&levels, &counts);
        let likelihood = expected.likelihood;
        classes.maximize(expected, rules);
        if (likelihood - before).abs() < rules.tolerance * likelihood.abs().max(1.0) && steps > 20 {
            break;
        }
        before = likelihood;
    }
    let learning = Learning {
        steps,
        same_person: classes.person * classes.pairs,
        same_household: classes.household * classes.pairs,
        pairs: sample.candidates.iter().map(|(_, count)| count).sum(),
        vectors: sample.candidates.len() as u64,
    };
    (classes.weights(sample, &priors), learning)
}

/// The three classes as they are known so far.
struct Classes {
    /// All pairs of the list, and those that stand for people anywhere: a few rows can't show that most of their pairs are one
    /// person's.
    pairs: f64,
    /// Share of the pairs that are one person's, and one household's.
    person: f64,
    household: f64,
    m: Vec<Table>,
    h: Vec<Table>,
    u: Vec<Table>,
    /// How many of all pairs are at each level.
    totals: Vec<Table>,
    m_prior: Vec<Table>,
    h_prior: Vec<Table>,
    /// Fields that a household does not share.
    is_own: Vec<bool>,
    /// Fields of where somebody lives; their `m` is of one place, whatever the class.
    is_place: Vec<bool>,
    /// Share of the pairs of one person, and of one household, that are at one place.
    at_one_place: [f64; 2],
    /// Levels that are not learnt: field, level, and what they say of a person and of a household as ratios to "unrelated".
    given: Vec<(usize, usize, [f64; 2])>,
    namesakes: Option<Namesakes>,
}

/// Given and family names go together: whoever has a Russian one has a Russian other, so that unrelated people share both
/// more often than chance would have it.
struct Namesakes {
    /// Places of the two names in vectors.
    first: usize,
    last: usize,
    /// All pairs of rows with both names equal.
    pairs: f64,
    /// Natural logarithm of how much more often unrelated people have both.
    together: f64,
}

/// What one step expects.
struct Expected {
    likelihood: f64,
    person: f64,
    household: f64,
    /// Pairs of each class at each level.
    m: Vec<Table>,
    h: Vec<Table>,
    /// Pairs of each class that have a place at all, and those of them at one place.
    placed: [f64; 2],
    at_one_place: [f64; 2],
    /// Pairs of both classes with both names equal.
    namesakes: f64,
}

impl Classes {
    fn start(sample: &Sample<'_>, priors: &[&FieldPrior], rules: &ModelRules) -> Self {
        let rows = sample.rows as f64;
        let pairs = (rows * (rows - 1.0) / 2.0).max(1.0);
        let fields = priors.len();
        // Shops and offices stay where they are.
        let moves = !sample.fields.contains(&Field::FullName);
        let random: f64 = sample.random.iter().map(|(_, count)| *count as f64).sum();
        let with_shipped = pairs + rules.shipped.pairs;
        let mut classes = Classes {
            pairs: with_shipped,
            person: (rules.start_pairs * rows / with_shipped).min(0.3),
            household: (rules.start_pairs * rows / with_shipped).min(0.3),
            m: Vec::new(),
            h: Vec::new(),
            u: Vec::new(),
            totals: Vec::new(),
            m_prior: Vec::new(),
            h_prior: Vec::new(),
            is_own: priors.iter().map(|prior| prior.h.is_none()).collect(),
            is_place: priors.iter().map(|prior| moves && prior.one_place.is_some()).collect(),
            at_one_place: [rules.place.person, rules.place.household],
            given: Vec::new(),
            namesakes: sample.namesakes.and_then(|pairs| {
                let at = |field: Field| sample.fields.iter().position(|own| *own == field);
                Some(Namesakes { first: at(Field::FirstName)?, last: at(Field::LastName)?, pairs, together: 0.0 })
            }),
        };
        let mut anywhere = Vec::with_capacity(fields);
        for k in 0..fields {
            let given = (1..=priors[k].levels.len()).filter_map(|level| Some((k, level, priors[k].given_bits(level)?)));
            classes.given.extend(given.map(|(k, level, bits)| (k, level, bits.map(f64::exp2))));
            let (mut total, mut seen) = ([0.0; LEVELS], [0.0; LEVELS]);
            for (vector, count) in sample.random {
                total[level_of(*vector, k)] += *count as f64 * pairs / random.max(1.0);
            }
            for (vector, count) in sample.candidates {
                seen[level_of(*vector, k)] += *count as f64 * sample.scale;
            }
            let (mut m, mut h) = ([0.0; LEVELS], [0.0; LEVELS]);
            let prior = priors[k];
            let of_person = prior.one_place.as_ref().filter(|_| classes.is_place[k]).unwrap_or(&prior.m);
            let of_household = prior.h.as_ref().unwrap_or(&prior.m);
            m[1..=prior.m.len()].copy_from_slice(of_person);
            h[1..=prior.m.len()].copy_from_slice(of_household);
            let (exact_m, exact_h) = (m[1], h[1]);
            let rarity = sample.rarities[k];
            for (bin, level) in rarity.exact_levels().iter().enumerate() {
                let level = usize::from(*level);
                total[level] = rarity.pairs[bin];
                m[level] = exact_m * rarity.shares[bin];
                h[level] = exact_h * rarity.shares[bin];
            }
            for level in 1..LEVELS {
                total[level] = total[level].max(seen[level]);
            }
            total[0] = 0.0;
            let mut share = [0.0; LEVELS];
            share[1..=prior.u.len()].copy_from_slice(&prior.u);
            for (bin, level) in rarity.exact_levels().iter().enumerate() {
                share[usize::from(*level)] = rarity.anywhere[bin];
            }
            anywhere.push(share);
            classes.totals.push(total);
            classes.m_prior.push(m);
            classes.h_prior.push(if classes.is_own[k] { share } else { h });
        }
        let known = Known {
            m: &classes.m_prior,
            h: &classes.h_prior,
            anywhere,
            is_place: &classes.is_place,
            at_one_place: classes.at_one_place,
            classes: [(rules.start_pairs * rows / pairs).min(0.3); 2],
        };
        let is_exact = |k: usize, level: usize| level == 1 || level > priors[k].levels.len();
        for (k, share) in known.with_shown(sample.random, &is_exact, &rules.shipped).iter().enumerate() {
            let total = &mut classes.totals[k];
            let mut u = [0.0; LEVELS];
            for level in 1..LEVELS {
                total[level] += rules.shipped.pairs * share[level];
                u[level] = if total[level] > 0.0 { total[level] + HALF_A_PAIR } else { 0.0 };
            }
            normalize(&mut u);
            let m = classes.m_prior[k];
            let start = if classes.is_own[k] { u } else { classes.h_prior[k] };
            classes.m.push(m.map(|share| if share > 0.0 { share + 1e-4 } else { 0.0 }));
            classes
                .h
                .push(std::array::from_fn(|level| if m[level] > 0.0 { start[level] + 1e-5 } else { start[level] }));
            classes.u.push(u);
        }
        classes.put_names_together(0.0, rules.names_together);
        classes.give();
        classes
    }

    /// How much more often unrelated people have both names than each of them: what is left of the namesakes once those of one
    /// person or household are taken off, against chance.
    fn put_names_together(&mut self, related: f64, share: f64) {
        let Some(names) = &mut self.namesakes else { return };
        let exact =
            |k: usize| -> f64 { (1..LEVELS).filter(|level| is_exact(*level)).map(|level| self.u[k][level]).sum() };
        let by_chance = self.pairs * exact(names.first) * exact(names.last);
        names.together = ((names.pairs - related).max(by_chance) / by_chance.max(HALF_A_PAIR)).max(1.0).ln() * share;
    }

    /// Holds the levels that are not learnt at what they are given.
    fn give(&mut self) {
        for (k, level, [person, household]) in &self.given {
            let share = self.m[*k][*level];
            self.u[*k][*level] = share / person;
            self.h[*k][*level] = share / person * household;
        }
    }

    /// Which class each vector belongs to, as far as is known.
    fn expect(&self, levels: &[Vec<u8>], counts: &[f64]) -> Expected {
        let unrelated = (1.0 - self.person - self.household).max(1e-12);
        let ratio = |of: &[Table]| -> Vec<Table> {
            of.iter()
                .zip(&self.u)
                .map(|(of, u)| {
                    std::array::from_fn(|level| {
                        if level == 0 { 0.0 } else { of[level].max(1e-9).ln() - u[level].max(1e-9).ln() }
                    })
                })
                .collect()
        };
        let log_u: Vec<Table> = self
            .u
            .iter()
            .map(|u| std::array::from_fn(|level| if level == 0 { 0.0 } else { u[level].max(1e-9).ln() }))
            .collect();
        let (m, h) = (ratio(&self.m), ratio(&self.h));
        let base = [self.person.max(1e-12).ln() - unrelated.ln(), self.household.max(1e-12).ln() - unrelated.ln()];
        let fields = levels.len();
        let parts: Vec<Expected> = (0..counts.len().div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let mut part = Expected::empty(fields);
                for index in chunk * CHUNK..((chunk + 1) * CHUNK).min(counts.len()) {
                    let (mut of_m, mut of_h, mut of_u, mut of_place) = (base[0], base[1], 0.0, 0.0);
                    let mut is_placed = false;
                    let are_namesakes = self.namesakes.as_ref().is_some_and(|names| {
                        [names.first, names.last].iter().all(|k| is_exact(usize::from(levels[*k][index])))
                    });
                    if let Some(names) = self.namesakes.as_ref().filter(|_| are_namesakes) {
                        of_m -= names.together;
                        of_h -= names.together;
                        of_u += names.together;
                    }
                    for (k, of_field) in levels.iter().enumerate() {
                        let level = usize::from(of_field[index]) & (LEVELS - 1);
                        of_u += log_u[k][level];
                        if self.is_place[k] {
                            of_place += m[k][level];
                            is_placed |= level > 0;
                        } else {
                            of_m += m[k][level];
                            of_h += h[k][level];
                        }
                    }
                    // Of each class the share of pairs like this that are at one place.
                    let mut here = [0.0; 2];
                    if is_placed {
                        for (class, of_class) in [&mut of_m, &mut of_h].into_iter().enumerate() {
                            let (one, two) =
                                (self.at_one_place[class] * of_place.exp(), 1.0 - self.at_one_place[class]);
                            here[class] = one / (one + two);
                            *of_class += (one + two).ln();
                        }
                    }
                    let most = of_m.max(of_h).max(0.0);
                    let (in_m, in_h, in_u) = ((of_m - most).exp(), (of_h - most).exp(), (-most).exp());
                    let all = in_m + in_h + in_u;
                    let count = counts[index];
                    part.likelihood += (most + all.ln() + of_u + unrelated.ln()) * count;
                    let (in_m, in_h) = (in_m / all * count, in_h / all * count);
                    part.person += in_m;
                    part.household += in_h;
                    if are_namesakes {
                        part.namesakes += in_m + in_h;
                    }
                    if is_placed {
                        for (class, share) in [in_m, in_h].into_iter().enumerate() {
                            part.placed[class] += share;
                            part.at_one_place[class] += share * here[class];
                        }
                    }
                    for (k, of_field) in levels.iter().enumerate() {
                        let level = usize::from(of_field[index]) & (LEVELS - 1);
                        if self.is_place[k] {
                            part.m[k][level] += in_m * here[0] + in_h * here[1];
                        } else {
                            part.m[k][level] += in_m;
                            part.h[k][level] += in_h;
                        }
                    }
                }
                part
            })
            .collect();
        parts.into_iter().fold(Expected::empty(fields), Expected::plus)
    }

    /// The classes that make what was expected likeliest, held near the priors.
    fn maximize(&mut self, expected: Expected, rules: &ModelRules) {
        for k in 0..self.m.len() {
            let (in_m, in_h) = (&expected.m[k], &expected.h[k]);
            let held = |share: f64, counts: &Table| rules.prior_pairs + share * counts[1..].iter().sum::<f64>();
            let is_level = |level: usize| self.m_prior[k][level] > 0.0;
            let step = |counts: &Table, strength: f64, prior: &Table| {
                let whole: f64 = prior[1..].iter().sum();
                let mut next: Table = std::array::from_fn(|level| match level {
                    0 => 0.0,
                    _ => {
                        counts[level]
                            + strength * prior[level] / whole.max(1e-9)
                            + if is_level(level) { 0.01 } else { 0.0 }
                    }
                });
                normalize(&mut next);
                next
            };
            let m = step(in_m, held(rules.prior_share, in_m), &self.m_prior[k]);
            let h = if self.is_place[k] {
                [0.0; LEVELS]
            } else if self.is_own[k] {
                step(in_h, held(rules.prior_share_own, in_h), &self.u[k])
            } else {
                step(in_h, held(rules.prior_share, in_h), &self.h_prior[k])
            };
            let mut u: Table = std::array::from_fn(|level| match level {
                0 => 0.0,
                _ if self.totals[k][level] > 0.0 => {
                    (self.totals[k][level] - in_m[level] - in_h[level]).max(HALF_A_PAIR)
                }
                _ => 0.0,
            });
            normalize(&mut u);
            (self.m[k], self.h[k], self.u[k]) = (m, h, u);
        }
        self.put_names_together(expected.namesakes, rules.names_together);
        self.give();
        for (class, start) in [rules.place.person, rules.place.household].into_iter().enumerate() {
            let strength = rules.prior_pairs + rules.prior_share * expected.placed[class];
            let share = (expected.at_one_place[class] + strength * start) / (expected.placed[class] + strength);
            self.at_one_place[class] = share.clamp(0.01, 0.99);
        }
        self.person = ((expected.person + 1.0) / self.pairs).min(0.45);
        self.household = ((expected.household + 1.0) / self.pairs).min(0.45);
    }

    fn weights(&self, sample: &Sample<'_>, priors: &[&FieldPrior]) -> Weights {
        let fields = sample.fields.iter().enumerate().map(|(k, field)| {
            // At one place a household is known by what one person is known by.
            let of_household = if self.is_place[k] { &self.m[k] } else { &self.h[k] };
            FieldWeights::new(*field, priors[k], self.is_place[k], [&self.m[k], of_household, &self.u[k]])
        });
        let namesakes = self.namesakes.as_ref().map(|names| (names.first, names.last, names.together.exp()));
        Weights::new([self.person, self.household], self.at_one_place, fields.collect()).with_namesakes(namesakes)
    }
}

impl Expected {
    fn empty(fields: usize) -> Self {
        Expected {
            likelihood: 0.0,
            person: 0.0,
            household: 0.0,
            m: vec![[0.0; LEVELS]; fields],
            h: vec![[0.0; LEVELS]; fields],
            placed: [0.0; 2],
            at_one_place: [0.0; 2],
            namesakes: 0.0,
        }
    }

    fn plus(mut self, other: Expected) -> Self {
        self.likelihood += other.likelihood;
        self.person += other.person;
        self.household += other.household;
        self.namesakes += other.namesakes;
        for class in 0..2 {
            self.placed[class] += other.placed[class];
            self.at_one_place[class] += other.at_one_place[class];
        }
        for (own, others) in [(&mut self.m, &other.m), (&mut self.h, &other.h)] {
            for (table, add) in own.iter_mut().zip(others) {
                table.iter_mut().zip(add).for_each(|(value, add)| *value += add);
            }
        }
        self
    }
}

/// Whether a level of a name says that it is the very name, however rare: of the five of a name the first, and what follows them.
const fn is_exact(level: usize) -> bool {
    level == 1 || level > 5
}

fn normalize(table: &mut Table) {
    let all: f64 = table.iter().sum();
    if all > 0.0 {
        table.iter_mut().for_each(|share| *share /= all);
    }
}
