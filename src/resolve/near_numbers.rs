//! `NearNumbers`: telephone numbers that follow each other, as a firm, a village or a family gets them.

use super::own_rows::OwnRows;
use crate::record::{Field, FixedMap, PeopleTable, TableRow, ValueColumn, ValueId};

/// Which numbers of a list stand in a row with others.
#[derive(Debug)]
pub(super) struct NearNumbers<'a> {
    column: Option<&'a ValueColumn>,
    /// How many different numbers of the list have each number's digits but the last.
    of_ten: FixedMap<&'a str, u8>,
}

/// Numbers that differ in their last digit alone from which on they are a row of numbers, not slips of one.
const ROW: u8 = 3;

impl<'a> NearNumbers<'a> {
    /// Of a table of which these rows are this run's.
    pub(super) fn new(table: &'a PeopleTable, own: &OwnRows) -> Self {
        let column = table.column(Field::Phone);
        let mut of_ten: FixedMap<&str, u8> = FixedMap::default();
        if let Some(column) = column {
            let counts = own.counts(column);
            for id in (1..column.values.len() as ValueId).filter(|id| counts[*id as usize] > 0) {
                let count = of_ten.entry(stem(column.values.value(id))).or_default();
                *count = count.saturating_add(1);
            }
        }
        of_ten.retain(|_, count| *count >= ROW);
        NearNumbers { column, of_ten }
    }

    /// Whether two rows have numbers that differ in their last digit alone, and other rows have such numbers, too.
    pub(super) fn are_of_a_row(&self, a: TableRow, b: TableRow) -> bool {
        self.pairs(a, b).any(|(x, y)| stem(x) == stem(y) && self.of_ten.contains_key(stem(x)))
    }

    /// Whether two rows have numbers of which one follows the other.
    pub(super) fn are_neighbours(&self, a: TableRow, b: TableRow) -> bool {
        let number = |text: &str| text.parse::<u64>().ok();
        self.pairs(a, b)
            .any(|(x, y)| x.len() == y.len() && number(x).zip(number(y)).is_some_and(|(x, y)| x.abs_diff(y) == 1))
    }

    fn pairs(&self, a: TableRow, b: TableRow) -> impl Iterator<Item = (&'a str, &'a str)> {
        let numbers = move |row: TableRow| {
            self.column.into_iter().flat_map(move |column| column.of_row(row).map(|id| column.values.value(id)))
        };
        numbers(a).flat_map(move |x| numbers(b).map(move |y| (x, y))).filter(|(x, y)| x != y)
    }
}

/// All digits but the last.
fn stem(number: &str) -> &str {
    let end = number.char_indices().next_back().map_or(0, |(last, _)| last);
    &number[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchValues, PeopleBatch, RowNumber};

    #[test]
    fn numbers_of_a_row_are_told_from_two_that_differ_by_a_slip() {
        let numbers = ["541238801", "541238804", "541238807", "527719034", "527719035", "527719834"];
        let mut phones = BatchValues::default();
        numbers.iter().for_each(|number| phones.push(number));
        let mut table = PeopleTable::default();
        table.append(PeopleBatch {
            numbers: (0..6).map(RowNumber::from_index).collect(),
            keys: vec![0; 6],
            columns: vec![(Field::Phone, vec![phones])],
        });
        let near = NearNumbers::new(&table, &OwnRows::new(&table, 6));
        assert!(near.are_of_a_row(TableRow(0), TableRow(1)), "a third row has such a number");
        assert!(!near.are_of_a_row(TableRow(3), TableRow(4)), "nobody else has");
        assert!(near.are_neighbours(TableRow(3), TableRow(4)));
        assert!(!near.are_neighbours(TableRow(3), TableRow(5)));
        let near = NearNumbers::new(&table, &OwnRows::new(&table, 2));
        assert!(!near.are_of_a_row(TableRow(0), TableRow(1)), "the third is of another list");
    }
}
