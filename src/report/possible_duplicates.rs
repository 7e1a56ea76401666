//! `possible_duplicates`: pairs of customers who may be one, both records side by side, for a person to decide.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::csv_text::{guarded, push_line};
use super::duplicates::{LINK_COLUMNS, LINKS_AT_ONCE, told_of_link, write_links};
use crate::pipeline::{Cleaned, Customers, GoldenStage, RunError, Setup};
use crate::record::{Field, RowIndex, mask};
use crate::resolve::{KeptApart, Link, Weights};
use crate::survivorship::GoldenRecord;

/// What is shown of both records: a column's name, and the fields that fill it.
const SHOWN: [(&str, &[Field]); 7] = [
    ("name", &[Field::FirstName, Field::MiddleName, Field::LastName, Field::FullName]),
    ("phone", &[Field::Mobile, Field::Phone]),
    ("email", &[Field::Email]),
    ("birth_date", &[Field::BirthDate]),
    ("national_id", &[Field::NationalId]),
    ("company", &[Field::Company]),
    ("address", &[Field::Address, Field::Street, Field::HouseNumber, Field::City, Field::Postcode]),
];

/// Under which heading a pair stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Heading {
    /// One person, or two who have nothing to do with each other.
    OnePerson,
    /// One person, or two of one home: couples, parents and children, siblings.
    Household,
}

impl Heading {
    const fn as_str(self) -> &'static str {
        match self {
            Heading::OnePerson => "one_person",
            Heading::Household => "household",
        }
    }
}

/// Writes the pairs, those of households after the others, in each the most valuable and likeliest first. Values are masked
/// unless they are to be shown. Returns how many cells were guarded against running as formulas.
///
/// # Errors
/// When the rules are not of their form, or the output can't be written.
pub(super) fn write_possible_duplicates(
    cleaned: &Cleaned<'_>,
    customers: &Customers,
    setup: &Setup,
    out: &mut dyn Write,
) -> Result<u64, RunError> {
    let failed = |error: io::Error| RunError::write("possible_duplicates.csv", &error);
    let mut head = Vec::new();
    push_line(&mut head, header().iter().map(String::as_str));
    out.write_all(&head).map_err(failed)?;
    let Some(weights) = &customers.weights else { return Ok(0) };
    let fields: Vec<Field> = SHOWN.iter().flat_map(|(_, fields)| *fields).copied().collect();
    let golden = GoldenStage::new(&cleaned.rows, setup)?.only(&fields);
    let writer = PairWriter { cleaned, customers, golden, weights, shows_values: setup.show_values };
    let mut pairs: Vec<Question<'_>> = customers.possible.iter().map(|link| writer.pair(link)).collect();
    pairs.sort_by(|left, right| {
        let order = |pair: &Question<'_>| (pair.heading, Reverse(pair.link.weight), pair.link.left, pair.link.right);
        let by_worth = right.worth().total_cmp(&left.worth());
        left.heading.cmp(&right.heading).then(by_worth).then_with(|| order(left).cmp(&order(right)))
    });
    let guarded_cells = std::sync::atomic::AtomicU64::new(0);
    let push = |pair: &Question<'_>, text: &mut Vec<u8>| {
        let count = writer.push(pair, text);
        guarded_cells.fetch_add(count, std::sync::atomic::Ordering::Relaxed);
    };
    for pairs in pairs.chunks(LINKS_AT_ONCE) {
        setup.go_on()?;
        write_links(pairs, &push, out).map_err(failed)?;
    }
    Ok(guarded_cells.into_inner())
}

fn header() -> Vec<String> {
    let mut names: Vec<String> = ["decision", "heading", "likely", "value", "why_asked"].map(str::to_owned).to_vec();
    names.extend(SHOWN.iter().flat_map(|(name, _)| ["left", "right"].map(|side| format!("{side}_{name}"))));
    names.extend(["left_customer", "right_customer"].map(str::to_owned));
    names.extend(LINK_COLUMNS.map(str::to_owned));
    names.push("pair".to_owned());
    names
}

/// A pair that a person is asked about.
struct Question<'l> {
    link: &'l Link,
    heading: Heading,
    /// What the more valuable of the two customers is worth, 1 for an average one; none where nothing says it.
    value: Option<f32>,
}

impl Question<'_> {
    /// What a right decision is worth: whom nothing is known of counts as an average customer.
    fn worth(&self) -> f64 {
        f64::from(self.value.unwrap_or(1.0)) * self.link.chance()
    }
}

struct PairWriter<'w, 'a> {
    cleaned: &'w Cleaned<'a>,
    customers: &'w Customers,
    golden: GoldenStage<'w>,
    weights: &'w Weights,
    shows_values: bool,
}

impl PairWriter<'_, '_> {
    fn pair<'l>(&self, link: &'l Link) -> Question<'l> {
        let rows = [link.left, link.right].map(RowIndex::of);
        let is_one_home = self.customers.household(rows[0]) == self.customers.household(rows[1]);
        let value = |row: RowIndex| {
            let decay = self.cleaned.decay.as_ref()?;
            decay.evidence().value(decay.of_row(row).customer)
        };
        let values = rows.map(value);
        Question {
            link,
            heading: if is_one_home { Heading::Household } else { Heading::OnePerson },
            value: values.into_iter().flatten().max_by(f32::total_cmp),
        }
    }

    /// Appends a line; says how many of its cells were guarded.
    fn push(&self, pair: &Question<'_>, text: &mut Vec<u8>) -> u64 {
        let link = pair.link;
        let rows = [link.left, link.right].map(RowIndex::of);
        // Where nothing keeps the two rows apart, they are below what the list's merges take, or other rows of theirs do.
        let is_below = link.weight <= self.customers.stats.merged_above;
        let otherwise = if is_below { "unsure" } else { "other_rows" };
        let why = link.kept_apart.map_or(otherwise, KeptApart::as_str);
        let mut cells = vec![
            String::new(),
            pair.heading.as_str().to_owned(),
            format!("{:.4}", link.chance()),
            pair.value.map_or_else(String::new, |value| format!("{value:.2}")),
            why.to_owned(),
        ];
        let records = rows.map(|row| self.golden.golden(&[row]));
        for (_, fields) in SHOWN {
            cells.extend(records.iter().map(|record| self.shown(record, fields)));
        }
        cells.extend(rows.map(|row| self.customers.customer(row).to_string()));
        cells.extend(told_of_link(link, self.weights, self.cleaned, self.customers));
        cells.push(self.customers.pair_identity(link).map_or_else(String::new, |identity| identity.to_string()));
        let cells: Vec<_> = cells.iter().map(|cell| guarded(cell)).collect();
        push_line(text, cells.iter().map(AsRef::as_ref));
        cells.iter().filter(|cell| matches!(cell, std::borrow::Cow::Owned(_))).count() as u64
    }

    /// All values of a record in these fields.
    fn shown(&self, record: &GoldenRecord<'_>, fields: &[Field]) -> String {
        let values = fields.iter().filter_map(|field| record.value(*field)).flat_map(|value| {
            let others = value.alternates.iter().map(|other| other.value);
            std::iter::once(value.value).chain(others).map(|text| (value.field, text))
        });
        let told = values
            .filter(|(_, text)| !text.is_empty())
            .map(|(field, text)| if self.shows_values { text.to_owned() } else { mask(Some(field), text) });
        told.collect::<Vec<_>>().join(" ")
    }
}
