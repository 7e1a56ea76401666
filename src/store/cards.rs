//! The customers of a run as outreach and look-ups see them: an immutable SQLite file beside the run's snapshot.
//!
//! It is written once, without a journal, in the order in which customers come; what it is searched by is kept aside and
//! written sorted, so that a million customers cost seconds. What changes afterwards stands in `state.db`.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{CachedStatement, Connection, OpenFlags, OptionalExtension, Row, params};
use tempfile::NamedTempFile;

use super::{Artefact, Store, StoreError};
use crate::record::{
    Channel, Consent, ContactKind, ContactPoint, CustomerCard, CustomerId, CustomerStatus, Holds, PhoneKind, Reach,
    Verdict, text_hash,
};

const SCHEMA: &str = "
PRAGMA page_size = 8192;
PRAGMA journal_mode = off;
PRAGMA synchronous = off;
PRAGMA locking_mode = exclusive;
PRAGMA cache_size = -16384;
CREATE TABLE customer (
    place INTEGER PRIMARY KEY, id INTEGER NOT NULL, household INTEGER NOT NULL, list TEXT NOT NULL, key TEXT NOT NULL,
    number INTEGER NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, language TEXT NOT NULL,
    country TEXT NOT NULL, birth_date INTEGER, preferred TEXT, consents TEXT NOT NULL, holds INTEGER NOT NULL,
    sms_refused INTEGER, email_refused INTEGER, call_refused INTEGER, last_asked INTEGER, value REAL NOT NULL,
    status TEXT NOT NULL, flagged INTEGER NOT NULL, flag_reasons TEXT NOT NULL, to_verify TEXT NOT NULL) STRICT;
CREATE TABLE contact (
    customer INTEGER NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, key TEXT NOT NULL,
    verdict TEXT NOT NULL, line TEXT NOT NULL, sms TEXT NOT NULL, call TEXT NOT NULL, stale REAL,
    shared_by INTEGER NOT NULL, PRIMARY KEY (customer, position)) STRICT, WITHOUT ROWID;
CREATE TABLE found_by (hash INTEGER NOT NULL, customer INTEGER NOT NULL, PRIMARY KEY (hash, customer)) STRICT, WITHOUT ROWID;
BEGIN;";

/// By what a customer can be found; its hash stands in the file.
#[derive(Debug, Clone, Copy)]
enum FoundBy<'a> {
    Id(CustomerId),
    Household(CustomerId),
    Contact(ContactKind, &'a str),
    Name(&'a str),
}

impl FoundBy<'_> {
    fn hash(self) -> i64 {
        let text = match self {
            FoundBy::Id(id) => format!("id {}", id.0),
            FoundBy::Household(id) => format!("household {}", id.0),
            FoundBy::Contact(kind, key) => format!("{} {key}", kind.as_str()),
            FoundBy::Name(token) => format!("name {token}"),
        };
        text_hash(&text) as i64
    }
}

/// Writes the customers of a run.
#[derive(Debug)]
pub struct CardsWriter {
    connection: Connection,
    file: NamedTempFile,
    found_by: Vec<(i64, i64)>,
    count: i64,
}

impl CardsWriter {
    /// Starts a file in the workspace; nothing of it is seen before its run is recorded.
    ///
    /// # Errors
    /// When it can't be made there.
    pub fn create(workspace: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::Snapshot(error.to_string());
        let file = NamedTempFile::new_in(workspace.join("snapshots")).map_err(failed)?;
        let connection = Connection::open(file.path())?;
        connection.execute_batch(SCHEMA)?;
        Ok(CardsWriter { connection, file, found_by: Vec::new(), count: 0 })
    }

    /// Adds a customer; `names` are the folded words by which its name is looked up.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn push<'n>(
        &mut self,
        card: &CustomerCard,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<(), StoreError> {
        let place = self.count;
        self.count += 1;
        let consents: String = card.consent.iter().map(|consent| consent_letter(*consent)).collect();
        let holds = &card.holds;
        self.connection
            .prepare_cached(
                "INSERT INTO customer VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?19, ?20, ?21, ?22, ?23)",
            )?
            .execute(params![
                place,
                card.id.0 as i64,
                card.household.0 as i64,
                card.list,
                card.key,
                card.row,
                card.first_name,
                card.last_name,
                card.language,
                card.country,
                card.birth_date,
                card.preferred.map(Channel::as_str),
                consents,
                i64::from(holds.do_not_contact) | i64::from(holds.deceased) << 1 | i64::from(holds.legal) << 2,
                holds.sms_refused,
                holds.email_refused,
                holds.call_refused,
                holds.last_asked,
                f64::from(card.value),
                card.status.as_str(),
                card.flagged,
                card.flag_reasons,
                card.to_verify,
            ])?;
        let mut contacts = self
            .connection
            .prepare_cached("INSERT INTO contact VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?;
        for (position, contact) in card.contacts.iter().enumerate() {
            contacts.execute(params![
                place,
                position as i64,
                contact.kind.as_str(),
                contact.value,
                contact.key,
                contact.verdict.as_str(),
                contact.line.as_str(),
                contact.sms.as_str(),
                contact.call.as_str(),
                contact.stale.map(f64::from),
                contact.shared_by,
            ])?;
            self.found_by.push((FoundBy::Contact(contact.kind, &contact.key).hash(), place));
        }
        self.found_by.push((FoundBy::Id(card.id).hash(), place));
        self.found_by.push((FoundBy::Household(card.household).hash(), place));
        self.found_by.extend(names.into_iter().map(|token| (FoundBy::Name(token).hash(), place)));
        Ok(())
    }

    /// The file, complete.
    ///
    /// # Errors
    /// When the rest can't be written.
    pub fn finish(mut self) -> Result<NamedTempFile, StoreError> {
        self.found_by.sort_unstable();
        self.found_by.dedup();
        let mut insert = self.connection.prepare("INSERT INTO found_by VALUES (?1, ?2)")?;
        for (hash, place) in &self.found_by {
            insert.execute([hash, place])?;
        }
        drop(insert);
        self.connection.execute_batch("COMMIT")?;
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(self.file)
    }
}

/// The customers of a run.
#[derive(Debug)]
pub struct CardsFile {
    connection: Connection,
    /// The run they are of.
    pub run: String,
}

impl Store {
    /// The customers of a run; none where it left none.
    ///
    /// # Errors
    /// When the file can't be opened.
    pub fn cards(&self, run: &str) -> Result<Option<CardsFile>, StoreError> {
        let path = self.artefact(Artefact::Cards, run);
        if !path.is_file() {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Some(CardsFile { connection: Connection::open_with_flags(path, flags)?, run: run.to_owned() }))
    }

    /// The customers of the newest run that left some.
    ///
    /// # Errors
    /// When the database or the file can't be read.
    pub fn latest_cards(&self) -> Result<Option<CardsFile>, StoreError> {
        for run in self.run_ids()? {
            if let Some(cards) = self.cards(&run)? {
                return Ok(Some(cards));
            }
        }
        Ok(None)
    }
}

impl CardsFile {
    /// Hands over every customer, in the order in which they were written, until `take` fails.
    ///
    /// # Errors
    /// When the file can't be read, or what `take` returns.
    pub fn all<E: From<StoreError>>(&self, take: impl FnMut(CustomerCard) -> Result<(), E>) -> Result<(), E> {
        self.those("", take)
    }

    /// Hands over the customers against whom something stands, until `take` fails.
    ///
    /// # Errors
    /// When the file can't be read, or what `take` returns.
    pub fn held<E: From<StoreError>>(&self, take: impl FnMut(CustomerCard) -> Result<(), E>) -> Result<(), E> {
        const HELD: &str = "WHERE holds <> 0 OR sms_refused IS NOT NULL OR email_refused IS NOT NULL
            OR call_refused IS NOT NULL OR consents LIKE '%n%'";
        self.those(HELD, take)
    }

    fn those<E: From<StoreError>>(
        &self,
        condition: &str,
        mut take: impl FnMut(CustomerCard) -> Result<(), E>,
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
            let (place, mut card) = card(row).map_err(failed)?;
            while let Some(found) = point {
                let of: i64 = found.get(0).map_err(failed)?;
                if of > place {
                    break;
                }
                if of == place {
                    card.contacts.push(contact(found).map_err(failed)?);
                }
                point = points.next().map_err(failed)?;
            }
            take(card)?;
        }
        Ok(())
    }

    /// Which consents the customers of each list state at all, at the places of [`CustomerCard::consent`].
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
        Ok(rows.collect::<Result<_, _>>()?)
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
    pub fn by_id(&self, id: CustomerId) -> Result<Option<CustomerCard>, StoreError> {
        Ok(self.find(FoundBy::Id(id), |card| card.id == id)?.pop())
    }

    /// The customers of a household.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn by_household(&self, household: CustomerId) -> Result<Vec<CustomerCard>, StoreError> {
        self.find(FoundBy::Household(household), |card| card.household == household)
    }

    /// The customers who have a contact with this key.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn by_contact(&self, kind: ContactKind, key: &str) -> Result<Vec<CustomerCard>, StoreError> {
        let has = |card: &CustomerCard| card.contacts.iter().any(|contact| contact.kind == kind && contact.key == key);
        self.find(FoundBy::Contact(kind, key), has)
    }

    /// The customers whose names were written with all of these folded words, at most `most` of them.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn by_name(&self, words: &[&str], most: usize) -> Result<Vec<CustomerCard>, StoreError> {
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

    /// The customers whose standing row has this key of its own. The file has no index of it: a million take a moment.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn by_row_key(&self, key: &str) -> Result<Vec<CustomerCard>, StoreError> {
        let mut places = self.connection.prepare_cached("SELECT place FROM customer WHERE key = ?1 ORDER BY place")?;
        let places = places.query_map([key], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
        places.into_iter().map(|place| self.at(place)).collect()
    }

    fn find(&self, by: FoundBy<'_>, is_it: impl Fn(&CustomerCard) -> bool) -> Result<Vec<CustomerCard>, StoreError> {
        let mut places =
            self.connection.prepare_cached("SELECT customer FROM found_by WHERE hash = ?1 ORDER BY customer")?;
        let places = places.query_map([by.hash()], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
        let mut cards = places.into_iter().map(|place| self.at(place)).collect::<Result<Vec<_>, _>>()?;
        // Another value may have the same hash.
        cards.retain(is_it);
        Ok(cards)
    }

    fn at(&self, place: i64) -> Result<CustomerCard, StoreError> {
        let mut customer = self.connection.prepare_cached("SELECT * FROM customer WHERE place = ?1")?;
        let (place, mut card) = customer.query_row([place], card)?;
        card.contacts = contacts_of(&mut self.contacts()?, place)?;
        Ok(card)
    }

    fn contacts(&self) -> Result<CachedStatement<'_>, StoreError> {
        Ok(self.connection.prepare_cached("SELECT * FROM contact WHERE customer = ?1 ORDER BY position")?)
    }
}

fn contacts_of(statement: &mut CachedStatement<'_>, place: i64) -> rusqlite::Result<Vec<ContactPoint>> {
    let contacts = statement.query_map([place], contact)?;
    contacts.collect()
}

fn contact(row: &Row<'_>) -> rusqlite::Result<ContactPoint> {
    let word = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(ContactPoint {
        kind: if word(2)? == "email" { ContactKind::Email } else { ContactKind::Phone },
        value: row.get(3)?,
        key: row.get(4)?,
        verdict: Verdict::parse(word(5)?).unwrap_or(Verdict::Unknown),
        line: PhoneKind::named(word(6)?).unwrap_or(PhoneKind::Unknown),
        sms: Reach::parse(word(7)?).unwrap_or(Reach::Unknown),
        call: Reach::parse(word(8)?).unwrap_or(Reach::Unknown),
        stale: row.get::<_, Option<f64>>(9)?.map(|stale| stale as f32),
        shared_by: row.get(10)?,
    })
}

fn card(row: &Row<'_>) -> rusqlite::Result<(i64, CustomerCard)> {
    let holds: i64 = row.get(13)?;
    let mut consent = [None; 4];
    for (place, letter) in row.get_ref(12)?.as_str()?.bytes().take(4).enumerate() {
        consent[place] = consent_of(letter);
    }
    let card = CustomerCard {
        id: CustomerId(row.get::<_, i64>(1)? as u64),
        household: CustomerId(row.get::<_, i64>(2)? as u64),
        list: row.get(3)?,
        key: row.get(4)?,
        row: row.get(5)?,
        first_name: row.get(6)?,
        last_name: row.get(7)?,
        language: row.get(8)?,
        country: row.get(9)?,
        birth_date: row.get(10)?,
        preferred: row.get::<_, Option<String>>(11)?.and_then(|word| Channel::parse(&word)),
        consent,
        holds: Holds {
            do_not_contact: holds & 1 != 0,
            deceased: holds & 2 != 0,
            legal: holds & 4 != 0,
            sms_refused: row.get(14)?,
            email_refused: row.get(15)?,
            call_refused: row.get(16)?,
            last_asked: row.get(17)?,
        },
        contacts: Vec::new(),
        value: row.get::<_, f64>(18)? as f32,
        status: CustomerStatus::parse(row.get_ref(19)?.as_str()?).unwrap_or_default(),
        flagged: row.get(20)?,
        flag_reasons: row.get(21)?,
        to_verify: row.get(22)?,
    };
    Ok((row.get(0)?, card))
}

/// One letter a consent, so that four of them are one short text.
const fn consent_letter(consent: Option<Consent>) -> char {
    match consent {
        None => '-',
        Some(Consent::No) => 'n',
        Some(Consent::Unknown) => '?',
        Some(Consent::Yes) => 'y',
    }
}

const fn consent_of(letter: u8) -> Option<Consent> {
    match letter {
        b'n' => Some(Consent::No),
        b'?' => Some(Consent::Unknown),
        b'y' => Some(Consent::Yes),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
