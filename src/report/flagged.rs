//! `flagged.csv`: the customers whose contacts are likely stale, the likeliest first, with why and what to do next.

use std::io::{self, Write};

use super::csv_text::{guarded, push_line};
use super::table::BOM;
use crate::pipeline::{Cleaned, Decay, FlaggedContact, RunError, Setup};
use crate::record::Field;
use crate::rule::Words;

/// Writes one line for each contact that made its customer flagged.
///
/// # Errors
/// When a rule file is not of its form, or the output can't be written.
pub fn write_flagged(
    cleaned: &Cleaned<'_>,
    decay: &Decay,
    setup: &Setup,
    bom: bool,
    out: &mut dyn Write,
) -> Result<(), RunError> {
    let failed = |error: io::Error| RunError::write("flagged.csv", &error);
    let words = Words::load(&setup.files, if setup.region == "IL" { "he" } else { "en" })?;
    if bom {
        out.write_all(BOM).map_err(failed)?;
    }
    let header =
        ["customer", key_header(cleaned), "row", "contact", "value", "stale", "reasons", "why", "next", "what_to_do"];
    let mut text = Vec::new();
    push_line(&mut text, header);
    let mut lines: Vec<(u32, FlaggedContact)> = Vec::new();
    for flagged in decay.flagged(&cleaned.lists) {
        lines.extend(flagged.contacts.into_iter().map(|contact| (flagged.customer, contact)));
    }
    lines.sort_by(|left, right| right.1.p.total_cmp(&left.1.p).then(left.0.cmp(&right.0)));
    for (customer, contact) in &lines {
        let row = cleaned.row_name(contact.row, decay);
        let name = cleaned.known_customers().map_or_else(String::new, |known| known.customer(contact.row).to_string());
        let codes: Vec<&str> = contact.reasons.iter().map(|reason| reason.as_str()).collect();
        let keys: Vec<String> = contact.reasons.iter().map(|reason| reason.key()).collect();
        let why: Vec<&str> = keys.iter().map(|key| words.say(key)).collect();
        let next = decay.next_step(&cleaned.lists, *customer, setup);
        let cells = [
            name,
            decay.key_text(&cleaned.lists, contact.row).to_owned(),
            row,
            contact.kind.as_str().to_owned(),
            contact.value.clone(),
            format!("{:.4}", contact.p),
            codes.join(";"),
            why.join("; "),
            next.as_str().to_owned(),
            words.say(next.key()).to_owned(),
        ];
        let cells: Vec<_> = cells.iter().map(|cell| guarded(cell)).collect();
        push_line(&mut text, cells.iter().map(AsRef::as_ref));
        if text.len() > CHUNK {
            setup.go_on()?;
            out.write_all(&text).map_err(failed)?;
            text.clear();
        }
    }
    out.write_all(&text).map_err(failed)
}

/// Bytes written at a time.
const CHUNK: usize = 1 << 20;

/// The name of the lists' column of keys; `key` where there are several lists, or none has such a column.
fn key_header<'c>(cleaned: &'c Cleaned<'_>) -> &'c str {
    let [list] = &cleaned.lists[..] else { return "key" };
    let mapping = list.list.mapping();
    mapping.column_of(Field::Id).map_or("key", |column| mapping.header(column))
}
