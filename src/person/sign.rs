//! What a person is recognized by, as hashes: of contacts, of the list's key, of name and birth date.

use std::fmt::Write;
use std::ops::Range;

use ring::digest::{Context, SHA256};

use crate::record::{Day, mix, text_hash};
use crate::text::{bare_key, folded, push_folded};

/// Something by which a person is recognized. Each holds a fixed hash, so that it may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    /// An address or a number, by the hash of its key.
    Contact(u64),
    /// The list's own key, in lists whose files are called alike.
    ListKey(u64),
    /// The list's own key, in whatever list.
    Key(u64),
    /// A name with a birth date.
    NamedBirth(u64),
    /// A word of a given name: it recognizes nobody, and tells of those who are recognized whether they are called alike.
    First(u64),
    /// Likewise of a family name.
    Last(u64),
}

/// What hashes that leave the workspace are salted with; it goes along with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Salt(pub [u8; 16]);

/// Makes signs of what rows say. Every customer of a run has some, so its memory is used for all of them.
#[derive(Debug, Default)]
pub struct SignMaker {
    folded: String,
    words: Vec<Range<usize>>,
    text: String,
}

impl SignMaker {
    /// The list's own key of a row: as a key of lists of each of these [families](list_family), and as a key of any list. None
    /// where it has none.
    pub fn of_key<'f>(&mut self, families: impl IntoIterator<Item = &'f str>, key: &str, mut take: impl FnMut(Sign)) {
        self.folded.clear();
        push_folded(bare_key(key), &mut self.folded);
        if self.folded.is_empty() {
            return;
        }
        for family in families {
            self.text.clear();
            self.text.extend([family, "\n", &self.folded]);
            take(Sign::ListKey(text_hash(&self.text)));
        }
        take(Sign::Key(text_hash(&self.folded)));
    }

    /// A name with a birth date, whatever the order of its words.
    pub fn of_named_birth(&mut self, first: &str, last: &str, born: Day) -> Sign {
        self.folded.clear();
        push_folded(first, &mut self.folded);
        self.folded.push(' ');
        push_folded(last, &mut self.folded);
        let SignMaker { folded, words, text } = self;
        words.clear();
        let mut start = 0;
        for word in folded.split(' ') {
            words.extend((!word.is_empty()).then_some(start..start + word.len()));
            start += word.len() + 1;
        }
        words.sort_unstable_by(|one, other| folded[one.clone()].cmp(&folded[other.clone()]));
        words.dedup_by(|one, other| folded[one.clone()] == folded[other.clone()]);
        text.clear();
        for (place, word) in words.iter().enumerate() {
            let gap = if place == 0 { "" } else { " " };
            text.extend([gap, &folded[word.clone()]]);
        }
        write!(text, "\n{born}").expect("a text takes whatever is written");
        Sign::NamedBirth(text_hash(text))
    }
}

impl Sign {
    /// The sign as a number; signs of two kinds never have one.
    pub const fn mark(self) -> u64 {
        let (seed, hash) = match self {
            Sign::Contact(hash) => (0x636f_6e74, hash),
            Sign::ListKey(hash) => (0x6c69_7374, hash),
            Sign::Key(hash) => (0x6b65_7973, hash),
            Sign::NamedBirth(hash) => (0x626f_726e, hash),
            Sign::First(hash) => (0x6669_7273, hash),
            Sign::Last(hash) => (0x6c61_7374, hash),
        };
        mix(hash ^ mix(seed))
    }
}

impl Salt {
    /// A mark salted.
    pub fn salted(&self, mark: u64) -> u64 {
        let mut context = Context::new(&SHA256);
        context.update(&self.0);
        context.update(&mark.to_le_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&context.finish().as_ref()[..8]);
        u64::from_le_bytes(first)
    }
}

/// What the names of files of one list have in common from year to year: their words, without endings, days and numbers.
pub fn list_family(file: &str) -> String {
    let stem = file.split('.').next().unwrap_or_default();
    let folded = folded(stem);
    let words = folded.split(' ').filter(|word| !word.is_empty() && !word.chars().any(|letter| letter.is_numeric()));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_another_year_is_of_the_same_family_and_a_key_is_one_however_programs_write_it() {
        for (one, other) in [
            ("members_2026-11.csv", "members_2028-02.csv"),
            ("members_2026-11.csv", "Members (3).xlsx"),
            ("ייצוא חברים 03.2027.xlsx", "ייצוא חברים.csv"),
        ] {
            assert_eq!(list_family(one), list_family(other), "{one} {other}");
        }
        assert_ne!(list_family("members_2026-11.csv"), list_family("leads_2026-11.csv"));
        let of_key = |file: &str, key: &str| {
            let mut signs = Vec::new();
            SignMaker::default().of_key([list_family(file).as_str()], key, |sign| signs.push(sign));
            signs
        };
        assert_eq!(of_key("members_2026.csv", "00031024"), of_key("members_2027.csv", "31024.0"));
        assert_eq!((of_key("members.csv", " "), of_key("members.csv", "7").len()), (vec![], 2));
    }

    #[test]
    fn a_name_is_one_in_whatever_order_its_words_stand_and_its_hash_stays_from_version_to_version() {
        let born = Day::of(jiff::civil::date(1960, 7, 4));
        let mut maker = SignMaker::default();
        let sign = maker.of_named_birth("Dana", "Levi-Cohen", born);
        assert_eq!(sign, maker.of_named_birth("", "LEVI Cohen, dana Levi", born));
        assert_ne!(sign, maker.of_named_birth("Dan", "Levi-Cohen", born));
        assert_eq!(sign, Sign::NamedBirth(text_hash("cohen dana levi\n1960-07-04")));
    }

    #[test]
    fn marks_differ_by_kind_and_by_salt() {
        let marks =
            [Sign::Contact(7), Sign::ListKey(7), Sign::Key(7), Sign::NamedBirth(7), Sign::First(7), Sign::Last(7)];
        let mut all: Vec<u64> = marks.iter().map(|sign| sign.mark()).collect();
        all.extend([Salt([1; 16]), Salt([2; 16])].map(|salt| salt.salted(all[0])));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 8);
    }
}
