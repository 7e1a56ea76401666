//! Rows of a run's customers in other lists that the workspace knows, as rows beside those of the run's lists.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Customers, Memory, RunError, Setup};
use crate::kernel::Kernels;
use crate::record::{BesideFrom, Field, RowBeside, RowsBeside};
use crate::store::SnapshotFile;

/// Rows that are read as one batch.
const BATCH: usize = 4096;

/// Adds the rows of these customers in other lists.
///
/// # Errors
/// When what earlier runs left can't be read, or a rule file is not of its form.
pub(super) fn rows_elsewhere(
    customers: &Customers,
    memory: &Memory,
    setup: &Setup,
    beside: &mut RowsBeside,
) -> Result<(), RunError> {
    if customers.elsewhere.is_empty() {
        return Ok(());
    }
    // The key of another list names nobody here.
    let of_person = |place: &usize| SnapshotFile::FIELDS[*place] != Field::Id;
    let places: Vec<usize> = (0..SnapshotFile::FIELDS.len()).filter(of_person).collect();
    let columns = places.iter().map(|place| (SnapshotFile::FIELDS[*place], Vec::new())).collect();
    let kernels = Kernels::of_columns(&setup.context, columns)?;
    memory.read_elsewhere(&customers.elsewhere, &mut |list, rows| {
        let read = |rows: &[(_, _, Vec<String>)]| {
            let cells: Vec<Vec<&str>> =
                rows.iter().map(|(_, _, values)| places.iter().map(|place| &*values[*place]).collect()).collect();
            let rows: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
            Arc::new(kernels.check_rows(places.len(), &rows))
        };
        let batches: Vec<_> = rows.par_chunks(BATCH).map(read).collect();
        for (rows, batch) in rows.chunks(BATCH).zip(batches) {
            for (row, (customer, number, _)) in rows.iter().enumerate() {
                let from = BesideFrom::List(Arc::clone(list), *number);
                beside.push(*customer, RowBeside { batch: Arc::clone(&batch), row, from });
            }
        }
    })
}
