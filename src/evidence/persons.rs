//! What the workspace knows of persons, laid over what the rows of customers say.

use super::Evidence;
use crate::record::{CustomerIndex, Day, Restrictions, RowIndex, SuppressionReason, SuppressionScope, text_hash};

impl Evidence {
    /// Holds a customer, whatever its rows say; whether that changes anything.
    pub(crate) fn hold(
        &mut self,
        customer: CustomerIndex,
        reason: SuppressionReason,
        scope: SuppressionScope,
        day: Day,
    ) -> bool {
        let before = self.restrictions(self.rows(customer));
        let mut after = before;
        after.refuse(reason, scope, day);
        if after != before {
            self.standing.insert(customer, after);
        }
        after != before
    }

    /// What stands against contacting the customer of these rows: by the rows and events, and by what the workspace knows of the
    /// person.
    pub fn restrictions(&self, rows: &[RowIndex]) -> Restrictions {
        let known = rows.first().and_then(|row| self.standing.get(&self.customers.customer_of(*row)));
        known.copied().unwrap_or_else(|| self.own_restrictions(rows))
    }

    /// A fixed hash of what stands against contacting a customer.
    pub(crate) fn standing_hash(&self, customer: CustomerIndex) -> u64 {
        text_hash(&format!("{:?}", self.restrictions(self.rows(customer))))
    }

    /// The birth date of a row.
    pub(crate) fn born(&self, row: RowIndex) -> Option<Day> {
        self.facts.row(row).born
    }

    /// Hands over the hash of each contact of a row, with how many customers have it.
    pub(crate) fn each_key(&self, row: RowIndex, mut take: impl FnMut(u64, u32)) {
        for place in self.facts.of_row(row) {
            let contact = self.facts.contact(place);
            take(contact.key, self.values.shared_by(place));
        }
    }
}
