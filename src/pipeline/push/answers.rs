//! Values that customers gave and that were accepted, as changes of the cells that they are of.

use std::collections::HashMap;

use csv::StringRecord;

use super::results::RunResults;
use crate::record::Field;
use crate::store::GivenValue;

/// What `tiuv_pushed` says made such a change.
pub(super) const RULE: &str = "answer";

/// Accepted values by customer, of each field the one that was given last.
pub(super) struct Answers<'g> {
    of: HashMap<String, Vec<(Field, &'g GivenValue)>>,
    /// The list's columns by their fields, with their places in `rows.csv`.
    columns: Vec<(usize, &'g str, Field)>,
    customer: Option<usize>,
}

/// A cell that a customer spoke of.
pub(super) struct Answered<'g> {
    /// Its column.
    pub(super) column: &'g str,
    /// Where it stands in `rows.csv`.
    pub(super) place: usize,
    /// What is to stand there.
    pub(super) value: &'g str,
}

impl<'g> Answers<'g> {
    /// Of these values, for rows of this header.
    pub(super) fn new(given: &'g [GivenValue], results: &'g RunResults, header: &StringRecord) -> Self {
        let mut sorted: Vec<&GivenValue> = given.iter().collect();
        sorted.sort_by(|left, right| (&left.at, left.id).cmp(&(&right.at, right.id)));
        let mut of: HashMap<String, Vec<(Field, &GivenValue)>> = HashMap::new();
        for value in sorted {
            let Some(field) = Field::parse(&value.field) else { continue };
            let own = of.entry(value.customer.to_string()).or_default();
            own.retain(|(known, _)| *known != field);
            own.push((field, value));
        }
        let place = |name: &str| header.iter().position(|own| own == name);
        let columns = results.columns.iter().filter_map(|(name, field)| Some((place(name)?, name.as_str(), *field)));
        Answers { of, columns: columns.collect(), customer: place("tiuv_customer") }
    }

    /// The cells of a row that are to hold what its customer gave: where the value still stands that it was given in the place of.
    pub(super) fn of_row(&self, row: &StringRecord) -> Vec<Answered<'g>> {
        let customer = self.customer.and_then(|place| row.get(place)).unwrap_or_default();
        let Some(given) = self.of.get(customer) else { return Vec::new() };
        let answered = given.iter().filter_map(|(field, value)| {
            let fits = |(_, _, own): &&(usize, &str, Field)| is_of(*field, *own);
            let is_old = |(place, _, _): &&(usize, &str, Field)| {
                is_same(*field, row.get(*place).unwrap_or_default(), &value.old)
            };
            let mut found = self.columns.iter().filter(fits).filter(is_old);
            let (place, column, _) = found.next()?;
            // Of two cells with the old value nobody knows which was meant.
            found.next().is_none().then_some(Answered { column, place: *place, value: &value.new })
        });
        answered.collect()
    }
}

/// Whether a column holds values of the field that was asked about: a number may stand among mobiles.
fn is_of(given: Field, column: Field) -> bool {
    given == column || given == Field::Phone && column == Field::Mobile
}

/// Whether a cell, as it was written, holds a value as it was shown to the customer.
fn is_same(field: Field, cell: &str, value: &str) -> bool {
    match field {
        Field::Phone | Field::Mobile => {
            // The same line with and without its country code, or its zero.
            const TOLD_BY: usize = 8;
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).rev().take(TOLD_BY).collect::<String>();
            digits(cell) == digits(value) && cell.is_empty() == value.is_empty()
        }
        _ => cell.trim().to_lowercase() == value.trim().to_lowercase(),
    }
}
