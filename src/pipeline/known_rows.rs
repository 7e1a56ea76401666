//! The rows that the workspace knows, as people name them.

use std::collections::HashMap;

use super::RunError;
use crate::record::{DecidedRow, KnownRow, PairIdentity, RowId, RowIds};
use crate::store::{KnownList, Store};
use crate::text::bare_key;

/// All rows of all lists that the workspace knows.
#[derive(Debug)]
pub struct KnownRows {
    /// The list read last first; of each its rows.
    lists: Vec<(KnownList, Vec<KnownRow>)>,
    /// Where a row stands in them.
    places: HashMap<RowId, (usize, usize)>,
}

/// Why no row is meant by a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRow {
    /// None is named so; what lists there are.
    Unknown(Vec<String>),
    /// Rows of several lists are; what they could be named.
    Several(Vec<String>),
}

impl KnownRows {
    /// Reads them.
    ///
    /// # Errors
    /// When what earlier runs left can't be read.
    pub fn load(store: &Store) -> Result<Self, RunError> {
        let mut known = KnownRows { lists: Vec::new(), places: HashMap::new() };
        for list in store.known_lists()? {
            let mut rows = store.customers(&list.run)?;
            rows.retain(|row| row.source == list.position);
            let at = known.lists.len();
            for (row, place) in rows.iter().zip(0..) {
                known.places.entry(row.row).or_insert((at, place));
            }
            known.lists.push((list, rows));
        }
        Ok(known)
    }

    /// The row of this name: its own key, `LIST:KEY`, or `#` and its number.
    ///
    /// # Errors
    /// When none is named so, or several are.
    pub fn named(&self, name: &str) -> Result<DecidedRow, NoRow> {
        let mut different: Vec<(&KnownList, KnownRow)> = Vec::new();
        for (list, rows) in &self.lists {
            // A key may itself hold a colon.
            let of_list = name.strip_prefix(list.name.as_str()).and_then(|rest| rest.strip_prefix(':'));
            for key in [Some(name), of_list].into_iter().flatten() {
                let number: Option<u32> = key.strip_prefix('#').and_then(|number| number.parse().ok());
                let ids = [bare_key(key), key].map(|key| RowIds::of_key(list.fingerprint, key));
                let is_it = |row: &&KnownRow| {
                    ids.contains(&row.key) || number.is_some_and(|number| row.number.number() == number)
                };
                if let Some(row) = rows.iter().find(is_it)
                    && different.iter().all(|(_, known)| known.row != row.row)
                {
                    different.push((list, *row));
                }
            }
        }
        match &different[..] {
            [(list, row)] => {
                let name = if name.contains(&list.name) { name.to_owned() } else { format!("{}:{name}", list.name) };
                Ok(DecidedRow { row: row.row, name, compared: row.compared })
            }
            [] => Err(NoRow::Unknown(self.lists.iter().map(|(list, _)| list.name.clone()).collect())),
            several => Err(NoRow::Several(several.iter().map(|(list, _)| format!("{}:{name}", list.name)).collect())),
        }
    }

    /// The rows of a pair; none where one is not there. False where they hold something else than when it was written.
    pub fn of_pair(&self, pair: PairIdentity) -> Option<([DecidedRow; 2], bool)> {
        let row = |id: RowId| {
            let (list, place) = *self.places.get(&id)?;
            let (list, row) = (&self.lists[list].0, self.lists[list].1[place]);
            Some(DecidedRow { row: id, name: format!("{}:#{}", list.name, row.number), compared: row.compared })
        };
        let rows = [row(pair.rows[0])?, row(pair.rows[1])?];
        let is_as_it_was = PairIdentity::new(pair.rows, [rows[0].compared, rows[1].compared]) == pair;
        Some((rows, is_as_it_was))
    }
}
