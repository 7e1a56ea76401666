//! Average link: the likeliest two groups are merged first, while the mean weight of all pairs across them stays above the
//! threshold. Pairs that blocking did not bring are compared when they are about to matter.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::record::{FixedMap, TableRow};
use crate::rule::ResolvePolicy;

/// A map whose hash is the same in every run; nothing ever walks through it.
type Known = FixedMap<u64, i64>;

/// Weight of a pair that can't be one person, or must be: no sum of others outweighs it.
pub(in crate::resolve) const NEVER: i64 = -4_000_000_000_000;
pub(in crate::resolve) const ALWAYS: i64 = 1_000_000_000_000;

/// Weight of a pair that only a person may merge: no sum of others outweighs it but a decision.
pub(in crate::resolve) const ASK: i64 = -1_000_000_000;

/// The place of a row within its group; that of a cluster is the place of its first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::resolve) struct Place(pub(in crate::resolve) u32);

impl Place {
    const fn get(self) -> usize {
        self.0 as usize
    }

    /// All places of a group of so many rows, from one on.
    fn from(first: u32, rows: usize) -> impl Iterator<Item = Place> {
        (first..rows as u32).map(Place)
    }
}

/// Rows that hang together, and the weights known among them.
#[derive(Debug)]
pub(in crate::resolve) struct Group<'a> {
    /// The rows, ascending.
    pub(in crate::resolve) rows: &'a [TableRow],
    /// Known weights by places within `rows`.
    pub(in crate::resolve) edges: Vec<(Place, Place, i64)>,
}

/// Compares two rows.
type Weigh<'w> = dyn FnMut(TableRow, TableRow) -> i64 + 'w;

/// What merging a group came to.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Merging {
    /// The clusters, each ascending, by their first rows.
    pub(in crate::resolve) clusters: Vec<Vec<TableRow>>,
    /// Pairs compared on the way, by rows.
    pub(in crate::resolve) compared: u64,
    /// Merges refused since the cluster would have been too big.
    pub(in crate::resolve) too_big: u64,
}

/// What is known across two clusters.
#[derive(Debug, Clone, Copy, Default)]
struct Across {
    sum: i64,
    known: u32,
    /// Some pair is sure enough to merge them without asking.
    has_sure: bool,
}

/// Merges a group as long as the mean weight stays above `threshold`. `weigh` compares two rows.
pub(in crate::resolve) fn merge(
    group: &Group<'_>,
    threshold: i32,
    policy: &ResolvePolicy,
    weigh: &mut Weigh<'_>,
) -> Merging {
    let rows = group.rows.len();
    let threshold = i64::from(threshold);
    let mut state = State {
        policy,
        threshold,
        members: Place::from(0, rows).map(|row| vec![row]).collect(),
        across: vec![BTreeMap::new(); rows],
        known: Known::default(),
        heap: BinaryHeap::new(),
        left: policy.lazy_pairs * rows as u64,
        compared: 0,
    };
    for (a, b, weight) in &group.edges {
        state.learn(*a, *b, *weight);
    }
    if rows <= policy.complete {
        for a in Place::from(0, rows) {
            for b in Place::from(a.0 + 1, rows) {
                if !state.known.contains_key(&key(a, b)) {
                    let weight = weigh(group.rows[a.get()], group.rows[b.get()]);
                    state.learn(a, b, weight);
                    state.compared += 1;
                }
            }
        }
    }
    for a in Place::from(0, rows) {
        let others: Vec<Place> = state.across[a.get()].range(Place(a.0 + 1)..).map(|(other, _)| *other).collect();
        others.into_iter().for_each(|b| state.offer(a, b));
    }
    let mut too_big = 0;
    while let Some(Candidate { pair: Reverse((a, b)), sizes, .. }) = state.heap.pop() {
        if state.sizes(a, b) != sizes {
            continue;
        }
        if state.complete(a, b, group.rows, weigh) {
            state.offer(a, b);
            continue;
        }
        if state.mean(a, b) <= threshold {
            continue;
        }
        if sizes.0 as usize + sizes.1 as usize > policy.largest_cluster {
            too_big += 1;
            continue;
        }
        state.join(a, b);
    }
    let mut clusters: Vec<Vec<TableRow>> = state
        .members
        .into_iter()
        .filter(|members| !members.is_empty())
        .map(|members| {
            let mut cluster: Vec<TableRow> = members.into_iter().map(|place| group.rows[place.get()]).collect();
            cluster.sort_unstable();
            cluster
        })
        .collect();
    clusters.sort_unstable();
    Merging { clusters, compared: state.compared, too_big }
}

/// Two clusters that may be merged; ordered by how likely, then by place.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    mean: i64,
    pair: Reverse<(Place, Place)>,
    sizes: (u32, u32),
}

struct State<'a> {
    policy: &'a ResolvePolicy,
    threshold: i64,
    /// Members of each cluster, by the place of its first row; empty once it was merged into another.
    members: Vec<Vec<Place>>,
    across: Vec<BTreeMap<Place, Across>>,
    known: Known,
    heap: BinaryHeap<Candidate>,
    /// Comparisons that may still be made.
    left: u64,
    compared: u64,
}

const fn key(a: Place, b: Place) -> u64 {
    let (low, high) = if a.0 < b.0 { (a, b) } else { (b, a) };
    ((low.0 as u64) << 32) | high.0 as u64
}

impl State<'_> {
    /// Notes a weight between two single rows.
    fn learn(&mut self, a: Place, b: Place, weight: i64) {
        self.known.insert(key(a, b), weight);
        for (one, other) in [(a, b), (b, a)] {
            let across = self.across[one.get()].entry(other).or_default();
            *across = Across { sum: weight, known: 1, has_sure: weight >= i64::from(self.policy.silent) };
        }
    }

    fn sizes(&self, a: Place, b: Place) -> (u32, u32) {
        (self.members[a.get()].len() as u32, self.members[b.get()].len() as u32)
    }

    fn pairs(&self, a: Place, b: Place) -> i64 {
        self.members[a.get()].len() as i64 * self.members[b.get()].len() as i64
    }

    /// Mean weight across two clusters.
    fn mean(&self, a: Place, b: Place) -> i64 {
        let Some(across) = self.across[a.get()].get(&b) else { return i64::MIN };
        let pairs = self.pairs(a, b);
        (across.sum + (pairs - i64::from(across.known)) * i64::from(self.policy.unknown_pair)) / pairs
    }

    /// Puts two clusters up for merging, where some pair speaks for it.
    fn offer(&mut self, a: Place, b: Place) {
        let (a, b) = if a < b { (a, b) } else { (b, a) };
        let Some(across) = self.across[a.get()].get(&b) else { return };
        if !across.has_sure || across.sum <= NEVER / 2 {
            return;
        }
        let pairs = self.pairs(a, b);
        let mean = self.mean(a, b);
        let may_change = i64::from(across.known) < pairs && pairs <= self.policy.compare_across as i64 && self.left > 0;
        if mean > self.threshold || may_change {
            self.heap.push(Candidate { mean, pair: Reverse((a, b)), sizes: self.sizes(a, b) });
        }
    }

    /// Compares what is still unknown across two clusters; true where something was.
    fn complete(&mut self, a: Place, b: Place, rows: &[TableRow], weigh: &mut Weigh<'_>) -> bool {
        let pairs = self.pairs(a, b);
        let Some(across) = self.across[a.get()].get(&b).copied() else { return false };
        let unknown = pairs - i64::from(across.known);
        if unknown == 0 || pairs > self.policy.compare_across as i64 || (unknown as u64) > self.left {
            return false;
        }
        self.left -= unknown as u64;
        self.compared += unknown as u64;
        let mut now = across;
        let silent = i64::from(self.policy.silent);
        for x in self.members[a.get()].clone() {
            for y in self.members[b.get()].clone() {
                let known = &mut self.known;
                known.entry(key(x, y)).or_insert_with(|| {
                    let weight = weigh(rows[x.get()], rows[y.get()]);
                    now.sum += weight;
                    now.known += 1;
                    now.has_sure |= weight >= silent;
                    weight
                });
            }
        }
        self.across[a.get()].insert(b, now);
        self.across[b.get()].insert(a, now);
        true
    }

    /// Makes one cluster of two; it keeps the place of its first row.
    fn join(&mut self, a: Place, b: Place) {
        let (into, from) = if a < b { (a, b) } else { (b, a) };
        let moved = std::mem::take(&mut self.members[from.get()]);
        self.members[into.get()].extend(moved);
        self.across[into.get()].remove(&from);
        for (other, across) in std::mem::take(&mut self.across[from.get()]) {
            if other == into {
                continue;
            }
            self.across[other.get()].remove(&from);
            let sum = self.across[into.get()].entry(other).or_default();
            sum.sum += across.sum;
            sum.known += across.known;
            sum.has_sure |= across.has_sure;
        }
        let others: Vec<(Place, Across)> = self.across[into.get()].iter().map(|(other, sum)| (*other, *sum)).collect();
        for (other, sum) in others {
            self.across[other.get()].insert(into, sum);
            self.offer(into, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{ResolveRules, RuleFiles};

    fn merged(rows: usize, edges: &[(u32, u32, i64)], other: i64) -> Vec<Vec<u32>> {
        let policy = ResolveRules::load(&RuleFiles::embedded()).expect("the shipped rules load").policy;
        let rows: Vec<TableRow> = TableRow::first(rows).collect();
        let edges = edges.iter().map(|(a, b, weight)| (Place(*a), Place(*b), *weight)).collect();
        let merged = merge(&Group { rows: &rows, edges }, 0, &policy, &mut |_, _| other);
        merged.clusters.into_iter().map(|rows| rows.into_iter().map(|row| row.0).collect()).collect()
    }

    #[test]
    fn a_chain_breaks_where_its_ends_are_strangers() {
        let chain = [(0, 1, 9_000), (1, 2, 3_000), (2, 3, 9_000)];
        assert_eq!(merged(4, &chain, -8_000), [vec![0, 1], vec![2, 3]]);
        assert_eq!(merged(4, &chain, 8_000), [vec![0, 1, 2, 3]]);
    }

    #[test]
    fn what_can_never_be_one_person_is_not_merged_through_a_third() {
        let edges = [(0, 1, ALWAYS), (1, 2, ALWAYS), (0, 2, NEVER)];
        let clusters = merged(3, &edges, 9_000);
        assert_eq!(clusters.len(), 2, "{clusters:?}");
    }

    #[test]
    fn a_cluster_does_not_grow_without_bound() {
        let edges: Vec<_> = (0..299).map(|row| (row, row + 1, 11_000)).collect();
        let clusters = merged(300, &edges, 11_000);
        assert!(clusters.iter().all(|cluster| cluster.len() <= 100), "{}", clusters.len());
    }
}
