//! What stands against contacting a customer: columns of consents, refusals and statuses, notes, and events.

use super::Evidence;
use crate::record::{Consent, GivenConsents, RefusalSource, Restrictions, RowIndex, Rows, Standing, StandingFact};

impl Evidence {
    /// What stands against contacting the customer of these rows.
    pub fn restrictions(&self, rows: &[RowIndex]) -> Restrictions {
        let mut restrictions = Restrictions::default();
        for row in rows {
            let fact = self.facts.row(*row);
            let says = |said: StandingFact| fact.standing.says(said);
            restrictions.do_not_contact |= fact.standing.refuses_all();
            restrictions.deceased |= says(StandingFact::Deceased);
            restrictions.legal |= says(StandingFact::Legal);
            restrictions.blocked |= says(StandingFact::Blocked);
            restrictions.minor |= says(StandingFact::Minor);
            restrictions.refused_on = restrictions.refused_on.max(fact.refused.get());
            restrictions.died_on = restrictions.died_on.max(fact.died.get());
            self.events.of_row(*row).iter().for_each(|event| self.events.hold(*event, &mut restrictions));
            for contact in self.facts.contacts_of(*row) {
                self.events
                    .of_contact(contact.key)
                    .iter()
                    .for_each(|event| self.events.hold(*event, &mut restrictions));
            }
        }
        restrictions
    }

    /// What a customer's rows answer about being contacted. Of the answers in one row the strictest counts; of those in several
    /// rows a refusal stands, and what is unclear in one takes nothing away that another gave.
    pub(crate) fn consents(&self, rows: &[RowIndex]) -> GivenConsents {
        let rank = |consent: &Consent| match consent {
            Consent::No => 0,
            Consent::Yes => 1,
            Consent::Unknown => 2,
        };
        let answers = |place: usize| {
            let of_row = |row: &RowIndex| self.facts.row(*row).standing.consents().all()[place];
            rows.iter().filter_map(of_row).min_by_key(rank)
        };
        [0, 1, 2, 3].map(answers).into()
    }

    /// The first cell of a customer's rows that stands against contacting it: one about the person before one about a channel
    /// or a contact.
    pub(crate) fn refusal(&self, all: &Rows, rows: &[RowIndex]) -> Option<RefusalSource> {
        let is_person = |said: Standing| {
            let facts = [StandingFact::Deceased, StandingFact::Blocked, StandingFact::Minor, StandingFact::Legal];
            said.refuses_all() || facts.into_iter().any(|fact| said.says(fact))
        };
        let mut found = None;
        for row in rows.iter().filter(|row| self.facts.row(**row).standing.holds()) {
            let place = all.place(*row);
            let (batch, at) = all.batch(*row);
            for column in batch.standard().columns().iter().filter(|column| column.field.may_tell_standing()) {
                let (said, text) = (column.detail(at).standing(), column.first(at));
                if !said.holds() || found.is_some() && !is_person(said) {
                    continue;
                }
                let header = all.lists()[place.list].mapping.header(column.column).to_owned();
                found = Some(RefusalSource { header, text: text.to_owned(), day: column.detail(at).said_on() });
                if is_person(said) {
                    return found;
                }
            }
        }
        found
    }
}
