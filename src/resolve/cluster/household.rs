//! Households: customers that the model takes for people of one home or place.

use super::components::Sets;
use crate::record::ClusterIndex;

/// For each cluster the lowest cluster of its household. `links` are pairs of clusters with their weights; the likeliest
/// join first, and no household grows beyond `largest` clusters.
pub(in crate::resolve) fn households(
    clusters: usize,
    mut links: Vec<(i32, ClusterIndex, ClusterIndex)>,
    largest: usize,
) -> Vec<ClusterIndex> {
    links.sort_unstable_by_key(|(weight, a, b)| (std::cmp::Reverse(*weight), *a, *b));
    let mut sets = Sets::new(clusters);
    for (_, a, b) in links {
        let (a, b) = (sets.root(a.get()), sets.root(b.get()));
        if a != b && sets.size(a) + sets.size(b) <= largest {
            sets.join(a, b);
        }
    }
    (0..clusters).map(|cluster| ClusterIndex::new(sets.root(cluster))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_people_live_together_up_to_a_limit() {
        let links = [(1_000, 0, 1), (9_000, 1, 2), (5_000, 2, 3)];
        let links: Vec<_> = links.map(|(weight, a, b)| (weight, ClusterIndex::new(a), ClusterIndex::new(b))).into();
        assert_eq!(households(4, links.clone(), 3), [0, 1, 1, 1].map(ClusterIndex::new));
        assert_eq!(households(4, links, 9), [0, 0, 0, 0].map(ClusterIndex::new));
    }
}
