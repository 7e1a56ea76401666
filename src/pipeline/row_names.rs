//! What the rows of a run are called: keys may have been given to other people since a list was read before.
#![cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "without Parquet no list is remembered"))]

use crate::person::{Likeness, Name};
use crate::record::{Day, Field, PeopleTable, RowId, RowIndex, TableRow};

/// What a run's own rows are known by.
#[derive(Debug, Default)]
pub(super) struct RowNames {
    /// What each is called.
    pub(super) ids: Vec<RowId>,
    /// What its key alone would name it.
    pub(super) keys: Vec<RowId>,
    /// A hash of what is compared of each.
    pub(super) compared: Vec<u64>,
    /// What became of keys.
    pub(super) handed_on: HandedOn,
}

/// Keys that are other people's than when their list was read before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HandedOn {
    /// The rows that have them now.
    pub(super) rows: Vec<RowIndex>,
    /// The lists of which so many keys are that they were numbered anew.
    pub(super) lists: Vec<usize>,
}

/// Whether two rows that have one key, one after the other, are of one person; none where nobody can tell.
pub(super) fn are_one_person(one: (&PeopleTable, TableRow), other: (&PeopleTable, TableRow)) -> Option<bool> {
    const OWN: [Field; 3] = [Field::Email, Field::Phone, Field::NationalId];
    let shares = |field: &Field| values(one, *field).any(|value| values(other, *field).any(|other| other == value));
    let likeness = Likeness::of((&[name(one)], &[name(other)]), (born(one), born(other)));
    let is_one = likeness.born == Some(true)
        || likeness.first == Some(true) && likeness.last != Some(false)
        || OWN.iter().any(shares);
    // Names in two scripts say nothing.
    let is_another = likeness.names_another() || likeness.first.is_none() && likeness.born == Some(false);
    (is_one || is_another).then_some(is_one)
}

fn values((table, row): (&PeopleTable, TableRow), field: Field) -> impl Iterator<Item = &str> {
    let column = table.column(field);
    column.into_iter().flat_map(move |column| column.of_row(row).map(|id| column.values.value(id)))
}

fn name(row: (&PeopleTable, TableRow)) -> Name {
    let first = |field: Field| values(row, field).next();
    Name::new(
        first(Field::FirstName).unwrap_or_default(),
        first(Field::LastName).or_else(|| first(Field::FullName)).unwrap_or_default(),
    )
}

fn born(row: (&PeopleTable, TableRow)) -> Option<Day> {
    let text = values(row, Field::BirthDate).next()?;
    text.parse().ok().map(Day::of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchValues, PeopleBatch, RowNumber};

    fn table(rows: &[[&str; 4]]) -> PeopleTable {
        let mut values: [BatchValues; 4] = Default::default();
        for row in rows {
            values.iter_mut().zip(row).for_each(|(values, text)| values.push(text));
        }
        let fields = [Field::FirstName, Field::LastName, Field::BirthDate, Field::Email];
        let mut table = PeopleTable::default();
        table.append(PeopleBatch {
            numbers: (0..rows.len() as u32).map(RowNumber::from_index).collect(),
            keys: vec![0; rows.len()],
            columns: fields.into_iter().zip(values.map(|values| vec![values])).collect(),
        });
        table
    }

    #[test]
    fn whoever_has_another_name_and_nothing_of_the_others_is_somebody_else() {
        let before = table(&[["dana", "levi", "1980-02-03", "d@x.co"]]);
        for (row, is_one, why) in [
            (["dana", "levi", "", "new@x.co"], Some(true), "the name is the same"),
            (["noam", "peretz", "1991-01-01", "n@x.co"], Some(false), "all differs"),
            (["noam", "peretz", "", ""], Some(false), "the names do, of the rest nothing is known"),
            (["dana", "cohen", "", "c@x.co"], None, "she may have married"),
            (["noam", "levi", "", ""], None, "somebody of the family may have been written over"),
            (["noam", "peretz", "", "d@x.co"], Some(true), "the address is the same"),
            (["noam", "peretz", "1980-02-03", ""], Some(true), "the birth date is"),
            (["דנה", "לוי", "", ""], None, "in another script nothing can be said"),
            (["דנה", "לוי", "1991-01-01", ""], Some(false), "but the birth date is another"),
            (["", "", "", ""], None, "nothing is known"),
        ] {
            let now = table(&[row]);
            assert_eq!(are_one_person((&before, TableRow(0)), (&now, TableRow(0))), is_one, "{why}");
        }
    }
}
