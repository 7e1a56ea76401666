//! Results of a run into a database: its tables as they are, or its repairs into the rows that they are of.

mod answers;
mod changes;
mod error;
mod merges;
mod results;

pub use changes::{PushChoice, changes_of};
pub use error::PushError;
pub use results::RunResults;

use csv::StringRecord;

use crate::database::{Change, DatabaseError, Fate, Problem, Target};
use merges::merged;

/// Tables of a run, and what they are called in a database. Those that the run did not write are left out.
const TABLES: [(&str, &str); 5] = [
    ("rows.csv", "tiuv_rows"),
    ("customers.csv", "tiuv_customers"),
    ("flagged.csv", "tiuv_flagged"),
    ("changes.csv", "tiuv_changes"),
    ("duplicates.csv", "tiuv_duplicates"),
];

/// What became of changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PushOutcome {
    /// Cells that hold their new value now.
    pub done: u64,
    /// Cells that held it already.
    pub already: u64,
    /// Places among the changes of cells whose value is newer than the one that was read.
    pub newer: Vec<usize>,
    /// Places among the changes of rows that are gone.
    pub gone: Vec<usize>,
}

impl PushOutcome {
    fn of(fates: &[Fate]) -> Self {
        let mut outcome = PushOutcome::default();
        for (place, fate) in fates.iter().enumerate() {
            match fate {
                Fate::Done => outcome.done += 1,
                Fate::Already => outcome.already += 1,
                Fate::Newer => outcome.newer.push(place),
                Fate::Gone => outcome.gone.push(place),
            }
        }
        outcome
    }
}

/// Puts the tables of a run in the place of those of an earlier one, and which keys became one; returns their names and rows.
///
/// # Errors
/// When the results can't be read, or the tables not be made.
pub fn push_tables(
    results: &RunResults,
    to: &str,
    target: &mut dyn Target,
) -> Result<Vec<(&'static str, u64)>, PushError> {
    let failed = |problem: Problem| PushError::from(DatabaseError::new(to, problem));
    let mut made = Vec::new();
    for (file, table) in TABLES {
        let Some(mut reader) = results.table(file)? else { continue };
        let columns: Vec<String> = reader.header()?.iter().map(str::to_owned).collect();
        let count =
            target.put_table(table, &columns, &mut |row: &mut StringRecord| reader.next(row)).map_err(failed)?;
        made.push((table, count));
    }
    if let Some(merges) = merged(results)? {
        let columns = ["old_key", "surviving_key", "tiuv_customer"].map(str::to_owned);
        let mut rest = merges.into_iter();
        let mut next = |row: &mut StringRecord| {
            row.clear();
            let Some(merge) = rest.next() else { return Ok(false) };
            merge.iter().for_each(|cell| row.push_field(cell));
            Ok(true)
        };
        made.push(("tiuv_merged", target.put_table("tiuv_merged", &columns, &mut next).map_err(failed)?));
    }
    Ok(made)
}

/// Makes changes in the rows of a table and writes down what was changed by the run.
///
/// # Errors
/// When the table can't be changed.
pub fn push_changes(
    table: &str,
    key: &[String],
    changes: &[Change],
    run: &str,
    to: &str,
    target: &mut dyn Target,
) -> Result<PushOutcome, PushError> {
    let fates = target.change(table, key, changes, Some(run)).map_err(|problem| DatabaseError::new(to, problem))?;
    Ok(PushOutcome::of(&fates))
}

/// Takes back what a run pushed, where nobody has changed it since; also returns what was to be taken back.
///
/// # Errors
/// When the tables can't be changed.
pub fn undo(run: &str, to: &str, target: &mut dyn Target) -> Result<(PushOutcome, Vec<Change>), PushError> {
    let failed = |problem: Problem| PushError::from(DatabaseError::new(to, problem));
    let pushed = target.pushed(run).map_err(failed)?;
    let mut changes: Vec<Change> = Vec::with_capacity(pushed.len());
    let mut fates: Vec<Fate> = Vec::with_capacity(pushed.len());
    for same in pushed.chunk_by(|left, right| (&left.table, &left.key) == (&right.table, &right.key)) {
        let back = |change: &Change| {
            let (before, after) = (change.after.clone(), change.before.clone());
            Change { before, after, ..change.clone() }
        };
        let own: Vec<Change> = same.iter().map(|pushed| back(&pushed.change)).collect();
        fates.extend(target.change(&same[0].table, &same[0].key, &own, None).map_err(failed)?);
        changes.extend(own);
    }
    target.mark_undone(run).map_err(failed)?;
    Ok((PushOutcome::of(&fates), changes))
}
