//! Pairs that can't be one person, whatever else agrees.

use super::compare::{Comparer, LevelVector, level_of};
use crate::record::{Field, PeopleTable, ValueId};
use crate::rule::{NameLists, NationalIdRules, ResolvePolicy, RuleError, RuleFiles};

/// What proves two rows apart in this list.
#[derive(Debug)]
pub(super) struct Veto<'a> {
    table: &'a PeopleTable,
    /// Which national ids have a right check digit.
    valid_ids: Vec<bool>,
    /// Generation named in each row's names: 0 where none is.
    generations: Vec<(Field, Vec<u8>)>,
    /// Places of first name, last name and birth date in vectors.
    names_and_birth: Option<(usize, usize, usize)>,
    /// Given names that the lists of names know; empty where twins are not looked for.
    known_names: Vec<bool>,
    /// Years of birth; 0 where none is known.
    years: Vec<i32>,
    generation_years: i32,
    /// Places of what people have for themselves, with the level at which it differs.
    own: Vec<(usize, usize)>,
    /// Place of the national id.
    national_id: Option<usize>,
    /// Places of what tells namesakes apart, with the last level that counts as agreeing; none where names alone may do.
    telling: Option<Vec<(usize, usize)>>,
}

/// Level of names that have nothing in common; what follows it is exact again, told apart by rarity.
const OTHER_NAME: usize = 5;

/// Exact or equivalent.
const fn is_same_name(level: usize) -> bool {
    level == 1 || level == 2 || level > OTHER_NAME
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
        let names_and_birth = match (at(Field::FirstName), at(Field::LastName), at(Field::BirthDate)) {
            (Some(first), Some(last), Some(birth)) => Some((first, last, birth)),
            _ => None,
        };
        let known_names = match table.column(Field::FirstName) {
            Some(column) if policy.veto.twins => {
                let lists = NameLists::load(files)?;
                (0..column.values.len() as ValueId).map(|id| lists.usage(column.values.value(id)).first > 0).collect()
            }
            _ => Vec::new(),
        };
        let year = |date: &str| date.get(..4).and_then(|year| year.parse().ok()).unwrap_or(0);
        let years = table.column(Field::BirthDate).map_or(Vec::new(), |column| {
            (0..column.values.len() as ValueId).map(|id| year(column.values.value(id))).collect()
        });
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
        Ok(Veto {
            table,
            valid_ids,
            generations,
            names_and_birth,
            known_names,
            years,
            generation_years: policy.veto.generation_years,
            own: [(Field::Email, 4), (Field::Phone, 3)]
                .into_iter()
                .filter_map(|(field, other)| Some((at(field)?, other)))
                .collect(),
            national_id: at(Field::NationalId),
            telling: policy.veto.namesakes.then(|| {
                let telling = [(Field::BirthDate, 2), (Field::NationalId, 2), (Field::Street, 2), (Field::Postcode, 1)];
                telling.into_iter().filter_map(|(field, last)| Some((at(field)?, last))).collect()
            }),
        })
    }

    /// Whether two rows with this vector can't be one person.
    pub(super) fn forbids(&self, a: u32, b: u32, vector: LevelVector) -> bool {
        self.has_other_id(a, b, vector)
            || self.has_other_generation(a, b)
            || (self.are_relatives(a, b, vector) && self.has_own_contacts(vector))
    }

    /// Whether nothing but names speaks for two rows, while what people have for themselves differs: likely namesakes, which
    /// a person should look at.
    pub(super) fn may_be_namesakes(&self, vector: LevelVector) -> bool {
        let agrees = |(index, last): &(usize, usize)| (1..=*last).contains(&level_of(vector, *index));
        self.telling.as_ref().is_some_and(|telling| self.has_own_contacts(vector) && !telling.iter().any(agrees))
    }

    fn are_relatives(&self, a: u32, b: u32, vector: LevelVector) -> bool {
        self.are_twins(a, b, vector) || self.are_parent_and_child(a, b, vector)
    }

    /// Something that people have for themselves (e-mail, phone) differs, and none of it agrees.
    fn has_own_contacts(&self, vector: LevelVector) -> bool {
        let mut levels = self.own.iter().map(|(index, other)| (level_of(vector, *index), *other));
        levels.clone().any(|(level, other)| level == other) && levels.all(|(level, other)| level == 0 || level == other)
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
    fn are_twins(&self, a: u32, b: u32, vector: LevelVector) -> bool {
        let Some((first, last, birth)) = self.names_and_birth.filter(|_| !self.known_names.is_empty()) else {
            return false;
        };
        if level_of(vector, first) != OTHER_NAME
            || level_of(vector, birth) != 1
            || !is_same_name(level_of(vector, last))
        {
            return false;
        }
        let Some(column) = self.table.column(Field::FirstName) else { return false };
        [a, b].iter().all(|row| self.known_names[column.first(*row) as usize])
    }

    /// One name, born a generation apart.
    fn are_parent_and_child(&self, a: u32, b: u32, vector: LevelVector) -> bool {
        let Some((first, last, birth)) = self.names_and_birth else { return false };
        const ONE_PART_ALIKE: usize = 4;
        if level_of(vector, birth) < ONE_PART_ALIKE
            || !is_same_name(level_of(vector, first))
            || !is_same_name(level_of(vector, last))
        {
            return false;
        }
        let Some(column) = self.table.column(Field::BirthDate) else { return false };
        let year = |row: u32| self.years[column.first(row) as usize];
        year(a) != 0 && year(b) != 0 && (year(a) - year(b)).abs() >= self.generation_years
    }

    fn has_other_generation(&self, a: u32, b: u32) -> bool {
        self.generations.iter().any(|(field, of_value)| {
            let Some(column) = self.table.column(*field) else { return false };
            let of = |row: u32| of_value[column.first(row) as usize];
            of(a) != 0 && of(b) != 0 && of(a) != of(b)
        })
    }
}
