//! The last answer of each look-up service about each number, so that no number is paid for twice.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as WordError, StrDeserializer};

use super::{Store, StoreError};
use crate::record::{LineEvidence, LookupMemory, PhoneKind};

impl LookupMemory for Store {
    type Error = StoreError;

    fn recall(&self, service: &str, version: &str, number: &str) -> Result<Option<LineEvidence>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT asked_at, line_type, reachable FROM lookup_answer
             WHERE service = ?1 AND number = ?2 AND version = ?3",
        )?;
        // A row that can't be read is as good as none: the number is asked again.
        Ok(statement.query_row([service, number, version], |row| Ok(evidence(row))).optional()?.flatten())
    }

    fn keep(&mut self, service: &str, version: &str, answers: &[(String, LineEvidence)]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        {
            let mut statement = transaction.prepare_cached(
                "INSERT OR REPLACE INTO lookup_answer (service, number, version, asked_at, line_type, reachable)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for (number, answer) in answers {
                statement.execute(params![
                    service,
                    number,
                    version,
                    answer.asked_at.to_string(),
                    answer.line_type.map(PhoneKind::as_str),
                    answer.reachable
                ])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

/// A row as evidence; none where something in it is of another form.
fn evidence(row: &Row<'_>) -> Option<LineEvidence> {
    let asked_at: Timestamp = row.get_ref(0).ok()?.as_str().ok()?.parse().ok()?;
    let line_type = match row.get_ref(1).ok()?.as_str_or_null().ok()? {
        Some(word) => {
            let word: StrDeserializer<'_, WordError> = word.into_deserializer();
            Some(PhoneKind::deserialize(word).ok()?)
        }
        None => None,
    };
    Some(LineEvidence { asked_at, line_type, reachable: row.get(2).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line_type: Option<PhoneKind>, reachable: Option<bool>) -> LineEvidence {
        LineEvidence { asked_at: "2026-11-21T10:00:00Z".parse().expect("a time"), line_type, reachable }
    }

    #[test]
    fn the_last_answer_replaces_the_one_before_and_no_other() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let (first, last) = (said(None, None), said(Some(PhoneKind::FixedOrMobile), Some(false)));
        let number = "+972500000001";
        for answer in [first, last] {
            store.keep("hlr", "1", &[(number.to_owned(), answer)]).expect("saves");
            assert_eq!(store.recall("hlr", "1", number).expect("reads"), Some(answer));
        }
        assert_eq!(store.recall("other", "1", number).expect("reads"), None);
        assert_eq!(store.recall("hlr", "2", number).expect("reads"), None);
        assert_eq!(store.recall("hlr", "1", "+972500000002").expect("reads"), None);
    }

    #[test]
    fn a_damaged_row_is_as_good_as_none() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let number = "+972500000001";
        store.keep("hlr", "1", &[(number.to_owned(), said(None, Some(true)))]).expect("saves");
        store.connection.execute("UPDATE lookup_answer SET line_type = 'pigeon'", []).expect("damages");
        assert_eq!(store.recall("hlr", "1", number).expect("reads"), None);
    }
}
