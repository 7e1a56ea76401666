//! Who is signed in: known by the hash of a token, for as long as something is done, and never longer than a working day.

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use rusqlite::{OptionalExtension, TransactionBehavior, params};

use super::audit;
use super::users::{User, read};
use crate::record::moment;
use crate::rule::SessionPolicy;
use crate::store::{Store, StoreError};

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// What forms of this session carry: whoever can't read its pages can't know it.
    pub csrf: String,
    /// The item whose values are shown, and for how many milliseconds more.
    pub revealed: Option<(i64, i64)>,
}

/// Bytes of a token.
const LENGTH: usize = 32;
const PURPOSE: &str = "session";
const PURPOSE_OF_FORMS: &str = "form";
/// How often it is written down that something is done.
const SEEN_EVERY: i64 = 10_000;

impl Store {
    /// Begins a session of somebody whose password was right; returns its token, which stands nowhere.
    ///
    /// # Errors
    /// When the workspace can't be written, or the system has no random numbers.
    pub fn begin_session(&mut self, user: &User, limits: &SessionPolicy, now: Timestamp) -> Result<String, StoreError> {
        let mut bytes = [0; LENGTH];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| StoreError::Snapshot("the system has no random numbers".to_owned()))?;
        let token = data_encoding::BASE32_NOPAD.encode(&bytes).to_ascii_lowercase();
        let secret = self.secret()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let at = now.as_millisecond();
        transaction.execute(
            "DELETE FROM steward_session WHERE seen_at <= ?1 OR began_at <= ?2",
            params![at - idle(limits), at - whole(limits)],
        )?;
        transaction.execute("UPDATE steward_user SET tries = 0, locked_until = 0 WHERE id = ?1", [user.id])?;
        transaction.execute(
            "INSERT INTO steward_session (hash, user, began_at, seen_at) VALUES (?1, ?2, ?3, ?3)",
            params![secret.mac(PURPOSE, &token), user.id, at],
        )?;
        audit::append(&transaction, &secret, &moment(now), &user.name, "sign_in", "{}")?;
        transaction.commit()?;
        Ok(token)
    }

    /// Whose session a token is of, if it lasts; it lasts on from here.
    ///
    /// # Errors
    /// When the workspace can't be read or written.
    pub fn session(
        &mut self,
        token: &str,
        limits: &SessionPolicy,
        now: Timestamp,
    ) -> Result<Option<SignedIn>, StoreError> {
        let secret = self.secret()?;
        let hash = secret.mac(PURPOSE, token);
        let at = now.as_millisecond();
        let found = self
            .connection
            .prepare_cached(
                "SELECT user.id, name, role, disabled_at, made_at, language, has_keys, seen_at, revealed, until
                 FROM steward_session session JOIN steward_user user ON user.id = session.user
                 WHERE session.hash = ?1 AND seen_at > ?2 AND began_at > ?3 AND disabled_at IS NULL",
            )?
            .query_row(params![hash, at - idle(limits), at - whole(limits)], |row| {
                Ok((read(row)?, row.get::<_, i64>(7)?, row.get::<_, Option<i64>>(8)?, row.get::<_, i64>(9)?))
            })
            .optional()?;
        let Some((user, seen, revealed, until)) = found else { return Ok(None) };
        if at - seen >= SEEN_EVERY {
            self.connection
                .prepare_cached("UPDATE steward_session SET seen_at = max(seen_at, ?2) WHERE hash = ?1")?
                .execute(params![hash, at])?;
        }
        let csrf = data_encoding::HEXLOWER.encode(&secret.mac(PURPOSE_OF_FORMS, token)[..16]);
        let revealed = revealed.filter(|_| until > at).map(|item| (item, until - at));
        Ok(Some(SignedIn { user, csrf, revealed }))
    }

    /// Shows the values of an item to a session until a moment, or of none; showing is written into the audit log.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn reveal(
        &mut self,
        token: &str,
        who: &str,
        item: Option<(i64, Timestamp)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let secret = self.secret()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let until = item.map_or(0, |(_, until)| until.as_millisecond());
        transaction.execute(
            "UPDATE steward_session SET revealed = ?2, until = ?3 WHERE hash = ?1",
            params![secret.mac(PURPOSE, token), item.map(|(item, _)| item), until],
        )?;
        if let Some((item, _)) = item {
            let detail = serde_json::json!({ "item": item }).to_string();
            audit::append(&transaction, &secret, &moment(now), who, "reveal", &detail)?;
        }
        Ok(transaction.commit()?)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn end_session(&mut self, token: &str, who: &str, now: Timestamp) -> Result<(), StoreError> {
        let secret = self.secret()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let ended = transaction.execute("DELETE FROM steward_session WHERE hash = ?1", [secret.mac(PURPOSE, token)])?;
        if ended > 0 {
            audit::append(&transaction, &secret, &moment(now), who, "sign_out", "{}")?;
        }
        Ok(transaction.commit()?)
    }
}

/// Milliseconds without use.
fn idle(limits: &SessionPolicy) -> i64 {
    i64::from(limits.idle_minutes) * 60_000
}

/// Milliseconds at all.
fn whole(limits: &SessionPolicy) -> i64 {
    i64::from(limits.whole_hours) * 3_600_000
}
