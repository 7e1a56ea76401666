//! The states of a planned contact, and which may follow which.

use super::words::words;

words! {
    /// Where a planned contact stands; in the order in which a row meets the states.
    OutboxState {
        /// Planned; nothing has left.
        Pending = "pending",
        /// Written down before the request leaves.
        Sending = "sending",
        /// It may have been sent: a process died, or the gateway did not answer. Never sent again before the gateway or a
        /// person said that it was not.
        Unknown = "unknown",
        /// The gateway took it.
        Sent = "sent",
        /// It reached the handset or the mailbox.
        Delivered = "delivered",
        /// The customer answered.
        Answered = "answered",
        /// The customer wants no more of them.
        OptedOut = "opted_out",
        /// It will not arrive.
        Failed = "failed",
        /// Taken back before it was sent.
        Cancelled = "cancelled",
    }
}

use OutboxState::{Answered, Cancelled, Delivered, Failed, OptedOut, Pending, Sending, Sent, Unknown};

impl OutboxState {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_no_state_follows_on_itself() {
        for &state in OutboxState::ALL {
            assert_eq!(OutboxState::parse(state.as_str()), Some(state));
            assert!(!state.may_become(state));
        }
    }

    #[test]
    fn what_may_have_left_is_sent_again_only_by_way_of_pending() {
        for &state in OutboxState::ALL {
            assert_eq!(state.may_become(Sending), state == Pending, "{state}");
        }
        let back: Vec<OutboxState> =
            OutboxState::ALL.iter().copied().filter(|state| state.may_become(Pending)).collect();
        assert_eq!(back, [Sending, Unknown]);
    }

    #[test]
    fn an_opt_out_follows_on_everything_but_what_was_never_to_be_sent_and_is_the_last_word() {
        for &state in OutboxState::ALL {
            assert_eq!(state.may_become(OptedOut), !matches!(state, OptedOut | Cancelled), "{state}");
            assert!(!OptedOut.may_become(state));
        }
    }

    #[test]
    fn only_what_is_pending_can_be_taken_back() {
        for &state in OutboxState::ALL {
            assert_eq!(state.may_become(Cancelled), state == Pending, "{state}");
        }
    }
}
