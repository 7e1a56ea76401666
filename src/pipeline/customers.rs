//! Customers in `clean`: the rows of all lists are resolved together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;
use tempfile::NamedTempFile;

use super::earlier::{
    Decided, DecisionStats, EarlierRuns, RowCustomer, RowElsewhere, compared_values, joined_households,
};
use super::row_names::{HandedOn, RowNames};
use super::{DedupedRow, ListIdentity, Memory, RunError, Setup};
use crate::record::{
    ClusterIndex, ColumnIndex, CustomerId, CustomerRows, Groups, PairIdentity, PeopleBatch, PeopleTable, RawBatch,
    RowId, RowIds, RowIndex, RowNumber, Rows, TextColumn, mix,
};
use crate::resolve::{Link, Resolution, ResolveStats, Resolver, Weights};
use crate::text::bare_key;

/// Whether customers are looked for, and what earlier runs know of them.
#[derive(Debug, Default)]
pub enum ResolveStage {
    /// Leave it out.
    #[default]
    Off,
    /// Look for them; nothing is known of earlier runs where there is no memory.
    On(Option<Box<Memory>>),
}

/// The customers of all lists. Rows are indexed over all lists, in the order given.
#[derive(Debug)]
pub struct Customers {
    representative: Vec<DedupedRow>,
    /// What each row's customer and household are called.
    called: Vec<RowCustomer>,
    /// The rows of each, customers in the order of the rows that stand for them.
    rows: Arc<CustomerRows>,
    keys: TextColumn,
    /// Likely pairs within customers, by customer, the likeliest first.
    pub links: Vec<Link>,
    /// Pairs across customers for a steward to look at, the likeliest first.
    pub possible: Vec<Link>,
    /// What the model learnt; none where nothing was compared.
    pub weights: Option<Weights>,
    /// How it went.
    pub stats: ResolveStats,
    /// What became of people's decisions.
    pub decisions: DecisionStats,
    /// How many keys are other people's than when their list was read before.
    pub handed_on: u64,
    /// So many are that a list was numbered anew.
    pub is_numbered_anew: bool,
    /// Rows that are of customers whom other lists in the workspace hold, too.
    pub known_elsewhere: u64,
    /// The rows of those customers in other lists.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "nothing is remembered without Parquet"))]
    pub(super) elsewhere: Vec<RowElsewhere>,
    /// For later runs; none without a memory.
    remembered: Option<Remembered>,
    /// What each row is known by in later runs; empty without a memory.
    ids: Vec<RowId>,
    /// A hash of what is compared of each; empty without a memory.
    compared: Vec<u64>,
    /// Of customers who became one with others or were split from them: what these were called.
    former: BTreeMap<CustomerId, Vec<CustomerId>>,
}

/// What later runs will know of this one.
#[derive(Debug)]
pub(super) struct Remembered {
    /// The compared values of its rows.
    pub(super) people: NamedTempFile,
    /// Whose they are.
    pub(super) customers: NamedTempFile,
    /// What its lists are known by.
    pub(super) lists: Vec<ListIdentity>,
}

/// What people are compared by, gathered while lists are read.
#[derive(Default)]
pub(super) struct Gathered {
    table: PeopleTable,
    keys: TextColumn,
    ids: RowIds,
    /// Each row's list.
    sources: Vec<u32>,
    /// Of each list the fingerprint of the header by which its rows are known; empty where nothing is remembered.
    headers: Vec<u64>,
}

/// What is gathered of one batch.
pub(super) struct GatheredBatch {
    people: PeopleBatch,
    keys: TextColumn,
    ids: RowIds,
}

impl GatheredBatch {
    /// `header` is the fingerprint of the list's header, `key` its column of own keys.
    pub(super) fn new(people: PeopleBatch, raw: &RawBatch, header: u64, key: Option<ColumnIndex>) -> Self {
        let mut keys = TextColumn::with_capacity(raw.len(), 8);
        let mut ids = RowIds::default();
        for row in 0..raw.len() {
            let own = key.map_or("", |key| raw.cell(row, key).trim());
            keys.push(own);
            ids.push(header, own, bare_key(own), raw.record(row));
        }
        GatheredBatch { people, keys, ids }
    }
}

impl Gathered {
    /// Of no rows yet, of lists that a workspace may know.
    pub(super) fn new(memory: Option<&Memory>) -> Self {
        let headers = memory.map_or_else(Vec::new, |memory| memory.lists().iter().map(|list| list.header).collect());
        Gathered { headers, ..Gathered::default() }
    }

    /// The fingerprint by which the rows of the `source`-th list are known, if it is another than its own header's.
    pub(super) fn header(&self, source: usize) -> Option<u64> {
        self.headers.get(source).copied()
    }

    /// Adds a batch of the `source`-th list.
    pub(super) fn append(&mut self, batch: GatheredBatch, source: usize) {
        let GatheredBatch { mut people, keys, ids } = batch;
        let first = self.table.len() as u32;
        let rows = people.numbers.len();
        people.numbers = (0..rows as u32).map(|row| RowNumber::from_index(first + row)).collect();
        self.table.append(people);
        keys.iter().for_each(|key| self.keys.push(key));
        self.ids.append(ids);
        self.sources.resize(self.sources.len() + rows, source as u32);
    }
}

/// Calls the rows of a table what earlier runs call them; `sources` has the place of each row's list. A row whose key was another
/// person's gets a name of its own, so that nothing that is kept of that person comes to it.
pub(super) fn row_names(
    ids: RowIds,
    table: &PeopleTable,
    sources: &[u32],
    memory: Option<&Memory>,
) -> Result<RowNames, RunError> {
    let compared = compared_values(table, 0);
    let Some(memory) = memory else {
        let keys = ids.finish(|_| false);
        return Ok(RowNames { ids: keys.clone(), keys, compared, handed_on: HandedOn::default() });
    };
    let keys = ids.finish(|key| memory.known.has(key));
    let mut ids = memory.known.called(&keys);
    let handed_on = memory.handed_on(table, sources, &ids, &compared)?;
    for row in &handed_on.rows {
        ids[row.get()] = ids[row.get()].of_next_holder(memory.known.run());
    }
    Ok(RowNames { ids, keys, compared, handed_on })
}

/// The rows of a run, behind them those of other lists that the workspace knows, and what people decided of them.
pub(super) struct AllRows {
    pub(super) table: PeopleTable,
    pub(super) ids: Vec<RowId>,
    /// A hash of what is compared of each.
    pub(super) compared: Vec<u64>,
    pub(super) decided: Decided,
    /// Of each row behind the run's own the other list that it is of; none of one that a list of the run had before it was numbered
    /// anew.
    pub(super) lists: Vec<Option<u32>>,
}

impl AllRows {
    pub(super) fn new(mut table: PeopleTable, own: &RowNames, memory: Option<&Memory>) -> Result<Self, RunError> {
        let (mut ids, mut compared) = (own.ids.clone(), own.compared.clone());
        let Some(memory) = memory else {
            return Ok(AllRows { table, ids, compared, decided: Decided::default(), lists: Vec::new() });
        };
        let lists = memory.join(&mut table, &mut ids, &own.handed_on.lists)?;
        compared.extend(compared_values(&table, compared.len()));
        let decided = memory.known.decided(&ids, &compared);
        Ok(AllRows { table, ids, compared, decided, lists })
    }
}

impl Customers {
    /// Finds the customers of what was gathered from blocks of lists.
    pub(super) fn find(
        gathered: Gathered,
        rows: &Rows,
        resolver: &Resolver,
        memory: Option<&Memory>,
        setup: &Setup,
    ) -> Result<Customers, RunError> {
        let Gathered { table, keys, ids, sources, .. } = gathered;
        let count = table.len();
        let nothing = EarlierRuns::nothing();
        let known = memory.map_or(&nothing, |memory| &memory.known);
        let own = row_names(ids, &table, &sources, memory)?;
        let people = memory.map(|memory| memory.people_file(&table, &sources, &own.ids)).transpose()?;
        let AllRows { table, mut ids, mut compared, decided, lists } = AllRows::new(table, &own, memory)?;
        setup.go_on()?;
        let resolution = resolver.resolve_beside(table, count, &decided.constraints)?;
        setup.go_on()?;
        let called = known.name(&resolution, &decided.households, &ids);
        let is_elsewhere = |row: usize| row >= count && lists[row - count].is_some();
        let (representative, known_elsewhere) =
            representatives_of(&resolution, &decided.households, count, is_elsewhere);
        let elsewhere = members_elsewhere(&resolution, count, &ids, &lists);
        assert_eq!(rows.len(), count, "every row of every list was looked at");
        let remembered = match (memory, people) {
            (Some(memory), Some(people)) => {
                let workspace = memory.workspace();
                let customers = Memory::customers_file(workspace, rows, &own, &called[..count])?;
                Some(Remembered { people, customers, lists: memory.lists().to_vec() })
            }
            _ => None,
        };
        let Resolution { mut links, mut possible, weights, mut stats, .. } = resolution;
        let cluster = |row: RowIndex| representative[row.get()].cluster;
        let is_here = |link: &Link| RowIndex::of(link.left).get() < count && RowIndex::of(link.right).get() < count;
        links.retain(is_here);
        possible.retain(is_here);
        // A person decides once of two customers, by the pair that is likeliest.
        let mut asked = BTreeSet::new();
        possible.retain(|link| {
            let (left, right) = (cluster(RowIndex::of(link.left)), cluster(RowIndex::of(link.right)));
            asked.insert((left.min(right), left.max(right)))
        });
        stats.possible = possible.len() as u64;
        links.par_sort_unstable_by_key(|link| {
            (cluster(RowIndex::of(link.left)), std::cmp::Reverse(link.weight), link.left, link.right)
        });
        let mut members: Vec<RowIndex> = RowIndex::first(count).collect();
        members.par_sort_unstable_by_key(|row| (cluster(*row), *row));
        let ends = members.chunk_by(|left, right| cluster(*left) == cluster(*right)).scan(0, |end, rows| {
            *end += rows.len() as u32;
            Some(*end)
        });
        let ends = ends.collect();
        let former = known.former(&ids, &called);
        let mut called = called;
        called.truncate(count);
        let kept = if memory.is_some() { count } else { 0 };
        ids.truncate(kept);
        compared.truncate(kept);
        Ok(Customers {
            representative,
            called,
            rows: Arc::new(CustomerRows::new(Groups::from_parts(members, ends))),
            keys,
            links,
            possible,
            weights,
            stats,
            decisions: decided.stats,
            handed_on: own.handed_on.rows.len() as u64,
            is_numbered_anew: !own.handed_on.lists.is_empty(),
            known_elsewhere,
            elsewhere,
            remembered,
            ids,
            compared,
            former,
        })
    }

    /// Likely pairs within a row's customer, the likeliest first.
    pub fn links_of(&self, row: RowIndex) -> &[Link] {
        let customer = self.representative(row);
        let of = |link: &Link| self.representative(RowIndex::of(link.left));
        let first = self.links.partition_point(|link| of(link) < customer);
        let count = self.links[first..].partition_point(|link| of(link) == customer);
        &self.links[first..first + count]
    }

    /// What later runs will know of this one, once.
    pub(super) fn take_remembered(&mut self) -> Option<Remembered> {
        self.remembered.take()
    }

    /// What each row is known by in later runs; empty without a memory.
    pub fn row_ids(&self) -> &[RowId] {
        &self.ids
    }

    /// What a pair of rows is known by when somebody decides about it; none without a memory.
    pub fn pair_identity(&self, link: &Link) -> Option<PairIdentity> {
        let rows = [link.left, link.right].map(RowIndex::of);
        let ids = rows.map(|row| self.ids.get(row.get()).copied());
        let compared = rows.map(|row| self.compared.get(row.get()).copied().unwrap_or_default());
        Some(PairIdentity::new([ids[0]?, ids[1]?], compared))
    }

    /// What a row is known by when somebody decides about it, and a fixed hash of what is compared of it; none without a memory.
    pub(super) fn row_to_decide(&self, row: RowIndex) -> Option<(RowId, u64)> {
        Some((*self.ids.get(row.get())?, *self.compared.get(row.get())?))
    }

    /// A fixed hash of whose each row is.
    pub fn fingerprint(&self) -> u64 {
        self.called.iter().fold(0, |hash, row| mix(hash ^ mix(row.customer.0) ^ row.household.0))
    }

    /// Whether rows were compared at all.
    pub fn is_refused(&self) -> bool {
        self.stats.refused.is_some()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.representative.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.representative.is_empty()
    }

    /// Each customer's rows in the order of lists, customers in the order of the rows that stand for them.
    pub fn rows(&self) -> &Arc<CustomerRows> {
        &self.rows
    }

    /// The row that stands for a row's customer.
    pub fn representative(&self, row: RowIndex) -> RowIndex {
        self.representative[row.get()].cluster
    }

    /// The row that stands for a row's household.
    pub fn household(&self, row: RowIndex) -> RowIndex {
        self.representative[row.get()].household
    }

    /// Households in which several customers live.
    pub fn households_of_several(&self) -> u64 {
        let mut several: HashMap<RowIndex, (RowIndex, bool)> = HashMap::new();
        for row in &self.representative {
            let known = several.entry(row.household).or_insert((row.cluster, false));
            known.1 |= known.0 != row.cluster;
        }
        several.values().filter(|(_, is_several)| *is_several).count() as u64
    }

    /// The list's own key of a row.
    pub fn key(&self, row: RowIndex) -> &str {
        self.keys.cell(row.get())
    }

    /// What a row's customer is called; it stays so from run to run.
    pub fn customer(&self, row: RowIndex) -> CustomerId {
        self.called[row.get()].customer
    }

    /// What customers were called in earlier runs of whom this one now has rows.
    pub fn former(&self, customer: CustomerId) -> impl Iterator<Item = CustomerId> {
        self.former.get(&customer).into_iter().flatten().copied()
    }

    /// What a row's household is called: after the customer in it who is known longest.
    pub fn household_name(&self, row: RowIndex) -> CustomerId {
        self.called[row.get()].household
    }
}

/// The rows behind `count`, of other lists, that are of customers who have rows before it.
fn members_elsewhere(resolution: &Resolution, count: usize, ids: &[RowId], lists: &[Option<u32>]) -> Vec<RowElsewhere> {
    let mut elsewhere = Vec::new();
    if lists.is_empty() {
        return elsewhere;
    }
    for members in resolution.clusters.iter() {
        let rows = members.iter().map(|number| RowIndex::of(*number));
        let Some(customer) = rows.clone().min().filter(|first| first.get() < count) else { continue };
        elsewhere.extend(rows.filter_map(|row| {
            let list = lists[row.get().checked_sub(count)?]?;
            Some(RowElsewhere { customer, list, row: ids[row.get()] })
        }));
    }
    elsewhere
}

/// For each row of this run the row that stands for its customer and for its household; and how many rows are of
/// customers whom rows behind `count`, of other lists, are of as well (`is_elsewhere` says which those are).
fn representatives_of(
    resolution: &Resolution,
    decided: &[(RowNumber, RowNumber)],
    count: usize,
    is_elsewhere: impl Fn(usize) -> bool,
) -> (Vec<DedupedRow>, u64) {
    let is_here = |number: &&RowNumber| RowIndex::of(**number).get() < count;
    let representative: Vec<Option<RowIndex>> = resolution
        .clusters
        .iter()
        .map(|members| members.iter().find(is_here).map(|number| RowIndex::of(*number)))
        .collect();
    let households = joined_households(resolution, decided);
    let mut of_household: HashMap<ClusterIndex, RowIndex> = HashMap::new();
    for (household, representative) in households.iter().zip(&representative) {
        if let Some(representative) = representative {
            of_household.entry(*household).or_insert(*representative);
        }
    }
    let mut rows = vec![DedupedRow::default(); count];
    let mut elsewhere = 0;
    for ((members, representative), household) in resolution.clusters.iter().zip(&representative).zip(&households) {
        let Some(cluster) = *representative else { continue };
        let line = DedupedRow { cluster, household: of_household[household] };
        let mut here = 0u64;
        for number in members.iter().filter(is_here) {
            rows[RowIndex::of(*number).get()] = line;
            here += 1;
        }
        let is_known = members.iter().any(|number| is_elsewhere(RowIndex::of(*number).get()));
        elsewhere += if is_known { here } else { 0 };
    }
    (rows, elsewhere)
}
