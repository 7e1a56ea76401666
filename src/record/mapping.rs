//! Which column of a list means what.

use serde::{Deserialize, Serialize};

use super::Field;
use crate::finding::{ColumnIndex, Confidence};

/// Why a column was taken for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingBasis {
    /// The user said so (`--map`, `tiuv.toml`, or a mapping saved earlier for this header).
    Given,
    /// The header is a known synonym.
    Synonym,
    /// The values look like it.
    Values,
}

/// What somebody should know of how a column was taken, or left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnHint {
    /// Taken by a part of its header, or by few values.
    Unsure,
    /// Left alone, although header or values are like those of this field.
    LooksLike(Field),
    /// Left alone, because another column is this field, which a list has once.
    Second(Field),
    /// Left alone: its header speaks of somebody else, an agent or a relative, and its values are such a person's.
    SomebodyElse,
    /// Left alone: it holds answers, and nobody knows to what.
    Answers,
    /// Left alone: it is of another table, beside the one that is read.
    OtherTable,
    /// Read, although it may be of another table beside the others.
    MaybeOtherTable,
    /// Left out: tiuv added it when it cleaned the list before, and adds it anew.
    Own,
}

/// Something important that a list has no column for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Its own key of a record.
    Key,
    /// A name.
    Name,
    /// An address or number.
    Contact,
    /// When a record was made, changed, or last bought from.
    Date,
}

/// One column of the source and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMapping {
    /// Position in the source.
    pub column: ColumnIndex,
    /// The header as written; made up (`column 3`) where it was empty.
    pub header: String,
    /// What it means; none for a column that travels through untouched.
    pub field: Option<Field>,
    /// Why; none where there is no field, unless the user said that there is none.
    pub basis: Option<MappingBasis>,
    /// How sure.
    pub confidence: Confidence,
    /// It looks as if it said whether somebody may be contacted, and was not understood: nobody is asked until it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unread: bool,
    /// What somebody should know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<ColumnHint>,
}

impl ColumnMapping {
    /// Takes it for nothing.
    pub fn leave_alone(&mut self) {
        self.field = None;
        self.basis = None;
        self.hint = None;
        self.confidence = Confidence::percent(0);
    }

    /// Whether it means nothing, and nobody said so.
    pub fn is_left_alone(&self) -> bool {
        self.field.is_none() && self.basis != Some(MappingBasis::Given)
    }
}

/// All columns of a source, in source order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    columns: Vec<ColumnMapping>,
}

impl Mapping {
    /// From one entry a column, in source order.
    pub fn new(columns: Vec<ColumnMapping>) -> Self {
        Mapping { columns }
    }

    /// One entry a column, in source order.
    pub fn columns(&self) -> &[ColumnMapping] {
        &self.columns
    }

    /// The columns taken for `field`, in source order.
    pub fn columns_of(&self, field: Field) -> impl Iterator<Item = &ColumnMapping> {
        self.columns.iter().filter(move |column| column.field == Some(field))
    }

    /// The first column taken for `field`.
    pub fn column_of(&self, field: Field) -> Option<ColumnIndex> {
        self.columns_of(field).next().map(|column| column.column)
    }

    /// The column of labels that says of which kind the numbers of this column are: the one beside it, else the only one of a
    /// list with one column of numbers. "Phone 2 - Type" is of "Phone 2 - Value", whatever stands between; "Type" right beside
    /// "Phone 2" is its, unless it is that of another one.
    pub fn label_of(&self, numbers: ColumnIndex) -> Option<ColumnIndex> {
        self.numbered_label_of(numbers).or_else(|| {
            let is_beside = |label: &&ColumnMapping| label.column.as_usize().abs_diff(numbers.as_usize()) == 1;
            let phones = self.columns.iter().filter(|column| column.field.is_some_and(Field::is_phone));
            let taken: Vec<ColumnIndex> = phones.filter_map(|phone| self.numbered_label_of(phone.column)).collect();
            let is_free = |label: &&ColumnMapping| number_of(label).is_empty() && !taken.contains(&label.column);
            self.columns_of(Field::PhoneLabel).filter(is_beside).find(is_free).map(|label| label.column)
        })
    }

    fn numbered_label_of(&self, numbers: ColumnIndex) -> Option<ColumnIndex> {
        let own = number_of(&self.columns[numbers.as_usize()]);
        let phones = || self.columns.iter().filter(|column| column.field.is_some_and(Field::is_phone));
        let labels: Vec<&ColumnMapping> = self.columns_of(Field::PhoneLabel).collect();
        let same: Vec<&&ColumnMapping> = labels.iter().filter(|label| number_of(label) == own).collect();
        let distance = |label: &ColumnMapping, column: ColumnIndex| {
            // A label stands before its number more often than behind it.
            let (label, column) = (label.column.as_usize(), column.as_usize());
            (label.abs_diff(column), usize::from(label > column))
        };
        let is_only = phones().count() == 1 && labels.len() == 1;
        let nearest = same.into_iter().min_by_key(|label| distance(label, numbers))?;
        let is_nearest_of_label = phones()
            .filter(|column| number_of(column) == own)
            .min_by_key(|column| distance(nearest, column.column))
            .is_some_and(|column| column.column == numbers);
        let is_beside = nearest.column.as_usize().abs_diff(numbers.as_usize()) == 1;
        (is_only || is_nearest_of_label && (is_beside || !own.is_empty())).then_some(nearest.column)
    }

    /// The header of a column.
    pub fn header(&self, column: ColumnIndex) -> &str {
        &self.columns[column.as_usize()].header
    }

    /// What each column is called where it must be known again in another run: its field, with a number from the second of a
    /// field on; the header of a column without one.
    pub fn lasting_names(&self) -> Vec<String> {
        let name = |(at, column): (usize, &ColumnMapping)| match column.field {
            None => column.header.clone(),
            Some(field) => match self.columns[..at].iter().filter(|other| other.field == Some(field)).count() {
                0 => field.as_str().to_owned(),
                before => format!("{field} {}", before + 1),
            },
        };
        self.columns.iter().enumerate().map(name).collect()
    }

    /// The columns that look as if they said whether somebody may be contacted, and were not understood.
    pub fn unread(&self) -> impl Iterator<Item = &ColumnMapping> {
        self.columns.iter().filter(|column| column.unread)
    }

    /// What is important and has no column.
    pub fn missing(&self) -> Vec<Missing> {
        let has = |wanted: &dyn Fn(Field) -> bool| self.columns.iter().filter_map(|column| column.field).any(wanted);
        let dates = |field: Field| field.is_date() && field != Field::BirthDate;
        [
            (Missing::Key, has(&|field| field == Field::Id)),
            (Missing::Name, has(&|field| field.is_name() || field == Field::Company)),
            (Missing::Contact, has(&|field| field.is_phone() || field == Field::Email)),
            (Missing::Date, has(&dates)),
        ]
        .into_iter()
        .filter_map(|(missing, has)| (!has).then_some(missing))
        .collect()
    }

    /// Number of columns in the source.
    pub fn width(&self) -> usize {
        self.columns.len()
    }
}

/// The number in a column's header.
fn number_of(column: &ColumnMapping) -> String {
    column.header.chars().filter(char::is_ascii_digit).collect()
}
