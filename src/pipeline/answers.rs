//! Values that customers gave and that were accepted, as rows beside those of lists, and their contacts as evidence.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Customers, RunError, Setup};
use crate::contact::{ContactClasses, LineFacts};
use crate::evidence::{Answered, AnsweredContact};
use crate::kernel::Kernels;
use crate::record::{
    BesideFrom, ContactKind, CustomerId, CustomerIndex, CustomerRows, Day, Field, RowBeside, RowIndex, Rows, RowsBeside,
};
use crate::store::GivenValue;

/// What customers may say of themselves; beside it the day on which they did.
const FIELDS: [Field; 12] = [
    Field::FirstName,
    Field::LastName,
    Field::Phone,
    Field::Email,
    Field::Address,
    Field::Street,
    Field::HouseNumber,
    Field::City,
    Field::Postcode,
    Field::PreferredChannel,
    Field::Language,
    Field::UpdatedAt,
];

/// Adds the accepted values of these customers, those that were given together as one row. Values of customers who are in none
/// of the lists wait for a run that has them.
///
/// # Errors
/// When a rule file is not of its form.
pub(super) fn answer_rows(
    given: &[GivenValue],
    rows: &Rows,
    customers: &Customers,
    setup: &Setup,
    beside: &mut RowsBeside,
) -> Result<(), RunError> {
    if given.is_empty() {
        return Ok(());
    }
    let firsts = Firsts::of(given, rows, customers);
    let kernels = Kernels::of_columns(&setup.context, FIELDS.map(|field| (field, Vec::new())).into())?;
    let said_together = |one: &GivenValue, other: &GivenValue| {
        (one.customer, &one.source, &one.at) == (other.customer, &other.source, &other.at)
    };
    let mut sorted: Vec<&GivenValue> = given.iter().collect();
    sorted.sort_by(|one, other| {
        (&one.at, one.customer, &one.source, one.id).cmp(&(&other.at, other.customer, &other.source, other.id))
    });
    for values in sorted.chunk_by(|one, other| said_together(one, other)) {
        let Some(first) = firsts.find(values[0]) else { continue };
        let day = values[0].at.get(..10).unwrap_or_default();
        let Ok(date) = day.parse() else { continue };
        let cell = |field: &Field| match field {
            Field::UpdatedAt => day,
            field => values.iter().rev().find(|value| value.field == field.as_str()).map_or("", |value| &value.new),
        };
        let batch = Arc::new(kernels.check_row(&FIELDS.each_ref().map(cell)));
        let from = BesideFrom::Said(format!("{}@{day}", values[0].source), Day::of(date));
        beside.push(first, RowBeside { batch, row: 0, from });
    }
    Ok(())
}

/// The first rows of those who gave values: by the names of customers, and by the keys of their rows where they have another name
/// by now.
struct Firsts<'g> {
    by_id: HashMap<CustomerId, RowIndex>,
    by_key: HashMap<(&'g str, &'g str), RowIndex>,
}

impl<'g> Firsts<'g> {
    fn of(given: &'g [GivenValue], rows: &'g Rows, customers: &'g Customers) -> Self {
        let wanted: HashSet<CustomerId> = given.iter().map(|value| value.customer).collect();
        let keys: HashSet<(&str, &str)> = given.iter().map(|value| (&*value.list, &*value.row_key)).collect();
        let mut firsts = Firsts { by_id: HashMap::new(), by_key: HashMap::new() };
        for own in customers.rows().iter() {
            let id = customers.customer(customers.representative(own[0]));
            if wanted.contains(&id) {
                firsts.by_id.insert(id, own[0]);
            }
            for row in own {
                let list = &*rows.lists()[rows.place(*row).list].file;
                if let Some(named) = keys.get(&(list, customers.key(*row))).filter(|(_, key)| !key.is_empty()) {
                    firsts.by_key.insert(*named, own[0]);
                }
            }
        }
        firsts
    }

    fn find(&self, value: &GivenValue) -> Option<RowIndex> {
        let by_key = || self.by_key.get(&(&*value.list, &*value.row_key));
        self.by_id.get(&value.customer).or_else(by_key).copied()
    }
}

/// The newest accepted address and number of each customer who gave some.
pub(super) fn answered_contacts(
    beside: &RowsBeside,
    customers: &CustomerRows,
    classes: &ContactClasses,
    setup: &Setup,
) -> HashMap<CustomerIndex, Answered> {
    let mut answered: HashMap<CustomerIndex, Answered> = HashMap::new();
    for (first, row) in beside.all() {
        let Some(day) = row.said_on() else { continue };
        for kind in [ContactKind::Email, ContactKind::Phone] {
            let Some((_, column)) = row.batch.standard().contacts_of(kind).find(|(_, own)| !own.is_empty_at(row.row))
            else {
                continue;
            };
            let (value, detail) = column.value(row.row, 0);
            let class = match kind {
                ContactKind::Phone => classes.of_number(LineFacts::of(detail), value),
                ContactKind::Email => classes.of_address(detail.email().and_then(|email| email.class), value),
            };
            answered.entry(customers.customer_of(first)).or_default()[kind as usize] = Some(AnsweredContact {
                kind,
                value: value.to_owned(),
                key: setup.keys.hash_of(kind, value, &mut String::new()).0,
                class,
                verdict: row.batch.verdict(row.row, column.column),
                detail,
                day,
            });
        }
    }
    answered
}
