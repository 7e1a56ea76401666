//! The people of the matrix, their lists of two years, and how the refusal of each comes in the first one.

use std::fmt::Write as _;

/// How a refusal came in the first year, as `fixtures/refusals/persons.md` names it, and what it closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    None,
    Column,
    Note,
    Status,
    SmsStop,
    MailStop,
    CallRefused,
    CallDeceased,
    GatewayRefuses,
    SuppressNumber,
    SuppressFile,
    SuppressKey,
    EventOptout,
    WrongPerson,
    Disconnected,
}

impl Way {
    pub(super) const ALL: [Way; 15] = [
        Way::None,
        Way::Column,
        Way::Note,
        Way::Status,
        Way::SmsStop,
        Way::MailStop,
        Way::CallRefused,
        Way::CallDeceased,
        Way::GatewayRefuses,
        Way::SuppressNumber,
        Way::SuppressFile,
        Way::SuppressKey,
        Way::EventOptout,
        Way::WrongPerson,
        Way::Disconnected,
    ];

    /// Whether it closes the person and not a number alone.
    pub(super) const fn holds_person(self) -> bool {
        !matches!(self, Way::None | Way::WrongPerson | Way::Disconnected)
    }

    /// The reason that `held_back.csv` gives.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Way::Status | Way::CallDeceased => "deceased",
            _ => "opt_out",
        }
    }

    pub(super) const fn is_call(self) -> bool {
        matches!(self, Way::CallRefused | Way::CallDeceased | Way::WrongPerson | Way::Disconnected)
    }
}

/// What the list of the second year has of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    Same,
    NewNumber,
    NewEmail,
    NewBoth,
    NewId,
    Merged,
    NewSurname,
    NoNumber,
    SurnameAndNumber,
    SurnameAndBoth,
    IdAndEmail,
    /// The row is as it was; another list has the person too, by another key and another number.
    TwoLists,
}

impl Change {
    pub(super) const ALL: [Change; 12] = [
        Change::Same,
        Change::NewNumber,
        Change::NewEmail,
        Change::NewBoth,
        Change::NewId,
        Change::Merged,
        Change::NewSurname,
        Change::NoNumber,
        Change::SurnameAndNumber,
        Change::SurnameAndBoth,
        Change::IdAndEmail,
        Change::TwoLists,
    ];

    const fn has_new_number(self) -> bool {
        use Change::{NewBoth, NewId, NewNumber, SurnameAndBoth, SurnameAndNumber};
        matches!(self, NewNumber | NewBoth | NewId | SurnameAndNumber | SurnameAndBoth)
    }

    const fn has_new_email(self) -> bool {
        matches!(self, Change::NewEmail | Change::NewBoth | Change::SurnameAndBoth | Change::IdAndEmail)
    }

    const fn has_new_surname(self) -> bool {
        matches!(self, Change::NewSurname | Change::SurnameAndNumber | Change::SurnameAndBoth)
    }

    const fn has_new_key(self) -> bool {
        matches!(self, Change::NewId | Change::IdAndEmail)
    }
}

/// A cell of the matrix is a person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) way: Way,
    pub(super) change: Change,
    pub(super) index: usize,
}

const FIRST: [&str; 20] = [
    "Dana", "Yossi", "Michael", "Rachel", "Igor", "Tamar", "Nathan", "Olga", "Samir", "Leila", "Victor", "Hanna",
    "Boris", "Miriam", "Eitan", "Zohar", "Fatima", "Walter", "Pnina", "Quentin",
];
const LAST: [&str; 10] =
    ["Levi", "Mizrahi", "Peretz", "Biton", "Abramov", "Friedman", "Goldstein", "Haddad", "Shapira", "Kuznetsov"];
const OTHER_LAST: [&str; 10] = ["Weiss", "Cohen", "Navon", "Tzur", "Yavin", "Oren", "Rosen", "Dayan", "Katz", "Vardi"];

impl Person {
    /// Everybody of the matrix.
    pub(super) fn all() -> Vec<Person> {
        let cells = Way::ALL.into_iter().flat_map(|way| Change::ALL.into_iter().map(move |change| (way, change)));
        cells.enumerate().map(|(index, (way, change))| Person { way, change, index }).collect()
    }

    pub(super) fn first(&self) -> &'static str {
        FIRST[self.index % FIRST.len()]
    }

    pub(super) fn last(&self) -> &'static str {
        LAST[self.index / FIRST.len()]
    }

    /// Eight digits, such as numbers without their zero have.
    pub(super) fn key(&self) -> String {
        (35_240_000 + 7 * self.index).to_string()
    }

    pub(super) fn phone(&self) -> String {
        format!("+97252{:07}", 2_310_000 + 13 * self.index)
    }

    pub(super) fn new_phone(&self) -> String {
        format!("+97254{:07}", 7_650_000 + 17 * self.index)
    }

    pub(super) fn email(&self) -> String {
        format!("{}.{}{}@gmail.com", self.first(), self.last(), 100 + self.index).to_lowercase()
    }

    pub(super) fn new_email(&self) -> String {
        format!("{}{}@walla.co.il", self.last(), 900 - self.index).to_lowercase()
    }

    fn first_row(&self) -> String {
        let cell = |way: Way, text: &'static str| if self.way == way { text } else { "" };
        let channel = if self.way.is_call() { "call" } else { "sms" };
        format!(
            "{},{},{},{},{},{channel},{},{},{}\n",
            self.key(),
            self.first(),
            self.last(),
            local(&self.phone()),
            self.email(),
            cell(Way::Column, "yes"),
            cell(Way::Note, "do not contact"),
            if self.way == Way::Status { "deceased" } else { "active" },
        )
    }

    /// The rows of the second year's list.
    fn second_rows(&self) -> String {
        let key = if self.change.has_new_key() { (58_120_000 + 11 * self.index).to_string() } else { self.key() };
        let last = if self.change.has_new_surname() { OTHER_LAST[self.index / FIRST.len()] } else { self.last() };
        let phone = match self.change {
            Change::NoNumber => String::new(),
            change if change.has_new_number() => local(&self.new_phone()),
            _ => local(&self.phone()),
        };
        let email = if self.change.has_new_email() { self.new_email() } else { self.email() };
        let mut rows = format!("{key},{},{last},{phone},{email}\n", self.first());
        if self.change == Change::Merged {
            let _ = writeln!(rows, "{}", self.second_appearance());
        }
        rows
    }

    /// Another row of the same person: another key and another number, the address is the same.
    fn second_appearance(&self) -> String {
        let key = 58_120_000 + 11 * self.index;
        format!("{key},{},{},{},{}", self.first(), self.last(), local(&self.new_phone()), self.email())
    }
}

/// A number as a list writes it.
pub(super) fn local(phone: &str) -> String {
    format!("0{}-{}", &phone[4..6], &phone[6..])
}

/// The list of the first year, with its column, notes and statuses.
pub(super) fn first_list(people: &[Person]) -> String {
    let head = "Member No,First name,Last name,Mobile,Email,Preferred channel,Do not contact,Notes,Status\n";
    people.iter().fold(head.to_owned(), |list, person| list + &person.first_row())
}

/// The list of the second year, from another program: names and contacts alone.
pub(super) fn second_list(people: &[Person]) -> String {
    let head = "Membership number,Given name,Surname,Cell phone,E-mail\n";
    people.iter().fold(head.to_owned(), |list, person| list + &person.second_rows())
}

/// Another list of the second year that has some of them too.
pub(super) fn other_list(people: &[Person]) -> String {
    let head = "Membership number,Given name,Surname,Cell phone,E-mail\n";
    let some = people.iter().filter(|person| person.change == Change::TwoLists);
    some.fold(head.to_owned(), |list, person| list + &person.second_appearance() + "\n")
}
