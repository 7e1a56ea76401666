//! `duplicates.csv` and `possible_duplicates.csv`: every likely pair of rows with its evidence, in words that sum up.

use std::fmt::Write as _;
use std::io::{self, Write};

use rayon::prelude::*;

use super::csv_text::{guarded, push_line};
use super::table::BOM;
use crate::pipeline::{Cleaned, Customers, RunError};
use crate::record::RowIndex;
use crate::resolve::{Against, Evidence, Link, Weights};

/// Links formatted at a time; bounds memory.
const LINKS_AT_ONCE: usize = 1 << 14;

/// Writes the pairs that made rows one customer, customer by customer, the likeliest first.
///
/// # Errors
/// When the output can't be written.
pub fn write_duplicates(
    cleaned: &Cleaned<'_>,
    customers: &Customers,
    bom: bool,
    out: &mut dyn Write,
) -> Result<(), RunError> {
    let columns = ["tiuv_customer"];
    write_links(&LinkWriter { cleaned, customers, is_possible: false }, &columns, &customers.links, bom, out)
}

/// Writes the pairs of different customers that a person should look at, the likeliest first.
///
/// # Errors
/// When the output can't be written.
pub fn write_possible_duplicates(
    cleaned: &Cleaned<'_>,
    customers: &Customers,
    bom: bool,
    out: &mut dyn Write,
) -> Result<(), RunError> {
    let columns = ["left_customer", "right_customer"];
    write_links(&LinkWriter { cleaned, customers, is_possible: true }, &columns, &customers.possible, bom, out)
}

struct LinkWriter<'w, 'a> {
    cleaned: &'w Cleaned<'a>,
    customers: &'w Customers,
    is_possible: bool,
}

fn write_links(
    writer: &LinkWriter<'_, '_>,
    customer_columns: &[&str],
    links: &[Link],
    bom: bool,
    out: &mut dyn Write,
) -> Result<(), RunError> {
    let what = if writer.is_possible { "possible_duplicates.csv" } else { "duplicates.csv" };
    let failed = |error: io::Error| RunError::write(what, &error);
    let mut head = if bom { BOM.to_vec() } else { Vec::new() };
    let own = ["left_row", "left_key", "right_row", "right_key", "bits", "evidence", "against", "codes"];
    push_line(&mut head, customer_columns.iter().copied().chain(own));
    out.write_all(&head).map_err(failed)?;
    let Some(weights) = &writer.customers.weights else { return Ok(()) };
    for links in links.chunks(LINKS_AT_ONCE) {
        let lines: Vec<Vec<u8>> = links
            .par_chunks(1 << 9)
            .map(|links| {
                let mut text = Vec::with_capacity(links.len() * 256);
                links.iter().for_each(|link| writer.push(link, weights, &mut text));
                text
            })
            .collect();
        for text in lines {
            out.write_all(&text).map_err(failed)?;
        }
    }
    Ok(())
}

impl LinkWriter<'_, '_> {
    fn push(&self, link: &Link, weights: &Weights, text: &mut Vec<u8>) {
        let customers = self.customers;
        let rows = [link.left, link.right].map(RowIndex::of);
        let evidence = link.evidence(weights);
        let mut cells: Vec<String> = Vec::with_capacity(10);
        let named = if self.is_possible { &rows[..] } else { &rows[..1] };
        cells.extend(named.iter().map(|row| customers.customer(*row).to_string()));
        for row in rows {
            cells.extend([self.cleaned.rows.name(row), customers.key(row).to_owned()]);
        }
        let against = match evidence.against {
            Against::Household => "household",
            Against::Unrelated => "unrelated",
        };
        cells.extend([
            bits(evidence.weight),
            in_words(&evidence, weights),
            against.to_owned(),
            in_codes(&evidence, weights),
        ]);
        let cells: Vec<_> = cells.iter().map(|cell| guarded(cell)).collect();
        push_line(text, cells.iter().map(AsRef::as_ref));
    }
}

/// Thousandths of a bit as bits with one decimal: `-0.4`.
fn bits(milli: i32) -> String {
    let tenths = (i64::from(milli.abs()) + 50) / 100;
    let sign = if milli < 0 && tenths > 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

/// The same with its sign: `+9.1`.
fn signed(milli: i32) -> String {
    let bits = bits(milli);
    if bits.starts_with('-') { bits } else { format!("+{bits}") }
}

/// `at first (-17.2); first name: exact (+9.1); phone: other (-1.3)`; what stands in brackets adds up to the weight.
fn in_words(evidence: &Evidence, weights: &Weights) -> String {
    let mut text = format!("at first ({})", signed(evidence.start));
    for (index, level, milli) in &evidence.fields {
        let field = &weights.fields[*index];
        let name = field.field.as_str().replace('_', " ");
        // Writing into a string can't fail.
        let _ = write!(text, "; {name}: {} ({})", field.levels[*level].name, signed(*milli));
    }
    if evidence.rest != 0 {
        let _ = write!(text, "; other explanations ({})", signed(evidence.rest));
    }
    if evidence.doubt != 0 {
        let _ = write!(text, "; likely namesakes ({})", signed(evidence.doubt));
    }
    text
}

/// `first_name=exact:9100;phone=other:-1300`: the levels for programs, in thousandths of a bit.
fn in_codes(evidence: &Evidence, weights: &Weights) -> String {
    let one = |(index, level, milli): &(usize, usize, i32)| {
        let field = &weights.fields[*index];
        format!("{}={}:{milli}", field.field, field.levels[*level].name.replace(", ", "_").replace(' ', "_"))
    };
    evidence.fields.iter().map(one).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_have_one_decimal_and_no_zero_has_a_sign() {
        assert_eq!([9_149, -1_250, -40, 0, 50].map(bits), ["9.1", "-1.3", "0.0", "0.0", "0.1"]);
        assert_eq!([9_149, -1_250, -40].map(signed), ["+9.1", "-1.3", "+0.0"]);
    }
}
