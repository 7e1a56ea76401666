//! Which address and number of a customer stand for it.

use rayon::prelude::*;

use super::{Chosen, Evidence};
use crate::record::{ContactIndex, ContactKind, CustomerIndex, RowIndex};

/// The address and the number of a golden record of these rows.
pub(crate) type GoldenContacts<'g> = &'g (dyn Fn(&[RowIndex]) -> [String; 2] + Sync);

impl Evidence {
    /// For each customer the address and the number that stand for it: the golden record's. Where customers were not looked
    /// for there is none, and a row's best contacts stand for it.
    pub(crate) fn choose(&mut self, golden: Option<GoldenContacts<'_>>) {
        let chosen = |customer: usize| {
            let customer = CustomerIndex::new(customer);
            let mut chosen = self.chosen_of(self.rows(customer), golden);
            // What the customer gave stands for it, in whichever row that stands, and where it stands in none.
            for given in self.answered.get(&customer).into_iter().flatten().flatten() {
                chosen[given.kind as usize] = self.place_of(self.rows(customer), given.kind, &given.value);
            }
            chosen
        };
        self.chosen = (0..self.customers.len()).into_par_iter().map(chosen).collect();
    }

    fn chosen_of(&self, rows: &[RowIndex], golden: Option<GoldenContacts<'_>>) -> Chosen {
        let mut values: Option<[String; 2]> = None;
        [ContactKind::Email, ContactKind::Phone].map(|kind| {
            let of_kind = |place: &ContactIndex| self.facts.contact(*place).kind() == kind;
            let mut places = rows.iter().flat_map(|row| self.facts.of_row(*row)).filter(of_kind);
            let first = places.next()?;
            let key = self.facts.contact(first).key;
            let golden = match golden {
                Some(golden) if places.any(|place| self.facts.contact(place).key != key) => golden,
                // One value, whichever row it stands in.
                Some(_) => return Some(first),
                None => return self.facts.primary(rows[0], kind),
            };
            let values = values.get_or_insert_with(|| golden(rows));
            Some(self.place_of(rows, kind, &values[kind as usize]).unwrap_or(first))
        })
    }

    /// The first contact of these rows with a value's key.
    fn place_of(&self, rows: &[RowIndex], kind: ContactKind, value: &str) -> Option<ContactIndex> {
        let (hash, _) = self.keys.hash_of(kind, value, &mut String::new());
        rows.iter().flat_map(|row| self.facts.of_row(*row)).find(|place| self.facts.contact(*place).key == hash)
    }
}
