//! Writing the customers of a run, once and without a journal.

use std::path::Path;

use rusqlite::{Connection, params};
use tempfile::NamedTempFile;

use super::found_by::FoundBy;
use crate::record::{Channel, Consent, CustomerCard, Field};
use crate::store::StoreError;

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
        let consents: String = card.consent.all().map(consent_letter).iter().collect();
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
                card.flag_reasons.to_string(),
                Field::joined(&card.to_verify),
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

/// One letter a consent, so that four of them are one short text.
const fn consent_letter(consent: Option<Consent>) -> char {
    match consent {
        None => '-',
        Some(Consent::No) => 'n',
        Some(Consent::Unknown) => '?',
        Some(Consent::Yes) => 'y',
    }
}
