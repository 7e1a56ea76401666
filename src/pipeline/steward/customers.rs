//! Customers who need a person: valuable ones whose contacts are likely stale, and those of whom sources say different things.

use rayon::prelude::*;

use super::maker::ItemMaker;
use crate::pipeline::GoldenStage;
use crate::record::{CellShown, ContactKind, CustomerIndex, Field, ItemKind, NewItem, RowIndex, Shown, text_hash};

pub(super) fn items(maker: &ItemMaker<'_>) -> Vec<NewItem> {
    let mut items = decayed(maker);
    items.extend(contradicting(maker));
    items
}

fn decayed(maker: &ItemMaker<'_>) -> Vec<NewItem> {
    let (Some(decay), Some(_)) = (&maker.cleaned.decay, maker.customers) else { return Vec::new() };
    let least = maker.policy.decayed.least_value;
    let year = maker.setup.context.today.year();
    let of = |customer: CustomerIndex| {
        let worth = decay.evidence().value(customer).unwrap_or(1.0);
        let flagged = if worth >= least { decay.flagged_contacts(&maker.cleaned.rows, customer) } else { Vec::new() };
        flagged.into_iter().map(|contact| {
            let whom = maker.whom(contact.row);
            let field = if contact.kind == ContactKind::Email { Field::Email } else { Field::Phone };
            let key = maker.setup.keys.key(contact.kind, &contact.value);
            let customer = whom.customer.map(|customer| customer.to_string()).unwrap_or_default();
            // What was looked at once may have gone stale again a year later.
            let identity = format!("{customer}-{:016x}-{year}", text_hash(&key));
            let codes: Vec<String> = contact.reasons.iter().map(|reason| reason.as_str().to_owned()).collect();
            let reason = codes.first().map_or("stale", String::as_str).to_owned();
            let shown = CellShown {
                field,
                header: String::new(),
                row: maker.row_name(contact.row),
                key: maker.key(contact.row).to_owned(),
                name: whom.name.clone(),
                value: contact.value,
                suggestion: String::new(),
                codes,
                stale: Some((contact.p * 1000.0).round() as u32),
                people: 0,
                contact: Some((contact.kind, key)),
            };
            let chance = f64::from(contact.p);
            let shown = Shown::Cell(Box::new(shown));
            maker.item(ItemKind::Decayed, contact.row, whom, (identity, &reason, chance), shown)
        })
    };
    decay.flagged_customers().into_par_iter().flat_map_iter(of).collect()
}

fn contradicting(maker: &ItemMaker<'_>) -> Vec<NewItem> {
    let Some(customers) = maker.customers else { return Vec::new() };
    let Ok(golden) = GoldenStage::new(&maker.cleaned.rows, maker.setup) else { return Vec::new() };
    let several: Vec<&[RowIndex]> = customers.rows().iter().filter(|rows| rows.len() > 1).collect();
    let of = |rows: &&[RowIndex]| {
        let conflicts = golden.golden(rows).conflicts;
        let (consents, others): (Vec<Field>, Vec<Field>) = conflicts.into_iter().partition(|field| field.is_consent());
        let consent = item(maker, rows, ItemKind::Consent, &consents);
        consent.into_iter().chain(item(maker, rows, ItemKind::Conflict, &others))
    };
    several.par_iter().flat_map_iter(of).collect()
}

/// The rows of a customer, where they say different things of these fields.
fn item(maker: &ItemMaker<'_>, rows: &[RowIndex], kind: ItemKind, fields: &[Field]) -> Option<NewItem> {
    let values: Vec<(Field, Vec<(String, String)>)> =
        fields.iter().map(|field| (*field, said(maker, rows, *field))).filter(|(_, all)| all.len() > 1).collect();
    let reason = values.first()?.0.as_str();
    let row = rows[0];
    let whom = maker.whom(row);
    let customer = whom.customer.map(|customer| customer.to_string()).unwrap_or_default();
    let identity = format!("{customer}-{:016x}", text_hash(&format!("{values:?}")));
    let shown = Shown::Sources { key: maker.key(row).to_owned(), name: whom.name.clone(), values };
    Some(maker.item(kind, row, whom, (identity, reason, 1.0), shown))
}

/// What each row says of a field.
fn said(maker: &ItemMaker<'_>, rows: &[RowIndex], field: Field) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for row in rows {
        let (batch, place) = maker.cleaned.rows.batch(*row);
        let is_of = |own: Field| own == field || field == Field::Phone && own.is_phone();
        for column in batch.standard().columns().iter().filter(|column| is_of(column.field)) {
            let written = column.written(place);
            if !written.is_empty() {
                all.push((maker.row_name(*row), written.into_owned()));
            }
        }
    }
    all
}
