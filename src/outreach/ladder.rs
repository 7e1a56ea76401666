//! What follows a question without an answer: one reminder, then a call, then nothing.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::hold::Hold;
use crate::record::{Channel, OutboxState, Outcome};
use crate::rule::{Ladder, Purpose};
use crate::store::KnownContact;

/// The next question to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rung {
    /// From 2.
    pub(super) rung: u8,
    /// By which channel.
    pub(super) channel: Channel,
    /// In which words.
    pub(super) purpose: Purpose,
    /// Not before.
    pub(super) earliest: Date,
    /// A reminder that comes later than this comes late.
    pub(super) latest: Option<Date>,
    /// Drawn at random on the first rung.
    pub(super) is_audit: bool,
}

/// What follows on what was asked; `rows` are a customer's of one campaign, but for those that are decided anew.
/// `seen_alive` is when the customer last proved to be there.
pub(super) fn next_rung(rows: &[&KnownContact], seen_alive: Option<Timestamp>, ladder: &Ladder) -> Result<Rung, Hold> {
    let by_rung = |row: &&&KnownContact| (row.rung, row.id);
    let (Some(first), Some(last)) = (rows.iter().min_by_key(by_rung), rows.iter().max_by_key(by_rung)) else {
        return Err(Hold::NotAsked);
    };
    let is_ended = |row: &&KnownContact| {
        let is_end = matches!(row.state, OutboxState::Answered | OutboxState::OptedOut | OutboxState::Failed);
        is_end && to_call_again(row, ladder).is_none()
    };
    // Whoever was seen after the first question was planned needs no second one.
    if rows.iter().any(is_ended) || seen_alive.is_some_and(|at| at >= first.due_at) {
        return Err(Hold::Ended);
    }
    if let Some(days) = to_call_again(last, ladder) {
        let calls = rows.iter().filter(|row| row.channel == Channel::Call).count();
        if calls >= usize::from(ladder.most_calls) {
            return Err(Hold::Unconfirmed);
        }
        let earliest = last.again_on.unwrap_or_else(|| day_of(last).saturating_add(i32::from(days).days()));
        return Ok(call_on(last, earliest));
    }
    match last.state {
        OutboxState::Sent | OutboxState::Delivered => {}
        _ => return Err(Hold::Waiting),
    }
    // The moment of the last change: when it was sent, or reached the handset.
    let after = |days: u16| day_of(last).saturating_add(i32::from(days).days());
    let is_reminder = last.rung == 1 && last.channel != Channel::Call;
    if is_reminder {
        return Ok(Rung {
            rung: 2,
            channel: last.channel,
            purpose: Purpose::Reminder,
            earliest: after(ladder.reminder_after_days),
            latest: Some(after(ladder.reminder_within_days)),
            is_audit: last.is_audit,
        });
    }
    if last.channel == Channel::Call {
        return Err(Hold::Unconfirmed);
    }
    Ok(call_on(last, after(ladder.call_after_days)))
}

/// After how many days a call that came to nothing is made again; none where it came to something, or was no call.
fn to_call_again(row: &KnownContact, ladder: &Ladder) -> Option<u16> {
    let is = |outcome: Outcome| row.reason == outcome.as_str();
    match (row.channel, row.state) {
        (Channel::Call, OutboxState::Failed) if is(Outcome::NoAnswer) => Some(ladder.call_again_after_days.no_answer),
        (Channel::Call, OutboxState::Answered) if is(Outcome::Callback) => Some(ladder.call_again_after_days.callback),
        _ => None,
    }
}

/// A call on the rung behind another one.
fn call_on(last: &KnownContact, earliest: Date) -> Rung {
    Rung {
        rung: last.rung.saturating_add(1),
        channel: Channel::Call,
        purpose: Purpose::First,
        earliest,
        latest: None,
        is_audit: last.is_audit,
    }
}

/// The day of the last change.
fn day_of(row: &KnownContact) -> Date {
    TimeZone::UTC.to_datetime(row.changed_at).date()
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use jiff::civil::date;

    fn row(rung: u8, channel: Channel, state: OutboxState) -> KnownContact {
        KnownContact { rung, channel, state, id: i64::from(rung), ..fixture::known(1) }
    }

    fn next(rows: &[KnownContact], seen: Option<&str>) -> Result<(u8, Channel, Date), Hold> {
        let rows: Vec<&KnownContact> = rows.iter().collect();
        let seen = seen.map(|at| at.parse().expect("a moment"));
        next_rung(&rows, seen, &fixture::rules().policy.ladder).map(|rung| (rung.rung, rung.channel, rung.earliest))
    }

    #[test]
    fn a_message_is_followed_by_a_reminder_a_call_and_nothing() {
        let first = row(1, Channel::Sms, OutboxState::Delivered);
        assert_eq!(next(std::slice::from_ref(&first), None), Ok((2, Channel::Sms, date(2026, 11, 25))));
        let reminder = row(2, Channel::Sms, OutboxState::Sent);
        assert_eq!(next(&[reminder.clone(), first.clone()], None), Ok((3, Channel::Call, date(2026, 11, 25))));
        let call = row(3, Channel::Call, OutboxState::Sent);
        assert_eq!(next(&[first, reminder, call], None), Err(Hold::Unconfirmed));
        assert_eq!(next(&[row(1, Channel::Call, OutboxState::Sent)], None), Err(Hold::Unconfirmed));
        assert_eq!(next(&[], None), Err(Hold::NotAsked));
    }

    #[test]
    fn whoever_did_not_answer_or_asked_for_another_time_is_called_again_until_it_is_enough() {
        let call = |rung, state, reason: &str, again_on| KnownContact {
            reason: reason.to_owned(),
            again_on,
            ..row(rung, Channel::Call, state)
        };
        let missed = |rung| call(rung, OutboxState::Failed, "no_answer", None);
        assert_eq!(next(&[missed(1)], None), Ok((2, Channel::Call, date(2026, 11, 24))));
        let later = call(2, OutboxState::Answered, "callback", Some(date(2026, 12, 3)));
        assert_eq!(next(&[missed(1), later.clone()], None), Ok((3, Channel::Call, date(2026, 12, 3))));
        let no_day = KnownContact { again_on: None, ..later.clone() };
        assert_eq!(next(&[missed(1), no_day], None), Ok((3, Channel::Call, date(2026, 11, 23))));
        assert_eq!(next(&[missed(1), later, missed(3)], None), Err(Hold::Unconfirmed), "three calls are enough");
        // A message that failed is no call, and a call that failed for good is not made again.
        assert_eq!(next(&[call(1, OutboxState::Failed, "disconnected", None)], None), Err(Hold::Ended));
        let seen = Some("2026-11-23T10:00:00Z");
        assert_eq!(next(&[missed(1)], seen), Err(Hold::Ended), "the customer proved to be there");
    }

    #[test]
    fn an_answer_a_refusal_a_failure_or_a_sign_of_life_ends_it_and_what_nobody_knows_waits() {
        for state in [OutboxState::Answered, OutboxState::OptedOut, OutboxState::Failed] {
            assert_eq!(next(&[row(1, Channel::Sms, state)], None), Err(Hold::Ended));
        }
        for state in [OutboxState::Pending, OutboxState::Sending, OutboxState::Unknown] {
            assert_eq!(next(&[row(1, Channel::Sms, state)], None), Err(Hold::Waiting));
        }
        let sent = [row(1, Channel::Sms, OutboxState::Sent)];
        assert_eq!(next(&sent, Some("2026-11-23T10:00:00Z")), Err(Hold::Ended));
        assert!(next(&sent, Some("2026-11-20T10:00:00Z")).is_ok(), "before it was asked");
    }
}
