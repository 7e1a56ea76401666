//! Which items are meant, how many there are of each sort, and a page of them.

use rusqlite::{ToSql, params};

use super::items::{COLUMNS, read_item};
use crate::record::{Item, ItemKind, ItemState};
use crate::store::{Store, StoreError};

/// Which items are meant; what is not said is any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ItemFilter {
    /// Of this kind.
    pub kind: Option<ItemKind>,
    /// Asked for this reason.
    pub reason: Option<String>,
    /// Of this list.
    pub list: Option<String>,
    /// Of customers of this segment.
    pub segment: Option<String>,
    /// Of customers of this language.
    pub language: Option<String>,
}

impl ItemFilter {
    /// As a condition behind others, its values numbered from `first`.
    pub(super) fn condition(&self, first: usize) -> (String, Vec<Box<dyn ToSql>>) {
        let (mut text, mut values): (String, Vec<Box<dyn ToSql>>) = (String::new(), Vec::new());
        let kind = self.kind.map(|kind| kind.as_str().to_owned());
        let said = [&kind, &self.reason, &self.list, &self.segment, &self.language];
        for (column, said) in COLUMNS_OF_FACETS.into_iter().zip(said) {
            if let Some(said) = said {
                text.push_str(&format!(" AND {column} = ?{}", first + values.len()));
                values.push(Box::new(said.clone()));
            }
        }
        (text, values)
    }

    /// Without what it says of one facet.
    fn without(&self, column: &str) -> Self {
        let mut filter = self.clone();
        match column {
            "kind" => filter.kind = None,
            "reason" => filter.reason = None,
            "list" => filter.list = None,
            "segment" => filter.segment = None,
            _ => filter.language = None,
        }
        filter
    }
}

const COLUMNS_OF_FACETS: [&str; 5] = ["kind", "reason", "list", "segment", "language"];

/// How many open items have which word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// `kind`, `reason`, `list`, `segment` or `language`.
    pub name: &'static str,
    /// Each word with its count, the commonest first.
    pub words: Vec<(String, u64)>,
}

/// An item that can be decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FreeItem {
    /// Its number.
    pub id: i64,
    /// Of what is shown.
    pub version: i64,
    /// What its customer is worth.
    pub value: f64,
}

/// The queue as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// Open items of the filter.
    pub open: u64,
    /// Of them those past their day.
    pub overdue: u64,
    /// Decided today, by all.
    pub done_today: u64,
    /// Waiting for a second person.
    pub held: u64,
    /// How many there are of each sort; of a facet as if its own word were not chosen.
    pub facets: Vec<Facet>,
}

impl Store {
    /// How many items there are of which sort.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn facets(&self, filter: &ItemFilter, today: &str) -> Result<Facets, StoreError> {
        let mut facets = Facets::default();
        let (condition, mut values) = filter.condition(2);
        values.insert(0, Box::new(today.to_owned()));
        let given: Vec<&dyn ToSql> = values.iter().map(AsRef::as_ref).collect();
        let counted = format!(
            "SELECT count(*), count(*) FILTER (WHERE due_on < ?1) FROM steward_item WHERE state = 'open'{condition}"
        );
        let mut statement = self.connection.prepare_cached(&counted)?;
        let count = |row: &rusqlite::Row<'_>, column: usize| row.get::<_, i64>(column).map(|count| count as u64);
        (facets.open, facets.overdue) = statement.query_row(&given[..], |row| Ok((count(row, 0)?, count(row, 1)?)))?;
        facets.done_today = self.connection.query_row(
            "SELECT count(*) FROM steward_item WHERE state = 'done' AND closed_on = ?1",
            params![today],
            |row| count(row, 0),
        )?;
        facets.held =
            self.connection
                .query_row("SELECT count(*) FROM steward_act WHERE state = 'held'", [], |row| count(row, 0))?;
        for name in COLUMNS_OF_FACETS {
            let (condition, values) = filter.without(name).condition(1);
            let given: Vec<&dyn ToSql> = values.iter().map(AsRef::as_ref).collect();
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT {name}, count(*) FROM steward_item WHERE state = 'open'{condition}
                 GROUP BY {name} ORDER BY count(*) DESC, {name} LIMIT 50"
            ))?;
            let words = statement.query_map(&given[..], |row| Ok((row.get::<_, String>(0)?, count(row, 1)?)))?;
            facets.facets.push(Facet { name, words: words.collect::<Result<_, _>>()? });
        }
        Ok(facets)
    }

    /// Open items of a filter, the first ones first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn open_items(&self, filter: &ItemFilter, behind: usize, most: usize) -> Result<Vec<Item>, StoreError> {
        let (condition, mut values) = filter.condition(3);
        values.insert(0, Box::new(most as i64));
        values.insert(1, Box::new(behind as i64));
        let given: Vec<&dyn ToSql> = values.iter().map(AsRef::as_ref).collect();
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM steward_item WHERE state = 'open'{condition} ORDER BY score DESC, id LIMIT ?1 OFFSET ?2"
        ))?;
        let rows = statement.query_map(&given[..], read_item)?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// Open items of a filter that nobody else has, in the order of numbers; no more than `most`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn free_items(
        &self,
        filter: &ItemFilter,
        user: i64,
        now: i64,
        most: usize,
    ) -> Result<Vec<FreeItem>, StoreError> {
        let (condition, mut values) = filter.condition(4);
        values.insert(0, Box::new(user));
        values.insert(1, Box::new(now));
        values.insert(2, Box::new(most as i64));
        let given: Vec<&dyn ToSql> = values.iter().map(AsRef::as_ref).collect();
        let mut statement = self.connection.prepare(&format!(
            "SELECT id, version, value FROM steward_item WHERE state = 'open' AND (owner = ?1 OR leased_until <= ?2){condition}
             ORDER BY id LIMIT ?3"
        ))?;
        let rows = statement
            .query_map(&given[..], |row| Ok(FreeItem { id: row.get(0)?, version: row.get(1)?, value: row.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Items of a decision, by number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn items_of_act(&self, act: i64, most: usize) -> Result<Vec<Item>, StoreError> {
        let columns =
            COLUMNS.split(", ").map(|column| format!("item.{}", column.trim())).collect::<Vec<_>>().join(", ");
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {columns} FROM steward_act_item JOIN steward_item item ON item.id = item WHERE act = ?1 ORDER BY item.id LIMIT ?2"
        ))?;
        let rows = statement.query_map(params![act, most as i64], read_item)?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// How many items are in a state.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn items_in(&self, state: ItemState) -> Result<u64, StoreError> {
        let counted = "SELECT count(*) FROM steward_item WHERE state = ?1";
        Ok(self.connection.query_row(counted, [state.as_str()], |row| row.get::<_, i64>(0))? as u64)
    }
}
