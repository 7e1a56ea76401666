//! Accounts. Whoever tries passwords waits longer each time.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::audit;
use crate::record::{Role, moment};
use crate::rule::TryPolicy;
use crate::store::{Store, StoreError};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its number.
    pub id: i64,
    /// As it was written.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was disabled, RFC 3339.
    pub disabled_at: Option<String>,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// The language of its pages; empty for the browser's.
    pub language: String,
    /// Whether keys act.
    pub has_keys: bool,
}

/// An account that is to be made.
#[derive(Clone)]
pub struct NewUser<'a> {
    /// As it is shown.
    pub name: &'a str,
    /// As names are compared.
    pub folded: &'a str,
    /// PHC string of the password's hash.
    pub hash: &'a str,
    /// What it may do.
    pub role: Role,
}

/// What may be tried.
#[derive(Clone, PartialEq, Eq)]
pub enum SignInTry {
    /// To check a password against this hash; the try is counted already.
    Check(User, String),
    /// Nothing for so many seconds.
    Wait(u64),
    /// There is no such account that is in use.
    Unknown,
}

const COLUMNS: &str = "id, name, role, disabled_at, made_at, language, has_keys";

impl Store {
    /// Makes an account; false where the name is taken.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn add_user(&mut self, new: &NewUser<'_>, at: Timestamp, by: &str) -> Result<bool, StoreError> {
        let detail = serde_json::json!({ "user": new.name, "role": new.role });
        self.changing_users(at, by, "user_add", &detail, |connection| {
            connection.execute(
                "INSERT OR IGNORE INTO steward_user (name, folded, hash, role, made_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![new.name, new.folded, new.hash, new.role.as_str(), moment(at)],
            )
        })
    }

    /// Gives an account another role; false where there is none. Whoever is signed in by it may do what the new role may at once.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn set_role(&mut self, folded: &str, role: Role, at: Timestamp, by: &str) -> Result<bool, StoreError> {
        let detail = serde_json::json!({ "user": folded, "role": role });
        self.changing_users(at, by, "user_role", &detail, |connection| {
            connection.execute("UPDATE steward_user SET role = ?2 WHERE folded = ?1", params![folded, role.as_str()])
        })
    }

    /// Gives an account another password, and ends its sessions; false where there is none.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn set_password(&mut self, folded: &str, hash: &str, at: Timestamp, by: &str) -> Result<bool, StoreError> {
        let detail = serde_json::json!({ "user": folded });
        self.changing_users(at, by, "user_password", &detail, |connection| {
            end_sessions(connection, folded)?;
            connection.execute(
                "UPDATE steward_user SET hash = ?2, tries = 0, locked_until = 0 WHERE folded = ?1",
                params![folded, hash],
            )
        })
    }

    /// Disables an account, ends its sessions, and puts back what it has; or takes it in use again. False where nothing changed.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn set_disabled(
        &mut self,
        folded: &str,
        is_disabled: bool,
        at: Timestamp,
        by: &str,
    ) -> Result<bool, StoreError> {
        let detail = serde_json::json!({ "user": folded });
        let what = if is_disabled { "user_disable" } else { "user_enable" };
        self.changing_users(at, by, what, &detail, |connection| {
            if !is_disabled {
                return connection.execute(
                    "UPDATE steward_user SET disabled_at = NULL, tries = 0, locked_until = 0
                     WHERE folded = ?1 AND disabled_at IS NOT NULL",
                    [folded],
                );
            }
            end_sessions(connection, folded)?;
            connection.execute(
                "UPDATE steward_item SET owner = NULL, leased_until = 0
                 WHERE state = 'open' AND owner = (SELECT id FROM steward_user WHERE folded = ?1)",
                [folded],
            )?;
            connection.execute(
                "UPDATE steward_user SET disabled_at = ?2 WHERE folded = ?1 AND disabled_at IS NULL",
                params![folded, moment(at)],
            )
        })
    }

    fn changing_users(
        &mut self,
        at: Timestamp,
        by: &str,
        what: &str,
        detail: &serde_json::Value,
        change: impl FnOnce(&Connection) -> rusqlite::Result<usize>,
    ) -> Result<bool, StoreError> {
        let secret = self.secret()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if change(&transaction)? == 0 {
            return Ok(false);
        }
        audit::append(&transaction, &secret, &moment(at), by, what, &detail.to_string())?;
        transaction.commit()?;
        Ok(true)
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn users(&self) -> Result<Vec<User>, StoreError> {
        let mut statement = self.connection.prepare(&format!("SELECT {COLUMNS} FROM steward_user ORDER BY folded"))?;
        Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
    }

    /// An account by its number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn user(&self, id: i64) -> Result<Option<User>, StoreError> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM steward_user WHERE id = ?1"))?;
        Ok(statement.query_row([id], read).optional()?)
    }

    /// Begins to check a password. The try counts before it is checked, so that many at once are as many tries.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn begin_sign_in(&mut self, folded: &str, now: Timestamp, limits: &TryPolicy) -> Result<SignInTry, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = transaction
            .prepare_cached(&format!(
                "SELECT {COLUMNS}, hash, tries, locked_until FROM steward_user WHERE folded = ?1 AND disabled_at IS NULL"
            ))?
            .query_row([folded], |row| {
                Ok((read(row)?, row.get::<_, String>(7)?, row.get::<_, i64>(8)?, row.get::<_, i64>(9)?))
            })
            .optional()?;
        let Some((user, hash, tries, locked_until)) = found else { return Ok(SignInTry::Unknown) };
        let now = now.as_millisecond();
        if locked_until > now {
            let seconds = (locked_until - now).unsigned_abs().div_ceil(1000);
            return Ok(SignInTry::Wait(seconds.min(u64::from(limits.most_wait_seconds))));
        }
        let more = (tries + 1 - i64::from(limits.free)).clamp(0, 31) as u32;
        let wait = match more {
            0 => 0,
            more => u64::from(limits.first_wait_seconds)
                .saturating_mul(1 << (more - 1))
                .min(u64::from(limits.most_wait_seconds)),
        };
        transaction
            .prepare_cached("UPDATE steward_user SET tries = tries + 1, locked_until = ?2 WHERE id = ?1")?
            .execute(params![user.id, now + wait as i64 * 1000])?;
        transaction.commit()?;
        Ok(SignInTry::Check(user, hash))
    }

    /// Keeps how somebody wants the pages.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn set_preferences(&mut self, user: i64, language: &str, has_keys: bool) -> Result<(), StoreError> {
        self.connection.execute(
            "UPDATE steward_user SET language = ?2, has_keys = ?3 WHERE id = ?1",
            params![user, language, has_keys],
        )?;
        Ok(())
    }
}

fn end_sessions(connection: &Connection, folded: &str) -> rusqlite::Result<usize> {
    connection
        .execute("DELETE FROM steward_session WHERE user = (SELECT id FROM steward_user WHERE folded = ?1)", [folded])
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(0)?,
        name: row.get(1)?,
        // A role that is not known here may do the least.
        role: Role::parse(row.get_ref(2)?.as_str()?).unwrap_or(Role::Viewer),
        disabled_at: row.get(3)?,
        made_at: row.get(4)?,
        language: row.get(5)?,
        has_keys: row.get(6)?,
    })
}
