//! Filled call lists: what each row says, and what follows from it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::given_on_call::GivenReader;
use super::when::When;
use super::{ImportStats, SetAside};
use crate::ingest::List;
use crate::meaning::{NoteReader, OutcomeReader};
use crate::outreach::persons_of;
use crate::pipeline::{ContactReader, RunError, Setup};
use crate::record::{
    Answer, AskedAbout, ColumnIndex, ContactKind, CustomerId, CustomerProfile, EventChannel, Field, NewValue,
    OutboxState, Outcome, RawBatch, StandingFact,
};
use crate::rule::{CallColumn, OutcomeWords};
use crate::store::{ProfilesFile, Recorded, Store};
use crate::text::without_guard;

/// Who brought these answers.
const SOURCE: &str = "call_list";

/// Reads what people wrote.
pub struct AnswerReader<'a> {
    /// Words of outcomes and headers.
    pub words: OutcomeWords,
    outcomes: Arc<OutcomeReader>,
    contacts: ContactReader<'a>,
    given: GivenReader<'a>,
    notes: Arc<NoteReader>,
    pub(super) when: When,
}

impl<'a> AnswerReader<'a> {
    /// Loads the rules; `now` is when rows without a time of their own happened.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(setup: &'a Setup, now: Timestamp) -> Result<Self, RunError> {
        Ok(AnswerReader {
            words: OutcomeWords::load(&setup.context.files)?,
            outcomes: OutcomeReader::load(&setup.context.files)?,
            contacts: ContactReader::new(setup)?,
            given: GivenReader::new(setup)?,
            notes: NoteReader::load(&setup.context.files)?,
            when: When::new(&setup.context, now)?,
        })
    }

    /// The outcome that a cell names: a word of the closed list, else what a caller's own words come to. Words of which no more is
    /// understood than that they refuse, or tell of a death, are a note.
    fn outcome(&self, cell: &str) -> Option<Outcome> {
        let as_note = || self.told_in(cell, Outcome::Other).map(|_| Outcome::Other);
        self.words.read(cell).or_else(|| self.outcomes.read(cell)).or_else(as_note)
    }

    /// A refusal or a death that a note tells of the customer. What stands beside another outcome is the customer's; beside
    /// one that somebody else spoke it is that person's, whose contact is closed anyway.
    fn told_in(&self, note: &str, outcome: Outcome) -> Option<Outcome> {
        if note.is_empty() || matches!(outcome, Outcome::Refused | Outcome::Deceased | Outcome::WrongPerson) {
            return None;
        }
        let said = self.notes.read(note).standing;
        if said.says(StandingFact::Deceased) {
            return Some(Outcome::Deceased);
        }
        said.holds().then_some(Outcome::Refused)
    }
}

/// Takes over a filled call list.
///
/// # Errors
/// When the list can't be read or the workspace can't be written.
pub fn import_calls(
    list: &List,
    reader: &AnswerReader<'_>,
    store: &mut Store,
    profiles: Option<&ProfilesFile>,
    setup: &Setup,
) -> Result<ImportStats, RunError> {
    let mut stats = ImportStats::default();
    // The workspace's files belong to one thread, so rows are gathered first: a call list is not long.
    let (batches, unread) = read_all(list)?;
    stats.set_aside.extend(unread);
    let mut import = Import { reader, store, profiles, header: list.header(), stats };
    for raw in &batches {
        for row in 0..raw.len() {
            import.row(raw, row)?;
        }
        setup.go_on()?;
    }
    import.stats.set_aside.sort_by_key(|one| one.place);
    Ok(import.stats)
}

/// All rows of a list.
pub(super) fn read_all(list: &List) -> Result<(Vec<RawBatch>, Vec<SetAside>), RunError> {
    let (mut batches, mut unread) = (Vec::new(), Vec::new());
    list.read(|wave| -> Result<(), RunError> {
        unread.extend(wave.quarantined.iter().map(SetAside::unread));
        batches.extend(wave.batches);
        Ok(())
    })?;
    Ok((batches, unread))
}

struct Import<'a, 'r> {
    reader: &'a AnswerReader<'r>,
    store: &'a mut Store,
    profiles: Option<&'a ProfilesFile>,
    header: &'a [String],
    stats: ImportStats,
}

impl Import<'_, '_> {
    fn row(&mut self, raw: &RawBatch, row: usize) -> Result<(), RunError> {
        let cells = Cells { raw, row, header: self.header, words: &self.reader.words };
        match self.answer(&cells)? {
            Row::Open => self.stats.open += 1,
            Row::Aside(reason, remedy) => {
                self.stats.set_aside.push(SetAside::row(raw.place(row), reason, &remedy, raw.record(row)));
            }
            Row::Answer(answer) => match self.store.record_answer(&answer)? {
                Recorded::New => *self.stats.new.entry(answer.outcome.to_string()).or_default() += 1,
                Recorded::Known | Recorded::NoRow => self.stats.known += 1,
            },
        }
        Ok(())
    }

    fn answer(&mut self, cells: &Cells<'_>) -> Result<Row, RunError> {
        let outcome_cell = cells.first(CallColumn::Outcome);
        if outcome_cell.is_empty() {
            let is_filled = CallColumn::ALL.iter().any(|column| {
                (column.field().is_some() || *column == CallColumn::Note) && !cells.first(*column).is_empty()
            });
            let remedy = "Something is filled in, but no outcome: choose one of the list.";
            return Ok(if is_filled { Row::aside("no_outcome", remedy) } else { Row::Open });
        }
        let Some(outcome) = self.reader.outcome(outcome_cell) else {
            *self.stats.unread_outcomes.entry(outcome_cell.to_owned()).or_default() += 1;
            let known: Vec<&str> = OutcomeWords::CHOICES.iter().map(|outcome| outcome.as_str()).collect();
            let remedy = format!("The outcome is none of the list: write one of {}.", known.join(", "));
            return Ok(Row::Aside("unknown_outcome", remedy));
        };
        let id = cells.first(CallColumn::Call).parse::<i64>().ok();
        let asked = match id {
            Some(id) => self.store.asked_about(id)?,
            None => None,
        };
        let (Some(id), Some(asked)) = (id, asked) else {
            return Ok(Row::aside(
                "unknown_call",
                "No planned call has this number here: is the list of another workspace?",
            ));
        };
        let named = cells.first(CallColumn::Customer);
        if !named.is_empty() && CustomerId::parse(named) != Some(asked.customer) {
            return Ok(Row::aside(
                "other_customer",
                "The call with this number is of another customer: were rows sorted by some columns only?",
            ));
        }
        if matches!(asked.state, OutboxState::Pending | OutboxState::Cancelled) {
            return Ok(Row::aside(
                "not_handed_out",
                "This call was never handed out, or was taken back before it was.",
            ));
        }
        let Some(at) = self.reader.when.read(cells.first(CallColumn::At)) else {
            return Ok(Row::aside(
                "bad_time",
                "When it was called can't be read: write it as YYYY-MM-DD HH:MM, or leave it empty.",
            ));
        };
        let profile = match self.profiles {
            Some(profiles) => profiles.by_id(asked.customer)?,
            None => None,
        };
        let Ok(again_on) = self.again_on(cells, outcome, outcome_cell, at) else {
            return Ok(Row::aside(
                "bad_again",
                "The day of the next call can't be read or is past: write it as YYYY-MM-DD, or leave it empty.",
            ));
        };
        let note = cells.first(CallColumn::Note);
        // What is none of the list's outcomes is for a person to read, and so is what the caller wrote for it.
        let is_told = outcome != Outcome::Other || self.reader.words.read(outcome_cell).is_some();
        let note = match note {
            note if is_told => note.to_owned(),
            "" => outcome_cell.to_owned(),
            note => format!("{outcome_cell}. {note}"),
        };
        let mut answer = Answer {
            outbox: Some(id),
            again_on,
            in_note: self.reader.told_in(&note, outcome),
            note,
            ..Answer::new(outcome, EventChannel::Call, at, SOURCE)
        };
        if matches!(outcome, Outcome::Confirmed | Outcome::Updated)
            && let Some(aside) = self.new_values(cells, &asked, profile.as_ref(), &mut answer)
        {
            return Ok(aside);
        }
        if let (Outcome::Confirmed, Some(profile)) = (answer.outcome, &profile) {
            // A label belongs to the field that was asked; the number that was called is the answer's own.
            let is_asked = asked.to_verify.contains(&Field::Email);
            let email = profile.first(ContactKind::Email).filter(|_| is_asked);
            answer.confirmed.extend(email.map(|contact| (contact.kind, contact.key.clone())));
        }
        if let (Some(profile), Some(profiles), Outcome::Refused | Outcome::Deceased) =
            (&profile, self.profiles, answer.holds_by())
        {
            answer.contacts = profile.contacts.iter().map(|contact| (contact.kind, contact.key.clone())).collect();
            answer.also = persons_of(profile, profiles)?.into_iter().map(|person| person.id).collect();
        }
        Ok(Row::Answer(Box::new(answer)))
    }

    /// The day on which the customer is to be called again: that of its column, else the one that stands beside the outcome or in
    /// the note. An error where the column holds something that is no day ahead.
    fn again_on(&self, cells: &Cells<'_>, outcome: Outcome, said: &str, at: Timestamp) -> Result<Option<Date>, ()> {
        if outcome != Outcome::Callback {
            return Ok(None);
        }
        let ahead = |text: &str| self.reader.when.day_ahead(text, at);
        match cells.first(CallColumn::AgainOn) {
            "" => Ok(ahead(said).or_else(|| ahead(cells.first(CallColumn::Note)))),
            written => ahead(written).map(Some).ok_or(()),
        }
    }

    /// Takes over what is in the columns of new values. A row whose new value can't be read is set aside as a whole, so that
    /// it can be corrected and imported.
    fn new_values(
        &self,
        cells: &Cells<'_>,
        asked: &AskedAbout,
        profile: Option<&CustomerProfile>,
        answer: &mut Answer,
    ) -> Option<Row> {
        for column in CallColumn::ALL {
            let (Some(field), cell) = (column.field(), cells.first(*column)) else { continue };
            if cell.is_empty() {
                continue;
            }
            let kind = match column {
                CallColumn::Phone => Some(ContactKind::Phone),
                CallColumn::Email => Some(ContactKind::Email),
                _ => None,
            };
            let Some(kind) = kind else {
                let old = profile.map_or("", |profile| match column {
                    CallColumn::FirstName => profile.first_name.as_str(),
                    CallColumn::LastName => profile.last_name.as_str(),
                    _ => "",
                });
                if old != cell {
                    answer.updates.push(new_value(field, old, cell, None));
                }
                continue;
            };
            let cell = match self.reader.given.check(kind, cell) {
                Ok(cell) => cell,
                Err((reason, remedy)) => return Some(Row::Aside(reason, format!("The new {field}: {remedy}"))),
            };
            let Ok(contacts) = self.reader.contacts.read_as(kind, cell, "") else {
                let remedy =
                    format!("The new {field} is none: correct it, or leave it empty and choose another outcome.");
                return Some(Row::Aside("bad_new_value", remedy));
            };
            let old = profile
                .and_then(|profile| profile.first(kind))
                .map(|contact| (contact.value.clone(), contact.key.clone()));
            // Without a profile the number that was called is the one that is known.
            let old = old.or((asked.kind == kind).then(|| (asked.recipient.clone(), asked.key.clone())));
            for contact in contacts {
                match &old {
                    // The same value given anew confirms it.
                    Some((_, key)) if *key == contact.key => answer.confirmed.push((kind, contact.key)),
                    Some((value, key)) => {
                        let is_called = (kind, key) == (asked.kind, &asked.key);
                        // That a customer who was reached at a number has a new one as well says nothing against it.
                        let stale = (!is_called).then(|| (kind, key.clone()));
                        answer.updates.push(new_value(field, value, &contact.value, stale));
                    }
                    None => answer.updates.push(new_value(field, "", &contact.value, None)),
                }
            }
        }
        match (answer.outcome, answer.updates.is_empty(), answer.confirmed.is_empty()) {
            (Outcome::Confirmed, false, _) => answer.outcome = Outcome::Updated,
            (Outcome::Updated, true, true) => {
                let remedy = "Nothing new is written: put the new value into its column, or choose another outcome.";
                return Some(Row::aside("no_new_value", remedy));
            }
            _ => {}
        }
        None
    }
}

fn new_value(field: &str, old: &str, new: &str, contact: Option<(ContactKind, String)>) -> NewValue {
    NewValue { field: field.to_owned(), old: old.to_owned(), new: new.to_owned(), contact }
}

/// What a row is.
enum Row {
    Open,
    Aside(&'static str, String),
    Answer(Box<Answer>),
}

impl Row {
    fn aside(reason: &'static str, remedy: &str) -> Self {
        Row::Aside(reason, remedy.to_owned())
    }
}

/// A row's cells by what their columns are.
struct Cells<'a> {
    raw: &'a RawBatch,
    row: usize,
    header: &'a [String],
    words: &'a OutcomeWords,
}

impl Cells<'_> {
    /// The first filled cell of a column of this kind, trimmed; the mark that guards a formula is not the caller's.
    fn first(&self, column: CallColumn) -> &str {
        let columns = (0..).zip(self.header).filter(|(_, header)| self.words.column(header) == Some(column));
        let cells = columns.map(|(index, _)| self.raw.cell(self.row, ColumnIndex(index)).trim());
        let cell = cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default();
        without_guard(cell)
    }
}
