//! The addresses and numbers of a customer as outreach sees them: each once, the golden one of its kind first.

use super::Evidence;
use crate::contact::LineFacts;
use crate::record::{
    ContactIndex, ContactKind, ContactPoint, CustomerIndex, PhoneKind, Reach, Redaction, Rows, Verdict,
};

impl Evidence {
    /// All contacts of a customer, their lines as `redaction` lets them be told; `stale` tells the probability of those that
    /// were judged.
    pub(crate) fn contact_points(
        &self,
        all: &Rows,
        customer: CustomerIndex,
        redaction: &Redaction,
        stale: &dyn Fn(ContactIndex) -> Option<f32>,
    ) -> Vec<ContactPoint> {
        let chosen = self.chosen[customer.get()];
        let rows = self.rows(customer);
        let mut points: Vec<(u64, ContactPoint)> = Vec::new();
        let golden = chosen.into_iter().flatten();
        let others = rows.iter().flat_map(|row| self.facts.of_row(*row));
        for place in golden.chain(others) {
            let contact = self.facts.contact(place);
            let p = stale(place);
            match points.iter_mut().find(|(key, _)| *key == contact.key) {
                // In one row the value was superseded, in another one it is the newest: the newest counts.
                Some((_, known)) => {
                    known.stale = match (known.stale, p) {
                        (Some(known), Some(p)) => Some(known.min(p)),
                        (known, p) => known.or(p),
                    };
                    let verdict = self.verdict(all, place);
                    if verdict.usefulness() < known.verdict.usefulness() {
                        known.verdict = verdict;
                    }
                }
                None => points.push((contact.key, self.contact_point(all, place, p, redaction))),
            }
        }
        for (_, point) in points.iter_mut().filter(|(key, _)| self.said_dead.contains(key)) {
            point.verdict = Verdict::Invalid;
            point.stale = point.stale.map(|_| 1.0);
        }
        points.sort_by_key(|(_, point)| point.kind);
        points.into_iter().map(|(_, point)| point).collect()
    }

    fn contact_point(
        &self,
        all: &Rows,
        place: ContactIndex,
        stale: Option<f32>,
        redaction: &Redaction,
    ) -> ContactPoint {
        let contact = self.facts.contact(place);
        let value = self.facts.value(all, contact);
        let kind = contact.kind();
        let line = match kind {
            ContactKind::Email => LineFacts { kind: PhoneKind::Unknown, sms: Reach::No, call: Reach::No },
            ContactKind::Phone => self.line(all, place, redaction),
        };
        ContactPoint {
            kind,
            value: value.to_owned(),
            key: self.keys.key(kind, value),
            verdict: self.verdict(all, place),
            line: line.kind,
            sms: line.sms,
            call: line.call,
            stale,
            shared_by: self.values.shared_by(place),
        }
    }

    /// What a line takes, as far as it may be told.
    fn line(&self, all: &Rows, place: ContactIndex, redaction: &Redaction) -> LineFacts {
        let contact = self.facts.contact(place);
        let at = all.place(contact.row);
        let block = all.block(at);
        let column = &block.checked.standard().columns()[usize::from(contact.column)];
        let (_, detail) = column.value(at.row, usize::from(contact.place));
        LineFacts::of(redaction.redacted(detail))
    }

    fn verdict(&self, all: &Rows, place: ContactIndex) -> Verdict {
        let contact = self.facts.contact(place);
        let (checked, row) = all.batch(contact.row);
        checked.verdict(row, checked.standard().columns()[usize::from(contact.column)].column)
    }
}
