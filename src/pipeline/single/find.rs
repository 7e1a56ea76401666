//! Finding a row by its number: the list is read up to it, and no further.

use crate::ingest::{IngestError, List};
use crate::record::{Quarantined, RawBatch, RowNumber};

/// What stands in a list under a number.
#[derive(Debug)]
pub enum FoundRow {
    /// A row: the batch that holds it, and its index there.
    Row(Box<RawBatch>, usize),
    /// A record that is no row.
    Quarantined(Quarantined),
    /// Nothing: the list has so many records.
    Nothing(u64),
}

/// How a reading that looks for one row ends early.
enum Stop {
    Found(FoundRow),
    Failed(IngestError),
}

impl From<IngestError> for Stop {
    fn from(error: IngestError) -> Self {
        Stop::Failed(error)
    }
}

/// Looks for a row.
///
/// # Errors
/// When the list can't be read that far.
pub fn find_row(list: &List, row: RowNumber) -> Result<FoundRow, IngestError> {
    let read = list.read(|wave| {
        if let Some(record) = wave.quarantined.into_iter().find(|record| record.row == row) {
            return Err(Stop::Found(FoundRow::Quarantined(record)));
        }
        for raw in wave.batches {
            let index = (0..raw.len()).find(|index| raw.number(*index) == row);
            if let Some(index) = index {
                return Err(Stop::Found(FoundRow::Row(Box::new(raw), index)));
            }
        }
        Ok(())
    });
    match read {
        Ok(read) => Ok(FoundRow::Nothing(read.records)),
        Err(Stop::Found(found)) => Ok(found),
        Err(Stop::Failed(error)) => Err(error),
    }
}
