//! The audit log: who did what, each line bound to the one before it by a MAC under the workspace's key.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::store::{Secret, Store, StoreError};

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number, from 1 without a gap.
    pub id: i64,
    /// When, RFC 3339.
    pub at: String,
    /// Which account, or `terminal`.
    pub who: String,
    /// What was done.
    pub what: String,
    /// To what: JSON of numbers and words, never a customer's value.
    pub detail: String,
    /// The MAC of it and of all lines before it.
    pub mac: Vec<u8>,
}

/// Whether the log is as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditVerdict {
    /// All lines are; how many there are, and the last one's MAC.
    Whole(i64, Vec<u8>),
    /// The first line that is not.
    BrokenAt(i64),
    /// Lines are missing at its end; so many are left.
    CutBehind(i64),
}

/// Keeps texts of this purpose apart from all others under the key.
const PURPOSE: &str = "audit";
const PURPOSE_OF_END: &str = "audit_end";

impl Store {
    /// Adds a line.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn audit(&mut self, at: &str, who: &str, what: &str, detail: &str) -> Result<(), StoreError> {
        let secret = self.secret()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        append(&transaction, &secret, at, who, what, detail)?;
        Ok(transaction.commit()?)
    }

    /// Hands over lines behind a number, in order, until `take` fails.
    ///
    /// # Errors
    /// When the database can't be read, or what `take` returns.
    pub fn audit_lines<E: From<StoreError>>(
        &self,
        behind: i64,
        mut take: impl FnMut(AuditLine) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
        let mut statement = self
            .connection
            .prepare("SELECT id, at, who, what, detail, mac FROM audit WHERE id > ?1 ORDER BY id")
            .map_err(failed)?;
        let mut rows = statement.query([behind]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            take(read(row).map_err(failed)?)?;
        }
        Ok(())
    }

    /// Holds every line to its MAC and to the line before it, and the last one to the end that was noted.
    ///
    /// # Errors
    /// When the workspace can't be read.
    pub fn verify_audit(&self) -> Result<AuditVerdict, StoreError> {
        let secret = self.secret()?;
        let (mut last, mut mac, mut broken) = (0, Vec::new(), None);
        let read: Result<(), StoreError> = self.audit_lines(0, |line| {
            let is_right = line.id == last + 1 && secret.verify(PURPOSE, &bound(&mac, &line), &line.mac);
            if broken.is_none() && !is_right {
                // Where lines are missing, the first of them is.
                broken = Some(last + 1);
            }
            (last, mac) = (line.id, line.mac);
            Ok(())
        });
        match read {
            // A text that is none, or a number that is none.
            Err(StoreError::Database(
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::Utf8Error(..),
            )) => return Ok(AuditVerdict::BrokenAt(broken.unwrap_or(last + 1))),
            read => read?,
        }
        if let Some(line) = broken {
            return Ok(AuditVerdict::BrokenAt(line));
        }
        let end: Option<(i64, Vec<u8>)> = self
            .connection
            .query_row("SELECT last, mac FROM audit_end", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(match end {
            None if last == 0 => AuditVerdict::Whole(0, mac),
            Some((end, end_mac)) if end == last && secret.verify(PURPOSE_OF_END, &end_text(last, &mac), &end_mac) => {
                AuditVerdict::Whole(last, mac)
            }
            _ => AuditVerdict::CutBehind(last),
        })
    }
}

/// Adds a line within a transaction of the caller's.
pub(super) fn append(
    connection: &Connection,
    secret: &Secret,
    at: &str,
    who: &str,
    what: &str,
    detail: &str,
) -> rusqlite::Result<()> {
    let last: Option<(i64, Vec<u8>)> = connection
        .prepare_cached("SELECT id, mac FROM audit ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (last, before) = last.unwrap_or_default();
    let [at, who, what, detail] = [at, who, what, detail].map(str::to_owned);
    let mut line = AuditLine { id: last + 1, at, who, what, detail, mac: Vec::new() };
    line.mac = secret.mac(PURPOSE, &bound(&before, &line)).to_vec();
    connection
        .prepare_cached("INSERT INTO audit (id, at, who, what, detail, mac) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![line.id, line.at, line.who, line.what, line.detail, line.mac])?;
    let end = secret.mac(PURPOSE_OF_END, &end_text(line.id, &line.mac));
    connection
        .prepare_cached("INSERT OR REPLACE INTO audit_end (one, last, mac) VALUES (1, ?1, ?2)")?
        .execute(params![line.id, end])?;
    Ok(())
}

/// What a line's MAC is of. JSON keeps its parts apart whatever stands in them.
fn bound(before: &[u8], line: &AuditLine) -> String {
    let before = data_encoding::HEXLOWER.encode(before);
    serde_json::json!([before, line.id, line.at, line.who, line.what, line.detail]).to_string()
}

fn end_text(last: i64, mac: &[u8]) -> String {
    format!("{last} {}", data_encoding::HEXLOWER.encode(mac))
}

fn read(row: &Row<'_>) -> rusqlite::Result<AuditLine> {
    Ok(AuditLine {
        id: row.get(0)?,
        at: row.get(1)?,
        who: row.get(2)?,
        what: row.get(3)?,
        detail: row.get(4)?,
        mac: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> (tempfile::TempDir, Store) {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        for number in 1..=5 {
            let detail = format!("{{\"item\":{number}}}");
            store.audit("2026-11-21T10:00:00Z", "noa", "decide", &detail).expect("is written");
        }
        (directory, store)
    }

    #[test]
    fn a_log_that_nobody_touched_is_whole_and_goes_on_where_it_ended() {
        let (_directory, mut store) = written();
        let AuditVerdict::Whole(5, end) = store.verify_audit().expect("is read") else { panic!("it is whole") };
        store.audit("2026-11-21T10:00:01Z", "noa", "sign_out", "{}").expect("is written");
        let AuditVerdict::Whole(6, other) = store.verify_audit().expect("is read") else { panic!("it is whole") };
        assert_ne!(end, other);
    }

    #[test]
    fn any_changed_byte_is_found_and_the_line_is_named() {
        for change in [
            "UPDATE audit SET who = 'dan' WHERE id = 3",
            "UPDATE audit SET at = '2026-11-21T10:00:01Z' WHERE id = 3",
            "UPDATE audit SET what = 'decidf' WHERE id = 3",
            "UPDATE audit SET detail = replace(detail, '3', '4') WHERE id = 3",
            "UPDATE audit SET mac = zeroblob(32) WHERE id = 3",
            "UPDATE audit SET who = 'noadecide', what = '' WHERE id = 3",
            "UPDATE audit SET detail = CAST(x'ff' AS TEXT) WHERE id = 3",
            "DELETE FROM audit WHERE id = 3",
        ] {
            let (_directory, store) = written();
            let drop = "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_cut;";
            store.connection.execute_batch(drop).expect("whoever has the file can");
            store.connection.execute(change, []).expect(change);
            assert_eq!(store.verify_audit().expect("is read"), AuditVerdict::BrokenAt(3), "{change}");
        }
    }

    #[test]
    fn lines_cut_from_the_end_are_missed_and_the_log_takes_no_change_by_itself() {
        let (_directory, store) = written();
        assert!(store.connection.execute("UPDATE audit SET who = 'dan'", []).is_err());
        assert!(store.connection.execute("DELETE FROM audit", []).is_err());
        store.connection.execute_batch("DROP TRIGGER audit_is_not_cut; DELETE FROM audit WHERE id > 3").expect("cut");
        assert_eq!(store.verify_audit().expect("is read"), AuditVerdict::CutBehind(3));
        store.connection.execute("UPDATE audit_end SET last = 3", []).expect("changes");
        assert_eq!(store.verify_audit().expect("is read"), AuditVerdict::CutBehind(3));
    }
}
