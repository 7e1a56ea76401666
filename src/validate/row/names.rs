//! First and last names of one row: swapped, both in one cell, one missing.

use super::about::about_cell;
use crate::finding::{Code, Confidence, Finding};
use crate::record::{Field, StandardBatch, StandardColumn};
use crate::rule::{DOUBLING, Lookup, NameLists, NameShape, RuleError, RuleFiles};

#[derive(Debug)]
pub(super) struct NameRules {
    lists: NameLists,
    prefixes: Lookup<()>,
    swap_margin: i32,
    merge_margin: i32,
}

impl NameRules {
    pub(super) fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        let shape = NameShape::load(files)?;
        Ok(NameRules {
            lists: NameLists::load(files)?,
            prefixes: Lookup::of_words(shape.prefixes.iter().map(String::as_str)),
            swap_margin: shape.swap_margin * DOUBLING,
            merge_margin: shape.merge_margin * DOUBLING,
        })
    }

    pub(super) fn judge(&self, batch: &StandardBatch, said: &mut Vec<Finding>) {
        let (Some(first), Some(last)) = (batch.column_of(Field::FirstName), batch.column_of(Field::LastName)) else {
            return;
        };
        // Halves of one full-name cell were put in order when it was split.
        let has_own_columns = first.column != last.column;
        for row in 0..batch.len() {
            let (given, family) = (first.first(row), last.first(row));
            if given.is_empty() {
                continue;
            }
            if family.is_empty() {
                self.judge_alone(batch, row, first, last, said);
            } else if has_own_columns && self.are_swapped(given, family) {
                said.push(about_cell(batch.number(row), first.column, Code::NameSwapped, Confidence::percent(90)));
            }
        }
    }

    fn judge_alone(
        &self,
        batch: &StandardBatch,
        row: usize,
        first: &StandardColumn,
        last: &StandardColumn,
        said: &mut Vec<Finding>,
    ) {
        let given = first.first(row);
        let (code, column, percent) = if first.column != last.column && self.holds_both(given) {
            (Code::NameMerged, first.column, 90)
        } else {
            (Code::NameMissingLast, last.column, 100)
        };
        said.push(about_cell(batch.number(row), column, code, Confidence::percent(percent)));
    }

    /// Both are listed the other way round, and that way is likelier by a clear margin.
    fn are_swapped(&self, given: &str, family: &str) -> bool {
        let (given, family) = (self.lists.usage(given), self.lists.usage(family));
        given.last > 0 && family.first > 0 && family.lean_to_first() - given.lean_to_first() >= self.swap_margin
    }

    /// The last word, or the last two from a prefix on, is rather a family name, and what stands before it a given name.
    fn holds_both(&self, given: &str) -> bool {
        given.match_indices(' ').any(|(at, _)| {
            let (left, right) = (&given[..at], &given[at + 1..]);
            let (name, rest) = (self.lists.usage(left), self.lists.usage(right));
            let is_family = -rest.lean_to_first() >= self.merge_margin || self.is_prefixed(right);
            name.first > 0 && is_family && self.lists.usage(given).first == 0
        })
    }

    fn is_prefixed(&self, name: &str) -> bool {
        self.lists.usage(name).last > 0 && name.split_once(' ').is_some_and(|(prefix, _)| self.prefixes.has(prefix))
    }
}
