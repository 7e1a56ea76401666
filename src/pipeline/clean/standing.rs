//! What lists say of contacting people as wholes: what they state, what of it was not understood, and lists of refusals.

use jiff::Timestamp;

use super::cleaned::{Cleaned, CleanedList};
use super::person::stated_by_columns;
use crate::finding::Code;
use crate::pipeline::{RunError, Setup};
use crate::record::{
    ContactKind, CustomerId, ListRole, ListStanding, Suppressed, Suppression, SuppressionReason, SuppressionScope,
    Unread,
};
use crate::rule::StandingWords;

/// What each list says of consent as a whole.
///
/// # Errors
/// When a rule file is not of its form.
pub fn unread(cleaned: &Cleaned<'_>, setup: &Setup) -> Result<Vec<ListStanding>, RunError> {
    let words = StandingWords::load(&setup.context.files)?;
    Ok(cleaned.lists().map(|list| list_standing(list, &words)).collect())
}

fn list_standing(list: CleanedList<'_>, words: &StandingWords) -> ListStanding {
    let CleanedList { checked: list, findings, .. } = list;
    let stated = stated_by_columns(list);
    // A column that is empty says nothing.
    let statements = findings.statements().iter().filter(|statement| statement.code == Code::ConsentUnreadColumn);
    let headers = statements.filter_map(|statement| statement.column.map(|column| list.mapping.header(column)));
    let mut unread: Vec<Unread> = headers.map(Unread::column).collect();
    unread.extend(words.role(&list.file).filter(|_| list.role.is_none()).map(Unread::file));
    ListStanding { list: list.file.clone(), stated, unread }
}

/// What lists of refusals and of dead addresses add to the suppression list: an entry that says everything but which contacts,
/// and their keys.
pub fn refusals_of_lists(
    cleaned: &Cleaned<'_>,
    setup: &Setup,
    at: Timestamp,
) -> Vec<(Suppression, Vec<(ContactKind, String)>)> {
    let mut entries = Vec::new();
    for list in cleaned.rows.lists() {
        let (reason, scope, kinds): (_, _, &[ContactKind]) = match list.role {
            Some(ListRole::Unsubscribed) => {
                (SuppressionReason::OptOut, SuppressionScope::All, &[ContactKind::Email, ContactKind::Phone])
            }
            Some(ListRole::Bounced) => {
                (SuppressionReason::Disconnected, SuppressionScope::Email, &[ContactKind::Email])
            }
            Some(ListRole::Customers) | None => continue,
        };
        let mut contacts = Vec::new();
        for kind in kinds {
            for block in &list.blocks {
                let batch = block.checked.standard();
                for (_, column) in batch.contacts_of(*kind) {
                    let values = (0..batch.len()).flat_map(|row| column.values(row));
                    contacts.extend(values.map(|value| (*kind, setup.keys.key(*kind, value))));
                }
            }
        }
        contacts.retain(|(_, key)| !key.is_empty());
        contacts.sort();
        contacts.dedup();
        // Which contact it is of is said for each.
        let any = Suppressed::Customer(CustomerId(0));
        let entry = Suppression { scope, ..Suppression::new(any, reason, &list.file, at.to_string()) };
        entries.push((entry, contacts));
    }
    entries
}
