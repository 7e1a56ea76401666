//! In place of `memory` in a build without Parquet: customers are found, and nothing is remembered of them.

use std::path::Path;

use tempfile::NamedTempFile;

use super::RunError;
use super::earlier::{EarlierRuns, RowCustomer};
use super::row_names::{HandedOn, RowNames};
use super::same_list::ListIdentity;
use crate::ingest::List;
use crate::record::{PeopleTable, RowId, Rows};
use crate::rule::Context;
use crate::store::{KnownList, Store};

/// Nothing is remembered, so this is never made.
#[derive(Debug)]
pub struct Memory {
    pub(super) known: EarlierRuns,
    never: std::convert::Infallible,
}

#[expect(clippy::missing_errors_doc, reason = "none of them is ever called")]
impl Memory {
    /// Never called.
    pub fn load(_: &Store, _: &[List], _: &Context) -> Result<Option<Self>, RunError> {
        Ok(None)
    }

    /// Never called.
    pub fn lists(&self) -> &[ListIdentity] {
        match self.never {}
    }

    pub(super) fn handed_on(&self, _: &PeopleTable, _: &[u32], _: &[RowId], _: &[u64]) -> Result<HandedOn, RunError> {
        match self.never {}
    }

    pub(super) fn join(
        &self,
        _: &mut PeopleTable,
        _: &mut Vec<RowId>,
        _: &[usize],
    ) -> Result<Vec<Option<u32>>, RunError> {
        match self.never {}
    }

    pub(super) fn people_file(&self, _: &PeopleTable, _: &[u32], _: &[RowId]) -> Result<NamedTempFile, RunError> {
        match self.never {}
    }

    pub(super) fn customers_file(
        _: &Path,
        _: &Rows,
        _: &RowNames,
        _: &[RowCustomer],
    ) -> Result<NamedTempFile, RunError> {
        Err(RunError::Interrupted)
    }

    pub(super) fn workspace(&self) -> &Path {
        match self.never {}
    }
}

/// None.
pub(super) fn known_lists(_: &[ListIdentity], _: &str) -> Vec<KnownList> {
    Vec::new()
}
