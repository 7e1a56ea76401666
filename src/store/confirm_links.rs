//! Links to the page on which customers confirm: which are open, and what was answered by them. An answer may be corrected for a
//! while: the last one holds, and nothing of the one before stays but that it was given.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, ToSql, TransactionBehavior, params};

use super::consequences::write;
use super::outbox::asked::asked_about;
use super::pending_changes::{GivenValue, accept_by_rules, given, of_link};
use super::{Store, StoreError};
use crate::record::{Answer, Before, Channel, ContactKind, CustomerId, Field, Outcome, Said, consequences, moment};

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

    /// Values that were given by a link and still count, in the order in which they came.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn values_of_link(&self, link: &OpenLink) -> Result<Vec<GivenValue>, StoreError> {
        of_link(&self.connection, link.outbox, LINK_SOURCE)
    }

    /// The number and the address that the customer of a link gave since it was planned and that were accepted, the last of each.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn newer_contacts(&self, link: &OpenLink) -> Result<Vec<(ContactKind, String)>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT field, new FROM pending_change
             WHERE customer = ?1 AND state = 'accepted' AND field IN ('phone', 'email')
                   AND at >= (SELECT planned_at FROM outbox WHERE id = ?2) ORDER BY at, id",
        )?;
        let given = statement.query_map(params![link.customer.0 as i64, link.outbox], |row| {
            let kind = if row.get_ref(0)?.as_str()? == "email" { ContactKind::Email } else { ContactKind::Phone };
            Ok((kind, row.get(1)?))
        })?;
        let last: BTreeMap<ContactKind, String> = given.collect::<Result<_, _>>()?;
        Ok(last.into_iter().collect())
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
            withdraw(&transaction, &link, answer, last.is_some(), &at)?;
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

/// `own.state` has a plus before it so that the index of a customer's contacts is taken, and not that of all contacts in a state.
pub(super) const OPEN_LINK: &str = "
    SELECT o.id, o.customer, o.channel, o.recipient, o.recipient_key, o.first_name, o.language, o.country,
           EXISTS (SELECT 1 FROM outbox own
                   WHERE own.state <> 'cancelled' AND own.customer = o.customer AND +own.state = 'opted_out'
                         AND (own.id = o.id OR own.changed_at >= o.planned_at)),
           (SELECT outcome FROM confirm_answer WHERE outbox = o.id ORDER BY id DESC LIMIT 1)
    FROM confirm_token t JOIN outbox o ON o.id = t.outbox
    WHERE t.hash = ?1 AND iif(t.used_at IS NULL, t.expires_at > ?2, t.used_at > ?3)";

/// The link, where it is open. One that was used up or is past its day is not found at all, as one that never was.
pub(super) fn open_link(
    connection: &Connection,
    token: &[u8; 32],
    now: Timestamp,
    correct: SignedDuration,
) -> Result<Option<OpenLink>, StoreError> {
    let correctable = moment(now.checked_sub(correct).unwrap_or(Timestamp::MIN));
    let found = connection
        .prepare_cached(OPEN_LINK)?
        .query_row(params![&token[..], moment(now), correctable], |row| {
            let is_refused: bool = row.get(8)?;
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

/// Takes back what followed from earlier answers of the customer and can't stand beside this one, but for what was decided by a
/// person or is out of the house: all of the last answer by the same link (what a code confirmed is shown, and stays until it is
/// given anew), and of answers by other links the values that are given anew, or that wait unseen while all is said to be right.
fn withdraw(
    connection: &Connection,
    link: &OpenLink,
    answer: &Answer,
    is_corrected: bool,
    at: &str,
) -> rusqlite::Result<()> {
    let customer = link.customer.0 as i64;
    let take_back = |which: &str, more: &[&dyn ToSql]| -> rusqlite::Result<usize> {
        let all: [&dyn ToSql; 3] = [&customer, &LINK_SOURCE, &at];
        connection
            .prepare_cached(&format!(
                "UPDATE pending_change SET state = 'withdrawn', decided_at = ?3
                 WHERE customer = ?1 AND source = ?2 AND handed_over_at IS NULL AND decided_by <> 'person'
                       AND state IN ('pending', 'accepted') AND {which}"
            ))?
            .execute([&all[..], more].concat().as_slice())
    };
    if is_corrected {
        take_back("outbox = ?4 AND verified_at IS NULL", &[&link.outbox])?;
    }
    match answer.outcome {
        Outcome::Refused => take_back("true", &[])?,
        Outcome::WrongPerson => take_back("outbox = ?4", &[&link.outbox])?,
        Outcome::Confirmed => take_back("state = 'pending'", &[])?,
        _ => 0,
    };
    for update in &answer.updates {
        take_back("field = ?4 AND new <> ?5", &[&update.field, &update.new])?;
    }
    connection
        .prepare_cached(
            "UPDATE confirm_code SET state = 'over'
             WHERE state = 'sent' AND change IN (SELECT id FROM pending_change WHERE customer = ?1 AND state = 'withdrawn')",
        )?
        .execute([customer])?;
    if !is_corrected {
        return Ok(());
    }
    // A contact that a code confirmed stays, and so does what was said of the one in whose place it was given.
    connection
        .prepare_cached(
            "DELETE FROM contact_event WHERE outbox = ?1 AND source = ?2 AND NOT EXISTS
                 (SELECT 1 FROM confirm_code code JOIN pending_change given ON given.id = code.change
                  WHERE code.outbox = ?1 AND code.state = 'used' AND code.kind = contact_event.kind
                        AND (code.key = contact_event.key OR contact_event.event = 'replaced')
                        AND given.state = 'accepted')",
        )?
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
