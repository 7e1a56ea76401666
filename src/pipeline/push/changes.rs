//! Which cells of a table are to hold another value: the repairs of a run, by the keys of its rows. Suggestions never are.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::error::PushError;
use super::results::RunResults;
use crate::database::Change;
use crate::error::closest;

/// What of a run's repairs is pushed.
#[derive(Debug, Clone, Copy)]
pub struct PushChoice<'c> {
    /// The columns by which a row is told from every other.
    pub key: &'c [String],
    /// The columns that are changed; all that have repairs where it is empty.
    pub columns: &'c [String],
}

/// A repair, as `changes.csv` has it.
struct Repair {
    column: String,
    before: String,
    after: String,
    codes: Vec<String>,
}

/// The repairs of a run as changes of its table, in the order of rows.
///
/// # Errors
/// When the results can't be read, or a column is not there.
pub fn changes_of(results: &RunResults, choice: PushChoice<'_>) -> Result<Vec<Change>, PushError> {
    if results.lists.len() != 1 {
        return Err(PushError::SeveralLists(results.lists.len()));
    }
    if choice.key.is_empty() {
        return Err(PushError::NoKey);
    }
    let Some(mut rows) = results.table("rows.csv")? else { return Ok(Vec::new()) };
    let header = rows.header()?;
    let column = |wanted: &str| {
        header.iter().position(|name| name == wanted).ok_or_else(|| PushError::NoColumn {
            column: wanted.to_owned(),
            closest: closest(wanted, header.iter().filter(|name| !name.starts_with("tiuv_"))).map(str::to_owned),
        })
    };
    let key: Vec<usize> = choice.key.iter().map(|name| column(name)).collect::<Result<_, _>>()?;
    choice.columns.iter().try_for_each(|name| column(name).map(drop))?;
    let number = column("tiuv_row")?;
    let repairs = repairs_of(results, choice)?;
    let mut changes = Vec::new();
    let mut row = StringRecord::new();
    while rows.read(&mut row)? {
        let own = row.get(number).and_then(|number| number.parse::<u64>().ok());
        let Some(own) = own.and_then(|number| repairs.get(&number)) else { continue };
        for repair in own {
            // A column is changed as a whole; what was read of it stands in the row as it was.
            let raw = header.iter().position(|name| name == repair.column).and_then(|place| row.get(place));
            let Some(raw) = raw.filter(|raw| raw.trim() == repair.before.trim()) else { continue };
            changes.push(Change {
                key: key.iter().map(|place| row.get(*place).unwrap_or_default().to_owned()).collect(),
                column: repair.column.clone(),
                before: raw.to_owned(),
                after: repair.after.clone(),
                rule: repair.codes.join(" "),
            });
        }
    }
    Ok(changes)
}

/// The repairs by the numbers of their rows; several rules of one cell are one repair.
fn repairs_of(results: &RunResults, choice: PushChoice<'_>) -> Result<BTreeMap<u64, Vec<Repair>>, PushError> {
    let mut repairs: BTreeMap<u64, Vec<Repair>> = BTreeMap::new();
    let Some(mut changes) = results.table("changes.csv")? else { return Ok(repairs) };
    let header = changes.header()?;
    let place = |name: &str| header.iter().position(|own| own == name);
    let names = ["row", "column", "kind", "code", "before", "after"];
    let mut places = [0; 6];
    for (place_of, name) in places.iter_mut().zip(names) {
        *place_of = place(name).ok_or_else(|| PushError::NoColumn { column: name.to_owned(), closest: None })?;
    }
    let mut row = StringRecord::new();
    while changes.read(&mut row)? {
        let [number, column, kind, code, before, after] = places.map(|place| row.get(place).unwrap_or_default());
        let is_chosen = choice.columns.is_empty() || choice.columns.iter().any(|own| own == column);
        // A key is never changed: other tables refer to it.
        if kind != "repair" || !is_chosen || choice.key.iter().any(|own| own == column) {
            continue;
        }
        let Ok(number) = number.parse::<u64>() else { continue };
        let own = repairs.entry(number).or_default();
        match own.iter_mut().find(|repair| repair.column == column) {
            Some(repair) => repair.codes.push(code.to_owned()),
            None => own.push(Repair {
                column: column.to_owned(),
                before: before.to_owned(),
                after: after.to_owned(),
                codes: vec![code.to_owned()],
            }),
        }
    }
    Ok(repairs)
}
