//! What `rows.csv` and `customers.csv` say of a customer: what it is called, how stale its contacts are, where it stands, and
//! whether and how it may be contacted.

use std::fmt::Write as _;

use super::csv_text::push_word;
use crate::advice::{Advice, CHANNELS};
use crate::pipeline::{Cleaned, Customers, Decay, RunAdvice};
use crate::record::{CustomerIndex, RowIndex};

/// What is said of the customers of a block's rows.
pub(super) struct SaidOfCustomers<'a> {
    /// None where customers were not looked for, or nothing could be compared.
    named: Option<&'a Customers>,
    judged: Option<&'a Decay>,
    advised: Option<&'a RunAdvice>,
    first: RowIndex,
}

impl<'a> SaidOfCustomers<'a> {
    pub(super) fn of(cleaned: &'a Cleaned<'a>, list: usize, block: usize) -> Self {
        SaidOfCustomers {
            named: cleaned.known_customers(),
            judged: cleaned.decay.as_ref(),
            advised: cleaned.advice.as_ref(),
            first: cleaned.rows.first_of(list, block),
        }
    }

    fn row(&self, row: usize) -> RowIndex {
        RowIndex::new(self.first.get() + row)
    }

    /// What a row's customer and household are called.
    pub(super) fn push_names(&self, row: usize, text: &mut String, line: &mut Vec<u8>) {
        let Some(customers) = self.named else { return line.extend_from_slice(b",,") };
        let row = self.row(row);
        for called in [customers.customer(row), customers.household_name(row)] {
            text.clear();
            let _ = write!(text, "{called}");
            push_word(line, text);
        }
    }

    /// How stale a row's contacts are, where its customer stands, and what is decided of it.
    pub(super) fn push_judgements(&self, row: usize, text: &mut String, line: &mut Vec<u8>) {
        let row = self.row(row);
        match self.judged {
            Some(decay) => {
                let said = decay.of_row(row);
                for p in [said.email, said.phone] {
                    text.clear();
                    push_probability(p, text);
                    push_word(line, text);
                }
                push_segment(decay, said.customer, text, |word| push_word(line, word));
            }
            None => line.extend_from_slice(b",,,,,,,"),
        }
        match self.advised {
            Some(advice) => push_advice(advice.of_row(row), text, |word| push_word(line, word)),
            None => line.extend_from_slice(b",,,,,"),
        }
    }
}

/// Whether a customer may be contacted by each channel, why not, and what to do next.
pub(super) fn push_advice(advice: &Advice, text: &mut String, mut push: impl FnMut(&str)) {
    for channel in CHANNELS {
        push(if advice.may(channel) { "yes" } else { "no" });
    }
    text.clear();
    advice.push_why(text);
    push(text);
    push(advice.next.as_str());
}

/// A probability with four decimals; nothing where there is none.
pub(super) fn push_probability(p: Option<f32>, text: &mut String) {
    let Some(p) = p else { return };
    // As `{:.4}` writes it, which costs more than all else that is said of a row.
    let tenths = (f64::from(p) * 10_000.0).round() as u32;
    text.push(char::from(b'0' + (tenths / 10_000) as u8));
    text.push('.');
    for place in [1000, 100, 10, 1] {
        text.push(char::from(b'0' + (tenths / place % 10) as u8));
    }
}

/// A number with two decimals, as `{:.2}` writes it at many times the cost.
fn push_hundredths(value: f32, text: &mut String) {
    // Of so small a number a hundred times is a double, without a rest.
    let hundredths = (f64::from(value) * 100.0).round_ties_even();
    if value.is_sign_negative() || hundredths.is_nan() || hundredths >= 1e15 {
        let _ = write!(text, "{value:.2}");
        return;
    }
    let hundredths = hundredths as u64;
    let _ = write!(text, "{}.", hundredths / 100);
    text.push(char::from(b'0' + (hundredths / 10 % 10) as u8));
    text.push(char::from(b'0' + (hundredths % 10) as u8));
}

/// What is said of a customer: flagged, why, status, segment, value.
pub(super) fn push_segment(decay: &Decay, customer: CustomerIndex, text: &mut String, mut push: impl FnMut(&str)) {
    push(if decay.is_flagged(customer) { "yes" } else { "no" });
    text.clear();
    decay.push_reasons(customer, text);
    push(text);
    push(decay.evidence().status(customer).as_str());
    push(decay.evidence().segment(customer));
    text.clear();
    if let Some(value) = decay.evidence().value(customer) {
        push_hundredths(value, text);
    }
    push(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hundredths_are_written_as_the_standard_library_writes_them(value in prop::num::f32::ANY, cents in 0u32..100_000) {
            for value in [value, cents as f32 / 100.0, cents as f32 / 1000.0, cents as f32 / 8.0] {
                let mut text = String::new();
                push_hundredths(value, &mut text);
                prop_assert_eq!(text, format!("{value:.2}"));
            }
        }
    }
}
