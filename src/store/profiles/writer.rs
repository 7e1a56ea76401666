//! Writing the customers of a run, once and without a journal.

use std::path::Path;

use rusqlite::{Connection, params};
use tempfile::NamedTempFile;

use super::found_by::FoundBy;
use crate::disk::temporary_in;
use crate::record::{
    Channel, Consent, CustomerProfile, Day, Death, Field, GivenConsents, KnownPlace, ListStanding, Restrictions, RowKey,
};
use crate::store::StoreError;
use crate::store::workspace::SNAPSHOTS;
use crate::text::plain_key;

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
    status TEXT NOT NULL, flagged INTEGER NOT NULL, flag_reasons TEXT NOT NULL, to_verify TEXT NOT NULL,
    refused_on INTEGER, died_on INTEGER, refusal_header TEXT, refusal_text TEXT, refusal_day INTEGER,
    keys TEXT NOT NULL, greeting TEXT NOT NULL, lives_at TEXT NOT NULL) STRICT;
CREATE TABLE list (name TEXT NOT NULL, stated TEXT NOT NULL, unread TEXT NOT NULL) STRICT;
CREATE TABLE contact (
    customer INTEGER NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, key TEXT NOT NULL,
    verdict TEXT NOT NULL, line TEXT NOT NULL, sms TEXT NOT NULL, call TEXT NOT NULL, stale REAL,
    shared_by INTEGER NOT NULL, dead_since INTEGER, dead_by TEXT, consents TEXT NOT NULL, list TEXT, key_of_row TEXT,
    number INTEGER, PRIMARY KEY (customer, position)) STRICT, WITHOUT ROWID;
CREATE TABLE found_by (hash INTEGER NOT NULL, customer INTEGER NOT NULL, PRIMARY KEY (hash, customer)) STRICT, WITHOUT ROWID;
BEGIN;";

/// Writes the customers of a run.
#[derive(Debug)]
pub struct ProfilesWriter {
    connection: Connection,
    file: NamedTempFile,
    found_by: Vec<(i64, i64)>,
    count: i64,
}

impl ProfilesWriter {
    /// Starts a file in the workspace; nothing of it is seen before its run is recorded.
    ///
    /// # Errors
    /// When it can't be made there.
    pub fn create(workspace: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::Snapshot(error.to_string());
        let file = temporary_in(&workspace.join(SNAPSHOTS)).map_err(failed)?;
        let connection = Connection::open(file.path())?;
        connection.execute_batch(SCHEMA)?;
        Ok(ProfilesWriter { connection, file, found_by: Vec::new(), count: 0 })
    }

    /// Adds a customer; `names` are the folded words by which its name is looked up.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn push<'n>(
        &mut self,
        profile: &CustomerProfile,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<(), StoreError> {
        let place = self.count;
        self.count += 1;
        let (restrictions, refusal) = (&profile.restrictions, profile.refusal.as_ref());
        self.connection
            .prepare_cached(
                "INSERT INTO customer VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)",
            )?
            .execute(params![
                place,
                profile.id.0 as i64,
                profile.household.0 as i64,
                profile.list,
                profile.key,
                profile.row,
                profile.first_name,
                profile.last_name,
                profile.language,
                profile.country,
                profile.birth_date.map(Day::get),
                profile.preferred.map(Channel::as_str),
                consent_letters(&profile.consent),
                holds(restrictions),
                restrictions.sms_refused.map(Day::get),
                restrictions.email_refused.map(Day::get),
                restrictions.call_refused.map(Day::get),
                restrictions.last_asked.map(Day::get),
                f64::from(profile.value),
                profile.status.as_str(),
                profile.flagged,
                profile.flag_reasons.to_string(),
                Field::joined(&profile.to_verify),
                restrictions.refused_on.map(Day::get),
                restrictions.died_on.map(Day::get),
                refusal.map(|refusal| &refusal.header),
                refusal.map(|refusal| &refusal.text),
                refusal.and_then(|refusal| refusal.day).map(Day::get),
                keys(profile),
                profile.greeting,
                place_text(&profile.place),
            ])?;
        let mut contacts = self.connection.prepare_cached(
            "INSERT INTO contact VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?;
        for (position, contact) in profile.contacts.iter().enumerate() {
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
                contact.dead.and_then(|dead| dead.since).map(Day::get),
                contact.dead.map(Death::word),
                consent_letters(&contact.consent),
                contact.row.as_ref().map(|row| row.list.as_str()),
                contact.row.as_ref().map(|row| row.key.as_str()),
                contact.row.as_ref().map(|row| row.number),
            ])?;
            self.found_by.push((FoundBy::Contact(contact.kind, &contact.key).hash(), place));
        }
        self.found_by.push((FoundBy::Id(profile.id).hash(), place));
        self.found_by.push((FoundBy::Household(profile.household).hash(), place));
        for key in &profile.keys {
            self.found_by.push((FoundBy::Key(&plain_key(&key.key)).hash(), place));
        }
        self.found_by.extend(names.into_iter().map(|token| (FoundBy::Name(token).hash(), place)));
        Ok(())
    }

    /// Adds what a list says of consent as a whole.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn push_list(&mut self, list: &ListStanding) -> Result<(), StoreError> {
        let stated: String = list.stated.iter().map(|stated| if *stated { 'y' } else { '-' }).collect();
        let unread = serde_json::to_string(&list.unread).map_err(|error| StoreError::Snapshot(error.to_string()))?;
        self.connection.execute("INSERT INTO list VALUES (?1, ?2, ?3)", params![list.list, stated, unread])?;
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

/// A bit a restriction.
fn holds(restrictions: &Restrictions) -> i64 {
    let Restrictions { do_not_contact, deceased, legal, blocked, minor, .. } = *restrictions;
    let Restrictions { sms_closed, email_closed, call_closed, .. } = *restrictions;
    let bits = [do_not_contact, deceased, legal, blocked, minor, sms_closed, email_closed, call_closed];
    bits.iter().enumerate().map(|(place, holds)| i64::from(*holds) << place).sum()
}

/// The keys of all rows as they are kept; nothing where the standing row's is the only one.
fn keys(profile: &CustomerProfile) -> String {
    let is_own = |key: &RowKey| key.list == profile.list && key.key == profile.key;
    if profile.keys.iter().all(is_own) {
        return String::new();
    }
    let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    profile.keys.iter().map(|key| format!("{}\t{}\n", plain(&key.list), plain(&key.key))).collect()
}

/// The parts of an address as they are kept.
fn place_text(place: &KnownPlace) -> String {
    if *place == KnownPlace::default() {
        return String::new();
    }
    [&place.address, &place.street, &place.city, &place.postcode].map(|part| part.replace('\t', " ")).join("\t")
}

/// One letter a consent, so that four of them are one short text.
fn consent_letters(given: &GivenConsents) -> String {
    given.all().map(consent_letter).iter().collect()
}

const fn consent_letter(consent: Option<Consent>) -> char {
    match consent {
        None => '-',
        Some(Consent::No) => 'n',
        Some(Consent::Unknown) => '?',
        Some(Consent::Yes) => 'y',
    }
}
