//! The form of an event file: where in its records stands what, and what their words mean.

use super::super::list::List;
use super::account::SetAside;
use super::day::{iso_day, program_day};
use super::record::{EventReading, EventRecord};
use crate::record::{ColumnIndex, Day, EventChannel, EventKind, RawBatch};
use crate::rule::{ANYTHING, CaseMeaning, EventColumn, EventProfile, EventRules, plain_word};
use crate::text::FoldedHeader;

/// How a file's records are read.
#[derive(Debug)]
pub(super) enum Form {
    /// As tiuv itself writes them: a column for each thing that is said.
    Plain([Option<ColumnIndex>; 6]),
    /// As a sender writes them.
    Sender(Box<SenderForm>),
}

/// A sender's form in the columns of one file.
#[derive(Debug)]
pub(super) struct SenderForm {
    profile: EventProfile,
    /// The list's own key, where the file has it.
    record: Option<ColumnIndex>,
    at: Vec<ColumnIndex>,
    contact: Vec<ColumnIndex>,
    event: Vec<ColumnIndex>,
    amount: Vec<ColumnIndex>,
    code: Vec<ColumnIndex>,
    text: Vec<ColumnIndex>,
    cases: Vec<Case>,
}

#[derive(Debug)]
struct Case {
    is: Vec<String>,
    /// Of a column that the file lacks each cell is empty.
    when: Vec<(Option<ColumnIndex>, Vec<String>)>,
    means: CaseMeaning,
    channel: EventChannel,
    contact: Option<Vec<ColumnIndex>>,
}

impl Form {
    /// The plain form, and what columns it lacks to be whole.
    pub(super) fn plain(list: &List, rules: &EventRules, keys: &[FoldedHeader]) -> (Form, Vec<&'static str>) {
        let mut columns = [None; 6];
        for (index, header) in list.header().iter().enumerate() {
            let place = Some(ColumnIndex(index as u16));
            if keys.contains(&FoldedHeader::new(header)) {
                // The list's own name for its key says more than a word that may mean anything.
                columns[EventColumn::Record as usize] = place;
            } else if let Some(column) = rules.column(header) {
                columns[column as usize] = columns[column as usize].or(place);
            }
        }
        let is_there = |column: EventColumn| columns[column as usize].is_some();
        let missing = EventColumn::ALL.iter().filter(|column| column.is_needed() && !is_there(**column));
        let mut missing: Vec<&str> = missing.map(|column| column.as_str()).collect();
        if !is_there(EventColumn::Record) && !is_there(EventColumn::Value) {
            missing.insert(0, EventColumn::Record.as_str());
        }
        (Form::Plain(columns), missing)
    }

    /// A sender's form, and what columns the file lacks for it.
    pub(super) fn sender(list: &List, profile: &EventProfile, keys: &[FoldedHeader]) -> (Form, Vec<String>) {
        let header: Vec<FoldedHeader> = list.header().iter().map(|name| FoldedHeader::new(name)).collect();
        let column = |name: &String| {
            let folded = FoldedHeader::new(name);
            header.iter().position(|own| *own == folded).map(|place| ColumnIndex(place as u16))
        };
        let columns = |names: &Vec<String>| -> Vec<ColumnIndex> { names.iter().filter_map(column).collect() };
        let cases: Vec<Case> = profile
            .cases
            .iter()
            .map(|case| Case {
                is: case.is.clone(),
                when: case.when.iter().map(|(name, words)| (column(name), words.clone())).collect(),
                means: case.means,
                channel: case.channel,
                contact: case.contact.as_ref().map(columns),
            })
            .collect();
        let own = &profile.columns;
        let form = SenderForm {
            record: header.iter().position(|own| keys.contains(own)).map(|place| ColumnIndex(place as u16)),
            at: columns(&own.at),
            contact: columns(&own.contact),
            event: columns(&own.event),
            amount: columns(&own.amount),
            code: columns(&own.code),
            text: columns(&own.text),
            cases,
            profile: profile.clone(),
        };
        let of_cases = form.cases.iter().any(|case| case.contact.as_ref().is_some_and(|contact| !contact.is_empty()));
        let names_somebody = form.record.is_some() || !form.contact.is_empty() || of_cases;
        let says_what = profile.columns.event.is_empty() || !form.event.is_empty() || form.says_by_cases();
        let lacks = [(form.at.is_empty(), &own.at), (!names_somebody, &own.contact), (!says_what, &own.event)];
        let missing = lacks.into_iter().filter(|(lacks, _)| *lacks).map(|(_, names)| names.join(" or ")).collect();
        (Form::Sender(Box::new(form)), missing)
    }

    /// The sender whose form it is; none for the plain one.
    pub(super) fn profile(&self) -> Option<&EventProfile> {
        match self {
            Form::Plain(_) => None,
            Form::Sender(form) => Some(&form.profile),
        }
    }

    /// The column of keys.
    pub(super) fn record(&self) -> Option<ColumnIndex> {
        match self {
            Form::Plain(columns) => columns[EventColumn::Record as usize],
            Form::Sender(form) => form.record,
        }
    }

    /// Reads a record. None where it has not happened yet: it is not even looked at, so that it can't leave a trace.
    pub(super) fn record_of<'b>(
        &self,
        batch: &'b RawBatch,
        row: usize,
        reading: EventReading<'_>,
        date: &(dyn Fn(&str) -> Option<Day> + Sync),
    ) -> Option<Result<EventRecord<'b>, SetAside>> {
        let cell = |column: ColumnIndex| batch.cell(row, column).trim_ascii();
        let first =
            |columns: &[ColumnIndex]| columns.iter().map(|c| cell(*c)).find(|cell| !cell.is_empty()).unwrap_or("");
        let day = match self {
            Form::Plain(columns) => {
                let at = columns[EventColumn::At as usize].map_or("", cell);
                iso_day(at).or_else(|| date(at))
            }
            Form::Sender(form) => {
                let at = first(&form.at);
                iso_day(at).or_else(|| program_day(at)).or_else(|| date(at))
            }
        };
        let Some(day) = day else { return Some(Err(SetAside::BadDate)) };
        if day >= reading.today {
            return None;
        }
        Some(match self {
            Form::Plain(columns) => {
                let cell = |column: EventColumn| columns[column as usize].map_or("", cell);
                plain(&cell, day, reading.rules)
            }
            Form::Sender(form) => form.record_of(&cell, &first, day),
        })
    }
}

fn plain<'b>(cell: &dyn Fn(EventColumn) -> &'b str, day: Day, rules: &EventRules) -> Result<EventRecord<'b>, SetAside> {
    let channel = rules.channel(cell(EventColumn::Channel)).ok_or(SetAside::UnknownChannel)?;
    let kind = rules.kind(cell(EventColumn::Event)).ok_or(SetAside::UnknownEvent)?;
    let value = cell(EventColumn::Value);
    let (contact, amount) = if kind == EventKind::Purchase { ("", value) } else { (value, "") };
    Ok(EventRecord {
        record: cell(EventColumn::Record),
        contacts: [contact, "", "", ""],
        amount,
        code: cell(EventColumn::Code),
        text: "",
        day,
        channel,
        kind,
    })
}

impl SenderForm {
    /// Whether what happened is told without the sender's word for it.
    fn says_by_cases(&self) -> bool {
        let has_columns = |case: &Case| case.when.iter().all(|(column, words)| column.is_some() || is_empty(words));
        self.cases.iter().any(|case| (case.is.is_empty() || is_empty(&case.is)) && has_columns(case))
    }

    fn record_of<'b>(
        &self,
        cell: &dyn Fn(ColumnIndex) -> &'b str,
        first: &dyn Fn(&[ColumnIndex]) -> &'b str,
        day: Day,
    ) -> Result<EventRecord<'b>, SetAside> {
        let word = plain_word(first(&self.event));
        let holds = |(column, words): &(Option<ColumnIndex>, Vec<String>)| {
            let own = column.map_or_else(String::new, |column| plain_word(cell(column)));
            words.iter().any(|word| if word == ANYTHING { !own.is_empty() } else { *word == own })
        };
        let fits = |case: &&Case| (case.is.is_empty() || case.is.contains(&word)) && case.when.iter().all(holds);
        let case = self.cases.iter().find(fits).ok_or(SetAside::UnknownEvent)?;
        let kind = match case.means {
            CaseMeaning::Event(kind) => kind,
            CaseMeaning::Nothing => return Err(SetAside::SaysNothing),
            CaseMeaning::Further => return Err(SetAside::Repeated),
        };
        let mut contacts = [""; 4];
        let named = case.contact.as_ref().unwrap_or(&self.contact).iter().map(|column| cell(*column));
        for (place, named) in contacts.iter_mut().zip(named.filter(|text| !text.is_empty())) {
            *place = named;
        }
        Ok(EventRecord {
            record: self.record.map_or("", cell),
            contacts,
            amount: first(&self.amount),
            code: first(&self.code),
            text: first(&self.text),
            day,
            channel: case.channel,
            kind,
        })
    }
}

fn is_empty(words: &[String]) -> bool {
    words.iter().any(String::is_empty)
}
