//! Call lists: for a spreadsheet that callers fill in, for a dialler, and as vCards.

mod vcard;
mod workbook;

use std::io::{self, Write};

use super::caller::fields;
use super::csv_text::{BOM, guarded, push_line};
use crate::outreach::{local_time, with_offset};
use crate::record::{ContactKind, CustomerProfile, Field};
use crate::rule::{OutreachRules, Words};
use crate::store::{Call, ProfilesFile, StoreError};

pub use vcard::write_call_vcards;
pub use workbook::write_call_workbook;

/// A call with what a caller needs to know.
#[derive(Debug, Clone, PartialEq)]
pub struct CallLine {
    /// The planned call.
    pub call: Call,
    /// Family name.
    pub last_name: String,
    /// The address that is known.
    pub email: String,
    /// A number that is known beside the one that is called.
    pub other_phone: String,
    /// From when on, in the customer's time.
    pub not_before: String,
}

/// Columns of the list: the name in files for programs, and the key of the title in lists for people. The last nine are
/// for the caller to fill in.
const COLUMNS: [(&str, &str); 22] = [
    ("call", "call.column.call"),
    ("customer", "call.column.customer"),
    ("key", "call.column.key"),
    ("first_name", "call.column.first_name"),
    ("last_name", "call.column.last_name"),
    ("phone", "call.column.dial"),
    ("dial", "call.column.link"),
    ("language", "call.column.language"),
    ("not_before", "call.column.not_before"),
    ("to_verify", "call.column.to_verify"),
    ("known_email", "call.column.known_email"),
    ("known_phone", "call.column.known_phone"),
    ("script", "call.column.script"),
    ("outcome", "call.column.outcome"),
    ("new_first_name", "call.column.new_first_name"),
    ("new_last_name", "call.column.new_last_name"),
    ("new_phone", "call.column.new_phone"),
    ("new_email", "call.column.new_email"),
    ("new_address", "call.column.new_address"),
    ("called_at", "call.column.at"),
    ("call_again_on", "call.column.again_on"),
    ("note", "call.column.note"),
];
/// Where the link to dial stands.
const DIAL: usize = 6;
/// Where the outcome is written.
const OUTCOME: usize = 13;

/// Adds what is known of the customers, and what time it is where they live.
///
/// # Errors
/// When the customers can't be read.
pub fn call_lines(
    calls: &[Call],
    profiles: Option<&ProfilesFile>,
    rules: &OutreachRules,
) -> Result<Vec<CallLine>, StoreError> {
    calls
        .iter()
        .map(|call| {
            let profile = profiles.map(|profiles| profiles.by_id(call.customer)).transpose()?.flatten();
            Ok(CallLine::new(call.clone(), profile.as_ref(), rules))
        })
        .collect()
}

impl CallLine {
    fn new(call: Call, profile: Option<&CustomerProfile>, rules: &OutreachRules) -> Self {
        let email = profile.and_then(|profile| profile.first(ContactKind::Email));
        let mut phones = profile.into_iter().flat_map(|profile| &profile.contacts);
        let other = phones.find(|contact| contact.kind == ContactKind::Phone && contact.key != call.recipient_key);
        CallLine {
            last_name: profile.map(|profile| profile.last_name.clone()).unwrap_or_default(),
            email: email.map(|contact| contact.value.clone()).unwrap_or_default(),
            other_phone: other.map(|contact| contact.value.clone()).unwrap_or_default(),
            not_before: local(&call, rules),
            // Who is not greeted by name in writing has a name for a caller.
            call: match profile {
                Some(profile) if call.first_name.is_empty() => Call { first_name: profile.first_name.clone(), ..call },
                _ => call,
            },
        }
    }

    /// What stands in the columns before those to fill in.
    fn cells(&self, to_verify: String) -> [String; OUTCOME] {
        let call = &self.call;
        [
            call.id.to_string(),
            call.customer.to_string(),
            call.row_key.clone(),
            call.first_name.clone(),
            self.last_name.clone(),
            call.recipient.clone(),
            format!("tel:{}", call.recipient),
            call.language.clone(),
            self.not_before.clone(),
            to_verify,
            self.email.clone(),
            self.other_phone.clone(),
            call.script.clone(),
        ]
    }
}

/// The moment in the customer's time, with its offset.
fn local(call: &Call, rules: &OutreachRules) -> String {
    match call.due_at.parse() {
        Ok(at) => with_offset(&local_time(at, rules, &call.country, ContactKind::Phone, &call.recipient)),
        Err(_) => call.due_at.clone(),
    }
}

/// Writes the list as CSV, for diallers and for spreadsheets that are not Excel: names of columns and fields that do not
/// change with the language, a byte order mark, and no cell that runs as a formula.
///
/// # Errors
/// When the output can't be written.
pub fn write_call_csv(lines: &[CallLine], out: &mut dyn Write) -> io::Result<()> {
    let mut text = BOM.to_vec();
    push_line(&mut text, COLUMNS.iter().map(|(name, _)| *name));
    for line in lines {
        let cells = line.cells(Field::joined(&line.call.to_verify));
        let cells: Vec<_> = cells.iter().map(|cell| guarded(cell)).collect();
        let empty = std::iter::repeat_n("", COLUMNS.len() - OUTCOME);
        push_line(&mut text, cells.iter().map(|cell| &**cell).chain(empty));
    }
    out.write_all(&text)?;
    out.flush()
}

/// What there is to verify, in words.
fn to_verify(line: &CallLine, words: &Words) -> String {
    fields(&line.call.to_verify, words)
}

#[cfg(test)]
mod tests;
