//! Rows that hold exactly what another row holds: one import done twice, or a placeholder written a thousand times.

use super::own_rows::OwnRows;
use crate::record::{Field, PeopleTable, TableRow, ValueColumn};

/// For each row of a table in canonical order the first row with the same values.
#[derive(Debug)]
pub(super) struct Copies {
    first_of: Vec<TableRow>,
    /// Copies that were left out since there are more of one row than records of a customer.
    pub(super) left_out: u64,
}

impl Copies {
    /// Of a table whose equal rows stand side by side. Rows without a name and something else are nobody's copies.
    pub(super) fn find(table: &PeopleTable) -> Self {
        let columns = table.columns();
        let is_equal =
            |a: usize, b: usize| columns.iter().flat_map(|column| &column.places).all(|place| place[a] == place[b]);
        let mut first_of: Vec<TableRow> = table.rows().collect();
        for row in 1..table.len() {
            if is_equal(row - 1, row) && tells_of_somebody(columns, TableRow::new(row)) {
                first_of[row] = first_of[row - 1];
            }
        }
        Copies { first_of, left_out: 0 }
    }

    /// Makes copies beyond so many rows of one kind empty: nobody has so many records, so that they are left alone.
    pub(super) fn leave_out(&mut self, table: &mut PeopleTable, most: usize) {
        let mut out = vec![false; table.len()];
        let mut start = 0;
        for group in self.first_of.chunk_by(|a, b| a == b) {
            if group.len() > most {
                out[start + 1..start + group.len()].fill(true);
                self.left_out += group.len() as u64 - 1;
            }
            start += group.len();
        }
        if self.left_out > 0 {
            table.empty(|row| out[row.get()]);
        }
    }

    /// Which rows of this run count where different ones are counted: of equal ones the first.
    pub(super) fn counted(&self, own: &OwnRows) -> Vec<bool> {
        let mut is_counted = vec![false; self.first_of.len()];
        let mut last = None;
        for row in own.rows() {
            let first = self.first_of[row.get()];
            is_counted[row.get()] = last != Some(first);
            last = Some(first);
        }
        is_counted
    }

    /// Each copy with the first row that holds the same.
    pub(super) fn iter(&self) -> impl Iterator<Item = (TableRow, TableRow)> + '_ {
        TableRow::first(self.first_of.len())
            .zip(&self.first_of)
            .filter(|(row, first)| *row != **first)
            .map(|(row, first)| (row, *first))
    }
}

/// Whether a row has a name and one more thing.
fn tells_of_somebody(columns: &[ValueColumn], row: TableRow) -> bool {
    let is_name = |field: Field| matches!(field, Field::FullName | Field::FirstName | Field::LastName);
    let has = |column: &&ValueColumn| column.of_row(row).next().is_some();
    columns.iter().filter(|column| is_name(column.field)).any(|column| has(&column))
        && columns.iter().filter(|column| !is_name(column.field)).any(|column| has(&column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchValues, PeopleBatch, RowNumber};

    fn table(rows: &[(&str, &str)]) -> PeopleTable {
        let mut columns = [BatchValues::default(), BatchValues::default()];
        for (name, city) in rows {
            columns[0].push(name);
            columns[1].push(city);
        }
        let [names, cities] = columns;
        let mut table = PeopleTable::default();
        table.append(PeopleBatch {
            numbers: (0..rows.len() as u32).map(RowNumber::from_index).collect(),
            keys: (0..rows.len() as u64).collect(),
            columns: vec![(Field::FirstName, vec![names]), (Field::City, vec![cities])],
        });
        table.canonical()
    }

    #[test]
    fn copies_count_once_and_too_many_of_them_are_left_out() {
        let mut rows = vec![("dana", "haifa"); 5];
        rows.extend([("dana", "eilat"), ("dana", ""), ("dana", ""), ("", "haifa"), ("", "haifa")]);
        let mut table = table(&rows);
        let mut copies = Copies::find(&table);
        assert_eq!(copies.iter().count(), 4, "a name alone, or a city alone, is nobody's copy");
        let names = table.column(Field::FirstName).expect("there are names");
        let counted = copies.counted(&OwnRows::new(&table, table.len()));
        assert_eq!(names.counts_where(|row| counted[row.get()]), [0, 4]);
        copies.leave_out(&mut table, 5);
        assert_eq!(copies.left_out, 0);
        copies.leave_out(&mut table, 4);
        assert_eq!(copies.left_out, 4);
        let names = table.column(Field::FirstName).expect("there are names");
        assert_eq!(names.counts(), [0, 4]);
    }
}
