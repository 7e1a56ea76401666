//! What the facts of a list come to.

use std::collections::BTreeMap;

use crate::finding::Code;
use crate::record::{ColumnIndex, FixedMap, RowNumber};
use crate::validate::occurrences::{Group, value_hash};

/// Something said of a column or of the list, with the figures behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListStatement {
    /// What is said.
    pub code: Code,
    /// Of which column.
    pub column: Option<ColumnIndex>,
    /// How many rows are concerned.
    pub count: u64,
    /// Rows concerned, where they are few enough to be kept.
    pub rows: Vec<RowNumber>,
    /// Figures behind it.
    pub evidence: BTreeMap<String, u64>,
    /// Values that it is about, not masked, with how often each stands there.
    pub words: Vec<(String, u64)>,
}

impl ListStatement {
    pub(super) fn of_column(code: Code, column: ColumnIndex, count: u64, evidence: &[(&str, u64)]) -> Self {
        let evidence = evidence.iter().map(|(name, figure)| ((*name).to_owned(), *figure)).collect();
        ListStatement { code, column: Some(column), count, rows: Vec::new(), evidence, words: Vec::new() }
    }
}

/// Findings about the list.
#[derive(Debug, Default)]
pub struct ListFindings {
    pub(super) statements: Vec<ListStatement>,
    pub(super) shared: FixedMap<u64, Code>,
    pub(super) duplicate_keys: Vec<(ColumnIndex, Vec<RowNumber>)>,
    pub(super) empty_keys: Option<(ColumnIndex, Vec<RowNumber>)>,
}

impl ListFindings {
    /// Statements about columns and shared values, in column order, the widest shared first; last the one about rows
    /// that stand in the list again.
    pub fn statements(&self) -> &[ListStatement] {
        &self.statements
    }

    /// Why a standardized contact value counts as shared by many, if it does.
    pub fn shared_value(&self, value: &str) -> Option<Code> {
        if self.shared.is_empty() || value.is_empty() {
            return None;
        }
        self.shared.get(&value_hash(value)).copied()
    }

    /// Groups of rows with the same key, ordered by their first row.
    pub fn duplicate_keys(&self) -> impl Iterator<Item = (ColumnIndex, &[RowNumber])> {
        self.duplicate_keys.iter().map(|(column, rows)| (*column, rows.as_slice()))
    }

    /// Rows without a key.
    pub fn empty_keys(&self) -> Option<(ColumnIndex, &[RowNumber])> {
        self.empty_keys.as_ref().map(|(column, rows)| (*column, rows.as_slice()))
    }

    pub(super) fn add_shared(&mut self, column: ColumnIndex, code: Code, group: Group) {
        self.shared.insert(group.value, code);
        self.statements.push(ListStatement {
            code: Code::ListSharedValue,
            column: Some(column),
            count: group.rows.len() as u64,
            rows: group.rows,
            evidence: BTreeMap::from([("people".to_owned(), group.owners as u64)]),
            words: Vec::new(),
        });
    }

    /// `again` holds every row but the first of each group of equal rows.
    pub(super) fn add_duplicate_rows(&mut self, mut again: Vec<RowNumber>) {
        if again.is_empty() {
            return;
        }
        again.sort_unstable();
        self.statements.push(ListStatement {
            code: Code::ListDuplicateRow,
            column: None,
            count: again.len() as u64,
            rows: again,
            evidence: BTreeMap::new(),
            words: Vec::new(),
        });
    }
}
