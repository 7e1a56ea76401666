//! What customers and households are called: the own key of the row that stands for them.

use rayon::prelude::*;

use crate::record::TextColumn;
use crate::validate::full_hash;

/// Own keys of rows, and which of them can't name a customer.
#[derive(Debug, Clone, Default)]
pub struct ClusterNames {
    keys: TextColumn,
    /// Standing rows without a key, or with one that names another customer; ascending.
    nameless: Vec<u32>,
}

impl ClusterNames {
    /// From the own keys of all rows and the rows that stand for customers. Where several of them have one key, the first
    /// row keeps it.
    pub fn new(keys: TextColumn, standing: impl ParallelIterator<Item = u32>) -> Self {
        let mut by_key: Vec<(u64, u32)> = standing.map(|row| (full_hash(keys.cell(row as usize)), row)).collect();
        by_key.par_sort_unstable();
        by_key.dedup();
        let mut nameless: Vec<u32> = Vec::new();
        for equal in by_key.chunk_by(|left, right| left.0 == right.0) {
            let is_missing = keys.is_empty_at(equal[0].1 as usize);
            nameless.extend(equal[usize::from(!is_missing)..].iter().map(|(_, row)| *row));
        }
        if !nameless.is_empty() {
            // They will be named by `#` and a number, which nobody else may be.
            nameless.extend(by_key.iter().map(|(_, row)| *row).filter(|row| keys.cell(*row as usize).starts_with('#')));
        }
        nameless.par_sort_unstable();
        nameless.dedup();
        ClusterNames { keys, nameless }
    }

    /// The own key of a row.
    pub fn key(&self, row: u32) -> &str {
        self.keys.cell(row as usize)
    }

    /// The own keys of all rows.
    pub fn keys(&self) -> &TextColumn {
        &self.keys
    }

    /// The name that a standing row's key gives its customer; none where the key is missing or names another one.
    pub fn name(&self, standing: u32) -> Option<&str> {
        self.nameless.binary_search(&standing).is_err().then(|| self.key(standing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(keys: &[&str], standing: &[u32]) -> Vec<Option<String>> {
        let mut column = TextColumn::default();
        keys.iter().for_each(|key| column.push(key));
        let names = ClusterNames::new(column, standing.par_iter().copied());
        standing.iter().map(|row| names.name(*row).map(str::to_owned)).collect()
    }

    #[test]
    fn customers_bear_their_own_keys_unless_those_do_not_tell_them_apart() {
        assert_eq!(names(&["a", "b", "b"], &[0, 1]), [Some("a".to_owned()), Some("b".to_owned())]);
        assert_eq!(names(&["a", "b", "b"], &[0, 1, 2]), [Some("a".to_owned()), Some("b".to_owned()), None]);
        assert_eq!(names(&["", "#1"], &[0, 1]), [None, None], "#1 may be the first row's name");
        assert_eq!(names(&["a", "#1"], &[0, 1]), [Some("a".to_owned()), Some("#1".to_owned())]);
    }
}
