//! `flagged.csv`: the customers whose contacts are likely stale, the likeliest first, with why and what to do next.

use std::io::{self, Write};

use rayon::prelude::*;

use super::csv_text::{BOM, guarded, push_line};
use crate::advice::NextStep;
use crate::pipeline::{Cleaned, Decay, FlaggedContact, RunError, Setup};
use crate::record::{CustomerIndex, Field};
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
    let words = Words::load(&setup.context.files, if setup.context.region == "IL" { "he" } else { "en" })?;
    if bom {
        out.write_all(BOM).map_err(failed)?;
    }
    let header = [
        "customer",
        &guarded(key_header(cleaned)),
        "row",
        "contact",
        "value",
        "stale",
        "reasons",
        "why",
        "next",
        "what_to_do",
    ];
    let mut text = Vec::new();
    push_line(&mut text, header);
    out.write_all(&text).map_err(failed)?;
    // Made in the order of the rows, which is that of memory, and put into order then.
    let writer = FlaggedWriter { cleaned, decay, words: &words };
    let parts: Vec<Vec<Line>> =
        decay.flagged_customers().par_chunks(CUSTOMERS_A_TASK).map(|customers| writer.lines(customers)).collect();
    setup.go_on()?;
    let mut lines: Vec<Line> = parts.into_iter().flatten().collect();
    lines.sort_by(|left, right| right.p.total_cmp(&left.p));
    lines.iter().try_for_each(|line| out.write_all(&line.text)).map_err(failed)
}

/// Customers that one task writes.
const CUSTOMERS_A_TASK: usize = 1 << 10;

struct FlaggedWriter<'w> {
    cleaned: &'w Cleaned<'w>,
    decay: &'w Decay,
    words: &'w Words,
}

struct Line {
    p: f32,
    text: Vec<u8>,
}

impl FlaggedWriter<'_> {
    fn lines(&self, customers: &[CustomerIndex]) -> Vec<Line> {
        let lines = customers.iter().flat_map(|customer| {
            let next = self.cleaned.advice.as_ref().map_or(NextStep::Till, |advice| advice.of(*customer).next);
            let contacts = self.decay.flagged_contacts(&self.cleaned.rows, *customer);
            contacts.into_iter().map(move |contact| self.line(&contact, next))
        });
        lines.collect()
    }

    fn line(&self, contact: &FlaggedContact, next: NextStep) -> Line {
        let Self { cleaned, words, .. } = self;
        let name = cleaned.known_customers().map_or_else(String::new, |known| known.customer(contact.row).to_string());
        let codes: Vec<&str> = contact.reasons.iter().map(|reason| reason.as_str()).collect();
        let keys: Vec<String> = contact.reasons.iter().map(|reason| reason.key()).collect();
        let why: Vec<&str> = keys.iter().map(|key| words.say(key)).collect();
        let cells: [&str; 10] = [
            &name,
            cleaned.rows.key(contact.row),
            &cleaned.rows.name(contact.row),
            contact.kind.as_str(),
            &contact.value,
            &format!("{:.4}", contact.p),
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
