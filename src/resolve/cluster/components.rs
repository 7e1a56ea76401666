//! Groups of rows that hang together by likely pairs.

use crate::record::TableRow;
use crate::resolve::blocking::{Pair, rows_of};

/// Rows by the group that they belong to; rows alone belong to none.
#[derive(Debug)]
pub(in crate::resolve) struct Components {
    /// Group of each row; [`Components::NONE`] for rows alone.
    pub(in crate::resolve) of_row: Vec<u32>,
    /// Rows of each group, ascending.
    pub(in crate::resolve) rows: Vec<Vec<TableRow>>,
}

impl Components {
    pub(in crate::resolve) const NONE: u32 = u32::MAX;
}

/// The groups that these pairs hold together.
pub(in crate::resolve) fn components(rows: usize, pairs: impl Iterator<Item = Pair>) -> Components {
    let mut sets = Sets::new(rows);
    for pair in pairs {
        let (a, b) = rows_of(pair);
        sets.join(a.0, b.0);
    }
    let mut group_of_root = vec![Components::NONE; rows];
    let mut of_row = vec![Components::NONE; rows];
    let mut groups: Vec<Vec<TableRow>> = Vec::new();
    for row in 0..rows as u32 {
        let root = sets.root(row);
        if root == row && sets.is_alone(row) {
            continue;
        }
        let group = &mut group_of_root[root as usize];
        if *group == Components::NONE {
            *group = groups.len() as u32;
            groups.push(Vec::new());
        }
        of_row[row as usize] = *group;
        groups[*group as usize].push(TableRow(row));
    }
    Components { of_row, rows: groups }
}

/// Disjoint sets of numbers from 0; the root of a set is its smallest one.
#[derive(Debug)]
pub(in crate::resolve) struct Sets {
    parent: Vec<u32>,
    size: Vec<u32>,
}

impl Sets {
    pub(in crate::resolve) fn new(count: usize) -> Self {
        Sets { parent: (0..count as u32).collect(), size: vec![1; count] }
    }

    pub(in crate::resolve) fn root(&mut self, mut item: u32) -> u32 {
        while self.parent[item as usize] != item {
            let up = self.parent[self.parent[item as usize] as usize];
            self.parent[item as usize] = up;
            item = up;
        }
        item
    }

    pub(in crate::resolve) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        if low != high {
            self.parent[high as usize] = low;
            self.size[low as usize] += self.size[high as usize];
        }
    }

    /// Members of a root's set.
    pub(in crate::resolve) fn size(&self, root: u32) -> u32 {
        self.size[root as usize]
    }

    fn is_alone(&self, root: u32) -> bool {
        self.size[root as usize] == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::blocking::pair;

    #[test]
    fn groups_are_what_hangs_together() {
        let groups = components(6, [(4, 1), (1, 2), (5, 3)].map(|(a, b)| pair(TableRow(a), TableRow(b))).into_iter());
        let of = |rows: &[u32]| rows.iter().copied().map(TableRow).collect::<Vec<_>>();
        assert_eq!(groups.rows, [of(&[1, 2, 4]), of(&[3, 5])]);
        assert_eq!(groups.of_row[0], Components::NONE);
        assert_eq!(groups.of_row[4], 0);
    }
}
