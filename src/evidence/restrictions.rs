//! What stands against contacting a customer: notes, statuses, columns of consents, and events.

use super::Evidence;
use crate::record::{Channel, Consent, Field, Restrictions, RowIndex, Rows};
use crate::rule::NoteKind;

impl Evidence {
    /// Whether some row of a customer refuses a channel in a column of consents.
    pub(crate) fn refuses(&self, rows: &[RowIndex], channel: Channel) -> bool {
        rows.iter().any(|row| self.facts.row(*row).refuses(channel))
    }

    /// What stands against contacting the customer of these rows.
    pub fn restrictions(&self, rows: &[RowIndex]) -> Restrictions {
        let mut restrictions = Restrictions::default();
        for row in rows {
            let fact = self.facts.row(*row);
            restrictions.do_not_contact |= fact.says(NoteKind::DoNotContact) || fact.asked_to_be_left();
            restrictions.deceased |= fact.says(NoteKind::Deceased);
            restrictions.legal |= fact.says(NoteKind::Legal);
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
}

/// What a customer's rows answer to a question about consent; the strictest answer counts: a refusal stands, and what is
/// unclear takes nothing away.
pub(crate) fn consent(all: &Rows, rows: &[RowIndex], field: Field) -> Option<Consent> {
    let rank = |consent: &Consent| match consent {
        Consent::No => 0,
        Consent::Yes => 1,
        Consent::Unknown => 2,
    };
    let answers = rows.iter().flat_map(|row| {
        let (batch, row) = all.batch(*row);
        batch.standard().columns_of(field).filter_map(move |column| column.detail(row).consent())
    });
    answers.min_by_key(rank)
}
