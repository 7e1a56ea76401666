//! The funnel of a campaign: how far each planned contact came, and who was repaired by it.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::super::{Store, StoreError};
use crate::record::{CampaignFunnel, Field, Funnel, FunnelLine, Money, OutboxState, Outcome, moment};

/// Planned contacts that came equally far.
struct Group {
    channel: String,
    rung: u8,
    language: String,
    state: OutboxState,
    /// Whether its history says that it was sent.
    has_left: bool,
    has_arrived: bool,
    outcome: Option<Outcome>,
    rows: u64,
    cost: i64,
    repaired: u64,
}

impl Store {
    /// The funnel of the newest campaign, or of the newest window of this one: as it is, or as it was at the end of an earlier time
    /// `until`. Accepted values of the fields `repaired_by` repair a customer; a text with a code, which has one part, costs `code_price`. A customer who
    /// answered several times is counted by the last answer. None where nothing was planned.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn campaign_funnel(
        &mut self,
        campaign: Option<&str>,
        repaired_by: &[Field],
        currency: &str,
        code_price: Money,
        until: Option<Timestamp>,
    ) -> Result<Option<CampaignFunnel>, StoreError> {
        let until = until.map(moment);
        // One moment of the database, though others write to it meanwhile.
        let transaction = self.connection.transaction()?;
        let mut newest = transaction.prepare(
            "SELECT campaign, window FROM outbox WHERE (?1 IS NULL OR campaign = ?1) AND (?2 IS NULL OR planned_at <= ?2)
             ORDER BY window DESC, id DESC LIMIT 1",
        )?;
        let mut found = newest.query_map(params![campaign, until], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((campaign, window)) = found.next().transpose()? else { return Ok(None) };
        let mut funnel =
            CampaignFunnel { campaign, window, currency: currency.to_owned(), ..CampaignFunnel::default() };
        let fields: Vec<&str> = repaired_by.iter().map(|field| field.as_str()).collect();
        let fields = serde_json::Value::from(fields).to_string();
        let mut groups = transaction.prepare(
            "WITH change AS (SELECT * FROM outbox_change WHERE ?3 IS NULL OR at <= ?3),
                  last AS (SELECT outbox, state, reason, max(id) FROM change GROUP BY outbox),
                  past AS (SELECT outbox, max(state IN ('sent', 'delivered', 'answered')) AS has_left,
                                  max(state IN ('delivered', 'answered')) AS has_arrived
                           FROM change GROUP BY outbox),
                  heard AS (SELECT outbox, max(event = 'updated') AS updated, max(event = 'wrong_person') AS wrong,
                                   max(event = 'confirmed') AS confirmed
                            FROM contact_event WHERE outbox IS NOT NULL AND (?3 IS NULL OR at <= ?3) GROUP BY outbox),
                  linked AS (SELECT outbox, outcome, max(id) FROM confirm_answer WHERE ?3 IS NULL OR at <= ?3 GROUP BY outbox),
                  codes AS (SELECT outbox, count(*) AS texts FROM confirm_code
                            WHERE kind = 'phone' AND (?3 IS NULL OR sent_at <= ?3) GROUP BY outbox),
                  said AS (SELECT outbox, at FROM change WHERE state IN ('answered', 'opted_out')
                           UNION ALL SELECT outbox, at FROM confirm_answer WHERE ?3 IS NULL OR at <= ?3),
                  word AS (SELECT customer, outbox FROM
                               (SELECT o.customer, said.outbox,
                                       row_number() OVER (PARTITION BY o.customer ORDER BY said.at DESC, said.outbox DESC) AS place
                                FROM said JOIN outbox o ON o.id = said.outbox WHERE o.campaign = ?1 AND o.window = ?2)
                           WHERE place = 1),
                  repaired AS (
                      SELECT min(given.outbox) AS outbox FROM pending_change given JOIN outbox o ON o.id = given.outbox
                      WHERE o.campaign = ?1 AND o.window = ?2 AND given.state = 'accepted'
                            AND (?3 IS NULL OR coalesce(given.decided_at, given.at) <= ?3)
                            AND given.field IN (SELECT value FROM json_each(?4))
                      GROUP BY given.customer)
             SELECT o.channel, o.rung, o.language, CASE WHEN last.state IN ('answered', 'opted_out') AND past.has_left AND word.outbox <> o.id THEN 'delivered'
                         ELSE coalesce(last.state, 'pending') END,
                    coalesce(past.has_left, 0),
                    coalesce(past.has_arrived, 0),
                    coalesce(linked.outcome, CASE WHEN heard.updated THEN 'updated' WHEN heard.wrong THEN 'wrong_person'
                                                  WHEN heard.confirmed THEN 'confirmed' END, last.reason, ''),
                    count(*), sum(o.cost + coalesce(codes.texts, 0) * ?5), count(repaired.outbox)
             FROM outbox o LEFT JOIN last ON last.outbox = o.id LEFT JOIN past ON past.outbox = o.id
                  LEFT JOIN heard ON heard.outbox = o.id LEFT JOIN linked ON linked.outbox = o.id
                  LEFT JOIN repaired ON repaired.outbox = o.id LEFT JOIN codes ON codes.outbox = o.id
                  LEFT JOIN word ON word.customer = o.customer
             WHERE o.campaign = ?1 AND o.window = ?2 AND (?3 IS NULL OR o.planned_at <= ?3)
             GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3",
        )?;
        let groups = groups.query_map(
            params![funnel.campaign, funnel.window, until, fields, code_price.millionths().cast_signed()],
            read,
        )?;
        for group in groups {
            let group = group?;
            let counts = group.counts();
            funnel.all.add(&counts);
            let is_same = |line: &&mut FunnelLine| {
                line.channel == group.channel && line.rung == group.rung && line.language == group.language
            };
            match funnel.lines.last_mut().filter(is_same) {
                Some(line) => line.funnel.add(&counts),
                None => {
                    let Group { channel, rung, language, .. } = group;
                    funnel.lines.push(FunnelLine { channel, rung, language, funnel: counts });
                }
            }
        }
        funnel.cost_a_repaired_millionths = funnel.all.cost_a_repaired();
        Ok(Some(funnel))
    }
}

impl Group {
    fn counts(&self) -> Funnel {
        let rows = self.rows;
        let mut funnel = Funnel { planned: rows, repaired: self.repaired, ..Funnel::default() };
        let is_answer = match self.state {
            OutboxState::Answered => true,
            // A gateway that refuses because of an earlier refusal sent nothing.
            OutboxState::OptedOut => self.has_left,
            _ => false,
        };
        match self.state {
            _ if is_answer => funnel.answered = rows,
            OutboxState::Pending | OutboxState::Sending => funnel.waiting = rows,
            OutboxState::Unknown => funnel.unknown = rows,
            OutboxState::Cancelled => funnel.taken_back = rows,
            OutboxState::Sent | OutboxState::Delivered => funnel.silent = rows,
            OutboxState::Failed | OutboxState::OptedOut | OutboxState::Answered => funnel.failed = rows,
        }
        if is_answer {
            let place = match (self.state, self.outcome) {
                (OutboxState::OptedOut, _) | (_, Some(Outcome::Refused)) => &mut funnel.removed,
                (_, Some(Outcome::Confirmed)) => &mut funnel.confirmed,
                (_, Some(Outcome::Updated)) => &mut funnel.updated,
                (_, Some(Outcome::WrongPerson)) => &mut funnel.wrong,
                _ => &mut funnel.other,
            };
            *place = rows;
        }
        let has_left = self.has_left || is_answer;
        if has_left {
            funnel.sent = rows;
        }
        if self.has_arrived || is_answer {
            funnel.delivered = rows;
        }
        if has_left || matches!(self.state, OutboxState::Sending | OutboxState::Unknown) {
            funnel.cost_millionths = self.cost;
        }
        funnel
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Group> {
    Ok(Group {
        channel: row.get(0)?,
        rung: row.get(1)?,
        language: row.get(2)?,
        // The schema allows no other word.
        state: OutboxState::parse(row.get_ref(3)?.as_str()?).unwrap_or(OutboxState::Unknown),
        has_left: row.get(4)?,
        has_arrived: row.get(5)?,
        outcome: Outcome::parse(row.get_ref(6)?.as_str()?),
        rows: row.get::<_, i64>(7)? as u64,
        cost: row.get(8)?,
        repaired: row.get::<_, i64>(9)? as u64,
    })
}
