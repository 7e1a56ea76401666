//! What lists say of contacting people as wholes: what they state, what of it was not understood, and lists of refusals.

use jiff::Timestamp;

use super::cleaned::Cleaned;
use super::person::stated_by_columns;
use crate::finding::Code;
use crate::meaning::NoteReader;
use crate::pipeline::{RunError, Setup};
use crate::record::{
    CheckedList, ContactKind, CustomerId, ListRole, ListStanding, Standing, StandingFact, Suppressed, Suppression,
    SuppressionReason, SuppressionScope, Unread,
};
use crate::rule::StandingWords;
use crate::validate::ListFindings;

/// What each list says of contacting its people as a whole, with what was found across its rows.
///
/// # Errors
/// When a rule file is not of its form.
pub(super) fn of_lists<'c>(
    lists: impl Iterator<Item = (&'c CheckedList, &'c ListFindings)>,
    setup: &Setup,
) -> Result<Vec<ListStanding>, RunError> {
    let words = StandingWords::load(&setup.context.files)?;
    let notes = NoteReader::load(&setup.context.files)?;
    Ok(lists.map(|(list, findings)| list_standing(list, findings, &words, &notes)).collect())
}

fn list_standing(
    list: &CheckedList,
    findings: &ListFindings,
    words: &StandingWords,
    notes: &NoteReader,
) -> ListStanding {
    let stated = stated_by_columns(list);
    // A column that is empty says nothing.
    let statements = findings.statements().iter().filter(|statement| statement.code == Code::ConsentUnreadColumn);
    let headers = statements.filter_map(|statement| statement.column.map(|column| list.mapping.header(column)));
    let mut unread: Vec<Unread> = headers.map(Unread::column).collect();
    if list.role.is_none() {
        unread.extend(words.role(&list.file).map(Unread::file));
        unread.extend(lines_about_refusals(list, words, notes));
    }
    ListStanding { list: list.file.clone(), stated, unread }
}

/// Titles, lines among the rows and sheets that say that those below or on them are not to be asked.
fn lines_about_refusals(list: &CheckedList, words: &StandingWords, notes: &NoteReader) -> Vec<Unread> {
    /// A table that was set aside may have such a word in every line.
    const NAMED: usize = 3;
    const SHOWN: usize = 60;
    let told = |place: &str, text: &str| {
        let words: Vec<&str> =
            text.split(|letter: char| letter.is_whitespace() || ",;|\t\"".contains(letter)).collect();
        let text = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let shown: String = text.chars().take(SHOWN).collect();
        let more = if shown.len() < text.len() { "…" } else { "" };
        format!("{place} (\"{shown}{more}\")")
    };
    // What notes of staff say so in counts for a title as well.
    let is_refusal = |said: Standing| said.refuses_all() || said.says(StandingFact::Deceased);
    let role = |text: &str| {
        let in_words = || is_refusal(notes.read(text).standing).then_some(ListRole::Unsubscribed);
        words.role_below(text).or_else(in_words)
    };
    let titles = list.titles.iter().filter_map(|title| Some(Unread::line(&told("the title", title), role(title)?)));
    let own = list.sheet.iter().filter_map(|sheet| Some(Unread::line(&told("the sheet's name", sheet), role(sheet)?)));
    let is_line = |code: Code| matches!(code, Code::RowTextLine | Code::RowOtherTable | Code::RowDescription);
    let lines = list.quarantined.iter().filter(|record| is_line(record.code)).filter_map(|record| {
        Some(Unread::line(&told(&format!("line {}", record.line), &record.raw), role(&record.raw)?))
    });
    let others = list.other_sheets.iter().filter_map(|sheet| {
        let said = std::iter::once(&sheet.name).chain(&sheet.titles).find_map(|text| role(text))?;
        Some(Unread::sheet(&sheet.name, said))
    });
    titles.chain(own).chain(lines.take(NAMED)).chain(others).collect()
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
