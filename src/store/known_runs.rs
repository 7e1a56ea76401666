//! As whom somebody was known in the runs that the workspace keeps: the person behind a number, an address or a customer.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::artefact::Expected;
use super::{Artefact, ProfilesFile, StoreError};
use crate::error::Explain;
use crate::person::{KnownAs, Registry, Seen, are_one_person};
use crate::record::{CustomerProfile, Suppressed, Suppression, SuppressionReason};

/// Runs that are looked into, the newest first; whoever was in none of them is found when a list has it again.
const MOST_RUNS: usize = 24;

/// The customers of runs, each file opened when it is needed first.
pub(super) struct KnownRuns {
    /// The newest first.
    files: Vec<Opened>,
}

enum Opened {
    NotYet(Expected),
    Open(ProfilesFile),
    /// The run left none.
    Absent,
}

impl KnownRuns {
    /// Of the workspace whose database this is.
    pub(super) fn of(connection: &Connection) -> Result<Self, StoreError> {
        // The database lies in the workspace's directory; one in memory has none, and no runs.
        let directory = connection.path().map(Path::new).and_then(Path::parent).map(Path::to_path_buf);
        let Some(directory) = directory else { return Ok(KnownRuns { files: Vec::new() }) };
        let mut statement = connection.prepare_cached("SELECT id FROM run ORDER BY recorded_at DESC, rowid DESC")?;
        let runs = statement.query_map([], |row| row.get::<_, String>(0))?.take(MOST_RUNS);
        let files = runs.map(|run| Expected::of(connection, &directory, Artefact::Cards, &run?).map(Opened::NotYet));
        Ok(KnownRuns { files: files.collect::<Result<_, _>>()? })
    }

    fn file(&mut self, place: usize) -> Result<Option<&ProfilesFile>, StoreError> {
        if let Opened::NotYet(expected) = &self.files[place] {
            let open = |path: PathBuf| ProfilesFile::open(&path, expected.run().to_owned());
            let file = expected.sound().and_then(|path| path.map(open).transpose());
            self.files[place] = heard(file)?.map_or(Opened::Absent, Opened::Open);
        }
        Ok(match &self.files[place] {
            Opened::Open(file) => Some(file),
            Opened::NotYet(_) | Opened::Absent => None,
        })
    }

    /// As whom the person of an entry was known; nothing where clearly different people have the contact, or nobody has.
    pub(super) fn as_whom(&mut self, what: &Suppressed) -> Result<Vec<KnownAs>, StoreError> {
        let holders = self.holders(what)?;
        let mut found: Vec<KnownAs> = Vec::new();
        for holder in &holders {
            for profile in self.appearances(holder)? {
                let known = Seen::of(&profile).known_as();
                if !found.iter().any(|other| known.is_within(other)) {
                    found.push(known);
                }
            }
        }
        Ok(found)
    }

    /// Whoever has a contact in the newest run in which anybody has it, or the customer as the newest run that has it knows it.
    fn holders(&mut self, what: &Suppressed) -> Result<Vec<CustomerProfile>, StoreError> {
        for place in 0..self.files.len() {
            let Some(file) = self.file(place)? else { continue };
            let holders = match what {
                Suppressed::Contact(kind, key) => heard(file.by_contact(*kind, key))?,
                Suppressed::Customer(id) => heard(file.by_id(*id))?.into_iter().collect(),
            };
            if !holders.is_empty() {
                return Ok(if are_one_person(&holders) { holders } else { Vec::new() });
            }
        }
        Ok(Vec::new())
    }

    /// A customer as all runs have it, by its name or by what it is recognized by.
    fn appearances(&mut self, holder: &CustomerProfile) -> Result<Vec<CustomerProfile>, StoreError> {
        let mut registry = Registry::default();
        let any = Suppression::new(Suppressed::Customer(holder.id), SuppressionReason::OptOut, "", String::new());
        registry.add(any, [Seen::of(holder).known_as()]);
        let mut found = vec![holder.clone()];
        for place in 0..self.files.len() {
            let Some(file) = self.file(place)? else { continue };
            let mut candidates: Vec<CustomerProfile> = heard(file.by_id(holder.id))?.into_iter().collect();
            if candidates.is_empty() {
                for contact in holder.contacts.iter().filter(|contact| contact.shared_by <= FEW) {
                    candidates.extend(heard(file.by_contact(contact.kind, &contact.key))?);
                }
                for key in &holder.keys {
                    candidates.extend(heard(file.by_row_key(&key.key))?);
                }
            }
            found.extend(candidates.into_iter().filter(|candidate| {
                registry.recognize(&Seen::of(candidate)).iter().any(|recognized| recognized.is_sure)
            }));
        }
        Ok(found)
    }
}

/// What a run's file says, or nothing where it can't be read: nobody who refuses is turned away because something else is broken.
fn heard<T: Default>(says: Result<T, StoreError>) -> Result<T, StoreError> {
    match says {
        Err(unread @ (StoreError::Damaged { .. } | StoreError::Newer { .. })) => {
            tracing::warn!("{unread}; nobody is recognized by it: {}", unread.help());
            Ok(T::default())
        }
        says => says,
    }
}

/// A contact of more customers names nobody.
const FEW: u32 = 8;
