//! Pairs that can't be one person, whatever else agrees, and pairs that only a person may merge.

use super::compare::{Comparer, LevelVector, level_of};
use super::levels::OTHER;
use super::near_numbers::NearNumbers;
use super::outcome::KeptApart;
use super::own_rows::OwnRows;
use super::two_names::TwoNames;
use crate::record::{Field, PeopleTable, TableRow, ValueColumn, ValueId};
use crate::rule::{Context, DOUBLING, NameLists, NameUse, NationalIdRules, ResolveRules, RuleError};

/// What proves two rows apart in this list.
#[derive(Debug)]
pub(super) struct Veto<'a> {
    /// The people whom it is about.
    pub(super) table: &'a PeopleTable,
    /// Which national ids have a right check digit.
    valid_ids: Vec<bool>,
    /// Generation named in each row's names: 0 where none is.
    generations: Vec<(Field, Vec<u8>)>,
    /// Places of first name, last name and birth date in vectors.
    names_and_birth: Option<(usize, usize, usize)>,
    /// What names alone show.
    names: TwoNames<'a>,
    /// Numbers that are near each other since the list has rows of them.
    near_numbers: NearNumbers<'a>,
    /// How many people bear each given and each family name, as the lists of names count (see [`crate::rule::NameUse`]).
    bearers: [Vec<u8>; 2],
    /// From how many bearers of both in a million on a name is common, in the same unit.
    common_name: i32,
    /// Whether twins and relatives are told apart by them.
    twins: bool,
    relatives: bool,
    /// Years of birth; 0 where none is known.
    years: Vec<i32>,
    generation_years: i32,
    sibling_years: i32,
    /// Places of what people have for themselves, with the level at which it differs; the same of the street.
    own: Vec<(usize, usize)>,
    street: Option<(usize, usize)>,
    /// Milli-bits by which the model overrates likely namesakes.
    doubt: i32,
    /// Milli-bits from which a pair is shown to a person, and from which one is that conflicts.
    review: i32,
    conflict: i32,
    /// Places of the e-mail, the phone and the father's name.
    email: Option<usize>,
    phone: Option<usize>,
    father: Option<usize>,
    /// Places of given name, family name, birth date and national id.
    first: Option<usize>,
    last: Option<usize>,
    birth: Option<usize>,
    national_id: Option<usize>,
    /// Places of what tells namesakes apart beside birth dates, with the last level that counts as agreeing; none where names
    /// alone may do.
    telling: Option<Vec<(usize, usize)>>,
}

/// Doublings up to a million people.
const MILLION_BITS: i32 = 20;

/// Last level of birth dates that are one but for a slip.
const ALIKE_BIRTH: usize = 3;

/// Level of names that have nothing in common; what follows it is exact again, told apart by rarity.
const OTHER_NAME: usize = 5;
/// Levels of names that look alike, and somewhat alike.
const CLOSE_NAME: usize = 3;
const NEAR_NAME: usize = 4;
/// Level of names that are known, or sound, as one.
const EQUIVALENT_NAME: usize = 2;

/// First level of birth dates that have at most one part in common.
const APART_BIRTH: usize = 5;

/// Level of numbers of which one digit differs.
const ONE_DIGIT_OFF: usize = 2;

/// Exact or equivalent.
const fn is_same_name(level: usize) -> bool {
    level == 1 || level == 2 || level > OTHER_NAME
}

impl<'a> Veto<'a> {
    pub(super) fn new(
        table: &'a PeopleTable,
        comparer: &'a Comparer<'_>,
        rules: &'a ResolveRules,
        names: &NameLists,
        own: &OwnRows,
        context: &Context,
    ) -> Result<Self, RuleError> {
        let policy = &rules.policy;
        let fields = comparer.fields();
        let at = |field: Field| fields.iter().position(|own| *own == field);
        let names_and_birth = match (at(Field::FirstName), at(Field::LastName), at(Field::BirthDate)) {
            (Some(first), Some(last), Some(birth)) => Some((first, last, birth)),
            _ => None,
        };
        let bearers = |field: Field, of: fn(NameUse) -> u8| {
            let usage = |name: &str| of(names.usage_of_folded(name));
            table.column(field).map_or(Vec::new(), |column| {
                (0..column.values.len() as ValueId).map(|id| usage(column.values.value(id))).collect()
            })
        };
        let year = |date: &str| date.get(..4).and_then(|year| year.parse().ok()).unwrap_or(0);
        let years = table.column(Field::BirthDate).map_or(Vec::new(), |column| {
            (0..column.values.len() as ValueId).map(|id| year(column.values.value(id))).collect()
        });
        let scheme = NationalIdRules::load(&context.files)?.country.remove(&context.region);
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
            names: TwoNames::new(table, comparer, rules),
            near_numbers: NearNumbers::new(table, own),
            bearers: [bearers(Field::FirstName, |name| name.first), bearers(Field::LastName, |name| name.last)],
            common_name: (policy.veto.common_name.log2() * f64::from(DOUBLING)).round() as i32,
            twins: policy.veto.twins,
            relatives: policy.veto.relatives,
            years,
            generation_years: policy.veto.generation_years,
            sibling_years: policy.veto.sibling_years,
            own: [(Field::Email, usize::from(OTHER)), (Field::Phone, 3)]
                .into_iter()
                .filter_map(|(field, other)| Some((at(field)?, other)))
                .collect(),
            doubt: policy.namesakes_doubt,
            review: policy.review,
            conflict: policy.conflict,
            email: at(Field::Email),
            phone: at(Field::Phone),
            father: at(Field::FatherName),
            street: at(Field::Street).map(|street| (street, 3)),
            first: at(Field::FirstName),
            last: at(Field::LastName),
            birth: at(Field::BirthDate),
            national_id: at(Field::NationalId),
            telling: policy.veto.namesakes.then(|| {
                let telling = [(Field::NationalId, 2), (Field::Street, 2), (Field::Postcode, 1)];
                telling.into_iter().filter_map(|(field, last)| Some((at(field)?, last))).collect()
            }),
        })
    }

    /// Whether two rows with this vector can't be one person.
    pub(super) fn forbids(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        self.has_other_id(a, b, vector)
            || self.has_other_generation(a, b)
            || self.names.are_other_relatives(a, b)
            || self.are_twins(a, b, vector)
            || (self.has_other_contact(vector)
                && !self.share_contacts(a, b, vector)
                && self.are_parent_and_child(a, b, vector))
    }

    /// Whether two rows are for a person to decide, whatever the model says.
    pub(super) fn asks(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        self.may_be_relatives(a, b, vector)
            || self.have_other_fathers(a, b, vector)
            || (self.share_contacts(a, b, vector) && self.are_parent_and_child(a, b, vector))
    }

    /// Whether a pair that was not merged is for a person to look at: it is likelier one person than two, or what it holds
    /// conflicts.
    pub(super) fn is_offered(&self, weight: i32, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        let is_likely = weight > self.review || (weight > self.conflict && self.conflicts(a, b, vector));
        is_likely && !self.forbids(a, b, vector)
    }

    /// What keeps two rows two customers unless somebody says otherwise.
    pub(super) fn why_apart(&self, weight: i32, a: TableRow, b: TableRow, vector: LevelVector) -> Option<KeptApart> {
        let parent_and_child =
            || self.are_parent_and_child(a, b, vector) && (self.forbids(a, b, vector) || self.asks(a, b, vector));
        let relatives = || self.names.are_other_relatives(a, b) || self.may_be_relatives(a, b, vector);
        let reasons: [(KeptApart, &dyn Fn() -> bool); 8] = [
            (KeptApart::OtherId, &|| self.has_other_id(a, b, vector)),
            (KeptApart::OtherGeneration, &|| self.has_other_generation(a, b)),
            (KeptApart::Twins, &|| self.are_twins(a, b, vector)),
            (KeptApart::ParentAndChild, &parent_and_child),
            (KeptApart::OtherFather, &|| self.have_other_fathers(a, b, vector)),
            (KeptApart::Relatives, &relatives),
            (KeptApart::Namesakes, &|| self.may_be_namesakes(a, b, vector)),
            (KeptApart::Conflict, &|| weight <= self.review && self.conflicts(a, b, vector)),
        ];
        reasons.into_iter().find(|(_, holds)| holds()).map(|(reason, _)| reason)
    }

    /// Something is the same that one person has alone, and they are not simply two of one home who share their mailbox, too.
    fn conflicts(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        let is_same = |place: Option<usize>| place.is_some_and(|place| level_of(vector, place) == 1);
        let is_home = |(index, other): &(usize, usize)| {
            Some(*index) != self.email && ![0, *other].contains(&level_of(vector, *index))
        };
        let share_more = || self.own.iter().chain(&self.street).any(is_home);
        is_same(self.national_id) || (is_same(self.email) && !(share_more() && self.may_be_relatives(a, b, vector)))
    }

    /// Whether two rows are likely relatives: two given names in one family, however much of a home they share. One birth date
    /// makes them twins rather than one person with two names.
    fn may_be_relatives(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        let Some(first) = self.first.filter(|_| self.relatives && !self.own.is_empty()) else { return false };
        (EQUIVALENT_NAME..=OTHER_NAME).contains(&level_of(vector, first))
            && self.last.is_none_or(|last| level_of(vector, last) != OTHER_NAME)
            && !self.has_one_id(vector)
            && self.share_a_home(vector)
            && self.are_two_names(level_of(vector, first), a, b, vector)
            && !self.stand_exchanged(a, b)
    }

    /// Whether two given names that are not equal are two names: lists know both; or one is the other with an ending; or they
    /// have nothing in common and no birth date ties them; or they are more than a slip away from each other, and the births are
    /// years apart.
    fn are_two_names(&self, level: usize, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        let birth = self.birth_level(vector);
        // Ten years are one digit, and names that no list knows may be slips as well.
        let may_be_siblings = |years: i32| years >= self.sibling_years && years % 10 != 0;
        let are_years_apart = || self.years_between(a, b).is_some_and(may_be_siblings);
        let are_apart = || level >= NEAR_NAME && birth >= APART_BIRTH && are_years_apart();
        let have_no_tie = || level == OTHER_NAME && !(1..=ALIKE_BIRTH).contains(&birth);
        (level >= CLOSE_NAME && self.names.are_known(a, b))
            || self.names.differ_by_ending(a, b)
            || (self.names.are_whole(a, b) && (have_no_tie() || are_apart()))
    }

    /// One name, and fathers who are called otherwise: cousins, or namesakes at one place. One birth date says that it is one
    /// person, and one of the fathers a slip.
    fn have_other_fathers(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        let is_other = |father: usize| (NEAR_NAME..=OTHER_NAME).contains(&level_of(vector, father));
        let differ = self.father.is_some_and(is_other) || self.names.have_other_fathers(a, b);
        differ && !self.has_one_id(vector) && self.birth_level(vector) != 1
    }

    /// The weight of a pair, less what the model overrates it by where little but names speaks for it.
    pub(super) fn less_doubt(&self, weight: i32, a: TableRow, b: TableRow, vector: LevelVector) -> i32 {
        let is_doubtful = weight > self.conflict && self.may_be_namesakes(a, b, vector);
        if is_doubtful { weight - self.doubt } else { weight }
    }

    /// Whether two rows are likely two people of one family, proven or not.
    pub(super) fn are_relatives(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        self.are_twins(a, b, vector) || self.asks(a, b, vector)
    }

    /// Whether little but names speaks for two rows, and nothing that people have for themselves: likely namesakes, which a
    /// person should look at. Where nothing speaks against them either, this holds of common names alone.
    pub(super) fn may_be_namesakes(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        let is_within = |(index, last): &(usize, usize)| (1..=*last).contains(&level_of(vector, *index));
        let has_other_family =
            || self.last.is_some_and(|last| (NEAR_NAME..=OTHER_NAME).contains(&level_of(vector, last)));
        let birth = self.birth_level(vector);
        let differs = |(index, other): &&(usize, usize)| {
            level_of(vector, *index) == *other || (Some(*index) == self.phone && self.is_near_by_row(a, b, vector))
        };
        let differing = self.own.iter().filter(differs).count();
        // A slip in the birth date is believed where not all contacts speak against it.
        let alike = if differing > 1 { 1 } else { ALIKE_BIRTH };
        self.telling.as_ref().is_some_and(|telling| {
            !self.own.is_empty()
                && !self.share_contacts(a, b, vector)
                && !telling.iter().any(is_within)
                && (!(1..=alike).contains(&birth) || has_other_family())
                && (differing > 0 || self.is_common_name(a, b))
        })
    }

    fn birth_level(&self, vector: LevelVector) -> usize {
        self.birth.map_or(0, |birth| level_of(vector, birth))
    }

    /// One national id, but for a slip.
    fn has_one_id(&self, vector: LevelVector) -> bool {
        self.national_id.is_some_and(|id| matches!(level_of(vector, id), 1 | 2))
    }

    /// Some contact is the same or alike, or the street is.
    fn share_a_home(&self, vector: LevelVector) -> bool {
        let is_alike = |(index, other): &(usize, usize)| ![0, *other].contains(&level_of(vector, *index));
        self.own.iter().chain(&self.street).any(is_alike)
    }

    /// Some e-mail or phone is the same or alike. Levels behind "other" are of mailboxes that say little of a person: made of
    /// the name, or shared. A number that is one digit off is no shared one where the list has rows of such numbers.
    fn share_contacts(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        self.own.iter().any(|(index, other)| {
            (1..*other).contains(&level_of(vector, *index))
                && !(Some(*index) == self.phone && self.is_near_by_row(a, b, vector))
        })
    }

    /// Whether two phones are one digit off as other people's are, or, under a common name, as neighbouring numbers are or while
    /// the births or mailboxes differ.
    fn is_near_by_row(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        let is_near = self.phone.is_some_and(|phone| level_of(vector, phone) == ONE_DIGIT_OFF);
        let others_differ = || {
            self.birth_level(vector) > ALIKE_BIRTH
                || self.email.is_some_and(|email| level_of(vector, email) == usize::from(OTHER))
        };
        is_near
            && (self.near_numbers.are_of_a_row(a, b)
                || (self.is_common_name(a, b) && (self.near_numbers.are_neighbours(a, b) || others_differ())))
    }

    /// Some e-mail or phone differs.
    fn has_other_contact(&self, vector: LevelVector) -> bool {
        self.own.iter().any(|(index, other)| level_of(vector, *index) == *other)
    }

    /// Whether more than one in a million people is called what one of the two is called.
    fn is_common_name(&self, a: TableRow, b: TableRow) -> bool {
        let [Some(first), Some(last)] = [Field::FirstName, Field::LastName].map(|field| self.table.column(field))
        else {
            return false;
        };
        [a, b].iter().any(|row| {
            let bearers = |column: &ValueColumn, of_value: &[u8]| i32::from(of_value[column.first(*row) as usize]);
            let together = bearers(first, &self.bearers[0]) + bearers(last, &self.bearers[1]);
            together >= DOUBLING * MILLION_BITS + self.common_name
        })
    }

    fn has_other_id(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        let Some(index) = self.national_id.filter(|_| !self.valid_ids.is_empty()) else { return false };
        if level_of(vector, index) < 2 {
            return false;
        }
        let Some(column) = self.table.column(Field::NationalId) else { return false };
        [a, b].iter().all(|row| self.valid_ids[column.first(*row) as usize])
    }

    /// One birth date and one family name, and given names that have nothing in common.
    fn are_twins(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        let Some((first, last, birth)) = self.names_and_birth.filter(|_| self.twins && !self.own.is_empty()) else {
            return false;
        };
        level_of(vector, first) == OTHER_NAME
            && level_of(vector, birth) == 1
            && is_same_name(level_of(vector, last))
            && !self.has_one_id(vector)
            && self.names.are_known(a, b)
            && !self.names.have_other_fathers(a, b)
    }

    /// Whether the given name of one row is the family name of the other: names in each other's column are no two names.
    fn stand_exchanged(&self, a: TableRow, b: TableRow) -> bool {
        let [Some(first), Some(last)] = [Field::FirstName, Field::LastName].map(|field| self.table.column(field))
        else {
            return false;
        };
        let given = |row: TableRow| first.values.value(first.first(row));
        let family = |row: TableRow| last.values.value(last.first(row));
        given(a) == family(b) || given(b) == family(a)
    }

    /// One name, born a generation apart.
    fn are_parent_and_child(&self, a: TableRow, b: TableRow, vector: LevelVector) -> bool {
        let Some((first, last, birth)) = self.names_and_birth else { return false };
        const ONE_PART_ALIKE: usize = 4;
        if level_of(vector, birth) < ONE_PART_ALIKE
            || self.has_one_id(vector)
            || !is_same_name(level_of(vector, first))
            || !is_same_name(level_of(vector, last))
        {
            return false;
        }
        self.years_between(a, b).is_some_and(|years| years >= self.generation_years)
    }

    /// Years between two births; none where one is not known.
    fn years_between(&self, a: TableRow, b: TableRow) -> Option<i32> {
        let column = self.table.column(Field::BirthDate)?;
        let year = |row: TableRow| Some(self.years[column.first(row) as usize]).filter(|year| *year != 0);
        Some((year(a)? - year(b)?).abs())
    }

    fn has_other_generation(&self, a: TableRow, b: TableRow) -> bool {
        self.generations.iter().any(|(field, of_value)| {
            let Some(column) = self.table.column(*field) else { return false };
            let of = |row: TableRow| of_value[column.first(row) as usize];
            of(a) != 0 && of(b) != 0 && of(a) != of(b)
        })
    }
}
