//! Parts of keys: fixed hashes of something of a row.

use crate::record::{Field, PeopleTable, TableRow, ValueColumn, ValueId, bytes_hash, mix, text_hash};
use crate::resolve::compare::Comparer;
use crate::resolve::forms::NameTexts;
use crate::rule::Part;

/// Makes parts of the rows of one table.
pub(super) struct Parts<'a> {
    table: &'a PeopleTable,
    first: Option<&'a NameTexts>,
    last: Option<&'a NameTexts>,
    is_whole: bool,
}

/// The hashes of one part, for any row.
pub(super) enum Source<'a> {
    /// Every row has it.
    Always,
    /// One hash a value; 0 where the value has none.
    Values(&'a ValueColumn, Vec<u64>),
    /// Several hashes a value.
    Several(&'a ValueColumn, Vec<Vec<u64>>),
    /// Sounds of a name.
    Sounds(&'a ValueColumn, &'a NameTexts),
    /// What either of two sources gives.
    Either(Box<Source<'a>>, Box<Source<'a>>),
    /// One of each of two sources, in either order.
    Both(Box<Source<'a>>, Box<Source<'a>>),
}

/// A key's hash so far with the next part in it.
pub(super) const fn join(so_far: u64, part: u64) -> u64 {
    mix(so_far.rotate_left(17) ^ part)
}

impl<'a> Parts<'a> {
    pub(super) fn new(table: &'a PeopleTable, comparer: &'a Comparer<'_>) -> Self {
        let is_whole = comparer.fields().contains(&Field::FullName);
        Parts { table, first: comparer.names(Field::FirstName), last: comparer.names(Field::LastName), is_whole }
    }

    /// Whether the list has all that a key needs.
    pub(super) fn can_make(&self, parts: &[Part]) -> bool {
        parts.iter().all(|part| self.has(*part))
    }

    fn has(&self, part: Part) -> bool {
        match part {
            Part::IsWhole | Part::Whole | Part::Whole4 | Part::Word | Part::TwoWords => self.is_whole,
            Part::IsPerson => !self.is_whole,
            Part::NamesSound => self.first.is_some() && self.last.is_some(),
            Part::NameSound | Part::NameSound2 => self.first.is_some() || self.last.is_some(),
            Part::FullName => !self.is_whole && self.table.column(Field::FullName).is_some(),
            _ => self.table.column(field_of(part)).is_some(),
        }
    }

    pub(super) fn sources(&self, parts: &[Part]) -> Vec<Source<'a>> {
        parts.iter().map(|part| self.source(*part)).collect()
    }

    /// Of those parts that the list has.
    pub(super) fn sources_that_are(&self, parts: &[Part]) -> Vec<Source<'a>> {
        parts.iter().filter(|part| self.has(**part)).map(|part| self.source(*part)).collect()
    }

    fn source(&self, part: Part) -> Source<'a> {
        match part {
            Part::IsWhole | Part::IsPerson => Source::Always,
            Part::NamesSound => match (self.sounds(Field::FirstName), self.sounds(Field::LastName)) {
                (Some(first), Some(last)) => Source::Both(Box::new(first), Box::new(last)),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => Source::Always,
            },
            Part::NameSound => either(self.sounds(Field::FirstName), self.sounds(Field::LastName)),
            Part::NameSound2 => either(self.starts(Field::FirstName, 2), self.starts(Field::LastName, 2)),
            Part::First1 => self.starts(Field::FirstName, 1).unwrap_or(Source::Always),
            Part::First2 => self.starts(Field::FirstName, 2).unwrap_or(Source::Always),
            Part::First3 => self.starts(Field::FirstName, 3).unwrap_or(Source::Always),
            Part::First => self.starts(Field::FirstName, usize::MAX).unwrap_or(Source::Always),
            Part::Last1 => self.starts(Field::LastName, 1).unwrap_or(Source::Always),
            Part::Last2 => self.starts(Field::LastName, 2).unwrap_or(Source::Always),
            Part::Last3 => self.starts(Field::LastName, 3).unwrap_or(Source::Always),
            Part::Last => self.starts(Field::LastName, usize::MAX).unwrap_or(Source::Always),
            _ => match self.table.column(field_of(part)) {
                Some(column) => of_values(column, part),
                None => Source::Always,
            },
        }
    }

    fn sounds(&self, field: Field) -> Option<Source<'a>> {
        let names = if field == Field::FirstName { self.first } else { self.last }?;
        Some(Source::Sounds(self.table.column(field)?, names))
    }

    /// The first letters of names in Latin letters.
    fn starts(&self, field: Field, letters: usize) -> Option<Source<'a>> {
        let names = if field == Field::FirstName { self.first } else { self.last }?;
        let column = self.table.column(field)?;
        let start = |id: ValueId| {
            let latin = names.of(id).latin;
            if latin.is_empty() { 0 } else { bytes_hash(&latin[..latin.len().min(letters)]) }
        };
        Some(Source::Values(column, (0..column.values.len() as ValueId).map(start).collect()))
    }
}

fn either<'a>(one: Option<Source<'a>>, other: Option<Source<'a>>) -> Source<'a> {
    match (one, other) {
        (Some(one), Some(other)) => Source::Either(Box::new(one), Box::new(other)),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Source::Always,
    }
}

const fn field_of(part: Part) -> Field {
    match part {
        Part::NationalId => Field::NationalId,
        Part::Email | Part::EmailLocal | Part::EmailStart | Part::EmailLetters => Field::Email,
        Part::Phone | Part::PhoneLast4 => Field::Phone,
        Part::First | Part::First1 | Part::First2 | Part::First3 => Field::FirstName,
        Part::Last | Part::Last1 | Part::Last2 | Part::Last3 => Field::LastName,
        Part::BirthDate
        | Part::BirthCentury
        | Part::BirthDecade
        | Part::BirthYear
        | Part::BirthMonth
        | Part::BirthDay => Field::BirthDate,
        Part::Street => Field::Street,
        Part::HouseNumber => Field::HouseNumber,
        Part::Postcode => Field::Postcode,
        Part::City => Field::City,
        Part::Occupation => Field::Occupation,
        _ => Field::FullName,
    }
}

/// Hashes of each distinct value of a column.
fn of_values(column: &ValueColumn, part: Part) -> Source<'_> {
    let values = &column.values;
    let ids = 0..values.len() as ValueId;
    let hash = |text: &str| if text.is_empty() { 0 } else { text_hash(text) };
    if matches!(part, Part::Word | Part::TwoWords) {
        let words = |id: ValueId| {
            let words: Vec<&str> = values.value(id).split(' ').filter(|word| !word.is_empty()).collect();
            match part {
                Part::Word => words.iter().filter(|word| word.chars().count() > 3).map(|word| hash(word)).collect(),
                _ => words.windows(2).map(|two| join(hash(two[0]), hash(two[1]))).collect(),
            }
        };
        return Source::Several(column, ids.map(words).collect());
    }
    let of_value = |id: ValueId| {
        let value = values.value(id);
        match part {
            Part::EmailLocal => hash(local(value, 6)),
            Part::EmailStart => hash(start(local(value, 1), 6)),
            Part::EmailLetters => {
                let letters: String = local(value, 1).chars().filter(char::is_ascii_lowercase).take(8).collect();
                hash(&letters)
            }
            Part::PhoneLast4 => hash(&value[value.len().saturating_sub(4)..]),
            Part::BirthCentury => hash(value.get(2..3).unwrap_or_default()),
            Part::BirthDecade => hash(value.get(..3).unwrap_or_default()),
            Part::BirthYear => hash(value.get(..4).unwrap_or_default()),
            Part::BirthMonth => hash(value.get(..6).unwrap_or_default()),
            Part::BirthDay => hash(value.get(4..).unwrap_or_default()),
            Part::Whole => hash(&value.replace(' ', "")),
            Part::Whole4 => hash(start(value, 4)),
            _ => values.hash(id),
        }
    };
    Source::Values(column, ids.map(of_value).collect())
}

/// The first letters of a text; all of it where it has fewer.
fn start(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).map_or(text, |(end, _)| &text[..end])
}

/// What stands before the `@`, where it has so many characters.
fn local(key: &str, least: usize) -> &str {
    let local = key.split('@').next().unwrap_or_default();
    if local.len() >= least { local } else { "" }
}

impl Source<'_> {
    /// Puts a row's hashes behind `out`.
    pub(super) fn fill(&self, row: TableRow, out: &mut Vec<u64>) {
        match self {
            Source::Always => out.push(1),
            Source::Values(column, hashes) => {
                out.extend(column.of_row(row).map(|id| hashes[id as usize]).filter(|hash| *hash != 0));
            }
            Source::Several(column, hashes) => {
                column.of_row(row).for_each(|id| out.extend_from_slice(&hashes[id as usize]));
            }
            Source::Sounds(column, names) => {
                let id = column.first(row);
                if id != 0 {
                    out.extend_from_slice(names.sounds.of(id));
                }
            }
            Source::Either(one, other) => {
                one.fill(row, out);
                other.fill(row, out);
            }
            Source::Both(one, other) => {
                let start = out.len();
                one.fill(row, out);
                let middle = out.len();
                other.fill(row, out);
                let end = out.len();
                for x in start..middle {
                    for y in middle..end {
                        out.push(mix(out[x]).wrapping_add(mix(out[y])));
                    }
                }
                out.drain(start..end);
            }
        }
    }

    /// The rows' values and the values' hashes, where each row has one at most.
    pub(super) fn as_single(&self) -> Option<(&[ValueId], &[u64])> {
        match self {
            Source::Values(column, hashes) if column.places.len() == 1 => Some((&column.places[0], hashes)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_counted_in_letters() {
        assert_eq!(start("כהנ", 2), "כה");
        assert_eq!(start("li", 3), "li");
        assert_eq!(local("dana@x.co", 6), "");
        assert_eq!(local("dana81@x.co", 6), "dana81");
    }

    #[test]
    fn parts_join_in_order() {
        assert_ne!(join(join(0, 1), 2), join(join(0, 2), 1));
    }
}
