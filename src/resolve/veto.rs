//! Pairs that can't be one person, whatever else agrees.

use super::compare::{Comparer, LevelVector, level_of};
use crate::record::{Field, PeopleTable, ValueId};
use crate::rule::{NationalIdRules, ResolvePolicy, RuleError, RuleFiles};

/// What proves two rows apart in this list.
#[derive(Debug)]
pub(super) struct Veto<'a> {
    table: &'a PeopleTable,
    /// Which national ids have a right check digit.
    valid_ids: Vec<bool>,
    /// Generation named in each row's names: 0 where none is.
    generations: Vec<(Field, Vec<u8>)>,
    /// Places of first name, last name and birth date in vectors, with the last level of a first name.
    twins: Option<(usize, usize, usize)>,
    /// Place of the national id.
    national_id: Option<usize>,
    name_levels: usize,
}

impl<'a> Veto<'a> {
    pub(super) fn new(
        table: &'a PeopleTable,
        comparer: &Comparer<'_>,
        policy: &ResolvePolicy,
        files: &RuleFiles,
        region: &str,
    ) -> Result<Self, RuleError> {
        let fields = comparer.fields();
        let at = |field: Field| fields.iter().position(|own| *own == field);
        let twins = match (at(Field::FirstName), at(Field::LastName), at(Field::BirthDate)) {
            (Some(first), Some(last), Some(birth)) if policy.veto.twins => Some((first, last, birth)),
            _ => None,
        };
        let scheme = NationalIdRules::load(files)?.country.remove(region);
        let valid_ids = match (table.column(Field::NationalId), scheme) {
            (Some(column), Some(scheme)) if policy.veto.different_national_id => (0..column.values.len() as ValueId)
                .map(|id| {
                    let value = column.values.value(id);
                    let padded = format!("{value:0>width$}", width = scheme.length);
                    let has_digits =
                        value.len() + 2 >= scheme.length && value.bytes().all(|byte| byte.is_ascii_digit());
                    has_digits && padded.len() == scheme.length && scheme.algorithm.is_right(padded.as_bytes())
                })
                .collect(),
            _ => Vec::new(),
        };
        let generation = |value: &str| {
            let words = value.split(' ');
            let found = words.filter_map(|word| policy.veto.generations.iter().position(|known| known == word)).next();
            found.map_or(0, |place| place as u8 + 1)
        };
        let generations = [Field::FirstName, Field::LastName]
            .into_iter()
            .filter_map(|field| {
                let values = &table.column(field)?.values;
                Some((field, (0..values.len() as ValueId).map(|id| generation(values.value(id))).collect()))
            })
            .collect();
        Ok(Veto { table, valid_ids, generations, twins, national_id: at(Field::NationalId), name_levels: 5 })
    }

    /// Whether two rows with this vector can't be one person.
    pub(super) fn forbids(&self, a: u32, b: u32, vector: LevelVector) -> bool {
        self.has_other_id(a, b, vector) || self.are_twins(vector) || self.has_other_generation(a, b)
    }

    fn has_other_id(&self, a: u32, b: u32, vector: LevelVector) -> bool {
        let Some(index) = self.national_id.filter(|_| !self.valid_ids.is_empty()) else { return false };
        if level_of(vector, index) < 2 {
            return false;
        }
        let Some(column) = self.table.column(Field::NationalId) else { return false };
        [a, b].iter().all(|row| self.valid_ids[column.first(*row) as usize])
    }

    /// One birth date and one family name, and given names that have nothing in common.
    fn are_twins(&self, vector: LevelVector) -> bool {
        let Some((first, last, birth)) = self.twins else { return false };
        let exact_or_alike = |level: usize| level != 0 && (level <= 2 || level > self.name_levels);
        level_of(vector, first) == self.name_levels
            && level_of(vector, birth) == 1
            && exact_or_alike(level_of(vector, last))
    }

    fn has_other_generation(&self, a: u32, b: u32) -> bool {
        self.generations.iter().any(|(field, of_value)| {
            let Some(column) = self.table.column(*field) else { return false };
            let of = |row: u32| of_value[column.first(row) as usize];
            of(a) != 0 && of(b) != 0 && of(a) != of(b)
        })
    }
}
