//! How a new list differs from the one in force, and what comes of both.

use std::collections::HashMap;

use super::{Row, UpdatableList};

/// An entry that says something else now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As it is in force.
    pub before: Row,
    /// As it would be.
    pub after: Row,
}

/// How a new list differs from the one in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Entries in force.
    pub was: usize,
    /// Entries that would be.
    pub is: usize,
    /// New ones, in the order of the new list.
    pub added: Vec<Row>,
    /// Those that go, in the order of the old list.
    pub removed: Vec<Row>,
    /// Those that stay and say something else.
    pub changed: Vec<Change>,
}

impl Diff {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// The entries that would be, and how they differ. The cells of `missing` columns stay as they are; with `add_only`
/// entries stay that the new list lacks.
pub(super) fn merge(
    list: &UpdatableList,
    old: Vec<Row>,
    mut new: Vec<Row>,
    missing: &[usize],
    add_only: bool,
) -> (Vec<Row>, Diff) {
    let mut diff = Diff { was: old.len(), ..Diff::default() };
    let before: HashMap<String, usize> = old.iter().enumerate().map(|(at, row)| (list.key(row), at)).collect();
    let mut stays = vec![false; old.len()];
    for row in &mut new {
        let Some(&at) = before.get(&list.key(row)) else {
            diff.added.push(row.clone());
            continue;
        };
        stays[at] = true;
        for &column in missing {
            row[column].clone_from(&old[at][column]);
        }
        if *row != old[at] {
            diff.changed.push(Change { before: old[at].clone(), after: row.clone() });
        }
    }
    let gone = old.into_iter().zip(stays).filter(|(_, stays)| !stays).map(|(row, _)| row);
    if add_only {
        new.extend(gone)
    } else {
        diff.removed.extend(gone)
    }
    if list.sorted {
        new.sort();
        diff.added.sort();
    }
    diff.is = new.len();
    (new, diff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;
    use crate::rule::update::UpdateLists;

    fn rows(text: &str) -> Vec<Row> {
        text.split_whitespace().map(|row| row.split(',').map(str::to_owned).collect()).collect()
    }

    fn merged(old: &str, new: &str, missing: &[usize], add_only: bool) -> (Vec<Row>, Diff) {
        let lists = UpdateLists::load(&RuleFiles::embedded()).expect("the shipped rules load");
        merge(lists.find("parked-hosts").expect("is a list"), rows(old), rows(new), missing, add_only)
    }

    #[test]
    fn entries_come_go_change_or_stay() {
        let (merged_rows, diff) = merged("a,p,A b,p,B c,p,C", "d,p,D c,s,C a,p,A", &[], false);
        assert_eq!(merged_rows, rows("d,p,D c,s,C a,p,A"));
        assert_eq!((diff.was, diff.is), (3, 3));
        assert_eq!((diff.added, diff.removed), (rows("d,p,D"), rows("b,p,B")));
        assert_eq!(diff.changed, [Change { before: rows("c,p,C").remove(0), after: rows("c,s,C").remove(0) }]);
    }

    #[test]
    fn nothing_goes_where_entries_are_only_added() {
        let (merged_rows, diff) = merged("a,p,A b,p,B", "c,p,C", &[], true);
        assert_eq!(merged_rows, rows("c,p,C a,p,A b,p,B"));
        assert!(diff.removed.is_empty() && diff.is == 3);
    }

    #[test]
    fn columns_that_the_new_list_lacks_stay_as_they_are() {
        let (merged_rows, diff) = merged("a,p,A b,p,B", "a,p, c,p,", &[2], false);
        assert_eq!(merged_rows, rows("a,p,A c,p,"));
        assert!(diff.changed.is_empty());
    }

    #[test]
    fn a_list_does_not_differ_from_itself() {
        let (_, diff) = merged("a,p,A b,p,B", "a,p,A b,p,B", &[], false);
        assert!(diff.is_empty());
    }
}
