//! What a customer wrote into the form, read as the cells of one row: the same kernels, the same reasons.

use crate::finding::{Code, Severity};
use crate::kernel::Kernels;
use crate::pipeline::{RunError, Setup};
use crate::record::{CheckedBatch, ColumnIndex, ContactKind, Field, Reach, Verdict};
use crate::rule::RefusedValues;

/// What a customer wrote into the form. What is formatted for a log says nothing of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct GivenDetails {
    /// Texts by their fields; what is left empty is as before.
    pub texts: Vec<(Field, String)>,
    /// Texts that were asked about once and are meant as they stand.
    pub insisted: Vec<String>,
}

impl std::fmt::Debug for GivenDetails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GivenDetails")
    }
}

/// A text that can't be taken, and why.
#[derive(Clone, PartialEq, Eq)]
pub struct NotTaken {
    /// Of which field; of all where none.
    pub field: Option<Field>,
    /// A code of the catalogue, or a word of `rules/outreach/pages`.
    pub reason: String,
    /// A better value, where there is one.
    pub suggestion: String,
}

/// A value that was read.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::pipeline) struct ReadValue {
    /// Of which field; all phones are `phone`.
    pub(super) field: Field,
    /// In normal form.
    pub(super) value: String,
    /// What it reaches, where it is a number or an address.
    pub(super) contact: Option<ContactKind>,
}

/// Fields of the form, in its order; the last two are choices.
pub const GIVEN_FIELDS: [Field; 7] = [
    Field::Mobile,
    Field::Email,
    Field::Street,
    Field::City,
    Field::Postcode,
    Field::PreferredChannel,
    Field::Language,
];
/// Those that are read as cells.
const CELLS: usize = 5;
/// What may be chosen of channels.
pub const CHANNELS: [&str; 3] = ["sms", "email", "call"];

/// Reads forms.
pub(in crate::pipeline) struct FormReader<'a> {
    setup: &'a Setup,
    kernels: Kernels,
    languages: Vec<String>,
    most_letters: usize,
    refused: RefusedValues,
}

impl<'a> FormReader<'a> {
    pub(in crate::pipeline) fn new(
        setup: &'a Setup,
        languages: Vec<String>,
        most_letters: usize,
        refused: RefusedValues,
    ) -> Result<Self, RunError> {
        // Beside them the country, by which numbers are read.
        let columns = GIVEN_FIELDS[..CELLS].iter().chain([&Field::Country]);
        let columns = columns.map(|field| (*field, Vec::new())).collect();
        let kernels = Kernels::of_columns(&setup.context, columns)?;
        Ok(FormReader { setup, kernels, languages, most_letters, refused })
    }

    /// The values that were given by a customer of this country, or why they can't be taken.
    pub(in crate::pipeline) fn read(
        &self,
        given: &GivenDetails,
        country: &str,
    ) -> Result<Vec<ReadValue>, Vec<NotTaken>> {
        let text = |field: Field| given.texts.iter().find(|(own, _)| *own == field).map_or("", |(_, text)| text.trim());
        let mut faults = Vec::new();
        let fault = |field, reason: &str, suggestion: &str| NotTaken {
            field: Some(field),
            reason: reason.to_owned(),
            suggestion: suggestion.to_owned(),
        };
        for field in GIVEN_FIELDS {
            let written = text(field);
            if written.chars().count() > self.most_letters {
                faults.push(fault(field, "too_long", ""));
            } else if written.contains(|letter| self.is_no_text(letter)) {
                faults.push(fault(field, "unreadable", ""));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let cells: Vec<&str> = GIVEN_FIELDS[..CELLS].iter().map(|field| text(*field)).chain([country]).collect();
        let checked = self.kernels.check_row(&cells);
        let mut read = Vec::new();
        for (index, field) in GIVEN_FIELDS.into_iter().enumerate() {
            let written = text(field);
            if written.is_empty() {
                continue;
            }
            let taken = match field {
                Field::PreferredChannel => choice(&CHANNELS, field, written),
                Field::Language => choice(&self.languages, field, written),
                _ => {
                    let is_meant = given.insisted.iter().any(|meant| meant == written);
                    self.cell(&checked, ColumnIndex(index as u16), field, is_meant)
                }
            };
            match taken {
                Ok(value) => read.push(value),
                Err((reason, suggestion)) => faults.push(fault(field, &reason, &suggestion)),
            }
        }
        if read.is_empty() && faults.is_empty() {
            faults.push(NotTaken { field: None, reason: "nothing_new".to_owned(), suggestion: String::new() });
        }
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }

    /// One cell; else why not, and a better value.
    fn cell(
        &self,
        checked: &CheckedBatch,
        column: ColumnIndex,
        field: Field,
        is_meant: bool,
    ) -> Result<ReadValue, (String, String)> {
        let kind = match field {
            Field::Email => Some(ContactKind::Email),
            field if field.is_phone() => Some(ContactKind::Phone),
            _ => None,
        };
        let mut value = checked.standard().cell(0, field).to_owned();
        let refused = |reason: &str| Err((reason.to_owned(), String::new()));
        let suggestion = checked.standard().suggestion(0, column);
        let count = checked.standard().column_of(field).map_or(0, |own| own.count(0));
        if !suggestion.is_empty() && !is_meant {
            return Err(("suggestion".to_owned(), suggestion.to_owned()));
        }
        if let Some(code) = self.codes(checked, column).find(|code| self.refused.codes.contains(code)) {
            return refused(code.as_str());
        }
        let Some(kind) = kind else {
            if field == Field::Street {
                // One line of the form; lists read it as two parts, and so does whoever reads it again.
                push_house(&mut value, checked.standard().cell(0, Field::HouseNumber));
            }
            return if value.is_empty() { refused("address") } else { Ok(ReadValue { field, value, contact: None }) };
        };
        if value.is_empty() || checked.verdict(0, column) == Verdict::Invalid {
            return refused(&self.reason(checked, column, kind));
        }
        if count > 1 {
            return refused("phone.multiple");
        }
        let field = if kind == ContactKind::Phone { Field::Phone } else { field };
        Ok(ReadValue { field, value, contact: Some(kind) })
    }

    /// The gravest reason against a cell.
    fn reason(&self, checked: &CheckedBatch, column: ColumnIndex, kind: ContactKind) -> String {
        let errors = self.codes(checked, column).filter(|code| self.setup.catalog.severity(*code) == Severity::Error);
        let of_kind = |code: &Code| code.as_str().starts_with(kind.as_str());
        errors.into_iter().find(of_kind).map_or_else(|| kind.as_str().to_owned(), |code| code.as_str().to_owned())
    }

    fn codes(&self, checked: &CheckedBatch, column: ColumnIndex) -> impl Iterator<Item = Code> + use<> {
        let all = checked.findings().into_iter().filter(move |finding| finding.column == Some(column));
        all.map(|finding| finding.code)
    }

    /// Markup, lines, and what stands for bytes that can't be read.
    fn is_no_text(&self, letter: char) -> bool {
        letter.is_control() || self.refused.letters.contains(letter)
    }

    /// Whether a number takes text messages, as far as is known.
    pub(super) fn takes_texts(&self, number: &str) -> bool {
        let checked = self.kernels.check_row(&[number, "", "", "", "", ""]);
        let column = checked.standard().column_of(Field::Mobile);
        column.and_then(|column| column.detail(0).phone()).is_some_and(|phone| phone.sms == Reach::Yes)
    }
}

/// `אלנבי 77`: the house number behind its street.
pub(super) fn push_house(street: &mut String, house: &str) {
    if !street.is_empty() && !house.is_empty() {
        street.push(' ');
    }
    street.push_str(house);
}

fn choice(choices: &[impl AsRef<str>], field: Field, written: &str) -> Result<ReadValue, (String, String)> {
    if choices.iter().any(|choice| choice.as_ref() == written) {
        return Ok(ReadValue { field, value: written.to_owned(), contact: None });
    }
    Err(("choice".to_owned(), String::new()))
}
