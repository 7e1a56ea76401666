//! Decisions of people about pairs of rows, in the workspace.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, StoreError};
use crate::record::{DecidedRow, Decision, Relation, RowId};

impl Store {
    /// Keeps a decision; returns its number. One that holds already, on the same values, is not kept twice.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn decide(&mut self, decision: &Decision) -> Result<u64, StoreError> {
        let [left, right] = &decision.rows;
        let known = self.connection.query_row(
            "SELECT number FROM decision WHERE undone_at IS NULL AND relation = ?1 AND rules = ?6
                AND ((left_row, left_compared, right_row, right_compared) = (?2, ?3, ?4, ?5)
                  OR (left_row, left_compared, right_row, right_compared) = (?4, ?5, ?2, ?3))
                AND NOT EXISTS (SELECT 1 FROM decision AS later WHERE later.number > decision.number AND later.undone_at IS NULL
                  AND ((later.left_row, later.right_row) = (?2, ?4) OR (later.left_row, later.right_row) = (?4, ?2)))",
            params![
                decision.relation.as_str(),
                left.row.0 as i64,
                left.compared as i64,
                right.row.0 as i64,
                right.compared as i64,
                decision.rules
            ],
            |row| row.get::<_, i64>(0),
        );
        if let Some(number) = known.optional()? {
            return Ok(number as u64);
        }
        self.decide_all(std::slice::from_ref(decision))?;
        Ok(self.connection.last_insert_rowid() as u64)
    }

    /// Keeps decisions, all or none.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn decide_all(&mut self, decisions: &[Decision]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        decisions.iter().try_for_each(|decision| insert(&transaction, decision))?;
        Ok(transaction.commit()?)
    }

    /// All decisions, the undone ones too, in the order in which they were made.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn decisions(&self) -> Result<Vec<Decision>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT number, relation, left_row, left_name, left_compared, right_row, right_name, right_compared, why,
                    made_at, rules, undone_at
             FROM decision ORDER BY number",
        )?;
        let rows = statement.query_map([], read_decision)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes a decision back. False where there is none of this number that holds.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn undo_decision(&mut self, number: u64, at: &str) -> Result<bool, StoreError> {
        let changed = self.connection.execute(
            "UPDATE decision SET undone_at = ?2 WHERE number = ?1 AND undone_at IS NULL",
            params![number as i64, at],
        )?;
        Ok(changed > 0)
    }
}

/// Keeps a decision within a transaction of the caller's.
pub(super) fn insert(connection: &Connection, decision: &Decision) -> rusqlite::Result<()> {
    let [left, right] = &decision.rows;
    connection.execute(
        "INSERT INTO decision (relation, left_row, left_name, left_compared, right_row, right_name, right_compared,
                                   why, made_at, rules)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            decision.relation.as_str(),
            left.row.0 as i64,
            left.name,
            left.compared as i64,
            right.row.0 as i64,
            right.name,
            right.compared as i64,
            decision.why,
            decision.made_at,
            decision.rules
        ],
    )?;
    Ok(())
}

fn read_decision(row: &Row<'_>) -> rusqlite::Result<Decision> {
    let number = |index: usize| row.get::<_, i64>(index).map(|number| number as u64);
    let relation: String = row.get(1)?;
    Ok(Decision {
        number: number(0)?,
        relation: Relation::parse(&relation).unwrap_or(Relation::Different),
        rows: [
            DecidedRow { row: RowId(number(2)?), name: row.get(3)?, compared: number(4)? },
            DecidedRow { row: RowId(number(5)?), name: row.get(6)?, compared: number(7)? },
        ],
        why: row.get(8)?,
        made_at: row.get(9)?,
        rules: row.get(10)?,
        undone_at: row.get(11)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_decided_twice_is_one_decision_unless_something_else_was_decided_between() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let mut decide = |relation, is_turned: bool| {
            let mut decision = decision(relation);
            if is_turned {
                decision.rows.reverse();
            }
            store.decide(&decision).expect("kept")
        };
        assert_eq!([decide(Relation::Same, false), decide(Relation::Same, true)], [1, 1]);
        assert_eq!([decide(Relation::Different, false), decide(Relation::Same, false)], [2, 3]);
    }

    fn decision(relation: Relation) -> Decision {
        let row =
            |number: u64| DecidedRow { row: RowId(number), name: number.to_string(), compared: u64::MAX - number };
        Decision {
            number: 0,
            relation,
            rows: [row(1), row(u64::MAX)],
            why: "she says so herself".to_owned(),
            made_at: "2026-11-21T10:00:00Z".to_owned(),
            rules: "0123456789abcdef".to_owned(),
            undone_at: None,
        }
    }

    #[test]
    fn a_decision_is_read_back_as_it_was_made_and_stays_when_it_is_undone() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let numbers = Relation::ALL.map(|relation| store.decide(&decision(relation)).expect("kept"));
        assert_eq!(numbers, [1, 2, 3]);
        assert!(store.undo_decision(2, "2026-11-22T10:00:00Z").expect("undone"));
        assert!(!store.undo_decision(2, "2026-11-23T10:00:00Z").expect("not again"));
        assert!(!store.undo_decision(9, "2026-11-23T10:00:00Z").expect("not there"));
        let read = store.decisions().expect("read");
        let kept = |number, relation| Decision { number, ..decision(relation) };
        assert_eq!(read[0], kept(1, Relation::Same));
        let undone_at = Some("2026-11-22T10:00:00Z".to_owned());
        assert_eq!(read[1], Decision { undone_at, ..kept(2, Relation::Different) });
        assert_eq!(read[2], kept(3, Relation::Household));
    }
}
