//! The customers of a run as outreach and look-ups see them: an immutable SQLite file beside the run's snapshot.
//!
//! It is written once, without a journal: blocks of customers in the order in which they come, packed, and behind them what
//! they are found by, sorted, so that a million customers cost a second and 100 MB. What changes afterwards stands in `state.db`.

mod blocks;
mod columns;
mod earlier;
mod fault;
mod found_by;
mod writer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use self::blocks::Recent;
use self::fault::Fault;
use self::found_by::FoundBy;
use super::{Artefact, Store, StoreError};
use crate::error::Explain;
use crate::record::{ContactKind, CustomerId, CustomerProfile, ListStanding};
use crate::text::plain_key;

pub use writer::ProfilesWriter;

/// The customers of a run.
#[derive(Debug)]
pub struct ProfilesFile {
    connection: Connection,
    path: PathBuf,
    form: Form,
    /// The run they are of.
    pub run: String,
}

/// How customers are written in a file.
#[derive(Debug)]
enum Form {
    /// A row each.
    Rows,
    /// In blocks; with those that were looked into last.
    Blocks(Recent),
}

/// The number of the form in which files are written.
const NEWEST: i64 = 1;

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
            Err(unread @ (StoreError::Damaged { .. } | StoreError::Newer { .. })) => {
                tracing::warn!("{unread}; nobody is looked for there: {}", unread.help());
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
    /// Customers who are read one after the other in the time that looking one up takes, roughly: whoever looks for more than one
    /// in so many had better read all.
    pub const A_LOOK_UP: u64 = 96;

    /// Opens the file of a run.
    pub(super) fn open(path: &Path, run: String) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let mut file = ProfilesFile { connection, path: path.to_owned(), form: Form::Rows, run };
        let form: Result<i64, _> = file.connection.pragma_query_value(None, "user_version", |row| row.get(0));
        match form.map_err(|error| file.failed(error.into()))? {
            0 => {}
            NEWEST => file.form = Form::Blocks(Recent::default()),
            found => return Err(StoreError::Newer { path: path.display().to_string(), found, known: NEWEST }),
        }
        Ok(file)
    }

    /// The error of what went wrong with this file.
    fn failed(&self, fault: Fault) -> StoreError {
        fault.told_of(&self.path, &self.run)
    }

    /// Hands over every customer, in the order in which they were written, until `take` fails.
    ///
    /// # Errors
    /// When the file can't be read, or what `take` returns.
    pub fn all<E: From<StoreError>>(&self, mut take: impl FnMut(CustomerProfile) -> Result<(), E>) -> Result<(), E> {
        let mut taken = Ok(());
        let mut take = |profile| {
            taken = take(profile);
            taken.is_ok()
        };
        let read = match &self.form {
            Form::Rows => earlier::all(&self.connection, &mut take).map_err(Fault::from),
            Form::Blocks(_) => blocks::all(&self.connection, &mut take),
        };
        read.map_err(|fault| self.failed(fault))?;
        taken
    }

    /// Hands over the customers against whom something stands, until `take` fails.
    ///
    /// # Errors
    /// When the file can't be read, or what `take` returns.
    pub fn held<E: From<StoreError>>(&self, mut take: impl FnMut(CustomerProfile) -> Result<(), E>) -> Result<(), E> {
        let mut taken = Ok(());
        let mut take = |profile| {
            taken = take(profile);
            taken.is_ok()
        };
        let read = match &self.form {
            Form::Rows => earlier::held(&self.connection, &mut take).map_err(Fault::from),
            Form::Blocks(_) => blocks::held(&self.connection, &mut take),
        };
        read.map_err(|fault| self.failed(fault))?;
        taken
    }

    /// What each list says of consent as a whole.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn lists(&self) -> Result<Vec<ListStanding>, StoreError> {
        self.read_lists().map_err(|fault| self.failed(fault))
    }

    fn read_lists(&self) -> Result<Vec<ListStanding>, Fault> {
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
            let unread = serde_json::from_str(&unread).map_err(|error| Fault::damaged(&error.to_string()))?;
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
        let answered = match &self.form {
            Form::Rows => earlier::answered_consents(&self.connection).map_err(Fault::from),
            Form::Blocks(_) => blocks::answered_consents(&self.connection),
        };
        let mut stated = answered.map_err(|fault| self.failed(fault))?;
        // A list that says what it states is believed: a refusal in another column is no answer to a question of consent.
        stated.extend(self.lists()?.into_iter().map(|list| (list.list, list.stated)));
        Ok(stated)
    }

    /// Number of customers.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn count(&self) -> Result<u64, StoreError> {
        let count = match &self.form {
            Form::Rows => earlier::count(&self.connection).map_err(Fault::from),
            Form::Blocks(_) => blocks::count(&self.connection),
        };
        Ok(count.map_err(|fault| self.failed(fault))? as u64)
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
        let found = match &self.form {
            Form::Rows => earlier::by_name(&self.connection, words, most).map_err(Fault::from),
            Form::Blocks(recent) => blocks::by_name(&self.connection, recent, words, most),
        };
        found.map_err(|fault| self.failed(fault))
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
        if found.is_empty() && matches!(self.form, Form::Rows) {
            return earlier::by_standing_key(&self.connection, key).map_err(|error| self.failed(error.into()));
        }
        Ok(found)
    }

    /// Reads all that customers are found by.
    ///
    /// # Errors
    /// When it is not as it was written.
    pub(super) fn check_index(&self) -> Result<(), StoreError> {
        match &self.form {
            Form::Rows => Ok(()),
            Form::Blocks(_) => blocks::check_index(&self.connection).map_err(|fault| self.failed(fault)),
        }
    }

    fn find(
        &self,
        by: FoundBy<'_>,
        is_it: impl Fn(&CustomerProfile) -> bool,
    ) -> Result<Vec<CustomerProfile>, StoreError> {
        let found = match &self.form {
            Form::Rows => earlier::find(&self.connection, by).map_err(Fault::from),
            Form::Blocks(recent) => blocks::find(&self.connection, recent, by),
        };
        let mut profiles = found.map_err(|fault| self.failed(fault))?;
        // Another value may have the same hash.
        profiles.retain(is_it);
        Ok(profiles)
    }
}

#[cfg(test)]
mod tests;
