//! The addresses and numbers of a customer as outreach sees them: each once, the golden one of its kind first.

use super::super::{CleanedList, Setup};
use super::contact_reader::LineFacts;
use super::{Decay, NONE};
use crate::record::{ContactKind, ContactPoint, PhoneKind, Reach, Verdict};

impl Decay {
    /// All contacts of a customer with these rows. What outputs don't tell of kosher lines counts where `is_within`: for
    /// planning, which writes nothing of it.
    pub(in super::super) fn contact_points(
        &self,
        lists: &[CleanedList<'_>],
        rows: &[u32],
        customer: u32,
        is_within: bool,
        setup: &Setup,
    ) -> Vec<ContactPoint> {
        let chosen = self.chosen[customer as usize];
        let mut points: Vec<(u64, ContactPoint)> = Vec::new();
        let golden = chosen.iter().filter(|place| **place != NONE).map(|place| *place as usize);
        let all = rows.iter().flat_map(|row| self.facts.of_row(*row));
        for place in golden.chain(all) {
            let contact = &self.facts.contacts[place];
            let p = Some(self.scores.p[place]).filter(|p| !p.is_nan());
            match points.iter_mut().find(|(key, _)| *key == contact.key) {
                // In one row the value was superseded, in another one it is the newest: the newest counts.
                Some((_, known)) => {
                    known.stale = match (known.stale, p) {
                        (Some(known), Some(p)) => Some(known.min(p)),
                        (known, p) => known.or(p),
                    };
                    let verdict = self.verdict(lists, place);
                    if verdict.usefulness() < known.verdict.usefulness() {
                        known.verdict = verdict;
                    }
                }
                None => points.push((contact.key, self.contact_point(lists, place, (p, is_within), setup))),
            }
        }
        points.sort_by_key(|(_, point)| point.kind);
        points.into_iter().map(|(_, point)| point).collect()
    }

    fn contact_point(
        &self,
        lists: &[CleanedList<'_>],
        place: usize,
        (stale, is_within): (Option<f32>, bool),
        setup: &Setup,
    ) -> ContactPoint {
        let contact = &self.facts.contacts[place];
        let value = self.facts.value(lists, contact);
        let kind = contact.kind();
        let mut key = String::new();
        self.reader.push_key(kind, value, setup, &mut key);
        let line = match kind {
            ContactKind::Email => LineFacts { kind: PhoneKind::Unknown, sms: Reach::No, call: Reach::No },
            ContactKind::Phone => self.line(lists, place, value, is_within),
        };
        ContactPoint {
            kind,
            value: value.to_owned(),
            key,
            verdict: self.verdict(lists, place),
            line: line.kind,
            sms: line.sms,
            call: line.call,
            stale,
            shared_by: self.groups.shared_by(place),
        }
    }

    /// What a line takes: in truth, or as outputs tell it.
    fn line(&self, lists: &[CleanedList<'_>], place: usize, value: &str, is_within: bool) -> LineFacts {
        let contact = &self.facts.contacts[place];
        let at = self.facts.place(contact.row);
        let block = &lists[at.list].blocks[at.block];
        let column = &block.checked.standard().columns()[usize::from(contact.column)];
        let line = self.reader.line(column, at.row, usize::from(contact.place), value);
        let wanted = (at.row as u32, column.column);
        let untold = block.untold.binary_search_by_key(&wanted, |(row, column, _)| (*row, *column));
        match untold {
            Ok(found) if contact.place == 0 && is_within => {
                let (.., [sms, call]) = block.untold[found];
                LineFacts { sms, call, ..line }
            }
            _ => line,
        }
    }

    fn verdict(&self, lists: &[CleanedList<'_>], place: usize) -> Verdict {
        let contact = &self.facts.contacts[place];
        let at = self.facts.place(contact.row);
        let checked = &lists[at.list].blocks[at.block].checked;
        checked.verdict(at.row, checked.standard().columns()[usize::from(contact.column)].column)
    }
}
