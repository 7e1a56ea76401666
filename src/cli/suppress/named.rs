//! Whom a command line names: a number, an address, or a customer.

use crate::cli::failure::Failure;
use crate::error::Explain;
use crate::person::are_one_person;
use crate::pipeline::{ContactReader, NamedContact, Setup};
use crate::record::{ContactKind, CustomerId, CustomerProfile, Suppressed, SuppressionReason, Verdict};
use crate::store::{ProfilesFile, Store, StoreError};
use crate::text::digit::digit_of;

/// What a word of the command line names.
pub(super) enum Named {
    /// A number or an address, with the customers who have it.
    Contact(NamedContact, Vec<CustomerProfile>),
    /// A customer; without a profile where the newest run does not have it.
    Customer(CustomerId, Option<Box<CustomerProfile>>),
}

impl Named {
    pub(super) fn what(&self) -> Suppressed {
        match self {
            Named::Contact(contact, _) => Suppressed::Contact(contact.kind, contact.key.clone()),
            Named::Customer(id, _) => Suppressed::Customer(*id),
        }
    }

    /// The contacts of a customer.
    pub(super) fn contacts(&self) -> Vec<(ContactKind, String)> {
        match self {
            Named::Customer(_, Some(profile)) => {
                profile.contacts.iter().map(|contact| (contact.kind, contact.key.clone())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A line about the customers behind it, for the person who adds it.
    pub(super) fn whom_it_holds(&self, reason: SuppressionReason) -> String {
        match self {
            Named::Customer(..) => String::new(),
            Named::Contact(_, holders) if holders.is_empty() => "  no customer of the newest run has it\n".to_owned(),
            Named::Contact(_, holders) => {
                let names: Vec<String> = holders.iter().map(|profile| profile.id.to_string()).collect();
                let names = names.join(", ");
                if !reason.concerns_person() {
                    format!("  customers who have it: {names}\n")
                } else if are_one_person(holders) {
                    format!("  holds the person on every channel of the scope: {names}\n")
                } else {
                    format!(
                        "  different people have it ({names}), so it is held alone; where one of them refused, name that \
                         one: tiuv suppress add CUSTOMER\n"
                    )
                }
            }
        }
    }
}

/// What each word names.
pub(super) fn all(store: &Store, setup: &Setup, words: &[String]) -> Result<Vec<Named>, Failure> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let naming = Naming { reader: ContactReader::new(setup)?, runs: store.sound_profiles(MOST_RUNS)? };
    words.iter().enumerate().map(|(index, word)| naming.one(index + 1, word)).collect()
}

/// Runs in which members are looked for who are not in the newest one any more.
const MOST_RUNS: usize = 12;

struct Naming<'a> {
    reader: ContactReader<'a>,
    /// The customers of runs, the newest first.
    runs: Vec<ProfilesFile>,
}

impl Naming<'_> {
    /// A customer first, then a member number, then a number or an address. `place` stands for the word in messages, which hold
    /// nobody's values.
    fn one(&self, place: usize, word: &str) -> Result<Named, Failure> {
        if let Some(id) = CustomerId::parse(word) {
            let profile = self.first(|run| run.by_id(id))?;
            return Ok(Named::Customer(id, profile.map(Box::new)));
        }
        let mut members = self.newest(|run| run.by_row_key(word))?;
        match (members.pop(), members.is_empty()) {
            (Some(profile), true) => return Ok(Named::Customer(profile.id, Some(Box::new(profile)))),
            (Some(_), false) => {
                return Err(Failure::usage(
                    &format!("rows of several customers have the key of argument {place}"),
                    "name the customer as in tiuv_customer (`tiuv lookup` shows it)",
                ));
            }
            (None, _) => {}
        }
        let codes = match self.reader.read(word) {
            Ok(contacts) => {
                let [contact] = <[NamedContact; 1]>::try_from(contacts).map_err(|_| {
                    Failure::usage(
                        &format!("argument {place} holds several numbers or addresses"),
                        "write each one as an argument of its own",
                    )
                })?;
                let holders = self.newest(|run| run.by_contact(contact.kind, &contact.key))?;
                self.check(place, word, &contact, holders.is_empty())?;
                return Ok(Named::Contact(contact, holders));
            }
            Err(codes) => codes,
        };
        let why: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
        let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join(", ")) };
        Err(Failure::usage(
            &format!("argument {place} is no number, address, member number or customer{why}"),
            "write a number or an address as in a list, a member number that a cleaned list has, or a customer as in \
             tiuv_customer",
        ))
    }

    /// What is no number is no entry; nor are bare digits that could be a number only with something before them, and that nobody
    /// has: they are a member number that no list knows.
    fn check(&self, place: usize, word: &str, contact: &NamedContact, is_nobodys: bool) -> Result<(), Failure> {
        if contact.verdict == Verdict::Invalid {
            return Err(Failure::usage(
                &format!(
                    "argument {place} is no valid number or address, and no member number that a cleaned list has"
                ),
                "correct it; nothing was added",
            ));
        }
        let first = word.chars().find_map(digit_of);
        let is_bare = !word.contains('+') && first.is_some_and(|digit| digit != '0');
        if contact.verdict == Verdict::Repaired && is_bare && is_nobodys {
            return Err(Failure::usage(
                &format!("argument {place} is no member number that a cleaned list has, and no whole number"),
                "clean the list that has the member first; a telephone number is written with its zero, or with + and the \
                 country's code",
            ));
        }
        Ok(())
    }

    /// What the newest run says that says anything.
    fn newest(
        &self,
        ask: impl Fn(&ProfilesFile) -> Result<Vec<CustomerProfile>, StoreError>,
    ) -> Result<Vec<CustomerProfile>, Failure> {
        for run in &self.runs {
            let found = match ask(run) {
                // Who refuses is heard whatever else is broken.
                Err(damaged @ StoreError::Damaged { .. }) => {
                    tracing::warn!("{damaged}; nobody is looked for there: {}", damaged.help());
                    continue;
                }
                found => found?,
            };
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    fn first(
        &self,
        ask: impl Fn(&ProfilesFile) -> Result<Option<CustomerProfile>, StoreError>,
    ) -> Result<Option<CustomerProfile>, Failure> {
        Ok(self.newest(|run| Ok(ask(run)?.into_iter().collect()))?.pop())
    }
}
