//! What earlier runs know: rows that new ones are matched with, whose they were, and what people decided.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::row_names::RowNames;
use super::settled::Settled;
use super::unique_names::make_unique;
use crate::record::{
    ClusterIndex, CustomerId, Decision, KnownRow, PeopleTable, Relation, RowId, RowIndex, RowNumber, TableRow, mix,
    text_hash,
};
use crate::resolve::{Constraints, Resolution};

/// What the workspace knew before a run.
#[derive(Debug, Default)]
pub struct EarlierRuns {
    /// Whose rows were, as far as they are known.
    rows: HashMap<RowId, KnownRow>,
    /// Rows that are not called what their key alone would name them, by that.
    renamed: HashMap<RowId, RowId>,
    /// Decisions that were not undone, in the order in which they were made.
    decisions: Vec<Decision>,
    /// Fingerprint of the rules in force.
    rules: String,
    /// The number of this run among those that resolve.
    seen: u32,
}

/// Decisions of people in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionStats {
    /// Decisions that were obeyed.
    pub obeyed: u64,
    /// Numbers of those that no longer hold, since a compared value of their rows changed.
    pub lapsed: Vec<u64>,
    /// Numbers of those that contradict later ones, and gave way.
    pub contradicted: Vec<u64>,
    /// Decisions about rows that are not there.
    pub absent: u64,
}

/// What decisions ask of a run.
#[derive(Debug, Clone, Default)]
pub struct Decided {
    /// For resolving.
    pub constraints: Constraints,
    /// Pairs of one household.
    pub households: Vec<(RowNumber, RowNumber)>,
    /// What became of the decisions.
    pub stats: DecisionStats,
}

/// A row's customer and household, by the names that they keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCustomer {
    /// Its customer.
    pub customer: CustomerId,
    /// The run that first saw the customer.
    pub since: u32,
    /// Its household, named after the customer in it who is known longest.
    pub household: CustomerId,
}

/// A row of another list that is of a customer of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowElsewhere {
    /// The first row of the customer in this run.
    pub customer: RowIndex,
    /// Its list, among those that the workspace knows.
    pub list: u32,
    /// What it is known by.
    pub row: RowId,
}

impl EarlierRuns {
    /// Nothing is known.
    pub fn nothing() -> Self {
        EarlierRuns { seen: 1, ..EarlierRuns::default() }
    }

    /// From what earlier runs left.
    pub fn new(rows: impl IntoIterator<Item = KnownRow>, decisions: Vec<Decision>, rules: String, seen: u32) -> Self {
        let mut known = HashMap::new();
        let mut renamed = HashMap::new();
        for row in rows {
            // What was read last comes first.
            known.entry(row.row).or_insert(row);
            if row.key != row.row {
                renamed.entry(row.key).or_insert(row.row);
            }
        }
        let decisions = decisions.into_iter().filter(|decision| decision.undone_at.is_none()).collect();
        EarlierRuns { rows: known, renamed, decisions, rules, seen }
    }

    /// Whether a row is known that its key names so.
    pub fn has(&self, key: RowId) -> bool {
        self.rows.contains_key(&key) || self.renamed.contains_key(&key)
    }

    /// What rows are called that their keys name so.
    pub fn called(&self, keys: &[RowId]) -> Vec<RowId> {
        if self.renamed.is_empty() {
            return keys.to_vec();
        }
        keys.iter().map(|key| self.renamed.get(key).copied().unwrap_or(*key)).collect()
    }

    /// The hash of what was compared of a row when it was known last; none where it is not known.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "without Parquet no list is remembered"))]
    pub(super) fn compared(&self, row: RowId) -> Option<u64> {
        self.rows.get(&row).map(|known| known.compared)
    }

    /// The number of this run among those that resolve.
    pub(super) fn run(&self) -> u32 {
        self.seen
    }

    /// What decisions ask of rows; `rows` and `compared` hold each row's id and the hash of its compared values, row
    /// number 1 first. Later decisions win over earlier ones that they contradict.
    pub fn decided(&self, rows: &[RowId], compared: &[u64]) -> Decided {
        let mut decided = Decided::default();
        if self.decisions.is_empty() {
            return decided;
        }
        let wanted: BTreeSet<RowId> =
            self.decisions.iter().flat_map(|decision| decision.rows.iter().map(|row| row.row)).collect();
        let mut places: BTreeMap<RowId, RowIndex> = BTreeMap::new();
        for (place, row) in RowIndex::first(rows.len()).zip(rows).filter(|(_, row)| wanted.contains(row)) {
            places.entry(*row).or_insert(place);
        }
        let mut settled = Settled::nothing();
        for decision in self.decisions.iter().rev() {
            let [left, right] = &decision.rows;
            let (Some(&a), Some(&b)) = (places.get(&left.row), places.get(&right.row)) else {
                decided.stats.absent += 1;
                continue;
            };
            // Other rules read other values from the same cells; that is no change of the rows.
            let is_changed = compared[a.get()] != left.compared || compared[b.get()] != right.compared;
            if is_changed && decision.rules == self.rules {
                decided.stats.lapsed.push(decision.number);
            } else if settled.accepts(a, b, decision.relation) {
                decided.stats.obeyed += 1;
                let pair = (number(a), number(b));
                match decision.relation {
                    Relation::Same => decided.constraints.same.push(pair),
                    Relation::Different => decided.constraints.different.push(pair),
                    Relation::Household => {
                        decided.constraints.different.push(pair);
                        decided.households.push(pair);
                    }
                }
            } else {
                decided.stats.contradicted.push(decision.number);
            }
        }
        decided.stats.lapsed.sort_unstable();
        decided.stats.contradicted.sort_unstable();
        decided
    }

    /// Names customers: a cluster keeps the name of the customer known longest among its rows, if that customer's founder
    /// or most of its rows are in it; else it takes the id of the row that stands for it. `rows` as in
    /// [`Known::decided`]; the answer is in the same order.
    pub fn name(
        &self,
        resolution: &Resolution,
        households: &[(RowNumber, RowNumber)],
        rows: &[RowId],
    ) -> Vec<RowCustomer> {
        let owners = self.owners(resolution, rows);
        let mut named: Vec<(u32, CustomerId)> = Vec::with_capacity(resolution.clusters.len());
        for (cluster, members) in resolution.clusters.iter().enumerate() {
            let kept = owners.get(&ClusterIndex::new(cluster)).copied();
            let founder = || (self.seen, CustomerId(rows[index(members[0])].0));
            named.push(kept.unwrap_or_else(founder));
        }
        make_unique(&mut named, resolution, rows);
        let household_of = joined_households(resolution, households);
        let mut oldest: HashMap<ClusterIndex, (u32, CustomerId)> = HashMap::new();
        for (cluster, name) in named.iter().enumerate() {
            let own = oldest.entry(household_of[cluster]).or_insert(*name);
            *own = (*own).min(*name);
        }
        let nobody = RowCustomer { customer: CustomerId(0), since: 0, household: CustomerId(0) };
        let mut customers = vec![nobody; rows.len()];
        for (cluster, members) in resolution.clusters.iter().enumerate() {
            let (since, customer) = named[cluster];
            let household = oldest[&household_of[cluster]].1;
            members.iter().for_each(|row| customers[index(*row)] = RowCustomer { customer, since, household });
        }
        customers
    }

    /// What customers of earlier runs were called whose rows are another customer's now, by what that one is called.
    pub fn former(&self, rows: &[RowId], called: &[RowCustomer]) -> BTreeMap<CustomerId, Vec<CustomerId>> {
        let mut former: BTreeMap<CustomerId, Vec<CustomerId>> = BTreeMap::new();
        for (row, called) in rows.iter().zip(called) {
            let before = self.rows.get(row).map(|known| known.customer);
            if let Some(before) = before.filter(|before| *before != called.customer) {
                let known = former.entry(called.customer).or_default();
                if !known.contains(&before) {
                    known.push(before);
                }
            }
        }
        former
    }

    /// Which cluster each customer of earlier runs lives on in, by cluster.
    fn owners(&self, resolution: &Resolution, rows: &[RowId]) -> HashMap<ClusterIndex, (u32, CustomerId)> {
        // For each customer the clusters that hold rows of it.
        let mut claims: BTreeMap<(u32, CustomerId), BTreeMap<ClusterIndex, Claim>> = BTreeMap::new();
        if self.rows.is_empty() {
            return HashMap::new();
        }
        for (cluster, members) in resolution.clusters.iter().enumerate() {
            for member in members {
                let row = rows[index(*member)];
                let Some(known) = self.rows.get(&row) else { continue };
                let claim = claims
                    .entry((known.since, known.customer))
                    .or_default()
                    .entry(ClusterIndex::new(cluster))
                    .or_insert((false, 0, row));
                claim.0 |= row.0 == known.customer.0;
                claim.1 += 1;
                claim.2 = claim.2.min(row);
            }
        }
        let mut owners = HashMap::new();
        // The customer known longest comes first and takes its cluster; a younger one that is merged into it gives way.
        for (name, clusters) in claims {
            let heir = clusters
                .into_iter()
                .max_by_key(|(_, (is_founder, count, first))| (*is_founder, *count, std::cmp::Reverse(*first)));
            if let Some((cluster, _)) = heir {
                owners.entry(cluster).or_insert(name);
            }
        }
        owners
    }

    /// The rows of a run as later ones will know them; `places` says of each which input it is of, and its number there.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "without Parquet no list is remembered"))]
    pub(super) fn remembered(
        places: impl Iterator<Item = (u32, RowNumber)>,
        names: &RowNames,
        customers: &[RowCustomer],
    ) -> Vec<KnownRow> {
        let rows = places.zip(&names.ids).zip(&names.keys).zip(&names.compared).zip(customers);
        rows.map(|(((((source, number), row), key), compared), customer)| KnownRow {
            row: *row,
            key: *key,
            source,
            number,
            customer: customer.customer,
            since: customer.since,
            compared: *compared,
        })
        .collect()
    }
}

/// A cluster's claim to a customer's name: is the founder in it, how many of its rows, the first of them.
type Claim = (bool, u32, RowId);

/// Fixed hashes of the compared values of a table's rows from `first` on: by field, whatever else the table holds.
pub fn compared_values(table: &PeopleTable, first: usize) -> Vec<u64> {
    use rayon::prelude::*;
    let of_row = |row: usize| {
        let row = TableRow::new(row);
        let mut hash = 0;
        for column in table.columns() {
            let field = text_hash(column.field.as_str());
            for id in column.of_row(row) {
                // Values of one field in any order are the same values.
                hash ^= mix(column.values.hash(id) ^ field);
            }
        }
        hash
    };
    (first..table.len()).into_par_iter().map(of_row).collect()
}

/// For each cluster one that names its household, decisions included.
pub(super) fn joined_households(resolution: &Resolution, decided: &[(RowNumber, RowNumber)]) -> Vec<ClusterIndex> {
    let mut households = resolution.households.clone();
    if decided.is_empty() {
        return households;
    }
    let wanted: BTreeSet<RowNumber> = decided.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let mut cluster_of: BTreeMap<RowNumber, usize> = BTreeMap::new();
    for (cluster, members) in resolution.clusters.iter().enumerate() {
        cluster_of.extend(members.iter().filter(|row| wanted.contains(row)).map(|row| (*row, cluster)));
    }
    for (a, b) in decided {
        if let (Some(a), Some(b)) = (cluster_of.get(a), cluster_of.get(b)) {
            let (keep, give) = (households[*a].min(households[*b]), households[*a].max(households[*b]));
            households.iter_mut().filter(|household| **household == give).for_each(|household| *household = keep);
        }
    }
    households
}

fn number(row: RowIndex) -> RowNumber {
    RowNumber::from_index(row.get() as u32)
}

fn index(row: RowNumber) -> usize {
    RowIndex::of(row).get()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::DecidedRow;

    fn rows(ids: &[u64]) -> Vec<RowId> {
        ids.iter().copied().map(RowId).collect()
    }

    /// Clusters of row numbers from 1, each its own household.
    fn found(clusters: &[&[u32]]) -> Resolution {
        let households = ClusterIndex::first(clusters.len()).collect();
        let mut resolution = Resolution { households, ..Resolution::default() };
        for rows in clusters {
            resolution.clusters.push(rows.iter().map(|row| RowNumber::from_index(row - 1)));
        }
        resolution
    }

    fn names(customers: &[RowCustomer]) -> Vec<u64> {
        customers.iter().map(|customer| customer.customer.0).collect()
    }

    fn known(rows: &[(u64, u64, u32)]) -> EarlierRuns {
        let rows = rows.iter().map(|(row, customer, since)| KnownRow {
            row: RowId(*row),
            key: RowId(*row),
            source: 0,
            number: RowNumber::from_index(0),
            customer: CustomerId(*customer),
            since: *since,
            compared: 0,
        });
        EarlierRuns::new(rows, Vec::new(), "rules".to_owned(), 9)
    }

    #[test]
    fn a_new_customer_is_named_after_the_row_that_stands_for_it() {
        let customers = known(&[]).name(&found(&[&[2, 1], &[3]]), &[], &rows(&[10, 20, 30]));
        assert_eq!(names(&customers), [20, 20, 30]);
        assert!(customers.iter().all(|customer| customer.since == 9));
    }

    #[test]
    fn a_customer_keeps_its_name_when_rows_join_it_and_the_older_name_wins_a_merge() {
        let before = known(&[(10, 10, 1), (20, 20, 2)]);
        assert_eq!(names(&before.name(&found(&[&[3, 1]]), &[], &rows(&[10, 20, 30]))), [10, 0, 10]);
        let merged = before.name(&found(&[&[3, 2, 1]]), &[], &rows(&[10, 20, 30]));
        assert_eq!(names(&merged), [10, 10, 10]);
    }

    #[test]
    fn of_a_customer_that_is_split_the_founders_part_keeps_the_name() {
        let before = known(&[(10, 10, 1), (20, 10, 1), (30, 10, 1)]);
        let split = before.name(&found(&[&[1], &[2, 3]]), &[], &rows(&[10, 20, 30]));
        assert_eq!(names(&split), [10, 20, 20]);
        // Without the founder the larger part keeps it; the founder's name is never given twice.
        let gone = before.name(&found(&[&[1, 2], &[3]]), &[], &rows(&[20, 30, 40]));
        assert_eq!(names(&gone), [10, 10, 40]);
    }

    #[test]
    fn households_are_named_after_the_customer_known_longest_and_joined_by_decisions() {
        let before = known(&[(30, 30, 1)]);
        let resolution = found(&[&[1], &[2], &[3]]);
        let pair = (RowNumber::from_index(0), RowNumber::from_index(2));
        let customers = before.name(&resolution, &[pair], &rows(&[10, 20, 30]));
        let households: Vec<u64> = customers.iter().map(|customer| customer.household.0).collect();
        assert_eq!(households, [30, 20, 30]);
    }

    fn decision(number: u64, relation: Relation, left: (u64, u64), right: (u64, u64)) -> Decision {
        let row = |(row, compared): (u64, u64)| DecidedRow { row: RowId(row), name: row.to_string(), compared };
        Decision {
            number,
            relation,
            rows: [row(left), row(right)],
            why: String::new(),
            made_at: String::new(),
            rules: "rules".to_owned(),
            undone_at: None,
        }
    }

    #[test]
    fn a_decision_holds_until_a_compared_value_changes() {
        let made = vec![
            decision(1, Relation::Same, (10, 1), (20, 2)),
            decision(2, Relation::Different, (10, 1), (30, 3)),
            decision(3, Relation::Same, (10, 1), (99, 9)),
        ];
        let known = EarlierRuns::new([], made, "rules".to_owned(), 1);
        let decided = known.decided(&rows(&[10, 20, 30]), &[1, 2, 4]);
        assert_eq!(decided.constraints.same, [(RowNumber::from_index(0), RowNumber::from_index(1))]);
        assert!(decided.constraints.different.is_empty());
        let stats = DecisionStats { obeyed: 1, lapsed: vec![2], contradicted: vec![], absent: 1 };
        assert_eq!(decided.stats, stats);
        // Other rules may read the same cells otherwise; then the decision stays.
        let later = EarlierRuns { rules: "others".to_owned(), ..known };
        assert!(later.decided(&rows(&[10, 20, 30]), &[1, 2, 4]).stats.lapsed.is_empty());
    }

    #[test]
    fn of_decisions_that_contradict_each_other_the_later_ones_win() {
        let made = vec![
            decision(1, Relation::Same, (10, 0), (20, 0)),
            decision(2, Relation::Same, (20, 0), (30, 0)),
            decision(3, Relation::Different, (10, 0), (30, 0)),
            decision(4, Relation::Household, (10, 0), (30, 0)),
        ];
        let decided = EarlierRuns::new([], made, "rules".to_owned(), 1).decided(&rows(&[10, 20, 30]), &[0; 3]);
        assert_eq!(decided.stats.contradicted, [1]);
        assert_eq!(decided.constraints.same.len(), 1);
        assert_eq!(decided.households, [(RowNumber::from_index(0), RowNumber::from_index(2))]);
    }
}
