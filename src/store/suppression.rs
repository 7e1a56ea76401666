//! The suppression list in the workspace: adding, lifting, listing. Nothing is ever taken from it.

use std::collections::HashMap;

use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::known_runs::KnownRuns;
use super::persons::{self, PersonsSeen};
use super::{Store, StoreError};
use crate::contact::{kept_key_of, key_of_kept};
use crate::person::KnownAs;
use crate::record::{
    ContactKind, CustomerId, Suppressed, Suppression, SuppressionReason, SuppressionScope, ToSuppress,
};

/// An entry of an exported list: its number and that of the entry which it is of are those of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The entry.
    pub entry: Suppression,
    /// As whom its person was known.
    pub known: Vec<KnownAs>,
}

/// What adding an entry came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Its number, or that of the equal one that stood there.
    pub number: i64,
    /// Whether it did not stand there before.
    pub is_new: bool,
}

impl Store {
    /// Adds entries, all or none. One that stands in the list already is not doubled: it gets the later day of its check.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn suppress(&mut self, entries: &[ToSuppress]) -> Result<Vec<Added>, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let added = entries.iter().map(|entry| add(&transaction, entry)).collect::<Result<Vec<_>, _>>()?;
        transaction.commit()?;
        Ok(added)
    }

    /// Adds many contacts for one reason, all or none; `entry` says everything but which. Returns how many are new.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn suppress_contacts<'k>(
        &mut self,
        entry: &Suppression,
        contacts: impl IntoIterator<Item = (ContactKind, &'k str)>,
    ) -> Result<u64, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut entry = entry.clone();
        let mut runs = KnownRuns::of(&transaction)?;
        let mut new = 0;
        for (kind, key) in contacts {
            entry.what = Suppressed::Contact(kind, key.to_owned());
            let added = add_one(&transaction, &entry, None)?;
            new += u64::from(added.is_new);
            if added.is_new && entry.reason.concerns_person() {
                keep_persons(&transaction, added.number, &entry.what, &mut runs)?;
            }
        }
        transaction.commit()?;
        Ok(new)
    }

    /// Adds entries about days that are past, all or none. What somebody lifted later than that day stays lifted: the same events are
    /// read by many runs. Returns how many are new.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn suppress_past(&mut self, entries: &[Suppression]) -> Result<u64, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut runs = KnownRuns::of(&transaction)?;
        let mut new = 0;
        for entry in entries {
            let is_lifted = transaction
                .prepare_cached(
                    "SELECT 1 FROM suppression WHERE kind = ?1 AND key = ?2 AND scope = ?3 AND lifted_at >= ?4 LIMIT 1",
                )?
                .exists(params![entry.what.kind(), entry.what.key(), entry.scope.as_str(), entry.added_at])?;
            if is_lifted {
                continue;
            }
            let added = add_one(&transaction, entry, None)?;
            new += u64::from(added.is_new);
            if added.is_new && entry.reason.concerns_person() {
                keep_persons(&transaction, added.number, &entry.what, &mut runs)?;
            }
        }
        transaction.commit()?;
        Ok(new)
    }

    /// Adds the entries of an exported list in the order of their numbers, all or none; returns how many are new.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn import_suppressions(&mut self, entries: impl IntoIterator<Item = Exported>) -> Result<u64, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut runs = KnownRuns::of(&transaction)?;
        let mut numbers: HashMap<i64, i64> = HashMap::new();
        let mut new = 0;
        for Exported { entry, known } in entries {
            let of = entry.of.and_then(|of| numbers.get(&of).copied());
            let added = add_one(&transaction, &entry, of)?;
            numbers.insert(entry.number, added.number);
            new += u64::from(added.is_new);
            for known in &known {
                persons::keep(&transaction, added.number, known)?;
            }
            if added.is_new && of.is_none() && entry.reason.concerns_person() {
                keep_persons(&transaction, added.number, &entry.what, &mut runs)?;
            }
        }
        transaction.commit()?;
        Ok(new)
    }

    /// Lifts every entry that names this, and what was added with it; returns how many entries no longer hold.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn lift_suppression(
        &mut self,
        what: &Suppressed,
        scope: Option<SuppressionScope>,
        at: &str,
    ) -> Result<usize, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let scope = scope.map(SuppressionScope::as_str);
        let (key, kept) = keys(what);
        let id = match what {
            Suppressed::Customer(id) => Some(id.0 as i64),
            Suppressed::Contact(..) => None,
        };
        // A customer who has another name since is known by both.
        const NAMED: &str = "lifted_at IS NULL AND (?4 IS NULL OR scope = ?4) AND kind = ?2
             AND (key IN (?3, ?5) OR id IN (SELECT entry FROM known_as WHERE customer = ?6))";
        let with = transaction.execute(
            &format!(
                "UPDATE suppression SET lifted_at = ?1, lifted_by = 'manual'
                 WHERE lifted_at IS NULL AND of_entry IN (SELECT id FROM suppression WHERE {NAMED})"
            ),
            params![at, what.kind(), key, scope, kept, id],
        )?;
        let own = transaction.execute(
            &format!("UPDATE suppression SET lifted_at = ?1, lifted_by = 'manual' WHERE {NAMED}"),
            params![at, what.kind(), key, scope, kept, id],
        )?;
        transaction.commit()?;
        Ok(own + with)
    }

    /// Hands over every entry, the lifted ones too, in the order in which they were added, until `take` fails.
    ///
    /// # Errors
    /// When the database can't be read, or what `take` returns.
    pub fn suppressions<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(Suppression) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
        let mut statement = self.connection.prepare(&format!("{SELECT} ORDER BY id")).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if let Some(entry) = entry(row).map_err(failed)? {
                take(entry)?;
            }
        }
        Ok(())
    }

    /// The entries that hold and name this.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn suppressions_of(&self, what: &Suppressed) -> Result<Vec<Suppression>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{SELECT} WHERE key IN (?2, ?3) AND kind = ?1 AND lifted_at IS NULL ORDER BY id"
        ))?;
        let (key, kept) = keys(what);
        let mut rows = statement.query(params![what.kind(), key, kept])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.extend(entry(row)?);
        }
        Ok(found)
    }

    /// The customer that an entry names.
    ///
    /// # Errors
    /// When the database can't be read, or there is no such entry.
    pub fn suppressed_customer(&self, number: i64) -> Result<Option<CustomerId>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT key FROM suppression WHERE id = ?1")?;
        let key: String = statement.query_row([number], |row| row.get(0))?;
        Ok(CustomerId::parse(&key))
    }

    /// The entries that hold whose person was known as this customer.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn suppressions_knowing(&self, customer: CustomerId) -> Result<Vec<Suppression>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{SELECT} WHERE id IN (SELECT entry FROM known_as WHERE customer = ?1) AND lifted_at IS NULL ORDER BY id"
        ))?;
        let mut rows = statement.query([customer.0 as i64])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.extend(entry(row)?);
        }
        Ok(found)
    }

    /// Something that differs whenever the list has changed: whoever keeps the list in memory for long compares it.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn suppression_stamp(&self) -> Result<[i64; 3], StoreError> {
        // Entries are never taken away, so the highest number and the count of lifted ones tell every change; so does the highest
        // number of those as whom persons were known.
        let mut statement = self.connection.prepare_cached(
            "SELECT (SELECT coalesce(max(id), 0) FROM suppression),
                    (SELECT count(*) FROM suppression WHERE lifted_at IS NOT NULL),
                    (SELECT coalesce(max(id), 0) FROM known_as)",
        )?;
        Ok(statement.query_row([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?)
    }
}

/// Adds an entry within a transaction of the caller's, with as whom its person is known.
pub(super) fn add(connection: &Connection, to: &ToSuppress) -> Result<Added, StoreError> {
    let added = add_one(connection, &to.entry, None)?;
    if added.is_new && (to.entry.reason.concerns_person() || matches!(to.entry.what, Suppressed::Customer(_))) {
        keep_persons(connection, added.number, &to.entry.what, &mut KnownRuns::of(connection)?)?;
    }
    for (kind, key) in &to.contacts {
        let what = Suppressed::Contact(*kind, key.clone());
        add_one(connection, &Suppression { what, ..to.entry.clone() }, Some(added.number))?;
    }
    Ok(added)
}

/// Keeps as whom the person of an entry is known in the runs that there are.
fn keep_persons(
    connection: &Connection,
    entry: i64,
    what: &Suppressed,
    runs: &mut KnownRuns,
) -> Result<(), StoreError> {
    for known in runs.as_whom(what)? {
        persons::keep(connection, entry, &known)?;
    }
    Ok(())
}

/// Adds what lists say of those who refused within a transaction of the caller's.
pub(super) fn add_seen(connection: &Connection, seen: &PersonsSeen, at: &str) -> rusqlite::Result<()> {
    // In the order of their keys, so that a first list's hundred thousands are put behind one another.
    let mut refusals: Vec<_> = seen.refusals.iter().collect();
    refusals.sort_by_cached_key(|(entry, _)| entry.what.key());
    for (entry, known) in refusals {
        let added = add_one(connection, entry, None)?;
        match known.as_slice() {
            [one] if added.is_new => persons::keep_first(connection, added.number, one)?,
            all => all.iter().try_for_each(|known| persons::keep(connection, added.number, known))?,
        }
    }
    for (entry, known) in &seen.recognized {
        persons::keep(connection, *entry, known)?;
    }
    for (entry, by) in &seen.lifted {
        connection
            .prepare_cached(
                "UPDATE suppression SET lifted_at = ?2, lifted_by = ?3
                 WHERE lifted_at IS NULL AND (id = ?1 OR of_entry = ?1)",
            )?
            .execute(params![entry, at, by])?;
    }
    Ok(())
}

fn add_one(connection: &Connection, entry: &Suppression, of: Option<i64>) -> rusqlite::Result<Added> {
    let (kind, key) = (entry.what.kind(), entry.what.key());
    let (scope, reason) = (entry.scope.as_str(), entry.reason.as_str());
    // What stands already is unique (`suppression_once`); `ON CONFLICT DO NOTHING` would use a number up.
    let added = connection
        .prepare_cached(
            "INSERT INTO suppression (kind, key, scope, reason, source, note, checked_on, added_at, of_entry)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS (
                 SELECT 1 FROM suppression WHERE kind = ?1 AND key = ?2 AND scope = ?3 AND reason = ?4 AND source = ?5
                 AND coalesce(of_entry, 0) = coalesce(?9, 0) AND lifted_at IS NULL)",
        )?
        .execute(params![kind, key, scope, reason, entry.source, entry.note, entry.checked_on, entry.added_at, of])?;
    if added > 0 {
        return Ok(Added { number: connection.last_insert_rowid(), is_new: true });
    }
    let number = connection
        .prepare_cached(
            "SELECT id FROM suppression WHERE kind = ?1 AND key = ?2 AND scope = ?3 AND reason = ?4 AND source = ?5
             AND coalesce(of_entry, 0) = coalesce(?6, 0) AND lifted_at IS NULL",
        )?
        .query_row(params![kind, key, scope, reason, entry.source, of], |row| row.get::<_, i64>(0))?;
    connection
        .prepare_cached(
            "UPDATE suppression SET checked_on = max(coalesce(checked_on, ''), ?2)
             WHERE id = ?1 AND ?2 IS NOT NULL",
        )?
        .execute(params![number, entry.checked_on])?;
    Ok(Added { number, is_new: false })
}

const SELECT: &str = "SELECT id, kind, key, scope, reason, source, note, checked_on, added_at, lifted_at, of_entry,
                             lifted_by FROM suppression";

/// By which keys entries of this stand: as it is made now, and as it was kept once.
fn keys(what: &Suppressed) -> (String, Option<String>) {
    let key = what.key();
    let kept = kept_key_of(&key);
    (key, kept)
}

/// None where a word is of a newer tiuv's; what the schema allows of `kind` and `scope` is always known.
fn entry(row: &Row<'_>) -> rusqlite::Result<Option<Suppression>> {
    let word = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let what = match Suppressed::parse(word(1)?, word(2)?) {
        Some(Suppressed::Contact(ContactKind::Email, key)) => Suppressed::Contact(ContactKind::Email, key_of_kept(key)),
        Some(what) => what,
        None => return Ok(None),
    };
    Ok(Some(Suppression {
        number: row.get(0)?,
        what,
        scope: SuppressionScope::parse(word(3)?).unwrap_or(SuppressionScope::All),
        // A reason that is not known here holds as strictly as any.
        reason: SuppressionReason::parse(word(4)?).unwrap_or(SuppressionReason::Legal),
        source: row.get(5)?,
        note: row.get(6)?,
        checked_on: row.get(7)?,
        added_at: row.get(8)?,
        lifted_at: row.get(9)?,
        of: row.get(10)?,
        lifted_by: row.get(11)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(what: Suppressed, reason: SuppressionReason) -> Suppression {
        Suppression::new(what, reason, "manual", "2026-11-21T10:00:00Z".to_owned())
    }

    fn phone(key: &str) -> Suppressed {
        Suppressed::Contact(ContactKind::Phone, key.to_owned())
    }

    fn all(store: &Store) -> Vec<Suppression> {
        let mut all = Vec::new();
        let read = store.suppressions(|entry| -> Result<(), StoreError> {
            all.push(entry);
            Ok(())
        });
        read.expect("read");
        all
    }

    #[test]
    fn an_entry_stands_once_gets_the_later_check_and_stays_when_it_is_lifted() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let mut to =
            ToSuppress { entry: entry(phone("+972502345678"), SuppressionReason::DoNotCall), contacts: Vec::new() };
        to.entry.checked_on = Some("2026-11-01".to_owned());
        let before = store.suppression_stamp().expect("read");
        assert_eq!(store.suppress(std::slice::from_ref(&to)).expect("added"), [Added { number: 1, is_new: true }]);
        for (check, kept) in [("2026-11-20", "2026-11-20"), ("2026-10-01", "2026-11-20")] {
            to.entry.checked_on = Some(check.to_owned());
            assert_eq!(store.suppress(std::slice::from_ref(&to)).expect("added"), [Added { number: 1, is_new: false }]);
            assert_eq!(all(&store)[0].checked_on.as_deref(), Some(kept));
        }
        let added = store.suppression_stamp().expect("read");
        assert_ne!(before, added);
        let at = "2026-11-22T10:00:00Z";
        assert_eq!(store.lift_suppression(&phone("+972502345678"), None, at).expect("lifted"), 1);
        assert_eq!(store.lift_suppression(&phone("+972502345678"), None, at).expect("not again"), 0);
        assert_ne!(store.suppression_stamp().expect("read"), added);
        assert!(store.suppressions_of(&phone("+972502345678")).expect("read").is_empty());
        assert_eq!(all(&store)[0].lifted_at.as_deref(), Some(at));
        assert_eq!(store.suppress(&[to]).expect("added anew"), [Added { number: 2, is_new: true }]);
    }

    #[test]
    fn contacts_added_with_a_customer_are_lifted_with_it_and_others_stay() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let number = "+972502345678".to_owned();
        let customer = ToSuppress {
            entry: entry(Suppressed::Customer(CustomerId(7)), SuppressionReason::OptOut),
            contacts: vec![(ContactKind::Phone, number.clone())],
        };
        let by_itself = ToSuppress { entry: entry(phone(&number), SuppressionReason::OptOut), contacts: Vec::new() };
        store.suppress(&[customer, by_itself]).expect("added");
        assert_eq!(store.suppressions_of(&phone(&number)).expect("read").len(), 2);
        let lifted = store.lift_suppression(&Suppressed::Customer(CustomerId(7)), None, "2026-11-22T10:00:00Z");
        assert_eq!(lifted.expect("lifted"), 2);
        let left = store.suppressions_of(&phone(&number)).expect("read");
        assert_eq!(left.iter().map(|entry| entry.of).collect::<Vec<_>>(), [None]);
    }
}
