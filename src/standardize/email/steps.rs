//! How an e-mail cell was read, for people: its plain text, and each address with its forms for machines.

use super::cell;
use super::key::{ascii_form, email_key};
use super::read::EmailStandardizer;
use crate::record::CellOut;
use crate::standardize::{CellContext, Note, Standardizer, Step, StepPart};

impl EmailStandardizer {
    /// What `standardize` does with a cell, step by step.
    pub(super) fn steps_of(&self, raw: &str, context: CellContext<'_>) -> Vec<Step> {
        let text = cell::clean(raw).text;
        if text.is_empty() {
            return Vec::new();
        }
        let mut steps = Vec::new();
        if text != raw {
            steps.push(Step::one("step.plain", &text, Vec::new()));
        }
        let mut out = CellOut::default();
        self.standardize(raw, context, &mut out);
        let addresses: Vec<&str> = out.values().collect();
        if addresses.is_empty() {
            return steps;
        }
        let forms = |form: &dyn Fn(&str) -> String| {
            addresses.iter().map(|address| StepPart { value: form(address), notes: Vec::new() }).collect::<Vec<_>>()
        };
        let mut ascii = forms(&|address| ascii_form(address).unwrap_or_default());
        for part in ascii.iter_mut().filter(|part| part.value.is_empty()) {
            part.notes.push(Note::Word("step.email.smtputf8"));
        }
        let mut keys = forms(&|address| email_key(self.keys(), address));
        for part in keys.iter_mut().filter(|part| part.value.is_empty()) {
            part.notes.push(Note::Word("step.email.no_key"));
        }
        steps.push(Step::of("step.email.ascii", ascii));
        steps.push(Step::of("step.email.key", keys));
        steps
    }
}
