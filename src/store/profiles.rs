//! The customers of a run as outreach and look-ups see them: an immutable SQLite file beside the run's snapshot.
//!
//! It is written once, without a journal, in the order in which customers come; what it is searched by is kept aside and
//! written sorted, so that a million customers cost seconds. What changes afterwards stands in `state.db`.

mod found_by;
mod row;
mod writer;

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{CachedStatement, Connection, OpenFlags, OptionalExtension};

use self::found_by::FoundBy;
use self::row::{contact, profile};
use super::{Artefact, Store, StoreError};
use crate::record::{ContactKind, ContactPoint, CustomerId, CustomerProfile, ListStanding};
use crate::text::plain_key;

pub use writer::ProfilesWriter;

/// The customers of a run.
#[derive(Debug)]
pub struct ProfilesFile {
    connection: Connection,
    /// The run they are of.
    pub run: String,
}

impl Store {
    /// The customers of a run; none where it left none.
    ///
    /// # Errors
    /// When the file can't be opened.
    pub fn profiles(&self, run: &str) -> Result<Option<ProfilesFile>, StoreError> {
        let path = self.sound_artefact(Artefact::Cards, run)?;
        path.map(|path| ProfilesFile::open(&path, run.to_owned())).transpose()
    }

    /// The customers of the newest run that left some.
    ///
    /// # Errors
    /// When the database or the file can't be read.
    pub fn latest_profiles(&self) -> Result<Option<ProfilesFile>, StoreError> {
        Ok(self.recent_profiles(1)?.pop())
    }

    /// The same without those that are damaged: for what must be done whether or not everything can be known.
    ///
    /// # Errors
    /// When the database or a file can't be read.
    pub fn sound_profiles(&self, most: usize) -> Result<Vec<ProfilesFile>, StoreError> {
        let runs = self.run_ids()?;
        let found = runs.iter().filter_map(|run| match self.profiles(run) {
            Err(damaged @ StoreError::Damaged { .. }) => {
                tracing::warn!("{damaged}; nobody is looked for there. `tiuv workspace repair` drops it");
                None
            }
            found => found.transpose(),
        });
        found.take(most).collect()
    }

    /// The customers of the newest runs that left some, the newest first.
    ///
    /// # Errors
    /// When the database or a file can't be read.
    pub fn recent_profiles(&self, most: usize) -> Result<Vec<ProfilesFile>, StoreError> {
        let runs = self.run_ids()?;
        let found = runs.iter().filter_map(|run| self.profiles(run).transpose());
        found.take(most).collect()
    }
}

impl ProfilesFile {
    /// Opens the file of a run.
    pub(super) fn open(path: &Path, run: String) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(ProfilesFile { connection: Connection::open_with_flags(path, flags)?, run })
    }

    /// Hands over every customer, in the order in which they were written, until `take` fails.
    ///
    /// # Errors
    /// When the file can't be read, or what `take` returns.
    pub fn all<E: From<StoreError>>(&self, take: impl FnMut(CustomerProfile) -> Result<(), E>) -> Result<(), E> {
        self.those("", take)
    }

    /// Hands over the customers against whom something stands, until `take` fails.
    ///
    /// # Errors
    /// When the file can't be read, or what `take` returns.
    pub fn held<E: From<StoreError>>(&self, take: impl FnMut(CustomerProfile) -> Result<(), E>) -> Result<(), E> {
        const HELD: &str = "WHERE holds <> 0 OR sms_refused IS NOT NULL OR email_refused IS NOT NULL
            OR call_refused IS NOT NULL OR consents LIKE '%n%'";
        self.those(HELD, take)
    }

    fn those<E: From<StoreError>>(
        &self,
        condition: &str,
        mut take: impl FnMut(CustomerProfile) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
        let which = format!("SELECT * FROM customer {condition} ORDER BY place");
        let mut customers = self.connection.prepare(&which).map_err(failed)?;
        let mut contacts =
            self.connection.prepare("SELECT * FROM contact ORDER BY customer, position").map_err(failed)?;
        let mut rows = customers.query([]).map_err(failed)?;
        // Both run through their tables once, side by side.
        let mut points = contacts.query([]).map_err(failed)?;
        let mut point = points.next().map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let (place, mut profile) = profile(row).map_err(failed)?;
            while let Some(found) = point {
                let of: i64 = found.get(0).map_err(failed)?;
                if of > place {
                    break;
                }
                if of == place {
                    profile.contacts.push(contact(found).map_err(failed)?);
                }
                point = points.next().map_err(failed)?;
            }
            take(profile)?;
        }
        Ok(())
    }

    /// What each list says of consent as a whole.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn lists(&self) -> Result<Vec<ListStanding>, StoreError> {
        // Files of earlier versions say nothing of lists.
        if !self.connection.table_exists(None, "list")? {
            return Ok(Vec::new());
        }
        let mut lists = self.connection.prepare("SELECT name, stated, unread FROM list ORDER BY rowid")?;
        let mut rows = lists.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (list, stated, unread): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let says = |place: usize| stated.as_bytes().get(place) == Some(&b'y');
            let unread = serde_json::from_str(&unread).map_err(|error| StoreError::Snapshot(error.to_string()))?;
            found.push(ListStanding { list, stated: std::array::from_fn(says), unread });
        }
        Ok(found)
    }

    /// Which consents each list states at all, by its columns, or else by what its customers answer, at the places of
    /// [`CustomerProfile::consent`].
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn stated_consents(&self) -> Result<BTreeMap<String, [bool; 4]>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT list, max(substr(consents, 1, 1) <> '-'), max(substr(consents, 2, 1) <> '-'),
                    max(substr(consents, 3, 1) <> '-'), max(substr(consents, 4, 1) <> '-')
             FROM customer GROUP BY list",
        )?;
        let rows =
            statement.query_map([], |row| Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])))?;
        let mut stated = rows.collect::<Result<BTreeMap<String, [bool; 4]>, _>>()?;
        // A list that says what it states is believed: a refusal in another column is no answer to a question of consent.
        stated.extend(self.lists()?.into_iter().map(|list| (list.list, list.stated)));
        Ok(stated)
    }

    /// Number of customers.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn count(&self) -> Result<u64, StoreError> {
        let count: i64 = self.connection.query_row("SELECT count(*) FROM customer", [], |row| row.get(0))?;
        Ok(count as u64)
    }

    /// The customer of this name.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn by_id(&self, id: CustomerId) -> Result<Option<CustomerProfile>, StoreError> {
        Ok(self.find(FoundBy::Id(id), |profile| profile.id == id)?.pop())
    }

    /// The customers of a household.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn by_household(&self, household: CustomerId) -> Result<Vec<CustomerProfile>, StoreError> {
        self.find(FoundBy::Household(household), |profile| profile.household == household)
    }

    /// The customers who have a contact with this key.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn by_contact(&self, kind: ContactKind, key: &str) -> Result<Vec<CustomerProfile>, StoreError> {
        let has = |profile: &CustomerProfile| {
            profile.contacts.iter().any(|contact| contact.kind == kind && contact.key == key)
        };
        self.find(FoundBy::Contact(kind, key), has)
    }

    /// The customers whose names were written with all of these folded words, at most `most` of them.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn by_name(&self, words: &[&str], most: usize) -> Result<Vec<CustomerProfile>, StoreError> {
        let hashes: Vec<i64> = words.iter().map(|word| FoundBy::Name(word).hash()).collect();
        let Some((first, rest)) = hashes.split_first() else { return Ok(Vec::new()) };
        let mut with =
            self.connection.prepare_cached("SELECT customer FROM found_by WHERE hash = ?1 ORDER BY customer")?;
        let mut also = self.connection.prepare_cached("SELECT 1 FROM found_by WHERE hash = ?1 AND customer = ?2")?;
        let mut found = Vec::new();
        let mut rows = with.query([first])?;
        while let Some(row) = rows.next()? {
            let place: i64 = row.get(0)?;
            let mut has_all = true;
            for hash in rest {
                has_all &= also.query_row([*hash, place], |_| Ok(())).optional()?.is_some();
            }
            if has_all {
                found.push(place);
                if found.len() == most {
                    break;
                }
            }
        }
        found.into_iter().map(|place| self.at(place)).collect()
    }

    /// The customers of whose rows one has this key of its own, as whatever program writes it.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn by_row_key(&self, key: &str) -> Result<Vec<CustomerProfile>, StoreError> {
        let plain = plain_key(key);
        if plain.is_empty() {
            return Ok(Vec::new());
        }
        let has = |profile: &CustomerProfile| profile.keys.iter().any(|own| plain_key(&own.key) == plain);
        let found = self.find(FoundBy::Key(&plain), has)?;
        if !found.is_empty() {
            return Ok(found);
        }
        // Files of earlier versions have no index of keys: a million take a moment.
        let mut places = self.connection.prepare_cached("SELECT place FROM customer WHERE key = ?1 ORDER BY place")?;
        let places = places.query_map([key], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
        places.into_iter().map(|place| self.at(place)).collect()
    }

    fn find(
        &self,
        by: FoundBy<'_>,
        is_it: impl Fn(&CustomerProfile) -> bool,
    ) -> Result<Vec<CustomerProfile>, StoreError> {
        let mut places =
            self.connection.prepare_cached("SELECT customer FROM found_by WHERE hash = ?1 ORDER BY customer")?;
        let places = places.query_map([by.hash()], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
        let mut profiles = places.into_iter().map(|place| self.at(place)).collect::<Result<Vec<_>, _>>()?;
        // Another value may have the same hash.
        profiles.retain(is_it);
        Ok(profiles)
    }

    fn at(&self, place: i64) -> Result<CustomerProfile, StoreError> {
        let mut customer = self.connection.prepare_cached("SELECT * FROM customer WHERE place = ?1")?;
        let (place, mut profile) = customer.query_row([place], profile)?;
        profile.contacts = contacts_of(&mut self.contacts()?, place)?;
        Ok(profile)
    }

    fn contacts(&self) -> Result<CachedStatement<'_>, StoreError> {
        Ok(self.connection.prepare_cached("SELECT * FROM contact WHERE customer = ?1 ORDER BY position")?)
    }
}

fn contacts_of(statement: &mut CachedStatement<'_>, place: i64) -> rusqlite::Result<Vec<ContactPoint>> {
    let contacts = statement.query_map([place], contact)?;
    contacts.collect()
}

#[cfg(test)]
mod tests;
