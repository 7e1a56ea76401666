//! Finds the records of one person, and the people of one household, without labels.
//!
//! [`PeopleReader`] takes the comparable values from batches; [`resolve`] does the rest, in the order of this file.

mod approximate;
mod batch;
mod blocking;
mod by_contact;
mod cluster;
mod compare;
mod copies;
mod fold;
mod forms;
mod levels;
mod mailbox;
mod model;
mod near_numbers;
mod outcome;
mod own_rows;
mod rarity;
mod read;
mod scored;
mod two_names;
mod veto;
mod whole_name;

pub use blocking::{BlockingStats, TruncatedKey};
pub use compare::{LevelVector, level_of};
pub use model::{Against, Evidence, FieldWeights, Learning, Weights};
pub use outcome::{AskedPair, Constraints, KeptApart, LearningStats, Link, Refused, Resolution, ResolveStats};
pub use read::PeopleReader;

use rayon::prelude::*;

use crate::record::{COMPARED, ClusterIndex, Field, Groups, PeopleTable, RowNumber, TableRow, mix};
use crate::rule::{Context, NameLists, ResolvePolicy, ResolveRules, RuleError};
use blocking::{Pair, candidate_pairs, pair};
use compare::{Comparer, Memo};
use copies::Copies;
use model::{counted, learn};
use own_rows::OwnRows;
use scored::Scored;
use veto::Veto;

/// Rows worked on by one task.
const CHUNK: usize = 1 << 14;

/// Pairs whose rows are fetched from memory at one time.
const FETCHED: usize = 64;

/// What resolving needs beside the table.
#[derive(Debug)]
pub struct Resolver {
    rules: ResolveRules,
    names: NameLists,
    context: Context,
}

impl Resolver {
    /// Loads the rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context) -> Result<Self, RuleError> {
        let files = &context.files;
        Ok(Resolver { rules: ResolveRules::load(files)?, names: NameLists::load(files)?, context: context.clone() })
    }

    /// The rules.
    pub fn rules(&self) -> &ResolveRules {
        &self.rules
    }

    /// Finds the customers of a table. What it finds depends on what rows hold, not on their order.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn resolve(&self, table: PeopleTable, constraints: &Constraints) -> Result<Resolution, RuleError> {
        let own = table.len();
        self.resolve_beside(table, own, constraints)
    }

    /// The same of a table whose first `own` rows are of this run and the others of lists that the workspace knows: what lists are
    /// like is learnt from the former alone.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn resolve_beside(
        &self,
        table: PeopleTable,
        own: usize,
        constraints: &Constraints,
    ) -> Result<Resolution, RuleError> {
        let mut stats = ResolveStats { rows: table.len() as u64, ..ResolveStats::default() };
        let mut table = table.canonical();
        if let Some(contact) = by_contact::only_contact(&model_fields(&table)) {
            (stats.fields, stats.missing) = (vec![contact], missing_fields(&[contact]));
            return Ok(by_contact::resolve(&table, contact, constraints, &self.rules, stats));
        }
        let own = OwnRows::new(&table, own);
        let mut copies = Copies::find(&table);
        copies.leave_out(&mut table, self.rules.policy.largest_cluster);
        stats.hot_values = set_hot_values_aside(&mut table, &own, &copies, &self.rules.policy);
        let fields = model_fields(&table);
        stats.missing = missing_fields(&fields);
        stats.fields.clone_from(&fields);
        if fields.len() < self.rules.policy.least_fields && !table.is_empty() {
            stats.refused = Some(Refused::TooFewFields);
            return Ok(alone(&table, stats));
        }
        tracing::debug!(rows = table.len(), "put rows in order");
        let comparer = Comparer::new(&table, &fields, &self.rules, &self.names, &own);
        let (pairs, blocking) = candidate_pairs(&table, &comparer, &self.rules.blocking);
        stats.blocking = blocking;
        tracing::debug!(rows = table.len(), pairs = pairs.len(), "found pairs to compare");
        let vectors = vectors_of(&comparer, &pairs);
        let random = counted(vectors_of(&comparer, &random_pairs(&own, self.rules.model.random_pairs)));
        tracing::debug!(random = random.len(), "compared pairs");
        let (candidates, scale) = self.sample(&own, &pairs, &vectors);
        let sample = model::Sample {
            fields: &fields,
            rarities: comparer.rarities().collect(),
            rows: own.len(),
            candidates: &candidates,
            scale,
            random: &random,
            namesakes: namesakes(&table, &own),
        };
        let (weights, learning) = learn(&sample, &self.rules.model);
        tracing::debug!(vectors = candidates.len(), steps = learning.steps, "learnt weights");
        stats.learning = learning.into();
        let veto = Veto::new(&table, &comparer, &self.rules, &self.names, &own, &self.context)?;
        let scored = Scored::new(&comparer, &weights, &veto, &self.rules.policy, &own, pairs, vectors);
        tracing::debug!("weighed pairs");
        let mut resolution = scored.resolve(constraints, &copies, stats);
        resolution.asked = asked(&table, &constraints.asked, &comparer, &weights, &veto);
        tracing::debug!(clusters = resolution.clusters.len(), "merged");
        resolution.weights = Some(weights);
        Ok(resolution)
    }

    /// The vectors that are learnt from: those of this run's rows, all of them or a fixed sample of many.
    fn sample(&self, own: &OwnRows, pairs: &[Pair], vectors: &[LevelVector]) -> (Vec<model::Counted>, f64) {
        if !own.are_all() {
            let of_run = pairs.iter().zip(vectors).filter(|(pair, _)| {
                let (a, b) = blocking::rows_of(**pair);
                own.has(a) && own.has(b)
            });
            let (pairs, vectors): (Vec<Pair>, Vec<LevelVector>) = of_run.unzip();
            return self.sample_of(&pairs, &vectors);
        }
        self.sample_of(pairs, vectors)
    }

    fn sample_of(&self, pairs: &[Pair], vectors: &[LevelVector]) -> (Vec<model::Counted>, f64) {
        let most = self.rules.model.learn_from;
        if vectors.len() <= most {
            return (counted(vectors.to_vec()), 1.0);
        }
        // Rows are in canonical order, so that the order of input does not choose.
        let limit = (most as f64 / vectors.len() as f64 * u64::MAX as f64) as u64;
        let chosen: Vec<LevelVector> =
            pairs.par_iter().zip(vectors).filter(|(pair, _)| mix(**pair) <= limit).map(|(_, vector)| *vector).collect();
        let scale = vectors.len() as f64 / chosen.len().max(1) as f64;
        (counted(chosen), scale)
    }
}

/// What is to be said of pairs that somebody asks for.
fn asked(
    table: &PeopleTable,
    pairs: &[(RowNumber, RowNumber)],
    comparer: &Comparer<'_>,
    weights: &Weights,
    veto: &Veto<'_>,
) -> Vec<AskedPair> {
    let one = |(left, right): &(RowNumber, RowNumber)| {
        let (a, b) = (table.row_of(*left)?, table.row_of(*right)?);
        let vector = comparer.vector(a, b, &mut Memo::default());
        let weight = veto.less_doubt(weights.of(vector), a, b, vector);
        let kept_apart = veto.why_apart(weight, a, b, vector);
        let link = Link { left: *left, right: *right, vector, weight, kept_apart };
        let is_offered = veto.is_offered(weight, a, b, vector);
        Some(AskedPair { link, is_vetoed: veto.forbids(a, b, vector), is_offered })
    };
    pairs.iter().filter_map(one).collect()
}

/// Makes values missing that too many different rows hold, and tells how many by field. Copies of a row count once: somebody
/// who was imported twenty times has a phone of his own.
fn set_hot_values_aside(
    table: &mut PeopleTable,
    own: &OwnRows,
    copies: &Copies,
    policy: &ResolvePolicy,
) -> Vec<(Field, u64)> {
    let limit = policy.hot_rows.max((own.len() as f64 * policy.hot_share) as u32);
    let is_counted = copies.counted(own);
    let mut hot = Vec::new();
    for field in &policy.hot_fields {
        let Some(column) = table.column(*field) else { continue };
        let counts = column.counts_where(|row| is_counted[row.get()]);
        let dropped = table.forget(*field, |id| counts[id as usize] > limit);
        if dropped > 0 {
            hot.push((*field, dropped));
        }
    }
    hot
}

/// Pairs of this run's rows with both names equal; none where names have no two parts.
fn namesakes(table: &PeopleTable, own: &OwnRows) -> Option<f64> {
    let (first, last) = (table.column(Field::FirstName)?, table.column(Field::LastName)?);
    let both = |row: TableRow| (u64::from(first.first(row)) << 32) | u64::from(last.first(row));
    let is_whole = |names: &u64| names >> 32 != 0 && *names as u32 != 0;
    let mut names: Vec<u64> = own.rows().map(both).filter(is_whole).collect();
    names.par_sort_unstable();
    let pairs = |same: &[u64]| same.len() as f64 * (same.len() as f64 - 1.0) / 2.0;
    Some(names.chunk_by(|a, b| a == b).map(pairs).sum())
}

/// The fields of the model: a whole name counts only where names have no parts.
fn model_fields(table: &PeopleTable) -> Vec<Field> {
    let has_parts = table.column(Field::FirstName).is_some() || table.column(Field::LastName).is_some();
    let is_used = |field: &Field| table.column(*field).is_some() && !(*field == Field::FullName && has_parts);
    COMPARED.into_iter().filter(is_used).collect()
}

/// What would tell people apart better, of what customers can be asked for.
fn missing_fields(fields: &[Field]) -> Vec<Field> {
    let helpful = [Field::Email, Field::Phone, Field::BirthDate, Field::NationalId, Field::Street, Field::City];
    helpful.into_iter().filter(|field| !fields.contains(field)).collect()
}

/// Every row by itself.
fn alone(table: &PeopleTable, mut stats: ResolveStats) -> Resolution {
    let mut clusters = Groups::default();
    table.rows().for_each(|row| clusters.push([table.number(row)]));
    stats.clusters = clusters.len() as u64;
    stats.largest_cluster = u64::from(!clusters.is_empty());
    Resolution { households: ClusterIndex::first(clusters.len()).collect(), clusters, stats, ..Resolution::default() }
}

fn vectors_of(comparer: &Comparer<'_>, pairs: &[Pair]) -> Vec<LevelVector> {
    let chunks: Vec<Vec<LevelVector>> = pairs
        .par_chunks(CHUNK)
        .map_init(Memo::default, |memo, pairs| {
            let mut vectors = Vec::with_capacity(pairs.len());
            for pairs in pairs.chunks(FETCHED) {
                comparer.fetch(pairs.iter().map(|pair| blocking::rows_of(*pair).1));
                let rows = pairs.iter().map(|pair| blocking::rows_of(*pair));
                vectors.extend(rows.map(|(a, b)| comparer.vector(a, b, memo)));
            }
            vectors
        })
        .collect();
    chunks.concat()
}

/// Pairs of this run's rows drawn by a fixed hash, over rows in canonical order.
fn random_pairs(own: &OwnRows, most: usize) -> Vec<Pair> {
    let of_run: Vec<TableRow> = own.rows().collect();
    let rows = of_run.len() as u64;
    let place = |index: u64| of_run[index as usize];
    if rows < 2 {
        return Vec::new();
    }
    let all = rows * (rows - 1) / 2;
    if all <= most as u64 {
        let behind = |a: u64| (a + 1..rows).map(move |b| pair(place(a), place(b)));
        return (0..rows).flat_map(behind).collect();
    }
    let draw = |seed: u64| place(((u128::from(mix(seed)) * u128::from(rows)) >> 64) as u64);
    (0..most as u64)
        .map(|index| (draw(2 * index + 1), draw(2 * index + 2)))
        .filter(|(a, b)| a != b)
        .map(|(a, b)| pair(a, b))
        .collect()
}
