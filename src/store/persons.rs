//! As whom those who refused were known: kept beside the suppression list, for later lists and other workspaces.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::{Store, StoreError};
use crate::contact::ContactKeys;
use crate::person::{KnownAs, Name, Registry, Salt, Sign};
use crate::record::{CustomerId, Day, Suppressed, Suppression};

/// What a run's lists say of those who refused.
#[derive(Debug, Default)]
pub struct PersonsSeen {
    /// Refusals that stand in the lists themselves, with whose they are.
    pub refusals: Vec<(Suppression, Vec<KnownAs>)>,
    /// By the numbers of entries: as whom their persons were recognized.
    pub recognized: Vec<(i64, KnownAs)>,
    /// Numbers of entries that a later permission lifts, with who or what gave it.
    pub lifted: Vec<(i64, String)>,
}

impl Store {
    /// Everybody who refused, as they are recognized in lists.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn registry(&self) -> Result<Registry, StoreError> {
        let mut known: HashMap<i64, Vec<KnownAs>> = HashMap::new();
        let mut statement = self.connection.prepare(&format!("{SELECT} ORDER BY id"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            known.entry(row.get(0)?).or_default().push(known_as(row)?);
        }
        let mut entries: Vec<Suppression> = Vec::new();
        let mut contacts: HashMap<i64, Vec<u64>> = HashMap::new();
        self.suppressions(|entry| -> Result<(), StoreError> {
            if entry.lifted_at.is_some() {
                return Ok(());
            }
            if let Suppressed::Contact(kind, key) = &entry.what {
                let mark = Sign::Contact(ContactKeys::hash(*kind, key)).mark();
                contacts.entry(entry.of.unwrap_or(entry.number)).or_default().push(mark);
            }
            let is_personal = entry.reason.concerns_person() || matches!(entry.what, Suppressed::Customer(_));
            if entry.of.is_none() && is_personal {
                entries.push(entry);
            }
            Ok(())
        })?;
        let mut registry = Registry::default();
        for entry in entries {
            let known = known.remove(&entry.number).unwrap_or_default();
            let own = itself(&entry, &known, contacts.remove(&entry.number).unwrap_or_default());
            registry.add(entry, known.into_iter().chain(Some(own)));
        }
        Ok(registry)
    }

    /// As whom the person of an entry was known.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn known_as(&self, entry: i64) -> Result<Vec<KnownAs>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("{SELECT} WHERE entry = ?1 ORDER BY id"))?;
        let found = statement.query_map([entry], known_as)?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The customers as whom the persons of entries that hold were known, by the number of the entry.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn known_customers(&self) -> Result<HashMap<i64, Vec<CustomerId>>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT DISTINCT entry, customer FROM known_as
             WHERE customer IS NOT NULL AND entry IN (SELECT id FROM suppression WHERE lifted_at IS NULL)
             ORDER BY entry, customer",
        )?;
        let mut rows = statement.query([])?;
        let mut known: HashMap<i64, Vec<CustomerId>> = HashMap::new();
        while let Some(row) = rows.next()? {
            known.entry(row.get(0)?).or_default().push(CustomerId(row.get::<_, i64>(1)? as u64));
        }
        Ok(known)
    }

    /// Keeps as whom persons were recognized, all or nothing: of entries by their numbers.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn keep_known(&mut self, recognized: &[(i64, KnownAs)]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        for (entry, known) in recognized {
            keep(&transaction, *entry, known)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// What hashes that leave the workspace are salted with: always the same.
    ///
    /// # Errors
    /// When the workspace's secret can't be read or made.
    pub fn salt(&self) -> Result<Salt, StoreError> {
        let mut salt = [0; 16];
        salt.copy_from_slice(&self.secret()?.mac("persons", "salt")[..16]);
        Ok(Salt(salt))
    }
}

/// Keeps as whom somebody was known within a transaction of the caller's, unless that is known.
pub(super) fn keep(connection: &Connection, entry: i64, known: &KnownAs) -> rusqlite::Result<()> {
    let mut before = connection.prepare_cached(&format!("{SELECT} WHERE entry = ?1 AND customer IS ?2"))?;
    let customer = known.customer.map(|customer| customer.0 as i64);
    let mut before = before.query(params![entry, customer])?;
    while let Some(row) = before.next()? {
        if known.is_within(&known_as(row)?) {
            return Ok(());
        }
    }
    keep_first(connection, entry, known)
}

/// Keeps as whom somebody was known of whom an entry says nothing yet.
pub(super) fn keep_first(connection: &Connection, entry: i64, known: &KnownAs) -> rusqlite::Result<()> {
    let customer = known.customer.map(|customer| customer.0 as i64);
    let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let names: String =
        known.names.iter().map(|name| format!("{}\t{}\n", plain(&name.first), plain(&name.last))).collect();
    let marks: Vec<u8> = known.marks.iter().flat_map(|mark| mark.to_le_bytes()).collect();
    connection
        .prepare_cached(
            "INSERT INTO known_as (entry, customer, names, born, salt, marks) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![entry, customer, names, known.born.map(Day::get), known.salt.map(|salt| salt.0), marks])?;
    Ok(())
}

const SELECT: &str = "SELECT entry, customer, names, born, salt, marks FROM known_as";

fn known_as(row: &Row<'_>) -> rusqlite::Result<KnownAs> {
    let name = |line: &str| line.split_once('\t').map(|(first, last)| Name::new(first, last));
    let mark = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    Ok(KnownAs {
        customer: row.get::<_, Option<i64>>(1)?.map(|id| CustomerId(id as u64)),
        names: row.get_ref(2)?.as_str()?.lines().filter_map(name).collect(),
        born: row.get::<_, Option<i32>>(3)?.map(Day::new),
        salt: row.get::<_, Option<[u8; 16]>>(4)?.map(Salt),
        marks: row.get_ref(5)?.as_blob()?.chunks_exact(8).map(mark).collect(),
    })
}

/// What an entry says by itself of whom it is about: the customer and the contacts that it names.
fn itself(entry: &Suppression, known: &[KnownAs], mut marks: Vec<u64>) -> KnownAs {
    marks.sort_unstable();
    marks.dedup();
    let customer = match entry.what {
        Suppressed::Customer(id) => Some(id),
        Suppressed::Contact(..) => None,
    };
    let names = known.iter().flat_map(|known| known.names.clone()).collect();
    KnownAs { customer, names, born: known.iter().find_map(|known| known.born), salt: None, marks }
}
