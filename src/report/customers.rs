//! `customers.csv`: one golden record a customer, with where each value is from, and all values that were not chosen.

use std::fmt::Write as _;
use std::io::{self, Write};

use rayon::prelude::*;

use super::csv_text::{assert_aligned, fields, guarded, push_cell, push_line};
use super::said_of_customer::{push_advice, push_probability, push_segment};
use crate::pipeline::{Cleaned, Customers, GoldenStage, RunError, Setup};
use crate::record::TIUV_COLUMNS;
use crate::record::{ContactKind, Field, RowBeside, RowIndex};
use crate::survivorship::{ChosenBy, GoldenRecord};

/// How many of the last of [`TIUV_COLUMNS`] tell what is decided of a customer.
const ADVICE: usize = 5;
/// Where those about decay start.
const STANDING: usize = TIUV_COLUMNS.len() - ADVICE - 7;
/// Customers formatted at a time; bounds memory.
const CUSTOMERS_AT_ONCE: usize = 1 << 14;
/// And by one task.
const CUSTOMERS_A_TASK: usize = 1 << 9;

/// Writes all customers in the order of the rows that stand for them, or the header alone where they could not be told
/// apart; returns how many cells were guarded against running
/// as formulas.
///
/// # Errors
/// When the rules are not of their form, or the output can't be written.
pub(super) fn write_customers(
    cleaned: &Cleaned<'_>,
    customers: &Customers,
    setup: &Setup,
    out: &mut dyn Write,
) -> Result<u64, RunError> {
    let failed = |error: io::Error| RunError::write("customers.csv", &error);
    let golden = GoldenStage::new(&cleaned.rows, setup)?;
    let writer = CustomerWriter { cleaned, customers, fields: golden.fields(), golden };
    let header = writer.header();
    let width = fields(header.trim_ascii_end());
    out.write_all(&header).map_err(failed)?;
    if customers.is_refused() {
        return Ok(0);
    }
    let mut guarded_cells = 0;
    let mut clusters = customers.rows().iter();
    loop {
        let batch: Vec<&[RowIndex]> = clusters.by_ref().take(CUSTOMERS_AT_ONCE).collect();
        if batch.is_empty() {
            return Ok(guarded_cells);
        }
        setup.go_on()?;
        let lines: Vec<(Vec<u8>, u64)> = batch
            .par_chunks(CUSTOMERS_A_TASK)
            .map(|clusters| writer.lines(clusters, width))
            .collect::<Result<_, RunError>>()?;
        for (text, guarded) in lines {
            out.write_all(&text).map_err(failed)?;
            guarded_cells += guarded;
        }
    }
}

struct CustomerWriter<'w, 'a> {
    cleaned: &'w Cleaned<'a>,
    customers: &'w Customers,
    golden: GoldenStage<'w>,
    /// The fields written, each with whether a customer has several values.
    fields: Vec<(Field, bool)>,
}

/// One line being written.
struct Line {
    text: Vec<u8>,
    /// A cell that is put together.
    cell: String,
    guarded: u64,
}

impl Line {
    fn push(&mut self, value: &str) {
        let value = guarded(value);
        self.guarded += u64::from(matches!(value, std::borrow::Cow::Owned(_)));
        push_cell(&mut self.text, &value);
        self.text.push(b',');
    }

    /// Writes the cell that was put together.
    fn push_made(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        self.push(&cell);
        self.cell = cell;
        self.cell.clear();
    }
}

impl CustomerWriter<'_, '_> {
    fn header(&self) -> Vec<u8> {
        let mut names: Vec<String> = ["tiuv_customer", "tiuv_household", "records", "rows"].map(str::to_owned).to_vec();
        for (field, several) in &self.fields {
            names.push(field.to_string());
            if *several {
                names.push(format!("{field}s"));
            }
        }
        names.extend(["alternates", "conflicts", "sources"].map(str::to_owned));
        names.extend(TIUV_COLUMNS[STANDING..].iter().map(|name| (*name).to_owned()));
        let mut line = Vec::new();
        push_line(&mut line, names.iter().map(String::as_str));
        line
    }

    fn lines(&self, clusters: &[&[RowIndex]], width: usize) -> Result<(Vec<u8>, u64), RunError> {
        let mut line = Line { text: Vec::with_capacity(clusters.len() * 256), cell: String::new(), guarded: 0 };
        for rows in clusters {
            let start = line.text.len();
            self.push_customer(rows, &mut line);
            assert_aligned("customers.csv", line.text[start..].trim_ascii_end(), width)?;
        }
        Ok((line.text, line.guarded))
    }

    fn push_customer(&self, rows: &[RowIndex], line: &mut Line) {
        let customers = self.customers;
        let representative = customers.representative(rows[0]);
        for called in [customers.customer(representative), customers.household_name(representative)] {
            let _ = write!(line.cell, "{called}");
            line.push_made();
        }
        let _ = write!(line.cell, "{}", rows.len());
        line.push_made();
        let mut places: Vec<String> = rows.iter().map(|row| self.cleaned.rows.name(*row)).collect();
        join(places.iter().map(String::as_str), &mut line.cell);
        line.push_made();
        places.extend(self.cleaned.rows.beside().of(rows).iter().map(RowBeside::name));
        let golden = self.golden.golden(rows);
        for (field, several) in &self.fields {
            let value = golden.value(*field);
            line.push(value.map_or("", |value| value.value));
            if *several {
                // Most customers have one key, which stands beside this cell already.
                let is_told = *field == Field::Id && value.is_none_or(|value| value.alternates.is_empty());
                if let Some(value) = value.filter(|_| !is_told) {
                    let others = value.alternates.iter().map(|other| other.value);
                    join(std::iter::once(value.value).chain(others), &mut line.cell);
                }
                line.push_made();
            }
        }
        push_origins(&places, &golden, line);
        self.push_decay(rows[0], line);
        self.push_advice(rows[0], line);
        if let Some(last) = line.text.last_mut() {
            *last = b'\n';
        }
    }

    /// How stale its own contacts are, and where it stands.
    fn push_decay(&self, row: RowIndex, line: &mut Line) {
        let Some(decay) = &self.cleaned.decay else {
            TIUV_COLUMNS[STANDING..TIUV_COLUMNS.len() - ADVICE].iter().for_each(|_| line.push(""));
            return;
        };
        let customer = decay.of_row(row).customer;
        for kind in [ContactKind::Email, ContactKind::Phone] {
            push_probability(decay.of_customer(customer, kind), &mut line.cell);
            line.push_made();
        }
        let mut text = String::new();
        push_segment(decay, customer, &mut text, |word| line.push(word));
    }

    /// Whether and how it may be contacted.
    fn push_advice(&self, row: RowIndex, line: &mut Line) {
        match &self.cleaned.advice {
            Some(advice) => push_advice(advice.of_row(row), &mut String::new(), |word| line.push(word)),
            None => (0..ADVICE).for_each(|_| line.push("")),
        }
    }
}

/// What was not chosen, what contradicts itself, and where the chosen values are from.
fn push_origins(places: &[String], golden: &GoldenRecord<'_>, line: &mut Line) {
    for value in &golden.values {
        for other in &value.alternates {
            start_entry(value.field, &mut line.cell);
            push_quoted(other.value, &mut line.cell);
            line.cell.push('@');
            line.cell.push_str(&places[other.member]);
        }
    }
    line.push_made();
    join(golden.conflicts.iter().map(|field| field.as_str()), &mut line.cell);
    line.push_made();
    // All that a customer of one row has is of that row, and of several rows what none contradicts was not chosen.
    for value in golden.values.iter().filter(|value| places.len() > 1 && !value.value.is_empty()) {
        start_entry(value.field, &mut line.cell);
        line.cell.push_str(&places[value.member]);
        if value.by != ChosenBy::Only {
            line.cell.push(':');
            line.cell.push_str(value.by.as_str());
        }
    }
    line.push_made();
}

fn start_entry(field: Field, cell: &mut String) {
    if !cell.is_empty() {
        cell.push(';');
    }
    cell.push_str(field.as_str());
    cell.push('=');
}

fn join<'v>(values: impl Iterator<Item = &'v str>, cell: &mut String) {
    for value in values.filter(|value| !value.is_empty()) {
        if !cell.is_empty() {
            cell.push(';');
        }
        push_quoted(value, cell);
    }
}

/// A value of a cell of several: in quotes, as CSV has them, where it holds what separates entries.
fn push_quoted(value: &str, cell: &mut String) {
    if !value.contains([';', '"', '\n']) {
        cell.push_str(value);
        return;
    }
    cell.push('"');
    cell.push_str(&value.replace('"', "\"\""));
    cell.push('"');
}
