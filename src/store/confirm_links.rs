//! Links to the page on which customers confirm: which are open, and what was answered by them. An answer may be corrected for a
//! while: the last one holds, and nothing of the one before stays but that it was given.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::consequences::write;
use super::outbox::asked::asked_about;
use super::pending_changes::{GivenValue, accept_by_rules, given};
use super::{Store, StoreError};
use crate::record::{
    Answer, Before, Channel, ContactKind, CustomerId, Field, OutboxState, Outcome, Said, consequences, moment,
};

/// A link that is open. What is formatted for a log says the number of the planned contact alone.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenLink {
    /// The planned contact that it went out with.
    pub outbox: i64,
    /// Whose it is.
    pub customer: CustomerId,
    /// How it went out.
    pub channel: Channel,
    /// To whom: E.164 or an address.
    pub recipient: String,
    /// Its key.
    pub recipient_key: String,
    /// The name that the message greeted by; may be empty.
    pub first_name: String,
    /// ISO 639.
    pub language: String,
    /// ISO 3166; whose etiquette holds.
    pub country: String,
    /// What was answered last; a refusal too that came another way.
    pub answered: Option<Outcome>,
}

impl std::fmt::Debug for OpenLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpenLink({})", self.outbox)
    }
}

impl OpenLink {
    /// What it went out to.
    pub const fn contact(&self) -> ContactKind {
        match self.channel {
            Channel::Email => ContactKind::Email,
            Channel::Sms | Channel::Call => ContactKind::Phone,
        }
    }
}

/// An answer by a link.
#[derive(Debug)]
pub struct LinkAnswer<'a> {
    /// What is kept of the link's token.
    pub token: &'a [u8; 32],
    /// The answer, about the planned contact of the link.
    pub answer: &'a Answer,
    /// What tells this answer from another one by the same link.
    pub said: &'a [u8; 32],
    /// How long an answer may be corrected.
    pub correct: SignedDuration,
    /// Fields whose values nobody has to accept.
    pub accept: &'a [Field],
}

/// What an answer by a link came to.
#[derive(Debug)]
pub struct LinkAnswered {
    /// What holds now: the answer, or the refusal before it, which nobody takes back here.
    pub outcome: Outcome,
    /// The values that were given.
    pub values: Vec<GivenValue>,
}

/// Who brought answers by a link.
pub const LINK_SOURCE: &str = "confirm";

impl Store {
    /// The link with this fingerprint of its token, where it is open: not answered and not past its day, or answered so lately
    /// that the answer may be corrected.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn open_link(
        &self,
        token: &[u8; 32],
        now: Timestamp,
        correct: SignedDuration,
    ) -> Result<Option<OpenLink>, StoreError> {
        open_link(&self.connection, token, now, correct)
    }

    /// Writes down what was answered by a link, in place of what was answered by it before; none where it is not open.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn answer_link(&mut self, said: &LinkAnswer<'_>) -> Result<Option<LinkAnswered>, StoreError> {
        let LinkAnswer { token, answer, accept, .. } = said;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(link) = open_link(&transaction, token, answer.at, said.correct)? else { return Ok(None) };
        if link.answered == Some(Outcome::Refused) {
            return Ok(Some(LinkAnswered { outcome: Outcome::Refused, values: Vec::new() }));
        }
        let last = transaction
            .prepare_cached("SELECT said FROM confirm_answer WHERE outbox = ?1 ORDER BY id DESC LIMIT 1")?
            .query_row([link.outbox], |row| row.get::<_, Vec<u8>>(0))
            .optional()?;
        if last.as_deref() != Some(&said.said[..]) {
            let at = moment(answer.at);
            if last.is_some() {
                withdraw(&transaction, &link, &at)?;
            }
            let before = Before { asked: asked_about(&transaction, link.outbox)?, is_repeated: false };
            write(&transaction, &consequences(Said::Answer(answer), &before))?;
            accept_by_rules(&transaction, link.outbox, accept, &at)?;
            transaction
                .prepare_cached("INSERT INTO confirm_answer (outbox, at, outcome, said) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![link.outbox, at, answer.outcome.as_str(), &said.said[..]])?;
            transaction
                .prepare_cached("UPDATE confirm_token SET used_at = coalesce(used_at, ?2) WHERE hash = ?1")?
                .execute(params![&token[..], at])?;
        }
        let mut values = Vec::new();
        for update in &answer.updates {
            values.extend(given(&transaction, link.customer, &update.field, &update.new)?);
        }
        transaction.commit()?;
        Ok(Some(LinkAnswered { outcome: answer.outcome, values }))
    }
}

/// The link, where it is open. One that was used up or is past its day is not found at all, as one that never was.
pub(super) fn open_link(
    connection: &Connection,
    token: &[u8; 32],
    now: Timestamp,
    correct: SignedDuration,
) -> Result<Option<OpenLink>, StoreError> {
    let correctable = moment(now.checked_sub(correct).unwrap_or(Timestamp::MIN));
    let found = connection
        .prepare_cached(
            "SELECT o.id, o.customer, o.channel, o.recipient, o.recipient_key, o.first_name, o.language, o.country, o.state,
                    (SELECT outcome FROM confirm_answer WHERE outbox = o.id ORDER BY id DESC LIMIT 1)
             FROM confirm_token t JOIN outbox o ON o.id = t.outbox
             WHERE t.hash = ?1 AND iif(t.used_at IS NULL, t.expires_at > ?2, t.used_at > ?3)",
        )?
        .query_row(params![&token[..], moment(now), correctable], |row| {
            let is_refused = row.get_ref(8)?.as_str()? == OutboxState::OptedOut.as_str();
            let answered: Option<String> = row.get(9)?;
            Ok(OpenLink {
                outbox: row.get(0)?,
                customer: CustomerId(row.get::<_, i64>(1)? as u64),
                // The schema allows no other word.
                channel: Channel::parse(row.get_ref(2)?.as_str()?).unwrap_or(Channel::Sms),
                recipient: row.get(3)?,
                recipient_key: row.get(4)?,
                first_name: row.get(5)?,
                language: row.get(6)?,
                country: row.get(7)?,
                answered: if is_refused {
                    Some(Outcome::Refused)
                } else {
                    answered.and_then(|word| Outcome::parse(&word))
                },
            })
        })
        .optional()?;
    Ok(found)
}

/// Takes back what followed from the last answer by a link, but for what was decided by a person or is out of the house.
fn withdraw(connection: &Connection, link: &OpenLink, at: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE pending_change SET state = 'withdrawn', decided_at = ?3
             WHERE outbox = ?1 AND source = ?2 AND handed_over_at IS NULL AND decided_by <> 'person'
                   AND state IN ('pending', 'accepted')",
        )?
        .execute(params![link.outbox, LINK_SOURCE, at])?;
    connection
        .prepare_cached("UPDATE confirm_code SET state = 'over' WHERE outbox = ?1 AND state = 'sent'")?
        .execute([link.outbox])?;
    connection
        .prepare_cached("DELETE FROM contact_event WHERE outbox = ?1 AND source = ?2")?
        .execute(params![link.outbox, LINK_SOURCE])?;
    connection
        .prepare_cached(
            "UPDATE suppression SET lifted_at = ?4, lifted_by = ?3
             WHERE kind = ?1 AND key = ?2 AND source = ?3 AND reason = 'wrong_person' AND lifted_at IS NULL",
        )?
        .execute(params![link.contact().as_str(), link.recipient_key, LINK_SOURCE, at])?;
    Ok(())
}

#[cfg(test)]
impl Store {
    /// A link that went out with a planned contact, for tests elsewhere.
    pub(crate) fn link_for_tests(&self, outbox: i64, token: &str, expires_at: Timestamp) -> Result<(), StoreError> {
        let hash = self.secret()?.token_hash(token);
        self.connection.execute(
            "INSERT INTO confirm_token (hash, outbox, customer, expires_at) SELECT ?1, id, customer, ?3 FROM outbox WHERE id = ?2",
            params![&hash[..], outbox, moment(expires_at)],
        )?;
        Ok(())
    }

    /// Lets a link have been used at a moment.
    pub(crate) fn use_link_for_tests(&self, outbox: i64, at: Timestamp) -> Result<(), StoreError> {
        self.connection
            .execute("UPDATE confirm_token SET used_at = ?2 WHERE outbox = ?1", params![outbox, moment(at)])?;
        Ok(())
    }
}
