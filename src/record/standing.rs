//! What is said of whether somebody may be contacted: of one cell, of a row, of a customer's rows.

use serde::{Deserialize, Serialize};

use super::words::words;
use super::{Channel, Consent, ContactKind, Day, Field, GivenConsents};

words! {
    /// What stands against a customer or a contact beside answers about being contacted.
    StandingFact {
        /// The customer died.
        Deceased = "deceased",
        /// The customer is barred, or asked to be forgotten: for good, by whatever way.
        Blocked = "blocked",
        /// The customer is not of age.
        Minor = "minor",
        /// A lawyer or a court is concerned.
        Legal = "legal",
        /// The row's addresses reach nobody.
        DeadEmail = "dead_email",
        /// The row's numbers reach nobody.
        DeadPhone = "dead_phone",
    }
}

/// Answers about being contacted, at all and by channel, and facts that stand against it; two bytes, as every row keeps one
/// and most cells of such a column do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Two bits a place of [`GivenConsents::all`]: 0 nothing, 1 yes, 2 unknown, 3 no; the larger one is the stricter.
    answers: u8,
    /// A bit a [`StandingFact`].
    facts: u8,
}

impl Standing {
    /// Nothing is said.
    pub const NOTHING: Standing = Standing { answers: 0, facts: 0 };

    /// An answer about messages of any kind.
    pub const fn of_any(consent: Consent) -> Self {
        Self::NOTHING.with_answer(0, consent)
    }

    /// An answer about a channel.
    pub const fn of_channel(channel: Channel, consent: Consent) -> Self {
        Self::NOTHING.with_answer(GivenConsents::place(channel), consent)
    }

    /// A fact alone.
    pub const fn of_fact(fact: StandingFact) -> Self {
        Standing { answers: 0, facts: 1 << fact as u8 }
    }

    const fn with_answer(self, place: usize, consent: Consent) -> Self {
        let bits = match consent {
            Consent::Yes => 1,
            Consent::Unknown => 2,
            Consent::No => 3,
        };
        Standing { answers: self.answers & !(3 << (2 * place)) | bits << (2 * place), facts: self.facts }
    }

    /// Both together: of two answers to one question the stricter one counts, and a written answer that nobody understands is
    /// stricter than a yes beside it.
    #[must_use]
    pub const fn and(self, other: Standing) -> Self {
        let mut answers = 0;
        let mut place = 0;
        while place < 4 {
            let (one, two) = (self.answers >> (2 * place) & 3, other.answers >> (2 * place) & 3);
            answers |= (if one > two { one } else { two }) << (2 * place);
            place += 1;
        }
        Standing { answers, facts: self.facts | other.facts }
    }

    /// Whether nothing is said.
    pub const fn is_nothing(self) -> bool {
        self.answers == 0 && self.facts == 0
    }

    /// Whether a fact is said.
    pub const fn says(self, fact: StandingFact) -> bool {
        self.facts & 1 << fact as u8 != 0
    }

    /// Whether all contacts of a kind in its row reach nobody.
    pub const fn says_dead(self, kind: ContactKind) -> bool {
        match kind {
            ContactKind::Email => self.says(StandingFact::DeadEmail),
            ContactKind::Phone => self.says(StandingFact::DeadPhone),
        }
    }

    /// The answers.
    pub fn consents(self) -> GivenConsents {
        [0, 1, 2, 3].map(|place| self.at(place)).into()
    }

    const fn at(self, place: usize) -> Option<Consent> {
        match self.answers >> (2 * place) & 3 {
            0 => None,
            1 => Some(Consent::Yes),
            2 => Some(Consent::Unknown),
            _ => Some(Consent::No),
        }
    }

    /// Whether a channel is refused, by itself or with all others.
    pub const fn refuses(self, channel: Channel) -> bool {
        matches!(self.at(GivenConsents::place(channel)), Some(Consent::No)) || self.refuses_all()
    }

    /// Whether messages of any kind are refused.
    pub const fn refuses_all(self) -> bool {
        matches!(self.at(0), Some(Consent::No))
    }

    /// The strictest of its answers, whatever they are about.
    pub fn strictest(self) -> Option<Consent> {
        (0..4).filter_map(|place| self.at(place)).min()
    }

    /// Whether anything in it keeps the customer, or a contact, from being asked.
    pub fn holds(self) -> bool {
        self.facts != 0 || self.strictest() == Some(Consent::No)
    }
}

/// A day that may not be known, in four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidDay(i32);

impl SaidDay {
    /// No day is said.
    pub const NONE: SaidDay = SaidDay(i32::MIN);

    /// The day, where one is said.
    pub const fn get(self) -> Option<Day> {
        if self.0 == i32::MIN { None } else { Some(Day::new(self.0)) }
    }

    /// The later of two.
    #[must_use]
    pub fn later(self, other: SaidDay) -> Self {
        SaidDay(self.0.max(other.0))
    }
}

impl Default for SaidDay {
    fn default() -> Self {
        SaidDay::NONE
    }
}

impl From<Option<Day>> for SaidDay {
    fn from(day: Option<Day>) -> Self {
        day.map_or(SaidDay::NONE, |day| SaidDay(day.get()))
    }
}

/// A cell that stands against contacting its customer, as a person would have to be shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalSource {
    /// The header of its column.
    pub header: String,
    /// The cell, in normal form.
    pub text: String,
    /// The day that it names.
    pub day: Option<Day>,
}

words! {
    /// What the people of a list are.
    ListRole {
        /// Customers, who may be asked.
        Customers = "customers",
        /// People who took themselves off: a refusal each, and nobody to be asked.
        Unsubscribed = "unsubscribed",
        /// Addresses that came back: dead, and nobody to be asked.
        Bounced = "bounced",
    }
}

impl ListRole {
    /// What being in such a list says of everybody in it.
    pub const fn standing(self) -> Standing {
        match self {
            ListRole::Customers => Standing::NOTHING,
            ListRole::Unsubscribed => Standing::of_any(Consent::No),
            ListRole::Bounced => Standing::of_fact(StandingFact::DeadEmail),
        }
    }
}

/// What a list says of consent as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListStanding {
    /// The list's file.
    pub list: String,
    /// Which questions of [`GivenConsents::all`] it has a column for.
    pub stated: [bool; 4],
    /// What looks as if it mattered and was not understood.
    pub unread: Vec<Unread>,
}

/// Something that looks as if it said whether somebody may be contacted, and that nobody understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// What it is.
    #[serde(default)]
    pub what: UnreadWhat,
    /// Its header, text or name; empty where it is the name of the file.
    pub header: String,
    /// The option that says that it matters.
    pub matters: String,
    /// The option that says that it means nothing of the kind.
    pub nothing: String,
}

/// What was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreadWhat {
    /// A column.
    #[default]
    Column,
    /// The name of the file.
    File,
    /// A title or a line among the rows that is no row itself.
    Line,
    /// A sheet of the workbook that was not read.
    Sheet,
}

impl Unread {
    /// A column.
    pub fn column(header: &str) -> Self {
        Unread {
            what: UnreadWhat::Column,
            header: header.to_owned(),
            matters: format!("--map '{}={header}'", Field::DoNotContact),
            nothing: format!("--map 'none={header}'"),
        }
    }

    /// A file whose name says that its people are no customers to be asked.
    pub fn file(role: ListRole) -> Self {
        Unread { what: UnreadWhat::File, ..Unread::line("", role) }
    }

    /// A title or a line among the rows, told with its place, that says so of those below it.
    pub fn line(told: &str, role: ListRole) -> Self {
        let option = |role: ListRole| format!("--as {role}");
        Unread {
            what: UnreadWhat::Line,
            header: told.to_owned(),
            matters: option(role),
            nothing: option(ListRole::Customers),
        }
    }

    /// A sheet that was not read and whose name or title says so of its people.
    pub fn sheet(name: &str, role: ListRole) -> Self {
        let matters = format!("--sheet '{name}' --as {role}");
        Unread { what: UnreadWhat::Sheet, matters, ..Unread::line(name, role) }
    }
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Unread { what, header, matters, nothing } = self;
        match what {
            UnreadWhat::File => write!(
                f,
                "the file's name says that its people are not to be asked: give {matters} if that is so, {nothing} if not"
            ),
            UnreadWhat::Column => write!(
                f,
                "column \"{header}\" looks as if it said whether somebody may be contacted, and is not understood: give \
                 {matters} if it holds refusals, --map '{}={header}' (or consent_sms, consent_email, consent_call) if it holds permissions, \
                 {nothing} if it means nothing of the kind",
                Field::Consent
            ),
            UnreadWhat::Line => write!(
                f,
                "{header} is no row, and looks as if people of this list were not to be asked: put those into a file of their \
                 own and clean it with {matters}; {nothing} says that all who are left may be asked"
            ),
            UnreadWhat::Sheet => write!(
                f,
                "sheet \"{header}\" is not read, and its name or title says that its people are not to be asked: clean it, too, with \
                 {matters}; {nothing} says that all of this sheet may be asked"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_answer_counts_and_facts_add_up() {
        use Consent::{No, Unknown, Yes};
        let sms = |consent| Standing::of_channel(Channel::Sms, consent);
        assert_eq!(sms(Yes).and(sms(No)), sms(No));
        assert_eq!(sms(Unknown).and(sms(Yes)).consents().sms, Some(Unknown));
        let all = sms(Yes).and(Standing::of_any(No)).and(Standing::of_fact(StandingFact::Minor));
        assert!(all.refuses(Channel::Call) && all.refuses_all() && all.says(StandingFact::Minor) && all.holds());
        assert_eq!((all.consents().sms, all.consents().email), (Some(Yes), None));
        assert!(Standing::NOTHING.is_nothing() && !sms(Yes).holds());
    }

    #[test]
    fn a_day_that_is_not_known_is_earlier_than_any() {
        let day = SaidDay::from(Some(Day::new(-3)));
        assert_eq!(SaidDay::NONE.later(day).get(), Some(Day::new(-3)));
        assert_eq!(SaidDay::default().get(), None);
    }
}
