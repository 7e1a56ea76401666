//! The workspace as the memory of the MX stage: one row a domain.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, TransactionBehavior, params};

use super::{Store, StoreError};
use crate::record::{MxAnswer, MxEntry, MxMemory};

impl MxMemory for Store {
    type Error = StoreError;

    fn recall(&mut self, domains: &[&str]) -> Result<HashMap<String, MxEntry>, StoreError> {
        let transaction = self.connection.transaction()?;
        let mut statement = transaction
            .prepare("SELECT answer, holds_until, dead_since, failure, rests_until FROM mx WHERE domain = ?1")?;
        let mut known = HashMap::new();
        for domain in domains {
            if let Some(entry) = statement.query_row([domain], read_entry).optional()? {
                known.insert((*domain).to_owned(), entry);
            }
        }
        Ok(known)
    }

    fn keep(&mut self, entries: &[(&str, &MxEntry)]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut statement = transaction.prepare(
                "INSERT OR REPLACE INTO mx (domain, answer, holds_until, dead_since, failure, rests_until)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for (domain, entry) in entries {
                let (answer, failure) = (written(entry.answer.as_ref()), written(entry.failure.as_ref()));
                let (holds, since, rests) = (entry.holds_until, entry.dead_since, entry.rests_until);
                statement.execute(params![domain, answer, holds, since, failure, rests])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

fn written(answer: Option<&MxAnswer>) -> Option<String> {
    answer.map(|answer| serde_json::to_string(answer).expect("its keys are strings"))
}

/// An answer that this version can't read (a newer one may know more outcomes) counts as none: it is asked for again.
fn read_entry(row: &Row<'_>) -> rusqlite::Result<MxEntry> {
    let answer = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(MxEntry {
        answer: answer(row.get(0)?),
        holds_until: row.get(1)?,
        dead_since: row.get(2)?,
        failure: answer(row.get(3)?),
        rests_until: row.get(4)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{MxHost, MxOutcome};

    fn entry(outcome: MxOutcome) -> MxEntry {
        let answer = MxAnswer {
            outcome,
            hosts: vec![MxHost { preference: 10, name: "mx.example".to_owned() }],
            addresses: vec!["192.0.2.1".parse().expect("an address")],
            alias: None,
            said: "NOERROR".to_owned(),
            ttl_s: 300,
            resolver: Some("[::1]:53".parse().expect("an address")),
            asked_at: 1_000,
        };
        MxEntry { answer: Some(answer), holds_until: 1_300, ..MxEntry::default() }
    }

    #[test]
    fn what_was_kept_last_is_recalled_and_nothing_else() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let (old, new) = (entry(MxOutcome::Nxdomain), entry(MxOutcome::MxOk));
        store.keep(&[("a.example", &old), ("b.example", &old)]).expect("keeps");
        store.keep(&[("a.example", &new)]).expect("keeps");
        drop(store);
        let mut store = Store::open(directory.path()).expect("opens again");
        let known = store.recall(&["a.example", "c.example"]).expect("recalls");
        assert_eq!(known, HashMap::from([("a.example".to_owned(), new)]));
    }

    #[test]
    fn an_answer_of_a_newer_version_counts_as_none() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        store.keep(&[("a.example", &entry(MxOutcome::MxOk))]).expect("keeps");
        store
            .connection
            .execute("UPDATE mx SET answer = replace(answer, 'mx_ok', 'mx_by_pigeon')", [])
            .expect("changes it");
        assert_eq!(store.recall(&["a.example"]).expect("recalls")["a.example"].answer, None);
    }
}
