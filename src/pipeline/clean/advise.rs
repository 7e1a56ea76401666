//! What is decided of each customer of a run, as its outputs tell it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::person::{Person, PersonReader, stated_by_columns};
use crate::advice::{Advice, Adviser, CHANNELS, Consents, NotHeld, Subject};
use crate::evidence::Evidence;
use crate::pipeline::{ContactFigures, Customers, Decay, GoldenStage, RunError, Setup};
use crate::record::{CustomerId, CustomerIndex, CustomerRows, RowIndex, Rows};
use crate::rule::OutreachRules;

/// The decision about each customer; where customers were not looked for, about each row.
#[derive(Debug)]
pub struct RunAdvice {
    customers: Arc<CustomerRows>,
    all: Vec<Advice>,
}

impl RunAdvice {
    /// About a customer.
    pub fn of(&self, customer: CustomerIndex) -> &Advice {
        &self.all[customer.get()]
    }

    /// About a row's customer.
    pub fn of_row(&self, row: RowIndex) -> &Advice {
        self.of(self.customers.customer_of(row))
    }

    /// All of them in numbers.
    pub(super) fn figures(&self) -> ContactFigures {
        let mut figures = ContactFigures { customers: self.all.len() as u64, ..ContactFigures::default() };
        for channel in CHANNELS {
            let open = self.all.iter().filter(|advice| advice.may(channel)).count();
            figures.may.insert(channel.as_str().to_owned(), open as u64);
        }
        for advice in &self.all {
            *figures.next.entry(advice.next.as_str().to_owned()).or_default() += 1;
            if let Some(bar) = advice.closed() {
                *figures.why.entry(bar.as_str().to_owned()).or_default() += 1;
            }
        }
        figures
    }

    /// Decides of all customers. What outputs don't tell of a line is not told by what is advised, either.
    pub(super) fn find(
        rows: &Rows,
        customers: Option<&Customers>,
        evidence: &Evidence,
        decay: Option<&Decay>,
        setup: &Setup,
    ) -> Result<Self, RunError> {
        let rules = OutreachRules::load(&setup.context.files)?;
        let reader = PersonReader::new(rows, customers, evidence, decay, setup)?;
        let consents = Consents { stated: stated(rows), has_basis: false };
        let adviser = Adviser {
            rules: &rules,
            policy: &rules.policy,
            region: &setup.context.region,
            day: setup.context.today,
            consents: &consents,
        };
        // Golden records cost time: where no list says anything of the person, none is made.
        let golden = GoldenStage::new(rows, setup)?.only(&Person::TOLD_BY);
        let is_told = golden.fields().iter().any(|(field, _)| Person::TOLD_BY.contains(field));
        setup.go_on()?;
        let advise = |customer: usize| {
            let customer = CustomerIndex::new(customer);
            let own = evidence.rows(customer);
            let person = if is_told { reader.person(&golden.golden(own)) } else { Person::default() };
            let representative = reader.representative(own);
            let contacts = reader.contacts(customer, &setup.redaction, true);
            let subject = Subject {
                id: customers.map_or(CustomerId(0), |customers| customers.customer(representative)),
                list: reader.list(representative),
                country: &person.country,
                born: person.born,
                preferred: person.preferred,
                consent: evidence.consents(own),
                restrictions: evidence.restrictions(own),
                contacts: &contacts,
            };
            adviser.case(subject, &NotHeld).advice()
        };
        let all = (0..evidence.customers.len()).into_par_iter().map(advise).collect();
        setup.go_on()?;
        Ok(RunAdvice { customers: Arc::clone(&evidence.customers), all })
    }
}

/// Which consents each list has a column for: the same that a plan goes by. What one customer said in a note or refused in another
/// column is no question that the list asks of all.
fn stated(rows: &Rows) -> BTreeMap<String, [bool; 4]> {
    let mut stated: BTreeMap<String, [bool; 4]> = BTreeMap::new();
    for list in rows.lists() {
        let known = stated.entry(list.file.clone()).or_default();
        known.iter_mut().zip(stated_by_columns(list)).for_each(|(known, asked)| *known |= asked);
    }
    stated
}
