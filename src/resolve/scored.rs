//! `Scored`: compared pairs with their weights, and what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::blocking::{Pair, pair, rows_of};
use super::cluster::{ALWAYS, ASK, Components, Group, Merging, NEVER, Place, components, households, merge};
use super::compare::{Comparer, LevelVector, Memo, level_of};
use super::copies::Copies;
use super::model::Weights;
use super::outcome::{Constraints, Link, Resolution, ResolveStats, chance};
use super::own_rows::OwnRows;
use super::veto::Veto;
use crate::record::{ClusterIndex, Field, Groups, PeopleTable, RowNumber, TableRow};
use crate::rule::ResolvePolicy;

/// What a pair weighs beyond the most that it may counts by this part.
const BEYOND: i32 = 256;

/// All compared pairs of a table.
pub(super) struct Scored<'a> {
    table: &'a PeopleTable,
    comparer: &'a Comparer<'a>,
    weights: &'a Weights,
    veto: &'a Veto<'a>,
    policy: &'a ResolvePolicy,
    own: &'a OwnRows,
    pairs: Vec<Pair>,
    vectors: Vec<LevelVector>,
    /// Milli-bits of each pair.
    scores: Vec<i32>,
    /// Milli-bits above which groups are merged.
    threshold: i32,
}

impl<'a> Scored<'a> {
    pub(super) fn new(
        comparer: &'a Comparer<'a>,
        weights: &'a Weights,
        veto: &'a Veto<'a>,
        policy: &'a ResolvePolicy,
        own: &'a OwnRows,
        pairs: Vec<Pair>,
        vectors: Vec<LevelVector>,
    ) -> Self {
        let weigh = |(pair, vector): (&Pair, &LevelVector)| {
            let (a, b) = rows_of(*pair);
            veto.less_doubt(weights.of(*vector), a, b, *vector)
        };
        let scores: Vec<i32> = pairs.par_iter().zip(&vectors).map(weigh).collect();
        let table = veto.table;
        let mut scored = Scored { table, comparer, weights, veto, policy, own, pairs, vectors, scores, threshold: 0 };
        scored.threshold = scored.least_weight();
        scored
    }

    /// The weight above which as many of the likely pairs are right as is asked for, by the model's own estimate.
    fn least_weight(&self) -> i32 {
        let is_likely = |index: &usize| {
            let (a, b) = rows_of(self.pairs[*index]);
            self.own.has(a)
                && self.own.has(b)
                && self.scores[*index] > self.policy.auto_merge
                && !self.veto.forbids(a, b, self.vectors[*index])
        };
        let mut likely: Vec<i32> =
            (0..self.pairs.len()).into_par_iter().filter(is_likely).map(|index| self.scores[index]).collect();
        likely.par_sort_unstable();
        let mut right: f64 = likely.iter().map(|score| chance(*score)).sum();
        let mut threshold = self.policy.auto_merge;
        for (index, score) in likely.iter().enumerate() {
            if right >= self.policy.least_precision * (likely.len() - index) as f64 {
                break;
            }
            right -= chance(*score);
            threshold = *score;
        }
        threshold
    }

    /// Merges, and tells how it went.
    pub(super) fn resolve(&self, constraints: &Constraints, copies: &Copies, mut stats: ResolveStats) -> Resolution {
        let decided = self.decided(constraints);
        let merged = self.merged(&decided, &mut stats);
        // The cluster of each row, numbered by their first rows.
        let mut cluster_of = vec![ClusterIndex::FIRST; self.table.len()];
        let mut first_of: Vec<TableRow> = self.table.rows().collect();
        let mut of_several: Vec<&Vec<TableRow>> = Vec::new();
        for rows in merged.iter().flat_map(|group| &group.clusters) {
            rows.iter().for_each(|row| first_of[row.get()] = rows[0]);
            of_several.push(rows);
        }
        of_several.sort_unstable();
        let mut next = of_several.iter().peekable();
        let mut clusters = Groups::default();
        for row in self.table.rows() {
            if first_of[row.get()] != row {
                continue;
            }
            let index = ClusterIndex::new(clusters.len());
            match next.next_if(|rows| rows[0] == row) {
                Some(rows) => {
                    rows.iter().for_each(|row| cluster_of[row.get()] = index);
                    clusters.push(rows.iter().map(|row| self.table.number(*row)));
                }
                None => {
                    cluster_of[row.get()] = index;
                    clusters.push([self.table.number(row)]);
                }
            }
        }
        stats.contradictions = decided
            .iter()
            .filter(|(pair, weight)| {
                let (a, b) = rows_of(*pair);
                *weight > 0 && cluster_of[a.get()] != cluster_of[b.get()]
            })
            .count() as u64;
        stats.merged_above = self.threshold;
        stats.copies = copies.iter().count() as u64;
        stats.copies_apart =
            copies.iter().filter(|(row, first)| cluster_of[row.get()] != cluster_of[first.get()]).count() as u64;
        stats.copies_left_out = copies.left_out;
        self.estimate(&cluster_of, &mut stats);
        let households = self.households(&cluster_of, clusters.len());
        let mut several = vec![0u32; clusters.len()];
        households.iter().for_each(|first| several[first.get()] += 1);
        stats.households = several.iter().filter(|size| **size > 1).count() as u64;
        stats.clusters = clusters.len() as u64;
        stats.clusters_of_several = clusters.iter().filter(|rows| rows.len() > 1).count() as u64;
        stats.largest_cluster = clusters.iter().map(<[RowNumber]>::len).max().unwrap_or_default() as u64;
        let (links, mut possible) = self.links(&cluster_of, &decided);
        stats.possible_left_out = possible.len().saturating_sub(self.policy.most_possible) as u64;
        possible.truncate(self.policy.most_possible);
        stats.possible = possible.len() as u64;
        Resolution { clusters, households, links, possible, asked: Vec::new(), weights: None, stats }
    }

    /// What was decided before, as pairs of rows with the weight of a decision.
    fn decided(&self, constraints: &Constraints) -> Vec<(Pair, i64)> {
        if constraints.same.is_empty() && constraints.different.is_empty() {
            return Vec::new();
        }
        let rows: BTreeMap<RowNumber, TableRow> = self.table.rows().map(|row| (self.table.number(row), row)).collect();
        let row_pair = |(a, b): &(RowNumber, RowNumber)| {
            let (a, b) = (rows.get(a)?, rows.get(b)?);
            (a != b).then(|| pair(*a, *b))
        };
        let same = constraints.same.iter().filter_map(row_pair).map(|pair| (pair, ALWAYS));
        let different = constraints.different.iter().filter_map(row_pair).map(|pair| (pair, NEVER));
        let mut decided: Vec<(Pair, i64)> = same.chain(different).collect();
        // Where both were said of a pair, "different" counts: a wrong merge is worse than a missed one.
        decided.sort_unstable();
        decided.dedup_by_key(|(pair, _)| *pair);
        decided
    }

    /// The weight of a pair in the mean of two groups.
    fn weight(&self, a: TableRow, b: TableRow, vector: LevelVector, score: i32) -> i64 {
        if self.veto.forbids(a, b, vector) {
            return NEVER;
        }
        if self.veto.asks(a, b, vector) {
            return ASK;
        }
        // What names alone say is never enough to merge without asking, through a third row neither.
        let most =
            if self.veto.may_be_namesakes(a, b, vector) { self.policy.namesakes } else { self.policy.most_weight };
        // What is beyond the most hardly counts in a mean, but of two candidates for one row the stronger one wins.
        let beyond = (score - self.policy.most_weight).max(0) / BEYOND;
        i64::from(score.clamp(-self.policy.most_weight, most) + if most > 0 { beyond } else { 0 })
    }

    /// What became of the groups that hang together.
    fn merged(&self, decided: &[(Pair, i64)], stats: &mut ResolveStats) -> Vec<Merging> {
        let is_likely = |index: &usize| self.scores[*index] > self.threshold;
        let likely = (0..self.pairs.len()).filter(is_likely).map(|index| self.pairs[index]);
        let must = decided.iter().filter(|(_, weight)| *weight > 0).map(|(pair, _)| *pair);
        let groups = components(self.table.len(), likely.chain(must));
        let known = self.known_within(&groups, decided);
        let merged: Vec<Merging> = groups
            .rows
            .par_iter()
            .zip(known)
            .map_init(Memo::default, |memo, (rows, edges)| {
                let mut weigh = |a: TableRow, b: TableRow| {
                    let vector = self.comparer.vector(a, b, memo);
                    let score = self.veto.less_doubt(self.weights.of(vector), a, b, vector);
                    self.weight(a, b, vector, score)
                };
                merge(&Group { rows, edges }, self.threshold, self.policy, &mut weigh)
            })
            .collect();
        stats.vetoed = self.vetoed(&groups);
        for group in &merged {
            stats.compared_while_merging += group.compared;
            stats.refused_as_too_big += group.too_big;
        }
        merged
    }

    /// For each group the weights known within it, by places in the group.
    fn known_within(&self, groups: &Components, decided: &[(Pair, i64)]) -> Vec<Vec<(Place, Place, i64)>> {
        let mut known: Vec<Vec<(Place, Place, i64)>> = vec![Vec::new(); groups.rows.len()];
        let place = |group: usize, row: TableRow| {
            Place(groups.rows[group].binary_search(&row).expect("a row stands in its own group") as u32)
        };
        let group_of = |pair: Pair| {
            let (a, b) = rows_of(pair);
            let group = groups.of(a)?;
            (groups.of(b) == Some(group)).then_some((group, a, b))
        };
        for (index, pair) in self.pairs.iter().enumerate() {
            let Some((group, a, b)) = group_of(*pair) else { continue };
            if !decided.is_empty() && decided.binary_search_by_key(pair, |(pair, _)| *pair).is_ok() {
                continue;
            }
            let weight = self.weight(a, b, self.vectors[index], self.scores[index]);
            known[group].push((place(group, a), place(group, b), weight));
        }
        for (pair, weight) in decided {
            if let Some((group, a, b)) = group_of(*pair) {
                known[group].push((place(group, a), place(group, b), *weight));
            }
        }
        known
    }

    fn vetoed(&self, groups: &Components) -> u64 {
        let is_vetoed = |index: &usize| {
            let (a, b) = rows_of(self.pairs[*index]);
            groups.of(a).is_some()
                && self.scores[*index] > self.policy.auto_merge
                && self.veto.forbids(a, b, self.vectors[*index])
        };
        (0..self.pairs.len()).filter(is_vetoed).count() as u64
    }

    /// What the model itself expects of precision and recall.
    fn estimate(&self, cluster_of: &[ClusterIndex], stats: &mut ResolveStats) {
        let (mut merged, mut right, mut all) = (0.0, 0.0, 0.0);
        for (pair, score) in self.pairs.iter().zip(&self.scores) {
            let (a, b) = rows_of(*pair);
            let chance = chance(*score);
            all += chance;
            if cluster_of[a.get()] == cluster_of[b.get()] {
                merged += 1.0;
                right += chance;
            }
        }
        stats.expected_precision = if merged > 0.0 { right / merged } else { 1.0 };
        stats.expected_recall = if all > 0.0 { right / all } else { 1.0 };
    }

    fn households(&self, cluster_of: &[ClusterIndex], clusters: usize) -> Vec<ClusterIndex> {
        let share_something = self.share_something();
        let links: Vec<(i32, ClusterIndex, ClusterIndex)> = self
            .pairs
            .par_iter()
            .zip(&self.vectors)
            .zip(&self.scores)
            .filter_map(|((pair, vector), score)| {
                let (x, y) = rows_of(*pair);
                let (a, b) = (cluster_of[x.get()], cluster_of[y.get()]);
                if a == b || !share_something(*vector) {
                    return None;
                }
                // What is a person rather than not is no household, unless it is a relative.
                let weight = match *score {
                    ..=0 => self.weights.household(*vector),
                    score if self.veto.are_relatives(x, y, *vector) => score,
                    _ => 0,
                };
                (weight > 0).then(|| (weight, a.min(b), a.max(b)))
            })
            .collect();
        households(clusters, links, self.policy.largest_household)
    }

    /// Tells whether a home or a contact is the same. On a list without households the second class becomes that of namesakes, who
    /// share neither.
    fn share_something(&self) -> impl Fn(LevelVector) -> bool + use<> {
        let place = |field: Field| self.weights.fields.iter().position(|own| own.field == field);
        let [phone, email, street, house, postcode] =
            [Field::Phone, Field::Email, Field::Street, Field::HouseNumber, Field::Postcode].map(place);
        move |vector| {
            let level = |place: Option<usize>| place.map_or(0, |place| level_of(vector, place));
            level(phone) == 1
                || level(email) == 1
                || (matches!(level(street), 1 | 2) && level(house) == 1)
                || (street.is_none() && level(postcode) == 1)
        }
    }

    /// Likely pairs within clusters, and pairs across them that a steward should see: none of which somebody decided that they
    /// are two.
    fn links(&self, cluster_of: &[ClusterIndex], decided: &[(Pair, i64)]) -> (Vec<Link>, Vec<Link>) {
        let clusters_of = |a: TableRow, b: TableRow| {
            let (a, b) = (cluster_of[a.get()], cluster_of[b.get()]);
            (a.min(b), a.max(b))
        };
        let apart = decided.iter().filter(|(_, weight)| *weight < 0).map(|(pair, _)| rows_of(*pair));
        let apart: BTreeSet<_> = apart.map(|(a, b)| clusters_of(a, b)).collect();
        let (mut links, mut possible) = (Vec::new(), Vec::new());
        for (index, pair) in self.pairs.iter().enumerate() {
            let score = self.scores[index];
            if score <= self.policy.conflict {
                continue;
            }
            let (a, b) = rows_of(*pair);
            let vector = self.vectors[index];
            let (left, right) = (self.table.number(a), self.table.number(b));
            let link = Link { left, right, vector, weight: score, kept_apart: None };
            let clusters = clusters_of(a, b);
            if clusters.0 == clusters.1 {
                links.push(link);
            } else if self.veto.is_offered(score, a, b, vector) && !apart.contains(&clusters) {
                possible.push(Link { kept_apart: self.veto.why_apart(score, a, b, vector), ..link });
            }
        }
        possible.par_sort_unstable_by_key(|link| (std::cmp::Reverse(link.weight), link.left, link.right));
        (links, possible)
    }
}
