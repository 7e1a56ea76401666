//! The addresses and numbers of a customer as outreach sees them: each once, the golden one of its kind first.

use super::{AnsweredContact, Evidence};
use crate::contact::LineFacts;
use crate::record::{
    ContactIndex, ContactKind, ContactPoint, CustomerIndex, Death, GivenConsents, NamedRow, PhoneKind, Reach,
    Redaction, RowIndex, Rows, Verdict,
};

/// What is told of contacts beside what evidence knows.
pub(crate) struct Told<'t> {
    /// What may be told of lines.
    pub(crate) redaction: &'t Redaction,
    /// The probability of a contact that was judged.
    pub(crate) stale: &'t (dyn Fn(ContactIndex) -> Option<f32> + 't),
    /// The probability of what the customer gave itself and no row has.
    pub(crate) given_stale: &'t (dyn Fn(ContactKind) -> Option<f32> + 't),
    /// What was given or refused at a contact that stands in these rows.
    pub(crate) consent: &'t (dyn Fn(&[RowIndex]) -> GivenConsents + 't),
    /// What the row of a contact is called; none where that need not be told.
    pub(crate) row: &'t (dyn Fn(RowIndex) -> Option<NamedRow> + 't),
}

/// A contact, and the rows in which it stands.
struct Point {
    key: u64,
    contact: ContactPoint,
    rows: Vec<RowIndex>,
}

impl Evidence {
    /// All contacts of a customer.
    pub(crate) fn contact_points(&self, all: &Rows, customer: CustomerIndex, told: &Told<'_>) -> Vec<ContactPoint> {
        let chosen = self.chosen[customer.get()];
        let rows = self.rows(customer);
        let mut points: Vec<Point> = Vec::new();
        let golden = chosen.into_iter().flatten();
        let others = rows.iter().flat_map(|row| self.facts.of_row(*row));
        for place in golden.chain(others) {
            let contact = self.facts.contact(place);
            let p = (told.stale)(place);
            match points.iter_mut().find(|point| point.key == contact.key) {
                // In one row the value was superseded, in another one it is the newest: the newest counts.
                Some(Point { contact: known, rows, .. }) => {
                    known.stale = match (known.stale, p) {
                        (Some(known), Some(p)) => Some(known.min(p)),
                        (known, p) => known.or(p),
                    };
                    let verdict = self.verdict(all, place);
                    if verdict.usefulness() < known.verdict.usefulness() {
                        known.verdict = verdict;
                    }
                    if !rows.contains(&contact.row) {
                        rows.push(contact.row);
                    }
                }
                None => points.push(Point {
                    key: contact.key,
                    contact: self.contact_point(all, place, p, told),
                    rows: vec![contact.row],
                }),
            }
        }
        let given = self.answered.get(&customer).into_iter().flatten().flatten();
        for given in given.filter(|given| chosen[given.kind as usize].is_none()) {
            let contact = self.given_point(given, told);
            points.insert(0, Point { key: given.key, contact, rows: rows.to_vec() });
        }
        // What the list says outweighs what happened: nobody knows which came later.
        for point in points.iter_mut().filter(|point| self.said_dead.contains(&point.key)) {
            point.contact.dead.get_or_insert(Death::SAID);
        }
        points.sort_by_key(|point| point.contact.kind);
        let of = |point: Point| ContactPoint { consent: (told.consent)(&point.rows), ..point.contact };
        points.into_iter().map(of).collect()
    }

    fn contact_point(&self, all: &Rows, place: ContactIndex, stale: Option<f32>, told: &Told<'_>) -> ContactPoint {
        let contact = self.facts.contact(place);
        let value = self.facts.value(all, contact);
        let kind = contact.kind();
        let line = match kind {
            ContactKind::Email => LineFacts { kind: PhoneKind::Unknown, sms: Reach::No, call: Reach::No },
            ContactKind::Phone => self.line(all, place, told.redaction),
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
            dead: self.dead.get(&place).copied(),
            consent: GivenConsents::default(),
            row: (told.row)(contact.row),
        }
    }

    /// What a customer gave itself and no row has; what was given or refused in any of its rows holds for it.
    fn given_point(&self, given: &AnsweredContact, told: &Told<'_>) -> ContactPoint {
        let line = match given.kind {
            ContactKind::Email => LineFacts { kind: PhoneKind::Unknown, sms: Reach::No, call: Reach::No },
            ContactKind::Phone => LineFacts::of(told.redaction.redacted(given.detail)),
        };
        ContactPoint {
            kind: given.kind,
            value: given.value.clone(),
            key: self.keys.key(given.kind, &given.value),
            verdict: given.verdict,
            line: line.kind,
            sms: line.sms,
            call: line.call,
            stale: (told.given_stale)(given.kind),
            shared_by: 1,
            dead: None,
            consent: GivenConsents::default(),
            row: None,
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
