//! Who has which item: a lease that ends by itself, and that nobody else gets while it lasts.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, ToSql, TransactionBehavior, params};

use super::ItemFilter;
use super::items::{COLUMNS, read_item};
use crate::record::{Item, ItemState};
use crate::store::{Store, StoreError};

/// Who asks for an item, when, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Claimer {
    /// The account.
    pub user: i64,
    /// Now.
    pub now: Timestamp,
    /// How long nobody else gets it.
    pub lease: SignedDuration,
}

impl Claimer {
    fn now(&self) -> i64 {
        self.now.as_millisecond()
    }

    fn until(&self) -> i64 {
        self.now().saturating_add(self.lease.as_millis() as i64)
    }
}

/// What came of asking for one item.
#[derive(Debug, Clone, PartialEq)]
pub enum Claimed {
    /// It is the asker's.
    Yours(Box<Item>),
    /// Somebody else has it: who, and until when.
    Anothers(Box<Item>, String, i64),
    /// It is not open any more.
    Over(Box<Item>),
    /// There is no such item.
    None,
}

impl Store {
    /// The next item of a filter: the one that the asker has already, else the first one that nobody has. One statement, so that no
    /// two askers get the same.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn claim_next(&mut self, claimer: &Claimer, filter: &ItemFilter) -> Result<Option<Item>, StoreError> {
        let (condition, mut values) = filter.condition(4);
        let fixed: [Box<dyn ToSql>; 3] = [Box::new(claimer.user), Box::new(claimer.now()), Box::new(claimer.until())];
        let mut all: Vec<Box<dyn ToSql>> = fixed.into_iter().collect();
        all.append(&mut values);
        let given: Vec<&dyn ToSql> = all.iter().map(AsRef::as_ref).collect();
        for who in [
            "owner = ?1 AND leased_until > ?2",
            "leased_until <= ?2 AND NOT EXISTS
                 (SELECT 1 FROM steward_skip skip WHERE skip.item = steward_item.id AND skip.user = ?1 AND skip.until > ?2)",
        ] {
            let statement = format!(
                "UPDATE steward_item SET owner = ?1, leased_until = ?3 WHERE id =
                     (SELECT id FROM steward_item WHERE state = 'open' AND {who}{condition} ORDER BY score DESC, id LIMIT 1)
                 RETURNING {COLUMNS}"
            );
            let mut statement = self.connection.prepare_cached(&statement)?;
            if let Some(item) = statement.query_row(&given[..], read_item).optional()?.flatten() {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// Takes an item, or renews the asker's lease on it.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn claim(&mut self, claimer: &Claimer, id: i64) -> Result<Claimed, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let taken = transaction
            .prepare_cached(&format!(
                "UPDATE steward_item SET owner = ?1, leased_until = ?3
                 WHERE id = ?4 AND state = 'open' AND (owner = ?1 OR leased_until <= ?2) RETURNING {COLUMNS}"
            ))?
            .query_row(params![claimer.user, claimer.now(), claimer.until(), id], read_item)
            .optional()?
            .flatten();
        if let Some(item) = taken {
            transaction.commit()?;
            return Ok(Claimed::Yours(Box::new(item)));
        }
        drop(transaction);
        self.look_at(id, claimer.now)
    }

    /// An item as somebody finds it who does not take it; what nobody has is another's without a name.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn look_at(&self, id: i64, now: Timestamp) -> Result<Claimed, StoreError> {
        let Some(item) = self.item(id)? else { return Ok(Claimed::None) };
        if item.state != ItemState::Open {
            return Ok(Claimed::Over(Box::new(item)));
        }
        let (name, until) = self
            .connection
            .prepare_cached(
                "SELECT iif(leased_until > ?2, coalesce(name, ''), ''), leased_until
                 FROM steward_item item LEFT JOIN steward_user ON steward_user.id = item.owner WHERE item.id = ?1",
            )?
            .query_row(params![id, now.as_millisecond()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Claimed::Anothers(Box::new(item), name, until))
    }

    /// Puts an item back; with a reason it is not given to the same person again until a moment. False where it was not that
    /// person's.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn put_back(
        &mut self,
        claimer: &Claimer,
        id: i64,
        skip: Option<(&str, Timestamp)>,
    ) -> Result<bool, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let changed = transaction
            .prepare_cached(
                "UPDATE steward_item SET owner = NULL, leased_until = 0 WHERE id = ?1 AND owner = ?2 AND state = 'open'",
            )?
            .execute(params![id, claimer.user])?;
        if let (1, Some((why, until))) = (changed, skip) {
            transaction
                .prepare_cached("INSERT OR REPLACE INTO steward_skip (item, user, until, why) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![id, claimer.user, until.as_millisecond(), why])?;
        }
        transaction.commit()?;
        Ok(changed > 0)
    }
}
