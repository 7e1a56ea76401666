//! What is decided of each customer of a run, as its outputs tell it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::person::{Person, PersonReader};
use crate::advice::{Advice, Adviser, CHANNELS, Consents, Refusal, Subject, Suppressing, refusals};
use crate::contact::ContactKeys;
use crate::evidence::Evidence;
use crate::pipeline::reach::{Counted, Prospect, ReachFigures, ReachTally, Standpoint};
use crate::pipeline::{ContactFigures, Customers, Decay, GoldenStage, RunError, Setup};
use crate::record::{
    Channel, ContactKind, CustomerId, CustomerIndex, CustomerRows, ListStanding, RowIndex, Rows, SuppressionReason,
    SuppressionScope,
};
use crate::rule::{OutreachPolicy, OutreachRules};

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
            let closed = figures.closed.entry(channel.as_str().to_owned()).or_default();
            for bar in self.all.iter().filter_map(|advice| advice.bar(channel)) {
                *closed.entry(bar.as_str().to_owned()).or_default() += 1;
            }
        }
        for advice in &self.all {
            *figures.next.entry(advice.next.as_str().to_owned()).or_default() += 1;
            if let Some(bar) = advice.closed() {
                *figures.why.entry(bar.as_str().to_owned()).or_default() += 1;
            }
        }
        figures
    }

    /// Decides of all customers, by what their lists say as wholes, too, and counts who is reached and what asking would come to
    /// by `prices`, where not by the rules. What outputs don't tell of a line is not told by what is advised, either.
    pub(super) fn find(
        rows: &Rows,
        standings: &[ListStanding],
        customers: Option<&Customers>,
        evidence: &Evidence,
        decay: Option<&Decay>,
        prices: Option<&OutreachPolicy>,
        setup: &Setup,
    ) -> Result<(Self, ReachFigures), RunError> {
        let rules = OutreachRules::load(&setup.context.files)?;
        let prices = prices.unwrap_or(&rules.policy);
        let reader = PersonReader::new(rows, customers, evidence, decay, setup)?;
        let consents = Consents::of_lists(standings, false);
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
        let shared = RefusedContacts::find(evidence, &rules);
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
            let case = adviser.case(subject, &shared);
            let channels = case.channels();
            (case.advice_by(&channels), Prospect::of(&case, &channels, &contacts, prices))
        };
        let count = evidence.customers.len();
        let mut all = Vec::with_capacity(count);
        let mut reach = ReachTally::default();
        for first in (0..count).step_by(CUSTOMERS_AT_ONCE) {
            setup.go_on()?;
            let batch = first..count.min(first + CUSTOMERS_AT_ONCE);
            let advised: Vec<(Advice, Prospect)> = batch.clone().into_par_iter().map(advise).collect();
            for (customer, (advice, prospect)) in batch.map(CustomerIndex::new).zip(advised) {
                reach.add(&prospect, standpoint(customer, evidence, decay));
                all.push(advice);
            }
        }
        let counted = if customers.is_some() { Counted::Customers } else { Counted::Rows };
        let figures = reach.figures(counted, decay.map(Decay::level_sds), prices);
        Ok((RunAdvice { customers: Arc::clone(&evidence.customers), all }, figures))
    }
}

/// Customers advised at a time; bounds memory.
const CUSTOMERS_AT_ONCE: usize = 1 << 16;

fn standpoint(customer: CustomerIndex, evidence: &Evidence, decay: Option<&Decay>) -> Standpoint {
    let stale = |kind| decay.and_then(|decay| decay.of_customer(customer, kind));
    Standpoint {
        status: evidence.status(customer),
        segment: evidence.segment(customer),
        is_flagged: decay.is_some_and(|decay| decay.is_flagged(customer)),
        stale: [ContactKind::Email, ContactKind::Phone].map(stale),
    }
}

/// Numbers and addresses of people who refused that others have as well: they are used for nobody.
#[derive(Debug, Default)]
struct RefusedContacts(HashMap<u64, Vec<Refusal>>);

impl RefusedContacts {
    fn find(evidence: &Evidence, rules: &OutreachRules) -> Self {
        let said = (0..evidence.customers.len()).into_par_iter().flat_map_iter(|customer| {
            let rows = evidence.rows(CustomerIndex::new(customer));
            let mut keys = BTreeSet::new();
            for row in rows {
                evidence.each_key(*row, |key, shared_by| keys.extend((shared_by > 1).then_some(key)));
            }
            let mut said = Vec::new();
            if !keys.is_empty() {
                said = refusals(&evidence.restrictions(rows), &evidence.consents(rows), &rules.policy.refusal);
                said.retain(|refusal| refusal.reason.concerns_person());
            }
            let is_refused = !said.is_empty();
            keys.into_iter().filter(move |_| is_refused).map(move |key| (key, said.clone()))
        });
        let mut refused: HashMap<u64, Vec<Refusal>> = HashMap::new();
        for (key, said) in said.collect::<Vec<_>>() {
            refused.entry(key).or_default().extend(said);
        }
        RefusedContacts(refused)
    }
}

impl Suppressing for RefusedContacts {
    fn customer(&self, _: CustomerId, _: Channel) -> Option<(SuppressionReason, SuppressionScope)> {
        None
    }

    fn contact(&self, kind: ContactKind, key: &str, channel: Channel) -> Option<(SuppressionReason, SuppressionScope)> {
        if self.0.is_empty() {
            return None;
        }
        let said = self.0.get(&ContactKeys::hash(kind, key))?;
        said.iter().find(|refusal| refusal.scope.covers(channel)).map(|refusal| (refusal.reason, refusal.scope))
    }
}
