//! Households: customers that the model takes for people of one home or place.

use super::components::Sets;

/// A cluster of rows: its place among the clusters, by their first rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::resolve) struct ClusterIndex(pub(in crate::resolve) u32);

/// For each cluster the lowest cluster of its household. `links` are pairs of clusters with their weights; the likeliest
/// join first, and no household grows beyond `largest` clusters.
pub(in crate::resolve) fn households(
    clusters: usize,
    mut links: Vec<(i32, ClusterIndex, ClusterIndex)>,
    largest: usize,
) -> Vec<u32> {
    links.sort_unstable_by_key(|(weight, a, b)| (std::cmp::Reverse(*weight), *a, *b));
    let mut sets = Sets::new(clusters);
    for (_, a, b) in links {
        let (a, b) = (sets.root(a.0), sets.root(b.0));
        if a != b && (sets.size(a) + sets.size(b)) as usize <= largest {
            sets.join(a, b);
        }
    }
    (0..clusters as u32).map(|cluster| sets.root(cluster)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_people_live_together_up_to_a_limit() {
        let links = [(1_000, 0, 1), (9_000, 1, 2), (5_000, 2, 3)];
        let links: Vec<_> = links.map(|(weight, a, b)| (weight, ClusterIndex(a), ClusterIndex(b))).into();
        assert_eq!(households(4, links.clone(), 3), [0, 1, 1, 1]);
        assert_eq!(households(4, links, 9), [0, 0, 0, 0]);
    }
}
