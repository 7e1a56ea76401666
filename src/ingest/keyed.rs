//! Rows of records that bring their own keys: a column a key, in the order of first appearance.

use std::collections::{BTreeSet, HashMap};

/// The columns so far, and the row that is being filled.
pub(super) struct KeyedRow {
    names: Vec<String>,
    places: HashMap<String, usize>,
    cells: Vec<String>,
    filled: Vec<bool>,
    /// Of each column, how often its key came in this row.
    times: Vec<u32>,
    likely: usize,
    /// Keys without any value so far, in the order in which they came.
    absent: HashMap<String, usize>,
    longest: usize,
}

impl KeyedRow {
    /// For at most so many columns. There is one more where a record has more keys; it holds nothing of use.
    pub(super) fn new(longest: usize) -> Self {
        KeyedRow {
            names: Vec::new(),
            places: HashMap::new(),
            cells: Vec::new(),
            filled: Vec::new(),
            times: Vec::new(),
            likely: 0,
            absent: HashMap::new(),
            longest,
        }
    }

    /// How many columns there are, those without a value included.
    pub(super) fn width(&self) -> usize {
        self.names.len() + self.absent.len()
    }

    /// The row's cells; one at least.
    pub(super) fn cells(&self) -> &[String] {
        if self.cells.is_empty() { const { &[String::new()] } } else { &self.cells }
    }

    /// Notes that a record has a key without a value.
    pub(super) fn absent(&mut self, key: &str) {
        if self.width() <= self.longest && !self.places.contains_key(key) && !self.absent.contains_key(key) {
            self.absent.insert(key.to_owned(), self.width());
        }
    }

    /// The columns' names when all records were seen. A key that never had a value is a column too, unless it stands for an
    /// object that has members elsewhere.
    pub(super) fn into_columns(self) -> Vec<String> {
        let mut names = self.names;
        let mut absent: Vec<(String, usize)> = self.absent.into_iter().collect();
        absent.sort_unstable_by_key(|(_, order)| *order);
        let known: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        absent.retain(|(key, _)| {
            let inner = format!("{key}.");
            known.range(inner.as_str()..).next().is_none_or(|name| !name.starts_with(&inner))
        });
        names.extend(absent.into_iter().map(|(key, _)| key));
        names
    }

    /// Begins the next row.
    pub(super) fn begin(&mut self) {
        self.cells.iter_mut().for_each(String::clear);
        self.filled.fill(false);
        self.times.fill(0);
        self.likely = 0;
    }

    /// Whether the row has a value of that key already.
    pub(super) fn has(&self, key: &str) -> bool {
        self.places.get(key).is_some_and(|place| self.filled.get(*place) == Some(&true))
    }

    /// The cell of a key, to be written. A key that comes a second time in a record gets a column of its own, such as
    /// `key (2)`: nothing is written over.
    pub(super) fn cell(&mut self, key: &str) -> &mut String {
        let first = self.place(key);
        let mut place = first;
        while self.filled.get(place) == Some(&true) && place < self.longest {
            let time = self.times[first].max(1) + 1;
            self.times[first] = time;
            place = self.place(&format!("{key} ({time})"));
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
            self.times.resize(place + 1, 0);
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
        if self.names.len() > self.longest {
            return self.longest;
        }
        self.absent.remove(key);
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
        let mut row = KeyedRow::new(100);
        for key in ["address", "fax", "id"] {
            row.absent(key);
        }
        row.cell("address.city").push_str("Haifa");
        row.cell("id").push('1');
        assert_eq!(row.into_columns(), ["address.city", "id", "fax"]);
    }

    #[test]
    fn keys_become_columns_and_a_second_value_is_never_written_over_the_first() {
        let mut row = KeyedRow::new(100);
        for (key, value) in [("a", "1"), ("b", "2"), ("a", "3")] {
            row.cell(key).push_str(value);
        }
        assert_eq!(row.cells(), ["1", "2", "3"]);
        row.begin();
        row.cell("b").push('4');
        assert_eq!(
            (&row.names[..], row.cells()),
            (&["a", "b", "a (2)"].map(str::to_owned)[..], &["", "4", ""].map(str::to_owned)[..])
        );
    }

    #[test]
    fn more_keys_than_there_may_be_columns_take_no_more_room_and_are_counted() {
        for same in [true, false] {
            let mut row = KeyedRow::new(10);
            for key in 0..1000 {
                let key = if same { "a".to_owned() } else { key.to_string() };
                row.cell(&key).push('1');
                row.absent(&format!("b{key}"));
            }
            assert!((11..=22).contains(&row.width()) && row.cells().len() == 11, "{}", row.width());
        }
    }
}
