//! Rows of the outbox as dispatch needs them, and those that are due.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Row, params};

use super::super::{Store, StoreError};
use crate::record::{Channel, ContactKind, CustomerId, moment};

/// A planned contact as dispatch needs it. What is formatted for a log says its number and channel alone.
#[derive(Clone, PartialEq)]
pub struct OutboxRow {
    /// Its number.
    pub id: i64,
    /// Of which campaign.
    pub campaign: String,
    /// Who is asked.
    pub customer: CustomerId,
    /// By text message or e-mail.
    pub channel: Channel,
    /// E.164 or an address.
    pub recipient: String,
    /// What equal contacts share.
    pub recipient_key: String,
    /// The list's own key of the row that stands for the customer.
    pub row_key: String,
    /// Given name.
    pub first_name: String,
    /// ISO 639.
    pub language: String,
    /// ISO 3166; whose etiquette holds.
    pub country: String,
    /// With `{link}` where the link belongs.
    pub body: String,
    /// Millionths of the policy's currency.
    pub cost: i64,
    /// How often it was begun.
    pub attempts: u32,
    /// Not before, RFC 3339.
    pub due_at: String,
    /// The day of which is what the plan knew: of the run that it was made from, the plan's own, or the first one of its window, whichever
    /// is the latest.
    pub planned_on: Option<Date>,
}

/// Messages that are due by a channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DueCount {
    /// How many.
    pub rows: u64,
    /// Of them, those with a link.
    pub with_link: u64,
}

impl std::fmt::Debug for OutboxRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OutboxRow({}, {})", self.id, self.channel.as_str())
    }
}

impl OutboxRow {
    /// The kind of contact that its channel goes to.
    pub const fn contact(&self) -> ContactKind {
        match self.channel {
            Channel::Email => ContactKind::Email,
            Channel::Sms | Channel::Call => ContactKind::Phone,
        }
    }
}

/// Which rows are asked for.
#[derive(Debug, Clone)]
pub struct DueFilter<'a> {
    /// By this channel.
    pub channel: Channel,
    /// Of this campaign only.
    pub campaign: Option<&'a str>,
    /// Due at this moment or before.
    pub now: Timestamp,
    /// Behind this row in the order of `due_at` and number.
    pub behind: Option<(&'a str, i64)>,
    /// So many at most.
    pub most: usize,
}

impl Store {
    /// Pending rows that are due, the earliest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn due_outbox(&self, filter: &DueFilter<'_>) -> Result<Vec<OutboxRow>, StoreError> {
        let (due_at, id) = filter.behind.unwrap_or(("", 0));
        let mut statement = self.connection.prepare_cached(
            "SELECT id, campaign, customer, channel, recipient, recipient_key, row_key, first_name, language, country, body,
                    cost, attempts, due_at,
                    max(window, substr(planned_at, 1, 10), coalesce((SELECT as_of FROM run WHERE run.id = outbox.run), ''))
             FROM outbox
             WHERE state = 'pending' AND due_at <= ?1 AND (due_at, id) > (?2, ?3) AND channel = ?4
                   AND (?5 IS NULL OR campaign = ?5)
             ORDER BY due_at, id LIMIT ?6",
        )?;
        let now = moment(filter.now);
        let channel = filter.channel.as_str();
        let rows = statement.query_map(params![now, due_at, id, channel, filter.campaign, filter.most as i64], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many pending rows of a channel are due.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn due_count(&self, channel: Channel, campaign: Option<&str>, now: Timestamp) -> Result<DueCount, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE instr(body, '{link}') > 0) FROM outbox
             WHERE state = 'pending' AND due_at <= ?1 AND channel = ?2 AND (?3 IS NULL OR campaign = ?3)",
        )?;
        Ok(statement.query_row(params![moment(now), channel.as_str(), campaign], |row| {
            Ok(DueCount { rows: row.get::<_, i64>(0)? as u64, with_link: row.get::<_, i64>(1)? as u64 })
        })?)
    }

    /// The moment at which the next pending row of a channel is due; none where there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn next_due(&self, channel: Channel, campaign: Option<&str>) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT min(due_at) FROM outbox WHERE state = 'pending' AND channel = ?1 AND (?2 IS NULL OR campaign = ?2)",
        )?;
        let due: Option<String> = statement.query_row(params![channel.as_str(), campaign], |row| row.get(0))?;
        Ok(due.and_then(|due| due.parse().ok()))
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    Ok(OutboxRow {
        id: row.get(0)?,
        campaign: row.get(1)?,
        customer: CustomerId(row.get::<_, i64>(2)? as u64),
        // The schema allows no other word.
        channel: Channel::parse(row.get_ref(3)?.as_str()?).unwrap_or(Channel::Call),
        recipient: row.get(4)?,
        recipient_key: row.get(5)?,
        row_key: row.get(6)?,
        first_name: row.get(7)?,
        language: row.get(8)?,
        country: row.get(9)?,
        body: row.get(10)?,
        cost: row.get(11)?,
        attempts: row.get(12)?,
        due_at: row.get(13)?,
        planned_on: row.get_ref(14)?.as_str()?.parse().ok(),
    })
}
