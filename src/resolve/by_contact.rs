//! Lists of addresses alone, or of numbers alone: nothing tells their people apart but that, so that an address is a customer.

use std::collections::BTreeSet;

use super::cluster::Sets;
use super::model::{FieldWeights, Weights};
use super::outcome::{Constraints, Link, Resolution, ResolveStats};
use crate::record::{ClusterIndex, Field, Groups, PeopleTable, RowNumber, TableRow};
use crate::rule::{ModelRules, ResolveRules};

/// The one level there is: the same address.
const EXACT: u64 = 1;

/// The only field of the model, where it is one that reaches a customer.
pub(super) fn only_contact(fields: &[Field]) -> Option<Field> {
    match fields {
        [field @ (Field::Email | Field::Phone)] => Some(*field),
        _ => None,
    }
}

/// The rows that share a value are one customer, unless somebody decided otherwise.
pub(super) fn resolve(
    table: &PeopleTable,
    field: Field,
    constraints: &Constraints,
    rules: &ResolveRules,
    mut stats: ResolveStats,
) -> Resolution {
    let mut merging = Merging::new(table, constraints);
    let mut links: Vec<(TableRow, TableRow)> = Vec::new();
    if let Some(column) = table.column(field) {
        let mut first_with: Vec<Option<TableRow>> = vec![None; column.counts().len()];
        for row in table.rows() {
            for id in column.of_row(row) {
                match first_with[id as usize] {
                    None => first_with[id as usize] = Some(row),
                    Some(first) if merging.join(first, row) => links.push((first, row)),
                    Some(_) => {}
                }
            }
        }
    }
    let clusters = merging.clusters(table);
    stats.clusters = clusters.len() as u64;
    stats.clusters_of_several = clusters.iter().filter(|rows| rows.len() > 1).count() as u64;
    stats.largest_cluster = clusters.iter().map(<[RowNumber]>::len).max().unwrap_or_default() as u64;
    (stats.expected_precision, stats.expected_recall) = (1.0, 1.0);
    let weights = rules.model.field.get(&field).map(|prior| {
        let level = |share: f64| {
            let mut levels = [0.0; ModelRules::LEVELS];
            levels[EXACT as usize] = share;
            levels
        };
        let of_field = FieldWeights::new(field, prior, false, [&level(1.0), &level(0.0), &level(CHANCE)]);
        let pairs = (table.len() as f64 * (table.len() as f64 - 1.0) / 2.0).max(1.0);
        let person = ((links.len() as f64 + 1.0) / pairs).min(0.45);
        Weights::new([person, 0.0], [0.5; 2], vec![of_field])
    });
    let weight = weights.as_ref().map_or(0, |weights| weights.of(EXACT));
    let link = |(left, right): &(TableRow, TableRow)| Link {
        left: table.number(*left),
        right: table.number(*right),
        vector: EXACT,
        weight,
        kept_apart: None,
    };
    Resolution {
        households: ClusterIndex::first(clusters.len()).collect(),
        links: links.iter().map(link).collect(),
        clusters,
        weights,
        stats,
        ..Resolution::default()
    }
}

/// Groups of rows that grow together.
struct Merging {
    sets: Sets,
    apart: Vec<(TableRow, TableRow)>,
}

impl Merging {
    /// Rows of which nothing is known but what people decided.
    fn new(table: &PeopleTable, constraints: &Constraints) -> Self {
        let rows = |pairs: &[(RowNumber, RowNumber)]| -> Vec<(TableRow, TableRow)> {
            pairs.iter().filter_map(|(a, b)| Some((table.row_of(*a)?, table.row_of(*b)?))).collect()
        };
        let mut merging = Merging { sets: Sets::new(table.len()), apart: rows(&constraints.different) };
        for (a, b) in rows(&constraints.same) {
            merging.join(a, b);
        }
        merging
    }

    /// Makes two rows one customer; says no where somebody decided that rows of the two are not.
    fn join(&mut self, a: TableRow, b: TableRow) -> bool {
        let (left, right) = (self.sets.root(a.get()), self.sets.root(b.get()));
        let is_apart = |(x, y): &(TableRow, TableRow)| {
            let roots = BTreeSet::from([self.sets.root(x.get()), self.sets.root(y.get())]);
            roots == BTreeSet::from([left, right])
        };
        if self.apart.iter().any(is_apart) {
            return false;
        }
        self.sets.join(left, right);
        true
    }

    /// The customers, in the order of their first rows.
    fn clusters(&mut self, table: &PeopleTable) -> Groups<RowNumber> {
        let mut rows_of: Vec<Vec<RowNumber>> = vec![Vec::new(); table.len()];
        for row in table.rows() {
            rows_of[self.sets.root(row.get())].push(table.number(row));
        }
        let mut clusters = Groups::default();
        rows_of.into_iter().filter(|rows| !rows.is_empty()).for_each(|rows| clusters.push(rows));
        clusters
    }
}

/// How often two strangers of such a list have one address: as good as never, and not never.
const CHANCE: f64 = 1e-6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchValues, PeopleBatch};
    use crate::resolve::Resolver;
    use crate::rule::Context;

    fn customers(addresses: &[&str], constraints: &Constraints) -> Vec<Vec<u32>> {
        let mut values = BatchValues::default();
        addresses.iter().for_each(|address| values.push(address));
        let mut table = PeopleTable::default();
        table.append(PeopleBatch {
            numbers: (0..addresses.len() as u32).map(RowNumber::from_index).collect(),
            keys: (0..addresses.len() as u64).collect(),
            columns: vec![(Field::Email, vec![values])],
        });
        let resolver = Resolver::new(&Context::shipped("IL", jiff::civil::date(2026, 11, 1))).expect("loads");
        let resolution = resolver.resolve(table, constraints).expect("resolves");
        assert_eq!(resolution.stats.refused, None);
        let numbers = |rows: &[RowNumber]| {
            let mut numbers: Vec<u32> = rows.iter().map(|row| row.number()).collect();
            numbers.sort_unstable();
            numbers
        };
        let mut clusters: Vec<Vec<u32>> = resolution.clusters.iter().map(numbers).collect();
        clusters.sort_unstable();
        clusters
    }

    #[test]
    fn a_list_of_addresses_has_one_customer_an_address_and_empty_rows_stay_alone() {
        let found = customers(&["pia", "quin", "pia", "", "rut", "quin", ""], &Constraints::default());
        assert_eq!(found, [vec![1, 3], vec![2, 6], vec![4], vec![5], vec![7]]);
        let often = vec!["pia"; 40];
        assert_eq!(customers(&often, &Constraints::default()).len(), 1, "however often it stands there");
    }

    #[test]
    fn what_people_decided_holds() {
        let row = RowNumber::from_index;
        let constraints =
            Constraints { same: vec![(row(0), row(1))], different: vec![(row(2), row(3))], asked: Vec::new() };
        let found = customers(&["pia", "quin", "rut", "rut"], &constraints);
        assert_eq!(found, [vec![1, 2], vec![3], vec![4]]);
    }
}
