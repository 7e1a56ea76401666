//! Numbers and addresses that callers took down: judged as those of the page behind the link are, before they are taken.

use crate::pipeline::confirm::{FormReader, GivenDetails};
use crate::pipeline::{RunError, Setup};
use crate::record::{ContactKind, Field};
use crate::rule::ConfirmPolicy;

/// What a caller puts behind a value that is meant as it stands. It ends no number and no address.
const MEANT: char = '!';

/// Longer values are texts that somebody put into the wrong column.
const MOST_LETTERS: usize = 254;

/// Judges what callers took down.
pub(super) struct GivenReader<'a> {
    form: FormReader<'a>,
    setup: &'a Setup,
}

impl<'a> GivenReader<'a> {
    pub(super) fn new(setup: &'a Setup) -> Result<Self, RunError> {
        let policy = ConfirmPolicy::load(&setup.context.files)?;
        Ok(GivenReader { form: FormReader::new(setup, Vec::new(), MOST_LETTERS, policy.refuse)?, setup })
    }

    /// The value to take; or the reason against it, as a word of the command's own, and what to do.
    pub(super) fn check<'c>(&self, kind: ContactKind, cell: &'c str) -> Result<&'c str, (&'static str, String)> {
        let value = cell.trim_end_matches(MEANT).trim_end();
        let field = match kind {
            ContactKind::Email => Field::Email,
            ContactKind::Phone => Field::Mobile,
        };
        let insisted = if value.len() < cell.len() { vec![value.to_owned()] } else { Vec::new() };
        let given = GivenDetails { texts: vec![(field, value.to_owned())], insisted };
        let Err(faults) = self.form.read(&given, "") else { return Ok(value) };
        let Some(fault) = faults.into_iter().next() else { return Ok(value) };
        match fault.reason.as_str() {
            // A caller may take down several at once.
            "phone.multiple" => Ok(value),
            "suggestion" => {
                // What is said of a row holds no value of a customer; a provider's domain is none.
                let domain = fault.suggestion.rsplit_once('@').map(|(_, domain)| format!(" Is it {domain}?"));
                let remedy = format!(
                    "it looks mistyped.{} Correct it, or write {MEANT} behind it where it is meant as it stands.",
                    domain.unwrap_or_default()
                );
                Err(("doubtful_new_value", remedy))
            }
            code => {
                let what =
                    self.setup.catalog.rules().find(|rule| rule.code.as_str() == code).map(|rule| rule.what.as_str());
                let what = what.unwrap_or("It can't be read.");
                let remedy = format!("{code}. {what} Correct it, or leave it empty and choose another outcome.");
                Err(("bad_new_value", remedy))
            }
        }
    }
}
