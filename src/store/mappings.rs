//! What persons said the columns of a header mean.

use rusqlite::params;

use super::{Store, StoreError};

impl Store {
    /// What a person said the columns of this header mean: header and field, `None` for a column to leave alone.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn saved_mapping(&self, fingerprint: &str) -> Result<Vec<(String, Option<String>)>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT header, field FROM column_mapping WHERE header_fingerprint = ?1 ORDER BY position")?;
        let rows = statement.query_map([fingerprint], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Saves what the columns of a header mean, in place of what was saved before.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn save_mapping(&mut self, fingerprint: &str, columns: &[(String, Option<String>)]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM column_mapping WHERE header_fingerprint = ?1", [fingerprint])?;
        for (position, (header, field)) in columns.iter().enumerate() {
            transaction.execute(
                "INSERT INTO column_mapping (header_fingerprint, position, header, field) VALUES (?1, ?2, ?3, ?4)",
                params![fingerprint, position as i64, header, field],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_mapping_replaces_the_one_before() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        store.save_mapping("f", &[("נייד".to_owned(), Some("mobile".to_owned()))]).expect("saves");
        let corrected = [("נייד".to_owned(), Some("phone".to_owned())), ("x".to_owned(), None)];
        store.save_mapping("f", &corrected).expect("saves");
        assert_eq!(store.saved_mapping("f").expect("reads"), corrected);
        assert!(store.saved_mapping("other").expect("reads").is_empty());
    }
}
