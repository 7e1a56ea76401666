//! Coefficients of the decay model that were learnt. The newest active one of a kind of contact is in force.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};
use crate::record::ContactKind;

/// Learnt coefficients, as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecayModelRecord {
    /// Its number.
    pub id: i64,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// `YYYY-MM-DD`: outcomes up to this day were looked at.
    pub as_of: String,
    /// For addresses or numbers.
    pub kind: ContactKind,
    /// JSON: what it was fitted on.
    pub sample: String,
    /// JSON.
    pub coefficients: String,
    /// JSON: before and after.
    pub measures: String,
    /// It was not taken back.
    pub is_active: bool,
}

impl Store {
    /// Keeps coefficients; they are in force from then on. Returns their number.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn save_decay_model(&mut self, model: &DecayModelRecord) -> Result<i64, StoreError> {
        self.connection.execute(
            "INSERT INTO decay_model (made_at, as_of, kind, sample, coefficients, measures, is_active)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)",
            params![model.made_at, model.as_of, model.kind.as_str(), model.sample, model.coefficients, model.measures],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// All that was learnt, the newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn decay_models(&self) -> Result<Vec<DecayModelRecord>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, made_at, as_of, kind, sample, coefficients, measures, is_active FROM decay_model ORDER BY id DESC",
        )?;
        let rows = statement.query_map([], |row| {
            let kind = row.get_ref(3)?.as_str()? == ContactKind::Email.as_str();
            Ok(DecayModelRecord {
                id: row.get(0)?,
                made_at: row.get(1)?,
                as_of: row.get(2)?,
                kind: if kind { ContactKind::Email } else { ContactKind::Phone },
                sample: row.get(4)?,
                coefficients: row.get(5)?,
                measures: row.get(6)?,
                is_active: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes back the newest active coefficients of a kind; those before them, or else the rules', are in force again.
    /// Returns their number; none where nothing was learnt.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn roll_back_decay_model(&mut self, kind: ContactKind) -> Result<Option<i64>, StoreError> {
        let newest = "SELECT max(id) FROM decay_model WHERE kind = ?1 AND is_active = 1";
        let id: Option<i64> =
            self.connection.query_row(newest, [kind.as_str()], |row| row.get(0)).optional()?.flatten();
        if let Some(id) = id {
            self.connection.execute("UPDATE decay_model SET is_active = 0 WHERE id = ?1", [id])?;
        }
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learnt_last_is_taken_back_first() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let model = DecayModelRecord {
            id: 0,
            made_at: "2026-01-01T00:00:00Z".to_owned(),
            as_of: "2026-01-01".to_owned(),
            kind: ContactKind::Email,
            sample: "{}".to_owned(),
            coefficients: "{}".to_owned(),
            measures: "{}".to_owned(),
            is_active: true,
        };
        let [first, second] = [(); 2].map(|()| store.save_decay_model(&model).expect("saves"));
        let active = |store: &Store| -> Vec<i64> {
            let models = store.decay_models().expect("reads");
            models.into_iter().filter(|model| model.is_active).map(|model| model.id).collect()
        };
        assert_eq!(active(&store), [second, first]);
        assert_eq!(store.roll_back_decay_model(ContactKind::Phone).expect("looked"), None);
        assert_eq!(store.roll_back_decay_model(ContactKind::Email).expect("rolled back"), Some(second));
        assert_eq!(active(&store), [first]);
        assert_eq!(store.decay_models().expect("reads").len(), 2);
    }
}
