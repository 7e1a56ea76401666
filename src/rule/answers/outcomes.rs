//! `rules/outreach/outcomes.toml`: what callers write on a list, and the columns of lists and receipts.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use crate::record::Outcome;
use crate::rule::{RuleError, RuleFiles, Words};
use crate::text::folded;

const NAME: &str = "outreach/outcomes.toml";

macro_rules! columns {
    ($(#[doc = $about:literal])* $name:ident { $($variant:ident,)+ }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum $name { $($variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];
        }
    };
}

columns! {
    /// Columns of a filled call list that are read; the last five hold new values.
    CallColumn { Call, Customer, Outcome, Note, At, AgainOn, FirstName, LastName, Phone, Email, Address, }
}

columns! {
    /// Columns of a file of receipts.
    ReceiptColumn { GatewayId, Status, Code, At, }
}

columns! {
    /// Columns of a file of messages that customers wrote.
    MessageColumn { From, Text, Id, At, Channel, Direction, }
}

impl CallColumn {
    /// The field that a column of new values is about.
    pub const fn field(self) -> Option<&'static str> {
        match self {
            CallColumn::FirstName => Some("first_name"),
            CallColumn::LastName => Some("last_name"),
            CallColumn::Phone => Some("phone"),
            CallColumn::Email => Some("email"),
            CallColumn::Address => Some("address"),
            CallColumn::Call | CallColumn::Customer | CallColumn::Outcome | CallColumn::Note => None,
            CallColumn::At | CallColumn::AgainOn => None,
        }
    }

    /// The key of its title in `rules/words`.
    pub const fn title(self) -> &'static str {
        match self {
            CallColumn::Call => "call.column.call",
            CallColumn::Customer => "call.column.customer",
            CallColumn::Outcome => "call.column.outcome",
            CallColumn::Note => "call.column.note",
            CallColumn::At => "call.column.at",
            CallColumn::AgainOn => "call.column.again_on",
            CallColumn::FirstName => "call.column.new_first_name",
            CallColumn::LastName => "call.column.new_last_name",
            CallColumn::Phone => "call.column.new_phone",
            CallColumn::Email => "call.column.new_email",
            CallColumn::Address => "call.column.new_address",
        }
    }
}

/// The key of an outcome's title in `rules/words`; with `.why` behind it, of its explanation.
pub fn outcome_title(outcome: Outcome) -> String {
    format!("call.outcome.{outcome}")
}

/// Words of outcomes and headers, folded.
#[derive(Debug, Clone)]
pub struct OutcomeWords {
    outcomes: HashMap<String, Outcome>,
    columns: HashMap<String, CallColumn>,
    receipts: HashMap<String, ReceiptColumn>,
    messages: HashMap<String, MessageColumn>,
    outgoing: HashSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    outcomes: BTreeMap<Outcome, Vec<String>>,
    columns: BTreeMap<CallColumn, Vec<String>>,
    receipts: BTreeMap<ReceiptColumn, Vec<String>>,
    #[serde(default)]
    messages: BTreeMap<MessageColumn, Vec<String>>,
    #[serde(default)]
    outgoing: Outgoing,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Outgoing {
    words: Vec<String>,
}

impl OutcomeWords {
    /// Outcomes that a caller can choose, in the order in which lists offer them.
    pub const CHOICES: [Outcome; 9] = [
        Outcome::Confirmed,
        Outcome::Updated,
        Outcome::NoAnswer,
        Outcome::Callback,
        Outcome::WrongPerson,
        Outcome::Disconnected,
        Outcome::Refused,
        Outcome::Deceased,
        Outcome::Other,
    ];

    /// Reads the file and the titles of every language.
    ///
    /// # Errors
    /// When it is not of its form, or a word means two things.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let file: File = files.parse(NAME)?;
        let mut words = OutcomeWords {
            outcomes: HashMap::new(),
            columns: HashMap::new(),
            receipts: HashMap::new(),
            messages: HashMap::new(),
            outgoing: file.outgoing.words.iter().map(|word| folded(word)).collect(),
        };
        for (outcome, list) in file.outcomes {
            words.outcome(outcome.as_str(), outcome)?;
            for word in list {
                words.outcome(&word, outcome)?;
            }
        }
        for (column, list) in &file.columns {
            list.iter().try_for_each(|word| keep(&mut words.columns, word, *column))?;
        }
        for (column, list) in &file.receipts {
            list.iter().try_for_each(|word| keep(&mut words.receipts, word, *column))?;
        }
        for (column, list) in &file.messages {
            list.iter().try_for_each(|word| keep(&mut words.messages, word, *column))?;
        }
        for language in Words::languages(files) {
            let titles = Words::load(files, &language)?;
            for outcome in Self::CHOICES {
                words.outcome(titles.say(&outcome_title(outcome)), outcome)?;
            }
            for column in CallColumn::ALL {
                keep(&mut words.columns, titles.say(column.title()), *column)?;
            }
        }
        Ok(words)
    }

    /// The outcome that a cell names.
    pub fn read(&self, cell: &str) -> Option<Outcome> {
        self.outcomes.get(&folded(cell)).copied()
    }

    /// What a header of a call list is.
    pub fn column(&self, header: &str) -> Option<CallColumn> {
        self.columns.get(&folded(header)).copied()
    }

    /// What a header of a file of receipts is.
    pub fn receipt_column(&self, header: &str) -> Option<ReceiptColumn> {
        self.receipts.get(&folded(header)).copied()
    }

    /// What a header of a file of messages is.
    pub fn message_column(&self, header: &str) -> Option<MessageColumn> {
        self.messages.get(&folded(header)).copied()
    }

    /// Whether a cell of a column of directions says that a message is the club's own.
    pub fn is_outgoing(&self, cell: &str) -> bool {
        self.outgoing.contains(&folded(cell))
    }

    fn outcome(&mut self, word: &str, outcome: Outcome) -> Result<(), RuleError> {
        keep(&mut self.outcomes, word, outcome)
    }
}

fn keep<V: Copy + PartialEq>(words: &mut HashMap<String, V>, word: &str, value: V) -> Result<(), RuleError> {
    match words.insert(folded(word), value) {
        Some(other) if other != value => {
            let message = format!("`{word}` means two things");
            Err(RuleError::Meaning { path: NAME.to_owned(), message })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_read_in_four_languages_and_as_they_are_written_on_our_own_lists() {
        let files = RuleFiles::embedded();
        let words = OutcomeWords::load(&files).expect("the shipped rules are of their form");
        for (cell, outcome) in [
            ("Confirmed", Outcome::Confirmed),
            ("  אין מענה. ", Outcome::NoAnswer),
            ("no-answer", Outcome::NoAnswer),
            ("no_answer", Outcome::NoAnswer),
            ("נפטרה", Outcome::Deceased),
            ("отказался", Outcome::Refused),
            ("رقم خاطئ", Outcome::WrongPerson),
        ] {
            assert_eq!(words.read(cell), Some(outcome), "{cell}");
        }
        assert_eq!(words.read("maybe"), None);
        assert_eq!(words.read(""), None);
        for language in Words::languages(&files) {
            let titles = Words::load(&files, &language).expect("loads");
            for outcome in OutcomeWords::CHOICES {
                assert!(titles.has(&format!("{}.why", outcome_title(outcome))), "{language} {outcome}");
            }
            for column in CallColumn::ALL {
                assert!(titles.has(column.title()), "{language} {column:?}");
            }
        }
    }
}
