//! `duplicates.csv`: the pairs that made rows one customer, each with its evidence, in words that sum up.

use std::fmt::Write as _;
use std::io::{self, Write};

use rayon::prelude::*;

use super::csv_text::{BOM, guarded, push_line};
use crate::pipeline::{Cleaned, Customers, RunError};
use crate::record::RowIndex;
use crate::resolve::{Against, Evidence, Link, Weights};

/// Links formatted at a time; bounds memory.
pub(super) const LINKS_AT_ONCE: usize = 1 << 14;

/// Columns of what the rows of a pair are called, and why they are likely one person.
pub(super) const LINK_COLUMNS: [&str; 8] =
    ["left_row", "left_key", "right_row", "right_key", "bits", "evidence", "against", "codes"];

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
    let failed = |error: io::Error| RunError::write("duplicates.csv", &error);
    let mut head = if bom { BOM.to_vec() } else { Vec::new() };
    push_line(&mut head, std::iter::once("tiuv_customer").chain(LINK_COLUMNS));
    out.write_all(&head).map_err(failed)?;
    let Some(weights) = &customers.weights else { return Ok(()) };
    let push = |link: &Link, text: &mut Vec<u8>| {
        let customer = customers.customer(RowIndex::of(link.left)).to_string();
        let told = told_of_link(link, weights, cleaned, customers);
        let cells: Vec<_> = std::iter::once(&customer).chain(&told).map(|cell| guarded(cell)).collect();
        push_line(text, cells.iter().map(AsRef::as_ref));
    };
    for links in customers.links.chunks(LINKS_AT_ONCE) {
        write_links(links, &push, out).map_err(failed)?;
    }
    Ok(())
}

/// Writes a line a link, formatted in parallel.
pub(super) fn write_links<L: Sync>(
    links: &[L],
    push: &(dyn Fn(&L, &mut Vec<u8>) + Sync),
    out: &mut dyn Write,
) -> io::Result<()> {
    let lines: Vec<Vec<u8>> = links
        .par_chunks(1 << 9)
        .map(|links| {
            let mut text = Vec::with_capacity(links.len() * 256);
            links.iter().for_each(|link| push(link, &mut text));
            text
        })
        .collect();
    lines.iter().try_for_each(|text| out.write_all(text))
}

/// What stands in [`LINK_COLUMNS`].
pub(super) fn told_of_link(
    link: &Link,
    weights: &Weights,
    cleaned: &Cleaned<'_>,
    customers: &Customers,
) -> [String; LINK_COLUMNS.len()] {
    let [left, right] = [link.left, link.right].map(RowIndex::of);
    let evidence = link.evidence(weights);
    let against = match evidence.against {
        Against::Household => "household",
        Against::Unrelated => "unrelated",
    };
    [
        cleaned.rows.name(left),
        customers.key(left).to_owned(),
        cleaned.rows.name(right),
        customers.key(right).to_owned(),
        bits(evidence.weight),
        in_words(&evidence, weights),
        against.to_owned(),
        in_codes(&evidence, weights),
    ]
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
