//! What a cell says, and its words together.

use super::class::{Channels, Class, Classes};
use super::words::Token;
use crate::record::{Consent, ContactKind, Day, Standing, StandingFact};

use Class::{
    Accept, Bad, Block, Bounce, Call, Contact, Date, Death, Email, Filler, Forget, List, Minor, Month, Newsletter, No,
    Only, Other, Permit, Post, Reason, Refuse, Request, Sms, Status, Subscribe, Unsubscribe, Want, Whatsapp,
};

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CellSays {
    /// Of contacting its customer.
    pub standing: Standing,
    /// Yes or no to what the column asks, where it is plainly one of them.
    pub answer: Option<bool>,
    /// It stands for nothing.
    pub is_placeholder: bool,
    /// Words that nobody understands, where an answer was asked for.
    pub is_unclear: bool,
}

/// When a cell is read, and the day that it is, if it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOn {
    /// Today.
    pub today: Day,
    /// The day of the cell.
    pub day: Option<Day>,
}

impl ReadOn {
    /// Whether a day to which something holds is gone by.
    pub(super) fn is_over(self, cell: &Cell<'_>) -> bool {
        match self.day {
            Some(day) => day < self.today,
            None => cell.tokens.iter().filter_map(|token| token.number).any(|number| self.is_past_year(number)),
        }
    }

    fn is_past_year(self, number: u64) -> bool {
        (1900..self.year().unsigned_abs().into()).contains(&number)
    }

    pub(super) fn year(self) -> i32 {
        i32::from(self.today.date().year())
    }
}

pub(super) const CHANNELS: Classes = Classes::of(&[Sms, Email, Call, Post, Whatsapp, Newsletter]);
pub(super) const SUBJECT: Classes = CHANNELS.with(Contact);
pub(super) const ASSENT: Classes = Classes::of(&[Permit, Subscribe, Accept, Want]);
pub(super) const DISSENT: Classes = Classes::of(&[Unsubscribe, Refuse]);
pub(super) const CHANNEL_LIST: Classes = CHANNELS.and(Classes::of(&[Filler, Only, Contact]));
pub(super) const TIME: Classes = Classes::of(&[Date, Month, Filler]);
/// What may stand behind the "no" that says that nothing was refused.
pub(super) const NO_REFUSAL: Classes = Classes::of(&[
    No,
    Unsubscribe,
    Refuse,
    Block,
    Forget,
    Request,
    List,
    Filler,
    Date,
    Death,
    Bounce,
    Bad,
    Minor,
    Status,
    Reason,
]);

/// The words of a cell together.
pub(super) struct Cell<'t> {
    pub(super) tokens: &'t [Token],
    pub(super) all: Classes,
    pub(super) unknown: usize,
    pub(super) channels: Channels,
}

impl<'t> Cell<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Self {
        let all = tokens.iter().fold(Classes::NONE, |all, token| all.and(token.classes));
        let unknown = tokens.iter().filter(|token| token.classes.is_none() && token.number.is_none()).count();
        Cell { tokens, all, unknown, channels: Channels::of(all) }
    }

    pub(super) fn has(&self, class: Class) -> bool {
        self.all.has(class)
    }

    pub(super) fn meets(&self, classes: Classes) -> bool {
        self.all.meets(classes)
    }

    pub(super) fn begins(&self, class: Class) -> bool {
        let first = self.tokens.iter().find(|token| token.classes != Classes::of(&[Filler]));
        first.is_some_and(|token| token.classes.has(class))
    }

    pub(super) fn is_only(&self, classes: Classes) -> bool {
        self.tokens.iter().all(|token| token.classes.meets(classes))
    }

    /// A word of these classes without a "not" shortly before it.
    pub(super) fn affirms(&self, classes: Classes) -> bool {
        self.places(classes).any(|at| !self.is_negated(at))
    }

    pub(super) fn negates(&self, classes: Classes) -> bool {
        self.places(classes).any(|at| self.is_negated(at))
    }

    pub(super) fn places(&self, classes: Classes) -> impl Iterator<Item = usize> + '_ {
        (0..self.tokens.len()).filter(move |at| self.tokens[*at].classes.meets(classes))
    }

    pub(super) fn is_negated(&self, at: usize) -> bool {
        self.tokens[at.saturating_sub(3)..at].iter().any(|token| token.classes.has(No))
    }

    /// A day, a month, a year, a season and nothing else.
    pub(super) fn is_date(&self) -> bool {
        let numbers = self.tokens.iter().filter_map(|token| token.number);
        let has_date = numbers.clone().count() > 1 || self.has(Month) || numbers.clone().any(|number| number >= 1900);
        has_date && self.tokens.iter().all(|token| token.number.is_some() || token.classes.meets(TIME))
    }
}

pub(super) const fn dead(kind: ContactKind) -> StandingFact {
    match kind {
        ContactKind::Email => StandingFact::DeadEmail,
        ContactKind::Phone => StandingFact::DeadPhone,
    }
}

/// An answer about the channels that are asked for, or about any.
pub(super) fn answered(channels: Channels, consent: Consent) -> Standing {
    let of = |standing: Standing, channel| standing.and(Standing::of_channel(channel, consent));
    let named = channels.iter().fold(Standing::NOTHING, of);
    if named.is_nothing() { Standing::of_any(consent) } else { named }
}

/// What else a cell says of its customer: that it died, is barred.
pub(super) fn facts(cell: &Cell<'_>) -> Standing {
    let mut standing = Standing::NOTHING;
    if cell.affirms(Classes::of(&[Death])) && !cell.meets(CHANNELS.with(Other)) {
        standing = standing.and(Standing::of_fact(StandingFact::Deceased));
    }
    if cell.affirms(Classes::of(&[Forget])) {
        standing = standing.and(Standing::of_fact(StandingFact::Blocked));
    }
    standing
}
