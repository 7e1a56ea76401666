//! The states of an outbox row, which may follow which, and the one place that changes them.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::StoreError;

/// Where a planned contact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutboxState {
    /// Planned; nothing has left.
    Pending,
    /// Written down before the request leaves.
    Sending,
    /// The gateway took it.
    Sent,
    /// It reached the handset or the mailbox.
    Delivered,
    /// The customer answered.
    Answered,
    /// The customer wants no more of them.
    OptedOut,
    /// It will not arrive.
    Failed,
    /// Taken back before it was sent.
    Cancelled,
    /// It may have been sent: a process died, or the gateway did not answer. Never sent again before the gateway or a
    /// person said that it was not.
    Unknown,
}

/// What came of asking for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It was made, and written into the row's history.
    Done,
    /// The row stands there already.
    Already,
    /// This state can't follow on the one in which the row stands.
    Refused(OutboxState),
    /// There is no such row.
    NoRow,
}

use OutboxState::{Answered, Cancelled, Delivered, Failed, OptedOut, Pending, Sending, Sent, Unknown};

impl OutboxState {
    /// All of them, in the order in which a row meets them.
    pub const ALL: [OutboxState; 9] =
        [Pending, Sending, Unknown, Sent, Delivered, Answered, OptedOut, Failed, Cancelled];

    /// The word in the workspace and in outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Pending => "pending",
            Sending => "sending",
            Sent => "sent",
            Delivered => "delivered",
            Answered => "answered",
            OptedOut => "opted_out",
            Failed => "failed",
            Cancelled => "cancelled",
            Unknown => "unknown",
        }
    }

    /// The one with this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether `next` may follow.
    ///
    /// - What came back from the gateway untaken is pending again, and so is what it says that it never got.
    /// - Reports and answers may overtake each other and the gateway's own answer, so they may follow on anything that
    ///   may have left. None of them takes back what is stronger: a receipt never undoes an answer.
    /// - A call is never sent: its list is handed out, and what it came to is told from `pending` or `sent`.
    pub const fn may_become(self, next: OutboxState) -> bool {
        match self {
            Pending => matches!(next, Sending | Sent | Answered | OptedOut | Failed | Cancelled),
            Sending => matches!(next, Pending | Sent | Delivered | Answered | OptedOut | Failed | Unknown),
            Unknown => matches!(next, Pending | Sent | Delivered | Answered | OptedOut | Failed),
            Sent => matches!(next, Delivered | Answered | OptedOut | Failed),
            Delivered => matches!(next, Answered | OptedOut),
            Failed => matches!(next, Delivered | Answered | OptedOut),
            Answered => matches!(next, OptedOut),
            OptedOut | Cancelled => false,
        }
    }
}

impl std::fmt::Display for OutboxState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Moves a row to another state and writes that into its history; to be called within a transaction. Every change of
/// state in the workspace passes here.
pub(in crate::store) fn change(
    connection: &Connection,
    row: i64,
    next: OutboxState,
    reason: &str,
    at: &str,
) -> Result<Changed, StoreError> {
    let state = connection
        .prepare_cached("SELECT state FROM outbox WHERE id = ?1")?
        .query_row([row], |found| found.get::<_, String>(0))
        .optional()?;
    let Some(state) = state else { return Ok(Changed::NoRow) };
    // The schema allows no other word.
    let state = OutboxState::parse(&state).unwrap_or(Unknown);
    if state == next {
        return Ok(Changed::Already);
    }
    if !state.may_become(next) {
        return Ok(Changed::Refused(state));
    }
    connection
        .prepare_cached("UPDATE outbox SET state = ?2, reason = ?3, changed_at = ?4 WHERE id = ?1")?
        .execute(params![row, next.as_str(), reason, at])?;
    connection
        .prepare_cached("INSERT INTO outbox_change (outbox, at, state, reason) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![row, at, next.as_str(), reason])?;
    Ok(Changed::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_no_state_follows_on_itself() {
        for state in OutboxState::ALL {
            assert_eq!(OutboxState::parse(state.as_str()), Some(state));
            assert!(!state.may_become(state));
        }
    }

    #[test]
    fn what_may_have_left_is_sent_again_only_by_way_of_pending() {
        for state in OutboxState::ALL {
            assert_eq!(state.may_become(Sending), state == Pending, "{state}");
        }
        let back: Vec<OutboxState> = OutboxState::ALL.into_iter().filter(|state| state.may_become(Pending)).collect();
        assert_eq!(back, [Sending, Unknown]);
    }

    #[test]
    fn an_opt_out_follows_on_everything_but_what_was_never_to_be_sent_and_is_the_last_word() {
        for state in OutboxState::ALL {
            assert_eq!(state.may_become(OptedOut), !matches!(state, OptedOut | Cancelled), "{state}");
            assert!(!OptedOut.may_become(state));
        }
    }

    #[test]
    fn only_what_is_pending_can_be_taken_back() {
        for state in OutboxState::ALL {
            assert_eq!(state.may_become(Cancelled), state == Pending, "{state}");
        }
    }
}
