//! Rows of records that bring their own keys: a column a key, in the order of first appearance.

use std::collections::HashMap;

/// The columns so far, and the row that is being filled.
#[derive(Default)]
pub(super) struct KeyedRow {
    names: Vec<String>,
    places: HashMap<String, usize>,
    cells: Vec<String>,
    filled: Vec<bool>,
    likely: usize,
    /// Keys without any value so far.
    absent: Vec<String>,
}

impl KeyedRow {
    /// The columns' names.
    pub(super) fn columns(&self) -> &[String] {
        &self.names
    }

    /// The row's cells; one at least.
    pub(super) fn cells(&self) -> &[String] {
        if self.cells.is_empty() { const { &[String::new()] } } else { &self.cells }
    }

    /// Notes that a record has a key without a value.
    pub(super) fn absent(&mut self, key: &str) {
        if !self.places.contains_key(key) && !self.absent.iter().any(|known| known == key) {
            self.absent.push(key.to_owned());
        }
    }

    /// The columns' names when all records were seen. A key that never had a value is a column too, unless it stands for an
    /// object that has members elsewhere.
    pub(super) fn into_columns(mut self) -> Vec<String> {
        for key in self.absent {
            let inner = format!("{key}.");
            if !self.places.contains_key(&key) && !self.names.iter().any(|name| name.starts_with(&inner)) {
                self.names.push(key);
            }
        }
        self.names
    }

    /// Begins the next row.
    pub(super) fn begin(&mut self) {
        self.cells.iter_mut().for_each(String::clear);
        self.filled.fill(false);
        self.likely = 0;
    }

    /// Whether the row has a value of that key already.
    pub(super) fn has(&self, key: &str) -> bool {
        self.places.get(key).is_some_and(|place| self.filled.get(*place) == Some(&true))
    }

    /// The cell of a key, to be written. A key that comes a second time in a record gets a column of its own, such as
    /// `key (2)`: nothing is written over.
    pub(super) fn cell(&mut self, key: &str) -> &mut String {
        let mut place = self.place(key);
        let mut copy = 2;
        while self.filled.get(place) == Some(&true) {
            place = self.place(&format!("{key} ({copy})"));
            copy += 1;
        }
        self.open(place)
    }

    /// The cell of a key that has a value already, to be added to.
    pub(super) fn again(&mut self, key: &str) -> &mut String {
        let place = self.place(key);
        self.open(place)
    }

    fn open(&mut self, place: usize) -> &mut String {
        if place >= self.cells.len() {
            self.cells.resize(place + 1, String::new());
            self.filled.resize(place + 1, false);
        }
        self.filled[place] = true;
        self.likely = place + 1;
        &mut self.cells[place]
    }

    /// Where a key's column is; first where it would be if all records had the same keys in the same order.
    fn place(&mut self, key: &str) -> usize {
        if self.names.get(self.likely).is_some_and(|name| name == key) {
            return self.likely;
        }
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        self.names.push(key.to_owned());
        self.places.insert(key.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_any_value_is_a_column_unless_it_is_an_object_elsewhere() {
        let mut row = KeyedRow::default();
        for key in ["address", "fax", "id"] {
            row.absent(key);
        }
        row.cell("address.city").push_str("Haifa");
        row.cell("id").push('1');
        assert_eq!(row.into_columns(), ["address.city", "id", "fax"]);
    }

    #[test]
    fn keys_become_columns_and_a_second_value_is_never_written_over_the_first() {
        let mut row = KeyedRow::default();
        for (key, value) in [("a", "1"), ("b", "2"), ("a", "3")] {
            row.cell(key).push_str(value);
        }
        assert_eq!(row.cells(), ["1", "2", "3"]);
        row.begin();
        row.cell("b").push('4');
        assert_eq!(
            (row.columns(), row.cells()),
            (&["a", "b", "a (2)"].map(str::to_owned)[..], &["", "4", ""].map(str::to_owned)[..])
        );
    }
}
