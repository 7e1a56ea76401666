//! `flagged.csv`: the customers whose contacts are likely stale, the likeliest first, with why and what to do next.

use std::io::{self, Write};

use rayon::prelude::*;

use super::csv_text::{BOM, guarded, push_line};
use crate::advice::{Advice, NextStep};
use crate::pipeline::{Cleaned, Decay, FlaggedContact, GoldenStage, RunError, Setup};
use crate::record::{Channel, ContactKind, CustomerIndex, Field};
use crate::rule::Words;
use crate::survivorship::GoldenRecord;

/// What makes a customer's name.
const NAMES: [Field; 4] = [Field::FirstName, Field::MiddleName, Field::LastName, Field::FullName];
/// What is read of the golden record.
const NAMED: [Field; 7] =
    [Field::FirstName, Field::MiddleName, Field::LastName, Field::FullName, Field::Email, Field::Mobile, Field::Phone];

/// Writes one line for each contact that made its customer flagged; returns how many.
///
/// # Errors
/// When a rule file is not of its form, or the output can't be written.
pub fn write_flagged(
    cleaned: &Cleaned<'_>,
    decay: &Decay,
    setup: &Setup,
    bom: bool,
    out: &mut dyn Write,
) -> Result<u64, RunError> {
    let failed = |error: io::Error| RunError::write("flagged.csv", &error);
    let words = Words::of_region(&setup.context.files, &setup.context.region)?;
    let golden = GoldenStage::new(&cleaned.rows, setup)?.only(&NAMED);
    if bom {
        out.write_all(BOM).map_err(failed)?;
    }
    let header = [
        "customer",
        &guarded(key_header(cleaned)),
        "row",
        "name",
        "contact",
        "value",
        "stale",
        "other_contact",
        "worth",
        "reasons",
        "why",
        "next",
        "what_to_do",
    ];
    let mut text = Vec::new();
    push_line(&mut text, header);
    out.write_all(&text).map_err(failed)?;
    // Made in the order of the rows, which is that of memory, and put into order then.
    let writer = FlaggedWriter { cleaned, decay, golden, words: &words };
    let parts: Vec<Vec<Line>> =
        decay.flagged_customers().par_chunks(CUSTOMERS_A_TASK).map(|customers| writer.lines(customers)).collect();
    setup.go_on()?;
    let mut lines: Vec<Line> = parts.into_iter().flatten().collect();
    lines.sort_by(|left, right| right.p.total_cmp(&left.p));
    lines.iter().try_for_each(|line| out.write_all(&line.text)).map_err(failed)?;
    Ok(lines.len() as u64)
}

/// Customers that one task writes.
const CUSTOMERS_A_TASK: usize = 1 << 10;

struct FlaggedWriter<'w> {
    cleaned: &'w Cleaned<'w>,
    decay: &'w Decay,
    golden: GoldenStage<'w>,
    words: &'w Words,
}

struct Line {
    p: f32,
    text: Vec<u8>,
}

impl FlaggedWriter<'_> {
    fn lines(&self, customers: &[CustomerIndex]) -> Vec<Line> {
        let lines = customers.iter().flat_map(|customer| {
            let advice = self.cleaned.advice.as_ref().map(|advice| *advice.of(*customer));
            let record = self.golden.golden(self.decay.evidence().rows(*customer));
            let contacts = self.decay.flagged_contacts(&self.cleaned.rows, *customer);
            let lines = contacts.iter().map(|contact| self.line(*customer, contact, &record, advice));
            lines.collect::<Vec<_>>()
        });
        lines.collect()
    }

    /// The customer's own contact of the other kind, where it may be used and likelier reaches the customer than not.
    fn other(
        &self,
        customer: CustomerIndex,
        kind: ContactKind,
        record: &GoldenRecord<'_>,
        advice: Option<Advice>,
    ) -> String {
        let (other, fields, channels): (_, &[Field], &[Channel]) = match kind {
            ContactKind::Email => (ContactKind::Phone, &[Field::Mobile, Field::Phone], &[Channel::Sms, Channel::Call]),
            ContactKind::Phone => (ContactKind::Email, &[Field::Email], &[Channel::Email]),
        };
        let is_open = advice.is_some_and(|advice| channels.iter().any(|channel| advice.may(*channel)));
        let is_alive = self.decay.of_customer(customer, other).is_some_and(|stale| stale < 0.5);
        let value = fields.iter().find_map(|field| record.value(*field).filter(|value| !value.value.is_empty()));
        value.filter(|_| is_open && is_alive).map_or_else(String::new, |value| value.value.to_owned())
    }

    fn line(
        &self,
        customer: CustomerIndex,
        contact: &FlaggedContact,
        record: &GoldenRecord<'_>,
        advice: Option<Advice>,
    ) -> Line {
        let Self { cleaned, words, .. } = self;
        let next = advice.map_or(NextStep::Till, |advice| advice.next);
        let names = NAMES.iter().filter_map(|field| record.value(*field)).map(|value| value.value);
        let named: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        let worth = self.decay.evidence().value(customer).map_or_else(String::new, |value| format!("{value:.2}"));
        let name = cleaned.known_customers().map_or_else(String::new, |known| known.customer(contact.row).to_string());
        let codes: Vec<&str> = contact.reasons.iter().map(|reason| reason.as_str()).collect();
        let keys: Vec<String> = contact.reasons.iter().map(|reason| reason.key()).collect();
        let why: Vec<&str> = keys.iter().map(|key| words.say(key)).collect();
        let cells: [&str; 13] = [
            &name,
            cleaned.rows.key(contact.row),
            &cleaned.rows.name(contact.row),
            &named.join(" "),
            contact.kind.as_str(),
            &contact.value,
            &format!("{:.4}", contact.p),
            &self.other(customer, contact.kind, record, advice),
            &worth,
            &codes.join(";"),
            &why.join("; "),
            next.as_str(),
            words.say(next.key()),
        ];
        let cells = cells.map(guarded);
        let mut text = Vec::with_capacity(256);
        push_line(&mut text, cells.iter().map(AsRef::as_ref));
        Line { p: contact.p, text }
    }
}

/// The name of the lists' column of keys; `key` where there are several lists, or none has such a column.
fn key_header<'c>(cleaned: &'c Cleaned<'_>) -> &'c str {
    let [list] = cleaned.rows.lists() else { return "key" };
    let mapping = &list.mapping;
    mapping.column_of(Field::Id).map_or("key", |column| mapping.header(column))
}
