//! Answers of customers and gateways that the workspace keeps, as evidence.

use rusqlite::{Connection, params};

use super::{Store, StoreError};
use crate::contact::key_of_kept;
use crate::record::{ContactEvent, ContactKind, Day, EventChannel, EventKind, LearntEvent, Once, Origin, moment};

/// An event of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAnswer {
    /// RFC 3339.
    pub at: String,
    /// As in event files.
    pub channel: String,
    /// As in event files.
    pub event: String,
    /// The contact's key.
    pub key: String,
}

impl Store {
    /// All answers, in the order in which they came. What a newer tiuv knows and this one does not is left out, and so are refusals
    /// that somebody lifted since: those alone, and not a number that was taken for another person's and is not.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn contact_events(&self) -> Result<Vec<ContactEvent>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT substr(at, 1, 10), channel, event, kind, key, code, is_audit FROM contact_event event
             WHERE NOT (event.event IN ('opt_out', 'reply_stop', 'unsubscribe') AND EXISTS
                 (SELECT 1 FROM suppression lifted
                  WHERE lifted.lifted_at >= event.at AND lifted.reason IN ('opt_out', 'complaint')
                        AND (lifted.kind = event.kind AND lifted.key = event.key
                             OR lifted.id IN (SELECT entry FROM known_as WHERE customer = event.customer))))
             ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| {
            let word = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
            let day = word(0)?.parse().ok().map(Day::of);
            let said = EventChannel::parse(word(1)?).zip(EventKind::parse(word(2)?)).zip(day);
            let Some(((channel, event), day)) = said else { return Ok(None) };
            let kind = if word(3)? == ContactKind::Email.as_str() { ContactKind::Email } else { ContactKind::Phone };
            Ok(Some(ContactEvent {
                day,
                kind,
                key: key_of_kept(row.get(4)?),
                channel,
                event,
                code: row.get(5)?,
                is_audit: row.get(6)?,
            }))
        })?;
        rows.filter_map(Result::transpose).collect::<Result<_, _>>().map_err(StoreError::from)
    }

    /// What was said by or of these contacts, the newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn past_answers<'k>(
        &self,
        contacts: impl IntoIterator<Item = (ContactKind, &'k str)>,
        most: usize,
    ) -> Result<Vec<PastAnswer>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT at, channel, event, key FROM contact_event WHERE kind = ?1 AND key = ?2 ORDER BY at DESC, id DESC LIMIT ?3",
        )?;
        let mut found = Vec::new();
        for (kind, key) in contacts {
            let rows = statement.query_map(params![kind.as_str(), key, most as i64], |row| {
                Ok(PastAnswer { at: row.get(0)?, channel: row.get(1)?, event: row.get(2)?, key: row.get(3)? })
            })?;
            for row in rows {
                found.push(row?);
            }
        }
        found.sort_by(|one, other| other.at.cmp(&one.at));
        found.truncate(most);
        Ok(found)
    }
}

/// Keeps an event as evidence within a transaction of the caller's; false where it is known.
pub(super) fn keep(connection: &Connection, event: &LearntEvent, origin: &Origin) -> rusqlite::Result<bool> {
    let kept = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO contact_event (at, channel, event, kind, key, customer, outbox, is_audit, code, source)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
             WHERE ?11 OR NOT EXISTS
                 (SELECT 1 FROM contact_event
                  WHERE kind = ?4 AND key = ?5 AND outbox = ?7 AND event = ?3 AND source = ?10)",
        )?
        .execute(params![
            moment(origin.at),
            event.channel.as_str(),
            event.event.as_str(),
            event.kind.as_str(),
            event.key,
            origin.customer.map(|customer| customer.0 as i64),
            origin.outbox,
            origin.is_audit,
            origin.code,
            origin.source,
            event.once == Once::AMoment,
        ])?;
    Ok(kept > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_back_with_the_day_that_they_were_given_on() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path()).expect("opens");
        let insert =
            "INSERT INTO contact_event (at, channel, event, kind, key, is_audit, source) VALUES (?1, 'sms', ?2,
                      'phone', '+972501234567', 1, 'test')";
        store.connection.execute(insert, ["1970-01-03T22:15:00Z", "confirmed"]).expect("inserts");
        store.connection.execute(insert, ["1970-01-04T22:15:00Z", "levitated"]).expect("inserts");
        let events = store.contact_events().expect("reads");
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].day, events[0].event, events[0].is_audit), (Day::new(2), EventKind::Confirmed, true));
    }

    #[test]
    fn a_refusal_is_forgotten_when_it_is_lifted_and_not_when_another_entry_of_its_number_is() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path()).expect("opens");
        let run = |statement: &str| store.connection.execute(statement, []).expect("written");
        run("INSERT INTO contact_event (at, channel, event, kind, key, source)
             VALUES ('2026-11-20T10:00:00Z', 'sms', 'reply_stop', 'phone', '+972501234567', 'texts')");
        for (reason, left) in [("wrong_person", 1), ("manual", 1), ("disconnected", 1), ("opt_out", 0)] {
            run(&format!(
                "INSERT INTO suppression (kind, key, scope, reason, source, added_at, lifted_at)
                 VALUES ('phone', '+972501234567', 'all', '{reason}', 'test', '2026-11-20T10:00:00Z', '2026-11-21T10:00:00Z')"
            ));
            assert_eq!(store.contact_events().expect("reads").len(), left, "{reason}");
        }
    }
}
