//! Names that rows and customers keep from run to run.

use std::fmt;

use super::{Day, FixedMap, mix, text_hash};
use crate::finding::RowNumber;

/// A row as later runs know it again: by its list's header and its own key, or by its content where it has no key of
/// its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub u64);

/// A customer from run to run: the id of the row that founded it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CustomerId(pub u64);

/// Whose a row was when it was read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownRow {
    /// The row.
    pub row: RowId,
    /// What its key alone would name it: something else where that key was another person's when it was read before.
    pub key: RowId,
    /// The input of its run that it is of, from 0.
    pub source: u32,
    /// Its number there.
    pub number: RowNumber,
    /// Its customer.
    pub customer: CustomerId,
    /// The run that first saw the customer; grows from run to run.
    pub since: u32,
    /// Fixed hash of the row's compared values.
    pub compared: u64,
}

/// When a contact of a row was first written down, as far as a run could tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Captured {
    /// Tells its value from others; 0 where there is none.
    pub tag: u32,
    /// The day; none where nothing says it.
    pub first: Option<Day>,
    /// How often the field changed before.
    pub changes: u8,
}

/// Of a row's first address and first number.
pub type RowCaptures = [Captured; 2];

/// Letters of Crockford's base 32: none is taken for another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Five bits each.
const LENGTH: u32 = 13;

impl RowId {
    /// What a row is called whose key was another person's when its list was read before; `run` is the number of this run.
    #[must_use]
    pub fn of_next_holder(self, run: u32) -> RowId {
        RowId(mix(self.0 ^ mix(u64::from(run).wrapping_add(NEXT_HOLDER))).max(1))
    }
}

/// Keeps such names apart from all others.
const NEXT_HOLDER: u64 = 0x6e65_7874_6b65_7900;

impl fmt::Display for CustomerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'C'; 1 + LENGTH as usize];
        for (place, letter) in (0..LENGTH).rev().zip(&mut text[1..]) {
            *letter = LETTERS[((self.0 >> (5 * place)) & 31) as usize];
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl CustomerId {
    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<CustomerId> {
        let digits = text.strip_prefix('C').filter(|digits| digits.len() == LENGTH as usize)?;
        let number = digits.bytes().try_fold(0u128, |number, letter| {
            let digit = LETTERS.iter().position(|known| *known == letter)?;
            Some(number << 5 | digit as u128)
        })?;
        u64::try_from(number).ok().map(CustomerId)
    }
}

/// Collects what the rows of a run are known by.
#[derive(Debug, Clone, Default)]
pub struct RowIds {
    /// Of the header and the key without what spreadsheets do to it; 0 where there is no key.
    bare: Vec<u64>,
    /// Of the header and the key as it stands.
    written: Vec<u64>,
    /// Of the header and the whole record.
    content: Vec<u64>,
}

impl RowIds {
    /// The next row of a list whose header has this fingerprint. `bare` is its key in the form that is one however spreadsheets
    /// write it.
    pub fn push(&mut self, header: u64, key: &str, bare: &str, record: &str) {
        self.bare.push(if key.is_empty() { 0 } else { hash_of(header, bare) });
        self.written.push(if key.is_empty() { 0 } else { hash_of(header, key) });
        self.content.push(hash_of(header, record.trim_end_matches(['\r', '\n'])));
    }

    /// The id of a row that is the only one with its key.
    pub fn of_key(header: u64, key: &str) -> RowId {
        RowId(hash_of(header, key))
    }

    /// Adds the rows of another batch behind these.
    pub fn append(&mut self, mut next: RowIds) {
        self.bare.append(&mut next.bare);
        self.written.append(&mut next.written);
        self.content.append(&mut next.content);
    }

    /// What its own key, else its content, names each row. A key that several rows have tells none of them: where its bare form
    /// is theirs (`7` and `007` in one list), the written one may still tell them; else they are known by their content. Of a
    /// name that earlier runs know and one that they don't, the known one is taken. Of rows with equal contents and no key of their
    /// own the second, third and so on are known as such: they can be told apart by their numbers, though not by what they hold.
    pub fn finish(self, is_known: impl Fn(RowId) -> bool) -> Vec<RowId> {
        let (bare, written) = (repeated(&self.bare), repeated(&self.written));
        let is_own = |id: u64, repeated: &[u64]| id != 0 && repeated.binary_search(&id).is_err();
        let mut copies: FixedMap<u64, u64> = FixedMap::default();
        let mut by_content = |content: u64| {
            let before = copies.entry(content).or_default();
            let id = if *before == 0 { content } else { mix(content ^ mix(*before)) };
            *before += 1;
            RowId(id)
        };
        let id = |((own, as_written), content): ((u64, u64), u64)| {
            let told = [(own, &bare), (as_written, &written)];
            let mut ids = told.into_iter().filter(|(id, repeated)| is_own(*id, repeated)).map(|(id, _)| RowId(id));
            let Some(first) = ids.next() else { return by_content(content) };
            let second = ids.next().filter(|second| *second != first && !is_known(first) && is_known(*second));
            second.unwrap_or(first)
        };
        self.bare.into_iter().zip(self.written).zip(self.content).map(id).collect()
    }
}

fn hash_of(header: u64, text: &str) -> u64 {
    mix(text_hash(text) ^ mix(header)).max(1)
}

/// The ids that stand there several times, sorted.
fn repeated(ids: &[u64]) -> Vec<u64> {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    let mut repeated: Vec<u64> =
        sorted.chunk_by(|a, b| a == b).filter(|equal| equal.len() > 1).map(|equal| equal[0]).collect();
    repeated.dedup();
    repeated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_read_back_from_its_name() {
        for number in [0, 1, 31, 32, 0xDEAD_BEEF, u64::MAX] {
            let name = CustomerId(number).to_string();
            assert_eq!(name.len(), 14);
            assert_eq!(CustomerId::parse(&name), Some(CustomerId(number)), "{name}");
        }
        for text in ["", "C", "Cu000000000000", "Czzzzzzzzzzzzz", "c0000000000000", "C00000000000001"] {
            assert_eq!(CustomerId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_row_is_known_by_its_own_key_else_by_its_content() {
        let mut ids = RowIds::default();
        for (key, record) in [("1", "1,dana"), ("2", "2,noa"), ("2", "2,tal"), ("", ",yael"), ("", ",yael\r\n")] {
            ids.push(7, key, key, record);
        }
        let ids = ids.finish(|_| false);
        assert_eq!(ids[0], RowIds::of_key(7, "1"));
        assert_ne!(ids[1], ids[2]);
        assert_ne!(ids[1], RowIds::of_key(7, "2"));
        assert_ne!(RowIds::of_key(7, "1"), RowIds::of_key(8, "1"));
    }

    #[test]
    fn rows_of_equal_contents_are_known_one_by_one() {
        let ids = |records: &[&str]| {
            let mut ids = RowIds::default();
            records.iter().for_each(|record| ids.push(7, "", "", record));
            ids.finish(|_| false)
        };
        let [first, second, third] = ids(&[",yael", ",yael\r\n", ",yael"])[..] else { panic!("three rows") };
        assert!(first != second && second != third && first != third);
        assert_eq!(ids(&[",noa", ",yael", ",yael"])[1..], [first, second], "whatever else the list holds");
    }

    #[test]
    fn a_key_stays_what_it_was_however_a_spreadsheet_writes_it_unless_the_column_tells_two_apart() {
        let ids = |rows: &[(&str, &str)], known: &[RowId]| {
            let mut ids = RowIds::default();
            rows.iter().for_each(|(key, bare)| ids.push(7, key, bare, key));
            ids.finish(|id| known.contains(&id))
        };
        let plain = RowIds::of_key(7, "7");
        assert_eq!(ids(&[("007", "7"), ("'8", "8")], &[]), [plain, RowIds::of_key(7, "8")]);
        let padded = RowIds::of_key(7, "007");
        assert_eq!(ids(&[("007", "7"), ("7", "7")], &[]), [padded, plain]);
        assert_eq!(ids(&[("007", "7")], &[padded]), [padded], "as an earlier run knew it");
    }
}
