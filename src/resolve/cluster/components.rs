//! Groups of rows that hang together by likely pairs.

use crate::resolve::blocking::{Pair, rows_of};

/// Rows by the group that they belong to; rows alone belong to none.
#[derive(Debug)]
pub(in crate::resolve) struct Components {
    /// Group of each row; [`Components::NONE`] for rows alone.
    pub(in crate::resolve) of_row: Vec<u32>,
    /// Rows of each group, ascending.
    pub(in crate::resolve) rows: Vec<Vec<u32>>,
}

impl Components {
    pub(in crate::resolve) const NONE: u32 = u32::MAX;
}

/// The groups that these pairs hold together.
pub(in crate::resolve) fn components(rows: usize, pairs: impl Iterator<Item = Pair>) -> Components {
    let mut sets = Sets::new(rows);
    for pair in pairs {
        let (a, b) = rows_of(pair);
        sets.join(a, b);
    }
    let mut group_of_root = vec![Components::NONE; rows];
    let mut of_row = vec![Components::NONE; rows];
    let mut groups: Vec<Vec<u32>> = Vec::new();
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
        groups[*group as usize].push(row);
    }
    Components { of_row, rows: groups }
}

/// Disjoint sets of rows; the root of a set is its smallest row.
#[derive(Debug)]
pub(in crate::resolve) struct Sets {
    parent: Vec<u32>,
    size: Vec<u32>,
}

impl Sets {
    pub(in crate::resolve) fn new(rows: usize) -> Self {
        Sets { parent: (0..rows as u32).collect(), size: vec![1; rows] }
    }

    pub(in crate::resolve) fn root(&mut self, mut row: u32) -> u32 {
        while self.parent[row as usize] != row {
            let up = self.parent[self.parent[row as usize] as usize];
            self.parent[row as usize] = up;
            row = up;
        }
        row
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
        let groups = components(6, [pair(4, 1), pair(1, 2), pair(5, 3)].into_iter());
        assert_eq!(groups.rows, [vec![1, 2, 4], vec![3, 5]]);
        assert_eq!(groups.of_row[0], Components::NONE);
        assert_eq!(groups.of_row[4], 0);
    }
}
