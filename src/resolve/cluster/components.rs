//! Groups of rows that hang together by likely pairs.

use crate::record::TableRow;
use crate::resolve::blocking::{Pair, rows_of};

/// Rows by the group that they belong to; rows alone belong to none.
#[derive(Debug)]
pub(in crate::resolve) struct Components {
    /// Group of each row; [`NONE`] for rows alone.
    of_row: Vec<u32>,
    /// Rows of each group, ascending.
    pub(in crate::resolve) rows: Vec<Vec<TableRow>>,
}

/// Of no group.
const NONE: u32 = u32::MAX;

impl Components {
    /// The group of a row; none where it is alone.
    pub(in crate::resolve) fn of(&self, row: TableRow) -> Option<usize> {
        Some(self.of_row[row.get()]).filter(|group| *group != NONE).map(|group| group as usize)
    }
}

/// The groups that these pairs hold together.
pub(in crate::resolve) fn components(rows: usize, pairs: impl Iterator<Item = Pair>) -> Components {
    let mut sets = Sets::new(rows);
    for pair in pairs {
        let (a, b) = rows_of(pair);
        sets.join(a.get(), b.get());
    }
    let mut group_of_root = vec![NONE; rows];
    let mut of_row = vec![NONE; rows];
    let mut groups: Vec<Vec<TableRow>> = Vec::new();
    for (row, of_row) in of_row.iter_mut().enumerate() {
        let root = sets.root(row);
        if root == row && sets.size(row) == 1 {
            continue;
        }
        let group = &mut group_of_root[root];
        if *group == NONE {
            *group = groups.len() as u32;
            groups.push(Vec::new());
        }
        *of_row = *group;
        groups[*group as usize].push(TableRow::new(row));
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

    pub(in crate::resolve) fn root(&mut self, mut item: usize) -> usize {
        while self.parent[item] as usize != item {
            let up = self.parent[self.parent[item] as usize];
            self.parent[item] = up;
            item = up as usize;
        }
        item
    }

    pub(in crate::resolve) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        if low != high {
            self.parent[high] = low as u32;
            self.size[low] += self.size[high];
        }
    }

    /// Members of a root's set.
    pub(in crate::resolve) fn size(&self, root: usize) -> usize {
        self.size[root] as usize
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
        assert_eq!([0, 4].map(|row| groups.of(TableRow(row))), [None, Some(0)]);
    }
}
