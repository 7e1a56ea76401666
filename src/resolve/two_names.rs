//! `TwoNames`: what names alone show of two rows: two given names, two fathers, two relatives of somebody.

use super::compare::Comparer;
use super::fold::in_latin;
use super::forms::NameTexts;
use super::levels::are_other_fathers;
use crate::record::{Field, PeopleTable, TableRow, ValueColumn, ValueId};
use crate::rule::ResolveRules;
use crate::text::plain_spelling;

/// What the names of a table's rows show.
#[derive(Debug)]
pub(super) struct TwoNames<'a> {
    first: Option<(&'a ValueColumn, &'a NameTexts)>,
    /// The middle names, and what each that is a patronymic says the father is called, in Latin letters.
    middle: Option<(&'a ValueColumn, Vec<String>)>,
    /// Which relative of somebody each row is called after; empty where no row is.
    roles: Vec<u8>,
    /// With which endings a name becomes another one.
    endings: &'a [String],
}

/// Names of fewer letters are short for too much.
const FEWEST: usize = 3;

impl<'a> TwoNames<'a> {
    pub(super) fn new(table: &'a PeopleTable, comparer: &'a Comparer<'_>, rules: &'a ResolveRules) -> Self {
        let middle = table.column(Field::MiddleName).map(|column| {
            let ids = 0..column.values.len() as ValueId;
            let stem = |id: ValueId| {
                let stem = rules.fathers.stem(column.values.value(id)).unwrap_or_default();
                in_latin(&plain_spelling(stem), &rules.letters)
            };
            (column, ids.map(stem).collect())
        });
        TwoNames {
            first: table.column(Field::FirstName).zip(comparer.names(Field::FirstName)),
            middle,
            roles: roles_of(table, rules),
            endings: &rules.policy.veto.endings,
        }
    }

    /// Whether lists of given names have both rows' names.
    pub(super) fn are_known(&self, a: TableRow, b: TableRow) -> bool {
        self.first.is_some_and(|(column, names)| [a, b].iter().all(|row| names.is_listed(column.first(*row))))
    }

    /// Whether both rows have names that are more than a letter or two.
    pub(super) fn are_whole(&self, a: TableRow, b: TableRow) -> bool {
        self.first.is_some_and(|(column, _)| {
            [a, b].iter().all(|row| column.values.value(column.first(*row)).chars().count() >= FEWEST)
        })
    }

    /// Whether one given name is the other with an ending that makes another name of it, and nothing knows them to be one.
    pub(super) fn differ_by_ending(&self, a: TableRow, b: TableRow) -> bool {
        let Some((column, names)) = self.first else { return false };
        let (x, y) = (column.first(a), column.first(b));
        let (mut short, mut long) = (column.values.value(x), column.values.value(y));
        if short.len() > long.len() {
            std::mem::swap(&mut short, &mut long);
        }
        let Some(ending) = long.strip_prefix(short).filter(|_| short.chars().count() >= FEWEST) else { return false };
        // A letter typed twice is a slip.
        let is_doubled = short.chars().next_back() == ending.chars().next();
        !is_doubled && self.endings.iter().any(|own| own == ending) && !names.are_spellings(x, y)
    }

    /// Whether both rows name a father, each another one: behind the given name, or as a middle name.
    pub(super) fn have_other_fathers(&self, a: TableRow, b: TableRow) -> bool {
        let behind_name = || {
            self.first.is_some_and(|(column, names)| {
                let [x, y] = [a, b].map(|row| names.of(column.first(row)).father);
                are_other_fathers(x, y)
            })
        };
        let as_middle_name = || {
            self.middle.as_ref().is_some_and(|(column, stems)| {
                let [x, y] = [a, b].map(|row| stems[column.first(row) as usize].as_bytes());
                are_other_fathers(x, y)
            })
        };
        behind_name() || as_middle_name()
    }

    /// Whether both rows are called after somebody, as two relatives: mother and father of one child.
    pub(super) fn are_other_relatives(&self, a: TableRow, b: TableRow) -> bool {
        let [Some(x), Some(y)] = [a, b].map(|row| self.roles.get(row.get())) else { return false };
        *x != 0 && *y != 0 && x != y
    }
}

/// The role that stands before each row's name; nothing where no name of the list may have one.
fn roles_of(table: &PeopleTable, rules: &ResolveRules) -> Vec<u8> {
    let columns = [Field::FirstName, Field::LastName].map(|field| table.column(field));
    let begins = columns.map(|column| {
        column.map_or(Vec::new(), |column| {
            (0..column.values.len() as ValueId).map(|id| rules.relatives.may_begin(column.values.value(id))).collect()
        })
    });
    if !begins.iter().flatten().any(|begins| *begins) {
        return Vec::new();
    }
    let role = |row: TableRow| {
        let ids = columns.map(|column| column.map_or(0, |column| column.first(row)));
        let may_begin = |side: usize| begins[side].get(ids[side] as usize).copied().unwrap_or(false);
        if !may_begin(0) && !may_begin(1) {
            return 0;
        }
        let [first, last] = [0, 1].map(|side| columns[side].map_or("", |column| column.values.value(ids[side])));
        // A whole name of two words may have been taken apart in either order.
        match rules.relatives.role(format!("{first} {last}").trim()) {
            0 if may_begin(1) && !last.contains(' ') => rules.relatives.role(&format!("{last} {first}")),
            role => role,
        }
    };
    table.rows().map(role).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchValues, PeopleBatch, RowNumber};
    use crate::resolve::own_rows::OwnRows;
    use crate::rule::{NameLists, RuleFiles};

    #[test]
    fn fathers_in_a_column_of_middle_names_are_one_in_any_script_and_a_slip_away() {
        let files = RuleFiles::embedded();
        let rules = ResolveRules::load(&files).expect("loads");
        let lists = NameLists::load(&files).expect("loads");
        let mut middle = BatchValues::default();
        ["иванович", "ivanovich", "петрович", "геннадьевич", "генадьевич"].iter().for_each(|name| middle.push(name));
        let mut table = PeopleTable::default();
        table.append(PeopleBatch {
            numbers: (0..5).map(RowNumber::from_index).collect(),
            keys: vec![0; 5],
            columns: vec![(Field::MiddleName, vec![middle])],
        });
        let comparer = Comparer::new(&table, &[Field::MiddleName], &rules, &lists, &OwnRows::new(&table, 5));
        let names = TwoNames::new(&table, &comparer, &rules);
        let others = |a, b| names.have_other_fathers(TableRow(a), TableRow(b));
        assert!(!others(0, 1) && !others(3, 4));
        assert!(others(0, 2) && others(1, 2));
    }
}
