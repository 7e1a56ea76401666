//! Answers of customers and gateways that the workspace keeps, as evidence.

use super::{Store, StoreError};
use crate::clock::days_of;
use crate::record::{ContactEvent, ContactKind, EventChannel, EventKind};

impl Store {
    /// All answers, in the order in which they came. What a newer tiuv knows and this one does not is left out.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn contact_events(&self) -> Result<Vec<ContactEvent>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT substr(at, 1, 10), channel, event, kind, key, code, is_audit FROM contact_event ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| {
            let word = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
            let day = word(0)?.parse().ok().map(days_of);
            let said = EventChannel::parse(word(1)?).zip(EventKind::parse(word(2)?)).zip(day);
            let Some(((channel, event), day)) = said else { return Ok(None) };
            let kind = if word(3)? == ContactKind::Email.as_str() { ContactKind::Email } else { ContactKind::Phone };
            Ok(Some(ContactEvent {
                day,
                kind,
                key: row.get(4)?,
                channel,
                event,
                code: row.get(5)?,
                is_audit: row.get(6)?,
            }))
        })?;
        rows.filter_map(Result::transpose).collect::<Result<_, _>>().map_err(StoreError::from)
    }
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
        assert_eq!((events[0].day, events[0].event, events[0].is_audit), (2, EventKind::Confirmed, true));
    }
}
