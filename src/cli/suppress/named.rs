//! Whom a command line names: a number, an address, or a customer.

use crate::cli::failure::Failure;
use crate::outreach::are_one_person;
use crate::pipeline::{ContactReader, NamedContact, Setup};
use crate::record::{ContactKind, CustomerId, CustomerProfile, Suppressed, SuppressionReason};
use crate::store::{ProfilesFile, Store};

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
    let reader = ContactReader::new(setup)?;
    let profiles = store.latest_profiles()?;
    let named = words.iter().enumerate().map(|(index, word)| one(index + 1, word, &reader, profiles.as_ref()));
    named.collect()
}

/// `place` stands for the word in messages, which hold nobody's values.
fn one(
    place: usize,
    word: &str,
    reader: &ContactReader<'_>,
    profiles: Option<&ProfilesFile>,
) -> Result<Named, Failure> {
    if let Some(id) = CustomerId::parse(word) {
        let profile = profiles.map(|profiles| profiles.by_id(id)).transpose()?.flatten();
        return Ok(Named::Customer(id, profile.map(Box::new)));
    }
    let codes = match reader.read(word) {
        Ok(contacts) => {
            let [contact] = <[NamedContact; 1]>::try_from(contacts).map_err(|_| {
                Failure::usage(
                    &format!("argument {place} holds several numbers or addresses"),
                    "write each one as an argument of its own",
                )
            })?;
            let holders = profiles.map(|profiles| profiles.by_contact(contact.kind, &contact.key)).transpose()?;
            return Ok(Named::Contact(contact, holders.unwrap_or_default()));
        }
        Err(codes) => codes,
    };
    let mut found = profiles.map(|profiles| profiles.by_row_key(word)).transpose()?.unwrap_or_default();
    match (found.pop(), found.is_empty()) {
        (Some(profile), true) => Ok(Named::Customer(profile.id, Some(Box::new(profile)))),
        (Some(_), false) => Err(Failure::usage(
            &format!("several rows have the key of argument {place}"),
            "name the customer as in tiuv_customer (`tiuv lookup` shows it)",
        )),
        (None, _) => {
            let why: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
            let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join(", ")) };
            Err(Failure::usage(
                &format!("argument {place} is no number, address or customer{why}"),
                "write a number or an address as in a list, or a customer as in tiuv_customer",
            ))
        }
    }
}
